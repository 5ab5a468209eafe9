"""What earlier runs left open: adopt what is online, finish it, close what never happened.

A row that is `open` had begun when its process died or was stopped.  If its photo is online (the
journal has the id, or looking finds it), the row is finished: id to IMatch, follow-ups, flags.  If
it surely never got online, a new run closes the row and lets its own plan decide, and so it does
with a change whose photo has been changed again in IMatch; `resume` carries out what was approved
then.  Media that nobody posted, and words to the person, count as nothing.
A row whose file is not the one of then (another IMatch database) is left alone.
Follow-ups of finished rows that wait, were refused or broken off are tried again when their time
has come, when the person mended the id in IMatch, or approved it by name; those are dropped whose
category the photo has left (or joined again), and those of a photo that is no longer online.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from socials_lib import formatting
from socials_lib.errors import PlatformError
from socials_lib.journal import StoredAct, StoredRow
from socials_lib.models import Act, LastSent, Outcome, Photo, RemoteRef
from socials_lib.sync.desk import CONFIRM_GONE, PUBLISHING, Desk, has_begun, ref_of
from socials_lib.sync.fresh import hindrance, is_file_of_then
from socials_lib.sync.outcome import from_error, outcome
from socials_lib.sync.perform import UnclearEnd
from socials_lib.sync.rows import RowRunner

#: Acts whose request may have left without an answer that we know.
_UNANSWERED = ("sent", "unknown")
#: Follow-ups in these states are tried as soon as their time has come, or at once.
_WAITING, _BROKEN_OFF = ("waiting", "refused"), ("planned", "sent", "unknown", "answered", "failed")


def settle(desk: Desk, stored: StoredRow, *, go_on: bool = False) -> Outcome | None:
    """Settle one row of an earlier run that had begun; None if there is nothing to tell.

    `go_on` (resume) also carries out what surely never happened.
    """
    notes: list[str] = []
    try:
        online = _is_online(desk, stored, notes)
    except UnclearEnd as error:
        found = from_error(stored.row, error, state="unknown")
        desk.journal.set_row(stored.ident, "unknown", found)
        if go_on and error.lost is not None:
            raise
        return found
    fresh = replace(stored, acts=desk.journal.acts(stored.ident))
    if online and not go_on:
        hindered = hindrance(desk, stored.row, fresh.acts)
        if hindered is not None and hindered.state == "untouched":
            return None  # the file of another database: this run has nothing to do with it
        online = hindered is None
    if online or go_on:
        return RowRunner(desk, fresh, repeated=notes).run()
    _close(desk, fresh)
    return None


def _is_online(desk: Desk, stored: StoredRow, notes: list[str]) -> bool:
    """True if the row's effect has begun to show on the platform; looks first where needed."""
    if has_begun(stored.acts):
        return True
    for one in stored.acts:
        if one.act.kind in PUBLISHING and one.state in _UNANSWERED:
            if desk.performer.settle(one, notes=notes) is not None:
                return True
            desk.journal.set_act(one.ident, "planned", message="surely absent")
    return any(
        one.act.kind == "delete" and one.state in _UNANSWERED and _delete_happened(desk, one)
        for one in stored.acts
    )


def _delete_happened(desk: Desk, stored: StoredAct) -> bool:
    """An unanswered delete: only if the photo is gone is the row finished without a new consent."""
    try:
        found = desk.platform.look(stored.act)
    except PlatformError as error:
        raise UnclearEnd(
            "Nobody can say whether an earlier delete happened.",
            hint="Look again with `socials resume`.",
            details=str(error),
        ) from error
    if found is None:
        return False
    desk.journal.answered(stored.ident, found)
    return True


