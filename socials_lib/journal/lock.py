"""One process at a time carries out: a file lock whose owner is named beside it."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from socials_lib.errors import AnotherRun, JournalError

#: Seconds: long enough for somebody who only asks for the owner to let go again.
_PATIENCE = 0.3


class RunLock:
    """The lock `run.lock` in the data folder and its owner's card `run-owner.json`.

    The lock itself is the operating system's and ends with its process, however it dies; the card
    only says whom to name in the message.
    """

    def __init__(self, home: Path) -> None:
        self._lock_path = home / "run.lock"
        self._card_path = home / "run-owner.json"

    @contextlib.contextmanager
    def held(self, *, origin: str, run: str = "") -> Iterator[None]:
        """Hold the lock for a run; raises `AnotherRun` naming the other process."""
        lock = self._lock()
        try:
            self._lock_path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=_PATIENCE, poll_interval=0.02)
        except Timeout:
            raise self._taken() from None
        except OSError as error:
            raise self._unusable(error) from error
        try:
            self._write_card(origin=origin, run=run)
            yield
        finally:
            with contextlib.suppress(OSError):  # on Windows while somebody reads it
                self._card_path.unlink(missing_ok=True)
            lock.release()

    def owner(self) -> dict[str, Any] | None:
        """Who carries out just now: `origin`, `pid`, `since`, `run`; None if nobody does."""
        if not self._lock_path.exists():
            return None
        probe = self._lock()
        try:
            probe.acquire(timeout=0)
        except Timeout:
            return self._card()
        except OSError as error:
            raise self._unusable(error) from error
        probe.release()
        return None

    def _lock(self) -> FileLock:
        return FileLock(self._lock_path, thread_local=False)

    def _unusable(self, error: OSError) -> JournalError:
        return JournalError(
            f"{self._lock_path.name} cannot be used, so nothing is sent: without it two runs could"
            " publish the same photo.",
            hint=f"Check free space and write permission of {self._lock_path.parent}.",
            details=str(error),
        )

    def _taken(self) -> AnotherRun:
        card = self._card()
        since = _clock(str(card.get("since", "")))
        who = f"{card.get('origin') or 'another process'} (process {card.get('pid', '?')})"
        return AnotherRun(
            f"Another run is under way: {who}{f', since {since}' if since else ''}.",
            hint="Wait until it has ended, or ask it to stop: `socials stop`.",
            details=json.dumps(card),
        )

    def _card(self) -> dict[str, Any]:
        try:
            card = json.loads(self._card_path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}  # just being written, or just gone
        return card if isinstance(card, dict) else {}

    def _write_card(self, *, origin: str, run: str) -> None:
        """The card is a courtesy: a disk without room for it is the journal's to report."""
        since = datetime.now(UTC).isoformat(timespec="seconds")
        card = {"origin": origin, "pid": os.getpid(), "since": since, "run": run}
        with contextlib.suppress(OSError):
            self._card_path.write_text(json.dumps(card), encoding="utf-8")


def _clock(moment: str) -> str:
    """`22:50` of this computer's clock, as all other times are shown; "" for no time."""
    try:
        return f"{datetime.fromisoformat(moment).astimezone():%H:%M}"
    except ValueError:
        return ""
