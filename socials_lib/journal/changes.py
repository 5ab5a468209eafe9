"""Change sets of bulk fixes: the old and the new value of every cell, and how far each came.

States of a cell: planned -> written -> verified -> undone.  `written` is on the disk before the
request leaves, `verified` after the value was read back.  Besides: `conflict` (somebody changed it
since; left alone), `same` (IMatch had the new value before we came: nothing to write, nothing to
undo), `failed` (nothing was written), `differs` (IMatch kept something else, see `found`).

States of a change set as those of a run: `running`, `done`, `stopped`, `halted`, `broken`.

What was undone by another change set is `undone`; undoing that one as well makes it `verified`
again, however long the chain.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from socials_lib.errors import JournalError
from socials_lib.journal.file import JournalFile, now, time_of
from socials_lib.journal.lock import RunLock
from socials_lib.models import Mode

Value = str | tuple[str, ...]

#: Cells in these states are gone on with.
LEFT = ("planned", "written")
#: Cells in these states have changed IMatch and can be put back.
IN_IMATCH = ("verified", "differs")


@dataclass(frozen=True, kw_only=True)
class NewCell:
    """A cell that is to be written: `old` is what must be there now."""

    file_id: str
    path: str
    title: str
    field: str
    old: Value
    new: Value


@dataclass(frozen=True, kw_only=True)
class StoredCell(NewCell):
    """A cell as the journal holds it; `found` is what was in IMatch instead, None if nothing."""

    ident: int
    state: str
    found: Value | None = None
    message: str = ""
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangeSetRun:
    """A change set as the history shows it: `counts` of its cells by state.

    `words` say what it does, `recipe` is its JSON; `undoes` names the change set it puts back.
    `cells` are only there if they were asked for.
    """

    change_set: str
    mode: Mode
    origin: str
    started: datetime
    ended: datetime | None
    state: str
    words: str = ""
    recipe: str = ""
    undoes: str = ""
    message: str = ""
    hint: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    cells: tuple[StoredCell, ...] = ()

    @property
    def is_running(self) -> bool:
        """True while some process writes it."""
        return self.state == "running"

    @property
    def left(self) -> int:
        """Cells that have not been written yet."""
        return sum(self.counts.get(one, 0) for one in LEFT)

    @property
    def can_undo(self) -> int:
        """Cells that can be put back."""
        return sum(self.counts.get(one, 0) for one in IN_IMATCH)


class ChangeSets(JournalFile):
    """The tables `change_sets` and `cells`."""

    def begin_changes(
        self,
        cells: Sequence[NewCell],
        *,
        mode: Mode,
        origin: str,
        words: str = "",
        recipe: str = "",
        undoes: str = "",
    ) -> str:
        """Write down a change set with all its cells before anything is written to IMatch.

        The caller holds the run lock, so whatever says that it is running died before.
        """
        at = now()
        name = f"c{at:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        with self._write() as db:
            db.execute("UPDATE change_sets SET state = 'broken' WHERE state = 'running'")
            db.execute(
                "INSERT INTO change_sets (change_set, mode, origin, words, recipe, undoes, started,"
                " state) VALUES (?, ?, ?, ?, ?, ?, ?, 'running')",
                (name, mode, origin, words, recipe, undoes, at.isoformat()),
            )
            db.executemany(
                "INSERT INTO cells (change_set, seq, file_id, path, title, field, old, new, state)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'planned')",
                [
                    (
                        *(name, seq, one.file_id, one.path, one.title, one.field),
                        *(_text(one.old), _text(one.new)),
                    )
                    for seq, one in enumerate(cells)
                ],
            )
        return name

    def reopen_changes(self, change_set: str) -> None:
        """A change set goes on; the caller holds the run lock."""
        with self._write() as db:
            db.execute("UPDATE change_sets SET state = 'broken' WHERE state = 'running'")
            db.execute(
                "UPDATE change_sets SET state = 'running', ended = NULL, message = '', hint = ''"
                " WHERE change_set = ?",
                (change_set,),
            )

    def end_changes(
        self, change_set: str, *, state: str, message: str = "", hint: str = ""
    ) -> None:
        """Close a change set: `done`, `stopped`, `halted`."""
        with self._write() as db:
            db.execute(
                "UPDATE change_sets SET ended = ?, state = ?, message = ?, hint = ?"
                " WHERE change_set = ?",
                (now().isoformat(), state, message, hint, change_set),
            )

    def set_cells(
        self,
        cells: Iterable[StoredCell],
        state: str,
        *,
        message: str = "",
        hint: str = "",
    ) -> None:
        """Another state for these cells, with the `found` of each; on the disk at return."""
        with self._write() as db:
            for one in cells:
                db.execute(
                    "UPDATE cells SET state = ?, found = ?, message = ?, hint = ? WHERE id = ?",
                    (
                        *(state, None if one.found is None else _text(one.found)),
                        *(message, hint, one.ident),
                    ),
                )
                if state in (*IN_IMATCH, "same"):
                    _turn(db, one.ident)

    def change_set(self, change_set: str) -> ChangeSetRun:
        """A change set with its cells; raises `JournalError` if it is not known."""
        with self._read() as db:
            row = db.execute(
                "SELECT * FROM change_sets WHERE change_set = ?", (change_set,)
            ).fetchone()
            if row is None:
                raise JournalError(
                    f"The journal knows no change set {change_set}.",
                    hint="See the history in 04_history.",
                )
            found = _stored(row, _counts(db, change_set))
            cells = db.execute(
                "SELECT * FROM cells WHERE change_set = ? ORDER BY seq", (change_set,)
            ).fetchall()
        return self._broken_too((replace(found, cells=tuple(map(_cell, cells))),))[0]

    def change_sets(self, *, limit: int = 100) -> tuple[ChangeSetRun, ...]:
        """Change sets without their cells, newest first; one whose process died is `broken`."""
        with self._read() as db:
            rows = db.execute(
                "SELECT * FROM change_sets ORDER BY started DESC, rowid DESC LIMIT ?", (limit,)
            ).fetchall()
            found = tuple(_stored(row, _counts(db, row["change_set"])) for row in rows)
        return self._broken_too(found)

    def _broken_too(self, found: tuple[ChangeSetRun, ...]) -> tuple[ChangeSetRun, ...]:
        if all(one.state != "running" for one in found):
            return found
        if RunLock(self.path.parent).owner() is not None:
            return found
        return tuple(
            replace(one, state="broken") if one.state == "running" else one for one in found
        )


def _turn(db: sqlite3.Connection, ident: int) -> None:
    """A cell that undoes another makes that one undone, and the one before it verified again."""
    state = "undone"
    row: Any = db.execute("SELECT change_set, file_id, field FROM cells WHERE id = ?", (ident,))
    change_set, file_id, name = row.fetchone()
    for _ in range(1_000):  # a chain cannot be a ring; a damaged journal must not hang us
        row = db.execute("SELECT undoes FROM change_sets WHERE change_set = ?", (change_set,))
        (change_set,) = row.fetchone() or ("",)
        if not change_set:
            return
        db.execute(
            "UPDATE cells SET state = ? WHERE change_set = ? AND file_id = ? AND field = ?"
            " AND state IN ('verified', 'differs', 'undone')",
            (state, change_set, file_id, name),
        )
        state = "verified" if state == "undone" else "undone"


def _counts(db: sqlite3.Connection, change_set: str) -> dict[str, int]:
    rows = db.execute(
        "SELECT state, count(*) FROM cells WHERE change_set = ? GROUP BY state", (change_set,)
    )
    return {state: int(count) for state, count in rows.fetchall()}


def _stored(row: sqlite3.Row, counts: Mapping[str, int]) -> ChangeSetRun:
    return ChangeSetRun(
        change_set=row["change_set"],
        mode=row["mode"],
        origin=row["origin"],
        started=datetime.fromisoformat(row["started"]),
        ended=time_of(row["ended"]),
        state=row["state"],
        words=row["words"],
        recipe=row["recipe"],
        undoes=row["undoes"],
        message=row["message"],
        hint=row["hint"],
        counts=counts,
    )


def _cell(row: sqlite3.Row) -> StoredCell:
    return StoredCell(
        ident=row["id"],
        file_id=row["file_id"],
        path=row["path"],
        title=row["title"],
        field=row["field"],
        old=_value(row["old"]),
        new=_value(row["new"]),
        found=None if row["found"] is None else _value(row["found"]),
        state=row["state"],
        message=row["message"],
        hint=row["hint"],
    )


def _text(value: Value) -> str:
    return json.dumps(value)


def _value(text: str) -> Value:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise JournalError(
            "The run journal holds a value of a change set that cannot be read.",
            hint="Was it changed by hand, or written by a newer version of this program?",
            details=f"{error}: {text[:200]}",
        ) from error
    return tuple(map(str, value)) if isinstance(value, list) else str(value)
