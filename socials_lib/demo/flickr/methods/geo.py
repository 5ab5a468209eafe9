"""Where a photo was taken, and who may see that."""

from __future__ import annotations

from socials_lib.demo.flickr.calls import Call, method
from socials_lib.demo.flickr.records import Location, Photo, Refusal
from socials_lib.demo.flickr.rows import degrees, geo_permissions
from socials_lib.demo.flickr.text import php_int
from socials_lib.demo.flickr.tree import Node, node, text_node


def location_node(place: Location) -> Node:
    """The `location` element; place names are not simulated, the element is there."""
    attrs = {
        "latitude": degrees(place.latitude),
        "longitude": degrees(place.longitude),
        "accuracy": str(place.accuracy),
        "context": str(place.context),
    }
    return node("location", attrs, [text_node("locality", ""), text_node("country", "")])


def geoperms_node(place: Location) -> Node:
    """The `geoperms` element of getInfo."""
    return node("geoperms", _flags(place))


def _flags(place: Location) -> dict[str, int]:
    return {name.replace("_", ""): value for name, value in geo_permissions(place).items()}


def _located(photo: Photo) -> Location:
    if photo.location is None:
        raise Refusal(2, "Photo has no location information")
    return photo.location


def _coordinate(call: Call, name: str, limit: int, refusal: Refusal) -> float:
    try:
        value = float(call.text(name))
    except ValueError as err:
        raise refusal from err
    if not -limit <= value <= limit:
        raise refusal
    return round(value, 6)


@method("photos.geo.setLocation", "write")
def set_location(call: Call) -> None:
    """Needs a default for who sees locations (code 7 if the user never chose one)."""
    photo = call.own_photo()
    if not call.text("lat") or not call.text("lon"):
        raise Refusal(2, "Required arguments missing.")
    latitude = _coordinate(call, "lat", 90, Refusal(3, "Not a valid latitude."))
    longitude = _coordinate(call, "lon", 180, Refusal(4, "Not a valid longitude."))
    accuracy = php_int(call.params.get("accuracy"), 16)
    if not 1 <= accuracy <= 16:
        raise Refusal(5, "Not a valid accuracy.")
    if call.me.geo_perms is None:
        raise Refusal(7, "User has not configured default viewing settings for location data.")
    photo.location = Location(
        latitude=latitude,
        longitude=longitude,
        accuracy=accuracy,
        context=php_int(call.params.get("context")),
        is_public=int(call.me.geo_perms == 1),
    )
    call.backend.touch(photo)


@method("photos.geo.removeLocation", "write")
def remove_location(call: Call) -> None:
    """Code 2 if there is none (= done)."""
    photo = call.own_photo()
    _located(photo)
    photo.location = None
    call.backend.touch(photo)


@method("photos.geo.getLocation")
def get_location(call: Call) -> Node:
    """The location of a photo the caller sees."""
    photo = call.seen_photo()
    return node("photo", {"id": photo.id}, [location_node(_located(photo))])


@method("photos.geo.setContext", "write")
def set_context(call: Call) -> None:
    """0 not defined, 1 indoors, 2 outdoors."""
    photo = call.own_photo()
    if call.text("context") not in ("0", "1", "2"):
        raise Refusal(2, "Not a valid context")
    if photo.location is not None:
        photo.location.context = int(call.text("context"))
        call.backend.touch(photo)


@method("photos.geo.setPerms", "write")
def set_geo_perms(call: Call) -> None:
    """All four are needed."""
    photo = call.own_photo()
    place = _located(photo)
    names = ("is_public", "is_contact", "is_friend", "is_family")
    if any(name not in call.params for name in names):
        raise Refusal(3, "Required arguments missing.")
    for name in names:
        setattr(place, name, call.flag(name))
    call.backend.touch(photo)


@method("photos.geo.getPerms", "read")
def get_geo_perms(call: Call) -> Node:
    """Who sees the location of an own photo."""
    photo = call.own_photo()
    return node("perms", {"id": photo.id, **_flags(_located(photo))})
