"""What keeps a run from going on, and which rows it keeps from starting."""

from __future__ import annotations

import threading

from socials_lib.errors import SocialsError
from socials_lib.models import Outcome, PlanRow, PlatformName
from socials_lib.sync.outcome import outcome
from socials_lib.sync.rows import is_trouble

#: Code of rows that were held back because the run had trouble.
RUN_STOPPED = "run_stopped"
_RESUME = "Go on with `socials resume`."


class Trouble:
    """Trouble of one platform or of all; shared by the workers of a run."""

    def __init__(self) -> None:
        self.whole: SocialsError | None = None
        self.unclear = False
        self._platforms: dict[PlatformName, SocialsError] = {}
        self._full: set[PlatformName] = set()
        self._held = False
        self._guard = threading.RLock()

    def take(self, error: SocialsError, platform: PlatformName) -> None:
        """An error that concerns more than its photo; the first one counts."""
        with self._guard:
            if is_trouble(error):
                self.whole = self.whole or error
            else:
                self._platforms.setdefault(platform, error)

    def note(self, how: Outcome) -> None:
        """An outcome may be trouble as well."""
        with self._guard:
            self.unclear = self.unclear or how.state == "unknown"
            self._held = self._held or how.code == RUN_STOPPED
            if how.code == "account_full" and how.state == "failed":
                self._full.add(how.platform)

    def of(self, row: PlanRow) -> SocialsError | None:
        """Why this row cannot be done now."""
        with self._guard:
            return self.whole or self._platforms.get(row.platform)

    @property
    def first(self) -> SocialsError | None:
        """The error that the run is closed with."""
        with self._guard:
            return self.whole or next(iter(self._platforms.values()), None) or self._held_back()

    def _held_back(self) -> SocialsError | None:
        """Deletes that were approved wait for an unclear end to become clear."""
        if not self._held:
            return None
        return SocialsError(
            "Nobody can say yet how one act ended, so the deletes were not started.",
            hint=_RESUME,
            code="unclear_act",
        )

    def not_now(self, row: PlanRow, *, stopped: bool) -> Outcome | None:
        """Why this row is not begun: stop, trouble, full account, or deletes after trouble."""
        trouble = self.of(row)
        if stopped:
            code, why, hint = "stopped", "the run was stopped", _RESUME
        elif trouble is not None:
            code, why, hint = trouble.code, str(trouble), trouble.hint
        elif row.action == "add" and row.platform in self._full:
            code, why = "account_full", f"the {row.platform.capitalize()} account is full"
            hint = "Updates and deletes still work."
        elif row.action in ("delete", "repost") and self._any:
            code, why = RUN_STOPPED, "the run had trouble, so no delete was started"
            hint = "Go on with `socials resume` when the trouble is over."
        else:
            return None
        message = f"“{row.title}” was not started: {why}"
        return outcome(row, "untouched", code=code, message=message, hint=hint)

    @property
    def _any(self) -> bool:
        with self._guard:
            return bool(self.whole or self._platforms or self.unclear)
