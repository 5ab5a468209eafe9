"""The log of the command line: warnings for people, details in `socials.log` beside the journal.

Decision 2026-11-22: the file is turned over at the start of a command, not while one runs: on
Windows a file that another process has open cannot be renamed.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

from socials_lib.credentials import RedactingFilter

FILE_NAME = "socials.log"
#: Bytes; the log before that is kept as `socials.log.1`.
MOST = 1_000_000
_LINE = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


class _QuietFile(logging.FileHandler):
    """A log that cannot be written must not disturb what it tells about."""

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError):  # raised where the file is opened, at the first line
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Nothing: logging would print the trouble of the log, with a traceback."""


class _ForPeople(logging.Handler):
    """Warnings of our other rooms, one line each without the details."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._warn = warn

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith("socials_lib.") and not record.name.startswith("socials_lib.cli"):
            self._warn(f"! {record.getMessage()}")


@contextlib.contextmanager
def log_to(
    home: Path, *, redact: Callable[[str], str], warn: Callable[[str], None]
) -> Iterator[None]:
    """While inside, everything of level WARNING (ours: INFO) is written down, without secrets."""
    path = home / FILE_NAME
    with contextlib.suppress(OSError):
        if path.stat().st_size > MOST:
            path.replace(path.with_name(f"{FILE_NAME}.1"))
    file = _QuietFile(path, encoding="utf-8", errors="backslashreplace", delay=True)
    file.setFormatter(logging.Formatter(_LINE))
    file.addFilter(RedactingFilter(redact))
    handlers = (_ForPeople(warn), file)
    root, ours = logging.getLogger(), logging.getLogger("socials_lib")
    before = ours.level
    ours.setLevel(logging.INFO)
    for one in handlers:
        root.addHandler(one)
    try:
        yield
    finally:
        for one in handlers:
            root.removeHandler(one)
        ours.setLevel(before)
        file.close()
