"""What must be true of Flickr, Pixelfed and IMatch after a plan was carried out; from their states.

A state is what the side door of the practice world tells: the three stand-ins as JSON.
"""

from __future__ import annotations

from typing import Any

from socials_lib.models import ID_COLUMN, Outcome, Plan, PlanRow
from socials_lib.workbench import Workbench

State = dict[str, Any]


def online(state: State, platform: str) -> dict[str, Any]:
    """Photos or statuses by id; deleted statuses are left out."""
    if platform == "flickr":
        return dict(state["flickr"]["photos"])
    statuses = state["pixelfed"]["statuses"]
    return {key: one for key, one in statuses.items() if one["scope"] != "deleted"}


def remote_id(state: State, platform: str, file_id: str) -> str:
    """The id that IMatch holds, "" if none."""
    records = state["imatch"]["attributes"][platform].get(file_id, [])
    return str(records[0].get(ID_COLUMN[platform], "")) if records else ""  # type: ignore[index]


def texts(state: State, platform: str, ident: str) -> dict[str, str]:
    """What people read there, field by field."""
    one = online(state, platform)[ident]
    names = ("title", "description") if platform == "flickr" else ("caption",)
    return {name: str(one[name]) for name in names}


def is_as_planned(wb: Workbench, row: PlanRow, state: State, ident: str) -> bool:
    """True if the texts online are what the service makes of those of the plan.

    A text that the plan warned to be too long is there as far as the service keeps it.
    """
    same = wb.platform(row.platform).same
    is_cut = "text_too_long" in {one.code for one in row.problems}
    for name, value in texts(state, row.platform, ident).items():
        planned = getattr(row.text, name)
        if not same(name, planned, value) and not (is_cut and planned.startswith(value)):
            return False
    return True


def answered(state: State, platform: str, ident: str) -> bool:
    """True if people left something under it."""
    one = online(state, platform)[ident]
    if platform == "flickr":
        return bool(one["comments"] or one["favourites"])
    replies = [r for r in online(state, platform).values() if r["in_reply_to"] == ident]
    return bool(one["likes"] or one["reblogs"] or replies)


def flags(state: State, file_id: str, platform: str) -> set[str]:
    """The action categories that a file is in."""
    names = ("_update", "_metadata", "_delete")
    return {
        name
        for name in names
        if file_id in map(str, state["imatch"]["categories"].get(f"Socials|{platform}|{name}", []))
    }


def check(
    wb: Workbench, before: State, after: State, plan: Plan, outcomes: dict[Any, Outcome]
) -> None:
    """The three are in exactly the state that the plan announced for the rows carried out."""
    assert before["imatch"]["metadata"] == after["imatch"]["metadata"]
    for platform in ("flickr", "pixelfed"):
        rows = [row for row in plan.rows if row.platform == platform]
        done = [row for row in rows if row.key in outcomes and outcomes[row.key].state == "done"]
        _check_ids(wb, before, after, platform, done)
        _check_the_others(before, after, platform, done)
        for row in done:
            assert set() == flags(after, row.file_id, platform), row.title
        for row in rows:
            if row.blocked or row.suggested:
                assert row.key not in outcomes
                old, new = (remote_id(one, platform, row.file_id) for one in (before, after))
                assert old == new


def _check_ids(
    wb: Workbench, before: State, after: State, platform: str, done: list[PlanRow]
) -> None:
    """What came and what went is what the plan said, and IMatch has the ids."""
    added = {row.file_id: row for row in done if row.action == "add"}
    ids = {file_id: remote_id(after, platform, file_id) for file_id in added}
    gone = {row.remote_id for row in done if row.action == "delete"}
    expected = (set(online(before, platform)) | set(ids.values())) - gone

    assert len(added) == len(set(ids.values()) - set(online(before, platform)))
    assert expected == set(online(after, platform))
    for row in done:
        if row.action == "delete":
            assert "" == remote_id(after, platform, row.file_id)
        else:
            ident = ids.get(row.file_id, row.remote_id)
            assert is_as_planned(wb, row, after, ident), row.title


def _check_the_others(before: State, after: State, platform: str, done: list[PlanRow]) -> None:
    """What the plan does not name is as it was; only albums lose and win photos."""
    touched = {row.remote_id for row in done}
    loose = ("albums", "pools", "pending", "views")
    for ident, one in online(before, platform).items():
        if ident not in touched:
            now = online(after, platform)[ident]
            assert {k: v for k, v in one.items() if k not in loose} == {
                k: v for k, v in now.items() if k not in loose
            }
