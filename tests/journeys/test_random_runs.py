"""Whatever fails and dies: one object per photo, nothing lost, nothing deleted unasked."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from random_runs import FAULTS, Shot, Step, Story, stories, violations

QUICK = settings(
    max_examples=8,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@QUICK
@given(story=stories)
def test_the_promises_hold_in_any_story(story: Story):
    assert [] == violations(story)


PLAIN = Step(
    fault=None,
    service="flickr",
    skip=0,
    times=1,
    kill=None,
    when="before",
    deletes=None,
    edit=False,
    aimed=True,
)
NEW = Shot(platform="flickr", online=False, flag="", album=False, has_title=True, liked=False)


@pytest.mark.parametrize("platform", ["flickr", "pixelfed"])
@pytest.mark.parametrize("lasting", [True, False])
@pytest.mark.parametrize("oldest_first", [True, False])
@pytest.mark.parametrize(
    "fails",
    [{"fault": FAULTS.index({"status": 503}), "times": 99}, {"kill": 2, "when": "after"}],
    ids=["refused", "killed"],
)
def test_a_stopped_run_goes_on_after_a_later_one_of_one_photo_broke_off(
    platform, oldest_first, lasting, fails
):
    """What fails is the way home of the id: the photo is online, and IMatch does not know it."""
    stopped = replace(PLAIN, stopped=True)
    later = replace(PLAIN, most=1, service="imws", **fails)
    photos = (replace(NEW, platform=platform),) * 2

    assert [] == violations(Story(photos, (stopped, later), oldest_first, lasting))
