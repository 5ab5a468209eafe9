"""Change sets, their consequences, recipes as files, ready-made recipes, tables."""

import csv
import io
import json

import pytest
from bulk_kit import paths, photo, version

from socials_lib import bulk, formatting
from socials_lib.errors import RecipeError
from socials_lib.models import (
    DEFAULT_LIMITS,
    Category,
    LastSent,
    Rules,
)

BOTH = bulk.Recipe(
    name="Two fields",
    steps=(bulk.Set(field="title", value="New"), bulk.AddKeywords(keywords=("New",))),
)
KNOWN = bulk.Known(limits=DEFAULT_LIMITS)


def test_a_row_or_a_cell_can_be_left_out_and_taken_back():
    change_set = bulk.propose([photo("1"), photo("2"), photo("3", title="New")], BOTH)

    assert 5 == len(change_set.cells)
    fewer = change_set.without("1", ("2", "title"))
    assert [("2", "keywords"), ("3", "keywords")] == [one.key for one in fewer.chosen]
    assert change_set.chosen == fewer.with_back("1", "2").chosen
    assert [("1", "title")] == [one.key for one in change_set.only(("1", "title")).chosen]
    assert {"looked_at": 3, "photos": 2, "cells": 2} == {
        name: fewer.counts[name] for name in ("looked_at", "photos", "cells")
    }


def test_a_photo_that_the_recipe_leaves_alone_is_in_no_change_set():
    done = bulk.applied([photo()], bulk.propose([photo()], BOTH))

    assert () == bulk.propose(done, BOTH).cells


def test_keywords_that_stay_keep_their_place():
    recipe = bulk.Recipe(steps=(bulk.Set(field="keywords", value="New; Light"),))

    (cell,) = bulk.propose([photo()], recipe).cells

    assert ("Light", "New") == cell.after


def test_a_cell_of_categories_holds_only_what_changes():
    recipe = bulk.Recipe(
        steps=(bulk.Unassign(category="Socials|flickr"), bulk.Assign(category="Socials|pixelfed"))
    )
    change_set = bulk.propose([photo()], recipe)

    (cell,) = change_set.cells
    assert (("Socials|flickr",), ("Socials|pixelfed",)) == (cell.before, cell.after)
    (after,) = bulk.applied([photo()], change_set)
    assert {"Socials|pixelfed", "Image Characteristics|Genre|Landscape"} == paths(after)


# -- consequences


def judged(one, recipe, known=KNOWN):
    change_set = bulk.propose([one], recipe)
    return bulk.with_consequences(change_set, [one], known)


def test_a_consequence_says_what_is_mended():
    one = photo(headline="", categories=("Socials|pixelfed",))

    found = judged(one, bulk.READY["title_as_headline"])

    (how,) = found.consequences.values()
    assert (("missing_headline",), (), False) == (how.mended, how.new, how.is_broken)
    assert (1, 0, 0) == tuple(found.counts[name] for name in ("clean", "broken", "differ"))


def test_a_consequence_says_what_still_breaks_a_rule_and_what_is_new():
    one = photo(headline="", description="", categories=("Socials|pixelfed",))

    found = judged(
        one, bulk.READY["title_as_headline"].then(bulk.Set(field="headline", value="x" * 600))
    )

    (how,) = found.consequences.values()
    assert how.is_broken
    assert ("missing_headline",) == how.mended
    assert ("text_too_long",) == how.new
    assert (0, 1) == (found.counts["clean"], found.counts["broken"])


def test_problems_of_the_file_are_no_consequence():
    one = photo(format="CR3", size=10**12)

    (how,) = judged(one, BOTH).consequences.values()

    assert [("flickr", ())] == [
        (on.platform, tuple(p.code for p in on.after if p.severity == "error"))
        for on in how.platforms
    ]


def test_a_photo_of_no_platform_has_no_consequence_there():
    (how,) = judged(photo(categories=("Location|X",)), BOTH).consequences.values()

    assert () == how.platforms


def last_sent(one):
    text = formatting.photo_text(one, "flickr", Rules(), DEFAULT_LIMITS["flickr"])
    return bulk.Known(
        limits=DEFAULT_LIMITS,
        published={"flickr": frozenset({one.file_id})},
        last_sent={"flickr": {one.file_id: LastSent(remote_id="53", text=text)}},
    )


@pytest.mark.parametrize(
    ("expected", "step"),
    [
        (("flickr",), bulk.Set(field="title", value="New")),
        (("flickr",), bulk.AddKeywords(keywords=("New",))),
        ((), bulk.Set(field="alt_text", value="New")),
        ((), bulk.Assign(category="Socials|flickr|_metadata")),
        (("flickr",), bulk.Assign(category="Socials|flickr|albums|Coast")),
    ],
)
def test_a_published_photo_differs_if_something_else_would_be_sent(expected, step):
    one, other = (
        photo(),
        photo("9", categories=(Category(path="Socials|flickr|albums|Coast", description="721"),)),
    )
    known = bulk.Known(
        limits=last_sent(one).limits,
        published=last_sent(one).published,
        last_sent=last_sent(one).last_sent,
        descriptions={own.path: own.description for own in other.categories},
    )

    (how,) = judged(one, bulk.Recipe(steps=(step,)), known).consequences.values()

    assert expected == how.differs


