"""What you create in IMatch by hand, and where you are: demo or live, folders, a fresh demo."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets as w

from socials_lib.widgets import base, markup, messages, theme
from socials_lib.workbench.upkeep import SetupItem

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

_GROUPS = {
    "category": "Categories",
    "attribute": "Attribute sets: Edit > Preferences > Edit Attributes",
    "variable": "Variables: Edit > Preferences > Variables",
    "error category": "Error categories, if IMatch shall show problems too",
}
LEAVE_OUT = (
    "What Flickr and Pixelfed need, to create before you sign in. Leave out what you do not use."
)


class SetupList(base.View):
    """Categories, attribute columns and variables, each with its copy button."""

    def __init__(self, wb: Workbench) -> None:
        super().__init__("setup")
        self.wb = wb
        self.items: tuple[SetupItem, ...] = ()
        self.hint = w.HTML(f'<span class="mute">{theme.esc(LEAVE_OUT)}</span>')
        self.lists = w.HTML(markup.loading("Asking IMatch"))
        self.lists.add_class("setup-lists")
        self.again = base.button("Check again")
        self.again.on_click(self.safely(self._on_again))
        code = markup.as_code("wb.setup_list()")
        self.body.children = (self.hint, self.lists, base.row(self.again), code)
        self.worker = base.Worker("setup", on_error=self._failed)
        self.look()

    def _on_again(self, _button: w.Button) -> None:
        self.look()

    def look(self) -> None:
        """Ask IMatch what is there; changes nothing."""
        self.worker.ask(lambda _stop: self._look())

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is known."""
        return self.worker.wait(timeout)

    def _look(self) -> None:
        self.items = self.wb.setup_list()
        self.show_message(None)
        self.paint()

    def _failed(self, error: BaseException) -> None:
        self.items = ()
        self.paint()
        self.show_error(error)

    def paint(self) -> None:
        """A list for each kind of thing; what is only comfort is folded away."""
        parts = []
        for group, title in _GROUPS.items():
            some = [one for one in self.items if one.group == group]
            if some:
                parts.append(_group(title, some, is_open=group != "error category"))
        base.set_if_new(self.lists, value="".join(parts))


def _group(title: str, some: Sequence[SetupItem], *, is_open: bool) -> str:
    missing = sum(one.is_there is False and one.needed for one in some)
    there = sum(one.is_there is True for one in some)
    said = f"{there} of {len(some)} are there"
    if missing:
        said += f", {missing} to create"
    lines = "".join(_item(one) for one in some)
    shown = " open" if is_open else ""
    head = f"<b>{theme.esc(title)}</b> <span>({theme.esc(said)})</span>"
    return f"<details{shown}><summary>{head}</summary><ul>{lines}</ul></details>"


def _item(one: SetupItem) -> str:
    sign, tone, word = {
        True: (theme.DONE, "ok", "there"),
        False: (theme.FAILED, "err", "missing") if one.needed else (theme.SKIPPED, "mute", "–"),
        None: (theme.UNCLEAR, "mute", "not known"),
    }[one.is_there]
    if one.is_there is False and not one.needed:
        word = "not there, not needed now"
    note = f' <span class="mute">{theme.esc(one.note)}</span>' if one.note else ""
    state = f'<span class="{tone}" title="{word}">{sign}</span>'
    return f"<li>{state} {markup.path_with_copy(one.text)}{note}</li>"


class ModeCard(base.View):
    """Demo or live in words, the folders, and in demo a fresh start."""

    def __init__(self, wb: Workbench) -> None:
        super().__init__("mode")
        self.wb = wb
        self.words = w.HTML(_sentence(wb.mode))
        self.folders = w.HTML(_folders(wb.home, wb.settings_file))
        self.reset = base.button("Reset the demo…", "reset")
        self.question = w.HTML("Start the practice world afresh? Only demo data go.")
        self.yes = base.button("Reset", "go", "yes")
        self.no = base.button("Not now", "no")
        self.reset.on_click(self.safely(lambda _: self._ask()))
        self.yes.on_click(self.safely(lambda _: self._reset()))
        self.no.on_click(self.safely(lambda _: self._not_now()))
        self.worker = base.Worker("reset", on_error=self._failed)
        self.buttons = base.row(*((self.reset,) if wb.mode == "demo" else ()))
        self.body.children = (
            self.words,
            self.folders,
            self.buttons,
            markup.as_code("wb.reset_demo()" if wb.mode == "demo" else "wb.mode, wb.home"),
        )

    def _ask(self) -> None:
        self.show_message(None)
        self.buttons.children = (self.question, self.yes, self.no)
        self.no.focus()

    def _not_now(self) -> None:
        self.buttons.children = (self.reset,)
        self.reset.focus()

    def _reset(self) -> None:
        self.buttons.children = (w.HTML(markup.loading("Building the practice world anew")),)
        self.worker.ask(lambda _stop: self._do_reset())

    def _do_reset(self) -> None:
        self.wb.reset_demo()
        self.buttons.children = (self.reset,)
        self.show_message(
            messages.note(
                "The practice world is as on the first day.",
                "In each open notebook press the double arrow above, then Restart.",
                tone="ok",
            )
        )

    def _failed(self, error: BaseException) -> None:
        self.buttons.children = (self.reset,)
        self.show_error(error)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for a reset under way."""
        return self.worker.wait(timeout)


def _sentence(mode: str) -> str:
    """Demo or live is fixed when JupyterLab starts; no notebook switches it."""
    if mode == "demo":
        live = "python start.py --live"
        return (
            'Now <span class="pill demo">DEMO</span>. Practice copies: nothing leaves this '
            "computer. For the real accounts close JupyterLab and start "
            f"{markup.path_with_copy(live)}"
        )
    return (
        'Now <span class="pill live">LIVE</span>. Steps post to the real accounts. To practise '
        f"close JupyterLab and start {markup.path_with_copy('python start.py')}"
    )


def _folders(home: Path, settings_file: Path) -> str:
    rows = (
        ("Your data (journal, plans, pictures made smaller)", home),
        ("Your settings", settings_file),
    )
    lines = "".join(
        f"<li>{theme.esc(said)}: {markup.path_with_copy(str(path))}</li>" for said, path in rows
    )
    return f"<ul>{lines}</ul>"
