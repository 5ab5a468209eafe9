"""Posts, lost answers and deletes of the Pixelfed client against both stand-ins."""

# ruff: noqa: F401, F811 (fixtures are imported and then asked for by name)

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
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
    post,
    ref,
    server,
    shown,
    waits,
)

from socials_lib.demo.pixelfed import PixelfedStandIn, recent
from socials_lib.errors import (
    NotYours,
    PlatformError,
    Refused,
    SignedOut,
    Unreachable,
)
from socials_lib.models import Act, Answer, PhotoText, PlanRow, RemotePhoto, UploadCopy
from socials_lib.platforms.pixelfed import PixelfedPlatform, reading

# posting


def test_an_add_is_two_requests(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, media: Act
) -> None:
    uploaded = pixelfed.send(media)
    answer = pixelfed.send(post(uploaded.media_id))

    assert ["POST /api/v1/media", "POST /api/v1/statuses"] == server.operations()
    assert (uploaded.media_id, None) == (answer.media_id, answer.warning)
    assert f"{server.url}/p/demo/{answer.remote_id}" == answer.url
    remote = shown(pixelfed, answer.remote_id)
    assert pixelfed.same("caption", CAPTION, remote.caption)
    assert pixelfed.same("alt_text", media.params["alt_text"], remote.alt_texts[0])
    assert ("public", 9) == (remote.visibility, remote.edits_left)


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private"])
def test_every_visibility_reads_back_as_sent(
    pixelfed: PixelfedPlatform, media: Act, visibility: str
) -> None:
    answer = pixelfed.send(post(pixelfed.send(media).media_id, visibility=visibility))

    assert visibility == shown(pixelfed, answer.remote_id).visibility
    assert answer.warning is None


def test_a_server_that_makes_a_post_less_visible_is_reported(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, media: Act
) -> None:
    server.backend.account(None).locked = True

    answer = pixelfed.send(post(pixelfed.send(media).media_id))

    assert answer.warning is not None
    assert ("done", "visibility_differs") == (answer.state, answer.warning.code)


def test_the_upload_names_no_file_and_sends_the_very_bytes(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, media: Act
) -> None:
    media_id = pixelfed.send(media).media_id

    assert media.copy is not None
    assert media.copy.path.read_bytes() == server.backend.media[media_id].received


def test_a_brand_new_account_is_woken_up(server: PixelfedStandIn, media: Act) -> None:
    server.backend.add_account("fresh", active=False)
    platform = client(server, token=server.backend.issue_token("fresh"))

    answer = platform.send(post(platform.send(media).media_id))

    assert answer.remote_id
    assert 1 == len(server.backend.statuses)


def test_each_attempt_has_an_idempotency_key_of_its_own(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, media: Act
) -> None:
    first = post(pixelfed.send(media).media_id)
    pixelfed.send(first)

    with pytest.raises(Refused) as caught:
        pixelfed.send(first)

    assert ("media_used", "media") == (caught.value.code, caught.value.restart_from)


def test_a_post_without_an_upload_starts_again_from_the_upload(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn
) -> None:
    with pytest.raises(Refused) as caught:
        pixelfed.send(post(""))

    assert ("media", 0) == (caught.value.restart_from, len(server.requests))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"max_photo_size_kb": 0}, "file_too_large"),
        ({"media_types": ("image/png",)}, "invalid_format"),
        ({"max_altext_length": 3}, "text_too_long"),
        ({"max_account_size_kb": 0}, "account_full"),
    ],
)
def test_a_refused_upload_says_why(
    pixelfed: PixelfedPlatform,
    server: PixelfedStandIn,
    media: Act,
    change: dict[str, Any],
    code: str,
) -> None:
    for name, value in change.items():
        setattr(server.options, name, value)

    with pytest.raises(Refused) as caught:
        pixelfed.send(media)

    assert (code, False) == (caught.value.code, caught.value.unclear)


def test_too_narrow_a_token_is_told(server: PixelfedStandIn, media: Act) -> None:
    platform = client(server, token=server.backend.issue_token(scopes=["read"]))

    assert not platform.account_facts().details["can_write"]
    with pytest.raises(SignedOut) as caught:
        platform.send(media)
    assert "rights_too_small" == caught.value.code


# lost answers


@pytest.mark.parametrize(
    "how",
    [
        {"drop_answer": True},
        {"reset": True, "when": "after"},
        {"status": 502, "when": "after"},
        {"status": 500},
        {"truncate": True},
        {"body": b"", "when": "after"},
        {"body": b"<!DOCTYPE html><html></html>", "when": "after"},
        {"hang": True},
    ],
    ids=lambda how: "-".join(how),
)
def test_an_unclear_post_is_sent_once_and_found_by_its_upload(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, media: Act, how: dict[str, Any]
) -> None:
    server.backend.add_status(jpeg(), caption=CAPTION)
    status = post(pixelfed.send(media).media_id)
    server.fail_next("POST /api/v1/statuses", **how)

    with pytest.raises(Unreachable) as caught:
        pixelfed.send(status)

    assert caught.value.unclear
    found = pixelfed.look(status)
    assert found is None or found.media_id == status.media_id
    assert len(server.backend.statuses) == (1 if found is None else 2)
    assert server.count("POST /api/v1/statuses") <= 1  # a hanging request is logged at its end


