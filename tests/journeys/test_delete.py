"""Deletes: never without consent, never somebody's answers, never again."""

import pytest
from rig import outcome, states

from socials_lib.sync import exit_code


@pytest.mark.parametrize("platform", ["flickr", "pixelfed"])
def test_an_approved_delete_removes_photo_record_and_categories(rig, platform):
    dawn = rig.photo(**{platform: True}, flags=[f"{platform}|_delete"])
    rig.online(platform, dawn)
    run = rig.sync(platform, deletes=1)

    assert ["done"] == states(run)
    assert {} == rig.ids(platform, dawn)
    assert set() == rig.categories(dawn)
    assert [] == (rig.flickr_titles() if platform == "flickr" else rig.statuses())


@pytest.mark.parametrize("platform", ["flickr", "pixelfed"])
def test_a_deleted_photo_is_not_added_again(rig, platform):
    dawn = rig.photo(**{platform: True}, flags=[f"{platform}|_delete"])
    rig.online(platform, dawn)
    rig.sync(platform, deletes=1)
    again = rig.sync(platform, deletes=1)

    assert () == again.outcomes
    assert 0 == rig.flickr.count("upload")


@pytest.mark.parametrize(("bound", "state", "code"), [(None, "untouched", 4), (1, "untouched", 4)])
def test_without_enough_consent_nothing_is_deleted_and_the_rest_is_done(rig, bound, state, code):
    rig.photo("To add", flickr=True)
    for name in ("One", "Two"):
        photo = rig.photo(name, flickr=True, flags=["flickr|_delete"])
        rig.online("flickr", photo, title=name)
    run = rig.sync("flickr", deletes=bound)

    assert ["done", state, state] == sorted(states(run))
    assert ["One", "To add", "Two"] == rig.flickr_titles()
    assert code == exit_code(run)


def test_a_photo_only_in_delete_is_seen(rig):
    dawn = rig.photo(flags=["flickr|_delete"])
    rig.online("flickr", dawn)
    run = rig.sync("flickr", deletes=1)

    assert ["done"] == states(run)
    assert set() == rig.categories(dawn)


def test_an_unpublished_photo_in_delete_leaves_the_categories(rig):
    dawn = rig.photo(flickr=True, flags=["flickr|_delete"])
    run = rig.sync("flickr")

    assert ["skipped"] == states(run)
    assert set() == rig.categories(dawn)
    assert 0 == rig.flickr.count("upload")


def test_a_photo_with_comments_stays_until_it_is_named(rig):
    dawn = rig.photo(flickr=True, flags=["flickr|_delete"])
    rig.online("flickr", dawn, comments=1, favourites=2)
    run = rig.sync("flickr", deletes=1)

    found = outcome(run, dawn)
    assert ("blocked", "has_engagement") == (found.state, found.code)
    assert "1 comment and 2 favourites" in found.message
    assert 4 == exit_code(run)
    assert ["An old title"] == rig.flickr_titles()

    again = rig.sync("flickr", deletes=1, approve=[f"flickr:{dawn}"])
    assert ["done"] == states(again)
    assert [] == rig.flickr_titles()


def test_a_liked_status_stays_until_it_is_named(rig):
    dawn = rig.photo(pixelfed=True, flags=["pixelfed|_delete"])
    rig.online("pixelfed", dawn, likes=1)
    run = rig.sync("pixelfed", deletes=1)

    assert ["has_engagement"] == [one.code for one in run.outcomes]
    assert 1 == len(rig.statuses())


def test_a_photo_that_is_gone_already_is_tidied_in_imatch(rig):
    dawn = rig.photo(flickr=True, flags=["flickr|_delete"])
    photo_id = rig.online("flickr", dawn)
    del rig.flickr.backend.photos[photo_id]
    run = rig.sync("flickr", deletes=1)

    assert ["done"] == states(run)
    assert {} == rig.ids("flickr", dawn)
    assert set() == rig.categories(dawn)


def test_a_faulty_photo_is_not_deleted_unless_released(rig):
    dawn = rig.photo(flickr=True, flags=["flickr|_delete"], title=None)
    rig.online("flickr", dawn)
    assert () == rig.sync("flickr", deletes=1).outcomes
    run = rig.sync("flickr", deletes=1, approve=[dawn])
    assert ["done"] == states(run)


def test_what_was_deleted_is_kept_as_text(rig):
    dawn = rig.photo(flickr=True, flags=["flickr|_delete"])
    photo_id = rig.online("flickr", dawn, title="A title to remember")
    rig.sync("flickr", deletes=1)

    assert "A title to remember" in [one["value"] for one in rig.wb.journal.kept(photo_id)]


def test_both_flags_are_a_conflict_and_nothing_happens(rig):
    dawn = rig.photo(flickr=True, flags=["flickr|_delete", "flickr|_update"])
    rig.online("flickr", dawn)
    run = rig.sync("flickr", deletes=1)

    assert () == run.outcomes
    assert ["An old title"] == rig.flickr_titles()


def test_copies_of_the_record_on_relatives_go_too(rig):
    """Relation rules may copy attributes; one left over would make the photo look published."""
    master = rig.photo("Master", flickr=True, flags=["flickr|_delete"])
    version = rig.photo("Version")
    rig.relate(master, version)
    photo_id = rig.online("flickr", master)
    rig.record("flickr", version, photo_id=f"{photo_id}")
    run = rig.sync("flickr", deletes=1)

    assert ["done"] == states(run)
    assert [{}, {}] == [rig.ids("flickr", one) for one in (master, version)]


def test_a_record_whose_id_stands_only_in_its_address_goes_too(rig):
    dawn = rig.photo(flickr=True, flags=["flickr|_delete"])
    photo_id = rig.online("flickr", dawn)
    rig.seed.records[-1].values.pop("photo_id")
    rig.reload()
    run = rig.sync("flickr", deletes=1)

    assert ["done"] == states(run)
    assert {} == rig.ids("flickr", dawn)
    assert photo_id not in rig.flickr.backend.photos
