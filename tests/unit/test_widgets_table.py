"""The table of pending photos: counts, ticks, filters, pages, pictures, words."""

from dataclasses import replace

import pytest
from ipywidgets import HTML, Button, Checkbox, Widget
from widget_world import FakeWorkbench, album, everything, messages_sent, mixed, pendings, plan, row

from socials_lib.errors import ImatchUnreachable
from socials_lib.widgets import pills, show, theme
from socials_lib.widgets.picker import PickerModel
from socials_lib.widgets.table import Picker

HOSTILE = (
    '<img src=x onerror="alert(1)">',
    "<script>alert(1)</script>",
    "' onmouseover='alert(1)' x='",
    "\u202egnp.exe",
    "a\u200b\u200d\ufeffb",
    "غروب الشمس 12",
    "x" * 10_000,
    "two\nlines",
)


def picker_of(rows, **more):
    wb = FakeWorkbench(rows, **more)
    view = show.pending(wb)
    assert view.model.wait(20)
    view.thumbnails.wait(20)
    return view


def counts_line(view):
    return " ".join(
        one.value if isinstance(one, HTML) else one.description for one in view.counts.children
    )


def shown_ids(view):
    return [one.row.file_id for one in view.model.page_entries]


def press(view, kind):
    view.kind_buttons[kind].click()


def test_the_counts_line_adds_up_and_counts_apart_what_is_not_pending():
    view = picker_of(mixed())
    line = counts_line(view)
    assert (
        "<b>13 pending</b> = 4 add + 2 update + 1 metadata + 2 delete + 4 blocked"
        " 1 suggested 1 skipped 1 only warned" == line
    )
    kinds = view.model.kinds()
    assert len(view.plan.rows) == sum(kinds.values())


@pytest.mark.parametrize(
    "kind", ["add", "update", "metadata", "delete", "blocked", "suggested", "skip", "none"]
)
def test_a_number_in_the_counts_line_shows_exactly_these_rows(kind):
    view = picker_of(mixed())
    press(view, kind)
    assert {kind} == {view.model.kind(one.row) for one in view.model.shown}
    assert view.model.kinds()[kind] == len(view.model.shown)
    assert "mod-active" in view.kind_buttons[kind]._dom_classes
    press(view, kind)
    assert 13 == len(view.model.shown)


def test_without_ticks_all_ready_rows_are_meant_and_with_ticks_only_these():
    view = picker_of(mixed())
    assert 9 == len(view.rows)
    assert "Nothing ticked" in view.tick_line.value
    view.pool[0].tick.value = True
    view.pool[1].tick.value = True
    assert 2 == len(view.rows)
    assert len(view.ticked) == 2
    assert view.tick_line.value.startswith("2 ticked (2 here, 0 on other pages, 0 hidden")


def test_a_tick_that_was_on_its_way_while_the_page_changed_means_the_photo_that_was_seen():
    view = picker_of([row(n) for n in range(1, 61)])
    seen, whole_page = view.pool[0].tick, view.head.tick
    key = view.pool[0].entry.key
    page = {one.entry.key for one in view.pool}
    view.model.go_to(2)
    seen.value = True

    assert {key} == view.ticked
    assert not view.pool[0].tick.value
    whole_page.value = True
    assert page == view.ticked
    view.model.go_to(1)
    assert view.pool[0].tick.value
    assert view.head.tick.value


def test_ticks_survive_filter_sort_page_and_reading_again():
    view = picker_of([row(n) for n in range(1, 61)])
    model = view.model
    view.pool[3].tick.value = True
    ticked = view.ticked
    model.go_to(2)
    assert "0 here, 1 on other pages" in view.tick_line.value
    view.pool[0].tick.value = True
    model.find = "Photo 7"
    assert "hidden by the filter" in view.tick_line.value
    model.sort_by("title")
    view.reload()
    assert model.wait(20)
    assert ticked < view.ticked
    assert 2 == len(view.ticked)
    assert "Photo 7" == model.find
    here = {one.entry.key for one in view.pool if one.entry and one.tick.value}
    assert here == view.ticked & {one.key for one in model.page_entries}


def test_the_words_about_ticks_add_up():
    view = picker_of([row(n) for n in range(1, 61)] + [row(99, codes=("missing_title",))])
    view.ticked = [("flickr", str(n)) for n in (1, 2, 30, 31, 99)]
    view.model.find = "Photo"
    view.model.state_filter = "ready"
    ticks = view.model.ticks()
    assert 5 == ticks.total == ticks.here + ticks.elsewhere + ticks.hidden
    assert 1 == ticks.hidden
    assert "1 is blocked" in view.tick_line.value


