"""Repairing attribute records: ids out of addresses, addresses out of ids, and what they may hold.

To set or clear a column the steps for texts do (`Set(field="flickr_url", value="")`).  A column
takes only what the rest of the program can read again: an id of digits, a date `YYYY-MM-DD`, an
address of the web.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from socials_lib.bulk import fields
from socials_lib.bulk.steps import Doing, Work
from socials_lib.errors import RecipeError
from socials_lib.models import ID_COLUMN, PLATFORMS, PlatformName, id_from_url


@dataclass(frozen=True, kw_only=True)
class IdFromUrl:
    """Take the id of `flickr` or `pixelfed` out of the address; without one nothing changes."""

    platform: PlatformName
    only_missing: bool = True

    def ready(self) -> Doing:
        """See `Step`."""
        source, target = _names(self.platform)

        def doing(work: Work) -> None:
            if self.only_missing and work.text(target).strip():
                return
            found = id_from_url(work.text(source), self.platform)
            if found:
                work.set(target, found)

        return doing


@dataclass(frozen=True, kw_only=True)
class UrlFromId:
    """Make the address out of the id: `base`, a slash, the id; without an id nothing changes.

    `base` is the account's own page, as `https://www.flickr.com/photos/demo`.
    """

    platform: PlatformName
    base: str
    only_missing: bool = True

    def ready(self) -> Doing:
        """See `Step`."""
        target, source = _names(self.platform)
        base = self.base.strip().rstrip("/")
        if not _is_address(base):
            raise RecipeError(
                f"“{self.base}” is no address.",
                hint="Type the page of your account, as `https://www.flickr.com/photos/demo`.",
            )

        def doing(work: Work) -> None:
            if self.only_missing and work.text(target).strip():
                return
            ident = work.text(source).strip()
            if ident:
                work.set(target, f"{base}/{ident}")

        return doing


def checked(name: str, text: str) -> str:
    """The value of a column as IMatch may keep it; raises `RecipeError` for any other."""
    value, column = " ".join(text.split()), fields.FIELDS[name].column
    if not value or _TESTS.get(column, _is_id)(value):
        return value
    raise RecipeError(
        f"“{value[:60]}” is no {fields.FIELDS[name].label}.",
        hint=_HINTS.get(column, "An id has digits only. An empty value clears it."),
    )


def _is_address(value: str) -> bool:
    return value.lower().startswith(("http://", "https://")) and len(value) > len("https://")


def _is_date(value: str) -> bool:
    try:
        return len(value) == len("2024-03-19") and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdigit()


_TESTS = {"url": _is_address, "posted": _is_date}
_HINTS = {
    "url": "An address begins with https:// or http://. An empty value clears it.",
    "posted": "A date is written 2024-03-19. An empty value clears it.",
}


def _names(platform: PlatformName) -> tuple[str, str]:
    """The fields of the address and of the id."""
    if platform not in PLATFORMS:
        raise RecipeError(
            f"There is no platform “{platform}”.", hint=f"Use one of {', '.join(PLATFORMS)}."
        )
    return f"{platform}_url", f"{platform}_{ID_COLUMN[platform]}"
