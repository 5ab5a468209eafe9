"""What IMatch alone can tell: completeness, lengths, alt texts, keywords, dates, records.  Pure.

No platform is asked and no file is read.  A photo is looked at for a platform if it is in its
category or has a record of its set; photos that are only in albums or groups get the one finding
that says so.

Decided here (2026-11-22)
    - An alt text under three words or 15 letters is too short; `image of`, `photo of` and the
      like at its beginning say what a screen reader says anyway.
    - Keywords are one word in several spellings if only capitals and blanks tell them apart; the
      finding is on the photos with the rarer spelling.
    - The same picture twice is what shares size, dimensions and time to the second, or a master
      and its version that are both in the platform.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from socials_lib import formatting, validation
from socials_lib.audit.codes import CODES
from socials_lib.models import (
    COLUMNS,
    DEFAULT_LIMITS,
    ID_COLUMN,
    Finding,
    Limits,
    Photo,
    PlatformName,
    Rules,
    id_from_url,
    id_order,
    root_category,
)

#: Fields of the completeness matrix.
FIELDS = ("title", "headline", "description", "alt_text", "keywords", "date_time", "genre")
_MISSING = ("title", "headline", "description", "keywords", "genre")
SHORT_WORDS, SHORT_LETTERS = 3, 15
_IMAGE_OF = re.compile(
    r"\s*(?:an?\s+|the\s+)?(?:image|picture|photo(?:graph)?|pic|shot|graphic)\s+(?:of|showing)\b",
    re.IGNORECASE,
)
_BY_PROBLEM = {
    "text_too_long": "too_long",
    "too_many_tags": "too_many_keywords",
    "malformed_record": "attribute_oddity",
}


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How many photos of a platform have a field: one cell of the completeness matrix.

    `missing` are the file ids of those that have not.
    """

    platform: PlatformName
    field: str
    filled: int
    total: int
    missing: tuple[str, ...] = ()


def completeness(
    photos: Sequence[Photo], platforms: Iterable[PlatformName]
) -> tuple[Coverage, ...]:
    """The matrix of fields and platforms, row by row."""
    found: list[Coverage] = []
    for platform in platforms:
        mine = [one for one in photos if _belongs(one, platform)]
        for name in FIELDS:
            missing = tuple(one.file_id for one in mine if not _has(one, name))
            found.append(
                Coverage(
                    platform=platform,
                    field=name,
                    filled=len(mine) - len(missing),
                    total=len(mine),
                    missing=missing,
                )
            )
    return tuple(found)


def examine_metadata(
    photos: Sequence[Photo],
    platforms: Iterable[PlatformName],
    *,
    rules: Rules,
    now: datetime,
    limits: Mapping[PlatformName, Limits] | None = None,
) -> tuple[Finding, ...]:
    """Every finding, platform by platform and photo by photo.

    `now` is the photographer's local wall clock without a zone, like the dates of photos.
    """
    found: list[Finding] = []
    for platform in platforms:
        mine = [one for one in photos if _belongs(one, platform)]
        case = _Case(
            platform=platform,
            rules=rules,
            limits=(limits or {}).get(platform, DEFAULT_LIMITS[platform]),
            now=now,
            spellings=_spellings(mine),
            twins=_twins(mine),
        )
        found += [one for photo in mine for check in _CHECKS for one in check(photo, case)]
        found += list(_only_in_pools(photos, case)) if platform == "flickr" else []
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class _Case:
    """What one photo is judged by; `spellings` and `twins` need all photos of the platform."""

    platform: PlatformName
    rules: Rules
    limits: Limits
    now: datetime
    spellings: Mapping[str, tuple[str, int]]
    twins: Mapping[str, str]

    def finding(
        self, photo: Photo, code: str, field: str, found: str = "", suggestion: str = ""
    ) -> Finding:
        """A finding; `suggestion` replaces the general one of the code."""
        return Finding(
            file_id=photo.file_id,
            platform=self.platform,
            code=code,
            field=field,
            imatch=found or None,
            suggestion=suggestion or CODES[code].suggestion,
        )


def _belongs(photo: Photo, platform: PlatformName) -> bool:
    own = any(one.set == platform and one.file_id == photo.file_id for one in photo.records)
    return own or photo.in_category(root_category(platform))


def _has(photo: Photo, name: str) -> bool:
    if name == "genre":
        branch = f"{validation.GENRE}|"
        return any(one.path.startswith(branch) for one in photo.categories)
    value = getattr(photo, name)
    return bool(value.strip() if isinstance(value, str) else value)


# -- checks of one photo


def _fields(photo: Photo, case: _Case) -> Iterator[Finding]:
    for name in _MISSING:
        if not _has(photo, name):
            yield case.finding(photo, "missing_field", name)


def _lengths(photo: Photo, case: _Case) -> Iterator[Finding]:
    text = formatting.photo_text(photo, case.platform, case.rules, case.limits)
    problems = validation.validate(
        photo, text, limits=case.limits, rules=case.rules, upload=None, facts=None
    )
    for one in problems:
        if one.code in _BY_PROBLEM:
            code = _BY_PROBLEM[one.code]
            yield case.finding(photo, code, one.field, one.found, one.suggestion)
    if text.left_out:
        yield case.finding(photo, "nearly_too_long", "caption", ", ".join(text.left_out))


