"""Accounts: who is signed in, what the account may upload, its preferences; test methods."""

from __future__ import annotations

from socials_lib.demo.flickr.calls import METHODS, Call, method
from socials_lib.demo.flickr.methods.lists import existing_user
from socials_lib.demo.flickr.records import Refusal, User
from socials_lib.demo.flickr.tree import Node, Varies, node, text_node

#: A free or pro account is shown the same, huge allowance since 2013 (recorded).
_BANDWIDTH = 214_748_364_800


@method("auth.oauth.checkToken")
def check_token(call: Call) -> Node:
    """The token of the signed header, or the documented parameter `oauth_token`."""
    backend = call.backend
    token = backend.tokens.access.get(call.token or call.text("oauth_token"))
    if token is None:
        raise Refusal(98, "Invalid auth token")
    user = backend.users[token.user]
    who = {"nsid": user.nsid, "username": user.username, "fullname": user.realname}
    return node(
        "oauth",
        {},
        [text_node("token", token.token), text_node("perms", token.perms), node("user", who)],
    )


@method("test.login", "read")
def test_login(call: Call) -> Node:
    """The cheapest check of token and identity."""
    attrs = {"id": call.me.nsid, "path_alias": call.me.path_alias}
    return node("user", attrs, [text_node("username", call.me.username)])


@method("test.null", "read")
def test_null(call: Call) -> None:
    """Nothing."""


@method("test.echo")
def test_echo(call: Call) -> list[Node]:
    """All parameters, and the key."""
    shown = {"api_key": call.backend.api_key, **call.params}
    return [text_node(name, value) for name, value in shown.items()]


@method("people.getUploadStatus", "read")
def upload_status(call: Call) -> Node:
    """What the account may still upload; the `upload_limit`s only for free accounts."""
    user, options = call.me, call.backend.options
    own = call.backend.photos_of(user)
    videos = sum(one.media == "video" for one in own)
    albums = len(call.backend.albums_of(user))
    return node(
        "user",
        {"id": user.nsid, "ispro": int(user.is_pro), **_upload_limit(user, len(own))},
        [
            text_node("username", user.username),
            node("bandwidth", _bandwidth()),
            node("filesize", {"max": options.max_photo_bytes, **_size(options.max_photo_bytes)}),
            node("sets", {"created": Varies(None, albums), "remaining": "lots"}),
            node("videosize", _size(options.max_video_bytes)),
            node("videos", {"uploaded": videos, "remaining": "lots"}),
        ],
    )


def _upload_limit(user: User, used: int) -> dict[str, object]:
    if user.is_pro:
        return {"upload_count": str(used)}
    status = "below_limit" if used < user.upload_limit else "at_limit"
    return {
        "upload_count": str(used),
        "upload_limit": str(user.upload_limit),
        "upload_limit_status": status,
    }


def _bandwidth() -> dict[str, int]:
    return {
        "max": 2_147_483_648,
        "used": 0,
        "maxbytes": _BANDWIDTH,
        "usedbytes": 0,
        "remainingbytes": _BANDWIDTH,
        "maxkb": _BANDWIDTH // 1024,
        "usedkb": 0,
        "remainingkb": _BANDWIDTH // 1024,
        "unlimited": 1,
    }


def _size(most: int) -> dict[str, int]:
    return {"maxbytes": most, "maxkb": most // 1024, "maxmb": most // 1024 // 1024}


@method("people.getLimits", "read")
def limits(call: Call) -> Node:
    """As documented; what it looks like today is unknown, hence an option."""
    options = call.backend.options
    parts = [
        node("photos", {"maxdisplaypx": "1024", "maxupload": str(options.max_photo_bytes)}),
        node("videos", {"maxduration": "180", "maxupload": str(options.max_video_bytes)}),
    ]
    return node("person", {"nsid": call.me.nsid}, parts if options.limits_shape != "bare" else [])


@method("people.getInfo")
def people_info(call: Call) -> Node:
    """A public profile."""
    if not call.text("user_id"):
        raise Refusal(1, "User not found")
    user = existing_user(call, 1, "User not found")
    page = f"{call.base}/photos/{user.path}/"
    attrs = {
        "id": user.nsid,
        "nsid": user.nsid,
        "ispro": int(user.is_pro),
        "is_deleted": int(user.deleted),
        "iconserver": "0",
        "iconfarm": 0,
        "path_alias": user.path_alias,
        "has_stats": 0,
        **({"pro_badge": "standard", "expire": "0"} if user.is_pro else {}),
        "has_adfree": 0,
        "has_free_standard_shipping": 0,
        "has_free_educational_resources": 0,
    }
    return node(
        "person",
        attrs,
        [
            text_node("username", user.username),
            text_node("realname", user.realname),
            text_node("location", user.location),
            text_node("description", ""),
            text_node("photosurl", page),
            text_node("profileurl", f"{call.base}/people/{user.path}/"),
            text_node("mobileurl", page),
            _photo_facts(call, user),
        ],
    )


def _photo_facts(call: Call, user: User) -> Node:
    own = [one for one in call.backend.photos_of(user) if call.backend.sees(call.user, one)]
    return node(
        "photos",
        {},
        [
            text_node("firstdatetaken", min((one.taken for one in own), default="")),
            text_node("firstdate", str(min((one.posted for one in own), default=""))),
            text_node("count", len(own)),
        ],
    )


@method("urls.lookupUser")
def lookup_user(call: Call) -> Node:
    """The user behind an address `…/photos/<alias or nsid>/…` or `…/people/…`."""
    path = call.text("url").replace("/people/", "/photos/").partition("/photos/")[2]
    ref = path.partition("/")[0]
    found = [one for one in call.backend.users.values() if ref and ref in (one.nsid, one.path)]
    if not found:
        raise Refusal(1, "User not found")
    return node("user", {"id": found[0].nsid}, [text_node("username", found[0].username)])


@method("prefs.getContentType", "read")
def prefs_content_type(call: Call) -> Node:
    """The content type of uploads that name none."""
    return node("person", {"nsid": call.me.nsid, "content_type": call.me.content_type})


@method("prefs.getSafetyLevel", "read")
def prefs_safety_level(call: Call) -> Node:
    """The safety level of uploads that name none."""
    return node("person", {"nsid": call.me.nsid, "safety_level": call.me.safety_level})


@method("prefs.getHidden", "read")
def prefs_hidden(call: Call) -> Node:
    """Whether uploads are kept out of searches."""
    return node("person", {"nsid": call.me.nsid, "hidden": call.me.hidden})


@method("prefs.getPrivacy", "read")
def prefs_privacy(call: Call) -> Node:
    """1 public, 2 friends, 3 family, 4 friends and family, 5 private."""
    return node("person", {"nsid": call.me.nsid, "privacy": call.me.privacy})


@method("prefs.getGeoPerms", "read")
def prefs_geo_perms(call: Call) -> Node:
    """Who sees locations (0: never chosen), and whether EXIF positions are used."""
    attrs = {
        "nsid": call.me.nsid,
        "geoperms": call.me.geo_perms or 0,
        "importgeoexif": int(call.me.import_geo),
    }
    return node("person", attrs)


@method("reflection.getMethods")
def get_methods(call: Call) -> Node:
    """The names of all methods this stand-in knows."""
    rows = [text_node("method", name) for name in sorted(METHODS)]
    return node("methods", {}, rows, lists=("method",))
