"""The table: columns to choose, rows that are still being checked, rows left out here."""

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from ipywidgets import HTML
from widget_world import FakeWorkbench, album, messages_sent, mixed, pendings, row

from socials_lib.errors import ImatchUnreachable
from socials_lib.models import PhotoText
from socials_lib.widgets import show, table_columns
from socials_lib.widgets.table_columns import COLUMNS, DEFAULT
from socials_lib.widgets.table_draft import DRAFT_FROM, draft
from socials_lib.workbench.selections import Selection

WAIT = 20


def picker_of(rows):
    view = show.pending(FakeWorkbench(rows))
    assert view.model.wait(WAIT)
    return view


def heads(view):
    return [one.description.split(" ▲")[0] for one in view.head.rest.children]


# columns


def test_eight_columns_stand_there_and_two_of_them_wait_for_a_wide_page():
    view = picker_of(mixed())
    assert "Columns 8 shown ▾" == view.foot.columns.button.description
    assert ["Where", "Action", "State", "File", "Reason", "Taken", "Size"] == heads(view)
    assert "own-columns" not in view.table._dom_classes
    style = view.children[0].value
    assert "@container soc (min-width:1180px)" in style
    assert ".soc .rows:not(.own-columns) .line .c-file" in style


def test_a_tick_in_the_list_of_columns_shows_one_more():
    view = picker_of([row(1, albums=(album("Coast"), album("Boats"))), row(2)])
    choice = view.foot.columns
    choice.button.click()
    choice.boxes["albums"].value = True
    assert "Columns 9 shown ▴" == choice.button.description
    assert "Albums" in heads(view)
    assert "Boats, Coast" in view.pool[0].cells.value
    assert "own-columns" in view.table._dom_classes
    assert view.pool[0].layout.min_width == view.head.layout.min_width
    view.head.sorts["albums"].click()
    assert ["1", "2"] == [one.row.file_id for one in view.model.page_entries]
    choice.usual.click()
    assert DEFAULT == view.columns
    assert not choice.boxes["albums"].value
    assert view.pool[0].layout.min_width is None


def test_columns_are_one_line_of_code_too():
    view = picker_of(mixed())
    view.columns = ("tags", "albums")
    assert ("albums", "tags") == view.columns
    assert ["Where", "Action", "State", "Albums", "Tags"] == heads(view)
    with pytest.raises(ValueError, match="No column colour; there are file, reason, albums"):
        view.columns = ("colour",)
    assert ("albums", "tags") == view.columns


@pytest.mark.parametrize("name", table_columns.CHOICES)
def test_every_column_has_a_value_and_sorts(name):
    view = picker_of([row(n) for n in range(1, 4)])
    view.columns = (name,)
    view.head.sorts[name].click()
    assert f'class="c-{name}"' in view.pool[0].cells.value
    assert 3 == len(view.model.page_entries)
    assert COLUMNS[name].title in view.head.sorts[name].description


def test_a_column_of_hostile_words_shows_them_as_text():
    bad = '"><img src=x onerror=alert(1)>'
    text = PhotoText(platform="pixelfed", title="T", alt_text=bad)
    view = picker_of([row(1, platform="pixelfed", text=text, albums=(album(bad),)), row(2)])
    view.columns = ("alt_text", "albums")
    shown = "".join(one.cells.value for one in view.pool)
    assert "<img" not in shown
    assert 2 <= shown.count("&lt;img")


def test_the_boxes_of_columns_are_made_when_the_list_is_first_opened():
    view = picker_of(mixed())
    assert {} == view.foot.columns.boxes
    assert "none" == view.foot.columns.line.layout.display
    view.foot.columns.button.click()
    assert set(table_columns.CHOICES) == set(view.foot.columns.boxes)


# rows that are being checked


class SlowPlan(FakeWorkbench):
    """Plans only when it may."""

    def __init__(self, rows):
        super().__init__(rows)
        self.may_plan = threading.Event()
        self.is_planning = threading.Event()

    def plan(self, pending=None):
        self.is_planning.set()
        assert self.may_plan.wait(WAIT)
        if self.error:
            raise self.error
        return super().plan(pending)


def drafted(count=DRAFT_FROM):
    wb = SlowPlan([row(n) for n in range(1, count + 1)])
    view = show.pending(wb, pendings(wb.rows_next))
    assert wb.is_planning.wait(WAIT)
    return wb, view


def test_a_long_table_can_be_read_while_its_rows_are_being_checked():
    wb, view = drafted()
    try:
        assert "500 rows" in view.counts.children[0].value
        assert "being checked" in view.counts.children[0].value
        assert "… Checking" in view.pool[0].cells.value
        assert () == view.model.rows
        view.pager.next.click()
        view.pool[0].tick.value = True
        view.head.sorts["file"].click()
        view.filters.find.value = "img_7"
        assert all("IMG_7" in one.row.name for one in view.model.page_entries)
    finally:
        wb.may_plan.set()
    assert view.model.wait(WAIT)
    assert "<b>500 pending</b> =" == view.counts.children[0].value
    assert 1 == len(view.ticked) == len(view.rows)
    assert "img_7" == view.model.find
    assert "● Ready" in view.pool[0].cells.value


