"""What is online goes into IMatch: a change set of `bulk`, written like one, and the new base.

Functions on a `Workbench`.  Each photo whose side is taken over is read in full once (a list knows
no tags as they were typed).  After the write both sides say the same, so what counts as last sent
becomes what is online; else the next audit would find both sides changed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from socials_lib import audit, bulk, formatting
from socials_lib.errors import NotYours, PlanError, PlatformError, SignedOut
from socials_lib.journal import ChangeSetRun
from socials_lib.models import (
    DEFAULT_LIMITS,
    Account,
    Event,
    Finding,
    LastSent,
    Photo,
    PlatformName,
    RemotePhoto,
    RemoteRef,
)

if TYPE_CHECKING:
    from socials_lib.workbench.changes import Changes

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
_MASTERS = "The master's value counts here: change it on the master."
_OTHERS = "It belongs to another account."
_NO_PHOTO = "There is no photo in IMatch for it."
#: Field of a finding -> what of the base becomes new.
_TEXTS = ("title", "description", "caption", "alt_text", "tags")


@dataclass(frozen=True, kw_only=True)
class Taking:
    """The change set for IMatch, the findings it settles, and those it cannot, with the reason."""

    change_set: bulk.ChangeSet
    taken: tuple[Finding, ...] = ()
    refused: tuple[tuple[Finding, str], ...] = ()
    remotes: Mapping[str, RemotePhoto] | None = None


def propose(
    wb: Changes, findings: Iterable[Finding], *, progress: Progress | None = None
) -> Taking:
    """What IMatch would be given; changes nothing, reads each of these photos once."""
    wanted = audit.decide(findings, "take_theirs")
    refused = [(one, "This cannot be taken over.") for one in wanted.refused]
    by_photo: dict[str, list[Finding]] = {}
    for one in wanted.takes:
        if one.file_id:
            by_photo.setdefault(one.file_id, []).append(one)
        else:
            refused.append((one, _NO_PHOTO))
    names = tuple(dict.fromkeys(one.platform for one in wanted.takes))
    photos = {one.file_id: one for one in wb.imatch.load(by_photo, names)}
    grounds = {name: _ground(wb, name) for name in names}
    found: list[tuple[Photo, audit.Theirs]] = []
    remotes: dict[str, RemotePhoto] = {}
    for number, (file_id, some) in enumerate(by_photo.items(), 1):
        if file_id not in photos:
            refused += [(one, _NO_PHOTO) for one in some]
            continue
        refused += _read(wb, some, remotes)
        left = [one for one in some if all(one is not bad for bad, _ in refused)]
        found += _of_photo(photos[file_id], left, remotes, grounds)
        if progress is not None:
            progress(number, len(by_photo))
    return _taking(found, refused, remotes)


def _ground(wb: Changes, name: PlatformName) -> audit.Ground:
    facts = wb.known_account(name)
    waiting: set[str] = set()
    if facts is not None:
        acts = wb.journal.open_acts(name, facts.account.id)
        sent = wb.journal.last_sent(name, facts.account.id).values()
        waiting = {one.target for one in acts if one.target}
        waiting |= {group for one in sent for group in one.handed_over}
    return audit.Ground(
        rules=wb.settings.rules,
        limits=facts.limits if facts is not None else DEFAULT_LIMITS[name],
        same=wb.platform(name).same,
        managed=wb.managed(name),
        waiting=frozenset(waiting),
    )


def _read(
    wb: Changes, findings: Sequence[Finding], remotes: dict[str, RemotePhoto]
) -> list[tuple[Finding, str]]:
    """What is online for them; the findings whose photo cannot be read, with the reason."""
    bad: dict[str, str] = {}
    for one in findings:
        if one.remote_id in remotes or one.remote_id in bad:
            continue
        ref = RemoteRef(platform=one.platform, remote_id=one.remote_id)
        try:
            remote = wb.platform(one.platform).fetch(ref)
        except NotYours:
            bad[one.remote_id] = _OTHERS
        except SignedOut:
            raise
        except PlatformError as error:
            bad[one.remote_id] = str(error)
        else:
            if remote is not None:
                remotes[one.remote_id] = remote
    return [(one, bad[one.remote_id]) for one in findings if one.remote_id in bad]


def _of_photo(
    photo: Photo,
    findings: Sequence[Finding],
    remotes: Mapping[str, RemotePhoto],
    grounds: Mapping[PlatformName, audit.Ground],
) -> list[tuple[Photo, audit.Theirs]]:
    """Platform by platform, the second on what the first made of the photo."""
    found, now = [], photo
    for ident in dict.fromkeys(one.remote_id for one in findings):
        some = [one for one in findings if one.remote_id == ident]
        theirs = audit.take(now, some, remotes.get(ident), grounds[some[0].platform])
        now = replace(now, **theirs.values)  # type: ignore[arg-type]  # names of texts
        found.append((photo, theirs))
    return found


def _taking(
    found: Sequence[tuple[Photo, audit.Theirs]],
    refused: list[tuple[Finding, str]],
    remotes: Mapping[str, RemotePhoto],
) -> Taking:
    values: dict[str, dict[str, str]] = {}
    photos: dict[str, Photo] = {}
    for photo, theirs in found:
        photos[photo.file_id] = photo
        refused += theirs.refused
        for name, value in theirs.values.items():
            values.setdefault(photo.file_id, {})[name] = bulk.as_text(value)
    names = dict.fromkeys(one.platform.capitalize() for _, some in found for one in some.taken)
    recipe = bulk.Recipe(
        name=f"Taken over from {' and '.join(names)}", steps=(bulk.Edit(values=values),)
    )
    made = bulk.propose(photos.values(), recipe)
    cells = {one.key for one in made.cells}
    taken: list[Finding] = []
    for photo, theirs in found:
        if all((photo.file_id, name) in cells for name in theirs.values):
            taken += theirs.taken
        else:
            refused += [(one, _MASTERS) for one in theirs.taken]
    members = [_cell(photo, theirs) for photo, theirs in found if theirs.joins or theirs.leaves]
    change_set = replace(made, cells=(*made.cells, *members))
    return Taking(
        change_set=change_set, taken=tuple(taken), refused=tuple(refused), remotes=remotes
    )


def _cell(photo: Photo, theirs: audit.Theirs) -> bulk.Cell:
    return bulk.Cell(
        file_id=photo.file_id,
        name=photo.name,
        path=photo.path,
        field="categories",
        before=theirs.leaves,
        after=theirs.joins,
        title=photo.title or photo.name,
    )


# -- writing


def take(
    wb: Changes,
    given: Taking | Iterable[Finding],
    *,
    listen: Callable[[Event], None] = lambda event: None,
    origin: str = "notebook",
) -> ChangeSetRun:
    """Write it into IMatch, read back, and make what is online the new base.

    Raises what `Workbench.write` raises, and `PlanError` if nothing can be taken over.
    """
    taking = given if isinstance(given, Taking) else propose(wb, given)
    if not taking.change_set.chosen:
        why = taking.refused[0][1] if taking.refused else "Both sides say the same."
        raise PlanError(f"Nothing can be taken over. {why}", code="nothing_to_write")
    run = wb.write(taking.change_set, listen=listen, origin=origin)
    bad = {one.file_id for one in run.cells if one.state not in ("verified", "same")}
    settled = [one for one in taking.taken if one.file_id not in bad]
    for name in dict.fromkeys(one.platform for one in settled):
        _make_base(wb, [one for one in settled if one.platform == name], taking.remotes or {})
    return run


def _make_base(
    wb: Changes, findings: Sequence[Finding], remotes: Mapping[str, RemotePhoto]
) -> None:
    name = findings[0].platform
    facts = wb.known_account(name)
    account: Account | None = facts.account if facts is not None else None
    if account is None:
        return
    ground = _ground(wb, name)
    photos = {one.file_id: one for one in wb.imatch.load([f.file_id for f in findings], (name,))}
    paths = {one.file_id: one.path for one in photos.values()}
    sent = wb.journal.last_sent(name, account.id, paths=paths)
    for file_id, photo in photos.items():
        mine = [one for one in findings if one.file_id == file_id]
        last = sent.get(file_id)
        if last is None or (last.path, last.remote_id) != (photo.path, mine[0].remote_id):
            continue
        new = _new_base(photo, last, mine, ground)
        if new != last:
            wb.journal.remember(name, account.id, new)


def _new_base(
    photo: Photo, last: LastSent, findings: Sequence[Finding], ground: audit.Ground
) -> LastSent:
    """What counts as last sent: for these fields what IMatch says now."""
    now = ground.text(photo, findings[0].platform)
    if last.text is not None:
        changed = {one.field: getattr(now, one.field) for one in findings if one.field in _TEXTS}
        last = replace(last, text=replace(last.text, **changed))
    for one in findings:
        if one.field == "albums":
            ids = tuple(pool.album_id for pool in formatting.albums(photo) if pool.album_id)
            last = replace(last, albums=ids)
        elif one.field == "groups":
            ids = tuple(pool.group_id for pool in formatting.groups(photo) if pool.group_id)
            last = replace(last, groups=ids)
    return last
