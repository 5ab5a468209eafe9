"""Which rows are carried out, and which wait until somebody agrees."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_kit import ACCOUNTS, NOW

from socials_lib import validation
from socials_lib.errors import SettingsError
from socials_lib.models import ACTIONS, Plan, PlanRow
from socials_lib.sync.approval import Approvals, choose, parse_only, row_name


def row(file_id, action="add", platform="flickr", **more):
    """A row as a plan saves it: approved if nothing speaks against it."""
    free = action not in ("delete", "repost", "none") and not (
        more.get("blocked") or more.get("suggested")
    )
    values = {"file_id": file_id, "name": f"{file_id}.jpg", "path": f"D:\\{file_id}.jpg"}
    return PlanRow(platform=platform, action=action, **{**values, "approved": free, **more})


def plan(*rows):
    accounts = {name: facts.account for name, facts in ACCOUNTS.items()}
    return Plan(plan_id="p", created=NOW, mode="demo", accounts=accounts, rows=rows)


def held(file_id, *codes, **more):
    """A delete that these problems hold back."""
    problems = tuple(validation.problem(code, "flickr") for code in codes)
    return row(file_id, "delete", blocked=True, problems=problems, **more)


def done(choice):
    return [one.file_id for one in choice.todo]


def waits(choice):
    return [one.file_id for one in choice.waiting]


EVERYTHING = plan(
    row("1"),
    row("2", "update"),
    row("3", "metadata"),
    row("4", "delete"),
    row("5", "delete", "pixelfed"),
    row("6", "skip"),
    row("7", "none"),
    row("8", blocked=True),
    row("9", "metadata", suggested=True),
)


# -- deletes and their number


@pytest.mark.parametrize("bound", [None, 0, 1, -1])
def test_more_deletes_than_approved_and_none_is_done_while_the_rest_is(bound):
    choice = choose(EVERYTHING, Approvals(deletes=bound))

    assert ["1", "2", "3", "6"] == done(choice)
    assert ["4", "5"] == waits(choice)
    assert "Approve with --approve-deletes 2." == choice.hint


@pytest.mark.parametrize("bound", [2, 3, 1000])
def test_as_many_deletes_as_approved_or_fewer_are_done(bound):
    choice = choose(EVERYTHING, Approvals(deletes=bound))

    assert ["1", "2", "3", "4", "5", "6"] == done(choice)
    assert ((), "", "") == (choice.waiting, choice.reason, choice.hint)


def test_the_reason_says_what_would_be_deleted_and_what_may():
    assert "2 photos would be deleted, and nobody has said how many may go." == (
        choose(EVERYTHING, Approvals()).reason
    )
    assert "2 photos would be deleted, more than the 1 that may go." == (
        choose(EVERYTHING, Approvals(deletes=1)).reason
    )
    assert choose(plan(row("4", "delete")), Approvals()).reason.startswith("1 photo would")


def test_a_plan_without_deletes_needs_no_number():
    choice = choose(plan(row("1"), row("6", "skip")), Approvals())

    assert (["1", "6"], (), "") == (done(choice), choice.waiting, choice.reason)


def test_the_number_is_about_the_whole_plan_whatever_only_leaves_out():
    three = plan(row("1", "delete"), row("2", "delete"), row("3", "delete", "pixelfed"))

    assert [] == done(choose(three, Approvals(deletes=2, only=("delete",))))
    assert ["1", "2", "3"] == done(choose(three, Approvals(deletes=3, only=("delete",))))


def test_deletes_that_only_leaves_out_lack_nobody_s_consent():
    choice = choose(EVERYTHING, Approvals(only=("add",)))

    assert (["1"], (), "", "") == (done(choice), choice.waiting, choice.reason, choice.hint)


def test_naming_a_delete_never_replaces_the_number():
    choice = choose(EVERYTHING, Approvals(ids=("4", "5")))

    assert ["4", "5"] == waits(choice)


def test_an_approval_typed_into_the_file_deletes_nothing():
    typed = plan(row("4", "delete", approved=True), held("5", "missing_title", approved=True))

    choice = choose(typed, Approvals())

    assert ([], ["4"]) == (done(choice), waits(choice))


# -- approve ID


@pytest.mark.parametrize("name", ["9", "flickr:9"])
def test_a_suggestion_is_released_by_either_spelling_of_its_id(name):
    choice = choose(EVERYTHING, Approvals(ids=(name,)))

    assert "9" in done(choice)


@pytest.mark.parametrize("name", ["pixelfed:9", "99", "flickr", ":9", "flickr:", "FLICKR:9"])
def test_another_id_releases_nothing(name):
    assert "9" not in done(choose(EVERYTHING, Approvals(ids=(name,))))


def test_a_bare_id_releases_the_photo_on_both_platforms():
    both = plan(
        row("9", "metadata", suggested=True), row("9", "metadata", "pixelfed", suggested=True)
    )

    assert 2 == len(choose(both, Approvals(ids=("9",))).todo)
    assert ["pixelfed"] == [
        one.platform for one in choose(both, Approvals(ids=("pixelfed:9",))).todo
    ]


def test_a_blocked_row_is_released_by_nothing():
    both = plan(row("8", blocked=True), row("9", "metadata", suggested=True, blocked=True))

    assert [] == done(choose(both, Approvals(ids=("8", "9"), deletes=9)))


def test_a_row_that_does_nothing_is_never_done():
    assert [] == done(choose(plan(row("7", "none", approved=True)), Approvals(ids=("7",))))


def test_a_row_whose_approval_was_taken_back_is_not_done():
    assert [] == done(choose(plan(row("1", approved=False)), Approvals()))


def test_an_approved_suggestion_is_done_without_its_id():
    ticked = plan(row("9", "metadata", suggested=True, approved=True))

    assert ["9"] == done(choose(ticked, Approvals()))


# -- deletes held back by a fault


@pytest.mark.parametrize("name", ["4", "flickr:4"])
@pytest.mark.parametrize(
    "codes", [("missing_title",), ("missing_description", "file_too_large"), ("missing_headline",)]
)
def test_a_delete_held_back_by_a_fault_is_released_by_its_id_and_counts(name, codes):
    one = plan(held("4", *codes), row("5", "delete"))

    assert ([], ["4", "5"]) == (
        done(choose(one, Approvals(ids=(name,), deletes=1))),
        waits(choose(one, Approvals(ids=(name,), deletes=1))),
    )
    assert ["4", "5"] == done(choose(one, Approvals(ids=(name,), deletes=2)))


def test_a_delete_that_stays_held_back_does_not_count():
    one = plan(held("4", "missing_title"), row("5", "delete"))

    choice = choose(one, Approvals(deletes=1))

    assert (["5"], []) == (done(choice), waits(choice))


@pytest.mark.parametrize(
    "code", ["same_picture_twice", "conflicting_flags", "duplicate_remote_id", "unclear_act"]
)
def test_what_blocks_everything_holds_a_delete_back_for_good(code):
    one = plan(held("4", code), held("5", code, "missing_title"))

    assert [] == done(choose(one, Approvals(ids=("4", "5"), deletes=9)))


def test_a_warning_beside_the_fault_does_not_matter():
    fault = held("4", "missing_title", "missing_keywords", "private_content")

    assert ["4"] == done(choose(plan(fault), Approvals(ids=("4",), deletes=1)))


def test_a_delete_blocked_for_no_reason_that_can_be_seen_is_not_released():
    assert [] == done(choose(plan(held("4")), Approvals(ids=("4",), deletes=1)))


# -- reposts


def test_a_repost_needs_its_id_and_the_number():
    one = plan(row("4", "repost", "pixelfed"))

    assert (["4"], []) == (
        done(choose(one, Approvals(ids=("pixelfed:4",), deletes=1))),
        waits(choose(one, Approvals(ids=("pixelfed:4",), deletes=1))),
    )
    for lacking in (Approvals(), Approvals(deletes=1), Approvals(ids=("4",))):
        choice = choose(one, lacking)
        assert ([], ["4"]) == (done(choice), waits(choice))
        assert choice.reason
        assert "--approve" in choice.hint


def test_an_unnamed_repost_keeps_no_delete_from_being_done():
    both = plan(row("4", "repost", "pixelfed"), row("5", "delete"))

    choice = choose(both, Approvals(deletes=1))

    assert (["5"], ["4"]) == (done(choice), waits(choice))
    assert "Approve with --approve pixelfed:4 --approve-deletes 2." == choice.hint


def test_a_blocked_repost_does_not_even_wait():
    choice = choose(plan(row("4", "repost", "pixelfed", blocked=True)), Approvals(ids=("4",)))

    assert ([], []) == (done(choice), waits(choice))


# -- only, and the ticks of a notebook


@pytest.mark.parametrize(
    ("only", "ids"),
    [
        (("add",), ["1"]),
        (("update", "metadata"), ["2", "3"]),
        (("delete",), ["4", "5", "6"]),
        ((), ["1", "2", "3", "4", "5", "6"]),
    ],
)
def test_only_limits_the_actions(only, ids):
    assert ids == done(choose(EVERYTHING, Approvals(only=only, deletes=9)))


def test_in_the_notebook_the_ticks_are_the_plan():
    choice = choose(EVERYTHING, Approvals(keys=("flickr:4", "flickr:1"), deletes=1))

    assert ["1", "4"] == done(choice)


def test_more_ticked_deletes_than_were_typed_and_none_is_done():
    choice = choose(EVERYTHING, Approvals(keys=("flickr:4", "pixelfed:5", "flickr:1"), deletes=1))

    assert (["1"], ["4", "5"]) == (done(choice), waits(choice))


def test_no_tick_means_no_row():
    choice = choose(EVERYTHING, Approvals(keys=(), deletes=9))

    assert ([], []) == (done(choice), waits(choice))


def test_ticks_name_platform_and_file():
    assert [] == done(choose(EVERYTHING, Approvals(keys=("1", "pixelfed:1"))))
    assert "flickr:1" == row_name(EVERYTHING.rows[0])


# -- order


def test_rows_are_done_in_the_order_of_a_run_and_of_the_plan():
    mixed = plan(
        row("1", "delete"),
        row("2", "skip"),
        row("3", "metadata"),
        row("4", "update"),
        row("5", "add", "pixelfed"),
        row("6"),
        row("7", "repost", "pixelfed"),
    )

    choice = choose(mixed, Approvals(deletes=2, ids=("7",)))

    assert ["5", "6", "4", "3", "7", "1", "2"] == done(choice)


ROWS = st.lists(
    st.builds(
        row,
        st.integers(1, 20).map(str),
        st.sampled_from([*ACTIONS, "none"]),
        st.sampled_from(["flickr", "pixelfed"]),
        blocked=st.booleans(),
        suggested=st.booleans(),
        approved=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda one: one.key,
).map(lambda rows: plan(*rows))


@given(ROWS, st.none() | st.integers(0, 4), st.lists(st.integers(1, 20).map(str), max_size=4))
def test_nothing_is_deleted_beyond_the_number_and_nothing_blocked_is_done(some, bound, ids):
    choice = choose(some, Approvals(deletes=bound, ids=tuple(ids)))

    gone = [one for one in choice.todo if one.action in ("delete", "repost")]
    assert len(gone) <= (bound or 0)
    assert not any(one.blocked for one in choice.todo)
    assert not {one.key for one in choice.todo} & {one.key for one in choice.waiting}
    assert len(choice.todo) == len({one.key for one in choice.todo})
    assert bool(choice.waiting) == bool(choice.reason) == bool(choice.hint)
    assert all(one.approved or one.file_id in ids for one in choice.todo if one not in gone)


# -- the words of --only


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("add", ("add",)),
        ("delete, add", ("delete", "add")),
        ("", ()),
        (" update ,,metadata,", ("update", "metadata")),
    ],
)
def test_only_is_a_list_of_actions(text, only):
    assert only == parse_only(text)


@pytest.mark.parametrize("text", ["adds", "add,everything", "skip", "none", "add;delete", "ADD"])
def test_only_refuses_other_words(text):
    with pytest.raises(SettingsError, match="--only does not know") as caught:
        parse_only(text)

    assert "add, update, metadata, delete" in caught.value.hint


def test_approvals_say_nothing_unless_asked():
    assert replace(Approvals(), deletes=None) == Approvals()
    for one, names in product(EVERYTHING.rows, [Approvals()]):
        assert (False, True) == (names.names(one), names.wants(one))
