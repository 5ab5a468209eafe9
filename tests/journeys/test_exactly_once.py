"""Holes that once were: each a story of a run that broke off and what may become of it."""

import time
from dataclasses import replace

import pytest
from faults import no_waits
from jobs import JOBS
from killed_child import watched
from killing import job_in
from rig import ALBUMS, GROUPS, outcome, picture, states

from socials_lib.errors import Stopped
from socials_lib.sync import exit_code
from socials_lib.workbench import Workbench


class Killed(BaseException):
    """The process is gone."""


def die_at(label, when="after"):
    """From now on the journal dies at this write; returns how to undo it."""

    def hook(found, side):
        if (found, side) == (label, when):
            raise Killed(found)

    return watched(hook)


def killed(made, label, when="after"):
    """Carry a job out up to this write."""
    undo = die_at(label, when)
    try:
        with pytest.raises(Killed):
            made.apply()
    finally:
        undo()
    made.rig.anew()


def job(name):
    return next(one for one in JOBS if one.name == name)


@pytest.fixture
def quick():
    with no_waits():
        yield


def acts_of(rig, platform="flickr"):
    account = rig.wb.account(platform).account.id
    return {
        act.act.kind: act for one in rig.wb.journal.open_rows(platform, account) for act in one.acts
    }


def account_of(rig, platform="flickr"):
    return rig.wb.account(platform).account.id


# -- consent


def test_a_repost_that_only_uploaded_is_not_finished_by_a_run_that_nobody_asked(quick):
    with job_in(job("pixelfed repost")) as made:
        killed(made, "set_act media done")
        [old] = [one.id for one in made.rig.statuses()]
        made.rig.sync("pixelfed")

        assert [old] == [one.id for one in made.rig.statuses()]


@pytest.mark.parametrize("platform", ["flickr", "pixelfed"])
def test_a_delete_that_never_left_needs_consent_again(quick, platform):
    with job_in(job(f"{platform} delete")) as made:
        killed(made, "sent delete", "after")
        run = made.rig.sync(platform)

        assert ["untouched"] == states(run)
        assert "not_approved" == run.outcomes[0].code


def test_deletes_held_back_by_an_unclear_act_are_resumed(rig, quick):
    rig.photo("Unclear", flickr=True)
    old = rig.photo("Old", flickr=True, flags=["flickr|_delete"])
    rig.online("flickr", old, title="Old")
    rig.wb.account("flickr")
    rig.flickr.fail_next("/services/upload/", drop_answer=True)
    rig.flickr.fail_next("flickr.people.getPhotos", status=503, times=-1)
    run = rig.sync("flickr", deletes=1)
    assert ("halted", "unclear_act") == (run.state, run.stopped_by)

    rig.flickr.faults.clear()
    assert ["done", "done"] == states(rig.wb.resume())
    assert ["Unclear"] == rig.flickr_titles()


def test_what_was_not_approved_stays_in_the_history_of_a_resumed_run(rig, quick):
    rig.photo("One", flickr=True)
    old = rig.photo("Old", flickr=True, flags=["flickr|_delete"])
    rig.online("flickr", old, title="Old")
    run = rig.sync("flickr", listen=lambda event: rig.wb.ask_to_stop())
    assert "stopped" == run.state
    rig.wb.resume()

    [kept] = rig.wb.history()
    assert ["done", "not_approved"] == [one.code or one.state for one in kept.outcomes]
    assert "Old" in rig.flickr_titles()


# -- what is half done


