"""The decision table: action and reason of a row, its problems, and which of them stops it."""

from __future__ import annotations

from collections.abc import Iterator

from socials_lib import validation
from socials_lib.models import Action, OpenAct, Problem, root_category
from socials_lib.plan.knowledge import Case

#: Stop everything, also what only goes on; tested before the rest, in this order.
EVERYTHING = (
    "same_picture_twice",
    "conflicting_flags",
    "duplicate_remote_id",
    "lost_remote_id",
    "unclear_act",
    "not_in_platform_category",
)


def decide(case: Case) -> tuple[Action, str]:
    """Action and reason by the decision table of the package."""
    pending, found = case.pending, case.found
    if case.is_conflicting:
        return "none", "conflicting_flags"
    if found.problem or case.doubled:
        return "none", found.problem or "duplicate_remote_id"
    if case.running:
        return case.running[0].action, "continue"
    if not found.remote_id:
        return ("skip", "not_published") if pending.delete else ("add", "new")
    if pending.delete:
        return "delete", "flag_delete"
    if pending.update:
        return "update", "flag_update"
    if pending.metadata:
        return "metadata", "flag_metadata"
    return ("metadata", "continue") if _has_due(case) else ("none", "published")


def follows_up(case: Case, reason: str) -> bool:
    """True for a row that only tries a waiting follow-up again: texts and all else stay."""
    return reason == "continue" and not case.running


def _has_due(case: Case) -> bool:
    """True if a waiting follow-up may be tried again: its time has come or its id was mended."""
    ids = {one.category: one.album_id for one in case.albums}
    ids |= {one.category: one.group_id for one in case.groups}
    return any(_is_due(one, ids, case) for one in case.open_acts)


def _is_due(one: OpenAct, ids: dict[str, str], case: Case) -> bool:
    if one.action == "delete":
        return False  # the look whether an earlier delete is through; never a reason to act
    if one.category and one.category not in ids:
        return False  # left the category: settled as dropped by the next run
    if one.target and not one.category and one.target in ids.values():
        return False  # back in the album it was to leave: dropped as well
    if one.category and ids[one.category] not in ("", one.target):
        return True
    return one.not_before is None or one.not_before <= case.known.now


def problems(case: Case) -> tuple[Problem, ...]:
    """All problems of a row: those between photos and with the journal first."""
    between = tuple(
        validation.problem(
            code, case.known.platform, found=found, suggestion=suggestion, rules=case.known.rules
        )
        for code, found, suggestion in _between(case)
    )
    alone = validation.validate(
        case.photo,
        case.text,
        limits=case.known.limits,
        rules=case.known.rules,
        upload=case.upload,
        facts=case.known.files.get(case.upload.path) if case.upload else None,
        albums=case.albums,
        groups=case.groups,
        candidates=case.photo.versions,
    )
    return between + alone


def _between(case: Case) -> Iterator[tuple[str, str, str]]:
    """Code, found, suggestion of what needs more than the photo alone, in their order."""
    pending, found, root = case.pending, case.found, root_category(case.known.platform)
    if case.twice:
        words = f"{case.twice} stands for this picture"
        yield "same_picture_twice", words, f"Take this file out of {root}."
    if case.is_conflicting:
        flags = ["_delete", *["_update"] * pending.update, *["_metadata"] * pending.metadata]
        yield "conflicting_flags", " and ".join(flags), "Leave the photo in one of them only."
    if case.doubled or found.problem == "duplicate_remote_id":
        mend = "Correct the attribute records in IMatch."
        yield "duplicate_remote_id", case.doubled or found.found, mend
    if found.problem == "lost_remote_id":
        mend = "Write the id back into the attribute record, or have it forgotten."
        yield "lost_remote_id", found.found, mend
    unclear = next((one for one in case.running if one.state == "unknown"), None)
    if unclear is not None:
        words = unclear.message or f"nobody can say how an earlier {unclear.action} ended"
        yield "unclear_act", words, "Look again with `socials resume`."
    if _is_only_flagged(case):
        yield "not_in_platform_category", "only flagged", f"Put the photo into {root}."


def _is_only_flagged(case: Case) -> bool:
    known = case.found.remote_id or case.found.problem or case.running
    return not (known or case.pending.in_platform or case.pending.delete)


def blocking(found: tuple[Problem, ...], action: Action, reason: str) -> Problem | None:
    """The first problem that stops this row.

    A row that only goes on is stopped by nothing but what stops everything: its photo may be online
    already.  (A `skip` is stopped by nothing else either: no fault of a photo keeps it here.)
    """
    for one in found:
        if one.code in EVERYTHING:
            return one
    return None if reason == "continue" else validation.blocks(found, action)
