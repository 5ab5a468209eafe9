"""Whatever fails and dies: one object per photo, nothing lost, nothing deleted unasked."""

from hypothesis import HealthCheck, given, settings
from random_runs import Story, stories, violations

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