def test_ticks_of_photos_that_have_left_go():
    view = picker_of([row(1), row(2)])
    view.ticked = [("flickr", "1"), ("flickr", "2")]
    view.model.wb.rows_next = (row(2), row(3))
    view.reload()
    view.model.wait(20)
    assert {("flickr", "2")} == view.ticked


def test_reading_again_keeps_the_page_and_a_filter_of_which_nothing_is_left():
    view = picker_of([row(n, albums=(album("Coast"),)) for n in range(1, 61)])
    view.model.album = "Coast"
    view.model.go_to(3)
    view.model.wb.rows_next = tuple(row(n) for n in range(1, 61))
    view.reload()
    view.model.wait(20)
    assert "Coast" == view.filters.dropdowns["album"].value
    assert 0 == len(view.model.shown)
    assert any("No row matches" in getattr(one, "value", "") for one in view.table.children)
    view.filters.clear.click()
    assert 60 == len(view.model.shown)


def test_find_looks_in_titles_file_names_and_keywords():
    view = picker_of([row(1, "Dawn over the lake"), row(2, "Fog"), row(3, "Gulls")])
    for words, expected in (("dawn LAKE", ["1"]), ("img_2", ["2"]), ("nature", ["1", "2", "3"])):
        view.filters.find.value = words
        assert expected == sorted(shown_ids(view))


def test_filters_for_problems_and_albums_offer_their_counts():
    view = picker_of(mixed())
    problems = dict(view.filters.dropdowns["problem"].options)
    assert "missing_title" == problems["Title missing 2"]
    view.filters.dropdowns["problem"].value = "missing_title"
    assert ["10", "12"] == sorted(shown_ids(view))
    view.filters.clear.click()
    view.filters.dropdowns["album"].value = "Coast"
    assert ["5"] == shown_ids(view)


def test_sorting_turns_round_and_breaks_ties_by_file_id():
    view = picker_of([row(n, "Same") for n in (10, 9, 2)] + [row(5, "Alpha")])
    view.head.sorts["title"].click()
    assert ["5", "2", "9", "10"] == shown_ids(view)
    assert "Title ▲" == view.head.sorts["title"].description
    view.head.sorts["title"].click()
    assert ["2", "9", "10", "5"] == shown_ids(view)
    assert "Title ▼" == view.head.sorts["title"].description


@pytest.mark.parametrize("column", ["where", "action", "state", "file", "reason", "taken", "size"])
def test_every_column_sorts(column):
    view = picker_of(mixed())
    view.head.sorts[column].click()
    assert 13 == len(shown_ids(view))


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_shown_as_text(title):
    view = picker_of([row(1, title), row(2)])
    for one in everything(view):
        if isinstance(one, HTML) and "<style>" not in one.value:
            assert "<script" not in one.value
            assert "<img src=x" not in one.value
            assert "onmouseover='" not in one.value
    first = next(one for one in view.pool if one.entry and one.entry.row.file_id == "1")
    assert theme.readable(title)[:200] == first.title.description
    assert theme.readable(title) == first.title.tooltip
    assert not first.tick.description_allow_html


def test_a_photo_without_title_shows_its_file_name_quietly():
    view = picker_of([row(1, ""), row(2)])
    first = next(one for one in view.pool if one.entry and one.entry.row.file_id == "1")
    assert "IMG_1.jpg" == first.title.description
    assert "mute" in first.title._dom_classes


def test_without_pending_photos_a_message_takes_the_place_of_the_table():
    view = picker_of([])
    assert "Nothing is pending. 0 photos are published." == view.trouble.message.fact
    assert "<code>Socials|flickr</code>" in view.trouble.text.value
    assert view.table not in view.body.children
    assert view.foot.read_again in view.foot.children
    view.model.wb.rows_next = (row(1), row(2))
    view.reload()
    view.model.wait(20)
    assert view.table in view.body.children
    assert view.trouble.message is None


def test_when_every_row_needs_a_fix_that_is_said():
    view = picker_of([row(n, codes=("missing_title",)) for n in (1, 2)])
    said = "All 2 pending rows need a fix; most often (2): Title missing."
    assert said == view.trouble.message.fact
    assert view.table in view.body.children


def test_one_row_needs_no_filters_and_no_pager():
    view = picker_of([row(1)])
    assert view.filters not in view.body.children
    assert "none" == view.pager.layout.display


def test_a_last_page_with_few_rows_keeps_its_height():
    view = picker_of([row(n) for n in range(1, 29)])
    view.pager.next.click()
    assert 3 == len([one for one in view.pool if one.entry])
    assert 22 == len([one for one in view.pool if "spare" in one._dom_classes])
    assert "of 2, rows 26–28 of 28" == view.pager.words.value
    assert view.pager.next.disabled
    assert not view.pager.previous.disabled


