"""What runs leave behind and show: second runs, resume, history, dry runs, output."""

from __future__ import annotations

import pytest
from command_line_kit import begun, check_plan, check_run, socials

from socials_lib.cli import run_words


@pytest.fixture
def process(rig):
    """The same as a process of its own."""

    def command(*arguments, **environ):
        return socials({**rig.environ, **environ}, *arguments)

    return command


# doing, twice, resuming


def test_a_second_run_does_nothing_and_changes_nothing(rig, run):
    rig.photo(flickr=True, pixelfed=True)
    first = run("sync", "--yes", "--json")
    before = [one.backend.snapshot() for one in (rig.imws, rig.flickr, rig.pixelfed)]
    second = run("sync", "--yes", "--json")

    check_run(first.document)
    check_run(second.document)
    assert (0, 0) == (first.code, second.code)
    assert (2, []) == (len(first.document["outcomes"]), second.document["outcomes"])
    assert before == [one.backend.snapshot() for one in (rig.imws, rig.flickr, rig.pixelfed)]


def test_a_bad_photo_is_three_and_the_others_are_done(rig, run):
    rig.photo("Refused", flickr=True, taken="2024-01-01T10:00:00")
    rig.photo("Taken", flickr=True, taken="2024-01-02T10:00:00")
    body = b'<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="fail">\n\t'
    body += b'<err code="5" msg="Filetype was not recognised" />\n</rsp>\n'
    rig.flickr.fail_next("/services/upload/", body=body, content_type="text/xml")
    done = run("sync", "--yes", "--json")

    check_run(done.document)
    assert (3, ["Taken"]) == (done.code, rig.flickr_titles())
    failed = next(one for one in done.document["outcomes"] if one["state"] == "failed")
    assert "Refused" in failed["message"]


def test_resume_without_anything_open_says_so(run):
    done = run("resume", "--json")

    assert 0 == done.code
    assert {"run": None, "summary": {}, "outcomes": []} == done.document
    assert "Nothing is open.\n" == run("resume").out


def test_a_run_that_nobody_knows_cannot_be_resumed(run):
    done = run("resume", "19990101-000000-0000", "--json")

    assert (1, "journal") == (done.code, done.error["code"])
    assert "socials history" in done.error["hint"]


# stopping from elsewhere


def test_stop_ends_a_run_of_another_process_after_its_photo(rig, run):
    for title in ("One", "Two", "Three"):
        rig.photo(title, flickr=True)
    heard = []

    def once(event):
        if event.step == "row" and event.state == "done" and not heard:
            heard.append(run("stop", "--json"))

    stopped = rig.sync("flickr", listen=once)

    (done,) = heard
    assert 0 == done.code
    assert ["stopping", "run", "origin", "done", "total"] == list(done.document)
    assert (True, stopped.run, 3) == tuple(
        done.document[name] for name in ("stopping", "run", "total")
    )
    assert "stopped" == stopped.state
    assert len(rig.flickr_titles()) < 3
    assert 0 == run("resume").code
    assert ["One", "Three", "Two"] == rig.flickr_titles()


def test_a_photo_that_a_stop_broke_off_is_said_to_be_begun(rig, run):
    for title in ("One", "Two"):
        rig.photo(title, flickr=True, albums=["Coast"])
    rig.albums_and_groups()

    def listen(event):
        if event.step == "upload":
            rig.wb.ask_to_stop()  # as Ctrl-C does: after the act in flight

    stopped = rig.sync("flickr", listen=listen)

    assert ["begun", "stopped"] == sorted(one.code for one in stopped.outcomes)
    said = run_words.run(stopped)
    assert "Flickr: 1 not started, 1 begun" in said
    assert 1 == said.count("◐ begun: “One”: stopped, to be finished.")
    assert "To be finished" in rig.wb.report(stopped).html.read_text(encoding="utf-8")
    assert 0 == run("resume").code
    assert 2 == rig.flickr.count("flickr.photosets.addPhoto")


def test_stop_names_who_carries_out(rig, run):
    with rig.wb.lock.held(origin="the notebook 01_sync"):
        done = run("stop")

    assert 0 == done.code
    assert done.out.startswith("Asked to stop after its photo: the notebook 01_sync, since ")


