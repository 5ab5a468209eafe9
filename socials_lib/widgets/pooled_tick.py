"""The tick box of a row that is filled anew: a late click still means what the person saw.

A press travels from the page to the kernel.  If the row shows another photo by the time it
arrives, one box that is simply renamed would tick a photo that nobody looked at.  So two boxes take
turns, and each keeps the key it was shown with: what is on its way to the one that just left still
goes to its own key.  Rows with buttons take turns as a whole: `pooled_rows`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar

import ipywidgets as w

from socials_lib.widgets import base

K = TypeVar("K")


class PooledTick(Generic[K]):
    """Shows `box` in the row; `on_tick(key, is_on)` hears of the person, never of `show`."""

    box: Any

    def __init__(self, make: Callable[[], w.Checkbox], on_tick: Callable[[K, bool], None]) -> None:
        self._make, self._on_tick = make, on_tick
        self._keys: dict[Any, K] = {}
        self._spare: Any = None
        self._showing = False
        self.box = self._made()

    def _made(self) -> w.Checkbox:
        made = self._make()
        made.add_class("tick")
        made.observe(partial(self._changed, made), "value")
        return made

    def show(self, key: K, *, is_on: bool, words: str) -> None:
        """Show this key; the row takes `box` afterwards, which may be the other one."""
        if self._keys.get(self.box, key) != key:
            self.box, self._spare = self._spare or self._made(), self.box
        self._keys[self.box] = key
        self._showing = True
        try:
            base.set_if_new(self.box, description=words, value=is_on)
        finally:
            self._showing = False

    def _changed(self, box: Any, change: Any) -> None:
        if not self._showing and box in self._keys:
            self._on_tick(self._keys[box], bool(change["new"]))
