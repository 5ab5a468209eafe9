"""Writing a change set into IMatch: may it begin, how it gets on, what can be done afterwards.

Pressing freezes the change set that the button counts; the answer to the question writes exactly
that one.  The switch for metadata is turned on here by a proof on one photo that the person picks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import traitlets as t

from socials_lib import bulk
from socials_lib.bulk import ChangeSet
from socials_lib.journal import ChangeSetRun
from socials_lib.models import Photo
from socials_lib.widgets import base, messages, words
from socials_lib.widgets import bulk_write_words as said
from socials_lib.widgets.bulk_job import ChangeJob, ChangeJobs
from socials_lib.widgets.bulk_latest import IsNewest, Latest

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench


class Changes(Protocol):
    """Where the change set comes from: the model of before and after, or `Given`."""

    @property
    def change(self) -> ChangeSet:
        """The change set without what is left out."""

    @property
    def photos(self) -> tuple[Photo, ...]:
        """The photos it was made of."""

    def observe(self, handler: Any, names: Any) -> None:
        """Call the handler when `edition` changes."""

    def written(self) -> None:
        """IMatch holds other values now."""


class Given(t.HasTraits):
    """A change set that was made by code."""

    edition = t.Int(0)

    def __init__(self, change: ChangeSet, photos: tuple[Photo, ...] = ()) -> None:
        super().__init__()
        self.change, self.photos = change, photos

    def written(self) -> None:
        """The change set stays what it was: written again it changes nothing."""


class WriteModel(base.StepModel):
    """`confirming` while the question stands; `trying` words of the proof under way.

    `edition` counts whenever something is to be painted.
    """

    edition = t.Int(0)
    confirming = t.Bool(False)
    queueing = t.Bool(False)
    trying = t.Unicode("")

    def __init__(self, wb: Workbench, source: Changes) -> None:
        super().__init__()
        self.wb, self.source = wb, source
        self.jobs = ChangeJobs.of(wb)
        self.frozen: ChangeSet | None = None
        self.written: ChangeSet | None = None
        self.written_photos: tuple[Photo, ...] = ()
        self.queue = ChangeSet(cells=())
        self.last: ChangeSetRun | None = None
        self.open: ChangeSetRun | None = None
        self.may_write_metadata = False
        self._told: ChangeJob | None = None
        self._undone: ChangeJob | None = self.jobs.last.get("undo")
        self._prover: Latest[str] = Latest("proof", self._prove, on_error=self._on_trouble)
        source.observe(lambda _: self._on_change(), "edition")
        self.jobs.listen(self._on_job)
        self.look()

    def leave(self) -> None:
        """Hear of no job any more."""
        self.jobs.forget(self._on_job)

    # -- what is known

    @property
    def change(self) -> ChangeSet:
        """What the button stands for: the frozen change set while it is asked about."""
        return self.frozen if self.frozen is not None else self.source.change

    @property
    def job(self) -> ChangeJob | None:
        """The writing of this notebook, under way or ended."""
        current = self.jobs.current
        if current is not None and current.kind in ("write", "queue"):
            return current
        return self.jobs.last.get("write")

    @property
    def needs_metadata(self) -> bool:
        """True if the switch is off and something needs it."""
        chosen = self.source.change.chosen
        return not self.may_write_metadata and any(one.is_metadata for one in chosen)

    @property
    def label(self) -> str:
        """The words of the main button."""
        job = self.job
        if job is not None and job.is_running:
            return f"Running since {words.clock(job.started)}"
        return said.button(self.source.change.chosen)

    @property
    def question(self) -> str:
        """What is asked before it begins."""
        return said.question(self.change.chosen)

    @property
    def yes(self) -> str:
        """`Write 38 values`."""
        return f"Write {words.count(len(self.change.chosen), 'value')}"

    def look(self) -> None:
        """Look at the switch and for writing that did not end; IMatch alone is asked."""
        self.may_write_metadata = self.wb.may_write_metadata
        known = self.last.change_set if self.last is not None else ""
        self.open = None
        if not self.jobs.is_running:
            unfinished = (
                one
                for one in self.wb.change_sets(limit=20)
                if one.state in ("broken", "stopped", "halted")
                and one.left
                and one.change_set != known
            )
            self.open = next(unfinished, None)
        self._show_state()
        self.refresh()

    def _show_state(self) -> None:
        """M25 for writing that did not end, else M32 where the switch is needed."""
        if self.open is not None:
            self.message = said.open_set(self.open)
        elif self.needs_metadata:
            self.message = messages.say("M32")
        elif self.message is not None and self.message.code == "M32":
            self.message = None

    def refresh(self) -> None:
        """State and reasons anew."""
        job = self.job
        if self.jobs.is_running:
            current = self.jobs.current
            assert current is not None
            self.state = current.state
            self.blockers = (f"It has been running since {words.clock(current.started)}.",)
            self.edition += 1
            return
        self.blockers = tuple(self._reasons())
        if job is not None and job is self._told and job.state != "done":
            self.state = job.state
        elif self.last is not None and job is not None:
            self.state = "done"
        else:
            self.state = "not ready" if self.blockers else "ready"
        self.edition += 1

    def _reasons(self) -> list[str]:
        if not self.source.change.chosen:
            return ["No value changes."]
        if self.wb.settings.dry_run:
            return ["IMatch says imatch_to_socials_testing = 1: nothing is written."]
        if self.needs_metadata:
            return ["Writing metadata to IMatch is switched off."]
        if getattr(self.source, "state", "done") == "running":
            return ["The recipe is being tried."]
        return []

    def _on_change(self) -> None:
        if self.confirming:
            return  # a question stands for what was frozen
        if not self.jobs.is_running and self.open is None:
            self._show_state()
        self.refresh()

    # -- writing

    def press(self) -> bool:
        """Freeze what is shown and ask; False if it may not begin."""
        self.refresh()
        if self.blockers:
            return False
        self.frozen = self.source.change
        self.written_photos = self.source.photos
        self.confirming = True
        self.edition += 1
        return True

    def not_now(self) -> None:
        """The question was answered with no."""
        self.confirming, self.queueing, self.frozen = False, False, None
        self.refresh()

    def begin(self) -> bool:
        """Write what was frozen; False if something else is under way."""
        change = self.frozen
        self.confirming, self.frozen = False, None
        if change is None or not change.chosen:
            return False
        self.written = change
        return self._start(
            "write", len(change.chosen), lambda heard: self.wb.write(change, listen=heard)
        )

    def finish(self, change_set: str = "") -> bool:
        """Go on with writing that did not end."""
        name = change_set or (self.open.change_set if self.open is not None else "")
        if not name:
            return False
        left = self.wb.journal.change_set(name).left
        self.open = None
        return self._start("write", left, lambda heard: self.wb.write(name, listen=heard))

    def put_back(self) -> bool:
        """Put back what the last writing changed."""
        run = self.last
        if run is None or not run.can_undo:
            return False
        name = run.change_set
        return self._start("write", run.can_undo, lambda heard: self.wb.undo(name, listen=heard))

    def stop(self) -> None:
        """Stop after the photo at hand."""
        if self.jobs.current is not None:
            self.jobs.current.stop()
        self.refresh()

    def _start(self, kind: str, total: int, work: Any) -> bool:
        self.message = None
        job = ChangeJob(self.wb, kind=kind, total=total, work=work)
        started = self.jobs.start(job)
        self.refresh()
        return started

    def _on_job(self, urgent: bool) -> None:
        job = self.job
        if job is not None and not job.is_running and job is not self._told and urgent:
            self._told = job
            self._has_ended(job)
        undone = self.jobs.last.get("undo")
        if undone is not None and not undone.is_running and undone is not self._undone and urgent:
            self._undone = undone
            self.queue = ChangeSet(cells=())
            self.source.written()
        self.refresh()

    def _has_ended(self, job: ChangeJob) -> None:
        if job.error is not None:
            self.message = messages.from_error(job.error)
        elif job.result is not None:
            self.message = said.ended(job.result)
            if job.kind == "write":
                self.last = job.result
            self.queue = self._queue_of(job.result) if job.kind == "write" else ChangeSet(cells=())
            self.source.written()

    # -- what differs online

    def _queue_of(self, run: ChangeSetRun) -> ChangeSet:
        """Published photos that differ by what was written, for `_metadata`."""
        if self.written is None or run.undoes:
            return ChangeSet(cells=())
        verified = [(one.file_id, one.field) for one in run.cells if one.state == "verified"]
        return bulk.queue_for_metadata(self.written_photos, self.written.only(*verified))

    def ask_to_queue(self) -> None:
        """Ask whether these photos shall be renewed by the next sync."""
        self.frozen = self.queue
        self.queueing = bool(self.frozen.chosen)
        self.edition += 1

    def begin_queue(self) -> bool:
        """Put them into `_metadata`; categories need no switch."""
        change, self.queueing, self.frozen = self.frozen, False, None
        if change is None or not change.chosen:
            return False
        return self._start(
            "queue", len(change.chosen), lambda heard: self.wb.write(change, listen=heard)
        )

    # -- the proof

    def prove(self, file_id: str) -> None:
        """Try on this photo whether metadata can be written, and switch it on if it can."""
        self.trying = "Writing to one photo, reading it, putting it back"
        self.edition += 1
        self._prover.ask(file_id)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the proof and for the writing."""
        return self._prover.wait(timeout) and self.jobs.wait(timeout)

    def _prove(self, file_id: str, is_newest: IsNewest) -> None:
        self.wb.try_metadata(file_id)
        self.wb.allow_metadata()
        self.trying, self.message = "", None
        self.look()
        if self.message is None:
            good = "The value read back and was put back. Writing metadata is switched on here."
            self.message = messages.note(good, tone="ok")
        self.edition += 1

    def _on_trouble(self, error: BaseException) -> None:
        self.trying = ""
        found = messages.from_error(error)
        self.message = replace(found, buttons=("Try it on one photo I choose",))
        self.edition += 1

    @property
    def import_csv(self) -> str:
        """The texts and keywords for IMatch's own import."""
        return bulk.import_csv(self.source.change, self.source.photos)
