"""What the journal remembers besides runs: what is online, kept texts, pace, cached facts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from socials_lib.journal.file import JournalFile, now, stored, text_of
from socials_lib.models import LastSent, PlatformName


class Memory(JournalFile):
    """The tables `published`, `kept`, `pace`, `facts`."""

    def remember(self, platform: PlatformName, account: str, last: LastSent) -> None:
        """Keep what we last sent for a photo; a file that was renamed since is not kept twice."""
        who = (platform, account, last.file_id)
        with self._write() as db:
            db.execute(
                "DELETE FROM published WHERE platform = ? AND account = ? AND file_id = ?"
                " AND remote_id = ? AND path <> ?",
                (*who, last.remote_id, last.path),
            )
            db.execute(
                "INSERT INTO published VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (platform, account, file_id, path) DO UPDATE SET"
                " remote_id = excluded.remote_id, media_id = excluded.media_id,"
                " last = excluded.last, recorded_at = excluded.recorded_at",
                (
                    *(*who, last.path, last.remote_id, last.media_id),
                    *(text_of(last), now().isoformat()),
                ),
            )

    def forget(
        self,
        platform: PlatformName,
        account: str,
        file_id: str,
        path: str,
        *,
        remote_id: str = "",
    ) -> None:
        """The photo is not online any more (or its id is to be forgotten).

        With `remote_id` that id is forgotten for every file: it may have been sent from another
        (the person switched from a version to its master).
        """
        with self._write() as db:
            db.execute(
                "DELETE FROM published WHERE platform = ? AND account = ?"
                " AND ((file_id = ? AND path = ?) OR (remote_id = ? AND remote_id <> ''))",
                (platform, account, file_id, path, remote_id),
            )

    def last_sent(
        self,
        platform: PlatformName,
        account: str,
        *,
        paths: Mapping[str, str] | None = None,
        only: bool = False,
    ) -> dict[str, LastSent]:
        """What we last sent, by file id (the caller compares the path).

        Two databases may use the same file id: `paths` (by file id) says which file is meant,
        without it the one sent last.  `only` what has one of these ids or paths: the rest is not
        even read.
        """
        wanted = paths or {}
        marks = ",".join("?" * len(wanted))
        these = f" AND (file_id IN ({marks}) OR path IN ({marks}))" if only else ""
        with self._read() as db:
            rows = db.execute(
                "SELECT file_id, path, last FROM published WHERE platform = ? AND account = ?"
                f"{these} ORDER BY recorded_at",
                (platform, account, *((*wanted, *wanted.values()) if only else ())),
            ).fetchall()
        rows.sort(
            key=lambda one: wanted.get(one["file_id"]) == one["path"]
        )  # stable; the last wins
        return {one["file_id"]: stored(LastSent, one["last"]) for one in rows}

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
        at = now().isoformat()
        with self._write() as db:
            db.executemany(
                "INSERT INTO kept (platform, account, file_id, remote_id, field, value, why, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (platform, account, file_id, remote_id, name, value, why, at)
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

    # -- pace and facts

    def reserve(self, key: str, now: float, window: float, limit: int) -> float:
        """Mark a call at `now` (unix seconds) if fewer than `limit` lie in the last `window`.

        Returns 0.0 when marked, else the seconds until there is room (nothing is marked).  Marks
        further ahead than a window come from a clock that was wrong, and go.
        """
        with self._write() as db:
            db.execute(
                "DELETE FROM pace WHERE key = ? AND (at <= ? OR at > ?)",
                (key, now - window, now + window),
            )
            count, oldest = db.execute(
                "SELECT count(*), min(at) FROM pace WHERE key = ?", (key,)
            ).fetchone()
            if count < limit:
                db.execute("INSERT INTO pace VALUES (?, ?)", (key, now))
                return 0.0
        return window if oldest is None else max(0.001, float(oldest) + window - now)

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

    def facts(self, prefix: str) -> dict[str, Any]:
        """All facts whose key begins with `prefix`, by the rest of the key."""
        with self._read() as db:
            rows = db.execute(
                "SELECT key, value FROM facts WHERE substr(key, 1, length(?)) = ?",
                (prefix, prefix),
            ).fetchall()
        return {one["key"][len(prefix) :]: json.loads(one["value"]) for one in rows}

    def drop_facts(self, prefix: str) -> None:
        """Forget all facts whose key begins with `prefix`."""
        with self._write() as db:
            db.execute("DELETE FROM facts WHERE substr(key, 1, length(?)) = ?", (prefix, prefix))

    def drop_fact(self, key: str) -> None:
        """Forget the fact with just this key."""
        with self._write() as db:
            db.execute("DELETE FROM facts WHERE key = ?", (key,))

    def set_fact(self, key: str, value: Any) -> None:
        """Cache a fact."""
        with self._write() as db:
            db.execute(
                "INSERT INTO facts VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
                " value = excluded.value, at = excluded.at",
                (key, text_of(value), now().isoformat()),
            )
