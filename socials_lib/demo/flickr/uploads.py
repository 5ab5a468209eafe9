"""The upload and replace services: checks in Flickr's order, then a photo or a ticket.

What a careless client finds out here: embedded keywords are added to the tags, embedded texts fill
empty fields, `is_public=True` is read as 0, a date taken may be re-read by a replace.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from socials_lib.demo.flickr.pictures import Picture, read_picture
from socials_lib.demo.flickr.records import VISIBILITY, Location, Photo, Refusal, Ticket, User
from socials_lib.demo.flickr.text import parse_tags, php_int

if TYPE_CHECKING:
    from socials_lib.demo.flickr.state import FlickrState


def upload(
    backend: FlickrState, user: User, params: Mapping[str, str], data: bytes | None
) -> Photo | Ticket:
    """Take a new photo or video; with `async=1` only a ticket for it."""
    picture, data = _checked(backend, data)
    _check_quota(backend, user)
    _check_texts(backend, params)
    _check_duplicate(backend, user, params, data)
    if php_int(params.get("async")):
        return _ticket(backend, user, params, data)
    return store(backend, user, params, data, picture)


def replace(
    backend: FlickrState, user: User, params: Mapping[str, str], data: bytes | None
) -> Photo | Ticket:
    """Put another picture under an existing photo id."""
    if not user.is_pro and not backend.options.free_may_replace:
        raise Refusal(1, "Not a pro account")
    picture, data = _checked(backend, data)
    if picture.media == "video":
        raise Refusal(8, "Videos can't be replaced")
    code = backend.options.replace_unknown_code
    photo = backend.own_photo(user, params.get("photo_id", ""), code=code)
    if php_int(params.get("async")):
        return _ticket(backend, user, params, data, replaces=photo.id)
    return _swap(backend, photo, data, picture)


def settle_tickets(backend: FlickrState) -> None:
    """Finish the async uploads that are due, forget tickets that are too old."""
    options = backend.options
    now = backend.clock()
    for ticket in list(backend.tickets.values()):
        if now > ticket.due + options.ticket_life:
            del backend.tickets[ticket.id]
        elif ticket.state == 0 and now >= ticket.due and not options.tickets_hang:
            _finish(backend, ticket)


def _finish(backend: FlickrState, ticket: Ticket) -> None:
    picture = read_picture(ticket.data)
    replaced = backend.photos.get(ticket.replaces) if ticket.replaces else None
    gone = ticket.replaces is not None and replaced is None
    if backend.options.tickets_fail or picture is None or gone:
        ticket.state = 2
        return
    if replaced is not None:
        photo = _swap(backend, replaced, ticket.data, picture)
    else:
        owner = backend.users[ticket.owner]
        photo = store(backend, owner, ticket.params, ticket.data, picture)
    ticket.state, ticket.photo_id = 1, photo.id


def _checked(backend: FlickrState, data: bytes | None) -> tuple[Picture, bytes]:
    """The file as Flickr sees it, or why it is not taken."""
    options = backend.options
    if data is None:
        raise Refusal(2, "No photo specified")
    if not data:
        raise Refusal(4, "Filesize was zero")
    if len(data) > options.max_video_bytes:
        raise Refusal(8, "Filesize was too large")
    picture = read_picture(data)
    if picture is None:
        raise Refusal(5, "Filetype was not recognised")
    if picture.media == "photo" and len(data) > options.max_photo_bytes:
        raise Refusal(8, "Filesize was too large")
    return picture, data


def _check_quota(backend: FlickrState, user: User) -> None:
    if not user.is_pro and len(backend.photos_of(user)) >= user.upload_limit:
        raise Refusal(6, "Upload limit reached. For more info, visit flickr.com/pro")


def _check_texts(backend: FlickrState, params: Mapping[str, str]) -> None:
    texts = " ".join(params.get(name, "") for name in ("title", "description", "tags"))
    refuse_bad_urls(backend, texts)


def refuse_bad_urls(backend: FlickrState, *texts: str) -> None:
    """Code 116 if a text holds an address of the abuse list."""
    if any(bad in text for bad in backend.options.bad_urls for text in texts):
        raise Refusal(116, "Bad URL found")


def _check_duplicate(
    backend: FlickrState, user: User, params: Mapping[str, str], data: bytes
) -> None:
    """`dedup_check` 1 or 2: byte-identical photos of the same user are refused with code 9.

    A deleted duplicate may count for 1 (status DELETED, seen by flickrknob), never for 2.
    """
    mode = php_int(params.get("dedup_check"))
    if mode not in (1, 2):
        return
    for photo in backend.photos.values():
        if photo.owner == user.nsid and photo.data == data:
            raise _duplicate(photo.id, "ACTIVE")
    ghost = backend.deleted.get(hashlib.sha256(data).hexdigest())
    if ghost and mode == 1 and backend.options.dedup_finds_deleted:
        raise _duplicate(ghost, "DELETED")


def _duplicate(photo_id: str, status: str) -> Refusal:
    return Refusal(
        9,
        "Duplicate photo/video detected",
        duplicate_photo_id=photo_id,
        duplicate_photo_status=status,
    )


def _ticket(
    backend: FlickrState,
    user: User,
    params: Mapping[str, str],
    data: bytes,
    *,
    replaces: str | None = None,
) -> Ticket:
    ticket = Ticket(
        id=f"{user.number}-{backend.long_id()}",
        owner=user.nsid,
        due=backend.clock() + backend.options.ticket_delay,
        params=dict(params),
        data=data,
        replaces=replaces,
    )
    backend.tickets[ticket.id] = ticket
    return ticket


def store(
    backend: FlickrState, user: User, params: Mapping[str, str], data: bytes, picture: Picture
) -> Photo:
    """Make the photo with everything the parameters, the file and the user's defaults say."""
    photo = backend.insert_photo(user, data, picture, backend.clock())
    _set_texts(backend, photo, params, picture)
    _set_rights(photo, user, params)
    if picture.position and user.import_geo and backend.options.import_gps:
        latitude, longitude = picture.position
        photo.location = Location(latitude=latitude, longitude=longitude)
    return photo


