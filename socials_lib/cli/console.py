"""Where a command speaks, and what it never says.

Results go to standard output (text, or one JSON document), progress and errors to standard error.
Both may be missing (`pythonw`, a closed descriptor) or end early (`socials plan | head`): neither
may break a run.  Text for people shows control characters of titles as escapes, so that no title
can move the cursor, change colours or turn the reading direction of the rest.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TextIO

from socials_lib.cli.logs import warnings_shown
from socials_lib.credentials import environment_masked
from socials_lib.workbench import Workbench

#: C0 and C1 controls but line feed, and the marks that turn the reading direction.
_UNSEEMLY = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
#: Seconds between two counts of a meter, and the letters that its line may have.
_PERIOD, _METER = 0.2, 60


@dataclass(kw_only=True)
class Console:
    """The mouth of one command; warnings of other rooms are shown inside `with`."""

    as_json: bool = False
    quiet: bool = False
    verbose: bool = False
    ascii_only: bool = False
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    _wb: Workbench | None = None
    _inside: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def __enter__(self) -> Console:
        self._inside.enter_context(warnings_shown(self.warn, everything=self.verbose))
        return self

    def __exit__(self, *_error: object) -> None:
        self._inside.close()

    def open(self) -> Workbench:
        """The workbench of this command."""
        self._wb = Workbench.open(environ=self.environ)
        return self._wb

    def say(self, text: str, document: Any) -> None:
        """The result, as text or as JSON."""
        out = readable(text)
        if self.as_json:
            out = json.dumps(document, ensure_ascii=self.ascii_only)
        _write(sys.stdout, environment_masked(out, self.environ, shortest=8).rstrip("\n") + "\n")

    def dated(self, text: str) -> str:
        """With `--quiet` the text begins with time and mode: it may be a line of a cron log."""
        if not self.quiet:
            return text
        mode = self.environ.get("SOCIALS_MODE") or "live"
        return f"{datetime.now().astimezone():%Y-%m-%d %H:%M} {mode}: {text}"

    def progress(self, text: str) -> None:
        """A line of progress; `--quiet` leaves it out."""
        if not self.quiet:
            self.warn(text)

    def warn(self, text: str) -> None:
        """A line for people, whatever was asked for."""
        _write(sys.stderr, readable(self.redact(text)) + "\n")

    @contextlib.contextmanager
    def meter(self, words: str) -> Iterator[Callable[[int, int], None]]:
        """A line on a terminal that counts in its place and is gone at the end; else nothing."""
        shown = 0.0

        def count(done: int, total: int) -> None:
            nonlocal shown
            now = time.monotonic()
            if not self.quiet and is_terminal(sys.stderr) and now - shown > _PERIOD and total:
                shown = now
                _write(sys.stderr, f"\r{words}: {done:,} of {total:,} photos")

        try:
            yield count
        finally:
            if shown:
                _write(sys.stderr, "\r" + " " * _METER + "\r")

    def fail(self, code: str, message: str, hint: str) -> None:
        """Why the command ended, without any secret."""
        message, hint = self.redact(message), self.redact(hint)
        if self.as_json:
            self.say("", {"error": {"code": code, "message": message, "hint": hint or None}})
        else:
            self.warn(self.dated(f"{message}\n{hint}" if hint else message))

    def ask(self, question: str) -> str:
        """What a person on the terminal answers, in small letters; "" at the end of input."""
        _write(sys.stderr, readable(question))
        return sys.stdin.readline().strip().lower()

    @property
    def can_ask(self) -> bool:
        """True if a person sits at a terminal and did not ask for JSON."""
        return not self.as_json and is_terminal(sys.stdin)

    def redact(self, text: str) -> str:
        """The text without secrets: those of the environment, and all the workbench knows.

        While IMatch does not answer, the workbench keeps no credentials to compare with.
        """
        text = environment_masked(text, self.environ)
        return self._wb.redact(text) if self._wb is not None else text


def readable(text: str) -> str:
    """The text with control characters shown as escapes (`\\x1b`); lines stay lines."""
    return _UNSEEMLY.sub(lambda found: ascii(found[0])[1:-1], text)


def is_terminal(stream: TextIO | None) -> bool:
    """True if a person sits there; a stream that is closed, or never was, is none."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def _write(stream: TextIO | None, text: str) -> None:
    """Write at once; a reader who has left, or a stream that never was, is no error."""
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        _silence(stream)
    except ValueError:  # closed
        return


def _silence(stream: TextIO) -> None:
    """Lead the stream into nothing, or Python complains at exit that it cannot be flushed."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
