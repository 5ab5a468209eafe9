"""The steps add and update: a tab for each platform, and runs that did not end."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from socials_lib.models import PlatformName
from socials_lib.widgets import base, markup, messages, step_words, words
from socials_lib.widgets.pane import STYLE, Pane
from socials_lib.widgets.pictures import Thumbnails
from socials_lib.widgets.sources import Source
from socials_lib.widgets.step_model import StepOnPlatform

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

_CODE = {
    "add": 'wb.apply(picker.plan, only=["add"])',
    "update": 'wb.apply(picker.plan, only=["update", "metadata"])',
    "delete": 'wb.apply(picker.plan, only=["delete"], approve_deletes=1)',
}


class StepView(base.View):
    """A step for all platforms that are set up, in tabs."""

    def __init__(self, wb: Workbench, source: Source, step: str, thumbnails: Thumbnails) -> None:
        super().__init__(f"step-{step}", extra_style=STYLE)
        self.add_class("soc-step")
        self.wb, self.source, self.step = wb, source, step
        self.thumbnails = thumbnails
        self.given: Any = None
        self.panes: dict[PlatformName, Pane] = {}
        self.tabs = w.Tab()
        self.nothing = w.HTML(
            markup.loading("Reading IMatch; the step begins when the table is there")
        )
        self._filling = threading.RLock()
        self.trouble.handlers = {"Finish this run": self._finish, "Show it": self._show_open}
        self._open_run = ""
        source.on_change(self._on_change)
        self.fill()
        self.look_for_open_runs()

    def fill(self) -> None:
        """A tab for each platform of the plan, made once; titles with the numbers.

        The plan may arrive from the thread that reads IMatch while the cell still runs.
        """
        with self._filling:
            plan = self.source.plan
            for name in plan.accounts if plan is not None else ():
                if name not in self.panes:
                    self.panes[name] = self._pane(name)
                    self.panes[name].model.on_change(self._on_pane)
            panes = tuple(self.panes.values())
            if panes and tuple(self.tabs.children) != panes:
                # made whole: a tab that gets its children later may show none of them
                self.tabs = w.Tab(children=panes, titles=self._numbers(), selected_index=0)
            self._show(self.tabs if panes else self.nothing)

    def _show(self, part: w.Widget) -> None:
        if not self.body.children or self.body.children[0] is not part:
            self.body.children = (part, markup.as_code(_CODE[self.step]))

    def _numbers(self) -> tuple[str, ...]:
        return tuple(
            f"{words.platform(name)} ({len(pane.model.rows):,})"
            for name, pane in self.panes.items()
        )

    def _on_pane(self, urgent: bool) -> None:
        if urgent:
            self._titles()

    def _pane(self, name: PlatformName) -> Pane:
        model = StepOnPlatform(self.wb, self.source, self.step, name)
        return Pane(model, thumbnails=self.thumbnails)

    def _titles(self) -> None:
        if len(self.tabs.children) == len(self.panes):
            base.set_if_new(self.tabs, titles=self._numbers())

    def _on_change(self) -> None:
        if self.source.plan is not None and len(self.panes) != len(self.source.plan.accounts):
            self.fill()
            self.look_for_open_runs()  # what could not be finished without the table can be now

    def use(self, wb: Workbench) -> None:
        """The cell ran again with this workbench: the runs of the one before stay as they are."""
        self.wb = wb
        for pane in self.panes.values():
            pane.model.wb = wb
            pane.model.refresh()
            pane.paint()
        self.look_for_open_runs()

    def leave(self) -> None:
        """Another view takes its place: it needs to hear of no run any more."""
        for pane in self.panes.values():
            pane.model.leave()

    # a run that did not end

    def look_for_open_runs(self) -> None:
        """M25 for a run of this step that nobody finished and nobody is finishing."""
        current = [pane.model.job for pane in self.panes.values()]
        known = {job.run.run for job in current if job is not None and job.run is not None}
        if any(job is not None and job.is_running for job in current):
            return
        actions = set(step_words.ACTIONS[self.step])
        for run in self.wb.open_runs():
            if run.run not in known and actions & set(self.wb.left_of(run).actions):
                self._open_run = run.run
                self.show_message(step_words.open_run(self.wb, run))
                return
        self.show_message(None)

    def _finish(self) -> None:
        """Resume it; its progress shows in the tab of its platform."""
        run = next((one for one in self.wb.open_runs() if one.run == self._open_run), None)
        if run is None:  # finished elsewhere meanwhile
            self.look_for_open_runs()
            return
        if not self.panes:
            self.show_message(step_words.not_yet("the table of pending photos is not there"))
            return
        platforms = self.wb.left_of(run).platforms
        name = next((one for one in self.panes if one in platforms), next(iter(self.panes)))
        self.tabs.selected_index = list(self.panes).index(name)
        model = self.panes[name].model
        if model.job is not None and model.job.is_running:
            return  # the second half of a double click
        if not model.go_on(run.run):
            self.show_message(step_words.not_yet("another step is running"))

    def _show_open(self) -> None:
        run = next((one for one in self.wb.history() if one.run == self._open_run), None)
        if run is not None:
            said = f"The run of {words.moment(run.started)}: {step_words.counted(run.outcomes)}."
            self.show_message(messages.note(said, tone="warn"))
