"""Several runs with a hand in the same photos: whichever goes on, each photo is online once."""

import pytest
from rig import codes, outcome, states

PLATFORMS = ("flickr", "pixelfed")


def stop_at_once(rig):
    """A listener that stops the run before its first photo."""

    def listen(event):
        if (event.step, event.state) == ("run", "started"):
            rig.wb.stop.set()

    return listen


def stopped_at_once(rig, platform, **how):
    """A run that the person stops before its first photo."""
    return rig.sync(platform, listen=stop_at_once(rig), **how)


def titles(rig, platform):
    """What is online; doubles show."""
    if platform == "flickr":
        return rig.flickr_titles()
    return sorted(one.caption.partition(" -- ")[0] for one in rig.statuses())


def one_and_two(rig, platform):
    return [rig.photo(title, **{platform: True}) for title in ("One", "Two")]


def without_id(rig, platform, file_id):
    """The record is gone: an IMatch database from a backup of last week."""
    rig.wb.imatch.drop_records(platform, file_id, lambda record: True)


def refuses_ids(rig, times=99):
    """IMatch does not take the ids of the photos that go online from now on."""
    rig.imws.backend.result_not_ok_next(times=times)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_photo_whose_id_a_later_run_could_not_bring_home_is_not_sent_by_the_older(rig, platform):
    one_and_two(rig, platform)
    stopped_at_once(rig, platform)
    refuses_ids(rig)
    later = rig.sync(platform, most=1)
    assert ["failed"] == states(later)

    rig.wb.resume()

    assert ["One", "Two"] == titles(rig, platform)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_a_later_run_left_open_is_finished_and_the_older_run_goes_on_behind_it(rig, platform):
    one, two = one_and_two(rig, platform)
    older = stopped_at_once(rig, platform)
    refuses_ids(rig, times=1)
    rig.sync(platform, most=1)

    run = rig.wb.resume(older.run)

    assert [("1001", "done"), ("1002", "done")] == [(x.file_id, x.state) for x in run.outcomes]
    assert ["One", "Two"] == titles(rig, platform)
    assert all(rig.ids(platform, photo) for photo in (one, two))
    assert () == rig.wb.open_runs()


def test_a_photo_whose_end_in_a_later_run_nobody_knows_is_not_sent_by_the_older(rig):
    one, _two = one_and_two(rig, "flickr")
    older = stopped_at_once(rig, "flickr")
    rig.flickr.fail_next("/services/upload/", status=502, when="after")
    blind = rig.flickr.fail_next("flickr.people.getPhotos", status=500, times=-1)
    rig.sync("flickr", most=1)

    run = rig.wb.resume(older.run)

    assert "unknown" == outcome(run, one).state
    assert ["One", "Two"] == rig.flickr_titles()
    rig.flickr.faults.remove(blind)
    rig.wb.resume()
    assert (["One", "Two"], True) == (rig.flickr_titles(), bool(rig.ids("flickr", one)))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_later_run_of_two_leaves_alone_what_the_older_one_has_half_done(rig, platform):
    """The older run holds the open photo, the later one was stopped before it looked at it."""
    one, _two = one_and_two(rig, platform)
    refuses_ids(rig)
    rig.sync(platform, most=1)
    later = stopped_at_once(rig, platform)

    run = rig.wb.resume(later.run)

    assert "failed" == outcome(run, one, platform).state
    assert ["One", "Two"] == titles(rig, platform)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_saved_plan_sends_nothing_that_another_run_has_open(rig, platform):
    one_and_two(rig, platform)
    plan = rig.plan(platform)
    refuses_ids(rig)
    rig.sync(platform, most=1)

    rig.wb.apply(plan)

    assert ["One", "Two"] == titles(rig, platform)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_only_settling_never_sends_what_is_online_already(rig, platform):
    one, _two = one_and_two(rig, platform)
    refuses_ids(rig)
    rig.sync(platform, most=1)
    rig.anew()

    run = rig.wb.resume()

    assert [(one, "failed")] == [(x.file_id, x.state) for x in run.outcomes]
    assert ["One"] == titles(rig, platform)


def test_a_run_of_which_a_later_one_has_taken_over_everything_does_nothing_more(rig):
    one_and_two(rig, "flickr")
    older = stopped_at_once(rig, "flickr")
    rig.sync("flickr")

    run = rig.wb.resume(older.run)

    assert ["untouched", "untouched"] == [x.state for x in rig.wb.journal.run(run.run).outcomes]
    assert ["One", "Two"] == rig.flickr_titles()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_old_plan_does_not_send_again_what_imatch_has_lost_the_id_of(rig, platform):
    one = rig.photo("One", **{platform: True})
    plan = rig.plan(platform)
    rig.sync(platform)
    without_id(rig, platform, one)

    run = rig.wb.apply(plan)

    assert (["stale"], ["One"]) == (states(run), titles(rig, platform))
    assert "IMatch has lost its id" in run.outcomes[0].message
    assert ["lost_remote_id"] == [row.reason for row in rig.plan(platform).rows]


def test_a_run_that_goes_on_does_not_send_again_what_imatch_has_lost_the_id_of(rig):
    one, two = one_and_two(rig, "flickr")
    plan = rig.plan("flickr")
    rig.sync("flickr", most=1)
    late = rig.wb.apply(plan, listen=stop_at_once(rig))
    without_id(rig, "flickr", one)

    run = rig.wb.resume(late.run)

    assert ["stale", "done"] == [outcome(run, file_id).state for file_id in (one, two)]
    assert ["One", "Two"] == rig.flickr_titles()


def test_a_version_whose_master_is_online_under_a_lost_id_is_not_sent_by_an_old_plan(rig):
    """People switch between version and master: it is the same photo."""
    master = rig.photo("Master", flickr=True)
    version = rig.photo("Version")
    rig.relate(master, version)
    rig.sync("flickr")
    without_id(rig, "flickr", master)
    rig.unflag(master, "flickr")
    rig.flag(version, "flickr")
    account = rig.wb.account("flickr").account.id
    known = rig.wb.journal.last_sent("flickr", account)[master]
    rig.wb.journal.forget("flickr", account, master, known.path)
    plan = rig.plan("flickr")
    assert ["add"] == [row.action for row in plan.rows]
    rig.wb.journal.remember("flickr", account, known)

    run = rig.wb.apply(plan)

    assert (["stale"], 1) == (states(run), rig.flickr.count("/services/upload/"))
    assert ["stale"] == codes(run.outcomes)
