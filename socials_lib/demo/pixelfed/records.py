"""The rows of the server's database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

Scope = Literal["public", "unlisted", "private", "draft", "archived"]
NotificationKind = Literal["favourite", "reblog", "mention"]

#: Scopes that the API shows; drafts and archived posts are "not there".
LISTED_SCOPES = ("public", "unlisted", "private")


@dataclass(kw_only=True)
class Account:
    """A user with their profile (one id for both).

    `last_active` None is a brand-new account whose first upload is answered with `[]`; `unlisted`
    and `cw` are set by moderators; `disabled` accounts fail `verify_credentials`; `restricted`
    ones have parental controls; `post_count` is the lagging counter shown to clients.
    """

    id: str
    username: str
    display_name: str
    created_at: float
    last_active: float | None
    locked: bool = False
    unlisted: bool = False
    cw: bool = False
    disabled: bool = False
    verified: bool = True
    restricted: bool = False
    follows: set[str] = field(default_factory=set)
    note: str = ""
    post_count: int = 0
    storage_kb: int = 0
    license: int = 1


@dataclass(kw_only=True)
class Token:
    """A personal access token."""

    text: str
    account_id: str
    scopes: tuple[str, ...]
    expires_at: float


@dataclass(kw_only=True)
class Media:
    """An upload: `received` are the bytes as they came, `stored` what the server shows now.

    `width` stays None for what the image job left alone; `processed` says that it came by.
    """

    id: str
    account_id: str
    received: bytes
    stored: bytes
    mime: str
    path: str
    created_at: float
    description: str | None
    status_id: str | None = None
    order: int = 0
    thumbnail: bytes | None = None
    thumbnail_path: str | None = None
    width: int | None = None
    height: int | None = None
    orientation: str | None = None
    blurhash: str | None = None
    processed: bool = False
    filter_name: str | None = None
    filter_class: str | None = None
    license: int | None = None


@dataclass(kw_only=True)
class Edit:
    """One row of a status's history; the first row is what stood there before."""

    caption: str | None
    spoiler_text: str | None
    sensitive: bool
    created_at: float


@dataclass(kw_only=True)
class Status:
    """A post; `caption` is the stored text, `tags` are slugs fixed at creation.

    `late_breaks` marks an answer cached before the line feeds became `<br />`.
    """

    id: str
    account_id: str
    caption: str | None
    scope: Scope
    created_at: float
    media_ids: list[str] = field(default_factory=list)
    type: str | None = None
    sensitive: bool = False
    spoiler_text: str | None = None
    place_id: int | None = None
    comments_disabled: bool = False
    edited_at: float | None = None
    tags: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    likes: list[str] = field(default_factory=list)
    reblogs: list[str] = field(default_factory=list)
    in_reply_to: str | None = None
    original_scope: Scope | None = None
    late_breaks: bool = False

    @property
    def in_lists(self) -> bool:
        """True if a listing of the account shows it: no replies, no mixed albums, no drafts."""
        return (
            self.scope in LISTED_SCOPES
            and self.in_reply_to is None
            and self.type in ("photo", "photo:album", "video", "video:album")
        )


@dataclass(frozen=True, kw_only=True)
class NewStatus:
    """What a validated `POST statuses` asks for; `visibility` may turn out differently."""

    caption: str | None
    media_ids: Sequence[str] = ()
    visibility: str = "public"
    sensitive: bool = False
    spoiler_text: str | None = None
    in_reply_to: str | None = None
    place_id: int | None = None
    collection_ids: Sequence[str] = ()
    comments_disabled: bool = False
    idempotency_key: str | None = None


@dataclass(kw_only=True)
class Notification:
    """Somebody liked, shared, answered or mentioned; `kind` in Mastodon's words."""

    id: str
    account_id: str
    kind: NotificationKind
    actor_id: str
    status_id: str
    created_at: float


@dataclass(kw_only=True)
class Collection:
    """A collection (Pixelfed's album of posts); made on the web only."""

    id: str
    account_id: str
    title: str
    description: str | None
    visibility: str
    updated_at: float
    published_at: float
    post_ids: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Job:
    """Something the worker has yet to do; `due` None waits for `run_queue()`."""

    kind: str
    about: str
    due: float | None
    run: Callable[[], None] = field(repr=False)
