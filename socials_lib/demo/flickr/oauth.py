"""Who is calling: OAuth 1.0a with HMAC-SHA1 (RFC 5849), checked from the rules, not by a library.

Signed are the parameters of the query, the form body and the Authorization header; of a multipart
body the text parts, never the file.  What goes wrong is answered outside the envelope:
`oauth_problem=signature_invalid&debug_sbs=` followed by the server's own base string.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from werkzeug.wrappers import Request

from socials_lib.demo.flickr.records import Perms, Refusal, RequestToken, User
from socials_lib.demo.flickr.tokens import OAuthProblem, absent

if TYPE_CHECKING:
    from socials_lib.demo.flickr.state import FlickrState

Pair = tuple[str, str]

_NEEDED = ("oauth_consumer_key", "oauth_nonce", "oauth_timestamp", "oauth_signature")
_HEADER_PART = re.compile(r'([\w-]+)="([^"]*)"')
_KEY_FORMAT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who called with which permission; `user` None: only the key is known."""

    key: str
    user: User | None = None
    perms: Perms = "none"
    token: str = ""


def sent_parameters(request: Request) -> list[Pair]:
    """Query and body parameters in order, doubles kept; a file part is not among them."""
    return [*request.args.items(multi=True), *request.form.items(multi=True)]


def header_parameters(request: Request) -> list[Pair]:
    """The parameters of an `Authorization: OAuth …` header."""
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "oauth":
        return []
    return [(unquote(k), unquote(v)) for k, v in _HEADER_PART.findall(rest) if k != "realm"]


def base_string(method: str, address: str, pairs: list[Pair]) -> str:
    """The signature base string: method, address without query, sorted parameters."""
    encoded = sorted((_escape(k), _escape(v)) for k, v in pairs if k != "oauth_signature")
    together = "&".join(f"{name}={value}" for name, value in encoded)
    return "&".join((method.upper(), _escape(address), _escape(together)))


def signature(base: str, consumer_secret: str, token_secret: str) -> str:
    """HMAC-SHA1 of the base string under both secrets, in base64."""
    key = f"{_escape(consumer_secret)}&{_escape(token_secret)}".encode("ascii")
    digest = hmac.new(key, base.encode("ascii"), hashlib.sha1).digest()
    return base64.b64encode(digest).decode("ascii")


def _escape(text: str) -> str:
    return quote(text, safe="~")


def _address(request: Request) -> str:
    """Scheme, host and path as they go into the base string; default ports are left out."""
    host = request.host.lower()
    default = ":443" if request.scheme == "https" else ":80"
    return f"{request.scheme}://{host.removesuffix(default)}{request.path}"


class SignedRequest:
    """One request with its OAuth parameters; the checks raise `OAuthProblem`."""

    def __init__(self, request: Request, backend: FlickrState) -> None:
        self.request = request
        self.backend = backend
        self.pairs = [*sent_parameters(request), *header_parameters(request)]
        self.oauth = {name: text for name, text in self.pairs if name.startswith("oauth_")}

    @property
    def is_signed(self) -> bool:
        """True if the request carries OAuth at all."""
        return "oauth_consumer_key" in self.oauth

    def check(self, token_secret: str) -> None:
        """Method, version, signature, then time and nonce."""
        if not self.backend.options.verify_signatures:
            return
        for name in _NEEDED:
            if name not in self.oauth:
                raise absent(name)
        if self.oauth.get("oauth_signature_method", "HMAC-SHA1") != "HMAC-SHA1":
            raise OAuthProblem("signature_method_rejected")
        if self.oauth.get("oauth_version", "1.0") != "1.0":
            raise OAuthProblem("version_rejected")
        self._check_signature(token_secret)
        self._check_freshness()

    def check_key(self) -> None:
        """The consumer key must be ours."""
        if self.oauth.get("oauth_consumer_key") != self.backend.api_key:
            raise OAuthProblem("consumer_key_unknown")

    def _check_signature(self, token_secret: str) -> None:
        base = base_string(self.request.method, _address(self.request), self.pairs)
        expected = signature(base, self.backend.api_secret, token_secret)
        given = self.oauth["oauth_signature"]
        if self._has_doubles() or not hmac.compare_digest(expected.encode(), given.encode()):
            raise OAuthProblem("signature_invalid", debug_sbs=base)

    def _has_doubles(self) -> bool:
        """Two values for one name never verify (seen: `photo_ids` and `photo_ids[photo_ids]`)."""
        seen: dict[str, str] = {}
        for name, text in self.pairs:
            if name in seen and not (name.startswith("oauth_") and seen[name] == text):
                return True
            seen[name] = text
        return False

    def _check_freshness(self) -> None:
        backend = self.backend
        stamp = self.oauth["oauth_timestamp"]
        skew = abs(backend.wall_clock() - int(stamp)) if stamp.isdigit() else float("inf")
        if skew > backend.options.max_clock_skew:
            raise OAuthProblem("timestamp_refused")
        nonce = (self.oauth["oauth_nonce"], stamp)
        if nonce in backend.tokens.nonces and backend.options.replayed_nonce == "refuse":
            raise OAuthProblem("nonce_used")
        backend.tokens.nonces.add(nonce)


