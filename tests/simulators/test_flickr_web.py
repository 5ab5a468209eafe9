"""Pages and images: a published link opens, what is gone is gone, nothing unescaped."""

import re

import pytest
import requests
from flickr_calls import jpeg

NASTY = '<script>alert(1)</script> <img src=x onerror="alert(2)"> & "quotes"'


@pytest.fixture
def get(flickr):
    """A page or file of the stand-in by path or address."""

    def fetch(path, **more):
        url = path if path.startswith("http") else flickr.url + path
        return requests.get(url, timeout=10, **more)

    return fetch


def test_the_address_of_get_info_opens_the_photo_page(flickr, call, get):
    backend = flickr.backend
    photo_id = backend.add_photo(
        jpeg(),
        title="Dawn <over> the lake",
        description="Fog\nhttps://example.org/",
        tags=["Wood Duck"],
        taken="2024-03-19 06:41:07",
        comments=1,
    )
    album_id = backend.add_album("Coast", [photo_id])
    group_id = backend.add_group("Tasmania")
    queue_id = backend.add_group("Strict", moderated=True)
    call.xml("groups.pools.add", photo_id=photo_id, group_id=group_id)
    call.code("groups.pools.add", photo_id=photo_id, group_id=queue_id)
    url = call.xml("photos.getInfo", photo_id=photo_id).findtext("photo/urls/url")
    assert f"{flickr.url}/photos/demo/{photo_id}/" == url

    text = get(url).text

    for shown in (
        "Dawn &lt;over&gt; the lake",
        "Fog<br>",
        "Wood Duck",
        "2024-03-19 06:41:07",
        "everybody",
        f'href="{flickr.url}/photos/demo/albums/{album_id}">Coast<',
        f'href="{flickr.url}/groups/{group_id}/pool/">Tasmania<',
        "Waiting in",
        "Lovely light!",
    ):
        assert shown in text
    source = re.search(r'<img src="([^"]+)"', text)[1]
    assert backend.photos[photo_id].data == get(source).content


@pytest.mark.parametrize("who", ["demo", "199246608@N02"])
def test_the_stream_shows_own_photos_newest_first(flickr, get, who):
    flickr.backend.add_photo(jpeg(), title="Older", posted=1_600_000_000)
    flickr.backend.add_photo(jpeg(), title="Newer", posted=1_700_000_000, is_public=0)
    text = get(f"/photos/{who}/").text
    assert text.index("Newer") < text.index("Older")
    assert "only you" in text


def test_private_photos_of_strangers_have_no_page(flickr, get):
    hidden = flickr.backend.add_photo(jpeg(), title="Hidden", owner="lighthouse", is_public=0)
    user = flickr.backend.other.path
    assert 404 == get(f"/photos/{user}/{hidden}/").status_code
    assert "Hidden" not in get(f"/photos/{user}/").text


@pytest.mark.parametrize("word", ["albums", "sets"])
def test_albums_and_pools_have_pages(flickr, call, get, word):
    photo_id = flickr.backend.add_photo(jpeg(), title="Pier")
    album_id = flickr.backend.add_album("Coast", [photo_id], description="By the <sea>")
    group_id = flickr.backend.add_group("Tasmania", path_alias="tas")
    call.xml("groups.pools.add", photo_id=photo_id, group_id=group_id)
    for path in (f"/photos/demo/{word}/{album_id}/", "/groups/tas/pool/"):
        assert "Pier" in get(path).text
    assert "Coast" in get("/photos/demo/albums/").text
    assert "Tasmania" in get("/").text


@pytest.mark.parametrize(
    "path",
    [
        "/photos/nobody/",
        "/photos/demo/123/",
        "/photos/demo/albums/7",
        "/groups/none/pool/",
        "/groups/",
        "/photos/",
        "/favicon.ico",
        "/services/",
        "/services/oauth/other",
        "/services/soap/",
        "/static/65535/1_0123456789.jpg",
        "/static/65535/../secret",
    ],
)
def test_unknown_paths_are_404_in_plain_text(get, path):
    answer = get(path)
    assert (404, True) == (
        answer.status_code,
        answer.headers["Content-Type"].startswith("text/plain"),
    )


def test_nothing_of_a_photo_is_markup(flickr, call, get):
    backend = flickr.backend
    photo_id = backend.add_photo(jpeg(), title=NASTY, description=NASTY, tags=[NASTY])
    backend.add_comment(photo_id, NASTY)
    album_id = backend.add_album(NASTY, [photo_id], description=NASTY)
    group_id = backend.add_group(NASTY)
    backend.me.realname = NASTY
    call.xml("groups.pools.add", photo_id=photo_id, group_id=group_id)
    for path in (
        "/",
        "/photos/demo/",
        f"/photos/demo/{photo_id}/",
        "/photos/demo/albums/",
        f"/photos/demo/albums/{album_id}",
        f"/groups/{group_id}/pool/",
    ):
        answer = get(path)
        assert 200 == answer.status_code
        assert "<script" not in answer.text
        assert "<img src=x" not in answer.text


class TestImages:
    def sources(self, call, photo_id):
        rows = call.xml("photos.getSizes", photo_id=photo_id).findall("sizes/size")
        return {one.get("label"): one.get("source") for one in rows}

    def test_every_size_gives_the_stored_bytes(self, flickr, call, get):
        data = jpeg((2100, 1400))
        photo_id = flickr.backend.add_photo(data)
        sources = self.sources(call, photo_id)
        assert 13 == len(sources)
        assert {data} == {get(url).content for url in sources.values()}
        assert "image/jpeg" == get(sources["Large"]).headers["Content-Type"]

    def test_the_original_of_a_png_is_a_png(self, flickr, call, get):
        photo_id = flickr.backend.add_photo(jpeg(form="PNG"))
        url = self.sources(call, photo_id)["Original"]
        assert url.endswith("_o.png")
        assert "image/png" == get(url).headers["Content-Type"]

    def test_a_replace_kills_all_old_addresses(self, flickr, call, get):
        photo_id = flickr.backend.add_photo(jpeg((1700, 1100)))
        old = self.sources(call, photo_id)
        call.send(jpeg((1700, 1100), shade=9), service="replace", photo_id=photo_id)
        new = self.sources(call, photo_id)
        assert {404} == {get(url).status_code for url in old.values()}
        assert {200} == {get(url).status_code for url in new.values()}

    def test_a_delete_kills_them_too(self, flickr, call, get):
        photo_id = flickr.backend.add_photo(jpeg())
        url = self.sources(call, photo_id)["Original"]
        call.xml("photos.delete", photo_id=photo_id)
        assert 404 == get(url).status_code
        assert 404 == get(f"/photos/demo/{photo_id}/").status_code

    def test_rapid_downloads_may_be_throttled(self, flickr, call, get):
        photo_id = flickr.backend.add_photo(jpeg())
        url = self.sources(call, photo_id)["Original"]
        flickr.backend.options.image_burst = 2
        assert [200, 200, 429] == [get(url).status_code for _ in range(3)]

    def test_pages_of_sizes_lead_to_the_photo(self, flickr, call, get):
        photo_id = flickr.backend.add_photo(jpeg(), title="Pier")
        row = call.xml("photos.getSizes", photo_id=photo_id).find("sizes/size")
        assert "Pier" in get(row.get("url")).text


def test_the_log_names_pages_and_images(flickr, get):
    get("/photos/demo/")
    get("/static/65535/1_0123456789_b.jpg")
    assert ["page /photos/demo/", "image /static/65535/1_0123456789_b.jpg"] == flickr.operations()
