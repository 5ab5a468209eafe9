"""The steps of a recipe: small frozen records, each with what it does to a photo in work.

A step is written down as JSON by its name in `catalogue.STEPS` and its own members, and as Python
by its `repr`.  `ready` checks it and gives the function that does the work, so that patterns,
templates and tables are made once for all photos; it raises `RecipeError` for what cannot be used.

On `keywords` the steps for texts work on each keyword; one that becomes empty goes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Protocol

from socials_lib import formatting
from socials_lib.bulk import fields, words
from socials_lib.bulk.fields import Value
from socials_lib.bulk.patterns import MOST_LETTERS, Pattern, check_length
from socials_lib.bulk.rendering import renderer
from socials_lib.errors import RecipeError
from socials_lib.models import Photo


class Work:
    """A photo while a recipe works on it: what was changed so far, on top of what it has."""

    __slots__ = ("changed", "photo")

    def __init__(self, photo: Photo) -> None:
        self.photo = photo
        self.changed: dict[str, Value] = {}

    def get(self, name: str) -> Value:
        """The value as it is by now."""
        return self.changed[name] if name in self.changed else fields.value_of(self.photo, name)

    def text(self, name: str) -> str:
        """The same as text."""
        return fields.as_text(self.get(name))

    def items(self, name: str) -> tuple[str, ...]:
        """The entries of a list as they are by now."""
        found = self.get(name)
        return found if isinstance(found, tuple) else (found,)

    def set(self, name: str, value: Value) -> None:
        """Change the value."""
        self.changed[name] = _bounded(value)

    def each(self, name: str, change: Callable[[str], str]) -> None:
        """Change a text, or every entry of a list."""
        found = self.get(name)
        if isinstance(found, str):
            self.changed[name] = _bounded(change(found))
        else:
            made = (_one_line(change(one), one) for one in found)
            self.changed[name] = _bounded(tuple(dict.fromkeys(filter(None, made))))


def _bounded(value: Value) -> Value:
    """The value; steps that double a text again and again end here."""
    longest = len(value) if isinstance(value, str) else max(map(len, value), default=0)
    if longest > MOST_LETTERS:
        raise RecipeError(f"It makes a text of more than {MOST_LETTERS:,} letters.")
    return value


def _one_line(new: str, old: str) -> str:
    """An entry that was not changed stays as IMatch has it."""
    return old if new == old else " ".join(new.split())


Doing = Callable[[Work], None]


class Step(Protocol):
    """What all steps have."""

    def ready(self) -> Doing:
        """The function that does it; raises `RecipeError` if the step cannot be used."""


@dataclass(frozen=True, kw_only=True)
class Set:
    """Give a field a value; keywords are separated by semicolons."""

    field: str
    value: str
    only_missing: bool = False

    def ready(self) -> Doing:
        """See `Step`."""
        fields.check_value(self.field)
        value = fields.parsed(self.field, self.value)
        return _setting(self.field, lambda _: value, only_missing=self.only_missing)


@dataclass(frozen=True, kw_only=True)
class Template:
    """Give a field what a Jinja2 template makes of the photo, as far as the recipe has come."""

    field: str
    template: str
    only_missing: bool = False

    def ready(self) -> Doing:
        """See `Step`."""
        fields.check_value(self.field)
        render, name = renderer(self.template), self.field
        return _setting(
            name,
            lambda work: fields.parsed(name, render(work.get, work.photo)),
            only_missing=self.only_missing,
        )


@dataclass(frozen=True, kw_only=True)
class Replace:
    """Replace a plain text wherever it occurs."""

    field: str
    find: str
    replace: str = ""
    ignore_case: bool = False
    whole_words: bool = False

    def ready(self) -> Doing:
        """See `Step`."""
        fields.check_value(self.field)
        if not self.find:
            raise RecipeError("Nothing is looked for.", hint="Type the text to be replaced.")
        check_length("replacement", self.replace)
        change = words.replacer(
            self.find, self.replace, ignore_case=self.ignore_case, whole_words=self.whole_words
        )
        return lambda work: work.each(self.field, change)


@dataclass(frozen=True, kw_only=True)
class Regex:
    r"""Replace by a regular expression (package `regex`); `\1`, `\g<name>` stand for groups."""

    field: str
    pattern: str
    replace: str = ""
    ignore_case: bool = False

    def ready(self) -> Doing:
        """See `Step`."""
        fields.check_value(self.field)
        pattern = Pattern(self.pattern, ignore_case=self.ignore_case)
        return lambda work: work.each(self.field, lambda text: pattern.replaced(text, self.replace))


@dataclass(frozen=True, kw_only=True)
class Trim:
    """Take white space off both ends, control characters out, and doubled blanks together."""

    field: str

    def ready(self) -> Doing:
        """See `Step`."""
        fields.check_value(self.field)
        return lambda work: work.each(self.field, words.trimmed)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Change letters: `upper`, `lower`, `words` (every initial), `sentence` (the first one)."""

    field: str
    to: words.LetterCase

    def ready(self) -> Doing:
        """See `Step`."""
        fields.check_value(self.field)
        return lambda work: work.each(self.field, lambda text: words.in_case(text, self.to))


@dataclass(frozen=True, kw_only=True)
class Typography:
    """Set quotes, dashes and dots as printed."""

    field: str

    def ready(self) -> Doing:
        """See `Step`."""
        fields.check_value(self.field)
        return lambda work: work.each(self.field, words.typography)


