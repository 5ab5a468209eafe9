"""The outcomes as CSV, for spreadsheets: UTF-8 with byte order mark, all columns of the contract.

Ids are digits without a mark around them: a spreadsheet that is to keep long ones must import that
column as text (Excel rounds numbers of more than 15 digits); the `url` holds them as well.
"""

from __future__ import annotations

import io
from csv import writer

from socials_lib.models import Outcome, Run

COLUMNS = (
    "run",
    "file_id",
    "name",
    "platform",
    "action",
    "state",
    "remote_id",
    "url",
    "code",
    "message",
    "hint",
    "warnings",
    "repeated",
)
#: What spreadsheets take as the beginning of a formula, full-width forms and blanks included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv(run: Run) -> str:
    """One line per outcome; a cell that a spreadsheet would compute gets a leading apostrophe."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    table = writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for one in run.outcomes:
        table.writerow([harmless(cell) for cell in _cells(run, one)])
    return out.getvalue()


def harmless(cell: str) -> str:
    """The cell as text: blanks and invisible letters before a formula sign do not hide it."""
    visible = cell.lstrip(" \u00a0\u200b\u200c\u200d\u2060\ufeff")
    return f"'{cell}" if visible.startswith(_FORMULA) else cell.replace("\0", "\ufffd")


def _cells(run: Run, one: Outcome) -> tuple[str, ...]:
    warnings = "; ".join(f"{note.code}: {note.message}" for note in one.warnings)
    return (
        run.run,
        one.file_id,
        one.name,
        one.platform,
        one.action,
        one.state,
        one.remote_id,
        one.url,
        one.code,
        one.message,
        one.hint,
        warnings,
        "; ".join(one.repeated),
    )
