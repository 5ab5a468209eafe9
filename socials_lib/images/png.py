"""Reads a PNG chunk by chunk and keeps those that make the picture.

Decisions: the EXIF chunk goes as a whole, its orientation with it (browsers and services do not
turn a PNG, so neither the facts nor the thumbnail do).  The compressed picture is unpacked once:
bytes behind its end, a wrong number of rows or a bad checksum refuse the file, because things can
hide there and decoders do not look.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from socials_lib.images import exif
from socials_lib.images.parts import (
    Bytes,
    Damaged,
    Keep,
    Private,
    Removed,
    Stripped,
    checked_size,
    icc_profile,
    short_sha,
    words_in_text,
)

SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: Lengths a chunk may have; the profile is looked into.
_LENGTHS: Mapping[bytes, tuple[int, ...]] = {
    b"gAMA": (4,),
    b"cHRM": (32,),
    b"sRGB": (1,),
    b"cICP": (4,),
    b"sBIT": (1, 2, 3, 4),
    b"pHYs": (9,),
}
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_ANIMATION = frozenset({b"acTL", b"fcTL", b"fdAT"})
#: Adam7: first column, first row, step to the right, step down.
_PASSES = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
_LARGEST_PROFILE = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk: `data[start:end]` is its content; `whole` all of it, with length and checksum."""

    kind: bytes
    start: int
    end: int

    @property
    def whole(self) -> slice:
        return slice(self.start - 8, self.end + 4)


def walk(data: bytes) -> Iterator[Chunk]:
    """All chunks up to IEND."""
    if not data.startswith(SIGNATURE):
        raise Damaged("it does not begin like a PNG")
    at, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        start = at + 8
        end = start + int.from_bytes(data[at : at + 4], "big")
        if start > len(data) or end + 4 > len(data):
            raise Damaged("the file is cut off: the end of the picture is missing")
        kind = data[at + 4 : start]
        yield Chunk(kind, start, end)
        at = end + 4


def header(data: bytes) -> tuple[tuple[int, int], exif.Exif]:
    """Size and EXIF of the first bytes of a file; EXIF only if it stands before the picture."""
    head = data[16:29]
    if data[12:16] != b"IHDR" or len(head) < 13:
        raise Damaged("the file is cut off: the picture header is missing")
    if zlib.crc32(data[12:29]) != int.from_bytes(data[29:33], "big"):
        raise Damaged("the checksum of its picture header is wrong")
    found = exif.EMPTY
    try:
        for chunk in walk(data):
            if chunk.kind == b"IDAT":
                break
            if chunk.kind == b"eXIf":
                found = exif.parse(data[chunk.start : chunk.end])
    except Damaged:
        pass  # only the first bytes are here
    return _size(head), found


def _size(head: bytes) -> tuple[int, int]:
    return checked_size(int.from_bytes(head[:4], "big"), int.from_bytes(head[4:8], "big"))


def strip(data: bytes, keep: Keep) -> Stripped:
    """The picture without anything else; place and texts (`keep`) are never in a PNG copy."""
    kept: list[Chunk] = []
    seen: set[bytes] = set()
    removed = Removed()
    found, end = exif.EMPTY, 0
    for chunk in walk(data):
        end = chunk.whole.stop
        content = data[chunk.start : chunk.end]
        if _is_kept(chunk, content, data, seen):
            kept.append(chunk)
            seen.add(chunk.kind)
            continue
        if chunk.kind == b"eXIf":
            found = exif.parse(content)
        removed.add(*_words(chunk.kind, content))
    if end < len(data):
        removed.add("bytes after the picture")
    profile = next(
        (_profile(data[one.start : one.end]) for one in kept if one.kind == b"iCCP"), b""
    )
    size = _check_picture(data, kept)
    view = memoryview(data)
    return Stripped(
        format="PNG",
        size=size,
        pieces=(SIGNATURE, *(view[chunk.whole] for chunk in kept)),
        picture=short_sha(_picture(view, kept)),
        icc=profile,
        taken=found.taken,
        removed=removed,
    )


def _picture(view: memoryview, kept: list[Chunk]) -> Iterator[Bytes]:
    for chunk in kept:
        if chunk.kind in (b"IHDR", b"PLTE", b"tRNS"):
            yield chunk.kind
        if chunk.kind in (b"IHDR", b"PLTE", b"tRNS", b"IDAT"):
            yield view[chunk.start : chunk.end]


