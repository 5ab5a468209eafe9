"""Reads a JPEG segment by segment and keeps the picture, to the byte.

A decision of November 2026: a file without an end mark is refused, never completed.  Decoders paint
the missing part grey without a word, so that completing it could publish half a picture.  Stray
bytes and fill bytes between segments are skipped the way libjpeg does (`next_marker`), so that we
see the same picture as every decoder; they do not go into the copy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from socials_lib.images import exif, xmp
from socials_lib.images.parts import (
    Bytes,
    Damaged,
    Keep,
    Removed,
    Stripped,
    checked_size,
    icc_profile,
    short_sha,
    words_in_text,
)

SOI, EOI, SOS, DQT, DHT, DRI, DAC, COM = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xDD, 0xCC, 0xFE
APP0, APP1, APP2, APP13, APP14 = 0xE0, 0xE1, 0xE2, 0xED, 0xEE
#: Not markers of the format: coded picture data, stray bytes, what follows the end.
SCAN, STRAY, TAIL = -1, -2, -3
#: Baseline, extended, progressive; the same with arithmetic coding.  The others (lossless,
#: hierarchical) no browser shows.
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC9, 0xCA})
_OTHER_FRAMES = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xC8, 0xCB, 0xCD, 0xCE, 0xCF, 0xDE, 0xDF})
_ARITHMETIC = frozenset({0xC9, 0xCA})
#: The next marker; in coded data FF 00 is a stuffed byte and FF D0..D7 a restart.
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
_EXIF, _ICC = b"Exif\0\0", b"ICC_PROFILE\0"
_ICC_CHUNK = 65_533 - len(_ICC) - 2


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment: `data[start:end]` is its payload without marker and length."""

    marker: int
    start: int
    end: int


class CutOff(Damaged):
    """The data end before the picture does; the header reader then asks for more."""

    def __init__(self) -> None:
        super().__init__("the file is cut off: the end of the picture is missing")


def walk(data: bytes) -> Iterator[Segment]:
    """All segments in order up to the end mark, then what follows it (`TAIL`)."""
    if data[:2] != b"\xff\xd8":
        raise Damaged("it does not begin like a JPEG")
    at = 2
    while True:
        found = _MARKER.search(data, at)
        if found is None:
            raise CutOff
        if found.start() > at:
            yield Segment(STRAY, at, found.start())
        marker, at = found[1][0], found.end()
        if marker == EOI:
            yield Segment(EOI, at, at)
            if at < len(data):
                yield Segment(TAIL, at, len(data))
            return
        if marker == 0x01:  # TEM, without length
            continue
        if marker == SOI or marker < 0xC0:
            raise Damaged(f"an unexpected mark (FF {marker:02X}) in the middle")
        end = at + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or at + 2 > len(data):
            raise CutOff
        if end < at + 2:
            raise Damaged(f"a segment (FF {marker:02X}) with an impossible length")
        yield Segment(marker, at + 2, end)
        at = end
        if marker == SOS:
            following = _MARKER.search(data, at)
            if following is None:
                raise CutOff
            yield Segment(SCAN, at, following.start())
            at = following.start()


@dataclass(kw_only=True)
class _Reading:
    """What has been seen so far; `picture` are the pieces that go into the copy as they are."""

    size: tuple[int, int] | None = None
    frame: int = 0
    scans: int = 0
    jfif: bytes = b""
    adobe: bytes = b""
    tiff: bytes = b""
    xmp: bytes = b""
    icc: list[bytes] = field(default_factory=list)
    picture: list[Bytes] = field(default_factory=list)
    removed: Removed = field(default_factory=Removed)

    @property
    def exif(self) -> exif.Exif:
        return exif.parse(self.tiff)


def header(data: bytes) -> tuple[tuple[int, int], exif.Exif]:
    """Stored size and EXIF from the bytes before the first scan; raises `CutOff` if they end."""
    reading = _Reading()
    for segment in walk(data):
        if segment.marker == SOS:
            _take(reading, data, segment)
            break
        _take(reading, data, segment)
    if reading.size is None:
        raise Damaged("it holds no picture")
    return reading.size, reading.exif


def strip(data: bytes, keep: Keep) -> Stripped:
    """The picture and what may stay with it; raises `Damaged`."""
    reading = _Reading()
    for segment in walk(data):
        _take(reading, data, segment)
    if reading.size is None or not reading.scans:
        raise Damaged("it holds no picture")
    source = reading.exif
    profile = _joined(reading.icc)
    tiff = exif.minimal(source, keep=keep)
    packet = xmp.packet(*xmp.texts(reading.xmp)) if keep.texts else b""
    _name_removed(reading, source, tiff=tiff, packet=packet, profile=profile, keep=keep)
    pieces: list[Bytes] = [b"\xff\xd8"]
    pieces += [_segment(APP0, reading.jfif)] if reading.jfif else []
    pieces += [_segment(APP1, _EXIF + tiff)] if tiff else []
    pieces += [_segment(APP1, xmp.HEADER + packet)] if packet else []
    pieces += _profile_segments(profile)
    pieces += [_segment(APP14, reading.adobe)] if reading.adobe else []
    return Stripped(
        format="JPEG",
        size=reading.size,
        pieces=(*pieces, *reading.picture, b"\xff\xd9"),
        picture=short_sha(reading.picture),
        orientation=source.orientation,
        exif=reading.tiff,
        xmp=reading.xmp,
        icc=profile,
        taken=source.taken,
        removed=reading.removed,
    )