def _alt_text(photo: Photo, case: _Case) -> Iterator[Finding]:
    text = photo.alt_text.strip()
    if case.platform != "pixelfed":
        return  # Flickr has none
    if not text:
        yield case.finding(photo, "alt_text_missing", "alt_text")
        return
    if text.casefold() == photo.title.strip().casefold():
        yield case.finding(photo, "alt_text_is_title", "alt_text", text)
    elif len(text.split()) < SHORT_WORDS or len(text) < SHORT_LETTERS:
        yield case.finding(photo, "alt_text_too_short", "alt_text", text)
    if _IMAGE_OF.match(text):
        yield case.finding(photo, "alt_text_begins_with_image_of", "alt_text", text)


def _keywords(photo: Photo, case: _Case) -> Iterator[Finding]:
    for word in dict.fromkeys(_levels(photo)):
        usual, count = case.spellings.get(_folded(word), (word, 0))
        if usual != word:
            words = f"Usually “{usual}” ({count:,} photos)."
            yield case.finding(photo, "keyword_spellings", "keywords", word, words)
    private = [one for one in photo.keywords if _is_private(one, case.rules)]
    if private:
        yield case.finding(photo, "private_keyword", "keywords", ", ".join(private))


def _dates(photo: Photo, case: _Case) -> Iterator[Finding]:
    taken = photo.date_time
    if taken is None:
        yield case.finding(photo, "date_missing", "date_time")
    elif taken.replace(tzinfo=None) > case.now:
        shown = taken.isoformat(sep=" ", timespec="seconds")
        yield case.finding(photo, "date_in_future", "date_time", shown)
    if photo.circa_date.strip():
        yield case.finding(photo, "date_circa", "date_time", photo.circa_date.strip())


def _doubles(photo: Photo, case: _Case) -> Iterator[Finding]:
    if photo.file_id in case.twins:
        yield case.finding(photo, "same_picture_twice", "file", case.twins[photo.file_id])


def _records(photo: Photo, case: _Case) -> Iterator[Finding]:
    column = ID_COLUMN[case.platform]
    own = [
        one for one in photo.records if one.set == case.platform and one.file_id == photo.file_id
    ]
    if len(own) > 1:
        yield case.finding(photo, "attribute_oddity", column, f"{len(own)} records")
    for record in own:
        values = {name: record.values.get(name, "").strip() for name in COLUMNS[case.platform]}
        empty = [name for name, value in values.items() if not value]
        if empty:
            yield case.finding(photo, "attribute_oddity", empty[0], f"no {', '.join(empty)}")
        ident, url = values[column], values["url"]
        inside = id_from_url(url, case.platform)
        if ident and not ident.isdigit():
            yield case.finding(photo, "attribute_oddity", column, f"{ident} is no id")
        elif ident and inside and inside != ident:
            words = f"the address is of {inside}, the id is {ident}"
            yield case.finding(photo, "attribute_oddity", "url", words)


_CHECKS = (_fields, _lengths, _alt_text, _keywords, _dates, _doubles, _records)


# -- what needs all photos


def _levels(photo: Photo) -> Iterator[str]:
    for path in photo.keywords:
        yield from filter(None, (part.strip() for part in path.split("|")))


def _folded(word: str) -> str:
    return " ".join(word.casefold().split())


def _spellings(photos: Iterable[Photo]) -> dict[str, tuple[str, int]]:
    """Words in several spellings: the usual one (most photos, else the first) and its count."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for photo in photos:
        for word in dict.fromkeys(_levels(photo)):
            counts[_folded(word)][word] += 1
    return {key: some.most_common(1)[0] for key, some in counts.items() if len(some) > 1}


def _is_private(path: str, rules: Rules) -> bool:
    parts = [part.strip().casefold() for part in path.split("|")]
    for branch in rules.branches:
        wanted = [part.strip().casefold() for part in branch.removeprefix("@Keywords|").split("|")]
        if parts[: len(wanted)] == wanted:
            return True
    return False


def _twins(photos: Sequence[Photo]) -> dict[str, str]:
    """File id -> names of the others that show the same picture."""
    groups: dict[tuple[object, ...], list[Photo]] = defaultdict(list)
    for one in photos:
        if one.size and one.date_time:
            groups[one.size, one.date_time, one.width, one.height].append(one)
    found: dict[str, set[str]] = defaultdict(set)
    for some in groups.values():
        for one in some if len(some) > 1 else ():
            found[one.file_id] |= {other.name for other in some if other is not one}
    names = {one.file_id: one.name for one in photos}
    for one in photos:
        for version in one.versions:
            if version.file_id in names and version.file_id != one.file_id:
                found[one.file_id].add(version.name)
                found[version.file_id].add(one.name)
    return {file_id: ", ".join(sorted(some)) for file_id, some in found.items()}


def _only_in_pools(photos: Sequence[Photo], case: _Case) -> Iterator[Finding]:
    root = root_category("flickr")
    for photo in sorted(photos, key=lambda one: id_order(one.file_id)):
        pools = [one.category for one in formatting.albums(photo)]
        pools += [one.category for one in formatting.groups(photo)]
        published = any(one.set == "flickr" for one in photo.records)
        if pools and not published and not photo.in_category(root):
            names = ", ".join(one.removeprefix(f"{root}|") for one in pools)
            yield case.finding(photo, "album_without_publication", "albums", names)