def _is_kept(chunk: Chunk, content: bytes, data: bytes, seen: set[bytes]) -> bool:
    """True for the first chunk of each wanted kind; raises for a broken necessary one."""
    sum_found = int.from_bytes(data[chunk.end : chunk.end + 4], "big")
    sound = zlib.crc32(content, zlib.crc32(chunk.kind)) == sum_found
    if chunk.kind in (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS"):
        if not sound:
            raise Damaged(f"the checksum of a part ({chunk.kind.decode()}) is wrong")
        if chunk.kind != b"IDAT" and chunk.kind in seen:
            raise Damaged(f"a part ({chunk.kind.decode()}) stands there twice")
        if chunk.kind in (b"PLTE", b"tRNS") and b"IDAT" in seen:
            raise Damaged(f"a part ({chunk.kind.decode()}) in the wrong place")
        return True
    if not chunk.kind[:1].islower():
        name = chunk.kind.decode("ascii", "replace")
        raise Damaged(f"a necessary part ({name}) that nobody knows")
    if not sound or chunk.kind in seen or b"IDAT" in seen:
        return False
    if chunk.kind == b"iCCP":
        return bool(_profile(content))
    return len(content) in _LENGTHS.get(chunk.kind, ())


def _profile(content: bytes) -> bytes:
    """The colour profile of an iCCP chunk; b"" unless it is one, whole, with nothing behind it."""
    name, _, rest = content.partition(b"\0")
    if not 1 <= len(name) <= 79 or rest[:1] != b"\0":
        return b""
    unpack = zlib.decompressobj()
    try:
        profile = unpack.decompress(rest[1:], _LARGEST_PROFILE)
    except zlib.error:
        return b""
    if not unpack.eof or unpack.unused_data:
        return b""
    return profile if icc_profile(profile) == profile else b""


def _words(kind: bytes, content: bytes) -> Iterator[str]:
    if kind in _ANIMATION:
        yield "animation"
    elif kind == b"eXIf":
        yield from exif.words(exif.parse(content), keep=Keep())
    elif kind in (b"tEXt", b"zTXt", b"iTXt"):
        yield from words_in_text(content)
        if content[:8].lower() == b"comment\0":
            yield "comments"
        elif content[:12].lower() == b"description\0" or content[:6].lower() == b"title\0":
            yield "title and description"


def _check_picture(data: bytes, kept: list[Chunk]) -> tuple[int, int]:
    """Size of the picture, after all its parts were found sound."""
    kinds = [chunk.kind for chunk in kept]
    if kinds[:1] != [b"IHDR"] or b"IDAT" not in kinds:
        raise Damaged("it holds no picture")
    head = data[kept[0].start : kept[0].end]
    if (
        len(head) != 13
        or head[9] not in _CHANNELS
        or head[12] > 1
        or head[8] not in (1, 2, 4, 8, 16)
    ):
        raise Damaged("a broken picture header")
    for chunk in kept:
        length, kind = chunk.end - chunk.start, chunk.kind
        wrong = (
            (kind == b"PLTE" and (length % 3 or not 3 <= length <= 768))
            or (kind == b"tRNS" and length > {0: 2, 2: 6, 3: 256}.get(head[9], 0))
            or (kind == b"IEND" and length)
        )
        if wrong:
            raise Damaged(f"a part ({kind.decode()}) of impossible length")
    size = _size(head)
    _check_rows(data, kept, _expected(size, head))
    return size


def _expected(size: tuple[int, int], head: bytes) -> int:
    """Bytes of the unpacked picture: each row begins with its filter."""
    bits = _CHANNELS[head[9]] * head[8]

    def rows(width: int, height: int) -> int:
        return height * (1 + (width * bits + 7) // 8) if width > 0 and height > 0 else 0

    if not head[12]:
        return rows(*size)
    return sum(
        rows((size[0] - x + dx - 1) // dx, (size[1] - y + dy - 1) // dy) for x, y, dx, dy in _PASSES
    )


def _check_rows(data: bytes, kept: list[Chunk], expected: int) -> None:
    unpack, length = zlib.decompressobj(), 0
    try:
        for chunk in (one for one in kept if one.kind == b"IDAT"):
            if unpack.eof and chunk.end > chunk.start:
                raise Private("bytes behind the picture data")
            rest: bytes = data[chunk.start : chunk.end]
            while rest:
                length += len(unpack.decompress(rest, 1 << 20))
                rest = unpack.unconsumed_tail
                if length > expected:
                    raise Private("more rows than the picture has")
    except zlib.error:
        raise Damaged("its picture data cannot be unpacked") from None
    if not unpack.eof or length < expected:
        raise Damaged("rows of the picture are missing")
    if unpack.unused_data:
        raise Private("bytes behind the picture data")
