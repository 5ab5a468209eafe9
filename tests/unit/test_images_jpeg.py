"""The upload copy of a JPEG: the picture to the byte, and nothing private."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from images_reader import (
    SECRET,
    assert_clean,
    camera_exif,
    camera_jpeg,
    painted,
    profile,
    read_exif,
    read_jpeg,
    segment,
    talkative_segments,
)
from PIL import Image

from socials_lib import images
from socials_lib.errors import PhotoError, SocialsError
from socials_lib.images import facts, jpeg, witness
from socials_lib.images.parts import Keep, Stripped
from socials_lib.models import FLICKR_LIMITS, Limits, UploadCopy

Make = Callable[..., tuple[UploadCopy, bytes]]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes bytes to a file, makes its copy, gives the copy and its bytes."""

    def made(data: bytes, name: str = "dawn.jpg", **settings: Any) -> tuple[UploadCopy, bytes]:
        source = tmp_path / name
        source.write_bytes(data)
        limits = settings.pop("limits", FLICKR_LIMITS)
        copy = images.make_copy(source, tmp_path / "copies", limits=limits, **settings)
        assert data == source.read_bytes()
        return copy, copy.path.read_bytes()

    return made


def test_nothing_private_is_left_and_the_picture_is_the_same_to_the_byte(make: Make) -> None:
    source = camera_jpeg()
    copy, data = make(source)

    assert SECRET not in data
    found, before = assert_clean(data), read_jpeg(source)
    assert before.picture == found.picture
    assert before.scans == found.scans
    assert [b"ICC_PROFILE\0\1\1" + profile()] == found.payloads(0xE2)
    assert ("JPEG", len(data), 96, 64) == (copy.format, copy.bytes, copy.width, copy.height)
    assert "2024-03-19T18:42:07" == copy.taken
    assert not copy.fitted


def test_what_was_removed_is_said_in_words(make: Make) -> None:
    copy, _ = make(camera_jpeg())

    said = ", ".join(copy.removed)
    assert said.startswith("place, keywords, maker notes, ")
    assert said.endswith(" blocks)")
    for word in ("comments", "small previews", "further pictures", "bytes after the picture"):
        assert word in said


def test_a_picture_without_metadata_has_nothing_to_remove(make: Make) -> None:
    out = io.BytesIO()
    painted().save(out, "JPEG")
    copy, data = make(out.getvalue())
    assert () == copy.removed
    assert out.getvalue() == data


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_small_exif_holds_exactly_the_listed_values_as_the_camera_wrote_them(
    make: Make, order: str
) -> None:
    source = camera_jpeg(exif=camera_exif(orientation=6, order=order))
    copy, data = make(source)

    before, after = (read_exif(read_jpeg(one).payloads(0xE1)[-1]) for one in (source, data))
    assert {0x010F, 0x0110, 0x0112, 0x013B, 0x8298, 0x8769} == set(after["main"])
    assert {0x829A, 0x829D, 0x8827, 0x9003, 0x9011, 0x9291, 0x920A, 0xA434} == set(after["camera"])
    for tag, value in after["camera"].items():
        assert before["camera"][tag] == value
    for tag in (0x010F, 0x0110, 0x0112, 0x013B, 0x8298):
        assert before["main"][tag] == after["main"][tag]
    assert (64, 96) == (copy.width, copy.height)


def test_text_behind_the_end_of_a_text_goes(make: Make) -> None:
    exif = camera_exif()
    exif[0x013B] = "One\0SECRET behind"
    exif[0x8298] = "One\0Editor\0SECRET behind"
    _, data = make(camera_jpeg(exif=exif))
    assert SECRET not in data
    assert b"One\0Editor\0" in data


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"II*\0",
        b"garbage" * 5,
        b"MM\0*\xff\xff\xff\xff" + b"\0" * 20,
        b"II*\0\x08\0\0\0\xff\xff" + b"x" * 40,
        b"II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\x09\0\0\0\0\0\0\0",
        b"II*\0\x08\0\0\0\1\0\x0f\1\2\0\xff\xff\xff\x7f\x09\0\0\0\0\0\0\0",
        b"II*\0\x08\0\0\0\1\0\x69\x87\4\0\1\0\0\0\x08\0\0\0\0\0\0\0",
    ],
    ids=["empty", "short", "garbage", "far", "many", "orientation 9", "long text", "circle"],
)
def test_odd_exif_counts_as_absent(make: Make, exif: bytes) -> None:
    copy, data = make(camera_jpeg(exif=b"Exif\0\0" + exif))
    assert_clean(data)
    assert (96, 64, None) == (copy.width, copy.height, copy.taken)


