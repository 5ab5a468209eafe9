"""Carrying out a change set of `bulk`: values into IMatch, read back, and put back again.

Promises
    - Only chosen cells are written, each only over the value that was shown as `before`; what
      somebody changed since is a conflict, reported and left alone.
    - Old and new value are in the journal before the first request; `written` is on the disk
      before a request leaves.  After a kill `resume` finds out what arrived, and goes on.
    - One photo at a time, under the run lock; one bad photo never stops the others.  What stops
      everything: IMatch is gone, an end is unclear, or IMatch did not keep what it was given.
    - Undoing is a change set of its own, with the same checks; all of one, or some of its cells.

Decided here (2026-11-22):
    - Texts and keywords of a photo go in one call, columns of an attribute set in another.
      Categories go in calls of a hundred photos:
      one call per photo would read a whole category a thousand times.
    - A photo whose path is no longer the one of the change set is a conflict: ids of another
      IMatch database look the same.
    - A cell whose new value is there before anything was sent is `same`: nobody undoes it later.
"""

from __future__ import annotations

import contextlib
import json
import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from socials_lib import bulk
from socials_lib.errors import (
    ChangedSince,
    ImatchError,
    JournalError,
    PlanError,
    ReadBackDiffers,
    SettingsError,
    SocialsError,
    Stopped,
)
from socials_lib.imatch.library import Library
from socials_lib.imatch.metadata import OwnValues, is_same
from socials_lib.journal import ChangeSetRun, Journal, NewCell, RunLock, StoredCell
from socials_lib.journal.changes import IN_IMATCH, LEFT
from socials_lib.models import Event, Mode
from socials_lib.sync import cells as kit
from socials_lib.sync.looking import Looker
from socials_lib.sync.telling import Teller

log = logging.getLogger(__name__)

T = TypeVar("T")
_GO_ON = "Go on with `wb.write(change_set_id)`; what is written stays written."


class _Halt(Exception):
    """Why nothing more is written; the cells so far are in the journal."""

    def __init__(self, cause: SocialsError) -> None:
        super().__init__(str(cause))
        self.cause = cause


