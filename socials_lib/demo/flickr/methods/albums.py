"""Albums (photosets): never empty, one primary photo, the user's own order.

Id lists are separated by commas without blanks: an id with a blank is read as an empty one (seen).
"""

from __future__ import annotations

from socials_lib.demo.flickr.calls import Call, method
from socials_lib.demo.flickr.records import Album, Photo, Refusal
from socials_lib.demo.flickr.rows import page_of, shown_description, with_extras
from socials_lib.demo.flickr.tree import Node, Varies, count, node, text_node


def _ids(text: str) -> list[str]:
    return ["" if " " in one else one for one in text.split(",")] if text else []


def _own_album(call: Call) -> Album:
    return call.backend.own_album(call.me, call.text("photoset_id"))


def _own_photos(call: Call, ids: list[str]) -> list[Photo]:
    """All photos of a list, or code 2 naming the first that is not ours."""
    for one in ids:
        photo = call.backend.photos.get(one)
        if photo is None or photo.owner != call.me.nsid:
            raise Refusal(2, f'Photo "{one}" not found')
    return [call.backend.photos[one] for one in ids]


@method("photosets.create", "write")
def create(call: Call) -> Node:
    """A new album is the first in the order and holds its primary photo; never idempotent."""
    backend = call.backend
    if not call.text("title"):
        raise Refusal(1, "No title specified")
    photo = backend.own_photo(call.me, call.text("primary_photo_id"), code=2)
    if not backend.is_old_enough(photo, backend.options.processing_delay):
        raise Refusal(2, f"Invalid primary photo id ({photo.id})")
    order = backend.album_order[call.me.nsid]
    if backend.options.max_albums is not None and len(order) >= backend.options.max_albums:
        raise Refusal(3, "Can't create any more sets")
    album = Album(
        id=backend.long_id(),
        owner=call.me.nsid,
        title=call.text("title"),
        description=call.text("description"),
        photos=[photo.id],
        primary=photo.id,
        created=backend.now(),
        updated=backend.now(),
    )
    backend.albums[album.id] = album
    order.insert(0, album.id)
    address = f"{call.base}/photos/{call.me.path}/sets/{album.id}/"
    return node("photoset", {"id": album.id, "url": address})


@method("photosets.addPhoto", "write")
def add_photo(call: Call) -> None:
    """Appends; code 3 if it is there already (= done)."""
    album = _own_album(call)
    photo = call.backend.own_photo(call.me, call.text("photo_id"), code=2)
    if photo.id in album.photos:
        raise Refusal(3, "Photo already in set")
    most = call.backend.options.max_album_photos
    if most is not None and len(album.photos) >= most:
        raise Refusal(10, "Maximum number of photos in set")
    album.photos.append(photo.id)
    album.updated = call.backend.now()


@method("photosets.removePhoto", "write")
def remove_photo(call: Call) -> None:
    """Code 3 if it is not there (= done); the last photo takes the album with it."""
    album = _own_album(call)
    photo = call.backend.own_photo(call.me, call.text("photo_id"), code=2)
    if photo.id not in album.photos:
        raise Refusal(3, "Photo not in set")
    call.backend.leave_album(album, photo.id)


@method("photosets.removePhotos", "write")
def remove_photos(call: Call) -> None:
    """Takes out those that are in the album."""
    album = _own_album(call)
    for photo in _own_photos(call, _ids(call.text("photo_ids"))):
        if photo.id in album.photos:
            call.backend.leave_album(album, photo.id)


@method("photosets.editMeta", "write")
def edit_meta(call: Call) -> None:
    """The title is needed; what a missing description does is unknown, hence an option."""
    album = _own_album(call)
    if not call.text("title"):
        raise Refusal(2, "No title specified")
    album.title = call.text("title")
    clears = call.backend.options.omitted_album_description == "clear"
    if "description" in call.params or clears:
        album.description = call.text("description")
    album.updated = call.backend.now()


@method("photosets.setPrimaryPhoto", "write")
def set_primary(call: Call) -> None:
    """The cover; it must be in the album."""
    album = _own_album(call)
    if call.text("photo_id") not in album.photos:
        raise Refusal(2, "Photo not found")
    album.primary = call.text("photo_id")
    album.updated = call.backend.now()


@method("photosets.orderSets", "write")
def order_sets(call: Call) -> None:
    """The listed albums first, the others behind them by id."""
    order = call.backend.album_order[call.me.nsid]
    asked = _ids(call.text("photoset_ids"))
    if not asked or any(one not in order for one in asked):
        raise Refusal(1, "Set not found")
    first = list(dict.fromkeys(asked))
    order[:] = [*first, *sorted(one for one in order if one not in first)]


@method("photosets.editPhotos", "write")
def edit_photos(call: Call) -> None:
    """Replaces content and order."""
    album = _own_album(call)
    ids = _ids(call.text("photo_ids"))
    if not ids:
        raise Refusal(5, "Empty photos list")
    primary = call.text("primary_photo_id")
    if primary not in call.backend.photos:
        raise Refusal(3, "Primary photo not found")
    _own_photos(call, ids)
    if primary not in ids:
        raise Refusal(4, "Primary photo not in list")
    album.photos, album.primary = list(dict.fromkeys(ids)), primary
    album.updated = call.backend.now()


