"""Before and after: what a recipe changes in the chosen photos, what comes of it, what is left out.

The recipe is tried in the background; the page that is shown gets its consequences first, then all
others.  What was left out by hand stays left out whatever the recipe becomes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import traitlets as t

from socials_lib import bulk
from socials_lib.bulk import Cell, ChangeSet, Consequence
from socials_lib.errors import RecipeError
from socials_lib.models import Photo
from socials_lib.widgets import base, messages, words
from socials_lib.widgets.bulk_latest import IsNewest, Latest
from socials_lib.widgets.recipe_model import RecipeModel

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

PAGE_ROWS = 25
#: So many photos are judged between two looks at what the person does.
_AT_ONCE = 250
Key = tuple[str, str]
FILTERS = ("all", "broken", "differ", "out")


@dataclass(frozen=True, kw_only=True)
class _Asked:
    recipe: bulk.Recipe
    photos: tuple[Photo, ...]


@dataclass(frozen=True, kw_only=True)
class Sum:
    """`38 of 412 change = 37 clean + 1 still breaks a rule · 6 are online and will differ`."""

    looked_at: int = 0
    photos: int = 0
    cells: int = 0
    clean: int = 0
    broken: int = 0
    differ: int = 0
    unlinked: int = 0
    judged: int = 0

    @property
    def is_whole(self) -> bool:
        """True if the consequence of every changing photo is known."""
        return self.judged >= self.photos


class BeforeAfterModel(base.StepModel):
    """`edition` counts whenever cells, opt-outs, filter or consequences have changed.

    `whole` is the change set with every cell, `change` the same without what is left out.
    """

    edition = t.Int(0)
    page = t.Int(1)
    shown_filter = t.Enum(FILTERS, default_value="all")
    progress = t.Unicode("")

    def __init__(self, wb: Workbench, recipe: RecipeModel) -> None:
        super().__init__()
        self.wb, self.recipe = wb, recipe
        self.whole = ChangeSet(cells=())
        self.photos: tuple[Photo, ...] = ()
        self.left_out: frozenset[Key] = frozenset()
        self.error: BaseException | None = None
        self.faults: tuple[str, ...] = ()
        self._by_id: dict[str, Photo] = {}
        self._lock = threading.RLock()
        self._summed: tuple[ChangeSet | None, frozenset[Key], Sum] = (None, frozenset(), Sum())
        self._worker: Latest[_Asked] = Latest("recipe", self._try, on_error=self._on_error)
        recipe.observe(lambda _: self.renew(), "edition")
        self.observe(lambda _: self._turn_back(), "shown_filter")
        self.renew()

    # -- trying

    def renew(self) -> None:
        """Try the recipe on the chosen photos."""
        try:
            asked = _Asked(recipe=self.recipe.recipe, photos=self.recipe.photos)
        except RecipeError as error:
            self._worker.drop()  # what is being tried was meant before: its cells must not come
            with self._lock:
                self._on_error(error)
            return
        with self._lock:
            self.state, self.message = "running", None
            self.progress = f"Trying the recipe on {words.number(len(asked.photos))}"
            self._worker.ask(asked)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the recipe has been tried and judged."""
        return self._worker.wait(timeout)

    def _try(self, asked: _Asked, is_newest: IsNewest) -> None:
        found = bulk.propose(asked.photos, asked.recipe)
        with self._lock:
            if not is_newest():
                return
            self.error = self.message = None
            self.photos, self.whole = asked.photos, found
            self._by_id = {one.file_id: one for one in asked.photos}
        self._tell()
        if found.cells:
            self._judge(asked, found, is_newest)
        with self._lock:
            if not is_newest():
                return
            self.state, self.progress = "done", ""
        self._tell()

    def _judge(self, asked: _Asked, found: ChangeSet, is_newest: IsNewest) -> None:
        """Consequences: the page that is shown, then all others in their order."""
        here = list(dict.fromkeys(one.file_id for one in self.page_cells))
        shown = set(here)
        self._judge_some(here, self._known(here))
        self._tell()
        rest = [one for one in dict.fromkeys(c.file_id for c in found.cells) if one not in shown]
        known = self._known(rest) if rest else bulk.Known()
        for start in range(0, len(rest), _AT_ONCE):
            if not is_newest():
                return
            self._judge_some(rest[start : start + _AT_ONCE], known)
            done = len(here) + min(start + _AT_ONCE, len(rest))
            total = words.count(len(here) + len(rest), "photo")
            self.progress = f"Checking {words.number(done)} of {total}"
            self._tell()
        while is_newest() and (late := self._unjudged()):  # ticks that changed meanwhile
            self._judge_some(late[:_AT_ONCE], self._known(late[:_AT_ONCE]))

    def _known(self, file_ids: Sequence[str]) -> bulk.Known:
        return self.wb.known_for_changes([self._by_id[one] for one in file_ids])

    def _unjudged(self) -> list[str]:
        change = self.change
        return [one for one in change.file_ids if one not in change.consequences]

    def _judge_some(self, file_ids: Sequence[str], known: bulk.Known) -> None:
        """Judged by the ticks of now; what was ticked otherwise meanwhile is left for later."""
        photos = [self._by_id[one] for one in file_ids]
        out, bare = self.left_out, replace(self.change, consequences={})
        judged = bulk.with_consequences(bare, photos, known, file_ids=file_ids)
        with self._lock:
            changed = {file_id for file_id, _ in out ^ self.left_out}
            fresh = {
                file_id: one
                for file_id, one in judged.consequences.items()
                if file_id not in changed
            }
            both = {**self.whole.consequences, **fresh}
            self.whole = replace(self.whole, consequences=both)

    def _on_error(self, error: BaseException) -> None:
        self.error = error
        self.whole, self.photos = ChangeSet(cells=()), ()
        self.state, self.progress = "failed", ""
        self.message = messages.from_error(error)
        self._tell()

    def written(self) -> None:
        """Read the photos again: what was written is no longer to be done."""
        self.recipe.facets.source.load()

    # -- opt-out

    @property
    def change(self) -> ChangeSet:
        """The change set without what is left out."""
        return self.whole.without(*self.left_out)

    def leave_out(self, keys: Sequence[Key], on: bool = True) -> None:
        """Leave cells out, or take them in again; their photos are judged anew."""
        stale = {file_id for file_id, _ in keys}
        with self._lock:
            self.left_out = self.left_out | set(keys) if on else self.left_out - set(keys)
            fresh = {
                file_id: one
                for file_id, one in self.whole.consequences.items()
                if file_id not in stale
            }
            self.whole = replace(self.whole, consequences=fresh)
        self._tell()
        if self.error is None and self.state != "running":
            self._judge_again(stale)

    def _judge_again(self, file_ids: set[str]) -> None:
        ids = [one for one in self.change.file_ids if one in file_ids]
        if ids and len(ids) <= _AT_ONCE:
            self._judge_some(ids, self._known(ids))
            self._tell()
        elif ids:
            self.renew()

    def value_now(self, key: Key) -> bulk.Value:
        """What a cell would hold by now: after the recipe, else as it is; for a value by hand."""
        found = next((one.after for one in self.whole.cells if one.key == key), None)
        photo = next(one for one in self.recipe.photos if one.file_id == key[0])
        return bulk.value_of(photo, key[1]) if found is None else found

    def edit(self, key: Key, text: str) -> None:
        """Another value for a cell, by hand; it becomes the last step of the recipe."""
        self.recipe.edit(key[0], key[1], text)

    # -- tables

    @property
    def csv(self) -> str:
        """The chosen cells, for a spreadsheet and back."""
        return bulk.change_set_csv(self.change)

    def load_table(self, name: str, data: bytes) -> bulk.TableRead | None:
        """Take up an edited table: its values become the recipe's values by hand.

        Conflicts and faulty lines are in the answer and in `faults`; they change nothing.  A table
        that changes nothing at all leaves the steps as they are.  A file that is no such table
        leaves all as it was: None, and `message` says why.
        """
        try:
            read = bulk.read_csv(data, self.recipe.photos, name=name)
        except RecipeError as error:
            self.message = messages.from_error(error)
            return None
        self.message = None
        self.faults = (
            *(
                f"{self._titled(one.file_id)}: {bulk.FIELDS[one.field].label} has changed in IMatch"
                " since the table was written; it is left alone."
                for one in read.conflicts
            ),
            *read.faults,
        )
        steps = read.change_set.recipe.steps
        if steps:
            self.recipe.use(bulk.Recipe(name="From a table", steps=steps))
        else:
            fact = "Nothing of this table was taken over."
            self.message = messages.note(fact, "The steps stay as they were.")
        return read

    def _titled(self, file_id: str) -> str:
        photos = {one.file_id: one for one in self.recipe.photos}
        found = photos.get(file_id)
        return f"“{found.title.strip() or found.name}”" if found is not None else file_id

    # -- what is shown

    @property
    def sum(self) -> Sum:
        """The counts of what will be written; they add up."""
        whole, out, found = self._summed
        if whole is not self.whole or out is not self.left_out:
            whole, out = self.whole, self.left_out
            found = self._sum_of(whole.without(*out))
            self._summed = (whole, out, found)
        return found

    @staticmethod
    def _sum_of(change: ChangeSet) -> Sum:
        counts = change.counts
        known = [change.consequences.get(one) for one in change.file_ids]
        return Sum(
            **{name: counts[name] for name in ("looked_at", "photos", "cells")},
            clean=counts["clean"],
            broken=counts["broken"],
            differ=counts["differ"],
            unlinked=sum(bool(one.unlinked) for one in known if one is not None),
            judged=sum(one is not None for one in known),
        )

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells that the filter shows."""
        if self.shown_filter == "all":
            return self.whole.cells
        test = _TESTS[str(self.shown_filter)]
        return tuple(one for one in self.whole.cells if test(self, one))

    @property
    def pages(self) -> int:
        """How many pages the cells fill; at least one."""
        return max(1, -(-len(self.cells) // PAGE_ROWS))

    @property
    def page_cells(self) -> tuple[Cell, ...]:
        """The cells of the page."""
        first = (self.page - 1) * PAGE_ROWS
        return self.cells[first : first + PAGE_ROWS]

    def go_to(self, page: int) -> None:
        """Show a page; the nearest there is."""
        self.page = min(max(1, page), self.pages)
        self._tell()

    def photo(self, file_id: str) -> Photo:
        """A photo of the change set."""
        return self._by_id[file_id]

    def consequence(self, file_id: str) -> Consequence | None:
        """What comes of its change, as far as it is known."""
        return self.whole.consequences.get(file_id)

    def _turn_back(self) -> None:
        self.page = 1
        self._tell()

    def _tell(self) -> None:
        """Other cells may be shown now: the page is one that there is."""
        self.page = min(self.page, self.pages)
        self.edition += 1


def _judged(model: BeforeAfterModel, cell: Cell, test: Callable[[Consequence], bool]) -> bool:
    found = model.consequence(cell.file_id)
    return found is not None and cell.key not in model.left_out and test(found)


_TESTS: Mapping[str, Callable[[BeforeAfterModel, Cell], bool]] = {
    "broken": lambda model, cell: _judged(model, cell, lambda one: one.is_broken),
    "differ": lambda model, cell: _judged(model, cell, lambda one: bool(one.differs)),
    "out": lambda model, cell: cell.key in model.left_out,
}
