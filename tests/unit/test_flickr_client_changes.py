"""Texts, tags, albums, groups and deletes of the Flickr client against the stand-in."""

# ruff: noqa: F401, F811 (fixtures are imported and then asked for by name)

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flickr_client_kit import act, client, flickr, jpeg, photo_id, server, waits

from socials_lib.demo.flickr import FlickrStandIn
from socials_lib.errors import (
    NotOnPlatform,
    NotYours,
    PlatformError,
    Refused,
    SignedOut,
)
from socials_lib.models import Act, Answer, RemoteRef
from socials_lib.platforms.flickr import FlickrPlatform

# texts, tags, privacy


def test_texts_and_privacy_are_changed(flickr: FlickrPlatform, server: FlickrStandIn) -> None:
    photo_id = server.backend.add_photo(jpeg(), title="Old", description="Old words")

    flickr.send(act("set_meta", photo_id, params={"title": "New", "description": ""}))
    flickr.send(act("set_perms", photo_id, params={"visibility": "friends+family"}))

    remote = flickr.fetch(RemoteRef(platform="flickr", remote_id=photo_id))
    assert remote is not None
    assert ("New", "", "friends+family") == (
        remote.title,
        remote.description,
        remote.visibility,
    )


def test_tags_are_added_removed_and_set(flickr: FlickrPlatform, server: FlickrStandIn) -> None:
    photo_id = server.backend.add_photo(jpeg(), tags=["Lake", "by hand"])
    ref = RemoteRef(platform="flickr", remote_id=photo_id)

    def online() -> list[str]:
        remote = flickr.fetch(ref)
        assert remote is not None
        return [tag.raw for tag in remote.tags]

    flickr.send(act("add_tags", photo_id, params={"tags": ["Wood Duck", "LAKE"]}))
    assert ["Lake", "by hand", "Wood Duck"] == online()

    remote = flickr.fetch(ref)
    assert remote is not None
    removal = act("remove_tag", photo_id, target=remote.tags[0].tag_id)
    flickr.send(removal)
    flickr.send(removal)
    assert ["by hand", "Wood Duck"] == online()

    flickr.send(act("set_tags", photo_id, params={"tags": ["Fog", "São Paulo"]}))
    assert ["Fog", "São Paulo"] == online()


def test_too_many_tags_are_refused_with_a_reason(
    flickr: FlickrPlatform, server: FlickrStandIn
) -> None:
    photo_id = server.backend.add_photo(jpeg(), tags=[f"tag {n}" for n in range(75)])

    with pytest.raises(Refused) as caught:
        flickr.send(act("add_tags", photo_id, params={"tags": ["one more"]}))

    assert "too_many_tags" == caught.value.code


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("set_meta", {"title": "x", "description": ""}),
        ("set_dates", {"date_taken": "2024-03-19T06:12:00"}),
        ("set_perms", {"visibility": "public"}),
        ("set_tags", {"tags": ["x"]}),
    ],
)
def test_a_change_of_a_missing_photo_says_it_is_missing(
    flickr: FlickrPlatform, kind: str, params: dict[str, Any]
) -> None:
    with pytest.raises(NotOnPlatform):
        flickr.send(act(kind, "404", params=params))


def test_a_date_in_the_future_is_refused(flickr: FlickrPlatform, server: FlickrStandIn) -> None:
    photo_id = server.backend.add_photo(jpeg())
    far = (datetime.now(UTC) + timedelta(days=400)).strftime("%Y-%m-%dT%H:%M:%S")

    with pytest.raises(Refused) as caught:
        flickr.send(act("set_dates", photo_id, params={"date_taken": far}))

    assert 6 == caught.value.service_code


# albums


def test_albums_are_filled_and_emptied(flickr: FlickrPlatform, server: FlickrStandIn) -> None:
    first, second = (server.backend.add_photo(jpeg()) for _ in range(2))
    album = server.backend.add_album("Coast", [first])
    add = act("album_add", second, target=album, name="Coast", params={"title": "Dawn"})

    assert Answer(remote_id=second) == flickr.send(add) == flickr.send(add)
    remote = flickr.fetch(RemoteRef(platform="flickr", remote_id=second))
    assert remote is not None
    assert ({album: "Coast"}, {album: 2}) == (remote.albums, remote.album_sizes)

    remove = replace(add, kind="album_remove")
    assert Answer(remote_id=second) == flickr.send(remove) == flickr.send(remove)


