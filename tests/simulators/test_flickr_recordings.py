"""Our answers against recorded real ones: envelopes, names and their order, types, codes.

The recordings lie outside the project (`../shared/recordings`) and are not copied into it.
"""

import itertools
import json
import re

import pytest
import requests
from flickr_calls import JSON, XML, Caller, jpeg, needs_recordings, recorded_xml
from requests_oauthlib import OAuth1Session

from socials_lib.demo.flickr.records import Location

pytestmark = needs_recordings


def recorded_json(method):
    """The recorded JSON answers of a method."""
    texts = [one.read_text("utf-8") for one in sorted((JSON / method).glob("*.json"))]
    return [one for one in map(json.loads, texts) if one["stat"] == "ok"]


def attributes_by_path(root, path=""):
    """(path of tags, attribute names in order) of all elements below the root."""
    for child in root:
        where = f"{path}/{child.tag}"
        yield where, tuple(child.attrib)
        yield from attributes_by_path(child, where)


def child_orders(root, path=""):
    """(path of tags, tags of its children without repetitions) of all elements."""
    order = tuple(tag for tag, _ in itertools.groupby(child.tag for child in root))
    if order:
        yield path, order
    for child in root:
        yield from child_orders(child, f"{path}/{child.tag}")


def types_by_path(value, path=""):
    """(path of keys, type name) of all values; list places count as one."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from types_by_path(inner, f"{path}/{key}")
    elif isinstance(value, list):
        yield path, "list"
        for inner in value:
            yield from types_by_path(inner, f"{path}[]")
    else:
        yield path, type(value).__name__


def collect(pairs):
    """All second members seen with each first one."""
    found = {}
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return found


def in_same_order(ours, theirs):
    """True if the names both have come in the same order."""
    common = [name for name in ours if name in theirs]
    return common == [name for name in theirs if name in common]


@pytest.fixture
def stranger(flickr):
    """The recordings were made by people looking at other people's photos."""
    return Caller(flickr, flickr.backend.issue_token("read", "lighthouse"))


@pytest.fixture
def photo_id(flickr):
    """A photo with everything: place, tags, comment, favourite, album, pool."""
    backend = flickr.backend
    one = backend.add_photo(
        jpeg((2560, 1600)),
        title="Dawn",
        description="It's a photo",
        tags=["foo", "vision:night=077"],
        taken="2013-10-06 14:06:41",
        comments=1,
        favourites=1,
        location=Location(latitude=45.807258, longitude=15.967599),
    )
    backend.add_album("Set", [one], album_id="72157636216289703", description="It's a set")
    group = backend.add_group("Mountains", path_alias="mountains")
    Caller(flickr).xml("groups.pools.add", photo_id=one, group_id=group)
    return one


EXTRAS = (
    "license,safety_level,date_upload,date_taken,owner_name,realname,count_views,count_comments,"
    "tags,original_format,geo,media,url_sq,url_t,url_s,url_m,url_o,url_q,url_l,path_alias,"
    "description,icon_server,last_update,machine_tags,views"
)


