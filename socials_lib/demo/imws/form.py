"""The parameters of a request: always text, lower-case names, ids as comma lists (facts, 1)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from .refusal import bad, missing


class Form:
    """Parameters of the query and of the form body, the body first."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def get(self, name: str) -> str | None:
        """The text as sent; None if the parameter is absent."""
        return self._values.get(name)

    def text(self, name: str) -> str:
        """A parameter that has to be there with a value."""
        value = self._values.get(name, "")
        if not value.strip():
            raise missing(name)
        return value

    def ids(self, name: str) -> list[int]:
        """A comma list of ids, ascending and each once; empty is refused."""
        return sorted({_id(name, part) for part in self.text(name).split(",")})

    def names(self, name: str) -> tuple[str, ...] | None:
        """A comma list of names; None if absent, nothing if empty (that differs for `fields`)."""
        value = self._values.get(name)
        if value is None:
            return None
        return tuple(part.strip() for part in value.split(",") if part.strip())

    def count(self, name: str, *, least: int) -> int | None:
        """A whole number of at least `least`; None if absent."""
        value = self._values.get(name)
        if value is None:
            return None
        number = _whole(value)
        if number is None or number < least:
            raise bad(f"parameter '{name}' is not a number of {least} or more: {value!r}")
        return number

    def objects(self, name: str) -> list[dict[str, Any]]:
        """A list of objects sent as JSON text in one field (`tasks`, `tags`)."""
        try:
            value = json.loads(self.text(name))
        except ValueError:
            raise bad(f"parameter '{name}' is not JSON text") from None
        if not isinstance(value, list) or not value:
            raise bad(f"parameter '{name}' is not a list of tasks")
        if not all(isinstance(one, dict) for one in value):
            raise bad(f"parameter '{name}' holds something that is not an object")
        return value

    def starting_with(self, prefix: str) -> Iterator[tuple[str, str]]:
        """`tagtitle=title` as `("title", "title")` for the prefix `tag`, in the order sent."""
        for name, value in self._values.items():
            if name.startswith(prefix) and len(name) > len(prefix):
                yield name[len(prefix) :], value


def _id(name: str, part: str) -> int:
    number = _whole(part.strip())
    if number is None:
        raise bad(f"parameter '{name}' is not a list of ids: {part!r}")
    return number


def _whole(text: str) -> int | None:
    """A number of plain digits; 18 of them are the most that fit into 64 bits for sure."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
