"""Carrying out what a person decided about an audit: links, forgotten ids, queues, memory.

Functions on a `Workbench`.  All writing happens under the run lock, and none while IMatch says that
this is a dry run; the platforms are only ever changed by the plan that comes back.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from socials_lib import audit, images
from socials_lib import plan as planning
from socials_lib.auditing import account_of, gather
from socials_lib.errors import ImatchError, ImatchUnreachable, SettingsError
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
    root_category,
)
from socials_lib.plan.publication import remote_id
from socials_lib.system import local_path

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

log = logging.getLogger(__name__)


# -- reconnecting


def reconnect(wb: Workbench, name: PlatformName, *, fresh: bool = True) -> tuple[audit.Match, ...]:
    """Remote photos without a known id, and the photos of IMatch that they may be."""
    photos, known = gather(wb, name, fresh=fresh)
    return audit.reconnect(photos, known, hashes=_hashes(photos, known))


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
    wb: Workbench, matches: Iterable[audit.Match], *, origin: str = "notebook"
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


def _linked(wb: Workbench, match: audit.Match, photo: Photo | None, account: Account) -> Outcome:
    ident, file_id = match.remote.ref.remote_id, match.file_ids[0]
    url = match.remote.ref.url or f"{account.url.rstrip('/')}/{ident}"
    if photo is None:
        return _outcome(match, "", "failed", "It is no longer in IMatch.")
    try:
        wb.imatch.write_record(match.platform, file_id, _values(wb, match.remote, url))
    except ImatchUnreachable:
        raise
    except ImatchError as error:
        return _outcome(match, photo.name, "failed", str(error), code=error.code, hint=error.hint)
    _remember_link(wb, match, photo, account, url)
    return _outcome(match, photo.name, "done", url=url)


def _values(wb: Workbench, remote: RemotePhoto, url: str) -> dict[str, str]:
    """The columns of the record."""
    platform = remote.ref.platform
    values = {ID_COLUMN[platform]: remote.ref.remote_id, "url": url}
    values["posted"] = _local_date(wb, remote.posted)
    if platform == "pixelfed":
        values["media_id"] = remote.ref.media_id
    return {name: value for name, value in values.items() if value}


def _local_date(wb: Workbench, moment: datetime | None) -> str:
    """The date in the zone of the settings (else the system's); today if the moment is unknown."""
    if moment is None:
        return wb.today().isoformat()
    zone = wb.settings.text.zone
    return moment.astimezone(ZoneInfo(zone) if zone else None).date().isoformat()


def _remember_link(
    wb: Workbench, match: audit.Match, photo: Photo, account: Account, url: str
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
    wb: Workbench,
    findings: Iterable[Finding],
    decision: audit.Decision,
    *,
    origin: str = "notebook",
) -> Plan | None:
    """Carry a decision out in IMatch and the journal; the plan that it leads to, None if to none.

    Findings that do not take this decision are left alone (`audit.decide` names them).
    """
    decided = audit.decide(findings, decision)
    if decided.writes_imatch:
        _refuse_dry_run(wb)
        with wb.lock.held(origin=origin):
            _write(wb, decided)
    for platform, facts in decided.remembered.items():
        prefix = memory_prefix(wb, platform)
        for key, value in facts.items():
            wb.journal.set_fact(prefix + key, value)
    return _plan(wb, decided)


def memory_prefix(wb: Workbench, platform: PlatformName) -> str:
    """What the keys of remembered decisions begin with: they belong to one account."""
    return f"audit:{platform}:{account_of(wb, platform).id}:"


def forget_decisions(wb: Workbench, platform: PlatformName) -> None:
    """All that was kept or ignored is shown again by the next audit."""
    wb.journal.drop_facts(memory_prefix(wb, platform))


def _write(wb: Workbench, decided: audit.Decided) -> None:
    """Categories are joined first: one that is missing stops before an id is forgotten."""
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
                _adopt(wb, one, photos[one.file_id], account)
    for path, file_ids in decided.leaves.items():
        wb.imatch.leave(path, file_ids)


def _forget(wb: Workbench, one: Finding, photo: Photo, account: Account) -> None:
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


def _adopt(wb: Workbench, one: Finding, photo: Photo, account: Account) -> None:
    """The id that the journal knows, of the file or of a relative, goes into the record."""
    paths = {photo.file_id: photo.path} | {rel.file_id: rel.path for rel in photo.relatives}
    last = wb.journal.last_sent(one.platform, account.id, paths=paths)
    for file_id in paths:
        known = last.get(file_id)
        if known is not None and known.remote_id == one.remote_id:
            values = {ID_COLUMN[one.platform]: known.remote_id, "url": known.url}
            if one.platform == "pixelfed":
                values["media_id"] = known.media_id
            values["posted"] = _local_date(wb, known.sent_at)
            wb.imatch.write_record(
                one.platform, file_id, {name: value for name, value in values.items() if value}
            )
            return


def _plan(wb: Workbench, decided: audit.Decided) -> Plan | None:
    """The rows that the decision leads to, as the next plan would have them, approved or not."""
    if not (decided.pushes or decided.adds):
        return None
    pending: list[Pending] = []
    rows = (*decided.pushes, *decided.adds)
    for platform in dict.fromkeys(name for name, _ in rows):
        photos = _photos(wb, platform, (file_id for name, file_id in rows if name == platform))
        pending += [
            _pending(one, platform, push=(platform, one.file_id) in decided.pushes)
            for one in photos.values()
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


def _photos(wb: Workbench, platform: PlatformName, ids: Iterable[str]) -> Mapping[str, Photo]:
    return {one.file_id: one for one in wb.imatch.load(dict.fromkeys(ids), (platform,))}


def _refuse_dry_run(wb: Workbench) -> None:
    if wb.is_dry_run:
        raise SettingsError(
            "IMatch says `imatch_to_socials_testing = 1`: nothing is written.",
            hint="Set that variable to 0 in IMatch to carry decisions out.",
            code="dry_run",
        )
