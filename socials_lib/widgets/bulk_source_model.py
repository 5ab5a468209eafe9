"""Where the photos of a bulk fix come from: the choice with its counts, and the photos read.

Counting and reading go on in the background; the photos of before stay until the new ones are
there, or until reading them failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import traitlets as t

from socials_lib.models import Photo
from socials_lib.widgets import base, markup, messages
from socials_lib.widgets.bulk_latest import IsNewest, Latest
from socials_lib.workbench.fixing import Choice

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

CATEGORY = "category"
#: Before anything was counted.
_FIRST = (
    Choice(kind="pending", label="Pending", source="pending"),
    Choice(kind="published", label="Published", source="published"),
    Choice(kind="selection", label="Selected in IMatch", source="selection"),
)


class SourceModel(base.StepModel):
    """What is chosen and what it gave; `edition` counts whenever there are other photos.

    `chosen` is the key of a choice or `category`, with its path in `path`.
    """

    chosen = t.Unicode("pending")
    path = t.Unicode("")
    edition = t.Int(0)
    counted = t.Int(0)
    progress = t.Unicode("")

    def __init__(self, wb: Workbench, photos: Iterable[Photo] | None = None) -> None:
        super().__init__()
        self.wb = wb
        self._found: Sequence[Choice] = _FIRST
        self._pending: int | None = None
        self.photos: tuple[Photo, ...] = ()
        self.read_at: datetime | None = None
        self.error: BaseException | None = None
        self.given: Iterable[Photo] | None = None
        self._reader: Latest[str | tuple[str, ...]] = Latest(
            "source", self._read, on_error=self._on_error
        )
        self._counter: Latest[None] = Latest("counts", self._count, on_error=self._on_count_error)
        if photos is not None:
            self.give(photos)

    def give(self, photos: Iterable[Photo]) -> None:
        """Use these photos, whatever was chosen or is being read."""
        self._reader.drop()
        self.given, self.chosen = photos, "given"
        self._publish(tuple(photos))

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be chosen; of what is pending the count is known once it was read."""
        return tuple(
            replace(one, count=self._pending) if one.kind == "pending" else one
            for one in self._found
        )

    @property
    def source(self) -> str | tuple[str, ...]:
        """What goes to `wb.photos`."""
        if self.chosen == CATEGORY:
            return str(self.path)
        found = next((one for one in self.choices if key(one) == self.chosen), None)
        return found.source if found is not None else "pending"

    @property
    def code(self) -> str:
        """The line that reads the same photos."""
        handed = [key(one) for one in self.choices if one.kind == "handed"]
        if self.chosen in handed:
            at = handed.index(str(self.chosen))
            return f"photos = wb.photos(wb.handed_over()[{at}].file_ids)"
        if self.chosen == "given":
            return "source = show.source(wb, photos)"
        return f"photos = wb.photos({self.source!r})"

    def choose(self, name: str, path: str = "") -> None:
        """Read this source: the key of a choice, or `category` with its path."""
        self.path = path.strip() if name == CATEGORY else self.path
        self.chosen = name
        if name == CATEGORY and not self.path:
            return
        self.load()

    def load(self) -> None:
        """Read the photos of the chosen source, again if they were read before."""
        if self.chosen == "given":
            return
        self.message = None
        self.state, self.progress = "running", "Reading photos"
        self._reader.ask(self.source)

    def count(self) -> None:
        """Count the choices again; of what is pending nobody knows until it is read again."""
        self._pending = None
        self._counter.ask(None)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until everything asked for has been read and counted."""
        return self._reader.wait(timeout) and self._counter.wait(timeout)

    def _read(self, source: str | tuple[str, ...], is_newest: IsNewest) -> None:
        def tell(done: int, total: int) -> None:
            if is_newest():
                self.progress = markup.progress_words("Reading", done, total)

        photos = self.wb.photos(source, progress=tell)
        if is_newest():
            self._pending = len(photos) if source == "pending" else self._pending
            self._publish(photos)

    def _publish(self, photos: tuple[Photo, ...]) -> None:
        self.photos, self.error = photos, None
        self.read_at = datetime.now(UTC)
        self.state, self.progress, self.message = "done", "", None
        self.edition += 1

    def _on_error(self, error: BaseException) -> None:
        self.error = error
        self.photos = ()
        self.state, self.progress = "failed", ""
        self.message = messages.from_error(error)
        self.edition += 1

    def _count(self, _: None, is_newest: IsNewest) -> None:
        found = self.wb.bulk_sources()
        if is_newest():
            self._found = found
            self.counted += 1

    def _on_count_error(self, error: BaseException) -> None:
        base.log.info("the sources could not be counted: %r", error)
        self.counted += 1


def key(choice: Choice) -> str:
    """What a choice is called in `SourceModel.chosen`."""
    if choice.kind != "handed" or choice.created is None:
        return choice.kind
    return f"handed {choice.created.isoformat()} {choice.label}"
