"""Numbers, sizes, dates and names as people read them; pure, English, whatever the locale."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from socials_lib.formatting.words import MONTHS
from socials_lib.models import Action, PlatformName

#: What stands where a value is missing.
DASH = "–"
PLATFORM_NAMES: Mapping[PlatformName, str] = {"flickr": "Flickr", "pixelfed": "Pixelfed"}
ACTION_NAMES: Mapping[Action, str] = {
    "add": "Add",
    "update": "Update",
    "metadata": "Metadata",
    "delete": "Delete",
    "repost": "Post again",
    "skip": "Skip",
    "none": DASH,
}
_SEEN_BY = {
    "public": "Everybody sees it",
    "unlisted": "Unlisted: whoever has the link sees it",
    "friends": "Your friends see it",
    "family": "Your family sees it",
    "friends+family": "Your friends and family see it",
    "private": "Only you see it",
}
_VISIBILITY = {
    "public": "everybody",
    "unlisted": "unlisted",
    "friends": "friends",
    "family": "family",
    "friends+family": "friends and family",
    "private": "only you",
}
_FIELDS = {
    "picture": "Picture",
    "title": "Title",
    "description": "Description",
    "caption": "Caption",
    "alt_text": "Alt text",
    "tags": "Tags",
    "hashtags": "Hashtags",
    "albums": "Albums",
    "groups": "Groups",
    "date_taken": "Taken",
    "visibility": "Seen by",
}
_REASONS = {
    "new": "not online yet",
    "flag_update": "in _update",
    "flag_metadata": "in _metadata",
    "flag_delete": "in _delete",
    "not_published": "in _delete, but not online",
    "continue": "begun by an earlier run",
    "differs": "differs from what was sent",
}


def number(value: float) -> str:
    """`40,112`."""
    return f"{value:,.0f}"


def count(value: int, word: str, plural: str = "") -> str:
    """`1 photo`, `2 photos`, `40,112 photos`."""
    return f"{value:,} {word if value == 1 else plural or word + 's'}"


def size(value: int | None, *, with_kb: bool = False) -> str:
    """`12.4 MB` (1 MB = 1,048,576 bytes, as Explorer); `with_kb`: `14.6 MB (15,000 KB)`."""
    if value is None:
        return DASH
    words = (
        f"{value / 1_048_576:,.1f} MB" if value >= 52_429 else f"{max(1, round(value / 1024))} KB"
    )
    return words + (f" ({value // 1024:,} KB)" if with_kb else "")


def percent(part: float, whole: float) -> str:
    """`64 %`, rounded down, so that 100 % means all of it."""
    return f"{int(100 * part / whole) if whole else 100} %"


def letters(text: str, limit: int | None = None) -> str:
    """`487 of 500`, `18 letters`: code points."""
    return f"{len(text):,} of {limit:,}" if limit else count(len(text), "letter")


def short_date(day: date | None) -> str:
    """`19 Mar 2024`, for tables."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}" if day else DASH


def long_date(day: date | None) -> str:
    """`19 March 2024`, for text."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day else DASH


def parse_local(text: str | None) -> date | None:
    """The day of a camera-local `YYYY-MM-DDTHH:MM:SS`; None if there is none."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def clock(moment: datetime) -> str:
    """`18:42`, in this computer's zone."""
    return f"{moment.astimezone():%H:%M}"


def moment(when: datetime, now: datetime | None = None) -> str:
    """`21 Nov 2026, 18:42`, today only `18:42`."""
    here, today = when.astimezone(), (now or datetime.now(UTC)).astimezone()
    if here.date() == today.date():
        return clock(when)
    return f"{short_date(here.date())}, {clock(when)}"


def duration(seconds: float) -> str:
    """`about 3 min`, `about 1 h 20 min`; the shortest is `less than 1 min`."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than 1 min"
    if minutes < 60:
        return f"about {minutes} min"
    hours, rest = divmod(round(minutes / 5) * 5, 60)
    return f"about {hours:,} h" + (f" {rest} min" if rest else "")


def done_about(seconds: float, now: datetime | None = None) -> str:
    """`done about 14:32`, with the day if that is not today."""
    start = now or datetime.now(UTC)
    return f"done about {moment(start + timedelta(seconds=seconds), start)}"


def rest(seconds: float, now: datetime | None = None) -> str:
    """`about 3 min, done about 14:32`."""
    return f"{duration(seconds)}, {done_about(seconds, now)}"


def rate(per_second: float) -> str:
    """`6 a minute`; below one a minute `20 an hour`."""
    a_minute = per_second * 60
    return f"{a_minute:,.0f} a minute" if a_minute >= 1 else f"{per_second * 3600:,.0f} an hour"


def quoted(title: str) -> str:
    """`“Dawn over the lake”`."""
    return f"“{title}”"


def platform(name: PlatformName) -> str:
    """`Flickr`, `Pixelfed`."""
    return PLATFORM_NAMES[name]


def action(name: Action) -> str:
    """`Add`, `Update`, …"""
    return ACTION_NAMES[name]


def visibility(code: str, name: PlatformName = "flickr") -> str:
    """`everybody`, `friends and family`, `only you`; `followers` for Pixelfed's `private`."""
    if name == "pixelfed" and code == "private":
        return "followers"
    return _VISIBILITY.get(code, code)


def seen_by(code: str, name: PlatformName = "flickr") -> str:
    """`Everybody sees it`; Pixelfed's `private` means the followers."""
    if name == "pixelfed" and code == "private":
        return "Your followers see it"
    return _SEEN_BY.get(code, code)


def field(name: str) -> str:
    """`Alt text` for `alt_text`."""
    return _FIELDS.get(name, name.replace("_", " ").capitalize())


def reason(code: str) -> str:
    """`in _update` for `flag_update`; "" for the code of a problem, which says it itself."""
    return _REASONS.get(code, "")


def dash(text: str) -> str:
    """The text, or `–` where there is none."""
    return text or DASH
