"""Is the photo still what the plan saw?  Reads IMatch and looks at the file; changes nothing.

A row whose photo was changed by somebody else is `stale`: nothing is done, the next plan sees the
new state.  What we changed ourselves is no change: an add whose photo is online is always brought
to its end, and once IMatch was written for a row its photo is not compared any more.
"""

from __future__ import annotations

from collections.abc import Sequence

from socials_lib.journal import StoredAct
from socials_lib.models import Outcome, Photo, PlanRow, is_same_file
from socials_lib.sync.desk import Desk, has_begun, has_touched_imatch
from socials_lib.sync.outcome import outcome

#: Once these have begun they are finished, whatever happens to the photo in IMatch meanwhile.
_ALWAYS_FINISHED = frozenset({"add", "repost", "delete"})
_SENDS_A_PICTURE = frozenset({"add", "update", "repost"})


def hindrance(desk: Desk, row: PlanRow, acts: Sequence[StoredAct]) -> Outcome | None:
    """None if the row may be carried out or gone on with, else its outcome."""
    begun = has_begun(acts)
    if row.action == "add" and row.remote_id and not begun:
        # planned to go on with an act that another process has brought to its end since
        return stale(row, "it is online already")
    photo = desk.photos([row]).get(row.file_id)
    if begun and (photo is None or not is_file_of_then(desk, row, photo)):
        return _other(row, photo)
    if photo is None:
        return stale(row, "it is no longer in IMatch")
    if has_touched_imatch(acts) or (begun and row.action in _ALWAYS_FINISHED):
        return None
    if photo.fingerprint(row.platform) != row.seen:
        return stale(row, "its data in IMatch")
    return None if begun else _file_changed(desk, row)


def is_file_of_then(desk: Desk, row: PlanRow, photo: Photo) -> bool:
    """True if `photo` is the file of the row, also moved or renamed meanwhile; see `is_same_file`.

    A renamed file keeps its size and its time.
    """
    if is_same_file(row.path, photo.path):
        return True
    if row.upload is None:
        return False
    path = photo.path_of(row.upload.file_id)
    return bool(path) and row.upload.is_file(*desk.file_seen(path))


def _file_changed(desk: Desk, row: PlanRow) -> Outcome | None:
    if row.upload is None or row.action not in _SENDS_A_PICTURE:
        return None
    size, mtime_ns = desk.file_seen(row.upload.path)
    if (size, mtime_ns) == (0, 0):
        return stale(
            row,
            "its picture file is not there",
            hint=f"Connect that drive or put {row.upload.path} back, then plan again.",
        )
    if mtime_ns != row.upload.mtime_ns or size > row.upload.bytes:
        return stale(row, "its picture file")
    return None


def stale(row: PlanRow, what: str, *, hint: str = "Plan again to see the new state.") -> Outcome:
    """Changed by somebody else since the plan."""
    return outcome(
        row,
        "stale",
        code="stale",
        message=f"“{row.title}” has changed since the plan ({what}). It was left alone.",
        hint=hint,
    )


def _other(row: PlanRow, photo: Photo | None) -> Outcome:
    """Half done, and its file is not the one of then: nothing is written to a stranger."""
    where = f"file {row.file_id} is {photo.path} here" if photo else "it is no longer in IMatch"
    return outcome(
        row,
        "untouched",
        code="other_file",
        message=f"“{row.title}” was begun as {row.path}, but {where}. It was left alone.",
        hint="Open the IMatch database it belongs to, then go on with `socials resume`.",
    )
