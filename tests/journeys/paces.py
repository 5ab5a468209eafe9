"""Calls to Flickr with simulated time, by kernels that come and go."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from socials_lib.demo.flickr import FlickrStandIn
from socials_lib.journal import Journal
from socials_lib.platforms.flickr import FlickrPlatform
from socials_lib.transport import Pacer, Retry, Timeouts

BEGIN = 1_800_000_000.0


class Time:
    """A clock that only sleeping moves; one for all kernels and the stand-in."""

    def __init__(self) -> None:
        self.now = BEGIN
        self._guard = threading.Lock()

    def clock(self) -> datetime:
        """Now, aware."""
        return datetime.fromtimestamp(self.now, UTC)

    def sleep(self, seconds: float) -> None:
        """Time passes."""
        with self._guard:
            self.now += seconds


@dataclass(frozen=True, kw_only=True)
class Paced:
    """What the stand-in saw: calls, refusals, the most in any hour, hours it took."""

    calls: int
    refused: int
    most: int
    hours: float


def kernel(time: Time, server: FlickrStandIn, home: Path, per_hour: int) -> FlickrPlatform:
    """A client as a new process would make it: it shares nothing but the journal."""
    return FlickrPlatform(
        key=server.api_key,
        secret=server.api_secret,
        token=server.token,
        token_secret=server.token_secret,
        base_url=server.url,
        timeouts=Timeouts(connect=5.0, read=5.0, upload=5.0),
        retry=Retry(first_wait=0.0, attempts=1),
        pacer=Pacer(Journal(home / "journal.sqlite"), clock=time.clock, sleep=time.sleep),
        per_hour=per_hour,
        clock=time.clock,
        sleep=time.sleep,
    )


def spend(home: Path, *, calls: int, per_hour: int, limit: int, kernels: int = 2) -> Paced:
    """So many calls, in turn by several kernels that are restarted now and then."""
    time = Time()
    with FlickrStandIn(clock=lambda: time.now) as server:
        server.backend.options.calls_per_hour = limit
        server.backend.options.verify_signatures = False  # its clock is not that of the client
        making = [kernel(time, server, home, per_hour) for _ in range(kernels)]
        for number in range(calls):
            if number and number % max(1, calls // 5) == 0:  # a restart
                making[number % kernels] = kernel(time, server, home, per_hour)
            making[number % kernels]._wire.once("flickr.test.null")
            time.sleep(0.05)
        times = [one.at for one in server.requests]
        return Paced(
            calls=len(times),
            refused=sum(one.status == 429 for one in server.requests),
            most=_most(times),
            hours=(time.now - BEGIN) / 3600,
        )


def _most(times: list[float]) -> int:
    """The most calls in any hour (a millisecond less: both ends are sums of fractions)."""
    most = start = 0
    for end, at in enumerate(times):
        while times[start] <= at - 3599.999:
            start += 1
        most = max(most, end - start + 1)
    return most
