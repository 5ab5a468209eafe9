"""Names of metadata tags: shortcodes, their full keys, and what a tag may hold (facts, 4.5)."""

from __future__ import annotations

from ..seed import MetadataValue

#: Full keys whose shortcode is documented; a trailing `\\0` is optional everywhere.
FULL_KEYS = {
    r"XMP::dc\title\Title": "title",
    r"XMP::dc\description\Description": "description",
    r"XMP::photoshop\Headline": "headline",
    r"XMP::photoshop\TransmissionReference": "jobid",
    r"Composite\Exif-Aperture\Aperture": "aperture",
    r"photools.com::IMatch\1510\cameraname": "cameraname",
    r"photools.com::IMatch\200000\AI.keywords": "AI.keywords",
    r"photools.com::IMatch\200010\AI.landmarks": "AI.landmarks",
    r"photools.com::IMatch\200020\AI.description": "AI.description",
    r"XMP::iptcExt\LocationShownCity": "city",
    r"XMP::iptcExt\LocationCreatedCity": "citycreated",
}

#: What only the camera or IMatch itself knows: read here, never written by `/v1/metadata`.
READ_ONLY = frozenset(
    {"aperture", "cameraname", "focallength", "gpslatitude", "gpslongitude", "iso", "lens"}
    | {"make", "model", "shutterspeed"}
)

#: Tags that are lists even with a single value.
LISTS = frozenset({"hierarchicalkeywords", "keywords"})

#: The shortcodes named in the facts; about 80 exist, they are case-sensitive.
SHORTCODES = frozenset(
    {*FULL_KEYS.values(), *READ_ONLY, *LISTS, "rating", "label", "colorspace", "countrycode"}
    | {"captionwriter", "authorposition", "cameraserialnumber"}
)

KEYWORDS = "hierarchicalkeywords"


def canonical(key: str) -> str:
    r"""The one name of a tag: its shortcode if it has one, else the full key without `\0`."""
    bare = key.removesuffix(r"\0")
    return FULL_KEYS.get(bare, bare)


def is_tag(key: str) -> bool:
    """True for a known shortcode and for anything built like a full key."""
    return key in SHORTCODES or "\\" in key


def tidy(key: str, value: MetadataValue | None) -> MetadataValue | None:
    """The value as IMatch would keep it: empty text and empty lists are missing values."""
    if isinstance(value, str) and key in LISTS:
        value = [value] if value else []
    if isinstance(value, list):
        return list(value) or None
    return None if value == "" else value
