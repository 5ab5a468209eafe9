"""Tags: setting all, adding some, removing one by its long id."""

from __future__ import annotations

from socials_lib.demo.flickr.calls import Call, method
from socials_lib.demo.flickr.records import Photo, Refusal, Tag
from socials_lib.demo.flickr.text import parse_tags
from socials_lib.demo.flickr.tree import Node, Varies, node
from socials_lib.demo.flickr.uploads import refuse_bad_urls


def long_id(call: Call, photo: Photo, tag: Tag) -> str:
    """`{author}-{photo}-{number}`: the id of getInfo and of removeTag."""
    return photo.tag_id(tag, call.backend.users[tag.author].number)


def _asked(call: Call) -> list[Tag]:
    refuse_bad_urls(call.backend, call.text("tags"))
    raws = parse_tags(call.text("tags"), commas=call.backend.options.comma_separates)
    return call.backend.make_tags(raws, call.me.nsid)


@method("photos.setTags", "write")
def set_tags(call: Call) -> None:
    """Replaces the owner's tags; an empty text removes all, a missing one changes nothing."""
    photo = call.own_photo()
    if "tags" not in call.params:
        return
    kept: list[Tag] = []
    if not call.backend.options.set_tags_removes_foreign:
        kept = [tag for tag in photo.tags if tag.author != photo.owner]
    known = {tag.clean for tag in kept}
    tags = kept + [tag for tag in _asked(call) if tag.clean not in known]
    _check_number(call, len(tags))
    photo.tags = tags
    call.backend.touch(photo)


@method("photos.addTags", "write")
def add_tags(call: Call) -> Node:
    """Adds tags whose clean form is new; answers only those."""
    photo = call.own_photo()
    known = {tag.clean for tag in photo.tags}
    new = [tag for tag in _asked(call) if tag.clean not in known]
    _check_number(call, len(photo.tags) + len(new))
    photo.tags += new
    if new:
        call.backend.touch(photo)
    return node("tags", {}, [_added(call, photo, tag) for tag in new], lists=("tag",))


def _added(call: Call, photo: Photo, tag: Tag) -> Node:
    """The trap: `id` is a short number, only `full_tag_id` is what removeTag wants."""
    attrs = {
        "author": tag.author,
        "authorname": call.backend.users[tag.author].username,
        "raw": tag.raw,
        "machine_tag": Varies(int(tag.is_machine), tag.is_machine),
        "full_tag_id": long_id(call, photo, tag),
        "id": str(tag.number),
    }
    return node("tag", attrs, text=tag.clean)


def _check_number(call: Call, number: int) -> None:
    if number > call.backend.options.max_tags:
        raise Refusal(2, "Maximum number of tags reached")


@method("photos.removeTag", "write")
def remove_tag(call: Call) -> None:
    """A missing `tag_id` was answered `ok` without effect (seen)."""
    wanted = call.text("tag_id")
    if not wanted:
        return
    for photo in call.backend.photos_of(call.me):
        for tag in photo.tags:
            if long_id(call, photo, tag) == wanted:
                photo.tags.remove(tag)
                call.backend.touch(photo)
                return
    raise Refusal(1, "Tag not found")