def test_an_open_row_keeps_its_state_while_a_resume_cannot_reach_it(rig, quick):
    """The upload's answer got lost with the process; the resume is stopped before its turn."""
    first = rig.photo("First", flickr=True, taken="2024-01-01T10:00:00")
    second = rig.photo("Second", flickr=True, taken="2024-01-02T10:00:00")
    plan = rig.plan("flickr")
    seen = []

    def hook(label, when):
        seen.append((label, when))
        if seen.count(("answered upload", "before")) == 2:
            raise Killed(label)

    undo = watched(hook)
    try:
        with pytest.raises(Killed):
            rig.wb.apply(plan)
    finally:
        undo()
    rig.anew()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rig.wb.stop, "clear", lambda: None)
        rig.wb.stop.set()
        rig.wb.resume()
    rig.anew()
    rig.sync("flickr")

    assert ["First", "Second"] == rig.flickr_titles()
    assert rig.ids("flickr", first)
    assert rig.ids("flickr", second)


def test_a_half_done_change_whose_photo_changed_again_is_decided_anew(quick):
    with job_in(job("flickr update")) as made:
        killed(made, "set_act replace done")
        made.rig.edit(made.photo, title="A still newer title")
        run = made.rig.sync("flickr", approve=[made.photo])

        assert ["done"] == states(run)
        assert () == run.outcomes[0].warnings
        assert "A still newer title" in made.rig.flickr_titles()
        assert 1 == made.rig.flickr.count("replace")
        assert {"flickr", "flickr|albums|Harbours", "flickr|groups|Daily three"} == (
            made.rig.categories(made.photo)
        )


def test_a_resumed_add_that_never_got_online_is_checked_again(quick):
    with job_in(job("flickr add")) as made:
        killed(made, "sent upload", "before")
        made.rig.edit(made.photo, title="Changed meanwhile")
        run = made.rig.wb.resume()

        assert ["stale"] == states(run)
        assert ["Cover"] == made.rig.flickr_titles()


def test_an_upload_is_found_by_the_stamp_of_then_though_the_file_has_changed(quick):
    with job_in(job("flickr add")) as made:
        killed(made, "answered upload", "before")
        file = made.rig.folder / f"photo-{made.photo}.jpg"
        file.write_bytes(picture(99))
        run = made.rig.wb.resume()

        assert ["done"] == states(run)
        assert ["Cover", "Dawn over the lake"] == made.rig.flickr_titles()
        [row] = made.rig.plan("flickr").rows  # and the new picture is known to be another
        assert ("update", True) == (row.action, row.suggested)


def test_another_imatch_database_is_never_written_to(quick):
    with job_in(job("flickr add")) as made:
        killed(made, "answered upload", "after")
        rig = made.rig
        entry = next(one for one in rig.seed.files if str(one.file_id) == made.photo)
        moved = rig.folder / "elsewhere.jpg"
        moved.write_bytes(picture(5))
        rig.seed.files[rig.seed.files.index(entry)] = replace(entry, path=str(moved))
        rig.reload()
        run = rig.wb.resume()

        assert [("untouched", "other_file")] == [(one.state, one.code) for one in run.outcomes]
        assert {} == rig.ids("flickr", made.photo)


def test_a_file_that_moved_to_another_folder_is_still_the_one_of_then(quick):
    with job_in(job("flickr add")) as made:
        killed(made, "answered upload", "after")
        rig = made.rig
        entry = next(one for one in rig.seed.files if str(one.file_id) == made.photo)
        (rig.folder / "moved").mkdir()
        moved = rig.folder / "moved" / f"photo-{made.photo}.jpg"
        moved.write_bytes(picture(int(made.photo)))
        rig.seed.files[rig.seed.files.index(entry)] = replace(entry, path=str(moved))
        rig.reload()
        rig.sync("flickr")

        assert ["Cover", "Dawn over the lake"] == rig.flickr_titles()
        assert rig.ids("flickr", made.photo)


def test_warnings_of_an_earlier_try_are_told_by_the_resume(rig, quick):
    rig.albums_and_groups()
    rig.seed.category("Socials|flickr|albums|Coast", "72157700000009999")
    dawn = rig.photo(flickr=True, albums=["Coast"], groups=["Tasmania"])
    plan = rig.plan("flickr")
    undo = die_at("set_act album_add refused")
    try:
        with pytest.raises(Killed):
            rig.wb.apply(plan)
    finally:
        undo()
    rig.anew()
    run = rig.wb.resume()

    assert ["refused_album_unknown"] == [one.code for one in outcome(run, dawn).warnings]
    assert 3 == exit_code(run)


