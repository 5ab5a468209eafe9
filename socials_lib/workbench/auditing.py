"""What an audit needs from the world (list, IMatch, journal), and carrying decisions out.

Functions on a `Workbench`, which offers them as its own methods; the judgement is in `audit`.

Decisions 2026-11-22
    - Audited are the files anywhere below `Socials|P`, those the journal published, and those
      whose stamp is online: a photo that was taken out of its category is still published.
    - An audit lists anew; `fresh=False` takes the list of before.  The list is kept for one
      account and host, with the time it was read.
    - Flickr is not asked who we are if its list of photos tells it.  An id that no list has gets
      one look of its own (lists lag behind, records hold ids of others), and so has a Pixelfed
      post that was edited and would be edited again: only its history says how often it can be.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from socials_lib import audit as auditing
from socials_lib.errors import NotYours, PlatformError, SignedOut
from socials_lib.models import (
    DEFAULT_LIMITS,
    Account,
    AccountFacts,
    Finding,
    Inventory,
    Memberships,
    Photo,
    PlatformName,
    RemotePhoto,
    RemoteRef,
    digest,
    from_plain,
    id_order,
    root_category,
    to_plain,
)
from socials_lib.system import write_whole

if TYPE_CHECKING:
    from socials_lib.workbench.changes import Changes

log = logging.getLogger(__name__)

#: Single looks per audit at ids that no list has; what is beyond counts as gone, as the list says.
MOST_LOOKS = 100

#: Photos that a listing gives per call.
PER_CALL: Mapping[PlatformName, int] = {"flickr": 500, "pixelfed": 40}

#: Photos read so far, photos in all (0: not known).
Progress = Callable[[int, int], None]


def _silent(_done: int, _total: int) -> None:
    """No progress is wanted."""


@dataclass(frozen=True, kw_only=True)
class Audited:
    """An audit with all that it was made from.

    `findings` are open, `decided` those that the person keeps or ignores; `standing` says of each
    published photo whether it was compared; `photos` by file id.
    """

    known: auditing.Knowledge
    findings: tuple[Finding, ...]
    decided: tuple[Finding, ...]
    standing: Mapping[str, str]
    photos: Mapping[str, Photo]

    @property
    def counts(self) -> dict[str, int]:
        """`published = same + differing + decided + waiting`, by photo, each in one of them."""
        differing = {one.file_id for one in self.findings} & set(self.standing)
        waiting = {one for one, how in self.standing.items() if how == "waiting"} - differing
        decided = {one.file_id for one in self.decided} & set(self.standing) - differing - waiting
        published = len(self.standing)
        return {
            "published": published,
            "same": published - len(differing) - len(decided) - len(waiting),
            "differing": len(differing),
            "decided": len(decided),
            "waiting": len(waiting),
        }


# -- inventory


def kept_inventory(wb: Changes, name: PlatformName) -> Inventory | None:
    """The list of before; None if there is none.  Asks nobody."""
    return _kept_inventory(_cache_path(wb, name))


def calls_to_list(wb: Changes, name: PlatformName) -> int:
    """About how many calls a new list takes, by the size of the one before; 0 if nobody knows."""
    kept = kept_inventory(wb, name)
    if kept is None:
        return 0
    per_call = PER_CALL[name]
    pages = -(-len(kept.photos) // per_call) or 1
    if name == "pixelfed":
        return pages + 1  # only an empty page says that it was the last
    members = kept.members
    pools = [*members.albums.values(), *members.groups.values()]
    titles = -(-len(members.titles) // per_call) if members.albums else 0
    return pages + titles + sum(-(-len(ids) // per_call) or 1 for ids in pools)


def inventory(
    wb: Changes, name: PlatformName, *, fresh: bool = False, progress: Progress | None = None
) -> Inventory:
    """All own photos that are online, by listing; from the data folder unless `fresh`."""
    path = _cache_path(wb, name)
    kept = None if fresh else _kept_inventory(path)
    if kept is not None:
        return kept
    tell = progress or _silent
    platform, managed = wb.platform(name), wb.managed(name)
    known = wb.known_account(name) or (wb.account(name) if name != "flickr" else None)
    pages = known.account.url if known else ""
    photos: list[RemotePhoto] = []
    for one in platform.inventory():
        photos.append(_with_page(one, pages))
        if len(photos) % 40 == 0:
            tell(len(photos), 0)
    tell(len(photos), len(photos))
    owner = photos[0].owner_id if photos else known.account.id if known else ""
    albums = [one.album_id for one in managed.albums]
    groups = [one.group_id for one in managed.groups]
    members = Memberships()
    if photos:
        members = platform.memberships(albums, groups, owner=owner)
    found = Inventory(
        platform=name,
        account_id=owner,
        read_at=datetime.now(UTC),
        photos=tuple(photos),
        members=members,
    )
    _keep_inventory(path, found)
    return found


def _with_page(one: RemotePhoto, pages: str) -> RemotePhoto:
    """With the address of its page, as far as the account's is known."""
    if one.ref.url or not pages:
        return one
    return replace(one, ref=replace(one.ref, url=f"{pages.rstrip('/')}/{one.ref.remote_id}/"))


