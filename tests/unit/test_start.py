"""`start.py`: what it hands over to, and how that ends."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: Takes the place of `socials lab`: says that it runs, ends when it is told to.
CHILD = """
import signal, sys
def end(*_):
    print("told to end", flush=True)
    sys.exit(3)
signal.signal(signal.SIGTERM, end)
print("running", *sys.argv[1:], flush=True)
signal.pause()
"""


@pytest.fixture
def folder(tmp_path):
    """A project of its own that is set up already, whose program is `CHILD`."""
    for name in ("start.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "socials_lib").mkdir()
    (tmp_path / "socials_lib" / "__main__.py").write_text(CHILD, encoding="utf-8")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    spec = importlib.util.spec_from_file_location("start_here", tmp_path / "start.py")
    start = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(start)
    start.STAMP.write_text(start.fingerprint(""), encoding="utf-8")
    return tmp_path


@pytest.mark.skipif(os.name == "nt", reason="Windows has no polite signal to end a process")
def test_ended_politely_it_ends_what_it_started(folder):
    process = subprocess.Popen(
        [sys.executable, "start.py", "--no-browser"],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    with process:
        assert "running lab --demo --no-browser" == process.stdout.readline().strip()
        process.send_signal(signal.SIGTERM)
        assert ("told to end", 3) == (process.stdout.readline().strip(), process.wait(30))


class Asking:
    """A child that asks before it ends: Ctrl-C comes twice before its end."""

    def __init__(self):
        self.waits = 0

    def wait(self):
        self.waits += 1
        if self.waits < 3:
            raise KeyboardInterrupt
        return 5


def test_ctrl_c_leaves_the_terminal_to_jupyterlab_until_it_has_ended(folder):
    spec = importlib.util.spec_from_file_location("start_asked", folder / "start.py")
    start = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(start)
    child = Asking()
    assert (5, 3) == (start.outlive(child), child.waits)
