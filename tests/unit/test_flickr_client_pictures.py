"""Uploads, replacements and lost answers of the Flickr client against the stand-in."""

# ruff: noqa: F401, F811 (fixtures are imported and then asked for by name)

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flickr_client_kit import RETRY, SHA, act, client, copy, flickr, jpeg, server, upload, waits

from socials_lib.demo.flickr import FlickrStandIn
from socials_lib.errors import (
    Refused,
    Unreachable,
)
from socials_lib.models import Act, Answer, RemoteRef, UploadCopy
from socials_lib.platforms.flickr import FlickrPlatform, looking
from socials_lib.platforms.flickr.wire import WatchedFile

# adding


def test_an_upload_sends_all_texts_tags_and_marks(
    flickr: FlickrPlatform, server: FlickrStandIn, upload: Act
) -> None:
    flickr.account_facts()

    answer = flickr.send(upload)

    remote = flickr.fetch(RemoteRef(platform="flickr", remote_id=answer.remote_id))
    assert remote is not None
    assert upload.params["title"] == remote.title
    assert flickr.same("description", upload.params["description"], remote.description)
    assert ["woodduck", "sãopaulo", "imatch:id=17", f"imatch:sha={SHA}"] == [
        tag.clean for tag in remote.tags
    ]
    assert "public" == remote.visibility
    assert answer.url == f"{server.url}/photos/demo/{answer.remote_id}/"
    assert 1 == server.count("upload")


@pytest.mark.parametrize("visibility", ["public", "friends", "family", "friends+family", "private"])
def test_every_visibility_reads_back_as_sent(
    flickr: FlickrPlatform, upload: Act, visibility: str
) -> None:
    answer = flickr.send(
        replace(upload, params={**upload.params, "visibility": visibility, "stamp": ""})
    )

    remote = flickr.fetch(RemoteRef(platform="flickr", remote_id=answer.remote_id))
    assert remote is not None
    assert visibility == remote.visibility
    assert not any("imatch" in tag.clean for tag in remote.tags)


def test_an_upload_tells_how_far_it_is(flickr: FlickrPlatform, upload: Act) -> None:
    told: list[tuple[int, int]] = []

    flickr.send(upload, lambda sent, total: told.append((sent, total)))

    assert upload.copy is not None
    assert (upload.copy.bytes, upload.copy.bytes) == told[-1]


def test_a_failing_progress_bar_never_breaks_an_upload(flickr: FlickrPlatform, upload: Act) -> None:
    def broken(_sent: int, _total: int) -> None:
        raise RuntimeError("no such widget")

    assert flickr.send(upload, broken).remote_id


def test_the_watched_file_has_no_length_of_its_own(tmp_path: Path) -> None:
    """requests-toolbelt would take it for the remaining bytes and read for ever."""
    path = tmp_path / "x"
    path.write_bytes(b"12345")
    with path.open("rb") as file:
        watched = WatchedFile(file, 5, None)
        assert not hasattr(watched, "__len__")
        assert file.fileno() == watched.fileno()
        assert b"12" == watched.read(2)
        assert 2 == watched.tell()


@pytest.mark.parametrize(
    ("code", "expected"),
    [(5, "invalid_format"), (6, "account_full"), (8, "file_too_large"), (4, "not_an_image")],
)
def test_a_refused_upload_says_why(
    flickr: FlickrPlatform, server: FlickrStandIn, upload: Act, code: int, expected: str
) -> None:
    server.refuse_next("upload", code, "No")

    with pytest.raises(Refused) as caught:
        flickr.send(upload)

    assert (expected, code, False) == (
        caught.value.code,
        caught.value.service_code,
        caught.value.unclear,
    )
    assert caught.value.hint


@pytest.mark.parametrize("code", [0, 3, 105, 106, 201])
def test_an_upload_that_may_have_worked_is_unclear(
    flickr: FlickrPlatform, server: FlickrStandIn, upload: Act, code: int
) -> None:
    server.refuse_next("upload", code, "Sorry")

    with pytest.raises(Unreachable) as caught:
        flickr.send(upload)

    assert (True, True) == (caught.value.unclear, caught.value.transient)
    assert 1 == server.count("upload")


@pytest.mark.parametrize(
    "how",
    [
        {"drop_answer": True},
        {"reset": True, "when": "after"},
        {"status": 502, "when": "after"},
        {"status": 500},
        {"truncate": True},
        {"body": b"", "when": "after"},
        {"body": b"<html><body>Blocked</body></html>", "when": "after"},
        {"body": b'{"stat":"fail","code":201,"message":"Sorry"}', "when": "after"},
    ],
    ids=lambda how: "-".join(how),
)
def test_an_unclear_upload_is_sent_once_and_found_by_its_marks(
    flickr: FlickrPlatform, server: FlickrStandIn, upload: Act, how: dict[str, Any]
) -> None:
    server.fail_next("upload", **how)

    with pytest.raises(Unreachable) as caught:
        flickr.send(upload)

    assert caught.value.unclear
    found = flickr.look(upload)
    stored = [photo.id for photo in server.backend.photos.values()]
    assert stored == ([found.remote_id] if found else [])
    assert 1 == server.count("upload")


