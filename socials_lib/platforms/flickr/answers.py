"""Bytes of Flickr -> `Reply`, and elements -> records.  Pure.

flickrapi is asked for raw bytes (`format="rest"`), because its own parsers tell neither a JSON
answer to an XML call from a truncated one nor an HTML page from a missing `stat`, and lose the id
of a duplicate.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from socials_lib.errors import PlatformError, RateLimited, Refused, SignedOut, Unreachable
from socials_lib.models import Engagement, RemotePhoto, RemoteRef, RemoteTag
from socials_lib.platforms.flickr.texts import clean, visibility_of
from socials_lib.transport import retry_after

#: Codes of section 4 of the facts that pass by themselves.
TRANSIENT_CODES = frozenset({0, 105, 106, 201})
BROKEN_STATUS = frozenset({408, 500, 502, 503, 504, *range(520, 525)})

#: Where Flickr's static pictures live; a stand-in has its own.
PICTURES = "https://live.staticflickr.com"

SIGN_IN_AGAIN = "Sign in again in `00_start_here`, then go on. Nothing is sent twice."
CHECK_KEY = "Check `flickr_apikey` and `flickr_apisecret`: no blanks, no letter missing."


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer of Flickr: `code` None if it is fine, else the method's own code."""

    rsp: ET.Element
    code: int | None = None
    text: str = ""

    def find(self, path: str) -> ET.Element:
        """The element, or `Unreachable` (unclear) if the answer lacks it."""
        found = self.rsp.find(path)
        if found is None:
            raise unreadable(f"no <{path}> in the answer")
        return found


