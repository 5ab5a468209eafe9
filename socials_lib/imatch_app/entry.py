"""The script that the page inside IMatch runs: one order, one JSON document of plain ASCII.

    python -P …/socials_lib/imatch_app/entry.py [--home DIR] status

It works from any folder, whether the library is installed or only unpacked.  `work NAME` is what
an order starts in the background; it prints nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

if not __package__:  # run by its path
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from socials_lib.errors import SettingsError, SocialsError
from socials_lib.imatch_app.arguments import add_orders, carry_out
from socials_lib.imatch_app.orders import Desk


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise SettingsError(
            f"This order cannot be understood: {message}.",
            hint="Is the page as old as the program? Run `socials imatch-app install` again.",
            code="usage",
        )


def main(argv: Sequence[str] | None = None) -> int:
    """Give one order; 0, or 1 with an `error` in the document."""
    try:
        options = _parser().parse_args(argv)
        if options.home:
            os.environ.setdefault("SOCIALS_HOME", options.home)
        if options.order == "work":
            return _work(options.job)
        document, code = carry_out(Desk.of(os.environ), options), 0
    except SocialsError as error:
        document, code = _refusal(error.code, str(error), error.hint), 1
    except Exception as error:  # its words may hold anything; the page needs a document
        words = f"Something went wrong that we did not expect ({type(error).__name__})."
        document, code = _refusal("unforeseen", words, "Try it in a command window."), 1
    _print(json.dumps(document))
    return code


def _parser() -> _Parser:
    made = _Parser(prog="entry.py", allow_abbrev=False)
    made.add_argument("--home", default="")
    found = made.add_subparsers(dest="order", required=True)
    add_orders(lambda name, words: found.add_parser(name, help=words, allow_abbrev=False))
    found.add_parser("work", help="do a job").add_argument("job")
    return made


def _work(name: str) -> int:
    """Do a job; the reason why it cannot even begin goes into its file, too."""
    from socials_lib.imatch_app.worker import work
    from socials_lib.workbench import Workbench

    try:
        return 0 if work(Workbench.open(), name).state == "done" else 1
    except SocialsError as error:
        jobs = Desk.of(os.environ).jobs
        job = jobs.get(name)
        if job is not None and job.state == "starting":
            jobs.ended(job, f"{error} {error.hint}".strip())
        return 1


def _refusal(code: str, message: str, hint: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "hint": hint or None}}


def _print(text: str) -> None:
    """A page that was closed meanwhile reads nothing any more, which is no error."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except (OSError, ValueError):
        os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
