"""The header card: demo or live in words, IMatch, the accounts, the last run.

The card is there at once; its lines turn from `… checking` to their state in place, because asking
IMatch and the platforms happens in a thread.  What was seen before is kept, so that a cell that
runs again shows it until it is looked at anew.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import ipywidgets as w
import traitlets as t

from socials_lib.errors import ImatchError, SignedOut, SocialsError
from socials_lib.models import PLATFORMS, AccountFacts, PlatformName, Run, root_category
from socials_lib.widgets import base, messages, theme, words
from socials_lib.widgets.header_runs import HeaderRuns
from socials_lib.widgets.jobs import Jobs

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

HOUR = 3600
#: A token that ends within this time is worth a word.
SOON = 14


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the card: what it is about, its state, and what is known."""

    name: str
    sign: str
    state: str
    found: str = ""
    tone: str = ""

    @property
    def html(self) -> str:
        """The line as a table row."""
        state = f'<span class="{self.tone}">{theme.esc(f"{self.sign} {self.state}".strip())}</span>'
        found = theme.text(self.found) if self.found else ""
        cells = f'<td>{state}</td><td title="{theme.esc(self.found)}">{found}</td>'
        return f"<tr><th>{theme.esc(self.name)}</th>{cells}</tr>"


def checking(name: str) -> Line:
    """`IMatch  … checking`."""
    return Line(name=name, sign=theme.WAITING, state="checking", tone="mute")


