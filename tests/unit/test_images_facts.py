"""What `inspect` sees on the disk, and when the hash of a picture changes."""

from __future__ import annotations

import errno
import io
import os
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from images_reader import (
    CAMERA_FILES,
    camera_exif,
    camera_jpeg,
    chunk,
    painted,
    segment,
    talkative_segments,
)
from PIL import Image

from socials_lib import images
from socials_lib.errors import PhotoError
from socials_lib.images import files


def saved(folder: Path, name: str, format: str, **settings: Any) -> str:
    painted().save(folder / name, format, **settings)
    return str(folder / name)


def test_a_jpeg_is_described(tmp_path: Path) -> None:
    path = tmp_path / "Überfahrt 🌅 100 %.jpg"
    path.write_bytes(camera_jpeg(exif=camera_exif(orientation=6)))
    facts = images.inspect(str(path))

    assert (None, "", "JPEG") == (facts.problem, facts.reason, facts.format)
    assert (64, 96) == (facts.width, facts.height)
    assert "2024-03-19T18:42:07" == facts.taken
    assert path.stat().st_size == facts.size
    assert path.stat().st_mtime_ns == facts.mtime_ns
    assert facts.picture_sha is None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_width_and_height_are_as_people_see_them(tmp_path: Path, orientation: int) -> None:
    path = tmp_path / "dawn.jpg"
    path.write_bytes(camera_jpeg(exif=camera_exif(orientation=orientation)))
    facts = images.inspect(str(path))
    assert ((64, 96) if orientation >= 5 else (96, 64)) == (facts.width, facts.height)
    assert orientation == images.inspect(str(path), with_sha=True).orientation


@pytest.mark.parametrize(
    ("format", "name"),
    [("PNG", "PNG"), ("GIF", "GIF"), ("TIFF", "TIFF"), ("WEBP", "WEBP"), ("BMP", "BMP"),
     ("JPEG2000", "JP2"), ("AVIF", "AVIF")],
)  # fmt: skip
def test_formats_are_told_by_content_not_by_name(tmp_path: Path, format: str, name: str) -> None:
    facts = images.inspect(saved(tmp_path, "wrong.jpg", format))
    assert (None, name, 96, 64) == (facts.problem, facts.format, facts.width, facts.height)


def test_exif_of_other_formats_is_read(tmp_path: Path) -> None:
    for name, format in (("a.png", "PNG"), ("a.webp", "WEBP"), ("a.tif", "TIFF")):
        facts = images.inspect(saved(tmp_path, name, format, exif=camera_exif().tobytes()))
        assert "2024-03-19T18:42:07" == facts.taken, name


