"""The columns of the table: their words, widths, values, and how they sort.

Four are always there, the others can be chosen (`picker.columns = ("albums", "tags")`).  Of those
that stand by themselves File and Reason wait for a wide page; a choice of one's own is shown
whatever the page, and the rows then scroll sideways in their box where they must.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from socials_lib.models import ACTIONS
from socials_lib.widgets import pills, theme, words
from socials_lib.widgets.entries import Entry

if TYPE_CHECKING:
    from socials_lib.widgets.picker import PickerModel

Value = Callable[[Entry, "PickerModel"], str]
#: From this width of a cell on, the wide columns are shown.
WIDE_FROM = 1180
#: What a row needs beside its columns and its title: tick, picture, edges, gaps.
_FRAME, _TITLE, _GAP = 152, 160, 4


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: `value` is markup, `order` what it sorts by, `tip` the whole text for a tooltip."""

    title: str
    width: int
    value: Value
    order: Callable[[Entry, PickerModel], Any]
    tip: Value = lambda entry, model: ""
    wide: bool = False
    right: bool = False


def _plain(title: str, width: int, text: Callable[[Entry], str]) -> Column:
    """A column of somebody's words."""
    return Column(
        title=title,
        width=width,
        value=lambda entry, model: theme.text(words.dash(text(entry))),
        order=lambda entry, model: (not text(entry), text(entry).casefold()),
        tip=lambda entry, model: text(entry),
    )


def _number(title: str, count: Callable[[Entry], int]) -> Column:
    return Column(
        title=title,
        width=64,
        value=lambda entry, model: words.number(count(entry)),
        order=lambda entry, model: count(entry),
        right=True,
    )


def _state(entry: Entry, model: PickerModel) -> str:
    pill, url = model.pill(entry.key), model.url(entry.key)
    if pill.code == "done" and url:
        return f"{pill.html} {theme.link(url, 'Open')}"
    return pill.html


def _reason(entry: Entry) -> str:
    said = words.reason(entry.row.reason)
    return said or ("needs a fix" if entry.row.reason else "")


def _problems(entry: Entry, _model: PickerModel) -> str:
    return "; ".join(
        " ".join(filter(None, (pills.problem_words(one), pills.problem_details(one))))
        for one in entry.row.problems
    )


def _text(entry: Entry) -> str:
    """What people read under the picture: the caption, on Flickr the description."""
    text = entry.row.text
    return (text.caption or text.description) if text else ""


