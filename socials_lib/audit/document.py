"""Findings as the JSON of the contract and as a page for people.  Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit

from socials_lib.audit.codes import decisions_for, words_for
from socials_lib.models import Finding


def to_json(findings: Iterable[Finding]) -> dict[str, Any]:
    """The document of `socials audit --json`."""
    return {"findings": [finding_to_json(one) for one in findings]}


def finding_to_json(one: Finding) -> dict[str, Any]:
    """One finding; absent values are null."""
    return {
        "file_id": one.file_id or None,
        "platform": one.platform,
        "remote_id": one.remote_id or None,
        "code": one.code,
        "field": one.field or None,
        "imatch": one.imatch,
        "remote": one.remote,
        "base": one.base,
        "suggestion": one.suggestion or None,
        "decisions": list(decisions_for(one)),
    }


_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent);
  padding: .4rem .6rem; text-align: left; vertical-align: top; }
td { white-space: pre-wrap; overflow-wrap: anywhere; }
caption { text-align: left; padding: .5rem 0; }
"""
_COLUMNS = ("Photo", "Found", "Field", "In IMatch", "Online", "Last sent", "What to do")


def to_html(
    findings: Sequence[Finding],
    *,
    made: datetime,
    titles: Mapping[str, str],
    urls: Mapping[str, str],
    missing: Sequence[str] = (),
) -> str:
    """A page of its own, without scripts; every text is escaped.

    `titles` name photos by file id, `urls` are addresses of photo pages by remote id; `missing`
    says which platforms were not compared, and why.
    """
    counts = Counter((one.platform, words_for(one)) for one in findings)
    summary = "".join(
        f"<li>{escape(platform.capitalize())}: {count:,} × {escape(words)}</li>"
        for (platform, words), count in sorted(counts.items())
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
    rows = "\n".join(_row(one, titles, urls) for one in findings)
    found = f"<ul>{summary}</ul>"
    if not findings:
        found = "" if missing else "<p>Nothing to do: all is as IMatch says.</p>"
    found += "".join(f"<p><strong>{escape(one)}</strong></p>" for one in missing)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Audit</title><style>{_STYLE}</style></head><body>\n"
        f"<h1>Audit of {made.astimezone():%Y-%m-%d %H:%M}</h1>\n{found}\n"
        f"<table><caption>{len(findings):,} findings</caption>"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>\n</body></html>\n"
    )


def _row(one: Finding, titles: Mapping[str, str], urls: Mapping[str, str]) -> str:
    name = titles.get(one.file_id, "") or one.file_id or one.remote_id
    cells = (
        _linked(name, urls.get(one.remote_id, "")) + escape(f"\n{one.platform.capitalize()}"),
        escape(words_for(one)),
        escape(one.field.replace("_", " ")),
        *(escape(value or "–") for value in (one.imatch, one.remote, one.base)),
        escape(one.suggestion),
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _linked(name: str, url: str) -> str:
    """A link only to the web: addresses come from servers and attribute records."""
    if urlsplit(url).scheme not in ("http", "https"):
        return escape(name)
    return f'<a href="{escape(url, quote=True)}">{escape(name)}</a>'
