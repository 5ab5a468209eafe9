"""Each kind of act as exactly one changing request to Pixelfed, and what its answer means."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from socials_lib.errors import (
    NotOnPlatform,
    NotYours,
    PhotoError,
    RateLimited,
    Refused,
    Unreachable,
)
from socials_lib.models import Account, Act, Answer, Note, UploadCopy
from socials_lib.platforms.base import DOUBT, SLACK, Progress
from socials_lib.platforms.pixelfed.answers import MOST_EDITS, photo_of
from socials_lib.platforms.pixelfed.reading import Reading
from socials_lib.platforms.pixelfed.texts import same
from socials_lib.platforms.pixelfed.wire import MINUTE, Wire, after_a_change

MIME_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
#: From here on the person hears how many edits are left.
FEW_EDITS = 2


@dataclass(frozen=True, kw_only=True)
class Sending:
    """Sends acts over a wire and finds out what became of a lost one."""

    wire: Wire
    reading: Reading
    account: Callable[[], Account]
    new_key: Callable[[], str] = lambda: secrets.token_hex(16)

    def send(self, act: Act, progress: Progress | None = None) -> Answer:
        """Exactly one changing request; none for a `note`."""
        match act.kind:
            case "note":
                return Answer(remote_id=act.remote_id, media_id=act.media_id, warning=_note(act))
            case "media":
                return self._media(act, progress)
            case "status":
                return self._status(act)
            case "alt_text":
                return self._alt_text(act)
            case "caption":
                return self._caption(act)
            case "delete":
                return self._delete(act)
        raise ValueError(f"Pixelfed has no act {act.kind!r}")

    def look(self, act: Act, taken: Collection[str] = ()) -> Answer | None:
        """The answer the act would have given, None if it did not happen (or repeating is fine).

        A post that could not be seen before the delete either may be archived: it is asked again.
        """
        match act.kind:
            case "status":
                return self._posted(act, taken)
            case "delete":
                gone = act.params.get("seen") and self.reading.owner(_deleted_id(act)) == ""
                return Answer(remote_id=act.remote_id) if gone else None
            case "caption":
                return self._edited(act)
        return None

    # -- new posts

    def _media(self, act: Act, progress: Progress | None) -> Answer:
        copy = _copy(act)
        made = self._awake(lambda: self._upload(act, copy))
        if progress is not None:
            progress(copy.bytes, copy.bytes)
        return Answer(media_id=_id_of(made, self.wire.host))

    def _upload(self, act: Act, copy: UploadCopy) -> Any:
        with copy.path.open("rb") as file:
            return self.wire.once(
                lambda api: api.media_post(
                    file,
                    mime_type=MIME_TYPES.get(copy.format, "image/jpeg"),
                    description=act.params.get("alt_text") or None,
                    file_name=f"photo.{copy.format.lower()}",
                ),
                upload=True,
            )

    def _status(self, act: Act) -> Answer:
        if not act.media_id:
            raise _restart(Refused("The picture was not uploaded yet.", code="media_used"))
        made = self._awake(
            lambda: self.wire.once(
                lambda api: api.status_post(
                    act.params.get("caption", ""),
                    media_ids=[act.media_id],
                    visibility=act.params.get("visibility", "public"),
                    idempotency_key=self.new_key(),
                )
            )
        )
        return self._answer(act, made)

    def _awake(self, call: Callable[[], Any]) -> Any:
        """An account that never did anything gets `[]` and nothing happens; a read wakes it."""
        found = call()
        if found != []:
            return found
        self.reading.account()
        return call()

    def _answer(self, act: Act, status: Any) -> Answer:
        status_id = _id_of(status, self.wire.host)
        remote = photo_of(status)
        wanted, warning = act.params.get("visibility", "public"), None
        if remote.visibility != wanted:
            warning = Note(
                code="visibility_differs",
                message=f"{self.wire.host} made the post {remote.visibility} instead of {wanted};"
                " the account is private or restricted there.",
            )
        return Answer(
            remote_id=status_id,
            media_id=remote.ref.media_id or act.media_id,
            url=remote.ref.url,
            warning=warning,
        )

    def _posted(self, act: Act, taken: Collection[str]) -> Answer | None:
        """The newest own post with our upload, whose id is proof; without one by text and time."""
        account_id = self.account().id
        newest = self.reading.newest(account_id, self._sent(act, DOUBT))
        if act.media_id:
            with_it = (one for one in newest if act.media_id in photo_of(one).media_ids)
            found = list(islice(with_it, 1))
        else:
            found = [one for one in newest if self._reads_like(one, act, taken)]
        if len(found) > 1:
            raise Refused(
                f"{self.wire.host} has several posts that may be this one.",
                hint="Delete the surplus ones on the website, then look again.",
                code="several_candidates",
                details=", ".join(str(status.get("id")) for status in found),
            )
        return self._answer(act, found[0]) if found else None

    def _reads_like(self, status: Any, act: Act, taken: Collection[str]) -> bool:
        remote, sent = photo_of(status), self._sent(act, SLACK)
        if remote.ref.remote_id in taken or (sent and remote.posted and remote.posted < sent):
            return False
        return same("caption", act.params.get("caption", ""), remote.caption)

    def _sent(self, act: Act, slack: timedelta) -> datetime | None:
        """The earliest time of the act by the server's clock; None if nobody can say.

        An act that was sent later than now was sent before this computer's clock was put back.
        """
        if act.sent_at is None or act.sent_at > self.wire.clock() + SLACK:
            return None
        return act.sent_at + self.wire.ahead - slack

    # -- edits

    def _alt_text(self, act: Act) -> Answer:
        try:
            self.wire.edit_alt_text(act.target or act.media_id, act.params["alt_text"])
        except RateLimited as err:
            if err.retry_after is None:
                err.retry_after = MINUTE  # ten a minute, and this server names no time
            raise
        return Answer(remote_id=act.remote_id, media_id=act.media_id)

    def _caption(self, act: Act) -> Answer:
        """A whole post is sent: what is left out would be wiped (`facts/pixelfed.md` 11)."""
        try:
            edited = self.wire.once(
                lambda api: api.status_update(
                    act.remote_id,
                    status=act.params["caption"],
                    spoiler_text=act.params.get("spoiler_text") or "",
                    sensitive=bool(act.params.get("sensitive")),
                    media_ids=list(act.params.get("media_ids") or [act.media_id]),
                )
            )
        except Refused as err:
            if err.code == "missing_or_not_yours":
                self._explain_refused_edit(act)
            raise
        if not edited:
            # unlisted and private posts answer with an empty page, though the edit is done
            with after_a_change():
                if self._edited(act) is None:
                    raise Unreachable(
                        f"{self.wire.host} answered nothing and shows the old text.",
                        hint="It is looked at again.",
                        transient=True,
                    )
        return Answer(remote_id=act.remote_id, media_id=act.media_id, warning=_few_edits(act))

    def _edited(self, act: Act) -> Answer | None:
        status = self.reading.status(act.remote_id)
        if status is None or not same("caption", act.params["caption"], photo_of(status).caption):
            return None
        return Answer(remote_id=act.remote_id, media_id=act.media_id)

    def _explain_refused_edit(self, act: Act) -> None:
        """Gone, somebody else's, or not editable: a read tells."""
        owner = self.reading.owner(act.remote_id)
        if owner == "":
            raise NotOnPlatform(
                f"{self.wire.host} does not know this post (any more).",
                hint="It may have been deleted or archived on the website.",
            )
        if owner != self.account().id:
            raise not_yours(self.wire.host)

    # -- delete

    def _delete(self, act: Act) -> Answer:
        """Accepted is done: the server works it off later and shows the post until then."""
        status_id = _deleted_id(act)
        try:
            self.wire.once(lambda api: api.status_delete(status_id))
        except NotOnPlatform:
            return self._not_deleted(act, status_id)
        return Answer(remote_id=act.remote_id)

    def _not_deleted(self, act: Act, status_id: str) -> Answer:
        """Another server, or an archive of another account, does not know the post either."""
        owner = self.reading.owner(status_id)
        if owner == "" and not self._is_ours(act):
            raise NotYours(
                f"{self.wire.host} does not know this post, and nothing says that this account"
                " published it there. It may still be online elsewhere, so its id is kept.",
                hint="Sign in with the account that published it; or, if it is gone, remove the id"
                " from the attribute record in IMatch.",
            )
        if owner == "":
            message = f"The post was already gone from {self.wire.host}."
            return Answer(
                remote_id=act.remote_id, warning=Note(code="already_gone", message=message)
            )
        if owner != self.account().id:
            raise not_yours(self.wire.host)
        raise Unreachable(
            f"{self.wire.host} shows the post but does not find it to delete.",
            hint="Try again later.",
            transient=True,
        )

    def _is_ours(self, act: Act) -> bool:
        """True if this account published the post of a delete, by what is known of it (`whose`)."""
        if act.params.get("known"):
            return True
        address = urlsplit(str(act.params.get("url", "")).strip().lower())
        page = urlsplit(self.account().url.lower())
        return address.netloc == page.netloc and address.path.startswith(page.path)


