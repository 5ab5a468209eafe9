"""Rules of the person, limits of an account, facts of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from socials_lib.models.photos import PlatformName


@dataclass(frozen=True, kw_only=True)
class TagRule:
    """A row of the keyword table: where a tag comes from.

    `source` is `keywords` or a category prefix (`Location`); `first`/`last` are the levels taken,
    counted from 0 at the root (`last` None: to the end); `suffix` adds a second tag, the level
    followed by a blank and this word, but not for levels in `suffix_not_for`.
    """

    source: str
    first: int = 0
    last: int | None = None
    suffix: str = ""
    suffix_not_for: tuple[str, ...] = ()


DEFAULT_TAG_RULES: tuple[TagRule, ...] = (
    TagRule(source="keywords"),
    TagRule(source="Location", first=1, last=3),
    TagRule(
        source="Image Characteristics|Genre",
        first=2,
        suffix="photography",
        suffix_not_for=("astrophotography",),
    ),
    TagRule(source="Event|Festival", first=2, last=2),
    TagRule(source="Event|Celebration", first=2, last=2),
)


@dataclass(frozen=True, kw_only=True)
class Circle:
    """A private place: degrees and metres."""

    latitude: float
    longitude: float
    radius: float
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The person's rules for texts and checks (settings `[text]`, `[private]`, `[validation]`).

    `templates` maps a name of `formatting.DEFAULT_TEMPLATES` to a Jinja2 text that replaces it;
    `camera_names` replaces a model by any words; `visibility` per platform in the words of the
    JSON contract; `errors` are warning codes made errors; `branches` are keyword or category
    branches and `words` plain words that must not be sent.
    """

    templates: Mapping[str, str] = field(default_factory=dict)
    camera_names: Mapping[str, str] = field(default_factory=dict)
    tag_rules: tuple[TagRule, ...] = DEFAULT_TAG_RULES
    final_hashtag: str = "photography"
    visibility: Mapping[str, str] = field(
        default_factory=lambda: {"flickr": "public", "pixelfed": "public"}
    )
    stamp: bool = True
    fit_pictures: bool = False
    errors: tuple[str, ...] = ()
    circles: tuple[Circle, ...] = ()
    branches: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    patterns: bool = False
    allow_faulty_deletes: bool = False


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What an account takes today: bytes, formats (upper case), letters are code points.

    None means "no limit known".  `title_is_soft`: too long a title only warns (Flickr's limit is
    an assumption).
    """

    max_bytes: int
    formats: tuple[str, ...] = ("JPEG", "PNG", "GIF")
    max_title: int | None = None
    title_is_soft: bool = True
    max_description_bytes: int | None = None
    max_caption: int | None = None
    max_alt_text: int | None = None
    max_tags: int | None = None
    max_tag: int | None = None


FLICKR_LIMITS = Limits(
    max_bytes=209_715_200,
    max_title=255,
    max_description_bytes=65_000,
    max_tags=75,
    max_tag=255,
)
PIXELFED_LIMITS = Limits(max_bytes=15_728_640, max_caption=500, max_alt_text=1000, max_tag=124)
DEFAULT_LIMITS: Mapping[PlatformName, Limits] = {
    "flickr": FLICKR_LIMITS,
    "pixelfed": PIXELFED_LIMITS,
}


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who we are on a platform: `id` is the nsid or account id, `url` the base of photo pages."""

    id: str
    name: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class AccountFacts:
    """An account and what it allows today; `details` are more findings for the doctor.

    `guessed` is true for defaults used because the platform did not answer.
    """

    platform: PlatformName
    account: Account
    limits: Limits
    read_at: datetime | None = None
    guessed: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """What `images.inspect` saw on the disk.

    `problem` is None or `file_not_found`, `not_an_image`, with `reason` in words; `format` is
    sniffed (`JPEG`); `size` bytes; `mtime_ns` the file time; `picture_sha` the hash of the
    picture data alone (16 hex digits; only if asked for), `orientation` how that data is turned
    when shown (EXIF 1 to 8, 0 if not asked for); `taken` DateTimeOriginal as
    `YYYY-MM-DDTHH:MM:SS`.
    """

    path: str
    problem: str | None = None
    reason: str = ""
    format: str = ""
    size: int = 0
    mtime_ns: int = 0
    width: int = 0
    height: int = 0
    picture_sha: str | None = None
    orientation: int = 0
    taken: str | None = None


@dataclass(frozen=True, kw_only=True)
class UploadCopy:
    """The very file that is sent: `sha` of all its bytes, `removed` what was left out, in words.

    `picture_sha` and `orientation` (EXIF 1 to 8; 0 in old records) are those of its source.
    """

    path: Path
    format: str
    bytes: int
    width: int
    height: int
    sha: str
    picture_sha: str
    orientation: int = 0
    taken: str | None = None
    removed: tuple[str, ...] = ()
    fitted: bool = False
