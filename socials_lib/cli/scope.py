"""Which photos a command is about: `--ids`, `--ids-file`, `--category`, `--only`, `--max-photos`.

Decisions 2026-11-22
    - Numbers and categories together mean the photos that are in both.
    - A scope is cut from the whole plan (`plan.part`): a photo that is published twice, or is a
      version of another one, is seen whatever the scope is.
    - A scope without any photo does nothing.  It never means "all".
    - `--approve-deletes N` counts the deletes of the scope, whatever `--only` and `--max-photos`
      leave to a later run.
"""

from __future__ import annotations

import argparse
import codecs
import re
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

from socials_lib import plan as planning
from socials_lib.errors import SettingsError
from socials_lib.imatch.refusals import category_missing
from socials_lib.models import Plan, PlanRow, PlatformName
from socials_lib.sync import Approvals, choose
from socials_lib.workbench import Workbench

#: PowerShell writes UTF-16 with a mark, Notepad UTF-8 with one.
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


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
        data = path.read_bytes()
        encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8-sig")
        lines = data.decode(encoding).splitlines()
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
    """The files of a category and of all below it; raises `CategoryMissing`."""
    found = wb.imatch.below(path)
    if found is None:
        raise category_missing(path)
    return found


def shown(plan: Plan, approvals: Approvals) -> Plan:
    """The part of the plan that `--only` and `--max-photos` let through."""
    left = {row.key for row in left_of(plan, approvals)}
    chosen = Approvals(only=approvals.only)
    warning = ""
    if left:
        warning = f"{_photos(len(left))} left for a later run (--max-photos {approvals.most})."
    return planning.part(
        plan, lambda row: chosen.wants(row) and row.key not in left, warning=warning
    )


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
    return f"Left for the next run: {_photos(len(left))} ({terms})." if left else ""


def _photos(count: int) -> str:
    return f"{count:,} photo{'' if count == 1 else 's'}"
