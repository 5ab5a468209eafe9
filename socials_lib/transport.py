"""What all clients share on the way to a service: time-outs, repeats, pace, bound sessions.

Clock and sleep are arguments everywhere.  A `Clock` gives aware datetimes; a `Sleep` takes seconds
and may raise `errors.Stopped`, which is the only way out of a wait.

2026-11-22: the repeat loop is our own and not stamina's, because the waits must be injectable
(`Stopped`, no sleeping tests) and because a service's own word (`Retry-After`) goes before ours.

2026-11-22: inside `hasty()` a call that got no connection at all is not repeated.  A plan and the
doctor are looked at by a person, and have an answer without the service (what was last known, a
line that says so): 20 seconds of repeats at an address where nobody listens are no use to them.
Runs stay patient, and so does everything that did get a connection.
"""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any, Protocol, TypeVar
from urllib.parse import quote, urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError, NewConnectionError

from socials_lib.errors import RateLimited, SocialsError, Unreachable

Clock = Callable[[], datetime]
Sleep = Callable[[float], None]
#: Told before a wait: the key that is paced (or asked to pause) and the seconds.
#: Key of the budget, seconds, and why, in words.
OnWait = Callable[[str, float, str], None]

T = TypeVar("T")

USER_AGENT = "imatch-to-socials"

#: How far a jittered wait may be longer than the wait itself.
JITTER = 0.25
#: Waits after a 429 without `Retry-After`, in multiples of `Retry.first_wait` (1 s: 60 s).
RATE_FACTOR = 60.0
LONGEST_RATE_WAIT = 900.0
LONGEST_WAIT = 60.0
#: Shorter waits are not worth a word.
SILENT_WAIT = 1.0


def system_clock() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    """Seconds: to connect, for the next bytes of an answer, for the answer to an upload."""

    connect: float = 10.0
    read: float = 60.0
    upload: float = 300.0

    @property
    def short(self) -> tuple[float, float]:
        """For all calls but uploads, as requests takes it."""
        return (self.connect, self.read)

    @property
    def long(self) -> tuple[float, float]:
        """For uploads: the time between the last byte sent and the answer, not the whole upload."""
        return (self.connect, self.upload)


# -- repeats

_hasty: ContextVar[bool] = ContextVar("hasty", default=False)


@contextlib.contextmanager
def hasty() -> Iterator[None]:
    """Inside, `Retry` gives up at once where nobody listens; for reads that a person waits for.

    Holds for the calls of this thread; never put a run inside.
    """
    before = _hasty.set(True)
    try:
        yield
    finally:
        _hasty.reset(before)


@dataclass(frozen=True, kw_only=True)
class Retry:
    """How often and after which waits a harmless call is repeated.

    Waits double from `first_wait` up to a minute, each with up to a quarter of jitter.  After a
    429 the service's own `retry_after` counts; without one, 60 times as long, up to 15 minutes.
    `attempts` counts the first call; 1 means never again.
    """

    first_wait: float = 1.0
    attempts: int = 5

    def call(
        self, thing: Callable[[], T], *, sleep: Sleep, jitter: Callable[[], float] = random.random
    ) -> T:
        """`thing()`, repeated while it raises something that will pass (`err.transient`).

        For reads and for calls of the repeat matrix only: never for an upload.  A web page where
        an answer is due is asked about once more and not five times: it may be a ban.
        """
        suspicious = 0
        for attempt in range(1, max(1, self.attempts) + 1):
            try:
                return thing()
            except SocialsError as err:
                suspicious += getattr(err, "abuse_like", False)
                if attempt >= self.attempts or not will_pass(err) or suspicious > 1:
                    raise
                if _hasty.get() and getattr(err, "nobody_there", False):
                    raise
                wait = self.wait_after(err, attempt)
            sleep(wait * (1 + JITTER * jitter()))
        raise AssertionError("unreachable")

    def wait_after(self, err: SocialsError, attempt: int) -> float:
        """Seconds to wait after the `attempt`-th failure, without jitter."""
        if isinstance(err, RateLimited) and err.retry_after is not None:
            return max(0.0, err.retry_after)
        doubled = self.first_wait * 2.0 ** (attempt - 1)
        if isinstance(err, RateLimited):
            return min(doubled * RATE_FACTOR, LONGEST_RATE_WAIT)
        return min(doubled, LONGEST_WAIT)


