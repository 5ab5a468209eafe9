"""One finding as people see it: two pictures, what was sent, IMatch, online, and what to decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w

from socials_lib import audit
from socials_lib.audit import Decision
from socials_lib.models import Finding
from socials_lib.widgets import audit_words, base, theme, words
from socials_lib.widgets.audit_words import IN_ROW, LABELS, FindingKey, key_of
from socials_lib.widgets.findings_model import FindingsModel, Stand
from socials_lib.widgets.pair_pictures import PairPictures, Wanted
from socials_lib.widgets.pooled_tick import PooledTick

_TONES = {"staged": "accent", "done": "ok", "failed": "err"}
_SIGNS = {"staged": theme.READY, "done": theme.DONE, "failed": theme.FAILED}

_DONE_HINT = "It leaves this list when it is compared again."

STYLE = """
.soc .finding .right .wrap{min-height:32px}
.soc .finding{display:flex;gap:8px;padding:8px;border-bottom:1px solid var(--hair);
overflow:visible;align-items:flex-start}
.soc .finding>*{margin:0}.soc .finding .tick{flex:0 0 24px;width:24px;overflow:hidden}
.soc .finding .tick .widget-label-basic{width:24px;min-width:0}
.soc .finding .tick span{position:absolute;width:1px;height:1px;overflow:hidden;
clip-path:inset(50%)}
.soc .finding.ticked{background:var(--tint);box-shadow:inset 3px 0 0 var(--accent)}
.soc .pair{display:flex;gap:4px}.soc .pair figure{margin:0}
.soc .pair figcaption{font-size:12px;color:var(--mute)}
.soc .finding .thumbs{flex:0 0 196px;width:196px}
.soc .finding .right{flex:1 1 0;min-width:0;gap:4px;overflow:visible}
.soc .finding .right>*{margin:0}
.soc .sides{display:grid;grid-template-columns:72px minmax(0,1fr);gap:2px 8px;margin:4px 0 0;
max-height:150px;overflow-y:auto}
.soc .sides dt{color:var(--mute);font-weight:400}.soc .sides dd{margin:0;overflow-wrap:anywhere}
"""

Act = Callable[[FindingKey], None]


class FindingCard(w.HBox):
    """A row of the pool; `fill` shows a finding."""

    def __init__(
        self,
        *,
        on_tick: Callable[[FindingKey, bool], None],
        on_decide: Callable[[FindingKey, Decision], None],
        on_undo: Act,
    ) -> None:
        self.shown: Finding | None = None
        self.wanted: tuple[Wanted | None, Wanted | None] = (None, None)
        self._on_decide, self._on_undo = on_decide, on_undo
        self._tick: PooledTick[FindingKey] = PooledTick(lambda: w.Checkbox(indent=False), on_tick)
        self.pictures, self.text = w.HTML(), w.HTML()
        self.pictures.add_class("thumbs")
        self.choices = {one: self._choice(one) for one in IN_ROW}
        self.undo = base.button("Undo", "undo", tip="Take this decision back")
        self.undo.on_click(lambda _: self._press(on_undo))
        self.buttons = base.row()
        right = w.VBox([self.text, self.buttons])
        right.add_class("right")
        super().__init__([self.tick, self.pictures, right])
        self.add_class("finding")

    def _choice(self, decision: Decision) -> w.Button:
        made = base.button(LABELS[decision], f"do-{decision}", tip=audit.DECISIONS[decision])
        made.on_click(lambda _: self._press(lambda key: self._on_decide(key, decision)))
        return made

    def _press(self, act: Act) -> None:
        if self.shown is not None:
            act(key_of(self.shown))

    @property
    def tick(self) -> Any:
        """The tick box that is shown now."""
        return self._tick.box

    def fill(self, one: Finding, model: FindingsModel, pictures: PairPictures) -> None:
        """Show this finding."""
        self.shown, self.wanted = one, model.pictures(one)
        self.paint(model)
        self.paint_pictures(pictures)

    def paint_pictures(self, pictures: PairPictures) -> None:
        """What there is by now; the rest follows."""
        here, there = (pictures.now(one) for one in self.wanted)
        if self.shown is not None and not self.shown.file_id:
            here = theme.placeholder("Not in IMatch", box=pictures.box)
        markup = (
            f'<div class="pair"><figure>{here}<figcaption>IMatch</figcaption></figure>'
            f"<figure>{there}<figcaption>online</figcaption></figure></div>"
        )
        base.set_if_new(self.pictures, value=markup)

    def paint(self, model: FindingsModel) -> None:
        """Words, tick and buttons; only what differs is sent."""
        one = self.shown
        if one is None:
            return
        stand, title = model.stand(one), model.title(one)
        on = key_of(one) in model.ticked
        self._tick.show(key_of(one), is_on=on, words=f"Select {title[:60]}")
        base.set_if_new(self, children=(self.tick, *self.children[1:]))
        base.set_class(self, "ticked", on)
        base.set_if_new(self.text, value=markup_of(one, model, stand))
        base.set_if_new(self.buttons, children=self._wanted_buttons(one, stand))

    def _wanted_buttons(self, one: Finding, stand: Stand) -> tuple[w.Button, ...]:
        if stand.state == "staged":
            return (self.undo,)
        if stand.state == "done":
            return ()
        can = audit.decisions_for(one)
        return tuple(self.choices[decision] for decision in IN_ROW if decision in can)


def markup_of(one: Finding, model: FindingsModel, stand: Stand) -> str:
    """Title, what was found, the sides, what to do."""
    pill = ""
    if stand.state != "open":
        pill = theme.pill(_SIGNS[stand.state], _short(stand), _TONES[stand.state])
    url, name = model.url(one), model.name(one)
    link = f" {theme.link(url, f'Open on {words.platform(one.platform)}')}" if url else ""
    file = f' <span class="mute">{theme.text(name)}</span>' if name else ""
    head = f"<p><b>{theme.cut(model.title(one))}</b>{file}{link}</p>"
    said = f"<p>{theme.CHANGED} {theme.esc(audit_words.head_of(one))} {pill}</p>"
    more = {"failed": stand.words, "done": _DONE_HINT}.get(stand.state, one.suggestion)
    tone = "err" if stand.state == "failed" else "mute"
    return f'{head}{said}{_sides(one)}<p class="{tone}">{theme.esc(more)}</p>'


def _short(stand: Stand) -> str:
    return "Not taken over" if stand.state == "failed" else stand.words


def _sides(one: Finding) -> str:
    """A list of the sides; it scrolls by itself when they are long, so the keyboard reaches it."""
    found = audit_words.sides(one)
    if not found:
        return ""
    rows = "".join(f"<dt>{label}</dt><dd>{markup}</dd>" for label, markup in found)
    return f'<dl class="sides" tabindex="0">{rows}</dl>'
