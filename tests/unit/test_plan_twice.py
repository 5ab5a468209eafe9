"""One id or one picture on several files: which of them acts."""

from __future__ import annotations

from dataclasses import replace

from plan_kit import (
    build,
    codes,
    family,
    last_sent,
    only_row,
    outcome,
    pending,
    photo,
    published,
    raw,
    record,
    rows_of,
)

from socials_lib.models import Category

COAST = Category(path="Socials|flickr|albums|Coast", description="721")
PIER = Category(path="Socials|flickr|albums|Pier", description="722")
LAKES = Category(path="Socials|flickr|groups|Lakes", description="11@N02")


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

    rows = rows_of(
        build(pending(master, flags="Pu"), pending(version, flags="Pu"), last_sent=known)
    )

    assert ("same_picture_twice", "flag_update") == (rows["1513"].reason, rows["1514"].reason)


def test_a_file_that_was_renamed_since_it_was_published_still_acts():
    master, version = copied("1513", "1514")
    known = {"flickr": {"1514": last_sent(version, "flickr", "53", path="E:\\other.jpg")}}

    rows = rows_of(
        build(pending(master, flags="Pu"), pending(version, flags="Pu"), last_sent=known)
    )

    assert ("same_picture_twice", "flag_update") == (rows["1513"].reason, rows["1514"].reason)


def test_what_the_journal_published_under_another_id_does_not_act():
    master, version = copied("1513", "1514")
    known = {"flickr": {"1514": last_sent(version, "flickr", "99")}}

    rows = rows_of(
        build(pending(master, flags="Pu"), pending(version, flags="Pu"), last_sent=known)
    )

    assert ("update", "flag_update", False) == outcome(rows["1513"])
    assert ["same_picture_twice", "lost_remote_id"] == codes(rows["1514"])


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


def test_one_photo_is_in_the_albums_and_groups_of_all_its_files_in_the_list():
    master, version = family(published("1", "flickr", "53"), photo("2"))
    other = published("3", "flickr", "54", categories=(PIER,))
    master = replace(master, categories=(*master.categories, COAST))
    version = replace(version, categories=(*version.categories, COAST, PIER, LAKES))

    rows = rows_of(build(*(pending(one, flags="Pm") for one in (master, version, other))))

    assert ["same_picture_twice"] == codes(rows["2"])
    assert ["721", "722"] == [one.album_id for one in rows["1"].albums]
    assert ["11@N02"] == [one.group_id for one in rows["1"].groups]
    assert ["722"] == [one.album_id for one in rows["3"].albums]
