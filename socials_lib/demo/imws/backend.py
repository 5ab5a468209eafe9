"""The state of the simulated IMatch: one database, the user's settings, the tokens given out.

`ImwsBackend` is filled from a `Seed`, which it copies.  Everything is found by id or path, so that
a library of some ten thousand files stays quick.  Metadata exists once per file, under the one
canonical name of each tag, and becomes text only when somebody asks (`variables`).
"""

from __future__ import annotations

import copy
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PureWindowsPath
from typing import Any

from ..seed import MetadataValue, Seed, SeedFile, SeedRelation
from .attributes import AttributeStore, Record
from .categories import ALL, KEYWORDS, Category, CategoryTree
from .collection_table import PENDING_WRITE_BACK
from .refusal import LOCKED, NOT_AUTHENTICATED, Refusal, bad, not_found
from .tags import KEYWORDS as KEYWORD_TAG
from .tags import canonical, tidy
from .variables import LOCALES, NOTHING, Locale, Stored, read_date

#: Variables about the file itself and the member of `/v1/files` that says the same.
FILE_VARIABLES = {
    "File.Name": "name",
    "File.FullName": "fileName",
    "File.DateTime": "dateTime",
    "File.Size": "size",
    "File.Rating": "rating",
}

#: What a switch may be set to.
CHOICES = {
    "language": tuple(LOCALES),
    "missing_variable_style": ("error", "no value", "empty"),
    "date_style": ("date", "timestamp", "local"),
}


class StoredFile:
    """A file of the database, as it is now."""

    def __init__(self, seed: SeedFile) -> None:
        self.seed = seed
        self.file_id = seed.file_id
        self.name = PureWindowsPath(seed.path).name
        self.collections = set(seed.collections)
        self.raw = {canonical(name): value for name, value in seed.raw.items()}
        self.metadata: dict[str, MetadataValue] = {}
        for tag, value in seed.metadata.items():
            kept = tidy(canonical(tag), value)
            if kept is not None:
                self.metadata[canonical(tag)] = kept

    @property
    def size(self) -> int:
        """IMatch's idea of the bytes: the seed's, else what is on the disk now."""
        if self.seed.size is not None:
            return self.seed.size
        path = Path(self.seed.path)
        return path.stat().st_size if path.is_file() else 0

    @property
    def keywords(self) -> list[str]:
        """The hierarchical keywords."""
        found = self.metadata.get(KEYWORD_TAG, [])
        return found if isinstance(found, list) else []

    def stored(self, variable: str) -> Stored | None:
        """The value behind a variable (`variables.Source`)."""
        if variable.startswith("File.MD."):
            return self.metadata.get(canonical(variable.removeprefix("File.MD.")))
        match FILE_VARIABLES.get(variable):
            case "name":
                return self.name
            case "fileName":
                return self.seed.path
            case "dateTime":
                return read_date(self.seed.date_time)
            case "size":
                return self.size
            case "rating":
                return self.metadata.get("rating")
            case _:
                return None

    def verbatim(self, variable: str) -> object:
        """A malformed value of the seed, by the member name behind a variable."""
        if not self.raw:
            return NOTHING
        name = FILE_VARIABLES.get(variable, variable.removeprefix("File.MD."))
        return self.raw.get(canonical(name), NOTHING)


