"""The Flickr client against the stand-in: who we are, reading, limits, sign-in."""

# ruff: noqa: F401, F811 (fixtures are imported and then asked for by name)

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flickrapi
import pytest
from flickr_client_kit import (
    RETRY,
    act,
    client,
    copy,
    flickr,
    jpeg,
    photo_id,
    server,
    upload,
    waits,
)

from socials_lib.demo.flickr import FlickrStandIn
from socials_lib.errors import (
    PlatformError,
    RateLimited,
    SignedOut,
    Unreachable,
)
from socials_lib.models import Act, PhotoText, PlanRow, RemoteRef, UploadCopy
from socials_lib.platforms.base import Platform
from socials_lib.platforms.flickr import FlickrPlatform, FlickrSignIn
from socials_lib.platforms.flickr.wire import Wire
from socials_lib.transport import MemoryPaceStore, Pacer, Timeouts


def test_the_client_keeps_the_protocol(flickr: FlickrPlatform) -> None:
    platform: Platform = flickr

    assert "flickr" == platform.name


# who we are


def test_account_facts_are_three_reads(flickr: FlickrPlatform, server: FlickrStandIn) -> None:
    facts = flickr.account_facts()

    assert ("demo", server.backend.me.nsid) == (facts.account.name, facts.account.id)
    assert 209_715_200 == facts.limits.max_bytes == flickr.limits.max_bytes
    assert ("delete", True) == (facts.details["perms"], facts.details["can_delete"])
    assert [
        "flickr.test.login",
        "flickr.auth.oauth.checkToken",
        "flickr.people.getUploadStatus",
    ] == server.operations()


def test_a_narrow_sign_in_is_known_before_anything_is_sent(server: FlickrStandIn) -> None:
    token = server.backend.issue_token("write")

    details = client(server, token=token.token, token_secret=token.secret).account_facts().details

    assert (True, False) == (details["can_write"], details["can_delete"])


def test_a_revoked_token_is_signed_out(flickr: FlickrPlatform, server: FlickrStandIn) -> None:
    server.backend.revoke_token(server.token)

    with pytest.raises(SignedOut) as caught:
        flickr.account_facts()

    assert "00_start_here" in caught.value.hint
    assert 1 == len(server.requests)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": "  "}, "key_missing"),
        ({"token": ""}, "signed_out"),
        ({"key": "unknown"}, "signed_out"),
        ({"secret": "wrong"}, "signed_out"),
    ],
)
def test_missing_or_wrong_credentials(
    server: FlickrStandIn, changes: dict[str, str], code: str
) -> None:
    with pytest.raises(SignedOut) as caught:
        client(server, **changes).account_facts()

    assert code == caught.value.code
    assert server.token_secret not in f"{caught.value} {caught.value.details}"


def test_pasted_keys_may_carry_blanks(server: FlickrStandIn) -> None:
    platform = client(server, key=f" {server.api_key}\n", token=f"{server.token} ")

    assert "demo" == platform.account_facts().account.name


# reading


def test_a_missing_photo_is_nothing(flickr: FlickrPlatform) -> None:
    ref = RemoteRef(platform="flickr", remote_id="404")

    assert flickr.fetch(ref) is None
    assert not flickr.engagement(ref).any


def test_engagement_counts_comments_favourites_and_views(
    flickr: FlickrPlatform, server: FlickrStandIn
) -> None:
    photo_id = server.backend.add_photo(jpeg(), comments=1, favourites=2, views=30)

    found = flickr.engagement(RemoteRef(platform="flickr", remote_id=photo_id))

    assert (1, 2, 30) == (found.comments, found.favourites, found.views)


