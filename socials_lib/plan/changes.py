"""What a row would change: what we last sent against what would be sent now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from socials_lib import formatting
from socials_lib.models import Action, Album, Change, GroupPool, PhotoText
from socials_lib.plan.knowledge import Case


def suggestion(case: Case) -> Action:
    """What an unflagged published photo would need: nothing unless we know what we last sent.

    A changed picture is suggested only where it can be replaced: on Pixelfed it cannot, and the
    suggestion would come back for ever.
    """
    if case.last is None:
        return "none"
    if case.changed and _can_replace(case):
        return "update"
    return "metadata" if _differences(case) else "none"


def changes(case: Case, action: Action) -> tuple[Change, ...]:
    """Everything for an add, else what differs from what we last sent (all, if nobody knows)."""
    if action in ("skip", "none", "delete"):
        return ()
    if action in ("add", "repost"):
        picture = Change(field="picture", before=None, after=_PICTURE)
        return (picture, *_everything(case))
    found = _everything(case) if case.last is None or case.last.text is None else _differences(case)
    if action == "update" and case.changed is not False and _can_replace(case):
        before = "as last sent" if case.last is not None else None
        return (Change(field="picture", before=before, after=_PICTURE), *found)
    return found


_PICTURE = "the file as it is now"


def _can_replace(case: Case) -> bool:
    return case.known.platform == "flickr"


def _everything(case: Case) -> tuple[Change, ...]:
    return tuple(Change(field=name, before=None, after=value) for name, value in _now(case).items())


def _differences(case: Case) -> tuple[Change, ...]:
    """The fields that would be sent otherwise than last time.

    Tags are compared as the platform does, without order and spelling.  Albums and groups are
    compared by id; those without a readable one and those that only wait are no difference.
    """
    last = case.last
    if last is None or last.text is None:
        return ()
    names = _names(case)
    then = _fields(
        last.text,
        [names.get(one, one) for one in last.albums if one],
        [names.get(one, one) for one in last.groups if one],
    )
    now = _now(case)
    differs = {name: then.get(name) != now[name] for name in now}
    if case.known.platform == "flickr":
        waiting = {one.target for one in case.open_acts if one.target}
        differs["tags"] = _clean(last.text) != _clean(case.text)
        differs["albums"] = bool((_ids(case.albums) ^ set(last.albums)) - waiting - {""})
        differs["groups"] = bool((_ids(case.groups) ^ set(last.groups)) - waiting - {""})
    return tuple(
        Change(field=name, before=then.get(name), after=value)
        for name, value in now.items()
        if differs[name]
    )


def _clean(text: PhotoText) -> set[str]:
    return {formatting.clean_tag(tag) for tag in text.tags}


def _ids(pools: Iterable[Album | GroupPool]) -> set[str]:
    return {one.album_id if isinstance(one, Album) else one.group_id for one in pools} - {""}


def _names(case: Case) -> dict[str, str]:
    """Names of albums and groups by id, as far as IMatch has a category for them."""
    managed = case.known.managed
    named = {one.album_id: one.name for one in (*managed.albums, *case.albums)}
    return named | {one.group_id: one.name for one in (*managed.groups, *case.groups)}


def _now(case: Case) -> dict[str, str | None]:
    return _fields(case.text, [one.name for one in case.albums], [one.name for one in case.groups])


def _fields(text: PhotoText, albums: Sequence[str], groups: Sequence[str]) -> dict[str, str | None]:
    """What is compared and shown, by the field names of the JSON contract."""
    tags = ", ".join(text.tags)
    shared = {"date_taken": text.date_taken, "visibility": text.visibility}
    if text.platform == "pixelfed":
        return {"caption": text.caption, "alt_text": text.alt_text, "hashtags": tags} | shared
    return {
        "title": text.title,
        "description": text.description,
        "tags": tags,
        "albums": ", ".join(sorted(albums)),
        "groups": ", ".join(sorted(groups)),
    } | shared
