"""Header card, fix-it list, preview, and what all widgets share."""

import threading
from dataclasses import replace
from types import SimpleNamespace

import pytest
from ipywidgets import HTML, Button
from widget_world import FakeWorkbench, everything, messages_sent, mixed, plan, row

from socials_lib.errors import ImatchUnreachable, SignedOut
from socials_lib.models import (
    Change,
    LastSent,
    Managed,
    PhotoText,
    RemotePhoto,
    RemoteRef,
    RemoteTag,
)
from socials_lib.validation import problem
from socials_lib.widgets import base, messages, preview_card, show
from socials_lib.widgets.fixes import remedy_path
from socials_lib.widgets.table_rows import COLUMNS


def started(rows, tmp_path):
    wb = FakeWorkbench(rows, home=tmp_path)
    picker = show.pending(wb)
    assert picker.model.wait(20)
    picker.thumbnails.wait(20)
    return wb, picker


def looked(wb):
    view = show.header(wb)
    assert view.model.wait(20)
    view._painter.now()
    return view


# base


def test_painting_is_rare_and_the_last_state_always_comes():
    seen, value, ended = [], [0], threading.Event()

    def paint():
        seen.append(value[0])
        if value[0] == 999:
            ended.set()

    painter = base.Painter(paint, every=0.05)
    for number in range(1000):
        value[0] = number
        painter.ask()
    assert ended.wait(30)
    assert len(seen) < 200


def test_a_painting_that_fails_does_not_end_the_work(caplog):
    def fail():
        raise ValueError("no view")

    base.Painter(fail).ask()
    assert "painting failed" in caplog.text


def test_only_the_thread_that_fills_is_filling():
    filling, seen = base.Filling(), []
    other = threading.Thread(target=lambda: seen.append(bool(filling)))
    with filling, filling:
        seen.append(bool(filling))
        other.start()
        other.join()
    assert [True, False] == seen
    assert not filling


def test_a_worker_does_one_thing_at_a_time_and_shows_its_errors():
    go, errors = threading.Event(), []
    worker = base.Worker("test", on_error=errors.append)
    assert worker.start(lambda stop: go.wait(30) and None)
    assert not worker.start(lambda stop: None)
    go.set()
    assert worker.wait(30)
    assert worker.start(lambda stop: [][1])
    assert worker.wait(30)
    assert "IndexError" == type(errors[0]).__name__


def test_what_is_asked_of_a_worker_at_work_follows_only_the_last_of_it():
    go, done = threading.Event(), []
    worker = base.Worker("test", on_error=lambda error: None)
    worker.ask(lambda stop: go.wait(30) and done.append(1))
    worker.ask(lambda stop: done.append(2))
    worker.ask(lambda stop: done.append(3))
    go.set()
    assert worker.wait(30)
    assert [1, 3] == done
    assert not worker.is_running


def test_work_may_ask_for_more_work():
    done = []
    worker = base.Worker("test", on_error=lambda error: None)
    worker.start(lambda stop: worker.ask(lambda stop: done.append(1)))
    assert worker.wait(30)
    assert [1] == done


def test_an_error_that_cannot_be_shown_leaves_a_worker_usable(caplog):
    done = []
    worker = base.Worker("test", on_error=lambda error: [][1])
    worker.start(lambda stop: [][1])
    assert worker.wait(30)
    assert "could not be shown" in caplog.text
    assert worker.start(lambda stop: done.append(1))
    assert worker.wait(30)
    assert [1] == done


def test_a_worker_can_be_asked_to_stop():
    worker = base.Worker("test", on_error=lambda error: None)
    worker.start(lambda stop: stop.wait(30) and None)
    worker.stop()
    assert worker.wait(30)
    assert not worker.is_running


def test_a_message_whose_numbers_go_on_keeps_its_buttons():
    area, pressed = messages.MessageArea({"Stop it": lambda: pressed.append(1)}), []
    for number in range(3):
        area.show(replace(messages.note(f"{number} of 3"), buttons=("Stop it",)))
        seen = area.buttons.children
        if number == 0:
            first = seen
    assert first == seen
    assert "2 of 3" in area.text.value
    area.show(messages.note("3 of 3"))
    assert (area.text,) == area.children
    area.show(replace(messages.note("4 of 3"), buttons=("Stop it",)))
    area.buttons.children[0].click()
    assert [1] == pressed


