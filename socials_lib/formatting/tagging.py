"""Keywords and categories -> Flickr tags, Pixelfed hashtags, and the stamp of an upload."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from socials_lib.formatting.words import tidy
from socials_lib.models import FLICKR_LIMITS, PIXELFED_LIMITS, Limits, Photo, Rules, TagRule

_MACHINE_TAG = re.compile(r"([a-z][a-z0-9_]*:[a-z][a-z0-9_]*=)(.*)", re.IGNORECASE | re.DOTALL)
_STAMP = re.compile(r"imatch:(id|sha)=([0-9a-z]+)")
_STAMPS = 2
#: Photos of one library share keywords and categories: what a word comes to is kept.  Measured
#: 2026-11-22: half of the time of a plan of 5,000 photos went into splitting the same paths.
_KEPT = 16_384


def tags(photo: Photo, rules: Rules) -> tuple[str, ...]:
    """The words of the keyword table in its order; of equal words the first spelling wins."""
    return _first_of_each((str.casefold(word), word) for word in _words(photo, rules))


def flickr_tags(photo: Photo, rules: Rules, limits: Limits = FLICKR_LIMITS) -> tuple[str, ...]:
    """The tags as Flickr takes them, without quotes and stamp, cut to what a photo may have."""
    return cut_tags(all_flickr_tags(tags(photo, rules)), rules, limits)


def all_flickr_tags(words: Iterable[str]) -> tuple[str, ...]:
    """The words cleaned for Flickr, not cut.

    Flickr's identity of a tag is its clean form: `Wood Duck` is `woodduck` (facts/flickr.md 6).
    Keywords that look like our stamp would make a photo look like another one's upload.
    """
    cleaned = _first_of_each((clean_tag(word), word) for word in map(_for_flickr, words))
    return tuple(word for word in cleaned if not _STAMP.fullmatch(clean_tag(word)))


def cut_tags(words: tuple[str, ...], rules: Rules, limits: Limits) -> tuple[str, ...]:
    """The first words, as many as a photo may have beside its stamp."""
    if limits.max_tags is None:
        return words
    return words[: max(limits.max_tags - (_STAMPS if rules.stamp else 0), 0)]


def quote_tags(tags: Iterable[str]) -> str:
    """Flickr's `tags` parameter: every tag in double quotes, joined by a blank."""
    return " ".join(f'"{plain}"' for plain in map(_for_flickr, tags) if plain)


@lru_cache(maxsize=_KEPT)
def clean_tag(raw: str) -> str:
    """Flickr's clean form: lower-case letters, digits and marks; machine tags keep `ns:pred=`."""
    machine = _MACHINE_TAG.fullmatch(raw.strip())
    if machine:
        return machine[1].lower() + _clean(machine[2])
    return _clean(raw)


def hashtags(photo: Photo, rules: Rules, limits: Limits = PIXELFED_LIMITS) -> tuple[str, ...]:
    """Hashtags without `#`: letters, digits and `_`, at least one letter, the final one last."""
    final = _for_pixelfed(rules.final_hashtag)
    words = (_for_pixelfed(word) for word in tags(photo, rules))
    found = [word for word in words if word.casefold() != final.casefold()] + [final]
    return _first_of_each(
        (word.casefold(), word)
        for word in found
        if any(map(str.isalpha, word)) and (limits.max_tag is None or len(word) <= limits.max_tag)
    )


def stamp_tags(file_id: str, picture_sha: str) -> tuple[str, str]:
    """The machine tags by which an upload is found again after an unclear end."""
    return f"imatch:id={file_id}", f"imatch:sha={picture_sha[:16]}"


def parse_stamp(tags: Iterable[str]) -> tuple[str, str] | None:
    """File id and picture hash out of a photo's tags, raw or clean; None if either is missing."""
    found: dict[str, str] = {}
    for tag in tags:
        stamp = _STAMP.fullmatch(tag.strip().lower().replace('"', ""))
        if stamp:
            found.setdefault(stamp[1], stamp[2])
    return (found["id"], found["sha"]) if len(found) == _STAMPS else None


def _words(photo: Photo, rules: Rules) -> Iterator[str]:
    for rule in rules.tag_rules:
        for path in _sources(photo, rule):
            if not any(_lies_in(path, branch) for branch in rules.branches):
                yield from _levels(path, rule)


def _sources(photo: Photo, rule: TagRule) -> Iterable[str]:
    if rule.source == "keywords":
        return photo.keywords
    return [one.path for one in photo.categories if _lies_in(one.path, rule.source)]


def _levels(path: str, rule: TagRule) -> Iterator[str]:
    last = None if rule.last is None else rule.last + 1
    for level in _parts(path)[rule.first : last]:
        yield level
        if rule.suffix and _takes_suffix(level.casefold(), rule):
            yield f"{level} {rule.suffix}"


def _takes_suffix(level: str, rule: TagRule) -> bool:
    """False too where the word is there already: no `street photography photography`."""
    if level in map(str.casefold, rule.suffix_not_for):
        return False
    return rule.suffix.casefold() not in level.split()


def _lies_in(path: str, branch: str) -> bool:
    """True if `path` is `branch` or below it; `@Keywords|x` is the keyword `x`."""
    wanted, parts = _key(branch), _key(path)
    return bool(wanted) and parts[: len(wanted)] == wanted


@lru_cache(maxsize=_KEPT)
def _key(path: str) -> tuple[str, ...]:
    return tuple(part.casefold() for part in _parts(path.removeprefix("@Keywords|")))


@lru_cache(maxsize=_KEPT)
def _parts(path: str) -> tuple[str, ...]:
    return tuple(part for part in (tidy(part) for part in path.split("|")) if part)


def _first_of_each(keyed: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for key, word in keyed:
        if key:
            found.setdefault(key, word)
    return tuple(found.values())


@lru_cache(maxsize=_KEPT)
def _for_flickr(word: str) -> str:
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in word)
    return " ".join(plain.replace('"', "").split())


@lru_cache(maxsize=_KEPT)
def _for_pixelfed(word: str) -> str:
    composed = unicodedata.normalize("NFC", word)
    return "".join(c for c in composed if c == "_" or _is_letter(c) or _is_digit(c))


def _clean(text: str) -> str:
    return "".join(c for c in text.lower() if unicodedata.category(c)[0] in "LNM")


def _is_letter(letter: str) -> bool:
    return unicodedata.category(letter).startswith("L")


def _is_digit(letter: str) -> bool:
    return unicodedata.category(letter) == "Nd"
