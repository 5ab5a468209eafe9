"""Set up and start IMatch to Socials: `python start.py` opens JupyterLab in demo mode.

    python start.py               set up (once), then JupyterLab with the rehearsal world
    python start.py --live        set up, then JupyterLab with IMatch and your real accounts
    python start.py --test        set up with the test tools, then run all tests

On Windows the launcher does as well: `py start.py`, or `py -3.13 start.py` for a certain Python.
Everything else is handed on: `--no-browser`, `--port 8890` to JupyterLab, `-k name` to the tests.
Only the standard library is used here; all packages go into `.venv` beside this file.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENV = ROOT / ".venv"
PYTHON = ENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = ENV / "installed-by-start"
OLDEST, NEWEST = (3, 11), (3, 14)
#: Letters of the folder: packages lie up to 140 letters deeper, and Windows allows 260.
DEEPEST = 110
#: Two processes share the tests, the browser's first; `-n 0` puts them back into one.
SHARED = ("-n", "2", "--no-loadscope-reorder")
#: JupyterLab asks nobody for news or updates.
CALM = (
    '{"@jupyterlab/apputils-extension:notification":'
    ' {"fetchNews": "false", "checkForUpdates": false}}'
)


def main() -> int:
    """Set up, then hand over; the exit code is that of what was started."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--test", action="store_true", help="run all tests")
    parser.add_argument("--live", action="store_true", help="IMatch and the real accounts")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a folder's name may not be in the console's code page
            stream.reconfigure(errors="backslashreplace")
    options, rest = parser.parse_known_args()
    try:
        set_up("test" if options.test else "")
    except (OSError, subprocess.CalledProcessError) as error:
        return say_what_failed(error)
    command = [str(PYTHON), "-m", "pytest", *SHARED, *rest]
    if not options.test:
        mode = [] if options.live else ["--demo"]
        command = [str(PYTHON), "-m", "socials_lib", "lab", *mode, *rest]
    child = subprocess.Popen(command, cwd=ROOT)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())  # ended politely, it ends its own
    return outlive(child)


def outlive(child: subprocess.Popen[bytes]) -> int:
    """Wait for the child, also through Ctrl-C: it reaches the child too, which may ask first.

    Leaving before it would give the terminal back to the shell while JupyterLab waits for its "y".
    """
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def set_up(extra: str) -> None:
    """Make `.venv` and install the package with the pinned versions, if anything changed."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.exit(wrong_python(sys.version.split()[0]))
    wanted = fingerprint(extra)
    if PYTHON.exists() and STAMP.exists() and wanted in STAMP.read_text("utf-8").split():
        return
    print("Setting up in .venv (once; one to three minutes) ...", flush=True)
    subprocess.check_call([*installer(), "-c", "constraints.txt", "-e", target(extra)], cwd=ROOT)
    settings = ENV / "share" / "jupyter" / "lab" / "settings"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "overrides.json").write_text(CALM, encoding="utf-8")
    with STAMP.open("a", encoding="utf-8") as stamp:
        stamp.write(wanted + "\n")


def fingerprint(extra: str) -> str:
    """Changes whenever the packages to install, the place or the Python change."""
    parts = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    place = f"{extra}|{ROOT}|{sys.version}".encode()
    return hashlib.sha256(b"".join([*parts, place])).hexdigest()


def target(extra: str) -> str:
    """What pip installs: this folder, with the test tools if wanted."""
    return f".[{extra}]" if extra else "."


def installer() -> list[str]:
    """The install command, with an environment to install into; uv if it is there (faster)."""
    uv = shutil.which("uv")
    if uv:
        subprocess.check_call(
            [uv, "venv", "-q", "--allow-existing", "--python", sys.executable, str(ENV)]
        )
        return [uv, "pip", "install", "-q", "--python", str(PYTHON)]
    if not PYTHON.exists():
        venv.create(ENV, with_pip=True)
    return [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]


def say_what_failed(error: Exception) -> int:
    """One sentence and a way out instead of a traceback."""
    print(f"The set-up did not work: {error}", file=sys.stderr)
    print(way_out(error), file=sys.stderr)
    return 1


def way_out(error: Exception) -> str:
    """What to do about it."""
    if "ensurepip" in str(error):
        return "On Debian and Ubuntu: apt install python3-venv"
    if isinstance(error, PermissionError) and getattr(error, "winerror", None) in (5, 32):
        return "Close JupyterLab and other programs that use this folder, then try again."
    if os.name == "nt" and len(str(ROOT)) > DEEPEST:
        return f"Windows allows short paths only: move {ROOT} to a place like C:\\Socials."
    return "Check the network, delete the folder .venv and try again."


def wrong_python(here: str) -> str:
    """Which Python is needed, and how another one is chosen."""
    words = f"Python 3.11 to 3.14 is needed; this is Python {here} ({sys.executable})."
    if os.name == "nt" and shutil.which("py"):
        words += "\n`py -0p` lists those you have; `py -3.13 start.py` takes another one."
    return words


if __name__ == "__main__":
    sys.exit(main())
