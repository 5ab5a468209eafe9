"""The person's own private places, branches, words and patterns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from socials_lib.formatting import albums, groups, photo_text
from socials_lib.models import (
    DEFAULT_LIMITS,
    PLATFORMS,
    Category,
    Circle,
    Photo,
    Problem,
    Rules,
    TagRule,
    UploadFile,
)
from socials_lib.validation import blocks, validate

PHOTO = Photo(
    file_id="1",
    name="anna.jpg",
    path="D:\\Anna\\anna.jpg",
    format="JPEG",
    title="On the jetty",
    headline="Two of us",
    description="Summer.",
    alt_text="Two friends",
    keywords=("Lake",),
    latitude=47.6500,
    longitude=9.1800,
    categories=(Category(path="Image Characteristics|Genre|Portrait"),),
)
UPLOAD = UploadFile(file_id="1", name="anna.jpg", path="x", format="JPEG", bytes=1)


def private(photo: Photo, platform="flickr", **rules) -> list[Problem]:
    limits, own = DEFAULT_LIMITS[platform], Rules(**rules)
    found = validate(
        photo,
        photo_text(photo, platform, own, limits),
        limits=limits,
        rules=own,
        upload=UPLOAD,
        facts=None,
        albums=albums(photo),
        groups=groups(photo),
    )
    assert {one.code for one in found} <= {"private_content"}
    return list(found)


def words(photo: Photo, platform="flickr", **rules) -> list[str]:
    return [one.found for one in private(photo, platform, **rules)]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_there_are_no_rules_by_default(platform):
    assert [] == private(replace(PHOTO, title="Anna, +49 171 1234567, a@b.de"), platform)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_match_blocks_what_is_sent_but_no_delete(platform):
    found = private(replace(PHOTO, headline="Anna and I"), platform, words=("anna",))
    assert ["add", "update", "metadata"] == [
        action for action in ("add", "update", "metadata", "delete") if blocks(found, action)
    ]


@pytest.mark.parametrize(
    ("latitude", "longitude", "matches"),
    [
        (47.6500, 9.1800, True),
        (47.6508, 9.1800, True),
        (47.6510, 9.1800, False),
        (47.6500, 9.1812, True),
        (47.6500, 9.1815, False),
        (-47.6500, 9.1800, False),
        (None, 9.1800, False),
    ],
)
def test_circles_around_private_places(latitude, longitude, matches):
    photo = replace(PHOTO, latitude=latitude, longitude=longitude)
    circle = Circle(latitude=47.65, longitude=9.18, radius=100, name="home")
    found = private(photo, circles=(circle,))
    assert matches == bool(found)
    assert all(one.field == "position" and "“home”" in one.found for one in found)


def test_a_circle_over_the_date_line():
    photo = replace(PHOTO, latitude=0.0, longitude=-179.9999)
    circle = Circle(latitude=0.0, longitude=179.9999, radius=50)
    assert ["a position 22 m from a private place"] == words(photo, circles=(circle,))


@pytest.mark.parametrize(
    ("word", "text", "matches"),
    [
        ("Anna", "ANNA's birthday", True),
        ("Anna", "with Anna_B", True),
        ("Anna", "Annapurna", False),
        ("Anna", "Hosanna", False),
        ("Anna Schmidt", "anna-schmidt was here", True),
        ("Anna Schmidt", "#AnnaSchmidt", True),
        ("Anna Schmidt", "Anna Maria Schmidt", False),
        ("Straße", "STRASSE 5", True),
        ("Zoe\u0308", "zoë", True),
        ("@anna", "@\u2060anna", True),
        ("東京", "東京駅", True),
        ("12", "112", False),
        ("🏠", "my 🏠!", True),
        ("", "anything", False),
        (".*", "anything", False),
    ],
)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_private_words_match_as_whole_words(platform, word, text, matches):
    photo = replace(PHOTO, headline=text)
    assert matches == bool(private(photo, platform, words=(word,)))


@pytest.mark.parametrize(
    ("platform", "changes", "expected"),
    [
        ("flickr", {"title": "Anna"}, "“Anna” in title"),
        ("flickr", {"headline": "Anna"}, "“Anna” in description"),
        ("flickr", {"description": "Anna"}, "“Anna” in description"),
        ("flickr", {"keywords": ("Anna",)}, "“Anna” in tags"),
        ("flickr", {"camera": "Anna's phone"}, "“Anna” in description"),
        ("flickr", {"alt_text": "Anna"}, None),
        ("pixelfed", {"title": "Anna"}, "“Anna” in caption"),
        ("pixelfed", {"headline": "Anna"}, "“Anna” in caption"),
        ("pixelfed", {"description": "Anna"}, None),
        ("pixelfed", {"alt_text": "Anna"}, "“Anna” in alt text"),
        ("pixelfed", {"alt_text": "", "headline": "Anna"}, "“Anna” in caption, alt text"),
        ("pixelfed", {"keywords": ("Anna Schmidt",)}, "“Anna” in tags"),
        ("pixelfed", {"keywords": ("Anna",)}, "“Anna” in caption, tags"),
    ],
)
def test_words_are_looked_for_in_all_that_is_sent(platform, changes, expected):
    found = words(replace(PHOTO, **changes), platform, words=("Anna",))
    assert ([expected] if expected else []) == found


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_private_branch_is_no_problem_where_it_was_taken_out(platform):
    photo = replace(PHOTO, keywords=("Lake", "People|Anna"))
    assert [] == private(photo, platform, branches=("People",))


def test_a_private_branch_matches_where_its_words_still_occur():
    photo = replace(PHOTO, title="Anna on the jetty", keywords=("Lake", "People|Anna", "anna"))
    expected = ["“Anna” of the private branch People|Anna in title, tags"]
    assert expected == words(photo, branches=("People|Anna",))


def test_words_above_a_private_branch_are_nobodys_secret():
    photo = replace(PHOTO, title="People by the lake", keywords=("Lake", "People|Anna"))
    assert [] == words(photo, branches=("People|Anna",))
    assert words(photo, branches=("@Keywords|People",)) != []
    assert [] == words(replace(photo, keywords=("Lake",)), branches=("People",))


def test_a_private_category_branch():
    rules = {"branches": ("Location|Germany|Home",), "tag_rules": (TagRule(source="keywords"),)}
    photo = replace(
        PHOTO,
        description="Home again.",
        categories=(*PHOTO.categories, Category(path="Location|Germany|Home")),
    )
    assert ["description"] == [one.field for one in private(photo, **rules)]


@pytest.mark.parametrize("kind", ["albums|Family", "groups|Family"])
def test_a_private_album_is_not_filled(kind):
    path = f"Socials|flickr|{kind}"
    ids = Category(path=path, description="72157600000000001" if "album" in kind else "1@N2")
    photo = replace(PHOTO, categories=(*PHOTO.categories, ids))
    assert [f"{path} is in the private branch {path}"] == words(photo, branches=(path,))
    assert [] == words(photo, "pixelfed", branches=(path,))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Taken at 47.65012, 9.18034", "coordinates"),
        ("47° 39' 0.4\" N", "coordinates"),
        ("Write to me@example.org", "an e-mail address"),
        ("Call +49 171 1234567", "a telephone number"),
        ("Call 0171/1234567", "a telephone number"),
        ("ISO 3200 | 1/100 sec | f/6.3 | 45.0 mm", None),
        ("01/02/2024, 17:42:10", None),
        ("@ home, 100 photos", None),
        ("Flight 12.5 of 47.6", None),
    ],
)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_patterns_warn_when_switched_on(platform, text, what):
    photo = replace(PHOTO, headline=text)
    found = private(photo, platform, patterns=True)
    assert (1 if what else 0) == len(found)
    for one in found:
        assert one.found.startswith(f"{what} in ")
        assert ("warning", ()) == (one.severity, one.blocks)
    hard = private(photo, platform, patterns=True, errors=("private_content",))
    assert ["error"] * len(found) == [one.severity for one in hard]
