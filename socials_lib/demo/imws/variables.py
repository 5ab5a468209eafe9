r"""IMatch variables: `ISO {File.MD.iso|value:formatted}`, evaluated for one file (facts, 4.4).

Syntax `{Name|argument|argument}`; text around variables is kept, an argument may hold variables
itself, what is no variable (an opening brace without its end) stays as it is.

Our readings where the facts are silent: `{File.Name}` is the `name` of `/v1/files`; `replace`
takes `old==new`, `old=new` or `old,new`; unknown variables are empty, unknown functions do
nothing.  Numbers that IMatch stores as text come back as that text, except shutter speed and focal
length, whose decimal form is documented.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

Stored = str | float | list[str] | datetime
Template = tuple["str | Variable", ...]

#: `verbatim` of a source says: nothing is overridden (None would mean: remove the member).
NOTHING = object()


@dataclass(frozen=True, kw_only=True)
class Locale:
    """What the Windows settings of the user decide about texts made from values."""

    decimal: str
    separator: str
    date_time: str
    date: str


LOCALES = {
    "de": Locale(decimal=",", separator=";", date_time="%d.%m.%Y %H:%M:%S", date="%d.%m.%Y"),
    "en": Locale(decimal=".", separator=",", date_time="%m/%d/%Y %I:%M:%S %p", date="%m/%d/%Y"),
}


@dataclass(frozen=True)
class Variable:
    """One `{…}`: its name and its arguments, each a function name with its text."""

    name: str
    arguments: tuple[tuple[str, Template], ...] = ()


class Source(Protocol):
    """Whatever knows the values of a file."""

    def stored(self, variable: str) -> Stored | None:
        """The value behind a variable name; None if missing or unknown."""

    def verbatim(self, variable: str) -> object:
        """A malformed value to be answered as it is, or `NOTHING`."""


@functools.lru_cache(maxsize=1024)
def parse(expression: str) -> Template:
    """The expression as literal texts and variables."""
    parts: list[str | Variable] = []
    rest = expression
    while rest:
        before, brace, after = rest.partition("{")
        end = _closing(after) if brace else None
        if end is None:
            parts.append(rest)
            break
        if before:
            parts.append(before)
        parts.append(_variable(after[:end]))
        rest = after[end + 1 :]
    return tuple(parts)


def evaluate(template: Template, source: Source, locale: Locale) -> str:
    """The text of an expression for one file."""
    return "".join(
        part if isinstance(part, str) else _value(part, source, locale) for part in template
    )


def plain(number: float) -> str:
    """A number with a dot, without exponent and without needless zeros."""
    text = format(Decimal(str(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _closing(text: str) -> int | None:
    """Where the brace ends that was opened just before `text`."""
    depth = 1
    for place, letter in enumerate(text):
        depth += (letter == "{") - (letter == "}")
        if depth == 0:
            return place
    return None


def _variable(inside: str) -> Variable:
    name, *arguments = _split(inside)
    pairs = (one.partition(":") for one in arguments)
    return Variable(name.strip(), tuple((f.strip(), parse(text)) for f, _, text in pairs))


def _split(inside: str) -> list[str]:
    """Parts between the pipes that belong to this variable, not to one inside it."""
    parts, depth = [""], 0
    for letter in inside:
        depth += (letter == "{") - (letter == "}")
        if letter == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _value(variable: Variable, source: Source, locale: Locale) -> str:
    given = source.verbatim(variable.name)
    if given is not NOTHING:
        return "" if given is None else str(given)
    stored = source.stored(variable.name)
    how = next((evaluate(t, source, locale) for f, t in variable.arguments if f == "value"), "")
    text = had = "" if stored is None else _show(variable.name, stored, how, locale)
    for function, template in variable.arguments:
        argument = evaluate(template, source, locale)
        if function == "default":
            text = text if had else argument
        elif function == "hasvalue":
            text = argument if had else text
        elif function == "replace":
            text = _replaced(text, argument)
        elif function == "format":
            text = _date_parts(stored, argument)
        elif function == "numformat":
            text = _fixed(stored, argument, "." if how == "rawfrm" else locale.decimal)
    return text


def _show(name: str, stored: Stored, how: str, locale: Locale) -> str:
    """A value as text: as IMatch formats it, raw, or in the words of the user's Windows."""
    if isinstance(stored, list):
        return locale.separator.join(stored)
    if isinstance(stored, datetime):
        return stored.strftime(locale.date_time)
    if isinstance(stored, str):
        number = _number(stored) if name.endswith(("shutterspeed", "focallength")) else None
        if number is None or how == "formatted":
            return stored
        stored = number
    if how in ("rawfrm", "raw"):
        return plain(stored)
    if how == "formatted":
        return _formatted(name, stored)
    if name == "File.Size":
        return f"{stored / 1_048_576:.1f} MB".replace(".", locale.decimal)
    return f"{stored:.2f}".replace(".", locale.decimal)


def _formatted(name: str, number: float) -> str:
    if name.endswith("focallength"):
        return f"{number:.1f} mm"
    if name.endswith("shutterspeed") and 0 < number < 1:
        part = round(1 / number)
        if abs(part * number - 1) < 0.05:
            return f"1/{part}"
    return plain(number)


def _number(text: str) -> float | None:
    """`1/100`, `45.0 mm`, `0,5`: the number of a text that starts with one."""
    match = re.match(r"\s*(-?\d+(?:[.,]\d+)?)(?:/(\d+))?", text)
    if match is None or match[2] == "0":
        return None
    number = float(match[1].replace(",", "."))
    return number / int(match[2]) if match[2] else number


def _replaced(text: str, argument: str) -> str:
    for sign in ("==", "=", ","):
        old, found, new = argument.partition(sign)
        if found:
            return text.replace(old, new) if old else text
    return text


def _fixed(stored: Stored | None, argument: str, decimal: str) -> str:
    """`numformat:float,0,4`: at least that many digits before, exactly that many behind."""
    number = _number(stored) if isinstance(stored, str) else stored
    if not isinstance(number, (int, float)):
        return ""
    kind, *digits = (part.strip() for part in argument.split(","))
    width, places = (int(d) if d.isdecimal() else 0 for d in (*digits, "", "")[:2])
    whole, dot, fraction = f"{abs(number):.{places if kind == 'float' else 0}f}".partition(".")
    return ("-" if number < 0 else "") + whole.zfill(width) + (decimal if dot else "") + fraction


def _date_parts(stored: Stored | None, pattern: str) -> str:
    """`format:YYYY-MM-DD`: parts of a date; empty for what is no date."""
    date = stored if isinstance(stored, datetime) else read_date(stored)
    if date is None:
        return ""
    codes = {"YYYY": "%Y", "YY": "%y", "MM": "%m", "DD": "%d", "hh": "%H", "mm": "%M", "ss": "%S"}
    return re.sub("|".join(codes), lambda found: date.strftime(codes[found[0]]), pattern)


def read_date(stored: object) -> datetime | None:
    """A date from the two forms metadata uses, `2024-03-19T06:41:07` and `2024:03:19 06:41:07`."""
    if not isinstance(stored, str):
        return None
    day, _, time = stored.replace("T", " ").partition(" ")
    try:
        return datetime.fromisoformat(f"{day.replace(':', '-')}T{time or '00:00:00'}")
    except ValueError:
        return None
