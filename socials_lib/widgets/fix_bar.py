"""The bar under the fix-it list: write what is staged, how far it is, and what became of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from socials_lib.models import PlanRow
from socials_lib.widgets import base, messages, theme, words
from socials_lib.widgets.fix_card import Safely
from socials_lib.widgets.fix_writer import BACK, ENDS, TRY, WRITE, FixWriter
from socials_lib.widgets.pictures import Thumbnails

if TYPE_CHECKING:
    from socials_lib.journal import StoredCell
    from socials_lib.workbench import Workbench

#: So many values are listed with their picture, what did not arrive first.
MOST_LISTED = 50
#: Seconds between two lines of progress that are read aloud.
SPEAK_EVERY = 5.0
TRY_LABEL = "Try it on one photo I choose"

STYLE = """
.soc .write-bar{border-top:1px solid var(--hair);padding:8px 0 0;gap:6px;overflow:visible}
.soc .write-bar>*{margin:0}
.soc .write-bar .bar{height:10px;border-radius:6px;background:var(--soft);overflow:hidden}
.soc .write-bar .bar div{height:10px;background:var(--accent)}
.soc .write-bar .ask{border-left:3px solid var(--accent);padding:4px 0 4px 12px;gap:6px;
overflow:visible}
.soc .write-bar .ask>*{margin:0}
.soc .write-bar .outcome-list{max-height:260px;overflow-y:auto}
.soc .write-bar .outcome{display:flex;align-items:center;gap:12px;padding:3px 0;
border-bottom:1px solid var(--hair)}
.soc .write-bar .outcome .box{flex:0 0 auto}
.soc .write-bar .spoken{position:absolute;width:1px;height:1px;overflow:hidden;
clip-path:inset(50%)}
.soc .write-bar .widget-dropdown{width:auto;max-width:100%}
.soc .write-bar .widget-dropdown .widget-label{margin-right:8px}
.soc .write-bar .widget-dropdown select{max-width:520px}
"""


class WriteBar(w.VBox):
    """The view of a `FixWriter`."""

    def __init__(self, writer: FixWriter, thumbnails: Thumbnails, safely: Safely) -> None:
        self.writer, self.thumbnails, self._safely = writer, thumbnails, safely
        self._lock = threading.RLock()
        self._pictures: dict[str, str] = {}
        self._listed: object = None
        self._was_busy = False
        self._spoken_at = float("-inf")
        self._make_buttons()
        self._make_asking()
        self._make_progress()
        self.trouble = messages.MessageArea({TRY_LABEL: self._ask_try})
        super().__init__([])
        self.children = (
            base.row(self.mode, self.go, self.stop, self.undo_all, self.reason),
            self.asking,
            self.bar,
            self.status,
            self.spoken,
            self.trouble,
            self.outcome_list,
            self.after,
        )
        self.add_class("write-bar")
        self.painter = base.Painter(self.paint)
        writer.observe(lambda _: self.painter.ask(), "edition")
        writer.observe(lambda _: self.painter.now(), "state")
        writer.fixes.observe(lambda _: self.paint(), "edition")
        writer.fixes.picker.observe(lambda _: self.paint(), "frozen")
        self.paint()

    def _make_buttons(self) -> None:
        self.mode = w.HTML(mode_html(self.writer.fixes.wb))
        self.go = base.button("Write", "go", "main")
        self.stop = base.button("Stop", "stop", tip="Stops after the photo at hand")
        self.undo_all = base.button("Undo all", tip="Forget all that is staged")
        self.reason = w.HTML()
        self.back = base.button("Put back", tip="Writes the old values into IMatch again")
        self.after = base.row(self.back)
        self.go.on_click(self._safely(lambda _: self._press()))
        self.stop.on_click(self._safely(lambda _: self.writer.stop()))
        self.undo_all.on_click(self._safely(lambda _: self.writer.fixes.undo_all()))
        self.back.on_click(self._safely(lambda _: self._ask_back()))

    def _make_asking(self) -> None:
        self.question = w.HTML()
        self.yes = base.button("Yes", "go", "yes")
        self.no = base.button("Not now", "no")
        self.photo = w.Dropdown(description="Photo", options=[("–", "")])
        self.photo.style.description_width = "initial"
        self.photo.observe(self._safely(lambda _: self._paint_photo()), "value")
        self.photo_picture = w.HTML()
        self.yes.on_click(self._safely(lambda _: self._begin()))
        self.no.on_click(self._safely(lambda _: self._not_now()))
        self.answers = base.row(self.yes, self.no)
        self.asking = w.VBox([])
        self.asking.add_class("ask")

    def _make_progress(self) -> None:
        self.bar = w.HTML()
        self.status, self.spoken = w.HTML(), w.HTML()
        self.spoken.add_class("spoken")
        self.outcome_list = w.HTML()

    # pressing

    def _press(self) -> None:
        if self.writer.press():
            self.paint()
            self.no.focus()

    def _ask_back(self) -> None:
        if self.writer.ask_back():
            self.paint()
            self.no.focus()

    def _ask_try(self) -> None:
        self.writer.ask_try()
        self.paint()
        self.photo.focus()

    def _begin(self) -> None:
        if self.writer.asking == TRY:
            if self.photo.value:
                self.writer.try_on(self.photo.value)
        else:
            self.writer.begin()

    def _not_now(self) -> None:
        self.writer.not_now()
        self.paint()
        self.go.focus()

    # painting

    def paint(self) -> None:
        """Everything as the model has it; any thread may ask."""
        with self._lock:
            self._paint_buttons()
            self._paint_asking()
            self._paint_progress()
            self._paint_message()
            self._paint_outcome()

    def _paint_buttons(self) -> None:
        writer = self.writer
        busy, reasons = writer.is_busy, writer.reasons()
        base.set_if_new(self.go, description=writer.label, tooltip=writer.label)
        base.set_if_new(self.go, disabled=busy or bool(reasons) or bool(writer.asking))
        base.set_if_new(self.stop, disabled=writer.state != "running" or writer.doing == "Trying")
        base.set_if_new(self.stop.layout, display=None if busy else "none")
        staged = len(writer.fixes.stage)
        base.set_if_new(self.undo_all, description=f"Undo all {staged:,}" if staged else "Undo all")
        base.set_if_new(self.undo_all, disabled=busy or not staged)
        shown = "" if busy or writer.asking else self._reason(reasons)
        _say(self.reason, shown)
        if busy and not self._was_busy:
            self.stop.focus()
        elif self._was_busy and not busy:
            (self.back if writer.run is not None and writer.run.can_undo else self.go).focus()
        self._was_busy = busy

    def _reason(self, reasons: Iterable[str]) -> str:
        said = list(reasons)
        waiting = self.writer.waiting
        if waiting and not said:
            said = [f"{words.count(waiting, 'value')} more wait for the switch below."]
        if not said:
            return ""
        return f'<span class="mute">{theme.SKIPPED} {theme.esc(" ".join(said))}</span>'

    def _paint_asking(self) -> None:
        writer = self.writer
        base.set_if_new(self.asking.layout, display=None if writer.asking else "none")
        if writer.asking == TRY:
            self._paint_try()
            return
        if writer.asking in (WRITE, BACK):
            base.set_if_new(self.question, value=f"<b>{theme.esc(writer.question)}</b>")
            base.set_if_new(self.yes, description=writer.yes, tooltip=writer.yes, disabled=False)
            self._ask_with(self.question, self.answers)

    def _ask_with(self, *children: Any) -> None:
        if tuple(self.asking.children) != children:
            self.asking.children = children

    def _paint_try(self) -> None:
        rows = self.writer.photos_to_try()
        options = [(_isolated(row), row.file_id) for row in rows]
        if list(self.photo.options) != options:
            self.photo.options = options or [("–", "")]
        base.set_if_new(
            self.question,
            value="<p>Which photo? Words are put behind its headline and a keyword is added, both"
            " are read back, and the old values are written again at once.</p>",
        )
        base.set_if_new(
            self.yes,
            description="Try it on this photo",
            tooltip="Writes to IMatch and puts it back at once",
            disabled=not options,
        )
        self._ask_with(self.question, self.photo, self.photo_picture, self.answers)
        self._paint_photo()

    def _paint_photo(self) -> None:
        rows = {row.file_id: row for row in self.writer.photos_to_try()}
        row = rows.get(self.photo.value)
        if row is None or self.writer.asking != TRY:
            return
        _say(self.photo_picture, self._picture(row))
        self.thumbnails.ask(
            (id(self), "try"),
            [row],
            lambda _, picture: base.set_if_new(self.photo_picture, value=picture),
        )

    def _picture(self, row: PlanRow) -> str:
        return self.thumbnails.kept(row) or self.thumbnails.waiting()

    def _paint_progress(self) -> None:
        writer = self.writer
        share = words.percent(writer.done, writer.total) if writer.total else "0 %"
        _say(self.bar, _bar_html(share) if writer.is_busy else "")
        if writer.is_busy:
            _say(self.status, base.loading(writer.progress, spoken=False))
            if time.monotonic() - self._spoken_at >= SPEAK_EVERY:
                self._spoken_at = time.monotonic()
                _say(self.spoken, base.status(theme.esc(writer.progress)))
            return
        _say(self.spoken, "")
        _say(self.status, self._end())

    def _end(self) -> str:
        """`✓ 2 written and read back`."""
        writer = self.writer
        if not writer.said:
            return ""
        counts = writer.outcomes()
        bad = sum(n for state, n in counts.items() if state not in ("verified", "same", "undone"))
        tone, sign = ("warn", theme.WARNING) if bad else ("ok", theme.DONE)
        return base.alert(f'<b class="{tone}">{sign} {theme.esc(writer.said)}.</b>')

    def _paint_message(self) -> None:
        """What went wrong, else that the switch is off while texts wait for it."""
        writer = self.writer
        message = writer.message
        if message is None and not writer.is_busy and not writer.asking and writer.waiting:
            message = messages.say("M32")
        self.trouble.show(None if writer.is_busy else message)

    # what became of it

    def _paint_outcome(self) -> None:
        writer = self.writer
        run = None if writer.is_busy else writer.back or writer.run
        can_undo = writer.run.can_undo if writer.run is not None else 0
        shown = bool(can_undo) and not writer.is_busy and not writer.asking
        base.set_if_new(self.after.layout, display=None if shown else "none")
        said = f"Put back {words.count(can_undo, 'value')}…"
        base.set_if_new(self.back, description=said)
        if run is None:
            _say(self.outcome_list, "")
            self._listed = None
            return
        cells = sorted(run.cells, key=lambda one: one.state in ("verified", "same"))
        self._paint_list(cells)
        if self._listed is not run:
            self._listed = run
            rows = [self.writer.rows[one.file_id] for one in cells if one.file_id in writer.rows]
            self.thumbnails.ask((id(self), "outcome"), rows[:MOST_LISTED], self._show_picture)

    def _show_picture(self, row: PlanRow, picture: str) -> None:
        self._pictures[row.file_id] = picture
        self.painter.ask()

    def _paint_list(self, cells: list[StoredCell]) -> None:
        bad = [one for one in cells if one.state not in ("verified", "same")]
        good = cells[len(bad) :][: max(0, MOST_LISTED - len(bad))]
        parts = [self._line(one) for one in bad[:MOST_LISTED]]
        if good:
            lines = "".join(self._line(one) for one in good)
            summary = f"Show the {words.count(len(good), 'value')} that arrived"
            parts.append(f"<details><summary>{summary}</summary>{lines}</details>")
        rest = len(cells) - len(bad[:MOST_LISTED]) - len(good)
        if rest:
            parts.append(f'<p class="mute">And {words.count(rest, "value")} more.</p>')
        html = f'<div class="outcome-list">{"".join(parts)}</div>'
        _say(self.outcome_list, html)

    def _line(self, cell: StoredCell) -> str:
        sign, word, tone = ENDS[cell.state]
        row = self.writer.rows.get(cell.file_id)
        picture = self._pictures.get(cell.file_id) or (self._picture(row) if row else "")
        why = f" {theme.esc(f'{cell.message} {cell.hint}'.strip())}" if cell.message else ""
        field = theme.esc(words.field(cell.field))
        return (
            f'<div class="outcome">{picture}<div>{theme.quoted(cell.title)}<br>{field} '
            f"{theme.pill(sign, word, tone)}{why}</div></div>"
        )


def _isolated(row: PlanRow) -> str:
    """`Dawn (dawn.jpg)`; right-to-left words in the title cannot turn what follows."""
    return f"\u2068{row.title[:80]}\u2069 (\u2068{row.name}\u2069)"


def _say(line: w.HTML, html: str) -> None:
    """Show a line; an empty one takes no room."""
    base.set_if_new(line, value=html)
    base.set_if_new(line.layout, display=None if html else "none")


def _bar_html(share: str) -> str:
    """The bar; the words beside it say the same, so it is not read aloud."""
    width = share.replace(" ", "")
    return f'<div class="bar" aria-hidden="true"><div style="width:{width}"></div></div>'


def mode_html(wb: Workbench) -> str:
    """Demo or live above the button that writes."""
    if wb.mode == "demo":
        return '<span class="pill demo">DEMO</span> <span class="mute">practice IMatch</span>'
    return '<span class="pill live">LIVE</span> <span class="mute">your IMatch database</span>'