def ask(method, photo_id, flickr):
    """The parameters that make a method answer like its recording."""
    return {
        "people.getInfo": {"user_id": flickr.backend.me.nsid},
        "people.getPublicPhotos": {"user_id": flickr.backend.me.nsid, "extras": EXTRAS},
        "people.getPhotos": {"user_id": "me", "extras": EXTRAS},
        "photos.search": {"user_id": "me", "extras": EXTRAS},
        "photos.getNotInSet": {"extras": EXTRAS},
        "photos.getWithoutGeoData": {"extras": EXTRAS},
        "photos.getWithGeoData": {"extras": EXTRAS},
        "photos.getUntagged": {"extras": EXTRAS},
        "photos.recentlyUpdated": {"min_date": 1, "extras": EXTRAS},
        "photosets.getPhotos": {"photoset_id": "72157636216289703", "extras": EXTRAS},
        "photosets.getInfo": {"photoset_id": "72157636216289703"},
        "photosets.create": {"title": "x", "primary_photo_id": photo_id},
        "photosets.addPhoto": {"photoset_id": "72157636216289703"},
        "photosets.removePhoto": {"photoset_id": "72157636216289703"},
        "photosets.removePhotos": {
            "photoset_id": "72157636216289703",
            "photo_ids": photo_id,
        },
        "photosets.editMeta": {"photoset_id": "72157636216289703", "title": "x"},
        "photosets.editPhotos": {
            "photoset_id": "72157636216289703",
            "primary_photo_id": photo_id,
            "photo_ids": photo_id,
        },
        "photosets.setPrimaryPhoto": {"photoset_id": "72157636216289703"},
        "photosets.orderSets": {"photoset_ids": "72157636216289703"},
        "photosets.delete": {"photoset_id": "72157636216289703"},
        "photos.addTags": {"tags": "foo"},
        "photos.setTags": {"tags": "foo"},
        "photos.setMeta": {"title": "Photo", "description": ""},
        "photos.setDates": {"date_posted": "2013-10-05"},
        "photos.setPerms": {"is_public": 1, "is_friend": 0, "is_family": 0},
        "photos.setContentType": {"content_type": 1},
        "photos.setSafetyLevel": {"safety_level": 1},
        "photos.licenses.setLicense": {"license_id": 4},
        "urls.lookupUser": {"url": "https://www.flickr.com/photos/demo/"},
        "urls.lookupGroup": {"url": "https://www.flickr.com/groups/mountains/"},
    }.get(method, {})


class TestXml:
    # place names, titles of galleries, buddy icons and the like are not simulated
    NOT_OURS = re.compile(r"/photo/(notes|people|owner/gift)/|/photo/location/")

    @pytest.mark.parametrize(
        "method",
        [
            "photos.getInfo",
            "photos.getSizes",
            "photos.getAllContexts",
            "photos.comments.getList",
            "photos.licenses.getInfo",
            "photosets.getPhotos",
            "people.getInfo",
            "people.getPublicPhotos",
            "urls.lookupUser",
            "urls.lookupGroup",
        ],
    )
    def test_elements_and_attributes_have_recorded_names_in_recorded_order(
        self, flickr, stranger, photo_id, method
    ):
        real = recorded_xml(method)
        ours = stranger.xml(method, **{"photo_id": photo_id, **ask(method, photo_id, flickr)})
        theirs = collect(pair for root in real for pair in attributes_by_path(root))
        for path, names in attributes_by_path(ours):
            if self.NOT_OURS.search(path):
                continue
            assert path in theirs, f"{path} is in no recording"
            always = set.intersection(*(set(one) for one in theirs[path]))
            assert always <= set(names), path
            assert any(in_same_order(names, one) for one in theirs[path]), (path, names)

    @pytest.mark.parametrize("method", ["photos.getInfo", "people.getInfo", "photosets.getPhotos"])
    def test_children_come_in_recorded_order(self, flickr, stranger, photo_id, method):
        real = collect(pair for root in recorded_xml(method) for pair in child_orders(root))
        ours = stranger.xml(method, **{"photo_id": photo_id, **ask(method, photo_id, flickr)})
        for path, order in child_orders(ours):
            if path in real:
                assert any(in_same_order(order, one) for one in real[path]), path

    def test_get_info_has_no_attribute_that_was_never_seen(self, stranger, photo_id):
        real = collect(
            pair for root in recorded_xml("photos.getInfo") for pair in attributes_by_path(root)
        )
        for path, names in attributes_by_path(stranger.xml("photos.getInfo", photo_id=photo_id)):
            if not self.NOT_OURS.search(path):
                assert names in real[path], path

    def test_an_empty_search_is_the_recorded_one_to_the_byte(self, stranger, flickr):
        (path,) = (XML / "photos.search").glob("*.xml")
        assert path.read_text("utf-8") == stranger.raw("photos.search", tags="nothing").text

    def test_a_photo_in_nothing_is_the_recorded_answer_to_the_byte(self, flickr, stranger):
        empty = [
            path
            for path in (XML / "photos.getAllContexts").glob("*")
            if path.stat().st_size
            == len('<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="ok">\n</rsp>\n')
        ]
        lonely = flickr.backend.add_photo(jpeg())
        (path,) = empty
        assert (
            path.read_text("utf-8") == stranger.raw("photos.getAllContexts", photo_id=lonely).text
        )

    def test_licenses_are_the_recorded_ones_to_the_byte(self, stranger):
        (path,) = (XML / "photos.licenses.getInfo").glob("*.xml")
        assert path.read_text("utf-8") == stranger.raw("photos.licenses.getInfo").text


