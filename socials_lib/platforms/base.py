"""What every platform client offers to `sync`, `audit`, `doctor`.

The protocol keeps three things apart: what is to be done (`acts`, pure), doing it (`send`, exactly
one changing request), and finding out whether it was done (`look`).  `sync` writes the journal
around each `send`; a client never repeats a changing request by itself, and repeats reads by the
retry policy of `transport`.

Errors: a client translates everything into `PlatformError`s.  `unclear=True` says that the request
may have taken effect (time-out after sending, reset, 5xx, unreadable answer); `transient=True` that
trying again later makes sense.  Definite refusals are `Refused`, `NotOnPlatform`, `NotYours`,
`RateLimited` (nothing happened), `SignedOut`.  A follow-up that the service turns down for reasons
of its own (group full, album unknown) is not an error but an `Answer` with state `waiting`,
`refused` or `handed_over` and a note.

A third platform implements this protocol, adds its name to `models.PlatformName`, its texts to
`formatting` and its limits to `models.DEFAULT_LIMITS`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from socials_lib.models import (
    AccountFacts,
    Act,
    Answer,
    Engagement,
    Limits,
    Memberships,
    PlanRow,
    PlatformName,
    RemotePhoto,
    RemoteRef,
    UploadCopy,
)

#: Bytes sent so far, bytes in all.
Progress = Callable[[int, int], None]
#: How much older than our own mark something just sent may look, by the service's clock: times are
#: told in whole seconds, and a service has many computers.
SLACK = timedelta(seconds=60)
#: How much older it may look where a mark of ours or an id proves that it is ours: the clock of
#: this computer may have been put right since.
DOUBT = timedelta(days=1)


def whose(row: PlanRow, remote: RemotePhoto | None) -> dict[str, Any]:
    """What tells whose photo a delete is about, for its `params`; pure.

    A photo that is missing here is believed to be gone only if it was `known` to be this account's:
    seen online just now, or remembered by the journal; else the address in the record may say so.
    An address that the plan itself made from the account of today says nothing.
    """
    remembered = row.last is not None and row.last.remote_id == row.remote_id
    return {
        "seen": remote is not None,
        "known": remote is not None or remembered,
        "url": "" if "url" in row.record_missing else row.url,
    }


@dataclass(frozen=True, kw_only=True)
class PoolFacts:
    """A Flickr group as it is to us today, for the doctor.

    `mode` is the throttle (`none`, `day`, `week`, `month`, `disabled`; "" not told), `count` what
    it allows, `remaining` what is left; `problem` says in words why nothing could be read.
    """

    group_id: str
    name: str
    mode: str = ""
    count: int | None = None
    remaining: int | None = None
    is_member: bool = True
    is_moderated: bool = False
    problem: str = ""


class Platform(Protocol):
    """A platform account that photos are published on."""

    name: PlatformName

    @property
    def limits(self) -> Limits:
        """The limits last read by `account_facts`, else the defaults."""
        ...

    def account_facts(self) -> AccountFacts:
        """Who we are and what the account allows today (reads; raises `SignedOut`)."""
        ...

    def acts(self, row: PlanRow, remote: RemotePhoto | None) -> Sequence[Act]:
        """The ordered outside calls of a row; pure.

        `remote` is what is online now: None for an add, needed for update, metadata, repost.
        """
        ...

    def is_needless(self, act: Act, copy: UploadCopy | None) -> bool:
        """True if the act need not be sent because the copy that was sent brought it along."""
        ...

    def send(self, act: Act, progress: Progress | None = None) -> Answer:
        """Exactly one changing request; see the module for what it raises."""
        ...

    def look(self, act: Act, *, taken: Collection[str] = ()) -> Answer | None:
        """After an unclear end: the answer the act would have given, None if it did not happen.

        One look; `sync` waits between looks.  `taken` are remote ids that other acts came back
        with: what was published before is never adopted for what was sent now.  Raises
        `PlatformError` if looking is impossible, and `Refused` with code `several_candidates` if
        it cannot tell which photo is meant.
        """
        ...

    def fetch(self, ref: RemoteRef) -> RemotePhoto | None:
        """What is online now, None if there is nothing (any more); raises `NotYours`."""
        ...

    def engagement(self, ref: RemoteRef) -> Engagement:
        """Comments, favourites, reblogs of one photo; what else a delete would take along."""
        ...

    def inventory(self) -> Iterable[RemotePhoto]:
        """All own photos by listing, newest first, in pages."""
        ...

    def memberships(
        self, albums: Sequence[str], groups: Sequence[str], *, owner: str = ""
    ) -> Memberships:
        """Who is in these albums and groups, by listing; `owner` is our id if it is known."""
        ...

    def same(self, field: str, sent: str, remote: str) -> bool:
        """True if `remote` is what the server makes of `sent` (entities, links, clean tags)."""
        ...
