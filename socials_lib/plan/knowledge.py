"""What a plan is made from: for a platform, and for one photo on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import PureWindowsPath

from socials_lib.models import (
    AccountFacts,
    Album,
    FileFacts,
    GroupPool,
    LastSent,
    Likeness,
    Limits,
    Managed,
    OpenAct,
    Pending,
    Photo,
    PhotoText,
    PlatformName,
    Remembered,
    Rules,
    UploadFile,
    likeness,
)
from socials_lib.plan.publication import Publication, files_of, own_ids

#: States of an act that has begun and not ended (waiting follow-ups are none of them).
RUNNING = ("open", "unknown")


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

    @cached_property
    def remembered(self) -> Remembered:
        """What the journal knows is online, by file id and by path."""
        return Remembered(self.last_sent)

    @cached_property
    def _running_at(self) -> Mapping[PureWindowsPath, Sequence[OpenAct]]:
        """Acts that have begun and not ended, by the path of their file."""
        found: dict[PureWindowsPath, list[OpenAct]] = {}
        for one in (act for acts in self.open_acts.values() for act in acts):
            if one.path and one.state in RUNNING:
                found.setdefault(PureWindowsPath(one.path), []).append(one)
        return found

    def open_of(self, photo: Photo) -> tuple[OpenAct, ...]:
        """Open acts of this very file, which may have been moved or renamed since."""
        acts = self.open_acts.get(photo.file_id, ())
        return tuple(one for one in acts if self._is_of(one, photo) == "same")

    def doubtful_of(self, photo: Photo) -> tuple[OpenAct, ...]:
        """Acts that have begun and may be about this file: nobody goes on with them here.

        Either nothing proves it, or the file was read in anew and has another id than then.
        """
        here = [one for one in self.open_acts.get(photo.file_id, ()) if one.state in RUNNING]
        there = self._running_at.get(PureWindowsPath(photo.path), ())
        return (
            *(one for one in here if self._is_of(one, photo) == "perhaps"),
            *(
                one
                for one in there
                if one.file_id != photo.file_id and self._is_of(one, photo) != "other"
            ),
        )

    def _is_of(self, act: OpenAct, photo: Photo) -> Likeness:
        return likeness(
            act,
            file_id=photo.file_id,
            path=photo.path,
            files=files_of(photo, self.files),
            ids=own_ids(photo, self.platform),
        )


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
        return tuple(one for one in self.open_acts if one.state in RUNNING)

    @property
    def remote_id(self) -> str:
        """The id in IMatch, else the one that is on its way there."""
        return self.found.remote_id or next(
            (one.remote_id for one in self.running if one.remote_id), ""
        )
