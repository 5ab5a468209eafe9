"""Links, hashtags and mentions in a caption (Pixelfed's version of the old Twitter lexer)."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

#: Longer hashtags are linked nowhere and stored nowhere.
MAX_HASHTAG = 124

_URL = re.compile(
    r"""
    (?<![A-Za-z0-9_@\uff20$\#\uff03.])
    https?://
    (?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}(?![^\W_]|@)
    (?::\d+)?
    (?:/(?:(?:[\w!*;:=+,.$/%\#\[\]~&|@-]|\([^\s()]*(?:\([^\s()]*\)[^\s()]*)*\))*
         (?:[\w=\#/+-]|\([^\s()]*(?:\([^\s()]*\)[^\s()]*)*\)))?)?
    (?:\?[a-zA-Z0-9!?*'();:&=+$/%\#\[\]_.,~|@-]*[a-zA-Z0-9_&=\#/-])?
    """,
    re.VERBOSE,
)
_MENTION = re.compile(
    r"(?<![a-zA-Z0-9_!#$%&*@\uff20/])[@\uff20](?P<name>[\w.-]{1,20})"
    r"(?P<domain>@[a-zA-Z0-9.-]+[a-zA-Z0-9])?"
)


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A stretch `start:end` of a text that becomes a link; `value` without `#` and `@`."""

    kind: Literal["url", "hashtag", "mention"]
    value: str
    start: int
    end: int
    domain: str = ""


def entities(text: str) -> list[Entity]:
    """All links of the text in order; where two overlap, the one that starts first wins."""
    found = [*_urls(text), *_hashtags(text), *_mentions(text)]
    kept: list[Entity] = []
    for one in sorted(found, key=lambda entity: entity.start):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def hashtags(text: str) -> list[str]:
    """The hashtags of a caption without doubles, in order, as they are written."""
    tags = [one.value for one in entities(text) if one.kind == "hashtag"]
    return list(dict.fromkeys(tags))


def mentions(text: str) -> list[str]:
    """The user names (lower case) that a caption calls, local ones only."""
    names = [one.value.lower() for one in _mentions(text) if not one.domain]
    return list(dict.fromkeys(names))


def slug(tag: str) -> str:
    """What two spellings of a hashtag share: lower case, `_` as `-`, none at the ends."""
    kept = re.sub(r"[^\w\s-]", "", tag.lower().replace("_", "-"))
    return re.sub(r"[-\s]+", "-", kept).strip("-")


def autolink(text: str, base: str) -> str:
    """The caption with `<a>` around links; everything else stays as it is, unescaped.

    Once a hashtag has been linked, the links after it have no `target` (seen in every answer).
    """
    out: list[str] = []
    position = 0
    target = ' target="_blank"'
    for one in entities(text):
        out.append(text[position : one.start])
        if one.kind == "hashtag":
            target = ""
        out.append(_link(one, text[one.start : one.end], base, target))
        position = one.end
    return "".join(out) + text[position:]


def _link(one: Entity, shown: str, base: str, target: str) -> str:
    rel = f' rel="external nofollow noopener"{target}'
    if one.kind == "url":
        address = _escape(one.value)
        return f'<a href="{address}"{rel}>{address}</a>'
    if one.kind == "hashtag":
        href, title = _escape(f"{base}/discover/tags/{one.value}?src=hash"), _escape(one.value)
        return f'<a href="{href}" title="#{title}" class="u-url hashtag"{rel}>{shown}</a>'
    if one.domain:
        return f'<a class="u-url list-slug" href="{_escape(f"{base}/{shown}")}"{rel}>{shown}</a>'
    return f'<a class="u-url mention" href="{_escape(f"{base}/{one.value}")}"{rel}>{shown}</a>'


def _escape(text: str) -> str:
    """`htmlspecialchars` without double encoding: `&amp;` stays, a bare `&` becomes it."""
    return html.escape(re.sub(r"&(?:amp|lt|gt|quot|#0?39);", _decode, text), quote=True).replace(
        "&#x27;", "&#039;"
    )


def _decode(found: re.Match[str]) -> str:
    return html.unescape(found.group())


def _urls(text: str) -> Iterator[Entity]:
    for found in _URL.finditer(text):
        yield Entity(kind="url", value=found.group(), start=found.start(), end=found.end())


def _mentions(text: str) -> Iterator[Entity]:
    for found in _MENTION.finditer(text):
        if text.startswith(("@", "\uff20", "://"), found.end()):
            continue
        yield Entity(
            kind="mention",
            value=found["name"],
            start=found.start(),
            end=found.end(),
            domain=found["domain"] or "",
        )


def _hashtags(text: str) -> Iterator[Entity]:
    """`#` + letters, digits, `_`: not after such a character or `&`, not of digits alone."""
    position = 0
    while (start := _next_hash(text, position)) >= 0:
        position = start + 1
        if start and (text[start - 1] == "&" or _is_word(text[start - 1])):
            continue
        end = start + 1
        while end < len(text) and _is_word(text[end]):
            end += 1
        value = text[start + 1 : end]
        if not any(_is_letter(char) for char in value) or len(value) > MAX_HASHTAG:
            continue
        position = end
        if text.startswith(("#", "\uff03", "://"), end):
            continue
        yield Entity(kind="hashtag", value=value, start=start, end=end)


def _next_hash(text: str, position: int) -> int:
    places = [place for sign in "#\uff03" if (place := text.find(sign, position)) >= 0]
    return min(places, default=-1)


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LM"


def _is_word(char: str) -> bool:
    """Letters, marks and decimal digits of any script, and the few signs that join words."""
    return char in "_\u200c\u200d\u00b7\u30fb" or (
        _is_letter(char) or unicodedata.category(char) == "Nd"
    )
