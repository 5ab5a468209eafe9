"""What each command does."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from socials_lib import doctor as clinic
from socials_lib import plan as planning
from socials_lib.cli import plan_words, run_words, scope, words
from socials_lib.cli.audit import run_audit
from socials_lib.cli.console import Console
from socials_lib.cli.imatch_app import run_imatch_app
from socials_lib.errors import NotApproved, SocialsError
from socials_lib.models import Plan, PlanRow, Run
from socials_lib.sync import Approvals, Choice, choose, exit_code, run_to_json, summary
from socials_lib.workbench import Workbench

_NOTHING: Mapping[str, Any] = {"run": None, "summary": {}, "outcomes": []}
_DRY = "IMatch says imatch_to_socials_testing = 1: this is a dry run, nothing is sent."


def run_lab(options: argparse.Namespace, console: Console) -> int:
    """Start JupyterLab; `--demo` with the rehearsal world as its child."""
    from socials_lib.cli.lab import start_lab

    return start_lab(
        demo=options.demo or options.photos is not None,
        port=options.port,
        browser=not options.no_browser,
        photos=options.photos,
        console=console,
    )


def run_world(options: argparse.Namespace, console: Console) -> int:
    """Start the rehearsal world and wait until stopped."""
    from socials_lib.cli.imatch_app import page_for_world
    from socials_lib.demo.world import serve

    if not options.json:
        console.progress("Building the practice world ...")
    with page_for_world(wanted=options.imatch_app) as page:
        return serve(
            port=options.port, photos=options.photos, as_json=options.json, out=sys.stdout, **page
        )


def run_doctor(options: argparse.Namespace, console: Console) -> int:
    """Check everything; `--bundle` writes what a bug report needs."""
    wb = console.open()
    checks = wb.doctor()
    document = clinic.to_json(checks)
    if options.bundle is not None:
        made = wb.bundle(options.bundle, checks)
        document |= {"bundle": {"file": str(made.path), "contents": list(made.names)}}
        console.say(f"{words.doctor(checks)}\n\n{words.bundle(made.path, made.names)}", document)
    else:
        console.say(words.doctor(checks), document)
    return 0 if clinic.is_healthy(checks) else 5


def run_plan(options: argparse.Namespace, console: Console) -> int:
    """Build and show a plan."""
    wb = console.open()
    approvals = Approvals(only=tuple(options.only), **_so_many(wb, options))
    with _nothing_done():
        plan = scope.shown(_planned(wb, options, console), approvals)
    if options.out is not None:
        wb.save_plan(plan, options.out)
    code = _show_plan(wb, plan, Approvals(), console)
    if options.out is not None:
        console.progress(f"Saved as {options.out}; `socials apply {options.out}` carries it out.")
    return code


def run_apply(options: argparse.Namespace, console: Console) -> int:
    """Carry out a saved plan."""
    wb = console.open()
    return _carry_out(wb, wb.read_plan(options.file), options, console)


def run_sync(options: argparse.Namespace, console: Console) -> int:
    """Plan and apply in one."""
    wb = console.open()
    with _nothing_done():
        plan = _planned(wb, options, console)
    if options.dry_run:
        return _dry_run(wb, plan, options, console)
    if not plan.rows and scope.is_given(options):
        console.say(console.dated("Nothing to do."), {**_NOTHING, "left": {}})
        return 0
    return _carry_out(wb, plan, options, console)


def _dry_run(wb: Workbench, plan: Plan, options: argparse.Namespace, console: Console) -> int:
    """Show what `_carry_out` would do."""
    approvals = _approvals(wb, options)
    _warn_of_strangers(plan, approvals, console)
    choice = choose(plan, approvals)
    return _show_plan(wb, scope.shown(plan, approvals), approvals, console, choice=choice)


def _planned(wb: Workbench, options: argparse.Namespace, console: Console) -> Plan:
    """The plan for the platforms and photos that the command names."""
    with console.meter("Reading IMatch") as progress:
        pending = wb.load_pending(*options.platforms, progress=progress)
    names = options.platforms or tuple(wb.platforms)
    plan, unknown = scope.scoped(wb, wb.plan(pending, platforms=names), options)
    there = {one.file_id for one in wb.imatch.load(unknown, ())} if unknown else set()
    idle = [one for one in unknown if one in there]
    lost = [one for one in unknown if one not in there]
    if idle:
        console.warn(f"! Nothing is pending for {_some(idle)}.")
    if lost:
        console.warn(f"! IMatch has no file {_some(lost)}.")
    return plan


def _some(ids: Sequence[str]) -> str:
    return ", ".join(ids[:10]) + (", …" if len(ids) > 10 else "")


def run_stop(options: argparse.Namespace, console: Console) -> int:
    """Ask whoever carries out (notebook, page, another window, a schedule) to end after its photo.

    Ends with 1 if the request could not be written.
    """
    wb = console.open()
    other = wb.other_run()
    if other is not None and not wb.ask_other_to_stop() and wb.other_run() is not None:
        raise SocialsError(
            f"{other.origin} could not be asked to stop.",
            hint=f"May you write to {wb.home}? Else stop it where it was started.",
            code="not_asked",
        )
    document = {
        "stopping": other is not None,
        "run": (other.run or None) if other else None,
        "origin": other.origin if other else None,
        "done": other.done if other else 0,
        "total": other.total if other else 0,
    }
    console.say(words.stopping(other), document)
    return 0


def run_resume(options: argparse.Namespace, console: Console) -> int:
    """Go on with what was left."""
    wb = console.open()
    if wb.is_dry_run:
        console.progress(_DRY)
        left = wb.open_runs()
        text, names = run_words.open_runs(left), [one.run for one in left]
        console.say(console.dated(text), {**_NOTHING, "open": names})
        return 2 if left else 0
    with _stoppable(wb):
        run = wb.resume(options.run, listen=_listener(console), origin="command line")
    if run is None:
        console.say(console.dated(run_words.open_runs(())), dict(_NOTHING))
        return 0
    return _show_run(wb, run, console)


def run_history(options: argparse.Namespace, console: Console) -> int:
    """Runs and their results, newest first."""
    runs = console.open().history(limit=options.most)
    console.say(run_words.history(runs), {"runs": [_run_to_json(one) for one in runs]})
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace, Console], int]] = {
    "lab": run_lab,
    "world": run_world,
    "doctor": run_doctor,
    "plan": run_plan,
    "apply": run_apply,
    "sync": run_sync,
    "stop": run_stop,
    "resume": run_resume,
    "history": run_history,
    "audit": run_audit,
    "imatch-app": run_imatch_app,
}


def _run_to_json(one: Run) -> dict[str, Any]:
    return {
        "run": one.run,
        "started": one.started.isoformat(),
        "ended": one.ended.isoformat() if one.ended else None,
        "state": one.state,
        "mode": one.mode,
        "origin": one.origin or None,
        "message": one.message or None,
        "summary": summary(one.outcomes, one.platforms),
    }


def _approvals(wb: Workbench, options: argparse.Namespace) -> Approvals:
    return Approvals(
        deletes=options.approve_deletes,
        ids=tuple(options.approve),
        only=tuple(options.only),
        **_so_many(wb, options),
    )


def _so_many(wb: Workbench, options: argparse.Namespace) -> dict[str, Any]:
    """`--max-photos`, and who comes last then."""
    most = options.max_photos
    return {"most": most, "last": scope.tried_in_vain(wb) if most is not None else ()}


def _show_plan(
    wb: Workbench,
    plan: Plan,
    approvals: Approvals,
    console: Console,
    *,
    choice: Choice | None = None,
) -> int:
    text = "" if console.as_json else _plan_in_words(wb, plan, choice)
    console.say(text, planning.to_json(plan))
    return 2 if _has_work(plan, approvals) else 0


def _plan_in_words(
    wb: Workbench, plan: Plan, choice: Choice | None, *, is_brief: bool = False
) -> str:
    """The plan; with a choice also which rows the person has released, and which wait for that."""
    released, waiting = (choice.todo, choice.waiting) if choice else ((), ())
    sized, _ = wb.as_sent(plan.rows)
    return plan_words.plan(
        replace(plan, rows=sized),
        released=frozenset(row.key for row in released),
        waiting=frozenset(row.key for row in waiting),
        answers=scope.answers(wb, plan),
        is_brief=is_brief,
    )


def _has_work(plan: Plan, approvals: Approvals) -> bool:
    """True if the plan has rows to apply: blocked and suggested ones alone are none.

    Deletes are changes that are pending, whether a number is given or not.
    """
    return any(
        approvals.wants(row)
        for row in plan.rows
        if row.action != "none" and not row.blocked and (not row.suggested or approvals.names(row))
    )


def _carry_out(wb: Workbench, plan: Plan, options: argparse.Namespace, console: Console) -> int:
    if wb.is_dry_run:
        console.progress(_DRY)
        return _dry_run(wb, plan, options, console)
    approvals = _approvals(wb, options)
    ended = wb.journal.ended_rows(plan.plan_id)
    left = scope.left_of(plan, approvals, ended=ended)
    _warn_of_strangers(plan, approvals, console)
    with _nothing_done():
        _consent(wb, plan, approvals, options, console, ended=ended)
    with _stoppable(wb):
        run = wb.apply(
            plan,
            approve_deletes=approvals.deletes,
            approve=approvals.ids,
            only=approvals.only,
            most=approvals.most,
            last=approvals.last,
            listen=_listener(console),
            origin="command line",
        )
    return _show_run(wb, run, console, left=left)


def _warn_of_strangers(plan: Plan, approvals: Approvals, console: Console) -> None:
    """Names given with `--approve` that no row has: mistyped, or done already."""
    known = {name for row in plan.rows for name in (row.file_id, f"{row.platform}:{row.file_id}")}
    for name in (one for one in approvals.ids if one not in known):
        console.warn(f"! --approve {name}: no row of this plan.")


@contextmanager
def _nothing_done() -> Iterator[None]:
    """While inside nothing is sent: Ctrl-C says so."""
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt("Nothing was done.") from None


def _consent(
    wb: Workbench,
    plan: Plan,
    approvals: Approvals,
    options: argparse.Namespace,
    console: Console,
    *,
    ended: Collection[tuple[str, str]],
) -> None:
    """Ask on a terminal, refuse elsewhere; nothing to do needs no consent.

    What is asked about is what `sync` will choose: without the rows that ended already.
    """
    choice = choose(plan, approvals, ended=ended)
    todo = choice.todo
    if options.yes or not todo:
        return
    if not console.can_ask:
        raise NotApproved(
            f"{words.photos(len(todo))} would be changed, and nobody said yes.",
            hint="Look at `socials plan`, then say --yes.",
        )
    about = scope.shown(plan, approvals, ended=ended)
    console.warn(_plan_in_words(wb, about, choice, is_brief=True))  # the deletes stay in view
    if console.ask(plan_words.question(todo, plan.mode)) not in ("y", "yes"):
        raise NotApproved("Nothing was done.")


def _show_run(wb: Workbench, run: Run, console: Console, *, left: Sequence[PlanRow] = ()) -> int:
    report = _report(wb, run, console)
    lines = [
        console.dated(run_words.run(run)),
        scope.left_in_words(left),
        f"Report: {report}" if report else "",
    ]
    document = {**run_to_json(run), "report": report, "left": scope.left_in_numbers(left)}
    console.say("\n".join(filter(None, lines)), document)
    return exit_code(run)


def _report(wb: Workbench, run: Run, console: Console) -> str | None:
    """Where the report is; the run is no worse for one that cannot be written."""
    try:
        return str(wb.report(run).html)
    except SocialsError as error:
        console.warn(f"! {error} {error.hint}")
        return None


def _listener(console: Console) -> run_words.Progress:
    """With `--verbose` the log's own lines say it all."""
    return run_words.Progress(lambda line: None if console.verbose else console.progress(line))


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
        # a signal may arrive inside a write: Python's own streams refuse a second one then
        with suppress(OSError):
            os.write(2, b"Stopping after what is in flight; once more stops at once.\n")

    names = ("SIGINT", "SIGTERM", "SIGBREAK")
    signals = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {one: signal.signal(one, stop) for one in signals}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
