"""What staged fixes come to: the problems that a row will have left; no requests."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from socials_lib import bulk
from socials_lib.models import (
    ACTIONS,
    DEFAULT_LIMITS,
    PLATFORMS,
    Action,
    Limits,
    Photo,
    PlanRow,
    PlatformName,
    Problem,
    root_category,
)

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

#: Problems that a change of texts, keywords or categories is judged by; others stay as planned.
_OF_THE_PHOTO = frozenset(
    {
        "missing_title",
        "missing_description",
        "missing_headline",
        "text_too_long",
        "missing_keywords",
        "missing_genre",
        "too_many_tags",
        "album_without_id",
        "malformed_record",
        "private_content",
    }
)


class Judge:
    """Judges photos by the person's rules and by what the accounts were last known to take."""

    def __init__(self, wb: Workbench) -> None:
        self._wb = wb

    @cached_property
    def known(self) -> bulk.Known:
        """Rules and limits; what is online does not matter here."""
        return bulk.Known(
            rules=self._wb.settings.rules, limits={name: self.limits(name) for name in PLATFORMS}
        )

    def limits(self, name: PlatformName) -> Limits:
        """What the account was last known to take."""
        facts = self._wb.known_account(name)
        return facts.limits if facts is not None else DEFAULT_LIMITS[name]

    def problems(self, row: PlanRow, planned: Photo, now: Photo) -> tuple[Problem, ...]:
        """The problems of a row when its photo is no longer as planned, but as `now`.

        None are left of a photo that leaves the work list of this platform.
        """
        if now is planned:
            return row.problems
        root, paths = root_category(row.platform), {one.path for one in now.categories}
        if not any(path == root or path in _flags(root) for path in paths):
            return ()
        kept = [
            one
            for one in row.problems
            if one.code not in _OF_THE_PHOTO and not _is_mended(one, root, paths)
        ]
        found = bulk.consequence(planned, now, self.known).platforms
        after = next((one.after for one in found if one.platform == row.platform), ())
        return (*kept, *after)

    def mends(self, problem: Problem, row: PlanRow, photo: Photo, recipe: bulk.Recipe) -> bool:
        """True if the photo no longer has this problem when the recipe is done."""
        after = bulk.applied([photo], bulk.propose([photo], recipe))[0]
        left = self.problems(row, photo, after)
        return after is not photo and all(
            (one.code, one.field) != (problem.code, problem.field) for one in left
        )


def is_stopped(row: PlanRow, problems: Iterable[Problem], now: Photo) -> bool:
    """True if one of these problems stops what the plan would do with the photo as it is `now`."""
    action = _action(row, now)
    return any(
        one.severity == "error" and (action in one.blocks or set(ACTIONS) <= set(one.blocks))
        for one in problems
    )


def _action(row: PlanRow, now: Photo) -> Action:
    """What the plan will do, by the decision table, once flags have changed."""
    if not row.remote_id:
        return row.action
    root = root_category(row.platform)
    actions: tuple[Action, ...] = ("delete", "update", "metadata")
    return next((one for one in actions if now.in_category(f"{root}|_{one}")), "none")


def _flags(root: str) -> tuple[str, ...]:
    return tuple(f"{root}|{one}" for one in ("_update", "_metadata", "_delete"))


def _is_mended(problem: Problem, root: str, paths: set[str]) -> bool:
    update, metadata, delete = (one in paths for one in _flags(root))
    if problem.code == "conflicting_flags":
        return not (delete and (update or metadata))
    return problem.code == "not_in_platform_category" and root in paths
