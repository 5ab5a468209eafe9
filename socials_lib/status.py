"""The run that is under way, for other processes: `status.json` and `stop-request.json`.

The process that carries out keeps `status.json` in the data folder up to date; a notebook, the
command line and the page inside IMatch read it.  Whoever wants the run to end writes
`stop-request.json`; the process that carries out looks for it at each event, and during waits.

Decisions 2026-11-22
    - A thread beats every fifth of a second while a run goes on: events come in bursts, and the
      last one before a pause of 15 minutes must not be the one that was left out.
    - A request names run and process and has a time.  One that comes too late, or was left behind
      by a process that died, stops nobody else.
    - A request from elsewhere ends the run after the photo in work, as Stop in the notebook does:
      no photo is half done.  Nothing is waited for while the run itself waits; Ctrl-C does not come
      this way and ends after the act in flight.
    - Nothing here can break a run: a disk without room costs the picture of the run, not the run.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from socials_lib.errors import SocialsError
from socials_lib.models import Event, PlatformName, from_plain, to_plain
from socials_lib.system import process_is_alive, write_whole

STATUS_FILE = "status.json"
STOP_FILE = "stop-request.json"
#: Seconds: the file is written at most five times a second.
PERIOD = 0.2
#: States of a run that is under way.
GOING = ("running", "waiting", "stopping")
#: Outcomes that are counted as failed: a person has to look at them.
_FAILED = ("failed", "unknown", "blocked", "stale")
_MOST_LETTERS = 300
#: On Windows a reader may hold the file for a moment.
_LAST_TRIES = 5

Listener = Callable[[Event], None]


@dataclass(frozen=True, kw_only=True)
class Status:
    """How far a run is.

    `state`: `running`, `waiting` (until `until`, because of `message`), `stopping`, then as the
    journal has it `done`, `stopped`, `halted`, `broken`.  `failed` counts the rows of `done` that a
    person has to look at; `title` and the bytes are about the photo in work.
    """

    run: str
    state: str
    pid: int
    started: datetime
    updated: datetime
    origin: str = ""
    done: int = 0
    total: int = 0
    failed: int = 0
    platform: PlatformName | None = None
    file_id: str = ""
    title: str = ""
    step: str = ""
    bytes_sent: int = 0
    bytes_total: int = 0
    until: datetime | None = None
    message: str = ""

    @property
    def is_going(self) -> bool:
        """True while the run is under way."""
        return self.state in GOING


def read_status(home: Path) -> Status | None:
    """The newest run's status, None if there is none; `broken` if its process died on the way."""
    try:
        found = from_plain(Status, json.loads((home / STATUS_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
    if found.is_going and not process_is_alive(found.pid):
        return replace(found, state="broken")
    return found


def request_stop(home: Path, run: str, *, pid: int = 0) -> bool:
    """Ask the process that carries out `run` to stop after its photo.

    `pid` names the process while the run has no name yet.  False if the request cannot be written,
    or names nothing.
    """
    if not run and not pid:
        return False
    asked = {"run": run, "pid": pid, "asked": _now().isoformat()}
    with contextlib.suppress(OSError):
        write_whole(home / STOP_FILE, json.dumps(asked).encode("ascii"))
        return True
    return False


@contextlib.contextmanager
def watched(
    listen: Listener, *, home: Path, stop: threading.Event, origin: str = ""
) -> Iterator[Listener]:
    """A listener for a run that keeps `status.json`, sets `stop` on request, and tells `listen`.

    Nothing is written before the first event: a run that may not begin leaves no trace.
    """
    keeper = Keeper(home, stop=stop, origin=origin)

    def heard(event: Event) -> None:
        keeper.hear(event)
        listen(event)

    try:
        yield heard
    except BaseException as error:
        keeper.end("broken", str(error) if isinstance(error, SocialsError) else "")
        raise
    finally:
        keeper.end("done")


class Keeper:
    """Keeps the two files of one run; `hear` takes its events, `end` says how it ended.

    `clock` counts seconds; `beats` False leaves the thread out, and somebody else calls `beat`.
    """

    def __init__(
        self,
        home: Path,
        *,
        stop: threading.Event,
        origin: str = "",
        clock: Callable[[], float] = time.monotonic,
        beats: bool = True,
    ) -> None:
        self._home = home
        self._stop = stop
        self._origin = origin
        self._clock = clock
        self._beats = beats
        self._since = _now()
        self._status: Status | None = None
        self._written = float("-inf")
        self._is_new = False
        self._is_asked = False
        self._at_hand = False
        self._over = threading.Event()
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None

    def hear(self, event: Event) -> None:
        """Take an event in, and write it if the last writing is long enough ago."""
        self._look()  # what was asked before this event is asked between two photos, maybe
        with self._guard:
            self._status = self._after(event)
            self._at_hand = _is_in_work(event)
            self._is_new = True
        self.beat()
        if self._beats and self._thread is None:
            self._thread = threading.Thread(target=self._run, name="socials-status", daemon=True)
            self._thread.start()

    def beat(self) -> None:
        """Look for a request to stop, and write what is new, at most once a period.

        The end of a run does not wait: after it the run lock is free, and a status that still says
        `running` would look like a process that died.
        """
        self._look()
        with self._guard:
            is_over = self._status is not None and not self._status.is_going
            if self._is_new and (is_over or self._clock() - self._written >= PERIOD):
                self._write()

    def end(self, state: str, message: str = "") -> None:
        """The run is over; `state` counts only if its events have not said how it ended."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(timeout=2)
        with self._guard:
            if self._status is None:
                return
            if self._status.is_going:
                words = message[:_MOST_LETTERS]
                self._status = replace(self._status, state=state, message=words, until=None)
                self._is_new = True
            for _ in range(_LAST_TRIES):
                if not self._is_new or self._write():
                    break
                time.sleep(PERIOD / 10)
        self._sweep()

    def _run(self) -> None:
        while not self._over.wait(PERIOD):
            self.beat()

    # -- the status

    def _after(self, event: Event) -> Status:
        """The status after an event; an ended run that goes on (`resume`) starts anew."""
        known = self._status
        if known is None or known.run != event.run:
            failed, started = 0, event.at
        else:
            failed, started = known.failed, known.started
        if event.outcome is not None and event.outcome.state in _FAILED:
            failed += 1
        return Status(
            run=event.run,
            state=self._state(event),
            pid=os.getpid(),
            started=started,
            updated=event.at,
            origin=self._origin,
            done=event.done,
            total=event.total,
            failed=failed,
            platform=event.platform,
            file_id=event.file_id,
            title=event.title[:_MOST_LETTERS],
            step=event.step,
            bytes_sent=event.bytes_sent,
            bytes_total=event.bytes_total,
            until=event.until,
            message=event.message[:_MOST_LETTERS],
        )

    def _state(self, event: Event) -> str:
        if event.step == "run" and event.state != "started":
            return event.state
        if self._stop.is_set() or self._is_asked:
            return "stopping"
        return "waiting" if event.step == "wait" else "running"

    def _write(self) -> bool:
        """Write now; what could not be written stays new and is tried with the next beat."""
        self._written = self._clock()
        document = json.dumps(to_plain(self._status), indent=1)
        try:
            write_whole(self._home / STATUS_FILE, document.encode("ascii"))
        except OSError:
            return False
        self._is_new = False
        return True

    # -- requests

    def _look(self) -> None:
        if not self._is_asked and not self._stop.is_set() and self._has_request():
            self._is_asked = True
            self._sweep()
        if self._is_asked and not self._at_hand:
            self._stop.set()
        if self._is_asked or self._stop.is_set():
            self._show_stopping()

    def _show_stopping(self) -> None:
        with self._guard:
            known = self._status
            if known is not None and known.is_going and known.state != "stopping":
                self._status = replace(known, state="stopping")
                self._is_new = True

    def _has_request(self) -> bool:
        """True if a request names this process and run, and was made since we listen."""
        path = self._home / STOP_FILE
        if not path.exists():
            return False
        try:
            asked = json.loads(path.read_text(encoding="utf-8"))
            run, pid = str(asked["run"]), int(asked["pid"])
            when = datetime.fromisoformat(str(asked["asked"]))
            if when < self._since:
                return False
        except (OSError, ValueError, TypeError, LookupError):
            return False
        mine = self._status.run if self._status else ""
        return pid in (0, os.getpid()) and run in ("", mine) and bool(run or pid)

    def _sweep(self) -> None:
        """Take a request away that was meant for us, so that it stops nothing later."""
        with contextlib.suppress(OSError):
            if self._has_request():
                (self._home / STOP_FILE).unlink(missing_ok=True)


def _is_in_work(event: Event) -> bool:
    """True from the first event of a photo until the one that tells its outcome, but for waits."""
    return bool(event.file_id) and event.outcome is None and event.step not in ("run", "wait")


def _now() -> datetime:
    return datetime.now(UTC)
