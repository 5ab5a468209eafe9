"""JSON of IMWS becomes records; what nobody can read is named, never raised."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socials_lib.imatch.records import (
    Unreadable,
    categories_of,
    ids_of,
    inherit,
    parse_aperture,
    parse_date,
    parse_date_time,
    parse_degrees,
    parse_id,
    parse_keywords,
    parse_text,
    parse_whole,
    photo_of,
    records_of,
    relatives_of,
    rows_by_id,
)
from socials_lib.models import Malformed, Photo

GOOD = {
    "id": 1201,
    "fileName": r"D:\Fotos\Häfen\harbour.jpg",
    "name": "harbour.jpg",
    "format": "JPEG",
    "size": 10,
    "dateTime": "2024-03-09T17:42:10",
}


def test_a_whole_file_becomes_a_photo():
    photo = photo_of(
        "1201",
        GOOD
        | {
            "width": 6000,
            "height": "4000",
            "title": "Boats &amp; cranes",
            "headline": "A &lt;b&gt;",
            "hierarchical_keywords": ["Places|Coast", "Light|Dusk"],
            "alt_text": "Tom &amp;amp; Ann&#39;s",
            "iso": "3200",
            "shutter_speed": "1/100",
            "aperture": "6,30",
            "focal_length": "45.0 mm",
            "camera": "EOS &quot;R50&quot;",
            "latitude": "-33,8567844",
            "longitude": 151.25,
            "someOtherMember": {"known": False},
        },
    )
    assert (
        Photo(
            file_id="1201",
            path=r"D:\Fotos\Häfen\harbour.jpg",
            name="harbour.jpg",
            format="JPEG",
            size=10,
            date_time=datetime.fromisoformat("2024-03-09T17:42:10"),
            width=6000,
            height=4000,
            title="Boats &amp; cranes",
            headline="A &lt;b&gt;",
            keywords=("Places|Coast", "Light|Dusk"),
            alt_text="Tom &amp; Ann's",
            iso="3200",
            shutter_speed="1/100",
            aperture="6,30",
            focal_length="45.0 mm",
            camera='EOS "R50"',
            latitude=-33.8567844,
            longitude=151.25,
        )
        == photo
    )


@pytest.mark.parametrize(
    ("member", "found", "field"),
    [
        ("title", ["a", "list"], "title"),
        ("title", {"an": "object"}, "title"),
        ("title", True, "title"),
        ("description", "half \ud83d a pair", "description"),
        ("headline", 3.5e400, None),
        ("hierarchical_keywords", {"a": 1}, "keywords"),
        ("hierarchical_keywords", ["fine", ["nested"]], "keywords"),
        ("size", "36,2 MB", "size"),
        ("size", -1, "size"),
        ("size", 1.5, "size"),
        ("size", True, "size"),
        ("dateTime", "yesterday", "date_time"),
        ("dateTime", "", "date_time"),
        ("dateTime", None, "date_time"),
        ("dateTime", 20240309, "date_time"),
        ("width", "wide", "width"),
        ("aperture", "f/wide", "aperture"),
        ("latitude", "north", "latitude"),
        ("latitude", "91", "latitude"),
        ("longitude", "nan", "longitude"),
        ("longitude", "1" * 400, "longitude"),
        ("fileName", ["x"], "path"),
        ("fileName", "", "path"),
        ("format", 7.5, None),
    ],
)
def test_what_cannot_be_read_is_named(member, found, field):
    photo = photo_of("1201", GOOD | {member: found})

    assert ([field] if field else []) == [one.field for one in photo.malformed]


def test_a_malformed_value_is_shown_in_short():
    photo = photo_of("1201", GOOD | {"size": "x" * 500})

    assert (Malformed(field="size", found="x" * 120),) == photo.malformed
    assert photo.size is None


def test_a_missing_member_is_no_value():
    photo = photo_of("1", {"fileName": "D:\\a.jpg", "dateTime": "2024-03-09T17:42:10"})

    assert () == photo.malformed
    assert ("", (), None, None) == (photo.title, photo.keywords, photo.size, photo.latitude)
    assert "a.jpg" == photo.name


@pytest.mark.parametrize("value", [1201, "1201", " 1201 ", 1201.0, "01201"])
def test_ids_are_text(value):
    assert "1201" == parse_id(value)


@pytest.mark.parametrize("value", [None, "", "x", -1, 0, 1.5, True, [1], "1" * 5000])
def test_what_is_no_id_is_unreadable(value):
    with pytest.raises(Unreadable):
        parse_id(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (7, "7"), (7.0, "7"), (0.5, "0.5"), (5 * 10**15, "5" + "0" * 15)],
)
def test_numbers_are_text_too(value, text):
    assert text == parse_text(value)


def test_a_single_keyword_may_come_as_plain_text():
    assert ("Places|Coast",) == parse_keywords("Places|Coast")


def test_keywords_lose_blanks_and_doubles():
    assert ("a", "b", "7") == parse_keywords([" a", "b", "", "a", None, 7])


@pytest.mark.parametrize(
    "value",
    [
        "2024-03-09T17:42:10",
        "2024-03-09T17:42:10.500",
        "2024-03-09T17:42:10+13:00",
        "2024-03-09T17:42:10Z",
        "2024-03-09 17:42:10",
        "2024:03:09 17:42:10",
        "09.03.2024 17:42:10",
    ],
)
def test_the_wall_clock_is_never_shifted(value):
    assert datetime.fromisoformat("2024-03-09T17:42:10") == parse_date_time(value)


@pytest.mark.parametrize(
    "value",
    [
        "2024-03-19",
        "2024-03-19T00:00:00",
        "2024-03-19 08:00:00 +01:00",
        "19.03.2024",
        "19.03.2024 00:00:00",
        "9.3.2024",
        "03/19/2024",
        "3/19/2024 12:00:00 AM",
        "19/03/2024",
        "2024/03/19",
        "2024:03:19 10:00:00",
    ],
)
def test_dates_of_attributes_have_one_form(value):
    assert ("2024-03-09" if value == "9.3.2024" else "2024-03-19") == parse_date(value)


@pytest.mark.parametrize(
    ("value", "text"), [("8.00", "8.00"), ("5,6", "5,6"), ("f/4", "4"), (8, "8")]
)
def test_apertures_have_either_sign(value, text):
    assert text == parse_aperture(value)


@pytest.mark.parametrize(
    ("value", "degrees"), [("", None), ("0", 0.0), (",5", 0.5), ("-42.1", -42.1)]
)
def test_degrees(value, degrees):
    assert degrees == parse_degrees(value, most=90)


def test_counts():
    assert [None, None, 3, 3] == [parse_whole(one) for one in (None, " ", "3", 3.0)]


def test_a_field_comes_from_the_file_else_from_its_master():
    file = photo_of("1", GOOD | {"title": "Own", "headline": " ", "latitude": "1", "iso": ["?"]})
    master = photo_of("2", GOOD | {"title": "x", "headline": "Up", "longitude": "2", "iso": "100"})
    other = photo_of("3", GOOD | {"headline": "no", "hierarchical_keywords": ["k"]})

    photo = inherit(file, [master, other])

    assert ("Own", "Up", ("k",)) == (photo.title, photo.headline, photo.keywords)
    assert (1.0, None) == (photo.latitude, photo.longitude)
    assert "" == photo.iso, "an unreadable value is not papered over"
    assert {"headline": "2", "keywords": "3"} == dict(photo.sources)


def test_an_unreadable_field_of_the_master_counts_where_it_is_needed():
    master = photo_of("2", GOOD | {"title": ["?"], "headline": ["?"]})

    photo = inherit(photo_of("1", GOOD | {"title": "Own"}), [master])

    assert ["headline"] == [one.field for one in photo.malformed]
    assert {"headline": "2"} == dict(photo.sources)


def test_categories_keep_number_descriptions():
    read = categories_of({"categories": [{"path": "A|b", "description": 721577}, {"path": "C"}]})

    assert [("A|b", "721577"), ("C", "")] == [(one.path, one.description) for one in read.found]
    assert [] == read.malformed


def test_relation_groups_are_flattened_and_files_listed_once():
    file = {"id": "7", "fileName": r"\\nas\x\web.jpg", "format": "JPEG", "size": "12"}
    entry = {"versions": [{"id": 3, "files": [file]}, {"id": 4, "files": [file, {"id": "?"}]}]}

    read = relatives_of(entry, "versions")

    assert [("7", "web.jpg", 12)] == [(one.file_id, one.name, one.size) for one in read.found]
    assert [Malformed(field="versions", found="?")] == read.malformed


def test_a_record_without_instance_id_still_shows_that_the_photo_is_published():
    read = records_of("flickr", "1", {"data": [{"photo_id": 53000000001, "url": None}]})

    assert [{"photo_id": "53000000001"}] == [dict(one.values) for one in read.found]
    assert ["instanceId"] == [one.field for one in read.malformed]


def test_a_date_nobody_can_read_is_kept_so_that_it_is_not_overwritten():
    data = [{"instanceId": 4, "posted": "spring", "note": {"of": "theirs"}}]

    read = records_of("flickr", "1", {"data": data})

    assert [{"posted": "spring"}] == [dict(one.values) for one in read.found]
    assert [Malformed(field="posted", found="spring")] == read.malformed


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = ("fileName", "name", "size", "dateTime", "title", "hierarchical_keywords", "iso")
MORE = ("aperture", "latitude", "longitude", "width", "alt_text", "circa_date", "format")


@given(st.dictionaries(st.sampled_from(MEMBERS + MORE), JSON))
def test_no_file_answer_raises(row):
    photo_of("1", row).fingerprint("flickr")


@given(JSON)
def test_no_other_answer_raises(value):
    categories_of({"categories": value})
    categories_of({"categories": [{"path": value, "description": value}]})
    for entry in ({"masters": value}, {"masters": [{"files": value}]}):
        relatives_of(entry, "masters")
    relatives_of({"masters": [{"files": [{"id": 1, "fileName": value, "size": value}]}]}, "masters")
    records_of("flickr", "1", {"data": value})
    records_of("flickr", "1", {"data": [{"posted": value, "photo_id": value, "x": value}]})
    rows_by_id({"files": value}, "files")
    rows_by_id({"files": [{"id": value}]}, "files")
    ids_of(value)