def will_pass(err: SocialsError) -> bool:
    """True if the same call may well work later: `transient` errors and rate limits."""
    return bool(getattr(err, "transient", False)) or isinstance(err, RateLimited)


# -- pace


class PaceStore(Protocol):
    """Where the marks of past calls are kept; the journal does it for all processes together."""

    def reserve(self, key: str, now: float, window: float, limit: int) -> float:
        """Mark a call at `now` (unix seconds) if fewer than `limit` lie in the last `window`.

        Returns 0.0 when marked, else the seconds until there is room (nothing is marked then).
        """
        ...

    def used(self, key: str, now: float, window: float) -> int:
        """How many calls lie in the last `window` seconds."""
        ...


class MemoryPaceStore:
    """Marks kept in this process only: for tests and for sign-in without a journal."""

    def __init__(self) -> None:
        self._marks: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def reserve(self, key: str, now: float, window: float, limit: int) -> float:
        """Mark a call, or say how long to wait."""
        with self._lock:
            marks = self._within(key, now, window)
            if len(marks) < limit:
                marks.append(now)
                return 0.0
            return max(0.001, marks[len(marks) - limit] + window - now)

    def used(self, key: str, now: float, window: float) -> int:
        """How many calls lie in the window."""
        with self._lock:
            return len(self._within(key, now, window))

    def _within(self, key: str, now: float, window: float) -> deque[float]:
        marks = self._marks.setdefault(key, deque())
        while marks and marks[0] <= now - window:
            marks.popleft()
        return marks