def test_an_unknown_album_is_a_note_and_no_failure(
    flickr: FlickrPlatform, server: FlickrStandIn
) -> None:
    photo_id = server.backend.add_photo(jpeg())

    answer = flickr.send(
        act("album_add", photo_id, target="721", name="Coast", params={"title": "Dawn"})
    )

    assert answer.warning is not None
    assert ("refused", "album_unknown") == (answer.state, answer.warning.code)
    assert "“Dawn” is online. Flickr knows no album 721 for “Coast”." in answer.warning.message
    assert "done" == flickr.send(act("album_remove", photo_id, target="721")).state


# groups


def group_add(photo_id: str, group_id: str) -> Act:
    return act("group_add", photo_id, target=group_id, name="Fog", params={"title": "Dawn"})


def test_an_open_group_takes_the_photo_once(
    flickr: FlickrPlatform, server: FlickrStandIn, photo_id: str
) -> None:
    add = group_add(photo_id, server.backend.add_group("Fog"))

    assert Answer(remote_id=photo_id) == flickr.send(add) == flickr.send(add)
    remove = replace(add, kind="group_remove")
    assert Answer(remote_id=photo_id) == flickr.send(remove) == flickr.send(remove)


def test_a_moderated_group_has_it_handed_over(
    flickr: FlickrPlatform, server: FlickrStandIn, photo_id: str
) -> None:
    add = group_add(photo_id, server.backend.add_group("Fog", moderated=True))

    for answer in (flickr.send(add), flickr.send(add)):
        assert "handed_over" == answer.state
        assert answer.warning is not None
        assert "“Dawn” waits for the moderators of “Fog”." in answer.warning.message


@pytest.mark.parametrize(
    ("throttle", "days", "words"),
    [
        (("day", 1), 1, "takes 1 photo a day from you; today's are used"),
        (("week", 3), 7, "takes 3 photos a week from you; this week's are used"),
        (("month", 2), 30, "takes 2 photos a month from you; this month's are used"),
    ],
)
def test_a_full_group_is_waited_for(
    server: FlickrStandIn, throttle: tuple[str, int], days: int, words: str
) -> None:
    now = datetime(2026, 11, 22, 18, 42, tzinfo=UTC)
    flickr = client(server, clock=lambda: now)
    group = server.backend.add_group("Fog", throttle=throttle)
    for _ in range(throttle[1]):
        flickr.send(group_add(server.backend.add_photo(jpeg()), group))

    answer = flickr.send(group_add(server.backend.add_photo(jpeg()), group))

    assert "waiting" == answer.state
    assert datetime(2026, 11, 22, tzinfo=UTC) + timedelta(days=days) == answer.not_before
    assert answer.warning is not None
    assert words in answer.warning.message


def test_a_full_group_that_tells_nothing_is_tried_tomorrow(
    server: FlickrStandIn, photo_id: str
) -> None:
    now = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    group = server.backend.add_group("Fog", refuse=5)
    server.fail_next("flickr.groups.getInfo", status=503)

    answer = client(server, clock=lambda: now).send(group_add(photo_id, group))

    assert ("waiting", now + timedelta(hours=1)) == (answer.state, answer.not_before)


@pytest.mark.parametrize(
    ("code", "expected"), [(4, "group_refused"), (8, "group_refused"), (11, "group_refused")]
)
def test_a_group_that_says_no_is_a_note(
    flickr: FlickrPlatform, server: FlickrStandIn, photo_id: str, code: int, expected: str
) -> None:
    group = server.backend.add_group("Fog", refuse=code)

    answer = flickr.send(group_add(photo_id, group))

    assert answer.warning is not None
    assert ("refused", expected) == (answer.state, answer.warning.code)
    assert "Take it out of that group's category." in answer.warning.message