@pytest.mark.parametrize("size", [5_000, 20_000])
def test_a_long_table_has_25_rows_and_its_flips_are_small(size):
    view = picker_of([row(n) for n in range(1, size + 1)])
    assert 25 == len(view.pool)
    assert size // 25 == view.model.pages
    with messages_sent() as sent:
        view.pager.next.click()
        view.thumbnails.wait(20)
    assert len(sent) < 200
    view.model.find = "Photo 77"
    view.head.sorts["title"].click()
    assert sum("77" in str(n) for n in range(size + 1)) == len(view.model.shown)


def test_the_forecast_of_a_long_list_offers_the_first_500():
    view = picker_of([row(n) for n in range(1, 5_001)])
    said = view.forecast.children[0].value
    assert "5,000 rows, about 10,000 calls, 3 h 20 min at 3,000 Flickr calls an hour" == said
    view.tick_first.click()
    assert 500 == len(view.ticked)


def test_a_page_that_is_shown_again_sends_next_to_nothing():
    view = picker_of([row(n) for n in range(1, 61)])
    with messages_sent() as sent:
        view.model.mark(("flickr", "1"), pills.QUEUED)
        view._painter.now()
    assert len(sent) <= 2


def test_a_mark_changes_one_row_and_no_order_while_a_run_goes_on():
    view = picker_of([row(n) for n in range(1, 61)])
    before = shown_ids(view)
    view.freeze()
    key = view.model.page_entries[4].key
    view.mark(key, pills.sending(64, 100))
    view._painter.now()
    assert "◐ Sending 64 %" in view.pool[4].cells.value
    view.mark(key, pills.for_row(row(1)), url="https://example.org/1")
    view.head.sorts["state"].click()
    view.reload()
    assert before == shown_ids(view)
    assert view.foot.read_again.disabled
    assert "A run is under way" in view.foot.read_words.value
    view.pool[0].tick.value = True
    assert 1 == len(view.ticked)
    view.freeze(False)
    assert not view.foot.read_again.disabled


def test_after_a_run_the_state_filter_offers_what_became_of_the_rows():
    view = picker_of([row(n) for n in range(1, 61)])
    view.freeze()
    view.mark(("flickr", "7"), pills.FAILED)
    view.mark(("flickr", "8"), pills.UNCLEAR)
    view.freeze(False)
    offered = dict(view.filters.dropdowns["state_filter"].options)
    assert "failed" == offered["Failed 1"]
    assert "unknown" == offered["Unclear 1"]
    view.filters.dropdowns["state_filter"].value = "failed"
    assert ["7"] == shown_ids(view)


def test_a_done_row_carries_its_link():
    view = picker_of([row(1), row(2)])
    done = pills.Pill(code="done", sign="✓", words="Added", tone="ok")
    view.mark(("flickr", "1"), done, url="https://example.org/1")
    view._painter.now()
    cells = next(one.cells.value for one in view.pool if one.entry.row.file_id == "1")
    assert "✓ Added" in cells
    assert 'href="https://example.org/1"' in cells


def test_pictures_come_from_a_thread_and_words_stand_where_there_is_none():
    wb = FakeWorkbench([row(1), row(2), row(3)])
    wb.pictures = {"IMG_2.jpg": "Off-line", "IMG_3.jpg": "No preview for CR3"}
    view = show.pending(wb)
    view.model.wait(20)
    view.thumbnails.wait(20)
    pictures = {one.entry.row.file_id: one.picture.value for one in view.pool}
    assert 'src="data:image/jpeg;base64,' in pictures["1"]
    assert 'alt="Photo 1"' in pictures["1"]
    assert "Off-line" in pictures["2"]
    assert "No preview for CR3" in pictures["3"]


def test_when_imatch_does_not_answer_the_last_table_stays():
    view = picker_of([row(1), row(2)])
    view.model.wb.error = ImatchUnreachable("IMatch does not answer at x.", hint="Start IMatch.")
    view.foot.read_again.click()
    view.model.wait(20)
    assert "IMatch does not answer" in view.trouble.text.value
    assert ["Check again"] == [one.description for one in view.trouble.buttons.children]
    assert 2 == len(view.model.entries)
    assert "read " in view.foot.read_words.value
    view.model.wb.error = None
    view.trouble.buttons.children[0].click()
    view.model.wait(20)
    assert view.trouble.message is None