def test_without_knowledge_of_what_was_sent_the_change_itself_decides():
    one = photo()
    known = bulk.Known(limits=DEFAULT_LIMITS, published={"flickr": frozenset({one.file_id})})

    assert 1 == judged(one, BOTH, known).counts["differ"]
    alt = bulk.Recipe(steps=(bulk.Set(field="alt_text", value="x"),))
    assert 0 == judged(one, alt, known).counts["differ"]


def test_consequences_can_be_asked_for_some_photos_first():
    photos = [photo(str(number)) for number in range(1, 5)]
    change_set = bulk.propose(photos, BOTH)
    seen = []

    some = bulk.with_consequences(
        change_set, photos, KNOWN, file_ids=["2"], progress=lambda *now: seen.append(now)
    )

    assert ["2"] == list(some.consequences)
    assert [(1, 1)] == seen
    assert {"1", "2", "3", "4"} == set(bulk.with_consequences(some, photos, KNOWN).consequences)


# -- recipes as files


def test_a_recipe_is_saved_and_loaded(tmp_path):
    recipe = bulk.READY["tidy_typography"].then(
        bulk.Map(field="title", table={"Straße": "Street"}),
        bulk.Edit(values={"1201": {"title": "0815"}}),
    )

    path = bulk.save(recipe, tmp_path / "new" / "recipe.json")

    assert recipe == bulk.load(path)
    assert "Straße" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "document",
    [
        "",
        "[]",
        '{"recipe": 1}',
        '{"recipe": 2, "steps": []}',
        '{"recipe": 1, "steps": [{"step": "explode"}]}',
        '{"recipe": 1, "steps": [{"step": "set", "field": "title"}]}',
        '{"recipe": 1, "steps": [{"step": "set", "field": "title", "value": 3}]}',
        '{"recipe": 1, "steps": [{"step": "trim", "feld": "title", "field": "title"}]}',
        '{"recipe": 1, "steps": [{"step": "case", "field": "title", "to": "wild"}]}',
        "[" * 100_000,
    ],
)
def test_a_file_that_holds_no_recipe_is_refused(document, tmp_path):
    path = tmp_path / "recipe.json"
    path.write_text(document, encoding="utf-8")

    with pytest.raises(RecipeError):
        bulk.load(path)


def test_a_recipe_is_shown_as_short_python():
    shown = bulk.as_python(bulk.READY["title_as_headline"])

    assert "bulk.Copy(field='title', to='headline', only_missing=True)," in shown
    assert shown.endswith("change_set = wb.propose(photos, recipe)")
    assert "recipe = bulk.Recipe()" in bulk.as_python(bulk.Recipe())


# -- ready-made recipes


@pytest.mark.parametrize("name", bulk.READY)
def test_every_ready_recipe_runs_and_has_a_name(name):
    recipe = bulk.READY[name]

    assert recipe.name
    bulk.propose([photo(), version(headline="", title="")], recipe)
    assert recipe == bulk.from_json(bulk.to_json(recipe))


@pytest.mark.parametrize(
    ("code", "values", "field"),
    [
        ("missing_headline", {"headline": ""}, ""),
        ("missing_title", {"title": ""}, ""),
        ("missing_description", {"description": ""}, ""),
        ("text_too_long", {"alt_text": "word " * 300}, "alt_text"),
    ],
)
def test_a_ready_recipe_mends_the_problem_it_is_offered_for(code, values, field):
    one = photo(categories=("Socials|pixelfed",), **values)
    for name in bulk.ready_for(code, "pixelfed", field=field):
        (how,) = judged(one, bulk.READY[name]).consequences.values()
        assert code in how.mended
        assert not how.is_broken


def test_flags_that_contradict_each_other_are_taken_apart():
    both = photo(categories=("Socials|flickr|_delete", "Socials|flickr|_update"))
    names = bulk.ready_for("conflicting_flags", "flickr")

    left = [paths(bulk.applied([both], bulk.propose([both], bulk.READY[one]))[0]) for one in names]

    assert [{"Socials|flickr|_update"}, {"Socials|flickr|_delete"}] == left
    assert () == bulk.ready_for("file_not_found", "flickr")
    assert () == bulk.ready_for("text_too_long", "pixelfed", field="caption")


def test_a_caption_that_is_too_long_is_shortened_by_its_headline():
    limits = DEFAULT_LIMITS["pixelfed"]
    one = photo(headline="word " * 120, categories=("Socials|pixelfed",))

    recipe = bulk.shorten_to_fit(one, "pixelfed", rules=Rules(), limits=limits)

    (how,) = judged(one, recipe).consequences.values()
    assert ("text_too_long",) == how.mended
    assert None is bulk.shorten_to_fit(photo(), "pixelfed", rules=Rules(), limits=limits)
    assert None is bulk.shorten_to_fit(
        photo(title="x" * 600), "pixelfed", rules=Rules(), limits=limits
    )


