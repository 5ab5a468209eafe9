"""Reads what a picture file says about itself: EXIF, XMP and IPTC, whatever of it is there.

For libraries made from a person's own pictures.  Files are opened for reading only; broken
metadata counts as none.
"""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

from PIL import ExifTags, Image, ImageFile, IptcImagePlugin

_DC = "{http://purl.org/dc/elements/1.1/}"
_LR = "{http://ns.adobe.com/lightroom/1.0/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_IPTC_CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"

_WHITE = re.compile(r"\s+")


@dataclass(kw_only=True)
class Found:
    """What a file says; empty texts and None are what it does not say."""

    format: str
    width: int
    height: int
    title: str = ""
    headline: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    alt_text: str = ""
    taken: str = ""
    make: str = ""
    model: str = ""
    lens: str = ""
    iso: str = ""
    shutter: str = ""
    aperture: float | None = None
    focal_length: str = ""
    gps: tuple[float, float] | None = None


def read(path: Path) -> Found | None:
    """What the file says, None if Pillow sees no picture in it."""
    with warnings.catch_warnings():
        # Pillow warns of damaged EXIF and of very large pictures; both are the person's own
        warnings.simplefilter("ignore")
        try:
            with Image.open(path) as picture:
                return _read(picture)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return None


def _read(picture: ImageFile.ImageFile) -> Found:
    found = Found(format=picture.format or "", width=picture.width, height=picture.height)
    # the strongest comes last: XMP is what photo programs write today
    for reader in (_read_exif, _read_iptc, _read_xmp):
        with contextlib.suppress(Exception):
            reader(picture, found)
    return found


def _read_exif(picture: ImageFile.ImageFile, found: Found) -> None:
    tags, base = picture.getexif(), ExifTags.Base
    camera = tags.get_ifd(ExifTags.IFD.Exif)
    found.make = _text(tags.get(base.Make))
    found.model = _text(tags.get(base.Model))
    found.lens = _text(camera.get(base.LensModel))
    said = _text(tags.get(base.ImageDescription))
    # what cameras write by themselves: "OLYMPUS DIGITAL CAMERA"
    found.description = "" if said.upper().endswith("DIGITAL CAMERA") else said
    found.taken = _date(camera.get(base.DateTimeOriginal) or tags.get(base.DateTime))
    iso = camera.get(base.ISOSpeedRatings)
    found.iso = str(iso[0] if isinstance(iso, tuple) else iso) if iso else ""
    found.shutter = _shutter(_number(camera.get(base.ExposureTime)))
    found.aperture = _number(camera.get(base.FNumber))
    focal = _number(camera.get(base.FocalLength))
    found.focal_length = f"{focal:.1f} mm" if focal else ""
    found.gps = _place(tags.get_ifd(ExifTags.IFD.GPSInfo))


def _place(gps: dict[int, object]) -> tuple[float, float] | None:
    tag = ExifTags.GPS
    latitude = _degrees(gps.get(tag.GPSLatitude), gps.get(tag.GPSLatitudeRef) == "S")
    longitude = _degrees(gps.get(tag.GPSLongitude), gps.get(tag.GPSLongitudeRef) == "W")
    return None if latitude is None or longitude is None else (latitude, longitude)


def _degrees(value: object, negative: bool) -> float | None:
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    degrees, minutes, seconds = (float(part) for part in value)
    total = round(degrees + minutes / 60 + seconds / 3600, 6)
    if total != total:  # 0/0 in a file gives nan
        return None
    return -total if negative else total


def _read_iptc(picture: ImageFile.ImageFile, found: Found) -> None:
    records = IptcImagePlugin.getiptcinfo(picture) or {}
    found.title = _first(records.get((2, 5))) or found.title
    found.headline = _first(records.get((2, 105))) or found.headline
    found.description = _first(records.get((2, 120)), breaks=True) or found.description
    words = tuple(filter(None, (_decoded(word) for word in _list(records.get((2, 25))))))
    found.keywords = words or found.keywords


def _read_xmp(picture: ImageFile.ImageFile, found: Found) -> None:
    packet = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    data = packet.encode() if isinstance(packet, str) else bytes(packet)
    if b"<rdf:RDF" not in data or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return
    start, end = data.index(b"<rdf:RDF"), data.rindex(b"</rdf:RDF>") + len(b"</rdf:RDF>")
    root = ElementTree.fromstring(data[start:end])
    found.title = _line(next(_values(root, _DC + "title"), "")) or found.title
    found.headline = _line(next(_values(root, _PHOTOSHOP + "Headline"), "")) or found.headline
    found.description = next(_values(root, _DC + "description"), "") or found.description
    alt_text = next(_values(root, _IPTC_CORE + "AltTextAccessibility"), "")
    found.alt_text = _line(alt_text) or found.alt_text
    words = tuple(_values(root, _LR + "hierarchicalSubject")) or tuple(
        _values(root, _DC + "subject")
    )
    found.keywords = words or found.keywords


def _values(root: ElementTree.Element, name: str) -> Iterator[str]:
    """Values of a property: as attribute, as text, or the entries of a list."""
    for node in root.iter(_RDF + "Description"):
        if node.get(name, "").strip():
            yield node.get(name, "").strip()
        for child in node.findall(name):
            entries = [one.text or "" for one in child.iter(_RDF + "li")]
            yield from filter(None, (text.strip() for text in entries or [child.text or ""]))


def _list(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _first(value: object, *, breaks: bool = False) -> str:
    values = _list(value)
    text = _decoded(values[0]) if values else ""
    return text if breaks else _line(text)


def _decoded(value: object) -> str:
    """IPTC texts are UTF-8 nowadays, Latin-1 in old files."""
    if not isinstance(value, bytes):
        return ""
    try:
        return value.decode().strip("\0 \r\n\t")
    except UnicodeDecodeError:
        return value.decode("latin-1").strip("\0 \r\n\t")


def _text(value: object) -> str:
    return _line(value.partition("\0")[0]) if isinstance(value, str) else ""


def _line(text: str) -> str:
    return _WHITE.sub(" ", text).strip()


def _date(value: object) -> str:
    try:
        return datetime.fromisoformat(
            str(value)[:10].replace(":", "-") + str(value)[10:19]
        ).isoformat()
    except ValueError:
        return ""


def _number(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if 0 < number < 1e6 else None


def _shutter(seconds: float | None) -> str:
    """`1/100` or `2`, as IMatch formats it."""
    if seconds is None:
        return ""
    if seconds >= 0.3:
        return f"{seconds:.3g}"
    return f"1/{round(1 / Fraction(seconds))}"
