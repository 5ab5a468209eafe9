"""Words and tables of the fix-it list: what is counted, what is shown, CSV out and in; pure."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from socials_lib import bulk
from socials_lib.bulk.table import guarded
from socials_lib.models import Photo, PlanRow, PlatformName, Problem, root_category
from socials_lib.widgets import markup, messages, pills, theme, words
from socials_lib.widgets.fix_staged import Staged
from socials_lib.widgets.pills import Pill

if TYPE_CHECKING:
    from socials_lib.imatch.categories import MirrorReport
    from socials_lib.widgets.fix_model import FixesModel

PROBLEM_COLUMNS = (
    *("platform", "file_id", "file", "title", "action"),
    *("problem", "field", "found", "limit", "suggestion", "blocks"),
)
_VALUE_COLUMNS = ("file_id", "name", "field", "before", "after", "problems")
#: So many lines that could not be used are shown.
MOST_LINES = 20
#: Letters around a cut that are shown.
_AROUND = 80
_MISSING = {f"missing_{one}": (one,) for one in ("title", "headline", "description")}
_TO_EDIT: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("text_too_long", "title"): ("title",),
    ("text_too_long", "description"): ("headline", "description"),
    ("text_too_long", "caption"): ("title", "headline"),
    ("text_too_long", "alt_text"): ("headline", "alt_text"),
    ("private_content", "title"): ("title",),
    ("private_content", "description"): ("headline", "description"),
    ("private_content", "caption"): ("title", "headline"),
    ("private_content", "alt_text"): ("headline", "alt_text"),
    ("private_content", "tags"): ("keywords",),
    ("missing_keywords", "keywords"): ("keywords",),
    ("too_many_tags", "tags"): ("keywords",),
}


# the row


def row_html(row: PlanRow, left: tuple[Problem, ...], pill: Pill | None) -> str:
    """Title, where and what for, and each problem with what helps; all escaped."""
    state = f" {pill.html}" if pill is not None else ""
    head = (
        f"<p><b>{theme.cut(row.title)}</b> "
        f'<span class="mute">{words.platform(row.platform)} · {words.action(row.action)} · '
        f"{theme.text(row.name)}</span>{state}</p>"
    )
    still = {(one.code, one.field) for one in left}
    before = {(one.code, one.field) for one in row.problems}
    lines = [
        _problem_html(one, row) if (one.code, one.field) in still else _mended_html(one)
        for one in row.problems
    ]
    lines += [
        f'{_problem_html(one, row)} <span class="mute">after this fix</span>'
        for one in left
        if (one.code, one.field) not in before
    ]
    return f"{head}<ul>{''.join(f'<li>{one}</li>' for one in lines)}</ul>"


def _mended_html(problem: Problem) -> str:
    words_ = pills.problem_words(problem)
    return (
        f'{theme.pill(theme.DONE, words_, "ok")} <span class="mute">mended by what is staged</span>'
    )


def _problem_html(problem: Problem, row: PlanRow) -> str:
    """The problem, what was found and allowed, and what to do, with a path where IMatch has to."""
    parts = [pills.problem_pill(problem)]
    details = pills.problem_details(problem)
    said = [theme.text(details)] if details else []
    said += [theme.text(problem.suggestion, "mute")] if problem.suggestion else []
    left_out = row.text.left_out if row.text else ()
    if (problem.code, problem.field) == ("text_too_long", "caption") and left_out:
        said.append(theme.text(f"left out already: {', '.join(left_out)}", "mute"))
    parts.append(" · ".join(said))
    path = remedy_path(problem, row)
    parts += [markup.path_with_copy(path)] if path else []
    return " ".join(parts)


def remedy_path(problem: Problem, row: PlanRow) -> str:
    """The path that the person needs in IMatch or the Explorer to mend this, "" if there is none.

    A category for flags and albums, the file for everything about the file.
    """
    root = root_category(row.platform)
    if problem.code == "conflicting_flags":
        return f"{root}|_delete"
    if problem.code == "not_in_platform_category":
        return root
    if problem.code == "album_without_id":
        return problem.found
    if problem.code == "missing_genre":
        return "Image Characteristics|Genre"
    if problem.field == "file":
        return row.upload.path if row.upload else row.path
    return ""


# counting


def values_in_words(cells: Iterable[bulk.Cell]) -> str:
    """`2 headlines and 1 title`, `the categories of 2 photos`."""
    counts = Counter(one.field for one in cells)
    parts = [_counted(name, count) for name, count in counts.items()]
    return words_joined(parts)


def _counted(name: str, count: int) -> str:
    label = bulk.FIELDS[name].label
    if bulk.FIELDS[name].kind == "list":
        return f"the {label} of {words.count(count, 'photo')}"
    return words.count(count, label)


def words_joined(parts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    some = list(parts)
    return " and ".join(filter(None, (", ".join(some[:-1]), *some[-1:])))


# before and after


def staged_html(fix: Staged, row: PlanRow, limit: int | None) -> str:
    """`before – after “Fog over the lake” 17 of 1,000`, all escaped."""
    cell = fix.cell
    name = f"<b>{theme.esc(words.field(cell.field))}</b>"
    if not fix.is_text:
        return f"{name} {_moves(fix)}"
    before, after = bulk.as_text(cell.shown_before), bulk.as_text(cell.after)
    if cell.field == "keywords":
        gone = [one for one in cell.shown_before if one not in cell.after]
        come = [one for one in cell.after if one not in cell.shown_before]
        return f"{name} {_marked('del', gone)} {_marked('ins', come)}".rstrip()
    counter = f'<span class="mute">{words.letters(after, limit)}</span>'
    if before.startswith(after) and after:
        return f"{name} {_cut(before, after)} {counter}"
    was = _short(before) if before.strip() else f'<span class="mute">{words.DASH}</span>'
    return f"{name} before {was} after <ins>{_short(after) or words.DASH}</ins> {counter}"


def _moves(fix: Staged) -> str:
    parts = []
    for cell in fix.cells:
        whose = "" if cell is fix.cell else f" {theme.text(cell.name)}"
        if cell.before:
            parts.append(f"leaves {_paths(cell.before)}")
        if cell.after:
            parts.append(f"{whose} joins {_paths(cell.after)}".strip())
    return ", ".join(parts)


def _paths(paths: Iterable[str]) -> str:
    return ", ".join(f'<code class="t">{theme.esc(one)}</code>' for one in paths)


def _marked(tag: str, some: Iterable[str]) -> str:
    return " ".join(f"<{tag}>{theme.text(one)}</{tag}>" for one in some)


def _short(text: str) -> str:
    shown = text if len(text) <= 2 * _AROUND else f"{text[: 2 * _AROUND]}…"
    return f'“<span class="said">{theme.lines(shown)}</span>”' if text else ""


def _cut(before: str, after: str) -> str:
    """Where a text is cut: the end of what stays, the beginning of what goes."""
    kept, gone = after[-_AROUND:], before[len(after) :]
    dots = "…" if len(after) > _AROUND else ""
    more = "…" if len(gone) > _AROUND else ""
    left = words.count(len(gone), "letter")
    return (
        f'“{dots}<span class="said">{theme.lines(kept)}</span>'
        f"<del>{theme.lines(gone[:_AROUND])}{more}</del>”"
        f' <span class="mute">{left} cut, now</span>'
    )


# tables


def problem_lines(rows: Iterable[PlanRow]) -> Iterator[tuple[Any, ...]]:
    """A line for each problem of each row, for `problems.csv`."""
    for row in rows:
        title = row.text.title if row.text else ""
        for one in row.problems:
            yield (
                *(row.platform, row.file_id, row.name, title, row.action, one.code, one.field),
                *(one.found, one.limit, one.suggestion, " ".join(one.blocks)),
            )


def values_csv(model: FixesModel) -> str:
    """The texts that need a fix, `after` with what is staged; to be edited and loaded again."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(_VALUE_COLUMNS)
    for (_, field), (photo, said) in _to_edit(model).items():
        now = model.stage.now(photo)
        shown = (bulk.value_of(one, field) for one in (photo, now))
        cells = (photo.name, field, *map(bulk.as_text, shown), ", ".join(said))
        table.writerow([photo.file_id, *map(guarded, cells)])
    return out.getvalue()