def test_a_short_list_is_planned_before_anybody_could_look():
    wb = SlowPlan([row(1), row(2)])
    view = show.pending(wb)
    wb.may_plan.set()
    assert view.model.wait(WAIT)
    assert () == view.model.draft


def test_rows_that_could_not_be_checked_do_not_stay():
    wb, view = drafted()
    view.pool[0].tick.value = True
    wb.error = ImatchUnreachable("IMatch does not answer at x.")
    wb.may_plan.set()
    assert view.model.wait(WAIT)
    assert () == view.model.listed
    assert set() == view.ticked
    assert frozenset() == view.approved_ids
    assert "IMatch does not answer" in view.trouble.text.value
    wb.error = None
    view.reload()
    assert view.model.wait(WAIT)
    assert 500 == view.model.pending_count


def test_what_is_online_and_unflagged_is_no_draft_row():
    found = pendings([row(1), row(2)])
    rows = draft(found)
    assert ["1", "2"] == [one.row.file_id for one in rows]
    assert {"add"} == {one.row.action for one in rows}
    assert not any(one.row.approved for one in rows)


def test_before_the_plan_nobody_says_how_many_are_pending():
    wb, view = drafted()
    assert -1 == view.model.pending_count
    wb.may_plan.set()
    assert view.model.wait(WAIT)


# rows left out here


def test_a_row_left_out_is_counted_apart_and_comes_back():
    view = picker_of(mixed())
    key = ("flickr", "1")
    view.model.skip(key)
    line = " ".join(getattr(one, "value", "") or one.description for one in view.counts.children)
    assert "<b>12 pending</b> = 3 add" in line
    assert "2 skipped" in line
    assert view.model.pending_count == sum(
        int(re.match(r"\d+", one.description)[0])
        for one in view.counts.children
        if not isinstance(one, HTML)
        and one.description.split()[-1] in ("add", "update", "metadata", "delete", "blocked")
    )
    view.kind_buttons["skip"].click()
    assert {"1", "15"} == {one.row.file_id for one in view.model.shown}
    view.filters.clear.click()
    view.model.state_filter = "skipped"
    assert ["1"] == [one.row.file_id for one in view.model.shown]
    view.model.skip(key, False)
    assert 13 == view.model.pending_count


def test_filtering_counts_nothing_anew():
    view = picker_of([row(n) for n in range(1, 101)])
    first = view.model.kinds()
    view.model.find = "photo 7"
    assert view.model.kinds() is first
    view.model.skip(("flickr", "1"))
    assert view.model.kinds() is not first


def test_a_filter_that_changes_nothing_on_the_page_sends_little():
    view = picker_of([row(n) for n in range(1, 26)])
    view.thumbnails.wait(WAIT)
    with messages_sent() as sent:
        view.model.find = "photo"
    assert len(sent) < 30


# handed over by another notebook


def selection(name, *file_ids, days=0):
    return Selection(
        name=name,
        created=datetime.now(UTC) - timedelta(days=days),
        mode="demo",
        file_ids=file_ids,
        words=f"{len(file_ids)} photos whose title changed",
    )


def test_photos_that_were_handed_over_are_ticked_by_one_button():
    wb = FakeWorkbench([row(1), row(2), row(3), row(3, platform="pixelfed")])
    wb.selections = (selection("titles <b>", "3", "2", "77"),)
    view = show.pending(wb)
    assert view.model.wait(WAIT)
    view.model.tick([("flickr", "1")])

    assert (view.handed.tick,) == view.handed.children
    assert "Tick the 3 handed over: titles <b>" == view.handed.tick.description
    assert "3 photos whose title changed" in view.handed.tick.tooltip
    view.handed.tick.click()
    expected = {("flickr", "1"), ("flickr", "2"), ("flickr", "3"), ("pixelfed", "3")}
    assert expected == view.ticked


def test_the_newest_with_a_pending_photo_is_offered_and_old_ones_are_not():
    wb = FakeWorkbench([row(1), row(2)])
    wb.selections = (selection("gone", "77"), selection("one", "1"), selection("old", "2", days=8))
    view = show.pending(wb)
    assert view.model.wait(WAIT)
    assert "Tick the 1 handed over: one" == view.handed.tick.description
    assert (view.handed.tick, view.handed.said) == view.handed.children
    assert "“gone" in re.sub("<[^>]*>", "", view.handed.said.value)

    wb.selections = (selection("gone <i>", "77"), wb.selections[2])
    view.use(wb, None)
    assert "gone &lt;i&gt;" in view.handed.said.value
    assert "none of them is pending" in view.handed.said.value
    assert (view.handed.said,) == view.handed.children
    wb.selections = ()
    view.use(wb, None)
    assert () == view.handed.children