# -- follow-ups


def waiting_for_a_group(rig):
    rig.albums_and_groups()
    for number in range(3):
        rig.photo(f"Picture {number}", flickr=True, groups=["Daily three"])
    last = rig.photo("Late", flickr=True, groups=["Daily three"], taken="2025-01-01T10:00:00")
    rig.sync("flickr")
    rig.flickr.backend.groups[GROUPS["Daily three"]].throttle = None
    return last


def due(rig):
    with rig.wb.journal._write() as db:
        db.execute("UPDATE acts SET not_before = NULL")


def test_a_follow_up_never_brings_old_texts_back(rig, quick):
    late = waiting_for_a_group(rig)
    rig.edit(late, title="Late, a newer title")
    rig.flag(late, "flickr|_metadata")
    with rig.wb.journal._write() as db:
        db.execute("UPDATE acts SET not_before = '2999-01-01T00:00:00+00:00' WHERE not_before > ''")
    rig.flickr.refuse_next("flickr.groups.pools.add", 5)
    rig.sync("flickr")
    due(rig)
    rig.sync("flickr")

    last = rig.wb.journal.last_sent("flickr", account_of(rig))[late]
    assert "Late, a newer title" == last.text.title
    assert (GROUPS["Daily three"],) == last.groups
    assert () == rig.plan("flickr").rows


def test_a_flagged_photo_with_a_due_follow_up_is_carried_out_in_the_same_run(rig, quick):
    late = waiting_for_a_group(rig)
    rig.edit(late, title="Late, a newer title")
    rig.flag(late, "flickr|_metadata")
    due(rig)
    run = rig.sync("flickr")

    assert {"done"} == set(states(run))
    assert "Late, a newer title" in rig.flickr_titles()
    assert {"flickr", "flickr|groups|Daily three"} == rig.categories(late)


def test_a_joined_group_counts_as_a_change_and_not_as_a_second_add(rig, quick):
    waiting_for_a_group(rig)
    due(rig)
    run = rig.sync("flickr")

    assert [("metadata", "done")] == [(one.action, one.state) for one in run.outcomes]
    assert () == rig.sync("flickr").outcomes


def test_follow_ups_of_a_deleted_photo_are_dropped(rig, quick):
    late = waiting_for_a_group(rig)
    rig.flag(late, "flickr|_delete")
    rig.sync("flickr", deletes=1)
    due(rig)
    rig.flickr.requests.clear()
    run = rig.sync("flickr")

    assert () == run.outcomes
    assert 0 == rig.flickr.count("flickr.groups.pools.add")


def test_the_last_photo_of_an_album_leaves_it_only_by_name(rig, quick):
    dawn = rig.photo(flickr=True, flags=["flickr|_metadata"])
    rig.seed.category("Socials|flickr|albums|Coast", ALBUMS["Coast"])
    photo_id = rig.online("flickr", dawn)
    rig.flickr.backend.add_album("Coast", [photo_id], album_id=ALBUMS["Coast"])
    run = rig.sync("flickr")
    assert ["refused_album_would_vanish"] == [one.code for one in outcome(run, dawn).warnings]
    assert 4 == exit_code(run)
    assert [photo_id] == rig.flickr.backend.snapshot()["albums"][ALBUMS["Coast"]]["photos"]

    rig.sync("flickr", approve=[dawn])
    assert ALBUMS["Coast"] not in rig.flickr.backend.snapshot()["albums"]


def test_a_delete_says_which_album_went_with_it(rig, quick):
    dawn = rig.photo(flickr=True, flags=["flickr|_delete"])
    photo_id = rig.online("flickr", dawn)
    rig.flickr.backend.add_album("Coast", [photo_id], album_id=ALBUMS["Coast"])
    run = rig.sync("flickr", deletes=1)

    assert ["album_gone"] == [one.code for one in outcome(run, dawn).warnings]


