"""What differs by operating system: paths, consoles, processes, the browser, free space.

Nothing that exists only on Windows is imported at the top.  Paths of IMatch files are Windows paths
wherever this runs; tests work on them on any system.

Decisions 2026-11-22
    - What other programs capture is written as UTF-8.  A terminal keeps its own code page: only
      there it would be read wrong (Windows' console takes UTF-8 from Python whatever the code page
      is, but with `PYTHONLEGACYWINDOWSSTDIO` it does not).  Signs it lacks become plain ones.
    - A file that somebody reads cannot be replaced on Windows: a virus scanner or a search index
      holds it for a moment, so the last step is tried again for a third of a second.
"""

from __future__ import annotations

import codecs
import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PureWindowsPath
from typing import Any

#: Below Windows' limit of 260, with room for the names of files beside it.
LONG = 240
_STILL_ACTIVE = 259
_ACCESS_DENIED = 5
_QUERY_LIMITED = 0x1000
#: CREATE_NO_WINDOW, CREATE_NEW_PROCESS_GROUP.  Not DETACHED_PROCESS: without any console, the
#: interpreter that `python.exe` of a virtual environment starts would open a window of its own.
_DETACHED = 0x08000000 | 0x00000200
_BREAKAWAY = 0x01000000  # CREATE_BREAKAWAY_FROM_JOB: outlive the job that IMatch may run us in

#: Seconds between the tries to put a file in the place of one that is being read.
REPLACE_WAITS = (0.01, 0.02, 0.04, 0.08, 0.16)
#: Names of devices: a file called so, with whatever extension, is none (`AUX.json`).
_DEVICES = frozenset(
    ("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$")
    + tuple(f"{port}{digit}" for port in ("COM", "LPT") for digit in "123456789¹²³")
)
_FORBIDDEN = '<>:"/\\|?*'
#: Our signs on a terminal whose code page lacks them.
_PLAIN_SIGNS = str.maketrans(
    {"✓": "+", "✕": "x", "–": "-", "…": "...", "“": '"', "”": '"', "■": "#", "≠": "#", "·": "-"}
)
_FALLBACK = "socials-plain-signs"

_started: dict[int, subprocess.Popen[bytes]] = {}


# -- paths


def local_path(imatch_path: str) -> Path:
    """A path of IMatch as a path to open here; elsewhere than on Windows it is taken as it is."""
    return Path(extended(imatch_path) if os.name == "nt" else imatch_path)


def extended(windows_path: str) -> str:
    r"""A Windows path that may be long or end in a dot, as `\\?\D:\…` or `\\?\UNC\server\share\…`.

    Short, plain paths stay as they are: the prefix switches off what people expect of paths.
    """
    path = PureWindowsPath(windows_path)
    text = str(path)
    if text.startswith(("\\\\?\\", "\\\\.\\")) or not path.is_absolute() or ".." in path.parts:
        return windows_path
    odd = any(part != part.rstrip(". ") for part in path.parts[1:])
    if len(text) < LONG and not odd:
        return windows_path
    if text.startswith("\\\\"):
        return "\\\\?\\UNC\\" + text.removeprefix("\\\\")
    return "\\\\?\\" + text


def file_name(imatch_path: str) -> str:
    """The name with extension, of a Windows path or any other."""
    return PureWindowsPath(imatch_path).name


def name_trouble(name: str) -> str:
    """Why Windows has no file of this name, "" if it has; for names that people give."""
    if name.split(".")[0].rstrip(" ").upper() in _DEVICES:
        return f"“{name}” is the name of a device on Windows"
    odd = next((one for one in name if one in _FORBIDDEN or ord(one) < 32), "")
    if odd:
        return f"Windows allows no {ascii(odd)} in a name"
    if name != name.rstrip(". "):
        return "Windows cuts dots and blanks at the end of a name"
    return ""


def refused_name(path: Path) -> str:
    """Why this system cannot write a file of this name, "" if it can.

    `NUL.json` would be taken for a file, written, and be nowhere.
    """
    return name_trouble(path.name) if os.name == "nt" else ""


def free_bytes(path: Path) -> int:
    """Free space of the disk that holds `path`, or will hold it."""
    there = path.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    return shutil.disk_usage(there).free


