"""The doctor: is everything in place, and what exactly is to be done where it is not.

Each check is one line: name, state (`ok`, `warning`, `failed`), what was found, a hint, and text
worth copying (an exact category path).  Checks never stop each other and change nothing.
"""

from __future__ import annotations

import http.client
import importlib.metadata
import platform as machine
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from socials_lib import validation
from socials_lib.credentials import PARTS
from socials_lib.errors import SocialsError
from socials_lib.imatch.library import Library
from socials_lib.journal import Journal
from socials_lib.models import (
    COLUMNS,
    PLATFORMS,
    AccountFacts,
    Check,
    Mode,
    PlatformName,
    root_category,
)
from socials_lib.settings import TESTING_VARIABLE
from socials_lib.settings.keys import VARIABLES
from socials_lib.system import free_bytes

ACTION_LEAVES = ("_update", "_metadata", "_delete")
PACKAGES = ("imatch-to-socials", "jupyterlab", "pandas", "ipywidgets", "flickrapi", "Mastodon.py")
LEAST_FREE = 500 * 1_048_576
_MODES: Mapping[Mode, str] = {
    "demo": "DEMO: practice copies, nothing leaves this computer",
    "live": "LIVE: IMatch and the real accounts",
}
#: A token that ends within this is worth a word.
SOON = timedelta(days=30)
#: Seconds that clocks may differ before it is worth a word.
MOST_APART = 60


@dataclass(frozen=True, kw_only=True)
class Patient:
    """What the doctor looks at.

    `platforms` names those that are set up (may raise: keys can live in IMatch variables),
    `missing` the keys that a platform lacks, `account` reads its facts fresh, `addresses` are
    pages whose answers tell the time.
    """

    mode: Mode
    home: Path
    imatch_url: str
    library: Library
    journal: Journal
    platforms: Callable[[], Sequence[PlatformName]]
    missing: Callable[[PlatformName], Sequence[str]]
    account: Callable[[PlatformName], AccountFacts]
    keyring: str
    addresses: Callable[[], Mapping[PlatformName, str]] = dict


def examine(patient: Patient) -> tuple[Check, ...]:
    """All checks in a fixed order."""
    checks = [*_computer(patient), *_imatch(patient)]
    imatch_answers = checks[-1].state != "failed"
    try:
        set_up = tuple(patient.platforms())
    except SocialsError as error:
        return (*checks, _failed("accounts", "Accounts", error))
    if imatch_answers:
        checks += [*_setup(patient, set_up), *_variables(patient)]
    checks += [one for name in PLATFORMS for one in _account(patient, name, name in set_up)]
    if not set_up:
        checks.append(
            Check(
                group="accounts",
                name="Accounts",
                state="failed",
                found="neither Flickr nor Pixelfed is set up",
                hint="Sign in to at least one of them in the notebook 00_start_here.",
            )
        )
    checks += _clock(patient, set_up)
    return tuple(checks)


def is_healthy(checks: Iterable[Check]) -> bool:
    """True if no check failed (warnings are allowed)."""
    return all(one.state != "failed" for one in checks)


def to_json(checks: Sequence[Check]) -> dict[str, Any]:
    """The checks in the JSON contract of `socials doctor`."""
    return {
        "ok": is_healthy(checks),
        "checks": [
            {
                "name": one.name,
                "state": one.state,
                "found": one.found,
                "hint": one.hint or None,
                "group": one.group or None,
                "copy": one.copy or None,
            }
            for one in checks
        ],
    }


def _computer(patient: Patient) -> Iterator[Check]:
    yield Check(group="computer", name="Mode", state="ok", found=_MODES[patient.mode])
    found = {name: _version(name) for name in PACKAGES}
    lacking = [name for name, version in found.items() if not version]
    words = ", ".join(f"{name} {version}" for name, version in found.items() if version)
    yield Check(
        group="computer",
        name="Versions",
        state="failed" if lacking else "ok",
        found=f"Python {machine.python_version()}, {words}",
        hint=f"Install again: missing {', '.join(lacking)}." if lacking else "",
    )
    yield _data_folder(patient.home)
    try:
        patient.journal.history(limit=1)
        yield Check(
            group="computer", name="Run journal", state="ok", found=patient.journal.path.name
        )
    except SocialsError as error:
        yield _failed("computer", "Run journal", error)
    yield Check(group="computer", name="Keys are kept in", state="ok", found=patient.keyring)


