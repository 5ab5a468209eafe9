"""How Flickr changes text: descriptions become HTML, tags get a clean form, dates are parsed.

The rules are those that explain all recorded answers (204 descriptions, 359 tags): only `&`, `"`
and a `<` that begins no allowed tag turn into entities; a bare address becomes a link whose text is
cut to 57 characters; a tag's identity keeps letters, digits and combining marks only.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

_MARKUP = re.compile(r"<(/?)(a|b|i|u|em|strong)((?:\s[^<>]*)?)>", re.IGNORECASE)
_UNKNOWN = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_SAFE_TARGET = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
_OWN_SITE = re.compile(r"https?://([\w-]+\.)*flickr\.com(/|$)", re.IGNORECASE)
_MACHINE = re.compile(r"([a-z][a-z0-9_]*):([a-z][a-z0-9_]*)=(.*)", re.IGNORECASE | re.DOTALL)
_TAKEN = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?: (\d{1,2}):(\d{2}):(\d{2}))?)?)?")

#: The earliest date taken in any recorded account (people.getInfo `firstdatetaken`).
_FIRST_YEAR = 1825


def description_html(text: str, *, unknown_markup: str = "escape") -> str:
    """The HTML fragment that getInfo gives for a description as it was sent."""
    if unknown_markup == "drop":
        text = _UNKNOWN.sub(lambda m: m.group(0) if _MARKUP.fullmatch(m.group(0)) else "", text)
    parts: list[str] = []
    position, inside_link = 0, False
    for found in _MARKUP.finditer(text):
        parts.append(_plain_html(text[position : found.start()], link=not inside_link))
        parts.append(_tag_html(found))
        if found.group(2).lower() == "a":
            inside_link = not found.group(1)
        position = found.end()
    parts.append(_plain_html(text[position:], link=not inside_link))
    return "".join(parts)


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _tag_html(found: re.Match[str]) -> str:
    slash, name, attributes = found.groups()
    name = name.lower()
    if slash or name != "a":
        return f"<{slash}{name}>"
    target = _HREF.search(attributes)
    address = (target.group(1) or target.group(2) or "") if target else ""
    if not _SAFE_TARGET.match(address):
        return _entities(found.group(0))
    return _link_start(address)


def _link_start(address: str) -> str:
    rel = "" if _OWN_SITE.match(address) else ' rel="noreferrer nofollow"'
    return f'<a href="{_entities(address)}"{rel}>'


def _plain_html(text: str, *, link: bool) -> str:
    if not link:
        return _entities(text)
    parts: list[str] = []
    position = 0
    for found in _ADDRESS.finditer(text):
        address = found.group(0).rstrip(".,;:!?)'")
        parts.append(_entities(text[position : found.start()]))
        shown = address.partition("://")[2]
        if len(shown) > 60:
            shown = shown[:57] + "..."
        parts.append(f"{_link_start(address)}{_entities(shown)}</a>")
        position = found.start() + len(address)
    parts.append(_entities(text[position:]))
    return "".join(parts)


def parse_tags(text: str, *, commas: bool = True) -> list[str]:
    """The raw tags of a `tags` parameter: blanks (and commas) separate, quotes keep together.

    A quote may open anywhere (`dc:title="São Paulo"`), an unbalanced one ends with the text.
    """
    tags: list[str] = []
    current: list[str] = []
    quoted = False
    for letter in text:
        if letter == '"':
            quoted = not quoted
        elif not quoted and (letter.isspace() or (commas and letter == ",")):
            tags.append("".join(current))
            current = []
        else:
            current.append(letter)
    tags.append("".join(current))
    return [tag for tag in (" ".join(one.split()) for one in tags) if tag]


def is_machine_tag(raw: str) -> bool:
    """True for `namespace:predicate=value`."""
    return _MACHINE.fullmatch(raw) is not None


def machine_parts(raw: str) -> tuple[str, str, str] | None:
    """Namespace, predicate (lower case) and value of a machine tag."""
    found = _MACHINE.fullmatch(raw)
    return (found[1].lower(), found[2].lower(), found[3]) if found else None


def clean_tag(raw: str) -> str:
    """The form that is a tag's identity: `50mm f/1.8` -> `50mmf18`, `São Paulo` -> `sãopaulo`."""
    parts = machine_parts(raw)
    if parts is None:
        return _letters(raw)
    value = _letters(parts[2])
    return f"{parts[0]}:{parts[1]}={value}" if value else ""


def _letters(text: str) -> str:
    return "".join(one for one in text.lower() if unicodedata.category(one)[0] in "LNM")


def php_int(text: str | None, default: int = 0) -> int:
    """A number as PHP reads it: the leading digits count, `True` and `None` are 0."""
    if text is None:
        return default
    found = re.match(r"\s*([-+]?\d+)", text)
    return int(found.group(1)) if found else 0


def cut(text: str, limit: int | None, *, as_bytes: bool = False) -> str:
    """The text within a limit of characters or bytes (no letter is split)."""
    if limit is None:
        return text
    if not as_bytes:
        return text[:limit]
    return text.encode("utf-8")[:limit].decode("utf-8", "ignore")


class BadFormat(ValueError):
    """A date that is written in a way Flickr does not read (setDates code 5)."""


class BadDate(ValueError):
    """A well written date that cannot be (setDates code 6)."""


def parse_taken(text: str, *, now: int) -> str:
    """`YYYY-MM-DD HH:MM:SS` (also `YYYY-MM-DD`, `YYYY-MM`, `YYYY`) as Flickr stores it."""
    found = _TAKEN.fullmatch(text.strip())
    if found is None:
        raise BadFormat(text)
    try:
        moment = _moment(found)
    except ValueError as err:
        raise BadDate(text) from err
    # the photographer's clock may be up to 14 hours ahead of UTC
    if moment.year < _FIRST_YEAR or moment.timestamp() > now + 14 * 3600:
        raise BadDate(text)
    return moment.strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")


def mysql_time(moment: float) -> str:
    """A unix time as Flickr writes dates taken (UTC stands for the user's zone)."""
    return datetime.fromtimestamp(int(moment), tz=UTC).strftime("%Y-%m-%d %H:%M:%S")


def parse_moment(text: str) -> int | None:
    """A unix time from digits or from a MySQL date (filters accept both), None if unreadable."""
    text = text.strip()
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    found = _TAKEN.fullmatch(text)
    if found is None:
        return None
    try:
        return int(_moment(found).timestamp())
    except ValueError:
        return None


def _moment(found: re.Match[str]) -> datetime:
    """The moment of a matched date, UTC; missing parts are the first month, day, midnight."""
    year, month, day, hour, minute, second = (
        int(part) if part else least
        for part, least in zip(found.groups(), (0, 1, 1, 0, 0, 0), strict=True)
    )
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