def _to_edit(model: FixesModel) -> dict[tuple[str, str], tuple[Photo, dict[str, None]]]:
    """File id and field -> the photo and its problems, in the order of the list."""
    found: dict[tuple[str, str], tuple[Photo, dict[str, None]]] = {}
    for row in model.rows:
        photo = model.photo(row)
        for problem in row.problems if photo is not None else ():
            assert photo is not None
            for field in fields_to_edit(problem):
                known = found.setdefault((row.file_id, field), (photo, {}))
                known[1][pills.problem_words(problem)] = None
        for fix in model.stage.of(row):
            if fix.is_text and photo is not None:
                found.setdefault((row.file_id, fix.cell.field), (photo, {}))
    return found


def fields_to_edit(problem: Problem) -> tuple[str, ...]:
    """The texts in IMatch that a problem is about; none if it is about the file or its places."""
    return _MISSING.get(problem.code) or _TO_EDIT.get((problem.code, problem.field), ())


def table_notes(
    name: str, read: bulk.TableRead, count: int, photos: Mapping[str, Photo]
) -> tuple[str, ...]:
    """What a table came to, in words: what is staged, conflicts, lines that say nothing."""
    values = words.count(count, "value")
    said = [f"{name}: {values} staged." if count else f"{name}: no value differs, nothing staged."]
    for one in read.conflicts:
        title = photos[one.file_id].title or photos[one.file_id].name
        field = words.field(one.field).lower()
        said.append(
            f"Left alone, the {field} of “{_brief(title)}” has changed since: the table expects"
            f" “{_brief(one.before)}”, IMatch has “{_brief(one.found)}”."
        )
    said += read.faults
    rest = len(said) - 1 - MOST_LINES
    shown = said[: MOST_LINES + 1]
    return (*shown, f"And {words.count(rest, 'line')} more.") if rest > 0 else tuple(shown)


