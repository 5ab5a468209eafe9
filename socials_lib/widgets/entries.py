"""A row of the table with what filters and sorting need, and what the filters offer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from socials_lib.models import ACTIONS, Photo, PlanRow, PlatformName
from socials_lib.widgets import pills, words

if TYPE_CHECKING:
    from socials_lib.widgets.picker import PickerModel

Key = tuple[PlatformName, str]
#: The kinds that are pending, in the order of the counts line.
PENDING = ("add", "update", "metadata", "repost", "delete", "blocked")
#: Kinds counted apart, with their words.
APART = {"suggested": "suggested", "skip": "skipped", "none": "only warned"}
NO_ALBUM = "\0none"
#: What a run can have made of a row, by the code of its pill.
_AFTER_A_RUN = {
    "done": "Done",
    "failed": "Failed",
    "unknown": "Unclear",
    "stale": "Changed since",
    "untouched": "Not started",
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A row of the plan with what filters and sorting need, made once."""

    row: PlanRow
    words: str
    taken: str
    size: int
    codes: frozenset[str]
    albums: frozenset[str]
    posted: str = ""
    version_of: str = ""

    @property
    def key(self) -> Key:
        """Platform and file id."""
        return self.row.key


def kind_filters(kind: str) -> dict[str, str]:
    """The filters that show exactly the rows of one kind."""
    if kind == "blocked":
        return {"state_filter": "blocked"}
    return {"action": kind} if kind in APART else {"action": kind, "state_filter": "ready"}


def make_entry(row: PlanRow, photo: Photo | None) -> Entry:
    """The entry of a plan row; `photo` is the one in IMatch, for `Find` and some columns."""
    text = row.text
    tags = text.tags if text else ()
    keywords = photo.keywords if photo else ()
    return Entry(
        row=row,
        words="\n".join((row.title, row.name, *tags, *keywords)).casefold(),
        taken=(text.date_taken if text else None) or "",
        size=row.upload.bytes if row.upload else 0,
        codes=frozenset(one.code for one in row.problems),
        albums=frozenset(one.name for one in row.albums if one.name),
        posted=_posted(photo, row.platform),
        version_of=", ".join(one.name for one in photo.masters) if photo else "",
    )


def _posted(photo: Photo | None, platform: PlatformName) -> str:
    records = photo.records if photo else ()
    dates = (one.values.get("posted", "") for one in records if one.set == platform)
    return next(filter(None, dates), "")


def options(name: str, model: PickerModel) -> list[tuple[str, str]]:
    """Words and values of a filter, with counts: `Add 158`, `Headline missing 38`."""
    makers = {
        "action": _action_options,
        "state_filter": _state_options,
        "problem": _problem_options,
        "album": _album_options,
    }
    found: list[tuple[str, str]] = model.counted(f"options-{name}", lambda: makers[name](model))
    return found


def _action_options(model: PickerModel) -> list[tuple[str, str]]:
    waiting = _waiting(model)
    counts = Counter(one.row.action for one in waiting)
    found = [(f"All {words.number(len(waiting))}", "")]
    for name in (*ACTIONS, "none"):
        if counts[name] and name != "skip":
            said = "No action" if name == "none" else words.action(name)
            found.append((f"{said} {words.number(counts[name])}", name))
    kinds = model.kinds()
    for kind, name_ in APART.items():
        if kinds[kind]:
            found.append((f"{name_.capitalize()} {words.number(kinds[kind])}", kind))
    return found


def _state_options(model: PickerModel) -> list[tuple[str, str]]:
    waiting = _waiting(model)
    ready = sum(model.kind(one.row) != "blocked" for one in waiting)
    warned = sum(any(p.severity == "warning" for p in one.row.problems) for one in waiting)
    codes = Counter(model.pill(one.key).code for one in model.listed)
    counts = (
        ("Ready", "ready", ready),
        ("Blocked", "blocked", len(waiting) - ready),
        ("With a warning", "warned", warned),
        ("Skipped here", "skipped", len(model.skipped)),
        *((said, code, codes[code]) for code, said in _AFTER_A_RUN.items()),
    )
    found = [(f"All {words.number(len(waiting))}", "")]
    return found + [(f"{said} {words.number(n)}", code) for said, code, n in counts if n]


def _problem_options(model: PickerModel) -> list[tuple[str, str]]:
    counts = Counter(code for one in _waiting(model) for code in one.codes)
    named = [(f"{pills.code_words(code)} {words.number(n)}", code) for code, n in counts.items()]
    return [("Any", ""), *sorted(named)]


def _album_options(model: PickerModel) -> list[tuple[str, str]]:
    names = sorted({name for one in _waiting(model) for name in one.albums}, key=str.casefold)
    return [("Any", ""), *((name, name) for name in names), ("No album", NO_ALBUM)]


def _waiting(model: PickerModel) -> list[Entry]:
    return [one for one in model.listed if model.kind(one.row) in PENDING]
