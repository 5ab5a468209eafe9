"""Numbers and names that the server makes up: snowflakes, file paths, tokens, times."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import string
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

#: Pixelfed's own epoch, 10 February 2019; not Mastodon's formula.
EPOCH_MS = 1_549_756_800_000

_ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
_NAME_LETTERS = string.ascii_letters + string.digits


class Snowflakes:
    """64-bit ids of statuses and accounts: time, two random machines, a sequence.

    Two ids of the same millisecond may come in any order on the real server; here a later call
    always gives a larger id, because tests stop the clock.
    """

    def __init__(self, clock: Callable[[], float], chance: random.Random) -> None:
        self._clock = clock
        self._chance = chance
        self._sequence = 0
        self._last = 0

    def now(self) -> str:
        """The next id, larger than all ids made by `now` before."""
        milliseconds = max(int(self._clock() * 1000), (self._last >> 22) + EPOCH_MS)
        made = self._make(milliseconds)
        while made <= self._last:
            milliseconds += 1
            made = self._make(milliseconds)
        self._last = made
        return str(made)

    def at(self, moment: float) -> str:
        """An id that says it was made at `moment` (seconds since 1970), for seeds."""
        return str(self._make(int(moment * 1000)))

    def _make(self, milliseconds: int) -> int:
        self._sequence = (self._sequence + 1) % 4096
        machines = self._chance.randint(1, 31) << 17 | self._chance.randint(1, 31) << 12
        return (milliseconds - EPOCH_MS) << 22 | machines | self._sequence


def earliest(moment: float) -> int:
    """The smallest snowflake of a moment: how the server counts the statuses of a day."""
    return (int(moment * 1000) - EPOCH_MS) << 22


def shortcode(status_id: str) -> str:
    """The id in the 64 letters of old Pixelfed addresses (`5LfUbNecAD`)."""
    number, letters = int(status_id), ""
    while number:
        number, rest = divmod(number, 64)
        letters = _ALPHABET[rest] + letters
    return letters


def storage_path(account_id: str, extension: str, moment: float, chance: random.Random) -> str:
    """`m/_v2/ACCOUNT/9hex-6hex/12 letters/40 letters.jpg`; the name sent is not kept."""
    month = hashlib.sha1(datetime.fromtimestamp(moment, UTC).strftime("%Y%m").encode()).hexdigest()
    folder = "".join(chance.choices(_NAME_LETTERS, k=12))
    name = "".join(chance.choices(_NAME_LETTERS, k=40))
    return f"m/_v2/{account_id}/{month[:9]}-{month[9:15]}/{folder}/{name}.{extension}"


def personal_token(
    account_id: str,
    scopes: Sequence[str],
    issued_at: float,
    expires_at: float,
    chance: random.Random,
) -> str:
    """A token that looks like Laravel Passport's: a JWT whose `exp` and `scopes` can be read.

    The signature is noise; the stand-in knows its tokens by heart.
    """
    claims = {
        "aud": "1",
        "jti": f"{chance.getrandbits(320):080x}",
        "iat": int(issued_at),
        "nbf": int(issued_at),
        "exp": int(expires_at),
        "sub": account_id,
        "scopes": list(scopes),
    }
    head = {"typ": "JWT", "alg": "RS256"}
    parts = [json.dumps(part, separators=(",", ":")).encode() for part in (head, claims)]
    parts.append(chance.randbytes(512))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def milliseconds_time(moment: float) -> str:
    """`2026-11-22T09:24:04.000Z`: times of statuses; the milliseconds are always 000."""
    return datetime.fromtimestamp(int(moment), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def microseconds_time(moment: float) -> str:
    """`2026-11-22T09:24:04.000000Z`: times of accounts, and of the answer to a DELETE."""
    return datetime.fromtimestamp(int(moment), UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z")
