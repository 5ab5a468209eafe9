"""The collections of IMatch: fixed ids and paths (facts, section 8).

Paths of flags, dots and pins are those of a real client; the other names are ours, after the
documented meanings of the ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .refusal import bad

PENDING_WRITE_BACK = 5

_AGES = (
    *("Root", "Today", "Yesterday", "This Week"),
    *("Last Week", "This Month", "Last Month", "Three Months"),
)

PATHS: dict[int, str] = {
    2: "Bookmarks",
    4: "Protected",
    PENDING_WRITE_BACK: "Pending Write-Back",
    10: "Flags",
    11: "Flags|Set",
    12: "Flags|Unset",
    13: "Flags|None",
    **{
        base + step: f"{kind}|{colour}" if colour else kind
        for base, kind in ((30, "Dots"), (50, "Pins"))
        for step, colour in enumerate(("", "Red", "Green", "Blue", "None"))
    },
    **{
        base + step: kind if age == "Root" else f"{kind}|{age}"
        for base, kind in ((70, "Added"), (90, "Updated"), (110, "Viewed"))
        for step, age in enumerate(_AGES)
    },
}

_IDS = {path: number for number, path in PATHS.items()}

#: A file is in one of these at most; adding it to the `None` of a group takes it out of all.
_GROUPS = {"Flags": {11, 12}, "Dots": {31, 32, 33}, "Pins": {51, 52, 53}}


def checked(task: Mapping[str, Any]) -> tuple[str, int]:
    """Operation and collection of a task; refuses what a user could not do either."""
    op, path = task.get("op"), task.get("path")
    if op not in ("add", "remove"):
        raise bad(f"unknown task {op!r}")
    number = _IDS.get(path) if isinstance(path, str) else None
    if number is None:
        raise bad(f"unknown collection {path!r}")
    if number == PENDING_WRITE_BACK or number >= 70:
        raise bad(f"collection '{path}' is kept by the system")
    if path in _GROUPS and op == "add":
        raise bad(f"collection '{path}' only groups others")
    return str(op), number


def change(there: set[int], op: str, number: int) -> None:
    """Put a file into a collection or take it out."""
    path = PATHS[number]
    exclusive = _GROUPS.get(path.partition("|")[0], set())
    if op == "remove":
        there.difference_update(exclusive if path in _GROUPS else {number})
        return
    there.difference_update(exclusive)
    if not path.endswith("|None"):
        there.add(number)
