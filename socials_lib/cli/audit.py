"""`socials audit`: what is online against IMatch, or IMatch alone; changes nothing."""

from __future__ import annotations

import argparse
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from socials_lib import audit
from socials_lib.cli import exit_code_of
from socials_lib.cli.console import Console
from socials_lib.errors import PlatformError, SettingsError, SocialsError
from socials_lib.models import PLATFORMS, Finding, PlatformName
from socials_lib.workbench import Workbench

log = logging.getLogger(__name__)

#: Findings that are shown one by one; `--json` and `--html` have all of them.
MOST_LINES = 200
_MOST_LETTERS = 60


@dataclass(kw_only=True)
class _Seen:
    """What the platforms said, those that were compared, and those that did not answer."""

    findings: list[Finding] = field(default_factory=list)
    names: list[PlatformName] = field(default_factory=list)
    errors: dict[PlatformName, SocialsError] = field(default_factory=dict)


def run_audit(options: argparse.Namespace, console: Console) -> int:
    """Show all findings: exit code 2 if there are any, else 0.

    A platform that does not answer does not end the audit of the other: it is told, stands in the
    document under `errors`, and the exit code is that of its error if it is the higher one.  If
    none answers, the command ends with the first error.
    """
    wb = console.open()
    if options.metadata:
        seen = _Seen(findings=list(wb.audit_metadata(*_named(wb, options.platforms))))
    else:
        seen = _asked(wb, options, console)
    titles = wb.titles(seen.findings)
    if options.html is not None:
        page = audit.to_html(
            seen.findings,
            made=_now(),
            titles=titles,
            urls=_urls(wb, seen.names),
            missing=[_missing(name, error) for name, error in seen.errors.items()],
        )
        _write_page(options.html, page)
        console.progress(f"Written to {options.html}.")
    document = audit.to_json(seen.findings)
    document |= {"errors": list(_errors(seen, console))} if seen.errors else {}
    console.say(in_words(seen.findings, titles, is_whole=not seen.errors), document)
    codes = [exit_code_of(one) for one in seen.errors.values()]
    return max([2 if seen.findings else 0, *codes])


def _asked(wb: Workbench, options: argparse.Namespace, console: Console) -> _Seen:
    """One platform after the other; raises only if none of them answers, or IMatch does not."""
    names, seen = _named(wb, options.platforms), _Seen()
    for name in names:
        console.progress(f"{name.capitalize()}: comparing with what is online …")
        try:
            wb.platform(name)
            with console.meter("Reading") as progress:
                seen.findings += wb.audit(name, fresh=not options.cached, progress=progress)
            seen.names.append(name)
        except (PlatformError, SettingsError) as error:
            log.info("%s: %s (%s)", name, error, error.code)
            seen.errors[name] = error
    if not seen.names:
        raise next(iter(seen.errors.values()))
    for name, why in seen.errors.items():
        console.warn(f"! {_missing(name, why)}")
    return seen


def _missing(name: PlatformName, error: SocialsError) -> str:
    return f"{name.capitalize()} was not compared: {error} {error.hint}".strip()


def _errors(seen: _Seen, console: Console) -> Iterator[dict[str, str | None]]:
    for name, error in seen.errors.items():
        yield {
            "platform": name,
            "code": error.code,
            "message": console.redact(str(error)),
            "hint": console.redact(error.hint) or None,
        }


def _named(wb: Workbench, named: Sequence[PlatformName]) -> tuple[PlatformName, ...]:
    """Those named, else all that are set up, else all (which says what is missing)."""
    found = tuple(dict.fromkeys(named)) or tuple(name for name in PLATFORMS if name in wb.platforms)
    return found or PLATFORMS


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


def in_words(
    findings: Sequence[Finding], titles: Mapping[str, str], *, is_whole: bool = True
) -> str:
    """Counts by kind, then one paragraph per finding; `is_whole`: every platform answered."""
    if not findings:
        return "Nothing to do: all is as IMatch says." if is_whole else "No finding elsewhere."
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
        name = name or one.remote or one.imatch or ""
        yield f"{audit.words_for(one)}{about}: “{_cut(name)}”, {where}"
        there = f"this id is {one.remote}" if one.code == "several_ids" else one.remote
        shown = (("IMatch", one.imatch), ("online", there), ("sent", one.base))
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
