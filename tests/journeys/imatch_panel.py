"""The IMatch panel without a browser: orders given as `IMatch.processRun` gives them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rig import Rig

from socials_lib.demo.imws import Processes
from socials_lib.imatch_app import Command

#: Seconds of patience with a machine that does much else.
PATIENCE = 90


def surroundings(rig: Rig) -> dict[str, str]:
    """The environment of IMatch, as the practice world makes it."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("SOCIALS_")}
    return {**bare, **rig.environ}


class Panel:
    """A page that has just been opened; it keeps nothing from one order to the next."""

    def __init__(self, rig: Rig) -> None:
        self.command = Command.here({"SOCIALS_MODE": "demo"})
        self.processes = Processes(self.command.words(), lambda: surroundings(rig))

    def order(self, *words: str) -> dict[str, Any]:
        """Give an order; its document."""
        [form] = {one.executable: one for one in self.command.forms[:1]}.values()
        call = {
            "executable": form.executable,
            "parameters": " ".join([form.parameters, *words]),
            "showwindow": False,
            "timeout": 300,
        }
        return dict(json.loads(self.processes.run(call)["output"]))

    def until(self, ready: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Look again and again until something is so."""
        end = time.monotonic() + PATIENCE
        seen = ""
        while time.monotonic() < end:
            found = self.order("status", "--brief", "--wait", "4", "--seen", seen or "-")
            if ready(found):
                return found
            seen = found["mark"]
        raise AssertionError(f"it never came so far: {found}")

    def plan(self, *words: str) -> dict[str, Any]:
        """Make a plan and show it."""
        told = self.order("plan", *words)
        assert "error" not in told, told
        job = self.until(is_over)["job"]
        assert "done" == job["state"], job
        return self.order("show", job["plan"])


def is_over(found: dict[str, Any]) -> bool:
    """True if no worker is at it."""
    return found["job"]["state"] not in ("starting", "working")


def written(home: Path) -> bytes:
    """Everything that lies in the folder of the app."""
    return b"\n".join(one.read_bytes() for one in (home / "imatch-app").iterdir())
