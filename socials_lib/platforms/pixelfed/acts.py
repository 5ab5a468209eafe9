"""A row of the plan -> the ordered calls to Pixelfed.  Pure.

Kinds: `media` (upload), `status` (post), `alt_text`, `caption`, `delete`, and `note`, which sends
nothing: `send` answers it at once with its warning (`params["code"]`, `params["message"]`).  A note
is an act of its own because what it says must reach the outcome even if no text differs and so no
request is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from socials_lib.models import Act, PhotoText, PlanRow, RemotePhoto
from socials_lib.platforms.base import whose
from socials_lib.platforms.pixelfed.texts import same

NOT_REPLACEABLE = "Pixelfed cannot exchange the picture of a post. Only the text is updated."
VISIBILITY_STAYS = "Pixelfed cannot change who may see a post. It stays {0}."


def acts(row: PlanRow, remote: RemotePhoto | None) -> tuple[Act, ...]:
    """The calls of a row; `remote` is needed for update and metadata."""
    match row.action:
        case "add":
            return tuple(_post(row))
        case "repost":
            return (*_post(row), _delete_old(row))
        case "update" if remote is not None:
            return (*_picture_note(row), *_texts(row, remote))
        case "metadata" if remote is not None:
            return tuple(_texts(row, remote))
        case "delete":
            return (_act("delete", main=True, params=whose(row, remote)),)
    return ()


def _act(kind: str, **rest: Any) -> Act:
    return Act(platform="pixelfed", kind=kind, **rest)


def _note(target: str, code: str, message: str) -> Act:
    return _act("note", target=target, params={"code": code, "message": message})


def _post(row: PlanRow) -> Iterator[Act]:
    text = row.text or PhotoText(platform="pixelfed")
    yield _act("media", main=True, params={"alt_text": text.alt_text})
    yield _act(
        "status",
        main=True,
        repeatable=False,
        params={"caption": text.caption, "visibility": text.visibility},
    )


def _delete_old(row: PlanRow) -> Act:
    """The old post goes last, under its own id: `remote_id` is the new post's by then.

    It was seen online as ours before anything was posted.
    """
    params = {"old_id": row.remote_id, "seen": True, "known": True}
    return _act("delete", target=row.remote_id, params=params)


def _picture_note(row: PlanRow) -> Iterator[Act]:
    """Also if nobody knows whether the picture changed: the person asked for a new one."""
    if row.picture_changed is not False:
        yield _note("picture", "picture_not_replaceable", NOT_REPLACEABLE)


def _texts(row: PlanRow, remote: RemotePhoto) -> Iterator[Act]:
    text = row.text
    if text is None:
        return
    before = row.last.text if row.last else None
    yield from _alt_text(row, text, remote, before)
    if not same("caption", text.caption, remote.caption):
        yield _act(
            "caption",
            main=True,
            repeatable=False,  # each costs one of nine edits: it is looked for first
            params={
                "caption": text.caption,
                "media_ids": list(remote.media_ids),
                "spoiler_text": remote.spoiler_text,
                "sensitive": remote.sensitive,
                "edits_left": remote.edits_left,
            },
            **_kept("caption", before.caption if before else None, remote.caption),
        )
    if before is not None and remote.visibility == before.visibility != text.visibility:
        message = VISIBILITY_STAYS.format(remote.visibility)
        yield _note("visibility", "visibility_not_editable", message)


def _alt_text(
    row: PlanRow, text: PhotoText, remote: RemotePhoto, before: PhotoText | None
) -> Iterator[Act]:
    """Of our own picture: in a post with several, the others are somebody's handwork."""
    if not remote.media_ids:
        return
    ours = remote.media_ids.index(row.media_id) if row.media_id in remote.media_ids else 0
    online = remote.alt_texts[ours]
    if same("alt_text", text.alt_text, online):
        return
    yield _act(
        "alt_text",
        target=remote.media_ids[ours],
        main=True,
        params={"alt_text": text.alt_text},
        **_kept("alt_text", before.alt_text if before else None, online),
    )


def _kept(field: str, was: str | None, online: str) -> dict[str, Any]:
    """What an overwriting call would lose, if it is not what we sent last."""
    if was is None:
        return {"kept": {field: online}} if online else {}
    return {} if same(field, was, online) else {"edited": (field,), "kept": {field: online}}