def test_an_error_in_a_callback_is_shown_in_the_view():
    view = base.View("test")
    press = base.button("Press")
    press.on_click(view.safely(lambda _: [][1]))
    press.click()
    assert "Something here went wrong" in view.trouble.text.value
    assert "IndexError" in view.trouble.text.value


def test_every_view_carries_the_style_and_its_handle():
    view = base.View("test")
    assert "<style>" in view.children[0].value
    assert {"soc", "soc-test"} <= set(view._dom_classes)


def test_the_keyboard_guard_lets_shortcuts_with_modifiers_pass():
    for part in ("ctrlKey", "altKey", "metaKey", "'Escape'", "stopPropagation", ".soc"):
        assert part in base.KEYBOARD_GUARD


def test_a_copy_button_carries_hostile_words_only_as_data():
    made = base.copy_button("\"><script>alert('x')</script>")
    assert "<script>" not in made
    assert 'data-copy="&quot;&gt;&lt;script&gt;' in made


# header


def test_the_card_says_demo_or_live_in_words(tmp_path):
    wb = FakeWorkbench(home=tmp_path)
    card = looked(wb).card.value
    assert "DEMO" in card
    assert "Practice copies. Nothing leaves this computer." in card
    live = FakeWorkbench(home=tmp_path)
    live.mode = "live"
    assert "LIVE" in looked(live).card.value
    assert "Posts to the real accounts below." in looked(live).card.value


def test_the_card_is_there_at_once_and_its_lines_follow(tmp_path):
    wb = FakeWorkbench(home=tmp_path)
    wait = threading.Event()
    wb.imatch = SimpleNamespace(below=lambda path: wait.wait(30) and frozenset({"1"}))
    view = show.header(wb)
    assert "… checking" in view.card.value
    wait.set()
    view.model.wait(30)
    view._painter.now()
    assert "… checking" not in view.card.value
    assert "1 photo in Socials" in view.card.value
    assert "412 of 3,000 calls used this hour" in view.card.value
    assert "500 letters, 15.0 MB a picture" in view.card.value


def test_a_platform_nobody_set_up_is_a_quiet_line(tmp_path):
    wb = FakeWorkbench(home=tmp_path)
    del wb.platforms["pixelfed"]
    view = looked(wb)
    assert "mute" == view.model.line("Pixelfed").tone
    assert "– not set up" in view.card.value


def test_trouble_stands_in_its_own_line_and_the_others_are_still_looked_at(tmp_path):
    wb = FakeWorkbench(home=tmp_path)

    def gone(path):
        raise ImatchUnreachable("IMatch does not answer at x.", hint="Start IMatch.")

    wb.imatch = SimpleNamespace(below=gone)

    def signed_out(name, **_):
        raise SignedOut("Flickr no longer accepts the sign-in.", hint="Sign in again.")

    wb.account = signed_out
    view = looked(wb)
    assert "✕ no answer" in view.card.value
    assert "Start IMatch." in view.trouble.text.value
    assert ["Check again"] == [one.description for one in view.trouble.buttons.children]
    assert "✕ not signed in" in view.card.value


def test_a_dry_run_and_a_run_under_way_are_said(tmp_path):
    wb = FakeWorkbench(home=tmp_path)
    wb.is_dry_run = True
    owner = {"origin": "IMatch panel", "since": "2026-11-22T14:05:00+00:00"}
    wb.lock = SimpleNamespace(owner=lambda: owner)
    card = looked(wb).card.value
    assert "CHECK ONLY" in card
    assert "◐ under way" in card
    assert "in IMatch panel" in card


def test_the_table_tells_the_card_how_many_are_pending(tmp_path):
    wb = FakeWorkbench(mixed(), home=tmp_path)
    view = looked(wb)
    show.pending(wb).model.wait(20)
    view._painter.now()
    assert "2 photos in Socials, 13 pending" in view.card.value


def test_the_card_is_the_same_when_its_cell_runs_again(tmp_path):
    wb = FakeWorkbench(home=tmp_path)
    assert looked(wb) is looked(wb)


# fixes


def test_kinds_add_up_because_a_row_counts_once(tmp_path):
    wb, picker = started(mixed(), tmp_path)
    view = show.fixes(wb, picker)
    assert "<b>4 rows need a fix</b>, of 3 kinds." == view.headline.value
    assert 4 == sum(view.model.kinds.values())
    labels = [one.description for one in view.kinds.children]
    assert ["All 4", "Title missing 2"] == labels[:2]
    view.kinds.children[1].click()
    assert 2 == len(view.list.children)


