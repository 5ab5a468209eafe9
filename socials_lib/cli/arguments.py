"""The arguments of all commands."""

from __future__ import annotations

import argparse
from pathlib import Path

from socials_lib.models import PLATFORMS


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    made = argparse.ArgumentParser(
        prog="socials",
        description="Keeps IMatch, Flickr and Pixelfed in step.",
        epilog="Exit codes: 0 done, 2 changes pending, 3 some photos failed, 4 consent or guard,"
        " 5 sign-in or setup needed, 1 anything else.",
    )
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")

    lab = _command(commands, "lab", "start JupyterLab on the notebooks")
    lab.add_argument("--demo", action="store_true", help="with the rehearsal world")
    lab.add_argument("--port", type=int, default=0, help="port of JupyterLab (default: a free one)")
    lab.add_argument("--no-browser", action="store_true", help="only print the address")
    lab.add_argument("--photos", type=Path, metavar="DIR", help="rehearse with your own pictures")

    world = _command(commands, "world", "start the rehearsal world alone, until stopped")
    world.add_argument("--port", type=int, default=0, help="port of its side door")
    world.add_argument("--photos", type=Path, metavar="DIR", help="build it from your own pictures")

    _command(commands, "doctor", "check IMatch, accounts, setup, limits")

    plan = _command(commands, "plan", "show what would be done; changes nothing")
    _platforms(plan)
    plan.add_argument("--out", type=Path, metavar="FILE", help="save the plan for `apply`")

    apply = _command(commands, "apply", "carry out a saved plan")
    apply.add_argument("file", type=Path, help="the plan")
    _consent(apply)

    sync = _command(commands, "sync", "plan and apply in one")
    _platforms(sync)
    _consent(sync)
    sync.add_argument("--dry-run", action="store_true", help="only show the plan")

    resume = _command(commands, "resume", "go on with what a stopped or killed run left")
    resume.add_argument("run", nargs="?", help="name of the run (default: the newest open one)")

    history = _command(commands, "history", "runs and their results")
    history.add_argument("--most", type=int, default=20, help="how many runs (default 20)")
    return made


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, words: str
) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    made.add_argument("--json", action="store_true", help="one JSON document on standard output")
    made.add_argument("--quiet", action="store_true", help="no progress on standard error")
    return made


def _platforms(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "platforms",
        nargs="*",
        type=_platform,
        metavar="PLATFORM",
        help="flickr, pixelfed (default: every platform that is set up)",
    )


def _platform(word: str) -> str:
    if word not in PLATFORMS:
        raise argparse.ArgumentTypeError(f"no platform “{word}”; there are {', '.join(PLATFORMS)}")
    return word


def _consent(command: argparse.ArgumentParser) -> None:
    command.add_argument("--yes", action="store_true", help="do not ask")
    command.add_argument(
        "--approve-deletes",
        type=int,
        metavar="N",
        help="at most N photos of the whole plan may be deleted; without it none is",
    )
    command.add_argument(
        "--approve",
        action="append",
        default=[],
        metavar="ID,…",
        help="release rows by file_id or platform:file_id (comments, faults, suggestions)",
    )
    command.add_argument(
        "--only", default="", metavar="ACTION,…", help="add, update, metadata, delete"
    )
