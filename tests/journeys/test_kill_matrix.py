"""A sample of the kill matrix; all of it: `python -m benchmarks.kill_matrix`."""

from functools import cache

import pytest
from jobs import JOBS, Job
from killing import Child, Point, Unbroken, points, unbroken, violations

#: Per job a write of each kind that matters most: before the request, after it, and in between.
SAMPLE = (
    ("flickr add", "answered upload", "before"),
    ("flickr add", "set_act imatch_record done", "before"),
    ("flickr update", "answered replace", "before"),
    ("flickr metadata", "sent imatch_leave", "after"),
    ("flickr delete", "answered delete", "before"),
    ("flickr follow-up", "answered album_add", "before"),
    ("flickr follow-up", "set_act album_add done", "after"),
    ("pixelfed add", "answered media", "after"),
    ("pixelfed add", "answered status", "before"),
    ("pixelfed update", "answered caption", "before"),
    ("pixelfed delete", "sent imatch_forget", "after"),
    ("pixelfed repost", "set_act media done", "after"),
    ("pixelfed repost", "answered delete", "before"),
)


@cache
def known(name: str) -> tuple[Job, Unbroken]:
    job = next(one for one in JOBS if one.name == name)
    return job, unbroken(job)


def point(name: str, label: str, when: str, *, again: int = 0) -> Point:
    job, run = known(name)
    found = next(one for one in points(job, run) if (one.label, one.when) == (label, when))
    return Point(job=name, label=label, at=found.at, when=when, again=again)


@pytest.mark.parametrize(("name", "label", "when"), SAMPLE)
def test_a_killed_run_ends_like_one_that_nobody_killed(name, label, when):
    child = Child()
    try:
        assert [] == violations(point(name, label, when), known(name)[1], child)
    finally:
        child.close()


@pytest.mark.parametrize(
    ("name", "label", "again"),
    [("flickr add", "answered upload", 3), ("pixelfed repost", "answered status", 6)],
)
def test_a_resume_that_is_killed_as_well_changes_nothing(name, label, again):
    first, second = Child(), Child()
    try:
        at = point(name, label, "before", again=again)
        assert [] == violations(at, known(name)[1], first, second)
    finally:
        first.close()
        second.close()


def test_the_sample_covers_both_platforms_and_every_action():
    assert {one.name for one in JOBS} - {"flickr skip", "pixelfed metadata"} == {
        name for name, _, _ in SAMPLE
    }
