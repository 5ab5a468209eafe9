"""`socials doctor --bundle FILE`: a zip for a bug report that a person can read before it is sent.

    checks.json     what the doctor found
    settings.json   the settings and where they come from; private places and words as numbers only
    versions.json   Python, the system, all packages
    journal.json    runs, counts and codes; no text of any photo
    discover.json   what IMatch's web service says about itself
    logs/…          the newest log lines

Decisions 2026-11-22
    - What stands in “quotes” in our log is a title or a name, so it goes; what the journal knows of
      texts, names and paths goes wherever it stands, and so does what follows the name of an
      exception, where services repeat what they were sent.
    - Everything passes the mask for secrets last, the names of the files too.
    - The person's folder is `~`; their name in IMatch is not written down.
"""

from __future__ import annotations

import importlib.metadata
import io
import json
import platform as machine
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from socials_lib.doctor.computer import system_name
from socials_lib.errors import SettingsError, SocialsError
from socials_lib.journal import Journal
from socials_lib.models import PlanRow, Run, to_plain
from socials_lib.settings import KEYS, Settings
from socials_lib.system import write_whole

#: Bytes of each log file that are kept, and how many files.
MOST_LOG, LOGS = 262_144, 2
#: Runs that are summed up, and those whose texts are looked for in the log.
_RUNS, _MOST_TEXTS = 50, 20_000
_SHORTEST = 4
GONE = "(…)"
_QUOTED = re.compile("“[^\n]*”")
_EXCEPTION = re.compile(r"^(\s*\|?\s*[\w.]*(?:Error|Exception|Warning|Refused|Unreachable)): .*$")
_ENDED = re.compile(r"(ended: .*?\([a-z_0-9]+\)) .*$")
_SOMEBODYS = re.compile(
    r"(?<![\w.~/\\-])(?:[A-Za-z]:(?:\\\\|[\\/])Users(?:\\\\|[\\/])|/home/|/Users/)[^\\/\"'\s<>|:]+",
    re.IGNORECASE,
)
_USERINFO = re.compile(r"(https?://)[^/@\s\"']+@")
_READ_ME = """A bundle for a bug report of IMatch to Socials.
Please look through it before you send it: it should hold no key, no token, no title, no text and
no name of a photo. If you find one, say so without showing it.
"""


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """Where it is and what is in it."""

    path: Path
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a bundle is made of; `redact` masks secrets, `discover` asks IMatch about itself."""

    checks: Mapping[str, Any]
    settings: Settings
    journal: Journal
    log: Path
    discover: Callable[[], Mapping[str, Any] | None]
    redact: Callable[[str], str]
    person: Path


def write_bundle(path: Path, contents: Contents) -> Bundle:
    """Write the zip, all or nothing; raises `SettingsError` if it cannot be written."""
    clean = _cleaner(contents)
    files = {name: clean(text) for name, text in _files(contents)}
    listed = "".join(f"    {name}\n" for name in files)
    files = {"README.txt": f"{_READ_ME}\n{listed}", **files}
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text.encode("utf-8", "backslashreplace"))
    try:
        write_whole(path, data.getvalue())
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written: {error.strerror}.", hint="Name another file.", code="file"
        ) from error
    return Bundle(path=path, names=tuple(files))


def _files(contents: Contents) -> Iterator[tuple[str, str]]:
    yield "checks.json", _json(contents.checks)
    yield "settings.json", _json(_settings(contents.settings))
    yield "versions.json", _json(_versions())
    yield "journal.json", _json(_or_error(lambda: _journal(contents.journal)))
    yield "discover.json", _json(_or_error(contents.discover))
    texts = _texts(contents.journal)
    for name, lines in _logs(contents.log):
        yield f"logs/{name}", without_texts(lines, texts)


def _or_error(thing: Callable[[], Any]) -> Any:
    try:
        return thing()
    except SocialsError as error:
        return {"error": {"code": error.code, "message": str(error)}}


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _cleaner(contents: Contents) -> Callable[[str], str]:
    """Folders and the person's name first, secrets last: nothing after them may bring one back."""
    user = contents.settings.imatch.user

    def clean(text: str) -> str:
        text = shortened(text, contents.person)
        text = text.replace(f"“{user}”", "“(you)”") if user else text
        return contents.redact(_USERINFO.sub(r"\g<1>***@", text))

    return clean