@pytest.mark.parametrize(
    ("name", "head", "format", "words"),
    [
        ("a.cr3", b"\0\0\0\x18ftypcrx \0\0\0\1", "CR3", "CR3 is a raw format"),
        ("a.dng", b"II*\0\x08\0\0\0", "DNG", "DNG is a raw format"),
        ("a.cr2", b"II*\0\x10\0\0\0CR\2\0", "CR2", "CR2 is a raw format"),
        ("a.raf", b"FUJIFILMCCD-RAW 0201", "RAF", "RAF is a raw format"),
        ("a.nef", b"what", "", "this is no NEF"),
        ("a.jpg", b"Dear reader, ", "", "unknown content"),
        ("a.jpg", b"", "", "the file is empty"),
        ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF", "", "cut off"),
        ("a.jpg", b"\xff\xd8\xff\xd9", "", "no picture"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "", "cut off"),
        ("a.gif", b"GIF89a\1\0", "", "cut off"),
        ("a.tif", b"II*\0\x08\0\0\0\1\0", "", "cannot be read"),
        ("a.webp", b"RIFF\0\0\0\0WEBPVP8 ", "", "cannot be read"),
    ],
)
def test_what_is_no_picture_is_said_in_words(
    tmp_path: Path, name: str, head: bytes, format: str, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(head)
    facts = images.inspect(str(path), with_sha=True)
    assert ("not_an_image", format) == (facts.problem, facts.format)
    assert facts.reason.startswith("Not a picture: ")
    assert words in facts.reason


def test_heif_is_known_but_not_opened() -> None:
    path = CAMERA_FILES / "samplefilehub.heif"
    if not path.exists():
        pytest.skip(f"the camera files are not in {CAMERA_FILES}")
    assert (None, "HEIF") == (images.inspect(str(path)).problem, images.inspect(str(path)).format)


@pytest.mark.parametrize("path", ["", "a\0b.jpg", "\udcff.jpg", "/no/such/file.jpg", "x" * 5000])
def test_a_missing_file_is_said_in_words(path: str) -> None:
    facts = images.inspect(path)
    assert "file_not_found" == facts.problem
    assert facts.reason.startswith("File not found: ")
    assert path == facts.path


def test_a_folder_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    assert "File not found: it is a folder" == images.inspect(str(tmp_path)).reason
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe")
        assert "it is no plain file" in images.inspect(str(tmp_path / "pipe")).reason


@pytest.mark.skipif(sys.platform == "win32", reason="drive letters mean something on Windows")
@pytest.mark.parametrize(
    "path",
    [r"Q:\Fotos\2024\Düne.jpg", r"\\nas\fotos\Düne.jpg", "/Volumes/Stick/a.jpg",
     "/media/demo/Stick/a.jpg", "/mnt/nas/a/b.jpg"],
)  # fmt: skip
def test_a_drive_that_is_not_connected_is_off_line(path: str) -> None:
    facts = images.inspect(path)
    assert "file_not_found" == facts.problem
    assert facts.reason.startswith("Off-line: ")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "File not found: no permission"),
        (OSError(errno.EIO, "Input/output error"), "Off-line: Input/output error"),
        (OSError(errno.ETIMEDOUT, "Timed out"), "Off-line: Timed out"),
    ],
)
def test_the_words_of_the_system_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, words: str
) -> None:
    path = saved(tmp_path, "dawn.jpg", "JPEG")

    def refuse(self: Path, mode: str) -> None:
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    assert images.inspect(path).reason.startswith(words)


def test_a_file_that_grows_while_it_is_read_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "dawn.jpg"
    path.write_bytes(camera_jpeg())
    with files.opened(str(path)) as source:
        with path.open("ab") as other:
            other.write(b"more")
        with pytest.raises(PhotoError, match="another program is writing it"):
            files.read_all(source)


def test_long_windows_paths_get_their_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files.sys, "platform", "win32")
    monkeypatch.setattr(files.ntpath, "abspath", lambda path: path.replace("/", "\\"))
    long = "\\".join(["sehr langer Ordner"] * 15) + "\\a.jpg"
    assert f"\\\\?\\C:\\{long}" == str(files.openable(f"C:/{long}".replace("\\", "/")))
    assert f"\\\\?\\UNC\\nas\\x\\{long}" == str(files.openable(f"\\\\nas\\x\\{long}"))
    assert f"\\\\?\\C:\\{long}" == str(files.openable(f"\\\\?\\C:\\{long}"))
    assert r"C:\a.jpg" == str(files.openable(r"C:\a.jpg"))


def test_only_the_header_of_a_large_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "dawn.jpg"
    path.write_bytes(camera_jpeg() + bytes(50_000_000))
    tracemalloc.start()
    try:
        assert images.inspect(str(path)).problem is None
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 5_000_000


def test_a_header_behind_a_megabyte_of_history_is_found(tmp_path: Path) -> None:
    source = camera_jpeg()
    path = tmp_path / "dawn.jpg"
    path.write_bytes(source[:2] + segment(0xE1, bytes(60_000)) * 30 + source[2:])
    assert (96, 64) == (images.inspect(str(path)).width, images.inspect(str(path)).height)


