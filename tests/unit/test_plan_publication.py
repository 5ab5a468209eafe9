"""Where a photo is published: its records, its relatives', the journal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_kit import (
    codes,
    family,
    last_sent,
    only_row,
    open_act,
    outcome,
    pending,
    photo,
    published,
    raw,
    record,
)

from socials_lib.models import ID_COLUMN, PLATFORMS, id_from_url
from socials_lib.plan import publication

ALPHABET = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"


def with_records(*values, file_id="1201", platform="flickr"):
    """A photo with one record per mapping of columns."""
    records = tuple(
        replace(record(file_id, platform), values=one, instance_id=number)
        for number, one in enumerate(values, 1)
    )
    return photo(file_id, records=records)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_photo_without_records_is_not_published(platform):
    found = publication(photo(), platform, None)

    assert ("", "") == (found.remote_id, found.problem)


def test_the_record_of_another_platform_says_nothing():
    assert "" == publication(published("1201", "pixelfed", "5301"), "flickr", None).remote_id


@pytest.mark.parametrize(
    ("platform", "url"),
    [
        ("flickr", "https://www.flickr.com/photos/demo/54159001658/"),
        ("pixelfed", "https://pixelfed.example/p/demo/54159001658"),
    ],
)
def test_an_id_that_contradicts_its_own_address_is_two_ids(platform, url):
    mistyped = with_records({ID_COLUMN[platform]: "5415900165", "url": url}, platform=platform)
    found = publication(mistyped, platform, None)

    assert ("duplicate_remote_id", "5415900165 and 54159001658", "") == (
        found.problem,
        found.found,
        found.remote_id,
    )


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_complete_record_tells_everything(platform):
    found = publication(published("1201", platform, "5301"), platform, None)

    assert ("5301", "", "1201", ()) == (
        found.remote_id,
        found.problem,
        found.record_file,
        found.missing,
    )
    assert ("75301" if platform == "pixelfed" else "") == found.media_id
    assert "https://host.example/5301" == found.url


def test_columns_without_a_value_are_named():
    found = publication(with_records({"status_id": "77"}, platform="pixelfed"), "pixelfed", None)

    assert ("posted", "media_id", "url") == found.missing


def test_of_several_records_the_one_with_an_id_counts():
    one = with_records({"posted": "2020-01-01"}, {"photo_id": " 5301 "}, {"url": "somewhere"})

    assert "5301" == publication(one, "flickr", None).remote_id


def test_two_records_with_the_same_id_are_one_photo_and_the_first_is_read():
    one = with_records({"photo_id": "5301", "url": "first"}, {"photo_id": "5301"})

    found = publication(one, "flickr", None)

    assert ("5301", "", "first") == (found.remote_id, found.problem, found.url)


def test_two_different_ids_on_one_file_are_a_duplicate():
    row = only_row(pending(with_records({"photo_id": "5301"}, {"photo_id": "999"}), flags="Pu"))

    assert ("none", "duplicate_remote_id", True) == outcome(row)
    assert (["duplicate_remote_id"], "999 and 5301") == (codes(row), row.problems[0].found)
    assert "" == row.remote_id


def test_an_id_in_the_address_contradicting_the_other_record_is_a_duplicate_too():
    one = with_records(
        {"photo_id": "5301"}, {"url": "https://www.flickr.com/photos/demo/5302/in/album-1/"}
    )

    assert "duplicate_remote_id" == only_row(pending(one, flags="m")).reason


@pytest.mark.parametrize("flags", ["P", "Pu", "Pm", "Pd"])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_record_without_id_and_usable_address_is_lost(platform, flags):
    one = with_records({"posted": "2020-01-01", "url": "https://x.example/"}, platform=platform)

    row = only_row(pending(one, platform, flags))

    assert ("none", "lost_remote_id", True, False) == (*outcome(row), row.approved)


@pytest.mark.parametrize(
    ("platform", "url", "remote_id"),
    [
        ("flickr", "https://www.flickr.com/photos/some-one/53000000001", "53000000001"),
        ("flickr", "https://www.flickr.com/photos/1@N01/53000000001/in/dateposted/", "53000000001"),
        ("flickr", " http://127.0.0.1:80/photos/demo/12?x=1 ", "12"),
        ("flickr", "https://www.flickr.com/photos/demo/12#comments", "12"),
        ("flickr", "https://flic.kr/p/21", "58"),
        ("flickr", "flic.kr/p/2", "1"),
        ("flickr", "https://flic.kr/p/0OIl", ""),
        ("flickr", "https://flic.kr/s/2qXYz1", ""),
        ("flickr", "https://www.flickr.com/photos/demo/", ""),
        ("flickr", "https://www.flickr.com/photos/demo/albums/72177720301234567", ""),
        ("flickr", "https://www.flickr.com/photos/demo/12abc", ""),
        ("flickr", "12", ""),
        ("flickr", "", ""),
        ("pixelfed", "https://pixels.example/p/demo/776655443322", "776655443322"),
        ("pixelfed", "https://pixels.example/p/demo/776655443322/?a=b", "776655443322"),
        ("pixelfed", "https://pixels.example/i/web/post/776655443322", "776655443322"),
        ("pixelfed", "https://pixels.example/demo", ""),
        ("pixelfed", "https://pixels.example/p/demo/77x", ""),
        ("pixelfed", "https://www.flickr.com/photos/demo/12", ""),
    ],
)
def test_an_id_is_read_out_of_an_address(platform, url, remote_id):
    assert remote_id == id_from_url(url, platform)


@pytest.mark.parametrize(
    ("platform", "pasted", "remote_id"),
    [
        ("flickr", " https://www.flickr.com/photos/demo/12/ ", "12"),
        ("flickr", "https://flic.kr/p/21", "58"),
        ("pixelfed", "https://pixels.example/p/demo/12", "12"),
        ("pixelfed", "https://pixels.example/i/web/post/12", "12"),
    ],
)
def test_an_address_pasted_into_the_id_column_is_the_id_inside_it(platform, pasted, remote_id):
    one = with_records({ID_COLUMN[platform]: pasted}, platform=platform)

    row = only_row(pending(one, platform, "Pd"))

    assert ("delete", "flag_delete", False, remote_id) == (*outcome(row), row.remote_id)
    assert ID_COLUMN[platform] in row.record_missing


@pytest.mark.parametrize("flags", ["P", "Pu", "Pd", "d"])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_words_that_are_no_id_are_never_taken_for_one(platform, flags):
    url = {"flickr": "https://www.flickr.com/photos/demo/12", "pixelfed": "https://p.example/p/d/1"}
    one = with_records({ID_COLUMN[platform]: "see web", "url": url[platform]}, platform=platform)

    row = only_row(pending(one, platform, flags))

    assert ("none", "lost_remote_id", True) == outcome(row)
    assert "“see web” is no id" == row.problems[0].found


@given(st.integers(min_value=1, max_value=10**15))
def test_every_short_address_of_flickr_is_read(number):
    letters, rest = "", number
    while rest:
        rest, place = divmod(rest, 58)
        letters = ALPHABET[place] + letters

    assert str(number) == id_from_url(f"https://flic.kr/p/{letters}", "flickr")


def test_an_id_taken_from_the_address_is_written_back_by_the_next_update():
    one = with_records({"posted": "2020-01-01", "url": "https://www.flickr.com/photos/demo/12"})

    row = only_row(pending(one, flags="m"))

    assert ("metadata", "12", ("photo_id",)) == (row.action, row.remote_id, row.record_missing)


# -- what the journal knows


@pytest.mark.parametrize("flags", ["P", "Pu", "d"])
def test_an_id_that_the_journal_knows_and_imatch_lacks_is_lost(flags):
    one = photo()
    known = {"flickr": {"1201": last_sent(one, "flickr", "5301")}}

    row = only_row(pending(one, flags=flags), last_sent=known)

    assert ("none", "lost_remote_id", True) == outcome(row)
    assert "the journal knows 5301, IMatch none" == row.problems[0].found


def test_an_id_that_was_exchanged_in_imatch_is_lost_as_well():
    one = published("1201", "flickr", "8888")
    known = {"flickr": {"1201": last_sent(one, "flickr", "5301")}}

    row = only_row(pending(one, flags="Pu"), last_sent=known)

    assert ("none", "lost_remote_id", True) == outcome(row)
    assert "the journal knows 5301, IMatch 8888" == row.problems[0].found


def test_the_journal_of_another_database_says_nothing_about_this_file():
    one = photo()
    known = {"flickr": {"1201": last_sent(one, "flickr", "5301", path="E:\\other.jpg")}}

    assert ("add", "new", False) == outcome(only_row(pending(one), last_sent=known))


def test_an_id_that_is_just_on_its_way_into_imatch_is_not_lost():
    one = photo()
    known = {"flickr": {"1201": last_sent(one, "flickr", "5301")}}
    act = open_act(one, remote_id="5301")

    row = only_row(pending(one), last_sent=known, open_acts=[act])

    assert ("add", "continue", False, "5301") == (*outcome(row), row.remote_id)


def test_an_open_update_does_not_excuse_a_lost_id():
    one = photo()
    known = {"flickr": {"1201": last_sent(one, "flickr", "5301")}}
    act = open_act(one, action="update", remote_id="5301")

    row = only_row(pending(one, flags="u"), last_sent=known, open_acts=[act])

    assert ("none", "lost_remote_id", True) == outcome(row)


def test_a_master_whose_published_version_lost_its_id_is_not_published_again():
    master, version = family(raw("1501"), photo("1502"))
    known = {"flickr": {"1502": last_sent(version, "flickr", "5301")}}

    row = only_row(pending(master), last_sent=known)

    assert ("none", "lost_remote_id", True) == outcome(row)
    assert "the journal knows 5301 of 1502.jpg, IMatch none" == row.problems[0].found


def test_the_journal_of_another_database_says_nothing_about_relatives():
    master, version = family(raw("1501"), photo("1502"))
    elsewhere = last_sent(version, "flickr", "5301", path="E:\\other.jpg")

    row = only_row(pending(master), last_sent={"flickr": {"1502": elsewhere}})

    assert ("add", "new", False) == outcome(row)


def test_what_was_sent_under_a_relative_s_id_is_no_base_for_the_own_one():
    master, _version = family(published("1", "flickr", "53"), published("2", "flickr", "54"))
    known = {"flickr": {"1": last_sent(master, "flickr", "54")}}

    row = only_row(pending(master, flags="Pm"), last_sent=known)

    assert ("metadata", "53", None) == (row.action, row.remote_id, row.last)
