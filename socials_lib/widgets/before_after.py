"""Before and after as people see it: a line for each changed value, with a tick to leave it out."""

from __future__ import annotations

import threading
from typing import Any

import ipywidgets as w

from socials_lib import bulk
from socials_lib.bulk import Cell, ChangeSet
from socials_lib.models import PlanRow
from socials_lib.widgets import base, markup, messages, theme, words
from socials_lib.widgets.before_after_model import PAGE_ROWS, BeforeAfterModel, Key
from socials_lib.widgets.bulk_parts import (
    consequence_html,
    diff,
    label,
    pictured,
    size_words,
    title_of,
)
from socials_lib.widgets.pager import Pager
from socials_lib.widgets.pictures import Thumbnails, shown_path
from socials_lib.widgets.pooled_tick import PooledTick

STYLE = """
.soc .changes{height:520px;overflow-y:auto;overflow-x:hidden;display:block;
border:1px solid var(--hair);border-radius:8px}
.soc .change-row{display:flex;gap:8px;align-items:center;padding:4px 8px 4px 5px;min-height:84px;
border-left:3px solid var(--accent);border-bottom:1px solid var(--hair);box-sizing:border-box;
overflow:hidden}
.soc .change-row.off{border-left-color:transparent}.soc .change-row.off .what{opacity:1}
.soc .change-row.spare{display:none}
.soc .change-row>*{margin:0;flex:0 0 auto}
.soc .change-row .what{flex:1 1 0;min-width:0;overflow:hidden}
.soc .change-row .what .widget-html-content{overflow-wrap:anywhere}
.soc .change-row .what p{margin:2px 0;max-height:110px;overflow:auto}
.soc .change-row .thumb{width:100px}.soc .change-row .thumb .widget-html-content{line-height:0}
.soc .change-row .thumb .box{line-height:1.3}
.soc .tick{width:28px;overflow:hidden;height:32px}
.soc .tick label,.soc .tick .widget-label-basic{width:28px;height:32px;overflow:hidden;display:flex;
align-items:center;gap:0}
.soc .tick span{position:absolute;width:1px;height:1px;overflow:hidden;
clip-path:inset(50%);white-space:nowrap}
.soc .tick input{flex:0 0 auto;width:16px;height:16px;margin:8px 6px}
.soc .sum{gap:4px}
.soc .load-csv{font-size:0!important}.soc .load-csv::after{content:"Load CSV";font-size:13px}
.soc .hand textarea{min-height:64px;color:var(--ink);background:var(--panel)}
"""
#: So many photos are offered for a value by hand; facets bring others to the front.
_MOST_OFFERED = 200
_FILTER_WORDS = {"broken": "still break a rule", "differ": "will differ online", "out": "left out"}


class ChangeRow(w.HBox):
    """One changed value of the pool: tick, picture, the difference, what comes of it, `Edit…`."""

    def __init__(self, view: BeforeAfterView) -> None:
        self.view = view
        self.cell: Cell | None = None
        self.pictured: PlanRow | None = None
        self._tick: PooledTick[Key] = PooledTick(
            lambda: w.Checkbox(description="Write", indent=False),
            lambda key, on: view.leave_out(key, not on),
        )
        self.picture, self.what = w.HTML(), w.HTML()
        self.picture.add_class("thumb")
        self.what.add_class("what")
        self.edit = base.button("Edit…", "num", "edit")
        self.edit.on_click(view.safely(lambda _: self._on_edit()))
        super().__init__([self.tick, self.picture, self.what, self.edit])
        self.add_class("change-row")

    @property
    def tick(self) -> Any:
        """The tick box that is shown now."""
        return self._tick.box

    def fill(self, cell: Cell, picture: str) -> None:
        """Show this cell; only what differs is sent."""
        self.cell, model = cell, self.view.model
        photo = model.photo(cell.file_id)
        self.pictured = pictured(photo)
        on = cell.key not in model.left_out
        named = f"{label(cell.field)} of {title_of(photo)[:160]}"
        self._tick.show(cell.key, is_on=on, words=f"Write {named}")
        base.set_if_new(self, children=(self.tick, *self.children[1:]))
        base.set_if_new(self.picture, value=picture)
        base.set_if_new(self.what, value=self._html(cell, on))
        base.set_if_new(self.edit, tooltip=f"Type another {named}")
        can_edit = cell.field != "categories"
        base.set_if_new(self.edit.layout, display=None if can_edit else "none")
        base.set_class(self, "off", not on)
        base.set_class(self, "spare", False)

    def _html(self, cell: Cell, on: bool) -> str:
        photo = self.view.model.photo(cell.file_id)
        out = "" if on else theme.pill(theme.SKIPPED, "Left out", "mute")
        came = consequence_html(self.view.model.consequence(cell.file_id)) if on else out
        size = theme.esc(size_words(cell))
        theirs = ' <span class="mute">(its master\'s so far)</span>' if cell.source else ""
        return (
            f"{theme.cut(title_of(photo))} "
            f'<span class="mute">{theme.esc(label(cell.field))}{theirs} {size}</span>'
            f"<p>{diff(cell)}</p>{came}"
        )

    def clear(self) -> None:
        """Show nothing."""
        self.cell = None
        base.set_class(self, "spare", True)

    def _on_edit(self) -> None:
        if self.cell is not None:
            self.view.begin_edit(self.cell.key)


