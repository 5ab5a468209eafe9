"""The whole server without HTTP, and what tests and the sample library fill it with."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any, cast

from socials_lib.demo.pixelfed import text
from socials_lib.demo.pixelfed.records import (
    Account,
    Collection,
    Media,
    NotificationKind,
    Scope,
    Status,
)
from socials_lib.demo.pixelfed.statuses import Statuses

_SCOPES = ("public", "unlisted", "private")


class PixelfedBackend(Statuses):
    """A Pixelfed server as plain Python state.

    `media[id].received` are the bytes as they were uploaded, `statuses[id].media_ids` the media
    of a status; drafts that swallowed media are among `statuses` with the scope `draft`.
    """

    def add_status(
        self,
        data: bytes,
        *,
        caption: str = "",
        alt_text: str = "",
        visibility: str = "public",
        created_at: float | None = None,
        likes: int = 0,
        replies: int = 0,
        reblogs: int = 0,
        account: str | None = None,
    ) -> str:
        """A published photo as if it had been posted long ago; returns the status id.

        Nothing waits in the queue afterwards; who liked, answered and shared it are made-up
        visitors.  The caption goes through the same mill as a posted one.
        """
        if visibility not in _SCOPES:
            raise ValueError(f"visibility must be one of {', '.join(_SCOPES)}, not {visibility}")
        owner = self.account(account)
        moment = self.clock() if created_at is None else created_at
        waiting = len(self.jobs)
        media = self.keep_media(
            owner,
            data,
            description=alt_text or self.options.missing_alt_text,
            created_at=moment,
        )
        status = self._seeded(owner, caption, cast(Scope, visibility), moment, media=media)
        self.announce(status)
        for number in range(likes):
            self.like(status.id, self._visitor(number).username)
        for number in range(reblogs):
            self.reblog(status.id, self._visitor(number).username)
        for number in range(replies):
            self.reply(status.id, "What a picture!", self._visitor(number).username)
        self._work(self.jobs[waiting:])
        return status.id

    def _seeded(
        self,
        owner: Account,
        caption: str,
        scope: Scope,
        moment: float,
        *,
        media: Media | None = None,
        parent: Status | None = None,
    ) -> Status:
        status_id = self.snowflakes.at(moment)
        while status_id in self.statuses:
            status_id = self.snowflakes.at(moment)
        status = Status(
            id=status_id,
            account_id=owner.id,
            caption=text.strip_tags(text.trim(caption)),
            scope=scope,
            created_at=moment,
            type="reply" if parent else None,
            in_reply_to=parent.id if parent else None,
        )
        if media is not None:
            media.status_id, media.order = status.id, 1
            status.media_ids = [media.id]
            status.type = "video" if media.mime.startswith("video/") else "photo"
        self.keep_status(status)
        return status

    def _visitor(self, number: int) -> Account:
        name = f"visitor{number + 1}"
        try:
            return self.account(name)
        except KeyError:
            return self.add_account(name)

    # -- what other people do

    def like(self, status_id: str, account: str = "other") -> None:
        """Somebody likes a status (once)."""
        self._react(self.statuses[status_id].likes, "favourite", status_id, account)

    def reblog(self, status_id: str, account: str = "other") -> None:
        """Somebody shares a status (once)."""
        self._react(self.statuses[status_id].reblogs, "reblog", status_id, account)

    def _react(
        self, people: list[str], kind: NotificationKind, status_id: str, account: str
    ) -> None:
        actor, status = self.account(account), self.statuses[status_id]
        if actor.id in people:
            return
        people.append(actor.id)
        if actor.id != status.account_id:
            self.notify(status.account_id, kind, actor, status)

    def reply(self, status_id: str, words: str, account: str = "other") -> str:
        """Somebody comments on a status; returns the id of the comment."""
        parent = self.statuses[status_id]
        now = max(self.clock(), parent.created_at)
        answer = self._seeded(self.account(account), words, parent.scope, now, parent=parent)
        self.announce(answer)
        return answer.id

    def add_collection(
        self, title: str, *, account: str | None = None, visibility: str = "public"
    ) -> str:
        """A collection as it is made on the web (there is no API for that); returns its id."""
        now = self.clock()
        collection = Collection(
            id=self.snowflakes.now(),
            account_id=self.account(account).id,
            title=title,
            description=None,
            visibility=visibility,
            updated_at=now,
            published_at=now,
        )
        self.collections[collection.id] = collection
        return collection.id

    # -- comparing

    def snapshot(self) -> dict[str, Any]:
        """Everything that a write can change, as JSON; equal before and after means untouched.

        Pictures appear as hashes.  When an account was last seen, and how much of a minute's
        budget is used, is left out: reading changes both.
        """
        return {
            "accounts": {
                one.id: {
                    **_plain(one, without=("last_active",)),
                    "follows": sorted(one.follows),
                    "active": one.last_active is not None,
                }
                for one in self.accounts.values()
            },
            "media": {
                one.id: {
                    **_plain(one, without=("received", "stored", "thumbnail")),
                    "received": _hash(one.received),
                    "stored": _hash(one.stored),
                    "thumbnail": _hash(one.thumbnail),
                }
                for one in self.media.values()
            },
            "statuses": {one.id: _plain(one) for one in self.statuses.values()},
            "notifications": [_plain(one) for one in self.notifications],
            "collections": {one.id: _plain(one) for one in self.collections.values()},
            "hashtags": dict(self.hashtags),
            "jobs": [{"kind": one.kind, "about": one.about, "due": one.due} for one in self.jobs],
            "idempotency_keys": [
                {"account": who, "key": key, "until": until}
                for (who, key), until in self.idempotency_keys.items()
            ],
            "tokens": len(self.tokens),
        }


def _plain(row: Any, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    return {key: value for key, value in asdict(row).items() if key not in without}


def _hash(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()
