"""What IMatch alone can tell: one case per finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from plan_kit import GENRE, family, photo, record

from socials_lib import audit
from socials_lib.formatting import photo_text
from socials_lib.models import DEFAULT_LIMITS, Category, Finding, Limits, Malformed, Photo, Rules

NOW = datetime.fromisoformat("2026-11-22T12:00:00")
FLICKR, PIXELFED = Category(path="Socials|flickr"), Category(path="Socials|pixelfed")
ALT = "Fog lifts slowly over a still lake."


def lake(file_id: str = "1", **more: Any) -> Photo:
    """A photo in both platforms without any fault."""
    values: dict[str, Any] = {
        "alt_text": ALT,
        "categories": (GENRE, FLICKR, PIXELFED),
        "size": 6_000_000 + int(file_id),
    }
    return photo(file_id, **{**values, **more})


def examine(*photos: Photo, platform: str = "pixelfed", **more: Any) -> tuple[Finding, ...]:
    values: dict[str, Any] = {"rules": Rules(), "now": NOW}
    return audit.examine_metadata(photos, [platform], **{**values, **more})


def found(*photos: Photo, **more: Any) -> list[tuple[str, str, str, str | None]]:
    return [(one.file_id, one.code, one.field, one.imatch) for one in examine(*photos, **more)]


@pytest.mark.parametrize("platform", ["flickr", "pixelfed"])
def test_a_photo_without_fault_is_no_finding(platform: str) -> None:
    assert [] == found(lake(), platform=platform)


def test_a_photo_of_another_platform_is_not_looked_at() -> None:
    assert [] == found(lake(title="", categories=(FLICKR,)))


@pytest.mark.parametrize("field", ["title", "headline", "description", "keywords"])
def test_missing_fields(field: str) -> None:
    empty: Any = () if field == "keywords" else "  "

    assert [("1", "missing_field", field, None)] == found(lake(**{field: empty}), platform="flickr")


def test_a_missing_genre() -> None:
    assert [("1", "missing_field", "genre", None)] == found(lake(categories=(PIXELFED,)))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "alt_text_missing"),
        ("LAKE 1", "alt_text_is_title"),
        ("A lake", "alt_text_too_short"),
        ("Unbelievable", "alt_text_too_short"),
        ("Image of a lake in the fog", "alt_text_begins_with_image_of"),
        ("A photograph showing the lake", "alt_text_begins_with_image_of"),
    ],
)
def test_alt_texts(text: str, code: str) -> None:
    assert [("1", code, "alt_text", text or None)] == found(lake(alt_text=text))


def test_an_alt_text_may_speak_of_pictures() -> None:
    assert [] == found(lake(alt_text="A wall with a picture of a lighthouse"))


def test_alt_texts_are_nothing_to_flickr() -> None:
    assert [] == found(lake(alt_text=""), platform="flickr")


def test_what_does_not_fit() -> None:
    small = {"pixelfed": Limits(max_bytes=1, max_caption=60)}
    one = lake(camera="Canon EOS R50")
    whole = photo_text(one, "pixelfed", Rules(), DEFAULT_LIMITS["pixelfed"]).caption
    tight = {"pixelfed": Limits(max_bytes=1, max_caption=len(whole) - 1)}

    assert {"too_long"} <= {code for _, code, _, _ in found(lake(title="x" * 99), limits=small)}
    [(_, code, field, shown)] = found(one, limits=tight)
    assert ("nearly_too_long", "caption", "camera line") == (code, field, shown)


def test_more_tags_than_flickr_takes() -> None:
    words = tuple(f"word {number}" for number in range(91))

    [(_, code, field, shown)] = found(lake(keywords=words), platform="flickr")

    assert ("too_many_keywords", "tags") == (code, field)
    assert shown is not None and shown.endswith("tags")


def test_the_rarer_spelling_of_a_keyword_is_found() -> None:
    usual = [lake(str(n), keywords=("Nature|Wood Duck",)) for n in (1, 2)]

    [finding] = examine(*usual, lake("3", keywords=("nature|wood  duck",)))[:1]

    assert ("3", "keyword_spellings", "nature") == (finding.file_id, finding.code, finding.imatch)
    assert "Usually “Nature” (2 photos)." == finding.suggestion


def test_private_branches_are_named() -> None:
    one = lake(keywords=("People|Anna", "Lake"))

    private = found(one, rules=Rules(branches=("people",)))

    assert [("1", "private_keyword", "keywords", "People|Anna")] == private


def test_dates() -> None:
    future = datetime.fromisoformat("2031-01-01T00:00:00")

    assert [("1", "date_missing", "date_time", None)] == found(lake(date_time=None))
    assert [("1", "date_in_future", "date_time", "2031-01-01 00:00:00")] == found(
        lake(date_time=future)
    )
    assert [("1", "date_circa", "date_time", "about 1950")] == found(lake(circa_date="about 1950"))


def test_the_same_picture_twice() -> None:
    copies = [replace(lake("1"), size=5), replace(lake("2"), size=5), lake("3")]

    assert [
        ("1", "same_picture_twice", "file", "2.jpg"),
        ("2", "same_picture_twice", "file", "1.jpg"),
    ] == found(*copies)
    assert ["same_picture_twice"] * 2 == [one[1] for one in found(*family(lake("1"), lake("2")))]


def test_a_photo_in_an_album_that_is_not_published() -> None:
    album = Category(path="Socials|flickr|albums|Coast", description="721")
    only = lake(categories=(GENRE, album))

    assert [("1", "album_without_publication", "albums", "albums|Coast")] == found(
        only, platform="flickr"
    )
    assert [] == found(lake(categories=(GENRE, album, FLICKR)), platform="flickr")


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"posted": ""}, "posted", "no posted"),
        ({"photo_id": "abc"}, "photo_id", "abc is no id"),
        (
            {"url": "https://www.flickr.com/photos/demo/78/"},
            "url",
            "the address is of 78, the id is 77",
        ),
    ],
)
def test_odd_attribute_records(values: dict[str, str], field: str, words: str) -> None:
    one = lake(records=(record("1", "flickr", "77", **values),))

    assert [("1", "attribute_oddity", field, words)] == found(one, platform="flickr")


def test_several_records_and_unreadable_values() -> None:
    two = lake(records=(record("1", "flickr", "77"), record("1", "flickr", "77")))
    odd = lake(malformed=(Malformed(field="records", found="[]"),))

    assert [("1", "attribute_oddity", "photo_id", "2 records")] == found(two, platform="flickr")
    assert ["attribute_oddity"] == [one[1] for one in found(odd, platform="flickr")]


def test_the_completeness_matrix_counts_what_is_filled() -> None:
    photos = [lake("1"), lake("2", headline="", categories=(FLICKR,))]

    cells = {
        (one.platform, one.field): (one.filled, one.total)
        for one in audit.completeness(photos, ["flickr", "pixelfed"])
    }

    assert (1, 2) == cells["flickr", "headline"]
    assert (1, 1) == cells["pixelfed", "headline"]
    assert (1, 2) == cells["flickr", "genre"]
    assert (2, 2) == cells["flickr", "date_time"]
    assert 14 == len(cells)
