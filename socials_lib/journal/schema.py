"""Tables of the journal and the way from one schema version to the next.

The file is plain SQLite (WAL) and readable with any SQLite tool.  `synchronous = FULL`: what a
transaction says is on the disk before the next request leaves, also after a power cut; one commit
costs a few milliseconds, one request to a platform a few hundred.
"""

from __future__ import annotations

import sqlite3
import time

from socials_lib.errors import JournalError

#: Seconds to wait for another process that is writing.
PATIENCE = 30.0
#: Step n brings a file of version n to version n + 1.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE runs (
        run TEXT PRIMARY KEY, plan TEXT NOT NULL, mode TEXT NOT NULL, origin TEXT NOT NULL,
        started TEXT NOT NULL, ended TEXT, state TEXT NOT NULL, approvals TEXT NOT NULL,
        stopped_by TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '',
        hint TEXT NOT NULL DEFAULT ''
    );
    CREATE TABLE rows (
        id INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES runs(run), seq INTEGER NOT NULL,
        platform TEXT NOT NULL, account TEXT NOT NULL, file_id TEXT NOT NULL, path TEXT NOT NULL,
        action TEXT NOT NULL, state TEXT NOT NULL, row TEXT NOT NULL, outcome TEXT,
        UNIQUE (run, seq)
    );
    CREATE INDEX rows_open ON rows (state, platform, account);
    CREATE TABLE acts (
        id INTEGER PRIMARY KEY, row INTEGER NOT NULL REFERENCES rows(id), ord INTEGER NOT NULL,
        key TEXT NOT NULL, kind TEXT NOT NULL, act TEXT NOT NULL, state TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, first_sent TEXT, sent TEXT, answered TEXT,
        answer TEXT, not_before TEXT, message TEXT NOT NULL DEFAULT '',
        UNIQUE (row, key)
    );
    CREATE INDEX acts_row ON acts (row, ord);
    CREATE INDEX acts_open ON acts (state);
    CREATE TABLE published (
        platform TEXT NOT NULL, account TEXT NOT NULL, file_id TEXT NOT NULL, path TEXT NOT NULL,
        remote_id TEXT NOT NULL, media_id TEXT NOT NULL DEFAULT '', last TEXT NOT NULL,
        recorded_at TEXT NOT NULL,
        PRIMARY KEY (platform, account, file_id, path)
    );
    CREATE TABLE kept (
        id INTEGER PRIMARY KEY, platform TEXT NOT NULL, account TEXT NOT NULL,
        file_id TEXT NOT NULL, remote_id TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
        why TEXT NOT NULL, at TEXT NOT NULL
    );
    CREATE TABLE pace (key TEXT NOT NULL, at REAL NOT NULL);
    CREATE INDEX pace_key ON pace (key, at);
    CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL, at TEXT NOT NULL);
    """,
    # Change sets of bulk fixes: what IMatch held, what it was given, how far it came.
    """
    CREATE TABLE change_sets (
        change_set TEXT PRIMARY KEY, mode TEXT NOT NULL, origin TEXT NOT NULL,
        words TEXT NOT NULL DEFAULT '', recipe TEXT NOT NULL DEFAULT '',
        undoes TEXT NOT NULL DEFAULT '', started TEXT NOT NULL, ended TEXT, state TEXT NOT NULL,
        message TEXT NOT NULL DEFAULT '', hint TEXT NOT NULL DEFAULT ''
    );
    CREATE TABLE cells (
        id INTEGER PRIMARY KEY, change_set TEXT NOT NULL REFERENCES change_sets(change_set),
        seq INTEGER NOT NULL, file_id TEXT NOT NULL, path TEXT NOT NULL, title TEXT NOT NULL,
        field TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL, found TEXT,
        state TEXT NOT NULL, message TEXT NOT NULL DEFAULT '', hint TEXT NOT NULL DEFAULT '',
        UNIQUE (change_set, file_id, field)
    );
    CREATE INDEX cells_state ON cells (change_set, state);
    """,
    # Which run has a photo last (`Store.rows_left`).
    "CREATE INDEX rows_photo ON rows (file_id, platform);",
)
VERSION = len(MIGRATIONS)


def migrate(db: sqlite3.Connection) -> None:
    """Bring the file to this version; raises `JournalError` if a newer program wrote it."""
    if _checked_version(db) == VERSION:
        return
    _into_wal(db)
    db.execute("BEGIN IMMEDIATE")
    try:
        for step in range(_checked_version(db), VERSION):  # again: another process may be first
            for statement in MIGRATIONS[step].split(";"):
                if statement.strip():
                    db.execute(statement)
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _into_wal(db: sqlite3.Connection) -> None:
    """Write-ahead log: kept in the file, and not possible inside a transaction.

    Where several make a new journal at once, SQLite does not wait for the others at this step,
    whatever its time-out, because two of them could wait for each other.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > end:
                raise
        time.sleep(0.01)


def _checked_version(db: sqlite3.Connection) -> int:
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise JournalError(
            f"The journal was written by a newer version of this program (schema {version}).",
            hint="Update IMatch to Socials; the journal is left as it is.",
        )
    return version
