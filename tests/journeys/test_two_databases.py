"""Which file the journal means: other databases with the same ids, files moved, renamed, reread."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from rig import ALBUMS, Rig, picture, states

from socials_lib.demo.seed import SeedRecord
from socials_lib.errors import PlanError


def interrupted(rig: Rig, photo: str) -> None:
    """The photo goes online; the process dies before its id reaches IMatch."""

    def dies(*_args, **_more):
        raise KeyboardInterrupt

    rig.wb.imatch.write_record = dies
    with pytest.raises(KeyboardInterrupt):
        rig.sync("flickr")
    assert {} == rig.ids("flickr", photo)
    rig.anew()


def another_database(rig: Rig, photo: str, title: str = "The club's picture") -> None:
    """IMatch shows a database with a file of the same id and name, elsewhere, another picture."""
    entry = rig.seed.files[0]
    path = rig.folder / "club" / Path(entry.path).name
    path.parent.mkdir()
    path.write_bytes(picture(99))
    rig.seed.files[0] = replace(entry, path=str(path), metadata={**entry.metadata, "title": title})
    rig.reload()
    rig.anew()
    assert photo == str(entry.file_id)


def moved(rig: Rig, place: str, *, edited: bool = False) -> None:
    """The person moves or renames the file; the records of IMatch are lost."""
    entry = rig.seed.files[0]
    path = rig.folder / place
    path.parent.mkdir(exist_ok=True)
    Path(entry.path).rename(path)
    if edited:
        os.utime(path, ns=(1, 1))
    rig.seed.files[0] = replace(entry, path=str(path))
    rig.reload()
    rig.anew()


def reread(rig: Rig, new: int = 5001) -> str:
    """The file was taken out of IMatch and read in anew: another id, no record."""
    entry = rig.seed.files[0]
    rig.seed.files[0] = replace(entry, file_id=new)
    for category in rig.seed.categories:
        category.files[:] = [new if one == entry.file_id else one for one in category.files]
    rig.reload()
    rig.anew()
    return str(new)


# -- another database


def test_an_id_on_its_way_home_is_not_written_to_the_file_of_another_database(rig):
    dawn = rig.photo("Dawn over the lake", flickr=True)
    interrupted(rig, dawn)
    another_database(rig, dawn)

    [row] = rig.plan("flickr").rows
    run = rig.sync("flickr")

    assert (True, "lost_remote_id") == (row.blocked, row.reason)
    assert ("photo-1001.jpg" in row.problems[0].found, []) == (True, states(run))
    assert ({}, ["Dawn over the lake"]) == (rig.ids("flickr", dawn), rig.flickr_titles())


def test_a_file_of_another_database_that_is_flagged_for_deletion_deletes_no_photo_of_the_first(rig):
    dawn = rig.photo("Dawn over the lake", flickr=True)
    interrupted(rig, dawn)
    another_database(rig, dawn)
    rig.sync("flickr")
    rig.flag(dawn, "flickr|_delete")

    rig.sync("flickr", deletes=1)

    assert ["Dawn over the lake"] == rig.flickr_titles()


def test_back_in_its_own_database_the_photo_is_brought_to_its_end(rig):
    dawn = rig.photo("Dawn over the lake", flickr=True)
    own = rig.seed.files[0]
    interrupted(rig, dawn)
    another_database(rig, dawn)
    rig.sync("flickr")
    rig.seed.files[0] = own
    rig.reload()

    rig.sync("flickr")

    assert (["Dawn over the lake"], True) == (
        rig.flickr_titles(),
        bool(rig.ids("flickr", dawn)),
    )


def test_a_photo_of_another_database_with_the_same_id_and_name_is_published_too(rig):
    dawn = rig.photo("Dawn over the lake", flickr=True)
    rig.sync("flickr")
    another_database(rig, dawn)

    run = rig.sync("flickr")

    assert (["done"], ["Dawn over the lake", "The club's picture"]) == (
        states(run),
        rig.flickr_titles(),
    )


# -- the same database


@pytest.mark.parametrize("place", ["2024 lake.jpg", "lakes/photo-1001.jpg", "lakes/first.jpg"])
@pytest.mark.parametrize("edited", [False, True])
def test_a_file_that_was_moved_or_renamed_and_lost_its_record_is_not_published_again(
    rig, place, edited
):
    rig.photo(flickr=True)
    rig.sync("flickr")
    moved(rig, place, edited=edited)

    [row] = rig.plan("flickr").rows
    rig.sync("flickr")

    assert ("none", "lost_remote_id", True) == (row.action, row.reason, row.blocked)
    assert ["Dawn over the lake"] == rig.flickr_titles()


@pytest.mark.parametrize("place", ["2024 lake.jpg", "lakes/photo-1001.jpg"])
@pytest.mark.parametrize("edited", [False, True])
def test_an_interrupted_photo_is_brought_to_its_end_where_its_file_is_now(rig, place, edited):
    dawn = rig.photo(flickr=True)
    interrupted(rig, dawn)
    moved(rig, place, edited=edited)

    rig.sync("flickr")

    assert (["Dawn over the lake"], True) == (
        rig.flickr_titles(),
        bool(rig.ids("flickr", dawn)),
    )


def test_a_file_that_was_read_in_anew_is_not_published_again(rig):
    rig.photo(flickr=True)
    rig.sync("flickr")
    reread(rig)

    [row] = rig.plan("flickr").rows
    rig.sync("flickr")

    assert ("none", "lost_remote_id", True) == (row.action, row.reason, row.blocked)
    assert ["Dawn over the lake"] == rig.flickr_titles()


def test_another_picture_under_the_path_of_an_old_file_is_a_photo_of_its_own(rig):
    rig.photo(flickr=True)
    rig.sync("flickr")
    Path(rig.seed.files[0].path).write_bytes(picture(99))
    reread(rig)

    assert ["add"] == [row.action for row in rig.plan("flickr").rows if not row.blocked]


def test_an_upload_under_way_is_not_repeated_for_a_file_that_was_read_in_anew(rig):
    dawn = rig.photo(flickr=True)
    interrupted(rig, dawn)
    reread(rig)

    [row] = rig.plan("flickr").rows
    rig.sync("flickr")

    assert ("none", "lost_remote_id", True) == (row.action, row.reason, row.blocked)
    assert ["Dawn over the lake"] == rig.flickr_titles()


def test_a_follow_up_is_done_though_its_file_was_moved_and_written_since(rig):
    rig.albums_and_groups()
    dawn = rig.photo(flickr=True, albums=["Coast"])
    fault = rig.flickr.fail_next("flickr.photosets.addPhoto", status=503, times=50)
    rig.sync("flickr")
    rig.flickr.faults.remove(fault)
    remote = rig.ids("flickr", dawn)["photo_id"]
    rig.seed.records.append(
        SeedRecord(set="flickr", file_id=int(dawn), values={"photo_id": remote})
    )
    moved(rig, "lakes/photo-1001.jpg", edited=True)

    rig.sync("flickr")

    assert remote in rig.flickr.backend.snapshot()["albums"][ALBUMS["Coast"]]["photos"]


# -- the ways out


def test_the_id_of_a_file_that_was_read_in_anew_is_adopted(rig):
    dawn = rig.photo(flickr=True)
    rig.sync("flickr")
    remote = rig.ids("flickr", dawn)["photo_id"]
    anew = reread(rig)

    rig.wb.decide(rig.wb.audit("flickr"), "adopt")

    assert remote == rig.ids("flickr", anew)["photo_id"]
    assert () == rig.plan("flickr").rows


def test_the_id_of_a_renamed_file_is_found_by_reconnecting(rig):
    dawn = rig.photo(flickr=True)
    rig.sync("flickr")
    remote = rig.ids("flickr", dawn)["photo_id"]
    moved(rig, "2024 lake.jpg")

    [done] = rig.wb.link(rig.wb.reconnect("flickr"))

    assert ("done", remote) == (done.state, rig.ids("flickr", dawn)["photo_id"])
    assert () == rig.plan("flickr").rows


def test_an_id_is_not_adopted_for_the_file_of_another_database(rig):
    dawn = rig.photo("Dawn over the lake", flickr=True)
    rig.sync("flickr")
    another_database(rig, dawn)

    with pytest.raises(PlanError) as caught:
        rig.wb.decide(rig.wb.audit("flickr"), "adopt")

    assert ("other_file", {}) == (caught.value.code, rig.ids("flickr", dawn))
