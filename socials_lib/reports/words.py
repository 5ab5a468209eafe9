"""Words of the report: counts, times, states, as people read them; English whatever the locale."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime

from socials_lib.models import Action, Outcome, PlatformName, Run, State

PLATFORMS: Mapping[str, str] = {"flickr": "Flickr", "pixelfed": "Pixelfed"}
MODES = {
    "demo": ("DEMO", "Practice copies. Nothing left this computer."),
    "live": ("LIVE", "Sent to the real accounts below."),
}
#: State of a row -> tone, sign, word.
STATES: Mapping[State, tuple[str, str, str]] = {
    "done": ("ok", "✓", "Done"),
    "failed": ("err", "✕", "Failed"),
    "unknown": ("warn", "?", "Unclear"),
    "blocked": ("err", "✕", "Blocked"),
    "stale": ("warn", "≠", "Changed since"),
    "untouched": ("mute", "■", "Not started"),
    "skipped": ("mute", "–", "Skipped"),
}
DONE: Mapping[Action, str] = {
    "add": "Added",
    "update": "Updated",
    "metadata": "Text updated",
    "delete": "Deleted",
    "repost": "Posted again",
    "skip": "Skipped",
    "none": "Nothing to do",
}
ACTIONS: Mapping[Action, str] = {
    "add": "Add",
    "update": "Update",
    "metadata": "Metadata",
    "delete": "Delete",
    "repost": "Post again",
    "skip": "Skip",
    "none": "Nothing",
}
#: State of a run -> tone, sign, words.
_RUNS = {
    "done": ("ok", "✓", "Carried out to the end"),
    "stopped": ("warn", "■", "Stopped by you"),
    "halted": ("err", "✕", "Stopped by trouble"),
    "broken": ("err", "✕", "Broken off: the program ended on the way"),
    "running": ("accent", "◐", "Still running"),
}
#: In this order counts are added up; skipped rows are counted apart.
_DONE_WORDS = ("added", "updated", "text updated", "posted again", "deleted")
_LEFT_WORDS = ("to be finished", "not started")
_COUNTED = (*_DONE_WORDS, "failed", "unclear", "blocked", "changed since", *_LEFT_WORDS)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def run_state(run: Run) -> tuple[str, str, str]:
    """Tone, sign and words for how a run ended."""
    return _RUNS.get(run.state, ("mute", "–", run.state))


def row_state(one: Outcome) -> tuple[str, str, str]:
    """Tone, sign and words for how a row ended: `✓ Added, 2 notes`."""
    tone, sign, word = _state(one)
    if one.state == "done":
        word = DONE[one.action]
    if one.warnings:
        tone = "warn" if tone == "ok" else tone
        word += f", {count(len(one.warnings), 'note')}"
    return tone, sign, word


def counts(outcomes: Iterable[Outcome]) -> dict[PlatformName, str]:
    """Per platform one line that adds up: `37 photos = 35 added + 2 failed`."""
    found: dict[PlatformName, dict[str, int]] = {}
    for one in outcomes:
        of = found.setdefault(one.platform, {})
        word = _counted(one)
        of[word] = of.get(word, 0) + 1
    return {name: _line(of) for name, of in found.items()}


def _counted(one: Outcome) -> str:
    return (DONE[one.action] if one.state == "done" else _state(one)[2]).lower()


def _state(one: Outcome) -> tuple[str, str, str]:
    is_begun = one.state == "untouched" and one.code == "begun"
    return ("warn", "◐", "To be finished") if is_begun else STATES[one.state]


def _line(of: Mapping[str, int]) -> str:
    apart = of.get("skipped", 0) + of.get("nothing to do", 0)
    terms = [f"{of[word]:,} {word}" for word in _COUNTED if of.get(word)]
    total = sum(of.values()) - apart
    words = f"{count(total, 'photo')} = {' + '.join(terms)}" if terms else count(total, "photo")
    return words + (f"; {apart:,} skipped" if apart else "")


def count(value: int, word: str, plural: str = "") -> str:
    """`1 photo`, `2 photos`, `40,112 photos`."""
    return f"{value:,} {word if value == 1 else plural or word + 's'}"


def moment(when: datetime) -> str:
    """`21 Nov 2026, 18:42`, in this computer's zone."""
    here = when.astimezone()
    return f"{here.day} {_MONTHS[here.month - 1]} {here.year}, {here:%H:%M}"


def zone(when: datetime) -> str:
    """`UTC+01:00`: what this computer's zone was then."""
    offset = when.astimezone().isoformat()[-6:]
    return "UTC" if offset == "+00:00" else f"UTC{offset}"


def duration(run: Run) -> str:
    """`8 s`, `6 min`, `1 h 20 min`; "" while it runs or if nobody knows."""
    if run.ended is None:
        return ""
    seconds = max(0, round((run.ended - run.started).total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours:,} h" + (f" {minutes} min" if minutes else "")


def repeated(line: str) -> str:
    """`Upload: found online, not sent again` for `upload: found online, not sent again`."""
    kind, colon, rest = line.partition(":")
    return f"{kind.replace('_', ' ').capitalize()}{colon}{rest}"


def visible(title: str, name: str) -> str:
    """The title; the file name where a title has no letter that can be seen."""
    seen = any(unicodedata.category(one)[0] not in "CZ" for one in title)
    return title if seen else name or "–"
