"""The preview: what people will see of each photo, made from the very file that is sent.

The copy is made in a thread when its photo is shown, the newest wish first; nothing is sent by it.
`Online now` is read for the photo shown, when its button is pressed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import ipywidgets as w

from socials_lib.models import PLATFORMS, PlanRow, PlatformName
from socials_lib.system import open_in_browser
from socials_lib.widgets import base, messages, preview_page, theme, words
from socials_lib.widgets import preview_card as card
from socials_lib.widgets.entries import Key
from socials_lib.widgets.picker import PickerModel
from socials_lib.widgets.preview_model import PreviewModel, Shown

#: The list shows this many photos at a time.
LIST = 100
#: After the last tick the preview waits this long.
PAUSE = 0.3


class PreviewView(base.View):
    """The view of a `PreviewModel`: the list at the left, the photo at the right."""

    def __init__(self, model: PreviewModel) -> None:
        super().__init__("preview", extra_style=_STYLE)
        self.model = model
        self._filling = base.Filling()
        self._make_bar()
        self._make_sides()
        self._make_foot()
        self.nothing = w.HTML(f'<p class="mute">{words.DASH} No row is ready or ticked.</p>')
        self.code = base.as_code(
            "wb.preview(picker.rows[0])  # all as one page: show.preview(wb, picker).save()"
        )
        self._painter = base.Painter(self._paint)
        model.observe(lambda _: self._painter.ask(), ["index", "edition"])
        model.observe(lambda _: self._paint(), ["tab", "is_reading"])
        model.observe(lambda change: self.show_message(change["new"]), "message")
        self._follow()
        self._paint()

    def _make_bar(self) -> None:
        self.previous = base.button("‹ Previous", "flip-previous", tip="Previous photo")
        self.next = base.button("Next ›", "flip-next", tip="Next photo")
        self.number = w.BoundedIntText(
            description="Photo",
            min=1,
            max=1,
            continuous_update=False,
            layout=w.Layout(width="104px"),
            style={"description_width": "initial"},
        )
        self.number.add_class("flip-number")
        self.of = w.HTML()
        self.tick = w.Checkbox(description="ticked", indent=False)
        self.back = base.button("Back to the table")
        self.previous.on_click(self.safely(lambda _: self.model.go_to(self.model.index - 1)))
        self.next.on_click(self.safely(lambda _: self.model.go_to(self.model.index + 1)))
        self.number.observe(self.safely(self._on_number), "value")
        self.tick.observe(self.safely(self._on_tick), "value")
        self.back.on_click(self.safely(lambda _: self._on_back()))
        self.bar = base.row(self.previous, self.next, self.number, self.of, self.tick)
        if isinstance(self.model.source, PickerModel):
            self.bar.children = (*self.bar.children, self.back)

    def _make_sides(self) -> None:
        self.list = w.Select(description="Photos", options=[], rows=18)
        self.list.add_class("list")
        self.list.observe(self.safely(self._on_list), "value")
        self.cards = {name: _photo_area() for name in PLATFORMS}
        self.changes = _photo_area()
        self.look = base.button("Look what is online now", tip="Reads this photo; changes nothing")
        self.look.on_click(self.safely(lambda _: self._on_look()))
        self.side = w.VBox([self.changes, base.row(self.look)])
        self.tabs = w.Tab([])
        self.tabs.observe(self.safely(self._on_tab), "selected_index")
        self._names: tuple[str, ...] = ()
        self.sides = w.HBox([self.list, self.tabs])
        self.sides.add_class("sides")

    def _make_foot(self) -> None:
        self.save_all = base.button("Save all as one page", "save-all")
        self.save_all.on_click(self.safely(lambda _: self._on_save()))
        self.open_it = base.button("Open it", tip="In this computer's browser")
        self.open_it.on_click(self.safely(lambda _: self._on_open()))
        self.saved = w.HTML()
        self.saved_path: Path | None = None
        self._saved_words = ""
        self._saving = base.Painter(lambda: base.set_if_new(self.saved, value=self._saved_words))
        self.saver = base.Worker("save-preview", on_error=self._on_save_trouble)
        self.foot = base.row(self.save_all, self.saved)

    def _follow(self) -> None:
        """Follow the picker: new rows after a tick, the photo whose title was pressed."""
        source = self.model.source
        if not isinstance(source, PickerModel):
            return
        renewing = base.Painter(self.model.renew, every=PAUSE)
        source.observe(lambda _: renewing.ask(), ["ticked", "skipped", "released"])
        source.observe(lambda _: self._on_plan(), "edition")
        source.observe(lambda change: self._on_current(change["new"]), "current")

    # what happens

    def _on_plan(self) -> None:
        source = self.model.source
        assert isinstance(source, PickerModel)
        plan = source.plan
        if plan is not None and plan.plan_id != getattr(self, "_plan_id", None):
            self._plan_id = plan.plan_id
            self.model.forget()
            self.model.renew()

    def _on_current(self, key: Key | None) -> None:
        if key is None:
            return
        if self.model.show_key(key):
            self.show_message(None)
        else:
            self.show_message(
                messages.note(
                    "This photo is not among the ready or ticked ones.",
                    "Tick it to see it here.",
                    tone="warn",
                )
            )
        self.list.focus()

    def _on_number(self, change: Any) -> None:
        if not self._filling:
            self.model.go_to(change["new"] - 1)

    def _on_list(self, change: Any) -> None:
        if not self._filling and change["new"] is not None:
            self.model.go_to(change["new"])

    def _on_tab(self, change: Any) -> None:
        if not self._filling and change["new"] is not None:
            self.model.tab = self._names[change["new"]]

    def _on_tick(self, change: Any) -> None:
        source, shown = self.model.source, self.model.current
        if not self._filling and shown is not None and isinstance(source, PickerModel):
            source.tick([row.key for row in shown.rows], change["new"])

    def _on_back(self) -> None:
        source = self.model.source
        if isinstance(source, PickerModel) and self.model.current is not None:
            source.go_back_to(self.model.current.rows[0].key)

    def _on_look(self) -> None:
        self.model.look_online()

    def save(self) -> Path:
        """Write all photos of the preview as one page into the data folder; where it is."""
        return preview_page.save(self.model)

    def _on_save(self) -> None:
        """Busy first, then the work: a small page is written before the next line would run."""
        if self.saver.is_running:
            return
        base.set_if_new(self.save_all, disabled=True, tooltip="The page is being written")
        base.set_if_new(self.foot, children=(self.save_all, self.saved))
        self.saver.start(self._save)

    def _save(self, _stop: threading.Event) -> None:
        def tell(done: int, total: int) -> None:
            self._saved_words = base.loading(base.progress_words("Drawing", done, total))
            self._saving.ask()

        self.saved_path = preview_page.save(self.model, tell)
        self._end_saving(base.path_with_copy(str(self.saved_path)))
        base.set_if_new(self.foot, children=(self.save_all, self.saved, self.open_it))

    def _on_save_trouble(self, error: BaseException) -> None:
        self._end_saving("")
        self.show_error(error)

    def _end_saving(self, said: str) -> None:
        self._saved_words = said
        self._saving.now()
        self._paint_foot()

    def _on_open(self) -> None:
        if self.saved_path is not None:
            open_in_browser(self.saved_path)

    # painting

    def _paint(self) -> None:
        shown = self.model.current
        if shown is None:
            base.set_if_new(self.body, children=(self.nothing, self.code))
            return
        base.set_if_new(self.body, children=(self.bar, self.sides, self.foot, self.code))
        self._paint_foot()
        with self._filling:
            self._paint_tabs()
            self._paint_bar(shown)
            self._paint_list()
        for name in self.model.platforms:
            if self.model.tab == name:
                self._paint_card(name, shown)
        if self.model.tab == "changes":
            self._paint_changes()

    def _paint_tabs(self) -> None:
        names = (*self.model.platforms, "changes")
        if names != self._names:
            self._names = names
            self.tabs.children = [*(self.cards[one] for one in self.model.platforms), self.side]
            said = [f"As on {words.platform(one)}" for one in self.model.platforms]
            self.tabs.titles = [*said, "What changes"]
        if self.model.tab not in names:
            self.model.tab = names[0]
        base.set_if_new(self.tabs, selected_index=names.index(self.model.tab))

    def _paint_bar(self, shown: Shown) -> None:
        model, count = self.model, len(self.model.photos)
        base.set_if_new(self.number, max=count)
        base.set_if_new(self.number, value=model.index + 1)
        base.set_if_new(self.of, value=f"of {count:,}")
        base.set_if_new(self.previous, disabled=model.index == 0)
        base.set_if_new(self.next, disabled=model.index + 1 >= count)
        source = model.source
        is_picker = isinstance(source, PickerModel)
        base.set_if_new(self.tick.layout, display=None if is_picker else "none")
        if isinstance(source, PickerModel):
            keys = {row.key for row in shown.rows}
            base.set_if_new(self.tick, value=keys <= source.ticked)

    def _paint_foot(self) -> None:
        count = len(self.model.photos)
        which = f"all {count:,}" if count <= preview_page.MOST else f"the first {preview_page.MOST}"
        tip = "One file with pictures, in your data folder; nothing is sent"
        label = f"Save {which} as one page" if count > 1 else "Save it as a page"
        base.set_if_new(self.save_all, description=label, tooltip=tip, disabled=False)

    def _paint_list(self) -> None:
        """A hundred photos and the neighbours of both ends, so that Down goes on past the last."""
        first = max(0, self.model.index // LIST * LIST - 1)
        window = self.model.photos[first : self.model.index // LIST * LIST + LIST + 1]
        options = [
            (f"{first + n + 1} {theme.readable(one.title)[:80]}", first + n)
            for n, one in enumerate(window)
        ]
        if tuple(self.list.options) != tuple(options):
            self.list.options = options
        base.set_if_new(self.list, value=self.model.index)

    def _paint_card(self, name: PlatformName, shown: Shown) -> None:
        row = shown.row(name)
        if row is None:
            others = " and ".join(words.platform(one.platform) for one in shown.rows)
            said = f"{words.DASH} Nothing to do on {words.platform(name)}, only on {others}."
            base.set_if_new(self.cards[name], value=f'<p class="mute">{theme.esc(said)}</p>')
            return
        self.model.want(row)
        made = self.model.made.get(row.key)
        shown_picture, facts = card.making(), ""
        if made is not None:
            shown_picture = card.picture(row, made.copy, made.shown, made.problem)
            facts = card.copy_facts(row, made.copy) if made.copy else ""
        parts = (
            shown_picture,
            facts,
            card.counters(row.text, self.model.limits.get(name)),
            card.problems(row),
            card.texts(row),
            card.online_link(row, self._url(row), is_demo=self.model.wb.mode == "demo"),
        )
        base.set_if_new(self.cards[name], value=_scrolled(parts))

    def _url(self, row: PlanRow) -> str:
        source = self.model.source
        if isinstance(source, PickerModel) and row.key in source.by_key:
            return source.url(row.key)
        return row.url

    def _paint_changes(self) -> None:
        shown = self.model.current
        if shown is None:
            return
        online = self.model.online
        parts = [
            card.changes(row, online.get(row.key), was_read=row.key in online) for row in shown.rows
        ]
        base.set_if_new(self.changes, value=_scrolled(parts))
        is_online = any(row.remote_id for row in shown.rows)
        busy = self.model.is_reading
        base.set_if_new(self.look, disabled=busy or not is_online)
        tip = "Reads this photo; changes nothing" if is_online else "This photo is not online yet"
        base.set_if_new(self.look, tooltip=tip)


def _photo_area() -> w.HTML:
    """A tab's content: it takes the focus, so that the keyboard scrolls it and turns over.

    The widget itself has the focus, not the markup inside, which goes with each photo.
    """
    made = w.HTML(tabbable=True)
    made.add_class("flip-area")
    return made


def _scrolled(parts: Iterable[str]) -> str:
    """What stands in a tab."""
    return f'<div class="photo">{"".join(parts)}</div>'


_STYLE = """
.soc .sides{gap:8px;align-items:stretch;height:700px}
.soc .sides>*{margin:8px 0 0}
.soc .list{width:232px;flex:0 0 auto;height:auto;flex-flow:column;display:flex}
.soc .list label{text-align:left;width:auto}
.soc .list select{flex:1 1 auto;width:100%;height:100%!important;padding:4px;
box-sizing:border-box}
.soc .sides .widget-tab{flex:1 1 0;min-width:0}
.soc .widget-tab>.widget-tab-contents{background:var(--panel);border-color:var(--hair);
overflow-y:auto;overflow-x:hidden;padding:12px}
.soc .widget-tab .lm-TabBar-tab,.soc .widget-tab .p-TabBar-tab{background:var(--soft);
color:var(--ink);border-color:var(--hair)}
.soc .list option:checked{background:linear-gradient(var(--tint),var(--tint));color:var(--accent)}
.soc .widget-tab .lm-TabBar-tabLabel{font-family:var(--jp-ui-font-family,sans-serif)}
.soc .widget-tab .lm-mod-current,.soc .widget-tab .p-mod-current{background:var(--panel);
color:var(--accent);font-weight:600}
.soc .widget-tab .lm-mod-current::before,.soc .widget-tab .p-mod-current::before{
background:var(--accent)!important}
.soc .photo{font-size:14px;max-width:560px}
.soc .photo p{margin:4px 0}.soc .photo .said{margin:8px 0;overflow-wrap:anywhere}
.soc .photo .box img{width:100%;height:100%}
.soc table.diff{border-collapse:collapse;background:none;margin:4px 0;width:100%;
table-layout:fixed}
.soc table.diff tr{background:none!important}
.soc table.diff th,.soc table.diff td{text-align:left;vertical-align:top;font-weight:400;
padding:4px 8px 4px 0;border-bottom:1px solid var(--hair);font-size:14px;color:var(--ink);
overflow-wrap:anywhere;white-space:normal}
.soc table.diff th{width:88px;color:var(--mute)}
"""
