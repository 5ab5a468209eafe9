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

    assert (["done"], ["done"]) == (states(first), states(second))
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