def test_a_card_names_problem_found_and_remedy(tmp_path):
    wb, picker = started([row(1, codes=("missing_title", "file_not_found")), row(2)], tmp_path)
    view = show.fixes(wb, picker)
    text = view.cards[0].text.value
    assert "✕ Title missing" in text
    assert "✕ File not found" in text
    assert "found nothing" in text
    assert "data-copy=" in text


def test_nothing_to_fix_is_said(tmp_path):
    wb, picker = started([row(1), row(2)], tmp_path)
    view = show.fixes(wb, picker)
    assert "✓ Nothing to fix. 2 rows are ready." in view.headline.value
    assert "none" == view.list.layout.display


def test_skipping_takes_the_photo_out_and_back_in_place(tmp_path):
    wb, picker = started(mixed(), tmp_path)
    view = show.fixes(wb, picker)
    card = view.cards[0]
    key = card.shown.key
    picker.model.tick([key])
    card.skip.click()
    assert key not in picker.ticked
    assert "– Skipped" in card.text.value
    assert "Take it back in" == card.skip.description
    card.skip.click()
    assert "– Skipped" not in card.text.value


def test_only_a_held_back_delete_can_be_deleted_anyway(tmp_path):
    wb, picker = started(mixed(), tmp_path)
    view = show.fixes(wb, picker)
    offered = {
        one.shown.file_id: one.release in one.buttons.children for one in view.cards if one.shown
    }
    assert {"12"} == {number for number, can in offered.items() if can}
    card = next(one for one in view.cards if one.shown.file_id == "12")
    before = len(picker.rows)
    card.release.click()
    assert {"flickr:12"} == picker.approved_ids
    assert before + 1 == len(picker.rows)
    assert 3 == picker.model.kinds()["delete"]
    assert "● Ready, released" in card.text.value
    card.release.click()
    assert frozenset() == picker.approved_ids
    picker.model.release(("flickr", "10"))
    assert frozenset() == picker.approved_ids


def test_check_again_reads_imatch_and_the_list_follows(tmp_path):
    wb, picker = started(mixed(), tmp_path)
    view = show.fixes(wb, picker)
    wb.rows_next = (row(1), row(2))
    view.again.click()
    picker.model.wait(20)
    view._painter.now()
    assert "Nothing to fix" in view.headline.value


def test_remedies_are_exact_paths():
    one = row(1)
    assert "Socials|flickr|_delete" == remedy_path(problem("conflicting_flags", "flickr"), one)
    assert "Socials|flickr" == remedy_path(problem("not_in_platform_category", "flickr"), one)
    assert one.upload.path == remedy_path(problem("file_not_found", "flickr"), one)
    assert "" == remedy_path(problem("missing_title", "flickr"), one)


def test_many_fixes_come_in_pages(tmp_path):
    wb, picker = started([row(n, codes=("missing_title",)) for n in range(1, 72)], tmp_path)
    view = show.fixes(wb, picker)
    assert 10 == len(view.list.children)
    view.pager.next.click()
    assert "of 8, rows 11–20 of 71" == view.pager.words.value
    assert 10 == len(view.cards)


# preview


def shown(wb, source):
    view = show.preview(wb, source)
    assert view.model.wait(20)
    view._painter.now()
    return view


def test_the_preview_shows_the_very_copy_with_what_was_removed(tmp_path):
    wb, picker = started(mixed(), tmp_path)
    view = shown(wb, picker)
    card = view.cards["flickr"].value
    assert 'src="data:image/jpeg;base64,' in card
    assert "2,048 x 1,365" in card
    assert "removed: place, keywords" in card
    assert "These are the very bytes that will be sent." in card
    assert "Everybody sees it · Taken 2 March 2024" in card
    assert "Title 7 of 255" in card


def test_counters_warn_from_90_percent_and_fail_past_the_limit(tmp_path):
    rows = [row(1, "x" * 460, platform="pixelfed"), row(2, "x" * 501, platform="pixelfed")]
    wb, picker = started(rows, tmp_path)
    view = shown(wb, picker)
    view.model.tab = "pixelfed"
    view.model.wait(20)
    view._painter.now()
    assert '<span class="warn">Caption 460 of 500</span>' in view.cards["pixelfed"].value
    view.next.click()
    view.model.wait(20)
    view._painter.now()
    assert '<span class="err">Caption 501 of 500</span>' in view.cards["pixelfed"].value


