"""Narrowing photos down by facets, with counts; quick on some ten thousand photos.

    facets = Facets(photos)
    some = [Facet(field="keywords", values=("Coast",)), Facet(field="headline", present=False)]
    facets.select(some)                 # photos with Coast or a keyword below it, no headline
    facets.counts("keywords", some)     # what the other facets leave of each keyword

All facets must hold.  The counts of a field leave the facets of that field out, as in OpenRefine:
so the person sees what another choice would give.  A value of a list means the entry and all below
it, and each photo counts once; a date is chosen by its beginning (`2024`, `2024-03`).
"""

from __future__ import annotations

import functools
import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

from socials_lib.bulk.expressions import DATE_NAMES, Expression
from socials_lib.bulk.fields import Kind, as_number, field, is_missing, paths_of, value_of
from socials_lib.bulk.patterns import Pattern
from socials_lib.errors import RecipeError
from socials_lib.models import Photo

Mask = list[bool]
_MOST_MASKS = 64


@dataclass(frozen=True, kw_only=True)
class Facet:
    """A condition on one field; what is not given does not matter, what is given must all hold.

    `values`: any of these; `text`: contained, whatever the case; `pattern`: a regular expression;
    `least` and `most`, both included: numbers, dates (`2024-03`), letters of a text, entries of a
    list; `present`: has a value or not; `exclude` turns the whole facet round.

    `expression`, instead of a field: a condition over all fields, see `expressions`.
    """

    field: str = ""
    values: tuple[str, ...] = ()
    text: str = ""
    pattern: str = ""
    least: float | str | None = None
    most: float | str | None = None
    present: bool | None = None
    exclude: bool = False
    expression: str = ""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The values of a field among some photos: `values` with counts, the most frequent first.

    `distinct` counts all values, also those left out; `least` and `most` are the range of numbers
    and dates, and None for texts and lists.
    """

    field: str
    kind: Kind
    present: int
    missing: int
    values: tuple[tuple[str, int], ...] = ()
    distinct: int = 0
    least: float | str | None = None
    most: float | str | None = None


class Facets:
    """Photos with their columns, made when first asked for and kept."""

    def __init__(self, photos: Iterable[Photo]) -> None:
        self.photos = tuple(photos)
        self._columns: dict[str, list[Any]] = {}
        self._keys: dict[str, list[frozenset[str]]] = {}
        self._masks: dict[Facet, Mask] = {}

    def select(self, facets: Iterable[Facet] = ()) -> tuple[Photo, ...]:
        """The photos for which all facets hold, in their order."""
        return tuple(compress(self.photos, self._all(facets)))

    def count(self, facets: Iterable[Facet] = ()) -> int:
        """How many photos hold all facets."""
        return sum(self._all(facets))

    def counts(self, name: str, facets: Iterable[Facet] = (), *, limit: int = 200) -> Counts:
        """What the field holds among the photos that the facets of other fields leave."""
        kind = field(name).kind
        mask = self._all(one for one in facets if one.field != name)
        column = list(compress(self._column(name), mask))
        present = sum(map(_HAS[kind], column))
        found = self._counted(name, kind, mask, column)
        numbers = [one for one in column if one is not None and one != ""]
        spread = kind in ("number", "date") and bool(numbers)
        return Counts(
            field=name,
            kind=kind,
            present=present,
            missing=len(column) - present,
            values=tuple(heapq.nsmallest(limit, found.items(), key=lambda one: (-one[1], one[0]))),
            distinct=len(found),
            least=min(numbers) if spread else None,
            most=max(numbers) if spread else None,
        )

    def _counted(self, name: str, kind: Kind, mask: Mask, column: Sequence[Any]) -> Counter[str]:
        if kind == "list":
            return Counter(one for some in compress(self._branches(name), mask) for one in some)
        if kind == "date":
            return Counter(one[:4] for one in column if one)
        if kind == "number":
            return Counter(_number_in_words(one) for one in column if one is not None)
        return Counter(one for one in column if one.strip())

    # -- columns

    def _column(self, name: str) -> list[Any]:
        if name not in self._columns:
            self._columns[name] = list(map(_reader(name), self.photos))
        return self._columns[name]

    def _rows(self, names: Sequence[str]) -> list[tuple[Any, ...]]:
        """The values of several names, photo by photo."""
        if not names:
            return [()] * len(self.photos)
        return list(zip(*map(self._column, names), strict=True))

    def _branches(self, name: str) -> list[frozenset[str]]:
        """The entries of a list field and all levels above them, per photo."""
        if name not in self._keys:
            self._keys[name] = [_with_branches(one) for one in self._column(name)]
        return self._keys[name]

    # -- conditions

    def _all(self, facets: Iterable[Facet]) -> Mask:
        masks = [self._mask(one) for one in facets]
        if not masks:
            return [True] * len(self.photos)
        return functools.reduce(_both, masks)

    def _mask(self, facet: Facet) -> Mask:
        if facet not in self._masks:
            if len(self._masks) >= _MOST_MASKS:  # somebody is typing: each letter is a facet
                self._masks.clear()
            tests = list(self._tests(facet))
            held = [True] * len(self.photos)
            for column, test in tests:
                held = [ok and test(one) for ok, one in zip(held, column, strict=True)]
            self._masks[facet] = [not one for one in held] if facet.exclude else held
        return self._masks[facet]

    def _tests(self, facet: Facet) -> Iterable[tuple[Sequence[Any], Callable[[Any], bool]]]:
        if facet.expression:
            expression = Expression(facet.expression)
            yield self._rows(expression.names), expression.holds
        if not facet.field and facet.expression:
            return
        kind = field(facet.field).kind
        column = self._column(facet.field)
        if facet.present is not None:
            has, wanted = _HAS[kind], facet.present
            yield column, lambda one: has(one) is wanted
        if facet.values and kind == "list":
            values = frozenset(facet.values)
            yield self._branches(facet.field), lambda one: not values.isdisjoint(one)
        elif facet.values:
            yield column, _value_test(kind, facet.values)
        if facet.text:
            words = facet.text.casefold()
            yield column, lambda one: any(words in text.casefold() for text in _texts(one))
        if facet.pattern:
            pattern = Pattern(facet.pattern)
            yield column, lambda one: any(map(pattern.found_in, _texts(one)))
        if facet.least is not None or facet.most is not None:
            yield column, _range_test(kind, facet)


def _both(one: Mask, other: Mask) -> Mask:
    return [a and b for a, b in zip(one, other, strict=True)]


def _reader(name: str) -> Callable[[Photo], Any]:
    if name in DATE_NAMES:
        return lambda photo: getattr(photo.date_time, name, None)
    kind = field(name).kind
    if kind == "number":
        return lambda photo: as_number(getattr(photo, name))
    if name == "categories":
        return paths_of
    return lambda photo: value_of(photo, name)


_HAS: dict[Kind, Callable[[Any], bool]] = {
    "text": lambda one: not is_missing(one),
    "list": bool,
    "date": bool,
    "number": lambda one: one is not None,
}


def _texts(value: Any) -> tuple[str, ...]:
    """What is searched: entries of a list one by one, numbers as they are counted."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, str):
        return (value,)
    return () if value is None else (_number_in_words(value),)


