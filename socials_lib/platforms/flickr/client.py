"""The Flickr account as a `Platform`."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from socials_lib.errors import Refused
from socials_lib.models import (
    FLICKR_LIMITS,
    Account,
    AccountFacts,
    Act,
    Answer,
    Engagement,
    GroupPool,
    Limits,
    Memberships,
    PlanRow,
    PlatformName,
    RemotePhoto,
    RemoteRef,
    UploadCopy,
)
from socials_lib.platforms.base import PoolFacts, Progress
from socials_lib.platforms.flickr import acts as making
from socials_lib.platforms.flickr import refusals, texts
from socials_lib.platforms.flickr.answers import PICTURES, Reply, photo_of
from socials_lib.platforms.flickr.listing import Listing, pool_facts
from socials_lib.platforms.flickr.looking import MISSING, PRIVATE, Looking
from socials_lib.platforms.flickr.sending import Sending, not_yours
from socials_lib.platforms.flickr.wire import Wire
from socials_lib.transport import Clock, Pacer, Retry, Sleep, Timeouts, system_clock


class FlickrPlatform:
    """Photos, albums and groups of one Flickr account.

    `base_url` (SOCIALS_FLICKR_URL) replaces scheme, host and port of all six addresses;
    `page_url` is the base of photo pages for the `url` attribute, else it is made from the
    account; `stamp` adds the two machine tags that make a lost upload findable.
    """

    name: PlatformName = "flickr"

    def __init__(
        self,
        *,
        key: str,
        secret: str,
        token: str,
        token_secret: str,
        base_url: str | None = None,
        timeouts: Timeouts,
        retry: Retry,
        pacer: Pacer,
        per_hour: int = 3000,
        clock: Clock = system_clock,
        sleep: Sleep = time.sleep,
        page_url: str = "",
        stamp: bool = True,
    ) -> None:
        self._wire = Wire(
            key=key,
            secret=secret,
            token=token,
            token_secret=token_secret,
            base_url=base_url,
            timeouts=timeouts,
            retry=retry,
            pacer=pacer,
            per_hour=per_hour,
            clock=clock,
            sleep=sleep,
        )
        self._clock = clock
        self._page_url = page_url
        self._stamp = stamp
        self._pictures = f"{base_url.rstrip('/')}/static" if base_url else PICTURES
        self._account: Account | None = None
        self._alias = ""
        self._limits = FLICKR_LIMITS
        self._looking = Looking(
            wire=self._wire, page=self._page, is_ours=self._is_ours, pictures=self._pictures
        )
        self._sending = Sending(
            wire=self._wire,
            looking=self._looking,
            account=self._who,
            page=self._page,
            clock=clock,
        )

    @property
    def limits(self) -> Limits:
        """The limits last read by `account_facts`, else the defaults."""
        return self._limits

    @property
    def budget(self) -> str:
        """The key under which calls are paced: `pacer.used(platform.budget, 3600)`."""
        return self._wire.budget

    def account_facts(self) -> AccountFacts:
        """Account, rights and quota in three reads (login, checkToken, upload status)."""
        account = self._who(fresh=True)
        token = _ok(self._wire.read("flickr.auth.oauth.checkToken"))
        status = _ok(self._wire.read("flickr.people.getUploadStatus"))
        user, size = status.find("user"), status.rsp.find("user/filesize")
        largest = size.get("maxbytes", "") if size is not None else ""
        limits = FLICKR_LIMITS
        if largest.isdigit():
            limits = replace(limits, max_bytes=int(largest))
        self._limits = limits
        perms = token.rsp.findtext("oauth/perms") or ""
        return AccountFacts(
            platform="flickr",
            account=account,
            limits=limits,
            read_at=self._clock(),
            details={
                "perms": perms,
                "can_delete": perms == "delete",
                "can_write": perms in ("write", "delete"),
                "pro": user.get("ispro") == "1",
                "upload_count": _number(user.get("upload_count")),
                "upload_limit": _number(user.get("upload_limit")),
                "upload_limit_status": user.get("upload_limit_status", ""),
            },
        )

    def acts(self, row: PlanRow, remote: RemotePhoto | None) -> Sequence[Act]:
        """The ordered outside calls of a row; pure."""
        return making.acts(row, remote, stamp=self._stamp)

    def is_needless(self, act: Act, copy: UploadCopy | None) -> bool:
        """True if `act` need not be sent because the uploaded file brings it along; pure."""
        return making.is_needless(act, copy)

    def send(self, act: Act, progress: Progress | None = None) -> Answer:
        """Exactly one changing request (plus reads where they belong to it)."""
        return self._sending.send(act, progress)

    def look(self, act: Act, *, taken: Collection[str] = ()) -> Answer | None:
        """After an unclear end: the answer the act would have given, None if it did not happen."""
        return self._looking.look(act, taken)

    def fetch(self, ref: RemoteRef) -> RemotePhoto | None:
        """What is online now, in two reads; None if Flickr does not know the photo."""
        own = self._who().id
        info = self._wire.read("flickr.photos.getInfo", photo_id=ref.remote_id)
        if info.code == MISSING:
            return None
        if info.code == PRIVATE:
            raise not_yours(info)
        photo = _ok(info).find("photo")
        contexts = self._wire.read("flickr.photos.getAllContexts", photo_id=ref.remote_id)
        remote = photo_of(
            photo,
            contexts.rsp if contexts.code is None else None,
            own_id=own,
            pictures=self._pictures,
        )
        if remote.owner_id != own:
            raise not_yours()
        return remote

    def engagement(self, ref: RemoteRef) -> Engagement:
        """Comments, favourites and views in two reads."""
        info = self._wire.read("flickr.photos.getInfo", photo_id=ref.remote_id)
        if info.code == MISSING:
            return Engagement()
        remote = photo_of(_ok(info).find("photo"), None, own_id="")
        faves = self._wire.read("flickr.photos.getFavorites", photo_id=ref.remote_id, per_page=1)
        total = faves.rsp.find("photo") if faves.code is None else None
        return replace(
            remote.engagement,
            favourites=_number(total.get("total")) or 0 if total is not None else 0,
        )

    def inventory(self) -> Iterable[RemotePhoto]:
        """All own photos, 500 a call, newest first."""
        for one in self._looking.listing():
            url = self._page(one.ref.remote_id)
            yield replace(one, ref=replace(one.ref, url=url)) if url else one

    def memberships(
        self, albums: Sequence[str], groups: Sequence[str], *, owner: str = ""
    ) -> Memberships:
        """Who is in these albums and groups, 500 photos a call, and the titles of all albums."""
        return Listing(wire=self._wire).memberships(albums, groups, owner=owner or self._who().id)

    def pools(self, groups: Iterable[GroupPool]) -> tuple[PoolFacts, ...]:
        """How many photos each group still takes from us, one read a group (`groups.getInfo`)."""
        return tuple(
            pool_facts(self._wire.read("flickr.groups.getInfo", group_id=one.group_id), one)
            for one in groups
        )

    def same(self, field: str, sent: str, remote: str) -> bool:
        """True if `remote` is what Flickr makes of `sent`."""
        return texts.same(field, sent, remote)

    def _who(self, *, fresh: bool = False) -> Account:
        """Our account, asked once."""
        if self._account is None or fresh:
            user = _ok(self._wire.read("flickr.test.login")).find("user")
            nsid, self._alias = user.get("id", ""), user.get("path_alias") or ""
            page = self._page_url or f"{self._wire.site}/photos/{self._alias or nsid}/"
            self._account = Account(
                id=nsid, name=user.findtext("username") or nsid, url=page.rstrip("/") + "/"
            )
        return self._account

    def _is_ours(self, act: Act) -> bool:
        """True if this account published the photo of a delete, by what is known of it (`whose`).

        The owner that was read goes before all else; the address of a page names its user by id or
        by alias.  The setting `page_url` is no evidence: it may be an older account's.
        """
        own = self._who().id
        owner, user = act.params.get("owner"), texts.user_of(str(act.params.get("url", "")))
        if owner:
            return bool(owner == own)
        if act.params.get("known"):
            return True
        return user != "" and user.lower() in (own.lower(), self._alias.lower())

    def _page(self, photo_id: str) -> str:
        """The page of a photo, "" while nobody asked who we are (an upload costs no read)."""
        base = self._page_url or (self._account.url if self._account else "")
        return f"{base.rstrip('/')}/{photo_id}/" if base else ""


def _ok(reply: Reply) -> Reply:
    if reply.code is not None:
        raise _unexpected(reply)
    return reply


def _unexpected(reply: Reply) -> Refused:
    return refusals.refused(reply, f"Flickr refused: {reply.text}.")


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None
