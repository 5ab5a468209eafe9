"""Opens the person's pictures: for reading only, wherever IMatch says they lie.

Paths come as IMatch writes them, so they may be longer than Windows likes, lie on a drive that is
not connected, or hold any letter.  Why a file cannot be opened is told in the words of the
placeholders (`Off-line`, `File not found`) with the system's own words behind.
"""

from __future__ import annotations

import errno
import ntpath
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import BinaryIO

from socials_lib.errors import PhotoError

#: From here on Windows needs the `\\?\` prefix (folders end at 248, files at 260 letters).
_LONG = 240
#: More than anything a platform takes, little enough to be read at once.
LARGEST_SOURCE = 1 << 30
#: Drive not ready or gone, network path, name or session not found, device gone, cloud file
#: without its provider.
_OFF_LINE_WINDOWS = frozenset({15, 21, 51, 53, 55, 59, 64, 65, 67, 121, 362, 1167, 1231, 1232})
_OFF_LINE = frozenset(
    getattr(errno, name, None)
    for name in ("ENODEV", "ENXIO", "EIO", "ESTALE", "EHOSTDOWN", "EHOSTUNREACH", "ETIMEDOUT",
                 "ENETDOWN", "ENETUNREACH", "ENOTCONN", "ENOMEDIUM")
) - {None}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Source:
    """An open file: `path` as IMatch has it, `stream` at its beginning."""

    path: str
    stream: BinaryIO
    size: int
    mtime_ns: int


def openable(path: str) -> Path:
    r"""The path as the system can open it: long ones on Windows get `\\?\`."""
    if sys.platform != "win32":
        return Path(path)
    full = ntpath.abspath(path)
    if len(full) < _LONG or full.startswith("\\\\?\\"):
        return Path(path)
    return Path("\\\\?\\UNC" + full[1:] if full.startswith("\\\\") else "\\\\?\\" + full)


def _is_whole(path: str) -> bool:
    """False for `Photos\\dawn.jpg`: what it leads to would depend on where we were started."""
    if sys.platform == "win32":
        return PureWindowsPath(path).is_absolute()
    return Path(path).is_absolute() or bool(PureWindowsPath(path).drive)


def name_of(path: str) -> str:
    """The file name for people; knows Windows paths on every system."""
    return PureWindowsPath(path).name or path


def suffix_of(path: str) -> str:
    """`CR3` of `C:\\Photos\\dawn.cr3`."""
    return PureWindowsPath(path).suffix.removeprefix(".").upper()


@contextmanager
def opened(path: str) -> Iterator[Source]:
    """The file, open for reading; raises `PhotoError` (`file_not_found`) in plain words."""
    if path and not _is_whole(path):
        raise _not_found(path, "File not found", "its path names no drive or folder to start from")
    try:
        place = openable(path)
        status = place.stat()
        if not path or stat.S_ISDIR(status.st_mode):
            raise _not_found(path, "File not found", "it is a folder")
        if not stat.S_ISREG(status.st_mode):
            raise _not_found(path, "File not found", "it is no plain file")
        stream = place.open("rb")
    except (OSError, ValueError) as err:
        raise _why_not(path, err) from err
    with stream:
        now = os.fstat(stream.fileno())
        yield Source(path=path, stream=stream, size=now.st_size, mtime_ns=now.st_mtime_ns)


def read_all(source: Source) -> bytes:
    """All bytes of the file, which must not change meanwhile."""
    try:
        source.stream.seek(0)
        data = source.stream.read()
        now = os.fstat(source.stream.fileno())
    except OSError as err:
        raise _why_not(source.path, err) from err
    if len(data) != source.size or now.st_mtime_ns != source.mtime_ns:
        raise _not_found(source.path, "File not found", "another program is writing it just now")
    return data


def read_head(source: Source, length: int) -> bytes:
    """The first `length` bytes, fewer if there are no more."""
    try:
        source.stream.seek(0)
        return source.stream.read(length)
    except OSError as err:
        raise _why_not(source.path, err) from err


def _not_found(path: str, words: str, why: str) -> PhotoError:
    return PhotoError(
        f"“{name_of(path)}” cannot be opened: {words} ({why}).",
        code="file_not_found",
        hint=(
            "Connect that drive, then check again."
            if words == "Off-line"
            else "Put the file back, or let IMatch scan its folder; then check again."
        ),
        details=f"{words}: {why}. {path}",
    )


def _why_not(path: str, err: Exception) -> PhotoError:
    reason = getattr(err, "strerror", None) or str(err)
    if isinstance(err, OSError) and _is_off_line(path, err):
        return _not_found(path, "Off-line", reason)
    if isinstance(err, PermissionError):
        return _not_found(path, "File not found", f"no permission to read it: {reason}")
    return _not_found(path, "File not found", reason)


def _is_off_line(path: str, err: OSError) -> bool:
    """True if not only the file but its drive is missing."""
    if getattr(err, "winerror", None) in _OFF_LINE_WINDOWS or err.errno in _OFF_LINE:
        return True
    if not isinstance(err, (FileNotFoundError, NotADirectoryError)):
        return False
    volume = _volume(path)
    return bool(volume) and not os.path.exists(volume)  # noqa: PTH110 - a drive may be no Path


def _volume(path: str) -> str:
    """What must be connected for this path: `E:\\`, `\\\\nas\\photos\\`, `/Volumes/Stick`."""
    windows = PureWindowsPath(path)
    if windows.drive:
        return windows.drive + "\\"
    parts = Path(path).parts
    for root, depth in (("/Volumes", 3), ("/media", 4), ("/run/media", 5), ("/mnt", 3)):
        if path.startswith(root + "/") and len(parts) > depth:
            return str(Path(*parts[:depth]))
    return ""


def words_of(error: PhotoError) -> str:
    """The words of a placeholder: `Off-line` or `File not found`."""
    return error.details.partition(":")[0]