def test_the_inventory_reads_pages_and_names_each_photo_once(
    flickr: FlickrPlatform, server: FlickrStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socials_lib.platforms.flickr.looking.PAGE", 3)
    ids = {server.backend.add_photo(jpeg(), title=f"Photo {n}", tags=["Lake"]) for n in range(8)}
    flickr.account_facts()

    found = list(flickr.inventory())

    assert (8, ids) == (len(found), {one.ref.remote_id for one in found})
    assert 3 == server.count("flickr.people.getPhotos")
    assert all(one.ref.url.endswith(f"/{one.ref.remote_id}/") for one in found)
    assert ["lake"] == [tag.clean for tag in found[0].tags]


def test_an_empty_account_has_an_empty_inventory(flickr: FlickrPlatform) -> None:
    assert [] == list(flickr.inventory())


def test_reads_are_repeated_while_the_trouble_passes(
    flickr: FlickrPlatform, server: FlickrStandIn, waits: list[float]
) -> None:
    server.fail_next("flickr.test.login", status=502)
    server.fail_next("flickr.test.login", drop_answer=True)

    assert "demo" == flickr.account_facts().account.name
    assert 3 == server.count("flickr.test.login")
    assert 2 == len(waits)


def test_changes_are_never_repeated_by_the_client(
    flickr: FlickrPlatform, server: FlickrStandIn, waits: list[float]
) -> None:
    photo_id = server.backend.add_photo(jpeg())
    server.fail_next("flickr.photos.setMeta", status=503)

    with pytest.raises(Unreachable):
        flickr.send(act("set_meta", photo_id, params={"title": "x", "description": ""}))

    assert (1, []) == (server.count("flickr.photos.setMeta"), waits)


def test_a_rate_limit_is_told_with_its_pause(
    flickr: FlickrPlatform, server: FlickrStandIn, photo_id: str
) -> None:
    server.fail_next("flickr.photos.setPerms", status=429, headers={"Retry-After": "17"})

    with pytest.raises(RateLimited) as caught:
        flickr.send(act("set_perms", photo_id, params={"visibility": "public"}))

    assert (17.0, False) == (caught.value.retry_after, caught.value.unclear)


@pytest.mark.parametrize(
    ("how", "abuse_like"),
    [
        ({"status": 403}, True),
        ({"status": 451}, True),
        ({"body": b"<html><body>Blocked</body></html>"}, True),
        ({"status": 429}, False),
        ({"status": 503}, False),
    ],
)
def test_what_looks_like_abuse_is_marked(
    flickr: FlickrPlatform,
    server: FlickrStandIn,
    photo_id: str,
    how: dict[str, Any],
    abuse_like: bool,
) -> None:
    server.fail_next("flickr.photos.setPerms", **how)

    with pytest.raises(PlatformError) as caught:
        flickr.send(act("set_perms", photo_id, params={"visibility": "public"}))

    assert abuse_like == caught.value.abuse_like


def test_every_request_counts_against_the_hourly_budget(
    server: FlickrStandIn, waits: list[float]
) -> None:
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)

    def sleep(seconds: float) -> None:
        nonlocal now
        waits.append(seconds)
        now += timedelta(seconds=seconds)

    store = MemoryPaceStore()
    pacer = Pacer(store, clock=lambda: now, sleep=sleep)
    platform = client(server, pacer=pacer, per_hour=3, clock=lambda: now)

    platform.account_facts()
    assert ([], 3) == (waits, pacer.used(platform.budget, 3600))
    platform.account_facts()

    assert [3600] == waits
    assert server.api_key not in platform.budget


def test_a_server_that_is_not_there_did_nothing(upload: Act, server: FlickrStandIn) -> None:
    platform = client(server, base_url="http://127.0.0.1:1")

    with pytest.raises(Unreachable) as caught:
        platform.send(upload)

    assert (False, True) == (caught.value.unclear, caught.value.transient)


