"""The fix-it list: every blocked row with its problems, what was found, and what helps.

First version (2026-11-22): nothing is written to IMatch here.  What only IMatch can do shows the
path to copy and `Check again`; a photo can be left out, and a delete that only faults hold back can
be released.  A row that was dealt with stays in place, with the way back beside it.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import ipywidgets as w
import traitlets as t

from socials_lib.models import PlanRow, Problem, root_category
from socials_lib.widgets import base, pills, theme, words
from socials_lib.widgets.entries import Key
from socials_lib.widgets.pager import Pager
from socials_lib.widgets.picker import PickerModel
from socials_lib.widgets.pictures import Thumbnails

PAGE_CARDS = 10
_CSV = (
    "platform",
    "file_id",
    "file",
    "title",
    "action",
    "problem",
    "field",
    "found",
    "limit",
    "suggestion",
    "blocks",
)


class FixesModel(base.StepModel):
    """The blocked rows of a picker, by kind: a row counts once, by the problem that stops it."""

    kind = t.Unicode("")
    page = t.Int(1)
    edition = t.Int(0)

    def __init__(self, picker: PickerModel) -> None:
        super().__init__()
        self.picker = picker
        picker.observe(lambda _: self._renew(), "edition")
        self.observe(lambda _: self._turn_back(), "kind")

    @property
    def rows(self) -> tuple[PlanRow, ...]:
        """All rows that need a fix, in the order of the plan."""
        return tuple(one.row for one in self.picker.entries if one.row.blocked)

    @property
    def kinds(self) -> dict[str, int]:
        """Code of the stopping problem -> number of rows, the largest first."""
        return dict(Counter(_code(row) for row in self.rows).most_common())

    @property
    def chosen(self) -> tuple[PlanRow, ...]:
        """The rows of the chosen kind."""
        return tuple(row for row in self.rows if not self.kind or _code(row) == self.kind)

    @property
    def pages(self) -> int:
        """How many pages the chosen rows fill; at least one."""
        return max(1, -(-len(self.chosen) // PAGE_CARDS))

    @property
    def page_rows(self) -> tuple[PlanRow, ...]:
        """The rows of the page."""
        first = (self.page - 1) * PAGE_CARDS
        return self.chosen[first : first + PAGE_CARDS]

    @property
    def ready_count(self) -> int:
        """How many rows can be carried out as they are."""
        return len(self.picker.ready)

    def go_to(self, page: int) -> None:
        """Show a page; the nearest there is."""
        self.page = min(max(1, page), self.pages)

    def _turn_back(self) -> None:
        self.page = 1
        self.edition += 1

    def _renew(self) -> None:
        if self.kind and self.kind not in self.kinds:
            self.kind = ""
        self.page = min(self.page, self.pages)
        self.edition += 1


class Fixes(base.View):
    """The view of a `FixesModel`."""

    def __init__(self, model: FixesModel, thumbnails: Thumbnails) -> None:
        super().__init__("fixes", extra_style=_STYLE)
        self.model, self.thumbnails = model, thumbnails
        self._lock = threading.RLock()
        self.headline = w.HTML()
        self.kinds = base.row()
        self.cards: list[Card] = []
        self.list = w.VBox([])
        self.list.add_class("cards")
        self.again = base.button("Check again", tip="Reads IMatch again; ticks and filters stay")
        self.again.on_click(self.safely(lambda _: self._check_again()))
        self.csv = w.HTML()
        self.pager = Pager(PAGE_CARDS, self.safely(model.go_to))
        self.foot = base.row(self.again, self.pager, self.csv)
        self.code = base.as_code("wb.frame(picker.plan).query('blocked')")
        self.body.children = (self.headline, self.kinds, self.list, self.foot, self.code)
        picker = model.picker
        picker.on_mark(self._on_mark)
        self._painter = base.Painter(self._paint_headline)
        picker.observe(lambda _: self._painter.ask(), ["progress", "state"])
        picker.observe(lambda change: self.show_message(change["new"]), "message")
        self.trouble.handlers = {"Check again": self._check_again}
        model.observe(lambda _: self._paint(), "edition")
        model.observe(lambda _: self._paint_page(), "page")
        self._paint()

    def _check_again(self) -> None:
        self.thumbnails.forget()
        self.model.picker.load()

    def _on_mark(self, key: Key) -> None:
        for card in self.cards:
            if card.shown is not None and card.shown.key == key:
                card.paint(self.model.picker)

    def _paint(self) -> None:
        self._paint_headline()
        kinds, rows = self.model.kinds, self.model.rows
        buttons = [self._kind_button("", f"All {words.number(len(rows))}")] if rows else []
        for code, n in kinds.items():
            buttons.append(self._kind_button(code, f"{pills.code_words(code)} {words.number(n)}"))
        self.kinds.children = buttons if len(kinds) > 1 else []
        link = ""
        if rows:
            lines = (_csv_row(row, one) for row in rows for one in row.problems)
            link = base.csv_link("problems.csv", _CSV, lines)
        base.set_if_new(self.csv, value=link)
        base.set_if_new(self.list.layout, display=None if rows else "none")
        self._paint_page()

    def _kind_button(self, code: str, label: str) -> w.Button:
        made = base.button(label, tip=f"Show {label}")
        base.set_class(made, "mod-active", code == self.model.kind)
        made.on_click(self.safely(lambda _: setattr(self.model, "kind", code)))
        return made

    def _paint_headline(self) -> None:
        picker, rows = self.model.picker, self.model.rows
        busy = picker.state == "running"
        base.set_if_new(self.again, disabled=busy or picker.frozen)
        if busy:
            said = base.loading(picker.progress, spoken=" of " not in picker.progress)
        elif picker.plan is None:
            said = '<span class="mute">IMatch was not read yet.</span>'
        elif not rows:
            ready = words.count(self.model.ready_count, "row is", "rows are")
            said = f'<span class="ok">{theme.DONE} Nothing to fix. {ready} ready.</span>'
        else:
            kinds = words.count(len(self.model.kinds), "kind")
            verb = "row needs" if len(rows) == 1 else "rows need"
            said = f"<b>{words.number(len(rows))} {verb} a fix</b>, of {kinds}."
        base.set_if_new(self.headline, value=said)

    def _paint_page(self) -> None:
        model, rows = self.model, self.model.page_rows
        while len(self.cards) < len(rows):
            self.cards.append(Card(self.safely(self._on_skip), self.safely(self._on_release)))
        with self._lock:
            for card, row in zip(self.cards, rows, strict=False):
                picture = self.thumbnails.kept(row) or self.thumbnails.waiting()
                card.fill(row, model.picker, picture)
        shown = tuple(self.cards[: len(rows)])
        base.set_if_new(self.list, children=shown)
        self.pager.paint(model.page, len(model.chosen))
        self.thumbnails.ask(self, rows, self._show_picture)

    def _show_picture(self, row: PlanRow, markup: str) -> None:
        """From the thread; under the lock, so that no card gets another photo's picture."""
        with self._lock:
            for card in self.cards:
                if card.shown is not None and card.shown.key == row.key:
                    base.set_if_new(card.picture, value=markup)

    def _on_skip(self, key: Key) -> None:
        picker = self.model.picker
        picker.skip(key, key not in picker.skipped)
        self._paint_headline()

    def _on_release(self, key: Key) -> None:
        picker = self.model.picker
        picker.release(key, key not in picker.released)
        self._paint_headline()


