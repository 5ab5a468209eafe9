"""The table of pending photos: filters, counts that add up, ticks, pages, and words when empty."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from socials_lib.models import Pending, Plan, PlanRow, root_category
from socials_lib.widgets import base, messages, pills, theme, words
from socials_lib.widgets.entries import APART, PENDING, Entry, Key, kind_filters
from socials_lib.widgets.pager import Pager
from socials_lib.widgets.picker import PAGE_ROWS, PickerModel
from socials_lib.widgets.pictures import Thumbnails, shown_path
from socials_lib.widgets.pills import Pill
from socials_lib.widgets.table_filters import Filters
from socials_lib.widgets.table_rows import STYLE, Head, Row

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

#: From this many ready rows on, the forecast and `Tick the first 500` are shown.
MANY = 2000
FIRST = 500
#: Up to here the CSV link is always ready; a longer one is made when asked for.
CSV_ROWS = 2000
_CSV = ("platform", "file_id", "file", "title", "action", "state", "problems", "taken", "bytes")


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
        self._make_foot()
        self._painter = base.Painter(self._paint_marks)
        self._reading = base.Painter(self._paint_reading)
        self.trouble.handlers = {
            "Check again": self._read_again,
            "Read IMatch again": self._read_again,
        }
        model.observe(lambda _: self._paint(), "edition")
        model.observe(lambda _: self._paint_page(), "page")
        model.observe(lambda _: self._paint_ticks(), "ticked")
        model.observe(lambda _: self._paint_counts(), "released")
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
        known = model.plan is not None and (pending is None or pending is model.given)
        if not known and not model.frozen:
            model.worker.wait()
            model.load(pending)

    # parts

    def _make_lines(self) -> None:
        self.counts = base.row()
        self.counts.add_class("counts")
        self.kind_buttons = {kind: self._kind_button(kind) for kind in (*PENDING, *APART)}
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

    def _make_foot(self) -> None:
        self.read_again = base.button("Read IMatch again")
        self.read_again.on_click(self.safely(lambda _: self._read_again()))
        self.read_words = w.HTML()
        self.csv = w.HTML()
        self.make_csv = base.button("Make a CSV of these rows")
        self.make_csv.on_click(self.safely(lambda _: self._fill_csv()))
        self.foot = base.row(self.read_again, self.read_words, self.csv)
        self.code = base.as_code("picker = show.pending(wb, wb.load_pending()); picker.rows")

    def _kind_button(self, kind: str) -> w.Button:
        made = base.button("", "num", f"kind-{kind}")
        made.on_click(self.safely(lambda _: self.model.choose_kind(kind)))
        return made

    # what the person does

    def _on_page_tick(self, on: bool) -> None:
        self.model.tick([one.key for one in self.model.page_entries], on)

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
        self.model.load()

    def _on_mark(self, key: Key) -> None:
        self._dirty.add(key)
        self._painter.ask()

    # painting

    def _paint(self) -> None:
        """After reading, filtering or sorting."""
        model = self.model
        few = len(model.entries) <= 1
        parts: list[Any] = [self.tick_row, self.forecast, self.table]
        if model.plan is not None and model.plan.warnings:
            lines = (f"<p>{theme.WARNING} {theme.esc(one)}</p>" for one in model.plan.warnings)
            self.warnings.value = f'<div class="warn">{"".join(lines)}</div>'
            parts.insert(0, self.warnings)
        if model.plan is None:
            parts = [self.nothing]
        elif not model.entries:
            parts = []
        elif not few:
            parts = [self.filters, self.counts, *parts]
        if model.plan is not None and model.message is None:
            self.show_message(self._state_message())
        self.filters.paint()
        self._paint_counts()
        self._paint_page()
        self._paint_foot()
        base.set_if_new(self.body, children=(*parts, self.foot, self.code))

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
        """`412 pending = 158 add + … + 71 blocked`, each number a button that filters."""
        model, kinds = self.model, self.model.kinds()
        total = sum(kinds[kind] for kind in PENDING)
        children: list[Any] = [
            w.HTML(f"<b>{words.number(total)} pending</b> {'=' if total else ''}")
        ]
        chosen = {name: getattr(model, name) for name in model.FILTERS if getattr(model, name)}
        for kind in (*PENDING, *APART):
            if not kinds[kind]:
                continue
            one = self.kind_buttons[kind]
            said = f"{words.number(kinds[kind])} {APART.get(kind, _KIND_WORDS.get(kind, kind))}"
            base.set_if_new(one, description=said, tooltip=f"Show these {said}")
            base.set_class(one, "mod-active", chosen == kind_filters(kind))
            if kind in PENDING and len(children) > 1:
                children.append(w.HTML("+"))
            children.append(one)
        if [_said(one) for one in children] != [_said(one) for one in self.counts.children]:
            self.counts.children = children
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
        none = [] if entries or not model.entries else [w.HTML(_NO_MATCH)]
        children = (self.head, *none, *self.pool)
        if none or self.table.children != children:
            self.table.children = children
        stays = len(model.entries) > PAGE_ROWS
        self.pager.paint(model.page, len(model.shown), stays=stays)
        self._paint_ticks()
        self.thumbnails.ask(self, missing, self._show_picture)

    def _fill_pool(self, entries: Sequence[Entry]) -> list[PlanRow]:
        """Returns the rows whose pictures must be made."""
        while len(self.pool) < min(PAGE_ROWS, len(entries)):
            self.pool.append(Row(self._on_row_tick, self.safely(self._on_title)))
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
        """The state of reading: progress, or when IMatch was read."""
        model = self.model
        busy = model.state == "running"
        read = f"read {words.clock(model.read_at)}" if model.read_at else ""
        spoken = " of " not in model.progress  # numbers that run are not read aloud
        said = (
            base.loading(model.progress, spoken=spoken)
            if busy
            else f'<span class="mute">{read}</span>'
        )
        base.set_if_new(self.read_words, value=said)
        if model.plan is None:
            base.set_if_new(self.nothing, value=said if busy else "")
        base.set_if_new(self.read_again, disabled=busy or model.frozen)
        why = "Ticks, filters and page stay"
        if busy or model.frozen:
            why = "IMatch is being read" if busy else "A run is under way"
            if model.frozen:
                base.set_if_new(self.read_words, value=f'<span class="mute">{read}; {why}</span>')
        base.set_if_new(self.read_again, tooltip=why)

    def _paint_foot(self) -> None:
        shown = len(self.model.shown)
        last: Any = self.make_csv if shown > CSV_ROWS else self.csv
        if shown <= CSV_ROWS:
            self._fill_csv()
        base.set_if_new(self.foot, children=(self.read_again, self.read_words, last))

    def _fill_csv(self) -> None:
        if not self.model.shown:
            base.set_if_new(self.csv, value="")
            return
        rows = (self._csv_row(one.key) for one in self.model.shown)
        label = "Download these rows as CSV"
        base.set_if_new(self.csv, value=base.csv_link("pending.csv", _CSV, rows, label))
        base.set_if_new(self.foot, children=(self.read_again, self.read_words, self.csv))

    def _csv_row(self, key: Key) -> Sequence[object]:
        entry = self.model.by_key[key]
        row = entry.row
        codes = " ".join(one.code for one in row.problems)
        state = self.model.pill(key).words
        return (
            *(row.platform, row.file_id, row.name, row.text.title if row.text else ""),
            *(row.action, state, codes, entry.taken, entry.size),
        )

    def _on_row_tick(self, key: Key, on: bool) -> None:
        self.safely(self.model.tick)([key], on)


_KIND_WORDS = {"repost": "post again"}
_NO_MATCH = '<p class="mute" style="padding:16px">No row matches the filters.</p>'


def _said(one: Any) -> str:
    return str(one.value if isinstance(one, w.HTML) else one.description)
