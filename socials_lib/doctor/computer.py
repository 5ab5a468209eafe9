"""This computer: versions, the data folder, where keys are kept, the clock."""

from __future__ import annotations

import http.client
import importlib.metadata
import platform as machine
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from pathlib import Path

from socials_lib.doctor.patient import Patient, failed
from socials_lib.errors import SocialsError
from socials_lib.models import Check, Mode, PlatformName
from socials_lib.system import free_bytes

PACKAGES: tuple[str, ...] = ("imatch-to-socials", "jupyterlab", "pandas", "ipywidgets")
PACKAGES += ("flickrapi", "Mastodon.py", "requests", "Pillow", "keyring")
LEAST_FREE = 500 * 1_048_576
_MODES: Mapping[Mode, str] = {
    "demo": "DEMO: practice copies, nothing leaves this computer",
    "live": "LIVE: IMatch and the real accounts",
}
#: Seconds that clocks may differ before it is worth a word.
MOST_APART = 60


def computer_checks(patient: Patient) -> Iterator[Check]:
    """Mode, versions, folder, settings file, journal, keyring."""
    yield Check(group="computer", name="Mode", state="ok", found=_MODES[patient.mode])
    yield _versions()
    yield _data_folder(patient.home)
    yield _settings_file(patient.settings_file)
    try:
        patient.journal.history(limit=1)
        yield Check(
            group="computer", name="Run journal", state="ok", found=patient.journal.path.name
        )
    except SocialsError as error:
        yield failed("computer", "Run journal", error)
    yield Check(
        group="computer",
        name="Keys are kept in",
        state="warning" if patient.keyring_hint else "ok",
        found=patient.keyring,
        hint=patient.keyring_hint,
    )


def versions() -> dict[str, str]:
    """The packages that matter and their versions, "" for one that is missing."""
    return {name: _version(name) for name in PACKAGES}


def _versions() -> Check:
    found = versions()
    lacking = [name for name, version in found.items() if not version]
    words = ", ".join(f"{name} {version}" for name, version in found.items() if version)
    return Check(
        group="computer",
        name="Versions",
        state="failed" if lacking else "ok",
        found=f"Python {machine.python_version()} on {system_name()}, {words}",
        hint=f"Install again: missing {', '.join(lacking)}." if lacking else "",
    )


def system_name() -> str:
    """`Windows 11`, `Linux 6.8.0`."""
    return f"{machine.system()} {machine.release()}".strip()


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


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


def _settings_file(path: Path) -> Check:
    found = str(path) if path.exists() else f"none; it would be {path}"
    return Check(group="computer", name="Settings file", state="ok", found=found, copy=str(path))


def clock_checks(patient: Patient, set_up: Sequence[PlatformName]) -> Iterator[Check]:
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
