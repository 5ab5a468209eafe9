"""One act: write it down, send it, repeat what may be repeated, look where it may not."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from socials_lib.errors import (
    NotOnPlatform,
    NotYours,
    PlatformError,
    RateLimited,
    Refused,
    SignedOut,
    Stopped,
    Unreachable,
)
from socials_lib.journal import Journal, StoredAct
from socials_lib.models import Act, Answer
from socials_lib.platforms.base import Platform, Progress

log = logging.getLogger(__name__)

#: Waits after HTTP 429 without `Retry-After`: 60 s, doubled up to 15 minutes.
PAUSE, LONGEST_PAUSE = 60.0, 900.0
#: So often an act is sent at most, however its sends end.
MOST_SENDS = 6


class UnclearEnd(PlatformError):
    """Nobody can say whether the act happened: looking failed, or found several candidates.

    `lost` is the error if there was no line to look over: the next photo would end as unclear.
    """

    code = "unclear_act"
    lost: Unreachable | None = None


class Breaker(PlatformError):
    """Three abuse-like answers in a row: the run stops to protect the account."""

    code = "breaker"


class BreakerCount:
    """Counts abuse-like answers (403, 451, code 116, HTML for an API answer) in a row.

    One count for all workers and platforms of a run.
    """

    def __init__(self, *, most: int = 3) -> None:
        self._most = most
        self._count = 0
        self._guard = threading.Lock()

    def good(self) -> None:
        """An ordinary answer."""
        with self._guard:
            self._count = 0

    def bad(self, error: PlatformError) -> None:
        """An error; raises `Breaker` with the third abuse-like one in a row."""
        if not error.abuse_like:
            return
        with self._guard:
            self._count += 1
            count = self._count
        if count >= self._most:
            raise Breaker(
                f"{self._most} refusals in a row. Stopped to protect your account.",
                hint="Read the details, wait an hour, then resume.",
                details=f"{error} {error.details}",
            ) from error


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long to wait and how often to try; seconds."""

    look_waits: tuple[float, ...] = (10.0, 30.0, 120.0)
    first_wait: float = 1.0
    attempts: int = 5


