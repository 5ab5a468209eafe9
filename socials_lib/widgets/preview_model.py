"""The model of the preview: which photo is shown, its copies, and what is online now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import traitlets as t

from socials_lib.errors import SocialsError
from socials_lib.models import (
    PLATFORMS,
    Limits,
    Plan,
    PlanRow,
    PlatformName,
    RemotePhoto,
    UploadCopy,
)
from socials_lib.widgets import base, messages
from socials_lib.widgets import preview_card as card
from socials_lib.widgets.entries import Key
from socials_lib.widgets.picker import PickerModel

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench


#: So many copies are kept in memory, so that turning back is instant.
KEPT = 40


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One photo with its rows, one for each platform it goes to."""

    file_id: str
    rows: tuple[PlanRow, ...]

    @property
    def title(self) -> str:
        """The title, else the file name."""
        return self.rows[0].title

    def row(self, platform: PlatformName) -> PlanRow | None:
        """The row on this platform, None if the photo has none there."""
        return next((one for one in self.rows if one.platform == platform), None)


@dataclass(frozen=True, kw_only=True)
class Made:
    """The copy of a row, the bytes to show, or the reason why there is none."""

    copy: UploadCopy | None
    shown: bytes = b""
    problem: str = ""


class PreviewModel(base.StepModel):
    """Which photo and which side of it is shown; `edition` rises when something became known.

    `source` is the model of a picker (its ticked or ready rows) or a plan (all its rows).
    """

    index = t.Int(0)
    tab = t.Unicode("flickr")
    edition = t.Int(0)
    is_reading = t.Bool(False)

    def __init__(self, wb: Workbench, source: PickerModel | Plan) -> None:
        super().__init__()
        self.wb, self.source = wb, source
        self.photos: tuple[Shown, ...] = ()
        self.made: dict[Key, Made] = {}
        self.online: dict[Key, RemotePhoto | None] = {}
        self.limits: dict[PlatformName, Limits] = {}
        self.copies = base.Worker("preview", on_error=self._on_trouble)
        self.reader = base.Worker("online-now", on_error=self._on_trouble)
        self.renew()

    @property
    def platforms(self) -> tuple[PlatformName, ...]:
        """The platforms of the plan: the others have no tab."""
        plan = self.source if isinstance(self.source, Plan) else self.source.plan
        return tuple(name for name in PLATFORMS if plan is not None and name in plan.accounts)

    @property
    def current(self) -> Shown | None:
        """The photo that is shown."""
        return self.photos[self.index] if self.index < len(self.photos) else None

    def renew(self) -> None:
        """Take the rows anew (a tick, a new plan); the photo that is shown stays if it can."""
        before = self.current.file_id if self.current else ""
        rows = self.source.rows
        self.photos = _photos([one for one in rows if one.action not in ("none", "skip")])
        ids = [one.file_id for one in self.photos]
        self.index = ids.index(before) if before in ids else 0
        self.edition += 1

    def forget(self) -> None:
        """A new plan: copies and what was online are made and read anew."""
        self.made.clear()
        self.online.clear()

    def show_key(self, key: Key) -> bool:
        """Show the photo of this row, on its platform; False if it is not among the photos."""
        ids = [one.file_id for one in self.photos]
        if key[1] not in ids:
            return False
        self.index = ids.index(key[1])
        if self.tab != "changes":
            self.tab = key[0]
        return True

    def go_to(self, index: int) -> None:
        """Show a photo; the nearest there is."""
        self.index = min(max(0, index), max(0, len(self.photos) - 1))

    def want(self, row: PlanRow) -> None:
        """Make the copy of this row in the background, unless it was made."""
        if row.key in self.made:
            return
        self.copies.ask(lambda _stop: self._make(row))

    def look_online(self) -> bool:
        """Read what is online now for the photo shown; False if that goes on already."""
        shown = self.current
        rows = [one for one in shown.rows if one.remote_id] if shown else []
        return bool(rows) and self.reader.start(lambda stop: self._read_online(rows))

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for copies and reading under way."""
        return self.copies.wait(timeout) and self.reader.wait(timeout)

    def _make(self, row: PlanRow) -> None:
        self.limits_of(row.platform)
        self._keep(row, self.make(row))
        self.edition += 1

    def make(self, row: PlanRow) -> Made:
        """The copy of this row, made now unless it was; in the thread that asks."""
        return self.made.get(row.key) or self._made(row)

    def _keep(self, row: PlanRow, made: Made) -> None:
        """Keep the newest: the bytes of a picture may be 2 MB."""
        self.made[row.key] = made
        while len(self.made) > KEPT:
            self.made.pop(next(iter(self.made)))

    def limits_of(self, platform: PlatformName) -> Limits | None:
        """What the account allows, None if nobody knows."""
        if platform not in self.limits:
            self._read_limits(platform)
        return self.limits.get(platform)

    def _made(self, row: PlanRow) -> Made:
        try:
            found = self.wb.preview(row)
            if found.copy is None:
                return Made(copy=None, problem=found.problem)
            if found.copy.bytes <= card.SHOWN_BYTES:
                return Made(copy=found.copy, shown=found.copy.path.read_bytes())
            twice = (card.BOX[0] * 2, card.BOX[1] * 2)
            return Made(copy=found.copy, shown=self.wb.thumbnail(str(found.copy.path), box=twice))
        except (SocialsError, OSError) as error:
            return Made(copy=None, problem=str(error))

    def _read_limits(self, platform: PlatformName) -> None:
        try:
            self.limits[platform] = self.wb.account(platform).limits
        except SocialsError:
            base.log.info("no limits of %s for the preview", platform)

    def _read_online(self, rows: Sequence[PlanRow]) -> None:
        self.is_reading = True
        try:
            found = self.wb.refresh(rows)
            self.online.update({row.key: found.get(row.key) for row in rows})
            self.message = None
        finally:
            self.is_reading = False
            self.edition += 1

    def _on_trouble(self, error: BaseException) -> None:
        self.message = messages.from_error(error)
        self.edition += 1


def _photos(rows: Sequence[PlanRow]) -> tuple[Shown, ...]:
    together: dict[str, list[PlanRow]] = {}
    for row in rows:
        together.setdefault(row.file_id, []).append(row)
    return tuple(Shown(file_id=one, rows=tuple(some)) for one, some in together.items())