def _set_texts(
    backend: FlickrState, photo: Photo, params: Mapping[str, str], picture: Picture
) -> None:
    options = backend.options
    title, description = params.get("title", ""), params.get("description", "")
    if options.import_texts:
        title, description = title or picture.title, description or picture.caption
    photo.title = backend.title(title)
    photo.description = backend.description(description)
    raws = parse_tags(params.get("tags", ""), commas=options.comma_separates)
    if options.import_keywords:
        raws += picture.keywords
    photo.tags = backend.make_tags(raws, photo.owner)[: options.max_tags]


def _set_rights(photo: Photo, user: User, params: Mapping[str, str]) -> None:
    names = ("is_public", "is_friend", "is_family")
    if any(name in params for name in names):
        photo.show_to(*(1 if php_int(params.get(name)) else 0 for name in names))
    else:
        photo.show_to(*VISIBILITY[user.privacy])
    photo.safety_level = _within(params.get("safety_level"), 3, user.safety_level)
    if not user.is_pro:
        photo.safety_level = 1
    photo.content_type = _within(params.get("content_type"), 4, user.content_type)
    photo.hidden = user.hidden
    if "hidden" in params:  # 1 show in searches, 2 hide
        photo.hidden = 1 if php_int(params["hidden"]) == 2 else 0


def _within(text: str | None, most: int, default: int) -> int:
    number = php_int(text, default)
    return number if 1 <= number <= most else default


def _swap(backend: FlickrState, photo: Photo, data: bytes, picture: Picture) -> Photo:
    """New picture, new secrets (all image addresses change); texts, albums, date posted stay."""
    photo.data = data
    photo.secret, photo.original_secret = backend.hex(10), backend.hex(10)
    photo.format, photo.rotation = picture.format, picture.rotation
    photo.width, photo.height = picture.width, picture.height
    photo.replaced += 1
    if picture.taken and backend.options.replace_rereads_date:
        photo.taken, photo.taken_unknown, photo.granularity = picture.taken, 0, 0
    backend.touch(photo)
    return photo
