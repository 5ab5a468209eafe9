"""Ready-made faults as Flickr was seen to have them: `flickr.fail_next("upload", **TOO_MANY)`.

Add `when="after"` for "executed, but the answer is bad", `times=-1` for a lasting outage.  Errors
inside the envelope (105, 106, 116, …) are `FlickrStandIn.refuse_next`.
"""

from __future__ import annotations

from typing import Any

TOO_MANY_BODY = (
    b"<html><body><h1>429 Too Many Requests</h1> You have sent too many requests in a given amount"
    b" of time. </body></html>"
)

#: Throttled: HTML, no Retry-After.
TOO_MANY: dict[str, Any] = {"status": 429, "body": TOO_MANY_BODY, "content_type": "text/html"}

#: The balancer gave up; with `when="after"` the photo is there all the same.
BAD_GATEWAY: dict[str, Any] = {
    "status": 502,
    "body": b"<html><body><h1>502 Bad Gateway</h1></body></html>",
    "content_type": "text/html",
}

GATEWAY_TIMEOUT: dict[str, Any] = {**BAD_GATEWAY, "status": 504}

#: A JSON error where XML was asked for.
NOT_AVAILABLE: dict[str, Any] = {
    "status": 200,
    "body": b'{"stat":"fail","code":0,'
    b'"message":"Sorry, the Flickr API service is not currently available."}',
    "content_type": "application/json",
}

#: A login or maintenance page instead of an answer, with status 200.
HTML_PAGE: dict[str, Any] = {
    "status": 200,
    "body": b"<html><body><p>Flickr is having a massage</p></body></html>",
    "content_type": "text/html",
}

EMPTY_BODY: dict[str, Any] = {"status": 200, "body": b"", "content_type": "text/xml"}

#: The user revoked the permission.
TOKEN_REJECTED: dict[str, Any] = {
    "status": 401,
    "body": b"oauth_problem=token_rejected",
    "content_type": "text/plain;charset=UTF-8",
}
