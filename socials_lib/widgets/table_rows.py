"""The rows of the table: a fixed pool of widgets that is filled anew for each page.

A page of 25 rows has four widgets a row (tick, picture, title, cells), so a flip sends about a
hundred small messages however long the table is.  One widget for each cell of 5,000 rows would be
out of the question.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w

from socials_lib.widgets import base, pills, theme, words
from socials_lib.widgets.entries import Entry, Key
from socials_lib.widgets.picker import PickerModel

#: Column -> words; `wide` ones are shown from 1,180 pixels on.
COLUMNS = {
    "title": "Title",
    "where": "Where",
    "action": "Action",
    "state": "State",
    "file": "File",
    "reason": "Reason",
    "taken": "Taken",
    "size": "Size",
}
WIDE = ("file", "reason")

STYLE = """
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
.soc .line .c-where,.soc .heads .c-where{width:64px!important}
.soc .line .c-action,.soc .heads .c-action{width:68px!important}
.soc .line .c-state,.soc .heads .c-state{width:168px!important}
.soc .line .c-file,.soc .heads .c-file{width:190px!important;display:none}
.soc .line .c-reason,.soc .heads .c-reason{width:150px!important;display:none}
.soc .line .c-taken,.soc .heads .c-taken{width:84px!important}
.soc .line .c-size,.soc .heads .c-size{width:64px!important;text-align:right}
@container soc (min-width:1180px){.soc .line .c-file,.soc .line .c-reason,
.soc .heads .c-file,.soc .heads .c-reason{display:block}}
"""


class Row(w.HBox):
    """One row of the pool: it shows an entry, or nothing."""

    def __init__(
        self, on_tick: Callable[[Key, bool], None], on_title: Callable[[Key], None]
    ) -> None:
        self.entry: Entry | None = None
        self._filling = False
        self._on_tick, self._on_title = on_tick, on_title
        self.tick = w.Checkbox(description="Select", indent=False)
        self.tick.add_class("tick")
        self.picture = w.HTML()
        self.picture.add_class("thumb")
        self.title = base.button("", "title")
        self.cells = w.HTML()
        self.cells.add_class("cells")
        super().__init__([self.tick, self.picture, self.title, self.cells])
        self.add_class("table-row")
        self.tick.observe(self._on_tick_change, "value")
        self.title.on_click(self._on_title_click)

    def fill(self, entry: Entry, model: PickerModel, picture: str) -> None:
        """Show this entry; only what differs is sent."""
        self.entry = entry
        title = entry.row.title
        base.set_if_new(self.tick, description=f"Select {title[:200]}")
        base.set_if_new(self.title, description=title[:200], tooltip=title)
        base.set_class(self.title, "mute", not (entry.row.text and entry.row.text.title))
        base.set_class(self, "spare", False)
        base.set_if_new(self.picture, value=picture)
        self.paint_cells(model)
        self.paint_tick(model)

    def paint_cells(self, model: PickerModel) -> None:
        """Where, action, state and the rest."""
        if self.entry is not None:
            base.set_if_new(self.cells, value=cells(self.entry, model))

    def paint_tick(self, model: PickerModel) -> None:
        """The tick and the ground that shows it."""
        on = self.entry is not None and self.entry.key in model.ticked
        self._filling = True
        try:
            base.set_if_new(self.tick, value=on)
        finally:
            self._filling = False
        base.set_class(self, "on", on)

    def clear(self) -> None:
        """Show nothing (a last page may be short)."""
        self.entry = None
        base.set_class(self, "spare", True)

    def _on_tick_change(self, change: Any) -> None:
        if not self._filling and self.entry is not None:
            self._on_tick(self.entry.key, change["new"])

    def _on_title_click(self, _button: w.Button) -> None:
        if self.entry is not None:
            self._on_title(self.entry.key)


class Head(w.HBox):
    """The header: a tick for the page, and a button for each column that sorts."""

    def __init__(self, on_tick: Callable[[bool], None], on_sort: Callable[[str], None]) -> None:
        self._filling = False
        self.tick = w.Checkbox(description="Select all rows of this page", indent=False)
        self.tick.add_class("tick")
        self._on_tick = on_tick
        self.tick.observe(self._on_tick_change, "value")
        picture = w.HTML('<span class="mute"></span>')
        picture.add_class("thumb")
        self.sorts = {name: _sort_button(name, on_sort) for name in COLUMNS}
        rest = w.HBox([one for name, one in self.sorts.items() if name != "title"])
        rest.add_class("heads")
        super().__init__([self.tick, picture, self.sorts["title"], rest])
        self.add_class("table-row")
        self.add_class("table-head")

    def _on_tick_change(self, change: Any) -> None:
        if not self._filling:
            self._on_tick(change["new"])

    def paint(self, model: PickerModel) -> None:
        """▲ or ▼ on the sorted column; nothing can be sorted while a run goes on."""
        for name, one in self.sorts.items():
            is_sorted = model.sort == name
            arrow = ("▼" if model.descending else "▲") if is_sorted else ""
            base.set_if_new(one, description=f"{COLUMNS[name]} {arrow}".strip())
            tip = "The order stays while a run goes on" if model.frozen else _sort_tip(name)
            base.set_if_new(one, tooltip=tip, disabled=model.frozen)
            base.set_class(one, "mod-active", is_sorted)
        self.paint_tick(model)

    def paint_tick(self, model: PickerModel) -> None:
        """Ticked if all rows of the page are."""
        here = {one.key for one in model.page_entries}
        self._filling = True
        try:
            base.set_if_new(self.tick, value=bool(here) and here <= model.ticked)
        finally:
            self._filling = False


def _sort_tip(name: str) -> str:
    return f"Sort by {COLUMNS[name].lower()}"


def _sort_button(name: str, on_sort: Callable[[str], None]) -> w.Button:
    made = base.button(COLUMNS[name], f"c-{name}", tip=_sort_tip(name))
    if name == "title":
        made.add_class("title")
    made.on_click(lambda _: on_sort(name))
    return made


def cells(entry: Entry, model: PickerModel) -> str:
    """The cells beside the title as one line of markup."""
    row = entry.row
    pill, url = model.pill(entry.key), model.url(entry.key)
    state = pill.html
    if pill.code == "done" and url:
        state += " " + _short_link(url)
    values = {
        "where": words.platform(row.platform),
        "action": words.action(row.action),
        "state": state,
        "file": theme.text(row.name),
        "reason": theme.esc(words.dash(words.reason(row.reason) or _suggested(row.reason))),
        "taken": words.short_date(words.parse_local(entry.taken)),
        "size": words.size(entry.size) if entry.size else words.DASH,
    }
    tips = {"file": row.path, "state": _problems(entry)}
    parts = (
        f'<span class="c-{name}"{_tip(tips.get(name, ""))}>{value}</span>'
        for name, value in values.items()
    )
    return f'<div class="line">{"".join(parts)}</div>'


def _suggested(reason: str) -> str:
    return "needs a fix" if reason else ""


def _short_link(url: str) -> str:
    return theme.link(url, "Open")


def _tip(text: str) -> str:
    return f' title="{theme.esc(text)}"' if text else ""


def _problems(entry: Entry) -> str:
    return "; ".join(
        " ".join(filter(None, (pills.problem_words(one), pills.problem_details(one))))
        for one in entry.row.problems
    )
