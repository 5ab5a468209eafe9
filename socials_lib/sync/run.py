"""A whole run: consent, accounts, open acts, rows in order, deletes last, mirror, journal."""

from __future__ import annotations

import contextlib
import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from socials_lib import images
from socials_lib.errors import (
    ImatchError,
    JournalError,
    PlanError,
    SignedOut,
    Stopped,
)
from socials_lib.imatch.library import Library
from socials_lib.journal import Journal, RunLock, StoredRow
from socials_lib.models import (
    PLATFORMS,
    Account,
    AccountFacts,
    Event,
    Mode,
    Outcome,
    Plan,
    PlanRow,
    PlatformName,
    Run,
    UploadCopy,
)
from socials_lib.platforms.base import Platform
from socials_lib.sync.approval import (
    Approvals,
    Choice,
    approvals_from_plain,
    approvals_to_plain,
    choose,
    row_name,
)
from socials_lib.sync.crew import Crew, Settled, with_newest
from socials_lib.sync.desk import Desk
from socials_lib.sync.mirror import mirror_wanted
from socials_lib.sync.outcome import outcome
from socials_lib.sync.perform import BreakerCount, Patience, Performer
from socials_lib.sync.telling import Teller
from socials_lib.system import local_path

log = logging.getLogger(__name__)

#: Rows in these states are gone on with by `resume`, unless they wait or are another run's by now.
_LEFT = ("planned", "open")
_RESUME = "Go on with `socials resume`."


@dataclass(frozen=True, kw_only=True)
class SyncSettings:
    """What a run takes from the settings; `allow_fit`, `keep_gps`, `keep_texts` are about the
    upload copy, `workers` photos go up at a time (IMatch is written one at a time always).
    Nothing is made more open than `visibility` says by now, whatever the plan says."""

    mode: Mode
    patience: Patience = Patience()
    workers: int = 1
    allow_fit: bool = False
    keep_gps: bool = False
    keep_texts: bool = False
    visibility: Mapping[str, str] = field(default_factory=dict)


