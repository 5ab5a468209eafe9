"""Real camera files and files that met with accidents: nothing private gets through."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from images_reader import (
    CAMERA_FILES,
    SECRET,
    assert_clean,
    camera_exif,
    camera_jpeg,
    painted,
    read_exif,
    read_jpeg,
    segment,
    talkative_segments,
)
from PIL import Image

from socials_lib import images
from socials_lib.errors import PhotoError
from socials_lib.models import FLICKR_LIMITS


def camera_files() -> list[Path]:
    return sorted(CAMERA_FILES.glob("*.jpg"))


@pytest.mark.skipif(not camera_files(), reason=f"the camera files are not in {CAMERA_FILES}")
@pytest.mark.parametrize("source", camera_files(), ids=lambda path: path.stem)
def test_real_camera_files_lose_everything_private_and_nothing_of_the_picture(
    source: Path, tmp_path: Path
) -> None:
    copy = images.make_copy(source, tmp_path, limits=FLICKR_LIMITS)
    data = copy.path.read_bytes()

    before, after = read_jpeg(source.read_bytes()), assert_clean(data)
    assert before.picture == after.picture
    assert before.scans == after.scans
    for mark in (b"GPS", b"xpacket", b"Photoshop", b"8BIM", b"MPF\0", b"JFXX", b"GIMP", b"http:"):
        assert not [
            one for kind, one in after.segments if kind >= 0xE0 and kind != 0xE2 and mark in one
        ]
    assert images.picture_sha(str(source)) == copy.picture_sha == images.picture_sha(str(copy.path))
    with Image.open(source) as old, Image.open(copy.path) as new:
        assert old.tobytes() == new.tobytes()
        assert old.info.get("icc_profile") == new.info.get("icc_profile")


RICH = camera_jpeg(painted(64, 48), progressive=True, restart_marker_blocks=3)


def split(data: bytes) -> list[bytes]:
    """Segments with their coded data as pieces to play with."""
    found = read_jpeg(data)
    scans = iter(found.scans)
    pieces = [segment(m, p) + (next(scans) if m == 0xDA else b"") for m, p in found.segments]
    return [b"\xff\xd8", *pieces, b"\xff\xd9", found.behind]


PIECES = split(RICH)
SPOTS = st.integers(0, 10**6)
ACCIDENTS = ("lose", "double", "move", "cut", "bend", "swell", "insert")


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """The rich JPEG after some accidents: lost, doubled, moved, cut, bent segments."""
    pieces = list(PIECES)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(SPOTS) % len(pieces)
        accident = draw(
            st.sampled_from(("lose", "double", "move", "cut", "bend", "swell", "insert"))
        )
        piece = pieces[at]
        if accident == "lose":
            pieces.pop(at)
        elif accident == "double":
            pieces.insert(at, piece)
        elif accident == "move":
            pieces.insert(draw(SPOTS) % len(pieces), pieces.pop(at))
        elif accident == "cut" and piece:
            pieces[at] = piece[: draw(SPOTS) % len(piece)]
        elif accident == "bend" and piece and not piece.startswith(b"\xff\xe1"):
            place = draw(SPOTS) % min(len(piece), 24)
            pieces[at] = (
                piece[:place] + draw(st.binary(min_size=1, max_size=3)) + piece[place + 1 :]
            )
        elif accident == "swell" and len(piece) > 4:
            pieces[at] = piece + draw(st.sampled_from((b"\xff", b"\0", SECRET, b"\xff\xd9")))
        elif accident == "insert":
            pieces.insert(at, draw(st.sampled_from(talkative_segments())))
        if not pieces:
            pieces = [b"\xff\xd8"]
    return b"".join(pieces)


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=mutated())
def test_no_accident_lets_anything_private_through(data: bytes, tmp_path: Path) -> None:
    source = tmp_path / "dawn.jpg"
    source.write_bytes(data)
    try:
        copy = images.make_copy(source, tmp_path / "copies", limits=FLICKR_LIMITS, name="copy")
    except PhotoError as err:
        assert err.code in ("not_an_image", "private_content")
        assert "“dawn.jpg”" in str(err)
    else:
        found = assert_clean(copy.path.read_bytes())
        for marker, payload in found.segments:
            assert SECRET not in payload, f"{marker:02X}"
        assert copy.picture_sha == images.picture_sha(str(source))
    assert data == source.read_bytes()


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    spots=st.lists(st.tuples(SPOTS, st.integers(0, 255)), min_size=1, max_size=12),
    keep=st.booleans(),
)
def test_no_bent_exif_lets_another_tag_through(
    spots: list[tuple[int, int]], keep: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tiff = bytearray(camera_exif().tobytes())
    for place, value in spots:
        tiff[6 + place % (len(tiff) - 6)] = value
    source = tmp_path_factory.getbasetemp() / "bent_exif" / "bent.jpg"
    source.parent.mkdir(exist_ok=True)
    source.write_bytes(camera_jpeg(exif=bytes(tiff)))
    copy = images.make_copy(
        source, source.parent / "copies", limits=FLICKR_LIMITS, keep_gps=keep, name="copy"
    )
    data = copy.path.read_bytes()
    if keep:
        for payload in read_jpeg(data).payloads(0xE1):
            assert set(read_exif(payload)) <= {"main", "camera", "gps"}
    else:
        assert_clean(data)
