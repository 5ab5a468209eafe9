"""Categories: who is in them, joining, leaving, mirroring problems to error leaves.

IMatch has no call to create a category: one that is missing is reported with its exact path.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from socials_lib.errors import ImatchError
from socials_lib.imatch.client import MAX_IDS, ImwsClient
from socials_lib.imatch.records import ids_of, parse_text
from socials_lib.imatch.refusals import category_missing, holds, is_definite
from socials_lib.models import Category, PlatformName, root_category

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class MirrorReport:
    """What mirroring problems changed: counts of files, and the paths of leaves to create."""

    added: int = 0
    removed: int = 0
    missing: tuple[str, ...] = ()


class CategoryCalls:
    """Reads categories and changes who is in them."""

    client: ImwsClient

    def members(self, path: str) -> frozenset[str] | None:
        """Files directly in the category; None if it does not exist."""
        files = self._files(path, "directFiles")
        return None if files is None else frozenset(files)

    def below(self, path: str) -> frozenset[str] | None:
        """Files in the category and in all below it; None if it does not exist."""
        files = self._files(path, "files")
        return None if files is None else frozenset(files)

    def join(self, path: str, file_ids: Iterable[str]) -> None:
        """Assign files to a category, which must exist: IMatch creates none."""
        members = self.members(path)
        if members is None:
            raise category_missing(path, self._similar(path))
        self._assign("assign", path, [one for one in file_ids if one not in members])

    def leave(self, path: str, file_ids: Iterable[str]) -> None:
        """Take files out of a category; fine if they are not in it or it does not exist."""
        ids = frozenset(file_ids)
        try:
            self._assign("unassign", path, ids)
        except ImatchError:
            if not holds(lambda: ids.isdisjoint(self.members(path) or ())):
                raise

    def mirror(
        self,
        platform: PlatformName,
        wanted: Mapping[str, Collection[str]],
        *,
        within: Collection[str] | None = None,
    ) -> MirrorReport:
        """Make leaves of `Socials|P|__errors` hold exactly these files; other leaves are left.

        Files outside `within` (None: no file is) stay in the leaves they are in.
        """
        root = f"{root_category(platform)}|__errors"
        tree = self._category(root, "path,files,directfiles,children")
        leaves = {} if tree is None else {one["path"]: one for one in _descendants(tree)}
        added = removed = 0
        missing = []
        for name, file_ids in wanted.items():
            path = f"{root}|{name}"
            if path not in leaves:
                missing.append(path)
                continue
            have, want = frozenset(_member_ids(leaves[path])), frozenset(file_ids)
            gone = have - want if within is None else (have - want) & frozenset(within)
            self._assign("unassign", path, gone)
            self._assign("assign", path, want - have)
            removed += len(gone)
            added += len(want - have)
        return MirrorReport(added=added, removed=removed, missing=tuple(missing))

    def album_categories(self) -> tuple[Category, ...]:
        """The categories below `Socials|flickr|albums`; the description holds the album id."""
        return self._below(f"{root_category('flickr')}|albums")

    def group_categories(self) -> tuple[Category, ...]:
        """The categories below `Socials|flickr|groups`; the description holds the group id."""
        return self._below(f"{root_category('flickr')}|groups")

    def _below(self, path: str) -> tuple[Category, ...]:
        tree = self._category(path, "path,name,description,children")
        return tuple(
            Category(path=one["path"], description=_description(one))
            for one in (() if tree is None else _descendants(tree))
        )

    def _assign(self, verb: str, path: str, file_ids: Iterable[str]) -> None:
        ids = sorted(file_ids, key=lambda one: (len(one), one))
        for start in range(0, len(ids), MAX_IDS):  # no ids, no call: "" could mean every file
            part = ids[start : start + MAX_IDS]
            params = {"path": path, "fileid": ",".join(part)}
            self.client.post(f"/v1/categories/{verb}", params, batch=len(part) > 1)

    def _files(self, path: str, member: str) -> tuple[str, ...] | None:
        category = self._category(path, f"path,{member.lower()}")
        if category is None:
            return None
        files = category.get(member, [])
        if not isinstance(files, list):
            raise ImatchError(
                f"IMatch's list of the files in `{path}` cannot be read.",
                hint="Try again; if it stays, save IMatch's own words for a bug report.",
                details=repr(files)[:200],
            )
        return ids_of(files)

    def _category(self, path: str, fields: str) -> dict[str, Any] | None:
        """The category of exactly this path, None if it is missing (empty list or "not found")."""
        try:
            answer = self.client.get("/v1/categories", {"path": path, "fields": fields}, batch=True)
        except ImatchError as error:
            words = error.details.casefold()
            if is_definite(error) and (error.status == 404 or "not found" in words):
                return None
            raise
        listed = answer.get("categories")
        for one in listed if isinstance(listed, list) else []:
            if isinstance(one, dict) and one.get("path", path) == path:
                return {**one, "path": path}
        return None

    def _similar(self, path: str) -> str:
        return self._siblings_of((path,))[1].get(path, "")

    def _siblings_of(self, paths: Sequence[str]) -> tuple[dict[str, bool], dict[str, str]]:
        """One read per parent instead of one per path."""
        exists: dict[str, bool] = {}
        similar: dict[str, str] = {}
        children: dict[str, list[str]] = {}
        for path in paths:
            parent = path.rpartition("|")[0]
            if parent and parent not in children:
                tree = self._category(parent, "path,name,children")
                children[parent] = [one["path"] for one in _descendants(tree)] if tree else []
            siblings = children.get(parent, [])
            exists[path] = path in siblings or (
                not siblings and self._category(path, "path") is not None
            )
            if not exists[path]:
                folded = [one for one in siblings if one.casefold() == path.casefold()]
                similar |= dict.fromkeys([path], folded[0]) if folded else {}
        return exists, similar


def _descendants(category: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All categories below, each with its full `path`; deeper levels if IMatch sends them."""
    children = category.get("children")
    found: list[dict[str, Any]] = []
    for child in children if isinstance(children, list) else []:
        if not isinstance(child, dict):
            continue
        path = child.get("path") or f"{category['path']}|{child.get('name', '')}"
        known = {**child, "path": str(path)}
        found += [known, *_descendants(known)]
    return found


def _member_ids(leaf: Mapping[str, Any]) -> tuple[str, ...]:
    return ids_of(leaf["directFiles"] if "directFiles" in leaf else leaf.get("files"))


def _description(category: Mapping[str, Any]) -> str:
    try:
        return parse_text(category.get("description"))
    except ValueError:
        log.warning("the description of %s cannot be read", category["path"])
        return ""
