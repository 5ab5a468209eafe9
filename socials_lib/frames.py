"""Records as pandas DataFrames and back; the only room that knows pandas.

Frames are made from a fixed schema, so that an empty queue has the columns and dtypes of a full
one.  Text is `str` dtype with missing as NaN (pandas 3); leave a frame through `keys_of` or
`records_of`, which turn missing into None.  Ids are text; never let a frame make numbers of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from socials_lib.audit import Coverage, Match
from socials_lib.bulk import Cell, ChangeSet, as_text
from socials_lib.journal import ChangeSetRun, StoredCell
from socials_lib.models import (
    AccountFacts,
    Check,
    Finding,
    Listed,
    Outcome,
    Pending,
    Photo,
    Plan,
    PlanRow,
    Run,
)

_TEXT, _FLAG, _COUNT, _LIST = "str", "bool", "Int64", "object"
_TIME = "datetime64[us]"

_PENDING = {
    "file_id": _TEXT,
    "name": _TEXT,
    "platform": _TEXT,
    "in_platform": _FLAG,
    "update": _FLAG,
    "metadata": _FLAG,
    "delete": _FLAG,
    "title": _TEXT,
    "headline": _TEXT,
    "description": _TEXT,
    "alt_text": _TEXT,
    "keywords": _LIST,
    "date_time": _TIME,
    "camera": _TEXT,
    "lens": _TEXT,
    "format": _TEXT,
    "size": _COUNT,
    "path": _TEXT,
}
_PLAN = {
    "file_id": _TEXT,
    "name": _TEXT,
    "platform": _TEXT,
    "action": _TEXT,
    "reason": _TEXT,
    "approved": _FLAG,
    "blocked": _FLAG,
    "suggested": _FLAG,
    "problems": _LIST,
    "title": _TEXT,
    "text": _TEXT,
    "alt_text": _TEXT,
    "tags": _LIST,
    "albums": _LIST,
    "groups": _LIST,
    "visibility": _TEXT,
    "date_taken": _TIME,
    "upload_file": _TEXT,
    "bytes": _COUNT,
    "calls": _COUNT,
    "remote_id": _TEXT,
    "url": _TEXT,
}
_OUTCOMES = {
    "file_id": _TEXT,
    "name": _TEXT,
    "platform": _TEXT,
    "action": _TEXT,
    "state": _TEXT,
    "remote_id": _TEXT,
    "url": _TEXT,
    "code": _TEXT,
    "message": _TEXT,
    "hint": _TEXT,
    "warnings": _LIST,
    "repeated": _LIST,
}
_RUNS = {
    "run": _TEXT,
    "started": "datetime64[us, UTC]",
    "ended": "datetime64[us, UTC]",
    "state": _TEXT,
    "mode": _TEXT,
    "origin": _TEXT,
    "rows": _COUNT,
    "done": _COUNT,
    "failed": _COUNT,
}
_CHECKS = {"group": _TEXT, "name": _TEXT, "state": _TEXT, "found": _TEXT, "hint": _TEXT}
_FINDINGS = {
    "file_id": _TEXT,
    "platform": _TEXT,
    "remote_id": _TEXT,
    "code": _TEXT,
    "field": _TEXT,
    "imatch": _TEXT,
    "remote": _TEXT,
    "base": _TEXT,
    "suggestion": _TEXT,
}
_COVERAGE = {"platform": _TEXT, "field": _TEXT, "filled": _COUNT, "total": _COUNT}
_MATCHES = {
    "tier": _TEXT,
    "file_id": _TEXT,
    "platform": _TEXT,
    "remote_id": _TEXT,
    "title": _TEXT,
    "evidence": _LIST,
    "choices": _LIST,
    "url": _TEXT,
}
_PHOTOS = {
    name: kind
    for name, kind in _PENDING.items()
    if name not in ("platform", "in_platform", "update", "metadata", "delete")
} | {"categories": _LIST}
_CHANGE_SETS = {
    "change_set": _TEXT,
    "started": "datetime64[us, UTC]",
    "ended": "datetime64[us, UTC]",
    "state": _TEXT,
    "mode": _TEXT,
    "origin": _TEXT,
    "words": _TEXT,
    "undoes": _TEXT,
    "values": _COUNT,
    "written": _COUNT,
    "undone": _COUNT,
    "left": _COUNT,
}
_CELLS = {
    "file_id": _TEXT,
    "title": _TEXT,
    "field": _TEXT,
    "before": _TEXT,
    "after": _TEXT,
    "state": _TEXT,
    "found": _TEXT,
    "message": _TEXT,
}
_LIMITS = {
    "platform": _TEXT,
    "account": _TEXT,
    "what": _TEXT,
    "value": _TEXT,
}


def frame(value: Any) -> pd.DataFrame:
    """The DataFrame of pending photos, a plan, plan rows, outcomes, a run, runs or checks.

    Also of photos, of a change set (proposed or written), of written change sets, and of what
    holds findings or photos: an audit, `show.findings`, `show.source`, `show.facets`; these have
    their columns even when they are empty, as has what is `Listed`; nothing at all is an empty
    plan.  Raises `TypeError` for anything else.
    """
    if isinstance(value, ChangeSet):
        return _made(map(_cell, value.chosen), _CELLS)
    if isinstance(value, ChangeSetRun):
        return _made(map(_stored_cell, value.cells), _CELLS)
    if isinstance(value, Plan):
        return plan_frame(value.rows)
    if isinstance(value, Run):
        return _made(map(_outcome, value.outcomes), _OUTCOMES)
    if hasattr(value, "findings"):
        return findings_frame(value.findings)
    if hasattr(value, "photos"):
        return photos_frame(value.photos)
    rows = tuple(value)
    kinds: Mapping[type, Any] = {
        Pending: pending_frame,
        PlanRow: plan_frame,
        Outcome: lambda some: _made(map(_outcome, some), _OUTCOMES),
        Run: lambda some: _made(map(_run, some), _RUNS),
        Check: lambda some: _made(map(_check, some), _CHECKS),
        AccountFacts: limits_frame,
        Finding: findings_frame,
        Match: matches_frame,
        Coverage: lambda some: _made(map(_coverage, some), _COVERAGE),
        Photo: photos_frame,
        ChangeSetRun: lambda some: _made(map(_change_set, some), _CHANGE_SETS),
    }
    if not rows:
        empty: pd.DataFrame = kinds[value.kind if isinstance(value, Listed) else PlanRow](())
        return empty
    for kind, make in kinds.items():
        if all(isinstance(one, kind) for one in rows):
            made: pd.DataFrame = make(rows)
            return made
    raise TypeError(f"no table is made of {type(rows[0]).__name__}")


def pending_frame(rows: Iterable[Pending]) -> pd.DataFrame:
    """One row per photo and platform of the work list, with IMatch's fields."""
    return _made(map(_pending, rows), _PENDING)


