"""The step delete on one platform: what leaves, what stays, what is gone already, the typed count.

A photo that people answered to leaves only with its own tick.  The count to type is what leaves for
good with the present ticks; photos that are no longer online are only tidied in IMatch and are not
counted.  It is checked again when the button is pressed, and the field empties with each press.
There is no way to delete on all platforms at once.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import traitlets as t

from socials_lib.errors import (
    PlatformError,
    RateLimited,
    SignedOut,
    SocialsError,
    Unreachable,
)
from socials_lib.models import Engagement, Outcome, Plan, PlanRow, PlatformName, Run
from socials_lib.widgets import base, markup, messages, step_words, words
from socials_lib.widgets.entries import Key
from socials_lib.widgets.jobs import Listen
from socials_lib.widgets.sources import Source
from socials_lib.widgets.step_model import StepOnPlatform

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

#: Up to so many photos what people left is read as soon as the step is shown.
READ_AT_ONCE = 25
GONE = "gone"


class DeleteOnPlatform(StepOnPlatform):
    """`named` are the photos ticked although people answered, `typed` what the field says."""

    named = t.Instance(frozenset, args=())
    typed = t.Unicode("")
    looking = t.Unicode("")

    def __init__(self, wb: Workbench, source: Source, step: str, platform: PlatformName) -> None:
        self.found: dict[Key, Engagement | str] = {}
        self._typed_for: frozenset[Key] = frozenset()
        self.published: int | None = None
        self.looker = base.Worker("look", on_error=self._on_look_error)
        super().__init__(wb, source, step, platform)

    # what is known

    @property
    def deletes(self) -> tuple[PlanRow, ...]:
        """The chosen rows that would leave the platform."""
        return tuple(row for row in self.rows if row.action == "delete")

    @property
    def tidied(self) -> tuple[PlanRow, ...]:
        """Chosen rows that are not online: only IMatch is tidied."""
        return tuple(row for row in self.rows if self._is_gone(row))

    @property
    def engaged(self) -> tuple[PlanRow, ...]:
        """Chosen rows that people answered to."""
        return tuple(row for row in self.deletes if self.engagement(row).any)

    @property
    def leaving(self) -> tuple[PlanRow, ...]:
        """What leaves for good with the present ticks."""
        return tuple(
            row
            for row in self.deletes
            if not self._is_gone(row)
            and not self._is_unreadable(row)
            and (not self.engagement(row).any or row.key in self.named)
        )

    @property
    def staying(self) -> tuple[PlanRow, ...]:
        """Answered to and not ticked by name, or not ours to delete."""
        return tuple(
            row
            for row in self.deletes
            if self._is_unreadable(row) or (self.engagement(row).any and row.key not in self.named)
        )

    @property
    def unknown(self) -> tuple[PlanRow, ...]:
        """Rows of which nobody knows yet what people left."""
        return tuple(row for row in self.deletes if row.key not in self.found)

    def engagement(self, row: PlanRow) -> Engagement:
        """What people left; nothing, as long as it was not read."""
        found = self.found.get(row.key)
        return found if isinstance(found, Engagement) else Engagement()

    def _is_gone(self, row: PlanRow) -> bool:
        return row.action == "skip" or self.found.get(row.key) == GONE

    def _is_unreadable(self, row: PlanRow) -> bool:
        found = self.found.get(row.key)
        return isinstance(found, str) and found != GONE

    def name_it(self, row: PlanRow, on: bool) -> None:
        """Delete this one although people answered to it, or not."""
        self.named = self.named | {row.key} if on else self.named - {row.key}
        self.refresh()
        self.tell()

    def type(self, text: str) -> None:
        """What stands in the field."""
        self.typed, self._typed_for = text, self._counted
        self.refresh()
        self.tell()

    @property
    def _counted(self) -> frozenset[Key]:
        """What the count to type stands for."""
        return frozenset(row.key for row in self.leaving)

    def refresh(self) -> None:
        """As a step; words that were typed for other photos are forgotten."""
        if self.typed and self._typed_for != self._counted:
            self.typed = ""
        super().refresh()

    # reading what people left

    def look(self) -> bool:
        """Read comments, favourites and reblogs in the background; changes nothing."""
        if not self.unknown or self.busy is not None or self.looking:
            return False
        self.looking = "Reading comments and favourites"
        self.looker.ask(self._look)
        self.tell()
        return True

    def _look(self, stop: threading.Event) -> None:
        rows = self.unknown
        if self.published is None and len(self.deletes) > self.wb.settings.most_deletes(0):
            self.published = self.wb.published(self.platform)
        for number, row in enumerate(rows, start=1):
            if stop.is_set():
                break
            self.found[row.key] = self._left_under(row)
            self.looking = markup.progress_words("Reading comments of", number, len(rows))
            self.tell(urgent=False)
        self.looking = ""
        self.refresh()
        self.tell()

    def _left_under(self, row: PlanRow) -> Engagement | str:
        """What people left, `GONE`, or why nobody can say (somebody else's photo)."""
        try:
            online = self.wb.refresh([row]).get(row.key)
            left = self.wb.engagement(row)
            return GONE if online is None and not left.any else left
        except (SignedOut, Unreachable, RateLimited):
            raise
        except PlatformError as error:
            return f"{error} {error.hint}".strip()

    def _on_look_error(self, error: BaseException) -> None:
        self.looking = ""
        self.message = messages.from_error(error)
        self.refresh()
        self.tell()

    def _on_job(self, urgent: bool) -> None:
        """What was not deleted is looked at anew before the next press."""
        job = self.job
        if urgent and job is not None and not job.is_running and job is not self._told:
            for key, outcome in job.outcomes.items():
                if outcome.state != "done":
                    self.found.pop(key, None)
        super()._on_job(urgent)

    def _is_over(self, row: PlanRow) -> bool:
        """A photo that stayed because of an answer can still be ticked by name."""
        ended: Outcome | None = self._ended(row)
        is_held = ended is not None and ended.code == "has_engagement"
        return super()._is_over(row) and not is_held

    # may it begin

    @property
    def wanted(self) -> str:
        """The words to type, "" if nothing leaves."""
        return f"delete {len(self.leaving)}" if self.leaving else ""

    @property
    def label(self) -> str:
        """`Delete 1 photo from Flickr`; `Tidy 2 photos in IMatch` if nothing leaves."""
        job = self.job
        if job is not None and job.is_running:
            return super().label
        leaving, tidied = len(self.leaving), len(self.tidied)
        if not leaving and tidied:
            return f"Tidy {words.count(tidied, 'photo')} in IMatch"
        hidden = self.source.hidden(self.leaving) if self.scope == "ticked" else 0
        return step_words.button("delete", self.platform, leaving, hidden)

    def _reasons(self) -> list[str]:
        found = super()._reasons()
        if found:
            return found
        if self.looking:
            return ["Comments and favourites are being read."]
        if self.unknown:
            return ["First look what people left under them."]
        if not self.leaving and not self.tidied:
            return ["All of them stay."]
        if self.over is not None:
            return [self.over.fact]
        if self.wanted and _plain(self.typed) != self.wanted:
            return [f"Type {self.wanted} to allow it."]
        return []

    @property
    def over(self) -> messages.Message | None:
        """M38, if more would go than may go at once."""
        number = len(self.leaving)
        settings = self.wb.settings
        most = settings.most_deletes(self.published or 0)
        if number <= most:
            return None
        published = self.published or number
        return messages.say(
            "M38",
            photos=f"{number:,}",
            published=words.count(published, "photo"),
            percent=words.percent(number, published),
            most=f"{most:,}",
            number=number,
        )

    # pressing

    def press(self) -> bool:
        """Check the words again, empty the field, and begin; False if it may not."""
        typed, wanted = self.typed, self.wanted
        self.refresh()
        reasons = self.blockers
        if reasons:
            self.typed = ""
            self.refresh()
            if wanted and typed and _plain(typed) != wanted:
                photos = words.count(len(self.leaving), "photo")
                self.message = messages.say("M39", typed=typed, photos=photos, wanted=wanted)
            self.tell()
            return False
        return self.begin()

    def begin(self) -> bool:
        """Carry out what leaves and what is only tidied."""
        plan = self.source.plan
        self.refresh()
        if plan is None or self.blockers:
            self.tell()
            return False
        leaving, rows = self.leaving, (*self.leaving, *self.tidied)
        self.typed = ""
        return self.start(rows, lambda listen: self._delete(plan, rows, len(leaving), listen))

    def _delete(self, plan: Plan, rows: Sequence[PlanRow], leaving: int, listen: Listen) -> Run:
        """The typed count, and those already gone, are the most that may be deleted."""
        names = {f"{row.platform}:{row.file_id}" for row in rows}
        named = {f"{platform}:{file_id}" for platform, file_id in self.named}
        gone = sum(row.action == "delete" for row in rows) - leaving
        return self.wb.apply(
            plan,
            keys=sorted(names),
            only=("delete",),
            approve_deletes=leaving + gone,
            approve=sorted((self.source.approved_ids | named) & names),
            listen=listen,
            origin=base.this_notebook(),
        )

    def try_again(self) -> bool:
        """Deletes are never repeated without the typed count: look again first."""
        return self.look()

    # words

    @property
    def forecast(self) -> str:
        """`3 photos are in _delete: 1 leaves Flickr for good, 1 stays, 1 is already gone.`"""
        rows = self.rows
        if not rows:
            return ""
        total = words.count(len(rows), "photo is", "photos are")
        if self.unknown:
            return f"{total} in _delete. {self._budget()}"
        service = words.platform(self.platform)
        parts = [
            _said(len(self.leaving), f"leaves {service} for good", f"leave {service} for good")
        ]
        parts += [_said(len(self.staying), "stays", "stay")]
        parts += [
            _said(
                len(self.tidied),
                "is not online: only IMatch is tidied",
                "are not online: only IMatch is tidied",
            )
        ]
        return f"{total} in _delete: {', '.join(filter(None, parts))}. {self._budget()}"

    def _budget(self) -> str:
        calls = sum(row.calls for row in self.rows)
        try:
            used, allowed, window = self.wb.calls_used(self.platform)
        except SocialsError:
            return ""
        return f"<br>{step_words.budget(calls, used, allowed, window)}"

    def words_of(self, row: PlanRow) -> str:
        """`14 views, no comments, no favourites`."""
        found = self.found.get(row.key)
        if self._is_gone(row):
            return (
                "not online: only IMatch is tidied"
                if row.action == "skip"
                else ("no longer online: only IMatch is tidied")
            )
        if isinstance(found, str):
            return found
        if not isinstance(found, Engagement):
            return "comments and favourites not read yet"
        views = f"{words.count(found.views, 'view')}, " if found.views else ""
        return views + found.in_words()


def _said(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}" if count else ""


def _plain(text: str) -> str:
    return " ".join(text.replace(",", "").casefold().split())
