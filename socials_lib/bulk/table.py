"""Change sets as CSV and back: one line per cell, `file_id, name, field, before, after`.

The person edits the column `after` in a spreadsheet and loads the file again; `before` shows what
the cell held when it was written, so a photo that was changed since is a conflict and left alone.

Spreadsheets compute what looks like a formula and rewrite what looks like a number or a date
(`007` -> 7, `3-4` -> 3 April).  Such cells get a leading apostrophe, which is taken off on the way
back; an apostrophe before anything else is the person's own and stays.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from socials_lib.bulk import fields
from socials_lib.bulk.changes import ChangeSet, propose
from socials_lib.bulk.fields import Value
from socials_lib.bulk.recipes import Recipe
from socials_lib.bulk.steps import Edit
from socials_lib.errors import RecipeError
from socials_lib.models import Photo

COLUMNS = ("file_id", "name", "field", "before", "after")
_MOST_LETTERS = 50_000_000
_MOST_IN_A_CELL = 1_000_000
_LONGEST_NUMBER = 60
_INVISIBLE = " \u00a0\u200b\u200c\u200d\u2060\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
_MONTH = "(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)"
#: Numbers, dates, times, and the words that spreadsheets know.
_REWRITTEN = re.compile(
    r"[\d.,:/\s%€$£-]*\d[\d.,:/\s%€$£-]*|\d+(?:[.,]\d+)?e[-+]?\d+|true|false|wahr|falsch"
    rf"|\d{{1,4}}[ .-]*{_MONTH}\w*\.?[ .-]*\d{{0,4}}|{_MONTH}\w*\.?[ -]\d{{1,4}}",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A line whose cell was changed in IMatch since the file was written; it is left alone."""

    file_id: str
    field: str
    before: str
    found: str
    after: str


@dataclass(frozen=True, kw_only=True)
class TableRead:
    """What a file came to: the changes, the conflicts, and lines that say nothing, in words."""

    change_set: ChangeSet
    conflicts: tuple[Conflict, ...] = ()
    faults: tuple[str, ...] = ()


def change_set_csv(change_set: ChangeSet) -> str:
    """The chosen cells; the text begins with a byte order mark, write it as UTF-8.

    Cells of categories are for reading only: they are not taken back.
    """
    return _csv(
        (one.file_id, one.name, one.field, one.shown_before, one.after) for one in change_set.chosen
    )


def photos_csv(photos: Iterable[Photo], names: Iterable[str]) -> str:
    """These fields of photos, ready to be edited: `after` is as `before`."""
    wanted = tuple(names)
    for name in wanted:
        fields.check_value(name)
    return _csv(
        (photo.file_id, photo.name, name, value, value)
        for photo in photos
        for name in wanted
        for value in (fields.value_of(photo, name),)
    )


#: Field -> the heading that people find in IMatch's own list of tags.
_HEADINGS = {
    "title": "Title",
    "headline": "Headline",
    "description": "Description",
    "alt_text": "Alt Text (Accessibility)",
    "circa_date": "Circa Date Created",
    "keywords": "Hierarchical Keywords",
}


def import_csv(change_set: ChangeSet, photos: Iterable[Photo]) -> str:
    """The chosen texts and keywords as IMatch's own CSV import takes them: one line a file.

    The first column is the full path, by which IMatch finds the file.  Every field that changes
    anywhere is a column; a file whose value stays gets the one it has, since an empty cell could
    clear it.  No apostrophes here: no spreadsheet reads this.
    """
    known = {photo.file_id: photo for photo in photos}
    cells = {one.key: one for one in change_set.chosen if one.is_metadata}
    names = [one for one in fields.METADATA if any(key[1] == one for key in cells)]
    out = io.StringIO(newline="")
    out.write("\ufeff")
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(["FileName", *(_HEADINGS[one] for one in names)])
    for file_id in dict.fromkeys(key[0] for key in cells):
        photo = known[file_id]
        values = [
            cells[file_id, one].after if (file_id, one) in cells else fields.own_value(photo, one)
            for one in names
        ]
        table.writerow([photo.path, *(fields.as_text(one).replace("\0", "") for one in values)])
    return out.getvalue()


def _csv(lines: Iterable[tuple[str, str, str, Value, Value]]) -> str:
    out = io.StringIO(newline="")
    out.write("\ufeff")
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for file_id, name, field, before, after in lines:
        shown = (name, field, fields.as_text(before), fields.as_text(after))
        table.writerow([file_id, *map(guarded, shown)])
    return out.getvalue()


