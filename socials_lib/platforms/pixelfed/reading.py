"""What Pixelfed shows: the account and its limits, single posts, all posts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from socials_lib.errors import NotOnPlatform, PlatformError, Refused, SignedOut
from socials_lib.models import PIXELFED_LIMITS, Account, AccountFacts, Limits
from socials_lib.platforms.pixelfed.answers import (
    edits_left,
    parse_time,
    token_end,
)
from socials_lib.platforms.pixelfed.wire import Wire
from socials_lib.transport import Clock

PAGE = 40
#: So many of the newest posts are looked through whatever their times say: two pages.
FEW = 2 * PAGE
FORBIDDEN = 403
#: An owner that is surely not us.
SOMEBODY_ELSE = "?"
#: What the upload copy can be made of; whatever else the instance takes is in `details`.
FORMATS = {"image/jpeg": "JPEG", "image/jpg": "JPEG", "image/png": "PNG", "image/gif": "GIF"}


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Reads over a wire; statuses as raw JSON."""

    wire: Wire
    clock: Clock

    def account(self) -> tuple[Account, Mapping[str, Any]]:
        """Who we are, and the account as the server tells it.

        A first answer of `[]` means an account that never did anything: asking has woken it.
        """
        found: Any = None
        for _ in range(2):
            try:
                found = self.wire.read(lambda api: api.account_verify_credentials())
            except NotOnPlatform as err:
                raise Refused(
                    f"What answers at {self.wire.host} is not Pixelfed.",
                    hint="Check the address of your server in the settings.",
                    code="not_pixelfed",
                    details=err.details,
                ) from err
            if isinstance(found, dict) and found.get("id"):
                name = str(found.get("username") or found["id"])
                page = f"{self.wire.base_url}/p/{name}/"
                return Account(id=str(found["id"]), name=name, url=page), found
        raise SignedOut(
            f"{self.wire.host} does not say whose token this is.",
            hint="Open the website once with this account, then try again.",
            details=repr(found)[:200],
        )

    def facts(self) -> AccountFacts:
        """Account, limits of the instance, what the token says about itself: three reads."""
        account, shown = self.account()
        instance = self.wire.read(lambda api: api.instance_v1())
        instance = instance if isinstance(instance, dict) else {}
        settings = self._compose_settings()
        claims = self.wire.claims
        end = token_end(claims)
        return AccountFacts(
            platform="pixelfed",
            account=account,
            limits=limits_of(instance, settings),
            read_at=self.clock(),
            details={
                "version": version_of(instance),
                "locked": bool(shown.get("locked")),
                "scopes": list(claims.get("scopes") or []),
                "can_write": "write" in (claims.get("scopes") or ["write"]),
                "token_ends": end.isoformat() if end else None,
                "mime_types": list(_media(instance).get("supported_mime_types") or []),
                "album_length": _statuses(instance).get("max_media_attachments"),
                "default_visibility": (shown.get("source") or {}).get("privacy"),
            },
        )

    def _compose_settings(self) -> Mapping[str, Any]:
        """The only place that names the limit of alt texts; old servers lack it."""
        try:
            found = self.wire.get("/api/v1.1/compose/settings")
        except SignedOut:
            raise
        except PlatformError:
            return {}
        return found if isinstance(found, dict) else {}

    # -- posts

    def status(self, status_id: str) -> dict[str, Any] | None:
        """A post with its stored text, None if it is not there (or archived: nobody can tell)."""
        try:
            found = self.wire.get(f"/api/v1/statuses/{status_id}", _pe="1")
        except NotOnPlatform:
            return None
        return found if isinstance(found, dict) and found.get("id") else None

    def owner(self, status_id: str) -> str:
        """The account id of a post's owner, "" if there is no such post."""
        try:
            found = self.status(status_id)
        except (Refused, SignedOut) as err:
            if err.status == FORBIDDEN:
                return SOMEBODY_ELSE  # a private post of somebody we do not follow
            raise
        if found is None:
            return ""
        return str((found.get("account") or {}).get("id") or SOMEBODY_ELSE)

    def edits_left(self, status: Mapping[str, Any]) -> int | None:
        """From the history, which is readable for public and unlisted posts only."""
        if not status.get("edited_at"):
            return edits_left(status, [])
        if status.get("visibility") not in ("public", "unlisted"):
            return None
        try:
            found = self.wire.read(lambda api: api.status_history(str(status["id"])))
        except (Refused, NotOnPlatform, SignedOut):
            found = None
        return edits_left(status, found if isinstance(found, list) else None)

    def listing(self, account_id: str, *, stored_text: bool = False) -> Iterator[dict[str, Any]]:
        """All own posts, newest first, by `max_id`: the server sends no links to further pages.

        `stored_text` asks for Pixelfed's own shape, which has the caption as it is stored.
        """
        seen: set[str] = set()
        max_id: str | None = None
        while True:
            page = self._page(account_id, max_id, stored_text=stored_text)
            fresh = [one for one in page or [] if str(one.get("id")) not in seen]
            if not fresh:
                return
            for one in fresh:
                seen.add(str(one["id"]))
                yield one
            max_id = str(fresh[-1]["id"])

    def _page(self, account_id: str, max_id: str | None, *, stored_text: bool) -> Any:
        if not stored_text:
            return self.wire.read(_page_call(account_id, max_id))
        older = {"max_id": max_id} if max_id else {}
        return self.wire.get(
            f"/api/v1/accounts/{account_id}/statuses",
            _pe="1",
            only_media="1",
            limit=str(PAGE),
            **older,
        )

    def newest(self, account_id: str, since: datetime | None) -> Iterator[dict[str, Any]]:
        """Own posts, newest first: `FEW` of them at least, and all not older than `since`."""
        for number, one in enumerate(self.listing(account_id), start=1):
            yield one
            posted = parse_time(one.get("created_at"))
            if number >= FEW and since is not None and posted is not None and posted < since:
                return


