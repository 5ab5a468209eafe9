"""The way back as people see it: written change sets, the values of one, those that stay."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as w

from socials_lib.journal import ChangeSetRun
from socials_lib.widgets import base, markup, theme, words
from socials_lib.widgets.before_after import STYLE as ROWS
from socials_lib.widgets.bulk_parts import label, shown_value
from socials_lib.widgets.bulk_write import STYLE, ended_html
from socials_lib.widgets.pager import Pager
from socials_lib.widgets.pooled_tick import PooledTick
from socials_lib.widgets.undo_model import PAGE_ROWS, Key, UndoModel
from socials_lib.workbench.fixing import WayBack

SETS_PER_PAGE = 10
_MORE = """
.soc .set-line{display:flex;gap:12px;align-items:center;border-bottom:1px solid var(--hair);
min-height:36px;padding:2px 0}
.soc .set-line>*{margin:0}.soc .set-line .what{flex:1 1 0;min-width:0}
.soc .way-back{max-height:420px;overflow-y:auto;overflow-x:hidden;display:block;
border:1px solid var(--hair);border-radius:8px}
.soc .way-back .change-row{min-height:44px}
"""


class BackRow(w.HBox):
    """One value of the pool: a tick, what IMatch has now and what it would have again."""

    def __init__(self, on_tick: Callable[[Key, bool], None]) -> None:
        self.shown: WayBack | None = None
        self._tick: PooledTick[Key] = PooledTick(
            lambda: w.Checkbox(description="Put back", indent=False), on_tick
        )
        self.what = w.HTML()
        self.what.add_class("what")
        super().__init__([self.tick, self.what])
        self.add_class("change-row")

    def fill(self, one: WayBack, ticked: bool) -> None:
        """Show this value."""
        self.shown, cell = one, one.cell
        on = ticked and not one.is_conflict
        named = f"{label(cell.field)} of {cell.title[:160]}"
        self._tick.show((cell.file_id, cell.field), is_on=on, words=f"Put back {named}")
        base.set_if_new(self.tick, disabled=one.is_conflict)
        base.set_if_new(self, children=(self.tick, *self.children[1:]))
        base.set_if_new(self.what, value=_way_html(one))
        base.set_class(self, "off", not on)
        base.set_class(self, "spare", False)

    def clear(self) -> None:
        """Show nothing."""
        self.shown = None
        base.set_class(self, "spare", True)

    @property
    def tick(self) -> Any:
        """The tick box that is shown now."""
        return self._tick.box


class UndoView(base.View):
    """The view of an `UndoModel`."""

    def __init__(self, model: UndoModel) -> None:
        super().__init__("undo", extra_style=ROWS + STYLE + _MORE)
        self.model = model
        self._lock = threading.RLock()
        self._page = 1
        self._was_running = False
        self._lines: dict[str, _SetLine] = {}
        self.sets = w.VBox([])
        self.sets_pager = Pager(SETS_PER_PAGE, self.safely(self._go_to), what="change sets")
        self.pager = Pager(PAGE_ROWS, self.safely(model.go_to), what="values")
        self.line = w.HTML()
        self.table = w.VBox([])
        self.table.add_class("way-back")
        self.pool: list[BackRow] = []
        self._make_buttons()
        self.bar = w.FloatProgress(min=0, max=1, layout=w.Layout(width="100%"))
        self.bar.add_class("bar")
        self.status = w.HTML()
        self.status.add_class("write-status")
        self.code = w.VBox([])
        self.body.children = (
            self.sets,
            self.sets_pager,
            self.line,
            self.pager,
            self.table,
            self.actions,
            self.bar,
            self.status,
            self.code,
        )
        self.trouble.handlers = {"Leave it": lambda: None, "Check again": model.look}
        self._painter = base.Painter(self.paint)
        model.observe(lambda _: self._painter.ask(), "edition")
        model.observe(
            lambda _: self._painter.now(), ["state", "confirming", "looking", "chosen", "message"]
        )
        self.paint()

    def _make_buttons(self) -> None:
        model = self.model
        self.go = base.button("", "go", "main")
        self.stop = base.button("Stop after this photo", "stop")
        self.reason, self.question = w.HTML(), w.HTML()
        self.yes, self.no = base.button("Yes", "go", "yes"), base.button("Not now", "no")
        self.go.on_click(self.safely(lambda _: self._press()))
        self.stop.on_click(self.safely(lambda _: model.stop()))
        self.yes.on_click(self.safely(lambda _: self._begin()))
        self.no.on_click(self.safely(lambda _: self._not_now()))
        self.actions = base.row(self.go, self.stop, self.reason)

    def use(self, wb: Any) -> None:
        """The cell ran again: go on with this workbench."""
        self.model.wb = wb
        self.model.look()

    def _go_to(self, page: int) -> None:
        self._page = page
        self.paint()

    def _press(self) -> None:
        if self.model.press():
            self.no.focus()

    def _begin(self) -> None:
        self.model.begin()

    def _not_now(self) -> None:
        self.model.not_now()
        self.go.focus()

    def _on_tick(self, key: Key, on: bool) -> None:
        self.safely(self.model.leave_out)([key], not on)

    # painting

    def paint(self) -> None:
        """Everything as the model has it; any thread may ask."""
        with self._lock:
            self._paint_sets()
            self._paint_rows()
            self._paint_buttons()
            self._paint_progress()
            self._paint_message()

    def _paint_sets(self) -> None:
        model = self.model
        pages = max(1, -(-len(model.sets) // SETS_PER_PAGE))
        self._page = min(max(1, self._page), pages)
        here = model.sets[(self._page - 1) * SETS_PER_PAGE : self._page * SETS_PER_PAGE]
        lines: list[Any] = []
        for one in here:
            if one.change_set not in self._lines:
                self._lines[one.change_set] = _SetLine(self, one.change_set)
            self._lines[one.change_set].paint(one)
            lines.append(self._lines[one.change_set])
        none = w.HTML(f'<span class="mute">{theme.SKIPPED} Nothing was written yet.</span>')
        if lines or not self.sets.children or self.sets.children[0] in self._lines.values():
            base.set_if_new(self.sets, children=tuple(lines or [none]))
        self.sets_pager.paint(self._page, len(model.sets))
        name = model.chosen or (model.sets[0].change_set if model.sets else "…")
        base.set_if_new(self.code, children=self._code_of(f"wb.undo({name!r})"))

    def _code_of(self, line: str) -> tuple[Any, ...]:
        children = self.code.children
        made = base.as_code(line)
        return children if children and children[0].value == made.value else (made,)

    def _paint_rows(self) -> None:
        model, rows = self.model, self.model.page_rows
        while len(self.pool) < min(PAGE_ROWS, len(rows)):
            self.pool.append(BackRow(self._on_tick))
        for row, one in zip(self.pool, rows, strict=False):
            key = (one.cell.file_id, one.cell.field)
            row.fill(one, key not in model.left_out)
        for row in self.pool[len(rows) :]:
            row.clear()
        base.set_if_new(self.table, children=tuple(self.pool))
        base.set_if_new(self.table.layout, display=None if rows else "none")
        self.pager.paint(model.page, len(model.rows))
        said_ = ""
        if model.looking:
            said_ = markup.loading("Looking what IMatch has now")
        elif model.rows:
            stay = sum(one.is_conflict for one in model.rows)
            free = len(model.rows) - stay
            said_ = f"<b>{words.count(len(model.rows), 'value')}</b> = {free:,} can be put back"
            said_ += f" + {stay:,} changed since"
        base.set_if_new(self.line, value=said_)

    def _paint_buttons(self) -> None:
        model = self.model
        running = model.jobs.is_running
        base.set_if_new(self.stop, disabled=not running or model.state == "stopping")
        base.set_if_new(self.stop.layout, display=None if running else "none")
        if running and not self._was_running:
            self.stop.focus()
        base.set_if_new(self.go, description=model.label, tooltip=model.label)
        base.set_if_new(self.go, disabled=bool(model.blockers))
        why = "" if running else " ".join(model.blockers)
        mute = f'<span class="mute">{theme.SKIPPED} {theme.esc(why)}</span>' if why else ""
        base.set_if_new(self.reason, value=mute)
        wanted: Sequence[Any] = [self.go, self.stop, self.reason]
        if model.confirming:
            base.set_if_new(self.question, value=f"<b>{theme.esc(model.question)}</b>")
            base.set_if_new(self.yes, description=model.yes, tooltip=model.yes)
            wanted = [self.question, self.yes, self.no]
        if list(self.actions.children) != list(wanted):
            self.actions.children = tuple(wanted)
        self._was_running = running

    def _paint_progress(self) -> None:
        job = self.model.job
        share = job.done / job.total if job is not None and job.total else 0.0
        base.set_if_new(self.bar, value=share)
        base.set_if_new(self.bar.layout, display=None if job is not None else "none")
        if job is not None and job.is_running:
            said_ = markup.loading(job.words("Putting back"), spoken=False)
            base.set_if_new(self.status, value=said_)
        elif job is not None and job.result is not None:
            base.set_if_new(self.status, value=ended_html("undo", job.result))

    def _paint_message(self) -> None:
        message = self.model.message
        for one in message.buttons if message is not None else ():
            if one.startswith("Go on with the"):
                self.trouble.handlers[one] = self._finish_last
        self.show_message(message)

    def _finish_last(self) -> None:
        job = self.model.job
        if job is not None and job.result is not None:
            self.model.finish(job.result.change_set)


class _SetLine(w.HBox):
    """One change set: when, what, how far, and the button that shows or finishes it."""

    def __init__(self, view: UndoView, change_set: str) -> None:
        self._view = view
        self.text = w.HTML()
        self.text.add_class("what")
        self.show = base.button("", "put-back")
        self.finish = base.button("Finish it", "finish")
        self.show.on_click(view.safely(lambda _: view.model.choose(change_set)))
        self.finish.on_click(view.safely(lambda _: self._on_finish(change_set)))
        super().__init__([self.text, self.show, self.finish])
        self.add_class("set-line")

    def _on_finish(self, change_set: str) -> None:
        self._view.model.finish(change_set)

    def paint(self, one: ChangeSetRun) -> None:
        """How it stands now."""
        when = words.moment(one.started)
        left = ""
        if one.left and not one.is_running:
            left = theme.pill(theme.WARNING, f"{one.left:,} not written", "warn")
        text = f"{theme.esc(when)} {theme.text(one.words)} {left}"
        base.set_if_new(self.text, value=text)
        busy = self._view.model.jobs.is_running
        said_ = f"Put back {words.count(one.can_undo, 'value')}…"
        base.set_if_new(self.show, description=said_, tooltip=f"{said_} of {when}", disabled=busy)
        base.set_if_new(self.show.layout, display=None if one.can_undo else "none")
        is_open = bool(one.left) and not one.is_running
        base.set_if_new(
            self.finish, tooltip=f"Go on with the {one.left:,} of {when}", disabled=busy
        )
        base.set_if_new(self.finish.layout, display=None if is_open else "none")
        base.set_class(self.show, "mod-active", self._view.model.chosen == one.change_set)


def _way_html(one: WayBack) -> str:
    cell = one.cell
    head = f'{theme.cut(cell.title)} <span class="mute">{theme.esc(label(cell.field))}</span>'
    now = shown_value(one.found if one.found is not None else None)
    if one.is_conflict:
        pill = theme.pill(theme.CHANGED, "Changed since", "warn")
        return f"{head} {pill} IMatch has {theme.text(now)}; it stays."
    old = shown_value(cell.old)
    if cell.field == "categories":
        back = [f"<del>{theme.text(path)}</del>" for path in _listed(cell.new)]
        back += [f"<ins>{theme.text(path)}</ins>" for path in _listed(cell.old)]
        return f"{head}<p>{', '.join(back)}</p>"
    return f"{head}<p><del>{theme.text(now)}</del> <ins>{theme.text(old)}</ins></p>"


def _listed(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else tuple(filter(None, [value]))
