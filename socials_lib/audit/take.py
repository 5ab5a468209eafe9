"""What is online -> the values that IMatch must have so that it says the same.  Pure.

A text online is made of several fields (headline, description, camera, date), by templates that
the person may have changed.  So the fields are *solved for*: the text is made once with a mark in
place of the field; what stands online where the mark is, is the value.  A value is only proposed
if the text made from it is the one that is online; if none is, the finding is refused with the
reason, and nothing is guessed.

    flickr     title <- title; description <- headline, description or both
    pixelfed   caption <- headline, title or both; alt text <- alt text
    tags       new ones become keywords; of keywords the last level can go
    albums     and groups: the photo joins and leaves their categories
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape

from socials_lib import formatting
from socials_lib.audit.compare import Same
from socials_lib.models import (
    Finding,
    Limits,
    Managed,
    Photo,
    PhotoText,
    RemotePhoto,
    Rules,
)

_FIELDS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "title": (("title",),),
    "description": (("headline",), ("description",), ("headline", "description")),
    "caption": (("headline",), ("title",), ("title", "headline")),
    "alt_text": (("alt_text",),),
}
#: Letters of Unicode's private area: no text of ours holds them, no rule changes them.
_MARKS = ("\ue000", "\ue001")
_LINK = re.compile(r"<a\s[^>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>\n?", re.IGNORECASE)
_NOBODY = "\u2060"  # what our captions have behind an `@`
_STAMP = "imatch:"

_MADE_OF_MORE = "It cannot be told apart into IMatch's fields: write it there yourself."
_NO_FIELD = "IMatch has no field for this."
_NOT_MANAGED = "No category of IMatch stands for it."
_OTHER_TAGS = "Some of these tags come from categories or from the middle of a keyword."
_ONLINE_NO_MORE = "It is not online any more."


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What values are made from and checked by, as for the comparison.

    `waiting` are albums and groups whose end is open: the photo does not leave their categories.
    """

    rules: Rules
    limits: Limits
    same: Same
    managed: Managed = Managed()
    waiting: frozenset[str] = frozenset()

    def text(self, photo: Photo, platform: str) -> PhotoText:
        """What would be sent for this photo now."""
        return formatting.photo_text(
            photo, "flickr" if platform == "flickr" else "pixelfed", self.rules, self.limits
        )


@dataclass(frozen=True, kw_only=True)
class Theirs:
    """What IMatch is to be given for one photo.

    `values` by field (texts, and `keywords` as a tuple), `joins` and `leaves` category paths;
    `refused` are findings with the reason why they cannot be taken over.
    """

    file_id: str
    values: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    joins: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    taken: tuple[Finding, ...] = ()
    refused: tuple[tuple[Finding, str], ...] = ()


def take(
    photo: Photo, findings: Iterable[Finding], remote: RemotePhoto | None, ground: Ground
) -> Theirs:
    """The values for these findings of one photo, in whose order they are solved."""
    found = Theirs(file_id=photo.file_id)
    for one in findings:
        if remote is None:
            found = replace(found, refused=(*found.refused, (one, _ONLINE_NO_MORE)))
            continue
        photo, found = _taken(photo, found, one, remote, ground)
    return found


def _taken(
    photo: Photo, found: Theirs, one: Finding, remote: RemotePhoto, ground: Ground
) -> tuple[Photo, Theirs]:
    """The photo as it would be, and what was found so far with this finding."""

    def refused(why: str) -> tuple[Photo, Theirs]:
        return photo, replace(found, refused=(*found.refused, (one, why)))

    if one.field in ("albums", "groups"):
        paths = _paths(photo, one.field, remote, ground)
        if paths is None:
            return refused(_NOT_MANAGED)
        joins, leaves = paths
        return photo, replace(
            found,
            joins=(*found.joins, *joins),
            leaves=(*found.leaves, *leaves),
            taken=(*found.taken, one),
        )
    if one.field == "tags":
        new = _with_tags(photo, remote, ground, only_new=one.code == "added_there")
        why = _OTHER_TAGS
    elif one.field in _FIELDS:
        new, why = _with_text(photo, one.field, remote, ground), _MADE_OF_MORE
    else:
        return refused(_NO_FIELD)
    if new is None:
        return refused(why)
    return new, replace(
        found, values={**found.values, **_differing(photo, new)}, taken=(*found.taken, one)
    )


def _differing(old: Photo, new: Photo) -> dict[str, str | tuple[str, ...]]:
    names = ("title", "headline", "description", "alt_text", "keywords")
    return {name: getattr(new, name) for name in names if getattr(new, name) != getattr(old, name)}


