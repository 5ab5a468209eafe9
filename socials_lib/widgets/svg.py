"""Charts as SVG of our own: bars beside words, and a grid of years and months.  Pure.

Colours are the variables of the theme, so a chart in a notebook follows light and dark; `alone`
makes a file that carries both sets of colours.  Nothing is told by colour alone: every bar has its
number beside it, and what is not online is an outline, not a paler fill.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Sequence

from socials_lib.audit import Bar
from socials_lib.formatting.words import MONTHS
from socials_lib.widgets import theme

WIDTH = 800
_ROW, _LABEL, _NUMBER = 26, 230, 110
_FONT = "font-family:system-ui,-apple-system,'Segoe UI',sans-serif"
#: Years that the grid shows; older ones are in the table only.
MOST_YEARS = 12
_CELL, _GRID_ROW, _GRID_LEFT, _YEAR_BAR = 44, 38, 52, 140
_NAMES = ("panel", "ink", "mute", "line", "hair", "accent")


def bars(rows: Sequence[Bar], *, label: str) -> str:
    """Horizontal bars with words on the left and the number on the right."""
    most = max((max(one.online, one.total) for one in rows), default=0) or 1
    room = WIDTH - _LABEL - _NUMBER
    parts = []
    for place, one in enumerate(rows):
        y = place * _ROW + 4
        length = max(1.0, one.online / most * room) if one.online else 0
        parts.append(_words(one.words, 0, y + 13, most=32, tip=one.note))
        parts.append(f'<rect x="{_LABEL}" y="{y}" width="{length:.1f}" height="16" {_ACCENT}/>')
        parts.append(_number(_LABEL + length + 8, y + 13, f"{one.online:,}"))
    return _svg("".join(parts), height=len(rows) * _ROW + 8, label=label)


def calendar(months: Sequence[Bar], years: Sequence[Bar], *, label: str) -> str:
    """A row for each year, a cell for each month: its bar, and how many of them are online."""
    shown = tuple(years)[-MOST_YEARS:][::-1]
    by_month = {one.words: one for one in months}
    most = max((one.total for one in months), default=0) or 1
    largest = max((one.total for one in years), default=0) or 1
    parts = [
        _words(name[:3], _GRID_LEFT + at * _CELL + 6, 14, tone="mute")
        for at, name in enumerate(MONTHS)
    ]
    for place, year in enumerate(shown):
        y = 22 + place * _GRID_ROW
        parts.append(_words(year.words, 0, y + 24))
        for month in range(12):
            found = by_month.get(f"{year.words}-{month + 1:02}")
            x = _GRID_LEFT + month * _CELL
            parts.append(_cell(found, x, y, most))
        parts.append(_year(year, _GRID_LEFT + 12 * _CELL + 12, y, largest))
    return _svg("".join(parts), height=30 + len(shown) * _GRID_ROW, label=label)


def _cell(found: Bar | None, x: int, y: int, most: int) -> str:
    """The outline is all photos of the month, filled is what is online."""
    ground = f'<rect x="{x}" y="{y + 32}" width="{_CELL - 6}" height="1" fill="var(--hair)"/>'
    if found is None:
        return ground
    total, online = (30 * value / most for value in (found.total, found.online))
    tip = f"{found.words}: {found.online:,} of {found.total:,} online"
    bar = (
        f'<rect x="{x}" y="{y + 32 - total:.1f}" width="12" height="{total:.1f}" {_OUTLINE}/>'
        f'<rect x="{x}" y="{y + 32 - online:.1f}" width="12" height="{online:.1f}" {_ACCENT}/>'
    )
    number = _number(x + 16, y + 28, f"{found.online:,}", 11)
    return f"<g><title>{theme.esc(tip)}</title>{ground}{bar}{number}</g>"


def _year(year: Bar, x: int, y: int, most: int) -> str:
    total, online = (_YEAR_BAR * value / most for value in (year.total, year.online))
    said = f"{year.online:,} of {year.total:,}"
    return (
        f'<rect x="{x}" y="{y + 4}" width="{total:.1f}" height="12" {_OUTLINE}/>'
        f'<rect x="{x}" y="{y + 4}" width="{online:.1f}" height="12" {_ACCENT}/>'
        f"{_number(x, y + 30, said, 11)}"
    )


_ACCENT = 'fill="var(--accent)"'
_OUTLINE = 'fill="none" stroke="var(--line)" stroke-width="1"'


def _words(
    text: str, x: float, y: float, *, most: int = 60, tone: str = "ink", tip: str = ""
) -> str:
    """One line of words, cut with the whole in the tooltip."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    whole = " · ".join(filter(None, (text if cut != text else "", tip)))
    title = f"<title>{theme.esc(whole)}</title>" if whole else ""
    return (
        f'<text x="{x}" y="{y}" font-size="13" fill="var(--{tone})">{title}{theme.esc(cut)}</text>'
    )


def _number(x: float, y: float, text: str, size: int = 13) -> str:
    place = f'x="{x:.1f}" y="{y}" font-size="{size}"'
    return f'<text {place} fill="var(--mute)">{theme.esc(text)}</text>'


def _svg(inner: str, *, height: int, label: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="100%" '
        f'style="max-width:{WIDTH}px;{_FONT}" role="img" aria-label="{theme.esc(label)}">'
        f"{inner}</svg>"
    )


def alone(chart: str) -> str:
    """The chart as a file of its own: with both sets of colours, on its own ground."""
    light, dark = (
        ";".join(f"--{name}:{theme.TOKENS[name][at]}" for name in _NAMES) for at in (0, 1)
    )
    style = (
        f"<style>svg{{{light};background:var(--panel)}}"
        f"@media (prefers-color-scheme:dark){{svg{{{dark}}}}}</style>"
    )
    head, _, rest = chart.partition(">")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}>{style}{rest}'


def save_link(file_name: str, chart: str) -> str:
    """A link that saves the chart; it stands in the address, nothing is fetched."""
    data = urllib.parse.quote(alone(chart), safe="")
    return (
        f'<a download="{theme.esc(file_name)}" href="data:image/svg+xml;charset=utf-8,{data}">'
        "Save SVG</a>"
    )


def table(rows: Sequence[Bar], head: Sequence[str]) -> str:
    """The same numbers as text, closed."""
    has_total = any(one.total for one in rows)
    columns = [*head, *(["of"] if has_total else []), *(["what"] if _has_notes(rows) else [])]
    cells = "".join(f'<th scope="col">{theme.esc(one)}</th>' for one in columns)
    lines = "".join(_line(one, has_total, _has_notes(rows)) for one in rows)
    return (
        "<details><summary>The numbers as a table</summary>"
        f'<table class="numbers"><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>'
        "</details>"
    )


def _has_notes(rows: Sequence[Bar]) -> bool:
    return any(one.note for one in rows)


def _line(one: Bar, has_total: bool, has_note: bool) -> str:
    name = theme.link(one.url, one.words) if one.url else theme.text(one.words)
    total = f"<td>{one.total:,}</td>" if has_total else ""
    note = f"<td>{theme.esc(one.note)}</td>" if has_note else ""
    return f'<tr><th scope="row">{name}</th><td>{one.online:,}</td>{total}{note}</tr>'
