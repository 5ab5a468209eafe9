"""`Columns [8 shown ▾]`: a line of tick boxes that opens below the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w

from socials_lib.widgets import base
from socials_lib.widgets.picker import PickerModel
from socials_lib.widgets.table_columns import CHOICES, COLUMNS, DEFAULT, FIXED


class ColumnChoice:
    """The button, and the line that it opens; the boxes are made when it is first opened."""

    def __init__(self, model: PickerModel, safely: Callable[..., Callable[..., None]]) -> None:
        self.model = model
        self._safely, self._filling = safely, base.Filling()
        self.is_open = False
        self.button = base.button("Columns", "columns")
        self.button.on_click(safely(lambda _: self.toggle()))
        self.boxes: dict[str, w.Checkbox] = {}
        self.usual = base.button("The usual columns")
        self.usual.on_click(safely(lambda _: self.model.choose_columns(DEFAULT)))
        self.line = base.row()
        self.line.add_class("column-line")
        self.line.layout.display = "none"
        model.observe(lambda _: self.paint(), "columns")
        self.paint()

    def toggle(self) -> None:
        """Open or close the line."""
        self.is_open = not self.is_open
        if not self.boxes:
            self.boxes = {name: self._box(name) for name in CHOICES}
            self.line.children = (*self.boxes.values(), self.usual)
        self.paint()

    def paint(self) -> None:
        """What is shown."""
        count = len(FIXED) + len(self.model.columns)
        arrow, does = ("▴", "Close the list") if self.is_open else ("▾", "Choose columns")
        base.set_if_new(self.button, description=f"Columns {count} shown {arrow}", tooltip=does)
        base.set_if_new(self.line.layout, display=None if self.is_open else "none")
        is_usual = self.model.columns == DEFAULT
        why = "These are the usual ones" if is_usual else "File and Reason where there is room"
        base.set_if_new(self.usual, disabled=is_usual, tooltip=why)
        with self._filling:
            for name, box in self.boxes.items():
                base.set_if_new(box, value=name in self.model.columns)

    def _box(self, name: str) -> w.Checkbox:
        made = w.Checkbox(description=COLUMNS[name].title, indent=False)
        made.observe(self._safely(lambda change: self._on_box(name, change)), "value")
        return made

    def _on_box(self, name: str, change: Any) -> None:
        if not self._filling:
            before = set(self.model.columns)
            self.model.choose_columns(before | {name} if change["new"] else before - {name})
