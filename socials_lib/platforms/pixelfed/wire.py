"""Requests to a Pixelfed server through Mastodon.py, by the recipe of `facts/pixelfed.md` 15.8.

Every call ends in the same place: whatever Mastodon.py raised or returned, the answer itself is
classified and its raw JSON handed on.  So a result that the library cannot parse (an edit of an
unlisted post answers nothing) is no error here, and ids stay text.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import mastodon
import requests

from socials_lib.errors import PlatformError, RateLimited, SignedOut, Stopped, Unreachable
from socials_lib.platforms.pixelfed.answers import (
    NEW_TOKEN,
    Seen,
    Server,
    classify,
    token_claims,
    token_end,
)
from socials_lib.transport import (
    USER_AGENT,
    BoundSession,
    Clock,
    Pacer,
    Retry,
    Sleep,
    Timeouts,
    clock_ahead,
    masked,
    unreachable,
)

MINUTE = 60.0
#: A second more than the server's minute: marks are ours, its minute begins when a call arrives.
ALT_WINDOW = MINUTE + 1
#: The newest servers take 512 calls a minute and account; a little below keeps clear of it.
PER_MINUTE = 480
#: A version that makes Mastodon.py ask nothing by itself (`media_post` would, and recurse).
ASSUMED_VERSION = "3.5.3"

Call = Callable[[mastodon.Mastodon], Any]


class Wire:
    """A line to one account; nothing is sent before the first call.  One client per thread.

    `ahead` is how far the server's clock is ahead of `clock`, by its last answer.
    """

    def __init__(
        self,
        *,
        base_url: str,
        token: str,
        timeouts: Timeouts,
        retry: Retry,
        pacer: Pacer,
        alt_per_minute: int,
        clock: Clock,
        sleep: Sleep,
    ) -> None:
        self.base_url = full_address(base_url)
        self._token = token.strip()
        self._timeouts = timeouts
        self._retry = retry
        self._pacer = pacer
        self._alt_per_minute = alt_per_minute
        self.clock = clock
        self.ahead = timedelta(0)
        self._sleep = sleep
        self._local = threading.local()
        self.claims = token_claims(self._token)
        self.host = urlsplit(self.base_url).netloc
        account = hashlib.sha256(f"{self.base_url} {self._token}".encode()).hexdigest()[:12]
        self.budget = f"pixelfed:{account}"
        self.alt_budget = f"pixelfed-alt:{account}"

    # -- calls

    def read(self, call: Call) -> Any:
        """The JSON of a reading call of Mastodon.py, repeated while the trouble passes."""
        return self._retry.call(lambda: self.once(call), sleep=self._pause)

    def get(self, path: str, **params: str) -> Any:
        """The JSON of an address that Mastodon.py does not know (`_pe`, compose settings)."""
        return self.read(
            lambda api: api.session.get(
                self.base_url + path,
                params=params,
                headers={"Authorization": f"Bearer {self._token}"},
                timeout=self._timeouts.short,
            )
        )

    def once(self, call: Call, *, upload: bool = False) -> Any:
        """The JSON of one call, never repeated here; None for an empty answer."""
        api, session = self._client()
        self._pacer.wait(self.budget, PER_MINUTE, MINUTE)
        session.forget()
        api.request_timeout = self._timeouts.long if upload else self._timeouts.short
        try:
            call(api)
        except requests.exceptions.RequestException as err:
            raise unreachable(err, self.host) from err
        except mastodon.MastodonError as err:
            self._check_network(err, session)
        return self._result(session)

    def edit_alt_text(self, media_id: str, text: str) -> Any:
        """PUT media, at most `alt_per_minute` a minute."""
        self._pacer.wait(self.alt_budget, self._alt_per_minute, ALT_WINDOW)
        return self.once(lambda api: api.media_update(media_id, description=text))

    # -- inside

    def _result(self, session: BoundSession) -> Any:
        seen = seen_of(session.last)
        if seen is None:
            raise Unreachable(f"{self.host} gave no answer.", unclear=True, transient=True)
        now = self.clock()
        ahead = clock_ahead(seen.headers, now)
        self.ahead = self.ahead if ahead is None else ahead
        seen = replace(seen, body=masked(seen.body, (self._token,)))
        error = classify(seen, self._server(), now=now)
        if error is not None:
            raise error
        return seen.data

    def _check_network(self, err: Exception, session: BoundSession) -> None:
        """Raise for a broken connection; all else is told by the answer.

        Mastodon.py wraps the exception of requests as text; what it was raised in is the evidence.
        """
        if isinstance(err, mastodon.MastodonNetworkError):
            cause = err.__context__ or err
            raise unreachable(cause, self.host) from err
        if session.last is None:
            raise Unreachable(
                f"The request to {self.host} could not be made.", details=str(err)
            ) from err

    def _server(self) -> Server:
        end = token_end(self.claims)
        ended = end is not None and end <= self.clock()
        words = f"{end.day} {end:%B %Y}" if end is not None and ended else ""
        return Server(name=self.host, token_ended=words)

    def _client(self) -> tuple[mastodon.Mastodon, BoundSession]:
        if not self._token or not self.host:
            raise SignedOut("You are not signed in to Pixelfed.", hint=NEW_TOKEN)
        made: tuple[mastodon.Mastodon, BoundSession] | None = getattr(self._local, "made", None)
        if made is None:
            made = self._local.made = self._make()
        return made

    def _make(self) -> tuple[mastodon.Mastodon, BoundSession]:
        session = BoundSession([self.base_url])
        session.headers["Accept"] = "application/json"
        api = mastodon.Mastodon(
            api_base_url=self.base_url,
            session=session,
            mastodon_version=ASSUMED_VERSION,
            ratelimit_method="throw",
            request_timeout=self._timeouts.short,
            user_agent=USER_AGENT,
        )
        # given to the constructor, a token that happens to name a file would be read as one
        api.access_token = self._token
        return api, session

    def _pause(self, seconds: float) -> None:
        self._pacer.pause(self.budget, seconds, sleep=self._sleep)


def full_address(base_url: str) -> str:
    """`pixelfed.social/` -> `https://pixelfed.social`."""
    address = base_url.strip().rstrip("/")
    return address if "://" in address or not address else f"https://{address}"


def seen_of(answer: requests.Response | None) -> Seen | None:
    """An answer of requests as a record."""
    if answer is None:
        return None
    return Seen(
        status=answer.status_code,
        body=answer.content,
        content_type=answer.headers.get("Content-Type", ""),
        headers=answer.headers,
        redirects=tuple(step.headers.get("Location", "") for step in answer.history),
    )


@contextmanager
def after_a_change() -> Iterator[None]:
    """Reads that only prove what a request before did: their failure leaves it unclear.

    A rate limit of the read says nothing about the change either.
    """
    try:
        yield
    except RateLimited as err:
        raise Unreachable(
            str(err), hint=err.hint, details=err.details, unclear=True, transient=True
        ) from err
    except (PlatformError, Stopped) as err:
        err.unclear = True
        raise
