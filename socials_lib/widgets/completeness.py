"""The matrix of fields and platforms, the kinds of findings, and the photos behind each number."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from socials_lib import audit
from socials_lib.models import PlatformName
from socials_lib.widgets import audit_words, base, theme, words
from socials_lib.widgets.completeness_model import PAGE, CompletenessModel, Shown
from socials_lib.widgets.pager import Pager
from socials_lib.widgets.pair_pictures import PairPictures, Wanted
from socials_lib.workbench.auditing import MetadataAudited

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

_CSV = ("platform", "file_id", "file", "title", "found", "value", "suggestion")
_STYLE = """
.soc .matrix{display:block;overflow:visible}.soc .matrix>*{margin:0;overflow:visible}
.soc .matrix .line{display:flex;align-items:center;gap:8px;min-height:36px;
border-bottom:1px solid var(--hair)}
.soc .matrix .line>*{margin:0;flex:0 0 200px}.soc .matrix .line>.name{flex:0 0 120px}
.soc .gaps{max-height:520px;overflow-y:auto;overflow-x:hidden;display:block;
border:1px solid var(--hair);border-radius:8px}
.soc .gap{display:flex;gap:8px;padding:8px;border-bottom:1px solid var(--hair);overflow:hidden}
.soc .gap>*{margin:0}.soc .gap .thumb{flex:0 0 96px;width:96px}
.soc .gap .right{flex:1 1 0;min-width:0}
"""


class GapCard(w.HBox):
    """One photo of the list."""

    def __init__(self, on_ignore: Any) -> None:
        self.shown: Shown | None = None
        self.picture, self.text = w.HTML(), w.HTML()
        self.picture.add_class("thumb")
        self.text.add_class("right")
        self.ignore = base.button("Always ignore", tip="This is never shown again for this photo")
        self.ignore.on_click(lambda _: on_ignore(self.shown) if self.shown is not None else None)
        super().__init__([self.picture, self.text, self.ignore])
        self.add_class("gap")

    @property
    def wanted(self) -> Wanted | None:
        """The picture of this photo."""
        if self.shown is None:
            return None
        photo = self.shown.photo
        return Wanted(side="imatch", source=photo.path, title=photo.title or photo.name)

    def fill(self, row: Shown, pictures: PairPictures) -> None:
        """Show this photo."""
        self.shown = row
        photo = row.photo
        found = f" “{theme.text(row.found)}”" if row.found else ""
        hint = f'<p class="mute">{theme.text(row.suggestion)}</p>' if row.suggestion else ""
        base.set_if_new(
            self.text,
            value=(
                f"<p><b>{theme.cut(photo.title or photo.name)}</b> "
                f'<span class="mute">{theme.text(photo.name)}</span></p>'
                f"<p>{theme.WARNING} {theme.esc(row.words)}{found}</p>{hint}"
            ),
        )
        base.set_if_new(self.ignore.layout, display=None if row.findings else "none")
        self.paint_picture(pictures)

    def paint_picture(self, pictures: PairPictures) -> None:
        """The picture as far as it is there."""
        base.set_if_new(self.picture, value=pictures.now(self.wanted))


class Completeness(base.View):
    """The view of a `CompletenessModel`."""

    def __init__(self, model: CompletenessModel) -> None:
        super().__init__("completeness", extra_style=_STYLE)
        self.model = model
        self.pictures = PairPictures(model.wb)
        self._lock = threading.RLock()
        self.cards: list[GapCard] = []
        self.status, self.head = w.HTML(), w.HTML()
        self.matrix = w.VBox([])
        self.matrix.add_class("matrix")
        self.kinds = w.VBox([])
        self.said = w.HTML()
        self.list = w.VBox([])
        self.list.add_class("gaps")
        self.pager = Pager(PAGE, self.safely(model.go_to), what="photos")
        self.hand = base.button("Hand over", "hand-over")
        self.hand.on_click(self.safely(lambda _: self._hand_over()))
        self.csv, self.handed = w.HTML(), w.HTML()
        self.foot = base.row(self.hand, self.csv, self.handed)
        self.again = base.button("Read IMatch again", "again")
        self.again.on_click(self.safely(lambda _: self._look()))
        self.code = base.as_code("wb.frame(wb.audit_metadata())")
        self._painter = base.Painter(self.paint)
        model.observe(lambda _: self._painter.now(), ["edition", "state", "handed"])
        model.observe(lambda _: self._painter.ask(), "progress")
        model.observe(lambda _: self._paint_page(), "page")
        model.observe(lambda change: self.show_message(change["new"]), "message")
        self.trouble.handlers = {"Check again": self._look}
        self.paint()

    @property
    def found(self) -> MetadataAudited:
        """Matrix, findings and photos; waits for them, and raises what stood in the way."""
        self.model.wait()
        if self.model.found is None:
            raise self.model.error or LookupError("IMatch was not read yet")
        return self.model.found

    def use(self, wb: Workbench) -> None:
        """The cell ran again: the chosen number stays; IMatch is read anew."""
        self.model.wb = self.pictures.wb = wb
        self.model.look()

    def _look(self) -> None:
        self.model.look()

    def _hand_over(self) -> None:
        self.model.hand_over()

    def _ignore(self, row: Shown) -> None:
        self.again.focus()
        self.model.ignore(row)

    # painting

    def paint(self) -> None:
        """Everything as the model has it; any thread may ask."""
        with self._lock:
            self._paint_all()

    def _paint_all(self) -> None:
        model = self.model
        said = base.loading(model.progress, spoken=False) if model.is_busy else ""
        base.set_if_new(self.status, value=said)
        base.set_if_new(self.again, disabled=model.is_busy)
        parts: list[Any] = [self.status]
        if model.found is not None:
            self._paint_matrix()
            self._paint_kinds()
            self._paint_page()
            parts += [self.head, self.matrix, self.kinds]
            parts += [self.said, self.pager, self.list, self.foot] if model.chosen else []
        base.set_if_new(self.body, children=(*parts, base.row(self.again), self.code))

    def _paint_matrix(self) -> None:
        model = self.model
        totals = {one.platform: one.total for one in model.coverage}
        photos = ", ".join(
            f"{words.count(total, 'photo')} for {words.platform(name)}"
            for name, total in totals.items()
        )
        base.set_if_new(self.head, value=f"<b>{photos or 'No photo in Socials yet'}</b>")
        lines = []
        for field in dict.fromkeys(one.field for one in model.coverage):
            cells = [self._cell(name, field) for name in totals]
            name = w.HTML(theme.esc(audit_words.field_name(field)))
            name.add_class("name")
            line = w.HBox([name, *cells])
            line.add_class("line")
            lines.append(line)
        self.matrix.children = lines

    def _cell(self, platform: PlatformName, field: str) -> Any:
        found = (
            one for one in self.model.coverage if (one.platform, one.field) == (platform, field)
        )
        one = next(found)
        missing = one.total - one.filled
        if (platform, field) == ("flickr", "alt_text"):
            return w.HTML('<span class="mute">– Flickr has no alt texts</span>')
        service = words.platform(platform)
        if not missing:
            return w.HTML(f'<span class="ok">{theme.DONE} all {one.total:,}</span> on {service}')
        made = base.button(
            f"{missing:,} of {one.total:,} missing on {service}",
            "num",
            f"gap-{platform}-{field}",
            tip=f"Show the {words.count(missing, 'photo')} without this field",
        )
        chosen = ("missing", platform, field)
        base.set_class(made, "mod-active", chosen == self.model.chosen)
        made.on_click(self.safely(lambda _: self.model.choose(*chosen)))
        return made

    def _paint_kinds(self) -> None:
        """One line for each platform: what else was found."""
        by_platform: dict[PlatformName, list[Any]] = {}
        for (platform, code), number in self.model.kinds.items():
            by_platform.setdefault(platform, []).append(self._kind(platform, code, number))
        self.kinds.children = [
            base.row(w.HTML(f"<b>{words.platform(name)}</b>"), *buttons)
            for name, buttons in by_platform.items()
        ]

    def _kind(self, platform: PlatformName, code: str, number: int) -> w.Button:
        label = f"{audit.CODES[code].words} {number:,}"
        made = base.button(label, "num", f"kind-{platform}-{code}", tip=f"Show these: {label}")
        chosen = ("kind", platform, code)
        base.set_class(made, "mod-active", chosen == self.model.chosen)
        made.on_click(self.safely(lambda _: self.model.choose(*chosen)))
        return made

    def _paint_page(self) -> None:
        model = self.model
        rows, every = model.page_rows, model.rows
        with self._lock:
            while len(self.cards) < min(PAGE, len(rows)):
                self.cards.append(GapCard(self.safely(self._ignore)))
            for card, row in zip(self.cards, rows, strict=False):
                card.fill(row, self.pictures)
            shown = self.cards[: len(rows)]
            base.set_if_new(self.list, children=tuple(shown))
        base.set_if_new(self.said, value=f"<b>{theme.esc(model.what)}</b>")
        self.pager.paint(model.page, len(every))
        self._paint_foot()
        wanted = [one.wanted for one in shown if one.wanted is not None]
        self.pictures.ask(self, wanted, self._show_picture)

    def _paint_foot(self) -> None:
        model, every = self.model, self.model.rows
        photos = len({one.photo.file_id for one in every})
        tip = "To 03_bulk_fix, as a selection in your data folder"
        base.set_if_new(
            self.hand,
            description=f"Hand {words.count(photos, 'photo')} over",
            tooltip=tip,
            disabled=not photos,
        )
        said = ""
        if model.handed is not None:
            name = theme.text(model.handed.name)
            line = f"{theme.DONE} Handed over as “{name}”: open 03_bulk_fix or 01_sync"
            said = f'<span class="ok">{line}</span>'
        base.set_if_new(self.handed, value=said)
        lines = (_csv_row(one, model.chosen[1]) for one in every) if every else ()
        link = base.csv_link("gaps.csv", _CSV, lines) if every and len(every) <= 2000 else ""
        base.set_if_new(self.csv, value=link)

    def _show_picture(self, wanted: Wanted, _markup: str) -> None:
        with self._lock:
            for card in self.cards:
                if card.wanted == wanted:
                    card.paint_picture(self.pictures)


def _csv_row(one: Shown, platform: str) -> tuple[str, ...]:
    photo = one.photo
    return (platform, photo.file_id, photo.name, photo.title, one.words, one.found, one.suggestion)
