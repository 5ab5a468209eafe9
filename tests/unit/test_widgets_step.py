"""The steps add and update: what the button says is done, and nothing is sent without it."""

import threading

import pytest
from step_rig import Rig, Steps

from socials_lib.journal import RunLock
from socials_lib.widgets import show, words
from socials_lib.widgets.jobs import Jobs


def changes(rig):
    """Everything that changes something on the platforms."""
    return rig.flickr.count("upload") + rig.pixelfed.count("POST /api/v1/statuses")


# looking is harmless


def test_building_every_step_sends_nothing(rig):
    rig.photo("One", flickr=True, pixelfed=True)
    gone = rig.photo("Two", flickr=True, flags=["flickr|_delete"])
    rig.online("flickr", gone)
    before = rig.flickr.backend.snapshot()
    steps = Steps(rig)
    for step in ("add", "update", "delete"):
        for platform in ("flickr", "pixelfed"):
            steps.pane(step, platform)

    assert 0 == changes(rig)
    assert before == rig.flickr.backend.snapshot()
    assert () == rig.wb.history()


def test_there_is_a_tab_for_each_platform_with_its_number(rig):
    rig.photo("One", flickr=True, pixelfed=True)
    rig.photo("Two", flickr=True)
    view = show.step(rig.wb, Steps(rig).picker, "add")

    assert ("Flickr (2)", "Pixelfed (1)") == view.tabs.titles


def test_without_a_table_the_step_says_that_it_is_being_read(rig):
    rig.photo("One", flickr=True)
    picker = show.pending(rig.wb)
    view = show.step(rig.wb, picker, "add")
    picker.model.wait(20)

    assert "Add 1 photo to Flickr" == view.panes["flickr"].go.description
    assert view.tabs in view.body.children


def test_a_step_takes_a_table_or_a_plan_and_nothing_else(rig):
    rig.photo("One", flickr=True)
    with pytest.raises(TypeError, match=r"show\.pending"):
        show.step(rig.wb, ["One"], "add")
    with pytest.raises(ValueError, match="add, update, delete"):
        show.step(rig.wb, rig.plan(), "remove")


# the button says the number


