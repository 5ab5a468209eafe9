"""Groups and pools: every code, throttles, the moderator's queue."""

import pytest
from flickr_calls import CLOCK, MONDAY, Caller, jpeg

from socials_lib.demo.flickr.methods.groups import ADD_CODES
from socials_lib.demo.flickr.records import NO_RESTRICTIONS, Location


class TestGroups:
    @pytest.fixture
    def add(self, flickr, call, photos):
        """Adds the first photo (or another) to a new group made with these settings."""

        def run(photo_id=None, **how):
            fields = {name: how.pop(name) for name in list(how) if name in self.FIELDS}
            group = flickr.backend.groups[flickr.backend.add_group("G", **how)]
            for name, value in fields.items():
                setattr(group, name, value)
            return call.code(
                "groups.pools.add", photo_id=photo_id or photos[0], group_id=group.nsid
            )

        return run

    FIELDS = ("closed", "max_photos", "restrictions", "pool")

    def rules(self, **changed):
        return {"restrictions": {**NO_RESTRICTIONS, **changed}}

    def test_an_open_group_takes_a_photo(self, flickr, call, photos):
        group_id = flickr.backend.add_group("Open")
        params = {"photo_id": photos[0], "group_id": group_id}
        assert [0, 3] == [call.code("groups.pools.add", **params) for _ in range(2)]
        assert [photos[0]] == [one.photo_id for one in flickr.backend.groups[group_id].pool]

    def test_unknown_photos_groups_and_strangers_groups(self, flickr, call, photos, add):
        assert 2 == call.code("groups.pools.add", photo_id=photos[0], group_id="7@N00")
        assert 2 == add(member=False)
        assert 1 == add(photo_id="7")

    @pytest.mark.parametrize("code", ADD_CODES)
    def test_every_code_can_be_had_by_request(self, add, code):
        assert code == add(refuse=code)

    def test_the_state_of_a_group_decides(self, flickr, add):
        assert 11 == add(closed=True)
        assert 11 == add(throttle=("disabled", 0))
        assert 10 == add(max_photos=0)
        flickr.backend.options.max_pools_per_photo = 1
        assert [0, 4] == [add(), add()]

    @pytest.mark.parametrize(
        ("rule", "change", "code"),
        [
            ({"photos_ok": 0}, {}, 22),
            ({"videos_ok": 0}, {"media": "video"}, 21),
            ({"images_ok": 0}, {}, 24),
            ({"screens_ok": 0}, {"content_type": 2}, 25),
            ({"art_ok": 0}, {"content_type": 3}, 26),
            ({"restricted_ok": 0}, {"safety_level": 3}, 27),
            ({"restricted_ok": 0, "moderate_ok": 0}, {"safety_level": 2}, 28),
            ({"has_geo": 1}, {}, 29),
            ({"has_geo": 1}, {"location": Location(latitude=1, longitude=1)}, 0),
            ({}, {"is_public": 0}, 8),
        ],
    )
    def test_restrictions(self, flickr, photos, add, rule, change, code):
        for name, value in change.items():
            setattr(flickr.backend.photos[photos[0]], name, value)
        assert code == add(**self.rules(**rule))

    @pytest.mark.parametrize(
        ("mode", "soon", "later"), [("day", 0, 1), ("week", 6, 7), ("month", 29, 30)]
    )
    def test_throttles_count_by_calendar(self, flickr, call, photos, mode, soon, later):
        group_id = flickr.backend.add_group("G", throttle=(mode, 2))

        def add(number):
            return call.code("groups.pools.add", photo_id=photos[number], group_id=group_id)

        def left():
            group = call.xml("groups.getInfo", group_id=group_id).find("group/throttle")
            return group.attrib

        assert [0, 0, 5] == [add(0), add(1), add(2)]
        assert {"count": "2", "mode": mode, "remaining": "0"} == left()
        CLOCK.pass_by(days=soon)
        assert 5 == add(2)
        CLOCK.pass_by(days=later - soon)
        assert "2" == left()["remaining"]
        assert 0 == add(2)

    def test_a_moderator_decides_later(self, flickr, call, photos):
        backend = flickr.backend
        group_id = backend.add_group("Strict", moderated=True)

        def add(number):
            return call.code("groups.pools.add", photo_id=photos[number], group_id=group_id)

        assert [6, 7, 6] == [add(0), add(0), add(1)]
        assert photos[:2] == backend.snapshot()["groups"][group_id]["pending"]
        backend.approve(group_id, photos[0])
        backend.reject(group_id, photos[1])
        shown = backend.snapshot()["groups"][group_id]
        assert ([photos[0]], []) == (shown["pool"], shown["pending"])
        assert [3, 6] == [add(0), add(1)]
        with pytest.raises(KeyError):
            backend.approve(group_id, photos[4])

    def test_remove(self, flickr, call, photos):
        group_id = flickr.backend.add_group("G")
        theirs = flickr.backend.add_photo(jpeg(), owner="lighthouse")
        flickr.backend.groups[group_id].members.add(flickr.backend.other.nsid)
        stranger = Caller(flickr, flickr.backend.issue_token("write", "lighthouse"))
        stranger.xml("groups.pools.add", photo_id=theirs, group_id=group_id)
        call.xml("groups.pools.add", photo_id=photos[0], group_id=group_id)

        def remove(photo_id, group=group_id):
            return call.code("groups.pools.remove", photo_id=photo_id, group_id=group)

        assert [1, 4, 3, 0, 2] == [
            remove(photos[0], "7@N00"),
            remove("7"),
            remove(theirs),
            remove(photos[0]),
            remove(photos[0]),
        ]

    def test_context_is_a_cheap_membership_test(self, flickr, call, photos):
        group_id = flickr.backend.add_group("G")
        for one in photos[:2]:
            call.xml("groups.pools.add", photo_id=one, group_id=group_id)
        found = call.xml("groups.pools.getContext", photo_id=photos[0], group_id=group_id)
        assert ("2", "0", photos[1]) == (
            found.findtext("count"),
            found.find("prevphoto").get("id"),
            found.find("nextphoto").get("id"),
        )

        def code(photo_id, group=group_id):
            return call.code("groups.pools.getContext", photo_id=photo_id, group_id=group)

        assert [1, 2, 3] == [code("7"), code(photos[4]), code(photos[0], "7@N00")]

    def test_pool_photos_can_be_those_of_one_member(self, flickr, call, photos):
        group_id = flickr.backend.add_group("G")
        call.xml("groups.pools.add", photo_id=photos[0], group_id=group_id)

        def found(**params):
            return call.json("groups.pools.getPhotos", group_id=group_id, **params)["photos"]

        assert [photos[0]] == [one["id"] for one in found(user_id="me")["photo"]]
        assert str(int(MONDAY)) == found()["photo"][0]["dateadded"]
        assert [] == found(user_id=flickr.backend.other.nsid)["photo"]
        assert [] == found(tags="nothing")["photo"]
        assert 3 == call.code("groups.pools.getPhotos", group_id=group_id, user_id="7@N00")
        assert 1 == call.code("groups.pools.getPhotos", group_id="7@N00")

    def test_private_groups_are_closed_to_strangers(self, flickr, call):
        group_id = flickr.backend.add_group("P", privacy=1, member=False, path_alias="p")
        assert 2 == call.code("groups.getInfo", group_id=group_id)
        assert 2 == call.code("groups.pools.getPhotos", group_id=group_id)
        assert 4 == call.code("photos.search", group_id=group_id)
        assert 1 == call.code("groups.getInfo", group_id="7@N00")

    def test_group_names_are_escaped_twice_in_one_place(self, flickr, call):
        group_id = flickr.backend.add_group("Gulls' Cliff", path_alias="cliff")
        raw = call.raw("groups.pools.getGroups").text
        assert 'name="Gulls&amp;#039; Cliff"' in raw
        info = call.xml("groups.getInfo", group_path_alias="cliff").find("group")
        assert (group_id, "Gulls' Cliff") == (info.get("id"), info.findtext("name"))
        groups = call.json("people.getGroups", user_id="me")["groups"]["group"]
        assert ["Gulls' Cliff"] == [one["name"] for one in groups]

    def test_the_own_groups_are_those_joined(self, flickr, call):
        joined = flickr.backend.add_group("In")
        flickr.backend.add_group("Out", member=False)
        found = call.json("groups.pools.getGroups")["groups"]
        assert ([joined], 1) == ([one["nsid"] for one in found["group"]], found["total"])

    def test_addresses_lead_to_groups_and_users(self, flickr, call):
        group_id = flickr.backend.add_group("Uruguay", path_alias="uruguay")
        found = call.xml("urls.lookupGroup", url="https://www.flickr.com/groups/uruguay/pool/")
        assert group_id == found.find("group").get("id")
        user = call.xml("urls.lookupUser", url="https://www.flickr.com/people/demo/").find("user")
        assert flickr.backend.me.nsid == user.get("id")
        assert 1 == call.code("urls.lookupGroup", url="https://www.flickr.com/groups/none/")
        assert 1 == call.code("urls.lookupUser", url="https://www.flickr.com/photos/none/")
