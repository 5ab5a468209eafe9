"""Making the rows of a plan."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from socials_lib import formatting
from socials_lib.models import (
    ACTIONS,
    PLATFORMS,
    AccountFacts,
    Action,
    FileFacts,
    LastSent,
    Managed,
    Mode,
    OpenAct,
    Pending,
    Photo,
    Plan,
    PlanRow,
    PlatformName,
    Rules,
    UploadFile,
    id_order,
    root_category,
)
from socials_lib.plan.changes import changes, suggestion
from socials_lib.plan.deciding import blocking, decide, follows_up, problems
from socials_lib.plan.document import plan_hash
from socials_lib.plan.knowledge import RUNNING, Case, Knowledge
from socials_lib.plan.publication import Publication, StandingBack, publication, standing_back
from socials_lib.plan.uploads import choose_upload, picture_changed

APPROVED_AS_SAVED: tuple[Action, ...] = ("add", "update", "metadata", "skip")


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
    the journal.  Rows stand in the order in which they will be carried out, platform by platform.
    """
    rows: list[PlanRow] = []
    for platform in (one for one in PLATFORMS if one in accounts):
        known = Knowledge(
            platform=platform,
            facts=accounts[platform],
            rules=rules,
            managed=(managed or Managed()) if platform == "flickr" else Managed(),
            files=files,
            last_sent=(last_sent or {}).get(platform, {}),
            open_acts=_by_file(one for one in open_acts if one.platform == platform),
            now=now,
        )
        rows += _platform_rows([one for one in pendings if one.platform == platform], known)
    plan = Plan(
        plan_id=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        created=now,
        mode=mode,
        accounts={name: facts.account for name, facts in accounts.items()},
        rows=tuple(rows),
        warnings=tuple(warnings),
    )
    return replace(plan, hash=plan_hash(plan))


def _by_file(acts: Iterable[OpenAct]) -> dict[str, list[OpenAct]]:
    found: dict[str, list[OpenAct]] = {}
    for one in acts:
        found.setdefault(one.file_id, []).append(one)
    return found


def _platform_rows(pendings: Sequence[Pending], known: Knowledge) -> list[PlanRow]:
    published = {one.file_id: _publication(one.photo, known) for one in pendings}
    uploads = {one.file_id: choose_upload(one.photo, known.limits, known.files) for one in pendings}
    back = standing_back(
        pendings,
        published,
        last_sent=known.last_sent,
        upload_of={file_id: one.file_id for file_id, one in uploads.items() if one},
    )
    families = _families(pendings, published)
    rows = []
    for one in pendings:
        found, upload = published[one.file_id], uploads[one.file_id]
        family = families.get(found.remote_id, ())
        rows.append(_row(_case(one, known, found, upload, back, family)))
    order = {action: place for place, action in enumerate(ACTIONS)}
    return sorted(
        (row for row in rows if row.action != "none" or row.problems),
        key=lambda row: (
            order.get(row.action, len(order)),
            (row.text.date_taken if row.text else None) or "",
            id_order(row.file_id),
        ),
    )


def _families(
    pendings: Sequence[Pending], published: Mapping[str, Publication]
) -> dict[str, list[Photo]]:
    """The files of the list by the one remote photo that they stand for."""
    found: dict[str, list[Photo]] = {}
    for one in pendings:
        if published[one.file_id].remote_id:
            found.setdefault(published[one.file_id].remote_id, []).append(one.photo)
    return found


def _publication(photo: Photo, known: Knowledge) -> Publication:
    """Where the photo is online; not lost is an id that is just on its way into IMatch or out."""
    found = publication(photo, known.platform, known.remembered, files=known.files)
    moving = any(
        one.state in RUNNING and one.action in ("add", "repost", "delete")
        for one in known.open_of(photo)
    )
    if found.problem == "lost_remote_id" and moving:
        return replace(found, problem="", found="")
    doubt = () if found.problem or found.remote_id or moving else known.doubtful_of(photo)
    if doubt:
        return replace(found, problem="lost_remote_id", found=_doubt(doubt[0]))
    return found


def _doubt(act: OpenAct) -> str:
    """What may be under way for this file already: adding it could publish it twice."""
    ident = f" (online as {act.remote_id})" if act.remote_id else ""
    return (
        f"an earlier {act.action} of {act.path}{ident} has not ended and may be of this file:"
        " `socials resume` ends it, with the IMatch database it belongs to"
    )


def _case(
    pending: Pending,
    known: Knowledge,
    found: Publication,
    upload: UploadFile | None,
    back: StandingBack,
    family: Sequence[Photo],
) -> Case:
    """`family` are the files of the list with its remote id.

    The photo is in the albums and groups of all of them: taken out of one because the file that
    acts is not in its category, it would be missing where another file of it still is.
    """
    photo, platform = pending.photo, known.platform
    parts = [photo, *(one for one in family if one.file_id != photo.file_id)]
    albums = (pool for one in parts for pool in formatting.albums(one))
    groups = (pool for one in parts for pool in formatting.groups(one))
    last = _base(known.last_sent.get(photo.file_id), found)
    return Case(
        known=known,
        pending=pending,
        found=found,
        text=formatting.photo_text(photo, platform, known.rules, known.limits),
        albums=tuple(dict.fromkeys(albums)) if platform == "flickr" else (),
        groups=tuple(dict.fromkeys(groups)) if platform == "flickr" else (),
        upload=upload,
        last=last,
        changed=picture_changed(upload, last, known.files),
        open_acts=known.open_of(photo),
        twice=back.twice.get(photo.file_id, ""),
        doubled=back.doubled.get(photo.file_id, ""),
    )


def _base(last: LastSent | None, found: Publication) -> LastSent | None:
    """What we last sent, if it was for the remote photo that IMatch names (renamed file or not)."""
    return last if last is not None and last.remote_id == found.remote_id else None


def _row(case: Case) -> PlanRow:
    photo, platform, found = case.photo, case.known.platform, case.found
    action, reason = decide(case)
    suggested = (action, reason) == ("none", "published") and suggestion(case) != "none"
    if suggested:
        action, reason = suggestion(case), "differs"
    all_problems = problems(case)
    stop = blocking(all_problems, action, reason)
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
        remote_id=case.remote_id,
        media_id=found.media_id or (case.last.media_id if case.last else ""),
        url=found.url or _derived_url(case),
        problems=all_problems,
        changes=() if follows_up(case, reason) else changes(case, action),
        text=case.text,
        albums=case.albums,
        groups=case.groups,
        managed=case.known.managed,
        upload=case.upload,
        picture_changed=case.changed,
        calls=_calls(case, action, reason),
        seen=photo.fingerprint(platform),
        leave=_leave(case.pending, action),
        record_file=found.record_file or photo.file_id,
        record_missing=found.missing,
        last=case.last,
    )


def _calls(case: Case, action: Action, reason: str) -> int:
    """Forecast of requests to the platform, reads included, at most."""
    if reason == "continue":
        return max(1, len(case.open_acts))
    if case.known.platform == "pixelfed":
        return {"add": 2, "update": 3, "metadata": 3, "repost": 3, "delete": 3}.get(action, 0)
    pools = [one.album_id for one in case.albums] + [one.group_id for one in case.groups]
    members = sum(map(bool, pools))
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


def _derived_url(case: Case) -> str:
    """The page of a photo whose record has none, as the platform itself writes it."""
    base, end = case.known.facts.account.url, "/" if case.known.platform == "flickr" else ""
    return f"{base.rstrip('/')}/{case.remote_id}{end}" if case.remote_id and base else ""
