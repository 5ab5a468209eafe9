"""The object a notebook holds: settings, IMatch, the platforms, the journal, in one hand.

    wb = Workbench.open()                   # demo or live, by the environment; nothing is asked yet
    pending = wb.load_pending()             # reads IMatch
    plan = wb.plan(pending)                 # changes nothing
    run = wb.apply(plan)                    # adds, updates, metadata; deletes only with a count

Everything is made when it is first needed, so that opening is quick and works without IMatch and
without accounts.  A workbench may be used from several threads; one run at a time is carried out,
over all processes (`RunLock`).

2026-11-22: account facts are cached in the journal for a day, keyed by mode, host and sign-in.  A
plan uses them without asking the platform; `apply` reads them fresh before its first act.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from socials_lib import (
    auditing,
    checkup,
    deciding,
    formatting,
    images,
    logs,
    selections,
    status,
    taking,
    upkeep,
)
from socials_lib import plan as planning
from socials_lib.audit import Coverage, Decision, Figures, Match, figures
from socials_lib.credentials import Credentials, environment_masked
from socials_lib.errors import (
    ImatchError,
    PlatformError,
    SettingsError,
    SignedOut,
    SocialsError,
    Stopped,
)
from socials_lib.imatch.client import ImwsClient
from socials_lib.imatch.library import Library
from socials_lib.journal import ChangeSetRun, Journal, RunLock, StoredRow
from socials_lib.models import (
    DEFAULT_LIMITS,
    PLATFORMS,
    Account,
    AccountFacts,
    Check,
    Engagement,
    Event,
    FileFacts,
    Finding,
    Inventory,
    LastSent,
    Managed,
    Mode,
    Outcome,
    Pending,
    Photo,
    Plan,
    PlanRow,
    PlatformName,
    RemotePhoto,
    RemoteRef,
    Run,
    UploadCopy,
    from_plain,
)
from socials_lib.platforms.base import Platform
from socials_lib.settings import Settings
from socials_lib.sync import Approvals, Sync, SyncSettings
from socials_lib.sync.changes import ChangeWriter
from socials_lib.sync.perform import Patience
from socials_lib.system import local_path, open_in_browser
from socials_lib.transport import Pacer, Retry, Timeouts, hasty

if TYPE_CHECKING:
    import pandas as pd

    from socials_lib import bulk, fixing
    from socials_lib.doctor import Bundle
    from socials_lib.imatch.categories import MirrorReport
    from socials_lib.platforms.flickr import FlickrSignIn
    from socials_lib.reports import ReportFiles

log = logging.getLogger(__name__)

#: Account facts are read at most this often for a plan.
FACTS_AGE = timedelta(days=1)
Listener = Callable[[Event], None]
#: A practice world marks its home with this file.
PRACTICE_MARK = ".rehearsal-world"
#: Photos read so far, photos in all (0: not known).
Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What will be sent for a row: the very copy (None with the reason in `problem`)."""

    row: PlanRow
    copy: UploadCopy | None
    problem: str = ""