def shortened(text: str, person: Path) -> str:
    r"""The text with the person's folder as `~`, in any spelling: `C:\`, `C:/`, and in JSON."""
    own = str(person)
    for one in dict.fromkeys((own.replace("\\", "\\\\"), own, own.replace("\\", "/"))):
        if len(one) > 1:
            text = re.sub(re.escape(one) + r"(?![\w-])", "~", text, flags=re.IGNORECASE)
    return _SOMEBODYS.sub("~", text)


# -- settings, versions


def _settings(settings: Settings) -> dict[str, Any]:
    """Every setting with its source; what is private is told as a number."""
    found: dict[str, Any] = {"mode": settings.mode, "home": str(settings.home)}
    found |= {"file": str(settings.config_file), "exists": settings.config_file.exists()}
    for key in KEYS:
        value = getattr(getattr(settings, key.section), key.key)
        name = f"{key.section}.{key.key}"
        if key.section == "private" and isinstance(value, tuple):
            value = f"{len(value)} (not shown)"
        if name == "imatch.user":
            value = "(not shown)"
        found[name] = {"value": to_plain(value), "from": settings.sources.get(name, "default")}
    return found


def _versions() -> dict[str, Any]:
    packages = {
        str(one.metadata["Name"]): one.version for one in importlib.metadata.distributions()
    }
    return {
        "python": sys.version,
        "system": system_name(),
        "machine": machine.machine(),
        "file names": sys.getfilesystemencoding(),
        "packages": dict(sorted(packages.items(), key=lambda one: one[0].lower())),
    }


# -- journal


def _journal(journal: Journal) -> dict[str, Any]:
    """Runs in numbers and codes."""
    size = journal.path.stat().st_size if journal.path.exists() else 0
    return {"bytes": size, "runs": [_run(one) for one in journal.history(limit=_RUNS)]}


def _run(run: Run) -> dict[str, Any]:
    ends = Counter((one.platform, one.action, one.state, one.code) for one in run.outcomes)
    notes = Counter((one.platform, note.code) for one in run.outcomes for note in one.warnings)
    return {
        "run": run.run,
        "started": run.started.isoformat(),
        "ended": run.ended.isoformat() if run.ended else None,
        "state": run.state,
        "mode": run.mode,
        "origin": run.origin,
        "stopped_by": run.stopped_by,
        "outcomes": {" ".join(filter(None, key)): count for key, count in sorted(ends.items())},
        "notes": {" ".join(key): count for key, count in sorted(notes.items())},
    }


# -- the log


def _logs(log: Path) -> Iterator[tuple[str, str]]:
    """The newest lines of the newest files; a file that cannot be read is left out."""
    for path in (log, *(log.with_name(f"{log.name}.{number}") for number in range(1, LOGS))):
        try:
            data = path.read_bytes()
        except OSError:
            continue
        cut = data[-MOST_LOG:]
        lines = cut if cut == data else cut.partition(b"\n")[2]
        yield path.name, lines.decode("utf-8", "replace")


def without_texts(lines: str, texts: Iterable[str]) -> str:
    """Log lines without titles, names and what services repeated of them."""
    for text in texts:
        if text in lines:
            lines = lines.replace(text, GONE)
    return "\n".join(_line(one) for one in lines.split("\n"))


def _line(line: str) -> str:
    line = _QUOTED.sub(f"“{GONE}”", line)
    line = _EXCEPTION.sub(rf"\g<1>: {GONE}", line)
    return _ENDED.sub(rf"\g<1> {GONE}", line)


def _texts(journal: Journal) -> tuple[str, ...]:
    """What the journal knows of the photos of the newest runs, the longest first."""
    found: dict[str, None] = {}
    try:
        for run in journal.history(limit=_RUNS):
            for stored in journal.rows(run.run):
                found |= dict.fromkeys(_texts_of(stored.row))
            if len(found) > _MOST_TEXTS:
                break
    except SocialsError:
        return ()
    return tuple(sorted(found, key=len, reverse=True))


def _texts_of(row: PlanRow) -> Iterator[str]:
    said: Sequence[str] = (row.name, row.path, row.upload.path if row.upload else "")
    if row.text is not None:
        text = row.text
        said = (*said, text.title, text.description, text.caption, text.alt_text)
    lines = (line.strip() for one in said for line in one.splitlines())
    return (line for line in lines if len(line) >= _SHORTEST)
