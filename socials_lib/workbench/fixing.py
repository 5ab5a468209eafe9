"""Bulk fixes at the workbench: where photos come from, what a recipe comes to, writing, undoing.

Functions on a `Workbench`, which offers them as its own methods.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from socials_lib import bulk
from socials_lib import plan as planning
from socials_lib.errors import ImatchError, PlanError, PlatformError, ReadBackDiffers
from socials_lib.imatch.categories import MirrorReport
from socials_lib.imatch.refusals import category_missing
from socials_lib.journal import ChangeSetRun, StoredCell
from socials_lib.models import (
    DEFAULT_LIMITS,
    PLATFORMS,
    Event,
    LastSent,
    Limits,
    Pending,
    Photo,
    PlanRow,
    PlatformName,
    id_order,
    is_same_file,
    remote_id,
    root_category,
)
from socials_lib.sync.changes import ChangeWriter
from socials_lib.sync.looking import Looker
from socials_lib.sync.mirror import mirror_wanted

if TYPE_CHECKING:
    from socials_lib.workbench.runs import Runs

Progress = Callable[[int, int], None]
Listener = Callable[[Event], None]

#: What the change set of a proof is called; its way back belongs to it.
PROOF = "Trying to write"
_PROVED = "metadata can be written"
_PROOF_WORDS, _PROOF_KEYWORD = "(trying to write)", "IMatch to Socials|Trying to write"


def photos(
    wb: Runs, source: str | Iterable[str] = "pending", *, progress: Progress | None = None
) -> tuple[Photo, ...]:
    """The photos of a source, by id, each once; see `Workbench.photos`."""
    if source == "pending":
        return _pending(wb, progress)
    if source == "published":
        ids = {one for name in PLATFORMS for one in wb.imatch.below(root_category(name)) or ()}
    elif source == "selection":
        ids = set(wb.imatch.selected_files())
    elif isinstance(source, str):
        found = wb.imatch.below(source)
        if found is None:
            raise category_missing(source)
        ids = set(found)
    else:
        ids = set(source)
    loaded = wb.imatch.load(sorted(ids, key=id_order), PLATFORMS, progress)
    if source == "published":
        online = _published(loaded)
        return tuple(one for one in loaded if any(one.file_id in some for some in online.values()))
    return loaded


def _pending(wb: Runs, progress: Progress | None = None) -> tuple[Photo, ...]:
    """The photos of the rows that 01_sync counts as pending; one in two work lists is one photo."""
    names = _names(wb)
    listed = wb.imatch.load_pending(names, progress)
    wanted = _waiting(wb, listed)
    loaded = {one.photo.file_id: one.photo for one in listed if one.photo.file_id in wanted}
    ids = sorted(loaded, key=id_order)
    if set(names) == set(PLATFORMS):
        return tuple(loaded[one] for one in ids)
    return wb.imatch.load(ids, PLATFORMS, progress)  # the other platform's records as well


def _waiting(wb: Runs, listed: Iterable[Pending]) -> frozenset[str]:
    """The files of the work lists with something to do or in the way, by the plan.

    Bulk fixes need no sign-in, a plan does: without one the categories tell.
    """
    rows = tuple(listed)
    try:
        plan = wb.plan(rows) if wb.platforms else None
    except PlatformError:
        plan = None
    if plan is None:
        return frozenset(one.photo.file_id for one in rows if _asks_for_something(one))
    return frozenset(row.file_id for row in plan.rows if _is_pending(row))


def _is_pending(row: PlanRow) -> bool:
    """What the counts line of 01_sync adds up: suggested and skipped rows are counted apart."""
    return row.blocked or not (row.suggested or row.action in ("skip", "none"))


def _asks_for_something(one: Pending) -> bool:
    flagged = one.update or one.metadata or one.delete
    return flagged or not planning.publication(one.photo, one.platform, None).remote_id


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A place where photos for a bulk fix come from: `source` goes to `Workbench.photos`.

    `kind` is `pending`, `published`, `selection` or `handed`; `words` say which photos were handed
    over.  `count` is None if it cannot be told, as of what is pending before it was read.
    """

    kind: str
    label: str
    source: str | tuple[str, ...]
    count: int | None = None
    created: datetime | None = None
    words: str = ""


def choices(wb: Runs) -> tuple[Choice, ...]:
    """What can be worked on, with counts: the usual places, then what was handed over.

    What is pending is known by reading all of it, so it is not read for a count.
    """
    handed = (
        Choice(
            kind="handed",
            label=one.name,
            source=one.file_ids,
            count=len(one.file_ids),
            created=one.created,
            words=one.words,
        )
        for one in wb.handed_over()
    )
    selected: int | None = None
    with suppress(ImatchError):
        selected = len(wb.imatch.selected_files())
    return (
        Choice(kind="pending", label="Pending", source="pending"),
        Choice(kind="published", label="Published", source="published", count=_published_count(wb)),
        Choice(
            kind="selection",
            label="Selected in IMatch",
            source="selection",
            count=selected,
        ),
        *handed,
    )


