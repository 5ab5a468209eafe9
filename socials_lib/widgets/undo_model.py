"""Putting back: written change sets, what of one can still be put back, all of it or a part.

Before anything is put back IMatch is read: a value that has changed since is shown as such and
stays.  What is put back is a change set of its own, which can be undone as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import traitlets as t

from socials_lib.journal import ChangeSetRun
from socials_lib.widgets import base, messages, words
from socials_lib.widgets import bulk_write_words as said
from socials_lib.widgets.bulk_job import ChangeJob, ChangeJobs
from socials_lib.widgets.bulk_latest import IsNewest, Latest
from socials_lib.workbench.fixing import PROOF, WayBack

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

PAGE_ROWS = 25
Key = tuple[str, str]


class UndoModel(base.StepModel):
    """`edition` counts whenever something is to be painted; `chosen` is a change set's id."""

    edition = t.Int(0)
    page = t.Int(1)
    chosen = t.Unicode("")
    confirming = t.Bool(False)
    looking = t.Bool(False)

    def __init__(self, wb: Workbench) -> None:
        super().__init__()
        self.wb = wb
        self.jobs = ChangeJobs.of(wb)
        self.sets: tuple[ChangeSetRun, ...] = ()
        self.rows: tuple[WayBack, ...] = ()
        self.left_out: frozenset[Key] = frozenset()
        self._told: ChangeJob | None = None
        self._looker: Latest[str] = Latest("way back", self._look_at, on_error=self._on_error)
        self.jobs.listen(self._on_job)
        self.look()

    def look(self) -> None:
        """Read the journal: which change sets can be put back, which did not end."""
        found = self.wb.change_sets(limit=1000)
        proofs = {one.change_set for one in found if one.words.startswith(f"{PROOF}:")}
        self.sets = tuple(
            one
            for one in found
            if (one.can_undo or (one.left and not one.is_running)) and one.undoes not in proofs
        )
        if self.chosen and all(one.change_set != self.chosen for one in self.sets):
            self.chosen, self.rows = "", ()
        self.refresh()

    def choose(self, change_set: str) -> None:
        """Look what of this change set can be put back now."""
        self.confirming, self.message = False, None
        self.left_out, self.rows = frozenset(), ()
        self.page, self.chosen = 1, change_set
        if change_set:
            self.looking = True
            self._looker.ask(change_set)
        self.refresh()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the look and for the job under way."""
        return self._looker.wait(timeout) and self.jobs.wait(timeout)

    def _look_at(self, change_set: str, is_newest: IsNewest) -> None:
        found = self.wb.way_back(change_set)
        if is_newest():
            self.rows, self.looking = found, False
            self.refresh()

    def _on_error(self, error: BaseException) -> None:
        self.looking = False
        self.message = messages.from_error(error)
        self.refresh()

    # -- what is chosen

    @property
    def run(self) -> ChangeSetRun | None:
        """The chosen change set."""
        return next((one for one in self.sets if one.change_set == self.chosen), None)

    def leave_out(self, keys: list[Key], out: bool = True) -> None:
        """Leave values as they are now, or put them back as well."""
        self.left_out = self.left_out | set(keys) if out else self.left_out - set(keys)
        self.refresh()

    @property
    def ticked(self) -> tuple[WayBack, ...]:
        """The values that are meant, those that changed since among them."""
        return tuple(one for one in self.rows if _key(one) not in self.left_out)

    @property
    def going(self) -> tuple[WayBack, ...]:
        """The values that will be put back."""
        return tuple(one for one in self.ticked if not one.is_conflict)

    @property
    def pages(self) -> int:
        """How many pages the values fill; at least one."""
        return max(1, -(-len(self.rows) // PAGE_ROWS))

    @property
    def page_rows(self) -> tuple[WayBack, ...]:
        """The values of the page."""
        first = (self.page - 1) * PAGE_ROWS
        return self.rows[first : first + PAGE_ROWS]

    def go_to(self, page: int) -> None:
        """Show a page; the nearest there is."""
        self.page = min(max(1, page), self.pages)
        self.edition += 1

    @property
    def label(self) -> str:
        """`Put back 38 values…`."""
        return f"Put back {words.count(len(self.ticked), 'value')}…"

    @property
    def question(self) -> str:
        """`Put back 38 values in IMatch? 4 have changed since and stay.`"""
        text = f"Put back {words.count(len(self.ticked), 'value')} in IMatch?"
        stay = len(self.ticked) - len(self.going)
        if stay:
            verb = "has changed since and stays" if stay == 1 else "have changed since and stay"
            text += f" {stay:,} {verb}."
        return text

    @property
    def yes(self) -> str:
        """`Put back 34 values`."""
        return f"Put back {words.count(len(self.going), 'value')}"

    # -- doing

    @property
    def job(self) -> ChangeJob | None:
        """The putting back of this notebook, under way or ended."""
        return self.jobs.last.get("undo")

    def refresh(self) -> None:
        """State and reasons anew."""
        job = self.job
        if self.jobs.is_running:
            current = self.jobs.current
            assert current is not None
            self.state = current.state
            self.blockers = (f"It has been running since {words.clock(current.started)}.",)
        else:
            self.blockers = tuple(self._reasons())
            ended = job.state if job is not None and not self.chosen else ""
            self.state = ended or ("not ready" if self.blockers else "ready")
        self.edition += 1

    def _reasons(self) -> list[str]:
        if not self.chosen:
            return ["Choose what is to be put back."]
        if self.looking:
            return ["IMatch is being read."]
        if not self.going:
            return ["None of these values can be put back."]
        return []

    def press(self) -> bool:
        """Ask; False if it may not begin."""
        self.refresh()
        self.confirming = not self.blockers
        self.edition += 1
        return not self.blockers

    def not_now(self) -> None:
        """The question was answered with no."""
        self.confirming = False
        self.refresh()

    def begin(self) -> bool:
        """Put back what is ticked and has not changed since; False if nothing was asked."""
        name, keys = self.chosen, [_key(one) for one in self.going]
        asked, self.confirming = self.confirming, False
        if not asked or not name or not keys:
            return False
        return self._start(len(keys), lambda heard: self.wb.undo(name, keys=keys, listen=heard))

    def finish(self, change_set: str) -> bool:
        """Go on with a change set that did not end."""
        left = self.wb.journal.change_set(change_set).left
        return self._start(left, lambda heard: self.wb.write(change_set, listen=heard))

    def stop(self) -> None:
        """Stop after the photo at hand."""
        if self.jobs.current is not None:
            self.jobs.current.stop()
        self.refresh()

    def _start(self, total: int, work: object) -> bool:
        self.message = None
        job = ChangeJob(self.wb, kind="undo", total=total, work=work)  # type: ignore[arg-type]  # lambdas of ours
        started = self.jobs.start(job)
        self.refresh()
        return started

    def _on_job(self, urgent: bool) -> None:
        job = self.job
        if job is not None and not job.is_running and job is not self._told and urgent:
            self._told = job
            if job.error is not None:
                self.message = messages.from_error(job.error)
            elif job.result is not None:
                self.message = said.ended(job.result)
                self.chosen, self.rows = "", ()
        if urgent:
            self.look()
        else:
            self.edition += 1


def _key(one: WayBack) -> Key:
    return (one.cell.file_id, one.cell.field)
