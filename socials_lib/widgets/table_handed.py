"""The line below the table for photos that another notebook handed over: a button that ticks them.

Decided here (2026-11-22): offered is the newest selection of the last `DAYS` days with a photo in
the table; if the newest has none, the line says so.  Ticks that stand already stay.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import ipywidgets as w

from socials_lib.widgets import base, theme, words
from socials_lib.widgets.entries import Key
from socials_lib.widgets.picker import PickerModel
from socials_lib.workbench.selections import Selection

#: Older selections are not offered any more: what they were for is over.
DAYS = 7


class Handed(w.HBox):
    """`[Tick the 21 handed over: titles changed online]`; empty if nothing was handed over."""

    def __init__(self, model: PickerModel, safely: Callable[..., Callable[..., None]]) -> None:
        self.model = model
        self._recent: tuple[Selection, ...] = ()
        self.offered: tuple[Key, ...] = ()
        self.tick = base.button("", "tick-handed")
        self.tick.on_click(safely(lambda _: model.tick(self.offered)))
        self.said = w.HTML()
        super().__init__([])
        self.add_class("handed")

    def look(self) -> None:
        """Read what was handed over; the rows may be there later."""
        since = datetime.now(UTC) - timedelta(days=DAYS)
        self._recent = tuple(one for one in self.model.wb.handed_over() if one.created >= since)
        self.paint()

    def paint(self) -> None:
        """The offer for the rows that are there now."""
        some = ((one, self._keys_of(one)) for one in self._recent)
        found, self.offered = next(((one, keys) for one, keys in some if keys), (None, ()))
        newest = self._recent[0] if self._recent and self.model.plan is not None else None
        children: list[w.Widget] = []
        if found is not None:
            rows = words.number(len(self.offered))
            base.set_if_new(
                self.tick,
                description=f"Tick the {rows} handed over: {found.name[:60]}",
                tooltip=f"{found.words}, handed over {words.moment(found.created)}",
            )
            children.append(self.tick)
        if newest is not None and newest is not found:
            said = f"Handed over as {theme.quoted(newest.name)}: none of them is pending."
            base.set_if_new(self.said, value=f'<span class="mute">{said}</span>')
            children.append(self.said)
        base.set_if_new(self, children=tuple(children))

    def _keys_of(self, one: Selection) -> tuple[Key, ...]:
        ids = set(one.file_ids)
        return tuple(entry.key for entry in self.model.listed if entry.row.file_id in ids)
