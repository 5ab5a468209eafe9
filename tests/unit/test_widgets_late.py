"""What comes late or is overtaken: it must not change what was not meant, and is never silent."""

import threading

import pytest
from step_rig import PATIENCE, Rig, Steps
from widget_world import FakeWorkbench, row

from socials_lib import bulk
from socials_lib.errors import RecipeError
from socials_lib.widgets import show
from socials_lib.widgets.bulk_latest import Latest
from socials_lib.widgets.bulk_source_model import SourceModel
from socials_lib.widgets.recipe_forms import FORMS

ENV = {"SOCIALS_IMATCH_WRITE_METADATA": "true"}


class Bench:
    """The cells of the third notebook, run once."""

    def __init__(self, rig):
        wb = rig.wb
        self.source = show.source(wb)
        self.facets = show.facets(wb, self.source)
        self.recipe = show.recipe(wb, self.facets)
        self.change = show.before_after(wb, self.recipe)
        self.write = show.write(wb, self.change)
        self.undo = show.undo(wb)
        self.settle()

    def settle(self):
        assert self.source.model.wait(PATIENCE)
        assert self.change.model.wait(PATIENCE)
        self.change.paint()
        self.write.paint()

    def add(self, kind, **typed):
        draft = self.recipe.model.add(kind, **typed)
        self.settle()
        return draft

    def load(self, table):
        self.change.model.load_table("changes.csv", table.encode("utf-8"))
        self.settle()


@pytest.fixture
def bench(rig):
    for number in range(3):
        rig.photo(f"Lake {number}", flickr=True)
    return Bench(rig)


def held(monkeypatch, module, name, *, thread):
    """Calls of a function in this thread wait until the event is set; and one says it has begun."""
    begun, go = threading.Event(), threading.Event()
    plain = getattr(module, name)

    def wait(*args, **kwargs):
        if threading.current_thread().name == thread:
            begun.set()
            assert go.wait(PATIENCE)
        return plain(*args, **kwargs)

    monkeypatch.setattr(module, name, wait)
    return begun, go


# -- a recipe that is being tried


def test_a_trial_under_way_does_not_outlive_the_recipe_that_it_was_made_of(bench, monkeypatch):
    begun, go = held(monkeypatch, bulk, "propose", thread="recipe")
    draft = bench.recipe.model.add("regex", field="title", pattern="Lake", replace="Sea")
    assert begun.wait(PATIENCE)
    bench.recipe.model.change(draft.ident, pattern="Lake(")
    go.set()
    bench.settle()

    assert "failed" == bench.change.model.state
    assert () == bench.change.model.change.cells
    assert bench.write.go.disabled
    with pytest.raises(RecipeError):
        _ = bench.change.change


def test_what_is_dropped_is_overtaken_and_what_waits_is_not_begun():
    begun, go = threading.Event(), threading.Event()
    done, newest = [], []

    def work(what, is_newest):
        begun.set()
        assert go.wait(PATIENCE)
        done.append(what)
        newest.append(is_newest())

    latest = Latest("test", work, on_error=lambda error: done.append(error))
    latest.ask("first")
    assert begun.wait(PATIENCE)
    latest.ask("second")
    latest.drop()
    go.set()
    assert latest.wait(PATIENCE)

    assert (["first"], [False]) == (done, newest)


def test_photos_that_are_given_are_not_replaced_by_those_still_being_read():
    begun, go = threading.Event(), threading.Event()
    wb = FakeWorkbench([])

    def photos(source, *, progress):
        begun.set()
        assert go.wait(PATIENCE)
        return ("read",)

    wb.photos = photos
    model = SourceModel(wb)
    model.load()
    assert begun.wait(PATIENCE)
    model.give(["given"])
    go.set()
    assert model.wait(PATIENCE)

    assert ("given",) == model.photos


# -- names and tables


def test_a_name_that_was_typed_stays_when_a_step_changes_and_overwrites_nothing(rig, bench):
    draft = bench.add("set", field="headline", value="one")
    bench.recipe.title.value = "Mine"
    bench.recipe.save.click()
    mine = rig.wb.home / "recipes" / "Mine.json"
    before = mine.read_text(encoding="utf-8")
    bench.recipe.load.value = "Mine"
    draft = bench.recipe.model.drafts[0]

    bench.recipe.title.value = "Other"
    bench.recipe.model.change(draft.ident, value="two")
    bench.recipe.save.click()

    assert "Other" == bench.recipe.title.value
    assert before == mine.read_text(encoding="utf-8")
    assert ("Mine", "Other") == bench.recipe.model.kept


def test_loading_a_recipe_shows_its_name_whatever_was_typed(bench):
    bench.add("set", field="headline", value="one")
    bench.recipe.title.value = "Mine"
    bench.recipe.save.click()
    bench.recipe.title.value = "Other"
    bench.recipe.load.value = "Mine"

    assert "Mine" == bench.recipe.title.value


