"""Attribute columns in bulk fixes: written into the IMatch stand-in, read back, put back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from socials_lib import bulk
from socials_lib.errors import SettingsError
from socials_lib.widgets.bulk_parts import consequence_html

ROOT = Path(__file__).resolve().parents[2]
WRITE = "POST /v1/attributes"
IDS = bulk.Recipe(
    name="Ids", steps=(bulk.IdFromUrl(platform="flickr"), bulk.Set(field="flickr_posted", value=""))
)
KILLED = """
import os, sys
from socials_lib import bulk
from socials_lib.workbench import Workbench
wb = Workbench.open()
seen = 0
def listen(event):
    global seen
    seen += event.step == "row"
    if seen == 3:
        os._exit(9)
recipe = bulk.Recipe(steps=(bulk.IdFromUrl(platform="flickr"),))
wb.write(wb.propose(wb.photos("Socials|flickr"), recipe), listen=listen)
"""


def records(rig, file_id):
    """The values of all records of a file, whatever their instance ids."""
    found = rig.imws.backend.snapshot()["attributes"]["flickr"].get(file_id, [])
    return [{k: v for k, v in one.items() if k != "instanceId"} for one in found]


def address(number):
    return f"https://www.flickr.com/photos/demo/5300000000{number}"


@pytest.fixture
def lost(rig):
    """Six photos whose records have an address and a date, and no id."""
    for number in range(6):
        file_id = rig.photo(f"Lake {number}", flickr=True)
        rig.record("flickr", file_id, url=address(number), posted="2024-01-02")
    return rig


def states(run):
    return Counter(one.state for one in run.cells)


def photos(rig):
    return rig.wb.photos("Socials|flickr")


def test_ids_are_taken_out_of_addresses_and_put_back_without_any_switch(lost):
    before = {one.file_id: records(lost, one.file_id) for one in photos(lost)}
    change_set = lost.wb.propose(photos(lost), IDS)
    lost.imws.requests.clear()

    run = lost.wb.write(change_set)

    assert ("done", {"verified": 12}) == (run.state, states(run))
    changed = {one.operation for one in lost.imws.requests if one.method == "POST"}
    assert {WRITE} == changed - {"POST /v1/authenticate"}
    assert 6 == lost.imws.count(WRITE)  # both columns of a record in one call
    for number, one in enumerate(photos(lost)):
        ident = f"5300000000{number}"
        assert [{"photo_id": ident, "url": address(number)}] == records(lost, one.file_id)
    assert {"verified": 12} == states(lost.wb.undo(run.change_set))
    assert before == {one.file_id: records(lost, one.file_id) for one in photos(lost)}


def test_a_record_that_has_nothing_left_goes_and_comes_back(rig):
    file_id = rig.photo("Lake", flickr=True)
    rig.record("flickr", file_id, photo_id="5")
    clear = bulk.Recipe(steps=(bulk.Set(field="flickr_photo_id", value=""),))
    change_set = rig.wb.propose(photos(rig), clear)

    run = rig.wb.write(change_set)

    assert "Flickr id lost" in consequence_html(change_set.consequences[file_id])
    assert ({"verified": 1}, []) == (states(run), records(rig, file_id))
    rig.wb.undo(run.change_set)
    assert [{"photo_id": "5"}] == records(rig, file_id)


def test_a_value_that_changed_since_or_must_be_unique_stays_and_the_others_go_on(lost):
    rows = photos(lost)
    change_set = lost.wb.propose(rows, IDS)
    target = lost.imws.backend.attributes.named("flickr")
    (record,) = target.of_file(int(rows[0].file_id))
    lost.imws.backend.attributes.run(
        "flickr",
        [int(rows[0].file_id)],
        [{"op": "update", "instanceid": [record.instance_id], "data": {"photo_id": "53000000001"}}],
    )

    run = lost.wb.write(change_set)

    by_state = {one.file_id: one.state for one in run.cells if one.field == "flickr_photo_id"}
    assert ["conflict", "failed", *["verified"] * 4] == [by_state[one.file_id] for one in rows]
    (failed,) = {one.message for one in run.cells if one.state == "failed"}
    assert "53000000001" in failed or "unique" in failed


def test_a_file_with_several_records_is_left_alone(rig):
    file_id = rig.photo("Lake", flickr=True)
    rig.record("flickr", file_id, url=address(1))
    rig.record("flickr", file_id, url=address(2))
    recipe = bulk.Recipe(steps=(bulk.IdFromUrl(platform="flickr"),))

    run = rig.wb.write(rig.wb.propose(photos(rig), recipe))

    assert {"failed": 1} == states(run)
    assert "2 records" in run.cells[0].message
    assert 0 == rig.imws.count(WRITE)


def test_a_killed_repair_is_found_and_finished(lost):
    before = {one.file_id: records(lost, one.file_id) for one in photos(lost)}
    done = subprocess.run(
        [sys.executable, "-c", KILLED], cwd=ROOT, env={**os.environ, **lost.environ}, timeout=60
    )
    assert 9 == done.returncode
    (broken,) = lost.wb.change_sets()
    assert ("broken", True) == (broken.state, broken.left > 0)

    run = lost.wb.write(broken.change_set)

    assert {"verified": 6} == states(run)
    assert 6 == lost.imws.count(WRITE)
    lost.wb.undo(run.change_set)
    assert before == {one.file_id: records(lost, one.file_id) for one in photos(lost)}


# -- the way back, the switch, the sources


def test_the_way_back_shows_what_changed_since_and_writes_nothing(lost):
    run = lost.wb.write(lost.wb.propose(photos(lost), bulk.READY["queue_update:flickr"]))
    first = run.cells[0].file_id
    lost.unflag(first, "flickr|_update")
    lost.imws.requests.clear()

    back = lost.wb.way_back(run.change_set)

    assert [True, *[False] * 5] == [one.is_conflict for one in back]
    assert () == back[0].found
    assert set() == {one.operation for one in lost.imws.requests if one.method == "POST"}


def test_a_proof_switches_the_writing_on_for_this_imatch_and_off_again(rig):
    file_id = rig.photo("Lake", flickr=True)
    recipe = bulk.Recipe(steps=(bulk.Case(field="title", to="upper"),))
    change_set = rig.wb.propose(photos(rig), recipe)
    with pytest.raises(SettingsError):
        rig.wb.write(change_set)

    rig.wb.try_metadata(file_id)
    assert not rig.wb.may_write_metadata
    rig.wb.allow_metadata()

    assert rig.anew().may_write_metadata
    assert {"verified": 1} == states(rig.wb.write(change_set))
    rig.wb.allow_metadata(False)
    with pytest.raises(SettingsError):
        rig.wb.undo(rig.wb.change_sets()[0].change_set)
    assert not rig.anew(SOCIALS_IMATCH_URL="http://127.0.0.1:9").may_write_metadata


def test_the_sources_are_counted_and_what_was_handed_over_is_among_them(lost):
    online = lost.photo("Online", flickr=True)
    lost.online("flickr", online)
    lost.photo("New", flickr=True, pixelfed=True)
    other = lost.photo("Elsewhere")
    lost.imws.set_selection([int(other)])
    lost.wb.hand_over("odd titles", [online, other], "2 photos with odd titles")

    found = {one.kind: one for one in lost.wb.bulk_sources()}

    assert {"pending": None, "published": 7, "selection": 1, "handed": 2} == {
        kind: one.count for kind, one in found.items()
    }
    assert "2 photos with odd titles" == found["handed"].words
    assert [online, other] == [one.file_id for one in lost.wb.photos(found["handed"].source)]