class Workbench:
    """Everything that a notebook, the command line and the IMatch app work with."""

    def __init__(self, *, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._guard = threading.RLock()
        self._library: Library | None = None
        self._settings = Settings.load(environ=environ)
        _keep_apart(self._settings)
        self._with_variables = False
        self._platforms: dict[PlatformName, Platform] | None = None
        self._credentials: Credentials | None = None
        self._secrets = Credentials()
        self._carrying = 0
        self.stop = threading.Event()
        self.journal = Journal(self.home / "journal.sqlite")
        self.lock = RunLock(self.home)
        self._pacer = Pacer(self.journal, clock=_now, sleep=self._sleep)
        self.runs: list[Run] = []
        self._work_lists: dict[PlatformName, tuple[Pending, ...]] = {}
        self._signing_in: FlickrSignIn | None = None
        self.sign_in_words = ""
        self.shelf: dict[str, Any] = {}

    @classmethod
    def open(cls, *, environ: Mapping[str, str] | None = None) -> Self:
        """A workbench by the environment (`SOCIALS_MODE`, `SOCIALS_HOME`, …); asks nobody yet.

        Raises `SettingsError` if a setting is wrong.
        """
        made = cls(environ=os.environ if environ is None else environ)
        logs.set_up(made.home, redact=made.redact)
        return made

    # -- settings, mode, places

    @property
    def mode(self) -> Mode:
        """`demo` or `live`; fixed at the start, never inferred."""
        return self._settings.mode

    @property
    def home(self) -> Path:
        """The data folder: settings, journal, cache, plans, reports."""
        return self._settings.home

    @property
    def settings_file(self) -> Path:
        """The file `settings.toml`; it need not exist."""
        return self._settings.config_file

    @property
    def settings(self) -> Settings:
        """The settings, with IMatch's application variables as soon as IMatch answers."""
        with self._guard, contextlib.suppress(ImatchError):
            self._ask_variables()
        return self._settings

    @property
    def is_dry_run(self) -> bool:
        """True if IMatch's variable `imatch_to_socials_testing` is 1: nothing is ever sent.

        Raises `ImatchError` if IMatch cannot be asked: not knowing is no permission.
        """
        with self._guard:
            self._ask_variables()
        return self._settings.dry_run

    def _ask_variables(self) -> None:
        with self._guard:
            if not self._with_variables:
                self._settings = self._settings.with_variables(self.imatch.variable)
                self._with_variables = True

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment of this session; a new sign-in goes in here, never into the system's."""
        return self._environ

    def set_environ(self, environ: Mapping[str, str]) -> None:
        """Use another environment from now on: settings, keys and clients are made anew."""
        with self._guard:
            self._environ = dict(environ)
            self._settings = Settings.load(environ=self._environ)
            self._with_variables = False
            self.signed_in_anew()

    # -- the services

    @property
    def imatch(self) -> Library:
        """The IMatch database (no request is made by asking for it)."""
        with self._guard:
            if self._library is None:
                settings = self._settings
                client = ImwsClient(
                    base_url=settings.imatch.url,
                    user=settings.imatch.user,
                    sleep=self._sleep,
                )
                self._library = Library(
                    client,
                    alt_text_expression=settings.imatch.alt_text,
                    circa_expression=settings.imatch.circa,
                )
            return self._library

    @property
    def credentials(self) -> Credentials:
        """Keys and tokens; they never print."""
        with self._guard:
            if self._credentials is None:
                found = Credentials.load(self.settings, self._environ, self._variable)
                self._secrets = found
                if not self._with_variables:
                    return found  # IMatch may know more as soon as it answers
                self._credentials = found
            return self._credentials

    def _variable(self, name: str) -> str | int | None:
        """An IMatch variable; None while IMatch does not answer."""
        with contextlib.suppress(ImatchError):
            return self.imatch.variable(name)
        return None

    @property
    def platforms(self) -> Mapping[PlatformName, Platform]:
        """The platforms that are set up here (keys and token are known)."""
        with self._guard:
            if self._platforms is None:
                made = dict(self._made_platforms())
                if not self._with_variables:
                    return made  # IMatch may know more keys as soon as it answers
                self._platforms = made
            return self._platforms

    def platform(self, name: PlatformName) -> Platform:
        """One platform; raises `SignedOut` if it is not set up, `ImatchError` if nobody knows."""
        found = self.platforms.get(name)
        if found is None:
            self._ask_variables()  # the keys may lie in IMatch: if it is down, that is the trouble
            missing = ", ".join(self.credentials.missing(name))
            raise SignedOut(
                f"{name.capitalize()} is not set up here.",
                hint=f"Missing: {missing}. Sign in with the notebook 00_start_here.",
            )
        return found

    def signed_in_anew(self) -> None:
        """Forget clients and keys, so that a new sign-in is used from now on."""
        with self._guard:
            self._credentials = None
            self._platforms = None

    def begin_flickr_sign_in(self) -> str:
        """The address of Flickr's page that asks the person and shows a code."""
        key, settings = self.credentials.flickr_key, self.settings
        if key is None:
            raise upkeep.no_flickr_key()
        from socials_lib.platforms.flickr import FlickrSignIn

        self._signing_in = FlickrSignIn(
            key=key.key.reveal(), secret=key.secret.reveal(), base_url=settings.flickr.url or None
        )
        return self._signing_in.begin()

    def finish_flickr_sign_in(self, code: str) -> str:
        """The name of the account that the code signs in; `sign_in_words` says where it is kept."""
        if self._signing_in is None:
            raise SignedOut("The sign-in was not begun.", hint="Open Flickr's page first.")
        token, token_secret, _nsid, name = self._signing_in.finish(code)
        self._signing_in = None
        self.sign_in_words = upkeep.finish_flickr(self, token, token_secret)
        return name

    def keep_pixelfed_token(self, token: str, url: str) -> str:
        """Try a pasted token and keep it; the account's name."""
        name, self.sign_in_words = upkeep.keep_pixelfed(self, token, url)
        return name

    def _made_platforms(self) -> Iterable[tuple[PlatformName, Platform]]:
        settings, keys = self.settings, self.credentials
        pacer = self._pacer
        shared: dict[str, Any] = {
            "timeouts": Timeouts(
                connect=settings.timeouts.connect,
                read=settings.timeouts.read,
                upload=settings.timeouts.upload,
            ),
            "retry": Retry(first_wait=settings.retry.first_wait, attempts=settings.retry.attempts),
            "pacer": pacer,
            "clock": _now,
            "sleep": self._sleep,
        }
        if keys.flickr is not None:
            from socials_lib.platforms.flickr import FlickrPlatform

            yield (
                "flickr",
                FlickrPlatform(
                    key=keys.flickr.key.reveal(),
                    secret=keys.flickr.secret.reveal(),
                    token=keys.flickr.token.reveal(),
                    token_secret=keys.flickr.token_secret.reveal(),
                    base_url=settings.flickr.url or None,
                    per_hour=settings.pace.flickr_per_hour,
                    page_url=settings.flickr.page_url,
                    stamp=settings.flickr.stamp,
                    **shared,
                ),
            )
        if keys.pixelfed is not None:
            from socials_lib.platforms.pixelfed import PixelfedPlatform

            yield (
                "pixelfed",
                PixelfedPlatform(
                    base_url=keys.pixelfed.url,
                    token=keys.pixelfed.token.reveal(),
                    alt_per_minute=settings.pace.pixelfed_alt_per_minute,
                    **shared,
                ),
            )

    def redact(self, text: str) -> str:
        """The text without any secret of this session, those of the environment included."""
        return self._secrets.redact(environment_masked(text, self._environ))

    # -- accounts

    def account(self, name: PlatformName, *, fresh: bool = False) -> AccountFacts:
        """Who we are on a platform and what it allows; from the cache for a day.

        If the platform does not answer, what was last known is given; if nothing is known, raises
        what the platform said.
        """
        platform, key = self.platform(name), self._facts_key(name)
        cached = self.journal.fact(key)
        if cached is not None and not fresh and _now() - cached[1] < FACTS_AGE:
            return from_plain(AccountFacts, cached[0])
        try:
            facts = platform.account_facts()
        except SignedOut:
            raise
        except PlatformError as error:
            if cached is None or fresh:
                raise
            log.warning("%s: %s; using what was known before", name, error)
            return replace(from_plain(AccountFacts, cached[0]), guessed=True)
        self.journal.set_fact(key, facts)
        return facts

    def limits(self) -> pd.DataFrame:
        """What your accounts allow today, as a table."""
        from socials_lib import frames

        return frames.limits_frame([self.account(name) for name in self.platforms])

    def _facts_key(self, name: PlatformName) -> str:
        """Cached facts belong to a mode, a host and a sign-in; the token itself is not stored."""
        keys, host, token = self.credentials, self.settings.flickr.url, ""
        if name == "flickr" and keys.flickr:
            token = keys.flickr.token.reveal()
        if name == "pixelfed" and keys.pixelfed:
            host, token = keys.pixelfed.url, keys.pixelfed.token.reveal()
        mark = hashlib.sha256(token.encode()).hexdigest()[:12]
        return f"account:{self.mode}:{name}:{host}:{mark}"

    # -- plan

    def load_pending(
        self,
        *platforms: PlatformName,
        progress: Callable[[int, int], None] | None = None,
    ) -> tuple[Pending, ...]:
        """The photos in the work lists of IMatch; no platform named: all that are set up."""
        names = self._named(platforms)
        found = self.imatch.load_pending(names, progress)
        for name in names:
            self._work_lists[name] = tuple(one for one in found if one.platform == name)
        return found

    def plan(
        self,
        pending: Sequence[Pending] | None = None,
        *,
        platforms: Iterable[PlatformName] = (),
    ) -> Plan:
        """A plan for the pending photos (loaded now if not given); changes nothing.

        Of a choice of the photos last loaded it is the part of their plan: what the others have to
        do with them is seen, and their error categories stay as they are.
        Raises `ImatchError` while IMatch's variables are unknown: the default privacy is public,
        and not knowing is no permission.
        """
        self._ask_variables()
        names = self._named(tuple(platforms) or tuple({one.platform for one in pending or ()}))
        rows = self.load_pending(*names) if pending is None else tuple(pending)
        chosen = {(one.platform, one.file_id) for one in rows}
        rows += tuple(
            one
            for name in names
            for one in self._work_lists.get(name, ())
            if (name, one.file_id) not in chosen
        )
        warnings: list[str] = []
        accounts = {name: self._facts_for_plan(name, warnings) for name in names}
        paths = {one.file_id: one.photo.path for one in rows}
        last = {
            name: self.journal.last_sent(name, facts.account.id, paths=paths)
            for name, facts in accounts.items()
        }
        made = planning.build(
            rows,
            mode=self.mode,
            accounts=accounts,
            rules=self.settings.rules,
            files=self._inspected(rows, accounts, last),
            now=_now(),
            managed=self._managed() if "flickr" in names else None,
            last_sent=last,
            open_acts=[
                one
                for name, facts in accounts.items()
                for one in self.journal.open_acts(name, facts.account.id)
            ],
            warnings=warnings,
        )
        return planning.part(made, lambda row: row.key in chosen)

    def repost(self, plan: Plan, *ids: str) -> Plan:
        """The plan with these Pixelfed updates as delete-and-post (the picture is exchanged).

        Likes, comments and the old link are lost: apply it with `approve=ids` and a count.
        """
        return planning.with_reposts(plan, ids)

    def save_plan(self, plan: Plan, path: Path | None = None) -> Path:
        """Write the plan as `plan-<id>.json` (into the data folder unless named)."""
        return planning.save(plan, path or self.home / "plans" / f"plan-{plan.plan_id}.json")

    def read_plan(self, path: Path) -> Plan:
        """A saved plan; raises `PlanError` if it is none or was changed."""
        return planning.read(path)

    def _named(self, names: Sequence[PlatformName]) -> tuple[PlatformName, ...]:
        chosen = tuple(name for name in PLATFORMS if name in names) or tuple(
            name for name in PLATFORMS if name in self.platforms
        )
        if not chosen:
            self._ask_variables()
            missing = "; ".join(
                f"{name}: {', '.join(self.credentials.missing(name))}" for name in PLATFORMS
            )
            raise SettingsError(
                "Neither Flickr nor Pixelfed is set up.",
                hint=f"Sign in with the notebook 00_start_here. Missing: {missing}.",
                code="settings",
            )
        for name in chosen:
            self.platform(name)
        return chosen

    def _facts_for_plan(self, name: PlatformName, warnings: list[str]) -> AccountFacts:
        try:
            with hasty():
                facts = self.account(name)
        except SignedOut:
            raise
        except PlatformError as error:
            known = self.journal.fact(f"{self._facts_key(name)}:who")
            who = from_plain(Account, known[0]) if known else Account(id="", name="")
            warnings.append(f"{name.capitalize()} does not answer ({error}); default limits used.")
            return AccountFacts(
                platform=name, account=who, limits=DEFAULT_LIMITS[name], guessed=True
            )
        if facts.guessed:
            warnings.append(f"{name.capitalize()} does not answer; its limits are those last seen.")
        return facts

    def _managed(self) -> Managed:
        albums = (formatting.album_from_category(c) for c in self.imatch.album_categories())
        groups = (formatting.group_from_category(c) for c in self.imatch.group_categories())
        return Managed(
            albums=tuple(one for one in albums if one.album_id),
            groups=tuple(one for one in groups if one.group_id),
        )

    def _inspected(
        self,
        rows: Sequence[Pending],
        accounts: Mapping[PlatformName, AccountFacts],
        last: Mapping[PlatformName, Mapping[str, LastSent]],
    ) -> dict[str, FileFacts]:
        """What is on the disk of every file that could be uploaded; hashed only where needed."""
        found: dict[str, FileFacts] = {}
        for one in rows:
            formats = accounts[one.platform].limits.formats
            for path in planning.candidate_paths(one.photo, formats):
                if path not in found:
                    found[path] = images.inspect(str(local_path(path)))
                base = last[one.platform].get(one.file_id)
                if base is not None and _is_unlike(found[path], base, path):
                    found[path] = images.inspect(str(local_path(path)), with_sha=True)
        return found

    # -- carrying out

    def apply(
        self,
        plan: Plan,
        *,
        approve_deletes: int | None = None,
        approve: Iterable[str] = (),
        only: Iterable[str] = (),
        keys: Iterable[str] | None = None,
        most: int | None = None,
        listen: Listener = lambda event: None,
        origin: str = "notebook",
    ) -> Run:
        """Carry out the approved rows of a plan; see `sync.Approvals` for the consents.

        Returns the run; its outcomes tell per photo what happened.  Raises before the first act:
        `PlanError`, `AnotherRun`, `SignedOut`, `ImatchError`.
        """
        self._refuse_dry_run()
        approvals = Approvals(
            deletes=approve_deletes,
            ids=tuple(approve),
            only=tuple(only),  # type: ignore[arg-type]  # words are checked by `parse_only`
            keys=tuple(keys) if keys is not None else None,
            most=most,
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
        """Go on with a run that was stopped or died (the newest one); None if nothing is open."""
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

    def calls_used(self, name: PlatformName) -> tuple[int, int, int]:
        """Calls made of late, how many are allowed, and in how many seconds."""
        return upkeep.calls_used(self, name)

    def forecast(self, rows: Sequence[PlanRow]) -> planning.Forecast:
        """What carrying out rows of one platform would take: photos, calls, bytes, seconds."""
        if not rows:
            return planning.forecast(rows)
        used, allowed, window = self.calls_used(rows[0].platform)
        return planning.forecast(rows, used=used, allowed=allowed, window=window)

    def published(self, name: PlatformName, pending: Sequence[Pending] | None = None) -> int:
        """How many photos of the work list are online on a platform (read now unless given)."""
        return upkeep.published(self, name, tuple(pending) if pending is not None else None)

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

    def _keep_facts(self, facts: AccountFacts) -> None:
        self.journal.set_fact(self._facts_key(facts.platform), facts)

    def _sleep(self, seconds: float) -> None:
        """A wait that ends at once, with `Stopped`, when the person asks to stop."""
        if self.stop.wait(seconds):
            raise Stopped("Stopped while waiting.")

    def today(self) -> date:
        """The local date for `posted`, in the zone of the settings (else the system's)."""
        zone = self.settings.text.zone
        return (
            datetime.now(ZoneInfo(zone) if zone else None).astimezone().date()
            if (not zone)
            else datetime.now(ZoneInfo(zone)).date()
        )

    # -- history

    def history(self, *, limit: int = 100) -> tuple[Run, ...]:
        """Runs, newest first; one whose process died is `broken`."""
        return self.journal.history(limit=limit)

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

    # -- the doctor

    def doctor(self) -> tuple[Check, ...]:
        """Checks everything: IMatch, set-up, accounts, limits, this computer; changes nothing."""
        return checkup.examine(self)

    def bundle(self, path: Path, checks: Sequence[Check] | None = None) -> Bundle:
        """Write a zip for a bug report (checks made now unless given), without secrets and texts.

        Raises `SettingsError` if it cannot be written.
        """
        return checkup.bundle(self, path, checks)

    def setup_list(self) -> tuple[upkeep.SetupItem, ...]:
        """Everything that you create in IMatch by hand, and whether it is there."""
        return upkeep.setup_list(self)

    def reset_demo(self) -> None:
        """Start the practice world afresh; only demo data go.  Raises `SettingsError` in live."""
        upkeep.reset_world(self)
        with self._guard:
            self.journal = Journal(self.home / "journal.sqlite")
            self._library = None
            self.runs.clear()
            self.shelf.clear()
            self.set_environ(self._environ)

    # -- audit

    def known_account(self, name: PlatformName) -> AccountFacts | None:
        """What was last read of an account, however old; asks nobody."""
        cached = self.journal.fact(self._facts_key(name))
        return from_plain(AccountFacts, cached[0]) if cached is not None else None

    def account_key(self, name: PlatformName) -> str:
        """What tells apart caches of different modes, hosts and sign-ins; holds no secret."""
        return self._facts_key(name)

    def managed(self, name: PlatformName) -> Managed:
        """The albums and groups that IMatch has categories for (Flickr only)."""
        return self._managed() if name == "flickr" else Managed()

    def inventory(
        self, name: PlatformName, *, fresh: bool = False, progress: Progress | None = None
    ) -> Inventory:
        """All own photos online, by listing; the list of before unless `fresh`."""
        return auditing.inventory(self, name, fresh=fresh, progress=progress)

    def audit(
        self,
        name: PlatformName,
        *,
        fresh: bool = True,
        decided: bool = False,
        progress: Progress | None = None,
    ) -> tuple[Finding, ...]:
        """What is online against IMatch and what we last sent; changes nothing.

        `decided` shows also what you keep or ignore.
        """
        return auditing.audit(self, name, fresh=fresh, decided=decided, progress=progress)

    def audited(
        self, name: PlatformName, *, fresh: bool = True, progress: Progress | None = None
    ) -> auditing.Audited:
        """An audit with its photos, its list and its counts, as the widgets show it."""
        return auditing.audited(self, name, fresh=fresh, progress=progress)

    def kept_inventory(self, name: PlatformName) -> Inventory | None:
        """The list of before, None if there is none; asks nobody."""
        return auditing.kept_inventory(self, name)

    def calls_to_list(self, name: PlatformName) -> int:
        """About how many calls a new list takes; 0 if nobody knows."""
        return auditing.calls_to_list(self, name)

    def decide(
        self, findings: Iterable[Finding], decision: Decision, *, origin: str = "notebook"
    ) -> Plan | None:
        """Carry a decision about findings out in IMatch and the journal; what is left is a plan."""
        return deciding.decide(self, findings, decision, origin=origin)

    def decide_all(
        self,
        decisions: Mapping[Decision, Iterable[Finding]],
        *,
        with_queued: bool = False,
        origin: str = "notebook",
    ) -> Plan | None:
        """Carry several decisions out at once; one plan for all that is left to send.

        `with_queued`: the plan has the photos that were put into `_update`, … as well.
        """
        return deciding.decide_all(self, decisions, with_queued=with_queued, origin=origin)

    def replan(self, plan: Plan) -> Plan | None:
        """The rows of a plan that decisions led to, planned anew; None if none is left."""
        return deciding.replan(self, plan)

    def theirs(
        self, findings: Iterable[Finding], *, progress: Progress | None = None
    ) -> taking.Taking:
        """What IMatch would be given so that it says what is online; changes nothing."""
        return taking.propose(self, findings, progress=progress)

    def take_theirs(
        self,
        given: taking.Taking | Iterable[Finding],
        *,
        listen: Listener = lambda event: None,
        origin: str = "notebook",
    ) -> ChangeSetRun:
        """Write what is online into IMatch, read back; a change set that can be undone.

        Raises as `write` does, and `PlanError` if nothing can be taken over.
        """
        return taking.take(self, given, listen=listen, origin=origin)

    def forget_decisions(self, name: PlatformName) -> None:
        """Show again what was kept or ignored."""
        deciding.forget_decisions(self, name)

    def reconnect(self, name: PlatformName, *, fresh: bool = True) -> tuple[Match, ...]:
        """Photos online without a known id, and the photos of IMatch that they may be."""
        return deciding.reconnect(self, name, fresh=fresh)

    def link(self, matches: Iterable[Match], *, origin: str = "notebook") -> tuple[Outcome, ...]:
        """Write the ids of matches into IMatch; the platforms are not touched."""
        return deciding.link(self, matches, origin=origin)

    def audit_metadata(self, *platforms: PlatformName) -> tuple[Finding, ...]:
        """What IMatch alone can tell about the photos of these platforms; no network but IMatch."""
        return auditing.audit_metadata(self, platforms or PLATFORMS)

    def completeness(self, *platforms: PlatformName) -> tuple[Coverage, ...]:
        """How many photos of each platform have each field, out of how many."""
        return auditing.completeness(self, platforms or PLATFORMS)

    def metadata_audited(
        self, *platforms: PlatformName, progress: Progress | None = None
    ) -> auditing.MetadataAudited:
        """Matrix, findings and photos of the audit of IMatch alone, from one reading."""
        return auditing.metadata_audited(self, platforms or PLATFORMS, progress=progress)

    def not_the_same(self, match: Match) -> None:
        """Remember that this remote photo is none of these; they are not proposed again."""
        deciding.not_the_same(self, match)

    def figures(self, name: PlatformName, *, fresh: bool = False) -> Figures:
        """The numbers of the charts; from the list of before unless `fresh`."""
        found = self.audited(name, fresh=fresh)
        return figures(tuple(found.photos.values()), found.known, found.findings)

    def hand_over(self, name: str, ids: Iterable[Any], words: str = "") -> selections.Selection:
        """Keep photos for another notebook: file ids, keys, findings or a column of a table.

        `words` say which they are; a selection of the same name is replaced.
        """
        file_ids = selections.file_ids_of(ids)
        made = selections.Selection(
            name=name,
            created=_now(),
            mode=self.mode,
            file_ids=file_ids,
            words=words or f"{len(file_ids):,} photo{'' if len(file_ids) == 1 else 's'}",
        )
        selections.write(self.home, made)
        return made

    def handed_over(self) -> tuple[selections.Selection, ...]:
        """The selections that were handed over, newest first."""
        return selections.read_all(self.home, self.mode)

    def titles(self, findings: Iterable[Finding]) -> dict[str, str]:
        """Titles (else file names) of the photos of findings, by file id."""
        return auditing.titles(self, findings)

    # -- bulk fixes

    def photos(
        self, source: str | Iterable[str] = "pending", *, progress: Progress | None = None
    ) -> tuple[Photo, ...]:
        """Photos for a bulk fix: `pending`, `published`, `selection` (IMatch's file window),
        any other text is a category with all below it; or file ids.  Changes nothing.
        """
        from socials_lib import fixing

        return fixing.photos(self, source, progress=progress)

    def propose(
        self,
        photos: Iterable[Photo],
        recipe: bulk.Recipe,
        *,
        consequences: bool = True,
        progress: Progress | None = None,
    ) -> bulk.ChangeSet:
        """What a recipe would change, cell by cell, and what comes of it.  Changes nothing.

        Without `consequences` it is much quicker; `progress` counts the photos judged.
        """
        from socials_lib import fixing

        return fixing.propose(self, photos, recipe, consequences=consequences, progress=progress)

    def known_for_changes(self, photos: Iterable[Photo]) -> bulk.Known:
        """What `bulk.with_consequences` judges these photos by; asks IMatch, no platform."""
        from socials_lib import fixing

        return fixing.what_is_known(self, photos)

    def write(
        self,
        change_set: bulk.ChangeSet | str,
        *,
        listen: Listener = lambda event: None,
        origin: str = "notebook",
    ) -> ChangeSetRun:
        """Write a change set to IMatch, read back; or go on with one, by its id.

        Raises before anything is written: `SettingsError` (the switch `[imatch] write_metadata` is
        off), `PlanError`, `AnotherRun`, `ImatchError`.
        """
        self._refuse_dry_run()
        with self._carrying_out(listen, origin) as heard:
            writer = self._writer(heard)
            if isinstance(change_set, str):
                return writer.resume(change_set, origin=origin)
            return writer.write(change_set, origin=origin)

    def undo(
        self,
        change_set_id: str,
        *,
        keys: Iterable[bulk.Key] | None = None,
        listen: Listener = lambda event: None,
        origin: str = "notebook",
    ) -> ChangeSetRun:
        """Put old values back into IMatch, all or those of `keys`; what changed since stays.

        A key is a file id, or file id and field.  Raises as `write` does.
        """
        self._refuse_dry_run()
        with self._carrying_out(listen, origin) as heard:
            return self._writer(heard).undo(change_set_id, keys=keys, origin=origin)

    def try_metadata(self, file_id: str, *, origin: str = "notebook") -> None:
        """Prove on this photo that metadata can be written here; it is put back at once.

        Needs no switch: a success is the reason to turn it on.  Raises `ReadBackDiffers`.
        """
        from socials_lib import fixing

        self._refuse_dry_run()
        with self._carrying_out(lambda event: None, origin) as heard:
            writer = self._writer(heard, may_write_metadata=True)
            fixing.try_metadata(self, file_id, writer, origin=origin)

    def allow_metadata(self, on: bool = True) -> None:
        """Turn the writing of metadata on here, after `try_metadata` succeeded; or off again.

        Kept in the journal of this data folder; the setting `[imatch] write_metadata` stays as it
        is and is the stronger one where it is true.
        """
        from socials_lib import fixing

        fixing.allow_metadata(self, on)

    @property
    def may_write_metadata(self) -> bool:
        """True if texts and keywords may be written into IMatch; categories always may."""
        from socials_lib import fixing

        return fixing.may_write_metadata(self)

    def way_back(self, change_set_id: str) -> tuple[fixing.WayBack, ...]:
        """What of a written change set could be put back now, and what changed since; reads."""
        from socials_lib import fixing

        return fixing.way_back(self, change_set_id)

    def bulk_sources(self) -> tuple[fixing.Choice, ...]:
        """Where photos for a bulk fix can come from, with counts; `source` goes to `photos`."""
        from socials_lib import fixing

        return fixing.choices(self)

    def show_problems(self, *, origin: str = "notebook") -> dict[PlatformName, MirrorReport]:
        """Put pending photos with problems into `Socials|P|__errors`, take mended ones out.

        Every run does it at its end.  Raises `AnotherRun`, `ImatchError`, `SettingsError`.
        """
        from socials_lib import fixing

        self._refuse_dry_run()
        return fixing.show_problems(self, origin=origin)

    def change_sets(self, *, limit: int = 100) -> tuple[ChangeSetRun, ...]:
        """Written change sets, newest first; `journal.change_set` has their cells."""
        return self.journal.change_sets(limit=limit)

    def _writer(self, listen: Listener, *, may_write_metadata: bool = False) -> ChangeWriter:
        self.stop.clear()
        return ChangeWriter(
            library=self.imatch,
            journal=self.journal,
            lock=self.lock,
            mode=self.mode,
            may_write_metadata=may_write_metadata or self.may_write_metadata,
            listen=listen,
            stop=self.stop,
        )

    # -- looking

    def preview(self, row: PlanRow) -> Preview:
        """Makes the very copy that would be sent (nothing is sent)."""
        from socials_lib.errors import PhotoError

        if row.upload is None:
            return Preview(row=row, copy=None, problem="There is no file that could be sent.")
        settings = self.settings
        try:
            copy = images.make_copy(
                local_path(row.upload.path),
                self.home / "cache" / "previews",
                limits=self.platform(row.platform).limits,
                fit=settings.images.fit,
                keep_gps=settings.images.keep_gps,
                keep_texts=settings.images.keep_texts,
                name=f"{row.platform}-{row.file_id}",
            )
        except PhotoError as error:
            return Preview(row=row, copy=None, problem=f"{error} {error.hint}".strip())
        return Preview(row=row, copy=copy)

    def refresh(self, rows: Iterable[PlanRow]) -> dict[tuple[str, str], RemotePhoto | None]:
        """What is online now for these rows, by row key (reads the platforms)."""
        return {
            row.key: self.platform(row.platform).fetch(_ref(row)) for row in rows if row.remote_id
        }

    def engagement(self, row: PlanRow) -> Engagement:
        """Comments, favourites and reblogs of a published photo."""
        return self.platform(row.platform).engagement(_ref(row))

    def thumbnail(self, path: str, *, box: tuple[int, int] = (192, 144)) -> bytes:
        """A small JPEG of an IMatch path, from the cache; raises `PhotoError` with the reason."""
        return self._thumbnails.get(str(local_path(path)), box)

    def online_picture(self, url: str, *, box: tuple[int, int] = (192, 144)) -> bytes:
        """A small JPEG of the picture online, kept here; raises `PhotoError` with the reason."""
        from socials_lib.online_pictures import OnlinePictures

        with self._guard:
            kept = self.shelf.get("online-pictures")
            if not isinstance(kept, OnlinePictures):
                kept = OnlinePictures(self.home / "cache" / "online")
                self.shelf["online-pictures"] = kept
        return kept.get(url, box=box)

    @property
    def _thumbnails(self) -> images.ThumbnailCache:
        return images.ThumbnailCache(self.home / "cache" / "thumbnails")

    def frame(self, value: Any) -> pd.DataFrame:
        """Pending photos, a plan, a run, outcomes, the history or checks as a table."""
        from socials_lib import frames

        return frames.frame(value)


def _keep_apart(settings: Settings) -> None:
    """Demo and live never share a data folder: a practice world marks its own."""
    if settings.mode == "live" and (settings.home / PRACTICE_MARK).exists():
        raise SettingsError(
            f"{settings.home} is the data folder of a practice world; it cannot be used live.",
            hint="Unset SOCIALS_HOME, or set it to a folder of your own.",
            code="other_mode",
        )


def _ref(row: PlanRow) -> RemoteRef:
    return RemoteRef(
        platform=row.platform, remote_id=row.remote_id, media_id=row.media_id, url=row.url
    )


def _is_unlike(facts: FileFacts, base: LastSent, path: str) -> bool:
    """True if only the hash can tell whether the picture changed since it was sent."""
    known = (base.upload_path, base.upload_size, base.upload_mtime_ns)
    return facts.problem is None and known != (path, facts.size, facts.mtime_ns)


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