@pytest.mark.parametrize(
    "date", ["0000:00:00 00:00:00", "    :  :     :  :  ", "2024:02:30 10:00:00"]
)
def test_a_date_that_never_was_is_left_out(make: Make, date: str) -> None:
    exif = camera_exif()
    exif.get_ifd(0x8769)[0x9003] = date
    copy, data = make(camera_jpeg(exif=exif))
    assert copy.taken is None
    assert 0x9003 not in read_exif(read_jpeg(data).payloads(0xE1)[0])["camera"]


def test_the_place_is_kept_only_if_the_person_allows_it(make: Make) -> None:
    copy, data = make(camera_jpeg(), keep_gps=True)
    tags = read_exif(read_jpeg(data).payloads(0xE1)[0])
    assert {0, 1, 2, 3, 4, 5, 6} == set(tags["gps"])
    assert SECRET not in data

    with Image.open(copy.path) as shown:
        assert (42.0, 52.0, 55.5) == shown.getexif().get_ifd(0x8825)[2]


def test_without_a_whole_position_no_place_is_kept(make: Make) -> None:
    exif = camera_exif()
    del exif.get_ifd(0x8825)[3]
    _, data = make(camera_jpeg(exif=exif), keep_gps=True)
    assert_clean(data)


def test_title_and_description_are_kept_only_if_the_person_allows_it(make: Make) -> None:
    copy, data = make(camera_jpeg(), keep_texts=True)
    exif, packet = read_jpeg(data).payloads(0xE1)

    assert b"SECRET title\0" == read_exif(exif)["main"][0x010E][2]
    assert SECRET not in packet
    assert "Dawn &lt;over&gt; the lake 🌅".encode() in packet
    assert b"A quiet morning" in packet
    assert b"Morgen" not in packet
    assert "keywords" in copy.removed


@pytest.mark.parametrize(
    "packet",
    [b"", b"no xml", b"<a>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"\xff\xfe<\0a\0"],
)
def test_an_unreadable_packet_has_no_texts(make: Make, packet: bytes) -> None:
    source = camera_jpeg(exif=b"")
    plain = source.replace(talkative_segments()[0], b"")
    with_packet = plain[:2] + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet) + plain[2:]
    _, data = make(with_packet, keep_texts=True)
    assert_clean(data)


@pytest.mark.parametrize(
    "save",
    [
        {"progressive": True},
        {"restart_marker_rows": 1},
        {"progressive": True, "restart_marker_blocks": 2},
        {"subsampling": 0, "quality": 100},
        {"optimize": True, "quality": 1},
        {"keep_rgb": True},
    ],
    ids=str,
)
def test_all_kinds_of_coding_are_kept_to_the_byte(make: Make, save: dict[str, Any]) -> None:
    source = camera_jpeg(painted(333, 217), **save)
    _, data = make(source)
    assert read_jpeg(source).scans == assert_clean(data).scans
    assert read_jpeg(source).picture == read_jpeg(data).picture


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_and_cmyk_pictures_are_kept(make: Make, mode: str) -> None:
    source = camera_jpeg(painted(mode=mode))
    _, data = make(source)
    found = assert_clean(data)
    assert (mode == "CMYK") == bool(found.payloads(0xEE))


def test_a_profile_in_many_parts_is_kept_whole(make: Make) -> None:
    long = profile() + bytes(200_000)
    copy, data = make(camera_jpeg(icc_profile=long))
    assert 4 == len(read_jpeg(data).payloads(0xE2))
    with Image.open(copy.path) as shown:
        assert long == shown.info["icc_profile"]


def test_parts_of_a_profile_in_the_wrong_order_are_put_right(make: Make) -> None:
    long = profile() + bytes(100_000)
    source = camera_jpeg(icc_profile=long)
    first, second = (segment(0xE2, b"ICC_PROFILE\0" + part) for part in
                     (b"\1\2" + long[:65519], b"\2\2" + long[65519:]))  # fmt: skip
    assert first + second in source
    copy, _ = make(source.replace(first + second, second + first))
    with Image.open(copy.path) as shown:
        assert long == shown.info["icc_profile"]


