"""What earlier runs left open: adopt what is online, finish it, close what never happened.

A row that is `open` had begun when its process died or was stopped.  If its photo is online (the
journal has the id, or looking finds it), the row is finished: id to IMatch, follow-ups, flags.  If
it surely never got online, a new run closes the row and lets its own plan decide; `resume` carries
it out, since it was approved then.
Waiting and refused follow-ups of finished rows are tried again when their time has come or when
the person mended the id in IMatch; those whose category the photo has left are dropped.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from socials_lib import formatting
from socials_lib.errors import PlatformError
from socials_lib.journal import StoredAct, StoredRow
from socials_lib.models import Act, Outcome, Photo
from socials_lib.sync.desk import CONFIRM_GONE, Desk
from socials_lib.sync.outcome import from_error, outcome
from socials_lib.sync.perform import UnclearEnd
from socials_lib.sync.rows import RowRunner

#: Acts whose end must be known before anything else may happen to the photo.
_PUBLISHING = frozenset({"upload", "status"})


def settle(desk: Desk, stored: StoredRow, *, go_on: bool = False) -> Outcome | None:
    """Settle one row of an earlier run; None if there was nothing to tell.

    `go_on` (resume) also carries out what surely never happened.
    """
    if stored.state == "done":
        return _follow_ups(desk, stored)
    notes: list[str] = []
    try:
        online = _is_online(desk, stored, notes)
    except UnclearEnd as error:
        found = from_error(stored.row, error, state="unknown")
        desk.journal.set_row(stored.ident, "unknown", found)
        return found
    if online or go_on:
        fresh = replace(stored, acts=desk.journal.acts(stored.ident))
        return RowRunner(desk, fresh, repeated=notes).run()
    _close(desk, stored)
    return None


def _is_online(desk: Desk, stored: StoredRow, notes: list[str]) -> bool:
    """True if the row's effect has begun to show on the platform; looks first where needed."""
    if any(one.state in ("answered", "recorded", "done") for one in stored.acts):
        return True
    for one in stored.acts:
        if one.act.kind in _PUBLISHING and one.state in ("sent", "unknown"):
            found = desk.performer.settle(one, notes=notes)
            if found is not None:
                return True
            desk.journal.set_act(one.ident, "planned", message="surely absent")
    return any(one.act.kind == "delete" and one.state == "sent" for one in stored.acts) and (
        _delete_happened(desk, stored)
    )


def _delete_happened(desk: Desk, stored: StoredRow) -> bool:
    """An unanswered delete: only if the photo is gone is the row finished without a new consent."""
    act = next(one for one in stored.acts if one.act.kind == "delete")
    try:
        return desk.platform.look(act.act) is not None
    except PlatformError as error:
        raise UnclearEnd(
            "Nobody can say whether an earlier delete happened.",
            hint="Look again with `socials resume`.",
            details=str(error),
        ) from error


def _close(desk: Desk, stored: StoredRow) -> None:
    for one in stored.acts:
        if one.state in ("planned", "sent"):
            desk.journal.set_act(one.ident, "dropped", message="the next plan decides")
    found = outcome(
        stored.row,
        "untouched",
        code="not_started",
        message=f"“{stored.row.title}”: it never got to {stored.row.platform.capitalize()}.",
    )
    desk.journal.set_row(stored.ident, "untouched_closed", found)


def _follow_ups(desk: Desk, stored: StoredRow) -> Outcome | None:
    """Try what is due of a finished row again; None if nothing was."""
    with desk.imatch_lock:
        photos = desk.library.load([stored.row.file_id], [stored.row.platform])
    due = 0
    for one in stored.acts:
        if one.state not in ("waiting", "refused"):
            continue
        act = _as_it_is_now(one.act, photos[0] if photos else None)
        if act is None:
            desk.journal.set_act(one.ident, "dropped", message="not wanted any more")
        elif act.target != one.act.target or _time_has_come(one):
            desk.journal.replan(one.ident, act)
            due += 1
    if not due:
        return None
    fresh = replace(stored, acts=desk.journal.acts(stored.ident))
    return RowRunner(desk, fresh).finish()


def _as_it_is_now(act: Act, photo: Photo | None) -> Act | None:
    """The follow-up with the id that its category has now; None if it is not wanted any more."""
    category = str(act.params.get("category", ""))
    if act.kind not in ("album_add", "group_add") or not category:
        return act if photo is not None or act.kind == CONFIRM_GONE else None
    if photo is None or not photo.in_category(category):
        return None
    ids = {one.category: one.album_id for one in formatting.albums(photo)}
    ids |= {one.category: one.group_id for one in formatting.groups(photo)}
    return replace(act, target=ids.get(category) or act.target)


def _time_has_come(one: StoredAct) -> bool:
    return one.not_before is None or one.not_before <= datetime.now(UTC)