@dataclass(frozen=True, kw_only=True)
class Shorten:
    """Cut a text that has more than so many letters, at the end of a word."""

    field: str
    letters: int

    def ready(self) -> Doing:
        """See `Step`."""
        fields.check_text(self.field)
        if self.letters < 1:
            raise RecipeError("A text cannot be shortened to less than one letter.")
        return lambda work: work.each(
            self.field,
            lambda text: (
                text
                if len(text) <= self.letters
                else formatting.shorten_at_word(text, self.letters)
            ),
        )


@dataclass(frozen=True, kw_only=True)
class Copy:
    """Copy one field to another; a missing one is not copied, so nothing is emptied by it."""

    field: str
    to: str
    only_missing: bool = False

    def ready(self) -> Doing:
        """See `Step`."""
        if fields.field(self.field).kind != "text":
            raise RecipeError(
                f"The field “{self.field}” is no text and cannot be copied.",
                hint="A template can make a text of it.",
            )
        fields.check_text(self.to)

        def value(work: Work) -> Value:
            found = work.text(self.field)
            return work.get(self.to) if fields.is_missing(found) else found

        return _setting(self.to, value, only_missing=self.only_missing)


@dataclass(frozen=True, kw_only=True)
class Map:
    """Exchange whole values by a table; what is not in the table stays."""

    field: str
    table: Mapping[str, str] = dataclass_field(default_factory=dict)
    ignore_case: bool = False

    def ready(self) -> Doing:
        """See `Step`."""
        fields.check_value(self.field)
        change = words.mapper(self.table, ignore_case=self.ignore_case)
        return lambda work: work.each(self.field, change)


@dataclass(frozen=True, kw_only=True)
class AddKeywords:
    """Add keywords, levels joined with `|`; those that are there stay where they are."""

    keywords: tuple[str, ...]

    def ready(self) -> Doing:
        """See `Step`."""
        wanted = _some(self.keywords, "keyword")
        return lambda work: work.set(
            "keywords", tuple(dict.fromkeys((*work.items("keywords"), *wanted)))
        )


@dataclass(frozen=True, kw_only=True)
class RemoveKeywords:
    """Remove keywords; with `branch` also everything below them."""

    keywords: tuple[str, ...]
    branch: bool = False

    def ready(self) -> Doing:
        """See `Step`."""
        doomed = _some(self.keywords, "keyword")

        def goes(keyword: str) -> bool:
            if self.branch:
                return any(words.below(keyword, one) for one in doomed)
            return keyword in doomed

        return lambda work: work.set(
            "keywords", tuple(one for one in work.items("keywords") if not goes(one))
        )


@dataclass(frozen=True, kw_only=True)
class RenameKeyword:
    """Rename a keyword with everything below it: `Places|Coast` -> `Coast`."""

    keyword: str
    to: str

    def ready(self) -> Doing:
        """See `Step`."""
        (old,), (new,) = _some((self.keyword,), "keyword"), _some((self.to,), "keyword")
        return lambda work: work.each(
            "keywords", lambda one: new + one[len(old) :] if words.below(one, old) else one
        )


@dataclass(frozen=True, kw_only=True)
class Assign:
    """Put into a category, which must exist in IMatch: an album, a group, `_update`, …"""

    category: str

    def ready(self) -> Doing:
        """See `Step`."""
        path = _own_category(self.category)
        return lambda work: work.set(
            "categories", tuple(dict.fromkeys((*work.items("categories"), path)))
        )


@dataclass(frozen=True, kw_only=True)
class Unassign:
    """Take out of a category; with `branch` also out of all below it."""

    category: str
    branch: bool = False

    def ready(self) -> Doing:
        """See `Step`."""
        path, branch = _own_category(self.category), self.branch

        def goes(one: str) -> bool:
            return words.below(one, path) if branch else one == path

        return lambda work: work.set(
            "categories", tuple(one for one in work.items("categories") if not goes(one))
        )


@dataclass(frozen=True, kw_only=True)
class Edit:
    """Cells edited by hand: file id -> field -> text; keywords are separated by semicolons."""

    values: Mapping[str, Mapping[str, str]] = dataclass_field(default_factory=dict)

    def ready(self) -> Doing:
        """See `Step`."""
        parsed: dict[str, dict[str, Value]] = {}
        for file_id, cells in self.values.items():
            for name, text in cells.items():
                fields.check_value(name)
                parsed.setdefault(file_id, {})[name] = fields.parsed(name, text)
        return lambda work: work.changed.update(parsed.get(work.photo.file_id, {}))


def _setting(name: str, value: Callable[[Work], Value], *, only_missing: bool) -> Doing:
    def doing(work: Work) -> None:
        if not only_missing or fields.is_missing(work.get(name)):
            work.set(name, value(work))

    return doing


def _some(given: tuple[str, ...], what: str) -> tuple[str, ...]:
    found = fields.tidy_list(given)
    if not found or len(found) < len(set(given)):
        raise RecipeError(f"A {what} is empty.", hint=f"Type the {what} with all its levels.")
    return found


def _own_category(path: str) -> str:
    """A category that may be assigned: keyword categories are changed as keywords."""
    (found,) = _some((path,), "category")
    if found.startswith("@"):
        raise RecipeError(
            f"The category `{found}` is filled by IMatch.", hint="Change the keywords instead."
        )
    return found
