"""What the server's image job does with an upload: turn, fit, encode again, forget the rest."""

from __future__ import annotations

import functools
import io
import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageOps

#: What a picture shows before the worker came by.
PLACEHOLDER_BLURHASH = "U4Rfzst8?bt7ogayj[j[~pfQ9Goe%Mj[WBay"
THUMBNAIL_BOX = (640, 640)

_BOXES = {"landscape": (1920, 1080), "portrait": (1080, 1350), "square": (1080, 1080)}
_DIGITS = (
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"  # base 83
)

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/heic": "heic",
    "video/mp4": "mp4",
}

Orientation = Literal["landscape", "portrait", "square"]


@dataclass(frozen=True, kw_only=True)
class Processed:
    """The files and facts that the image job leaves behind."""

    picture: bytes
    thumbnail: bytes
    mime: str
    width: int
    height: int
    orientation: Orientation
    blurhash: str


def sniff(data: bytes) -> str:
    """The type as the server sees it: from the bytes, never from the name or header sent."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith((b"II*\0", b"MM\0*")):
        return "image/tiff"
    if data.startswith(b"BM"):
        return "image/bmp"
    if data[4:8] == b"ftyp":
        return _brand(data[8:12])
    return "text/plain" if data and b"\0" not in data[:512] else "application/octet-stream"


def _brand(brand: bytes) -> str:
    if brand in (b"avif", b"avis"):
        return "image/avif"
    if brand in (b"heic", b"heix", b"mif1", b"hevc"):
        return "image/heic"
    return "video/mp4"


def box(width: int, height: int) -> tuple[Orientation, tuple[int, int]]:
    """The orientation of a picture and the size it is fitted to; it is never enlarged."""
    orientation: Orientation = "square"
    if width != height:
        orientation = "landscape" if width > height else "portrait"
    return orientation, _fit((width, height), _BOXES[orientation])


@functools.lru_cache(maxsize=16)  # seeds often come with the same bytes many times
def process(data: bytes, mime: str, *, quality: int, keep_icc: bool) -> Processed | None:
    """The processed upload; None if the server leaves it alone (GIF) or cannot read it.

    GD writes pixels only: EXIF, GPS, IPTC, XMP and (before 0.12.6) the colour profile are gone,
    even when the picture is small enough.  HEIC and AVIF become JPEG.
    """
    if mime == "image/gif" or not mime.startswith("image/"):
        return None
    try:
        with Image.open(io.BytesIO(data)) as opened:
            profile = opened.info.get("icc_profile") if keep_icc else None
            image = ImageOps.exif_transpose(opened)
            image.load()
    except (OSError, ValueError, SyntaxError):
        return None
    orientation, size = box(*image.size)
    written = mime if mime in ("image/png", "image/webp") else "image/jpeg"
    small = _resized(image, size)
    thumb = _resized(small, _fit(small.size, THUMBNAIL_BOX))
    return Processed(
        picture=_encode(small, written, quality, profile),
        thumbnail=_encode(thumb, written, quality, None),
        mime=written,
        width=small.width,
        height=small.height,
        orientation=orientation,
        blurhash=blurhash(thumb),
    )


def _fit(size: tuple[int, int], limits: tuple[int, int]) -> tuple[int, int]:
    factor = min(limits[0] / size[0], limits[1] / size[1], 1.0)
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image
    source = image if image.mode in ("RGB", "RGBA", "L") else image.convert("RGBA")
    return source.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


def _encode(image: Image.Image, mime: str, quality: int, profile: bytes | None) -> bytes:
    target = io.BytesIO()
    extra = {"icc_profile": profile} if profile else {}
    clean = Image.new("RGBA" if mime != "image/jpeg" and _has_alpha(image) else "RGB", image.size)
    clean.paste(image.convert(clean.mode))
    clean.save(target, mime.removeprefix("image/"), quality=quality, **extra)
    return target.getvalue()


def _has_alpha(image: Image.Image) -> bool:
    return image.has_transparency_data


def blurhash(image: Image.Image, across: int = 4, down: int = 4) -> str:
    """The picture in 36 letters (blurha.sh), as every client shows it while loading."""
    side = 32
    flat = image.convert("RGB").resize((side, side)).tobytes()
    planes = [[_to_linear(value) for value in flat[channel::3]] for channel in range(3)]
    factors = [
        _factor(planes, side, _waves(side, i), _waves(side, j), 1 if i == j == 0 else 2)
        for j in range(down)
        for i in range(across)
    ]
    largest = max(abs(value) for factor in factors[1:] for value in factor)
    quantised = max(0, min(82, math.floor(largest * 166 - 0.5)))
    scale = (quantised + 1) / 166
    letters = [_base83(across - 1 + (down - 1) * 9, 1), _base83(quantised, 1)]
    letters.append(_base83(_average(factors[0]), 4))
    letters += [_base83(_detail(factor, scale), 2) for factor in factors[1:]]
    return "".join(letters)


def _waves(side: int, number: int) -> list[float]:
    return [math.cos(math.pi * number * place / side) for place in range(side)]


def _factor(
    planes: list[list[float]], side: int, across: list[float], down: list[float], weight: int
) -> list[float]:
    """How much of one two-dimensional wave is in each of the three colours."""
    return [
        sum(
            height * sum(map(operator.mul, across, plane[side * row : side * (row + 1)]))
            for row, height in enumerate(down)
        )
        * weight
        / side**2
        for plane in planes
    ]


@functools.cache
def _to_linear(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def _to_srgb(value: float) -> int:
    share = max(0.0, min(1.0, value))
    curved = share * 12.92 if share <= 0.0031308 else 1.055 * share ** (1 / 2.4) - 0.055
    return int(curved * 255 + 0.5)


def _average(factor: Sequence[float]) -> int:
    red, green, blue = (_to_srgb(value) for value in factor)
    return red << 16 | green << 8 | blue


def _detail(factor: Sequence[float], scale: float) -> int:
    steps = 0
    for value in factor:
        rooted = math.copysign(math.sqrt(abs(value / scale)), value)
        steps = steps * 19 + max(0, min(18, math.floor(rooted * 9 + 9.5)))
    return steps


def _base83(value: int, length: int) -> str:
    return "".join(_DIGITS[value // 83**place % 83] for place in range(length - 1, -1, -1))
