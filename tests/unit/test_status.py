"""The status file and the request to stop: what one process tells another about its run."""

import json
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest

from socials_lib import status, system
from socials_lib.errors import JournalError
from socials_lib.models import Event, Outcome
from socials_lib.status import Keeper, read_status, request_stop, watched

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def stop():
    return threading.Event()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def keeper(tmp_path, stop, clock):
    """A keeper without its thread."""
    return Keeper(tmp_path, stop=stop, origin="notebook", clock=clock, beats=False)


def event(step="row", state="started", **more):
    values = {"at": AT, "run": "r-1", "step": step, "state": state, "total": 37}
    return Event(**{**values, **more})


def ended(state, **more):
    how = Outcome(file_id="1", name="a.jpg", platform="flickr", action="add", state=state)
    return event(state=state, outcome=how, **more)


# -- what is written


def test_the_file_says_how_far_the_run_is(tmp_path, keeper):
    keeper.hear(
        event(
            "upload",
            "sending",
            platform="flickr",
            file_id="1201",
            title="Heath in bloom",
            done=18,
            bytes_sent=64,
            bytes_total=100,
        )
    )
    found = read_status(tmp_path)
    assert ("r-1", "running", os.getpid(), "notebook") == (
        found.run,
        found.state,
        found.pid,
        found.origin,
    )
    assert (18, 37, 0) == (found.done, found.total, found.failed)
    assert ("flickr", "1201", "Heath in bloom") == (found.platform, found.file_id, found.title)
    assert (64, 100) == (found.bytes_sent, found.bytes_total)
    assert (AT, AT) == (found.started, found.updated)
    assert found.is_going


def test_rows_that_need_a_person_are_counted(tmp_path, keeper, clock):
    for state in ("done", "failed", "unknown", "stale", "blocked", "untouched", "skipped"):
        clock.now += 1
        keeper.hear(ended(state))
    assert 4 == read_status(tmp_path).failed


def test_a_wait_says_until_when_and_why(tmp_path, keeper, clock):
    until = AT + timedelta(minutes=15)
    keeper.hear(event("wait", "waiting", until=until, message="Flickr asks for a pause"))
    found = read_status(tmp_path)
    assert ("waiting", until, "Flickr asks for a pause") == (
        found.state,
        found.until,
        found.message,
    )
    clock.now += 1
    keeper.hear(event())
    assert ("running", None) == (read_status(tmp_path).state, read_status(tmp_path).until)


@pytest.mark.parametrize("state", ["done", "stopped", "halted"])
def test_the_end_is_written_as_the_run_says_it(tmp_path, keeper, state):
    keeper.hear(event())
    keeper.hear(event("run", state, done=37, message="Over."))
    keeper.end("broken")
    found = read_status(tmp_path)
    assert (state, 37, "Over.", False) == (found.state, found.done, found.message, found.is_going)


def test_it_is_written_at_most_five_times_a_second_and_always_at_the_end(
    tmp_path, keeper, clock, monkeypatch
):
    written = []
    real = status.write_whole
    monkeypatch.setattr(
        status, "write_whole", lambda path, data: written.append(data) or real(path, data)
    )
    for number in range(100):  # one second
        keeper.hear(event("upload", "sending", bytes_sent=number, bytes_total=100))
        clock.now += 0.01
    assert 5 == len(written)
    keeper.hear(event("upload", "sending", bytes_sent=100, bytes_total=100))
    keeper.end("done")
    assert 100 == read_status(tmp_path).bytes_sent


def test_the_last_event_before_a_silence_is_written_by_the_next_beat(tmp_path, keeper, clock):
    keeper.hear(event(title="Dawn"))
    keeper.hear(event(title="Fog"))
    assert "Dawn" == read_status(tmp_path).title
    clock.now += status.PERIOD
    keeper.beat()
    assert "Fog" == read_status(tmp_path).title


def test_titles_of_any_kind_can_be_told(tmp_path, keeper, clock):
    for title in ("half \ud83d", "Nebel 🌫 über dem See", "a\nb\x00"):
        clock.now += 1
        keeper.hear(event(title=title))
        assert title == read_status(tmp_path).title
    clock.now += 1
    keeper.hear(event(title="x" * 10_000))
    assert 300 == len(read_status(tmp_path).title)


