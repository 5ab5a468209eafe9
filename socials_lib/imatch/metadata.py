"""Metadata: texts and keywords written into IMatch, and read back.

`POST /v1/metadata` (facts/imws.md 7).  Documented are the form of an operation and `set` for two
tags; that texts are set the same way, and keywords are added and removed one by one, is our
reading.  So the caller asks for the switch `[imatch] write_metadata`, nothing is written over a
value that is not the expected one, and every value is read again afterwards.

Values are those of this very file, without its masters'.  Keywords are a bag, as in XMP: they are
compared without order, and only the difference is sent, so that what somebody adds at the same
moment stays.  IMatch keeps changes in its database; the file waits for write-back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from socials_lib.errors import ChangedSince, ImatchError, ReadBackDiffers
from socials_lib.imatch.client import ImwsClient
from socials_lib.imatch.records import categories_of, photo_of, rows_by_id
from socials_lib.imatch.refusals import is_definite
from socials_lib.models import Photo

Value = str | tuple[str, ...]
Changes = Mapping[str, tuple[Value, Value]]

_PATH = "/v1/metadata"
_NAMES: Mapping[str, str] = {"alt_text": "alt text", "circa_date": "circa date"}
#: Field -> its tag and the column that reads it; the other two follow the settings' expressions.
_TAGS: Mapping[str, str] = {
    "title": "title",
    "headline": "headline",
    "description": "description",
    "keywords": "hierarchicalkeywords",
}
_COLUMNS: Mapping[str, str] = {
    "title": "tagtitle",
    "headline": "tagheadline",
    "description": "tagdescription",
    "keywords": "taghierarchical_keywords",
    "alt_text": "varalt_text",
    "circa_date": "varcirca_date",
}
#: An expression that is one tag and nothing else can be written as well.
_ONE_TAG = re.compile(r"\{File\.MD\.([^|{}]+)\}")


@dataclass(frozen=True, kw_only=True)
class OwnValues:
    """What a file itself has in IMatch; `unreadable` fields have a value that nobody can read."""

    file_id: str
    path: str
    values: Mapping[str, Value] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()


class MetadataCalls:
    """Reads and writes the metadata of files, and reads which categories they are in."""

    client: ImwsClient
    _columns: Mapping[str, str]

    def own_values(self, file_ids: Iterable[str], fields: Iterable[str]) -> dict[str, OwnValues]:
        """What these files themselves have; those no longer in the database are left out."""
        ids, names = tuple(dict.fromkeys(file_ids)), tuple(fields)
        columns = {"fields": "filename,name"}
        columns |= {_COLUMNS[one]: self._columns[_COLUMNS[one]] for one in map(self._known, names)}
        rows: dict[str, dict[str, Any]] = {}
        for _, answers in self.client.get_batches("/v1/files", ids, {}, columns=columns):
            for answer in answers:
                for file_id, row in rows_by_id(answer, "files").items():
                    rows[file_id] = {**rows.get(file_id, {}), **row}
        return {one: _own(photo_of(one, rows[one]), names) for one in ids if one in rows}

    def categories_of_files(self, file_ids: Iterable[str]) -> dict[str, frozenset[str]]:
        """The categories that each file is directly in; a file IMatch does not name is in none."""
        ids = tuple(dict.fromkeys(file_ids))
        found: dict[str, frozenset[str]] = dict.fromkeys(ids, frozenset())
        for batch, [answer] in self.client.get_batches(
            "/v1/files/categories", ids, {"fields": "path"}
        ):
            rows = rows_by_id(answer, "files")
            for file_id in batch:
                listed = categories_of(rows.get(file_id, {})).found
                found[file_id] = frozenset(one.path for one in listed)
        return found

    def selected_files(self) -> tuple[str, ...]:
        """The files that are selected in IMatch's active file window, in its order."""
        params = {"idlist": "@imatch.filewindow.active.selection", "fields": "id"}
        return tuple(rows_by_id(self.client.get("/v1/files", params, batch=True), "files"))

    def check_writable(self, fields: Iterable[str]) -> None:
        """Raise `ImatchError` for a field that no single tag of IMatch stands for."""
        for name in fields:
            self._tag(name)

    def write_metadata(self, file_id: str, changes: Changes, *, title: str = "") -> None:
        """Change fields of a file from one value to another, in one call; safe to repeat.

        A field that has the new value already is left as it is.  Raises `ChangedSince` before
        anything is written if a field has neither value, `ReadBackDiffers` if IMatch did not keep
        what was written; `title` names the photo in these messages.
        """
        shown = title or f"file {file_id}"
        operations = self._operations(file_id, changes, shown)
        if operations:
            self._send(file_id, operations, changes)
            self._check(file_id, changes, shown)

    def _operations(self, file_id: str, changes: Changes, shown: str) -> list[dict[str, str]]:
        """What is left to be sent, after looking at the file as it is now."""
        now = self._now(file_id, changes, shown)
        operations: list[dict[str, str]] = []
        for name, (before, after) in changes.items():
            found = now.values[name]
            if name in now.unreadable or not (is_same(found, before) or is_same(found, after)):
                raise ChangedSince(
                    f"The {_words(name)} of “{shown}” has changed since: expected"
                    f" “{_shown(before)}”, IMatch has “{_shown(found)}”. It was left alone.",
                    hint="Look at the photo again and propose the change anew.",
                )
            if not is_same(found, after):
                operations += _operations_for(self._tag(name), found, after)
        return operations

    def _send(self, file_id: str, operations: list[dict[str, str]], changes: Changes) -> None:
        """An unclear end is cleared up by the look that follows anyway, if IMatch answers."""
        params = {"id": file_id, "tags": json.dumps(operations, ensure_ascii=False)}
        try:
            self.client.post(_PATH, params)
        except ImatchError as error:
            if is_definite(error) and error.status in (404, 405):
                raise ImatchError(
                    "This IMatch takes no metadata from other programs.",
                    hint="Download the changes as CSV and import that file in IMatch.",
                    code="metadata_not_possible",
                    details=error.details,
                    status=error.status,
                ) from error
            if not error.unclear or not self._has_arrived(file_id, changes):
                raise

    def _has_arrived(self, file_id: str, changes: Changes) -> bool:
        try:
            now = self.own_values([file_id], changes).get(file_id)
        except ImatchError:
            return False
        return now is not None and not _differing(now, changes)

    def _check(self, file_id: str, changes: Changes, shown: str) -> None:
        now = self._now(file_id, changes, shown)
        for name in _differing(now, changes):
            raise ReadBackDiffers(
                f"IMatch did not keep the {_words(name)} of “{shown}”: wrote"
                f" “{_shown(changes[name][1])}”, reads “{_shown(now.values[name])}”.",
                hint="Put this value back, and change the photos in IMatch itself.",
            )

    def _now(self, file_id: str, changes: Changes, shown: str) -> OwnValues:
        found = self.own_values([file_id], changes).get(file_id)
        if found is None:
            raise ImatchError(
                f"“{shown}” is no longer in the IMatch database.",
                hint="Read IMatch again.",
                code="file_gone",
            )
        return found

    # -- names

    def _known(self, name: str) -> str:
        if name not in _COLUMNS or _COLUMNS[name] not in self._columns:
            raise _not_writable(name)
        return name

    def _tag(self, name: str) -> str:
        """The tag that a field is written to."""
        if name in _TAGS:
            return _TAGS[name]
        found = _ONE_TAG.fullmatch(self._columns.get(_COLUMNS.get(name, ""), ""))
        if found is None:
            raise _not_writable(name)
        return found[1]


