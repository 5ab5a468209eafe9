"""The pure rules: descriptions, tags, dates, sizes, what a file tells, XML and JSON of one tree."""

import json
import xml.etree.ElementTree as ET

import pytest
from flickr_calls import iptc, jpeg, xmp
from hypothesis import given
from hypothesis import strategies as st

from socials_lib.demo.flickr.oauth import base_string, signature
from socials_lib.demo.flickr.pictures import read_picture
from socials_lib.demo.flickr.records import Photo
from socials_lib.demo.flickr.sizes import sizes_of
from socials_lib.demo.flickr.text import (
    BadDate,
    BadFormat,
    clean_tag,
    description_html,
    parse_moment,
    parse_tags,
    parse_taken,
    php_int,
)
from socials_lib.demo.flickr.tree import (
    Varies,
    failure_xml,
    node,
    success_json,
    success_xml,
    text_node,
)

REL = 'rel="noreferrer nofollow"'
LONG = "www.sl.nsw.gov.au/discover_collections/natural_world/antarctica/hurley/index.html"


class TestDescriptions:
    @pytest.mark.parametrize(
        ("sent", "back"),
        [
            ("", ""),
            ("It's plain\n\nwith lines", "It's plain\n\nwith lines"),
            ('G & C "Ltd"', "G &amp; C &quot;Ltd&quot;"),
            ("<3 aw cute, 2 > 1", "&lt;3 aw cute, 2 > 1"),
            ("<b>Date:</b> <I>1950</I>", "<b>Date:</b> <i>1950</i>"),
            ("<script>x</script>", "&lt;script>x&lt;/script>"),
            (
                "See https://flickr.org.",
                f'See <a href="https://flickr.org" {REL}>flickr.org</a>.',
            ),
            (
                "https://www.flickr.com/photos/demo/",
                '<a href="https://www.flickr.com/photos/demo/">www.flickr.com/photos/demo/</a>',
            ),
            (
                f"http://{LONG}",
                f'<a href="http://{LONG}" {REL}>'
                "www.sl.nsw.gov.au/discover_collections/natural_world/anta...</a>",
            ),
            (
                "http://x.org/?a=1&b=2",
                f'<a href="http://x.org/?a=1&amp;b=2" {REL}>x.org/?a=1&amp;b=2</a>',
            ),
            (
                '<a href="https://x.org/" onclick="alert(1)">https://x.org/</a>',
                f'<a href="https://x.org/" {REL}>https://x.org/</a>',
            ),
            ('<a href="javascript:x()">y', "&lt;a href=&quot;javascript:x()&quot;>y"),
        ],
    )
    def test_come_back_as_flickr_changes_them(self, sent, back):
        assert back == description_html(sent)

    def test_unknown_markup_may_be_dropped_instead(self):
        assert "x <b>y</b>" == description_html("<span>x</span> <b>y</b>", unknown_markup="drop")


class TestTags:
    @pytest.mark.parametrize(
        ("text", "tags"),
        [
            ("", []),
            ("   ", []),
            ('kayak "Lake Eildon" "São Paulo"', ["kayak", "Lake Eildon", "São Paulo"]),
            ("a,b , c", ["a", "b", "c"]),
            ('"a, b" c', ["a, b", "c"]),
            ('a "never closed b', ["a", "never closed b"]),
            ('dc:title="two words" x', ["dc:title=two words", "x"]),
            ('"" x', ["x"]),
            ("line\nbreak\ttab", ["line", "break", "tab"]),
        ],
    )
    def test_are_parted_by_blanks_and_commas_outside_quotes(self, text, tags):
        assert tags == parse_tags(text)

    def test_without_the_comma_rule_a_comma_list_is_one_tag(self):
        assert ["a,b,c"] == parse_tags("a,b,c", commas=False)

    @pytest.mark.parametrize(
        ("raw", "clean"),
        [
            ("Wood Duck", "woodduck"),
            ("50mm f/1.8", "50mmf18"),
            ("São Paulo", "sãopaulo"),
            ("dc:identifier=https://x.org/", "dc:identifier=httpsxorg"),
            ("IMatch:UUID=12ab", "imatch:uuid=12ab"),
            ("Paris: by night", "parisbynight"),
            ("🦆", ""),
            ("日本", "日本"),
        ],
    )
    def test_have_a_clean_form_of_letters_digits_and_marks(self, raw, clean):
        assert clean == clean_tag(raw)

    @given(st.text(max_size=40))
    def test_cleaning_twice_changes_nothing_more(self, text):
        assert clean_tag(clean_tag(text)) == clean_tag(text)

    @given(st.lists(st.text(st.characters(blacklist_characters='"'), min_size=1), max_size=8))
    def test_quoted_tags_survive_the_parameter(self, raws):
        words = [" ".join(raw.split()) for raw in raws]
        sent = " ".join(f'"{word}"' for word in words)
        assert [word for word in words if word] == parse_tags(sent)


