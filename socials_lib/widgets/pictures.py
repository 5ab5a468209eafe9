"""Thumbnails of rows as markup, with words where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socials_lib.errors import SocialsError
from socials_lib.models import PlanRow
from socials_lib.widgets import base, theme
from socials_lib.widgets.made_once import MadeOnce

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

#: Pictures kept as markup: some 6 KB each.
_KEPT = 400


def shown_path(row: PlanRow) -> str:
    """The file whose picture stands for a row: the one that would be sent, else the photo's."""
    return row.upload.path if row.upload else row.path


class Thumbnails(MadeOnce[PlanRow]):
    """Thumbnails in boxes of one size."""

    def __init__(self, wb: Workbench, *, box: tuple[int, int] = (96, 72)) -> None:
        super().__init__(most=_KEPT)
        self.wb, self.box = wb, box

    def waiting(self) -> str:
        """The box while the picture is being made."""
        return theme.placeholder("…", box=self.box)

    def name_of(self, what: PlanRow) -> tuple[str, str]:
        """Rows of the same file have one picture, each title its own words."""
        return (shown_path(what), what.title)

    def make(self, what: PlanRow) -> tuple[str, bool]:
        """The picture, or why there is none."""
        twice = (self.box[0] * 2, self.box[1] * 2)
        try:
            data = self.wb.thumbnail(shown_path(what), box=twice)
            return theme.picture(data, what.title, box=self.box), True
        except SocialsError as error:
            return theme.placeholder(str(error), box=self.box), True
        except Exception:  # a picture must never stop a table; the words say what is seen
            base.log.exception("no thumbnail of %s", what.file_id)
            return theme.placeholder("No preview", box=self.box), True
