"""Reading and writing the journal: one connection per operation, short transactions."""

from __future__ import annotations

import contextlib
import json
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from socials_lib.errors import JournalError
from socials_lib.journal.schema import migrate
from socials_lib.models import (
    Account,
    Act,
    Answer,
    LastSent,
    Mode,
    OpenAct,
    Outcome,
    PlanRow,
    PlatformName,
    Run,
    from_plain,
    to_plain,
)

#: Acts in these states have not ended.
OPEN_ACTS = ("planned", "sent", "answered", "recorded", "waiting", "refused", "unknown")


@dataclass(frozen=True, kw_only=True)
class StoredAct:
    """An act as the journal holds it; `ident` is its row number in the table."""

    ident: int
    act: Act
    state: str
    attempts: int = 0
    first_sent: datetime | None = None
    answer: Answer | None = None
    not_before: datetime | None = None
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class StoredRow:
    """A row of a run as the journal holds it."""

    ident: int
    run: str
    account: str
    row: PlanRow
    state: str
    outcome: Outcome | None = None
    acts: tuple[StoredAct, ...] = ()


class Journal:
    """The journal file; `path` is made with its folder on first use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ready = False

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
        """Write down a run with its rows before anything is sent; returns the run's name."""
        now = _now()
        run = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        with self._write() as db:
            db.execute(
                "INSERT INTO runs (run, plan, mode, origin, started, state, approvals)"
                " VALUES (?, ?, ?, ?, ?, 'running', ?)",
                (run, plan_id, mode, origin, now.isoformat(), json.dumps(approvals)),
            )
            db.executemany(
                "INSERT INTO rows (run, seq, platform, account, file_id, path, action, state, row)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, 'planned', ?)",
                [
                    (
                        run,
                        seq,
                        row.platform,
                        accounts[row.platform].id,
                        row.file_id,
                        row.path,
                        row.action,
                        json.dumps(to_plain(row)),
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
                (_now().isoformat(), state, by, message, hint, run),
            )

    def reopen(self, run: str) -> None:
        """A run goes on: it is running again, what was left untouched is planned again."""
        with self._write() as db:
            db.execute("UPDATE runs SET ended = NULL, state = 'running' WHERE run = ?", (run,))
            db.execute(
                "UPDATE rows SET state = 'planned', outcome = NULL"
                " WHERE run = ? AND state IN ('untouched', 'planned')",
                (run,),
            )

    def rows(self, run: str) -> tuple[StoredRow, ...]:
        """All rows of a run in order, with their acts."""
        return self._rows("run = ? ORDER BY seq", (run,))

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
        text = json.dumps(to_plain(outcome)) if outcome is not None else None
        with self._write() as db:
            db.execute(
                "UPDATE rows SET state = ?, outcome = coalesce(?, outcome) WHERE id = ?",
                (state, text, ident),
            )

    def set_outcome(self, ident: int, outcome: Outcome) -> None:
        """How a row stands, without changing its state (it may still be resumed)."""
        with self._write() as db:
            db.execute(
                "UPDATE rows SET outcome = ? WHERE id = ?",
                (json.dumps(to_plain(outcome)), ident),
            )

    def approvals(self, run: str) -> dict[str, Any]:
        """What the person approved when the run began."""
        with self._read() as db:
            found = db.execute("SELECT approvals FROM runs WHERE run = ?", (run,)).fetchone()
        if found is None:
            raise JournalError(f"The journal knows no run {run}.", hint="See `socials history`.")
        return dict(json.loads(found[0]))

    # -- acts

    def plan_acts(self, row: int, acts: Sequence[Act]) -> tuple[StoredAct, ...]:
        """Write the acts of a row down as planned; acts already there keep their state."""
        with self._write() as db:
            db.executemany(
                "INSERT INTO acts (row, ord, key, kind, act, state) VALUES (?, ?, ?, ?, ?,"
                " 'planned') ON CONFLICT (row, key) DO UPDATE SET"
                " act = CASE state WHEN 'planned' THEN excluded.act ELSE act END",
                [
                    (row, order, act.key, act.kind, json.dumps(to_plain(act)))
                    for order, act in enumerate(acts)
                ],
            )
        return self.acts(row)

    def acts(self, row: int) -> tuple[StoredAct, ...]:
        """The acts of a row in order."""
        with self._read() as db:
            found = db.execute("SELECT * FROM acts WHERE row = ? ORDER BY ord, id", (row,))
            return tuple(_stored_act(one) for one in found.fetchall())

    def sent(self, ident: int, act: Act) -> None:
        """The request is about to leave: on the disk when this returns."""
        now = _now().isoformat()
        with self._write() as db:
            db.execute(
                "UPDATE acts SET state = 'sent', act = ?, attempts = attempts + 1, sent = ?,"
                " first_sent = coalesce(first_sent, ?) WHERE id = ?",
                (json.dumps(to_plain(act)), now, now, ident),
            )

    def answered(self, ident: int, answer: Answer) -> None:
        """The answer is here: on the disk when this returns."""
        with self._write() as db:
            db.execute(
                "UPDATE acts SET state = 'answered', answered = ?, answer = ? WHERE id = ?",
                (_now().isoformat(), json.dumps(to_plain(answer)), ident),
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
        """An open follow-up is to be tried again, with the target it has now."""
        with self._write() as db:
            db.execute(
                "UPDATE acts SET state = 'planned', act = ?, key = ?, not_before = NULL"
                " WHERE id = ?",
                (json.dumps(to_plain(act)), act.key, ident),
            )

    def open_acts(self, platform: PlatformName, account: str) -> tuple[OpenAct, ...]:
        """Acts of earlier runs that have not ended, for the plan: one per row or follow-up."""
        found = []
        for stored in self.open_rows(platform, account):
            remote = next(filter(None, map(_remote_id, stored.acts)), "")
            for one in stored.acts:
                if one.state in OPEN_ACTS:
                    found.append(_open_act(stored, one, remote))
            if stored.state == "open" and not stored.acts:
                found.append(_open_act(stored, None, remote))
        return tuple(found)

    # -- what is online

    def remember(self, platform: PlatformName, account: str, last: LastSent) -> None:
        """Keep what we last sent for a photo."""
        with self._write() as db:
            db.execute(
                "INSERT INTO published VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (platform, account, file_id, path) DO UPDATE SET"
                " remote_id = excluded.remote_id, media_id = excluded.media_id,"
                " last = excluded.last, recorded_at = excluded.recorded_at",
                (
                    platform,
                    account,
                    last.file_id,
                    last.path,
                    last.remote_id,
                    last.media_id,
                    json.dumps(to_plain(last)),
                    _now().isoformat(),
                ),
            )

    def forget(self, platform: PlatformName, account: str, file_id: str, path: str) -> None:
        """The photo is not online any more (or its id is to be forgotten)."""
        with self._write() as db:
            db.execute(
                "DELETE FROM published"
                " WHERE platform = ? AND account = ? AND file_id = ? AND path = ?",
                (platform, account, file_id, path),
            )

    def last_sent(self, platform: PlatformName, account: str) -> dict[str, LastSent]:
        """What we last sent, by file id (the caller compares the path)."""
        with self._read() as db:
            found = db.execute(
                "SELECT last FROM published WHERE platform = ? AND account = ?"
                " ORDER BY recorded_at",
                (platform, account),
            ).fetchall()
        all_sent = (from_plain(LastSent, json.loads(one[0])) for one in found)
        return {last.file_id: last for last in all_sent}

    def keep(
        self,
        platform: PlatformName,
        account: str,
        *,
        file_id: str,
        remote_id: str,
        values: Mapping[str, str],
        why: str,
    ) -> None:
        """Keep what is about to be overwritten or deleted online, field by field."""
        now = _now().isoformat()
        with self._write() as db:
            db.executemany(
                "INSERT INTO kept (platform, account, file_id, remote_id, field, value, why, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (platform, account, file_id, remote_id, name, value, why, now)
                    for name, value in values.items()
                ],
            )

    def kept(self, remote_id: str) -> tuple[dict[str, str], ...]:
        """What was kept of a remote photo, oldest first: `field`, `value`, `why`, `at`."""
        with self._read() as db:
            found = db.execute(
                "SELECT field, value, why, at FROM kept WHERE remote_id = ? ORDER BY id",
                (remote_id,),
            ).fetchall()
        return tuple(dict(one) for one in found)

    # -- history

    def history(self, *, limit: int = 100) -> tuple[Run, ...]:
        """Runs, newest first; a run whose process died is `broken` (the caller holds no lock)."""
        with self._read() as db:
            found = db.execute(
                "SELECT * FROM runs ORDER BY started DESC, run DESC LIMIT ?", (limit,)
            ).fetchall()
        return tuple(self._run(one) for one in found)

    def run(self, run: str) -> Run:
        """One run; raises `JournalError` if it is not known."""
        with self._read() as db:
            found = db.execute("SELECT * FROM runs WHERE run = ?", (run,)).fetchone()
        if found is None:
            raise JournalError(f"The journal knows no run {run}.", hint="See `socials history`.")
        return self._run(found)

    def _run(self, found: sqlite3.Row) -> Run:
        with self._read() as db:
            outcomes = db.execute(
                "SELECT outcome FROM rows WHERE run = ? AND outcome IS NOT NULL ORDER BY seq",
                (found["run"],),
            ).fetchall()
        return Run(
            run=found["run"],
            started=datetime.fromisoformat(found["started"]),
            ended=datetime.fromisoformat(found["ended"]) if found["ended"] else None,
            state=found["state"],
            mode=found["mode"],
            origin=found["origin"],
            plan_id=found["plan"],
            outcomes=tuple(from_plain(Outcome, json.loads(one[0])) for one in outcomes),
            stopped_by=found["stopped_by"],
            message=found["message"],
            hint=found["hint"],
        )

    # -- pace and facts

    def reserve(self, key: str, now: float, window: float, limit: int) -> float:
        """Mark a call at `now` (unix seconds) if fewer than `limit` lie in the last `window`.

        Returns 0.0 when marked, else the seconds until there is room (nothing is marked).
        """
        with self._write() as db:
            db.execute("DELETE FROM pace WHERE key = ? AND at <= ?", (key, now - window))
            count, oldest = db.execute(
                "SELECT count(*), min(at) FROM pace WHERE key = ?", (key,)
            ).fetchone()
            if count < limit:
                db.execute("INSERT INTO pace VALUES (?, ?)", (key, now))
                return 0.0
        return max(0.001, float(oldest) + window - now)

    def used(self, key: str, now: float, window: float) -> int:
        """How many calls lie in the last `window` seconds."""
        with self._read() as db:
            found = db.execute(
                "SELECT count(*) FROM pace WHERE key = ? AND at > ?", (key, now - window)
            ).fetchone()
        return int(found[0])

    def fact(self, key: str) -> tuple[Any, datetime] | None:
        """A cached fact (account, limits) with the time it was read."""
        with self._read() as db:
            found = db.execute("SELECT value, at FROM facts WHERE key = ?", (key,)).fetchone()
        if found is None:
            return None
        return json.loads(found[0]), datetime.fromisoformat(found[1])

    def set_fact(self, key: str, value: Any) -> None:
        """Cache a fact."""
        with self._write() as db:
            db.execute(
                "INSERT INTO facts VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
                " value = excluded.value, at = excluded.at",
                (key, json.dumps(to_plain(value)), _now().isoformat()),
            )

    # -- the file

    def _rows(self, where: str, values: Sequence[Any]) -> tuple[StoredRow, ...]:
        with self._read() as db:
            found = db.execute(f"SELECT * FROM rows WHERE {where}", values).fetchall()
        return tuple(self._stored_row(one) for one in found)

    def _stored_row(self, found: sqlite3.Row) -> StoredRow:
        outcome = found["outcome"]
        return StoredRow(
            ident=found["id"],
            run=found["run"],
            account=found["account"],
            row=from_plain(PlanRow, json.loads(found["row"])),
            state=found["state"],
            outcome=from_plain(Outcome, json.loads(outcome)) if outcome else None,
            acts=self.acts(found["id"]),
        )

    @contextlib.contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        with contextlib.closing(self._connect()) as db:
            yield db

    @contextlib.contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """One immediate transaction; a full disk or a broken file is a `JournalError`."""
        try:
            with contextlib.closing(self._connect()) as db:
                db.execute("BEGIN IMMEDIATE")
                try:
                    yield db
                    db.execute("COMMIT")
                except BaseException:
                    with contextlib.suppress(sqlite3.Error):
                        db.execute("ROLLBACK")
                    raise
        except sqlite3.Error as error:
            raise _cannot_write(self.path, error) from error

    def _connect(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(self.path, timeout=30, isolation_level=None)
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA synchronous = FULL")
            if not self._ready:
                db.execute("PRAGMA journal_mode = WAL")
                migrate(db)
                self._ready = True
        except (sqlite3.Error, OSError) as error:
            raise _cannot_write(self.path, error) from error
        return db


def _cannot_write(path: Path, error: Exception) -> JournalError:
    return JournalError(
        "The run journal cannot be written, so nothing more is sent; nothing is lost.",
        hint=f"Check free space and write permission of {path.parent}, then go on.",
        details=f"{path}: {error}",
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _remote_id(one: StoredAct) -> str:
    return one.answer.remote_id if one.answer is not None else ""


def _stored_act(found: sqlite3.Row) -> StoredAct:
    def when(name: str) -> datetime | None:
        return datetime.fromisoformat(found[name]) if found[name] else None

    return StoredAct(
        ident=found["id"],
        act=from_plain(Act, json.loads(found["act"])),
        state=found["state"],
        attempts=found["attempts"],
        first_sent=when("first_sent"),
        answer=from_plain(Answer, json.loads(found["answer"])) if found["answer"] else None,
        not_before=when("not_before"),
        message=found["message"],
    )


def _open_act(stored: StoredRow, one: StoredAct | None, remote_id: str) -> OpenAct:
    state = one.state if one else "open"
    return OpenAct(
        platform=stored.row.platform,
        file_id=stored.row.file_id,
        action=stored.row.action,
        state=state if state in ("waiting", "refused", "unknown") else "open",
        remote_id=remote_id or stored.row.remote_id,
        not_before=one.not_before if one else None,
        message=one.message if one else "",
        target=one.act.target if one else "",
        category=str(one.act.params.get("category", "")) if one else "",
    )
