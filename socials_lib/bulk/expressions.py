"""Conditions that people type: `len(title) > 40 and "Coast" not in keywords`; a small language.

It looks like Python and is none: the text is parsed, every part that is not in the list below is
refused, and what is left is carried out by functions of ours.  Nothing is ever evaluated, no
attribute can be reached, no name but the fields is known.  (Rejected: a Jinja2 expression, thirty
times slower on 20,000 photos.)

    fields          title headline keywords iso date_time …; year month day of the date taken
    texts, numbers  "Coast" 40 2.8 [100, 200]; lists are keywords and categories
    and or not      == != < <= > >= in, not in; + - * / of numbers
    len(x) words(x) letters, entries; words          lower(x) upper(x)
    missing(x)      nothing there                    number(x) the number in a text
    starts(x, "a") ends(x, "a")                      for lists: any entry
    matches(x, "p") a regular expression, with a time limit
    below(keywords, "Places|Coast")                  that branch or anything below it

A number that is missing is neither smaller nor larger than any other.
"""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from socials_lib.bulk import words
from socials_lib.bulk.fields import FIELDS, as_number, is_missing
from socials_lib.bulk.patterns import Pattern, check_length
from socials_lib.errors import RecipeError

#: What is worked out for a photo: the values of the names, in the order of `Expression.names`.
Row = Sequence[Any]
Part = Callable[[Row], Any]

#: Names beside the fields; all are numbers.
DATE_NAMES = ("year", "month", "day")
_MOST_PARTS, _MOST_DEPTH = 200, 40
_HINT = 'For example  len(title) > 40 and "Coast" not in keywords  or  missing(headline).'


