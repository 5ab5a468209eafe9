"""Markup of pictures that a thread makes, newest wish first; kept, so that each is made once."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class MadeOnce(ABC, Generic[T]):
    """What was made is kept, up to `most`; several views may share one.

    A newer `ask` of the same asker makes the older one stop, so that the page that is shown comes
    first.  Subclasses say how one is made (`make`: its markup, and whether that is worth keeping)
    and by what it is known.
    """

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, str] = OrderedDict()
        self._lock = threading.Lock()
        self._asked: dict[Hashable, int] = {}
        self._threads: list[threading.Thread] = []

    @abstractmethod
    def make(self, what: T) -> tuple[str, bool]:
        """The markup, and True if it shall be kept; it must not raise."""

    def name_of(self, what: T) -> Hashable:
        """What of equal name looks the same."""
        return what

    def kept(self, what: T) -> str | None:
        """The markup, if it was made before."""
        with self._lock:
            return self._kept.get(self.name_of(what))

    def ask(self, asker: Hashable, wanted: Iterable[T], show: Callable[[T, str], None]) -> None:
        """Call `show(what, markup)` for each, from a thread."""
        every = tuple(wanted)
        with self._lock:
            mine = self._asked[asker] = self._asked.get(asker, 0) + 1
            self._threads = [one for one in self._threads if one.is_alive()]
            if not every:
                return
            thread = threading.Thread(
                target=self._make_all, args=(asker, mine, every, show), daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def forget(self) -> None:
        """Make all anew when they are next asked for (IMatch was read again)."""
        with self._lock:
            self._kept.clear()

    def wait(self, timeout: float | None = None) -> None:
        """Wait for all that were asked for."""
        with self._lock:
            threads = tuple(self._threads)
        for thread in threads:
            thread.join(timeout)

    def _make_all(
        self, asker: Hashable, mine: int, every: tuple[T, ...], show: Callable[[T, str], None]
    ) -> None:
        for one in every:
            if self._asked[asker] != mine:
                return
            markup = self.kept(one) or self._made(one)
            if self._asked[asker] != mine:
                return
            show(one, markup)

    def _made(self, what: T) -> str:
        markup, shall_be_kept = self.make(what)
        if shall_be_kept:
            with self._lock:
                self._kept[self.name_of(what)] = markup
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return markup
