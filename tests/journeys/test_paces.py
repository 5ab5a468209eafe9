"""The budget of an hour holds for all kernels together, and across restarts."""

from paces import spend


def test_two_kernels_never_spend_more_than_the_budget_also_after_restarts(tmp_path):
    paced = spend(tmp_path, calls=250, per_hour=60, limit=72)

    assert (250, 0) == (paced.calls, paced.refused)
    assert 60 == paced.most
    assert paced.hours >= 4
