"""Pixelfed's answers, recorded and made up, told apart and read as records."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from socials_lib.errors import (
    NotOnPlatform,
    PlatformError,
    RateLimited,
    Refused,
    SignedOut,
    Unreachable,
)
from socials_lib.platforms.pixelfed.answers import (
    Seen,
    Server,
    classify,
    edits_left,
    parse_time,
    photo_of,
    token_claims,
    token_end,
)
from socials_lib.platforms.pixelfed.reading import limits_of, version_of

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SERVER = Server(name="pixelfed.example")
RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings" / "pixelfed"
needs_recordings = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason="the recorded answers are not on this machine"
)


def told(status: int, data: Any = None, *redirects: str, **headers: str) -> PlatformError | None:
    """The error for an answer; `data` JSON, bytes or None for an HTML page."""
    if data is None:
        body = b"<!DOCTYPE html>\n<html></html>"
    else:
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    seen = Seen(status=status, body=body, headers=named, redirects=redirects)
    return classify(seen, SERVER, now=NOW)


def life(name: str) -> Iterator[Any]:
    path = RECORDINGS / "life_0.11.13" / f"{name}.json"
    if not path.is_file():
        return
    for step in json.loads(path.read_text(encoding="utf-8")):
        if "request" in step:
            yield step


def seen_of_step(step: dict[str, Any]) -> Seen:
    """A recorded step as requests would hand it over: redirects followed to a web page."""
    body = step.get("body")
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    location = step["headers"].get("Location")
    if location:
        page = b"<!DOCTYPE html>\n<html></html>"
        return Seen(status=200, body=page, redirects=(location,))
    return Seen(status=step["status"], body=raw, headers=step["headers"])


#: Step -> error and code, the same for both Accept headers.
ERRORS: dict[str, tuple[type[PlatformError], str]] = {
    "unauth_notoken": (SignedOut, "signed_out"),
    "unauth_badtoken": (SignedOut, "signed_out"),
    "too_long": (Refused, "text_too_long"),
    "bad_visibility": (Refused, "invalid_input"),
    "media_nofile": (Refused, "invalid_format"),
    "media_badtype": (Refused, "invalid_format"),
    "media_webp": (Refused, "invalid_format"),
    "media_longdesc": (Refused, "text_too_long"),
    "status_404": (NotOnPlatform, "not_on_platform"),
    "route_404": (NotOnPlatform, "not_on_platform"),
    "media_get_404": (NotOnPlatform, "not_on_platform"),
    "media_put_404": (NotOnPlatform, "not_on_platform"),
    "status_del_404": (NotOnPlatform, "not_on_platform"),
    "status_put_404": (Refused, "missing_or_not_yours"),
    "bad_media_id": (Refused, "media_used"),
    "empty_status": (Refused, "invalid_input"),
    "scope_missing": (SignedOut, "rights_too_small"),
}
#: What only the words tell, and an HTML page has none.
ONLY_JSON = {"status_put_404", "bad_media_id", "empty_status", "scope_missing"}


@needs_recordings
@pytest.mark.parametrize(
    "step",
    list(life("errors_both_accepts")),
    ids=lambda step: f"{step['name']}-{step['request']['accept']}",
)
def test_recorded_errors_are_told_apart_whatever_the_accept_header(step: dict[str, Any]) -> None:
    error = classify(seen_of_step(step), SERVER, now=NOW)

    if step["name"] == "verify":
        assert error is None
        return
    kind, code = ERRORS[step["name"]]
    if step["request"]["accept"] == "*/*":
        if step["name"] in ONLY_JSON:
            assert isinstance(error, Refused)
            return
        if kind is Refused:
            code = "invalid_input"
    assert isinstance(error, kind)
    assert code == error.code
    assert not error.unclear


@needs_recordings
@pytest.mark.parametrize(
    "name",
    [
        "single_photo_lifecycle",
        "albums_visibility_limits",
        "fresh_account",
        "async_queue_delete",
        "idempotency_partial_misc",
        "paging_tags_whitespace_mime_ratelimit",
    ],
)
def test_every_recorded_success_is_none_and_every_failure_an_error(name: str) -> None:
    steps = [step for step in life(name) if step["request"].get("accept") == "application/json"]

    assert steps
    for step in steps:
        error = classify(seen_of_step(step), SERVER, now=NOW)
        assert (error is None) == (step["status"] < 300), step["name"]


@needs_recordings
def test_recorded_posts_can_be_read_in_both_shapes() -> None:
    shown = [
        step["body"]
        for step in life("single_photo_lifecycle")
        if step["name"].startswith("status_get")
        and isinstance(step["body"], dict)
        and "media_attachments" in step["body"]
    ]

    assert len(shown) > 3
    for status in shown:
        remote = photo_of(status)
        assert ("1030048266257743873", "3") == (remote.ref.remote_id, remote.ref.media_id)
        assert "1030047860554797057" == remote.owner_id
        assert datetime(2026, 11, 22, 9, 24, 4, tzinfo=UTC) == remote.posted
        assert remote.ref.url.endswith("/p/lab/1030048266257743873")


@needs_recordings
@pytest.mark.parametrize(
    ("name", "version", "letters"),
    [("instance_v1_0.11.4", "0.11.4", 2000), ("instance_v1_0.12.3", "0.12.3", 2000)],
)
def test_the_limits_of_a_large_site(name: str, version: str, letters: int) -> None:
    path = RECORDINGS / "pixelfed_social" / f"{name}.json"
    instance = json.loads(path.read_text(encoding="utf-8"))

    limits = limits_of(instance, {})

    assert version == version_of(instance)
    assert (15_360_000, letters, 1000) == (
        limits.max_bytes,
        limits.max_caption,
        limits.max_alt_text,
    )
    assert ("JPEG", "PNG", "GIF") == limits.formats


# told apart: all four columns of the facts


@pytest.mark.parametrize(
    ("status", "data", "redirects"),
    [
        (200, None, ("https://pixelfed.example/login",)),
        (500, {"error": "Unauthenticated."}, ()),
        (401, {"message": "Unauthenticated."}, ()),
        (401, {"error": "Unauthenticated."}, ()),
        (401, None, ()),
    ],
)
def test_a_token_that_is_no_good(status: int, data: Any, redirects: tuple[str, ...]) -> None:
    assert isinstance(told(status, data, *redirects), SignedOut)


@pytest.mark.parametrize(
    ("status", "data", "redirects"),
    [
        (200, None, ("https://pixelfed.example",)),
        (200, None, ("https://pixelfed.example/",)),
        (500, {"message": "No.", "errors": {"visibility": ["No."]}}, ()),
        (422, {"message": "No.", "errors": {"visibility": ["No."]}}, ()),
    ],
)
def test_input_that_is_not_accepted(status: int, data: Any, redirects: tuple[str, ...]) -> None:
    error = told(status, data, *redirects)

    assert isinstance(error, Refused)
    assert ("invalid_input", False, False) == (error.code, error.transient, error.abuse_like)


@pytest.mark.parametrize(
    ("status", "data"),
    [
        (404, None),
        (500, {"error": "No query results for model [App\\Status] 1"}),
        (404, {"message": "No query results for model [App\\Models\\Status] 1"}),
        (404, {"error": ""}),
    ],
)
def test_a_post_that_is_missing(status: int, data: Any) -> None:
    assert isinstance(told(status, data), NotOnPlatform)


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("file", "The file may not be greater than 15000 kilobytes.", "file_too_large"),
        ("file", "The file must be a file of type: image/jpeg.", "invalid_format"),
        ("status", "The status may not be greater than 500 characters.", "text_too_long"),
        ("description", "The description may not be greater than 9 characters.", "text_too_long"),
        ("limit", "The limit must be at least 1.", "invalid_input"),
    ],
)
def test_invalid_input_names_the_problem(field: str, text: str, code: str) -> None:
    error = told(500, {"message": text, "errors": {field: [text]}})

    assert error is not None
    assert code == error.code
    assert text in error.message


@pytest.mark.parametrize(
    ("status", "words", "code"),
    [
        (400, "You cannot edit your post more than 10 times.", "edits_used_up"),
        (403, "Account size limit reached.", "account_full"),
        (403, "Invalid or unsupported mime type.", "invalid_format"),
        (500, "This action is unauthorized.", "missing_or_not_yours"),
        (403, "This action is unauthorized.", "missing_or_not_yours"),
        (500, 'Undefined array key "media_ids"', "client_fault"),
    ],
)
def test_a_definite_no_has_its_code(status: int, words: str, code: str) -> None:
    error = told(status, {"error": words})

    assert isinstance(error, Refused)
    assert (code, False, False, False) == (
        error.code,
        error.unclear,
        error.transient,
        error.abuse_like,
    )


def test_a_key_that_is_known_says_that_the_request_has_arrived_before() -> None:
    error = told(400, {"error": "Duplicate idempotency key."})

    assert isinstance(error, Unreachable)
    assert ("duplicate_key", True, True) == (error.code, error.unclear, error.transient)


@pytest.mark.parametrize("words", ["Invalid media_ids", "Invalid media ids", "Invalid media id"])
def test_an_upload_that_is_gone_is_made_again(words: str) -> None:
    error = told(400, {"error": words})

    assert isinstance(error, Refused)
    assert "media" == error.restart_from


@pytest.mark.parametrize(
    ("status", "data", "headers", "expected"),
    [
        (429, {"error": "Too many attempts. Try again in a few minutes."}, {}, None),
        (429, None, {"Retry_After": "5"}, 5.0),
        (429, {"error": ""}, {"X_RateLimit_Reset": str(int(NOW.timestamp()) + 9)}, 9.0),
    ],
)
def test_a_rate_limit_names_its_pause(
    status: int, data: Any, headers: dict[str, str], expected: float | None
) -> None:
    error = told(status, data, **headers)

    assert isinstance(error, RateLimited)
    assert (expected, False) == (error.retry_after, error.abuse_like)


@pytest.mark.parametrize(
    ("status", "data", "abuse_like"),
    [
        (403, None, True),
        (403, b"", True),
        (451, {"error": "blocked"}, True),
        (400, {"error": "odd"}, False),
        (413, None, False),
    ],
)
def test_a_ban_looks_like_abuse(status: int, data: Any, abuse_like: bool) -> None:
    error = told(status, data)

    assert isinstance(error, Refused)
    assert abuse_like == error.abuse_like


def test_a_missing_scope_is_told_from_a_ban() -> None:
    for data in ({"error": ""}, {"message": ""}):
        error = told(403, data)
        assert isinstance(error, SignedOut)
        assert "rights_too_small" == error.code


@pytest.mark.parametrize(
    ("status", "data"),
    [(500, {"error": "Call to a member function on null"}), (500, None), (503, None), (502, b"")],
)
def test_trouble_on_their_side_is_unclear_and_passes(status: int, data: Any) -> None:
    error = told(status, data)

    assert isinstance(error, Unreachable)
    assert (True, True, False) == (error.unclear, error.transient, error.abuse_like)


@pytest.mark.parametrize(("data", "abuse_like"), [(None, True), (b'{"id": "10', False)])
def test_an_answer_that_cannot_be_read_proves_nothing(data: Any, abuse_like: bool) -> None:
    error = told(200, data)

    assert isinstance(error, Unreachable)
    assert (True, abuse_like) == (error.unclear, error.abuse_like)


def test_an_empty_answer_is_left_to_who_asked() -> None:
    assert told(200, b"") is None
    assert told(200, []) is None


def test_a_redirect_elsewhere_names_the_other_address() -> None:
    error = told(301, b"", Location="https://pixelfed.example/api")

    assert isinstance(error, Unreachable)
    assert (False, False) == (error.unclear, error.transient)
    assert "https://pixelfed.example/api" in error.hint


def test_an_ended_token_says_when_it_ended() -> None:
    seen = Seen(status=401, body=b'{"error":"Unauthenticated."}')

    error = classify(seen, Server(name="p.example", token_ended="14 March 2026"), now=NOW)

    assert "p.example no longer accepts the token; it ended on 14 March 2026." == str(error)


# records


def test_edits_left_come_from_the_history() -> None:
    edited = {"edited_at": "2026-11-22T09:24:04.000Z"}

    assert 9 == edits_left({"edited_at": None}, None)
    assert None is edits_left(edited, None)
    assert [9, 8, 0, 0] == [edits_left(edited, [{}] * rows) for rows in (1, 2, 10, 12)]


def test_numbers_of_limits_may_be_texts() -> None:
    instance = {
        "configuration": {
            "statuses": {"max_characters": "2000"},
            "media_attachments": {
                "image_size_limit": "15360000",
                "supported_mime_types": ["image/jpeg", "image/jpg", "image/webp", "video/mp4"],
            },
        }
    }

    limits = limits_of(instance, {"max_altext_length": "1500"})

    assert (2000, 1500, 15_360_000, ("JPEG",)) == (
        limits.max_caption,
        limits.max_alt_text,
        limits.max_bytes,
        limits.formats,
    )
    assert 15_728_640 == limits_of({}, {}).max_bytes
    big = {"configuration": {"media_attachments": {"image_size_limit": 99_000_000}}}
    assert 15_728_640 == limits_of(big, {}).max_bytes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22T09:24:04.000Z", datetime(2026, 11, 22, 9, 24, 4, tzinfo=UTC)),
        ("2026-11-22T09:24:04.000000Z", datetime(2026, 11, 22, 9, 24, 4, tzinfo=UTC)),
        ("", None),
        ("yesterday", None),
    ],
)
def test_times_are_read_as_they_are(text: str, expected: datetime | None) -> None:
    assert expected == parse_time(text)


def test_a_token_tells_its_scopes_and_its_end() -> None:
    payload = base64.urlsafe_b64encode(
        json.dumps({"exp": NOW.timestamp(), "scopes": ["read"]}).encode()
    )
    claims = token_claims(f"head.{payload.decode().rstrip('=')}.sign")

    assert (["read"], NOW) == (claims["scopes"], token_end(claims))
    for odd in ("", "opaque", "a.b.c", "a.bm90IGpzb24.c", "a.W10.c"):
        assert {} == token_claims(odd)
    assert token_end({}) is None and token_end({"exp": "never"}) is None


def test_a_post_without_its_usual_members_is_still_a_record() -> None:
    remote = photo_of({"id": 5, "content": None, "media_attachments": None, "tags": None})

    assert ("5", "", ()) == (remote.ref.remote_id, remote.caption, remote.media_ids)
