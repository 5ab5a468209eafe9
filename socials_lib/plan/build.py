"""Making the rows of a plan."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from socials_lib import formatting, validation
from socials_lib.models import (
    PLATFORMS,
    AccountFacts,
    Action,
    Album,
    Change,
    FileFacts,
    GroupPool,
    LastSent,
    Limits,
    Managed,
    Mode,
    OpenAct,
    Pending,
    Photo,
    PhotoText,
    Plan,
    PlanRow,
    PlatformName,
    Problem,
    RelatedFile,
    Rules,
    UploadFile,
    id_order,
    root_category,
)
from socials_lib.plan.document import plan_hash
from socials_lib.plan.publication import Publication, publication, standing_back

#: Formats of IMatch in the spelling of `FileFacts.format` and `Limits.formats`.
_SPELLINGS = {"JPG": "JPEG", "JPE": "JPEG"}
APPROVED_AS_SAVED: tuple[Action, ...] = ("add", "update", "metadata", "skip")


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """All that a plan is made from besides the photos, for one platform."""

    platform: PlatformName
    facts: AccountFacts
    rules: Rules
    managed: Managed
    files: Mapping[str, FileFacts]
    last_sent: Mapping[str, LastSent]
    open_acts: Mapping[str, Sequence[OpenAct]]
    now: datetime
    twice: Mapping[str, str] = field(default_factory=dict)
    doubled: Mapping[str, str] = field(default_factory=dict)

    @property
    def limits(self) -> Limits:
        """What the account takes."""
        return self.facts.limits


def build(
    pendings: Sequence[Pending],
    *,
    mode: Mode,
    accounts: Mapping[PlatformName, AccountFacts],
    rules: Rules,
    files: Mapping[str, FileFacts],
    now: datetime,
    managed: Managed | None = None,
    last_sent: Mapping[PlatformName, Mapping[str, LastSent]] | None = None,
    open_acts: Sequence[OpenAct] = (),
    warnings: Sequence[str] = (),
) -> Plan:
    """The plan for all pending photos of the platforms in `accounts`.

    `files` maps IMatch paths to what was seen on the disk; `last_sent` and `open_acts` come from
    the journal.  Rows stand in the order in which they will be carried out.
    """
    rows: list[PlanRow] = []
    for platform in PLATFORMS:
        if platform not in accounts:
            continue
        mine = [one for one in pendings if one.platform == platform]
        open_of: dict[str, list[OpenAct]] = {}
        for act in open_acts:
            if act.platform == platform:
                open_of.setdefault(act.file_id, []).append(act)
        known = Knowledge(
            platform=platform,
            facts=accounts[platform],
            rules=rules,
            managed=(managed or Managed()) if platform == "flickr" else Managed(),
            files=files,
            last_sent=(last_sent or {}).get(platform, {}),
            open_acts=open_of,
            now=now,
        )
        rows += _platform_rows(mine, known)
    plan = Plan(
        plan_id=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        created=now,
        mode=mode,
        accounts={name: facts.account for name, facts in accounts.items()},
        rows=tuple(rows),
        warnings=tuple(warnings),
    )
    return replace(plan, hash=plan_hash(plan))


def _platform_rows(pendings: Sequence[Pending], known: Knowledge) -> list[PlanRow]:
    found = {
        one.file_id: publication(one.photo, known.platform, known.last_sent.get(one.file_id))
        for one in pendings
    }
    found = {
        file_id: Publication() if _in_flight(file_id, one, known) else one
        for file_id, one in found.items()
    }
    uploads = {one.file_id: choose_upload(one.photo, known.limits, known.files) for one in pendings}
    twice, doubled = standing_back(
        pendings,
        found,
        last_sent=known.last_sent,
        upload_of={file_id: one.file_id for file_id, one in uploads.items() if one},
    )
    known = replace(known, twice=twice, doubled=doubled)
    rows = [_row(one, found[one.file_id], uploads[one.file_id], known) for one in pendings]
    order: Mapping[str, int] = {"add": 0, "update": 1, "metadata": 2, "repost": 3, "delete": 4}
    rows = [row for row in rows if row.action != "none" or row.problems]
    return sorted(
        rows,
        key=lambda row: (
            order.get(row.action, 5),
            (row.text.date_taken if row.text else None) or "",
            id_order(row.file_id),
        ),
    )


def _in_flight(file_id: str, found: Publication, known: Knowledge) -> bool:
    """True if the id that IMatch lacks is just on its way there (an open act of ours)."""
    return found.problem == "lost_remote_id" and any(
        one.state in ("open", "unknown") for one in known.open_acts.get(file_id, ())
    )


def choose_upload(
    photo: Photo, limits: Limits, files: Mapping[str, FileFacts]
) -> UploadFile | None:
    """The categorised file if its format is accepted, else its best accepted version.

    Best: JPEG before others, the largest under the limit, then the lowest id.
    """
    own = RelatedFile(
        file_id=photo.file_id,
        name=photo.name,
        path=photo.path,
        format=photo.format,
        size=photo.size,
    )
    if format_name(own.format) in limits.formats:
        return _upload_file(own, files)
    fitting = [_upload_file(one, files) for one in photo.versions if _accepted(one, limits)]
    return min(
        fitting,
        key=lambda one: (
            format_name(one.format) != "JPEG",
            one.bytes > limits.max_bytes,
            -one.bytes,
            id_order(one.file_id),
        ),
        default=None,
    )


def format_name(text: str) -> str:
    """A format tag of IMatch in the spelling of the limits: `jpg` -> `JPEG`."""
    upper = text.strip().upper()
    return _SPELLINGS.get(upper, upper)


def _accepted(one: RelatedFile, limits: Limits) -> bool:
    return format_name(one.format) in limits.formats


def _upload_file(one: RelatedFile, files: Mapping[str, FileFacts]) -> UploadFile:
    facts = files.get(one.path)
    return UploadFile(
        file_id=one.file_id,
        name=one.name,
        path=one.path,
        format=format_name(one.format),
        bytes=max(one.size or 0, facts.size if facts else 0),
        mtime_ns=facts.mtime_ns if facts else 0,
    )


def _row(
    pending: Pending, found: Publication, upload: UploadFile | None, known: Knowledge
) -> PlanRow:
    photo, platform = pending.photo, known.platform
    text = formatting.photo_text(photo, platform, known.rules, known.limits)
    albums = formatting.albums(photo) if platform == "flickr" else ()
    groups = formatting.groups(photo) if platform == "flickr" else ()
    last = _base(known.last_sent.get(photo.file_id), photo, found)
    open_acts = known.open_acts.get(photo.file_id, ())
    changed = _picture_changed(upload, last, known.files)
    action, reason = _decide(pending, found, open_acts, known, albums, groups)
    suggested = False
    if action == "none" and reason == "published" and last is not None:
        action = _suggestion(text, albums, groups, last, changed)
        suggested = action != "none"
        reason = "differs" if suggested else reason
    problems = _problems(pending, found, upload, text, albums, groups, open_acts, known)
    stop = _blocking(problems, action, reason)
    return PlanRow(
        file_id=photo.file_id,
        name=photo.name,
        path=photo.path,
        platform=platform,
        action=action,
        reason=stop.code if stop else reason,
        suggested=suggested,
        approved=action in APPROVED_AS_SAVED and not suggested and stop is None,
        blocked=stop is not None,
        remote_id=found.remote_id or next((a.remote_id for a in open_acts if a.remote_id), ""),
        media_id=found.media_id or (last.media_id if last else ""),
        url=found.url or _derived_url(found.remote_id, known),
        problems=problems,
        changes=_changes(action, text, albums, groups, last, changed),
        text=text,
        albums=albums,
        groups=groups,
        managed=known.managed,
        upload=upload,
        picture_changed=changed,
        calls=_calls(action, reason, platform, albums, groups, open_acts),
        seen=photo.fingerprint(platform),
        leave=_leave(pending, action),
        record_file=found.record_file or photo.file_id,
        record_missing=found.missing,
        last=last,
    )


def _base(last: LastSent | None, photo: Photo, found: Publication) -> LastSent | None:
    """What we last sent, if it was for this very file and remote photo."""
    if last is None or last.path != photo.path or last.remote_id != found.remote_id:
        return None
    return last


def _decide(
    pending: Pending,
    found: Publication,
    open_acts: Sequence[OpenAct],
    known: Knowledge,
    albums: Sequence[Album],
    groups: Sequence[GroupPool],
) -> tuple[Action, str]:
    """Action and reason by the decision table of the package."""
    running = [one for one in open_acts if one.state in ("open", "unknown")]
    if running:
        return running[0].action, "continue"
    if pending.delete and (pending.update or pending.metadata):
        return "none", "conflicting_flags"
    if found.problem:
        return "none", found.problem
    if not found.remote_id:
        return ("skip", "not_published") if pending.delete else ("add", "new")
    if pending.delete:
        return "delete", "flag_delete"
    if pending.update:
        return "update", "flag_update"
    if pending.metadata:
        return "metadata", "flag_metadata"
    due = [one for one in open_acts if _due(one, known.now, albums, groups)]
    return (due[0].action, "continue") if due else ("none", "published")


def _due(one: OpenAct, now: datetime, albums: Sequence[Album], groups: Sequence[GroupPool]) -> bool:
    """True if a waiting follow-up may be tried again: its time has come or its id was mended."""
    ids = {a.category: a.album_id for a in albums} | {g.category: g.group_id for g in groups}
    if one.category and one.category not in ids:
        return False  # left the category: settled as dropped by the next run
    if one.category and ids[one.category] not in ("", one.target):
        return True
    return one.not_before is not None and one.not_before <= now


def _problems(
    pending: Pending,
    found: Publication,
    upload: UploadFile | None,
    text: PhotoText,
    albums: Sequence[Album],
    groups: Sequence[GroupPool],
    open_acts: Sequence[OpenAct],
    known: Knowledge,
) -> tuple[Problem, ...]:
    photo = pending.photo
    problems: list[Problem] = []

    def add(code: str, found: str, suggestion: str) -> None:
        problems.append(
            validation.problem(
                code, known.platform, found=found, suggestion=suggestion, rules=known.rules
            )
        )

    if photo.file_id in known.twice:
        other = known.twice[photo.file_id]
        add("same_picture_twice", f"{other} stands for this picture", "Take one out of the list.")
    if pending.delete and (pending.update or pending.metadata):
        flags = ["_delete", "_update" if pending.update else "_metadata"]
        add("conflicting_flags", " and ".join(flags), "Take the photo out of one of the two.")
    if photo.file_id in known.doubled or found.problem == "duplicate_remote_id":
        words = known.doubled.get(photo.file_id, found.found)
        add("duplicate_remote_id", words, "Correct the attribute records in IMatch.")
    if found.problem == "lost_remote_id":
        add("lost_remote_id", found.found, "Write the id back into the attribute record.")
    if any(one.state == "unknown" for one in open_acts):
        act = next(one for one in open_acts if one.state == "unknown")
        add("unclear_act", act.message or f"an earlier {act.action}", "Look again with resume.")
    only_flagged = not (found.remote_id or found.problem or pending.in_platform or pending.delete)
    if only_flagged:
        root = root_category(known.platform)
        add("not_in_platform_category", "only flagged", f"Put the photo into {root}.")
    problems += validation.validate(
        photo,
        text,
        limits=known.limits,
        rules=known.rules,
        upload=upload,
        facts=known.files.get(upload.path) if upload else None,
        albums=albums,
        groups=groups,
        candidates=photo.versions,
    )
    return tuple(problems)


_EVERYTHING = frozenset(
    {
        "conflicting_flags",
        "not_in_platform_category",
        "same_picture_twice",
        "duplicate_remote_id",
        "lost_remote_id",
        "unclear_act",
    }
)


def _blocking(problems: Sequence[Problem], action: Action, reason: str) -> Problem | None:
    """The first problem that stops this row; a row that only continues is stopped by none but
    those that stop everything (its photo is online already)."""
    for one in problems:
        if one.code in _EVERYTHING:
            return one
    if reason in ("continue", "not_published"):
        return None
    return validation.blocks(problems, action)


def _picture_changed(
    upload: UploadFile | None, last: LastSent | None, files: Mapping[str, FileFacts]
) -> bool | None:
    """None if nobody knows: no record of what we sent, or the file cannot be read."""
    if upload is None or last is None or not last.picture_sha:
        return None
    facts = files.get(upload.path)
    if facts is None or facts.problem:
        return None
    same_file = (last.upload_path, last.upload_size, last.upload_mtime_ns) == (
        upload.path,
        facts.size,
        facts.mtime_ns,
    )
    if same_file:
        return False
    return None if facts.picture_sha is None else facts.picture_sha != last.picture_sha


def _suggestion(
    text: PhotoText,
    albums: Sequence[Album],
    groups: Sequence[GroupPool],
    last: LastSent,
    changed: bool | None,
) -> Action:
    if changed:
        return "update"
    return "metadata" if _text_changes(text, albums, groups, last) else "none"


def _fields(text: PhotoText, albums: Sequence[str], groups: Sequence[str]) -> dict[str, str | None]:
    """What is compared and shown, by the field names of the JSON contract."""
    tags = ", ".join(text.tags)
    shared = {"date_taken": text.date_taken, "visibility": text.visibility}
    if text.platform == "pixelfed":
        return {"caption": text.caption, "alt_text": text.alt_text, "hashtags": tags} | shared
    return {
        "title": text.title,
        "description": text.description,
        "tags": tags,
        "albums": ", ".join(sorted(albums)),
        "groups": ", ".join(sorted(groups)),
    } | shared


def _text_changes(
    text: PhotoText, albums: Sequence[Album], groups: Sequence[GroupPool], last: LastSent | None
) -> tuple[Change, ...]:
    after = _fields(text, [a.album_id for a in albums], [g.group_id for g in groups])
    names = _fields(text, [a.name for a in albums], [g.name for g in groups])
    if last is None or last.text is None:
        return tuple(Change(field=name, before=None, after=names[name]) for name in after)
    before = _fields(last.text, last.albums, last.groups)
    return tuple(
        Change(field=name, before=before[name], after=names[name])
        for name in after
        if before.get(name) != after[name]
    )


def _changes(
    action: Action,
    text: PhotoText,
    albums: Sequence[Album],
    groups: Sequence[GroupPool],
    last: LastSent | None,
    changed: bool | None,
) -> tuple[Change, ...]:
    """What the row would change: everything for an add, the differences for an update."""
    if action in ("skip", "none", "delete"):
        return ()
    found = _text_changes(text, albums, groups, None if action == "add" else last)
    if action in ("add", "repost") or (action == "update" and changed is not False):
        before = "as last sent" if last is not None and action != "add" else None
        return (Change(field="picture", before=before, after="the file as it is now"), *found)
    return found


def _calls(
    action: Action,
    reason: str,
    platform: PlatformName,
    albums: Sequence[Album],
    groups: Sequence[GroupPool],
    open_acts: Sequence[OpenAct],
) -> int:
    """Forecast of requests to the platform, reads included, at most."""
    if reason == "continue":
        return max(1, len(open_acts))
    if platform == "pixelfed":
        return {"add": 2, "update": 3, "metadata": 3, "repost": 3, "delete": 3}.get(action, 0)
    members = sum(bool(a.album_id) for a in albums) + sum(bool(g.group_id) for g in groups)
    calls = {"add": 2 + members, "update": 7 + members, "metadata": 5 + members, "delete": 4}
    return calls.get(action, 0)


def _leave(pending: Pending, action: Action) -> tuple[str, ...]:
    """Categories that the photo leaves after success."""
    root = root_category(pending.platform)
    if action in ("delete", "skip"):
        flags = [f"{root}|_delete"] if pending.delete else []
        return (*flags, *([root] if pending.in_platform else []))
    if action not in ("add", "update", "metadata", "repost"):
        return ()
    names = (("_update", pending.update), ("_metadata", pending.metadata))
    return tuple(f"{root}|{name}" for name, is_set in names if is_set)


def _derived_url(remote_id: str, known: Knowledge) -> str:
    base = known.facts.account.url
    return f"{base.rstrip('/')}/{remote_id}" if remote_id and base else ""
