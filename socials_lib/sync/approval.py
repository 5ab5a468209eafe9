"""Which rows of a plan are carried out, which wait for consent. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from socials_lib import validation
from socials_lib.errors import SettingsError
from socials_lib.models import ACTIONS, Action, Plan, PlanRow, PlatformName, id_order


@dataclass(frozen=True, kw_only=True)
class Approvals:
    """What the person agreed to.

    `deletes` is the upper bound for the delete rows of the whole plan, whatever `only` leaves out
    (None: no delete); blocked ones count only if released, reposts only if named.  `ids`
    release single rows (`file_id` or `platform:file_id`): a suggestion, a delete held back by a
    faulty photo, a delete despite comments and favourites, an album's last photo, a repost.
    `only` limits the actions, `keys` the rows (`platform:file_id`; None: all), `most` the number of
    photos: the first ones by file id with all their rows, deletes included whether they may go or
    not; those of `last` (file ids) come after all others.
    """

    deletes: int | None = None
    ids: tuple[str, ...] = ()
    only: tuple[Action, ...] = ()
    keys: tuple[str, ...] | None = None
    most: int | None = None
    last: tuple[str, ...] = ()

    def names(self, row: PlanRow) -> bool:
        """True if `--approve` names this row."""
        return row.file_id in self.ids or row_name(row) in self.ids

    def wants(self, row: PlanRow) -> bool:
        """True if the row is inside the chosen actions and ticks.

        A repost and a skip count as deletes: the one deletes, the other was marked for deletion.
        """
        action: Action = "delete" if row.action in ("repost", "skip") else row.action
        chosen = not self.only or row.action in self.only or action in self.only
        return chosen and (self.keys is None or row_name(row) in self.keys)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """`todo` is carried out in order, `waiting` lacks consent (`not_approved`), with the reason.

    `left` is what `Approvals.most` leaves to a later run.
    """

    todo: tuple[PlanRow, ...]
    waiting: tuple[PlanRow, ...] = ()
    left: tuple[PlanRow, ...] = ()
    reason: str = ""
    hint: str = ""


def approvals_to_plain(approvals: Approvals) -> dict[str, Any]:
    """Approvals as they are recorded with a run."""
    return {
        "deletes": approvals.deletes,
        "ids": list(approvals.ids),
        "only": list(approvals.only),
        "keys": list(approvals.keys) if approvals.keys is not None else None,
        "most": approvals.most,
        "last": list(approvals.last),
    }


def approvals_from_plain(value: Mapping[str, Any]) -> Approvals:
    """Approvals as they were recorded with a run."""
    keys = value.get("keys")
    return Approvals(
        deletes=value.get("deletes"),
        ids=tuple(value.get("ids", ())),
        only=tuple(value.get("only", ())),
        keys=tuple(keys) if keys is not None else None,
        most=value.get("most"),
        last=tuple(value.get("last", ())),
    )


def row_name(row: PlanRow) -> str:
    """`platform:file_id`, as `--approve` and selections name a row."""
    return f"{row.platform}:{row.file_id}"


def parse_only(text: str) -> tuple[Action, ...]:
    """The actions of `--only add,update,…`; raises `SettingsError` for other words."""
    found: list[Action] = []
    for word in filter(None, (one.strip() for one in text.split(","))):
        known: Action | None = next((one for one in ACTIONS if one == word), None)
        if known is None or known == "skip":
            raise SettingsError(
                f"--only does not know “{word}”.", hint="Use add, update, metadata, delete."
            )
        found.append(known)
    return tuple(found)


def choose(plan: Plan, approvals: Approvals, *, ended: Collection[tuple[str, str]] = ()) -> Choice:
    """The rows to carry out, and those that would be if the person agreed.

    `ended` are rows that an earlier run of the same plan has brought to their end.
    """
    deletes = [row for row in plan.rows if _is_delete(row, approvals)]
    wanted = [row for row in deletes if approvals.wants(row)]
    if approvals.keys is not None:  # in the notebook the ticks are the plan
        deletes = wanted
    allowed = approvals.deletes is not None and len(deletes) <= approvals.deletes
    todo = [row for row in plan.rows if _is_free(row, approvals) and approvals.wants(row)]
    unnamed = [row for row in plan.rows if _is_unnamed(row, approvals) and approvals.wants(row)]
    open_rows = [row for row in (*todo, *wanted, *unnamed) if row.key not in ended]
    left = _beyond(open_rows, approvals)
    gone = {*ended, *left}
    todo, wanted, unnamed = (
        [row for row in some if row.key not in gone] for some in (todo, wanted, unnamed)
    )
    held = [] if allowed else wanted
    return Choice(
        todo=_ordered([*todo, *(wanted if allowed else [])]),
        waiting=_ordered([*held, *unnamed]),
        left=tuple(left.values()),
        reason=" ".join(_reasons(held, unnamed, len(deletes), approvals.deletes)),
        hint=" ".join(_hints(held, unnamed, len(deletes))),
    )


def _beyond(rows: list[PlanRow], approvals: Approvals) -> dict[tuple[PlatformName, str], PlanRow]:
    """The rows of the photos after the first `most`; none if there is no such number."""
    if approvals.most is None:
        return {}
    ids = {row.file_id for row in rows}
    in_order = sorted(ids, key=lambda one: (one in approvals.last, id_order(one)))
    first = frozenset(in_order[: approvals.most])
    return {row.key: row for row in rows if row.file_id not in first}


def _is_free(row: PlanRow, approvals: Approvals) -> bool:
    """Rows that need no count: approved as saved, or a suggestion released by its id."""
    if row.blocked or row.action in ("delete", "repost", "none"):
        return False
    return row.approved or (row.suggested and approvals.names(row))


def _is_delete(row: PlanRow, approvals: Approvals) -> bool:
    """Rows that count: deletes not blocked or released by id, reposts named by id."""
    if row.action == "repost":
        return not row.blocked and approvals.names(row)
    if row.action != "delete":
        return False
    return not row.blocked or (approvals.names(row) and _is_held_back(row))


def _is_unnamed(row: PlanRow, approvals: Approvals) -> bool:
    """Reposts that nobody named: their consent is missing, whatever number was given."""
    return row.action == "repost" and not row.blocked and not approvals.names(row)


def _is_held_back(row: PlanRow) -> bool:
    """True if the row is blocked only by faults that the person may overrule."""
    stopping = [one for one in row.problems if "delete" in one.blocks and one.severity == "error"]
    return bool(stopping) and all(validation.is_releasable(one) for one in stopping)


def _ordered(rows: list[PlanRow]) -> tuple[PlanRow, ...]:
    order = {action: place for place, action in enumerate(ACTIONS)}
    return tuple(sorted(rows, key=lambda row: order[row.action]))


def _reasons(
    held: list[PlanRow], unnamed: list[PlanRow], deletes: int, bound: int | None
) -> Iterator[str]:
    photos = f"{deletes} photo{'' if deletes == 1 else 's'}"
    now = f", {len(held)} of them now" if len(held) < deletes else ""  # of the whole plan
    if held and bound is None:
        yield f"{photos} would be deleted{now}, and nobody has said how many may go."
    elif held:
        yield f"{photos} would be deleted{now}, more than the {bound} that may go."
    if unnamed:
        yield "A repost deletes the old post and needs its own approval."


def _hints(held: list[PlanRow], unnamed: list[PlanRow], deletes: int) -> Iterator[str]:
    if held:
        yield f"Approve with --approve-deletes {deletes}."
    if unnamed:
        names = ",".join(row_name(row) for row in unnamed)
        yield f"Approve with --approve {names} --approve-deletes {deletes + len(unnamed)}."
