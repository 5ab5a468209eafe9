"""Set up and start IMatch to Socials: `python start.py` opens JupyterLab in demo mode.

    python start.py               set up (once), then JupyterLab with the practice world
    python start.py --photos DIR  the same with pictures of your own, which are only read
    python start.py --live        set up, then JupyterLab with IMatch and your real accounts
    python start.py --test        set up with the test tools, then run all tests

On Windows the launcher does as well: `py start.py`, or `py -3.13 start.py` for a certain Python.
What else follows `--test` is handed on to the tests: `--test -k name`.
Only the standard library is used here; all packages go into `.venv` beside this file.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
ENV = ROOT / ".venv"
PYTHON = ENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = ENV / "installed-by-start"
OLDEST, NEWEST = (3, 11), (3, 14)
#: Letters of the folder: packages lie up to 140 letters deeper, and Windows allows 260.
DEEPEST = 110
#: Two processes share the tests, the browser's first; `-n 0` puts them back into one.
SHARED = ("-n", "2", "--no-loadscope-reorder")
#: Options that the program understands as well, for other programs that start this one.
HANDED_ON = {"--json", "--quiet", "--verbose"}
#: Seconds between two signs of life: on a terminal, and where lines would pile up.
ON_TERMINAL, ELSEWHERE = 1, 15
#: JupyterLab asks nobody for news or updates.
CALM = (
    '{"@jupyterlab/apputils-extension:notification":'
    ' {"fetchNews": "false", "checkForUpdates": false}}'
)


def main() -> int:
    """Set up, then hand over; the exit code is that of what was started."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a folder's name may not be in the console's code page
            stream.reconfigure(errors="backslashreplace")
    options, rest = arguments()
    try:
        set_up("test" if options.test else "")
    except (OSError, subprocess.CalledProcessError) as error:
        return say_what_failed(error)
    except KeyboardInterrupt:
        print("Interrupted. The next start finishes the set-up.", file=sys.stderr)
        return 1
    if options.test:
        command = [str(PYTHON), "-m", "pytest", *SHARED, *rest]
    else:
        command = [str(PYTHON), "-m", "socials_lib", "lab", *lab_words(options), *rest]
    child = subprocess.Popen(command, cwd=ROOT)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())  # ended politely, it ends its own
    return outlive(child)


class Parser(argparse.ArgumentParser):
    """Says what is wrong and where to look, without the whole usage; exit code 1."""

    def error(self, message: str) -> NoReturn:
        self.exit(1, f"{message[:1].upper()}{message[1:]}.\nSee `python start.py -h`.\n")


def arguments() -> tuple[argparse.Namespace, list[str]]:
    """The options, and what is handed on; ends the program if they contradict each other."""
    parser = Parser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,  # what is handed on must not be mistaken for ours
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--test", action="store_true", help="run all tests")
    mode.add_argument("--live", action="store_true", help="IMatch and the real accounts")
    mode.add_argument("--demo", action="store_true", help="the practice world (default)")
    parser.add_argument("--photos", type=folder, metavar="DIR", help="practise with these pictures")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--port", type=port, metavar="N", help="port of JupyterLab")
    options, rest = parser.parse_known_args()
    if options.photos and (options.live or options.test):
        parser.error("argument --photos: not allowed with --live or --test, it is for practising")
    unknown = [] if options.test else [one for one in rest if one not in HANDED_ON]
    if unknown:
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    return options, rest


def folder(text: str) -> str:
    """An absolute path, as the program is started in another folder."""
    path = Path(text).expanduser().absolute()
    if not path.is_dir():
        what = "is a file, not a folder" if path.exists() else "is not there"
        raise argparse.ArgumentTypeError(f"{path} {what}")
    return str(path)


def port(text: str) -> int:
    """A port number; argparse names it if it is none."""
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError
    return number


def lab_words(options: argparse.Namespace) -> list[str]:
    """The options in the words of `socials lab`."""
    words = [] if options.live else ["--demo"]
    if options.photos:
        words += ["--photos", options.photos]
    if options.no_browser:
        words.append("--no-browser")
    if options.port is not None:
        words += ["--port", str(options.port)]
    return words


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
    with signs_of_life("Setting up in .venv (once; one to three minutes) ..."):
        quietly([*installer(), "-c", "constraints.txt", "-e", target(extra)])
    settings = ENV / "share" / "jupyter" / "lab" / "settings"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "overrides.json").write_text(CALM, encoding="utf-8")
    with STAMP.open("a", encoding="utf-8") as stamp:
        stamp.write(wanted + "\n")


@contextlib.contextmanager
def signs_of_life(words: str) -> Iterator[None]:
    """Say what is being done, and show that it goes on until the block ends."""
    over = threading.Event()
    teller = threading.Thread(target=tell, args=(words, over), daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def tell(words: str, over: threading.Event) -> None:
    """The seconds so far: on a terminal in one line that renews itself, else now and then."""
    on_terminal = sys.stdout is not None and sys.stdout.isatty()
    start = time.monotonic()
    print(words, end="" if on_terminal else "\n", flush=True)
    while not over.wait(ON_TERMINAL if on_terminal else ELSEWHERE):
        seconds = f"{time.monotonic() - start:.0f} s"
        if on_terminal:
            print(f"\r{words} {seconds}", end="", flush=True)
        else:
            print(f"Still setting up, {seconds} ...", flush=True)
    if on_terminal:
        print(flush=True)


def quietly(command: list[str]) -> None:
    """Run a step; what it says is shown only if it fails (`say_what_failed`)."""
    subprocess.run(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=True,
    )


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
        quietly([uv, "venv", "-q", "--allow-existing", "--python", sys.executable, str(ENV)])
        return [uv, "pip", "install", "-q", "--python", str(PYTHON)]
    if not PYTHON.exists():
        venv.create(ENV, with_pip=True)
    return [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]


def say_what_failed(error: Exception) -> int:
    """One sentence and a way out instead of a traceback, below what the step itself said."""
    said = getattr(error, "output", None)
    if isinstance(said, str) and said.strip():
        print(said.rstrip(), file=sys.stderr)
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
