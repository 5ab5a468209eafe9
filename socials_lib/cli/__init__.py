"""The command line `socials` (`python -m socials_lib`).

Exit codes, the highest that applies
    5  sign-in or setup needed (also `doctor` with a failed check)
    4  stopped by a guard (another account or mode, a changed plan, another run under way, three
       refusals in a row) or by a missing consent
    3  some approved rows failed, are unknown or stale, were blocked or not reached while
       applying, or a follow-up was refused
    2  changes pending (`plan`, `--dry-run` with rows to apply; `audit` with findings)
    0  done, or nothing to do
    1  anything else, wrong arguments included

Every command takes `--json`: one document on standard output, errors as
`{"error": {"code", "message", "hint"}}`.  Text for people goes to standard output, progress and
errors to standard error.  Secrets are never shown.

Decisions 2026-11-22
    - Wrong arguments are exit 1 and with `--json` a document too: argparse's own 2 would say that
      changes are pending.
    - IMatch's `imatch_to_socials_testing = 1` turns `apply` and `sync` into `plan` (document and
      exit codes); `resume` then does nothing and tells what is open.
    - `socials plan --json` prints the document that `--out` saves: either can be applied.
    - What other programs capture is UTF-8, whatever code page Windows would use: no character is
      lost.  A JSON document is plain ASCII there (`\u2713`), so that a reader who takes it for
      cp1252 or cp437 gets it whole as well.  Set `PYTHONUTF8=1` to have letters in it.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from socials_lib.cli.arguments import WrongArguments, parser
from socials_lib.errors import SettingsError, SignedOut, SocialsError
from socials_lib.system import utf8_console

if TYPE_CHECKING:
    from socials_lib.cli.console import Console

log = logging.getLogger(__name__)

#: Guards that only the command line knows.
_GUARDS = frozenset({"dry_run", "wrong_count", "too_many_deletes"})
#: Arguments that lead nowhere: a file, or a folder of photos for the practice world.
_ARGUMENTS = frozenset({"file", "world_not_started"})
#: What a platform says when an address in the settings is wrong.
_SETUP = frozenset({"bad_url", "not_pixelfed", "no_notebooks"})


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code and never raises but for `--help` and `--version`."""
    is_utf8 = utf8_console()
    from socials_lib.cli.console import Console  # here: `--help` need not wait for it

    words = sys.argv[1:] if argv is None else argv
    try:
        options = parser().parse_args(words)
    except WrongArguments as error:
        Console(as_json="--json" in words, ascii_only=not is_utf8).fail(
            error.code, str(error), error.hint
        )
        return 1
    how = {"quiet": options.quiet, "verbose": options.verbose}
    with Console(as_json=options.json, ascii_only=not is_utf8, **how) as console:
        from socials_lib.cli.commands import COMMANDS

        try:
            return COMMANDS[options.command](options, console)
        except SocialsError as error:
            log.info("ended: %s (%s) %s", error, error.code, error.details)
            console.fail(error.code, str(error), error.hint)
            return exit_code_of(error)
        except KeyboardInterrupt as error:
            hint = str(error) or "If a run was under way, go on with `socials resume`."
            console.fail("interrupted", "Interrupted.", hint)
            return 1
        except Exception as error:
            return _unforeseen(console, error)


def exit_code_of(error: SocialsError) -> int:
    """The exit code of an error that ended a command."""
    from socials_lib.sync.outcome import GUARDS, SETUP

    if error.code in GUARDS | _GUARDS:
        return 4
    if error.code in _ARGUMENTS:
        return 1
    if isinstance(error, (SettingsError, SignedOut)) or error.code in SETUP | _SETUP:
        return 5
    return 1


def _unforeseen(console: Console, error: Exception) -> int:
    log.error("unforeseen %s", type(error).__name__, exc_info=error)
    words = f"Something we did not expect: {type(error).__name__}: {error}"
    console.fail("unforeseen", words, "Please report it, with what you did before.")
    return 1
