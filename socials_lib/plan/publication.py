"""Is a photo published, under which id, and which of several files acts for it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from socials_lib.models import (
    COLUMNS,
    ID_COLUMN,
    AttributeRecord,
    LastSent,
    Pending,
    Photo,
    PlatformName,
    id_order,
)

_BASE58 = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, kw_only=True)
class Publication:
    """Where a photo is published; `remote_id` "" if it is not.

    `record_file` is the file whose attribute record holds the id, `missing` its columns without a
    value; `problem` is
    `duplicate_remote_id` or `lost_remote_id`, with what was `found`.
    """

    remote_id: str = ""
    media_id: str = ""
    url: str = ""
    record_file: str = ""
    missing: tuple[str, ...] = ()
    problem: str = ""
    found: str = ""


def publication(photo: Photo, platform: PlatformName, last: LastSent | None) -> Publication:
    """What the attribute records (own ones first, then the relatives') and the journal say."""
    records = [one for one in photo.records if one.set == platform]
    own = [one for one in records if one.file_id == photo.file_id]
    related = [one for one in records if one.file_id != photo.file_id]
    for some in (own, related):
        found = _from_records(some, platform)
        if found is not None:
            return found
    if last is not None and last.path == photo.path:
        return Publication(problem="lost_remote_id", found=f"the journal knows {last.remote_id}")
    return Publication()


def _from_records(records: Sequence[AttributeRecord], platform: PlatformName) -> Publication | None:
    ids = {remote_id(one, platform): one for one in records if remote_id(one, platform)}
    if len(ids) > 1:
        return Publication(problem="duplicate_remote_id", found=" and ".join(sorted(ids)))
    for found, record in ids.items():
        return Publication(
            remote_id=found,
            media_id=record.values.get("media_id", "").strip(),
            url=record.values.get("url", "").strip(),
            record_file=record.file_id,
            missing=tuple(one for one in COLUMNS[platform] if not record.values.get(one)),
        )
    if records:
        return Publication(problem="lost_remote_id", found="a record without an id")
    return None


def remote_id(record: AttributeRecord, platform: PlatformName) -> str:
    """The id column, else the id inside the `url` column, else ""."""
    found = record.values.get(ID_COLUMN[platform], "").strip()
    return found or id_from_url(record.values.get("url", ""), platform)


def id_from_url(url: str, platform: PlatformName) -> str:
    """The remote id inside the address of a photo page, "" if there is none.

    Flickr `…/photos/<user>/<id>/` (also `/in/…` behind it) and `https://flic.kr/p/<base 58>`;
    Pixelfed `…/p/<user>/<id>`.
    """
    if platform == "pixelfed":
        found = re.search(r"/p/[^/\s]+/(\d+)/?(?:[?#]|$)", url)
        return found[1] if found else ""
    found = re.search(r"/photos/[^/\s]+/(\d+)(?:[/?#]|$)", url)
    if found:
        return found[1]
    short = re.search(r"flic\.kr/p/(\w+)", url)
    if short and all(letter in _BASE58 for letter in short[1]):
        number = 0
        for letter in short[1]:
            number = number * 58 + _BASE58.index(letter)
        return str(number)
    return ""


def standing_back(
    pendings: Sequence[Pending],
    published: Mapping[str, Publication],
    *,
    last_sent: Mapping[str, LastSent],
    upload_of: Mapping[str, str],
) -> tuple[dict[str, str], dict[str, str]]:
    """Files of one platform that do not act: `same_picture_twice` and `duplicate_remote_id`.

    Both map a file id to words about the other file.  `upload_of` says which file (id) a file
    would send.
    """
    by_id = {one.file_id: one.photo for one in pendings}
    twice: dict[str, str] = {}
    doubled: dict[str, str] = {}
    for found, files in _same_id(pendings, published).items():
        actor = _actor([by_id[one] for one in files], last_sent)
        for one in files:
            if one == actor:
                continue
            if _related(by_id[one], by_id[actor]):
                twice[one] = by_id[actor].name
            else:
                doubled[one] = doubled[actor] = f"{found} on {by_id[one].name} and others"
    for photo in by_id.values():
        for version in photo.versions:
            if version.file_id in by_id and not (
                published[photo.file_id].remote_id or published[version.file_id].remote_id
            ):
                sends_other = upload_of.get(photo.file_id) == version.file_id
                back = photo.file_id if sends_other else version.file_id
                other = version.file_id if sends_other else photo.file_id
                twice.setdefault(back, by_id[other].name)
    return twice, doubled


def _same_id(
    pendings: Iterable[Pending], published: Mapping[str, Publication]
) -> dict[str, list[str]]:
    files: dict[str, list[str]] = defaultdict(list)
    for one in pendings:
        if published[one.file_id].remote_id:
            files[published[one.file_id].remote_id].append(one.file_id)
    return {found: some for found, some in files.items() if len(some) > 1}


def _actor(photos: Sequence[Photo], last_sent: Mapping[str, LastSent]) -> str:
    """The file that the journal published, else a master, else the lowest id."""
    for photo in photos:
        if photo.file_id in last_sent and last_sent[photo.file_id].path == photo.path:
            return photo.file_id
    ids = {photo.file_id for photo in photos}
    masters = [one for one in photos if any(v.file_id in ids for v in one.versions)]
    return min(masters or photos, key=lambda one: id_order(one.file_id)).file_id


def _related(one: Photo, other: Photo) -> bool:
    return any(rel.file_id == other.file_id for rel in one.relatives) or any(
        rel.file_id == one.file_id for rel in other.relatives
    )
