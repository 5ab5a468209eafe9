"""Plain records that describe a photo library for the stand-ins: what IMatch knows.

A `Seed` is what `library` makes (sample library, or a person's own pictures) and what the IMWS
stand-in is filled with.  Ids are IMatch's: positive integers, unique over the database.  Tag keys
of `SeedFile.metadata` are shortcodes (`title`, `headline`, `iso`, …) or full keys without the
trailing `\\0`; values are as IMatch stores them: text, a list of texts (`hierarchicalkeywords`,
levels joined with `|`), or a float for numbers that IMatch formats (`aperture`, `gpslatitude`).
A missing key is a missing value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MetadataValue = str | float | list[str]

ALT_TEXT = r"XMP::iptcCore\AltTextAccessibility\AltTextAccessibility"
CIRCA_DATE = r"XMP::iptcExt\CircaDateCreated\CircaDateCreated"


@dataclass(kw_only=True)
class SeedFile:
    """One file of the database.

    `path` is what IMWS reports as `fileName` (any text; usually a real file on this machine),
    `size` IMatch's idea of the bytes (None: the size on disk), `date_time` IMatch's global time
    stamp `YYYY-MM-DDTHH:MM:SS` in camera-local time (None or odd text: a malformed record),
    `raw` overrides members of the `/v1/files` answer verbatim (for malformed records; a value of
    None removes the member), `why` says what this file is there to show.
    """

    file_id: int
    path: str
    format: str = "JPEG"
    size: int | None = None
    date_time: str | None = "2024-03-19T06:41:07"
    width: int = 0
    height: int = 0
    metadata: dict[str, MetadataValue] = field(default_factory=dict)
    collections: list[int] = field(default_factory=list)
    raw: dict[str, object] = field(default_factory=dict)
    why: str = ""


@dataclass(kw_only=True)
class SeedRelation:
    """A master and one of its versions under a relation rule."""

    master: int
    version: int
    rule_id: int = 3
    rule_name: str = "Raw to JPEG"


@dataclass(kw_only=True)
class SeedCategory:
    """A category: full path with `|`, description, files assigned to this very category."""

    path: str
    description: str = ""
    files: list[int] = field(default_factory=list)


@dataclass(kw_only=True)
class SeedColumn:
    """A column of an attribute set: `type` is Text, Date or Hyperlink."""

    type: str = "Text"
    unique: bool = False


@dataclass(kw_only=True)
class SeedRecord:
    """One attribute record of a file (instance ids are given by the stand-in)."""

    set: str
    file_id: int
    values: dict[str, object] = field(default_factory=dict)


@dataclass(kw_only=True)
class Seed:
    """A whole database: files, relations, categories, attribute sets and records, variables.

    `variables` are IMatch application variables: text or whole numbers.  `notes` tell the person
    what of their own pictures is not in it.
    """

    files: list[SeedFile] = field(default_factory=list)
    relations: list[SeedRelation] = field(default_factory=list)
    categories: list[SeedCategory] = field(default_factory=list)
    attribute_sets: dict[str, dict[str, SeedColumn]] = field(default_factory=dict)
    records: list[SeedRecord] = field(default_factory=list)
    variables: dict[str, str | int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def file(self, file_id: int) -> SeedFile:
        """The file with this id; KeyError if there is none."""
        for one in self.files:
            if one.file_id == file_id:
                return one
        raise KeyError(file_id)

    def category(self, path: str, description: str = "") -> SeedCategory:
        """The category of this path, made if it is not there yet (parents are made too)."""
        for one in self.categories:
            if one.path == path:
                return one
        if "|" in path:
            self.category(path.rpartition("|")[0])
        made = SeedCategory(path=path, description=description)
        self.categories.append(made)
        return made


def attribute_sets() -> Mapping[str, dict[str, SeedColumn]]:
    """The two sets that users make by hand, as the original program's notes describe them."""
    return {
        "flickr": {
            "posted": SeedColumn(type="Date"),
            "photo_id": SeedColumn(unique=True),
            "url": SeedColumn(type="Hyperlink", unique=True),
        },
        "pixelfed": {
            "posted": SeedColumn(type="Date"),
            "media_id": SeedColumn(unique=True),
            "status_id": SeedColumn(unique=True),
            "url": SeedColumn(type="Hyperlink", unique=True),
        },
    }
