"""What helps against the problems of a row: the fixes that the fix-it list offers; pure.

A fix is a recipe of `bulk` for this very photo, so the same can be done from code.  Three fixes
need the person first: `write` (words), `version` (a choice by picture), `fit` (a setting).

Decided here (2026-11-22):

- Hashtags are not offered to be dropped from the end of a caption: the plan itself leaves out the
  camera line, the shooting line and then hashtags until the caption fits, and a fix that did so
  again would change nothing.  The row names what was left out; what still helps is a shorter text.
  A hashtag that a private rule stops is dropped as the keyword that it is made of.
- A caption is shortened at its headline, and where that does not help at its title.
- Too large a file, or one that is no picture, may have a relative that fits: the photo's places in
  `Socials|P` are handed over to it, so that the plan takes that file (`fix_staged.handed_over`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from socials_lib import bulk
from socials_lib.models import (
    Limits,
    Photo,
    PlanRow,
    Problem,
    RelatedFile,
    root_category,
)
from socials_lib.widgets import pills, words
from socials_lib.widgets.fix_judge import Judge

#: Recipe -> the field it takes, the field it fills.
COPIES: Mapping[str, tuple[str, str]] = {
    "title_as_headline": ("title", "headline"),
    "headline_as_title": ("headline", "title"),
    "headline_as_description": ("headline", "description"),
    "title_as_description": ("title", "description"),
    "file_name_as_title": ("name", "title"),
}
_SOURCES = {"title": "title", "headline": "headline", "name": "file name"}
#: Problems of a file that another file of the same photo may not have.
_OF_THE_FILE = ("file_too_large", "invalid_format", "not_an_image", "file_not_found")
_MISSING = {f"missing_{one}": one for one in ("title", "headline", "description")}
#: Text that is sent -> the texts in IMatch that it is made of, the one to shorten first.
_MADE_OF: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "description": ("description", "headline"),
    "caption": ("headline", "title"),
    "alt_text": ("alt_text", "headline"),
}
_FORMATS = {"JPG": "JPEG", "JPE": "JPEG"}


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A fix for a problem of a row.

    `act` is the same for all rows alike; `label` are the words on its button where it stands alone,
    `whole` where the row has several problems and on the button for all rows.  `recipe` is None for
    what needs the person first: `write` (the text of `field`), `version`, `fit`.
    """

    act: str
    label: str
    whole: str
    recipe: bulk.Recipe | None = None
    field: str = ""

    @property
    def is_for_all(self) -> bool:
        """True if one press can do it for all rows with the same problem."""
        return self.act not in ("write", "version", "fit", "drop")


def offers(
    row: PlanRow, photo: Photo, problems: Iterable[Problem], judge: Judge | None
) -> tuple[Offer, ...]:
    """The fixes for these problems of a row, each kind once.

    Without a judge only what can be done for all rows alike is found: quickly, so that thousands
    of rows can be counted, and without trying whether a shorter text will do.
    """
    found: dict[tuple[str, str], Offer] = {}
    for problem in problems:
        for one in _for_problem(problem, row, photo, judge):
            found.setdefault((one.act, one.field), one)
    if pills.is_held_back(row) and photo.in_category(f"{root_category(row.platform)}|_delete"):
        one = _ready("out_of_delete", "Take out of _delete", row)
        found.setdefault((one.act, ""), one)
    return tuple(found.values())


def _for_problem(
    problem: Problem, row: PlanRow, photo: Photo, judge: Judge | None
) -> Iterator[Offer]:
    yield from _copies(problem, row, photo)
    yield from _places(problem, row, photo)
    if problem.code == "text_too_long":
        yield from _shorter(problem, row, photo, judge)
    if judge is None:
        return
    if problem.code == "private_content":
        yield from _dropped(problem, photo)
    yield from _written(problem, photo)
    if problem.code in _OF_THE_FILE and row.action != "delete":
        if problem.code == "file_too_large" and not judge.known.rules.fit_pictures:
            yield Offer(act="fit", label="Make a smaller copy", whole="Make a smaller copy")
        if photo.relatives and versions(row, photo, judge.limits(row.platform)):
            whole = "Pick another version…"
            yield Offer(act="version", label=whole, whole=whole)


def _copies(problem: Problem, row: PlanRow, photo: Photo) -> Iterator[Offer]:
    for name in bulk.ready_for(problem.code, row.platform):
        if name not in COPIES:
            continue
        source, target = COPIES[name]
        if getattr(photo, source).strip() and not getattr(photo, target).strip():
            label = f"Use the {_SOURCES[source]}"
            whole = f"{label} as {target}"
            yield Offer(act=name, label=label, whole=whole, recipe=bulk.READY[name], field=target)


def _places(problem: Problem, row: PlanRow, photo: Photo) -> Iterator[Offer]:
    """Fixes that only change which categories the photo is in."""
    root = root_category(row.platform)
    if problem.code == "conflicting_flags":
        yield _ready("out_of_delete", "Take out of _delete", row)
        flags = [one for one in ("_update", "_metadata") if photo.in_category(f"{root}|{one}")]
        yield _ready("only_delete", f"Take out of {' and '.join(flags) or '_update'}", row)
    elif problem.code == "not_in_platform_category":
        yield _ready("into_platform", f"Put into {root}", row)
    elif problem.code == "same_picture_twice":
        label = f"Take this file out of {root}"
        yield Offer(act="take_out", label=label, whole=label, recipe=left(row, photo, label))


