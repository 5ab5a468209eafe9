"""Keywords and categories as Flickr tags and hashtags; the stamp; albums and groups."""

from __future__ import annotations

from dataclasses import replace

import pytest

from socials_lib.formatting import (
    album_from_category,
    albums,
    clean_tag,
    flickr_tags,
    group_from_category,
    groups,
    hashtags,
    parse_stamp,
    photo_text,
    quote_tags,
    stamp_tags,
    tags,
)
from socials_lib.models import (
    FLICKR_LIMITS,
    PIXELFED_LIMITS,
    Album,
    Category,
    GroupPool,
    Photo,
    Rules,
    TagRule,
)


def photo(*keywords: str, categories: tuple[str, ...] = ()) -> Photo:
    return Photo(
        file_id="1",
        name="a.jpg",
        path="a.jpg",
        format="JPEG",
        keywords=keywords,
        categories=tuple(Category(path=path) for path in categories),
    )


@pytest.mark.parametrize(
    ("keywords", "categories", "expected"),
    [
        ((), (), ()),
        (("Nature|Lake", "Light"), (), ("Nature", "Lake", "Light")),
        (("Nature|Lake", "nature|LAKE|Reed"), (), ("Nature", "Lake", "Reed")),
        ((" Nature | |Lake|",), (), ("Nature", "Lake")),
        ((), ("Location|Portugal|Porto|Ribeira|Cais",), ("Portugal", "Porto", "Ribeira")),
        ((), ("Location|Portugal",), ("Portugal",)),
        ((), ("Location", "Locations|Nowhere", "Old|Location|Nowhere"), ()),
        (
            (),
            ("Image Characteristics|Genre|Landscape|Seascape",),
            ("Landscape", "Landscape photography", "Seascape", "Seascape photography"),
        ),
        ((), ("Image Characteristics|Genre|Astrophotography",), ("Astrophotography",)),
        ((), ("Image Characteristics|Genre|Street photography",), ("Street photography",)),
        ((), ("Image Characteristics|Genre", "Image Characteristics|Colour|Red"), ()),
        ((), ("Event|Festival|Fair|2024", "Event|Celebration|Wedding"), ("Fair", "Wedding")),
        ((), ("Event|Concert|Loud", "Event|Festival"), ()),
        (
            ("Porto", "Trams"),
            (
                "Event|Festival|São João",
                "Image Characteristics|Genre|Travel",
                "Location|Portugal|porto",
                "Socials|flickr",
            ),
            ("Porto", "Trams", "Portugal", "Travel", "Travel photography", "São João"),
        ),
    ],
)  # fmt: skip
def test_the_default_keyword_table(keywords, categories, expected):
    assert expected == tags(photo(*keywords, categories=categories), Rules())


def test_the_keyword_table_is_the_persons():
    rules = Rules(tag_rules=(TagRule(source="Trees", first=1, suffix="tree"),))
    assert ("Oak", "Oak tree") == tags(photo("Lake", categories=("Trees|Oak",)), rules)
    last_only = Rules(tag_rules=(TagRule(source="keywords", first=1, last=1),))
    assert ("Lake",) == tags(photo("Nature|Lake|Reed"), last_only)


@pytest.mark.parametrize(
    ("branch", "expected"),
    [
        ("People", ("Lake", "Germany", "Home")),
        ("people|ANNA", ("Lake", "People", "Ben", "Germany", "Home")),
        ("@Keywords|People", ("Lake", "Germany", "Home")),
        ("Location|Germany|Home", ("Lake", "People", "Anna", "Ben")),
        ("Loc", ("Lake", "People", "Anna", "Ben", "Germany", "Home")),
        ("", ("Lake", "People", "Anna", "Ben", "Germany", "Home")),
    ],
)
def test_private_branches_are_taken_out(branch, expected):
    one = photo("Lake", "People|Anna", "People|Ben", categories=("Location|Germany|Home",))
    assert expected == tags(one, Rules(branches=(branch,)))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Wood Duck", "woodduck"),
        ("São Paulo", "sãopaulo"),
        ("50mm f/1.8", "50mmf18"),
        ("Lake-side", "lakeside"),
        ("日本", "日本"),
        ("हिन्दी", "हिन्दी"),
        ("🌅", ""),
        ("imatch:id=1201", "imatch:id=1201"),
        ("DC:Identifier=https://x.org/", "dc:identifier=httpsxorg"),
        ("1dc:id=x", "1dcidx"),
        ("a:b", "ab"),
    ],
)
def test_the_clean_form_of_a_tag(raw, expected):
    assert expected == clean_tag(raw)
    assert expected == clean_tag(expected)


def test_flickr_tags_are_cleaned_and_doubles_of_the_clean_form_dropped():
    one = photo('Wood "Duck"', "woodduck", "Lake\tEildon\n", "🌅", "imatch:sha=00ff", "São Paulo")
    assert ("Wood Duck", "Lake Eildon", "São Paulo") == flickr_tags(one, Rules(), FLICKR_LIMITS)


@pytest.mark.parametrize(
    ("stamp", "most", "expected"),
    [(True, 75, 73), (False, 75, 75), (True, 1, 0), (True, None, 91)],
)
def test_flickr_tags_are_cut_to_what_a_photo_may_have(stamp, most, expected):
    one = photo(*(f"Word {number}" for number in range(91)))
    limits = replace(FLICKR_LIMITS, max_tags=most)
    text = photo_text(one, "flickr", Rules(stamp=stamp), limits)

    assert tuple(f"Word {number}" for number in range(expected)) == text.tags
    assert 91 == text.tags_before_cut
    assert text.tags == flickr_tags(one, Rules(stamp=stamp), limits)


