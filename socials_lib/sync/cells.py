"""Cells of a change set while they are written: their order, their words, the way back.  Pure.

A cell of categories holds in `old` the paths that are left and in `new` those that are joined;
what is `found` of it are those of both that the photo is in.  A cell of an attribute column is
about the file's own record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from socials_lib import bulk
from socials_lib.errors import (
    ChangedSince,
    ImatchError,
    ImatchSignInRefused,
    ImatchUnreachable,
    ReadBackDiffers,
)
from socials_lib.imatch.metadata import OwnValues
from socials_lib.imatch.refusals import category_missing
from socials_lib.journal import NewCell, StoredCell
from socials_lib.models import AttributeRecord, PlatformName

Value = bulk.Value
#: What IMatch holds of a cell; None if nobody can read it.
Finder = Callable[[StoredCell], Value | None]

#: Photos that are looked at together before they are written one by one.
TOGETHER = 100
#: No other photo would fare better.
_ALL_CODES = ("metadata_not_possible", "not_writable")


def new_cell(cell: bulk.Cell) -> NewCell:
    """A cell of `bulk` as the journal takes it."""
    return NewCell(
        file_id=cell.file_id,
        path=cell.path,
        title=cell.title,
        field=cell.field,
        old=cell.before,
        new=cell.after,
    )


def reversed_cell(cell: StoredCell) -> NewCell:
    """The way back from what IMatch has now: for a cell that `differs` that is what was found."""
    old, new = cell.new, cell.old
    if cell.found is not None and cell.field == "categories":
        old = tuple(one for one in cell.new if one in cell.found)
        new = tuple(one for one in cell.old if one not in cell.found)
    elif cell.found is not None:
        old = cell.found
    return NewCell(
        file_id=cell.file_id,
        path=cell.path,
        title=cell.title,
        field=cell.field,
        old=old,
        new=new,
    )


def in_words(cells: Iterable[NewCell]) -> str:
    """`38 headlines, keywords of 12 photos`."""
    counts = Counter(one.field for one in cells)
    return ", ".join(_counted(name, count) for name, count in counts.items())


def _counted(name: str, count: int) -> str:
    label, many = bulk.FIELDS[name].label, "" if count == 1 else "s"
    if bulk.FIELDS[name].kind == "list":
        return f"{label} of {count:,} photo{many}"
    return f"{count:,} {label}{many}"


def together(cells: Sequence[StoredCell]) -> Iterator[list[StoredCell]]:
    """The cells of a hundred photos at a time, each photo whole."""
    some: list[StoredCell] = []
    for one in by_file(cells):
        some += one
        if len({cell.file_id for cell in some}) >= TOGETHER:
            yield some
            some = []
    if some:
        yield some


def by_file(cells: Iterable[StoredCell]) -> list[list[StoredCell]]:
    """The cells of each photo."""
    found: dict[str, list[StoredCell]] = {}
    for cell in cells:
        found.setdefault(cell.file_id, []).append(cell)
    return list(found.values())


def kind_of(cell: NewCell) -> str:
    """How a cell is written: `text`, `column` or `categories`."""
    if cell.field in bulk.ATTRIBUTES:
        return "column"
    return "categories" if cell.field == "categories" else "text"


def platform_of(cell: NewCell) -> PlatformName:
    """The attribute set of a cell of kind `column`."""
    platform = bulk.FIELDS[cell.field].platform
    assert platform is not None  # every field in ATTRIBUTES has one
    return platform


def column_of(cell: NewCell) -> str:
    """The column of a cell of kind `column`."""
    return bulk.FIELDS[cell.field].column


def by_record(cells: Iterable[StoredCell]) -> list[list[StoredCell]]:
    """The cells of each file and attribute set."""
    found: dict[tuple[str, str], list[StoredCell]] = {}
    for cell in cells:
        found.setdefault((cell.file_id, platform_of(cell)), []).append(cell)
    return list(found.values())


def by_path(
    cells: Iterable[StoredCell], paths: Callable[[StoredCell], Value]
) -> dict[str, list[str]]:
    """Category -> the photos that join or leave it."""
    found: dict[str, list[str]] = {}
    for cell in cells:
        for path in paths(cell):
            found.setdefault(path, []).append(cell.file_id)
    return found


def found_text(own: Mapping[str, OwnValues]) -> Finder:
    """What a file itself has of a text, or its keywords."""

    def find(cell: StoredCell) -> Value | None:
        file = own.get(cell.file_id)
        if file is None or cell.field in file.unreadable:
            return None
        return file.values[cell.field]

    return find


def found_paths(inside: Mapping[str, frozenset[str]]) -> Finder:
    """In which of the categories of a cell the photo is."""

    def find(cell: StoredCell) -> Value | None:
        paths = inside.get(cell.file_id, frozenset())
        return tuple(one for one in (*cell.old, *cell.new) if one in paths)

    return find


def found_column(records: Iterable[AttributeRecord]) -> Finder:
    """What the own record of a file has in a column; "" without a record."""
    own: dict[tuple[str, str], AttributeRecord] = {}
    for one in records:
        own.setdefault((one.file_id, one.set), one)

    def find(cell: StoredCell) -> Value | None:
        record = own.get((cell.file_id, platform_of(cell)))
        return record.values.get(column_of(cell), "") if record is not None else ""

    return find


def is_half_done(cell: StoredCell) -> bool:
    """True if we may have died between joining and leaving the categories of a cell."""
    return cell.field == "categories" and cell.state == "written"


# -- facts in words


def is_everybodys(error: ImatchError) -> bool:
    """True for trouble of IMatch as a whole, and for an end that nobody knows."""
    gone = isinstance(error, (ImatchUnreachable, ImatchSignInRefused))
    return gone or error.unclear or error.code in _ALL_CODES


def gone(cell: NewCell) -> ImatchError:
    """The file is no longer in the database."""
    return ImatchError(
        f"“{cell.title}” is no longer in the IMatch database.", hint="Read IMatch again."
    )


def other_file(cell: NewCell, path: str) -> ChangedSince:
    """The id belongs to another file by now, or the file was moved."""
    return ChangedSince(
        f"“{cell.title}” was {cell.path}, IMatch now has {path} under its id. It was left alone.",
        hint="Was it moved, or is another database open? Propose the change anew.",
    )


def changed(cell: NewCell, found: Value | None) -> ChangedSince:
    """The value is not the one that was to be overwritten."""
    label = bulk.FIELDS[cell.field].label
    are = "have" if label.endswith("s") else "has"
    return ChangedSince(
        f"The {label} of “{cell.title}” {are} changed since: expected “{_shown(cell.old)}”, IMatch"
        f" has “{_shown(found)}”. It was left alone.",
        hint="Look at the photo again and propose the change anew.",
    )


def not_kept(cell: NewCell) -> ReadBackDiffers:
    """IMatch said ok, but the photo is not where it was put."""
    return ReadBackDiffers(
        f"IMatch did not keep the categories of “{cell.title}”: wrote “{_shown(cell.new)}”.",
        hint="Is the category filled by IMatch itself (by a formula, or from data)?",
    )


def missing(path: str) -> ImatchError:
    """The person must create this category."""
    return category_missing(path)


def _shown(value: Value | None) -> str:
    if value is None:
        return "something that cannot be read"
    text = " ".join(bulk.as_text(value).split())
    return (text if len(text) <= 120 else f"{text[:119]}…") or "–"
