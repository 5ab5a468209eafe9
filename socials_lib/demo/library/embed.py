"""Puts metadata into the sample pictures the way cameras and photo programs do.

EXIF (with GPS and a maker note on request), an XMP packet, the IPTC block in APP13, an ICC
profile, bytes behind the end of the picture.  The private keywords go into XMP and IPTC: they are
what must never leave the machine.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from PIL import ExifTags, Image, ImageCms
from PIL.TiffImagePlugin import IFDRational

#: EXIF orientation -> how to turn the upright picture before it is stored.
_TURNS = {
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
    3: Image.Transpose.ROTATE_180,
}
_NAMESPACES = """
    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:lr="http://ns.adobe.com/lightroom/1.0/"
    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    xmlns:exif="http://ns.adobe.com/exif/1.0/"
    xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/\""""


@dataclass(frozen=True, kw_only=True)
class Embedded:
    """What goes into one file; every empty part is left out."""

    title: str = ""
    headline: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    private_keywords: tuple[str, ...] = ()
    alt_text: str = ""
    circa: str = ""
    taken: str = ""
    offset: str = "+02:00"
    make: str = ""
    model: str = ""
    lens: str = ""
    exposure: tuple[int, int] | None = None
    aperture: float | None = None
    iso: int | None = None
    focal_length: float | None = None
    artist: str = "demo"
    gps: tuple[float, float] | None = None
    orientation: int = 1
    maker_note: bool = False
    icc: bool = False
    trailing: bytes = b""

    @property
    def all_keywords(self) -> tuple[str, ...]:
        """The public and the private ones, levels joined with `|`."""
        return (*self.keywords, *self.private_keywords)


def jpeg(picture: Image.Image, what: Embedded, *, quality: int = 85) -> bytes:
    """The upright picture as a JPEG file with all of its metadata."""
    turn = _TURNS.get(what.orientation)
    stored = picture.transpose(turn) if turn is not None else picture
    out = io.BytesIO()
    stored.save(out, "JPEG", quality=quality, exif=exif(what), xmp=xmp(what), **_profile(what))
    return _with_app13(out.getvalue(), iptc(what)) + what.trailing


def png(picture: Image.Image, what: Embedded) -> bytes:
    """The picture as PNG in few colours (a painted one is small then), with EXIF and XMP."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", xmp(what).decode())
    info.add_text("Comment", "; ".join(what.private_keywords))
    out = io.BytesIO()
    few = picture.quantize(128, dither=Image.Dither.NONE)
    few.save(out, "PNG", pnginfo=info, exif=exif(what))
    return out.getvalue()


def gif(picture: Image.Image, what: Embedded) -> bytes:
    """The picture as GIF with a comment block."""
    out = io.BytesIO()
    comment = "; ".join((what.title, *what.private_keywords)).encode()[:250]
    picture.quantize(64, dither=Image.Dither.NONE).save(out, "GIF", comment=comment)
    return out.getvalue()


def tiff(picture: Image.Image, what: Embedded) -> bytes:
    """The picture as compressed TIFF."""
    out = io.BytesIO()
    picture.save(out, "TIFF", compression="tiff_lzw", exif=exif(what))
    return out.getvalue()


def exif(what: Embedded) -> Image.Exif:
    """The EXIF part: picture, camera and place."""
    tags, base = Image.Exif(), ExifTags.Base
    tags[base.Orientation] = what.orientation
    tags[base.Software] = "IMatch sample library"
    for tag, text in (
        (base.Make, what.make),
        (base.Model, what.model),
        (base.ImageDescription, _ascii(what.title)),
        (base.Artist, what.artist),
        (base.Copyright, what.artist and f"(c) {what.artist}"),
        (base.DateTime, what.taken),
    ):
        if text:
            tags[tag] = text
    tags.get_ifd(ExifTags.IFD.Exif).update(_camera(what))
    if what.gps is not None:
        tags.get_ifd(ExifTags.IFD.GPSInfo).update(_place(*what.gps))
    return tags


def _camera(what: Embedded) -> dict[int, object]:
    base = ExifTags.Base
    tags: dict[int, object] = {base.ExifVersion: b"0232"}
    if what.taken:
        tags |= {
            base.DateTimeOriginal: what.taken,
            base.DateTimeDigitized: what.taken,
            base.OffsetTimeOriginal: what.offset,
            base.SubsecTimeOriginal: "25",
        }
    if what.exposure:
        tags[base.ExposureTime] = IFDRational(*what.exposure)
    if what.aperture:
        tags[base.FNumber] = IFDRational(round(what.aperture * 10), 10)
    if what.iso:
        tags[base.ISOSpeedRatings] = what.iso
    if what.focal_length:
        tags[base.FocalLength] = IFDRational(round(what.focal_length * 10), 10)
    if what.lens:
        tags[base.LensModel] = what.lens
    if what.model and what.maker_note:
        tags[base.BodySerialNumber] = "082031004711"
        # not a maker's real structure: an opaque block that holds something recognisable
        tags[base.MakerNote] = b"MAKER\0" + bytes(range(256)) + b"owner: demo, Seestr. 12"
    return tags


