"""Answers about pairs: one press is one answer, and the last one can be taken back."""

import pytest
from step_rig import PATIENCE, Rig

from socials_lib.widgets import show
from socials_lib.widgets.reconnect import Reconnect


def put_online(rig: Rig, file_id: str, title: str, hour: int) -> None:
    """The picture of this file, put on Flickr by hand."""
    data = (rig.folder / f"photo-{file_id}.jpg").read_bytes()
    rig.flickr.backend.add_photo(data, title=title, taken=f"2024-03-19 {hour:02}:00:00")


@pytest.fixture
def view(rig: Rig) -> Reconnect:
    """Three pairs: Gulls, Fog, Pier."""
    for hour, title in enumerate(("Gulls", "Fog", "Pier"), start=6):
        taken = f"2024-03-19T{hour:02}:00:00"
        put_online(rig, rig.photo(title, flickr=True, taken=taken), title, hour)
    made = show.reconnect(rig.wb, "flickr")
    assert made.model.wait(PATIENCE)
    made.deaf_seconds = 0.0
    made.paint()
    return made


def titles(view: Reconnect) -> list[str]:
    return [one.remote.title for one in view.model.shown]


@pytest.mark.parametrize("name", ["other", "same", "later"])
def test_a_double_click_answers_for_one_pair_only(view: Reconnect, name: str) -> None:
    before = titles(view)
    view.deaf_seconds = 60.0
    button = getattr(view, name)
    button.click()
    in_front = view.model.current
    button.click()

    assert in_front is view.model.current
    left = {"other": before[1:], "same": before, "later": [*before[1:], before[0]]}
    assert left[name] == titles(view)
    assert (1 if name == "same" else 0) == len(view.model.said)


def test_a_press_is_heard_once_the_pair_stood_there_for_a_moment(view: Reconnect) -> None:
    view.other.click()
    view.other.click()

    assert 1 == len(titles(view))


def test_not_the_same_can_be_taken_back_and_is_proposed_again(rig: Rig, view: Reconnect) -> None:
    before = titles(view)
    view.model.go_to(2)
    view.other.click()
    assert [before[0], before[2]] == titles(view)
    assert "you said “Not the same”" in view.last.value
    assert view.said_last in view.body.children
    view.slip.click()

    assert before == titles(view)
    assert before[1] == view.model.current.remote.title
    assert view.said_last not in view.body.children
    assert 3 == len(rig.wb.reconnect("flickr"))


def test_the_last_pair_of_all_can_be_taken_back_too(view: Reconnect) -> None:
    for _ in range(3):
        view.other.click()
    assert view.match not in view.body.children
    view.slip.click()

    assert 1 == len(titles(view))
    assert view.match in view.body.children


def test_only_the_pair_that_was_meant_is_taken_back(rig: Rig, view: Reconnect) -> None:
    view.other.click()
    gone = set(titles(view))
    view.other.click()
    view.slip.click()

    assert gone == {one.remote.title for one in rig.wb.reconnect("flickr")}


def test_these_are_the_same_can_be_taken_back_until_it_is_linked(view: Reconnect) -> None:
    before = view.model.current
    view.same.click()
    assert 1 == len(view.model.said)
    assert "you said “These are the same”" in view.last.value
    view.slip.click()

    assert {} == view.model.said
    assert before is view.model.current
    view.same.click()
    view.link_said.click()
    view.yes.click()
    assert view.model.wait(PATIENCE)
    view.paint()
    assert view.said_last not in view.body.children
