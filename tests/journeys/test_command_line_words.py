"""What the command line says before, during and after a run, and how it refuses."""

from __future__ import annotations

import contextlib
import io
import os
import re
from datetime import datetime
from unittest import mock

import pytest
from command_line_kit import surroundings

from socials_lib.cli import main, plan_words, run_words
from socials_lib.cli.console import Console
from socials_lib.errors import JournalError
from socials_lib.journal import Journal


@pytest.fixture
def asked(monkeypatch):
    """A terminal on which somebody answers `answer[0]`; every question is kept behind it."""
    answer = ["n"]

    def ask(console, question):
        answer.append(question)
        if answer[0] == "ctrl-c":
            raise KeyboardInterrupt
        return answer[0]

    monkeypatch.setattr(Console, "can_ask", property(lambda console: True))
    monkeypatch.setattr(Console, "ask", ask)
    return answer


def leaving(rig, *titles, **more):
    """Published photos that are to be deleted."""
    found = []
    for title in titles:
        found.append(rig.photo(title, flickr=True, flags=["flickr|_delete"], **more))
        rig.online("flickr", found[-1], title=title)
    return found


# what it will take


def test_the_forecast_counts_the_smaller_copy_that_is_sent(rig, run):
    rig.photo("Wide", flickr=True, size=300 * 1_048_576)

    said = run("plan", "flickr", SOCIALS_IMAGES_FIT="true").out
    assert "Flickr: 1 photo, at most 2 calls, 200.0 MB, about 3 min" in said


# consent


def test_nobody_is_asked_about_a_delete_that_was_not_shown(rig, run, asked, monkeypatch):
    monkeypatch.setattr(plan_words, "MOST_LINES", 2)
    for number in range(4):
        rig.photo(f"New {number}", flickr=True)
    leaving(rig, "Old", "Older", "Oldest")
    done = run("sync", "--approve-deletes", "3")

    listed = re.findall(r"^   flickr    (\w+) +\d+  (.+)$", done.err, re.MULTILINE)
    gone = [("delete", "Old"), ("delete", "Older"), ("delete", "Oldest")]
    assert [*gone, ("add", "New 0"), ("add", "New 1")] == listed
    assert "(3 photos would leave for good)" in asked[1]
    assert (4, 3) == (done.code, len(rig.flickr_titles()))


def test_a_faulty_delete_that_was_released_is_shown_as_a_delete(rig, run, asked):
    [old] = leaving(rig, "Old", description=None)
    rig.photo("New", flickr=True)
    done = run("sync", "--approve", old, "--approve-deletes", "1")

    assert f"   flickr    delete    {old:>8}  Old" in done.err
    assert "(1 photo would leave for good)" in asked[1]


def test_a_delete_without_a_number_is_shown_as_waiting_and_not_asked_about(rig, run, asked):
    leaving(rig, "Old")
    rig.photo("New", flickr=True)
    done = run("sync")

    assert "Old  ! waits for --approve-deletes\n" in done.err
    assert "Carry this out on the practice world, 1 photo? [y/N] " == asked[1]


def test_the_question_is_about_the_rows_that_will_be_done(rig, run, asked, tmp_path):
    """Of a plan that was applied in part, the next photo: not the one that is done."""
    for title in ("One", "Two"):
        rig.photo(title, flickr=True)
    file = str(tmp_path / "plan.json")
    run("plan", "--out", file)
    run("apply", file, "--max-photos", "1", "--yes")
    done = run("apply", file, "--max-photos", "1")

    assert ["Two"] == re.findall(r"^   flickr    add +\d+  (.+)$", done.err, re.MULTILINE)


def test_what_people_left_is_shown_with_the_delete_as_far_as_it_is_known(rig, run):
    leaving(rig, "Old")
    [photo_id] = rig.flickr.backend.photos
    rig.flickr.backend.add_comment(photo_id, text="A fine morning")
    before = run("plan").out
    rig.wb.inventory("flickr", fresh=True)

    assert "Old  ! " not in before
    assert "Old  ! 1 comment when last listed\n" in run("plan").out


def test_ctrl_c_at_the_question_speaks_of_no_run(rig, run, asked):
    asked[0] = "ctrl-c"
    rig.photo(flickr=True)
    done = run("sync")

    assert (1, True) == (done.code, done.err.endswith("Interrupted.\nNothing was done.\n"))
    assert [] == run("history", "--json").document["runs"]


def test_the_number_of_the_whole_plan_says_how_many_would_go_now(rig, run):
    leaving(rig, "Old", "Older", "Oldest")
    [one] = run("sync", "--max-photos", "1", "--yes", "--json").document["outcomes"]

    said = "3 photos would be deleted, 1 of them now, and nobody has said how many may go."
    assert one["message"].endswith(said)


