"""How an answer, and above all how a failure, reaches the client (facts, section 3).

The legacy layer asks whether JSON is the *first* type of `Accept`: then there is JSON, with HTTP
500 for nearly everything; else web pages and redirects.  The recent layer answers JSON on all API
paths with true codes; the text stands under `error` if JSON comes first, else under `message`.
"""

from __future__ import annotations

import html
import math
from typing import Any

from werkzeug.wrappers import Request, Response

from socials_lib.demo.pixelfed.errors import (
    Abort,
    Invalid,
    NotAllowed,
    PhpFault,
    RouteMissing,
    RowMissing,
    TooManyRequests,
    Trouble,
    Unauthenticated,
    Unverified,
    WrongMethod,
)
from socials_lib.demo.pixelfed.options import PixelfedOptions
from socials_lib.demo.server import json_response

_UNCACHED = "no-cache, private"


def json_answer(payload: Any, status: int = 200, **headers: str) -> Response:
    """A JSON answer of a controller."""
    answer = json_response(payload, status, **headers)
    answer.headers["Cache-Control"] = _UNCACHED
    return answer


def html_answer(page: str, status: int = 200) -> Response:
    """A web page, or nothing at all: an edit of an unlisted post answers an empty one."""
    answer = Response(page, status=status, content_type="text/html; charset=UTF-8")
    answer.headers["Cache-Control"] = _UNCACHED
    return answer


def redirect(address: str) -> Response:
    """302 with the small page that the framework puts under it."""
    shown = html.escape(address, quote=True)
    answer = html_answer(
        '<!DOCTYPE html>\n<html>\n    <head>\n        <meta charset="UTF-8" />\n'
        f'        <meta http-equiv="refresh" content="0;url=\'{shown}\'" />\n\n'
        f"        <title>Redirecting to {shown}</title>\n    </head>\n    <body>\n"
        f'        Redirecting to <a href="{shown}">{shown}</a>.\n    </body>\n</html>',
        302,
    )
    answer.headers["Location"] = address
    return answer


def wants_json(request: Request) -> bool:
    """True if the type that the client likes best, the first of equals, is some JSON."""
    weighed: list[tuple[float, str]] = []
    for part in request.headers.get("Accept", "").split(","):
        kind, *parameters = part.strip().lower().split(";")
        quality = next((one for one in map(str.strip, parameters) if one.startswith("q=")), "q=1")
        weighed.append((-_number(quality[2:]), kind.strip()))
    first = min(weighed, key=lambda one: one[0])[1]
    return "/json" in first or "+json" in first


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def failure(trouble: Trouble, request: Request, options: PixelfedOptions, base: str) -> Response:
    """The answer to a request that went wrong."""
    if isinstance(trouble, Unverified):
        return redirect(f"{base}/i/verify-email")
    if isinstance(trouble, Abort) and trouble.plain_json:
        return json_answer({"error": trouble.text}, trouble.code)
    if options.error_layer == "recent" and request.path.startswith("/api/"):
        return _recent(trouble, request, options)
    return _legacy(trouble, request, options, base)


def _text(trouble: Trouble, options: PixelfedOptions) -> str:
    if isinstance(trouble, RowMissing):
        return trouble.text(options.model_prefix)
    return "Unauthenticated." if isinstance(trouble, Unauthenticated) else str(trouble)


def _code(trouble: Trouble) -> int:
    """The true status code of a failure."""
    if isinstance(trouble, Abort):
        return trouble.code
    codes: dict[type[Trouble], int] = {
        Unauthenticated: 401,
        Invalid: 422,
        RowMissing: 404,
        NotAllowed: 403,
        RouteMissing: 404,
        WrongMethod: 405,
        TooManyRequests: 429,
    }
    return codes.get(type(trouble), 500)


def _legacy(trouble: Trouble, request: Request, options: PixelfedOptions, base: str) -> Response:
    if not wants_json(request):
        if isinstance(trouble, Unauthenticated):
            return redirect(f"{base}/login")
        if isinstance(trouble, Invalid):
            return redirect(base)
        return error_page(_code(trouble))
    if isinstance(trouble, Invalid):
        return json_answer({"message": str(trouble), "errors": trouble.errors}, 500)
    keeps_code = isinstance(trouble, (Abort, RouteMissing, WrongMethod))
    code = _code(trouble) if keeps_code else 500
    return json_answer({"error": _text(trouble, options)}, code)


def _recent(trouble: Trouble, request: Request, options: PixelfedOptions) -> Response:
    headers: dict[str, str] = {}
    if isinstance(trouble, TooManyRequests):
        headers = {"X_RateLimit_Reset": str(math.ceil(trouble.reset))}
    if isinstance(trouble, Invalid):
        return json_answer({"message": str(trouble), "errors": trouble.errors}, 422)
    if wants_json(request):
        return json_answer({"error": _text(trouble, options)}, _code(trouble), **headers)
    hidden = isinstance(trouble, PhpFault)
    words = "Server Error" if hidden else _text(trouble, options)
    return json_answer({"message": words}, _code(trouble), **headers)


def error_page(code: int) -> Response:
    """The web page of an error; it says nothing a client could use."""
    words = {400: "Bad Request", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests"}
    title = words.get(code, "Server Error" if code >= 500 else "Error")
    return html_answer(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n\t<meta charset="utf-8">\n'
        f"\t<title>{title}</title>\n</head>\n<body>\n<h1>{code} {title}</h1>\n"
        "<p>Sorry, this page is not available.</p>\n</body>\n</html>\n",
        code,
    )