class TestDates:
    NOW = 1_711_929_600

    @pytest.mark.parametrize(
        ("text", "stored"),
        [
            ("2024-03-19 06:41:07", "2024-03-19 06:41:07"),
            ("2024-03-19", "2024-03-19 00:00:00"),
            ("1923-05", "1923-05-01 00:00:00"),
            ("1923", "1923-01-01 00:00:00"),
        ],
    )
    def test_taken_is_read_as_mysql_writes_it(self, text, stored):
        assert stored == parse_taken(text, now=self.NOW)

    @pytest.mark.parametrize(
        "text", ["2024-03-19T06:41:07", "19.3.2024", "2024-03-19 06:41:07+01:00", "2024-3-19 6:41"]
    )
    def test_other_spellings_are_a_bad_format(self, text):
        with pytest.raises(BadFormat):
            parse_taken(text, now=self.NOW)

    @pytest.mark.parametrize("text", ["2024-02-30", "2024-13", "2031-01-01", "1788", "0000"])
    def test_dates_that_cannot_be_are_refused(self, text):
        with pytest.raises(BadDate):
            parse_taken(text, now=self.NOW)

    def test_numbers_are_read_as_php_reads_them(self):
        assert [2013, 0, 0, 1, 7] == [
            php_int("2013-10-05"),
            php_int("True"),
            php_int("None"),
            php_int("1"),
            php_int(None, 7),
        ]

    def test_filters_take_unix_times_and_mysql_dates(self):
        assert self.NOW == parse_moment("2024-04-01 00:00:00") == parse_moment(str(self.NOW))
        assert parse_moment("yesterday") is None


class TestFiles:
    def test_size_turn_and_date_come_from_the_file(self):
        picture = read_picture(jpeg((30, 20), orientation=6, taken="2024:03:19 06:41:07"))
        assert (30, 20, 90, "2024-03-19 06:41:07", "jpg") == (
            picture.width,
            picture.height,
            picture.rotation,
            picture.taken,
            picture.format,
        )

    def test_a_date_of_zeros_is_no_date(self):
        assert read_picture(jpeg(taken="0000:00:00 00:00:00")).taken is None

    def test_embedded_texts_of_xmp_are_found(self):
        packet = xmp(
            title="Dawn", description="Fog", keywords=["mist", "lake"], hierarchical=["a|b|c"]
        )
        picture = read_picture(jpeg(xmp=packet))
        assert ("Dawn", "Fog") == (picture.title, picture.caption)
        assert ("mist", "lake", "a|b|c") == picture.keywords

    def test_embedded_texts_of_iptc_are_found(self):
        picture = read_picture(iptc(jpeg(), title="Pier", caption="Dusk", keywords=["a", "São"]))
        assert ("Pier", "Dusk", ("a", "São")) == (picture.title, picture.caption, picture.keywords)

    def test_the_position_is_read_with_its_sides(self):
        data = jpeg(position=(("S", 33.0, 51.0, 24.0), ("E", 151.0, 12.0, 54.0)))
        assert (-33.856667, 151.215) == read_picture(data).position

    @pytest.mark.parametrize("form", ["PNG", "GIF"])
    def test_png_and_gif_stay_what_they_are(self, form):
        assert form.lower() == read_picture(jpeg(form=form)).format

    @pytest.mark.parametrize("data", [jpeg(form="WEBP"), b"text", b"\xff\xd8\xff", b"\0" * 99])
    def test_anything_else_is_not_recognised(self, data):
        assert read_picture(data) is None

    def test_films_are_known_by_their_container(self):
        assert "video" == read_picture(b"\0\0\0\x18ftypmp42" + b"\0" * 99).media


def photo_of(width, height, rotation=0):
    return Photo(
        id="1",
        owner="1@N00",
        secret="a" * 10,
        original_secret="b" * 10,
        data=b"",
        format="jpg",
        width=width,
        height=height,
        rotation=rotation,
    )


