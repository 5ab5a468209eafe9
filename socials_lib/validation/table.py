"""The table of problems: severity, what they block, their IMatch leaf, their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from socials_lib.models import (
    ACTIONS,
    PLATFORMS,
    Action,
    PlatformName,
    Problem,
    Rules,
    Severity,
    root_category,
)

_SENDING: tuple[Action, ...] = ("add", "update", "metadata")


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """A row of the table; `held` are blocks of which the person may release the delete.

    A warning has the blocks that it gets when the settings make it an error.
    """

    words: str
    field: str
    blocks: tuple[Action, ...]
    leaf: str = ""
    severity: Severity = "error"
    held: bool = False
    platforms: tuple[PlatformName, ...] = PLATFORMS


def _missing(what: str) -> _Kind:
    return _Kind(
        words=f"{what.capitalize()} missing",
        field=what,
        blocks=(*_SENDING, "delete"),
        leaf=f"missing {what}",
        held=True,
        platforms=("pixelfed",) if what == "headline" else PLATFORMS,
    )


def _hint(words: str, field: str, leaf: str) -> _Kind:
    return _Kind(
        words=words,
        field=field,
        blocks=(*_SENDING, "delete"),
        leaf=leaf,
        severity="warning",
        held=True,
    )


def _picture(words: str, leaf: str) -> _Kind:
    return _Kind(words=words, field="file", blocks=("add", "update"), leaf=leaf)


def _everything(words: str, field: str, leaf: str = "") -> _Kind:
    return _Kind(words=words, field=field, blocks=ACTIONS, leaf=leaf)


_FLICKR: tuple[PlatformName, ...] = ("flickr",)
#: In the order of design 3.
_KINDS: Mapping[str, _Kind] = {
    "missing_title": _missing("title"),
    "missing_description": _missing("description"),
    "missing_headline": _missing("headline"),
    "file_too_large": _Kind(
        words="Too large",
        field="file",
        blocks=("add", "update", "delete"),
        leaf="file too large",
        held=True,
    ),
    "invalid_format": _picture("Wrong format", "invalid format"),
    "file_not_found": _picture("File not found", "file not found"),
    "not_an_image": _picture("Not a picture", "not an image"),
    "text_too_long": _Kind(
        words="Text too long", field="caption", blocks=_SENDING, leaf="text too long"
    ),
    "missing_keywords": _hint("No keywords", "keywords", "missing hierarchical_keywords"),
    "missing_genre": _hint("No genre", "genre", "missing genre"),
    "too_many_tags": _Kind(
        words="Too many tags",
        field="tags",
        blocks=_SENDING,
        severity="warning",
        platforms=_FLICKR,
    ),
    "conflicting_flags": _everything("Two flags", "categories", "conflicting flags"),
    "not_in_platform_category": _everything(
        "Only flagged", "categories", "not in platform category"
    ),
    "same_picture_twice": _everything("Same picture twice", "file", "same picture twice"),
    "duplicate_remote_id": _everything("Id used twice", "records", "duplicate remote id"),
    "lost_remote_id": _everything("Id lost", "records", "lost remote id"),
    "unclear_act": _everything("Unclear", "run"),
    "album_without_id": _Kind(
        words="Album without id",
        field="albums",
        blocks=_SENDING,
        leaf="album without id",
        severity="warning",
        platforms=_FLICKR,
    ),
    "malformed_record": _Kind(
        words="Unreadable record", field="record", blocks=_SENDING, leaf="malformed record"
    ),
    "private_content": _Kind(
        words="Private content", field="text", blocks=_SENDING, leaf="private content"
    ),
}

CODES: tuple[str, ...] = tuple(_KINDS)
#: Leaf below `Socials|P|__errors` by code; codes that are not mirrored are absent.
LEAVES: Mapping[str, str] = {code: kind.leaf for code, kind in _KINDS.items() if kind.leaf}


def problem(
    code: str,
    platform: PlatformName,
    *,
    field: str = "",
    found: str = "",
    limit: str = "",
    suggestion: str = "",
    rules: Rules | None = None,
    severity: Severity | None = None,
) -> Problem:
    """A problem as the table and the person's rules have it; `severity` softens it to a warning."""
    kind, rules = _KINDS[code], rules or Rules()
    severity = "error" if code in rules.errors else severity or kind.severity
    return Problem(
        code=code,
        severity=severity,
        field=field or kind.field,
        found=found,
        limit=limit,
        suggestion=suggestion,
        blocks=_blocked_by(kind, rules) if severity == "error" else (),
        leaf=kind.leaf if platform in kind.platforms else "",
    )


def blocks(problems: Iterable[Problem], action: Action) -> Problem | None:
    """The first problem that stops `action`, None if nothing does."""
    wanted = {"add", "delete", "repost"} if action == "repost" else {action}
    return next((one for one in problems if wanted.intersection(one.blocks)), None)


def is_releasable(problem: Problem) -> bool:
    """True if the person may release a delete that this problem holds back."""
    return _KINDS[problem.code].held


def leaf_paths(platform: PlatformName) -> tuple[str, ...]:
    """Every error category of a platform, in the order of the table."""
    root = f"{root_category(platform)}|__errors"
    kinds = (kind for kind in _KINDS.values() if kind.leaf and platform in kind.platforms)
    return tuple(f"{root}|{kind.leaf}" for kind in kinds)


def words_for(problem: Problem) -> str:
    """The words of the pill: `Headline missing`, `91 tags`."""
    if problem.code == "too_many_tags" and problem.found:
        return problem.found
    return _KINDS[problem.code].words


def sign_for(problem: Problem) -> str:
    """`✕` where it blocks, `!` where it warns."""
    return "✕" if problem.severity == "error" else "!"


def details_for(problem: Problem) -> str:
    """What stands behind the pill: `no alt text · found nothing · allowed 1–1,000`."""
    parts = (
        "no alt text" if problem.code == "missing_headline" and problem.limit else "",
        f"found {problem.found}" if problem.found else "",
        f"allowed {problem.limit}" if problem.limit else "",
    )
    return " · ".join(part for part in parts if part)


def size_in_words(size: int) -> str:
    """`12.4 MB`, as the Explorer counts: 1 MB = 1,048,576 bytes."""
    return f"{size / 1_048_576:,.1f} MB"


def _blocked_by(kind: _Kind, rules: Rules) -> tuple[Action, ...]:
    if kind.held and rules.allow_faulty_deletes:
        return tuple(action for action in kind.blocks if action != "delete")
    return kind.blocks
