"""Settings, mode, places, IMatch, keys, the platforms and their accounts."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from socials_lib.credentials import Credentials, environment_masked
from socials_lib.errors import ImatchError, PlatformError, SettingsError, SignedOut, Stopped
from socials_lib.imatch.client import ImwsClient
from socials_lib.imatch.library import Library
from socials_lib.journal import Journal, RunLock
from socials_lib.models import AccountFacts, Mode, Pending, PlatformName, Run, from_plain
from socials_lib.platforms.base import Platform
from socials_lib.settings import Settings
from socials_lib.transport import Pacer, Retry, Timeouts

if TYPE_CHECKING:
    from socials_lib.platforms.flickr import FlickrSignIn


log = logging.getLogger(__name__)

#: Account facts are read at most this often for a plan.
FACTS_AGE = timedelta(days=1)
#: Settings that say with whom this session works; another one needs another session.
_IMATCH = {
    ("imatch", "url"): "The address of IMatch",
    ("imatch", "user"): "The user of IMatch",
}
_SERVICES = {
    ("flickr", "url"): "The address that replaces Flickr's",
    ("pixelfed", "url"): "The Pixelfed server",
}
#: Sections that the clients of the platforms are made with.
_OF_CLIENTS = ("pace", "timeouts", "retry", "flickr")
#: A practice world marks its home with this file.
PRACTICE_MARK = ".rehearsal-world"


class Services:
    """The first layer of a workbench: everything is made when it is first needed."""

    def __init__(self, *, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._guard = threading.RLock()
        self._library: Library | None = None
        self._settings = self._without_variables = Settings.load(environ=environ)
        self._file_seen = _file_seen(self._settings.config_file)
        _keep_apart(self._settings)
        self._with_variables = False
        self._platforms: dict[PlatformName, Platform] | None = None
        self._credentials: Credentials | None = None
        self._secrets = Credentials()
        self._carrying = 0
        self.stop = threading.Event()
        self.journal = Journal(self.home / "journal.sqlite")
        self.lock = RunLock(self.home)
        # looked up at each wait: a test that lets no time pass replaces `_sleep`
        self._pacer = Pacer(self.journal, clock=now, sleep=lambda some: self._sleep(some))
        self.runs: list[Run] = []
        self._work_lists: dict[PlatformName, tuple[Pending, ...]] = {}
        self._signing_in: FlickrSignIn | None = None
        self.sign_in_words = ""
        self.shelf: dict[str, Any] = {}

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
        """The settings, with IMatch's application variables as soon as IMatch answers.

        They are those of the last plan or run, whichever was later: see `renew_settings`.
        """
        with self._guard, contextlib.suppress(ImatchError):
            self._ask_variables()
        return self._settings

    @property
    def is_dry_run(self) -> bool:
        """True if IMatch's variable `imatch_to_socials_testing` is 1: nothing is ever sent.

        IMatch is asked anew each time.  Raises `ImatchError` if it cannot be asked: not knowing is
        no permission.
        """
        with self._guard:
            self.renew_settings()
            return self._settings.dry_run

    def renew_settings(self) -> None:
        """Read IMatch's variables again, and `settings.toml` if it has changed.

        Each plan and each run begins with this: what the person has set meanwhile (dry run,
        privacy, private words, limits) counts from there on.  Another address or user does not:
        clients, lists and plans of this session belong to the old one.
        Raises `SettingsError` for those, and for what cannot be used; `ImatchError` while IMatch
        does not answer.  Nothing has changed then.
        """
        with self._guard:
            file_seen, base = _file_seen(self.settings_file), self._without_variables
            if file_seen != self._file_seen:
                base = Settings.load(environ=self._environ)
                _refuse_others(self._settings, base, _IMATCH)
            found = base.with_variables(self.imatch.variable)
            if self._with_variables:
                _refuse_others(self._settings, found, _SERVICES)
            before, self._settings = self._settings, found
            self._without_variables, self._file_seen = base, file_seen
            self._with_variables = True
            self._forget_clients_of(before)

    def _forget_clients_of(self, before: Settings) -> None:
        """Clients are made anew if they were made with other settings than those of now."""
        found = self._settings
        if (found.imatch.alt_text, found.imatch.circa) != (
            before.imatch.alt_text,
            before.imatch.circa,
        ):
            self._library = None
        if found.pixelfed.url != before.pixelfed.url:
            self.signed_in_anew()
        if any(getattr(found, one) != getattr(before, one) for one in _OF_CLIENTS):
            self._platforms = None

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
        """Use another environment from now on: settings, keys and clients are made anew.

        Raises `SettingsError` if it holds a value that cannot be used; nothing has changed then.
        """
        wanted = dict(environ)
        with self._guard:
            self._settings = self._without_variables = Settings.load(environ=wanted)
            self._file_seen = _file_seen(self._settings.config_file)
            self._environ = wanted
            self._with_variables = False
            self._work_lists.clear()
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
            "clock": now,
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
        if cached is not None and not fresh and now() - cached[1] < FACTS_AGE:
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

    def _facts_key(self, name: PlatformName) -> str:
        """Cached facts belong to a mode, a host and a sign-in; the token itself is not stored."""
        keys, host, token = self.credentials, self.settings.flickr.url, ""
        if name == "flickr" and keys.flickr:
            token = keys.flickr.token.reveal()
        if name == "pixelfed" and keys.pixelfed:
            host, token = keys.pixelfed.url, keys.pixelfed.token.reveal()
        mark = hashlib.sha256(token.encode()).hexdigest()[:12]
        return f"account:{self.mode}:{name}:{host}:{mark}"

    def _keep_facts(self, facts: AccountFacts) -> None:
        self.journal.set_fact(self._facts_key(facts.platform), facts)

    def known_account(self, name: PlatformName) -> AccountFacts | None:
        """What was last read of an account, however old; asks nobody."""
        cached = self.journal.fact(self._facts_key(name))
        return from_plain(AccountFacts, cached[0]) if cached is not None else None

    def account_key(self, name: PlatformName) -> str:
        """What tells apart caches of different modes, hosts and sign-ins; holds no secret."""
        return self._facts_key(name)

    # -- time

    def _sleep(self, seconds: float) -> None:
        """A wait that ends at once, with `Stopped`, when the person asks to stop."""
        if self.stop.wait(seconds):
            raise Stopped("Stopped while waiting.")

    def today(self) -> date:
        """The local date for `posted`, in the zone of the settings (else the system's)."""
        zone = self.settings.text.zone
        return datetime.now(UTC).astimezone(ZoneInfo(zone) if zone else None).date()


def _keep_apart(settings: Settings) -> None:
    """Demo and live never share a data folder: a practice world marks its own."""
    if settings.mode == "live" and (settings.home / PRACTICE_MARK).exists():
        raise SettingsError(
            f"{settings.home} is the data folder of a practice world; it cannot be used live.",
            hint="Unset SOCIALS_HOME, or set it to a folder of your own.",
            code="other_mode",
        )


def _file_seen(path: Path) -> tuple[int, int]:
    """Time and size of the settings file, zeros if there is none."""
    try:
        seen = path.stat()
    except OSError:
        return 0, 0
    return seen.st_mtime_ns, seen.st_size


def _refuse_others(before: Settings, found: Settings, names: Mapping[tuple[str, str], str]) -> None:
    """Raise if one of these settings is another than the session has worked with so far.

    A Pixelfed server where there was none is the end of setting up, and mixes nothing up.
    """
    for (section, key), words in names.items():
        was, is_now = (getattr(getattr(one, section), key) for one in (before, found))
        if was != is_now and (was or section != "pixelfed"):
            raise SettingsError(
                f"{words} is not the one of before: [{section}] {key} has changed.",
                hint="Restart the kernel (Kernel > Restart), or start the program again, so that"
                " nothing is mixed up.",
                code="settings_changed",
            )


def now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
