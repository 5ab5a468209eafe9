"""Runs, rows and acts in the journal."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from socials_lib.errors import JournalError
from socials_lib.journal.changes import ChangeSets
from socials_lib.journal.file import now, text_of
from socials_lib.journal.file import stored as from_stored
from socials_lib.journal.lock import RunLock
from socials_lib.journal.memory import Memory
from socials_lib.journal.stored import (
    OPEN_ACTS,
    StoredAct,
    StoredRow,
    open_acts_of,
    stored_act,
    stored_row,
    stored_run,
)
from socials_lib.models import (
    Account,
    Act,
    Answer,
    Mode,
    OpenAct,
    Outcome,
    PlanRow,
    PlatformName,
    Run,
    to_plain,
)

_ACTS = "SELECT * FROM acts WHERE row = ? ORDER BY ord, id"
_ROWS_LEFT = (
    "SELECT platform, file_id FROM rows AS mine WHERE run = ? AND (state = 'open' OR"
    " (state = 'planned' AND NOT EXISTS (SELECT 1 FROM rows AS later WHERE later.id > mine.id"
    " AND (later.platform, later.account, later.file_id, later.path)"
    " = (mine.platform, mine.account, mine.file_id, mine.path)))) ORDER BY seq"
)
_OUTCOMES = "SELECT outcome FROM rows WHERE run = ? AND outcome IS NOT NULL ORDER BY seq"


class Journal(Memory, ChangeSets):
    """The journal; the run lock is expected beside its file."""

    # -- runs and rows

    def begin(
        self,
        *,
        plan_id: str,
        mode: Mode,
        origin: str,
        rows: Sequence[PlanRow],
        accounts: Mapping[PlatformName, Account],
        approvals: Mapping[str, Any],
    ) -> str:
        """Write down a run with its rows before anything is sent; returns the run's name.

        The caller holds the run lock, so whatever says that it is running died before.
        """
        at = now()
        run = f"{at:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        with self._write() as db:
            db.execute("UPDATE runs SET state = 'broken' WHERE state = 'running'")
            db.execute(
                "INSERT INTO runs (run, plan, mode, origin, started, state, approvals)"
                " VALUES (?, ?, ?, ?, ?, 'running', ?)",
                (run, plan_id, mode, origin, at.isoformat(), json.dumps(approvals)),
            )
            db.executemany(
                "INSERT INTO rows (run, seq, platform, account, file_id, path, action, state, row)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, 'planned', ?)",
                [
                    (
                        *(run, seq, row.platform, accounts[row.platform].id),
                        *(row.file_id, row.path, row.action, text_of(row)),
                    )
                    for seq, row in enumerate(rows)
                ],
            )
        return run

    def end(self, run: str, *, state: str, by: str = "", message: str = "", hint: str = "") -> None:
        """Close a run: `done`, `stopped`, `halted`."""
        with self._write() as db:
            db.execute(
                "UPDATE runs SET ended = ?, state = ?, stopped_by = ?, message = ?, hint = ?"
                " WHERE run = ?",
                (now().isoformat(), state, by, message, hint, run),
            )

    def reopen(self, run: str) -> None:
        """A run goes on: it is running again, what was left untouched is planned again.

        The caller holds the run lock, so whatever else says that it is running died before.
        """
        with self._write() as db:
            db.execute("UPDATE runs SET state = 'broken' WHERE state = 'running'")
            db.execute("UPDATE runs SET ended = NULL, state = 'running' WHERE run = ?", (run,))
            db.execute(
                "UPDATE rows SET state = 'planned', outcome = NULL"
                " WHERE run = ? AND state IN ('untouched', 'planned')",
                (run,),
            )

    def rows(self, run: str) -> tuple[StoredRow, ...]:
        """All rows of a run in order, with their acts."""
        return self._rows("run = ? ORDER BY seq", (run,))

    def rows_left(self, run: str) -> tuple[tuple[PlatformName, str], ...]:
        """Platform and file id of the rows that were approved and have not ended.

        A row that never began and that a later run took over is that run's.
        """
        with self._read() as db:
            found = db.execute(_ROWS_LEFT, (run,)).fetchall()
        waiting = set(self.approvals(run).get("waiting", ()))
        return tuple((name, one) for name, one in found if f"{name}:{one}" not in waiting)

    def open_rows(self, platform: PlatformName, account: str) -> tuple[StoredRow, ...]:
        """Rows of earlier runs that have begun and not ended, or have open follow-ups, by age."""
        marks = ",".join("?" * len(OPEN_ACTS))
        return self._rows(
            "platform = ? AND account = ? AND (state = 'open' OR (state IN ('done', 'unknown')"
            f" AND id IN (SELECT row FROM acts WHERE state IN ({marks})))) ORDER BY id",
            (platform, account, *OPEN_ACTS),
        )

    def set_row(self, ident: int, state: str, outcome: Outcome | None = None) -> None:
        """State and, once known, outcome of a row."""
        with self._write() as db:
            db.execute(
                "UPDATE rows SET state = ?, outcome = coalesce(?, outcome) WHERE id = ?",
                (state, text_of(outcome) if outcome is not None else None, ident),
            )

    def set_outcome(self, ident: int, outcome: Outcome) -> None:
        """How a row stands, without changing its state (it may still be resumed)."""
        with self._write() as db:
            db.execute("UPDATE rows SET outcome = ? WHERE id = ?", (text_of(outcome), ident))

    def outcome(self, ident: int) -> Outcome | None:
        """How a row stands by now, None if nothing was written down yet."""
        with self._read() as db:
            found = db.execute("SELECT outcome FROM rows WHERE id = ?", (ident,)).fetchone()
        return from_stored(Outcome, found[0]) if found and found[0] else None

    def note_settled(self, run: str, outcomes: Sequence[Outcome]) -> None:
        """What a run did for rows of earlier runs: its history tells it, the rows stay theirs."""
        if not outcomes:
            return
        with self._write() as db:
            found = db.execute("SELECT approvals FROM runs WHERE run = ?", (run,)).fetchone()
            told = {**json.loads(found[0]), "settled": to_plain(outcomes)}
            db.execute("UPDATE runs SET approvals = ? WHERE run = ?", (json.dumps(told), run))

    def ended_rows(self, plan_id: str) -> frozenset[tuple[str, str]]:
        """Platform and file id of the rows that earlier runs of a plan brought to their end."""
        with self._read() as db:
            found = db.execute(
                "SELECT platform, file_id FROM rows WHERE state IN ('done', 'skipped')"
                " AND run IN (SELECT run FROM runs WHERE plan = ?)",
                (plan_id,),
            ).fetchall()
        return frozenset((one[0], one[1]) for one in found)

    def approvals(self, run: str) -> dict[str, Any]:
        """What the person approved when the run began."""
        with self._read() as db:
            found = db.execute("SELECT approvals FROM runs WHERE run = ?", (run,)).fetchone()
        if found is None:
            raise _unknown_run(run)
        return dict(json.loads(found[0]))

    # -- acts

    def plan_acts(self, row: int, acts: Sequence[Act]) -> tuple[StoredAct, ...]:
        """Write the acts of a row down as planned, in this order.

        Acts that have happened, or may have, keep their state.  What was dropped (a stop before
        its turn) or failed (a definite no: nothing happened) is planned again.
        """
        with self._write() as db:
            db.executemany(
                "INSERT INTO acts (row, ord, key, kind, act, state) VALUES (?, ?, ?, ?, ?,"
                " 'planned') ON CONFLICT (row, key) DO UPDATE SET ord = excluded.ord,"
                " act = CASE WHEN state IN ('planned', 'dropped', 'failed')"
                " THEN excluded.act ELSE act END,"
                " state = CASE WHEN state IN ('dropped', 'failed') THEN 'planned' ELSE state END",
                [(row, order, act.key, act.kind, text_of(act)) for order, act in enumerate(acts)],
            )
        return self.acts(row)

    def acts(self, row: int) -> tuple[StoredAct, ...]:
        """The acts of a row in order."""
        with self._read() as db:
            return tuple(map(stored_act, db.execute(_ACTS, (row,)).fetchall()))

    def sent(self, ident: int, act: Act) -> None:
        """The request is about to leave: on the disk when this returns."""
        at = now().isoformat()
        with self._write() as db:
            db.execute(
                "UPDATE acts SET state = 'sent', act = ?, attempts = attempts + 1, sent = ?,"
                " first_sent = coalesce(first_sent, ?) WHERE id = ?",
                (text_of(act), at, at, ident),
            )

    def answered(self, ident: int, answer: Answer) -> None:
        """The answer is here: on the disk when this returns."""
        with self._write() as db:
            db.execute(
                "UPDATE acts SET state = 'answered', answered = ?, answer = ? WHERE id = ?",
                (now().isoformat(), text_of(answer), ident),
            )

    def set_act(
        self, ident: int, state: str, *, not_before: datetime | None = None, message: str = ""
    ) -> None:
        """Any other state of an act."""
        when = not_before.isoformat() if not_before else None
        with self._write() as db:
            db.execute(
                "UPDATE acts SET state = ?, not_before = ?, message = ? WHERE id = ?",
                (state, when, message, ident),
            )

    def replan(self, ident: int, act: Act) -> None:
        """An open follow-up is to be tried again, with the target it has now.

        If another act of the row has that target already, this one is dropped.
        """
        with self._write() as db:
            db.execute(
                "UPDATE OR IGNORE acts SET state = 'planned', act = ?, key = ?, not_before = NULL"
                " WHERE id = ?",
                (text_of(act), act.key, ident),
            )
            db.execute(
                "UPDATE acts SET state = 'dropped', message = 'another act does the same'"
                " WHERE id = ? AND key <> ?",
                (ident, act.key),
            )

    def open_acts(self, platform: PlatformName, account: str) -> tuple[OpenAct, ...]:
        """Acts of earlier runs that have not ended, for the plan."""
        rows = self.open_rows(platform, account)
        return tuple(one for stored in rows for one in open_acts_of(stored))

    def ids_beside(self, ident: int) -> frozenset[str]:
        """Remote ids that are not this act's: what its account has published by all others.

        Forgotten ones too, as far as an act of this journal came back with them.
        """
        who = "FROM acts JOIN rows ON rows.id = acts.row WHERE acts.id = ?"
        with self._read() as db:
            published = db.execute(
                "SELECT remote_id FROM published WHERE (platform, account) ="
                f" (SELECT platform, account {who})",
                (ident,),
            ).fetchall()
            answers = db.execute(
                "SELECT answer FROM acts JOIN rows ON rows.id = acts.row WHERE acts.id <> ?"
                " AND kind IN ('upload', 'status') AND answer IS NOT NULL"
                f" AND (platform, account) = (SELECT platform, account {who})",
                (ident, ident),
            ).fetchall()
        found = {one["remote_id"] for one in published}
        found |= {from_stored(Answer, one["answer"]).remote_id for one in answers}
        return frozenset(found - {""})

    # -- history

    def history(self, *, limit: int = 100) -> tuple[Run, ...]:
        """Runs, newest first; a run whose process died is `broken`."""
        with self._read() as db:
            runs = db.execute(
                "SELECT * FROM runs ORDER BY started DESC, run DESC LIMIT ?", (limit,)
            ).fetchall()
            found = tuple(
                stored_run(one, db.execute(_OUTCOMES, (one["run"],)).fetchall()) for one in runs
            )
        return self._with_broken(found)

    def run(self, run: str) -> Run:
        """One run; raises `JournalError` if it is not known."""
        with self._read() as db:
            found = db.execute("SELECT * FROM runs WHERE run = ?", (run,)).fetchone()
            outcomes = db.execute(_OUTCOMES, (run,)).fetchall()
        if found is None:
            raise _unknown_run(run)
        return self._with_broken((stored_run(found, outcomes),))[0]

    def _with_broken(self, runs: tuple[Run, ...]) -> tuple[Run, ...]:
        """A run that says it is running while nobody holds the run lock has died."""
        if all(one.state != "running" for one in runs):
            return runs
        if RunLock(self.path.parent).owner() is not None:
            return runs
        return tuple(
            replace(one, state="broken") if one.state == "running" else one for one in runs
        )

    def _rows(self, where: str, values: Sequence[Any]) -> tuple[StoredRow, ...]:
        with self._read() as db:
            found = db.execute(f"SELECT * FROM rows WHERE {where}", values).fetchall()
            return tuple(
                stored_row(one, db.execute(_ACTS, (one["id"],)).fetchall()) for one in found
            )


def _unknown_run(run: str) -> JournalError:
    return JournalError(f"The journal knows no run {run}.", hint="See `socials history`.")
