"""Small pieces of markup: copy buttons, "As code", CSV links, lines that are read aloud."""

from __future__ import annotations

import csv
import html
import io
import urllib.parse
from collections.abc import Iterable, Sequence

import ipywidgets as w

from socials_lib.widgets import theme, words


def copy_button(what: str, label: str = "Copy") -> str:
    """A button that puts `what` on the clipboard; it stands escaped in a `data-` attribute."""
    script = (
        "var b=this,l=b.dataset.label;navigator.clipboard.writeText(b.dataset.copy)"
        ".then(function(){b.textContent='Copied'},function(){b.textContent='Not copied'})"
        ".then(function(){setTimeout(function(){b.textContent=l},2000)})"
    )
    return (
        f'<button type="button" class="copy" data-copy="{html.escape(_sendable(what))}" '
        f'data-label="{theme.esc(label)}" title="Copy to the clipboard" '
        f'onclick="{theme.esc(script)}">{theme.esc(label)}</button>'
    )


def _sendable(text: str) -> str:
    """The same text; only halves of characters, which no message can carry, become `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


def path_with_copy(path: str) -> str:
    """A path in code type with its copy button."""
    return f'<code class="t">{theme.esc(path)}</code> {copy_button(path)}'


def as_code(line: str) -> w.HTML:
    """The closed line "As code" with the one line that does the same."""
    made = w.HTML(
        f"<details><summary>As code</summary><code>{theme.esc(line)}</code> "
        f"{copy_button(line)}</details>"
    )
    made.add_class("as-code")
    return made


#: A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV for spreadsheets; a text that they would compute gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    for one in rows:
        writer.writerow([_harmless(value) for value in one])
    return out.getvalue()


def _harmless(value: object) -> object:
    is_formula = isinstance(value, str) and value.startswith(_FORMULA)
    return f"'{value}" if is_formula else value


def csv_link(
    file_name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    label: str = "Download CSV",
) -> str:
    """A link that saves the table as a file; nothing is fetched, the table is in the address.

    The byte order mark tells Excel that it is UTF-8.
    """
    data = urllib.parse.quote("\ufeff" + csv_text(header, rows), safe="")
    return (
        f'<a download="{theme.esc(file_name)}" href="data:text/csv;charset=utf-8,{data}">'
        f"{theme.esc(label)}</a>"
    )


def text_link(file_name: str, text: str, label: str) -> str:
    """A link that saves a finished CSV text as a file; the text is in the address."""
    data = urllib.parse.quote(text, safe="")
    return (
        f'<a download="{theme.esc(file_name)}" href="data:text/csv;charset=utf-8,{data}">'
        f"{theme.esc(label)}</a>"
    )


def alert(markup: str) -> str:
    """A line that is read aloud at once: ends, errors, waits."""
    return f'<p role="alert">{markup}</p>'


def status(markup: str) -> str:
    """A line that is read aloud when there is time: progress."""
    return f'<p role="status">{markup}</p>'


def loading(words_: str, *, spoken: bool = True) -> str:
    """`◐ Reading 1,240 of 5,000 photos`; read aloud unless it changes too often for that."""
    shown = f'<span class="accent">{theme.RUNNING} {theme.esc(words_)}</span>'
    return status(shown) if spoken else f"<p>{shown}</p>"


def progress_words(verb: str, done: int, total: int, word: str = "photo") -> str:
    """`Reading 1,240 of 5,000 photos`."""
    return f"{verb} {words.number(done)} of {words.count(total, word)}"
