"""JSON of IMWS -> typed records, tolerant of form and honest about what cannot be read.

Numbers may come as text and texts as numbers, decimals with either sign, ids as number or text.
Whatever stays unreadable becomes a `Malformed` of the photo, never an exception: one odd value
must not stop the other photos.  Members nobody asked for are ignored; a missing member means "no
value", except for the path and the time stamp, which every file of IMatch has.

Values of `var…` come HTML-escaped and are unescaped once; values of `tag…` come as they are
(facts/imws.md 4.3).  The texts are therefore read by `tag`, where escapes cannot go wrong, and only
what needs IMatch's formatting, or an expression of the person's own, by `var`.
"""

from __future__ import annotations

import html
import logging
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PureWindowsPath
from typing import Any

from socials_lib.models import AttributeRecord, Category, Malformed, Photo, RelatedFile

log = logging.getLogger(__name__)

ALT_TEXT_EXPRESSION = r"{File.MD.XMP::iptcCore\AltTextAccessibility\AltTextAccessibility\0}"
CIRCA_EXPRESSION = r"{File.MD.XMP::iptcExt\CircaDateCreated\CircaDateCreated\0}"

OUR_COLUMNS = frozenset({"posted", "photo_id", "status_id", "media_id", "url"})
FIELDS = "filename,name,format,size,datetime,width,height"
#: What is asked for besides `FIELDS`; alt text and circa date follow the settings.
COLUMNS: Mapping[str, str] = {
    "tagtitle": "title",
    "tagdescription": "description",
    "tagheadline": "headline",
    "taghierarchical_keywords": "hierarchicalkeywords",
    "variso": "{File.MD.iso|value:formatted}",
    "varshutter_speed": "{File.MD.shutterspeed|value:formatted}",
    "varaperture": "{File.MD.aperture}",
    "varfocal_length": "{File.MD.focallength|value:formatted}",
    "varcamera": "{File.MD.model}",
    "varlens": "{File.MD.lens}",
    "varlatitude": "{File.MD.gpslatitude|value:rawfrm}",
    "varlongitude": "{File.MD.gpslongitude|value:rawfrm}",
}
#: Taken from the master if the categorised file has none.  The position goes as a pair.
INHERITED = (
    ("title",),
    ("headline",),
    ("description",),
    ("alt_text",),
    ("keywords",),
    ("circa_date",),
    ("iso",),
    ("shutter_speed",),
    ("aperture",),
    ("focal_length",),
    ("camera",),
    ("lens",),
    ("latitude", "longitude"),
)

_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?|[-+]?[.,]\d+")
_DIGITS = re.compile(r"[0-9]{1,20}")
_DATE_TIMES = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y:%m:%d %H:%M:%S", "%d.%m.%Y %H:%M:%S")
#: ISO first, then the local forms of section 16 row 28, then their less likely relatives.
_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%Y:%m:%d", "%d-%m-%Y")


class Unreadable(ValueError):
    """A value of a kind that does not fit; the text shows it, shortened."""

    def __init__(self, value: object) -> None:
        text = value if isinstance(value, str) else repr(value)
        super().__init__(text.encode("utf-8", "replace").decode()[:120] or "nothing")


# -- single values


def parse_id(value: object) -> str:
    """A file id as text; `1201`, `"1201"` and `1201.0` are the same file."""
    number = _whole(value)
    if number is None or number <= 0:
        raise Unreadable(value)
    return str(number)


def parse_text(value: object) -> str:
    """Text, or a number as text; nothing is ""."""
    if value is None:
        return ""
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:  # half a surrogate pair: no file, database or request takes it
            raise Unreadable(value) from None
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        whole = _whole(value)
        return str(value if whole is None else whole)
    raise Unreadable(value)


def parse_escaped(value: object) -> str:
    """The text of a `var…` value."""
    return html.unescape(parse_text(value))


