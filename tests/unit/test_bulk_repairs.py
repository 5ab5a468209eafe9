"""Repairing attribute records, queueing what differs, and the table for IMatch's own import."""

import csv
import io

import pytest
from bulk_kit import photo, version

from socials_lib import bulk
from socials_lib.errors import RecipeError
from socials_lib.models import DEFAULT_LIMITS, AttributeRecord

URL = "https://www.flickr.com/photos/demo/53000000001"


def online(file_id="1201", platform="flickr", **values):
    """A photo with an attribute record of its own."""
    record = AttributeRecord(set=platform, file_id=file_id, instance_id=4, values=values)
    return photo(file_id, records=(record,))


def after(one, *steps):
    found = bulk.propose([one], bulk.Recipe(steps=steps))
    return {cell.field: (cell.before, cell.after) for cell in found.cells}


@pytest.mark.parametrize(
    ("expected", "one", "step"),
    [
        ({"flickr_photo_id": ("", "53000000001")}, online(url=URL),
            bulk.IdFromUrl(platform="flickr")),
        ({}, online(url=URL, photo_id="7"), bulk.IdFromUrl(platform="flickr")),
        ({"flickr_photo_id": ("7", "53000000001")}, online(url=URL, photo_id="7"),
            bulk.IdFromUrl(platform="flickr", only_missing=False)),
        ({}, online(url="https://example.test/"), bulk.IdFromUrl(platform="flickr")),
        ({}, photo(), bulk.IdFromUrl(platform="flickr")),
        ({"flickr_url": ("", URL)}, online(photo_id="53000000001"),
            bulk.UrlFromId(platform="flickr", base="https://www.flickr.com/photos/demo/")),
        ({"pixelfed_url": ("", "https://p.test/p/demo/9")},
            online(platform="pixelfed", status_id="9"),
            bulk.UrlFromId(platform="pixelfed", base="https://p.test/p/demo")),
        ({"flickr_url": (URL, "")}, online(url=URL, photo_id="1"),
            bulk.Set(field="flickr_url", value="")),
        ({"flickr_posted": ("", "2024-03-19")}, online(photo_id="1"),
            bulk.Template(field="flickr_posted", template="{{ date_time[:10] }}")),
        ({"flickr_url": ("http://x.test/1", "https://x.test/1")}, online(url="http://x.test/1"),
            bulk.Replace(field="flickr_url", find="http:", replace="https:")),
        ({"flickr_photo_id": ("", "12")}, photo(), bulk.Set(field="flickr_photo_id", value=" 12 ")),
    ],
)  # fmt: skip
def test_a_column_is_set_cleared_or_derived(expected, one, step):
    assert expected == after(one, step)


@pytest.mark.parametrize(
    ("fact", "step"),
    [
        ("“abc” is no Flickr photo id", bulk.Set(field="flickr_photo_id", value="abc")),
        ("is no Flickr posted", bulk.Set(field="flickr_posted", value="19.3.2024")),
        ("is no Pixelfed address", bulk.Set(field="pixelfed_url", value="javascript:alert(1)")),
        ("is no address", bulk.UrlFromId(platform="flickr", base="demo")),
        ("no platform “flick”", bulk.IdFromUrl(platform="flick")),
    ],
)
def test_a_column_takes_only_what_can_be_read_again(fact, step):
    with pytest.raises(RecipeError, match=fact):
        after(photo(), step)


def test_the_record_of_a_relative_is_never_changed():
    record = AttributeRecord(set="flickr", file_id="1300", instance_id=4, values={"url": URL})
    one = version(records=(record,))

    assert {} == after(one, bulk.IdFromUrl(platform="flickr"))
    assert {"flickr_url": ("", "https://x.test/1")} == after(
        one, bulk.Set(field="flickr_url", value="https://x.test/1")
    )


