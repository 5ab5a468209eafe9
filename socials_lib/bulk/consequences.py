"""What a change comes to: does the photo still break a rule, will it differ from what is online?

About half a millisecond per photo and platform, so it is asked for the photos on the screen first,
and for all that change when the person wants the sum.  Problems of the file itself (size, format,
not found) are left out: no bulk fix changes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from socials_lib import formatting, validation
from socials_lib.models import (
    PLATFORMS,
    LastSent,
    Limits,
    Photo,
    PhotoText,
    PlatformName,
    Problem,
    Rules,
    root_category,
)
from socials_lib.plan.publication import publication

#: Problems that are about the file on the disk.
_OF_THE_FILE = frozenset({"file_too_large", "invalid_format", "file_not_found", "not_an_image"})


@dataclass(frozen=True, kw_only=True)
class Known:
    """What consequences are judged by: rules, limits, and what is online of whom.

    `published` are the file ids with a remote id, `last_sent` what we sent for them, by platform.
    """

    rules: Rules = Rules()
    limits: Mapping[PlatformName, Limits] = field(default_factory=dict)
    published: Mapping[PlatformName, frozenset[str]] = field(default_factory=dict)
    last_sent: Mapping[PlatformName, Mapping[str, LastSent]] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class OnPlatform:
    """The problems of a photo on one platform before and after.

    `differs`: it is published, and what would be sent afterwards differs from what we last sent
    (if nobody knows what that was, from what would be sent without the change).
    """

    platform: PlatformName
    before: tuple[Problem, ...] = ()
    after: tuple[Problem, ...] = ()
    differs: bool = False


@dataclass(frozen=True, kw_only=True)
class Consequence:
    """What the change of a photo comes to, on each platform that it is for.

    `unlinked`: platforms where IMatch holds an id now and would hold none: the photo stays online,
    but nobody knows it any more, and another database would publish it once more.
    """

    file_id: str
    platforms: tuple[OnPlatform, ...] = ()
    unlinked: tuple[PlatformName, ...] = ()

    @property
    def is_broken(self) -> bool:
        """True if an error is left that stops the photo on some platform."""
        return any(one.severity == "error" for on in self.platforms for one in on.after)

    @property
    def mended(self) -> tuple[str, ...]:
        """Codes of problems that go."""
        return self._codes(lambda on: _codes(on.before) - _codes(on.after))

    @property
    def new(self) -> tuple[str, ...]:
        """Codes of problems that come."""
        return self._codes(lambda on: _codes(on.after) - _codes(on.before))

    @property
    def differs(self) -> tuple[PlatformName, ...]:
        """Platforms where what is online will differ until the photo is sent again."""
        return tuple(one.platform for one in self.platforms if one.differs)

    def _codes(self, of: Callable[[OnPlatform], set[str]]) -> tuple[str, ...]:
        return tuple(sorted({code for on in self.platforms for code in of(on)}))


def consequence(before: Photo, after: Photo, known: Known) -> Consequence:
    """What comes of changing a photo from one to the other."""
    names = (name for name in known.limits if _concerns(name, before, after, known))
    return Consequence(
        file_id=after.file_id,
        platforms=tuple(_on(name, before, after, known) for name in names),
        unlinked=_unlinked(before, after),
    )


def _unlinked(before: Photo, after: Photo) -> tuple[PlatformName, ...]:
    if before.records == after.records:
        return ()
    return tuple(
        name
        for name in PLATFORMS
        if publication(before, name, None).remote_id
        and not publication(after, name, None).remote_id
    )


def _concerns(name: PlatformName, before: Photo, after: Photo, known: Known) -> bool:
    root = root_category(name)
    return after.file_id in known.published.get(name, ()) or any(
        path == root or path.startswith(f"{root}|_")
        for photo in (before, after)
        for path in (one.path for one in photo.categories)
    )


def _on(name: PlatformName, before: Photo, after: Photo, known: Known) -> OnPlatform:
    limits = known.limits[name]
    texts = [formatting.photo_text(one, name, known.rules, limits) for one in (before, after)]
    return OnPlatform(
        platform=name,
        before=_problems(before, texts[0], limits, known.rules),
        after=_problems(after, texts[1], limits, known.rules),
        differs=after.file_id in known.published.get(name, ())
        and _differs(name, before, after, texts, known),
    )


def _problems(photo: Photo, text: PhotoText, limits: Limits, rules: Rules) -> tuple[Problem, ...]:
    found = validation.validate(
        photo,
        text,
        limits=limits,
        rules=rules,
        upload=None,
        facts=None,
        albums=formatting.albums(photo),
        groups=formatting.groups(photo),
    )
    return tuple(one for one in found if one.code not in _OF_THE_FILE)


def _differs(
    name: PlatformName, before: Photo, after: Photo, texts: Iterable[PhotoText], known: Known
) -> bool:
    now, then = texts
    last = known.last_sent.get(name, {}).get(after.file_id)
    if last is None or last.text is None:
        return _sent(now) != _sent(then) or _pools(before) != _pools(after)
    if name == "pixelfed":
        return _sent(last.text) != _sent(then)
    albums, groups = _pools(after)
    return _sent(last.text) != _sent(then) or (albums, groups) != (
        frozenset(last.albums) - {""},
        frozenset(last.groups) - {""},
    )


def _sent(text: PhotoText) -> tuple[object, ...]:
    """What of a text is compared; tags without order and spelling, as Flickr does."""
    if text.platform == "pixelfed":
        return (text.caption, text.alt_text)
    return (text.title, text.description, frozenset(map(formatting.clean_tag, text.tags)))


def _pools(photo: Photo) -> tuple[frozenset[str], frozenset[str]]:
    albums = frozenset(one.album_id for one in formatting.albums(photo))
    return albums - {""}, frozenset(one.group_id for one in formatting.groups(photo)) - {""}


def _codes(problems: Iterable[Problem]) -> set[str]:
    return {one.code for one in problems}
