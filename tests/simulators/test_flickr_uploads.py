"""The upload and replace services: checks, what is read out of the file, quotas, tickets, lag."""

import pytest
from flickr_calls import CLOCK, Refused, iptc, jpeg, read_xml, xmp

from socials_lib.demo.flickr import FlickrOptions


@pytest.fixture
def only(flickr):
    """The one photo there is."""

    def find():
        (photo,) = flickr.backend.photos.values()
        return photo

    return find


class TestUpload:
    def test_keeps_the_bytes_and_the_texts(self, call, only):
        data = jpeg((64, 48), taken="2024:03:19 06:41:07")
        answer = call.send(data, title="Dawn ü", description="Fog & mist", tags='lake "wood duck"')
        photo = only()
        assert photo.id == answer.findtext("photoid")
        assert photo.secret == answer.find("photoid").get("secret")
        assert data == photo.data
        assert ("Dawn ü", "Fog & mist") == (photo.title, photo.description)
        assert ["lake", "wood duck"] == [tag.raw for tag in photo.tags]
        assert (64, 48) == (photo.width, photo.height)
        assert ("2024-03-19 06:41:07", 0) == (photo.taken, photo.taken_unknown)

    def test_without_a_date_in_the_file_taken_is_the_upload_time(self, call, only):
        call.upload(title="x")
        assert ("2024-04-01 00:00:00", 1) == (only().taken, only().taken_unknown)

    def test_embedded_keywords_are_added_to_the_tags(self, call, only):
        packet = xmp(title="T", description="D", keywords=["mist", "Lake"], hierarchical=["a|b"])
        call.upload(jpeg(xmp=packet), title="Mine", description="My text", tags="lake")
        assert ["lake", "mist", "a|b"] == [tag.raw for tag in only().tags]
        assert ("Mine", "My text") == (only().title, only().description)

    def test_embedded_texts_fill_what_is_empty(self, call, only):
        call.upload(iptc(jpeg(), title="Pier", caption="Dusk", keywords=["sea"]))
        assert ("Pier", "Dusk") == (only().title, only().description)
        assert ["sea"] == [tag.raw for tag in only().tags]

    def test_reading_the_file_can_be_switched_off(self, flickr, call, only):
        flickr.backend.options = FlickrOptions(import_keywords=False, import_texts=False)
        call.upload(iptc(jpeg(), title="Pier", caption="Dusk", keywords=["sea"]))
        assert ("", "", []) == (only().title, only().description, only().tags)

    def test_embedded_keywords_count_for_the_75(self, call, only):
        packet = xmp(keywords=[f"word{number}" for number in range(60)])
        tags = " ".join(f"tag{number}" for number in range(60))
        call.upload(jpeg(xmp=packet), tags=tags)
        assert 75 == len(only().tags)
        assert "tag59" in {tag.raw for tag in only().tags}

    def test_a_position_is_used_only_if_the_user_agrees(self, flickr, call):
        data = jpeg(position=(("S", 33.0, 30.0, 0.0), ("E", 151.0, 30.0, 0.0)))
        seen = flickr.backend.photos[call.upload(data)]
        flickr.backend.me.import_geo = False
        unseen = flickr.backend.photos[call.upload(data)]
        assert (-33.5, 151.5) == (seen.location.latitude, seen.location.longitude)
        assert unseen.location is None

    def test_flags_are_numbers_and_everything_else_is_zero(self, call, only):
        call.upload(is_public="True", is_friend=1, is_family=0)
        assert (0, 1, 0) == (only().is_public, only().is_friend, only().is_family)

    def test_omitted_rights_are_the_users_defaults(self, flickr, call, only):
        flickr.backend.me.privacy = 5
        flickr.backend.me.content_type = 3
        call.upload()
        assert (0, 0, 0, 3) == (
            only().is_public,
            only().is_friend,
            only().is_family,
            only().content_type,
        )

    def test_hidden_is_1_or_2_here(self, flickr, call):
        shown, hidden = call.upload(hidden=1), call.upload(hidden=2, safety_level=2)
        assert [0, 1] == [flickr.backend.photos[one].hidden for one in (shown, hidden)]
        assert 2 == flickr.backend.photos[hidden].safety_level

    def test_answers_xml_whatever_format_is_asked_for(self, call):
        answer = call.send_raw(jpeg(), format="json")
        assert "text/xml; charset=utf-8" == answer.headers["Content-Type"]
        assert read_xml(answer.text).findtext("photoid")

    def test_unknown_parameters_are_ignored(self, call):
        assert call.upload(is_pubic=1, colour="red")


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (None, 2),
            (b"", 4),
            (b"no picture", 5),
            (jpeg(form="WEBP"), 5),
            (jpeg()[:40], 5),
        ],
    )
    def test_what_is_no_picture_is_not_taken(self, flickr, call, data, code):
        assert code == call.upload_code(data, title="x")
        assert {} == flickr.backend.photos

    def test_too_large_is_8(self, flickr, call):
        data = jpeg()
        flickr.backend.options.max_photo_bytes = len(data) - 1
        assert 8 == call.upload_code(data)
        flickr.backend.options.max_photo_bytes = len(data)
        assert 0 == call.upload_code(data)

    def test_the_default_limit_is_200_megabytes(self):
        assert 209_715_200 == FlickrOptions().max_photo_bytes

    def test_a_full_free_account_is_6(self, flickr, call):
        flickr.backend.me.is_pro = False
        flickr.backend.me.upload_limit = 1
        assert 0 == call.upload_code(jpeg())
        with pytest.raises(Refused, match="6: Upload limit reached"):
            call.upload()
        status = call.json("people.getUploadStatus")["user"]
        assert ("1", "1", "at_limit") == (
            status["upload_count"],
            status["upload_limit"],
            status["upload_limit_status"],
        )

    def test_a_duplicate_is_9_with_the_id(self, flickr, call):
        data = jpeg(shade=7)
        first = call.upload(data)
        answer = call.send_raw(data, dedup_check=1)
        assert 9 == call.upload_code(data, dedup_check=2)
        assert f"<duplicate_photo_id>{first}</duplicate_photo_id>" in answer.text
        assert 'code="9"' in answer.text
        assert 0 == call.upload_code(data)
        assert 0 == call.upload_code(jpeg((61, 40)), dedup_check=1)
        assert 3 == len(flickr.backend.photos)

    def test_deleted_duplicates_may_count(self, flickr, call):
        data = jpeg(shade=9)
        call.xml("photos.delete", photo_id=call.upload(data))
        flickr.backend.options.dedup_finds_deleted = True
        assert "DELETED" in call.send_raw(data, dedup_check=1).text
        assert 0 == call.upload_code(data, dedup_check=2)

    def test_strangers_photos_are_no_duplicates(self, flickr, call):
        data = jpeg(shade=10)
        flickr.backend.add_photo(data, owner="lighthouse")
        assert 0 == call.upload_code(data, dedup_check=1)


