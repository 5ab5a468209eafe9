"""Remote photos without a known id -> photos of IMatch, in three tiers.  Pure.

    certain   proof: the stamp with id and picture hash, an id or address that IMatch or the
              journal still holds; or, on Flickr, the time taken to the second together with title
              or file name; on Pixelfed caption and alt text as they would be sent now.  Unique on
              both sides.
    likely    a single sign that fits one photo and one remote photo only
    choose    several photos or several remote photos fit

Photos published by other programs count too: a title that is the file name is a sign like a title.

Decided here (2026-11-22)
    - Unique means: among *all* photos that were looked at and all that is online, the linked ones
      too.  Of a series taken within a second, with one title, the member that is still free is not
      certain: the remote photo may be a second upload of a linked one.
    - Sides of another shape (more than 2 % off, turned or not) speak against a match: it is never
      certain without proof.
    - A stamp's id alone is no proof: in a database that was rebuilt it is another file's.  Its
      picture hash alone needs a second sign: two files may hold the same picture.  A hash that is
      another photo's speaks against a match.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import PureWindowsPath
from typing import Literal

from socials_lib import formatting
from socials_lib.audit.published import Knowledge
from socials_lib.models import (
    Photo,
    PhotoText,
    PlatformName,
    RemotePhoto,
    id_order,
    is_same_file,
    remote_id,
)

Tier = Literal["certain", "likely", "choose"]
TIERS: tuple[Tier, ...] = ("certain", "likely", "choose")
#: How many photos a `choose` offers.
MOST_CHOICES = 8
_SHAPE = 0.02
#: Letters of a title that Flickr keeps.
_CUT = 255
_LONG_NUMBER = re.compile(r"\d{6,}")


@dataclass(frozen=True, kw_only=True)
class Match:
    """A remote photo and the photos of IMatch that it may be (one, but for `choose`).

    `evidence` names the signs: `stamp`, `journal`, `address`, `media id`, `time`, `title`,
    `file name`, `caption`, `alt text`, `size`, `picture`.
    """

    platform: PlatformName
    remote: RemotePhoto
    tier: Tier
    file_ids: tuple[str, ...]
    evidence: tuple[str, ...] = ()

    def chosen(self, file_id: str) -> Match:
        """The match with the photo that the person chose."""
        return replace(self, file_ids=(file_id,))


def reconnect(
    photos: Sequence[Photo],
    known: Knowledge,
    *,
    hashes: Mapping[str, frozenset[str]] | None = None,
) -> tuple[Match, ...]:
    """Matches for all that is online without a known id, certain ones first.

    `hashes` are the first 16 hex digits of the picture data that a photo would send, by file id.
    """
    return tuple(_Matching(photos, known, hashes or {}).matches())


def unlinked(photos: Sequence[Photo], known: Knowledge) -> tuple[Photo, ...]:
    """Photos without an id under which something is online."""
    online = {one.ref.remote_id for one in known.inventory.photos}
    return tuple(one for one in photos if not _ids(one, known) & online)


def _ids(photo: Photo, known: Knowledge) -> set[str]:
    """The ids that stand in IMatch, for the photo or a relative of it.

    An id that only the journal knows is lost and does not count.
    """
    own = (one for one in photo.records if one.set == known.platform)
    return {remote_id(one, known.platform) for one in own} - {""}


@dataclass(frozen=True, kw_only=True)
class _Signs:
    """What one photo would look like online."""

    photo: Photo
    text: PhotoText
    free: bool
    hashes: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()

    @property
    def titles(self) -> set[str]:
        """As it is, and as Flickr may have cut it."""
        title = self.text.title or self.photo.title
        return {_folded(title), _folded(title[:_CUT])} - {""}

    @property
    def time(self) -> str:
        return self.text.date_taken or ""

    @property
    def names(self) -> set[str]:
        name = PureWindowsPath(self.photo.name)
        return {_folded(name.name), _folded(name.stem)} - {""}


@dataclass(kw_only=True)
class _Candidates:
    """Photos that share signs with one remote photo: file id -> signs."""

    remote: RemotePhoto
    signs: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def having(self, *wanted: str) -> set[str]:
        return {one for one, signs in self.signs.items() if set(wanted) <= signs}


class _Matching:
    def __init__(
        self, photos: Sequence[Photo], known: Knowledge, hashes: Mapping[str, frozenset[str]]
    ) -> None:
        self.known = known
        free = {one.file_id for one in unlinked(photos, known)}
        self.photos = {
            one.file_id: _Signs(
                photo=one,
                text=formatting.photo_text(one, known.platform, known.rules, known.facts.limits),
                free=one.file_id in free,
                hashes=hashes.get(one.file_id, frozenset()),
                ids=frozenset(_stored_numbers(one, known)),
                media=frozenset(_stored_media(one))
                if known.platform == "pixelfed"
                else frozenset(),
            )
            for one in photos
        }
        self.by = {
            "time": self._index(lambda one: {one.time}),
            "title": self._index(lambda one: one.titles),
            "name": self._index(lambda one: one.names),
            "hash": self._index(lambda one: one.hashes),
            "id": self._index(lambda one: one.ids),
            "media": self._index(lambda one: one.media),
            "caption": self._index(lambda one: {_folded(one.text.caption)}),
        }
        self.found = {one.ref.remote_id: self._candidates(one) for one in known.inventory.photos}

    def _index(self, keys: Callable[[_Signs], Iterable[str]]) -> dict[str, set[str]]:
        index: dict[str, set[str]] = defaultdict(set)
        for file_id, one in self.photos.items():
            for key in keys(one):
                if key:
                    index[key].add(file_id)
        return dict(index)

    # -- signs

    def _candidates(self, remote: RemotePhoto) -> _Candidates:
        found = _Candidates(remote=remote)
        for file_id, sign in self._signs(remote):
            found.signs[file_id].add(sign)
        for file_id, signs in found.signs.items():
            shape = _same_shape(self.photos[file_id].photo, remote)
            if shape is not None:
                signs.add("size" if shape else "other shape")
        return found

    def _signs(self, remote: RemotePhoto) -> Iterator[tuple[str, str]]:
        """File ids and signs, found by what the photos are indexed by."""
        yield from self._proofs(remote)
        if remote.date_taken:
            yield from ((one, "time") for one in self._at("time", remote.date_taken[:19]))
        title = _folded(remote.title)
        yield from ((one, "title") for one in self._at("title", title))
        yield from ((one, "file name") for one in self._at("name", title))
        yield from self._caption_signs(remote)

    def _proofs(self, remote: RemotePhoto) -> Iterator[tuple[str, str]]:
        stamp = formatting.parse_stamp(tag.clean for tag in remote.tags)
        if stamp is not None:
            file_id, sha = stamp
            if file_id in self.photos:
                yield file_id, "stamp id"
            yield from ((one, "picture") for one in self._at("hash", sha))
        yield from ((one, "address") for one in self._at("id", remote.ref.remote_id))
        for media in remote.media_ids:
            yield from ((one, "media id") for one in self._at("media", media))

    def _caption_signs(self, remote: RemotePhoto) -> Iterator[tuple[str, str]]:
        if not remote.caption:
            return
        same, caption = self.known.same, _folded(remote.caption)
        exact = self._at("caption", caption) or {
            one
            for one in self._at("title", _title_of(remote.caption))
            if same("caption", self.photos[one].text.caption, remote.caption)
        }
        for one in exact:
            if self.photos[one].titles:
                yield one, "caption"
            alt = self.photos[one].text.alt_text
            if remote.alt_texts and alt and same("alt_text", alt, remote.alt_texts[0]):
                yield one, "alt text"
        yield from ((one, "title") for one in self._at("title", _title_of(remote.caption)))

    def _at(self, index: str, key: str) -> set[str]:
        return self.by[index].get(key, set()) if key else set()

    # -- tiers

    def matches(self) -> Iterator[Match]:
        """Tier by tier; a photo that has its match is out of the later ones."""
        known = {one for signs in self.photos.values() for one in _ids(signs.photo, self.known)}
        known |= {one.remote_id for one in self.known.open_acts}
        left = {one: found for one, found in self.found.items() if one not in known}
        taken: set[str] = set()
        tiers: tuple[Tier, ...] = ("certain", "likely")
        for tier in tiers:
            proposed = self._proposed(left, taken, strict=tier == "certain")
            times = Counter(proposed.values())
            for ident, file_id in proposed.items():
                if times[file_id] == 1:
                    taken.add(file_id)
                    yield self._match(left.pop(ident), tier, (file_id,))
        for found in left.values():
            fits = {one for one in found.signs if self._is_free(one, taken)}
            if fits:
                yield self._match(found, "choose", self._best(found, fits))

    def _proposed(
        self, left: Mapping[str, _Candidates], taken: set[str], *, strict: bool
    ) -> dict[str, str]:
        """Remote id -> file id, by the first way that leads from one to one.

        Where another way leads elsewhere nobody knows, unless the first was proof.
        """
        proposed: dict[str, str] = {}
        proved: set[str] = set()
        torn: set[str] = set()
        for way in _CERTAIN if strict else (*_CERTAIN, *_LIKELY):
            rivals = Counter(one for found in self.found.values() for one in found.having(*way))
            for ident, found in left.items():
                file_id = self._one(found, way, taken, rivals if strict else Counter())
                if not file_id:
                    continue
                if proposed.setdefault(ident, file_id) != file_id and ident not in proved:
                    torn.add(ident)
                proved |= {ident} if way in _PROOFS else set()
        return {ident: file_id for ident, file_id in proposed.items() if ident not in torn}

    def _one(
        self, found: _Candidates, way: tuple[str, ...], taken: set[str], rivals: Mapping[str, int]
    ) -> str:
        """The one free photo that this way leads to, "" if there is none or more than one.

        With `rivals` (how many remote photos lead to it) it must be the only one in every respect.
        """
        fits, strict = found.having(*way), bool(rivals)
        if not strict or way in _PROOFS:
            fits = {one for one in fits if self._is_free(one, taken)}
        if len(fits) != 1:
            return ""
        [file_id] = fits
        if not self._is_free(file_id, taken) or rivals.get(file_id, 1) != 1:
            return ""
        return "" if strict and way not in _PROOFS and _speaks_against(found, file_id) else file_id

    def _is_free(self, file_id: str, taken: set[str]) -> bool:
        return self.photos[file_id].free and file_id not in taken

    def _best(self, found: _Candidates, fits: set[str]) -> tuple[str, ...]:
        """Those with most signs first."""
        order = sorted(fits, key=lambda one: (-len(found.signs[one]), id_order(one)))
        return tuple(order[:MOST_CHOICES])

    def _match(self, found: _Candidates, tier: Tier, file_ids: tuple[str, ...]) -> Match:
        signs = found.signs[file_ids[0]]
        words = ["stamp"] if {"stamp id", "picture"} <= signs else []
        words += [one for one in _WORDS if one in signs]
        return Match(
            platform=self.known.platform,
            remote=found.remote,
            tier=tier,
            file_ids=file_ids,
            evidence=tuple(words),
        )


_WORDS: tuple[str, ...] = ("address", "media id", "picture", "time", "title", "file name")
_WORDS += ("caption", "alt text", "size")
_PROOFS: tuple[tuple[str, ...], ...] = (("stamp id", "picture"), ("address",), ("media id",))
#: Ways to be certain: signs that have to come together.
_CERTAIN: tuple[tuple[str, ...], ...] = (
    *_PROOFS,
    ("picture", "time"),
    ("picture", "title"),
    ("time", "title"),
    ("time", "file name"),
    ("caption", "alt text"),
)
_LIKELY: tuple[tuple[str, ...], ...] = (
    ("stamp id", "time"),
    ("stamp id", "title"),
    ("stamp id",),
    ("picture",),
    ("caption",),
    ("time",),
    ("title",),
    ("file name",),
)


def _speaks_against(found: _Candidates, file_id: str) -> bool:
    """Another shape, or a picture hash that is another photo's."""
    pictures = found.having("picture")
    return "other shape" in found.signs[file_id] or bool(pictures and file_id not in pictures)


