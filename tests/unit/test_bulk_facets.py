"""Facets: which photos they leave, and what they count."""

from datetime import datetime

import pytest
from bulk_kit import photo

from socials_lib.bulk import Facet, Facets
from socials_lib.errors import RecipeError

PHOTOS = (
    photo("1", keywords=("Places|Coast|Harbour", "Light"), iso="200", aperture="6,30"),
    photo("2", keywords=("Places|Coast",), headline="", iso="3200", shutter_speed="1/60"),
    photo("3", keywords=("Places|Coastline",), title="", date_time=None, focal_length="50.0 mm"),
    photo(
        "4",
        keywords=(),
        headline="  ",
        title="Straße im Nebel",
        date_time=datetime.fromisoformat("2023-12-31T23:59:59"),
        categories=("Socials|pixelfed", "@Keywords|Light"),
        latitude=0.0,
    ),
)


def left(*facets):
    return [one.file_id for one in Facets(PHOTOS).select(facets)]


@pytest.mark.parametrize(
    ("expected", "facet"),
    [
        (["1", "2"], Facet(field="keywords", values=("Places|Coast",))),
        (["1", "2", "3"], Facet(field="keywords", values=("Places",))),
        (["1", "3"], Facet(field="keywords", values=("Light", "Places|Coastline"))),
        (["3", "4"], Facet(field="keywords", values=("Places|Coast",), exclude=True)),
        (["2", "4"], Facet(field="headline", present=False)),
        (["1", "3"], Facet(field="headline", present=True)),
        (["4"], Facet(field="keywords", present=False)),
        (["3"], Facet(field="date_time", present=False)),
        (["4"], Facet(field="latitude", present=True)),
        (["4"], Facet(field="title", text="STRASSE")),
        (["1", "2"], Facet(field="keywords", pattern=r"Coast\b")),
        (["4"], Facet(field="date_time", values=("2023",))),
        (["1", "2"], Facet(field="date_time", values=("2024-03",))),
        (["4"], Facet(field="date_time", most="2023-12")),
        (["1", "2"], Facet(field="date_time", least="2024-03-19", most="2024-03-19")),
        (["2"], Facet(field="iso", least=201)),
        (["1"], Facet(field="iso", values=("200",))),
        (["1"], Facet(field="aperture", least=6.3, most=6.3)),
        (["2"], Facet(field="shutter_speed", most=0.02)),
        (["3"], Facet(field="focal_length", values=("50",))),
        (["1"], Facet(field="keywords", least=2)),
        (["4"], Facet(field="title", least=1, most=15)),
        (["4"], Facet(field="categories", values=("Socials|pixelfed",))),
        ([], Facet(field="categories", values=("@Keywords",))),
    ],
)
def test_a_facet_leaves_the_photos_it_names(expected, facet):
    assert expected == left(facet)


def test_all_facets_must_hold():
    both = (
        Facet(field="keywords", values=("Places",)),
        Facet(field="headline", present=False),
    )

    assert ["2"] == left(*both)
    assert ["1", "2", "3", "4"] == left()
    assert 1 == Facets(PHOTOS).count(both)


def test_the_counts_of_a_field_leave_its_own_facets_out():
    facets = Facets(PHOTOS)
    chosen = (Facet(field="keywords", values=("Light",)), Facet(field="headline", present=True))

    found = facets.counts("keywords", chosen)

    assert {"Places": 2, "Places|Coast": 1, "Places|Coast|Harbour": 1, "Places|Coastline": 1} == {
        name: count for name, count in found.values if name != "Light"
    }
    assert (2, 0, 5) == (found.present, found.missing, found.distinct)


def test_counts_come_with_the_most_frequent_first_and_say_what_was_cut():
    found = Facets(PHOTOS).counts("title", limit=1)

    assert (("Fog over the lake", 2),) == found.values
    assert (3, 1, 2) == (found.present, found.missing, found.distinct)


def test_large_numbers_are_counted_to_the_last_digit():
    facets = Facets([photo("1", size=6_291_456), photo("2", size=6_291_457)])

    assert (("6291456", 1), ("6291457", 1)) == facets.counts("size").values
    assert 1 == facets.count([Facet(field="size", values=("6291457",))])


def test_a_hostile_pattern_in_a_facet_ends_with_a_clear_message():
    facets = Facets([photo("1", title="a" * 200 + "b")])

    with pytest.raises(RecipeError, match="takes too long"):
        facets.count([Facet(field="title", pattern="(a|aa)+$")])


def test_numbers_and_dates_have_a_range():
    facets = Facets(PHOTOS)

    assert (200.0, 3200.0) == (facets.counts("iso").least, facets.counts("iso").most)
    dates = facets.counts("date_time")
    assert ("2023-12-31T23:59:59", "2024-03-19T05:06:07") == (dates.least, dates.most)
    assert (("2024", 2), ("2023", 1)) == dates.values
    assert (None, None) == (facets.counts("title").least, facets.counts("title").most)


def test_no_photos_have_empty_counts():
    found = Facets(()).counts("size")

    assert (0, 0, (), None) == (found.present, found.missing, found.values, found.least)


def test_somebody_who_types_a_long_search_fills_no_memory():
    facets = Facets(PHOTOS)
    for number in range(300):
        facets.count([Facet(field="title", text=f"fog {number}")])

    assert len(facets._masks) <= 64


@pytest.mark.parametrize(
    "facet", [Facet(field="colour", present=True), Facet(field="size", least="large")]
)
def test_a_facet_that_makes_no_sense_is_refused(facet):
    with pytest.raises(RecipeError):
        left(facet)