def parse_whole(value: object) -> int | None:
    """A count that is not negative; None if there is none."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    number = _whole(value)
    if number is None or number < 0:
        raise Unreadable(value)
    return number


def parse_degrees(value: object, *, most: float) -> float | None:
    """Signed decimal degrees within ±`most`; None if there are none."""
    text = parse_escaped(value).strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise Unreadable(value)
    degrees = float(text.replace(",", "."))
    if not math.isfinite(degrees) or abs(degrees) > most:
        raise Unreadable(value)
    return degrees


def parse_aperture(value: object) -> str:
    """The f-number as IMatch wrote it, with either decimal sign."""
    text = parse_escaped(value).strip()
    if text and not _NUMBER.fullmatch(text.lower().removeprefix("f/").strip()):
        raise Unreadable(value)
    return text.lower().removeprefix("f/").strip()


def parse_keywords(value: object) -> tuple[str, ...]:
    """Hierarchical keywords in their order, without blanks and doubles; one as plain text too."""
    if value is None:
        return ()
    given = value if isinstance(value, list) else [value]
    texts = (parse_text(one).strip() for one in given)
    return tuple(dict.fromkeys(text for text in texts if text))


def parse_date_time(value: object) -> datetime:
    """The photographer's wall clock; a fraction or zone is dropped, never used to shift it."""
    text = value.strip() if isinstance(value, str) else ""
    try:
        if text[4:5] == "-":  # fromisoformat takes bare digits for a date as well
            return datetime.fromisoformat(text).replace(tzinfo=None, microsecond=0)
    except ValueError:
        pass
    found = _first_format(text, _DATE_TIMES)
    if found is None:
        raise Unreadable(value)
    return found


def parse_date(value: object) -> str:
    """A date column as `YYYY-MM-DD`; "" if empty."""
    text = parse_text(value).strip()
    if not text:
        return ""
    found = _first_format(text[:10], _DATES) or _first_format(text.split()[0], _DATES)
    if found is None:
        raise Unreadable(value)
    return found.strftime("%Y-%m-%d")


def _first_format(text: str, formats: Iterable[str]) -> datetime | None:
    for form in formats:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
    return None


def _whole(value: object) -> int | None:
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if math.isfinite(value) and value == int(value) else None


# -- files


class _Row:
    """Reads members of one JSON object and remembers what could not be read."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row = row
        self.malformed: list[Malformed] = []

    def read(self, name: str, member: str, parse: Any, otherwise: Any) -> Any:
        try:
            return parse(self.row.get(member))
        except Unreadable as error:
            self.malformed.append(Malformed(field=name, found=str(error)))
            return otherwise


def rows_by_id(answer: Mapping[str, Any], root: str) -> dict[str, dict[str, Any]]:
    """The objects of a list answer by file id; entries without a readable id are dropped."""
    entries = answer.get(root)
    found: dict[str, dict[str, Any]] = {}
    for entry in entries if isinstance(entries, list) else []:
        try:
            file_id = parse_id(entry.get("id") if isinstance(entry, dict) else None)
        except Unreadable:
            log.warning("an entry of %s has no file id and is left out", root)
            continue
        found[file_id] = {**found.get(file_id, {}), **entry}
    return found


def ids_of(values: object) -> tuple[str, ...]:
    """File ids of a category; what is no id is left out."""
    found = []
    for value in values if isinstance(values, list) else []:
        try:
            found.append(parse_id(value))
        except Unreadable:
            log.warning("a category lists something that is no file id")
    return tuple(dict.fromkeys(found))


def photo_of(file_id: str, values: Mapping[str, Any]) -> Photo:
    """The fields of `/v1/files`, without categories, relatives and records."""
    row = _Row(values)
    path = row.read("path", "fileName", parse_text, "")
    if not path and not row.malformed:
        row.malformed.append(Malformed(field="path", found="nothing"))
    return Photo(
        file_id=file_id,
        path=path,
        name=row.read("name", "name", parse_text, "")
        or PureWindowsPath(path).name
        or f"file {file_id}",
        format=row.read("format", "format", parse_text, ""),
        size=row.read("size", "size", parse_whole, None),
        date_time=row.read("date_time", "dateTime", parse_date_time, None),
        width=row.read("width", "width", parse_whole, None),
        height=row.read("height", "height", parse_whole, None),
        title=row.read("title", "title", parse_text, ""),
        headline=row.read("headline", "headline", parse_text, ""),
        description=row.read("description", "description", parse_text, ""),
        alt_text=row.read("alt_text", "alt_text", parse_escaped, ""),
        keywords=row.read("keywords", "hierarchical_keywords", parse_keywords, ()),
        circa_date=row.read("circa_date", "circa_date", parse_escaped, ""),
        iso=row.read("iso", "iso", parse_escaped, ""),
        shutter_speed=row.read("shutter_speed", "shutter_speed", parse_escaped, ""),
        aperture=row.read("aperture", "aperture", parse_aperture, ""),
        focal_length=row.read("focal_length", "focal_length", parse_escaped, ""),
        camera=row.read("camera", "camera", parse_escaped, ""),
        lens=row.read("lens", "lens", parse_escaped, ""),
        latitude=row.read("latitude", "latitude", lambda v: parse_degrees(v, most=90), None),
        longitude=row.read("longitude", "longitude", lambda v: parse_degrees(v, most=180), None),
        malformed=tuple(row.malformed),
    )


def inherit(photo: Photo, masters: Iterable[Photo]) -> Photo:
    """Fill what the file lacks from the first master that has it, and say so in `sources`.

    A field that the file has but nobody can read stays malformed: filling it would hide that.
    """
    settled = {one.field for one in photo.malformed}
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    odd: list[Malformed] = []
    for master in masters:
        for names in INHERITED:
            if settled.intersection(names) or any(_has(photo, name) for name in names):
                continue
            unreadable = [one for one in master.malformed if one.field in names]
            found = {name: getattr(master, name) for name in names if _has(master, name)}
            taken = [*found, *(one.field for one in unreadable)]
            settled.update(names if taken else ())
            values |= found
            sources |= dict.fromkeys(taken, master.file_id)
            odd += unreadable
    if not sources:
        return photo
    return replace(
        photo,
        **values,
        malformed=photo.malformed + tuple(odd),
        sources={**photo.sources, **sources},
    )


def _has(photo: Photo, name: str) -> bool:
    value = getattr(photo, name)
    return bool(value.strip()) if isinstance(value, str) else value not in (None, ())


# -- what hangs on a file


@dataclass(kw_only=True)
class Attached:
    """Things of one file and what of them could not be read."""

    found: list[Any] = field(default_factory=list)
    malformed: list[Malformed] = field(default_factory=list)

    def odd(self, name: str, value: object) -> None:
        """Note a value that cannot be read."""
        self.malformed.append(Malformed(field=name, found=str(Unreadable(value))))

    def entries(self, name: str, value: object) -> list[dict[str, Any]]:
        """The objects of a list; anything else is noted."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.odd(name, value)
            return []
        for entry in value:
            if not isinstance(entry, dict):
                self.odd(name, entry)
        return [entry for entry in value if isinstance(entry, dict)]


