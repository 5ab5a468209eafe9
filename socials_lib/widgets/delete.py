"""The step delete as people see it: every photo with what people left, and a count to type."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from socials_lib.models import PlanRow, PlatformName
from socials_lib.widgets import base, theme
from socials_lib.widgets.delete_model import READ_AT_ONCE, DeleteOnPlatform
from socials_lib.widgets.pane import Pane
from socials_lib.widgets.pictures import Thumbnails
from socials_lib.widgets.step import StepView

#: So many photos are listed with their picture; the others are counted.
MOST_LISTED = 100
NOTE = (
    "Checked again when pressed; the field empties after each press. "
    "Never for all platforms at once."
)


class DeleteRow(w.HBox):
    """A photo that is to leave: picture, title, what people left, and its tick if it needs one."""

    def __init__(self, model: DeleteOnPlatform, row: PlanRow) -> None:
        self.model, self.row = model, row
        self.picture = theme.placeholder("…")
        self.text = w.HTML(layout=w.Layout(flex="1 1 auto"))
        self.tick = w.Checkbox(indent=False, layout=w.Layout(width="auto", flex="0 0 auto"))
        self.tick.add_class("name-it")
        self.tick.observe(self._on_tick, "value")
        super().__init__([self.text])
        self.add_class("delete-row")
        self.paint()

    def _on_tick(self, change: Any) -> None:
        if change["new"] != (self.row.key in self.model.named):
            self.model.name_it(self.row, bool(change["new"]))

    def show(self, picture: str) -> None:
        """The picture is there."""
        self.picture = picture
        self.paint()

    def paint(self) -> None:
        """What is known by now."""
        row, engagement = self.row, self.model.engagement(self.row)
        said = f'<span class="mute">{theme.esc(self.model.words_of(row))}</span>'
        markup = f'<div class="failed-row">{self.picture}<div>{theme.quoted(row.title)}<br>{said}'
        base.set_if_new(self.text, value=f"{markup}</div></div>")
        if engagement.any:
            reason = f"although it has {engagement.in_words()}"
            words = f"Delete {'all the same' if engagement.hidden else reason}"
            base.set_if_new(self.tick, description=words, tooltip=words)
            base.set_if_new(self.tick, value=row.key in self.model.named)
        wanted = (self.text, self.tick) if engagement.any else (self.text,)
        base.set_if_new(self, children=wanted)


class DeletePane(Pane):
    """The step delete on one platform."""

    model: DeleteOnPlatform

    def __init__(self, model: DeleteOnPlatform, *, thumbnails: Thumbnails) -> None:
        self.rows: dict[Any, DeleteRow] = {}
        self.list = w.VBox([], layout=w.Layout(max_height="360px", overflow="auto"))
        self.list.add_class("delete-list")
        self.more = w.HTML()
        self.look = base.button("Look what people left", "look")
        self.field = w.Text(placeholder="", layout=w.Layout(width="280px"))
        self.field.style.description_width = "initial"
        self.field.add_class("count")
        self.note = w.HTML(f'<span class="mute">{NOTE}</span>')
        self.typed_row = base.row()
        super().__init__(model, thumbnails=thumbnails)
        self.field.observe(self._safely(self._on_typed), "value")
        self.look.on_click(self._safely(lambda _: self.model.look()))
        if len(model.unknown) <= READ_AT_ONCE:
            model.look()

    def _parts(self) -> list[Any]:
        parts = super()._parts()
        at = parts.index(self.actions)
        return [*parts[:at], self.list, self.more, self.typed_row, *parts[at:]]

    def _go_class(self) -> str:
        return "del"

    def _buttons(self) -> list[Any]:
        return [self.go, self.stop, self.look, self.reason]

    def _on_typed(self, change: Any) -> None:
        if change["new"] != self.model.typed:
            self.model.type(change["new"])

    def _press(self) -> None:
        if not self.model.press() and self.model.wanted:
            self.field.focus()

    def paint(self) -> None:
        """As a step, with the list of photos and the field."""
        with self._painting:
            super().paint()
            self._paint_list()
            self._paint_typed()

    def _paint_list(self) -> None:
        chosen = self.model.rows
        shown = chosen[:MOST_LISTED]
        new = [row for row in shown if row.key not in self.rows or self.rows[row.key].row != row]
        for row in new:
            self.rows[row.key] = DeleteRow(self.model, row)
        wanted = tuple(self.rows[row.key] for row in shown)
        if tuple(self.list.children) != wanted:
            self.list.children = wanted
        for one in wanted:
            one.paint()
        if new:
            self.thumbnails.ask(self, shown, self._show_picture)
        over = len(chosen) - len(shown)
        base.set_if_new(self.more, value=f"and {over:,} more" if over > 0 else "")

    def _show_picture(self, row: PlanRow, picture: str) -> None:
        if row.key in self.rows:
            self.rows[row.key].show(picture)

    def _paint_typed(self) -> None:
        model = self.model
        over = model.over
        if over is not None and model.message is None:
            self.trouble.show(over)
        base.set_if_new(self.field, value=model.typed)
        asked = f"Type {model.wanted} to allow it"
        base.set_if_new(self.field, description=asked, disabled=model.busy is not None)
        needs = bool(model.wanted) and not model.unknown
        base.set_if_new(self.typed_row, children=(self.field, self.note) if needs else ())
        base.set_if_new(self.look.layout, display="" if model.unknown else "none")
        base.set_if_new(self.look, disabled=bool(model.looking) or model.busy is not None)


class DeleteView(StepView):
    """The step delete for all platforms that are set up, each alone in its tab."""

    def _pane(self, name: PlatformName) -> Pane:
        model = DeleteOnPlatform(self.wb, self.source, self.step, name)
        return DeletePane(model, thumbnails=self.thumbnails)
