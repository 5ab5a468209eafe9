"""Lists of photos: people.getPhotos, search, not in an album, recently updated.

Uploads appear in lists after `listing_delay` and in search after `search_delay`; getInfo knows them
at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from socials_lib.demo.flickr.calls import Call, method
from socials_lib.demo.flickr.records import VISIBILITY, Photo, Refusal, User
from socials_lib.demo.flickr.rows import photo_list
from socials_lib.demo.flickr.text import (
    clean_tag,
    machine_parts,
    parse_moment,
    php_int,
)
from socials_lib.demo.flickr.tree import Node, Varies

#: The parameters that make a search a search (code 3 without any).
_SEARCHES = (
    "user_id",
    "text",
    "tags",
    "machine_tags",
    "group_id",
    "min_upload_date",
    "max_upload_date",
    "min_taken_date",
    "max_taken_date",
    "license",
    "bbox",
    "has_geo",
)
_MOST_RESULTS = 4000
_MOST_TAGS = 20
_MOST_MACHINE_TAGS = 16
_WORD = re.compile(r"\w+")


def filtered(call: Call, photos: Iterable[Photo]) -> list[Photo]:
    """What the common filters leave: visibility, privacy, media, content type, dates."""
    privacy = VISIBILITY.get(php_int(call.text("privacy_filter")))
    media = call.text("media")
    kept = []
    for photo in photos:
        if not call.backend.sees(call.user, photo):
            continue
        if privacy and (photo.is_public, photo.is_friend, photo.is_family) != privacy:
            continue
        if media in ("photos", "videos") and media != f"{photo.media}s":
            continue
        kept.append(photo)
    kept = _within(call, kept, "upload_date", lambda photo: str(photo.posted))
    return _within(call, kept, "taken_date", lambda photo: photo.taken)


def _within(
    call: Call, photos: list[Photo], name: str, value: Callable[[Photo], str]
) -> list[Photo]:
    """Between `min_<name>` and `max_<name>`, each a unix time or a MySQL date."""
    least, most = _bound(call, f"min_{name}"), _bound(call, f"max_{name}")
    return [
        photo
        for photo in photos
        if (least is None or (parse_moment(value(photo)) or 0) >= least)
        and (most is None or (parse_moment(value(photo)) or 0) <= most)
    ]


def _bound(call: Call, name: str) -> int | None:
    return parse_moment(call.text(name)) if call.text(name) else None


def _listed(call: Call, photos: Iterable[Photo]) -> list[Photo]:
    delay = call.backend.options.listing_delay
    return [one for one in photos if call.backend.is_old_enough(one, delay)]


def existing_user(call: Call, code: int, message: str) -> User:
    """The user of `user_id`, else the method's own code; 5 for a deleted account."""
    user = call.user_of()
    if user is None:
        raise Refusal(code, message)
    if user.deleted:
        raise Refusal(5, "User deleted")
    return user


@method("people.getPhotos")
def get_photos(call: Call) -> Node:
    """A photostream; private photos only in a signed call of their owner."""
    if not call.text("user_id"):
        raise Refusal(1, "Required arguments missing")
    user = existing_user(call, 2, "Unknown user")
    return photo_list(call, filtered(call, _listed(call, call.backend.photos_of(user))))


@method("people.getPublicPhotos")
def get_public_photos(call: Call) -> Node:
    """A photostream as strangers see it."""
    user = existing_user(call, 1, "User not found")
    photos = [one for one in call.backend.photos_of(user) if one.is_public]
    return photo_list(call, _listed(call, photos))


@method("photos.getNotInSet", "read")
def get_not_in_set(call: Call) -> Node:
    """Own photos that are in no album."""
    used = {one for album in call.backend.albums.values() for one in album.photos}
    return photo_list(call, filtered(call, [one for one in _own(call) if one.id not in used]))


@method("photos.getUntagged", "read")
def get_untagged(call: Call) -> Node:
    """Own photos without tags."""
    return photo_list(call, filtered(call, [one for one in _own(call) if not one.tags]))


@method("photos.getWithGeoData", "read")
def get_with_geo(call: Call) -> Node:
    """Own photos with a location."""
    return photo_list(call, filtered(call, [one for one in _own(call) if one.location]))


@method("photos.getWithoutGeoData", "read")
def get_without_geo(call: Call) -> Node:
    """Own photos without a location."""
    return photo_list(call, filtered(call, [one for one in _own(call) if not one.location]))


def _own(call: Call) -> list[Photo]:
    return _listed(call, call.backend.photos_of(call.me))


@method("photos.recentlyUpdated", "read")
def recently_updated(call: Call) -> Node:
    """Own photos changed since `min_date`, last change first."""
    if not call.text("min_date"):
        raise Refusal(1, "Required argument missing.")
    least = parse_moment(call.text("min_date"))
    if least is None:
        raise Refusal(2, "Not a valid date")
    found = [one for one in _own(call) if one.last_update >= least]
    return photo_list(call, sorted(found, key=lambda one: one.last_update, reverse=True))