def read_answer(status: int, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Reply:
    """The reply in an HTTP answer; raises for all that is common to all methods."""
    if status != 200:
        raise _http_error(status, body, headers, now)
    try:
        rsp = ET.fromstring(body)
    except ET.ParseError:
        return _common(_json_reply(body))
    if rsp.tag.lower() == "html":
        raise unreadable("a web page instead of an answer", html=True)
    if rsp.tag != "rsp":
        raise unreadable(f"<{rsp.tag}> instead of an answer")
    if rsp.get("stat") == "ok":
        return Reply(rsp=rsp)
    err = rsp.find("err")
    if err is None:
        raise unreadable("a failure without a reason")
    return _common(Reply(rsp=rsp, code=_int(err.get("code")), text=err.get("msg", "")))


def _json_reply(body: bytes) -> Reply:
    """A JSON failure answers an XML call now and then; anything else cannot be read."""
    try:
        found = json.loads(body)
        if found["stat"] == "fail":
            return Reply(
                rsp=ET.Element("rsp", stat="fail"),
                code=_int(str(found["code"])),
                text=str(found.get("message", "")),
            )
    except (ValueError, KeyError, TypeError):
        pass
    start = body.lstrip()[:200].lower()
    html = start.startswith((b"<!doctype html", b"<html"))
    raise unreadable("a web page instead of an answer" if html else repr(body[:80]), html=html)


def _common(reply: Reply) -> Reply:
    """The reply, unless its code means the same in all methods."""
    code, said = reply.code, f"{reply.code}: {reply.text}"
    if code in TRANSIENT_CODES:
        raise Unreachable(
            "Flickr is not available at the moment.",
            hint="Wait a little, then go on.",
            details=said,
            service_code=code,
            status=200,
            unclear=True,
            transient=True,
        )
    if code in (95, 111, 112, 114, 115):
        raise Refused(
            "Flickr did not understand the request.",
            hint="Check the address of Flickr in the settings; else this is a fault of ours.",
            details=said,
            service_code=code,
            status=200,
        )
    if code in (96, 97, 98, 99, 100):
        raise _signed_out(code, said)
    if code == 116:
        raise Refused(
            "Flickr does not accept a link in the title or description.",
            hint="Take out the web address; Flickr has it on its abuse list.",
            code="bad_url",
            details=said,
            service_code=code,
            status=200,
            abuse_like=True,
        )
    return reply


def _signed_out(code: int, said: str) -> SignedOut:
    if code == 99 and "none granted" not in said and "not logged in" not in said.lower():
        return SignedOut(
            "The sign-in does not allow this on Flickr.",
            hint="Sign in again and allow adding, changing and deleting.",
            code="rights_too_small",
            details=said,
            service_code=code,
            status=200,
        )
    keys = code in (96, 97, 100)
    return SignedOut(
        "Flickr does not know this key." if keys else "Flickr no longer accepts the sign-in.",
        hint=CHECK_KEY if keys else SIGN_IN_AGAIN,
        details=said,
        service_code=code,
        status=200,
    )


def _http_error(
    status: int, body: bytes, headers: Mapping[str, str], now: datetime
) -> PlatformError:
    text = body[:300].decode("utf-8", "replace")
    if status in (400, 401) and "oauth_problem=" in text:
        return _oauth_problem(status, text)
    said = f"HTTP {status}: {text}"
    if status == 429:
        return _rate_limited(said, headers, now)
    if status in BROKEN_STATUS or status >= 500:
        return Unreachable(
            f"Flickr answered with an error of its own ({status}).",
            hint="Wait a little, then go on.",
            details=said,
            status=status,
            unclear=True,
            transient=True,
        )
    if status == 401:
        return SignedOut(
            "Flickr no longer accepts the sign-in.",
            hint=SIGN_IN_AGAIN,
            details=said,
            status=status,
        )
    if status < 400:
        return Unreachable(
            "Something between here and Flickr redirects to another address.",
            hint="A hotel or company network may ask for a sign-in: open any web page, then go on.",
            details=f"HTTP {status} to {headers.get('Location', '?')}",
            status=status,
        )
    return Refused(
        f"Flickr refused ({status}).",
        hint="Wait an hour before going on.",
        details=said,
        status=status,
        abuse_like=status in (403, 451),
    )


def _rate_limited(said: str, headers: Mapping[str, str], now: datetime) -> RateLimited:
    limited = RateLimited(
        "Flickr asks for a pause.",
        hint="Leave it open, it goes on by itself; or stop.",
        details=said,
        status=429,
        transient=True,
    )
    limited.retry_after = retry_after(headers, now)
    return limited


def _oauth_problem(status: int, text: str) -> PlatformError:
    problem = text.split("oauth_problem=", 1)[1].split("&", 1)[0].strip()
    if problem in ("nonce_used", "timestamp_refused"):
        return Unreachable(
            "Flickr does not accept the time of this computer.",
            hint="Check the clock of this computer, then go on.",
            code="clock",
            details=f"HTTP {status}: {problem}",
            status=status,
            # each request has a nonce of its own: one that was used says it has arrived before
            unclear=problem == "nonce_used",
            transient=True,
        )
    # the body of signature_invalid repeats the token in its base string: it is not kept
    keys = problem in ("consumer_key_unknown", "signature_invalid")
    return SignedOut(
        "Flickr does not accept the key." if keys else "Flickr no longer accepts the sign-in.",
        hint=CHECK_KEY if keys else SIGN_IN_AGAIN,
        details=f"HTTP {status}: {problem}",
        service_code=problem,
        status=status,
    )


def unreadable(what: str, *, html: bool = False) -> Unreachable:
    """An answer nobody can read: the call may have worked all the same."""
    return Unreachable(
        "Flickr's answer cannot be read.",
        hint="Wait a little, then go on.",
        details=what,
        status=200,
        unclear=True,
        transient=True,
        abuse_like=html,
    )


# -- records


def photo_of(
    info: ET.Element, contexts: ET.Element | None, *, own_id: str, pictures: str = PICTURES
) -> RemotePhoto:
    """`photos.getInfo` and `photos.getAllContexts` (None: not read) as a record."""
    photo_id = info.get("id", "")
    dates, shown = _child(info, "dates"), _child(info, "visibility")
    owner = _child(info, "owner").get("nsid", "")
    return RemotePhoto(
        ref=RemoteRef(platform="flickr", remote_id=photo_id, url=_page(info)),
        owner_id=owner,
        title=info.findtext("title") or "",
        description=info.findtext("description") or "",
        tags=tuple(_tags(info, own_id)),
        date_taken=_taken(dates.get("taken", ""), dates.get("takenunknown")),
        posted=_unix(dates.get("posted")),
        visibility=visibility_of(*(shown.get(f"is{who}") == "1" for who in AUDIENCES)),
        albums=_named(contexts, "set"),
        groups=_named(contexts, "pool"),
        album_sizes=_sizes(contexts),
        engagement=Engagement(
            comments=_int(info.findtext("comments")), views=_int(info.get("views"))
        ),
        secret=info.get("secret", ""),
        picture_url=picture_url(info, pictures),
    )


AUDIENCES = ("public", "friend", "family")


def listed_photo(row: ET.Element, *, pictures: str = PICTURES) -> RemotePhoto:
    """A row of `people.getPhotos` with our extras; tags are clean ones there."""
    names = dict.fromkeys(f"{row.get('tags', '')} {row.get('machine_tags', '')}".split())
    taken = row.get("datetaken", "")
    return RemotePhoto(
        ref=RemoteRef(platform="flickr", remote_id=row.get("id", "")),
        owner_id=row.get("owner", ""),
        title=row.get("title", ""),
        description=row.findtext("description") or "",
        tags=tuple(RemoteTag(raw=name, clean=clean(name)) for name in names),
        date_taken=_taken(taken, row.get("datetakenunknown")) if taken else None,
        posted=_unix(row.get("dateupload")),
        visibility=visibility_of(*(row.get(f"is{who}") == "1" for who in AUDIENCES)),
        engagement=Engagement(
            comments=_int(row.get("count_comments")),
            favourites=_int(row.get("count_faves")),
            views=_int(row.get("views") or row.get("count_views")),
        ),
        secret=row.get("secret", ""),
        width=_int(row.get("o_width") or row.get("width_o")),
        height=_int(row.get("o_height") or row.get("height_o")),
        picture_url=row.get("url_n") or row.get("url_m") or picture_url(row, pictures),
    )


def picture_url(photo: ET.Element, pictures: str) -> str:
    """The 500-pixel picture; larger ones have secrets of their own."""
    server, photo_id, secret = (photo.get(key, "") for key in ("server", "id", "secret"))
    if not (server and photo_id and secret):
        return ""
    return f"{pictures}/{server}/{photo_id}_{secret}.jpg"


def _page(info: ET.Element) -> str:
    found = info.find("urls/url[@type='photopage']")
    return "" if found is None else (found.text or "").strip()


def _tags(info: ET.Element, own_id: str) -> Iterator[RemoteTag]:
    for tag in info.iterfind("tags/tag"):
        author = tag.get("author", "")
        raw = tag.get("raw", "")
        name = (tag.text or "").strip() or clean(raw)
        if not name:
            continue  # seen once among recorded answers: a tag of nothing
        yield RemoteTag(
            raw=raw,
            clean=name,
            tag_id=tag.get("id", ""),
            own=not author or author == own_id,
        )


def _taken(taken: str, unknown: str | None) -> str | None:
    """Flickr's own guess (the upload time) is no date taken."""
    if unknown == "1" or not taken or taken.startswith("0000"):
        return None
    return taken.replace(" ", "T")


def _named(contexts: ET.Element | None, tag: str) -> dict[str, str] | None:
    if contexts is None:
        return None
    return {one.get("id", ""): one.get("title", "") for one in contexts.iterfind(tag)}


def _sizes(contexts: ET.Element | None) -> dict[str, int]:
    if contexts is None:
        return {}
    return {
        one.get("id", ""): _int(one.get("count_photo")) + _int(one.get("count_video"))
        for one in contexts.iterfind("set")
        if one.get("count_photo")
    }


def _child(element: ET.Element, tag: str) -> ET.Element:
    found = element.find(tag)
    return ET.Element(tag) if found is None else found


def _unix(text: str | None) -> datetime | None:
    return datetime.fromtimestamp(int(text), UTC) if text and text.isdigit() else None


def _int(text: str | None) -> int:
    """Numbers come as text, some empty."""
    try:
        return int(text or 0)
    except ValueError:
        return 0
