"""Records to plain JSON values and back, by their type hints.

Text, numbers, booleans, None stay; datetimes become ISO 8601 text, paths text, tuples lists,
records objects.  Unknown members are ignored on the way back and missing ones take their default,
so that a journal or plan written by another version can still be read.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Record = TypeVar("Record")


def to_plain(value: Any) -> Any:
    """The JSON value of a record, mapping, sequence or plain value."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: to_plain(getattr(value, one.name)) for one in fields(value)}
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
        raise ValueError(f"{kind.__name__} cannot be read from {type(value).__name__}")
    return made


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if kind is Any or value is None:
        return value
    if origin in (Union, types.UnionType):
        return _read(next(one for one in get_args(kind) if one is not type(None)), value)
    if origin is Literal:
        if value not in get_args(kind):
            raise ValueError(f"{value!r} is none of {get_args(kind)}")
        return value
    if origin is tuple:
        return tuple(_read(get_args(kind)[0], one) for one in value)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _read(get_args(kind)[1], one) for key, one in value.items()}
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is Path:
        return Path(value)
    if is_dataclass(kind) and isinstance(kind, type):
        return _read_record(kind, value)
    return value


def _read_record(kind: type, value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise ValueError(f"{kind.__name__} cannot be read from {type(value).__name__}")
    hints = _hints(kind)
    known = {one.name for one in fields(kind)}
    return kind(**{name: _read(hints[name], value[name]) for name in known if name in value})
