"""Pictures of the data: when photos were taken, albums, problems by kind, what people liked.

They are drawn from the findings of this notebook, so they cost no call of their own; when it is
compared anew they follow.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import ipywidgets as w
import traitlets as t

from socials_lib.audit import Bar, Figures, figures
from socials_lib.models import PLATFORMS, PlatformName
from socials_lib.widgets import audit_words, base, messages, svg, theme, words
from socials_lib.widgets.findings_model import FindingsModel

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

#: Bars of one chart; the table below has all of them.
MOST_BARS = 15
_STYLE = """
.soc .numbers{border-collapse:collapse;color:var(--ink);font-size:13px}
.soc .numbers th,.soc .numbers td{text-align:left;padding:2px 12px 2px 0;font-weight:400}
.soc .chart-title{font-weight:600;margin:12px 0 4px}
"""


class ChartsModel(base.StepModel):
    """The numbers of each platform that is set up; `edition` rises when they are new."""

    edition = t.Int(0)
    progress = t.Unicode("")

    def __init__(self, wb: Workbench, platforms: Sequence[PlatformName] = PLATFORMS) -> None:
        super().__init__()
        self.wb = wb
        self.platforms = tuple(one for one in platforms if audit_words.is_set_up(wb, one))
        self.figures: dict[PlatformName, Figures] = {}
        self.error: BaseException | None = None
        self._lock = threading.Lock()
        self.worker = base.Worker("charts", on_error=self._on_error)
        for one in self.platforms:
            FindingsModel.of(wb, one).observe(self._on_findings, "state")

    def look(self) -> bool:
        """Count, in the background, as soon as the findings are there; False if it counts."""
        if self.state == "running":
            return False
        self.state, self.message = "running", None
        self.worker.ask(lambda _stop: self._look())
        return True

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it has counted."""
        return self.worker.wait(timeout)

    def _look(self) -> None:
        for name in self.platforms:
            self.progress = f"Counting {words.platform(name)}"
            model = FindingsModel.of(self.wb, name)
            if model.audited is None:
                model.begin()
                model.wait()
            self._count(name)
        self.progress, self.state = "", "done"
        self.edition += 1

    def _count(self, name: PlatformName) -> None:
        found = FindingsModel.of(self.wb, name).audited
        if found is not None:
            with self._lock:
                self.figures[name] = figures(
                    tuple(found.photos.values()), found.known, found.findings
                )

    def _on_findings(self, _change: object) -> None:
        """It was compared anew (in the thread that compares)."""
        if self.state != "running" and self.figures:
            for name in self.platforms:
                if FindingsModel.of(self.wb, name).state == "done":
                    self._count(name)
            self.edition += 1

    def _on_error(self, error: BaseException) -> None:
        self.error = error
        self.progress, self.state = "", "failed"
        self.message = messages.from_error(error)


class Charts(base.View):
    """The charts of all platforms, one below the other."""

    def __init__(self, model: ChartsModel) -> None:
        super().__init__("charts", extra_style=_STYLE)
        self.model = model
        self.status, self.page = w.HTML(), w.HTML()
        self.again = base.button("Draw again", "again")
        self.again.on_click(self.safely(lambda _: self._draw()))
        self.code = base.as_code('wb.figures("flickr").years')
        self._painter = base.Painter(self.paint)
        model.observe(lambda _: self._painter.now(), ["edition", "state"])
        model.observe(lambda _: self._painter.ask(), "progress")
        model.observe(lambda change: self.show_message(change["new"]), "message")
        self.trouble.handlers = {"Check again": self._draw}
        self.body.children = (self.status, self.page, base.row(self.again), self.code)
        self.paint()

    @property
    def figures(self) -> dict[PlatformName, Figures]:
        """The numbers by platform; waits for them."""
        self.model.wait()
        return dict(self.model.figures)

    def use(self, wb: Workbench) -> None:
        """The cell ran again."""
        self.model.wb = wb
        self.model.look()

    def _draw(self) -> None:
        self.model.look()

    def paint(self) -> None:
        """The charts as the numbers are."""
        model = self.model
        busy = model.state == "running"
        said = base.loading(model.progress or "Counting") if busy else ""
        base.set_if_new(self.status, value=said)
        base.set_if_new(self.again, disabled=busy)
        parts = [drawn(one) for one in tuple(model.figures.values())]
        nothing = '<p class="mute">Nothing is counted yet.</p>'
        base.set_if_new(self.page, value="".join(parts) or nothing)


def drawn(found: Figures) -> str:
    """All charts of one platform as markup."""
    service = words.platform(found.platform)
    return "".join(
        (
            _calendar(found, service),
            _bars(found, "albums", f"{service}: photos in albums and groups"),
            _bars(found, "problems", f"{service}: findings by kind"),
            _bars(found, "engagement", f"{service}: what people answered to most"),
        )
    )


def _calendar(found: Figures, service: str) -> str:
    title = f"{service}: photos by the month they were taken in"
    if not found.years:
        return _none(title)
    label = f"{title}; filled is online, outlined is in the category"
    chart = svg.calendar(found.months, found.years, label=label)
    undated = words.count(found.undated, "photo")
    note = "Filled: online. Outlined: in the category of IMatch, not online." + (
        f" {undated} without a date." if found.undated else ""
    )
    numbers = svg.table((*found.years, *found.months), ("when", "online"))
    return _chart(title, chart, numbers, f"{found.platform}-months.svg", note)


def _bars(found: Figures, name: str, title: str) -> str:
    rows: Sequence[Bar] = getattr(found, name)
    if not rows:
        return _none(title)
    shown = rows[:MOST_BARS]
    more = f"The first {MOST_BARS} of {len(rows):,}." if len(rows) > MOST_BARS else ""
    chart = svg.bars(shown, label=title)
    numbers = svg.table(rows, (name, "photos" if name == "albums" else "number"))
    return _chart(title, chart, numbers, f"{found.platform}-{name}.svg", more)


def _chart(title: str, chart: str, numbers: str, file_name: str, note: str) -> str:
    said = f'<p class="mute">{theme.esc(note)}</p>' if note else ""
    link = svg.save_link(file_name, chart)
    return f'<p class="chart-title">{theme.esc(title)}</p>{chart}{said}<p>{link}</p>{numbers}'


def _none(title: str) -> str:
    return (
        f'<p class="chart-title">{theme.esc(title)}</p>'
        f'<p class="mute">{theme.SKIPPED} Nothing to show.</p>'
    )
