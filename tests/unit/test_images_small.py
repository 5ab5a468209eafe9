"""Smaller copies and thumbnails."""

from __future__ import annotations

import io
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from images_reader import (
    CAMERA_TAGS,
    EXIF_TAGS,
    SECRET,
    assert_clean,
    camera_exif,
    camera_jpeg,
    painted,
    png_chunks,
    profile,
    read_exif,
    read_jpeg,
)
from PIL import Image

from socials_lib import images
from socials_lib.errors import PhotoError
from socials_lib.images import thumbs
from socials_lib.models import PIXELFED_LIMITS, Limits, UploadCopy

#: Where the bright corner of `painted` lies, by orientation of the stored picture.
CORNERS = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}


def fitted(folder: Path, data: bytes, most: int, **settings: Any) -> tuple[UploadCopy, bytes]:
    source = folder / "dawn.jpg"
    source.write_bytes(data)
    limits = replace(PIXELFED_LIMITS, max_bytes=most)
    copy = images.make_copy(source, folder / "copies", limits=limits, fit=True, **settings)
    return copy, copy.path.read_bytes()


def corner(shown: Image.Image) -> tuple[int, int]:
    """The corner that is bright yellow: column and row, 0 or 1."""
    rgb = shown.convert("RGB")
    spots = {(x, y): rgb.getpixel((2 if x == 0 else rgb.width - 3, 2 if y == 0 else rgb.height - 3))
             for x in (0, 1) for y in (0, 1)}  # fmt: skip
    return min(spots, key=lambda spot: _distance(spots[spot]))


def _distance(colour: object) -> int:
    assert isinstance(colour, tuple)
    return sum(abs(a - b) for a, b in zip(colour, (255, 255, 0), strict=True))


def large(**save: Any) -> bytes:
    return camera_jpeg(painted(800, 600), quality=95, **save)


@pytest.mark.parametrize("most", [60_000, 30_000, 12_000])
def test_a_smaller_copy_fits_and_is_as_clean_as_any(tmp_path: Path, most: int) -> None:
    source = large()
    copy, data = fitted(tmp_path, source, most)

    assert copy.fitted
    assert copy.bytes == len(data) <= most
    assert SECRET not in data
    found = assert_clean(data)
    assert [b"ICC_PROFILE\0\1\1" + profile()] == found.payloads(0xE2)
    tags = read_exif(found.payloads(0xE1)[0])
    assert set(tags["main"]) == EXIF_TAGS
    assert set(tags["camera"]) == CAMERA_TAGS
    with Image.open(copy.path) as shown:
        assert shown.size == (copy.width, copy.height)
        assert 4 / 3 == pytest.approx(copy.width / copy.height, rel=0.02)
    assert copy.picture_sha == images.picture_sha(str(tmp_path / "dawn.jpg"))
    assert "2024-03-19T18:42:07" == copy.taken


def test_the_same_source_gives_the_same_smaller_copy(tmp_path: Path) -> None:
    assert fitted(tmp_path, large(), 40_000)[0] == fitted(tmp_path, large(), 40_000)[0]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_smaller_copy_stands_upright(tmp_path: Path, orientation: int) -> None:
    source = large(exif=camera_exif(orientation=orientation))
    copy, data = fitted(tmp_path, source, 30_000)

    assert (copy.width < copy.height) == (orientation >= 5)
    with Image.open(copy.path) as shown:
        assert CORNERS[orientation] == corner(shown)
        assert 1 == shown.getexif()[0x0112]


def test_place_and_texts_are_kept_in_a_smaller_copy_if_allowed(tmp_path: Path) -> None:
    copy, data = fitted(tmp_path, large(), 30_000, keep_gps=True, keep_texts=True)
    exif, packet = read_jpeg(data).payloads(0xE1)
    assert "gps" in read_exif(exif)
    assert b"A quiet morning" in packet
    assert len(data) <= 30_000


