"""Steps over real stand-ins: the rig of the journeys, with the table and the steps on top."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rig import Rig

from socials_lib.widgets import show
from socials_lib.widgets.delete import DeletePane
from socials_lib.widgets.jobs import Job, Jobs
from socials_lib.widgets.pane import Pane
from socials_lib.widgets.table import Picker

__all__ = ["Rig", "Steps"]

PATIENCE = 30


class Steps:
    """What a person has on the page: the table and three steps."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.wb = rig.wb
        self.picker: Picker = show.pending(self.wb)
        assert self.picker.model.wait(PATIENCE)

    @property
    def jobs(self) -> Jobs:
        return Jobs.of(self.wb)

    def pane(self, step: str, platform: str = "flickr") -> Pane:
        """A step on a platform, with what people left read if it is the step delete."""
        pane = show.step(self.wb, self.picker, step).panes[platform]
        pane.model.deaf_seconds = 0.0
        if isinstance(pane, DeletePane):
            assert pane.model.looker.wait(PATIENCE)
            pane.paint()
        return pane

    def press(self, pane: Pane) -> Job:
        """Press the main button, wait for the end, and paint it."""
        pane.go.click()
        return self.end(pane)

    def end(self, pane: Pane) -> Job:
        """Wait for the end of the run under way."""
        assert self.jobs.wait(PATIENCE)
        pane.painter.now()
        job = pane.model.job
        assert job is not None
        return job

    def read_again(self) -> None:
        """`Read IMatch again`, to the end."""
        self.picker.reload()
        assert self.picker.model.wait(PATIENCE)

    @contextmanager
    def until(self, is_so: Callable[[], bool]) -> Iterator[None]:
        """What is done inside is done; then wait until something is so."""
        seen = threading.Event()

        def look(_urgent: bool) -> None:
            if is_so():
                seen.set()

        self.jobs.listen(look)
        try:
            yield
            look(True)
            assert seen.wait(PATIENCE)
        finally:
            self.jobs.forget(look)

    @contextmanager
    def uploading(self, pane: Pane) -> Iterator[None]:
        """Press the main button; what is inside is done while the first photo is being sent.

        The run stands still meanwhile: whoever hears of it hears in its thread.
        """
        begun, go_on = threading.Event(), threading.Event()

        def hold(_urgent: bool) -> None:
            job = self.jobs.current
            own_thread = threading.current_thread() is not threading.main_thread()
            if own_thread and job is not None and job.act == "upload":
                begun.set()
                go_on.wait(PATIENCE)

        self.jobs.listen(hold)
        try:
            pane.go.click()
            assert begun.wait(PATIENCE)
            yield
        finally:
            go_on.set()
            self.jobs.forget(hold)

    def titles(self) -> list[str]:
        """What is on Flickr."""
        return self.rig.flickr_titles()

    def pill(self, file_id: str, platform: str = "flickr") -> str:
        """The state of a row in the table."""
        return self.picker.model.pill((platform, file_id)).text
