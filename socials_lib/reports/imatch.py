"""What a run changed in IMatch, as its journal rows say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from socials_lib.journal import StoredRow
from socials_lib.models import COLUMNS, PlatformName


@dataclass(frozen=True, kw_only=True)
class ImatchChange:
    """One change in IMatch: an attribute record `written` or `removed`, a category `left`.

    `file_id` carries the change, which for a record may be a relative of the photo `title`;
    `what` are the columns, or the path of the category.
    """

    file_id: str
    title: str
    platform: PlatformName
    kind: Literal["written", "removed", "left"]
    what: str = ""


def imatch_changes(stored: Iterable[StoredRow]) -> tuple[ImatchChange, ...]:
    """All changes in IMatch that rows of a run have on record as done, in their order."""
    return tuple(change for one in stored for change in _of_row(one))


def _of_row(one: StoredRow) -> Iterator[ImatchChange]:
    row = one.row
    owner = row.record_file or row.file_id
    for act in one.acts:
        if act.state != "done":
            continue
        if act.act.kind == "imatch_record":
            yield _change(one, owner, "written", ", ".join(COLUMNS[row.platform]))
        elif act.act.kind == "imatch_forget":
            yield _change(one, owner, "removed", "")
        elif act.act.kind == "imatch_leave":
            yield _change(one, row.file_id, "left", act.act.target)
    if one.state == "skipped":  # leaves its categories without acts: nothing was ever online
        for path in row.leave:
            yield _change(one, row.file_id, "left", path)


def _change(
    one: StoredRow, file_id: str, kind: Literal["written", "removed", "left"], what: str
) -> ImatchChange:
    return ImatchChange(
        file_id=file_id, title=one.row.title, platform=one.row.platform, kind=kind, what=what
    )
