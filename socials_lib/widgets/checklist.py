"""The doctor as a checklist: one line for each thing, what to do under it, paths to copy."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import ipywidgets as w

from socials_lib.models import Check
from socials_lib.widgets import base, markup, theme, words

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

_SIGNS = {"ok": theme.DONE, "warning": theme.WARNING, "failed": theme.FAILED}
_TONES = {"ok": "ok", "warning": "warn", "failed": "err"}
_WORDS = {"ok": "ready", "warning": "look at this", "failed": "not ready"}
#: More paths than these are folded away.
MOST_PATHS = 3
STYLE = """
.soc .check{display:grid;grid-template-columns:24px 190px 1fr;gap:2px 8px;padding:6px 0;
border-bottom:1px solid var(--hair);align-items:start}
.soc .check .hint{grid-column:3;color:var(--ink)}
.soc .check details{grid-column:3}
.soc .check li{margin:4px 0}
"""


class Checklist(base.View):
    """`checks` are the lines as data, once they are known."""

    def __init__(self, wb: Workbench) -> None:
        super().__init__("doctor", extra_style=STYLE)
        self.wb = wb
        self.checks: tuple[Check, ...] = ()
        self.read_at: datetime | None = None
        self.head = w.HTML()
        self.head.add_class("doctor-head")
        self.again = base.button("Check again", "check-again")
        self.again.on_click(self.safely(self._on_again))
        self.lines = w.HTML()
        self.lines.add_class("doctor-lines")
        top = base.row(self.head, self.again)
        self.body.children = (top, self.lines, markup.as_code("wb.frame(wb.doctor())"))
        self.worker = base.Worker("doctor", on_error=self._failed)
        self.look()

    @property
    def is_healthy(self) -> bool:
        """True if everything was checked and nothing failed."""
        return bool(self.checks) and all(one.state != "failed" for one in self.checks)

    def _on_again(self, _button: w.Button) -> None:
        self.look()

    def look(self) -> None:
        """Check everything in the background; changes nothing."""
        if not self.checks:
            self.head.value = markup.loading("Checking")
        self.again.disabled = True
        self.worker.ask(lambda _stop: self._look())

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until everything was checked."""
        return self.worker.wait(timeout)

    def _look(self) -> None:
        self.checks = self.wb.doctor()
        self.read_at = datetime.now(UTC)
        self.show_message(None)
        self.paint()

    def _failed(self, error: BaseException) -> None:
        self.again.disabled = False
        self.head.value = ""
        self.show_error(error)

    def paint(self) -> None:
        """All lines, in the order of the checks, whatever their state."""
        good = sum(one.state == "ok" for one in self.checks)
        clock = words.clock(self.read_at) if self.read_at else ""
        sign = theme.DONE if self.is_healthy else theme.FAILED
        tone = "ok" if self.is_healthy else "err"
        head = f'<span class="{tone}">{sign}</span> <b>{good} of {len(self.checks)} ready</b>'
        base.set_if_new(self.head, value=markup.alert(f'{head} <span class="mute">{clock}</span>'))
        base.set_if_new(self.lines, value="".join(map(_line, self.checks)))
        base.set_if_new(self.again, disabled=False)


def _line(one: Check) -> str:
    tone, sign = _TONES[one.state], _SIGNS[one.state]
    parts = [
        f'<div class="{tone}" title="{_WORDS[one.state]}">{sign}</div>',
        f"<div><b>{theme.esc(one.name)}</b></div>",
        f"<div>{theme.text(one.found)} {_copy(one)}</div>",
    ]
    if one.hint:
        parts.append(f'<div class="hint">{markup_of(one.hint)}</div>')
    return f'<div class="check check-{one.state}">{"".join(parts)}</div>'


def markup_of(sentence: str) -> str:
    """Our own sentence, with the words in backticks as code."""
    pieces = theme.esc(sentence).split("`")
    return "".join(f"<code>{one}</code>" if at % 2 else one for at, one in enumerate(pieces))


def _copy(one: Check) -> str:
    """One text has its button beside it; more than a few are folded away."""
    paths = [path for path in one.copy.splitlines() if path]
    if len(paths) == 1:
        return markup.copy_button(paths[0])
    if not paths:
        return ""
    lines = "".join(f"<li>{markup.path_with_copy(path)}</li>" for path in paths)
    shown = " open" if len(paths) <= MOST_PATHS else ""
    head = f"Show {words.count(len(paths), 'path')}"
    return f"<details{shown}><summary>{head}</summary><ul>{lines}</ul></details>"