def _page_call(account_id: str, max_id: str | None) -> Any:
    return lambda api: api.account_statuses(account_id, only_media=True, max_id=max_id, limit=PAGE)


def limits_of(instance: Mapping[str, Any], settings: Mapping[str, Any]) -> Limits:
    """Our defaults, narrowed and replaced by what the instance says."""
    media, statuses = _media(instance), _statuses(instance)
    limits = PIXELFED_LIMITS
    if (size := _number(media.get("image_size_limit"))) is not None:
        limits = replace(limits, max_bytes=min(limits.max_bytes, size))
    if (letters := _number(statuses.get("max_characters"))) is not None:
        limits = replace(limits, max_caption=letters)
    if (letters := _number(settings.get("max_altext_length"))) is not None:
        limits = replace(limits, max_alt_text=letters)
    named = {FORMATS.get(str(one)) for one in media.get("supported_mime_types") or []}
    formats = tuple(one for one in limits.formats if one in named)
    return replace(limits, formats=formats or limits.formats)


def version_of(instance: Mapping[str, Any]) -> str:
    """`0.12.3` of `3.5.3 (compatible; Pixelfed 0.12.3)`, else as it is."""
    said = str(instance.get("version") or "")
    found = re.search(r"Pixelfed\s+([0-9][^)\s]*)", said)
    return found.group(1) if found else said


def _configuration(instance: Mapping[str, Any], part: str) -> Mapping[str, Any]:
    found = (instance.get("configuration") or {}).get(part)
    return found if isinstance(found, dict) else {}


def _media(instance: Mapping[str, Any]) -> Mapping[str, Any]:
    return _configuration(instance, "media_attachments")


def _statuses(instance: Mapping[str, Any]) -> Mapping[str, Any]:
    return _configuration(instance, "statuses")


def _number(found: Any) -> int | None:
    """Numbers come as numbers or as text."""
    text = str(found if found is not None else "").strip()
    return int(text) if text.isdigit() and int(text) > 0 else None
