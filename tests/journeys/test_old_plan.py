"""A plan made before something else came to its end publishes nothing a second time."""

from dataclasses import replace
from datetime import UTC, datetime

from rig import ALBUMS, states

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def one_that_waits(rig):
    """A photo that is online and could not be put into its album; its time has come again."""
    rig.albums_and_groups()
    rig.photo(flickr=True, albums=["Coast"])
    account = rig.wb.account("flickr").account.id
    fault = rig.flickr.fail_next("flickr.photosets.addPhoto", status=503, times=50)
    rig.sync("flickr")
    rig.flickr.faults.remove(fault)
    (row,) = rig.wb.journal.open_rows("flickr", account)
    (act,) = [one for one in row.acts if one.act.kind == "album_add"]
    rig.wb.journal.set_act(act.ident, "waiting", not_before=LONG_AGO)


def in_album(rig):
    return rig.flickr.backend.snapshot()["albums"][ALBUMS["Coast"]]["photos"]


def test_a_due_follow_up_is_done_once_however_often_its_plan_is_applied(rig):
    one_that_waits(rig)
    plan = rig.plan("flickr")
    assert [("metadata", "continue", True)] == [
        (row.action, row.reason, row.approved) for row in plan.rows
    ]

    first, second = rig.wb.apply(plan), rig.wb.apply(plan)

    assert (["done"], ["skipped"]) == (states(first), states(second))
    assert ["Cover", "Dawn over the lake"] == rig.flickr_titles()
    assert rig.flickr_photos()["Dawn over the lake"]["id"] in in_album(rig)
    assert 1 == rig.flickr.count("/services/upload/")
    assert () == rig.plan("flickr").rows


def test_an_add_that_another_process_has_finished_is_never_uploaded_again(rig):
    dawn = rig.photo(flickr=True)
    (add,) = rig.plan("flickr").rows
    rig.sync("flickr")
    (seen,) = rig.wb.imatch.load([dawn], ["flickr"])
    late = replace(
        add,
        reason="continue",
        remote_id=rig.ids("flickr", dawn)["photo_id"],
        seen=seen.fingerprint("flickr"),
    )

    run = rig.wb.apply(replace(rig.plan("flickr"), rows=(late,)))

    assert ["stale"] == states(run)
    assert "it is online already" in run.outcomes[0].message
    assert (["Dawn over the lake"], 1) == (
        rig.flickr_titles(),
        rig.flickr.count("/services/upload/"),
    )


def test_a_deleted_id_is_forgotten_so_that_the_photo_may_come_again(rig):
    dawn = rig.photo(flickr=True)
    rig.sync("flickr")
    rig.flag(dawn, "flickr|_delete")
    rig.sync("flickr", deletes=1)

    rig.flag(dawn, "flickr")

    assert [("add", "new", "")] == [
        (row.action, row.reason, row.remote_id) for row in rig.plan("flickr").rows
    ]


# -- follow-ups of photos that nobody flagged


def one_that_could_not_leave(rig):
    """A photo that is to leave its album and could not; then it is put back into the category."""
    rig.albums_and_groups()
    dawn = rig.photo(flickr=True, albums=["Coast"])
    rig.sync("flickr")
    fault = rig.flickr.fail_next("flickr.photosets.removePhoto", status=503, times=50)
    rig.unflag(dawn, "flickr|albums|Coast")
    rig.flag(dawn, "flickr|_metadata")
    rig.sync("flickr")
    rig.flickr.faults.remove(fault)
    return dawn


def edited_on_both_sides(rig, photo):
    """A title that is still being written in IMatch, and another one online."""
    rig.edit(photo, title="A title still being written")
    rig.flickr.backend.photos[rig.ids("flickr", photo)["photo_id"]].title = "Edited online"


def test_a_photo_that_is_back_in_the_album_it_was_to_leave_gets_no_update_unasked(rig):
    dawn = one_that_could_not_leave(rig)
    rig.flag(dawn, "flickr|albums|Coast")
    edited_on_both_sides(rig, dawn)

    plan = rig.plan("flickr")
    rig.wb.apply(plan)

    assert [("metadata", "differs", False)] == [
        (row.action, row.reason, row.approved) for row in plan.rows
    ]
    assert ["Cover", "Edited online"] == rig.flickr_titles()


def test_a_follow_up_that_is_dropped_when_its_plan_is_applied_sends_nothing_else(rig):
    """The photo is back in its album after the plan: nothing of the row is left."""
    dawn = one_that_could_not_leave(rig)
    edited_on_both_sides(rig, dawn)
    plan = rig.plan("flickr")
    assert [("metadata", "continue", True, ())] == [
        (row.action, row.reason, row.approved, row.changes) for row in plan.rows
    ]
    rig.flag(dawn, "flickr|albums|Coast")

    run = rig.wb.apply(plan)

    assert [("skipped", "nothing_left")] == [(one.state, one.code) for one in run.outcomes]
    assert ["Cover", "Edited online"] == rig.flickr_titles()
    assert rig.ids("flickr", dawn)["photo_id"] in in_album(rig)


def test_a_follow_up_that_is_still_wanted_is_all_that_its_row_does(rig):
    dawn = one_that_could_not_leave(rig)
    edited_on_both_sides(rig, dawn)

    run = rig.sync("flickr")

    assert (["done"], ["Cover", "Edited online"]) == (states(run), rig.flickr_titles())
    assert rig.ids("flickr", dawn)["photo_id"] not in in_album(rig)


def test_a_follow_up_whose_run_was_stopped_is_all_that_going_on_does(rig):
    dawn = one_that_could_not_leave(rig)
    edited_on_both_sides(rig, dawn)

    def listen(event):
        if (event.step, event.state) == ("run", "started"):
            rig.wb.stop.set()

    stopped = rig.sync("flickr", listen=listen)
    run = rig.wb.resume(stopped.run)

    assert (["untouched"], ["done"]) == (states(stopped), states(run))
    assert ["Cover", "Edited online"] == rig.flickr_titles()
    assert rig.ids("flickr", dawn)["photo_id"] not in in_album(rig)


def test_a_follow_up_that_imatch_could_not_be_asked_about_is_tried_by_its_own_row(rig):
    dawn = one_that_could_not_leave(rig)
    edited_on_both_sides(rig, dawn)
    plan = rig.plan("flickr")
    rig.imws.fail_next("/v1/files", status=500, times=1)

    run = rig.wb.apply(plan)

    assert (["done"], ["Cover", "Edited online"]) == (states(run), rig.flickr_titles())
    assert rig.ids("flickr", dawn)["photo_id"] not in in_album(rig)
