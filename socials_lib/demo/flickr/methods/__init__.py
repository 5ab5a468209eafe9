"""The methods of the API, by subject; importing this package fills `calls.METHODS`."""

from socials_lib.demo.flickr.methods import (
    albums,
    geo,
    groups,
    lists,
    people,
    photo_edits,
    photo_reads,
    tags,
)

__all__ = ["albums", "geo", "groups", "lists", "people", "photo_edits", "photo_reads", "tags"]
