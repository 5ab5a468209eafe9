"""What a plan is made from: for a platform, and for one photo on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from socials_lib.models import (
    AccountFacts,
    Album,
    FileFacts,
    GroupPool,
    LastSent,
    Limits,
    Managed,
    OpenAct,
    Pending,
    Photo,
    PhotoText,
    PlatformName,
    Rules,
    UploadFile,
    is_same_file,
)
from socials_lib.plan.publication import Publication


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """All that a plan is made from besides the photos, for one platform.

    `files` by IMatch path; `last_sent` and `open_acts` by file id.
    """

    platform: PlatformName
    facts: AccountFacts
    rules: Rules
    managed: Managed
    files: Mapping[str, FileFacts]
    last_sent: Mapping[str, LastSent]
    open_acts: Mapping[str, Sequence[OpenAct]]
    now: datetime

    @property
    def limits(self) -> Limits:
        """What the account takes."""
        return self.facts.limits

    def open_of(self, photo: Photo) -> tuple[OpenAct, ...]:
        """Open acts of this very file, which may have been moved or renamed since.

        A file of another database has the id, but neither the name nor the size and time.
        """
        acts = self.open_acts.get(photo.file_id, ())
        return tuple(one for one in acts if self._is_of(one, photo))

    def _is_of(self, act: OpenAct, photo: Photo) -> bool:
        if not act.path or is_same_file(act.path, photo.path):
            return True
        if act.upload is None:
            return False
        facts = self.files.get(photo.path_of(act.upload.file_id))
        return facts is not None and act.upload.is_file(facts.size, facts.mtime_ns)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One photo on one platform, with all that decides about its row.

    `twice` and `doubled` are words about the other file, "" if there is none; `last` is what we
    sent for this very file and remote photo; `changed` None if nobody knows.
    """

    known: Knowledge
    pending: Pending
    found: Publication
    text: PhotoText
    albums: tuple[Album, ...]
    groups: tuple[GroupPool, ...]
    upload: UploadFile | None
    last: LastSent | None
    changed: bool | None
    open_acts: tuple[OpenAct, ...]
    twice: str = ""
    doubled: str = ""

    @property
    def photo(self) -> Photo:
        """The photo itself."""
        return self.pending.photo

    @property
    def is_conflicting(self) -> bool:
        """True if the flags contradict each other."""
        return self.pending.delete and (self.pending.update or self.pending.metadata)

    @property
    def running(self) -> tuple[OpenAct, ...]:
        """Acts of a row that has begun and not ended (waiting follow-ups are none of them)."""
        return tuple(one for one in self.open_acts if one.state in ("open", "unknown"))

    @property
    def remote_id(self) -> str:
        """The id in IMatch, else the one that is on its way there."""
        return self.found.remote_id or next(
            (one.remote_id for one in self.running if one.remote_id), ""
        )
