"""Calls of IMatch WebServices (IMWS): the token, time-outs, repeats, and every error as a fact.

What is repeated, and what is not (facts/imws.md 1.1, 2, 14):
- a token that is no longer good (401, 403) is renewed once, then the call is made again;
- a read that timed out or broke off is made once more, a write never: nobody knows whether IMatch
  carried it out, so the error says `unclear=True` and the caller reads back;
- an object that is locked (the text says so) is tried again three times with growing pauses.

The token rides in the URL of every read, so texts of `requests` and log lines of `urllib3` would
show it.  Errors are therefore raised outside the `except` that caught the cause, with masked
details, and the log lines pass a mask.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import requests

from socials_lib.errors import (
    ImatchBusy,
    ImatchError,
    ImatchSignInRefused,
    ImatchUnreachable,
)

SIGN_IN = "/v1/authenticate"
MAX_IDS = 100
#: The longest URL that IMWS is known to take has about 1,400 characters; ours stay below this.
MAX_URL = 2_000
#: Seconds before the second, third and fourth try at a locked object.
LOCK_PAUSES = (0.5, 1.0, 2.0)

_LOCK = re.compile(r"\block", re.IGNORECASE)
_TOKEN = re.compile(r"(auth_token=)[^&\s'\"]*")

Params = Mapping[str, str]


class ImwsClient:
    """One IMatch on one address; the token is fetched with the first call.

    `timeout` is for calls about one file, `batch_timeout` for batches, in seconds.
    """

    def __init__(
        self,
        *,
        base_url: str,
        user: str,
        timeout: float = 10,
        batch_timeout: float = 30,
        sleep: Callable[[float], None],
        session: requests.Session | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.user = user
        self.timeout = timeout
        self.batch_timeout = batch_timeout
        self._sleep = sleep
        self._session = session or _own_session()
        self._token = ""
        self._signing_in = threading.Lock()
        self._writing = threading.Lock()

    def __repr__(self) -> str:
        return f"ImwsClient({self.address!r}, user={self.user!r})"

    @property
    def address(self) -> str:
        """Host and port, for people."""
        return urlsplit(self.base_url).netloc or self.base_url

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    # -- the two calls

    def get(self, path: str, params: Params, *, batch: bool = False) -> dict[str, Any]:
        """A read; repeated once if it timed out, broke off or could not be read."""
        timeout = self.batch_timeout if batch else self.timeout
        try:
            return self._call("GET", path, params, timeout)
        except ImatchUnreachable as error:
            if not error.unclear:
                raise
        try:
            return self._call("GET", path, params, timeout)
        except ImatchUnreachable as error:
            error.unclear = False  # a read leaves nothing behind that could be unclear
            raise

    def post(self, path: str, params: Params, *, batch: bool = False) -> dict[str, Any]:
        """A write, one at a time; anything but `{"result":"ok"}` is an error."""
        with self._writing:
            timeout = self.batch_timeout if batch else self.timeout
            answer = self._call("POST", path, params, timeout)
        if answer.get("result") != "ok":
            raise ImatchError(
                f"IMatch did not say that the change was made ({path}).",
                hint="Look at the photo in IMatch, then try again.",
                details=self._masked(json.dumps(answer)),
                unclear=True,
            )
        return answer

    # -- many ids

    def get_batches(
        self,
        path: str,
        ids: Sequence[str],
        params: Params,
        *,
        columns: Params | None = None,
    ) -> Iterator[tuple[tuple[str, ...], list[dict[str, Any]]]]:
        """Read many ids: yields each batch of ids with its answers.

        `params` go into every call.  With `columns` (`fields` and `tag…`, `var…`) each call also
        asks for `id`; columns that do not fit beside the ids are spread over several calls, whose
        answers the caller joins by id.
        """
        if ids:
            self._signed_in()  # the token is part of the length
        for batch in self._cut(path, ids, params, columns):
            asked = {"id": ",".join(batch), **params}
            parts = [{}] if columns is None else self._spread(path, asked, columns)
            yield (
                batch,
                [self.get(path, {**asked, **part}, batch=len(batch) > 1) for part in parts],
            )

    def _cut(
        self, path: str, ids: Sequence[str], params: Params, columns: Params | None
    ) -> Iterator[tuple[str, ...]]:
        """At most 100 ids, and so few that the widest single column fits beside them."""
        widest = max((urlencode([one]) for one in (columns or {}).items()), key=len, default="")
        fixed = len(self._url(path, {"id": "", **params})) + len(widest) + len("&fields=id%2C")
        batch: list[str] = []
        length = fixed
        for file_id in ids:
            plain = file_id.isascii() and file_id.isdigit()  # nearly all: nothing to escape
            longer = len(file_id if plain else quote_plus(file_id)) + len("%2C")
            if batch and (len(batch) >= MAX_IDS or length + longer >= MAX_URL):
                yield tuple(batch)
                batch, length = [], fixed
            batch.append(file_id)
            length += longer
        if batch:
            yield tuple(batch)

    def _spread(self, path: str, asked: Params, columns: Params) -> list[dict[str, str]]:
        fields = columns.get("fields", "")
        parts = [{"fields": f"id,{fields}" if fields else "id"}]
        for name, value in columns.items():
            if name == "fields":
                continue
            wider = {**parts[-1], name: value}
            if len(self._url(path, {**asked, **wider})) < MAX_URL or parts[-1] == {"fields": "id"}:
                parts[-1] = wider
            else:
                parts.append({"fields": "id", name: value})
        return parts

    # -- one request

    def _call(self, method: str, path: str, params: Params, timeout: float) -> dict[str, Any]:
        renewed = False
        pauses = iter(LOCK_PAUSES)
        while True:
            token = self._signed_in()
            try:
                return self._request(method, path, params, token, timeout)
            except _TokenRefused as refused:
                self._forget(token)
                if renewed:
                    raise refused.as_error() from None
                renewed = True
            except ImatchBusy:
                pause = next(pauses, None)
                if pause is None:
                    raise
                self._sleep(pause)
            except ImatchUnreachable:
                self._forget(token)  # IMatch may have been restarted: its tokens die with it
                raise

    def _request(
        self, method: str, path: str, params: Params, token: str, timeout: float
    ) -> dict[str, Any]:
        status, body = self._send(method, path, {"auth_token": token, **params}, timeout)
        answer = _json_object(body)
        if status == 200:
            if answer is not None:
                return answer
            raise self._unreadable(body, method, path)
        if status in (401, 403):
            raise _TokenRefused(self._refusal(status, answer, body, method, path))
        raise self._refusal(status, answer, body, method, path)

    def _send(self, method: str, path: str, params: Params, timeout: float) -> tuple[int, bytes]:
        """Status and body; every trouble on the way becomes an `ImatchError`."""
        try:
            response = self._session.request(
                method,
                self._url(path, params if method == "GET" else {}),
                data=dict(params) if method == "POST" else None,
                timeout=timeout,
                allow_redirects=False,
            )
            return response.status_code, response.content
        except requests.RequestException as error:
            trouble = self._trouble(error, method, path)
        raise trouble  # out here: the cause and its text hold the token

    def _trouble(self, error: requests.RequestException, method: str, path: str) -> ImatchError:
        details = self._masked(f"{type(error).__name__}: {error}")
        never_left = isinstance(error, requests.ConnectTimeout) or "NewConnectionError" in details
        if never_left or path.startswith(SIGN_IN):
            return self._silent(details)
        if isinstance(error, requests.Timeout) and method == "POST":
            return ImatchError(
                f"IMatch did not answer in time; whether it made the change is unclear ({path}).",
                hint="The value is read back before anything is written again.",
                details=details,
                unclear=True,
            )
        if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
            return self._silent(details)
        return self._silent(details, unclear=True)

    def _silent(self, details: str, *, unclear: bool = False) -> ImatchUnreachable:
        return ImatchUnreachable(
            f"IMatch does not answer at {self.address}.",
            hint="Start IMatch and open your database. If it is running, its web service may use"
            " another port: set SOCIALS_IMATCH_URL.",
            details=details,
            unclear=unclear,
        )

    def _stranger(self, details: str) -> ImatchUnreachable:
        return ImatchUnreachable(
            f"Something answers at {self.address}, but it is not IMatch.",
            hint="Set SOCIALS_IMATCH_URL to IMatch's own address.",
            details=details,
            code="not_imatch",
        )

    def _unreadable(self, body: bytes, method: str, path: str) -> ImatchError:
        details = self._masked(_text(body)[:500])
        if body.lstrip()[:1] == b"<":
            return self._stranger(details)
        return ImatchUnreachable(
            f"IMatch's answer cannot be read ({method} {path}).",
            hint="Try again; if it stays, restart IMatch.",
            details=details,
            unclear=True,
        )

    def _refusal(
        self, status: int, answer: dict[str, Any] | None, body: bytes, method: str, path: str
    ) -> ImatchError:
        service_code, words = _error_of(answer)
        details = self._masked(words or _text(body)[:500])
        if 300 <= status < 400:
            return self._stranger(f"HTTP {status}")
        if status == 423 or _LOCK.search(words):
            return ImatchBusy(
                "IMatch is busy and has not taken the change yet."
                if method == "POST"
                else "IMatch is busy and does not answer yet.",
                hint=f"Tried {len(LOCK_PAUSES) + 1} times. Try again in a moment.",
                details=details,
                status=status,
                service_code=service_code,
            )
        return ImatchError(
            f"IMatch refused {method} {path} (HTTP {status}{': ' if details else ''}{details}).",
            hint="What was not written is written by the next run; if it stays, restart IMatch.",
            details=details,
            status=status,
            service_code=service_code,
            unclear=method == "POST" and status >= 500,
        )

    # -- token

    def _signed_in(self) -> str:
        with self._signing_in:
            if not self._token:
                _mask_urllib3()
                self._token = self._authenticate()
            return self._token

    def _authenticate(self) -> str:
        params = {"id": self.user, "password": "", "appid": ""}
        # in the query, as the one known client does; the password is empty, so nothing leaks
        path = f"{SIGN_IN}?{urlencode(params)}"
        status, body = self._send("POST", path, {}, self.timeout)
        answer = _json_object(body)
        token = (answer or {}).get("auth_token")
        if status == 200 and isinstance(token, str) and token:
            return token
        service_code, words = _error_of(answer)
        known = answer is not None and (
            isinstance(answer.get("error"), dict) or status in (401, 403)
        )
        if not known or status in (404, 405):
            raise self._stranger(f"HTTP {status} {self._masked(_text(body)[:200])}")
        if status >= 500 or _LOCK.search(words):
            raise self._refusal(status, answer, body, "POST", SIGN_IN)
        raise ImatchSignInRefused(
            f"IMatch does not let “{self.user}” in.",
            hint="Start JupyterLab as the Windows user who runs IMatch, or set"
            " SOCIALS_IMATCH_USER.",
            details=words,
            status=status,
            service_code=service_code,
        )

    def _forget(self, token: str) -> None:
        with self._signing_in:
            if self._token == token:  # another thread may have renewed it already
                self._token = ""

    def _masked(self, text: str) -> str:
        text = _TOKEN.sub(r"\1***", text)
        return text.replace(self._token, "***") if self._token else text

    def _url(self, path: str, params: Params) -> str:
        query = urlencode({"auth_token": self._token, **params}) if params else ""
        return f"{self.base_url}{path}" + (f"?{query}" if query else "")


class _TokenRefused(Exception):
    """401 or 403: the token is missing, bad or has ended."""

    def __init__(self, refusal: ImatchError) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal

    def as_error(self) -> ImatchSignInRefused:
        return ImatchSignInRefused(
            "IMatch refuses this call even with a new sign-in.",
            hint="Restart IMatch; if it stays, save IMatch's own words for a bug report.",
            details=self.refusal.details,
            status=self.refusal.status,
            service_code=self.refusal.service_code,
        )


class _TokenMask(logging.Filter):
    """`urllib3` logs the URL of each request at DEBUG, query included."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "auth_token=" in message:
            record.msg, record.args = _TOKEN.sub(r"\1***", message), ()
        return True


_MASK = _TokenMask()


def _mask_urllib3() -> None:
    logging.getLogger("urllib3.connectionpool").addFilter(_MASK)


def _own_session() -> requests.Session:
    """A session that asks no proxy: IMWS is on this computer, and the token must stay here."""
    session = requests.Session()
    session.trust_env = False
    return session


def _text(body: bytes) -> str:
    return body.decode("utf-8", errors="replace")


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _error_of(answer: dict[str, Any] | None) -> tuple[int | None, str]:
    """`error.code` and the words; only the code is documented, the name of the text is not."""
    error = (answer or {}).get("error")
    if not isinstance(error, dict):
        return None, str(error) if error else ""
    code = error.get("code")
    words = (error.get(name) for name in ("message", "text", "description", "details"))
    return (
        code if isinstance(code, int) else None,
        next((word for word in words if isinstance(word, str) and word), ""),
    )
