"""What stands below the table: read again, columns, the rows as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as w

from socials_lib.widgets import base, words
from socials_lib.widgets.entries import Key
from socials_lib.widgets.picker import PickerModel
from socials_lib.widgets.table_choice import ColumnChoice

#: Up to here the CSV link is always ready (it goes to the page with each filter); a longer one is
#: made when asked for.
CSV_ROWS = 500
_CSV = ("platform", "file_id", "file", "title", "action", "state", "problems", "taken", "bytes")


class Foot(w.HBox):
    """The line of controls; `columns.line` opens below it."""

    def __init__(
        self,
        model: PickerModel,
        safely: Callable[..., Callable[..., None]],
        read_again: Callable[[], None],
    ) -> None:
        self.model = model
        self.read_again = base.button("Read IMatch again")
        self.read_again.on_click(safely(lambda _: read_again()))
        self.read_words = w.HTML()
        self.columns = ColumnChoice(model, safely)
        self.csv = w.HTML()
        self.make_csv = base.button("Make a CSV of these rows")
        self.make_csv.on_click(safely(lambda _: self.fill_csv()))
        super().__init__([])
        self.add_class("wrap")

    def paint(self) -> None:
        """The link to the rows that are shown, or the button that makes it."""
        shown = len(self.model.shown)
        last: Any = self.make_csv if shown > CSV_ROWS else self.csv
        if shown <= CSV_ROWS:
            self.fill_csv()
        self._show(last)

    def _show(self, last: Any) -> None:
        columns = [self.columns.button] if self.model.listed else []
        children = (self.read_again, self.read_words, *columns, last)
        base.set_if_new(self, children=children)

    def paint_reading(self) -> None:
        """The state of reading: progress, or when IMatch was read."""
        model = self.model
        busy = model.state == "running"
        read = f"read {words.clock(model.read_at)}" if model.read_at else ""
        why = "Ticks, filters and page stay"
        said = f'<span class="mute">{read}</span>'
        if busy:
            spoken = " of " not in model.progress  # numbers that run are not read aloud
            said, why = base.loading(model.progress, spoken=spoken), "IMatch is being read"
        if model.frozen:
            why = "A run is under way"
            said = f'<span class="mute">{read}; {why}</span>'
        base.set_if_new(self.read_words, value=said)
        base.set_if_new(self.read_again, disabled=busy or model.frozen, tooltip=why)

    def fill_csv(self) -> None:
        """The rows that are shown, as a link that saves them."""
        if not self.model.shown:
            base.set_if_new(self.csv, value="")
            return
        rows = (self._csv_row(one.key) for one in self.model.shown)
        label = "Download these rows as CSV"
        base.set_if_new(self.csv, value=base.csv_link("pending.csv", _CSV, rows, label))
        self._show(self.csv)

    def _csv_row(self, key: Key) -> Sequence[object]:
        entry = self.model.by_key[key]
        row = entry.row
        codes = " ".join(one.code for one in row.problems)
        state = self.model.pill(key).words
        return (
            *(row.platform, row.file_id, row.name, row.text.title if row.text else ""),
            *(row.action, state, codes, entry.taken, entry.size),
        )
