"""Endpoints that only look: instance, accounts, media, statuses, notifications, tags."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from werkzeug.wrappers import Response

from socials_lib.demo.pixelfed import about, lexer, rules
from socials_lib.demo.pixelfed.answers import html_answer, json_answer
from socials_lib.demo.pixelfed.calls import Call, route
from socials_lib.demo.pixelfed.errors import Abort, RowMissing
from socials_lib.demo.pixelfed.records import LISTED_SCOPES, Account, Notification, Status
from socials_lib.demo.pixelfed.writing import editing_is_on


@route("GET", "/api/v1/instance", open=True)
def instance_v1(call: Call) -> Response:
    """Version and limits."""
    return json_answer(about.instance_v1(call.backend, call.base))


@route("GET", "/api/v2/instance", open=True)
def instance_v2(call: Call) -> Response:
    """Version and limits, newer shape."""
    return json_answer(about.instance_v2(call.backend, call.base))


@route("GET", "/.well-known/nodeinfo", open=True)
def nodeinfo_links(call: Call) -> Response:
    """Where nodeinfo is."""
    return json_answer(about.nodeinfo_links(call.base), Access_Control_Allow_Origin="*")


@route("GET", "/api/nodeinfo/2.0.json", open=True)
def nodeinfo(call: Call) -> Response:
    """Name and version of the software."""
    return json_answer(about.nodeinfo(call.backend), Access_Control_Allow_Origin="*")


@route("GET", "/api/v1/custom_emojis", open=True)
def custom_emojis(call: Call) -> Response:
    """None."""
    return json_answer([])


@route("GET", "/api/v1.1/compose/settings", "/api/pixelfed/v1/compose/settings")
def compose_settings(call: Call) -> Response:
    """The alt-text limit, the account's licence."""
    return json_answer(about.compose_settings(call.backend, call.account))


@route("GET", "/api/v1.1/compose/search/location", "/api/pixelfed/v1/compose/search/location")
def search_location(call: Call) -> Response:
    """Places; the admin has imported none."""
    return json_answer([])


@route("GET", "/api/v1/preferences")
def preferences(call: Call) -> Response:
    """Defaults of the account."""
    return json_answer(about.preferences(call.account))


@route("GET", "/api/v1/apps/verify_credentials")
def verify_app(call: Call) -> Response:
    """The name of the token."""
    return json_answer({"name": call.account.username, "website": None, "vapid_key": None})


@route("GET", "/api/v1/accounts/verify_credentials")
def verify_credentials(call: Call) -> Response:
    """Who am I?  Wakes a brand-new account."""
    account = call.account
    if account.disabled:
        raise Abort(403)
    call.backend.touch(account)
    show = call.show.own_account if call.own_shape else call.show.account
    source: dict[str, object] = {
        "privacy": "private" if account.locked else "public",
        "sensitive": False,
        "language": "en",
        "note": account.note,
        "fields": [],
    }
    return json_answer({**show(account), "source": source})


@route("GET", "/api/v1/accounts/:id")
def account_by_id(call: Call) -> Response:
    """An account; `lookup` is taken for an id by old versions."""
    wanted = call.args["id"]
    if wanted == "lookup" and call.options.has_lookup:
        name = str(call.inputs.get("acct") or "").removeprefix("@")
        named = [one for one in call.backend.accounts.values() if one.username == name]
        if not named:
            return json_answer({"error": "Record not found"}, 400)
        wanted = named[0].id
    account = call.backend.accounts.get(wanted)
    if account is None:
        return json_answer({"error": "Record not found"}, 404)
    show = call.show.own_account if call.own_shape else call.show.account
    return json_answer(show(account))


@route("GET", "/api/v1/accounts/:id/statuses")
def account_statuses(call: Call) -> Response:
    """The posts of an account, newest first, without a `Link` header.

    `min_id` gives the newest page above it and beats `max_id`; `since_id` does nothing.
    """
    rules.check_page(call.inputs, call.options)
    owner = call.backend.accounts.get(call.args["id"])
    if owner is None:
        return json_answer({"error": "Account not found"}, 404)
    if owner.locked and owner.id not in (call.account.id, *call.account.follows):
        if call.options.locked_list == "forbidden":
            raise Abort(403)
        return json_answer([])
    limit = min(int(call.inputs.get("limit") or 20), call.options.page_limit)
    found = call.backend.page(call.account, owner, fits=_fits(call), limit=limit)
    only_media = str(call.inputs.get("only_media")) in ("1", "True", "true")
    if only_media and call.inputs.get("media_type") == "video":
        found = [one for one in found if str(one.type).startswith("video")]
    return json_answer(_listed(call, found))


