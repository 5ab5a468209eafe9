"""Small strict readers and sample pictures for the tests of `images`.

An independent witness: nothing in here comes from `socials_lib.images`.
"""

from __future__ import annotations

import io
import random
import struct
import zlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image, ImageCms
from PIL.TiffImagePlugin import IFDRational

CAMERA_FILES = Path(__file__).parents[3] / "shared" / "photos"
#: Every private text in the samples holds this.
SECRET = b"SECRET"

EXIF_TAGS = {0x010F, 0x0110, 0x0112, 0x013B, 0x8298, 0x8769}
CAMERA_TAGS = {0x829A, 0x829D, 0x8827, 0x9003, 0x9011, 0x9291, 0x920A, 0xA434}
PICTURE = {0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, 0xDA}


@dataclass
class Jpeg:
    """A JPEG taken apart: `segments` with marker and payload, `scans` the coded data."""

    segments: list[tuple[int, bytes]] = field(default_factory=list)
    scans: list[bytes] = field(default_factory=list)
    picture: list[tuple[int, bytes]] = field(default_factory=list)
    behind: bytes = b""

    def payloads(self, marker: int) -> list[bytes]:
        return [payload for found, payload in self.segments if found == marker]


def read_jpeg(data: bytes) -> Jpeg:
    """Byte by byte; allows fill bytes and nothing else unusual."""
    assert data[:2] == b"\xff\xd8"
    found, at = Jpeg(), 2
    while True:
        assert data[at] == 0xFF, f"stray byte at {at}"
        while data[at] == 0xFF:
            at += 1
        marker = data[at]
        at += 1
        if marker == 0xD9:
            found.behind = data[at:]
            return found
        (length,) = struct.unpack(">H", data[at : at + 2])
        payload = data[at + 2 : at + length]
        assert len(payload) == length - 2
        found.segments.append((marker, payload))
        if marker in PICTURE:
            found.picture.append((marker, payload))
        at += length
        if marker == 0xDA:
            start = at
            while data[at] != 0xFF or data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
                at += 1
            found.scans.append(data[start:at])


def read_exif(payload: bytes) -> dict[str, dict[int, tuple[int, int, bytes]]]:
    """Directories `main`, `camera`, `gps`, `next` (if any) as tag -> type, count, value."""
    assert payload[:6] == b"Exif\0\0"
    tiff = payload[6:]
    order = {b"II": "<", b"MM": ">"}[tiff[:2]]
    sizes = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}

    def directory(at: int) -> tuple[dict[int, tuple[int, int, bytes]], int]:
        (count,) = struct.unpack_from(order + "H", tiff, at)
        entries = {}
        for place in range(at + 2, at + 2 + 12 * count, 12):
            tag, kind, length = struct.unpack_from(order + "HHI", tiff, place)
            size = sizes[kind] * length
            start = place + 8
            if size > 4:
                (start,) = struct.unpack_from(order + "I", tiff, place + 8)
            assert start + size <= len(tiff)
            assert tag not in entries
            entries[tag] = (kind, length, tiff[start : start + size])
        assert list(entries) == sorted(entries)
        return entries, struct.unpack_from(order + "I", tiff, at + 2 + 12 * count)[0]

    main, following = directory(struct.unpack_from(order + "I", tiff, 4)[0])
    found = {"main": main}
    for name, tag in (("camera", 0x8769), ("gps", 0x8825)):
        if tag in main:
            found[name], none = directory(struct.unpack(order + "I", main[tag][2])[0])
            assert none == 0
    if following:
        found["next"] = directory(following)[0]
    return found


def assert_clean(copy: bytes) -> Jpeg:
    """Only what design 6 allows, in a JPEG without place and texts."""
    found = read_jpeg(copy)
    assert found.behind == b""
    assert found.scans
    for marker, payload in found.segments:
        if marker == 0xE0:
            assert payload[:5] == b"JFIF\0" and len(payload) == 14 and payload[12:] == b"\0\0"
        elif marker == 0xE1:
            tags = read_exif(payload)
            assert set(tags) <= {"main", "camera"}
            assert set(tags["main"]) <= EXIF_TAGS
            assert set(tags.get("camera", ())) <= CAMERA_TAGS
        elif marker == 0xE2:
            assert payload[:12] == b"ICC_PROFILE\0"
        elif marker == 0xEE:
            assert payload[:5] == b"Adobe" and len(payload) == 12
        else:
            assert marker in PICTURE, f"segment {marker:02X}"
    for once in (0xE0, 0xE1, 0xEE):
        assert len(found.payloads(once)) <= 1
    return found


def segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload


