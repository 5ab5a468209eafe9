"""The upload copy of PNG and GIF: chunks and blocks of the picture, nothing else."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from images_reader import SECRET, XMP, camera_exif, chunk, gif_blocks, painted, png_chunks, profile
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from socials_lib import images
from socials_lib.errors import PhotoError
from socials_lib.models import FLICKR_LIMITS, UploadCopy

KEPT = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP",
        b"sBIT", b"pHYs"}  # fmt: skip


def copied(folder: Path, data: bytes, name: str = "chart.png") -> tuple[UploadCopy, bytes]:
    source = folder / name
    source.write_bytes(data)
    copy = images.make_copy(source, folder / "copies", limits=FLICKR_LIMITS)
    assert data == source.read_bytes()
    return copy, copy.path.read_bytes()


def refused(folder: Path, data: bytes, name: str = "chart.png") -> PhotoError:
    with pytest.raises(PhotoError) as caught:
        copied(folder, data, name)
    assert [] == list((folder / "copies").glob("*"))
    return caught.value


def talkative_png(shown: Image.Image | None = None, **save: Any) -> bytes:
    notes = PngInfo()
    notes.add_text("Comment", "SECRET comment")
    notes.add_text("Title", "SECRET title", zip=True)
    notes.add_itxt("XML:com.adobe.xmp", XMP.decode())
    notes.add(b"tIME", bytes(7))
    notes.add(b"prVt", SECRET)
    notes.add(b"late", SECRET, after_idat=True)
    out = io.BytesIO()
    settings: dict[str, Any] = {"exif": camera_exif(), "dpi": (300, 300), "pnginfo": notes}
    (shown or painted()).save(out, "PNG", **(settings | save))
    return out.getvalue() + b"SECRET behind"


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "I;16"])
def test_nothing_private_is_left_in_a_png(tmp_path: Path, mode: str) -> None:
    shown = painted(mode="L").convert("I;16") if mode == "I;16" else painted(mode=mode)
    source = talkative_png(shown, icc_profile=profile())
    copy, data = copied(tmp_path, source)

    assert SECRET not in data
    chunks = png_chunks(data)
    assert {kind for kind, _ in chunks} <= KEPT
    assert {b"iCCP", b"pHYs"} <= {kind for kind, _ in chunks}
    before = png_chunks(source[: -len(b"SECRET behind")])
    assert [one for one in before if one[0] in KEPT] == chunks
    assert ("PNG", 96, 64, ".png") == (copy.format, copy.width, copy.height, copy.path.suffix)
    assert copy.removed[:2] == ("place", "keywords")
    assert copy.picture_sha == images.picture_sha(str(copy.path))
    with Image.open(io.BytesIO(source)) as old, Image.open(copy.path) as new:
        assert old.tobytes() == new.tobytes()
        assert {} == getattr(new, "text", None)


def interlaced() -> bytes:
    """5 x 3 grey pixels in seven passes; Pillow cannot write these."""
    rows = [bytes((200, 10, 30, 40, 50)), bytes((60, 70, 80, 90, 100)), bytes((1, 2, 3, 4, 5))]
    raw = b""
    for x, y, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4),
                         (1, 0, 2, 2), (0, 1, 1, 2)):  # fmt: skip
        for row in rows[y::dy]:
            if row[x::dx]:
                raw += b"\0" + row[x::dx]
    head = struct.pack(">IIBBBBB", 5, 3, 8, 0, 0, 0, 1)
    packed = zlib.compress(raw)
    parts = [(b"IHDR", head), (b"tEXt", b"Comment\0SECRET"), (b"IDAT", packed[:5])]
    parts += [(b"IDAT", packed[5:]), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def test_an_interlaced_png_in_several_parts_is_kept(tmp_path: Path) -> None:
    copy, data = copied(tmp_path, interlaced())
    assert SECRET not in data
    with Image.open(copy.path) as shown:
        assert bytes((200, 10, 30, 40, 50, 60)) == shown.tobytes()[:6]


def test_a_moving_png_becomes_its_first_picture(tmp_path: Path) -> None:
    out = io.BytesIO()
    painted().save(out, "PNG", save_all=True, append_images=[painted(seed=4), painted(seed=5)])
    copy, data = copied(tmp_path, out.getvalue())
    assert {kind for kind, _ in png_chunks(data)} <= KEPT
    assert any("animation" in word for word in copy.removed)


@pytest.mark.parametrize(
    "part",
    [
        chunk(b"iCCP", b"SECRET\0\0" + zlib.compress(b"SECRET")),
        chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(profile()) + b"SECRET"),
        chunk(b"iCCP", b"sRGB\0\0SECRET"),
        chunk(b"gAMA", b"SECRET"),
        chunk(b"pHYs", b"SECRET" * 3),
        chunk(b"sRGB", b"\0")[:-1] + b"x",
    ],
    ids=["no profile", "behind the profile", "not packed", "long", "longer", "wrong checksum"],
)
def test_a_harmless_chunk_that_is_none_goes(tmp_path: Path, part: bytes) -> None:
    source = talkative_png()
    copy, data = copied(tmp_path, source[:33] + part + source[33:])
    assert SECRET not in data
    assert part not in data
    assert [one for one in png_chunks(data) if one[0] in (b"iCCP", b"gAMA", b"sRGB")] == []


def png_with(idat: bytes, *, head: bytes = struct.pack(">IIBBBBB", 4, 2, 8, 0, 0, 0, 0)) -> bytes:
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", idat) + chunk(b"IEND")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (png_with(zlib.compress(bytes(10)) + SECRET), "private_content", "behind the picture data"),
        (png_with(zlib.compress(bytes(10) + SECRET)), "private_content", "more rows"),
        (png_with(zlib.compress(bytes(9))), "not_an_image", "missing"),
        (png_with(zlib.compress(bytes(10))[:-2]), "not_an_image", "missing"),
        (png_with(b"SECRET"), "not_an_image", "unpacked"),
        (png_with(b"", head=b"SECRET"), "not_an_image", "header"),
        (png_with(zlib.compress(bytes(10)))[:-6], "not_an_image", "cut off"),
        (png_with(zlib.compress(bytes(10)))[:20], "not_an_image", "cut off"),
        (png_with(zlib.compress(bytes(10)))[:33] + chunk(b"IEND"), "not_an_image", "no picture"),
        (interlaced().replace(b"tEXt", b"CgBI"), "not_an_image", "CgBI"),
        (interlaced()[:33] + interlaced()[8:], "not_an_image", "twice"),
        (interlaced()[:-14] + b"\0\0" + interlaced()[-12:], "not_an_image", "checksum"),
    ],
)  # fmt: skip
def test_a_png_that_hides_or_lacks_something_is_refused(
    tmp_path: Path, data: bytes, code: str, words: str
) -> None:
    error = refused(tmp_path, data)
    assert code == error.code
    assert words in str(error)


def talkative_gif(frames: int = 1, **save: Any) -> bytes:
    shown = [painted(seed=number, mode="P") for number in range(frames)]
    out = io.BytesIO()
    shown[0].save(out, "GIF", comment=b"SECRET comment", append_images=shown[1:],
                  save_all=frames > 1, **save)  # fmt: skip
    data = out.getvalue()
    at = 13 + 3 * 2 ** ((data[10] & 7) + 1)
    private = (
        b"\x21\xff\x0bXMP DataXMP" + bytes((len(XMP) % 200,)) + XMP[: len(XMP) % 200] + b"\0"
        b"\x21\xff\x0bSECRET12345\x03abc\0"
        b"\x21\xf9\x04\0\x0a\0\0\0\x21\x01\x0c123456789012\x06SECRET\0"
        b"\x21\xfe\x06SECRET\x06SECRET\0"
    )
    return data[:at] + private + data[at:] + b"SECRET behind"


@pytest.mark.parametrize("frames", [1, 3])
def test_nothing_private_is_left_in_a_gif(tmp_path: Path, frames: int) -> None:
    source = talkative_gif(frames, loop=7, duration=[120] * frames if frames > 1 else 0)
    copy, data = copied(tmp_path, source, "wave.gif")

    assert SECRET not in data
    blocks, before = gif_blocks(data), gif_blocks(source)
    assert ("end", b"") == blocks[-1]
    assert {name for name, _ in blocks} <= {"control", "application", "image", "end"}
    images_before = [block for name, block in before if name == "image"]
    assert images_before == [block for name, block in blocks if name == "image"]
    assert "comments" in copy.removed
    with Image.open(copy.path) as shown:
        assert frames == getattr(shown, "n_frames", 0)
        if frames > 1:
            assert (7, 120) == (shown.info["loop"], shown.info["duration"])
    assert copy.picture_sha == images.picture_sha(str(tmp_path / "wave.gif"))


def test_a_gif_without_its_end_mark_gets_one(tmp_path: Path) -> None:
    out = io.BytesIO()
    painted(mode="P").save(out, "GIF")
    assert out.getvalue() == copied(tmp_path, out.getvalue()[:-1], "wave.gif")[1]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"GIF89a", "cut off"),
        (talkative_gif()[:400], "cut off"),
        (talkative_gif()[:2000], "cut off"),
        (b"GIF89a\4\0\4\0\0\0\0;", "no picture"),
        (b"GIF89a\4\0\4\0\0\0\0\x99\x99\x99", "unexpected block"),
    ],
    ids=["head", "colours", "picture", "none", "block"],
)
def test_what_is_no_whole_gif_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    error = refused(tmp_path, data, "wave.gif")
    assert "not_an_image" == error.code
    assert words in str(error)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    what=st.sampled_from(("png", "gif")),
    spots=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=4),
    length=st.integers(0, 10**6),
    cut=st.booleans(),
)
def test_no_accident_lets_anything_private_through(
    what: str,
    spots: list[tuple[int, int]],
    length: int,
    cut: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.getbasetemp() / "png_gif"
    folder.mkdir(exist_ok=True)
    data = bytearray(talkative_png() if what == "png" else talkative_gif(3))
    for place, value in spots:
        data[place % min(len(data), 3000)] = value
    if cut:
        del data[length % len(data) :]
    (folder / "bent").write_bytes(data)
    try:
        copy = images.make_copy(folder / "bent", folder / "b", limits=FLICKR_LIMITS, name="copy")
    except PhotoError as err:
        assert err.code in ("not_an_image", "private_content")
        return
    made = copy.path.read_bytes()
    if what == "png":
        assert {kind for kind, _ in png_chunks(made)} <= KEPT
    else:
        blocks = {name for name, _ in gif_blocks(made)}
        assert blocks <= {"control", "application", "image", "end"}
