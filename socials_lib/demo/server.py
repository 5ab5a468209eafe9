"""What every stand-in shares: a loopback HTTP server, a request log and fault injection.

A stand-in is a *backend* (plain Python state, no HTTP), wrapped by a `StandIn` (HTTP in, HTTP out).
Tests run it as a thread and look at `.backend` and `.requests`; the world runs it in a process of
its own and offers the same through a side door (`world`).

    with FlickrStandIn() as flickr:          # port 0: the system picks one
        flickr.fail_next("/services/upload/", drop_answer=True)
        ...
        assert 1 == flickr.count("upload")

Faults are matched against the path *and* the operation name of a request (`flickr.photos.setMeta`,
`upload`, `POST /api/v1/statuses`, `GET /v1/files`), `"*"` matches everything.  A fault happens
either before the effect (the call does nothing) or after it (the call did its work, the answer is
what goes wrong): the difference between a safe retry and a doubled photo.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, ClassVar, Self

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

Clock = Callable[[], float]

#: `struct linger {on, 0 seconds}`: two ints, on Windows two unsigned shorts.
_NO_LINGER = struct.pack("HH" if os.name == "nt" else "ii", 1, 0)

#: Parameter names whose values never enter the request log.
SECRET_NAMES = frozenset(
    {"auth_token", "password", "authorization", "oauth_token", "oauth_signature", "token"}
    | {"oauth_verifier", "access_token", "client_secret", "api_secret"}
)


@dataclass(kw_only=True)
class Fault:
    """One thing that goes wrong, for the requests it matches.

    `when` is `"before"` or `"after"` the effect.  `reset` tears the connection down (RST),
    `drop_answer` lets the effect happen and closes the connection without a byte of answer,
    `truncate` sends only the first half of the true answer, `body` (with `status`, 200 if not
    given) replaces it, `delay` waits that many seconds first, `hang` never answers (until the
    server stops).  `skip` lets that many matching requests pass before the fault begins, `times`
    says how many are hit (-1: all).
    """

    match: str
    status: int | None = None
    when: str = "before"
    times: int = 1
    skip: int = 0
    reset: bool = False
    drop_answer: bool = False
    truncate: bool = False
    hang: bool = False
    delay: float = 0.0
    body: bytes | None = None
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)

    def hits(self, path: str, operation: str) -> bool:
        """True if this fault is for the request, counting down `skip` and `times`."""
        if self.match not in ("*", path, operation) or self.times == 0:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times > 0:
            self.times -= 1
        return True


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One request as it arrived: `params` without secrets, `status` 0 if it got no answer."""

    number: int
    method: str
    path: str
    operation: str
    params: Mapping[str, str]
    status: int
    at: float
    seconds: float
    size: int

    def as_json(self) -> dict[str, Any]:
        """The same as a JSON object (side door of the world)."""
        return {**self.__dict__, "params": dict(self.params)}


class _Handler(WSGIRequestHandler):
    """Keeps connections open like the real services and writes nothing to the console."""

    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        # a torn connection is what the test asked for, not an error of the server
        with contextlib.suppress(OSError, ValueError):
            super().handle()

    def log(self, type: str, message: str, *args: Any) -> None:
        logging.getLogger(__name__).debug(message, *args)

    def version_string(self) -> str:
        return "stand-in"


