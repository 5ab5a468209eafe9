"""Tells formats by their content, and opens pictures with Pillow.

Plugin classes are called directly, never `Image.open`: that one warns about every picture above 89
million pixels (a warning is an error in our tests and noise in a notebook) and its limit is a
global of the whole process.  Our own limit is `parts.MAX_PIXELS`.
"""

from __future__ import annotations

import importlib
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, cast

from socials_lib.images.files import suffix_of
from socials_lib.images.parts import Damaged, checked_size

if TYPE_CHECKING:
    from PIL import Image, ImageFile

#: The formats that can be sent; all others are only named.
SENT = ("JPEG", "PNG", "GIF")
SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "GIF": ".gif"}
PICTURE_SUFFIXES = frozenset({*SUFFIXES.values(), ".jpeg", ".jpe", ".jfif"})
_PLUGINS = {
    "JPEG": ("JpegImagePlugin", "JpegImageFile"),
    "PNG": ("PngImagePlugin", "PngImageFile"),
    "GIF": ("GifImagePlugin", "GifImageFile"),
    "TIFF": ("TiffImagePlugin", "TiffImageFile"),
    "WEBP": ("WebPImagePlugin", "WebPImageFile"),
    "BMP": ("BmpImagePlugin", "BmpImageFile"),
    "PSD": ("PsdImagePlugin", "PsdImageFile"),
    "AVIF": ("AvifImagePlugin", "AvifImageFile"),
    "JP2": ("Jpeg2KImagePlugin", "Jpeg2KImageFile"),
}
#: Raw formats, by extension where the content is a plain TIFF.
RAW = frozenset(
    {"3FR", "ARW", "CR2", "CR3", "CRW", "DCR", "DNG", "ERF", "FFF", "GPR", "IIQ", "KDC", "MEF",
     "MOS", "MRW", "NEF", "NRW", "ORF", "PEF", "RAF", "RAW", "RW2", "RWL", "SR2", "SRF", "SRW",
     "X3F"}
)  # fmt: skip
_BEGINNINGS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"8BPS", "PSD"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "JP2"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "JXL"),
    (b"\xff\x0a", "JXL"),
    (b"FUJIFILMCCD-RAW", "RAF"),
    (b"IIU\0", "RW2"),
    (b"IIRO", "ORF"),
    (b"IIRS", "ORF"),
    (b"MMOR", "ORF"),
    (b"FOVb", "X3F"),
    (b"\0MRM", "MRW"),
)
_BRANDS = {b"crx ": "CR3", b"avif": "AVIF", b"avis": "AVIF"} | dict.fromkeys(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), "HEIF"
)


def sniff(head: bytes, path: str = "") -> str:
    """The format by the first bytes, in capitals; "" if nobody knows it."""
    found = next((name for start, name in _BEGINNINGS if head.startswith(start)), "")
    if head[4:8] == b"ftyp":
        found = _BRANDS.get(head[8:12], "")
    elif head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        found = "WEBP"
    elif head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        found = "BMP"
    elif found == "TIFF" and (head[8:10] == b"CR" or suffix_of(path) in RAW):
        found = suffix_of(path) if suffix_of(path) in RAW else "CR2"
    return found


def picture(stream: BinaryIO | bytes, format: str) -> ImageFile.ImageFile:
    """The picture opened by Pillow, not yet decoded; raises `Damaged`."""
    file = io.BytesIO(stream) if isinstance(stream, bytes) else stream
    try:
        opened = _opener(format)(file)
    except KeyError:
        raise Damaged(f"{format} cannot be opened here") from None
    except MemoryError:
        raise
    except Exception as err:  # Pillow's plugins raise whatever the bytes provoke
        raise Damaged(f"it cannot be read ({err})") from err
    checked_size(*opened.size)
    return opened


def decoded(stream: BinaryIO | bytes, format: str) -> Image.Image:
    """The picture with all its pixels; raises `Damaged`."""
    opened = picture(stream, format)
    load(opened)
    return opened


def load(opened: Image.Image) -> None:
    """Decodes an opened picture; raises `Damaged`."""
    try:
        opened.load()
    except MemoryError:
        raise Damaged("it is too large for the memory of this computer") from None
    except Exception as err:  # as above: broken bytes end in any exception
        raise Damaged(f"its picture data cannot be decoded ({err})") from err


def _opener(format: str) -> Callable[[BinaryIO], ImageFile.ImageFile]:
    module, name = _PLUGINS[format]
    plugin = getattr(importlib.import_module(f"PIL.{module}"), name)
    if format == "JPEG":
        plugin = _quiet(plugin)
    return cast("Callable[[BinaryIO], ImageFile.ImageFile]", plugin)


def _quiet(plugin: type) -> type:
    """A JPEG plugin that does not look for the resolution in the EXIF of the camera.

    Broken EXIF makes it warn (`22-canon_tags.jpg` of the camera files), and we have our own reader.
    """
    return type(plugin.__name__, (plugin,), {"_read_dpi_from_exif": lambda self: None})
