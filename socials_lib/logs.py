"""The log file: `logs/socials.log` in the data folder, five files of 1 MB, one line an event.

    2026-11-22T18:42:07.318+01:00 INFO    20261122-184207-3f1a flickr 1201 “Dawn …”: done

Decisions 2026-11-22
    - The file is opened for each line and closed after it.  Five notebooks are five processes that
      write here, and on Windows a file that another process has open cannot be turned over.
    - A line is one line: line ends, control characters and marks that turn the reading direction
      are shown as escapes, so that no title can forge a line.  Tracebacks follow indented.
    - Libraries that print tokens and whole answers (`QUIET`) are kept quiet everywhere, not only
      here: without that they would speak in the notebook.
    - Events have a logger of their own that hands nothing on: whoever shows warnings to people
      (the command line) hears of failed photos from the run itself.
    - A log that cannot be written is left out without a word.
"""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from socials_lib.credentials import RedactingFilter
from socials_lib.models import Event, Outcome

#: Bytes of a file, and how many files there are at most.
MOST_BYTES, FILES = 1_048_576, 5
#: flickrapi and the OAuth libraries print headers with tokens at DEBUG and bodies at ERROR; urllib3
#: prints addresses with their parameters at DEBUG.
QUIET: Mapping[str, int] = {
    "flickrapi": logging.CRITICAL,
    "requests_oauthlib": logging.CRITICAL,
    "oauthlib": logging.CRITICAL,
    "urllib3": logging.WARNING,
}
_OURS, _EVENTS = "socials_lib", "socials_lib.events"
_MOST_LETTERS = 2_000
#: C0 and C1 controls, line and paragraph separator, marks that turn the reading direction.
_UNSEEMLY = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_LEVELS = {"failed": logging.WARNING, "unknown": logging.WARNING, "halted": logging.WARNING}


def log_path(home: Path) -> Path:
    """Where the log of this data folder is."""
    return home / "logs" / "socials.log"


def set_up(home: Path, *, redact: Callable[[str], str]) -> Path:
    """Write what this library logs (INFO and above) into the data folder; the file's path.

    `redact` takes secrets out of a text.  One folder at a time: a second call moves the log.
    """
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)
    ours, events, path = logging.getLogger(_OURS), logging.getLogger(_EVENTS), log_path(home)
    close()
    handler = _LogFile(path)
    handler.addFilter(RedactingFilter(redact))
    ours.addHandler(handler)
    events.addHandler(handler)
    events.propagate = False
    if ours.getEffectiveLevel() > logging.INFO:
        ours.setLevel(logging.INFO)
    return path


def close() -> None:
    """Write no log any more."""
    for logger in (logging.getLogger(_OURS), logging.getLogger(_EVENTS)):
        for one in [one for one in logger.handlers if isinstance(one, _LogFile)]:
            logger.removeHandler(one)
            one.close()


def heard(event: Event) -> None:
    """Write an event of a run as one line; the steps of an upload are left to the status file."""
    _name_run(event.run)
    if not event.bytes_total:
        level = _LEVELS.get(event.state, logging.INFO)
        logging.getLogger(_EVENTS).log(level, "%s", _words(event))
    if event.step == "run" and event.state != "started":
        _name_run("")


def _name_run(run: str) -> None:
    """Lines of other rooms carry the run's name as well while it goes on."""
    for one in logging.getLogger(_OURS).handlers:
        if isinstance(one, _LogFile):
            one.run = run


def _words(event: Event) -> str:
    if event.step == "run":
        rows = f", {event.total} rows" if event.state == "started" else ""
        return f"run {event.state}{rows}" + (f": {event.message}" if event.message else "")
    who = " ".join(filter(None, (event.platform, event.file_id)))
    title = f" “{event.title[:80]}”" if event.title else ""
    if event.outcome is not None:
        return f"{who}{title}: {_outcome(event.outcome)}"
    until = f" until {event.until.isoformat(timespec='seconds')}" if event.until else ""
    message = f" ({event.message})" if event.message else ""
    return f"{who}{title}: {event.step} {event.state}{until}{message}"


def _outcome(one: Outcome) -> str:
    """How a row ended, with everything that is not plain success."""
    parts = [f"{one.action} {one.state}", one.remote_id, one.code, one.message]
    parts += [f"note {note.code}: {note.message}" for note in one.warnings]
    return "; ".join(filter(None, (*parts, *one.repeated)))


class _LogFile(RotatingFileHandler):
    """Turned over at 1 MB, open only while a line is written, silent when it cannot write."""

    def __init__(self, path: Path) -> None:
        self.run = ""
        super().__init__(
            path,
            maxBytes=MOST_BYTES,
            backupCount=FILES - 1,
            encoding="utf-8",
            errors="backslashreplace",
            delay=True,
        )
        self.setFormatter(_Lines(self))

    def handle(self, record: logging.LogRecord) -> bool:
        """A record whose words do not fit its values must not reach the one who logged it."""
        with contextlib.suppress(Exception):
            return bool(super().handle(record))
        return False

    def emit(self, record: logging.LogRecord) -> None:
        """Open, write, close."""
        with contextlib.suppress(OSError):
            Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        super().emit(record)
        stream, self.stream = self.stream, None  # opened again when needed
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()

    def doRollover(self) -> None:
        """Somebody else has a file open (Windows): go on in this one, turn it over later."""
        with contextlib.suppress(OSError):
            super().doRollover()

    def handleError(self, record: logging.LogRecord) -> None:
        """Nothing: logging would print the trouble of the log, with a traceback."""


class _Lines(logging.Formatter):
    """Time with zone, level, run, words; a traceback indented below."""

    def __init__(self, file: _LogFile) -> None:
        super().__init__()
        self._file = file

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")
        where = "" if record.name == _EVENTS else f"{record.name.removeprefix('socials_lib.')}: "
        words = one_line(record.getMessage()[:_MOST_LETTERS])
        line = f"{at} {record.levelname:<7} {self._file.run or '-'} {where}{words}"
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        below = [one_line(one) for one in (record.exc_text or "").splitlines()]
        return "\n    | ".join([line, *below])


def one_line(text: str) -> str:
    """The text with line ends and control characters shown as escapes."""
    return _UNSEEMLY.sub(lambda found: ascii(found[0])[1:-1], text)
