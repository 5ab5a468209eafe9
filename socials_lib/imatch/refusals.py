"""What a refusal of IMatch means: a definite no, a missing category, a missing attribute set."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from socials_lib.errors import (
    AttributeSetMissing,
    CategoryMissing,
    ImatchBusy,
    ImatchError,
    ImatchSignInRefused,
    ImatchUnreachable,
)
from socials_lib.models import PlatformName

SET_COLUMNS: Mapping[PlatformName, str] = {
    "flickr": "posted (Date), photo_id (Text), url (Hyperlink)",
    "pixelfed": "posted (Date), media_id (Text), status_id (Text), url (Hyperlink)",
}


def category_missing(path: str, similar: str = "") -> CategoryMissing:
    """The person must create this category; `similar` is one that differs only in case."""
    hint = "Create it in IMatch; this program cannot."
    if similar:
        hint = f"IMatch has `{similar}`: rename it, the letters must be exactly the same."
    return CategoryMissing(f"The category `{path}` does not exist in IMatch.", hint=hint)


def set_missing(platform: PlatformName, *, details: str = "") -> AttributeSetMissing:
    """The person must create this attribute set, or a column of it."""
    return AttributeSetMissing(
        f"IMatch has no attribute set `{platform}`, so ids could not be kept."
        f" Nothing is sent to {platform.capitalize()}.",
        hint=f"Edit > Preferences > Edit Attributes: `{platform}` with {SET_COLUMNS[platform]}.",
        details=details,
    )


def is_definite(error: ImatchError) -> bool:
    """IMatch understood and said no: not busy, not signed out, not a breakdown."""
    passing = (ImatchBusy, ImatchSignInRefused, ImatchUnreachable)
    return (
        not isinstance(error, passing)
        and error.status is not None
        and 400 <= error.status < 500
        and error.status not in (408, 429)
    )


def holds(reached: Callable[[], bool]) -> bool:
    try:
        return reached()
    except ImatchError:
        return False