def test_a_file_within_the_limit_is_never_coded_again(tmp_path: Path) -> None:
    source = camera_jpeg()
    copy, data = fitted(tmp_path, source, 1_000_000)
    assert not copy.fitted
    assert read_jpeg(source).scans == read_jpeg(data).scans


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_stays_grey_and_cmyk_stays_cmyk(tmp_path: Path, mode: str) -> None:
    source = camera_jpeg(painted(800, 600, mode=mode), quality=95, icc_profile=None)
    copy, _ = fitted(tmp_path, source, 25_000)
    with Image.open(copy.path) as shown:
        assert mode == shown.mode


def png(shown: Image.Image, **save: Any) -> bytes:
    out = io.BytesIO()
    shown.save(out, "PNG", **save)
    return out.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "I;16"])
def test_an_opaque_png_becomes_a_smaller_jpeg(tmp_path: Path, mode: str) -> None:
    noisy = Image.effect_noise((400, 300), 90)
    shown = noisy.convert("I;16") if mode == "I;16" else noisy.convert("RGB").convert(mode)
    copy, data = fitted(tmp_path, png(shown), 40_000, name="chart.png")
    assert ("JPEG", "chart.jpg") == (copy.format, copy.path.name)
    assert_clean(data)


def test_a_png_with_transparency_stays_one(tmp_path: Path) -> None:
    shown = Image.effect_noise((400, 300), 90).convert("RGBA")
    shown.putalpha(Image.linear_gradient("L").resize(shown.size))
    copy, data = fitted(tmp_path, png(shown, icc_profile=profile()), 40_000)
    assert "PNG" == copy.format
    assert {b"IHDR", b"iCCP", b"IDAT", b"IEND"} == {kind for kind, _ in png_chunks(data)}
    assert len(data) <= 40_000


def test_a_still_gif_becomes_a_jpeg_and_a_moving_one_is_refused(tmp_path: Path) -> None:
    noisy = [Image.effect_noise((200, 150), 80 + number).convert("P") for number in range(3)]
    out = io.BytesIO()
    noisy[0].save(out, "GIF")
    assert "JPEG" == fitted(tmp_path, out.getvalue(), 15_000)[0].format
    out = io.BytesIO()
    noisy[0].save(out, "GIF", save_all=True, append_images=noisy[1:])
    with pytest.raises(PhotoError, match="moving picture") as caught:
        fitted(tmp_path, out.getvalue(), 15_000)
    assert "file_too_large" == caught.value.code


def test_what_cannot_be_made_small_enough_is_too_large(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match="very small copy") as caught:
        fitted(tmp_path, large(), 2_000)
    assert "file_too_large" == caught.value.code


def test_a_smaller_copy_keeps_to_the_formats_of_the_platform(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png(Image.effect_noise((200, 150), 90)))
    limits = Limits(max_bytes=9_000, formats=("PNG",))
    with pytest.raises(PhotoError, match="would be JPEG") as caught:
        images.make_copy(tmp_path / "a.png", tmp_path / "c", limits=limits, fit=True)
    assert "file_too_large" == caught.value.code


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_thumbnail_is_whole_and_upright(tmp_path: Path, orientation: int) -> None:
    path = tmp_path / "dawn.jpg"
    path.write_bytes(large(exif=camera_exif(orientation=orientation)))
    small = images.thumbnail(str(path))

    with Image.open(io.BytesIO(small)) as shown:
        assert ((108, 144) if orientation >= 5 else (192, 144)) == shown.size
        assert CORNERS[orientation] == corner(shown)
        assert not shown.getexif()
        assert "comment" not in shown.info
    assert SECRET not in small


