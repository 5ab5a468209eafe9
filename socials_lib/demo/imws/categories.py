"""The category tree: paths joined with `|`, files assigned to single categories (facts, 5).

`@All` and the mirror of the keywords, `@Keywords|…`, stand in the same tree.  `@All` holds every
file but nobody is *assigned* to it; keyword categories come and go with the keywords.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

ALL = "@All"
KEYWORDS = "@Keywords"

#: The first category id of a fresh database: not a file id, not 1.
FIRST_CATEGORY = 7001


@dataclass(kw_only=True)
class Category:
    """One category with the files assigned to this very one."""

    category_id: int
    path: str
    description: str = ""
    files: set[int] = field(default_factory=set)
    children: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The last level of the path."""
        return self.path.rpartition("|")[2]


class CategoryTree:
    """All categories; compares paths exactly, upper and lower case differ."""

    def __init__(self, files: Iterable[int]) -> None:
        self._ids = itertools.count(FIRST_CATEGORY)
        self._by_path: dict[str, Category] = {}
        self._by_id: dict[int, str] = {}
        self._of_file: dict[int, set[str]] = {}
        self.add(ALL).files = set(files)
        self.add(KEYWORDS)

    def add(self, path: str, description: str = "") -> Category:
        """The category of this path, made with its parents if it is not there."""
        found = self._by_path.get(path)
        if found is not None:
            found.description = description or found.description
            return found
        made = Category(category_id=next(self._ids), path=path, description=description)
        self._by_path[path] = made
        self._by_id[made.category_id] = path
        parent = path.rpartition("|")[0]
        if parent:
            self.add(parent).children.add(path)
        return made

    def remove(self, path: str) -> None:
        """Delete a category and all below it; its files stay in the database."""
        category = self._by_path[path]
        for child in list(category.children):
            self.remove(child)
        self.unassign(path, list(category.files))
        parent = self._by_path.get(path.rpartition("|")[0])
        if parent is not None:
            parent.children.discard(path)
        del self._by_path[path], self._by_id[category.category_id]

    def get(self, path: str) -> Category | None:
        """The category of exactly this path."""
        return self._by_path.get(path)

    def with_id(self, category_id: int) -> Category | None:
        """The category of this id."""
        return self._by_path.get(self._by_id.get(category_id, ""))

    def paths(self) -> list[str]:
        """The paths of all categories, parents before their children."""
        return sorted(self._by_path)

    def assign(self, path: str, files: Iterable[int]) -> None:
        """Put files into a category that exists."""
        category = self._by_path[path]
        for one in files:
            category.files.add(one)
            self._of_file.setdefault(one, set()).add(path)

    def unassign(self, path: str, files: Iterable[int]) -> None:
        """Take files out; those that are not in it do not matter."""
        category = self._by_path[path]
        for one in files:
            category.files.discard(one)
            self._of_file.get(one, set()).discard(path)

    def of_file(self, file_id: int) -> list[Category]:
        """The categories a file is assigned to; their parents are not among them."""
        return [self._by_path[path] for path in sorted(self._of_file.get(file_id, ()))]

    def all_files(self, category: Category) -> set[int]:
        """The files of a category and of everything below it."""
        found = set(category.files)
        for path in category.children:
            found |= self.all_files(self._by_path[path])
        return found

    def children(self, category: Category) -> list[Category]:
        """The categories one level below, by path."""
        return [self._by_path[path] for path in sorted(category.children)]

    def mirror_keywords(self, file_id: int, keywords: Iterable[str]) -> None:
        """Make the keyword categories of a file those of its hierarchical keywords."""
        wanted = {f"{KEYWORDS}|{keyword}" for keyword in keywords}
        there = {p for p in self._of_file.get(file_id, ()) if p.startswith(f"{KEYWORDS}|")}
        for path in wanted - there:
            self.add(path)
            self.assign(path, [file_id])
        for path in there - wanted:
            self.unassign(path, [file_id])
            self._prune(path)

    def _prune(self, path: str) -> None:
        """Drop keyword categories that no file needs any more."""
        while path != KEYWORDS:
            category = self._by_path[path]
            if category.files or category.children:
                return
            self.remove(path)
            path = path.rpartition("|")[0]
