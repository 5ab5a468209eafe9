"""The library that people use, flickrapi 2.4.0, pointed at the stand-in: calls, upload, login."""

import io
import json
import logging
import re

import flickrapi
import pytest
import requests
from flickr_calls import flickrapi_client, jpeg

from socials_lib.demo.flickr import faults


@pytest.fixture
def client(flickr):
    return flickrapi_client(flickr)


@pytest.fixture(autouse=True)
def quiet():
    """flickrapi writes bodies of bad answers to its log at ERROR level."""
    logging.getLogger("flickrapi").setLevel(logging.CRITICAL)


@pytest.fixture(autouse=True, scope="module")
def closed_session():
    """The library keeps one session for the whole process."""
    yield
    flickrapi.auth.OAuthFlickrInterface.session.close()


def send(client, data, service="upload", **params):
    """Upload or replace the way that works: own file object, etree answers."""
    call = getattr(client, service)
    return call("name.jpg", fileobj=io.BytesIO(data), format="etree", **params)


def test_a_photo_lives_and_dies(flickr, client):
    data = jpeg(taken="2024:03:19 06:41:07")
    rsp = send(
        client,
        data,
        title="Dämmerung über dem See 🦆",
        description='Fog & "mist"\nhttps://example.org/',
        tags='"Wood Duck" lake "imatch:id=7"',
        is_public=1,
        is_friend=0,
        is_family=0,
    )
    photo_id = rsp.findtext("photoid")
    photo = flickr.backend.photos[photo_id]
    assert (data, "Dämmerung über dem See 🦆") == (photo.data, photo.title)

    client.photos.setMeta(photo_id=photo_id, title="New", description="")
    client.photos.setTags(photo_id=photo_id, tags="")
    client.photos.setDates(photo_id=photo_id, date_taken="2020-01-01 00:00:00")
    album = client.photosets.create(title="Coast", primary_photo_id=photo_id)
    album_id = album.find("photoset").get("id")
    group_id = flickr.backend.add_group("Tasmania")
    client.groups.pools.add(photo_id=photo_id, group_id=group_id)

    new = jpeg((90, 60))
    replaced = send(client, new, "replace", photo_id=photo_id)
    assert photo.secret == replaced.find("photoid").get("secret")

    info = client.photos.getInfo(photo_id=photo_id, format="parsed-json")["photo"]
    assert ("New", "", []) == (
        info["title"]["_content"],
        info["description"]["_content"],
        info["tags"]["tag"],
    )
    contexts = client.photos.getAllContexts(photo_id=photo_id, format="parsed-json")
    assert ([album_id], [group_id]) == (
        [one["id"] for one in contexts["set"]],
        [one["id"] for one in contexts["pool"]],
    )

    client.photos.delete(photo_id=photo_id)
    with pytest.raises(flickrapi.FlickrError) as gone:
        client.photos.getInfo(photo_id=photo_id)
    assert 1 == gone.value.code
    assert {} == flickr.backend.photos
    assert {} == flickr.backend.albums


def test_without_a_title_the_library_sends_the_file_name(flickr, client):
    send(client, jpeg())
    assert ["name.jpg"] == [one.title for one in flickr.backend.photos.values()]


def test_none_becomes_a_word_and_true_becomes_zero(flickr, client):
    send(client, jpeg(), title=None, is_public=True)
    (photo,) = flickr.backend.photos.values()
    assert ("None", 0) == (photo.title, photo.is_public)


def test_an_upload_with_json_raises_after_the_photo_is_stored(flickr, client):
    with pytest.raises(ValueError, match="Expecting value"):
        client.upload("x.jpg", fileobj=io.BytesIO(jpeg()), format="parsed-json")
    assert 1 == len(flickr.backend.photos)


def test_an_asynchronous_upload_gives_a_ticket(flickr, client):
    ticket = send(client, jpeg(), **{"async": 1}).findtext("ticketid")
    found = client.photos.upload.checkTickets(tickets=ticket).find("uploader/ticket")
    assert "1" == found.get("complete")
    assert found.get("photoid") in flickr.backend.photos


def test_a_replace_keeps_the_title_although_the_library_sends_one(flickr, client):
    photo_id = flickr.backend.add_photo(jpeg(), title="Kept")
    send(client, jpeg((80, 80)), "replace", photo_id=photo_id)
    assert "Kept" == flickr.backend.photos[photo_id].title


def test_a_duplicate_is_readable_with_raw_answers_only(flickr, client):
    data = jpeg()
    first = send(client, data).findtext("photoid")
    with pytest.raises(flickrapi.FlickrError) as refused:
        send(client, data, dedup_check=1)
    assert 9 == refused.value.code
    raw = client.upload("x.jpg", fileobj=io.BytesIO(data), format="rest", dedup_check=1)
    assert first == re.search(rb"<duplicate_photo_id>(\d+)<", raw)[1].decode()


def test_a_mistyped_method_is_code_112(client):
    with pytest.raises(flickrapi.FlickrError) as refused:
        client.photos.setMetta(photo_id="1")
    assert 112 == refused.value.code


def test_not_logged_in_reads_are_signed_with_the_key_alone(flickr):
    client = flickrapi_client(flickr, store_token=False)
    with pytest.raises(flickrapi.FlickrError) as refused:
        client.test.login()
    assert 99 == refused.value.code
    with pytest.raises(flickrapi.exceptions.IllegalArgumentException):
        send(client, jpeg())