def test_an_upload_that_hangs_ends_with_the_time_out(
    flickr: FlickrPlatform, server: FlickrStandIn, upload: Act
) -> None:
    server.fail_next("upload", hang=True)

    with pytest.raises(Unreachable) as caught:
        flickr.send(upload)

    assert caught.value.unclear
    assert flickr.look(upload) is None


def test_a_photo_with_the_same_title_but_other_marks_is_not_adopted(
    flickr: FlickrPlatform, server: FlickrStandIn, upload: Act
) -> None:
    title = upload.params["title"]
    server.backend.add_photo(jpeg(), title=title)
    server.backend.add_photo(jpeg(), title=title, tags=["imatch:id=17"])
    server.backend.add_photo(jpeg(), title=title, tags=["imatch:id=18", f"imatch:sha={SHA}"])

    assert flickr.look(upload) is None


def test_two_photos_with_our_marks_are_too_many(
    flickr: FlickrPlatform, server: FlickrStandIn, upload: Act
) -> None:
    flickr.send(upload)
    flickr.send(upload)

    with pytest.raises(Refused) as caught:
        flickr.look(upload)
    assert "several_candidates" == caught.value.code


MARKS = ("imatch:id=17", f"imatch:sha={SHA}")
HOUR = timedelta(hours=1)


def at(server: FlickrStandIn, moment: datetime, **more: Any) -> str:
    """A photo that Flickr says was posted then."""
    return server.backend.add_photo(jpeg(), posted=int(moment.timestamp()), **more)


@pytest.mark.parametrize("wrong", [-30 * 24 * HOUR, -3 * HOUR, 3 * HOUR, 30 * 24 * HOUR])
def test_marks_are_found_however_wrong_our_clock_is(
    server: FlickrStandIn, upload: Act, wrong: timedelta
) -> None:
    flickr = client(server, clock=lambda: datetime.now(UTC) + wrong)
    answer = flickr.send(upload)

    found = flickr.look(replace(upload, sent_at=datetime.now(UTC) + wrong))

    assert found is not None
    assert answer.remote_id == found.remote_id


@pytest.mark.parametrize("wrong", [-3 * HOUR, 3 * HOUR])
@pytest.mark.parametrize("stamp", ["17", ""], ids=["marks", "title"])
def test_our_wrong_clock_makes_no_older_photo_look_new(
    server: FlickrStandIn, upload: Act, wrong: timedelta, stamp: str
) -> None:
    """Flickr's own clock counts: its `Date` tells how far ours is from it."""
    days = 3 if stamp else 0.05
    title = upload.params["title"]
    at(server, datetime.now(UTC) - timedelta(days=days), title=title, tags=MARKS)
    flickr = client(server, clock=lambda: datetime.now(UTC) + wrong)
    sent = replace(
        upload,
        params={**upload.params, "stamp": stamp},
        sent_at=datetime.now(UTC) + wrong,
    )

    assert flickr.look(sent) is None


def test_marks_count_though_our_clock_was_put_back_since(
    flickr: FlickrPlatform, upload: Act
) -> None:
    answer = flickr.send(upload)

    found = flickr.look(replace(upload, sent_at=datetime.now(UTC) + 400 * 24 * HOUR))

    assert found is not None
    assert answer.remote_id == found.remote_id


def test_without_marks_a_clock_that_was_put_back_leaves_it_open(
    flickr: FlickrPlatform, server: FlickrStandIn, upload: Act
) -> None:
    plain = replace(upload, params={**upload.params, "stamp": ""})
    later = replace(plain, sent_at=datetime.now(UTC) + 3 * HOUR)
    assert flickr.look(later) is None

    at(server, datetime.now(UTC) - 9 * HOUR, title=upload.params["title"])
    with pytest.raises(Refused) as caught:
        flickr.look(later)
    assert "several_candidates" == caught.value.code


@pytest.mark.parametrize("stamp", ["17", ""], ids=["marks", "title"])
def test_what_another_act_came_back_with_is_not_this_upload(
    flickr: FlickrPlatform, server: FlickrStandIn, upload: Act, stamp: str
) -> None:
    sent = replace(upload, params={**upload.params, "stamp": stamp})
    earlier = flickr.send(sent).remote_id
    assert flickr.look(sent, taken={earlier}) is None

    now = flickr.send(sent).remote_id
    found = flickr.look(sent, taken={earlier})
    assert found is not None
    assert now == found.remote_id