def plan_frame(rows: Iterable[PlanRow]) -> pd.DataFrame:
    """One row per plan row; `problems` holds the codes, `text` description or caption."""
    return _made(map(_plan_row, rows), _PLAN)


def limits_frame(facts: Iterable[AccountFacts]) -> pd.DataFrame:
    """What the accounts allow today: one limit a row."""
    return _made((row for one in facts for row in _limits(one)), _LIMITS)


def findings_frame(rows: Iterable[Finding]) -> pd.DataFrame:
    """One row per finding of an audit; `keys_of` its filtered rows is a selection."""
    plain = ({name: getattr(one, name) or None for name in _FINDINGS} for one in rows)
    return _made(plain, _FINDINGS)


def photos_frame(photos: Iterable[Photo]) -> pd.DataFrame:
    """One row per photo of IMatch, with its fields."""
    return _made(map(_photo, photos), _PHOTOS)


def matches_frame(rows: Iterable[Match]) -> pd.DataFrame:
    """One row per remote photo without a known id; `file_id` only where there is one choice."""
    return _made(map(_match, rows), _MATCHES)


def in_local_time(table: pd.DataFrame) -> pd.DataFrame:
    """For reading: machine times on this computer's clock, to the second; still with their zone."""
    moments = table.select_dtypes("datetimetz").columns
    shown = {name: table[name].dt.tz_convert("tzlocal()").dt.floor("s") for name in moments}
    return table.assign(**shown)


def keys_of(table: pd.DataFrame) -> tuple[str, ...]:
    """`platform:file_id` of each row of a plan, pending or findings frame, for ticks and approvals.

    Findings about no photo of IMatch have no key.
    """
    named = table[table["file_id"].notna()]
    pairs = dict.fromkeys(zip(named["platform"], named["file_id"], strict=True))
    return tuple(f"{platform}:{file_id}" for platform, file_id in pairs)


