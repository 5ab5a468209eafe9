"""Groups and their pools: who may add what how often, and the moderator's queue.

The order of the checks is ours; each code of the table can be reached by configuring the group.
"""

from __future__ import annotations

from datetime import UTC, datetime

from socials_lib.demo.flickr.calls import Call, method
from socials_lib.demo.flickr.methods.lists import existing_user
from socials_lib.demo.flickr.records import Group, Photo, PoolEntry, Refusal
from socials_lib.demo.flickr.rows import page_of, photo_row, shown_description
from socials_lib.demo.flickr.tree import Node, count, escape, node, text_node

#: The codes of groups.pools.add (documented).
ADD_CODES = {
    1: "Photo not found",
    2: "Group not found",
    3: "Photo already in pool",
    4: "Photo in maximum number of pools",
    5: "Photo limit reached",
    6: "Your Photo has been added to the Pending Queue for this Pool",
    7: "Your Photo has already been added to the Pending Queue for this Pool",
    8: "Content not allowed",
    10: "Maximum number of photos in Group Pool",
    11: "Group Pool is disabled",
    21: "Videos not allowed",
    22: "Photos not allowed",
    23: "Video in invalid state",
    24: "No photo/video allowed",
    25: "No screenshot/screencast allowed",
    26: "No illustration/art/animation/CGI allowed",
    27: "No restricted content allowed",
    28: "No restricted or moderate content allowed",
    29: "Items must be geotagged",
}

#: content_type -> the restriction that must be 1, the code if it is not.
_CONTENT = {1: ("images_ok", 24), 2: ("screens_ok", 25), 3: ("art_ok", 26), 4: ("art_ok", 26)}


def _add_refusal(code: int) -> Refusal:
    return Refusal(code, ADD_CODES.get(code, "Content not allowed"))


@method("groups.pools.add", "write")
def add(call: Call) -> None:
    """Into the pool, or into the moderator's queue (code 6, a success that is pending)."""
    photo = call.own_photo()
    group = call.backend.group(call.text("group_id"))
    if group is None or call.me.nsid not in group.members:
        raise _add_refusal(2)
    code = _reason_against(call, group, photo)
    if code:
        raise _add_refusal(code)
    now = call.backend.now()
    entry = PoolEntry(photo_id=photo.id, added_by=call.me.nsid, added_at=now)
    group.submissions.append((call.me.nsid, now))
    if group.moderated and call.me.nsid not in group.admins:
        group.pending.append(entry)
        raise _add_refusal(6)
    group.pool.insert(0, entry)


def _reason_against(call: Call, group: Group, photo: Photo) -> int:
    """The code that keeps the photo out, 0 if nothing does."""
    if group.entry(photo.id):
        return 3
    if group.waiting(photo.id):
        return 7
    if group.refuse is not None:
        return group.refuse
    if group.closed or (group.throttle and group.throttle[0] == "disabled"):
        return 11
    most = call.backend.options.max_pools_per_photo
    if most is not None and _pools_of(call, photo) >= most:
        return 4
    if group.max_photos is not None and len(group.pool) >= group.max_photos:
        return 10
    return _restriction(group, photo) or (5 if remaining(call, group) == 0 else 0)


def _pools_of(call: Call, photo: Photo) -> int:
    return sum(one.entry(photo.id) is not None for one in call.backend.groups.values())


def _restriction(group: Group, photo: Photo) -> int:
    rules = group.restrictions
    kind, kind_code = ("videos_ok", 21) if photo.media == "video" else ("photos_ok", 22)
    content, content_code = _CONTENT[photo.content_type]
    if not rules[kind]:
        return kind_code
    if not rules[content]:
        return content_code
    if photo.safety_level >= 2 and not rules["moderate_ok"]:
        return 28
    if photo.safety_level >= 3 and not rules["restricted_ok"]:
        return 27
    if rules["has_geo"] and photo.location is None:
        return 29
    return 0 if photo.is_public else 8


