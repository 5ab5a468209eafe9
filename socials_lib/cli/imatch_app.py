"""`socials imatch-app`: the page inside IMatch; its orders can be given from a console, too."""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from socials_lib.cli.console import Console

_NEXT = "Restart IMatch, then open the app “IMatch to Socials” in the App panel."
_DOUBT = (
    "Is {} really IMatch's web folder? That one is called webroot and holds the folders system and"
    " user. If IMatch does not show the app, take it away with `uninstall` in place of `install`,"
    " and install it into the right folder."
)


def add_arguments(leaf: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """The parsers of all orders."""
    from socials_lib.imatch_app.arguments import add_orders

    for name, words in (
        ("install", "put the page into IMatch's web folder, or renew it"),
        ("uninstall", "take exactly that away again"),
    ):
        order = leaf(name, words)
        order.add_argument(
            "--webroot", type=Path, metavar="DIR", help="IMatch's folder webroot (default: its own)"
        )
        order.add_argument(
            "--force", action="store_true", help="also files that were changed by hand"
        )
    add_orders(leaf)


def run_imatch_app(options: argparse.Namespace, console: Console) -> int:
    """Install, uninstall, or give an order of the page."""
    if options.order == "install":
        return _install(options, console)
    if options.order == "uninstall":
        return _uninstall(options, console)
    from socials_lib.imatch_app.arguments import carry_out
    from socials_lib.imatch_app.orders import Desk

    document = carry_out(Desk.of(os.environ), options)
    console.say("\n".join(_lines(document)), document)
    return 0


def _install(options: argparse.Namespace, console: Console) -> int:
    from socials_lib.imatch_app import Command, app_folder, has_neighbours, install

    command = Command.here(os.environ)
    folder = app_folder(options.webroot, os.environ)
    doubt = "" if has_neighbours(folder) else _DOUBT.format(folder.parent.parent)
    done = install(folder, command, force=options.force)
    what = "Installed" if done.is_new else "Renewed"
    lines = [
        f"{what} in {done.folder}: {len(done.files)} files, read back and tried.",
        f"The page runs: {command.line()}",
        _NEXT,
    ]
    document = {
        "folder": str(done.folder),
        "files": list(done.files),
        "command": command.words(),
        "version": done.version,
        "new": done.is_new,
        "next": _NEXT,
        "warning": doubt or None,
    }
    console.say("\n".join(lines), document)
    if doubt:
        console.warn(f"! {doubt}")
    return 0


def _uninstall(options: argparse.Namespace, console: Console) -> int:
    from socials_lib.imatch_app import app_folder, uninstall

    done = uninstall(app_folder(options.webroot, os.environ), force=options.force)
    count = len(done.removed)
    lines = [f"Removed {count} file{'' if count == 1 else 's'} from {done.folder}."]
    if done.changed:
        lines.append(
            f"Changed by hand, so they stay: {', '.join(done.changed)}. Say --force to remove them."
        )
    if done.foreign:
        lines.append(f"Not ours, so they stay: {', '.join(done.foreign)}.")
    lines.append("Restart IMatch, so that it forgets the app.")
    document = {
        "folder": str(done.folder),
        "removed": list(done.removed),
        "changed": list(done.changed),
        "foreign": list(done.foreign),
    }
    console.say("\n".join(lines), document)
    return 0


@contextlib.contextmanager
def page_for_world(*, wanted: bool) -> Iterator[dict[str, Any]]:
    """What a rehearsal world needs to serve the page; nothing, unless it is wanted.

    Only then may its IMatch run a program, and only this one: this interpreter with our script.
    """
    if not wanted:
        yield {}
        return
    from socials_lib.imatch_app import Command, app_folder, install

    with tempfile.TemporaryDirectory(prefix="socials-webroot-") as folder:
        command = Command.here({"SOCIALS_MODE": "demo"})
        install(app_folder(Path(folder), os.environ), command)
        yield {"webroot": Path(folder), "may_run": command.words()}


def _lines(document: dict[str, Any], indent: str = "") -> Iterator[str]:
    """A document as indented lines, one for each value."""
    for name, value in document.items():
        words = f"{indent}{name.replace('_', ' ')}:"
        if isinstance(value, dict):
            yield words
            yield from _lines(value, indent + "  ")
        elif isinstance(value, list):
            yield f"{words} {len(value)}"
            for one in value:
                yield from (
                    _lines(one, indent + "  ") if isinstance(one, dict) else [f"{indent}  {one}"]
                )
        else:
            yield f"{words} {'–' if value in (None, '') else value}"
