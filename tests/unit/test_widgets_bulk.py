"""Source, facets, recipe, before and after: what they show, keep and compute, without a browser."""

import json
from datetime import UTC, datetime

import pytest
from step_rig import PATIENCE

from socials_lib import bulk
from socials_lib.errors import CategoryMissing, RecipeError
from socials_lib.models import PLATFORMS
from socials_lib.widgets import show
from socials_lib.widgets.before_after_model import PAGE_ROWS
from socials_lib.widgets.bulk_latest import Latest
from socials_lib.widgets.recipe_forms import FORMS, typed_of


class Bench:
    """The cells of the notebook, run once; every `again` runs them as a person would."""

    def __init__(self, rig):
        self.rig = rig
        self.again()

    def again(self):
        wb = self.rig.wb
        self.source = show.source(wb)
        self.facets = show.facets(wb, self.source)
        self.recipe = show.recipe(wb, self.facets)
        self.change = show.before_after(wb, self.recipe)
        self.settle()

    def settle(self):
        assert self.source.model.wait(PATIENCE)
        assert self.change.model.wait(PATIENCE)
        self.change.paint()

    def add(self, kind, **typed):
        draft = self.recipe.model.add(kind, **typed)
        self.settle()
        return draft


@pytest.fixture
def bench(rig):
    """Seven pending photos, every other one without a headline; one is online, to be renewed."""
    for number in range(6):
        headline = None if number % 2 else f"Seen {number}"
        rig.photo(f"Lake {number}", flickr=True, headline=headline, iso=str(100 * number))
    keywords = {"hierarchicalkeywords": ["Places|Coast"]}
    online = rig.photo("Online", flickr=True, flags=["flickr|_metadata"], **keywords)
    rig.online("flickr", online, title="Online")
    return Bench(rig)


def visible(view):
    """All words and markup of a view."""
    found = [str(getattr(view, name, "")) for name in ("value", "description")]
    return " ".join([*found, *(visible(one) for one in getattr(view, "children", ()))])


# -- source


def test_the_source_counts_and_reads_pending_photos_first(bench):
    said = [one.description for one in bench.source.choices.children]

    assert ["Pending 7", "Published 1", "Selected in IMatch 0"] == said
    assert "7 photos to work on" in bench.source.line.value
    bench.source.path.value = "Image Characteristics|Genre"
    bench.source.reload()
    bench.settle()
    assert "Pending" == bench.source.choices.children[0].description  # of before: nobody knows now
    bench.source.choices.children[0].click()
    bench.settle()
    assert "Pending 7" == bench.source.choices.children[0].description
    assert 7 == len(bench.source.photos)
    assert "wb.photos(&#x27;pending&#x27;)" in visible(bench.source)


def test_a_category_is_read_by_its_path_and_a_missing_one_is_said(bench):
    bench.source.path.value = "Socials|nowhere"
    bench.settle()

    assert "does not exist" in visible(bench.source)
    with pytest.raises(CategoryMissing):
        _ = bench.source.photos
    bench.source.path.value = "Image Characteristics|Genre"
    bench.settle()
    assert 7 == len(bench.source.photos)
    assert "does not exist" not in visible(bench.source)


def test_what_another_notebook_handed_over_is_a_choice(rig, bench):
    ids = [one.file_id for one in bench.source.photos[:2]]
    rig.wb.hand_over("odd <b>", ids, "2 photos with <b>odd</b> titles")
    bench.source.reload()
    bench.settle()
    button = bench.source.choices.children[-1]

    button.click()
    bench.settle()

    assert "Handed over: odd <b> 2" == button.description  # the name that the other notebook said
    assert button.tooltip.startswith("2 photos with <b>odd</b> titles, handed over ")
    assert ids == [one.file_id for one in bench.source.photos]
    assert "wb.handed_over()[0]" in visible(bench.source)


def test_a_cell_that_runs_again_keeps_facets_steps_and_opt_outs(rig, bench):
    bench.facets.model.choose("headline", present=False)
    bench.add("copy", only_missing=True)
    key = bench.change.model.cells[0].key
    bench.change.model.leave_out([key])
    views = (bench.source, bench.facets, bench.recipe, bench.change)

    shelf = rig.wb.shelf
    rig.anew().shelf = shelf
    bench.again()

    assert views == (bench.source, bench.facets, bench.recipe, bench.change)
    assert {key} == bench.change.model.left_out
    assert 2 == len(bench.change.change.chosen)