def identify(request: Request, backend: FlickrState) -> Caller:
    """The caller of a REST or upload request; an unsigned one is nobody with a key."""
    if not backend.options.verify_signatures:
        return Caller(key=backend.api_key, user=backend.me, perms="delete")
    signed = SignedRequest(request, backend)
    if not signed.is_signed:
        return _unsigned(dict(signed.pairs).get("api_key", ""), backend)
    _check_key_format(signed.oauth["oauth_consumer_key"])
    signed.check_key()
    if "oauth_token" not in signed.oauth:
        signed.check("")
        return Caller(key=backend.api_key)
    return _with_token(signed, backend)


def _with_token(signed: SignedRequest, backend: FlickrState) -> Caller:
    text = signed.oauth["oauth_token"]
    if not text:
        raise absent("oauth_token")
    token = backend.tokens.access.get(text)
    if token is None:
        raise OAuthProblem("token_rejected")
    signed.check(token.secret)
    user = backend.users[token.user]
    return Caller(key=backend.api_key, user=user, perms=token.perms, token=token.token)


def _unsigned(key: str, backend: FlickrState) -> Caller:
    _check_key_format(key)
    if key != backend.api_key:
        raise Refusal(100, "Invalid API Key (Key not found)")
    return Caller(key=key)


def _check_key_format(key: str) -> None:
    if not _KEY_FORMAT.fullmatch(key):
        raise Refusal(100, "Invalid API Key (Key has invalid format)")


def start_login(request: Request, backend: FlickrState) -> RequestToken:
    """`request_token`: signed with the key alone, `oauth_callback` is needed."""
    signed = SignedRequest(request, backend)
    if not signed.is_signed:
        raise absent("oauth_consumer_key")
    signed.check_key()
    signed.check("")
    callback = signed.oauth.get("oauth_callback", "")
    if not callback:
        raise absent("oauth_callback")
    return backend.tokens.request(callback)


def finish_login(request: Request, backend: FlickrState) -> tuple[str, str, User]:
    """`access_token`: signed with the request token; the new token, its secret and the user."""
    signed = SignedRequest(request, backend)
    if not signed.is_signed:
        raise absent("oauth_consumer_key")
    signed.check_key()
    for name in ("oauth_token", "oauth_verifier"):
        if not signed.oauth.get(name):
            raise absent(name)
    waiting = backend.tokens.requests.get(signed.oauth["oauth_token"])
    if waiting is None:
        raise OAuthProblem("token_rejected")
    signed.check(waiting.secret)
    token = backend.tokens.exchange(waiting.token, signed.oauth["oauth_verifier"])
    return token.token, token.secret, backend.users[token.user]