def test_a_data_folder_that_cannot_be_written_disturbs_nothing(tmp_path, stop, clock):
    (tmp_path / "home").write_text("a file is in the way", encoding="utf-8")
    keeper = Keeper(tmp_path / "home", stop=stop, clock=clock, beats=False)
    keeper.hear(event())
    keeper.end("done")
    assert read_status(tmp_path / "home") is None
    assert not request_stop(tmp_path / "home", "r-1")


def test_a_file_that_is_being_read_on_windows_is_written_by_the_next_beat(
    tmp_path, keeper, clock, monkeypatch
):
    keeper.hear(event(title="Dawn"))
    with monkeypatch.context() as patched:
        patched.setattr(status, "write_whole", _refused)
        clock.now += 1
        keeper.hear(event(title="Fog"))
    clock.now += 1
    keeper.beat()
    assert "Fog" == read_status(tmp_path).title


def _refused(path, data):
    raise PermissionError("somebody reads it")


def test_nothing_is_left_beside_the_file(tmp_path, keeper):
    keeper.hear(event())
    assert ["status.json"] == [one.name for one in tmp_path.iterdir()]


# -- what is read


def test_without_a_run_there_is_no_status(tmp_path):
    assert read_status(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"run": 1}', "\x00"])
def test_a_damaged_file_is_no_status(tmp_path, text):
    (tmp_path / "status.json").write_text(text, encoding="utf-8")
    assert read_status(tmp_path) is None


def test_a_run_whose_process_died_is_broken(tmp_path, keeper):
    keeper.hear(event(done=18))
    ended_process = subprocess.Popen([sys.executable, "-c", ""])
    ended_process.wait()
    path = tmp_path / "status.json"
    document = json.loads(path.read_text(encoding="utf-8")) | {"pid": ended_process.pid}
    path.write_text(json.dumps(document), encoding="utf-8")
    found = read_status(tmp_path)
    assert ("broken", 18, False) == (found.state, found.done, found.is_going)


def test_a_run_that_ended_stays_as_it_ended_when_its_process_is_gone(tmp_path, keeper, monkeypatch):
    keeper.hear(event("run", "done"))
    monkeypatch.setattr(status, "process_is_alive", lambda pid: False)
    assert "done" == read_status(tmp_path).state


# -- stop


def test_a_request_naming_the_run_stops_it_at_the_next_event(tmp_path, keeper, stop, clock):
    keeper.hear(event())
    assert request_stop(tmp_path, "r-1")
    assert not stop.is_set()
    clock.now += 1
    keeper.hear(event())
    assert stop.is_set()
    assert "stopping" == read_status(tmp_path).state
    assert not (tmp_path / "stop-request.json").exists()


def test_a_request_is_seen_during_a_wait_too(tmp_path, keeper, stop, clock):
    keeper.hear(event("wait", "waiting"))
    request_stop(tmp_path, "r-1")
    clock.now += 1
    keeper.beat()
    assert stop.is_set()
    assert "stopping" == read_status(tmp_path).state


def test_a_request_may_name_the_process_while_the_run_has_no_name(tmp_path, keeper, stop):
    assert request_stop(tmp_path, "", pid=os.getpid())
    keeper.hear(event())
    assert stop.is_set()


@pytest.mark.parametrize(("run", "pid"), [("r-2", 0), ("r-1", 999_999), ("r-2", 999_999)])
def test_a_request_to_another_run_or_process_is_left_to_it(tmp_path, keeper, stop, run, pid):
    request_stop(tmp_path, run, pid=pid)
    keeper.hear(event())
    keeper.end("done")
    assert not stop.is_set()
    assert (tmp_path / "stop-request.json").exists()


def test_a_request_that_names_nothing_is_not_made(tmp_path):
    assert not request_stop(tmp_path, "")
    assert [] == list(tmp_path.iterdir())


def test_an_old_request_does_not_stop_the_run_that_goes_on(tmp_path, stop, clock):
    request_stop(tmp_path, "r-1")
    later = Keeper(tmp_path, stop=stop, clock=clock, beats=False)
    later.hear(event())
    assert not stop.is_set()


