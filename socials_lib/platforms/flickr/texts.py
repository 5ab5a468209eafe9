"""What Flickr makes of texts: clean tags, tag lists, descriptions, dates, visibility.  Pure."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from urllib.parse import unquote

from socials_lib.models import RemoteTag, UploadCopy

#: `imatch:id=` and `imatch:sha=` mark what we uploaded; both must match to adopt a photo.
STAMP_NAMESPACE = "imatch:"

MAX_TAGS = 75

#: is_public, is_friend, is_family.
VISIBILITY: dict[str, tuple[int, int, int]] = {
    "public": (1, 0, 0),
    "friends": (0, 1, 0),
    "family": (0, 0, 1),
    "friends+family": (0, 1, 1),
    "private": (0, 0, 0),
}

_LINK = re.compile(r"<a\s[^>]*?href=\"([^\"]*)\"[^>]*>.*?</a>", re.IGNORECASE | re.DOTALL)
_MACHINE = re.compile(r"([a-z][a-z0-9_]*):([a-z][a-z0-9_]*)=(.*)", re.IGNORECASE | re.DOTALL)


def clean(raw: str) -> str:
    """The identity of a tag: lower case, letters, digits and combining marks only.

    Machine tags keep `ns:pred=`: `dc:identifier=https://x.org/` -> `dc:identifier=httpsxorg`.
    """
    if machine := _MACHINE.fullmatch(raw.strip()):
        namespace, predicate, value = machine.groups()
        return f"{namespace.lower()}:{predicate.lower()}={_letters(value)}"
    return _letters(raw)


def _letters(text: str) -> str:
    return "".join(one for one in text.lower() if unicodedata.category(one)[0] in "LNM")


def quoted(tags: Iterable[str]) -> str:
    """A `tags` parameter: each tag in double quotes, joined by one blank."""
    return " ".join(f'"{one}"' for one in map(_speakable, tags) if clean(one))


def _speakable(tag: str) -> str:
    kept = "".join(" " if unicodedata.category(one) == "Cc" else one for one in tag)
    return kept.replace('"', "").strip()


def unique(tags: Iterable[str]) -> tuple[str, ...]:
    """The first spelling of each tag, without tags that Flickr would drop."""
    first: dict[str, str] = {}
    for tag in tags:
        first.setdefault(clean(tag), tag)
    first.pop("", None)
    return tuple(first.values())


def stamp(file_id: str, copy: UploadCopy | None) -> tuple[str, ...]:
    """The machine tags that tell our upload from all others; none if the stamp is off."""
    if not file_id:
        return ()
    sha = (f"imatch:sha={copy.picture_sha[:16]}",) if copy is not None else ()
    return (f"imatch:id={file_id}", *sha)


def is_stamp(tag: RemoteTag) -> bool:
    """True for a machine tag of ours."""
    return tag.clean.startswith(STAMP_NAMESPACE)


def visibility_of(public: bool, friend: bool, family: bool) -> str:
    """The word of the JSON contract."""
    if public:
        return "public"
    return {
        (True, True): "friends+family",
        (True, False): "friends",
        (False, True): "family",
        (False, False): "private",
    }[(friend, family)]


def user_of(url: str) -> str:
    """Whose photo page an address is: an id (`12345678@N04`) or a path alias, "" if unknown."""
    found = re.search(r"/photos/([^/\s]+)/[0-9]+", url)
    return unquote(found[1]) if found else ""


def wire_date(taken: str) -> str:
    """`YYYY-MM-DDTHH:MM:SS` as Flickr wants it."""
    return taken[:19].replace("T", " ")


def same(field: str, sent: str, remote: str) -> bool:
    """True if `remote` is what Flickr makes of `sent`.

    `tags` are lists joined with a comma or a line end; their order and spelling do not count.
    """
    match field:
        case "description":
            return _plain(remote) in (_plain(sent), _linkless(sent))
        case "date_taken":
            return wire_date(sent) == wire_date(remote)
        case "tag":
            return clean(sent) == clean(remote)
        case "tags":
            return _identities(sent) == _identities(remote)
        case _:
            return _lines(sent) == _lines(remote)


def same_tags(sent: Sequence[str], remote: Sequence[str]) -> bool:
    """True if both lists hold the same tags."""
    return {clean(one) for one in sent} - {""} == {clean(one) for one in remote} - {""}


def _identities(joined: str) -> set[str]:
    parts = re.split(r"[,\n]", joined)
    return {clean(one) for one in parts} - {""}


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _plain(fragment: str) -> str:
    """A description without what Flickr adds: links around addresses, entities."""
    return html.unescape(_linkless(fragment)).strip()


def _linkless(fragment: str) -> str:
    """Entities of the photographer's own (`&amp;` as typed) come back escaped once more."""
    return _LINK.sub(r"\1", _lines(fragment)).strip()
