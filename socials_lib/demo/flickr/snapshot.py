"""The state of the stand-in as JSON-able values: what tests compare before and after."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from socials_lib.demo.flickr.records import Album, Group, Photo
    from socials_lib.demo.flickr.state import FlickrState


def snapshot(backend: FlickrState) -> dict[str, Any]:
    """Photos by id, albums by id, groups by id, and the order of each user's albums."""
    return {
        "photos": {one.id: _photo(backend, one) for one in backend.photos.values()},
        "albums": {one.id: _album(one) for one in backend.albums.values()},
        "album_order": {nsid: list(ids) for nsid, ids in backend.album_order.items()},
        "groups": {one.nsid: _group(one) for one in backend.groups.values()},
        "tickets": {one.id: [one.state, one.photo_id] for one in backend.tickets.values()},
    }


def _photo(backend: FlickrState, photo: Photo) -> dict[str, Any]:
    groups = backend.groups.values()
    return {
        "owner": photo.owner,
        "title": photo.title,
        "description": photo.description,
        "tags": [tag.raw for tag in photo.tags],
        "foreign_tags": [tag.raw for tag in photo.tags if tag.author != photo.owner],
        "posted": photo.posted,
        "taken": photo.taken,
        "granularity": photo.granularity,
        "taken_unknown": photo.taken_unknown,
        "is_public": photo.is_public,
        "is_friend": photo.is_friend,
        "is_family": photo.is_family,
        "perm_comment": photo.perm_comment,
        "perm_addmeta": photo.perm_addmeta,
        "license": photo.license,
        "safety_level": photo.safety_level,
        "content_type": photo.content_type,
        "hidden": photo.hidden,
        "location": asdict(photo.location) if photo.location else None,
        "albums": [one.id for one in backend.albums.values() if photo.id in one.photos],
        "pools": [one.nsid for one in groups if one.entry(photo.id)],
        "pending": [one.nsid for one in groups if one.waiting(photo.id)],
        "views": photo.views,
        "comments": len(photo.comments),
        "favourites": len(photo.favourites),
        "bytes": len(photo.data),
        "sha256": hashlib.sha256(photo.data).hexdigest(),
        "size": [photo.width, photo.height],
        "replaced": photo.replaced,
    }


def _album(album: Album) -> dict[str, Any]:
    return {
        "owner": album.owner,
        "title": album.title,
        "description": album.description,
        "primary": album.primary,
        "photos": list(album.photos),
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "members": sorted(group.members),
        "pool": [one.photo_id for one in group.pool],
        "pending": [one.photo_id for one in group.pending],
    }