def test_with_nothing_under_way_stop_says_so_and_stops_nothing_later(rig, run):
    assert (0, "Nothing is under way.\n") == (run("stop").code, run("stop").out)
    assert {"stopping": False, "run": None, "origin": None, "done": 0, "total": 0} == run(
        "stop", "--json"
    ).document

    rig.photo("One", flickr=True)
    assert 0 == run("sync", "--yes").code
    assert ["One"] == rig.flickr_titles()


def test_the_history_names_runs_newest_first(rig, run):
    rig.photo("One", flickr=True)
    first = run("sync", "--yes", "--json").document["run"]
    rig.photo("Two", pixelfed=True)
    second = run("sync", "pixelfed", "--yes", "--json").document["run"]
    runs = run("history", "--json").document["runs"]

    assert [second, first] == [one["run"] for one in runs]
    assert {"run", "started", "ended", "state", "mode", "summary"} <= set(runs[0])
    assert ("done", "demo") == (runs[0]["state"], runs[0]["mode"])
    assert 1 == runs[1]["summary"]["flickr"]["added"]
    assert [second] == [
        one["run"] for one in run("history", "--most", "1", "--json").document["runs"]
    ]
    assert "Flickr: 1 added" in run("history").out


# a dry run by IMatch


def test_the_testing_variable_of_imatch_makes_every_run_a_dry_run(rig, run, tmp_path):
    rig.photo(flickr=True)
    run("plan", "--out", str(tmp_path / "plan.json"))
    rig.imws.backend.variables["imatch_to_socials_testing"] = 1
    for command in (["sync"], ["apply", str(tmp_path / "plan.json")]):
        done = run(*command, "--yes", "--json")
        check_plan(done.document)
        assert (2, True) == (done.code, "dry run" in done.err)

    assert [] == rig.flickr_titles()
    assert [] == run("history", "--json").document["runs"]


def test_nor_is_a_run_resumed_in_a_dry_run(rig, run):
    rig.photo("One", flickr=True)
    rig.photo("Two", flickr=True)

    def stop(event):
        if event.step == "row" and event.state == "done":
            rig.wb.ask_to_stop()

    stopped = rig.sync("flickr", listen=stop)
    rig.imws.backend.variables["imatch_to_socials_testing"] = 1
    before = rig.flickr_titles()
    done = run("resume", "--json")

    assert (2, [stopped.run]) == (done.code, done.document["open"])
    check_run(done.document)
    assert before == rig.flickr_titles()
    rig.imws.backend.variables["imatch_to_socials_testing"] = 0
    assert 0 == run("resume").code
    assert ["One", "Two"] == rig.flickr_titles()


# output


@pytest.mark.parametrize("arguments", [("--json",), ()], ids=["json", "text"])
def test_progress_is_on_standard_error_only_and_can_be_silenced(rig, process, arguments):
    rig.photo("One", flickr=True)
    loud = process("sync", "--yes", *arguments)
    rig.photo("Two", pixelfed=True)
    quiet = process("sync", "pixelfed", "--yes", "--quiet", *arguments)

    assert "1 of 1" in loud.err
    assert "1 of 1" not in loud.out
    assert (0, "") == (quiet.code, quiet.err)
    assert quiet.out


@pytest.mark.parametrize("encoding", ["cp1252", "ascii:strict", "utf-16"])
def test_emoji_titles_break_no_console(rig, process, encoding):
    rig.photo("🌋 Fire ✨ غروب", flickr=True)
    done = process("sync", "--yes", PYTHONIOENCODING=encoding, PYTHONUTF8="0")

    assert 0 == done.code
    assert "🌋 Fire ✨ غروب" in done.err
    assert ["🌋 Fire ✨ غروب"] == rig.flickr_titles()


def test_titles_cannot_play_with_the_terminal(rig, run):
    rig.photo("\x1b[2JDawn\x07", flickr=True)
    done = run("plan")

    assert "\x1b" not in done.out
    assert "\x07" not in done.out


def test_a_reader_who_leaves_early_breaks_nothing(rig):
    for number in range(4):
        rig.photo(f"Photo {number}", flickr=True)
    with begun(rig.environ, "plan") as process:
        process.stdout.close()
        process.stdout = None
        _, errors = process.communicate(timeout=60)

    assert (2, b"") == (process.returncode, errors)
