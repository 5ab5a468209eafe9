"""Reading one photo: getInfo, contexts, sizes, comments, favourites, upload tickets."""

from __future__ import annotations

from socials_lib.demo.flickr.calls import Call, method
from socials_lib.demo.flickr.methods.geo import geoperms_node, location_node
from socials_lib.demo.flickr.methods.tags import long_id
from socials_lib.demo.flickr.records import Photo, Refusal, Tag, User
from socials_lib.demo.flickr.rows import page_of, photo_page, shown_description
from socials_lib.demo.flickr.sizes import image_url, sizes_of
from socials_lib.demo.flickr.text import parse_moment
from socials_lib.demo.flickr.tree import Node, Varies, count, node, text_node


@method("photos.getInfo")
def get_info(call: Call) -> Node:
    """Everything about a photo; `permissions` only for its owner."""
    photo = _info_photo(call)
    owner = call.backend.users[photo.owner]
    attrs = {
        "id": photo.id,
        "secret": photo.secret,
        "server": photo.server,
        "farm": photo.farm,
        "dateuploaded": str(photo.posted),
        "isfavorite": 0,
        "license": photo.license,
        "safety_level": str(photo.safety_level - 1),
        "rotation": photo.rotation,
        "originalsecret": photo.original_secret,
        "originalformat": photo.format,
        "views": str(photo.views),
        "media": photo.media,
    }
    return node("photo", attrs, _info_parts(call, photo, owner))


def _info_parts(call: Call, photo: Photo, owner: User) -> list[Node]:
    """The children of getInfo's photo in recorded order."""
    is_own = call.user is owner
    return [
        _owner_node(owner),
        text_node("title", photo.title),
        text_node("description", shown_description(call.backend, photo.description)),
        _flags("visibility", photo),
        _dates(photo),
        *([_permissions(photo)] if is_own else []),
        _may("editability", is_own, is_own),
        _may("publiceditability", photo.perm_comment == 3, photo.perm_addmeta == 3),
        node(
            "usage",
            {"candownload": 1, "canblog": int(is_own), "canprint": int(is_own), "canshare": 1},
        ),
        text_node("comments", str(len(photo.comments))),
        node("notes", lists=("note",)),
        node("people", {"haspeople": 0}),
        node("tags", {}, [_tag(call, photo, tag) for tag in photo.tags], lists=("tag",)),
        *_place(photo),
        _urls(photo_page(owner, photo, call.base)),
        *([_video(photo)] if photo.media == "video" else []),
    ]


def _info_photo(call: Call) -> Photo:
    """The real texts: `Photo "1" not found (invalid ID)`, `Photo is private`."""
    asked = call.text("photo_id")
    photo = call.backend.photos.get(asked)
    if photo is None:
        raise Refusal(1, f'Photo "{asked}" not found (invalid ID)')
    if call.backend.sees(call.user, photo) or call.text("secret") == photo.secret:
        return photo
    if call.backend.options.private_photo_code == 2:
        raise Refusal(2, "Photo is private")
    raise Refusal(1, "Photo not found")


def _owner_node(owner: User) -> Node:
    attrs = {
        "nsid": owner.nsid,
        "username": owner.username,
        "realname": owner.realname,
        "location": owner.location,
        "iconserver": "0",
        "iconfarm": 0,
        "path_alias": owner.path_alias,
    }
    return node("owner", attrs, [node("gift", {"gift_eligible": "", "new_flow": "1"})])


def _flags(name: str, photo: Photo) -> Node:
    return node(
        name,
        {"ispublic": photo.is_public, "isfriend": photo.is_friend, "isfamily": photo.is_family},
    )


def _dates(photo: Photo) -> Node:
    attrs = {
        "posted": str(photo.posted),
        "taken": photo.taken,
        "takengranularity": Varies(str(photo.granularity), photo.granularity),
        "takenunknown": str(photo.taken_unknown),
        "lastupdate": str(photo.last_update),
    }
    return node("dates", attrs)


def _permissions(photo: Photo) -> Node:
    attrs = {"permcomment": photo.perm_comment, "permaddmeta": photo.perm_addmeta}
    return node("permissions", attrs)


def _may(name: str, comment: bool, addmeta: bool) -> Node:
    return node(name, {"cancomment": int(comment), "canaddmeta": int(addmeta)})


def _tag(call: Call, photo: Photo, tag: Tag) -> Node:
    attrs = {
        "id": long_id(call, photo, tag),
        "author": tag.author,
        "authorname": call.backend.users[tag.author].username,
        "raw": tag.raw,
        "machine_tag": Varies(int(tag.is_machine), tag.is_machine),
    }
    return node("tag", attrs, text=tag.clean)


def _place(photo: Photo) -> list[Node]:
    if photo.location is None:
        return []
    return [location_node(photo.location), geoperms_node(photo.location)]


def _urls(address: str) -> Node:
    return node("urls", {}, [text_node("url", address, type="photopage")], lists=("url",))


