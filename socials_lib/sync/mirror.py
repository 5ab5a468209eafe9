"""What IMatch's `__errors` leaves are to show.  Pure."""

from __future__ import annotations

from collections.abc import Sequence

from socials_lib import validation
from socials_lib.models import Outcome, Plan, PlatformName


def mirror_wanted(
    plan: Plan, outcomes: Sequence[Outcome] = ()
) -> dict[PlatformName, dict[str, set[str]]]:
    """Per platform: leaf name -> file ids that belong there, for every leaf of the table.

    A photo that has left the work list in this very run belongs nowhere any more.
    """
    found: dict[PlatformName, dict[str, set[str]]] = {
        platform: {leaf: set() for leaf in validation.LEAVES.values()} for platform in plan.accounts
    }
    left = {one.key for one in outcomes if one.action == "delete" and one.state == "done"}
    for row in plan.rows:
        for problem in row.problems:
            if problem.leaf and row.key not in left:
                found[row.platform].setdefault(problem.leaf, set()).add(row.file_id)
    for one in outcomes:
        leaf = validation.LEAVES.get(one.code)
        if one.state == "blocked" and leaf and one.platform in found:
            found[one.platform].setdefault(leaf, set()).add(one.file_id)
    return found
