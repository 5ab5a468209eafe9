"""What Pixelfed makes of captions and alt texts, to compare ours with theirs.  Pure.

On create the server runs PHP's `strip_tags`, on edit an HTML purifier that also escapes; both trim
(`facts/pixelfed.md` 8).  Which of the two a text went through cannot be seen, so a server text is
the same as ours if it is any of the forms ours may have taken.
"""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_UNCLOSED_TAG = re.compile(r"</?[a-zA-Z][^>]*\Z")
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_ANCHOR = re.compile(r"</?(?:a|p|span)\b[^>]*>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>\n?", re.IGNORECASE)
#: What PHP trims: ASCII white space and NUL, but no other blanks.
_TRIMMED = " \t\n\r\0\x0b"
#: What C's `isspace` knows.
_C_BLANKS = tuple(" \t\n\r\v\f")
#: Control characters, which an edit drops.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def same(field: str, sent: str, remote: str) -> bool:
    """True if `remote` is what the server makes of `sent`; blanks in alt texts may collapse."""
    forms = {sent, stripped(sent), purified(sent)}
    shape = _collapsed if field == "alt_text" else _lines
    return shape(html.unescape(remote)) in {shape(html.unescape(one)) for one in forms}


def stripped(text: str) -> str:
    """PHP's `strip_tags`: a `<` not followed by white space swallows up to `>` or the end."""
    kept: list[str] = []
    depth, quote = 0, ""
    for place, letter in enumerate(text):
        if depth:
            if quote:
                quote = "" if letter == quote else quote
            elif letter in "\"'":
                quote = letter
            elif letter == "<" and text[place + 1 : place + 2] not in _C_BLANKS:
                depth += 1
            elif letter == ">":
                depth -= 1
        elif letter == "<" and text[place + 1 : place + 2] not in _C_BLANKS:
            depth = 1
        else:
            kept.append(letter)
    return "".join(kept)


def purified(text: str) -> str:
    """An HTML purifier that keeps only the texts: scripts out, tags out, lone `<` stay."""
    return _UNCLOSED_TAG.sub("", _TAG.sub("", _SCRIPT.sub("", text)))


def caption_of(content: str | None, content_text: str | None) -> str:
    """The stored text; from the rendered `content` where the server gives no `content_text`."""
    if content_text is not None:
        return content_text
    return _ANCHOR.sub("", _BREAK.sub("\n", content or ""))


def _lines(text: str) -> str:
    """Without the tags that an edit keeps, CRLF as LF, outer blanks gone."""
    plain = _CONTROL.sub("", _ANCHOR.sub("", _BREAK.sub("\n", text)))
    return plain.replace("\r\n", "\n").replace("\r", "\n").strip(_TRIMMED)


def _collapsed(text: str) -> str:
    return " ".join(_CONTROL.sub("", text).split())
