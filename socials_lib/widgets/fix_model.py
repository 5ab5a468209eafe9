"""The model of the fix-it list: which rows need a fix, what helps, and what is staged.

Decided here (2026-11-22):

- A row needs a fix if it is blocked; it counts once, by the problem that stops it.  Rows that only
  carry warnings are counted apart (`WARNED`), like the suggested ones of the table.
- `Skip this photo` is a choice of this session, like a tick, and writes nothing: a photo that is
  blocked is not sent anyway, and IMatch alone says what is in the work list.  Who wants it out for
  good takes it out of `Socials|P` there; the row says so.
- `Delete anyway` is the other choice of this session: it goes to the step delete, which asks for
  its own consent.
- A fixed row keeps its place until IMatch was read again: nothing jumps while one works through.
- `Make a smaller copy` is the setting `[images] fit`, for this notebook: it is put into the
  environment of the workbench, and again when the first cell runs anew.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import traitlets as t

from socials_lib import bulk
from socials_lib.models import Pending, Photo, PlanRow, Problem, RelatedFile
from socials_lib.widgets import base, fix_alike, fix_offers, fix_staged, fix_text, messages, words
from socials_lib.widgets.entries import Key
from socials_lib.widgets.fix_alike import Alike, code_of, main_problems
from socials_lib.widgets.fix_judge import Judge, is_stopped
from socials_lib.widgets.fix_offers import Offer
from socials_lib.widgets.fix_staged import Stage
from socials_lib.widgets.picker import PickerModel

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

PAGE_CARDS = 10
#: Kinds that are counted apart: rows with warnings alone, and rows with staged fixes.
WARNED, STAGED = "\0warned", "\0staged"
_FIT = "SOCIALS_IMAGES_FIT"


class FixesModel(base.StepModel):
    """The rows of a picker that need a fix, and the fixes that wait to be written.

    `kind` is the code of a problem, `WARNED`, `STAGED` or "" for all; `edition` rises whenever rows
    or what is staged may have changed; `progress` are the words of work under way; `notes` say
    what of it became nothing.
    """

    kind = t.Unicode("")
    page = t.Int(1)
    edition = t.Int(0)
    progress = t.Unicode("")
    notes = t.Tuple(())

    def __init__(self, picker: PickerModel) -> None:
        super().__init__()
        self.picker = picker
        self.stage = Stage()
        self.written: set[fix_staged.Slot] = set()
        self.is_fitting = False
        self._may_write: bool | None = None
        self.worker = base.Worker("fixes", on_error=self._on_trouble)
        self._lock = threading.RLock()
        self._plan_seen: Any = None
        self._judge: Judge | None = None
        self._pending: dict[Key, Pending] = {}
        self._counted: tuple[Any, tuple[Alike, ...]] | None = None
        picker.observe(lambda _: self._renew(), "edition")
        self.observe(lambda _: self._turn_back(), "kind")
        self._take_plan()

    @property
    def wb(self) -> Workbench:
        """The workbench of the table."""
        return self.picker.wb

    # which rows

    @property
    def rows(self) -> tuple[PlanRow, ...]:
        """All rows that need a fix, in the order of the plan."""
        return tuple(one.row for one in self.picker.entries if one.row.blocked)

    @property
    def warned(self) -> tuple[PlanRow, ...]:
        """Rows that can go but carry a warning."""
        rows = (one.row for one in self.picker.entries)
        return tuple(row for row in rows if row.problems and not row.blocked)

    @property
    def staged_rows(self) -> tuple[PlanRow, ...]:
        """Rows with a fix that is staged."""
        rows = (one.row for one in self.picker.entries)
        return tuple(row for row in rows if row.problems and self.stage.of(row))

    @property
    def kinds(self) -> dict[str, int]:
        """Code of the stopping problem -> number of rows, the largest first."""
        return dict(Counter(code_of(row) for row in self.rows).most_common())

    @property
    def chosen(self) -> tuple[PlanRow, ...]:
        """The rows of the chosen kind."""
        if self.kind == WARNED:
            return self.warned
        if self.kind == STAGED:
            return self.staged_rows
        return tuple(row for row in self.rows if not self.kind or code_of(row) == self.kind)

    @property
    def pages(self) -> int:
        """How many pages the chosen rows fill; at least one."""
        return max(1, -(-len(self.chosen) // PAGE_CARDS))

    @property
    def page_rows(self) -> tuple[PlanRow, ...]:
        """The rows of the page."""
        first = (self.page - 1) * PAGE_CARDS
        return self.chosen[first : first + PAGE_CARDS]

    @property
    def ready_count(self) -> int:
        """How many rows can be carried out as they are."""
        return len(self.picker.ready)

    def go_to(self, page: int) -> None:
        """Show a page; the nearest there is."""
        self.page = min(max(1, page), self.pages)

    # what helps a row

    @property
    def judge(self) -> Judge:
        """By what fixes are judged: rules and limits as they were when IMatch was read."""
        with self._lock:
            if self._judge is None:
                self._judge = Judge(self.wb)
            return self._judge

    def photo(self, row: PlanRow) -> Photo | None:
        """The photo of a row as IMatch had it when it was read."""
        found = self._pending.get(row.key)
        return found.photo if found is not None else None

    def now(self, row: PlanRow) -> Photo | None:
        """The photo of a row with what is staged."""
        photo = self.photo(row)
        return photo if photo is None else self.stage.now(photo)

    def left(self, row: PlanRow) -> tuple[Problem, ...]:
        """The problems that a row will have left once what is staged is written."""
        photo = self.photo(row)
        if photo is None or not self.stage.of(row):
            return row.problems
        return self.judge.problems(row, photo, self.stage.now(photo))

    def is_mended(self, row: PlanRow) -> bool:
        """True if nothing will stop the row once what is staged is written."""
        now = self.now(row)
        return (
            now is not None
            and bool(self.stage.of(row))
            and not is_stopped(row, self.left(row), now)
        )

    def is_written(self, row: PlanRow) -> bool:
        """True if a fix of the row was written and IMatch is not read again yet."""
        return any(slot[0] == row.file_id for slot in self.written)

    def offers(self, row: PlanRow) -> tuple[Offer, ...]:
        """The fixes for the problems that the row has left."""
        now = self.now(row)
        if now is None or self.is_written(row):
            return ()
        return fix_offers.offers(row, now, self.left(row), self.judge)

    def versions(self, row: PlanRow) -> tuple[RelatedFile, ...]:
        """The relatives of a photo that could be sent instead."""
        now = self.now(row)
        limits = self.judge.limits(row.platform)
        return fix_offers.versions(row, now, limits) if now is not None else ()

    # staging

    def fix(self, key: Key, act: str) -> int:
        """Stage what a kind of fix comes to for a row; how many values that were."""
        row = self.picker.by_key[key].row
        found = (one for one in self.offers(row) if one.act == act and one.recipe is not None)
        count = sum(self._stage(row, one) for one in found)
        self._staged()
        return count

    def write_words(self, key: Key, field: str, text: str) -> int:
        """Stage words of the person for a field of a photo."""
        photo = self._pending[key].photo
        count = self.stage.put(fix_staged.by_words(photo, {field: text}, "write"))
        if not count:
            self.stage.take([(photo.file_id, field)])
        self._staged()
        return count

    def undo(self, key: Key) -> None:
        """Forget what is staged for a row; nothing of it was in IMatch."""
        row = self.picker.by_key[key].row
        self.stage.take(one.slot for one in self.stage.of(row))
        self._staged()

    def undo_all(self) -> None:
        """Forget all that is staged."""
        self.stage.clear()
        self._staged()

    def for_all(self) -> tuple[Alike, ...]:
        """Fixes that one press does for all rows alike; counted once for each state."""
        state = (self.edition, self.kind, self.picker.skipped)
        if self._counted is None or self._counted[0] != state:
            self._counted = (state, fix_alike.found(self))
        return self._counted[1]

    def fix_all(self, fix: Alike) -> bool:
        """Stage a fix for all rows that are alike, in the background; False if busy."""
        rows = fix_alike.rows_of(self, fix)
        return self._start(lambda: self._fix_all(rows, fix))

    def _fix_all(self, rows: Sequence[PlanRow], fix: Alike) -> None:
        self.progress = f"Trying it on {words.count(len(rows), 'row')}"
        failed = [row for row in rows if not self._fix_alike(row, fix)]
        self.progress = ""
        if failed:
            count = words.count(len(failed), "row")
            self.notes = (f"This does not help {count}, “{failed[0].title}” among them.",)
        self._staged(keep_notes=bool(failed))

    def _fix_alike(self, row: PlanRow, fix: Alike) -> bool:
        now = self.now(row)
        assert now is not None  # rows without a photo are not alike
        offered = fix_offers.offers(row, now, main_problems(row), self.judge)
        count = sum(self._stage(row, one) for one in offered if one.act == fix.act)
        return bool(count or self.stage.of(row))

    def _stage(self, row: PlanRow, offer: Offer) -> int:
        photo, now = self.photo(row), self.now(row)
        if photo is None or now is None or offer.recipe is None:
            return 0
        return self.stage.put(fix_staged.by_recipe(row, photo, now, offer.recipe, offer.act))

    def pick(self, key: Key, version_id: str) -> bool:
        """Let a version take the photo's places; IMatch is asked what it has.  False if busy."""
        return self._start(lambda: self._pick(key, version_id))

    def _pick(self, key: Key, version_id: str) -> None:
        row = self.picker.by_key[key].row
        self.progress = "Looking at the version in IMatch"
        found = self.wb.photos([version_id])
        self.progress = ""
        if not found:
            self.message = messages.note(
                "IMatch no longer has this version.", "Press [Check again].", tone="err"
            )
            return
        self.stage.put(fix_staged.handed_over(row, self._pending[key].photo, found[0]))
        self._staged()

    def take_written(self, there: Iterable[fix_staged.Slot]) -> None:
        """These cells are in IMatch now; their rows say so until it is read again."""
        done = tuple(there)
        self.written |= set(done)
        self.stage.settle(done)
        self.edition += 1

    def _staged(self, *, keep_notes: bool = False) -> None:
        if not keep_notes:
            self.notes = ()
        self.message = None
        if self.kind == STAGED and not len(self.stage):
            self.kind = ""
        self.page = min(self.page, self.pages)
        self.edition += 1

    @property
    def change_set(self) -> bulk.ChangeSet:
        """All that is staged as a change set: `wb.write(…)` writes it."""
        return self.stage.change_set()

    # out and in as a table

    def values_csv(self) -> str:
        """The texts to mend, ready to be edited in a spreadsheet, with what is staged."""
        return fix_text.values_csv(self)

    def load_table(self, name: str, data: bytes) -> bool:
        """Stage what an edited table asks for, in the background; False if busy."""
        return self.worker.start(lambda stop: self._load_table(name, data))

    def _load_table(self, name: str, data: bytes) -> None:
        self.progress = f"Reading {name}"
        try:
            photos = {one.file_id: one.photo for one in self._pending.values()}
            read = bulk.read_csv(data, photos.values(), name=name)
            count = self.stage.put(fix_staged.by_cells(read.change_set.cells, "table"))
        finally:
            self.progress = ""
        self.notes = fix_text.table_notes(name, read, count, photos)
        self._staged(keep_notes=True)

    # in IMatch, and switches

    def show_in_imatch(self) -> bool:
        """Put the photos into IMatch's error categories, in the background; False if busy."""
        return self._start(self._show_in_imatch)

    def _show_in_imatch(self) -> None:
        self.progress = "Showing the problems in IMatch"
        try:
            reports = self.wb.show_problems()
        finally:
            self.progress = ""
        self.message = fix_text.shown_in_imatch(reports, (*self.rows, *self.warned))

    @property
    def may_write(self) -> bool:
        """True if texts and keywords may be written (categories always may)."""
        if self._may_write is None:
            self._may_write = self.wb.may_write_metadata
        return self._may_write

    def allow_writing(self) -> None:
        """Turn the writing of texts and keywords on in this data folder."""
        self.wb.allow_metadata()
        self._may_write = None
        self.edition += 1

    def make_smaller(self, on: bool = True) -> bool:
        """Have smaller copies made of pictures that are too large, and plan anew; False if busy."""
        if self.picker.frozen or self.picker.worker.is_running:
            fact = "A run is under way." if self.picker.frozen else "IMatch is being read."
            self.message = messages.note(fact, "Press it again when that has ended.")
            return False
        self.message = None
        self._fit(on)
        return self.picker.load()

    def _fit(self, on: bool) -> None:
        self.is_fitting = on
        environ = {one: value for one, value in self.wb.environ.items() if one != _FIT}
        self.wb.set_environ({**environ, _FIT: "true"} if on else environ)
        self._judge = None

    # following the table

    def _turn_back(self) -> None:
        self.page = 1
        self.edition += 1

    def _renew(self) -> None:
        if self.picker.plan is not self._plan_seen:
            self._take_plan()
        if self.kind and self.kind not in (*self.kinds, WARNED, STAGED):
            self.kind = ""
        self.page = min(self.page, self.pages)
        self.edition += 1

    def _take_plan(self) -> None:
        """IMatch was read: compare what is staged with what is there now."""
        self._plan_seen = self.picker.plan
        with self._lock:
            self._judge = None
            self._pending = {one.key: one for one in self.picker.pending or ()}
        self.written.clear()
        photos = {one.file_id: one.photo for one in self._pending.values()}
        gone = self.stage.compare(photos)
        if gone:
            count = words.count(len(gone), "staged fix was", "staged fixes were")
            self.notes = (f"{count} given up. {gone[0]}",)
        self._may_write = None
        if self.is_fitting and self.wb.environ.get(_FIT) != "true":
            self._fit(True)  # the first cell ran anew: its workbench does not know yet
            self._plan_soon()

    def _plan_soon(self) -> None:
        """Plan anew as soon as the reading that is just ending has ended."""

        def again() -> None:
            self.picker.wait()
            self.picker.load(self.picker.given)

        threading.Thread(target=again, name="plan-anew", daemon=True).start()

    def _start(self, work: Callable[[], None]) -> bool:
        """Work in the background; False, and a word about it, if other work goes on."""
        started = self.worker.start(lambda stop: work())
        if not started:
            self.message = messages.note("The list is busy.", "Press it again when that has ended.")
        return started

    def _on_trouble(self, error: BaseException) -> None:
        self.progress = ""
        self.message = messages.from_error(error)
