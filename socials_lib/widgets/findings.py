"""The findings of one platform: counts that add up, a page of rows, decisions, and the steps."""

from __future__ import annotations

import threading
import warnings
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from socials_lib import audit
from socials_lib.audit import Decision
from socials_lib.errors import ImatchError
from socials_lib.models import Finding
from socials_lib.widgets import audit_words, base, theme, words
from socials_lib.widgets.audit_words import LABELS, FindingKey, key_of
from socials_lib.widgets.decided_steps import DecidedSteps
from socials_lib.widgets.findings_card import STYLE, FindingCard
from socials_lib.widgets.findings_list import PAGE
from socials_lib.widgets.findings_model import FindingsModel
from socials_lib.widgets.pager import Pager
from socials_lib.widgets.pair_pictures import PairPictures, Wanted
from socials_lib.widgets.pane import STYLE as PANE_STYLE
from socials_lib.widgets.pane import mode_pill
from socials_lib.widgets.pooled_rows import PooledRows

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

#: Up to here the CSV link is always ready: it stands in the page as a whole.
CSV_ROWS = 2000
_CSV = (
    *("platform", "file_id", "title", "remote_id", "found", "field"),
    *("imatch", "online", "last_sent", "suggestion"),
)
_LIST_STYLE = """
.soc .findings{max-height:640px;overflow-y:auto;overflow-x:hidden;display:block;
border:1px solid var(--hair);border-radius:8px}
.soc .counts{align-items:center}
.soc .decide{border-top:1px solid var(--hair);padding-top:8px;gap:8px;overflow:visible}
.soc .decide>*{margin:0}
"""


