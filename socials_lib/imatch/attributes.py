"""Attribute records: where a photo is online, one record per file and platform.

Writing reads first, is one call per file with that file's own instance ids, and is read back: an id
that IMatch silently dropped would make the next run publish the photo again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from socials_lib.errors import AttributeSetMissing, ImatchError, ReadBackDiffers
from socials_lib.imatch.client import ImwsClient
from socials_lib.imatch.records import Attached, records_of, rows_by_id
from socials_lib.imatch.refusals import holds, is_definite, set_missing
from socials_lib.models import ID_COLUMN, AttributeRecord, PlatformName
from socials_lib.models import remote_id as id_of

log = logging.getLogger(__name__)


class AttributeCalls:
    """Reads, writes and removes attribute records."""

    client: ImwsClient

    def records(
        self, platform: PlatformName, file_ids: Iterable[str]
    ) -> tuple[AttributeRecord, ...]:
        """The records of these files, without their relatives."""
        read = self._records(platform, tuple(dict.fromkeys(file_ids)))
        return tuple(record for one in read.values() for record in one.found)

    def _records(self, platform: PlatformName, ids: Sequence[str]) -> dict[str, Attached]:
        found: dict[str, Attached] = {}
        try:
            for batch, [answer] in self.client.get_batches(
                "/v1/attributes", ids, {"set": platform}
            ):
                if not isinstance(answer.get("result"), list):
                    raise set_missing(platform, details=json.dumps(answer)[:200])
                rows = rows_by_id(answer, "result")
                found |= {
                    file_id: records_of(platform, file_id, rows[file_id])
                    for file_id in batch
                    if file_id in rows
                }
        except ImatchError as error:
            if is_definite(error) and not isinstance(error, AttributeSetMissing):
                raise set_missing(platform, details=error.details) from error
            raise
        return found

    def write_record(
        self, platform: PlatformName, file_id: str, values: Mapping[str, str]
    ) -> AttributeRecord:
        """Record where a photo is online; safe to repeat.

        The record that has an id is updated, else the first, else one is added.  The first
        `posted` stays.
        """
        column = ID_COLUMN[platform]
        remote_id = values[column]
        records = self.records(platform, [file_id])
        record = _best(records, column, remote_id)
        wanted = {name: value for name, value in values.items() if value}
        if record is not None:
            if record.values.get("posted"):
                wanted.pop("posted", None)
            if all(record.values.get(name) == value for name, value in wanted.items()):
                return record
            if record.values.get(column, remote_id) != remote_id:
                log.warning(
                    "file %s: %s changes from %s to %s",
                    file_id,
                    column,
                    record.values[column],
                    remote_id,
                )
            task = {"op": "update", "instanceid": [instance_of(record)], "data": wanted}
        else:
            task = {"op": "add", "data": wanted}

        def reached() -> AttributeRecord | None:
            records = self.records(platform, [file_id])
            kept = (one for one in records if one.values.get(column) == remote_id)
            return next(kept, None)

        self._write_task(platform, file_id, task, lambda: reached() is not None)
        written = reached()
        if written is None:
            raise self._read_back_differs(platform, file_id, wrote=remote_id)
        return written

    def remove_record(self, platform: PlatformName, file_id: str, *, remote_id: str) -> None:
        """Delete the records of this file that hold this very id; safe to repeat.

        Held is what the plan reads there: an id with blanks around it, or inside an address, too.
        """

        def having() -> tuple[AttributeRecord, ...]:
            records = self.records(platform, [file_id])
            return tuple(one for one in records if id_of(one, platform) == remote_id)

        doomed = having() if remote_id else ()
        if not doomed:
            return
        task = {"op": "delete", "instanceid": [instance_of(record) for record in doomed]}
        self._write_task(platform, file_id, task, lambda: not having())
        if having():
            raise self._read_back_differs(platform, file_id, wrote="")

    def drop_records(
        self, platform: PlatformName, file_id: str, doomed: Callable[[AttributeRecord], bool]
    ) -> int:
        """Delete the records of this file that are `doomed`; how many went; safe to repeat.

        For records that `remove_record` cannot name: those without an id.
        """

        def left() -> tuple[AttributeRecord, ...]:
            return tuple(one for one in self.records(platform, [file_id]) if doomed(one))

        found = left()
        if not found:
            return 0
        task = {"op": "delete", "instanceid": [instance_of(record) for record in found]}
        self._write_task(platform, file_id, task, lambda: not left())
        if left():
            raise self._read_back_differs(platform, file_id, wrote="")
        return len(found)

    def _write_task(
        self,
        platform: PlatformName,
        file_id: str,
        task: Mapping[str, Any],
        reached: Callable[[], bool],
    ) -> None:
        params = {
            "set": platform,
            "id": file_id,
            "tasks": json.dumps([task], ensure_ascii=False),
        }
        try:
            self.client.post("/v1/attributes", params)
        except ImatchError as error:
            if error.unclear and holds(reached):
                return
            if is_definite(error) and _names_a_set(error.details):
                raise set_missing(platform, details=error.details) from error
            raise

    def _read_back_differs(
        self, platform: PlatformName, file_id: str, *, wrote: str
    ) -> ReadBackDiffers:
        column = ID_COLUMN[platform]
        found = [one.values.get(column, "") for one in self.records(platform, [file_id])]
        return ReadBackDiffers(
            f"IMatch did not keep the {column} of file {file_id}: wrote “{wrote or '–'}”,"
            f" reads “{', '.join(filter(None, found)) or '–'}”.",
            hint=f"Check the attribute set `{platform}` of this file in IMatch. Nothing else was"
            " changed.",
        )


def _names_a_set(words: str) -> bool:
    """A duplicate in a "must be unique" column is refused as well, and is another matter."""
    words = words.casefold()
    return "unique" not in words and any(
        word in words for word in ("attribute set", "column", "unknown set", "no set", "'set'")
    )


def _best(
    records: Sequence[AttributeRecord], column: str, remote_id: str
) -> AttributeRecord | None:
    """The record with this id, else with any id, else the first."""
    return next(
        (one for one in records if one.values.get(column) == remote_id),
        next((one for one in records if one.values.get(column)), records[0] if records else None),
    )


def instance_of(record: AttributeRecord) -> int:
    """The instance id of a record; raises `ImatchError` if IMatch gave none that can be read."""
    if not record.instance_id:
        raise ImatchError(
            f"A record of file {record.file_id} in the attribute set `{record.set}` has no"
            " readable instance id, so it cannot be changed.",
            hint="Delete that record in IMatch by hand, then try again.",
        )
    return record.instance_id
