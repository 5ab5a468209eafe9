"""Runs, rows and acts stay known in every state, after every way to die."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from journal_kit import (
    ACCOUNT,
    ALBUM,
    PLATFORM,
    UPLOAD,
    again,
    begin,
    planned,
    row_for,
    states,
)
from plan_kit import NOW, photo

from socials_lib.errors import JournalError
from socials_lib.journal import RunLock
from socials_lib.models import Account, Act, Answer, LastSent, Note
from socials_lib.sync.outcome import outcome


def test_a_run_is_on_the_disk_with_all_its_rows_before_anything_is_sent(journal):
    rows = (row_for(), row_for("1202", "pixelfed"))

    run = begin(journal, *rows)

    stored = again(journal).rows(run)
    assert [*rows] == [one.row for one in stored]
    assert ["planned", "planned"] == [one.state for one in stored]
    assert ["1@N01", "9"] == [one.account for one in stored]
    assert {"deletes": 3} == again(journal).approvals(run)
    assert 2 == len(again(journal).rows_left(run))


def test_an_act_keeps_everything_through_all_its_states(journal):
    _run, ident, (upload, _album) = planned(journal)
    assert ("planned", 0, None) == (upload.state, upload.attempts, upload.first_sent)

    journal.sent(upload.ident, replace(UPLOAD, remote_id="", sent_at=NOW))
    sent = again(journal).acts(ident)[0]
    assert ("sent", 1, NOW) == (sent.state, sent.attempts, sent.act.sent_at)
    assert sent.first_sent is not None

    answer = Answer(remote_id="5301", url="https://x", warning=Note(code="a", message="b"))
    journal.answered(upload.ident, answer)
    answered = again(journal).acts(ident)[0]
    assert ("answered", answer) == (answered.state, answered.answer)

    for state in ("recorded", "done"):
        journal.set_act(upload.ident, state)
        found = again(journal).acts(ident)[0]
        assert (state, answer) == (found.state, found.answer)
    assert ["done", "planned"] == states(journal, ident)


def test_a_second_send_is_counted_and_the_time_of_the_first_stays(journal):
    _run, ident, (upload, _album) = planned(journal)
    journal.sent(upload.ident, UPLOAD)
    first = journal.acts(ident)[0].first_sent

    journal.set_act(upload.ident, "planned", message="slow down")
    journal.sent(upload.ident, UPLOAD)

    found = journal.acts(ident)[0]
    assert (2, first) == (found.attempts, found.first_sent)


@pytest.mark.parametrize(
    ("reached", "state", "remote_id"),
    [
        ("planned", "open", ""),
        ("sent", "open", ""),
        ("answered", "open", "5301"),
        ("recorded", "open", "5301"),
        ("unknown", "unknown", ""),
    ],
)
def test_a_crash_in_any_state_leaves_an_open_act_for_the_plan(journal, reached, state, remote_id):
    _run, _ident, (upload,) = planned(journal, UPLOAD)
    if reached != "planned":
        journal.sent(upload.ident, UPLOAD)
    if reached in ("answered", "recorded"):
        journal.answered(upload.ident, Answer(remote_id="5301"))
    if reached in ("recorded", "unknown"):
        journal.set_act(upload.ident, reached, message="why")

    (found,) = again(journal).open_acts(PLATFORM, ACCOUNT)

    assert ("1201", photo().path, "add", state, remote_id) == (
        found.file_id,
        found.path,
        found.action,
        found.state,
        found.remote_id,
    )


def test_a_crash_before_the_first_act_was_planned_leaves_the_row_open(journal):
    run = begin(journal)
    journal.set_row(journal.rows(run)[0].ident, "open")

    assert ["open"] == [one.state for one in again(journal).open_acts(PLATFORM, ACCOUNT)]


@pytest.mark.parametrize("state", ["planned", "done", "failed", "blocked", "stale", "settled"])
def test_rows_that_never_began_or_have_ended_are_not_open(journal, state):
    _run, ident, acts = planned(journal)
    for one in acts:
        journal.set_act(one.ident, "done")
    journal.set_row(ident, state)

    assert () == again(journal).open_rows(PLATFORM, ACCOUNT)


def test_acts_of_another_account_or_platform_never_match(journal):
    planned(journal)

    assert 1 == len(journal.open_rows(PLATFORM, ACCOUNT))
    assert () == journal.open_rows(PLATFORM, "2@N02")
    assert () == journal.open_acts("pixelfed", ACCOUNT)


def test_follow_ups_of_a_finished_row_wait_and_carry_their_target(journal):
    _run, ident, (upload, album) = planned(journal)
    later = datetime(2027, 1, 1, tzinfo=UTC)
    journal.answered(upload.ident, Answer(remote_id="5301"))
    journal.set_act(upload.ident, "done")
    journal.set_act(album.ident, "waiting", not_before=later, message="one a day")
    journal.set_row(ident, "done")

    (found,) = again(journal).open_acts(PLATFORM, ACCOUNT)

    assert ("waiting", later, "721", "Socials|x", "one a day", "5301") == (
        found.state,
        found.not_before,
        found.target,
        found.category,
        found.message,
        found.remote_id,
    )


def test_a_follow_up_that_was_interrupted_waits_and_does_not_reopen_its_row(journal):
    _run, ident, (upload, _album) = planned(journal)
    journal.set_act(upload.ident, "done")
    journal.set_row(ident, "done")

    assert ["waiting"] == [one.state for one in journal.open_acts(PLATFORM, ACCOUNT)]


def test_a_delete_that_nobody_understands_is_unknown_to_the_plan(journal):
    delete = Act(platform="flickr", kind="delete", main=True)
    _run, ident, (act,) = planned(journal, delete)
    journal.sent(act.ident, delete)
    journal.set_row(ident, "unknown")

    assert ["unknown"] == [one.state for one in journal.open_acts(PLATFORM, ACCOUNT)]


def test_planning_a_row_again_keeps_what_happened_and_revives_what_did_not(journal):
    acts = [replace(ALBUM, target=str(number)) for number in range(6)]
    _run, ident, stored = planned(journal, *acts)
    ended = ("done", "waiting", "unknown", "dropped", "failed", "planned")
    for one, state in zip(stored, ended, strict=True):
        journal.set_act(one.ident, state)

    new = [replace(one, name="new") for one in acts]
    found = journal.plan_acts(ident, [UPLOAD, *new])

    assert ["upload:", *(one.key for one in acts)] == [one.act.key for one in found]
    wanted = ["planned", "done", "waiting", "unknown", "planned", "planned", "planned"]
    assert wanted == [one.state for one in found]
    assert ["", "", "", "", "new", "new", "new"] == [one.act.name for one in found]


def test_a_mended_follow_up_is_planned_again_with_its_new_target(journal):
    _run, ident, (_upload, album) = planned(journal)
    journal.set_act(album.ident, "refused", not_before=NOW, message="unknown album")

    journal.replan(album.ident, replace(ALBUM, target="722"))

    found = journal.acts(ident)[1]
    assert ("planned", "722", None) == (found.state, found.act.target, found.not_before)


def test_two_follow_ups_mended_to_the_same_target_become_one(journal):
    _run, ident, (first, second) = planned(journal, ALBUM, replace(ALBUM, target="9"))
    journal.set_act(second.ident, "refused")

    journal.replan(second.ident, ALBUM)

    assert ["planned", "dropped"] == states(journal, ident)
    assert "721" == journal.acts(ident)[0].act.target
    assert first.ident == journal.acts(ident)[0].ident


def test_a_row_keeps_its_outcome_until_it_has_another(journal):
    run, ident, _acts = planned(journal)
    failed = outcome(row_for(), "failed", code="refused", warnings=(Note(code="a", message="b"),))
    journal.set_row(ident, "open", failed)
    journal.set_row(ident, "open")
    assert failed == again(journal).rows(run)[0].outcome

    journal.set_outcome(ident, outcome(row_for(), "untouched", code="stopped"))

    stored = again(journal).rows(run)[0]
    assert ("open", "stopped") == (stored.state, stored.outcome.code)


# -- history


def test_the_history_is_newest_first_and_tells_how_runs_ended(journal):
    first, second = begin(journal), begin(journal, row_for("1202"))
    done = outcome(row_for(), "done")
    journal.set_row(journal.rows(first)[0].ident, "done", done)
    journal.end(first, state="done")
    journal.end(second, state="halted", by="breaker", message="Stopped.", hint="Wait.")

    newest, oldest = again(journal).history()

    assert (second, first) == (newest.run, oldest.run)
    assert ("halted", "breaker", "Stopped.", "Wait.") == (
        newest.state,
        newest.stopped_by,
        newest.message,
        newest.hint,
    )
    assert ((done,), "done", "p1", "demo", "test") == (
        oldest.outcomes,
        oldest.state,
        oldest.plan_id,
        oldest.mode,
        oldest.origin,
    )
    assert oldest.ended is not None
    assert oldest.started.tzinfo is not None
    assert [second] == [one.run for one in journal.history(limit=1)]


def test_a_run_whose_process_died_is_broken(journal):
    run = begin(journal)

    assert "broken" == again(journal).history()[0].state
    assert "broken" == again(journal).run(run).state


def test_a_run_whose_process_still_lives_is_running(journal):
    with RunLock(journal.path.parent).held(origin="test"):
        run = begin(journal)

        assert "running" == again(journal).history()[0].state
        assert "running" == again(journal).run(run).state


def test_of_several_runs_that_never_ended_only_the_last_can_be_running(journal):
    with RunLock(journal.path.parent).held(origin="test"):
        dead = begin(journal)
        alive = begin(journal)
        assert {dead: "broken", alive: "running"} == {
            one.run: one.state for one in journal.history()
        }

        journal.reopen(dead)

        assert {dead: "running", alive: "broken"} == {
            one.run: one.state for one in journal.history()
        }


def test_a_run_that_goes_on_plans_again_what_was_not_reached(journal):
    run = begin(journal, row_for("1"), row_for("2"), row_for("3"))
    done, left, broken = (one.ident for one in journal.rows(run))
    journal.set_row(done, "done", outcome(row_for("1"), "done"))
    journal.set_outcome(left, outcome(row_for("2"), "untouched", code="stopped"))
    journal.set_row(broken, "open")
    journal.end(run, state="stopped", by="person")

    journal.reopen(run)

    assert ["done", "planned", "open"] == [one.state for one in journal.rows(run)]
    assert ["1"] == [one.file_id for one in journal.run(run).outcomes]
    assert (2, None) == (len(journal.rows_left(run)), journal.run(run).ended)


@pytest.mark.parametrize("ask", ["run", "approvals"])
def test_a_run_that_nobody_knows_is_told_so(journal, ask):
    with pytest.raises(JournalError, match="knows no run 7"):
        getattr(journal, ask)("7")


def test_a_row_that_never_began_belongs_to_the_last_run_that_has_it(journal):
    first = begin(journal, row_for(), row_for("1202"), row_for("1203"))
    begun = journal.rows(first)[2]
    journal.set_row(begun.ident, "open")
    journal.end(first, state="stopped")
    second = begin(journal, row_for(), row_for("1203"))

    assert (("flickr", "1202"), ("flickr", "1203")) == journal.rows_left(first)
    assert (("flickr", "1201"), ("flickr", "1203")) == journal.rows_left(second)


def test_what_waits_for_a_consent_is_not_left(journal):
    run = begin(journal, row_for(), row_for("1202"), approvals={"waiting": ["flickr:1202"]})

    assert (("flickr", "1201"),) == journal.rows_left(run)


def test_an_act_knows_what_all_others_of_its_account_came_back_with(journal):
    _, _, (earlier, _album) = planned(journal)
    journal.answered(earlier.ident, Answer(remote_id="5301"))
    elsewhere = begin(journal, row_for("9"), accounts={"flickr": Account(id="7@N07", name="x")})
    [other_row] = journal.rows(elsewhere)
    [other] = journal.plan_acts(other_row.ident, [UPLOAD])
    journal.answered(other.ident, Answer(remote_id="9999"))
    journal.remember(PLATFORM, ACCOUNT, LastSent(remote_id="5302", file_id="1203"))
    _, _, (upload, _album) = planned(journal, row=row_for("1202"))
    journal.answered(upload.ident, Answer(remote_id="5303"))

    assert {"5301", "5302"} == journal.ids_beside(upload.ident)
    assert {"5302", "5303"} == journal.ids_beside(earlier.ident)
    assert frozenset() == journal.ids_beside(other.ident)
