"""Changing one photo: texts, dates, tags, permissions, licenses, places."""

import pytest
from flickr_calls import CLOCK, jpeg

from socials_lib.demo.flickr import FlickrOptions


def raws(photo):
    return [tag.raw for tag in photo.tags]


class TestTexts:
    def test_a_field_that_is_not_sent_stays(self, call, photo):
        call.xml("photos.setMeta", photo_id=photo.id, title="New")
        assert ("New", "Fog") == (photo.title, photo.description)

    def test_an_empty_field_is_cleared(self, call, photo):
        call.xml("photos.setMeta", photo_id=photo.id, title="", description="")
        assert ("", "") == (photo.title, photo.description)

    def test_the_answer_shows_the_description_as_html(self, call, photo):
        answer = call.json("photos.setMeta", photo_id=photo.id, description='<b>"x"</b> & y')
        assert {"_content": "<b>&quot;x&quot;</b> &amp; y"} == answer["photo"]["description"]
        assert '<b>"x"</b> & y' == photo.description

    def test_without_both_there_is_code_2(self, call, photo):
        assert 2 == call.code("photos.setMeta", photo_id=photo.id)

    def test_limits_are_options(self, flickr, call, photo):
        flickr.backend.options = FlickrOptions(title_limit=3, description_limit=3)
        call.xml("photos.setMeta", photo_id=photo.id, title="abcdef", description="äöü")
        assert ("abc", "ä") == (photo.title, photo.description)
        flickr.backend.options.over_limit = "keep"
        call.xml("photos.setMeta", photo_id=photo.id, title="abcdef", description="äöü")
        assert ("abcdef", "äöü") == (photo.title, photo.description)

    def test_an_address_of_the_abuse_list_is_116(self, flickr, call, photo):
        flickr.backend.options.bad_urls = ("http://spam.example/",)
        bad = "see http://spam.example/x"
        assert 116 == call.code("photos.setMeta", photo_id=photo.id, description=bad)
        assert 116 == call.upload_code(jpeg(), description=bad)
        assert "Fog" == photo.description


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("photos.setMeta", {"title": "x"}),
        ("photos.setDates", {"date_posted": "1"}),
        ("photos.setTags", {"tags": "x"}),
        ("photos.addTags", {"tags": "x"}),
        ("photos.setPerms", {"is_public": 1, "is_friend": 0, "is_family": 0}),
        ("photos.getPerms", {}),
        ("photos.setContentType", {"content_type": 1}),
        ("photos.setSafetyLevel", {"safety_level": 1}),
        ("photos.licenses.setLicense", {"license_id": 4}),
        ("photos.geo.setLocation", {"lat": 1, "lon": 1}),
        ("photos.geo.removeLocation", {}),
        ("photos.geo.setContext", {"context": 1}),
        ("photos.geo.setPerms", {}),
        ("photos.geo.getPerms", {}),
        ("photos.delete", {}),
    ],
)
def test_a_strangers_or_missing_photo_is_not_found(call, flickr, foreign, method, params):
    before = flickr.backend.snapshot()
    assert [1, 1, 1] == [
        call.code(method, photo_id=one, **params) for one in (foreign.id, "999", "")
    ]
    assert before == flickr.backend.snapshot()


class TestDates:
    def test_posted_and_taken_are_set(self, call, photo):
        call.xml(
            "photos.setDates",
            photo_id=photo.id,
            date_posted=1_700_000_000,
            date_taken="2020-02-29 23:59:59",
        )
        assert (1_700_000_000, "2020-02-29 23:59:59") == (photo.posted, photo.taken)

    def test_a_written_date_posted_is_the_trap(self, call, photo):
        call.xml("photos.setDates", photo_id=photo.id, date_posted="2013-10-05")
        assert 2013 == photo.posted

    def test_dates_before_the_account_may_be_refused(self, flickr, call, photo):
        flickr.backend.options.early_posted = "refuse"
        assert 4 == call.code("photos.setDates", photo_id=photo.id, date_posted="2013-10-05")

    @pytest.mark.parametrize(
        ("params", "code"),
        [
            ({}, 2),
            ({"date_taken": "2024-01-01", "date_taken_granularity": "11"}, 3),
            ({"date_posted": "soon"}, 4),
            ({"date_posted": "99999999999"}, 4),
            ({"date_taken": "1.1.2024"}, 5),
            ({"date_taken": "2024-01-01 10:00"}, 5),
            ({"date_taken": "2031-01-01 00:00:00"}, 6),
            ({"date_taken": "2024-02-30 00:00:00"}, 6),
        ],
    )
    def test_bad_arguments_change_nothing(self, call, photo, params, code):
        before = (photo.posted, photo.taken, photo.last_update)
        assert code == call.code("photos.setDates", photo_id=photo.id, **params)
        assert before == (photo.posted, photo.taken, photo.last_update)

    @pytest.mark.parametrize(
        ("sent", "granularity", "stored"),
        [("1923", 6, "1923-01-01 00:00:00"), ("1923-05", 4, "1923-05-01 00:00:00")],
    )
    def test_years_and_months_have_their_granularity(self, call, photo, sent, granularity, stored):
        call.xml("photos.setDates", photo_id=photo.id, date_taken=sent)
        assert (granularity, stored) == (photo.granularity, photo.taken)

    def test_setting_a_date_makes_it_known(self, flickr, call):
        bare = flickr.backend.photos[flickr.backend.add_photo(jpeg())]
        assert 1 == bare.taken_unknown
        call.xml("photos.setDates", photo_id=bare.id, date_taken="2024-03-01 10:00:00")
        assert 0 == bare.taken_unknown

    def test_every_change_moves_lastupdate(self, flickr, call, photo):
        for method, params in (
            ("photos.setMeta", {"title": "x"}),
            ("photos.addTags", {"tags": "new"}),
            ("photos.setDates", {"date_posted": 5}),
            ("photos.setPerms", {"is_public": 0, "is_friend": 1, "is_family": 0}),
        ):
            CLOCK.pass_by(10)
            call.xml(method, photo_id=photo.id, **params)
            assert int(CLOCK.now) == photo.last_update
        CLOCK.pass_by(10)
        flickr.backend.add_comment(photo.id, "nice")
        assert int(CLOCK.now) == photo.last_update


