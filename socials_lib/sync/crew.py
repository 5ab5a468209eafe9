"""The rows of a run, one after the other or side by side: settled first, carried out in order.

Nothing that happens to one row gets out of here but what must end the run (an interrupt, a bug of
the machine): everything else is an outcome, or trouble that keeps further rows from starting.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from socials_lib.errors import ImatchError, JournalError, SocialsError, Stopped
from socials_lib.journal import Journal, StoredRow
from socials_lib.models import Outcome, PlanRow, PlatformName
from socials_lib.sync.approval import approvals_from_plain
from socials_lib.sync.desk import Desk
from socials_lib.sync.outcome import from_error, outcome
from socials_lib.sync.perform import UnclearEnd
from socials_lib.sync.rows import RowRunner, is_trouble, is_trouble_of_platform
from socials_lib.sync.settle import FollowUps, settle
from socials_lib.sync.telling import Teller
from socials_lib.sync.trouble import Trouble

log = logging.getLogger(__name__)

#: These come last, one at a time: they take something away.
LAST = ("delete", "repost", "skip")


@dataclass(frozen=True, kw_only=True)
class Settled:
    """Row keys that were gone on with, those that a new plan decides anew, and those whose
    follow-ups were tried again."""

    rows: frozenset[tuple[PlatformName, str]] = frozenset()
    closed: frozenset[tuple[PlatformName, str]] = frozenset()
    follow_ups: frozenset[tuple[PlatformName, str]] = frozenset()

    def covers(self, row: PlanRow) -> bool:
        """True if the row of a new plan has been seen to already."""
        return row.key in self.rows or (row.key in self.follow_ups and row.reason == "continue")


def only_follows_up(row: PlanRow) -> bool:
    """True for a row that nobody asked for by a flag: it tries a waiting follow-up again.

    (A change that had begun is `continue` as well; it is settled, or its plan's flags are left.)
    """
    return (row.action, row.reason, row.leave, row.changes) == ("metadata", "continue", (), ())


def with_newest(desk: Desk, stored: StoredRow) -> StoredRow:
    """The row with what is known to be online since its earlier try was closed."""
    row, paths = stored.row, {stored.row.file_id: stored.row.path}
    known = desk.journal.last_sent(row.platform, desk.account.id, paths=paths).get(row.file_id)
    if known is None or known.remote_id != row.remote_id:
        return stored
    sent = (known.upload_path, known.upload_mtime_ns)
    is_sent = row.upload is not None and sent == (row.upload.path, row.upload.mtime_ns)
    changed = False if is_sent and known.picture_sha else row.picture_changed
    return replace(stored, row=replace(row, last=known, picture_changed=changed))


def _nothing_left(row: PlanRow) -> Outcome:
    return outcome(
        row,
        "skipped",
        code="nothing_left",
        message=f"“{row.title}”: what was left of an earlier run is done, or not wanted any more.",
    )


class Crew:
    """Works off rows; `outcomes` and `trouble` are what became of them, shared by all workers."""

    def __init__(
        self, *, journal: Journal, tell: Teller, stop: threading.Event, workers: int = 1
    ) -> None:
        self._journal = journal
        self._tell = tell
        self.settled: list[Outcome] = []
        self._stop = stop
        self._workers = workers
        self._guard = threading.RLock()
        self.outcomes: list[Outcome] = []
        self.trouble = Trouble()

    # -- what earlier runs left

    def settle_all(self, desks: Mapping[PlatformName, Desk], *, exclude: str) -> Settled:
        """Settle rows of earlier runs: first what had begun, then due follow-ups."""
        rows: set[tuple[PlatformName, str]] = set()
        closed: set[tuple[PlatformName, str]] = set()
        follow_ups: set[tuple[PlatformName, str]] = set()
        for name, desk in desks.items():
            found = self._journal.open_rows(name, desk.account.id)
            found = tuple(one for one in found if one.run != exclude)
            begun = [one for one in found if one.state != "done"]
            for one in begun:
                told = self._settle(one, partial(settle, self._desk_of_then(desk, one), one))
                rows |= told
                closed |= {one.row.key} - told
            ended = [one for one in found if one.state == "done"]
            try:
                for one, work in self._due(desk, ended) if not self._stop.is_set() else ():
                    follow_ups |= self._settle(one, work)
            except (ImatchError, Stopped) as error:
                log.warning("follow-ups are left for later: %s", error)
        return Settled(
            rows=frozenset(rows), closed=frozenset(closed), follow_ups=frozenset(follow_ups)
        )

    def _desk_of_then(self, desk: Desk, stored: StoredRow) -> Desk:
        """What was approved with the row's own run counts for it, and what is approved now."""
        then = approvals_from_plain(self._journal.approvals(stored.run)).ids
        return desk.with_ids((*desk.approved_ids, *then))

    def _due(
        self, desk: Desk, ended: Sequence[StoredRow]
    ) -> Iterator[tuple[StoredRow, Callable[[], Outcome | None]]]:
        """Follow-ups of finished rows, each as a thing to do; one look at IMatch for all."""
        if not ended:
            return
        photos = desk.photos([one.row for one in ended])
        paths = {one.row.file_id: one.row.path for one in ended}
        known = self._journal.last_sent(desk.platform.name, desk.account.id, paths=paths)
        for one in ended:
            due = FollowUps(desk=self._desk_of_then(desk, one), photos=photos, known=known)
            yield one, partial(due.settle, one)

    def _settle(
        self, stored: StoredRow, work: Callable[[], Outcome | None]
    ) -> set[tuple[PlatformName, str]]:
        """The key of the row if there was anything to tell."""
        if self._stop.is_set() or self.trouble.of(stored.row) is not None:
            return set()
        how = self._guarded(work, stored)
        if how is None:
            return set()
        self.take(how)
        self.settled.append(how)
        self._tell.row(step="row", state=how.state, row=stored.row, outcome=how)
        return {how.key}

    # -- the rows of this run

    def in_order(
        self, desks: Mapping[PlatformName, Desk], rows: Sequence[StoredRow], *, going_on: bool
    ) -> None:
        """Adds, updates, metadata by several workers if wanted; deletes one by one at the end."""

        def step(one: StoredRow) -> None:
            self._row(desks, one, going_on=going_on)

        work = [one for one in rows if one.row.action not in LAST]
        if self._workers > 1:
            self._side_by_side(step, work)
        else:
            for one in work:
                step(one)
        for one in rows:
            if one.row.action in LAST:
                step(one)

    def _side_by_side(self, step: Callable[[StoredRow], None], work: Sequence[StoredRow]) -> None:
        """An interrupt ends all workers after the act in flight."""
        with ThreadPoolExecutor(self._workers) as pool:
            try:
                for one in [pool.submit(step, stored) for stored in work]:
                    one.result()
            except BaseException:
                self._stop.set()
                pool.shutdown(wait=True, cancel_futures=True)
                raise

    def _row(
        self, desks: Mapping[PlatformName, Desk], stored: StoredRow, *, going_on: bool
    ) -> None:
        """One row, unless the run has to stop before it; its state in the journal stays then."""
        how = self.trouble.not_now(stored.row, stopped=self._stop.is_set())
        if how is None:
            desk = desks[stored.row.platform]
            self._tell.row(step="row", state="started", row=stored.row)
            if only_follows_up(stored.row) and not stored.acts:
                how = self._guarded(partial(self._follow_up, desk, stored), stored)
            elif going_on and stored.state in ("open", "unknown"):
                how = self._guarded(partial(settle, desk, stored, go_on=True), stored)
            else:
                how = self._guarded(RowRunner(desk, stored).run, stored)
        elif stored.state != "unknown":
            self._write_down(stored, how)
        if how is not None:
            self.ended(stored, how)

    def _follow_up(self, desk: Desk, stored: StoredRow) -> Outcome:
        """What settling could not do for a row that is there for a follow-up: that alone."""
        found = self._journal.open_rows(desk.platform.name, desk.account.id)
        ended = [one for one in found if one.state == "done" and one.row.key == stored.row.key]
        told = [how for _, work in self._due(desk, ended) if (how := work()) is not None]
        how = told[-1] if told else _nothing_left(stored.row)
        self._journal.set_row(stored.ident, how.state, how)
        return how

    def _guarded(self, work: Callable[[], Outcome | None], stored: StoredRow) -> Outcome | None:
        """The outcome of a row; trouble of the run is noted, the unforeseen fails this row only."""
        row = stored.row
        try:
            return work()
        except Stopped as error:  # out of a wait while looking: the row is as it was
            return from_error(row, error, state="untouched")
        except UnclearEnd as error:  # raised only if the line is gone
            self.trouble.take(error.lost or error, row.platform)
            return self._kept(stored, error) or from_error(row, error, state="unknown")
        except SocialsError as error:
            if is_trouble(error) or is_trouble_of_platform(error):
                self.trouble.take(error, row.platform)
                return self._kept(stored, error) or from_error(row, error, state="untouched")
            how = from_error(row, error)
        except Exception as error:  # one bad photo never stops the others
            log.exception("unforeseen error with file %s", row.file_id)
            how = outcome(
                row,
                "failed",
                code="unforeseen",
                message=f"Something we did not expect happened with “{row.title}”.",
                hint=f"{type(error).__name__}; the log has the details. Please report it.",
            )
        self._write_down(stored, how)
        return how

    def _kept(self, stored: StoredRow, error: SocialsError) -> Outcome | None:
        """What the row itself wrote down of this error: it knows how far it had come."""
        with contextlib.suppress(JournalError):
            found = self._journal.outcome(stored.ident)
            return found if found is not None and found.code == error.code else None
        return None

    def _write_down(self, stored: StoredRow, how: Outcome) -> None:
        """The outcome beside a row whose state stays; without a journal nothing goes on."""
        try:
            self._journal.set_outcome(stored.ident, how)
        except JournalError as error:
            self.trouble.take(error, stored.row.platform)

    def ended(self, stored: StoredRow, how: Outcome) -> None:
        with self._guard:
            self._tell.done += 1
        self.take(how)
        if how.code == "not_approved":
            self._write_down(stored, how)
        self._tell.row(step="row", state=how.state, row=stored.row, outcome=how)

    def take(self, how: Outcome) -> None:
        with self._guard:
            self.outcomes.append(how)
        self.trouble.note(how)
