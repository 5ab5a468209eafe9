r"""The command line that the page runs, and how it is quoted.

    "C:\Users\Jo Ö\.venv\Scripts\python.exe" -P "\\nas\tools\socials_lib\imatch_app\entry.py" status

Paths may hold blanks, letters of any language and begin with `\\server\share`; they are quoted by
the rules of Windows programs.  The words that the page adds are plain (`PLAIN`), so they never need
quotes.  There is no secret in it: whoever can run it is this Windows user already.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

#: What a word of an order may consist of; the page holds itself to the same.
PLAIN = re.compile(r"[A-Za-z0-9_.:,=-]+")
ENTRY = Path(__file__).resolve().with_name("entry.py")


@dataclass(frozen=True, kw_only=True)
class Form:
    """One way to hand a command to `IMatch.processRun`."""

    executable: str
    parameters: str


@dataclass(frozen=True, kw_only=True)
class Command:
    """Interpreter and script; `home` is the data folder if it is not the usual one, else ""."""

    interpreter: str
    script: str
    home: str = ""

    @classmethod
    def here(cls, environ: Mapping[str, str]) -> Command:
        """The command that runs this very library with this interpreter."""
        named = environ.get("SOCIALS_HOME", "").strip()
        is_live = environ.get("SOCIALS_MODE", "").strip() in ("", "live")
        home = str(Path(named).expanduser().absolute()) if named and is_live else ""
        return cls(interpreter=console_interpreter(sys.executable), script=str(ENTRY), home=home)

    @property
    def arguments(self) -> tuple[str, ...]:
        """What follows the interpreter; `-P` keeps strange modules of any folder out."""
        home = ("--home", self.home) if self.home else ()
        return ("-P", self.script, *home)

    def words(self, *order: str) -> list[str]:
        """The whole command as a list."""
        return [self.interpreter, *self.arguments, *order]

    def line(self, *order: str, windows: bool = os.name == "nt") -> str:
        """The whole command as text to copy."""
        words = self.words(*order)
        return subprocess.list2cmdline(words) if windows else shlex.join(words)

    def program(self, *, windows: bool = os.name == "nt") -> str:
        """The command line `socials` by its whole name: no new window knows the short one."""
        words = [self.interpreter, "-m", "socials_lib"]
        return subprocess.list2cmdline(words) if windows else shlex.join(words)

    @property
    def forms(self) -> tuple[Form, ...]:
        """Ways to hand it to IMatch, the likeliest first; one only if no path needs quotes."""
        quoted = subprocess.list2cmdline([self.interpreter])
        rest = subprocess.list2cmdline(self.arguments)
        found = (
            Form(executable=quoted, parameters=rest),
            Form(executable=self.interpreter, parameters=rest),
            Form(executable=f"{quoted} {rest}", parameters=""),
        )
        return tuple(dict.fromkeys(found if quoted != self.interpreter else found[:1]))


def console_interpreter(executable: str) -> str:
    """The interpreter that can print: `pythonw.exe`, which cannot, has `python.exe` beside it."""
    path = PureWindowsPath(executable)
    if path.name.casefold() == "pythonw.exe":
        return str(path.with_name("python.exe"))
    return executable