def _place(latitude: float, longitude: float) -> dict[int, object]:
    def degrees(value: float) -> tuple[IFDRational, IFDRational, IFDRational]:
        seconds = round(abs(value) * 3_600_000)
        return (
            IFDRational(seconds // 3_600_000, 1),
            IFDRational(seconds // 60_000 % 60, 1),
            IFDRational(seconds % 60_000, 1000),
        )

    gps = ExifTags.GPS
    return {
        gps.GPSVersionID: b"\2\3\0\0",
        gps.GPSLatitudeRef: "N" if latitude >= 0 else "S",
        gps.GPSLatitude: degrees(latitude),
        gps.GPSLongitudeRef: "E" if longitude >= 0 else "W",
        gps.GPSLongitude: degrees(longitude),
    }


def xmp(what: Embedded) -> bytes:
    """The XMP packet."""
    attributes = {"photoshop:Headline": what.headline, "Iptc4xmpExt:CircaDateCreated": what.circa}
    if what.gps is not None:
        attributes |= {
            "exif:GPSLatitude": _xmp_degrees(what.gps[0], "NS"),
            "exif:GPSLongitude": _xmp_degrees(what.gps[1], "EW"),
        }
    given = "".join(
        f"\n   {key}={quoteattr(_xml(value))}" for key, value in attributes.items() if value
    )
    flat = list(dict.fromkeys(part for word in what.all_keywords for part in word.split("|")))
    parts = [
        _alternatives("dc:title", what.title),
        _alternatives("dc:description", what.description),
        _alternatives("Iptc4xmpCore:AltTextAccessibility", what.alt_text),
        _bag("dc:subject", flat),
        _bag("lr:hierarchicalSubject", what.all_keywords),
    ]
    packet = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF' + _NAMESPACES + ">\n"
        f' <rdf:Description rdf:about=""{given}>\n'
        + "".join(parts)
        + ' </rdf:Description>\n</rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
    )
    return packet.encode()


def _xml(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n\r" or c >= " ")


def _alternatives(name: str, text: str) -> str:
    if not text:
        return ""
    inner = f'<rdf:li xml:lang="x-default">{escape(_xml(text))}</rdf:li>'
    return f"  <{name}><rdf:Alt>{inner}</rdf:Alt></{name}>\n"


def _bag(name: str, words: Sequence[str]) -> str:
    if not words:
        return ""
    inner = "".join(f"<rdf:li>{escape(_xml(word))}</rdf:li>" for word in words)
    return f"  <{name}><rdf:Bag>{inner}</rdf:Bag></{name}>\n"


def _xmp_degrees(value: float, signs: str) -> str:
    minutes = abs(value) * 60
    return f"{int(minutes // 60)},{minutes % 60:.6f}{signs[0] if value >= 0 else signs[1]}"


def iptc(what: Embedded) -> bytes:
    """The IPTC-IIM block inside a Photoshop resource (payload of APP13)."""
    records: list[tuple[int, int, str]] = [
        (1, 90, "\x1b%G"),
        (2, 5, what.title),
        (2, 105, what.headline),
        (2, 120, what.description),
    ]
    records += [(2, 25, part) for word in what.all_keywords for part in word.split("|")]
    data = b""
    for record, dataset, text in records:
        # the standard's own limits (title 64, headline 256, caption 2,000 bytes, keyword 64)
        most = {5: 64, 105: 256, 120: 2000, 25: 64}.get(dataset, 32)
        value = text.encode()[:most].decode(errors="ignore").encode()
        if value:
            data += struct.pack(">BBBH", 0x1C, record, dataset, len(value)) + value
    if len(data) % 2:
        data += b"\0"
    return b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(data)) + data


def without_metadata(data: bytes) -> bytes:
    """A JPEG as an earlier run sent it: no EXIF, XMP, IPTC, nothing behind the end."""
    kept, rest = [data[:2]], data[2:]
    while rest[1] != 0xDA:
        length = 2 + int.from_bytes(rest[2:4], "big")
        if rest[1] not in (0xE1, 0xED, 0xFE):
            kept.append(rest[:length])
        rest = rest[length:]
    return b"".join(kept) + rest[: rest.rindex(b"\xff\xd9") + 2]


def _with_app13(data: bytes, payload: bytes) -> bytes:
    """The JPEG with the block behind its last APPn segment."""
    at = 2
    while 0xE0 <= data[at + 1] <= 0xEF:
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    segment = b"\xff\xed" + struct.pack(">H", len(payload) + 2) + payload
    return data[:at] + segment + data[at:]


def _profile(what: Embedded) -> dict[str, bytes]:
    return {"icc_profile": srgb()} if what.icc else {}


@cache
def srgb() -> bytes:
    """The sRGB profile that Pillow makes, without its date (the files are the same every day)."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile[:24] + bytes(12) + profile[36:]


def _ascii(text: str) -> str:
    """EXIF ASCII fields hold no more than that."""
    return text.encode("ascii", "ignore").decode()[:250].strip()
