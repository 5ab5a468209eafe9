"""A whole run: consent, accounts, open acts, rows in order, deletes last, mirror, journal."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from socials_lib import images, validation
from socials_lib.errors import (
    ImatchError,
    PlanError,
    SignedOut,
    SocialsError,
)
from socials_lib.imatch.library import Library
from socials_lib.journal import Journal, RunLock, StoredRow
from socials_lib.models import (
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
from socials_lib.sync.approval import Approvals, Choice, choose, row_name
from socials_lib.sync.desk import Desk
from socials_lib.sync.outcome import from_error, outcome
from socials_lib.sync.perform import BreakerCount, Patience, Performer
from socials_lib.sync.rows import RowRunner, is_trouble
from socials_lib.sync.settle import settle
from socials_lib.system import local_path

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class SyncSettings:
    """What a run takes from the settings; `allow_fit`, `keep_gps`, `keep_texts` are about the
    upload copy, `workers` photos go up at a time (IMatch is written one at a time always)."""

    mode: Mode
    patience: Patience = Patience()
    workers: int = 1
    allow_fit: bool = False
    keep_gps: bool = False
    keep_texts: bool = False


@dataclass
class _Trouble:
    """What keeps a run from going on: for one platform, or (platform None) for all."""

    platforms: dict[PlatformName, SocialsError] = field(default_factory=dict)
    whole: SocialsError | None = None
    unclear: bool = False
    full: set[PlatformName] = field(default_factory=set)

    def of(self, row: PlanRow) -> SocialsError | None:
        """Why this row cannot be done now."""
        return self.whole or self.platforms.get(row.platform)

    @property
    def any(self) -> bool:
        """True if deletes must not start."""
        return bool(self.whole or self.platforms or self.unclear)

    @property
    def first(self) -> SocialsError | None:
        """The error that the run is closed with."""
        return self.whole or next(iter(self.platforms.values()), None)


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
        self._listen = listen
        self._stop = stop or threading.Event()
        self._sleep = sleep
        self._patient_sleep = patient_sleep
        self._today = today
        self._on_facts = on_facts
        self._run = ""
        self._done = self._total = 0
        self._outcomes: list[Outcome] = []
        self._guard = threading.RLock()
        self._imatch_lock = threading.RLock()
        self._breaker = BreakerCount()

    # -- the two ways to run

    def apply(self, plan: Plan, approvals: Approvals, *, origin: str) -> Run:
        """Carry out the approved rows of a plan.

        Raises `PlanError` (other mode, other account), `AnotherRun`, `SignedOut`, `ImatchError`
        before the first act; from then on trouble becomes outcomes and the state of the run.
        """
        self._check_mode(plan.mode)
        choice = choose(plan, approvals)
        with self._lock.held(origin=origin):
            names = _platforms_of(choice.todo) or tuple(plan.accounts)
            accounts = self._check_accounts(names, plan.accounts)
            desks = {name: self._desk(name, accounts[name], approvals.ids) for name in accounts}
            self._begin(plan, choice, approvals, origin)
            settled = self._settle_all(desks, exclude=self._run)
            self._carry_out(desks, settled, choice)
            self._mirror(plan)
            return self._end()

    def resume(self, run: str, *, origin: str) -> Run:
        """Go on with a run that was stopped or died: the rows approved then, checked again."""
        approved = self._journal.approvals(run)
        approvals = approvals_from_plain(approved)
        stored = self._journal.rows(run)
        self._check_mode(self._journal.run(run).mode)
        waiting = set(approved.get("waiting", ()))
        with self._lock.held(origin=origin):
            left = [one for one in stored if one.state in ("planned", "open", "unknown")]
            left = [one for one in left if row_name(one.row) not in waiting]
            names = _platforms_of([one.row for one in left])
            then = {one.row.platform: Account(id=one.account, name="") for one in stored}
            accounts = self._check_accounts(names, then)
            desks = {name: self._desk(name, accounts[name], approvals.ids) for name in accounts}
            self._run = run
            self._journal.reopen(run)
            self._start(len(left))
            self._settle_all(desks, exclude=run)
            self._go_on(desks, left)
            return self._end()

    def settle_only(self, accounts: Mapping[PlatformName, Account], *, origin: str) -> Run | None:
        """Only settle what earlier runs left open (looking again, due follow-ups)."""
        with self._lock.held(origin=origin):
            checked = self._check_accounts(tuple(accounts), accounts)
            desks = {name: self._desk(name, checked[name], ()) for name in checked}
            self._settle_all(desks, exclude="")
        if not self._outcomes:
            return None
        now = datetime.now(UTC)
        return Run(
            run="",
            started=now,
            ended=now,
            state="done",
            mode=self._settings.mode,
            origin=origin,
            outcomes=tuple(self._outcomes),
        )

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

    def _desk(self, name: PlatformName, account: Account, ids: Iterable[str]) -> Desk:
        performer = Performer(
            self._platforms[name],
            self._journal,
            patience=self._settings.patience,
            sleep=self._sleep,
            patient_sleep=self._patient_sleep,
            breaker=self._breaker,
            on_wait=lambda seconds, why: self._say_wait(name, seconds, why),
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
            approved_ids=tuple(ids),
            stopping=self._stop.is_set,
            say=self._say_row,
            imatch_lock=self._imatch_lock,
        )

    def _make_copy(self, row: PlanRow) -> UploadCopy:
        assert row.upload is not None  # a row without a file is blocked by validation
        return images.make_copy(
            local_path(row.upload.path),
            self._copies / self._run,
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
        self._run = self._journal.begin(
            plan_id=plan.plan_id,
            mode=plan.mode,
            origin=origin,
            rows=rows,
            accounts=plan.accounts,
            approvals=approvals_to_plain(approvals)
            | {"waiting": [row_name(row) for row in choice.waiting]},
        )
        self._start(len(rows))

    def _start(self, total: int) -> None:
        self._outcomes = []
        self._done, self._total = 0, total
        self._trouble = _Trouble()
        self._emit(step="run", state="started")

    def _settle_all(
        self, desks: Mapping[PlatformName, Desk], *, exclude: str
    ) -> dict[tuple[PlatformName, str], Outcome]:
        """Settle rows of earlier runs; their outcomes by row key."""
        found: dict[tuple[PlatformName, str], Outcome] = {}
        self._trouble = getattr(self, "_trouble", _Trouble())
        for name, desk in desks.items():
            for stored in self._journal.open_rows(name, desk.account.id):
                if stored.run == exclude or self._stop.is_set():
                    continue
                how = self._guarded(partial(settle, desk, stored), stored.row)
                if how is not None:
                    found[how.key] = how
                    self._outcomes.append(how)
                    self._note_trouble(how)
                    self._emit(step="row", state=how.state, row=stored.row, outcome=how)
        return found

    def _carry_out(
        self,
        desks: Mapping[PlatformName, Desk],
        settled: Mapping[tuple[PlatformName, str], Outcome],
        choice: Choice,
    ) -> None:
        waiting = {row.key for row in choice.waiting}
        rows = self._journal.rows(self._run)
        todo = [one for one in rows if one.row.key not in waiting]
        for stored in rows:
            if stored.row.key in settled:
                self._journal.set_row(stored.ident, "settled", None)
            elif stored.row.key in waiting:
                how = outcome(
                    stored.row,
                    "untouched",
                    code="not_approved",
                    message=f"“{stored.row.title}” was not deleted: {choice.reason}",
                    hint=choice.hint,
                )
                self._tell(stored, how)
        todo = [one for one in todo if one.row.key not in settled]
        self._in_order(desks, todo, settle_first=False)

    def _go_on(self, desks: Mapping[PlatformName, Desk], left: Sequence[StoredRow]) -> None:
        self._in_order(desks, left, settle_first=True)

    def _in_order(
        self, desks: Mapping[PlatformName, Desk], rows: Sequence[StoredRow], *, settle_first: bool
    ) -> None:
        """Adds, updates, metadata by several workers if wanted; deletes one by one at the end."""
        work = [one for one in rows if one.row.action not in ("delete", "repost", "skip")]
        last = [one for one in rows if one.row.action in ("delete", "repost", "skip")]

        def step(one: StoredRow) -> None:
            self._row(desks, one, settle_first=settle_first)

        if self._settings.workers > 1:
            with ThreadPoolExecutor(self._settings.workers) as pool:
                for _ in pool.map(step, work):
                    pass
        else:
            for one in work:
                step(one)
        for one in last:
            step(one)

    def _row(
        self, desks: Mapping[PlatformName, Desk], stored: StoredRow, *, settle_first: bool
    ) -> None:
        """One row, unless the run has to stop before it."""
        how = self._not_now(stored.row)
        if how is None:
            desk = desks[stored.row.platform]
            self._say_row(step="row", state="started", row=stored.row)
            if settle_first and stored.state in ("open", "unknown"):
                how = self._guarded(partial(settle, desk, stored, go_on=True), stored.row)
            else:
                how = self._guarded(RowRunner(desk, stored).run, stored.row)
        else:
            self._journal.set_row(stored.ident, "planned", None)
        if how is not None:
            self._tell(stored, how)

    def _not_now(self, row: PlanRow) -> Outcome | None:
        """Why this row is not begun: stop, trouble, full account, or deletes after trouble."""
        trouble = self._trouble.of(row)
        if self._stop.is_set():
            code, why, hint = "stopped", "the run was stopped", "Go on with `socials resume`."
        elif trouble is not None:
            code, why, hint = trouble.code, str(trouble), trouble.hint
        elif row.action == "add" and row.platform in self._trouble.full:
            code, why = "account_full", f"the {row.platform.capitalize()} account is full"
            hint = "Updates and deletes still work."
        elif row.action in ("delete", "repost") and self._trouble.any:
            code, why = "run_stopped", "the run had trouble, so no delete was started"
            hint = "Go on with `socials resume` when the trouble is over."
        else:
            return None
        message = f"“{row.title}” was not started: {why}"
        return outcome(row, "untouched", code=code, message=message, hint=hint)

    def _guarded(self, work: Callable[[], Outcome | None], row: PlanRow) -> Outcome | None:
        """The outcome of a row; trouble of the run is noted, the unforeseen fails this row only."""
        try:
            return work()
        except SocialsError as error:
            with self._guard:
                if is_trouble(error):
                    self._trouble.whole = self._trouble.whole or error
                else:
                    self._trouble.platforms.setdefault(row.platform, error)
            return from_error(row, error, state="untouched")
        except Exception as error:  # one bad photo never stops the others
            log.exception("unforeseen error with file %s", row.file_id)
            return outcome(
                row,
                "failed",
                code="unforeseen",
                message=f"Something we did not expect happened with “{row.title}”.",
                hint=f"{type(error).__name__}; the log has the details. Please report it.",
            )

    def _note_trouble(self, how: Outcome) -> None:
        if how.state == "unknown":
            self._trouble.unclear = True
        if how.code == "account_full":
            self._trouble.full.add(how.platform)

    def _tell(self, stored: StoredRow, how: Outcome) -> None:
        with self._guard:
            self._outcomes.append(how)
            self._done += 1
            self._note_trouble(how)
        if how.state == "untouched" and stored.state == "planned":
            self._journal.set_outcome(stored.ident, how)
        self._emit(step="row", state=how.state, row=stored.row, outcome=how)

    def _end(self) -> Run:
        first = self._trouble.first
        if first is not None:
            state, by, message, hint = "halted", first.code, str(first), first.hint
        elif self._stop.is_set():
            state, by, message, hint = "stopped", "person", "The run was stopped.", ""
            hint = "Go on with `socials resume`."
        else:
            state, by, message, hint = "done", "", "", ""
        self._journal.end(self._run, state=state, by=by, message=message, hint=hint)
        shutil.rmtree(self._copies / self._run, ignore_errors=True)
        self._emit(step="run", state=state, message=message)
        return replace(self._journal.run(self._run), outcomes=tuple(self._outcomes))

    # -- error leaves

    def _mirror(self, plan: Plan) -> None:
        """Show problems in IMatch's `__errors` leaves: differences only, whole work list."""
        if isinstance(self._trouble.whole, ImatchError) or self._stop.is_set():
            return
        for platform, wanted in mirror_wanted(plan, self._outcomes).items():
            try:
                with self._imatch_lock:
                    self._library.mirror(platform, wanted)
            except ImatchError as error:
                log.warning("error leaves of %s were not written: %s", platform, error)

    # -- events

    def _say_row(self, *, step: str, state: str, row: PlanRow, **more: Any) -> None:
        self._emit(step=step, state=state, row=row, **more)

    def _say_wait(self, name: PlatformName, seconds: float, why: str) -> None:
        until = datetime.fromtimestamp(time.time() + seconds, UTC)
        self._emit(step="wait", state="waiting", platform=name, message=why, until=until)

    def _emit(self, *, step: str, state: str, row: PlanRow | None = None, **more: Any) -> None:
        if row is not None:
            more = {"platform": row.platform, "file_id": row.file_id, "title": row.title, **more}
        event = Event(
            at=datetime.now(UTC),
            run=self._run,
            step=step,
            state=state,
            done=self._done,
            total=self._total,
            **more,
        )
        try:
            self._listen(event)
        except Exception:  # a broken listener must not break a run
            log.exception("a listener failed")


