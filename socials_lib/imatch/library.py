"""The IMatch database as the rest of the program sees it: work list, photos, records, categories.

Reading packs ids (at most 100 and 2,000 characters a URL): per 100 files one call for the fields
(two if ids or expressions are long), one for categories, two for relations and one per platform for
attribute records; files with relatives add their records and the fields of their masters.

Writing is in `attributes` (records), `categories` and `metadata`.
"""

from __future__ import annotations

import contextlib
import gc
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from socials_lib.errors import (
    AttributeSetMissing,
    ImatchError,
    ImatchSignInRefused,
    ImatchUnreachable,
)
from socials_lib.imatch.categories import CategoryCalls
from socials_lib.imatch.client import ImwsClient
from socials_lib.imatch.columns import ColumnCalls
from socials_lib.imatch.metadata import MetadataCalls
from socials_lib.imatch.records import (
    ALT_TEXT_EXPRESSION,
    CIRCA_EXPRESSION,
    COLUMNS,
    FIELDS,
    Attached,
    categories_of,
    inherit,
    photo_of,
    relatives_of,
    rows_by_id,
)
from socials_lib.imatch.refusals import category_missing, is_definite
from socials_lib.models import (
    PLATFORMS,
    AttributeRecord,
    Category,
    Pending,
    Photo,
    PlatformName,
    RelatedFile,
    root_category,
)

log = logging.getLogger(__name__)

