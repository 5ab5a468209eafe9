"""One press for all rows alike: which fixes there are for a kind of problem, for how many rows.

Counting must be quick with thousands of rows, so nothing is tried: whether a shorter text will do
shows when it is staged, and the rows that it does not help are named then.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from socials_lib.models import PlanRow, Problem
from socials_lib.widgets import fix_offers, pills
from socials_lib.widgets.fix_offers import Offer

if TYPE_CHECKING:
    from socials_lib.widgets.fix_model import FixesModel


@dataclass(frozen=True, kw_only=True)
class Alike:
    """A fix for all rows that count by the problem `code`; `count` are those it is offered to."""

    code: str
    act: str
    whole: str
    field: str = ""
    count: int = 0

    @property
    def label(self) -> str:
        """What the button says: for which problem, where the fix itself does not name a text."""
        return self.whole if self.field else f"{pills.code_words(self.code)}: {self.whole}"


def code_of(row: PlanRow) -> str:
    """The problem by which a row counts."""
    problems = main_problems(row)
    return problems[0].code if problems else row.reason


def main_problems(row: PlanRow) -> tuple[Problem, ...]:
    """The problem that stops a row; all problems of a row that only carries warnings."""
    problem = pills.stopping(row) if row.blocked else None
    return (problem,) if problem is not None else row.problems


def found(model: FixesModel) -> tuple[Alike, ...]:
    """Of a chosen kind all fixes that help, else of each kind the best one."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for row in model.chosen:
        offered = _offered(model, row)
        for one in offered if model.kind else offered[:1]:
            counts[code_of(row), one.act, one.whole, one.field] += 1
    return tuple(
        Alike(code=code, act=act, whole=whole, field=field, count=count)
        for (code, act, whole, field), count in counts.most_common()
    )


def rows_of(model: FixesModel, fix: Alike) -> tuple[PlanRow, ...]:
    """The rows that a fix is offered to."""
    return tuple(
        row
        for row in model.chosen
        if code_of(row) == fix.code
        and any((one.act, one.whole) == (fix.act, fix.whole) for one in _offered(model, row))
    )


def _offered(model: FixesModel, row: PlanRow) -> list[Offer]:
    """What could be done for a row as for all others; not where something is staged for it."""
    photo = model.photo(row)
    if photo is None or row.key in model.picker.skipped or model.is_written(row):
        return []
    staged = model.stage.of(row)
    if any(not one.is_text for one in staged):
        return []
    taken = {one.slot[1] for one in staged}
    some = fix_offers.offers(row, model.stage.now(photo), main_problems(row), None)
    return [
        one
        for one in some
        if one.is_for_all
        and one.field not in taken
        and not (staged and one.act.startswith("shorten"))
    ]
