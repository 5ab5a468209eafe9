"""A plan as a JSON document and back: `plan-<id>.json`, with a hash that approvals do not touch.

The hash finds damage and well-meant editing; it is no signature.  What it does not cover, the
approvals, can neither release a blocked row nor a delete: those need `--approve…` (see `sync`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from socials_lib.errors import PlanError
from socials_lib.models import (
    Account,
    Album,
    Change,
    GroupPool,
    LastSent,
    Managed,
    PhotoText,
    Plan,
    PlanRow,
    Problem,
    UploadFile,
    from_plain,
    to_plain,
)
from socials_lib.plan.forecast import forecast, to_do
from socials_lib.system import decoded, write_whole


def summary(plan: Plan) -> dict[str, dict[str, int]]:
    """Counts per platform; a row counts once: blocked, else suggested, else its action."""
    names = ("add", "update", "metadata", "delete", "skip", "none", "suggested", "blocked")
    counts = {platform: dict.fromkeys(names, 0) for platform in plan.accounts}
    for row in plan.rows:
        word = "blocked" if row.blocked else "suggested" if row.suggested else row.action
        words = counts[row.platform]
        words[word] = words.get(word, 0) + 1
    return {str(platform): words for platform, words in counts.items()}


def to_json(plan: Plan) -> dict[str, Any]:
    """The plan in the JSON contract, with all that is needed to carry it out."""
    return {**_head(plan), "rows": [row_to_json(row) for row in plan.rows]}


def _head(plan: Plan) -> dict[str, Any]:
    """All but the rows."""
    managed = next((row.managed for row in plan.rows if row.platform == "flickr"), Managed())
    return {
        "plan": plan.plan_id,
        "hash": plan.hash,
        "created": plan.created.isoformat(),
        "mode": plan.mode,
        "accounts": {name: to_plain(account) for name, account in plan.accounts.items()},
        "summary": summary(plan),
        "forecast": _forecast(plan),
        "warnings": list(plan.warnings),
        **({} if plan.left is None else {"left": dict(plan.left)}),
        "managed": to_plain(managed),
    }


def _forecast(plan: Plan) -> dict[str, Any]:
    """Per platform what carrying everything out would take; deletes included."""
    rows = to_do(plan.rows)
    return {
        name: to_plain(forecast([row for row in rows if row.platform == name]))
        for name in plan.accounts
    }


def row_to_json(row: PlanRow) -> dict[str, Any]:
    """One row in the JSON contract."""
    return {
        "file_id": row.file_id,
        "name": row.name,
        "path": row.path,
        "platform": row.platform,
        "action": row.action,
        "reason": row.reason,
        "suggested": row.suggested,
        "approved": row.approved,
        "blocked": row.blocked,
        "remote_id": row.remote_id or None,
        "media_id": row.media_id or None,
        "url": row.url or None,
        "problems": [_nulls(to_plain(one)) for one in row.problems],
        "changes": [to_plain(one) for one in row.changes],
        "text": _text_to_json(row),
        "upload_file": row.upload.path if row.upload else None,
        "bytes": row.upload.bytes if row.upload else None,
        "calls": row.calls,
        "upload": to_plain(row.upload),
        "picture_changed": row.picture_changed,
        "seen": row.seen,
        "leave": list(row.leave),
        "record_file": row.record_file,
        "record_missing": list(row.record_missing),
        "last": to_plain(row.last),
    }


def _nulls(members: Mapping[str, Any]) -> dict[str, Any]:
    """The same members, absent values null."""
    return {name: None if value == "" else value for name, value in members.items()}


def _text_to_json(row: PlanRow) -> dict[str, Any] | None:
    text = row.text
    if text is None:
        return None
    words = {"description": text.description or None, "tags": list(text.tags)}
    if text.platform == "pixelfed":
        words = {"caption": text.caption or None, "hashtags": list(text.tags)}
    return {
        "title": text.title or None,
        **words,
        "alt_text": text.alt_text or None,
        "albums": [one.name for one in row.albums if one.album_id],  # the others are problems
        "groups": [one.name for one in row.groups if one.group_id],
        "date_taken": text.date_taken,
        "visibility": text.visibility,
        "left_out": list(text.left_out),
        "tags_before_cut": text.tags_before_cut,
        "album_ids": [to_plain(one) for one in row.albums],
        "group_ids": [to_plain(one) for one in row.groups],
    }


def plan_hash(plan: Plan) -> str:
    """64 hex digits over the plan without its approvals and without the hash itself."""
    return _hash(_head(plan), map(row_to_json, plan.rows))


def _hash(head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> str:
    """Row by row: the whole text of a plan of 20,000 rows would take 200 MB (2026-11-22).

    The bytes are those of `json.dumps(…, sort_keys=True)` of the document without `hash` and
    without the approvals of its rows.
    """
    made = hashlib.sha256()
    for place, name in enumerate(sorted({*head, "rows"} - {"hash"})):
        made.update(f"{', ' if place else '{'}{_json(name)}: ".encode())
        if name != "rows":
            made.update(_json(head[name]).encode())
            continue
        made.update(b"[")
        for number, row in enumerate(rows):
            bare = {key: value for key, value in row.items() if key != "approved"}
            made.update(f"{', ' if number else ''}{_json(bare)}".encode())
        made.update(b"]")
    made.update(b"}")
    return made.hexdigest()


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=True)


def from_json(document: Any) -> Plan:
    """The plan of a document; raises `PlanError` if it is none or was changed since."""
    try:
        if document["hash"] != _hash(document, document["rows"]):
            raise PlanError(
                "The plan was changed after it was made, or is damaged.",
                hint="Make a new plan. Approvals are given with --approve, not in the file.",
                code="plan_changed",
            )
        return _plan(document)
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration) as error:
        raise PlanError(
            "This file is not a plan of IMatch to Socials.",
            hint="Make one with `socials plan --out FILE`.",
            code="not_a_plan",
            details=f"{type(error).__name__}: {error}",
        ) from error


def _plan(document: Mapping[str, Any]) -> Plan:
    managed = from_plain(Managed, document["managed"])
    return Plan(
        plan_id=str(document["plan"]),
        created=datetime.fromisoformat(document["created"]),
        mode=document["mode"],
        accounts={
            name: from_plain(Account, account) for name, account in document["accounts"].items()
        },
        rows=tuple(_row(one, managed) for one in document["rows"]),
        hash=str(document["hash"]),
        warnings=tuple(document["warnings"]),
        left=document.get("left"),
    )


def _row(one: Mapping[str, Any], managed: Managed) -> PlanRow:
    text = one["text"] or {}
    return PlanRow(
        file_id=one["file_id"],
        name=one["name"],
        path=one["path"],
        platform=one["platform"],
        action=one["action"],
        reason=one["reason"],
        suggested=one["suggested"],
        approved=_flag(one["approved"]),
        blocked=one["blocked"],
        remote_id=one["remote_id"] or "",
        media_id=one["media_id"] or "",
        url=one["url"] or "",
        problems=tuple(from_plain(Problem, problem) for problem in one["problems"]),
        changes=tuple(from_plain(Change, change) for change in one["changes"]),
        text=_text(one) if text else None,
        albums=tuple(from_plain(Album, album) for album in text.get("album_ids", ())),
        groups=tuple(from_plain(GroupPool, group) for group in text.get("group_ids", ())),
        managed=managed if one["platform"] == "flickr" else Managed(),
        upload=from_plain(UploadFile, one["upload"]) if one["upload"] else None,
        picture_changed=one["picture_changed"],
        calls=one["calls"],
        seen=one["seen"],
        leave=tuple(one["leave"]),
        record_file=one["record_file"],
        record_missing=tuple(one["record_missing"]),
        last=from_plain(LastSent, one["last"]) if one["last"] else None,
    )


def _flag(value: Any) -> bool:
    """Approvals are not hashed: a word in their place must not count as a yes."""
    if not isinstance(value, bool):
        raise ValueError(f"approved is {value!r}, neither true nor false")
    return value


def _text(one: Mapping[str, Any]) -> PhotoText:
    text = one["text"]
    return PhotoText(
        platform=one["platform"],
        title=text["title"] or "",
        description=text.get("description") or "",
        caption=text.get("caption") or "",
        alt_text=text["alt_text"] or "",
        tags=tuple(text.get("tags", text.get("hashtags", ()))),
        tags_before_cut=text["tags_before_cut"],
        date_taken=text["date_taken"],
        visibility=text["visibility"],
        left_out=tuple(text["left_out"]),
    )


def save(plan: Plan, path: Path) -> Path:
    """Write the document, all or nothing; returns the path, raises `PlanError`."""
    text = json.dumps(to_json(plan), indent=1, ensure_ascii=False)
    try:
        # half a surrogate pair has no UTF-8; written as JSON's own escape it comes back as it was
        write_whole(path, text.encode("utf-8", errors="backslashreplace"))
    except OSError as error:
        raise PlanError(
            f"The plan {path.name} cannot be written.",
            hint=f"Check free space and write permission of {path.parent}.",
            code="plan_not_saved",
            details=str(error),
        ) from error
    return path


def read(path: Path) -> Plan:
    """The plan in a file; raises `PlanError` if there is none.

    `socials plan --json > plan.json` in Windows PowerShell 5 makes a file in UTF-16, which is read
    as well.
    """
    try:
        document = json.loads(decoded(path.read_bytes()))
    except OSError as error:
        raise PlanError(
            f"The plan {path.name or path} cannot be opened.",
            hint="Check the name; `socials plan --out FILE` writes one.",
            code="plan_not_found",
            details=str(error),
        ) from error
    except ValueError as error:
        raise PlanError(
            f"{path.name} is not a plan of IMatch to Socials.",
            hint="Make one with `socials plan --out FILE`.",
            code="not_a_plan",
            details=str(error),
        ) from error
    return from_json(document)
