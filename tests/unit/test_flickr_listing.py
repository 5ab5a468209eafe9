"""Albums and pools by listing, against the stand-in."""

from __future__ import annotations

import pytest
from flickr_client_kit import client, flickr, jpeg, server, waits

from socials_lib.demo.flickr import FlickrStandIn
from socials_lib.platforms.flickr import FlickrPlatform, listing

__all__ = ["client", "flickr", "server", "waits"]
OWN = "199246608@N02"


@pytest.fixture
def photos(server: FlickrStandIn) -> list[str]:
    return [server.backend.add_photo(jpeg(), title=f"Photo {number}") for number in range(5)]


def test_who_is_in_which_album_and_group(
    flickr: FlickrPlatform, server: FlickrStandIn, photos: list[str]
) -> None:
    server.backend.add_album("Coast & fog", photos[:3], album_id="721")
    server.backend.add_album("By hand", photos[3:], album_id="722")
    group = server.backend.add_group("Daily", group_id="1@N25")
    stranger = server.backend.add_photo(jpeg(), owner="lighthouse")
    for one in (photos[0], stranger):
        _put(server, group, one)
    before = len(server.requests)

    found = flickr.memberships(["721"], ["1@N25"], owner=OWN)

    assert {"721": tuple(photos[:3])} == dict(found.albums)
    assert {"1@N25": (photos[0],)} == dict(found.groups)
    assert {"721": "Coast & fog", "722": "By hand"} == dict(found.titles)
    assert () == found.unread
    assert 3 == len(server.requests) - before


def test_albums_and_groups_that_are_not_there_are_named(
    flickr: FlickrPlatform, server: FlickrStandIn, photos: list[str]
) -> None:
    server.backend.add_album("Coast", photos, album_id="721")
    server.backend.add_group("Closed", group_id="2@N25", privacy=1, member=False)

    found = flickr.memberships(["721", "799"], ["2@N25", "9@N25"], owner=OWN)

    assert ("799", "2@N25", "9@N25") == found.unread
    assert {} == dict(found.groups)


def test_large_albums_are_read_page_by_page(
    flickr: FlickrPlatform,
    server: FlickrStandIn,
    photos: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server.backend.add_album("Coast", photos, album_id="721")
    monkeypatch.setattr(listing, "PAGE", 2)

    found = flickr.memberships(["721"], [], owner=OWN)

    assert tuple(photos) == found.albums["721"]


def test_nothing_asked_costs_nothing(flickr: FlickrPlatform, server: FlickrStandIn) -> None:
    found = flickr.memberships([], [], owner=OWN)

    assert {} == dict(found.titles)
    assert [] == list(server.requests)


def test_an_inventory_does_not_ask_who_we_are(
    flickr: FlickrPlatform, server: FlickrStandIn, photos: list[str]
) -> None:
    found = list(flickr.inventory())

    assert 5 == len(found)
    assert {OWN} == {one.owner_id for one in found}
    assert 1 == len(server.requests)


def _put(server: FlickrStandIn, group: str, photo: str) -> None:
    from socials_lib.demo.flickr.records import PoolEntry

    added = PoolEntry(photo_id=photo, added_by=OWN, added_at=1)
    server.backend.groups[group].pool.append(added)
