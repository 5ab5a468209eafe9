"""The budget of an hour holds for all kernels together, and across restarts."""

from paces import spend
from rig import Rig


def test_two_kernels_never_spend_more_than_the_budget_also_after_restarts(tmp_path):
    paced = spend(tmp_path, calls=250, per_hour=60, limit=72)

    assert (250, 0) == (paced.calls, paced.refused)
    assert 60 == paced.most
    assert paced.hours >= 4


def test_a_wait_for_the_budget_is_told_and_can_be_stopped(tmp_path):
    rig = Rig(tmp_path, SOCIALS_PACE_FLICKR_PER_HOUR="9")
    try:
        for number in range(6):
            rig.photo(f"Boat {number}", flickr=True)
        rig.reload()
        waits = []

        def listen(event):
            if event.step == "wait":
                waits.append(event)
                rig.wb.ask_to_stop()

        run = rig.sync("flickr", listen=listen)
    finally:
        rig.stop()

    assert "stopped" == run.state
    assert "flickr" == waits[0].platform
    assert "the budget of 9 calls is used for now" == waits[0].message
    assert waits[0].until > waits[0].at
    assert {"done", "untouched"} >= {one.state for one in run.outcomes}
