"""The operations of `POST /v1/metadata`: `{tag, op, value}` (facts, section 7).

Documented are `set` for `rating` and `label` and that keywords can be added one by one; `add` and
`remove` as words for it, and text tags, are our reading (16 row 35).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..seed import MetadataValue
from .refusal import bad
from .tags import LISTS, READ_ONLY, canonical, is_tag, tidy

#: What an operation makes of the value that is there.
Step = tuple[str, Callable[[MetadataValue | None], MetadataValue | None]]


def steps(operations: Iterable[Mapping[str, Any]]) -> list[Step]:
    """All operations of a call, checked before the first one is carried out."""
    return [_step(one) for one in operations]


def _step(operation: Mapping[str, Any]) -> Step:
    tag, op, value = operation.get("tag"), operation.get("op"), operation.get("value")
    if not isinstance(tag, str) or not is_tag(tag):
        raise bad(f"unknown tag {tag!r}")
    key = canonical(tag)
    if key in READ_ONLY:
        raise bad(f"tag '{tag}' cannot be changed")
    if op not in (("set", "add", "remove") if key in LISTS else ("set",)):
        raise bad(f"operation {op!r} is not possible for tag '{tag}'")
    if key in LISTS:
        return key, _list_step(key, str(op), value)
    new = _rating(value) if key == "rating" else _text(tag, value)
    return key, lambda _old: new


def _list_step(
    key: str, op: str, value: object
) -> Callable[[MetadataValue | None], MetadataValue | None]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise bad(f"tag '{key}' takes a text or a list of texts, not {value!r}")
    words = list(dict.fromkeys(word for word in given if word))
    if not words and op != "set":
        raise bad(f"tag '{key}': nothing to {op}")

    def step(old: MetadataValue | None) -> MetadataValue | None:
        there = list(old) if isinstance(old, list) else []
        if op == "set":
            return tidy(key, words)
        if op == "remove":
            return tidy(key, [word for word in there if word not in words])
        return [*there, *(word for word in words if word not in there)]

    return step


def _rating(value: object) -> float | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 5:
        raise bad(f"tag 'rating' takes a number from 0 to 5, not {value!r}")
    return float(value)


def _text(tag: str, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise bad(f"tag '{tag}' takes text, not {value!r}")
    return value or None