class BeforeAfterView(base.View):
    """The counts that add up, the rows in pages, a value by hand, tables out and in."""

    def __init__(self, model: BeforeAfterModel, thumbnails: Thumbnails) -> None:
        super().__init__("before-after", extra_style=STYLE)
        self.model, self.thumbnails = model, thumbnails
        self._lock = threading.RLock()
        self.line = w.HTML()
        self.sum = base.row()
        self.sum.add_class("sum")
        self.filters = {name: self._filter(name) for name in ("all", *_FILTER_WORDS)}
        self.all_out = base.button("Leave all out", tip="Untick every value that is shown")
        self.all_in = base.button("Take all in", tip="Tick every value that is shown")
        self.all_out.on_click(self.safely(lambda _: self._all(True)))
        self.all_in.on_click(self.safely(lambda _: self._all(False)))
        self.pager = Pager(PAGE_ROWS, self.safely(model.go_to), what="values")
        self.pool: list[ChangeRow] = []
        self.table = w.VBox([])
        self.table.add_class("changes")
        self._make_hand()
        self._make_tables()
        self.body.children = (
            self.line,
            self.sum,
            base.row(self.all_in, self.all_out, self.pager),
            self.table,
            self.any_line,
            self.hand,
            self.tables,
            self.faults,
            base.as_code("change = wb.propose(chosen, recipe).without('1201'); wb.frame(change)"),
        )
        self._painter = base.Painter(self.paint)
        model.observe(lambda _: self._painter.ask(), "edition")
        model.observe(lambda _: self._painter.ask(), "progress")
        model.observe(lambda _: self._painter.now(), "state")
        model.observe(lambda change: self.show_message(change["new"]), "message")
        self.show_message(model.message)
        self.paint()

    # what a notebook asks for

    @property
    def change(self) -> ChangeSet:
        """The change set without what is left out; waits until the recipe has been tried."""
        self.model.recipe.facets.source.wait()
        self.model.wait()
        if self.model.error is not None:
            raise self.model.error
        return self.model.change

    # parts

    def _make_hand(self) -> None:
        self.hand_words = w.HTML()
        self.hand_text = w.Textarea(
            description="New value",
            layout=w.Layout(width="520px"),
            style={"description_width": "initial"},
        )
        self.keep = base.button("Keep this value", "go")
        self.not_now = base.button("Not now")
        self.keep.on_click(self.safely(lambda _: self._keep()))
        self.not_now.on_click(self.safely(lambda _: self._put_away()))
        self._edited: Key | None = None
        self.hand_photo = _choice("Any photo", [])
        fields = [(label(name), name) for name in (*bulk.METADATA, *bulk.ATTRIBUTES)]
        self.hand_field = w.Dropdown(
            description="Field",
            options=fields,
            layout=w.Layout(width="220px"),
            style={"description_width": "initial"},
        )
        self.hand_begin = base.button("Type a value…", tip="Also for a photo that does not change")
        self.hand_begin.on_click(self.safely(lambda _: self._on_any()))
        self.any_line = base.row(self.hand_photo, self.hand_field, self.hand_begin)
        inside = base.row(self.hand_text, self.keep, self.not_now)
        self.hand = w.VBox([self.hand_words, inside])
        self.hand.add_class("hand")
        self.hand.layout.display = "none"

    def _make_tables(self) -> None:
        self.make_csv = base.button("Make a CSV", tip="Of the ticked values, for a spreadsheet")
        self.csv = w.HTML()
        self.upload = w.FileUpload(
            description="Load CSV",
            accept=".csv,text/csv",
            multiple=False,
            tooltip="A table from here, edited",
            icon="",
            layout=w.Layout(width="auto"),
        )
        self.upload.add_class("load-csv")
        self.make_csv.on_click(self.safely(lambda _: self._fill_csv()))
        self.upload.observe(self.safely(self._on_upload), "value")
        self.faults = w.HTML()
        self.tables = base.row(self.make_csv, self.csv, self.upload)

    def _filter(self, name: str) -> w.Button:
        made = base.button("", "num", f"filter-{name}")
        made.on_click(self.safely(lambda _: setattr(self.model, "shown_filter", name)))
        return made

    # what the person does

    def leave_out(self, key: Key, out: bool) -> None:
        """From a row's tick."""
        self.safely(self.model.leave_out)([key], out)

    def _all(self, out: bool) -> None:
        self.model.leave_out([one.key for one in self.model.cells], out)

    def _on_any(self) -> None:
        if self.hand_photo.value:
            self.begin_edit((self.hand_photo.value, self.hand_field.value))

    def begin_edit(self, key: Key) -> None:
        """Show the field for a value by hand."""
        photo = next((one for one in self.model.recipe.photos if one.file_id == key[0]), None)
        if photo is None:  # the row was painted before the choice was narrowed
            fact = "This photo is no longer among those chosen above."
            self.model.message = messages.note(fact, "Choose it there to type a value for it.")
            return
        self._edited = key
        said = f"{theme.esc(label(key[1]))} of {theme.quoted(title_of(photo))}"
        more = ' <span class="mute">entries with ;</span>' if key[1] == "keywords" else ""
        self.hand_words.value = f"<b>{said}</b>{more}"
        self.hand_text.value = bulk.as_text(self.model.value_now(key))
        self.hand.layout.display = None
        self.hand_text.focus()

    def _keep(self) -> None:
        if self._edited is not None:
            key, self._edited = self._edited, None
            self.hand.layout.display = "none"
            self.model.edit(key, self.hand_text.value)

    def _put_away(self) -> None:
        self._edited = None
        self.hand.layout.display = "none"

    def _fill_csv(self) -> None:
        self.csv.value = markup.text_link("changes.csv", self.model.csv, "Download changes.csv")

    def _on_upload(self, change: Any) -> None:
        if not change["new"]:
            return
        file = change["new"][0]
        self.upload.value = ()
        self.model.load_table(str(file["name"]), bytes(file["content"]))
        self._paint_faults()

    # painting

    def paint(self) -> None:
        """Counts and rows as the model has them; any thread may ask."""
        with self._lock:
            self._paint_line()
            self._paint_any()
            self._paint_sum()
            self._paint_rows()
            self._paint_faults()

    def _paint_line(self) -> None:
        model = self.model
        said = ""
        if model.state == "running":
            said = markup.loading(model.progress, spoken=" of " not in model.progress)
        elif model.error is None and not model.whole.cells:
            said = f'<span class="mute">{theme.SKIPPED} No photo changes.</span>'
        base.set_if_new(self.line, value=said)

    def _paint_any(self) -> None:
        photos = self.model.recipe.photos[:_MOST_OFFERED]
        options = [("choose", ""), *((title_of(one)[:80], one.file_id) for one in photos)]
        if list(self.hand_photo.options) != options:
            self.hand_photo.options = options

    def _paint_sum(self) -> None:
        """`38 of 412 change = 37 clean + 1 still breaks a rule · 6 are online and will differ`."""
        model, found = self.model, self.model.sum
        head = f"<b>{words.number(found.photos)} of {words.number(found.looked_at)} change</b>"
        if found.is_whole and found.photos:
            broken = (
                f"{words.number(found.broken)} still break{'s' if found.broken == 1 else ''} a rule"
            )
            head += f" = {words.number(found.clean)} clean + {broken}"
        if found.differ:
            are = "is" if found.differ == 1 else "are"
            head += f" · {words.number(found.differ)} {are} online and will differ"
        if found.unlinked:
            head += (
                f' · <span class="err">{theme.FAILED} {words.count(found.unlinked, "photo")}'
                " would lose the id: still online, but no longer known here</span>"
            )
        head += f' <span class="mute">({words.count(found.cells, "value")})</span>'
        counts = {
            "all": len(model.whole.cells),
            "broken": found.broken,
            "differ": found.differ,
            "out": len(model.whole.cells) - found.cells,
        }
        children: list[Any] = [w.HTML(markup.status(head))] if self._is_new_head(head) else []
        children = children or list(self.sum.children[:1])
        for name, button in self.filters.items():
            said = "all values" if name == "all" else _FILTER_WORDS[name]
            said = said.replace("break ", "breaks ") if counts[name] == 1 else said
            said = f"{words.number(counts[name])} {said}"
            base.set_if_new(button, description=said, tooltip=f"Show {said}")
            base.set_class(button, "mod-active", model.shown_filter == name)
            if counts[name] or model.shown_filter == name:
                children.append(button)
        shown = bool(model.whole.cells)
        base.set_if_new(self.sum.layout, display=None if shown else "none")
        base.set_if_new(self.sum, children=tuple(children))

    def _is_new_head(self, head: str) -> bool:
        children = self.sum.children
        return not children or children[0].value != markup.status(head)

    def _paint_rows(self) -> None:
        model, cells = self.model, self.model.page_cells
        while len(self.pool) < min(PAGE_ROWS, len(cells)):
            self.pool.append(ChangeRow(self))
        missing: dict[str, PlanRow] = {}
        for row, cell in zip(self.pool, cells, strict=False):
            shown = pictured(model.photo(cell.file_id))
            kept = self.thumbnails.kept(shown)
            if kept is None:
                missing[cell.file_id] = shown
            row.fill(cell, kept or self.thumbnails.waiting())
        for row in self.pool[len(cells) :]:
            row.clear()
        base.set_if_new(self.table, children=tuple(self.pool))
        base.set_if_new(self.table.layout, display=None if model.whole.cells else "none")
        self.pager.paint(model.page, len(model.cells))
        for one in (self.all_in, self.all_out):
            base.set_if_new(one, disabled=not model.cells)
        base.set_if_new(self.make_csv, disabled=not model.change.chosen)
        self.thumbnails.ask(self, list(missing.values()), self._show_picture)

    def _show_picture(self, shown: PlanRow, picture: str) -> None:
        with self._lock:
            for row in self.pool:
                if row.cell is None or row.pictured is None:
                    continue
                if shown_path(row.pictured) == shown_path(shown):
                    base.set_if_new(row.picture, value=picture)

    def _paint_faults(self) -> None:
        faults = self.model.faults
        lines = "".join(f"<li>{theme.esc(one)}</li>" for one in faults[:50])
        over = f"<li>and {len(faults) - 50:,} more</li>" if len(faults) > 50 else ""
        head = f"{theme.WARNING} {words.count(len(faults), 'line')} of the table changed nothing:"
        said = f'<div class="note warn">{head}<ul>{lines}{over}</ul></div>' if faults else ""
        base.set_if_new(self.faults, value=said)


def _choice(description: str, options: list[tuple[str, str]]) -> w.Dropdown:
    return w.Dropdown(
        description=description,
        options=[("choose", ""), *options],
        layout=w.Layout(width="320px"),
        style={"description_width": "initial"},
    )
