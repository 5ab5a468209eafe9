"""Delete-and-post on Pixelfed: asked for, approved by name, the new post first, then the delete."""

import pytest
from rig import outcome, states

from socials_lib.errors import PlanError


def planned(rig):
    dawn = rig.photo(pixelfed=True, flags=["pixelfed|_update"])
    old = rig.online("pixelfed", dawn)
    plan = rig.wb.repost(rig.plan("pixelfed"), dawn)
    return dawn, old, plan


def test_an_approved_repost_exchanges_post_and_id(rig):
    dawn, old, plan = planned(rig)
    run = rig.wb.apply(plan, approve_deletes=1, approve=[dawn])

    assert ["done"] == states(run)
    [status] = rig.statuses()
    assert old != status.id
    assert status.id == rig.ids("pixelfed", dawn)["status_id"]
    assert "2023-05-06" == rig.ids("pixelfed", dawn)["posted"]
    assert {"pixelfed"} == rig.categories(dawn)
    assert () == rig.sync("pixelfed").outcomes


@pytest.mark.parametrize(
    "consent", [{"approve_deletes": 1}, {"approve": ["1001"]}, {}], ids=["count", "name", "none"]
)
def test_a_repost_needs_name_and_count(rig, consent):
    _, old, plan = planned(rig)
    run = rig.wb.apply(plan, **consent)

    assert ["untouched"] == states(run)
    assert [old] == [one.id for one in rig.statuses()]


def test_a_liked_post_says_so_in_the_keepsake(rig):
    dawn, old, _ = planned(rig)
    rig.pixelfed.backend.like(old)
    plan = rig.wb.repost(rig.plan("pixelfed"), dawn)
    run = rig.wb.apply(plan, approve_deletes=1, approve=[f"pixelfed:{dawn}"])

    assert "done" == outcome(run, dawn, "pixelfed").state
    assert "1 favourite" in [one["value"] for one in rig.wb.journal.kept(old)]


def test_only_an_update_can_be_reposted(rig):
    dawn = rig.photo(pixelfed=True)
    with pytest.raises(PlanError, match=dawn):
        rig.wb.repost(rig.plan("pixelfed"), dawn)
