"""What happened: counts, each photo with its picture and link, what changed in IMatch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import ipywidgets as w

from socials_lib.models import COLUMNS, Outcome, PlanRow, PlatformName, Run
from socials_lib.widgets import base, markup, pills, step_words, theme, words
from socials_lib.widgets.entries import Key
from socials_lib.widgets.jobs import Jobs
from socials_lib.widgets.pager import Pager
from socials_lib.widgets.pictures import Thumbnails

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

PER_PAGE = 25
_CSV = ("platform", "file_id", "file", "action", "state", "url", "message", "hint", "notes")
STYLE = """
.soc .result-list{max-height:520px;overflow:auto}
.soc .result-row{display:grid;grid-template-columns:104px minmax(120px,1fr) 170px 190px;
gap:4px 12px;align-items:center;min-height:80px;border-bottom:1px solid var(--hair);padding:3px 0}
.soc .result-row>div{min-width:0;overflow:hidden}
.soc .result-row .cut{max-width:100%}
.soc .result-row .more{color:var(--mute);font-size:12px}
"""


class Results(base.View):
    """Everything that this notebook has carried out, newest state of each photo."""

    def __init__(self, wb: Workbench, thumbnails: Thumbnails) -> None:
        super().__init__("results", extra_style=STYLE)
        self.wb, self.thumbnails = wb, thumbnails
        self.jobs = Jobs.of(wb)
        self.only_failed = False
        self.page = 1
        self._rows: dict[str, dict[Key, PlanRow]] = {}
        self.head = w.HTML()
        self.show_failed = base.button("", "show-failed")
        self.show_failed.on_click(self.safely(lambda _: self._toggle()))
        self.list = w.HTML()
        self.list.add_class("result-list")
        self.pager = Pager(PER_PAGE, self._go_to, what="photos")
        self.foot = w.HTML()
        self.changed = w.HTML()
        self.open_report = base.button("Open the report", "open-report")
        self.open_report.on_click(self.safely(lambda _: self._open_report()))
        self.report_path = w.HTML()
        self.worker = base.Worker("report", on_error=self.show_error)
        self.bottom = base.row(self.open_report, self.report_path, self.foot)
        self.top = base.row(self.show_failed)
        parts = [self.head, self.top, self.list, self.pager, self.bottom, self.changed]
        self.body.children = (*parts, markup.as_code("wb.frame(wb.runs[-1])"))
        self.painter = base.Painter(self.paint)
        self.list_painter = base.Painter(lambda: self._paint_list(self.here))
        self.jobs.listen(self._on_job)
        self.paint()

    # what happened

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs of this notebook, oldest first; without any the newest of the journal."""
        found = {id(run): run for run in (*self.jobs.runs, *self.wb.runs)}
        if found:
            return tuple(sorted(found.values(), key=lambda run: run.ended or run.started))
        return tuple(self.wb.history(limit=1))

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """How each photo stands by now; one that was tried again only as it ended last."""
        newest: dict[Key, Outcome] = {}
        for run in self.runs:
            for one in run.outcomes:
                before = newest.get(one.key)
                if before is None or not (before.state == "done" and one.state == "untouched"):
                    newest[one.key] = one
        return tuple(newest.values())

    @property
    def shown(self) -> tuple[Outcome, ...]:
        """The outcomes to list: what needs a look first."""
        found = [one for one in self.outcomes if not self.only_failed or _needs_a_look(one)]
        return tuple(sorted(found, key=lambda one: not _needs_a_look(one)))

    @property
    def here(self) -> tuple[Outcome, ...]:
        """The outcomes of the page."""
        return self.shown[(self.page - 1) * PER_PAGE : self.page * PER_PAGE]

    def row(self, one: Outcome) -> PlanRow | None:
        """The row of the plan that this outcome belongs to; the journal keeps it."""
        for run in reversed(self.runs):
            if run.run and run.run not in self._rows:
                self._rows[run.run] = {row.key: row for row in self.wb.rows_of(run)}
            found = self._rows.get(run.run, {}).get(one.key)
            if found is not None:
                return found
        return None

    # what the person does

    def _toggle(self) -> None:
        self.only_failed, self.page = not self.only_failed, 1
        self.paint()

    def _open_report(self) -> None:
        """The report of the newest run, made by the kernel and opened in the system's browser."""
        run = next((one for one in reversed(self.runs) if one.run), None)
        if run is not None:
            self.report_path.value = markup.loading("Writing the report")
            self.worker.ask(lambda _stop: self._write_report(run))

    def _write_report(self, run: Run) -> None:
        try:
            path = self.wb.open_report(run)
        except Exception:
            self.report_path.value = ""
            raise
        self.report_path.value = markup.path_with_copy(str(path))

    def _go_to(self, page: int) -> None:
        self.page = page
        self.paint()

    def _on_job(self, urgent: bool) -> None:
        if urgent:
            self.painter.now()

    # painting

    def paint(self) -> None:
        """Everything anew; what is as before is not sent."""
        outcomes, shown = self.outcomes, self.shown
        pages = max(1, -(-len(shown) // PER_PAGE))
        self.page = min(max(1, self.page), pages)
        base.set_if_new(self.head, value=self._head(outcomes))
        look = sum(map(_needs_a_look, outcomes))
        label = "Show all" if self.only_failed else f"Show the {look:,} that need a look"
        base.set_if_new(self.show_failed, description=label, tooltip=label)
        base.set_if_new(self.show_failed.layout, display="" if look else "none")
        here = self.here
        self._paint_list(here)
        self.pager.paint(self.page, len(shown))
        base.set_if_new(self.foot, value=self._foot(outcomes))
        base.set_if_new(self.open_report.layout, display="" if outcomes else "none")
        base.set_if_new(self.changed, value=_changed(outcomes))
        rows = [row for one in here if (row := self.row(one)) and not self.thumbnails.kept(row)]
        self.thumbnails.ask(self, rows, lambda row, picture: self.list_painter.ask())

    def _paint_list(self, here: Sequence[Outcome]) -> None:
        base.set_if_new(self.list, value="".join(self._line(one) for one in here))

    def _head(self, outcomes: Sequence[Outcome]) -> str:
        runs = self.runs
        if not runs:
            return f"{theme.SKIPPED} Nothing has been sent yet."
        last = runs[-1]
        when = words.moment(last.ended or last.started)
        parts = [
            f"{words.platform(name)}: {step_words.counted(some)}"
            for name, some in _by_platform(outcomes)
        ]
        bad = any(map(_needs_a_look, outcomes))
        sign = theme.WARNING if bad else theme.DONE
        text = theme.esc(f"{when}. {'. '.join(parts) or 'Nothing to do'}.")
        line = f'<span class="{"warn" if bad else "ok"}">{sign}</span> <b>Done {text}</b>'
        return markup.alert(line)

    def _line(self, one: Outcome) -> str:
        pill = pills.for_outcome(one)
        where = words.platform(one.platform)
        demo = "the demo " if self.wb.mode == "demo" else ""
        gone = one.action == "delete" and one.state == "done"
        link = theme.link(one.url, f"Open in {demo}{where}" if demo else f"Open on {where}")
        said = " ".join(filter(None, (one.message, one.hint, *(n.message for n in one.warnings))))
        wrote = _wrote(one)
        more = theme.esc(said) if said else f"IMatch: {theme.esc(wrote)}" if wrote else ""
        row = self.row(one)
        picture = (self.thumbnails.kept(row) if row else None) or self.thumbnails.waiting()
        title = row.title if row else one.name
        return (
            f'<div class="result-row"><div>{picture}</div>'
            f'<div>{theme.cut(title)}<div class="more">{more}</div></div>'
            f"<div>{pill.html}</div>"
            f"<div>{words.DASH if gone or not one.url else link}</div></div>"
        )

    def _foot(self, outcomes: Sequence[Outcome]) -> str:
        if not outcomes:
            return ""
        rows = [
            (
                one.platform,
                one.file_id,
                one.name,
                one.action,
                one.state,
                one.url,
                one.message,
                one.hint,
                "; ".join(note.message for note in one.warnings),
            )
            for one in outcomes
        ]
        links = [
            one.url
            for one in outcomes
            if one.url and one.state == "done" and one.action != "delete"
        ]
        copy = markup.copy_button("\n".join(links), f"Copy {words.count(len(links), 'link')}")
        csv = markup.csv_link("what-happened.csv", _CSV, rows)
        return f"{csv} {copy if links else ''}"


def _by_platform(outcomes: Iterable[Outcome]) -> list[tuple[PlatformName, list[Outcome]]]:
    found: dict[PlatformName, list[Outcome]] = {}
    for one in outcomes:
        found.setdefault(one.platform, []).append(one)
    return list(found.items())


def _needs_a_look(one: Outcome) -> bool:
    return one.state in ("failed", "unknown", "stale", "blocked")


def _wrote(one: Outcome) -> str:
    """What a row that went well changed in IMatch: `posted, photo_id, url`."""
    if one.state not in ("done", "skipped"):
        return ""
    if one.action in ("add", "repost"):
        return ", ".join(COLUMNS[one.platform])
    if one.action == "delete":
        return "record removed, categories left"
    return "category left"


def _changed(outcomes: Sequence[Outcome]) -> str:
    """`What changed in IMatch (47 records, 5 categories left)`."""
    done = [one for one in outcomes if one.state in ("done", "skipped")]
    added = sum(one.action in ("add", "repost") for one in done)
    deleted = sum(one.action == "delete" for one in done)
    left = sum(one.action not in ("add", "repost") for one in done)
    if not done:
        return ""
    lines = [
        (added, "attribute records written: id, address and date"),
        (deleted, "attribute records removed"),
        (left, "photos taken out of their action category"),
    ]
    shown = "".join(f"<li>{n:,} {theme.esc(said)}</li>" for n, said in lines if n)
    head = f"{words.count(added + deleted, 'record')}, {left:,} left their category"
    return f"<details><summary>What changed in IMatch ({head})</summary><ul>{shown}</ul></details>"
