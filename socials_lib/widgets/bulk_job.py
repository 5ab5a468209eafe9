"""Writing into IMatch in the background: one change set at a time, whatever cell shows it.

A job is kept on the shelf of the workbench, so that a cell that runs again shows the writing that
is under way and never starts it twice.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from socials_lib.journal import ChangeSetRun
from socials_lib.models import Event
from socials_lib.widgets import base, words

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

log = logging.getLogger(__name__)

LOG_LINES = 200
Listen = Callable[[Event], None]
Work = Callable[[Listen], ChangeSetRun]
_SHELF = "change-jobs"


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


class ChangeJobs:
    """The writing of a workbench: what is under way, and the last one of each kind."""

    def __init__(self) -> None:
        self.current: ChangeJob | None = None
        self.last: dict[str, ChangeJob] = {}
        self._lock = threading.Lock()
        self._listeners: list[Callable[[bool], None]] = []
        self.worker = base.Worker("changes", on_error=lambda e: log.error("writing broke: %r", e))

    @classmethod
    def of(cls, wb: Workbench) -> ChangeJobs:
        """The jobs of this workbench, made on first use."""
        found = wb.shelf.get(_SHELF)
        if not isinstance(found, cls):
            found = wb.shelf[_SHELF] = cls()
        return found

    @property
    def is_running(self) -> bool:
        """True while something is being written."""
        return self.current is not None and self.current.is_running

    def listen(self, listener: Callable[[bool], None]) -> None:
        """Call `listener(is_urgent)` whenever something changed, on any thread."""
        if listener not in self._listeners:
            self._listeners.append(listener)

    def forget(self, listener: Callable[[bool], None]) -> None:
        """Call this listener no more."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def tell(self, *, urgent: bool = False) -> None:
        """Something changed; `urgent`: writing began or ended."""
        for listener in tuple(self._listeners):
            listener(urgent)

    def start(self, job: ChangeJob) -> bool:
        """Begin; False if something else of this notebook is being written."""
        with self._lock:
            if self.is_running:
                return False
            self.current = self.last[job.kind] = job
        self.worker.wait()  # the thread of the one before is just ending
        self.worker.start(lambda stop: self._carry_out(job))
        self.tell(urgent=True)
        return True

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end of what is under way."""
        return self.worker.wait(timeout)

    def _carry_out(self, job: ChangeJob) -> None:
        try:
            job.carry_out()
        finally:
            self.tell(urgent=True)
