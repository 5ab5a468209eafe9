"""A row of the fix-it list: its picture, what is wrong, what helps, and what is staged."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import ipywidgets as w

from socials_lib.models import Limits, PlanRow, RelatedFile, UploadFile, root_category
from socials_lib.widgets import base, fix_text, pills, theme, words
from socials_lib.widgets.fix_model import FixesModel
from socials_lib.widgets.fix_offers import Offer
from socials_lib.widgets.pictures import Thumbnails
from socials_lib.widgets.pills import Pill

#: So many versions are offered.
MOST_VERSIONS = 12
WRITTEN = Pill(code="written", sign=theme.DONE, words="Written", tone="ok")
STAGED = Pill(code="staged", sign=theme.DONE, words="Staged", tone="ok")
Safely = Callable[[Callable[..., None]], Callable[..., None]]

STYLE = """
.soc .cards{max-height:520px;overflow-y:auto;overflow-x:hidden;display:block;
border:1px solid var(--hair);border-radius:8px;margin:8px 0}
.soc .fix{display:flex;gap:12px;padding:8px;border-bottom:1px solid var(--hair);overflow:hidden}
.soc .fix>*{margin:0}.soc .fix>.thumb{width:96px;flex:0 0 auto}
.soc .fix .right{flex:1 1 0;min-width:0;gap:4px;overflow:hidden;padding:2px}
.soc .fix .right>*{margin:0}
.soc .fix ul{margin:4px 0;padding:0;list-style:none}.soc .fix li{margin:3px 0}
.soc .fix.staged{background:var(--tint);box-shadow:inset 3px 0 0 var(--accent)}
.soc .fix .said{overflow-wrap:anywhere}
.soc .fix .staged-line{align-items:center;gap:4px 8px}
.soc .fix .staged-line .widget-html{flex:1 1 300px;min-width:0}
.soc .fix .staged-line p{margin:2px 0}
.soc .fix .panel{border-left:3px solid var(--accent);padding:4px 0 4px 12px;gap:6px;
overflow:visible}
.soc .fix .panel>*{margin:0}
.soc .fix .words{width:100%;max-width:640px}
.soc .fix .words .widget-label{flex:0 0 auto;margin-right:8px}
.soc .fix textarea{min-height:96px}
.soc .fix .words input,.soc .fix .words textarea{scroll-margin-bottom:64px}
.soc .fix .version{width:auto;align-items:flex-start;gap:4px;margin:0 12px 0 0}
.soc .fix .version>*{margin:0}
"""


class Card(w.HBox):
    """One row of the list; the widgets of a card are filled again and again."""

    def __init__(self, model: FixesModel, thumbnails: Thumbnails, safely: Safely) -> None:
        self.model, self.thumbnails, self._safely = model, thumbnails, safely
        self.shown: PlanRow | None = None
        self.offers: tuple[Offer, ...] = ()
        self._fixes: dict[tuple[str, str], w.Button] = {}
        # classes at once: ten more cards are made when the page is turned, in few messages
        self.picture, self.text = w.HTML(_dom_classes=("thumb",)), w.HTML()
        self.skip = self._button("Skip this photo", self._skip)
        self.release = self._button("Delete anyway", self._release)
        self.buttons = w.HBox([self.skip, self.release], _dom_classes=("wrap",))
        self._make_staged()
        self.panel = w.VBox([], layout=w.Layout(display="none"), _dom_classes=("panel",))
        self._writing: dict[str, Words] = {}
        self._open = ""
        parts = [self.text, self.buttons, self.staged_line, self.panel]
        right = w.VBox(parts, _dom_classes=("right",))
        super().__init__([self.picture, right], _dom_classes=("fix",))

    def _make_staged(self) -> None:
        self.staged = w.HTML()
        self.undo = self._button(
            "Undo", self._undo, tip="Forget this fix; nothing of it is in IMatch yet"
        )
        self.staged_line = w.HBox(
            [self.staged, self.undo],
            layout=w.Layout(display="none"),
            _dom_classes=("wrap", "staged-line"),
        )

    def _button(self, label: str, act: Callable[[], None], *, tip: str = "") -> w.Button:
        made = base.button(label, tip=tip)
        made.on_click(self._safely(lambda _: act()))
        return made

    # showing

    def fill(self, row: PlanRow, picture: str) -> None:
        """Show this row."""
        if self.shown is None or self.shown.key != row.key:
            self._close()
        self.shown = row
        base.set_if_new(self.picture, value=picture)
        self.paint()

    def paint(self) -> None:
        """What is wrong, what helps and what is staged; only what differs is sent."""
        row, model = self.shown, self.model
        if row is None:
            return
        fixes = model.stage.of(row)
        left = model.left(row)
        base.set_if_new(self.text, value=fix_text.row_html(row, left, self._pill(row)))
        base.set_class(self, "staged", bool(fixes))
        limits = model.judge.limits(row.platform) if fixes else None
        shown = (
            f"<p>{fix_text.staged_html(one, row, _limit(one.cell.field, row, limits))}</p>"
            for one in fixes
        )
        base.set_if_new(self.staged, value="".join(shown))
        base.set_if_new(self.staged_line.layout, display=None if fixes else "none")
        self._paint_choices(row)
        self._paint_buttons(row)

    def _pill(self, row: PlanRow) -> Pill | None:
        """Where the row stands: written, staged, skipped, released; None while it is blocked."""
        if self.model.is_written(row):
            return WRITTEN
        if self.model.stage.of(row):
            if self.model.is_mended(row) or not row.blocked:
                return STAGED
            count = sum(one.severity == "error" for one in self.model.left(row))
            return Pill(
                code="staged", sign=theme.WARNING, words=f"Staged, {count:,} left", tone="warn"
            )
        pill = self.model.picker.pill(row.key)
        return (
            pill
            if pill.code not in ("blocked", "ready", "none")
            or (row.key in self.model.picker.released)
            else None
        )

    def _paint_choices(self, row: PlanRow) -> None:
        picker = self.model.picker
        skipped, released = row.key in picker.skipped, row.key in picker.released
        root = root_category(row.platform)
        base.set_if_new(
            self.skip,
            description="Take it back in" if skipped else "Skip this photo",
            tooltip="It is not ticked and not sent from this notebook; to leave it out for good,"
            f" take it out of {root} in IMatch",
        )
        base.set_if_new(
            self.release,
            description="Do not delete it" if released else "Delete anyway",
            tooltip="The faults shown here no longer hold this delete back; the step Delete asks",
        )

    def _paint_buttons(self, row: PlanRow) -> None:
        self.offers = self.model.offers(row)
        several = len({one.field for one in self.offers if one.field}) > 1
        for made, one in zip(self.fixes, self.offers, strict=True):
            base.set_if_new(made, description=one.whole if several else one.label)
            base.set_if_new(made, tooltip=self._tip(one))
        shown: list[Any] = [*self.fixes, self.skip]
        shown += [self.release] if pills.is_held_back(row) else []
        base.set_if_new(self.buttons, children=tuple(shown))

    @property
    def fixes(self) -> list[w.Button]:
        """The buttons of the fixes that are offered, in their order."""
        return [self._fix_button(one.act, one.field) for one in self.offers]

    def _fix_button(self, act: str, field: str) -> w.Button:
        """The button of this fix, made once: a second press must not find another fix there."""
        if (act, field) not in self._fixes:
            press = functools.partial(self._press, act, field)
            self._fixes[act, field] = self._button("Fix", press)
        return self._fixes[act, field]

    def _tip(self, offer: Offer) -> str:
        if offer.act == "fit":
            return "For all pictures that are too large, in this notebook; see them in the preview"
        return f"{offer.whole}; nothing is written to IMatch yet"

    # pressing

    def _row(self) -> PlanRow | None:
        """The row that was pressed; None if it has left the list while the press was on its way."""
        row = self.shown
        return row if row is not None and row.key in self.model.picker.by_key else None

    def _press(self, act: str, field: str) -> None:
        row = self._row()
        offer = next((one for one in self.offers if (one.act, one.field) == (act, field)), None)
        if row is None or offer is None:
            return
        if offer.act == "write":
            self._open_words(row, offer.field)
        elif offer.act == "version":
            self._open_versions(row)
        elif offer.act == "fit":
            self.model.make_smaller()
        else:
            self._close()
            self.model.fix(row.key, offer.act)
            self._focus_undo()

    def _focus_undo(self) -> None:
        """The button that was pressed is gone: the way back gets the focus."""
        if self.shown is not None and self.model.stage.of(self.shown):
            self.undo.focus()

    def _skip(self) -> None:
        row, picker = self._row(), self.model.picker
        if row is not None:
            picker.skip(row.key, row.key not in picker.skipped)

    def _release(self) -> None:
        row, picker = self._row(), self.model.picker
        if row is not None:
            picker.release(row.key, row.key not in picker.released)

    def _undo(self) -> None:
        row = self._row()
        if row is not None:
            self.model.undo(row.key)
            self.buttons.children[0].focus()

    # the panel: words of the person, a choice of versions

    def _close(self) -> None:
        self._open = ""
        base.set_if_new(self.panel.layout, display="none")
        base.set_if_new(self.panel, children=())

    def _show_panel(self, *children: Any) -> None:
        self.panel.children = children
        base.set_if_new(self.panel.layout, display=None)

    def _open_words(self, row: PlanRow, field: str) -> None:
        now = self.model.now(row)
        if now is None:
            return
        if field not in self._writing:
            self._writing[field] = Words(field, self._stage_words, self._not_now, self._safely)
        writing = self._writing[field]
        limits = self.model.judge.limits(row.platform)
        writing.fill(str(getattr(now, field)), _limit(field, row, limits))
        self._open = field
        self._show_panel(writing)
        writing.field.focus()

    def _stage_words(self, field: str, text: str) -> None:
        row = self._row()
        if row is None:
            return
        self._close()
        self.model.write_words(row.key, field, text)
        self._focus_undo()

    def _not_now(self) -> None:
        self._close()
        if self.buttons.children:
            self.buttons.children[0].focus()

    def _open_versions(self, row: PlanRow) -> None:
        found = self.model.versions(row)[:MOST_VERSIONS]
        choices = [self._version(row, one) for one in found]
        boxes = base.row(*choices, self._button("Not now", self._not_now))
        said = "Which file is to be sent? It takes this photo's places in"
        said = f"{said} <code>{theme.esc(root_category(row.platform))}</code>."
        self._show_panel(w.HTML(f"<p>{said}</p>"), boxes)
        rows = [_row_of(row, one) for one in found]
        pictures = {
            one.upload.file_id: choice.children[0]
            for one, choice in zip(rows, choices, strict=True)
            if one.upload is not None
        }

        def show(one: PlanRow, picture: str) -> None:
            if one.upload is not None:
                base.set_if_new(pictures[one.upload.file_id], value=picture)

        self.thumbnails.ask((id(self), "versions"), rows, show)
        if choices:
            choices[0].children[-1].focus()

    def _version(self, row: PlanRow, one: RelatedFile) -> w.VBox:
        picture = w.HTML(self.thumbnails.waiting())
        facts = f"{one.format} · {words.size(one.size)}"
        press = self._button(f"Use {one.name}", lambda: self._pick(row, one))
        box = w.VBox([picture, w.HTML(f'<span class="mute">{theme.esc(facts)}</span>'), press])
        box.add_class("version")
        return box

    def _pick(self, row: PlanRow, one: RelatedFile) -> None:
        if row.key not in self.model.picker.by_key:
            return
        self._close()
        self.skip.focus()
        self.model.pick(row.key, one.file_id)


class Words(w.VBox):
    """A labelled field for one text of a photo, with its letters counted as one types."""

    def __init__(
        self,
        field: str,
        on_stage: Callable[[str, str], None],
        on_not_now: Callable[[], None],
        safely: Safely,
    ) -> None:
        self.name, self._on_stage = field, on_stage
        self._limit: int | None = None
        kind = w.Textarea if field == "description" else w.Text
        label = words.field(field) + (", separated by semicolons" if field == "keywords" else "")
        self.field = kind(description=label, placeholder="")
        self.field.style.description_width = "initial"
        self.field.add_class("words")
        self.counter = w.HTML()
        self.stage = base.button("Stage it", tip="Nothing is written to IMatch yet")
        self.no = base.button("Not now")
        self.field.observe(safely(lambda _: self._count()), "value")
        self.field.on_msg(safely(self._on_message))
        self.stage.on_click(safely(lambda _: self._press()))
        self.no.on_click(safely(lambda _: on_not_now()))
        super().__init__([self.field, base.row(self.stage, self.no, self.counter)])
        self.add_class("panel-words")

    def fill(self, text: str, limit: int | None) -> None:
        """Begin with this text."""
        self._limit = limit
        base.set_if_new(self.field, value=text)
        self._count()

    def _count(self) -> None:
        text = self.field.value.strip()
        too_long = self._limit is not None and len(text) > self._limit
        tone, sign = ("err", f"{theme.FAILED} ") if too_long else ("mute", "")
        said = words.letters(text, self._limit)
        base.set_if_new(self.counter, value=f'<span class="{tone}">{sign}{said}</span>')

    def _on_message(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if isinstance(content, dict) and content.get("event") == "submit":
            self._press()  # Enter in a field of one line

    def _press(self) -> None:
        text = self.field.value.strip()
        if not text:
            said = f"{theme.FAILED} Type the {words.field(self.name).lower()} first."
            base.set_if_new(self.counter, value=base.alert(f'<span class="err">{said}</span>'))
            self.field.focus()
            return
        self._on_stage(self.name, text)


def _row_of(row: PlanRow, one: RelatedFile) -> PlanRow:
    """The row as it would be with this file: for its picture."""
    upload = UploadFile(
        file_id=one.file_id, name=one.name, path=one.path, format=one.format, bytes=one.size or 0
    )
    return replace(row, upload=upload)


def _limit(field: str, row: PlanRow, limits: Limits | None) -> int | None:
    """How many letters a field may have, where that can be said of the field alone."""
    if limits is None:
        return None
    if field == "title" and row.platform == "flickr":
        return limits.max_title
    if field in ("headline", "alt_text") and row.platform == "pixelfed":
        return limits.max_alt_text
    return None