def test_a_queued_delete_is_done_and_looked_at_again(rig, quick):
    dawn = rig.photo(pixelfed=True, flags=["pixelfed|_delete"])
    rig.online("pixelfed", dawn)
    options = rig.pixelfed.backend.options
    options.queue, options.queue_delay = "delayed", None
    run = rig.sync("pixelfed", deletes=1)
    assert [("done", ())] == [(one.state, one.warnings) for one in run.outcomes]
    assert {} == rig.ids("pixelfed", dawn)

    due(rig)
    again = rig.sync("pixelfed")
    assert ["delete_queued"] == [note.code for one in again.outcomes for note in one.warnings]
    rig.pixelfed.backend.run_queue()
    due(rig)
    assert () == rig.sync("pixelfed").outcomes
    assert {} == acts_of(rig, "pixelfed")


# -- what is known of what was sent


def test_a_picture_that_could_not_be_replaced_is_tried_again_by_an_account_that_may(rig, quick):
    dawn = rig.photo(flickr=True)
    rig.sync("flickr")
    (rig.folder / f"photo-{dawn}.jpg").write_bytes(picture(77))
    rig.flag(dawn, "flickr|_update")
    rig.flickr.refuse_next("replace", 1, "This account may not replace")
    run = rig.sync("flickr")
    assert ["picture_not_replaceable"] == [one.code for one in outcome(run, dawn).warnings]
    assert () == rig.plan("flickr").rows

    rig.flag(dawn, "flickr|_update")
    rig.sync("flickr")
    assert 2 == rig.flickr.count("replace")


def test_a_text_of_an_unknown_hand_is_kept_before_it_is_overwritten(rig, quick):
    dawn = rig.photo(flickr=True, flags=["flickr|_metadata"])
    photo_id = rig.online("flickr", dawn, title="A title from elsewhere")
    run = rig.sync("flickr")

    assert () == outcome(run, dawn).warnings
    kept = {one["value"]: one["why"] for one in rig.wb.journal.kept(photo_id)}
    assert "overwritten" == kept["A title from elsewhere"]


# -- stops and waits


