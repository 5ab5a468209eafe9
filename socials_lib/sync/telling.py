"""Events of a run for whoever listens; one at a time, however many workers there are."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from socials_lib.models import Event, PlanRow, PlatformName

log = logging.getLogger(__name__)


class Teller:
    """Emits events of the run `run`; `done` of `total` rows have ended."""

    def __init__(self, listen: Callable[[Event], None]) -> None:
        self._listen = listen
        self._guard = threading.RLock()
        self.run = ""
        self.done = self.total = 0

    def row(self, *, step: str, state: str, row: PlanRow, **more: Any) -> None:
        """Something about a row."""
        self.emit(step=step, state=state, row=row, **more)

    def wait(self, name: PlatformName, seconds: float, why: str) -> None:
        """A wait of so many seconds begins."""
        until = datetime.fromtimestamp(time.time() + seconds, UTC)
        self.emit(step="wait", state="waiting", platform=name, message=why, until=until)

    def emit(self, *, step: str, state: str, row: PlanRow | None = None, **more: Any) -> None:
        """Any event; a listener that fails is logged and breaks nothing."""
        if row is not None:
            more = {"platform": row.platform, "file_id": row.file_id, "title": row.title, **more}
        with self._guard:
            event = Event(
                at=datetime.now(UTC),
                run=self.run,
                step=step,
                state=state,
                done=self.done,
                total=self.total,
                **more,
            )
            try:
                self._listen(event)
            except Exception:  # a broken listener must not break a run
                log.exception("a listener failed")