def painted(width: int = 96, height: int = 64, seed: int = 3, mode: str = "RGB") -> Image.Image:
    """A soft picture with a bright corner at the top left, some noise, no two alike."""
    random_bytes = random.Random(seed).randbytes(16 * 12 * 3)
    shown = Image.frombytes("RGB", (16, 12), random_bytes).resize((width, height))
    shown.paste((255, 255, 0), (0, 0, width // 3, height // 4))
    return shown.convert(mode)


@cache
def profile() -> bytes:
    """sRGB; made once, because its bytes 24-35 are the time of the making."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def camera_exif(*, orientation: int = 1, gps: bool = True, order: str = "<") -> Image.Exif:
    """The EXIF of a talkative camera: place, maker note, serial number, preview data."""
    tags = Image.Exif()
    tags.endian = order
    tags.update(
        {
            0x010E: "SECRET title",
            0x010F: "Canon",
            0x0110: "Canon EOS R50",
            0x0112: orientation,
            0x0131: "SECRET software",
            0x0132: "2024:03:20 10:00:00",
            0x013B: "Harbour demo",
            0x8298: "(c) Harbour demo",
            0x9C9E: "SECRET keywords".encode("utf-16-le"),
        }
    )
    tags.get_ifd(ExifTags.IFD.Exif).update(
        {
            0x829A: IFDRational(1, 100),
            0x829D: IFDRational(63, 10),
            0x8827: 3200,
            0x9000: b"0232",
            0x9003: "2024:03:19 18:42:07",
            0x9004: "2024:03:19 18:42:07",
            0x9011: "+02:00",
            0x9291: "57",
            0x920A: IFDRational(45, 1),
            0x927C: b"SECRET maker note " * 20,
            0x9286: b"ASCII\0\0\0SECRET comment",
            0xA430: "SECRET owner",
            0xA431: "SECRET 0123456789",
            0xA434: "RF-S 18-45mm",
        }
    )
    if gps:
        tags.get_ifd(ExifTags.IFD.GPSInfo).update(
            {0: b"\2\3\0\0", 1: "S", 2: (42.0, 52.0, 55.5), 3: "E", 4: (147.0, 19.0, 30.5),
             5: b"\0", 6: 12.5, 29: "2024:03:19"}
        )  # fmt: skip
    return tags


XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 photoshop:City="SECRET city"><dc:title><rdf:Alt><rdf:li xml:lang="de">Morgen</rdf:li>
 <rdf:li xml:lang="x-default">Dawn &lt;over&gt; the lake \xf0\x9f\x8c\x85</rdf:li>
 </rdf:Alt></dc:title>
 <dc:description><rdf:Alt><rdf:li xml:lang="x-default">A quiet morning</rdf:li></rdf:Alt>
 </dc:description><dc:subject><rdf:Bag><rdf:li>SECRET keyword</rdf:li></rdf:Bag></dc:subject>
 </rdf:Description></rdf:RDF></x:xmpmeta>"""


def talkative_segments() -> list[bytes]:
    """Segments that must all go."""
    iptc = b"\x1c\x02\x19\0\x0eSECRET keyword\x1c\x02\x5a\0\x0bSECRET city"
    photoshop = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(iptc)) + iptc
    return [
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP),
        segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 40 + b"SECRET more"),
        segment(0xED, photoshop),
        segment(0xE0, b"JFXX\0\x10SECRET preview"),
        segment(0xE2, b"MPF\0II*\0SECRET pictures"),
        segment(0xE2, b"FPXR\0SECRET"),
        segment(0xEB, b"JPSECRET c2pa"),
        segment(0xEC, b"Ducky SECRET"),
        segment(0xEF, b"SECRET"),
        segment(0xFE, b"SECRET comment"),
    ]


def camera_jpeg(shown: Image.Image | None = None, **save: Any) -> bytes:
    """A JPEG with everything a camera and three programs put into it, and more behind its end."""
    out = io.BytesIO()
    settings: dict[str, Any] = {"quality": 85, "exif": camera_exif(), "icc_profile": profile()}
    (shown or painted()).save(out, "JPEG", **(settings | save))
    data = out.getvalue()
    at = 2 + 2 + int.from_bytes(data[4:6], "big")  # behind the JFIF segment
    inside = b"".join(talkative_segments())
    return data[:at] + inside + data[at:] + b"SECRET behind" + data


def chunk(kind: bytes, content: bytes = b"") -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def png_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """All chunks; the checksum of each is right and nothing follows the last."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    found, at = [], 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, content = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert data[at : at + 12 + length] == chunk(kind, content)
        found.append((kind, content))
        at += 12 + length
    return found


def gif_blocks(data: bytes) -> list[tuple[str, bytes]]:
    """Blocks by name (`control`, `application`, `comment`, `text`, `image`, `end`)."""
    names = {0xF9: "control", 0xFF: "application", 0xFE: "comment", 0x01: "text"}
    found, at = [], 13
    if data[10] & 0x80:
        at += 3 * 2 ** ((data[10] & 7) + 1)
    while at < len(data):
        start, kind = at, data[at]
        if kind == 0x3B:
            found.append(("end", data[at + 1 :]))
            break
        at += 2
        if kind == 0x2C:
            at = start + 10 + 1
            if data[start + 9] & 0x80:
                at += 3 * 2 ** ((data[start + 9] & 7) + 1)
        while data[at]:
            at += 1 + data[at]
        at += 1
        name = "image" if kind == 0x2C else names.get(data[start + 1], "other")
        found.append((name, data[start:at]))
    return found