def _data_folder(home: Path) -> Check:
    probe = home / ".write-test"
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe.write_text("ok", encoding="utf-8")
        probe.unlink()
    except OSError as error:
        return Check(
            group="computer",
            name="Data folder",
            state="failed",
            found=f"{home} cannot be written: {error.strerror}",
            hint="Set SOCIALS_HOME to a folder that you may write to.",
            copy=str(home),
        )
    free = free_bytes(home)
    return Check(
        group="computer",
        name="Data folder",
        state="ok" if free >= LEAST_FREE else "warning",
        found=f"{home}, {free / 1_048_576:,.0f} MB free",
        hint="" if free >= LEAST_FREE else "Free some space: the journal must always be writable.",
        copy=str(home),
    )


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _imatch(patient: Patient) -> Iterator[Check]:
    address = patient.imatch_url.removeprefix("http://")
    try:
        files = patient.library.below("Socials") or ()
    except SocialsError as error:
        yield _failed("imatch", "IMatch answers", error)
        return
    words = f"{len(files):,} photo{'' if len(files) == 1 else 's'} in Socials"
    yield Check(group="imatch", name="IMatch answers", state="ok", found=f"{address}, {words}")


def _variables(patient: Patient) -> Iterator[Check]:
    """Which variables are set, by name; the values stay where they are."""
    names = (*VARIABLES.values(), *(one for parts in PARTS.values() for one in _first(parts)))
    try:
        found = [name for name in sorted(set(names)) if patient.library.variable(name) is not None]
        testing = str(patient.library.variable(TESTING_VARIABLE) or "0").strip() != "0"
    except SocialsError as error:
        yield _failed("imatch", "Variables", error)
        return
    words = f"set in IMatch: {', '.join(found)}" if found else "none is set in IMatch"
    yield Check(group="imatch", name="Variables", state="ok", found=words)
    if testing:
        yield Check(
            group="imatch",
            name="Dry run",
            state="warning",
            found=f"{TESTING_VARIABLE} = 1: nothing is ever sent",
            hint="Set that variable to 0 in IMatch to carry plans out.",
            copy=TESTING_VARIABLE,
        )


