"""Records of one kind that know it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self, TypeVar

T = TypeVar("T")


class Listed(tuple[T, ...]):
    """A tuple that says what it is of, so that the table of an empty one has the right columns."""

    kind: type[T]

    def __new__(cls, kind: type[T], rows: Iterable[T] = ()) -> Self:
        """The rows, all of them of this kind."""
        made = super().__new__(cls, rows)
        made.kind = kind
        return made
