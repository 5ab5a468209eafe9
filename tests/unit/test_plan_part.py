"""A part of a plan, and the first so many rows of one. Pure."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from socials_lib import plan as planning
from socials_lib.models import Account, Plan, PlanRow
from socials_lib.plan.document import plan_hash
from socials_lib.sync import Approvals, choose


def row(file_id, action="add", *, platform="flickr", **more):
    approved = action in ("add", "update", "metadata", "skip")
    values = {"approved": approved and not more.get("blocked"), **more}
    return PlanRow(
        file_id=file_id,
        name=f"{file_id}.jpg",
        path=rf"D:\{file_id}.jpg",
        platform=platform,
        action=action,
        **values,
    )


def made(*rows):
    plan = Plan(
        plan_id="p-1",
        created=datetime(2026, 11, 22, tzinfo=UTC),
        mode="demo",
        accounts={name: Account(id="1", name="demo") for name in ("flickr", "pixelfed")},
        rows=rows,
    )
    return replace(plan, hash=plan_hash(plan))


def ids(rows):
    return [f"{one.platform}:{one.file_id}" for one in rows]


PLAN = made(
    row("12"),
    row("9", "delete"),
    row("100", "update"),
    row("9", platform="pixelfed"),
    row("3", blocked=True),
    row("4", "metadata", suggested=True, approved=False),
)


def test_a_part_keeps_rows_order_and_accounts_and_has_a_hash_of_its_own():
    part = planning.within(PLAN, ["9", "12", "77"])

    assert ["flickr:12", "flickr:9", "pixelfed:9"] == ids(part.rows)
    assert (PLAN.accounts, {"flickr": 1, "pixelfed": 0}) == (part.accounts, part.left)
    assert PLAN.hash != part.hash == plan_hash(part)
    assert part == planning.from_json(planning.to_json(part))


def test_the_whole_is_no_part():
    assert PLAN is planning.part(PLAN, lambda one: True)
    assert PLAN.left is None
    assert "left" not in planning.to_json(PLAN)


def test_parts_of_parts_add_up_what_they_leave():
    first = planning.within(PLAN, ["12", "9"])

    assert {"flickr": 2, "pixelfed": 1} == planning.within(first, ["12"]).left


@pytest.mark.parametrize(
    ("most", "todo", "left"),
    [
        (None, ["flickr:12", "pixelfed:9", "flickr:100", "flickr:9"], []),
        (1, ["pixelfed:9", "flickr:9"], ["flickr:12", "flickr:100"]),
        (2, ["flickr:12", "pixelfed:9", "flickr:9"], ["flickr:100"]),
        (9, ["flickr:12", "pixelfed:9", "flickr:100", "flickr:9"], []),
    ],
)
def test_the_first_photos_by_number_go_to_all_their_platforms(most, todo, left):
    choice = choose(PLAN, Approvals(deletes=1, most=most))

    assert (todo, left) == (ids(choice.todo), ids(choice.left))


def test_a_delete_without_consent_takes_its_place_and_waits():
    choice = choose(PLAN, Approvals(most=1))

    assert (["pixelfed:9"], ["flickr:9"]) == (ids(choice.todo), ids(choice.waiting))


def test_photos_that_were_tried_in_vain_come_after_all_others():
    choice = choose(PLAN, Approvals(deletes=1, most=1, last=("9",)))

    assert ["flickr:12"] == ids(choice.todo)
    assert 3 == len(choice.left)


def test_what_an_earlier_run_ended_takes_no_place():
    choice = choose(PLAN, Approvals(most=1, only=("add",)), ended={("pixelfed", "9")})

    assert (["flickr:12"], []) == (ids(choice.todo), ids(choice.left))


def test_the_number_is_recorded_with_the_run():
    from socials_lib.sync.approval import approvals_from_plain, approvals_to_plain

    asked = Approvals(deletes=2, only=("add",), most=7)

    assert asked == approvals_from_plain(approvals_to_plain(asked))
    assert approvals_from_plain({"deletes": 1}).most is None
