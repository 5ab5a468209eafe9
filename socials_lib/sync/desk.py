"""What carrying out rows of one platform needs, and small questions about acts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from socials_lib.errors import ImatchUnreachable
from socials_lib.imatch.library import Library
from socials_lib.journal import Journal, StoredAct
from socials_lib.models import (
    Account,
    Act,
    Photo,
    PlanRow,
    RemotePhoto,
    RemoteRef,
    UploadCopy,
)
from socials_lib.platforms.base import Platform
from socials_lib.sync.perform import Performer

#: A refused follow-up is tried again after this, or as soon as its id was mended in IMatch.
REFUSED_AGAIN = timedelta(days=1)
#: A follow-up that could not be reached is tried again by the very next run.
MISSED_AGAIN = timedelta(0)
#: Acts that send the picture.
PICTURE_ACTS = frozenset({"upload", "replace", "media"})
#: Acts that publish: their end must be known before anything else happens to the photo.
PUBLISHING = frozenset({"upload", "status"})
#: Looks whether a queued delete has happened; sends nothing.
CONFIRM_GONE = "confirm_gone"
#: Done, but nobody can see it online: an upload nobody posted, a word to the person, a look.
INVISIBLE = frozenset({"media", "note", CONFIRM_GONE})
#: Acts in these states have taken effect.
HAPPENED = frozenset({"answered", "recorded", "done"})

CopyMaker = Callable[[PlanRow], UploadCopy]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The tools of one platform's rows.

    `file_seen` gives size and mtime_ns of an IMatch path, (0, 0) if it is not there; `say` emits
    an event; `stopping` is true once the person asked to stop; `pause` waits for a reason (and may
    raise `Stopped`), `imatch_waits` are its seconds while IMatch is closed; `parallel` is true if
    other rows of the platform are carried out at the same time; `visibility` is the most that a
    photo may be opened by the settings of now, "" if nobody said.
    """

    platform: Platform
    account: Account
    library: Library
    journal: Journal
    performer: Performer
    make_copy: CopyMaker
    file_seen: Callable[[str], tuple[int, int]]
    today: Callable[[], date]
    approved_ids: Collection[str]
    stopping: Callable[[], bool]
    say: Callable[..., None]
    pause: Callable[[float, str], None]
    imatch_waits: tuple[float, ...] = ()
    imatch_lock: threading.RLock = field(default_factory=threading.RLock)
    albums_lock: threading.RLock = field(default_factory=threading.RLock)
    parallel: bool = False
    visibility: str = ""

    def names(self, row: PlanRow) -> bool:
        """True if the person approved this very row by its id."""
        return bool({row.file_id, f"{row.platform}:{row.file_id}"} & set(self.approved_ids))

    def with_ids(self, ids: Iterable[str]) -> Desk:
        """The same desk for rows of a run that approved other ids."""
        return replace(self, approved_ids=tuple(ids))

    def imatch(self, call: Callable[[Library], T]) -> T:
        """A call to IMatch, one at a time; an IMatch that is closed is waited for a while."""
        with self.imatch_lock:
            for wait in self.imatch_waits:
                try:
                    return call(self.library)
                except ImatchUnreachable as error:
                    if error.code != ImatchUnreachable.code:  # somebody else answers there
                        raise
                    self.pause(wait, f"{error} Waiting for it.")
            return call(self.library)

    def photos(self, rows: Iterable[PlanRow]) -> dict[str, Photo]:
        """The photos of these rows as IMatch has them now, by file id; missing ones left out."""
        ids = list(dict.fromkeys(row.file_id for row in rows))
        if not ids:
            return {}
        found = self.imatch(lambda library: library.load(ids, [self.platform.name]))
        return {photo.file_id: photo for photo in found}


def ref_of(row: PlanRow) -> RemoteRef:
    """Where the photo of a row is online."""
    return RemoteRef(
        platform=row.platform, remote_id=row.remote_id, media_id=row.media_id, url=row.url
    )


def is_imatch(act: Act) -> bool:
    """True for write-backs to IMatch."""
    return act.kind.startswith("imatch_")


def has_begun(acts: Iterable[StoredAct]) -> bool:
    """True if somebody can see something of these acts, online or in IMatch."""
    return any(
        (one.state in HAPPENED and one.act.kind not in INVISIBLE)
        or (one.state == "sent" and is_imatch(one.act))
        for one in acts
    )


def has_touched_imatch(acts: Iterable[StoredAct]) -> bool:
    """True if some act has changed, or may have changed, the photo in IMatch."""
    return any(is_imatch(one.act) and one.state in (*HAPPENED, "sent") for one in acts)


def remote_id_of(acts: Iterable[StoredAct]) -> str:
    """The id that a main act (upload, status) came back with, "" if none did."""
    found = (one.answer.remote_id for one in acts if one.answer is not None and one.act.main)
    return next(filter(None, found), "")


def with_category(act: Act, row: PlanRow) -> Act:
    """A membership with its IMatch category: where an id that was refused will be mended."""
    if act.kind not in ("album_add", "group_add"):
        return act
    categories = {one.album_id: one.category for one in row.albums}
    categories |= {one.group_id: one.category for one in row.groups}
    return replace(act, params={**act.params, "category": categories.get(act.target, "")})


def in_time(delta: timedelta) -> datetime:
    """Now and `delta`."""
    return datetime.now(UTC) + delta


def keepsake(remote: RemotePhoto) -> dict[str, str]:
    """The texts of a photo that is about to go, by field."""
    values = {
        "title": remote.title,
        "description": remote.description,
        "caption": remote.caption,
        "alt_text": " / ".join(remote.alt_texts),
        "tags": ", ".join(tag.raw for tag in remote.tags),
        "date_taken": remote.date_taken or "",
        "url": remote.ref.url,
    }
    return {name: value for name, value in values.items() if value}
