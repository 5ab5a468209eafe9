"""Answers of Pixelfed -> errors and records.  Pure.

The status alone says little: a legacy server answers JSON requests with 500 for a bad token, for
invalid input and for missing rows, and others with a redirect to a web page.  So answers are
classified by their words, in the order of `facts/pixelfed.md` 3, which holds for old and new
servers alike.  Ids and times are read from the raw JSON: Mastodon.py's conversions of both are
wrong for Pixelfed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from socials_lib.errors import (
    NotOnPlatform,
    PlatformError,
    RateLimited,
    Refused,
    SignedOut,
    Unreachable,
)
from socials_lib.models import Engagement, RemotePhoto, RemoteRef, RemoteTag
from socials_lib.platforms.pixelfed.texts import caption_of
from socials_lib.transport import retry_after

#: Edits a status takes: ten rows of history, the first of which is the original.
MOST_EDITS = 9

NEW_TOKEN = "Make a new one with read and write, paste it in `00_start_here`, then go on."


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An HTTP answer: `redirects` are the addresses it led through, in order."""

    status: int
    body: bytes = b""
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    redirects: tuple[str, ...] = ()

    @property
    def data(self) -> Any:
        """The JSON of the body, None if it is none (or empty)."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def words(self) -> str:
        """What an error says: `error`, else `message`; "" if nothing."""
        data = self.data
        if not isinstance(data, dict):
            return ""
        for key in ("error", "message"):
            if isinstance(data.get(key), str) and data[key]:
                return str(data[key])
        return ""

    @property
    def is_html(self) -> bool:
        """True for a web page."""
        start = self.body.lstrip()[:100].lower()
        return start.startswith((b"<!doctype", b"<html"))


@dataclass(frozen=True, kw_only=True)
class Server:
    """Whom an error talks about: host name, and when the token ended ("" if it did not)."""

    name: str
    token_ended: str = ""


def classify(seen: Seen, server: Server, *, now: datetime) -> PlatformError | None:
    """What went wrong, None if nothing did."""
    error = _by_words(seen, server, now) or _by_status(seen, server)
    if error is not None:
        error.status = seen.status
        error.details = error.details or _details(seen)
    return error


def _by_words(seen: Seen, server: Server, now: datetime) -> PlatformError | None:
    words, data = seen.words, seen.data
    targets = [urlsplit(address).path.rstrip("/") for address in seen.redirects]
    if words == "Unauthenticated." or (targets and targets[-1] == "/login"):
        ended = f"; it ended on {server.token_ended}" if server.token_ended else ""
        return SignedOut(f"{server.name} no longer accepts the token{ended}.", hint=NEW_TOKEN)
    if isinstance(data, dict) and isinstance(data.get("errors"), dict):
        return _invalid(data["errors"], server)
    if "" in targets:
        return _invalid({}, server)
    if words.startswith("No query results for model") or seen.status == 404:
        return NotOnPlatform(
            f"{server.name} does not know this post (any more).",
            hint="It may have been deleted or archived on the website.",
        )
    if words == "This action is unauthorized.":
        return Refused(
            f"{server.name} does not let you change this post.",
            hint="It may be gone, or belong to another account.",
            code="missing_or_not_yours",
        )
    if words.startswith("Undefined array key"):
        return Refused("The edit of an album was sent without its pictures.", code="client_fault")
    if seen.status == 429 or words.startswith("Too many attempts"):
        limited = RateLimited(
            f"{server.name} asks for a pause.",
            hint="Leave it open, it goes on by itself; or stop.",
            transient=True,
        )
        limited.retry_after = retry_after(seen.headers, now)
        return limited
    return _by_known_refusal(words, seen, server)


def _invalid(errors: Mapping[str, Any], server: Server) -> Refused:
    """Invalid input; the field that is wrong gives the code of the validation table."""
    texts = [str(text) for found in errors.values() for text in _as_list(found)]
    said = " ".join(texts)
    code = "invalid_input"
    if "file" in errors:
        code = "file_too_large" if "kilobytes" in said else "invalid_format"
    elif "status" in errors or "description" in errors:
        code = "text_too_long" if "greater than" in said else code
    return Refused(
        f"{server.name} does not accept this: {said or 'it does not say what'}",
        hint="Correct it in IMatch, then try again.",
        code=code,
        details=said,
    )


#: Words of a definite no -> code, hint.
KNOWN_REFUSALS: Mapping[str, tuple[str, str]] = {
    "You cannot edit your post more than 10 times.": (
        "edits_used_up",
        "Leave it, or let it be deleted and posted again: its likes, comments and link are lost.",
    ),
    "Account size limit reached.": (
        "account_full",
        "Delete posts, or ask the server's admin for more room.",
    ),
    "Invalid or unsupported mime type.": ("invalid_format", "Make a version as JPEG."),
    "Empty statuses are not allowed": ("invalid_input", ""),
    "Post editing is not enabled on this server.": (
        "editing_off",
        "This server does not allow edits; only its admin can change that.",
    ),
    "Direct visibility is not available.": ("invalid_input", "Choose another visibility."),
    "Invalid object. Contains banned keyword.": (
        "banned_word",
        "The server bans a word of this text.",
    ),
}
REPEATED_KEY = "Duplicate idempotency key."
SWALLOWED = ("Invalid media_ids", "Invalid media ids", "Invalid media id")


def _by_known_refusal(words: str, seen: Seen, server: Server) -> PlatformError | None:
    if words in SWALLOWED:
        error = Refused(
            f"{server.name} no longer has the uploaded picture.",
            hint="It is uploaded again.",
            code="media_used",
        )
        error.restart_from = "media"
        return error
    if words == REPEATED_KEY:
        # each attempt has a key of its own: one that is known says the request has arrived before
        return Unreachable(
            f"{server.name} got the same request twice.",
            hint="It is looked for before anything else.",
            code="duplicate_key",
            unclear=True,
            transient=True,
        )
    if words in KNOWN_REFUSALS and 400 <= seen.status < 500:
        code, hint = KNOWN_REFUSALS[words]
        fact = f"{server.name} refused: {words.rstrip('.')}."
        if code == "edits_used_up":
            fact = f"This post was edited {MOST_EDITS} times; Pixelfed allows no more."
        return Refused(fact, hint=hint, code=code)
    return None


def _by_status(seen: Seen, server: Server) -> PlatformError | None:
    status = seen.status
    if status >= 500 or status == 408:
        return Unreachable(
            f"{server.name} answered with an error of its own ({status}).",
            hint="Wait a little, then go on.",
            unclear=True,
            transient=True,
        )
    if status == 401:
        return SignedOut(f"{server.name} no longer accepts the token.", hint=NEW_TOKEN)
    if status == 403 and isinstance(seen.data, dict) and not seen.words:
        return SignedOut(
            f"The token for {server.name} does not allow this.",
            hint=NEW_TOKEN,
            code="rights_too_small",
        )
    if status == 413:
        return Refused(
            f"The picture is too large for {server.name}.",
            hint="Export a smaller version.",
            code="file_too_large",
        )
    if status >= 400:
        return Refused(
            f"{server.name} refused ({status}){': ' + seen.words if seen.words else ''}.",
            hint="Wait an hour before going on." if status in (403, 451) else "",
            abuse_like=status in (403, 451),
        )
    if status >= 300:
        return Unreachable(
            f"{server.name} redirects to another address.",
            hint=f"Use {seen.headers.get('Location', 'that address')} if it is your server's.",
        )
    return _unreadable(seen, server)


def _unreadable(seen: Seen, server: Server) -> Unreachable | None:
    """A success that is neither JSON nor empty: nobody knows what it stands for."""
    if seen.data is None and seen.body.strip():
        return Unreachable(
            f"The answer of {server.name} cannot be read.",
            hint="Wait a little, then go on.",
            unclear=True,
            transient=True,
            abuse_like=seen.is_html,
        )
    return None


def _details(seen: Seen) -> str:
    return f"HTTP {seen.status}: {seen.words or seen.body[:200].decode('utf-8', 'replace')}"


# -- records


def photo_of(status: Mapping[str, Any]) -> RemotePhoto:
    """A status (Mastodon's shape or, with `_pe=1`, Pixelfed's) as a record."""
    media = _as_list(status.get("media_attachments"))
    first = media[0] if media else {}
    size = (first.get("meta") or {}).get("original") or {}
    media_ids = tuple(str(one.get("id", "")) for one in media)
    return RemotePhoto(
        ref=RemoteRef(
            platform="pixelfed",
            remote_id=str(status.get("id", "")),
            media_id=media_ids[0] if media_ids else "",
            url=status.get("url") or "",
        ),
        owner_id=str((status.get("account") or {}).get("id", "")),
        caption=caption_of(status.get("content"), status.get("content_text")),
        alt_texts=tuple(one.get("description") or "" for one in media),
        media_ids=media_ids,
        tags=tuple(_tag(one) for one in _as_list(status.get("tags"))),
        posted=parse_time(status.get("created_at")),
        visibility=status.get("visibility") or "public",
        engagement=engagement_of(status),
        sensitive=bool(status.get("sensitive")),
        spoiler_text=status.get("spoiler_text") or "",
        width=int(size.get("width") or 0),
        height=int(size.get("height") or 0),
        picture_url=first.get("preview_url") or first.get("url") or "",
    )


def _tag(tag: Mapping[str, Any]) -> RemoteTag:
    name = str(tag.get("name", ""))
    return RemoteTag(raw=name, clean=name.lower())


def engagement_of(status: Mapping[str, Any]) -> Engagement:
    """Replies, favourites and reblogs; `reply_count` is the Pixelfed shape's name."""
    replies = status.get("replies_count", status.get("reply_count"))
    return Engagement(
        comments=int(replies or 0),
        favourites=int(status.get("favourites_count") or 0),
        reblogs=int(status.get("reblogs_count") or 0),
    )


def edits_left(status: Mapping[str, Any], history: Sequence[Any] | None) -> int | None:
    """How many more edits a status takes; `history` None: could not be read."""
    if not status.get("edited_at"):
        return MOST_EDITS
    if history is None:
        return None
    return max(0, MOST_EDITS - max(0, len(history) - 1))


def parse_time(text: str | None) -> datetime | None:
    """`2026-11-22T09:24:04.000Z`, aware."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def token_claims(token: str) -> dict[str, Any]:
    """What a Passport token says about itself (`exp`, `iat`, `scopes`); {} for any other token.

    Read, not verified: it is our own token and only tells when it will end.
    """
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims = json.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, UnicodeDecodeError):
        return {}
    return claims if isinstance(claims, dict) else {}


def token_end(claims: Mapping[str, Any]) -> datetime | None:
    """When the token ends, None if it does not say."""
    try:
        return datetime.fromtimestamp(float(claims["exp"]), UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


def _as_list(found: Any) -> list[Any]:
    return list(found) if isinstance(found, list | tuple) else [found] if found else []
