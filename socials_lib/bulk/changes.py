"""What a recipe would change, cell by cell: before and after, opt-out, and the way back; pure.

Decided here (2026-11-22):

- A change is made to the categorised file itself, never to its master: other versions of the
  master were not shown.  `before` is what this very file has in IMatch (empty where the master's
  value counted so far; `inherited` shows that one), `after` what it will have.  A recipe that
  empties a field which is the master's changes nothing.
- Keywords are a bag, as in XMP: kept ones stay where they are, new ones come after them.
- A cell of an attribute column belongs to the file's own record, and holds only what can be read
  again (`repairs.checked`).
- A cell of `categories` holds only the paths that are left (`before`) and joined (`after`): other
  programs, and our own runs, put photos into categories all the time.
- Texts that a recipe made lose control characters and outer white space (XMP cannot hold the
  first, IMatch drops the second).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from socials_lib import formatting
from socials_lib.bulk import fields
from socials_lib.bulk.consequences import Consequence, Known, consequence
from socials_lib.bulk.fields import Value
from socials_lib.bulk.recipes import Recipe
from socials_lib.bulk.repairs import checked
from socials_lib.errors import RecipeError
from socials_lib.models import Category, Photo

#: What opts a cell out: a file id (all its cells), or file id and field.
Key = str | tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One field of one photo that changes; `path` guards against another IMatch database.

    `title` names the photo for people.  `inherited` is the value that the file `source` (its
    master) gave so far, or will give again if `after` is empty.
    """

    file_id: str
    name: str
    path: str
    field: str
    before: Value
    after: Value
    title: str = ""
    inherited: Value = ""
    source: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """File id and field: what a cell is called in selections."""
        return (self.file_id, self.field)

    @property
    def shown_before(self) -> Value:
        """What counted for the photo before."""
        return self.inherited if fields.is_missing(self.before) else self.before

    @property
    def is_metadata(self) -> bool:
        """True if it needs the switch `[imatch] write_metadata`; categories need none."""
        return self.field in fields.METADATA


@dataclass(frozen=True, kw_only=True)
class ChangeSet:
    """The changed cells of a recipe, and which of them are left out.

    `looked_at` counts the photos the recipe ran on; `consequences` by file id, as far as somebody
    asked for them (`with_consequences`); `undoes` is the written change set that this one undoes.
    """

    cells: tuple[Cell, ...]
    looked_at: int = 0
    recipe: Recipe = Recipe()
    left_out: frozenset[tuple[str, str]] = frozenset()
    consequences: Mapping[str, Consequence] = field(default_factory=dict)
    undoes: str = ""

    @property
    def chosen(self) -> tuple[Cell, ...]:
        """The cells that will be written."""
        if not self.left_out:
            return self.cells
        return tuple(one for one in self.cells if one.key not in self.left_out)

    @property
    def file_ids(self) -> tuple[str, ...]:
        """The photos that change, in their order."""
        return tuple(dict.fromkeys(one.file_id for one in self.chosen))

    def without(self, *keys: Key) -> ChangeSet:
        """The same without these photos or cells."""
        return replace(self, left_out=self.left_out | self._of(keys))

    def with_back(self, *keys: Key) -> ChangeSet:
        """The same with these photos or cells taken in again."""
        return replace(self, left_out=self.left_out - self._of(keys))

    def only(self, *keys: Key) -> ChangeSet:
        """The same with these photos or cells, and nothing else."""
        every = frozenset(one.key for one in self.cells)
        return replace(self, left_out=every - self._of(keys))

    def _of(self, keys: Iterable[Key]) -> frozenset[tuple[str, str]]:
        named = frozenset(keys)
        if not named:
            return frozenset()
        return frozenset(one.key for one in self.cells if one.key in named or one.file_id in named)

    @property
    def counts(self) -> dict[str, int]:
        """`38 of 412 change = 37 clean + 1 still breaks a rule`, `6 are online and will differ`.

        `looked_at`, `photos`, `cells`, and of the photos whose consequence is known `clean`,
        `broken` (add up to `photos` if all are) and `differ`.
        """
        ids, chosen = self.file_ids, self.chosen
        known = [self.consequences[one] for one in ids if one in self.consequences]
        broken = sum(one.is_broken for one in known)
        return {
            "looked_at": self.looked_at,
            "photos": len(ids),
            "cells": len(chosen),
            "clean": len(known) - broken,
            "broken": broken,
            "differ": sum(bool(one.differs) for one in known),
        }