def test_photos_made_by_code_are_a_source_too(rig, bench):
    some = rig.wb.photos("published")
    facets = show.facets(rig.wb, some)

    assert ["Online"] == [one.title for one in facets.photos]


# -- facets


def test_counts_follow_the_other_facets_and_ticks_include(bench):
    cards = bench.facets.cards
    assert "missing 3" == cards["headline"].missing.description

    cards["keywords"].pool[
        [one.description for one in cards["keywords"].pool].index("Light 6")
    ].value = True

    assert "6</b> of 7 photos chosen" in bench.facets.line.value
    assert "missing 3" == cards["headline"].missing.description
    cards["headline"].missing.value = True
    assert 3 == len(bench.facets.photos)
    assert "Light 3" in visible(cards["keywords"])
    assert "present 3" == cards["headline"].present.description  # its own choice is left out
    cards["headline"].clear.click()
    bench.facets.clear.click()
    assert 7 == len(bench.facets.photos)


def test_words_ranges_exclusion_and_more_facets(bench):
    model = bench.facets.model
    model.show("iso")
    card = bench.facets.cards["iso"]
    card.least.value, card.most.value = "200", "400"
    assert ["Lake 2", "Lake 3", "Lake 4", "Online"] == [one.title for one in bench.facets.photos]
    card.exclude.value = True
    assert ["Lake 0", "Lake 1", "Lake 5"] == [one.title for one in bench.facets.photos]
    card.away.click()
    assert "iso" not in model.shown
    bench.facets.cards["title"].text.value = "lake"
    assert 6 == len(bench.facets.photos)


def test_a_range_that_is_no_number_and_a_bad_expression_are_said_beside_the_field(bench):
    model = bench.facets.model
    model.show("iso")
    bench.facets.cards["iso"].least.value = "many"
    assert "is no number" in visible(bench.facets.cards["iso"])
    bench.facets.expression.value = "title.__class__"
    assert "not part of an expression" in bench.facets.wrong.value
    assert 7 == len(bench.facets.photos)

    bench.facets.expression.value = "missing(headline) and iso > 100"
    assert "" == bench.facets.wrong.value
    assert ["Lake 3", "Lake 5"] == [one.title for one in bench.facets.photos]
    assert "bulk.Facet(expression=" in visible(bench.facets.code)


def test_values_of_photos_are_never_markup(rig):
    rig.photo("<img src=x onerror=alert(1)>", flickr=True, headline="<b>bold</b>")
    bench = Bench(rig)
    bench.add("replace", field="headline", find="bold", replace="<i>new</i>")

    shown = bench.change.pool[0].what.value + bench.recipe.sample.value
    assert "<img src=x" not in shown
    assert "<i>new" not in shown
    assert "&lt;i&gt;new&lt;/i&gt;" in shown


def test_a_tick_on_its_way_while_the_values_move_hits_the_value_that_was_seen(bench):
    card = bench.facets.cards["keywords"]
    seen = next(one for one in card.pool if one.tooltip == "Nature|Water")
    card.text.value = "Water"
    seen.value = True

    assert card.values.children[0] is seen
    assert frozenset({"Nature|Water"}) == frozenset(card.model.choices["keywords"].values)


def test_a_long_value_leaves_room_for_its_count(rig):
    rig.photo("x", flickr=True, headline="The door has been blue since before the war")
    rig.photo("y", flickr=True, hierarchicalkeywords=["Location|Germany|Baden|Lake|Harbour side"])
    cards = Bench(rig).facets.cards

    assert "The door has been blue sinc… 1" in visible(cards["headline"])
    assert "…any|Baden|Lake|Harbour side 1" in visible(cards["keywords"])


# -- recipe


def test_every_step_has_a_form_that_gives_the_step_back():
    assert set(bulk.STEPS) == set(FORMS)
    steps = [
        bulk.Set(field="title", value="x", only_missing=True),
        bulk.Map(field="title", table={"a": "b", "c": ""}, ignore_case=True),
        bulk.AddKeywords(keywords=("A|B", "x;y")),
        bulk.RemoveKeywords(keywords=("A",), branch=True),
        bulk.Shorten(field="title", letters=12),
        bulk.Unassign(category="Socials", branch=True),
        bulk.UrlFromId(platform="flickr", base="https://x.test/photos/demo"),
        bulk.Edit(values={"1": {"title": "x"}}),
        *(step for recipe in bulk.READY.values() for step in recipe.steps),
    ]
    for step in steps:
        kind, typed = typed_of(step)
        assert step == FORMS[kind].build(typed)


