"""Request tokens, verifiers and access tokens: the steps of the OAuth login."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from socials_lib.demo.flickr.records import Perms, RequestToken, Token, User

if TYPE_CHECKING:
    from socials_lib.demo.flickr.state import FlickrState


class OAuthProblem(Exception):
    """An answer without envelope: `oauth_problem=…` with status 401 or 400."""

    def __init__(self, problem: str, *, status: int = 401, **more: str) -> None:
        parts = [f"oauth_problem={problem}", *(f"{name}={text}" for name, text in more.items())]
        super().__init__("&".join(parts))
        self.body = "&".join(parts)
        self.status = status


def absent(name: str) -> OAuthProblem:
    """A parameter is missing (seen: 400, `oauth_parameters_absent=oauth_token`)."""
    return OAuthProblem("parameter_absent", status=400, oauth_parameters_absent=name)


class TokenDesk:
    """All tokens of the stand-in; access tokens live until they are revoked."""

    def __init__(self, backend: FlickrState) -> None:
        self._backend = backend
        self.access: dict[str, Token] = {}
        self.requests: dict[str, RequestToken] = {}
        self.nonces: set[tuple[str, str]] = set()

    def reset(self) -> None:
        """No tokens, no remembered nonces."""
        self.access.clear()
        self.requests.clear()
        self.nonces.clear()

    def issue(self, perms: Perms, user: User) -> Token:
        """A new access token."""
        token = Token(
            token=f"{self._backend.long_id()}-{self._backend.hex(16)}",
            secret=self._backend.hex(16),
            perms=perms,
            user=user.nsid,
        )
        self.access[token.token] = token
        return token

    def request(self, callback: str) -> RequestToken:
        """A new request token that nobody has granted yet."""
        made = RequestToken(
            token=f"{self._backend.long_id()}-{self._backend.hex(16)}",
            secret=self._backend.hex(16),
            callback=callback,
        )
        self.requests[made.token] = made
        return made

    def grant(self, request_token: str, perms: Perms, user: User) -> str:
        """The user agrees; the verifier is nine digits for `oob`, hex for a callback."""
        made = self.requests.get(request_token)
        if made is None:
            raise OAuthProblem("token_rejected")
        made.perms, made.user = perms, user.nsid
        made.verifier = self._nine_digits() if made.callback == "oob" else self._backend.hex(16)
        return made.verifier

    def exchange(self, request_token: str, verifier: str) -> Token:
        """A request token becomes an access token, once; a wrong verifier spends it too."""
        made = self.requests.pop(request_token, None)
        if made is None:
            raise OAuthProblem("token_rejected")
        if verifier == "test" and self._backend.options.accept_test_verifier:
            return self.issue(made.perms if made.verifier else "delete", self._backend.me)
        if made.verifier is None or verifier != made.verifier:
            raise OAuthProblem("verifier_invalid")
        return self.issue(made.perms, self._backend.users[made.user])

    def redirect(self, request_token: str) -> str:
        """Where the browser goes after the grant; empty for `oob`."""
        made = self.requests[request_token]
        if made.callback == "oob":
            return ""
        glue = "&" if "?" in made.callback else "?"
        return (
            f"{made.callback}{glue}oauth_token={quote(made.token)}"
            f"&oauth_verifier={quote(made.verifier or '')}"
        )

    def _nine_digits(self) -> str:
        digits = f"{self._backend.random.randrange(10**9):09d}"
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