def test_a_look_ends_where_all_that_follows_is_old(
    flickr: FlickrPlatform, server: FlickrStandIn, upload: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PAGE", 2)
    for _ in range(5):
        at(server, datetime.now(UTC) - 400 * 24 * HOUR)
    newest = flickr.send(upload).remote_id
    for _ in range(3):  # more came since: those are looked through all the same
        at(server, datetime.now(UTC) + HOUR)

    found = flickr.look(upload)

    assert found is not None
    assert newest == found.remote_id
    assert 3 == server.count("flickr.people.getPhotos")


def test_an_older_photo_with_our_marks_is_not_this_upload(
    flickr: FlickrPlatform, server: FlickrStandIn, upload: Act
) -> None:
    old = server.backend.add_photo(
        jpeg(), tags=["imatch:id=17", f"imatch:sha={SHA}"], posted=1_500_000_000
    )

    assert flickr.look(upload) is None
    assert Answer(remote_id=old, url="") == flickr.look(replace(upload, sent_at=None))


def test_without_marks_title_and_size_find_the_upload(
    flickr: FlickrPlatform, server: FlickrStandIn, upload: Act
) -> None:
    plain = replace(upload, params={**upload.params, "stamp": ""})
    server.backend.add_photo(jpeg((10, 10)), title=upload.params["title"])
    answer = flickr.send(plain)

    found = flickr.look(plain)

    assert found is not None
    assert answer.remote_id == found.remote_id


def test_without_the_copy_the_mark_of_the_file_still_counts(
    flickr: FlickrPlatform, server: FlickrStandIn, upload: Act
) -> None:
    server.backend.add_photo(jpeg(), title=upload.params["title"])
    answer = flickr.send(upload)

    found = flickr.look(replace(upload, copy=None))

    assert found is not None
    assert answer.remote_id == found.remote_id


def test_a_look_that_is_impossible_says_so(
    flickr: FlickrPlatform, server: FlickrStandIn, upload: Act, waits: list[float]
) -> None:
    server.fail_next("flickr.people.getPhotos", status=503, times=-1)

    with pytest.raises(Unreachable):
        flickr.look(upload)

    assert RETRY.attempts == server.count("flickr.people.getPhotos")
    assert 2 == len(waits)


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_duplicate_is_adopted_only_if_it_carries_our_marks(
    flickr: FlickrPlatform, server: FlickrStandIn, upload: Act, is_ours: bool
) -> None:
    tags = ["imatch:id=17", f"imatch:sha={SHA}"] if is_ours else []
    known = server.backend.add_photo(jpeg(), title=upload.params["title"], tags=tags)
    body = (
        '<rsp stat="fail"><err code="9" msg="Duplicate photo" />'
        f"<duplicate_photo_id>{known}</duplicate_photo_id></rsp>"
    )
    server.fail_next("upload", body=body.encode())

    if is_ours:
        assert known == flickr.send(upload).remote_id
        return
    with pytest.raises(Refused) as caught:
        flickr.send(upload)
    assert "duplicate_picture" == caught.value.code


def test_the_date_is_sent_as_local_time(flickr: FlickrPlatform, server: FlickrStandIn) -> None:
    photo_id = server.backend.add_photo(jpeg())

    flickr.send(act("set_dates", photo_id, params={"date_taken": "2024-03-19T06:12:00"}))

    remote = flickr.fetch(RemoteRef(platform="flickr", remote_id=photo_id))
    assert remote is not None
    assert "2024-03-19T06:12:00" == remote.date_taken


# replace


def test_a_replacement_keeps_the_id_and_is_known_by_its_secret(
    flickr: FlickrPlatform, server: FlickrStandIn, copy: UploadCopy
) -> None:
    photo_id = server.backend.add_photo(jpeg(colour="red"), title="Kept title")
    before = flickr.fetch(RemoteRef(platform="flickr", remote_id=photo_id))
    assert before is not None
    sent = act("replace", photo_id, copy=copy, params={"title": "Other", "secret": before.secret})
    assert flickr.look(sent) is None

    answer = flickr.send(sent)

    assert (photo_id, None) == (answer.remote_id, answer.warning)
    assert Answer(remote_id=photo_id) == flickr.look(sent)
    after = flickr.fetch(RemoteRef(platform="flickr", remote_id=photo_id))
    assert after is not None
    assert "Kept title" == after.title


def test_an_account_that_may_not_replace_gets_a_warning(
    flickr: FlickrPlatform, server: FlickrStandIn, copy: UploadCopy
) -> None:
    photo_id = server.backend.add_photo(jpeg())
    server.refuse_next("replace", 1, "Not a pro account")

    answer = flickr.send(act("replace", photo_id, copy=copy, params={"title": "x"}))

    assert "done" == answer.state
    assert answer.warning is not None
    assert "picture_not_replaceable" == answer.warning.code
