"""Categories -> Flickr albums and groups.

`Socials|flickr|albums|Coast|North` is the album named `Coast | North`; its id stands in the first
line of the description, bare or inside an address.  A photo directly in the container
`Socials|flickr|albums` belongs to an album that nobody named: an `Album` without name and id, which
validation reports.  An id that cannot be read is "".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from socials_lib.models import Album, Category, GroupPool, Photo, root_category

ALBUMS = f"{root_category('flickr')}|albums"
GROUPS = f"{root_category('flickr')}|groups"

#: facts/flickr.md 1.4: `/photos/{user}/sets/{id}/`, `/albums/{id}`; the site's own links to a
#: photo shown within an album end in `/in/album-{id}/` or `/in/set-{id}/`.
_ALBUM_ID = re.compile(r"[0-9]+")
_ALBUM_ADDRESS = re.compile(r"/(?:(?:sets|albums)/|in/(?:album|set)-)([0-9]+)(?![\w@])")
#: A group's address with its alias (`/groups/lakes/`) does not hold the id.
_GROUP_ID = re.compile(r"[0-9]+@N[0-9]+", re.IGNORECASE)
_GROUP_ADDRESS = re.compile(r"/groups/([0-9]+@N[0-9]+)(?!\w)", re.IGNORECASE)


def albums(photo: Photo) -> tuple[Album, ...]:
    """The albums whose categories the photo is in, in IMatch's order."""
    return tuple(album_from_category(category) for category in _below(photo, ALBUMS))


def groups(photo: Photo) -> tuple[GroupPool, ...]:
    """The groups whose categories the photo is in, in IMatch's order."""
    return tuple(group_from_category(category) for category in _below(photo, GROUPS))


def album_from_category(category: Category) -> Album:
    """The album that a category stands for."""
    found = _find_id(category, _ALBUM_ID, _ALBUM_ADDRESS)
    name = _name(category.path, ALBUMS)
    return Album(name=name, album_id=found if name else "", category=category.path)


def group_from_category(category: Category) -> GroupPool:
    """The group that a category stands for."""
    found = _find_id(category, _GROUP_ID, _GROUP_ADDRESS).upper()
    name = _name(category.path, GROUPS)
    return GroupPool(name=name, group_id=found if name else "", category=category.path)


def _below(photo: Photo, container: str) -> Iterator[Category]:
    unique = {category.path: category for category in photo.categories}
    for path, category in unique.items():
        if path == container or path.startswith(f"{container}|"):
            yield category


def _name(path: str, container: str) -> str:
    return " | ".join(part for part in path.removeprefix(container).split("|") if part)


def _find_id(category: Category, bare: re.Pattern[str], address: re.Pattern[str]) -> str:
    line = next(iter(category.description.strip("\ufeff\u200b \t\r\n").splitlines()), "").strip()
    if bare.fullmatch(line):
        return line
    found = address.search(unquote(line))
    return found[1] if found else ""
