"""The rows that a step on one platform stands for: all that are ready, or the ticked.

Decided here (2026-11-22): a photo that was carried out stays in the table with its pill, but no
button counts it any more until IMatch is read again; a failed or never started one is counted.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import traitlets as t

from socials_lib.models import Outcome, Plan, PlanRow, PlatformName
from socials_lib.widgets import base, step_words
from socials_lib.widgets.jobs import Job, Jobs
from socials_lib.widgets.sources import Source

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

#: Outcomes after which a row is not counted any more.
_OVER = ("done", "skipped", "stale", "unknown", "blocked")


class StepRows(base.StepModel):
    """The rows of a step; `scope` is `all` or `ticked`."""

    scope = t.Enum(("all", "ticked"), default_value="all")

    def __init__(self, wb: Workbench, source: Source, step: str, platform: PlatformName) -> None:
        super().__init__()
        self.wb, self.source, self.step, self.platform = wb, source, step, platform
        self.jobs = Jobs.of(wb)
        self._scope_by_hand = False
        self._listeners: list[Callable[[bool], None]] = []
        self._lock = threading.RLock()

    # who wants to know

    def on_change(self, listener: Callable[[bool], None]) -> None:
        """Call `listener(is_urgent)` whenever something to show has changed, on any thread."""
        self._listeners.append(listener)

    def tell(self, *, urgent: bool = True) -> None:
        """Something to show has changed."""
        for listener in tuple(self._listeners):
            listener(urgent)

    def refresh(self) -> None:
        """State and reasons anew."""

    # the rows

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions of the plan that this step carries out."""
        return step_words.ACTIONS[self.step]

    @property
    def plan(self) -> Plan | None:
        """The plan shown above."""
        return self.source.plan

    @property
    def all_rows(self) -> tuple[PlanRow, ...]:
        """All rows of this step that can go."""
        return self._open(self.source.rows(self.actions, self.platform))

    @property
    def ticked_rows(self) -> tuple[PlanRow, ...]:
        """The ticked ones."""
        return self._open(self.source.ticked(self.actions, self.platform))

    @property
    def rows(self) -> tuple[PlanRow, ...]:
        """The rows the button stands for."""
        return self.ticked_rows if self.scope == "ticked" else self.all_rows

    def _open(self, rows: Sequence[PlanRow]) -> tuple[PlanRow, ...]:
        """Without those that were carried out since the plan was made."""
        return tuple(row for row in rows if not self._is_over(row))

    def _is_over(self, row: PlanRow) -> bool:
        ended = self._ended(row)
        return ended is not None and ended.state in _OVER

    def _ended(self, row: PlanRow) -> Outcome | None:
        plan = self.source.plan
        return self.jobs.settled(row.key, plan.created) if plan is not None else None

    def choose_scope(self, scope: str) -> None:
        """The person chose by hand; that stays until nothing is ticked any more."""
        self._scope_by_hand = True
        self.scope = scope
        self.refresh()
        self.tell()

    def _follow_ticks(self) -> None:
        """To the ticked with the first tick, back with the last."""
        has_ticks = bool(self.ticked_rows)
        if not has_ticks:
            self._scope_by_hand = False
        if not self._scope_by_hand:
            self.scope = "ticked" if has_ticks else "all"

    # runs

    @property
    def job(self) -> Job | None:
        """The last run of this step on this platform, under way or ended."""
        return self.jobs.last.get((self.step, self.platform))

    @property
    def busy(self) -> Job | None:
        """The run of this notebook that is under way, whatever step it belongs to."""
        job = self.jobs.current
        return job if job is not None and job.is_running else None

    def is_of_this_plan(self, job: Job) -> bool:
        """True if the run began after the plan was made that is shown now."""
        plan = self.source.plan
        return plan is None or job.started >= plan.created

    @property
    def failed(self) -> tuple[PlanRow, ...]:
        """The rows of the last run that failed."""
        job = self.job
        if job is None or job.is_running or not self.is_of_this_plan(job):
            return ()
        keys = {one.key for one in job.outcomes.values() if one.state == "failed"}
        plan = self.source.plan
        return tuple(row for row in (plan.rows if plan else ()) if row.key in keys)

    def outcome(self, row: PlanRow) -> Outcome | None:
        """How a row ended in the last run."""
        return self.job.outcomes.get(row.key) if self.job is not None else None
