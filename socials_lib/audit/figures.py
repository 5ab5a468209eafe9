"""The numbers of the charts: coverage in time, albums, problems by kind, what people liked.  Pure.

Decided here (2026-11-22): coverage counts photos by the year and month in which they were *taken*
(their date in IMatch, else the one online), those that are online against those of the category;
an album counts the photos online that are in it.  Engagement counts comments, favourites and
reblogs; views alone say little and only break ties.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from socials_lib.audit.codes import words_for
from socials_lib.audit.published import Knowledge, known_ids
from socials_lib.models import Finding, Photo, PlatformName, remote_id, root_category

#: How many photos the list of those that people liked has.
TOP = 10
#: A taken date before photography is somebody's typing error.
_FIRST_YEAR = 1826


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: its words, how many are online, and out of how many (0: nobody counts that)."""

    words: str
    online: int
    total: int = 0
    note: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The numbers of one platform; months are `2024-03`, years `2024`, both in order."""

    platform: PlatformName
    years: tuple[Bar, ...] = ()
    months: tuple[Bar, ...] = ()
    albums: tuple[Bar, ...] = ()
    problems: tuple[Bar, ...] = ()
    engagement: tuple[Bar, ...] = ()
    undated: int = 0


def figures(photos: Sequence[Photo], known: Knowledge, findings: Iterable[Finding]) -> Figures:
    """The numbers of a platform; `findings` are counted by kind as they are."""
    online = {one.ref.remote_id: one for one in known.inventory.photos}
    theirs = _taken(photos, known)
    counted = [*theirs.values(), *_orphan_dates(photos, known)]
    dated = [(month, there) for month, there in counted if month]
    titles = {
        remote: one.title or one.name for one in photos for remote in _ids(one, known.platform)
    }
    return Figures(
        platform=known.platform,
        years=_over_time((month[:4], there) for month, there in dated),
        months=_over_time(dated),
        albums=_albums(known),
        problems=_problems(findings),
        engagement=_liked(known, titles) if online else (),
        undated=len(counted) - len(dated),
    )


def _ids(photo: Photo, platform: PlatformName) -> set[str]:
    records = (one for one in photo.records if one.set == platform)
    return {remote_id(one, platform) for one in records} - {""}


def _taken(photos: Iterable[Photo], known: Knowledge) -> dict[str, tuple[str, bool]]:
    """Month and whether it is online, of each photo in the platform's category or online."""
    online = {one.ref.remote_id for one in known.inventory.photos}
    root = root_category(known.platform)
    found: dict[str, tuple[str, bool]] = {}
    seen: set[str] = set()
    for one in photos:
        ids = _ids(one, known.platform) & online
        if ids & seen:
            continue  # a version of a photo that is counted already
        if ids or one.in_category(root):
            month = f"{one.date_time:%Y-%m}" if one.date_time else ""
            found[one.file_id] = (_plausible(month), bool(ids))
            seen |= ids
    return found


def _orphan_dates(photos: Iterable[Photo], known: Knowledge) -> list[tuple[str, bool]]:
    ours = known_ids(photos, known)
    left = (one for one in known.inventory.photos if one.ref.remote_id not in ours)
    return [(_plausible((one.date_taken or "")[:7]), True) for one in left]


def _plausible(month: str) -> str:
    year = month[:4]
    return month if year.isdigit() and int(year) >= _FIRST_YEAR else ""


def _over_time(dated: Iterable[tuple[str, bool]]) -> tuple[Bar, ...]:
    total: Counter[str] = Counter()
    online: Counter[str] = Counter()
    for when, there in dated:
        total[when] += 1
        online[when] += there
    return tuple(Bar(words=one, online=online[one], total=total[one]) for one in sorted(total))


def _albums(known: Knowledge) -> tuple[Bar, ...]:
    """Albums and groups that IMatch manages, the fullest first; then photos in none of them."""
    members = known.inventory.members
    online = {one.ref.remote_id for one in known.inventory.photos}
    found = [
        Bar(words=one.name, online=len(set(members.albums[one.album_id]) & online), note="album")
        for one in known.managed.albums
        if one.album_id in members.albums
    ]
    found += [
        Bar(words=one.name, online=len(set(members.groups[one.group_id]) & online), note="group")
        for one in known.managed.groups
        if one.group_id in members.groups
    ]
    found.sort(key=lambda one: (-one.online, one.words.casefold()))
    if members.albums:
        loose = online - {one for ids in members.albums.values() for one in ids}
        found.append(Bar(words="in none of these albums", online=len(loose)))
    return tuple(found)


def _problems(findings: Iterable[Finding]) -> tuple[Bar, ...]:
    counts = Counter(words_for(one) for one in findings)
    return tuple(Bar(words=words, online=n) for words, n in counts.most_common())


def _liked(known: Knowledge, titles: Mapping[str, str]) -> tuple[Bar, ...]:
    """The photos that most people answered to; those nobody answered to are left out."""
    found = []
    for one in known.inventory.photos:
        answers = one.engagement
        total = answers.comments + answers.favourites + answers.reblogs
        if total:
            title = titles.get(one.ref.remote_id) or one.title or _first_line(one.caption)
            note = answers.in_words() + (f", {answers.views:,} views" if answers.views else "")
            bar = Bar(words=title or one.ref.remote_id, online=total, note=note, url=one.ref.url)
            found.append((total, answers.views, bar))
    found.sort(key=lambda one: (-one[0], -one[1], one[2].words.casefold()))
    return tuple(bar for *_, bar in found[:TOP])


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
