"""Texts, and what is online or was last sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from socials_lib.models.photos import Action, PlatformName, UploadFile


@dataclass(frozen=True, kw_only=True)
class Album:
    """A Flickr album as an IMatch category names it; `album_id` "" if the category has none."""

    name: str
    album_id: str
    category: str


@dataclass(frozen=True, kw_only=True)
class GroupPool:
    """A Flickr group as an IMatch category names it; `group_id` "" if the category has none."""

    name: str
    group_id: str
    category: str


@dataclass(frozen=True, kw_only=True)
class PhotoText:
    """What is said about a photo on one platform.

    `title` and `description` are Flickr's, `caption` and `alt_text` Pixelfed's (the caption holds
    the hashtags); `tags` are Flickr tags or Pixelfed hashtags (without `#`), in order;
    `date_taken` is `YYYY-MM-DDTHH:MM:SS` local; `left_out` names what fitting dropped;
    `tags_before_cut` counts the tags before the platform's limit.
    """

    platform: PlatformName
    title: str = ""
    description: str = ""
    caption: str = ""
    alt_text: str = ""
    tags: tuple[str, ...] = ()
    tags_before_cut: int = 0
    date_taken: str | None = None
    visibility: str = "public"
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RemoteRef:
    """Where a photo is online: `remote_id` is the photo or status id."""

    platform: PlatformName
    remote_id: str
    media_id: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class RemoteTag:
    """A Flickr tag: `raw` as typed, `clean` its identity, `tag_id` for removal, `own` ours."""

    raw: str
    clean: str
    tag_id: str = ""
    own: bool = True


@dataclass(frozen=True, kw_only=True)
class Engagement:
    """What goes with a photo when it is deleted.

    What people left under it; `pictures` that its post holds, this one included; `hidden` if it
    cannot be read, because the service does not tell a deleted post from an archived one.
    """

    comments: int = 0
    favourites: int = 0
    reblogs: int = 0
    views: int = 0
    pictures: int = 1
    hidden: bool = False

    @property
    def any(self) -> bool:
        """True if a delete would take more along than one picture of ours (views do not count)."""
        answers = self.comments or self.favourites or self.reblogs
        return bool(answers or self.pictures > 1 or self.hidden)

    def in_words(self) -> str:
        """`1 comment and 2 favourites`, `8 favourites and 3 pictures in one post`."""
        if self.hidden:
            return "unknown answers (not shown online: deleted there, or archived)"
        named = (
            ("comment", self.comments),
            ("favourite", self.favourites),
            ("reblog", self.reblogs),
        )
        parts = [f"{n:,} {word}{'' if n == 1 else 's'}" for word, n in named if n]
        if self.pictures > 1:
            parts.append(f"{self.pictures} pictures in one post")
        words = " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
        return words or "no comments, no favourites"


@dataclass(frozen=True, kw_only=True)
class RemotePhoto:
    """A photo as the platform shows it now; texts exactly as the server sent them.

    `albums` and `groups` map id to title (None: not read), `album_sizes` album id to its number of
    photos (for the last photo of an album); `secret` changes with every
    replacement (Flickr); `picture_url` shows the picture; `edits_left` (Pixelfed) None: unknown.
    """

    ref: RemoteRef
    owner_id: str
    title: str = ""
    description: str = ""
    caption: str = ""
    alt_texts: tuple[str, ...] = ()
    media_ids: tuple[str, ...] = ()
    tags: tuple[RemoteTag, ...] = ()
    date_taken: str | None = None
    posted: datetime | None = None
    visibility: str = "public"
    albums: Mapping[str, str] | None = None
    groups: Mapping[str, str] | None = None
    album_sizes: Mapping[str, int] = field(default_factory=dict)
    engagement: Engagement = Engagement()
    secret: str = ""
    sensitive: bool = False
    spoiler_text: str = ""
    edits_left: int | None = None
    width: int = 0
    height: int = 0
    picture_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Memberships:
    """Who is in which album and group: photo ids by album or group id.

    `titles` names every own album, also those whose photos were not asked for; `unread` are asked
    albums and groups that do not exist or do not open to us.
    """

    albums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """All own photos of one account as its listing showed them at `read_at`.

    The `albums` and `groups` of the photos are in `members`, for the ones that IMatch manages.
    """

    platform: PlatformName
    account_id: str
    read_at: datetime
    photos: tuple[RemotePhoto, ...] = ()
    members: Memberships = Memberships()


@dataclass(frozen=True, kw_only=True)
class LastSent:
    """What we last sent for a photo, from the journal: the base of every comparison.

    `picture_sha`, `orientation` (EXIF 1 to 8, 0 if not known), `upload_path`, `upload_size`,
    `upload_mtime_ns` describe the source file;
    `handed_over` are group ids whose moderators have the photo; `set_visibility` is the privacy
    that we ourselves gave it last ("": none, it came online another way; None: an older program
    did not tell it from that of `text`, which is what the settings asked for).
    """

    remote_id: str
    media_id: str = ""
    url: str = ""
    text: PhotoText | None = None
    albums: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    handed_over: tuple[str, ...] = ()
    picture_sha: str = ""
    orientation: int = 0
    upload_path: str = ""
    upload_size: int = 0
    upload_mtime_ns: int = 0
    path: str = ""
    file_id: str = ""
    sent_at: datetime | None = None
    set_visibility: str | None = None

    @property
    def own_visibility(self) -> str:
        """The privacy that we gave the photo last, "" if we gave it none."""
        if self.set_visibility is not None:
            return self.set_visibility
        return self.text.visibility if self.text is not None else ""


@dataclass(frozen=True, kw_only=True)
class OpenAct:
    """An act of an earlier run that has not ended, for the plan.

    `state`: `open`, `unknown`, or `waiting` and `refused` for follow-ups of a row that is done.
    `remote_id` is known once the main act was answered; `not_before` for waiting follow-ups;
    `path` is the file's path then ("": unknown) and `upload` the file that was to be sent, so that
    a renamed file is known and another database never matches.
    """

    platform: PlatformName
    file_id: str
    action: Action
    state: str
    remote_id: str = ""
    not_before: datetime | None = None
    message: str = ""
    target: str = ""
    category: str = ""
    path: str = ""
    upload: UploadFile | None = None
