"""Deletes: "already gone" only where we know whose photo it is, and all that goes with it said."""

import time

import pytest
from rig import outcome, picture, states

from socials_lib.demo.pixelfed import PixelfedStandIn
from socials_lib.sync import exit_code


def other_flickr_account(rig):
    """From now on somebody else is signed in, to whom private photos are just missing."""
    backend = rig.flickr.backend
    backend.options.private_photo_code = 1
    token = backend.issue_token("delete", backend.add_user("somebody"))
    rig.anew(SOCIALS_FLICKR_TOKEN=token.token, SOCIALS_FLICKR_TOKEN_SECRET=token.secret)


def kept_and_failed(rig, run, file_id, platform):
    found = outcome(run, file_id, platform)
    assert ("failed", "not_yours") == (found.state, found.code)
    assert "nothing says" in found.message
    assert "account that published it" in found.hint
    assert rig.ids(platform, file_id)
    assert {platform, f"{platform}|_delete"} == rig.categories(file_id)


def test_a_private_photo_of_another_flickr_account_is_not_believed_gone(rig):
    rig.anew(SOCIALS_FLICKR_IS_PUBLIC="false")
    dawn = rig.photo(flickr=True)
    rig.sync("flickr")
    other_flickr_account(rig)
    rig.flag(dawn, "flickr|_delete")
    run = rig.sync("flickr", deletes=1)

    kept_and_failed(rig, run, dawn, "flickr")
    assert ["Dawn over the lake"] == rig.flickr_titles()


def test_a_post_on_the_old_server_is_not_believed_gone(rig):
    dawn = rig.photo(pixelfed=True)
    rig.sync("pixelfed")
    with PixelfedStandIn() as new:
        rig.anew(SOCIALS_PIXELFED_URL=new.url, SOCIALS_PIXELFED_TOKEN=new.token)
        rig.flag(dawn, "pixelfed|_delete")
        run = rig.sync("pixelfed", deletes=1, approve=[dawn])

        kept_and_failed(rig, run, dawn, "pixelfed")
    assert 1 == len(rig.statuses())


@pytest.mark.parametrize("platform", ["flickr", "pixelfed"])
def test_a_record_without_an_address_proves_nothing(rig, platform):
    """The plan then makes an address from the account of today, which is no evidence."""
    dawn = rig.photo(**{platform: True}, flags=[f"{platform}|_delete"])
    column = {"flickr": "photo_id", "pixelfed": "status_id"}[platform]
    rig.record(platform, dawn, **{column: "12345678901"}, posted="2023-01-01")
    run = rig.sync(platform, deletes=1, approve=[dawn])

    kept_and_failed(rig, run, dawn, platform)


@pytest.mark.parametrize("knows", ["journal", "address"])
@pytest.mark.parametrize("platform", ["flickr", "pixelfed"])
def test_what_this_account_published_may_be_gone_already(rig, platform, knows):
    dawn = rig.photo(**{platform: True})
    if knows == "journal":
        rig.sync(platform)
        rig.imws.backend.records(platform, int(dawn))[0]["url"] = ""
    else:
        rig.online(platform, dawn)
    rig.flickr.backend.photos.clear()
    rig.pixelfed.backend.statuses.clear()
    rig.flag(dawn, f"{platform}|_delete")
    run = rig.sync(platform, deletes=1, approve=[dawn])

    assert ["already_gone"] == [one.code for one in outcome(run, dawn, platform).warnings]
    assert {} == rig.ids(platform, dawn)
    assert set() == rig.categories(dawn)


# a post with several pictures


def with_more_pictures(rig, file_id):
    """A post online that got two more pictures by hand; its id."""
    backend = rig.pixelfed.backend
    status = backend.statuses[rig.online("pixelfed", file_id)]
    for number in (501, 502):
        media = backend.keep_media(
            backend.account(None),
            picture(number),
            description=f"by hand {number}",
            created_at=time.time(),
        )
        media.status_id, media.order = status.id, len(status.media_ids) + 1
        status.media_ids.append(media.id)
    status.type = "photo:album"
    return status.id


