"""The backend as tests, the sample library and the side door use it: seeding, what others do.

`FlickrBackend` is `FlickrState` (what the service rules work on) plus everything that happens to an
account besides the API: permission pages, moderators, comments by visitors, photos from before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from socials_lib.demo.flickr.pictures import read_picture
from socials_lib.demo.flickr.records import (
    Album,
    Comment,
    Favourite,
    Group,
    Location,
    Perms,
    Photo,
    PoolEntry,
    Token,
    User,
)
from socials_lib.demo.flickr.snapshot import snapshot
from socials_lib.demo.flickr.state import FlickrState
from socials_lib.demo.flickr.text import parse_taken


class FlickrBackend(FlickrState):
    """A Flickr with two accounts: `me` (user name and alias "demo") and `other`, a stranger."""

    def reset(self) -> None:
        """Back to two accounts without photos; options and the default token stay."""
        super().reset()
        self.default_token = self.tokens.issue("delete", self.me)

    def snapshot(self) -> dict[str, Any]:
        """The whole state as JSON-able values, for comparisons and the side door."""
        return snapshot(self)

    # the permission page

    def issue_token(self, perms: Perms, user: str | None = None) -> Token:
        """A ready access token of the default account or of `user`."""
        return self.tokens.issue(perms, self._owner(user))

    def revoke_token(self, token: str) -> None:
        """The user took the permission back on the website."""
        self.tokens.access.pop(token, None)

    def authorize(self, request_token: str, perms: Perms, user: str | None = None) -> str:
        """What the browser does at the authorize page; returns the verifier."""
        return self.tokens.grant(request_token, perms, self._owner(user))

    # what other people do

    def add_tag(self, photo_id: str, raw: str, *, author: str | None = None) -> None:
        """Somebody adds a tag (default: the foreign account, as people do on the website)."""
        photo = self.photos[photo_id]
        by = self._owner(author) if author else self.other
        known = {tag.clean for tag in photo.tags}
        photo.tags += [tag for tag in self.make_tags([raw], by.nsid) if tag.clean not in known]
        self.touch(photo)

    def add_comment(self, photo_id: str, text: str, *, author: str | None = None) -> None:
        """Somebody comments on a photo (default: the foreign account)."""
        photo = self.photos[photo_id]
        by = self._owner(author) if author else self.other
        comment_id = f"{by.number}-{photo_id}-{self.long_id()}"
        photo.comments.append(Comment(id=comment_id, author=by.nsid, created=self.now(), text=text))
        self.touch(photo)

    def approve(self, group_id: str, photo_id: str) -> None:
        """A moderator takes a waiting photo into the pool."""
        entry = self._waiting(group_id, photo_id)
        entry.added_at = self.now()
        self.groups[group_id].pending.remove(entry)
        self.groups[group_id].pool.insert(0, entry)

    def reject(self, group_id: str, photo_id: str) -> None:
        """A moderator refuses a waiting photo; nothing of that is visible to the owner."""
        self.groups[group_id].pending.remove(self._waiting(group_id, photo_id))

    def _waiting(self, group_id: str, photo_id: str) -> PoolEntry:
        entry = self.groups[group_id].waiting(photo_id)
        if entry is None:
            raise KeyError(f"photo {photo_id} does not wait in group {group_id}")
        return entry

    # seeding

    def add_photo(
        self,
        data: bytes,
        *,
        title: str = "",
        description: str = "",
        tags: Sequence[str] = (),
        taken: str | None = None,
        posted: int | None = None,
        owner: str | None = None,
        is_public: int = 1,
        is_friend: int = 0,
        is_family: int = 0,
        comments: int = 0,
        favourites: int = 0,
        views: int = 0,
        location: Location | None = None,
    ) -> str:
        """A photo that was published long ago (no index lag, nothing imported but the EXIF date).

        Returns its id.  `owner` is an nsid or user name, default the own account.
        """
        picture = read_picture(data)
        if picture is None:
            raise ValueError("Flickr does not recognise this file")
        user = self._owner(owner)
        photo = self.insert_photo(user, data, picture, float("-inf"))
        photo.title, photo.description, photo.location = title, description, location
        photo.tags = self.make_tags(tags, user.nsid)
        if posted is not None:
            photo.posted = posted
        if taken is not None:
            photo.taken, photo.taken_unknown = parse_taken(taken, now=self.now()), 0
        photo.show_to(is_public, is_friend, is_family)
        photo.views = views
        for number in range(1, comments + 1):
            self.add_comment(photo.id, f"Lovely light! ({number})")
        photo.favourites += [self._favourite(number, photo) for number in range(favourites)]
        return photo.id

    def add_album(
        self,
        title: str,
        photo_ids: Sequence[str],
        *,
        album_id: str | None = None,
        owner: str | None = None,
        description: str = "",
    ) -> str:
        """An album at the end of the user's order; returns its id."""
        user = self._owner(owner)
        if not photo_ids:
            raise ValueError("an album needs a photo")
        album = Album(
            id=album_id or self.long_id(),
            owner=user.nsid,
            title=title,
            description=description,
            photos=list(photo_ids),
            primary=photo_ids[0],
            created=self.now(),
            updated=self.now(),
        )
        self.albums[album.id] = album
        self.album_order[user.nsid].append(album.id)
        return album.id

    def add_group(
        self,
        name: str,
        *,
        group_id: str | None = None,
        moderated: bool = False,
        throttle: tuple[str, int] | None = None,
        member: bool = True,
        refuse: int | None = None,
        path_alias: str | None = None,
        privacy: int = 3,
    ) -> str:
        """A group; `member`: the own account belongs to it, `refuse`: code of every add."""
        nsid = group_id or f"{14_700_000 + self.random.randrange(99_999)}@N25"
        self.groups[nsid] = Group(
            nsid=nsid,
            name=name,
            path_alias=path_alias,
            moderated=moderated,
            throttle=throttle,
            refuse=refuse,
            privacy=privacy,
            members={self.me.nsid} if member else set(),
        )
        return nsid

    def _favourite(self, number: int, photo: Photo) -> Favourite:
        return Favourite(
            nsid=f"{70_000_001 + number}@N05",
            username=f"visitor {number + 1}",
            date=photo.posted + 60 * number,
        )

    def _owner(self, ref: str | None) -> User:
        user = self.me if ref is None else self.user(ref)
        if user is None:
            raise KeyError(ref)
        return user
