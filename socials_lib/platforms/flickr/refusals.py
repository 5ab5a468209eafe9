"""What Flickr's own codes mean, method by method (the same number differs between methods).

Pure, except that nothing here is asked: `sending` reads what a note needs (a group's throttle).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, time, timedelta

from socials_lib.errors import NotOnPlatform, PlatformError, Refused, Unreachable
from socials_lib.models import Act, Answer, Note
from socials_lib.platforms.flickr.answers import Reply

#: Days until a group takes photos again, by its throttle mode.
PERIODS = {"day": 1, "week": 7, "month": 30}
PERIOD_WORDS = {"day": "today's", "week": "this week's", "month": "this month's"}


def refused(reply: Reply, fact: str, *, hint: str = "", code: str | None = None) -> Refused:
    """A definite no with Flickr's own code and words."""
    return Refused(
        fact,
        hint=hint,
        code=code,
        details=f"{reply.code}: {reply.text}",
        service_code=reply.code,
        status=200,
    )


def missing(reply: Reply) -> NotOnPlatform:
    """Flickr does not know this photo, or it is not ours."""
    return NotOnPlatform(
        "Flickr does not know this photo (any more).",
        hint="It may have been deleted on the website: find it with the audit, or add it again.",
        details=f"{reply.code}: {reply.text}",
        service_code=reply.code,
        status=200,
    )


def changing(reply: Reply, fact: str) -> PlatformError:
    """The error of a call that changes a photo: code 1 is the missing photo everywhere there."""
    if reply.code == 1:
        return missing(reply)
    return refused(reply, f"{fact} Flickr says: {reply.text}.", hint="Correct it in IMatch.")


#: Definite refusals of a picture: code -> fact, hint, our code.
PICTURE_REFUSALS = {
    4: ("The file is empty.", "Export it anew.", "not_an_image"),
    5: (
        "Flickr does not take this kind of file.",
        "Make a version as JPEG, PNG or GIF.",
        "invalid_format",
    ),
    6: (
        "This Flickr account takes no more photos.",
        "Delete photos on Flickr or change to Flickr Pro, then go on.",
        "account_full",
    ),
    8: ("The picture is too large for Flickr.", "Export a smaller version.", "file_too_large"),
}
PICTURE_REFUSALS[7] = PICTURE_REFUSALS[6]


def picture(reply: Reply) -> PlatformError:
    """The error of an upload or a replacement (5.8)."""
    if reply.code in (3, 14):
        return _not_now(reply)
    if reply.code in PICTURE_REFUSALS:
        fact, hint, code = PICTURE_REFUSALS[reply.code]
        return refused(reply, fact, hint=hint, code=code)
    return refused(reply, f"Flickr did not take the picture: {reply.text}.")


def _not_now(reply: Reply) -> Unreachable:
    """3, a general failure, may have stored the photo; 14, no capacity, has not."""
    failed = reply.code == 3
    return Unreachable(
        "Flickr did not get the picture in." if failed else "Flickr takes no pictures now.",
        hint="If it happens again with this photo, export the picture anew."
        if failed
        else "Wait a little, then go on.",
        code="upload_failed",
        details=f"{reply.code}: {reply.text}",
        service_code=reply.code,
        status=200,
        unclear=failed,
        transient=True,
    )


# -- albums and groups: the photo is online, so a no is a note


def title_of(act: Act) -> str:
    """How the photo is called in notes."""
    return str(act.params.get("title") or act.remote_id)


def album_refused(act: Act, reply: Reply) -> Answer:
    """The album is unknown or full (M22)."""
    name, online = act.name or act.target, f"“{title_of(act)}” is online."
    if reply.code == 1:
        return _refused_note(
            "album_unknown",
            f"{online} Flickr knows no album {act.target} for “{name}”. Put the album's number"
            " into the first line of that category's description. The next run adds it.",
        )
    if reply.code == 10:
        return _refused_note("album_full", f"{online} The album “{name}” takes no more photos.")
    return _refused_note("album_refused", f"{online} The album “{name}”: {reply.text}.")


def group_refused(act: Act, reply: Reply) -> Answer:
    """The group does not take this photo (M24)."""
    name, online = act.name or act.target, f"“{title_of(act)}” is online."
    if reply.code == 2:
        return _refused_note(
            "group_unknown",
            f"{online} Flickr knows no group {act.target} for “{name}” that you are a member of."
            " Put the group's number into the first line of that category's description, or join"
            " the group. The next run adds it.",
        )
    return _refused_note(
        "group_refused",
        f"{online} The group “{name}” does not take it: {reply.text.rstrip('.')}."
        " Take it out of that group's category.",
    )


def handed_over(act: Act) -> Answer:
    """The moderators of the group have it now (M24)."""
    message = (
        f"“{title_of(act)}” waits for the moderators of “{act.name or act.target}”."
        " Nothing to do; they are not asked twice."
    )
    return Answer(
        state="handed_over",
        remote_id=act.remote_id,
        warning=Note(code="handed_over", message=message),
    )


def group_full(act: Act, throttle: ET.Element | None, now: datetime) -> Answer:
    """The group has taken all of this period (M23): again after it, tomorrow if unknown."""
    mode = throttle.get("mode", "") if throttle is not None else ""
    count = throttle.get("count", "") if throttle is not None else ""
    name = act.name or act.target
    limit = "takes no more photos from you for now"
    if mode in PERIODS and count:
        unit = "photo" if count == "1" else "photos"
        limit = f"takes {count} {unit} a {mode} from you; {PERIOD_WORDS[mode]} are used"
    until = next_period(mode, now)
    when = "tomorrow" if PERIODS.get(mode, 1) == 1 else f"{until.day} {until:%B %Y}"
    return Answer(
        state="waiting",
        remote_id=act.remote_id,
        not_before=until,
        warning=Note(
            code="group_full",
            message=f"“{title_of(act)}” is online. The group “{name}” {limit}."
            f" Nothing to do: the next run from {when} adds it.",
        ),
    )


def next_period(mode: str, now: datetime) -> datetime:
    """The midnight (UTC) after the period, at least an hour away.

    Whether Flickr counts calendar days or rolling ones is not known; asking a little early costs
    one call and the same answer.
    """
    day = (now.astimezone(UTC) + timedelta(days=PERIODS.get(mode, 1))).date()
    return max(datetime.combine(day, time(), UTC), now + timedelta(hours=1))


def _refused_note(code: str, message: str) -> Answer:
    return Answer(state="refused", warning=Note(code=code, message=message))
