"""What the readers of the three formats share: parts of a picture, words for the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

#: More pixels than this are taken for a decompression bomb; 100-megapixel cameras and large
#: panoramas stay far below.  Pillow's own line (89 million) would warn about legal pictures.
MAX_PIXELS = 500_000_000
#: Up to here both pictures are decoded and compared; above, their coded bytes.
DECODE_PIXELS = 40_000_000
#: What `removed` calls things, in the order people care about.
WORDS = (
    "place",
    "keywords",
    "maker notes",
    "people",
    "serial numbers and owner",
    "title and description",
    "comments",
    "small previews",
    "further pictures",
    "animation",
    "bytes after the picture",
    "other metadata",
)

Bytes = bytes | memoryview


class Damaged(Exception):
    """These bytes are not a whole picture; the text says why."""


class Private(Exception):
    """Something may hide in these bytes that cannot be taken out; the text names it."""


@dataclass(frozen=True, kw_only=True)
class Keep:
    """What the person allows beyond the plain picture."""

    gps: bool = False
    texts: bool = False


@dataclass(kw_only=True)
class Removed:
    """What was left out: words for people and how many blocks it was."""

    found: set[str] = field(default_factory=set)
    blocks: int = 0

    def add(self, *words: str) -> None:
        """One more block; without a word it is `other metadata`."""
        self.blocks += 1
        self.found.update(words or ("other metadata",))

    def in_words(self) -> tuple[str, ...]:
        """`place`, `keywords`, `maker notes (14 blocks)`: the last word carries the count."""
        words = [word for word in WORDS if word in self.found]
        if not words:
            return ()
        blocks = "1 block" if self.blocks == 1 else f"{self.blocks} blocks"
        return (*words[:-1], f"{words[-1]} ({blocks})")


@dataclass(frozen=True, kw_only=True)
class Stripped:
    """A picture without its metadata.

    `pieces` joined are the copy; `picture` is the hash of the picture data alone; `exif` is the
    source's TIFF block (b"" if there is none) and `icc` its colour profile, for a smaller copy.
    """

    format: str
    size: tuple[int, int]
    pieces: tuple[Bytes, ...]
    picture: str
    orientation: int = 1
    exif: bytes = b""
    xmp: bytes = b""
    icc: bytes = b""
    taken: str | None = None
    removed: Removed = field(default_factory=Removed)
    frames: int = 1

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height as people see the picture."""
        return displayed(self.size, self.orientation)


def displayed(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Width and height after turning; orientations 5 to 8 lie on their side."""
    return (size[1], size[0]) if orientation >= 5 else size


def checked_size(width: int, height: int) -> tuple[int, int]:
    """The size, if it is one that can be opened."""
    if width < 1 or height < 1:
        raise Damaged("the picture has no width or no height")
    if width * height > MAX_PIXELS:
        millions = f"{MAX_PIXELS // 1_000_000} million"
        raise Damaged(f"{width:,} x {height:,} pixels are more than the {millions} opened here")
    return width, height


def short_sha(pieces: Iterable[Bytes]) -> str:
    """16 hex digits over all pieces."""
    hashed = hashlib.sha256()
    for piece in pieces:
        hashed.update(piece)
    return hashed.hexdigest()[:16]


def icc_profile(data: bytes) -> bytes:
    """The ICC profile without what hangs on behind it, b"" if this is no profile.

    Evidence: ICC.1:2022 7.2: size in bytes 0-3, `acsp` in 36-39.  Zeros behind the end are harmless
    padding and stay, so that an honest profile is kept to the byte.
    """
    size = int.from_bytes(data[:4], "big")
    if len(data) < 128 or data[36:40] != b"acsp" or not 128 <= size <= len(data):
        return b""
    return data if not any(data[size:]) else data[:size]


def words_in_text(text: bytes) -> Iterator[str]:
    """The words for an XMP packet or another text block, by the names of its properties."""
    marks: tuple[tuple[str, tuple[bytes, ...]], ...] = (
        ("place", (b"GPSL", b"photoshop:City", b"photoshop:State", b"photoshop:Country",
                   b"Iptc4xmpCore:Location", b"Iptc4xmpExt:Location")),
        ("keywords", (b"dc:subject", b"hierarchicalSubject", b"TagsList", b"LastKeyword")),
        ("people", (b"PersonInImage", b"mwg-rs:", b"RegionInfo")),
        ("serial numbers and owner", (b"SerialNumber", b"OwnerName")),
        ("title and description", (b"dc:title", b"dc:description", b"photoshop:Headline",
                                   b"AltTextAccessibility", b"ExtDescrAccessibility")),
        ("comments", (b"UserComment",)),
        ("small previews", (b"xmpGImg", b"xapGImg")),
    )  # fmt: skip
    for word, names in marks:
        if any(name in text for name in names):
            yield word
