"""The fields of a photo as a bulk fix sees them: their kinds, their values, which can be changed.

A value is text, or a tuple of texts for lists (keywords, paths of categories).  As one line of
text a list is joined with `; `; a semicolon or backslash inside an entry gets a backslash.

The columns of the attribute sets are fields as well (`flickr_photo_id`, `pixelfed_url`, …): those
of the file's own record, never of a relative's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from socials_lib.errors import RecipeError
from socials_lib.models import COLUMNS, ID_COLUMN, PLATFORMS, AttributeRecord, Photo, PlatformName

Value = str | tuple[str, ...]
Kind = Literal["text", "number", "date", "list"]

_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
#: An entry of a list: a backslash only means something before a semicolon or another backslash.
_ENTRY = re.compile(r"(?:\\[;\\]|[^;\n])+")
_ESCAPED = re.compile(r"\\([;\\])")
_FRACTION = re.compile(r"(\d+)\s*/\s*(\d+)")


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of `Photo`: `is_text` says that IMatch can be given another text for it.

    `platform` and `column` are set for the columns of attribute sets.
    """

    name: str
    kind: Kind
    label: str
    is_text: bool = False
    platform: PlatformName | None = None
    column: str = ""


_COLUMN_LABELS = {
    "posted": "posted",
    "photo_id": "photo id",
    "status_id": "status id",
    "media_id": "media id",
    "url": "address",
}


def _columns() -> tuple[Field, ...]:
    return tuple(
        Field(
            name=f"{platform}_{column}",
            kind="date" if column == "posted" else "text",
            label=f"{platform.capitalize()} {_COLUMN_LABELS[column]}",
            platform=platform,
            column=column,
        )
        for platform in PLATFORMS
        for column in COLUMNS[platform]
    )


_ALL = (
    Field(name="title", kind="text", label="title", is_text=True),
    Field(name="headline", kind="text", label="headline", is_text=True),
    Field(name="description", kind="text", label="description", is_text=True),
    Field(name="alt_text", kind="text", label="alt text", is_text=True),
    Field(name="circa_date", kind="text", label="circa date", is_text=True),
    Field(name="keywords", kind="list", label="keywords"),
    Field(name="categories", kind="list", label="categories"),
    Field(name="file_id", kind="text", label="file id"),
    Field(name="name", kind="text", label="file name"),
    Field(name="path", kind="text", label="path"),
    Field(name="format", kind="text", label="format"),
    Field(name="camera", kind="text", label="camera"),
    Field(name="lens", kind="text", label="lens"),
    Field(name="date_time", kind="date", label="date taken"),
    Field(name="size", kind="number", label="size"),
    Field(name="width", kind="number", label="width"),
    Field(name="height", kind="number", label="height"),
    Field(name="iso", kind="number", label="ISO"),
    Field(name="aperture", kind="number", label="aperture"),
    Field(name="shutter_speed", kind="number", label="shutter speed"),
    Field(name="focal_length", kind="number", label="focal length"),
    Field(name="latitude", kind="number", label="latitude"),
    Field(name="longitude", kind="number", label="longitude"),
    *_columns(),
)
#: All fields by name, in the order they are offered.
FIELDS: Mapping[str, Field] = {one.name: one for one in _ALL}
#: Texts that a recipe may change.
TEXTS = tuple(one.name for one in _ALL if one.is_text)
#: What is written to IMatch as metadata, behind the switch `[imatch] write_metadata`.
METADATA = (*TEXTS, "keywords")
#: Columns of the attribute sets; they need no switch.
ATTRIBUTES = tuple(one.name for one in _ALL if one.column)
#: Everything that a change set may hold.
CHANGEABLE = (*METADATA, *ATTRIBUTES, "categories")


def field(name: str) -> Field:
    """The field of this name; raises `RecipeError` if there is none."""
    found = FIELDS.get(name)
    if found is None:
        names = ", ".join(FIELDS)
        raise RecipeError(f"There is no field “{name}”.", hint=f"Use one of {names}.")
    return found


def check_text(name: str) -> None:
    """Raise `RecipeError` unless the field is a text that can be changed."""
    field(name)
    if name not in TEXTS:
        words = ", ".join((*METADATA, *ATTRIBUTES))
        raise RecipeError(f"The field “{name}” cannot be changed this way.", hint=f"Use {words}.")


