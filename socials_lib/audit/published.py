"""All published photos of one platform against the inventory of what is online.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from socials_lib import formatting
from socials_lib.audit.codes import CODES, decisions_for
from socials_lib.audit.compare import Published, Same, compare
from socials_lib.models import (
    ID_COLUMN,
    AccountFacts,
    Finding,
    Inventory,
    LastSent,
    Managed,
    OpenAct,
    Pending,
    Photo,
    PlatformName,
    Remembered,
    RemotePhoto,
    Rules,
    id_order,
    is_same_file,
    remote_id,
    root_category,
)
from socials_lib.plan.publication import (
    Publication,
    StandingBack,
    publication,
    standing_back,
)

#: What a single look at an id that no listing had can say besides the photo: nothing there, the
#: photo of another account, or no answer.
NOTHING, NOT_OURS, UNCLEAR = "nothing", "not_ours", "unclear"


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """All that an audit of one platform is made from.

    `looked` holds what a single look said about ids that the inventory does not have (the photo,
    `NOTHING`, `NOT_OURS`, `UNCLEAR`: no finding), and photos that were read again in detail; an id
    without a look counts as gone.  `last_sent` is the journal's, by file id; `open_acts` are those
    of earlier runs.
    """

    inventory: Inventory
    facts: AccountFacts
    rules: Rules
    same: Same
    managed: Managed = Managed()
    last_sent: Mapping[str, LastSent] = field(default_factory=dict)
    open_acts: Sequence[OpenAct] = ()
    looked: Mapping[str, RemotePhoto | str] = field(default_factory=dict)
    hand_tags: bool = True

    @property
    def platform(self) -> PlatformName:
        """The platform."""
        return self.inventory.platform


def examine(photos: Sequence[Photo], known: Knowledge) -> tuple[Finding, ...]:
    """Every finding, by file; what is online only comes last.

    A photo with a running act is left out: its state is on the way.  What the categories ask for
    already (`_update`, `_metadata`, `_delete`) is the next plan's matter and is no finding.
    """
    audited = _Audit(photos, known)
    found = [one for photo in photos for one in audited.of(photo)]
    return (*found, *audited.pools(), *audited.orphans())


def standing(photos: Sequence[Photo], known: Knowledge) -> dict[str, str]:
    """The photos that an audit compares, by file id: `compared`, or `waiting`.

    Waiting are those that the next plan has already, and those with a running act.
    """
    audited = _Audit(photos, known)
    found: dict[str, str] = {}
    for one in photos:
        is_online = audited.published[one.file_id]
        if not is_online.remote_id and not is_online.problem:
            continue
        if one.file_id in audited.back.twice and one.file_id not in audited.back.doubled:
            continue  # another file of the family stands for it
        acts = any(act.state in ("open", "unknown") for act in audited.acts_of(one))
        waits = acts or bool(_queued(one, known.platform))
        found[one.file_id] = "waiting" if waits else "compared"
    return found


def unlisted_ids(photos: Sequence[Photo], known: Knowledge) -> tuple[str, ...]:
    """Ids that IMatch has and the inventory has not: each needs a look of its own."""
    audited = _Audit(photos, known)
    ids = (audited.published[one.file_id].remote_id for one in photos)
    unlisted = [one for one in ids if one and one not in audited.online]
    return tuple(dict.fromkeys(unlisted))


class _Audit:
    def __init__(self, photos: Sequence[Photo], known: Knowledge) -> None:
        self.known = known
        self.photos = {one.file_id: one for one in photos}
        self.online = {one.ref.remote_id: one for one in known.inventory.photos}
        self.remembered = Remembered(known.last_sent)
        self.published = {
            one.file_id: publication(one, known.platform, self.remembered) for one in photos
        }
        self.back = self._standing_back(photos)
        self._albums = _by_photo(known.inventory.members.albums)
        self._groups = _by_photo(known.inventory.members.groups)

    def _standing_back(self, photos: Sequence[Photo]) -> StandingBack:
        rows = [Pending(photo=one, platform=self.known.platform) for one in photos]
        return standing_back(rows, self.published, last_sent=self.known.last_sent, upload_of={})

    # -- one photo

    def of(self, photo: Photo) -> tuple[Finding, ...]:
        """The findings of one photo."""
        if any(one.state in ("open", "unknown") for one in self.acts_of(photo)):
            return ()
        queued = _queued(photo, self.known.platform)
        if "_delete" in queued:
            return ()
        found = self._of(photo, self.published[photo.file_id])
        if queued:
            found = (one for one in found if "push_ours" not in decisions_for(one))
        return tuple(found)

    def _of(self, photo: Photo, found: Publication) -> Iterator[Finding]:
        if found.problem == "duplicate_remote_id":
            yield from self._several(photo)
        elif photo.file_id in self.back.doubled:
            words = self.back.doubled[photo.file_id]
            yield self._about(photo, "id_twice", found.remote_id, imatch=words)
        elif photo.file_id in self.back.twice:
            return  # another file of the family acts, and is compared
        elif found.problem == "lost_remote_id":
            yield self._lost(photo, found)
        elif found.remote_id:
            yield from self._published(photo, found)

    def _several(self, photo: Photo) -> Iterator[Finding]:
        """One finding per id, so that the wrong ones can be forgotten."""
        if self.published[photo.file_id].from_relatives:
            return  # versions that were published one by one: nothing is wrong
        own = [
            one
            for one in photo.records
            if one.set == self.known.platform and one.file_id == photo.file_id
        ]
        ids = dict.fromkeys(filter(None, (remote_id(one, self.known.platform) for one in own)))
        for one in ids:
            there = "online" if one in self.online else "not online"
            yield self._about(photo, "several_ids", one, imatch=", ".join(ids), remote=there)

    def _lost(self, photo: Photo, found: Publication) -> Finding:
        last = self._journal(photo)
        if last is None:
            return self._about(photo, "published_without_remote", "", imatch=found.found)
        if last.remote_id in self.online:
            return self._about(photo, "lost_id", last.remote_id, base=last.remote_id)
        return self._about(photo, "gone_online", last.remote_id, base=last.remote_id)

    def _published(self, photo: Photo, found: Publication) -> Iterator[Finding]:
        remote = self.known.looked.get(found.remote_id) or self.online.get(found.remote_id)
        last = self._base(photo, found)
        if remote is None or remote == NOTHING:
            code = "gone_online" if last is not None else "published_without_remote"
            words = found.url or found.remote_id
            base = last.remote_id if last else None
            yield self._about(photo, code, found.remote_id, imatch=words, base=base)
        elif remote == UNCLEAR:
            return  # not knowing is no finding
        elif isinstance(remote, str):
            yield self._about(photo, "not_yours", found.remote_id, imatch=found.url)
        else:
            yield from compare(self._pair(photo, found, remote, last), self.known.same)

    def _pair(
        self, photo: Photo, found: Publication, remote: RemotePhoto, last: LastSent | None
    ) -> Published:
        known, flickr = self.known, self.known.platform == "flickr"
        members = known.inventory.members
        listed = replace(
            remote,
            albums=self._albums.get(found.remote_id, {}),
            groups=self._groups.get(found.remote_id, {}),
        )
        return Published(
            file_id=photo.file_id,
            text=formatting.photo_text(photo, known.platform, known.rules, known.facts.limits),
            remote=listed,
            last=last,
            limits=known.facts.limits,
            albums=formatting.albums(photo) if flickr else (),
            groups=formatting.groups(photo) if flickr else (),
            managed=known.managed,
            waiting=frozenset(one.target for one in self.acts_of(photo) if one.target),
            read_albums=frozenset(members.albums),
            read_groups=frozenset(members.groups),
            media_id=found.media_id or (last.media_id if last else ""),
            hand_tags=known.hand_tags,
        )

    # -- what is not about one photo

    def pools(self) -> Iterator[Finding]:
        """Albums and groups of IMatch that are not there, or do not open to us."""
        unread = set(self.known.inventory.members.unread)
        pools = [(one.album_id, one.category, "album_gone") for one in self.known.managed.albums]
        pools += [(one.group_id, one.category, "group_closed") for one in self.known.managed.groups]
        for pool_id, category, code in pools:
            if pool_id in unread:
                yield Finding(
                    file_id="",
                    platform=self.known.platform,
                    remote_id=pool_id,
                    code=code,
                    field="albums" if code == "album_gone" else "groups",
                    imatch=category,
                    suggestion=CODES[code].suggestion,
                )

    def orphans(self) -> Iterator[Finding]:
        """What is online and belongs to no photo that was audited."""
        known = known_ids(self.photos.values(), self.known)
        for ident, remote in self.online.items():
            if ident not in known:
                yield Finding(
                    file_id="",
                    platform=self.known.platform,
                    remote_id=ident,
                    code="orphan",
                    remote=remote.title or _first_line(remote.caption) or remote.ref.url or ident,
                    suggestion=CODES["orphan"].suggestion,
                )

    # -- small questions

    def _about(
        self,
        photo: Photo,
        code: str,
        ident: str,
        *,
        imatch: str | None = None,
        remote: str | None = None,
        base: str | None = None,
    ) -> Finding:
        return Finding(
            file_id=photo.file_id,
            platform=self.known.platform,
            remote_id=ident,
            code=code,
            field=ID_COLUMN[self.known.platform],
            imatch=imatch or None,
            remote=remote,
            base=base,
            suggestion=CODES[code].suggestion,
        )

    def _journal(self, photo: Photo) -> LastSent | None:
        """What the journal knows of this file, or of a relative."""
        for ident, path in [(photo.file_id, photo.path)] + [
            (one.file_id, one.path) for one in photo.relatives
        ]:
            found = self.remembered.of(ident, path)
            if found is not None:
                return found[0]
        return None

    def _base(self, photo: Photo, found: Publication) -> LastSent | None:
        last = self.known.last_sent.get(photo.file_id)
        return last if last is not None and last.remote_id == found.remote_id else None

    def acts_of(self, photo: Photo) -> tuple[OpenAct, ...]:
        """The open acts of earlier runs on this very file."""
        return tuple(
            one
            for one in self.known.open_acts
            if one.file_id == photo.file_id and (not one.path or is_same_file(one.path, photo.path))
        )


def known_ids(photos: Iterable[Photo], known: Knowledge) -> set[str]:
    """Ids that some photo has in its records, the journal knows of it, or an act is about."""
    photos, remembered = tuple(photos), Remembered(known.last_sent)
    found = {
        remote_id(record, known.platform)
        for photo in photos
        for record in photo.records
        if record.set == known.platform
    }
    for photo in photos:
        for ident, path in [(photo.file_id, photo.path)] + [
            (one.file_id, one.path) for one in photo.relatives
        ]:
            last = remembered.of(ident, path)
            if last is not None:
                found.add(last[0].remote_id)
    return found | {one.remote_id for one in known.open_acts}


def stamps(found: Inventory) -> dict[str, set[str]]:
    """The stamps online: picture hashes by the file id that they name."""
    named: dict[str, set[str]] = {}
    for photo in found.photos:
        stamp = formatting.parse_stamp(tag.clean for tag in photo.tags)
        if stamp is not None and stamp[0].isdigit():
            named.setdefault(stamp[0], set()).add(stamp[1])
    return named


def _queued(photo: Photo, platform: PlatformName) -> set[str]:
    root = root_category(platform)
    leaves = ("_update", "_metadata", "_delete")
    return {leaf for leaf in leaves if photo.in_category(f"{root}|{leaf}")}


def _by_photo(pools: Mapping[str, Iterable[str]]) -> dict[str, dict[str, str]]:
    """Photo id -> the albums or groups that it is in."""
    found: dict[str, dict[str, str]] = {}
    for pool, ids in pools.items():
        for one in ids:
            found.setdefault(one, {})[pool] = ""
    return found


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def by_file(findings: Iterable[Finding]) -> list[str]:
    """The file ids of findings, each once, in order of their numbers."""
    return sorted({one.file_id for one in findings if one.file_id}, key=id_order)
