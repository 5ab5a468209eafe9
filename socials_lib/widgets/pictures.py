"""Small pictures from a thread: made once, kept as markup, with words where there is none."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING

from socials_lib.errors import SocialsError
from socials_lib.models import PlanRow
from socials_lib.widgets import base, theme

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

#: Pictures kept as markup: some 6 KB each.
_KEPT = 400


def shown_path(row: PlanRow) -> str:
    """The file whose picture stands for a row: the one that would be sent, else the photo's."""
    return row.upload.path if row.upload else row.path


class Thumbnails:
    """Thumbnails of rows as markup; several views may share one.

    `ask` answers at once from what is kept, and makes the rest in a thread; a newer `ask` of the
    same asker makes the older one stop, so that the page that is shown comes first.
    """

    def __init__(self, wb: Workbench, *, box: tuple[int, int] = (96, 72)) -> None:
        self.wb, self.box = wb, box
        self._kept: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._lock = threading.Lock()
        self._asked: dict[Hashable, int] = {}
        self._threads: list[threading.Thread] = []

    def waiting(self) -> str:
        """The box while the picture is being made."""
        return theme.placeholder("…", box=self.box)

    def kept(self, row: PlanRow) -> str | None:
        """The picture, if it was made before."""
        with self._lock:
            return self._kept.get(self._name(row))

    def ask(
        self,
        asker: Hashable,
        rows: Sequence[PlanRow],
        show: Callable[[PlanRow, str], None],
    ) -> None:
        """Call `show(row, markup)` for each row, from a thread."""
        with self._lock:
            mine = self._asked[asker] = self._asked.get(asker, 0) + 1
            self._threads = [one for one in self._threads if one.is_alive()]
        if not rows:
            return
        thread = threading.Thread(
            target=self._make_all, args=(asker, mine, tuple(rows), show), daemon=True
        )
        with self._lock:
            self._threads.append(thread)
            thread.start()

    def forget(self) -> None:
        """Make all pictures anew when they are next asked for (IMatch was read again)."""
        with self._lock:
            self._kept.clear()

    def wait(self, timeout: float | None = None) -> None:
        """Wait for all pictures that were asked for."""
        with self._lock:
            threads = tuple(self._threads)
        for thread in threads:
            thread.join(timeout)

    def _make_all(
        self,
        asker: Hashable,
        mine: int,
        rows: Sequence[PlanRow],
        show: Callable[[PlanRow, str], None],
    ) -> None:
        for row in rows:
            markup = self.kept(row) or self._make(row)
            if self._asked[asker] != mine:
                return
            show(row, markup)

    def _make(self, row: PlanRow) -> str:
        twice = (self.box[0] * 2, self.box[1] * 2)
        try:
            data = self.wb.thumbnail(shown_path(row), box=twice)
            markup = theme.picture(data, row.title, box=self.box)
        except SocialsError as error:
            markup = theme.placeholder(str(error), box=self.box)
        except Exception:  # a picture must never stop a table; the words say what is seen
            base.log.exception("no thumbnail of %s", row.file_id)
            markup = theme.placeholder("No preview", box=self.box)
        with self._lock:
            self._kept[self._name(row)] = markup
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return markup

    @staticmethod
    def _name(row: PlanRow) -> tuple[str, str]:
        return (shown_path(row), row.title)
