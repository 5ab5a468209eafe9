"""Albums: order, primary photo, vanishing when empty, every code."""

import pytest
from flickr_calls import Caller, Refused, jpeg

from socials_lib.demo.flickr import FlickrOptions


@pytest.fixture
def album(flickr, photos):
    """An album of the first three photos."""
    return flickr.backend.albums[flickr.backend.add_album("Coast", photos[:3])]


class TestAlbums:
    def test_a_new_album_is_the_first_and_holds_its_primary_photo(self, flickr, call, photos):
        old = flickr.backend.add_album("Old", photos[:1])
        answer = call.xml(
            "photosets.create", title="New", description="D", primary_photo_id=photos[3]
        )
        found = answer.find("photoset")
        assert found.get("url").startswith(f"{flickr.url}/photos/demo/sets/")
        listed = call.json("photosets.getList")["photosets"]["photoset"]
        assert [found.get("id"), old] == [one["id"] for one in listed]
        assert [photos[3]] == flickr.backend.albums[found.get("id")].photos

    def test_creating_twice_makes_two(self, flickr, call, photos):
        for _ in range(2):
            call.xml("photosets.create", title="Same", primary_photo_id=photos[0])
        assert ["Same", "Same"] == [one.title for one in flickr.backend.albums.values()]

    @pytest.mark.parametrize(
        ("params", "code"), [({"title": ""}, 1), ({"primary_photo_id": "9"}, 2)]
    )
    def test_create_needs_a_title_and_an_own_photo(self, flickr, call, photos, params, code):
        sent = {"title": "A", "primary_photo_id": photos[0], **params}
        assert code == call.code("photosets.create", **sent)
        assert {} == flickr.backend.albums

    def test_limits_of_albums_are_options(self, flickr, call, photos, album):
        flickr.backend.options = FlickrOptions(max_albums=1, max_album_photos=3)
        assert 3 == call.code("photosets.create", title="A", primary_photo_id=photos[0])
        assert 10 == call.code("photosets.addPhoto", photoset_id=album.id, photo_id=photos[3])

    def test_add_appends(self, call, photos, album):
        params = {"photoset_id": album.id, "photo_id": photos[4]}
        assert [0, 3] == [call.code("photosets.addPhoto", **params) for _ in range(2)]
        assert [*photos[:3], photos[4]] == album.photos

    @pytest.mark.parametrize(
        ("method", "code"),
        [
            ("photosets.addPhoto", 1),
            ("photosets.removePhoto", 1),
            ("photosets.removePhotos", 1),
            ("photosets.editMeta", 1),
            ("photosets.setPrimaryPhoto", 1),
            ("photosets.editPhotos", 1),
            ("photosets.reorderPhotos", 1),
            ("photosets.delete", 1),
            ("photosets.getInfo", 1),
            ("photosets.getPhotos", 1),
        ],
    )
    def test_an_unknown_album_is_code_1(self, call, photos, method, code):
        params = {"photoset_id": "7", "photo_id": photos[0], "title": "x"}
        assert code == call.code(method, photo_ids=photos[0], **params)

    def test_a_strangers_album_cannot_be_changed(self, flickr, call, photos):
        theirs = flickr.backend.add_photo(jpeg(), owner="lighthouse")
        album_id = flickr.backend.add_album("Theirs", [theirs], owner="lighthouse")
        params = {"photoset_id": album_id, "photo_id": photos[0]}
        assert 1 == call.code("photosets.addPhoto", **params)

    def test_a_strangers_photo_cannot_be_added(self, flickr, call, album):
        theirs = flickr.backend.add_photo(jpeg(), owner="lighthouse")
        assert 2 == call.code("photosets.addPhoto", photoset_id=album.id, photo_id=theirs)

    def test_unknown_photos_are_code_2(self, call, album):
        for method in ("addPhoto", "removePhoto", "setPrimaryPhoto"):
            params = {"photoset_id": album.id, "photo_id": "7"}
            assert 2 == call.code(f"photosets.{method}", **params)

    def test_removing_the_primary_photo_makes_another_one_primary(
        self, flickr, call, photos, album
    ):
        call.xml("photosets.removePhoto", photoset_id=album.id, photo_id=photos[0])
        assert photos[1] == album.primary
        flickr.backend.options.new_primary = "last"
        call.xml("photosets.removePhoto", photoset_id=album.id, photo_id=photos[1])
        assert photos[2] == album.primary
        assert 3 == call.code("photosets.removePhoto", photoset_id=album.id, photo_id=photos[1])

    def test_the_last_photo_takes_the_album_with_it(self, flickr, call, photos, album):
        ids = ",".join(photos[:3])
        assert 0 == call.code("photosets.removePhotos", photoset_id=album.id, photo_ids=ids)
        assert 1 == call.code("photosets.getInfo", photoset_id=album.id)
        assert {} == flickr.backend.albums

    def test_or_the_empty_album_stays(self, flickr, call, photos, album):
        flickr.backend.options.empty_album_vanishes = False
        ids = ",".join(photos[:3])
        call.xml("photosets.removePhotos", photoset_id=album.id, photo_ids=ids)
        listed = call.json("photosets.getList")["photosets"]["photoset"]
        assert [(album.id, 0)] == [(one["id"], one["photos"]) for one in listed]

    def test_a_blank_in_an_id_list_is_an_empty_id(self, call, photos, album):
        ids = ", ".join(photos[:2])
        with pytest.raises(Refused, match='2: Photo "" not found'):
            call.xml("photosets.removePhotos", photoset_id=album.id, photo_ids=ids)
        assert photos[:3] == album.photos

    def test_edit_meta_and_the_omitted_description(self, flickr, call, album):
        edit = {"photoset_id": album.id, "title": "New"}
        call.xml("photosets.editMeta", description="D", **edit)
        call.xml("photosets.editMeta", **edit)
        assert ("New", "D") == (album.title, album.description)
        flickr.backend.options.omitted_album_description = "clear"
        call.xml("photosets.editMeta", **edit)
        assert "" == album.description
        assert 2 == call.code("photosets.editMeta", photoset_id=album.id)

    def test_the_primary_photo_must_be_inside(self, call, photos, album):
        params = {"photoset_id": album.id}
        assert 2 == call.code("photosets.setPrimaryPhoto", photo_id=photos[4], **params)
        assert 0 == call.code("photosets.setPrimaryPhoto", photo_id=photos[2], **params)
        assert photos[2] == album.primary

    def test_order_sets_puts_unlisted_ones_behind_by_id(self, flickr, call, photos):
        ids = [
            flickr.backend.add_album(name, photos[:1], album_id=album_id)
            for name, album_id in (("a", "300"), ("b", "200"), ("c", "100"))
        ]
        call.xml("photosets.orderSets", photoset_ids="200")
        listed = call.json("photosets.getList")["photosets"]["photoset"]
        assert ["200", "100", "300"] == [one["id"] for one in listed]
        assert 1 == call.code("photosets.orderSets", photoset_ids="200,7")
        assert 1 == call.code("photosets.orderSets", photoset_ids=", ".join(ids))

    def test_edit_photos_replaces_content_and_order(self, call, photos, album):
        def edit(primary, ids):
            return call.code(
                "photosets.editPhotos",
                photoset_id=album.id,
                primary_photo_id=primary,
                photo_ids=ids,
            )

        assert 5 == edit(photos[0], "")
        assert 3 == edit("7", photos[0])
        assert 4 == edit(photos[0], photos[1])
        assert 2 == edit(photos[0], f"{photos[0]},7")
        assert 0 == edit(photos[4], f"{photos[3]},{photos[4]}")
        assert ([photos[3], photos[4]], photos[4]) == (album.photos, album.primary)

    def test_reorder_keeps_the_others_behind(self, call, photos, album):
        call.xml("photosets.reorderPhotos", photoset_id=album.id, photo_ids=photos[2])
        assert [photos[2], photos[0], photos[1]] == album.photos

    def test_delete_leaves_the_photos(self, flickr, call, album):
        call.xml("photosets.delete", photoset_id=album.id)
        assert ({}, 5) == (flickr.backend.albums, len(flickr.backend.photos))

    def test_users_of_lists(self, flickr, call, photos, album):
        assert 1 == call.code("photosets.getList", user_id="1@N00")
        assert 2 == call.code("photosets.getList", continuation="old")
        assert 2 == call.code("photosets.getInfo", photoset_id=album.id, user_id="1@N00")
        other = flickr.backend.other.nsid
        assert 1 == call.code("photosets.getPhotos", photoset_id=album.id, user_id=other)
        assert 0 == call.code("photosets.getPhotos", photoset_id=album.id, user_id="me")

    def test_photos_come_in_pages_in_album_order(self, flickr, call, photos, album):
        def page(number):
            found = call.json("photosets.getPhotos", photoset_id=album.id, per_page=2, page=number)[
                "photoset"
            ]
            return found["page"], [one["id"] for one in found["photo"]]

        assert (1, photos[:2]) == page(1)
        assert (2, photos[2:3]) == page(2)
        assert (2, photos[2:3]) == page(9)
        flickr.backend.options.album_page_beyond = "error"
        assert 1 == call.code("photosets.getPhotos", photoset_id=album.id, per_page=2, page=9)

    def test_strangers_see_only_public_photos_of_an_album(self, flickr, photos, album):
        flickr.backend.photos[photos[1]].show_to(0, 0, 0)
        stranger = Caller(flickr, flickr.backend.issue_token("read", "lighthouse"))
        found = stranger.json("photosets.getPhotos", photoset_id=album.id)["photoset"]
        assert [photos[0], photos[2]] == [one["id"] for one in found["photo"]]