@method("photosets.reorderPhotos", "write")
def reorder_photos(call: Call) -> None:
    """The listed photos first, the others behind them as they were."""
    album = _own_album(call)
    asked = [one.id for one in _own_photos(call, _ids(call.text("photo_ids")))]
    first = [one for one in dict.fromkeys(asked) if one in album.photos]
    album.photos = [*first, *(one for one in album.photos if one not in first)]
    album.updated = call.backend.now()


@method("photosets.delete", "write")
def delete(call: Call) -> None:
    """The photos survive."""
    call.backend.delete_album(_own_album(call))


@method("photosets.getList")
def get_list(call: Call) -> Node:
    """Without `per_page` all albums on one page."""
    user = call.user_of()
    if user is None:
        raise Refusal(1, "User not found")
    if call.text("continuation"):
        raise Refusal(2, "Continuation key is invalid or expired")
    albums = call.backend.albums_of(user)
    shown, page, pages, per_page = page_of(call, albums, usual=max(1, len(albums)), most=500)
    if "per_page" not in call.params:
        shown, page, pages, per_page = albums, 1, 1, len(albums)
    attrs = {
        "cancreate": int(user is call.user),
        "page": page,
        "pages": pages,
        "perpage": per_page,
        "total": len(albums),
    }
    rows = [_album_row(call, album) for album in shown]
    return node("photosets", attrs, rows, lists=("photoset",))


def _album_row(call: Call, album: Album) -> Node:
    attrs = {**_album_head(call, album), **_counts(album), **_album_dates(call, album)}
    size = len(album.photos)
    attrs |= {
        "photos": Varies(str(size), size),
        "videos": 0,
        "visibility_can_see_set": 1,
        "needs_interstitial": 0,
    }
    return node("photoset", attrs, _album_texts(call, album))


def _album_head(call: Call, album: Album) -> dict[str, object]:
    cover = call.backend.photos.get(album.primary)  # none in an album that is kept empty
    return {
        "id": album.id,
        "owner": album.owner,
        "username": call.backend.users[album.owner].username,
        "primary": album.primary,
        "secret": cover.secret if cover else "",
        "server": cover.server if cover else "0",
        "farm": cover.farm if cover else 0,
    }


def _counts(album: Album) -> dict[str, object]:
    size = len(album.photos)
    return {
        "count_views": Varies(str(album.views), album.views),
        "count_comments": Varies(str(album.comments), album.comments),
        "count_photos": Varies(str(size), size),
        "count_videos": 0,
    }


def _album_dates(call: Call, album: Album) -> dict[str, object]:
    return {
        "can_comment": int(call.user is not None),
        "date_create": str(album.created),
        "date_update": str(album.updated),
    }


def _album_texts(call: Call, album: Album) -> list[Node]:
    shown = shown_description(call.backend, album.description)
    return [text_node("title", album.title), text_node("description", shown)]


def _seen_album(call: Call) -> Album:
    """`user_id` is documented as required, optional in practice."""
    owner = call.text("user_id")
    if owner not in ("", "me") and owner not in call.backend.users:
        raise Refusal(2, "User not found")
    album = call.backend.albums.get(call.text("photoset_id"))
    wanted = call.user_of() if owner else None
    if album is None or (wanted is not None and wanted.nsid != album.owner):
        raise Refusal(1, "Photoset not found")
    return album


@method("photosets.getInfo")
def get_info(call: Call) -> Node:
    """One album."""
    album = _seen_album(call)
    attrs = {
        **_album_head(call, album),
        "photos": len(album.photos),
        **_counts(album),
        **_album_dates(call, album),
        "coverphoto_server": "0",
        "coverphoto_farm": 0,
    }
    return node("photoset", attrs, _album_texts(call, album))


@method("photosets.getPhotos")
def get_photos(call: Call) -> Node:
    """The photos in their order; beyond the end: the last page or code 1, an option."""
    album = _seen_album(call)
    backend = call.backend
    photos = [backend.photos[one] for one in album.photos]
    photos = [one for one in photos if backend.sees(call.user, one)]
    shown, page, pages, per_page = page_of(call, photos, usual=500, most=500)
    if page > max(1, pages):
        if backend.options.album_page_beyond == "error":
            raise Refusal(1, "Photoset not found")
        page = max(1, pages)
        shown = photos[(page - 1) * per_page : page * per_page]
    attrs = {
        "id": album.id,
        "primary": album.primary,
        "owner": album.owner,
        "ownername": backend.users[album.owner].username,
        "page": page,
        "per_page": per_page,
        "perpage": per_page,
        "pages": pages,
        "title": album.title,
        "total": count(len(photos)),
    }
    rows = [_photo_row(call, album, one) for one in shown]
    return node("photoset", attrs, rows, lists=("photo",))


def _photo_row(call: Call, album: Album, photo: Photo) -> Node:
    attrs = {
        "id": photo.id,
        "secret": photo.secret,
        "server": photo.server,
        "farm": photo.farm,
        "title": photo.title,
        "isprimary": "1" if photo.id == album.primary else "0",
        "ispublic": photo.is_public,
        "isfriend": photo.is_friend,
        "isfamily": photo.is_family,
    }
    return with_extras(call, "photo", photo, attrs)