# -- tables

GUARDED = ["007", "=1+1", "@cmd", "-5", "+49", "3-4", "1,5", "1e5", "TRUE", "12.03.2024", "'quoted",
           "＝1", " =1", "19 March", "March 2024", "10:30"]  # fmt: skip


@pytest.mark.parametrize("text", GUARDED)
def test_what_a_spreadsheet_would_rewrite_is_guarded_and_comes_back(text):
    photos = [photo(title=text)]
    table = bulk.photos_csv(photos, ["title"])

    (_, line) = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"), newline="")))
    assert f"'{text}" == line[3]
    edited = table.replace(f"'{text}\r\n", "0099\r\n").replace(f"'{text}\"\r\n", '0099"\r\n')
    assert "0099" in edited
    (cell,) = bulk.read_csv(edited, photos).change_set.cells
    assert (text, "0099") == (cell.before, cell.after)


@pytest.mark.parametrize("text", ["Fog", "0815.jpg", "Route 66", "1984 and after", "a=b"])
def test_plain_words_are_written_as_they_are(text):
    assert f",{text},{text}\r\n" in bulk.photos_csv([photo(title=text)], ["title"])


def test_the_persons_own_apostrophe_stays():
    table = "file_id,field,before,after\r\n1201,title,Fog over the lake,'Tis foggy\r\n"

    (cell,) = bulk.read_csv(table, [photo()]).change_set.cells

    assert "'Tis foggy" == cell.after


def test_a_change_set_goes_out_and_in_again():
    photos = [photo("1"), photo("2", description="One\nTwo; three")]
    recipe = BOTH.then(bulk.Set(field="description", value="A\nB"))
    change_set = bulk.propose(photos, recipe).without(("1", "title"))

    read = bulk.read_csv(bulk.change_set_csv(change_set).replace("\r\n", "\n"), photos)

    assert [(one.key, one.after) for one in change_set.chosen] == [
        (one.key, one.after) for one in read.change_set.chosen
    ]


def test_tables_of_other_countries_are_read():
    table = '\ufefffile_id;name;field;before;after\n1201;;keywords;"Light; B";"Light; C"\n'

    (cell,) = bulk.read_csv(table, [photo(keywords=("Light", "B"))]).change_set.cells

    assert ("Light", "C") == cell.after


def test_a_photo_that_was_changed_since_is_a_conflict_and_left_alone():
    table = bulk.change_set_csv(bulk.propose([photo("1"), photo("2")], BOTH))
    now = [photo("1"), photo("2", title="Somebody else's")]

    read = bulk.read_csv(table, now)

    assert [("2", "title", "Fog over the lake", "Somebody else's", "New")] == [
        (one.file_id, one.field, one.before, one.found, one.after) for one in read.conflicts
    ]
    assert [("1", "title"), ("1", "keywords"), ("2", "keywords")] == [
        one.key for one in read.change_set.cells
    ]


def test_a_line_that_was_written_to_imatch_already_is_no_conflict():
    table = bulk.change_set_csv(bulk.propose([photo("1")], BOTH))
    done = bulk.applied([photo("1")], bulk.propose([photo("1")], BOTH))

    read = bulk.read_csv(table, done)

    assert ((), (), ()) == (read.change_set.cells, read.conflicts, read.faults)


def test_lines_that_cannot_be_used_are_named():
    table = (
        "file_id,field,before,after\n77,title,a,b\n1201,path,a,b\n1201,colour,a,b\n"
        "1201,title,Fog over the lake,A\n1201,title,Fog over the lake,B\n,,,\n"
    )

    read = bulk.read_csv(table, [photo()])

    assert ["A"] == [one.after for one in read.change_set.cells]
    assert [
        "Line 2: there is no photo with the id 77 here.",
        "Line 3: the field path cannot be changed from a table.",
        "Line 4: the field colour cannot be changed from a table.",
        "Line 6: title of 1201 stands there twice; the first one counts.",
    ] == list(read.faults)


@pytest.mark.parametrize(
    "table",
    [
        "",
        "a,b\n1,2\n",
        "file_id,field,before\n",
        'file_id,field,before,after\n"' + "x" * 2_000_000,
    ],
)
def test_a_file_that_is_no_such_table_is_refused(table):
    with pytest.raises(RecipeError):
        bulk.read_csv(table, [photo()])


def test_a_recipe_as_json_is_plain():
    assert {
        "recipe": 1,
        "name": "Two fields",
        "steps": [
            {"step": "set", "field": "title", "value": "New", "only_missing": False},
            {"step": "add_keywords", "keywords": ["New"]},
        ],
    } == json.loads(json.dumps(bulk.to_json(BOTH)))
