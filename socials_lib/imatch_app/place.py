r"""Where IMatch keeps the apps of its users.

`C:\ProgramData\photools.com\imatch6\webroot\user`; `imatch6` stays in the path in later versions
(seen in 2025).  A link to a folder elsewhere works there as well.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath

from socials_lib.errors import SettingsError
from socials_lib.system import local_path

#: The app's folder; without blanks, as it is part of an address.
FOLDER = "imatch-to-socials"
_BELOW_PROGRAM_DATA = ("photools.com", "imatch6", "webroot")


def default_webroot(environ: Mapping[str, str]) -> PureWindowsPath:
    """The folder `webroot` of an IMatch on Windows."""
    common = environ.get("ProgramData") or environ.get("PROGRAMDATA") or r"C:\ProgramData"
    return PureWindowsPath(common, *_BELOW_PROGRAM_DATA)


def app_folder(
    webroot: Path | None, environ: Mapping[str, str], *, windows: bool = os.name == "nt"
) -> Path:
    """The folder of this app; `webroot` None: IMatch's own, which only Windows has.

    Its `user` folder may be named as well.  Raises `SettingsError` if there is no such folder.
    """
    if webroot is None:
        if not windows:
            raise SettingsError(
                "IMatch runs on Windows only, so its web folder is not here.",
                hint="Name it with --webroot DIR, behind the command.",
                code="no_webroot",
            )
        webroot = local_path(str(default_webroot(environ)))
    # without `..`, but not resolved: that would turn a mapped drive into its server's name
    root = Path(os.path.abspath(webroot.expanduser()))  # noqa: PTH100 - see the line above
    if not root.is_dir():
        raise SettingsError(
            f"IMatch's web folder {root} is not there.",
            hint="Is IMatch installed on this computer? If it lies elsewhere, name it with"
            " --webroot; the folder is called webroot and holds the folder user.",
            code="no_webroot",
        )
    is_user = root.name.casefold() == "user" and not (root / "user").is_dir()
    return (root if is_user else root / "user") / FOLDER


def has_neighbours(folder: Path) -> bool:
    """False if nothing around this app's folder speaks for IMatch: the page might never show up.

    IMatch's web folder is called `webroot`, and has the folders `system` and `user`.
    """
    user = folder.parent
    return user.is_dir() or (user.parent / "system").is_dir() or _is_named(user.parent, "webroot")


def _is_named(folder: Path, name: str) -> bool:
    return folder.name.casefold() == name
