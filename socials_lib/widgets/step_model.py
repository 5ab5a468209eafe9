"""A step on one platform: whether it may begin, how it gets on, what can be done afterwards.

States: `not ready` (reason in `blockers`), `ready`, `running`, `waiting`, `stopping`, `stopped`,
`done`, `failed`.  Pressing freezes the plan that is shown and carries out exactly the rows that the
button counts.

Decided here (2026-11-22): `Try these again` plans anew and `Go on` resumes, so that what was mended
in IMatch meanwhile is seen.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import traitlets as t

from socials_lib.errors import SocialsError
from socials_lib.models import Plan, PlanRow, PlatformName, Run
from socials_lib.widgets import base, markup, messages, step_words, theme, words
from socials_lib.widgets.checking import Checked, check
from socials_lib.widgets.entries import Key
from socials_lib.widgets.jobs import Job, Listen
from socials_lib.widgets.sources import Source
from socials_lib.widgets.step_rows import StepRows

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

#: Stop is deaf for so long after the start: it takes the focus, and a second press is no wish.
DEAF_SECONDS = 0.5
#: Seconds between two looks at a run of another process.
WATCH_SECONDS = 1.0


class StepOnPlatform(StepRows):
    """Add or update on one platform.

    `confirming` while a live run waits for its yes; `checking` words of a check under way,
    `checked` its result.
    """

    confirming = t.Bool(False)
    checking = t.Unicode("")
    checked = t.Instance(Checked, allow_none=True)

    def __init__(self, wb: Workbench, source: Source, step: str, platform: PlatformName) -> None:
        super().__init__(wb, source, step, platform)
        self.checker = base.Worker("check", on_error=self._on_trouble)
        self.watcher = base.Worker("watch", on_error=self._on_trouble)
        self.deaf_seconds = DEAF_SECONDS
        self._told: Job | None = None
        self._pressed_at = 0.0
        source.on_change(self._on_source)
        self.jobs.listen(self._on_job)
        self._follow_ticks()
        self.refresh()

    def leave(self) -> None:
        """Hear of no run any more."""
        self.jobs.forget(self._on_job)

    def _on_source(self) -> None:
        self._follow_ticks()
        self.refresh()
        self.tell()

    def _on_job(self, urgent: bool) -> None:
        job = self.job
        if job is not None and not job.is_running and job is not self._told:
            self._told = job
            self.message = step_words.end_message(self.wb, job)
        self.refresh()
        self.tell(urgent=urgent)

    def _on_trouble(self, error: BaseException) -> None:
        self.checking = ""
        self.message = messages.from_error(error)
        self.tell()

    # may it begin

    @property
    def label(self) -> str:
        """The words of the main button."""
        job = self.job
        if job is not None and job.is_running:
            return f"Running since {words.clock(job.started)}"
        hidden = self.source.hidden(self.rows) if self.scope == "ticked" else 0
        return step_words.button(self.step, self.platform, len(self.rows), hidden)

    @property
    def name(self) -> str:
        """`Add to Flickr`."""
        return step_words.name_of(self.step, self.platform)

    @property
    def is_dry(self) -> bool:
        """True if IMatch says that nothing is ever sent."""
        return self.wb.settings.dry_run if self.source.plan is not None else False

    def refresh(self) -> None:
        """State and reasons anew, from the rows and the runs."""
        with self._lock:
            job = self.job
            if job is not None and job.is_running:
                self.state, self.blockers = (
                    job.state,
                    (f"It has been running since {words.clock(job.started)}.",),
                )
                return
            self.blockers = tuple(self._reasons())
            counts = job is not None and self.is_of_this_plan(job) and not job.was_refused
            ended = job.state if job is not None and counts else ""
            if ended and (ended != "done" or not self.rows):
                self.state = ended
            else:
                self.state = "not ready" if self.blockers else "ready"

    def _reasons(self) -> list[str]:
        busy = self.busy
        if busy is not None:
            other = step_words.name_of(busy.step, busy.platform)
            return [f"Another step is running: {other}."]
        if self.source.plan is None or self.source.is_reading:
            return ["IMatch is being read."]
        if not self.rows:
            return [self._nothing()]
        if self.is_dry:
            return ["IMatch says imatch_to_socials_testing = 1: only the check works."]
        if self.checking:
            return ["A check is under way."]
        return []

    def _nothing(self) -> str:
        verb, done, word = step_words.STEPS[self.step]
        service = words.platform(self.platform)
        if self.scope == "ticked":
            return f"None of the ticked photos is ready to be {done} {word} {service}."
        blocked = self.source.blocked(self.actions, self.platform)
        if blocked:
            need = "needs" if blocked == 1 else "need"
            photos = words.count(blocked, "photo")
            return f"Nothing is ready; {photos} {need} a fix, see “2 Fix”."
        return f"Nothing to {verb.lower()} {word} {service}."

    # pressing

    def press(self) -> bool:
        """The main button: asks first in live mode, else begins. False if it may not."""
        self.refresh()
        if self.blockers:
            self.tell()
            return False
        self.confirming = True
        if self.wb.mode != "live":
            return self.begin()
        self.tell()
        return True

    def not_now(self) -> None:
        """The question was answered with no."""
        self.confirming = False
        self.tell()

    def begin(self) -> bool:
        """Carry out the rows that the button counts; False if it may not, or was not pressed."""
        self.refresh()
        plan, rows = self.source.plan, self.rows
        pressed, self.confirming = self.confirming, False
        if plan is None or self.blockers or not pressed:
            self.tell()
            return False
        return self.start(rows, lambda listen: self._apply(plan, rows, listen))

    def _apply(self, plan: Plan, rows: Sequence[PlanRow], listen: Listen) -> Run:
        names = [f"{row.platform}:{row.file_id}" for row in rows]
        return self.wb.apply(
            plan,
            keys=names,
            only=self.actions,
            approve=sorted(self.source.approved_ids & set(names)),
            listen=listen,
            origin=base.this_notebook(),
        )

    def start(self, rows: Sequence[PlanRow], work: Callable[[Listen], Run | None]) -> bool:
        """A job for these rows; False if another run is under way."""
        return self._begin([row.key for row in rows], work)

    def _begin(self, keys: Sequence[Key], work: Callable[[Listen], Run | None]) -> bool:
        job = Job(
            self.wb,
            step=self.step,
            platform=self.platform,
            work=work,
            keys=keys,
            mark=self.source.mark,
            on_end=lambda: self.source.freeze(False),
        )
        self.message, self.checked = None, None
        self._pressed_at = time.monotonic()
        self.source.freeze(True)
        if self.jobs.start(job):
            return True
        self.refresh()
        self.tell()
        return False

    def stop(self) -> None:
        """Stop after the photo at hand, or the check under way."""
        self.checker.stop()
        job = self.job
        if job is None or time.monotonic() - self._pressed_at < self.deaf_seconds:
            return
        job.stop()
        self.refresh()
        self.tell()

    # afterwards

    def try_again(self) -> bool:
        """The failed ones only, planned anew."""
        rows = self.failed
        if not rows or self.busy is not None:
            return False
        keys = {row.key for row in rows}

        def work(listen: Listen) -> Run:
            plan = self.wb.plan(self.wb.load_pending(self.platform))
            return self._apply(plan, [row for row in plan.rows if row.key in keys], listen)

        return self.start(rows, work)

    def go_on(self, run: str | None = None) -> bool:
        """Resume the run that stopped here, or `run`."""
        job = self.job
        name = run or (job.run.run if job is not None and job.run is not None else None)
        if self.busy is not None:
            return False
        found = next((one for one in self.wb.open_runs() if one.run == name), None)
        keys = self.wb.left_of(found).keys if found is not None else ()
        where = base.this_notebook()
        return self._begin(keys, lambda listen: self.wb.resume(name, listen=listen, origin=where))

    def leave_it(self) -> None:
        """Put the message away; the rows stay in the plan."""
        self.message = None
        self.tell()

    def plan_again(self) -> None:
        """Read IMatch and plan anew."""
        self.message = None
        self.source.reload()
        self.tell()

    def watch(self) -> bool:
        """Show the numbers of another process's run until it has ended."""
        return self.watcher.start(self._watch)

    def _watch(self, stop: threading.Event) -> None:
        while not stop.is_set():
            message = step_words.other_run(self.wb)
            if message is None:
                ended = messages.note("The other run has ended.", tone="ok")
                self.message = replace(ended, buttons=("Plan again",))
                self.tell()
                return
            self.message = replace(message, buttons=("Ask it to stop",))
            self.tell()
            stop.wait(WATCH_SECONDS)

    # check only

    def check_only(self) -> bool:
        """Do all but send, in the background; False if there is nothing to check or it is busy."""
        rows, plan = self.rows, self.source.plan
        if not rows or plan is None or self.busy is not None or self.checking:
            return False
        self.checked, self.message = None, None
        self.checking = f"Checking {words.count(len(rows), 'photo')}"

        def tell(done: int) -> None:
            self.checking = markup.progress_words("Checking", done, len(rows))
            self.tell(urgent=False)

        def work(stop: threading.Event) -> None:
            self.checked = check(self.wb, rows, self.platform, tell, stop)

        self.checker.ask(lambda stop: self._checking(work, stop))
        self.tell()
        return True

    def _checking(self, work: Callable[[threading.Event], None], stop: threading.Event) -> None:
        try:
            work(stop)
        finally:
            self.checking = ""
            self.refresh()
            self.tell()

    # words

    @property
    def forecast(self) -> str:
        """Photos, calls, size, time, and the budget of the service."""
        rows = self.rows
        if not rows or self.plan is None:
            return ""
        with suppress(SocialsError):
            used, allowed, window = self.wb.calls_used(self.platform)
            sized, is_bound = self.wb.as_sent(rows)
            first = step_words.forecast(sized, used, allowed, window, is_bound=is_bound)
            calls = sum(row.calls for row in rows)
            second = step_words.budget(calls, used, allowed, window)
            kinds = f"{step_words.kinds(rows)}. " if self.step == "update" else ""
            return f"{first}<br>{kinds}{second} Plan of {words.moment(self.plan.created)}."
        return f"{words.count(len(rows), 'photo')}<br>Plan of {words.moment(self.plan.created)}."

    @property
    def question(self) -> str:
        """What is asked before a live run."""
        accounts = self.plan.accounts if self.plan is not None else {}
        account = accounts[self.platform].name if self.platform in accounts else ""
        return step_words.question(self.step, self.platform, self.rows, account)

    @property
    def status(self) -> str:
        """The lines under the bar, as markup."""
        job = self.job
        if self.checking:
            return markup.loading(self.checking)
        if self.checked is not None:
            found: str = self.checked.html
            return found
        if job is None or (not job.is_running and not self.is_of_this_plan(job)):
            return ""
        if job.is_running:
            first = f"<p>{theme.esc(step_words.progress(job))}</p>"
            return f"{first}<p>{step_words.at_work(job)}</p>"
        if job.run is None:
            return ""
        return markup.alert(f"<b>{theme.esc(step_words.done_line(job))}</b>")
