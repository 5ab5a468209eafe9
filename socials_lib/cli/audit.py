"""`socials audit`: what is online against IMatch, or IMatch alone; changes nothing."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from socials_lib import audit
from socials_lib.cli.console import Console
from socials_lib.errors import SettingsError
from socials_lib.models import PLATFORMS, Finding, PlatformName
from socials_lib.workbench import Workbench

#: Findings that are shown one by one; `--json` and `--html` have all of them.
MOST_LINES = 200
_MOST_LETTERS = 60


def run_audit(options: argparse.Namespace, console: Console) -> int:
    """Show all findings: exit code 2 if there are any, else 0."""
    wb = console.open()
    names = _platforms(wb, options.platforms)
    findings: list[Finding] = []
    if options.metadata:
        findings += wb.audit_metadata(*names)
    else:
        for name in names:
            console.progress(f"{name.capitalize()}: comparing with what is online …")
            findings += wb.audit(name, fresh=not options.cached)
    titles = wb.titles(findings)
    if options.html is not None:
        urls = {} if options.metadata else _urls(wb, names)
        _write_page(options.html, audit.to_html(findings, made=_now(), titles=titles, urls=urls))
        console.progress(f"Written to {options.html}.")
    console.say(in_words(findings, titles), audit.to_json(findings))
    return 2 if findings else 0


def _platforms(wb: Workbench, named: Sequence[PlatformName]) -> tuple[PlatformName, ...]:
    """Those named, else all that are set up; raises `SignedOut` if there is none."""
    names = tuple(dict.fromkeys(named)) or tuple(name for name in PLATFORMS if name in wb.platforms)
    for name in names or PLATFORMS:
        wb.platform(name)
    return names


def _urls(wb: Workbench, names: Sequence[PlatformName]) -> dict[str, str]:
    photos = (one for name in names for one in wb.inventory(name).photos)
    return {one.ref.remote_id: one.ref.url for one in photos if one.ref.url}


def _write_page(path: Path, page: str) -> None:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written: {error.strerror}.", hint="Name another file.", code="file"
        ) from error


def in_words(findings: Sequence[Finding], titles: Mapping[str, str]) -> str:
    """Counts by kind, then one paragraph per finding."""
    if not findings:
        return "Nothing to do: all is as IMatch says."
    return "\n".join([*_counts(findings), "", *_lines(findings[:MOST_LINES], titles)]) + _rest(
        len(findings) - MOST_LINES
    )


def _counts(findings: Sequence[Finding]) -> Iterator[str]:
    counts = Counter((one.platform, audit.words_for(one)) for one in findings)
    for (platform, words), count in sorted(counts.items()):
        yield f"{platform.capitalize():<9} {count:>6,}  {words}"


def _lines(findings: Sequence[Finding], titles: Mapping[str, str]) -> Iterator[str]:
    for one in findings:
        name = titles.get(one.file_id, "") or (f"file {one.file_id}" if one.file_id else "")
        about = f" ({one.field.replace('_', ' ')})" if one.field else ""
        where = f"{one.platform.capitalize()} {one.remote_id}".strip()
        yield f"{audit.words_for(one)}{about}: “{_cut(name or one.remote or '')}”, {where}"
        shown = (("IMatch", one.imatch), ("online", one.remote), ("sent", one.base))
        yield from (f"    {side:<7} {_cut(text)}" for side, text in shown if text)
        if one.suggestion:
            yield f"    {one.suggestion}"


def _rest(count: int) -> str:
    return f"\n… and {count:,} more: `--json` or `--html FILE` have them all." if count > 0 else ""


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST_LETTERS else line[: _MOST_LETTERS - 1] + "…"


def _now() -> datetime:
    return datetime.now(UTC)
