"""What the doctor is shown of a workbench, and the bundle for a bug report.

Functions on a `Workbench`, which offers them as its own methods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from socials_lib import doctor, formatting, logs
from socials_lib.credentials import NO_KEYRING, safe_keyring
from socials_lib.doctor.bundle import Contents
from socials_lib.errors import PlatformError, SettingsError
from socials_lib.models import AccountFacts, Check, PlatformName, RemotePhoto, RemoteRef
from socials_lib.platforms.base import PoolFacts
from socials_lib.transport import hasty

if TYPE_CHECKING:
    from socials_lib.workbench import Workbench

#: A group is a call of its own.
MOST_GROUPS = 25
#: A post takes one call or two.
MOST_POSTS = 10


def examine(wb: Workbench) -> tuple[Check, ...]:
    """All checks; changes nothing."""
    found, hint = _keyring(wb)
    with hasty():
        checks = doctor.examine(
            doctor.Patient(
                mode=wb.mode,
                home=wb.home,
                settings_file=wb.settings_file,
                imatch_url=wb.imatch.client.base_url,
                library=wb.imatch,
                journal=wb.journal,
                platforms=lambda: tuple(wb.platforms),
                missing=lambda name: wb.credentials.missing(name),
                account=lambda name: _account(wb, name),
                keyring=found,
                keyring_hint=hint,
                addresses=lambda: _addresses(wb),
                pools=lambda: _pools(wb),
                without_id=lambda: _without_id(wb),
                edits_left=lambda: _edits_left(wb),
            )
        )
    return tuple(
        replace(one, found=wb.redact(one.found), hint=wb.redact(one.hint)) for one in checks
    )


def bundle(wb: Workbench, path: Path, checks: Sequence[Check] | None = None) -> doctor.Bundle:
    """Write a zip for a bug report; raises `SettingsError` if it cannot be written."""
    found = examine(wb) if checks is None else checks
    contents = Contents(
        checks=doctor.to_json(found),
        settings=wb.settings,
        journal=wb.journal,
        log=logs.log_path(wb.home),
        discover=lambda: wb.imatch.discover() or {},
        redact=wb.redact,
        person=Path.home(),
    )
    return doctor.write_bundle(path, contents)


def _account(wb: Workbench, name: PlatformName) -> AccountFacts:
    return wb.account(name, fresh=True)


def _keyring(wb: Workbench) -> tuple[str, str]:
    """Where keys are kept, and what to do if that is not the system's keyring."""
    if wb.mode == "demo":
        return "the practice world's own environment", ""
    try:
        backend = type(safe_keyring()).__module__.removeprefix("keyring.backends.")
    except SettingsError as error:
        return f"environment or IMatch variables ({error})", error.hint
    problem = wb.credentials.keyring_problem
    return f"{backend}{f' ({problem})' if problem else ''}", NO_KEYRING if problem else ""


def _addresses(wb: Workbench) -> dict[PlatformName, str]:
    settings = wb.settings
    flickr = settings.flickr.url or "https://www.flickr.com"
    return {"flickr": flickr, "pixelfed": settings.pixelfed.url}


def _pools(wb: Workbench) -> tuple[PoolFacts, ...]:
    """The groups that IMatch has categories for."""
    from socials_lib.platforms.flickr import FlickrPlatform

    platform = wb.platform("flickr")
    groups = wb.managed("flickr").groups[:MOST_GROUPS]
    return platform.pools(groups) if isinstance(platform, FlickrPlatform) else ()


def _without_id(wb: Workbench) -> tuple[str, ...]:
    albums = (formatting.album_from_category(one) for one in wb.imatch.album_categories())
    groups = (formatting.group_from_category(one) for one in wb.imatch.group_categories())
    return (
        *(one.category for one in albums if not one.album_id),
        *(one.category for one in groups if not one.group_id),
    )


def _edits_left(wb: Workbench) -> dict[str, int]:
    """Of the first posts that IMatch marks for a change, where the server tells."""
    asked = wb.imatch.requests("pixelfed").items()
    ids = [file_id for file_id, flags in asked if flags.update or flags.metadata][:MOST_POSTS]
    found: dict[str, int] = {}
    for record in wb.imatch.records("pixelfed", ids):
        post = record.values.get("status_id", "")
        remote = _fetched(wb, post) if post else None
        if remote is not None and remote.edits_left is not None:
            found[post] = remote.edits_left
    return found


def _fetched(wb: Workbench, post: str) -> RemotePhoto | None:
    try:
        return wb.platform("pixelfed").fetch(RemoteRef(platform="pixelfed", remote_id=post))
    except PlatformError:  # somebody else's, or just not now: then nothing is known of it
        return None