def test_the_button_follows_each_tick_and_back(rig):
    first, second = rig.photo("One", flickr=True), rig.photo("Two", flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    said = [pane.go.description]
    steps.picker.model.tick([("flickr", first)])
    said.append(pane.go.description)
    steps.picker.model.tick([("flickr", second)])
    said.append(pane.go.description)
    steps.picker.ticked = []
    said.append(pane.go.description)

    numbers = ["2 photos", "1 photo", "2 photos", "2 photos"]
    assert [f"Add {one} to Flickr" for one in numbers] == said
    assert "all" == pane.model.scope


def test_a_scope_chosen_by_hand_stays(rig):
    first = rig.photo("One", flickr=True)
    rig.photo("Two", flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    steps.picker.model.tick([("flickr", first)])
    pane.scope.value = "all"
    steps.picker.model.tick([("flickr", first)], False)
    steps.picker.model.tick([("flickr", first)])

    assert "Add 1 photo to Flickr" == pane.go.description  # all ticks gone: back to following
    pane.scope.value = "all"
    assert "Add 2 photos to Flickr" == pane.go.description


def test_ticks_that_a_filter_hides_are_named_on_the_button(rig):
    first = rig.photo("One", flickr=True)
    rig.photo("Two", flickr=True)
    steps = Steps(rig)
    steps.picker.model.tick([("flickr", first)])
    steps.picker.model.find = "two"

    expected = "Add 1 photo to Flickr (1 hidden by the filter)"
    assert expected == steps.pane("add").go.description


def test_with_nothing_to_do_the_reason_stands_beside_the_button(rig):
    rig.photo(title=None, flickr=True)
    pane = Steps(rig).pane("add")

    assert pane.go.disabled
    assert "Nothing is ready; 1 photo needs a fix" in pane.reason.value
    assert "○ Not ready" in pane.head.value


def test_the_forecast_names_photos_calls_size_and_the_budget(rig):
    rig.photo("One", flickr=True)
    said = Steps(rig).pane("add").forecast.value

    assert "1 photo · 2 calls" in said
    assert "of 3,000: enough" in said


def test_the_forecast_of_a_picture_made_smaller_is_that_of_the_copy(rig):
    rig.photo("Wide", flickr=True, size=300 * 1_048_576)
    rig.wb = rig.anew(SOCIALS_IMAGES_FIT="true")
    steps = Steps(rig)
    pane = steps.pane("add")
    assert "1 photo · 2 calls · at most 200.0 MB · about 3 min" in pane.forecast.value

    [row] = steps.picker.model.plan.rows
    copy = rig.wb.preview(row).copy
    pane.paint()

    assert f"1 photo · 2 calls · {words.size(copy.bytes)} ·" in pane.forecast.value
    assert copy.bytes == rig.wb.forecast([row]).bytes


def test_with_nothing_ready_the_scope_says_so(rig):
    rig.photo(title=None, flickr=True)
    pane = Steps(rig).pane("add")

    assert ["Nothing is ready", "only ticked ones"] == [label for label, _ in pane.scope.options]


# pressing


def test_pressing_adds_what_the_button_says_and_the_table_shows_it(rig):
    dawn = rig.photo("Dawn", flickr=True)
    rig.photo("Fog", flickr=True)
    steps = Steps(rig)
    steps.picker.model.tick([("flickr", dawn)])
    pane = steps.pane("add")
    job = steps.press(pane)

    assert ["Dawn"] == steps.titles()
    assert "done" == job.state
    assert "✓ Added" == steps.pill(dawn)
    assert steps.picker.model.url(("flickr", dawn)).startswith("http")
    assert rig.ids("flickr", dawn)["photo_id"]
    assert "1 added" in pane.status.value.lower()


def test_after_the_end_no_progress_is_left_to_be_read_aloud(rig):
    rig.photo("Dawn", flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    steps.press(pane)

    assert "" == pane.spoken.value
    assert 'role="alert"' in pane.status.value


def test_what_was_added_is_not_counted_again(rig):
    rig.photo("Dawn", flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    steps.press(pane)
    pane.go.click()
    assert steps.jobs.wait(20)

    assert "Add photos to Flickr" == pane.go.description
    assert "✓ Done" in pane.head.value
    assert ["Dawn"] == steps.titles()


def test_update_carries_out_both_kinds(rig):
    for name, flag in (("Picture", "_update"), ("Text", "_metadata")):
        photo = rig.photo(name, flickr=True, flags=[f"flickr|{flag}"])
        rig.online("flickr", photo)
    steps = Steps(rig)
    pane = steps.pane("update")
    said = pane.forecast.value
    steps.press(pane)

    assert "1 get picture and text, 1 text only" in said
    assert ["Picture", "Text"] == steps.titles()
    assert {"flickr"} == {one for name in ("1001", "1002") for one in rig.categories(name)}


def test_a_saved_plan_can_be_carried_out_as_well(rig):
    rig.photo("Dawn", pixelfed=True)
    plan = rig.wb.read_plan(rig.wb.save_plan(rig.plan("pixelfed")))
    view = show.step(rig.wb, plan, "add")
    view.panes["pixelfed"].go.click()
    assert Jobs.of(rig.wb).wait(20)

    assert 1 == len(rig.statuses())


def test_a_ticked_suggestion_is_carried_out(rig):
    dawn = rig.photo("Dawn", flickr=True)
    steps = Steps(rig)
    steps.press(steps.pane("add"))
    rig.edit(dawn, title="Dawn, seen again")
    steps.read_again()
    pane = steps.pane("update")
    before = pane.go.description
    steps.picker.model.tick([("flickr", dawn)])
    steps.press(pane)

    assert "Update photos on Flickr" == before
    assert ["Dawn, seen again"] == steps.titles()


# live asks first


def test_in_live_mode_the_first_press_asks(tmp_path):
    rig = Rig(tmp_path, SOCIALS_MODE="live")
    try:
        rig.photo("Dawn", flickr=True)
        steps = Steps(rig)
        pane = steps.pane("add")
        pane.go.click()

        assert 0 == changes(rig)
        expected = "Send 1 photo to the real Flickr account “demo”? Everybody can see them."
        assert expected in pane.question.value
        assert [pane.question, pane.yes, pane.no] == list(pane.actions.children)
        assert "Yes, add 1 photo" == pane.yes.description
        assert "LIVE" in pane.head.value

        pane.no.click()
        assert pane.go in pane.actions.children
        pane.go.click()
        pane.yes.click()
        steps.end(pane)
        assert ["Dawn"] == steps.titles()
    finally:
        rig.stop()


# while it goes on


def test_running_the_cell_again_shows_the_same_run(rig):
    for name in ("One", "Two"):
        rig.photo(name, flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    with steps.uploading(pane):
        again = steps.pane("add")
        label = again.go.description
        again.go.click()
    steps.end(pane)

    assert pane is again
    assert label.startswith("Running since ")
    assert 1 == len(rig.wb.history())
    assert ["One", "Two"] == steps.titles()


def test_another_step_waits_and_says_why(rig):
    rig.photo("One", flickr=True, pixelfed=True)
    steps = Steps(rig)
    pane, other = steps.pane("add"), steps.pane("add", "pixelfed")
    with steps.uploading(pane):
        said = other.reason.value
        other.go.click()
    steps.end(pane)

    assert "Another step is running: Add to Flickr." in said
    assert [] == rig.statuses()
    assert not other.go.disabled


def test_stop_ends_after_the_photo_and_go_on_does_the_rest(rig):
    for name in ("One", "Two", "Three"):
        rig.photo(name, flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    with steps.uploading(pane):
        pane.stop.click()
        assert "Stopping after" in pane.status.value
    job = steps.end(pane)

    assert "stopped" == job.state
    assert 1 == len(steps.titles())
    assert "1 added, 2 not started. Nothing is half done." in pane.model.message.fact
    assert ("Go on with the 2", "Leave it") == pane.model.message.buttons
    assert 2 == sum(steps.pill(one) == "■ Not started" for one in ("1001", "1002", "1003"))

    pane.trouble._press("Go on with the 2")
    steps.end(pane)
    assert ["One", "Three", "Two"] == steps.titles()
    assert "done" == pane.model.job.state


def test_a_new_run_after_a_stop_leaves_nothing_to_double(rig):
    for name in ("One", "Two"):
        rig.photo(name, flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    with steps.uploading(pane):
        pane.stop.click()
    steps.end(pane)
    assert "Add 1 photo to Flickr" == pane.go.description
    steps.press(pane)
    rig.wb.resume()

    assert ["One", "Two"] == steps.titles()


def test_the_stop_button_is_deaf_right_after_the_start(rig):
    rig.photo("One", flickr=True)
    rig.photo("Two", flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    pane.model.deaf_seconds = 60
    pane.go.click()
    pane.stop.click()
    job = steps.end(pane)

    assert ("done", 2) == (job.state, len(steps.titles()))


def test_a_run_paints_its_end_and_keeps_its_log(rig):
    rig.photo("One", flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    pane.show_log.click()
    steps.press(pane)

    assert "“One” added" in pane.log_view.value
    assert 1.0 == pane.bar.value


# when it does not go well


def test_failed_photos_are_listed_and_only_they_are_tried_again(rig):
    rig.photo("Good", flickr=True, taken="2024-01-02T10:00:00")
    bad = rig.photo("<b>Bad</b>", flickr=True, taken="2024-01-01T10:00:00")
    body = b'<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="fail">\n\t'
    body += b'<err code="4" msg="Filesize was zero" />\n</rsp>\n'
    rig.flickr.fail_next("upload", body=body, content_type="text/xml")
    steps = Steps(rig)
    pane = steps.pane("add")
    steps.press(pane)

    assert "1 failed" in pane.failed_words.value
    assert "✕ Failed" == steps.pill(bad)
    pane.show_failed.click()
    assert "&lt;b&gt;Bad&lt;/b&gt;" in pane.failed_list.children[0].value
    uploads = rig.flickr.count("upload")

    pane.again.click()
    steps.end(pane)
    assert uploads + 1 == rig.flickr.count("upload")
    assert ["<b>Bad</b>", "Good"] == steps.titles()
    assert () == pane.after.children


def test_a_photo_that_changed_since_the_plan_is_left_alone(rig):
    dawn = rig.photo("Dawn", flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    rig.edit(dawn, title="Another dawn")
    steps.press(pane)

    assert [] == steps.titles()
    assert "≠ Changed since" == steps.pill(dawn)
    assert ("Plan again",) == pane.model.message.buttons
    pane.trouble._press("Plan again")
    assert steps.picker.model.wait(20)
    assert "Add 1 photo to Flickr" == pane.go.description


def test_a_run_of_another_process_is_named(rig):
    rig.photo("Dawn", flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    with RunLock(rig.wb.home).held(origin="IMatch panel"):
        job = steps.press(pane)

        assert "failed" == job.state
        assert "Another run is under way: IMatch panel, since " in pane.model.message.fact
        assert ("Watch it", "Ask it to stop") == pane.model.message.buttons
    assert [] == steps.titles()
    pane.model.watch()
    assert pane.model.watcher.wait(20)
    assert "The other run has ended." == pane.model.message.fact


def test_another_process_can_be_asked_to_stop(rig):
    for name in ("One", "Two", "Three"):
        rig.photo(name, flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    with steps.uploading(pane):
        other = type(rig.wb).open(environ=rig.environ)
        found = other.other_run()
        asked = other.ask_other_to_stop()
    job = steps.end(pane)

    assert ("notebook", 3) == (found.origin, found.total)
    assert asked
    assert "stopped" == job.state
    assert not other.ask_other_to_stop()


def test_a_run_that_did_not_end_is_found_and_finished(rig):
    for name in ("One", "Two"):
        rig.photo(name, flickr=True)
    first = Steps(rig)
    pane = first.pane("add")
    with first.uploading(pane):
        pane.stop.click()
    first.end(pane)

    rig.anew()
    steps = Steps(rig)
    view = show.step(rig.wb, steps.picker, "add")
    assert "did not end: 1 done, 0 unclear, 1 not started." in view.trouble.message.fact
    assert ("Finish this run", "Show it") == view.trouble.message.buttons
    assert 1 == len(steps.titles())
    view.trouble._press("Finish this run")
    steps.end(view.panes["flickr"])
    assert ["One", "Two"] == steps.titles()
    view.look_for_open_runs()
    assert view.trouble.message is None


def test_a_lost_sign_in_offers_to_sign_in_here(rig):
    rig.photo("Dawn", flickr=True)
    rig.photo("Fog", flickr=True)
    rig.wb.account("flickr")
    body = b'<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="fail">\n\t'
    body += b'<err code="98" msg="Invalid auth token" />\n</rsp>\n'
    rig.flickr.fail_next("upload", body=body, content_type="text/xml")
    steps = Steps(rig)
    pane = steps.pane("add")
    job = steps.press(pane)

    assert "failed" == job.state
    assert ("Sign in here", "Go on") == pane.model.message.buttons
    pane.trouble._press("Sign in here")
    assert "sign-in-flickr" == pane.sign_in.children[0].name
    assert pane.sign_in.children[0].wait(20)


def test_a_dry_run_only_checks(rig):
    rig.photo("Dawn", flickr=True)
    rig.seed.variables["imatch_to_socials_testing"] = "1"
    rig.reload()
    rig.anew()
    pane = Steps(rig).pane("add")

    assert pane.go.disabled
    assert "imatch_to_socials_testing = 1" in pane.reason.value
    assert not pane.check.disabled


# check only


def test_check_only_does_everything_but_send(rig):
    rig.photo("Dawn", flickr=True)
    fog = rig.photo("Fog", flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    rig.edit(fog, title="Another fog")
    pane.check.click()
    assert pane.model.checker.wait(20)
    pane.painter.now()

    assert "Checked 2: 1 would be added, 1 has changed." == pane.model.checked.fact
    assert "Checked 2" in pane.status.value
    assert 0 == changes(rig)
    assert () == rig.wb.history()


def test_an_unforeseen_error_is_shown_and_ends_the_run(rig, monkeypatch):
    rig.photo("Dawn", flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")

    def broken(*_args, **_more):
        raise RuntimeError("flickr_token=abc123")

    monkeypatch.setattr(rig.wb, "apply", broken)
    job = steps.press(pane)

    assert "failed" == job.state
    assert "abc123" not in pane.trouble.text.value
    assert not steps.picker.model.frozen


def test_two_presses_at_once_start_one_run(rig):
    rig.photo("Dawn", flickr=True)
    rig.flickr.fail_next("upload", delay=0.2)
    steps = Steps(rig)
    pane = steps.pane("add")
    threads = [threading.Thread(target=pane.go.click) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    steps.end(pane)

    assert 1 == len(rig.wb.history())
    assert ["Dawn"] == steps.titles()


def test_a_step_that_was_replaced_hears_of_no_run_any_more(rig):
    rig.photo("Dawn", flickr=True)
    first = show.step(rig.wb, rig.plan(), "add")
    heard = []
    first.panes["flickr"].model.on_change(heard.append)
    second = show.step(rig.wb, rig.plan(), "add")
    second.panes["flickr"].go.click()
    assert Jobs.of(rig.wb).wait(20)

    assert [] == heard
    assert ["Dawn"] == rig.flickr_titles()


def test_published_photos_are_counted_for_the_guard(rig):
    for name in ("One", "Two"):
        rig.online("flickr", rig.photo(name, flickr=True))
    rig.photo("Three", flickr=True)

    assert 2 == rig.wb.published("flickr")
    assert 0 == rig.wb.published("pixelfed")
