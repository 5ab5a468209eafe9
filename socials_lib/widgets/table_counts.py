"""`412 pending = 158 add + … + 71 blocked`: each number is a button that filters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w

from socials_lib.widgets import base, theme, words
from socials_lib.widgets.entries import APART, PENDING, kind_filters
from socials_lib.widgets.picker import PickerModel

_KIND_WORDS = {"repost": "post again"}


class Counts(w.HBox):
    """The counts line; what is suggested, skipped or only warned is counted apart."""

    def __init__(self, model: PickerModel, safely: Callable[..., Callable[..., None]]) -> None:
        self.model, self._safely = model, safely
        self.buttons = {kind: self._button(kind) for kind in (*PENDING, *APART)}
        super().__init__([])
        self.add_class("wrap")
        self.add_class("counts")

    def _button(self, kind: str) -> w.Button:
        made = base.button("", "num", f"kind-{kind}")
        made.on_click(self._safely(lambda _: self.model.choose_kind(kind)))
        return made

    def paint(self) -> None:
        """The numbers as they are; before the plan only how many rows are being checked."""
        wanted = self._parts() if self.model.plan is not None else [w.HTML(self._checking())]
        if [_said(one) for one in wanted] != [_said(one) for one in self.children]:
            self.set_trait("children", wanted)

    def _checking(self) -> str:
        rows = words.count(len(self.model.listed), "row")
        return f"<b>{rows}</b> {theme.RUNNING} being checked; the counts follow"

    def _parts(self) -> list[Any]:
        kinds = self.model.kinds()
        total = sum(kinds[kind] for kind in PENDING)
        head = f"<b>{words.number(total)} pending</b> {'=' if total else ''}"
        children: list[Any] = [w.HTML(head)]
        model = self.model
        chosen = {name: getattr(model, name) for name in model.FILTERS if getattr(model, name)}
        for kind in (*PENDING, *APART):
            if not kinds[kind]:
                continue
            one = self.buttons[kind]
            said = f"{words.number(kinds[kind])} {APART.get(kind, _KIND_WORDS.get(kind, kind))}"
            base.set_if_new(one, description=said, tooltip=f"Show these {said}")
            base.set_class(one, "mod-active", chosen == kind_filters(kind))
            if kind in PENDING and len(children) > 1:
                children.append(w.HTML("+"))
            children.append(one)
        return children


def _said(one: Any) -> str:
    return str(one.value if isinstance(one, w.HTML) else one.description)