class TestErrors:
    @pytest.mark.parametrize(
        ("file", "params"),
        [
            ("photos.getInfo/err_1.xml", {"photo_id": "1"}),
            (
                "photos.getInfo/err_12345678901234567890.xml",
                {"photo_id": "12345678901234567890"},
            ),
            ("photos.getSizes/err_12345678901234567890.xml", {"photo_id": "7"}),
            ("photos.getAllContexts/err_12345678901234567890.xml", {"photo_id": "7"}),
            ("photos.comments.getList/err_12345678901234567890.xml", {"photo_id": "7"}),
            ("photos.licenses.getLicenseHistory/err_-1.xml", {"photo_id": "-1"}),
            ("photosets.getPhotos/err_12345678901234567890.xml", {"photoset_id": "7"}),
            ("photos.getInfo/err_23894553008.xml", {"photo_id": "private"}),
            ("people.getInfo/err_48143042@N05.xml", {"user_id": "deleted"}),
            (
                "urls.lookupGroup/err_test_redirects_to_get_photos_if_resource_not_found_group_"
                ".xml",
                {"url": "https://www.flickr.com/groups/none/"},
            ),
        ],
    )
    def test_xml_errors_are_the_recorded_ones_to_the_byte(self, flickr, call, file, params):
        backend = flickr.backend
        hidden = backend.add_photo(jpeg(), owner="lighthouse", is_public=0)
        backend.users[backend.add_user("gone", nsid="5@N05")].deleted = True
        real = {"private": hidden, "deleted": "5@N05"}
        params = {name: real.get(value, value) for name, value in params.items()}
        answer = call.raw(file.partition("/")[0], **params)
        assert (XML / file).read_text("utf-8") == answer.text
        assert (200, "text/xml; charset=utf-8") == (
            answer.status_code,
            answer.headers["Content-Type"],
        )

    def test_too_little_permission_is_the_recorded_text(self, flickr):
        (path,) = (XML / "test.null").glob("err*.xml")
        url = f"{flickr.url}/services/rest/"
        params = {"method": "flickr.test.null", "api_key": flickr.api_key}
        assert path.read_text("utf-8") == requests.get(url, params, timeout=10).text

    def test_a_bad_key_is_the_recorded_text_in_both_formats(self, flickr):
        url = f"{flickr.url}/services/rest/"
        params = {"method": "flickr.people.getInfo", "api_key": "bad"}
        recorded = (XML / "people.getInfo" / "err_199258389@N04.xml").read_text("utf-8")
        assert recorded == requests.get(url, params, timeout=10).text

        flickr.backend.options.json_profile = "2013"
        params |= {"format": "json", "nojsoncallback": 1}
        (path,) = (JSON / "test.null").glob("err*")
        answer = requests.get(url, params, timeout=10)
        assert path.read_text("utf-8") == answer.text
        assert "text/plain; charset=utf-8" == answer.headers["Content-Type"]

    def test_an_upload_with_a_bad_key_is_the_recorded_text(self, flickr):
        (path,) = (JSON / "service.upload").glob("err*")
        url = f"{flickr.url}/services/upload/"
        answer = requests.post(url, {"api_key": "bad"}, files={"photo": ("x", jpeg())}, timeout=10)
        assert path.read_text("utf-8").rstrip() == answer.text.rstrip()

    def test_an_empty_token_is_the_recorded_text(self, flickr):
        (path,) = (JSON / "test.login").glob("err*.txt")
        session = OAuth1Session(flickr.api_key, flickr.api_secret)
        answer = session.post(
            f"{flickr.url}/services/rest/",
            data={"method": "flickr.test.login", "oauth_token": ""},
            timeout=10,
        )
        assert (400, path.read_text("utf-8")) == (answer.status_code, answer.text)

    @pytest.mark.parametrize(
        "file",
        [
            XML / "photos.comments.addComment" / "err_53374767803.txt",
            JSON / "photosets.reorderPhotos" / "err_72157636216289703.txt",
        ],
    )
    def test_a_bad_signature_shows_the_base_string_as_recorded(self, flickr, call, file):
        shape = re.compile(r"oauth_problem=signature_invalid&debug_sbs=POST&http[^&]*&[^&]*")
        assert shape.fullmatch(file.read_text("utf-8"))
        call.auth.client.client_secret = "wrong"
        assert shape.fullmatch(call.raw("test.null", x="a b").text)


