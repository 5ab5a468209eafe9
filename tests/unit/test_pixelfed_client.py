"""The Pixelfed client against both stand-ins: who we are, reading, limits."""

# ruff: noqa: F401, F811 (fixtures are imported and then asked for by name)

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pixelfed_client_kit import (
    CAPTION,
    act,
    client,
    copy,
    jpeg,
    media,
    online,
    pixelfed,
    ref,
    server,
    shown,
    waits,
)

from socials_lib.demo.pixelfed import PixelfedStandIn
from socials_lib.errors import (
    PlatformError,
    Refused,
    SignedOut,
    Unreachable,
)
from socials_lib.models import Act, PhotoText, PlanRow, RemotePhoto, UploadCopy
from socials_lib.platforms.base import Platform
from socials_lib.platforms.pixelfed import PixelfedPlatform


def test_the_client_keeps_the_protocol(pixelfed: PixelfedPlatform) -> None:
    platform: Platform = pixelfed

    assert "pixelfed" == platform.name


# who we are


def test_account_facts_are_three_reads(pixelfed: PixelfedPlatform, server: PixelfedStandIn) -> None:
    server.options.max_caption_length = 2000

    facts = pixelfed.account_facts()

    assert ("demo", f"{server.url}/p/demo/") == (facts.account.name, facts.account.url)
    assert server.backend.account(None).id == facts.account.id
    assert (2000, 1000, 15_360_000) == (
        facts.limits.max_caption,
        facts.limits.max_alt_text,
        facts.limits.max_bytes,
    )
    assert facts.limits == pixelfed.limits
    assert ["read", "write"] == facts.details["scopes"]
    assert facts.details["token_ends"] and not facts.details["locked"]
    assert server.options.version == facts.details["version"]
    assert 3 == len(server.requests)


def test_a_server_without_compose_settings_keeps_our_default(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn
) -> None:
    server.fail_next("GET /api/v1.1/compose/settings", status=404)

    assert 1000 == pixelfed.account_facts().limits.max_alt_text


@pytest.mark.parametrize("token", ["made.up.token", "", "  "])
def test_a_bad_token_is_signed_out(server: PixelfedStandIn, token: str) -> None:
    with pytest.raises(SignedOut) as caught:
        client(server, token=token).account_facts()

    assert "00_start_here" in caught.value.hint


def test_an_ended_token_says_since_when(server: PixelfedStandIn) -> None:
    end = datetime(2026, 3, 14, tzinfo=UTC).timestamp()
    token = server.backend.issue_token(expires_at=end)

    with pytest.raises(SignedOut) as caught:
        client(server, token=token).account_facts()

    assert "it ended on 14 March 2026" in str(caught.value)


def test_something_that_is_not_pixelfed(server: PixelfedStandIn) -> None:
    server.fail_next("*", status=404, times=-1)

    with pytest.raises(Refused) as caught:
        client(server).account_facts()
    assert "not_pixelfed" == caught.value.code


