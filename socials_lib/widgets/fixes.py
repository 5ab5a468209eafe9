"""The fix-it list: every row that needs a fix, what helps, and the way of the fixes into IMatch.

    fixes = show.fixes(wb, pending)
    wb.write(fixes.change_set)          # what the button does, after one more question

`fix_model` knows what needs a fix and what is staged, `fix_offers` what helps, `fix_judge` what is
left after it, `fix_staged` holds it, `fix_writer` writes it; `fix_card` and `fix_bar` show it.
Nothing is written to IMatch before the button at the end of the list was pressed twice.
"""

from __future__ import annotations

import functools
import threading
from typing import Any

import ipywidgets as w

from socials_lib import bulk
from socials_lib.widgets import base, fix_bar, fix_card, fix_text, messages, pills, theme, words
from socials_lib.widgets.entries import Key
from socials_lib.widgets.fix_alike import Alike
from socials_lib.widgets.fix_bar import WriteBar
from socials_lib.widgets.fix_card import Card
from socials_lib.widgets.fix_model import PAGE_CARDS, STAGED, WARNED, FixesModel
from socials_lib.widgets.fix_text import remedy_path
from socials_lib.widgets.fix_writer import FixWriter
from socials_lib.widgets.markup import copy_button
from socials_lib.widgets.pager import Pager
from socials_lib.widgets.pictures import Thumbnails
from socials_lib.widgets.pooled_rows import PooledRows

__all__ = ["PAGE_CARDS", "Fixes", "FixesModel", "remedy_path"]

_CODE = (
    ("the rows", "wb.frame(picker.plan).query('blocked')"),
    ("a fix", 'change = wb.propose(wb.photos(), bulk.READY["title_as_headline"])'),
    ("writing what is staged", "wb.write(show.fixes(wb, pending).change_set)"),
    ("the proof", 'wb.try_metadata("1201"); wb.allow_metadata()'),
    ("a table", "bulk.read_csv(Path('values.csv').read_bytes(), wb.photos()).change_set"),
    ("delete anyway", 'wb.apply(picker.plan, approve=["flickr:1201"], approve_deletes=1)'),
    ("error categories", "wb.show_problems()"),
)
_CSV_LABEL = "CSV…"
#: Up to so many rows the tables are made anew with each change.
_MOST_FOLLOWED = 500
_KIND_WORDS = {"": "All", WARNED: "Only warned", STAGED: "Staged"}


