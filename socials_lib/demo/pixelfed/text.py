"""What Pixelfed does to the words it is sent: PHP's `strip_tags` and the HTML purifier.

Captions go through `strip_tags` when a status is made and through the purifier when it is edited;
alt text is stored as it comes with an upload and purified by `PUT media`.  So the same words read
differently before and after an edit (facts, section 8), and both are copied here character by
character instead of being approximated with a parser of our own taste.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

_PHP_SPACE = frozenset(" \t\n\r\v\f")

#: What PHP's `trim` does not know but Laravel's `TrimStrings` takes off as well.
_TRIM = re.compile(r"^[\s\ufeff\u200b\u200e]+|[\s\ufeff\u200b\u200e]+$")

_CONTROLS = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LITERAL_LESS_THAN = re.compile(r"<(?=[^a-zA-Z!/]|\Z)")
_TAG = re.compile(
    r"""<(/?)([a-zA-Z][a-zA-Z0-9:-]*)((?:=\s*"[^"]*"|=\s*'[^']*'|(?!=\s*["'])[^>])*)>"""
)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_HIDDEN = re.compile(r"<(script|style)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<![^>]*(?:>|\Z)|</[^a-zA-Z][^>]*(?:>|\Z)", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\n\r|\n|\r")

_ALLOWED = {"a": ("href", "title", "class"), "p": ("class",), "span": ("class",), "br": ()}
_CLASS = re.compile(
    r"h-(?:feed|entry|cite|card)|p-(?:author|name|in-reply-to|repost-of|comment)"
    r"|u-(?:photo|uid|url)|dt-published|e-content|mention|hashtag|ellipsis|invisible"
)
_SPACED_TAGS = re.compile(
    r"</(?:a|b|blockquote|br|code|del|div|em|h[1-6]|i|img|li|ol|p|pre|s|strike|strong|u|ul)>",
    re.IGNORECASE,
)


def trim(text: str) -> str:
    """White space off both ends, as every incoming string is treated before validation."""
    return _TRIM.sub("", text)


def line_breaks(text: str) -> str:
    """PHP's `nl2br`: `<br />` before every line end, the line end stays."""
    return _LINE_END.sub(lambda found: "<br />" + found.group(), text)


def strip_tags(text: str) -> str:
    """PHP's `strip_tags`: a `<` before anything but white space opens a tag.

    An opened tag runs to the matching `>` outside quotes, or to the end of the text:
    `I <3 you` becomes `I `.
    """
    stripper = _Stripper(text)
    for index in range(len(text)):
        stripper.read(index)
    return "".join(stripper.kept)


class _Stripper:
    """The documented states of the C function behind `strip_tags`, one method each."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._state: Callable[[int, str], None] = self._in_text
        self._depth = 0
        self._quote = ""
        self._last = ""
        self.kept: list[str] = []

    def read(self, index: int) -> None:
        """Take the next character in; NUL characters are never kept."""
        if self._text[index] != "\0":
            self._state(index, self._text[index])

    def _before(self, index: int) -> str:
        return self._text[max(index - 2, 0) : index]

    def _opens(self, index: int) -> bool:
        return self._text[index + 1 : index + 2] not in _PHP_SPACE

    def _in_text(self, index: int, char: str) -> None:
        if char == "<" and self._opens(index):
            self._state, self._last = self._in_tag, "<"
        else:
            self.kept.append(char)

    def _in_tag(self, index: int, char: str) -> None:
        fresh = self._last == "<" and self._before(index).endswith("<")
        if char == "<" and not self._quote:
            self._depth += self._opens(index)
        elif char == "!" and fresh:
            self._state, self._last = self._in_declaration, char
        elif char == "?" and fresh:
            self._state = self._in_instruction
        else:
            self._close_or_quote(char)

    def _in_instruction(self, index: int, char: str) -> None:
        if char == ">" and self._before(index).endswith("?"):
            self._state, self._quote = self._in_text, ""

    def _in_declaration(self, index: int, char: str) -> None:
        if char == "-" and self._before(index) == "!-":
            self._state, self._quote = self._in_comment, ""
        else:
            self._close_or_quote(char)

    def _in_comment(self, index: int, char: str) -> None:
        if char == ">" and self._before(index) == "--":
            self._state = self._in_text

    def _close_or_quote(self, char: str) -> None:
        if char == ">" and not self._quote:
            if self._depth:
                self._depth -= 1
            else:
                self._state, self._last = self._in_text, ">"
        elif char in "\"'" and self._quote in ("", char):
            self._quote = "" if self._quote else char


def purify(text: str | None) -> str:
    """HTMLPurifier with Pixelfed's settings: `a p span br` stay, the rest of the markup goes.

    Text is decoded once and written with `&amp; &lt; &gt;`; `<` before anything but a letter,
    `!` or `/` is text; scripts and comments vanish with their content; CRLF becomes LF; control
    characters are dropped; quotes stay as they are.
    """
    if not text:
        return ""
    source = _CONTROLS.sub("", re.sub(r"\r\n?", "\n", text))
    source = _COMMENT.sub("", _LITERAL_LESS_THAN.sub("&lt;", source))
    source = _HIDDEN.sub("", source)
    out: list[str] = []
    open_tags: list[str] = []
    position = 0
    while (start := source.find("<", position)) >= 0:
        out.append(_escape(source[position:start]))
        tag = _TAG.match(source, start)
        if tag is None:  # never closed: the parser swallows it up to the end
            position = len(source)
            break
        out.append(_tag(tag, open_tags))
        position = tag.end()
    out.append(_escape(source[position:]))
    out.extend(f"</{name}>" for name in reversed(open_tags))
    return "".join(out)


def purify_collapsed(text: str | None) -> str:
    """Alt text from 0.12.6 on: purified, every run of white space one blank, trimmed."""
    if not text:
        return ""
    spaced = _SPACED_TAGS.sub(lambda found: found.group() + " ", text)
    spaced = re.sub(r"<br\s*/?>", "<br /> ", spaced, flags=re.IGNORECASE)
    return re.sub(r"[ \t\n\r\v\f]+", " ", purify(spaced)).strip(" \t\n\r\v\0")


def _escape(text: str) -> str:
    return html.escape(html.unescape(text), quote=False)


def _tag(found: re.Match[str], open_tags: list[str]) -> str:
    closing, name = found[1], found[2].lower()
    if name not in _ALLOWED:
        return ""
    if closing:
        if name not in open_tags:
            return ""
        closed = ""
        while (inner := open_tags.pop()) != name:
            closed += f"</{inner}>"
        return closed + f"</{name}>"
    if name == "br":
        return "<br>"
    open_tags.append(name)
    return f"<{name}{_attributes(name, found[3])}>"


def _attributes(name: str, source: str) -> str:
    kept: dict[str, str] = {}
    for found in _ATTRIBUTE.finditer(source):
        key = found[1].lower()
        value = html.unescape(next(part for part in found.groups()[1:] if part is not None))
        if key not in _ALLOWED[name] or key in kept:
            continue
        if key == "class":
            value = " ".join(word for word in value.split() if _CLASS.fullmatch(word))
        if key == "href" and re.match(r"(?!https?:)[a-z][a-z0-9+.-]*:", value.strip(), re.I):
            continue
        if value or key == "title":
            kept[key] = value
    if re.match(r"https?://", kept.get("href", ""), re.IGNORECASE):
        kept |= {"rel": "nofollow noreferrer noopener", "target": "_blank"}
    return "".join(f' {key}="{html.escape(value)}"' for key, value in kept.items())
