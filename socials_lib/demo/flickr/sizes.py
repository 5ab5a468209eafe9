"""The sizes of a photo and their addresses.

A size exists if the picture reaches 92 % of it (recorded: 750 pixels have a "Medium 800" of 750,
5,568 have no "X-Large 6K"); from 1600 on each size has a secret of its own.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from socials_lib.demo.flickr.records import Photo
from socials_lib.demo.flickr.tree import Varies

#: label, suffix of the file, name in page addresses, longest side.
_SCALED = (
    ("Square", "s", "sq", 75),
    ("Large Square", "q", "q", 150),
    ("Thumbnail", "t", "t", 100),
    ("Small", "m", "s", 240),
    ("Small 320", "n", "n", 320),
    ("Small 400", "w", "w", 400),
    ("Medium", "", "m", 500),
    ("Medium 640", "z", "z", 640),
    ("Medium 800", "c", "c", 800),
    ("Large", "b", "l", 1024),
    ("Large 1600", "h", "h", 1600),
    ("Large 2048", "k", "k", 2048),
    ("X-Large 3K", "3k", "3k", 3072),
    ("X-Large 4K", "4k", "4k", 4096),
    ("X-Large 5K", "5k", "5k", 5120),
    ("X-Large 6K", "6k", "6k", 6144),
)
_OWN_SECRET = frozenset({"h", "k", "3k", "4k", "5k", "6k"})
_LATE = frozenset({"n", "c", "h", "k"})

#: `url_x` of the extras -> suffix of the file, in the order of recorded rows.
URL_EXTRAS = {
    "sq": "s",
    "t": "t",
    "s": "m",
    "m": "",
    "o": "o",
    "q": "q",
    "l": "b",
    "n": "n",
    "w": "w",
    "z": "z",
    "c": "c",
    "h": "h",
    "k": "k",
}


@dataclass(frozen=True, kw_only=True)
class Size:
    """One size: `suffix` as in the file name, `page` as in the address of its page."""

    label: str
    suffix: str
    page: str
    width: int
    height: int

    def json_sides(self) -> tuple[Varies, Varies]:
        """Width and height; in 2013 mostly text, but numbers where they were computed late."""
        if self.suffix == "s":
            return Varies(self.width, self.width), Varies(self.height, self.height)
        shorter = min(self.width, self.height) if self.suffix in _LATE else None

        def side(number: int) -> Varies:
            return Varies(number if number == shorter else str(number), number)

        return side(self.width), side(self.height)


def sizes_of(photo: Photo) -> list[Size]:
    """All sizes of the photo, the original last and as stored (not turned)."""
    width, height = photo.width, photo.height
    if photo.rotation in (90, 270):
        width, height = height, width
    longest = max(width, height, 1)
    found = [
        _scaled(label, suffix, page, side, width, height)
        for label, suffix, page, side in _SCALED
        if side <= 150 or longest >= 0.92 * side
    ]
    return [
        *found,
        Size(label="Original", suffix="o", page="o", width=photo.width, height=photo.height),
    ]


def _scaled(label: str, suffix: str, page: str, side: int, width: int, height: int) -> Size:
    if "Square" in label:
        return Size(label=label, suffix=suffix, page=page, width=side, height=side)
    longest = max(width, height, 1)
    factor = min(side, longest) / longest
    return Size(
        label=label,
        suffix=suffix,
        page=page,
        width=max(1, int(width * factor + 0.5)),
        height=max(1, int(height * factor + 0.5)),
    )


def size_secret(photo: Photo, suffix: str) -> str:
    """The secret in the file name of a size."""
    if suffix == "o":
        return photo.original_secret
    if suffix in _OWN_SECRET:
        return hashlib.sha1(f"{photo.original_secret}{suffix}".encode()).hexdigest()[:10]
    return photo.secret


def image_url(photo: Photo, suffix: str, base: str) -> str:
    """The address of the image file of a size."""
    extension = photo.format if suffix == "o" else "jpg"
    tail = f"_{suffix}" if suffix else ""
    name = f"{photo.id}_{size_secret(photo, suffix)}{tail}.{extension}"
    return f"{base}/static/{photo.server}/{name}"
