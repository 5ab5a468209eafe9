"""`[Save all 37 as one page]`: the whole preview as one file that needs nothing else.

    show.preview(wb, picker).save()     # the path of the page

To print, to send to a friend, to look at without JupyterLab: pictures are inside the file, nothing
is fetched, no script runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from socials_lib.errors import SocialsError
from socials_lib.models import PlanRow
from socials_lib.system import write_whole
from socials_lib.widgets import preview_card as card
from socials_lib.widgets import theme, words
from socials_lib.widgets.preview_model import PreviewModel, Shown

#: A page of more photos would be too large for a browser; each has some 60 KB of picture.
MOST = 500
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE = """
<style>body{margin:0}main.soc{max-width:900px;margin:0 auto;padding:16px;overflow:visible}
.soc h1{font-size:18px}.soc h2{font-size:16px;margin:24px 0 8px;overflow-wrap:anywhere}
.soc section{margin:0 0 16px}.soc .box{max-width:100%}.soc .said{overflow-wrap:anywhere}
.soc table.diff{border-collapse:collapse;width:100%;table-layout:fixed}
.soc table.diff th,.soc table.diff td{text-align:left;vertical-align:top;font-weight:400;
padding:4px 8px 4px 0;border-bottom:1px solid var(--hair);overflow-wrap:anywhere}
.soc table.diff th{width:88px;color:var(--mute)}
</style>
"""


def save(
    model: PreviewModel, progress: Callable[[int, int], None] = lambda done, total: None
) -> Path:
    """Write the page of the photos of the preview into the data folder; where it is.

    Raises `SocialsError` if a platform that is needed for its limits is not set up, `OSError` if
    the disk cannot be written.
    """
    photos = model.photos[:MOST]
    parts = []
    for number, shown in enumerate(photos, start=1):
        parts.append(_photo(model, shown, number))
        progress(number, len(photos))
    now = datetime.now(UTC)
    folder = model.wb.home / "previews"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"preview-{now:%Y%m%d-%H%M%S}.html"
    write_whole(path, _document(model, parts, len(model.photos), now).encode("utf-8"))
    return path


def _document(model: PreviewModel, parts: Sequence[str], count: int, now: datetime) -> str:
    mode = "Practice copies" if model.wb.mode == "demo" else "Real accounts"
    over = f", the first {MOST:,} of them here" if count > len(parts) else ""
    head = (
        f"{words.count(count, 'photo')}{over}. {mode}. Made {words.moment(now)}; nothing is sent."
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Preview of {words.count(count, 'photo')}</title>{theme.STYLE}{_STYLE}</head>\n"
        f'<body><main class="soc"><h1>Preview</h1><p>{theme.esc(head)}</p>\n'
        + "\n".join(parts)
        + "</main></body></html>\n"
    )


def _photo(model: PreviewModel, shown: Shown, number: int) -> str:
    rows = "".join(_row(model, row) for row in shown.rows)
    return f"<h2>{number:,} {theme.text(shown.title)}</h2>{rows}"


def _row(model: PreviewModel, row: PlanRow) -> str:
    changed = "" if row.action == "add" else card.changes(row, None, was_read=False)
    parts: Iterable[str] = (
        f"<p><b>{words.platform(row.platform)}</b> {theme.pill('', words.action(row.action))}</p>",
        _picture(model, row),
        card.counters(row.text, model.limits_of(row.platform)),
        card.problems(row),
        card.texts(row),
        changed,
    )
    return f"<section>{''.join(parts)}</section>"


def _picture(model: PreviewModel, row: PlanRow) -> str:
    """The picture that is sent, made small: whole pictures of 500 photos fill no page."""
    found = model.make(row)
    if found.copy is None:
        return theme.placeholder(found.problem or "No picture is sent", box=card.BOX)
    try:
        small = model.wb.thumbnail(str(found.copy.path), box=card.BOX)
    except SocialsError as error:
        return theme.placeholder(str(error), box=card.BOX)
    return theme.picture(small, row.title, box=card.BOX) + card.copy_facts(row, found.copy)
