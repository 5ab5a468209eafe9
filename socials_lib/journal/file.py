"""The journal's file: one connection per operation, short transactions, errors in our words."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from socials_lib.errors import JournalError
from socials_lib.journal.schema import PATIENCE, migrate
from socials_lib.models import from_plain, to_plain

Record = TypeVar("Record")


class JournalFile:
    """The SQLite file; `path` is made with its folder on first use, and again if it is gone."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextlib.contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        """One connection for reading; a broken or locked file is a `JournalError`."""
        with contextlib.closing(self._connect()) as db:
            try:
                yield db
            except sqlite3.Error as error:
                raise cannot_read(self.path, error) from error

    @contextlib.contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """One immediate transaction; a full disk or a broken file is a `JournalError`."""
        with contextlib.closing(self._connect()) as db:
            try:
                db.execute("BEGIN IMMEDIATE")
                try:
                    yield db
                    db.execute("COMMIT")
                except BaseException:
                    with contextlib.suppress(sqlite3.Error):
                        db.execute("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                raise cannot_write(self.path, error) from error

    def _connect(self) -> sqlite3.Connection:
        db = None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA synchronous = FULL")
            migrate(db)
        except BaseException as error:
            if db is not None:
                db.close()
            if isinstance(error, (sqlite3.Error, OSError)):
                raise cannot_write(self.path, error) from error
            raise
        return db


def cannot_write(path: Path, error: Exception) -> JournalError:
    """The journal cannot be written (or not be opened, which comes to the same)."""
    return JournalError(
        "The run journal cannot be written, so nothing more is sent; nothing is lost.",
        hint=f"Check free space and write permission of {path.parent}, then go on.",
        details=f"{path}: {error}",
    )


def cannot_read(path: Path, error: Exception) -> JournalError:
    """The journal holds something that cannot be read."""
    return JournalError(
        "The run journal cannot be read, so nothing is sent.",
        hint=f"Put {path.name} of {path.parent} back from a copy. Without one move it away, and let"
        " `02_audit` link what is online before you make a plan.",
        details=f"{path}: {error}",
    )


def stored(kind: type[Record], text: str) -> Record:
    """The record in a column; raises `JournalError` if there is none."""
    try:
        return from_plain(kind, json.loads(text))
    except ValueError as error:
        raise JournalError(
            f"The run journal holds a {kind.__name__} that cannot be read.",
            hint="Was it changed by hand, or written by a newer version of this program?",
            details=f"{error}: {text[:200]}",
        ) from error


def text_of(value: Any) -> str:
    """A record as the text of a column."""
    return json.dumps(to_plain(value))


def now() -> datetime:
    """The time that is written down: aware, UTC."""
    return datetime.now(UTC)


def time_of(text: str | None) -> datetime | None:
    """The time in a column, None if it is empty."""
    return datetime.fromisoformat(text) if text else None