class HeaderModel(base.StepModel):
    """What the card says, line by line; `lines` changes whenever one of them is known.

    `pending` is set by the table, which alone knows the plan (-1: nobody has looked yet);
    `run_state` is `running` or `broken` while there is such a run, else "".
    """

    lines = t.Tuple(())
    check_only = t.Bool(False)
    pending = t.Int(-1)
    run_state = t.Enum(("", "running", "broken"), default_value="")
    last_run = t.Instance(Run, allow_none=True)

    def __init__(self, wb: Workbench) -> None:
        super().__init__()
        self.wb = wb
        self.broken_run: Run | None = None
        self.lines = tuple(checking(name) for name in ("IMatch", "Flickr", "Pixelfed", "Last run"))
        self.worker = base.Worker("header", on_error=self._on_trouble)

    def look(self) -> bool:
        """Look at everything in the background; False if that goes on already."""
        return self.worker.start(self._look)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until everything was looked at."""
        return self.worker.wait(timeout)

    def line(self, name: str) -> Line:
        """The line of this name; `KeyError` if there is none."""
        named: dict[str, Line] = {one.name: one for one in self.lines}
        return named[name]

    def _look(self, _stop: threading.Event) -> None:
        self.state, self.message = "running", None
        self.look_at_runs()
        self._set(self._checked("IMatch", self._imatch))
        for name in PLATFORMS:
            look = functools.partial(self._platform, name)
            self._set(self._checked(words.platform(name), look))
        self.state = "done"

    def _imatch(self) -> Line:
        library = self.wb.imatch
        found: set[str] = set()
        missing = []
        for name in PLATFORMS:
            members = library.below(root_category(name))
            missing += [] if members is not None else [root_category(name)]
            found |= members or set()
        self.check_only = self.wb.is_dry_run
        said = f"{words.count(len(found), 'photo')} in Socials"
        if len(missing) == len(PLATFORMS):
            said = f"The categories {' and '.join(missing)} do not exist yet"
            return Line(
                name="IMatch", sign=theme.WARNING, state="connected", found=said, tone="warn"
            )
        return Line(name="IMatch", sign=theme.DONE, state="connected", found=said, tone="ok")

    def _platform(self, name: PlatformName) -> Line:
        said = words.platform(name)
        if name not in self.wb.platforms:
            return Line(name=said, sign=theme.SKIPPED, state="not set up", tone="mute")
        facts = self.wb.account(name)
        found = _flickr_words(self.wb, facts) if name == "flickr" else _pixelfed_words(facts)
        days = _days_left(facts, datetime.now(UTC))
        if days is not None and days <= SOON:
            state = f"token ends in {words.count(max(days, 0), 'day')}"
            return Line(name=said, sign=theme.WARNING, state=state, found=found, tone="warn")
        if facts.guessed:
            state = "does not answer"
            return Line(name=said, sign=theme.WARNING, state=state, found=found, tone="warn")
        return Line(name=said, sign=theme.DONE, state="signed in", found=found, tone="ok")

    def _checked(self, name: str, look: Callable[[], Line]) -> Line:
        try:
            return look()
        except SignedOut as error:
            return Line(
                name=name, sign=theme.FAILED, state="not signed in", found=error.hint, tone="err"
            )
        except ImatchError as error:
            if name != "IMatch":
                return Line(name=name, sign=theme.WAITING, state="waits for IMatch", tone="mute")
            self.message = messages.from_error(error)
            said = str(error)
            return Line(name=name, sign=theme.FAILED, state="no answer", found=said, tone="err")
        except SocialsError as error:
            return Line(
                name=name, sign=theme.WARNING, state="unclear", found=str(error), tone="warn"
            )

    def _set(self, line: Line) -> None:
        names = [one.name for one in self.lines]
        if line.name in names:
            self.lines = tuple(line if one.name == line.name else one for one in self.lines)
        else:
            self.lines = (*self.lines, line)

    def look_at_runs(self) -> None:
        """The last run, and one more line when a run is under way or did not end."""
        self.last_run = next(iter(self.wb.history(limit=1)), None)
        self.broken_run = broken_run(self.wb)
        self._set(_last_run_line(self.wb, self.last_run))
        self.lines = tuple(one for one in self.lines if one.name != "Run")
        due = run_line(self.wb)
        if due is not None:
            self._set(due)
        state = "broken" if due is not None else ""
        self.run_state = "running" if self.wb.lock.owner() is not None else state

    def _on_trouble(self, error: BaseException) -> None:
        self.state, self.message = "failed", messages.from_error(error)


class Header(base.View):
    """The view of a `HeaderModel`: at most 140 pixels high."""

    def __init__(self, model: HeaderModel) -> None:
        super().__init__("header", extra_style=_STYLE)
        self.model = model
        self.card = w.HTML()
        self.code = base.as_code("wb.doctor()")
        self.runs = HeaderRuns(model, self)
        self.body.children = (self.card, self.runs, self.code)
        self.trouble.handlers = {"Check again": self._look_again}
        self._painter = base.Painter(self._paint)
        model.observe(lambda _: self._painter.ask(), ["lines", "check_only", "pending"])
        model.observe(lambda _: self._painter.now(), "state")
        model.observe(lambda _: self.runs.paint(), ["run_state", "last_run"])
        model.observe(lambda change: self.show_message(change["new"]), "message")
        Jobs.of(model.wb).listen(lambda urgent: model.look_at_runs() if urgent else None)
        self._paint()

    def _paint(self) -> None:
        mode = self.model.wb.mode
        pill = '<span class="pill live">LIVE</span>'
        if mode == "demo":
            pill = '<span class="pill demo">DEMO</span>'
        check = ' <span class="pill warn">CHECK ONLY</span>' if self.model.check_only else ""
        rows = "".join(self._with_pending(one).html for one in self.model.lines)
        markup = (
            f'<div class="card head {mode}"><p>{pill}{check} {theme.esc(MODE_WORDS[mode])}</p>'
            f"<table>{rows}</table></div>"
        )
        base.set_if_new(self.card, value=markup)

    def _look_again(self) -> None:
        self.model.look()

    def _with_pending(self, line: Line) -> Line:
        pending = self.model.pending
        if line.name != "IMatch" or line.tone != "ok" or pending < 0:
            return line
        return replace(line, found=f"{line.found}, {words.number(pending)} pending")


MODE_WORDS = {
    "demo": "Practice copies. Nothing leaves this computer.",
    "live": "Posts to the real accounts below.",
}
_STYLE = """
.soc .head{padding:6px 12px;overflow:hidden}
.soc .head.demo{border:1px dashed var(--accent);border-left:4px dashed var(--accent)}
.soc .head.live{border:1px solid var(--live);border-left:4px solid var(--live)}
.soc .head table{border-collapse:collapse;margin:2px 0 0;width:100%;background:none}
.soc .head tr{background:none!important}
.soc .head th,.soc .head td{padding:0 16px 0 0;text-align:left;font-weight:400;font-size:13px;
line-height:20px;white-space:nowrap;color:var(--ink);vertical-align:top;border:0}
.soc .head th{width:72px;color:var(--mute)}
.soc .found ul{margin:4px 0;padding-left:20px}
.soc .watched{height:8px}.soc .watched .progress-bar{height:8px}
.soc .head td:last-child{width:100%;max-width:0;overflow:hidden;text-overflow:ellipsis}
"""


def run_line(wb: Workbench) -> Line | None:
    """`◐ under way since 14:05 in 01_sync`, or `! The run of 18:42 did not end`; else None."""
    owner = wb.lock.owner()
    if owner is not None:
        since = _parsed(str(owner.get("since", "")))
        where = str(owner.get("origin") or "another process")
        start = f"since {words.clock(since)} in " if since else "in "
        return Line(
            name="Run", sign=theme.RUNNING, state="under way", found=start + where, tone="accent"
        )
    broken = broken_run(wb)
    if broken is None:
        return None
    said = f"The run of {words.moment(broken.started)} did not end; 04_history can finish it."
    return Line(name="Run", sign=theme.WARNING, state="did not end", found=said, tone="warn")


def broken_run(wb: Workbench) -> Run | None:
    """The newest run whose process died."""
    return next((one for one in wb.open_runs() if one.state == "broken"), None)


def _last_run_line(wb: Workbench, newest: Run | None) -> Line:
    if newest is None:
        return Line(name="Last run", sign=theme.SKIPPED, state="none yet", tone="mute")
    left = "Nothing is open." if not wb.open_runs() else "Something is open: see 04_history."
    said = f"{run_words(newest)}. {left}"
    return Line(name="Last run", sign="", state=words.moment(newest.started), found=said)


def run_words(run: Run) -> str:
    """`37 added, 1 failed`; what a run came to."""
    done = {"add": "added", "update": "updated", "metadata": "updated", "delete": "deleted"}
    counts: dict[str, int] = {}
    for one in run.outcomes:
        word = done.get(one.action, "done") if one.state == "done" else one.state
        word = "unclear" if word == "unknown" else "not started" if word == "untouched" else word
        counts[word] = counts.get(word, 0) + 1
    return ", ".join(f"{words.number(n)} {word}" for word, n in counts.items()) or "nothing to do"


def _flickr_words(wb: Workbench, facts: AccountFacts) -> str:
    per_hour = wb.settings.pace.flickr_per_hour
    budget = getattr(wb.platforms["flickr"], "budget", "")
    used = wb.journal.used(budget, datetime.now(UTC).timestamp(), HOUR) if budget else 0
    calls = f"{words.number(used)} of {words.number(per_hour)} calls used this hour"
    return " · ".join(filter(None, (facts.account.name, calls)))


def _pixelfed_words(facts: AccountFacts) -> str:
    limits = facts.limits
    server = urlsplit(facts.account.url).netloc or facts.account.name
    letters = words.count(limits.max_caption, "letter") if limits.max_caption else ""
    size = f"{words.size(limits.max_bytes)} a picture"
    return f"{server} · " + ", ".join(filter(None, (letters, size)))


def _days_left(facts: AccountFacts, now: datetime) -> int | None:
    """Days until the token ends, if the service says when (`details["token_ends"]`)."""
    ends = _parsed(str(facts.details.get("token_ends") or ""))
    return (ends - now).days if ends is not None else None


def _parsed(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
