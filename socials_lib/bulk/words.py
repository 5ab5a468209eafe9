"""What the steps do to one text: typography, letter case, replacing; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

from socials_lib import formatting

LetterCase = Literal["upper", "lower", "words", "sentence"]

_BLANKS = re.compile(r"[^\S\n]+")
_BEFORE_SIGN = re.compile(r"[^\S\n]+([,;:!?]|\.(?!\d))(?=\s|$)")
_DOTS = re.compile(r"(?<!\.)\.\.\.(?!\.)")
_DASH = re.compile(r"(?<=\s)-{1,3}(?=\s)")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_OPENING = re.compile(r"(?:(?<=[\s(\[{–—-])|^)([\"'])(?=\S)", re.MULTILINE)
_INITIAL = re.compile(r"(?:(?<=[\s(\[{“‘\"–—/-])|^)(\w)")
_FIRST = re.compile(r"\w")
_BLANK_LINES = re.compile(r"\n{3,}")

_QUOTES = {'"': ("“", "”"), "'": ("‘", "’")}


def typography(text: str) -> str:
    """Curly quotes, dashes and dots as printed; no doubled blanks, none before a comma."""
    text = _BLANKS.sub(" ", text)
    text = _BEFORE_SIGN.sub(r"\1", text)
    text = _DASH.sub("–", _DOTS.sub("…", text))
    text = _APOSTROPHE.sub("’", text)
    text = _OPENING.sub(lambda match: _QUOTES[match[1]][0], text)
    for straight, (_, closing) in _QUOTES.items():
        text = text.replace(straight, closing)
    return "\n".join(line.strip() for line in text.split("\n"))


def in_case(text: str, to: LetterCase) -> str:
    """Other letters: `words` and `sentence` only raise initials and leave the rest (NASA)."""
    if to == "upper":
        return text.upper()
    if to == "lower":
        return text.lower()
    if to == "words":
        return _INITIAL.sub(lambda match: match[1].upper(), text)
    return _FIRST.sub(lambda match: match[0].upper(), text, count=1)


def replacer(
    find: str, replace: str, *, ignore_case: bool = False, whole_words: bool = False
) -> Callable[[str], str]:
    """A function that replaces a plain text wherever it occurs."""
    if not ignore_case and not whole_words:
        return lambda text: text.replace(find, replace)
    source = re.escape(find)
    if whole_words:
        source = rf"(?<!\w){source}(?!\w)"
    pattern = re.compile(source, re.IGNORECASE if ignore_case else 0)
    return lambda text: pattern.sub(lambda _: replace, text)


def mapper(table: Mapping[str, str], *, ignore_case: bool = False) -> Callable[[str], str]:
    """A function that exchanges a whole text by a table; what is not in it stays."""
    if not ignore_case:
        return lambda text: table.get(text.strip(), text)
    folded = {one.strip().casefold(): to for one, to in table.items()}
    return lambda text: folded.get(text.strip().casefold(), text)


def below(entry: str, branch: str) -> bool:
    """True for the branch itself and all below it."""
    return entry == branch or entry.startswith(f"{branch}|")


def trimmed(text: str) -> str:
    """No outer white space, no control characters, single blanks, at most one blank line."""
    lines = (_BLANKS.sub(" ", line).strip() for line in formatting.tidy(text).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines))
