"""Bringing ids home: into the attribute records of IMatch, never over another id.

What was proposed may be old by the time the person agrees: another notebook or the command line may
have published the photo, a hand may have written an id.  So IMatch is read again under the run
lock, and a file that has come by another id is left alone and named: no remote id is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from socials_lib import images
from socials_lib.errors import PlanError
from socials_lib.models import (
    ID_COLUMN,
    Account,
    FileFacts,
    Finding,
    LastSent,
    OpenAct,
    Photo,
    PlatformName,
    Remembered,
    RemoteRef,
    likeness,
    remote_id,
)
from socials_lib.plan.publication import own_ids
from socials_lib.system import local_path

if TYPE_CHECKING:
    from socials_lib.workbench.changes import Changes


def known_meanwhile(wb: Changes, proposed: RemoteRef, photo: Photo, account: Account) -> str:
    """Another id than the proposed one that this file has by now, "" if there is none.

    In IMatch, in the journal alone, or with an add that has not ended.
    """
    name, here = proposed.platform, (photo.file_id, photo.path)
    sent = Remembered(
        wb.journal.last_sent(name, account.id, paths={photo.file_id: photo.path})
    ).candidates(*here)
    acts = (
        one
        for one in wb.journal.open_acts(name, account.id)
        if one.action in ("add", "repost") and one.state in ("open", "unknown")
    )
    ids = [*own_ids(photo, name)]
    known: list[LastSent | OpenAct] = [*sent, *acts]
    for one in known:
        if likeness(one, file_id=photo.file_id, path=photo.path) != "other":
            ids.append(one.remote_id)
    return next((one for one in ids if one not in ("", proposed.remote_id)), "")


def adopt(wb: Changes, one: Finding, photo: Photo, account: Account) -> list[PlanError]:
    """The id that the journal knows, of the file or of a relative, goes into the record.

    What speaks against it comes back: another id that came meanwhile, or no proof that the journal
    means this file.
    """
    paths = {photo.file_id: photo.path} | {rel.file_id: rel.path for rel in photo.relatives}
    sent = Remembered(wb.journal.last_sent(one.platform, account.id, paths=paths))
    for file_id, path in paths.items():
        for known in sent.candidates(file_id, path):
            if known.remote_id == one.remote_id:
                why_not = _against(photo, one.platform, known, file_id=file_id, path=path)
                if why_not is None:
                    _write_known(wb, one.platform, file_id, known)
                return [why_not] if why_not else []
    return []


def _against(
    photo: Photo, platform: PlatformName, known: LastSent, *, file_id: str, path: str
) -> PlanError | None:
    """What speaks against writing the id that the journal knows into the record of this file."""
    records = (one for one in photo.records if (one.set, one.file_id) == (platform, file_id))
    others = {remote_id(one, platform) for one in records} - {"", known.remote_id}
    name = f"“{photo.title or photo.name}”"
    if others:
        return PlanError(
            f"{name} has the id {min(others)} in IMatch by now, so {known.remote_id} was not"
            " written.",
            hint="Audit again; one of the two may be a double.",
            code="stale",
        )
    paths = (path, *(one.path for one in photo.versions if file_id == photo.file_id))
    if likeness(known, file_id=file_id, path=path, files=_looked_at(paths)) == "same":
        return None
    return PlanError(
        f"{known.remote_id} was sent from {known.path}, and nothing proves that {path} is that"
        " file. It was not written.",
        hint=f"If {name} is that photo, write the id into its attribute record in IMatch by hand.",
        code="other_file",
    )


def _looked_at(paths: tuple[str, ...]) -> Iterator[FileFacts]:
    """The files as they are on the disk, read one by one as far as they are asked for."""
    for one in paths:
        yield images.inspect(str(local_path(one)), with_sha=True)


def _write_known(wb: Changes, platform: PlatformName, file_id: str, known: LastSent) -> None:
    values = {ID_COLUMN[platform]: known.remote_id, "url": known.url}
    if platform == "pixelfed":
        values["media_id"] = known.media_id
    values["posted"] = local_date(wb, known.sent_at)
    wb.imatch.write_record(
        platform, file_id, {name: value for name, value in values.items() if value}
    )


def local_date(wb: Changes, moment: datetime | None) -> str:
    """The date in the zone of the settings (else the system's); today if the moment is unknown."""
    if moment is None:
        return wb.today().isoformat()
    zone = wb.settings.text.zone
    return moment.astimezone(ZoneInfo(zone) if zone else None).date().isoformat()
