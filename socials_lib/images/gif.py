"""Reads a GIF block by block and keeps pictures, their timing and the loop count.

A file that ends between two blocks without the end mark is complete and gets one; a block that is
cut off refuses the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from socials_lib.images.parts import (
    Bytes,
    Damaged,
    Keep,
    Private,
    Removed,
    Stripped,
    checked_size,
    short_sha,
    words_in_text,
)

_IMAGE, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B
_COMMENT, _APPLICATION, _CONTROL, _PLAIN_TEXT = 0xFE, 0xFF, 0xF9, 0x01
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


@dataclass(kw_only=True)
class _Reading:
    data: bytes
    at: int
    pieces: list[Bytes] = field(default_factory=list)
    control: bytes = b""
    looped: bool = False
    frames: int = 0
    removed: Removed = field(default_factory=Removed)


def header(data: bytes) -> tuple[int, int]:
    """Size of the screen from the first bytes."""
    if data[:6] not in (b"GIF87a", b"GIF89a"):
        raise Damaged("it does not begin like a GIF")
    if len(data) < 14:
        raise Damaged("the file is cut off: the picture header is missing")
    return checked_size(*(int.from_bytes(data[at : at + 2], "little") for at in (6, 8)))


def strip(data: bytes, keep: Keep) -> Stripped:
    """The pictures without anything else; place and texts (`keep`) are never in a GIF copy."""
    size = header(data)
    start = 13 + _colours(data[10])
    if start > len(data):
        raise Damaged("the file is cut off in its colour table")
    reading = _Reading(data=data, at=start, pieces=[memoryview(data)[:start]])
    while _take(reading):
        pass
    if not reading.frames:
        raise Damaged("it holds no picture")
    if reading.at < len(data):
        reading.removed.add("bytes after the picture")
    return Stripped(
        format="GIF",
        size=size,
        pieces=(*reading.pieces, b"\x3b"),
        picture=short_sha(reading.pieces),
        removed=reading.removed,
        frames=reading.frames,
    )


def _colours(packed: int) -> int:
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


def _take(reading: _Reading) -> bool:
    """One block; False at the end."""
    data, at = reading.data, reading.at
    if at == len(data):
        return False
    kind = data[at]
    reading.at += 1
    if kind == _TRAILER:
        return False
    if kind == 0:  # a stray end of a block: every reader skips it
        return True
    if kind == _EXTENSION:
        _take_extension(reading, at)
    elif kind == _IMAGE:
        _take_image(reading, at)
    else:
        raise Damaged(f"an unexpected block ({kind:02X}) in the middle")
    return True


def _blocks_end(data: bytes, at: int) -> int:
    """The place behind a chain of sub-blocks."""
    while at < len(data) and data[at]:
        at += 1 + data[at]
    if at >= len(data):
        raise Damaged("the file is cut off: the end of the picture is missing")
    return at + 1


def _take_image(reading: _Reading, at: int) -> None:
    data = reading.data
    if at + 11 > len(data):
        raise Damaged("the file is cut off: the end of the picture is missing")
    left, top, width, height = (
        int.from_bytes(data[place : place + 2], "little") for place in range(at + 1, at + 9, 2)
    )
    checked_size(left + width, top + height)
    if not width or not height:
        raise Damaged("a picture without width or height")
    end = _blocks_end(data, at + 10 + _colours(data[at + 9]) + 1)
    if reading.control:
        reading.pieces.append(reading.control)
    reading.pieces.append(memoryview(data)[at:end])
    reading.control, reading.at = b"", end
    reading.frames += 1


def _take_extension(reading: _Reading, at: int) -> None:
    data = reading.data
    label = data[at + 1] if at + 1 < len(data) else 0
    end = reading.at = _blocks_end(data, at + 2)
    block = data[at:end]
    if label == _CONTROL:
        if len(block) != 8 or block[2] != 4:
            raise Private("more than timing in a control block")
        reading.control = block
    elif label == _APPLICATION and _is_loop(block) and not reading.looped:
        reading.pieces.append(block)
        reading.looped = True
    elif label == _PLAIN_TEXT:
        reading.control = b""  # its timing belongs to it alone
        reading.removed.add()
    else:
        words = ("comments",) if label == _COMMENT else tuple(words_in_text(block))
        reading.removed.add(*words)


def _is_loop(block: bytes) -> bool:
    """`21 FF 0B NETSCAPE2.0 03 01 <count, 2 bytes> 00` and nothing more."""
    return len(block) == 19 and block[3:14] in _LOOPS and block[14:16] == b"\x03\x01"