def test_a_page_with_a_code_logs_in(flickr):
    client = flickrapi_client(flickr, store_token=False)
    client.get_request_token(oauth_callback="oob")
    page = requests.get(client.auth_url(perms="delete"), timeout=10).text
    client.get_access_token(re.search(r"\d{3}-\d{3}-\d{3}", page)[0])

    token = client.token_cache.token
    assert ("demo", flickr.backend.me.nsid) == (token.username, token.user_nsid)
    assert "delete" == client.auth.oauth.checkToken().findtext("oauth/perms")
    assert flickr.backend.me.nsid == client.test.login().find("user").get("id")


def test_a_wrong_code_is_a_401_without_code(flickr):
    client = flickrapi_client(flickr, store_token=False)
    client.get_request_token(oauth_callback="oob")
    requests.get(client.auth_url(perms="delete"), timeout=10)
    with pytest.raises(flickrapi.FlickrError, match="Status code 401 received") as refused:
        client.get_access_token("000-000-000")
    assert refused.value.code is None


def test_authenticate_for_test_works_if_switched_on(flickr):
    flickr.backend.options.accept_test_verifier = True
    client = flickrapi_client(flickr, store_token=False)
    client.flickr_oauth.get_request_token(oauth_callback="oob")
    client.flickr_oauth.auth_for_test(perms="write")
    client.flickr_oauth.get_access_token()
    assert 2 == len(flickr.backend.tokens.access)


class TestFaults:
    def test_throttling_is_html_and_429(self, flickr, client):
        flickr.fail_next("flickr.test.login", **faults.TOO_MANY)
        with pytest.raises(flickrapi.FlickrError, match="Status code 429 received") as refused:
            client.test.login()
        assert refused.value.code is None
        assert client.test.login() is not None

    def test_an_upload_whose_answer_is_lost_has_happened(self, flickr, client):
        flickr.fail_next("/services/upload/", drop_answer=True)
        with pytest.raises(requests.ConnectionError):
            send(client, jpeg(), title="there all the same")
        assert ["there all the same"] == [one.title for one in flickr.backend.photos.values()]

    def test_a_bad_gateway_before_or_after_the_effect(self, flickr, client):
        for when, stored in (("before", 0), ("after", 1)):
            flickr.fail_next("upload", when=when, **faults.BAD_GATEWAY)
            with pytest.raises(flickrapi.FlickrError, match="Status code 502"):
                send(client, jpeg())
            assert stored == len(flickr.backend.photos)
        assert 2 == flickr.count("upload")

    @pytest.mark.parametrize(
        ("fault", "raised"),
        [
            (faults.NOT_AVAILABLE, SyntaxError),
            (faults.EMPTY_BODY, SyntaxError),
            (faults.HTML_PAGE, KeyError),
            ({"truncate": True}, (SyntaxError, requests.RequestException)),
            ({"reset": True}, requests.ConnectionError),
            (faults.TOKEN_REJECTED, flickrapi.FlickrError),
            (faults.GATEWAY_TIMEOUT, flickrapi.FlickrError),
        ],
    )
    def test_bad_answers_raise_what_the_facts_say(self, flickr, client, fault, raised):
        flickr.fail_next("flickr.test.login", **fault)
        with pytest.raises(raised):
            client.test.login()
        assert client.test.login() is not None

    def test_a_stalled_upload_runs_into_the_timeout(self, flickr, client):
        flickr.fail_next("upload", delay=1.0)
        with pytest.raises(requests.ReadTimeout):
            send(client, jpeg(), timeout=0.1)

    @pytest.mark.parametrize("code", [0, 105, 106, 116, 201])
    def test_errors_inside_the_envelope(self, flickr, client, code):
        photo_id = flickr.backend.add_photo(jpeg(), title="Old")
        flickr.refuse_next("flickr.photos.setMeta", code)
        with pytest.raises(flickrapi.FlickrError) as refused:
            client.photos.setMeta(photo_id=photo_id, title="New")
        assert (code, "Old") == (refused.value.code, flickr.backend.photos[photo_id].title)

        flickr.refuse_next("*", code, when="after", skip=1, times=2)
        client.test.null()
        with pytest.raises(flickrapi.FlickrError):
            client.photos.setMeta(photo_id=photo_id, title="New", format="parsed-json")
        assert "New" == flickr.backend.photos[photo_id].title

    @pytest.mark.parametrize("code", [0, 3, 7, 14])
    def test_rare_codes_of_the_upload(self, flickr, client, code):
        flickr.refuse_next("upload", code, "General upload failure")
        with pytest.raises(flickrapi.FlickrError) as refused:
            send(client, jpeg())
        assert (code, {}) == (refused.value.code, flickr.backend.photos)

    def test_an_upload_refused_after_the_effect_is_there(self, flickr, client):
        flickr.refuse_next("upload", 105, when="after")
        with pytest.raises(flickrapi.FlickrError):
            send(client, jpeg())
        assert 1 == len(flickr.backend.photos)


def test_the_snapshot_is_json(flickr, client):
    send(client, jpeg(), title="x", tags="a b")
    shown = json.loads(json.dumps(flickr.backend.snapshot()))
    (photo,) = shown["photos"].values()
    assert ("x", ["a", "b"], [60, 40]) == (photo["title"], photo["tags"], photo["size"])
