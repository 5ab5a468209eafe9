"""Records that people made by hand, lost, or wrote meanwhile: no remote id is lost by us."""

from __future__ import annotations

import pytest
from rig import ALBUMS, Rig, outcome, picture, states

from socials_lib.errors import PlanError
from socials_lib.workbench import Workbench

# -- columns that were filled by hand


@pytest.mark.parametrize("platform", ["flickr", "pixelfed"])
def test_a_photo_whose_id_column_holds_its_address_is_deleted_and_not_taken_for_gone(rig, platform):
    dawn = rig.photo(**{platform: True})
    rig.online(platform, dawn)
    values = rig.seed.records[-1].values
    values[{"flickr": "photo_id", "pixelfed": "status_id"}[platform]] = values["url"]
    rig.reload()
    rig.flag(dawn, f"{platform}|_delete")

    run = rig.sync(platform, deletes=1)

    done = outcome(run, dawn, platform)
    assert ("done", "", ()) == (done.state, done.code, done.warnings)
    assert ([], []) == (rig.flickr_titles(), rig.statuses())
    assert ({}, set()) == (rig.ids(platform, dawn), rig.categories(dawn))


def test_a_photo_whose_id_column_holds_other_words_is_left_alone_and_named(rig):
    dawn = rig.photo(flickr=True)
    rig.online("flickr", dawn)
    rig.seed.records[-1].values["photo_id"] = "see the website"
    rig.reload()
    rig.flag(dawn, "flickr|_delete")

    [row] = rig.plan("flickr").rows
    rig.sync("flickr", deletes=1)

    assert (True, "lost_remote_id") == (row.blocked, row.reason)
    assert ["An old title"] == rig.flickr_titles()
    assert "see the website" == rig.ids("flickr", dawn)["photo_id"]


def test_an_address_in_the_id_column_is_mended_by_the_next_change(rig):
    dawn = rig.photo(flickr=True)
    remote = rig.online("flickr", dawn)
    rig.seed.records[-1].values["photo_id"] = f"https://www.flickr.com/photos/demo/{remote}/"
    rig.reload()
    rig.flag(dawn, "flickr|_metadata")

    run = rig.sync("flickr")

    assert (["done"], remote) == (states(run), rig.ids("flickr", dawn)["photo_id"])
    assert ["Dawn over the lake"] == rig.flickr_titles()


@pytest.mark.parametrize("shape", [" {} ", "https://www.flickr.com/photos/demo/{}"])
def test_after_a_delete_no_form_of_the_id_stays_in_imatch(rig, shape):
    dawn = rig.photo(flickr=True)
    remote = rig.online("flickr", dawn)
    rig.seed.records[-1].values |= {"photo_id": shape.format(remote), "url": ""}
    rig.reload()
    rig.flag(dawn, "flickr|_delete")

    run = rig.sync("flickr", deletes=1)

    assert (["done"], {}) == (states(run), rig.ids("flickr", dawn))


# -- ids that come while a list is being looked at


def test_a_link_does_not_write_over_an_id_that_came_meanwhile(rig):
    dawn = rig.photo("Dawn over the lake", flickr=True)
    old = rig.flickr.backend.add_photo(picture(int(dawn)), title="Dawn over the lake")
    matches = rig.wb.reconnect("flickr")
    Workbench.open(environ=rig.environ).sync("flickr")
    new = rig.ids("flickr", dawn)["photo_id"]

    [done] = rig.wb.link(matches)

    assert ("failed", "stale") == (done.state, done.code)
    assert f"It is online as {new} by now, so {old} was not written." == done.message
    assert new == rig.ids("flickr", dawn)["photo_id"]
    assert new == remembered(rig, dawn)


def test_a_link_does_not_write_over_an_id_that_only_the_journal_knows_by_now(rig):
    dawn = rig.photo("Dawn over the lake", flickr=True)
    rig.flickr.backend.add_photo(picture(int(dawn)), title="Dawn over the lake")
    matches = rig.wb.reconnect("flickr")
    Workbench.open(environ=rig.environ).sync("flickr")
    new = rig.ids("flickr", dawn)["photo_id"]
    rig.wb.imatch.drop_records("flickr", dawn, lambda _one: True)

    [done] = rig.wb.link(matches)

    assert ("failed", "stale", {}) == (done.state, done.code, rig.ids("flickr", dawn))
    assert new == remembered(rig, dawn)


def test_linking_twice_is_no_trouble(rig):
    dawn = rig.photo("Dawn over the lake", flickr=True)
    old = rig.flickr.backend.add_photo(picture(int(dawn)), title="Dawn over the lake")
    matches = rig.wb.reconnect("flickr")

    done = [one.state for _ in range(2) for one in rig.wb.link(matches)]

    assert (["done", "done"], old) == (done, rig.ids("flickr", dawn)["photo_id"])


def test_adopting_does_not_write_over_an_id_that_was_written_by_hand(rig):
    dawn = rig.photo(flickr=True)
    rig.sync("flickr")
    old = rig.ids("flickr", dawn)["photo_id"]
    rig.wb.imatch.drop_records("flickr", dawn, lambda _one: True)
    findings = rig.wb.audit("flickr")
    new = rig.flickr.backend.add_photo(picture(77), title="Anew")
    rig.wb.imatch.write_record("flickr", dawn, {"photo_id": new})

    with pytest.raises(PlanError) as caught:
        rig.wb.decide(findings, "adopt")

    assert "stale" == caught.value.code
    assert (new in str(caught.value), old in str(caught.value)) == (True, True)
    assert new == rig.ids("flickr", dawn)["photo_id"]


# -- a photo and its version


def test_a_photo_stays_in_the_album_that_another_file_of_it_is_still_in(rig):
    rig.albums_and_groups()
    master = rig.photo("Master")
    version = rig.photo("Master", flickr=True, albums=["Coast"], groups=["Tasmania"])
    rig.relate(master, version)
    rig.sync("flickr")
    remote = rig.ids("flickr", version)["photo_id"]
    rig.wb.journal.forget(
        "flickr", rig.wb.account("flickr").account.id, version, "", remote_id=remote
    )
    rig.flag(master, "flickr", "flickr|_metadata")

    run = rig.sync("flickr")

    assert ("done", []) == (outcome(run, master).state, removals(rig))
    assert remote in rig.flickr.backend.snapshot()["albums"][ALBUMS["Coast"]]["photos"]


def removals(rig: Rig) -> list[str]:
    """Requests that took a photo out of an album or group."""
    return [one for one in rig.flickr.operations() if "remove" in one]


def remembered(rig: Rig, file_id: str) -> str:
    """The id that the journal knows of a file."""
    account = rig.wb.account("flickr").account.id
    return rig.wb.journal.last_sent("flickr", account)[file_id].remote_id
