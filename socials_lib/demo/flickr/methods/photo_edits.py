"""Changing a photo: texts, dates, permissions, content type, safety level, license, delete."""

from __future__ import annotations

import re

from socials_lib.demo.flickr.calls import Call, method
from socials_lib.demo.flickr.records import LicenseChange, Photo, Refusal
from socials_lib.demo.flickr.rows import shown_description
from socials_lib.demo.flickr.text import BadDate, BadFormat, parse_taken, php_int
from socials_lib.demo.flickr.tree import Node, node, text_node
from socials_lib.demo.flickr.uploads import refuse_bad_urls

#: id -> name, address; in the order of the recorded getInfo (2025).
LICENSES = {
    "0": (
        "All Rights Reserved",
        "https://www.flickrhelp.com/hc/en-us/articles/"
        "10710266545556-Using-Flickr-images-shared-by-other-members",
    ),
    "4": ("CC BY 2.0", "https://creativecommons.org/licenses/by/2.0/"),
    "6": ("CC BY-ND 2.0", "https://creativecommons.org/licenses/by-nd/2.0/"),
    "3": ("CC BY-NC-ND 2.0", "https://creativecommons.org/licenses/by-nc-nd/2.0/"),
    "2": ("CC BY-NC 2.0", "https://creativecommons.org/licenses/by-nc/2.0/"),
    "1": ("CC BY-NC-SA 2.0", "https://creativecommons.org/licenses/by-nc-sa/2.0/"),
    "5": ("CC BY-SA 2.0", "https://creativecommons.org/licenses/by-sa/2.0/"),
    "7": ("No known copyright restrictions", "https://www.flickr.com/commons/usage/"),
    "8": ("United States Government Work", "https://www.usa.gov/government-copyright"),
    "9": (
        "Public Domain Dedication (CC0)",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ),
    "10": ("Public Domain Mark", "https://creativecommons.org/publicdomain/mark/1.0/"),
    "11": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "12": ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "13": ("CC BY-ND 4.0", "https://creativecommons.org/licenses/by-nd/4.0/"),
    "14": ("CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
    "15": ("CC BY-NC-SA 4.0", "https://creativecommons.org/licenses/by-nc-sa/4.0/"),
    "16": ("CC BY-NC-ND 4.0", "https://creativecommons.org/licenses/by-nc-nd/4.0/"),
}

#: Length of the date -> granularity when none is passed: YYYY is a year, YYYY-MM a month.
_GRANULARITY = {4: 6, 7: 4}


@method("photos.setMeta", "write")
def set_meta(call: Call) -> Node:
    """A field that is not passed keeps its value, an empty one is cleared."""
    photo = call.own_photo()
    if "title" not in call.params and "description" not in call.params:
        raise Refusal(2, "At least one of title or description must be set")
    backend = call.backend
    refuse_bad_urls(backend, call.text("title"), call.text("description"))
    photo.title = backend.title(call.params.get("title", photo.title))
    photo.description = backend.description(call.params.get("description", photo.description))
    backend.touch(photo)
    shown = shown_description(backend, photo.description)
    return node("photo", {}, [text_node("title", photo.title), text_node("description", shown)])


@method("photos.setDates", "write")
def set_dates(call: Call) -> None:
    """All checks first: a call with one bad date changes neither."""
    photo = call.own_photo()
    if not any(call.text(name) for name in ("date_posted", "date_taken", "date_taken_granularity")):
        raise Refusal(2, "Not enough arguments")
    granularity = _granularity(call)
    posted = _posted(call)
    taken = _taken(call)
    if posted is not None:
        photo.posted = posted
    if taken is not None:
        photo.taken, photo.taken_unknown = taken, 0
        usual = _GRANULARITY.get(len(call.text("date_taken").strip()), 0)
        photo.granularity = usual if granularity is None else granularity
    elif granularity is not None:
        photo.granularity = granularity
    call.backend.touch(photo)


def _granularity(call: Call) -> int | None:
    text = call.text("date_taken_granularity")
    if not text:
        return None
    if not re.fullmatch(r"\d|10", text.strip()):
        raise Refusal(3, "Invalid granularity")
    return int(text)


def _posted(call: Call) -> int | None:
    """The leading digits count: `2013-10-05` is second 2013 of 1970 (recorded)."""
    text = call.text("date_posted")
    if not text:
        return None
    found = re.match(r"\s*\d+", text)
    posted = php_int(text)
    too_early = call.backend.options.early_posted == "refuse" and posted < call.me.joined
    if found is None or posted > call.backend.now() or too_early:
        raise Refusal(4, "Invalid date_posted")
    return posted


def _taken(call: Call) -> str | None:
    text = call.text("date_taken")
    if not text:
        return None
    try:
        return parse_taken(text, now=call.backend.now())
    except BadFormat as err:
        raise Refusal(5, "Invalid Date Taken Format") from err
    except BadDate as err:
        raise Refusal(6, "Invalid Date Taken") from err


@method("photos.setPerms", "write")
def set_perms(call: Call) -> Node:
    """All three of is_public, is_friend, is_family are needed."""
    photo = call.own_photo()
    names = ("is_public", "is_friend", "is_family")
    if any(name not in call.params for name in names):
        raise Refusal(2, "Required arguments missing")
    photo.show_to(*(call.flag(name) for name in names))
    photo.perm_comment = php_int(call.params.get("perm_comment"), photo.perm_comment)
    photo.perm_addmeta = php_int(call.params.get("perm_addmeta"), photo.perm_addmeta)
    call.backend.touch(photo)
    # originalsecret is empty in the recording
    return text_node("photoid", photo.id, secret=photo.secret, originalsecret="")


@method("photos.getPerms", "read")
def get_perms(call: Call) -> Node:
    """Who sees, comments and tags an own photo."""
    photo = call.own_photo()
    return node(
        "perms",
        {
            "id": photo.id,
            "ispublic": photo.is_public,
            "isfriend": photo.is_friend,
            "isfamily": photo.is_family,
            "permcomment": photo.perm_comment,
            "permaddmeta": photo.perm_addmeta,
            "permprint": 0,
        },
    )


@method("photos.setContentType", "write")
def set_content_type(call: Call) -> None:
    """1 photo, 2 screenshot, 3 other, 4 virtual photography."""
    photo = call.own_photo()
    if not call.text("content_type"):
        raise Refusal(2, "Required arguments missing")
    number = php_int(call.text("content_type"))
    _check_unlocked(photo)
    if not 1 <= number <= 4:
        raise Refusal(3, "Change not allowed")
    photo.content_type = number
    call.backend.touch(photo)


@method("photos.setSafetyLevel", "write")
def set_safety_level(call: Call) -> None:
    """1 to 3 here, 0 to 2 in getInfo; `hidden` is 0/1 here, 1/2 in upload."""
    photo = call.own_photo()
    level, hidden = call.text("safety_level"), call.text("hidden")
    wrong = (level and level not in "123") or (hidden and hidden not in "01")
    if wrong or not (level or hidden):
        raise Refusal(2, "Invalid or missing arguments")
    _check_unlocked(photo)
    if level in ("2", "3") and not call.me.is_pro:  # free accounts hold safe content only
        raise Refusal(3, "Change not allowed")
    photo.safety_level = int(level or photo.safety_level)
    photo.hidden = int(hidden or photo.hidden)
    call.backend.touch(photo)


def _check_unlocked(photo: Photo) -> None:
    if photo.locked:
        raise Refusal(3, "Change not allowed")


@method("photos.licenses.getInfo")
def licenses(call: Call) -> Node:
    """All licenses."""
    rows = [
        node("license", {"id": number, "name": name, "url": url})
        for number, (name, url) in LICENSES.items()
    ]
    return node("licenses", {}, rows, lists=("license",))


@method("photos.licenses.setLicense", "write")
def set_license(call: Call) -> None:
    """7 (no known restrictions) is for institutions and cannot be set."""
    photo = call.own_photo()
    wanted = call.text("license_id")
    if wanted not in LICENSES or wanted == "7":
        raise Refusal(2, "License not found")
    now = call.backend.now()
    photo.license_history.append(LicenseChange(date=now, old=photo.license, new=wanted))
    photo.license = wanted
    call.backend.touch(photo)


@method("photos.licenses.getLicenseHistory")
def license_history(call: Call) -> list[Node]:
    """Each change with the names and addresses of both licenses."""
    return [
        node(
            "license_history",
            {
                "date_change": str(one.date),
                "old_license": LICENSES[one.old][0],
                "old_license_url": LICENSES[one.old][1],
                "new_license": LICENSES[one.new][0],
                "new_license_url": LICENSES[one.new][1],
            },
            listed=True,
        )
        for one in call.seen_photo().license_history
    ]


@method("photos.delete", "delete")
def delete(call: Call) -> None:
    """Final; the photo leaves all albums and pools."""
    call.backend.delete_photo(call.own_photo().id)
