"""What can go wrong inside Pixelfed; `answers` turns it into what a client gets to see.

Trouble
├── Unauthenticated     no token, a wrong one, an expired one
├── Unverified          the account's mail address is not confirmed
├── Invalid             validation: texts per field
├── RowMissing          "No query results for model [App\\Media] 7"
├── NotAllowed          "This action is unauthorized." (edit of a missing or foreign post)
├── RouteMissing        no such address
├── WrongMethod         the address exists, for other methods
├── PhpFault            a bug of the server's own
├── TooManyRequests     the limiter in front of all routes
└── Abort               a status code with a text, as the controllers say it
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Trouble(Exception):
    """Anything that ends a request early."""


class Unauthenticated(Trouble):
    """No valid token."""


class Unverified(Trouble):
    """Token of an account that has yet to confirm its mail address."""


class Invalid(Trouble):
    """Validation failed; `errors` maps field names to their texts, in the order of the rules."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        texts = [text for several in errors.values() for text in several]
        more = len(texts) - 1
        tail = f" (and {more} more error{'s' if more > 1 else ''})" if more else ""
        super().__init__(texts[0] + tail)
        self.errors = {field: list(several) for field, several in errors.items()}


class RowMissing(Trouble):
    """A row that is not there or belongs to somebody else; `ids` as the client wrote them."""

    def __init__(self, model: str, *ids: str) -> None:
        super().__init__(f"{model} {', '.join(ids)}")
        self.model = model
        self.ids = ids

    def text(self, model_prefix: str) -> str:
        """The framework's own words."""
        return f"No query results for model [{model_prefix}{self.model}] {', '.join(self.ids)}"


class NotAllowed(Trouble):
    """The edit request's own check said no."""

    def __init__(self) -> None:
        super().__init__("This action is unauthorized.")


class RouteMissing(Trouble):
    """No such address."""

    def __init__(self, path: str) -> None:
        super().__init__(f"The route {path.strip('/')} could not be found.")


class WrongMethod(Trouble):
    """The address exists, but not for this method."""

    def __init__(self, method: str, path: str, methods: Sequence[str]) -> None:
        known = ", ".join(methods)
        super().__init__(
            f"The {method} method is not supported for route {path.strip('/')}. "
            f"Supported methods: {known}."
        )


class PhpFault(Trouble):
    """An uncaught error of the server's own code."""


class TooManyRequests(Trouble):
    """More than 512 requests in a minute; `reset` is when (unix time) the minute is over."""

    def __init__(self, reset: float) -> None:
        super().__init__("Too Many Attempts.")
        self.reset = reset


class Abort(Trouble):
    """`abort(code, text)`; with `plain_json` the controller wrote the JSON answer itself."""

    def __init__(self, code: int, text: str = "", *, plain_json: bool = False) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.plain_json = plain_json