def _published_count(wb: Runs) -> int:
    """Files with an id of their own or of a relative are published; relatives are not asked here.

    So this is the count of files with an own id, which is what nearly all have.
    """
    return len(
        {
            record.file_id
            for name in PLATFORMS
            for record in wb.imatch.records(name, wb.imatch.below(root_category(name)) or ())
            if remote_id(record, name)
        }
    )


def _names(wb: Runs) -> tuple[PlatformName, ...]:
    """Bulk fixes need no sign-in: without any platform the work lists of both are read."""
    return tuple(wb.platforms) or PLATFORMS


def _published(some: Iterable[Photo]) -> dict[PlatformName, frozenset[str]]:
    rows = tuple(some)
    return {
        name: frozenset(
            one.file_id for one in rows if planning.publication(one, name, None).remote_id
        )
        for name in PLATFORMS
    }


def propose(
    wb: Runs,
    some: Iterable[Photo],
    recipe: bulk.Recipe | str,
    *,
    consequences: bool = True,
    progress: Progress | None = None,
) -> bulk.ChangeSet:
    """What a recipe would change and what comes of it; see `Workbench.propose`."""
    rows = tuple(some)
    found = bulk.propose(rows, bulk.named(recipe))
    if not consequences or not found.cells:
        return found
    changing = frozenset(found.file_ids)
    known = what_is_known(wb, [one for one in rows if one.file_id in changing])
    return bulk.with_consequences(found, rows, known, progress=progress)


def what_is_known(wb: Runs, some: Iterable[Photo]) -> bulk.Known:
    """What the consequences of changes to these photos are judged by; asks no platform."""
    rows = tuple(some)
    paths = {one.file_id: one.path for one in rows}
    limits: dict[PlatformName, Limits] = {}
    last: dict[PlatformName, Mapping[str, LastSent]] = {}
    for name in _names(wb):
        facts = wb.known_account(name)
        limits[name] = facts.limits if facts else DEFAULT_LIMITS[name]
        if facts is not None:
            sent = wb.journal.last_sent(name, facts.account.id, paths=paths)
            last[name] = {
                key: one for key, one in sent.items() if is_same_file(one.path, paths.get(key, ""))
            }
    pools = (*wb.imatch.album_categories(), *wb.imatch.group_categories())
    return bulk.Known(
        rules=wb.settings.rules,
        limits=limits,
        published=_published(rows),
        last_sent=last,
        descriptions={one.path: one.description for one in pools},
    )


def show_problems(wb: Runs, *, origin: str) -> dict[PlatformName, MirrorReport]:
    """Make IMatch's error categories show the problems of all pending photos; differences only.

    Plans anew: a plan of some photos would take all others out of their categories.
    """
    wanted = mirror_wanted(wb.plan())
    with wb.lock.held(origin=origin):
        return {name: wb.imatch.mirror(name, leaves) for name, leaves in wanted.items()}


def try_metadata(wb: Runs, file_id: str, writer: ChangeWriter, *, origin: str) -> None:
    """Prove on one photo that texts and keywords can be written, read back and put back.

    Raises `ReadBackDiffers`, or `PlanError` if the photo is not there; what arrived is put back.
    """
    some = wb.imatch.load([file_id])
    if not some:
        raise PlanError(f"IMatch has no photo with the id {file_id}.", code="not_in_imatch")
    words = f"{some[0].headline} {_PROOF_WORDS}".strip()
    recipe = bulk.Recipe(
        name=PROOF,
        steps=(
            bulk.Edit(values={file_id: {"headline": words}}),
            bulk.AddKeywords(keywords=(_PROOF_KEYWORD,)),
        ),
    )
    run = writer.write(bulk.propose(some, recipe), origin=origin)
    back: ChangeSetRun | None = None
    if run.can_undo:
        back = writer.undo(run.change_set, origin=origin)
    for one in filter(None, (run, back)):
        bad = next((cell for cell in one.cells if cell.state != "verified"), None)
        if one.state != "done" or bad is not None:
            raise ReadBackDiffers(
                one.message or (bad.message if bad else "The proof was stopped."), hint=one.hint
            )


@dataclass(frozen=True, kw_only=True)
class WayBack:
    """A cell of a written change set, and whether it can be put back.

    `found` is what IMatch has now; `is_conflict`: it has changed since, so it stays.
    """

    cell: StoredCell
    found: bulk.Value | None
    is_conflict: bool


def way_back(wb: Runs, change_set: str) -> tuple[WayBack, ...]:
    """What of a change set could be put back now; only reads."""
    looker = Looker(library=wb.imatch, journal=wb.journal)
    return tuple(
        WayBack(cell=cell, found=found, is_conflict=changed)
        for cell, found, changed in looker.way_back(wb.journal.change_set(change_set))
    )


def may_write_metadata(wb: Runs) -> bool:
    """True if the setting says so, or if it was proved here and allowed."""
    return wb.settings.imatch.write_metadata or wb.journal.fact(_proof_key(wb)) is not None


def allow_metadata(wb: Runs, on: bool = True) -> None:
    """Keep the permission in the journal: it belongs to this mode and this address of IMatch."""
    if on:
        wb.journal.set_fact(_proof_key(wb), True)
    else:
        wb.journal.drop_facts(_proof_key(wb))


def _proof_key(wb: Runs) -> str:
    return f"{_PROVED}:{wb.mode}:{wb.settings.imatch.url}"