def _close(desk: Desk, stored: StoredRow) -> None:
    """The row is over; what a change has sent of it stays the base of the next comparison."""
    row = RowRunner(desk, stored)
    row.remember_part()
    for one in stored.acts:
        if one.state in ("planned", *_UNANSWERED):
            desk.journal.set_act(one.ident, "dropped", message="the next plan decides")
    begun = "it had changed when it was to be finished" if has_begun(stored.acts) else ""
    never = f"it never got to {stored.row.platform.capitalize()}"
    found = outcome(
        stored.row,
        "untouched",
        code="not_started",
        message=f"“{stored.row.title}”: {begun or never}; the next plan decides.",
    )
    desk.journal.set_row(stored.ident, "untouched_closed", found)


@dataclass(frozen=True, kw_only=True)
class FollowUps:
    """Follow-ups of finished rows; `photos` and `known` (what is online) by file id, as of now."""

    desk: Desk
    photos: Mapping[str, Photo]
    known: Mapping[str, LastSent]

    def settle(self, stored: StoredRow) -> Outcome | None:
        """Try what is due of a row; None if nothing was, or nothing came of it."""
        journal, due = self.desk.journal, 0
        if stored.row.action != "delete" and self._photo(stored) is None:
            return None  # another database, or a file that is gone: nobody can say what is wanted
        for one in stored.acts:
            if one.state not in (*_WAITING, *_BROKEN_OFF) or one.act.kind.startswith("imatch_"):
                continue
            act = self._as_it_is_now(stored, one.act)
            if act is None:
                journal.set_act(one.ident, "dropped", message="not wanted any more")
            elif one.state in _BROKEN_OFF or act.key != one.act.key or self._is_due(stored, one):
                if one.state != "answered":
                    journal.replan(one.ident, act)
                due += 1
        if not due:
            return None
        fresh = replace(stored, acts=journal.acts(stored.ident))
        return RowRunner(self.desk, fresh).finish()

    def _is_due(self, stored: StoredRow, one: StoredAct) -> bool:
        """Its time has come, or the person has agreed to it meanwhile."""
        if one.act.params.get("last") and self.desk.names(stored.row):
            return True
        return one.not_before is None or one.not_before <= datetime.now(UTC)

    def _as_it_is_now(self, stored: StoredRow, act: Act) -> Act | None:
        """The follow-up with the id its category has now; None if it is not wanted any more."""
        if act.kind in (CONFIRM_GONE, "delete"):  # the old post of a repost
            return act
        photo = self._photo(stored)
        if photo is None or not self._is_online(stored):
            return None
        ids = {one.category: one.album_id for one in formatting.albums(photo)}
        ids |= {one.category: one.group_id for one in formatting.groups(photo)}
        if act.kind in ("album_remove", "group_remove"):
            return None if act.target in ids.values() else self._with_size(stored, act)
        category = str(act.params.get("category", ""))
        if act.kind not in ("album_add", "group_add") or not category:
            return act
        if category not in ids or not photo.in_category(category):
            return None
        return replace(act, target=ids[category] or act.target)

    def _photo(self, stored: StoredRow) -> Photo | None:
        photo = self.photos.get(stored.row.file_id)
        if photo is None or not is_file_of_then(stored.row, photo, stored.acts):
            return None
        return photo

    def _is_online(self, stored: StoredRow) -> bool:
        """False once the photo was deleted or posted anew: its memberships went with it."""
        known = self.known.get(stored.row.file_id)
        return known is not None and known.remote_id == _remote_id(stored)

    def _with_size(self, stored: StoredRow, act: Act) -> Act:
        """An album may have got other photos since, or lost them."""
        if act.kind != "album_remove":
            return act
        try:
            remote = self.desk.platform.fetch(_ref(stored))
        except PlatformError:
            return act
        last = remote is not None and remote.album_sizes.get(act.target) == 1
        return replace(act, params={**act.params, "last": last})


def _ref(stored: StoredRow) -> RemoteRef:
    return replace(ref_of(stored.row), remote_id=_remote_id(stored))


def _remote_id(stored: StoredRow) -> str:
    return (stored.outcome.remote_id if stored.outcome else "") or stored.row.remote_id
