"""The decision table of design 3, row by row, on both platforms."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from plan_kit import build, codes, only_row, pending, photo, published

from socials_lib.models import PLATFORMS, Category, Rules

#: published, flags (P = in the platform, u, m, d = `_update`, `_metadata`, `_delete`):
#: action, reason, blocked, approved, which categories are left.
TABLE = {
    (False, "P"): ("add", "new", False, True, ""),
    (False, "Pu"): ("add", "new", False, True, "u"),
    (False, "Pm"): ("add", "new", False, True, "m"),
    (False, "Pum"): ("add", "new", False, True, "um"),
    (False, "u"): ("add", "not_in_platform_category", True, False, "u"),
    (False, "m"): ("add", "not_in_platform_category", True, False, "m"),
    (False, "um"): ("add", "not_in_platform_category", True, False, "um"),
    (False, "Pd"): ("skip", "not_published", False, True, "dP"),
    (False, "d"): ("skip", "not_published", False, True, "d"),
    (True, "Pu"): ("update", "flag_update", False, True, "u"),
    (True, "u"): ("update", "flag_update", False, True, "u"),
    (True, "Pum"): ("update", "flag_update", False, True, "um"),
    (True, "um"): ("update", "flag_update", False, True, "um"),
    (True, "Pm"): ("metadata", "flag_metadata", False, True, "m"),
    (True, "m"): ("metadata", "flag_metadata", False, True, "m"),
    (True, "Pd"): ("delete", "flag_delete", False, False, "dP"),
    (True, "d"): ("delete", "flag_delete", False, False, "d"),
    **{
        (is_published, flags): ("none", "conflicting_flags", True, False, "")
        for is_published in (False, True)
        for flags in ("Pud", "Pmd", "Pumd", "ud", "md", "umd")
    },
}
LEAVES = {"P": "", "u": "|_update", "m": "|_metadata", "d": "|_delete"}


def subject(platform, is_published):
    return published("1201", platform, "5301") if is_published else photo("1201")


@pytest.mark.parametrize(
    ("platform", "case"),
    list(product(PLATFORMS, TABLE)),
    ids=lambda value: value if isinstance(value, str) else f"{'online' * value[0]}-{value[1]}",
)
def test_every_row_of_the_decision_table(platform, case):
    action, reason, blocked, approved, left = TABLE[case]

    row = only_row(pending(subject(platform, case[0]), platform, case[1]))

    assert (action, reason) == (row.action, row.reason)
    assert (blocked, approved, False) == (row.blocked, row.approved, row.suggested)
    assert {f"Socials|{platform}{LEAVES[flag]}" for flag in left} == set(row.leave)
    assert ("5301" if case[0] else "") == row.remote_id
    assert blocked == bool(row.problems)


def test_the_table_names_every_combination_but_an_unflagged_published_photo():
    flags = ["".join(some) for some in product(("", "P"), ("", "u"), ("", "m"), ("", "d"))]
    wanted = {(online, some) for online in (False, True) for some in flags if some}

    assert wanted == set(TABLE) | {(True, "P")}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_unflagged_published_photo_is_no_row(platform):
    assert () == build(pending(published("1201", platform, "5301"), platform)).rows


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_unflagged_published_photo_with_a_problem_is_a_row_that_does_nothing(platform):
    row = only_row(pending(published("1201", platform, "5301", title=""), platform))

    assert ("none", "published", ["missing_title"]) == (row.action, row.reason, codes(row))
    assert (False, False, ()) == (row.blocked, row.approved, row.changes)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("flags", ["Pu", "Pm", "Pd"])
def test_a_faulty_photo_is_neither_updated_nor_deleted_and_keeps_its_action(platform, flags):
    action = {"Pu": "update", "Pm": "metadata", "Pd": "delete"}[flags]

    row = only_row(pending(published("1201", platform, "5301", title=""), platform, flags))

    assert (action, "missing_title", True) == (row.action, row.reason, row.blocked)
    assert row.approved is False


def test_a_faulty_photo_that_was_never_published_may_leave_the_categories():
    row = only_row(pending(photo(title="", description=""), flags="Pd"))

    assert ("skip", "not_published", False, True) == (
        row.action,
        row.reason,
        row.blocked,
        row.approved,
    )


def test_a_setting_lets_faulty_photos_be_deleted():
    faulty = published("1201", "flickr", "5301", title="")

    row = only_row(pending(faulty, flags="Pd"), rules=Rules(allow_faulty_deletes=True))

    assert ("delete", "flag_delete", False) == (row.action, row.reason, row.blocked)


def test_a_warning_blocks_nothing_until_the_settings_make_it_an_error():
    bare = photo(keywords=())

    warned = only_row(pending(bare))
    strict = only_row(pending(bare), rules=Rules(errors=("missing_keywords",)))

    assert (["missing_keywords"], False, True) == (codes(warned), warned.blocked, warned.approved)
    assert ("missing_keywords", True, False) == (strict.reason, strict.blocked, strict.approved)


def test_a_photo_is_judged_for_each_platform_by_its_own_record():
    one = published("1201", "flickr", "5301")

    plan = build(pending(one, "flickr", "Pu"), pending(one, "pixelfed", "Pu"))

    assert [("flickr", "update"), ("pixelfed", "add")] == [
        (row.platform, row.action) for row in plan.rows
    ]


def test_every_problem_is_told_whatever_stops_first():
    row = only_row(pending(photo(title="", keywords=()), flags="ud"))

    assert ["conflicting_flags", "missing_title", "missing_keywords"] == codes(row)


def test_an_album_without_id_only_warns_and_the_rest_is_done():
    one = photo(categories=(*photo().categories, Category(path="Socials|flickr|albums|Coast")))

    row = only_row(pending(one))

    assert (["album_without_id"], "add", False) == (codes(row), row.action, row.blocked)


def test_adds_come_by_date_taken_and_deletes_last():
    early = photo("1300", date_time=photo().date_time.replace(year=2020))
    late = photo("1200")
    same_day = photo("999", date_time=late.date_time)
    online = [published(str(number), "flickr", f"53{number}") for number in (21, 22, 23)]

    plan = build(
        pending(online[0], flags="Pd"),
        pending(online[1], flags="m"),
        pending(photo("50"), flags="Pd"),
        pending(late),
        pending(online[2], flags="u"),
        pending(same_day),
        pending(early),
    )

    assert ["1300", "999", "1200", "23", "22", "21", "50"] == [row.file_id for row in plan.rows]


def test_a_platform_that_has_no_account_is_no_part_of_the_plan():
    plan = build(pending(photo()), accounts={})

    assert ((), {}) == (plan.rows, plan.accounts)


def test_the_plan_of_nothing_is_empty():
    assert () == build().rows


@pytest.mark.parametrize(
    ("platform", "flags", "calls"),
    [("flickr", "P", 4), ("flickr", "Pu", 9), ("pixelfed", "P", 2), ("pixelfed", "Pd", 3)],
)
def test_the_forecast_of_calls_counts_albums_and_groups_on_flickr(platform, flags, calls):
    pools = (
        Category(path="Socials|flickr|albums|Coast", description="721"),
        Category(path="Socials|flickr|groups|Lakes", description="11@N02"),
    )
    one = subject(platform, flags != "P")

    row = only_row(pending(replace(one, categories=one.categories + pools), platform, flags))

    assert calls == row.calls


def test_the_address_is_the_record_s_else_made_from_the_account():
    kept = only_row(pending(published("1201", "flickr", "5301"), flags="u"))
    bare = published("1201", "flickr", "5301")
    bare = replace(bare, records=(replace(bare.records[0], values={"photo_id": "5301"}),))
    made = only_row(pending(bare, flags="u"))

    assert "https://host.example/5301" == kept.url
    assert "https://www.flickr.com/photos/demo/5301/" == made.url
    assert (("posted", "url"), "1201") == (made.record_missing, made.record_file)