def not_yours(host: str) -> NotYours:
    """Somebody else's post."""
    return NotYours(
        f"This post belongs to another account of {host} and is left alone.",
        hint="Correct the status id in IMatch, or forget it.",
    )


def _deleted_id(act: Act) -> str:
    """A repost deletes the old post, whatever `remote_id` says by then."""
    return str(act.params.get("old_id") or act.remote_id)


def _few_edits(act: Act) -> Note | None:
    """A word when the last edits come near."""
    before = act.params.get("edits_left")
    left = before - 1 if isinstance(before, int) else None
    if left is None or left > FEW_EDITS:
        return None
    count = "no edit is" if left <= 0 else "1 edit is" if left == 1 else f"{left} edits are"
    return Note(code="edits_few", message=f"Of this post's {MOST_EDITS} edits {count} left.")


def _note(act: Act) -> Note:
    return Note(code=act.params["code"], message=act.params["message"])


def _restart(error: Refused) -> Refused:
    error.restart_from = "media"
    return error


def _id_of(made: Any, host: str) -> str:
    found = str(made.get("id") or "") if isinstance(made, dict) else ""
    if not found:
        raise Unreachable(
            f"{host} answered without an id.",
            hint="It is looked for before anything else.",
            details=repr(made)[:200],
            unclear=True,
            transient=True,
        )
    return found


def _copy(act: Act) -> UploadCopy:
    if act.copy is None:
        raise PhotoError("The upload copy is missing.", code="file_not_found")
    if not act.copy.path.is_file():
        raise Refused(
            "The upload copy is gone.", hint="Start the run again.", code="file_not_found"
        )
    return act.copy
