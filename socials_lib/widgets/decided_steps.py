"""Steps for what decisions of the audit have left to send: add, update, delete, as in 01_sync.

Their rows are in no work list of IMatch (what was decided is not flagged), so planning again and
trying again take the very rows of this plan instead of reading the work lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import ipywidgets as w

from socials_lib.models import Plan, PlatformName, Run
from socials_lib.widgets import step_words
from socials_lib.widgets.delete import DeleteView
from socials_lib.widgets.jobs import Jobs, Listen
from socials_lib.widgets.pane import Pane
from socials_lib.widgets.pictures import Thumbnails
from socials_lib.widgets.sources import PlanSource
from socials_lib.widgets.step import StepView
from socials_lib.widgets.step_model import StepOnPlatform

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

ORDER = ("add", "update", "delete")


class DecidedSource(PlanSource):
    """A plan whose rows are planned anew by their keys."""

    def __init__(self, wb: Workbench, plan: Plan) -> None:
        super().__init__(wb, plan)
        self.wb = wb

    def reload(self) -> None:
        """Plan the rows again that were not carried out."""
        left = {row.key for row in Jobs.of(self.wb).unsent(self.plan)}
        self.plan = self.renewed(left) or replace(self.plan, rows=())
        for listener in tuple(self._listeners):
            listener()

    def renewed(self, keys: Iterable[tuple[PlatformName, str]]) -> Plan | None:
        """These rows planned anew."""
        wanted = set(keys)
        rows = tuple(row for row in self.plan.rows if row.key in wanted)
        return self.wb.replan(replace(self.plan, rows=rows)) if rows else None


class DecidedOnPlatform(StepOnPlatform):
    """Add or update, for rows of a decided plan."""

    source: DecidedSource

    def try_again(self) -> bool:
        """The failed ones only, planned anew."""
        keys = {row.key for row in self.failed}
        if not keys or self.busy is not None:
            return False
        rows = self.failed

        def work(listen: Listen) -> Run | None:
            plan = self.source.renewed(keys)
            return self._apply(plan, plan.rows, listen) if plan is not None else None

        return self.start(rows, work)


class _Decided(StepView):
    def _pane(self, name: PlatformName) -> Pane:
        source = self.source
        assert isinstance(source, DecidedSource)
        model = DecidedOnPlatform(self.wb, source, self.step, name)
        return Pane(model, thumbnails=self.thumbnails)

    def look_for_open_runs(self) -> None:
        """Runs that did not end are the matter of 01_sync and 04_history."""


class _DecidedDelete(DeleteView):
    def look_for_open_runs(self) -> None:
        """Runs that did not end are the matter of 01_sync and 04_history."""


class DecidedSteps(w.VBox):
    """The steps of a plan, one below the other; those without rows are left out.

    `on_end` is told the keys that were carried out, whenever a run has ended.
    """

    def __init__(
        self,
        wb: Workbench,
        plan: Plan,
        *,
        on_end: Callable[[list[tuple[PlatformName, str]]], None],
    ) -> None:
        self.wb, self.plan, self._on_end = wb, plan, on_end
        self.source = DecidedSource(wb, plan)
        thumbnails = Thumbnails(wb)
        self.steps: dict[str, StepView] = {}
        for step in ORDER:
            if self._rows(step):
                kind = _DecidedDelete if step == "delete" else _Decided
                self.steps[step] = kind(wb, self.source, step, thumbnails)
        blocked = sum(row.blocked for row in plan.rows)
        note = w.HTML(_blocked(blocked)) if blocked else None
        super().__init__([*([note] if note else []), *self.steps.values()])
        Jobs.of(wb).listen(self._on_job)

    def _rows(self, step: str) -> bool:
        actions = step_words.ACTIONS[step]
        return any(self.source.rows(actions, name) for name in self.plan.accounts)

    def _on_job(self, urgent: bool) -> None:
        job = Jobs.of(self.wb).current
        mine = {row.key for row in self.plan.rows}
        if not urgent or job is None or job.is_running or not mine & set(job.keys):
            return
        outcomes = job.run.outcomes if job.run is not None else ()
        self._on_end([one.key for one in outcomes if one.state == "done" and one.key in mine])

    def leave(self) -> None:
        """Another plan takes its place."""
        Jobs.of(self.wb).forget(self._on_job)
        for view in self.steps.values():
            view.leave()


def _blocked(count: int) -> str:
    photos = "1 photo needs" if count == 1 else f"{count:,} photos need"
    return f'<p class="warn">! {photos} a fix first: see “2 Fix” of 01_sync.</p>'
