"""Which photos a command is about: `--ids`, `--ids-file`, `--category`, `--only`, `--max-photos`.

Decisions 2026-11-22
    - Numbers and categories together mean the photos that are in both.
    - A scope is cut from the whole plan (`plan.part`): a photo that is published twice, or is a
      version of another one, is seen whatever the scope is.
    - A scope without any photo does nothing.  It never means "all".
    - `--max-photos` counts photos, not rows: a photo for both platforms goes to both.  Photos that
      failed or were held back when they were last tried come after all others; else a few of them
      would stop a task that takes some photos a night.
    - `--approve-deletes N` counts the deletes of the scope, whatever `--only` and `--max-photos`
      leave to a later run.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from socials_lib import plan as planning
from socials_lib.cli.arguments import WrongArguments
from socials_lib.errors import SettingsError
from socials_lib.models import Outcome, Plan, PlanRow, PlatformName
from socials_lib.sync import Approvals, choose
from socials_lib.system import decoded
from socials_lib.workbench import Workbench

#: So many runs back it is known how a photo fared.
_RUNS = 20
_VAIN = ("failed", "blocked", "stale", "unknown")
_WAITING = ("not_approved",)


def scoped(wb: Workbench, plan: Plan, options: argparse.Namespace) -> tuple[Plan, tuple[str, ...]]:
    """The plan for the photos that the command names, and the numbers that are not in it."""
    wanted: frozenset[str] | None = None
    unknown: tuple[str, ...] = ()
    if options.ids or options.ids_file is not None:
        named = (*options.ids, *(ids_of(options.ids_file) if options.ids_file else ()))
        wanted, planned = frozenset(named), {row.file_id for row in plan.rows}
        unknown = tuple(one for one in dict.fromkeys(named) if one not in planned)
    if options.category:
        below = frozenset(one for path in options.category for one in _files_of(wb, path))
        wanted = below if wanted is None else wanted & below
    return (plan if wanted is None else planning.within(plan, wanted)), unknown


def ids_of(path: Path) -> tuple[str, ...]:
    """The numbers in a file, by lines, commas or blanks; what follows a `#` is for people."""
    try:
        lines = decoded(path.read_bytes()).splitlines()
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read: {error.strerror}.", hint="Name another file.", code="file"
        ) from error
    except ValueError as error:
        raise _no_numbers(path, "it is no text") from error
    found: dict[str, None] = {}
    for number, line in enumerate(lines, 1):
        words = [word for word in re.split(r"[,;\s]+", line.partition("#")[0]) if word]
        if not all(map(is_id, words)):  # not shown: it may be the wrong file, with a key in it
            raise _no_numbers(path, f"line {number} is none")
        found |= dict.fromkeys(words)
    return tuple(found)


def is_id(word: str) -> bool:
    """True for the number of a file in IMatch."""
    return word.isascii() and word.isdigit()


def _no_numbers(path: Path, why: str) -> SettingsError:
    return SettingsError(
        f"{path} does not hold file numbers of IMatch: {why}.",
        hint="One number a line, or separated by commas.",
        code="file",
    )


def _files_of(wb: Workbench, path: str) -> frozenset[str]:
    """The files of a category and of all below it; raises `WrongArguments`."""
    found = wb.imatch.below(path)
    if found is None:
        near = _near(wb, path)
        raise WrongArguments(
            f"IMatch has no category `{path}`.",
            hint="Check the spelling: upper and lower case count, levels are separated by `|`."
            + (f" IMatch has `{near}`." if near else ""),
        )
    return found


def _near(wb: Workbench, path: str) -> str:
    """A category that was probably meant, "" if none comes to mind."""
    levels = [one.strip() for one in re.split(r"[|/\\]", path.strip("\"'"))]
    if not all(levels):
        return ""
    plain, capital = "|".join(levels), "|".join(one[:1].upper() + one[1:] for one in levels)
    setup = wb.imatch.setup((plain, capital), ())
    there = (one for one in (plain, capital) if setup.categories.get(one))
    return next(there, setup.similar.get(plain) or setup.similar.get(capital) or "")


def is_given(options: argparse.Namespace) -> bool:
    """True if the command names photos, by number or by category."""
    return bool(options.ids or options.ids_file is not None or options.category)


def answers(wb: Workbench, plan: Plan) -> dict[tuple[PlatformName, str], str]:
    """What people left under the photos that leave, by the last list of what is online.

    Asks nobody: a photo of which nothing is known is looked at just before it would be deleted.
    """
    leaving = [row for row in plan.rows if row.action in ("delete", "repost")]
    listed = {name: wb.kept_inventory(name) for name in {row.platform for row in leaving}}
    found = {
        (name, one.ref.remote_id): one.engagement.in_words()
        for name, kept in listed.items()
        for one in (kept.photos if kept else ())
        if one.engagement.any
    }
    return {
        row.key: found[row.platform, row.remote_id]
        for row in leaving
        if (row.platform, row.remote_id) in found
    }


def shown(plan: Plan, approvals: Approvals, *, ended: Collection[tuple[str, str]] = ()) -> Plan:
    """The part of the plan that `--only` and `--max-photos` let through; `ended` is done."""
    left = {row.key: row for row in left_of(plan, approvals, ended=ended)}
    chosen = Approvals(only=approvals.only)
    warning = ""
    if left:
        warning = f"{_photos(left.values())} left for a later run (--max-photos {approvals.most})."
    return planning.part(
        plan,
        lambda row: chosen.wants(row) and row.key not in left and row.key not in ended,
        warning=warning,
    )


def tried_in_vain(wb: Workbench) -> tuple[str, ...]:
    """File ids of the photos that did not get through when they were last tried."""
    newest: dict[tuple[str, str], Outcome] = {}
    for run in wb.history(limit=_RUNS):
        for one in run.outcomes:
            newest.setdefault((one.platform, one.file_id), one)
    found = (one.file_id for one in newest.values() if one.state in _VAIN or one.code in _WAITING)
    return tuple(sorted(frozenset(found)))


def left_of(
    plan: Plan, approvals: Approvals, *, ended: Collection[tuple[str, str]] = ()
) -> tuple[PlanRow, ...]:
    """The rows that `--max-photos` leaves to a later run; `ended` are done already."""
    return choose(plan, approvals, ended=ended).left


def left_in_numbers(left: Sequence[PlanRow]) -> dict[PlatformName, int]:
    """How many rows are left per platform."""
    return dict(Counter(row.platform for row in left))


def left_in_words(left: Sequence[PlanRow]) -> str:
    """`Left for the next run: 12 photos (Flickr 10, Pixelfed 2).`"""
    terms = ", ".join(f"{name.capitalize()} {n:,}" for name, n in left_in_numbers(left).items())
    return f"Left for the next run: {_photos(left)} ({terms})." if left else ""


def _photos(rows: Iterable[PlanRow]) -> str:
    count = len({row.file_id for row in rows})
    return f"{count:,} photo{'' if count == 1 else 's'}"