def guarded(text: str) -> str:
    """The text so that a spreadsheet keeps it as it is."""
    return f"'{text}" if _needs_guard(text) else text.replace("\0", "\ufffd")


def bare(cell: str) -> str:
    """The text of a cell: the apostrophe that we put there is taken off."""
    return cell[1:] if cell.startswith("'") and _needs_guard(cell[1:]) else cell


def _needs_guard(text: str) -> bool:
    visible = text.lstrip(_INVISIBLE)
    if visible.startswith(_FORMULA):
        return True
    return len(visible) <= _LONGEST_NUMBER and _REWRITTEN.fullmatch(visible.rstrip()) is not None


# -- reading


def read_csv(table: str | bytes, photos: Iterable[Photo], *, name: str = "table") -> TableRead:
    """The changes that an edited table asks for; raises `RecipeError` if it is no such table.

    The bytes of a file (called `name` in errors) are read as UTF-8 or, with its mark, UTF-16; in
    any other encoding letters could be lost unseen, and would be written to IMatch.
    """
    text = table if isinstance(table, str) else _decoded(name, table)
    known = {photo.file_id: photo for photo in photos}
    edits: dict[str, dict[str, str]] = {}
    conflicts: list[Conflict] = []
    faults: list[str] = []
    for number, line in _lines(text):
        fault = _fault(line, known, edits)
        if fault:
            faults.append(f"Line {number}: {fault}")
            continue
        file_id, name = line["file_id"], line["field"]
        photo = known[file_id]
        if line["after"] == line["before"]:
            continue
        found = _plain(fields.as_text(fields.value_of(photo, name)))
        if found == line["after"]:
            continue
        if found != line["before"]:
            conflicts.append(
                Conflict(
                    file_id=file_id,
                    field=name,
                    before=line["before"],
                    found=found,
                    after=line["after"],
                )
            )
            continue
        edits.setdefault(file_id, {})[name] = line["after"]
    recipe = Recipe(name="From a table", steps=(Edit(values=edits),) if edits else ())
    return TableRead(
        change_set=propose((known[one] for one in edits), recipe),
        conflicts=tuple(conflicts),
        faults=tuple(faults),
    )


def _decoded(name: str, data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:4096]:
        raise RecipeError(
            f"“{name}” is no CSV file.", hint="Save the table as “CSV UTF-8” and load that file."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecipeError(
            f"“{name}” is not saved as UTF-8, so letters like ä or ł would be lost.",
            hint="In Excel choose File > Save as > “CSV UTF-8”, then load that file.",
        ) from error


def _lines(text: str) -> Iterable[tuple[int, dict[str, str]]]:
    """The lines as mappings, whatever of `,`, `;` and tab separates their cells."""
    if len(text) > _MOST_LETTERS:
        raise RecipeError("The table is too large.", hint="Write fewer photos into it.")
    text = text.removeprefix("\ufeff")
    head = text.split("\n", 1)[0]
    mark = max(",;\t", key=head.count)
    before = csv.field_size_limit(_MOST_IN_A_CELL)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error as error:
        raise RecipeError(f"The table cannot be read: {error}.") from error
    finally:
        csv.field_size_limit(before)
    names = [one.strip().lower() for one in rows[0]] if rows else []
    missing = [one for one in COLUMNS if one not in names and one != "name"]
    if missing:
        raise RecipeError(
            f"The table has no column {', '.join(missing)}.",
            hint=f"Its first line must be {','.join(COLUMNS)}.",
        )
    for number, cells in enumerate(rows[1:], 2):
        if any(cells):
            filled = dict(zip(names, [*cells, *[""] * len(names)], strict=False))
            yield number, {name: _plain(bare(filled.get(name, ""))) for name in COLUMNS}


def _plain(text: str) -> str:
    """Line ends as we have them: spreadsheets write their own."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _fault(
    line: Mapping[str, str],
    known: Mapping[str, Photo],
    edits: Mapping[str, Mapping[str, str]],
) -> str:
    """Why a line cannot be used, "" if it can."""
    file_id, name = line["file_id"], line["field"]
    if file_id not in known:
        return f"there is no photo with the id {file_id or '–'} here."
    if name not in (*fields.METADATA, *fields.ATTRIBUTES):
        return f"the field {name or '–'} cannot be changed from a table."
    if name in edits.get(file_id, {}):
        return f"{name} of {file_id} stands there twice; the first one counts."
    return ""
