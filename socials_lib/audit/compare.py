"""One published photo, three ways: what we last sent, IMatch now, online now.  Pure.

    base     IMatch   online       state
    b        b        b            same
    b        x        b            changed_here
    b        b        x            changed_there
    b        x        x            both_alike
    b        x        y            changed_both
    unknown  x        x            same
    unknown  x        y            no_base

*Equal* is what the platform makes of a text (`Platform.same`), so that entities, links, clean
tags and escapes are no drift; an absent value is a value like any other.  Dates, visibility, albums
and groups have codes of their own wherever somebody changed them online or nobody knows.

Decided here, where the design is silent (2026-11-22):
    - A date that IMatch does not have is never sent, so it is no finding.
    - Tags typed online by hand are `added_there`, apart from the rest, since nothing would remove
      them.  Only a photo that carries our stamp had no others when we published it; the tags of
      anybody's old photos are no finding.
    - Albums and groups are looked at as far as IMatch manages them.  Those whose act of an earlier
      run still waits or was refused, and groups whose moderator has the photo, are no drift; both
      sides alike is none either, for what was sent before does not matter there.
    - Pixelfed cannot change who sees a post: any difference is `privacy_changed`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from socials_lib import formatting
from socials_lib.audit.codes import CODES
from socials_lib.models import (
    Album,
    Finding,
    GroupPool,
    LastSent,
    Limits,
    Managed,
    PhotoText,
    RemotePhoto,
)

#: field, what was sent, what is online -> is it the same?
Same = Callable[[str, str, str], bool]

FEW_EDITS = 2
_STAMP = "imatch:"
_TEXTS = {"flickr": ("title", "description"), "pixelfed": ("caption", "alt_text")}
_OWN_CODES = {"date_taken": "date_differs", "visibility": "privacy_changed"}


@dataclass(frozen=True, kw_only=True)
class Published:
    """A photo of IMatch and what is online under its id.

    `last` is what we sent for this very file and remote photo, None if nobody knows; `waiting` are
    albums and groups of open acts; `members` says who is in which album and group by id (None: not
    read).  `hand_tags` False: tags came in with the file, so nobody can tell which were typed.
    """

    file_id: str
    text: PhotoText
    remote: RemotePhoto
    last: LastSent | None
    limits: Limits
    albums: tuple[Album, ...] = ()
    groups: tuple[GroupPool, ...] = ()
    managed: Managed = Managed()
    waiting: frozenset[str] = frozenset()
    read_albums: frozenset[str] = frozenset()
    read_groups: frozenset[str] = frozenset()
    media_id: str = ""
    hand_tags: bool = True

    @property
    def base(self) -> PhotoText | None:
        """The texts we last sent."""
        return self.last.text if self.last else None

    def finding(
        self, code: str, field: str, imatch: str | None, remote: str | None, base: str | None
    ) -> Finding:
        """A finding about one field; empty values are None."""
        return Finding(
            file_id=self.file_id,
            platform=self.text.platform,
            remote_id=self.remote.ref.remote_id,
            code=code,
            field=field,
            imatch=imatch or None,
            remote=remote or None,
            base=base or None,
            suggestion=CODES[code].suggestion,
        )


def state(*, known: bool, here: bool, there: bool, alike: bool) -> str:
    """The state of one field.

    `known`: there is a base; `here`: IMatch is as the base; `there`: online is as the base;
    `alike`: online is as IMatch.  The three equalities need not agree, for what the platform makes
    of two texts may be the same.
    """
    if alike:
        return "both_alike" if known and not here and not there else "same"
    if not known:
        return "no_base"
    if here:
        return "changed_there"
    return "changed_here" if there else "changed_both"


def compare(photo: Published, same: Same) -> tuple[Finding, ...]:
    """All that differs, field by field."""
    return (
        *_texts(photo, same),
        *_tags(photo),
        *_date(photo, same),
        *_visibility(photo),
        *_members(photo),
    )


# -- texts


def _texts(photo: Published, same: Same) -> Iterator[Finding]:
    for field in _TEXTS[photo.text.platform]:
        online = _online(photo, field)
        sent = getattr(photo.text, field)
        was = getattr(photo.base, field) if photo.base else None
        found = _state(field, sent, online, was, _as_listed(field, photo.limits, same))
        if found == "same":
            continue
        yield photo.finding(found, field, sent, online, was)
        left = photo.remote.edits_left
        if field == "caption" and found != "both_alike" and left is not None and left <= FEW_EDITS:
            words = "1 edit left" if left == 1 else f"{left} edits left"
            yield photo.finding("edits_left", field, None, words, None)


def _online(photo: Published, field: str) -> str:
    """The text online; the alt text of our own picture, in a post with several."""
    remote = photo.remote
    if field != "alt_text":
        return str(getattr(remote, field))
    if not remote.alt_texts:
        return ""
    ours = remote.media_ids.index(photo.media_id) if photo.media_id in remote.media_ids else 0
    return remote.alt_texts[ours]


def _as_listed(field: str, limits: Limits, same: Same) -> Same:
    """Titles as a list shows them: an attribute knows no line ends, and Flickr may have cut it."""
    most = limits.max_title
    if field != "title":
        return same

    def equal(name: str, sent: str, online: str) -> bool:
        pairs = [(sent, online)]
        if most is not None and len(sent) > most:
            pairs.append((sent[:most], online))
        return any(same(name, " ".join(a.split()), " ".join(b.split())) for a, b in pairs)

    return equal


def _state(field: str, sent: str, online: str, was: str | None, same: Same) -> str:
    return state(
        known=was is not None,
        here=was == sent,
        there=was is not None and same(field, was, online),
        alike=same(field, sent, online),
    )


def _date(photo: Published, same: Same) -> Iterator[Finding]:
    sent, online = photo.text.date_taken, photo.remote.date_taken
    if photo.text.platform != "flickr" or not sent:
        return
    base = (photo.base.date_taken or "") if photo.base else None
    found = _state("date_taken", sent, online or "", base, same)
    if found != "same":
        yield photo.finding(_own_code("date_taken", found), "date_taken", sent, online, base)


def _visibility(photo: Published) -> Iterator[Finding]:
    sent, online = photo.text.visibility, photo.remote.visibility
    base = photo.base.visibility if photo.base else None
    found = state(
        known=base is not None, here=base == sent, there=base == online, alike=sent == online
    )
    if found == "same":
        return
    code = _own_code("visibility", found)
    if photo.text.platform == "pixelfed" and found != "both_alike":
        code = "privacy_changed"
    yield photo.finding(code, "visibility", sent, online, base)


def _own_code(field: str, found: str) -> str:
    """Changed in IMatch alone, or alike, needs no word of its own."""
    return found if found in ("changed_here", "both_alike") else _OWN_CODES[field]


# -- tags


def _tags(photo: Published) -> Iterator[Finding]:
    """Flickr's tags by their clean forms; Pixelfed's hashtags are part of the caption."""
    if photo.text.platform != "flickr":
        return
    want, have = _clean(photo.text.tags), {one.clean for one in photo.remote.tags} - {""}
    own = {one for one in have if not one.startswith(_STAMP)}
    missing = want - own
    if photo.limits.max_tags is not None and len(have) >= photo.limits.max_tags:
        missing = set()  # there is no room for more
    shown = (", ".join(photo.text.tags), ", ".join(sorted(own)))
    if photo.base is None:
        if missing:
            yield photo.finding("no_base", "tags", *shown, None)
        return
    was = _clean(photo.base.tags)
    base = ", ".join(photo.base.tags)
    added = own - was - want
    here = bool(missing - was) or bool((was - want) & own)
    there = bool(missing & was)
    if here or there:
        yield photo.finding(_either(here, there), "tags", *shown, base)
    elif want != was and not added:
        yield photo.finding("both_alike", "tags", *shown, base)
    if added and photo.hand_tags and own != have:  # our stamp: all tags were ours once
        yield photo.finding("added_there", "tags", None, ", ".join(sorted(added)), None)


def _clean(tags: Collection[str]) -> set[str]:
    return {formatting.clean_tag(one) for one in tags} - {""}


def _either(here: bool, there: bool) -> str:
    return "changed_both" if here and there else "changed_here" if here else "changed_there"


# -- albums and groups


def _members(photo: Published) -> Iterator[Finding]:
    if photo.text.platform != "flickr":
        return
    last = photo.last
    albums = {one.album_id: one.name for one in (*photo.managed.albums, *photo.albums)}
    yield from _drift(
        photo,
        "albums",
        want={one.album_id for one in photo.albums},
        was=set(last.albums) if last and last.text else None,
        have=set(photo.remote.albums or {}),
        visible=photo.read_albums - photo.waiting,
        names=albums,
    )
    handed = frozenset(last.handed_over) if last else frozenset()
    groups = {one.group_id: one.name for one in (*photo.managed.groups, *photo.groups)}
    yield from _drift(
        photo,
        "groups",
        want={one.group_id for one in photo.groups},
        was=set(last.groups) if last and last.text else None,
        have=set(photo.remote.groups or {}),
        visible=photo.read_groups - photo.waiting - handed,
        names=groups,
    )


def _drift(
    photo: Published,
    field: str,
    *,
    want: set[str],
    was: set[str] | None,
    have: set[str],
    visible: frozenset[str],
    names: dict[str, str],
) -> Iterator[Finding]:
    """Albums or groups by id; only those in `visible` are looked at."""
    want, have = want & visible, have & visible
    if want == have:
        return

    def shown(ids: set[str]) -> str:
        return ", ".join(sorted(names.get(one, one) for one in ids))

    drift = "album_drift" if field == "albums" else "group_drift"
    if was is None:
        yield photo.finding(drift, field, shown(want), shown(have), None)
        return
    was &= visible
    there = was != have
    code = drift if there else "changed_here"
    yield photo.finding(code, field, shown(want), shown(have), shown(was))