def _cache_path(wb: Changes, name: PlatformName) -> Path:
    return wb.home / "cache" / "inventory" / f"{name}-{digest(wb.account_key(name))[:8]}.json"


def _kept_inventory(path: Path) -> Inventory | None:
    """The list of before; None if there is none that can be read."""
    try:
        return from_plain(Inventory, json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def _keep_inventory(path: Path, found: Inventory) -> None:
    """A cache that cannot be written is only slower next time."""
    try:
        write_whole(path, json.dumps(to_plain(found)).encode("ascii"))
    except OSError as error:
        log.warning("the inventory cannot be kept: %s", error)


# -- audit


def audit(
    wb: Changes,
    name: PlatformName,
    *,
    fresh: bool = True,
    decided: bool = False,
    progress: Progress | None = None,
) -> tuple[Finding, ...]:
    """IMatch against what is online on one platform; changes nothing anywhere.

    `decided` shows also what the person keeps or ignores.
    """
    found = audited(wb, name, fresh=fresh, progress=progress)
    return (*found.findings, *found.decided) if decided else found.findings


def audited(
    wb: Changes, name: PlatformName, *, fresh: bool = True, progress: Progress | None = None
) -> Audited:
    """An audit with the photos, the list, and what the person has decided about."""
    photos, known = gather(wb, name, fresh=fresh, progress=progress)
    unlisted = auditing.unlisted_ids(photos, known)[:MOST_LOOKS]
    known = replace(known, looked=_looks(wb, name, unlisted))
    findings = auditing.examine(photos, known)
    edited = _edited_captions(findings, known)
    if edited:
        known = replace(known, looked={**known.looked, **_looks(wb, name, edited)})
        findings = auditing.examine(photos, known)
    prefix = f"audit:{name}:{known.facts.account.id}:"
    open_ones = auditing.without_decided(findings, wb.journal.facts(prefix))
    still = set(open_ones)
    return Audited(
        known=known,
        findings=open_ones,
        decided=tuple(one for one in findings if one not in still),
        standing=auditing.standing(photos, known),
        photos={one.file_id: one for one in photos},
    )


def gather(
    wb: Changes, name: PlatformName, *, fresh: bool = True, progress: Progress | None = None
) -> tuple[tuple[Photo, ...], auditing.Knowledge]:
    """All files of IMatch that may be what is online, and all that is known about them."""
    found = inventory(wb, name, fresh=fresh, progress=progress)
    facts = _facts(wb, found)
    account = facts.account.id
    journal = wb.journal.last_sent(name, account)
    ids = (
        set(wb.imatch.below(root_category(name)) or ()) | set(journal) | set(auditing.stamps(found))
    )
    photos = wb.imatch.load(sorted(ids, key=id_order), (name,), progress)
    paths = {one.file_id: one.path for one in photos}
    return photos, auditing.Knowledge(
        inventory=found,
        facts=facts,
        rules=wb.settings.rules,
        same=wb.platform(name).same,
        managed=wb.managed(name),
        last_sent=wb.journal.last_sent(name, account, paths=paths),
        open_acts=wb.journal.open_acts(name, account),
        hand_tags=not wb.settings.images.keep_texts,
    )


def account_of(wb: Changes, name: PlatformName) -> Account:
    """Whose photos these are: as last read, else asked now."""
    known = wb.known_account(name)
    return (known or wb.account(name)).account


def _facts(wb: Changes, found: Inventory) -> AccountFacts:
    """Whose photos these are and what limits their texts; Flickr need not be asked for either."""
    known = wb.known_account(found.platform)
    if known is not None:
        return known
    if found.platform == "flickr" and found.account_id:
        return AccountFacts(
            platform="flickr",
            account=Account(id=found.account_id, name=found.account_id),
            limits=DEFAULT_LIMITS["flickr"],
            guessed=True,
        )
    return wb.account(found.platform)


def _looks(wb: Changes, name: PlatformName, ids: Sequence[str]) -> dict[str, RemotePhoto | str]:
    """One look at each of these ids; what could not be asked is `UNCLEAR`."""
    platform = wb.platform(name)
    found: dict[str, RemotePhoto | str] = {}
    for ident in ids:
        try:
            remote = platform.fetch(RemoteRef(platform=name, remote_id=ident))
        except NotYours:
            found[ident] = auditing.NOT_OURS
        except SignedOut:
            raise
        except PlatformError as error:
            log.warning("%s: %s cannot be looked at: %s", name, ident, error)
            found[ident] = auditing.UNCLEAR
        else:
            found[ident] = remote if remote is not None else auditing.NOTHING
    return found


def _edited_captions(findings: Iterable[Finding], known: auditing.Knowledge) -> tuple[str, ...]:
    """Posts whose caption differs and of which the list does not say how often it can be edited."""
    unknown = {
        one.ref.remote_id
        for one in known.inventory.photos
        if one.edits_left is None and one.ref.platform == "pixelfed"
    }
    ids = (one.remote_id for one in findings if one.field == "caption")
    return tuple(dict.fromkeys(ident for ident in ids if ident in unknown))


def memory_here(platform: PlatformName) -> str:
    """What the keys of decisions about IMatch alone begin with: no account has to be known."""
    return f"audit:{platform}:imatch:"


def audit_metadata(
    wb: Changes,
    names: Sequence[PlatformName],
    *,
    photos: Sequence[Photo] | None = None,
    decided: bool = False,
) -> tuple[Finding, ...]:
    """IMatch alone; asks no platform.  `photos` are those of `photos_of`, read now if None."""
    limits = {name: known.limits for name in names if (known := wb.known_account(name)) is not None}
    found = auditing.examine_metadata(
        photos_of(wb, names) if photos is None else photos,
        names,
        rules=wb.settings.rules,
        now=datetime.now(UTC).astimezone().replace(tzinfo=None),
        limits=limits,
    )
    if decided:
        return found
    memory = {name: wb.journal.facts(memory_here(name)) for name in names}
    return tuple(
        one for one in found if auditing.without_decided((one,), memory.get(one.platform, {}))
    )


@dataclass(frozen=True, kw_only=True)
class MetadataAudited:
    """What IMatch alone tells: the matrix, the findings, the photos by file id."""

    coverage: tuple[auditing.Coverage, ...]
    findings: tuple[Finding, ...]
    photos: Mapping[str, Photo]


def metadata_audited(
    wb: Changes, names: Sequence[PlatformName], *, progress: Progress | None = None
) -> MetadataAudited:
    """All of it from one reading of IMatch; asks no platform."""
    photos = photos_of(wb, names, progress)
    return MetadataAudited(
        coverage=auditing.completeness(photos, names),
        findings=audit_metadata(wb, names, photos=photos),
        photos={one.file_id: one for one in photos},
    )


def completeness(wb: Changes, names: Sequence[PlatformName]) -> tuple[auditing.Coverage, ...]:
    """How many photos of each platform have each field."""
    return auditing.completeness(photos_of(wb, names), names)


def photos_of(
    wb: Changes, names: Sequence[PlatformName], progress: Progress | None = None
) -> tuple[Photo, ...]:
    """All files below the categories of these platforms."""
    ids = {one for name in names for one in wb.imatch.below(root_category(name)) or ()}
    return wb.imatch.load(sorted(ids, key=id_order), names, progress)


def titles(wb: Changes, findings: Iterable[Finding]) -> dict[str, str]:
    """What to call the photos of findings: title, else file name, by file id."""
    ids = auditing.by_file(findings)
    return {one.file_id: one.title or one.name for one in wb.imatch.load(ids, ())} if ids else {}
