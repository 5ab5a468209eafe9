"""Change sets in the journal: states, counts, chains of undoing, older files, damage."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from journal_kit import again, begin

from socials_lib.errors import JournalError
from socials_lib.journal import Journal, NewCell, RunLock
from socials_lib.journal.schema import MIGRATIONS, VERSION


def cell(file_id="1201", field="title", old="Old", new="New") -> NewCell:
    return NewCell(
        file_id=file_id, path=f"D:\\{file_id}.jpg", title="Dawn", field=field, old=old, new=new
    )


def write(journal, *cells, **more):
    name = journal.begin_changes(cells or (cell(),), mode="demo", origin="test", **more)
    return name, journal.change_set(name).cells


def test_old_and_new_values_are_on_the_disk_before_anything_is_written(journal):
    keywords = cell(field="keywords", old=("Straße", "b;c"), new=())
    name, _ = write(journal, cell(), keywords, words="2 values", recipe="{}")

    found = again(journal).change_set(name)

    assert [("title", "Old", "New"), ("keywords", ("Straße", "b;c"), ())] == [
        (one.field, one.old, one.new) for one in found.cells
    ]
    assert ({"planned": 2}, 2, 0) == (found.counts, found.left, found.can_undo)
    assert ("2 values", "{}", "demo", "test") == (
        found.words, found.recipe, found.mode, found.origin
    )  # fmt: skip


def test_a_cell_goes_through_its_states(journal):
    name, (one,) = write(journal)

    journal.set_cells([one], "written")
    assert (1, 0) == (journal.change_set(name).left, journal.change_set(name).can_undo)
    journal.set_cells([replace(one, found="Ne")], "differs", message="kept half", hint="look")

    (found,) = again(journal).change_set(name).cells
    assert ("differs", "Ne", "kept half", "look") == (
        found.state, found.found, found.message, found.hint
    )  # fmt: skip
    assert 1 == journal.change_set(name).can_undo


def test_a_chain_of_undoing_turns_each_time(journal):
    first, (one,) = write(journal)
    journal.set_cells([one], "verified")
    second, (two,) = write(journal, undoes=first)
    journal.set_cells([two], "verified")
    assert "undone" == journal.change_set(first).cells[0].state

    _, (three,) = write(journal, undoes=second)
    journal.set_cells([three], "verified")

    assert ["undone", "verified"] == [
        journal.change_set(name).cells[0].state for name in (second, first)
    ]


def test_undoing_a_part_leaves_the_rest(journal):
    first, cells = write(journal, cell(), cell(field="headline"), cell("1202"))
    journal.set_cells(cells, "verified")
    _, (back,) = write(journal, cell(field="headline"), undoes=first)

    journal.set_cells([back], "verified")

    assert {"verified": 2, "undone": 1} == journal.change_set(first).counts


def test_a_change_set_whose_process_died_is_broken(journal):
    name, _ = write(journal)
    with RunLock(journal.path.parent).held(origin="x"):
        assert "running" == journal.change_set(name).state

    assert "broken" == journal.change_set(name).state
    assert ["broken"] == [one.state for one in journal.change_sets()]
    other, _ = write(journal)
    with RunLock(journal.path.parent).held(origin="x"):
        assert {name: "broken", other: "running"} == {
            one.change_set: one.state for one in journal.change_sets()
        }


def test_change_sets_are_listed_newest_first_without_their_cells(journal):
    names = [write(journal)[0] for _ in range(3)]
    journal.end_changes(names[0], state="halted", message="No.", hint="Try.")

    found = journal.change_sets(limit=2)

    assert names[:0:-1] == [one.change_set for one in found]
    assert [(), ()] == [one.cells for one in found]
    ended = journal.change_set(names[0])
    assert ("halted", "No.", "Try.") == (ended.state, ended.message, ended.hint)
    assert ended.ended is not None
    journal.reopen_changes(names[0])
    assert (None, "") == (
        journal.change_set(names[0]).ended, journal.change_set(names[0]).message
    )  # fmt: skip


def test_a_cell_stands_in_a_change_set_once(journal):
    with pytest.raises(JournalError):
        write(journal, cell(), cell())

    assert () == journal.change_sets()


def test_runs_and_change_sets_do_not_know_each_other(journal):
    run = begin(journal)
    name, _ = write(journal)

    assert [run] == [one.run for one in journal.history()]
    assert [name] == [one.change_set for one in journal.change_sets()]
    with pytest.raises(JournalError, match="knows no change set"):
        journal.change_set(run)


def test_a_journal_of_the_first_version_is_brought_up(tmp_path):
    path = tmp_path / "journal.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in filter(str.strip, MIGRATIONS[0].split(";")):
            db.execute(statement)
        db.execute("INSERT INTO facts VALUES ('k', '1', '2026-11-22T00:00:00+00:00')")
        db.execute("PRAGMA user_version = 1")
    journal = Journal(path)

    name, _ = write(journal)

    assert 1 == journal.fact("k")[0]
    assert [name] == [one.change_set for one in journal.change_sets()]
    with closing(sqlite3.connect(path)) as db:
        assert VERSION == db.execute("PRAGMA user_version").fetchone()[0]


def test_a_value_that_cannot_be_read_is_a_clear_error(journal):
    name, _ = write(journal)
    with closing(sqlite3.connect(journal.path)) as db, db:
        db.execute("UPDATE cells SET old = 'x{'")

    with pytest.raises(JournalError, match="cannot be read"):
        journal.change_set(name)
