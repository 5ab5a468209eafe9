"""Reads a finished copy again, as a stranger would, and finds only what is allowed.

Nothing here is shared with the readers that made the copy: Pillow reads it, and a strict walk of
its own goes over the blocks (Pillow stops looking at the first scan of a JPEG, and a comment
between two scans would pass).  Names of tags come from Pillow's tables, not from ours.
"""

from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from socials_lib.images.opening import load, picture
from socials_lib.images.parts import DECODE_PIXELS, Damaged, Keep, Private

if TYPE_CHECKING:
    from PIL import Image, ImageFile

_MAIN = {"Make", "Model", "Orientation", "Artist", "Copyright", "ExifOffset"}
_CAMERA = {"ExposureTime", "FNumber", "ISOSpeedRatings", "DateTimeOriginal", "OffsetTimeOriginal",
           "FocalLength", "SubsecTimeOriginal", "LensModel"}  # fmt: skip
_PLACE = {"GPSVersionID", "GPSLatitudeRef", "GPSLatitude", "GPSLongitudeRef", "GPSLongitude",
          "GPSAltitudeRef", "GPSAltitude"}  # fmt: skip
_INFO = {
    "JPEG": {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "adobe", "exif",
             "adobe_transform", "icc_profile", "progressive", "progression"},
    "PNG": {"gamma", "chromaticity", "srgb", "icc_profile", "dpi", "aspect", "transparency",
            "interlace"},
    "GIF": {"version", "background", "duration", "transparency", "loop", "extension"},
}  # fmt: skip
_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"iCCP",
           b"cICP", b"sBIT", b"pHYs"}  # fmt: skip


def check(copy: bytes, format: str, *, keep: Keep) -> None:
    """Raises `Private` with the name of the first thing that should not be there."""
    blocks = {"JPEG": _jpeg_blocks, "PNG": _png_blocks, "GIF": _gif_blocks}[format](copy, keep)
    for unexpected in blocks:
        raise Private(unexpected)
    opened = picture(copy, format)
    surprises = set(opened.info) - _INFO[format] - ({"xmp"} if keep.texts else set())
    for name in sorted(map(str, surprises)):
        raise Private(name)
    if format == "JPEG":
        _check_exif(opened, keep)


def pixels(data: bytes, format: str) -> str | None:
    """A hash of everything Pillow decodes, None if that would be too much; raises `Damaged`."""
    opened = picture(data, format)
    frames = getattr(opened, "n_frames", 1) if format == "GIF" else 1
    if opened.width * opened.height * frames > DECODE_PIXELS:
        return None
    hashed = hashlib.sha256()
    for number in range(frames):
        if number:
            _seek(opened, number)
        load(opened)
        shown: Image.Image = opened.convert("RGBA") if format == "GIF" else opened
        hashed.update(f"{shown.mode} {shown.size}".encode())
        hashed.update(shown.tobytes())
    return hashed.hexdigest()


def _seek(opened: ImageFile.ImageFile, number: int) -> None:
    try:
        opened.seek(number)
    except Exception as err:  # broken bytes end in any exception
        raise Damaged(f"its picture {number + 1} cannot be decoded ({err})") from err


def _check_exif(opened: ImageFile.ImageFile, keep: Keep) -> None:
    from PIL import ExifTags

    found = opened.getexif()
    allowed = _MAIN | ({"ImageDescription"} if keep.texts else set())
    _only(found, ExifTags.TAGS, allowed | ({"GPSInfo"} if keep.gps else set()))
    _only(found.get_ifd(ExifTags.IFD.Exif), ExifTags.TAGS, _CAMERA)
    _only(found.get_ifd(ExifTags.IFD.GPSInfo), ExifTags.GPSTAGS, _PLACE if keep.gps else set())
    _only(found.get_ifd(ExifTags.IFD.IFD1), ExifTags.TAGS, set())
    _only(found.get_ifd(ExifTags.IFD.Interop), ExifTags.TAGS, set())


def _only(tags: Any, names: dict[int, str], allowed: set[str]) -> None:
    for tag in tags:
        name = names.get(tag, f"tag {tag:#06x}")
        if name not in allowed:
            raise Private(name)


