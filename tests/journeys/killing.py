"""Kill a run at one write of its journal, recover, and compare with a run that nobody killed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobs import JOBS, Job, Ready, difference, ready, state
from killed_child import watched

CHILD = Path(__file__).with_name("killed_child.py")


@dataclass(frozen=True, kw_only=True)
class Point:
    """The `at`-th write of the journal in a job, counted from 1, before it or after it.

    `again` is the write of the resuming process at which it is killed as well (0: it is not).
    """

    job: str
    label: str
    at: int
    when: str
    again: int = 0

    def __str__(self) -> str:
        more = f", then at write {self.again} of the resume" if self.again else ""
        return f"{self.job}: {self.when} write {self.at} ({self.label}){more}"


class Child:
    """A warm process that waits for its order; `run` gives it one and kills it at the point."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def run(self, made: Ready, *, at: int, when: str, plan: bool = True) -> str:
        """The label where it was killed (SIGKILL, TerminateProcess), "" if it came to its end."""
        order = {
            "environ": made.rig.environ,
            "plan": str(made.plan_file) if plan else "",
            "consent": made.consent,
            "at": at,
            "when": when,
        }
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline().strip()
        self._process.kill()
        _, errors = self._process.communicate()
        if not said:
            raise AssertionError(f"the child died by itself: {errors[-2000:]}")
        return said.removeprefix("here ") if said.startswith("here ") else ""

    def close(self) -> None:
        """End a child that got no order."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


@contextmanager
def job_in(job: Job, **environ: str) -> Iterator[Ready]:
    """A job in a world of its own that goes away afterwards."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        made = ready(job, Path(folder), **environ)
        try:
            yield made
        finally:
            made.rig.stop()


@dataclass(frozen=True, kw_only=True)
class Unbroken:
    """What a job leaves behind when nothing happens, and the writes on the way."""

    state: dict[str, Any]
    labels: tuple[str, ...]


def unbroken(job: Job) -> Unbroken:
    """Run a job to its end, noting every write."""
    labels: list[str] = []
    with job_in(job) as made:
        undo = watched(lambda label, when: labels.append(label) if when == "before" else None)
        try:
            made.apply()
        finally:
            undo()
        made.rig.anew().sync(job.platform)  # type: ignore[arg-type]
        return Unbroken(state=state(made.rig), labels=tuple(labels))


def points(job: Job, known: Unbroken) -> list[Point]:
    """Both sides of every write."""
    return [
        Point(job=job.name, label=label, at=at, when=when)
        for at, label in enumerate(known.labels, start=1)
        for when in ("before", "after")
    ]


def violations(
    point: Point, known: Unbroken, child: Child, second: Child | None = None
) -> list[str]:
    """What is wrong after a kill at this point and the recovery; nothing if all is well."""
    job = next(one for one in JOBS if one.name == point.job)
    with job_in(job) as made:
        label = child.run(made, at=point.at, when=point.when)
        found = [] if label == point.label else [f"killed at “{label}” instead"]
        if second is not None:
            second.run(made, at=point.again, when=point.when, plan=not made.rig.wb.history())
        made.recover()
        found += difference(known.state, state(made.rig))
        again = made.rig.sync(job.platform)  # type: ignore[arg-type]
        if again.outcomes:
            found.append(f"a further run still did {[one.message for one in again.outcomes]}")
        return found
