"""The library against the IMWS stand-in: work list, photos, write-back, categories."""

import copy
from collections.abc import Callable, Iterator

import pytest

from socials_lib.demo.imws import ImwsStandIn
from socials_lib.demo.seed import (
    ALT_TEXT,
    CIRCA_DATE,
    Seed,
    SeedFile,
    SeedRecord,
    SeedRelation,
    attribute_sets,
)
from socials_lib.errors import (
    AttributeSetMissing,
    CategoryMissing,
    ImatchBusy,
    ImatchError,
    ImatchUnreachable,
    ReadBackDiffers,
)
from socials_lib.imatch import ImwsClient, Library
from socials_lib.models import Category

DAWN, FOG, RAW, WEB, PIER = 1201, 1202, 1300, 1310, 1400
ATTRIBUTES = "POST /v1/attributes"


def seed() -> Seed:
    made = Seed(
        files=[
            SeedFile(
                file_id=DAWN,
                path=r"D:\Photos\dawn.jpg",
                size=10,
                width=6000,
                height=4000,
                metadata={
                    "title": 'Dawn & "dusk"',
                    "headline": "It's <early> &amp; quiet",
                    "description": "One\ntwo",
                    "hierarchicalkeywords": ["Light|Dawn", "Places|Lake"],
                    "aperture": 6.3,
                    "shutterspeed": 0.01,
                    "focallength": 45.0,
                    "iso": 3200.0,
                    "model": "Canon EOS R50",
                    "lens": "RF-S 18-45mm",
                    "gpslatitude": -33.5,
                    "gpslongitude": 151.25,
                    CIRCA_DATE: "1950",
                    ALT_TEXT: "Ann's lake & boats",
                },
            ),
            SeedFile(file_id=FOG, path=r"D:\Photos\fog.jpg", size=10, metadata={"title": "Fog"}),
            SeedFile(
                file_id=RAW,
                path=r"D:\Photos\raw.dng",
                format="DNG",
                size=30_000_000,
                metadata={"title": "Heath", "hierarchicalkeywords": ["Heath"], "iso": 100.0},
            ),
            SeedFile(file_id=WEB, path=r"D:\Photos\out\web.jpg", size=20),
            SeedFile(file_id=PIER, path=r"D:\Photos\pier.jpg", size=10, raw={"size": "huge"}),
        ],
        relations=[
            SeedRelation(master=RAW, version=WEB, rule_id=3),
            SeedRelation(master=RAW, version=WEB, rule_id=4, rule_name="Again"),
        ],
        attribute_sets=dict(attribute_sets()),
        records=[
            SeedRecord(set="flickr", file_id=RAW, values={"photo_id": "53", "posted": "2024-03-10"})
        ],
        variables={
            "flickr_apikey": "0key",
            "imatch_to_socials_testing": 1,
            "pixelfed_url": "",
        },
    )
    made.category("Socials|flickr").files += [DAWN, FOG, WEB]
    made.category("Socials|flickr|_update").files.append(WEB)
    made.category("Socials|flickr|_metadata|later").files.append(FOG)
    made.category("Socials|flickr|_delete").files.append(PIER)
    made.category("Socials|flickr|albums|Lakes", "72157\nmine").files.append(DAWN)
    made.category("Socials|flickr|groups|Trees & co", "12@N00")
    made.category("Socials|flickr|__errors|missing title").files += [DAWN, FOG]
    made.category("Socials|flickr|__errors|private content")
    made.category("Socials|pixelfed").files += [DAWN]
    made.category("Location|Tasmania").files.append(DAWN)
    return made


@pytest.fixture
def imws() -> Iterator[ImwsStandIn]:
    with ImwsStandIn(seed()) as running:
        yield running


@pytest.fixture
def library(imws: ImwsStandIn) -> Iterator[Library]:
    client = ImwsClient(base_url=imws.url, user="anna", timeout=2, sleep=lambda _seconds: None)
    yield Library(client)
    client.close()


def reloaded(imws: ImwsStandIn, change: Callable[[Seed], object]) -> None:
    made = seed()
    change(made)
    imws.backend.load(made)


