"""Sign-in to Flickr by a code that the person pastes (out of band), without a local server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flickrapi
import requests

from socials_lib.errors import SignedOut, Unreachable
from socials_lib.platforms.flickr.answers import CHECK_KEY, read_answer, unreadable
from socials_lib.platforms.flickr.wire import line
from socials_lib.transport import BoundSession, Clock, Timeouts, system_clock, unreachable

WRONG_CODE = "Flickr did not take this code. A code works once and for a short time."


class FlickrSignIn:
    """Two steps on the same object: the request token lives here.

    Three requests per sign-in are not counted against the hourly budget.
    """

    def __init__(
        self,
        *,
        key: str,
        secret: str,
        base_url: str | None = None,
        timeouts: Timeouts | None = None,
        clock: Clock = system_clock,
    ) -> None:
        self._key, self._secret = key.strip(), secret.strip()
        self._base_url = base_url or ""
        self._timeouts = timeouts or Timeouts()
        self._clock = clock
        self._made: tuple[flickrapi.FlickrAPI, BoundSession] | None = None

    def begin(self, perms: str = "delete") -> str:
        """The address of Flickr's page that asks the person and shows a code."""
        if not (self._key and self._secret):
            raise SignedOut("The key of Flickr is missing.", hint=CHECK_KEY, code="key_missing")
        self._made = line(
            self._key, self._secret, None, base_url=self._base_url, timeouts=self._timeouts
        )
        api = self._made[0]
        self._step(lambda: api.get_request_token(oauth_callback="oob"))
        return str(api.auth_url(perms=perms))

    def finish(self, code: str) -> tuple[str, str, str, str]:
        """Token, token secret, nsid and user name for the pasted code."""
        if self._made is None:
            raise SignedOut("The sign-in was not begun.", hint="Open Flickr's page first.")
        api = self._made[0]
        try:
            self._step(lambda: api.get_access_token("".join(code.split())))
        except SignedOut as err:
            raise SignedOut(
                WRONG_CODE,
                hint="Open Flickr's page again and paste the new digits.",
                code="wrong_code",
                details=err.details,
                status=err.status,
            ) from err
        finally:
            self._made = None
        token = api.token_cache.token
        return (token.token, token.token_secret, token.user_nsid, token.username)

    def _step(self, call: Callable[[], Any]) -> None:
        """One request of the dance; its failures in our words."""
        assert self._made is not None
        session = self._made[1]
        session.forget()
        try:
            call()
        except requests.exceptions.RequestException as err:
            raise unreachable(err, "Flickr") from err
        except (flickrapi.FlickrError, KeyError, AssertionError) as err:
            raise self._refusal(session, err) from err

    def _refusal(self, session: BoundSession, err: Exception) -> Exception:
        answer = session.last
        if answer is None or answer.status_code == 200:
            return unreadable(f"{type(err).__name__} in the sign-in")
        try:
            read_answer(answer.status_code, answer.content, answer.headers, now=self._clock())
        except (SignedOut, Unreachable) as known:
            return known
        except Exception as other:  # refused or asked to pause: as it is
            return other
        return unreadable("an answer to the sign-in that means nothing")
