"""What many answers share: rows of photos with their extras, pages of a list, addresses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from socials_lib.demo.flickr.calls import Call
from socials_lib.demo.flickr.records import Location, Photo, User
from socials_lib.demo.flickr.sizes import URL_EXTRAS, image_url, sizes_of
from socials_lib.demo.flickr.state import FlickrState
from socials_lib.demo.flickr.text import description_html, php_int
from socials_lib.demo.flickr.tree import Node, Varies, count, node, text_node

Record = TypeVar("Record")
Attrs = dict[str, Any]


def photo_page(user: User, photo: Photo, base: str) -> str:
    """The address of the photo's page, on the stand-in itself."""
    return f"{base}/photos/{user.path}/{photo.id}/"


def shown_description(backend: FlickrState, text: str) -> str:
    """A description as the API gives it back."""
    return description_html(text, unknown_markup=backend.options.unknown_markup)


def degrees(value: float) -> Varies:
    """A coordinate: a number in 2013, text in 2023, six decimals at most."""
    shown = f"{value:.6f}".rstrip("0").rstrip(".")
    return Varies(round(value, 6), "0" if shown == "-0" else shown)


def page_of(
    call: Call, records: Sequence[Record], *, usual: int, most: int
) -> tuple[list[Record], int, int, int]:
    """The asked page of `records`, with page, pages and per_page."""
    per_page = php_int(call.params.get("per_page"), usual)
    per_page = min(per_page, most) if per_page > 0 else usual
    page = max(1, php_int(call.params.get("page"), 1))
    pages = -(-len(records) // per_page)
    start = (page - 1) * per_page
    return list(records[start : start + per_page]), page, pages, per_page


def photo_list(call: Call, photos: Sequence[Photo], *, most: int = 500) -> Node:
    """The `photos` element of all lists."""
    shown, page, pages, per_page = page_of(call, photos, usual=100, most=most)
    attrs = {"page": page, "pages": pages, "perpage": per_page, "total": count(len(photos))}
    return node("photos", attrs, [photo_row(call, one) for one in shown], lists=("photo",))


def photo_row(call: Call, photo: Photo, **more: Any) -> Node:
    """One row of a list: the fixed attributes, then the asked `extras`."""
    attrs: Attrs = {
        "id": photo.id,
        "owner": photo.owner,
        "secret": photo.secret,
        "server": photo.server,
        "farm": photo.farm,
        "title": photo.title,
        "ispublic": photo.is_public,
        "isfriend": photo.is_friend,
        "isfamily": photo.is_family,
        **more,
    }
    return with_extras(call, "photo", photo, attrs)


def with_extras(call: Call, name: str, photo: Photo, attrs: Attrs) -> Node:
    """An element with the attributes that `extras` asks for, in the order of recorded rows."""
    extras = {one.strip() for one in call.text("extras").split(",")}
    for extra, build in _EXTRAS.items():
        if extra in extras:
            attrs.update(build(call, photo))
    attrs.update(_url_extras(call, photo, extras))
    if "path_alias" in extras:
        attrs["pathalias"] = call.backend.users[photo.owner].path_alias
    children = []
    if "description" in extras:
        shown = shown_description(call.backend, photo.description)
        children.append(text_node("description", shown))
    return node(name, attrs, children)


def _url_extras(call: Call, photo: Photo, extras: set[str]) -> Attrs:
    attrs: Attrs = {}
    sizes = {one.suffix: one for one in sizes_of(photo)}
    for letter, suffix in URL_EXTRAS.items():
        if f"url_{letter}" in extras and suffix in sizes:
            width, height = sizes[suffix].json_sides()
            attrs[f"url_{letter}"] = image_url(photo, suffix, call.base)
            attrs |= {f"height_{letter}": height, f"width_{letter}": width}
    return attrs


def _dates(_call: Call, photo: Photo) -> Attrs:
    return {
        "datetaken": photo.taken,
        "datetakengranularity": Varies(str(photo.granularity), photo.granularity),
        "datetakenunknown": str(photo.taken_unknown),
    }


def _geo(_call: Call, photo: Photo) -> Attrs:
    place = photo.location
    if place is None:
        return {"latitude": 0, "longitude": 0, "accuracy": 0, "context": 0}
    return {
        "latitude": degrees(place.latitude),
        "longitude": degrees(place.longitude),
        "accuracy": str(place.accuracy),
        "context": place.context,
        **{f"geo_{name}": value for name, value in reversed(geo_permissions(place).items())},
    }


def geo_permissions(place: Location) -> dict[str, int]:
    """Who sees where a photo was taken."""
    return {
        "is_public": place.is_public,
        "is_contact": place.is_contact,
        "is_friend": place.is_friend,
        "is_family": place.is_family,
    }


def _owner(call: Call, photo: Photo) -> User:
    return call.backend.users[photo.owner]


def _machine_tags(_call: Call, photo: Photo) -> Attrs:
    return {"machine_tags": " ".join(tag.clean for tag in photo.tags if tag.is_machine)}


_EXTRAS: dict[str, Callable[[Call, Photo], Attrs]] = {
    "license": lambda call, photo: {"license": photo.license},
    "safety_level": lambda call, photo: {"safety_level": str(photo.safety_level - 1)},
    "date_upload": lambda call, photo: {"dateupload": str(photo.posted)},
    "last_update": lambda call, photo: {"lastupdate": str(photo.last_update)},
    "date_taken": _dates,
    "owner_name": lambda call, photo: {"ownername": _owner(call, photo).username},
    "realname": lambda call, photo: {"realname": _owner(call, photo).realname},
    "icon_server": lambda call, photo: {"iconserver": "0", "iconfarm": 0},
    "views": lambda call, photo: {"views": str(photo.views)},
    "count_views": lambda call, photo: {"count_views": str(photo.views)},
    "count_comments": lambda call, photo: {"count_comments": str(len(photo.comments))},
    # clean tags without quotes, so "wood duck" is one word here
    "tags": lambda call, photo: {"tags": " ".join(tag.clean for tag in photo.tags)},
    "machine_tags": _machine_tags,
    "original_format": lambda call, photo: {
        "originalsecret": photo.original_secret,
        "originalformat": photo.format,
    },
    "o_dims": lambda call, photo: {
        "o_width": Varies(str(photo.width), photo.width),
        "o_height": Varies(str(photo.height), photo.height),
    },
    "geo": _geo,
    "media": lambda call, photo: {"media": photo.media, "media_status": "ready"},
}