@method("photos.search")
def search(call: Call) -> Node:
    """The index: late, at most 4,000 results, no inventory."""
    _check_search(call)
    options = call.backend.options
    photos: Iterable[Photo] = call.backend.photos.values()
    if call.text("user_id"):
        photos = call.backend.photos_of(existing_user(call, 2, "Unknown user"))
    photos = [one for one in photos if call.backend.is_old_enough(one, options.search_delay)]
    photos = [one for one in photos if one.hidden == 0 or one.owner == _nsid(call)]
    found = filtered(call, [one for one in photos if _matches(call, one)])
    answer = photo_list(call, _sorted(call, found)[:_MOST_RESULTS])
    if options.search_total_empty:
        answer.attrs["total"] = Varies("", "")
    return answer


def _nsid(call: Call) -> str:
    return call.user.nsid if call.user else ""


def _check_search(call: Call) -> None:
    if call.backend.options.search_down:
        raise Refusal(10, "Sorry, the Flickr search API is not currently available.")
    if not any(call.text(name) for name in _SEARCHES):
        raise Refusal(3, "Parameterless searches have been disabled")
    if call.text("tag_mode") == "all" and len(_asked_tags(call)) > _MOST_TAGS:
        raise Refusal(1, "Too many tags in ALL query")
    machine = _asked_machine_tags(call)
    if call.text("machine_tags") and not any(_MACHINE_QUERY.fullmatch(one) for one in machine):
        raise Refusal(11, "No valid machine tags")
    if len(machine) > _MOST_MACHINE_TAGS:
        raise Refusal(12, "Exceeded maximum allowable machine tags")
    _check_group(call)
    for name in ("upload_date", "taken_date"):
        least, most = _bound(call, f"min_{name}"), _bound(call, f"max_{name}")
        if least is not None and most is not None and least > most:
            raise Refusal(18, "Illogical arguments")
    page = php_int(call.params.get("page"), 1)
    per_page = php_int(call.params.get("per_page"), 100)
    if (page - 1) * min(per_page, 500) >= _MOST_RESULTS:
        raise Refusal(20, "Excessive photo offset in search")


_MACHINE_QUERY = re.compile(r"[a-z*][a-z0-9_]*:([a-z*][a-z0-9_]*)?(=.*)?", re.IGNORECASE)


def _check_group(call: Call) -> None:
    group = call.backend.group(call.text("group_id")) if call.text("group_id") else None
    if group is not None and group.privacy == 1 and _nsid(call) not in group.members:
        raise Refusal(4, "You don't have permission to view this pool")


def _asked_tags(call: Call) -> list[str]:
    return [clean_tag(one) for one in call.text("tags").split(",") if clean_tag(one)]


def _asked_machine_tags(call: Call) -> list[str]:
    return [one.strip().replace('"', "") for one in call.text("machine_tags").split(",")]


def _matches(call: Call, photo: Photo) -> bool:
    return (
        _matches_tags(call, photo)
        and _matches_machine_tags(call, photo)
        and _matches_text(call, photo)
        and _matches_group(call, photo)
        and call.text("license") in ("", photo.license)
    )


def _matches_tags(call: Call, photo: Photo) -> bool:
    asked = _asked_tags(call)
    if not asked:
        return True
    have = {tag.clean for tag in photo.tags}
    together = all if call.text("tag_mode") == "all" else any
    return together(one in have for one in asked)


def _matches_machine_tags(call: Call, photo: Photo) -> bool:
    if not call.text("machine_tags"):
        return True
    together = all if call.text("machine_tag_mode") == "all" else any
    have = [parts for tag in photo.tags if (parts := machine_parts(tag.raw))]
    return together(
        any(_is_like(one, parts) for parts in have) for one in _asked_machine_tags(call)
    )


def _is_like(asked: str, parts: tuple[str, str, str]) -> bool:
    """`ns:pred=value`, `ns:pred=`, `ns:`, `ns:*=value`: what is left out or `*` fits all."""
    names, _, value = asked.partition("=")
    namespace, _, predicate = names.lower().partition(":")
    return (
        namespace in ("", "*", parts[0])
        and predicate in ("", "*", parts[1])
        and clean_tag(value) in ("", clean_tag(parts[2]))
    )


def _matches_text(call: Call, photo: Photo) -> bool:
    words = _WORD.findall(call.text("text").lower())
    tags = " ".join(f"{tag.raw} {tag.clean}" for tag in photo.tags)
    have = set(_WORD.findall(f"{photo.title} {photo.description} {tags}".lower()))
    return all(word in have for word in words)


def _matches_group(call: Call, photo: Photo) -> bool:
    if not call.text("group_id"):
        return True
    group = call.backend.group(call.text("group_id"))
    return group is not None and group.entry(photo.id) is not None


def _sorted(call: Call, photos: list[Photo]) -> list[Photo]:
    order = call.text("sort") or "date-posted-desc"
    if order.startswith("date-taken"):
        photos = sorted(photos, key=lambda one: one.taken)
    else:
        photos = sorted(photos, key=lambda one: (one.posted, int(one.id)))
    return photos if order.endswith("-asc") else photos[::-1]