def is_same(one: Value, other: Value) -> bool:
    """True for the same text, whatever its line ends, and for the same keywords in any order.

    Texts of nothing but blanks are no text.
    """
    if isinstance(one, tuple) or isinstance(other, tuple):
        return frozenset(one) == frozenset(other)
    return _folded(one) == _folded(other)


def _folded(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if text.strip() else ""


def _own(photo: Photo, names: Iterable[str]) -> OwnValues:
    odd = {one.field for one in photo.malformed}
    return OwnValues(
        file_id=photo.file_id,
        path=photo.path,
        values={name: getattr(photo, name) for name in names},
        unreadable=tuple(name for name in names if name in odd),
    )


def _differing(now: OwnValues, changes: Changes) -> list[str]:
    return [
        name
        for name, (_, after) in changes.items()
        if name in now.unreadable or not is_same(now.values[name], after)
    ]


def _operations_for(tag: str, found: Value, after: Value) -> list[dict[str, str]]:
    if isinstance(after, str):
        return [{"tag": tag, "op": "set", "value": after}]
    removed = [{"tag": tag, "op": "remove", "value": one} for one in found if one not in after]
    added = [{"tag": tag, "op": "add", "value": one} for one in after if one not in found]
    return removed + added


def _words(name: str) -> str:
    return _NAMES.get(name, name)


def _shown(value: Value) -> str:
    text = value if isinstance(value, str) else "; ".join(value)
    text = " ".join(text.split())
    return (text if len(text) <= 120 else f"{text[:119]}…") or "–"


def _not_writable(name: str) -> ImatchError:
    return ImatchError(
        f"The {_words(name)} cannot be written: no single tag of IMatch stands for it.",
        hint="The setting under [imatch] that reads it must be one tag, as `{File.MD.…}`.",
        code="not_writable",
    )