def remaining(call: Call, group: Group) -> int | None:
    """How many the caller may still add in this day, week or month (UTC); None: any number."""
    if group.throttle is None or call.user is None:
        return None
    mode, most = group.throttle
    period = _period(mode, call.backend.now())
    used = [
        at
        for nsid, at in group.submissions
        if nsid == call.user.nsid and _period(mode, at) == period
    ]
    return max(0, most - len(used))


def _period(mode: str, at: int) -> tuple[int, ...]:
    moment = datetime.fromtimestamp(at, tz=UTC)
    if mode == "day":
        return (moment.year, moment.month, moment.day)
    if mode == "week":
        return tuple(moment.isocalendar()[:2])
    return (moment.year, moment.month)


@method("groups.pools.remove", "write")
def remove(call: Call) -> None:
    """Code 2 if the photo is not in the pool (= done)."""
    photo = call.backend.photos.get(call.text("photo_id"))
    if photo is None:
        raise Refusal(4, "Photo not found")
    group = call.backend.group(call.text("group_id"))
    if group is None:
        raise Refusal(1, "Group not found")
    entry = group.entry(photo.id)
    if entry is None:
        raise Refusal(2, "Photo not in pool")
    if call.me.nsid != photo.owner and call.me.nsid not in group.admins:
        raise Refusal(3, "Insufficient permission to remove photo")
    group.pool.remove(entry)


@method("groups.pools.getGroups", "read")
def get_groups(call: Call) -> Node:
    """The caller's groups; names are escaped twice (seen: `Darren&amp;#039;s`)."""
    groups = _joined(call, call.me.nsid)
    shown, page, pages, per_page = page_of(call, groups, usual=400, most=400)
    attrs = {"page": page, "pages": pages, "per_page": per_page, "total": count(len(groups))}
    rows = [
        node(
            "group",
            {
                "nsid": one.nsid,
                "id": one.nsid,
                "name": escape(one.name),
                "member": 1,
                "moderator": 0,
                "admin": int(call.me.nsid in one.admins),
                "privacy": one.privacy,
                "photos": one.other_photos + len(one.pool),
                "iconserver": "0",
                "iconfarm": 0,
                "member_count": _members(one),
                "topic_count": "0",
                "pool_count": str(one.other_photos + len(one.pool)),
            },
        )
        for one in shown
    ]
    return node("groups", attrs, rows, lists=("group",))


def _joined(call: Call, nsid: str) -> list[Group]:
    return [one for one in call.backend.groups.values() if nsid in one.members]


def _members(group: Group) -> str:
    return str(group.other_members + len(group.members))


@method("people.getGroups", "read")
def people_groups(call: Call) -> Node:
    """The groups of a user."""
    if not call.text("user_id"):
        raise Refusal(1, "User not found")
    user = existing_user(call, 1, "User not found")
    rows = [
        node(
            "group",
            {
                "nsid": one.nsid,
                "name": one.name,
                "iconfarm": 0,
                "iconserver": "0",
                "admin": int(user.nsid in one.admins),
                "eighteenplus": 0,
                "invitation_only": int(one.privacy != 3),
                "members": _members(one),
                "pool_count": str(one.other_photos + len(one.pool)),
            },
        )
        for one in _joined(call, user.nsid)
    ]
    return node("groups", {}, rows, lists=("group",))


@method("groups.pools.getContext")
def get_context(call: Call) -> list[Node]:
    """The neighbours in the pool; id 0 means none.  A cheap "is it in this pool"."""
    photo = call.seen_photo()
    group = _seen_group(call, 3)
    ids = [one.photo_id for one in group.pool]
    if photo.id not in ids:
        raise Refusal(2, "Photo not in pool")
    place = ids.index(photo.id)
    after = ids[place - 1] if place > 0 else None
    before = ids[place + 1] if place + 1 < len(ids) else None
    return [
        text_node("count", str(group.other_photos + len(ids))),
        _neighbour(call, "prevphoto", before),
        _neighbour(call, "nextphoto", after),
    ]


