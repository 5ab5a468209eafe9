"""Reads the EXIF block of a picture and writes a small one with nothing but what may go out.

Written by hand because Pillow changes values when it writes them again (rationals are reduced,
texts re-encoded); here the bytes of each kept value stay as the camera wrote them.  What does not
look like its tag should is left out, a block that cannot be read counts as absent.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from socials_lib.images.parts import Keep

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
_BYTE, _ASCII, _SHORT, _LONG, _RATIONAL, _UTF8 = 1, 2, 3, 4, 5, 129
ORIENTATION, CAMERA_IFD, GPS_IFD = 0x0112, 0x8769, 0x8825
DATE_TIME_ORIGINAL, DESCRIPTION = 0x9003, 0x010E
_LONGEST_TEXT = 8_000


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One value as it lies in the file."""

    tag: int
    type: int
    count: int
    value: bytes


@dataclass(frozen=True, kw_only=True)
class Exif:
    """The three directories that matter; `mark` is `<` or `>`, the byte order."""

    mark: str = "<"
    main: Mapping[int, Entry] = field(default_factory=dict)
    camera: Mapping[int, Entry] = field(default_factory=dict)
    gps: Mapping[int, Entry] = field(default_factory=dict)
    has_thumbnail: bool = False

    @property
    def orientation(self) -> int:
        """1 to 8; 1 if it is missing or makes no sense."""
        entry = self.main.get(ORIENTATION)
        if entry is None or entry.count != 1 or entry.type not in (_BYTE, _SHORT, _LONG):
            return 1
        number = int.from_bytes(entry.value, "little" if self.mark == "<" else "big")
        return number if 1 <= number <= 8 else 1

    @property
    def taken(self) -> str | None:
        """DateTimeOriginal as `YYYY-MM-DDTHH:MM:SS`."""
        entry = self.camera.get(DATE_TIME_ORIGINAL)
        return parse_taken(entry.value) if entry is not None and entry.type == _ASCII else None


EMPTY = Exif()


