"""Endpoints of collections; one can be filled and renamed here, but not made."""

from __future__ import annotations

from werkzeug.wrappers import Response

from socials_lib.demo.pixelfed import rules
from socials_lib.demo.pixelfed.answers import html_answer, json_answer
from socials_lib.demo.pixelfed.calls import Call, route
from socials_lib.demo.pixelfed.errors import Abort, RowMissing
from socials_lib.demo.pixelfed.records import Collection

_MOST = 100
_ROOTS = ("/api/v1.1/collections", "/api/pixelfed/v1/collections")


def _at(path: str) -> list[str]:
    return [f"{root}/{path}" for root in _ROOTS]


@route("GET", *_at("accounts/:id"))
def collections_of(call: Call) -> Response:
    """The collections of an account, nine a page; strangers see the public ones."""
    page = int(call.inputs.get("page") or 1)
    found = [
        one
        for one in call.backend.collections.values()
        if one.account_id == call.args["id"]
        and (one.visibility == "public" or one.account_id == call.account.id)
    ]
    shown = sorted(found, key=lambda one: int(one.id), reverse=True)[9 * (page - 1) : 9 * page]
    return json_answer([call.show.collection(one) for one in shown])


@route("GET", *_at("view/:id"))
def view_collection(call: Call) -> Response:
    """One collection."""
    return json_answer(call.show.collection(_visible(call)))


@route("GET", *_at("items/:id"))
def collection_items(call: Call) -> Response:
    """The posts of a collection in Pixelfed's shape, ten a page."""
    page = int(call.inputs.get("page") or 1)
    posts = _visible(call).post_ids[10 * (page - 1) : 10 * page]
    return json_answer([call.show.own_status(call.backend.statuses[one]) for one in posts])


@route("POST", *_at("add"), scope="write")
def add_to_collection(call: Call) -> Response:
    """Put an own public or unlisted post into an own collection."""
    collection = _own(call, str(call.inputs.get("collection_id")))
    post_id = str(call.inputs.get("post_id"))
    status = call.backend.own_status(call.account, post_id)
    if status.scope not in ("public", "unlisted"):
        raise RowMissing("Status", post_id)
    if len(collection.post_ids) >= _MOST:
        raise Abort(400, f"You can only add {_MOST} posts per collection")
    if post_id not in collection.post_ids:
        collection.post_ids.append(post_id)
    collection.updated_at = call.backend.clock()
    return json_answer(call.show.own_status(status))


@route("POST", *_at("remove"), scope="write")
def remove_from_collection(call: Call) -> Response:
    """Take a post out; answers the bare number 200, and never empties a collection."""
    collection = _own(call, str(call.inputs.get("collection_id")))
    post_id = str(call.inputs.get("post_id"))
    if post_id not in collection.post_ids:
        raise RowMissing("Status", post_id)
    if len(collection.post_ids) == 1:
        raise Abort(400, "You cannot delete the only post of a collection!")
    collection.post_ids.remove(post_id)
    collection.updated_at = call.backend.clock()
    return html_answer("200")


@route("POST", *_at("update/:id"), scope="write")
def update_collection(call: Call) -> Response:
    """Title, description, visibility."""
    rules.check_collection(call.inputs)
    collection = _own(call, call.args["id"])
    collection.title = call.inputs.get("title") or collection.title
    collection.description = call.inputs.get("description")
    collection.visibility = call.inputs.get("visibility") or collection.visibility
    collection.updated_at = call.backend.clock()
    return json_answer(call.show.collection(collection))


@route("DELETE", *_at("delete/:id"), scope="write")
def delete_collection(call: Call) -> Response:
    """The collection goes, its posts stay."""
    del call.backend.collections[_own(call, call.args["id"]).id]
    return html_answer("200")


def _own(call: Call, collection_id: str) -> Collection:
    found = call.backend.collections.get(collection_id)
    if found is None or found.account_id != call.account.id:
        raise RowMissing("Collection", collection_id)
    return found


def _visible(call: Call) -> Collection:
    found = call.backend.collections.get(call.args["id"])
    if found is None:
        raise RowMissing("Collection", call.args["id"])
    if found.visibility != "public" and found.account_id != call.account.id:
        raise Abort(404)
    return found
