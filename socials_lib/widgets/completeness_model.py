"""What is missing in IMatch, field by field and kind by kind; every number is a filter."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import traitlets as t

from socials_lib import audit
from socials_lib.audit import Coverage
from socials_lib.errors import SocialsError
from socials_lib.models import PLATFORMS, Finding, Photo, PlatformName
from socials_lib.widgets import audit_words, base, messages, words
from socials_lib.workbench.auditing import MetadataAudited
from socials_lib.workbench.selections import Selection

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

PAGE = 10
#: Gaps that the matrix shows already, so they are no kind of their own.
_IN_MATRIX = ("missing_field", "alt_text_missing", "date_missing")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One row of the list: a photo with what is to be said about it."""

    photo: Photo
    words: str
    found: str = ""
    suggestion: str = ""
    findings: tuple[Finding, ...] = ()


class CompletenessModel(base.StepModel):
    """`chosen` is the filter: `("missing", platform, field)`, `("kind", platform, code)` or ()."""

    chosen = t.Tuple(())
    page = t.Int(1)
    edition = t.Int(0)
    progress = t.Unicode("")
    handed = t.Instance(Selection, allow_none=True)

    def __init__(self, wb: Workbench, platforms: tuple[PlatformName, ...] = PLATFORMS) -> None:
        super().__init__()
        self.wb, self.platforms = wb, platforms
        self.found: MetadataAudited | None = None
        self.error: BaseException | None = None
        self.worker = base.Worker("completeness", on_error=self._on_error)
        self.observe(lambda _: self._turn_back(), "chosen")

    @property
    def is_busy(self) -> bool:
        """True while IMatch is read."""
        return bool(self.state == "running")

    def look(self) -> bool:
        """Read IMatch, in the background; False if it is being read."""
        if self.is_busy:
            return False
        self.state, self.progress, self.message = "running", "Reading IMatch", None
        self.worker.ask(lambda _stop: self._look())
        return True

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until IMatch was read."""
        return self.worker.wait(timeout)

    def _look(self) -> None:
        self.found = self.wb.metadata_audited(*self.platforms, progress=self._tell)
        self.progress, self.state = "", "done"
        self._renew()

    def _tell(self, done: int, total: int) -> None:
        if total:
            self.progress = base.progress_words("Reading", done, total) + " from IMatch"

    def _on_error(self, error: BaseException) -> None:
        self.error = error
        self.progress, self.state = "", "failed"
        self.message = messages.from_error(error)
        self._renew()

    def _turn_back(self) -> None:
        self.page = 1
        self.handed = None
        self._renew()

    def _renew(self) -> None:
        self.page = min(self.page, self.pages)
        self.edition += 1

    # what there is

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """The matrix, for platforms that have photos."""
        found = self.found.coverage if self.found is not None else ()
        return tuple(one for one in found if one.total)

    @property
    def kinds(self) -> dict[tuple[PlatformName, str], int]:
        """Platform and code -> number of findings that the matrix does not show."""
        found = self.found.findings if self.found is not None else ()
        counts = Counter((one.platform, one.code) for one in found if one.code not in _IN_MATRIX)
        order = {code: place for place, code in enumerate(audit.METADATA)}
        keys = sorted(counts, key=lambda one: (PLATFORMS.index(one[0]), order.get(one[1], 99)))
        return {key: counts[key] for key in keys}

    def choose(self, *chosen: str) -> None:
        """Show what a number stands for; the same again shows nothing."""
        self.chosen = () if chosen == self.chosen else chosen

    @property
    def rows(self) -> tuple[Shown, ...]:
        """The photos that the chosen number stands for."""
        if not self.chosen or self.found is None:
            return ()
        what, platform, name = self.chosen
        return self._missing(platform, name) if what == "missing" else self._kind(platform, name)

    def _missing(self, platform: str, name: str) -> tuple[Shown, ...]:
        assert self.found is not None
        ids = next(
            (o.missing for o in self.found.coverage if (o.platform, o.field) == (platform, name)),
            (),
        )
        said = f"{audit_words.field_name(name)} missing"
        return tuple(Shown(photo=self.found.photos[one], words=said) for one in ids)

    def _kind(self, platform: str, code: str) -> tuple[Shown, ...]:
        assert self.found is not None
        return tuple(
            Shown(
                photo=self.found.photos[one.file_id],
                words=audit_words.head_of(one),
                found=one.imatch or "",
                suggestion=one.suggestion,
                findings=(one,),
            )
            for one in self.found.findings
            if (one.platform, one.code) == (platform, code)
        )

    @property
    def pages(self) -> int:
        """How many pages the rows fill; at least one."""
        return max(1, -(-len(self.rows) // PAGE))

    @property
    def page_rows(self) -> tuple[Shown, ...]:
        """The rows of the page."""
        first = (self.page - 1) * PAGE
        return self.rows[first : first + PAGE]

    def go_to(self, page: int) -> None:
        """Show a page; the nearest there is."""
        self.page = min(max(1, page), self.pages)

    # deciding

    @property
    def what(self) -> str:
        """`38 photos without a headline (Flickr)`: what the list shows."""
        if not self.chosen:
            return ""
        kind, platform, name = self.chosen
        photos = words.count(len({one.photo.file_id for one in self.rows}), "photo")
        service = words.platform("flickr" if platform == "flickr" else "pixelfed")
        if kind == "missing":
            return f"{photos} for {service} without {audit_words.field_name(name).lower()}"
        return f"{photos} for {service}: {audit.CODES[name].words.lower()}"

    def hand_over(self) -> Selection | None:
        """What the list shows, as a selection for 03_bulk_fix."""
        rows = self.rows
        if not rows:
            return None
        kind, platform, name = self.chosen
        try:
            made = self.wb.hand_over(
                f"{kind} {name} {platform}".replace("_", " "),
                [one.photo for one in rows],
                self.what,
            )
        except SocialsError as error:
            self.message = messages.from_error(error)
            return None
        self.handed = made
        return made

    def ignore(self, row: Shown) -> None:
        """Never show this finding again; only the journal changes."""
        self.wb.decide(row.findings, "ignore")
        if self.found is not None:
            left = tuple(one for one in self.found.findings if one not in row.findings)
            self.found = MetadataAudited(
                coverage=self.found.coverage, findings=left, photos=self.found.photos
            )
        self._renew()
