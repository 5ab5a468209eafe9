"""Lists, search and accounts: filters, pages, extras, codes."""

import pytest
from flickr_calls import CLOCK, MONDAY, Caller, Refused, jpeg

from socials_lib.demo.flickr.records import Location


@pytest.fixture
def library(flickr):
    """Four own photos, one private, one in an album, one with a place; and a stranger's."""
    add = flickr.backend.add_photo
    ids = {
        "dawn": add(
            jpeg((300, 200)),
            title="Dawn over the lake",
            tags=["Lake", "imatch:id=7", "wood duck"],
            taken="2024-03-01 06:00:00",
            posted=MONDAY - 400,
            location=Location(latitude=-33.5, longitude=151.25),
        ),
        "pier": add(jpeg(), title="Pier", tags=["lake"], posted=MONDAY - 300),
        "secret": add(jpeg(), title="Secret", is_public=0, is_family=1, posted=MONDAY - 200),
        "bare": add(jpeg(), posted=MONDAY - 100),
    }
    ids["theirs"] = add(jpeg(), title="A lake too", owner="lighthouse", posted=MONDAY - 50)
    flickr.backend.add_album("A", [ids["pier"]])
    return ids


@pytest.fixture
def names(library):
    """The names of the photos in an answer."""
    by_id = {photo_id: name for name, photo_id in library.items()}

    def of(answer):
        return [by_id[one["id"]] for one in answer["photos"]["photo"]]

    return of


class TestPeopleGetPhotos:
    def test_own_photos_newest_first_private_ones_too(self, call, names):
        found = names(call.json("people.getPhotos", user_id="me"))
        assert ["bare", "secret", "pier", "dawn"] == found

    def test_strangers_see_public_ones(self, flickr, names):
        stranger = Caller(flickr, flickr.backend.issue_token("read", "lighthouse"))
        nsid = flickr.backend.me.nsid
        assert ["bare", "pier", "dawn"] == names(stranger.json("people.getPhotos", user_id=nsid))

    @pytest.mark.parametrize(
        ("params", "found"),
        [
            ({"privacy_filter": 1}, ["bare", "pier", "dawn"]),
            ({"privacy_filter": 3}, ["secret"]),
            ({"privacy_filter": 5}, []),
            ({"min_upload_date": MONDAY - 200}, ["bare", "secret"]),
            ({"max_upload_date": MONDAY - 350}, ["dawn"]),
            ({"min_upload_date": "2024-03-31 23:55:00"}, ["bare", "secret", "pier"]),
            ({"max_taken_date": "2024-03-02 00:00:00"}, ["dawn"]),
            ({"media": "videos"}, []),
            ({"per_page": 2, "page": 2}, ["pier", "dawn"]),
            ({"per_page": 2, "page": 3}, []),
        ],
    )
    def test_filters_and_pages(self, call, names, params, found):
        assert found == names(call.json("people.getPhotos", user_id="me", **params))

    def test_totals_and_pages(self, flickr, call, library):
        found = call.json("people.getPhotos", user_id="me", per_page=3)["photos"]
        assert (1, 2, 3, 4) == (
            found["page"],
            found["pages"],
            found["perpage"],
            found["total"],
        )
        flickr.backend.options.json_profile = "2013"
        assert "4" == call.json("people.getPhotos", user_id="me")["photos"]["total"]

    def test_at_most_500_on_a_page(self, call, library):
        found = call.json("people.getPhotos", user_id="me", per_page=1000)["photos"]
        assert 500 == found["perpage"]

    def test_codes(self, flickr, call):
        assert 1 == call.code("people.getPhotos")
        assert 2 == call.code("people.getPhotos", user_id="1@N00")
        flickr.backend.other.deleted = True
        assert 5 == call.code("people.getPhotos", user_id=flickr.backend.other.nsid)

    def test_extras_have_other_names_in_the_answer(self, call, library):
        extras = (
            "description,license,date_upload,date_taken,owner_name,icon_server,original_format,"
            "last_update,geo,tags,machine_tags,o_dims,views,media,path_alias,url_o,url_sq"
        )
        rows = call.json("people.getPhotos", user_id="me", extras=extras)["photos"]["photo"]
        row = rows[-1]
        assert {
            "dateupload": str(MONDAY - 400),
            "datetaken": "2024-03-01 06:00:00",
            "datetakenunknown": "0",
            "ownername": "demo",
            "originalformat": "jpg",
            "latitude": "-33.5",
            "tags": "lake imatch:id=7 woodduck",
            "machine_tags": "imatch:id=7",
            "o_width": 300,
            "media_status": "ready",
            "pathalias": "demo",
            "description": {"_content": ""},
            "width_o": 300,
            "height_sq": 75,
        }.items() <= row.items()
        assert row["url_o"].endswith(f"_{row['originalsecret']}_o.jpg")


class TestOtherLists:
    def test_not_in_set_untagged_and_geo(self, call, names):
        assert ["bare", "secret", "dawn"] == names(call.json("photos.getNotInSet"))
        assert ["bare", "secret"] == names(call.json("photos.getUntagged"))
        assert ["dawn"] == names(call.json("photos.getWithGeoData"))
        assert ["bare", "secret", "pier"] == names(call.json("photos.getWithoutGeoData"))

    def test_public_photos_are_what_strangers_see(self, flickr, call, names):
        nsid = flickr.backend.me.nsid
        found = names(call.json("people.getPublicPhotos", user_id=nsid))
        assert ["bare", "pier", "dawn"] == found

    def test_recently_updated(self, flickr, call, library, names):
        CLOCK.pass_by(100)
        flickr.backend.add_comment(library["pier"], "nice")
        found = call.json("photos.recentlyUpdated", min_date=MONDAY + 50)
        assert ["pier"] == names(found)
        assert 1 == call.code("photos.recentlyUpdated")
        assert 2 == call.code("photos.recentlyUpdated", min_date="lately")