def test_a_row_is_published_and_then_has_nothing_to_do(
    flickr: FlickrPlatform, copy: UploadCopy
) -> None:
    """Applied twice: the second time no call is left."""
    text = PhotoText(
        platform="flickr",
        title="Dawn & fog",
        description='a < b & "c"\nhttps://example.org/?a=1&b=2',
        tags=("Wood Duck", "woodduck", "50mm f/1.8", "🦆"),
        date_taken="2024-03-19T06:12:00",
        visibility="family",
    )
    row = PlanRow(
        file_id="17", name="a.jpg", path="C:\\a.jpg", platform="flickr", action="add", text=text
    )
    remote_id = ""
    for one in flickr.acts(row, None):
        answer = flickr.send(replace(one, copy=copy, remote_id=remote_id))
        remote_id = answer.remote_id

    remote = flickr.fetch(RemoteRef(platform="flickr", remote_id=remote_id))

    assert () == flickr.acts(replace(row, action="metadata", remote_id=remote_id), remote)


def test_a_misspelled_upload_parameter_is_our_own_mistake(copy: UploadCopy) -> None:
    wire = Wire(
        key="k",
        secret="s",
        token="t",
        token_secret="ts",
        base_url="http://127.0.0.1:1",
        timeouts=Timeouts(),
        retry=RETRY,
        pacer=Pacer(MemoryPaceStore()),
        per_hour=10,
        clock=lambda: datetime.now(UTC),
        sleep=lambda _seconds: None,
    )
    with pytest.raises(ValueError, match="ispublic"):
        wire.upload(copy.path, {"ispublic": 1})


def test_two_clients_share_no_session(server: FlickrStandIn) -> None:
    shared = flickrapi.auth.OAuthFlickrInterface.session
    client(server).account_facts()

    assert shared is flickrapi.auth.OAuthFlickrInterface.session
    assert "Authorization" not in shared.headers


def test_no_token_store_is_made(
    server: FlickrStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))

    client(server).account_facts()

    assert [] == list(tmp_path.iterdir())


# sign-in


def test_signing_in_by_a_pasted_code(server: FlickrStandIn) -> None:
    sign_in = FlickrSignIn(key=server.api_key, secret=server.api_secret, base_url=server.url)
    url = sign_in.begin()
    asked = parse_qs(urlsplit(url).query)
    code = server.backend.authorize(asked["oauth_token"][0], "delete")

    token, secret, nsid, name = sign_in.finish(f"  {code}\n")

    assert (["delete"], server.backend.me.nsid, "demo") == (asked["perms"], nsid, name)
    assert "demo" == client(server, token=token, token_secret=secret).account_facts().account.name


def test_a_wrong_code_can_be_tried_again_from_the_start(server: FlickrStandIn) -> None:
    sign_in = FlickrSignIn(key=server.api_key, secret=server.api_secret, base_url=server.url)
    sign_in.begin()

    with pytest.raises(SignedOut) as caught:
        sign_in.finish("000-000-000")
    assert "wrong_code" == caught.value.code

    with pytest.raises(SignedOut):
        sign_in.finish("000-000-000")
    assert sign_in.begin().startswith(server.url)


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"status": 429}, RateLimited),
        ({"status": 503}, Unreachable),
        ({"body": b"<html>"}, Unreachable),
        ({"drop_answer": True}, Unreachable),
    ],
)
def test_trouble_while_signing_in(
    server: FlickrStandIn, how: dict[str, Any], error: type[PlatformError]
) -> None:
    server.fail_next("oauth.request_token", **how)
    sign_in = FlickrSignIn(key=server.api_key, secret=server.api_secret, base_url=server.url)

    with pytest.raises(error):
        sign_in.begin()


def test_an_unknown_key_is_told_before_the_page_opens(server: FlickrStandIn) -> None:
    with pytest.raises(SignedOut) as caught:
        FlickrSignIn(key="unknown", secret="x", base_url=server.url).begin()
    assert "flickr_apikey" in caught.value.hint
    with pytest.raises(SignedOut):
        FlickrSignIn(key="", secret="", base_url=server.url).begin()


def test_importing_the_records_does_not_import_flickrapi() -> None:
    """Lazy: only who opens the client pays for it."""
    code = "import sys, socials_lib.transport; assert 'flickrapi' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