class Card(w.HBox):
    """One blocked row: picture, title, problems with what helps, and what can be done here."""

    def __init__(self, on_skip: Callable[[Key], None], on_release: Callable[[Key], None]) -> None:
        self.shown: PlanRow | None = None
        self.picture, self.text = w.HTML(), w.HTML()
        self.picture.add_class("thumb")
        self.skip = base.button("Skip this photo")
        self.release = base.button("Delete anyway")
        self.skip.on_click(lambda _: self._press(on_skip))
        self.release.on_click(lambda _: self._press(on_release))
        self.buttons = base.row(self.skip, self.release)
        right = w.VBox([self.text, self.buttons])
        right.add_class("right")
        super().__init__([self.picture, right])
        self.add_class("fix")

    def fill(self, row: PlanRow, picker: PickerModel, picture: str) -> None:
        """Show this row."""
        self.shown = row
        base.set_if_new(self.picture, value=picture)
        self.paint(picker)

    def paint(self, picker: PickerModel) -> None:
        """Its problems and where it stands; only what differs is sent."""
        row = self.shown
        if row is None:
            return
        skipped, released = row.key in picker.skipped, row.key in picker.released
        base.set_if_new(self.text, value=_card_html(row, picker))
        base.set_if_new(
            self.skip,
            description="Take it back in" if skipped else "Skip this photo",
            tooltip="It is not ticked and not sent from this notebook",
        )
        base.set_if_new(
            self.release,
            description="Do not delete it" if released else "Delete anyway",
            tooltip="The faults shown here no longer hold this delete back",
        )
        wanted = (self.skip, self.release) if pills.is_held_back(row) else (self.skip,)
        base.set_if_new(self.buttons, children=wanted)

    def _press(self, act: Callable[[Key], None]) -> None:
        if self.shown is not None:
            act(self.shown.key)


