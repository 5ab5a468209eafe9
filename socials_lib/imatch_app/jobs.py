"""What a worker was asked, how far it is, and that it is to stop: files in the data folder.

    imatch-app/job-<name>.json     how far it is; written by the worker, five times a second at most
    imatch-app/ask-<name>.json     what it was asked; written once, by the order
    imatch-app/stop-<name>         it is to stop; made by an order
    imatch-app/plan-<plan>.json    a plan as the page shows it, and the rows that are in scope
    imatch-app/saved-<plan>.json   that plan itself

A job whose process is gone without a last word is `died`; one that never got a process number is,
after a while.  No file holds a secret: words of errors are redacted before they are written.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from socials_lib.errors import SettingsError
from socials_lib.models import Action, PlatformName, from_plain, to_plain
from socials_lib.system import process_is_alive, write_whole

FOLDER = "imatch-app"
#: Seconds that a worker may take until it says its process number.
TO_START = 90.0
#: So many jobs and plans are kept.
KEPT = 10
_NAME = re.compile(r"[A-Za-z0-9-]{1,80}")
_TRIES = 5
#: Seconds that an order may need to look and to write down its job.
_CLAIM = 5.0

Kind = Literal["plan", "run", "resume"]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the worker is to do.

    `platforms` () means all that are set up; `ids` None: all pending photos; `only` are actions and
    `deletes` the typed count (None: no photo may go) of a run; `run` the run to go on with.
    """

    job: str
    kind: Kind
    platforms: tuple[PlatformName, ...] = ()
    ids: tuple[str, ...] | None = None
    scope: str = "all"
    plan: str = ""
    only: tuple[Action, ...] = ()
    deletes: int | None = None
    run: str = ""


@dataclass(frozen=True, kw_only=True)
class Job:
    """How far a job is.

    `state`: `starting`, `working`, then `done`, `refused` (another run, a guard, a missing consent)
    or `failed`; `died` if its process ended without a word.  `pid` 0 until the worker runs.
    `done` of `total` photos are read while a plan is built.  `plan` and `run` name the results,
    `report` is the path of the run's page; `code`, `message`, `hint` say why it did not work out.
    """

    job: str
    kind: Kind
    state: str
    asked: datetime
    updated: datetime
    pid: int = 0
    done: int = 0
    total: int = 0
    plan: str = ""
    run: str = ""
    report: str = ""
    result: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    message: str = ""
    hint: str = ""

    @property
    def is_going(self) -> bool:
        """True while a worker is at it."""
        return self.state in ("starting", "working")


class Jobs:
    """The jobs of a data folder."""

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER

    # -- an order makes a job

    @contextlib.contextmanager
    def claim(self) -> Iterator[None]:
        """Only one order at a time looks whether a worker is at it, and then makes a job.

        A claim that an order left behind when it was killed counts for a few seconds only.
        """
        path = self.folder / "claim"
        end = time.monotonic() + 2 * _CLAIM
        while not self._claimed(path) and time.monotonic() < end:
            time.sleep(0.05)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def _claimed(self, path: Path) -> bool:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path.open("x").close()
        except FileExistsError:
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > _CLAIM:
                    path.unlink()
            return False
        except OSError:
            return True  # what cannot be written is told when the job is
        return True

    def create(self, asked: Asked) -> Job:
        """Write down what is asked; raises `SettingsError` if the data folder is read-only."""
        now = _now()
        job = Job(job=asked.job, kind=asked.kind, state="starting", asked=now, updated=now)
        try:
            self._write(f"ask-{asked.job}.json", to_plain(asked))
            self._write(f"job-{asked.job}.json", to_plain(job))
        except OSError as error:
            raise SettingsError(
                f"{self.folder} cannot be written: {error.strerror or error}.",
                hint="Check free space and write permission of the data folder.",
                code="file",
            ) from error
        self._sweep()
        return job

    def going(self) -> Job | None:
        """The job that a worker is at, if any."""
        return next((one for one in self._all() if one.is_going), None)

    def newest(self) -> Job | None:
        """The newest job; the one that is going before all others."""
        return self.going() or next(iter(self._all()), None)

    def get(self, name: str) -> Job | None:
        """A job by its name."""
        return self._read(self.folder / f"job-{name}.json") if _NAME.fullmatch(name) else None

    def ask_to_stop(self, name: str) -> None:
        """Ask the worker of a job to end after its photo."""
        with contextlib.suppress(OSError):
            (self.folder / f"stop-{name}").touch()

    # -- the worker reads and writes

    def asked(self, name: str) -> Asked:
        """What a job is to do; raises `SettingsError` if that is not known."""
        try:
            text = (self.folder / f"ask-{name}.json").read_text(encoding="utf-8")
            return from_plain(Asked, json.loads(text))
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"There is no job {name[:80]}.", hint="Press the button once more.", code="no_job"
            ) from error

    def is_to_stop(self, name: str) -> bool:
        """True if somebody asked this job to stop."""
        return (self.folder / f"stop-{name}").exists()

    def put(self, job: Job) -> Job:
        """Write how far a job is; while a reader holds the file (Windows) a few tries are made."""
        job = replace(job, updated=_now())
        for number in range(_TRIES):
            with contextlib.suppress(OSError):
                self._write(f"job-{job.job}.json", to_plain(job))
                break
            time.sleep(0.02 * number)
        return job

    def ended(self, job: Job, message: str) -> Job:
        """A job that never began."""
        return self.put(replace(job, state="failed", code="not_started", message=message))

    # -- plans

    def put_plan(self, plan: str, document: Mapping[str, Any]) -> None:
        """Keep what the page shows of a plan; raises `OSError`."""
        self._write(f"plan-{plan}.json", document)

    def plan(self, plan: str) -> dict[str, Any] | None:
        """What the page shows of a plan, None if it is not there any more."""
        if not _NAME.fullmatch(plan):
            return None
        with contextlib.suppress(OSError, ValueError):
            found = json.loads((self.folder / f"plan-{plan}.json").read_text(encoding="utf-8"))
            return found if isinstance(found, dict) else None
        return None

    def plan_file(self, plan: str) -> Path:
        """Where the plan itself is kept."""
        return self.folder / f"saved-{plan}.json"

    # -- files

    def _all(self) -> list[Job]:
        """All jobs, newest first."""
        found = [self._read(path) for path in self.folder.glob("job-*.json")]
        known = [one for one in found if one is not None]
        return sorted(known, key=lambda one: one.asked, reverse=True)

    def _read(self, path: Path) -> Job | None:
        try:
            job = from_plain(Job, json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return None
        return replace(job, state="died") if job.is_going and not _lives(job) else job

    def _write(self, name: str, value: Any) -> None:
        write_whole(self.folder / name, json.dumps(value).encode("ascii"))

    def _sweep(self) -> None:
        """Old jobs and plans go; those that are going stay."""
        for job in [one for one in self._all()[KEPT:] if not one.is_going]:
            for name in (f"job-{job.job}.json", f"ask-{job.job}.json", f"stop-{job.job}"):
                with contextlib.suppress(OSError):
                    (self.folder / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            plans = sorted(self.folder.glob("plan-*.json"), key=os.path.getmtime, reverse=True)
            for path in plans[KEPT:]:
                path.unlink(missing_ok=True)
                self.plan_file(path.stem.removeprefix("plan-")).unlink(missing_ok=True)


def new_name() -> str:
    """A name for a job."""
    return f"{_now():%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def _lives(job: Job) -> bool:
    if job.pid:
        return process_is_alive(job.pid)
    return (_now() - job.asked).total_seconds() < TO_START


def _now() -> datetime:
    return datetime.now(UTC)
