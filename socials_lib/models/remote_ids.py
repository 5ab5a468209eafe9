"""The remote id that an attribute record holds: one rule for all that read or remove records.

People make these columns by hand and fill them by pasting.  An id is a number; the address of the
photo's page in the id column counts as the id inside it.  Anything else is no id, and is never
taken for one: that the service has no photo of that name would count as "already gone".
"""

from __future__ import annotations

import re

from socials_lib.models.photos import ID_COLUMN, AttributeRecord, PlatformName

_BASE58 = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"


def remote_id(record: AttributeRecord, platform: PlatformName) -> str:
    """The id in the id column, as number or in an address; else the one inside `url`; else "".

    Words in the id column that hold no id are not passed over for the address beside them: nobody
    can say which of the two is meant.
    """
    found = record.values.get(ID_COLUMN[platform], "").strip()
    if not found:
        return id_from_url(record.values.get("url", ""), platform)
    return found if is_id(found) else id_from_url(found, platform)


def is_id(text: str) -> bool:
    """True for a remote id as both services write it: digits only."""
    return re.fullmatch(r"[0-9]+", text) is not None


def id_from_url(url: str, platform: PlatformName) -> str:
    """The remote id inside the address of a photo page, "" if there is none.

    Flickr `…/photos/<user>/<id>/` (also `/in/…` behind it) and `https://flic.kr/p/<base 58>`;
    Pixelfed `…/p/<user>/<id>`, and `…/i/web/post/<id>`, as its own pages link it.
    """
    if platform == "pixelfed":
        found = re.search(r"/(?:p/[^/\s]+|i/web/post)/([0-9]+)/?(?:[?#]|$)", url.strip())
        return found[1] if found else ""
    found = re.search(r"/photos/[^/\s]+/([0-9]+)(?:[/?#]|$)", url.strip())
    if found:
        return found[1]
    short = re.search(r"\bflic\.kr/p/([0-9A-Za-z]+)", url)
    if short is None or any(letter not in _BASE58 for letter in short[1]):
        return ""
    number = 0
    for letter in short[1]:
        number = number * 58 + _BASE58.index(letter)
    return str(number)
