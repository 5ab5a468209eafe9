"""Reading one photo, deleting it, and the snapshot of the whole state."""

import pytest
from flickr_calls import CLOCK, Refused, jpeg

from socials_lib.demo.flickr.records import Location


class TestReading:
    def test_private_photos_of_others_are_code_2_or_1(self, flickr, call):
        hidden = flickr.backend.add_photo(jpeg(), owner="lighthouse", is_public=0)
        with pytest.raises(Refused, match="2: Photo is private"):
            call.xml("photos.getInfo", photo_id=hidden)
        assert 2 == call.code("photos.getSizes", photo_id=hidden)
        for method in ("getAllContexts", "getFavorites", "comments.getList"):
            assert 1 == call.code(f"photos.{method}", photo_id=hidden)
        flickr.backend.options.private_photo_code = 1
        assert 1 == call.code("photos.getInfo", photo_id=hidden)

    def test_the_secret_opens_a_private_photo(self, flickr, call):
        hidden = flickr.backend.add_photo(jpeg(), owner="lighthouse", is_public=0)
        secret = flickr.backend.photos[hidden].secret
        assert 0 == call.code("photos.getInfo", photo_id=hidden, secret=secret)

    def test_a_missing_photo_has_the_real_text(self, call):
        with pytest.raises(Refused, match=r'1: Photo "77" not found \(invalid ID\)'):
            call.xml("photos.getInfo", photo_id="77")

    def test_own_photos_show_their_permissions_others_do_not(self, call, photo, foreign):
        own = call.xml("photos.getInfo", photo_id=photo.id)
        other = call.xml("photos.getInfo", photo_id=foreign.id)
        assert own.find("photo/permissions") is not None
        assert other.find("photo/permissions") is None

    def test_types_of_2013_and_2023(self, flickr, call, photo):
        photo.location = Location(latitude=44.375, longitude=14.78194)
        new = call.json("photos.getInfo", photo_id=photo.id)["photo"]
        flickr.backend.options.json_profile = "2013"
        old = call.json("photos.getInfo", photo_id=photo.id)["photo"]
        assert (0, "0") == (new["dates"]["takengranularity"], old["dates"]["takengranularity"])
        assert (False, 0) == (
            new["tags"]["tag"][0]["machine_tag"],
            old["tags"]["tag"][0]["machine_tag"],
        )
        assert ("44.375", 44.375) == (new["location"]["latitude"], old["location"]["latitude"])
        assert "0" == new["dates"]["takenunknown"]

    def test_favourites_and_comments_tell_what_a_delete_destroys(self, flickr, call):
        photo_id = flickr.backend.add_photo(jpeg(), comments=2, favourites=12, views=7)
        faves = call.json("photos.getFavorites", photo_id=photo_id)["photo"]
        assert (12, 10, 2) == (faves["total"], len(faves["person"]), faves["pages"])
        comments = call.xml("photos.comments.getList", photo_id=photo_id).findall("*/comment")
        assert ["Lovely light! (1)", "Lovely light! (2)"] == [one.text for one in comments]
        info = call.json("photos.getInfo", photo_id=photo_id)["photo"]
        assert ("2", "7") == (info["comments"]["_content"], info["views"])

    def test_a_photo_in_nothing_has_no_contexts(self, call, photo):
        assert {"stat": "ok"} == call.json("photos.getAllContexts", photo_id=photo.id)

    def test_contexts_name_albums_and_pools_but_no_queues(self, flickr, call, photo):
        backend = flickr.backend
        album = backend.add_album("Coast", [photo.id])
        group = backend.add_group("Tasmania", path_alias="tas")
        queue = backend.add_group("Strict", moderated=True)
        call.xml("groups.pools.add", photo_id=photo.id, group_id=group)
        assert 6 == call.code("groups.pools.add", photo_id=photo.id, group_id=queue)
        found = call.json("photos.getAllContexts", photo_id=photo.id)
        assert [album] == [one["id"] for one in found["set"]]
        assert [(group, "/groups/tas/pool/")] == [(one["id"], one["url"]) for one in found["pool"]]


class TestDelete:
    def test_a_photo_leaves_albums_pools_and_queues(self, flickr, call, photo):
        backend = flickr.backend
        second = backend.add_photo(jpeg())
        both = backend.add_album("Both", [photo.id, second])
        alone = backend.add_album("Alone", [photo.id])
        pool = backend.add_group("Pool")
        queue = backend.add_group("Queue", moderated=True)
        call.xml("groups.pools.add", photo_id=photo.id, group_id=pool)
        call.code("groups.pools.add", photo_id=photo.id, group_id=queue)

        call.xml("photos.delete", photo_id=photo.id)

        assert 1 == call.code("photos.delete", photo_id=photo.id)
        assert 1 == call.code("photos.getInfo", photo_id=photo.id)
        assert [second] == backend.albums[both].photos
        assert second == backend.albums[both].primary
        assert alone not in backend.albums
        assert [[], []] == [backend.groups[pool].pool, backend.groups[queue].pending]


def test_the_snapshot_is_equal_after_a_reset_and_the_same_calls(flickr):
    def play():
        flickr.reset()
        CLOCK.now = 1_711_929_600.0
        photo_id = flickr.backend.add_photo(jpeg(), title="x", comments=1, favourites=1)
        flickr.backend.add_album("A", [photo_id])
        flickr.backend.add_group("G")
        return flickr.backend.snapshot()

    assert play() == play()