def records_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as dictionaries; every missing value is None."""
    plain = table.astype(object)
    plain = plain.where(table.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def _made(rows: Iterable[Mapping[str, Any]], schema: Mapping[str, str]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), columns=list(schema))
    return table.astype(dict(schema))


def _pending(one: Pending) -> dict[str, Any]:
    return _photo(one.photo) | {
        "platform": one.platform,
        "in_platform": one.in_platform,
        "update": one.update,
        "metadata": one.metadata,
        "delete": one.delete,
    }


def _photo(photo: Photo) -> dict[str, Any]:
    return {
        "file_id": photo.file_id,
        "name": photo.name,
        "title": photo.title or None,
        "headline": photo.headline or None,
        "description": photo.description or None,
        "alt_text": photo.alt_text or None,
        "keywords": list(photo.keywords),
        "date_time": photo.date_time,
        "camera": photo.camera or None,
        "lens": photo.lens or None,
        "format": photo.format or None,
        "size": photo.size,
        "path": photo.path,
        "categories": [category.path for category in photo.categories],
    }


def _plan_row(row: PlanRow) -> dict[str, Any]:
    text = row.text
    return {
        "file_id": row.file_id,
        "name": row.name,
        "platform": row.platform,
        "action": row.action,
        "reason": row.reason or None,
        "approved": row.approved,
        "blocked": row.blocked,
        "suggested": row.suggested,
        "problems": [one.code for one in row.problems],
        "title": (text.title if text else None) or None,
        "text": ((text.caption or text.description) if text else None) or None,
        "alt_text": (text.alt_text if text else None) or None,
        "tags": list(text.tags) if text else [],
        "albums": [one.name for one in row.albums],
        "groups": [one.name for one in row.groups],
        "visibility": text.visibility if text else None,
        "date_taken": text.date_taken if text else None,
        "upload_file": row.upload.path if row.upload else None,
        "bytes": row.upload.bytes if row.upload else None,
        "calls": row.calls,
        "remote_id": row.remote_id or None,
        "url": row.url or None,
    }


def _outcome(one: Outcome) -> dict[str, Any]:
    return {
        "file_id": one.file_id,
        "name": one.name,
        "platform": one.platform,
        "action": one.action,
        "state": one.state,
        "remote_id": one.remote_id or None,
        "url": one.url or None,
        "code": one.code or None,
        "message": one.message or None,
        "hint": one.hint or None,
        "warnings": [note.message for note in one.warnings],
        "repeated": list(one.repeated),
    }


def _run(one: Run) -> dict[str, Any]:
    states = [outcome.state for outcome in one.outcomes]
    return {
        "run": one.run,
        "started": one.started,
        "ended": one.ended,
        "state": one.state,
        "mode": one.mode,
        "origin": one.origin or None,
        "rows": len(states),
        "done": states.count("done"),
        "failed": states.count("failed"),
    }


def _change_set(one: ChangeSetRun) -> dict[str, Any]:
    return {
        **{
            name: getattr(one, name) for name in ("change_set", "started", "ended", "state", "mode")
        },
        "origin": one.origin or None,
        "words": one.words or None,
        "undoes": one.undoes or None,
        "values": sum(one.counts.values()),
        "written": one.can_undo,
        "undone": one.counts.get("undone", 0),
        "left": one.left,
    }


def _cell(one: Cell) -> dict[str, Any]:
    return {
        "file_id": one.file_id,
        "title": one.title,
        "field": one.field,
        "before": as_text(one.shown_before) or None,
        "after": as_text(one.after) or None,
        "state": None,
        "found": None,
        "message": None,
    }


def _stored_cell(one: StoredCell) -> dict[str, Any]:
    return {
        "file_id": one.file_id,
        "title": one.title,
        "field": one.field,
        "before": as_text(one.old) or None,
        "after": as_text(one.new) or None,
        "state": one.state,
        "found": None if one.found is None else as_text(one.found),
        "message": one.message or None,
    }


def _match(one: Match) -> dict[str, Any]:
    remote = one.remote
    return {
        "tier": one.tier,
        "file_id": one.file_ids[0] if len(one.file_ids) == 1 else None,
        "platform": one.platform,
        "remote_id": remote.ref.remote_id,
        "title": remote.title or remote.caption.partition("\n")[0] or None,
        "evidence": list(one.evidence),
        "choices": list(one.file_ids),
        "url": remote.ref.url or None,
    }


def _coverage(one: Coverage) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _COVERAGE}


def _check(one: Check) -> dict[str, Any]:
    return {
        "group": one.group or None,
        "name": one.name,
        "state": one.state,
        "found": one.found,
        "hint": one.hint or None,
    }


def _limits(facts: AccountFacts) -> Sequence[dict[str, Any]]:
    limits = facts.limits
    named = (
        ("largest picture", f"{limits.max_bytes / 1_048_576:,.1f} MB"),
        ("formats", ", ".join(limits.formats)),
        ("letters of a title", limits.max_title),
        ("letters of a caption", limits.max_caption),
        ("letters of an alt text", limits.max_alt_text),
        ("tags", limits.max_tags),
    )
    who = facts.account.name + (" (not asked yet)" if facts.guessed else "")
    return [
        {"platform": facts.platform, "account": who, "what": what, "value": str(value)}
        for what, value in named
        if value is not None
    ]
