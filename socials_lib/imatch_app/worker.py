"""The worker: builds a plan, or carries one out, in a process that nobody waits for.

It belongs to no window and no page.  How far it is stands in its job file and, for a run, in the
status file that every run keeps; whoever opens the page sees it there.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from socials_lib.errors import AnotherRun, NotApproved, PlanError, SocialsError, Stopped
from socials_lib.imatch_app.jobs import Asked, Job, Jobs
from socials_lib.imatch_app.overview import plan_view, run_view
from socials_lib.models import Event, Plan, PlatformName, Run
from socials_lib.workbench import Workbench

log = logging.getLogger(__name__)

ORIGIN = "IMatch panel"
_PERIOD = 0.2
#: Guards: the person, or another process, has to do something first.
_REFUSALS = frozenset({"another_run", "dry_run", "other_account", "other_mode", "not_approved"})


def work(wb: Workbench, name: str, *, clock: Callable[[], float] = time.monotonic) -> Job:
    """Do the job; whatever happens is told in its file.  Raises only if there is no such job."""
    jobs = Jobs(wb.home)
    asked, job = jobs.asked(name), jobs.get(name)
    if job is None or job.state != "starting":
        raise PlanError(f"The job {name} has been done.", hint="Press the button once more.")
    job = jobs.put(replace(job, state="working", pid=os.getpid()))
    try:
        done = _Work(wb, jobs, job, clock).do(asked)
    except SocialsError as error:
        log.info("job %s ended: %s (%s)", name, error, error.code)
        return jobs.put(_failed(job, error, wb.redact))
    except Exception as error:
        log.error("unforeseen %s", type(error).__name__, exc_info=error)
        return jobs.put(_unforeseen(job, error))
    return jobs.put(done)


class _Work:
    """One job on a workbench."""

    def __init__(self, wb: Workbench, jobs: Jobs, job: Job, clock: Callable[[], float]) -> None:
        self._wb, self._jobs, self._job, self._clock = wb, jobs, job, clock
        self._told = float("-inf")

    def do(self, asked: Asked) -> Job:
        """The job in its last state."""
        if asked.kind == "plan":
            return self._plan(asked)
        run = self._resume(asked) if asked.kind == "resume" else self._run(asked)
        if run is None:
            return replace(self._job, state="done", message="Nothing was left to do.")
        return replace(
            self._job,
            state="done",
            run=run.run,
            report=self._report(run),
            result=run_view(run, self._wb.rows_of(run)),
        )

    # -- plan

    def _plan(self, asked: Asked) -> Job:
        wb = self._wb
        names = asked.platforms or tuple(wb.platforms)  # also those with nothing pending
        pending = wb.load_pending(*names, progress=self._progress)
        plan = wb.plan(pending, platforms=names)
        wb.save_plan(plan, self._jobs.plan_file(plan.plan_id))
        view = plan_view(
            plan,
            ids=None if asked.ids is None else frozenset(asked.ids),
            scope=asked.scope,
            estimate=wb.forecast,
            most_deletes=self._most_deletes(plan),
        )
        self._jobs.put_plan(plan.plan_id, {**view, "dry_run": wb.is_dry_run})
        return replace(self._job, state="done", plan=plan.plan_id)

    def _progress(self, done: int, total: int) -> None:
        if self._jobs.is_to_stop(self._job.job):
            raise Stopped("Stopped while the photos were read.", hint="Nothing was changed.")
        if self._clock() - self._told >= _PERIOD:
            self._told = self._clock()
            self._job = self._jobs.put(replace(self._job, done=done, total=total))

    def _most_deletes(self, plan: Plan) -> dict[PlatformName, int]:
        """How many photos a typed count may delete; those published are counted only if needed."""
        settings, found = self._wb.settings, {}
        for name in plan.accounts:
            deletes = sum(row.platform == name and row.action == "delete" for row in plan.rows)
            least = settings.most_deletes(0)
            found[name] = (
                least if deletes <= least else settings.most_deletes(self._wb.published(name))
            )
        return found

    # -- run

    def _run(self, asked: Asked) -> Run:
        view = self._jobs.plan(asked.plan)
        if view is None:
            raise PlanError("This plan is no longer here.", hint="Show the plan again.")
        plan = self._wb.read_plan(self._jobs.plan_file(asked.plan))
        keys = [f"{name}:{one}" for name in asked.platforms for one in view["keys"].get(name, ())]
        return self._wb.apply(
            plan,
            keys=keys,
            only=asked.only,
            approve_deletes=asked.deletes,
            listen=self._listen,
            origin=ORIGIN,
        )

    def _resume(self, asked: Asked) -> Run | None:
        return self._wb.resume(asked.run or None, listen=self._listen, origin=ORIGIN)

    def _listen(self, event: Event) -> None:
        """A request to stop may have come before the run had a name."""
        if not self._job.run:
            self._job = self._jobs.put(replace(self._job, run=event.run))
        if not self._wb.stop.is_set() and self._jobs.is_to_stop(self._job.job):
            self._wb.ask_to_stop()

    def _report(self, run: Run) -> str:
        """Where the report is; the run is no worse for one that cannot be written."""
        try:
            return str(self._wb.report(run).html)
        except SocialsError as error:
            log.warning("no report: %s", error)
            return ""


def _failed(job: Job, error: SocialsError, redact: Callable[[str], str]) -> Job:
    is_refusal = isinstance(error, (AnotherRun, NotApproved)) or error.code in _REFUSALS
    return replace(
        job,
        state="refused" if is_refusal else "failed",
        code=error.code,
        message=redact(str(error)),
        hint=redact(error.hint),
    )


def _unforeseen(job: Job, error: Exception) -> Job:
    """Its own words stay in the log, which takes secrets out."""
    words: dict[str, Any] = {
        "code": "unforeseen",
        "message": f"Something went wrong that we did not expect ({type(error).__name__}).",
        "hint": "Nothing is lost: go on with what is left. The log in the data folder says more.",
    }
    return replace(job, state="failed", **words)
