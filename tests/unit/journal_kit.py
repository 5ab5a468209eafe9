"""A journal with a run in it, for the tests of the journal."""

from __future__ import annotations

from pathlib import Path

from plan_kit import ACCOUNTS, only_row, pending, photo

from socials_lib.journal import Journal
from socials_lib.models import Act, PlanRow

PLATFORM, ACCOUNT = "flickr", "1@N01"
UPLOAD = Act(platform="flickr", kind="upload", main=True, repeatable=False, params={"tags": ["a"]})
ALBUM = Act(platform="flickr", kind="album_add", target="721", params={"category": "Socials|x"})


def new_journal(folder: Path) -> Journal:
    """A journal in a folder that is not there yet."""
    return Journal(folder / "data" / "journal.sqlite")


def again(journal: Journal) -> Journal:
    """The same file as another process sees it."""
    return Journal(journal.path)


def row_for(file_id="1201", platform="flickr") -> PlanRow:
    """The row of a new photo."""
    return only_row(pending(photo(file_id), platform))


def begin(journal, *rows, accounts=None, **more) -> str:
    """A run with these rows."""
    accounts = accounts or {name: facts.account for name, facts in ACCOUNTS.items()}
    values = {"plan_id": "p1", "mode": "demo", "origin": "test", "approvals": {"deletes": 3}}
    return journal.begin(rows=rows or (row_for(),), accounts=accounts, **{**values, **more})


def planned(journal, *acts, row=None):
    """Run, ident of its first row, and the acts of that row, which is open."""
    run = begin(journal, row or row_for())
    ident = journal.rows(run)[0].ident
    stored = journal.plan_acts(ident, acts or (UPLOAD, ALBUM))
    journal.set_row(ident, "open")
    return run, ident, stored


def states(journal, ident) -> list[str]:
    """The states of the acts of a row, read afresh."""
    return [one.state for one in again(journal).acts(ident)]