class TestTags:
    def test_set_replaces_all(self, call, photo):
        call.xml("photos.setTags", photo_id=photo.id, tags='b "c d"')
        assert ["b", "c d"] == raws(photo)

    def test_empty_removes_all_and_missing_changes_nothing(self, call, photo):
        call.xml("photos.setTags", photo_id=photo.id)
        assert 2 == len(photo.tags)
        call.xml("photos.setTags", photo_id=photo.id, tags="")
        assert [] == raws(photo)

    def test_the_first_spelling_wins_until_set_again(self, call, photo):
        call.xml("photos.addTags", photo_id=photo.id, tags="woodduck")
        assert ["Wood Duck", "x"] == raws(photo)
        call.xml("photos.setTags", photo_id=photo.id, tags="woodduck")
        assert ["woodduck"] == raws(photo)

    def test_add_answers_only_the_new_ones_with_both_ids(self, call, photo):
        answer = call.json("photos.addTags", photo_id=photo.id, tags="x imatch:id=7 🦆")
        (tag,) = answer["tags"]["tag"]
        assert ("imatch:id=7", "imatch:id=7", True) == (
            tag["raw"],
            tag["_content"],
            tag["machine_tag"],
        )
        assert tag["full_tag_id"].endswith(f"-{photo.id}-{tag['id']}")
        assert {"tags": {"tag": []}, "stat": "ok"} == call.json(
            "photos.addTags", photo_id=photo.id, tags="x"
        )

    def test_remove_wants_the_long_id(self, call, photo):
        answer = call.json("photos.addTags", photo_id=photo.id, tags="new")
        (tag,) = answer["tags"]["tag"]
        assert 1 == call.code("photos.removeTag", tag_id=tag["id"])
        assert 0 == call.code("photos.removeTag", tag_id=tag["full_tag_id"])
        assert 1 == call.code("photos.removeTag", tag_id=tag["full_tag_id"])
        assert ["Wood Duck", "x"] == raws(photo)

    def test_remove_without_an_id_is_ok_without_effect(self, call, photo):
        assert 0 == call.code("photos.removeTag", tag="x")
        assert ["Wood Duck", "x"] == raws(photo)

    def test_more_than_75_change_nothing(self, call, photo):
        many = " ".join(f"tag{number}" for number in range(74))
        assert 2 == call.code("photos.addTags", photo_id=photo.id, tags=many)
        assert 2 == call.code("photos.setTags", photo_id=photo.id, tags=f"{many} y z")
        assert ["Wood Duck", "x"] == raws(photo)
        assert 0 == call.code("photos.setTags", photo_id=photo.id, tags=f"{many} y")
        assert 75 == len(photo.tags)

    def test_tags_of_others_outlive_set_tags_unless_switched(self, flickr, call, photo):
        flickr.backend.add_tag(photo.id, "explored")
        call.xml("photos.setTags", photo_id=photo.id, tags="mine explored")
        assert ["explored", "mine"] == raws(photo)
        assert flickr.backend.other.nsid == photo.tags[0].author
        flickr.backend.options.set_tags_removes_foreign = True
        call.xml("photos.setTags", photo_id=photo.id, tags="mine")
        assert ["mine"] == raws(photo)

    def test_the_comma_rule_is_an_option(self, flickr, call, photo):
        flickr.backend.options.comma_separates = False
        call.xml("photos.setTags", photo_id=photo.id, tags="a,b")
        assert ["a,b"] == raws(photo)


