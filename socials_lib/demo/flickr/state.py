"""The state of the Flickr stand-in and the rules that hold whatever interface asks.

Ids, secrets and tokens come from a seeded generator: two stand-ins that are asked the same things
give the same answers, and a token issued before `reset()` (the default account's) stays valid.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Iterable
from typing import Any

from socials_lib.demo.flickr.options import FlickrOptions
from socials_lib.demo.flickr.pictures import Picture
from socials_lib.demo.flickr.records import Album, Group, Photo, Refusal, Tag, Ticket, User
from socials_lib.demo.flickr.text import clean_tag, cut, is_machine_tag, mysql_time
from socials_lib.demo.flickr.tokens import TokenDesk

Clock = Callable[[], float]

#: An obviously made-up key, of the right shape (32 and 16 hex digits).
API_KEY = "decafbad" * 4
API_SECRET = "feedface" * 2


class FlickrState:
    """Everything Flickr knows, as plain Python: `photos`, `albums`, `groups`, `users` by id.

    `clock` is Flickr's time; `wall_clock` only judges OAuth timestamps, which clients take from the
    real clock.  Do not replace the dictionaries: `reset()` empties and refills them in place.
    """

    def __init__(self, *, clock: Clock = time.time, options: FlickrOptions | None = None) -> None:
        self.clock = clock
        self.wall_clock: Clock = time.time
        self.options = options or FlickrOptions()
        self.api_key = API_KEY
        self.api_secret = API_SECRET
        self.users: dict[str, User] = {}
        self.photos: dict[str, Photo] = {}
        self.deleted: dict[str, str] = {}
        self.albums: dict[str, Album] = {}
        self.album_order: dict[str, list[str]] = {}
        self.groups: dict[str, Group] = {}
        self.tickets: dict[str, Ticket] = {}
        self.call_times: dict[str, list[float]] = {}
        self.tokens = TokenDesk(self)
        self.reset()

    def reset(self) -> None:
        """Back to two accounts without photos; options and the default token stay."""
        self.random = random.Random(20131005)
        shelves: tuple[dict[str, Any], ...] = (
            self.users,
            self.photos,
            self.deleted,
            self.albums,
            self.album_order,
            self.groups,
            self.tickets,
            self.call_times,
        )
        for shelf in shelves:
            shelf.clear()
        self._numbers: dict[str, int] = {}
        self._last_id = 54_159_000_000
        self.tokens.reset()
        self.me = self.users[
            self.add_user(
                "demo", nsid="199246608@N02", realname="Demo Photographer", path_alias="demo"
            )
        ]
        self.other = self.users[
            self.add_user("lighthouse", nsid="65001151@N03", realname="Lighthouse")
        ]

    # time, ids

    def now(self) -> int:
        """Flickr's time in whole seconds."""
        return int(self.clock())

    def hex(self, digits: int) -> str:
        """A secret of so many hex digits."""
        return f"{self.random.getrandbits(4 * digits):0{digits}x}"

    def long_id(self, prefix: str = "72177720") -> str:
        """An id of 17 digits, as albums, comments, tickets and tokens have."""
        return f"{prefix}{self.random.randrange(10**9):09d}"

    def photo_number(self) -> str:
        """The next photo id: eleven digits, growing with gaps."""
        self._last_id += self.random.randrange(1, 9999)
        return str(self._last_id)

    def tag_number(self, clean: str) -> int:
        """The short number of a clean tag, the same for all photos."""
        return self._numbers.setdefault(clean, 401 + 37 * len(self._numbers))

    # looking things up

    def user(self, ref: str) -> User | None:
        """A user by nsid, user name or path alias."""
        for one in self.users.values():
            if ref in (one.nsid, one.username, one.path_alias):
                return one
        return None

    def group(self, ref: str) -> Group | None:
        """A group by nsid or path alias."""
        for one in self.groups.values():
            if ref in (one.nsid, one.path_alias):
                return one
        return None

    def photos_of(self, user: User) -> list[Photo]:
        """The photostream: newest `posted` first."""
        own = [one for one in self.photos.values() if one.owner == user.nsid]
        return sorted(own, key=lambda one: (one.posted, int(one.id)), reverse=True)

    def albums_of(self, user: User) -> list[Album]:
        """The user's albums in the user's own order."""
        return [self.albums[one] for one in self.album_order.get(user.nsid, [])]

    def own_photo(self, user: User, photo_id: str, *, code: int = 1) -> Photo:
        """A photo of this very user; anything else is `Photo not found`."""
        photo = self.photos.get(photo_id)
        if photo is None or photo.owner != user.nsid:
            raise Refusal(code, "Photo not found")
        return photo

    def own_album(self, user: User, album_id: str) -> Album:
        """An album of this very user."""
        album = self.albums.get(album_id)
        if album is None or album.owner != user.nsid:
            raise Refusal(1, "Photoset not found")
        return album

    def sees(self, viewer: User | None, photo: Photo) -> bool:
        """True if the viewer may see the photo (nobody here is anybody's friend)."""
        return bool(photo.is_public) or (viewer is not None and viewer.nsid == photo.owner)

    def is_old_enough(self, photo: Photo, delay: float) -> bool:
        """True if the upload is at least `delay` seconds ago (index lag)."""
        return self.clock() - photo.created >= delay

    # changing things

    def touch(self, photo: Photo) -> None:
        """Any edit, tag or comment moves `lastupdate`."""
        photo.last_update = self.now()

    def title(self, text: str) -> str:
        """A title within the limit."""
        options = self.options
        return text if options.over_limit == "keep" else cut(text, options.title_limit)

    def description(self, text: str) -> str:
        """A description within the limit."""
        options = self.options
        if options.over_limit == "keep":
            return text
        return cut(text, options.description_limit, as_bytes=True)

    def make_tags(self, raws: Iterable[str], author: str) -> list[Tag]:
        """Tags with their clean forms; doubles and tags without letters vanish."""
        made: dict[str, Tag] = {}
        for raw in raws:
            if self.options.over_limit == "cut":
                raw = cut(raw, self.options.tag_limit)
            clean = clean_tag(raw)
            if clean and clean not in made:
                made[clean] = Tag(
                    raw=raw,
                    clean=clean,
                    author=author,
                    number=self.tag_number(clean),
                    is_machine=is_machine_tag(raw),
                )
        return list(made.values())

    def leave_album(self, album: Album, photo_id: str) -> None:
        """Take a photo out; the album may get another primary photo or vanish."""
        album.photos.remove(photo_id)
        album.updated = self.now()
        if not album.photos and self.options.empty_album_vanishes:
            self.delete_album(album)
        elif album.primary == photo_id:
            last = -1 if self.options.new_primary == "last" else 0
            album.primary = album.photos[last] if album.photos else ""

    def delete_album(self, album: Album) -> None:
        """Delete an album; its photos stay."""
        del self.albums[album.id]
        self.album_order[album.owner].remove(album.id)

    def delete_photo(self, photo_id: str) -> None:
        """Delete a photo: it leaves albums, pools and queues; its links are dead."""
        photo = self.photos.pop(photo_id)
        self.deleted[hashlib.sha256(photo.data).hexdigest()] = photo_id
        for album in [one for one in self.albums.values() if photo_id in one.photos]:
            self.leave_album(album, photo_id)
        for group in self.groups.values():
            group.pool = [one for one in group.pool if one.photo_id != photo_id]
            group.pending = [one for one in group.pending if one.photo_id != photo_id]

    def insert_photo(self, owner: User, data: bytes, picture: Picture, created: float) -> Photo:
        """A new photo of `owner` with what its file says about size and dates."""
        now = self.now()
        photo = Photo(
            id=self.photo_number(),
            owner=owner.nsid,
            secret=self.hex(10),
            original_secret=self.hex(10),
            data=data,
            format=picture.format,
            media=picture.media,
            width=picture.width,
            height=picture.height,
            rotation=picture.rotation,
            created=created,
            posted=now,
            last_update=now,
            taken=picture.taken or mysql_time(now),
            taken_unknown=0 if picture.taken else 1,
        )
        self.photos[photo.id] = photo
        return photo

    def add_user(
        self,
        username: str,
        *,
        nsid: str | None = None,
        realname: str = "",
        path_alias: str | None = None,
        is_pro: bool = True,
    ) -> str:
        """A new account; returns its nsid."""
        nsid = nsid or f"{self.random.randrange(10**7, 2 * 10**8)}@N0{len(self.users) % 8}"
        self.users[nsid] = User(
            nsid=nsid, username=username, realname=realname, path_alias=path_alias, is_pro=is_pro
        )
        self.album_order[nsid] = []
        return nsid