_STYLE = """
.soc .cards{max-height:520px;overflow-y:auto;overflow-x:hidden;display:block;
border:1px solid var(--hair);border-radius:8px;margin:8px 0}
.soc .fix{display:flex;gap:8px;padding:8px;border-bottom:1px solid var(--hair);overflow:hidden}
.soc .fix>*{margin:0}.soc .fix .thumb{width:96px;flex:0 0 auto}
.soc .fix .right{flex:1 1 0;min-width:0;gap:4px;overflow:hidden}
.soc .fix ul{margin:4px 0;padding:0;list-style:none}.soc .fix li{margin:2px 0}
"""


def _code(row: PlanRow) -> str:
    problem = pills.stopping(row)
    return problem.code if problem else row.reason


def _card_html(row: PlanRow, picker: PickerModel) -> str:
    pill = picker.pill(row.key)
    state = f" {pill.html}" if pill.code != "blocked" else ""
    head = (
        f"<p><b>{theme.cut(row.title)}</b> "
        f'<span class="mute">{words.platform(row.platform)} · {words.action(row.action)} · '
        f"{theme.text(row.name)}</span>{state}</p>"
    )
    problems = "".join(f"<li>{_problem_html(one, row)}</li>" for one in row.problems)
    return f"{head}<ul>{problems}</ul>"


def _problem_html(problem: Problem, row: PlanRow) -> str:
    """The problem, what was found and allowed, and what to do, with a path where IMatch has to."""
    parts = [pills.problem_pill(problem)]
    details = pills.problem_details(problem)
    said = [theme.text(details)] if details else []
    said += [theme.text(problem.suggestion, "mute")] if problem.suggestion else []
    parts.append(" · ".join(said))
    path = remedy_path(problem, row)
    parts += [base.path_with_copy(path)] if path else []
    return " ".join(parts)


def remedy_path(problem: Problem, row: PlanRow) -> str:
    """The path that the person needs in IMatch or the Explorer to mend this, "" if there is none.

    A category for flags and albums, the file for everything about the file.
    """
    root = root_category(row.platform)
    if problem.code == "conflicting_flags":
        return f"{root}|_delete"
    if problem.code == "not_in_platform_category":
        return root
    if problem.code == "album_without_id":
        return problem.found
    if problem.code == "missing_genre":
        return "Image Characteristics|Genre"
    if problem.field == "file":
        return row.upload.path if row.upload else row.path
    return ""


def _csv_row(row: PlanRow, problem: Problem) -> tuple[Any, ...]:
    title = row.text.title if row.text else ""
    return (
        *(row.platform, row.file_id, row.name, title, row.action, problem.code, problem.field),
        *(problem.found, problem.limit, problem.suggestion, " ".join(problem.blocks)),
    )
