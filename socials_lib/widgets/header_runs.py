"""Below the header card: the run that is under way, the one that did not end, the last report.

Nothing stands here while there is nothing to say.  `[Watch it]` shows the numbers of a run wherever
it was started; `[Show it]` lists what became of a run that did not end.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import ipywidgets as w

from socials_lib.models import Outcome, Run
from socials_lib.status import Status
from socials_lib.widgets import base, markup, pills, theme, words
from socials_lib.widgets.jobs import Jobs

if TYPE_CHECKING:
    from socials_lib.widgets.header import HeaderModel

#: Seconds between two looks at a run that is watched.
WATCH_SECONDS = 1.0
#: So many photos of a run are listed here; 04_history has all of them.
MOST = 25
_STOP_TIP = "It ends after its photo"
_STATES = {
    "done": (theme.DONE, "ended", "ok"),
    "stopped": (theme.STOPPED, "was stopped", "warn"),
    "halted": (theme.FAILED, "was halted", "err"),
    "broken": (theme.WARNING, "did not end", "warn"),
}


class HeaderRuns(w.VBox):
    """The buttons of the card and what they show; `safely` wraps their callbacks."""

    def __init__(self, model: HeaderModel, view: base.View) -> None:
        self.model = model
        self.watch = base.button("Watch it", "watch", tip="Show how far this run is")
        self.stop = base.button("Ask it to stop", "stop", tip=_STOP_TIP)
        self.show = base.button("Show it", "show", tip="What was done, what was not")
        self.report = base.button("Report of the last run", "report")
        self.watch.on_click(view.safely(lambda _: self._on_watch()))
        self.stop.on_click(view.safely(lambda _: self._on_stop()))
        self.show.on_click(view.safely(lambda _: self._on_show()))
        self.report.on_click(view.safely(lambda _: self._on_report()))
        self.found = w.HTML()
        self.found.add_class("found")
        self.is_watching = self.is_showing = False
        self.watcher = base.Worker("watch", on_error=view.show_error)
        self.writer = base.Worker("report", on_error=view.show_error)
        self.buttons = base.row()
        super().__init__([self.buttons, self.found])
        self.paint()

    def paint(self) -> None:
        """The buttons that there is a reason for."""
        state = self.model.run_state
        wanted = []
        if state == "running":
            wanted += [self.stop if self.is_watching else self.watch]
        if state == "broken":
            wanted.append(self.show)
        if self.model.last_run is not None:
            wanted.append(self.report)
        base.set_if_new(self.buttons, children=tuple(wanted))
        is_there = bool(wanted) or bool(self.found.value)
        base.set_if_new(self.layout, display=None if is_there else "none")

    # a run under way

    def _on_watch(self) -> None:
        self.is_watching = True
        base.set_if_new(self.stop, disabled=False, tooltip=_STOP_TIP)
        self.paint()
        self.stop.focus()
        self.watcher.ask(self._watch)

    def _watch(self, stop: threading.Event) -> None:
        """Until the run has ended; it may be another process's, so only its file is read."""
        status = self.model.wb.watch()
        while status is not None and status.is_going and not stop.is_set():
            base.set_if_new(self.found, value=_progress(status))
            stop.wait(WATCH_SECONDS)
            status = self.model.wb.watch()
        base.set_if_new(self.found, value=_ended(status))
        self.is_watching = False
        self.model.look_at_runs()
        self.paint()

    def _on_stop(self) -> None:
        """The flag of this notebook stays as it is: where the run is another's, nobody clears it,
        and the next wait for a service would end as stopped."""
        job = Jobs.of(self.model.wb).current
        if job is not None and job.is_running:
            job.stop()
        elif not self.model.wb.ask_other_to_stop():
            return  # it has ended; the watcher says so
        base.set_if_new(self.stop, disabled=True, tooltip="It was asked to stop")

    # a run that did not end

    def _on_show(self) -> None:
        run = self.model.broken_run
        self.is_showing = not self.is_showing and run is not None
        base.set_if_new(self.show, description="Hide it" if self.is_showing else "Show it")
        shown = self._listed(run) if run is not None and self.is_showing else ""
        base.set_if_new(self.found, value=shown)
        self.paint()

    def _listed(self, run: Run) -> str:
        wb = self.model.wb
        titles = {row.key: row.title for row in wb.rows_of(run)}
        left = wb.left_of(run)
        counts = f"{left.done:,} done, {left.unclear:,} unclear, {left.left:,} not started."
        lines = [_line(one, titles.get(one.key, one.name)) for one in run.outcomes[:MOST]]
        over = len(run.outcomes) - len(lines)
        more = f"<li>and {over:,} more</li>" if over > 0 else ""
        how = "Open <code>04_history</code> to finish it: nothing is sent twice."
        return f"<p>{theme.esc(counts)} {how}</p><ul>{''.join(lines)}{more}</ul>"

    # the report of the last run

    def _on_report(self) -> None:
        run = self.model.last_run
        if run is not None:
            base.set_if_new(self.found, value=markup.loading("Writing the report"))
            self.writer.ask(lambda _stop: self._write(run))

    def _write(self, run: Run) -> None:
        try:
            path = str(self.model.wb.open_report(run))
        except Exception:
            base.set_if_new(self.found, value="")
            raise
        base.set_if_new(self.found, value=f"<p>Report {markup.path_with_copy(path)}</p>")


def _progress(status: Status) -> str:
    """`◐ 18 of 37 · 2 failed · sending “Heath in bloom”` with a bar."""
    parts = [f"{words.number(status.done)} of {words.number(status.total)}"]
    parts += [f"{words.number(status.failed)} failed"] if status.failed else []
    if status.state == "waiting" and status.until is not None:
        parts.append(f"waiting until {words.clock(status.until)}")
    said = theme.esc(" · ".join(parts))
    if status.title and status.state == "running":
        said += f" · {theme.quoted(status.title)}"
    share = int(100 * status.done / status.total) if status.total else 0
    bar = (
        f'<div class="progress watched"><div class="progress-bar" style="width:{share}%"></div>'
        "</div>"
    )
    return f'{bar}<p role="status"><span class="accent">{theme.RUNNING}</span> {said}</p>'


def _ended(status: Status | None) -> str:
    if status is None:
        return ""
    sign, said, tone = _STATES.get(status.state, (theme.DONE, "ended", "ok"))
    numbers = f"{words.number(status.done)} of {words.number(status.total)}"
    failed = f", {words.number(status.failed)} to look at" if status.failed else ""
    mark = f'<span class="{tone}">{sign}</span>'
    return markup.alert(f"{mark} The run {said}: {theme.esc(numbers + failed)}.")


def _line(one: Outcome, title: str) -> str:
    pill = pills.for_outcome(one).html
    return f"<li>{pill} {theme.quoted(title)} {words.platform(one.platform)}</li>"
