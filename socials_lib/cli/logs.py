"""Warnings of the other rooms on the console; `socials_lib.logs` writes the log file."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator


class _ForPeople(logging.Handler):
    """One line a warning, without the details; our own words are said by the console itself."""

    def __init__(self, warn: Callable[[str], None], *, everything: bool) -> None:
        super().__init__(logging.INFO if everything else logging.WARNING)
        self._warn = warn

    def emit(self, record: logging.LogRecord) -> None:
        """A warning, or with `--verbose` any line of the log."""
        if not record.name.startswith("socials_lib.cli"):
            sign = "!" if record.levelno >= logging.WARNING else "·"
            self._warn(f"{sign} {record.getMessage()}")


@contextlib.contextmanager
def warnings_shown(warn: Callable[[str], None], *, everything: bool = False) -> Iterator[None]:
    """While inside, `warn` is told what this library logs as a warning; or `everything`."""
    handler = _ForPeople(warn, everything=everything)
    names = ("socials_lib", *(("socials_lib.events",) if everything else ()))  # apart, see `logs`
    for name in names:
        logging.getLogger(name).addHandler(handler)
    try:
        yield
    finally:
        for name in names:
            logging.getLogger(name).removeHandler(handler)
