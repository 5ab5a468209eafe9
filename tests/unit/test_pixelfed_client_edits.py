"""Edits of the Pixelfed client against both stand-ins."""

# ruff: noqa: F401, F811 (fixtures are imported and then asked for by name)

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pixelfed_client_kit import (
    CAPTION,
    act,
    client,
    copy,
    edit,
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
    NotOnPlatform,
    NotYours,
    RateLimited,
    Refused,
    Unreachable,
)
from socials_lib.models import Act, Answer, RemotePhoto
from socials_lib.platforms.pixelfed import PixelfedPlatform
from socials_lib.transport import MemoryPaceStore, Pacer


def test_alt_text_and_caption_are_edited(pixelfed: PixelfedPlatform, online: RemotePhoto) -> None:
    status_id = online.ref.remote_id
    alt = act(
        "alt_text", status_id, target=online.media_ids[0], params={"alt_text": "Gulls & <3 fog"}
    )

    pixelfed.send(alt)
    answer = pixelfed.send(edit(online, "New & I <3 it\n\n#Lake"))

    remote = shown(pixelfed, status_id)
    assert (status_id, None) == (answer.remote_id, answer.warning)
    assert pixelfed.same("alt_text", "Gulls & <3 fog", remote.alt_texts[0])
    assert pixelfed.same("caption", "New & I <3 it\n\n#Lake", remote.caption)
    assert 8 == remote.edits_left


@pytest.mark.parametrize("visibility", ["unlisted", "private"])
def test_an_edit_answered_with_an_empty_page_is_verified(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, visibility: str
) -> None:
    status_id = server.backend.add_status(jpeg(), caption="Old", visibility=visibility)
    sent = edit(shown(pixelfed, status_id), "New")

    answer = pixelfed.send(sent)

    assert status_id == answer.remote_id
    assert "New" == shown(pixelfed, status_id).caption
    assert 1 == server.count("PUT /api/v1/statuses/:id")
    assert Answer(remote_id=status_id, media_id=sent.media_id) == pixelfed.look(sent)


def test_an_empty_page_for_an_edit_that_did_not_happen_is_unclear(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, online: RemotePhoto
) -> None:
    server.fail_next("PUT /api/v1/statuses/:id", body=b"", status=200)

    with pytest.raises(Unreachable) as caught:
        pixelfed.send(edit(online, "New"))

    assert caught.value.unclear
    assert pixelfed.look(edit(online, "New")) is None


def test_an_empty_page_that_cannot_be_verified_for_a_rate_limit_is_unclear(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, online: RemotePhoto
) -> None:
    server.fail_next("PUT /api/v1/statuses/:id", body=b"", status=200, when="after")
    server.fail_next("GET /api/v1/statuses/:id", status=429, times=-1)

    with pytest.raises(Unreachable) as caught:
        pixelfed.send(edit(online, "New"))

    assert caught.value.unclear


def test_a_lost_edit_is_found_and_costs_no_second_one(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, online: RemotePhoto
) -> None:
    server.fail_next("PUT /api/v1/statuses/:id", drop_answer=True)
    sent = edit(online, "New")

    with pytest.raises(Unreachable):
        pixelfed.send(sent)

    assert pixelfed.look(sent) is not None


def test_a_content_warning_set_online_survives_an_edit(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, online: RemotePhoto
) -> None:
    status = server.backend.statuses[online.ref.remote_id]
    status.sensitive, status.spoiler_text = True, "cw"

    pixelfed.send(edit(shown(pixelfed, status.id), "New"))

    remote = shown(pixelfed, status.id)
    assert (True, "cw") == (remote.sensitive, remote.spoiler_text)


def test_an_album_keeps_all_its_pictures(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, media: Act
) -> None:
    ids = [pixelfed.send(media).media_id for _ in range(3)]
    made = pixelfed._wire.once(lambda api: api.status_post("Album", media_ids=list(ids)))

    pixelfed.send(edit(shown(pixelfed, made["id"]), "New"))

    assert tuple(ids) == shown(pixelfed, made["id"]).media_ids


def test_the_tenth_edit_is_one_too_many(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, online: RemotePhoto
) -> None:
    warned = []
    for number in range(1, 10):
        answer = pixelfed.send(edit(shown(pixelfed, online.ref.remote_id), f"Edit {number}"))
        if answer.warning:
            warned.append((number, answer.warning.message))

    assert [
        (7, "Of this post's 9 edits 2 edits are left."),
        (8, "Of this post's 9 edits 1 edit is left."),
        (9, "Of this post's 9 edits no edit is left."),
    ] == warned
    remote = shown(pixelfed, online.ref.remote_id)
    assert 0 == remote.edits_left
    with pytest.raises(Refused) as caught:
        pixelfed.send(edit(remote, "Edit 10"))
    assert "edits_used_up" == caught.value.code


def test_ten_alt_texts_a_minute_and_the_eleventh_waits(
    server: PixelfedStandIn, waits: list[float]
) -> None:
    now = datetime.now(UTC)
    ahead = timedelta()

    def clock() -> datetime:
        return now + ahead

    def sleep(seconds: float) -> None:
        nonlocal ahead
        waits.append(seconds)
        ahead += timedelta(seconds=seconds)

    server.clock = server.backend.clock = lambda: clock().timestamp()
    platform = client(server, pacer=Pacer(MemoryPaceStore(), clock=clock, sleep=sleep))
    remote = shown(platform, server.backend.add_status(jpeg(), alt_text="Fog"))

    for number in range(11):
        platform.send(
            act("alt_text", target=remote.media_ids[0], params={"alt_text": f"Text {number}"})
        )

    assert [61] == waits
    assert 11 == server.count("PUT /api/v1/media/:id")
    assert {200} == {one.status for one in server.requests}


def test_a_rate_limit_without_a_time_is_a_minute(
    server: PixelfedStandIn, online: RemotePhoto
) -> None:
    platform = client(server, alt_per_minute=50)
    sent = act("alt_text", target=online.media_ids[0], params={"alt_text": "x"})
    for _ in range(10):
        platform.send(sent)

    with pytest.raises(RateLimited) as caught:
        platform.send(sent)

    assert (60.0, False) == (caught.value.retry_after, caught.value.unclear)


def test_an_edit_of_a_missing_post(pixelfed: PixelfedPlatform, online: RemotePhoto) -> None:
    gone = replace(online, ref=replace(online.ref, remote_id="999999999999"))

    with pytest.raises(NotOnPlatform):
        pixelfed.send(edit(gone, "New"))


def test_somebody_elses_post_is_left_alone(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, online: RemotePhoto
) -> None:
    server.backend.add_account("stranger")
    theirs = server.backend.add_status(jpeg(), caption="Theirs", account="stranger")
    private = server.backend.add_status(
        jpeg(), caption="Theirs", account="stranger", visibility="private"
    )

    for status_id in (theirs, private):
        with pytest.raises(NotYours):
            pixelfed.fetch(ref(status_id))
        with pytest.raises(NotYours):
            pixelfed.send(act("delete", status_id))
        with pytest.raises(NotYours):
            pixelfed.send(edit(replace(online, ref=ref(status_id)), "Mine now"))
    assert {"Theirs"} == {
        status.caption
        for status in server.backend.statuses.values()
        if status.id != online.ref.remote_id
    }
