"""Finding out on Flickr whether something happened: the photo of a lost upload, its owner."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from socials_lib.errors import Refused
from socials_lib.models import Act, Answer, RemotePhoto
from socials_lib.platforms.base import DOUBT, SLACK
from socials_lib.platforms.flickr import refusals
from socials_lib.platforms.flickr.answers import PICTURES, Reply, listed_photo
from socials_lib.platforms.flickr.texts import clean, same, stamp
from socials_lib.platforms.flickr.wire import Wire

PAGE = 500
EXTRAS = (
    "description,date_upload,date_taken,last_update,tags,machine_tags,o_dims,original_format,"
    "media,views,url_n,count_comments,count_faves"
)
#: `photos.getInfo`: not there; there, but private and somebody else's.
MISSING, PRIVATE = 1, 2
#: An owner that is surely not us.
SOMEBODY_ELSE = "?"


@dataclass(frozen=True, kw_only=True)
class Looking:
    """Reads that answer "did it happen?"; `is_ours` tells whether we published what is missing."""

    wire: Wire
    page: Callable[[str], str]
    is_ours: Callable[[Act], bool]
    pictures: str = PICTURES

    def look(self, act: Act, taken: Collection[str] = ()) -> Answer | None:
        """The answer the act would have given, None if it did not happen (or repeating is fine)."""
        match act.kind:
            case "upload":
                return self._uploaded(act, taken)
            case "replace":
                return self._replaced(act)
            case "delete":
                gone = self.owner(act.remote_id) == "" and self.is_ours(act)
                return Answer(remote_id=act.remote_id) if gone else None
        return None

    def _replaced(self, act: Act) -> Answer | None:
        """A replacement changes the secret."""
        reply = self._info(act.remote_id)
        if reply.code is not None:
            raise refusals.missing(reply)
        was = act.params.get("secret", "")
        changed = bool(was) and reply.find("photo").get("secret") != was
        return Answer(remote_id=act.remote_id) if changed else None

    def owner(self, photo_id: str) -> str:
        """The owner's id, "" if there is no such photo."""
        reply = self._info(photo_id)
        if reply.code == MISSING:
            return ""
        if reply.code == PRIVATE:
            return SOMEBODY_ELSE
        if reply.code is not None:
            raise refusals.refused(reply, f"Flickr does not show the photo: {reply.text}.")
        return reply.find("photo/owner").get("nsid", SOMEBODY_ELSE)

    def is_this(self, act: Act, photo_id: str) -> bool:
        """True if that photo carries both marks of this upload (without marks: its title)."""
        reply = self._info(photo_id)
        if reply.code is not None:
            return False
        marks = _marks(act)
        if not marks:
            return same("title", act.params.get("title", ""), reply.rsp.findtext("photo/title", ""))
        online = {clean(tag.get("raw", "")) for tag in reply.rsp.iterfind("photo/tags/tag")}
        return marks <= online

    def listing(self, **params: str | int) -> Iterator[RemotePhoto]:
        """Own photos, newest first; each once, though pages overlap while photos are added."""
        seen: set[str] = set()
        number = pages = 1
        while number <= pages:
            reply = self.wire.read(
                "flickr.people.getPhotos",
                user_id="me",
                extras=EXTRAS,
                per_page=PAGE,
                page=number,
                **params,
            )
            if reply.code is not None:
                raise refusals.refused(reply, f"Flickr does not list the photos: {reply.text}.")
            photos = reply.find("photos")
            rows = [listed_photo(row, pictures=self.pictures) for row in photos.iterfind("photo")]
            if not rows:
                return
            for one in rows:
                if one.ref.remote_id not in seen:
                    seen.add(one.ref.remote_id)
                    yield one
            pages = int(photos.get("pages") or 1)
            number += 1

    def _uploaded(self, act: Act, taken: Collection[str]) -> Answer | None:
        """By both marks; with the stamp switched off by title, size and time.

        Marks are a proof that needs no clock.  An older photo of the same file carries them too:
        it is told by its id, which the journal knows, or by its age in days.
        """
        marks = _marks(act)
        found = [
            one
            for one in self._newest(act)
            if one.ref.remote_id not in taken
            and (_has(one, marks) if marks else _looks_like(one, act))
        ]
        fresh = [one for one in found if not self._is_older(one, act, SLACK)]
        if marks:
            fresh = fresh or [one for one in found if not self._is_older(one, act, DOUBT)]
        if len(fresh) > 1 or (fresh and not marks and self._is_clock_wrong(act)):
            raise Refused(
                "Flickr has several photos that may be this one, or one that may be older.",
                hint="Open your photostream: if one is surplus, delete it; then look again.",
                code="several_candidates",
                details=", ".join(one.ref.remote_id for one in fresh),
            )
        if not fresh:
            return None
        photo_id = fresh[0].ref.remote_id
        return Answer(remote_id=photo_id, url=self.page(photo_id))

    def _newest(self, act: Act) -> Iterator[RemotePhoto]:
        """Own photos, newest first: a page of them at least, and all that may be as new as this."""
        for number, one in enumerate(self.listing(), start=1):
            yield one
            if number >= PAGE and self._is_older(one, act, DOUBT):
                return

    def _is_older(self, photo: RemotePhoto, act: Act, by: timedelta) -> bool:
        """True if the photo was surely there before the act was sent, by Flickr's clock."""
        sent = self._sent(act)
        return sent is not None and photo.posted is not None and photo.posted < sent - by

    def _sent(self, act: Act) -> datetime | None:
        """When the act was sent, by Flickr's clock; None if nobody can say."""
        if act.sent_at is None or self._is_clock_wrong(act):
            return None
        return act.sent_at + self.wire.ahead

    def _is_clock_wrong(self, act: Act) -> bool:
        """True if the act was sent later than now: this computer's clock was put back since."""
        return act.sent_at is not None and act.sent_at > self.wire.clock() + SLACK

    def _info(self, photo_id: str) -> Reply:
        return self.wire.read("flickr.photos.getInfo", photo_id=photo_id)


def _marks(act: Act) -> set[str]:
    return {clean(tag) for tag in stamp(act.params.get("stamp", ""), act.copy)}


def _has(photo: RemotePhoto, marks: set[str]) -> bool:
    return marks <= {tag.clean for tag in photo.tags}


def _looks_like(photo: RemotePhoto, act: Act) -> bool:
    if not same("title", act.params.get("title", ""), photo.title):
        return False
    if act.copy is None or not photo.width:
        return True
    return {photo.width, photo.height} == {act.copy.width, act.copy.height}