def test_a_table_that_changes_nothing_leaves_the_steps_and_says_so(rig, bench):
    bench.add("set", field="title", value="New")
    table = bench.change.model.csv
    for number in range(1001, 1004):
        rig.edit(number, title=f"Elsewhere {number}")
    bench.source.reload()
    bench.settle()
    bench.load(table)

    assert ["set"] == [one.kind for one in bench.recipe.model.drafts]
    assert "Nothing of this table was taken over." in bench.change.trouble.text.value
    assert "has changed in IMatch since" in bench.change.faults.value


def test_a_recipe_that_could_not_be_loaded_can_be_chosen_again(rig, bench):
    bench.add("set", field="title", value="New")
    bench.recipe.title.value = "Mine"
    bench.recipe.save.click()
    path = rig.wb.home / "recipes" / "Mine.json"
    good = path.read_text(encoding="utf-8")
    path.write_text("{", encoding="utf-8")
    bench.recipe.load.value = "Mine"
    assert None is not bench.recipe.trouble.message
    assert "" == bench.recipe.load.value
    path.write_text(good, encoding="utf-8")
    bench.recipe.model.drafts = ()
    bench.recipe.load.value = "Mine"

    assert ["set"] == [one.kind for one in bench.recipe.model.drafts]
    assert None is bench.recipe.trouble.message


# -- what is typed


@pytest.mark.parametrize("typed", ["12²", "9" * 5_000, "-3", "many", ""])
def test_what_is_no_number_of_letters_is_said_beside_the_step(bench, typed):
    draft = bench.add("shorten")
    bench.recipe.lines[draft.ident].fields["letters"].value = typed

    assert ["Type how many letters may stay, as a number."] == [
        str(one) for one in bench.recipe.model.errors.values()
    ]
    bench.add("trim")
    assert 2 == len(bench.recipe.steps.children)


def test_what_no_form_foresaw_is_said_beside_its_step_too(bench, monkeypatch):
    def build(typed):
        raise ValueError("no such thing")

    monkeypatch.setitem(vars(FORMS["trim"]), "build", build)
    bench.add("trim")

    assert "This cannot be used: no such thing" in bench.recipe.lines[1].wrong.value


def test_a_field_that_breaks_is_told_in_the_message_area(bench, monkeypatch):
    def boom(*_args, **_typed):
        raise KeyError("unforeseen")

    draft = bench.add("shorten")
    monkeypatch.setattr(bench.recipe.model, "change", boom)
    bench.recipe.lines[draft.ident].fields["letters"].value = "12"
    assert None is not bench.recipe.trouble.message

    monkeypatch.setattr(bench.facets.model, "choose", boom)
    bench.facets.cards["title"].text.value = "lake"
    assert None is not bench.facets.trouble.message


# -- rows that have just gone


def test_edit_on_a_row_just_filtered_out_says_so(bench, monkeypatch):
    bench.add("set", field="headline", value="new")
    begun, go = held(monkeypatch, bulk, "propose", thread="recipe")
    bench.facets.model.choose("title", text="Lake 2")
    assert begun.wait(PATIENCE)
    bench.change.pool[0].edit.click()
    go.set()

    said = bench.change.trouble.message
    bench.settle()
    assert "This photo is no longer among those chosen above." == said.fact
    assert "none" == bench.change.hand.layout.display


def test_a_page_that_lost_its_rows_is_left_for_one_that_there_is(rig):
    for number in range(30):
        rig.photo(f"Lake {number}", flickr=True)
    bench = Bench(rig)
    bench.add("set", field="headline", value="new")
    bench.change.all_out.click()
    bench.settle()
    bench.change.filters["out"].click()
    bench.change.model.go_to(2)
    for one in bench.change.model.page_cells:
        bench.change.leave_out(one.key, False)
    bench.settle()

    assert (1, 1) == (bench.change.model.page, bench.change.model.pages)
    assert 25 == sum("spare" not in one._dom_classes for one in bench.change.pool)


def put_back(bench):
    """Choose the last change set, put it back, wait for the reading after it."""
    bench.undo.model.look()
    next(iter(bench.undo._lines.values())).show.click()
    assert bench.undo.model.wait(PATIENCE)
    bench.undo.go.click()
    bench.undo.yes.click()
    assert bench.undo.model.wait(PATIENCE)
    bench.settle()


def write(bench):
    bench.write.go.click()
    bench.write.yes.click()
    assert bench.write.model.wait(PATIENCE)
    bench.settle()


def test_after_putting_back_the_list_shows_again_what_would_change(bench):
    bench.add("set", field="headline", value="new")
    write(bench)
    assert 0 == len(bench.change.model.change.chosen)
    put_back(bench)

    assert 3 == len(bench.change.model.change.chosen)
    assert "Write 3 headlines to IMatch…" == bench.write.go.description


def test_after_putting_back_nothing_is_queued_for_a_value_that_is_gone(rig):
    rig.photo("Lake", flickr=True)
    rig.sync()
    bench = Bench(rig)
    bench.source.model.choose("published")
    bench.settle()
    bench.add("set", field="title", value="new")
    write(bench)
    assert 1 == len(bench.write.model.queue.chosen)
    put_back(bench)

    assert () == bench.write.model.queue.chosen
    assert ["Lake"] == [one.title for one in bench.source.model.photos]


