"""Work of which only the newest matters: reading another source, trying another recipe."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

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
        self._name, self._work, self._on_error = name, work, on_error
        self._lock = threading.Lock()
        self._waiting: list[T] = []
        self._asked = 0
        self._thread: threading.Thread | None = None
        self._idle = threading.Event()
        self._idle.set()

    @property
    def is_busy(self) -> bool:
        """True while something is being done or waits."""
        return not self._idle.is_set()

    def ask(self, what: T) -> None:
        """Do this, as soon as what is under way has ended."""
        with self._lock:
            self._waiting = [what]
            self._asked += 1
            if not self._idle.is_set():
                return
            self._idle.clear()
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def drop(self) -> None:
        """Want nothing any more: what waits is not begun, what is under way is overtaken."""
        with self._lock:
            self._waiting = []
            self._asked += 1

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until nothing is left to do; the work itself may ask, and gets True."""
        if self._thread is threading.current_thread():
            return True
        return self._idle.wait(timeout)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._idle.set()
                    return
                what, mine = self._waiting.pop(), self._asked
            try:
                self._work(what, lambda mine=mine: mine == self._asked)  # type: ignore[misc]
            except BaseException as error:  # also SystemExit: shown, not lost with the thread
                if mine == self._asked:
                    self._on_error(error)