def test_the_sample_is_live_and_errors_stand_beside_their_step(bench):
    draft = bench.add("template", field="headline")
    line = bench.recipe.lines[draft.ident]
    line.fields["template"].value = "{{ titel }}"
    bench.settle()
    assert "cannot be used" in bench.recipe.sample.value + visible(line)

    line.fields["template"].value = "{{ title }} in {{ year }}"
    bench.settle()
    assert "in 2024" in bench.recipe.sample.value
    assert "Sample of 5 of 7 photos" in bench.recipe.sample.value

    regex = bench.add("regex", pattern="(")
    assert "The pattern “(”" in visible(bench.recipe.lines[regex.ident])
    with pytest.raises(RecipeError):
        _ = bench.recipe.recipe
    assert bench.recipe.save.disabled
    bench.recipe.lines[regex.ident].remove.click()
    bench.settle()
    assert "" == bench.recipe.lines[draft.ident].wrong.value


def test_a_hostile_pattern_ends_with_a_clear_message(rig):
    rig.photo("a" * 40 + "b", flickr=True)
    bench = Bench(rig)
    bench.add("regex", field="title", pattern="(a|aa)+$", replace="x")

    assert "takes too long" in bench.recipe.sample.value
    assert "takes too long" in visible(bench.change)
    assert () == bench.change.model.whole.cells


def test_steps_are_moved_kept_and_taken_up_again(rig, bench):
    bench.add("set", field="title", value="b")
    second = bench.add("case", field="title", to="upper")
    assert {"B"} == {one.after for one in bench.change.change.chosen}
    bench.recipe.lines[second.ident].up.click()
    bench.settle()
    assert {"b"} == {one.after for one in bench.change.change.chosen}
    bench.recipe.title.value = "Shout / quietly"
    bench.recipe.save.click()

    (kept,) = (rig.wb.home / "recipes").glob("*.json")
    assert "Shout / quietly" == json.loads(kept.read_text(encoding="utf-8"))["name"]
    before = bench.recipe.recipe
    for one in tuple(bench.recipe.lines.values()):
        one.remove.click()
    assert "No step yet" in bench.recipe.nothing.value
    bench.recipe.load.value = kept.stem
    bench.settle()
    assert before == bench.recipe.recipe
    assert "bulk.Case" in visible(bench.recipe.code)


def test_the_page_of_the_account_is_offered_for_addresses(rig, bench):
    rig.wb.account("flickr")

    draft = bench.recipe.model.add("url_from_id")

    assert draft.typed["base"].startswith("http")
    assert [*PLATFORMS] == [value for _, value in FORMS["url_from_id"].params[0].options]


# -- before and after


def test_counts_add_up_and_each_row_can_be_left_out(bench):
    bench.add("copy", only_missing=True)
    view = bench.change
    assert "<b>3 of 7 change</b> = 3 clean + 0 still break a rule" in view.sum.children[0].value
    rows = [row for row in view.pool if row.cell is not None]
    assert ["Lake 1", "Lake 3", "Lake 5"] == [row.cell.title for row in rows]
    assert "<ins>" in rows[0].what.value

    rows[0].tick.value = False
    view.paint()

    assert "2 of 7 change" in view.sum.children[0].value
    assert "Left out" in rows[0].what.value
    assert ["Lake 3", "Lake 5"] == [one.title for one in view.change.chosen]
    view.filters["out"].click()
    view.paint()
    assert ["Lake 1"] == [row.cell.title for row in view.pool if row.cell is not None]
    view.filters["all"].click()
    view.all_out.click()
    assert () == view.change.chosen
    view.all_in.click()
    assert 3 == len(view.change.chosen)


def test_published_photos_that_will_differ_and_broken_rules_are_said(bench):
    bench.add("set", field="title", value="")
    view = bench.change

    assert "7 still break a rule" in view.sum.children[0].value
    assert "1 is online and will differ" in view.sum.children[0].value
    view.model.shown_filter = "differ"
    view.paint()
    (row,) = [row for row in view.pool if row.cell is not None]
    assert "Flickr will differ" in row.what.value
    assert "Title missing" in row.what.value


