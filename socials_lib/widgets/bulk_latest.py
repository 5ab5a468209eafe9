"""Work of which only the newest matters: reading another source, trying another recipe."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from socials_lib.widgets import base

T = TypeVar("T")
#: Asked by the work itself: is it still what is wanted?
IsNewest = Callable[[], bool]


class Latest(Generic[T]):
    """Does the newest of what was asked for, in a thread; what it overtakes is not begun.

    `work(what, is_newest)` should end early when `is_newest()` turns false.  An error goes to
    `on_error`, unless something newer waits.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[T, IsNewest], None],
        *,
        on_error: Callable[[BaseException], None],
    ) -> None:
        self._work, self._on_error = work, on_error
        self._worker = base.Worker(name, on_error=on_error)
        self._lock = threading.Lock()
        self._asked = 0

    @property
    def is_busy(self) -> bool:
        """True while something is being done or waits."""
        return self._worker.is_running

    def ask(self, what: T) -> None:
        """Do this, as soon as what is under way has ended."""
        with self._lock:
            self._asked = mine = self._asked + 1
            self._worker.ask(lambda _stop: self._do(what, mine))

    def drop(self) -> None:
        """Want nothing any more: what waits is not begun, what is under way is overtaken."""
        with self._lock:
            self._asked += 1

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until nothing is left to do; the work itself may ask, and gets True."""
        return self._worker.wait(timeout)

    def _do(self, what: T, mine: int) -> None:
        if mine != self._asked:
            return
        try:
            self._work(what, lambda: mine == self._asked)
        except BaseException as error:  # also SystemExit: shown, not lost with the thread
            if mine == self._asked:
                self._on_error(error)