# -- texts


def _with_text(photo: Photo, name: str, remote: RemotePhoto, ground: Ground) -> Photo | None:
    """The photo with the fields that make this text; None if no fields do."""
    theirs = _online(photo, name, remote)

    def made(some: Photo) -> str:
        return str(getattr(ground.text(some, remote.ref.platform), name))

    if ground.same(name, made(photo), theirs):
        return photo  # another finding of the same photo has solved it
    for names in _FIELDS[name]:
        for values in _solutions(photo, names, _plain(theirs), made):
            new = replace(photo, **values)  # type: ignore[arg-type]  # names of texts
            if ground.same(name, made(new), theirs):
                return new
    return None


def _online(photo: Photo, name: str, remote: RemotePhoto) -> str:
    """The text online; of several pictures in one post the alt text of ours."""
    if name != "alt_text":
        return str(getattr(remote, name))
    media = {
        record.values.get("media_id", "") for record in photo.records if record.set == "pixelfed"
    }
    mine = [at for at, one in enumerate(remote.media_ids) if one in media]
    return remote.alt_texts[mine[0] if mine else 0] if remote.alt_texts else ""


def _solutions(
    photo: Photo, names: Sequence[str], theirs: str, made: Callable[[Photo], str]
) -> list[dict[str, str]]:
    """Values of these fields that may lead to the text: where the marks stand, or empty."""
    marked = dict(zip(names, _MARKS, strict=False))
    frame = _plain(made(replace(photo, **marked)))  # type: ignore[arg-type]  # names of texts
    found = []
    places = sorted((frame.find(mark), name) for name, mark in marked.items())
    if all(at >= 0 for at, _ in places) and all(frame.count(one) == 1 for one in marked.values()):
        pattern = re.escape(frame)
        for mark in marked.values():
            pattern = pattern.replace(mark, "(.*?)")
        match = re.fullmatch(pattern, theirs, re.DOTALL)
        if match:
            in_order = (name for _, name in places)
            found.append(
                {name: text.strip() for name, text in zip(in_order, match.groups(), strict=True)}
            )
    return [*found, *([dict.fromkeys(names, "")] if len(names) == 1 else [])]


def _plain(text: str) -> str:
    """A text as it was typed: without links, entities and what we put behind an `@`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unescape(_BREAK.sub("\n", _LINK.sub(r"\1", lines))).replace(_NOBODY, "").strip()


# -- tags


def _with_tags(
    photo: Photo, remote: RemotePhoto, ground: Ground, *, only_new: bool
) -> Photo | None:
    """The photo with keywords that make these tags; None if keywords cannot."""
    have = {one.clean: one.raw or one.clean for one in remote.tags}
    have = {clean: raw for clean, raw in have.items() if clean and not clean.startswith(_STAMP)}
    want = _clean(ground.text(photo, "flickr").tags)
    gone = set() if only_new else want - set(have)
    new = tuple(raw.replace("|", " ") for clean, raw in have.items() if clean not in want)
    kept = dict.fromkeys(filter(None, (_shortened(one, gone) for one in photo.keywords)))
    made = replace(photo, keywords=(*kept, *(one for one in new if one not in kept)))
    wanted = (want - gone) | set(have)
    return made if _clean(ground.text(made, "flickr").tags) == wanted else None


def _shortened(path: str, gone: Collection[str]) -> str:
    """The keyword without last levels that are to go."""
    parts = path.split("|")
    while parts and formatting.clean_tag(parts[-1]) in gone:
        parts.pop()
    return "|".join(parts)


def _clean(tags: Iterable[str]) -> set[str]:
    return {formatting.clean_tag(one) for one in tags} - {""}


# -- albums and groups


def _paths(
    photo: Photo, name: str, remote: RemotePhoto, ground: Ground
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Categories to join and to leave; None if nothing can be done in IMatch."""
    managed, pools = ground.managed, dict[str, str]()
    if name == "albums":
        have = set(remote.albums or {})
        own = {one.category: one.album_id for one in formatting.albums(photo)}
        pools = {one.album_id: one.category for one in reversed(managed.albums)}
    else:
        have = set(remote.groups or {})
        own = {one.category: one.group_id for one in formatting.groups(photo)}
        pools = {one.group_id: one.category for one in reversed(managed.groups)}
    stay = have | ground.waiting | {""}
    leaves = tuple(path for path, ident in own.items() if ident not in stay)
    joins = tuple(pools[ident] for ident in sorted(have - set(own.values())) if ident in pools)
    return (joins, leaves) if joins or leaves else None