def _ready(act: str, label: str, row: PlanRow) -> Offer:
    return Offer(act=act, label=label, whole=label, recipe=bulk.READY[f"{act}:{row.platform}"])


def left(row: PlanRow, photo: Photo, name: str) -> bulk.Recipe:
    """The photo leaves its places in `Socials|P`; error leaves are not ours to change here."""
    steps = tuple(bulk.Unassign(category=one) for one in places(row, photo))
    return bulk.Recipe(name=name, steps=steps)


def places(row: PlanRow, photo: Photo) -> tuple[str, ...]:
    """The categories of `Socials|P` that the photo is in, albums and groups among them."""
    root = root_category(row.platform)
    return tuple(
        one.path
        for one in photo.categories
        if (one.path == root or one.path.startswith(f"{root}|"))
        and not one.path.startswith(f"{root}|__errors")
    )


def versions(row: PlanRow, photo: Photo, limits: Limits) -> tuple[RelatedFile, ...]:
    """Relatives that could be sent instead: accepted, small enough, not the one at hand."""
    at_hand = row.upload.file_id if row.upload else photo.file_id
    return tuple(
        replace(one, format=_format(one.format))
        for one in photo.relatives
        if one.file_id not in (at_hand, photo.file_id)
        and _format(one.format) in limits.formats
        and (one.size is None or one.size <= limits.max_bytes)
    )


def _format(name: str) -> str:
    upper = name.strip().upper()
    return _FORMATS.get(upper, upper)


# texts that are too long


def _shorter(problem: Problem, row: PlanRow, photo: Photo, judge: Judge | None) -> Iterator[Offer]:
    label = "Shorten at a word"
    act = f"shorten:{problem.field}"
    if judge is None:
        yield Offer(act=act, label=label, whole=label)
        return
    recipe, field = shortening(problem, row, photo, judge)
    if recipe is not None:
        whole = f"Shorten the {words.field(field).lower()} at a word"
        yield Offer(act=act, label=label, whole=whole, recipe=recipe, field=field)


def shortening(
    problem: Problem, row: PlanRow, photo: Photo, judge: Judge
) -> tuple[bulk.Recipe | None, str]:
    """The recipe that makes the text fit, and the field it cuts; None if no cut of one text does.

    How far a text is cut depends on all that stands around it, so each cut is tried.
    """
    limits = judge.limits(row.platform)
    if problem.field == "caption":
        made = bulk.shorten_to_fit(photo, row.platform, rules=judge.known.rules, limits=limits)
        if made is not None:
            return made, "headline"
    over = _number(problem.found) - _number(problem.limit)
    for field in _MADE_OF.get(problem.field, ()):
        letters = _letters_left(getattr(photo, field), over, in_bytes="bytes" in problem.found)
        if letters < 1:
            continue
        name = f"Shorten the {words.field(field).lower()} to {words.count(letters, 'letter')}"
        made = bulk.Recipe(name=name, steps=(bulk.Shorten(field=field, letters=letters),))
        if judge.mends(problem, row, photo, made):
            return made, field
    return None, ""


def _letters_left(text: str, over: int, *, in_bytes: bool) -> int:
    text = text.strip()
    if not in_bytes:
        return len(text) - over
    data = text.encode("utf-8", "replace")
    return len(data[: max(0, len(data) - over)].decode("utf-8", "ignore"))


def _number(said: str) -> int:
    """The number in words of a problem: `10,038 letters`."""
    digits = "".join(one for one in said if one.isdigit())
    return int(digits) if digits else 0


# words of the person


def _written(problem: Problem, photo: Photo) -> Iterator[Offer]:
    for field in _to_write(problem, photo):
        yield Offer(
            act="write", label="Write it…", whole=f"Write the {_named(field)}…", field=field
        )


def _to_write(problem: Problem, photo: Photo) -> tuple[str, ...]:
    """The texts in IMatch that would have to be written anew."""
    if problem.code in _MISSING:
        return (_MISSING[problem.code],)
    if problem.code not in ("text_too_long", "private_content"):
        return ()
    found = _MADE_OF.get(problem.field, ())
    there = tuple(one for one in found if getattr(photo, one).strip())
    if problem.code == "private_content" or len(there) < 2:
        return there
    if problem.field == "alt_text":
        return there[:1]  # the headline only stands in for it
    return (max(there, key=lambda one: len(getattr(photo, one))),)


def _named(field: str) -> str:
    return words.field(field).lower()


def _dropped(problem: Problem, photo: Photo) -> Iterator[Offer]:
    """Keywords that a private rule stops, by the word it names."""
    word = problem.found.partition("“")[2].partition("”")[0].casefold()
    doomed = tuple(one for one in photo.keywords if word and word in one.casefold())
    if "tags" not in problem.found.rpartition(" in ")[2] or not doomed:
        return
    whole = f"Drop {words.count(len(doomed), 'keyword')}"
    recipe = bulk.Recipe(name=whole, steps=(bulk.RemoveKeywords(keywords=doomed),))
    yield Offer(act="drop", label=whole, whole=whole, recipe=recipe, field="keywords")
