"""Pictures of both sides, from a thread: the file of IMatch and what is online.

Made once, kept as markup, with words where there is none.  The kernel fetches what is online: the
page in the browser asks nobody.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from socials_lib.errors import SocialsError
from socials_lib.widgets import base, theme

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

Side = Literal["imatch", "online"]
#: Pictures kept as markup: some 6 KB each in a list, 30 KB in a pair.
_KEPT = 300


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A picture: the path of a file in IMatch, or the address of what is online."""

    side: Side
    source: str
    title: str


class PairPictures:
    """Pictures in boxes of one size; a newer `ask` of the same asker makes the older one stop."""

    def __init__(self, wb: Workbench, *, box: tuple[int, int] = (96, 72)) -> None:
        self.wb, self.box = wb, box
        self._kept: OrderedDict[Wanted, str] = OrderedDict()
        self._lock = threading.Lock()
        self._asked: dict[Hashable, int] = {}
        self._threads: list[threading.Thread] = []

    def now(self, wanted: Wanted | None) -> str:
        """The picture if it was made before, else a box that says so."""
        if wanted is None:
            return theme.placeholder("No picture", box=self.box)
        with self._lock:
            kept = self._kept.get(wanted)
        return kept or theme.placeholder("…", box=self.box)

    def ask(
        self, asker: Hashable, wanted: Sequence[Wanted], show: Callable[[Wanted, str], None]
    ) -> None:
        """Call `show(wanted, markup)` for each that is not kept yet, from a thread."""
        with self._lock:
            mine = self._asked[asker] = self._asked.get(asker, 0) + 1
            self._threads = [one for one in self._threads if one.is_alive()]
            missing = tuple(one for one in dict.fromkeys(wanted) if one not in self._kept)
        if not missing:
            return
        thread = threading.Thread(
            target=self._make_all, args=(asker, mine, missing, show), daemon=True
        )
        with self._lock:
            self._threads.append(thread)
            thread.start()

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
        wanted: Sequence[Wanted],
        show: Callable[[Wanted, str], None],
    ) -> None:
        for one in wanted:
            if self._asked[asker] != mine:
                return
            show(one, self._make(one))

    def _make(self, wanted: Wanted) -> str:
        twice = (self.box[0] * 2, self.box[1] * 2)
        where = "in IMatch" if wanted.side == "imatch" else "online"
        try:
            read = self.wb.thumbnail if wanted.side == "imatch" else self.wb.online_picture
            data = read(wanted.source, box=twice)
        except SocialsError as error:
            return theme.placeholder(str(error), box=self.box)  # it may be there the next time
        except Exception:  # a picture must never stop a list; the words say what is seen
            base.log.exception("no picture of %s", wanted.title)
            return theme.placeholder("No preview", box=self.box)
        markup = theme.picture(data, f"{wanted.title} ({where})", box=self.box)
        with self._lock:
            self._kept[wanted] = markup
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return markup