class Expression:
    """A condition, ready to be asked; `names` are the fields it looks at.

    Raises `RecipeError` if it cannot be used.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.names: tuple[str, ...] = ()
        tree = _parsed(source)
        self.names = tuple(
            dict.fromkeys(
                node.id
                for node in ast.walk(tree)
                if isinstance(node, ast.Name) and node.id in _KNOWN
            )
        )
        self._part = _Builder(self.names).part(tree)

    def holds(self, row: Row) -> bool:
        """True if it holds for these values of `names`."""
        try:
            return bool(self._part(row))
        except (TypeError, ValueError, OverflowError, RecursionError) as error:
            raise RecipeError(
                f"The expression “{_cut(self.source)}” cannot be worked out: {_words(error)}.",
                hint=_HINT,
            ) from error


_KNOWN = frozenset((*FIELDS, *DATE_NAMES))


def _parsed(source: str) -> ast.expr:
    check_length("expression", source)
    if not source.strip():
        raise RecipeError("The expression is empty.", hint=_HINT)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `"\d"` is meant as it stands
            tree = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        words_ = error.msg if isinstance(error, SyntaxError) else "it is too long"
        raise RecipeError(
            f"The expression “{_cut(source)}” cannot be read: {words_}.", hint=_HINT
        ) from error
    if sum(1 for _ in ast.walk(tree)) > _MOST_PARTS:
        raise RecipeError("The expression is too long.", hint="Split it over two facets.")
    return tree


def _cut(source: str) -> str:
    return source if len(source) <= 60 else f"{source[:59]}…"


def _words(error: Exception) -> str:
    text = str(error)
    return "a text is compared with a number" if "not supported between" in text else text


class _Builder:
    """Makes functions out of the parts of a parsed expression."""

    def __init__(self, names: Sequence[str]) -> None:
        self._at = {name: place for place, name in enumerate(names)}
        self._depth = 0

    def part(self, node: ast.expr) -> Part:
        """The function for a part; raises `RecipeError` for one that is not in the language."""
        self._depth += 1
        if self._depth > _MOST_DEPTH:
            raise RecipeError("The expression is nested too deeply.", hint=_HINT)
        made = self._made(node)
        self._depth -= 1
        return made

    def _made(self, node: ast.expr) -> Part:
        match node:
            case ast.Constant(value=bool() | str() | int() | float()):
                value = node.value
                return lambda row: value
            case ast.Name():
                return self._name(node.id)
            case ast.List() | ast.Tuple():
                entries = [self.part(one) for one in node.elts]
                return lambda row: tuple(one(row) for one in entries)
            case ast.BoolOp():
                return self._bool(node)
            case ast.UnaryOp(op=ast.Not()):
                inner = self.part(node.operand)
                return lambda row: not _truth(inner(row))
            case ast.UnaryOp(op=ast.USub()):
                inner = self.part(node.operand)
                return lambda row: _numbers(operator.sub, 0, inner(row))
            case ast.BinOp() if type(node.op) in _SUMS:
                left, right, act = self.part(node.left), self.part(node.right), _SUMS[type(node.op)]
                return lambda row: _numbers(act, left(row), right(row))
            case ast.Compare():
                return self._compare(node)
            case ast.Call():
                return self._call(node)
        raise RecipeError(
            f"“{_cut(ast.unparse(node))}” is not part of an expression here.", hint=_HINT
        )

    def _name(self, name: str) -> Part:
        if name not in self._at:
            raise RecipeError(
                f"There is no field “{_cut(name)}”.",
                hint=f"Fields are {', '.join((*FIELDS, *DATE_NAMES))}.",
            )
        return operator.itemgetter(self._at[name])

    def _bool(self, node: ast.BoolOp) -> Part:
        parts = [self.part(one) for one in node.values]
        if isinstance(node.op, ast.And):
            return lambda row: all(_truth(one(row)) for one in parts)
        return lambda row: any(_truth(one(row)) for one in parts)

    def _compare(self, node: ast.Compare) -> Part:
        sides = [self.part(one) for one in (node.left, *node.comparators)]
        tests = []
        for op in node.ops:
            if type(op) not in _COMPARES:
                raise RecipeError("Use == or != to compare.", hint=_HINT)
            tests.append(_COMPARES[type(op)])
        if len(tests) == 1:
            (left, right), (test,) = sides, tests
            return lambda row: test(left(row), right(row))

        def chained(row: Row) -> bool:
            values = [one(row) for one in sides]
            return all(
                test(one, other)
                for test, one, other in zip(tests, values, values[1:], strict=False)
            )

        return chained

    def _call(self, node: ast.Call) -> Part:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "matches":
            return self._matches(node)
        if name not in _FUNCTIONS or node.keywords:
            shown = _cut(ast.unparse(node.func))
            known = ", ".join((*_FUNCTIONS, "matches"))
            raise RecipeError(f"There is no function “{shown}” here.", hint=f"Use {known}.")
        act, count = _FUNCTIONS[name]
        if len(node.args) != count:
            asked = "one value" if count == 1 else f"{count} values"
            raise RecipeError(f"{name}( ) takes {asked}.", hint=_HINT)
        parts = [self.part(one) for one in node.args]
        if count == 1:
            (only,) = parts
            return lambda row: act(only(row))
        first, second = parts
        return lambda row: act(first(row), second(row))

    def _matches(self, node: ast.Call) -> Part:
        given = node.args[1] if len(node.args) == 2 and not node.keywords else None
        if not isinstance(given, ast.Constant) or not isinstance(given.value, str):
            raise RecipeError(
                "matches( ) takes a field and a pattern in quotes.",
                hint=r'For example  matches(title, "part \d+").',
            )
        subject, pattern = self.part(node.args[0]), Pattern(given.value)
        return lambda row: any(map(pattern.found_in, _texts(subject(row))))


def _truth(value: Any) -> bool:
    """Nothing but blanks is nothing, as everywhere."""
    return not is_missing(value) if isinstance(value, str) else bool(value)


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(map(str, value))
    return () if value is None else (str(value),)


def _numbers(act: Callable[[Any, Any], Any], one: Any, other: Any) -> float | None:
    if one is None or other is None:
        return None
    if not all(isinstance(side, (int, float)) for side in (one, other)):
        raise TypeError("only numbers are added, subtracted, multiplied and divided")
    try:
        return float(act(one, other))
    except ZeroDivisionError:
        return None


def _ordered(act: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda one, other: one is not None and other is not None and act(one, other)


def _inside(one: Any, other: Any) -> bool:
    if isinstance(other, str):
        return isinstance(one, str) and one in other
    return isinstance(other, tuple) and one in other


_SUMS: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARES: Mapping[type, Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: _ordered(operator.lt),
    ast.LtE: _ordered(operator.le),
    ast.Gt: _ordered(operator.gt),
    ast.GtE: _ordered(operator.ge),
    ast.In: _inside,
    ast.NotIn: lambda one, other: not _inside(one, other),
}


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, (str, tuple)) and is_missing(value))


def _length(value: Any) -> int:
    return len(value) if isinstance(value, (str, tuple)) else len(_texts(value))


def _each(act: Callable[[str], str]) -> Callable[[Any], Any]:
    def changed(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(act(str(one)) for one in value)
        return "" if value is None else act(str(value))

    return changed


def _some(test: Callable[[str, str], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, other: any(test(one, str(other)) for one in _texts(value))


#: Name -> what it does, and how many values it takes.
_FUNCTIONS: Mapping[str, tuple[Callable[..., Any], int]] = {
    "len": (_length, 1),
    "words": (lambda value: sum(len(one.split()) for one in _texts(value)), 1),
    "lower": (_each(str.lower), 1),
    "upper": (_each(str.upper), 1),
    "missing": (_missing, 1),
    "number": (as_number, 1),
    "starts": (_some(str.startswith), 2),
    "ends": (_some(str.endswith), 2),
    "below": (_some(words.below), 2),
}