# names that fit nothing


def test_an_approval_that_fits_no_row_is_told_in_a_dry_run_too(rig, run):
    rig.photo(flickr=True)
    done = run("sync", "--approve", "99999", "--dry-run")

    assert (2, "! --approve 99999: no row of this plan.\n") == (done.code, done.err)


def test_numbers_for_which_nothing_is_pending_make_no_run(rig, run):
    rig.photo(flickr=True)
    done = run("sync", "--ids", "99999", "--yes")

    assert (0, "Nothing to do.\n") == (done.code, done.out)
    assert "! IMatch has no file 99999.\n" == done.err
    assert [] == run("history", "--json").document["runs"]


# files to write


@pytest.mark.parametrize(
    "command", [["audit", "--html"], ["doctor", "--bundle"], ["plan", "--out"]], ids=lambda c: c[0]
)
def test_a_file_in_a_folder_that_is_not_there_is_refused_before_the_work(
    rig, run, tmp_path, command
):
    before = len(rig.imws.requests)
    done = run(*command, str(tmp_path / "nope" / "file"), "--json")

    assert (1, "file") == (done.code, done.error["code"])
    assert f"there is no folder {tmp_path / 'nope'}." in done.error["message"]
    assert (before, False) == (len(rig.imws.requests), (tmp_path / "nope").exists())


def test_the_way_on_with_a_saved_plan_stands_below_it(rig, tmp_path):
    rig.photo(flickr=True)
    screen = io.StringIO()
    with (
        mock.patch.dict(os.environ, surroundings(rig.environ), clear=True),
        contextlib.redirect_stdout(screen),
        contextlib.redirect_stderr(screen),
    ):
        main(["plan", "--out", str(tmp_path / "p.json")])

    assert screen.getvalue().splitlines()[-1].startswith("Saved as ")


# mistyped words


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["sync", "--dryrun"], "Did you mean `--dry-run`? See `socials sync -h`."),
        (["snyc"], "Did you mean `sync`? See `socials -h`."),
        (["frobnicate"], "See `socials -h`."),
        (["imatch-app", "instal"], "Did you mean `install`? See `socials imatch-app -h`."),
        (["plan", "--approve=7"], "See `socials plan -h`."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_mistyped_word_is_told_the_one_that_was_meant_and_its_command(run, arguments, hint):
    assert hint == run(*arguments, "--json").error["hint"]


# logs of a schedule


def test_each_quiet_run_begins_with_time_and_mode(rig, run):
    rig.photo(flickr=True)
    first, second = run("sync", "--yes", "--quiet"), run("sync", "--yes", "--quiet")
    now = datetime.now().astimezone()

    stamp = r"\d{4}-\d\d-\d\d \d\d:\d\d demo: "
    assert re.match(rf"{stamp}Flickr: 1 added\n", first.out)
    assert re.match(rf"{stamp}Nothing to do\.\n", second.out)
    assert f"{now:%Y-}" == second.out[:5]
    assert re.match(rf"{stamp}Nothing is open\.\n", run("resume", "--quiet").out)


def test_so_does_a_quiet_run_that_fails_and_a_loud_one_does_not(rig, run):
    quiet = run("sync", "flickr", "--quiet", SOCIALS_FLICKR_TOKEN="")
    loud = run("sync", "flickr", SOCIALS_FLICKR_TOKEN="")

    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d demo: Flickr", quiet.err)
    assert loud.err.startswith("Flickr")


# trouble


def test_a_journal_that_is_lost_does_not_hide_why_the_run_ended(rig, monkeypatch):
    for number in range(3):
        rig.photo(f"Photo {number}", flickr=True)

    def lost(*_arguments, **_more):
        raise JournalError("The journal knows no run.")

    def listen(event):
        if event.step == "row" and event.state == "done":
            rig.flickr.stop()
            monkeypatch.setattr(Journal, "end", lost)

    run = rig.sync("flickr", listen=listen)

    assert "Flickr cannot be reached." == run.message
    assert run_words.run(run).splitlines()[-1].startswith("Flickr cannot be reached.")


def test_another_run_is_said_to_go_on_since_a_time_of_this_clock(rig, run):
    rig.photo(flickr=True)
    with rig.wb.lock.held(origin="the notebook 01_sync"):
        message = run("sync", "--yes", "--json").error["message"]

    assert re.search(r", since \d\d:\d\d\.$", message)
    since = message[-6:-1]
    now = datetime.now().astimezone()
    assert abs((now.hour * 60 + now.minute) - int(since[:2]) * 60 - int(since[3:])) in (0, 1, 1439)
