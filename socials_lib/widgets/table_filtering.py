"""Which rows a filter lets through, for a `PickerModel`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socials_lib.widgets.entries import APART, NO_ALBUM, PENDING, Entry

if TYPE_CHECKING:
    from socials_lib.widgets.picker import PickerModel


def passes(model: PickerModel, one: Entry) -> bool:
    """True if all filters that are set let this row through."""
    kind = model.kind(one.row)
    if kind in APART and not _wants_apart(model, kind):
        return False
    if model.action and model.action not in (kind, one.row.action):
        return False
    if model.action in PENDING and kind in APART:
        return False
    if model.state_filter and not _is_in_state(model, one, kind):
        return False
    if model.problem and model.problem not in one.codes:
        return False
    if model.album and not _is_in_album(model, one):
        return False
    return all(word in one.words for word in model.find.casefold().split())


def _is_in_album(model: PickerModel, one: Entry) -> bool:
    wanted: str = model.album
    return not one.albums if wanted == NO_ALBUM else wanted in one.albums


def _wants_apart(model: PickerModel, kind: str) -> bool:
    """Rows that are counted apart are shown when asked for only."""
    action, state = str(model.action), str(model.state_filter)
    if state == "warned":
        return kind == "none"
    return action == kind or (kind == "skip" and state == "skipped")


def _is_in_state(model: PickerModel, one: Entry, kind: str) -> bool:
    wanted: str = model.state_filter
    if wanted == "ready":
        return kind in PENDING and kind != "blocked"
    if wanted == "blocked":
        return kind == "blocked"
    if wanted == "warned":
        return any(problem.severity == "warning" for problem in one.row.problems)
    if wanted == "skipped":
        return one.key in model.skipped
    return model.pill(one.key).code == wanted
