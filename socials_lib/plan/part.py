"""A part of a plan: chosen photos, or the first so many.

A part is cut from a whole plan and never built from a part of the photos: what is published twice,
or is a version of another photo in the list, can only be seen in the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace

from socials_lib.models import Plan, PlanRow
from socials_lib.plan.document import plan_hash


def within(plan: Plan, file_ids: Collection[str]) -> Plan:
    """The rows of these files; deletes and numbers of the part are those of the part alone."""
    wanted = frozenset(file_ids)
    return part(plan, lambda row: row.file_id in wanted)


def part(plan: Plan, keep: Callable[[PlanRow], bool], *, warning: str = "") -> Plan:
    """The rows that `keep` says yes to, in the same order; the plan itself if that is all."""
    rows = tuple(row for row in plan.rows if keep(row))
    if len(rows) == len(plan.rows):
        return plan
    gone = Counter(row.platform for row in plan.rows if not keep(row) and _has_work(row))
    before = plan.left or {}
    made = replace(
        plan,
        rows=rows,
        left={name: before.get(name, 0) + gone[name] for name in plan.accounts},
        warnings=(*plan.warnings, *([warning] if warning else [])),
    )
    return replace(made, hash=plan_hash(made))


def _has_work(row: PlanRow) -> bool:
    return row.action != "none" and not row.blocked and not row.suggested
