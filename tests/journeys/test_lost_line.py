"""The line breaks in the middle of a run: one photo is unclear, the others are not begun."""

import pytest
from rig import Rig, states


@pytest.fixture
def three(rig: Rig):
    """Three photos for Flickr; the line is cut when the second one is sent."""
    for title in ("One", "Two", "Three"):
        rig.photo(title, flickr=True)
    rig.flickr.fail_next("/services/upload/", reset=True, skip=1, times=-1)
    rig.flickr.fail_next("flickr.people.getPhotos", reset=True, times=-1)
    return rig


def test_only_the_photo_on_its_way_is_unclear(three):
    run = three.sync("flickr")

    assert ["done", "unknown", "untouched"] == states(run)
    assert ("halted", "unreachable") == (run.state, run.stopped_by)
    assert 2 == three.flickr.count("/services/upload/")


def test_going_on_without_a_line_begins_nothing(three):
    three.sync("flickr")
    again = three.wb.resume()

    assert ["unknown", "untouched"] == states(again)
    assert "halted" == again.state
    assert 2 == three.flickr.count("/services/upload/")


def test_when_the_line_is_back_the_rest_arrives_once(three):
    three.sync("flickr")
    three.flickr.faults.clear()
    again = three.wb.resume()

    assert ["done", "done"] == states(again)
    assert ["One", "Three", "Two"] == three.flickr_titles()
