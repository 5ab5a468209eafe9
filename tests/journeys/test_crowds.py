"""Many photos, a few faults: all of them once, and every repeat is told."""

import pytest
from crowds import publish


@pytest.mark.parametrize("workers", ["1", "3"])
def test_a_crowd_with_faults_ends_with_each_photo_once(tmp_path, workers):
    crowd = publish(tmp_path, count=40, share=0.2, seed=3, SOCIALS_RUN_WORKERS=workers)

    assert sorted(f"Photo {n}" for n in range(40)) == crowd.titles
    assert 40 == len(crowd.ids)
    assert ["done"] * 40 == [one.state for one in crowd.run.outcomes]
    assert crowd.faults >= 8
    assert 1 <= crowd.reported <= 8
