"""Fixes that wait to be written: values by photo and field, nothing of them is in IMatch yet; pure.

A photo has one title on all platforms, so a fix of a text belongs to the photo and shows in each of
its rows.  What is staged is compared with every new reading of IMatch: what is there by now needs
no fix any more, and what somebody else changed since is given up, in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from socials_lib import bulk
from socials_lib.models import Photo, PlanRow, PlatformName
from socials_lib.widgets import words
from socials_lib.widgets.fix_offers import left, places

#: File id and field; memberships are a field of their own for each platform.
Slot = tuple[str, str]
NAME = "From the fix-it list"


@dataclass(frozen=True, kw_only=True)
class Staged:
    """A fix: of what kind it is, and the cells it comes to; the first one is that of its photo."""

    slot: Slot
    act: str
    cells: tuple[bulk.Cell, ...]

    @property
    def cell(self) -> bulk.Cell:
        """What changes in the photo itself (a version may change with it)."""
        return self.cells[0]

    @property
    def is_text(self) -> bool:
        """False for a fix that only changes which categories photos are in."""
        return self.cell.is_metadata


class Stage:
    """All staged fixes of a fix-it list, in the order they were made."""

    def __init__(self) -> None:
        self._fixes: dict[Slot, Staged] = {}
        self._of_file: dict[str, dict[Slot, None]] = {}

    def __len__(self) -> int:
        return len(self._fixes)

    def __iter__(self) -> Iterator[Staged]:
        return iter(tuple(self._fixes.values()))

    def put(self, fixes: Iterable[Staged]) -> int:
        """Stage fixes; one for the same slot makes way.  How many there were."""
        count = 0
        for fix in fixes:
            self.take([fix.slot])
            self._fixes[fix.slot] = fix
            for cell in fix.cells:
                self._of_file.setdefault(cell.file_id, {})[fix.slot] = None
            count += 1
        return count

    def take(self, slots: Iterable[Slot]) -> None:
        """Forget these fixes."""
        for slot in tuple(slots):
            fix = self._fixes.pop(slot, None)
            for cell in fix.cells if fix is not None else ():
                self._of_file[cell.file_id].pop(slot, None)

    def clear(self) -> None:
        """Forget all."""
        self._fixes.clear()
        self._of_file.clear()

    def of(self, row: PlanRow) -> tuple[Staged, ...]:
        """The fixes that concern a row: its photo's texts, and its places on this platform."""
        mine = (self._fixes[slot] for slot in self._of_file.get(row.file_id, ()))
        return tuple(one for one in mine if one.is_text or one.slot[1] == _places(row.platform))

    def now(self, photo: Photo) -> Photo:
        """The photo with its staged fixes; the very same one if it has none."""
        fixes = [self._fixes[slot] for slot in self._of_file.get(photo.file_id, ())]
        cells = tuple(cell for fix in fixes for cell in fix.cells)
        return bulk.applied([photo], bulk.ChangeSet(cells=cells))[0] if cells else photo

    def change_set(self, *, metadata: bool = True) -> bulk.ChangeSet:
        """What is to be written; without `metadata` only categories, which need no switch."""
        cells = [cell for fix in self for cell in fix.cells if metadata or not cell.is_metadata]
        whole = tuple(_together(cells))
        photos = len({one.file_id for one in whole})
        return bulk.ChangeSet(cells=whole, looked_at=photos, recipe=bulk.Recipe(name=NAME))

    def settle(self, done: Iterable[tuple[str, str]]) -> None:
        """Forget what is in IMatch by now: `done` are file id and field of cells."""
        there = frozenset(done)
        self.take(
            fix.slot
            for fix in self
            if all((cell.file_id, cell.field) in there for cell in fix.cells)
        )

    def compare(self, photos: Mapping[str, Photo]) -> tuple[str, ...]:
        """Keep what still holds for the photos as IMatch has them now; why the others went."""
        reasons: list[str] = []
        for fix in self:
            photo = photos.get(fix.cell.file_id)
            if photo is None:
                reasons.append(f"“{fix.cell.title}” is no longer in the list.")
            elif _is_there(photo, fix.cell):
                reasons.append("")
            elif fix.is_text and not _has(photo, fix.cell, fix.cell.before):
                name = words.field(fix.cell.field).lower()
                reasons.append(f"The {name} of “{fix.cell.title}” has changed in IMatch since.")
            else:
                continue
            self.take([fix.slot])
        return tuple(filter(None, reasons))


def by_recipe(
    row: PlanRow, photo: Photo, now: Photo, recipe: bulk.Recipe, act: str
) -> tuple[Staged, ...]:
    """What a recipe comes to for a photo on top of what is staged; texts go by the photo `now`."""
    texts = {
        one.field: bulk.as_text(one.after)
        for one in bulk.propose([now], recipe).cells
        if one.is_metadata
    }
    moved = [one for one in bulk.propose([photo], recipe).cells if not one.is_metadata]
    found = list(by_words(photo, texts, act))
    if moved:
        slot = (photo.file_id, _places(row.platform))
        found.append(Staged(slot=slot, act=act, cells=tuple(moved)))
    return tuple(found)


def by_words(photo: Photo, texts: Mapping[str, str], act: str) -> tuple[Staged, ...]:
    """New texts for fields of a photo; a text that it has already comes to nothing."""
    if not texts:
        return ()
    recipe = bulk.Recipe(steps=(bulk.Edit(values={photo.file_id: dict(texts)}),))
    return by_cells(bulk.propose([photo], recipe).cells, act)


def by_cells(cells: Iterable[bulk.Cell], act: str) -> tuple[Staged, ...]:
    """Each cell of a change of texts as a fix of its own."""
    return tuple(Staged(slot=one.key, act=act, cells=(one,)) for one in cells)


def handed_over(row: PlanRow, photo: Photo, version: Photo) -> tuple[Staged, ...]:
    """The version takes the photo's places in `Socials|P`: from then on its file is sent."""
    wanted = places(row, photo)
    joins = bulk.Recipe(steps=tuple(bulk.Assign(category=one) for one in wanted))
    cells = (
        *bulk.propose([photo], left(row, photo, NAME)).cells,
        *bulk.propose([version], joins).cells,
    )
    slot = (photo.file_id, _places(row.platform))
    return (Staged(slot=slot, act="version", cells=cells),) if cells else ()


def _places(platform: PlatformName) -> str:
    return f"categories:{platform}"


def _together(cells: Iterable[bulk.Cell]) -> Iterator[bulk.Cell]:
    """One cell for each photo and field: its places on both platforms are one field of IMatch."""
    found: dict[tuple[str, str], bulk.Cell] = {}
    for cell in cells:
        known = found.get(cell.key)
        if known is not None:
            cell = replace(
                known,
                before=tuple(dict.fromkeys((*known.before, *cell.before))),
                after=tuple(dict.fromkeys((*known.after, *cell.after))),
            )
        found[cell.key] = cell
    yield from found.values()


def _is_there(photo: Photo, cell: bulk.Cell) -> bool:
    """True if IMatch has the new value already."""
    if cell.is_metadata:
        return _has(photo, cell, cell.after)
    inside = {one.path for one in photo.categories}
    return inside.isdisjoint(cell.before) and inside.issuperset(cell.after)


def _has(photo: Photo, cell: bulk.Cell, value: bulk.Value) -> bool:
    """True if the file itself has this value; keywords are a bag."""
    own = bulk.own_value(photo, cell.field)
    return set(own) == set(value) if isinstance(own, tuple) else own == value