def test_an_opt_out_of_one_value_of_a_photo_is_judged_anew(bench):
    bench.add("set", field="title", value="")
    bench.add("set", field="headline", value="New")
    model = bench.change.model
    first = model.cells[0].file_id
    assert model.consequence(first).is_broken

    model.leave_out([(first, "title")])

    assert not model.consequence(first).is_broken
    assert 6 == model.sum.broken
    assert model.sum.is_whole


def test_a_value_is_typed_by_hand_and_becomes_the_last_step(bench):
    bench.add("copy", only_missing=True)
    row = bench.change.pool[0]
    row.edit.click()
    assert "Lake 1" == bench.change.hand_text.value
    bench.change.hand_text.value = "By hand"
    bench.change.keep.click()
    bench.settle()

    assert "By hand" == bench.change.change.chosen[0].after
    assert ["copy", "edit"] == [one.kind for one in bench.recipe.model.drafts]
    bench.recipe.model.unedit(*bench.change.change.chosen[0].key)
    bench.settle()
    assert "Lake 1" == bench.change.change.chosen[0].after


def test_a_photo_that_the_recipe_leaves_alone_takes_a_value_by_hand_too(bench):
    view = bench.change
    view.hand_photo.value = next(
        value for words, value in view.hand_photo.options if words == "Lake 2"
    )
    view.hand_field.value = "headline"
    view.hand_begin.click()
    assert "Seen 2" == view.hand_text.value
    view.hand_text.value = "Typed"
    view.keep.click()
    bench.settle()

    assert [("Lake 2", "Seen 2", "Typed")] == [
        (one.title, one.before, one.after) for one in view.change.chosen
    ]


def test_a_table_goes_out_and_comes_back_with_conflicts_and_faults_named(rig, bench):
    bench.add("copy", only_missing=True)
    bench.change.make_csv.click()
    assert 'download="changes.csv"' in bench.change.csv.value
    ids = [one.file_id for one in bench.change.change.chosen]
    lines = bench.change.model.csv.replace(",Lake 1\r\n", ",From the table\r\n")
    lines += f"{ids[1]},x,title,Another,New\r\n99,x,title,a,b\r\n"

    upload(bench, lines.encode("utf-8"))

    assert ["From the table", "Lake 3", "Lake 5"] == [
        one.after for one in bench.change.change.chosen
    ]
    assert "has changed in IMatch since the table was written" in bench.change.faults.value
    assert "no photo with the id 99" in bench.change.faults.value


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\0\0", "is no CSV file."),
        ("file_id,field,before,after\r\n1,title,ä,ö".encode("cp1252"), "not saved as UTF-8"),
        (b"a,b\r\n1,2", "The table has no column"),
    ],
)
def test_a_file_that_is_no_table_is_told_and_changes_nothing(bench, data, said):
    bench.add("copy", only_missing=True)
    before = bench.change.change.chosen

    upload(bench, data)

    assert said in bench.change.trouble.text.value
    assert before == bench.change.change.chosen
    bench.add("trim")
    assert () == bench.change.trouble.children


def upload(bench, content):
    """A person chooses this file with “Load CSV”."""
    file = {
        "name": "changes.csv",
        "type": "text/csv",
        "size": len(content),
        "content": content,
        "last_modified": datetime(2026, 11, 22, tzinfo=UTC),
    }
    bench.change.upload.set_trait("value", (file,))
    bench.settle()


def test_pages_show_a_fixed_pool(rig):
    for number in range(PAGE_ROWS + 3):
        rig.photo(f"Photo {number}", flickr=True)
    bench = Bench(rig)
    bench.add("case", field="title", to="upper")
    pool = list(bench.change.pool)
    assert PAGE_ROWS == len(pool)

    bench.change.pager.next.click()
    bench.change.paint()

    assert pool == bench.change.pool
    assert 3 == sum(row.cell is not None for row in bench.change.pool)
    assert "values 26–28 of 28" in bench.change.pager.words.value


def test_what_is_overtaken_is_not_begun():
    done = []
    latest = Latest("test", lambda what, is_newest: done.append(what), on_error=done.append)
    for number in range(50):
        latest.ask(number)
    assert latest.wait(PATIENCE)

    assert 49 == done[-1]
    assert done == sorted(done)
    assert not latest.is_busy
