"""One step on one platform as people see it: numbers, the button, a bar, how it ended."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from socials_lib.models import PlanRow
from socials_lib.widgets import base, markup, messages, step_words, theme, words
from socials_lib.widgets.pictures import Thumbnails
from socials_lib.widgets.sign_in import SignIn
from socials_lib.widgets.step_model import StepOnPlatform

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

STYLE = """
.soc .step-status{height:60px;overflow:hidden}
.soc .step-status .widget-html-content{overflow:hidden}
.soc .forecast{min-height:38px}
.soc .jupyter-widget-tab{--jp-brand-color1:var(--accent);color:var(--ink)}
.soc .jupyter-widget-tab>.jupyter-widget-TabPanel-tabContents,.soc .widget-tab-contents{
padding:12px 8px;border:1px solid var(--hair);background:var(--panel);color:var(--ink)}
.soc .lm-TabBar .lm-TabBar-tab{background:var(--soft);color:var(--ink);
border-color:var(--hair);font-size:13px}
.soc .lm-TabBar .lm-TabBar-tab.lm-mod-current{background:var(--panel);color:var(--accent)}
.soc .scope{display:flex;gap:12px}
.soc .scope,.soc .scope .widget-radio-box{width:auto;margin:0;align-items:center}
.soc .scope .widget-radio-box label{color:var(--ink);height:24px;line-height:24px;
font-size:13px;width:auto;margin:0 16px 0 0;padding-left:0}
.soc .scope .widget-radio-box input{margin:0 6px 0 0;height:24px}
.soc .failed-row,.soc .delete-row{display:flex;align-items:center;gap:12px;min-height:80px;
border-bottom:1px solid var(--hair);padding:3px 0}
.soc .failed-row .box{flex:0 0 auto}
.soc .spoken{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.soc .bar{height:10px;margin:4px 0;width:100%}
.soc .bar .progress{margin:0;height:10px}
"""
#: So many failed photos are listed with their picture.
MOST_FAILED = 50
#: Seconds between two lines of progress that are read aloud.
SPEAK_EVERY = 5.0
#: After a run of more seconds than this the focus is left where the person has it by now.
STILL_THERE = 20
RELOAD_NOTE = "Reloading the page does not stop this. Run this cell again to see it."


class Pane(w.VBox):
    """One step on one platform."""

    def __init__(self, model: StepOnPlatform, *, thumbnails: Thumbnails) -> None:
        self.model, self.thumbnails = model, thumbnails
        self._filling = base.Filling()
        self._painting = threading.RLock()
        self._was_running = False
        self._showing_failed: tuple[Any, ...] | None = None
        handlers = {name: self._safely(act) for name, act in self._handlers().items()}
        self.trouble = messages.MessageArea(handlers)
        self._make_head()
        self._make_buttons()
        self._make_progress()
        self._make_end()
        super().__init__(self._parts())
        self.add_class(f"pane-{model.platform}")
        self.painter = base.Painter(self.paint)
        model.on_change(self._on_change)
        self.paint()

    def _parts(self) -> list[Any]:
        return [
            self.head,
            self.scope,
            self.forecast,
            self.actions,
            self.bar,
            self.status,
            self.spoken,
            self.trouble,
            self.sign_in,
            self.after,
            self.failed_list,
            self.log_line,
            self.log_view,
        ]

    def _make_head(self) -> None:
        self.head = w.HTML()
        self.head.add_class("step-head")
        self.scope = w.RadioButtons(
            options=[("all", "all")], description="Scope", orientation="horizontal"
        )
        self.scope.add_class("scope")
        self.scope.style.description_width = "initial"
        self.scope.observe(self._safely(self._on_scope), "value")
        self.forecast = w.HTML()
        self.forecast.add_class("forecast")

    def _make_buttons(self) -> None:
        self.go = base.button("", self._go_class(), "main")
        self.stop = base.button("Stop after this photo", "stop")
        self.check = base.button("Check only", "check", tip="Does everything but send")
        self.reason = w.HTML()
        self.yes = base.button("Yes", "go", "yes")
        self.no = base.button("Not now", "no")
        self.question = w.HTML()
        self.go.on_click(self._safely(lambda _: self._press()))
        self.stop.on_click(self._safely(lambda _: self.model.stop()))
        self.check.on_click(self._safely(lambda _: self.model.check_only()))
        self.yes.on_click(self._safely(lambda _: self._begin()))
        self.no.on_click(self._safely(lambda _: self._not_now()))
        self.actions = base.row(*self._buttons())

    def _go_class(self) -> str:
        return "go"

    def _buttons(self) -> list[Any]:
        return [self.go, self.stop, self.check, self.reason]

    def _make_progress(self) -> None:
        self.bar = w.FloatProgress(min=0, max=1, layout=w.Layout(width="100%"))
        self.bar.add_class("bar")
        self.status = w.HTML()
        self.status.add_class("step-status")
        self.spoken = w.HTML()
        self.spoken.add_class("spoken")
        self._spoken_at = float("-inf")
        self.sign_in = w.VBox([])

    def _make_end(self) -> None:
        self.show_failed = base.button("Show", "num", tip="Show the photos that failed")
        self.again = base.button("Try these again", "again")
        self.failed_words = w.HTML()
        self.show_failed.on_click(self._safely(lambda _: self._toggle_failed()))
        self.again.on_click(self._safely(lambda _: self.model.try_again()))
        self.after = base.row()
        self.failed_list = w.VBox([])
        self.show_log = base.button("Show the log", "num", "show-log")
        self.show_log.on_click(self._safely(lambda _: self._toggle_log()))
        self.log_line = base.row(self.show_log, w.HTML(f'<span class="mute">{RELOAD_NOTE}</span>'))
        self.log_view = w.HTML(layout=w.Layout(display="none"))

    def _handlers(self) -> dict[str, Any]:
        model = self.model
        return {
            "Leave it": model.leave_it,
            "Plan again": model.plan_again,
            "Go on": model.go_on,
            "Look again": self._resumed,
            "Check again": model.plan_again,
            "Sign in here": self._sign_in,
            "Sign in again": self._sign_in,
            "Watch it": self._watch,
            "Ask it to stop": self._ask_to_stop,
        }

    def _safely(self, callback: Any) -> Any:
        def wrapped(*args: Any) -> None:
            try:
                callback(*args)
            except Exception as error:
                self.model.message = messages.from_error(error)
                self._paint_message()

        return wrapped

    # what the person does

    def _on_scope(self, change: Any) -> None:
        if not self._filling and change["new"]:
            self.model.choose_scope(change["new"])

    def _press(self) -> None:
        if self.model.press() and self.model.confirming:
            self.no.focus()

    def _begin(self) -> None:
        self.model.begin()

    def _not_now(self) -> None:
        self.model.not_now()
        self.go.focus()

    def _toggle_failed(self) -> None:
        self._showing_failed = None if self._showing_failed is not None else ()
        self.paint()

    def _toggle_log(self) -> None:
        hidden = self.log_view.layout.display == "none"
        self.log_view.layout.display = "" if hidden else "none"
        self.show_log.description = "Hide the log" if hidden else "Show the log"
        self._paint_log()

    def _sign_in(self) -> None:
        """The message stays: its other button goes on when the sign-in is done."""
        self.sign_in.children = (SignIn(self.model.wb, self.model.platform, inside=True),)
        self._paint_message()

    def _watch(self) -> None:
        """Show the other run's numbers until it has ended."""
        self.model.watch()

    def _ask_to_stop(self) -> None:
        asked = self.model.wb.ask_other_to_stop()
        said = "It was asked to stop after its photo." if asked else "No other run is under way."
        self.model.message = messages.note(said, tone="" if asked else "ok")
        self.model.tell()

    # painting

    def _on_change(self, urgent: bool) -> None:
        if urgent:
            self.painter.now()
        else:
            self.painter.ask()

    def paint(self) -> None:
        """Everything as the model has it; what is as before is not sent. Any thread may ask."""
        with self._painting:
            self._paint_buttons()
            self._paint_head()
            self._paint_scope()
            self._paint_progress()
            self._paint_message()
            self._paint_failed()
            self._paint_log()

    def _paint_head(self) -> None:
        model, job = self.model, self.model.job
        more = ""
        if model.state == "waiting" and job is not None and job.until is not None:
            more = f"Waiting until {words.clock(job.until)}"
        state = base.state_line(model.name, model.state, more)
        base.set_if_new(self.head, value=f"{state} {mode_pill(model.wb, account_of(model))}")

    def _paint_scope(self) -> None:
        model = self.model
        ready, ticked = len(model.all_rows), len(model.ticked_rows)
        options = [
            (f"all {ready:,} ready" if ready else "Nothing is ready", "all"),
            (f"only the {ticked:,} ticked" if ticked else "only ticked ones", "ticked"),
        ]
        with self._filling:
            if list(self.scope.options) != options:
                self.scope.options = options
            base.set_if_new(self.scope, value=model.scope, disabled=model.busy is not None)
        shown = "" if model.source.can_tick else "none"
        base.set_if_new(self.scope.layout, display=shown)
        base.set_if_new(self.forecast, value=self._forecast())

    def _forecast(self) -> str:
        """While a run goes on, the forecast of what is left would only confuse."""
        job = self.model.job
        if job is not None and job.is_running:
            return f"Started {words.clock(job.started)}, {words.count(job.total, 'photo')}."
        return self.model.forecast

    def _paint_buttons(self) -> None:
        model, job = self.model, self.model.job
        running = job is not None and job.is_running
        can_stop = (running and model.state != "stopping") or bool(model.checking)
        base.set_if_new(self.stop, disabled=not can_stop)
        if running and not self._was_running:
            self.stop.focus()
        base.set_if_new(self.go, description=model.label, tooltip=model.label)
        base.set_if_new(self.go, disabled=bool(model.blockers))
        base.set_if_new(
            self.check, disabled=not model.rows or model.busy is not None or (bool(model.checking))
        )
        base.set_if_new(self.reason, value=self._reason())
        self._paint_question()
        if self._was_running and not running and job is not None:
            self._focus_result(job.seconds < STILL_THERE or job.stop_asked)
        self._was_running = running

    def _reason(self) -> str:
        job = self.model.job
        is_mine = job is not None and job.is_running
        why = "" if is_mine else " ".join(self.model.blockers)
        return f'<span class="mute">{theme.SKIPPED} {theme.esc(why)}</span>' if why else ""

    def _paint_question(self) -> None:
        model = self.model
        wanted: Sequence[Any] = self._buttons()
        if model.confirming:
            base.set_if_new(self.question, value=f"<b>{theme.esc(model.question)}</b>")
            base.set_if_new(self.yes, description=step_words.yes(model.step, len(model.rows)))
            wanted = [self.question, self.yes, self.no]
        if list(self.actions.children) != list(wanted):
            self.actions.children = wanted

    def _focus_result(self, still_there: bool) -> None:
        """The button that ended has lost the focus; after a long run it is left alone."""
        if still_there and not self.go.disabled:
            self.go.focus()

    def _paint_progress(self) -> None:
        job = self.model.job
        share = 0.0
        if job is not None and job.total and (job.is_running or self.model.status):
            part = job.sent / job.size if job.size else 0.0
            share = min(1.0, (job.done + (part if job.is_running else 0)) / job.total)
        base.set_if_new(self.bar, value=share)
        if job is not None and job.is_running and time.monotonic() - self._spoken_at >= SPEAK_EVERY:
            self._spoken_at = time.monotonic()
            base.set_if_new(self.spoken, value=markup.status(theme.esc(step_words.progress(job))))
        elif job is None or not job.is_running:
            base.set_if_new(self.spoken, value="")  # the end is read aloud below
        base.set_if_new(self.status, value=self.model.status)

    def _paint_message(self) -> None:
        message = self.model.message
        for label in message.buttons if message is not None else ():
            if label.startswith("Go on with"):
                self.trouble.handlers[label] = self._safely(self._resumed)
        self.trouble.show(message)

    def _resumed(self) -> None:
        self.model.go_on()

    def _paint_failed(self) -> None:
        rows = self.model.failed
        if not rows:
            base.set_if_new(self.after, children=())
            base.set_if_new(self.failed_list, children=())
            self._showing_failed = None
            return
        base.set_if_new(
            self.failed_words, value=f'<span class="err">{theme.FAILED} {len(rows):,} failed</span>'
        )
        these = "this one" if len(rows) == 1 else f"these {len(rows):,}"
        base.set_if_new(self.again, description=f"Try {these} again")
        open_ = self._showing_failed is not None
        base.set_if_new(self.show_failed, description="Hide" if open_ else "Show")
        base.set_if_new(self.after, children=(self.failed_words, self.show_failed, self.again))
        self._paint_failed_list(rows if open_ else ())

    def _paint_failed_list(self, rows: Sequence[PlanRow]) -> None:
        wanted = tuple((row.key, self._said(row)) for row in rows[:MOST_FAILED])
        if wanted == (self._showing_failed or ()) and len(self.failed_list.children) == len(wanted):
            return
        lines = {row.key: w.HTML(self._failed_line(row, None)) for row in rows[:MOST_FAILED]}
        self.failed_list.children = tuple(lines.values())
        self._showing_failed = wanted if rows else self._showing_failed
        self.thumbnails.ask(
            self,
            rows[:MOST_FAILED],
            lambda row, picture: base.set_if_new(
                lines[row.key], value=self._failed_line(row, picture)
            ),
        )

    def _said(self, row: PlanRow) -> str:
        """The reason and the way out; the title stands above it."""
        found = self.model.outcome(row)
        if found is None:
            return ""
        return f"{found.message.removeprefix(f'“{row.title}”: ')} {found.hint}".strip()

    def _failed_line(self, row: PlanRow, picture: str | None) -> str:
        return (
            f'<div class="failed-row">{picture or self.thumbnails.waiting()}'
            f"<div>{theme.quoted(row.title)}<br>"
            f'<span class="err">{theme.FAILED}</span> {theme.esc(self._said(row))}</div></div>'
        )

    def _paint_log(self) -> None:
        job = self.model.job
        if self.log_view.layout.display == "none" or job is None:
            return
        lines = "\n".join(theme.esc(one) for one in tuple(job.lines))
        base.set_if_new(self.log_view, value=f'<pre class="log t"><code>{lines}</code></pre>')


def account_of(model: StepOnPlatform) -> str:
    """The name of the account that the step is about."""
    plan = model.plan
    account = plan.accounts.get(model.platform) if plan is not None else None
    return account.name if account is not None else ""


def mode_pill(wb: Workbench, account: str) -> str:
    """`DEMO practice copies` or `LIVE real account “…”`: above every button that sends."""
    if wb.mode == "demo":
        return '<span class="pill demo">DEMO</span> <span class="mute">practice copies</span>'
    whose = f"real account “{theme.text(account)}”" if account else "the real account"
    return f'<span class="pill live">LIVE</span> {whose}'
