"""Runs of this notebook: one at a time, in a thread of its own, whatever cell shows it.

    jobs = Jobs.of(wb)
    jobs.start(Job(wb, step="add", platform="flickr", total=37, work=lambda listen: wb.apply(…)))

The jobs are kept on the shelf of the workbench, so that a cell that runs again shows the run that
is under way and never starts a second one.  Views listen, and paint when they like.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from socials_lib.errors import AnotherRun
from socials_lib.models import Event, Outcome, Plan, PlanRow, PlatformName, Run
from socials_lib.widgets import pills, words
from socials_lib.widgets.entries import Key
from socials_lib.widgets.one_at_a_time import OneAtATime
from socials_lib.widgets.pills import Pill

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

log = logging.getLogger(__name__)

#: Lines of the log that are kept.
LOG_LINES = 200
Listen = Callable[[Event], None]
Mark = Callable[[Key, Pill, str], None]
_FIRST_LINE = "started; Kernel > Interrupt does not stop a run, the Stop button does"
_ENDED_WORDS = {
    "failed": "failed",
    "unknown": "unclear",
    "stale": "changed since the plan",
    "skipped": "skipped",
    "untouched": "not started",
    "blocked": "stays",
}
_DONE_WORDS = {"add": "added", "delete": "deleted", "repost": "posted again", "skip": "tidied"}


class Job:
    """One run: what is to be done, how far it is, how it ended.

    `step` is `add`, `update` or `delete`; `work` carries out and returns the run; `keys` are the
    rows it was started for; `state` is one of `base.STATES`; `title` and `act` the photo at
    hand and what is just done with it.
    """

    def __init__(
        self,
        wb: Workbench,
        *,
        step: str,
        platform: PlatformName,
        work: Callable[[Listen], Run | None],
        keys: Iterable[Key] = (),
        mark: Mark = lambda key, pill, url: None,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        self.wb, self.step, self.platform = wb, step, platform
        self.keys = tuple(keys)
        self.done, self.total, self.failed = 0, len(self.keys), 0
        self.state = "running"
        self.started = datetime.now(UTC)
        self.ended: datetime | None = None
        self.title, self.act, self.sent, self.size = "", "", 0, 0
        self.last_title = ""
        self.until: datetime | None = None
        self.why = ""
        self.lines: deque[str] = deque(maxlen=LOG_LINES)
        self.outcomes: dict[Key, Outcome] = {}
        self.run: Run | None = None
        self.error: BaseException | None = None
        self.stop_asked = False
        self._work, self._mark, self._on_end = work, mark, on_end
        self._has_begun = False
        self._since = time.monotonic()
        self._last = self._moved = self._since

    @property
    def slot(self) -> tuple[str, str]:
        """The last job of each step and platform is remembered."""
        return self.step, self.platform

    @property
    def is_running(self) -> bool:
        """True while photos may still be sent."""
        return self.state in ("running", "waiting", "stopping")

    @property
    def seconds(self) -> float:
        """How long it has been going on."""
        return (self._last if self.ended else time.monotonic()) - self._since

    @property
    def was_refused(self) -> bool:
        """True if another process carries out just now, so that nothing of this was begun."""
        return isinstance(self.error, AnotherRun)

    @property
    def trying(self) -> float:
        """Seconds since the last photo got through, or since the start."""
        return (self._last if self.ended else time.monotonic()) - self._moved

    @property
    def rate(self) -> float:
        """Photos a second so far; 0 before the first."""
        return self.done / self.seconds if self.done and self.seconds > 0 else 0.0

    @property
    def rest(self) -> float | None:
        """Seconds left at this rate; None while nobody can tell."""
        return (self.total - self.done) / self.rate if self.rate else None

    def stop(self) -> None:
        """Stop after the photo at hand; at once if nothing is being sent just now.

        The engine itself stops after the act in flight, which would leave the photo's albums to be
        finished later; so it is asked only when the photo is done, or has to wait.
        """
        if not self.is_running:
            return
        at_hand = bool(self.title) and self.state == "running"
        self.stop_asked, self.state = True, "stopping"
        if self._has_begun and not at_hand:
            self.wb.ask_to_stop()

    def carry_out(self) -> None:
        """Do it, in this thread; every error ends up in `error`."""
        try:
            self._log(self.started, _FIRST_LINE)
            self.run = self._work(self._heard)
        except BaseException as error:
            self.error = error
            log.info("a run ended with %r", error)
        finally:
            self._end()

    def _end(self) -> None:
        self.ended, self._last = datetime.now(UTC), time.monotonic()
        self.until, self.title = None, ""
        if self._has_begun:
            self._forget_queued()
        self._on_end()  # first: once the state has changed, the next run may begin
        if self.error is not None:
            self.state = "failed"
        elif self.run is not None and self.run.state in ("stopped", "halted"):
            self.state = "stopped" if self.run.state == "stopped" else "failed"
        else:
            self.state = "done"

    def _forget_queued(self) -> None:
        """Rows that the run never came to: not started."""
        for key in self.keys:
            if key not in self.outcomes:
                self._mark(key, pills.NOT_STARTED, "")

    # -- what is heard from the run, in its thread

    def _heard(self, event: Event) -> None:
        if not self._has_begun:
            self._begin()
        if self.stop_asked and (event.outcome is not None or event.step in ("run", "wait")):
            self.wb.ask_to_stop()  # also when it was pressed before the run had begun
        key: Key | None = (event.platform, event.file_id) if event.platform else None
        self.total = max(event.total, self.total)
        if event.step == "wait":
            self._waits(event)
        elif event.outcome is not None and key is not None:
            self._ended_row(key, event.outcome, event.title)
        elif event.step != "run" and event.file_id and key is not None:
            self._at_work(key, event)
        self._changed()

    def _begin(self) -> None:
        """The first event: nobody else carries out, the rows are in the queue."""
        self._has_begun = True
        for key in self.keys:
            self._mark(key, pills.QUEUED, "")

    def _waits(self, event: Event) -> None:
        self.until, self.why = event.until, event.message
        if self.state == "running":
            self.state = "waiting"
        until = f" until {words.clock(event.until)}" if event.until else ""
        self._log(event.at, f"waiting{until}: {event.message}")

    def _at_work(self, key: Key, event: Event) -> None:
        if self.state == "waiting":
            self.state = "running"
        self.until, self.title, self.act = None, event.title, event.step
        self.sent, self.size = event.bytes_sent, event.bytes_total
        self._mark(key, pills.sending(event.bytes_sent, event.bytes_total), "")

    def _ended_row(self, key: Key, outcome: Outcome, title: str) -> None:
        if self.state == "waiting":
            self.state = "running"
        self.outcomes[key] = outcome
        if outcome.state == "untouched":
            self._mark(key, pills.NOT_STARTED, "")
            return
        self.done += 1
        self.failed += outcome.state in ("failed", "unknown")
        if outcome.state == "done":
            self._moved = time.monotonic()
        self.last_title, self.title = title, ""
        self.sent = self.size = 0
        self._mark(key, pills.for_outcome(outcome), outcome.url)
        self._log(datetime.now(UTC), _ended_words(outcome, title))

    def _log(self, at: datetime, line: str) -> None:
        self.lines.append(f"{at.astimezone():%H:%M:%S}  {line}")

    def _changed(self) -> None:
        Jobs.of(self.wb).tell()


def _ended_words(outcome: Outcome, title: str) -> str:
    """`“Dawn over the lake” added`, with the reason where it is not plain success."""
    word = _ENDED_WORDS.get(outcome.state) or _DONE_WORDS.get(outcome.action, "updated")
    notes = "; ".join(note.message for note in outcome.warnings)
    more = f": {outcome.message}" if outcome.message and outcome.state != "done" else ""
    repeated = f" ({', '.join(outcome.repeated)})" if outcome.repeated else ""
    return f"“{title}” {word}{more}{repeated}" + (f" | note: {notes}" if notes else "")


class Jobs(OneAtATime[Job]):
    """The runs of a workbench: the one under way, the last one of each step and platform."""

    shelf = "jobs"

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Run] = []
        self.ended_at: dict[Key, tuple[datetime, Outcome]] = {}

    def settled(self, key: Key, planned: datetime) -> Outcome | None:
        """How this row ended after `planned`; None if it was not carried out since."""
        found = self.ended_at.get(key)
        return found[1] if found is not None and found[0] >= planned else None

    def unsent(self, plan: Plan) -> tuple[PlanRow, ...]:
        """The rows of a plan that were not carried out since it was made."""
        ends = ((row, self.settled(row.key, plan.created)) for row in plan.rows)
        return tuple(row for row, end in ends if end is None or end.state != "done")

    def ended(self, task: Job) -> None:
        """Keep the run, and how each of its rows ended."""
        now = datetime.now(UTC)
        if task.run is not None:
            self.runs.append(task.run)
        outcomes = task.run.outcomes if task.run is not None else task.outcomes.values()
        for outcome in outcomes:
            self.ended_at[outcome.key] = (now, outcome)
