"""What each command does."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from socials_lib import doctor as clinic
from socials_lib import plan as planning
from socials_lib.cli import words
from socials_lib.errors import NotApproved
from socials_lib.models import Event, Plan, Run
from socials_lib.sync import Approvals, choose, exit_code, run_to_json, summary
from socials_lib.sync.approval import parse_only
from socials_lib.workbench import Workbench


@dataclass(kw_only=True)
class Console:
    """Where a command speaks: documents or text to standard output, progress to standard error.

    `redact` takes the secrets of the open workbench out of error texts.
    """

    as_json: bool = False
    quiet: bool = False
    redact: Callable[[str], str] = lambda text: text

    def open(self) -> Workbench:
        """The workbench of this command."""
        wb = Workbench.open()
        self.redact = wb.redact
        return wb

    def say(self, text: str, document: Any) -> None:
        """The result, as text or as JSON."""
        out = json.dumps(document, ensure_ascii=False) if self.as_json else text
        sys.stdout.write(out.rstrip("\n") + "\n")
        sys.stdout.flush()

    def progress(self, text: str) -> None:
        """A line of progress."""
        if not self.quiet:
            sys.stderr.write(text + "\n")
            sys.stderr.flush()


def run_lab(options: argparse.Namespace, console: Console) -> int:
    """Start JupyterLab; `--demo` with the rehearsal world as its child."""
    from socials_lib.cli.lab import start_lab

    return start_lab(
        demo=options.demo or options.photos is not None,
        port=options.port,
        browser=not options.no_browser,
        photos=options.photos,
        say=console.progress,
    )


def run_world(options: argparse.Namespace, console: Console) -> int:
    """Start the rehearsal world and wait until stopped."""
    from socials_lib.demo.world import serve

    return serve(port=options.port, photos=options.photos, as_json=options.json, out=sys.stdout)


def run_doctor(options: argparse.Namespace, console: Console) -> int:
    """Check everything."""
    checks = console.open().doctor()
    console.say(words.doctor(checks), clinic.to_json(checks))
    return 0 if clinic.is_healthy(checks) else 5


def run_plan(options: argparse.Namespace, console: Console) -> int:
    """Build and show a plan."""
    wb = console.open()
    plan = wb.plan(platforms=options.platforms)
    if options.out is not None:
        wb.save_plan(plan, options.out)
    return _show_plan(plan, console)


def run_apply(options: argparse.Namespace, console: Console) -> int:
    """Carry out a saved plan."""
    wb = console.open()
    return _carry_out(wb, wb.read_plan(options.file), options, console)


def run_sync(options: argparse.Namespace, console: Console) -> int:
    """Plan and apply in one."""
    wb = console.open()
    plan = wb.plan(platforms=options.platforms)
    if options.dry_run:
        return _show_plan(plan, console)
    return _carry_out(wb, plan, options, console)


def run_resume(options: argparse.Namespace, console: Console) -> int:
    """Go on with what was left."""
    wb = console.open()
    with _stoppable(wb):
        run = wb.resume(options.run, listen=_listener(console), origin="command line")
    if run is None:
        console.say("Nothing is open.", {"run": None, "summary": {}, "outcomes": []})
        return 0
    return _show_run(run, console)


def run_history(options: argparse.Namespace, console: Console) -> int:
    """Runs and their results, newest first."""
    runs = console.open().history(limit=options.most)
    document = {
        "runs": [
            {
                "run": one.run,
                "started": one.started.isoformat(),
                "ended": one.ended.isoformat() if one.ended else None,
                "state": one.state,
                "mode": one.mode,
                "origin": one.origin or None,
                "message": one.message or None,
                "summary": summary(one.outcomes),
            }
            for one in runs
        ]
    }
    console.say(words.history(runs), document)
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace, Console], int]] = {
    "lab": run_lab,
    "world": run_world,
    "doctor": run_doctor,
    "plan": run_plan,
    "apply": run_apply,
    "sync": run_sync,
    "resume": run_resume,
    "history": run_history,
}


def _show_plan(plan: Plan, console: Console) -> int:
    console.say(words.plan(plan), planning.to_json(plan))
    return 2 if _has_work(plan) else 0


def _has_work(plan: Plan) -> bool:
    """True if the plan has rows to apply: blocked and suggested ones alone are none."""
    return any(not row.blocked and not row.suggested and row.action != "none" for row in plan.rows)


def _carry_out(wb: Workbench, plan: Plan, options: argparse.Namespace, console: Console) -> int:
    approve = tuple(
        one.strip() for some in options.approve for one in some.split(",") if one.strip()
    )
    approvals = Approvals(
        deletes=options.approve_deletes, ids=approve, only=parse_only(options.only)
    )
    if wb.is_dry_run:
        console.progress("IMatch says imatch_to_socials_testing = 1: this is a dry run.")
        return _show_plan(plan, console)
    _consent(plan, approvals, options, console)
    with _stoppable(wb):
        run = wb.apply(
            plan,
            approve_deletes=approvals.deletes,
            approve=approvals.ids,
            only=approvals.only,
            listen=_listener(console),
            origin="command line",
        )
    return _show_run(run, console)


def _consent(
    plan: Plan, approvals: Approvals, options: argparse.Namespace, console: Console
) -> None:
    """Ask on a terminal, refuse elsewhere; nothing to do needs no consent."""
    choice = choose(plan, approvals)
    if options.yes or not choice.todo:
        return
    if not (sys.stdin and sys.stdin.isatty()) or console.as_json:
        raise NotApproved(
            f"{words.photos(len(choice.todo))} would be changed, and nobody said yes.",
            hint="Look at `socials plan`, then say --yes.",
        )
    sys.stderr.write(words.plan(plan) + "\n")
    sys.stderr.write(f"Carry this out for {words.photos(len(choice.todo))}? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise NotApproved("Nothing was done.")


def _show_run(run: Run, console: Console) -> int:
    console.say(words.run(run), run_to_json(run))
    return exit_code(run)


def _listener(console: Console) -> Callable[[Event], None]:
    def listen(event: Event) -> None:
        line = words.event(event)
        if line:
            console.progress(line)

    return listen


@contextmanager
def _stoppable(wb: Workbench) -> Iterator[None]:
    """The first Ctrl-C (or polite end) stops after the act in flight, the second at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _frame: object) -> None:
        if wb.stop.is_set():
            raise KeyboardInterrupt
        wb.ask_to_stop()

    names = ("SIGINT", "SIGTERM", "SIGBREAK")
    signals = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {one: signal.signal(one, stop) for one in signals}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
