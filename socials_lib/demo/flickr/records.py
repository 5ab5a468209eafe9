"""What the Flickr stand-in remembers: users, photos, albums, groups, tickets, tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Perms = Literal["none", "read", "write", "delete"]

#: Cumulative: each level includes those before it.
LEVELS: tuple[Perms, ...] = ("none", "read", "write", "delete")

#: A privacy number (`privacy_filter`, `prefs.getPrivacy`) -> is_public, is_friend, is_family.
VISIBILITY = {1: (1, 0, 0), 2: (0, 1, 0), 3: (0, 0, 1), 4: (0, 1, 1), 5: (0, 0, 0)}


class Refusal(Exception):
    """Flickr says no: `stat="fail"` with a code and a message, sometimes with more elements."""

    def __init__(self, code: int, message: str, **extra: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.extra = extra


@dataclass(kw_only=True)
class User:
    """A Flickr account; `geo_perms` None: never configured (geo.setLocation refuses with 7)."""

    nsid: str
    username: str
    realname: str = ""
    path_alias: str | None = None
    location: str = ""
    is_pro: bool = True
    deleted: bool = False
    joined: int = 1_285_891_200
    upload_limit: int = 1000
    privacy: int = 1
    safety_level: int = 1
    content_type: int = 1
    hidden: int = 0
    geo_perms: int | None = 1
    import_geo: bool = True

    @property
    def number(self) -> int:
        """The inner number that tag, comment and ticket ids begin with: near the nsid, not it."""
        return int(self.nsid.partition("@")[0]) - 5348

    @property
    def path(self) -> str:
        """How addresses name the user: the alias, else the nsid."""
        return self.path_alias or self.nsid


@dataclass(kw_only=True)
class Tag:
    """A tag on a photo: its first spelling, the clean form that is its identity, who gave it."""

    raw: str
    clean: str
    author: str
    number: int
    is_machine: bool


@dataclass(kw_only=True)
class Comment:
    """A comment under a photo."""

    id: str
    author: str
    created: int
    text: str


@dataclass(kw_only=True)
class Favourite:
    """Somebody marked the photo as a favourite."""

    nsid: str
    username: str
    date: int


@dataclass(kw_only=True)
class Location:
    """Where a photo was taken and who may see that."""

    latitude: float
    longitude: float
    accuracy: int = 16
    context: int = 0
    is_public: int = 1
    is_contact: int = 0
    is_friend: int = 0
    is_family: int = 0


@dataclass(kw_only=True)
class LicenseChange:
    """One line of `getLicenseHistory`."""

    date: int
    old: str
    new: str


@dataclass(kw_only=True)
class Photo:
    """A photo or video; `data` are the bytes as received, `description` the text as sent.

    `created` is the true moment of the upload (index lag counts from it), `posted` the date that
    setDates may move.  `locked`: Flickr's staff set safety level or content type (code 3).
    `safety_level` is stored as it is set (1 to 3); reading gives one less.
    """

    id: str
    owner: str
    secret: str
    original_secret: str
    data: bytes
    format: str
    media: str = "photo"
    width: int = 0
    height: int = 0
    rotation: int = 0
    server: str = "65535"
    farm: int = 66
    title: str = ""
    description: str = ""
    tags: list[Tag] = field(default_factory=list)
    created: float = 0.0
    posted: int = 0
    last_update: int = 0
    taken: str = "0000-00-00 00:00:00"
    granularity: int = 0
    taken_unknown: int = 0
    is_public: int = 1
    is_friend: int = 0
    is_family: int = 0
    perm_comment: int = 3
    perm_addmeta: int = 2
    license: str = "0"
    license_history: list[LicenseChange] = field(default_factory=list)
    safety_level: int = 1
    content_type: int = 1
    hidden: int = 0
    locked: bool = False
    location: Location | None = None
    views: int = 0
    comments: list[Comment] = field(default_factory=list)
    favourites: list[Favourite] = field(default_factory=list)
    replaced: int = 0

    def tag_id(self, tag: Tag, author_number: int) -> str:
        """The long tag id of getInfo, `full_tag_id` of addTags, what removeTag wants."""
        return f"{author_number}-{self.id}-{tag.number}"

    def show_to(self, is_public: int, is_friend: int, is_family: int) -> None:
        """Set who sees the photo; public makes the other two irrelevant and reads back so."""
        self.is_public = is_public
        self.is_friend = 0 if is_public else is_friend
        self.is_family = 0 if is_public else is_family


@dataclass(kw_only=True)
class Album:
    """A photoset: photos in the user's order, one of them the primary photo."""

    id: str
    owner: str
    title: str
    description: str = ""
    photos: list[str] = field(default_factory=list)
    primary: str = ""
    created: int = 0
    updated: int = 0
    views: int = 0
    comments: int = 0


@dataclass(kw_only=True)
class PoolEntry:
    """A photo in a group's pool or in its pending queue."""

    photo_id: str
    added_by: str
    added_at: int


#: Nothing is forbidden; `has_geo` 1 means items must be geotagged.
NO_RESTRICTIONS = {
    "photos_ok": 1,
    "videos_ok": 1,
    "images_ok": 1,
    "screens_ok": 1,
    "art_ok": 1,
    "safe_ok": 1,
    "moderate_ok": 1,
    "restricted_ok": 1,
    "has_geo": 0,
}


@dataclass(kw_only=True)
class Group:
    """A group: its pool, its rules, its members.

    `throttle` is (mode, count) with mode day, week or month; `submissions` is what it counts
    (nsid, time of each add).  `refuse`: adds are answered with this code, whatever the photo.
    `privacy` 1 private, 2 invite-only, 3 open.  `others` photos and people are not ours.
    """

    nsid: str
    name: str
    path_alias: str | None = None
    description: str = ""
    privacy: int = 3
    moderated: bool = False
    closed: bool = False
    throttle: tuple[str, int] | None = None
    max_photos: int | None = None
    refuse: int | None = None
    restrictions: dict[str, int] = field(default_factory=lambda: dict(NO_RESTRICTIONS))
    members: set[str] = field(default_factory=set)
    admins: set[str] = field(default_factory=set)
    pool: list[PoolEntry] = field(default_factory=list)
    pending: list[PoolEntry] = field(default_factory=list)
    submissions: list[tuple[str, int]] = field(default_factory=list)
    other_members: int = 41
    other_photos: int = 0

    @property
    def path(self) -> str:
        """How addresses name the group."""
        return self.path_alias or self.nsid

    def entry(self, photo_id: str) -> PoolEntry | None:
        """The photo's entry in the pool, None if it is not there."""
        return next((one for one in self.pool if one.photo_id == photo_id), None)

    def waiting(self, photo_id: str) -> PoolEntry | None:
        """The photo's entry in the pending queue, None if it is not there."""
        return next((one for one in self.pending if one.photo_id == photo_id), None)


@dataclass(kw_only=True)
class Ticket:
    """An async upload or replace: `state` 0 pending, 1 done, 2 failed."""

    id: str
    owner: str
    due: float
    params: dict[str, str]
    data: bytes
    replaces: str | None = None
    state: int = 0
    photo_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Token:
    """An access token and what it may do."""

    token: str
    secret: str
    perms: Perms
    user: str


@dataclass(kw_only=True)
class RequestToken:
    """A request token on its way to an access token; `verifier` None: not yet granted."""

    token: str
    secret: str
    callback: str
    verifier: str | None = None
    perms: Perms = "none"
    user: str = ""
