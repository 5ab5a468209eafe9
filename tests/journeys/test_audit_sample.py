"""The audit of the sample library, before and after a sync."""

from __future__ import annotations

import world
from rig import Rig

from socials_lib.demo import library
from socials_lib.models import Finding


def test_a_sync_of_the_sample_library_leaves_no_drift_behind(rig: Rig) -> None:
    """What is found afterwards was there before, or is a visibility that somebody changed."""
    sample = library.sample(world.pictures())
    rig.seed = library.publish(sample, rig.flickr.backend, rig.pixelfed.backend)
    rig.reload()
    before = {one for name in ("flickr", "pixelfed") for one in _places(rig.wb.audit(name))}
    assert {"orphan", "id_twice", "several_ids", "published_without_remote"} <= {
        code for *_, code in before
    }

    run = rig.sync(deletes=50)

    done = {(one.platform, one.file_id) for one in run.outcomes if one.state == "done"}
    assert 80 < len(done)
    for name in ("flickr", "pixelfed"):
        found = rig.wb.audit(name)
        assert set() == _places(found) - before - {
            (*one.key, one.remote_id, one.field, one.code)
            for one in found
            if one.code == "privacy_changed"
        }
        drifted = {one.code for one in found if one.key in done}
        assert drifted <= {"privacy_changed"}


def _places(findings: tuple[Finding, ...]) -> set[tuple[str, ...]]:
    return {(*one.key, one.remote_id, one.field, one.code) for one in findings}
