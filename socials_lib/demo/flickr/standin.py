"""The Flickr stand-in over HTTP: REST, upload, replace, OAuth, images, web pages.

    with FlickrStandIn() as flickr:
        photo_id = flickr.backend.add_photo(jpeg, title="Dawn over the lake")
        flickr.refuse_next("flickr.photos.setMeta", 105)

Operations (request log, faults) are method names (`flickr.photos.setMeta`), `upload`, `replace`,
`oauth.request_token`, `oauth.authorize`, `oauth.access_token`, `image <path>` and `page <path>`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote

from werkzeug.wrappers import Request, Response

import socials_lib.demo.flickr.methods  # noqa: F401  (fills the table of methods)
from socials_lib.demo.flickr import tree, uploads, web
from socials_lib.demo.flickr.backend import FlickrBackend
from socials_lib.demo.flickr.calls import Call, Method, check_permission, find_method, run
from socials_lib.demo.flickr.faults import TOO_MANY_BODY
from socials_lib.demo.flickr.oauth import Caller, finish_login, identify, start_login
from socials_lib.demo.flickr.options import FlickrOptions
from socials_lib.demo.flickr.records import LEVELS, Perms, Photo, Refusal, Ticket
from socials_lib.demo.flickr.tokens import OAuthProblem
from socials_lib.demo.flickr.tree import Node, node, text_node
from socials_lib.demo.server import Clock, StandIn

_XML = "text/xml; charset=utf-8"
_PLAIN = "text/plain;charset=UTF-8"
_MESSAGES = {
    0: "Sorry, the Flickr API service is not currently available.",
    105: "Service currently unavailable",
    106: "Write operation failed",
    116: "Bad URL found",
    201: "Sorry, the Flickr API service is not currently available.",
}


@dataclass(kw_only=True)
class PlannedRefusal:
    """An error inside the envelope for the next calls of an operation (`*`: any)."""

    operation: str
    refusal: Refusal
    when: str
    times: int
    skip: int

    def hits(self, operation: str) -> bool:
        """True if this call is meant, counting down `skip` and `times`."""
        if self.operation not in ("*", operation) or self.times == 0:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1
        return True


class FlickrStandIn(StandIn):
    """Flickr on the loopback; `token` and `token_secret` belong to the default account."""

    name: ClassVar[str] = "flickr"

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Clock = time.time,
        options: FlickrOptions | None = None,
    ) -> None:
        super().__init__(host=host, port=port, clock=clock)
        self.backend: FlickrBackend = FlickrBackend(clock=clock, options=options)
        self.refusals: list[PlannedRefusal] = []

    @property
    def api_key(self) -> str:
        """The consumer key every client uses."""
        return self.backend.api_key

    @property
    def api_secret(self) -> str:
        """The secret of the consumer key."""
        return self.backend.api_secret

    @property
    def token(self) -> str:
        """A ready access token of the default account with `delete` permission."""
        return self.backend.default_token.token

    @property
    def token_secret(self) -> str:
        """The secret of `token`."""
        return self.backend.default_token.secret

    def reset(self) -> None:
        """An empty Flickr again; key and default token stay valid."""
        super().reset()
        with self._lock:
            self.refusals.clear()
            self.backend.reset()

    def refuse_next(
        self,
        operation: str,
        code: int,
        message: str | None = None,
        *,
        when: str = "before",
        times: int = 1,
        skip: int = 0,
    ) -> PlannedRefusal:
        """Let the next calls fail inside the envelope; `when="after"`: executed all the same."""
        text = _MESSAGES.get(code, "Service currently unavailable") if message is None else message
        planned = PlannedRefusal(
            operation=operation,
            refusal=Refusal(code, text),
            when=when,
            times=times,
            skip=skip,
        )
        with self._lock:
            self.refusals.append(planned)
        return planned

    def operation(self, request: Request) -> str:
        """The method name, the service, or what kind of page is asked for."""
        request.max_form_memory_size = None  # long descriptions are no attack here
        path = request.path
        if path.rstrip("/") == "/services/rest":
            return request.values.get("method", "") or "rest"
        if path.rstrip("/") in ("/services/upload", "/services/replace"):
            return path.strip("/").partition("/")[2]
        if path.startswith("/services/oauth/"):
            return f"oauth.{path.rstrip('/').rpartition('/')[2]}"
        return f"{'image' if path.startswith('/static/') else 'page'} {path}"

    def respond(self, request: Request, operation: str) -> Response:
        """The answer of the service that the address belongs to."""
        uploads.settle_tickets(self.backend)
        try:
            if request.path.startswith("/services/"):
                return self._service(request, operation)
            if operation.startswith("image "):
                return self._image(request)
        except OAuthProblem as problem:
            return Response(problem.body, status=problem.status, content_type=_PLAIN)
        return self._page(request)

    def _service(self, request: Request, operation: str) -> Response:
        key = self.backend.api_key
        if operation != "oauth.authorize" and self._is_throttled(
            key, self.backend.options.calls_per_hour, 3600.0
        ):
            return self._throttled()
        if request.path.rstrip("/") == "/services/rest":
            return self._rest(request, operation)
        if operation in ("upload", "replace"):
            return self._upload(request, operation)
        answers = {
            "oauth.request_token": self._request_token,
            "oauth.authorize": self._authorize,
            "oauth.access_token": self._access_token,
        }
        answer = answers.get(operation)
        return answer(request) if answer else _not_found()

    # limits

    def _is_throttled(self, key: str, most: int | None, seconds: float) -> bool:
        """Count a call; True if more than `most` came in the last `seconds`."""
        if most is None:
            return False
        now = self.clock()
        times = [at for at in self.backend.call_times.get(key, []) if at > now - seconds]
        self.backend.call_times[key] = [*times, now]
        return len(times) >= most

    def _throttled(self) -> Response:
        options = self.backend.options
        return Response(
            TOO_MANY_BODY,
            status=options.throttle_status,
            content_type="text/html",
            headers=dict(options.throttle_headers),
        )

    # REST

    def _rest(self, request: Request, operation: str) -> Response:
        params = request.values.to_dict()
        try:
            caller = identify(request, self.backend)
            style = params.get("format", "rest")
            if style not in ("rest", "json"):
                raise Refusal(111, f'Format "{style}" not found')
            return self._success(self._called(request, operation, params, caller), params)
        except Refusal as refusal:
            return self._failure(refusal, params)

    def _called(
        self, request: Request, operation: str, params: dict[str, str], caller: Caller
    ) -> list[Node]:
        found = find_method(params.get("method", ""))
        check_permission(found.perms, caller.perms)
        self._check_verb(request, found)
        call = Call(
            backend=self.backend,
            params=params,
            user=caller.user,
            token=caller.token,
            base=request.host_url.rstrip("/"),
        )
        planned = self._planned(operation)
        if planned is not None and planned.when == "before":
            raise planned.refusal
        payload = run(found, call)
        if planned is not None:
            raise planned.refusal
        return payload

    def _check_verb(self, request: Request, found: Method) -> None:
        is_write = LEVELS.index(found.perms) >= LEVELS.index("write")
        if request.method == "GET" and is_write and not self.backend.options.allow_get_writes:
            raise Refusal(99, "Insufficient permissions. Method requires POST.")

    def _planned(self, operation: str) -> PlannedRefusal | None:
        return next((one for one in self.refusals if one.hits(operation)), None)

    def _success(self, payload: list[Node], params: dict[str, str]) -> Response:
        if params.get("format") != "json":
            return Response(tree.success_xml(payload), content_type=_XML)
        profile = self.backend.options.json_profile
        return _json(tree.success_json(payload, profile), params, "application/json")

    def _failure(self, refusal: Refusal, params: dict[str, str]) -> Response:
        code, message, extra = refusal.code, refusal.message, refusal.extra
        if params.get("format") != "json":
            return Response(tree.failure_xml(code, message, extra), content_type=_XML)
        profile = self.backend.options.json_profile
        plain = "text/plain; charset=utf-8" if profile == "2013" else "application/json"
        return _json(tree.failure_json(code, message, extra, profile), params, plain)

    # upload and replace: always XML

    def _upload(self, request: Request, operation: str) -> Response:
        try:
            caller = identify(request, self.backend)
            check_permission("write", caller.perms)
            return self._success([self._stored(request, operation, caller)], {})
        except Refusal as refusal:
            return self._failure(refusal, {})

    def _stored(self, request: Request, operation: str, caller: Caller) -> Node:
        assert caller.user is not None
        planned = self._planned(operation)
        if planned is not None and planned.when == "before":
            raise planned.refusal
        part = request.files.get("photo")
        data = part.read() if part is not None else None
        take = uploads.upload if operation == "upload" else uploads.replace
        result = take(self.backend, caller.user, request.form.to_dict(), data)
        if planned is not None:
            raise planned.refusal
        return _receipt(result)

    # OAuth

    def _request_token(self, request: Request) -> Response:
        made = start_login(request, self.backend)
        body = (
            f"oauth_callback_confirmed=true&oauth_token={made.token}"
            f"&oauth_token_secret={made.secret}"
        )
        return Response(body, content_type=_PLAIN)

    def _authorize(self, request: Request) -> Response:
        """The user's browser: looking at the page is agreeing (a stand-in has no password)."""
        token = request.values.get("oauth_token", "")
        perms = _perms(request.values.get("perms", "read"))
        if token not in self.backend.tokens.requests or perms is None:
            return Response(web.refused_page(), status=400, content_type="text/html")
        verifier = self.backend.authorize(token, perms)
        target = self.backend.tokens.redirect(token)
        if target:
            return Response(status=302, headers={"Location": target})
        return Response(web.granted_page(verifier), content_type="text/html; charset=utf-8")

    def _access_token(self, request: Request) -> Response:
        token, secret, user = finish_login(request, self.backend)
        body = (
            f"fullname={quote(user.realname, safe='')}&oauth_token={token}"
            f"&oauth_token_secret={secret}&user_nsid={quote(user.nsid, safe='')}"
            f"&username={quote(user.username, safe='')}"
        )
        return Response(body, content_type=_PLAIN)

    # pages and pictures

    def _image(self, request: Request) -> Response:
        if self._is_throttled("images", self.backend.options.image_burst, 10.0):
            return self._throttled()
        found = web.image(self.backend, request.path)
        if found is None:
            return _not_found()
        return Response(found[0], content_type=found[1])

    def _page(self, request: Request) -> Response:
        base = request.host_url.rstrip("/")
        html = web.find_page(self.backend, request.path, base)
        if html is None:
            return _not_found()
        return Response(html, content_type="text/html; charset=utf-8")


def _receipt(result: Photo | Ticket) -> Node:
    """`photoid` with the secrets of today, or `ticketid`."""
    if isinstance(result, Ticket):
        return text_node("ticketid", result.id)
    secrets = {"secret": result.secret, "originalsecret": result.original_secret}
    return node("photoid", secrets, text=result.id)


def _json(body: str, params: dict[str, str], content_type: str) -> Response:
    """Bare with `nojsoncallback=1`, else wrapped in a function call."""
    if params.get("nojsoncallback") == "1":
        return Response(body, content_type=content_type)
    wrapper = params.get("jsoncallback", "jsonFlickrApi")
    return Response(f"{wrapper}({body})", content_type="text/javascript; charset=utf-8")


def _perms(text: str) -> Perms | None:
    return next((level for level in LEVELS[1:] if level == text), None)


def _not_found() -> Response:
    return Response("Not Found\n", status=404, content_type="text/plain; charset=utf-8")