def test_a_late_yes_after_not_now_puts_nothing_back(bench):
    bench.add("set", field="headline", value="new")
    write(bench)
    bench.undo.model.look()
    next(iter(bench.undo._lines.values())).show.click()
    assert bench.undo.model.wait(PATIENCE)
    bench.undo.go.click()
    bench.undo.no.click()
    bench.undo.yes.click()

    assert None is bench.undo.model.job


def test_use_this_category_reads_again_a_category_that_was_made_meanwhile(rig, bench):
    bench.source.path.value = "Coast"
    bench.settle()
    assert None is not bench.source.trouble.message
    rig.put("1001", "Coast")
    rig.reload()
    bench.source.use_path.click()
    bench.settle()

    assert None is bench.source.trouble.message
    assert ["Lake 0"] == [one.title for one in bench.source.model.photos]


# -- the fix-it list and the table


def test_a_smaller_copy_that_cannot_be_made_now_says_why(tmp_path):
    wb = FakeWorkbench([row(1, codes=("missing_title",))], home=tmp_path)
    picker = show.pending(wb)
    assert picker.model.wait(PATIENCE)
    view = show.fixes(wb, picker)
    picker.model.frozen = True
    assert not view.model.make_smaller()
    assert "A run is under way." == view.said.message.fact
    picker.model.frozen = False
    go, load = threading.Event(), wb.load_pending

    def slowly(*names, **more):
        assert go.wait(PATIENCE)
        return load(*names, **more)

    wb.load_pending = slowly
    picker.reload()
    assert not view.model.make_smaller()
    said = view.said.message
    go.set()
    assert picker.model.wait(PATIENCE)
    assert "IMatch is being read." == said.fact


def test_a_press_while_the_list_is_busy_is_answered(tmp_path):
    wb = FakeWorkbench([row(n, codes=("missing_title",)) for n in (1, 2)], home=tmp_path)
    begun, go = threading.Event(), threading.Event()

    def show_problems():
        begun.set()
        assert go.wait(PATIENCE)
        return ()

    wb.show_problems = show_problems
    picker = show.pending(wb)
    assert picker.model.wait(PATIENCE)
    view = show.fixes(wb, picker)
    view.show.click()
    assert begun.wait(PATIENCE)
    view.alike.children[1].click()
    said = view.said.message
    go.set()
    assert view.model.worker.wait(PATIENCE)

    assert "The list is busy." == said.fact
    assert () == view.change_set.chosen


def test_delete_anyway_ends_when_the_row_becomes_another_action(rig):
    lake = rig.photo("", flickr=True, flags=["flickr|_delete"])
    rig.online("flickr", lake)
    steps = Steps(rig)
    model = steps.picker.model
    model.release(("flickr", lake))
    assert {("flickr", lake)} == model.released
    rig.unflag(lake, "flickr|_delete")
    rig.flag(lake, "flickr|_update")
    steps.read_again()

    assert frozenset() == model.released
    assert () == model.ready
    assert "✕ Title missing" == steps.pill(lake)
    assert steps.pane("update").go.disabled


def test_a_step_waits_until_imatch_has_been_read(rig, monkeypatch):
    rig.photo("Lake", flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    begun, go = held(monkeypatch, rig.wb, "plan", thread="read-imatch")
    steps.picker.reload()
    assert begun.wait(PATIENCE)
    pane.painter.now()
    disabled, reason = pane.go.disabled, pane.reason.value
    pane.go.click()
    go.set()
    assert steps.picker.model.wait(PATIENCE)
    pane.painter.now()

    assert disabled
    assert "IMatch is being read." in reason
    assert [] == steps.titles()
    assert not pane.go.disabled


def test_what_was_read_during_a_run_does_not_take_the_place_of_its_rows(rig, monkeypatch):
    lake = rig.photo("Lake", flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    begun, go = held(monkeypatch, rig.wb, "plan", thread="read-imatch")
    steps.picker.reload()
    assert begun.wait(PATIENCE)
    rows, plan = pane.model.rows, steps.picker.model.plan
    assert pane.model.start(rows, lambda listen: pane.model._apply(plan, rows, listen))
    steps.end(pane)
    go.set()
    assert steps.picker.model.wait(PATIENCE)
    pane.painter.now()

    assert plan is steps.picker.model.plan
    assert "✓ Added" == steps.pill(lake)
    assert "Done" in pane.status.value
    assert "A run began while IMatch was being read" in steps.picker.trouble.text.value
    steps.read_again()
    assert None is steps.picker.model.message


def test_a_yes_that_nobody_was_asked_for_sends_nothing(rig):
    rig.photo("Lake", flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    pane.yes.click()

    assert None is pane.model.job
    assert [] == steps.titles()


def test_a_late_yes_after_not_now_sends_nothing(tmp_path):
    rig = Rig(tmp_path, SOCIALS_MODE="live")
    try:
        rig.photo("Lake", flickr=True)
        steps = Steps(rig)
        pane = steps.pane("add")
        pane.go.click()
        pane.no.click()
        pane.yes.click()
        assert None is pane.model.job
        assert [] == steps.titles()
    finally:
        rig.stop()
