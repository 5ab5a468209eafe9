"""Photos online without a known id, one pair after the other: the same, not the same, later.

What the person says to a pair is kept (`not the same` in the journal, so that it is not proposed
again); ids are written only by the button that counts them, after its question.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import traitlets as t

from socials_lib.audit import TIERS, Match
from socials_lib.models import Outcome, Photo, PlatformName
from socials_lib.widgets import base, messages, words
from socials_lib.widgets.inventory import InventoryModel
from socials_lib.widgets.jobs import Jobs
from socials_lib.widgets.pair_pictures import Wanted

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

TIER_WORDS = {"certain": "Certain", "likely": "Likely", "choose": "Choose"}


@dataclass(frozen=True, kw_only=True)
class Said:
    """The last answer: the match `before` it, its place, and the file that was not it, if any."""

    before: Match
    place: int
    wrong: str = ""


class ReconnectModel(base.StepModel):
    """The matches of one platform; `at` counts from 0 among the shown ones.

    `said` are remote ids that the person called the same, with the file chosen; `later` those put
    off; `last` the answer that can be taken back; `asking` which matches the question is about:
    `certain`, `said` or "".
    """

    tier = t.Unicode("")
    at = t.Int(0)
    edition = t.Int(0)
    progress = t.Unicode("")
    asking = t.Enum(("", "certain", "said"), default_value="")

    def __init__(self, wb: Workbench, platform: PlatformName) -> None:
        super().__init__()
        self.wb, self.platform = wb, platform
        self.list = InventoryModel.of(wb, platform)
        self.matches: tuple[Match, ...] | None = None
        self.photos: dict[str, Photo] = {}
        self.said: dict[str, str] = {}
        self.last: Said | None = None
        self.later: set[str] = set()
        self.chosen: dict[str, str] = {}
        self.linked = 0
        self.failed: tuple[Outcome, ...] = ()
        self.error: BaseException | None = None
        self._lock = threading.RLock()
        self.worker = base.Worker(f"reconnect-{platform}", on_error=self._on_error)
        self.list.observe(self._on_list, "edition")

    # finding

    @property
    def is_busy(self) -> bool:
        """True while it looks or writes."""
        return bool(self.state == "running")

    def look(self) -> bool:
        """Look for the photos of what is online, in the background; False if busy."""
        if self.is_busy or not self.list.is_set_up:
            return False
        self.state, self.message = "running", None
        self.progress = "Looking for photos that lost their id"
        self.worker.ask(lambda _stop: self._look())
        return True

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until listing and looking have ended."""
        return self.list.wait(timeout) and self.worker.wait(timeout)

    def _on_list(self, _change: object) -> None:
        if self.list.state == "done":
            self.look()
        elif self.list.state == "failed":
            self.message = self.list.message

    def _look(self) -> None:
        found = self.wb.reconnect(self.platform, fresh=False)
        ids = dict.fromkeys(one for match in found for one in match.file_ids)
        photos = self.wb.photos(ids) if ids else ()
        with self._lock:
            self.matches = found
            self.photos = {one.file_id: one for one in photos}
            known = {one.remote.ref.remote_id for one in found}
            self.said = {one: file_id for one, file_id in self.said.items() if one in known}
            self.later &= known
            self.last = None
        self.progress, self.state = "", "done"
        self._renew()

    def _on_error(self, error: BaseException) -> None:
        self.error = error
        self.progress, self.state, self.asking = "", "failed", ""
        self.message = messages.from_error(error)
        self._renew()

    def _renew(self) -> None:
        self.at = max(0, min(self.at, len(self.shown) - 1))
        self.edition += 1

    # what is shown

    @property
    def tiers(self) -> dict[str, int]:
        """Tier -> number of matches, all three."""
        counts = Counter(one.tier for one in self.matches or ())
        return {tier: counts[tier] for tier in TIERS}

    @property
    def shown(self) -> tuple[Match, ...]:
        """The matches of the chosen tier; those put off come last."""
        some = [one for one in self.matches or () if self.tier in ("", one.tier)]
        return tuple(sorted(some, key=lambda one: one.remote.ref.remote_id in self.later))

    @property
    def current(self) -> Match | None:
        """The match in front."""
        shown = self.shown
        return shown[self.at] if self.at < len(shown) else None

    def choose_tier(self, tier: str) -> None:
        """Show one tier; the same again shows all."""
        self.tier = "" if tier == self.tier else tier
        self.at = 0
        self._renew()

    def go_to(self, number: int) -> None:
        """Show the match with this number, from 1; the nearest there is."""
        self.at = max(0, min(number - 1, len(self.shown) - 1))
        self.edition += 1

    def choice(self, match: Match) -> str:
        """The file in front of a match: the chosen one, else the best."""
        chosen = self.chosen.get(match.remote.ref.remote_id, "")
        return chosen if chosen in match.file_ids else match.file_ids[0]

    def choose(self, match: Match, file_id: str) -> None:
        """Show this file beside the photo online."""
        if file_id in match.file_ids and file_id != self.choice(match):
            self.chosen[match.remote.ref.remote_id] = file_id
            self.said.pop(match.remote.ref.remote_id, None)
            self.edition += 1

    def pictures(self, match: Match) -> tuple[Wanted | None, Wanted | None]:
        """The picture of IMatch and the one online."""
        photo, url = self.photos.get(self.choice(match)), match.remote.picture_url
        title = photo.title or photo.name if photo is not None else self.online_title(match)
        here = Wanted(side="imatch", source=photo.path, title=title) if photo is not None else None
        there = self.online_title(match)
        return here, Wanted(side="online", source=url, title=there) if url else None

    @staticmethod
    def online_title(match: Match) -> str:
        """What the photo online is called."""
        remote = match.remote
        return remote.title or remote.caption.strip().partition("\n")[0] or remote.ref.remote_id

    # saying

    def same(self, match: Match) -> None:
        """The person says that they are the same; the next one comes."""
        ident = match.remote.ref.remote_id
        self.said[ident] = self.choice(match)
        self.later.discard(ident)
        self.last = Said(before=match, place=self._place(match))
        self._next()

    def not_the_same(self, match: Match) -> None:
        """The photo in front is not it; without another one the match goes."""
        ident = match.remote.ref.remote_id
        wrong = match.chosen(self.choice(match))
        self.wb.not_the_same(wrong)
        self.last = Said(before=match, place=self._place(match), wrong=wrong.file_ids[0])
        left = tuple(one for one in match.file_ids if one != wrong.file_ids[0])
        self.said.pop(ident, None)
        self.chosen.pop(ident, None)
        with self._lock:
            self.matches = tuple(
                one if one is not match else replace(one, file_ids=left)
                for one in self.matches or ()
                if one is not match or left
            )
        self._renew()

    def put_off(self, match: Match) -> None:
        """Not now: it goes to the end of the row."""
        ident = match.remote.ref.remote_id
        self.said.pop(ident, None)
        self.later.add(ident)
        self.last = None
        self._renew()

    def take_back(self, match: Match) -> None:
        """Nothing was said about this one."""
        self.said.pop(match.remote.ref.remote_id, None)
        self.later.discard(match.remote.ref.remote_id)
        self.last = None
        self._renew()

    def take_back_last(self) -> None:
        """The last answer was a slip: its match is in front again, and nothing is said about it."""
        last = self.last
        if last is None or self.is_busy:
            return
        before, ident = last.before, last.before.remote.ref.remote_id
        if last.wrong:
            self.wb.may_be_the_same(before.chosen(last.wrong))
            self.chosen[ident] = last.wrong
        with self._lock:
            self.last = None
            self.said.pop(ident, None)
            others = [one for one in self.matches or () if one.remote.ref.remote_id != ident]
            self.matches = (*others[: last.place], before, *others[last.place :])
        self.tier, self.at = "", self.shown.index(before)
        self._renew()

    def _place(self, match: Match) -> int:
        return next((n for n, one in enumerate(self.matches or ()) if one is match), 0)

    def _next(self) -> None:
        if self.at + 1 < len(self.shown):
            self.at += 1
        self._renew()

    # linking

    @property
    def certain(self) -> tuple[Match, ...]:
        """The certain ones that nobody put off."""
        some = (one for one in self.matches or () if one.tier == "certain")
        return tuple(one for one in some if one.remote.ref.remote_id not in self.later)

    @property
    def confirmed(self) -> tuple[Match, ...]:
        """Those the person called the same, each with its file."""
        return tuple(
            one.chosen(self.said[one.remote.ref.remote_id])
            for one in self.matches or ()
            if one.remote.ref.remote_id in self.said
        )

    def to_link(self, which: str) -> tuple[Match, ...]:
        """The matches that a button stands for: `certain` or `said`."""
        return self.certain if which == "certain" else self.confirmed

    def ask(self, which: str) -> bool:
        """Ask before ids are written; False if there is nothing to write or it is busy."""
        job = Jobs.of(self.wb).current
        busy = self.is_busy or (job is not None and job.is_running)
        self.asking = which if self.to_link(which) and not busy else ""
        return bool(self.asking)

    def not_now(self) -> None:
        """The question was answered with no."""
        self.asking = ""

    @property
    def question(self) -> str:
        """What linking will do."""
        photos = words.count(len(self.to_link(self.asking)), "photo")
        service = words.platform(self.platform)
        return f"Write posted, id and url of {photos} to IMatch? Nothing changes on {service}."

    def link(self) -> bool:
        """Write the ids of what was asked for, in the background; False if it may not be."""
        chosen = self.to_link(self.asking) if self.asking else ()
        self.asking = ""
        if not chosen or self.is_busy:
            return False
        self.state, self.message = "running", None
        self.progress = f"Writing {words.count(len(chosen), 'id')} to IMatch"
        self.worker.ask(lambda _stop: self._link(chosen))
        return True

    def _link(self, chosen: Iterable[Match]) -> None:
        outcomes = self.wb.link(chosen)
        done = {one.remote_id for one in outcomes if one.state == "done"}
        with self._lock:
            self.linked += len(done)
            self.failed = tuple(one for one in outcomes if one.state != "done")
            self.matches = tuple(
                one for one in self.matches or () if one.remote.ref.remote_id not in done
            )
            self.said = {one: file_id for one, file_id in self.said.items() if one not in done}
            self.last = None
        self.progress, self.state = "", "done"
        self._renew()