def test_an_unknown_group_is_a_note(flickr: FlickrPlatform, photo_id: str) -> None:
    answer = flickr.send(group_add(photo_id, "1@N25"))

    assert answer.warning is not None
    assert ("refused", "group_unknown") == (answer.state, answer.warning.code)


# delete


def test_a_delete_is_proven_by_a_read(flickr: FlickrPlatform, server: FlickrStandIn) -> None:
    photo_id = server.backend.add_photo(jpeg())
    sent = act("delete", photo_id, params={"owner": server.backend.me.nsid})
    assert flickr.look(sent) is None

    answer = flickr.send(sent)

    assert (photo_id, None) == (answer.remote_id, answer.warning)
    assert 1 == server.count("flickr.photos.delete")
    assert 1 < server.count("flickr.photos.getInfo")
    assert Answer(remote_id=photo_id) == flickr.look(sent)


OUR_ID = "199246608@N02"


@pytest.mark.parametrize(
    "evidence",
    [
        {"known": True},
        {"owner": OUR_ID},
        {"url": "https://www.flickr.com/photos/demo/404/"},
        {"url": "https://www.flickr.com/photos/199246608%40N02/404"},
    ],
    ids=["journal", "owner", "alias", "id"],
)
def test_what_is_already_gone_is_done_with_a_note(
    flickr: FlickrPlatform, server: FlickrStandIn, evidence: dict[str, Any]
) -> None:
    assert OUR_ID == server.backend.me.nsid
    sent = act("delete", "404", params=evidence)
    answer = flickr.send(sent)

    assert answer.warning is not None
    assert ("done", "already_gone") == (answer.state, answer.warning.code)
    assert Answer(remote_id="404") == flickr.look(sent)


@pytest.mark.parametrize(
    "evidence",
    [
        {},
        {"owner": "99@N00", "known": True},
        {"url": "https://www.flickr.com/photos/somebody/404/"},
        {"url": "https://flic.kr/p/7Z"},
    ],
    ids=["nothing", "owner", "user", "short"],
)
def test_gone_proves_nothing_where_nobody_knows_whose_photo_it_was(
    flickr: FlickrPlatform, evidence: dict[str, Any]
) -> None:
    sent = act("delete", "404", params=evidence)
    with pytest.raises(NotYours):
        flickr.send(sent)

    assert flickr.look(sent) is None


def test_the_setting_for_page_addresses_is_no_evidence(server: FlickrStandIn) -> None:
    """It may still name the account of before."""
    url = "https://www.flickr.com/photos/before/404/"
    changed = client(server, page_url="https://www.flickr.com/photos/before/")
    with pytest.raises(NotYours):
        changed.send(act("delete", "404", params={"url": url}))


@pytest.mark.parametrize("is_public", [1, 0])
def test_somebody_elses_photo_is_left_alone(
    flickr: FlickrPlatform, server: FlickrStandIn, is_public: int
) -> None:
    other = server.backend.add_user("other", nsid="99@N00")
    photo_id = server.backend.add_photo(jpeg(), owner=other, is_public=is_public)
    server.backend.options.private_photo_code = 2

    with pytest.raises(NotYours):
        flickr.send(act("delete", photo_id))
    with pytest.raises(NotYours):
        flickr.fetch(RemoteRef(platform="flickr", remote_id=photo_id))
    assert photo_id in server.backend.photos


def test_a_delete_whose_proof_fails_is_unclear(
    flickr: FlickrPlatform, server: FlickrStandIn
) -> None:
    photo_id = server.backend.add_photo(jpeg())
    server.fail_next("flickr.photos.getInfo", status=429, times=-1)

    with pytest.raises(PlatformError) as caught:
        flickr.send(act("delete", photo_id))

    assert caught.value.unclear
    assert 1 == server.count("flickr.photos.delete")


def test_too_few_rights_for_a_delete(server: FlickrStandIn) -> None:
    token = server.backend.issue_token("write")
    photo_id = server.backend.add_photo(jpeg())

    with pytest.raises(SignedOut) as caught:
        client(server, token=token.token, token_secret=token.secret).send(act("delete", photo_id))

    assert "rights_too_small" == caught.value.code
    assert photo_id in server.backend.photos
