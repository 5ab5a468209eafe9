"""Reconnecting as people see it: two pictures side by side, why they may be the same, three words.

The large button writes the ids of the certain ones, a second one those that the person confirmed.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from socials_lib.audit import Match
from socials_lib.models import Photo, RemotePhoto
from socials_lib.widgets import audit_words, base, theme, words
from socials_lib.widgets.pager import Pager
from socials_lib.widgets.pair_pictures import PairPictures, Wanted
from socials_lib.widgets.pane import mode_pill
from socials_lib.widgets.reconnect_model import TIER_WORDS, ReconnectModel

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

BOX = (320, 240)
#: A press so soon after another pair came is the second half of a double click, and no answer.
DEAF_SECONDS = 0.5
_ANSWERS = {False: "These are the same", True: "Not the same"}
_EVIDENCE = {
    "stamp": "our stamp with number and picture",
    "address": "its address or id stands in IMatch or the journal",
    "media id": "same media id",
    "picture": "same picture data",
    "time": "taken in the same second",
    "title": "same title",
    "file name": "the title is the file name",
    "caption": "same caption",
    "alt text": "same alt text",
    "size": "same shape",
}
_STYLE = """
.soc .sidebyside{display:flex;flex-wrap:wrap;gap:16px}.soc .sidebyside figure{margin:0;width:320px}
.soc .sidebyside figcaption{margin-top:4px;overflow-wrap:anywhere;min-height:60px}
.soc .sidebyside .cut{max-width:100%}
.soc .match{min-height:380px}
"""


class Reconnect(base.View):
    """The view of a `ReconnectModel`; `pairs.matches` in a notebook."""

    def __init__(self, model: ReconnectModel) -> None:
        super().__init__("reconnect", extra_style=_STYLE)
        self.add_class(f"soc-reconnect-{model.platform}")
        self.model = model
        self.pictures = PairPictures(model.wb, box=BOX)
        self._lock = threading.RLock()
        self._filling = base.Filling()
        self.deaf_seconds = DEAF_SECONDS
        self._front: tuple[str, str] | None = None
        self._turned_at = float("-inf")
        self._make()
        self.code = base.as_code(
            f'wb.link([one for one in wb.reconnect("{model.platform}") if one.tier == "certain"])'
        )
        self._painter = base.Painter(self.paint)
        model.observe(lambda _: self._painter.now(), ["edition", "state", "asking"])
        model.observe(lambda _: self._painter.ask(), "progress")
        model.observe(lambda change: self.show_message(change["new"]), "message")
        model.list.observe(lambda _: self._painter.ask(), ["state", "progress"])
        self.trouble.handlers = {"Check again": lambda: self._again()}
        self.paint()

    @property
    def matches(self) -> tuple[Match, ...]:
        """All matches; waits for them, and raises what stood in the way."""
        self.model.wait()
        if self.model.matches is None:
            raise self.model.error or LookupError("nothing was looked for yet")
        return self.model.matches

    def use(self, wb: Workbench) -> None:
        """The cell ran again: what was said stays; it is looked anew."""
        self.model.wb = self.pictures.wb = wb
        self.begin()
        self.paint()

    def begin(self) -> None:
        """Look in the list of before; without one the list comes first."""
        self.model.list.look()
        if not self.model.list.is_listing:
            self.model.look()

    def _make(self) -> None:
        self.head, self.status = base.row(), w.HTML()
        self.pager = Pager(1, self.safely(self.model.go_to), what="pairs")
        self.pair, self.why = w.HTML(), w.HTML()
        self.pair.add_class("pair-view")
        self.choice = w.Dropdown(description="Which photo", options=[("–", "")])
        self.choice.style.description_width = "initial"
        self.choice.layout.width = "480px"
        self.choice.observe(self.safely(self._on_choice), "value")
        self.same = base.button("These are the same", "same")
        self.other = base.button("Not the same", "other", tip="It is not proposed again")
        self.later = base.button("Later", "later", tip="It goes to the end of the row")
        self.back = base.button("Take it back", "back", tip="Nothing was said about this pair")
        self.same.on_click(self.safely(lambda _: self._say(self.model.same)))
        self.other.on_click(self.safely(lambda _: self._say(self.model.not_the_same)))
        self.later.on_click(self.safely(lambda _: self._say(self.model.put_off)))
        self.back.on_click(self.safely(lambda _: self._say(self.model.take_back)))
        self.answers = base.row(self.same, self.other, self.later)
        self.last, self.slip = w.HTML(), base.button("Take it back", "slip")
        self.said_last = base.row(self.last, self.slip)
        self.slip.on_click(self.safely(lambda _: self.model.take_back_last()))
        self.match = w.VBox([self.pager, self.pair, self.choice, self.why, self.answers])
        self.match.add_class("match")
        self.link_certain = base.button("Link", "go", "link-certain")
        self.link_said = base.button("Link", "link-said")
        self.link_certain.on_click(self.safely(lambda _: self._ask("certain")))
        self.link_said.on_click(self.safely(lambda _: self._ask("said")))
        self.question = w.HTML()
        self.yes, self.no = base.button("Link", "go", "yes"), base.button("Not now", "no")
        self.yes.on_click(self.safely(lambda _: self._link()))
        self.no.on_click(self.safely(lambda _: self._not_now()))
        self.note = w.HTML('<span class="mute">writes posted, id and url to IMatch</span>')
        self.actions = base.row(self.link_certain, self.link_said, self.note)
        self.look_again = base.button("Look again", "look-again")
        self.look_again.on_click(self.safely(lambda _: self._again()))
        self.result = w.HTML()

    # what the person does

    def _again(self) -> None:
        self.model.look()

    def _say(self, act: Any) -> None:
        match = self.model.current
        if match is not None and time.monotonic() - self._turned_at >= self.deaf_seconds:
            self.pager.field.focus()
            act(match)

    def _on_choice(self, change: Any) -> None:
        match = self.model.current
        if not self._filling and match is not None and change["new"]:
            self.model.choose(match, change["new"])

    def _ask(self, which: str) -> None:
        if self.model.ask(which):
            self.no.focus()

    def _not_now(self) -> None:
        self.model.not_now()
        self.link_certain.focus()

    def _link(self) -> None:
        self.look_again.focus()
        self.model.link()

    # painting

    def paint(self) -> None:
        """Everything as the model has it; any thread may ask."""
        model = self.model
        if not model.list.is_set_up:
            self.body.children = (w.HTML(audit_words.not_set_up(model.platform)),)
            return
        with self._lock:
            self._paint_head()
            self._paint_match()
            self._paint_actions()
            some = [self.match, self.actions] if model.matches else []
            parts = (self.head, self.status, *some, *self._last(), self.result)
            base.set_if_new(self.body, children=(*parts, base.row(self.look_again), self.code))

    def _paint_head(self) -> None:
        model = self.model
        busy = model.is_busy or model.list.is_listing
        said = base.loading(model.progress or model.list.progress) if busy else ""
        if not busy and model.matches == ():
            said = f'<p class="ok">{theme.DONE} Nothing to reconnect: no other photo on '
            said += f"{words.platform(model.platform)} looks like one in IMatch.</p>"
        elif not busy and model.matches is None:
            said = f'<p class="mute">{theme.SKIPPED} Nothing was looked for yet.</p>'
        base.set_if_new(self.status, value=said)
        base.set_if_new(self.look_again, disabled=busy)
        if model.matches is None:
            self.head.children = ()
            return
        total = words.count(len(model.matches), "photo")
        children: list[Any] = [w.HTML(f"<b>{total} online to reconnect</b> =")]
        for tier, number in model.tiers.items():
            made = base.button(f"{TIER_WORDS[tier]} {number:,}", "num", f"tier-{tier}")
            base.set_class(made, "mod-active", tier == model.tier)
            made.on_click(self.safely(lambda _, tier=tier: model.choose_tier(tier)))
            children += [*([w.HTML("+")] if len(children) > 1 else []), made]
        self.head.children = children

    def _paint_match(self) -> None:
        model, match = self.model, self.model.current
        self.pager.paint(model.at + 1, len(model.shown))
        self._note_front(match)
        if match is None:
            return
        here, there = model.pictures(match)
        photo = model.photos.get(model.choice(match))
        base.set_if_new(self.pair, value=self._pair(match, photo, here, there))
        said = " · ".join(_EVIDENCE.get(one, one) for one in match.evidence)
        pill = theme.pill(theme.READY, TIER_WORDS[match.tier], "accent")
        base.set_if_new(self.why, value=f"<p>{pill} {theme.esc(said) or 'one sign only'}</p>")
        self._paint_choice(match)
        is_said = match.remote.ref.remote_id in model.said
        base.set_if_new(self.same, disabled=is_said or model.is_busy)
        base.set_if_new(self.other, disabled=model.is_busy)
        wanted = (self.same, self.other, self.back if is_said else self.later)
        base.set_if_new(self.answers, children=wanted)
        pictures = [one for one in (here, there) if one is not None]
        self.pictures.ask(self, pictures, lambda _wanted, _markup: self._painter.ask())

    def _note_front(self, match: Match | None) -> None:
        """Remember when another pair took the place of the one that was looked at."""
        ident = match.remote.ref.remote_id if match is not None else ""
        front = (ident, self.model.choice(match)) if match is not None else None
        if front != self._front and self._front is not None:
            self._turned_at = time.monotonic()
        self._front = front

    def _last(self) -> tuple[Any, ...]:
        """What was said last, and the way back; not where the pair in front says so itself."""
        last, current = self.model.last, self.model.current
        if last is None or (current is last.before and not last.wrong):
            return ()
        title, answer = self.model.online_title(last.before), _ANSWERS[bool(last.wrong)]
        said = f'<span class="mute">{theme.quoted(title)}: you said “{answer}”.</span>'
        base.set_if_new(self.last, value=said)
        base.set_if_new(self.slip, disabled=self.model.is_busy)
        return (self.said_last,)

    def _paint_choice(self, match: Match) -> None:
        """Only where several photos fit there is something to choose."""
        model = self.model
        options = [(_option(model.photos.get(one), one), one) for one in match.file_ids]
        with self._filling:
            if list(self.choice.options) != options:
                self.choice.options = options
            base.set_if_new(self.choice, value=model.choice(match))
        shown = None if len(match.file_ids) > 1 else "none"
        base.set_if_new(self.choice.layout, display=shown)

    def _pair(
        self, match: Match, photo: Photo | None, here: Wanted | None, there: Wanted | None
    ) -> str:
        mine = _photo_words(photo) if photo is not None else "no longer in IMatch"
        ident = match.remote.ref.remote_id
        said = theme.pill(theme.DONE, "You say: the same", "ok") if ident in self.model.said else ""
        theirs = _remote_words(match.remote, self.model.online_title(match))
        figures = (
            f"<figure>{self.pictures.now(wanted)}<figcaption><b>{name}</b> {text}</figcaption>"
            "</figure>"
            for name, wanted, text in (
                ("IMatch", here, mine),
                ("Online", there, f"{theirs} {said}"),
            )
        )
        return f'<div class="sidebyside">{"".join(figures)}</div>'

    def _paint_actions(self) -> None:
        model = self.model
        certain, said = len(model.certain), len(model.confirmed)
        base.set_if_new(
            self.link_certain,
            description=f"Link the {certain:,} certain…" if certain else "No certain ones",
            disabled=not certain or model.is_busy,
        )
        base.set_if_new(
            self.link_said,
            description=f"Link the {said:,} you confirmed…" if said else "None confirmed yet",
            disabled=not said or model.is_busy,
        )
        wanted: tuple[Any, ...] = (self.link_certain, self.link_said, self.note)
        if model.asking:
            photos = words.count(len(model.to_link(model.asking)), "photo")
            pill = mode_pill(model.wb, "") if model.wb.mode == "demo" else ""
            asked = f"<b>{theme.esc(model.question)}</b> {pill}"
            base.set_if_new(self.question, value=asked)
            base.set_if_new(self.yes, description=f"Link {photos}")
            wanted = (self.question, self.yes, self.no)
        base.set_if_new(self.actions, children=wanted)
        base.set_if_new(self.result, value=self._result())

    def _result(self) -> str:
        model = self.model
        lines = []
        if model.linked:
            photos = words.count(model.linked, "photo")
            lines.append(f'<p class="ok" role="alert">{theme.DONE} {photos} linked in IMatch.</p>')
        lines += [
            f'<p class="err">{theme.FAILED} {theme.text(one.name or one.remote_id)}: '
            f"{theme.esc(one.message)}</p>"
            for one in model.failed
        ]
        return "".join(lines)


def _option(photo: Photo | None, file_id: str) -> str:
    if photo is None:
        return file_id
    taken = f", {words.short_date(photo.date_time.date())}" if photo.date_time else ""
    return f"{photo.title or photo.name} ({photo.name}{taken})"


def _photo_words(photo: Photo) -> str:
    taken = f"{photo.date_time:%Y-%m-%d %H:%M:%S}" if photo.date_time else "no date"
    size = f"{photo.width:,} x {photo.height:,}" if photo.width and photo.height else ""
    parts = [theme.text(photo.name), taken, size]
    return f"{theme.cut(photo.title or photo.name)}<br>{' · '.join(filter(None, parts))}"


def _remote_words(remote: RemotePhoto, title: str) -> str:
    taken = (remote.date_taken or "").replace("T", " ")
    size = f"{remote.width:,} x {remote.height:,}" if remote.width and remote.height else ""
    posted = f"posted {words.short_date(remote.posted.date())}" if remote.posted else ""
    link = theme.link(remote.ref.url, "Open it") if remote.ref.url else ""
    parts = filter(None, (theme.esc(taken), size, posted, link))
    return f"{theme.cut(title)}<br>{' · '.join(parts)}"
