"""The step delete on Pixelfed: a post that holds more than one picture, or that nobody can see."""

import pytest
from rig import picture
from step_rig import Steps


def post_to_delete(rig):
    photo = rig.photo("Pier", pixelfed=True, flags=["pixelfed|_delete"])
    return rig.pixelfed.backend.statuses[rig.online("pixelfed", photo, likes=3)]


def archived(rig, status):
    status.scope = "archived"
    return "Delete all the same"


def with_a_second_picture(rig, status):
    other = rig.pixelfed.backend.statuses[rig.pixelfed.backend.add_status(picture(2))]
    status.media_ids += other.media_ids
    return "Delete although it has 3 favourites and 2 pictures in one post"


@pytest.mark.parametrize("make", [archived, with_a_second_picture])
def test_it_stays_until_it_is_ticked_by_name(rig, make):
    status = post_to_delete(rig)
    words = make(rig, status)
    steps = Steps(rig)
    pane = steps.pane("delete", "pixelfed")
    [line] = pane.list.children
    assert words == line.tick.description
    assert pane.go.disabled

    line.tick.value = True
    pane.field.value = pane.model.wanted
    steps.press(pane)
    assert status.id not in rig.pixelfed.backend.statuses