class Findings(base.View):
    """The view of a `FindingsModel`, and what a notebook holds: `found.findings`."""

    def __init__(self, model: FindingsModel) -> None:
        super().__init__("findings", extra_style=STYLE + _LIST_STYLE + PANE_STYLE)
        self.add_class(f"soc-findings-{model.platform}")
        self.model = model
        self.pictures = PairPictures(model.wb)
        self._lock = threading.RLock()
        self.cards: list[FindingCard] = []
        self._pool: PooledRows[FindingKey, FindingCard] = PooledRows(self._card, spare=PAGE)
        self.steps: DecidedSteps | None = None
        self._make_head()
        self._make_list()
        self._make_end()
        self.code = base.as_code(
            f'found = wb.audit("{model.platform}"); wb.decide(found, "keep_theirs")'
        )
        self._painter = base.Painter(self.paint)
        self._progress = base.Painter(self._paint_status)
        self._observe()
        self.paint()

    def _observe(self) -> None:
        model = self.model
        model.observe(lambda _: self._painter.now(), ["edition", "state", "confirming", "handed"])
        model.observe(lambda _: self._progress.ask(), "progress")
        model.observe(lambda _: self._paint_page(), "page")
        model.observe(lambda _: self._paint_ticks(), "ticked")
        model.observe(lambda change: self.show_message(change["new"]), "message")
        model.observe(lambda _: self._show_steps(), "plan")
        model.list.observe(lambda _: self._painter.now(), "state")
        model.list.observe(lambda _: self._progress.ask(), "progress")
        self.trouble.handlers = {"Check again": self._look_again, "Go on": self._look_again}

    # what a notebook asks for

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings; waits for them, and raises what stands in IMatch's way.

        While the platform is down and was never listed there are none: the view says why, and so
        does a warning, but the cells below go on (they look at the other one and at IMatch).
        """
        model = self.model
        model.wait()
        if model.audited is None and isinstance(model.error, ImatchError):
            raise model.error
        if model.audited is None and model.list.is_set_up:
            warnings.warn(model.why_nothing, stacklevel=2)
        return model.rows

    @property
    def ticked(self) -> tuple[Finding, ...]:
        """The ticked findings."""
        return tuple(one for key, one in self.model.by_key.items() if key in self.model.ticked)

    def use(self, wb: Workbench) -> None:
        """The cell ran again: ticks, filter, page and decisions stay; it is compared anew."""
        self.model.wb = self.pictures.wb = wb
        self.model.begin()
        self.paint()

    # parts

    def _make_head(self) -> None:
        self.counts = w.HTML()
        self.kinds = base.row()
        self.kinds.add_class("counts")
        self.status = w.HTML()
        self.find = w.Text(
            description="Find", placeholder="title, file name, text", continuous_update=False
        )
        self.find.style.description_width = "initial"
        self.find.observe(lambda change: setattr(self.model, "find", change["new"]), "value")
        self.again = base.button("List again and compare", "again")
        self.again.on_click(self.safely(lambda _: self._list_again()))
        self.compare_again = base.button(
            "Compare again", "compare", tip="Reads IMatch again; the list of what is online stays"
        )
        self.compare_again.on_click(self.safely(lambda _: self._compare_again()))
        self.filters = base.row(self.find, self.compare_again, self.again)

    def _make_list(self) -> None:
        self.list = w.VBox([])
        self.list.add_class("findings")
        self.tick_line = w.HTML()
        self.tick_all = base.button("Tick all")
        self.untick = base.button("Untick all")
        self.tick_all.on_click(
            self.safely(lambda _: self.model.tick([key_of(one) for one in self.model.shown]))
        )
        self.untick.on_click(self.safely(lambda _: self._untick()))
        self.pager = Pager(PAGE, self.safely(self.model.go_to))
        self.tick_row = base.row(self.tick_line, self.tick_all, self.untick, self.pager)

    def _make_end(self) -> None:
        self.choice = w.Dropdown(description="Decide", options=[("–", "")])
        self.choice.style.description_width = "initial"
        self.choice.layout.width = "320px"
        self.decide = base.button("Decide for all ticked", "decide-all")
        self.decide.on_click(self.safely(lambda _: self._decide_all()))
        self.for_all = base.row(self.choice, self.decide)
        self.staged = w.HTML()
        self.go = base.button("Carry out…", "go", "main")
        self.undo_all = base.button("Take all back", "undo-all")
        self.reason = w.HTML()
        self.question = w.HTML()
        self.yes, self.no = base.button("Yes", "go", "yes"), base.button("Not now", "no")
        self.go.on_click(self.safely(lambda _: self._press()))
        self.undo_all.on_click(self.safely(lambda _: self.model.unstage(tuple(self.model.staged))))
        self.yes.on_click(self.safely(lambda _: self._carry_out()))
        self.no.on_click(self.safely(lambda _: self._not_now()))
        self.actions = base.row(self.go, self.undo_all, self.reason)
        self.hand = base.button("Hand over", "hand-over")
        self.hand.on_click(self.safely(lambda _: self._hand_over()))
        self.handed, self.csv = w.HTML(), w.HTML()
        self.foot = base.row(self.hand, self.csv, self.handed)
        self.place = w.VBox([])
        self.end = w.VBox([self.for_all, self.staged, self.actions, self.foot, self.place])
        self.end.add_class("decide")

    # what the person does

    def _compare_again(self) -> None:
        self.model.compare()

    def _list_again(self) -> None:
        self.model.list_again()

    def _look_again(self) -> None:
        self.model.look_again()

    def _carry_out(self) -> None:
        self.go.focus()
        self.model.carry_out()

    def _hand_over(self) -> None:
        self.model.hand_over()

    def _untick(self) -> None:
        self.model.ticked = frozenset()

    def _on_tick(self, key: FindingKey, on: bool) -> None:
        self.model.tick([key], on)

    def _on_decide(self, key: FindingKey, decision: Decision) -> None:
        self.model.stage([key], decision)
        self._focus(key)

    def _on_undo(self, key: FindingKey) -> None:
        self.model.unstage([key])
        self._focus(key)

    def _focus(self, key: FindingKey) -> None:
        """The button that was pressed is gone: its neighbour gets the focus."""
        for card in self.cards:
            if card.shown is not None and key_of(card.shown) == key and card.buttons.children:
                card.buttons.children[0].focus()

    def _decide_all(self) -> None:
        if self.choice.value:
            self.model.stage(tuple(self.model.ticked), self.choice.value)

    def _press(self) -> None:
        if self.model.press():
            self.no.focus()

    def _not_now(self) -> None:
        self.model.not_now()
        self.go.focus()

    # painting

    def paint(self) -> None:
        """Everything as the model has it; any thread may ask."""
        with self._lock:
            if self.model.list.is_set_up:
                self._paint_all()
            else:
                self.body.children = (w.HTML(audit_words.not_set_up(self.model.platform)),)

    def _paint_all(self) -> None:
        model = self.model
        self._paint_status()
        self._paint_counts()
        self._paint_page()
        self._paint_end()
        base.set_if_new(self.csv, value=self._csv_link(self.model.shown))
        some = [self.kinds, self.filters, self.tick_row, self.list, self.end]
        parts = some if model.rows else [self.filters, self.place]
        wanted = (self.counts, self.status, *parts, self.code)
        base.set_if_new(self.body, children=wanted)

    def _paint_status(self) -> None:
        model = self.model
        said = ""
        if model.is_busy:
            said = base.loading(model.progress, spoken=" of " not in model.progress)
        elif model.list.is_listing:
            said = base.loading(model.list.progress, spoken=False)
        elif model.audited is None:
            said = '<p class="mute">Nothing was compared yet.</p>'
        busy = model.is_busy or model.list.is_listing
        base.set_if_new(self.status, value=said)
        base.set_if_new(self.again, disabled=busy)
        base.set_if_new(self.compare_again, disabled=busy)

    def _paint_counts(self) -> None:
        model = self.model
        if model.audited is None:
            base.set_if_new(self.counts, value="")
            return
        counts = model.counts
        said = f"<b>{audit_words.counts_in_words(counts)}</b>"
        if not model.rows:
            photos = words.count(counts["published"], "photo")
            said = f'<span class="ok">{theme.DONE} No difference in {photos}.</span><br>{said}'
        base.set_if_new(self.counts, value=said)
        children: list[Any] = [w.HTML(f"<b>{words.count(len(model.rows), 'finding')}</b> =")]
        for code, number in model.kinds.items():
            if len(children) > 1:
                children.append(w.HTML("+"))
            children.append(self._kind(code, number))
        self.kinds.children = children

    def _kind(self, code: str, number: int) -> w.Button:
        label = audit_words.kind_number(code, number)
        made = base.button(label, "num", f"kind-{code}", tip=f"Show these {label}")
        base.set_class(made, "mod-active", code == self.model.kind)
        made.on_click(self.safely(lambda _: self.model.choose_kind(code)))
        return made

    def _paint_page(self) -> None:
        """The pool gets the rows of the page; pictures follow from a thread."""
        model, rows = self.model, self.model.page_rows
        with self._lock:
            self.cards = self._pool.place([key_of(one) for one in rows])
            for card, one in zip(self.cards, rows, strict=True):
                card.fill(one, model, self.pictures)
            base.set_if_new(self.list, children=tuple(self.cards))
        self.pager.paint(model.page, len(model.shown))
        self._paint_ticks()
        wanted = [picture for card in self.cards for picture in card.wanted if picture]
        self.pictures.ask(self, wanted, self._show_picture)

    def _card(self) -> FindingCard:
        return FindingCard(on_tick=self._on_tick, on_decide=self._on_decide, on_undo=self._on_undo)

    def _show_picture(self, wanted: Wanted, _markup: str) -> None:
        with self._lock:
            for card in self.cards:
                if wanted in card.wanted:
                    card.paint_pictures(self.pictures)

    def _paint_ticks(self) -> None:
        model = self.model
        ticked, shown = len(model.ticked), len(model.shown)
        for card in self.cards:
            card.paint(model)
        said = f"{words.number(ticked)} ticked" if ticked else "Nothing ticked"
        base.set_if_new(self.tick_line, value=said)
        base.set_if_new(self.tick_all, description=f"Tick all {words.number(shown)}")
        base.set_if_new(self.untick, disabled=not ticked)
        self._paint_choices()
        self._paint_foot()

    def _paint_choices(self) -> None:
        choices, ticked = self.model.choices(), len(self.model.ticked)
        options: list[tuple[str, str]] = [
            (f"{LABELS[one]} ({number:,} of {ticked:,})", one) for one, number in choices.items()
        ]
        options = options or [("tick findings first", "")]
        if list(self.choice.options) != options:
            before = self.choice.value
            self.choice.options = options  # ipywidgets goes back to the first one here
            if before in choices:
                self.choice.value = before
        these = f"all {ticked:,} ticked" if ticked > 1 else "the ticked one"
        base.set_if_new(self.decide, description=f"Decide for {these}", disabled=not choices)

    def _paint_end(self) -> None:
        model, staged = self.model, self.model.staged_counts
        said = '<span class="mute">Nothing is decided yet. Nothing is changed by deciding.</span>'
        if staged:
            said = f"<b>Decided:</b> {theme.esc(audit_words.staged_in_words(staged))}"
        base.set_if_new(self.staged, value=said)
        total = words.count(sum(staged.values()), "decision")
        why = model.reasons
        label = f"Carry out {total}…" if staged else "Carry out…"
        base.set_if_new(self.go, description=label, tooltip=label, disabled=bool(why))
        base.set_if_new(self.undo_all, disabled=not staged)
        shown = " ".join(why) if staged else ""
        base.set_if_new(self.reason, value=f'<span class="mute">{theme.esc(shown)}</span>')
        wanted: tuple[Any, ...] = (self.go, self.undo_all, self.reason)
        if model.confirming:
            base.set_if_new(self.question, value=self._asked())
            base.set_if_new(self.yes, description=f"Carry out {total}")
            wanted = (self.question, self.yes, self.no)
        base.set_if_new(self.actions, children=wanted)

    def _asked(self) -> str:
        pill = mode_pill(self.model.wb, "") if self.model.wb.mode == "demo" else ""
        return f"<b>{theme.esc(self.model.question)}</b> {pill}"

    def _paint_foot(self) -> None:
        model = self.model
        some = self.ticked or model.shown
        photos = len({one.file_id for one in some if one.file_id})
        base.set_if_new(
            self.hand,
            description=f"Hand {words.count(photos, 'photo')} over",
            tooltip="To 03_bulk_fix or 01_sync, as a selection in your data folder",
            disabled=not photos,
        )
        said = ""
        if model.handed is not None:
            name = theme.text(model.handed.name)
            line = f"{theme.DONE} Handed over as “{name}”: open 03_bulk_fix or 01_sync"
            said = f'<span class="ok">{line}</span>'
        base.set_if_new(self.handed, value=said)

    def _csv_link(self, rows: tuple[Finding, ...]) -> str:
        if len(rows) > CSV_ROWS:
            return f'<span class="mute">CSV of {CSV_ROWS:,} rows at most: filter first</span>'
        title = self.model.title
        return base.csv_link("findings.csv", _CSV, (_csv_row(one, title(one)) for one in rows))

    # the steps

    def _show_steps(self) -> None:
        if self.steps is not None:
            self.steps.leave()
            self.steps = None
        plan = self.model.plan
        if plan is not None and plan.rows:
            self.steps = DecidedSteps(self.model.wb, plan, on_end=self._sent)
        self.place.children = (self.steps,) if self.steps is not None else ()

    def _sent(self, keys: list[Any]) -> None:
        self.model.sent(keys, "Sent; list again to compare")


def _csv_row(one: Finding, title: str) -> tuple[str, ...]:
    values = (one.imatch, one.remote, one.base)
    return (
        *(one.platform, one.file_id, title, one.remote_id, audit.words_for(one), one.field),
        *(value or "" for value in values),
        one.suggestion,
    )