ACTION_LEAVES = ("_update", "_metadata", "_delete")
#: Photos read so far, photos in all.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Flags:
    """What the categories of a platform ask for a file; the names are those of `Pending`."""

    in_platform: bool = False
    update: bool = False
    metadata: bool = False
    delete: bool = False


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What the person must have created: exact paths and attribute sets.

    `similar` maps a missing path to one that differs only in case; `sets` is None for a set that
    could not be asked, because no file is in `Socials` yet.
    """

    categories: Mapping[str, bool] = field(default_factory=dict)
    similar: Mapping[str, str] = field(default_factory=dict)
    sets: Mapping[PlatformName, bool | None] = field(default_factory=dict)


class Library(CategoryCalls, ColumnCalls, MetadataCalls):
    """Reads photos out of IMatch and writes ids and categories back.

    `alt_text_expression` and `circa_expression` are IMatch variable expressions; "" asks for none.
    """

    def __init__(
        self,
        client: ImwsClient,
        *,
        alt_text_expression: str = ALT_TEXT_EXPRESSION,
        circa_expression: str = CIRCA_EXPRESSION,
    ) -> None:
        self.client = client
        own = {"varalt_text": alt_text_expression, "varcirca_date": circa_expression}
        self._columns = {"fields": FIELDS, **COLUMNS, **{k: v for k, v in own.items() if v}}
        self._missing: dict[str, None] = {}
        self._relations_one_by_one = False

    # -- work list

    def work_list(self, platform: PlatformName) -> tuple[Pending, ...]:
        """The pending photos of one platform."""
        return self.load_pending((platform,))

    def requests(self, platform: PlatformName) -> dict[str, Flags]:
        """What the categories ask for, by file id; reads four categories and no photo."""
        root = root_category(platform)
        direct = self._files(root, "directFiles")
        if direct is None:
            raise category_missing(root, self._similar(root))
        flags = dict.fromkeys(direct, Flags(in_platform=True))
        for leaf in ACTION_LEAVES:
            path = f"{root}|{leaf}"
            files = self._files(path, "files")
            if files is None:
                self._missing[path] = None
                continue
            self._missing.pop(path, None)
            for file_id in files:
                known = flags.get(file_id, Flags())
                flags[file_id] = replace(known, **{leaf.removeprefix("_"): True})
        return flags

    def missing_categories(self) -> tuple[str, ...]:
        """Action categories that `requests` looked for and did not find."""
        return tuple(self._missing)

    def load_pending(
        self, platforms: Iterable[PlatformName], progress: Progress | None = None
    ) -> tuple[Pending, ...]:
        """The work lists of the platforms; a photo in several is read once."""
        wanted = {platform: self.requests(platform) for platform in platforms}
        ids = dict.fromkeys(file_id for flags in wanted.values() for file_id in flags)
        photos = {photo.file_id: photo for photo in self.load(ids, wanted, progress)}
        return tuple(
            Pending(
                photo=photos[file_id],
                platform=platform,
                in_platform=one.in_platform,
                update=one.update,
                metadata=one.metadata,
                delete=one.delete,
            )
            for platform, flags in wanted.items()
            for file_id, one in flags.items()
            if file_id in photos
        )

    # -- photos

    def load(
        self,
        file_ids: Iterable[str],
        platforms: Iterable[PlatformName] = PLATFORMS,
        progress: Progress | None = None,
    ) -> tuple[Photo, ...]:
        """Photos with all that hangs on them; files no longer in the database are left out."""
        with _collector_at_rest():
            return self._load(tuple(dict.fromkeys(file_ids)), tuple(platforms), progress)

    def _load(
        self, ids: tuple[str, ...], sets: tuple[PlatformName, ...], progress: Progress | None
    ) -> tuple[Photo, ...]:
        meter = _Meter(len(ids), steps=4 + len(sets), report=progress)
        photos = self._photos(ids, meter)
        ids = tuple(file_id for file_id in ids if file_id in photos)
        attached = {file_id: _Hanging() for file_id in ids}
        self._read_categories(attached, meter)
        self._read_relations(attached, meter)
        for platform in sets:
            self._read_records(attached, platform, meter)
        masters = self._masters(photos, attached)
        meter.end()
        return tuple(
            inherit(
                attached[file_id].onto(photos[file_id]),
                [
                    masters[one.file_id]
                    for one in attached[file_id].masters
                    if one.file_id in masters
                ],
            )
            for file_id in ids
        )

    def _photos(self, ids: Sequence[str], meter: _Meter | None = None) -> dict[str, Photo]:
        rows: dict[str, dict[str, Any]] = defaultdict(dict)
        for batch, answers in self.client.get_batches("/v1/files", ids, {}, columns=self._columns):
            for answer in answers:
                for file_id, row in rows_by_id(answer, "files").items():
                    rows[file_id] |= row
            if meter:
                meter.read(len(batch))
        # keep to what was asked for: an answer about other files is nobody's
        return {file_id: photo_of(file_id, rows[file_id]) for file_id in ids if file_id in rows}

    def _read_categories(self, attached: Mapping[str, _Hanging], meter: _Meter) -> None:
        params = {"fields": "path,description"}
        for batch, [answer] in self.client.get_batches(
            "/v1/files/categories", tuple(attached), params
        ):
            rows = rows_by_id(answer, "files")
            for file_id in batch:
                attached[file_id].take("categories", categories_of(rows.get(file_id, {})))
            meter.read(len(batch))

    def _read_relations(self, attached: Mapping[str, _Hanging], meter: _Meter) -> None:
        for kind in ("masters", "versions"):
            for file_id, entry in self._relations(tuple(attached), kind, meter).items():
                attached[file_id].take(kind, relatives_of(entry, kind))

    def _relations(self, ids: Sequence[str], kind: str, meter: _Meter) -> dict[str, dict[str, Any]]:
        """Only calls for one id have been seen to work: gaps of a batch are asked singly."""
        path, params = "/v1/files/relations", {"type": kind}
        found: dict[str, dict[str, Any]] = {}
        if not self._relations_one_by_one:
            for batch, answers in self._batches_or_refusal(path, ids, params):
                rows = rows_by_id(answers[0], "files") if answers else {}
                found |= {file_id: rows[file_id] for file_id in batch if file_id in rows}
                if len(batch) > 1 and len(rows) < 2:
                    self._relations_one_by_one = True
                    break
        for file_id in (one for one in ids if one not in found):
            rows = rows_by_id(self.client.get(path, {"id": file_id, **params}), "files")
            found |= {file_id: rows[file_id]} if file_id in rows else {}
        meter.read(len(ids))
        return found

    def _batches_or_refusal(
        self, path: str, ids: Sequence[str], params: Mapping[str, str]
    ) -> Iterable[tuple[tuple[str, ...], list[dict[str, Any]]]]:
        """The batches; one that IMatch refuses for being a list comes without an answer."""
        try:
            yield from self.client.get_batches(path, ids, params)
        except ImatchError as error:
            if not is_definite(error):
                raise
            log.info("relations of many files refused, asking one by one: %s", error.details)
            yield tuple(ids), []

    def _read_records(
        self, attached: Mapping[str, _Hanging], platform: PlatformName, meter: _Meter
    ) -> None:
        relatives = (one.file_id for had in attached.values() for one in had.relatives)
        read = self._records(platform, tuple(dict.fromkeys([*attached, *relatives])))
        for file_id, had in attached.items():
            family = (file_id, *(one.file_id for one in had.relatives))
            for member in dict.fromkeys(family):
                if member in read:
                    had.take("records", read[member])
        meter.read(len(attached))

    def _masters(
        self, photos: Mapping[str, Photo], attached: Mapping[str, _Hanging]
    ) -> dict[str, Photo]:
        ids = dict.fromkeys(one.file_id for had in attached.values() for one in had.masters)
        known = {file_id: photos[file_id] for file_id in ids if file_id in photos}
        return known | self._photos([file_id for file_id in ids if file_id not in known])

    def remove_id(self, platform: PlatformName, file_id: str, *, remote_id: str) -> None:
        """Delete the records with this id of a file and of its relatives; safe to repeat.

        Relation rules may have copied them: one left over would make the photo look published.
        """
        photos = self.load([file_id], [platform])
        holders = {one.file_id for photo in photos for one in photo.records if one.set == platform}
        for holder in sorted(holders | {file_id}):
            self.remove_record(platform, holder, remote_id=remote_id)

    # -- setup

    def setup(self, paths: Iterable[str], platforms: Iterable[PlatformName] = PLATFORMS) -> Setup:
        """Which of these exact category paths exist, and which attribute sets answer."""
        exists, similar = self._siblings_of(tuple(paths))
        probe = self._any_file()
        sets = {one: None if probe is None else self._has_set(one, probe) for one in platforms}
        return Setup(categories=exists, similar=similar, sets=sets)

    def _any_file(self) -> str | None:
        return next(iter(self._files("Socials", "files") or ()), None)

    def _has_set(self, platform: PlatformName, file_id: str) -> bool:
        try:
            self.records(platform, [file_id])
        except AttributeSetMissing:
            return False
        return True

    def variable(self, name: str) -> str | int | None:
        """An IMatch application variable; None if it is not set. The value is never logged."""
        try:
            value = self.client.get("/v1/imatch/appvar", {"name": name}).get("value")
        except ImatchError as error:
            if is_definite(error):
                return None
            raise
        if isinstance(value, (bool, float)):
            return int(value)
        return value if isinstance(value, int) else _text_or_none(value)

    def discover(self) -> dict[str, Any] | None:
        """The service's own description of its endpoints, for bug reports; None if it has none."""
        for path in ("/v1/discover", "/discover"):
            try:
                return self.client.get(path, {}, batch=True)
            except ImatchError as error:
                gone = isinstance(error, (ImatchUnreachable, ImatchSignInRefused))
                if gone and error.code != "not_imatch":  # a page in HTML is no description
                    raise
                log.info("%s: %s", path, error)
        return None


