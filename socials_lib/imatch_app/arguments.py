"""The orders as a command line: for the script that the page runs, and for `socials imatch-app`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

from socials_lib.imatch_app import orders
from socials_lib.imatch_app.orders import Desk
from socials_lib.models import PLATFORMS, Action

#: Makes the parser of one order: name, what it does.
Leaf = Callable[[str, str], argparse.ArgumentParser]
Order = Callable[[Desk, argparse.Namespace], dict[str, Any]]
_ACTIONS = ("add", "update", "metadata", "delete")
_LONGEST_WAIT = 20


def add_orders(leaf: Leaf) -> None:
    """The orders that a page gives."""
    leaf("hello", "say which page and version this is")
    status = leaf("status", "how far the run is, how the last one ended")
    status.add_argument("--brief", action="store_true", help="only what changes")
    status.add_argument("--seen", default="", metavar="MARK", help="wait for something new")
    status.add_argument("--wait", type=_wait, default=0, metavar="SECONDS", help="at most so long")
    plan = leaf("plan", "let a worker build a plan; changes nothing")
    _platform(plan)
    _scope(plan)
    leaf("show", "show a plan").add_argument("plan")
    start = leaf("start", "let a worker carry out a plan that was shown")
    start.add_argument("--plan", required=True, help="name of the plan")
    _platform(start)
    start.add_argument("--only", type=_actions, default=_ACTIONS[:3], metavar="ACTION,…")
    start.add_argument(
        "--delete-count", type=int, metavar="N", help="how many photos leave; exactly the plan's"
    )
    leaf("resume", "let a worker go on with what is left").add_argument("--run", default="")
    leaf("stop", "stop after the photo in work")
    leaf("report", "open the report of a run").add_argument("run")
    lab = leaf("lab", "open JupyterLab")
    lab.add_argument("--again", action="store_true", help="even if it was opened from here")


def carry_out(desk: Desk, options: argparse.Namespace) -> dict[str, Any]:
    """Give the order; its document."""
    return _ORDERS[options.order](desk, options)


def _status(desk: Desk, options: argparse.Namespace) -> dict[str, Any]:
    if not options.brief:
        return orders.status(desk)
    return orders.brief(desk, seen=options.seen, wait=options.wait)


def _plan(desk: Desk, options: argparse.Namespace) -> dict[str, Any]:
    ids = None
    if options.ids is not None:
        ids = orders.ids_from(options.ids)
    elif options.ids_file is not None:
        ids = orders.read_ids(options.ids_file)
    return orders.make_plan(desk, platforms=options.platform, ids=ids, selection=options.selection)


def _start(desk: Desk, options: argparse.Namespace) -> dict[str, Any]:
    return orders.start_run(
        desk,
        plan=options.plan,
        platforms=options.platform,
        only=options.only,
        delete_count=options.delete_count,
    )


_ORDERS: dict[str, Order] = {
    "hello": lambda _desk, _options: orders.hello(),
    "status": _status,
    "plan": _plan,
    "show": lambda desk, options: orders.show_plan(desk, options.plan),
    "start": _start,
    "resume": lambda desk, options: orders.resume(desk, run=options.run),
    "stop": lambda desk, _options: orders.stop(desk),
    "report": lambda desk, options: orders.open_report(desk, run=options.run),
    "lab": lambda desk, options: orders.open_lab(desk, again=options.again),
}
ORDERS = tuple(_ORDERS)


def _platform(order: argparse.ArgumentParser) -> None:
    order.add_argument(
        "--platform",
        action="append",
        choices=PLATFORMS,
        default=[],
        help="may be named twice (default: every platform that is set up)",
    )


def _scope(order: argparse.ArgumentParser) -> None:
    scope = order.add_mutually_exclusive_group()
    scope.add_argument("--ids", metavar="ID,…", type=_short, help="only these files")
    scope.add_argument("--ids-file", type=Path, metavar="FILE", help="only the files listed there")
    scope.add_argument(
        "--selection", action="store_true", help="only what is selected in IMatch's file window"
    )


def _short(text: str) -> str:
    if len(text) > orders.MOST_ID_LETTERS:
        raise argparse.ArgumentTypeError("too many for a command line; use --ids-file FILE")
    return text


def _wait(text: str) -> float:
    try:
        return min(max(float(text), 0.0), float(_LONGEST_WAIT))
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is no number of seconds") from None


def _actions(text: str) -> tuple[Action, ...]:
    found = tuple(one for one in get_args(Action) if one in text.split(","))
    if set(text.split(",")) - set(_ACTIONS) or not found:
        raise argparse.ArgumentTypeError(f"“{text}” is not of {', '.join(_ACTIONS)}")
    return found