def test_tags_are_quoted_for_flickr():
    assert '"kayak" "Lake Eildon" "a,b"' == quote_tags(["kayak", 'Lake\n"Eildon"', " ", "a,b"])
    assert "" == quote_tags([])


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Black-and-White", "BlackandWhite"),
        ("C++", "C"),
        ("O'Neill", "ONeill"),
        ("B&W", "BW"),
        ("1st", "1st"),
        ("2024", None),
        ("_", None),
        ("_lead", "_lead"),
        ("nature_photo", "nature_photo"),
        ("日本", "日本"),
        ("Ålesund", "Ålesund"),
        ("A\u030alesund", "Ålesund"),
        ("🌅", None),
        ("#lake", "lake"),
        ("½ past", "past"),
        ("x" * 124, "x" * 124),
        ("x" * 125, None),
    ],
)
def test_hashtags_are_letters_digits_and_underscores(word, expected):
    only = Rules(final_hashtag="")
    assert ((expected,) if expected else ()) == hashtags(photo(word), only)


def test_hashtags_have_no_doubles_and_end_in_the_final_one():
    one = photo("Lake Side", "lakeside", "Photography|Reed")
    assert ("LakeSide", "Reed", "photography") == hashtags(one, Rules())
    assert (
        "LakeSide",
        "Photography",
        "Reed",
        "foto",
    ) == hashtags(one, Rules(final_hashtag="#foto"))
    assert ("photography",) == hashtags(photo(), Rules())


def test_a_stamp_is_read_back_raw_and_clean():
    sha = "0123456789abcdef" * 4
    stamp = stamp_tags("1201", sha)

    assert ("imatch:id=1201", "imatch:sha=0123456789abcdef") == stamp
    assert ("1201", "0123456789abcdef") == parse_stamp(["Lake", *stamp])
    assert ("1201", "0123456789abcdef") == parse_stamp(map(clean_tag, stamp))
    assert ("1201", "ff") == parse_stamp(["IMATCH:ID=1201", 'imatch:sha="ff"'])
    assert parse_stamp(stamp[:1]) is None
    assert parse_stamp(["imatchid1201", "imatchsha0123456789abcdef"]) is None
    assert parse_stamp([]) is None


NEW, OLD = "72177720301234567", "72157600000000001"


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        (NEW, NEW),
        (f"  {OLD} \r\nmore", OLD),
        (f"https://www.flickr.com/photos/anna/sets/{OLD}/", OLD),
        (f"https://www.flickr.com/photos/12345678@N04/albums/{NEW}", NEW),
        (f"flickr.com/photos/12345678%40N04/albums/{NEW}/with/53000000001/", NEW),
        (f"https://www.flickr.com/photos/anna/53000000001/in/album-{NEW}/", NEW),
        (f"https://www.flickr.com/photos/anna/53000000001/in/set-{OLD}", OLD),
        (f"Coast: https://www.flickr.com/photos/anna/albums/{NEW}?page=2", NEW),
        (f"Coast\n{NEW}", ""),
        ("https://www.flickr.com/photos/anna/53000000001/", ""),
        ("https://flic.kr/s/aHskexample", ""),
        ("soon", ""),
        ("", ""),
    ],
)
def test_the_id_of_an_album(description, expected):
    category = Category(path="Socials|flickr|albums|Coast|North", description=description)
    found = Album(name="Coast | North", album_id=expected, category=category.path)
    assert found == album_from_category(category)


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("1234567@N25", "1234567@N25"),
        ("1234567@n25\n", "1234567@N25"),
        ("https://www.flickr.com/groups/1234567@N25/pool/", "1234567@N25"),
        ("https://www.flickr.com/groups/1234567%40N25", "1234567@N25"),
        ("https://www.flickr.com/groups/lakes/pool/", ""),
        ("https://www.flickr.com/photos/1234567@N25/", ""),
        ("1234567", ""),
        ("", ""),
    ],
)
def test_the_id_of_a_group(description, expected):
    category = Category(path="Socials|flickr|groups|Lakes", description=description)
    found = GroupPool(name="Lakes", group_id=expected, category=category.path)
    assert found == group_from_category(category)


def test_albums_and_groups_come_from_the_categories_of_the_photo():
    one = replace(
        photo(),
        categories=(
            Category(path="Socials|flickr"),
            Category(path="Socials|flickr|albums|Coast", description=NEW),
            Category(path="Socials|flickr|albums", description=OLD),
            Category(path="Socials|flickr|albums|Coast", description=NEW),
            Category(path="Socials|flickr|albumsx|Other", description=NEW),
            Category(path="Socials|flickr|groups|Lakes", description="1@N1"),
            Category(path="Socials|flickr|groups"),
            Category(path="Socials|pixelfed|albums|Coast", description=NEW),
        ),
    )
    assert (
        Album(name="Coast", album_id=NEW, category="Socials|flickr|albums|Coast"),
        Album(name="", album_id="", category="Socials|flickr|albums"),
    ) == albums(one)
    assert (
        GroupPool(name="Lakes", group_id="1@N1", category="Socials|flickr|groups|Lakes"),
        GroupPool(name="", group_id="", category="Socials|flickr|groups"),
    ) == groups(one)


def test_the_limit_of_hashtag_letters_is_the_servers():
    short = replace(PIXELFED_LIMITS, max_tag=4)
    assert ("Lake",) == hashtags(photo("Lake", "Birch"), Rules(final_hashtag=""), short)