def _number_in_words(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number:g}"


def _value_test(kind: Kind, values: tuple[str, ...]) -> Callable[[Any], bool]:
    if kind == "date":
        return lambda one: one.startswith(values) and bool(one)
    if kind == "number":
        numbers = {as_number(one) for one in values} - {None}
        shown = frozenset(values)
        return lambda one: one is not None and (one in numbers or _number_in_words(one) in shown)
    chosen = frozenset(values)
    return lambda one: one in chosen


def _range_test(kind: Kind, facet: Facet) -> Callable[[Any], bool]:
    if kind == "date":
        low, high = str(facet.least or ""), str(facet.most or "")
        # the end of `2024-03` is the end of that month: only as many letters count
        return lambda one: bool(one) and low <= one and (not high or one[: len(high)] <= high)
    least = _bound(facet, facet.least, float("-inf"))
    most = _bound(facet, facet.most, float("inf"))
    if kind == "number":
        return lambda one: one is not None and least <= one <= most
    return lambda one: least <= len(one) <= most


def _bound(facet: Facet, value: float | str | None, otherwise: float) -> float:
    if value is None:
        return otherwise
    found = as_number(value)
    if found is None:
        raise RecipeError(f"“{value}” is no number, but {facet.field} is compared with one.")
    return found


def _with_branches(entries: tuple[str, ...]) -> frozenset[str]:
    if len(entries) == 1:
        return _branches_of(entries[0])
    return frozenset[str]().union(*map(_branches_of, entries))


@functools.lru_cache(maxsize=65_536)
def _branches_of(entry: str) -> frozenset[str]:
    """`A|B|C` and the levels above it."""
    levels = entry.split("|")
    return frozenset("|".join(levels[:count]) for count in range(1, len(levels) + 1))
