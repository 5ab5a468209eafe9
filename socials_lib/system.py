"""What differs by operating system: paths, consoles, processes, the browser, free space.

Nothing that exists only on Windows is imported at the top.  Paths of IMatch files are Windows paths
wherever this runs; tests work on them on any system.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
import webbrowser
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PureWindowsPath
from typing import Any

#: Below Windows' limit of 260, with room for the names of files beside it.
LONG = 240
_STILL_ACTIVE = 259
_ACCESS_DENIED = 5
_QUERY_LIMITED = 0x1000
_DETACHED = 0x00000008 | 0x00000200  # DETACHED_PROCESS, CREATE_NEW_PROCESS_GROUP
_BREAKAWAY = 0x01000000  # CREATE_BREAKAWAY_FROM_JOB: outlive the job that IMatch may run us in

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


def free_bytes(path: Path) -> int:
    """Free space of the disk that holds `path`, or will hold it."""
    there = path.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    return shutil.disk_usage(there).free


def write_whole(path: Path, data: bytes) -> None:
    """Write a file, all or nothing: beside it first, then in its place; raises `OSError`.

    On Windows the last step is refused while somebody reads the old file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


# -- console


def utf8_console(streams: Iterable[Any] | None = None) -> None:
    """Let every text be printed: under cp1252 a `✓` would raise UnicodeEncodeError."""
    for stream in (sys.stdout, sys.stderr) if streams is None else streams:
        reconfigure = getattr(stream, "reconfigure", None)  # absent in notebooks and pythonw
        if reconfigure is not None:
            with contextlib.suppress(ValueError, OSError):  # closed, or read from already
                reconfigure(encoding="utf-8", errors="backslashreplace")


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
    return True


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
