"""A row of the plan -> the ordered calls to Flickr.  Pure.

Order: upload or replace, date, texts, tags, privacy, albums, groups.  Only what we manage is
changed: albums and groups that exist as IMatch categories, tags that we sent before, a privacy
that nobody changed by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from socials_lib.models import Act, PhotoText, PlanRow, RemotePhoto, RemoteTag, UploadCopy
from socials_lib.platforms.base import whose
from socials_lib.platforms.flickr.texts import MAX_TAGS, clean, is_stamp, same, unique

#: Tags of the stamp, left free below the limit of tags.
STAMP_TAGS = 2


def acts(row: PlanRow, remote: RemotePhoto | None, *, stamp: bool) -> tuple[Act, ...]:
    """The calls of a row; `remote` is needed for all but an add and a delete."""
    match row.action:
        case "add":
            return tuple(_add(row, stamp=stamp))
        case "update" if remote is not None:
            return (*_replace(row, remote), *_metadata(row, remote))
        case "metadata" if remote is not None:
            return tuple(_metadata(row, remote))
        case "delete":
            params = whose(row, remote) | _deleting(remote)
            return (_act("delete", main=True, params=params),)
    return ()


def _deleting(remote: RemotePhoto | None) -> dict[str, Any]:
    """Whose photo it is, and the albums that go with their last photo."""
    if remote is None:
        return {"owner": "", "empties": []}
    albums = remote.albums or {}
    empties = [name for album, name in albums.items() if remote.album_sizes.get(album) == 1]
    return {"owner": remote.owner_id, "empties": empties}


def is_needless(act: Act, copy: UploadCopy | None) -> bool:
    """True for a date that Flickr reads from the uploaded file anyway."""
    return (
        act.kind == "set_dates"
        and act.params.get("after") == "upload"
        and copy is not None
        and copy.taken is not None
        and copy.taken == act.params.get("date_taken")
    )


def _act(kind: str, **rest: Any) -> Act:
    return Act(platform="flickr", kind=kind, **rest)


def _add(row: PlanRow, *, stamp: bool) -> Iterator[Act]:
    text = row.text or PhotoText(platform="flickr")
    room = MAX_TAGS - (STAMP_TAGS if stamp else 0)
    yield _act(
        "upload",
        main=True,
        repeatable=False,
        params={
            "title": text.title,
            "description": text.description,
            "tags": list(unique(text.tags)[:room]),
            "stamp": row.file_id if stamp else "",
            "visibility": text.visibility,
        },
    )
    if text.date_taken:
        yield _act("set_dates", params={"date_taken": text.date_taken, "after": "upload"})
    yield from _members(row, None)


def _replace(row: PlanRow, remote: RemotePhoto) -> Iterator[Act]:
    if row.picture_changed is False:
        return
    title = row.text.title if row.text else remote.title
    yield _act("replace", main=True, params={"title": title, "secret": remote.secret})


def _metadata(row: PlanRow, remote: RemotePhoto) -> Iterator[Act]:
    """Only what differs; the date always after a new picture, which may bring its own."""
    text = row.text
    if text is None:
        return
    date = text.date_taken
    replaced = row.action == "update" and row.picture_changed is not False
    if date and (replaced or not same("date_taken", date, remote.date_taken or "")):
        known = {"date_taken": (date, remote.date_taken)} if remote.date_taken else {}
        edited, kept = _kept(row, known)
        yield _act("set_dates", main=True, params={"date_taken": date}, edited=edited, kept=kept)
    yield from _texts(row, text, remote)
    yield from _tags(row, text, remote)
    yield from _privacy(row, text, remote)
    yield from _members(row, remote)


def _texts(row: PlanRow, text: PhotoText, remote: RemotePhoto) -> Iterator[Act]:
    fields = {
        "title": (text.title, remote.title),
        "description": (text.description, remote.description),
    }
    if all(same(field, sent, online) for field, (sent, online) in fields.items()):
        return
    edited, kept = _kept(row, fields)
    yield _act(
        "set_meta",
        main=True,
        params={"title": text.title, "description": text.description},
        edited=edited,
        kept=kept,
    )


def _kept(
    row: PlanRow, fields: Mapping[str, tuple[str, str]]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """What an overwriting call would lose: fields edited online, and their values.

    Without a record of what we sent nobody knows who wrote the text: it is kept all the same.
    """
    before = row.last.text if row.last else None
    edited: list[str] = []
    kept: dict[str, str] = {}
    for field, (sent, online) in fields.items():
        if same(field, sent, online):
            continue
        was = (getattr(before, field) or "") if before is not None else None
        if was is None and online:
            kept[field] = online
        elif was is not None and not same(field, was, online):
            kept[field] = online
            edited.append(field)
    return tuple(edited), kept


# -- tags


def _tags(row: PlanRow, text: PhotoText, remote: RemotePhoto) -> Iterator[Act]:
    wanted = {clean(tag) for tag in text.tags}
    online = {tag.clean for tag in remote.tags}
    ours = {clean(tag) for tag in row.last.text.tags} if row.last and row.last.text else set()
    gone = [
        tag for tag in remote.tags if tag.own and tag.clean in ours - wanted and not is_stamp(tag)
    ]
    left = [tag for tag in remote.tags if tag not in gone]
    missing = [tag for tag in unique(text.tags) if clean(tag) not in online]
    missing = missing[: max(0, MAX_TAGS - len(left))]
    if not missing and not gone:
        return
    by_hand = [tag for tag in left if tag.clean not in wanted and not is_stamp(tag)]
    if len(gone) + bool(missing) > 1 and not by_hand and all(tag.own for tag in remote.tags):
        yield _set_tags(text, left)
        return
    for tag in gone:
        yield _act("remove_tag", target=tag.tag_id, name=tag.raw, main=True)
    if missing:
        yield _act("add_tags", main=True, params={"tags": missing})


def _set_tags(text: PhotoText, left: Sequence[RemoteTag]) -> Act:
    """One call instead of several, where it takes nothing away that a hand typed."""
    stamps = [tag.raw or tag.clean for tag in left if is_stamp(tag)]
    tags = [*unique(text.tags)[: MAX_TAGS - len(stamps)], *stamps]
    return _act("set_tags", main=True, params={"tags": tags})


# -- privacy, albums, groups


def _privacy(row: PlanRow, text: PhotoText, remote: RemotePhoto) -> Iterator[Act]:
    before = row.last.own_visibility if row.last else ""
    if before and remote.visibility == before != text.visibility:
        yield _act("set_perms", main=True, params={"visibility": text.visibility})


def _members(row: PlanRow, remote: RemotePhoto | None) -> Iterator[Act]:
    """Albums and groups: follow-ups that never hide that the photo is online."""
    said = {"title": row.title}
    in_albums = (remote.albums or {}) if remote else {}
    wanted = {album.album_id: album.name for album in row.albums if album.album_id}
    for album_id, name in wanted.items():
        if album_id not in in_albums:
            yield _act("album_add", target=album_id, name=name, params=said)
    managed = {album.album_id: album.name for album in row.managed.albums if album.album_id}
    for album_id, name in managed.items():
        if album_id in in_albums and album_id not in wanted:
            last = remote is not None and remote.album_sizes.get(album_id) == 1
            yield _act("album_remove", target=album_id, name=name, params={**said, "last": last})
    yield from _groups(row, remote, said)


def _groups(row: PlanRow, remote: RemotePhoto | None, said: dict[str, str]) -> Iterator[Act]:
    in_groups = (remote.groups or {}) if remote else {}
    handed_over = row.last.handed_over if row.last else ()
    wanted = {group.group_id: group.name for group in row.groups if group.group_id}
    for group_id, name in wanted.items():
        if group_id not in in_groups and group_id not in handed_over:
            yield _act("group_add", target=group_id, name=name, params=said)
    managed = {group.group_id: group.name for group in row.managed.groups if group.group_id}
    for group_id, name in managed.items():
        if group_id in in_groups and group_id not in wanted:
            yield _act("group_remove", target=group_id, name=name, params=said)