def _video(photo: Photo) -> Node:
    attrs = {"ready": 1, "failed": 0, "pending": 0, "duration": "23"}
    return node("video", {**attrs, "width": str(photo.width), "height": str(photo.height)})


@method("photos.getAllContexts")
def get_all_contexts(call: Call) -> list[Node]:
    """Albums and pools; groups where the photo still waits are not listed."""
    photo = call.seen_photo()
    backend = call.backend
    albums = [one for one in backend.albums.values() if photo.id in one.photos]
    sets = []
    for album in albums:
        cover = backend.photos[album.primary]
        attrs = {
            "title": album.title,
            "id": album.id,
            "primary": album.primary,
            "secret": cover.secret,
            "server": cover.server,
            "farm": cover.farm,
            "view_count": Varies(str(album.views), album.views),
            "comment_count": Varies(str(album.comments), album.comments),
            "count_photo": len(album.photos),
            "count_video": 0,
        }
        sets.append(node("set", attrs, listed=True))
    return sets + _pools(call, photo)


def _pools(call: Call, photo: Photo) -> list[Node]:
    return [
        node(
            "pool",
            {
                "title": group.name,
                "url": f"/groups/{group.path}/pool/",
                "id": group.nsid,
                "iconserver": "0",
                "iconfarm": 0,
                "members": str(group.other_members + len(group.members)),
                "pool_count": str(group.other_photos + len(group.pool)),
            },
            listed=True,
        )
        for group in call.backend.groups.values()
        if group.entry(photo.id)
    ]


@method("photos.getSizes")
def get_sizes(call: Call) -> Node:
    """Sizes below the original and the original, with file and page addresses."""
    photo = call.backend.photos.get(call.text("photo_id"))
    if photo is None:
        raise Refusal(1, "Photo not found")
    if not call.backend.sees(call.user, photo):
        raise Refusal(2, "Permission denied")
    page = photo_page(call.backend.users[photo.owner], photo, call.base)
    rows = [
        node(
            "size",
            {
                "label": one.label,
                "width": one.json_sides()[0],
                "height": one.json_sides()[1],
                "source": image_url(photo, one.suffix, call.base),
                "url": f"{page}sizes/{one.page}/",
                "media": photo.media,
            },
        )
        for one in sizes_of(photo)
    ]
    return node("sizes", {"canblog": 0, "canprint": 0, "candownload": 1}, rows, lists=("size",))


@method("photos.getFavorites")
def get_favorites(call: Call) -> Node:
    """Who marked the photo as a favourite; `total` is what a delete must warn about."""
    photo = call.seen_photo()
    shown, page, pages, per_page = page_of(call, photo.favourites, usual=10, most=50)
    attrs = {
        "id": photo.id,
        "secret": photo.secret,
        "server": photo.server,
        "farm": photo.farm,
        "page": page,
        "pages": pages,
        "perpage": per_page,
        "total": count(len(photo.favourites)),
    }
    people = [
        node(
            "person",
            {
                "nsid": one.nsid,
                "username": one.username,
                "favedate": str(one.date),
                "iconserver": "0",
                "iconfarm": 0,
            },
        )
        for one in shown
    ]
    return node("photo", attrs, people, lists=("person",))


@method("photos.comments.getList")
def comments(call: Call) -> Node:
    """The comments, oldest first; the key is missing in JSON when there is none."""
    photo = call.seen_photo()
    owner = call.backend.users[photo.owner]
    least = parse_moment(call.text("min_comment_date") or "0") or 0
    most = parse_moment(call.text("max_comment_date") or "99999999999") or 0
    rows = []
    for one in photo.comments:
        if not least <= one.created <= most:
            continue
        author = call.backend.users[one.author]
        mark = one.id.rpartition("-")[2]
        attrs = {
            "id": one.id,
            "author": author.nsid,
            "author_is_deleted": int(author.deleted),
            "authorname": author.username,
            "iconserver": "0",
            "iconfarm": 0,
            "datecreate": str(one.created),
            "permalink": f"{photo_page(owner, photo, call.base)}#comment{mark}",
            "path_alias": author.path_alias,
            "realname": author.realname,
        }
        rows.append(node("comment", attrs, text=one.text, listed=True))
    return node("comments", {"photo_id": photo.id}, rows)


@method("photos.upload.checkTickets")
def check_tickets(call: Call) -> Node:
    """0 pending, 1 done, 2 failed; unknown and forgotten tickets are `invalid`."""
    rows = []
    for ticket_id in [one.strip() for one in call.text("tickets").split(",") if one.strip()]:
        ticket = call.backend.tickets.get(ticket_id)
        if ticket is None:
            rows.append(node("ticket", {"id": ticket_id, "invalid": 1}))
            continue
        attrs = {"id": ticket_id, "complete": ticket.state}
        if ticket.photo_id:
            attrs |= {"photoid": ticket.photo_id, "imported": None}
        rows.append(node("ticket", attrs))
    return node("uploader", {}, rows, lists=("ticket",))
