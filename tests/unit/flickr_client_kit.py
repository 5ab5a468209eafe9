"""What the tests of the Flickr client share: the stand-in, a client for it, a picture, acts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from socials_lib.demo.flickr import FlickrStandIn
from socials_lib.models import Act, UploadCopy
from socials_lib.platforms.flickr import FlickrPlatform
from socials_lib.transport import MemoryPaceStore, Pacer, Retry, Timeouts

SHA = "0123456789abcdef"
#: No wait in a test is real; jitter aside the client decides how long they would be.
RETRY = Retry(first_wait=1, attempts=3)


@pytest.fixture
def server() -> Iterator[FlickrStandIn]:
    with FlickrStandIn() as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def flickr(server: FlickrStandIn, waits: list[float]) -> FlickrPlatform:
    return client(server, waits)


def client(
    server: FlickrStandIn, waits: list[float] | None = None, **changes: Any
) -> FlickrPlatform:
    waits = [] if waits is None else waits
    given: dict[str, Any] = {
        "key": server.api_key,
        "secret": server.api_secret,
        "token": server.token,
        "token_secret": server.token_secret,
        "base_url": server.url,
        "timeouts": Timeouts(connect=2, read=0.5, upload=0.5),
        "retry": RETRY,
        "pacer": Pacer(MemoryPaceStore(), sleep=waits.append),
        "sleep": waits.append,
    }
    return FlickrPlatform(**{**given, **changes})


def jpeg(size: tuple[int, int] = (64, 48), colour: str = "navy") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def copy(tmp_path: Path) -> UploadCopy:
    path = tmp_path / "Grüße aus Köln.jpg"
    path.write_bytes(jpeg())
    return UploadCopy(
        path=path,
        format="JPEG",
        bytes=path.stat().st_size,
        width=64,
        height=48,
        sha="ff",
        picture_sha=SHA + "ffff",
    )


@pytest.fixture
def upload(copy: UploadCopy) -> Act:
    return Act(
        platform="flickr",
        kind="upload",
        main=True,
        repeatable=False,
        params={
            "title": "Dawn over the lake 🌅",
            "description": 'Fog & "gulls" <3\nhttps://example.org/?a=1&b=2',
            "tags": ["Wood Duck", "São Paulo"],
            "stamp": "17",
            "visibility": "public",
        },
        copy=copy,
        sent_at=datetime.now(UTC),
    )


def act(kind: str, photo_id: str = "", **rest: Any) -> Act:
    return Act(platform="flickr", kind=kind, remote_id=photo_id, **rest)


@pytest.fixture
def photo_id(server: FlickrStandIn) -> str:
    return server.backend.add_photo(jpeg())