def _brief(text: str) -> str:
    line = " ".join(text.split())
    return (line if len(line) <= 60 else f"{line[:59]}…") or words.DASH


def links(model: FixesModel) -> str:
    """The tables as links: values to edit, staged texts for IMatch's own import, all problems."""
    some = [markup.text_link("values.csv", values_csv(model), "Values to edit (values.csv)")]
    texts = [one for one in model.change_set.cells if one.is_metadata]
    if texts:
        photos = {one.file_id: one for one in map(model.photo, model.staged_rows) if one}
        table = bulk.import_csv(bulk.ChangeSet(cells=tuple(texts)), photos.values())
        some.append(markup.text_link("import.csv", table, "For IMatch's own import (import.csv)"))
    problems = problem_lines(model.rows)
    some.append(
        markup.csv_link("problems.csv", PROBLEM_COLUMNS, problems, "All problems (problems.csv)")
    )
    said = "Edit the column <code>after</code>, save it as CSV UTF-8, then press Load CSV."
    return f"<p>{' · '.join(some)}</p><p>{said}</p>"


# shown in IMatch


def shown_in_imatch(
    reports: Mapping[PlatformName, MirrorReport], rows: Iterable[PlanRow]
) -> messages.Message:
    """What showing the problems in IMatch's categories changed, and what IMatch cannot show."""
    added = sum(one.added for one in reports.values())
    removed = sum(one.removed for one in reports.values())
    missing = {path for one in reports.values() for path in one.missing}
    where = words_joined(f"`{root_category(name)}|__errors`" for name in reports)
    fact = f"IMatch shows these problems below {where}: {added:,} put in, {removed:,} taken out."
    hidden = [path for row in rows for path in _leaves(row) if path in missing]
    if not hidden:
        return messages.note(fact, tone="ok")
    cannot = messages.say("M7 leaf", number=f"{len(hidden):,}").fact
    paths = sorted(set(hidden))
    made = messages.note(fact, f"{cannot} Create what is missing in IMatch.", tone="warn")
    label = f"Copy {words.count(len(paths), 'path')}"
    return replace(made, copies=((label, "\n".join(paths)),))


def _leaves(row: PlanRow) -> Iterator[str]:
    root = f"{root_category(row.platform)}|__errors"
    return (f"{root}|{one.leaf}" for one in row.problems if one.leaf)
