"""The arguments of all commands."""

from __future__ import annotations

import argparse
import contextlib
import difflib
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NoReturn, TypeAlias

from socials_lib.errors import SettingsError, SocialsError
from socials_lib.models import PLATFORMS, Action
from socials_lib.system import refused_name


class WrongArguments(SocialsError):
    """The command line itself cannot be understood."""

    code = "usage"


class _Parser(argparse.ArgumentParser):
    """Raises instead of leaving with argparse's exit code 2, which means "changes pending" here.

    Words that nobody knows are a matter of the command they were given to: argparse would hand
    them up and name the program.
    """

    def parse_known_args(  # type: ignore[override]  # argparse has overloads by the namespace
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self._refuse(f"Unrecognized arguments: {' '.join(unknown)}.", unknown[0])
        return found, unknown

    def error(self, message: str) -> NoReturn:
        raise WrongArguments(f"{message[:1].upper()}{message[1:]}.", hint=self._see())

    def _check_value(self, action: argparse.Action, value: object) -> None:
        """A command that does not exist is told the one that was probably meant."""
        is_command = isinstance(action, argparse._SubParsersAction)  # has no public name
        if is_command and action.choices is not None and value not in action.choices:
            self._refuse(f"There is no command “{value}”.", str(value), tuple(action.choices))
        super()._check_value(action, value)

    def _refuse(self, message: str, word: str, known: Iterable[str] = ()) -> NoReturn:
        """With the word that was probably meant: a dash in it or not makes it no other."""
        words = {one.replace("-", ""): one for one in known or self._option_string_actions}
        bare = word.partition("=")[0].replace("-", "")
        near = difflib.get_close_matches(bare, words, n=1)
        meant = f"Did you mean `{words[near[0]]}`? " if near else ""
        raise WrongArguments(message, hint=f"{meant}{self._see()}")

    def _see(self) -> str:
        return f"See `{self.prog} -h`."


class _Version(argparse.Action):
    """Shows the version, which is looked up only then: no other command waits for it."""

    def __call__(self, parser: argparse.ArgumentParser, *_more: object) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version

        try:
            said = version("imatch-to-socials")
        except PackageNotFoundError:  # a checkout that nobody installed
            said = "(not installed)"
        with contextlib.suppress(AttributeError, OSError):  # no console, or nobody reads any more
            sys.stdout.write(f"{parser.prog} {said}\n")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """The parser of the command line; raises `WrongArguments`."""
    made = _Parser(
        prog="socials",
        description="Keeps IMatch, Flickr and Pixelfed in step.",
        epilog="Exit codes: 0 done, 2 changes pending, 3 some photos failed, 4 consent or guard,"
        " 5 sign-in or setup needed, 1 anything else.",
    )
    made.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _lab(commands)
    _world(commands)
    _imatch_app(commands)
    doctor = _command(commands, "doctor", "check IMatch, accounts, setup, limits")
    doctor.add_argument(
        "--bundle",
        type=_new_file,
        metavar="FILE",
        help="write a zip for a bug report, without secrets",
    )

    plan = _command(commands, "plan", "show what would be done; changes nothing")
    _platforms(plan)
    _scope(plan)
    _part(plan)
    plan.add_argument("--out", type=_new_file, metavar="FILE", help="save the plan for `apply`")

    apply = _command(commands, "apply", "carry out a saved plan")
    apply.add_argument("file", type=Path, metavar="FILE", help="the plan")
    _consent(apply)
    _part(apply)

    sync = _command(commands, "sync", "plan and apply in one")
    _platforms(sync)
    _scope(sync)
    _consent(sync)
    _part(sync)
    sync.add_argument("--dry-run", action="store_true", help="only show the plan")

    _command(commands, "stop", "ask the run under way, wherever it is, to end after its photo")

    resume = _command(commands, "resume", "go on with what a stopped or killed run left")
    resume.add_argument("run", nargs="?", help="name of the run (default: the newest open one)")

    history = _command(commands, "history", "runs and their results")
    history.add_argument("--most", type=_count(1), default=20, help="how many runs (default 20)")

    audit = _command(commands, "audit", "compare what is online with IMatch; changes nothing")
    _platforms(audit)
    audit.add_argument(
        "--html", type=_new_file, metavar="FILE", help="write a page with all findings"
    )
    audit.add_argument(
        "--metadata", action="store_true", help="only what IMatch holds; asks no platform"
    )
    audit.add_argument(
        "--cached", action="store_true", help="use the last list of what is online, ask nobody"
    )
    return made


#: argparse gives this class no public name.
_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"


def _lab(commands: _Commands) -> None:
    lab = _command(commands, "lab", "start JupyterLab on the notebooks")
    lab.add_argument("--demo", action="store_true", help="with the practice world")
    lab.add_argument(
        "--port", type=_count(0, 65_535), default=0, help="port of JupyterLab (default: a free one)"
    )
    lab.add_argument("--no-browser", action="store_true", help="only print the address")
    lab.add_argument("--photos", type=Path, metavar="DIR", help="practise with your own pictures")


def _world(commands: _Commands) -> None:
    world = _command(commands, "world", "start the practice world alone, until stopped")
    world.add_argument(
        "--port", type=_count(0, 65_532), default=0, help="first of four ports (default: free ones)"
    )
    world.add_argument("--photos", type=Path, metavar="DIR", help="build it from your own pictures")
    world.add_argument(
        "--imatch-app", action="store_true", help="with the page inside IMatch, to try in a browser"
    )


def _imatch_app(commands: _Commands) -> None:
    from socials_lib.cli.imatch_app import add_arguments

    app = commands.add_parser("imatch-app", help="the page inside IMatch: install it, remove it")
    orders = app.add_subparsers(dest="order", required=True, metavar="ORDER")
    add_arguments(lambda name, words: _command(orders, name, words))


def _command(commands: _Commands, name: str, words: str) -> argparse.ArgumentParser:
    # a consent must be spelled out: no abbreviations
    made = commands.add_parser(
        name, help=words, description=f"{words[:1].upper()}{words[1:]}.", allow_abbrev=False
    )
    made.add_argument("--json", action="store_true", help="one JSON document on standard output")
    loud = made.add_mutually_exclusive_group()
    loud.add_argument("--quiet", action="store_true", help="no progress on standard error")
    loud.add_argument(
        "--verbose", action="store_true", help="every step on standard error, as in the log file"
    )
    return made


def _platforms(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "platforms",
        nargs="*",
        type=_platform,
        metavar="PLATFORM",
        help="flickr, pixelfed (default: every platform that is set up)",
    )


def _scope(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--ids",
        type=_file_ids,
        action="extend",
        default=[],
        metavar="ID,…",
        help="only these photos, by their number in IMatch",
    )
    command.add_argument(
        "--ids-file", type=Path, metavar="FILE", help="only the photos whose numbers are in a file"
    )
    command.add_argument(
        "--category",
        type=_category,
        action="append",
        default=[],
        metavar="PATH",
        help='only photos in this category of IMatch or below it: --category "Coast|2024"',
    )


def _part(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--only",
        type=_actions,
        action="extend",
        default=[],
        metavar="ACTION,…",
        help="add, update, metadata, delete",
    )
    command.add_argument(
        "--max-photos",
        type=_count(1),
        metavar="N",
        help="only the first N, by their number in IMatch; deletes count too",
    )


def _consent(command: argparse.ArgumentParser) -> None:
    command.add_argument("--yes", action="store_true", help="do not ask")
    command.add_argument(
        "--approve-deletes",
        type=_count(0),
        metavar="N",
        help="at most N photos of the whole plan may be deleted; without it none is",
    )
    command.add_argument(
        "--approve",
        type=_ids,
        action="extend",
        default=[],
        metavar="ID,…",
        help="release rows by file_id or platform:file_id (comments, faults, suggestions)",
    )


def _platform(word: str) -> str:
    if word not in PLATFORMS:
        raise argparse.ArgumentTypeError(f"no platform “{word}”; there are {', '.join(PLATFORMS)}")
    return word


def _ids(text: str) -> list[str]:
    """`1201,pixelfed:1202` as a list; a word that no row can have would release nothing."""
    found = [one.strip() for one in text.split(",") if one.strip()]
    for one in found:
        platform, colon, _ = one.rpartition(":")
        if colon and platform not in PLATFORMS:
            raise argparse.ArgumentTypeError(f"“{one}” is neither file_id nor platform:file_id")
    return found


def _new_file(text: str) -> Path:
    """A file to be written, in a folder that is there; on Windows some names are none.

    Looked at before the work: an audit of an hour must not end at a mistyped folder, and a folder
    that nobody asked for is not made.
    """
    path = Path(text)
    why = refused_name(path)
    if why or not path.name:
        raise argparse.ArgumentTypeError(why or f"“{text}” is no file")
    _check_place(path)
    return path


def _check_place(path: Path) -> None:
    """Raises `WrongArguments` if no file can be written there."""
    folder = path.parent
    if not folder.is_dir():
        why, hint = f"there is no folder {folder}", "Create it, or name another file."
    elif path.is_dir():
        why, hint = "it is a folder", "Name a file in it."
    elif not os.access(path if path.exists() else folder, os.W_OK):
        why, hint = "you have no permission", "Name another file."
    else:
        return
    raise WrongArguments(f"{path} cannot be written: {why}.", hint=hint, code="file")


def _file_ids(text: str) -> list[str]:
    """`1201,1202` as a list; none at all would be taken for all of them."""
    found = [one.strip() for one in text.split(",") if one.strip()]
    odd = next((one for one in found if not (one.isascii() and one.isdigit())), None)
    if odd is not None or not found:
        raise argparse.ArgumentTypeError(f"“{odd or text}” is no number of a file in IMatch")
    return found


def _category(text: str) -> str:
    path = "|".join(one.strip() for one in text.split("|"))
    if not all(path.split("|")):
        raise argparse.ArgumentTypeError(f"“{text}” is no category; one looks like “Coast|2024”")
    return path


def _actions(text: str) -> tuple[Action, ...]:
    from socials_lib.sync.approval import parse_only

    try:
        return parse_only(text)
    except SettingsError as error:
        words = f"{error} {error.hint}".removeprefix("--only ")  # argparse names it itself
        raise argparse.ArgumentTypeError(words.removesuffix(".")) from error


def _count(least: int, most: int | None = None) -> Callable[[str], int]:
    """Reads a whole number from `least` to `most`."""

    def read(text: str) -> int:
        words = f"at least {least}" if most is None else f"{least} to {most}"
        wrong = argparse.ArgumentTypeError(f"“{text}” is no whole number, {words}")
        try:
            number = int(text)
        except ValueError:
            raise wrong from None
        if number < least or (most is not None and number > most):
            raise wrong
        return number

    return read
