"""A run as others see it: status, stop request, log and report."""

import json
import logging
import os
import threading
from pathlib import Path

import pytest
from rig import Rig, outcome, states

from socials_lib import logs
from socials_lib.cli import main
from socials_lib.errors import AnotherRun
from socials_lib.status import request_stop
from socials_lib.workbench import Workbench


@pytest.fixture(autouse=True)
def quiet_again():
    """The log of this test is not the log of the next."""
    level = logging.getLogger("socials_lib").level
    yield
    logs.close()
    logging.getLogger("socials_lib").setLevel(level)


def other(rig: Rig) -> Workbench:
    """A workbench as another process has it."""
    return Workbench.open(environ=rig.environ)


def test_another_process_can_watch_a_run(rig):
    rig.photo("Dawn over the lake", flickr=True)
    seen = []
    looker = other(rig)
    assert looker.watch() is None
    rig.sync("flickr", listen=lambda event: seen.append(looker.watch()), origin="notebook")
    last = seen.pop()
    assert {"running"} == {one.state for one in seen}
    assert ("done", "notebook", 1, 1) == (last.state, last.origin, last.done, last.total)
    assert last.run == rig.wb.runs[-1].run


def test_another_process_can_ask_to_stop_and_the_run_can_be_resumed(rig):
    for title in ("One", "Two", "Three"):
        rig.photo(title, flickr=True)
    looker = other(rig)

    def listen(event):
        if event.step == "row" and event.state == "done":
            request_stop(rig.wb.home, looker.watch().run, pid=os.getpid())

    run = rig.sync("flickr", listen=listen)
    assert ["done", "untouched", "untouched"] == states(run)
    assert "stopped" == rig.wb.watch().state
    assert ["done", "done"] == states(rig.wb.resume())
    assert ["One", "Three", "Two"] == rig.flickr_titles()


def test_a_photo_in_work_is_finished_before_a_run_ends_that_was_asked_to_stop(rig):
    for title in ("One", "Two"):
        rig.photo(title, flickr=True, albums=["Coast"])
    rig.albums_and_groups()
    looker = other(rig)

    def listen(event):
        if event.step == "upload":
            assert looker.ask_other_to_stop()

    run = rig.sync("flickr", listen=listen)
    assert ["done", "untouched"] == sorted(states(run))
    counts = [rig.flickr.count(one) for one in ("upload", "flickr.photosets.addPhoto")]
    assert [1, 1] == counts


def test_asking_to_stop_reaches_the_process_that_holds_the_lock(rig):
    for title in ("One", "Two"):
        rig.photo(title, flickr=True)
    looker = other(rig)
    run = rig.sync("flickr", listen=lambda event: looker.ask_to_stop())
    assert ["untouched", "untouched"] == states(run)
    assert [] == rig.flickr_titles()


def test_a_stop_is_for_one_run_only(rig):
    rig.photo("One", flickr=True)
    rig.sync("flickr", listen=lambda event: rig.wb.ask_to_stop())
    assert not rig.wb.stop.is_set()


def test_a_run_that_may_not_begin_leaves_no_status(rig):
    rig.photo("One", flickr=True)
    plan = rig.plan("flickr")
    with rig.wb.lock.held(origin="IMatch panel"), pytest.raises(AnotherRun):
        other(rig).apply(plan)
    assert rig.wb.watch() is None


def test_a_run_whose_lock_is_free_is_broken_even_if_its_process_id_is_in_use(rig):
    rig.photo("One", flickr=True)
    rig.sync("flickr")
    path = rig.wb.home / "status.json"
    document = json.loads(path.read_text(encoding="utf-8")) | {"state": "running"}
    path.write_text(json.dumps(document), encoding="utf-8")
    assert "broken" == rig.wb.watch().state


def test_no_thread_is_left_after_a_run(rig):
    rig.photo("One", flickr=True)
    rig.sync("flickr")
    assert "socials-status" not in [one.name for one in threading.enumerate()]


def test_the_log_tells_the_run_line_by_line_without_secrets(rig):
    file_id = rig.photo("Dawn over the lake", flickr=True)
    run = rig.sync("flickr")
    text = (rig.wb.home / "logs" / "socials.log").read_text(encoding="utf-8")
    assert f"{run.run} run started, 1 rows" in text
    assert f"{run.run} flickr {file_id} “Dawn over the lake”: add done" in text
    assert f"{run.run} run done" in text
    for name, value in rig.environ.items():
        if "TOKEN" in name or "SECRET" in name or "KEY" in name:
            assert value not in text


def test_secrets_are_known_to_the_log_while_imatch_does_not_answer(rig):
    rig.imws.stop()
    wb = rig.anew()
    assert wb.credentials.flickr is not None
    token = rig.environ["SOCIALS_FLICKR_TOKEN"]
    assert token not in wb.redact(f"the token {token}")


def test_the_report_of_a_run_shows_its_photos_and_what_changed_in_imatch(rig):
    file_id = rig.photo("Dawn over the lake", flickr=True)
    gone = rig.photo("Fog", flickr=True)
    plan = rig.plan("flickr")
    rig.edit(gone, title="Fog and gulls")
    run = rig.wb.apply(plan)
    files = rig.wb.report(run)
    page = files.html.read_text(encoding="utf-8")
    assert rig.wb.home / "reports" / run.run == files.html.parent
    assert "2 photos = 1 added + 1 changed since" in page
    assert 2 == page.count("data:image/jpeg;base64,")
    assert outcome(run, file_id).url in page
    assert "1 record written" in page
    assert "Needs a look (1)" in page
    lines = files.csv.read_text(encoding="utf-8-sig").splitlines()
    assert 3 == len(lines)


def test_the_report_of_an_old_run_can_be_made_from_the_journal(rig):
    rig.photo("Dawn over the lake", flickr=True)
    made = rig.sync("flickr")
    [run] = rig.anew().history()
    page = rig.wb.report(run).html.read_text(encoding="utf-8")
    assert made.run == run.run
    assert "1 photo = 1 added" in page


def test_the_report_of_a_resumed_run_has_all_its_rows(rig):
    for title in ("One", "Two"):
        rig.photo(title, flickr=True)

    def listen(event):
        if event.step == "row" and event.state == "done":
            rig.wb.ask_to_stop()

    rig.sync("flickr", listen=listen)
    run = rig.wb.resume()
    assert 1 == len(run.outcomes)
    assert "2 photos = 2 added" in rig.wb.report(run).html.read_text(encoding="utf-8")


def test_the_command_line_names_the_report(rig, monkeypatch, capsys):
    rig.photo("Dawn over the lake", flickr=True)
    for name, value in rig.environ.items():
        monkeypatch.setenv(name, value)
    assert 0 == main(["sync", "flickr", "--yes", "--quiet"])
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith("Report: ")
    assert Path(line.removeprefix("Report: ")).read_text(encoding="utf-8").startswith("<!DOCTYPE")


def test_a_report_that_cannot_be_written_does_not_spoil_the_run(rig, monkeypatch, capsys):
    rig.photo("Dawn over the lake", flickr=True)
    for name, value in rig.environ.items():
        monkeypatch.setenv(name, value)
    rig.wb.home.mkdir()
    (rig.wb.home / "reports").write_text("a file is in the way", encoding="utf-8")
    assert 0 == main(["sync", "flickr", "--yes", "--json", "--quiet"])
    said = capsys.readouterr()
    assert json.loads(said.out)["report"] is None
    assert "The report of the run cannot be written" in said.err
