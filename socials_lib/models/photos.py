"""What IMatch knows: photos, categories, attribute records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from datetime import datetime
from pathlib import PureWindowsPath
from typing import Any, Literal, get_args

PlatformName = Literal["flickr", "pixelfed"]
Mode = Literal["demo", "live"]
Action = Literal["add", "update", "metadata", "delete", "repost", "skip", "none"]
Severity = Literal["error", "warning"]
State = Literal["done", "failed", "blocked", "stale", "skipped", "unknown", "untouched"]

PLATFORMS: tuple[PlatformName, ...] = get_args(PlatformName)
#: In the order of a run.
ACTIONS: tuple[Action, ...] = ("add", "update", "metadata", "repost", "delete", "skip")
#: The attribute column that holds the remote id; the attribute set is named like the platform.
ID_COLUMN: Mapping[PlatformName, str] = {"flickr": "photo_id", "pixelfed": "status_id"}
#: All columns of the two attribute sets that people make by hand.
COLUMNS: Mapping[PlatformName, tuple[str, ...]] = {
    "flickr": ("posted", "photo_id", "url"),
    "pixelfed": ("posted", "media_id", "status_id", "url"),
}


def id_order(file_id: str) -> tuple[int, str]:
    """Sorts ids that are text by their number (and odd ones without failing)."""
    return (len(file_id), file_id)


def root_category(platform: PlatformName) -> str:
    """The IMatch category of a platform: `Socials|flickr`."""
    return f"Socials|{platform}"


@dataclass(frozen=True, kw_only=True)
class Category:
    """An IMatch category: full path with `|` and its description."""

    path: str
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class RelatedFile:
    """A master or version of a file, as `/v1/files/relations` lists it; `size` in bytes."""

    file_id: str
    name: str
    path: str
    format: str
    size: int | None = None


@dataclass(frozen=True, kw_only=True)
class UploadFile:
    """The file chosen for the upload: the categorised file or one of its versions."""

    file_id: str
    name: str
    path: str
    format: str
    bytes: int
    mtime_ns: int = 0

    def is_file(self, size: int, mtime_ns: int) -> bool:
        """True if a file on the disk with this size and time is this one, under whatever name."""
        return self.mtime_ns != 0 and (self.bytes, self.mtime_ns) == (size, mtime_ns)


@dataclass(frozen=True, kw_only=True)
class AttributeRecord:
    """One record of an attribute set: `values` by column, columns without a value are absent."""

    set: str
    file_id: str
    instance_id: int
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Malformed:
    """A value that IMatch delivered and nobody can read: `field` of `Photo`, `found` as text."""

    field: str
    found: str


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A file of the IMatch database with the fields of the categorised file, else of its master.

    `size` bytes by IMatch; `keywords` hierarchical, levels joined with `|`; `iso`,
    `shutter_speed`, `focal_length` as IMatch formats them, `aperture` with either decimal sign;
    `circa_date` the IPTC circa field; `sources` tells which file id gave a field that did not
    come from this file; `records` are those of this file and of its relatives; `categories` are
    direct assignments of this file.
    """

    file_id: str
    name: str
    path: str
    format: str
    size: int | None = None
    date_time: datetime | None = None
    width: int | None = None
    height: int | None = None
    title: str = ""
    headline: str = ""
    description: str = ""
    alt_text: str = ""
    keywords: tuple[str, ...] = ()
    circa_date: str = ""
    iso: str = ""
    shutter_speed: str = ""
    aperture: str = ""
    focal_length: str = ""
    camera: str = ""
    lens: str = ""
    latitude: float | None = None
    longitude: float | None = None
    categories: tuple[Category, ...] = ()
    masters: tuple[RelatedFile, ...] = ()
    versions: tuple[RelatedFile, ...] = ()
    records: tuple[AttributeRecord, ...] = ()
    malformed: tuple[Malformed, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)

    def path_of(self, file_id: str) -> str:
        """Where the file itself or a relative lies, "" for any other file id."""
        own = [self.path] if file_id == self.file_id else []
        related = [one.path for one in self.relatives if one.file_id == file_id]
        return next(iter(own + related), "")

    @property
    def relatives(self) -> tuple[RelatedFile, ...]:
        """Masters and versions."""
        return self.masters + self.versions

    def in_category(self, path: str) -> bool:
        """True if the file is assigned to this very category."""
        return any(path == category.path for category in self.categories)

    def fingerprint(self, platform: PlatformName) -> str:
        """16 hex digits over all that a plan for `platform` was made of.

        Left out is what we change ourselves while other rows of the same photo wait: error
        leaves, and categories and records of the other platform.
        """
        seen = {
            one.name: getattr(self, one.name)
            for one in dataclass_fields(self)
            if one.name not in ("categories", "records", "sources")
        }
        seen["categories"] = sorted(
            (category.path, category.description)
            for category in self.categories
            if _belongs(category.path, platform)
        )
        seen["records"] = sorted(
            (record.file_id, sorted(record.values.items()))
            for record in self.records
            if record.set == platform
        )
        return digest(seen)


def _belongs(path: str, platform: PlatformName) -> bool:
    """False for keyword mirrors, error leaves and the tree of another platform."""
    if path.startswith("@") or "|__errors" in path:
        return False
    return not path.startswith("Socials|") or path.split("|")[1] == platform


def is_same_file(then: str, now: str) -> bool:
    """True if two paths of one IMatch file id may be one file: unmoved, or in another folder.

    Good enough to show something, no proof: a file of another IMatch database may have the same id
    and camera file name.  Before anything is written or published ask `likeness`.  Windows does not
    tell names apart by case.
    """
    return then == now or (
        PureWindowsPath(then).name.casefold() == PureWindowsPath(now).name.casefold()
    )


def digest(value: Any) -> str:
    """16 hex digits of a value made of records, mappings, sequences, text and numbers."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {one.name: getattr(value, one.name) for one in dataclass_fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A photo in the work list of a platform: what its categories ask for.

    `in_platform`: directly in `Socials|P`; the three flags: in `_update`, `_metadata`, `_delete`.
    """

    photo: Photo
    platform: PlatformName
    in_platform: bool = False
    update: bool = False
    metadata: bool = False
    delete: bool = False

    @property
    def file_id(self) -> str:
        """The id of the categorised file."""
        return self.photo.file_id

    @property
    def key(self) -> tuple[PlatformName, str]:
        """What a row is called in selections: platform and file id."""
        return (self.platform, self.photo.file_id)
