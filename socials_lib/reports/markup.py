"""Small pieces of the page: text, links, pictures. Whatever comes in here leaves as text."""

from __future__ import annotations

import base64
import re
from html import escape
from urllib.parse import urlsplit

#: Longer texts are folded: the beginning, and the whole on request.
MOST_LETTERS = 200
#: U+FE0E asks for the plain glyph, not the coloured picture.
OPENS = "↗\ufe0e"
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
#: Marks that turn the reading direction of what follows; those beside single letters (U+200E,
#: U+200F) stay.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_HALVES = re.compile("[\ud800-\udfff]")


def esc(value: str) -> str:
    """Text that is safe inside HTML and inside quoted attributes."""
    return escape(_readable(value), quote=True)


def _readable(value: str) -> str:
    """Control characters as their pictures, turning marks and half characters as `�`."""
    value = _CONTROLS.sub(
        lambda found: chr(0x2400 + ord(found[0])) if found[0] < " " else "\ufffd", value
    )
    return _HALVES.sub("\ufffd", _TURNING.sub("\ufffd", value))


def text(value: str, classes: str = "") -> str:
    """Somebody's words: escaped, apart from the direction of what is beside, folded if long."""
    name = f' class="{classes}"' if classes else ""
    if len(value) <= MOST_LETTERS:
        return f"<bdi{name}>{_lines(value)}</bdi>"
    return (
        f"<details><summary><bdi{name}>{_lines(value[:MOST_LETTERS])}…</bdi>"
        f' <span class="mute">({len(value):,} letters)</span></summary>'
        f"<bdi>{_lines(value)}</bdi></details>"
    )


def sentence(value: str) -> str:
    """Our own words, or a service's: like `text`, with what stands between backticks as code."""
    return re.sub("`([^`<>]+)`", r"<code>\1</code>", text(value))


def _lines(value: str) -> str:
    return esc(value.replace("\r\n", "\n")).replace("\n", "<br>")


def pill(tone: str, sign: str, words: str) -> str:
    """A state as a sign and a word."""
    return f'<span class="pill {tone}">{esc(f"{sign} {words}".strip())}</span>'


def link(address: str, words: str) -> str:
    """A link to a page of the web; "" for any other address (`javascript:`, `file:`, …)."""
    if not _is_web(address):
        return ""
    return (
        f'<a href="{esc(address)}" target="_blank" rel="noopener noreferrer">'
        f"{esc(words)} {OPENS}</a>"
    )


def _is_web(address: str) -> bool:
    """Browsers drop blanks and controls inside an address, so one that has any is none."""
    if address != address.strip() or re.search(r"[\s\x00-\x20\\]", address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def picture(data: bytes, title: str) -> str:
    """A JPEG in its box, as data: nothing is fetched from anywhere."""
    address = f"data:image/jpeg;base64,{base64.b64encode(data).decode('ascii')}"
    return f'<div class="box"><img src="{address}" alt="{esc(title[:MOST_LETTERS])}"></div>'


def placeholder(words: str) -> str:
    """A box of the same size with words."""
    return f'<div class="box"><span>{esc(words[:40])}</span></div>'
