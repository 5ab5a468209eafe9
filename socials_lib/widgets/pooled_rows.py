"""Rows of a pool that take turns: a late press still means the row that the person saw.

A press travels from the page to the kernel.  If a row of the pool shows another photo by the time
it arrives, its buttons act on a photo that nobody looked at.  So a row that is shown keeps its key
as long as its key is shown, and a new key gets a row that is *not* on the page: the one that left
longest ago, or one that still holds this very key.  A press on a row that has just left therefore
still finds the key it was meant for; whoever acts on it looks first whether that key still exists.

    pool = PooledRows(make_card)
    cards = pool.place([key_of(one) for one in page])     # one for each key, in this order
    for card, one in zip(cards, page): card.fill(one)

Where a row has only a tick box, `pooled_tick` does the same with less.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")


class PooledRows(Generic[K, R]):
    """Rows by key; `spare` rows at least stay away from the page after they have left it."""

    def __init__(self, make: Callable[[], R], *, spare: int) -> None:
        self._make, self._spare = make, spare
        #: Key -> the row that holds it; those that were shown last are at the end.
        self._rows: dict[K, R] = {}

    def place(self, keys: Sequence[K]) -> list[R]:
        """A row for each of these keys, which must differ, in their order."""
        wanted = frozenset(keys)
        free = [one for one in self._rows if one not in wanted]
        placed: dict[K, R] = {}
        for key in keys:
            row = self._rows.pop(key, None)
            if row is None:
                row = self._taken(free)
            placed[key] = row
        self._rows |= placed
        return [placed[key] for key in keys]

    def _taken(self, free: list[K]) -> R:
        """The row that left longest ago, or a new one as long as too few are spare."""
        if len(free) <= self._spare:
            return self._make()
        return self._rows.pop(free.pop(0))