# -- one photo in the making


@dataclass(kw_only=True)
class _Hanging:
    """What hangs on a file, gathered call by call."""

    categories: list[Category] = field(default_factory=list)
    masters: list[RelatedFile] = field(default_factory=list)
    versions: list[RelatedFile] = field(default_factory=list)
    records: list[AttributeRecord] = field(default_factory=list)
    malformed: list[Any] = field(default_factory=list)

    @property
    def relatives(self) -> list[RelatedFile]:
        return self.masters + self.versions

    def take(self, name: str, read: Attached) -> None:
        getattr(self, name).extend(read.found)
        self.malformed.extend(read.malformed)

    def onto(self, photo: Photo) -> Photo:
        return replace(
            photo,
            categories=tuple(self.categories),
            masters=tuple(self.masters),
            versions=tuple(self.versions),
            records=tuple(self.records),
            malformed=photo.malformed + tuple(dict.fromkeys(self.malformed)),
        )


class _Meter:
    """Progress in photos, though each photo takes several kinds of calls."""

    def __init__(self, total: int, *, steps: int, report: Progress | None) -> None:
        self.total, self.steps, self.report = total, steps, report
        self.done = 0
        self._tell(0)

    def read(self, count: int) -> None:
        self.done += count
        self._tell(min(self.total, self.done // self.steps))

    def end(self) -> None:
        self._tell(self.total)

    def _tell(self, photos: int) -> None:
        if self.report:
            self.report(photos, self.total)


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


@contextlib.contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Without the cyclic garbage collector: nothing made while reading is garbage.

    2026-11-22: of 1.65 s for 5,000 photos it took 0.15 s, looking through the same records again
    and again.  Another thread that reads at the same time may wake it early; that costs only time.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()