def _first(parts: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """One spelling of each variable that may hold a secret."""
    return (names[0] for names in parts.values() if names)


def _setup(patient: Patient, set_up: Sequence[PlatformName]) -> Iterator[Check]:
    wanted = {path: name for name in set_up for path in required_paths(name)}
    leaves = [path for name in set_up for path in validation.leaf_paths(name)]
    try:
        setup = patient.library.setup([*wanted, *leaves], set_up)
    except SocialsError as error:
        yield _failed("imatch", "Categories", error)
        return
    for path in wanted:
        if not setup.categories.get(path):
            yield _missing_category(path, setup.similar)
    if all(setup.categories.get(path) for path in wanted) and wanted:
        yield Check(group="imatch", name="Categories", state="ok", found=f"all {len(wanted)} exist")
    yield from _leaves(leaves, setup.categories)
    for name in set_up:
        yield _attribute_set(name, setup.sets.get(name))


def required_paths(name: PlatformName) -> tuple[str, ...]:
    """The categories a platform needs: itself and the three action categories."""
    root = root_category(name)
    return (root, *(f"{root}|{leaf}" for leaf in ACTION_LEAVES))


def _missing_category(path: str, similar: Mapping[str, str]) -> Check:
    near = similar.get(path)
    parent = path.rpartition("|")[0]
    return Check(
        group="imatch",
        name="Category missing",
        state="failed",
        found=path,
        hint=f"Rename `{near}`: upper and lower case count."
        if near
        else f"Create it in IMatch under `{parent}`; no program can.",
        copy=path,
    )


def _leaves(leaves: Sequence[str], exists: Mapping[str, bool]) -> Iterator[Check]:
    if not leaves:
        return
    missing = [path for path in leaves if not exists.get(path)]
    yield Check(
        group="imatch",
        name="Error categories",
        state="warning" if missing else "ok",
        found=f"{len(leaves) - len(missing)} of {len(leaves)} exist",
        hint="Create the missing ones if IMatch shall show these problems; they are reported here"
        " all the same."
        if missing
        else "",
        copy="\n".join(missing),
    )


def _attribute_set(name: PlatformName, exists: bool | None) -> Check:
    columns = ", ".join(
        f"{column} ({'Date' if column == 'posted' else 'Hyperlink' if column == 'url' else 'Text'})"
        for column in COLUMNS[name]
    )
    state = {True: "ok", False: "failed", None: "warning"}[exists]
    return Check(
        group="imatch",
        name=f"Attribute set {name}",
        state=state,  # type: ignore[arg-type]  # one of the three words
        found={True: "exists", False: "missing", None: "cannot be asked: no photo in Socials"}[
            exists
        ],
        hint="" if exists else f"Edit > Preferences > Edit Attributes: `{name}` with {columns}.",
        copy="" if exists else columns,
    )


def _account(patient: Patient, name: PlatformName, is_set_up: bool) -> Iterator[Check]:
    title = name.capitalize()
    if not is_set_up:
        lacks = ", ".join(patient.missing(name))
        yield Check(group=name, name=title, state="ok", found=f"not set up (missing: {lacks})")
        return
    try:
        facts = patient.account(name)
    except SocialsError as error:
        yield _failed(name, title, error)
        return
    yield Check(group=name, name=title, state="ok", found=_who(facts))
    yield from _rights(facts)
    yield _limits(facts)


def _who(facts: AccountFacts) -> str:
    details = facts.details
    words = [f"signed in as {facts.account.name}"]
    if details.get("upload_count") is not None:
        words.append(f"{details['upload_count']:,} photos")
    if details.get("version"):
        words.append(f"server {details['version']}")
    return ", ".join(words)


def _rights(facts: AccountFacts) -> Iterator[Check]:
    details, title = facts.details, facts.platform.capitalize()
    if facts.platform == "flickr":
        may = bool(details.get("can_delete"))
        yield Check(
            group=facts.platform,
            name="Flickr rights",
            state="ok" if may else "warning" if details.get("can_write") else "failed",
            found="may add, change and delete" if may else f"may only {details.get('perms')}",
            hint="" if may else "Sign in again and allow deleting, or deletes will wait.",
        )
        return
    may = details.get("can_write", True)
    yield Check(
        group=facts.platform,
        name=f"{title} rights",
        state="ok" if may else "failed",
        found="may read and write" if may else "may only read",
        hint="" if may else "Make a new token with read and write.",
    )
    if isinstance(details.get("token_ends"), str):
        yield _token_end(facts.platform, datetime.fromisoformat(details["token_ends"]))


def _token_end(name: PlatformName, ends: datetime) -> Check:
    left = ends - datetime.now(UTC)
    return Check(
        group=name,
        name=f"{name.capitalize()} token",
        state="ok" if left > SOON else "warning",
        found=f"ends {ends.day} {ends:%B %Y}",
        hint="" if left > SOON else "Make a new one with read and write in good time.",
    )


def _limits(facts: AccountFacts) -> Check:
    limits = facts.limits
    words = [f"{limits.max_bytes / 1_048_576:,.1f} MB a picture", "/".join(limits.formats)]
    if limits.max_caption:
        words.append(f"{limits.max_caption:,} letters")
    if limits.max_tags:
        words.append(f"{limits.max_tags} tags")
    return Check(
        group=facts.platform,
        name=f"{facts.platform.capitalize()} limits",
        state="ok",
        found=", ".join(words),
    )


def _clock(patient: Patient, set_up: Sequence[PlatformName]) -> Iterator[Check]:
    """This computer's clock against the first platform that tells the time."""
    pages = patient.addresses()
    for name in set_up:
        apart = _seconds_apart(pages.get(name, ""))
        if apart is not None:
            is_right = apart < MOST_APART
            yield Check(
                group="computer",
                name="Clock",
                state="ok" if is_right else "warning",
                found=f"{apart:,.1f} s apart from {name.capitalize()}",
                hint="" if is_right else "Set this computer's clock: sign-ins carry the time.",
            )
            return


def _seconds_apart(page: str) -> float | None:
    """By the Date header of any answer, an error page too; None if there is none."""
    if not page.startswith(("http://", "https://")):
        return None
    request = urllib.request.Request(page, method="HEAD")
    asked = time.time()
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            told = answer.headers.get("Date")
    except urllib.error.HTTPError as error:
        told = error.headers.get("Date")
        error.close()
    except (OSError, http.client.HTTPException):
        return None
    try:
        theirs = parsedate_to_datetime(told).timestamp() + 0.5  # it counts whole seconds
    except (TypeError, ValueError):
        return None
    return abs((asked + time.time()) / 2 - theirs)


def _failed(group: str, name: str, error: SocialsError) -> Check:
    return Check(group=group, name=name, state="failed", found=str(error), hint=error.hint)