class ChangeWriter:
    """Writes change sets and puts them back; one at a time over all processes."""

    def __init__(
        self,
        *,
        library: Library,
        journal: Journal,
        lock: RunLock,
        mode: Mode,
        may_write_metadata: bool,
        listen: Callable[[Event], None] = lambda event: None,
        stop: threading.Event | None = None,
    ) -> None:
        self._library = library
        self._journal = journal
        self._looker = Looker(library=library, journal=journal)
        self._lock = lock
        self._mode = mode
        self._may_write_metadata = may_write_metadata
        self._tell = Teller(listen)
        self._stop = stop or threading.Event()
        self._known_paths: dict[str, bool] = {}

    # -- the ways to run

    def write(self, change_set: bulk.ChangeSet, *, origin: str) -> ChangeSetRun:
        """Write the chosen cells; what became of each stands in the answer's cells.

        Raises before anything is written: `PlanError` (nothing to write), `SettingsError` (the
        switch for metadata is off), `AnotherRun`, `ImatchError`.
        """
        cells = [kit.new_cell(one) for one in change_set.chosen]
        recipe = json.dumps(bulk.to_json(change_set.recipe), ensure_ascii=False)
        name = change_set.recipe.name
        if not cells:
            raise PlanError(
                "No value changes, so there is nothing to write.", code="nothing_to_write"
            )
        words = f"{name}: {kit.in_words(cells)}" if name else kit.in_words(cells)
        return self._begin(cells, origin=origin, words=words, recipe=recipe)

    def resume(self, change_set: str, *, origin: str) -> ChangeSetRun:
        """Go on with a change set that was stopped or died."""
        self._check(self._journal.change_set(change_set), LEFT)
        with self._lock.held(origin=origin, run=change_set):
            self._journal.reopen_changes(change_set)
            return self._run(change_set)

    def undo(
        self, change_set: str, *, keys: Iterable[bulk.Key] | None = None, origin: str
    ) -> ChangeSetRun:
        """Put old values back, all or those of some photos or cells (file id, or id and field).

        What has changed since stays, as a `conflict`.  The answer is a change set of its own.
        """
        found = self._journal.change_set(change_set)
        self._check(found, (*IN_IMATCH, "written"))
        chosen = None if keys is None else frozenset(keys)
        with self._lock.held(origin=origin, run=change_set):
            self._looker.settle(found)
            found = self._journal.change_set(change_set)
            cells = [
                kit.reversed_cell(one)
                for one in found.cells
                if one.state in IN_IMATCH
                and (chosen is None or one.file_id in chosen or (one.file_id, one.field) in chosen)
            ]
            if not cells:
                raise PlanError(
                    "Nothing of this can be put back.",
                    hint="Only values that were written and are not put back yet can be.",
                    code="nothing_to_undo",
                )
            return self._run(self._journalled(cells, origin=origin, undoes=change_set))

    # -- before the first request

    def _begin(self, cells: Sequence[NewCell], *, origin: str, **more: str) -> ChangeSetRun:
        self._check_metadata(one.field for one in cells)
        with self._lock.held(origin=origin):
            return self._run(self._journalled(cells, origin=origin, **more))

    def _journalled(
        self,
        cells: Sequence[NewCell],
        *,
        origin: str,
        undoes: str = "",
        words: str = "",
        recipe: str = "",
    ) -> str:
        return self._journal.begin_changes(
            cells,
            mode=self._mode,
            origin=origin,
            words=words or f"Put back: {kit.in_words(cells)}",
            recipe=recipe,
            undoes=undoes,
        )

    def _check(self, found: ChangeSetRun, states: Sequence[str]) -> None:
        if found.mode != self._mode:
            raise PlanError(
                f"This was written in {found.mode} mode, this is {self._mode} mode.",
                code="other_mode",
            )
        self._check_metadata(one.field for one in found.cells if one.state in states)

    def _check_metadata(self, names: Iterable[str]) -> None:
        wanted = [name for name in dict.fromkeys(names) if name in bulk.METADATA]
        if wanted and not self._may_write_metadata:
            raise SettingsError(
                "Writing metadata to IMatch is switched off.",
                hint="Set `write_metadata = true` under [imatch] in settings.toml, after you tried"
                " it on one photo; or download the changes as CSV.",
                code="writing_is_off",
            )
        self._library.check_writable(wanted)

    # -- the run

    def _run(self, change_set: str) -> ChangeSetRun:
        left = [one for one in self._journal.change_set(change_set).cells if one.state in LEFT]
        self._tell.run = change_set
        self._tell.done, self._tell.total = 0, len(left)
        self._tell.emit(step="run", state="started")
        state, message, hint = "done", "", ""
        try:
            for some in kit.together(left):
                self._write_some(some)
        except Stopped:
            state, message, hint = "stopped", self._so_far("Stopped"), _GO_ON
        except KeyboardInterrupt:
            with contextlib.suppress(JournalError):
                self._journal.end_changes(change_set, state="stopped", hint=_GO_ON)
            raise
        except _Halt as halt:
            state, hint = "halted", halt.cause.hint or _GO_ON
            message = f"{halt.cause} {self._so_far('Stopped')}"
        self._journal.end_changes(change_set, state=state, message=message, hint=hint)
        self._tell.emit(step="run", state=state, message=message)
        return self._journal.change_set(change_set)

    def _so_far(self, word: str) -> str:
        return f"{word} after {self._tell.done:,} of {self._tell.total:,} values."

    def _write_some(self, cells: Sequence[StoredCell]) -> None:
        """Look at these photos, then write their texts one by one, then their categories."""
        self._look_for_stop()
        own, find = self._asked(lambda: self._looker.look(cells))
        kinds: dict[str, list[StoredCell]] = {"text": [], "column": [], "categories": []}
        for one in cells:
            kinds[kit.kind_of(one)].append(one)
        for some in kit.by_file(self._sorted_out(kinds["text"], own, find)):
            self._look_for_stop()
            self._write_texts(some)
        for some in kit.by_record(self._sorted_out(kinds["column"], own, find)):
            self._look_for_stop()
            self._write_columns(some)
        if kinds["categories"]:
            self._look_for_stop()
            self._write_categories(self._sorted_out(kinds["categories"], own, find))

    def _asked(self, read: Callable[[], T]) -> T:
        """A read of IMatch; one that fails is trouble of IMatch, not of a photo."""
        try:
            return read()
        except ImatchError as error:
            raise _Halt(error) from error

    def _look_for_stop(self) -> None:
        if self._stop.is_set():
            raise Stopped("Stopped.")

    # -- where a cell stands

    def _sorted_out(
        self,
        cells: Iterable[StoredCell],
        own: Mapping[str, OwnValues],
        found_of: kit.Finder,
    ) -> list[StoredCell]:
        """The cells that still have to be written; all others get their state."""
        ready = []
        for cell in cells:
            file, found = own.get(cell.file_id), found_of(cell)
            if file is None:
                self._ended([cell], "failed", kit.gone(cell))
            elif file.path != cell.path:
                self._ended([cell], "conflict", kit.other_file(cell, file.path))
            elif found is not None and is_same(found, cell.new):
                self._ended([cell], "same" if cell.state == "planned" else "verified")
            elif found is not None and (is_same(found, cell.old) or kit.is_half_done(cell)):
                ready.append(cell)
            else:
                self._ended([replace(cell, found=found)], "conflict", kit.changed(cell, found))
        return ready

    # -- texts, keywords and columns of one photo

    def _write_texts(self, cells: Sequence[StoredCell]) -> None:
        first = cells[0]
        changes = {one.field: (one.old, one.new) for one in cells}
        self._write_one(
            cells,
            lambda: self._library.write_metadata(first.file_id, changes, title=first.title),
        )

    def _write_columns(self, cells: Sequence[StoredCell]) -> None:
        first = cells[0]
        changes = {kit.column_of(one): (str(one.old), str(one.new)) for one in cells}
        platform = kit.platform_of(first)
        self._write_one(
            cells,
            lambda: self._library.write_columns(
                platform, first.file_id, changes, title=first.title
            ),
        )

    def _write_one(self, cells: Sequence[StoredCell], write: Callable[[], None]) -> None:
        """One request for these cells of a photo, and what became of it."""
        self._journal.set_cells(cells, "written")
        try:
            write()
        except ChangedSince as error:
            self._ended(cells, "conflict", error)
        except ReadBackDiffers as error:
            self._read_again(cells, error)
            raise _Halt(error) from error
        except ImatchError as error:
            if kit.is_everybodys(error):
                raise _Halt(error) from error  # the cells stay `written`: `resume` looks
            self._ended(cells, "failed", error)
        else:
            self._ended(cells, "verified")

    def _read_again(self, cells: Sequence[StoredCell], error: ReadBackDiffers) -> None:
        """Each cell as IMatch has it now, so that it can be put back."""
        _, find = self._asked(lambda: self._looker.look(cells))
        for cell in cells:
            found = find(cell)
            if found is not None and is_same(found, cell.new):
                self._ended([cell], "verified")
            elif found is not None and is_same(found, cell.old):
                self._ended([cell], "failed", error)
            else:
                self._ended([replace(cell, found=found)], "differs", error)

    # -- categories of some photos

    def _write_categories(self, cells: Sequence[StoredCell]) -> None:
        ready = [one for one in cells if self._can_join(one)]
        if not ready:
            return
        self._journal.set_cells(ready, "written")
        trouble: ImatchError | None = None
        try:
            for path, ids in kit.by_path(ready, lambda one: one.new).items():
                self._library.join(path, ids)
            for path, ids in kit.by_path(ready, lambda one: one.old).items():
                self._library.leave(path, ids)
        except ImatchError as error:
            if kit.is_everybodys(error):
                raise _Halt(error) from error
            trouble = error
        ids = [one.file_id for one in ready]
        inside = self._asked(lambda: self._library.categories_of_files(ids))
        differing = [one for one in ready if not self._arrived(one, inside, trouble)]
        if differing and trouble is None:
            raise _Halt(kit.not_kept(differing[0]))

    def _arrived(
        self,
        cell: StoredCell,
        inside: Mapping[str, frozenset[str]],
        trouble: ImatchError | None,
    ) -> bool:
        found = kit.found_paths(inside)(cell) or ()
        if is_same(found, cell.new):
            self._ended([cell], "verified")
            return True
        state = "failed" if is_same(found, cell.old) else "differs"
        why = trouble or kit.not_kept(cell)
        self._ended([replace(cell, found=found if state == "differs" else None)], state, why)
        return False

    def _can_join(self, cell: StoredCell) -> bool:
        """False, and the cell failed, if a category does not exist: IMatch creates none."""
        for path in cell.new:
            if path not in self._known_paths:
                self._known_paths[path] = self._asked(
                    lambda path=path: self._library.members(path) is not None  # type: ignore[misc]
                )
            if not self._known_paths[path]:
                self._ended([cell], "failed", kit.missing(path))
                return False
        return True

    def _ended(
        self, cells: Sequence[StoredCell], state: str, why: SocialsError | None = None
    ) -> None:
        """A state that the cells keep, in the journal and for whoever listens."""
        message, hint = (str(why), why.hint) if why is not None else ("", "")
        self._journal.set_cells(cells, state, message=message, hint=hint)
        if state in ("failed", "conflict", "differs"):
            log.warning("%s: %s", cells[0].title, message)
        self._tell.done += len(cells)
        self._tell.emit(
            step="row",
            state=state,
            file_id=cells[0].file_id,
            title=cells[0].title,
            message=message,
        )
