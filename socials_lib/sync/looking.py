"""What IMatch has of the cells of a change set: before writing, after a kill, before putting back.

Only reads IMatch; `settle` writes into the journal what it found out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from socials_lib.imatch.library import Library
from socials_lib.imatch.metadata import OwnValues, is_same
from socials_lib.journal import ChangeSetRun, Journal, StoredCell
from socials_lib.journal.changes import IN_IMATCH
from socials_lib.sync import cells as kit


class Looker:
    """Looks at the files of cells, a hundred at a time."""

    def __init__(self, *, library: Library, journal: Journal) -> None:
        self._library = library
        self._journal = journal

    def look(self, cells: Sequence[StoredCell]) -> tuple[dict[str, OwnValues], kit.Finder]:
        """The files of these cells, and what IMatch has of each cell."""
        own = self._own(cells)
        finders = {"text": kit.found_text(own)}
        columns = [one for one in cells if kit.kind_of(one) == "column"]
        if columns:
            records = [
                record
                for name in dict.fromkeys(map(kit.platform_of, columns))
                for record in self._library.records(name, [one.file_id for one in columns])
            ]
            finders["column"] = kit.found_column(records)
        members = [one.file_id for one in cells if one.field == "categories"]
        if members:
            finders["categories"] = kit.found_paths(self._library.categories_of_files(members))
        return own, lambda cell: finders[kit.kind_of(cell)](cell)

    def _own(self, cells: Iterable[StoredCell]) -> dict[str, OwnValues]:
        some = list(cells)
        names = dict.fromkeys(one.field for one in some if kit.kind_of(one) == "text")
        return self._library.own_values([one.file_id for one in some], names)

    def settle(self, change_set: ChangeSetRun) -> None:
        """Find out what became of cells whose process died while they were sent."""
        for some in kit.together([one for one in change_set.cells if one.state == "written"]):
            own, find = self.look(some)
            for cell in some:
                found = find(cell)
                if cell.file_id not in own or found is None or is_same(found, cell.old):
                    continue
                if is_same(found, cell.new):
                    self._journal.set_cells([cell], "verified")
                elif kit.is_half_done(cell):
                    self._journal.set_cells([replace(cell, found=found)], "differs")

    def way_back(
        self, change_set: ChangeSetRun
    ) -> tuple[tuple[StoredCell, kit.Value | None, bool], ...]:
        """What could be put back: cell, what IMatch has now, and whether it changed since.

        A photo that is gone, or whose path is another, counts as changed.
        """
        seen: list[tuple[StoredCell, kit.Value | None, bool]] = []
        cells = [one for one in change_set.cells if one.state in (*IN_IMATCH, "written")]
        for some in kit.together(cells):
            own, find = self.look(some)
            for cell in some:
                file = own.get(cell.file_id)
                found = find(cell) if file is not None and file.path == cell.path else None
                is_ours = found is not None and is_same(found, kit.reversed_cell(cell).old)
                if cell.state == "written" and not is_ours:
                    continue  # it never arrived, so there is nothing to put back
                seen.append((cell, found, not is_ours))
        return tuple(seen)