def _segment(marker: int, payload: Bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


def _take(reading: _Reading, data: bytes, segment: Segment) -> None:
    """One segment: into the picture, into the notes, or among what is removed."""
    marker, payload = segment.marker, memoryview(data)[segment.start : segment.end]
    if marker == SCAN:
        reading.picture.append(payload)
    elif marker in _FRAMES or marker in _OTHER_FRAMES:
        _take_frame(reading, marker, bytes(payload))
    elif marker in (DQT, DHT, DRI, SOS) or (marker == DAC and reading.frame in _ARITHMETIC):
        _check_table(reading, marker, bytes(payload))
        reading.picture.append(_segment(marker, payload))
    elif APP0 <= marker <= 0xEF:
        _take_application(reading, marker, bytes(payload))
    elif marker == TAIL:
        reading.removed.add("bytes after the picture")
    elif marker == COM:
        reading.removed.add("comments")
    elif marker != EOI:
        reading.removed.add()


def _take_frame(reading: _Reading, marker: int, payload: bytes) -> None:
    if marker in _OTHER_FRAMES:
        raise Damaged(f"a kind of JPEG (FF {marker:02X}) that browsers cannot show")
    if reading.frame:
        raise Damaged("it holds two pictures in one")
    if len(payload) < 6 or len(payload) != 6 + 3 * payload[5]:
        raise Damaged("a broken picture header")
    height, width = (int.from_bytes(payload[at : at + 2], "big") for at in (1, 3))
    reading.size = checked_size(width, height)
    reading.frame = marker
    reading.picture.append(_segment(marker, payload))


def _check_table(reading: _Reading, marker: int, payload: bytes) -> None:
    """Tables must fill their segment exactly: behind them something could hide."""
    if marker == SOS:
        if not reading.frame:
            raise Damaged("picture data before the picture header")
        reading.scans += 1
        sound = len(payload) > 0 and len(payload) == 4 + 2 * payload[0]
    elif marker == DRI:
        sound = len(payload) == 2
    elif marker == DAC:
        sound = len(payload) % 2 == 0
    else:
        sound = _fills(payload, marker)
    if not sound:
        raise Damaged(f"a broken table (FF {marker:02X})")


def _fills(payload: bytes, marker: int) -> bool:
    at = 0
    while at < len(payload):
        if marker == DQT:
            at += 129 if payload[at] >> 4 else 65
        else:
            at += 17 + sum(payload[at + 1 : at + 17])
    return at == len(payload)


def _take_application(reading: _Reading, marker: int, payload: bytes) -> None:
    early = not reading.scans  # decoders judge colours by what they saw before the first scan
    if marker == APP0 and payload.startswith(b"JFIF\0") and len(payload) >= 14 and early:
        if len(payload) > 14:
            reading.removed.add("small previews")
        reading.jfif = reading.jfif or payload[:12] + b"\0\0"
    elif marker == APP14 and payload.startswith(b"Adobe") and len(payload) >= 12 and early:
        reading.adobe = payload[:12]  # libjpeg believes the last one
    elif marker == APP1 and payload.startswith(_EXIF) and not reading.tiff:
        reading.tiff = payload[len(_EXIF) :]
    elif marker == APP1 and payload.startswith(xmp.HEADER) and not reading.xmp:
        reading.xmp = payload[len(xmp.HEADER) :]
    elif marker == APP2 and payload.startswith(_ICC) and early:
        reading.icc.append(payload[len(_ICC) :])
    else:
        reading.removed.add(*_words(marker, payload))


def _words(marker: int, payload: bytes) -> Iterator[str]:
    if marker == APP0 and payload.startswith(b"JFXX\0"):
        yield "small previews"
    elif marker == APP2 and payload.startswith(b"MPF\0"):
        yield "further pictures"
    elif marker == APP13:
        yield from _iptc_words(payload)
    elif marker == APP1:
        yield from words_in_text(payload)


def _iptc_words(payload: bytes) -> Iterator[str]:
    """By the record 2 datasets of IPTC IIM 4.2: 5 title, 25 keyword, 90-101 place, 120 caption."""
    if b"\x1c\x02\x19" in payload:
        yield "keywords"
    if any(bytes((0x1C, 2, number)) in payload for number in (90, 92, 95, 100, 101)):
        yield "place"
    if any(bytes((0x1C, 2, number)) in payload for number in (5, 105, 120)):
        yield "title and description"


def _name_removed(
    reading: _Reading,
    source: exif.Exif,
    *,
    tiff: bytes,
    packet: bytes,
    profile: bytes,
    keep: Keep,
) -> None:
    """The words for blocks that are looked at only when all have been seen."""
    if reading.tiff and reading.tiff != tiff:
        reading.removed.add(*(tuple(exif.words(source, keep=keep)) or ("other metadata",)))
    if reading.xmp and reading.xmp != packet:
        words = set(words_in_text(reading.xmp)) - ({"title and description"} if packet else set())
        reading.removed.add(*words)
    if reading.icc and profile != b"".join(chunk[2:] for chunk in sorted(reading.icc)):
        reading.removed.add()


def _joined(chunks: list[bytes]) -> bytes:
    """The profile of all its segments; b"" if one is missing or doubled, as in libjpeg."""
    if not chunks or any(len(chunk) < 2 for chunk in chunks):
        return b""
    chunks = sorted(chunks)
    if [chunk[:2] for chunk in chunks] != [bytes((i + 1, len(chunks))) for i in range(len(chunks))]:
        return b""
    return icc_profile(b"".join(chunk[2:] for chunk in chunks))


def _profile_segments(profile: bytes) -> list[Bytes]:
    parts = [profile[at : at + _ICC_CHUNK] for at in range(0, len(profile), _ICC_CHUNK)]
    return [
        _segment(APP2, _ICC + bytes((number, len(parts))) + part)
        for number, part in enumerate(parts, start=1)
    ]