class TestRights:
    def test_public_makes_the_others_irrelevant(self, call, photo):
        call.xml("photos.setPerms", photo_id=photo.id, is_public=1, is_friend=1, is_family=1)
        assert (1, 0, 0) == (photo.is_public, photo.is_friend, photo.is_family)

    def test_true_is_read_as_zero(self, call, photo):
        call.xml("photos.setPerms", photo_id=photo.id, is_public=True, is_friend=0, is_family=1)
        assert (0, 0, 1) == (photo.is_public, photo.is_friend, photo.is_family)

    def test_all_three_are_needed(self, call, photo):
        assert 2 == call.code("photos.setPerms", photo_id=photo.id, is_public=1)

    def test_get_perms_reads_back(self, call, photo):
        call.xml(
            "photos.setPerms",
            photo_id=photo.id,
            is_public=0,
            is_friend=1,
            is_family=0,
            perm_comment=1,
            perm_addmeta=0,
        )
        perms = call.json("photos.getPerms", photo_id=photo.id)["perms"]
        assert (0, 1, 0, 1, 0) == tuple(
            perms[name]
            for name in ("ispublic", "isfriend", "isfamily", "permcomment", "permaddmeta")
        )

    def test_content_type(self, call, photo):
        assert 2 == call.code("photos.setContentType", photo_id=photo.id)
        assert 3 == call.code("photos.setContentType", photo_id=photo.id, content_type=9)
        assert 0 == call.code("photos.setContentType", photo_id=photo.id, content_type=3)
        assert 3 == photo.content_type

    def test_safety_level_is_set_from_1_and_read_from_0(self, call, photo):
        assert 2 == call.code("photos.setSafetyLevel", photo_id=photo.id)
        assert 2 == call.code("photos.setSafetyLevel", photo_id=photo.id, safety_level=0)
        call.xml("photos.setSafetyLevel", photo_id=photo.id, safety_level=2, hidden=1)
        info = call.json("photos.getInfo", photo_id=photo.id)
        assert "1" == info["photo"]["safety_level"]
        assert 1 == photo.hidden

    def test_what_staff_set_or_free_accounts_may_not_is_code_3(self, flickr, call, photo):
        flickr.backend.me.is_pro = False
        assert 3 == call.code("photos.setSafetyLevel", photo_id=photo.id, safety_level=3)
        assert 0 == call.code("photos.setSafetyLevel", photo_id=photo.id, safety_level=1)
        photo.locked = True
        assert 3 == call.code("photos.setSafetyLevel", photo_id=photo.id, safety_level=1)
        assert 3 == call.code("photos.setContentType", photo_id=photo.id, content_type=2)

    def test_licenses(self, call, photo):
        assert 2 == call.code("photos.licenses.setLicense", photo_id=photo.id, license_id=7)
        assert 2 == call.code("photos.licenses.setLicense", photo_id=photo.id, license_id=99)
        call.xml("photos.licenses.setLicense", photo_id=photo.id, license_id=4)
        history = call.json("photos.licenses.getLicenseHistory", photo_id=photo.id)
        (change,) = history["license_history"]
        assert ("All Rights Reserved", "CC BY 2.0") == (
            change["old_license"],
            change["new_license"],
        )


class TestPlaces:
    @pytest.mark.parametrize(
        ("params", "code"),
        [
            ({"lat": "1"}, 2),
            ({"lat": "91", "lon": "1"}, 3),
            ({"lat": "north", "lon": "1"}, 3),
            ({"lat": "1", "lon": "181"}, 4),
            ({"lat": "1", "lon": "1", "accuracy": "17"}, 5),
            ({"lat": "-33.8567844", "lon": "151.2152967"}, 0),
        ],
    )
    def test_coordinates_are_checked(self, call, photo, params, code):
        assert code == call.code("photos.geo.setLocation", photo_id=photo.id, **params)

    def test_the_user_must_have_chosen_who_sees_places(self, flickr, call, photo):
        flickr.backend.me.geo_perms = None
        assert 7 == call.code("photos.geo.setLocation", photo_id=photo.id, lat=1, lon=1)

    def test_a_place_can_be_read_changed_and_removed(self, flickr, call, photo):
        call.xml("photos.geo.setLocation", photo_id=photo.id, lat=-33.8567844, lon=151.25)
        place = call.json("photos.geo.getLocation", photo_id=photo.id)["photo"]["location"]
        assert ("-33.856784", "151.25", "16") == (
            place["latitude"],
            place["longitude"],
            place["accuracy"],
        )
        assert 2 == call.code("photos.geo.setContext", photo_id=photo.id, context=3)
        call.xml("photos.geo.setContext", photo_id=photo.id, context=2)
        assert 3 == call.code("photos.geo.setPerms", photo_id=photo.id, is_public=1)
        flags = {"is_public": 0, "is_contact": 0, "is_friend": 1, "is_family": 0}
        call.xml("photos.geo.setPerms", photo_id=photo.id, **flags)
        assert 1 == call.json("photos.geo.getPerms", photo_id=photo.id)["perms"]["isfriend"]
        assert 0 == call.code("photos.geo.removeLocation", photo_id=photo.id)
        for method in ("removeLocation", "getLocation", "getPerms", "setPerms"):
            assert 2 == call.code(f"photos.geo.{method}", photo_id=photo.id)
