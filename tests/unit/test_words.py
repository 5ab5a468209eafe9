"""The words of the command line: counts that add up, plain numbers, English dates, safe titles."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from socials_lib.cli import plan_words, run_words, words
from socials_lib.cli.console import readable
from socials_lib.models import (
    Account,
    Check,
    Engagement,
    Event,
    Note,
    Outcome,
    PhotoText,
    Plan,
    PlanRow,
    Problem,
    Run,
)

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


def row(file_id="1", action="add", title="Dawn", **more):
    text = PhotoText(platform="flickr", title=title)
    values = {"name": f"{file_id}.jpg", "path": "", "platform": "flickr", "text": text}
    return PlanRow(file_id=file_id, action=action, **{**values, **more})


def plan(*rows, **more):
    accounts = {one.platform: Account(id="1", name="demo") for one in rows}
    return Plan(plan_id="p1", created=NOW, mode="demo", accounts=accounts, rows=rows, **more)


def outcome(file_id="1", state="done", **more):
    return Outcome(
        file_id=file_id, name="dawn.jpg", platform="flickr", action="add", state=state, **more
    )


def run(*outcomes, **more):
    values = {"run": "r1", "started": NOW, "ended": NOW, "state": "done", "mode": "demo"}
    return Run(outcomes=outcomes, **{**values, **more})


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 photos"), (1, "1 photo"), (2, "2 photos"), (40_112, "40,112 photos")]
)
def test_photos_are_counted(count, said):
    assert said == words.photos(count)


def test_the_counts_of_a_plan_add_up():
    rows = [row(str(n)) for n in range(1_200)]
    rows += [row("2000", "delete"), row("2001", blocked=True), row("2002", "metadata")]
    rows += [row("2003", "metadata", suggested=True), row("2004", "skip"), row("2005", "none")]
    line = plan_words.plan(plan(*rows)).splitlines()[1]

    assert (
        "Flickr: 1,203 pending = 1,200 add + 1 metadata + 1 delete + 1 blocked"
        "    (1 suggested, 1 skipped)"
    ) == line


def test_a_plan_names_itself_its_mode_and_its_warnings():
    first, second, *_ = plan_words.plan(
        plan(row(), warnings=("Flickr does not answer.",))
    ).splitlines()

    assert ("Plan p1, DEMO", "! Flickr does not answer.") == (first, second)


def test_an_empty_plan_says_so():
    empty = Plan(
        plan_id="p1",
        created=NOW,
        mode="demo",
        accounts={"flickr": Account(id="", name="")},
        rows=(),
    )

    assert ["Flickr: 0 pending = 0", "Nothing is pending."] == plan_words.plan(empty).splitlines()[
        1:
    ]


def test_a_long_plan_is_cut_and_says_where_the_rest_is():
    lines = plan_words.plan(
        plan(*[row(str(n)) for n in range(plan_words.MOST_LINES + 3)])
    ).splitlines()

    said = "… and 3 more: 3 add (`socials plan --json` or `--out FILE` has all)"
    assert said == lines[-1].strip()
    assert 3 + plan_words.MOST_LINES + 1 == len(lines)


def test_a_blocked_row_names_each_problem_once():
    problems = [Problem(code="malformed_record", severity="error", field=one) for one in "ab"]
    problems.append(Problem(code="missing_genre", severity="warning", field="genre"))
    text = plan_words.plan(plan(row(blocked=True, problems=tuple(problems))))

    listed = [line for line in text.splitlines() if "Dawn" in line]
    assert ["   flickr    blocked          1  Dawn  ✕ not added: Unreadable record"] == listed


def test_warnings_and_suggestions_are_noted():
    problem = Problem(code="missing_genre", severity="warning", field="genre")
    text = plan_words.plan(plan(row(suggested=True, problems=(problem,))))

    assert text.endswith("Dawn  ! suggested, No genre")


def test_a_long_title_is_cut_at_sixty_letters_and_stays_one_line():
    text = plan_words.plan(plan(row(title="word\n" * 40)))

    title = text.splitlines()[-1].split("  ")[-1]
    assert (60, "…") == (len(title), title[-1])


def test_a_photo_without_title_goes_by_its_name():
    assert plan_words.plan(plan(row(title=""))).endswith("1.jpg")


@pytest.mark.parametrize(
    ("rows", "mode", "said"),
    [
        ([row()], "demo", "Carry this out on the practice world, 1 photo? [y/N] "),
        (
            [row(), row("2", "delete")],
            "live",
            "Carry this out on the real accounts, 2 photos (1 photo would leave for good)? [y/N] ",
        ),
    ],
)
def test_the_question_says_how_many_where_and_what_is_lost(rows, mode, said):
    assert said == plan_words.question(rows, mode)


def test_a_run_is_counted_and_only_what_needs_a_word_is_listed():
    text = run_words.run(
        run(
            outcome(),
            outcome("2", warnings=(Note(code="group_full", message="“Lakes” takes it tomorrow."),)),
            outcome("3", "failed", message="“Fog” is no picture.", hint="Export it again."),
        )
    )

    assert [
        "Flickr: 2 added, 1 failed",
        "   flickr    add              2  ✓ done: dawn.jpg",
        "             ! “Lakes” takes it tomorrow.",
        "   flickr    add              3  ✕ failed: “Fog” is no picture.",
        "             Export it again.",
    ] == text.splitlines()


def test_a_hint_is_said_once():
    stopped = [
        outcome(str(n), "untouched", message=f"“{n}” was not started", hint="Go on.")
        for n in range(3)
    ]

    assert 1 == run_words.run(run(*stopped, message="The run was stopped.", hint="Go on.")).count(
        "Go on."
    )


def test_a_run_without_rows_says_so():
    assert "Nothing to do." == run_words.run(run())


@pytest.mark.parametrize("state", ["failed", "blocked", "stale", "skipped", "unknown", "untouched"])
def test_every_state_has_a_sign_and_a_word(state):
    line = run_words.run(run(outcome(state=state))).splitlines()[-1]

    sign, word = line.split()[3:5]
    assert not sign.isalpha()
    assert word.strip(":").isalpha()


def test_the_history_has_a_line_for_each_run():
    early = run(outcome(), started=NOW - timedelta(days=400), origin="command line")
    early = replace(early, ended=early.started + timedelta(minutes=6))
    line = run_words.history([early])

    assert line.endswith(" Flickr: 1 added, 6 min")
    assert " Oct 2025, " in line
    assert "No run yet." == run_words.history([])


def test_a_run_that_did_not_end_has_no_length():
    assert run_words.history([run(ended=None, state="broken")]).endswith("nothing to do")


def test_today_is_only_the_clock():
    zone = timezone(timedelta(hours=10))
    now = NOW.astimezone(zone)  # the 23rd there

    assert "04:00" == words.when(NOW, now)
    assert "22 Nov 2026, 04:00" == words.when(NOW - timedelta(days=1), now)
    assert "1 Nov 2026, 04:00" == words.when(NOW - timedelta(days=22), now)


def test_open_runs_are_listed_or_there_are_none():
    assert "Nothing is open." == run_words.open_runs(())
    assert run_words.open_runs([run()]).startswith("Open is:\n")


def test_a_row_that_ended_is_a_line_of_progress():
    event = Event(
        at=NOW, run="r1", step="row", state="done", title="Dawn", done=1_018, total=2_000,
        outcome=outcome(),
    )  # fmt: skip

    said = "1,018 of 2,000  ✓ done           flickr    add       “Dawn”"
    assert said == run_words.progress_line(event).strip()


def test_a_wait_says_until_when():
    until = NOW + timedelta(minutes=5)
    event = Event(at=NOW, run="r1", step="wait", state="waiting", until=until, message="a pause")

    assert f"until {until.astimezone():%H:%M:%S}: a pause" in run_words.progress_line(event)


def test_other_events_are_not_worth_a_line():
    assert "" == run_words.progress_line(Event(at=NOW, run="r1", step="upload", state="sending"))


def test_the_checklist_has_signs_hints_and_what_is_worth_copying():
    checks = [
        Check(name="IMatch answers", state="ok", found="yes", copy="not shown when ok"),
        Check(name="Category missing", state="failed", found="Socials|flickr", hint="Create it."),
        Check(name="Error categories", state="warning", found="0 of 2 exist", copy="a|b\na|c"),
    ]

    assert [
        "1 of 3 ready",
        " ✓ IMatch answers         yes",
        " ✕ Category missing       Socials|flickr",
        "     Create it.",
        " ! Error categories       0 of 2 exist",
        "         a|b",
        "         a|c",
    ] == words.doctor(checks).splitlines()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\nlines", "two\nlines"),
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("back\rover\tit", r"back\rover\tit"),
        ("\u202egnivil", r"\u202egnivil"),
        ("🌋 غروب e\u0301", "🌋 غروب e\u0301"),
    ],
)
def test_no_title_can_play_with_the_terminal(text, shown):
    assert shown == readable(text)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Engagement(), "no comments, no favourites"),
        (Engagement(comments=1, favourites=2), "1 comment and 2 favourites"),
        (
            Engagement(comments=2, favourites=8, reblogs=3),
            "2 comments, 8 favourites and 3 reblogs",
        ),
        (Engagement(favourites=1_204), "1,204 favourites"),
        (Engagement(reblogs=1, comments=1), "1 comment and 1 reblog"),
        (Engagement(pictures=3), "3 pictures in one post"),
        (Engagement(favourites=1, pictures=2), "1 favourite and 2 pictures in one post"),
        (
            Engagement(hidden=True),
            "unknown answers (not shown online: deleted there, or archived)",
        ),
    ],
)
def test_what_people_left_is_said_in_words(found, said):
    assert said == found.in_words()


def test_one_text_is_one_text():
    assert "1 text updated" == run_words._terms({"added": 0, "metadata": 1})
    assert "3 added, 2 texts updated" == run_words._terms({"added": 3, "metadata": 2})
