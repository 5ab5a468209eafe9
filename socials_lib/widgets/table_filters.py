"""The filters above the table: `Find`, `Action`, `State`, `Problem`, `Album`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w

from socials_lib.widgets import base
from socials_lib.widgets.entries import options
from socials_lib.widgets.picker import PickerModel

#: trait of the model -> words and width
_DROPDOWNS = {
    "action": ("Action", "150px"),
    "state_filter": ("State", "150px"),
    "problem": ("Problem", "190px"),
    "album": ("Album", "150px"),
}


class Filters(w.HBox):
    """The controls that set the filters of a `PickerModel`; `safely` wraps their callbacks."""

    def __init__(
        self, model: PickerModel, safely: Callable[[Callable[..., None]], Callable[..., None]]
    ) -> None:
        self.model = model
        self._filling = base.Filling()
        self.find = w.Text(
            description="Find",
            placeholder="title, file name, keyword",
            continuous_update=False,
            layout=w.Layout(width="230px"),
            style={"description_width": "initial"},
        )
        self.find.add_class("find")
        self.find.observe(safely(lambda change: self._set("find", change["new"].strip())), "value")
        self.dropdowns = {name: self._dropdown(name, safely) for name in _DROPDOWNS}
        self.clear = base.button("Clear filters")
        self.clear.on_click(safely(lambda _: self.model.clear_filters()))
        super().__init__([self.find, *self.dropdowns.values(), self.clear])
        self.add_class("wrap")

    def paint(self) -> None:
        """Show what is set and what can be chosen."""
        with self._filling:
            base.set_if_new(self.find, value=self.model.find)
            for name, one in self.dropdowns.items():
                self._fill(one, name, getattr(self.model, name))
        is_set = self.model.is_filtered
        tip = "Show all rows" if is_set else "No filter is set"
        base.set_if_new(self.clear, disabled=not is_set, tooltip=tip)

    def _fill(self, one: w.Dropdown, name: str, wanted: str) -> None:
        offered = list(options(name, self.model))
        if wanted and wanted not in [value for _, value in offered]:
            offered.append((wanted, wanted))  # nothing of it is left, but it is still set
        if tuple(one.options) != tuple(offered):
            one.options = offered
        base.set_if_new(one, value=wanted)

    def _dropdown(self, name: str, safely: Callable[..., Any]) -> w.Dropdown:
        said, width = _DROPDOWNS[name]
        made = w.Dropdown(
            description=said,
            options=[("All", "")],
            layout=w.Layout(width=width),
            style={"description_width": "initial"},
        )
        made.observe(safely(lambda change: self._set(name, change["new"] or "")), "value")
        return made

    def _set(self, name: str, value: str) -> None:
        if not self._filling:
            setattr(self.model, name, value)
