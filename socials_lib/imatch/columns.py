"""Single columns of attribute records, changed from one value to another and read back.

For repairs by hand (`bulk`); what a run publishes goes through `attributes.write_record`.  A value
for a file without a record adds one; a record that has no value left is deleted, since an empty one
would say "published, but nobody knows where".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from socials_lib.errors import ChangedSince, ImatchError, ReadBackDiffers
from socials_lib.imatch.attributes import AttributeCalls, instance_of
from socials_lib.models import AttributeRecord, PlatformName

#: Column -> value before and after; "" is no value.
ColumnChanges = Mapping[str, tuple[str, str]]


class ColumnCalls(AttributeCalls):
    """Changes columns of the one record that a file has in a set."""

    def write_columns(
        self, platform: PlatformName, file_id: str, changes: ColumnChanges, *, title: str = ""
    ) -> None:
        """Change columns from one value to another, in one call; safe to repeat.

        A column that has the new value already is left as it is.  Raises `ChangedSince` before
        anything is written if a column has neither value or the file has several records, and
        `ReadBackDiffers` if IMatch did not keep what was written.
        """
        shown = title or f"file {file_id}"
        record = self._only_record(platform, file_id, shown)
        now = record.values if record is not None else {}
        wanted: dict[str, str] = {}
        for column, (before, after) in changes.items():
            found = now.get(column, "")
            if found not in (before, after):
                raise ChangedSince(
                    f"The {column} of “{shown}” has changed since: expected “{before or '–'}”,"
                    f" IMatch has “{found or '–'}”. It was left alone.",
                    hint="Look at the photo again and propose the change anew.",
                )
            if found != after:
                wanted[column] = after
        if not wanted:
            return
        self._write_task(
            platform,
            file_id,
            _task(record, wanted),
            lambda: not self._columns_differing(platform, file_id, changes, shown),
        )
        for column, found in self._columns_differing(platform, file_id, changes, shown).items():
            raise ReadBackDiffers(
                f"IMatch did not keep the {column} of “{shown}”: wrote"
                f" “{changes[column][1] or '–'}”, reads “{found or '–'}”.",
                hint=f"Check the attribute set `{platform}` of this file in IMatch.",
            )

    def _only_record(
        self, platform: PlatformName, file_id: str, shown: str
    ) -> AttributeRecord | None:
        records = self.records(platform, [file_id])
        if len(records) > 1:
            raise ImatchError(
                f"“{shown}” has {len(records)} records in the attribute set `{platform}`, so nobody"
                " can say which one is meant.",
                hint="Delete the surplus records of this file in IMatch, then try again.",
                code="several_records",
            )
        return records[0] if records else None

    def _columns_differing(
        self, platform: PlatformName, file_id: str, changes: ColumnChanges, shown: str
    ) -> dict[str, str]:
        record = self._only_record(platform, file_id, shown)
        now = record.values if record is not None else {}
        return {
            column: now.get(column, "")
            for column, (_, after) in changes.items()
            if now.get(column, "") != after
        }


def _task(record: AttributeRecord | None, wanted: Mapping[str, str]) -> dict[str, Any]:
    """Add, update, or delete where nothing would be left."""
    if record is None:
        return {"op": "add", "data": {name: value for name, value in wanted.items() if value}}
    left = {name: value for name, value in {**record.values, **wanted}.items() if value.strip()}
    instance = [instance_of(record)]
    if not left:
        return {"op": "delete", "instanceid": instance}
    return {"op": "update", "instanceid": instance, "data": dict(wanted)}
