"""Attribute sets: user-defined columns, several records per file (facts, section 6).

Instance ids are given out over the whole database and do not start at 1, so a client that takes
the id of one file for another's is found out.  A call changes everything it asks for or nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..seed import SeedColumn
from .refusal import NOT_UNIQUE, Refusal, bad

#: The first instance id of a fresh database.
FIRST_INSTANCE = 4

_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(T\d\d:\d\d:\d\d)?")


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record; columns without a value are not in `values`."""

    instance_id: int
    file_id: int
    values: Mapping[str, object]


@dataclass(kw_only=True)
class AttributeSet:
    """One set with its records, found by instance, by file and by unique value."""

    columns: Mapping[str, SeedColumn]
    records: dict[int, Record] = field(default_factory=dict)
    by_file: dict[int, set[int]] = field(default_factory=dict)
    holders: dict[tuple[str, str], set[int]] = field(default_factory=dict)

    def of_file(self, file_id: int) -> list[Record]:
        """The records of a file, oldest first."""
        return [self.records[one] for one in sorted(self.by_file.get(file_id, ()))]

    def put(self, record: Record) -> None:
        """Keep a record, in place of the one with the same instance id."""
        self.drop(record.instance_id)
        self.records[record.instance_id] = record
        self.by_file.setdefault(record.file_id, set()).add(record.instance_id)
        for key in self._unique(record):
            self.holders.setdefault(key, set()).add(record.instance_id)

    def drop(self, instance_id: int) -> None:
        """Forget a record, if it is there."""
        record = self.records.pop(instance_id, None)
        if record is None:
            return
        self.by_file[record.file_id].discard(instance_id)
        for key in self._unique(record):
            self.holders[key].discard(instance_id)

    def refuse_duplicates(self, instance_id: int, values: Mapping[str, object]) -> None:
        """Raise if another record already holds one of the values that must be unique."""
        for column, value in values.items():
            others = self.holders.get((column, str(value)), set()) - {instance_id}
            if self.columns[column].unique and others:
                text = f"column '{column}' must be unique, the value is in use: {value}"
                raise Refusal(400, NOT_UNIQUE, text)

    def clean(self, data: object) -> dict[str, object]:
        """The columns of a task as they are stored: text, and None for a value to clear."""
        if not isinstance(data, dict) or not data:
            raise bad("a task needs 'data', an object of columns")
        for column in data:
            if column not in self.columns:
                raise bad(f"unknown column '{column}'")
        return {name: _stored(name, self.columns[name], value) for name, value in data.items()}

    def _unique(self, record: Record) -> Iterator[tuple[str, str]]:
        for column, value in record.values.items():
            if column in self.columns and self.columns[column].unique:
                yield column, str(value)


class AttributeStore:
    """All sets of a database."""

    def __init__(self, sets: Mapping[str, Mapping[str, SeedColumn]]) -> None:
        self.sets = {name: AttributeSet(columns=dict(columns)) for name, columns in sets.items()}
        self._ids = itertools.count(FIRST_INSTANCE)

    def named(self, name: str) -> AttributeSet:
        """The set of this name, matched exactly."""
        try:
            return self.sets[name]
        except KeyError:
            raise bad(f"unknown attribute set '{name}'") from None

    def seed(self, name: str, file_id: int, values: Mapping[str, object]) -> None:
        """Put in a record unchecked: libraries hold doubles and odd values as well."""
        kept = {column: value for column, value in values.items() if value not in (None, "")}
        self.sets[name].put(Record(instance_id=next(self._ids), file_id=file_id, values=kept))

    def run(self, name: str, files: Sequence[int], tasks: Iterable[dict[str, Any]]) -> None:
        """Carry out the tasks of one call; a refused task undoes those before it."""
        target = self.named(name)
        changes = _Changes(target, files, self._ids)
        try:
            for task in tasks:
                changes.carry_out(task)
            changes.refuse_untouched_files()
        except Refusal:
            changes.undo()
            raise


class _Changes:
    """The tasks of one call, with what is needed to take them back."""

    def __init__(self, target: AttributeSet, files: Sequence[int], ids: Iterator[int]) -> None:
        self._target = target
        self._files = files
        self._ids = ids
        self._before: dict[int, Record | None] = {}
        self._named: set[int] = set()

    def carry_out(self, task: Mapping[str, Any]) -> None:
        """One task: add, update or delete."""
        match task.get("op"):
            case "add":
                self._add(self._target.clean(task.get("data")))
            case "update":
                self._update(self._instances(task), self._target.clean(task.get("data")))
            case "delete":
                for one in self._instances(task):
                    self._remember(one)
                    self._target.drop(one)
            case other:
                raise bad(f"unknown task {other!r}")

    def refuse_untouched_files(self) -> None:
        """Several files with the instance id of one of them: foreign to all the others."""
        if self._named and (left := set(self._files) - self._named):
            raise bad(f"file {min(left)} has no record with one of the given instance ids")

    def undo(self) -> None:
        """Back to the records as they were before the call."""
        for instance_id, record in self._before.items():
            self._target.drop(instance_id)
            if record is not None:
                self._target.put(record)

    def _add(self, values: Mapping[str, object]) -> None:
        for file_id in self._files:
            self._put(Record(instance_id=next(self._ids), file_id=file_id, values={}), values)

    def _update(self, instances: Iterable[int], values: Mapping[str, object]) -> None:
        for one in instances:
            self._put(self._target.records[one], values)

    def _put(self, record: Record, values: Mapping[str, object]) -> None:
        given = {name: value for name, value in values.items() if value is not None}
        self._target.refuse_duplicates(record.instance_id, given)
        kept = {name: value for name, value in record.values.items() if name not in values}
        self._remember(record.instance_id)
        self._target.put(
            Record(instance_id=record.instance_id, file_id=record.file_id, values={**kept, **given})
        )

    def _instances(self, task: Mapping[str, Any]) -> list[int]:
        """The records of a task; written `instanceid` and a list, unlike the answer's member."""
        found = task.get("instanceid")
        if not isinstance(found, list) or not found:
            raise bad("a task needs 'instanceid', a list of instance ids")
        for one in found:
            record = self._target.records.get(one) if type(one) is int else None
            if record is None or record.file_id not in self._files:
                raise bad(f"instance id {one!r} does not belong to the given files")
            self._named.add(record.file_id)
        return found

    def _remember(self, instance_id: int) -> None:
        self._before.setdefault(instance_id, self._target.records.get(instance_id))


def _stored(name: str, column: SeedColumn, value: object) -> str | None:
    """A value of a task as text; a date keeps its day only."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise bad(f"column '{name}' takes text, not {value!r}")
    if column.type != "Date":
        return str(value)
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    try:
        return date.fromisoformat(match[1]).isoformat() if match else _no_date(name, value)
    except ValueError:
        return _no_date(name, value)


def _no_date(name: str, value: object) -> str:
    raise bad(f"column '{name}' takes a date like 2024-03-10, not {value!r}")
