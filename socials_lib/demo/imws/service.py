"""IMWS over HTTP: which path takes what, tokens, and what the simulator is strict about.

Where real IMWS is unknown this follows the strict column of section 16 of the facts, so that a
client which works here asks for nothing that IMWS might not give.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from werkzeug.wrappers import Request, Response

from ..seed import Seed
from ..server import Clock, StandIn, json_response
from . import answers
from .answers import Answer
from .backend import ImwsBackend
from .categories import Category
from .form import Form
from .refusal import NOT_SUPPORTED, Refusal, not_found
from .webroot import Webroot

#: Longer addresses are refused; about 1,400 characters are the longest known to work.
LONGEST_URL = 8_000

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True)
class Route:
    """One method of one path; `parameters` are those listed by `/v1/discover`."""

    method: str
    path: str
    answer: Callable[[ImwsBackend, Form], Answer]
    parameters: tuple[str, ...] = ()
    writes: bool = False
    needs_token: bool = True


def _discover(_backend: ImwsBackend, _form: Form) -> Answer:
    """What is simulated; the layout of the real answer is unknown."""
    return {
        "endpoints": [
            {"method": one.method, "path": one.path, "parameters": list(one.parameters)}
            for one in ROUTES
        ]
    }


_OF_FILES = ("fields", "tag<name>", "var<name>")

ROUTES = (
    Route(
        method="POST",
        path="/v1/authenticate",
        answer=answers.authenticate,
        parameters=("id", "password", "appid"),
        needs_token=False,
    ),
    Route(
        method="GET",
        path="/v1/files",
        answer=answers.files,
        parameters=("id", "idlist", *_OF_FILES, "page", "pagesize"),
    ),
    Route(
        method="GET",
        path="/v1/files/relations",
        answer=answers.relations,
        parameters=("id", "type", *_OF_FILES),
    ),
    Route(
        method="GET",
        path="/v1/files/categories",
        answer=answers.file_categories,
        parameters=("id", "fields"),
    ),
    Route(
        method="GET",
        path="/v1/files/collections",
        answer=answers.file_collections,
        parameters=("id",),
    ),
    Route(
        method="GET",
        path="/v1/categories",
        answer=answers.categories,
        parameters=("path", "id", "fields"),
    ),
    Route(
        method="POST",
        path="/v1/categories/assign",
        answer=answers.assign,
        parameters=("path", "fileid"),
        writes=True,
    ),
    Route(
        method="POST",
        path="/v1/categories/unassign",
        answer=answers.unassign,
        parameters=("path", "fileid"),
        writes=True,
    ),
    Route(method="GET", path="/v1/attributes", answer=answers.attributes, parameters=("set", "id")),
    Route(
        method="POST",
        path="/v1/attributes",
        answer=answers.change_attributes,
        parameters=("set", "id", "tasks"),
        writes=True,
    ),
    Route(
        method="POST",
        path="/v1/metadata",
        answer=answers.change_metadata,
        parameters=("id", "idlist", "tags"),
        writes=True,
    ),
    Route(
        method="GET",
        path="/v1/collections",
        answer=answers.collections,
        parameters=("id", "fields"),
    ),
    Route(
        method="POST",
        path="/v1/collections",
        answer=answers.change_collections,
        parameters=("id", "tasks"),
        writes=True,
    ),
    Route(method="GET", path="/v1/imatch/appvar", answer=answers.variable, parameters=("name",)),
    Route(method="GET", path="/v1/imatch/commands/list", answer=answers.commands),
    Route(method="GET", path="/v1/imatch/favorites/list", answer=answers.favorites),
    Route(method="GET", path="/v1/discover", answer=_discover),
)

_BY_PATH: dict[str, dict[str, Route]] = {}
for _route in ROUTES:
    _BY_PATH.setdefault(_route.path, {})[_route.method] = _route


class ImwsStandIn(StandIn):
    """IMatch with its web service; operation names are `GET /v1/files` and the like.

    Requests are served one at a time, so there is one writer at a time as well.  The methods below
    `load` are the side door for tests: the same as those of `backend`, between two requests.
    """

    name: ClassVar[str] = "imws"
    backend: ImwsBackend

    def __init__(
        self,
        seed: Seed | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Clock = time.time,
        language: str = "de",
        missing_variable_style: str = "error",
        date_style: str = "date",
        webroot: Webroot | None = None,
    ) -> None:
        super().__init__(host=host, port=port, clock=clock)
        self.webroot = webroot
        self.backend = ImwsBackend(
            seed,
            language=language,
            missing_variable_style=missing_variable_style,
            date_style=date_style,
        )
        self._answered = itertools.count(1)

    def start(self) -> Self:
        """Serve; a restarted IMatch knows no token of before."""
        self.backend.expire_tokens()
        if self.webroot is not None:
            self.webroot.restart()
        return super().start()

    def stop(self) -> None:
        """Close the server; programs that pages have run end, too."""
        if self.webroot is not None and self.webroot.processes is not None:
            self.webroot.processes.stop()
        super().stop()

    def reset(self) -> None:
        """Back to the database as loaded, to the switches as constructed, nobody signed in."""
        with self._lock:
            super().reset()
            self.backend.reset()

    def load(self, seed: Seed) -> None:
        """Another database; `reset` goes back to this one from now on."""
        with self._lock:
            self.backend.load(seed)

    def expire_tokens(self) -> None:
        """Refuse every token given out so far."""
        with self._lock:
            self.backend.expire_tokens()

    def lock_next(self, times: int = 1) -> None:
        """Let the next writes find their object locked (409)."""
        with self._lock:
            self.backend.lock_next(times)

    def result_not_ok_next(self, times: int = 1) -> None:
        """Let the next writes fail with 200 and a `result` that is not `ok`."""
        with self._lock:
            self.backend.result_not_ok_next(times)

    def add_category(self, path: str, description: str = "") -> Category:
        """Make a category with its parents."""
        with self._lock:
            return self.backend.add_category(path, description)

    def remove_category(self, path: str) -> None:
        """Delete a category and everything below it."""
        with self._lock:
            self.backend.remove_category(path)

    def set_selection(
        self, ids: Iterable[int], *, focused: int | None = None, window: Iterable[int] | None = None
    ) -> None:
        """Select files in the file window."""
        with self._lock:
            self.backend.set_selection(ids, focused=focused, window=window)

    @property
    def language(self) -> str:
        """Windows language: `de` or `en`."""
        return self.backend.language

    @language.setter
    def language(self, value: str) -> None:
        self.backend.language = value

    @property
    def missing_variable_style(self) -> str:
        """Answer for an application variable that does not exist."""
        return self.backend.missing_variable_style

    @missing_variable_style.setter
    def missing_variable_style(self, value: str) -> None:
        self.backend.missing_variable_style = value

    @property
    def date_style(self) -> str:
        """How dates of attributes are written in answers."""
        return self.backend.date_style

    @date_style.setter
    def date_style(self, value: str) -> None:
        self.backend.date_style = value

    def _respond(self, request: Request, operation: str) -> Response:
        # a program that a page runs asks this very server: it must not wait for its own end
        if self.webroot is None or not self.webroot.serves(request.path):
            return super()._respond(request, operation)
        try:
            return self.webroot.respond(request, self._check_token)
        except Refusal as refusal:
            return json_response(refusal.as_json(), refusal.status)

    def _check_token(self, token: str | None) -> None:
        with self._lock:
            self.backend.check_token(token)

    def respond(self, request: Request, operation: str) -> Response:
        """The answer, or the refusal, each with a member that no client knows."""
        extra = {"someOtherMember": next(self._answered)}
        try:
            return json_response({**self._true_answer(request), **extra})
        except Refusal as refusal:
            headers = {"Allow": _allowed(request.path)} if refusal.status == 405 else {}
            return json_response({**refusal.as_json(), **extra}, refusal.status, **headers)

    def _true_answer(self, request: Request) -> Answer:
        routes = _BY_PATH.get(request.path)
        if routes is None:
            raise not_found(f"unknown endpoint {request.path}")
        route = routes.get(request.method)
        if route is None:
            raise Refusal(405, NOT_SUPPORTED, f"{request.method} is not possible here")
        _refuse_transport(request)
        form = Form({**request.args.to_dict(), **request.form.to_dict()})
        if route.needs_token:
            self.backend.check_token(form.get("auth_token"))
        if route.writes and not self.backend.may_write():
            return {"result": "failed"}
        return route.answer(self.backend, form)


def _allowed(path: str) -> str:
    return ", ".join(sorted(_BY_PATH.get(path, {})))


def _refuse_transport(request: Request) -> None:
    """Too long an address, or a body that is no form."""
    target = request.environ.get("REQUEST_URI") or request.full_path
    length = len(request.host_url.rstrip("/")) + len(target)
    if length > LONGEST_URL:
        text = f"the address has {length} characters, {LONGEST_URL} are possible"
        raise Refusal(414, NOT_SUPPORTED, text)
    if request.content_length and request.mimetype != _FORM:
        raise Refusal(415, NOT_SUPPORTED, f"the body has to be {_FORM}")
