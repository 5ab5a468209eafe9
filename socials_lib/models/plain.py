"""Records to plain JSON values and back, by their type hints.

Text, numbers, booleans, None stay; datetimes become ISO 8601 text, paths text, tuples lists,
records objects.  Unknown members are ignored on the way back; missing ones, and null where a field
knows no null, take their default, so that a journal or plan written by another version can still
be read.  A value of another type than the field's is a `ValueError`, never a record with it inside.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Record = TypeVar("Record")


_PLAIN = (str, int, float, bool, type(None))


def to_plain(value: Any) -> Any:
    """The JSON value of a record, mapping, sequence or plain value."""
    if type(value) in _PLAIN:
        return value  # nearly all values; a plan of 5,000 rows has hundreds of thousands
    if is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): to_plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_plain(one) for one in value]
    return value


def from_plain(kind: type[Record], value: Any) -> Record:
    """The record of this kind; raises `ValueError` if a value does not fit its type."""
    made = _read(kind, value)
    if not isinstance(made, kind):
        raise _misfit(kind, value)
    return made


@functools.cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any) -> Any:
    if kind is Any:
        return value
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        choices = [one for one in get_args(kind) if one is not type(None)]
        return None if value is None and _takes_none(kind) else _read(choices[0], value)
    if origin is Literal:
        if value not in get_args(kind):
            raise ValueError(f"{value!r} is none of {get_args(kind)}")
        return value
    if origin is tuple:
        return tuple(_read(get_args(kind)[0], one) for one in _checked(value, list | tuple))
    if origin is not None:
        items = _checked(value, Mapping).items()
        return {str(key): _read(get_args(kind)[1], one) for key, one in items}
    if is_dataclass(kind) and isinstance(kind, type):
        return _read_record(kind, _checked(value, Mapping))
    return _read_plain(kind, value)


def _read_plain(kind: Any, value: Any) -> Any:
    if kind is datetime:
        return datetime.fromisoformat(_checked(value, str))
    if kind is Path:
        return Path(_checked(value, str))
    if kind in (int, float) and isinstance(value, bool):
        raise _misfit(kind, value)
    if kind is float:
        return float(_checked(value, int | float))
    return _checked(value, kind)


def _read_record(kind: type, value: Mapping[str, Any]) -> Any:
    hints, found = _hints(kind), {}
    for one in fields(kind):
        hint = hints[one.name]
        given = value.get(one.name)
        if given is not None or (one.name in value and _takes_none(hint)):
            found[one.name] = _read(hint, given)
        elif one.default is MISSING and one.default_factory is MISSING:
            raise ValueError(f"{kind.__name__} without {one.name}")
    return kind(**found)


def _takes_none(kind: Any) -> bool:
    return kind is Any or type(None) in get_args(kind)


def _checked(value: Any, kind: Any) -> Any:
    if not isinstance(value, kind):
        raise _misfit(kind, value)
    return value


def _misfit(kind: Any, value: Any) -> ValueError:
    name = getattr(kind, "__name__", str(kind))
    return ValueError(f"{name} cannot be read from {type(value).__name__}")
