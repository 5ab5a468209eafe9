"""Our rules against recorded real answers: descriptions, tags, sizes, receipts, method tables.

The recordings lie outside the project (`../shared/recordings`) and are not copied into it.
"""

import html
import json
import re
import xml.etree.ElementTree as ET
from urllib.parse import parse_qsl

from flickr_calls import JSON, REFLECTION, XML, jpeg, needs_recordings, recorded_xml
from requests_oauthlib import OAuth1Session

from socials_lib.demo.flickr.calls import METHODS
from socials_lib.demo.flickr.methods.groups import ADD_CODES
from socials_lib.demo.flickr.records import LEVELS, Photo
from socials_lib.demo.flickr.sizes import sizes_of
from socials_lib.demo.flickr.text import clean_tag, description_html

pytestmark = needs_recordings


class TestServices:
    def test_receipts_of_upload_and_replace(self, flickr, call):
        def shape(text):
            return re.sub(r"\d{11}|\d{8,9}-\d{17}", "N", re.sub(r'"[0-9a-f]{10}"', "S", text))

        uploaded = call.send_raw(jpeg()).text
        photo_id = ET.fromstring(uploaded).findtext("photoid")
        replaced = call.send_raw(jpeg(), service="replace", photo_id=photo_id).text
        ticket = call.send_raw(jpeg(), **{"async": 1}).text

        def real(service, name):
            return shape((JSON / f"service.{service}" / name).read_text("utf-8"))

        # since about 2018 an upload names the secrets as a replace always did
        assert real("replace", "replace.xml") == shape(replaced) == shape(uploaded)
        plain = re.sub(r" (original)?secret=S", "", shape(uploaded))
        assert real("upload", "upload.xml") == plain
        assert real("upload", "returns_the_ticket_ID_when_asynchronous.xml") == shape(ticket)

    def test_the_login_answers_name_the_recorded_members_in_order(self, flickr):
        def names(text):
            return [name for name, _ in parse_qsl(text)]

        session = OAuth1Session(flickr.api_key, flickr.api_secret, callback_uri="oob")
        asked = session.post(f"{flickr.url}/services/oauth/request_token", timeout=10)
        (path,) = (XML / "oauth.request_token").glob("*.txt")
        assert names(path.read_text("utf-8")) == names(asked.text)
        assert "text/plain;charset=UTF-8" == asked.headers["Content-Type"]

        parts = dict(parse_qsl(asked.text))
        session = OAuth1Session(
            flickr.api_key,
            flickr.api_secret,
            resource_owner_key=parts["oauth_token"],
            resource_owner_secret=parts["oauth_token_secret"],
            verifier=flickr.backend.authorize(parts["oauth_token"], "delete"),
        )
        given = session.post(f"{flickr.url}/services/oauth/access_token", timeout=10)
        (path,) = (XML / "oauth.access_token").glob("*.txt")
        assert names(path.read_text("utf-8")) == names(given.text)
        assert "user_nsid=199246608%40N02" in given.text


class TestTexts:
    def test_every_recorded_tag_has_the_clean_form_we_give_it(self):
        pairs = {
            (tag.get("raw"), tag.text)
            for root in recorded_xml("photos.getInfo")
            for tag in root.iter("tag")
            if tag.get("raw")  # one recorded tag is empty in both forms
        }
        assert len(pairs) > 200
        assert {} == {raw: clean for raw, clean in pairs if clean_tag(raw) != clean}

    def descriptions(self):
        for method in ("photos.getInfo", "photosets.getPhotos", "people.getPublicPhotos"):
            for root in recorded_xml(method):
                for one in root.iter("description"):
                    if one.text:
                        yield one.text

    def test_every_recorded_description_is_what_we_make_of_its_source(self):
        """What the person typed is found by taking entities and automatic links away again."""

        def typed(shown):
            def link(found):
                address, text = found.groups()
                bare = html.unescape(address).partition("://")[2]
                cut = bare if len(bare) <= 60 else f"{bare[:57]}..."
                if html.unescape(text) == cut:
                    return address
                return f'<a href="{address}">{text}</a>'

            return html.unescape(
                re.sub(r'<a href="([^"]*)"(?: rel="noreferrer nofollow")?>(.*?)</a>', link, shown)
            )

        shown = list(self.descriptions())
        assert len(shown) > 30
        wrong = [one for one in shown if description_html(typed(one)) != one]
        assert [] == wrong

    def test_every_recorded_size_is_what_we_compute(self):
        for root in recorded_xml("photos.getSizes"):
            rows = list(root.iter("size"))
            last = rows[-1]
            if any(one.get("media") != "photo" for one in rows) or last.get("label") != "Original":
                continue
            real = {
                one.get("label"): (int(one.get("width")), int(one.get("height"))) for one in rows
            }
            width, height = real["Original"]
            is_turned = (width > height) != (real["Medium 640"][0] > real["Medium 640"][1])
            photo = Photo(
                id="1",
                owner="1@N00",
                secret="",
                original_secret="",
                data=b"",
                format="jpg",
                width=width,
                height=height,
                rotation=90 if is_turned else 0,
            )
            ours = {one.label: (one.width, one.height) for one in sizes_of(photo)}
            # before 2018 and for free accounts the X-Large sizes were not made
            extra = {label for label in set(ours) - set(real) if not label.startswith("X-")}
            assert set() == extra | (set(real) - set(ours)), root
            off = {
                label: (real[label], ours[label])
                for label in real
                if any(abs(a - b) > 1 for a, b in zip(real[label], ours[label], strict=True))
            }
            assert {} == off


class TestReflection:
    def described(self):
        for path in sorted(REFLECTION.glob("*/getMethodInfo.json")):
            yield json.loads(path.read_text("utf-8"))

    def test_every_described_method_is_there_with_its_permission(self):
        wanted = {
            one["method"]["name"]: LEVELS[int(one["method"]["requiredperms"])]
            for one in self.described()
        }
        assert len(wanted) > 50
        assert wanted == {name: METHODS[name].perms for name in wanted}

    def test_the_codes_of_adding_to_a_pool_are_the_documented_ones(self):
        (one,) = (
            one for one in self.described() if one["method"]["name"] == "flickr.groups.pools.add"
        )
        documented = {int(e["code"]): e["message"] for e in one["errors"]["error"]}
        assert {code: text for code, text in documented.items() if code < 95} == ADD_CODES
