"""Endpoints that change something: media, statuses, the archive."""

from __future__ import annotations

from werkzeug.wrappers import Response

from socials_lib.demo.pixelfed import rules
from socials_lib.demo.pixelfed.answers import html_answer, json_answer
from socials_lib.demo.pixelfed.calls import Call, route
from socials_lib.demo.pixelfed.errors import Abort
from socials_lib.demo.pixelfed.inputs import Inputs
from socials_lib.demo.pixelfed.options import PixelfedOptions
from socials_lib.demo.pixelfed.records import Media, NewStatus


@route("POST", "/api/v1/media", scope="write")
def post_media(call: Call) -> Response:
    """Upload; the first one of a brand-new account is answered `[]` and wakes the account."""
    rules.check_upload(call.inputs, call.options)
    call.unrestricted()
    was_active = call.account.last_active is not None
    call.backend.touch(call.account)
    if not was_active:
        return json_answer([])
    return json_answer(call.show.upload(_taken_in(call), with_url=True))


@route("POST", "/api/v2/media", scope="write")
def post_media_v2(call: Call) -> Response:
    """Upload, answered 202 with `url: null`; it never wakes a brand-new account."""
    rules.check_upload(call.inputs, call.options)
    call.unrestricted()
    if call.account.last_active is None:
        return json_answer([])
    call.backend.touch(call.account)
    return json_answer(call.show.upload(_taken_in(call), with_url=False), 202)


def _taken_in(call: Call) -> Media:
    data = call.inputs.file
    assert data is not None
    replaces = call.inputs.get("replace_id") if call.request.path.startswith("/api/v2") else None
    return call.backend.upload(
        call.account,
        data,
        description=call.inputs.get("description"),
        filter_name=call.inputs.get("filter_name"),
        filter_class=call.inputs.get("filter_class"),
        replaces=None if replaces is None else str(replaces),
    )


@route("PUT", "/api/v1/media/:id", scope="write")
def put_media(call: Call) -> Response:
    """The alt text, and nothing else."""
    rules.check_description(call.inputs, call.options)
    call.unrestricted()
    call.backend.touch(call.account)
    description = call.inputs.get("description")
    media = call.backend.describe(call.account, call.args["id"], description)
    return json_answer(call.show.media(media))


@route("POST", "/api/v1/statuses", scope="write")
def post_status(call: Call) -> Response:
    """A new post; language, schedule and poll are ignored."""
    inputs = call.inputs
    rules.check_new_status(inputs, call.options)
    if inputs.get("visibility") == "direct":
        raise Abort(400, "Direct visibility is not available.", plain_json=True)
    key = call.request.headers.get("Idempotency-Key")
    status = call.backend.create(call.account, _wanted(inputs, key))
    if status is None:
        return json_answer([])
    shown = call.show.status(status, call.account)
    return json_answer(shown | {"language": "en", "card": None})


def _wanted(inputs: Inputs, key: str | None) -> NewStatus:
    parent, place = inputs.get("in_reply_to_id"), inputs.get("place_id")
    return NewStatus(
        caption=inputs.get("status"),
        media_ids=inputs.texts("media_ids"),
        visibility=inputs.get("visibility", "public"),
        sensitive=inputs.boolean("sensitive"),
        spoiler_text=inputs.get("spoiler_text"),
        in_reply_to=None if parent is None else str(parent),
        place_id=None if place is None else int(place),
        collection_ids=inputs.texts("collection_ids"),
        comments_disabled=inputs.boolean("comments_disabled"),
        idempotency_key=key,
    )


def editing_is_on(options: PixelfedOptions) -> None:
    """The feature flag of older versions, looked at before anything else."""
    if options.checks_pue and not options.pue:
        raise Abort(404, "Post editing is not enabled on this server.")


@route("PUT", "/api/v1/statuses/:id", scope=None, guard=editing_is_on)
def put_status(call: Call) -> Response:
    """An edit, with any token; unlisted and private posts answer 200 with nothing in it."""
    status = call.backend.editable(call.account, call.args["id"])
    rules.check_edit(call.inputs, call.options)
    call.backend.check_edit_media(call.account, status, call.inputs.texts("media_ids"))
    call.backend.edit(status, call.inputs)
    if status.scope != "public":
        return html_answer("")
    return json_answer(call.show.own_status(status))


@route("DELETE", "/api/v1/statuses/:id", scope="write")
def delete_status(call: Call) -> Response:
    """Queue the end of a post; the answer shows what is left by then."""
    call.backend.touch(call.account)
    status = call.backend.delete(call.account, call.args["id"])
    return json_answer(call.show.deleted(status))


@route("POST", "/api/v1.1/archive/add/:id", scope="write")
def archive(call: Call) -> Response:
    """Hide a post from everyone; `GET` says 404 from now on."""
    call.backend.archive(call.account, call.args["id"], away=True)
    return json_answer([200])


@route("POST", "/api/v1.1/archive/remove/:id", scope="write")
def unarchive(call: Call) -> Response:
    """Bring a post back."""
    call.backend.archive(call.account, call.args["id"], away=False)
    return json_answer([200])
