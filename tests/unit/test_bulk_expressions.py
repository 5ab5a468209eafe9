"""The expression facet: what it holds for, and what is refused without ever being evaluated."""

from datetime import datetime

import pytest
from bulk_kit import photo

from socials_lib import bulk
from socials_lib.errors import RecipeError

PHOTOS = (
    photo("1", keywords=("Places|Coast|Harbour", "Light"), iso="200", aperture="6,30"),
    photo("2", keywords=("Places|Coast",), headline="", iso="3200"),
    photo("3", title="", date_time=None, keywords=()),
    photo("4", title="Straße 12 of 40", date_time=datetime.fromisoformat("2023-12-31T23:59:59")),
)


def left(expression, **more):
    chosen = bulk.Facets(PHOTOS).select([bulk.Facet(expression=expression, **more)])
    return [one.file_id for one in chosen]


@pytest.mark.parametrize(
    ("expected", "expression"),
    [
        (["1", "3", "4"], "headline"),
        (["2"], "not headline"),
        (["2"], "missing(headline) and title"),
        (["1", "4"], '"Light" in keywords'),
        (["2", "3"], '"Light" not in keywords'),
        (["1", "2", "4"], 'below(keywords, "Places|Coast")'),
        (["1"], "iso == 200"),
        (["1", "2"], "iso < 4000"),
        (["1"], "aperture >= 6.3 and iso / 2 <= 100"),
        (["4"], "year == 2023"),
        (["1", "2"], "2024 <= year <= 2024 and day > 1"),
        (["3"], "missing(date_time)"),
        (["4"], 'date_time < "2024" and date_time'),
        (["4"], r'matches(title, "\d+ of \d+")'),
        (["1", "2"], 'lower(title) == "fog over the lake"'),
        (["4"], 'starts(title, "Str") or ends(title, "nothing")'),
        (["1", "2", "4"], "words(title) > 3 and len(title) <= 17"),
        (["3"], "len(keywords) == 0"),
        (["1", "2", "4"], 'format in ["JPEG", "PNG"] and number(title) != 9 and title'),
        (["2"], "-iso < -1000"),
        ([], "iso / 0 > 1"),
        (["1", "2", "3", "4"], "1 < 2"),
    ],
)
def test_an_expression_leaves_the_photos_it_holds_for(expected, expression):
    assert expected == left(expression)


def test_an_expression_works_together_with_a_field_and_can_be_turned_round():
    assert ["2"] == left("iso > 100", field="headline", present=False)
    assert ["2"] == left("headline", exclude=True)


@pytest.mark.parametrize(
    ("fact", "expression"),
    [
        ("is empty", "  "),
        ("cannot be read", "title =="),
        ("no field “titel”", "titel"),
        ("no field “__import__”", "__import__"),
        ("no function “__import__”", '__import__("os")'),
        ("no function “open”", 'open("x")'),
        ("no function", 'title.format("x")'),
        ("not part of an expression", "title.__class__"),
        ("not part of an expression", "[one for one in keywords]"),
        ("not part of an expression", "lambda: 1"),
        ("not part of an expression", "keywords[0]"),
        ("not part of an expression", "9 ** 9"),
        ("not part of an expression", '(title := "x")'),
        ("not part of an expression", 'f"{title}"'),
        ("not part of an expression", 'b"x" in title'),
        ("Use == or !=", "title is headline"),
        ("takes one value", "len(title, headline)"),
        ("takes 2 values", "below(keywords)"),
        ("a field and a pattern in quotes", "matches(title, headline)"),
        ("a text is compared with a number", "title > 5"),
        ("only numbers", 'title + "x"'),
        ("letters, at most", "title or " * 500 + "title"),
        ("too long", "title or " * 101 + "title"),
        ("nested too deeply", "not " * 60 + "title"),
        ("unclosed|unterminated|cannot be used", 'matches(title, "(")'),
    ],
)
def test_what_is_not_in_the_language_is_refused_with_a_clear_message(fact, expression):
    with pytest.raises(RecipeError, match=fact) as caught:
        left(expression)
    assert caught.value.hint or "at most" in str(caught.value)


def test_a_hostile_pattern_in_an_expression_is_stopped():
    photos = [photo("1", title="a" * 40 + "b")]
    with pytest.raises(RecipeError, match="takes too long"):
        bulk.Facets(photos).select([bulk.Facet(expression='matches(title, "(a|aa)+$")')])