_ACTION_ORDER: dict[str, int] = {name: place for place, name in enumerate(ACTIONS)}
TITLE = "title"
#: Shown always, whatever was chosen.
FIXED = (TITLE, "where", "action", "state")
COLUMNS: dict[str, Column] = {
    TITLE: _plain("Title", _TITLE, lambda one: one.row.title),
    "where": Column(
        title="Where",
        width=64,
        value=lambda entry, model: words.platform(entry.row.platform),
        order=lambda entry, model: entry.row.platform,
    ),
    "action": Column(
        title="Action",
        width=68,
        value=lambda entry, model: words.action(entry.row.action),
        order=lambda entry, model: _ACTION_ORDER.get(entry.row.action, 9),
    ),
    "state": Column(
        title="State",
        width=168,
        value=_state,
        order=lambda entry, model: model.pill(entry.key).words,
        tip=_problems,
    ),
    "file": Column(
        title="File",
        width=190,
        value=lambda entry, model: theme.text(entry.row.name),
        order=lambda entry, model: entry.row.name.casefold(),
        tip=lambda entry, model: entry.row.path,
        wide=True,
    ),
    "reason": Column(
        title="Reason",
        width=150,
        value=lambda entry, model: theme.esc(words.dash(_reason(entry))),
        order=lambda entry, model: words.reason(entry.row.reason) or entry.row.reason,
        wide=True,
    ),
    "albums": _plain("Albums", 180, lambda one: ", ".join(sorted(one.albums))),
    "groups": _plain("Groups", 180, lambda one: ", ".join(g.name for g in one.row.groups)),
    "alt_text": _plain("Alt text", 180, lambda one: one.row.text.alt_text if one.row.text else ""),
    "version_of": _plain("Version of", 180, lambda one: one.version_of),
    "posted": Column(
        title="Posted",
        width=92,
        value=lambda entry, model: words.short_date(words.parse_local(entry.posted)),
        order=lambda entry, model: (not entry.posted, entry.posted),
    ),
    "file_id": _plain("File id", 92, lambda one: one.row.file_id),
    "privacy": _plain(
        "Privacy",
        92,
        lambda one: (
            words.visibility(one.row.text.visibility, one.row.platform) if one.row.text else ""
        ),
    ),
    "tags": _number("Tags", lambda one: len(one.row.text.tags) if one.row.text else 0),
    "letters": _number("Letters", lambda one: len(_text(one))),
    "calls": _number("Calls", lambda one: one.row.calls),
    "taken": Column(
        title="Taken",
        width=84,
        value=lambda entry, model: words.short_date(words.parse_local(entry.taken)),
        order=lambda entry, model: (not entry.taken, entry.taken),
    ),
    "size": Column(
        title="Size",
        width=64,
        value=lambda entry, model: words.size(entry.size) if entry.size else words.DASH,
        order=lambda entry, model: entry.size,
        right=True,
    ),
}
#: What can be chosen, and what stands there until somebody chooses.
CHOICES = tuple(name for name in COLUMNS if name not in FIXED)
DEFAULT = ("file", "reason", "taken", "size")


def chosen(names: Iterable[str]) -> tuple[str, ...]:
    """These names in the order of the table; raises `ValueError` for one that is no column."""
    wanted = set(names) - set(FIXED)
    unknown = wanted - set(CHOICES)
    if unknown:
        known = ", ".join(CHOICES)
        raise ValueError(f"No column {', '.join(sorted(unknown))}; there are {known}.")
    return tuple(name for name in CHOICES if name in wanted)


def shown(names: Iterable[str]) -> tuple[str, ...]:
    """All columns but the title, from left to right."""
    wanted = {*names, *FIXED}
    return tuple(name for name in COLUMNS if name in wanted and name != TITLE)


def least_width(names: tuple[str, ...]) -> str | None:
    """What a row with these columns needs, as CSS; None while nobody has chosen any."""
    if names == DEFAULT:
        return None
    widths = sum(COLUMNS[name].width + _GAP for name in shown(names))
    return f"{_FRAME + _TITLE + widths}px"


def cells(entry: Entry, model: PickerModel) -> str:
    """The cells beside the title as one line of markup."""
    parts = (_cell(name, entry, model) for name in shown(model.columns))
    return f'<div class="line">{"".join(parts)}</div>'


def _cell(name: str, entry: Entry, model: PickerModel) -> str:
    column = COLUMNS[name]
    tip = column.tip(entry, model)
    title = f' title="{theme.esc(tip)}"' if tip else ""
    return f'<span class="c-{name}"{title}>{column.value(entry, model)}</span>'


def _rule(name: str, column: Column) -> str:
    both = f".soc .line .c-{name},.soc .heads .c-{name}"
    return f"{both}{{width:{column.width}px!important{';text-align:right' * column.right}}}"


def _wide_rules() -> str:
    names = [name for name, column in COLUMNS.items() if column.wide]
    where = [f"{place} .c-{name}" for name in names for place in (".line", ".heads")]
    hidden = ",".join(f".soc .rows:not(.own-columns) {one}" for one in where)
    there = ",".join(f".soc .rows:not(.own-columns) {one}" for one in where)
    return (
        f"{hidden}{{display:none}}"
        f"@container soc (min-width:{WIDE_FROM}px){{{there}{{display:block}}}}"
    )


STYLE = "".join(_rule(name, one) for name, one in COLUMNS.items() if name != TITLE) + _wide_rules()
