"""Writing into IMatch in the background: one change set at a time, whatever cell shows it.

A job is kept on the shelf of the workbench, so that a cell that runs again shows the writing that
is under way and never starts it twice.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from socials_lib.journal import ChangeSetRun
from socials_lib.models import Event
from socials_lib.widgets import words
from socials_lib.widgets.one_at_a_time import OneAtATime

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

log = logging.getLogger(__name__)

LOG_LINES = 200
Listen = Callable[[Event], None]
Work = Callable[[Listen], ChangeSetRun]


class ChangeJob:
    """One change set being written or put back: `done` of `total` values, how it ended.

    `kind` is `write`, `undo` or `queue`; `state` one of `base.STATES`.
    """

    def __init__(self, wb: Workbench, *, kind: str, total: int, work: Work) -> None:
        self.wb, self.kind, self.total = wb, kind, total
        self.done = 0
        self.title = ""
        self.state = "running"
        self.started = datetime.now(UTC)
        self.result: ChangeSetRun | None = None
        self.error: BaseException | None = None
        self.lines: deque[str] = deque(maxlen=LOG_LINES)
        self._work = work
        self._began = time.monotonic()
        self._stop_asked = False

    @property
    def slot(self) -> str:
        """The last job of each kind is remembered."""
        return self.kind

    @property
    def is_running(self) -> bool:
        """True while values may still be written."""
        return self.state in ("running", "stopping")

    @property
    def rest(self) -> float | None:
        """Seconds left at the rate so far; None while nobody can tell."""
        gone = time.monotonic() - self._began
        return gone / self.done * (self.total - self.done) if self.done else None

    def stop(self) -> None:
        """Stop after the photo at hand."""
        if self.is_running:
            self._stop_asked, self.state = True, "stopping"
            self.wb.ask_to_stop()

    def carry_out(self) -> None:
        """Do it, in this thread; every error ends up in `error`."""
        try:
            self.result = self._work(self._heard)
        except BaseException as error:
            self.error = error
            log.info("writing ended with %r", error)
        self.title = ""
        if self.error is not None:
            self.state = "failed"
        else:
            ended = self.result.state if self.result is not None else "done"
            self.state = {"stopped": "stopped", "halted": "failed"}.get(ended, "done")

    def _heard(self, event: Event) -> None:
        if self._stop_asked:
            self.wb.ask_to_stop()  # also when it was pressed before the writing had begun
        self.done, self.total = event.done, event.total or self.total
        if event.title:
            self.title = event.title
            more = f": {event.message}" if event.message else ""
            self.lines.append(
                f"{event.at.astimezone():%H:%M:%S}  “{event.title}” {event.state}{more}"
            )
        ChangeJobs.of(self.wb).tell()

    def words(self, verb: str = "Writing") -> str:
        """`Writing 300 of 1,000 to IMatch, about 1 min, done about 14:32`."""
        rest = f", {words.rest(self.rest)}" if self.rest is not None else ""
        return f"{verb} {self.done:,} of {self.total:,} values{rest}"


class ChangeJobs(OneAtATime[ChangeJob]):
    """The writing of a workbench: what is under way, and the last one of each kind."""

    shelf = "change-jobs"
