"""The journal's file: plain SQLite, old and new versions, full disks, damage."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from journal_kit import UPLOAD, again, begin, planned, row_for, states
from plan_kit import ACCOUNTS

from socials_lib.errors import JournalError
from socials_lib.journal import Journal
from socials_lib.journal.schema import MIGRATIONS, VERSION
from socials_lib.models import Outcome


def test_the_file_is_plain_sqlite_in_wal_mode_and_every_commit_is_on_the_disk(journal):
    begin(journal)

    with closing(sqlite3.connect(journal.path)) as db:
        assert "wal" == db.execute("PRAGMA journal_mode").fetchone()[0]
        assert VERSION == db.execute("PRAGMA user_version").fetchone()[0]
        ((run, approvals),) = db.execute("SELECT state, approvals FROM runs").fetchall()
    with journal._read() as db:
        assert 2 == db.execute("PRAGMA synchronous").fetchone()[0]
    assert ("running", {"deletes": 3}) == (run, json.loads(approvals))


def test_opening_again_changes_nothing(journal):
    run = begin(journal)
    before = journal.rows(run)

    for _ in range(3):
        assert before == again(journal).rows(run)


def test_many_processes_may_be_the_first(tmp_path):
    def open_it(number):
        journal = Journal(tmp_path / "journal.sqlite")
        journal.set_fact(f"key {number}", number)
        return journal.fact(f"key {number}")[0]

    with ThreadPoolExecutor(6) as pool:
        assert [*range(12)] == list(pool.map(open_it, range(12)))


def test_one_who_is_just_making_the_file_is_waited_for(journal, monkeypatch):
    journal.path.parent.mkdir()
    with closing(sqlite3.connect(journal.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waits = []

        def the_other_ends(seconds):
            waits.append(seconds)
            other.execute("COMMIT")

        monkeypatch.setattr("socials_lib.journal.schema.time.sleep", the_other_ends)
        assert begin(journal)
    assert 1 == len(waits)


def test_a_half_made_file_is_completed(journal):
    journal.path.parent.mkdir()
    journal.path.touch()

    assert begin(journal) == journal.history()[0].run


def test_a_step_that_fails_leaves_the_old_version(journal, monkeypatch):
    run = begin(journal)
    steps = (*MIGRATIONS, "CREATE TABLE extra (a TEXT); CREATE TABLE runs (again TEXT);")
    with monkeypatch.context() as patch:
        patch.setattr("socials_lib.journal.schema.MIGRATIONS", steps)
        patch.setattr("socials_lib.journal.schema.VERSION", VERSION + 1)
        with pytest.raises(JournalError):
            journal.rows(run)

    assert 1 == len(journal.rows(run))


def test_a_newer_version_keeps_the_journal(journal, monkeypatch):
    run = begin(journal)
    steps = (*MIGRATIONS, "ALTER TABLE runs ADD COLUMN colour TEXT NOT NULL DEFAULT ''")
    monkeypatch.setattr("socials_lib.journal.schema.MIGRATIONS", steps)
    monkeypatch.setattr("socials_lib.journal.schema.VERSION", VERSION + 1)

    assert run == journal.history()[0].run
    assert run == again(journal).history()[0].run


def test_a_journal_of_a_newer_program_is_refused_and_left_as_it_is(journal):
    begin(journal)
    with closing(sqlite3.connect(journal.path)) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")

    for work in (lambda: begin(journal), journal.history):
        with pytest.raises(JournalError, match="newer version") as caught:
            work()
        assert "Update IMatch to Socials" in caught.value.hint
    with closing(sqlite3.connect(journal.path)) as db:
        assert VERSION + 1 == db.execute("PRAGMA user_version").fetchone()[0]


def test_a_file_that_is_no_journal_is_an_error_of_ours(journal):
    journal.path.parent.mkdir()
    journal.path.write_bytes(b"not a database, but somebody's notes" * 100)

    for work in (lambda: begin(journal), journal.history):
        with pytest.raises(JournalError) as caught:
            work()
        assert str(journal.path) in caught.value.details


def test_a_folder_that_cannot_be_made_is_an_error_of_ours(tmp_path):
    (tmp_path / "data").write_text("a file", encoding="utf-8")

    with pytest.raises(JournalError, match="cannot be written") as caught:
        begin(Journal(tmp_path / "data" / "journal.sqlite"))

    assert "write permission" in caught.value.hint


def test_a_file_that_may_only_be_read_is_an_error_of_ours(journal, monkeypatch):
    begin(journal)
    connect = sqlite3.connect

    def reading(path, **more):
        return connect(f"{Path(path).as_uri()}?mode=ro", uri=True, **more)

    monkeypatch.setattr("socials_lib.journal.file.sqlite3.connect", reading)
    with pytest.raises(JournalError, match="cannot be written"):
        begin(journal)
    assert 1 == len(journal.history())


def test_a_full_disk_stops_before_anything_is_sent_and_loses_nothing(journal, monkeypatch):
    run, ident, (upload, _album) = planned(journal)
    connect = sqlite3.connect

    def full(path, **more):
        db = connect(path, **more)
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages}")
        return db

    with monkeypatch.context() as patch:
        patch.setattr("socials_lib.journal.file.sqlite3.connect", full)
        with pytest.raises(JournalError, match="nothing is lost") as caught:
            journal.sent(upload.ident, replace(UPLOAD, params={"title": "x" * 100_000}))
    assert "full" in caught.value.details
    assert "planned" == states(journal, ident)[0]
    assert 1 == len(journal.rows(run))


def test_a_record_that_somebody_damaged_is_named(journal):
    run = begin(journal)
    with closing(sqlite3.connect(journal.path)) as db:
        db.execute("UPDATE rows SET row = '{\"file_id\": 7}'")
        db.commit()

    with pytest.raises(JournalError, match="holds a PlanRow that cannot be read"):
        journal.rows(run)


def test_a_damaged_table_is_an_error_of_ours(journal):
    run = begin(journal)
    with closing(sqlite3.connect(journal.path)) as db:
        db.execute("DROP TABLE acts")
        db.commit()

    with pytest.raises(JournalError, match="cannot be read"):
        journal.rows(run)


def test_a_journal_that_was_taken_away_starts_afresh(journal):
    begin(journal)
    for one in journal.path.parent.iterdir():
        one.unlink()

    assert () == journal.history()
    begin(journal)
    assert 1 == len(journal.history())


def test_an_error_of_ours_inside_a_transaction_takes_all_of_it_back(journal):
    with pytest.raises(KeyError):
        begin(journal, row_for("1"), accounts={"pixelfed": ACCOUNTS["pixelfed"].account})

    assert () == journal.history()


def test_odd_texts_survive(journal):
    odd = replace(row_for(), name="half \ud83d and 🚢 and ‮")
    run = begin(journal, odd)
    found = Outcome(file_id="1", name=odd.name, platform="flickr", action="add", state="done")
    journal.set_row(journal.rows(run)[0].ident, "done", found)

    stored = again(journal).rows(run)[0]
    assert (odd, found) == (stored.row, stored.outcome)
