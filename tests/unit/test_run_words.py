"""What a run says while it goes on, at its end, and in the history."""

from __future__ import annotations

from datetime import UTC, datetime

from socials_lib.cli import run_words
from socials_lib.models import Event, Outcome, Run

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


def outcome(file_id="1", state="done", **more):
    values = {"name": "dawn.jpg", "platform": "flickr", "action": "add"}
    return Outcome(file_id=file_id, state=state, **{**values, **more})


def passed_over(file_id, **more):
    message = f"“Photo {file_id}” was not started: the run was stopped"
    return outcome(file_id, "untouched", code="stopped", message=message, **more)


def waiting(file_id):
    return outcome(
        file_id,
        "untouched",
        action="delete",
        code="not_approved",
        message=f"“Photo {file_id}” was not deleted: nobody said how many may go.",
        hint="Approve with --approve-deletes 2.",
    )


def run(*outcomes, **more):
    values = {"run": "r1", "started": NOW, "ended": NOW, "state": "done", "mode": "demo"}
    return Run(outcomes=outcomes, **{**values, **more})


def ended(one, title="Dawn"):
    return Event(at=NOW, run="r1", step="row", state=one.state, title=title, outcome=one)


def said(*events):
    """The lines of progress of these events."""
    lines = []
    tell = run_words.Progress(lines.append)
    for one in events:
        tell(one)
    return lines


def test_rows_that_a_stop_left_are_one_line_and_the_way_out_comes_last():
    left = [passed_over(str(n)) for n in range(44)]
    how = {"state": "stopped", "message": "The run was stopped.", "hint": "Go on."}
    lines = run_words.run(run(outcome("100"), *left, **how)).splitlines()

    assert [
        "Flickr: 1 added, 44 not started",
        "   flickr    add              0  ■ not started: “Photo 0” was not started:"
        " the run was stopped",
        "             … and 43 more not started (Flickr 43): the run was stopped",
        "The run was stopped. Go on.",
    ] == lines


def test_each_reason_not_to_start_is_said_once():
    full = [outcome(str(n), "untouched", code="account_full", message="full") for n in (7, 8, 9)]
    lines = run_words.run(run(passed_over("1"), passed_over("2"), *full)).splitlines()

    assert ["… and 1 more not started (Flickr 1): the run was stopped"] == [
        line.strip() for line in lines if "stopped" in line and "more" in line
    ]
    assert "… and 2 more not started (Flickr 2)" == lines[-1].strip()


def test_progress_folds_what_was_not_started():
    rows = [ended(passed_over(str(n)), f"Photo {n}") for n in range(44)]
    lines = said(*rows, Event(at=NOW, run="r1", step="run", state="stopped"))

    assert 2 == len(lines)
    assert "“Photo 0” was not started: the run was stopped" in lines[0]
    assert "… and 43 more not started (Flickr 43): the run was stopped" == lines[1].strip()


def test_a_delete_is_seen_as_a_delete_and_a_failure_says_why():
    [gone] = said(ended(outcome(action="delete", platform="pixelfed")))
    [failed] = said(ended(outcome(state="failed", message="Flickr took no picture.")))
    [named] = said(ended(outcome(state="failed", message="“Dawn” is no picture.")))

    assert "✓ done           pixelfed  delete    “Dawn”" == gone.strip()
    assert "✕ failed         flickr    add       “Dawn”: Flickr took no picture." == failed.strip()
    assert "✕ failed         flickr    add       “Dawn” is no picture." == named.strip()


def test_a_run_that_waits_for_consent_is_held_back_in_the_history():
    line = run_words.history([run(waiting("1"), waiting("2"))])

    assert "  r1  held back " in line
    assert line.endswith("Flickr: 2 held back, 0 s. Approve with --approve-deletes 2.")


def test_rows_that_wait_for_consent_are_held_back_and_stay_named():
    text = run_words.run(run(waiting("1"), waiting("2")))

    assert text.startswith("Flickr: 2 held back\n")
    assert 2 == text.count("■ held back: “Photo")


def test_the_history_of_today_has_its_date():
    now = datetime.now().astimezone()
    line = run_words.history([run(started=now, ended=now)])

    assert line.strip().startswith(f"{now.day} {now:%b %Y}, {now:%H:%M}  r1")
