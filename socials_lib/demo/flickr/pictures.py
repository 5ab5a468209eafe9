"""What Flickr reads out of a file: kind, size, date taken and, a trap, embedded texts and keywords.

The kind is recognised by content alone: clients name every file `dummy name`.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageFile, IptcImagePlugin

#: How Pillow names what Flickr takes, and the format Flickr keeps (others become JPEG).
_KEPT = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "GIF": "gif", "TIFF": "jpg"}

#: EXIF orientation -> `rotation` of getInfo (degrees clockwise that the stored picture is turned).
_ROTATION = {3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}

_EXIF_IFD, _GPS_IFD, _ORIENTATION, _TAKEN_TAG = 0x8769, 0x8825, 0x0112, 0x9003
_HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"msf1")
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_LR = "{http://ns.adobe.com/lightroom/1.0/}"


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A file as Flickr sees it; `width` and `height` as stored, before `rotation`."""

    media: str = "photo"
    format: str = "jpg"
    width: int = 0
    height: int = 0
    rotation: int = 0
    taken: str | None = None
    title: str = ""
    caption: str = ""
    keywords: tuple[str, ...] = ()
    position: tuple[float, float] | None = None


def read_picture(data: bytes) -> Picture | None:
    """What the bytes are, None if Flickr would not recognise them (WebP, text, garbage)."""
    if data[4:8] == b"ftyp":
        return _container(data)
    try:
        with Image.open(io.BytesIO(data)) as image:
            return _picture(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _container(data: bytes) -> Picture | None:
    """HEIC and MP4 share a container; neither is decoded here, sizes are nominal."""
    brand = data[8:12]
    if brand == b"avif":
        return None
    if brand in _HEIC_BRANDS:
        return Picture(width=4032, height=3024)
    return Picture(media="video", format="mp4", width=1920, height=1080)


def _picture(image: ImageFile.ImageFile) -> Picture | None:
    kept = _KEPT.get(image.format or "")
    if kept is None:
        return None
    exif = image.getexif()
    title, caption, keywords = _texts(image)
    return Picture(
        format=kept,
        width=image.width,
        height=image.height,
        rotation=_ROTATION.get(exif.get(_ORIENTATION, 1), 0),
        taken=_taken(exif),
        title=title,
        caption=caption,
        keywords=tuple(dict.fromkeys(keywords)),
        position=_position(exif),
    )


def _taken(exif: Image.Exif) -> str | None:
    """DateTimeOriginal as `YYYY-MM-DD HH:MM:SS`; `0000:00:00` and nonsense count as none."""
    value = exif.get_ifd(_EXIF_IFD).get(_TAKEN_TAG)
    found = re.match(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)", str(value or ""))
    if found is None or found.group(1) == "0000":
        return None
    return f"{found[1]}-{found[2]}-{found[3]} {found[4]}"


def _position(exif: Image.Exif) -> tuple[float, float] | None:
    gps = exif.get_ifd(_GPS_IFD)
    try:
        latitude = _degrees(gps[2]) * (-1 if gps.get(1) == "S" else 1)
        longitude = _degrees(gps[4]) * (-1 if gps.get(3) == "W" else 1)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return round(latitude, 6), round(longitude, 6)


def _degrees(parts: Iterable[Any]) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return degrees + minutes / 60 + seconds / 3600


def _texts(image: ImageFile.ImageFile) -> tuple[str, str, list[str]]:
    """Title, caption and keywords: IPTC first, XMP fills what IPTC lacks, keywords of both."""
    iptc = _iptc(image)
    xmp = _xmp(image)
    keywords = [*iptc.get("keywords", []), *xmp.get("keywords", [])]
    title = next(iter([*iptc.get("title", []), *xmp.get("title", [])]), "")
    caption = next(iter([*iptc.get("caption", []), *xmp.get("caption", [])]), "")
    return title, caption, keywords


def _iptc(image: ImageFile.ImageFile) -> dict[str, list[str]]:
    try:
        found: dict[Any, Any] = dict(IptcImagePlugin.getiptcinfo(image) or {})
    except (OSError, SyntaxError, ValueError, KeyError, TypeError):
        return {}
    names = {"title": (2, 5), "caption": (2, 120), "keywords": (2, 25)}
    return {name: _decoded(found.get(key)) for name, key in names.items()}


def _decoded(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value] if value else []
    return [_text(one) for one in values if one]


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _xmp(image: Image.Image) -> dict[str, list[str]]:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    if isinstance(packet, str):
        packet = packet.encode("utf-8")
    found = re.search(rb"<x:xmpmeta.*</x:xmpmeta>|<rdf:RDF.*</rdf:RDF>", packet, re.DOTALL)
    if found is None:
        return {}
    try:
        root = ET.fromstring(found.group(0))
    except ET.ParseError:
        return {}
    return {
        "title": _items(root, f"{_DC}title"),
        "caption": _items(root, f"{_DC}description"),
        "keywords": [
            *_items(root, f"{_DC}subject"),
            *_items(root, f"{_LR}hierarchicalSubject"),
        ],
    }


def _items(root: ET.Element, name: str) -> list[str]:
    return [
        item.text
        for holder in root.iter(name)
        for item in holder.iter(f"{_RDF}li")
        if item.text and item.text.strip()
    ]