def _stored_numbers(photo: Photo, known: Knowledge) -> Iterator[str]:
    """Ids that hide in addresses of any form, and the one that the journal knows."""
    for record in photo.records:
        if record.set == known.platform and record.file_id == photo.file_id:
            yield from _LONG_NUMBER.findall(record.values.get("url", ""))
    last = known.last_sent.get(photo.file_id)
    if last is not None and is_same_file(last.path, photo.path):
        yield last.remote_id


def _stored_media(photo: Photo) -> Iterator[str]:
    for record in photo.records:
        if record.set == "pixelfed" and record.file_id == photo.file_id:
            yield record.values.get("media_id", "").strip()


def _folded(text: str) -> str:
    """To compare: Pixelfed escapes what was edited, so entities count as what they stand for."""
    return " ".join(unescape(text).casefold().split())


def _title_of(caption: str) -> str:
    """What stands before ` -- ` or the date in the first line of our own captions."""
    line = caption.strip().partition("\n")[0]
    return _folded(line.partition(" -- ")[0].partition(" (Taken ")[0])


def _same_shape(photo: Photo, remote: RemotePhoto) -> bool | None:
    """None if a size is not known; turned pictures count as the same."""
    if not (photo.width and photo.height and remote.width and remote.height):
        return None
    ours = max(photo.width, photo.height) / min(photo.width, photo.height)
    theirs = max(remote.width, remote.height) / min(remote.width, remote.height)
    return abs(ours - theirs) <= _SHAPE * ours
