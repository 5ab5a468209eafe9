"""Rows to look at while the plan is still being made.

Checking 5,000 photos takes longer than reading a list.  So a long table is shown as soon as IMatch
was read: titles, files, dates, where to.  Nothing can be sent from such rows, none of them counts
as ready; the plan takes their place, and ticks, filters and page stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from socials_lib.models import ID_COLUMN, Action, Pending, PhotoText, PlanRow
from socials_lib.widgets.entries import Entry, make_entry

#: Shorter lists are planned before anybody could look.
DRAFT_FROM = 500


def draft(pendings: Iterable[Pending]) -> tuple[Entry, ...]:
    """What will probably be pending: not online yet, or with one of the three flags."""
    return tuple(_entries(pendings))


def _entries(pendings: Iterable[Pending]) -> Iterator[Entry]:
    for one in pendings:
        action = _action(one)
        if action == "none":
            continue
        photo = one.photo
        taken = photo.date_time.replace(tzinfo=None) if photo.date_time else None
        text = PhotoText(
            platform=one.platform,
            title=photo.title.strip(),
            date_taken=taken.isoformat(timespec="seconds") if taken else None,
        )
        row = PlanRow(
            file_id=one.file_id,
            name=photo.name,
            path=photo.path,
            platform=one.platform,
            action=action,
            text=text,
        )
        yield replace(make_entry(row, photo), size=photo.size or 0)


def _action(one: Pending) -> Action:
    """What the flags ask for; the plan knows better (conflicts, other records, relatives)."""
    if one.delete:
        return "delete"
    if not _is_online(one):
        return "add"
    return "update" if one.update else "metadata" if one.metadata else "none"


def _is_online(one: Pending) -> bool:
    column = ID_COLUMN[one.platform]
    mine = (record for record in one.photo.records if record.set == one.platform)
    return any(record.values.get(column) or record.values.get("url") for record in mine)
