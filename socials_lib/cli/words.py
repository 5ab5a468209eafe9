"""Checks and times as text for people: numbers, dates and words as in the notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from socials_lib.models import Check
from socials_lib.workbench import OtherRun

_SIGNS = {"ok": "✓", "warning": "!", "failed": "✕"}
#: Letters of a title before it is cut.
_LONGEST = 60


def photos(count: int) -> str:
    """`1 photo`, `2 photos`."""
    return f"{count:,} photo{'' if count == 1 else 's'}"


def doctor(checks: Sequence[Check]) -> str:
    """The checklist."""
    good = sum(one.state == "ok" for one in checks)
    lines = [f"{good:,} of {len(checks):,} ready"]
    for one in checks:
        lines.append(f" {_SIGNS[one.state]} {one.name:<22} {one.found}")
        if one.hint:
            lines.append(f"     {one.hint}")
        if one.state != "ok":
            lines += [f"         {line}" for line in _worth_copying(one)]
    return "\n".join(lines)


def bundle(path: Path, names: Sequence[str]) -> str:
    """Where the bundle of the doctor is, and what is in it."""
    lines = [f"Written to {path}; read it before you send it. It holds:"]
    return "\n".join([*lines, *(f"   {name}" for name in names)])


def _worth_copying(one: Check) -> Sequence[str]:
    """The exact texts of a check that its line does not show yet."""
    return [line for line in one.copy.splitlines() if line not in one.found + one.hint]


def cut(title: str) -> str:
    """A title as one line of at most sixty letters."""
    line = " ".join(title.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def stopping(other: OtherRun | None) -> str:
    """Who was asked to stop, and how far they are."""
    if other is None:
        return "Nothing is under way."
    since = f", since {when(other.since, datetime.now().astimezone())}" if other.since else ""
    far = f", {other.done:,} of {other.total:,}" if other.total else ""
    return (
        f"Asked to stop after its photo: {other.origin}{since}{far}."
        " `socials resume` goes on with what is left."
    )


def when(moment: datetime, now: datetime) -> str:
    """`21 Nov 2026, 18:42`; today only the clock."""
    local = moment.astimezone(now.tzinfo)
    return f"{local:%H:%M}" if local.date() == now.date() else _dated(local)


def moment(at: datetime) -> str:
    """`21 Nov 2026, 18:42` on this computer's clock, today as well."""
    return _dated(at.astimezone())


def _dated(local: datetime) -> str:
    return f"{local.day} {local:%b %Y}, {local:%H:%M}"


def span(took: timedelta) -> str:
    """`6 min`, `2 h 5 min`."""
    seconds = round(took.total_seconds())
    if seconds < 100:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
