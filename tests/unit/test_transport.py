"""Time-outs, repeats, pace, sessions that stay with their host."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from socials_lib.errors import (
    ImatchError,
    NotOnPlatform,
    RateLimited,
    Refused,
    SocialsError,
    Stopped,
    Unreachable,
)
from socials_lib.transport import (
    BoundSession,
    MemoryPaceStore,
    Pacer,
    Retry,
    Timeouts,
    clock_ahead,
    hasty,
    is_loopback,
    masked,
    retry_after,
    unreachable,
    will_pass,
)

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class Time:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = START
        self.slept: list[float] = []

    def clock(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


class Flaky:
    """Fails with the given errors, one a call, then returns 42."""

    def __init__(self, *errors: SocialsError) -> None:
        self.errors = list(errors)
        self.calls = 0

    def __call__(self) -> int:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return 42


def passing() -> Unreachable:
    return Unreachable("Flickr did not answer.", transient=True)


def limited(seconds: float | None) -> RateLimited:
    error = RateLimited("Slow down.")
    error.retry_after = seconds
    return error


@pytest.fixture
def time() -> Time:
    return Time()


# repeats


def test_a_call_is_repeated_while_the_trouble_passes(time: Time) -> None:
    flaky = Flaky(passing(), passing(), passing())

    found = Retry(first_wait=1, attempts=5).call(flaky, sleep=time.sleep, jitter=lambda: 0)

    assert (42, 4, [1, 2, 4]) == (found, flaky.calls, time.slept)


def test_the_last_attempt_raises_what_happened(time: Time) -> None:
    flaky = Flaky(*[passing() for _ in range(9)])

    with pytest.raises(Unreachable):
        Retry(first_wait=1, attempts=3).call(flaky, sleep=time.sleep)

    assert (3, 2) == (flaky.calls, len(time.slept))


@pytest.mark.parametrize(
    "error",
    [
        Refused("No."),
        NotOnPlatform("Gone."),
        Unreachable("Redirected."),
        ImatchError("No."),
        Stopped("Stopped."),
    ],
)
def test_a_definite_no_is_never_repeated(error: SocialsError, time: Time) -> None:
    flaky = Flaky(error)

    with pytest.raises(type(error)):
        Retry().call(flaky, sleep=time.sleep)

    assert (1, []) == (flaky.calls, time.slept)
    assert not will_pass(error)


def nobody_there() -> Unreachable:
    error = Unreachable("Flickr cannot be reached.", transient=True)
    error.nobody_there = True
    return error


def test_a_person_who_waits_is_not_kept_where_nobody_listens(time: Time) -> None:
    flaky = Flaky(nobody_there())

    with hasty(), pytest.raises(Unreachable):
        Retry().call(flaky, sleep=time.sleep)

    assert (1, []) == (flaky.calls, time.slept)


def test_a_run_stays_patient_and_so_does_every_call_that_arrived(time: Time) -> None:
    with hasty():
        assert 42 == Retry().call(Flaky(passing()), sleep=time.sleep, jitter=lambda: 0)
    assert 42 == Retry().call(Flaky(nobody_there()), sleep=time.sleep, jitter=lambda: 0)

    assert [1, 1] == time.slept


def test_haste_ends_with_its_block_and_is_no_concern_of_other_threads(time: Time) -> None:
    found: list[int] = []

    def other() -> None:
        found.append(Retry().call(Flaky(nobody_there()), sleep=time.sleep, jitter=lambda: 0))

    with hasty():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    with pytest.raises(ValueError, match="out"), hasty():
        raise ValueError("out")
    found.append(Retry().call(Flaky(nobody_there()), sleep=time.sleep, jitter=lambda: 0))

    assert [42, 42] == found


def test_only_a_connection_that_never_was_leaves_nobody_there() -> None:
    """Nothing listens on port 1; a read that timed out had somebody."""
    with pytest.raises(requests.ConnectionError) as caught:
        requests.get("http://127.0.0.1:1", timeout=5)

    assert unreachable(caught.value, "Flickr").nobody_there
    assert not unreachable(requests.ReadTimeout("slow"), "Flickr").nobody_there
    assert not Unreachable("HTTP 502", transient=True).nobody_there


def test_what_we_signed_with_is_taken_out_of_answers() -> None:
    body = b"<p>oauth_token=a/token+of+mine or a%2Ftoken%2Bof%2Bmine, key demo</p>"

    assert b"<p>oauth_token=*** or ***, key demo</p>" == masked(body, ("a/token+of+mine", "demo"))


def test_waits_grow_up_to_a_minute_and_a_quarter_more_by_jitter() -> None:
    retry = Retry(first_wait=8)

    assert [8, 16, 32, 60, 60] == [retry.wait_after(passing(), n) for n in range(1, 6)]
    time = Time()
    retry.call(Flaky(passing()), sleep=time.sleep, jitter=lambda: 1)
    assert [10] == time.slept


def test_the_word_of_the_service_goes_before_ours(time: Time) -> None:
    Retry(first_wait=1).call(Flaky(limited(7)), sleep=time.sleep, jitter=lambda: 0)

    assert [7] == time.slept


def test_without_a_word_a_rate_limit_is_waited_for_up_to_fifteen_minutes() -> None:
    retry = Retry(first_wait=1)

    waits = [retry.wait_after(limited(None), n) for n in range(1, 7)]

    assert [60, 120, 240, 480, 900, 900] == waits


def test_stop_ends_the_wait_between_two_attempts() -> None:
    flaky = Flaky(passing(), passing())

    def stop(_seconds: float) -> None:
        raise Stopped("Stopped.")

    with pytest.raises(Stopped):
        Retry().call(flaky, sleep=stop)
    assert 1 == flaky.calls


def test_what_looks_like_a_ban_is_asked_about_once_more_only(time: Time) -> None:
    flaky = Flaky(*[Unreachable("A page.", transient=True, abuse_like=True) for _ in range(5)])

    with pytest.raises(Unreachable):
        Retry().call(flaky, sleep=time.sleep)

    assert 2 == flaky.calls


def test_one_attempt_means_never_again(time: Time) -> None:
    with pytest.raises(Unreachable):
        Retry(attempts=1).call(Flaky(passing()), sleep=time.sleep)
    assert [] == time.slept


# pace


def test_a_burst_is_free_until_the_budget_is_used_up(time: Time) -> None:
    pacer = Pacer(MemoryPaceStore(), clock=time.clock, sleep=time.sleep)

    for _ in range(10):
        pacer.wait("key", 10, 60)

    assert ([], 10) == (time.slept, pacer.used("key", 60))


def test_the_call_beyond_waits_until_the_first_one_leaves_the_window(time: Time) -> None:
    told: list[tuple[str, float, str]] = []
    pacer = Pacer(
        MemoryPaceStore(),
        clock=time.clock,
        sleep=time.sleep,
        on_wait=lambda key, seconds, why: told.append((key, seconds, why)),
    )
    pacer.wait("key", 2, 60)
    time.now += timedelta(seconds=20)
    pacer.wait("key", 2, 60)

    pacer.wait("key", 2, 60)

    assert [40] == time.slept
    assert [("key", 40, "the budget of 2 calls is used for now")] == told
    assert 2 == pacer.used("key", 60)


def test_keys_have_budgets_of_their_own(time: Time) -> None:
    pacer = Pacer(MemoryPaceStore(), clock=time.clock, sleep=time.sleep)
    pacer.wait("a", 1, 60)
    pacer.wait("b", 1, 60)

    assert [] == time.slept


def test_a_stopped_wait_marks_nothing(time: Time) -> None:
    def stop(_seconds: float) -> None:
        raise Stopped("Stopped.")

    pacer = Pacer(MemoryPaceStore(), clock=time.clock, sleep=stop)
    pacer.wait("key", 1, 60)

    with pytest.raises(Stopped):
        pacer.wait("key", 1, 60)
    assert 1 == pacer.used("key", 60)


def test_a_short_wait_is_not_worth_a_word(time: Time) -> None:
    told: list[float] = []
    pacer = Pacer(
        MemoryPaceStore(),
        clock=time.clock,
        sleep=time.sleep,
        on_wait=lambda _key, seconds, _why: told.append(seconds),
    )

    pacer.pause("key", 0.5)

    assert ([0.5], []) == (time.slept, told)


def test_a_budget_of_nothing_is_a_mistake(time: Time) -> None:
    with pytest.raises(ValueError):
        Pacer(MemoryPaceStore(), clock=time.clock).wait("key", 0, 60)


@given(
    gaps=st.lists(st.floats(0, 30), min_size=1, max_size=60),
    limit=st.integers(1, 8),
    window=st.floats(1, 40),
)
def test_no_window_ever_holds_more_calls_than_the_budget(
    gaps: list[float], limit: int, window: float
) -> None:
    time = Time()
    pacer = Pacer(MemoryPaceStore(), clock=time.clock, sleep=time.sleep)
    called: list[float] = []
    for gap in gaps:
        time.now += timedelta(seconds=gap)
        pacer.wait("key", limit, window)
        called.append(time.now.timestamp())

    for first, beyond in zip(called, called[limit:], strict=False):
        assert beyond - first >= window - 0.001


def test_two_threads_never_share_a_mark() -> None:
    store = MemoryPaceStore()
    granted: list[float] = []

    def reserve() -> None:
        granted.extend(store.reserve("key", 0.0, 60, 50) for _ in range(30))

    threads = [threading.Thread(target=reserve) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 50 == sum(seconds == 0 for seconds in granted)


# sessions


@pytest.fixture
def elsewhere() -> Iterator[HTTPServer]:
    with HTTPServer(host="127.0.0.1") as server:
        server.expect_request("/").respond_with_data("caught")
        yield server


def test_a_redirect_to_another_host_is_not_followed(
    httpserver: HTTPServer, elsewhere: HTTPServer
) -> None:
    httpserver.expect_request("/api").respond_with_data(
        "", status=302, headers={"Location": elsewhere.url_for("/")}
    )
    session = BoundSession([httpserver.url_for("/")])

    answer = session.get(httpserver.url_for("/api"), headers={"Authorization": "Bearer secret"})

    assert (302, []) == (answer.status_code, elsewhere.log)
    assert answer is session.last


def test_a_redirect_on_the_same_host_keeps_the_credentials(httpserver: HTTPServer) -> None:
    seen: list[str | None] = []

    def login(request: Request) -> Response:
        seen.append(request.headers.get("Authorization"))
        return Response("here")

    httpserver.expect_request("/api").respond_with_data(
        "", status=302, headers={"Location": "/login"}
    )
    httpserver.expect_request("/login").respond_with_handler(login)

    answer = BoundSession([httpserver.url_for("/")]).get(
        httpserver.url_for("/api"), headers={"Authorization": "Bearer secret"}
    )

    assert (200, ["Bearer secret"]) == (answer.status_code, seen)


def test_redirects_can_be_left_alone_altogether(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api").respond_with_data(
        "", status=302, headers={"Location": "/login"}
    )
    session = BoundSession([httpserver.url_for("/")], redirects=False)

    assert 302 == session.get(httpserver.url_for("/api")).status_code


def test_nothing_is_sent_to_a_host_the_session_is_not_bound_to(
    httpserver: HTTPServer, elsewhere: HTTPServer
) -> None:
    session = BoundSession([httpserver.url_for("/")])

    with pytest.raises(requests.exceptions.InvalidURL):
        session.get(elsewhere.url_for("/"))

    assert [] == elsewhere.log


def test_netrc_never_replaces_our_credentials(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login anna password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    httpserver.expect_request("/").respond_with_handler(
        lambda request: Response(request.headers.get("Authorization", "none"))
    )
    session = BoundSession([httpserver.url_for("/")])
    session.trust_env = True

    assert "none" == session.get(httpserver.url_for("/")).text


def test_stand_ins_on_this_computer_are_reached_without_a_proxy(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    httpserver.expect_request("/").respond_with_data("here")

    assert "here" == BoundSession([httpserver.url_for("/")]).get(httpserver.url_for("/")).text
    assert BoundSession(["https://pixelfed.social"]).trust_env


def test_the_last_answer_belongs_to_its_thread(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("here")
    session = BoundSession([httpserver.url_for("/")])
    other: list[object] = []
    session.get(httpserver.url_for("/"))

    thread = threading.Thread(target=lambda: other.append(session.last))
    thread.start()
    thread.join()

    assert [None] == other
    assert session.last is not None
    session.forget()
    assert session.last is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:5000", True),
        ("http://localhost/x", True),
        ("http://[::1]:80/", True),
        ("https://api.flickr.com/services/rest/", False),
        ("https://127.example.org", False),
    ],
)
def test_this_computer_is_known_by_its_addresses(url: str, expected: bool) -> None:
    assert expected == is_loopback(url)


# broken connections


def test_a_refused_connection_surely_did_nothing() -> None:
    session = BoundSession(["http://127.0.0.1:1"])
    with pytest.raises(requests.exceptions.ConnectionError) as caught:
        session.get("http://127.0.0.1:1/", timeout=Timeouts().short)

    error = unreachable(caught.value, "Flickr")

    assert (False, True) == (error.unclear, error.transient)
    assert "Flickr cannot be reached." == error.message


def test_a_time_out_while_reading_proves_nothing(httpserver: HTTPServer) -> None:
    quiet = threading.Event()

    def slow(_request: Request) -> Response:
        quiet.wait(5)
        return Response("late")

    httpserver.expect_request("/").respond_with_handler(slow)
    with pytest.raises(requests.exceptions.ReadTimeout) as caught:
        BoundSession([httpserver.url_for("/")]).get(httpserver.url_for("/"), timeout=(5, 0.05))
    quiet.set()

    error = unreachable(caught.value, "Flickr")

    assert (True, True) == (error.unclear, error.transient)
    assert "Flickr did not answer in time." == error.message


def test_a_failure_inside_the_handling_of_an_older_one_is_judged_by_itself() -> None:
    """Looking for a lost upload happens in an `except` block."""
    try:
        raise requests.exceptions.ConnectTimeout("older")
    except requests.exceptions.ConnectTimeout:
        try:
            raise requests.exceptions.ReadTimeout("newer")
        except requests.exceptions.ReadTimeout as err:
            error = unreachable(err, "Flickr")

    assert error.unclear


def test_a_distrusted_certificate_is_told_with_its_way_out() -> None:
    err = requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed")

    error = unreachable(err, "pixelfed.example")

    assert (False, False) == (error.unclear, error.transient)
    assert "REQUESTS_CA_BUNDLE" in error.hint


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Retry-After": "30"}, 30.0),
        ({"Retry-After": "Sun, 22 Nov 2026 09:01:30 GMT"}, 90.0),
        ({"Retry-After": "Sun, 22 Nov 2026 08:00:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"X-RateLimit-Reset": str(int(START.timestamp()) + 12)}, 12.0),
        ({"X-RateLimit-Reset": "2026-11-22T09:01:00Z"}, None),
    ],
)
def test_the_pause_a_service_asks_for(headers: dict[str, str], expected: float | None) -> None:
    assert expected == retry_after(headers, START)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Date": "Sun, 22 Nov 2026 09:02:00 GMT"}, 120),
        ({"Date": "Sun, 22 Nov 2026 08:00:00 GMT"}, -3600),
        ({"Date": "Sun, 22 Nov 2026 08:00:00 GMT", "Age": "3600"}, None),
        ({"Date": "today"}, None),
        ({}, None),
    ],
)
def test_a_service_tells_how_far_its_clock_is_ahead(
    headers: dict[str, str], seconds: int | None
) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)

    assert expected == clock_ahead(headers, START)
