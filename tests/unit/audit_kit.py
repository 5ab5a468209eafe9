"""Photos, what is online and inventories for the tests of audits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from plan_kit import ACCOUNTS, photo, record

from socials_lib import audit
from socials_lib.models import (
    Album,
    GroupPool,
    Inventory,
    LastSent,
    Managed,
    Memberships,
    Photo,
    PhotoText,
    PlatformName,
    RemotePhoto,
    RemoteRef,
    RemoteTag,
    Rules,
)
from socials_lib.platforms.flickr import texts as flickr_texts
from socials_lib.platforms.pixelfed import texts as pixelfed_texts

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SAME = {"flickr": flickr_texts.same, "pixelfed": pixelfed_texts.same}
COAST = Album(name="Coast", album_id="721", category="Socials|flickr|albums|Coast")
DAILY = GroupPool(name="Daily", group_id="1@N25", category="Socials|flickr|groups|Daily")
TAKEN = "2024-03-19T05:06:07"

__all__ = ["NOW", "photo", "record"]


def remote(ident: str = "77", platform: PlatformName = "flickr", **more: Any) -> RemotePhoto:
    """Something online."""
    media = more.pop("media_id", "")
    values: dict[str, Any] = {
        "ref": RemoteRef(platform=platform, remote_id=ident, media_id=media),
        "owner_id": "1@N01",
    }
    return RemotePhoto(**{**values, **more})


def tags(*words: str) -> tuple[RemoteTag, ...]:
    """Tags as a list shows them: clean ones."""
    return tuple(RemoteTag(raw=one, clean=flickr_texts.clean(one)) for one in words)


def inventory(*photos: RemotePhoto, platform: PlatformName = "flickr", **members: Any) -> Inventory:
    """What a listing showed."""
    return Inventory(
        platform=platform,
        account_id=ACCOUNTS[platform].account.id,
        read_at=NOW,
        photos=photos,
        members=Memberships(**members),
    )


def known(found: Inventory, **more: Any) -> audit.Knowledge:
    """All else that an audit knows."""
    values: dict[str, Any] = {
        "inventory": found,
        "facts": ACCOUNTS[found.platform],
        "rules": Rules(),
        "same": SAME[found.platform],
        "managed": Managed(),
    }
    return audit.Knowledge(**{**values, **more})


def faithful(one: Photo, ident: str = "77", platform: PlatformName = "flickr") -> RemotePhoto:
    """Online exactly as IMatch says it now."""
    text = text_of(one, platform)
    if platform == "flickr":
        return remote(
            ident,
            title=text.title,
            description=text.description,
            tags=tags(*text.tags),
            date_taken=text.date_taken,
        )
    return remote(
        ident,
        platform,
        caption=text.caption,
        alt_texts=(text.alt_text,),
        media_ids=("5",),
        media_id="5",
        edits_left=9,
    )


def text_of(one: Photo, platform: PlatformName) -> PhotoText:
    """What would be sent."""
    from socials_lib import formatting

    return formatting.photo_text(one, platform, Rules(), ACCOUNTS[platform].limits)


def sent(one: Photo, ident: str = "77", platform: PlatformName = "flickr", **more: Any) -> LastSent:
    """What the journal knows of a photo sent as it is now."""
    values: dict[str, Any] = {
        "remote_id": ident,
        "path": one.path,
        "file_id": one.file_id,
        "text": text_of(one, platform),
        "media_id": "5" if platform == "pixelfed" else "",
    }
    return LastSent(**{**values, **more})


def codes(findings: Any) -> list[tuple[str, str]]:
    """Code and field of each."""
    return [(one.code, one.field) for one in findings]