def test_asking_for_the_plan_says_why_there_is_none():
    wb = FakeWorkbench([row(1)])
    wb.error = ImatchUnreachable("IMatch does not answer at x.")
    view = show.pending(wb)
    with pytest.raises(ImatchUnreachable, match="IMatch does not answer"):
        view.plan  # noqa: B018  the property itself is the question
    assert () == view.rows


def test_the_cell_run_again_shows_the_same_table_with_its_ticks():
    wb = FakeWorkbench([row(n) for n in range(1, 61)])
    pending = pendings(wb.rows_next)
    view = show.pending(wb, pending)
    view.model.wait(20)
    view.pool[2].tick.value = True
    view.model.find = "Photo"
    again = show.pending(wb, pending)
    assert again is view
    assert 1 == wb.plans
    other = show.pending(wb, pendings(wb.rows_next[:50]))
    other.model.wait(20)
    assert 2 == wb.plans
    assert 1 == len(other.ticked)
    assert "Photo" == other.filters.find.value


def test_every_input_has_a_label_and_no_button_a_stock_style():
    view = picker_of(mixed())
    for one in everything(view):
        if isinstance(one, Button):
            assert "" == one.button_style
            assert one.description or one in view.kind_buttons.values()
            assert one.tooltip
        elif hasattr(one, "description") and not isinstance(one, HTML):
            assert one.description, one
    assert "Select Photo 1" in [one.description for one in everything(view) if _is_tick(one)]


def _is_tick(one: Widget) -> bool:
    return isinstance(one, Checkbox)


def test_a_disabled_button_says_why_in_its_tooltip():
    view = picker_of(mixed())
    assert view.untick_all.disabled
    assert "Nothing is ticked" == view.untick_all.tooltip
    assert view.filters.clear.disabled
    assert "No filter is set" == view.filters.clear.tooltip


def test_the_tick_in_the_header_ticks_this_page_only():
    view = picker_of([row(n) for n in range(1, 61)])
    view.head.tick.value = True
    assert 25 == len(view.ticked)
    view.pager.next.click()
    assert not view.head.tick.value
    view.tick_all.click()
    assert 60 == len(view.ticked)
    view.untick_all.click()
    assert set() == view.ticked


def test_the_warnings_of_a_plan_stand_above_the_table():
    view = picker_of(mixed())
    rows = mixed()
    view.model.take(pendings(rows), replace(plan(rows), warnings=("Flickr does not answer <x>.",)))
    assert "! Flickr does not answer &lt;x&gt;." in view.warnings.value
    assert view.warnings in view.body.children


def test_a_picture_that_comes_late_is_not_shown_on_another_row():
    view = picker_of([row(n) for n in range(1, 61)])
    late = view.pool[0].entry.row
    view.pager.next.click()
    view.thumbnails.wait(20)
    view._show_picture(late, "late")
    assert all(one.picture.value != "late" for one in view.pool)


def test_a_ticked_suggestion_is_approved_by_its_tick():
    view = picker_of(mixed())
    assert frozenset() == view.approved_ids
    view.model.tick([("flickr", "14")])
    assert {"flickr:14"} == view.approved_ids


def test_a_title_asks_the_preview_for_its_photo():
    view = picker_of(mixed())
    asked = []
    view.model.observe(lambda change: asked.append(change["new"]), "current")
    view.pool[0].title.click()
    view.pool[0].title.click()
    key = view.pool[0].entry.key
    assert [key, None, key] == asked


def test_the_csv_holds_the_shown_rows_and_a_long_one_is_made_when_asked_for():
    view = picker_of(mixed())
    assert "Download these rows as CSV" in view.foot.csv.value
    press(view, "update")
    assert 2 == view.foot.csv.value.count("flickr")
    long = picker_of([row(n) for n in range(1, 3_001)])
    assert long.foot.make_csv in long.foot.children
    long.foot.make_csv.click()
    assert "pending.csv" in long.foot.csv.value
    assert long.foot.csv in long.foot.children


def test_counts_of_the_model_can_be_read_without_a_view():
    model = PickerModel(FakeWorkbench())
    rows = mixed()
    model.take(pendings(rows), plan(rows))
    assert 13 == model.pending_count
    assert isinstance(Picker(model), Picker)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("\u202egnp.exe", "\ufffdgnp.exe"),
        ("\x1b[31m", "\u241b[31m"),
        ("\x9b", "\ufffd"),
        ("\ud83d", "\ufffd"),
        ("a\u200bb \u05d0", "a\u200bb \u05d0"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_a_label_turns_nothing_around_and_holds_no_control_characters(words, shown):
    assert shown == theme.readable(words)
    assert shown == theme.esc(words)
