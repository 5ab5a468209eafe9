"""The side door of the rehearsal world: looking in and meddling, over HTTP.

    GET  /health              is everything up
    GET  /state               what the three stand-ins hold, as JSON
    GET  /requests?service=S  what was asked of them (without secrets); no service: of all three
    POST /fail                {"service": S, "match": "…", …} the fields of `server.Fault`
    POST /lose                {"seconds": 10, "service": S} connections are dropped for a while;
                              0: no more; no service: all three
    POST /latency             {"seconds": 0.1, "service": S} every answer that much later
    POST /reset               world and demo home afresh, same addresses, keys and tokens

S is `imatch`, `flickr` or `pixelfed`.  Programs call it; a web page in somebody's browser may not:
requests that name a foreign origin or host are refused.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from werkzeug.wrappers import Request, Response

from socials_lib.demo.server import Fault, StandIn, json_response

if TYPE_CHECKING:
    from socials_lib.demo.world import World

Answer = Mapping[str, Any]

#: How a field of `Fault` is checked when it comes as JSON.
_FAULT_TYPES: dict[str, tuple[type, ...]] = {
    "match": (str,),
    "status": (int,),
    "when": (str,),
    "times": (int,),
    "skip": (int,),
    "reset": (bool,),
    "drop_answer": (bool,),
    "truncate": (bool,),
    "hang": (bool,),
    "delay": (int, float),
    "body": (str,),
    "content_type": (str,),
    "headers": (dict,),
}


class BadRequest(Exception):
    """The request makes no sense; the text says why."""


class SideDoor(StandIn):
    """A small server beside the three; answers JSON."""

    name: ClassVar[str] = "side door"

    def __init__(self, world: World, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.world = world
        self._routes: dict[tuple[str, str], Callable[[Request], Answer]] = {
            ("GET", "/health"): self._health,
            ("GET", "/state"): self._state,
            ("GET", "/requests"): self._requests,
            ("POST", "/fail"): self._fail,
            ("POST", "/lose"): self._lose,
            ("POST", "/latency"): self._latency,
            ("POST", "/reset"): self._reset,
        }

    def respond(self, request: Request, operation: str) -> Response:
        """One request; every problem is `{"error": …}` with a status that fits."""
        if not self._is_from_here(request):
            return _error(403, "this address is for programs on this computer")
        route = self._routes.get((request.method, request.path))
        if route is None:
            known = any(path == request.path for _, path in self._routes)
            return _error(405 if known else 404, f"there is no {operation}")
        try:
            return json_response(route(request))
        except BadRequest as problem:
            return _error(400, str(problem))

    def _is_from_here(self, request: Request) -> bool:
        """False for requests that a web page made, and for host names other than loopback."""
        host = request.host.rpartition(":")[0] or request.host
        return "Origin" not in request.headers and host in ("127.0.0.1", "localhost")

    def _health(self, _request: Request) -> Answer:
        return {"ok": True, "mode": "demo", "services": self.world.addresses}

    def _state(self, _request: Request) -> Answer:
        return self.world.snapshot()

    def _requests(self, request: Request) -> Answer:
        wanted = request.args.get("service")
        chosen = [self._service(wanted)] if wanted else list(self.world.services)
        found = {}
        for name in chosen:
            found[name] = [one.as_json() for one in list(self.world.services[name].requests)]
        return {"requests": found[chosen[0]] if wanted else found}

    def _fail(self, request: Request) -> Answer:
        asked = _body(request)
        service = self._service(asked.pop("service", None))
        fault = self.world.services[service].fail_next(**_fault(asked))
        return {"ok": True, "service": service, "match": fault.match}

    def _lose(self, request: Request) -> Answer:
        asked = _body(request)
        seconds, name = _seconds(asked, default=10.0), asked.get("service")
        self.world.lose(seconds, *([self._service(name)] if name else []))
        return {"ok": True, "seconds": seconds}

    def _latency(self, request: Request) -> Answer:
        asked = _body(request)
        seconds = _seconds(asked, default=0.0)
        name = asked.get("service")
        for one in [self._service(name)] if name else self.world.services:
            self.world.services[one].latency = seconds
        return {"ok": True, "seconds": seconds}

    def _reset(self, _request: Request) -> Answer:
        left = self.world.reset()
        return {"ok": True, "left": left, **self.world.describe()}

    def _service(self, name: object) -> str:
        if name not in self.world.services:
            raise BadRequest(f"service must be one of {', '.join(self.world.services)}")
        return str(name)


def _body(request: Request) -> dict[str, Any]:
    asked = request.get_json(force=True, silent=True) if request.get_data() else {}
    if not isinstance(asked, dict):
        raise BadRequest("the body has to be a JSON object")
    return dict(asked)


def _seconds(asked: Mapping[str, Any], *, default: float) -> float:
    value = asked.get("seconds", default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 600:
        raise BadRequest("seconds is a number from 0 to 600")
    return float(value)


def _fault(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a `Fault` out of JSON; unknown or mistyped ones would silently test nothing."""
    if "match" not in asked:
        raise BadRequest("match is missing: a path, an operation or *")
    values = {name: value for name, value in asked.items() if value is not None}
    for name, value in values.items():
        types = _FAULT_TYPES.get(name)
        if types is None:
            raise BadRequest(f"a fault has no field {name}")
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise BadRequest(f"{name} cannot be {value!r}")
    if values.get("when", "before") not in ("before", "after"):
        raise BadRequest("when is before or after")
    if "body" in values:
        values["body"] = values["body"].encode()
    return values


def _error(status: int, message: str) -> Response:
    return json_response({"error": {"code": status, "message": message}}, status)


assert set(_FAULT_TYPES) == {field.name for field in dataclasses.fields(Fault)}