def test_a_decompression_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    head = (60_000).to_bytes(4, "big") * 2 + b"\x08\0\0\0\0"
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", bytes(99)) + chunk(b"IEND")
    (tmp_path / "bomb.png").write_bytes(bomb)
    facts = images.inspect(str(tmp_path / "bomb.png"))
    assert "not_an_image" == facts.problem
    assert "60,000 x 60,000 pixels" in facts.reason
    with pytest.raises(PhotoError, match="Not a picture"):
        images.thumbnail(str(tmp_path / "bomb.png"))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    head=st.sampled_from(
        (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\0\x08\0\0\0", b"8BPS\0\1",
         b"RIFF\x20\0\0\0WEBPVP8L", b"BM\0\0\0\0\0\0\0\0", b"\0\0\0\x20ftypavif",
         b"\0\0\0\x0cjP  \r\n\x87\n")
    ),
    rest=st.binary(max_size=300),
)  # fmt: skip
def test_looking_never_raises(
    head: bytes, rest: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "some.bin"
    path.write_bytes(head + rest)
    facts = images.inspect(str(path), with_sha=True)
    assert facts.problem in (None, "not_an_image")


def sha(folder: Path, data: bytes) -> str:
    path = folder / "written.jpg"
    path.write_bytes(data)
    found = images.picture_sha(str(path))
    assert found == images.inspect(str(path), with_sha=True).picture_sha
    return found


def test_writing_metadata_does_not_change_the_hash(tmp_path: Path) -> None:
    out = io.BytesIO()
    painted().save(out, "JPEG", quality=85)
    bare = out.getvalue()
    first = sha(tmp_path, bare)

    assert 16 == len(first)
    assert set(first) <= set("0123456789abcdef")
    assert first == sha(tmp_path, camera_jpeg())
    assert first == sha(tmp_path, camera_jpeg(exif=camera_exif(orientation=6)))
    assert first == sha(tmp_path, bare[:2] + b"".join(talkative_segments()) + bare[2:])
    assert first == sha(tmp_path, bare + b"behind")
    assert first == sha(tmp_path, bare[:2] + b"\xff\xff\xff" + bare[2:])


def test_another_picture_has_another_hash(tmp_path: Path) -> None:
    first = sha(tmp_path, camera_jpeg())
    assert first != sha(tmp_path, camera_jpeg(painted(seed=9)))
    assert first != sha(tmp_path, camera_jpeg(quality=84))


def test_the_hash_of_a_png_is_about_its_pixels(tmp_path: Path) -> None:
    plain = images.picture_sha(saved(tmp_path, "a.png", "PNG"))
    assert plain == images.picture_sha(
        saved(tmp_path, "b.png", "PNG", exif=camera_exif(), dpi=(300, 300))
    )
    painted(seed=8).save(tmp_path / "c.png")
    assert plain != images.picture_sha(str(tmp_path / "c.png"))


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [("a.txt", b"text", "not_an_image"), ("a.jpg", camera_jpeg()[:400], "not_an_image")],
)
def test_no_hash_of_what_is_no_picture(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(PhotoError) as caught:
        images.picture_sha(str(tmp_path / name))
    assert code == caught.value.code


def test_no_hash_of_formats_that_are_not_sent(tmp_path: Path) -> None:
    with pytest.raises(PhotoError) as caught:
        images.picture_sha(saved(tmp_path, "a.tif", "TIFF"))
    assert "invalid_format" == caught.value.code
    assert images.inspect(str(tmp_path / "a.tif"), with_sha=True).picture_sha is None


def test_a_hundred_megapixels_are_legal(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    Image.new("L", (12_000, 9_000), 90).save(path, quality=30)
    assert (12_000, 9_000) == (images.inspect(str(path)).width, images.inspect(str(path)).height)
    with Image.open(io.BytesIO(images.thumbnail(str(path)))) as small:
        assert (192, 144) == small.size
