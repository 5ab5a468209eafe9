"""Bulk changes to IMatch: photos, recipes, writing, undoing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from socials_lib.journal import ChangeSetRun
from socials_lib.models import Listed, Photo, PlatformName
from socials_lib.sync.changes import ChangeWriter
from socials_lib.workbench.plans import Progress
from socials_lib.workbench.runs import Listener, Runs

if TYPE_CHECKING:
    from socials_lib import bulk
    from socials_lib.imatch.categories import MirrorReport
    from socials_lib.workbench import fixing


class Changes(Runs):
    """The fourth layer: it writes to IMatch alone; see `fixing`."""

    def photos(
        self, source: str | Iterable[str] = "pending", *, progress: Progress | None = None
    ) -> tuple[Photo, ...]:
        """Photos for a bulk fix: `pending` (those of the rows that 01_sync counts), `published`,
        `selection` (IMatch's file window), any other text is a category with all below it; or
        file ids.  Changes nothing.
        """
        from socials_lib.workbench import fixing

        return fixing.photos(self, source, progress=progress)

    def propose(
        self,
        photos: Iterable[Photo],
        recipe: bulk.Recipe | str,
        *,
        consequences: bool = True,
        progress: Progress | None = None,
    ) -> bulk.ChangeSet:
        """What a recipe would change, cell by cell, and what comes of it.  Changes nothing.

        `recipe` may be the name of a ready one (`bulk.READY`); raises `RecipeError` for any other.
        Without `consequences` it is much quicker; `progress` counts the photos judged.
        """
        from socials_lib.workbench import fixing

        return fixing.propose(self, photos, recipe, consequences=consequences, progress=progress)

    def known_for_changes(self, photos: Iterable[Photo]) -> bulk.Known:
        """What `bulk.with_consequences` judges these photos by; asks IMatch, no platform."""
        from socials_lib.workbench import fixing

        return fixing.what_is_known(self, photos)

    def write(
        self,
        change_set: bulk.ChangeSet | str,
        *,
        listen: Listener = lambda event: None,
        origin: str = "notebook",
    ) -> ChangeSetRun:
        """Write a change set to IMatch, read back; or go on with one, by its id.

        Raises before anything is written: `SettingsError` (the switch `[imatch] write_metadata` is
        off), `PlanError`, `AnotherRun`, `ImatchError`.
        """
        self._refuse_dry_run()
        with self._carrying_out(listen, origin) as heard:
            writer = self._writer(heard)
            if isinstance(change_set, str):
                return writer.resume(change_set, origin=origin)
            return writer.write(change_set, origin=origin)

    def undo(
        self,
        change_set_id: str,
        *,
        keys: Iterable[bulk.Key] | None = None,
        listen: Listener = lambda event: None,
        origin: str = "notebook",
    ) -> ChangeSetRun:
        """Put old values back into IMatch, all or those of `keys`; what changed since stays.

        A key is a file id, or file id and field.  Raises as `write` does.
        """
        self._refuse_dry_run()
        with self._carrying_out(listen, origin) as heard:
            return self._writer(heard).undo(change_set_id, keys=keys, origin=origin)

    def try_metadata(self, file_id: str, *, origin: str = "notebook") -> None:
        """Prove on this photo that metadata can be written here; it is put back at once.

        Needs no switch: a success is the reason to turn it on.  Raises `ReadBackDiffers`.
        """
        from socials_lib.workbench import fixing

        self._refuse_dry_run()
        with self._carrying_out(lambda event: None, origin) as heard:
            writer = self._writer(heard, may_write_metadata=True)
            fixing.try_metadata(self, file_id, writer, origin=origin)

    def allow_metadata(self, on: bool = True) -> None:
        """Turn the writing of metadata on here, after `try_metadata` succeeded; or off again.

        Kept in the journal of this data folder; the setting `[imatch] write_metadata` stays as it
        is and is the stronger one where it is true.
        """
        from socials_lib.workbench import fixing

        fixing.allow_metadata(self, on)

    @property
    def may_write_metadata(self) -> bool:
        """True if texts and keywords may be written into IMatch; categories always may."""
        from socials_lib.workbench import fixing

        return fixing.may_write_metadata(self)

    def way_back(self, change_set_id: str) -> tuple[fixing.WayBack, ...]:
        """What of a written change set could be put back now, and what changed since; reads."""
        from socials_lib.workbench import fixing

        return fixing.way_back(self, change_set_id)

    def bulk_sources(self) -> tuple[fixing.Choice, ...]:
        """Where photos for a bulk fix can come from; `source` goes to `photos`.

        With counts, but for what is pending: that takes reading it.
        """
        from socials_lib.workbench import fixing

        return fixing.choices(self)

    def show_problems(self, *, origin: str = "notebook") -> dict[PlatformName, MirrorReport]:
        """Put pending photos with problems into `Socials|P|__errors`, take mended ones out.

        Every run does it at its end.  Raises `AnotherRun`, `ImatchError`, `SettingsError`.
        """
        from socials_lib.workbench import fixing

        self._refuse_dry_run()
        return fixing.show_problems(self, origin=origin)

    def change_sets(self, *, limit: int = 100) -> tuple[ChangeSetRun, ...]:
        """Written change sets, newest first; `journal.change_set` has their cells."""
        return Listed(ChangeSetRun, self.journal.change_sets(limit=limit))

    def _writer(self, listen: Listener, *, may_write_metadata: bool = False) -> ChangeWriter:
        self.stop.clear()
        return ChangeWriter(
            library=self.imatch,
            journal=self.journal,
            lock=self.lock,
            mode=self.mode,
            may_write_metadata=may_write_metadata or self.may_write_metadata,
            listen=listen,
            stop=self.stop,
        )
