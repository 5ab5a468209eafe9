"""How IMWS says no: a status other than 200 and an `error` object with a numeric code.

That object and its `code` are documented; the other member and all numbers are our invention
(facts, section 1.1), so a client may show them but must not decide by them.
"""

from __future__ import annotations

from typing import Any

NOT_AUTHENTICATED = 1001
MISSING_PARAMETER = 1002
BAD_PARAMETER = 1003
NOT_FOUND = 1004
LOCKED = 1005
NOT_UNIQUE = 1006
NOT_SUPPORTED = 1007


class Refusal(Exception):
    """An answer that is not 200; raised before anything was changed."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def as_json(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"error": {"code": self.code, "message": self.message}}


def missing(name: str) -> Refusal:
    """A parameter that is not there, or empty where empty could mean "all" (facts, 16 row 23)."""
    return Refusal(400, MISSING_PARAMETER, f"parameter '{name}' is missing or empty")


def bad(message: str) -> Refusal:
    """A parameter, task, set, column or tag that makes no sense."""
    return Refusal(400, BAD_PARAMETER, message)


def not_found(message: str) -> Refusal:
    """Something named in the request does not exist."""
    return Refusal(404, NOT_FOUND, message)
