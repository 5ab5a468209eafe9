"""After something went wrong there is always a word about it and a button that goes on."""

import sqlite3
import threading

import pytest
from step_rig import PATIENCE, Steps

from socials_lib.errors import ImatchUnreachable, SettingsError, SocialsError, Unreachable
from socials_lib.journal import RunLock
from socials_lib.widgets import messages, show
from socials_lib.widgets.jobs import Job, Jobs
from socials_lib.widgets.messages import MessageArea


def raises(error):
    """A function that raises this, whatever it is given."""

    def broken(*_args, **_more):
        raise error

    return broken


def press(area, label):
    """Press a button of a message."""
    next(one for one in area.buttons.children if one.description == label).click()


def labels(area):
    return [one.description for one in area.buttons.children] if area.children else []


@pytest.fixture
def left(rig):
    """A workbench that finds a run of three photos of which one is done."""
    for name in "ABC":
        rig.photo(name, flickr=True)
    wb = rig.wb
    wb.apply(
        wb.plan(wb.load_pending()), listen=lambda event: event.outcome and rig.wb.ask_to_stop()
    )
    return rig.anew()


# messages


def test_an_error_that_comes_again_is_said_again(rig, monkeypatch):
    rig.photo("A", flickr=True)
    closed = ImatchUnreachable("IMatch does not answer.", hint="Start it.")
    monkeypatch.setattr(type(rig.wb), "load_pending", raises(closed))
    picker = show.pending(rig.wb)
    assert picker.model.wait(PATIENCE)
    press(picker.trouble, "Check again")
    assert picker.model.wait(PATIENCE)

    assert "IMatch does not answer." == picker.trouble.message.fact
    assert ["Check again"] == labels(picker.trouble)


def test_a_message_that_says_the_same_is_shown_again_only_if_it_was_put_away():
    area = MessageArea()
    area.show(messages.note("One."))
    shown = area.message
    area.show(messages.note("One."))
    assert shown is area.message
    area.show(None)
    assert () == area.children
    area.show(messages.note("One."))

    assert "One." == area.message.fact
    assert area.text in area.children