def test_another_post_with_the_same_words_is_not_adopted(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, media: Act
) -> None:
    server.backend.add_status(jpeg(), caption=CAPTION)

    assert pixelfed.look(post(pixelfed.send(media).media_id)) is None


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
def test_the_id_of_the_upload_finds_the_post_whatever_the_clocks_say(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, media: Act, days: int
) -> None:
    status = post(pixelfed.send(media).media_id)
    answer = pixelfed.send(status)

    found = pixelfed.look(replace(status, sent_at=datetime.now(UTC) + timedelta(days=days)))

    assert found is not None
    assert answer.remote_id == found.remote_id


def test_a_look_ends_where_all_that_follows_is_old(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "FEW", 40)
    ago = datetime.now(UTC).timestamp() - 400 * 86_400
    for number in range(45):
        server.backend.add_status(jpeg(), caption=str(number), created_at=ago + number)

    assert pixelfed.look(post("999")) is None
    assert 1 == server.count("GET /api/v1/accounts/:id/statuses")


def test_words_and_time_never_find_what_another_act_came_back_with(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn
) -> None:
    earlier = server.backend.add_status(jpeg(), caption=CAPTION)

    assert pixelfed.look(post(""), taken={earlier}) is None


def test_without_the_id_of_the_upload_words_and_time_find_the_post(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn
) -> None:
    ago = datetime.now(UTC).timestamp() - 3600
    server.backend.add_status(jpeg(), caption=CAPTION, created_at=ago)
    assert pixelfed.look(post("")) is None

    now = server.backend.add_status(jpeg(), caption=CAPTION)
    found = pixelfed.look(post(""))
    assert found is not None
    assert now == found.remote_id

    server.backend.add_status(jpeg(), caption=CAPTION)
    with pytest.raises(Refused) as caught:
        pixelfed.look(post(""))
    assert "several_candidates" == caught.value.code


def test_an_upload_swallowed_by_a_draft_is_not_there_and_starts_again(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, media: Act
) -> None:
    media_id = pixelfed.send(media).media_id
    with pytest.raises(PlatformError):
        pixelfed._wire.once(
            lambda api: api.status_post("x", media_ids=[media_id, "999999"], visibility="public")
        )
    status = post(media_id)

    assert pixelfed.look(status) is None
    with pytest.raises(Refused) as caught:
        pixelfed.send(status)
    assert "media" == caught.value.restart_from


def test_a_repeatable_act_is_simply_repeated(pixelfed: PixelfedPlatform, media: Act) -> None:
    assert pixelfed.look(media) is None
    assert pixelfed.look(act("alt_text", "1", target="3")) is None


# delete


def test_a_delete_is_done_when_accepted(pixelfed: PixelfedPlatform, online: RemotePhoto) -> None:
    sent = act("delete", online.ref.remote_id, params={"seen": True, "known": True})
    assert pixelfed.look(sent) is None

    answer = pixelfed.send(sent)

    assert ("done", None) == (answer.state, answer.warning)
    assert pixelfed.fetch(online.ref) is None
    assert pixelfed.look(sent) is not None


@pytest.mark.parametrize("evidence", ["journal", "address"])
def test_what_is_already_gone_is_done_with_a_note(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, evidence: str
) -> None:
    url = f"{server.url}/p/demo/999999999999"
    params = {"known": True} if evidence == "journal" else {"url": url}
    answer = pixelfed.send(act("delete", "999999999999", params=params))

    assert answer.warning is not None
    assert ("done", "already_gone") == (answer.state, answer.warning.code)


@pytest.mark.parametrize(
    "url",
    ["", "https://old.example/p/demo/999999999999", "{0}/p/somebody/9", "{0}/i/web/post/9"],
    ids=["none", "server", "account", "no account"],
)
def test_gone_proves_nothing_where_nobody_knows_whose_post_it_was(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, url: str
) -> None:
    with pytest.raises(NotYours):
        pixelfed.send(act("delete", "999999999999", params={"url": url.format(server.url)}))


def test_a_post_nobody_saw_before_its_delete_is_not_believed_deleted(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, online: RemotePhoto
) -> None:
    """It may be archived, before and after."""
    server.backend.archive(server.backend.account(None), online.ref.remote_id, away=True)
    sent = act("delete", online.ref.remote_id, params={"seen": False, "known": True})

    assert pixelfed.look(sent) is None


def test_a_queued_delete_may_be_asked_for_again(media: Act) -> None:
    with PixelfedStandIn(recent(queue_delay=None)) as server:
        platform = client(server)
        status_id = server.backend.add_status(jpeg())

        first, second = (platform.send(act("delete", status_id)) for _ in range(2))

        assert first == second == Answer(remote_id=status_id)
        assert platform.fetch(ref(status_id)) is not None
        server.backend.run_queue()
        assert platform.fetch(ref(status_id)) is None


def test_a_repost_deletes_the_old_post_and_keeps_the_new_id(
    pixelfed: PixelfedPlatform, server: PixelfedStandIn, online: RemotePhoto, copy: UploadCopy
) -> None:
    row = PlanRow(
        file_id="17",
        name="a.jpg",
        path="C:\\a.jpg",
        platform="pixelfed",
        action="repost",
        text=PhotoText(platform="pixelfed", caption="New", alt_text="Alt"),
        remote_id=online.ref.remote_id,
    )
    remote_id, media_id = online.ref.remote_id, ""
    for one in pixelfed.acts(row, online):
        sent = replace(one, remote_id=remote_id, media_id=media_id, copy=copy)
        answer = pixelfed.send(replace(sent, sent_at=datetime.now(UTC)))
        remote_id, media_id = answer.remote_id or remote_id, answer.media_id or media_id

    assert remote_id != online.ref.remote_id
    assert [remote_id] == [one.ref.remote_id for one in pixelfed.inventory()]
