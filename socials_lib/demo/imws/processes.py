"""`IMatch.processRun`: running a program for a page, for real, but only the one that is allowed.

What is known: it takes `executable`, `parameters`, `showwindow` and `timeout` (300 seconds were
used), and answers when the program has ended, with `result`, `exitCode`, `output`, `errorOutput`; a
rejected call carries `responseText`.  The known program gives `python.exe <script>` as executable:
so both texts are one command line, which Windows takes apart at blanks outside of quotes.

Guards: without a list of allowed words nothing is ever run; the command has to begin with exactly
these words; whoever asks needs a token and has to be a page of this very server.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .refusal import BAD_PARAMETER, NOT_SUPPORTED, Refusal

#: Seconds after which a program is ended, whatever was asked for.
LIMIT = 300.0
_TYPES: Mapping[str, tuple[type, ...]] = {
    "executable": (str,),
    "parameters": (str,),
    "showwindow": (bool,),
    "timeout": (int, float),
}


class Processes:
    """Runs one command for pages; `environ` is asked for at each run.

    `code_page` is how the output is read: what a program writes otherwise is garbled, as on
    Windows.  `split` False takes `executable` as a bare path: the other way IMatch may have.
    """

    def __init__(
        self,
        may_run: Sequence[str],
        environ: Callable[[], Mapping[str, str]],
        *,
        code_page: str = "cp850",
        split: bool = True,
        limit: float = LIMIT,
    ) -> None:
        if not may_run:
            raise ValueError("nothing may be run")
        self.may_run = tuple(may_run)
        self.code_page = code_page
        self.split = split
        self.limit = limit
        self.lines: list[str] = []
        self._environ = environ
        self._running: set[subprocess.Popen[bytes]] = set()
        self._guard = threading.Lock()

    def run(self, call: object) -> dict[str, Any]:
        """The answer of `processRun`; raises `Refusal` for a call that is rejected."""
        asked = _checked(call)
        words = self._words(asked["executable"], asked.get("parameters", ""))
        self.lines.append(" ".join(words))
        if tuple(words[: len(self.may_run)]) != self.may_run:
            raise Refusal(403, NOT_SUPPORTED, f"the program {words[0]} cannot be started")
        try:
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=dict(self._environ()),
            )
        except OSError as error:
            raise Refusal(500, NOT_SUPPORTED, f"cannot be started: {error.strerror}") from error
        return self._ended(process, min(asked.get("timeout", self.limit), self.limit))

    def stop(self) -> None:
        """End what is still running: IMatch is closed."""
        with self._guard:
            for process in self._running:
                process.kill()

    def _words(self, executable: str, parameters: str) -> list[str]:
        if self.split:
            return split(f"{executable} {parameters}")
        return [executable, *split(parameters)]

    def _ended(self, process: subprocess.Popen[bytes], limit: float) -> dict[str, Any]:
        """Both pipes to their end: a child that holds one would keep the page waiting."""
        with self._guard:
            self._running.add(process)
        try:
            out, errors = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise Refusal(500, NOT_SUPPORTED, f"ended after {limit:g} seconds") from None
        finally:
            with self._guard:
                self._running.discard(process)
        return {
            "result": "ok",
            "exitCode": process.returncode,
            "output": out.decode(self.code_page, errors="replace"),
            "errorOutput": errors.decode(self.code_page, errors="replace"),
        }


def _checked(call: object) -> dict[str, Any]:
    """Unknown or mistyped members would silently test nothing."""
    if not isinstance(call, dict) or not call.get("executable"):
        raise Refusal(400, BAD_PARAMETER, "an object with an executable is needed")
    for name, value in call.items():
        types = _TYPES.get(name)
        if types is None or not isinstance(value, types):
            raise Refusal(400, BAD_PARAMETER, f"'{name}' is unknown or cannot be {value!r}")
    return call


def split(line: str) -> list[str]:
    r"""The words of a Windows command line.

    The program ends at its closing quote, or at the first blank.  In the other words a quote begins
    or ends a part with blanks; backslashes count only before a quote: 2n of them are n and the
    quote counts, 2n+1 are n and a quote that is a letter.
    """
    program, rest = _program(line.strip())
    return [program, *_arguments(rest)] if program else []


def _program(line: str) -> tuple[str, str]:
    if line.startswith('"'):
        name, _, rest = line[1:].partition('"')
        return name, rest
    name, _, rest = line.partition(" ")
    return name, rest


def _arguments(text: str) -> list[str]:
    found: list[str] = []
    word, inside, begun, slashes = "", False, False, 0
    for sign in text:
        if sign == "\\":
            slashes += 1
            begun = True
            continue
        if sign == '"':
            word += "\\" * (slashes // 2)
            if slashes % 2:
                word += '"'
            else:
                inside = not inside
            slashes, begun = 0, True
            continue
        word += "\\" * slashes
        slashes = 0
        if sign in " \t" and not inside:
            if begun:
                found.append(word)
            word, begun = "", False
        else:
            word += sign
            begun = True
    return [*found, word + "\\" * slashes] if begun else found
