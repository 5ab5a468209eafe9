"""Photos, records and accounts for the tests of plans; everything about them is in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from socials_lib import plan as planning
from socials_lib.models import (
    DEFAULT_LIMITS,
    Account,
    AccountFacts,
    AttributeRecord,
    Category,
    FileFacts,
    LastSent,
    OpenAct,
    Pending,
    Photo,
    PhotoText,
    Plan,
    PlanRow,
    PlatformName,
    RelatedFile,
    Rules,
    root_category,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
GENRE = Category(path="Image Characteristics|Genre|Landscape")
GROUP = Category(path="Socials|flickr|groups|Lakes", description="11@N02")
ACCOUNTS = {
    "flickr": AccountFacts(
        platform="flickr",
        account=Account(id="1@N01", name="demo", url="https://www.flickr.com/photos/demo"),
        limits=DEFAULT_LIMITS["flickr"],
    ),
    "pixelfed": AccountFacts(
        platform="pixelfed",
        account=Account(id="9", name="demo", url="https://pixels.example/p/demo"),
        limits=DEFAULT_LIMITS["pixelfed"],
    ),
}
ID_COLUMN = {"flickr": "photo_id", "pixelfed": "status_id"}


def photo(file_id: str = "1201", **more) -> Photo:
    """A photo without any problem; `records` are added with `record`."""
    values = {
        "file_id": file_id,
        "name": f"{file_id}.jpg",
        "path": f"D:\\Photos\\{file_id}.jpg",
        "format": "JPEG",
        "size": 6_000_000,
        "date_time": datetime.fromisoformat("2024-03-19T05:06:07"),
        "title": f"Lake {file_id}",
        "headline": "The fog lifts",
        "description": "The first morning of spring.",
        "keywords": ("Nature|Lake",),
        "categories": (GENRE,),
    }
    return Photo(**{**values, **more})


def related(one: Photo) -> RelatedFile:
    """A photo as its relatives list it."""
    return RelatedFile(
        file_id=one.file_id, name=one.name, path=one.path, format=one.format, size=one.size
    )


def family(master: Photo, *versions: Photo) -> tuple[Photo, ...]:
    """Master and versions that know each other and each other's records, master first."""
    files = [related(one) for one in versions]
    inherited = tuple(record for one in versions for record in one.records)
    parents = tuple(
        replace(one, masters=(related(master),), records=one.records + master.records)
        for one in versions
    )
    return (
        replace(master, versions=tuple(files), records=master.records + inherited),
        *parents,
    )


def record(file_id: str, platform: PlatformName, remote_id: str = "", **values) -> AttributeRecord:
    """A record; with an id it is complete unless `values` say otherwise."""
    columns = {"posted": "2024-03-20"}
    if remote_id:
        columns |= {ID_COLUMN[platform]: remote_id, "url": f"https://host.example/{remote_id}"}
        columns |= {"media_id": f"7{remote_id}"} if platform == "pixelfed" else {}
    columns |= values
    return AttributeRecord(
        set=platform,
        file_id=file_id,
        instance_id=1,
        values={name: value for name, value in columns.items() if value},
    )


def published(file_id: str, platform: PlatformName, remote_id: str, **more) -> Photo:
    """A photo with an own record."""
    return photo(file_id, records=(record(file_id, platform, remote_id),), **more)


def pending(one: Photo, platform: PlatformName = "flickr", flags: str = "P") -> Pending:
    """`flags`: P directly in the platform category, u/m/d in `_update`, `_metadata`, `_delete`."""
    root = root_category(platform)
    named = {"P": root, "u": f"{root}|_update", "m": f"{root}|_metadata", "d": f"{root}|_delete"}
    categories = tuple(Category(path=named[flag]) for flag in flags)
    return Pending(
        photo=replace(one, categories=one.categories + categories),
        platform=platform,
        in_platform="P" in flags,
        update="u" in flags,
        metadata="m" in flags,
        delete="d" in flags,
    )


def build(*pendings: Pending, **more) -> Plan:
    """The plan of these photos for the platforms that they name."""
    names = {one.platform for one in pendings} or {"flickr"}
    values = {
        "mode": "demo",
        "accounts": {name: facts for name, facts in ACCOUNTS.items() if name in names},
        "rules": Rules(),
        "files": {},
        "now": NOW,
    }
    return planning.build(pendings, **{**values, **more})


def only_row(one: Pending, **more) -> PlanRow:
    """The single row of a plan for one photo."""
    (row,) = build(one, **more).rows
    return row


def rows_of(plan: Plan) -> dict[str, PlanRow]:
    """The rows by file id."""
    return {row.file_id: row for row in plan.rows}


def codes(row: PlanRow) -> list[str]:
    """The problem codes of a row."""
    return [one.code for one in row.problems]


def last_sent(one: Photo, platform: PlatformName, remote_id: str, **more) -> LastSent:
    """What we sent, by default exactly what would be sent now, from the file as `facts` has it."""
    sent = only_row(pending(replace(one, records=()), platform))
    values = {
        "remote_id": remote_id,
        "text": sent.text,
        "albums": tuple(a.album_id for a in sent.albums),
        "groups": tuple(g.group_id for g in sent.groups),
        "picture_sha": "aa11",
        "upload_path": one.path,
        "upload_size": 6_000_000,
        "upload_mtime_ns": 5,
        "path": one.path,
        "file_id": one.file_id,
        "sent_at": NOW,
    }
    return LastSent(**{**values, **more})


def facts(one: Photo, **more) -> dict[str, FileFacts]:
    """What the disk says of its file; by default as it was sent by `last_sent`."""
    values = {"path": one.path, "format": "JPEG", "size": 6_000_000, "mtime_ns": 5}
    return {one.path: FileFacts(**{**values, **more})}


def open_act(one: Photo, platform: PlatformName = "flickr", **more) -> OpenAct:
    """An act of an earlier run; by default an upload that has begun."""
    values = {
        "platform": platform,
        "file_id": one.file_id,
        "path": one.path,
        "action": "add",
        "state": "open",
    }
    return OpenAct(**{**values, **more})


def text_of(row: PlanRow) -> PhotoText:
    """The text of a row that has one."""
    assert row.text is not None
    return row.text


def raw(file_id: str, **more) -> Photo:
    """A photo that no platform takes as it is."""
    return photo(
        file_id, name=f"{file_id}.CR3", path=f"D:\\RAW\\{file_id}.CR3", format="CR3", **more
    )


def outcome(row: PlanRow) -> tuple[str, str, bool]:
    """Action, reason, blocked."""
    return (row.action, row.reason, row.blocked)
