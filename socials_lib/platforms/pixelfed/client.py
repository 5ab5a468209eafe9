"""The Pixelfed account as a `Platform`."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from socials_lib.errors import Refused, SignedOut
from socials_lib.models import (
    PIXELFED_LIMITS,
    Account,
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
from socials_lib.platforms.base import Progress
from socials_lib.platforms.pixelfed import acts as making
from socials_lib.platforms.pixelfed import texts
from socials_lib.platforms.pixelfed.answers import edits_left, engagement_of, photo_of
from socials_lib.platforms.pixelfed.reading import FORBIDDEN, Reading
from socials_lib.platforms.pixelfed.sending import Sending, not_yours
from socials_lib.platforms.pixelfed.wire import Wire
from socials_lib.transport import Clock, Pacer, Retry, Sleep, Timeouts, system_clock


class PixelfedPlatform:
    """The posts of one account on one Pixelfed server."""

    name: PlatformName = "pixelfed"

    def __init__(
        self,
        *,
        base_url: str,
        token: str,
        timeouts: Timeouts,
        retry: Retry,
        pacer: Pacer,
        alt_per_minute: int = 10,
        clock: Clock = system_clock,
        sleep: Sleep = time.sleep,
    ) -> None:
        self._wire = Wire(
            base_url=base_url,
            token=token,
            timeouts=timeouts,
            retry=retry,
            pacer=pacer,
            alt_per_minute=alt_per_minute,
            clock=clock,
            sleep=sleep,
        )
        self._reading = Reading(wire=self._wire, clock=clock)
        self._sending = Sending(wire=self._wire, reading=self._reading, account=self._who)
        self._account: Account | None = None
        self._limits = PIXELFED_LIMITS

    @property
    def limits(self) -> Limits:
        """The limits last read by `account_facts`, else the defaults."""
        return self._limits

    @property
    def budget(self) -> str:
        """The key under which calls are paced: `pacer.used(platform.budget, 60)`."""
        return self._wire.budget

    def account_facts(self) -> AccountFacts:
        """Account, limits and token in three reads."""
        facts = self._reading.facts()
        self._account, self._limits = facts.account, facts.limits
        return facts

    def acts(self, row: PlanRow, remote: RemotePhoto | None) -> Sequence[Act]:
        """The ordered outside calls of a row; pure."""
        return making.acts(row, remote)

    def is_needless(self, act: Act, copy: UploadCopy | None) -> bool:
        """Never: nothing that a file brings along replaces a call here."""
        return False

    def send(self, act: Act, progress: Progress | None = None) -> Answer:
        """Exactly one changing request (none for a note), plus reads where they belong to it."""
        return self._sending.send(act, progress)

    def look(self, act: Act, *, taken: Collection[str] = ()) -> Answer | None:
        """After an unclear end: the answer the act would have given, None if it did not happen."""
        return self._sending.look(act, taken)

    def fetch(self, ref: RemoteRef) -> RemotePhoto | None:
        """What is online now; None if it is gone or archived (a 404 does not tell which)."""
        try:
            status = self._reading.status(ref.remote_id)
        except (Refused, SignedOut) as err:
            if err.status == FORBIDDEN:
                raise not_yours(self._wire.host) from err
            raise
        if status is None:
            return None
        remote = photo_of(status)
        if remote.owner_id != self._who().id:
            raise not_yours(self._wire.host)
        return replace(remote, edits_left=self._reading.edits_left(status))

    def engagement(self, ref: RemoteRef) -> Engagement:
        """Replies, favourites and reblogs of a post, and how many pictures it holds."""
        status = self._reading.status(ref.remote_id)
        if status is None:
            return Engagement(hidden=True)
        pictures = max(1, len(photo_of(status).media_ids))
        return replace(engagement_of(status), pictures=pictures)

    def inventory(self) -> Iterable[RemotePhoto]:
        """All own posts, 40 a call, newest first."""
        for status in self._reading.listing(self._who().id, stored_text=True):
            yield replace(photo_of(status), edits_left=edits_left(status, None))

    def memberships(
        self, albums: Sequence[str], groups: Sequence[str], *, owner: str = ""
    ) -> Memberships:
        """None: Pixelfed has no albums and groups of this kind."""
        return Memberships()

    def same(self, field: str, sent: str, remote: str) -> bool:
        """True if `remote` is what Pixelfed makes of `sent`."""
        return texts.same(field, sent, remote)

    def _who(self) -> Account:
        """Our account, asked once."""
        if self._account is None:
            self._account, _ = self._reading.account()
        return self._account
