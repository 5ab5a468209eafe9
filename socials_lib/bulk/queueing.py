"""Published photos that will differ from what is online: queued for `_metadata`; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from socials_lib.bulk.changes import Cell, ChangeSet, propose
from socials_lib.bulk.recipes import Recipe
from socials_lib.bulk.steps import Assign
from socials_lib.models import PLATFORMS, Photo, root_category

#: A photo in one of these is renewed, or leaves, anyway.
_WAITS = ("_update", "_metadata", "_delete")


def queue_for_metadata(photos: Iterable[Photo], change_set: ChangeSet) -> ChangeSet:
    """The photos whose chosen cells make them differ, into `_metadata` of their platforms.

    Needs the consequences of `change_set`; photos that wait in an action category stay there.
    """
    changing = frozenset(change_set.file_ids)
    rows = [one for one in photos if one.file_id in changing]
    merged: dict[str, Cell] = {}
    for platform in PLATFORMS:
        root = root_category(platform)
        late = [
            one
            for one in rows
            if platform in _differs(change_set, one.file_id)
            and not any(one.in_category(f"{root}|{leaf}") for leaf in _WAITS)
        ]
        for cell in propose(late, Recipe(steps=(Assign(category=f"{root}|_metadata"),))).cells:
            known = merged.get(cell.file_id)
            joined = (*known.after, *cell.after) if known is not None else cell.after
            merged[cell.file_id] = replace(cell, after=tuple(joined))
    return ChangeSet(
        cells=tuple(merged.values()),
        looked_at=len(rows),
        recipe=Recipe(name="Queue for _metadata"),
    )


def _differs(change_set: ChangeSet, file_id: str) -> tuple[str, ...]:
    known = change_set.consequences.get(file_id)
    return known.differs if known is not None else ()
