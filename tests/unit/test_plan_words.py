"""The plan on a terminal: what leaves for good is seen first, what is held back says why."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socials_lib import validation
from socials_lib.cli import plan_words
from socials_lib.models import Account, PhotoText, Plan, PlanRow, Problem

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


def row(file_id="1", action="add", title="Dawn", platform="flickr", **more):
    text = PhotoText(platform=platform, title=title)
    values = {"name": f"{file_id}.jpg", "path": "", "platform": platform, "text": text}
    return PlanRow(file_id=file_id, action=action, **{**values, **more})


def plan(*rows):
    accounts = {one.platform: Account(id="1", name="demo") for one in rows}
    return Plan(plan_id="p1", created=NOW, mode="demo", accounts=accounts, rows=rows)


def listed(text):
    """The word and the id of each row, in the order of the listing."""
    lines = [line.split() for line in text.splitlines() if line.startswith("   flickr ")]
    return [(line[1], line[2]) for line in lines]


def blocked(file_id="9", action="add", code="not_an_image", **more):
    problem = validation.problem(code, "flickr", **more)
    return row(file_id, action, blocked=True, reason=code, problems=(problem,))


def test_all_deletes_are_listed_before_everything_else_however_many_they_are():
    adds = [row(str(n)) for n in range(100)]
    deletes = [row(str(n), "delete") for n in range(200, 200 + plan_words.MOST_LINES + 7)]
    found = listed(plan_words.plan(plan(*adds, *deletes)))

    assert [("delete", one.file_id) for one in deletes] == found[: len(deletes)]
    assert [("add", str(n)) for n in range(plan_words.MOST_LINES)] == found[len(deletes) :]


def test_what_matters_comes_first_and_suggestions_come_last():
    warning = Problem(code="missing_genre", severity="warning", field="genre")
    rows = [row("1", "metadata", suggested=True), row("2"), row("3", "metadata")]
    rows += [row("4", "update"), row("5", problems=(warning,)), blocked("6"), row("7", "repost")]
    rows += [row("8", "skip"), row("9", "delete")]

    assert [
        ("repost", "7"),
        ("delete", "9"),
        ("blocked", "6"),
        ("add", "5"),
        ("update", "4"),
        ("metadata", "3"),
        ("add", "2"),
        ("skip", "8"),
        ("metadata", "1"),
    ] == listed(plan_words.plan(plan(*rows)))


def test_a_held_back_delete_that_the_person_released_is_a_delete_again():
    """It is carried out, so it must not be taken for one that stays."""
    faulty = blocked("9", "delete", "missing_description")
    held = plan_words.plan(plan(row(), faulty))
    going = plan_words.plan(plan(row(), faulty), released={faulty.key})

    assert [("blocked", "9"), ("add", "1")] == listed(held)
    assert [("delete", "9"), ("add", "1")] == listed(going)


def test_what_is_not_shown_is_counted_by_kind():
    rows = [row(str(n), "update") for n in range(plan_words.MOST_LINES - 1)]
    rows += [row(str(n)) for n in range(100, 104)] + [row("200", "skip")]
    text = plan_words.plan(plan(*rows))

    assert "   … and 4 more: 3 add, 1 skip (" in text


def test_a_blocked_row_says_why_and_what_helps_once():
    faulty = blocked(found="a text file", suggestion="Export it again.")
    text = plan_words.plan(plan(faulty))

    assert [
        "   flickr    blocked          9  Dawn  ✕ not added: Not a picture",
        "             found a text file. Export it again.",
    ] == text.splitlines()[2:4]
    assert "01_sync" in text.splitlines()[4]


def test_each_of_several_problems_has_its_own_way_out():
    problems = tuple(
        validation.problem(code, "flickr", found="nothing", suggestion="Write it.")
        for code in ("missing_title", "missing_description")
    )
    text = plan_words.plan(plan(row(blocked=True, problems=problems)))

    assert [
        "Title missing: found nothing. Write it.",
        "Description missing: found nothing. Write it.",
    ] == [line.strip() for line in text.splitlines()[3:5]]


def test_at_the_question_what_is_held_back_stays_short():
    """Else the deletes above it would leave the screen."""
    text = plan_words.plan(plan(blocked(suggestion="Export it again.")), is_brief=True)

    assert text.endswith("✕ not added: Not a picture")


def test_a_photo_with_two_flags_is_said_to_be_held_back_in_words():
    text = plan_words.plan(plan(blocked("9", "none", "conflicting_flags")))

    assert "   flickr    blocked          9  Dawn  ✕ Two flags\n" in text


def test_a_plan_without_anything_held_back_says_nothing_about_mending():
    assert "Held back" not in plan_words.plan(plan(row()))


def test_what_people_left_stands_with_the_delete():
    one = row("9", "delete")
    text = plan_words.plan(plan(one), answers={one.key: "2 favourites"})

    assert text.endswith("Dawn  ! 2 favourites when last listed")


def test_a_delete_without_consent_says_what_it_waits_for():
    one = row("9", "delete")

    assert plan_words.plan(plan(one), waiting={one.key}).endswith("! waits for --approve-deletes")


def test_the_forecast_counts_the_photos_that_the_platform_hears_of():
    """A skipped photo only leaves its categories: with it the numbers would not add up."""
    lines = plan_words.plan(plan(row("1"), row("2", "update"), row("3", "skip"))).splitlines()

    assert "Flickr: 2 pending = 1 add + 1 update    (1 skipped)" == lines[1]
    assert "   skipped: marked for deletion, but not online" in lines[2]
    assert lines[3].startswith("Flickr: 2 photos, ")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row("1"), row("1", platform="pixelfed")], "1 photo: 1 on Flickr, 1 on Pixelfed? "),
        (
            [row("1"), row("2", "delete"), row("2", "delete", platform="pixelfed")],
            "2 photos: 2 on Flickr, 1 on Pixelfed"
            " (1 on Flickr and 1 on Pixelfed would leave for good)? ",
        ),
        ([row("1"), row("2", "skip")], "1 photo, 1 skipped? "),
    ],
)
def test_the_question_counts_photos_not_rows(rows, said):
    start = "Carry this out on the practice world, "

    assert f"{start}{said}[y/N] " == plan_words.question(rows, "demo")
