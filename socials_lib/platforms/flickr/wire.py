"""Requests to Flickr through flickrapi 2.4.0, one at a time, paced, answers read by ourselves.

What of flickrapi is worked around, with the evidence in `facts/flickr.md` 3: raw bytes instead of
its parsers, the HTTP status from the session instead of a message text, a session of our own (its
own is a class attribute shared by all instances), time-outs everywhere, no cache, no token on disk,
no `token_valid` (which erases tokens after an outage), its loggers silenced (they print tokens).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

import flickrapi
import requests
from flickrapi.auth import FlickrAccessToken

from socials_lib.errors import SignedOut
from socials_lib.platforms.base import Progress
from socials_lib.platforms.flickr.answers import CHECK_KEY, Reply, read_answer, unreadable
from socials_lib.transport import (
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

REST = "https://api.flickr.com/services/rest/"
UPLOAD = "https://up.flickr.com/services/upload/"
REPLACE = "https://up.flickr.com/services/replace/"
SITE = "https://www.flickr.com"
OAUTH = f"{SITE}/services/oauth/"

HOUR = 3600.0

#: What `upload` and `replace` may carry; a misspelled name would be ignored by the service.
UPLOAD_NAMES = frozenset(
    {"title", "description", "tags", "is_public", "is_friend", "is_family", "photo_id"}
)


class Wire:
    """A signed line to one Flickr account; nothing is sent before the first call.

    `ahead` is how far Flickr's clock is ahead of `clock`, by its last answer.
    """

    def __init__(
        self,
        *,
        key: str,
        secret: str,
        token: str,
        token_secret: str,
        base_url: str | None,
        timeouts: Timeouts,
        retry: Retry,
        pacer: Pacer,
        per_hour: int,
        clock: Clock,
        sleep: Sleep,
    ) -> None:
        self._key, self._secret = key.strip(), secret.strip()
        self._token, self._token_secret = token.strip(), token_secret.strip()
        self._base = (base_url or "").rstrip("/")
        self._timeouts = timeouts
        self._retry = retry
        self._pacer = pacer
        self._per_hour = per_hour
        self.clock = clock
        self.ahead = timedelta(0)
        self._sleep = sleep
        self._made: tuple[flickrapi.FlickrAPI, BoundSession] | None = None
        self.budget = f"flickr:{hashlib.sha256(self._key.encode()).hexdigest()[:12]}"

    @property
    def site(self) -> str:
        """Where people look at photos: `https://www.flickr.com`, or the stand-in."""
        return self._base or SITE

    def read(self, method: str, **params: Any) -> Reply:
        """A reading call (`flickr.photos.getInfo`), repeated while the trouble passes."""
        return self._retry.call(lambda: self.once(method, **params), sleep=self._pause)

    def once(self, method: str, **params: Any) -> Reply:
        """One call, never repeated here."""
        return self._exchange(
            lambda api: api.do_flickr_call(
                method, timeout=self._timeouts.short, format="rest", **_plain(params)
            )
        )

    def upload(
        self, path: Path, params: Mapping[str, Any], progress: Progress | None = None
    ) -> Reply:
        """Send a new picture."""
        return self._send_file("upload", path, params, progress)

    def replace(
        self, path: Path, params: Mapping[str, Any], progress: Progress | None = None
    ) -> Reply:
        """Send a picture in place of another (`photo_id` in `params`)."""
        return self._send_file("replace", path, params, progress)

    def _send_file(
        self, name: str, path: Path, params: Mapping[str, Any], progress: Progress | None
    ) -> Reply:
        if unknown := set(params) - UPLOAD_NAMES:
            raise ValueError(f"Flickr has no upload parameters {sorted(unknown)}")
        with path.open("rb") as file:
            watched = WatchedFile(file, path.stat().st_size, progress)
            return self._exchange(
                lambda api: getattr(api, name)(
                    filename=path.name,
                    fileobj=watched,
                    timeout=self._timeouts.long,
                    format="rest",
                    **_plain(params),
                )
            )

    def _exchange(self, call: Callable[[flickrapi.FlickrAPI], Any]) -> Reply:
        """One request: wait for the budget, send, read the answer."""
        api, session = self._line()
        self._pacer.wait(self.budget, self._per_hour, HOUR)
        session.forget()
        try:
            call(api)
        except requests.exceptions.RequestException as err:
            raise unreachable(err, "Flickr") from err
        except flickrapi.FlickrError:
            pass  # a HTTP status other than 200: the answer itself says more
        answer = session.last
        if answer is None:
            raise unreadable("no answer at all")
        now = self.clock()
        ahead = clock_ahead(answer.headers, now)
        self.ahead = self.ahead if ahead is None else ahead
        body = masked(answer.content, (self._key, self._secret, self._token, self._token_secret))
        return read_answer(answer.status_code, body, answer.headers, now=now)

    def _line(self) -> tuple[flickrapi.FlickrAPI, BoundSession]:
        if not (self._key and self._secret):
            raise SignedOut("The key of Flickr is missing.", hint=CHECK_KEY, code="key_missing")
        if not (self._token and self._token_secret):
            raise SignedOut("You are not signed in to Flickr.", hint="Sign in in `00_start_here`.")
        if self._made is None:
            token = FlickrAccessToken(self._token, self._token_secret, "delete")
            self._made = line(
                self._key, self._secret, token, base_url=self._base, timeouts=self._timeouts
            )
        return self._made

    def _pause(self, seconds: float) -> None:
        self._pacer.pause(self.budget, seconds, sleep=self._sleep)


def line(
    key: str,
    secret: str,
    token: FlickrAccessToken | None,
    *,
    base_url: str,
    timeouts: Timeouts,
) -> tuple[flickrapi.FlickrAPI, BoundSession]:
    """A `FlickrAPI` with its own session and, with `base_url`, other addresses than Flickr's."""
    for name in ("flickrapi", "requests_oauthlib", "oauthlib"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    api = flickrapi.FlickrAPI(
        key, secret, token=token, store_token=False, cache=False, timeout=timeouts.short
    )
    base = base_url.rstrip("/")
    api.REST_URL = _moved(REST, base)
    api.UPLOAD_URL = _moved(UPLOAD, base)
    api.REPLACE_URL = _moved(REPLACE, base)
    oauth = api.flickr_oauth
    oauth.REQUEST_TOKEN_URL = _moved(OAUTH + "request_token", base)
    oauth.AUTHORIZE_URL = _moved(OAUTH + "authorize", base)
    oauth.ACCESS_TOKEN_URL = _moved(OAUTH + "access_token", base)
    session = BoundSession(
        (api.REST_URL, api.UPLOAD_URL, api.REPLACE_URL, oauth.REQUEST_TOKEN_URL), redirects=False
    )
    oauth.session = session
    return api, session


def _moved(url: str, base: str) -> str:
    return base + "/services/" + url.split("/services/", 1)[1] if base else url


def _plain(params: Mapping[str, Any]) -> dict[str, str]:
    """Text only: Flickr would read `True` and `None` as words; what is unset is left out."""
    return {
        name: str(int(value) if isinstance(value, bool) else value)
        for name, value in params.items()
        if value is not None
    }


class WatchedFile:
    """A file that tells how much of it was read.

    `fileno` and `tell` are the real file's; there is no `__len__`: requests-toolbelt takes one as
    the number of *remaining* bytes and would read for ever.
    """

    def __init__(self, file: BinaryIO, total: int, progress: Progress | None) -> None:
        self._file = file
        self._total = total
        self._progress = progress
        self.fileno = file.fileno
        self.tell = file.tell

    def read(self, size: int = -1) -> bytes:
        """The next bytes; a failing progress bar never breaks an upload."""
        data = self._file.read(size)
        if self._progress is not None and data:
            try:
                self._progress(self._file.tell(), self._total)
            except Exception:
                logging.getLogger(__name__).debug("progress failed", exc_info=True)
        return data