class TestReplace:
    @pytest.fixture
    def photo(self, flickr):
        photo_id = flickr.backend.add_photo(
            jpeg(taken="2020:01:01 00:00:00"),
            title="Old",
            description="D",
            tags=["x"],
            comments=1,
            favourites=1,
            posted=1_600_000_000,
        )
        flickr.backend.add_album("A", [photo_id])
        return flickr.backend.photos[photo_id]

    def replace(self, call, data, **params):
        return call.send(data, service="replace", **params)

    def test_keeps_everything_but_the_picture_and_its_secrets(self, flickr, call, photo):
        before = flickr.backend.snapshot()["photos"][photo.id]
        secrets = (photo.secret, photo.original_secret)
        new = iptc(jpeg((90, 70)), title="Embedded", keywords=["embedded"])
        answer = self.replace(call, new, photo_id=photo.id, title="file.jpg").find("photoid")
        after = flickr.backend.snapshot()["photos"][photo.id]
        assert (photo.id, photo.secret, photo.original_secret) == (
            answer.text,
            answer.get("secret"),
            answer.get("originalsecret"),
        )
        assert not set(secrets) & {photo.secret, photo.original_secret}
        assert new == photo.data
        changed = {name for name in before if before[name] != after[name]}
        assert {"bytes", "sha256", "size", "replaced"} == changed

    def test_the_date_taken_may_be_read_again(self, flickr, call, photo):
        new = jpeg(taken="2022:02:02 02:02:02")
        self.replace(call, new, photo_id=photo.id)
        assert "2022-02-02 02:02:02" == photo.taken
        flickr.backend.options.replace_rereads_date = False
        self.replace(call, jpeg(taken="2023:03:03 03:03:03"), photo_id=photo.id)
        assert "2022-02-02 02:02:02" == photo.taken

    def test_free_accounts_may_be_refused(self, flickr, call, photo):
        flickr.backend.me.is_pro = False
        with pytest.raises(Refused, match="1: Not a pro account"):
            self.replace(call, jpeg(), photo_id=photo.id)
        flickr.backend.options.free_may_replace = True
        assert self.replace(call, jpeg(), photo_id=photo.id) is not None

    @pytest.mark.parametrize(
        ("data", "code"),
        [(None, 2), (b"", 4), (b"text", 5), (b"\0\0\0\x18ftypmp42" + b"\0" * 20, 8)],
    )
    def test_bad_files_change_nothing(self, flickr, call, photo, data, code):
        before = flickr.backend.snapshot()
        assert code == call.upload_code(data, service="replace", photo_id=photo.id)
        assert before == flickr.backend.snapshot()

    def test_somebody_elses_photo_is_not_replaced(self, flickr, call):
        foreign = flickr.backend.add_photo(jpeg(), owner="lighthouse")
        assert 3 == call.upload_code(jpeg(), service="replace", photo_id=foreign)
        flickr.backend.options.replace_unknown_code = 1
        assert 1 == call.upload_code(jpeg(), service="replace", photo_id="1")


