"""What an admin, a version or a worker can change about a Pixelfed server.

Two ready-made servers: `legacy()` is 0.11.13 as it was recorded, `recent()` stands for 0.12.10 to
0.14.  Options are read at each request, so a test (or an admin) may change them in between.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal


@dataclass(kw_only=True)
class PixelfedOptions:
    """The switches of the stand-in; the defaults are Pixelfed 0.11.13 with a sync queue.

    `queue_delay` counts only with `queue="delayed"`: seconds until a worker takes a job, None
    means that only `run_queue()` does.  `line_breaks` is `"late"` where the first cached answer
    still holds raw line feeds and every later rendering `<br />` (0.11.13), `"always"` where the
    caption is rendered on read (0.12.4+).  `page_limit` cuts larger pages, or refuses them with
    `page_limit_refused` (0.12.11).  `checks_pue` goes with versions that look at `pue` at all.
    """

    version: str = "0.11.13"
    error_layer: Literal["legacy", "recent"] = "legacy"
    rate_headers: Literal["none", "recent"] = "none"
    requests_per_minute: int | None = None

    queue: Literal["sync", "delayed"] = "sync"
    queue_delay: float | None = None
    optimize_images: bool = True
    keep_icc: bool = False
    image_quality: int = 80

    max_caption_length: int = 500
    max_album_length: int = 4
    max_altext_length: int = 1000
    max_spoiler_length: int = 140
    max_photo_size_kb: int = 15000
    media_types: tuple[str, ...] = ("image/jpeg", "image/png", "image/gif")
    max_account_size_kb: int = 1_000_000
    edit_rows: int = 10
    put_media_per_minute: int = 10
    media_per_day: int = 1250
    statuses_per_day: int = 1000
    page_limit: int = 40
    page_limit_refused: bool = False

    pue: bool = True
    checks_pue: bool = True
    emc: bool = True
    line_breaks: Literal["late", "always"] = "late"
    collapse_alt_text: bool = False
    missing_alt_text: str | None = None
    wiped_content: str | None = None
    direct: Literal["invalid", "refused"] = "invalid"
    locked_list: Literal["forbidden", "empty"] = "forbidden"
    pinned: bool = False
    has_lookup: bool = False
    model_prefix: str = "App\\"

    title: str = "Pixelfed stand-in"
    token_days: int = 365

    @property
    def mastodon_version(self) -> str:
        """What the instance calls its version; releases before 0.11.13 said 2.7.2."""
        parts = tuple(int(part) for part in self.version.split("+")[0].split("."))
        said = "3.5.3" if parts >= (0, 11, 13) else "2.7.2"
        return f"{said} (compatible; Pixelfed {self.version})"


def legacy(**changes: Any) -> PixelfedOptions:
    """Pixelfed 0.11.13: redirects or HTTP 500 for nearly everything that goes wrong."""
    return replace(PixelfedOptions(), **changes)


def recent(**changes: Any) -> PixelfedOptions:
    """Pixelfed 0.12.10 to 0.14: true status codes, rate headers, a queue with a real worker.

    What the facts leave open for these releases (album edits without ids, empty answers to
    unlisted edits) is assumed unchanged from 0.11.13.
    """
    made = PixelfedOptions(
        version="0.14.1",
        error_layer="recent",
        rate_headers="recent",
        requests_per_minute=512,
        queue="delayed",
        queue_delay=2.0,
        keep_icc=True,
        media_types=(
            "image/jpeg",
            "image/jpg",
            "image/png",
            "image/gif",
            "image/webp",
            "image/avif",
            "image/heic",
            "video/mp4",
            "video/mov",
        ),
        checks_pue=False,
        line_breaks="always",
        collapse_alt_text=True,
        missing_alt_text="",
        wiped_content="",
        direct="refused",
        locked_list="empty",
        pinned=True,
        has_lookup=True,
        model_prefix="App\\Models\\",
    )
    return replace(made, **changes)
