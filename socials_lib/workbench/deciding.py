"""Carrying out what a person decided about an audit: links, forgotten ids, queues, memory.

Functions on a `Workbench`.  All writing happens under the run lock, and none while IMatch says that
this is a dry run; the platforms are only ever changed by the plan that comes back.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from socials_lib import audit, images
from socials_lib import plan as planning
from socials_lib.errors import ImatchError, ImatchUnreachable, PlanError, SettingsError
from socials_lib.journal import ChangeSetRun
from socials_lib.models import (
    ID_COLUMN,
    Account,
    AttributeRecord,
    Finding,
    LastSent,
    Outcome,
    Pending,
    Photo,
    Plan,
    PlatformName,
    RemotePhoto,
    id_order,
    remote_id,
    root_category,
)
from socials_lib.system import local_path
from socials_lib.workbench import ids_home, taking
from socials_lib.workbench.auditing import account_of, gather, memory_here

if TYPE_CHECKING:
    from socials_lib.workbench.changes import Changes

log = logging.getLogger(__name__)

_NOT_SAME = "not-same:"
#: What a row is called: platform and file id.
Key = tuple[PlatformName, str]


# -- reconnecting


def reconnect(wb: Changes, name: PlatformName, *, fresh: bool = True) -> tuple[audit.Match, ...]:
    """Remote photos without a known id, and the photos of IMatch that they may be."""
    photos, known = gather(wb, name, fresh=fresh)
    found = audit.reconnect(photos, known, hashes=_hashes(photos, known))
    apart = wb.journal.facts(f"{memory_prefix(wb, name)}{_NOT_SAME}")
    return tuple(_without(one, apart) for one in found if _left(one, apart))


def not_the_same(wb: Changes, match: audit.Match) -> None:
    """Remember that this remote photo is none of these: they are not proposed again."""
    prefix = memory_prefix(wb, match.platform)
    for file_id in match.file_ids:
        key = audit.differing_key(match.remote.ref.remote_id, file_id)
        wb.journal.set_fact(prefix + key, "")


def may_be_the_same(wb: Changes, match: audit.Match) -> None:
    """Take `not_the_same` back: what was found is proposed again."""
    prefix = memory_prefix(wb, match.platform)
    for file_id in match.file_ids:
        wb.journal.drop_fact(prefix + audit.differing_key(match.remote.ref.remote_id, file_id))


def _left(match: audit.Match, apart: Mapping[str, object]) -> tuple[str, ...]:
    """The photos it may be, without those that the person said it is not."""
    ident = match.remote.ref.remote_id
    keys = {one: audit.differing_key(ident, one).removeprefix(_NOT_SAME) for one in match.file_ids}
    return tuple(one for one, key in keys.items() if key not in apart)


def _without(match: audit.Match, apart: Mapping[str, object]) -> audit.Match:
    left = _left(match, apart)
    return match if left == match.file_ids else replace(match, file_ids=left)


def _hashes(photos: Sequence[Photo], known: audit.Knowledge) -> dict[str, frozenset[str]]:
    """Hashes of the pictures that free photos would send, if any stamp is to be compared.

    First of the photos that stamps name; of all only if a stamp is left that names none of them.
    """
    stamps = audit.stamps(known.inventory)
    free = {one.file_id: one for one in audit.unlinked(photos, known)}
    found = {
        file_id: _hashed(free[file_id], known.facts.limits.formats)
        for file_id in stamps
        if file_id in free
    }
    named = {sha for file_id, some in found.items() for sha in stamps[file_id] & some}
    linked = {one.file_id for one in photos} - set(free)
    left = {sha for file_id, some in stamps.items() if file_id not in linked for sha in some}
    if left - named:
        rest = (one for one in free.values() if one.file_id not in found)
        found |= {one.file_id: _hashed(one, known.facts.limits.formats) for one in rest}
    return found


def _hashed(photo: Photo, formats: Sequence[str]) -> frozenset[str]:
    paths = planning.candidate_paths(photo, formats)
    seen = (images.inspect(str(local_path(path)), with_sha=True) for path in paths)
    return frozenset(one.picture_sha[:16] for one in seen if one.picture_sha)


def link(
    wb: Changes, matches: Iterable[audit.Match], *, origin: str = "notebook"
) -> tuple[Outcome, ...]:
    """Write id, `posted` and address of each match into IMatch; the platforms are not touched.

    Only matches with one photo are linked.  One that IMatch refuses does not stop the others.
    """
    chosen = tuple(one for one in matches if len(one.file_ids) == 1)
    _refuse_dry_run(wb)
    outcomes: list[Outcome] = []
    with wb.lock.held(origin=origin):
        for platform in dict.fromkeys(one.platform for one in chosen):
            mine = [one for one in chosen if one.platform == platform]
            photos = _photos(wb, platform, (one.file_ids[0] for one in mine))
            account = account_of(wb, platform)
            for one in mine:
                outcomes.append(_linked(wb, one, photos.get(one.file_ids[0]), account))
    return tuple(outcomes)


def _linked(wb: Changes, match: audit.Match, photo: Photo | None, account: Account) -> Outcome:
    ident, file_id = match.remote.ref.remote_id, match.file_ids[0]
    url = match.remote.ref.url or f"{account.url.rstrip('/')}/{ident}"
    if photo is None:
        return _outcome(match, "", "failed", "It is no longer in IMatch.")
    other = ids_home.known_meanwhile(wb, match.remote.ref, photo, account)
    if other:
        words = f"It is online as {other} by now, so {ident} was not written."
        hint = "Look for lost photos again; one of the two may be a double."
        return _outcome(match, photo.name, "failed", words, code="stale", hint=hint)
    try:
        wb.imatch.write_record(match.platform, file_id, _values(wb, match.remote, url))
    except ImatchUnreachable:
        raise
    except ImatchError as error:
        return _outcome(match, photo.name, "failed", str(error), code=error.code, hint=error.hint)
    _remember_link(wb, match, photo, account, url)
    return _outcome(match, photo.name, "done", url=url)


def _values(wb: Changes, remote: RemotePhoto, url: str) -> dict[str, str]:
    """The columns of the record."""
    platform = remote.ref.platform
    values = {ID_COLUMN[platform]: remote.ref.remote_id, "url": url}
    values["posted"] = ids_home.local_date(wb, remote.posted)
    if platform == "pixelfed":
        values["media_id"] = remote.ref.media_id
    return {name: value for name, value in values.items() if value}


def _remember_link(
    wb: Changes, match: audit.Match, photo: Photo, account: Account, url: str
) -> None:
    """The journal keeps what it knows of this very pair, else only that they belong together."""
    ref = match.remote.ref
    known = wb.journal.last_sent(match.platform, account.id, paths={photo.file_id: photo.path}).get(
        photo.file_id
    )
    if known is not None and (known.path, known.remote_id) == (photo.path, ref.remote_id):
        return
    wb.journal.remember(
        match.platform,
        account.id,
        LastSent(
            remote_id=ref.remote_id,
            media_id=ref.media_id,
            url=url,
            path=photo.path,
            file_id=photo.file_id,
        ),
    )


def _outcome(match: audit.Match, name: str, state: str, message: str = "", **more: str) -> Outcome:
    return Outcome(
        file_id=match.file_ids[0],
        name=name,
        platform=match.platform,
        action="none",
        state="done" if state == "done" else "failed",
        remote_id=match.remote.ref.remote_id,
        message=message,
        **more,  # type: ignore[arg-type]  # only texts: `url`, `code`, `hint`
    )


# -- decisions


def decide(
    wb: Changes,
    findings: Iterable[Finding],
    decision: audit.Decision,
    *,
    origin: str = "notebook",
) -> Plan | None:
    """Carry a decision out in IMatch and the journal; the plan that it leads to, None if to none.

    Findings that do not take this decision are left alone (`audit.decide` names them).
    """
    return decide_all(wb, {decision: findings}, origin=origin)


def decide_all(
    wb: Changes,
    decisions: Mapping[audit.Decision, Iterable[Finding]],
    *,
    with_queued: bool = False,
    origin: str = "notebook",
) -> Plan | None:
    """Carry several decisions out; one plan for all rows that they lead to.

    `with_queued`: also for those that were put into `_update`, `_metadata` or `_delete`.  Raises
    `PlanError` if something online, or an id, could not be taken over into IMatch; by then
    everything else is done.
    """
    every = [audit.decide(findings, decision) for decision, findings in decisions.items()]
    refused: list[PlanError] = []
    if any(one.writes_imatch for one in every):
        _refuse_dry_run(wb)
        with wb.lock.held(origin=origin):
            for one in every:
                refused += _write(wb, one)
    for one in every:
        for platform, facts in one.remembered.items():
            _remember(wb, memory_prefix(wb, platform), facts)
        for platform, facts in one.remembered_here.items():
            _remember(wb, memory_here(platform), facts)
    for one in every:
        if one.takes:
            _check(taking.take(wb, one.takes, origin=origin))
    if refused:
        raise refused[0]
    pushes = {key for one in every for key in one.pushes}
    others = [key for one in every for key in one.adds]
    if with_queued:
        queued = (one for one in every if one.decision.startswith("queue_"))
        others += [finding.key for one in queued for finding in one.taken]
    return _plan(wb, [*pushes, *others], pushes)


def replan(wb: Changes, plan: Plan) -> Plan | None:
    """The rows of a plan planned anew, as decisions had led to them; None without any."""
    keys = [row.key for row in plan.rows]
    pushes = {row.key for row in plan.rows if row.action == "metadata"}
    return _plan(wb, keys, pushes)


def _remember(wb: Changes, prefix: str, facts: Mapping[str, str]) -> None:
    for key, value in facts.items():
        wb.journal.set_fact(prefix + key, value)


def _check(run: ChangeSetRun) -> None:
    """What was not written is told: it is a change set like any other, and can be gone on with."""
    bad = next((one for one in run.cells if one.state not in ("verified", "same")), None)
    if run.state != "done" or bad is not None:
        words = run.message or (bad.message if bad is not None else "")
        hint = run.hint or (bad.hint if bad is not None else "")
        raise PlanError(words or "Not everything was written.", hint=hint, code="not_written")


def memory_prefix(wb: Changes, platform: PlatformName) -> str:
    """What the keys of remembered decisions begin with: they belong to one account."""
    return f"audit:{platform}:{account_of(wb, platform).id}:"


def forget_decisions(wb: Changes, platform: PlatformName) -> None:
    """All that was kept or ignored is shown again by the next audit."""
    wb.journal.drop_facts(memory_prefix(wb, platform))
    wb.journal.drop_facts(memory_here(platform))


def _write(wb: Changes, decided: audit.Decided) -> list[PlanError]:
    """What could not be adopted; the rest is done.

    Categories are joined first: one that is missing stops before an id is forgotten.
    """
    refused: list[PlanError] = []
    for path, file_ids in decided.joins.items():
        wb.imatch.join(path, file_ids)
    for platform in dict.fromkeys(one.platform for one in (*decided.forgets, *decided.adopts)):
        ids = [one.file_id for one in (*decided.forgets, *decided.adopts)]
        photos = _photos(wb, platform, ids)
        account = account_of(wb, platform)
        for one in decided.forgets:
            if one.platform == platform and one.file_id in photos:
                _forget(wb, one, photos[one.file_id], account)
        for one in decided.adopts:
            if one.platform == platform and one.file_id in photos:
                refused += ids_home.adopt(wb, one, photos[one.file_id], account)
    for path, file_ids in decided.leaves.items():
        wb.imatch.leave(path, file_ids)
    return refused


def _forget(wb: Changes, one: Finding, photo: Photo, account: Account) -> None:
    """The records with this very id go (without an id: those that have none), and the memory."""

    def doomed(record: AttributeRecord) -> bool:
        return remote_id(record, one.platform) == one.remote_id

    alone = one.code in ("id_twice", "several_ids")
    holders = {record.file_id for record in photo.records if record.set == one.platform}
    for file_id in sorted({photo.file_id} & holders if alone else holders):
        wb.imatch.drop_records(one.platform, file_id, doomed)
    last = wb.journal.last_sent(one.platform, account.id, paths={photo.file_id: photo.path})
    known = last.get(photo.file_id)
    if alone and (known is None or known.remote_id != one.remote_id):
        return
    wb.journal.forget(
        one.platform,
        account.id,
        photo.file_id,
        photo.path,
        remote_id="" if alone else one.remote_id,
    )


def _plan(wb: Changes, keys: Iterable[Key], pushes: Collection[Key]) -> Plan | None:
    """These rows as the next plan would have them, approved or not; `pushes` as `_metadata`."""
    by_platform: dict[PlatformName, list[str]] = {}
    for platform, file_id in dict.fromkeys(keys):
        by_platform.setdefault(platform, []).append(file_id)
    pending = [
        _pending(one, platform, push=(platform, one.file_id) in pushes)
        for platform, ids in by_platform.items()
        for one in _photos(wb, platform, sorted(ids, key=id_order)).values()
    ]
    return wb.plan(pending) if pending else None


def _pending(photo: Photo, platform: PlatformName, *, push: bool) -> Pending:
    root = root_category(platform)
    return Pending(
        photo=photo,
        platform=platform,
        in_platform=photo.in_category(root),
        update=photo.in_category(f"{root}|_update"),
        metadata=push or photo.in_category(f"{root}|_metadata"),
        delete=photo.in_category(f"{root}|_delete"),
    )


def _photos(wb: Changes, platform: PlatformName, ids: Iterable[str]) -> Mapping[str, Photo]:
    return {one.file_id: one for one in wb.imatch.load(dict.fromkeys(ids), (platform,))}


def _refuse_dry_run(wb: Changes) -> None:
    if wb.is_dry_run:
        raise SettingsError(
            "IMatch says `imatch_to_socials_testing = 1`: nothing is written.",
            hint="Set that variable to 0 in IMatch to carry decisions out.",
            code="dry_run",
        )
