"""The table of pending photos: filters, counts that add up, ticks, pages, and words when empty."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from socials_lib.models import Pending, Plan, PlanRow, root_category
from socials_lib.widgets import base, messages, pills, theme, words
from socials_lib.widgets.entries import Entry, Key
from socials_lib.widgets.pager import Pager
from socials_lib.widgets.picker import PAGE_ROWS, PickerModel
from socials_lib.widgets.pictures import Thumbnails, shown_path
from socials_lib.widgets.pills import Pill
from socials_lib.widgets.table_columns import DEFAULT
from socials_lib.widgets.table_counts import Counts
from socials_lib.widgets.table_filters import Filters
from socials_lib.widgets.table_foot import Foot
from socials_lib.widgets.table_handed import Handed
from socials_lib.widgets.table_rows import STYLE, Head, Row

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

#: From this many ready rows on, the forecast and `Tick the first 500` are shown.
MANY = 2000
FIRST = 500


class Picker(base.View):
    """The view of a `PickerModel`, and what a notebook holds: `picker.rows`, `.plan`, `.ticked`."""

    def __init__(self, model: PickerModel) -> None:
        super().__init__("table", extra_style=STYLE)
        self.model = model
        self._dirty: set[Key] = set()
        self.thumbnails = Thumbnails(model.wb)
        self._pool_lock = threading.RLock()
        self.pool: list[Row] = []
        self.filters = Filters(model, self.safely)
        self._make_lines()
        self._make_table()
        self.foot = Foot(model, self.safely, self._read_again)
        self.handed = Handed(model, self.safely)
        self.code = base.as_code("picker = show.pending(wb, wb.load_pending()); picker.rows")
        self._painter = base.Painter(self._paint_marks)
        self._reading = base.Painter(self._paint_reading)
        self.trouble.handlers = {
            "Check again": self._read_again,
            "Read IMatch again": self._read_again,
        }
        model.observe(lambda _: self._paint(), "edition")
        model.observe(lambda _: self._paint_page(), "page")
        model.observe(lambda _: self._paint_ticks(), "ticked")
        model.observe(lambda _: self._paint_counts(), ["released", "skipped"])
        model.observe(lambda _: self._paint_page(), "columns")
        model.observe(lambda _: self._paint_frozen(), "frozen")
        model.observe(lambda _: self._reading.ask(), "progress")
        model.observe(lambda _: self._reading.now(), "state")
        model.observe(lambda change: self.show_message(change["new"]), "message")
        model.observe(lambda change: self._on_focus(change["new"]), "focus")
        model.on_mark(self._on_mark)
        self._paint()
        self._paint_reading()

    # what a notebook asks for

    @property
    def plan(self) -> Plan:
        """The plan that the table shows; waits for it, and raises what stood in the way."""
        self.model.wait()
        if self.model.plan is None:
            raise self.model.error or LookupError("IMatch was not read yet")
        return self.model.plan

    @property
    def rows(self) -> tuple[PlanRow, ...]:
        """The ticked rows, or all ready ones without any tick."""
        self.model.wait()
        return self.model.rows

    @property
    def ticked(self) -> set[Key]:
        """The keys of the ticked rows: `{("flickr", "1201"), …}`."""
        return set(self.model.ticked)

    @ticked.setter
    def ticked(self, keys: Sequence[Key]) -> None:
        self.model.wait()
        self.model.ticked = frozenset()
        self.model.tick(keys)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are chosen: `picker.columns = ("albums", "tags", "taken")`."""
        return tuple(self.model.columns)

    @columns.setter
    def columns(self, names: Iterable[str]) -> None:
        self.model.choose_columns(names)

    @property
    def approved_ids(self) -> frozenset[str]:
        """`platform:file_id` of the rows that the person released one by one."""
        return self.model.approved_ids

    def reload(self) -> None:
        """Read IMatch again in the background; ticks, filters and page stay."""
        self.model.load()

    def mark(self, key: Key, pill: Pill, url: str = "") -> None:
        """Show what became of a row while a run goes on; nothing else moves."""
        self.model.mark(key, pill, url)

    def freeze(self, on: bool = True) -> None:
        """Keep the order and the plan while a run goes on."""
        self.model.frozen = on

    def use(self, wb: Workbench, pending: Sequence[Pending] | None) -> None:
        """The cell ran again: go on with this workbench, plan anew if these are other photos."""
        model = self.model
        model.wb = self.thumbnails.wb = wb
        self.handed.look()
        known = model.plan is not None and (pending is None or pending is model.given)
        if not known and not model.frozen:
            model.worker.wait()
            model.load(pending)

    # parts

    def _make_lines(self) -> None:
        self.counts = Counts(self.model, self.safely)
        self.kind_buttons = self.counts.buttons
        self.tick_line = w.HTML()
        self.tick_all = base.button("Tick all")
        self.untick_all = base.button("Untick all")
        self.tick_first = base.button(f"Tick the first {FIRST}")
        self.tick_all.on_click(self.safely(self._on_tick_all))
        self.untick_all.on_click(self.safely(self._on_untick_all))
        self.tick_first.on_click(self.safely(self._on_tick_first))
        self.pager = Pager(PAGE_ROWS, self.safely(self.model.go_to))
        self.tick_row = base.row(self.tick_line, self.tick_all, self.untick_all, self.pager)
        self.forecast = base.row()
        self.warnings = w.HTML()

    def _make_table(self) -> None:
        self.head = Head(self.safely(self._on_page_tick), self.safely(self.model.sort_by))
        self.nothing = w.HTML()
        self.table = w.VBox([self.head])
        self.table.add_class("rows")

    # what the person does

    def _on_page_tick(self, keys: frozenset[Key], on: bool) -> None:
        self.model.tick(keys, on)

    def _on_tick_all(self, _button: w.Button) -> None:
        self.model.tick([one.key for one in self.model.shown])

    def _on_untick_all(self, _button: w.Button) -> None:
        self.model.ticked = frozenset()

    def _on_tick_first(self, _button: w.Button) -> None:
        self.model.ticked = frozenset(row.key for row in self.model.ready[:FIRST])

    def _on_title(self, key: Key) -> None:
        self.model.current = None  # the same photo again is news, too
        self.model.current = key

    def _on_focus(self, key: Key | None) -> None:
        """Back from the preview: to the title of that photo, else to the first control."""
        if key is None:
            return
        here = (row.title for row in self.pool if row.entry is not None and row.entry.key == key)
        next(here, self.filters.find).focus()

    def _read_again(self) -> None:
        self.thumbnails.forget()
        self.handed.look()
        self.model.load()

    def _on_mark(self, key: Key) -> None:
        self._dirty.add(key)
        self._painter.ask()

    # painting

    def _paint(self) -> None:
        """After reading, filtering or sorting."""
        model = self.model
        few = len(model.listed) <= 1
        parts: list[Any] = [self.tick_row, self.forecast, self.table]
        if model.plan is not None and model.plan.warnings:
            lines = (f"<p>{theme.WARNING} {theme.esc(one)}</p>" for one in model.plan.warnings)
            self.warnings.value = f'<div class="warn">{"".join(lines)}</div>'
            parts.insert(0, self.warnings)
        if not model.listed:
            parts = [self.nothing] if model.plan is None else []
        elif not few:
            parts = [self.filters, self.counts, *parts]
        if model.plan is not None and model.message is None:
            self.show_message(self._state_message())
        self.filters.paint()
        self._paint_counts()
        self._paint_page()
        self.foot.paint()
        self.handed.paint()
        columns = self.foot.columns.line
        base.set_if_new(self.body, children=(*parts, self.foot, columns, self.handed, self.code))

    def _state_message(self) -> messages.Message | None:
        """M1 without any row, M36 where every row needs a fix, else nothing."""
        model = self.model
        if not model.entries:
            return self._nothing_pending()
        blocked = [one for one in model.entries if model.kind(one.row) == "blocked"]
        if not blocked or len(blocked) < model.pending_count:
            return None
        code, most = Counter(one.row.reason for one in blocked).most_common(1)[0]
        pending = words.count(len(blocked), "pending row")
        often = f"most often ({words.number(most)}): {pills.code_words(code)}"
        return messages.say("M36", photos=pending, most=often)

    def _nothing_pending(self) -> messages.Message:
        published = words.count(self.model.published_count, "photo is", "photos are")
        places = " or ".join(f"`{root_category(one)}`" for one in self._platforms())
        return messages.say("M1", published=published, places=places)

    def _platforms(self) -> Sequence[Any]:
        plan = self.model.plan
        return tuple(plan.accounts) if plan and plan.accounts else ("flickr", "pixelfed")

    def _paint_counts(self) -> None:
        self.counts.paint()
        self._paint_forecast()

    def _paint_forecast(self) -> None:
        ready = self.model.ready
        if len(ready) < MANY:
            base.set_if_new(self.forecast, children=())
            return
        calls = sum(row.calls for row in ready)
        flickr = sum(row.calls for row in ready if row.platform == "flickr")
        hours = words.duration(3600 * flickr / self.model.per_hour).removeprefix("about ")
        said = (
            f"{words.count(len(ready), 'row')}, about {words.count(calls, 'call')}, {hours} at "
            f"{words.number(self.model.per_hour)} Flickr calls an hour"
        )
        self.forecast.children = (w.HTML(theme.esc(said)), self.tick_first)

    def _paint_ticks(self) -> None:
        ticks, shown = self.model.ticks(), len(self.model.shown)
        for row in self.pool:
            row.paint_tick(self.model)
        self.head.paint_tick(self.model)
        said = "Nothing ticked: all ready rows are meant"
        if ticks.total:
            blocked = f"; {ticks.blocked} {'is' if ticks.blocked == 1 else 'are'} blocked"
            said = (
                f"{ticks.total:,} ticked ({ticks.here:,} here, {ticks.elsewhere:,} on other pages, "
                f"{ticks.hidden:,} hidden by the filter{blocked if ticks.blocked else ''})"
            )
        base.set_if_new(self.tick_line, value=theme.esc(said))
        base.set_if_new(
            self.tick_all,
            description=f"Tick all {words.number(shown)}",
            tooltip=f"Tick all {words.count(shown, 'row')} that the filters show",
            disabled=not shown,
        )
        tip = "Untick every row, shown or not" if ticks.total else "Nothing is ticked"
        base.set_if_new(self.untick_all, disabled=not ticks.total, tooltip=tip)

    def _paint_page(self) -> None:
        """Fill the pool with the rows of the page; the pictures follow from a thread."""
        model = self.model
        entries = model.page_entries
        with self._pool_lock:
            missing = self._fill_pool(entries)
        self.head.paint(model)
        base.set_class(self.table, "own-columns", model.columns != DEFAULT)
        none = [] if entries or not model.listed else [w.HTML(_NO_MATCH)]
        children = (self.head, *none, *self.pool)
        if none or self.table.children != children:
            self.table.children = children
        stays = len(model.listed) > PAGE_ROWS
        self.pager.paint(model.page, len(model.shown), stays=stays)
        self._paint_ticks()
        self.thumbnails.ask(self, missing, self._show_picture)

    def _fill_pool(self, entries: Sequence[Entry]) -> list[PlanRow]:
        """Returns the rows whose pictures must be made."""
        while len(self.pool) < min(PAGE_ROWS, len(entries)):
            like = self.pool[0] if self.pool else None
            self.pool.append(Row(self._on_row_tick, self.safely(self._on_title), like=like))
        missing = []
        for row, entry in zip(self.pool, entries, strict=False):
            picture = self.thumbnails.kept(entry.row)
            missing += [] if picture else [entry.row]
            row.fill(entry, self.model, picture or self.thumbnails.waiting())
        for row in self.pool[len(entries) :]:
            row.clear()
        return missing

    def _show_picture(self, row: PlanRow, markup: str) -> None:
        """From the thread; under the lock, so that no row gets the picture of the page before."""
        with self._pool_lock:
            for one in self.pool:
                if one.entry is not None and shown_path(one.entry.row) == shown_path(row):
                    base.set_if_new(one.picture, value=markup)

    def _paint_marks(self) -> None:
        """The pills that changed, on this page only."""
        changed, self._dirty = self._dirty, set()
        for row in self.pool:
            if row.entry is not None and row.entry.key in changed:
                row.paint_cells(self.model)

    def _paint_frozen(self) -> None:
        """At the start and the end of a run; at the end the State filter offers what became."""
        self.head.paint(self.model)
        self.filters.paint()
        self._paint_reading()

    def _paint_reading(self) -> None:
        """The state of reading; before the first row it stands where the table will be."""
        self.foot.paint_reading()
        if not self.model.listed:
            busy = self.model.state == "running"
            base.set_if_new(self.nothing, value=self.foot.read_words.value if busy else "")

    def _on_row_tick(self, key: Key, on: bool) -> None:
        self.safely(self.model.tick)([key], on)


_NO_MATCH = '<p class="mute" style="padding:16px">No row matches the filters.</p>'