class TestSearch:
    @pytest.mark.parametrize(
        ("params", "found"),
        [
            ({"user_id": "me"}, ["bare", "secret", "pier", "dawn"]),
            ({"text": "lake"}, ["theirs", "pier", "dawn"]),
            ({"user_id": "me", "text": "lake dawn"}, ["dawn"]),
            ({"user_id": "me", "tags": "Lake"}, ["pier", "dawn"]),
            ({"user_id": "me", "tags": "lake,Wood Duck", "tag_mode": "all"}, ["dawn"]),
            ({"machine_tags": "imatch:id=7"}, ["dawn"]),
            ({"machine_tags": 'imatch:id="7"'}, ["dawn"]),
            ({"machine_tags": "imatch:id=8"}, []),
            ({"machine_tags": "imatch:"}, ["dawn"]),
            ({"machine_tags": "*:id=7"}, ["dawn"]),
            ({"user_id": "me", "sort": "date-posted-asc"}, ["dawn", "pier", "secret", "bare"]),
            ({"user_id": "me", "max_taken_date": "2024-03-02"}, ["dawn"]),
        ],
    )
    def test_finds(self, call, names, params, found):
        assert found == names(call.json("photos.search", **params))

    @pytest.mark.parametrize(
        ("params", "code"),
        [
            ({}, 3),
            ({"tags": ",".join(f"t{n}" for n in range(21)), "tag_mode": "all"}, 1),
            ({"user_id": "1@N00"}, 2),
            ({"machine_tags": "no machine tag"}, 11),
            ({"machine_tags": ",".join(f"a:b={n}" for n in range(17))}, 12),
            ({"min_upload_date": "2024-01-02", "max_upload_date": "2024-01-01"}, 18),
            ({"text": "x", "page": 9, "per_page": 500}, 20),
        ],
    )
    def test_refuses(self, call, params, code):
        assert code == call.code("photos.search", **params)

    def test_of_a_deleted_user_or_when_down(self, flickr, call):
        flickr.backend.other.deleted = True
        assert 5 == call.code("photos.search", user_id=flickr.backend.other.nsid)
        flickr.backend.options.search_down = True
        assert 10 == call.code("photos.search", text="x")

    def test_in_a_group(self, flickr, call, library, names):
        group_id = flickr.backend.add_group("G")
        call.xml("groups.pools.add", photo_id=library["pier"], group_id=group_id)
        assert ["pier"] == names(call.json("photos.search", group_id=group_id))

    def test_hidden_photos_are_found_by_their_owner_only(self, flickr, call, library, names):
        flickr.backend.photos[library["dawn"]].hidden = 1
        stranger = Caller(flickr, flickr.backend.issue_token("read", "lighthouse"))
        assert ["theirs", "pier"] == names(stranger.json("photos.search", text="lake"))
        assert ["theirs", "pier", "dawn"] == names(call.json("photos.search", text="lake"))

    def test_the_total_may_be_an_empty_text(self, flickr, call):
        flickr.backend.options.search_total_empty = True
        assert "" == call.json("photos.search", text="x")["photos"]["total"]


class TestAccount:
    def test_preferences(self, flickr, call):
        flickr.backend.me.privacy = 4
        assert 4 == call.json("prefs.getPrivacy")["person"]["privacy"]
        assert 1 == call.json("prefs.getContentType")["person"]["content_type"]
        assert 1 == call.json("prefs.getSafetyLevel")["person"]["safety_level"]
        assert 0 == call.json("prefs.getHidden")["person"]["hidden"]
        geo = call.json("prefs.getGeoPerms")["person"]
        assert (1, 1) == (geo["geoperms"], geo["importgeoexif"])

    def test_limits_as_documented_or_bare(self, flickr, call):
        photos = call.xml("people.getLimits").find("person/photos")
        assert "209715200" == photos.get("maxupload")
        flickr.backend.options.limits_shape = "bare"
        assert 0 == len(call.xml("people.getLimits").find("person"))

    def test_a_pro_account_has_no_upload_limit(self, call, library):
        user = call.xml("people.getUploadStatus").find("user")
        assert ("1", "4", None) == (
            user.get("ispro"),
            user.get("upload_count"),
            user.get("upload_limit"),
        )
        assert "209715200" == user.find("filesize").get("maxbytes")

    def test_profiles(self, flickr, call, library):
        person = call.xml("people.getInfo", user_id=flickr.backend.me.nsid).find("person")
        assert ("demo", "4") == (person.findtext("username"), person.findtext("photos/count"))
        assert f"{flickr.url}/photos/demo/" == person.findtext("photosurl")
        with pytest.raises(Refused, match="1: User not found"):
            call.xml("people.getInfo", user_id="1@N00")
        flickr.backend.other.deleted = True
        assert 5 == call.code("people.getInfo", user_id=flickr.backend.other.nsid)
        assert 1 == call.code("people.getGroups", user_id="1@N00")

    def test_the_methods_are_listed(self, call):
        found = call.xml("reflection.getMethods").findall("methods/method")
        assert "flickr.photos.setMeta" in {one.text for one in found}


def test_json_without_nojsoncallback_is_wrapped(call):
    assert 'jsonFlickrApi({"stat":"ok"})' == call.raw("test.null", format="json").text
    answer = call.raw("test.null", format="json", jsoncallback="foo")
    assert 'foo({"stat":"ok"})' == answer.text
