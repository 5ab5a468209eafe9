"""Each kind of act as exactly one changing request to Flickr, and what its answer means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from socials_lib.errors import (
    NotYours,
    PhotoError,
    PlatformError,
    Refused,
    Stopped,
    Unreachable,
)
from socials_lib.models import Account, Act, Answer, Note, UploadCopy
from socials_lib.platforms.base import Progress
from socials_lib.platforms.flickr import refusals
from socials_lib.platforms.flickr.answers import Reply
from socials_lib.platforms.flickr.looking import Looking
from socials_lib.platforms.flickr.texts import VISIBILITY, quoted, stamp, wire_date
from socials_lib.platforms.flickr.wire import Wire
from socials_lib.transport import Clock

ADDED = frozenset({3})
IN_QUEUE = frozenset({6, 7})
GROUP_FULL = 5
DUPLICATE = 9


@dataclass(frozen=True, kw_only=True)
class Sending:
    """Sends acts over a wire; `account` tells who we are, `page` the address of a photo."""

    wire: Wire
    looking: Looking
    account: Callable[[], Account]
    page: Callable[[str], str]
    clock: Clock

    def send(self, act: Act, progress: Progress | None = None) -> Answer:
        """Exactly one changing request."""
        match act.kind:
            case "upload":
                return self._upload(act, progress)
            case "replace":
                return self._replace(act, progress)
            case "set_dates":
                return self._set_dates(act)
            case "set_meta":
                return self._change(
                    act,
                    "photos.setMeta",
                    "The texts were not taken.",
                    title=act.params["title"],
                    description=act.params["description"],
                )
            case "set_tags" | "add_tags":
                return self._tags(act)
            case "remove_tag":
                return self._remove_tag(act)
            case "set_perms":
                return self._set_perms(act)
            case "album_add" | "album_remove":
                return self._album(act)
            case "group_add":
                return self._group_add(act)
            case "group_remove":
                return self._group_remove(act)
            case "delete":
                return self._delete(act)
        raise ValueError(f"Flickr has no act {act.kind!r}")

    # -- pictures

    def _upload(self, act: Act, progress: Progress | None) -> Answer:
        copy = _copy(act)
        public, friend, family = VISIBILITY[act.params.get("visibility", "public")]
        marks = stamp(act.params.get("stamp", ""), copy)
        params = {
            "title": act.params.get("title", ""),
            "description": act.params.get("description", ""),
            "tags": quoted((*act.params.get("tags", ()), *marks)),
            "is_public": public,
            "is_friend": friend,
            "is_family": family,
        }
        reply = self.wire.upload(copy.path, params, progress)
        if reply.code == DUPLICATE:
            return self._duplicate(act, reply)
        if reply.code is not None:
            raise refusals.picture(reply)
        return self._published((reply.find("photoid").text or "").strip())

    def _duplicate(self, act: Act, reply: Reply) -> Answer:
        """Flickr has these very bytes already: adopted only if that photo is this one."""
        known = (reply.rsp.findtext(".//duplicate_photo_id") or "").strip()
        if known and self.looking.is_this(act, known):
            return self._published(known)
        raise refusals.refused(
            reply,
            f"Flickr already has this very picture as photo {known or '?'}.",
            hint="Connect that photo with the audit, or delete one of the two.",
            code="duplicate_picture",
        )

    def _published(self, photo_id: str) -> Answer:
        if not photo_id:
            raise Unreachable(
                "Flickr took the picture but named no photo.",
                hint="It is looked for before anything else.",
                unclear=True,
                transient=True,
            )
        return Answer(remote_id=photo_id, url=self.page(photo_id))

    def _replace(self, act: Act, progress: Progress | None) -> Answer:
        params = {"photo_id": act.remote_id, "title": act.params.get("title", "")}
        reply = self.wire.replace(_copy(act).path, params, progress)
        if reply.code == 1:
            return Answer(
                remote_id=act.remote_id,
                warning=Note(
                    code="picture_not_replaceable",
                    message="Flickr does not let this account exchange the picture of a photo."
                    " Only the texts are updated.",
                ),
            )
        if reply.code is not None:
            raise refusals.picture(reply)
        return Answer(remote_id=act.remote_id)

    # -- texts, tags, privacy

    def _set_dates(self, act: Act) -> Answer:
        return self._change(
            act,
            "photos.setDates",
            "The date was not taken.",
            date_taken=wire_date(act.params["date_taken"]),
            date_taken_granularity=0,
        )

    def _tags(self, act: Act) -> Answer:
        method = "photos.setTags" if act.kind == "set_tags" else "photos.addTags"
        reply = self._call(method, photo_id=act.remote_id, tags=quoted(act.params["tags"]))
        if reply.code == 2:
            raise refusals.refused(
                reply,
                "Flickr takes no more tags for this photo.",
                hint="Remove some tags on Flickr or some keywords in IMatch.",
                code="too_many_tags",
            )
        return self._done(act, reply, "The tags were not taken.")

    def _remove_tag(self, act: Act) -> Answer:
        reply = self._call("photos.removeTag", tag_id=act.target)
        if reply.code not in (None, 1):
            raise refusals.refused(reply, f"The tag was not removed: {reply.text}.")
        return Answer(remote_id=act.remote_id)

    def _set_perms(self, act: Act) -> Answer:
        public, friend, family = VISIBILITY[act.params["visibility"]]
        return self._change(
            act,
            "photos.setPerms",
            "The privacy was not changed.",
            is_public=public,
            is_friend=friend,
            is_family=family,
        )

    def _change(self, act: Act, method: str, fact: str, **params: str | int) -> Answer:
        return self._done(act, self._call(method, photo_id=act.remote_id, **params), fact)

    def _done(self, act: Act, reply: Reply, fact: str) -> Answer:
        if reply.code is not None:
            raise refusals.changing(reply, fact)
        return Answer(remote_id=act.remote_id)

    def _call(self, method: str, **params: str | int) -> Reply:
        return self.wire.once(f"flickr.{method}", **params)

    # -- albums and groups

    def _album(self, act: Act) -> Answer:
        removing = act.kind == "album_remove"
        method = "photosets.removePhoto" if removing else "photosets.addPhoto"
        reply = self._call(method, photoset_id=act.target, photo_id=act.remote_id)
        # removing from an album that is gone is done; adding to one is not
        if reply.code is None or reply.code in ADDED or (removing and reply.code == 1):
            return Answer(remote_id=act.remote_id)
        if reply.code == 2:
            raise refusals.missing(reply)
        return refusals.album_refused(act, reply)

    def _group_add(self, act: Act) -> Answer:
        reply = self._call("groups.pools.add", photo_id=act.remote_id, group_id=act.target)
        if reply.code is None or reply.code in ADDED:
            return Answer(remote_id=act.remote_id)
        if reply.code in IN_QUEUE:
            return refusals.handed_over(act)
        if reply.code == GROUP_FULL:
            return self._group_full(act)
        if reply.code == 1:
            raise refusals.missing(reply)
        return refusals.group_refused(act, reply)

    def _group_full(self, act: Act) -> Answer:
        """The group's period is worth a read; without an answer it is a day."""
        throttle = None
        try:
            info = self.wire.once("flickr.groups.getInfo", group_id=act.target)
            throttle = info.rsp.find(".//throttle")
        except PlatformError:
            pass
        return refusals.group_full(act, throttle, self.clock())

    def _group_remove(self, act: Act) -> Answer:
        reply = self._call("groups.pools.remove", photo_id=act.remote_id, group_id=act.target)
        if reply.code in (None, 1, 2):
            return Answer(remote_id=act.remote_id)
        if reply.code == 4:
            raise refusals.missing(reply)
        return refusals.group_refused(act, reply)

    # -- delete

    def _delete(self, act: Act) -> Answer:
        """Gone means: the DELETE and a read both say so, on the account that published it."""
        reply = self._call("photos.delete", photo_id=act.remote_id)
        if reply.code not in (None, 1):
            raise refusals.refused(reply, f"Flickr did not delete the photo: {reply.text}.")
        try:
            owner, ours = self.looking.owner(act.remote_id), self.account().id
        except (PlatformError, Stopped) as err:
            err.unclear = True  # the request before was answered; only the proof is missing
            raise
        if owner == "":
            return self._gone(act, already=reply.code == 1)
        if owner != ours:
            raise not_yours(reply)
        raise Unreachable(
            "Flickr still shows the photo that was to be deleted.",
            hint="It is looked at again.",
            details=f"{reply.code}: {reply.text}",
            unclear=True,
            transient=True,
        )

    def _gone(self, act: Act, *, already: bool) -> Answer:
        """A photo of another account may look just as gone: private ones answer code 1 as well."""
        if already and not self.looking.is_ours(act):
            raise NotYours(
                "Flickr shows no such photo to this account, and nothing says that this account"
                " published it. It may still be online on another one, so its id is kept.",
                hint="Sign in with the account that published it; or, if it is gone, remove the id"
                " from the attribute record in IMatch.",
            )
        note = Note(code="already_gone", message="The photo was already gone from Flickr.")
        return Answer(remote_id=act.remote_id, warning=note if already else None)


def not_yours(reply: Reply | None = None) -> NotYours:
    """Somebody else's photo."""
    return NotYours(
        "This photo belongs to another Flickr account and is left alone.",
        hint="Correct the photo id in IMatch, or forget it.",
        details=f"{reply.code}: {reply.text}" if reply else "",
    )


def _copy(act: Act) -> UploadCopy:
    if act.copy is None:
        raise PhotoError("The upload copy is missing.", code="file_not_found")
    if not act.copy.path.is_file():
        raise Refused(
            "The upload copy is gone.", hint="Start the run again.", code="file_not_found"
        )
    return act.copy
