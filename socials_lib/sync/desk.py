"""What carrying out rows of one platform needs, and small questions about acts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from socials_lib.imatch.library import Library
from socials_lib.journal import Journal, StoredAct
from socials_lib.models import Account, Act, LastSent, PlanRow, RemotePhoto, UploadCopy
from socials_lib.platforms.base import Platform
from socials_lib.sync.perform import Performer

#: A refused follow-up is tried again after this, or as soon as its id was mended in IMatch.
REFUSED_AGAIN = timedelta(days=1)
#: A follow-up that could not be reached is tried again after this.
MISSED_AGAIN = timedelta(minutes=10)
#: Acts that send the picture.
PICTURE_ACTS = frozenset({"upload", "replace", "media"})
#: Looks whether a queued delete has happened; sends nothing.
CONFIRM_GONE = "confirm_gone"

CopyMaker = Callable[[PlanRow], UploadCopy]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The tools of one platform's rows.

    `file_seen` gives size and mtime_ns of an IMatch path, (0, 0) if it is not there; `say` emits
    an event; `stopping` is true once the person asked to stop.
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
    imatch_lock: threading.RLock = field(default_factory=threading.RLock)

    def names(self, row: PlanRow) -> bool:
        """True if the person approved this very row by its id."""
        return bool({row.file_id, f"{row.platform}:{row.file_id}"} & set(self.approved_ids))


def is_imatch(act: Act) -> bool:
    """True for write-backs to IMatch."""
    return act.kind.startswith("imatch_")


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


def last_sent(
    row: PlanRow,
    acts: Iterable[StoredAct],
    *,
    remote_id: str,
    media_id: str,
    url: str,
    copy: UploadCopy | None,
    source_size: int,
) -> LastSent:
    """What has been sent for a row by now: the base of the next comparison.

    Albums and groups that were refused or wait are left out; `copy` None: the picture was not
    sent, what was known of it stays.
    """
    acts = tuple(acts)
    missing = {one.act.target for one in acts if one.state in ("refused", "waiting", "failed")}
    handed = {one.act.target for one in acts if one.answer and one.answer.state == "handed_over"}
    before = row.last or LastSent(remote_id=remote_id)
    upload = row.upload if copy is not None else None
    groups = tuple(one.group_id for one in row.groups if one.group_id)
    return LastSent(
        remote_id=remote_id,
        media_id=media_id,
        url=url,
        text=row.text,
        albums=tuple(a.album_id for a in row.albums if a.album_id not in missing),
        groups=tuple(one for one in groups if one not in missing),
        handed_over=tuple(sorted((handed | set(before.handed_over)) & set(groups))),
        picture_sha=copy.picture_sha if copy else before.picture_sha,
        upload_path=upload.path if upload else before.upload_path,
        upload_size=source_size if upload else before.upload_size,
        upload_mtime_ns=upload.mtime_ns if upload else before.upload_mtime_ns,
        path=row.path,
        file_id=row.file_id,
        sent_at=datetime.now(UTC),
    )
