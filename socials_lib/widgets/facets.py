"""The facets as people see them: a card for each field, with counts that follow the other cards."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import ipywidgets as w

from socials_lib import bulk
from socials_lib.models import Photo
from socials_lib.widgets import base, markup, theme, words
from socials_lib.widgets.bulk_parts import label
from socials_lib.widgets.facets_model import Choice, FacetsModel

Safely = Callable[[Callable[..., None]], Callable[..., None]]
#: Values of a card; more are found by typing.
VALUES = 8
#: Letters of a value that fit beside its count in the narrowest card.
_LETTERS = 28
_STYLE = """
.soc .facets{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(250px,100%),1fr));
gap:8px;align-items:stretch;overflow:visible}
.soc .facet{min-width:0;border:1px solid var(--hair);border-radius:8px;
padding:8px;margin:0;gap:2px;overflow:hidden}
.soc .facet.on{border-color:var(--accent)}
.soc .facet>*{margin:0}.soc .facet .top{justify-content:space-between;
align-items:center;min-height:32px}.soc .facet .top>*{margin:0}
.soc .facet .widget-checkbox{width:100%;height:26px;overflow:hidden}
.soc .facet .widget-checkbox label{display:flex;align-items:center;height:26px;color:var(--ink)}
.soc .facet .widget-checkbox label span{overflow:hidden;text-overflow:ellipsis;
white-space:nowrap;unicode-bidi:plaintext}
.soc .facet .pair{display:flex;gap:8px}.soc .facet .pair>*{flex:1 1 0;min-width:0;margin:0}
.soc .facet .values{gap:0;max-height:216px;overflow:hidden}.soc .facet .values>*{margin:0}
.soc .facet .range input{width:100%;padding:0 4px}
.soc .expression input{font-family:var(--jp-code-font-family,monospace)}
"""
_KINDS = {"text": "Letters", "list": "Entries", "number": "Number", "date": "Date"}
_EXAMPLE = 'len(title) > 40 and "Light" not in keywords'


class FacetCard(w.VBox):
    """One facet: missing or present, words, a range, values with their counts."""

    def __init__(self, model: FacetsModel, name: str, safely: Safely) -> None:
        self.model, self.field, self._safely = model, name, safely
        self._filling = base.Filling()
        self.kind = bulk.FIELDS[name].kind
        shown = label(name)
        self.head = w.HTML(f"<b>{theme.esc(shown)}</b>")
        self.clear = base.button("Clear", "num", tip=f"Choose nothing in {shown}")
        self.away = base.button("Hide", "num", tip=f"Take the facet {shown} away")
        self.missing = _tick(f"{shown} missing")
        self.present = _tick(f"{shown} present")
        self.exclude = _tick("All but these")
        self.text = _field("Contains", f"in {shown}")
        self.least, self.most = _field("From", ""), _field("to", "")
        self.values = w.VBox([])
        self.values.add_class("values")
        self.more = w.HTML()
        self.pool = [_tick("") for _ in range(VALUES)]
        self._shown: dict[int, str] = {}  # place in the pool -> value
        self._listen()
        super().__init__(self._parts())
        self.add_class("facet")
        self.add_class(f"facet-{name}")

    def _parts(self) -> list[Any]:
        top = w.HBox([self.head, w.HBox([self.clear, self.away])])
        top.add_class("top")
        both, span = w.HBox([self.missing, self.present]), w.HBox([self.least, self.most])
        both.add_class("pair")
        span.add_class("pair")
        span.add_class("range")
        is_range = self.kind in ("number", "date")
        return [top, both, span if is_range else self.text, self.values, self.more, self.exclude]

    def _listen(self) -> None:
        model, name = self.model, self.field
        self.clear.on_click(self._safely(lambda _: model.clear(name)))
        self.away.on_click(self._safely(lambda _: model.show(name, False)))
        self._hear(self.missing, lambda on: self._on_presence(False, on))
        self._hear(self.present, lambda on: self._on_presence(True, on))
        self._hear(self.exclude, lambda on: self._choose(exclude=on))
        self._hear(self.text, lambda text: self._choose(text=text))
        self._hear(self.least, lambda text: self._choose(least=text))
        self._hear(self.most, lambda text: self._choose(most=text))
        for at, one in enumerate(self.pool):
            self._hear(one, functools.partial(self._on_value, at))

    def _hear(self, widget: Any, act: Callable[[Any], None]) -> None:
        widget.observe(self._safely(lambda change: act(change["new"])), "value")

    def _choose(self, **changes: Any) -> None:
        if not self._filling:
            self.model.choose(self.field, **changes)

    def _on_presence(self, which: bool, on: bool) -> None:
        self._choose(present=which if on else None)

    def _on_value(self, at: int, on: bool) -> None:
        if not self._filling and at in self._shown:
            self.model.tick(self.field, self._shown[at], on)
            self.pool[at].focus()  # it may have moved to the ticked ones

    def paint(self) -> None:
        """Counts and choices as the model has them."""
        counts = self.model.counts(self.field, limit=VALUES + len(self._chosen.values) + 60)
        with self._filling:
            self._paint_choice(counts)
            self._paint_values(counts)

    @property
    def _chosen(self) -> Choice:
        return self.model.choices.get(self.field, Choice())

    def _paint_choice(self, counts: bulk.Counts) -> None:
        one, empty = self._chosen, self._chosen.is_empty
        base.set_class(self, "on", not empty)
        base.set_if_new(self.clear, disabled=empty)
        base.set_if_new(
            self.missing,
            value=one.present is False,
            description=f"missing {words.number(counts.missing)}",
        )
        base.set_if_new(
            self.present,
            value=one.present is True,
            description=f"present {words.number(counts.present)}",
        )
        base.set_if_new(self.exclude, value=one.exclude)
        base.set_if_new(self.exclude.layout, display="none" if empty else None)
        for widget, value in (
            (self.text, one.text),
            (self.least, one.least),
            (self.most, one.most),
        ):
            base.set_if_new(widget, value=value)
        base.set_if_new(self.least, placeholder=_bound(counts.least))
        base.set_if_new(self.most, placeholder=_bound(counts.most))

    def _paint_values(self, counts: bulk.Counts) -> None:
        """The ticked values first, then the most frequent ones that contain the words."""
        chosen, needle = self._chosen.values, self._chosen.text.strip().casefold()
        by_value = dict(counts.values)
        ticked = [(one, by_value.get(one, 0)) for one in sorted(chosen)]
        free = [
            (one, count)
            for one, count in counts.values
            if one not in chosen and needle in one.casefold()
        ]
        if self.kind == "text" and free and free[0][1] == 1 and counts.distinct > VALUES:
            free = []  # every photo has its own: nothing to choose from
        listed = (ticked + free)[:VALUES]
        self._shown = _placed(self._shown, [one for one, _ in listed])
        places = {value: at for at, value in self._shown.items()}
        for value, count in listed:
            said = f"{_short(value)} {words.number(count)}"
            base.set_if_new(
                self.pool[places[value]], description=said, tooltip=value, value=value in chosen
            )
        children = tuple(self.pool[places[value]] for value, _ in listed)
        base.set_if_new(self.values, children=children)
        base.set_if_new(self.more, value=self._more(counts, len(listed)))

    def _more(self, counts: bulk.Counts, listed: int) -> str:
        error = self.model.errors.get(self.field)
        if error is not None:
            return markup.alert(f'<span class="err">{theme.FAILED} {theme.esc(error)}</span>')
        over = counts.distinct - listed
        if over <= 0:
            return ""
        how = "type to find them" if self.kind in ("text", "list") else "use the range"
        return f'<span class="mute">{words.number(over)} more, {how}</span>'


class FacetsView(base.View):
    """The cards, the expression, and how many photos are left."""

    def __init__(self, model: FacetsModel) -> None:
        super().__init__("facets", extra_style=_STYLE)
        self.model = model
        self.cards: dict[str, FacetCard] = {}
        self.line = w.HTML()
        self.line.add_class("facet-line")
        self.clear = base.button("Clear all facets")
        self.clear.on_click(self.safely(lambda _: model.clear()))
        self.add = w.Dropdown(
            description="Add a facet",
            options=[("choose a field", "")],
            layout=w.Layout(width="300px"),
        )
        self.add.style.description_width = "initial"
        self.add.observe(self.safely(self._on_add), "value")
        self.expression = w.Text(
            description="Expression",
            placeholder=_EXAMPLE,
            continuous_update=False,
            layout=w.Layout(width="520px"),
            style={"description_width": "initial"},
        )
        self.expression.add_class("expression")
        self.expression.observe(self.safely(lambda c: model.express(c["new"])), "value")
        self.wrong = w.HTML()
        self.grid = w.HBox([])
        self.grid.add_class("facets")
        self.code = w.VBox([])
        self.body.children = (
            self.line,
            self.grid,
            base.row(self.expression, self.add, self.clear),
            self.wrong,
            self.code,
        )
        model.observe(lambda _: self.paint(), "edition")
        model.source.observe(lambda _: self._paint_line(), ["state", "progress"])
        self.paint()

    @property
    def photos(self) -> tuple[Photo, ...]:
        """The photos that are left; waits until they are read."""
        self.model.source.wait()
        if self.model.source.error is not None:
            raise self.model.source.error
        return self.model.photos

    def paint(self) -> None:
        """All cards and counts anew."""
        model = self.model
        for name in model.shown:
            if name not in self.cards:
                self.cards[name] = FacetCard(model, name, self.safely)
            self.cards[name].paint()
        base.set_if_new(self.grid, children=tuple(self.cards[name] for name in model.shown))
        free = [(label(name), name) for name in bulk.FIELDS if name not in model.shown]
        options = [("choose a field", ""), *free]
        if list(self.add.options) != options:
            self.add.options = options
        base.set_if_new(self.expression, value=model.expression)
        base.set_if_new(self.clear, disabled=not model.choices and not model.expression)
        self._paint_wrong()
        self._paint_line()
        self.code.children = (base.as_code(model.code),)

    def _paint_wrong(self) -> None:
        error = self.model.errors.get("")
        said = ""
        if error is not None:
            hint = f' <span class="mute">{theme.esc(error.hint)}</span>'
            said = markup.alert(f'<span class="err">{theme.FAILED} {theme.esc(error)}</span>{hint}')
        base.set_if_new(self.wrong, value=said)

    def _paint_line(self) -> None:
        model, source = self.model, self.model.source
        if source.state == "running" and not model.total:
            said = markup.loading("Waiting for the photos")
        elif not model.total:
            said = f'<span class="mute">{theme.SKIPPED} No photo is there.</span>'
        else:
            left, total = words.number(len(model.photos)), words.count(model.total, "photo")
            said = markup.status(f"<b>{left}</b> of {total} chosen")
        base.set_if_new(self.line, value=said)

    def _on_add(self, change: Any) -> None:
        if change["new"]:
            self.model.show(change["new"])
            self.add.value = ""


def _placed(before: dict[int, str], wanted: list[str]) -> dict[int, str]:
    """Place in the pool -> value; a value that stays keeps its place.

    A tick that is on its way while the card is painted would else hit another value.
    """
    kept = {at: value for at, value in before.items() if value in wanted}
    free = iter(at for at in range(VALUES) if at not in kept)
    held = set(kept.values())
    return kept | {next(free): value for value in wanted if value not in held}


def _tick(description: str) -> w.Checkbox:
    return w.Checkbox(description=description, indent=False)


def _field(description: str, placeholder: str) -> w.Text:
    return w.Text(
        description=description,
        placeholder=placeholder,
        continuous_update=False,
        layout=w.Layout(width="100%"),
        style={"description_width": "initial"},
    )


def _bound(value: float | str | None) -> str:
    if value is None:
        return ""
    return value[:10] if isinstance(value, str) else f"{value:g}"


def _short(value: str) -> str:
    """A value cut so that its count has room; of a path the end, levels below say more."""
    one = " ".join(value.split())
    if len(one) <= _LETTERS:
        return one
    return f"…{one[1 - _LETTERS :]}" if "|" in one else f"{one[: _LETTERS - 1]}…"
