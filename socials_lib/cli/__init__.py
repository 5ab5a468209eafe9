"""The command line `socials` (`python -m socials_lib`).

Exit codes, the highest that applies
    5  sign-in or setup needed (also `doctor` with a failed check)
    4  stopped by a guard, a missing consent, another account, or another run under way
    3  some approved rows failed, are unknown or stale, were blocked or not reached while
       applying, or a follow-up was refused
    2  changes pending (`plan`, `--dry-run` with rows to apply)
    0  done, or nothing to do
    1  anything else

Every command takes `--json`: one document on standard output, errors as
`{"error": {"code", "message", "hint"}}`.  Text for people goes to standard output, progress and
errors to standard error.  Secrets are never shown.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Sequence

from socials_lib.cli.arguments import parser
from socials_lib.cli.commands import COMMANDS, Console
from socials_lib.errors import SocialsError
from socials_lib.sync.outcome import GUARDS, SETUP
from socials_lib.system import utf8_console

log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code and never raises (but for wrong arguments)."""
    utf8_console()
    options = parser().parse_args(argv)
    console = Console(as_json=options.json, quiet=getattr(options, "quiet", False))
    try:
        return COMMANDS[options.command](options, console)
    except SocialsError as error:
        _say_error(console, error.code, str(error), error.hint)
        return exit_code_of(error)
    except KeyboardInterrupt:
        _say_error(console, "interrupted", "Interrupted.", "Go on with `socials resume`.")
        return 1
    except BrokenPipeError:  # the reader of our output has left
        return 1
    except Exception as error:
        log.debug("unforeseen", exc_info=True)
        words = f"Something we did not expect: {type(error).__name__}: {error}"
        _say_error(console, "unforeseen", words, "Please report it, with what you did before.")
        return 1


def exit_code_of(error: SocialsError) -> int:
    """The exit code of an error that ended a command."""
    if error.code in SETUP:
        return 5
    return 4 if error.code in GUARDS else 1


def _say_error(console: Console, code: str, message: str, hint: str) -> None:
    message, hint = console.redact(message), console.redact(hint)
    if console.as_json:
        document = {"error": {"code": code, "message": message, "hint": hint or None}}
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
        return
    sys.stderr.write(f"{message}\n{hint}\n" if hint else f"{message}\n")
