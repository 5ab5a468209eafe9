"""Is a photo published, under which id, and which of several files acts for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from socials_lib.models import (
    COLUMNS,
    ID_COLUMN,
    AttributeRecord,
    FileFacts,
    LastSent,
    Pending,
    Photo,
    PlatformName,
    Remembered,
    id_from_url,
    id_order,
    is_id,
    remote_id,
)


@dataclass(frozen=True, kw_only=True)
class Publication:
    """Where a photo is published; `remote_id` "" if it is not, or if nobody can say which it is.

    `record_file` is the file whose attribute record holds the id, `missing` its columns without a
    value; `problem` is `duplicate_remote_id` or `lost_remote_id`, with what was `found`;
    `from_relatives` says that the file has no id of its own.
    """

    remote_id: str = ""
    media_id: str = ""
    url: str = ""
    record_file: str = ""
    missing: tuple[str, ...] = ()
    problem: str = ""
    found: str = ""
    from_relatives: bool = False


def publication(
    photo: Photo,
    platform: PlatformName,
    journal: Remembered | None,
    *,
    files: Mapping[str, FileFacts] | None = None,
) -> Publication:
    """What the attribute records (own ones first, then the relatives') and the journal say.

    `files` maps paths to what is on the disk: by that `journal` knows a file that was moved,
    renamed or read in anew (see `likeness`).  An id of a relative that IMatch lacks is as lost as
    an own one, since the photo may be online under it.
    """
    records = [one for one in photo.records if one.set == platform]
    ids = {remote_id(one, platform) for one in records}
    own = _from_records([one for one in records if one.file_id == photo.file_id], platform)
    lost = _lost(photo, journal or Remembered({}), ids - {""}, files or {})
    if lost:
        return replace(own or Publication(), problem="lost_remote_id", found=lost)
    if own is not None:
        return own
    related = _from_records([one for one in records if one.file_id != photo.file_id], platform)
    if related is not None:
        return replace(related, from_relatives=True)
    for one in photo.relatives:
        seen = [files[one.path]] if files and one.path in files else []
        known = journal.of(one.file_id, one.path, files=seen) if journal else None
        if known is not None:
            words = f"the journal knows {known[0].remote_id} of {one.name}, IMatch none"
            return Publication(problem="lost_remote_id", found=words)
    if records:
        return Publication(problem="lost_remote_id", found=_without_id(records, platform))
    return Publication()


def files_of(photo: Photo, files: Mapping[str, FileFacts]) -> tuple[FileFacts, ...]:
    """What the disk says of the files that may be sent for a photo, as far as it was looked at."""
    paths = (photo.path, *(one.path for one in photo.versions))
    return tuple(files[one] for one in paths if one in files)


def own_ids(photo: Photo, platform: PlatformName) -> frozenset[str]:
    """The remote ids in the attribute records of the file itself."""
    own = (one for one in photo.records if (one.set, one.file_id) == (platform, photo.file_id))
    return frozenset(remote_id(one, platform) for one in own) - {""}


def _lost(
    photo: Photo, journal: Remembered, ids: Collection[str], files: Mapping[str, FileFacts]
) -> str:
    """Words about an id that the journal knows of this file and IMatch lacks, else "".

    Where IMatch has an id nothing is published twice, so that what only may be this file counts
    for nothing.
    """
    found = journal.of(photo.file_id, photo.path, files=files_of(photo, files))
    if found is None or found[0].remote_id in ids or (ids and found[1] == "perhaps"):
        return ""
    last, how = found
    of_what = f" of {last.path}, which may be this file" if how == "perhaps" else ""
    return f"the journal knows {last.remote_id}{of_what}, IMatch {_either(ids)}"


def _either(ids: Iterable[str]) -> str:
    return " and ".join(sorted(filter(None, ids), key=id_order)) or "none"


def _from_records(records: Sequence[AttributeRecord], platform: PlatformName) -> Publication | None:
    """The one id of these records, the problem that they hold several, None if they hold none."""
    ids = {found: one for one in reversed(records) for found in _ids_in(one, platform)}
    if len(ids) > 1:
        return Publication(problem="duplicate_remote_id", found=_either(ids))
    for found, record in ids.items():
        return Publication(
            remote_id=found,
            media_id=record.values.get("media_id", "").strip(),
            url=record.values.get("url", "").strip(),
            record_file=record.file_id,
            missing=tuple(_missing(record, platform)),
        )
    return None


def _ids_in(record: AttributeRecord, platform: PlatformName) -> tuple[str, ...]:
    """The id of a record, and another one in its address: then one of them is a slip of the pen."""
    found = remote_id(record, platform)
    other = id_from_url(record.values.get("url", ""), platform)
    return tuple(dict.fromkeys(filter(None, (found, other)))) if found else ()


def _missing(record: AttributeRecord, platform: PlatformName) -> Iterator[str]:
    """Columns without a value; the id column also if it holds an address instead of the id."""
    for name in COLUMNS[platform]:
        value = record.values.get(name, "").strip()
        if not value or (name == ID_COLUMN[platform] and not is_id(value)):
            yield name


def _without_id(records: Sequence[AttributeRecord], platform: PlatformName) -> str:
    """Words about records none of which has an id."""
    texts = (one.values.get(ID_COLUMN[platform], "").strip() for one in records)
    wrong = next(filter(None, texts), "")
    return f"“{wrong}” is no id" if wrong else "a record without an id"


@dataclass(frozen=True, kw_only=True)
class StandingBack:
    """Files that do not act: file id to words about the other file.

    `twice` are those for whose picture another file acts, `doubled` those whose id another file
    has that is no relative.
    """

    twice: Mapping[str, str] = field(default_factory=dict)
    doubled: Mapping[str, str] = field(default_factory=dict)


def standing_back(
    pendings: Sequence[Pending],
    published: Mapping[str, Publication],
    *,
    last_sent: Mapping[str, LastSent],
    upload_of: Mapping[str, str],
) -> StandingBack:
    """Files of one platform's work list that do not act.

    `upload_of` says which file (id) a file would send.
    """
    by_id = {one.file_id: one.photo for one in pendings}
    twice: dict[str, str] = {}
    doubled: dict[str, str] = {}
    for found, files in _same_id(pendings, published).items():
        actor = _actor([by_id[one] for one in files], found, last_sent)
        family = _family(actor, files, by_id)
        twice |= {one: by_id[actor].name for one in family if one != actor}
        strangers = [one for one in files if one not in family]
        for one in [actor, *strangers] if strangers else ():
            others = sorted(by_id[other].name for other in files if other != one)
            doubled[one] = f"{found} is also on {' and '.join(others)}"
    return StandingBack(
        twice=_same_picture(by_id, published, upload_of) | twice,
        doubled=doubled,
    )


def _same_picture(
    by_id: Mapping[str, Photo],
    published: Mapping[str, Publication],
    upload_of: Mapping[str, str],
) -> dict[str, str]:
    """Masters and versions that are both in the list and not yet published: one of them acts.

    That is the version whose file the master would send, else the master.  A master that stands
    back keeps no other version from acting: siblings are separate photos.
    """
    twice: dict[str, str] = {}
    pairs = list(_pairs(by_id))
    for master, version in pairs:
        sends_it = upload_of.get(master) == version
        if _is_new(published[master]) and _is_new(published[version]) and sends_it:
            twice[master] = by_id[version].name
        if _is_torn(published[master]) and published[version].remote_id:
            twice[master] = by_id[version].name
    waiting = set(twice)
    for master, version in pairs:
        if _is_new(published[master]) and _is_new(published[version]) and master not in waiting:
            twice.setdefault(version, by_id[master].name)
    return twice


def _is_new(one: Publication) -> bool:
    return not one.remote_id and one.problem != "duplicate_remote_id"


def _is_torn(one: Publication) -> bool:
    """True for a file without an id whose versions were published one by one."""
    return one.problem == "duplicate_remote_id" and one.from_relatives


def _pairs(by_id: Mapping[str, Photo]) -> Iterator[tuple[str, str]]:
    """Master and version, where both are in the list."""
    for photo in by_id.values():
        for version in photo.versions:
            if version.file_id in by_id and version.file_id != photo.file_id:
                yield photo.file_id, version.file_id


def _same_id(
    pendings: Iterable[Pending], published: Mapping[str, Publication]
) -> dict[str, list[str]]:
    files: dict[str, list[str]] = defaultdict(list)
    for one in pendings:
        if published[one.file_id].remote_id:
            files[published[one.file_id].remote_id].append(one.file_id)
    return {found: some for found, some in files.items() if len(some) > 1}


def _actor(photos: Sequence[Photo], remote: str, last_sent: Mapping[str, LastSent]) -> str:
    """The file that the journal published under this id, else a master, else the lowest id."""
    for photo in photos:
        last = last_sent.get(photo.file_id)
        if last is not None and last.remote_id == remote:
            return photo.file_id
    ids = {photo.file_id for photo in photos}
    masters = [one for one in photos if any(v.file_id in ids for v in one.versions)]
    return min(masters or photos, key=lambda one: id_order(one.file_id)).file_id


def _family(actor: str, files: Sequence[str], by_id: Mapping[str, Photo]) -> set[str]:
    """The actor and all files with its id that hang together with it, step by step."""
    family, grown = {actor}, True
    while grown:
        near = {
            one
            for one in files
            if one not in family and any(_are_related(by_id[one], by_id[other]) for other in family)
        }
        family, grown = family | near, bool(near)
    return family


def _are_related(one: Photo, other: Photo) -> bool:
    return any(rel.file_id == other.file_id for rel in one.relatives) or any(
        rel.file_id == one.file_id for rel in other.relatives
    )
