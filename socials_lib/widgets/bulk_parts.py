"""What the widgets of bulk fixes share: pictures, changes in words, letters, consequences."""

from __future__ import annotations

from collections.abc import Sequence

from socials_lib import bulk
from socials_lib.bulk import Cell, Consequence, Value
from socials_lib.models import Photo, PhotoText, PlanRow
from socials_lib.widgets import pills, theme, words

#: What a browser shows, and what our thumbnails are made of.
_SHOWN_FORMATS = ("JPEG", "JPG", "PNG", "GIF", "WEBP", "TIFF", "TIF")


def pictured(photo: Photo) -> PlanRow:
    """The photo as the pictures of the table know it; a version stands in for a raw file."""
    path = photo.path
    if photo.format.upper() not in _SHOWN_FORMATS:
        shown = (one.path for one in photo.versions if one.format.upper() in _SHOWN_FORMATS)
        path = next(shown, path)
    title = photo.title.strip() or photo.name
    return PlanRow(
        file_id=photo.file_id,
        name=photo.name,
        path=path,
        platform="flickr",
        action="none",
        reason="",
        text=PhotoText(platform="flickr", title=title),
    )


def title_of(photo: Photo) -> str:
    """The title, else the file name."""
    return photo.title.strip() or photo.name


def label(name: str) -> str:
    """`Alt text` for `alt_text`."""
    found = bulk.FIELDS[name].label
    return found[:1].upper() + found[1:]


def diff(cell: Cell) -> str:
    """Before and after of a cell as markup, word by word; entries of lists one by one."""
    if isinstance(cell.after, tuple) or isinstance(cell.before, tuple):
        return _entries(cell)
    before, after = str(cell.shown_before), str(cell.after)
    if not before.strip():
        return f"{words.DASH} → <ins>{theme.lines(after)}</ins>"
    if not after.strip():
        shown = theme.lines(str(cell.inherited)) if cell.source else words.DASH
        return f"<del>{theme.lines(before)}</del> → {shown}"
    return theme.word_diff(before, after)


def _entries(cell: Cell) -> str:
    before, after = _listed(cell.shown_before), _listed(cell.after)
    gone = [one for one in before if one not in after]
    come = [one for one in after if one not in before]
    kept = 0 if cell.field == "categories" else len(before) - len(gone)
    parts = [f"<del>{theme.text(one)}</del>" for one in gone]
    parts += [f"<ins>{theme.text(one)}</ins>" for one in come]
    parts += [f'<span class="mute">{kept:,} stay{"s" if kept == 1 else ""}</span>'] if kept else []
    return ", ".join(parts)


def _listed(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else tuple(filter(None, [value]))


def shown_value(value: Value | None) -> str:
    """A stored value on one line, cut, as plain text; `–` if there is none."""
    text = "" if value is None else " ".join(bulk.as_text(value).split())
    return words.dash(text if len(text) <= 160 else f"{text[:159]}…")


def size_words(cell: Cell) -> str:
    """`17 letters`, `3 keywords`; "" where counting says nothing."""
    if cell.field == "keywords":
        return words.count(len(cell.after), "keyword")
    if cell.field in bulk.TEXTS:
        return words.letters(str(cell.after))
    return ""


def consequence_html(one: Consequence | None) -> str:
    """What comes of a photo's change: problems that stay, come or go; whether it will differ."""
    if one is None:
        return '<span class="mute">…</span>'
    parts = [
        theme.pill(theme.DONE, f"{pills.code_words(code)} mended", "ok") for code in one.mended
    ]
    stopping = {p.code for on in one.platforms for p in on.after if p.severity == "error"}
    for code in sorted(stopping | set(one.new)):
        sign, tone = (theme.FAILED, "err") if code in stopping else (theme.WARNING, "warn")
        parts.append(theme.pill(sign, pills.code_words(code), tone))
    if one.differs:
        where = " and ".join(words.platform(name) for name in one.differs)
        parts.append(theme.pill(theme.CHANGED, f"{where} will differ", "warn"))
    for name in one.unlinked:
        parts.append(theme.pill(theme.FAILED, f"{words.platform(name)} id lost", "err"))
    return " ".join(parts)


def what_changes(cells: Sequence[Cell]) -> str:
    """`38 headlines`, `2 values`: the words on the button that writes."""
    names = {one.field for one in cells}
    if len(names) == 1:
        (name,) = names
        if bulk.FIELDS[name].kind != "list":
            return words.count(len(cells), bulk.FIELDS[name].label, _plural(name))
    return words.count(len(cells), "value")


def _plural(name: str) -> str:
    found = bulk.FIELDS[name].label
    return f"{found}es" if found.endswith("s") else f"{found}s"