def decoded(data: bytes) -> str:
    """The text of a file that a person or a shell wrote; raises `UnicodeDecodeError`.

    UTF-8, with Notepad's mark or without; UTF-16 with its mark, as `>` of PowerShell 5.1 writes.
    """
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.decode("utf-16" if is_wide else "utf-8-sig")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file, all or nothing: beside it first, then in its place; raises `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        draft.write_bytes(data)
        put_in_place(draft, path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def put_in_place(draft: Path, path: Path, *, sleep: Callable[[float], None] = time.sleep) -> None:
    """Rename a finished file over another; raises `OSError` if that one stays in use."""
    for wait in REPLACE_WAITS:
        try:
            draft.replace(path)
            return
        except PermissionError:
            if path.is_dir():  # nobody is going to let go of it
                raise
            sleep(wait)
    draft.replace(path)


# -- console


def utf8_console(streams: Iterable[Any] | None = None) -> bool:
    """Let every text be printed: under cp1252 a `✓` would raise UnicodeEncodeError.

    True if whoever reads the first stream (standard output) takes it for UTF-8 anyway.
    """
    known = []
    for stream in (sys.stdout, sys.stderr) if streams is None else streams:
        known.append(_is_utf8(stream))
        reconfigure = getattr(stream, "reconfigure", None)  # absent in notebooks and pythonw
        if reconfigure is not None:
            with contextlib.suppress(ValueError, OSError):  # closed, or read from already
                if known[-1] or not stream.isatty():
                    reconfigure(encoding="utf-8", errors="backslashreplace")
                else:
                    codecs.register_error(_FALLBACK, _plainer)
                    reconfigure(errors=_FALLBACK)
    return bool(known and known[0])


def _is_utf8(stream: Any) -> bool:
    try:
        return codecs.lookup(getattr(stream, "encoding", None) or "utf-8").name == "utf-8"
    except LookupError:
        return False


def _plainer(error: UnicodeError) -> tuple[str, int]:
    """`+` for a `✓` that the code page lacks, `\\u263a` for what has no plain sign."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].translate(_PLAIN_SIGNS)
    return text.encode("ascii", "backslashreplace").decode("ascii"), error.end


# -- processes


def start_detached(
    args: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    output: Path | None = None,
) -> int:
    """Start a program that outlives us, without a window; its process id.

    `output` takes what it prints; without it that is lost.
    """
    with contextlib.ExitStack() as files:
        out = files.enter_context(output.open("ab")) if output else subprocess.DEVNULL
        how: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": out,
            "stderr": subprocess.STDOUT if output else subprocess.DEVNULL,
            "env": None if env is None else dict(env),
            "cwd": cwd,
            "close_fds": True,
        }
        process = _start(list(args), how)
    _started[process.pid] = process
    return process.pid


def _start(args: list[str], how: Mapping[str, Any]) -> subprocess.Popen[bytes]:
    if os.name != "nt":
        return subprocess.Popen(args, start_new_session=True, **how)
    try:
        return subprocess.Popen(args, creationflags=_DETACHED | _BREAKAWAY, **how)
    except PermissionError:  # the job does not let anybody leave
        return subprocess.Popen(args, creationflags=_DETACHED, **how)


def process_is_alive(pid: int) -> bool:
    """True while the process runs; a child of ours that has ended is not alive."""
    if pid <= 0:
        return False
    child = _started.get(pid)
    if child is not None:
        if child.poll() is None:  # reaps it: a zombie would answer os.kill
            return True
        del _started[pid]
        return False
    return _alive_on_windows(pid) if os.name == "nt" else _alive_on_posix(pid)


def _alive_on_posix(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    except OverflowError:
        return False
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """True for a process that has ended and that nobody asks for (containers without an init)."""
    with contextlib.suppress(OSError, IndexError):
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return text.rpartition(")")[2].split()[0] == "Z"
    return False


def _alive_on_windows(pid: int) -> bool:
    """`os.kill(pid, 0)` would send Ctrl+C there."""
    kernel = _kernel()
    handle = kernel.OpenProcess(_QUERY_LIMITED, False, pid)
    if not handle:
        return bool(kernel.GetLastError() == _ACCESS_DENIED)  # it runs, as somebody else
    handle = ctypes.c_void_p(handle)
    code = ctypes.c_ulong()
    try:
        told = kernel.GetExitCodeProcess(handle, ctypes.byref(code))
        return bool(told) and code.value == _STILL_ACTIVE
    finally:
        kernel.CloseHandle(handle)


def _kernel() -> Any:
    kernel: Any = getattr(ctypes, "windll").kernel32  # noqa: B009
    kernel.OpenProcess.restype = ctypes.c_void_p  # the default, int, cuts 64-bit handles
    return kernel


def process_name(pid: int) -> str:
    """The program that runs under this id, without extension; "" if nobody can tell."""
    if not process_is_alive(pid):
        return ""
    if os.name == "nt":
        return _name_on_windows(pid)
    comm = Path(f"/proc/{pid}/comm")
    if comm.exists():
        with contextlib.suppress(OSError):
            return comm.read_text(encoding="utf-8").strip()
    told = subprocess.run(
        ["ps", "-p", str(pid), "-o", "comm="], capture_output=True, text=True, check=False
    )
    return Path(told.stdout.strip()).name


def _name_on_windows(pid: int) -> str:
    kernel = _kernel()
    handle = kernel.OpenProcess(_QUERY_LIMITED, False, pid)
    if not handle:
        return ""
    handle = ctypes.c_void_p(handle)
    size = ctypes.c_ulong(32_768)
    text = ctypes.create_unicode_buffer(size.value)
    try:
        known = kernel.QueryFullProcessImageNameW(handle, 0, text, ctypes.byref(size))
    finally:
        kernel.CloseHandle(handle)
    return PureWindowsPath(text.value).stem if known else ""


# -- browser


def open_in_browser(target: str | Path) -> bool:
    """Open a page or a file in the person's browser; False if there is none."""
    address = target.absolute().as_uri() if isinstance(target, Path) else target
    if not address.startswith(("http://", "https://", "file:")):
        raise ValueError("only pages and files are opened")
    try:
        return webbrowser.open(address)
    except webbrowser.Error:
        return False