def test_of_several_own_records_the_one_with_an_id_counts():
    records = tuple(
        AttributeRecord(set="flickr", file_id="1201", instance_id=at, values=values)
        for at, values in enumerate(({"posted": "2024-01-01"}, {"photo_id": "8"}), 1)
    )

    assert "8" == bulk.value_of(photo(records=records), "flickr_photo_id")
    assert "" == bulk.value_of(photo(records=records), "flickr_posted")


def test_putting_back_leads_to_the_same_values_also_where_a_record_came_or_went():
    for one in (photo(), online(photo_id="1", url=URL), online(photo_id="1", note="mine")):
        for value in ("", "77"):
            recipe = bulk.Recipe(
                steps=(
                    bulk.Set(field="flickr_photo_id", value=value),
                    bulk.Set(field="flickr_url", value=""),
                )
            )
            change_set = bulk.propose([one], recipe)
            (changed,) = bulk.applied([one], change_set)
            (back,) = bulk.applied([changed], bulk.undo_of(change_set))

            assert value == bulk.value_of(changed, "flickr_photo_id")
            assert [r.values for r in one.records] == [r.values for r in back.records]
            assert all(record.values for record in changed.records)


def test_losing_the_last_id_is_said():
    known = bulk.Known(limits=DEFAULT_LIMITS, published={"flickr": frozenset({"1201"})})
    one = online(photo_id="1")
    recipe = bulk.Recipe(steps=(bulk.Set(field="flickr_photo_id", value=""),))

    found = bulk.with_consequences(bulk.propose([one], recipe), [one], known)

    assert ("flickr",) == found.consequences["1201"].unlinked


def test_columns_are_facets_and_variables_of_templates():
    photos = (photo("1"), online("2", url=URL, posted="2024-05-06"))

    def left(facet):
        return [one.file_id for one in bulk.Facets(photos).select([facet])]

    assert ["1"] == left(bulk.Facet(field="flickr_url", present=False))
    assert ["2"] == left(bulk.Facet(field="flickr_posted", values=("2024-05",)))
    assert ["2"] == left(bulk.Facet(expression="flickr_url and missing(flickr_photo_id)"))
    template = bulk.Template(field="headline", template="Online since {{ flickr_posted }}")
    assert ("The fog lifts", "Online since 2024-05-06") == after(photos[1], template)["headline"]


# -- queue


def test_only_photos_that_differ_and_wait_nowhere_are_queued():
    known = bulk.Known(
        limits=DEFAULT_LIMITS,
        published={"flickr": frozenset("123"), "pixelfed": frozenset("1")},
    )
    photos = (
        photo("1", categories=("Socials|flickr", "Socials|pixelfed")),
        photo("2", categories=("Socials|flickr", "Socials|flickr|_update")),
        photo("3", categories=("Socials|flickr", "Socials|flickr|_delete")),
        photo("4"),
    )
    change_set = bulk.propose(photos, bulk.Recipe(steps=(bulk.Set(field="title", value="New"),)))
    change_set = bulk.with_consequences(change_set, photos, known)

    queue = bulk.queue_for_metadata(photos, change_set)

    assert [("1", ("Socials|flickr|_metadata", "Socials|pixelfed|_metadata"))] == [
        (one.file_id, one.after) for one in queue.cells
    ]
    assert () == bulk.queue_for_metadata(photos, change_set.without("1")).cells


# -- IMatch's own import


def test_the_table_for_the_import_has_a_line_a_file_and_no_empty_cell_where_a_value_stays():
    photos = (photo("1", headline="Old"), photo("2", title="2"), photo("3"))
    recipe = bulk.Recipe(
        steps=(
            bulk.Edit(values={"1": {"title": "=New"}, "2": {"keywords": "A|B; C"}}),
            bulk.Assign(category="Socials|flickr|_metadata"),
        )
    )

    lines = list(csv.reader(io.StringIO(bulk.import_csv(bulk.propose(photos, recipe), photos)[1:])))

    assert [
        ["FileName", "Title", "Hierarchical Keywords"],
        ["D:\\Photos\\1.jpg", "=New", "Places|Coast|Harbour; Light"],
        ["D:\\Photos\\2.jpg", "2", "A|B; C"],
    ] == lines
