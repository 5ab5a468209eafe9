"""Photos handed over from one notebook to another: `selection-<name>.json` in the data folder.

    wb.hand_over("titles changed online", found.findings, "21 photos whose title changed there")
    newest = wb.handed_over()[0]              # in 03_bulk_fix or 01_sync
    wb.photos(newest.file_ids)                # for a bulk fix
    picker.ticked = newest.ticks(pending)     # for a sync

    {"name": "…", "created": "2026-11-22T14:31:00+00:00", "mode": "demo", "file_ids": ["1201"],
     "words": "21 photos whose title changed there"}

Decided here (2026-11-22): a selection of the same name replaces the older one; it names photos
only (findings about none are left out); one of the other mode is never shown; a file that cannot
be read is as if it were not there.
"""

from __future__ import annotations

import json
import logging
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from socials_lib.errors import SettingsError
from socials_lib.models import Mode, Pending, PlatformName
from socials_lib.system import write_whole

log = logging.getLogger(__name__)

_PREFIX, _SUFFIX = "selection-", ".json"
#: Letters of a file name: Windows keeps whole paths under 260.
_MOST_LETTERS = 60
#: So that a name like `con` or `aux` is no device of Windows: the prefix sees to that.
_OUT = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Photos that a notebook handed over; `words` say which they are."""

    name: str
    created: datetime
    mode: Mode
    file_ids: tuple[str, ...]
    words: str = ""

    def ticks(self, pending: Iterable[Pending]) -> list[tuple[PlatformName, str]]:
        """The keys of those pending photos that are in it, for `picker.ticked`."""
        ids = set(self.file_ids)
        return [one.key for one in pending if one.file_id in ids]


def file_ids_of(ids: Iterable[Any]) -> tuple[str, ...]:
    """The file ids in ids, keys (`flickr:1201`), findings, photos or a column; each once.

    A missing id (None, `nan`, "") is left out: findings about what is only online have none.
    """
    found = (getattr(one, "file_id", one) for one in ids)
    named = (str(one).rpartition(":")[2].strip() for one in found if isinstance(one, (str, int)))
    return tuple(dict.fromkeys(one for one in named if one))


def path_of(home: Path, name: str) -> Path:
    """The file of a selection; names that differ only in signs and capitals share one."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    slug = _OUT.sub("-", plain).strip("-")[:_MOST_LETTERS].strip("-") or "photos"
    return home / f"{_PREFIX}{slug}{_SUFFIX}"


def write(home: Path, selection: Selection) -> Path:
    """Keep a selection in the data folder; raises `SettingsError` if it cannot be written."""
    path = path_of(home, selection.name)
    document = {
        "name": selection.name,
        "created": selection.created.isoformat(),
        "mode": selection.mode,
        "file_ids": list(selection.file_ids),
        "words": selection.words,
    }
    try:
        write_whole(path, json.dumps(document, ensure_ascii=False, indent=1).encode())
    except OSError as error:
        raise SettingsError(
            f"The selection cannot be kept: {error.strerror}.",
            hint=f"Is there room on the disk, and may you write to {home}?",
            code="file",
        ) from error
    return path


def read_all(home: Path, mode: Mode) -> tuple[Selection, ...]:
    """All selections of this mode, newest first."""
    found = (_read(one) for one in sorted(home.glob(f"{_PREFIX}*{_SUFFIX}")))
    mine = [one for one in found if one is not None and one.mode == mode]
    return tuple(sorted(mine, key=lambda one: one.created, reverse=True))


def _read(path: Path) -> Selection | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        created = datetime.fromisoformat(found["created"])
        return Selection(
            name=str(found["name"]),
            created=created if created.tzinfo else created.replace(tzinfo=UTC),
            mode=found["mode"],
            file_ids=tuple(str(one) for one in found["file_ids"]),
            words=str(found.get("words", "")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("%s is no selection: %s", path.name, error)
        return None
