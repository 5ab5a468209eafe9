"""A privacy that somebody changed on the website stays, whatever the settings say later."""

from __future__ import annotations

from rig import Rig, picture, states

SET_PERMS = "flickr.photos.setPerms"


def change(rig: Rig, photo: str, title: str, *, public: bool) -> None:
    """New settings, a new title, and the photo goes through `_metadata`."""
    rig.anew(SOCIALS_FLICKR_IS_PUBLIC="true" if public else "false")
    rig.edit(photo, title=title)
    rig.flag(photo, "flickr|_metadata")
    assert ["done"] == states(rig.sync("flickr"))


def is_public(rig: Rig, photo: str) -> bool:
    return bool(rig.flickr.backend.photos[rig.ids("flickr", photo)["photo_id"]].is_public)


def test_a_photo_that_was_hidden_by_hand_is_not_shown_again_by_a_change_of_the_settings(rig):
    dawn = rig.photo(flickr=True)
    rig.sync("flickr")
    rig.flickr.backend.photos[rig.ids("flickr", dawn)["photo_id"]].is_public = 0

    change(rig, dawn, "Two", public=False)
    change(rig, dawn, "Three", public=True)

    assert (False, 0) == (is_public(rig, dawn), rig.flickr.operations().count(SET_PERMS))


def test_a_photo_whose_privacy_is_ours_follows_the_settings_there_and_back(rig):
    dawn = rig.photo(flickr=True)
    rig.sync("flickr")

    change(rig, dawn, "Two", public=False)
    assert not is_public(rig, dawn)

    change(rig, dawn, "Three", public=True)
    assert is_public(rig, dawn)


def test_the_privacy_of_a_photo_that_came_online_another_way_is_never_ours(rig):
    dawn = rig.photo(flickr=True)
    found = rig.flickr.backend.add_photo(picture(int(dawn)), title="An old title")
    rig.record("flickr", dawn, photo_id=found, posted="2023-05-06")

    change(rig, dawn, "Two", public=True)
    change(rig, dawn, "Three", public=False)

    assert is_public(rig, dawn)


def test_a_privacy_that_stays_is_not_suggested_for_ever(rig):
    dawn = rig.photo(flickr=True)
    rig.sync("flickr")
    rig.flickr.backend.photos[rig.ids("flickr", dawn)["photo_id"]].is_public = 0

    change(rig, dawn, "Two", public=False)

    assert () == rig.plan("flickr").rows