class Performer:
    """Carries out acts of one platform.

    `sleep` may raise `Stopped`; `patient_sleep` never does and is used where stopping would leave
    an act unclear.  `on_wait` hears of every longer pause.
    """

    def __init__(
        self,
        platform: Platform,
        journal: Journal,
        *,
        patience: Patience,
        sleep: Callable[[float], None],
        patient_sleep: Callable[[float], None],
        breaker: BreakerCount | None = None,
        on_wait: Callable[[float, str], None] = lambda seconds, why: None,
    ) -> None:
        self.platform = platform
        self.journal = journal
        self._patience = patience
        self._sleep = sleep
        self._patient_sleep = patient_sleep
        self._breaker = breaker or BreakerCount()
        self._on_wait = on_wait

    def perform(
        self,
        stored: StoredAct,
        act: Act,
        *,
        notes: list[str],
        progress: Progress | None = None,
    ) -> Answer:
        """The answer of the act, sent at most as often as the repeat matrix allows.

        `notes` takes a line for every repeat and every photo that was found instead.

        Raises `UnclearEnd`, `Breaker`, `Stopped`, or the platform's definite error.  The journal
        holds the act as sent before each send, and the answer before this returns; it says
        `planned` again as soon as it is certain that nothing happened.
        """
        if stored.state in ("sent", "unknown") and not act.repeatable:
            found = self._settle(stored, stored.act, notes)  # with the copy that was sent then
            if found is not None:
                return self._answered(stored, found)
            self._absent(stored)
        first = stored.first_sent or datetime.now(UTC)
        for attempt in range(MOST_SENDS):
            came = self._try(stored, replace(act, sent_at=first), attempt, notes, progress)
            if isinstance(came, Answer):
                return self._answered(stored, came)
            error = came
        self.journal.set_act(stored.ident, "planned", message="gave up for now")
        if isinstance(error, RateLimited):
            raise error
        raise Unreachable(
            f"{_service(self.platform)} did not take this in {MOST_SENDS} tries; at last: {error}",
            hint="Try again later; nothing is sent twice.",
            details=f"{error} {error.details}",
            status=error.status,
            service_code=error.service_code or "gave up",
            transient=True,
        ) from error

    def _try(
        self,
        stored: StoredAct,
        act: Act,
        attempt: int,
        notes: list[str],
        progress: Progress | None,
    ) -> Answer | PlatformError:
        """Send once; an error: nothing has happened, and it may be sent again."""
        self.journal.sent(stored.ident, act)
        try:
            return self.platform.send(act, progress)
        except Stopped as stopped:
            if not stopped.unclear:  # it waited for its turn: no request has left
                self.journal.set_act(stored.ident, "planned", message=str(stopped))
            raise
        except PlatformError as error:
            if not isinstance(error, RateLimited) or error.unclear:
                return self._after(error, stored, act, attempt, notes) or error
            self.journal.set_act(stored.ident, "planned", message=str(error))
            if attempt + 1 < MOST_SENDS:
                notes.append(f"{act.kind}: asked to slow down, repeated")
                self._pause(attempt, error)
            return error

    def settle(self, stored: StoredAct, *, notes: list[str]) -> Answer | None:
        """Look for an act of an earlier process; its answer, None if it surely never happened.

        Raises `UnclearEnd` if nobody can say.  A found answer is in the journal when this returns.
        """
        found = self._settle(stored, stored.act, notes)
        return None if found is None else self._answered(stored, found)

    def _answered(self, stored: StoredAct, answer: Answer) -> Answer:
        self._breaker.good()
        self.journal.answered(stored.ident, answer)
        return answer

    def _after(
        self, error: PlatformError, stored: StoredAct, act: Act, attempt: int, notes: list[str]
    ) -> Answer | None:
        """After an error of a send: the answer if it happened, None to send again, else raises."""
        if not error.unclear or isinstance(error, (Refused, SignedOut, NotOnPlatform)):
            self._definite(error, stored, act, attempt, notes)
            return None
        self._breaker.bad(error)
        log.info("%s ended unclear: %s", act.key, error)
        if not act.repeatable:
            found = self._settle(stored, act, notes)
            if found is None:
                self._absent(stored)
                notes.append(f"{act.kind}: absent, sent again")
            return found
        if attempt + 1 >= self._patience.attempts:
            return self._last_look(error, stored, act)
        notes.append(f"{act.kind}: unclear, repeated")
        self._wait(attempt, str(error))
        return None

    def _definite(
        self, error: PlatformError, stored: StoredAct, act: Act, attempt: int, notes: list[str]
    ) -> None:
        """Nothing happened: wait and send again if it is transient, else the act has failed."""
        state = "planned" if isinstance(error, SignedOut) or error.transient else "failed"
        self.journal.set_act(stored.ident, state, message=str(error))
        self._breaker.bad(error)
        if not error.transient or attempt + 1 >= self._patience.attempts:
            raise error
        notes.append(f"{act.kind}: refused for the moment, repeated")
        self._wait(attempt, str(error))

    def _absent(self, stored: StoredAct) -> None:
        """Surely absent: written down, and the last chance to stop before it is sent again."""
        self.journal.set_act(stored.ident, "planned", message="surely absent")
        self._sleep(0.0)

    def _settle(self, stored: StoredAct, act: Act, notes: list[str]) -> Answer | None:
        """Look until it is found, or surely absent; raises `UnclearEnd` if neither."""
        sent = replace(act, sent_at=stored.first_sent or act.sent_at or datetime.now(UTC))
        taken = self.journal.ids_beside(stored.ident)
        trouble: PlatformError | None = None
        for wait in (*self._patience.look_waits, None):
            trouble = None
            try:
                found = self.platform.look(sent, taken=taken)
            except (Refused, SignedOut) as error:  # asking again would not help
                raise self._unclear(stored, error) from error
            except PlatformError as error:
                trouble = error
            else:
                if found is not None:
                    notes.append(f"{act.kind}: found online, not sent again")
                    return found
            if wait is not None:
                self._on_wait(wait, "looking whether it arrived")
                self._patient_sleep(wait)
        if trouble is not None:
            raise self._unclear(stored, trouble) from trouble
        return None

    def _last_look(self, error: PlatformError, stored: StoredAct, act: Act) -> Answer | None:
        """All repeats of a repeatable act used up: is it done after all?"""
        try:
            found = self.platform.look(act)
        except (NotOnPlatform, NotYours):
            self.journal.set_act(stored.ident, "failed", message="the photo is not there")
            raise
        except PlatformError:
            if act.main:
                raise self._unclear(stored, error) from error
            found = None
        if found is None:
            self.journal.set_act(stored.ident, "planned", message=str(error))
            raise error
        return found

    def _unclear(self, stored: StoredAct, error: PlatformError) -> UnclearEnd:
        service = _service(self.platform)
        message = f"{service} did not answer in time, and could not be asked since."
        if error.code == "several_candidates":
            message = f"{service} holds several photos that could be this one."
        self.journal.set_act(stored.ident, "unknown", message=message)
        made = UnclearEnd(
            message,
            hint="It is left alone until it is clear. Look again with `socials resume`.",
            details=f"{error} {error.details}",
        )
        made.lost = error if isinstance(error, Unreachable) and has_no_line(error) else None
        return made

    def _pause(self, attempt: int, error: RateLimited) -> None:
        seconds = error.retry_after
        if seconds is None:
            seconds = min(PAUSE * 2**attempt, LONGEST_PAUSE)
        self._on_wait(seconds, f"{_service(self.platform)} asks for a pause")
        self._sleep(seconds)

    def _wait(self, attempt: int, why: str) -> None:
        """Exponential with jitter, so that two kernels do not knock in step."""
        seconds = self._patience.first_wait * 2**attempt * random.uniform(0.75, 1.25)
        self._on_wait(seconds, why)
        self._sleep(min(seconds, 60.0))


def _service(platform: Platform) -> str:
    return platform.name.capitalize()


def has_no_line(error: Unreachable) -> bool:
    """True if nobody has answered at all, not even with an error."""
    return error.status is None and error.service_code is None
