"""The recipe as people see it: numbered lines with fields, what is wrong beside them, a sample."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w

from socials_lib import bulk
from socials_lib.errors import RecipeError
from socials_lib.widgets import base, markup, theme, words
from socials_lib.widgets.bulk_parts import diff, label, size_words, title_of
from socials_lib.widgets.recipe_forms import BY_HAND, FORMS, Param
from socials_lib.widgets.recipe_model import Draft, RecipeModel, Sampled

Safely = Callable[[Callable[..., None]], Callable[..., None]]

_STYLE = """
.soc .steps{gap:6px;overflow:visible}.soc .steps>*{margin:0}
.soc .recipe-step{border:1px solid var(--hair);border-radius:8px;padding:6px 8px;overflow:visible}
.soc .recipe-step.wrong{border-color:var(--err)}
.soc .recipe-step .widget-checkbox label span{color:var(--ink)}
.soc .recipe-step textarea{min-height:56px;color:var(--ink);background:var(--panel)}
.soc .sample{border:1px solid var(--hair);border-radius:8px;padding:8px 12px;min-height:120px}
.soc .sample table{border-collapse:collapse;width:100%}
.soc .sample td{padding:3px 12px 3px 0;vertical-align:top;overflow-wrap:anywhere}
.soc .sample td:first-child{width:30%}
"""


class StepLine(w.VBox):
    """One step: its number and name, a field for each parameter, what is wrong, move and remove."""

    def __init__(self, model: RecipeModel, draft: Draft, safely: Safely) -> None:
        self.model, self.ident, self.kind = model, draft.ident, draft.kind
        self._safely = safely
        self._filling = base.Filling()
        self.head = w.HTML()
        self.fields: dict[str, Any] = {}
        for param in draft.form.params:
            if draft.kind != BY_HAND:
                self.fields[param.name] = self._made(param)
        self.up = base.button("↑", "num", tip=f"Move {draft.form.label} up")
        self.down = base.button("↓", "num", tip=f"Move {draft.form.label} down")
        self.remove = base.button("Remove", "num", tip=f"Remove the step {draft.form.label}")
        self.up.on_click(safely(lambda _: model.move(self.ident, -1)))
        self.down.on_click(safely(lambda _: model.move(self.ident, 1)))
        self.remove.on_click(safely(lambda _: model.remove(self.ident)))
        self.wrong = w.HTML()
        line = base.row(self.head, *self.fields.values(), self.up, self.down, self.remove)
        super().__init__([line, self.wrong])
        self.add_class("recipe-step")
        self.add_class(f"step-{draft.kind}")

    def _made(self, param: Param) -> Any:
        made = _widget(param)
        made.add_class(f"param-{param.name}")
        made.observe(self._safely(lambda c: self._on_change(param.name, c["new"])), "value")
        return made

    def _on_change(self, name: str, value: Any) -> None:
        if not self._filling:
            self.model.change(self.ident, **{name: value})

    def paint(self, number: int, draft: Draft) -> None:
        """What was typed, and what is wrong with it."""
        count = len(self.model.drafts)
        base.set_if_new(self.head, value=f"<b>{number}</b> {theme.esc(draft.form.label)}")
        with self._filling:
            for name, widget in self.fields.items():
                base.set_if_new(widget, value=draft.typed[name])
        base.set_if_new(self.up, disabled=number == 1)
        base.set_if_new(self.down, disabled=number == count)
        error = self.model.errors.get(self.ident)
        base.set_class(self, "wrong", error is not None)
        said = _wrong(error) if error is not None else _by_hand_words(draft)
        base.set_if_new(self.wrong, value=said)


class RecipeView(base.View):
    """Steps, the list of steps to add, the live sample, keeping and loading."""

    def __init__(self, model: RecipeModel) -> None:
        super().__init__("recipe", extra_style=_STYLE)
        self.model = model
        self.lines: dict[int, StepLine] = {}
        self.nothing = w.HTML()
        self.steps = w.VBox([])
        self.steps.add_class("steps")
        self.add = _choice(
            "Add a step", [(one.label, one.kind) for one in FORMS.values() if one.kind != BY_HAND]
        )
        self.ready = _choice("Start from", [(one.name, name) for name, one in bulk.READY.items()])
        self.add.observe(self.safely(self._on_add), "value")
        self.ready.observe(self.safely(self._on_ready), "value")
        self.sample = w.HTML()
        self.sample.add_class("sample")
        self.title = w.Text(
            description="Name",
            layout=w.Layout(width="260px"),
            style={"description_width": "initial"},
        )
        self.title.observe(self.safely(lambda c: model.call(c["new"])), "value")
        self.save = base.button("Save recipe", tip="Keeps the steps in your data folder")
        self.load = _choice("Load recipe", [])
        self.saved = w.HTML()
        self.save.on_click(self.safely(lambda _: self._on_save()))
        self.load.observe(self.safely(self._on_load), "value")
        self.code = w.VBox([])
        self.body.children = (
            self.nothing,
            self.steps,
            base.row(self.add, self.ready),
            self.sample,
            base.row(self.title, self.save, self.load, self.saved),
            self.code,
        )
        model.observe(lambda _: self.paint(), "edition")
        self.paint()

    @property
    def recipe(self) -> bulk.Recipe:
        """The recipe; raises what is wrong with it."""
        return self.model.recipe

    def paint(self) -> None:
        """Steps and sample as the model has them."""
        model = self.model
        for draft in model.drafts:
            if draft.ident not in self.lines:
                self.lines[draft.ident] = StepLine(model, draft, self.safely)
        lines = []
        for number, draft in enumerate(model.drafts, 1):
            self.lines[draft.ident].paint(number, draft)
            lines.append(self.lines[draft.ident])
        self.lines = {line.ident: line for line in lines}
        base.set_if_new(self.steps, children=tuple(lines))
        none = f'<span class="mute">{theme.SKIPPED} No step yet.</span>' if not lines else ""
        base.set_if_new(self.nothing, value=none)
        base.set_if_new(self.sample, value=self._sample())
        base.set_if_new(self.save, disabled=not lines or bool(model.errors))
        base.set_if_new(self.title, value=model.name)
        options = [("choose", ""), *((one, one) for one in model.kept)]
        if list(self.load.options) != options:
            self.load.options = options
        self.code.children = (base.as_code(model.code),)

    def _sample(self) -> str:
        model = self.model
        if not model.photos:
            return f'<span class="mute">{theme.SKIPPED} No photo is chosen.</span>'
        if model.errors:
            return '<span class="mute">The sample comes back when every step can be used.</span>'
        if model.sample_error is not None:
            return _wrong(model.sample_error)
        rows = "".join(map(_sampled, model.sample))
        head = f"Sample of {len(model.sample)} of {words.count(len(model.photos), 'photo')}"
        return f"<b>{head}</b><table>{rows}</table>"

    def _on_add(self, change: Any) -> None:
        if change["new"]:
            draft = self.model.add(change["new"])
            self.add.value = ""
            first = next(iter(self.lines[draft.ident].fields.values()), None)
            if first is not None:
                first.focus()

    def _on_ready(self, change: Any) -> None:
        if change["new"]:
            self.model.use(bulk.READY[change["new"]], add=True)
            self.ready.value = ""

    def _on_load(self, change: Any) -> None:
        if not change["new"]:
            return
        try:
            self.model.load(change["new"])
            self.show_message(None)
        finally:
            self.load.value = ""  # also a recipe that failed can be chosen again

    def _on_save(self) -> None:
        path = self.model.save(self.title.value)
        self.show_message(None)
        self.saved.value = (
            f'<span class="ok">{theme.DONE} Kept</span> {base.path_with_copy(str(path))}'
        )


def _wrong(error: RecipeError) -> str:
    hint = f' <span class="mute">{theme.esc(error.hint)}</span>' if error.hint else ""
    return markup.alert(f'<span class="err">{theme.FAILED} {theme.esc(error)}</span>{hint}')


def _by_hand_words(draft: Draft) -> str:
    if draft.kind != BY_HAND:
        return ""
    count = sum(map(len, draft.typed["values"].values()))
    return f'<span class="mute">{words.count(count, "value")} typed or loaded from a table</span>'


def _sampled(one: Sampled) -> str:
    title = theme.cut(title_of(one.photo))
    if not one.cells:
        return f'<tr><td>{title}</td><td class="mute">{theme.SKIPPED} does not change</td></tr>'
    cells = "<br>".join(
        f'<span class="mute">{theme.esc(label(cell.field))}</span> {diff(cell)} '
        f'<span class="mute">{theme.esc(size_words(cell))}</span>'
        for cell in one.cells
    )
    return f"<tr><td>{title}</td><td>{cells}</td></tr>"


def _choice(description: str, options: list[tuple[str, str]]) -> w.Dropdown:
    return w.Dropdown(
        description=description,
        options=[("choose", ""), *options],
        layout=w.Layout(width="300px"),
        style={"description_width": "initial"},
    )


def _widget(param: Param) -> Any:
    style = {"description_width": "initial"}
    if param.kind == "flag":
        return w.Checkbox(description=param.label, indent=False)
    if param.kind == "choice":
        return w.Dropdown(
            description=param.label,
            options=param.options,
            layout=w.Layout(width="210px"),
            style=style,
        )
    made = w.Textarea if param.kind == "long" else w.Text
    return made(
        description=param.label,
        placeholder=param.placeholder,
        continuous_update=True,
        layout=w.Layout(width="340px" if param.kind == "long" else "250px"),
        style=style,
    )
