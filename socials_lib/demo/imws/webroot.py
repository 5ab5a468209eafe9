"""IMatch's web folder: the pages of apps, and small substitutes of IMatch's own libraries.

An app is a folder below `user` with a valid `app.json`; IMatch looks for apps when it starts, so
one that was put there later is not served before a restart.  `/system/imws/imwslib.js` and
`/system/imatch/imatchlib.js` are substitutes that know what is known of the real ones; everything
else below `/system/` is not simulated.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request, Response

from .processes import Processes
from .refusal import BAD_PARAMETER, NOT_AUTHENTICATED, NOT_SUPPORTED, Refusal, not_found

PROCESS_RUN = "/system/imatch/substitute/process-run"
_LIBRARIES = {
    "/system/imws/imwslib.js": ("imwslib.js",),
    "/system/imatch/imatchlib.js": ("imatchlib.js",),
}
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
#: Letters that no name in an address of a page has.
_ODD = frozenset('\\:*?"<>|')
_TEXTS_BY_LANGUAGE = ("name", "description", "icon")


class Webroot:
    """The folder `webroot`; `processes` None: the library has no `IMatch.processRun`."""

    def __init__(self, folder: Path, processes: Processes | None = None) -> None:
        self.folder = folder
        self.processes = processes
        self.apps: dict[str, dict[str, Any]] = {}
        self.faults: dict[str, str] = {}
        self._guard = threading.Lock()

    def restart(self) -> None:
        """Look for apps, as IMatch does when it starts."""
        apps, faults = {}, {}
        user = self.folder / "user"
        for folder in sorted(user.iterdir()) if user.is_dir() else ():
            try:
                apps[folder.name] = app_card(folder)
            except (OSError, ValueError) as error:
                faults[folder.name] = str(error)
        with self._guard:
            self.apps, self.faults = apps, faults

    def serves(self, path: str) -> bool:
        """True for addresses of pages and libraries."""
        return path.startswith(("/user/", "/system/"))

    def respond(self, request: Request, check_token: Callable[[str | None], None]) -> Response:
        """A file, a library, or a program's end; raises `Refusal`."""
        if request.path == PROCESS_RUN:
            return self._process(request, check_token)
        if request.method not in ("GET", "HEAD"):
            raise Refusal(405, NOT_SUPPORTED, f"{request.method} is not possible here")
        if request.path in _LIBRARIES:
            return self._library(request.path)
        return self._file(request.path)

    def _library(self, path: str) -> Response:
        names = list(_LIBRARIES[path])
        if self.processes is not None and names == ["imatchlib.js"]:
            names.append("process.js")
        folder = resources.files("socials_lib.demo.imws") / "system"
        text = "\n".join((folder / name).read_text(encoding="utf-8") for name in names)
        return Response(text, content_type=_TYPES[".js"])

    def _file(self, path: str) -> Response:
        """A file of an app that IMatch knows; nothing outside of its folder."""
        parts = path.split("/")[2:]
        is_plain = not any(one in ("", ".", "..") or set(one) & _ODD for one in parts)
        with self._guard:
            is_known = path.startswith("/user/") and bool(parts) and parts[0] in self.apps
        if not is_known or not is_plain:
            raise not_found(f"there is no {path}")
        found = (self.folder / "user").joinpath(*parts)
        kind = _TYPES.get(found.suffix.lower())
        if kind is None or not found.is_file():
            raise not_found(f"there is no {path}")
        return Response(found.read_bytes(), content_type=kind)

    def _process(self, request: Request, check_token: Callable[[str | None], None]) -> Response:
        """Only for a page of this server that has signed in."""
        if self.processes is None:
            raise not_found("this IMatch runs no programs")
        if request.method != "POST":
            raise Refusal(405, NOT_SUPPORTED, f"{request.method} is not possible here")
        if request.headers.get("Origin") != request.host_url.rstrip("/"):
            raise Refusal(403, NOT_AUTHENTICATED, "only a page of this server may ask for this")
        check_token(request.form.get("auth_token"))
        try:
            call = json.loads(request.form.get("call", ""))
        except ValueError:
            raise Refusal(400, BAD_PARAMETER, "the call is no JSON") from None
        body = json.dumps(self.processes.run(call), ensure_ascii=False)
        return Response(body, content_type="application/json")


def app_card(folder: Path) -> dict[str, Any]:
    """The `app.json` of a folder; raises `ValueError` for what IMatch would not take."""
    try:
        card = json.loads((folder / "app.json").read_bytes().decode("utf-8"))
    except ValueError as error:
        raise ValueError(f"app.json cannot be read: {error}") from error
    if not isinstance(card, dict) or card.get("type") != "app":
        raise ValueError('app.json: type is "app"')
    if not card.get("id") or not isinstance(card["id"], str):
        raise ValueError("app.json: id is missing")
    for name in _TEXTS_BY_LANGUAGE:
        texts = card.get(name, {})
        if not isinstance(texts, dict) or (texts and "" not in texts):
            raise ValueError(f"app.json: {name} maps languages to texts, with a fallback")
    _check_members(folder, card)
    return card


def _check_members(folder: Path, card: dict[str, Any]) -> None:
    if card.get("runAs", "") not in ("", "modal"):
        raise ValueError("app.json: runAs is modal or empty")
    if not isinstance(card.get("author", []), list):
        raise ValueError("app.json: author is a list")
    sizing = card.get("windowSizing", {})
    if not all(isinstance(sizing.get(one, 0), int) for one in ("width", "height")):
        raise ValueError("app.json: width and height are numbers")
    for name in (card.get("defaultDocument"), *card.get("icon", {}).values()):
        if not name or not (folder / name).is_file():
            raise ValueError(f"app.json: there is no {name}")
