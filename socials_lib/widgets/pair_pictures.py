"""Pictures of both sides, from a thread: the file of IMatch and what is online.

Made once, kept as markup, with words where there is none.  The kernel fetches what is online: the
page in the browser asks nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from socials_lib.errors import SocialsError
from socials_lib.widgets import base, theme
from socials_lib.widgets.made_once import MadeOnce

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


class PairPictures(MadeOnce[Wanted]):
    """Pictures in boxes of one size."""

    def __init__(self, wb: Workbench, *, box: tuple[int, int] = (96, 72)) -> None:
        super().__init__(most=_KEPT)
        self.wb, self.box = wb, box

    def now(self, wanted: Wanted | None) -> str:
        """The picture if it was made before, else a box that says so."""
        if wanted is None:
            return theme.placeholder("No picture", box=self.box)
        return self.kept(wanted) or theme.placeholder("…", box=self.box)

    def ask(
        self, asker: Hashable, wanted: Iterable[Wanted], show: Callable[[Wanted, str], None]
    ) -> None:
        """As always, but only of what is not there yet: `now` has the others."""
        missing = (one for one in dict.fromkeys(wanted) if self.kept(one) is None)
        super().ask(asker, missing, show)

    def make(self, what: Wanted) -> tuple[str, bool]:
        """The picture, or why there is none: that may be another one the next time."""
        twice = (self.box[0] * 2, self.box[1] * 2)
        where = "in IMatch" if what.side == "imatch" else "online"
        try:
            read = self.wb.thumbnail if what.side == "imatch" else self.wb.online_picture
            data = read(what.source, box=twice)
            return theme.picture(data, f"{what.title} ({where})", box=self.box), True
        except SocialsError as error:
            return theme.placeholder(str(error), box=self.box), False
        except Exception:  # a picture must never stop a list; the words say what is seen
            base.log.exception("no picture of %s", what.title)
            return theme.placeholder("No preview", box=self.box), False
