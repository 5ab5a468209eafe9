"""Pages of a list: `[‹ Previous] Page [1] of 17, rows 1–25 of 412 [Next ›]`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w

from socials_lib.widgets import base


class Pager(w.HBox):
    """The controls of a list in pages; `on_page` gets the page that is asked for.

    One page alone needs no pager: it is not displayed then.
    """

    def __init__(
        self, per_page: int, on_page: Callable[[int], None], *, what: str = "rows"
    ) -> None:
        self.per_page, self._on_page, self._what = per_page, on_page, what
        self._page = 1
        self._filling = base.Filling()
        self.previous = base.button("‹ Previous", tip="Previous page")
        self.next = base.button("Next ›", tip="Next page")
        self.field = w.BoundedIntText(
            description="Page",
            min=1,
            max=1,
            continuous_update=False,
            layout=w.Layout(width="96px"),
            style={"description_width": "initial"},
        )
        self.words = w.HTML()
        self.previous.on_click(lambda _: self._on_page(self._page - 1))
        self.next.on_click(lambda _: self._on_page(self._page + 1))
        self.field.observe(self._on_field, "value")
        super().__init__([self.previous, self.field, self.words, self.next])
        self.add_class("wrap")
        self.add_class("pager")

    def paint(self, page: int, total: int, *, stays: bool = False) -> None:
        """Show where we are in `total` rows; `stays`: also where a filter left one page."""
        pages = max(1, -(-total // self.per_page))
        self._page = page
        base.set_if_new(self.layout, display=None if pages > 1 or stays else "none")
        with self._filling:
            base.set_if_new(self.field, max=pages)
            base.set_if_new(self.field, value=page)
        first = (page - 1) * self.per_page + 1
        last = min(first + self.per_page - 1, total)
        said = f"of {pages:,}, {self._what} {first:,}–{last:,} of {total:,}"
        said = said if total else f"of {pages:,}, no {self._what}"
        base.set_if_new(self.words, value=said)
        base.set_if_new(self.previous, disabled=page <= 1)
        base.set_if_new(self.next, disabled=page >= pages)

    def _on_field(self, change: Any) -> None:
        if not self._filling:
            self._on_page(change["new"])