def propose(photos: Iterable[Photo], recipe: Recipe) -> ChangeSet:
    """The cells that the recipe would change; nothing is changed.

    Raises `RecipeError` if the recipe cannot be used, also for a pattern that takes too long.
    """
    work_on = recipe.ready()
    cells: list[Cell] = []
    count = 0
    for photo in photos:
        count += 1
        changed = work_on(photo).changed
        for name, value in changed.items():
            cell = _cell(photo, name, value)
            if cell is not None:
                cells.append(cell)
    return ChangeSet(cells=tuple(cells), looked_at=count, recipe=recipe)


def _cell(photo: Photo, name: str, value: Value) -> Cell | None:
    """The change from what the photo has; None if there is none."""
    now = fields.value_of(photo, name)
    if value == now:
        return None
    before = fields.own_value(photo, name) if name in photo.sources else now
    after = _kept(photo, name, before, value)
    if name == "categories":
        before, after = _difference(before, after)
    if before == after or after == now:
        return None
    source = photo.sources.get(name, "")
    return Cell(
        file_id=photo.file_id,
        name=photo.name,
        path=photo.path,
        field=name,
        before=before,
        after=after,
        title=photo.title or photo.name,
        inherited=now if source else "",
        source=source,
    )


def _kept(photo: Photo, name: str, own: Value, value: Value) -> Value:
    """The value as IMatch will keep it."""
    if name in fields.ATTRIBUTES:
        try:
            return checked(name, str(value))
        except RecipeError as error:
            shown = (photo.title.strip() or photo.name)[:60]
            raise RecipeError(f"At “{shown}”: {error}", hint=error.hint) from error
    if isinstance(value, str):
        return formatting.tidy(value)
    if name == "keywords":
        first = tuple(one for one in own if one in value)
        return (*first, *(one for one in value if one not in first))
    return value


def _difference(before: Value, after: Value) -> tuple[Value, Value]:
    left = tuple(one for one in before if one not in after)
    joined = tuple(one for one in after if one not in before)
    return left, joined


def undo_of(change_set: ChangeSet) -> ChangeSet:
    """The change set that leads back from the chosen cells of this one, in pure records.

    What was written is undone by its id (`sync.changes.ChangeWriter.undo`): the journal knows what
    IMatch held.
    """
    cells = tuple(replace(one, before=one.after, after=one.before) for one in change_set.chosen)
    return ChangeSet(cells=cells, looked_at=len(change_set.file_ids))


def applied(
    photos: Iterable[Photo],
    change_set: ChangeSet,
    *,
    descriptions: Mapping[str, str] | None = None,
) -> tuple[Photo, ...]:
    """The photos as they will be; `descriptions` of categories that they join."""
    by_file: dict[str, list[Cell]] = {}
    for one in change_set.chosen:
        by_file.setdefault(one.file_id, []).append(one)
    known = descriptions or {}
    return tuple(_applied(photo, by_file.get(photo.file_id, ()), known) for photo in photos)


def _applied(photo: Photo, cells: Iterable[Cell], descriptions: Mapping[str, str]) -> Photo:
    for one in cells:
        if one.field == "categories":
            stay = [own for own in photo.categories if own.path not in one.before]
            there = {own.path for own in stay}
            new = [
                Category(path=path, description=descriptions.get(path, ""))
                for path in one.after
                if path not in there
            ]
            photo = replace(photo, categories=(*stay, *new))
        else:
            photo = fields.with_value(
                photo, one.field, one.after, inherited=one.inherited, source=one.source
            )
    return photo


def with_consequences(
    change_set: ChangeSet,
    photos: Iterable[Photo],
    known: Known,
    *,
    file_ids: Iterable[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ChangeSet:
    """The change set with what it comes to, for these photos or all that change.

    What is left out does not count: ask again after an opt-out of single cells.
    """
    wanted = set(change_set.file_ids if file_ids is None else file_ids)
    before = [one for one in photos if one.file_id in wanted]
    descriptions = {
        category.path: category.description for one in before for category in one.categories
    }
    after = applied(before, change_set, descriptions=descriptions | dict(known.descriptions))
    found = dict(change_set.consequences)
    for count, (old, new) in enumerate(zip(before, after, strict=True), 1):
        found[old.file_id] = consequence(old, new, known)
        if progress is not None:
            progress(count, len(before))
    return replace(change_set, consequences=found)