def test_the_preview_follows_ticks_and_keeps_its_photo(tmp_path):
    wb, picker = started([row(n) for n in range(1, 10)], tmp_path)
    view = shown(wb, picker)
    assert 9 == len(view.model.photos)
    view.model.go_to(4)
    kept = view.model.current.file_id
    picker.ticked = [("flickr", kept), ("flickr", "2")]
    view.model.renew()
    assert 2 == len(view.model.photos)
    assert kept == view.model.current.file_id
    view._painter.now()
    assert view.tick.value


def test_ticking_in_the_preview_ticks_in_the_table(tmp_path):
    wb, picker = started([row(1), row(1, platform="pixelfed"), row(2)], tmp_path)
    view = shown(wb, picker)
    view.tick.value = True
    assert {("flickr", "1"), ("pixelfed", "1")} == picker.ticked


def test_a_title_in_the_table_opens_its_photo_here(tmp_path):
    wb, picker = started([row(n) for n in range(1, 10)], tmp_path)
    view = shown(wb, picker)
    picker.pool[6].title.click()
    assert picker.pool[6].entry.row.file_id == view.model.current.file_id
    assert view.back in view.bar.children
    picker.model.go_back_to(view.model.current.rows[0].key)


def test_a_blocked_photo_that_is_not_shown_is_explained(tmp_path):
    wb, picker = started(mixed(), tmp_path)
    view = shown(wb, picker)
    picker.model.current = ("flickr", "10")
    assert "not among the ready or ticked ones" in view.trouble.text.value


def test_without_rows_the_preview_says_so(tmp_path):
    wb, picker = started([], tmp_path)
    view = shown(wb, picker)
    assert "– No row is ready or ticked." in view.nothing.value
    assert (view.nothing, view.code) == view.body.children


def test_a_saved_plan_can_be_previewed_without_a_picker(tmp_path):
    wb = FakeWorkbench(home=tmp_path)
    view = shown(wb, plan(mixed()))
    assert view.back not in view.bar.children
    assert len(view.model.photos) == 14


def published(**remote):
    """A row that changes the title, and its photo as it is online."""
    text = PhotoText(
        platform="flickr", title="Fog", tags=("lake",), date_taken="2024-03-02T06:41:07"
    )
    last = LastSent(remote_id="9", text=text)
    one = row(1, "Fog and gulls", action="update", remote_id="9", last=last, managed=Managed())
    made = {
        "ref": RemoteRef(platform="flickr", remote_id="9"),
        "owner_id": "1",
        "title": "Fog <b>",
        "tags": (RemoteTag(raw="lake", clean="lake"), RemoteTag(raw="imatch:id=1", clean="i")),
        "date_taken": "2024-03-02T06:41:07",
        "albums": {},
        "groups": {},
    }
    return one, RemotePhoto(**(made | remote))


def test_online_now_is_read_only_when_its_button_is_pressed(tmp_path):
    one, remote = published()
    wb, picker = started([one, row(2)], tmp_path)
    wb.online[one.key] = remote
    view = shown(wb, picker)
    view.model.go_to([photo.file_id for photo in view.model.photos].index("1"))
    view.model.tab = "changes"
    assert [] == wb.refreshed
    view.look.click()
    view.model.wait(20)
    view._painter.now()
    assert ["1"] == wb.refreshed
    changes = view.changes.value
    assert "Online now against after" in changes
    assert "<ins>and gulls</ins>" in changes or "<ins>" in changes
    assert "Fog <b>" not in changes
    assert "Same: " in changes
    assert "tags" in changes.partition("Same: ")[2]


def test_what_was_changed_online_by_hand_and_stays_is_no_change(tmp_path):
    one, remote = published(
        visibility="friends", tags=(RemoteTag(raw="my own", clean="myown"),), albums={"7": "Other"}
    )
    wb, picker = started([one, row(2)], tmp_path)
    wb.online[one.key] = remote
    view = shown(wb, picker)
    view.model.go_to([photo.file_id for photo in view.model.photos].index("1"))
    view.model.tab = "changes"
    view.look.click()
    view.model.wait(20)
    view._painter.now()
    assert "Seen by" not in view.changes.value
    assert "Other</del>" not in view.changes.value
    assert "own</del>" not in view.changes.value