@pytest.mark.parametrize(
    "broken",
    [b"SECRET, no profile", profile()[:200], b"\1\2" + profile(), b""],
    ids=["text", "short", "lost part", "empty"],
)
def test_a_broken_profile_is_left_out(make: Make, broken: bytes) -> None:
    source = camera_jpeg(icc_profile=None)
    part = broken if broken[:2] == b"\1\2" else b"\1\1" + broken
    _, data = make(source[:2] + segment(0xE2, b"ICC_PROFILE\0" + part) + source[2:])
    assert [] == assert_clean(data).payloads(0xE2)


def test_what_hangs_on_behind_a_profile_goes(make: Make) -> None:
    _, data = make(camera_jpeg(icc_profile=profile() + b"SECRET"))
    assert SECRET not in data
    assert [b"ICC_PROFILE\0\1\1" + profile()] == read_jpeg(data).payloads(0xE2)


def test_the_small_picture_in_the_jfif_header_goes(make: Make) -> None:
    source = camera_jpeg()
    header = segment(0xE0, b"JFIF\0\1\1\1\0H\0H\2\1" + b"SECRET")
    _, data = make(source[:2] + header + source[2:])
    assert [b"JFIF\0\1\1\1\0H\0H\0\0"] == assert_clean(data).payloads(0xE0)
    assert SECRET not in data


def test_fill_bytes_and_stray_bytes_do_not_matter(make: Make) -> None:
    source = camera_jpeg()
    head = b"\xff\xff\xff" + segment(0xFE, b"SECRET") + b"SECRET stray" + b"\xff\xff"
    _, data = make(source[:2] + head + source[2:])
    assert SECRET not in data
    assert read_jpeg(source).scans == assert_clean(data).scans


def test_a_comment_between_two_scans_goes(make: Make) -> None:
    source = camera_jpeg(progressive=True)
    second = source.index(b"\xff\xda", source.index(b"\xff\xda") + 2)
    hidden = segment(0xFE, b"SECRET") + segment(0xE1, b"Exif\0\0SECRET")
    _, data = make(source[:second] + hidden + source[second:])
    assert SECRET not in data
    assert read_jpeg(source).scans == assert_clean(data).scans


def without_end() -> bytes:
    out = io.BytesIO()
    painted().save(out, "JPEG", exif=camera_exif())
    return out.getvalue()[:-2]


def test_a_table_with_more_than_a_table_is_refused(make: Make) -> None:
    source = camera_jpeg()
    table = read_jpeg(source).payloads(0xDB)[0]
    swollen = source.replace(segment(0xDB, table), segment(0xDB, table + SECRET))
    with pytest.raises(PhotoError, match="a broken table") as caught:
        make(swollen)
    assert "not_an_image" == caught.value.code


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b"hello, this is a letter", "nobody knows this format"),
        (b"\xff\xd8\xff", "cut off"),
        (camera_jpeg()[:300], "cut off"),
        (without_end(), "cut off"),
        (without_end()[:-200], "cut off"),
        (without_end() + without_end(), "unexpected mark"),
        (b"\xff\xd8\xff\xd9", "no picture"),
        (b"\xff\xd8" + segment(0xC3, b"\x08\0\1\0\1\1\1\x11\0") + b"\xff\xd9", "browsers"),
        (b"\xff\xd8\xff\xe1\0\1\xff\xd9", "impossible length"),
    ],
    ids=str,
)
def test_what_is_no_whole_picture_is_refused_in_words(make: Make, data: bytes, words: str) -> None:
    with pytest.raises(PhotoError, match=words) as caught:
        make(data, name="Müll & Co.jpg")
    assert "not_an_image" == caught.value.code
    assert "“Müll & Co.jpg”" in str(caught.value)
    assert caught.value.hint


def test_a_refused_photo_leaves_no_file(make: Make, tmp_path: Path) -> None:
    with pytest.raises(PhotoError):
        make(camera_jpeg(), limits=Limits(max_bytes=100))
    with pytest.raises(PhotoError):
        make(without_end())
    assert [] == [
        path.name for path in tmp_path.rglob("*") if path.name != "dawn.jpg" and path.is_file()
    ]


