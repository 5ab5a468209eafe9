"""Starting JupyterLab on the notebooks, in demo mode with the rehearsal world as its child."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

from socials_lib.errors import SettingsError

FIRST_NOTEBOOK = "00_start_here.ipynb"
Say = Callable[[str], None]


def notebooks_folder() -> Path:
    """The folder `notebooks` beside the library; raises `SettingsError` if it is not there."""
    folder = Path(__file__).resolve().parents[2] / "notebooks"
    if not (folder / FIRST_NOTEBOOK).exists():
        raise SettingsError(
            "The notebooks are not beside the library.",
            hint="Start from the unpacked project: `python start.py`.",
            code="no_notebooks",
        )
    return folder


def start_lab(*, demo: bool, port: int, browser: bool, photos: Path | None, say: Say) -> int:
    """Run JupyterLab until it ends; returns its exit code."""
    folder = notebooks_folder()
    if not demo:
        environ = {**os.environ, "SOCIALS_MODE": "live"}
        return _run_lab(folder, port=port, browser=browser, environ=environ)
    say("Building the practice world ...")
    world = _start_world(photos)
    try:
        description = json.loads(_first_line(world))
        environ = {**os.environ, **description["env"]}
        say("Practice world ready. Nothing leaves this computer.")
        return _run_lab(folder, port=port, browser=browser, environ=environ)
    finally:
        _end(world)


def _start_world(photos: Path | None) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "socials_lib", "world", "--json"]
    if photos is not None:
        command += ["--photos", str(photos)]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "SOCIALS_WORLD_PARENT": str(os.getpid())},
    )


def _first_line(world: subprocess.Popen[str]) -> str:
    out: IO[str] | None = world.stdout
    line = out.readline() if out is not None else ""
    if not line.strip().startswith("{") or '"env"' not in line:
        world.wait(10)
        raise SettingsError(
            "The practice world did not start.",
            hint="Try `socials world` alone to see why.",
            details=line,
        )
    return line


def _end(world: subprocess.Popen[str]) -> None:
    """The world ends itself when its input closes; it is only killed if it does not."""
    if world.stdin is not None:
        world.stdin.close()
    try:
        world.wait(10)
    except subprocess.TimeoutExpired:
        world.kill()
        world.wait()
    if world.stdout is not None:
        world.stdout.close()


def _run_lab(folder: Path, *, port: int, browser: bool, environ: dict[str, str]) -> int:
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port or 8888}",
        f"--ServerApp.root_dir={folder.parent}",
        f"--LabApp.default_url=/lab/tree/notebooks/{FIRST_NOTEBOOK}",
        "--LabApp.news_url=None",
    ]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # containers and build machines
        command.append("--allow-root")
    try:
        return subprocess.call(command, env=environ)
    except KeyboardInterrupt:  # Ctrl-C reaches JupyterLab too, which ends itself
        return 0
