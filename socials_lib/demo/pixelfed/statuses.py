"""Statuses: making, editing, deleting, archiving, and who may see them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from socials_lib.demo.pixelfed import ids, lexer, text
from socials_lib.demo.pixelfed.errors import Abort, NotAllowed, PhpFault, RowMissing
from socials_lib.demo.pixelfed.records import (
    LISTED_SCOPES,
    Account,
    Edit,
    Media,
    NewStatus,
    Notification,
    NotificationKind,
    Scope,
    Status,
)
from socials_lib.demo.pixelfed.store import DAY, HOUR
from socials_lib.demo.pixelfed.uploads import Uploads

_EDITABLE_TYPES = (
    "photo",
    "photo:album",
    "photo:video:album",
    "reply",
    "text",
    "video",
    "video:album",
)
_COUNTED_TYPES = ("photo", "photo:album", "video", "video:album", "photo:video:album")


class Statuses(Uploads):
    """The status half of the backend."""

    # -- making

    def create(self, account: Account, wanted: NewStatus) -> Status | None:
        """A validated `POST statuses`; None is the empty list that a brand-new account gets.

        The order of the checks decides what a failure costs: a key is burnt by everything after
        validation, and a good media id before a bad one is bound to a draft nobody ever sees.
        """
        self._burn(account, wanted.idempotency_key)
        if not wanted.media_ids and not wanted.in_reply_to:
            raise Abort(403, "Empty statuses are not allowed")
        if account.restricted:
            raise Abort(403, "Invalid permissions for this action")
        most = self.options.statuses_per_day
        if self.daily_stop("statuses", account.id, lambda: self._day_statuses(account), most):
            raise Abort(429)
        if account.last_active is None:
            return None
        status = self._draft(account, wanted)
        self._attach(status, account, wanted.media_ids)
        status.scope = self._scope_for(account, wanted.visibility)
        self.announce(status)
        self._collect_into(status, account, wanted.collection_ids)
        return status

    def _draft(self, account: Account, wanted: NewStatus) -> Status:
        hidden = wanted.sensitive or account.cw
        status = Status(
            id="",
            account_id=account.id,
            caption=text.strip_tags(wanted.caption or ""),
            scope="draft",
            created_at=self.clock(),
            sensitive=hidden,
            spoiler_text=wanted.spoiler_text or None if hidden else None,
            place_id=wanted.place_id,
            comments_disabled=wanted.comments_disabled,
            late_breaks=self.options.line_breaks == "late",
        )
        if wanted.in_reply_to:
            self._answer_to(status, wanted.in_reply_to)
        return status

    def _burn(self, account: Account, key: str | None) -> None:
        """Remember a key for an hour and per user; a repeat is refused, not answered again."""
        if key is None:
            return
        now = self.clock()
        slot = (account.id, hashlib.sha1(key.encode()).hexdigest())
        if self.idempotency_keys.get(slot, 0.0) > now:
            raise Abort(400, "Duplicate idempotency key.")
        self.idempotency_keys[slot] = now + HOUR

    def _day_statuses(self, account: Account) -> int:
        since = ids.earliest(self.clock() - DAY)
        rows = self.statuses.values()
        return sum(one.account_id == account.id and int(one.id) > since for one in rows)

    def _scope_for(self, account: Account, visibility: str) -> Scope:
        if account.locked:
            return "private"
        if account.unlisted and visibility == "public":
            return "unlisted"
        scopes: dict[str, Scope] = {"unlisted": "unlisted", "private": "private"}
        return scopes.get(visibility, "public")

    def _answer_to(self, status: Status, parent_id: str) -> None:
        parent = self.statuses.get(parent_id)
        if parent is None:
            raise RowMissing("Status", parent_id)
        if parent.comments_disabled:
            raise Abort(422, "Comments have been disabled on this post")
        status.in_reply_to, status.type = parent.id, "reply"

    def _attach(self, status: Status, account: Account, media_ids: Sequence[str]) -> None:
        """Bind the media in order.  400 if none is usable; else the first bad one ends it."""
        usable = [one for one in media_ids if self._is_free(account, one)]
        if media_ids and not usable:
            raise Abort(400, "Invalid media_ids")
        status.id = self.snowflakes.now()
        self.keep_status(status)
        for order, media_id in enumerate(media_ids, start=1):
            media = self.own_media(account, media_id, unattached=True)
            media.status_id, media.order = status.id, order
            status.media_ids.append(media.id)
        if status.media_ids:
            status.type = _type_of([self.media[one] for one in status.media_ids])

    def keep_status(self, status: Status) -> None:
        """Add a row, and remember it as a comment if it answers another."""
        self.statuses[status.id] = status
        if status.in_reply_to:
            self._comments.setdefault(status.in_reply_to, []).append(status.id)

    def _is_free(self, account: Account, media_id: str) -> bool:
        media = self.media.get(media_id)
        return media is not None and media.account_id == account.id and media.status_id is None

    def announce(self, status: Status) -> None:
        """Queue what follows a new status."""
        self.enqueue("announce", status.id, lambda: self._lex(status.id))

    def _lex(self, status_id: str) -> None:
        """The queue job after a new status: hashtags, mentions, the counter of the account."""
        status = self.statuses.get(status_id)
        if status is None:
            return
        caption = status.caption or ""
        for tag in lexer.hashtags(caption):
            slug = lexer.slug(tag)
            self.hashtags.setdefault(slug, tag)
            if slug not in status.tags:
                status.tags.append(slug)
        author = self.accounts[status.account_id]
        for name in lexer.mentions(caption):
            called = [one for one in self.accounts.values() if one.username.lower() == name]
            for one in called:
                status.mentions.append(one.id)
                self.notify(one.id, "mention", author, status)
        parent = self.statuses.get(status.in_reply_to or "")
        if parent is not None and parent.account_id != author.id:
            self.notify(parent.account_id, "mention", author, status)
        if status.type in _COUNTED_TYPES:
            author.post_count += 1
        if self.options.queue == "delayed":
            status.late_breaks = False

    def notify(
        self, account_id: str, kind: NotificationKind, actor: Account, status: Status
    ) -> None:
        """Tell an account what somebody did."""
        note = Notification(
            id=str(len(self.notifications) + 1),
            account_id=account_id,
            kind=kind,
            actor_id=actor.id,
            status_id=status.id,
            created_at=self.clock(),
        )
        self.notifications.append(note)

    def _collect_into(self, status: Status, account: Account, wanted: Sequence[str]) -> None:
        for collection_id in wanted:
            collection = self.collections.get(collection_id)
            if collection is not None and collection.account_id == account.id:
                collection.post_ids.append(status.id)
                collection.updated_at = self.clock()

    # -- editing

    def editable(self, account: Account, status_id: str) -> Status:
        """The status if this account may edit it; all reasons against it look the same."""
        status = self.statuses.get(status_id)
        moderated = account.disabled or (account.unlisted and account.cw)
        if status is None or status.account_id != account.id or moderated:
            raise NotAllowed
        if status.scope not in LISTED_SCOPES or status.type not in _EDITABLE_TYPES:
            raise NotAllowed
        return status

    def check_edit_media(self, account: Account, status: Status, media_ids: Sequence[str]) -> None:
        """The rule behind `media_ids` of an edit: own, and free or of this very status."""
        missing = [
            one
            for one in media_ids
            if (media := self.media.get(one)) is None
            or media.account_id != account.id
            or media.status_id not in (None, status.id)
        ]
        if missing:
            raise RowMissing("Media", *dict.fromkeys(missing))

    def edit(self, status: Status, changes: Mapping[str, Any]) -> Status:
        """A validated `PUT statuses`: replaces, never patches; `changes` are the fields sent.

        Missing `status` wipes the caption, missing `spoiler_text` the warning; `sensitive` alone
        stays as it is.  Hashtags and mentions are not looked at again.
        """
        if len(status.edits) >= self.options.edit_rows:
            raise Abort(400, "You cannot edit your post more than 10 times.")
        if not status.edits:
            status.edits.append(self._as_edit(status, status.created_at))
        self._reorder(status, changes)
        caption = changes.get("status")
        spoiler = changes.get("spoiler_text")
        status.caption = None if caption is None else text.purify(caption)
        if changes.get("sensitive") is not None:
            status.sensitive = _is_on(changes)
        cleaned = None if spoiler is None else text.purify(spoiler)
        status.spoiler_text = cleaned if cleaned and status.sensitive else None
        if changes.get("location") is not None:
            place = changes["location"]
            status.place_id = (
                int(place["id"]) if isinstance(place, dict) and "id" in place else None
            )
        status.edited_at = self.clock()
        status.late_breaks = False
        status.edits.append(
            Edit(
                caption=status.caption,
                spoiler_text=cleaned,
                sensitive=_is_on(changes),
                created_at=status.edited_at,
            )
        )
        return status

    def _as_edit(self, status: Status, moment: float) -> Edit:
        return Edit(
            caption=status.caption,
            spoiler_text=status.spoiler_text,
            sensitive=status.sensitive,
            created_at=moment,
        )

    def _reorder(self, status: Status, changes: Mapping[str, Any]) -> None:
        """Albums: the ids sent are the new order, what is left out is deleted for good."""
        if len(status.media_ids) < 2:
            return
        if "media_ids" not in changes:
            raise PhpFault('Undefined array key "media_ids"')
        wanted = [str(one) for one in changes["media_ids"] or ()]
        for media_id in status.media_ids:
            if media_id not in wanted:
                del self.media[media_id]
        status.media_ids = [one for one in wanted if one in status.media_ids]
        for order, media_id in enumerate(status.media_ids):
            self.media[media_id].order = order

    # -- deleting and archiving

    def own_status(self, account: Account, status_id: str) -> Status:
        """A status row of the account, whatever its scope."""
        status = self.statuses.get(status_id)
        if status is None or status.account_id != account.id:
            raise RowMissing("Status", status_id)
        return status

    def delete(self, account: Account, status_id: str) -> Status:
        """Queue the end of a status; until the worker comes it is there as before."""
        status = self.own_status(account, status_id)
        self.enqueue("delete", status.id, lambda: self._destroy(status.id))
        return status

    def _destroy(self, status_id: str) -> None:
        status = self.statuses.pop(status_id, None)
        if status is None:
            return
        for media_id in status.media_ids:
            self.media.pop(media_id, None)
        status.media_ids, status.tags = [], []
        self.notifications = [one for one in self.notifications if one.status_id != status_id]
        for collection in self.collections.values():
            collection.post_ids = [one for one in collection.post_ids if one != status_id]
        if status.type in _COUNTED_TYPES:
            account = self.accounts[status.account_id]
            account.post_count = max(0, account.post_count - 1)

    def archive(self, account: Account, status_id: str, *, away: bool) -> None:
        """Put a post into the archive (404 for everyone) or back to the scope it had."""
        status = self.own_status(account, status_id)
        if status.in_reply_to:
            raise RowMissing("Status", status_id)
        if away == (status.scope == "archived"):
            return
        if away:
            status.original_scope, status.scope = status.scope, "archived"
        else:
            status.scope, status.original_scope = status.original_scope or "public", None
        status.late_breaks = False
        rows = self.statuses.values()
        account.post_count = sum(one.account_id == account.id and one.in_lists for one in rows)

    # -- seeing

    def visible_to(self, account: Account, status_id: str) -> Status:
        """`GET statuses/:id`: 404 for drafts, archived and missing ones, 403 for private ones."""
        status = self.statuses.get(status_id)
        if status is None or status.scope not in LISTED_SCOPES:
            raise Abort(404)
        stranger = status.account_id not in (account.id, *account.follows)
        if status.scope == "private" and stranger:
            raise Abort(403)
        return status

    def page(
        self, viewer: Account, owner: Account, *, fits: Callable[[int], bool], limit: int
    ) -> list[Status]:
        """The newest listed statuses of an account whose ids fit."""
        scopes: tuple[str, ...] = LISTED_SCOPES
        if owner.id not in (viewer.id, *viewer.follows):
            scopes = ("public", "unlisted")
        found = [
            one
            for one in self.statuses.values()
            if one.account_id == owner.id
            and one.in_lists
            and one.scope in scopes
            and fits(int(one.id))
        ]
        return sorted(found, key=lambda one: int(one.id), reverse=True)[:limit]

    def replies(self, status: Status) -> list[Status]:
        """The comments on a status, oldest first."""
        ids = self._comments.get(status.id, [])
        return [self.statuses[one] for one in sorted(ids, key=int) if one in self.statuses]


def _is_on(changes: Mapping[str, Any]) -> bool:
    """`sensitive` of an edit, validated: true, 1 and "1" are on."""
    return changes.get("sensitive") in (True, "1")


def _type_of(media: Sequence[Media]) -> str:
    videos = sum(one.mime.startswith("video/") for one in media)
    if videos and videos < len(media):
        return "photo:video:album"
    kind = "video" if videos else "photo"
    return f"{kind}:album" if len(media) > 1 else kind