class Sync:
    """Carries out plans; one at a time over all processes (`journal.RunLock`)."""

    def __init__(
        self,
        *,
        settings: SyncSettings,
        library: Library,
        platforms: Mapping[PlatformName, Platform],
        journal: Journal,
        lock: RunLock,
        copies: Path,
        listen: Callable[[Event], None] = lambda event: None,
        stop: threading.Event | None = None,
        sleep: Callable[[float], None] = time.sleep,
        patient_sleep: Callable[[float], None] = time.sleep,
        today: Callable[[], date],
        on_facts: Callable[[AccountFacts], None] = lambda facts: None,
    ) -> None:
        self._settings = settings
        self._library = library
        self._platforms = platforms
        self._journal = journal
        self._lock = lock
        self._copies = copies
        self._tell = Teller(listen)
        self._stop = stop or threading.Event()
        self._sleep = sleep
        self._patient_sleep = patient_sleep
        self._today = today
        self._on_facts = on_facts
        self._run = ""
        self._crew = Crew(
            journal=journal, tell=self._tell, stop=self._stop, workers=settings.workers
        )
        self._imatch_lock = threading.RLock()
        self._breaker = BreakerCount()

    def waits(self, key: str, seconds: float, why: str) -> None:
        """A call waits for its turn (`Pacer.on_wait`): whoever listens hears of it."""
        self._tell.wait(next(one for one in PLATFORMS if key.startswith(one)), seconds, why)

    # -- the ways to run

    def apply(self, plan: Plan, approvals: Approvals, *, origin: str) -> Run:
        """Carry out the approved rows of a plan.

        Raises `PlanError` (other mode, other account), `AnotherRun`, `SignedOut`, `ImatchError`
        before the first act; from then on trouble becomes outcomes and the state of the run.
        """
        self._check_mode(plan.mode)
        choice = choose(plan, approvals, ended=self._journal.ended_rows(plan.plan_id))
        with self._lock.held(origin=origin), self._tidied():
            names = _platforms_of(choice.todo) or tuple(plan.accounts)
            desks = self._desks(self._check_accounts(names, plan.accounts), approvals.ids)
            self._begin(plan, choice, approvals, origin)
            settled = self._crew.settle_all(desks, exclude=self._run)
            self._carry_out(desks, settled, self._approved(settled, choice), going_on=False)
            self._mirror(plan)
            return self._end(origin)

    def resume(self, run: str, *, origin: str) -> Run:
        """Go on with a run that was stopped or died: the rows approved then, checked again.

        What a later run took over is that run's; what any other run has open is settled first, and
        whatever comes of that, it is not begun a second time here.
        """
        approvals = approvals_from_plain(self._journal.approvals(run))
        self._check_mode(self._journal.run(run).mode)
        with self._lock.held(origin=origin), self._tidied():
            stored = self._journal.rows(run)
            mine = set(self._journal.rows_left(run))
            left = [
                one
                for one in stored
                if one.state == "unknown" or (one.state in _LEFT and one.row.key in mine)
            ]
            names = _platforms_of([one.row for one in left])
            then = {one.row.platform: Account(id=one.account, name="") for one in stored}
            desks = self._desks(self._check_accounts(names, then), approvals.ids)
            self._run = self._tell.run = run
            self._journal.reopen(run)
            for one in stored:  # not approved then, or another run's by now
                if one.state == "planned" and one.row.key not in mine and one.outcome is not None:
                    self._journal.set_outcome(one.ident, one.outcome)
            self._start(len(left))
            settled = self._crew.settle_all(desks, exclude=run)
            self._carry_out(desks, settled, left, going_on=True)
            return self._end(origin)

    def settle_only(self, accounts: Mapping[PlatformName, Account], *, origin: str) -> Run | None:
        """Only settle what earlier runs left open (looking again, due follow-ups)."""
        started = datetime.now(UTC)
        with self._lock.held(origin=origin), self._tidied():
            desks = self._desks(self._check_accounts(tuple(accounts), accounts), ())
            self._crew.settle_all(desks, exclude="")
        if not self._crew.outcomes and self._crew.trouble.first is None:
            return None
        return self._closed(origin, started)

    @contextlib.contextmanager
    def _tidied(self) -> Iterator[None]:
        """No copies stay behind; a run that is interrupted is closed as stopped."""
        try:
            yield
        except KeyboardInterrupt:
            self._stop.set()
            with contextlib.suppress(JournalError):
                if self._run:
                    self._journal.end(self._run, state="stopped", by="person", hint=_RESUME)
            raise
        finally:
            shutil.rmtree(self._copies_here, ignore_errors=True)

    @property
    def _copies_here(self) -> Path:
        return self._copies / (self._run or "settling")

    # -- before the first act

    def _check_mode(self, mode: Mode) -> None:
        if mode != self._settings.mode:
            raise PlanError(
                f"The plan was made in {mode} mode, this is {self._settings.mode} mode.",
                hint="Make a new plan here.",
                code="other_mode",
            )

    def _check_accounts(
        self, names: Iterable[PlatformName], planned: Mapping[PlatformName, Account]
    ) -> dict[PlatformName, Account]:
        """Who we are now, read fresh; another account than planned stops everything."""
        found: dict[PlatformName, Account] = {}
        for name in names:
            if name not in self._platforms:
                raise SignedOut(
                    f"{name.capitalize()} is not set up here.",
                    hint="Sign in first: see `socials doctor`.",
                )
            facts = self._platforms[name].account_facts()
            self._on_facts(facts)
            if name in planned and facts.account.id != planned[name].id:
                raise PlanError(
                    f"The plan is for the {name.capitalize()} account {planned[name].name or ''}"
                    f" ({planned[name].id}), but {facts.account.name} ({facts.account.id}) is"
                    " signed in. Nothing was done.",
                    hint="Sign in with the right account, or make a new plan.",
                    code="other_account",
                )
            found[name] = facts.account
        return found

    def _desks(
        self, accounts: Mapping[PlatformName, Account], ids: Iterable[str]
    ) -> dict[PlatformName, Desk]:
        ids = tuple(ids)
        return {name: self._desk(name, account, ids) for name, account in accounts.items()}

    def _desk(self, name: PlatformName, account: Account, ids: tuple[str, ...]) -> Desk:
        performer = Performer(
            self._platforms[name],
            self._journal,
            patience=self._settings.patience,
            sleep=self._sleep,
            patient_sleep=self._patient_sleep,
            breaker=self._breaker,
            on_wait=partial(self._tell.wait, name),
        )
        return Desk(
            platform=self._platforms[name],
            account=account,
            library=self._library,
            journal=self._journal,
            performer=performer,
            make_copy=self._make_copy,
            file_seen=_file_seen,
            today=self._today,
            approved_ids=ids,
            stopping=self._stop.is_set,
            say=self._tell.row,
            pause=partial(self._pause, name),
            imatch_waits=self._settings.patience.look_waits,
            imatch_lock=self._imatch_lock,
            parallel=self._settings.workers > 1,
            visibility=self._settings.visibility.get(name, ""),
        )

    def _pause(self, name: PlatformName, seconds: float, why: str) -> None:
        self._tell.wait(name, seconds, why)
        self._sleep(seconds)

    def _make_copy(self, row: PlanRow) -> UploadCopy:
        assert row.upload is not None  # a row without a file is blocked by validation
        return images.make_copy(
            local_path(row.upload.path),
            self._copies_here,
            limits=self._platforms[row.platform].limits,
            fit=self._settings.allow_fit,
            keep_gps=self._settings.keep_gps,
            keep_texts=self._settings.keep_texts,
            name=f"{row.platform}-{row.file_id}",
        )

    # -- the run

    def _begin(self, plan: Plan, choice: Choice, approvals: Approvals, origin: str) -> None:
        """The run is in the journal with all its rows, those without consent too."""
        rows = (*choice.todo, *choice.waiting)
        self._run = self._tell.run = self._journal.begin(
            plan_id=plan.plan_id,
            mode=plan.mode,
            origin=origin,
            rows=rows,
            accounts=plan.accounts,
            approvals=approvals_to_plain(approvals)
            | {
                "waiting": [row_name(row) for row in choice.waiting],
                "platforms": list(plan.accounts),
            },
        )
        self._start(len(rows))

    def _start(self, total: int) -> None:
        self._tell.done, self._tell.total = 0, total
        self._tell.emit(step="run", state="started")

    def _approved(self, settled: Settled, choice: Choice) -> list[StoredRow]:
        """The rows of a new run; those that wait for consent are told so and left out."""
        waiting = {row.key for row in choice.waiting}
        found = []
        for stored in self._journal.rows(self._run):
            if stored.row.key in waiting and not settled.covers(stored.row):
                self._crew.ended(stored, _not_approved(stored.row, choice))
            else:
                found.append(stored)
        return found

    def _carry_out(
        self,
        desks: Mapping[PlatformName, Desk],
        settled: Settled,
        rows: Iterable[StoredRow],
        *,
        going_on: bool,
    ) -> None:
        """Rows in order, without those that another run had begun and that were seen to so."""
        todo = []
        for stored in rows:
            if settled.covers(stored.row):
                if stored.state == "planned":
                    self._journal.set_row(stored.ident, "settled")
            elif stored.row.key in settled.closed:
                todo.append(with_newest(desks[stored.row.platform], stored))
            else:
                todo.append(stored)
        self._crew.in_order(desks, todo, going_on=going_on)

    def _end(self, origin: str) -> Run:
        """Close the run; if the journal cannot even take that, the run tells what it knows."""
        made = self._closed(origin, datetime.now(UTC))
        try:
            self._journal.note_settled(self._run, self._crew.settled)
            self._journal.end(
                self._run,
                state=made.state,
                by=made.stopped_by,
                message=made.message,
                hint=made.hint,
            )
            made = replace(self._journal.run(self._run), outcomes=made.outcomes)
        except JournalError as error:
            if self._crew.trouble.first is None:  # else that is what the person has to mend first
                self._crew.trouble.take(error, "flickr")
            log.warning("%s %s", error, error.hint)
            made = self._closed(origin, made.started)
        self._tell.emit(step="run", state=made.state, message=made.message)
        return made

    def _closed(self, origin: str, started: datetime) -> Run:
        """How the run stands by its outcomes and troubles."""
        first = self._crew.trouble.first
        state, by, message, hint = "done", "", "", ""
        if first is not None:
            state, by, message, hint = "halted", first.code, str(first), first.hint
        elif self._stop.is_set():
            state, by, message, hint = "stopped", "person", "The run was stopped.", _RESUME
        return Run(
            run=self._run,
            started=started,
            ended=datetime.now(UTC),
            state=state,
            mode=self._settings.mode,
            origin=origin,
            outcomes=tuple(self._crew.outcomes),
            stopped_by=by,
            message=message,
            hint=hint,
        )

    # -- error leaves

    def _mirror(self, plan: Plan) -> None:
        """Show problems in IMatch's `__errors` leaves: differences only, whole work list."""
        if isinstance(self._crew.trouble.whole, ImatchError) or self._stop.is_set():
            return
        for platform, wanted in mirror_wanted(plan, self._crew.outcomes).items():
            known = {row.file_id for row in plan.rows if row.platform == platform}
            part = {} if plan.left is None else {"within": known}
            try:
                with self._imatch_lock:
                    self._library.mirror(platform, wanted, **part)
            except (ImatchError, Stopped) as error:
                log.warning("error leaves of %s were not written: %s", platform, error)


def _not_approved(row: PlanRow, choice: Choice) -> Outcome:
    return outcome(
        row,
        "untouched",
        code="not_approved",
        message=f"“{row.title}” was not deleted: {choice.reason}",
        hint=choice.hint,
    )


def _platforms_of(rows: Iterable[PlanRow]) -> tuple[PlatformName, ...]:
    return tuple(dict.fromkeys(row.platform for row in rows))


def _file_seen(path: str) -> tuple[int, int]:
    """Size and mtime_ns of an IMatch path, (0, 0) if it is not there."""
    try:
        seen = local_path(path).stat()
    except OSError:
        return 0, 0
    return seen.st_size, seen.st_mtime_ns