def writes(imws: ImwsStandIn) -> list[str]:
    changing = (one for one in imws.operations() if one.startswith("POST"))
    return [one for one in changing if one != "POST /v1/authenticate"]


# -- work list


def test_the_work_list_is_the_platform_and_its_three_action_categories(library):
    asked = library.requests("flickr")

    assert [str(one) for one in (DAWN, FOG, WEB, PIER)] == sorted(asked)
    assert (True, False, False, False) == _flags(asked[str(DAWN)])
    assert (True, True, False, False) == _flags(asked[str(WEB)])
    assert (True, False, True, False) == _flags(asked[str(FOG)]), "a category below _metadata"
    assert (False, False, False, True) == _flags(asked[str(PIER)]), "only in _delete"


def _flags(one):
    return (one.in_platform, one.update, one.metadata, one.delete)


def test_missing_action_categories_are_tolerated_and_named(library, imws):
    library.requests("flickr")
    assert () == library.missing_categories()

    library.requests("pixelfed")

    leaves = ("_update", "_metadata", "_delete")
    assert tuple(f"Socials|pixelfed|{leaf}" for leaf in leaves) == library.missing_categories()


def test_a_platform_without_category_is_a_missing_category(library, imws):
    imws.backend.remove_category("Socials|pixelfed")

    with pytest.raises(CategoryMissing) as caught:
        library.requests("pixelfed")

    assert "The category `Socials|pixelfed` does not exist in IMatch." == str(caught.value)
    assert "Create it in IMatch; this program cannot." == caught.value.hint


def test_a_category_in_other_letters_is_hinted_at(library, imws):
    imws.backend.remove_category("Socials|pixelfed")
    imws.backend.add_category("Socials|Pixelfed")

    with pytest.raises(CategoryMissing) as caught:
        library.requests("pixelfed")

    assert "Socials|Pixelfed" in caught.value.hint


def test_a_photo_on_two_platforms_is_read_once(library, imws):
    pending = library.load_pending(("flickr", "pixelfed"))

    keys = [one.key for one in pending]
    assert {("flickr", str(DAWN)), ("pixelfed", str(DAWN))} <= set(keys)
    assert 5 == len(keys)
    same = [one.photo for one in pending if one.file_id == str(DAWN)]
    assert same[0] is same[1]


def test_progress_counts_photos_and_ends_with_all_of_them(library):
    seen: list[tuple[int, int]] = []

    library.load_pending(("flickr",), lambda done, total: seen.append((done, total)))

    assert (0, 4) == seen[0]
    assert (4, 4) == seen[-1]
    assert seen == sorted(seen)


# -- photos


def test_a_photo_has_all_its_fields(library):
    [photo] = library.load([str(DAWN)])

    assert () == photo.malformed
    assert 'Dawn & "dusk"' == photo.title
    assert "It's <early> &amp; quiet" == photo.headline
    assert "One\ntwo" == photo.description
    assert "Ann's lake & boats" == photo.alt_text
    assert "1950" == photo.circa_date
    assert ("Light|Dawn", "Places|Lake") == photo.keywords
    assert ("3200", "1/100", "45.0 mm") == (photo.iso, photo.shutter_speed, photo.focal_length)
    assert "6.30" == photo.aperture.replace(",", ".")
    assert ("Canon EOS R50", "RF-S 18-45mm") == (photo.camera, photo.lens)
    assert (-33.5, 151.25) == (photo.latitude, photo.longitude)
    assert Category(path="Location|Tasmania") in photo.categories
    lakes = Category(path="Socials|flickr|albums|Lakes", description="72157\nmine")
    assert lakes in photo.categories
    assert {} == photo.sources


@pytest.mark.parametrize("language", ["de", "en"])
def test_numbers_read_alike_in_every_windows_language(library, imws, language):
    imws.backend.language = language

    [photo] = library.load([str(DAWN)])

    assert () == photo.malformed
    assert 6.3 == float(photo.aperture.replace(",", "."))
    assert (-33.5, 151.25) == (photo.latitude, photo.longitude)


