"""The workbench itself: opening, signing in, the doctor."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from socials_lib import logs
from socials_lib.errors import SignedOut
from socials_lib.journal import Journal
from socials_lib.models import Check
from socials_lib.workbench import checkup, upkeep
from socials_lib.workbench.audits import Audits

if TYPE_CHECKING:
    from socials_lib.doctor import Bundle


class Workbench(Audits):
    """Everything that a notebook, the command line and the IMatch app work with."""

    @classmethod
    def open(cls, *, environ: Mapping[str, str] | None = None) -> Self:
        """A workbench by the environment (`SOCIALS_MODE`, `SOCIALS_HOME`, …); asks nobody yet.

        Raises `SettingsError` if a setting is wrong.
        """
        made = cls(environ=os.environ if environ is None else environ)
        logs.set_up(made.home, redact=made.redact)
        return made

    # -- signing in

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