def test_an_error_of_a_button_in_a_message_stays_until_it_is_answered(rig, monkeypatch):
    rig.photo("A", flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    pane.model.message = messages.replace(messages.note("Stopped."), buttons=("Go on",))
    pane.model.tell()
    monkeypatch.setattr(
        type(rig.wb), "open_runs", raises(SocialsError("The journal cannot be read."))
    )
    press(pane.trouble, "Go on")
    assert "The journal cannot be read." == pane.trouble.message.fact
    pane.model.tell()

    assert "The journal cannot be read." == pane.trouble.message.fact


# a run that did not end


def test_finishing_a_run_waits_in_words_until_the_table_is_there(left, monkeypatch):
    come, load = threading.Event(), left.load_pending

    def late(*args, **more):
        assert come.wait(PATIENCE)
        return load(*args, **more)

    monkeypatch.setattr(left, "load_pending", late)
    picker = show.pending(left)
    step = show.step(left, picker, "add")
    press(step.trouble, "Finish this run")
    assert "Not yet: the table of pending photos is not there." == step.trouble.message.fact
    come.set()
    assert picker.model.wait(PATIENCE)
    assert "M25" == step.trouble.message.code
    press(step.trouble, "Finish this run")
    assert Jobs.of(left).wait(PATIENCE)

    assert () == left.open_runs()


def test_finishing_a_run_waits_in_words_for_another_step(left):
    picker = show.pending(left)
    assert picker.model.wait(PATIENCE)
    step, resume = show.step(left, picker, "add"), show.resume(left)
    end = threading.Event()
    other = Job(
        left, step="update", platform="flickr", work=lambda listen: end.wait(PATIENCE) and None
    )
    assert Jobs.of(left).start(other)
    for view in (step, resume):
        press(view.trouble, "Finish this run")
        assert "Not yet: another step is running." == view.trouble.message.fact
        assert ["Finish this run", "Show it"] == labels(view.trouble)
    assert resume.job is None
    end.set()
    assert Jobs.of(left).wait(PATIENCE)
    press(resume.trouble, "Finish this run")
    assert Jobs.of(left).wait(PATIENCE)

    assert () == left.open_runs()


def test_a_run_that_was_finished_elsewhere_leaves_no_button(left):
    picker = show.pending(left)
    assert picker.model.wait(PATIENCE)
    step = show.step(left, picker, "add")
    left.resume()
    press(step.trouble, "Finish this run")

    assert step.trouble.message is None
    assert not Jobs.of(left).is_running


def test_a_second_press_on_finish_shows_the_run_that_the_first_one_began(left, monkeypatch):
    go, resume = threading.Event(), left.resume

    def late(*args, **more):
        assert go.wait(PATIENCE)
        return resume(*args, **more)

    monkeypatch.setattr(left, "resume", late)
    view = show.resume(left)
    button = view.trouble.buttons.children[0]
    button.click()
    first = view.job
    button.click()
    assert first is view.job
    assert first is view.jobs.current
    go.set()
    assert view.jobs.wait(PATIENCE)
    view.painter.now()

    assert "done" == view.job.state
    assert "none" == view.stop.layout.display
    assert "Nothing is open." in view.nothing.value


def test_a_second_press_on_finish_below_the_table_is_no_complaint(left, monkeypatch):
    go, resume = threading.Event(), left.resume

    def late(*args, **more):
        assert go.wait(PATIENCE)
        return resume(*args, **more)

    monkeypatch.setattr(left, "resume", late)
    picker = show.pending(left)
    assert picker.model.wait(PATIENCE)
    step = show.step(left, picker, "add")
    button = step.trouble.buttons.children[0]
    button.click()
    button.click()
    assert step.trouble.message is None
    go.set()
    assert Jobs.of(left).wait(PATIENCE)

    assert () == left.open_runs()


# runs and those who look on


def test_a_view_that_cannot_read_the_journal_keeps_the_end_of_a_run_from_no_other(rig, monkeypatch):
    rig.photo("A", flickr=True)
    header = show.header(rig.wb)
    assert header.model.wait(PATIENCE)
    steps = Steps(rig)
    pane = steps.pane("add")
    monkeypatch.setattr(header.model, "look_at_runs", raises(sqlite3.OperationalError("disk")))
    pane.go.click()
    assert steps.jobs.wait(PATIENCE)

    assert ["A"] == steps.titles()
    assert "Done" in pane.head.value
    assert pane.stop.disabled


def test_asking_anothers_run_to_stop_stops_no_wait_of_this_notebook(rig):
    view = show.header(rig.wb)
    assert view.model.wait(PATIENCE)
    asked = []
    rig.wb.ask_other_to_stop = lambda: asked.append(True) or True
    with RunLock(rig.wb.home).held(origin="IMatch panel"):
        view.runs.stop.click()

    assert [True] == asked
    assert view.runs.stop.disabled
    assert not rig.wb.stop.is_set()


def test_the_next_run_can_be_asked_to_stop_too(rig, monkeypatch):
    view = show.header(rig.wb)
    assert view.model.wait(PATIENCE)
    rig.wb.ask_other_to_stop = lambda: True
    rig.wb.watch = lambda: None
    view.runs.stop.click()
    view.runs.watch.click()
    assert view.runs.watcher.wait(PATIENCE)

    assert not view.runs.stop.disabled


def test_the_run_of_this_notebook_is_stopped_after_its_photo(rig):
    for name in "AB":
        rig.photo(name, flickr=True)
    view = show.header(rig.wb)
    steps = Steps(rig)
    pane = steps.pane("add")
    with steps.uploading(pane):
        view.runs.stop.click()

    assert "stopped" == steps.end(pane).state
    assert 1 == len(steps.titles())


# listing


@pytest.fixture
def two_lists(rig):
    rig.photo("A", flickr=True, pixelfed=True)
    rig.sync()
    views = [show.inventory(rig.wb, name) for name in ("flickr", "pixelfed")]
    for view in views:
        assert view.model.wait(PATIENCE)
    return views


def test_stopping_one_listing_leaves_the_waits_of_another_alone(rig, two_lists):
    flickr, pixelfed = (view.model for view in two_lists)
    begun, go = threading.Barrier(3), threading.Event()

    def slow(platform, wait):
        listed = tuple(platform.inventory())

        def inventory():
            begun.wait(PATIENCE)
            wait()
            yield from listed

        platform.inventory = inventory

    slow(rig.wb.platform("flickr"), lambda: go.wait(PATIENCE))
    slow(rig.wb.platform("pixelfed"), lambda: (go.wait(PATIENCE), rig.wb._sleep(0)))
    assert flickr.list_again() and pixelfed.list_again()
    begun.wait(PATIENCE)
    flickr.stop()
    assert not rig.wb.stop.is_set()
    go.set()
    assert flickr.wait(PATIENCE) and pixelfed.wait(PATIENCE)

    assert ("stopped", "done") == (flickr.state, pixelfed.state)


def test_stopping_the_only_listing_ends_its_wait_at_once(rig, two_lists):
    flickr = two_lists[0].model
    platform, begun = rig.wb.platform("flickr"), threading.Event()

    def inventory():
        begun.set()
        rig.wb._sleep(600)
        yield

    platform.inventory = inventory
    assert flickr.list_again()
    assert begun.wait(PATIENCE)
    flickr.stop()
    assert flickr.wait(PATIENCE)

    assert "stopped" == flickr.state
    assert not rig.wb.stop.is_set()


# signing in, set-up, report


def test_signing_in_below_a_step_leaves_go_on_where_it_is(rig):
    for name in "AB":
        rig.photo(name, flickr=True)
    rig.wb.account("flickr")
    body = b'<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="fail">\n\t'
    body += b'<err code="98" msg="Invalid auth token" />\n</rsp>\n'
    rig.flickr.fail_next("upload", body=body, content_type="text/xml")
    steps = Steps(rig)
    pane = steps.pane("add")
    steps.press(pane)
    assert ["Sign in here", "Go on"] == labels(pane.trouble)
    assert 1 == pane.trouble.message.hint.count("Nothing is sent twice.")
    press(pane.trouble, "Sign in here")
    (sign_in,) = pane.sign_in.children
    assert sign_in.wait(PATIENCE)

    assert ["Sign in here", "Go on"] == labels(pane.trouble)
    press(pane.trouble, "Go on")
    steps.end(pane)
    assert ["A", "B"] == steps.titles()


def test_a_report_that_cannot_be_written_is_no_longer_being_written(rig, monkeypatch):
    rig.photo("A", flickr=True)
    rig.sync("flickr")
    view = show.results(rig.wb)
    monkeypatch.setattr(type(rig.wb), "open_report", raises(OSError(28, "No space left")))
    view.open_report.click()
    assert view.worker.wait(PATIENCE)

    assert "" == view.report_path.value
    assert view.trouble.message is not None


def test_a_set_up_list_forgets_the_error_when_it_is_read_again(rig, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(
            type(rig.wb), "setup_list", raises(SettingsError("settings.toml cannot be read."))
        )
        view = show.setup_list(rig.wb)
        assert view.wait(PATIENCE)
    assert "settings.toml cannot be read." == view.trouble.message.fact
    assert "Asking IMatch" not in view.lists.value
    view.again.click()
    assert view.wait(PATIENCE)

    assert view.trouble.message is None
    assert "Categories" in view.lists.value


def test_a_sign_in_forgets_that_the_server_was_away(rig, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(type(rig.wb), "account", raises(Unreachable("Pixelfed cannot be reached.")))
        view = show.sign_in(rig.wb, "pixelfed")
        assert view.wait(PATIENCE)
    assert "Pixelfed cannot be reached." == view.trouble.message.fact
    view.look()
    assert view.wait(PATIENCE)

    assert "Signed in" in view.head.value
    assert view.trouble.message is None


def test_looking_who_is_signed_in_keeps_what_the_person_was_told_since(rig):
    view = show.sign_in(rig.wb, "pixelfed")
    assert view.wait(PATIENCE)
    view.show_message(messages.note("The token is wrong."))
    view.look()
    assert view.wait(PATIENCE)

    assert "The token is wrong." == view.trouble.message.fact
