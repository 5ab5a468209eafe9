"""Small text rules, and properties that hold for any text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socials_lib.formatting import (
    aperture,
    clean_tag,
    date_in_words,
    flickr_tags,
    hashtags,
    iso,
    letters,
    photo_text,
    pixelfed_alt_text,
    pixelfed_caption,
    quote_tags,
    shorten_at_word,
    shutter,
    tidy,
)
from socials_lib.models import DEFAULT_LIMITS, PIXELFED_LIMITS, Category, Photo, Rules


def strip_tags(text: str) -> str:
    """The rule of facts/pixelfed.md 8: from a `<` that is not followed by white space up to `>`."""
    return re.sub(r"<(?![ \t\n\v\f\r])[^>]*>?", "", text).replace("\0", "")


def server_tags(text: str) -> list[str]:
    """Hashtags by the facts: `#`, then letters, digits and underscores, not digits alone."""
    found = re.findall(r"(?<![^\W_])#(\w+)", text)
    return [word for word in found if not re.fullmatch(r"[\d_]+", word)]


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("I <3 you #x", "I "),
        ("5<6 and 7>3", "53"),
        ("a < b > c", "a < b > c"),
        ("tag <foo bar", "tag "),
        ("x <-- y", "x "),
        ("<b>x</b> <i>y</i>", "x y"),
    ],
)
def test_the_strip_rule_of_these_tests_is_that_of_the_facts(sent, stored):
    assert stored == strip_tags(sent)
    assert pixelfed_caption(sent) == strip_tags(pixelfed_caption(sent))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6,30", "f/6.3"),
        ("6.30", "f/6.3"),
        ("4.00", "f/4"),
        ("5,60", "f/5.6"),
        ("11", "f/11"),
        ("22.00", "f/22"),
        ("1.25", "f/1.25"),
        ("2.828", "f/2.83"),
        ("1234", "f/1230"),
        ("0.95", "f/0.95"),
        ("f/8", "f/8"),
        ("f8", "f/8"),
        ("F 5,6", "f/5.6"),
        ("ƒ/2.8", "f/2.8"),
        (" 4. ", "f/4"),
        ("0.00", ""),
        ("", ""),
        ("wide open", ""),
        ("1,234.5", ""),
        ("-4", ""),
        ("1e3", ""),
        ("nan", ""),
        ("inf", ""),
        ("٦", ""),
    ],
)
def test_apertures_are_read_with_either_decimal_sign(text, expected):
    assert expected == aperture(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/100", "1/100 sec"),
        ("2", "2 sec"),
        ("0.5", "0.5 sec"),
        ("1/100 s", "1/100 s"),
        ("30 sec", "30 sec"),
        ('2"', '2"'),
        ("Bulb", "Bulb"),
        (" ", ""),
    ],
)
def test_shutter_speeds_get_one_unit(text, expected):
    assert expected == shutter(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3200", "ISO 3200"), ("ISO 3200", "ISO 3200"), ("iso200", "iso200"), ("", "")],
)
def test_iso_is_said_once(text, expected):
    assert expected == iso(text)


def test_dates_are_english_without_leading_zeros():
    assert "19 March 2024" == date_in_words(datetime.fromisoformat("2024-03-19T23:59:59"))
    assert "1 December 987" == date_in_words(date(987, 12, 1))


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("Fog over the lake", 17, "Fog over the lake"),
        ("Fog over the lake", 16, "Fog over the"),
        ("Fog over the lake", 12, "Fog over the"),
        ("Fog over the lake", 11, "Fog over"),
        ("Fog, over", 8, "Fog"),
        ("Fog – over", 7, "Fog"),
        ("Foghorn", 3, "Fog"),
        ("Foghorn", 0, ""),
        ("  Fog  ", 3, "Fog"),
        ("Fog\nover", 5, "Fog"),
        ("👩‍👩‍👧🌅", 2, ""),
        ("🌅👩‍👩‍👧", 3, "🌅"),
        ("👍🏽", 1, ""),
        ("e\u0301e\u0301", 3, "e\u0301"),
    ],
)
def test_shortening_keeps_whole_words(text, limit, expected):
    assert expected == shorten_at_word(text, limit)


anything = st.text(
    st.characters(codec=None) | st.sampled_from("<>@#&\"'|\r\n\t\0 \u200b\u2060@ab1_")
)
paths = st.lists(anything, max_size=4).map("|".join)
roots = st.sampled_from(["Location|", "Event|Festival|", "Image Characteristics|Genre|"])
below_roots = st.builds(str.__add__, roots, paths)
photos = st.builds(
    Photo,
    file_id=st.just("1"),
    name=st.just("a.jpg"),
    path=st.just("a.jpg"),
    format=st.just("JPEG"),
    date_time=st.none() | st.datetimes(),
    title=anything,
    headline=anything,
    description=anything,
    alt_text=anything,
    keywords=st.lists(paths, max_size=8).map(tuple),
    categories=st.lists(st.builds(Category, path=below_roots), max_size=3).map(tuple),
    circa_date=anything,
    iso=anything,
    shutter_speed=anything,
    aperture=anything,
    focal_length=anything,
    camera=anything,
    lens=anything,
)


@given(photos)
@settings(deadline=None)
def test_any_caption_survives_the_server_unchanged(photo):
    text = photo_text(photo, "pixelfed", Rules(), PIXELFED_LIMITS)
    assert text.caption == strip_tags(text.caption)
    assert not re.search(r"<[a-zA-Z/!?]", text.alt_text)
    for sent in (text.caption, text.alt_text):
        assert sent == sent.strip()
        assert "\r" not in sent
        sent.encode()
    assert not re.search(r"[@＠]\w", text.caption)


@given(photos, st.integers(0, 300))
@settings(deadline=None)
def test_no_caption_exceeds_its_limit_while_something_can_be_dropped(photo, most):
    limits = replace(PIXELFED_LIMITS, max_caption=most)
    text = photo_text(photo, "pixelfed", Rules(), limits)
    whole = photo_text(photo, "pixelfed", Rules(), replace(limits, max_caption=None))
    assert letters(text.caption) <= most or not text.tags
    assert letters(whole.caption) > most or text == whole
    assert text.tags == whole.tags[: len(text.tags)]


@given(photos)
@settings(deadline=None)
def test_every_hashtag_is_one_to_the_server(photo):
    found = hashtags(photo, Rules())
    assert list(found) == server_tags(" ".join(f"#{word}" for word in found))
    assert len(found) == len({word.casefold() for word in found})
    assert "photography" == found[-1]
    assert all(len(word) <= 124 for word in found)


@given(photos)
@settings(deadline=None)
def test_flickr_reads_the_quoted_tags_as_they_are(photo):
    found = flickr_tags(photo, Rules())
    assert list(found) == re.findall(r'"([^"]*)"', quote_tags(found))
    cleaned = [clean_tag(word) for word in found]
    assert all(cleaned)
    assert len(cleaned) == len(set(cleaned))
    assert len(found) <= 73


@given(photos, st.sampled_from(["flickr", "pixelfed"]))
@settings(deadline=None)
def test_the_same_photo_has_the_same_text(photo, platform):
    limits = DEFAULT_LIMITS[platform]
    text = photo_text(photo, platform, Rules(), limits)
    assert text == photo_text(photo, platform, Rules(), limits)
    assert "\ufdd0" not in repr(text)


@given(anything)
def test_cleaning_twice_changes_nothing_more(text):
    for clean in (tidy, clean_tag, pixelfed_caption, pixelfed_alt_text, iso, shutter, aperture):
        assert clean(clean(text)) == clean(text)


@given(anything, st.integers(0, 40))
def test_shortened_texts_fit_and_are_beginnings(text, limit):
    short = shorten_at_word(text, limit)
    assert letters(short) <= limit
    assert text.strip().startswith(short)