class Fixes(base.View):
    """The view of a `FixesModel`."""

    def __init__(self, model: FixesModel, thumbnails: Thumbnails) -> None:
        super().__init__("fixes", extra_style=fix_card.STYLE + fix_bar.STYLE + _STYLE)
        self.model, self.thumbnails = model, thumbnails
        self._lock = threading.RLock()
        self._buttons: dict[tuple[str, str], w.Button] = {}
        self.writer = FixWriter(model)
        self.headline = w.HTML()
        self.kinds = base.row()
        self.notes = w.HTML()
        self.said = messages.MessageArea({"Check again": self._check_again})
        self.alike = base.row()
        self.alike_words = w.HTML("Do this for all like it:")
        self.cards: list[Card] = []
        self._pool: PooledRows[Key, Card] = PooledRows(self._card, spare=PAGE_CARDS)
        self.list = w.VBox([])
        self.list.add_class("cards")
        self.again = base.button("Check again", tip="Reads IMatch again; ticks and fixes stay")
        self.again.on_click(self.safely(lambda _: self._check_again()))
        self.pager = Pager(PAGE_CARDS, self.safely(model.go_to))
        self.foot = base.row(self.again, self.pager)
        self.bar = WriteBar(self.writer, thumbnails, self.safely)
        self._make_out_and_in()
        self.code = _as_code()
        self.body.children = (
            *(self.headline, self.kinds, self.list, self.alike, self.foot),
            *(self.notes, self.said, self.bar, self.out, self.table, self.code),
        )
        self._follow()
        self._paint()

    @property
    def change_set(self) -> bulk.ChangeSet:
        """All that is staged: `wb.write(fixes.change_set)` writes it."""
        return self.model.change_set

    def _follow(self) -> None:
        model, picker = self.model, self.model.picker
        picker.on_mark(self._on_mark)
        self._painter = base.Painter(self._paint_headline)
        picker.observe(lambda _: self._painter.ask(), ["progress", "state"])
        picker.observe(lambda change: self.show_message(change["new"]), "message")
        picker.observe(lambda _: self._paint_out(), "frozen")
        self.trouble.handlers = {"Check again": self._check_again}
        self.show_message(picker.message)
        model.observe(lambda change: self.said.show(change["new"]), "message")
        model.observe(lambda _: self._on_progress(), "progress")
        model.observe(lambda _: self._paint(), ["edition", "notes"])
        model.observe(lambda _: self._paint_page(), "page")

    def _make_out_and_in(self) -> None:
        self.show = base.button(
            "Show these problems in IMatch",
            tip="Puts the photos into the categories below __errors, and takes mended ones out",
        )
        self.smaller = base.button("Send no smaller copies", tip="Too large pictures wait again")
        self.csv = base.button(
            _CSV_LABEL, tip="This list as a table, to be edited and loaded again"
        )
        self.links = w.HTML()
        self.load = w.FileUpload(
            accept=".csv,.txt", description="Load CSV", layout=w.Layout(width="auto")
        )
        self.load.tooltip = "Stages what an edited table asks for; nothing is written to IMatch"
        self.show.on_click(self.safely(lambda _: self._show_in_imatch()))
        self.smaller.on_click(self.safely(lambda _: self._send_originals()))
        self.csv.on_click(self.safely(lambda _: self._toggle_table()))
        self.load.observe(self.safely(self._on_file), "value")
        self.out = base.row(self.show, self.csv, self.load, self.smaller)
        self.table = w.VBox([self.links])
        self.table.layout.display = "none"

    # pressing

    def _check_again(self) -> None:
        self.thumbnails.forget()
        self.model.picker.load()

    def _on_progress(self) -> None:
        self._painter.now()
        self._paint_out()
        self.bar.paint()

    def _show_in_imatch(self) -> None:
        self.model.show_in_imatch()

    def _send_originals(self) -> None:
        self.model.make_smaller(False)

    def _toggle_table(self) -> None:
        hidden = self.table.layout.display == "none"
        base.set_if_new(self.table.layout, display=None if hidden else "none")
        base.set_if_new(self.csv, description="Hide the CSV" if hidden else _CSV_LABEL)
        self._paint_table(asked=True)

    def _on_file(self, change: Any) -> None:
        for one in change["new"]:
            name, data = str(one["name"]), bytes(one["content"])
            self.load.value = ()
            if not self.model.load_table(name, data):
                self.said.show(messages.note("The list is busy.", "Load the table again."))

    def _fix_all(self, fix: Alike) -> None:
        if self.model.fix_all(fix):
            self.bar.undo_all.focus()

    def _on_mark(self, key: Key) -> None:
        for card in self.cards:
            if card.shown is not None and card.shown.key == key:
                card.paint()
        self._paint_headline()

    # painting

    def _paint(self) -> None:
        with self._lock:
            self._paint_headline()
            self._paint_kinds()
            self._paint_alike()
            self._paint_notes()
            self._paint_out()
            self._paint_table()
            shown = bool(self.model.chosen)
            base.set_if_new(self.list.layout, display=None if shown else "none")
            self._paint_page()

    def _paint_kinds(self) -> None:
        model, total = self.model, len(self.model.rows)
        counts = {"": total, **model.kinds} if total else {}
        apart = {STAGED: len(model.staged_rows), WARNED: len(model.warned)}
        counts |= {kind: count for kind, count in apart.items() if count}
        wanted = []
        for kind, count in counts.items():
            made = self._kept("kind", kind, lambda kind=kind: setattr(model, "kind", kind))
            label = f"{_KIND_WORDS.get(kind) or pills.code_words(kind)} {words.number(count)}"
            base.set_if_new(made, description=label, tooltip=f"Show {label}")
            base.set_class(made, "mod-active", kind == model.kind)
            wanted.append(made)
        base.set_if_new(self.kinds, children=tuple(wanted) if len(wanted) > 2 else ())

    def _kept(self, what: str, name: str, act: Any) -> w.Button:
        """The button of this name, made once: it keeps the focus when it is painted again."""
        if (what, name) not in self._buttons:
            made = self._buttons[what, name] = base.button(name or "All")
            made.on_click(self.safely(lambda _: act()))
        return self._buttons[what, name]

    def _paint_alike(self) -> None:
        """`Do this for all 38 like it: [Use the title as headline (38)]`."""
        buttons = []
        for one in self.model.for_all():
            if one.count < 2:
                continue
            name = f"{one.code} {one.act} {one.whole}"
            made = self._kept("all", name, functools.partial(self._fix_all, one))
            base.set_if_new(made, description=f"{one.label} ({words.number(one.count)})")
            tip = f"{one.label}: {words.count(one.count, 'row')}; nothing is written to IMatch yet"
            base.set_if_new(made, tooltip=tip)
            buttons.append(made)
        base.set_if_new(self.alike, children=(self.alike_words, *buttons))
        base.set_if_new(self.alike.layout, display=None if buttons else "none")

    def _paint_notes(self) -> None:
        notes = self.model.notes
        base.set_if_new(self.notes.layout, display=None if notes else "none")
        if not notes:
            base.set_if_new(self.notes, value="")
            return
        first, *others = (theme.text(one) for one in notes)
        more = "".join(f"<li>{one}</li>" for one in others)
        more = f"<ul>{more}</ul>" if more else ""
        base.set_if_new(self.notes, value=f'<div class="note">{base.alert(first)}{more}</div>')

    def _paint_headline(self) -> None:
        picker, rows, model = self.model.picker, self.model.rows, self.model
        busy = picker.state == "running"
        base.set_if_new(self.again, disabled=busy or picker.frozen)
        if model.progress:
            said = base.loading(model.progress)
        elif busy:
            said = base.loading(picker.progress, spoken=" of " not in picker.progress)
        elif picker.plan is None:
            said = '<span class="mute">IMatch was not read yet.</span>'
        elif not rows:
            ready = words.count(model.ready_count, "row is", "rows are")
            said = f'<span class="ok">{theme.DONE} Nothing to fix. {ready} ready.</span>'
        else:
            said = self._counts()
        base.set_if_new(self.headline, value=said)

    def _counts(self) -> str:
        """`71 rows need a fix, of 4 kinds. 2 fixes staged, not yet in IMatch.`"""
        model, rows = self.model, self.model.rows
        kinds = words.count(len(model.kinds), "kind")
        verb = "row needs" if len(rows) == 1 else "rows need"
        said = f"<b>{words.number(len(rows))} {verb} a fix</b>, of {kinds}."
        staged = len(model.stage)
        if staged:
            fixes = words.count(staged, "fix", "fixes")
            said += f' <b class="accent">{fixes} staged</b>, not yet in IMatch.'
        elif not model.ready_count and len(rows) > 1:
            said += f' <span class="warn">{theme.esc(_all_blocked(model))}</span>'
        return said

    def _paint_page(self) -> None:
        model, rows = self.model, self.model.page_rows
        with self._lock:
            self.cards = self._pool.place([row.key for row in rows])
            for card, row in zip(self.cards, rows, strict=True):
                card.fill(row, self.thumbnails.kept(row) or self.thumbnails.waiting())
            base.set_if_new(self.list, children=tuple(self.cards))
            self.pager.paint(model.page, len(model.chosen))
        self.thumbnails.ask(self, rows, self._show_picture)

    def _card(self) -> Card:
        return Card(self.model, self.thumbnails, self.safely)

    def _show_picture(self, row: Any, markup: str) -> None:
        """From the thread; under the lock, so that no card gets another photo's picture."""
        with self._lock:
            for card in self.cards:
                if card.shown is not None and card.shown.key == row.key:
                    base.set_if_new(card.picture, value=markup)

    def _paint_out(self) -> None:
        model = self.model
        busy = model.picker.frozen or bool(model.progress)
        base.set_if_new(self.show, disabled=busy or model.picker.plan is None)
        small = model.is_fitting
        base.set_if_new(self.smaller.layout, display=None if small else "none")
        base.set_if_new(self.smaller, disabled=model.picker.frozen)

    def _paint_table(self, *, asked: bool = False) -> None:
        """The tables are made when they are asked for: thousands of rows are megabytes.

        Small ones follow each change; large ones make way, to be asked for again.
        """
        if not asked and len(self.model.rows) > _MOST_FOLLOWED:
            base.set_if_new(self.table.layout, display="none")
            base.set_if_new(self.csv, description=_CSV_LABEL)
        if self.table.layout.display == "none":
            base.set_if_new(self.links, value="")
            return
        base.set_if_new(self.links, value=fix_text.links(self.model))


def _all_blocked(model: FixesModel) -> str:
    """All rows are blocked: what most of them lack (M36)."""
    code, count = next(iter(model.kinds.items()))
    most = f"{words.number(count)}: {pills.code_words(code).lower()}"
    return messages.say("M36", photos=f"{len(model.rows):,} rows", most=most).fact


def _as_code() -> w.HTML:
    """The closed line "As code", a line for each of the actions."""
    lines = "".join(
        f"<p><code>{theme.esc(line)}</code> {copy_button(line)} "
        f'<span class="mute">{theme.esc(what)}</span></p>'
        for what, line in _CODE
    )
    made = w.HTML(f"<details><summary>As code</summary>{lines}</details>")
    made.add_class("as-code")
    return made


#: ipywidgets counts the files on the button, `Load CSV (0)`: our words cover that.
_STYLE = """
.soc .jupyter-button.widget-upload{height:32px;font-size:0}
.soc .jupyter-button.widget-upload::after{content:"Load CSV";content:"Load CSV"/"";font-size:13px}
"""
