"""What nobody knows for sure about Flickr, as switches, and the knobs of its slowness and limits.

Every entry of the facts' list "unknown, keep switchable" is a named option here; the engine must
behave well under both values.  Defaults are what was seen, else what hurts a careless client more.
Options may be changed while the stand-in runs: `flickr.backend.options.listing_delay = 30`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(kw_only=True)
class FlickrOptions:
    """The switches of the stand-in, grouped by what they are about.

    Wire: `json_profile` picks the value types of recorded JSON answers of 2013 or 2023,
    `search_total_empty` gives search totals as an empty text (seen now and then),
    `allow_get_writes` lets GET change things (documented is POST).

    Sign-in: `verify_signatures=False` accepts everything as the default account,
    `replayed_nonce` says what a repeated OAuth nonce gets, `max_clock_skew` is in seconds of real
    time, `accept_test_verifier` makes flickrapi's `authenticate_for_test` work.

    Rates: `calls_per_hour` per API key (None: no limit), `image_burst` downloads in ten seconds,
    both answered with `throttle_status`, `throttle_headers` and Flickr's HTML page.

    Lag, in seconds after an upload: `processing_delay` until the photo may be the primary photo of
    an album, `listing_delay` until lists show it, `search_delay` until search finds it;
    `ticket_delay` until an async ticket is done, `ticket_life` until it is forgotten,
    `tickets_hang` / `tickets_fail` keep tickets pending for ever / make them fail.

    Text: limits in characters (`description_limit` in bytes) and what happens beyond them;
    `comma_separates` tags, `unknown_markup` in descriptions, `bad_urls` are answered with 116.

    Uploads: what is read out of the file (`import_keywords`, `import_texts`, `import_gps`, the last
    only if the user's own preference agrees), size limits in bytes, whether byte-identical files
    that were deleted count as duplicates (`dedup_finds_deleted`), `free_may_replace`,
    `replace_rereads_date`, the code of a replace of an unknown photo.

    Albums and groups: the `omitted_album_description` of editMeta, `empty_album_vanishes`,
    `new_primary` after the primary photo left, limits (None: none), `album_page_beyond` the end.

    Others: `set_tags_removes_foreign` (tags given by other people), `private_photo_code` for
    somebody else's private photo, `early_posted` dates before the account's join date,
    `limits_shape` of people.getLimits, `search_down` (search answers code 10).
    """

    json_profile: Literal["2013", "2023"] = "2023"
    search_total_empty: bool = False
    allow_get_writes: bool = False

    verify_signatures: bool = True
    replayed_nonce: Literal["refuse", "accept"] = "refuse"
    max_clock_skew: float = 600.0
    accept_test_verifier: bool = False

    calls_per_hour: int | None = 3600
    image_burst: int | None = None
    throttle_status: int = 429
    throttle_headers: Mapping[str, str] = field(default_factory=dict)

    processing_delay: float = 0.0
    listing_delay: float = 0.0
    search_delay: float = 0.0
    ticket_delay: float = 0.0
    ticket_life: float = 6 * 3600.0
    tickets_hang: bool = False
    tickets_fail: bool = False

    title_limit: int | None = 255
    description_limit: int | None = 65_000
    tag_limit: int | None = 255
    over_limit: Literal["cut", "keep"] = "cut"
    max_tags: int = 75
    comma_separates: bool = True
    unknown_markup: Literal["escape", "drop"] = "escape"
    bad_urls: tuple[str, ...] = ()

    import_keywords: bool = True
    import_texts: bool = True
    import_gps: bool = True
    max_photo_bytes: int = 209_715_200
    max_video_bytes: int = 1_073_741_824
    dedup_finds_deleted: bool = False
    free_may_replace: bool = False
    replace_rereads_date: bool = True
    replace_unknown_code: int = 3

    omitted_album_description: Literal["keep", "clear"] = "keep"
    empty_album_vanishes: bool = True
    new_primary: Literal["first", "last"] = "first"
    max_albums: int | None = None
    max_album_photos: int | None = None
    max_pools_per_photo: int | None = None
    album_page_beyond: Literal["last", "error"] = "last"

    set_tags_removes_foreign: bool = False
    private_photo_code: Literal[1, 2] = 2
    early_posted: Literal["accept", "refuse"] = "accept"
    limits_shape: Literal["documented", "bare"] = "documented"
    search_down: bool = False
