"""The person's own private places, branches and words, looked for in all that is sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

from socials_lib.models import Album, Circle, GroupPool, Photo, PhotoText, Rules

_EARTH = 6_371_009.0
#: Letters that nobody sees, like the U+2060 that we put behind an `@` ourselves.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "coordinates": re.compile(
        r"(?<![\d.])-?\d{1,2}\.\d{3,}\s*°?\s*[NS]?\s*[,;/ ]\s*-?\d{1,3}\.\d{3,}(?!\d)"
        r"|\d{1,3}\s*°\s*\d{1,2}(?:\.\d+)?\s*['′’]"
    ),
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "a telephone number": re.compile(r"(?<![\w.,/])(?:\+|00?)[1-9](?:[ ()/-]{0,3}\d){7,14}(?!\d)"),
}


@dataclass(frozen=True, kw_only=True)
class Match:
    """What matched where, in words."""

    field: str
    found: str
    only_warns: bool = False


def private_content(
    photo: Photo,
    text: PhotoText,
    rules: Rules,
    *,
    albums: Sequence[Album] = (),
    groups: Sequence[GroupPool] = (),
) -> Iterator[Match]:
    """Every match of a private rule; see the package for what counts as one."""
    yield from _places(photo, rules.circles)
    sent = _sent(photo, text) if rules.branches or rules.words or rules.patterns else {}
    pools = [one.category for one in albums] + [one.category for one in groups]
    pools = pools if text.platform == "flickr" else []
    for branch in rules.branches:
        for path in _unique(path for path in pools if _lies_in(path, branch)):
            yield Match(field="albums", found=f"{path} is in the private branch {branch}")
        for word in _branch_words(photo, branch):
            yield from _word(word, sent, f" of the private branch {branch}")
    for word in rules.words:
        yield from _word(word, sent)
    if rules.patterns:
        yield from _patterns(sent)


def _places(photo: Photo, circles: Iterable[Circle]) -> Iterator[Match]:
    if photo.latitude is None or photo.longitude is None:
        return
    for circle in circles:
        metres = _distance(photo.latitude, photo.longitude, circle.latitude, circle.longitude)
        if metres <= circle.radius:
            name = f"“{circle.name}”" if circle.name else "a private place"
            yield Match(field="position", found=f"a position {metres:,.0f} m from {name}")


def _distance(latitude: float, longitude: float, other: float, other_longitude: float) -> float:
    """Metres along the surface (haversine)."""
    north, east = radians(other - latitude), radians(other_longitude - longitude)
    slant = sin(north / 2) ** 2
    slant += cos(radians(latitude)) * cos(radians(other)) * sin(east / 2) ** 2
    return 2 * _EARTH * asin(min(1.0, sqrt(slant)))


def _sent(photo: Photo, text: PhotoText) -> dict[str, str]:
    """All that leaves, by field.

    Joined hashtags hide where words begin: the keywords they were made of stand beside them.
    """
    fields = ("title", "description") if text.platform == "flickr" else ("caption", "alt_text")
    tags = {_squash(tag) for tag in text.tags}
    paths = (*photo.keywords, *(one.path for one in photo.categories))
    levels = _unique(level for path in paths for level in path.split("|") if _squash(level) in tags)
    sent = {field: _seen(getattr(text, field)) for field in fields}
    return {**sent, "tags": "\n".join(map(_seen, (*text.tags, *levels)))}


def _branch_words(photo: Photo, branch: str) -> tuple[str, ...]:
    """The levels of the photo's own keywords and categories from the branch's last level down."""
    first = len(_key(branch)) - 1
    paths = (*photo.keywords, *(one.path for one in photo.categories))
    inside = (path for path in paths if _lies_in(path, branch))
    return _unique(level for path in inside for level in _parts(path)[first:])


def _word(word: str, sent: Mapping[str, str], origin: str = "") -> Iterator[Match]:
    pattern = _pattern(word)
    fields = [field for field, text in sent.items() if pattern and pattern.search(text)]
    if fields:
        where = ", ".join(field.replace("_", " ") for field in fields)
        yield Match(field=fields[0], found=f"“{word}”{origin} in {where}")


@lru_cache(maxsize=512)
def _pattern(word: str) -> re.Pattern[str] | None:
    """Whole words, any separators between them; None for a rule without letters or digits."""
    parts = re.findall(r"[^\W_]+", _seen(word))
    if not parts:
        return re.compile(re.escape(_seen(word))) if word.strip() else None
    before = r"(?<![^\W_])" if _has_edge(parts[0][0]) else ""
    after = r"(?![^\W_])" if _has_edge(parts[-1][-1]) else ""
    return re.compile(before + r"[\W_]*".join(parts) + after)


def _has_edge(letter: str) -> bool:
    """False for scripts that write words without blanks between them (they have no capitals)."""
    return letter.isdigit() or letter.lower() != letter.upper()


def _patterns(sent: Mapping[str, str]) -> Iterator[Match]:
    for field, text in sent.items():
        for name, pattern in _PATTERNS.items():
            found = pattern.search(text)
            if found:
                words = f"{name} in {field.replace('_', ' ')}: {found[0].strip()}"
                yield Match(field=field, found=words, only_warns=True)


def _seen(text: str) -> str:
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text).casefold())


def _squash(text: str) -> str:
    return re.sub(r"[\W_]", "", _seen(text))


def _lies_in(path: str, branch: str) -> bool:
    """The same reading of branches as `formatting.tags` has."""
    wanted = _key(branch)
    return bool(wanted) and _key(path)[: len(wanted)] == wanted


def _key(path: str) -> list[str]:
    return [part.casefold() for part in _parts(path)]


def _parts(path: str) -> list[str]:
    parts = (part.strip() for part in path.removeprefix("@Keywords|").split("|"))
    return [part for part in parts if part]


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
