"""Writing as people see it: the button with its number, the question, a bar, how it ended."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import ipywidgets as w

from socials_lib.widgets import base, markup, messages, theme, words
from socials_lib.widgets import bulk_write_words as said
from socials_lib.widgets.bulk_parts import title_of
from socials_lib.widgets.bulk_write_model import WriteModel
from socials_lib.widgets.pane import RELOAD_NOTE, mode_pill

STYLE = """
.soc .write-status{min-height:60px}.soc .write-status ul{margin:4px 0;padding-left:20px}
.soc .bar{height:10px;margin:4px 0;width:100%}.soc .bar .progress{margin:0;height:10px}
"""
#: So many photos are offered for the proof.
_MOST_OFFERED = 100
TRY = "Try it on one photo I choose"


class WriteView(base.View):
    """The view of a `WriteModel`."""

    def __init__(self, model: WriteModel) -> None:
        super().__init__("write", extra_style=STYLE)
        self.model = model
        self.given: Any = None
        self._lock = threading.RLock()
        self._was_running = self._was_trying = False
        self.head = w.HTML()
        self._make_buttons()
        self._make_proof()
        self.bar = w.FloatProgress(min=0, max=1, layout=w.Layout(width="100%"))
        self.bar.add_class("bar")
        self.status = w.HTML()
        self.status.add_class("write-status")
        self.actions = base.row(*self._buttons())
        self.tables = base.row(self.make_csv, self.csv)
        self.body.children = (
            self.head,
            self.actions,
            self.bar,
            self.status,
            self.proof,
            self.tables,
            w.HTML(f'<span class="mute">{RELOAD_NOTE}</span>'),
            base.as_code("run = wb.write(change); wb.frame(run)"),
        )
        self.trouble.handlers = {
            TRY: self._offer_proof,
            "Finish it": lambda: _done(model.finish()),
            "Show it": self._show_open,
            "Leave it": lambda: None,
            "Check again": model.look,
            "Watch it": model.look,
            "Ask it to stop": lambda: _done(model.wb.ask_other_to_stop()),
        }
        self._painter = base.Painter(self.paint)
        model.observe(lambda _: self._painter.ask(), ["edition", "trying"])
        model.observe(lambda _: self._painter.now(), ["state", "confirming", "queueing", "message"])
        self.paint()

    def _make_buttons(self) -> None:
        model = self.model
        self.go = base.button("", "go", "main")
        self.stop = base.button("Stop after this photo", "stop")
        self.queue = base.button("", "queue")
        self.reason, self.question = w.HTML(), w.HTML()
        self.yes, self.no = base.button("Yes", "go", "yes"), base.button("Not now", "no")
        self.go.on_click(self.safely(lambda _: self._press()))
        self.stop.on_click(self.safely(lambda _: model.stop()))
        self.queue.on_click(self.safely(lambda _: self._ask_to_queue()))
        self.yes.on_click(self.safely(lambda _: self._yes()))
        self.no.on_click(self.safely(lambda _: self._not_now()))
        self.make_csv = base.button(
            "Make a CSV for IMatch's import", tip="One line a photo, found by its path"
        )
        self.csv = w.HTML()
        self.make_csv.on_click(self.safely(lambda _: self._fill_csv()))

    def _make_proof(self) -> None:
        self.photo = w.Dropdown(
            description="Photo",
            options=[("choose", "")],
            layout=w.Layout(width="420px"),
            style={"description_width": "initial"},
        )
        self.prove = base.button("Try it on this photo", "go", "prove")
        self.prove.on_click(self.safely(lambda _: self._prove()))
        words_ = (
            "A headline and a keyword are written to this photo, read back, and put back at once."
        )
        self.proof = w.VBox([w.HTML(words_), base.row(self.photo, self.prove)])
        self.proof.add_class("proof")
        self.proof.layout.display = "none"

    def use(self, wb: Any) -> None:
        """The cell ran again: go on with this workbench."""
        self.model.wb = wb
        self.model.look()

    # what the person does

    def _press(self) -> None:
        if self.model.press():
            self.no.focus()

    def _yes(self) -> None:
        if self.model.queueing:
            self.model.begin_queue()
        else:
            self.model.begin()

    def _not_now(self) -> None:
        self.model.not_now()
        self.go.focus()

    def _ask_to_queue(self) -> None:
        self.model.ask_to_queue()
        self.no.focus()

    def _offer_proof(self) -> None:
        model = self.model
        ids = set(model.source.change.file_ids[:_MOST_OFFERED])
        offered = [
            (title_of(one)[:100], one.file_id) for one in model.source.photos if one.file_id in ids
        ]
        self.photo.options = [("choose", ""), *offered]
        self.proof.layout.display = None
        self.show_message(messages.say("M32"))
        self.photo.focus()

    def _prove(self) -> None:
        if self.photo.value:
            self.model.prove(self.photo.value)

    def _show_open(self) -> None:
        run = self.model.open
        if run is not None:
            cells = self.model.wb.journal.change_set(run.change_set).cells
            self.status.value = said.cells_html(cells, only_bad=False)
            self.show_message(said.open_set(run))

    def _fill_csv(self) -> None:
        link = markup.text_link("for-imatch.csv", self.model.import_csv, "Download for-imatch.csv")
        self.csv.value = f"{link} IMatch's own import asks which column is which."

    # painting

    def _buttons(self) -> list[Any]:
        return [self.go, self.stop, self.queue, self.reason]

    def paint(self) -> None:
        """Everything as the model has it; any thread may ask."""
        with self._lock:
            self._paint_head()
            self._paint_buttons()
            self._paint_progress()
            self._paint_message()

    def _paint_head(self) -> None:
        model = self.model
        state = base.state_line("Write to IMatch", model.state)
        base.set_if_new(self.head, value=f"{state} {mode_pill_of(model)}")

    def _paint_buttons(self) -> None:
        model = self.model
        running = model.jobs.is_running
        base.set_if_new(self.stop, disabled=not running or model.state == "stopping")
        if running and not self._was_running:
            self.stop.focus()
        base.set_if_new(self.go, description=model.label, tooltip=model.label)
        base.set_if_new(self.go, disabled=bool(model.blockers))
        why = "" if running else " ".join(model.blockers)
        mute = f'<span class="mute">{theme.SKIPPED} {theme.esc(why)}</span>' if why else ""
        base.set_if_new(self.reason, value=mute)
        self._paint_queue(running)
        self._paint_question()
        shown = any(one.is_metadata for one in model.source.change.chosen)
        base.set_if_new(self.tables.layout, display=None if shown else "none")
        self._was_running = running

    def _paint_queue(self, running: bool) -> None:
        count = 0 if running else len(self.model.queue.chosen)
        base.set_if_new(
            self.queue,
            description=f"Queue {count:,} for _metadata",
            tooltip="The next sync sends the new texts of these published photos",
        )
        base.set_if_new(self.queue.layout, display=None if count else "none")

    def _paint_question(self) -> None:
        model = self.model
        wanted: Sequence[Any] = self._buttons()
        if model.confirming or model.queueing:
            text, yes = model.question, model.yes
            if model.queueing:
                photos = words.count(len(model.change.chosen), "photo")
                text = f"Put {photos} into _metadata in IMatch? 01_sync then sends their texts."
                yes = f"Queue {photos}"
            base.set_if_new(self.question, value=f"<b>{theme.esc(text)}</b>")
            base.set_if_new(self.yes, description=yes, tooltip=yes)
            wanted = [self.question, self.yes, self.no]
        if list(self.actions.children) != list(wanted):
            self.actions.children = tuple(wanted)

    def _paint_progress(self) -> None:
        model, job = self.model, self.model.job
        base.set_if_new(
            self.bar, value=job.done / job.total if job is not None and job.total else 0.0
        )
        if model.trying:
            base.set_if_new(self.status, value=markup.loading(model.trying))
        elif job is not None and job.is_running:
            at = f"<p>at {theme.quoted(job.title)}</p>" if job.title else ""
            base.set_if_new(self.status, value=f"{markup.loading(job.words(), spoken=False)}{at}")
        elif job is not None and job.result is not None:
            base.set_if_new(self.status, value=ended_html(job.kind, job.result))
        elif self._was_trying or (job is not None and job.error is not None):
            base.set_if_new(self.status, value="")
        self._was_trying = bool(model.trying)
        if not model.needs_metadata and not model.trying:
            base.set_if_new(self.proof.layout, display="none")

    def _paint_message(self) -> None:
        message, model = self.model.message, self.model
        for one in message.buttons if message is not None else ():
            if one.startswith("Go on with the"):
                self.trouble.handlers[one] = lambda: _done(model.finish(_name(model)))
            elif one.startswith("Put back"):
                self.trouble.handlers[one] = lambda: _done(model.put_back())
        self.show_message(message)


def ended_html(kind: str, run: Any) -> str:
    """How it ended, with the values that did not go as planned."""
    verb = "put back" if run.undoes else "written"
    line = said.done_line(run, verb=verb)
    if kind == "queue":
        line = f"{words.count(run.counts.get('verified', 0), 'photo')} queued for _metadata."
    good = run.state == "done" and set(run.counts) <= {"verified", "same"}
    tone, sign = ("ok", theme.DONE) if good else ("warn", theme.WARNING)
    head = markup.alert(f'<span class="{tone}">{sign}</span> <b>{theme.esc(line)}</b>')
    return head + said.cells_html(run.cells)


def mode_pill_of(model: WriteModel) -> str:
    """`DEMO practice copies`, or `LIVE your own IMatch database`."""
    if model.wb.mode == "demo":
        return mode_pill(model.wb, "")
    return '<span class="pill live">LIVE</span> your own IMatch database'


def _name(model: WriteModel) -> str:
    job = model.job
    return job.result.change_set if job is not None and job.result is not None else ""


def _done(_result: bool) -> None:
    """Message buttons return nothing."""