class TestSizes:
    def test_a_turned_photo_has_turned_sizes_but_its_original_as_stored(self):
        sizes = {one.label: (one.width, one.height) for one in sizes_of(photo_of(4032, 3024, 90))}
        assert (768, 1024) == sizes["Large"]
        assert (3024, 4032) == sizes["X-Large 4K"]
        assert (4032, 3024) == sizes["Original"]

    def test_a_small_photo_has_no_large_sizes(self):
        labels = [one.label for one in sizes_of(photo_of(300, 200))]
        assert ["Square", "Large Square", "Thumbnail", "Small", "Small 320", "Original"] == labels


class TestTree:
    answer = node(
        "photo",
        {"id": "1", "total": Varies("2", 2), "flag": Varies(1, True), "alias": None},
        [
            text_node("title", 'a & "b" <c>'),
            text_node("description", ""),
            node("tags", {}, [node("tag", {"raw": "X y"}, text="xy")], lists=("tag",)),
            node("notes", lists=("note",)),
        ],
    )

    def test_xml_is_indented_with_tabs_below_the_payload(self):
        assert (
            '<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="ok">\n'
            '<photo id="1" total="2" flag="1" alias="">\n'
            "\t<title>a &amp; &quot;b&quot; &lt;c&gt;</title>\n\t<description />\n"
            '\t<tags>\n\t\t<tag raw="X y">xy</tag>\n\t</tags>\n\t<notes />\n</photo>\n</rsp>\n'
        ) == success_xml([self.answer])

    def test_json_has_lists_under_the_name_of_the_child_and_stat_last(self):
        shown = json.loads(success_json([self.answer], "2023"))
        assert {
            "photo": {
                "id": "1",
                "total": 2,
                "flag": True,
                "alias": None,
                "title": {"_content": 'a & "b" <c>'},
                "description": {"_content": ""},
                "tags": {"tag": [{"raw": "X y", "_content": "xy"}]},
                "notes": {"note": []},
            },
            "stat": "ok",
        } == shown
        assert "stat" == list(shown)[-1]

    def test_json_of_2013_has_other_types_and_blanks_after_commas(self):
        text = success_json([self.answer], "2013")
        assert '"total":"2", "flag":1, "alias":null' in text
        assert text.endswith(', "stat":"ok"}')

    def test_slashes_and_letters_are_escaped_as_php_does(self):
        assert '{"x":{"_content":"\\/\\u0107"},"stat":"ok"}' == success_json(
            [text_node("x", "/ć")], "2023"
        )

    def test_an_error_may_carry_more_elements(self):
        assert failure_xml(9, 'Photo "1"', {"duplicate_photo_id": "7"}).endswith(
            '<rsp stat="fail">\n\t<err code="9" msg="Photo &quot;1&quot;" />\n'
            "\t<duplicate_photo_id>7</duplicate_photo_id>\n</rsp>\n"
        )

    @given(st.text())
    def test_any_text_makes_well_formed_xml(self, text):
        ET.fromstring(success_xml([text_node("title", text, raw=text)]))


class TestSignature:
    def test_the_example_of_the_rfc_has_its_base_string(self):
        """RFC 5849, 3.4.1.1."""
        pairs = [
            ("b5", "=%3D"),
            ("a3", "a"),
            ("c@", ""),
            ("a2", "r b"),
            ("oauth_consumer_key", "9djdj82h48djs9d2"),
            ("oauth_token", "kkk9d7dh3k39sjv7"),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", "137131201"),
            ("oauth_nonce", "7d8f3e4a"),
            ("c2", ""),
            ("a3", "2 q"),
        ]
        assert (
            "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D"
            "%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26"
            "oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D"
            "137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
        ) == base_string("POST", "http://example.com/request", pairs)

    def test_the_example_of_oauth_core_has_its_signature(self):
        """OAuth Core 1.0, appendix A.5: the photos of the printer service."""
        pairs = [
            ("file", "vacation.jpg"),
            ("size", "original"),
            ("oauth_consumer_key", "dpf43f3p2l4k3l03"),
            ("oauth_token", "nnch734d00sl2jdk"),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", "1191242096"),
            ("oauth_nonce", "kllo9940pd9333jh"),
            ("oauth_version", "1.0"),
        ]
        base = base_string("GET", "http://photos.example.net/photos", pairs)
        assert "tR3+Ty81lMeYAr/Fid0kMTYa/WM=" == signature(
            base, "kd94hf93k423kf44", "pfkkdhi9sl3r4s00"
        )
