"""Flickr's bytes, recorded and made up, read as replies, records and errors."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from socials_lib.errors import PlatformError, RateLimited, Refused, SignedOut, Unreachable
from socials_lib.platforms.flickr.answers import Reply, photo_of, read_answer
from socials_lib.platforms.flickr.texts import clean, same

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings" / "flickr"

needs_recordings = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason="the recorded answers are not on this machine"
)


def recorded(*folders: str, pattern: str = "*.xml") -> list[Path]:
    return sorted(one for folder in folders for one in (RECORDINGS / folder).glob(pattern))


def read(body: bytes, status: int = 200, **headers: str) -> Reply:
    named: Mapping[str, str] = {key.replace("_", "-"): value for key, value in headers.items()}
    return read_answer(status, body, named, now=NOW)


def error_of(body: bytes, status: int = 200, **headers: str) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        read(body, status, **headers)
    return caught.value


def failure(code: int, message: str = "No") -> bytes:
    return f'<rsp stat="fail">\n\t<err code="{code}" msg="{message}" />\n</rsp>\n'.encode()


# recorded answers


@needs_recordings
@pytest.mark.parametrize(
    "path", recorded("xml_2023_2025/photos.getInfo", pattern="[0-9]*.xml"), ids=lambda p: p.stem
)
def test_every_recorded_photo_can_be_read(path: Path) -> None:
    info = read(path.read_bytes()).find("photo")

    remote = photo_of(info, None, own_id="")

    assert path.stem.split("_")[0] == remote.ref.remote_id
    assert remote.owner_id and remote.secret and remote.ref.url
    assert remote.posted is not None
    assert remote.albums is None
    assert same("description", remote.description, remote.description)


@needs_recordings
def test_all_recorded_tags_have_the_clean_form_we_make() -> None:
    """Machine tags too; 359 of 359 pairs."""
    pairs = [
        (tag.get("raw", ""), tag.text or "")
        for path in recorded("xml_2023_2025/photos.getInfo", pattern="[0-9]*.xml")
        for tag in ET.parse(path).iterfind("photo/tags/tag")
    ]

    assert pairs
    assert [] == [(raw, text, clean(raw)) for raw, text in pairs if clean(raw) != text]


@needs_recordings
@pytest.mark.parametrize(
    "path", recorded("xml_2023_2025/photos.getInfo", pattern="err_*.xml"), ids=lambda p: p.stem
)
def test_a_recorded_missing_photo_has_its_code(path: Path) -> None:
    assert read(path.read_bytes()).code in (1, 2)


@needs_recordings
@pytest.mark.parametrize(
    "path", recorded("xml_2023_2025/photos.getAllContexts"), ids=lambda p: p.stem
)
def test_recorded_contexts_give_albums_groups_and_sizes(path: Path) -> None:
    reply = read(path.read_bytes())

    remote = photo_of(ET.Element("photo", id="1"), reply.rsp, own_id="")

    assert len(reply.rsp.findall("set")) == len(remote.albums or {})
    assert len(reply.rsp.findall("pool")) == len(remote.groups or {})
    assert all(size > 0 for size in remote.album_sizes.values())


@needs_recordings
@pytest.mark.parametrize(
    "path", recorded("json_2013/service.upload", "json_2013/service.replace"), ids=lambda p: p.stem
)
def test_recorded_uploads_give_an_id_a_ticket_or_a_failure(path: Path) -> None:
    if path.stem.startswith("err_"):
        assert isinstance(error_of(path.read_bytes()), SignedOut)
        return
    rsp = read(path.read_bytes()).rsp
    assert (rsp.findtext("photoid") or rsp.findtext("ticketid") or "").strip()


# codes that mean the same everywhere


@pytest.mark.parametrize("code", [0, 105, 106, 201])
def test_a_service_that_is_not_available_may_have_done_it(code: int) -> None:
    error = error_of(failure(code))

    assert isinstance(error, Unreachable)
    assert (True, True, code) == (error.unclear, error.transient, error.service_code)


@pytest.mark.parametrize("code", [96, 97, 98, 100])
def test_a_broken_sign_in_stops_all(code: int) -> None:
    error = error_of(failure(code))

    assert ("signed_out", code) == (error.code, error.service_code)
    assert error.hint


def test_too_few_rights_are_told_from_no_sign_in() -> None:
    few = "Insufficient permissions. Method requires delete privileges; write granted."
    none = "Insufficient permissions. Method requires read privileges; none granted."

    assert "rights_too_small" == error_of(failure(99, few)).code
    assert "signed_out" == error_of(failure(99, none)).code
    assert "signed_out" == error_of(failure(99, "User not logged in")).code


def test_a_link_on_the_abuse_list_is_refused_for_good() -> None:
    error = error_of(failure(116, "Bad URL found"))

    assert isinstance(error, Refused)
    assert (True, False, "bad_url") == (error.abuse_like, error.transient, error.code)


def test_codes_of_a_method_are_left_to_who_called_it() -> None:
    reply = read(failure(3, "Photo already in set"))

    assert (3, "Photo already in set") == (reply.code, reply.text)


# answers that are none


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="ok">\n<photoid>277',
        b'<rsp stat="fail"></rsp>',
        b"<other/>",
        b"not even close",
        b'{"stat":"ok"}',
        b"[1, 2]",
        b'{"stat":"fail"}',
    ],
)
def test_an_answer_that_cannot_be_read_proves_nothing(body: bytes) -> None:
    error = error_of(body)

    assert isinstance(error, Unreachable)
    assert (True, True, False) == (error.unclear, error.transient, error.abuse_like)


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Blocked</body></html>",
        b"<!DOCTYPE html>\n<html><body><br>Blocked",
        b"\n <HTML><p>",
    ],
)
def test_a_web_page_where_an_answer_is_due_is_suspicious(body: bytes) -> None:
    error = error_of(body)

    assert (True, True) == (error.unclear, error.abuse_like)


@pytest.mark.parametrize("code", [0, 201])
def test_a_json_failure_in_an_xml_call_is_understood(code: int) -> None:
    body = f'{{"stat":"fail","code":{code},"message":"Sorry, not available."}}'.encode()

    error = error_of(body)

    assert (True, code) == (error.transient, error.service_code)


# HTTP


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 520, 524])
def test_trouble_on_their_side_is_unclear_and_passes(status: int) -> None:
    error = error_of(b"<html>Bad gateway</html>", status)

    assert isinstance(error, Unreachable)
    assert (True, True, False, status) == (
        error.unclear,
        error.transient,
        error.abuse_like,
        error.status,
    )


def test_a_rate_limit_is_a_pause_and_nothing_happened() -> None:
    page = b"<html><body><h1>429 Too Many Requests</h1></body></html>"

    error = error_of(page, 429)
    named = error_of(page, 429, Retry_After="30")

    assert isinstance(error, RateLimited) and isinstance(named, RateLimited)
    assert (None, 30.0) == (error.retry_after, named.retry_after)
    assert (False, False) == (error.unclear, error.abuse_like)


@pytest.mark.parametrize("status", [403, 451])
def test_a_ban_looks_like_abuse(status: int) -> None:
    error = error_of(b"Forbidden", status)

    assert (True, False, False) == (error.abuse_like, error.transient, error.unclear)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, b"oauth_problem=token_rejected"),
        (401, b"oauth_problem=consumer_key_unknown"),
        (400, b"oauth_problem=parameter_absent&oauth_parameters_absent=oauth_token"),
        (401, b""),
    ],
)
def test_oauth_problems_mean_signing_in_again(status: int, body: bytes) -> None:
    assert isinstance(error_of(body, status), SignedOut)


def test_a_signature_problem_names_no_token() -> None:
    body = b"oauth_problem=signature_invalid&debug_sbs=POST&https%3A%2F%2Fx&oauth_token%3D7215-se"

    error = error_of(body, 401)

    assert "7215-se" not in f"{error} {error.details} {error.hint}"


@pytest.mark.parametrize(
    ("problem", "unclear"), [("nonce_used", True), ("timestamp_refused", False)]
)
def test_a_wrong_clock_is_no_lost_sign_in(problem: str, unclear: bool) -> None:
    """A nonce is used once by us: one that is known says that the request has arrived before."""
    error = error_of(f"oauth_problem={problem}".encode(), 401)

    assert ("clock", True, unclear) == (error.code, error.transient, error.unclear)


def test_a_redirect_elsewhere_did_nothing() -> None:
    error = error_of(b"", 302, Location="https://hotel.example/login")

    assert isinstance(error, Unreachable)
    assert (False, False) == (error.unclear, error.transient)
    assert "hotel.example" in error.details
