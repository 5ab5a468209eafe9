"""Bulk fixes for real: values into the IMatch stand-in, read back, killed, resumed, put back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from rig import Rig

from socials_lib import bulk
from socials_lib.demo.seed import ALT_TEXT
from socials_lib.errors import (
    AnotherRun,
    CategoryMissing,
    ImatchError,
    PlanError,
    RecipeError,
    SettingsError,
)
from socials_lib.widgets.entries import PENDING
from socials_lib.widgets.picker import PickerModel

ROOT = Path(__file__).resolve().parents[2]
WRITE, ASSIGN = "POST /v1/metadata", "POST /v1/categories/assign"
THREE = bulk.Recipe(
    name="Three fields",
    steps=(
        bulk.Case(field="title", to="upper"),
        bulk.Template(field="headline", template="{{ title }} in {{ month }}"),
        bulk.AddKeywords(keywords=("Fixed|Now",)),
    ),
)
KILLED = """
import os, sys
from socials_lib.workbench import Workbench
from socials_lib import bulk
wb = Workbench.open()
seen = 0
def listen(event):
    global seen
    seen += event.step == "row"
    if seen == 20:
        os._exit(9)
recipe = bulk.from_json(__import__("json").loads(sys.argv[1]))
wb.write(wb.propose(wb.photos("Socials|flickr"), recipe), listen=listen)
"""


@pytest.fixture
def lake(tmp_path):
    """Six photos, and the switch for metadata on."""
    made = Rig(tmp_path, SOCIALS_IMATCH_WRITE_METADATA="true")
    for number in range(6):
        made.photo(f"Lake {number}", flickr=True)
    yield made
    made.stop()


def in_imatch(rig: Rig) -> dict[str, Any]:
    """All that a bulk fix could change; keywords are a bag."""
    found = rig.imws.backend.snapshot()
    return {
        "metadata": {
            file_id: {
                name: sorted(value) if isinstance(value, list) else value
                for name, value in values.items()
            }
            for file_id, values in found["metadata"].items()
        },
        "categories": found["categories"],
        "attributes": found["attributes"],
    }


def written(rig: Rig) -> list[tuple[str, str]]:
    """File id and tag of every metadata operation that reached IMatch."""
    return [
        (file_id, task["tag"])
        for one in rig.imws.requests
        if one.operation == WRITE
        for file_id in one.params["id"].split(",")
        for task in json.loads(one.params["tags"])
    ]


def states(run) -> Counter:
    return Counter(one.state for one in run.cells)


def photos(rig: Rig):
    return rig.wb.photos("Socials|flickr")


def test_sixty_photos_times_three_fields_are_changed_verified_and_put_back(lake):
    for number in range(54):
        lake.seed.files.append(
            type(lake.seed.files[0])(
                file_id=5000 + number,
                path=lake.seed.files[0].path,
                metadata={"title": f"More {number}", "headline": "Old", "hierarchicalkeywords": []},
            )
        )
        lake.put(5000 + number, "Socials|flickr")
    lake.reload()
    before = in_imatch(lake)
    change_set = lake.wb.propose(photos(lake), THREE)

    run = lake.wb.write(change_set)

    assert ("done", {"verified": 180}) == (run.state, states(run))
    after = {one.file_id: one for one in photos(lake)}
    for cell in change_set.chosen:
        assert set(cell.after) == set(bulk.value_of(after[cell.file_id], cell.field))
    assert before != in_imatch(lake)

    back = lake.wb.undo(run.change_set)

    assert ("done", {"verified": 180}, run.change_set) == (back.state, states(back), back.undoes)
    assert before == in_imatch(lake)
    assert {"undone": 180} == states(lake.wb.journal.change_set(run.change_set))


def test_nothing_is_touched_that_the_preview_did_not_show(lake):
    ids = [one.file_id for one in photos(lake)]
    change_set = lake.wb.propose(photos(lake), THREE).without(ids[0], (ids[1], "title"))
    before = in_imatch(lake)

    lake.wb.write(change_set)

    tags = {"title": "title", "headline": "headline", "keywords": "hierarchicalkeywords"}
    shown = {(one.file_id, tags[one.field]) for one in change_set.chosen}
    assert shown == set(written(lake))
    assert len(shown) == len(written(lake))
    changing = {one.operation for one in lake.imws.requests if one.method == "POST"}
    assert {"POST /v1/authenticate", WRITE} == changing
    now = in_imatch(lake)
    assert before["metadata"][ids[0]] == now["metadata"][ids[0]]
    assert before["metadata"][ids[1]]["title"] == now["metadata"][ids[1]]["title"]
    assert {k: v for k, v in before["categories"].items() if k[0] != "@"} == now["categories"]


def test_a_process_that_is_killed_in_the_middle_is_resumed_and_then_put_back(tmp_path):
    rig = Rig(tmp_path, SOCIALS_IMATCH_WRITE_METADATA="true")
    try:
        for number in range(20):
            rig.photo(f"Lake {number}", flickr=True)
        before = in_imatch(rig)
        recipe = THREE.then(bulk.Unassign(category="Socials|flickr"))
        expected = rig.wb.propose(photos(rig), recipe)

        done = subprocess.run(
            [sys.executable, "-c", KILLED, json.dumps(bulk.to_json(recipe))],
            cwd=ROOT,
            env={**os.environ, **rig.environ},
            timeout=60,
        )

        assert 9 == done.returncode
        (broken,) = rig.wb.change_sets()
        assert ("broken", True) == (broken.state, broken.left > 0)
        run = rig.wb.write(broken.change_set)
        assert ("done", {"verified": 80}) == (run.state, states(run))
        tags = Counter(written(rig))
        assert {1} == set(tags.values())  # no value was written twice
        assert len(expected.cells) == len(run.cells)
        back = rig.wb.undo(run.change_set)
        assert {"verified": 80} == states(back)
        assert before == in_imatch(rig)
    finally:
        rig.stop()


class Killed(BaseException):
    """As if the process ended here."""


@pytest.mark.parametrize("way", ["gone on with", "put back"])
def test_a_kill_after_the_request_and_before_the_journal_writes_nothing_twice(lake, way):
    before = in_imatch(lake)
    library = lake.wb.imatch
    real = library.write_metadata

    def dies(*args, **how):
        real(*args, **how)
        raise Killed

    library.write_metadata = dies
    with pytest.raises(Killed):
        lake.wb.write(lake.wb.propose(photos(lake), THREE))
    library.write_metadata = real
    (broken,) = lake.wb.change_sets()
    assert ("broken", {"written": 3, "planned": 15}) == (broken.state, broken.counts)

    if way == "gone on with":
        run = lake.wb.write(broken.change_set)
        assert {"verified": 18} == states(run)
        assert {1} == set(Counter(written(lake)).values())
    assert {"verified"} == set(states(lake.wb.undo(broken.change_set)))
    assert before == in_imatch(lake)


@pytest.mark.parametrize("way", ["gone on with", "put back"])
def test_a_kill_between_joining_and_leaving_categories_is_mended(rig, way):
    file_id = rig.photo("Lake", flickr=True)
    before = in_imatch(rig)
    recipe = bulk.Recipe(
        steps=(
            bulk.Unassign(category="Socials|flickr"),
            bulk.Assign(category="Socials|flickr|_delete"),
        )
    )
    library = rig.wb.imatch

    def dies(*_):
        raise Killed

    real, library.leave = library.leave, dies
    with pytest.raises(Killed):
        rig.wb.write(rig.wb.propose(photos(rig), recipe))
    library.leave = real
    assert {"flickr", "flickr|_delete"} == rig.categories(file_id)
    (broken,) = rig.wb.change_sets()

    if way == "gone on with":
        assert {"verified": 1} == states(rig.wb.write(broken.change_set))
        assert {"flickr|_delete"} == rig.categories(file_id)
    assert {"verified": 1} == states(rig.wb.undo(broken.change_set))
    assert before == in_imatch(rig)


@pytest.mark.parametrize("arrived", [True, False])
def test_an_answer_that_got_lost_is_cleared_up_by_looking(lake, arrived):
    how = {"drop_answer": True} if arrived else {"reset": True}
    lake.imws.fail_next(WRITE, skip=2, **how)
    change_set = lake.wb.propose(photos(lake), THREE)

    run = lake.wb.write(change_set)

    if arrived:
        assert ("done", {"verified": 18}) == (run.state, states(run))
        assert 18 == len(written(lake))
        return
    assert ("halted", 3) == (run.state, states(run)["written"])
    assert "Stopped after 6 of 18 values." in run.message
    again = lake.wb.write(run.change_set)
    assert ("done", {"verified": 18}) == (again.state, states(again))


def test_what_was_changed_since_is_a_conflict_and_stays(lake):
    change_set = lake.wb.propose(photos(lake), THREE)
    first, second = change_set.file_ids[:2]
    lake.edit(first, title="Mine")

    run = lake.wb.write(change_set)

    (conflict,) = [one for one in run.cells if one.state == "conflict"]
    assert ((first, "title"), "Mine") == ((conflict.file_id, conflict.field), conflict.found)
    assert "has changed since: expected “Lake 0”, IMatch has “Mine”" in conflict.message
    assert 17 == states(run)["verified"]
    lake.edit(second, headline="Mine too")
    back = lake.wb.undo(run.change_set)
    assert {"verified": 16, "conflict": 1} == states(back)
    now = in_imatch(lake)["metadata"]
    assert ("Mine", "Mine too") == (now[first]["title"], now[second]["headline"])


def test_a_change_between_the_look_and_the_write_is_a_conflict_too(lake):
    change_set = lake.wb.propose(photos(lake), THREE).only(
        *[one.file_id for one in photos(lake)[:2]]
    )
    second = change_set.file_ids[1]

    def listen(event):
        if event.step == "row" and event.state == "verified":
            lake.edit(second, headline="Meanwhile")

    run = lake.wb.write(change_set, listen=listen)

    assert {"verified": 3, "conflict": 3} == states(run)
    assert "Meanwhile" == in_imatch(lake)["metadata"][second]["headline"]


def test_part_of_a_change_set_can_be_put_back_and_the_rest_later(lake):
    run = lake.wb.write(lake.wb.propose(photos(lake), THREE))
    first, second = run.cells[0].file_id, run.cells[3].file_id

    part = lake.wb.undo(run.change_set, keys=[first, (second, "title")])

    assert 4 == len(part.cells)
    assert {"undone": 4, "verified": 14} == states(lake.wb.journal.change_set(run.change_set))
    rest = lake.wb.undo(run.change_set)
    assert 14 == len(rest.cells)
    with pytest.raises(PlanError, match="can be put back"):
        lake.wb.undo(run.change_set)


def test_an_undo_can_be_undone(lake):
    run = lake.wb.write(lake.wb.propose(photos(lake), THREE))
    done = in_imatch(lake)
    back = lake.wb.undo(run.change_set)

    again = lake.wb.undo(back.change_set)

    assert done == in_imatch(lake)
    found = {one.change_set: dict(one.counts) for one in lake.wb.change_sets()}
    assert {
        run.change_set: {"verified": 18},
        back.change_set: {"undone": 18},
        again.change_set: {"verified": 18},
    } == found
    lake.wb.undo(again.change_set)
    assert {"undone": 18} == dict(lake.wb.journal.change_set(run.change_set).counts)


def test_stop_ends_after_the_photo_and_the_rest_is_gone_on_with(lake):
    def listen(event):
        if event.step == "row":
            lake.wb.ask_to_stop()

    run = lake.wb.write(lake.wb.propose(photos(lake), THREE), listen=listen)

    assert ("stopped", {"verified": 3, "planned": 15}) == (run.state, states(run))
    assert "Stopped after 3 of 18 values." == run.message
    assert {"verified": 18} == states(lake.wb.write(run.change_set))


def test_events_count_up_to_the_end(lake):
    seen = []

    run = lake.wb.write(lake.wb.propose(photos(lake), THREE), listen=seen.append)

    assert ("run", "started", 0, 18) == (
        seen[0].step, seen[0].state, seen[0].done, seen[0].total
    )  # fmt: skip
    assert ("run", "done", 18, 18) == (
        seen[-1].step, seen[-1].state, seen[-1].done, seen[-1].total
    )  # fmt: skip
    assert [3, 6, 9, 12, 15, 18] == [one.done for one in seen if one.step == "row"]
    assert {run.change_set} == {one.run for one in seen}
    assert "done" == lake.wb.watch().state


def test_a_value_that_imatch_does_not_keep_stops_everything_and_can_be_put_back(lake):
    backend = lake.imws.backend
    real = backend.set_value

    def shortens(file_id, tag, value):
        return real(file_id, tag, value[:4] if tag == "title" else value)

    before = in_imatch(lake)
    backend.set_value = shortens
    run = lake.wb.write(lake.wb.propose(photos(lake), THREE))
    backend.set_value = real

    assert "halted" == run.state
    assert {"differs": 1, "verified": 2, "planned": 15} == states(run)
    assert run.message.startswith(
        "IMatch did not keep the title of “Lake 0”: wrote “LAKE 0”, reads “LAKE”. Stopped after 3"
    )
    back = lake.wb.undo(run.change_set)
    assert {"verified": 3} == states(back)
    assert before == in_imatch(lake)


def test_one_bad_photo_never_stops_the_others(lake):
    lake.imws.fail_next(WRITE, status=400, body=b'{"error": {"message": "no such file"}}')

    run = lake.wb.write(lake.wb.propose(photos(lake), THREE))

    assert ("done", {"failed": 3, "verified": 15}) == (run.state, states(run))
    assert "no such file" in run.cells[0].message


def test_an_imatch_that_is_gone_stops_everything_and_is_gone_on_with_later(lake):
    change_set = lake.wb.propose(photos(lake), THREE)
    lake.imws.fail_next(WRITE, skip=1, reset=True)
    lake.imws.fail_next("GET /v1/files", skip=4, times=6, reset=True)

    run = lake.wb.write(change_set)

    assert "halted" == run.state
    assert "does not answer" in run.message
    lake.imws.faults.clear()
    assert {"verified": 18} == states(lake.wb.write(run.change_set))


def test_an_imatch_without_that_endpoint_is_told_apart(lake):
    lake.imws.fail_next(WRITE, status=404, times=-1, body=b'{"error": {"message": "unknown"}}')

    run = lake.wb.write(lake.wb.propose(photos(lake), THREE))

    assert ("halted", 1) == (run.state, lake.imws.count(WRITE))
    assert "takes no metadata from other programs" in run.message
    assert "CSV" in run.hint


def test_metadata_needs_the_switch_and_categories_need_none(rig):
    rig.photo("Lake", flickr=True)
    rig.photo("Pier", flickr=True)
    some = photos(rig)

    with pytest.raises(SettingsError, match="switched off") as caught:
        rig.wb.write(rig.wb.propose(some, THREE))
    assert "writing_is_off" == caught.value.code
    assert 0 == rig.imws.count(WRITE)
    assert () == rig.wb.change_sets()

    before = in_imatch(rig)
    run = rig.wb.write(rig.wb.propose(some, bulk.READY["queue_metadata:flickr"]))

    assert {"verified": 2} == states(run)
    assert {"flickr", "flickr|_metadata"} == rig.categories(some[0].file_id)
    assert 1 == rig.imws.count(ASSIGN)
    rig.wb.undo(run.change_set)
    assert before == in_imatch(rig)


def test_a_category_that_does_not_exist_fails_before_the_photo_leaves_another(rig):
    file_id = rig.photo("Lake", flickr=True)
    recipe = bulk.Recipe(
        steps=(bulk.Unassign(category="Socials|flickr"), bulk.Assign(category="Socials|nowhere"))
    )

    run = rig.wb.write(rig.wb.propose(photos(rig), recipe))

    (cell,) = run.cells
    assert ("failed", "The category `Socials|nowhere` does not exist in IMatch.") == (
        cell.state, cell.message
    )  # fmt: skip
    assert {"flickr"} == rig.categories(file_id)
    assert 0 == rig.imws.count(ASSIGN)


def test_a_membership_that_changed_since_is_a_conflict(rig):
    file_id = rig.photo("Lake", flickr=True)
    change_set = rig.wb.propose(photos(rig), bulk.READY["queue_update:flickr"])
    rig.flag(file_id, "flickr|_update")

    assert {"same": 1} == states(rig.wb.write(change_set))
    rig.unflag(file_id, "flickr|_update")
    run = rig.wb.write(change_set)
    rig.unflag(file_id, "flickr|_update")
    assert {"same": 1} == states(rig.wb.undo(run.change_set))
    assert {"undone": 1} == states(rig.wb.journal.change_set(run.change_set))


def test_a_text_that_the_master_gives_is_written_to_the_version_only(tmp_path):
    rig = Rig(tmp_path, SOCIALS_IMATCH_WRITE_METADATA="true")
    try:
        master = rig.photo("Heath")
        version = rig.photo(None, flickr=True, headline=None)
        rig.relate(master, version)
        before = in_imatch(rig)
        change_set = rig.wb.propose(photos(rig), bulk.Recipe(
            steps=(bulk.Case(field="title", to="upper"),)
        ))  # fmt: skip
        assert [("", "HEATH", "Heath", master)] == [
            (one.before, one.after, one.shown_before, one.source) for one in change_set.cells
        ]

        run = rig.wb.write(change_set)

        now = in_imatch(rig)["metadata"]
        assert ("Heath", "HEATH") == (now[master]["title"], now[version]["title"])
        rig.wb.undo(run.change_set)
        assert before == in_imatch(rig)
    finally:
        rig.stop()


def test_alt_texts_and_odd_letters_arrive_as_they_are(lake):
    text = "Ann's <b>lake</b> & “boats”\nsecond line; 100 % – straße"
    recipe = bulk.Recipe(
        steps=(
            bulk.Set(field="alt_text", value=text),
            bulk.Set(field="description", value=text),
            bulk.Set(field="keywords", value="A & B|c<d; Straße"),
        )
    )
    file_id = photos(lake)[0].file_id

    run = lake.wb.write(lake.wb.propose(photos(lake), recipe))

    assert {"verified": 18} == states(run)
    assert text == lake.imws.backend.value(int(file_id), ALT_TEXT)
    assert text == photos(lake)[0].description
    assert ("A & B|c<d", "Straße") == photos(lake)[0].keywords


def test_only_one_process_writes_at_a_time(lake):
    change_set = lake.wb.propose(photos(lake), THREE)
    with lake.wb.lock.held(origin="the other one"), pytest.raises(AnotherRun):
        lake.wb.write(change_set)

    assert () == lake.wb.change_sets()


def test_nothing_is_written_while_imatch_says_dry_run(lake):
    change_set = lake.wb.propose(photos(lake), THREE)
    lake.imws.backend.variables["imatch_to_socials_testing"] = 1

    with pytest.raises(SettingsError, match="imatch_to_socials_testing"):
        lake.anew().write(change_set)
    assert 0 == lake.imws.count(WRITE)


def test_another_database_with_the_same_ids_is_left_alone(lake):
    change_set = lake.wb.propose(photos(lake), THREE)
    for file in lake.seed.files:
        file.path += ".other"
    lake.reload()

    run = lake.wb.write(change_set)

    assert {"conflict": 18} == states(run)
    assert 0 == lake.imws.count(WRITE)


def test_a_photo_that_left_the_database_fails(lake):
    change_set = lake.wb.propose(photos(lake), THREE)
    gone = lake.seed.files.pop()
    for category in lake.seed.categories:
        if gone.file_id in category.files:
            category.files.remove(gone.file_id)
    lake.reload()

    run = lake.wb.write(change_set)

    assert {"failed": 3, "verified": 15} == states(run)


def test_an_empty_change_set_is_refused(lake):
    with pytest.raises(PlanError, match="nothing to write"):
        lake.wb.write(lake.wb.propose(photos(lake), bulk.Recipe()))


# -- where photos come from


def ids(some: Iterable[Any]) -> list[str]:
    return [one.file_id for one in some]


def test_photos_come_from_the_work_list_what_is_online_a_category_or_the_selection(rig):
    new = rig.photo("New", flickr=True, pixelfed=True)
    other = rig.photo("Elsewhere", albums=["Coast"])
    online = rig.photo("Online", flickr=True)
    rig.online("flickr", online)
    rig.imws.set_selection([int(online), int(other)])

    assert [new] == ids(rig.wb.photos("pending"))
    assert [new] == ids(rig.wb.photos())
    assert [online] == ids(rig.wb.photos("published"))
    assert [other] == ids(rig.wb.photos("Socials|flickr|albums|Coast"))
    assert [other, online] == ids(rig.wb.photos("selection"))
    assert [new, other] == ids(rig.wb.photos([other, new, "99"]))
    with pytest.raises(CategoryMissing, match="nowhere"):
        rig.wb.photos("Socials|nowhere")


def pending_photos(rig) -> list[str]:
    """The photos of the rows that the table of 01_sync counts as pending."""
    model = PickerModel(rig.wb)
    model.load()
    assert model.worker.wait(30)
    kinds = [(model.kind(one.row), one.row.file_id) for one in model.entries]
    return sorted({file_id for kind, file_id in kinds if kind in PENDING})


def test_pending_means_the_photos_that_the_sync_counts(rig):
    both = rig.photo("In both lists", flickr=True, pixelfed=True)
    blocked = rig.photo("No headline", pixelfed=True, headline=None)
    renewed = rig.photo("To renew", flickr=True, flags=["flickr|_metadata"])
    rig.online("flickr", renewed)
    rig.photo("Never online", flickr=True, flags=["flickr|_delete"])
    sent = rig.photo("Just sent", flickr=True)
    rig.wb.apply(rig.wb.plan([one for one in rig.wb.load_pending() if one.photo.file_id == sent]))

    assert [both, blocked, renewed] == pending_photos(rig)
    assert [both, blocked, renewed] == ids(rig.wb.photos("pending"))


def test_tables_of_nothing_have_their_own_columns(rig):
    assert "origin" in rig.wb.frame(rig.wb.history())
    assert "undoes" in rig.wb.frame(rig.wb.change_sets())


def test_the_sources_are_offered_without_reading_a_photo(rig):
    rig.photo("Lake", flickr=True)
    rig.imws.requests.clear()

    assert ["pending", "published", "selection"] == [one.kind for one in rig.wb.bulk_sources()]
    assert 1 == rig.imws.count("GET /v1/files")  # what is selected
    assert [] == rig.flickr.requests


def test_nothing_is_pending_once_everything_was_sent(rig):
    rig.photo("Lake", flickr=True, pixelfed=True)
    rig.photo("Pier", flickr=True)
    rig.sync()

    assert [] == ids(rig.wb.photos("pending"))


def test_without_a_sign_in_what_is_published_without_a_flag_is_not_pending_either(rig):
    new = rig.photo("New", flickr=True)
    renewed = rig.photo("To renew", flickr=True, flags=["flickr|_update"])
    for one in (renewed, rig.photo("Online", flickr=True)):
        rig.online("flickr", one)
    wb = rig.anew(SOCIALS_FLICKR_TOKEN="", SOCIALS_PIXELFED_TOKEN="")

    assert [new, renewed] == ids(wb.photos("pending"))
    assert [new, renewed] == ids(rig.anew(SOCIALS_FLICKR_TOKEN="of-nobody").photos("pending"))


def test_the_consequence_is_shown_with_the_change(rig):
    broken = rig.photo("Lake", pixelfed=True, headline=None)
    online = rig.photo("Pier", flickr=True)
    rig.online("flickr", online, title="Pier")
    chosen = rig.wb.photos([broken, online])

    found = rig.wb.propose(
        chosen,
        bulk.READY["title_as_headline"].then(
            bulk.Replace(field="title", find="Pier", replace="Jetty")
        ),
    )

    assert ("missing_headline",) == found.consequences[broken].mended
    assert ("flickr",) == found.consequences[online].differs
    assert {"clean": 2, "broken": 0, "differ": 1} == {
        name: found.counts[name] for name in ("clean", "broken", "differ")
    }
    assert {} == rig.wb.propose(chosen, THREE, consequences=False).consequences


def test_a_ready_recipe_can_be_named(rig):
    rig.photo("Lake", pixelfed=True, headline=None)
    chosen = rig.wb.photos()

    expected = rig.wb.propose(chosen, bulk.READY["title_as_headline"])
    assert expected.cells == rig.wb.propose(chosen, "title_as_headline").cells


@pytest.mark.parametrize("recipe", ["title_as_headlines", bulk.Trim(field="title")])
def test_what_is_no_recipe_is_answered_with_the_ready_ones(rig, recipe):
    with pytest.raises(RecipeError, match="no ready recipe") as caught:
        rig.wb.propose((), recipe)

    assert all(name in caught.value.hint for name in bulk.READY)


# -- the proof on one photo


def test_writing_is_proved_on_one_photo_and_put_back(rig):
    file_id = rig.photo("Lake", flickr=True)
    before = in_imatch(rig)

    rig.wb.try_metadata(file_id)

    assert before == in_imatch(rig)
    assert {file_id} == {one for one, _ in written(rig)}
    assert {"headline", "hierarchicalkeywords"} == {tag for _, tag in written(rig)}


def test_an_imatch_that_keeps_nothing_fails_the_proof(rig):
    file_id = rig.photo("Lake", flickr=True)
    rig.imws.backend.set_value = lambda *_: False

    with pytest.raises(ImatchError, match="did not keep the headline of “Lake”"):
        rig.wb.try_metadata(file_id)