def test_a_stop_while_waiting_for_the_budget_leaves_nothing_open(rig):
    """The upload waits for its turn: no request has left, so there is nothing to look for."""
    rig.photo(flickr=True)
    plan = rig.plan("flickr")
    account = account_of(rig)
    used = rig.wb.journal.used(rig.wb.platform("flickr").budget, time.time(), 3600.0)
    rig.anew(SOCIALS_PACE_FLICKR_PER_HOUR=str(used + 3))  # enough to ask who we are

    def sleep(self, seconds):
        raise Stopped("Stopped while waiting.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Workbench, "_sleep", sleep)
        run = rig.wb.apply(plan)

    assert [("untouched", "stopped")] == [(one.state, one.code) for one in run.outcomes]
    [row] = rig.wb.journal.rows(run.run)
    assert account == row.account
    assert {"planned"} == {one.state for one in row.acts}


def test_an_interrupt_closes_the_run_as_stopped(rig, quick):
    rig.photo("One", flickr=True, taken="2024-01-01T10:00:00")
    rig.photo("Two", flickr=True, taken="2024-01-02T10:00:00")
    plan = rig.plan("flickr")

    def hook(label, when):
        if (label, when) == ("answered upload", "after"):
            raise KeyboardInterrupt

    undo = watched(hook)
    try:
        with pytest.raises(KeyboardInterrupt):
            rig.wb.apply(plan)
    finally:
        undo()
    rig.anew()

    assert ["stopped"] == [one.state for one in rig.wb.history()]
    assert ["done", "done"] == states(rig.wb.resume())
    assert ["One", "Two"] == rig.flickr_titles()


def test_a_closed_imatch_is_waited_for_and_then_halts_the_run(rig, quick):
    waits = []
    rig.photo("One", flickr=True, taken="2024-01-01T10:00:00")
    rig.photo("Two", flickr=True, taken="2024-01-02T10:00:00")
    plan = rig.plan("flickr")
    rig.imws.fail_next("POST /v1/attributes", reset=True, times=-1)

    def listen(event):
        if event.step == "wait":
            waits.append(event.message)

    run = rig.wb.apply(plan, listen=listen)
    assert ("halted", "imatch_unreachable") == (run.state, run.stopped_by)
    assert ["One"] == rig.flickr_titles()
    assert any("Waiting" in one for one in waits)

    rig.imws.faults.clear()
    assert ["done", "done"] == states(rig.wb.resume())
    assert ["One", "Two"] == rig.flickr_titles()


def test_an_unforeseen_error_is_in_the_history_and_stops_nobody_else(rig, quick, monkeypatch):
    rig.photo("One", flickr=True, taken="2024-01-01T10:00:00")
    rig.photo("Two", flickr=True, taken="2024-01-02T10:00:00")
    plan = rig.plan("flickr")
    true = type(rig.wb.platform("flickr")).send

    def send(self, act, progress=None):
        if act.params.get("title") == "One":
            raise KeyError("a bug")
        return true(self, act, progress)

    monkeypatch.setattr(type(rig.wb.platform("flickr")), "send", send)
    run = rig.wb.apply(plan)

    assert ["failed", "done"] == states(run)
    [kept] = rig.wb.history()
    assert ["unforeseen", ""] == [one.code for one in kept.outcomes]


# -- several at a time


def test_several_workers_lose_and_double_nothing(rig, quick):
    rig.anew(SOCIALS_RUN_WORKERS="3")
    rig.albums_and_groups()
    photos = [
        rig.photo(f"Photo {n}", flickr=True, pixelfed=True, albums=["Coast"]) for n in range(6)
    ]
    for match in ("/services/upload/", "POST /api/v1/statuses"):
        stand_in = rig.flickr if "upload" in match else rig.pixelfed
        stand_in.fail_next(match, drop_answer=True, skip=1)
        stand_in.fail_next(match, status=502, when="after", skip=2)
    run = rig.sync()

    assert {"done"} == set(states(run))
    assert ["Cover", *(f"Photo {n}" for n in range(6))] == rig.flickr_titles()
    assert 6 == len(rig.statuses())
    found = {rig.ids("flickr", one)["photo_id"] for one in photos}
    assert 6 == len(found)


def test_two_rows_at_a_time_never_empty_an_album_unasked(rig, quick):
    rig.anew(SOCIALS_RUN_WORKERS="2")
    rig.seed.category("Socials|flickr|albums|Coast", ALBUMS["Coast"])
    photos = [rig.photo(f"Photo {n}", flickr=True, flags=["flickr|_metadata"]) for n in range(2)]
    ids = [rig.online("flickr", one, title=f"Old {one}") for one in photos]
    rig.flickr.backend.add_album("Coast", ids, album_id=ALBUMS["Coast"])
    rig.sync("flickr")

    assert 1 == len(rig.flickr.backend.snapshot()["albums"][ALBUMS["Coast"]]["photos"])


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_file_that_was_renamed_before_its_id_came_back_is_not_sent_again(quick, moment):
    with job_in(job("flickr add")) as made:
        killed(made, "answered upload", moment)
        rig = made.rig
        entry = next(one for one in rig.seed.files if str(one.file_id) == made.photo)
        renamed = rig.folder / "Renamed in IMatch.jpg"
        (rig.folder / f"photo-{made.photo}.jpg").rename(renamed)
        rig.seed.files[rig.seed.files.index(entry)] = replace(entry, path=str(renamed))
        rig.reload()
        rig.sync("flickr")

        assert ["Cover", "Dawn over the lake"] == rig.flickr_titles()
        assert rig.ids("flickr", made.photo)
        assert () == rig.plan("flickr").rows
