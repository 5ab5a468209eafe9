"""Putting the page into IMatch's folder, checking it, and taking it out again.

A list beside the page (`installed-files.json`) names every file that was put there, with its hash.
Nothing else is ever replaced or removed; a folder without that list belongs to somebody else.
While files are being replaced the list holds the old hash and the new one, so that an installation
that broke off in the middle can simply be done again.  It also says whether the folder `user`
around the app's own was made for it, and so goes with it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from socials_lib.errors import SettingsError
from socials_lib.imatch_app.command import Command
from socials_lib.system import local_path, write_whole

APP_ID = "4f0f4c5e-6d0a-4c1b-9a57-2f9c1e6b7d31"
LIST = "installed-files.json"
#: Files of the page as they are in the package; `app.json` and `command.js` are made.
PAGE_FILES = ("index.html", "app.js", "show.js", "talk.js", "style.css", "icon.svg")
_PATIENCE = 60
Runner = Callable[[list[str]], str]


@dataclass(frozen=True, kw_only=True)
class Installed:
    """What `install` did: `is_new` False if it renewed an older one."""

    folder: Path
    files: tuple[str, ...]
    command: Command
    version: str
    is_new: bool


@dataclass(frozen=True, kw_only=True)
class Removed:
    """What `uninstall` did: files removed, files kept because they were changed, strangers."""

    folder: Path
    removed: tuple[str, ...]
    changed: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()


# -- what is installed


def page_mark() -> str:
    """Tells one version of the page from another."""
    found = hashlib.sha256()
    for name in PAGE_FILES:
        found.update(_packaged(name))
    return found.hexdigest()[:12]


def library_version() -> str:
    """The version of this library."""
    try:
        return version("imatch-to-socials")
    except PackageNotFoundError:
        return "0"


def contents(command: Command) -> dict[str, bytes]:
    """Every file of the app's folder, by name."""
    card = json.loads(_packaged("app.json"))
    card |= {"id": APP_ID, "version": library_version()}
    told = {
        "forms": [asdict(form) for form in command.forms],
        "line": command.line(),
        "program": command.program(),
        "page": page_mark(),
    }
    script = f"const SOCIALS_COMMAND = {_ascii(told)};\n"
    made = {
        "app.json": (_ascii(card) + "\n").encode("ascii"),
        "command.js": script.encode("ascii"),
    }
    return {**{name: _packaged(name) for name in PAGE_FILES}, **made}


def _packaged(name: str) -> bytes:
    return (resources.files("socials_lib.imatch_app") / "page" / name).read_bytes()


def _ascii(value: Any) -> str:
    return json.dumps(value, indent=1).replace("<", "\\u003c")


# -- install


def install(
    folder: Path, command: Command, *, force: bool = False, run: Runner | None = None
) -> Installed:
    """Put the page into `folder` (see `place.app_folder`), or renew it; checks the result.

    Raises `SettingsError`: the folder is somebody else's, a file was changed by hand (unless
    `force`), it cannot be written, or what was written does not work.
    """
    files = contents(command)
    known = _known(folder)
    changed = () if known is None or force else _changed(folder, known)
    if changed:
        raise _changed_by_hand(folder, changed)
    old = known or {}
    new = {name: [_digest(data)] for name, data in files.items()}
    both = {name: [*old.get(name, []), *new.get(name, [])] for name in {**old, **new}}
    with _writing(folder):
        made_user = not local_path(str(folder.parent)).exists() or _made_user(folder)
        _write_list(folder, both, made_user=made_user)
        for name, data in files.items():
            write_whole(_at(folder, name), data)
        for name in set(old) - set(new):
            _at(folder, name).unlink(missing_ok=True)
        _write_list(folder, new, made_user=made_user)
    _check(folder, files, command, run or _run)
    return Installed(
        folder=folder,
        files=tuple(sorted(files)),
        command=command,
        version=library_version(),
        is_new=known is None,
    )


def _check(folder: Path, files: Mapping[str, bytes], command: Command, run: Runner) -> None:
    """Read everything back, and run the command once with a question that changes nothing."""
    for name, data in files.items():
        if _digest_of(_at(folder, name)) != _digest(data):
            raise SettingsError(
                f"{folder / name} is not what was written to it.",
                hint="Is another program changing that folder? Install once more.",
                code="not_kept",
            )
    answer = run(command.words("hello"))  # from whatever folder we are in: it must not matter
    try:
        said = json.loads(answer)
        fits = said["page"] == page_mark()
    except (ValueError, LookupError, TypeError):
        fits = False
    if not fits:
        raise SettingsError(
            "The command for the page does not run.",
            hint=f"Try it yourself: {command.line('hello')}",
            code="command_fails",
            details=answer,
        )