def test_a_version_takes_fields_and_records_of_its_master(library):
    [photo] = library.load([str(WEB)])

    assert [str(RAW)] == [one.file_id for one in photo.masters], "two rules, one file"
    assert ("Heath", ("Heath",), "100") == (photo.title, photo.keywords, photo.iso)
    assert dict.fromkeys(("title", "keywords", "iso"), str(RAW)) == dict(photo.sources)
    assert [(str(RAW), "53")] == [(one.file_id, one.values["photo_id"]) for one in photo.records]


def test_a_master_knows_its_versions(library):
    [photo] = library.load([str(RAW)])

    assert [("web.jpg", "JPEG", 20)] == [(one.name, one.format, one.size) for one in photo.versions]
    assert {} == photo.sources


def test_an_odd_value_is_named_and_stops_nobody(library):
    photos = {one.photo.file_id: one.photo for one in library.load_pending(("flickr",))}

    assert [("size", "huge")] == [(one.field, one.found) for one in photos[str(PIER)].malformed]
    assert 4 == len(photos)


def test_files_that_vanished_are_left_out(library):
    assert [str(DAWN)] == [one.file_id for one in library.load(["99999", str(DAWN)])]


def test_loading_the_same_photo_again_gives_the_same_fingerprint(library):
    first, second = library.load([str(DAWN)]), library.load([str(DAWN)])

    assert first[0].fingerprint("flickr") == second[0].fingerprint("flickr")


def test_no_photos_no_calls(library, imws):
    assert () == library.load([])
    assert [] == imws.requests


def test_without_expressions_alt_text_and_circa_are_not_asked_for(imws, library):
    bare = Library(library.client, alt_text_expression="", circa_expression="")

    [photo] = bare.load([str(DAWN)])

    assert ("", "") == (photo.alt_text, photo.circa_date)
    assert not any("varalt_text" in one.params for one in imws.requests)


def many(count: int, *, versions: int) -> Seed:
    made = Seed(attribute_sets=dict(attribute_sets()))
    listed = made.category("Socials|flickr").files
    for leaf in ("_update", "_metadata", "_delete"):
        made.category(f"Socials|flickr|{leaf}")
    for n in range(count):
        master = 1_000_000 + n * 10
        made.files.append(
            SeedFile(file_id=master, path=rf"D:\{n}.jpg", size=1, metadata={"title": f"No. {n}"})
        )
        listed.append(master)
        for k in range(1, versions + 1):
            made.files.append(SeedFile(file_id=master + k, path=rf"D:\{n}-{k}.jpg", size=1))
            made.relations.append(SeedRelation(master=master, version=master + k))
            made.records.append(
                SeedRecord(set="flickr", file_id=master + k, values={"photo_id": f"{master + k}"})
            )
    return made


@pytest.mark.parametrize(("versions", "most"), [(0, 7), (1, 12), (2, 12)])
def test_three_hundred_photos_need_few_calls(imws, library, versions, most):
    imws.backend.load(many(300, versions=versions))

    pending = library.load_pending(("flickr",))

    assert [f"No. {n}" for n in range(300)] == [one.photo.title for one in pending]
    assert {versions} == {len(one.photo.records) for one in pending}
    assert len(imws.requests) <= most * 3 + 30
    assert len(imws.requests) <= (6 if not versions else 9) * 3 + 6, "what we reach today"


def test_categorised_versions_with_masters_need_few_calls(imws, library):
    made = many(200, versions=1)
    made.category("Socials|flickr").files[:] = [
        one.file_id for one in made.files if "-1" in one.path
    ]
    imws.backend.load(made)

    pending = library.load_pending(("flickr",))

    assert {f"No. {n}" for n in range(200)} == {one.photo.title for one in pending}
    assert len(imws.requests) <= 12 * 2 + 30


class OneByOne(ImwsStandIn):
    """IMWS that answers relations for one id only, refusing lists or cutting them short."""

    style = "short"

    def respond(self, request, operation):
        ids = request.args.get("id", "")
        if operation == "GET /v1/files/relations" and "," in ids:
            if self.style == "refuse":
                request.args = request.args.copy()
                request.args["type"] = "nonsense"
            elif self.style == "short":
                request.args = request.args.copy()
                request.args["id"] = ids.partition(",")[0]
            else:
                request.args = request.args.copy()
                request.args["id"] = ids.rpartition(",")[0]
        return super().respond(request, operation)


