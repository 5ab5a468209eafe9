"""One request on its way to an endpoint, and the table of endpoints."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from werkzeug.wrappers import Request, Response

from socials_lib.demo.pixelfed.backend import PixelfedBackend
from socials_lib.demo.pixelfed.entities import Entities
from socials_lib.demo.pixelfed.errors import Abort, RouteMissing, WrongMethod
from socials_lib.demo.pixelfed.inputs import Inputs
from socials_lib.demo.pixelfed.options import PixelfedOptions
from socials_lib.demo.pixelfed.records import Account, Token


@dataclass(kw_only=True)
class Call:
    """What an endpoint gets: `args` are the parts of the path that the route names."""

    request: Request
    backend: PixelfedBackend
    base: str
    args: dict[str, str]
    inputs: Inputs
    token: Token | None = None
    signed_in: Account | None = None

    @property
    def options(self) -> PixelfedOptions:
        """The server's switches."""
        return self.backend.options

    @property
    def account(self) -> Account:
        """Whose token it is; endpoints that are open to all must not ask."""
        assert self.signed_in is not None
        return self.signed_in

    @property
    def show(self) -> Entities:
        """The JSON shapes for this server's address."""
        return Entities(self.backend, self.base)

    @property
    def own_shape(self) -> bool:
        """True if the client asked for Pixelfed's own shapes (`_pe`, any value)."""
        return "_pe" in self.inputs

    def unrestricted(self) -> None:
        """403 for accounts under parental control."""
        if self.account.restricted:
            raise Abort(403, "Invalid permissions for this action")


Handler = Callable[[Call], Response]


@dataclass(frozen=True, kw_only=True)
class Route:
    """An address: `scope` None asks for a token only, `open` asks for nothing."""

    method: str
    pattern: str
    handler: Handler
    scope: str | None
    open: bool
    guard: Callable[[PixelfedOptions], None] | None

    @property
    def name(self) -> str:
        """`PUT /api/v1/media/:id`: what faults and the request log call it."""
        return f"{self.method} {self.pattern}"

    def match(self, path: str) -> dict[str, str] | None:
        """The named parts of a path, None if it is another address."""
        found = self._shape.fullmatch(path)
        return found.groupdict() if found else None

    @cached_property
    def _shape(self) -> re.Pattern[str]:
        """`:name` stands for one part of a path, `*name` for the rest of it."""
        words = re.sub(r"([:*])", r" \1", self.pattern).split(" ")
        shape = re.escape(words[0])
        for word in words[1:]:
            found = re.match(r"(.)(\w+)(.*)", word)
            assert found is not None
            inner = ".+" if found[1] == "*" else "[^/]+"
            shape += f"(?P<{found[2]}>{inner})" + re.escape(found[3])
        return re.compile(shape)


ROUTES: list[Route] = []


def route(
    method: str,
    *patterns: str,
    scope: str | None = "read",
    open: bool = False,
    guard: Callable[[PixelfedOptions], None] | None = None,
) -> Callable[[Handler], Handler]:
    """Enter an endpoint into the table; `guard` runs before anybody asks for a token."""

    def enter(handler: Handler) -> Handler:
        for pattern in patterns:
            ROUTES.append(
                Route(
                    method=method,
                    pattern=pattern,
                    handler=handler,
                    scope=scope,
                    open=open,
                    guard=guard,
                )
            )
        return handler

    return enter


def find(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """The endpoint of a request; a slash at the end does not matter, HEAD is like GET."""
    plain = path.rstrip("/") or "/"
    wanted = "GET" if method == "HEAD" else method
    others: list[str] = []
    for one in ROUTES:
        args = one.match(plain)
        if args is None:
            continue
        if one.method == wanted:
            return one, args
        others.append(one.method)
    if others:
        raise WrongMethod(method, path, list(dict.fromkeys(others)))
    raise RouteMissing(path)