def test_a_token_file_of_the_same_name_is_not_read(
    server: PixelfedStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wrong").write_text(server.token, encoding="utf-8")

    with pytest.raises(SignedOut):
        client(server, token="wrong").account_facts()


# reading


def test_archived_and_missing_look_alike(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, online: RemotePhoto
) -> None:
    server.backend.archive(server.backend.account(None), online.ref.remote_id, away=True)

    assert pixelfed.fetch(online.ref) is None
    assert pixelfed.fetch(ref("999999999999")) is None


def test_engagement_counts_replies_likes_and_reblogs(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn
) -> None:
    status_id = server.backend.add_status(jpeg(), likes=2, replies=1, reblogs=3)

    found = pixelfed.engagement(ref(status_id))

    assert (1, 2, 3) == (found.comments, found.favourites, found.reblogs)
    assert (1, False) == (found.pictures, found.hidden)


def test_a_post_that_is_not_shown_may_be_archived_with_all_its_answers(
    pixelfed: PixelfedPlatform,
) -> None:
    found = pixelfed.engagement(ref("999999999999"))

    assert (True, True) == (found.hidden, found.any)


def test_a_post_with_several_pictures_is_more_than_one_photo(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn
) -> None:
    status_id = server.backend.add_status(jpeg())
    further = server.backend.statuses[server.backend.add_status(jpeg("red"))].media_ids
    server.backend.statuses[status_id].media_ids += further

    found = pixelfed.engagement(ref(status_id))

    assert (2, True) == (found.pictures, found.any)


def test_the_inventory_pages_by_id_and_names_each_post_once(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socials_lib.platforms.pixelfed.reading.PAGE", 3)
    data = jpeg()
    hour = datetime.now(UTC).timestamp() - 3600
    ids = [
        server.backend.add_status(data, caption=f"Post {n}\n\n#Lake", created_at=hour + n)
        for n in range(7)
    ]

    found = list(pixelfed.inventory())

    assert ids[::-1] == [one.ref.remote_id for one in found]
    assert all(
        pixelfed.same("caption", f"Post {6 - n}\n\n#Lake", one.caption)
        for n, one in enumerate(found)
    )
    assert 4 == server.count("GET /api/v1/accounts/:id/statuses")


def test_reads_are_repeated_while_the_trouble_passes(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, waits: list[float]
) -> None:
    server.fail_next("GET /api/v1/accounts/verify_credentials", status=503)
    server.fail_next("GET /api/v1/accounts/verify_credentials", drop_answer=True)

    assert "demo" == pixelfed.account_facts().account.name
    assert 2 == len(waits)


@pytest.mark.parametrize("how", [{"status": 503}, {"status": 429}, {"drop_answer": True}])
def test_changes_are_never_repeated_by_the_client(
    pixelfed: PixelfedPlatform,
    server: PixelfedStandIn,
    media: Act,
    waits: list[float],
    how: dict[str, Any],
) -> None:
    server.fail_next("POST /api/v1/media", **how)

    with pytest.raises(PlatformError):
        pixelfed.send(media)

    assert ([], ["POST /api/v1/media"]) == (waits, server.operations())


@pytest.mark.parametrize(
    ("how", "abuse_like"),
    [
        ({"status": 403}, True),
        ({"status": 451}, True),
        ({"body": b"<!DOCTYPE html><html>Just a moment...</html>"}, True),
        ({"status": 429}, False),
        ({"status": 503}, False),
    ],
)
def test_what_looks_like_abuse_is_marked(
    pixelfed: PixelfedPlatform,
    server: PixelfedStandIn,
    media: Act,
    how: dict[str, Any],
    abuse_like: bool,
) -> None:
    server.fail_next("POST /api/v1/media", **how)

    with pytest.raises(PlatformError) as caught:
        pixelfed.send(media)

    assert abuse_like == caught.value.abuse_like


def test_a_server_that_is_not_there_did_nothing(media: Act, server: PixelfedStandIn) -> None:
    with pytest.raises(Unreachable) as caught:
        client(server, base_url="http://127.0.0.1:1").send(media)

    assert (False, True) == (caught.value.unclear, caught.value.transient)


def test_a_note_sends_nothing(pixelfed: PixelfedPlatform, server: PixelfedStandIn) -> None:
    note = act("note", "1030", params={"code": "picture_not_replaceable", "message": "So."})

    answer = pixelfed.send(note)

    assert answer.warning is not None
    assert ("picture_not_replaceable", "So.") == (answer.warning.code, answer.warning.message)
    assert ("done", []) == (answer.state, server.requests)


def test_a_row_is_published_and_then_has_nothing_to_do(
    pixelfed: PixelfedPlatform, copy: UploadCopy
) -> None:
    """Applied twice: the second time no call is left."""
    text = PhotoText(
        platform="pixelfed", caption=CAPTION, alt_text="a & b\n  c", visibility="private"
    )
    row = PlanRow(
        file_id="17", name="a.jpg", path="C:\\a.jpg", platform="pixelfed", action="add", text=text
    )
    media, status = pixelfed.acts(row, None)
    media_id = pixelfed.send(replace(media, copy=copy)).media_id
    answer = pixelfed.send(replace(status, media_id=media_id))
    published = replace(
        row, action="metadata", remote_id=answer.remote_id, media_id=answer.media_id
    )

    assert () == pixelfed.acts(published, shown(pixelfed, answer.remote_id))

    other = replace(published, text=replace(text, caption="I <3 & x", alt_text="x < y & z"))
    for one in pixelfed.acts(other, shown(pixelfed, answer.remote_id)):
        pixelfed.send(replace(one, remote_id=answer.remote_id, media_id=answer.media_id))
    assert () == pixelfed.acts(other, shown(pixelfed, answer.remote_id))
