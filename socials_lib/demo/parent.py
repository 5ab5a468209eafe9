"""Notices that the program which started us is gone, so that no orphan keeps running.

Two signs: standard input ends (the parent held the other end of the pipe), or the process whose
number stands in `SOCIALS_WORLD_PARENT` is no more.  The second is for Windows, where a closed
console sends no signal that a Python program could count on.
"""

from __future__ import annotations

import os
import stat
import sys
import threading

PARENT_VARIABLE = "SOCIALS_WORLD_PARENT"

_SYNCHRONIZE = 0x00100000
_WAIT_TIMEOUT = 0x102


def watch_standard_input(stop: threading.Event) -> None:
    """Set the event when standard input ends.

    Reads the descriptor itself: a thread inside `sys.stdin` at exit makes Python abort.
    """

    def wait() -> None:
        try:
            while os.read(0, 4096):
                pass
        except OSError:
            pass
        stop.set()

    threading.Thread(target=wait, name="watch standard input", daemon=True).start()


def is_pipe() -> bool:
    """True if standard input is a pipe, whose other end a parent can hold."""
    try:
        return stat.S_ISFIFO(os.fstat(0).st_mode)
    except OSError:
        return False


def parent_number() -> int | None:
    """The process number that the environment names, None if it names none."""
    text = os.environ.get(PARENT_VARIABLE, "")
    return int(text) if text.isdigit() and int(text) > 0 else None


def is_running(number: int) -> bool:
    """True if there is a process of this number."""
    if sys.platform == "win32":
        return _is_running_on_windows(number)
    try:
        # signal 0 asks only; on Windows the same call would press Ctrl-C
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_running_on_windows(number: int) -> bool:
    import ctypes

    # `windll` exists on Windows only, also for the type checker: unused there, needed elsewhere
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    handle = kernel.OpenProcess(_SYNCHRONIZE, False, number)
    if not handle:
        return False
    try:
        return bool(kernel.WaitForSingleObject(handle, 0) == _WAIT_TIMEOUT)
    finally:
        kernel.CloseHandle(handle)