@pytest.mark.parametrize("style", ["short", "refuse", "last one lost"])
def test_relations_fall_back_to_single_ids(style):
    with OneByOne(seed()) as imws:
        imws.style = style
        client = ImwsClient(base_url=imws.url, user="anna", sleep=lambda _seconds: None)
        library = Library(client)
        library.load([str(DAWN), str(FOG), str(RAW)])
        imws.requests.clear()
        photos = library.load([str(DAWN), str(FOG), str(RAW), str(WEB)])
        client.close()
        relations = [one for one in imws.requests if one.path == "/v1/files/relations"]

    learnt = not any("," in one.params["id"] for one in relations)
    assert learnt == (style != "last one lost")

    assert [[], [], [str(WEB)], []] == [[v.file_id for v in one.versions] for one in photos]
    assert [[], [], [], [str(RAW)]] == [[m.file_id for m in one.masters] for one in photos]


# -- attribute records


def test_the_first_record_is_added_and_read_back(library, imws):
    values = {"photo_id": "54", "url": "https://f/54", "posted": "2026-11-22"}

    written = library.write_record("flickr", str(DAWN), values)

    assert values == dict(written.values)
    assert [values] == imws.backend.records("flickr", DAWN)


def test_writing_the_same_again_changes_nothing(library, imws):
    values = {"photo_id": "54", "posted": "2026-11-22"}
    library.write_record("flickr", str(DAWN), values)
    before = len(writes(imws))

    library.write_record("flickr", str(DAWN), {**values, "posted": "2027-01-01"})

    assert before == len(writes(imws))
    assert [values] == imws.backend.records("flickr", DAWN)


def test_the_first_posted_stays_and_other_columns_follow(library, imws):
    library.write_record("flickr", str(RAW), {"photo_id": "53", "url": "u", "posted": "2026-11-22"})

    assert [{"photo_id": "53", "posted": "2024-03-10", "url": "u"}] == imws.backend.records(
        "flickr", RAW
    )


def test_the_record_that_has_an_id_is_the_one_that_is_updated(library, imws):
    reloaded(
        imws,
        lambda made: made.records.extend(
            [
                SeedRecord(set="flickr", file_id=DAWN, values={"posted": "2020-01-01"}),
                SeedRecord(set="flickr", file_id=DAWN, values={"photo_id": "54"}),
            ]
        ),
    )
    library.write_record("flickr", str(DAWN), {"photo_id": "54", "url": "u"})

    assert [{"posted": "2020-01-01"}, {"photo_id": "54", "url": "u"}] == imws.backend.records(
        "flickr", DAWN
    )


def test_an_empty_record_takes_the_id(library, imws):
    record = SeedRecord(set="flickr", file_id=DAWN, values={"posted": "2020-01-01"})
    reloaded(imws, lambda made: made.records.append(record))

    library.write_record("flickr", str(DAWN), {"photo_id": "54", "posted": "2026-01-01"})

    assert [{"posted": "2020-01-01", "photo_id": "54"}] == imws.backend.records("flickr", DAWN)


def test_an_add_whose_answer_was_lost_is_found_by_reading_back(library, imws):
    imws.fail_next(ATTRIBUTES, drop_answer=True)

    library.write_record("flickr", str(DAWN), {"photo_id": "54"})

    assert 1 == imws.count(ATTRIBUTES)
    assert [{"photo_id": "54"}] == imws.backend.records("flickr", DAWN)


def test_an_add_that_did_not_happen_stays_unclear_and_may_be_repeated(library, imws):
    imws.fail_next(ATTRIBUTES, reset=True)

    with pytest.raises(ImatchUnreachable) as caught:
        library.write_record("flickr", str(DAWN), {"photo_id": "54"})
    library.write_record("flickr", str(DAWN), {"photo_id": "54"})

    assert caught.value.unclear
    assert [{"photo_id": "54"}] == imws.backend.records("flickr", DAWN)


