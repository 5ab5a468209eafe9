"""What the tests of the Pixelfed client share: both kinds of stand-in, a client, acts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from socials_lib.demo.pixelfed import PixelfedStandIn, legacy, recent
from socials_lib.models import Act, RemotePhoto, RemoteRef, UploadCopy
from socials_lib.platforms.pixelfed import PixelfedPlatform
from socials_lib.transport import MemoryPaceStore, Pacer, Retry, Timeouts

RETRY = Retry(first_wait=1, attempts=3)
CAPTION = "Dawn -- Fog & gulls, a < b\n\n#Lake #photography"


@pytest.fixture(params=["legacy", "recent"])
def server(request: pytest.FixtureRequest) -> Iterator[PixelfedStandIn]:
    options = legacy() if request.param == "legacy" else recent(queue="sync")
    with PixelfedStandIn(options) as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    return []


def client(
    server: PixelfedStandIn, waits: list[float] | None = None, **changes: Any
) -> PixelfedPlatform:
    waits = [] if waits is None else waits
    given: dict[str, Any] = {
        "base_url": server.url,
        "token": server.token,
        "timeouts": Timeouts(connect=2, read=0.5, upload=0.5),
        "retry": RETRY,
        "pacer": Pacer(MemoryPaceStore(), sleep=waits.append),
        "sleep": waits.append,
    }
    return PixelfedPlatform(**{**given, **changes})


@pytest.fixture
def pixelfed(server: PixelfedStandIn, waits: list[float]) -> PixelfedPlatform:
    return client(server, waits)


def jpeg(colour: str = "navy") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def copy(tmp_path: Path) -> UploadCopy:
    path = tmp_path / "Grüße.jpg"
    path.write_bytes(jpeg())
    size = path.stat().st_size
    return UploadCopy(
        path=path, format="JPEG", bytes=size, width=64, height=48, sha="f", picture_sha="f"
    )


@pytest.fixture
def media(copy: UploadCopy) -> Act:
    return act("media", copy=copy, params={"alt_text": 'Fog & "gulls"\nover a lake'})


def act(kind: str, status_id: str = "", **rest: Any) -> Act:
    return Act(platform="pixelfed", kind=kind, remote_id=status_id, **rest)


def post(media_id: str, caption: str = CAPTION, visibility: str = "public") -> Act:
    return act(
        "status",
        media_id=media_id,
        repeatable=False,
        params={"caption": caption, "visibility": visibility},
        sent_at=datetime.now(UTC),
    )


def ref(status_id: str) -> RemoteRef:
    return RemoteRef(platform="pixelfed", remote_id=status_id)


def shown(pixelfed: PixelfedPlatform, status_id: str) -> RemotePhoto:
    remote = pixelfed.fetch(ref(status_id))
    assert remote is not None
    return remote


def edit(remote: RemotePhoto, caption: str) -> Act:
    return act(
        "caption",
        remote.ref.remote_id,
        media_id=remote.ref.media_id,
        params={
            "caption": caption,
            "media_ids": list(remote.media_ids),
            "spoiler_text": remote.spoiler_text,
            "sensitive": remote.sensitive,
            "edits_left": remote.edits_left,
        },
    )


@pytest.fixture
def online(pixelfed: PixelfedPlatform, server: PixelfedStandIn) -> RemotePhoto:
    return shown(pixelfed, server.backend.add_status(jpeg(), caption=CAPTION, alt_text="Fog"))