def mirror_wanted(
    plan: Plan, outcomes: Sequence[Outcome] = ()
) -> dict[PlatformName, dict[str, set[str]]]:
    """Per platform: leaf name -> file ids that belong there, for every leaf of the table."""
    found: dict[PlatformName, dict[str, set[str]]] = {
        platform: {leaf: set() for leaf in validation.LEAVES.values()} for platform in plan.accounts
    }
    for row in plan.rows:
        for problem in row.problems:
            if problem.leaf:
                found[row.platform].setdefault(problem.leaf, set()).add(row.file_id)
    for one in outcomes:
        leaf = validation.LEAVES.get(one.code)
        if one.state == "blocked" and leaf and one.platform in found:
            found[one.platform].setdefault(leaf, set()).add(one.file_id)
    return found


def approvals_to_plain(approvals: Approvals) -> dict[str, Any]:
    """Approvals as they are recorded with a run."""
    return {
        "deletes": approvals.deletes,
        "ids": list(approvals.ids),
        "only": list(approvals.only),
        "keys": list(approvals.keys) if approvals.keys is not None else None,
    }


def approvals_from_plain(value: Mapping[str, Any]) -> Approvals:
    """Approvals as they were recorded with a run."""
    keys = value.get("keys")
    return Approvals(
        deletes=value.get("deletes"),
        ids=tuple(value.get("ids", ())),
        only=tuple(value.get("only", ())),
        keys=tuple(keys) if keys is not None else None,
    )


def _platforms_of(rows: Iterable[PlanRow]) -> tuple[PlatformName, ...]:
    return tuple(dict.fromkeys(row.platform for row in rows))


def _file_seen(path: str) -> tuple[int, int]:
    try:
        seen = local_path(path).stat()
    except OSError:
        return 0, 0
    return seen.st_size, seen.st_mtime_ns