def _neighbour(call: Call, name: str, photo_id: str | None) -> Node:
    if photo_id is None:
        return node(name, {"id": "0", "is_faved": 0})
    photo = call.backend.photos[photo_id]
    attrs = {
        "id": photo.id,
        "owner": photo.owner,
        "secret": photo.secret,
        "server": photo.server,
        "farm": photo.farm,
        "title": photo.title,
        "url": f"/photos/{call.backend.users[photo.owner].path}/{photo.id}/",
        "is_faved": 0,
    }
    return node(name, attrs)


def _seen_group(call: Call, code: int) -> Group:
    group = call.backend.group(call.text("group_id"))
    if group is None:
        raise Refusal(code, "Group not found")
    return group


@method("groups.pools.getPhotos")
def pool_photos(call: Call) -> Node:
    """The pool, newest first; `user_id` asks for one member's photos only."""
    group = _seen_group(call, 1)
    if group.privacy == 1 and (call.user is None or call.user.nsid not in group.members):
        raise Refusal(2, "You don't have permission to view this pool")
    nsid = existing_user(call, 3, "Unknown user").nsid if call.text("user_id") else None
    entries = [one for one in group.pool if _is_asked(call, one, nsid)]
    shown, page, pages, per_page = page_of(call, entries, usual=100, most=500)
    attrs = {"page": page, "pages": pages, "perpage": per_page, "total": count(len(entries))}
    rows = []
    for entry in shown:
        photo = call.backend.photos[entry.photo_id]
        owner = call.backend.users[photo.owner].username
        rows.append(photo_row(call, photo, ownername=owner, dateadded=str(entry.added_at)))
    return node("photos", attrs, rows, lists=("photo",))


def _is_asked(call: Call, entry: PoolEntry, nsid: str | None) -> bool:
    photo = call.backend.photos[entry.photo_id]
    tag = call.text("tags")
    return (
        nsid in (None, photo.owner)
        and call.backend.sees(call.user, photo)
        and (not tag or tag in {one.clean for one in photo.tags})
    )


@method("groups.getInfo")
def group_info(call: Call) -> Node:
    """A group with its throttle and restrictions: ask it before a bulk add."""
    ref = call.text("group_id") or call.text("group_path_alias")
    group = call.backend.group(ref)
    if group is None:
        raise Refusal(1, "Group not found")
    is_member = call.user is not None and call.user.nsid in group.members
    if group.privacy == 1 and not is_member:
        raise Refusal(2, "Group is private")
    attrs = {
        "id": group.nsid,
        "nsid": group.nsid,
        "path_alias": group.path_alias,
        "iconserver": "0",
        "iconfarm": 0,
        "lang": None,
        "ispoolmoderated": int(group.moderated),
        "is_member": int(is_member),
        "is_moderator": 0,
        "is_admin": int(call.user is not None and call.user.nsid in group.admins),
    }
    parts = [
        text_node("name", group.name),
        text_node("description", shown_description(call.backend, group.description)),
        text_node("members", _members(group)),
        text_node("pool_count", str(group.other_photos + len(group.pool))),
        text_node("privacy", str(group.privacy)),
        _throttle(call, group),
        node("restrictions", group.restrictions),
    ]
    return node("group", attrs, parts)


def _throttle(call: Call, group: Group) -> Node:
    if group.throttle is None:
        return node("throttle", {"mode": "none"})
    mode, most = group.throttle
    left = remaining(call, group)
    return node("throttle", {"count": str(most), "mode": mode, "remaining": left})


@method("urls.lookupGroup")
def lookup_group(call: Call) -> Node:
    """The group behind an address `…/groups/<alias or nsid>/…`."""
    ref = call.text("url").partition("/groups/")[2].partition("/")[0]
    group = call.backend.group(ref) if ref else None
    if group is None:
        raise Refusal(1, "Group not found")
    return node("group", {"id": group.nsid}, [text_node("groupname", group.name)])