def _run(words: list[str]) -> str:
    """What a command prints, or why it cannot run."""
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{type(error).__name__}: {error}"
    return done.stdout.decode("utf-8", errors="replace")


# -- uninstall


def uninstall(folder: Path, *, force: bool = False) -> Removed:
    """Take away exactly what `install` put there; files changed by hand stay unless `force`.

    Raises `SettingsError` if the app is not there, the folder is somebody else's, or a file cannot
    be removed.
    """
    known = _known(folder)
    if known is None:
        raise SettingsError(
            f"The app is not installed in {folder}.",
            hint="If IMatch's web folder lies elsewhere, name it with --webroot.",
            code="not_installed",
        )
    changed = () if force else _changed(folder, known)
    leaving = [name for name in sorted(known) if name not in changed]
    made_user = _made_user(folder)
    removed = []
    with _writing(folder):
        for name in leaving:
            if _at(folder, name).exists():
                _at(folder, name).unlink()
                removed.append(name)
        if changed:
            _write_list(folder, {name: known[name] for name in changed}, made_user=made_user)
        else:
            _at(folder, LIST).unlink(missing_ok=True)
        foreign = _foreign(folder, {*known, LIST})
        if not changed and not foreign and not folder.is_symlink():
            folder.rmdir()
            if made_user:
                _remove_if_empty(folder.parent)
    return Removed(
        folder=folder, removed=tuple(removed), changed=tuple(changed), foreign=tuple(foreign)
    )


# -- the list


def _known(folder: Path) -> dict[str, list[str]] | None:
    """What the list names, None if nothing is installed; raises if the folder is not ours."""
    try:
        names = {one.name for one in local_path(str(folder)).iterdir()}
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _cannot(folder, error) from error
    if not names:
        return None
    try:
        found = json.loads(_at(folder, LIST).read_text(encoding="utf-8"))
        files = {str(name): [str(one) for one in hashes] for name, hashes in found["files"].items()}
        is_ours = found["app"] == APP_ID and all(_is_plain(name) for name in files)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        is_ours = False
    if not is_ours:
        raise SettingsError(
            f"The folder {folder} holds something else, so it is left alone.",
            hint="Move it away, then install again.",
            code="not_ours",
        )
    return files


def _is_plain(name: str) -> bool:
    """True for the name of a file in the folder itself: a list can be edited, too."""
    return name not in ("", ".", "..") and not set(name) & set('/\\:*?"<>|')


def _write_list(folder: Path, files: Mapping[str, list[str]], *, made_user: bool) -> None:
    document = {
        "app": APP_ID,
        "version": library_version(),
        "made_user": made_user,
        "files": dict(sorted(files.items())),
    }
    write_whole(_at(folder, LIST), (_ascii(document) + "\n").encode("ascii"))


def _made_user(folder: Path) -> bool:
    """True if the list says that the folder around was made for the app."""
    try:
        return json.loads(_at(folder, LIST).read_text(encoding="utf-8")).get("made_user") is True
    except (OSError, ValueError, AttributeError):
        return False


def _remove_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):  # it holds something by now
        local_path(str(folder)).rmdir()


def _changed(folder: Path, known: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Files that somebody edited since; a missing one is no loss."""
    found = {name: _digest_of(_at(folder, name)) for name in sorted(known)}
    return tuple(name for name, one in found.items() if one and one not in known[name])


def _foreign(folder: Path, ours: Iterable[str]) -> list[str]:
    return sorted(one.name for one in local_path(str(folder)).iterdir() if one.name not in ours)


def _at(folder: Path, name: str) -> Path:
    return local_path(str(folder / name))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _digest_of(path: Path) -> str:
    """The hash of a file, "" if it is not there."""
    try:
        return _digest(path.read_bytes())
    except OSError:
        return ""


# -- trouble


@contextlib.contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Turns what the disk refuses into a sentence."""
    try:
        yield
    except OSError as error:
        raise _cannot(folder, error) from error


def _cannot(folder: Path, error: OSError) -> SettingsError:
    return SettingsError(
        f"{error.filename or folder} cannot be used: {error.strerror or error}.",
        hint="Close IMatch, and start this command as administrator; or link the folder to one of"
        " your own.",
        code="no_permission" if isinstance(error, PermissionError) else "file",
        details=str(error),
    )


def _changed_by_hand(folder: Path, names: Iterable[str]) -> SettingsError:
    return SettingsError(
        f"Changed since they were installed, in {folder}: {', '.join(names)}.",
        hint="Keep a copy if you need it, then say --force to replace them.",
        code="changed_files",
    )
