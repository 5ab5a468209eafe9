"""Runs: carrying a plan out, going on, watching, what happened."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socials_lib import logs, status
from socials_lib.errors import SettingsError, SocialsError
from socials_lib.journal import StoredRow
from socials_lib.models import (
    AccountFacts,
    Event,
    Listed,
    Plan,
    PlanRow,
    PlatformName,
    Run,
    from_plain,
)
from socials_lib.sync import Approvals, Sync, SyncSettings
from socials_lib.sync.perform import Patience
from socials_lib.system import open_in_browser
from socials_lib.workbench import upkeep
from socials_lib.workbench.plans import Plans

if TYPE_CHECKING:
    from socials_lib.reports import ReportFiles

Listener = Callable[[Event], None]


class Runs(Plans):
    """The third layer: it sends, and only on a call that says so."""

    def apply(
        self,
        plan: Plan,
        *,
        approve_deletes: int | None = None,
        approve: Iterable[str] = (),
        only: Iterable[str] = (),
        keys: Iterable[str] | None = None,
        most: int | None = None,
        last: Sequence[str] = (),
        listen: Listener = lambda event: None,
        origin: str = "notebook",
    ) -> Run:
        """Carry out the approved rows of a plan; see `sync.Approvals` for the consents.

        Returns the run; its outcomes tell per photo what happened.  Raises before the first act:
        `PlanError`, `AnotherRun`, `SignedOut`, `ImatchError`, `SettingsError` (a dry run, settings
        that cannot be used, another address than before).
        """
        self._refuse_dry_run()
        approvals = Approvals(
            deletes=approve_deletes,
            ids=tuple(approve),
            only=tuple(only),  # type: ignore[arg-type]  # words are checked by `parse_only`
            keys=tuple(keys) if keys is not None else None,
            most=most,
            last=tuple(last),
        )
        with self._carrying_out(listen, origin) as heard:
            run = self._sync(heard).apply(plan, approvals, origin=origin)
        self.runs.append(run)
        return run

    def _refuse_dry_run(self) -> None:
        if self.is_dry_run:
            raise SettingsError(
                "IMatch says `imatch_to_socials_testing = 1`: nothing is sent.",
                hint="Set that variable to 0 in IMatch to carry plans out.",
                code="dry_run",
            )

    def sync(self, *platforms: PlatformName, **how: Any) -> Run:
        """Plan and apply in one; `how` as for `apply`."""
        return self.apply(self.plan(platforms=platforms), **how)

    def resume(
        self,
        run: str | None = None,
        *,
        listen: Listener = lambda event: None,
        origin: str = "notebook",
    ) -> Run | None:
        """Go on with a run that was stopped or died (the newest one); None if nothing is open.

        Raises as `apply` does, a dry run included: what was begun is not finished either.
        """
        self._refuse_dry_run()
        with self._carrying_out(listen, origin) as heard:
            sync = self._sync(heard)
            name = run or next((one.run for one in self.open_runs()), None)
            if name is not None:
                done = sync.resume(name, origin=origin)
            else:
                accounts = {one: self.account(one).account for one in self.platforms}
                found = sync.settle_only(accounts, origin=origin)
                if found is None:
                    return None
                done = found
        self.runs.append(done)
        return done

    def ask_to_stop(self) -> None:
        """Stop after the act in flight, here or in the process that carries out; `resume` goes on.

        Called by signal handlers, so it never raises.
        """
        self.stop.set()
        if not self._carrying:
            with contextlib.suppress(SocialsError):
                self.ask_other_to_stop()

    def watch(self) -> status.Status | None:
        """How far the run of any process is, or how the newest ended; None before the first."""
        found = status.read_status(self.home)
        if found is None or not found.is_going or self.lock.owner() is not None:
            return found
        found = status.read_status(self.home)  # it may have ended between the two looks
        return replace(found, state="broken") if found is not None and found.is_going else found

    def other_run(self) -> upkeep.OtherRun | None:
        """Who carries out just now (any process), with its numbers; None if nobody does."""
        return upkeep.other_run(self)

    def ask_other_to_stop(self) -> bool:
        """Ask the process that carries out to stop after its photo; False if nobody does."""
        return upkeep.ask_other_to_stop(self)

    def left_of(self, run: Run) -> upkeep.Left:
        """How far a run got that did not end."""
        return upkeep.left_of(self, run)

    def rows_of(self, run: Run) -> tuple[PlanRow, ...]:
        """The rows of a run as they were planned, from the journal."""
        return tuple(one.row for one in self.journal.rows(run.run)) if run.run else ()

    @contextlib.contextmanager
    def _carrying_out(self, listen: Listener, origin: str) -> Iterator[Listener]:
        """A listener that keeps log and status as well; others may ask to stop meanwhile."""

        def heard(event: Event) -> None:
            logs.heard(event)
            listen(event)

        self._carrying += 1
        try:
            with status.watched(heard, home=self.home, stop=self.stop, origin=origin) as told:
                yield told
        finally:
            self._carrying -= 1
            if not self._carrying:
                self._pacer.on_wait = None
                self.stop.clear()  # it was for this run: waits of later reads must not end by it

    def _sync(self, listen: Listener) -> Sync:
        self.stop.clear()
        settings = self.settings
        made = Sync(
            settings=SyncSettings(
                mode=self.mode,
                patience=Patience(
                    look_waits=settings.recovery.look_waits,
                    first_wait=settings.retry.first_wait,
                    attempts=settings.retry.attempts,
                ),
                workers=settings.run.workers,
                allow_fit=settings.images.fit,
                keep_gps=settings.images.keep_gps,
                keep_texts=settings.images.keep_texts,
                visibility=settings.rules.visibility,
            ),
            library=self.imatch,
            platforms=self.platforms,
            journal=self.journal,
            lock=self.lock,
            copies=self.home / "cache" / "copies",
            listen=listen,
            stop=self.stop,
            sleep=self._sleep,
            today=self.today,
            on_facts=self._keep_facts,
        )
        self._pacer.on_wait = made.waits
        return made

    # -- history

    def history(self, *, limit: int = 100) -> tuple[Run, ...]:
        """Runs, newest first; one whose process died is `broken`."""
        return Listed(Run, self.journal.history(limit=limit))

    def open_runs(self) -> tuple[Run, ...]:
        """Runs that did not end and have rows left, newest first."""
        return tuple(
            one
            for one in self.history()
            if one.state in ("broken", "stopped", "halted") and self.journal.rows_left(one.run)
        )

    def report(self, run: Run) -> ReportFiles:
        """Write the report of a run (a page and a table) into the data folder; where they are.

        Made again it replaces the older one.  Raises `SocialsError` if it cannot be written.
        """
        from socials_lib import reports

        stored = self.journal.rows(run.run) if run.run else ()
        return reports.save(
            reports.whole(run, stored),
            [one.row for one in stored],
            self.home / "reports",
            thumbnail=self.thumbnail,
            account_names=self._account_names(stored),
            changes=reports.imatch_changes(stored),
            redact=self.redact,
        )

    def open_report(self, run: Run) -> Path:
        """Write the report of a run and open it in the system's browser; the path of the page."""
        page = self.report(run).html
        open_in_browser(page)
        return page

    def _account_names(self, stored: Iterable[StoredRow]) -> dict[str, str]:
        """The accounts of a run: their names if they are those of today, else their ids."""
        found: dict[str, str] = {}
        for name, account in {one.row.platform: one.account for one in stored}.items():
            known = self.journal.fact(self._facts_key(name))
            who = from_plain(AccountFacts, known[0]).account if known else None
            found[name] = who.name if who is not None and who.id == account else account
        return found