def parse_taken(value: bytes) -> str | None:
    """`2024:03:19 18:42:07` as ISO text; None for blanks, zeros and days that never were."""
    text = value.split(b"\0")[0].decode("ascii", "replace").strip()
    if not re.fullmatch(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d", text):
        return None
    try:
        return datetime.strptime(text, "%Y:%m:%d %H:%M:%S").isoformat()  # noqa: DTZ007 - local time
    except ValueError:
        return None


def parse(tiff: bytes) -> Exif:
    """The directories of a TIFF block (without `Exif\\0\\0`); `EMPTY` if it cannot be read."""
    mark = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if mark is None or len(tiff) < 14:
        return EMPTY
    main, following = _directory(tiff, mark, _number(tiff, mark, 4))
    camera, _ = _directory(tiff, mark, _pointer(main, mark, CAMERA_IFD))
    gps, _ = _directory(tiff, mark, _pointer(main, mark, GPS_IFD))
    return Exif(mark=mark, main=main, camera=camera, gps=gps, has_thumbnail=following > 0)


def _number(data: bytes, mark: str, at: int) -> int:
    return int(struct.unpack_from(mark + "I", data, at)[0])


def _pointer(entries: Mapping[int, Entry], mark: str, tag: int) -> int:
    entry = entries.get(tag)
    fits = entry is not None and entry.type in (_LONG, 13) and entry.count == 1
    return _number(entry.value, mark, 0) if entry is not None and fits else 0


def _directory(data: bytes, mark: str, at: int) -> tuple[dict[int, Entry], int]:
    """The readable entries of the directory at `at` and the place of the next directory."""
    if at < 8 or at + 2 > len(data):
        return {}, 0
    count = struct.unpack_from(mark + "H", data, at)[0]
    end = at + 2 + 12 * count
    if count == 0 or end > len(data):
        return {}, 0
    entries: dict[int, Entry] = {}
    for entry in _entries(data, mark, range(at + 2, end, 12)):
        entries.setdefault(entry.tag, entry)
    return entries, _number(data, mark, end) if end + 4 <= len(data) else 0


def _entries(data: bytes, mark: str, places: range) -> Iterator[Entry]:
    for place in places:
        tag, kind, count = struct.unpack_from(mark + "HHI", data, place)
        size = _SIZES.get(kind, 0) * count
        start = place + 8 if size <= 4 else _number(data, mark, place + 8)
        if size and start + size <= len(data):
            yield Entry(tag=tag, type=kind, count=count, value=data[start : start + size])


def _text(entry: Entry) -> Entry | None:
    """The text up to its end mark: what lies behind a NUL is not part of it.

    Copyright alone has two parts with a NUL between (EXIF 3.0, 4.6.6): photographer, editor.
    """
    if entry.type not in (_ASCII, _UTF8):
        return None
    parts = entry.value.split(b"\0")[: 2 if entry.tag == 0x8298 else 1]
    value = b"\0".join(parts).rstrip(b"\0")
    if not value.strip(b"\0 ") or len(value) > _LONGEST_TEXT:
        return None
    return Entry(tag=entry.tag, type=_ASCII, count=len(value) + 1, value=value + b"\0")


def _shaped(pattern: bytes) -> Callable[[Entry], Entry | None]:
    def check(entry: Entry) -> Entry | None:
        text = _text(entry)
        return text if text and re.fullmatch(pattern, text.value[:-1]) else None

    return check


def _date(entry: Entry) -> Entry | None:
    text = _text(entry)
    return text if text and parse_taken(text.value) else None


def _typed(count: int, *types: int) -> Callable[[Entry], Entry | None]:
    def check(entry: Entry) -> Entry | None:
        return entry if entry.type in types and 1 <= entry.count <= count else None

    return check


_Checks = Mapping[int, Callable[[Entry], Entry | None]]
#: Make, Model, Artist, Copyright; Orientation is written anew.
_MAIN: _Checks = MappingProxyType({0x010F: _text, 0x0110: _text, 0x013B: _text, 0x8298: _text})
_CAMERA: _Checks = MappingProxyType(
    {
        0x829A: _typed(1, _RATIONAL),  # ExposureTime
        0x829D: _typed(1, _RATIONAL),  # FNumber
        0x8827: _typed(2, _SHORT, _LONG),  # ISO
        DATE_TIME_ORIGINAL: _date,
        0x9011: _shaped(rb"[+-]\d\d:\d\d *"),  # OffsetTimeOriginal
        0x920A: _typed(1, _RATIONAL),  # FocalLength
        0x9291: _shaped(rb"\d{1,9} *"),  # SubSecTimeOriginal
        0xA434: _text,  # LensModel
    }
)
#: Version, latitude and longitude with their signs, altitude with its sign.
_GPS: _Checks = MappingProxyType(
    {
        0: _typed(4, _BYTE),
        1: _shaped(rb"[NS]"),
        2: _typed(3, _RATIONAL),
        3: _shaped(rb"[EW]"),
        4: _typed(3, _RATIONAL),
        5: _typed(1, _BYTE),
        6: _typed(1, _RATIONAL),
    }
)


def _kept(entries: Mapping[int, Entry], checks: _Checks) -> list[Entry]:
    found = ((entries.get(tag), check) for tag, check in checks.items())
    return [kept for entry, check in found if entry is not None and (kept := check(entry))]


def minimal(exif: Exif, *, keep: Keep, orientation: int | None = None) -> bytes:
    """The TIFF block that goes into the copy, b"" if nothing is left.

    `orientation` overrides the source's (a copy whose pixels were turned says 1).
    """
    main = _kept(exif.main, _MAIN)
    if orientation is not None or ORIENTATION in exif.main:
        shown = struct.pack(exif.mark + "H", orientation or exif.orientation)
        main.append(Entry(tag=ORIENTATION, type=_SHORT, count=1, value=shown))
    if keep.texts and DESCRIPTION in exif.main:
        main.extend(_kept(exif.main, {DESCRIPTION: _text}))
    gps = _kept(exif.gps, _GPS) if keep.gps else []
    if not {1, 2, 3, 4} <= {entry.tag for entry in gps}:
        gps = []
    return _write(exif.mark, main, {CAMERA_IFD: _kept(exif.camera, _CAMERA), GPS_IFD: gps})


def keeps_place(exif: Exif) -> bool:
    """True if `keep.gps` would keep a position of this block."""
    return minimal(exif, keep=Keep(gps=True)) != minimal(exif, keep=Keep())


def _write(mark: str, main: list[Entry], others: Mapping[int, list[Entry]]) -> bytes:
    others = {tag: entries for tag, entries in others.items() if entries}
    if not main and not others:
        return b""
    slots = [Entry(tag=tag, type=_LONG, count=1, value=bytes(4)) for tag in others]
    place = 8 + len(_block(mark, [*main, *slots], 8))
    blocks, pointers = [], []
    for tag, entries in others.items():
        pointers.append(Entry(tag=tag, type=_LONG, count=1, value=struct.pack(mark + "I", place)))
        blocks.append(_block(mark, entries, place))
        place += len(blocks[-1])
    head = (b"II*\0" if mark == "<" else b"MM\0*") + struct.pack(mark + "I", 8)
    return head + _block(mark, [*main, *pointers], 8) + b"".join(blocks)


def _block(mark: str, entries: list[Entry], at: int) -> bytes:
    """A directory with its values behind it, for the place `at`; length always even."""
    table, values = b"", b""
    start = at + 2 + 12 * len(entries) + 4
    for entry in sorted(entries, key=lambda one: one.tag):
        table += struct.pack(mark + "HHI", entry.tag, entry.type, entry.count)
        if len(entry.value) <= 4:
            table += entry.value.ljust(4, b"\0")
            continue
        table += struct.pack(mark + "I", start + len(values))
        values += entry.value + b"\0" * (len(entry.value) % 2)
    return struct.pack(mark + "H", len(entries)) + table + bytes(4) + values


def words(exif: Exif, *, keep: Keep) -> Iterator[str]:
    """The words for what `minimal` leaves out."""
    if set(exif.gps) - {0} and not (keep.gps and keeps_place(exif)):
        yield "place"
    if 0x9C9E in exif.main:
        yield "keywords"
    if 0x927C in exif.camera:
        yield "maker notes"
    if {0xA430, 0xA431, 0xA435} & set(exif.camera):
        yield "serial numbers and owner"
    if {0x9C9B, 0x9C9F} & set(exif.main) or (DESCRIPTION in exif.main and not keep.texts):
        yield "title and description"
    if 0x9286 in exif.camera or 0x9C9C in exif.main:
        yield "comments"
    if exif.has_thumbnail:
        yield "small previews"
