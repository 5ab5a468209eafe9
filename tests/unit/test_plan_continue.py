"""Acts of earlier runs that have not ended, as the plan sees them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from plan_kit import (
    GROUP,
    NOW,
    build,
    codes,
    facts,
    last_sent,
    only_row,
    open_act,
    outcome,
    pending,
    photo,
    published,
)

from socials_lib.models import PLATFORMS, UploadFile

EARLIER, LATER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)


def in_group(group=GROUP):
    one = published("1201", "flickr", "5301")
    return replace(one, categories=(*one.categories, group))


def follow_up(one, **more):
    values = {"state": "waiting", "remote_id": "5301", "target": "11@N02", "not_before": LATER}
    return open_act(one, **{**values, "category": GROUP.path, **more})


def rows(one, *acts, flags="P"):
    """The rows for a photo that was sent as it is, with open acts."""
    known = {"flickr": {one.file_id: last_sent(one, "flickr", "5301")}}
    plan = build(pending(one, flags=flags), open_acts=acts, last_sent=known, files=facts(one))
    return plan.rows


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("action", ["add", "update", "metadata", "delete"])
def test_a_photo_with_an_open_act_keeps_its_action(platform, action):
    one = photo() if action == "add" else published("1201", platform, "5301")

    row = only_row(pending(one, platform), open_acts=[open_act(one, platform, action=action)])

    assert (action, "continue", False) == (row.action, row.reason, row.blocked)
    assert (action != "delete") == row.approved


def test_an_open_act_counts_more_than_the_flags_of_today():
    one = published("1201", "flickr", "5301")

    row = only_row(pending(one, flags="Pd"), open_acts=[open_act(one, action="update")])

    assert ("update", "continue") == (row.action, row.reason)


def test_what_goes_on_is_not_stopped_by_a_fault_of_the_photo():
    faulty = photo(title="")

    row = only_row(pending(faulty), open_acts=[open_act(faulty)])

    assert ("continue", False, ["missing_title"]) == (row.reason, row.blocked, codes(row))


def test_what_goes_on_need_not_be_in_the_platform_category_any_more():
    row = only_row(pending(photo(), flags="u"), open_acts=[open_act(photo())])

    assert ("add", "continue", []) == (row.action, row.reason, codes(row))


def test_conflicting_flags_are_told_before_an_act_goes_on():
    row = only_row(pending(photo(), flags="Pud"), open_acts=[open_act(photo())])

    assert ("none", "conflicting_flags", True) == (row.action, row.reason, row.blocked)


def test_the_id_that_came_back_already_is_shown():
    row = only_row(pending(photo()), open_acts=[open_act(photo(), remote_id="5301")])

    assert ("5301", "https://www.flickr.com/photos/demo/5301/") == (row.remote_id, row.url)


@pytest.mark.parametrize("action", ["add", "update", "delete"])
def test_an_act_whose_end_is_unknown_blocks_the_photo(action):
    one = photo() if action == "add" else published("1201", "flickr", "5301")
    act = open_act(one, action=action, state="unknown", message="Flickr did not answer.")

    row = only_row(pending(one, flags="P"), open_acts=[act])

    assert (action, "unclear_act", True, False) == (
        row.action,
        row.reason,
        row.blocked,
        row.approved,
    )
    assert "Flickr did not answer." == row.problems[0].found


def test_an_unknown_act_without_words_is_told_all_the_same():
    row = only_row(pending(photo()), open_acts=[open_act(photo(), state="unknown")])

    assert "nobody can say how an earlier add ended" == row.problems[0].found


def test_acts_of_another_database_or_file_never_match():
    elsewhere = open_act(photo(), path="E:\\Other\\harbour.jpg", state="unknown")
    other_file = open_act(photo("77"), state="unknown")

    row = only_row(pending(photo()), open_acts=[elsewhere, other_file])

    assert ("add", "new", False) == (row.action, row.reason, row.blocked)


def test_an_act_of_a_file_that_was_moved_or_renamed_since_still_counts():
    then = photo()
    upload = UploadFile(
        file_id="1201",
        name="old.jpg",
        path="D:\\old.jpg",
        format="JPEG",
        bytes=6_000_000,
        mtime_ns=5,
    )
    moved = open_act(then, path="E:\\Other\\1201.JPG", state="unknown")
    renamed = open_act(then, path="D:\\old.jpg", upload=upload, state="unknown")
    another = open_act(
        then, path="D:\\old.jpg", upload=replace(upload, mtime_ns=6), state="unknown"
    )

    reasons = [(moved, "lost_remote_id"), (renamed, "unclear_act"), (another, "new")]
    for act, reason in reasons:
        row = only_row(pending(then), open_acts=[act], files=facts(then))
        assert (reason, reason != "new") == (row.reason, row.blocked), act


def test_an_act_that_only_may_be_of_this_file_is_held_back_and_named():
    elsewhere = open_act(photo(), path="E:\\Other\\1201.JPG", remote_id="5301")

    row = only_row(pending(photo()), open_acts=[elsewhere])

    assert ("none", "lost_remote_id", True, "") == (*outcome(row), row.remote_id)
    assert row.problems[0].found.startswith(
        "an earlier add of E:\\Other\\1201.JPG (online as 5301) has not ended"
    )


def test_the_id_in_its_record_tells_that_an_act_is_of_this_file():
    one = published("1201", "flickr", "5301")
    act = open_act(one, path="E:\\Other\\1201.JPG", action="metadata", remote_id="5301")

    assert "continue" == only_row(pending(one, flags="Pm"), open_acts=[act]).reason


def test_a_photo_with_an_id_is_not_held_back_by_an_act_of_what_may_be_another():
    one = published("1201", "flickr", "5301")
    act = open_act(one, path="E:\\Other\\1201.JPG", remote_id="9")

    assert ("metadata", "flag_metadata", False) == outcome(
        only_row(pending(one, flags="Pm"), open_acts=[act])
    )


# -- follow-ups of photos that are online


def test_a_follow_up_that_waits_is_nothing_to_do():
    assert () == rows(in_group(), follow_up(in_group()))


@pytest.mark.parametrize("state", ["waiting", "refused"])
@pytest.mark.parametrize("not_before", [EARLIER, NOW, None])
def test_a_follow_up_whose_time_has_come_goes_on_and_can_never_publish_again(state, not_before):
    act = follow_up(in_group(), state=state, not_before=not_before)

    (row,) = rows(in_group(), act)

    assert ("metadata", "continue") == (row.action, row.reason)
    assert (True, False, False) == (row.approved, row.suggested, row.blocked)


def test_a_refused_follow_up_goes_on_as_soon_as_the_id_is_mended():
    mended = in_group(replace(GROUP, description="22@N03"))

    (row,) = rows(mended, follow_up(mended, state="refused"))

    assert "continue" == row.reason


def test_a_follow_up_whose_category_the_photo_has_left_is_nothing_to_do():
    one = published("1201", "flickr", "5301")

    assert () == rows(one, follow_up(one, not_before=EARLIER))


def test_a_follow_up_whose_id_was_taken_out_waits_for_its_time():
    bare = in_group(replace(GROUP, description=""))

    (row,) = rows(bare, follow_up(bare))

    assert ("none", ["album_without_id"]) == (row.action, codes(row))


@pytest.mark.parametrize(
    ("flags", "action"), [("Pu", "update"), ("Pm", "metadata"), ("Pd", "delete")]
)
def test_flags_count_more_than_a_waiting_follow_up(flags, action):
    (row,) = rows(in_group(), follow_up(in_group(), not_before=EARLIER), flags=flags)

    assert (action, f"flag_{action}") == (row.action, row.reason)


def test_the_look_whether_an_old_delete_is_through_never_deletes_what_was_added_since():
    one = published("1201", "pixelfed", "5302")
    act = open_act(
        one, "pixelfed", action="delete", state="waiting", remote_id="5301", not_before=EARLIER
    )

    assert () == build(pending(one, "pixelfed"), open_acts=[act]).rows


def test_the_id_of_an_old_delete_is_not_the_id_of_a_new_add():
    act = open_act(photo(), action="delete", state="waiting", remote_id="5301", not_before=EARLIER)

    row = only_row(pending(photo()), open_acts=[act])

    assert ("add", "new", "") == (row.action, row.reason, row.remote_id)