def test_a_surprise_of_the_witness_blocks_the_photo(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if our own reader had overlooked a comment."""
    honest = jpeg.strip

    def careless(data: bytes, keep: Keep) -> Stripped:
        found = honest(data, keep)
        return replace(found, pieces=(*found.pieces[:-1], segment(0xFE, b"SECRET"), b"\xff\xd9"))

    monkeypatch.setitem(facts._STRIP, "JPEG", careless)
    with pytest.raises(PhotoError, match="COM") as caught:
        make(camera_jpeg())
    assert "private_content" == caught.value.code
    assert [] == list((tmp_path / "copies").iterdir())


@pytest.mark.parametrize("what", ["other pixels", "crash"])
def test_any_exception_of_the_witness_blocks_the_photo(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    answers = iter(("a", "b"))

    def pixels(data: bytes, format: str) -> str:
        if what == "crash":
            raise RuntimeError("unforeseen")
        return next(answers)

    monkeypatch.setattr(witness, "pixels", pixels)
    with pytest.raises(PhotoError) as caught:
        make(camera_jpeg())
    assert "private_content" == caught.value.code
    assert [] == list((tmp_path / "copies").iterdir())


def test_above_the_decoding_limit_the_coded_bytes_are_compared(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness, "DECODE_PIXELS", 100)
    source = camera_jpeg()
    _, data = make(source)
    assert read_jpeg(source).scans == assert_clean(data).scans


def test_the_copy_is_named_after_its_content(make: Make) -> None:
    first, _ = make(camera_jpeg())
    again, _ = make(camera_jpeg(), name="other.jpg")
    assert first.path == again.path
    assert first.path.name == f"{first.sha[:16]}.jpg"


def test_a_name_is_a_name_and_never_a_path(tmp_path: Path) -> None:
    (tmp_path / "dawn.jpeg").write_bytes(camera_jpeg())
    folder = tmp_path / "a" / "b"
    for name in ("../../x.png", r"..\..\x.png", "x"):
        copy = images.make_copy(tmp_path / "dawn.jpeg", folder, limits=FLICKR_LIMITS, name=name)
        assert folder / "x.jpg" == copy.path


def test_a_name_may_hold_dots(tmp_path: Path) -> None:
    (tmp_path / "dawn.jpg").write_bytes(camera_jpeg())
    copy = images.make_copy(tmp_path / "dawn.jpg", tmp_path, limits=FLICKR_LIMITS, name="a-1.5")
    assert "a-1.5.jpg" == copy.path.name


def test_a_copy_that_cannot_be_written_is_no_fault_of_the_photo(tmp_path: Path) -> None:
    (tmp_path / "dawn.jpg").write_bytes(camera_jpeg())
    (tmp_path / "copies").write_text("in the way", encoding="utf-8")
    with pytest.raises(SocialsError, match="could not be written") as caught:
        images.make_copy(tmp_path / "dawn.jpg", tmp_path / "copies", limits=FLICKR_LIMITS)
    assert "copy_not_written" == caught.value.code


def test_paths_may_hold_anything(make: Make) -> None:
    copy, _ = make(camera_jpeg(), name="Überfahrt nach Hörnum – 🌅 100 %.jpg")
    assert copy.path.exists()


def test_too_large_is_said_in_numbers(make: Make) -> None:
    with pytest.raises(PhotoError, match=r"“dawn.jpg” is .* at most 1,000 bytes") as caught:
        make(camera_jpeg(), limits=Limits(max_bytes=1_000))
    assert "file_too_large" == caught.value.code


def test_a_file_too_large_only_by_its_metadata_is_sent_as_it_is(make: Make) -> None:
    source = camera_jpeg()
    small = len(make(source)[1])
    copy, _ = make(source, limits=Limits(max_bytes=small), fit=True)
    assert not copy.fitted


def test_a_format_the_platform_does_not_take_is_refused(make: Make) -> None:
    with pytest.raises(PhotoError, match="is JPEG, which cannot be sent") as caught:
        make(camera_jpeg(), limits=Limits(max_bytes=10**6, formats=("PNG",)))
    assert "invalid_format" == caught.value.code