def _jpeg_blocks(data: bytes, keep: Keep) -> Iterator[str]:
    """Names of what a JPEG copy should not hold."""
    at = 2
    application: list[str] = []
    while at < len(data):
        if data[at] != 0xFF or at + 2 > len(data):
            yield "bytes between segments"
            return
        marker = data[at + 1]
        if marker == 0xD9:
            if at + 2 != len(data):
                yield "bytes after the picture"
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xE0 <= marker <= 0xFE:
            name = _application(marker, data[at + 4 : end], keep)
            if not name or (name in application and name != "ICC"):
                yield f"APP{marker & 15}" if marker <= 0xEF else "COM"
            application.append(name)
        elif marker not in {0xC0, 0xC1, 0xC2, 0xC4, 0xC9, 0xCA, 0xCC, 0xDA, 0xDB, 0xDD}:
            yield f"segment FF {marker:02X}"
        at = _scan_end(data, end) if marker == 0xDA else end
    yield "no end of the picture"


def _scan_end(data: bytes, at: int) -> int:
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        following = data[at + 1]
        if following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        elif following == 0xFF:
            at += 1
        else:
            return at


def _application(marker: int, payload: bytes, keep: Keep) -> str:
    """The name of an application segment that may be there, else ""."""
    if marker == 0xE0 and len(payload) == 14 and payload[:5] == b"JFIF\0":
        return "JFIF" if payload[12:] == b"\0\0" else ""
    if marker == 0xE1 and payload[:6] == b"Exif\0\0":
        return "EXIF"
    if marker == 0xE1 and keep.texts and payload[:29] == b"http://ns.adobe.com/xap/1.0/\0":
        return "XMP" if _is_small_packet(payload[29:]) else ""
    if marker == 0xE2 and payload[:12] == b"ICC_PROFILE\0":
        return "ICC" if payload[12] != 1 or payload[50:54] == b"acsp" else ""
    if marker == 0xEE and len(payload) == 12 and payload[:5] == b"Adobe":
        return "Adobe"
    return ""


def _is_small_packet(packet: bytes) -> bool:
    """True if the packet says title and description and nothing else."""
    try:
        elements = list(ET.fromstring(packet).iter())
    except ET.ParseError:
        return False
    names = {element.tag.rpartition("}")[2] for element in elements}
    attributes = {name.rpartition("}")[2] for element in elements for name in element.attrib}
    known = {"xmpmeta", "RDF", "Description", "title", "description", "Alt", "li"}
    return names <= known and attributes <= {"about", "lang"}


def _png_blocks(data: bytes, keep: Keep) -> Iterator[str]:
    """Names of what a PNG copy should not hold."""
    at, kind = 8, b""
    while at < len(data) and kind != b"IEND":
        length = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        if kind not in _CHUNKS:
            yield kind.decode("ascii", "replace")
        stored = data[at + 8 + length : at + 12 + length]
        if zlib.crc32(data[at + 4 : at + 8 + length]).to_bytes(4, "big") != stored:
            yield f"{kind.decode('ascii', 'replace')} with a wrong checksum"
        at += 12 + length
    if kind != b"IEND" or at != len(data):
        yield "bytes after the picture"


def _gif_blocks(data: bytes, keep: Keep) -> Iterator[str]:
    """Names of what a GIF copy should not hold."""
    at = 13 + (3 * 2 ** ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    while at < len(data) and data[at] != 0x3B:
        start = at
        if data[at] == 0x2C:
            packed = data[at + 9]
            at += 11 + (3 * 2 ** ((packed & 7) + 1) if packed & 0x80 else 0)
        else:
            at += 2
        while at < len(data) and data[at]:
            at += data[at] + 1
        at += 1
        if data[start] != 0x2C and not _is_timing(data[start:at]):
            yield "comment" if data[start + 1 : start + 2] == b"\xfe" else "an extension block"
    if at != len(data) - 1:
        yield "bytes after the picture"


def _is_timing(block: bytes) -> bool:
    loop = block[:3] == b"\x21\xff\x0b" and len(block) == 19
    known = block[3:14] in (b"NETSCAPE2.0", b"ANIMEXTS1.0")
    return (block[:3] == b"\x21\xf9\x04" and len(block) == 8) or (loop and known)
