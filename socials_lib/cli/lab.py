"""Starting JupyterLab on the notebooks, in demo mode with the rehearsal world as its child.

Decisions 2026-11-22
    - Ctrl-C belongs to JupyterLab, which asks and saves: the world runs in a process group of its
      own and ends with us, not before.  A polite end (SIGTERM) is handed on.
    - `--port N` is that very port or an error; without it JupyterLab takes the next free one.
    - Without `--demo` the environment stays as it is: the mode is `live` unless the variables of a
      world that runs elsewhere say `demo`.
    - `--json`: one document when everything is ready to start; JupyterLab's own words, with the
      address to open, are on standard error.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from socials_lib.cli.console import Console
from socials_lib.errors import SettingsError

FIRST_NOTEBOOK = "00_start_here.ipynb"
_FIRST_PORT = 8888
#: Seconds that a child gets to end by itself.
_PATIENCE = 20


def notebooks_folder() -> Path:
    """The folder `notebooks` beside the library; raises `SettingsError` if it is not there."""
    folder = Path(__file__).resolve().parents[2] / "notebooks"
    if not folder.is_dir():
        raise SettingsError(
            "The notebooks are not beside the library.",
            hint="Start from the unpacked project: `python start.py`.",
            code="no_notebooks",
        )
    return folder


def start_lab(
    *, demo: bool, port: int, browser: bool, photos: Path | None, console: Console
) -> int:
    """Run JupyterLab until it ends; returns its exit code."""
    command = lab_command(notebooks_folder(), port=port, browser=browser)
    if not demo:
        mode = os.environ.get("SOCIALS_MODE", "").strip() or "live"
        _ready(console, mode=mode, port=port, world=None)
        return _run(command, os.environ)
    console.progress("Building the practice world ...")
    with _world(photos) as described:
        _ready(console, mode="demo", port=port, world=described)
        for note in described.get("notes", ()):
            console.warn(f"! Your pictures: {note}.")
        console.progress("Practice world ready. Nothing leaves this computer.")
        return _run(command, {**os.environ, **described["env"]})


def lab_command(folder: Path, *, port: int, browser: bool) -> list[str]:
    """The command that serves the project's folder on this computer only."""
    first = f"/tree/notebooks/{FIRST_NOTEBOOK}" if (folder / FIRST_NOTEBOOK).exists() else ""
    command = [
        *(sys.executable, "-m", "jupyterlab"),
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port or _FIRST_PORT}",
        f"--ServerApp.root_dir={folder.parent}",
        f"--LabApp.default_url=/lab{first}",
        "--LabApp.news_url=None",
        # else it lists every language server that is not there, below the address to open
        "--LanguageServerManager.autodetect=False",
    ]
    if port:
        command.append("--ServerApp.port_retries=0")
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # containers and build machines
        command.append("--allow-root")
    return command


def _ready(console: Console, *, mode: str, port: int, world: Mapping[str, Any] | None) -> None:
    """With `--json`: what is being started; the world's keys stay in its environment."""
    if not console.as_json:
        return
    shown = {name: value for name, value in (world or {}).items() if name != "env"}
    document = {"mode": mode, "port": port or None, "world": shown or None}
    console.say("", document)


@contextlib.contextmanager
def _world(photos: Path | None) -> Iterator[dict[str, Any]]:
    """The description of a rehearsal world that lives as long as the block."""
    command = [sys.executable, "-m", "socials_lib", "world", "--json"]
    if photos is not None:
        command += ["--photos", str(photos)]
    world = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "SOCIALS_WORLD_PARENT": str(os.getpid())},
        # out of reach of the terminal's Ctrl-C; Windows knows the flag, all others the session
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        start_new_session=True,
    )
    try:
        yield _described(world)
    finally:
        _end(world)


def _described(world: subprocess.Popen[str]) -> dict[str, Any]:
    """What the world says when it is ready; raises `SettingsError` with its own words if not."""
    line = world.stdout.readline() if world.stdout is not None else ""
    try:
        said = json.loads(line)
        error = said.get("error")
    except (ValueError, AttributeError):
        said, error = {}, None
    if "env" in said:
        return dict(said)
    because = f": {error['message']}" if error else "."
    raise SettingsError(
        f"The practice world did not start{because}",
        hint=(error or {}).get("hint") or "Try `socials world` alone to see why.",
        code="world_not_started",
        details=line,
    )


def _end(world: subprocess.Popen[str]) -> None:
    """The world ends itself when its input closes; it is only killed if it does not."""
    with contextlib.suppress(OSError):
        if world.stdin is not None:
            world.stdin.close()
    try:
        world.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        world.kill()
        world.wait()
    if world.stdout is not None:
        world.stdout.close()


def _run(command: list[str], environ: Mapping[str, str]) -> int:
    """JupyterLab until it ends; 0 if it was asked to."""
    lab = subprocess.Popen(command, env=dict(environ), stdout=_not_ours())
    try:
        with _handed_on(lab) as asked:
            code = lab.wait()
    finally:
        if lab.poll() is None:
            lab.kill()
            lab.wait()
    return 0 if asked.is_set() or code == 0 else 1


def _not_ours() -> int | None:
    """Standard output belongs to our one document; JupyterLab writes to standard error."""
    try:
        return sys.stderr.fileno()
    except (AttributeError, OSError, ValueError):  # none, or not a real one
        return None


def _on_terminal() -> bool:
    """True if a terminal sends Ctrl-C to us and our children alike."""
    try:
        return sys.stdin is not None and sys.stdin.isatty()
    except ValueError:  # closed
        return False


@contextlib.contextmanager
def _handed_on(lab: subprocess.Popen[bytes]) -> Iterator[threading.Event]:
    """Ctrl-C on a terminal reaches JupyterLab by itself; other polite ends are handed on to it."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return

    def hear(number: int, _frame: object) -> None:
        asked.set()
        if number != signal.SIGINT or not _on_terminal():
            lab.terminate()

    names = ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP")
    signals = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {one: signal.signal(one, hear) for one in signals}
    try:
        yield asked
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