def test_a_request_that_came_too_late_goes_with_the_run(tmp_path, keeper, stop):
    keeper.hear(event("run", "done"))
    request_stop(tmp_path, "r-1")
    keeper.end("done")
    assert not stop.is_set()
    assert not (tmp_path / "stop-request.json").exists()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"run": "r-1"}', '{"run":"r-1","pid":0,"asked":"']
)
def test_a_damaged_request_stops_nothing(tmp_path, keeper, stop, text):
    (tmp_path / "stop-request.json").write_text(text, encoding="utf-8")
    keeper.hear(event())
    assert not stop.is_set()


def test_a_request_without_a_zone_stops_nothing(tmp_path, keeper, stop):
    asked = {"run": "r-1", "pid": 0, "asked": "2099-01-01T00:00:00"}
    (tmp_path / "stop-request.json").write_text(json.dumps(asked), encoding="utf-8")
    keeper.hear(event())
    assert not stop.is_set()


def test_a_stop_pressed_here_shows_as_stopping(tmp_path, keeper, stop, clock):
    keeper.hear(event())
    stop.set()
    clock.now += 1
    keeper.beat()
    assert "stopping" == read_status(tmp_path).state


# -- around a run


def test_a_run_is_watched_from_its_first_event_to_its_end(tmp_path, stop):
    told = []
    with watched(told.append, home=tmp_path, stop=stop, origin="command line") as heard:
        assert read_status(tmp_path) is None
        heard(event("run", "started"))
        assert "running" == read_status(tmp_path).state
        heard(event("run", "done"))
    assert ["started", "done"] == [one.state for one in told]
    assert ("done", "command line") == (read_status(tmp_path).state, read_status(tmp_path).origin)


def test_the_thread_sees_a_request_while_no_event_comes(tmp_path, stop):
    with watched(lambda one: None, home=tmp_path, stop=stop) as heard:
        heard(event("wait", "waiting"))
        request_stop(tmp_path, "r-1", pid=os.getpid())
        assert stop.wait(30)


def test_the_thread_ends_with_the_run(tmp_path, stop):
    with watched(lambda one: None, home=tmp_path, stop=stop) as heard:
        heard(event())
    assert "socials-status" not in [one.name for one in threading.enumerate()]


def test_a_run_that_may_not_begin_leaves_the_status_of_the_other_alone(tmp_path, stop, keeper):
    keeper.hear(event(title="Dawn"))
    with (
        pytest.raises(JournalError),
        watched(lambda one: None, home=tmp_path, stop=stop),
    ):
        raise JournalError("Another run is under way.")
    assert ("Dawn", "running") == (read_status(tmp_path).title, read_status(tmp_path).state)


def test_a_run_that_ends_in_an_error_is_broken_with_the_reason(tmp_path, stop):
    with (
        pytest.raises(JournalError),
        watched(lambda one: None, home=tmp_path, stop=stop) as heard,
    ):
        heard(event())
        raise JournalError("The disk with the run journal is full.")
    found = read_status(tmp_path)
    assert ("broken", "The disk with the run journal is full.") == (found.state, found.message)


def test_words_of_unforeseen_errors_stay_out_of_the_file(tmp_path, stop):
    with (
        pytest.raises(RuntimeError),
        watched(lambda one: None, home=tmp_path, stop=stop) as heard,
    ):
        heard(event())
        raise RuntimeError("token tok-4711")
    assert "tok-4711" not in (tmp_path / "status.json").read_text(encoding="utf-8")


def test_a_run_without_an_end_of_its_own_is_done(tmp_path, stop):
    """Settling what earlier runs left open has rows, but no beginning and no end."""
    with watched(lambda one: None, home=tmp_path, stop=stop) as heard:
        heard(ended("done"))
    assert "done" == read_status(tmp_path).state


# -- all or nothing


def test_a_file_is_replaced_as_a_whole(tmp_path):
    path = tmp_path / "new" / "file.txt"
    system.write_whole(path, b"one")
    system.write_whole(path, b"two")
    assert b"two" == path.read_bytes()
    assert [path] == list(path.parent.iterdir())


def test_a_file_that_cannot_be_replaced_stays_and_no_draft_is_left(tmp_path):
    path = tmp_path / "folder"
    path.mkdir()
    with pytest.raises(OSError):
        system.write_whole(path, b"one")
    assert [path] == list(tmp_path.iterdir())
