"""The journal and its lock between real processes, and after one of them was killed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from socials_lib.errors import AnotherRun, JournalError
from socials_lib.journal import Journal, RunLock

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys
from pathlib import Path
from socials_lib.journal import Journal, RunLock
home = Path(sys.argv[1])
with RunLock(home).held(origin="the notebook 01_sync", run="r7"):
    print("held", flush=True)
    sys.stdin.read()
"""
SEND = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from journal_kit import ALBUM, UPLOAD, planned
from socials_lib.journal import Journal
from socials_lib.models import Answer
journal = Journal(Path(sys.argv[1]) / "journal.sqlite")
run, ident, (upload, album) = planned(journal)
journal.sent(upload.ident, UPLOAD)
if sys.argv[3] == "answered":
    journal.answered(upload.ident, Answer(remote_id="5301"))
os._exit(9)
"""
KNOCK = """
import sys
from pathlib import Path
from socials_lib.journal import Journal
journal = Journal(Path(sys.argv[1]) / "journal.sqlite")
print(sum(journal.reserve("k", 1000.0, 60.0, 30) == 0.0 for _ in range(25)))
"""


def start(script, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@contextmanager
def holder(home):
    """Another process that carries out a run; it is over when its input ends."""
    with start(HOLD, home) as process:
        try:
            assert process.stdout is not None
            assert "held\n" == process.stdout.readline()
            yield process
        finally:
            process.kill()


def test_a_second_process_is_refused_and_told_who_is_at_work(tmp_path):
    with holder(tmp_path) as other:
        with (
            pytest.raises(AnotherRun) as caught,
            RunLock(tmp_path).held(origin="the command line"),
        ):
            pass
        owner = RunLock(tmp_path).owner()

    assert "another_run" == caught.value.code
    assert f"the notebook 01_sync (process {other.pid})" in str(caught.value)
    assert re.search(r", since \d\d:\d\d\.$", str(caught.value))  # of this computer's clock
    assert other.pid == json.loads(caught.value.details)["pid"]
    assert (other.pid, "r7") == (owner["pid"], owner["run"])


def test_a_lock_whose_process_was_killed_is_free_again(tmp_path):
    with holder(tmp_path):
        pass

    assert RunLock(tmp_path).owner() is None
    with RunLock(tmp_path).held(origin="the next run"):
        assert "the next run" == RunLock(tmp_path).owner()["origin"]
    assert RunLock(tmp_path).owner() is None


def test_while_another_process_is_at_work_everybody_may_mark_and_read(tmp_path):
    journal = Journal(tmp_path / "journal.sqlite")
    with holder(tmp_path):
        assert 0.0 == journal.reserve("k", 1000.0, 60.0, 1)
        journal.set_fact("a", 1)
        assert () == journal.history()


@pytest.mark.parametrize(("reached", "remote_id"), [("sent", ""), ("answered", "5301")])
def test_what_a_process_wrote_before_it_was_killed_is_known(tmp_path, reached, remote_id):
    with start(SEND, tmp_path, Path(__file__).parent, reached) as process:
        assert 9 == process.wait(30)

    journal = Journal(tmp_path / "journal.sqlite")
    upload, album = journal.open_acts("flickr", "1@N01")
    assert ("open", remote_id, "1201") == (upload.state, upload.remote_id, upload.file_id)
    assert "721" == album.target
    assert ["broken"] == [one.state for one in journal.history()]
    (row,) = journal.open_rows("flickr", "1@N01")
    assert [reached, "planned"] == [one.state for one in row.acts]


def test_two_processes_share_one_budget(tmp_path):
    with start(KNOCK, tmp_path) as one, start(KNOCK, tmp_path) as other:
        marks = [int(process.communicate(timeout=30)[0]) for process in (one, other)]

    assert 30 == sum(marks)


def test_the_same_process_cannot_run_twice_either(tmp_path):
    lock = RunLock(tmp_path)
    with lock.held(origin="a notebook"):
        with pytest.raises(AnotherRun, match="a notebook"), lock.held(origin="another tab"):
            pass
        assert "a notebook" == lock.owner()["origin"]


def test_a_run_that_fails_gives_the_lock_back(tmp_path):
    with pytest.raises(ZeroDivisionError), RunLock(tmp_path).held(origin="x"):
        raise ZeroDivisionError

    assert RunLock(tmp_path).owner() is None
    assert not (tmp_path / "run-owner.json").exists()


@pytest.mark.parametrize("card", ["", "{", "[]", "null"])
def test_an_unreadable_card_still_says_that_somebody_is_at_work(tmp_path, card):
    with RunLock(tmp_path).held(origin="x"):
        (tmp_path / "run-owner.json").write_text(card, encoding="utf-8")

        assert {} == RunLock(tmp_path).owner()
        with pytest.raises(AnotherRun, match="another process"), RunLock(tmp_path).held(origin="y"):
            pass


def test_nobody_is_the_owner_of_a_new_folder(tmp_path):
    assert RunLock(tmp_path / "new").owner() is None
    assert not (tmp_path / "new").exists()


def test_a_lock_that_cannot_be_made_is_an_error_of_ours(tmp_path):
    (tmp_path / "data").write_text("a file", encoding="utf-8")

    with (
        pytest.raises(JournalError, match="nothing is sent"),
        RunLock(tmp_path / "data").held(origin="x"),
    ):
        pass
