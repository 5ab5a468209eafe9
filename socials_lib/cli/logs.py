"""Warnings of the other rooms on the console; `socials_lib.logs` writes the log file."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator


class _ForPeople(logging.Handler):
    """One line a warning, without the details; our own words are said by the console itself."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._warn = warn

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith("socials_lib.cli"):
            self._warn(f"! {record.getMessage()}")


@contextlib.contextmanager
def warnings_shown(warn: Callable[[str], None]) -> Iterator[None]:
    """While inside, `warn` is told what this library logs as a warning."""
    ours, handler = logging.getLogger("socials_lib"), _ForPeople(warn)
    ours.addHandler(handler)
    try:
        yield
    finally:
        ours.removeHandler(handler)
