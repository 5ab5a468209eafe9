"""The side door of the rehearsal world: looking in and meddling over HTTP."""

import pytest
import requests
from library_calls import imatch_files, side

# the side door


def test_it_says_that_it_is_well(quick):
    assert {"ok": True, "mode": "demo", "services": quick.addresses} == side(
        quick, "/health"
    ).json()


def test_the_state_of_all_three_can_be_read(quick):
    state = side(quick, "/state").json()

    assert {"imatch", "flickr", "pixelfed"} == set(state)
    assert 1 == len(state["imatch"]["categories"]["Socials|flickr"])


def test_the_requests_of_one_or_of_all_can_be_read(quick):
    imatch_files(quick, "Socials|flickr")

    one = side(quick, "/requests", params={"service": "imatch"}).json()["requests"]
    everything = side(quick, "/requests").json()["requests"]

    assert ["POST /v1/authenticate", "GET /v1/categories"] == [r["operation"] for r in one]
    assert "***" == one[1]["params"]["auth_token"]
    assert {"imatch": one, "flickr": [], "pixelfed": []} == everything


def test_a_service_can_be_made_to_fail(quick):
    asked = {"service": "pixelfed", "match": "*", "status": 503, "body": "<p>Süß</p>", "times": 1}

    assert side(quick, "/fail", how="post", json=asked).json()["ok"]

    answer = requests.get(f"{quick.pixelfed.url}/api/v1/instance", timeout=10)
    assert (503, "<p>Süß</p>") == (answer.status_code, answer.content.decode())
    assert 200 == requests.get(f"{quick.pixelfed.url}/api/v1/instance", timeout=10).status_code


@pytest.mark.parametrize(
    "asked",
    [
        {"service": "flickr"},
        {"service": "myspace", "match": "*"},
        {"match": "*"},
        {"service": "flickr", "match": "*", "tiems": 1},
        {"service": "flickr", "match": "*", "times": "many"},
        {"service": "flickr", "match": "*", "status": True},
        {"service": "flickr", "match": "*", "when": "later"},
        ["flickr"],
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(quick, asked):
    answer = side(quick, "/fail", how="post", json=asked)

    assert 400 == answer.status_code
    assert answer.json()["error"]["message"]
    assert [] == quick.flickr.faults


def test_all_three_lose_their_connections(quick):
    side(quick, "/lose", how="post", json={"seconds": 600})

    for address in quick.addresses.values():
        with pytest.raises(requests.ConnectionError):
            requests.get(address, timeout=10)


def test_lost_connections_come_back(quick):
    side(quick, "/lose", how="post", json={"seconds": 0.01})

    for timer in quick._timers:
        timer.join(10)
    for address in quick.addresses.values():
        assert requests.get(address, timeout=10).status_code


def test_one_service_is_lost_and_found_again(quick):
    side(quick, "/lose", how="post", json={"seconds": 600, "service": "flickr"})

    assert requests.get(quick.pixelfed.url, timeout=10).status_code
    with pytest.raises(requests.ConnectionError):
        requests.get(quick.flickr.url, timeout=10)
    side(quick, "/lose", how="post", json={"seconds": 0, "service": "flickr"})
    assert requests.get(quick.flickr.url, timeout=10).status_code


@pytest.mark.parametrize("seconds", [-1, 601, "long", True])
def test_only_sensible_times_are_taken(quick, seconds):
    assert 400 == side(quick, "/lose", how="post", json={"seconds": seconds}).status_code


def test_answers_can_be_made_slow(quick):
    side(quick, "/latency", how="post", json={"seconds": 0.01, "service": "flickr"})

    assert (0.01, 0.0) == (quick.flickr.latency, quick.imatch.latency)
    quick.reset()
    assert 0.0 == quick.flickr.latency


def test_a_web_page_in_a_browser_may_not_use_it(quick):
    foreign = {"Origin": "https://example.org"}
    rebound = {"Host": "example.org"}

    assert 403 == side(quick, "/reset", how="post", headers=foreign).status_code
    assert 403 == side(quick, "/state", headers=rebound).status_code


def test_unknown_addresses_and_methods_are_refused(quick):
    assert 404 == side(quick, "/passwd").status_code
    assert 405 == side(quick, "/reset").status_code