def test_an_id_that_imatch_did_not_keep_is_an_error(library, imws):
    imws.fail_next(ATTRIBUTES, status=200, body=b'{"result":"ok"}')

    with pytest.raises(ReadBackDiffers) as caught:
        library.write_record("flickr", str(DAWN), {"photo_id": "54"})

    assert "wrote “54”, reads “–”" in str(caught.value)
    assert str(DAWN) in str(caught.value)


def test_a_locked_file_is_busy_after_all_tries(library, imws):
    imws.backend.lock_next(99)

    with pytest.raises(ImatchBusy):
        library.write_record("flickr", str(DAWN), {"photo_id": "54"})

    assert [] == imws.backend.records("flickr", DAWN)


def test_a_missing_attribute_set_says_how_to_make_it(library, imws):
    reloaded(imws, lambda made: made.attribute_sets.pop("pixelfed"))

    with pytest.raises(AttributeSetMissing) as caught:
        library.write_record("pixelfed", str(DAWN), {"status_id": "1"})

    assert str(caught.value).startswith("IMatch has no attribute set `pixelfed`")
    assert str(caught.value).endswith("Nothing is sent to Pixelfed.")
    assert "status_id (Text)" in caught.value.hint


def test_a_missing_column_is_a_missing_set_too(library, imws):
    reloaded(imws, lambda made: made.attribute_sets["flickr"].pop("url"))

    with pytest.raises(AttributeSetMissing):
        library.write_record("flickr", str(DAWN), {"photo_id": "54", "url": "u"})


def test_an_id_that_must_be_unique_is_refused_with_imatchs_words(library, imws):
    with pytest.raises(ImatchError) as caught:
        library.write_record("flickr", str(DAWN), {"photo_id": "53"})

    assert not isinstance(caught.value, AttributeSetMissing)
    assert caught.value.details


def test_only_the_record_with_that_id_is_removed(library, imws):
    record = SeedRecord(set="flickr", file_id=RAW, values={"photo_id": "99"})
    reloaded(imws, lambda made: made.records.append(record))

    library.remove_record("flickr", str(RAW), remote_id="53")
    library.remove_record("flickr", str(RAW), remote_id="53")
    library.remove_record("flickr", str(RAW), remote_id="")

    assert [{"photo_id": "99"}] == imws.backend.records("flickr", RAW)
    assert 1 == imws.count(ATTRIBUTES)


@pytest.mark.parametrize(
    "values",
    [
        {"photo_id": " 58 "},
        {"photo_id": "https://www.flickr.com/photos/demo/58/"},
        {"url": "https://flic.kr/p/21"},
        {"url": "https://www.flickr.com/photos/demo/58/in/dateposted/"},
    ],
)
def test_a_record_is_removed_by_the_id_that_the_plan_reads_in_it(library, imws, values):
    reloaded(
        imws,
        lambda made: made.records.append(SeedRecord(set="flickr", file_id=DAWN, values=values)),
    )

    library.remove_record("flickr", str(DAWN), remote_id="58")

    assert [] == imws.backend.records("flickr", DAWN)


def test_a_removal_whose_answer_was_lost_is_seen_by_reading_back(library, imws):
    imws.fail_next(ATTRIBUTES, drop_answer=True)

    library.remove_record("flickr", str(RAW), remote_id="53")

    assert [] == imws.backend.records("flickr", RAW)


@pytest.mark.parametrize("style", ["date", "timestamp", "local"])
def test_dates_of_records_read_alike_in_every_form(library, imws, style):
    imws.backend.date_style = style

    [record] = library.records("flickr", [str(RAW), str(DAWN)])

    assert "2024-03-10" == record.values["posted"]


# -- categories


def test_join_and_leave_send_only_real_ids(library, imws):
    library.join("Socials|flickr|_update", [str(DAWN), str(WEB)])
    library.leave("Socials|flickr|_update", [str(WEB)])
    before = len(writes(imws))

    library.join("Socials|flickr|_update", [])
    library.join("Socials|flickr|_update", [str(DAWN)])
    library.leave("Socials|flickr|_update", [])

    assert [DAWN] == imws.backend.files_in("Socials|flickr|_update")
    assert before == len(writes(imws))
    assert frozenset({str(DAWN)}) == library.members("Socials|flickr|_update")