def check_value(name: str) -> None:
    """Raise `RecipeError` unless the field is a text, the keywords, or a column of attributes."""
    if name != "keywords" and name not in ATTRIBUTES:
        check_text(name)


def value_of(photo: Photo, name: str) -> Value:
    """The value that counts for the photo: its own, else its master's."""
    if name == "categories":
        return paths_of(photo)
    if name in ATTRIBUTES:
        record = own_record(photo, FIELDS[name].platform)
        return record.values.get(FIELDS[name].column, "") if record is not None else ""
    found = getattr(photo, name)
    if isinstance(found, (str, tuple)):
        return found
    if isinstance(found, datetime):
        return found.isoformat(timespec="seconds")
    return "" if found is None else str(found)


def own_value(photo: Photo, name: str) -> Value:
    """The value that this very file has in IMatch; empty where the master's counts."""
    if name in photo.sources:
        return () if name == "keywords" else ""
    return value_of(photo, name)


def own_record(photo: Photo, platform: PlatformName | None) -> AttributeRecord | None:
    """The file's own record of a set: the one with an id, else the first, None if it has none."""
    own = [one for one in photo.records if (one.set, one.file_id) == (platform, photo.file_id)]
    return next((one for one in own if _has_id(one)), own[0] if own else None)


def _has_id(record: AttributeRecord) -> bool:
    return any(record.values.get(column, "").strip() for column in ID_COLUMN.values())


def paths_of(photo: Photo) -> tuple[str, ...]:
    """The categories the file is assigned to, without IMatch's mirror of its keywords."""
    return tuple(one.path for one in photo.categories if not one.path.startswith("@"))


def is_missing(value: Value) -> bool:
    """True for nothing: no entry, or only white space."""
    return not (value.strip() if isinstance(value, str) else value)


def as_number(value: object) -> float | None:
    """The number in a value: `6,30`, `50.0 mm`, `1/60`; None if there is none."""
    if isinstance(value, (int, float)):
        return float(value)
    text = value if isinstance(value, str) else ""
    parts = _FRACTION.search(text)
    if parts and int(parts[2]):
        return int(parts[1]) / int(parts[2])
    found = _NUMBER.search(text)
    return float(found[0].replace(",", ".")) if found else None


def as_text(value: Value) -> str:
    """A value on one line (texts keep their own line breaks)."""
    return value if isinstance(value, str) else "; ".join(map(_escaped, value))


def as_list(text: str) -> tuple[str, ...]:
    """The entries of a list written as text: separated by semicolons or line breaks."""
    entries = (_ESCAPED.sub(r"\1", one) for one in _ENTRY.findall(text))
    return tidy_list(tuple(entries))


def tidy_list(entries: tuple[str, ...]) -> tuple[str, ...]:
    """Entries on one line, without outer blanks, empty ones and doubles."""
    return tuple(dict.fromkeys(filter(None, (" ".join(one.split()) for one in entries))))


def parsed(name: str, text: str) -> Value:
    """The value of a field that somebody wrote as text."""
    return as_list(text) if field(name).kind == "list" else text


def with_value(
    photo: Photo, name: str, value: Value, *, inherited: Value = "", source: str = ""
) -> Photo:
    """The photo after this file was given the value; an empty one lets the master's count."""
    if name in ATTRIBUTES:
        return _with_column(photo, FIELDS[name], str(value))
    sources = {one: where for one, where in photo.sources.items() if one != name}
    if is_missing(value) and source:
        value, sources[name] = inherited, source
    change: dict[str, Value | Mapping[str, str]] = {name: value, "sources": sources}
    return replace(photo, **change)  # type: ignore[arg-type]  # names are those of CHANGEABLE


def _with_column(photo: Photo, one: Field, value: str) -> Photo:
    """A value for a file without record makes one; a record without any value is none."""
    record = own_record(photo, one.platform)
    others = tuple(other for other in photo.records if other is not record)
    values = dict(record.values) if record is not None else {}
    values.pop(one.column, None)
    if value.strip():
        values[one.column] = value
    if not values:
        return replace(photo, records=others)
    made = (
        replace(record, values=values)
        if record is not None
        else AttributeRecord(
            set=str(one.platform), file_id=photo.file_id, instance_id=0, values=values
        )
    )
    at = photo.records.index(record) if record is not None else len(others)
    return replace(photo, records=(*others[:at], made, *others[at:]))


def _escaped(entry: str) -> str:
    return entry.replace("\\", "\\\\").replace(";", "\\;")
