"""Title and description out of an XMP packet, and a packet with nothing but these two."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

HEADER = b"http://ns.adobe.com/xap/1.0/\0"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: Letters; even if every one needs five bytes the packet fits into one JPEG segment.
_LONGEST = {"title": 1_000, "description": 11_000}
#: Characters that XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def texts(packet: bytes) -> tuple[str, str]:
    """Title and description, "" where there is none or the packet cannot be read."""
    if b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        return "", ""
    try:
        root = ET.fromstring(packet.strip(b"\0 \r\n\t"))
    except (ET.ParseError, ValueError, LookupError):
        return "", ""
    return _text(root, "title"), _text(root, "description")


def _text(root: ET.Element, name: str) -> str:
    for description in root.iter(f"{_RDF}Description"):
        if short := description.get(f"{_DC}{name}"):
            return short.strip()[: _LONGEST[name]]
        found = description.find(f"{_DC}{name}")
        if found is None:
            continue
        choices = list(found.iter(f"{_RDF}li"))
        choices.sort(key=lambda one: one.get(_LANG) != "x-default")
        text = (choices[0].text if choices else found.text) or ""
        return text.strip()[: _LONGEST[name]]
    return ""


def packet(title: str, description: str) -> bytes:
    """The XMP packet that goes into a copy, b"" if both are empty."""
    fields = "".join(
        f'<dc:{name}><rdf:Alt><rdf:li xml:lang="x-default">{escape(_FORBIDDEN.sub("", text))}'
        f"</rdf:li></rdf:Alt></dc:{name}>"
        for name, text in (("title", title), ("description", description))
        if text
    )
    if not fields:
        return b""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{fields}</rdf:Description></rdf:RDF>'
        '</x:xmpmeta><?xpacket end="r"?>'
    ).encode()
