"""Runs and written change sets of the past: what happened, what is open, going on with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from socials_lib.journal import ChangeSetRun
from socials_lib.models import Outcome, Run
from socials_lib.widgets import base, bulk_write_words, markup, pills, step_words, theme, words
from socials_lib.widgets.bulk_job import ChangeJobs
from socials_lib.widgets.jobs import Job, Jobs
from socials_lib.widgets.pager import Pager

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

PER_PAGE = 10
_STATES = {
    "done": (theme.DONE, "Done", "ok"),
    "running": (theme.RUNNING, "Running", "accent"),
    "stopped": (theme.STOPPED, "Stopped", "warn"),
    "halted": (theme.FAILED, "Halted", "err"),
    "broken": (theme.WARNING, "Did not end", "warn"),
}
_MOST = 200
STYLE = """
.soc .past-row{display:grid;grid-template-columns:140px 130px 110px minmax(160px,1fr) 130px;
gap:4px 12px;align-items:center;min-height:32px}
.soc .past-line{border-bottom:1px solid var(--hair);align-items:center}
.soc .past-line>.widget-html{flex:1 1 0;min-width:0;overflow-wrap:anywhere}
.soc .past-line>button{flex:0 0 auto}
"""


class History(base.View):
    """All runs and change sets in one line of time, newest first, each with what became of it."""

    def __init__(self, wb: Workbench) -> None:
        super().__init__("history", extra_style=STYLE)
        self.wb = wb
        self.page = 1
        self.runs: tuple[Run, ...] = ()
        self.entries: tuple[Run | ChangeSetRun, ...] = ()
        self.shown = ""
        self.rows = w.VBox([])
        self.pager = Pager(PER_PAGE, self._go_to, what="entries")
        self.details = w.HTML()
        self.again = base.button("Read again")
        self.again.on_click(self.safely(lambda _: self.look()))
        self.body.children = (
            self.rows,
            self.pager,
            self.details,
            base.row(self.again),
            markup.as_code("wb.frame(wb.history()), wb.frame(wb.change_sets())"),
        )
        Jobs.of(wb).listen(lambda urgent: self.look() if urgent else None)
        ChangeJobs.of(wb).listen(lambda urgent: self.look() if urgent else None)
        self.look()

    def look(self) -> None:
        """Read the journal; the platforms are not asked."""
        self.runs = self.wb.history(limit=1000)
        both: tuple[Run | ChangeSetRun, ...] = (*self.runs, *self.wb.change_sets(limit=1000))
        self.entries = tuple(sorted(both, key=lambda one: one.started, reverse=True))
        self.paint()

    def _go_to(self, page: int) -> None:
        self.page = page
        self.paint()

    def paint(self) -> None:
        """The runs of the page."""
        pages = max(1, -(-len(self.entries) // PER_PAGE))
        self.page = min(max(1, self.page), pages)
        here = self.entries[(self.page - 1) * PER_PAGE : self.page * PER_PAGE]
        self.rows.children = [self._row(run) for run in here] or [
            w.HTML(f"{theme.SKIPPED} No run yet.")
        ]
        self.pager.paint(self.page, len(self.entries))

    def _row(self, run: Run | ChangeSetRun) -> w.HBox:
        sign, word, tone = _STATES.get(run.state, (theme.UNCLEAR, run.state, ""))
        took = words.duration((run.ended - run.started).total_seconds()) if run.ended else ""
        text = (
            f'<div class="past-row"><div>{theme.esc(words.moment(run.started))}</div>'
            f"<div>{theme.esc(f'{run.origin or words.DASH}, {run.mode}')}</div>"
            f"<div>{theme.pill(sign, word, tone)}</div>"
            f"<div>{_what(run)}</div><div>{theme.esc(took)}</div></div>"
        )
        show = base.button("Show", tip=f"Show the run of {words.moment(run.started)}")
        show.on_click(self.safely(lambda _: self._show(run)))
        line = w.HBox([w.HTML(text), show])
        line.add_class("past-line")
        return line

    def _show(self, entry: Run | ChangeSetRun) -> None:
        if isinstance(entry, ChangeSetRun):
            self.show_change_set(entry)
        else:
            self.show_run(entry)

    def show_change_set(self, run: ChangeSetRun) -> None:
        """What became of each value of a change set; the same again puts it away."""
        self.shown = "" if self.shown == run.change_set else run.change_set
        if not self.shown:
            self.details.value = ""
            return
        cells = self.wb.journal.change_set(run.change_set).cells
        head = f"<b>{theme.esc(words.moment(run.started))}</b> {theme.text(run.words)}"
        more = f" {theme.esc(run.message)}" if run.message else ""
        self.details.value = f"<p>{head}{more}</p>" + bulk_write_words.cells_html(
            cells, only_bad=False
        )

    def show_run(self, run: Run) -> None:
        """What became of each photo of a run; the same again puts it away."""
        self.shown = "" if self.shown == run.run else run.run
        titles = {row.key: row.title for row in self.wb.rows_of(run)} if self.shown else {}
        lines = [_line(one, titles.get(one.key, one.name)) for one in run.outcomes[:_MOST]]
        over = len(run.outcomes) - len(lines)
        more = f"<li>and {over:,} more</li>" if over > 0 else ""
        head = f"<b>{theme.esc(words.moment(run.started))}</b> {theme.esc(run.message)}"
        shown = f"<p>{head}</p><ul>{''.join(lines)}{more}</ul>" if self.shown else ""
        self.details.value = shown


def _what(entry: Run | ChangeSetRun) -> str:
    """What a run came to, or what a change set wrote."""
    if not isinstance(entry, ChangeSetRun):
        return theme.esc(step_words.counted(entry.outcomes))
    left = (
        f" {theme.pill(theme.WARNING, f'{entry.left:,} not written', 'warn')}" if entry.left else ""
    )
    undone = entry.counts.get("undone", 0)
    back = f' <span class="mute">{undone:,} put back</span>' if undone else ""
    return f"{theme.text(entry.words)}{back}{left}"


def _line(one: Outcome, title: str) -> str:
    said = " ".join(filter(None, (one.message, *(note.message for note in one.warnings))))
    link = theme.link(one.url, "Open") if one.url and one.action != "delete" else ""
    where = words.platform(one.platform)
    pill = pills.for_outcome(one).html
    return f"<li>{pill} {theme.quoted(title)} {where} {link} {theme.esc(said)}</li>"


class Resume(base.View):
    """The newest run that did not end, with the button that finishes it."""

    def __init__(self, wb: Workbench) -> None:
        super().__init__("resume")
        self.wb = wb
        self.jobs = Jobs.of(wb)
        self.job: Job | None = None
        self.run: Run | None = None
        self.nothing = w.HTML()
        self.bar = w.FloatProgress(min=0, max=1, layout=w.Layout(width="100%", display="none"))
        self.status = w.HTML()
        self.status.add_class("resume-status")
        self.stop = base.button("Stop after this photo", "stop")
        self.stop.on_click(self.safely(lambda _: self.job.stop() if self.job else None))
        self.stop.layout.display = "none"
        self.trouble.handlers = {
            "Finish this run": self._on_finish,
            "Go on": self._on_finish,
            "Show it": self._show,
            "Leave it": lambda: None,
        }
        self.painter = base.Painter(self.paint)
        code = markup.as_code("wb.resume()")
        self.body.children = (self.nothing, self.bar, self.status, base.row(self.stop), code)
        self.jobs.listen(self._on_job)
        self.look()

    def look(self) -> None:
        """Is there a run that did not end; the platforms are not asked."""
        self.run = next(iter(self.wb.open_runs()), None)
        if self.run is not None and not self._is_running:
            self.show_message(step_words.open_run(self.wb, self.run))
        elif not self._is_running:
            self.show_message(None)
        done = f'<span class="ok">{theme.DONE}</span> Nothing is open.'
        base.set_if_new(self.nothing, value="" if self.run is not None else done)

    @property
    def _is_running(self) -> bool:
        return self.job is not None and self.job.is_running

    def finish(self) -> bool:
        """Go on with it: what is unclear is looked for first, nothing is sent twice."""
        run = self.run
        if run is None:
            return False
        name = run.run
        keys = self.wb.left_of(run).keys
        platform = keys[0][0] if keys else "flickr"
        before = self.job
        self.job = Job(
            self.wb,
            step="resume",
            platform=platform,
            keys=keys,
            work=lambda listen: self.wb.resume(name, listen=listen, origin=base.this_notebook()),
        )
        if not self.jobs.start(self.job):
            self.job = before
            return False
        self.show_message(None)
        return True

    def _on_finish(self) -> None:
        if self.finish() or self._is_running:
            return
        self.look()
        if self.run is not None:
            self.show_message(step_words.not_yet("another step is running"))

    def _show(self) -> None:
        if self.run is None:
            return
        titles = {row.key: row.title for row in self.wb.rows_of(self.run)}
        lines = [_line(one, titles.get(one.key, one.name)) for one in self.run.outcomes[:_MOST]]
        self.status.value = f"<ul>{''.join(lines)}</ul>"
        self.show_message(step_words.open_run(self.wb, self.run))

    def _on_job(self, urgent: bool) -> None:
        if urgent:
            self.painter.now()
        else:
            self.painter.ask()

    def paint(self) -> None:
        """How far it is, or how it ended."""
        job = self.job
        if job is None:
            self.look()
            return
        shown = "" if job.is_running else "none"
        base.set_if_new(self.stop.layout, display=shown)
        base.set_if_new(self.bar.layout, display=shown)
        base.set_if_new(self.bar, value=job.done / job.total if job.total else 0.0)
        if job.is_running:
            said = markup.status(theme.esc(step_words.progress(job)))
            base.set_if_new(self.status, value=f"{said}<p>{step_words.at_work(job)}</p>")
            return
        base.set_if_new(self.status, value=markup.alert(theme.esc(step_words.done_line(job))))
        self.look()
        message = step_words.end_message(self.wb, job)
        if message is not None:
            self.show_message(message)