def test_joining_a_missing_category_names_it(library):
    with pytest.raises(CategoryMissing, match="Socials|pixelfed|_update"):
        library.join("Socials|pixelfed|_update", [str(DAWN)])


def test_leaving_is_harmless_where_nothing_is(library, imws):
    before = copy.deepcopy(imws.backend.snapshot())

    library.leave("Socials|pixelfed|_update", [str(DAWN)])
    library.leave("Socials|flickr|_delete", [str(DAWN)])

    assert before == imws.backend.snapshot()
    assert library.members("Socials|pixelfed|_update") is None


def test_leaving_that_fails_for_real_is_an_error(library, imws):
    imws.fail_next("POST /v1/categories/unassign", status=500, body=b"")

    with pytest.raises(ImatchError):
        library.leave("Socials|flickr|_update", [str(WEB)])


def test_leaving_whose_answer_was_lost_is_done(library, imws):
    imws.fail_next("POST /v1/categories/unassign", drop_answer=True)

    library.leave("Socials|flickr|_update", [str(WEB)])

    assert [] == imws.backend.files_in("Socials|flickr|_update")


def test_mirroring_sends_only_differences_and_touches_only_given_leaves(library, imws):
    wanted = {"missing title": [str(FOG), str(WEB)], "file too large": [str(DAWN)]}

    report = library.mirror("flickr", wanted)

    root = "Socials|flickr|__errors"
    assert [FOG, WEB] == imws.backend.files_in(f"{root}|missing title")
    assert (1, 1, (f"{root}|file too large",)) == (report.added, report.removed, report.missing)
    assert 2 == len(writes(imws))

    again = library.mirror("flickr", wanted | {"private content": []})

    assert (0, 0) == (again.added, again.removed)
    assert 2 == len(writes(imws))


def test_without_an_error_category_all_leaves_are_missing(library):
    report = library.mirror("pixelfed", {"missing title": [str(DAWN)]})

    assert ("Socials|pixelfed|__errors|missing title",) == report.missing


def test_albums_and_groups_are_categories_with_descriptions(library, imws):
    assert (
        Category(path="Socials|flickr|albums|Lakes", description="72157\nmine"),
    ) == library.album_categories()
    assert (
        Category(path="Socials|flickr|groups|Trees & co", description="12@N00"),
    ) == library.group_categories()
    assert 2 == imws.count("GET /v1/categories")


def test_no_album_category_no_albums(library, imws):
    imws.backend.remove_category("Socials|flickr|albums")

    assert () == library.album_categories()


# -- setup and variables


def test_setup_tells_exact_paths_and_sets(library, imws):
    reloaded(imws, lambda made: made.attribute_sets.pop("pixelfed"))
    imws.backend.add_category("Socials|Flickr|x")
    paths = (
        "Socials",
        "Socials|flickr",
        "Socials|flickr|_update",
        "Socials|flickr|_UPDATE",
        "No|x",
    )

    found = library.setup(paths)

    assert (True, True, True, False, False) == tuple(found.categories.values())
    assert {"Socials|flickr|_UPDATE": "Socials|flickr|_update"} == found.similar
    assert {"flickr": True, "pixelfed": False} == found.sets


def test_setup_of_an_empty_database_leaves_the_sets_open(library, imws):
    imws.backend.load(Seed())

    assert {"flickr": None} == library.setup(["Socials"], ["flickr"]).sets


@pytest.mark.parametrize("style", ["error", "no value", "empty"])
def test_a_variable_that_is_not_set_is_none(library, imws, style):
    imws.backend.missing_variable_style = style

    assert library.variable("nowhere") is None


def test_variables_are_text_or_numbers(library):
    assert "0key" == library.variable("flickr_apikey")
    assert 1 == library.variable("imatch_to_socials_testing")
    assert library.variable("pixelfed_url") is None


def test_the_services_own_documentation_is_kept_or_missing(library, imws):
    assert library.discover()

    imws.fail_next("*", status=404, body=b"<html>", times=-1)

    assert library.discover() is None


def test_no_write_ever_has_an_empty_list_of_ids(library, imws):
    library.mirror("flickr", {"missing title": []})
    library.leave("Socials|flickr", [])

    assert all(one.params.get("fileid", "x") for one in imws.requests)
