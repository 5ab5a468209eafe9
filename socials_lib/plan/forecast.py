"""How much a plan asks of a service: photos, calls, bytes, seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from socials_lib.models import PlanRow

#: A second for a call and a second for a megabyte; a run knows better soon.
SECONDS_A_CALL, SECONDS_A_MB = 1.0, 1.0
MEGABYTE = 1_048_576


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """`calls` are requests to the platform at most, `bytes` those of the pictures sent."""

    photos: int
    calls: int
    bytes: int
    seconds: float


def forecast(
    rows: Sequence[PlanRow], *, used: int = 0, allowed: int = 3000, window: int = 3600
) -> Forecast:
    """The forecast of rows of one platform.

    `allowed` calls fit into a rolling window of `window` seconds, of which `used` are gone.
    """
    calls, size = sum(row.calls for row in rows), sum(map(bytes_of, rows))
    seconds = calls * SECONDS_A_CALL + size / MEGABYTE * SECONDS_A_MB
    over = calls - max(0, allowed - used)
    if over > 0:
        seconds = max(seconds, float(-(-over // max(1, allowed)) * window))
    return Forecast(photos=len(rows), calls=calls, bytes=size, seconds=seconds)


def bytes_of(row: PlanRow) -> int:
    """What the picture of a row weighs, 0 if it is not sent."""
    if row.upload is None or row.action not in ("add", "update", "repost"):
        return 0
    if row.action == "update" and (row.picture_changed is False or row.platform == "pixelfed"):
        return 0
    return row.upload.bytes


def to_do(rows: Sequence[PlanRow]) -> tuple[PlanRow, ...]:
    """The rows that could be carried out: neither blocked nor suggested."""
    return tuple(row for row in rows if not (row.blocked or row.suggested) and row.action != "none")
