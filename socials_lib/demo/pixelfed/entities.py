"""The JSON shapes of accounts, media, statuses and the rest.

There are two families: Mastodon's, sent by default, and Pixelfed's own (`_pe` in the request, the
answer to an edit, collections).  Keys and their order are those of the recordings.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from socials_lib.demo.pixelfed import ids, lexer, pictures, text
from socials_lib.demo.pixelfed.backend import PixelfedBackend
from socials_lib.demo.pixelfed.records import (
    Account,
    Collection,
    Media,
    Notification,
    Status,
)
from socials_lib.demo.pixelfed.store import HOUR

Json = dict[str, Any]

#: How long an answer about a status is cached.
_CACHED = 6 * HOUR

#: What only Pixelfed's own shape of a status has.
_OWN_KEYS = (
    "_v",
    "shortcode",
    "content_text",
    "pf_type",
    "reply_count",
    "comments_disabled",
    "thread",
    "replies",
    "parent",
    "place",
    "local",
    "taggedPeople",
    "label",
    "liked_by",
)


class Entities:
    """Turns rows into JSON for one server address (`base`, without a slash at the end)."""

    def __init__(self, backend: PixelfedBackend, base: str) -> None:
        self._backend = backend
        self._base = base

    # -- accounts

    def account(self, account: Account) -> Json:
        """An account in Mastodon's shape."""
        avatar = f"{self._base}/storage/avatars/default.jpg"
        header = f"{self._base}/storage/headers/missing.png"
        return {
            **self._account_start(account),
            "note": account.note,
            "url": f"{self._base}/{account.username}",
            "avatar": avatar,
            "created_at": ids.microseconds_time(account.created_at),
            "avatar_static": avatar,
            "bot": False,
            "emojis": [],
            "fields": [],
            "header": header,
            "header_static": header,
            "last_status_at": None,
        }

    def own_account(self, account: Account) -> Json:
        """An account in Pixelfed's shape."""
        return {
            **self._account_start(account),
            "note": account.note,
            "note_text": account.note or None,
            "url": f"{self._base}/{account.username}",
            "avatar": f"{self._base}/storage/avatars/default.jpg",
            "website": None,
            "local": True,
            "is_admin": False,
            "created_at": ids.microseconds_time(account.created_at),
            "header_bg": None,
            "last_fetched_at": None,
            "pronouns": [],
            "location": None,
        }

    def _account_start(self, account: Account) -> Json:
        followers = sum(account.id in one.follows for one in self._backend.accounts.values())
        return {
            "id": account.id,
            "username": account.username,
            "acct": account.username,
            "display_name": account.display_name,
            "discoverable": True,
            "locked": account.locked,
            "followers_count": followers,
            "following_count": len(account.follows),
            "statuses_count": account.post_count,
        }

    # -- media

    def upload(self, media: Media, *, with_url: bool) -> Json:
        """The answer to an upload: as if no job had run yet, addresses with a time behind."""
        shown = f"{self._storage(media.path)}?v={int(media.created_at)}"
        fresh = self._media_start(media, blurhash=None)
        return fresh | {"url": shown if with_url else None, "preview_url": shown}

    def media(self, media: Media) -> Json:
        """A media on its own (`GET`, `PUT media`): no `meta` before the job measured it."""
        made = self._media_start(media, blurhash=media.blurhash)
        meta = _meta(media)
        return {**made, "meta": meta} if meta else made

    def _media_start(self, media: Media, blurhash: str | None) -> Json:
        url = self._storage(media.path)
        return {
            "id": media.id,
            "type": "video" if media.mime.startswith("video/") else "image",
            "url": url,
            "preview_url": self._preview(media),
            "remote_url": None,
            "text_url": url,
            "description": media.description,
            "blurhash": blurhash or pictures.PLACEHOLDER_BLURHASH,
        }

    def attachment(self, media: Media) -> Json:
        """A media inside a status, Mastodon's shape."""
        own = self.own_attachment(media)
        extra = ("optimized_url", "license", "is_nsfw", "orientation", "mime")
        return {
            key: value
            for key, value in own.items()
            if key not in extra and not key.startswith("filter_")
        }

    def own_attachment(self, media: Media) -> Json:
        """A media inside a status, Pixelfed's shape."""
        return {
            "id": media.id,
            "type": "video" if media.mime.startswith("video/") else "image",
            "url": self._storage(media.path),
            "remote_url": None,
            "preview_url": self._preview(media),
            "optimized_url": None,
            "text_url": None,
            "meta": _meta(media),
            "description": media.description,
            "license": media.license and {"id": media.license},
            "is_nsfw": 0,
            "orientation": media.orientation,
            "filter_name": media.filter_name,
            "filter_class": media.filter_class,
            "mime": media.mime,
            "blurhash": media.blurhash or pictures.PLACEHOLDER_BLURHASH,
        }

    def _storage(self, path: str) -> str:
        return f"{self._base}/storage/{path}"

    def _preview(self, media: Media) -> str:
        return self._storage(media.thumbnail_path or media.path)

    # -- statuses

    def status(self, status: Status, viewer: Account) -> Json:
        """A status in Mastodon's shape, or in Pixelfed's where `EXP_EMC` is off."""
        whole = self.own_status(status)
        whole["replies_count"] = whole["reply_count"]
        if self._backend.options.emc:
            for key in _OWN_KEYS:
                del whole[key]
            whole["account"] = self.account(self._author(status))
            whole["media_attachments"] = [self.attachment(one) for one in self._media_of(status)]
            whole["muted"] = False
            end = ("account", "replies_count", "media_attachments")
            whole = {key: whole[key] for key in whole if key not in end} | {
                key: whole[key] for key in end
            }
        return whole | self.seen_by(status, viewer)

    def seen_by(self, status: Status, viewer: Account) -> Json:
        """What a status means to the one who asks."""
        return {
            "favourited": viewer.id in status.likes,
            "reblogged": viewer.id in status.reblogs,
            "bookmarked": False,
        }

    def own_status(self, status: Status) -> Json:
        """A status in Pixelfed's shape, as the edit answers it."""
        url = self._url(status)
        made = {
            "_v": 1,
            "id": status.id,
            "shortcode": ids.shortcode(status.id),
            "uri": url,
            "url": url,
            "in_reply_to_id": status.in_reply_to,
            "in_reply_to_account_id": self._parent_account(status),
            "reblog": None,
            "content": self.content(status),
            "content_text": status.caption,
            "created_at": ids.milliseconds_time(status.created_at),
            "emojis": [],
            "reblogs_count": len(status.reblogs),
            "favourites_count": len(status.likes),
            "reblogged": None,
            "favourited": None,
            "muted": None,
            "sensitive": status.sensitive,
            "spoiler_text": status.spoiler_text or "",
            "visibility": status.scope,
            **self._own_tail(status),
        }
        return {**made, "pinned": False} if self._backend.options.pinned else made

    def _own_tail(self, status: Status) -> Json:
        people = self._backend.accounts
        return {
            "application": {"name": "web", "website": None},
            "language": None,
            "mentions": [self.own_account(people[one]) for one in status.mentions],
            "pf_type": status.type,
            "reply_count": len(self._backend.replies(status)),
            "comments_disabled": status.comments_disabled,
            "thread": False,
            "replies": [],
            "parent": [],
            "place": None,
            "local": True,
            "taggedPeople": [],
            "label": {"covid": False},
            "liked_by": self._liked_by(status),
            "media_attachments": [self.own_attachment(one) for one in self._media_of(status)],
            "tags": self._tags(status),
            "poll": None,
            "edited_at": status.edited_at and ids.milliseconds_time(status.edited_at),
            "account": self.own_account(self._author(status)),
        }

    def deleted(self, status: Status) -> Json:
        """The answer to a DELETE: `text` is the rendered HTML, not what was written."""
        url = self._url(status)
        return {
            "id": status.id,
            "created_at": ids.microseconds_time(status.created_at),
            "in_reply_to_id": status.in_reply_to,
            "in_reply_to_account_id": self._parent_account(status),
            "sensitive": status.sensitive,
            "spoiler_text": status.spoiler_text or "",
            "visibility": status.scope,
            "language": "en",
            "uri": url,
            "url": url,
            "replies_count": len(self._backend.replies(status)),
            "reblogs_count": len(status.reblogs),
            "favourites_count": len(status.likes),
            "reblogged": False,
            "favourited": False,
            "muted": False,
            "bookmarked": False,
            "reblog": None,
            "application": {"name": "web", "website": None},
            "mentions": [],
            "emojis": [],
            "card": None,
            "poll": None,
            "media_attachments": [self.own_attachment(one) for one in self._media_of(status)],
            "account": self.own_account(self._author(status)),
            "tags": self._tags(status),
            "text": self.content(status),
        }

    def history(self, status: Status) -> list[Json]:
        """The edits, newest first; links made by hand are gone, the media are today's."""
        account = self.own_account(self._author(status))
        media = [self.own_attachment(one) for one in self._media_of(status)]
        return [
            {
                "content": self._history_text(edit.caption),
                "spoiler_text": edit.spoiler_text,
                "sensitive": edit.sensitive,
                "created_at": ids.milliseconds_time(edit.created_at),
                "account": account,
                "media_attachments": media,
                "emojis": [],
            }
            for edit in reversed(status.edits)
        ]

    def content(self, status: Status) -> str | None:
        """The stored text with links made, not escaped."""
        if status.caption is None:
            return self._backend.options.wiped_content
        linked = lexer.autolink(status.caption, self._base)
        cached = self._backend.clock() < status.created_at + _CACHED
        return linked if status.late_breaks and cached else text.line_breaks(linked)

    def _history_text(self, caption: str | None) -> str:
        plain = text.strip_tags(re.sub("</p>", "\n", caption or ""))
        return lexer.autolink(text.line_breaks(plain), self._base)

    def _url(self, status: Status) -> str:
        return f"{self._base}/p/{self._author(status).username}/{status.id}"

    def _author(self, status: Status) -> Account:
        return self._backend.accounts[status.account_id]

    def _media_of(self, status: Status) -> list[Media]:
        return [self._backend.media[one] for one in status.media_ids]

    def _parent_account(self, status: Status) -> str | None:
        parent = self._backend.statuses.get(status.in_reply_to or "")
        return parent.account_id if parent else None

    def _tags(self, status: Status) -> list[Json]:
        names, address = self._backend.hashtags, f"{self._base}/discover/tags"
        return [{"name": names[slug], "url": f"{address}/{slug}"} for slug in status.tags]

    def _liked_by(self, status: Status) -> Json:
        if not status.likes:
            return {"username": None, "others": False}
        last = self._backend.accounts[status.likes[-1]]
        return {
            "id": last.id,
            "username": last.username,
            "url": f"{self._base}/{last.username}",
            "others": len(status.likes) > 1,
            "total_count": len(status.likes),
            "total_count_pretty": str(len(status.likes)),
        }

    # -- the rest

    def notification(self, note: Notification, viewer: Account) -> Json:
        """Somebody did something with a status."""
        actor = self._backend.accounts[note.actor_id]
        return {
            "id": note.id,
            "type": note.kind,
            "created_at": ids.milliseconds_time(note.created_at),
            "account": self.account(actor),
            "status": self.status(self._backend.statuses[note.status_id], viewer),
        }

    def collection(self, collection: Collection) -> Json:
        """A collection; its picture is the one of its first post."""
        owner = self._backend.accounts[collection.account_id]
        posts = [self._backend.statuses[one] for one in collection.post_ids]
        media = [one for post in posts[:1] for one in self._media_of(post)]
        blank = f"{self._base}/storage/no-preview.png"
        published = datetime.fromtimestamp(int(collection.published_at), UTC)
        return {
            "id": collection.id,
            "pid": owner.id,
            "visibility": collection.visibility,
            "title": collection.title,
            "description": collection.description,
            "thumb": self._storage(media[0].path) if media else blank,
            "url": f"{self._base}/c/{collection.id}",
            "updated_at": ids.microseconds_time(collection.updated_at),
            "published_at": published.strftime("%Y-%m-%d %H:%M:%S"),
            "avatar": f"{self._base}/storage/avatars/default.jpg",
            "username": owner.username,
            "post_count": len(posts),
        }


def _meta(media: Media) -> Json | None:
    if media.width is None or media.height is None:
        return None
    return {
        "focus": {"x": 0, "y": 0},
        "original": {
            "width": media.width,
            "height": media.height,
            "size": f"{media.width}x{media.height}",
            "aspect": media.width / media.height,
        },
    }
