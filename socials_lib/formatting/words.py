"""Small text rules: dates, shooting data, lengths, what Pixelfed's server would spoil."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
#: Noncharacters U+FDD0/1 are markers of `templates`; no text of a photo may bring its own.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0\ufdd1]")
#: Pixelfed's frame (Laravel's TrimStrings) takes these off both ends as well as white space.
_OUTER = re.compile(r"\A[\s\ufeff\u200b\u200e]+|[\s\ufeff\u200b\u200e]+\Z")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_UNIT = re.compile(r"[^\W\d_]|[\"″”]")
_F_NUMBER = re.compile(r"(?:[fFƒ]\s*/?\s*)?([0-9]{1,9}(?:[.,][0-9]{0,9})?)")
#: PHP's strip_tags keeps `<` only before white space of the C locale (facts/pixelfed.md 8), so
#: also a `<` at the end or before a no-break space starts a tag.
_TAG_START = re.compile(r"<(?![ \t\n\v\f\r])")
#: What the purifier of an edit takes for a tag; other `<` come back as `&lt;`, nothing is lost.
_ELEMENT_START = re.compile(r"<(?=[A-Za-z/!?])")
_MENTION = re.compile(r"([@\uFF20])(?=\w)")
WORD_JOINER = "\u2060"


def letters(text: str) -> int:
    """The length as the services count it: code points."""
    return len(text)


def tidy(text: str) -> str:
    """Line ends LF, no control characters, no outer white space."""
    if text.isprintable() and not (text[:1] == " " or text[-1:] == " "):
        return text  # nearly all texts; there are tens of thousands
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _OUTER.sub("", _HALF_CHARACTER.sub("\ufffd", _UNWANTED.sub("", text)))


def date_in_words(day: date) -> str:
    """`19 March 2024`: English whatever the locale, no leading zero."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def iso(text: str) -> str:
    """`3200` -> `ISO 3200`; a text that says ISO already is kept."""
    text = text.strip()
    return text if not text or text.upper().startswith("ISO") else f"ISO {text}"


def shutter(text: str) -> str:
    """`1/100` -> `1/100 sec`; a text with a unit (`2 s`, `30"`) is kept."""
    text = text.strip()
    return text if not text or _UNIT.search(text) else f"{text} sec"


def aperture(text: str) -> str:
    """`6,30`, `6.30` or `f/6.3` -> `f/6.3`: three significant digits; "" if it cannot be read.

    Windows writes the number with the decimal sign of its locale (facts/imws.md 4.4); 0 is what
    lenses without contacts report.
    """
    match = _F_NUMBER.fullmatch(text.strip())
    number = float(match[1].replace(",", ".")) if match else 0.0
    return f"f/{Decimal(f'{number:.3g}'):f}" if number > 0 else ""


def pixelfed_alt_text(text: str) -> str:
    """An alt text that an upload and an edit leave as it is."""
    return _ELEMENT_START.sub("‹", tidy(text))


def pixelfed_caption(text: str) -> str:
    """A caption that survives `strip_tags` unchanged and notifies nobody."""
    return _MENTION.sub(rf"\1{WORD_JOINER}", _TAG_START.sub("‹", tidy(text)))


def shorten_at_word(text: str, limit: int) -> str:
    """The longest beginning of whole words with at most `limit` letters, without a loose comma.

    A first word that is too long itself is cut, but never inside a letter with its marks.
    """
    text = text.strip()
    if letters(text) <= limit:
        return text
    cut = text[: max(limit, 0)]
    if not text[len(cut)].isspace():
        whole = re.match(r"(.*)\s", cut, re.DOTALL)
        cut = whole[1] if whole and whole[1].strip() else _at_letter(text, len(cut))
    return cut.rstrip().rstrip(",;:–—-(").rstrip()


def _at_letter(text: str, end: int) -> str:
    while end > 0 and (_joins(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end]


def _joins(letter: str) -> bool:
    """True for what belongs to the letter before: marks, variation selectors, skin tones, ZWJ."""
    return (
        unicodedata.category(letter).startswith("M")
        or letter == "\u200d"
        or "\U0001f3fb" <= letter <= "\U0001f3ff"
    )
