"""What has been sent by now: the base of every later comparison (`LastSent`).  Pure.

Three ways to know it: a row that is through has sent all its texts (`last_sent`); a change that
broke off has sent what its acts did (`partly_sent`); a follow-up of a finished row changes
memberships only (`with_memberships`), since newer rows may have sent newer texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from socials_lib.journal import StoredAct
from socials_lib.models import LastSent, PhotoText, PlanRow, UploadCopy
from socials_lib.sync.desk import HAPPENED, PICTURE_ACTS

#: Fields of `PhotoText` that an act sends.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "set_meta": ("title", "description"),
    "set_dates": ("date_taken",),
    "set_perms": ("visibility",),
    "caption": ("caption",),
    "alt_text": ("alt_text",),
}
#: Acts after which all tags (in the caption: all hashtags) of the text may be online.
_TAGS = frozenset({"set_tags", "add_tags", "caption"})
#: The service keeps the old picture though it said yes to the act.
_NOT_REPLACED = "picture_not_replaceable"
#: Acts that give a photo its privacy.
_SHOWS = frozenset({"upload", "status", "set_perms"})


def sent_copy(acts: Iterable[StoredAct]) -> UploadCopy | None:
    """The copy that went up: as the journal says, since a later one may have been made anew."""
    found = (one.act.copy for one in acts if one.act.kind in PICTURE_ACTS and one.state in HAPPENED)
    return next(filter(None, found), None)


def last_sent(
    row: PlanRow,
    acts: Sequence[StoredAct],
    *,
    remote_id: str,
    media_id: str,
    url: str,
    source_size: int,
) -> LastSent:
    """What is known once the photo is online, or its change is through.

    Albums and groups that were refused, wait or are still to come are left out.
    """
    missing = {
        one.act.target
        for one in acts
        if one.act.kind in ("album_add", "group_add") and one.state not in (*HAPPENED, "dropped")
    }
    before = row.last or LastSent(remote_id=remote_id)
    groups = tuple(one.group_id for one in row.groups if one.group_id)
    made = LastSent(
        remote_id=remote_id,
        media_id=media_id,
        url=url,
        text=row.text,
        albums=tuple(a.album_id for a in row.albums if a.album_id not in missing),
        groups=tuple(one for one in groups if one not in missing),
        handed_over=tuple(sorted((_handed(acts) | set(before.handed_over)) & set(groups))),
        path=row.path,
        file_id=row.file_id,
        sent_at=datetime.now(UTC),
        set_visibility=_visibility(row, before, acts),
    )
    return _with_picture(made, before, row, acts, source_size)


def partly_sent(row: PlanRow, acts: Sequence[StoredAct], *, source_size: int) -> LastSent | None:
    """What is known after a change that broke off; None if nothing of it has to be kept."""
    done = [one for one in acts if one.state in HAPPENED]
    known = row.last or LastSent(remote_id=row.remote_id, media_id=row.media_id, url=row.url)
    if not row.remote_id or (row.last is None and sent_copy(done) is None):
        return None
    made = replace(
        _members(known, done),
        text=_text_by(done, known.text, row.text),
        path=row.path,
        file_id=row.file_id,
        sent_at=datetime.now(UTC),
        set_visibility=_visibility(row, known, done),
    )
    return _with_picture(made, known, row, acts, source_size)


def with_memberships(last: LastSent, row: PlanRow, acts: Sequence[StoredAct]) -> LastSent:
    """Follow-ups have joined albums and groups; mended ids take the place of refused ones."""
    gone = _mended(row, acts)
    last = replace(
        last,
        albums=tuple(one for one in last.albums if one not in gone),
        groups=tuple(one for one in last.groups if one not in gone),
    )
    return _members(last, [one for one in acts if one.state in HAPPENED])


def _visibility(row: PlanRow, before: LastSent, acts: Iterable[StoredAct]) -> str:
    """The privacy that we gave the photo, now or earlier; one that was changed by hand stays.

    The one that the settings ask for is no such thing as long as nothing of it was sent: it would
    pass for ours, and the next change of the settings would overrule the hand.
    """
    given = any(one.act.kind in _SHOWS and one.state in HAPPENED for one in acts)
    return row.text.visibility if given and row.text is not None else before.own_visibility


def _with_picture(
    made: LastSent,
    before: LastSent,
    row: PlanRow,
    acts: Sequence[StoredAct],
    source_size: int,
) -> LastSent:
    """The picture that is online: the new one, the old one, or (refused) nobody knows.

    Unknown means: an account that may replace pictures one day sends it then.
    """
    copy = sent_copy(acts)
    if any(one.answer and one.answer.warning and _refused(one) for one in acts):
        return replace(made, picture_sha="", upload_path="", upload_size=0, upload_mtime_ns=0)
    if copy is None or row.upload is None:
        return replace(
            made,
            picture_sha=before.picture_sha,
            orientation=before.orientation,
            upload_path=before.upload_path,
            upload_size=before.upload_size,
            upload_mtime_ns=before.upload_mtime_ns,
        )
    return replace(
        made,
        picture_sha=copy.picture_sha,
        orientation=copy.orientation,
        upload_path=row.upload.path,
        upload_size=source_size,
        upload_mtime_ns=row.upload.mtime_ns,
    )


def _refused(one: StoredAct) -> bool:
    warning = one.answer.warning if one.answer else None
    return one.act.kind == "replace" and warning is not None and warning.code == _NOT_REPLACED


def _text_by(
    done: Sequence[StoredAct], before: PhotoText | None, now: PhotoText | None
) -> PhotoText | None:
    """The old text with the fields that were sent; tags of both, since any may be online."""
    if before is None or now is None:
        return before
    kinds = {one.act.kind for one in done}
    names = [name for kind in kinds for name in _FIELDS.get(kind, ())]
    text = replace(before, **{name: getattr(now, name) for name in names})
    copy = sent_copy(done)
    if copy is not None and copy.taken and "set_dates" not in kinds:
        text = replace(text, date_taken=copy.taken)  # a new picture brings its own date along
    if kinds & _TAGS:
        text = replace(text, tags=tuple(dict.fromkeys((*before.tags, *now.tags))))
    return text


def _members(last: LastSent, done: Sequence[StoredAct]) -> LastSent:
    """Albums and groups after these acts."""
    albums, groups = dict.fromkeys(last.albums), dict.fromkeys(last.groups)
    for one in done:
        joined = albums if one.act.kind.startswith("album_") else groups
        if one.act.kind in ("album_add", "group_add"):
            joined[one.act.target] = None
        elif one.act.kind in ("album_remove", "group_remove"):
            joined.pop(one.act.target, None)
    handed = _handed(done) | set(last.handed_over)
    return replace(
        last,
        albums=tuple(albums),
        groups=tuple(groups),
        handed_over=tuple(sorted(handed & set(groups))),
    )


def _handed(acts: Iterable[StoredAct]) -> set[str]:
    return {one.act.target for one in acts if one.answer and one.answer.state == "handed_over"}


def _mended(row: PlanRow, acts: Iterable[StoredAct]) -> set[str]:
    """Ids of the row whose category has another one by now."""
    now = {str(one.act.params.get("category", "")): one.act.target for one in acts}
    ids = {one.category: one.album_id for one in row.albums}
    ids |= {one.category: one.group_id for one in row.groups}
    return {old for category, old in ids.items() if now.get(category, old) != old}