class Pacer:
    """Keeps calls under a budget per rolling window; bursts are welcome while it lasts."""

    def __init__(
        self,
        store: PaceStore,
        *,
        clock: Clock = system_clock,
        sleep: Sleep = time.sleep,
        on_wait: OnWait | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._sleep = sleep
        self.on_wait = on_wait

    def wait(self, key: str, limit: int, window: float) -> None:
        """Return when a call may leave; it is then marked.  `Stopped` may come out of the wait."""
        if limit < 1:
            raise ValueError("a budget needs at least one call")
        while seconds := self._store.reserve(key, self._now(), window, limit):
            self.pause(key, seconds, why=f"the budget of {limit:,} calls is used for now")

    def used(self, key: str, window: float) -> int:
        """How many calls of the last `window` seconds are marked."""
        return self._store.used(key, self._now(), window)

    def pause(
        self, key: str, seconds: float, *, sleep: Sleep | None = None, why: str = "trying again"
    ) -> None:
        """Sleep, and say so before if it takes long enough to notice."""
        if seconds >= SILENT_WAIT and self.on_wait is not None:
            self.on_wait(key, seconds, why)
        (sleep or self._sleep)(seconds)

    def _now(self) -> float:
        return self._clock().timestamp()


# -- sessions


def origin_of(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    return (
        scheme,
        (parts.hostname or "").lower(),
        parts.port or (443 if scheme == "https" else 80),
    )


def is_loopback(url: str) -> bool:
    """True if the address is this very computer."""
    host = origin_of(url)[1]
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class BoundSession(requests.Session):
    """A session whose credentials travel to the given hosts only, also across redirects.

    A request to any other host is refused before it leaves, a redirect to one is not followed:
    the answer is then the redirect itself.  `.netrc` never replaces our credentials.  `last` is
    the last answer in this thread with its redirect history: libraries hide it behind their own
    exceptions.  For stand-ins on this computer no proxy is asked.
    """

    def __init__(self, urls: Iterable[str], *, redirects: bool = True) -> None:
        super().__init__()
        urls = tuple(urls)
        self._origins = frozenset(origin_of(url) for url in urls)
        self._redirects = redirects
        self._local = threading.local()
        self.auth = _as_it_is
        self.headers["User-Agent"] = USER_AGENT
        if urls and all(is_loopback(url) for url in urls):
            self.trust_env = False

    @property
    def last(self) -> requests.Response | None:
        """The last answer in this thread, None if there was none since `forget`."""
        answer: requests.Response | None = getattr(self._local, "last", None)
        return answer

    def forget(self) -> None:
        """Forget the last answer, so that an older one is never taken for the next."""
        self._local.last = None

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """As in requests; keeps the answer."""
        self.forget()
        answer = super().request(*args, **kwargs)
        self._local.last = answer
        return answer

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """As in requests, to our hosts only."""
        if origin_of(str(request.url)) not in self._origins:
            raise requests.exceptions.InvalidURL("this session is bound to another host")
        return super().send(request, **kwargs)

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None for a redirect that leads elsewhere (requests then stops there)."""
        target = super().get_redirect_target(resp)
        if target is None or not self._redirects:
            return None
        return target if origin_of(urljoin(resp.url, target)) in self._origins else None

    def rebuild_auth(
        self, prepared_request: requests.PreparedRequest, response: requests.Response
    ) -> None:
        """Nothing to rebuild: redirects stay with our hosts."""


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """An `auth` that leaves the headers alone; its mere presence keeps `.netrc` out."""
    return request


#: Shorter secrets would mask words of an answer that are none.
_SHORTEST_SECRET = 8


def masked(body: bytes, secrets: Iterable[str]) -> bytes:
    """An answer without what we signed the request with: services repeat it in error pages.

    Done at the edge, so that neither a message, nor the journal, nor a report can hold it.
    """
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            for form in dict.fromkeys((secret, quote(secret, safe=""))):
                body = body.replace(form.encode(), b"***")
    return body


# -- what went wrong on the way


def unreachable(err: BaseException, service: str, *, hint: str = "") -> Unreachable:
    """A broken connection as our own error.

    `unclear` is false only if the request surely never left: no name, no connection, no trust in
    the certificate.  A time-out while reading, a reset or half an answer prove nothing.
    """
    left = _may_have_left(err)
    said = hint or "Check the connection, then go on."
    if _is_distrust(err):
        said = (
            f"The certificate of {service} is not trusted here. If a company proxy or a virus"
            " scanner replaces certificates, name its file in REQUESTS_CA_BUNDLE."
        )
    timed_out = isinstance(err, requests.exceptions.Timeout) or any(
        isinstance(one, TimeoutError | requests.exceptions.Timeout) for one in _chain(err)
    )
    fact = f"{service} did not answer in time." if timed_out else f"{service} cannot be reached."
    if left and not timed_out:
        fact = f"The connection to {service} broke off."
    found = Unreachable(
        fact,
        hint=said,
        details=f"{type(err).__name__}: {err}",
        unclear=left,
        transient=not _is_distrust(err),
    )
    found.nobody_there = not left
    return found


def _may_have_left(err: BaseException) -> bool:
    never = (requests.exceptions.ConnectTimeout, NewConnectionError, requests.exceptions.ProxyError)
    if any(isinstance(one, never) for one in _chain(err)) or _is_distrust(err):
        return False
    return not isinstance(err, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema)


def _is_distrust(err: BaseException) -> bool:
    return any("CERTIFICATE_VERIFY_FAILED" in str(one) for one in _chain(err))


def _chain(err: BaseException) -> Iterator[BaseException]:
    """The exception and what it wraps (requests and urllib3 keep it in `args` or `reason`).

    `__context__` is left out on purpose: called from an `except` block, it would lead to an older,
    unrelated failure.
    """
    seen: set[int] = set()
    todo: list[Any] = [err]
    while todo:
        one = todo.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        todo.append(one.__cause__)
        if isinstance(one, HTTPError | requests.exceptions.RequestException):
            todo += [*one.args, getattr(one, "reason", None)]


def retry_after(headers: Any, now: datetime) -> float | None:
    """Seconds from `Retry-After` (seconds or a date), else `X-RateLimit-Reset`, else None."""
    named = str(headers.get("Retry-After") or "").strip()
    if named.replace(".", "", 1).isdigit():
        return float(named)
    if named:
        until = _http_date(named)
        if until is not None:
            return max(0.0, (until - now).total_seconds())
    reset = str(headers.get("X-RateLimit-Reset") or "").strip()
    if reset.isdigit():
        return max(0.0, float(reset) - now.timestamp())
    return None


def clock_ahead(headers: Any, now: datetime) -> timedelta | None:
    """How far the clock of a service is ahead of ours, by the `Date` of an answer got just now.

    None if it names none, or if the answer was kept somewhere on the way (`Age`).
    """
    told = None if headers.get("Age") else _http_date(str(headers.get("Date") or ""))
    return None if told is None else told - now


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