def categories_of(entry: Mapping[str, Any]) -> Attached:
    """The categories of a `/v1/files/categories` entry."""
    read = Attached()
    for one in read.entries("categories", entry.get("categories")):
        row = _Row(one)
        path = row.read("categories", "path", parse_text, "")
        description = row.read("categories", "description", parse_text, "")
        if path:
            read.found.append(Category(path=path, description=description))
        read.malformed += row.malformed
    return read


def relatives_of(entry: Mapping[str, Any], kind: str) -> Attached:
    """Masters or versions: all groups flattened, each file once, in their order."""
    read = Attached()
    groups = read.entries(kind, entry.get(kind))
    listed = [one for group in groups for one in read.entries(kind, group.get("files"))]
    for one in listed:
        try:
            file_id = parse_id(one.get("id"))
        except Unreadable as error:
            read.odd(kind, str(error))
            continue
        if file_id in {known.file_id for known in read.found}:
            continue
        row = _Row(one)
        path = row.read(kind, "fileName", parse_text, "")
        read.found.append(
            RelatedFile(
                file_id=file_id,
                name=row.read(kind, "name", parse_text, "") or PureWindowsPath(path).name,
                path=path,
                format=row.read(kind, "format", parse_text, ""),
                size=row.read(kind, "size", parse_whole, None),
            )
        )
        read.malformed += row.malformed
    return read


def records_of(set_name: str, file_id: str, entry: Mapping[str, Any]) -> Attached:
    """The attribute records of one file.

    A record whose instance id cannot be read is kept with instance id 0: without it the photo
    would look unpublished and go online twice.
    """
    read = Attached()
    for one in read.entries(set_name, entry.get("data")):
        row = _Row(one)
        instance = row.read("instanceId", "instanceId", parse_whole, 0)
        if not instance and not row.malformed:
            row.malformed.append(Malformed(field="instanceId", found="nothing"))
        values = {name: _column(row, name) for name in one if name != "instanceId"}
        read.found.append(
            AttributeRecord(
                set=set_name,
                file_id=file_id,
                instance_id=instance or 0,
                values={name: value for name, value in values.items() if value.strip()},
            )
        )
        read.malformed += row.malformed
    return read


def _column(row: _Row, name: str) -> str:
    """A column as text; of columns that are not ours, what cannot be read is nothing."""
    value = row.row[name]
    if name == "posted":  # kept as it stands if unreadable: it must never be overwritten
        kept = "" if value is None else str(Unreadable(value))
        return str(row.read(name, name, parse_date, kept))
    if name in OUR_COLUMNS:
        return str(row.read(name, name, parse_text, ""))
    return str(_Row(row.row).read(name, name, parse_text, ""))