class StandIn:
    """A stand-in service: override `name`, `operation`, `respond` and `reset`.

    `respond` gets the werkzeug request and the operation name and returns the answer; state
    lives in `self.backend`.  All requests are served one at a time unless `parallel` is set, so
    that a backend needs no locks of its own.
    """

    name: ClassVar[str] = "stand-in"
    parallel: ClassVar[bool] = False

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, clock: Clock = time.time) -> None:
        if host != "127.0.0.1":
            raise ValueError("a stand-in binds to 127.0.0.1 only")
        self.clock = clock
        self.backend: Any = None
        self.requests: list[Recorded] = []
        self.faults: list[Fault] = []
        self.latency = 0.0
        self._lock = threading.RLock()
        self._stopped = threading.Event()
        self._want = (host, port)
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    # -- what a stand-in overrides

    def operation(self, request: Request) -> str:
        """The service's own name of what the request asks for."""
        return f"{request.method} {request.path}"

    def respond(self, request: Request, operation: str) -> Response:
        """The true answer of the service; changes the backend."""
        raise NotImplementedError

    def reset(self) -> None:
        """Back to an empty service: no state, no requests, no faults."""
        with self._lock:
            self.requests.clear()
            self.faults.clear()

    def params(self, request: Request) -> Mapping[str, str]:
        """What the request log keeps of the parameters (secrets are taken out afterwards)."""
        both = {**request.args.to_dict(), **request.form.to_dict()}
        return {key: str(value) for key, value in both.items()}

    # -- telling it to fail

    def fail_next(self, match: str, **how: Any) -> Fault:
        """Add a `Fault` for the next matching requests; returns it."""
        fault = Fault(match=match, **how)
        with self._lock:
            self.faults.append(fault)
        return fault

    # -- asking what happened

    def count(self, match: str) -> int:
        """How many requests had this operation or path."""
        return sum(match in (one.operation, one.path) for one in self.requests)

    def operations(self) -> list[str]:
        """The operations of all requests in order."""
        return [one.operation for one in self.requests]

    # -- running

    @property
    def url(self) -> str:
        """`http://127.0.0.1:<port>` of the running server."""
        if self._server is None:
            raise RuntimeError(f"the stand-in {self.name} is not running")
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> Self:
        """Serve in a thread of its own; returns itself."""
        host, port = self._want
        self._stopped.clear()
        self._server = make_server(
            host, port, self._application, threaded=True, request_handler=_Handler
        )
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.02},  # the default makes every stop wait half a second
            name=f"stand-in {self.name}",
            daemon=True,
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close the server; hanging answers end."""
        self._stopped.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        if self._thread is not None:
            self._thread.join(5)
            self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # -- one request

    def _application(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        begun = self.clock()
        operation = self.operation(request)
        params = {
            key: "***" if key.lower() in SECRET_NAMES else value
            for key, value in self.params(request).items()
        }
        with self._lock:
            fault = next((f for f in self.faults if f.hits(request.path, operation)), None)
        wait = self.latency + (fault.delay if fault else 0.0)
        if wait:
            self._stopped.wait(wait)
        try:
            response = self._answer(request, operation, fault)
        finally:
            request.close()  # the temporary file of an upload, also of one a fault kept unread
        with self._lock:
            self.requests.append(
                Recorded(
                    number=len(self.requests) + 1,
                    method=request.method,
                    path=request.path,
                    operation=operation,
                    params=params,
                    status=response.status_code if response is not None else 0,
                    at=begun,
                    seconds=self.clock() - begun,
                    size=request.content_length or 0,
                )
            )
        if response is None:
            _close(environ, reset=bool(fault and fault.reset))
            raise ConnectionAbortedError("fault injection closed the connection")
        if fault is not None and fault.truncate:
            return _truncated(response, start_response)
        return response(environ, start_response)

    def _answer(self, request: Request, operation: str, fault: Fault | None) -> Response | None:
        """The answer to send, or None to close the connection without one."""
        if fault is None:
            return self._respond(request, operation)
        happens = fault.when == "after" or fault.drop_answer or fault.truncate
        true_answer = self._respond(request, operation) if happens else None
        request.get_data()  # an unread body would turn every fault into a reset
        if fault.hang:
            self._stopped.wait()
            return None
        if fault.reset or fault.drop_answer:
            return None
        if fault.truncate:
            return true_answer
        if fault.status is None and fault.body is None:
            return true_answer or self._respond(request, operation)
        return Response(
            fault.body if fault.body is not None else b"",
            status=fault.status or 200,
            content_type=fault.content_type,
            headers=dict(fault.headers),
        )

    def _respond(self, request: Request, operation: str) -> Response:
        if self.parallel:
            return self.respond(request, operation)
        with self._lock:
            return self.respond(request, operation)


def json_response(payload: Any, status: int = 200, **headers: str) -> Response:
    """A JSON answer as the services write it: UTF-8, no ASCII escapes."""
    return Response(
        json.dumps(payload, ensure_ascii=False),
        status=status,
        content_type="application/json",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def _truncated(response: Response, start_response: Any) -> Iterable[bytes]:
    """Half of the body under the full Content-Length, then the connection ends."""
    body = response.get_data()
    headers = [(k, v) for k, v in response.headers if k.lower() not in ("content-length",)]
    headers += [("Content-Length", str(len(body))), ("Connection", "close")]
    start_response(response.status, headers)
    return [body[: len(body) // 2]]


def _close(environ: dict[str, Any], *, reset: bool) -> None:
    """End the TCP connection under werkzeug's feet; `reset` sends RST instead of FIN."""
    connection: socket.socket | None = environ.get("werkzeug.socket")
    if connection is None:
        return
    if reset:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        # close() would wait for the files that werkzeug made of the socket; only a real close
        # of the descriptor sends RST
        socket.close(connection.detach())
        return
    connection.shutdown(socket.SHUT_RDWR)
