"""Makes the very file that is sent."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from socials_lib.errors import PhotoError, SocialsError
from socials_lib.images import witness, xmp
from socials_lib.images.facts import not_a_picture, not_sendable, strip
from socials_lib.images.files import LARGEST_SOURCE, name_of, openable, opened, read_all
from socials_lib.images.fitting import DoesNotFit, fitted
from socials_lib.images.opening import PICTURE_SUFFIXES, SENT, SUFFIXES, picture, sniff
from socials_lib.images.parts import Damaged, Keep, Private, Stripped
from socials_lib.models import Limits, UploadCopy

_MB = 1_048_576


@dataclass(frozen=True, kw_only=True)
class _Made:
    """A copy in memory, before it is written."""

    data: bytes
    format: str
    fitted: bool


def make_copy(
    source: Path,
    folder: Path,
    *,
    limits: Limits,
    fit: bool = False,
    keep_gps: bool = False,
    keep_texts: bool = False,
    name: str | None = None,
) -> UploadCopy:
    """A new file in `folder` that holds the picture and nothing private.

    Without `name` it is called after its content, so that the same picture is the same file; the
    suffix always follows the format.  Raises `PhotoError` (`file_not_found`, `not_an_image`,
    `invalid_format`, `file_too_large`, `private_content`); then no file is left behind.
    """
    path = str(source)
    keep = Keep(gps=keep_gps, texts=keep_texts)
    data = _read(path)
    format = sniff(data[:64], path)
    if format not in SENT or format not in limits.formats:
        raise not_sendable(path, format) if data else not_a_picture(path, "the file is empty")
    try:
        found = strip(data, format, keep)
        made = _make(path, data, found, limits=limits, fit=fit, keep=keep)
    except Damaged as err:
        raise not_a_picture(path, err) from err
    except Private as err:
        raise _private(path, err) from err
    return _write(path, folder, made, found, data=data, keep=keep, name=name)


def _read(path: str) -> bytes:
    with opened(path) as source:
        if source.size > LARGEST_SOURCE:
            raise _too_large(path, source.size, LARGEST_SOURCE)
        return read_all(source)


def _make(
    path: str, data: bytes, found: Stripped, *, limits: Limits, fit: bool, keep: Keep
) -> _Made:
    copy = b"".join(found.pieces)
    if len(copy) <= limits.max_bytes:
        return _Made(data=copy, format=found.format, fitted=False)
    if not fit:
        raise _too_large(path, len(copy), limits.max_bytes)
    packet = xmp.packet(*xmp.texts(found.xmp)) if keep.texts else b""
    segment = xmp.HEADER + packet if packet else b""
    most = limits.max_bytes - len(segment) - 4
    try:
        smaller, format = fitted(data, found, most=most, formats=limits.formats, keep=keep)
    except DoesNotFit as err:
        raise _too_large(path, len(copy), limits.max_bytes, why=f"; {err}") from err
    if format == "JPEG" and segment:
        smaller = _with_texts(smaller, segment)
    return _Made(data=smaller, format=format, fitted=True)


def _with_texts(copy: bytes, segment: bytes) -> bytes:
    """The XMP segment goes right behind the EXIF segment that Pillow wrote."""
    at = copy.index(b"\xff\xe1") + 2
    at += int.from_bytes(copy[at : at + 2], "big")
    head = b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big")
    return copy[:at] + head + segment + copy[at:]


def _write(
    path: str,
    folder: Path,
    made: _Made,
    found: Stripped,
    *,
    data: bytes,
    keep: Keep,
    name: str | None,
) -> UploadCopy:
    """Writes under a passing name, lets the witness read it, gives it its name."""
    sha = hashlib.sha256(made.data).hexdigest()
    stem = _stem(name) if name else sha[:16]
    target = openable(str(folder)) / (stem + SUFFIXES[made.format])
    part = _part(path, target, made.data)
    try:
        size = _testify(path, part, made, found, data=data, keep=keep)
        _rename(path, part, target, made.data)
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return UploadCopy(
        path=target,
        format=made.format,
        bytes=len(made.data),
        width=size[0],
        height=size[1],
        sha=sha,
        picture_sha=found.picture,
        orientation=found.orientation,
        taken=found.taken if made.format == "JPEG" else None,
        removed=found.removed.in_words(),
        fitted=made.fitted,
    )


def _stem(name: str) -> str:
    """The bare name: no folders, no suffix of a picture."""
    bare = PureWindowsPath(name)
    return bare.stem if bare.suffix.lower() in PICTURE_SUFFIXES else bare.name


def _part(path: str, target: Path, data: bytes) -> Path:
    """The copy under a passing name; a full disk is no fault of the photo (`copy_not_written`)."""
    try:
        return _written(target, data)
    except OSError as err:
        raise _not_written(path, target, err) from err


def _not_written(path: str, target: Path, err: OSError) -> SocialsError:
    return SocialsError(
        f"The copy of “{name_of(path)}” could not be written: {err.strerror or err}.",
        code="copy_not_written",
        hint="Free some space on the disk of the data folder, then go on.",
        details=str(target),
    )


def _written(target: Path, data: bytes) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    number, part = tempfile.mkstemp(prefix=".copy-", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(data)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(part).unlink()
        raise
    return Path(part)


def _rename(path: str, part: Path, target: Path, data: bytes) -> None:
    """Windows refuses to replace a file that is open; the same bytes need no replacing."""
    try:
        part.replace(target)
    except OSError as err:
        if not target.is_file() or target.read_bytes() != data:
            raise _not_written(path, target, err) from err


def _testify(
    path: str, part: Path, made: _Made, found: Stripped, *, data: bytes, keep: Keep
) -> tuple[int, int]:
    """The size as displayed, after the witness saw the file on the disk; raises `PhotoError`."""
    try:
        copy = part.read_bytes()
        witness.check(copy, made.format, keep=keep)
        seen = witness.pixels(copy, made.format)
        if made.fitted:
            return picture(copy, made.format).size
        _compare(copy, seen, found, data)
        return found.shown_size
    except Private as err:
        raise _private(path, err) from err
    except Damaged as err:
        raise _broken_copy(path, data, made, err) from err
    except Exception as err:  # any surprise blocks the photo (design 6)
        raise _private(path, err) from err


def _compare(copy: bytes, seen: str | None, found: Stripped, data: bytes) -> None:
    """The copy shows the same picture: coded data to the byte, and pixels where we decode."""
    again = strip(copy, found.format)
    if again.picture != found.picture or again.orientation != found.orientation:
        raise Private("another picture than the original")
    try:
        before = witness.pixels(data, found.format) if seen else None
    except Damaged:  # something around the picture that Pillow cannot read; the bytes are the same
        return
    if before != seen:
        raise Private("other pixels than the original")


def _broken_copy(path: str, data: bytes, made: _Made, err: Damaged) -> PhotoError:
    """A copy that cannot be decoded: the original's fault if that one cannot be either."""
    try:
        witness.pixels(data, sniff(data[:64], path))
    except Damaged:
        return not_a_picture(path, err)
    return _private(path, err)


def _private(path: str, what: Exception) -> PhotoError:
    return PhotoError(
        f"The copy of “{name_of(path)}” still holds something private: {what}. It was not sent.",
        code="private_content",
        hint="The original is unchanged. Export the picture again without metadata.",
        details=f"{type(what).__name__}: {what}",
    )


def _too_large(path: str, size: int, most: int, *, why: str = "") -> PhotoError:
    return PhotoError(
        f"“{name_of(path)}” is {_megabytes(size)}; at most {_megabytes(most)} can be sent{why}.",
        code="file_too_large",
        hint="Export a smaller version, or allow smaller copies (images.fit).",
    )


def _megabytes(size: int) -> str:
    """`18.2 MB`, as Explorer counts; small sizes in bytes."""
    return f"{size / _MB:,.1f} MB" if size >= _MB // 10 else f"{size:,} bytes"
