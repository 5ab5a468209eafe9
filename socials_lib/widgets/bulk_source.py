"""The choice of photos for a bulk fix: pending, published, selected, handed over, a category."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from socials_lib.models import Photo
from socials_lib.widgets import base, markup, theme, words
from socials_lib.widgets.bulk_source_model import CATEGORY, SourceModel, key
from socials_lib.workbench.fixing import Choice

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

_STYLE = """
.soc .choices{display:flex;flex-flow:row wrap;gap:8px}
.soc .source-line{min-height:20px}
"""


class SourceView(base.View):
    """A button for each source, a field for the path of a category, and what was read."""

    def __init__(self, model: SourceModel) -> None:
        super().__init__("source", extra_style=_STYLE)
        self.model = model
        self.choices = base.row()
        self.choices.add_class("choices")
        self.path = w.Text(
            description="Category",
            placeholder="Socials|flickr|albums|Coast",
            continuous_update=False,
            layout=w.Layout(width="360px"),
            style={"description_width": "initial"},
        )
        self.path.add_class("path")
        self.use_path = base.button("Use this category", tip="With all categories below it")
        self.line = w.HTML()
        self.line.add_class("source-line")
        self.again = base.button("Read IMatch again", tip="Facets, steps and opt-outs stay")
        self.use_path.on_click(self.safely(lambda _: self._use_path()))
        self.path.observe(self.safely(lambda _: self._choose_path()), "value")
        self.again.on_click(self.safely(lambda _: self.reload()))
        self.code = w.VBox([])
        self._buttons: dict[str, w.Button] = {}
        self._painting = threading.RLock()  # counts and photos come from threads of their own
        self.body.children = (
            self.choices,
            base.row(self.path, self.use_path),
            self.line,
            base.row(self.again),
            self.code,
        )
        self.trouble.handlers = {"Check again": self.reload}
        self._painter = base.Painter(self._paint_line)
        model.observe(lambda _: self._paint(), ["edition", "counted", "chosen"])
        model.observe(lambda _: self._painter.ask(), "progress")
        model.observe(lambda _: self._painter.now(), "state")
        model.observe(lambda change: self.show_message(change["new"]), "message")
        self._paint()

    @property
    def photos(self) -> tuple[Photo, ...]:
        """The photos of the chosen source; waits for them, and raises what stood in the way."""
        self.model.wait()
        if self.model.error is not None:
            raise self.model.error
        return self.model.photos

    def reload(self) -> None:
        """Read IMatch again, photos and counts."""
        self.model.count()
        self.model.load()

    def use(self, wb: Workbench) -> None:
        """The cell ran again: go on with this workbench, read only what was never read."""
        self.model.wb = wb
        if self.model.state not in ("done", "running"):
            self.reload()

    def _use_path(self) -> None:
        """The button reads the category again as well: it may have been made meanwhile."""
        path = self.path.value.strip()
        if path and self.model.state != "running":
            self.model.choose(CATEGORY, path)
        else:
            self._choose_path()

    def _choose_path(self) -> None:
        path = self.path.value.strip()
        if path and (path, CATEGORY) != (self.model.path, self.model.chosen):
            self.model.choose(CATEGORY, path)

    def _paint(self) -> None:
        model = self.model
        with self._painting:
            base.set_if_new(self.choices, children=tuple(map(self._choice, model.choices)))
            self._paint_line()
            self.code.children = (base.as_code(model.code),)

    def _choice(self, one: Choice) -> w.Button:
        """The button of a choice; the same one as before, so that it keeps the focus."""
        name = key(one)
        if name not in self._buttons:
            made = self._buttons[name] = base.button("", f"source-{one.kind}", tip=_tip(one))
            made.on_click(self.safely(lambda _: self.model.choose(name)))
        found = self._buttons[name]
        count = words.number(one.count) if one.count is not None else ""
        said = f"Handed over: {one.label}" if one.kind == "handed" else one.label
        base.set_if_new(found, description=f"{said[:80]} {count}".strip())
        base.set_class(found, "mod-active", self.model.chosen == name)
        return found

    def _paint_line(self) -> None:
        model = self.model
        if model.state == "running":
            said = markup.loading(model.progress, spoken=" of " not in model.progress)
        elif model.state == "done":
            said = markup.status(theme.esc(self._words()))
        else:
            said = ""
        base.set_if_new(self.line, value=said)
        base.set_if_new(self.again, disabled=model.state == "running")

    def _words(self) -> str:
        model = self.model
        when = f", read {words.clock(model.read_at)}" if model.read_at else ""
        if not model.photos:
            return f"{theme.SKIPPED} No photo is there{when}."
        return f"{words.count(len(model.photos), 'photo')} to work on{when}."


def _tip(one: Choice) -> str:
    tips: dict[str, Any] = {
        "pending": "The photos of the rows that 01_sync counts as pending",
        "published": "Everything with a photo id in IMatch",
        "selection": "What is selected in the active file window of IMatch",
    }
    when = f"handed over {words.moment(one.created)}" if one.created else ""
    return str(tips.get(one.kind, ", ".join(filter(None, (one.words, when)))))
