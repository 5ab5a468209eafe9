"""Is the photo still what the plan saw?  Reads IMatch and looks at the file; changes nothing.

A row whose photo was changed by somebody else is `stale`: nothing is done, the next plan sees the
new state.  What we changed ourselves is no change: an add whose photo is online is always brought
to its end, and once IMatch was written for a row its photo is not compared any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from socials_lib import images
from socials_lib.journal import StoredAct
from socials_lib.models import (
    FileFacts,
    LastSent,
    Outcome,
    Photo,
    PlanRow,
    Remembered,
    likeness,
)
from socials_lib.plan.publication import own_ids, publication
from socials_lib.sync.desk import Desk, has_begun, has_touched_imatch, remote_id_of
from socials_lib.sync.outcome import outcome
from socials_lib.sync.sent import sent_copy
from socials_lib.system import local_path

#: Once these have begun they are finished, whatever happens to the photo in IMatch meanwhile.
_ALWAYS_FINISHED = frozenset({"add", "repost", "delete"})
_SENDS_A_PICTURE = frozenset({"add", "update", "repost"})
_SETS_PRIVACY = frozenset({"add", "update", "metadata", "repost"})
#: Who sees a photo besides the person (and, on Pixelfed, the followers).
_SEEN_BY: Mapping[str, frozenset[str]] = {
    "public": frozenset({"everybody", "whoever has the link", "friends", "family"}),
    "unlisted": frozenset({"whoever has the link"}),
    "friends+family": frozenset({"friends", "family"}),
    "friends": frozenset({"friends"}),
    "family": frozenset({"family"}),
    "private": frozenset(),
}


def hindrance(desk: Desk, row: PlanRow, acts: Sequence[StoredAct]) -> Outcome | None:
    """None if the row may be carried out or gone on with, else its outcome."""
    begun = has_begun(acts)
    if row.action == "add" and row.remote_id and not begun:
        # planned to go on with an act that another process has brought to its end since
        return stale(row, "it is online already")
    photo = desk.photos([row]).get(row.file_id)
    if begun and (photo is None or not is_file_of_then(row, photo, acts)):
        return _other(row, photo)
    if photo is None:
        return stale(row, "it is no longer in IMatch")
    if has_touched_imatch(acts) or (begun and row.action in _ALWAYS_FINISHED):
        return None
    if photo.fingerprint(row.platform) != row.seen:
        return stale(row, "its data in IMatch")
    if _is_too_open(desk, row):
        return _too_open(row)
    return None if begun else _is_lost(desk, row, photo) or _file_changed(desk, row)


def is_file_of_then(row: PlanRow, photo: Photo, acts: Sequence[StoredAct]) -> bool:
    """True if `photo` is surely the file of the row, also moved or renamed meanwhile.

    What the acts of the row sent and what came back tells it too; see `likeness`.
    """
    copy, upload = sent_copy(acts), row.upload
    then = LastSent(
        remote_id=remote_id_of(acts) or row.remote_id,
        file_id=row.file_id,
        path=row.path,
        picture_sha=copy.picture_sha if copy else "",
        upload_size=upload.bytes if upload else 0,
        upload_mtime_ns=upload.mtime_ns if upload else 0,
    )
    ids, seen = own_ids(photo, row.platform), _looked_at(photo)
    how = likeness(then, file_id=photo.file_id, path=photo.path, files=seen, ids=ids)
    return how == "same"


def _looked_at(photo: Photo) -> Iterator[FileFacts]:
    """The files that may be sent for a photo, one by one, as they are on the disk."""
    for path in (photo.path, *(one.path for one in photo.versions)):
        yield replace(images.inspect(str(local_path(path)), with_sha=True), path=path)


def _is_too_open(desk: Desk, row: PlanRow) -> bool:
    """True if the row would show the photo to somebody whom the settings of now leave out."""
    if row.text is None or row.action not in _SETS_PRIVACY or not desk.visibility:
        return False
    return not _SEEN_BY[row.text.visibility] <= _SEEN_BY[desk.visibility]


def _too_open(row: PlanRow) -> Outcome:
    return outcome(
        row,
        "stale",
        code="stale",
        message=f"“{row.title}” was left alone: the privacy setting has changed since this plan was"
        f" made (to be seen by: {row.text.visibility if row.text else ''}).",
        hint="Make a new plan.",
    )


def _is_lost(desk: Desk, row: PlanRow, photo: Photo) -> Outcome | None:
    """IMatch is as planned, and yet the photo is online: its id came home, and is gone again.

    Somebody emptied the attributes since, or brought IMatch's database back from a backup.
    """
    if row.action != "add":
        return None
    paths = {one.file_id: one.path for one in photo.relatives} | {photo.file_id: photo.path}
    known = desk.journal.last_sent(row.platform, desk.account.id, paths=paths, only=True)
    seen = {one.path: one for one in (_looked_at(photo) if known else ())}
    found = publication(photo, row.platform, Remembered(known), files=seen)
    if found.problem != "lost_remote_id":
        return None
    return stale(
        row,
        f"it is online, and IMatch has lost its id: {found.found}",
        hint="Plan again, then write the id back into IMatch or have it forgotten.",
    )


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
        hint="Open the IMatch database it belongs to, or move the file back where it was, then go"
        " on with `socials resume`.",
    )
