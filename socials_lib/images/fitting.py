"""Makes a smaller picture when the person allows it: first more compression, then fewer pixels.

The same source gives the same bytes (with the same Pillow), so the preview shows what is sent.
Opaque pictures become JPEG, whatever they were: a photo as PNG would have to lose far more pixels.
Pictures with transparency stay PNG; moving ones are not touched.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from math import sqrt
from typing import TYPE_CHECKING

from socials_lib.images import exif
from socials_lib.images.opening import decoded, load
from socials_lib.images.parts import Damaged, Keep, Stripped

if TYPE_CHECKING:
    from PIL import Image

_QUALITIES = (92, 88, 84, 80)
_QUALITY_WHEN_SCALED = 84
_SMALLEST_EDGE = 32
#: EXIF orientation -> `Image.Transpose` by name.
_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}


class DoesNotFit(Exception):
    """No smaller copy can be made; the text says why."""


def turned(shown: Image.Image, orientation: int) -> Image.Image:
    """The picture as people see it."""
    from PIL import Image

    name = _TURNS.get(orientation)
    return shown.transpose(Image.Transpose[name]) if name else shown


def fitted(
    data: bytes, found: Stripped, *, most: int, formats: tuple[str, ...], keep: Keep
) -> tuple[bytes, str]:
    """A smaller copy of at most `most` bytes and its format; raises `DoesNotFit`, `Damaged`."""
    if found.frames > 1:
        raise DoesNotFit("a moving picture cannot be made smaller here")
    opened = decoded(data, found.format)
    coded = opened.mode
    shown = turned(plain(opened), found.orientation)
    format = "PNG" if shown.mode in ("LA", "RGBA") else "JPEG"
    if format not in formats:
        raise DoesNotFit(f"the smaller copy would be {format}, which is not taken")
    extras = _extras(found, format, keep, same_colours=_colours(coded) == _colours(shown.mode))
    for attempt in _attempts(shown, format, most, extras):
        if len(attempt) <= most:
            return attempt, format
    raise DoesNotFit("even a very small copy would be too large")


def _colours(mode: str) -> str:
    """What an ICC profile is about: grey, CMYK, or RGB."""
    if mode in ("1", "L", "LA") or mode.startswith("I"):
        return "grey"
    return mode if mode == "CMYK" else "RGB"


def plain(shown: Image.Image) -> Image.Image:
    """A picture in L, RGB, CMYK, or with transparency that is used LA, RGBA; without any notes."""
    load(shown)
    if shown.mode.startswith("I"):  # 16 bit grey: the upper eight
        shown = shown.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif shown.mode == "P" or "transparency" in shown.info:
        shown = shown.convert("RGBA" if "transparency" in shown.info else "RGB")
    elif shown.mode == "1":
        shown = shown.convert("L")
    elif shown.mode not in ("L", "RGB", "CMYK", "LA", "RGBA"):
        shown = shown.convert("RGB")
    if shown.mode in ("LA", "RGBA") and _is_opaque(shown):
        shown = shown.convert("L" if shown.mode == "LA" else "RGB")
    shown.info = {}
    return shown


def _is_opaque(shown: Image.Image) -> bool:
    return shown.getchannel("A").getextrema() == (255, 255)


def _extras(found: Stripped, format: str, keep: Keep, *, same_colours: bool) -> dict[str, object]:
    """EXIF and colour profile for `save`; the profile only if it still describes the colours."""
    extras: dict[str, object] = {}
    if found.icc and same_colours:
        extras["icc_profile"] = found.icc
    if format == "JPEG":
        tiff = exif.minimal(exif.parse(found.exif), keep=keep, orientation=1)
        extras["exif"] = b"Exif\0\0" + tiff
    return extras


def _attempts(
    shown: Image.Image, format: str, most: int, extras: dict[str, object]
) -> Iterator[bytes]:
    """Copies of falling size."""
    from PIL import Image

    size = 0
    for quality in _QUALITIES if format == "JPEG" else (0,):
        made = _encoded(shown, format, quality, extras)
        size = len(made)
        yield made
    factor = min(0.95, sqrt(most / size) * 0.98)
    while min(shown.size) * factor >= _SMALLEST_EDGE:
        small = shown.resize(
            (max(1, round(shown.width * factor)), max(1, round(shown.height * factor))),
            Image.Resampling.LANCZOS,
            reducing_gap=3.0,
        )
        yield _encoded(small, format, _QUALITY_WHEN_SCALED, extras)
        factor *= 0.9


def _encoded(shown: Image.Image, format: str, quality: int, extras: dict[str, object]) -> bytes:
    out = io.BytesIO()
    try:
        if format == "PNG":
            shown.save(out, "PNG", optimize=False, **extras)
        else:
            fine = 0 if quality >= 90 else 2
            shown.save(out, "JPEG", quality=quality, subsampling=fine, optimize=True, **extras)
    except (OSError, ValueError) as err:
        raise Damaged(f"no smaller copy could be made ({err})") from err
    return out.getvalue()
