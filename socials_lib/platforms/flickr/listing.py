"""Albums and group pools by listing: 500 photos a call, never a call per photo."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from socials_lib.models import GroupPool, Memberships
from socials_lib.platforms.base import PoolFacts
from socials_lib.platforms.flickr import refusals
from socials_lib.platforms.flickr.answers import Reply
from socials_lib.platforms.flickr.wire import Wire

PAGE = 500


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Reads that name the photos of albums and pools (`photosets.*`, `groups.pools.*`)."""

    wire: Wire

    def memberships(
        self, albums: Sequence[str], groups: Sequence[str], *, owner: str
    ) -> Memberships:
        """Who is in these albums and groups; `owner` is our own id.

        A pool holds thousands of other people's photos: only ours are asked for.
        """
        titles = self.titles() if albums else {}
        in_albums = {
            one: self._ids("photosets.getPhotos", "photoset", photoset_id=one, user_id=owner)
            for one in albums
            if one in titles
        }
        in_groups = {
            one: self._ids("groups.pools.getPhotos", "photos", group_id=one, user_id=owner)
            for one in groups
        }
        known_albums = {one: ids for one, ids in in_albums.items() if ids is not None}
        known_groups = {one: ids for one, ids in in_groups.items() if ids is not None}
        return Memberships(
            albums=known_albums,
            groups=known_groups,
            titles=titles,
            unread=tuple(
                one for one in (*albums, *groups) if one not in known_albums | known_groups
            ),
        )

    def titles(self) -> dict[str, str]:
        """All own albums: id to title (`photosets.getList`)."""
        found: dict[str, str] = {}
        for reply in self._pages("photosets.getList", "photosets"):
            if reply.code is not None:
                raise refusals.refused(reply, f"Flickr does not list the albums: {reply.text}.")
            for row in reply.find("photosets").iterfind("photoset"):
                found[row.get("id", "")] = row.findtext("title") or ""
        return found

    def _ids(self, method: str, tag: str, **params: str) -> tuple[str, ...] | None:
        """Photo ids of all pages; None if it is gone or not open to us."""
        found: dict[str, None] = {}
        for reply in self._pages(method, tag, **params):
            if reply.code is not None:
                return None
            found |= dict.fromkeys(row.get("id", "") for row in reply.find(tag).iterfind("photo"))
        return tuple(found)

    def _pages(self, method: str, tag: str, **params: Any) -> Iterator[Reply]:
        """The pages until the last one that the answers speak of; a refusal ends them."""
        number = pages = 1
        while number <= pages:
            reply = self.wire.read(f"flickr.{method}", per_page=PAGE, page=number, **params)
            yield reply
            if reply.code is not None:
                return
            pages = _pages_of(reply.find(tag))
            number += 1


def pool_facts(reply: Reply, group: GroupPool) -> PoolFacts:
    """What `groups.getInfo` says of a group; a refusal in Flickr's own words."""
    if reply.code is not None:
        return PoolFacts(group_id=group.group_id, name=group.name, problem=reply.text)
    info, throttle = reply.find("group"), reply.rsp.find(".//throttle")
    told = {} if throttle is None else throttle.attrib
    return PoolFacts(
        group_id=group.group_id,
        name=info.findtext("name") or group.name,
        mode=told.get("mode", ""),
        count=_number(told.get("count")),
        remaining=_number(told.get("remaining")),
        is_member=info.get("is_member") != "0",
        is_moderated=info.get("ispoolmoderated") == "1",
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _pages_of(listed: ET.Element) -> int:
    """Empty lists say 0 pages, some answers nothing at all."""
    text = listed.get("pages") or ""
    return int(text) if text.isdigit() else 1
