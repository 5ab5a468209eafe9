"""HTTP in, HTTP out: who asks, which endpoint, and what becomes of a failure."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import ClassVar

from werkzeug.wrappers import Request, Response

from socials_lib.demo.pixelfed import collecting, pages, reading, writing
from socials_lib.demo.pixelfed.answers import failure
from socials_lib.demo.pixelfed.backend import PixelfedBackend
from socials_lib.demo.pixelfed.calls import Call, Route, find
from socials_lib.demo.pixelfed.errors import (
    Abort,
    TooManyRequests,
    Trouble,
    Unauthenticated,
    Unverified,
)
from socials_lib.demo.pixelfed.inputs import Inputs
from socials_lib.demo.pixelfed.options import PixelfedOptions
from socials_lib.demo.pixelfed.records import Account, Token
from socials_lib.demo.server import StandIn

#: Importing these fills the table of routes; pages come last because `/:username` takes all.
ENDPOINTS = (writing, reading, collecting, pages)


class PixelfedStandIn(StandIn):
    """A Pixelfed server on the loopback; `token` belongs to its account `demo`.

    Operations are named like `POST /api/v1/statuses` or `PUT /api/v1/media/:id`.
    """

    name: ClassVar[str] = "pixelfed"
    backend: PixelfedBackend

    def __init__(
        self,
        options: PixelfedOptions | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(host=host, port=port, clock=clock)
        self.backend = PixelfedBackend(options, clock=clock)

    @property
    def options(self) -> PixelfedOptions:
        """The server's switches; they may be changed while it runs."""
        return self.backend.options

    @property
    def token(self) -> str:
        """A token of `demo` with the scopes read and write."""
        return self.backend.token

    def reset(self) -> None:
        """An empty server with the same two accounts; `token` stays valid."""
        super().reset()
        with self._lock:
            self.backend.reset()

    def operation(self, request: Request) -> str:
        """Method and path with `:id` for ids; unknown addresses as they are."""
        try:
            found, _args = find(request.method, request.path)
        except Trouble:
            return f"{request.method} {request.path}"
        return found.name

    def params(self, request: Request) -> Mapping[str, str]:
        """Parameters of the query and of any kind of body; a file as its number of bytes."""
        inputs = Inputs(request)
        said = {key: str(value) for key, value in inputs.items()}
        if inputs.file is not None:
            said["file"] = f"{len(inputs.file)} bytes"
        return said

    def respond(self, request: Request, operation: str) -> Response:
        """The true answer of the server."""
        base = self.url
        self.backend.tick()
        headers: dict[str, str] = {}
        try:
            found, args = find(request.method, request.path)
            token = _bearer(request)
            headers = self._count(request, found, token)
            answer = self._call(request, found, args, token, base)
        except Trouble as trouble:
            answer = failure(trouble, request, self.options, base)
            if isinstance(trouble, TooManyRequests):
                wait = max(0, round(trouble.reset - self.clock()))
                headers = {**self._rate_headers(0), "Retry-After": str(wait)}
        answer.headers.update(headers)
        return answer

    def _call(
        self, request: Request, found: Route, args: dict[str, str], token: str | None, base: str
    ) -> Response:
        if found.guard is not None:
            found.guard(self.options)
        call = Call(
            request=request, backend=self.backend, base=base, args=args, inputs=Inputs(request)
        )
        if not found.open:
            call.token, call.signed_in = self.backend.signed_in(token)
            _admit(call.token, call.signed_in, found)
        return found.handler(call)

    def _count(self, request: Request, found: Route, token: str | None) -> dict[str, str]:
        """The limiter in front of all API routes, per account or else per address."""
        most = self.options.requests_per_minute
        if most is None or not request.path.startswith("/api/"):
            return {}
        try:
            who = self.backend.signed_in(token)[1].id
        except Unauthenticated:
            who = request.remote_addr or "somebody"
        counted = self.backend.attempt("requests", who, most)
        if counted is None:
            raise TooManyRequests(self.backend.minute_ends("requests", who))
        return self._rate_headers(counted[0])

    def _rate_headers(self, left: int) -> dict[str, str]:
        """Limit and rest on every answer; when it ends is told on the 429 only."""
        if self.options.rate_headers == "none":
            return {}
        most = str(self.options.requests_per_minute or 0)
        return {"X-RateLimit-Limit": most, "X-RateLimit-Remaining": str(left)}


def _bearer(request: Request) -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _admit(token: Token, account: Account, found: Route) -> None:
    """A confirmed account, and the scope that the endpoint asks for."""
    if not account.verified:
        raise Unverified
    if found.scope is not None and found.scope not in token.scopes:
        raise Abort(403)