def _fits(call: Call) -> Callable[[int], bool]:
    least, most = call.inputs.get("min_id"), call.inputs.get("max_id")
    if least is None and most is not None and int(most):
        return lambda number: number < int(most)
    return lambda number: number > int(least or 0)


def _listed(call: Call, statuses: Sequence[Status]) -> list[dict[str, object]]:
    if call.own_shape:
        return [
            call.show.own_status(one) | call.show.seen_by(one, call.account) for one in statuses
        ]
    return [call.show.status(one, call.account) for one in statuses]


@route("GET", "/api/v1/media/:id")
def get_media(call: Call) -> Response:
    """An own upload that no status uses yet; never 206, whatever the worker did."""
    call.unrestricted()
    call.backend.touch(call.account)
    media = call.backend.own_media(call.account, call.args["id"], unattached=True)
    return json_answer(call.show.media(media))


@route("GET", "/api/v1/statuses/:id")
def get_status(call: Call) -> Response:
    """A post."""
    call.backend.touch(call.account)
    status = call.backend.visible_to(call.account, call.args["id"])
    return json_answer(_listed(call, [status])[0])


@route("GET", "/api/v1/statuses/:id/context")
def get_context(call: Call) -> Response:
    """Comments on a post; a post that is not there answers 404 with nothing in it."""
    status = call.backend.statuses.get(call.args["id"])
    if status is None or status.scope not in LISTED_SCOPES:
        return html_answer("", 404)
    parent = call.backend.statuses.get(status.in_reply_to or "")
    return json_answer(
        {
            "ancestors": _listed(call, [parent] if parent else []),
            "descendants": _listed(call, call.backend.replies(status)[:20]),
        }
    )


@route("GET", "/api/v1/statuses/:id/history", scope=None, guard=editing_is_on)
def get_history(call: Call) -> Response:
    """The edits, newest first; of public and unlisted posts only, with any token."""
    status = _row(call)
    if status.scope not in ("public", "unlisted"):
        raise Abort(403)
    return json_answer(call.show.history(status))


@route("GET", "/api/v1/statuses/:id/favourited_by")
def favourited_by(call: Call) -> Response:
    """Who likes a post, the latest first."""
    return _people(call, _row(call).likes, most=80, default=40)


@route("GET", "/api/v1/statuses/:id/reblogged_by")
def reblogged_by(call: Call) -> Response:
    """Who shared a post, the latest first."""
    return _people(call, _row(call).reblogs, most=80, default=10)


def _row(call: Call) -> Status:
    status = call.backend.statuses.get(call.args["id"])
    if status is None:
        raise RowMissing("Status", call.args["id"])
    return status


def _people(call: Call, ids: Sequence[str], *, most: int, default: int) -> Response:
    rules.check_limit(call.inputs)
    status = _row(call)
    if status.account_id != call.account.id:
        call.backend.visible_to(call.account, status.id)
    limit = min(int(call.inputs.get("limit") or default), most)
    people: list[Account] = [call.backend.accounts[one] for one in reversed(ids)]
    return json_answer([call.show.account(one) for one in people[:limit]])


@route("GET", "/api/v1/notifications")
def notifications(call: Call) -> Response:
    """What others did, newest first, with a `Link` header unless there is nothing."""
    rules.check_limit(call.inputs)
    call.backend.touch(call.account)
    limit = min(int(call.inputs.get("limit") or 20), 40)
    most, least = call.inputs.get("max_id"), call.inputs.get("min_id")
    found = [
        one
        for one in reversed(call.backend.notifications)
        if one.account_id == call.account.id
        and (most is None or int(one.id) < int(most))
        and (least is None or int(one.id) > int(least))
    ][:limit]
    answer = json_answer([call.show.notification(one, call.account) for one in found])
    if found:
        answer.headers["Link"] = _link(call.base, limit, found)
    return answer


def _link(base: str, limit: int, found: Sequence[Notification]) -> str:
    address = f"{base}/api/v1/notifications?limit={limit}"
    return (
        f'<{address}&max_id={found[-1].id}>; rel="next",'
        f'<{address}&min_id={found[0].id}>; rel="prev"'
    )


@route("GET", "/api/v1/tags/:name")
def get_tag(call: Call) -> Response:
    """A hashtag in the spelling the server met first."""
    slug = lexer.slug(call.args["name"])
    if slug not in call.backend.hashtags:
        return json_answer({"error": "Record not found"}, 404)
    url = f"{call.base}/i/web/hashtag/{slug}"
    return json_answer(
        {"name": call.backend.hashtags[slug], "url": url, "history": [], "following": False}
    )
