"""Writing what is staged into IMatch: asked once more, in the background, read back value by value.

The engine does it (`wb.write`): one value only over the one that was shown, through the journal.
Afterwards IMatch is read again, so that mended rows become ready.  What failed stays staged.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import traitlets as t

from socials_lib import bulk
from socials_lib.models import Event, PlanRow
from socials_lib.widgets import base, fix_text, messages, words

if TYPE_CHECKING:
    from socials_lib.journal import ChangeSetRun
    from socials_lib.widgets.fix_model import FixesModel

#: What became of a cell, as the journal says it -> sign, words, tone.
ENDS = {
    "verified": ("✓", "Written", "ok"),
    "same": ("✓", "Was there already", "ok"),
    "undone": ("✓", "Put back", "ok"),
    "conflict": ("≠", "Changed since", "warn"),
    "failed": ("✕", "Not written", "err"),
    "differs": ("✕", "Not kept", "err"),
    "written": ("?", "Unclear", "warn"),
    "planned": ("■", "Not started", ""),
}
_THERE = ("verified", "same")
#: So many photos are offered to be tried on.
MOST_TO_TRY = 100
WRITE, BACK, TRY = "write", "back", "try"


class FixWriter(base.StepModel):
    """Carries staged fixes into IMatch and back; `asking` is what waits for a yes.

    `run` is how the last writing ended, `back` that of putting it back; `done` of `total` values.
    """

    asking = t.Unicode("")
    edition = t.Int(0)
    done = t.Int(0)
    total = t.Int(0)

    def __init__(self, fixes: FixesModel) -> None:
        super().__init__()
        self.fixes = fixes
        self.state = "ready"
        self.run: ChangeSetRun | None = None
        self.back: ChangeSetRun | None = None
        self.said = ""
        self.doing = ""
        self._since = 0.0
        self._lock = threading.RLock()
        self.worker = base.Worker("write-imatch", on_error=self._on_trouble)
        self.change_set = bulk.ChangeSet(cells=())
        self.rows: dict[str, PlanRow] = {}

    # what would be written

    @property
    def wanted(self) -> bulk.ChangeSet:
        """What the button stands for: all that is staged, as far as the switch allows."""
        return self.fixes.stage.change_set(metadata=self.fixes.may_write)

    @property
    def waiting(self) -> int:
        """Values that wait for the switch."""
        every = len(self.fixes.change_set.cells)
        return every - len(self.wanted.cells) if every else 0

    @property
    def is_busy(self) -> bool:
        """True while something is written, put back or tried."""
        return self.state in ("running", "stopping")

    @property
    def label(self) -> str:
        """`Write 2 values to IMatch…`; what only waits for the switch counts if nothing can go."""
        if not len(self.fixes.stage):
            return "Write to IMatch…"
        cells = self.wanted.cells or self.fixes.change_set.cells
        return f"Write {words.count(len(cells), 'value')} to IMatch…"

    @property
    def question(self) -> str:
        """What is asked before anything is written or put back."""
        if self.asking == BACK and self.run is not None:
            count = words.count(self.run.can_undo, "value")
            return f"Put back {count} in IMatch? What has changed since stays."
        said = fix_text.values_in_words(self.wanted.cells)
        return f"Write {said} to IMatch? Old values are kept; 04_history can put them back."

    @property
    def yes(self) -> str:
        """The words of the button that does it."""
        if self.asking == BACK and self.run is not None:
            return f"Put back {words.count(self.run.can_undo, 'value')}"
        return f"Write {words.count(len(self.wanted.cells), 'value')}"

    def reasons(self) -> tuple[str, ...]:
        """Why the button cannot be pressed, in words."""
        if not len(self.fixes.stage):
            return ("Nothing is staged.",)
        if self.fixes.picker.frozen:
            return ("A run is under way; write when it has ended.",)
        if self.fixes.progress:
            return ("The list is busy.",)
        if not self.wanted.cells:
            return ("Writing metadata to IMatch is switched off.",)
        return ()

    # the presses

    def press(self) -> bool:
        """Ask before writing; False if it cannot be written now."""
        if self.is_busy or self.reasons():
            return False
        self.asking = WRITE
        self.edition += 1
        return True

    def ask_back(self) -> bool:
        """Ask before putting the last writing back."""
        if self.is_busy or self.run is None or not self.run.can_undo:
            return False
        self.asking = BACK
        self.edition += 1
        return True

    def not_now(self) -> None:
        """Nothing is written; what is staged stays."""
        self.asking = ""
        self.edition += 1

    def begin(self) -> bool:
        """Do what was asked; False if nothing was asked, or if it can no longer be done."""
        asking, self.asking = self.asking, ""
        if asking == BACK:
            return self._start("Putting back", self._put_back)
        if asking != WRITE or self.reasons():
            self.edition += 1
            return False
        self.change_set = self.wanted
        entries = self.fixes.picker.entries
        self.rows = {one.row.file_id: one.row for one in entries}
        return self._start("Writing", self._write)

    def stop(self) -> None:
        """Stop after the photo at hand."""
        if self.state == "running":
            self.state = "stopping"
            self.fixes.wb.ask_to_stop()
            self.edition += 1

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until writing has ended."""
        return self.worker.wait(timeout)

    def _start(self, doing: str, work: Callable[[], None]) -> bool:
        with self._lock:
            if self.is_busy:
                return False
            self.state, self.doing, self.said = "running", doing, ""
            self.done = self.total = 0
            self._since = time.monotonic()
        self.message = None
        self.edition += 1  # before the thread counts on
        self.worker.ask(lambda _stop: work())
        return True

    # in the thread

    def _write(self) -> None:
        run = self.fixes.wb.write(self.change_set, listen=self._heard)
        self.run, self.back = run, None
        there = [(one.file_id, one.field) for one in run.cells if one.state in _THERE]
        self.fixes.take_written(there)
        self._ended(run, f"{words.number(len(there))} written and read back")

    def _put_back(self) -> None:
        assert self.run is not None
        run = self.fixes.wb.undo(self.run.change_set, listen=self._heard)
        self.back, self.run = run, None
        count = sum(one.state in _THERE for one in run.cells)
        self._ended(run, f"{words.number(count)} put back and read back")

    def _ended(self, run: ChangeSetRun, said: str) -> None:
        bad = len(run.cells) - sum(one.state in _THERE for one in run.cells)
        self.said = f"{said}; {words.number(bad)} not" if bad else said
        if run.state == "done":
            self.state = "failed" if bad == len(run.cells) else "done"
        else:
            self.state = "stopped" if run.state == "stopped" else "failed"
            self.message = self._broken(run)
        self.edition += 1
        self.fixes.picker.load()

    def _broken(self, run: ChangeSetRun) -> messages.Message:
        """It ended early: M31 where IMatch did not keep a value, else what stood in the way."""
        stopped = run.state == "stopped"
        fact = run.message or "Writing ended early."
        hint = "What is not written stays staged." if stopped else run.hint
        if any(one.state == "differs" for one in run.cells):
            hint = "Nothing else was changed. Put it back below, and change it in IMatch itself."
        return messages.note(fact, hint, tone="warn" if stopped else "err")

    def _heard(self, event: Event) -> None:
        if self.state == "stopping":
            self.fixes.wb.ask_to_stop()  # also when it was pressed before the first request
        self.total = max(self.total, event.total)
        self.done = event.done
        self.edition += 1

    def _on_trouble(self, error: BaseException) -> None:
        self.state = "failed"
        self.message = messages.from_error(error)
        self.edition += 1

    @property
    def progress(self) -> str:
        """`Writing 1 of 2 to IMatch, about 3 min left`."""
        at = min(self.done + 1, self.total) if self.total else 0
        said = f"{self.doing} {at:,} of {self.total:,} to IMatch" if self.total else self.doing
        if self.doing == "Trying":
            return "Trying it on one photo"
        if self.state == "stopping":
            return f"{said}; stopping after this photo"
        seconds = time.monotonic() - self._since
        if self.done and seconds > 5:
            said += f", {words.duration(seconds / self.done * (self.total - self.done))} left"
        return said

    def outcomes(self) -> Counter[str]:
        """How many values ended how."""
        run = self.back or self.run
        return Counter(one.state for one in run.cells) if run is not None else Counter()

    # the proof

    def photos_to_try(self) -> tuple[PlanRow, ...]:
        """Photos that the person may choose for the proof: those with staged texts first."""
        found: dict[str, PlanRow] = {}
        for row in (*self.fixes.staged_rows, *self.fixes.rows):
            found.setdefault(row.file_id, row)
            if len(found) >= MOST_TO_TRY:
                break
        return tuple(found.values())

    def ask_try(self) -> None:
        """Let the person choose the photo."""
        self.asking = TRY
        self.message = None
        self.edition += 1

    def try_on(self, file_id: str) -> bool:
        """Prove on this photo that values can be written, and turn the switch on if so."""
        self.asking = ""
        return self._start("Trying", lambda: self._try_on(file_id))

    def _try_on(self, file_id: str) -> None:
        self.fixes.wb.try_metadata(file_id)
        self.fixes.allow_writing()
        self.state = "ready"
        self.message = messages.note(
            "IMatch kept what was written, and the old values are back. Writing is switched on.",
            "`wb.allow_metadata(False)` switches it off again.",
            tone="ok",
        )
        self.edition += 1
