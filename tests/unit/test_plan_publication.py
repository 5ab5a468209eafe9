"""Where a photo is published, which file acts for it, and which file is sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_kit import (
    ACCOUNTS,
    build,
    codes,
    family,
    last_sent,
    only_row,
    open_act,
    pending,
    photo,
    published,
    record,
    rows_of,
)

from socials_lib.models import FLICKR_LIMITS, PLATFORMS, FileFacts, RelatedFile
from socials_lib.plan import candidate_paths, choose_upload, publication
from socials_lib.plan.publication import id_from_url

ALPHABET = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"


def with_records(*values, file_id="1201", platform="flickr"):
    """A photo with one record per mapping of columns."""
    records = tuple(
        replace(record(file_id, platform), values=one, instance_id=number)
        for number, one in enumerate(values, 1)
    )
    return photo(file_id, records=records)


def raw(file_id, **more):
    return photo(file_id, name=f"{file_id}.CR3", path=f"D:\\RAW\\{file_id}.CR3", format="CR3", **more)


def outcome(row):
    return (row.action, row.reason, row.blocked)


# -- records


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_photo_without_records_is_not_published(platform):
    found = publication(photo(), platform, None)

    assert ("", "") == (found.remote_id, found.problem)


def test_the_record_of_another_platform_says_nothing():
    assert "" == publication(published("1201", "pixelfed", "5301"), "flickr", None).remote_id


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
        ("flickr", "https://flic.kr/p/2qXYz1", "5388706344"),
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


# -- one id on several files


def test_one_id_on_two_strangers_is_a_duplicate_for_both_and_none_acts():
    plan = build(
        pending(published("1", "flickr", "53"), flags="Pu"),
        pending(published("2", "flickr", "53"), flags="Pd"),
        pending(published("3", "flickr", "54"), flags="Pu"),
    )

    rows = rows_of(plan)

    assert ("none", "duplicate_remote_id", True) == outcome(rows["1"]) == outcome(rows["2"])
    assert "53 is also on 2.jpg" == rows["1"].problems[0].found
    assert "53 is also on 1.jpg" == rows["2"].problems[0].found
    assert ("update", "flag_update", False) == outcome(rows["3"])


def test_the_same_number_on_two_platforms_is_no_duplicate():
    plan = build(
        pending(published("1", "flickr", "53"), "flickr", "m"),
        pending(published("2", "pixelfed", "53"), "pixelfed", "m"),
    )

    assert ["metadata", "metadata"] == [row.action for row in plan.rows]


def test_the_id_may_sit_on_the_master():
    _master, version = family(published("1511", "flickr", "5301"), photo("1512"))

    row = only_row(pending(version, flags="Pm"))

    assert ("metadata", "5301", "1511") == (row.action, row.remote_id, row.record_file)


def test_the_id_may_sit_on_a_version():
    master, _version = family(raw("1511"), published("1512", "flickr", "5301"))

    row = only_row(pending(master, flags="Pu"))

    assert ("update", "5301", "1512") == (row.action, row.remote_id, row.record_file)


def test_an_own_id_counts_more_than_a_relative_s():
    master, version = family(published("1", "flickr", "53"), published("2", "flickr", "54"))

    plan = build(pending(master, flags="m"), pending(version, flags="m"))

    assert {"1": "53", "2": "54"} == {row.file_id: row.remote_id for row in plan.rows}
    assert not any(row.blocked for row in plan.rows)


def test_an_own_record_without_id_is_no_loss_while_a_relative_has_the_id():
    version = photo("1512", records=(record("1512", "flickr"),))
    _master, version = family(published("1511", "flickr", "5301"), version)

    assert ("metadata", "flag_metadata", False) == outcome(only_row(pending(version, flags="m")))


def test_a_master_whose_versions_have_different_ids_is_a_duplicate():
    master, *_ = family(raw("1"), published("2", "flickr", "53"), published("3", "flickr", "54"))

    assert ("none", "duplicate_remote_id", True) == outcome(only_row(pending(master)))


def test_a_master_whose_versions_act_for_themselves_stands_back():
    files = family(raw("1"), published("2", "flickr", "53"), published("3", "flickr", "54"))

    rows = rows_of(build(*(pending(one, flags="Pm") for one in files)))

    assert ("none", "same_picture_twice", True) == outcome(rows["1"])
    assert ("metadata", "flag_metadata", False) == outcome(rows["2"]) == outcome(rows["3"])


# -- same picture twice


def copied(*records):
    """Master and version, both accepted, with copied records of one id."""
    return family(*(published(file_id, "flickr", "53") for file_id in records))


def test_of_two_relatives_with_one_id_the_master_acts():
    master, version = copied("1513", "1514")

    rows = rows_of(build(pending(version, flags="Pm"), pending(master, flags="Pm")))

    assert ("metadata", "flag_metadata", False) == outcome(rows["1513"])
    assert ("metadata", "same_picture_twice", True) == outcome(rows["1514"])
    assert "1513.jpg stands for this picture" == rows["1514"].problems[0].found


def test_of_two_relatives_with_one_id_the_one_that_the_journal_published_acts():
    master, version = copied("1513", "1514")
    known = {"flickr": {"1514": last_sent(version, "flickr", "53")}}

    rows = rows_of(build(pending(master, flags="Pu"), pending(version, flags="Pu"), last_sent=known))

    assert ("same_picture_twice", "flag_update") == (rows["1513"].reason, rows["1514"].reason)


def test_what_the_journal_published_in_another_database_does_not_act():
    master, version = copied("1513", "1514")
    known = {"flickr": {"1514": last_sent(version, "flickr", "53", path="E:\\other.jpg")}}

    rows = rows_of(build(pending(master, flags="Pu"), pending(version, flags="Pu"), last_sent=known))

    assert ("flag_update", "same_picture_twice") == (rows["1513"].reason, rows["1514"].reason)


def test_of_a_whole_family_with_one_id_one_acts_and_none_is_a_duplicate():
    files = copied("1", "2", "3")
    known = {"flickr": {"2": last_sent(files[1], "flickr", "53")}}

    for journal, actor in ((None, "1"), (known, "2")):
        plan = build(*(pending(one, flags="Pm") for one in files), last_sent=journal)
        assert [actor] == [row.file_id for row in plan.rows if not row.blocked]
        assert {"same_picture_twice"} == {row.reason for row in plan.rows if row.blocked}


def test_two_siblings_with_one_id_are_duplicates_without_their_master():
    _master, one, other = copied("1", "2", "3")

    rows = rows_of(build(pending(one, flags="Pm"), pending(other, flags="Pm")))

    assert {"duplicate_remote_id"} == {row.reason for row in rows.values()}


def test_a_stranger_with_the_family_s_id_makes_it_a_duplicate_for_those_who_act():
    master, version = copied("1", "2")
    stranger = published("3", "flickr", "53")

    rows = rows_of(build(*(pending(one, flags="Pm") for one in (master, version, stranger))))

    assert ("duplicate_remote_id", "same_picture_twice", "duplicate_remote_id") == tuple(
        rows[file_id].reason for file_id in "123"
    )


def test_same_picture_twice_is_tested_before_everything_else():
    master, version = copied("1513", "1514")

    rows = rows_of(build(pending(master, flags="Pm"), pending(version, flags="Pmd")))

    assert ("same_picture_twice", "none") == (rows["1514"].reason, rows["1514"].action)
    assert ["same_picture_twice", "conflicting_flags"] == codes(rows["1514"])


def test_an_unpublished_master_that_would_send_its_version_stands_back_for_it():
    master, version = family(raw("1515"), photo("1516"))

    rows = rows_of(build(pending(master), pending(version)))

    assert ("add", "same_picture_twice", True) == outcome(rows["1515"])
    assert ("add", "new", False) == outcome(rows["1516"])


def test_of_two_unpublished_files_that_would_send_themselves_the_master_acts():
    master, version = family(photo("1515"), photo("1516"))

    rows = rows_of(build(pending(version), pending(master)))

    assert ("add", "new", False) == outcome(rows["1515"])
    assert ("add", "same_picture_twice", True) == outcome(rows["1516"])


def test_siblings_are_separate_photos():
    _master, one, other = family(raw("1501"), photo("1502"), photo("1519"))

    assert [False, False] == [row.blocked for row in build(pending(one), pending(other)).rows]


def test_a_master_that_stands_back_keeps_no_sibling_from_acting():
    master, large, small = family(raw("1"), photo("2", size=9_000_000), photo("3", size=1_000))

    rows = rows_of(build(*map(pending, (master, large, small))))

    assert (True, False, False) == tuple(rows[file_id].blocked for file_id in "123")


def test_a_master_that_sends_a_third_file_acts_for_the_version_in_the_list():
    master, _large, small = family(raw("1"), photo("2", size=9_000_000), photo("3", size=1_000))

    rows = rows_of(build(pending(master), pending(small)))

    assert (False, "same_picture_twice") == (rows["1"].blocked, rows["3"].reason)


def test_a_lost_master_and_its_version_are_both_held_back():
    master, version = family(raw("1"), photo("2"))
    known = {"flickr": {"1": last_sent(master, "flickr", "53")}}

    rows = rows_of(build(pending(master), pending(version), last_sent=known))

    assert [True, True] == [row.blocked for row in rows.values()]
    assert all("lost_remote_id" in codes(row) for row in rows.values())


def test_files_of_which_only_one_is_in_the_list_are_no_pair():
    master, version = family(raw("1515"), photo("1516"))

    assert not only_row(pending(master)).blocked
    assert not only_row(pending(version)).blocked


def test_pairs_are_looked_for_on_each_platform():
    master, version = family(raw("1515"), photo("1516"))

    plan = build(pending(master, "flickr"), pending(version, "pixelfed"))

    assert not any(row.blocked for row in plan.rows)


# -- which file is sent


def version(file_id, size=1000, image_format="JPEG"):
    return RelatedFile(
        file_id=file_id,
        name=f"{file_id}.x",
        path=f"D:\\{file_id}.x",
        format=image_format,
        size=size,
    )


def chosen(one, limits=FLICKR_LIMITS, files=None):
    found = choose_upload(one, limits, files or {})
    return found.file_id if found else None


@pytest.mark.parametrize("name", ["JPEG", "jpg", "JPE", " Jpeg ", "PNG", "gif"])
def test_the_categorised_file_is_sent_if_its_format_is_accepted(name):
    one = photo("7", format=name, versions=(version("8", 10**6),))

    assert "7" == chosen(one)
    assert (one.path,) == candidate_paths(one, FLICKR_LIMITS.formats)


@pytest.mark.parametrize(
    ("versions", "best"),
    [
        ((version("1", 9, "PNG"), version("2", 1)), "2"),
        ((version("1", 1), version("2", 3), version("3", 2)), "2"),
        ((version("10", 3), version("9", 3)), "9"),
        ((version("1", 209_715_201), version("2", 5)), "2"),
        ((version("1", 209_715_200), version("2", 5)), "1"),
        ((version("1", 5, "TIFF"), version("2", 5, "DNG")), None),
        ((version("1", 5, "TIFF"), version("2", None, "GIF")), "2"),
        ((), None),
    ],
)
def test_else_its_best_version_is_sent(versions, best):
    one = photo("7", format="CR3", versions=versions)

    assert best == chosen(one)
    assert (best is None) == (candidate_paths(one, FLICKR_LIMITS.formats) == ())


def test_a_version_of_a_format_that_this_account_does_not_take_is_not_sent():
    one = photo("7", format="CR3", versions=(version("1", 9, "PNG"), version("2", 5, "GIF")))

    assert "2" == chosen(one, replace(FLICKR_LIMITS, formats=("GIF",)))


def test_the_size_is_the_larger_of_imatch_s_and_the_disk_s():
    versions = (version("1", 5), version("2", 4))
    one = photo("7", format="CR3", versions=versions)
    files = {"D:\\2.x": FileFacts(path="D:\\2.x", size=6, mtime_ns=3)}

    found = choose_upload(one, FLICKR_LIMITS, files)

    assert found is not None
    assert ("2", 6, 3, "JPEG") == (found.file_id, found.bytes, found.mtime_ns, found.format)


def test_a_photo_that_has_no_file_to_send_is_blocked():
    row = only_row(pending(raw("1401")))

    assert ("add", "invalid_format", True) == outcome(row)
    assert row.upload is None


def test_the_account_decides_what_is_accepted():
    png = photo("1", format="PNG", name="1.png", path="D:\\1.png")
    limits = replace(ACCOUNTS["pixelfed"].limits, formats=("JPEG",))
    accounts = {"pixelfed": replace(ACCOUNTS["pixelfed"], limits=limits)}

    row = only_row(pending(png, "pixelfed"), accounts=accounts)

    assert "invalid_format" == row.reason
