"""The rows of the table: a fixed pool of widgets that is filled anew for each page.

A page of 25 rows has four widgets a row (tick, picture, title, cells), so a flip sends about a
hundred small messages however long the table is.  One widget for each cell of 5,000 rows would be
out of the question.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w

from socials_lib.widgets import base, table_columns, theme
from socials_lib.widgets.entries import Entry, Key
from socials_lib.widgets.picker import PickerModel
from socials_lib.widgets.pooled_tick import PooledTick
from socials_lib.widgets.table_columns import COLUMNS

STYLE = """
.soc .rows.own-columns{overflow-x:auto}
.soc .rows{height:520px;overflow-y:auto;overflow-x:hidden;display:block;
border:1px solid var(--hair);border-radius:8px}
.soc .table-row{display:flex;flex:0 0 auto;height:84px;align-items:center;gap:4px;
padding:0 8px 0 5px;border-left:3px solid transparent;border-bottom:1px solid var(--hair);
box-sizing:border-box;overflow:hidden}
.soc .table-row.spare{display:none}
.soc .table-row.on{background:var(--tint);border-left-color:var(--accent)}
.soc .table-row>*{margin:0;flex:0 0 auto}
.soc .table-head{height:36px;position:sticky;top:0;z-index:2;background:var(--soft)}
.soc .tick{width:28px;overflow:hidden;height:32px}
.soc .tick label,.soc .tick .widget-label-basic{width:28px;height:32px;overflow:hidden;display:flex;
align-items:center;gap:0}
.soc .tick span{position:absolute;width:1px;height:1px;overflow:hidden;
clip-path:inset(50%);white-space:nowrap}
.soc .tick input{flex:0 0 auto;width:16px;height:16px;margin:8px 6px}
.soc .thumb{width:100px}.soc .thumb .widget-html-content{line-height:0}
.soc .thumb .box{line-height:1.3}
.soc .table-row .title{flex:1 1 160px;min-width:120px;overflow:hidden;text-overflow:ellipsis;
white-space:nowrap;display:block;unicode-bidi:plaintext}
.soc .cells,.soc .cells .widget-html-content,.soc .heads{flex:0 0 auto;overflow:visible}
.soc .cells .line,.soc .heads{display:flex;gap:4px;align-items:center}
.soc .cells .line>span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.soc .heads>*{margin:0;flex:0 0 auto}
.soc .table-head .jupyter-button{text-align:left;padding:0;color:var(--ink);font-size:12px;
height:28px;line-height:26px;border-color:transparent;background:none;overflow:hidden}
.soc .table-head .jupyter-button.mod-active{color:var(--accent);background:none;
border-color:transparent;font-weight:600}
"""
STYLE += table_columns.STYLE


_WHOLE_PAGE = "Select all rows of this page"


class Row(w.HBox):
    """One row of the pool: it shows an entry, or nothing.

    Rows look alike: all share the layouts and styles of the first (`like`), which halves what goes
    to the page when the table is first shown.
    """

    picture: Any
    title: Any
    cells: Any

    def __init__(
        self,
        on_tick: Callable[[Key, bool], None],
        on_title: Callable[[Key], None],
        *,
        like: Row | None = None,
    ) -> None:
        self.entry: Entry | None = None
        self._on_title = on_title
        look = _look(like and like.tick)
        self._tick: PooledTick[Key] = PooledTick(
            lambda: w.Checkbox(description="Select", indent=False, **look), on_tick
        )
        self.picture = w.HTML(**_look(like and like.picture))
        self.picture.add_class("thumb")
        self.title = w.Button(**(_look(like and like.title) or {"layout": {"width": "auto"}}))
        self.title.add_class("title")
        self.cells = w.HTML(**_look(like and like.cells))
        self.cells.add_class("cells")
        whole = {"layout": like.layout} if like is not None else {}
        super().__init__([self.tick, self.picture, self.title, self.cells], **whole)
        self.add_class("table-row")
        self.title.on_click(self._on_title_click)

    @property
    def tick(self) -> Any:
        """The tick box that is shown now."""
        return self._tick.box

    def fill(self, entry: Entry, model: PickerModel, picture: str) -> None:
        """Show this entry; only what differs is sent."""
        self.entry = entry
        title = theme.readable(entry.row.title)
        base.set_if_new(self.title, description=title[:200], tooltip=title)
        base.set_class(self.title, "mute", not (entry.row.text and entry.row.text.title))
        base.set_class(self, "spare", False)
        base.set_if_new(self.picture, value=picture)
        self.paint_cells(model)
        self.paint_tick(model)

    def paint_cells(self, model: PickerModel) -> None:
        """Where, action, state and the rest."""
        if self.entry is not None:
            base.set_if_new(self.cells, value=table_columns.cells(self.entry, model))
            least = table_columns.least_width(model.columns)
            base.set_if_new(self.layout, min_width=least)

    def paint_tick(self, model: PickerModel) -> None:
        """The tick and the ground that shows it."""
        if self.entry is None:
            return
        on = self.entry.key in model.ticked
        title = theme.readable(self.entry.row.title)
        self._tick.show(self.entry.key, is_on=on, words=f"Select {title[:200]}")
        base.set_if_new(self, children=(self.tick, *self.children[1:]))
        base.set_class(self, "on", on)

    def clear(self) -> None:
        """Show nothing (a last page may be short)."""
        self.entry = None
        base.set_class(self, "spare", True)

    def _on_title_click(self, _button: w.Button) -> None:
        if self.entry is not None:
            self._on_title(self.entry.key)


def _look(like: Any) -> dict[str, Any]:
    return {"layout": like.layout, "style": like.style} if like is not None else {}


class Head(w.HBox):
    """The header: a tick for the page, and a button for each column that sorts."""

    def __init__(
        self, on_tick: Callable[[frozenset[Key], bool], None], on_sort: Callable[[str], None]
    ) -> None:
        self._tick: PooledTick[frozenset[Key]] = PooledTick(
            lambda: w.Checkbox(description=_WHOLE_PAGE, indent=False), on_tick
        )
        picture = w.HTML('<span class="mute"></span>')
        picture.add_class("thumb")
        self._on_sort = on_sort
        self.sorts: dict[str, w.Button] = {}
        self.rest = w.HBox([])
        self.rest.add_class("heads")
        super().__init__([self.tick, picture, self._sort(table_columns.TITLE), self.rest])
        self.add_class("table-row")
        self.add_class("table-head")

    def _sort(self, name: str) -> w.Button:
        """The button of a column, made when the column is first shown."""
        if name not in self.sorts:
            made = base.button(COLUMNS[name].title, f"c-{name}", tip=_sort_tip(name))
            if name == table_columns.TITLE:
                made.add_class("title")
            made.on_click(lambda _: self._on_sort(name))
            self.sorts[name] = made
        return self.sorts[name]

    @property
    def tick(self) -> Any:
        """The tick box that is shown now."""
        return self._tick.box

    def paint(self, model: PickerModel) -> None:
        """▲ or ▼ on the sorted column; nothing can be sorted while a run goes on."""
        heads = tuple(self._sort(name) for name in table_columns.shown(model.columns))
        base.set_if_new(self.rest, children=heads)
        base.set_if_new(self.layout, min_width=table_columns.least_width(model.columns))
        for name, one in self.sorts.items():
            is_sorted = model.sort == name
            arrow = ("▼" if model.descending else "▲") if is_sorted else ""
            base.set_if_new(one, description=f"{COLUMNS[name].title} {arrow}".strip())
            tip = "The order stays while a run goes on" if model.frozen else _sort_tip(name)
            base.set_if_new(one, tooltip=tip, disabled=model.frozen)
            base.set_class(one, "mod-active", is_sorted)
        self.paint_tick(model)

    def paint_tick(self, model: PickerModel) -> None:
        """Ticked if all rows of the page are."""
        here = frozenset(one.key for one in model.page_entries)
        self._tick.show(here, is_on=bool(here) and here <= model.ticked, words=_WHOLE_PAGE)
        base.set_if_new(self, children=(self.tick, *self.children[1:]))


def _sort_tip(name: str) -> str:
    return f"Sort by {COLUMNS[name].title.lower()}"