class ImwsBackend:
    """All state behind the simulated IMWS; also asked and told directly by tests.

    Switches: `language` (`de`: decimal comma, list separator `;`; `en`: dot and comma),
    `missing_variable_style` (`error`: 404, `no value`, `empty`: 200 without or with an empty
    `value`), `date_style` of attributes (`date`: 2024-03-10, `timestamp`: 2024-03-10T00:00:00,
    `local`: as the Windows language has it).
    """

    def __init__(
        self,
        seed: Seed | None = None,
        *,
        language: str = "de",
        missing_variable_style: str = "error",
        date_style: str = "date",
    ) -> None:
        self.language = language
        self.missing_variable_style = missing_variable_style
        self.date_style = date_style
        self._switches = {name: getattr(self, name) for name in CHOICES}
        self.load(seed or Seed())

    def __setattr__(self, name: str, value: Any) -> None:
        # a misspelt switch would silently test nothing
        if name in CHOICES and value not in CHOICES[name]:
            raise ValueError(f"{name} is one of {CHOICES[name]}, not {value!r}")
        super().__setattr__(name, value)

    def load(self, seed: Seed) -> None:
        """Take over another database; from now on `reset` goes back to this one."""
        self._seed = copy.deepcopy(seed)
        self.reset()

    def reset(self) -> None:
        """The database as loaded, the switches as constructed, no token, nothing about to fail."""
        seed = self._seed
        for name, value in self._switches.items():
            setattr(self, name, value)
        self.files = {one.file_id: StoredFile(one) for one in seed.files}
        if len(self.files) != len(seed.files):
            raise ValueError("two files of the seed have the same id")
        self._ascending = sorted(self.files)
        self.variables: dict[str, str | int] = dict(seed.variables)
        self._relations = _related(seed.relations)
        self.categories = CategoryTree(self.files)
        for one in seed.categories:
            self.categories.add(one.path, one.description)
            self.categories.assign(one.path, one.files)
        for file in self.files.values():
            self.categories.mirror_keywords(file.file_id, file.keywords)
        self.attributes = AttributeStore(seed.attribute_sets)
        for record in seed.records:
            self.attributes.seed(record.set, record.file_id, record.values)
        self.set_selection([])
        self.expire_tokens()
        self._locked = self._not_ok = 0

    # -- told by tests

    def expire_tokens(self) -> None:
        """From now on every token given out so far is refused."""
        self.tokens: set[str] = set()

    def lock_next(self, times: int = 1) -> None:
        """The next writes find their object locked: 409, nothing written."""
        self._locked = times

    def result_not_ok_next(self, times: int = 1) -> None:
        """The next writes get 200 with a `result` other than `ok`, nothing written."""
        self._not_ok = times

    def add_category(self, path: str, description: str = "") -> Category:
        """Make a category with its parents, as the user would in IMatch."""
        return self.categories.add(path, description)

    def remove_category(self, path: str) -> None:
        """Delete a category and everything below it."""
        self.categories.remove(path)

    def set_selection(
        self, ids: Iterable[int], *, focused: int | None = None, window: Iterable[int] | None = None
    ) -> None:
        """What is selected in the file window; without `window` it shows the whole database."""
        self.selection = list(ids)
        self.focused = focused if focused is not None else next(iter(self.selection), None)
        self.window = self._ascending if window is None else list(window)

    def set_value(self, file_id: int, tag: str, value: MetadataValue | None) -> bool:
        """Change the metadata of a file; it waits for write-back then.  True if it did change."""
        file, key = self.files[file_id], canonical(tag)
        new = tidy(key, value)
        if file.metadata.get(key) == new:
            return False
        file.metadata.pop(key, None)
        if new is not None:
            file.metadata[key] = new
        file.collections.add(PENDING_WRITE_BACK)
        if key == KEYWORD_TAG:
            self.categories.mirror_keywords(file_id, file.keywords)
        return True

    # -- asked by tests

    def files_in(self, path: str) -> list[int]:
        """The files directly in a category; KeyError if there is no such category."""
        category = self.categories.get(path)
        if category is None:
            raise KeyError(path)
        return sorted(category.files)

    def categories_of(self, file_id: int) -> list[str]:
        """The paths a file is assigned to, without the mirror of its keywords."""
        paths = (one.path for one in self.categories.of_file(file_id))
        return [path for path in paths if not path.startswith("@")]

    def records(self, name: str, file_id: int) -> list[dict[str, object]]:
        """The attribute records of a file in a set, oldest first, without instance ids."""
        return [dict(one.values) for one in self.attributes.named(name).of_file(file_id)]

    def value(self, file_id: int, tag: str) -> MetadataValue | None:
        """The stored value of a tag, by shortcode or full key; None if missing."""
        return self.files[file_id].metadata.get(canonical(tag))

    def snapshot(self, *, instance_ids: bool = False) -> dict[str, Any]:
        """Everything a client could have changed, for comparison; fit for JSON."""
        own = [path for path in self.categories.paths() if not path.startswith("@")]
        return {
            "categories": {path: self.files_in(path) for path in own},
            "attributes": {
                name: _by_file(one.records.values(), instance_ids=instance_ids)
                for name, one in self.attributes.sets.items()
            },
            "metadata": {str(n): copy.deepcopy(self.files[n].metadata) for n in self._ascending},
            "collections": {
                str(n): sorted(self.files[n].collections)
                for n in self._ascending
                if self.files[n].collections
            },
        }

    # -- asked by the service

    @property
    def locale(self) -> Locale:
        """The Windows settings that `language` stands for."""
        return LOCALES[self.language]

    def sign_in(self) -> str:
        """A new token."""
        token = secrets.token_hex(8)
        self.tokens.add(token)
        return token

    def check_token(self, token: str | None) -> None:
        """Refuse a token that is missing, unknown or expired."""
        if token not in self.tokens:
            raise Refusal(401, NOT_AUTHENTICATED, "not authenticated: auth_token is not valid")

    def may_write(self) -> bool:
        """False if this write is to fail without saying why; refuses it if locked."""
        if self._locked > 0:
            self._locked -= 1
            raise Refusal(409, LOCKED, "cannot lock object, another client changes it; try later")
        if self._not_ok > 0:
            self._not_ok -= 1
            return False
        return True

    def known(self, ids: Iterable[int]) -> list[StoredFile]:
        """The files that exist, by ascending id; a removed file is simply not there."""
        return [self.files[one] for one in sorted(set(ids)) if one in self.files]

    def existing(self, ids: Sequence[int]) -> list[StoredFile]:
        """The files to be changed; all of them have to exist."""
        for one in ids:
            if one not in self.files:
                raise not_found(f"file {one} does not exist")
        return self.known(ids)

    def id_list(self, name: str) -> Sequence[int]:
        """The ids behind a dynamic list (facts, section 10)."""
        match name:
            case "@IMWS.allfiles":
                return self._ascending
            case "@imatch.filewindow.active.selection":
                return self.selection
            case "@imatch.filewindow.active.focusedfile":
                return [] if self.focused is None else [self.focused]
            case "@imatch.filewindow.active.files":
                return self.window
            case _:
                raise bad(f"unknown idlist '{name}'")

    def related(self, file_id: int, kind: str) -> Mapping[tuple[int, str], list[int]]:
        """The `masters` or `versions` of a file, grouped by the rule that relates them."""
        return self._relations[kind].get(file_id, {})

    def assign(self, path: str, ids: Sequence[int], *, put_in: bool) -> None:
        """Assign files to a category that exists, or take them out of it."""
        if self.categories.get(path) is None:
            raise not_found(f"category '{path}' does not exist")
        files = self.existing(ids)
        if path.startswith(f"{KEYWORDS}|"):
            self._change_keyword(path.removeprefix(f"{KEYWORDS}|"), files, put_in=put_in)
        elif path in (ALL, KEYWORDS):
            raise bad(f"category '{path}' is filled by IMatch")
        elif put_in:
            self.categories.assign(path, ids)
        else:
            self.categories.unassign(path, ids)

    def _change_keyword(self, word: str, files: Sequence[StoredFile], *, put_in: bool) -> None:
        """Assigning to a keyword category changes the metadata of the file (facts, 5.2)."""
        for one in files:
            others = [keyword for keyword in one.keywords if keyword != word]
            if put_in and word in one.keywords:
                continue
            self.set_value(one.file_id, KEYWORD_TAG, [*others, word] if put_in else others)


def _related(
    relations: Iterable[SeedRelation],
) -> dict[str, dict[int, dict[tuple[int, str], list[int]]]]:
    """Both directions of the relations: kind -> file -> rule -> related files."""
    found: dict[str, dict[int, dict[tuple[int, str], list[int]]]] = {"masters": {}, "versions": {}}
    for one in relations:
        rule = (one.rule_id, one.rule_name)
        found["versions"].setdefault(one.master, {}).setdefault(rule, []).append(one.version)
        found["masters"].setdefault(one.version, {}).setdefault(rule, []).append(one.master)
    return found


def _by_file(records: Iterable[Record], *, instance_ids: bool) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in sorted(records, key=lambda record: (record.file_id, record.instance_id)):
        extra = {"instanceId": one.instance_id} if instance_ids else {}
        found.setdefault(str(one.file_id), []).append({**extra, **one.values})
    return found