def test_changes_are_said_in_the_words_of_people():
    changes = (
        Change(field="picture", before=None, after="the file as it is now"),
        Change(field="date_taken", before=None, after="2024-03-19T06:41:07"),
        Change(field="visibility", before=None, after="private"),
        Change(field="alt_text", before=None, after=""),
    )
    one = row(1, platform="pixelfed", action="update", changes=changes)
    said = preview_card.changes(one, None, was_read=False)
    assert "Pixelfed cannot exchange the picture of a post" in said
    assert "19 March 2024, 06:41:07" in said
    assert "followers" in said
    assert "Alt text" not in said
    assert "What was sent before is not known here" in said


def test_what_was_last_sent_is_compared_word_by_word():
    changes = (Change(field="title", before="Dawn in fog", after="Dawn in gulls"),)
    one = row(1, action="metadata", changes=changes)
    said = preview_card.changes(one, None, was_read=False)
    assert "<del>fog</del>" in said
    assert "<ins>gulls</ins>" in said
    assert "Same: description, tags, albums, groups, taken, seen by." in said


def test_a_photo_that_is_gone_online_is_said(tmp_path):
    one, _ = published()
    wb, picker = started([one, row(2)], tmp_path)
    view = shown(wb, picker)
    view.model.go_to([photo.file_id for photo in view.model.photos].index("1"))
    view.model.tab = "changes"
    view.look.click()
    view.model.wait(20)
    view._painter.now()
    assert "It is not online any more." in view.changes.value


def test_a_platform_that_does_not_answer_leaves_the_preview_usable(tmp_path):
    one, _ = published()
    wb, picker = started([one, row(2)], tmp_path)

    def fail(rows):
        raise SignedOut("Flickr no longer accepts the sign-in.", hint="Sign in again.")

    wb.refresh = fail
    view = shown(wb, picker)
    view.model.go_to([photo.file_id for photo in view.model.photos].index("1"))
    view.model.tab = "changes"
    view.look.click()
    view.model.wait(20)
    view._painter.now()
    assert "no longer accepts the sign-in" in view.trouble.text.value
    assert not view.look.disabled


def test_a_hostile_photo_is_text_everywhere(tmp_path):
    bad = '<img src=x onerror="alert(1)">'
    one = row(1, bad)
    text = replace(one.text, description=bad, tags=(bad,), caption=bad)
    other = row(2, bad, codes=("missing_title",), name=bad, path=bad)
    wb, picker = started([replace(one, text=text), other], tmp_path)
    fixes, preview = show.fixes(wb, picker), shown(wb, picker)
    preview.model.tab = "changes"
    for view in (fixes, preview):
        for widget in everything(view):
            if isinstance(widget, HTML):
                assert "<img src=x" not in widget.value
    assert bad in [label.partition(" ")[2] for label, _ in preview.list.options]


def test_stepping_through_the_preview_is_cheap(tmp_path):
    wb, picker = started([row(n) for n in range(1, 5_001)], tmp_path)
    view = shown(wb, picker)
    with messages_sent() as sent:
        view.next.click()
        view.model.wait(20)
        view._painter.now()
    assert len(sent) < 30
    assert 101 == len(view.list.options)  # a hundred, and the first of the next


def test_every_control_is_labelled_and_no_button_has_a_stock_style(tmp_path):
    wb, picker = started(mixed(), tmp_path)
    for view in (looked(wb), show.fixes(wb, picker), shown(wb, picker)):
        for one in everything(view):
            if isinstance(one, Button):
                assert "" == one.button_style
                assert one.description
                assert one.tooltip
            elif hasattr(one, "description") and not isinstance(one, HTML):
                assert one.description, one


def test_showing_everything_sends_nothing(tmp_path):
    """`FakeWorkbench` has no `apply`, `sync` or `resume`: a call would be an AttributeError."""
    wb, picker = started(mixed(), tmp_path)
    views = (looked(wb), show.fixes(wb, picker), shown(wb, picker))
    assert all(view.trouble.message is None for view in (picker, *views))
    assert "As code" in picker.code.value


def test_columns_that_need_room_are_marked_wide():
    assert {"file", "reason"} < set(COLUMNS)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_rows_look_right_in_every_view(count, tmp_path):
    wb, picker = started([row(n) for n in range(1, count + 1)], tmp_path)
    view = shown(wb, picker)
    assert count == len(view.model.photos)
    assert count == len(picker.rows)
