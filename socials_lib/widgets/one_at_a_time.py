"""Work of a notebook: one thing at a time, in a thread of its own, whatever cell shows it.

What is under way is kept on the shelf of the workbench, so that a cell that runs again shows it and
never starts it twice.  Views listen, and paint when they like.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar

from socials_lib.widgets import base

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

log = logging.getLogger(__name__)


class Task(Protocol):
    """A thing to carry out; `slot` tells apart those of which the last one is remembered."""

    @property
    def is_running(self) -> bool: ...

    @property
    def slot(self) -> Hashable: ...

    def carry_out(self) -> object: ...


T = TypeVar("T", bound=Task)


class OneAtATime(Generic[T]):
    """`current` is under way or was last; `last` the last one by its slot."""

    #: The name on the shelf, and of the thread.
    shelf = ""

    def __init__(self) -> None:
        self.current: T | None = None
        self.last: dict[Hashable, T] = {}
        self._lock = threading.Lock()
        self._listeners: list[Callable[[bool], None]] = []
        self.worker = base.Worker(
            self.shelf, on_error=lambda error: log.error("%s broke: %r", self.shelf, error)
        )

    @classmethod
    def of(cls, wb: Workbench) -> Self:
        """That of this workbench, made on first use."""
        found = wb.shelf.get(cls.shelf)
        if not isinstance(found, cls):
            found = wb.shelf[cls.shelf] = cls()
        return found

    @property
    def is_running(self) -> bool:
        """True while something is under way."""
        return self.current is not None and self.current.is_running

    def listen(self, listener: Callable[[bool], None]) -> None:
        """Call `listener(is_urgent)` whenever something changed, on any thread."""
        if listener not in self._listeners:
            self._listeners.append(listener)

    def forget(self, listener: Callable[[bool], None]) -> None:
        """Call this listener no more."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def tell(self, *, urgent: bool = False) -> None:
        """Something changed; `urgent`: a task began or ended.

        A listener that fails (a journal that cannot be read) keeps it from no other one.
        """
        for listener in tuple(self._listeners):
            try:
                listener(urgent)
            except Exception:
                log.exception("a listener to %s failed", self.shelf)

    def start(self, task: T) -> bool:
        """Begin; False if another task of this notebook is under way."""
        with self._lock:
            if self.is_running:
                return False
            self.current = self.last[task.slot] = task
        self.worker.ask(lambda _stop: self._carry_out(task))  # the one before may be just ending
        self.tell(urgent=True)
        return True

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end of what is under way; False if it has not ended in time."""
        return self.worker.wait(timeout)

    def ended(self, task: T) -> None:
        """A task has ended, well or not, before the listeners hear of it."""

    def _carry_out(self, task: T) -> None:
        try:
            task.carry_out()
        finally:
            self.ended(task)
            self.tell(urgent=True)
