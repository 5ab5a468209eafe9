"""What the doctor says of accounts, groups, edits, attribute columns, albums, and the keyring."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from test_doctor import facts, found, patient, seed, the

from socials_lib.demo.flickr import FlickrStandIn
from socials_lib.demo.imws import ImwsStandIn
from socials_lib.demo.seed import SeedRecord
from socials_lib.doctor import examine
from socials_lib.errors import CategoryMissing, Unreachable
from socials_lib.models import GroupPool
from socials_lib.platforms.base import PoolFacts
from socials_lib.platforms.flickr import FlickrPlatform
from socials_lib.transport import MemoryPaceStore, Pacer, Retry, Timeouts


@pytest.fixture
def imws() -> Iterator[ImwsStandIn]:
    with ImwsStandIn(seed()) as running:
        yield running


def accounts(flickr=None, pixelfed=None):
    more = {"flickr": flickr or {}, "pixelfed": pixelfed or {}}
    return lambda name: facts(name, **more[name])


# Flickr


@pytest.mark.parametrize(
    ("details", "state", "said"),
    [
        ({"upload_limit": 1_000, "upload_count": 204}, "ok", "796 of 1,000 (204 used)"),
        ({"upload_limit": 1_000, "upload_count": 990}, "warning", "10 of 1,000 (990 used)"),
        ({"upload_limit": 1_000, "upload_count": 1_204}, "warning", "0 of 1,000 (1,204 used)"),
        (
            {"upload_limit": 1_000, "upload_count": 4, "upload_limit_status": "over_limit"},
            "warning",
            "996 of 1,000 (4 used)",
        ),
        ({"pro": True}, "ok", "Pro account: no limit"),
        ({}, "ok", "no limit told"),
    ],
)
def test_photos_left_on_flickr(imws, tmp_path, details, state, said):
    check = the(examine(patient(imws, tmp_path, account=accounts(details))), "Photos left")

    assert (state, said) == (check.state, check.found)
    assert bool(check.hint) == (state != "ok")


def pool(name, **more):
    return PoolFacts(group_id=f"{len(name)}@N01", name=name, **more)


def test_groups_are_told_with_what_they_still_take(imws, tmp_path):
    pools = (
        pool("Tasmania", mode="none"),
        pool("Daily three", mode="day", count=3, remaining=1, is_moderated=True),
        pool("Monthly", mode="month", count=5),
    )
    check = the(examine(patient(imws, tmp_path, pools=lambda: pools)), "Flickr groups")

    assert "ok" == check.state
    assert [
        "Tasmania: no limit",
        "Daily three: 1 of 3 a day left, moderated",
        "Monthly: 5 of 5 a month left",
    ] == check.found.split("; ")


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (pool("Closed", mode="disabled"), "Closed: closed"),
        (pool("Private", problem="Group not found"), "Private: Group not found"),
        (pool("Left", mode="none", is_member=False), "Left: no limit, not a member"),
    ],
)
def test_groups_that_take_nothing_are_named(imws, tmp_path, one, said):
    check = the(examine(patient(imws, tmp_path, pools=lambda: (one,))), "Flickr groups")

    assert ("warning", said, one.group_id) == (check.state, check.found, check.copy)
    assert one.name in check.hint


def test_groups_that_cannot_be_asked_stop_nothing(imws, tmp_path):
    def pools():
        raise Unreachable("Flickr cannot be reached.", hint="Check the connection.")

    checks = examine(patient(imws, tmp_path, pools=pools))
    assert "failed" == the(checks, "Flickr groups").state
    assert "ok" == the(checks, "Pixelfed").state
    assert [] == found(examine(patient(imws, tmp_path)), "Flickr groups")


def test_flickr_is_asked_for_the_throttle_of_each_group():
    with FlickrStandIn() as flickr:
        flickr.backend.add_group("Daily three", group_id="7654321@N25", throttle=("day", 3))
        platform = FlickrPlatform(
            key=flickr.api_key,
            secret=flickr.api_secret,
            token=flickr.token,
            token_secret=flickr.token_secret,
            base_url=flickr.url,
            timeouts=Timeouts(),
            retry=Retry(attempts=1),
            pacer=Pacer(MemoryPaceStore()),
        )
        wanted = [
            GroupPool(name="As in IMatch", group_id="7654321@N25", category="x"),
            GroupPool(name="Gone", group_id="1@N25", category="y"),
        ]
        daily, gone = platform.pools(wanted)

    assert ("Daily three", "day", 3) == (daily.name, daily.mode, daily.count)
    assert ("Gone", "Group not found") == (gone.name, gone.problem)


# Pixelfed


@pytest.mark.parametrize(
    ("version", "state", "said"),
    [
        ("0.12.3", "ok", "0.12.3: edits of posts and alt texts"),
        ("0.11.8", "ok", "0.11.8: edits of posts and alt texts"),
        ("0.11.4", "warning", "0.11.4: no edits of posts"),
        ("0.15.0", "warning", "0.15.0: newer than what was tried"),
        ("", "warning", "not told: taken for a newer one"),
    ],
)
def test_the_version_of_pixelfed(imws, tmp_path, version, state, said):
    how = accounts(pixelfed={"version": version})
    check = the(examine(patient(imws, tmp_path, account=how)), "Pixelfed version")

    assert (state, said) == (check.state, check.found)


def test_the_scopes_of_the_token_are_told(imws, tmp_path):
    how = accounts(pixelfed={"scopes": ["read", "write"]})
    check = the(examine(patient(imws, tmp_path, account=how)), "Pixelfed rights")

    assert "may read and write (scopes: read, write)" == check.found


@pytest.mark.parametrize(
    ("left", "state", "said"),
    [
        ({"11": 9, "12": 5}, "ok", "5 or more left for each of 2 marked for a change"),
        ({"11": 9, "12": 1, "13": 0}, "warning", "few edits left: post 13: 0; post 12: 1"),
    ],
)
def test_edits_left(imws, tmp_path, left, state, said):
    check = the(examine(patient(imws, tmp_path, edits_left=lambda: left)), "Pixelfed edits")

    assert (state, said) == (check.state, check.found)
    assert [] == found(examine(patient(imws, tmp_path)), "Pixelfed edits")


# IMatch and this computer


def test_columns_that_hold_values_are_told_and_those_that_do_not(imws, tmp_path):
    made = seed()
    values = {"photo_id": "53", "url": "https://www.flickr.com/photos/x/53"}
    made.records.append(SeedRecord(set="flickr", file_id=1, values=values))
    imws.load(made)
    checks = examine(patient(imws, tmp_path))

    assert (
        "exists, values in photo_id, url; none yet in posted (Date)"
        == the(checks, "Attribute set flickr").found
    )
    assert (
        "exists, no record yet; it needs posted, media_id, status_id, url"
        == the(checks, "Attribute set pixelfed").found
    )


def test_albums_and_groups_without_an_id_are_named_by_their_path(imws, tmp_path):
    path = "Socials|flickr|albums|Coast"
    check = the(examine(patient(imws, tmp_path, without_id=lambda: (path,))), "Albums and groups")
    assert ("warning", path) == (check.state, check.copy)
    assert "description" in check.hint

    def missing():
        raise CategoryMissing("There is no category.", hint="Create it.")

    checks = examine(patient(imws, tmp_path, without_id=missing))
    assert "failed" == the(checks, "Albums and groups").state


def test_another_service_at_the_address_of_imatch_is_told(tmp_path):
    with FlickrStandIn() as flickr:
        check = the(examine(patient(flickr, tmp_path)), "IMatch answers")

    assert "failed" == check.state
    assert check.found.endswith(", but it is not IMatch.")
    assert "SOCIALS_IMATCH_URL" in check.hint


def test_a_user_whom_imatch_does_not_let_in_is_named(imws, tmp_path):
    body = b'{"error": {"code": 1, "message": "no"}}'
    imws.fail_next("POST /v1/authenticate", status=401, body=body, times=-1)
    check = the(examine(patient(imws, tmp_path)), "IMatch answers")

    assert ("failed", "IMatch does not let “demo” in.") == (check.state, check.found)
    assert "SOCIALS_IMATCH_USER" in check.hint


def test_imatch_without_the_category_socials_is_told(imws, tmp_path):
    made = seed()
    made.categories.clear()
    imws.load(made)

    assert the(examine(patient(imws, tmp_path)), "IMatch answers").found.endswith(
        "there is no category Socials yet"
    )


@pytest.mark.parametrize(
    ("described", "said"),
    [
        ({"version": "2026.2.4"}, "2026.2.4"),
        ({"endpoints": []}, "not told by its web service (in IMatch: Help > About)"),
        (None, "not told by its web service (in IMatch: Help > About)"),
    ],
)
def test_the_version_of_imatch_as_far_as_it_tells(imws, tmp_path, monkeypatch, described, said):
    one = patient(imws, tmp_path)
    monkeypatch.setattr(one.library, "discover", lambda: described)

    assert said == the(examine(one), "IMatch version").found


def test_a_computer_without_a_keyring_is_warned_with_the_way_out(imws, tmp_path):
    how = {"keyring": "environment or IMatch variables (no keyring)", "keyring_hint": "Set those."}
    check = the(examine(patient(imws, tmp_path, **how)), "Keys are kept in")

    assert ("warning", "Set those.") == (check.state, check.hint)