class TestJson:
    #: Seen in 2013 only: notes, places, e-mail hash, hours of views.
    GONE = re.compile(
        r"place_id|woeid|/notes/|mbox|timezone|/photos/views|haspeople|/location/(locality|county"
        r"|region|country)|geo_is|url_|width_|height_"
    )

    @pytest.mark.parametrize(
        "method",
        sorted(
            {
                path.name
                for path in (JSON.iterdir() if JSON.is_dir() else ())
                if any(path.glob("*.json"))
            }
            - {"photos.getExif", "photos.upload.checkTickets", "photos.removeTag", "test.echo"}
        ),
    )
    def test_keys_and_types_are_those_of_2013(self, flickr, call, photo_id, method):
        flickr.backend.options.json_profile = "2013"
        if method in ("photos.getNotInSet", "photosets.addPhoto"):
            call.xml("photosets.delete", photoset_id="72157636216289703")
        if method == "photosets.addPhoto":
            other = flickr.backend.add_photo(jpeg())
            flickr.backend.add_album("Set", [other], album_id="72157636216289703")
        params = {"photo_id": photo_id, **ask(method, photo_id, flickr)}
        real = recorded_json(method)
        ours = collect(types_by_path(call.json(method, **params)))
        theirs = collect(pair for one in real for pair in types_by_path(one))
        for path, types in ours.items():
            if path in theirs and path not in self.LOOSE:
                assert types <= theirs[path] | {"NoneType"}, (path, types, theirs[path])
        rows_differ = method in ("photos.getUntagged", "photos.getWithoutGeoData")
        needed = set.intersection(*({path for path, _ in types_by_path(one)} for one in real))
        missing = {path for path in needed - set(ours) if not self.GONE.search(path)}
        assert rows_differ or not missing, missing

    #: Null where the recorded user had none, text where we have one.
    LOOSE = {"/person/path_alias", "/photo/owner/path_alias"} | {
        f"/{name}/photo[]/pathalias" for name in ("photos", "photoset")
    }

    def test_empty_answers_are_the_recorded_ones_to_the_byte(self, flickr, call, photo_id):
        flickr.backend.options.json_profile = "2013"
        for method in ("photos.setDates", "photos.setTags", "photosets.delete", "photos.delete"):
            (path,) = (JSON / method).glob("*.json")
            params = {"photo_id": photo_id, **ask(method, photo_id, flickr)}
            answer = call.raw(method, format="json", nojsoncallback=1, **params)
            assert path.read_text("utf-8") == answer.text
            assert "application/json" == answer.headers["Content-Type"]

    def test_adding_a_known_tag_is_the_recorded_answer_to_the_byte(self, flickr, call, photo_id):
        flickr.backend.options.json_profile = "2013"
        (path,) = (JSON / "photos.addTags").glob("*.json")
        params = {"photo_id": photo_id, "tags": "foo", "format": "json", "nojsoncallback": 1}
        assert path.read_text("utf-8") == call.raw("photos.addTags", **params).text

    def test_a_finished_ticket_has_the_recorded_shape(self, flickr, call):
        ticket = call.send(jpeg(), **{"async": 1}).findtext("ticketid")
        (real,) = recorded_json("photos.upload.checkTickets")
        ours = call.json("photos.upload.checkTickets", tickets=ticket)
        assert collect(types_by_path(real)) == collect(types_by_path(ours))

    def test_echo_has_the_recorded_members_but_those_of_the_signature(self, call):
        real = recorded_json("test.echo")[0]
        ours = call.json("test.echo")
        signature = {name for name in real if "oauth" in name or name in ("api_sig", "auth_token")}
        assert set(real) - signature <= set(ours)
