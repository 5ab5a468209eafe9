"""The database, the clock and the queue: what all parts of the backend stand on."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import Any

from socials_lib.demo.pixelfed import ids
from socials_lib.demo.pixelfed.errors import Unauthenticated
from socials_lib.demo.pixelfed.options import PixelfedOptions
from socials_lib.demo.pixelfed.records import (
    Account,
    Collection,
    Job,
    Media,
    Notification,
    Status,
    Token,
)

MINUTE, HOUR, DAY = 60, 3600, 86400

#: `last_active_at` is written at most this often.
_ACTIVE_EVERY = 4 * HOUR


class Store:
    """Accounts, tokens, rows, jobs; no HTTP, and no time but `clock()`.

    Two accounts are there from the start, both in use: `demo` (its token is `token`) and `other`.
    """

    def __init__(
        self,
        options: PixelfedOptions | None = None,
        *,
        clock: Callable[[], float] = time.time,
        seed: int = 0,
    ) -> None:
        self.options = options or PixelfedOptions()
        self.clock = clock
        self._seed = seed
        self._first_token: Token | None = None
        self.reset()

    def reset(self) -> None:
        """An empty server again; `token` stays valid, so that clients need no new sign-in."""
        self.chance = random.Random(self._seed)
        self.snowflakes = ids.Snowflakes(self.clock, self.chance)
        self.accounts: dict[str, Account] = {}
        self.tokens: dict[str, Token] = {}
        self.media: dict[str, Media] = {}
        self.statuses: dict[str, Status] = {}
        self._comments: dict[str, list[str]] = {}
        self.notifications: list[Notification] = []
        self.collections: dict[str, Collection] = {}
        self.hashtags: dict[str, str] = {}
        self.jobs: list[Job] = []
        self.idempotency_keys: dict[tuple[str, str], float] = {}
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}
        self._daily_stops: dict[tuple[str, str], float] = {}
        self._last_media = 0
        self._gc_mark = self._gc_slot()
        demo = self.add_account("demo", display_name="Demo")
        self.add_account("other", display_name="Somebody else")
        if self._first_token is None:
            self.issue_token("demo")
            self._first_token = next(iter(self.tokens.values()))
        self._first_token.account_id = demo.id
        self.tokens[self._first_token.text] = self._first_token

    # -- accounts and tokens

    @property
    def token(self) -> str:
        """The token of `demo` with the scopes read and write, good for a year."""
        assert self._first_token is not None
        return self._first_token.text

    def add_account(self, username: str, *, active: bool = True, **flags: Any) -> Account:
        """A new account; `active=False` is one that never did anything (its first post is `[]`).

        Flags are the fields of `Account`: `locked`, `unlisted`, `cw`, `disabled`, `verified`, …
        """
        if any(one.username == username for one in self.accounts.values()):
            raise ValueError(f"there is an account {username} already")
        now = self.clock()
        account = Account(
            id=self.snowflakes.now(),
            username=username,
            created_at=now,
            last_active=now if active else None,
            **{"display_name": username.title(), **flags},
        )
        self.accounts[account.id] = account
        return account

    def account(self, who: str | None) -> Account:
        """An account by user name or id, None: the first one (`demo`); KeyError if unknown."""
        for one in self.accounts.values():
            if who in (None, one.id, one.username):
                return one
        raise KeyError(who)

    def issue_token(
        self,
        account: str | None = None,
        scopes: Sequence[str] = ("read", "write"),
        expires_at: float | None = None,
    ) -> str:
        """A new personal token of an account; it ends by the clock, after a year by default."""
        owner, now = self.account(account), self.clock()
        ends = now + self.options.token_days * DAY if expires_at is None else expires_at
        text = ids.personal_token(owner.id, scopes, now, ends, self.chance)
        self.tokens[text] = Token(
            text=text, account_id=owner.id, scopes=tuple(scopes), expires_at=ends
        )
        return text

    def revoke_token(self, text: str) -> None:
        """The token is no good any more."""
        self.tokens.pop(text, None)

    def signed_in(self, token: str | None) -> tuple[Token, Account]:
        """The token and its account; Unauthenticated for none, an unknown or an old one."""
        known = self.tokens.get(token or "")
        if known is None or known.expires_at <= self.clock():
            raise Unauthenticated
        return known, self.accounts[known.account_id]

    def touch(self, account: Account) -> None:
        """The account did something that counts as being active."""
        now = self.clock()
        if account.last_active is None or now - account.last_active >= _ACTIVE_EVERY:
            account.last_active = now

    def follow(self, follower: str, followed: str) -> None:
        """Let one account follow another; private posts become visible to it."""
        self.account(follower).follows.add(self.account(followed).id)

    # -- the queue

    def enqueue(self, kind: str, about: str, run: Callable[[], None], after: float = 0.0) -> None:
        """Do it now (sync; the sync driver knows no delay) or let the worker do it."""
        if self.options.queue == "sync":
            run()
            return
        delay = self.options.queue_delay
        due = None if delay is None else self.clock() + max(delay, after)
        self.jobs.append(Job(kind=kind, about=about, due=due, run=run))

    def run_queue(self) -> int:
        """Let the worker do everything that waits, due or not; how many jobs that were."""
        return self._work(list(self.jobs))

    def tick(self) -> None:
        """What time brought: jobs that are due, the hourly collection of unused uploads."""
        now = self.clock()
        self._work([job for job in self.jobs if job.due is not None and job.due <= now])
        slot = self._gc_slot()
        if slot > self._gc_mark:
            self._collect(slot * HOUR + 5 * MINUTE, 500 * (slot - self._gc_mark))
            self._gc_mark = slot

    def _work(self, jobs: list[Job]) -> int:
        for job in jobs:
            self.jobs.remove(job)
            job.run()
        return len(jobs)

    def _gc_slot(self) -> int:
        """Hours since 1970 whose minute five has passed."""
        return int((self.clock() - 5 * MINUTE) // HOUR)

    def _collect(self, moment: float, most: int) -> None:
        """Uploads without a status that were older than two hours at that moment go."""
        unused = [
            one.id
            for one in self.media.values()
            if one.status_id is None and one.created_at < moment - 2 * HOUR
        ]
        for media_id in unused[:most]:
            del self.media[media_id]

    # -- limits

    def attempt(self, name: str, who: str, limit: int) -> tuple[int, float] | None:
        """Count one try of the running minute: (tries left, end of the minute), None if too many.

        The minute begins with the first try and is not a sliding one.
        """
        now = self.clock()
        begun, used = self._windows.get((name, who), (now, 0))
        if now >= begun + MINUTE:
            begun, used = now, 0
        if used >= limit:
            return None
        self._windows[name, who] = (begun, used + 1)
        return limit - used - 1, begun + MINUTE

    def minute_ends(self, name: str, who: str) -> float:
        """When the running minute of a limiter is over."""
        return self._windows[name, who][0] + MINUTE

    def daily_stop(self, name: str, who: str, count: Callable[[], int], limit: int) -> bool:
        """True if a daily limit is reached; a yes is remembered for a quarter of an hour."""
        until = self._daily_stops.get((name, who), 0.0)
        if self.clock() < until:
            return True
        if count() < limit:
            return False
        self._daily_stops[name, who] = self.clock() + 15 * MINUTE
        return True