def test_a_post_with_several_pictures_is_deleted_only_by_name(rig):
    dawn = rig.photo(pixelfed=True)
    with_more_pictures(rig, dawn)
    rig.flag(dawn, "pixelfed|_delete")
    run = rig.sync("pixelfed", deletes=1)

    found = outcome(run, dawn, "pixelfed")
    assert ("blocked", "has_engagement") == (found.state, found.code)
    assert "3 pictures in one post" in found.message
    assert f"--approve pixelfed:{dawn}" in found.hint
    assert 4 == exit_code(run)
    assert 3 == len(rig.pixelfed.backend.media)

    again = rig.sync("pixelfed", deletes=1, approve=[f"pixelfed:{dawn}"])
    assert ["done"] == states(again)
    assert [] == rig.statuses()


def test_a_repost_says_first_that_further_pictures_are_lost(rig):
    """It is approved by name before anybody looked; the name counts once that was said."""
    dawn = rig.photo(pixelfed=True)
    old = with_more_pictures(rig, dawn)
    rig.flag(dawn, "pixelfed|_update")

    def repost():
        plan = rig.wb.repost(rig.plan("pixelfed"), dawn)
        return rig.wb.apply(plan, approve_deletes=1, approve=[dawn])

    first = outcome(repost(), dawn, "pixelfed")
    assert ("blocked", "has_engagement") == (first.state, first.code)
    assert "3 pictures in one post" in first.message
    assert [old] == [one.id for one in rig.statuses()]
    assert 3 == len(rig.pixelfed.backend.media)

    assert ["done"] == states(repost())
    [new] = rig.statuses()
    assert (1, True) == (len(new.media_ids), new.id != old)


# what nobody can see


def archived(rig):
    dawn = rig.photo(pixelfed=True)
    status_id = rig.online("pixelfed", dawn, likes=3)
    rig.pixelfed.backend.statuses[status_id].scope = "archived"
    return dawn, status_id


def test_a_post_that_may_be_archived_is_deleted_only_by_name(rig):
    dawn, status_id = archived(rig)
    rig.flag(dawn, "pixelfed|_delete")
    run = rig.sync("pixelfed", deletes=1)

    found = outcome(run, dawn, "pixelfed")
    assert ("blocked", "has_engagement") == (found.state, found.code)
    assert "not shown online" in found.message
    assert "may be archived" in found.hint
    assert status_id == rig.ids("pixelfed", dawn)["status_id"]
    assert "archived" == rig.pixelfed.backend.statuses[status_id].scope

    again = rig.sync("pixelfed", deletes=1, approve=[dawn])
    assert [("done", ())] == [(one.state, one.warnings) for one in again.outcomes]
    assert status_id not in rig.pixelfed.backend.statuses


def test_an_archived_post_is_not_believed_deleted_after_a_lost_answer(rig):
    dawn, status_id = archived(rig)
    rig.flag(dawn, "pixelfed|_delete")
    rig.pixelfed.fail_next("DELETE /api/v1/statuses/:id", status=502, times=-1)
    run = rig.sync("pixelfed", deletes=1, approve=[dawn])

    assert ["failed"] == states(run)
    assert status_id == rig.ids("pixelfed", dawn)["status_id"]
    assert "pixelfed|_delete" in rig.categories(dawn)

    rig.pixelfed.faults.clear()
    assert ["done"] == states(rig.sync("pixelfed", deletes=1, approve=[dawn]))
    assert status_id not in rig.pixelfed.backend.statuses


def test_an_update_of_a_post_that_may_be_archived_names_both_ways(rig):
    dawn, _ = archived(rig)
    rig.flag(dawn, "pixelfed|_metadata")
    found = outcome(rig.sync("pixelfed"), dawn, "pixelfed")

    assert ("failed", "not_on_platform") == (found.state, found.code)
    assert "is not shown online" in found.message
    assert "archived" in found.hint
    assert "Else: Remove its id" in found.hint
