"""The report of a run: one page to read and keep, and a table for spreadsheets.

    files = reports.save(run, rows, home / "reports", thumbnail=wb.thumbnail, account_names={})
    files.html, files.csv

Rows and what was written to IMatch come from the journal (`whole`, `imatch_changes`), so that a
report of an old run is as good as one made at once; made again it replaces the old one.

Decisions 2026-11-22
    - The page fetches nothing and runs nothing: styles inside, pictures as data, and a content
      policy that says so to the browser.  Everything that came from a photo or a server is text.
    - Pictures are small and at most 500; from there on a line has words in their place.  Lines that
      need a person come first and so always have one.
    - Changes of the error categories are not listed: they follow the problems of the plan.

Rooms: `page` (HTML), `style` (colours), `words`, `table` (CSV), `imatch` (what was written there).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from socials_lib.errors import SocialsError
from socials_lib.journal import StoredRow
from socials_lib.models import Note, Outcome, PlanRow, Run
from socials_lib.reports.imatch import ImatchChange, imatch_changes
from socials_lib.reports.page import MOST_PICTURES, html
from socials_lib.reports.table import COLUMNS, csv
from socials_lib.system import write_whole

__all__ = [
    "COLUMNS",
    "MOST_PICTURES",
    "ImatchChange",
    "ReportFiles",
    "csv",
    "html",
    "imatch_changes",
    "save",
    "whole",
]


@dataclass(frozen=True, kw_only=True)
class ReportFiles:
    """Where the two files of a report are."""

    html: Path
    csv: Path


def save(
    run: Run,
    rows: Sequence[PlanRow],
    folder: Path,
    *,
    thumbnail: Callable[[str], bytes],
    account_names: Mapping[str, str],
    changes: Sequence[ImatchChange] = (),
    redact: Callable[[str], str] = lambda text: text,
) -> ReportFiles:
    """Write both files into a folder of the run's name below `folder`.

    `redact` takes secrets out of what services said.  Raises `SocialsError` if the folder cannot
    be written.
    """
    clean = _redacted(run, redact)
    page = html(clean, rows=rows, thumbnail=thumbnail, account_names=account_names, changes=changes)
    place = folder / _folder_name(run)
    files = ReportFiles(html=place / "report.html", csv=place / "outcomes.csv")
    try:
        write_whole(files.html, page.encode("utf-8", "replace"))
        write_whole(files.csv, csv(clean).encode("utf-8", "replace"))
    except OSError as error:
        raise SocialsError(
            f"The report of the run cannot be written into {place}.",
            hint="Check free space and write permission. On Windows, close it in Excel first.",
            code="report_not_saved",
            details=str(error),
        ) from error
    return files


def whole(run: Run, stored: Sequence[StoredRow]) -> Run:
    """The run with the outcomes of all its rows, not only of those that a `resume` came to."""
    known = {one.key for one in run.outcomes}
    earlier = [one.outcome for one in stored if one.outcome and one.outcome.key not in known]
    return replace(run, outcomes=(*run.outcomes, *earlier))


def _folder_name(run: Run) -> str:
    """The run's name; a run that only settled earlier ones has none and gets its time."""
    name = run.run or f"settled-{run.started:%Y%m%d-%H%M%S}"
    return re.sub(r"[^\w-]", "_", name, flags=re.ASCII)


def _redacted(run: Run, redact: Callable[[str], str]) -> Run:
    return replace(
        run,
        message=redact(run.message),
        hint=redact(run.hint),
        outcomes=tuple(_redacted_outcome(one, redact) for one in run.outcomes),
    )


def _redacted_outcome(one: Outcome, redact: Callable[[str], str]) -> Outcome:
    return replace(
        one,
        message=redact(one.message),
        hint=redact(one.hint),
        warnings=tuple(Note(code=n.code, message=redact(n.message)) for n in one.warnings),
        repeated=tuple(map(redact, one.repeated)),
    )