@pytest.mark.parametrize("format", ["PNG", "GIF", "TIFF", "WEBP", "BMP", "JPEG2000", "AVIF"])
@pytest.mark.parametrize("box", [(192, 144), (96, 72), (640, 480)])
def test_thumbnails_of_other_formats(tmp_path: Path, format: str, box: tuple[int, int]) -> None:
    painted(400, 100).save(tmp_path / "a.bin", format)
    with Image.open(io.BytesIO(images.thumbnail(str(tmp_path / "a.bin"), box=box))) as shown:
        assert (min(400, box[0]), min(400, box[0]) // 4) == shown.size
        assert (0, 0) == corner(shown)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK"])
def test_thumbnails_in_all_colours(tmp_path: Path, mode: str) -> None:
    name = "a.jpg" if mode == "CMYK" else "a.png"
    painted(mode=mode).save(tmp_path / name)
    with Image.open(io.BytesIO(images.thumbnail(str(tmp_path / name)))) as shown:
        assert "RGB" == shown.mode


def test_twenty_five_thumbnails_are_small_enough_for_a_page(tmp_path: Path) -> None:
    path = tmp_path / "dawn.jpg"
    path.write_bytes(camera_jpeg(painted(3000, 2000), icc_profile=profile()))
    assert len(images.thumbnail(str(path))) < 300_000 // 25


@pytest.mark.parametrize(
    ("name", "data", "code", "words"),
    [
        ("a.cr3", b"\0\0\0\x18ftypcrx \0\0\0\1", "invalid_format", "No preview for CR3"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "invalid_format", "No preview for HEIF"),
        ("a.arw", b"II*\0\x08\0\0\0", "invalid_format", "No preview for ARW"),
        ("a.jpg", b"Dear reader", "not_an_image", "Not a picture"),
        ("a.jpg", b"", "not_an_image", "Not a picture"),
        ("a.jpg", camera_jpeg()[:300], "not_an_image", "Not a picture"),
        ("a.png", png(painted())[:200], "not_an_image", "Not a picture"),
    ],
)
def test_the_words_of_a_placeholder(
    tmp_path: Path, name: str, data: bytes, code: str, words: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(PhotoError) as caught:
        images.thumbnail(str(tmp_path / name))
    assert (code, words) == (caught.value.code, str(caught.value))


@pytest.mark.parametrize(
    ("path", "words"), [("/no/such.jpg", "File not found"), ("/mnt/nas-x/a.jpg", "Off-line")]
)
def test_the_words_for_a_missing_file(path: str, words: str) -> None:
    with pytest.raises(PhotoError) as caught:
        images.thumbnail(path)
    assert ("file_not_found", words) == (caught.value.code, str(caught.value))


def test_a_thumbnail_is_made_once_for_each_state_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    honest = images.thumbnail

    def counted(path: str, *, box: tuple[int, int]) -> bytes:
        made.append(path)
        return honest(path, box=box)

    monkeypatch.setattr(thumbs, "thumbnail", counted)
    path = tmp_path / "dawn.jpg"
    path.write_bytes(camera_jpeg())
    cache = images.ThumbnailCache(tmp_path / "cache")

    first = cache.get(str(path))
    assert first == cache.get(str(path)) == images.ThumbnailCache(cache.folder).get(str(path))
    assert 1 == len(made)
    assert first != cache.get(str(path), (40, 30))
    path.write_bytes(camera_jpeg(painted(50, 40)))
    assert first != cache.get(str(path))
    assert 3 == len(made)


def test_a_damaged_entry_of_the_cache_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "dawn.jpg").write_bytes(camera_jpeg())
    cache = images.ThumbnailCache(tmp_path / "cache")
    first = cache.get(str(tmp_path / "dawn.jpg"))
    (entry,) = (path for path in cache.folder.rglob("*") if path.is_file())
    entry.write_bytes(first[:50])
    assert first == cache.get(str(tmp_path / "dawn.jpg")) == entry.read_bytes()


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "dawn.jpg").write_bytes(camera_jpeg())
    (tmp_path / "cache").write_text("in the way", encoding="utf-8")
    assert images.ThumbnailCache(tmp_path / "cache").get(str(tmp_path / "dawn.jpg"))


def test_the_cache_says_the_words_of_a_placeholder_too(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match="^File not found$"):
        images.ThumbnailCache(tmp_path).get(str(tmp_path / "gone.jpg"))


def test_many_threads_may_use_the_cache_and_make_copies_at_once(tmp_path: Path) -> None:
    path = tmp_path / "dawn.jpg"
    path.write_bytes(large())
    cache = images.ThumbnailCache(tmp_path / "cache")
    seen: list[bytes] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            seen.append(cache.get(str(path)))
            images.make_copy(path, tmp_path / "copies", limits=PIXELFED_LIMITS)
        except BaseException as err:
            failed.append(err)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [] == failed
    assert 1 == len(set(seen))
    assert 1 == len(list((tmp_path / "copies").iterdir()))
    assert 1 == len([entry for entry in cache.folder.rglob("*") if entry.is_file()])