class TestTickets:
    def states(self, call, *tickets):
        found = call.json("photos.upload.checkTickets", tickets=",".join(tickets))
        return [one.get("complete") for one in found["uploader"]["ticket"]]

    def test_a_ticket_becomes_a_photo_after_a_while(self, flickr, call):
        flickr.backend.options.ticket_delay = 30
        ticket = call.send(jpeg(), title="Later", **{"async": 1}).findtext("ticketid")
        assert ([0], {}) == (self.states(call, ticket), flickr.backend.photos)
        CLOCK.pass_by(31)
        found = call.json("photos.upload.checkTickets", tickets=ticket)
        (row,) = found["uploader"]["ticket"]
        assert (1, None) == (row["complete"], row["imported"])
        assert "Later" == flickr.backend.photos[row["photoid"]].title

    def test_tickets_hang_fail_and_are_forgotten(self, flickr, call):
        flickr.backend.options.tickets_hang = True
        hanging = call.send(jpeg(), **{"async": 1}).findtext("ticketid")
        CLOCK.pass_by(3600)
        assert [0] == self.states(call, hanging)
        flickr.backend.options = FlickrOptions(tickets_fail=True)
        assert [2, None] == self.states(call, hanging, "unknown")
        CLOCK.pass_by(6 * 3600)
        found = call.json("photos.upload.checkTickets", tickets=hanging)
        assert [{"id": hanging, "invalid": 1}] == found["uploader"]["ticket"]

    def test_a_replace_may_be_async_too(self, flickr, call):
        photo_id = flickr.backend.add_photo(jpeg())
        new = jpeg((80, 80))
        call.send(new, service="replace", photo_id=photo_id, **{"async": 1})
        call.xml("test.null")
        assert new == flickr.backend.photos[photo_id].data


class TestLag:
    def listed(self, call, method, **params):
        found = call.json(method, user_id="me", **params)
        return [one["id"] for one in found["photos"]["photo"]]

    def test_lists_and_search_know_a_photo_later_than_get_info(self, flickr, call):
        flickr.backend.options = FlickrOptions(listing_delay=10, search_delay=60)
        seeded = flickr.backend.add_photo(jpeg(), title="seed")
        new = call.upload(title="new")
        assert 0 == call.code("photos.getInfo", photo_id=new)
        assert [seeded] == self.listed(call, "people.getPhotos")
        CLOCK.pass_by(11)
        assert [new, seeded] == self.listed(call, "people.getPhotos")
        assert [seeded] == self.listed(call, "photos.search")
        CLOCK.pass_by(60)
        assert [new, seeded] == self.listed(call, "photos.search")

    def test_an_album_cannot_begin_with_a_photo_that_is_still_processed(self, flickr, call):
        flickr.backend.options.processing_delay = 5
        new = call.upload()
        assert 2 == call.code("photosets.create", title="A", primary_photo_id=new)
        CLOCK.pass_by(6)
        assert 0 == call.code("photosets.create", title="A", primary_photo_id=new)
