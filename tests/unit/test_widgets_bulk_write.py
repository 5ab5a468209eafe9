"""Writing, the proof, queueing, undoing, the time line: what is asked, shown and done."""

import json

import pytest
from step_rig import PATIENCE, Rig

from socials_lib import bulk
from socials_lib.widgets import show
from socials_lib.widgets.bulk_job import ChangeJobs

WRITE = "POST /v1/metadata"


@pytest.fixture
def lake(tmp_path):
    """Six photos of Flickr's list, the first one online, and the switch for metadata on."""
    made = Rig(tmp_path, SOCIALS_IMATCH_WRITE_METADATA="true")
    for number in range(6):
        made.photo(f"Lake {number}", flickr=True)
    made.online("flickr", made.wb.photos("Socials|flickr")[0].file_id)
    yield made
    made.stop()


UPPER = bulk.Recipe(name="Louder", steps=(bulk.Case(field="title", to="upper"),))


def proposed(rig, recipe=UPPER):
    return rig.wb.propose(rig.wb.photos("Socials|flickr"), recipe)


def written(rig):
    return [
        (one.params["id"], task["tag"])
        for one in rig.imws.requests
        if one.operation == WRITE
        for task in json.loads(one.params["tags"])
    ]


def carry_out(view):
    """Press, answer yes, wait for the end."""
    view.go.click()
    view.yes.click()
    return end(view)


def end(view):
    assert view.model.wait(PATIENCE)
    view.paint()
    return view


def press(view, words):
    """A button of the message."""
    button = next(one for one in view.trouble.buttons.children if one.description == words)
    button.click()


def in_imatch(rig):
    found = rig.imws.backend.snapshot()
    return json.dumps({name: found[name] for name in ("metadata", "categories")}, sort_keys=True)


# -- writing


def test_nothing_is_written_before_the_question_is_answered_with_yes(lake):
    view = show.write(lake.wb, proposed(lake))
    assert "Write 6 titles to IMatch…" == view.go.description

    view.go.click()
    assert "Write 6 titles to IMatch? Old values are kept; 04_history can put them back." in (
        view.question.value
    )
    assert [view.question, view.yes, view.no] == list(view.actions.children)
    view.no.click()

    assert view.go in view.actions.children
    assert [] == written(lake)
    carry_out(view)
    assert "6 written and read back." in view.status.value
    assert 6 == len(written(lake))
    assert "done" == view.model.state


def test_what_was_frozen_by_the_press_is_written_whatever_changes_meanwhile(lake):
    source = show.source(lake.wb, lake.wb.photos("Socials|flickr"))
    facets = show.facets(lake.wb, source)
    recipe = show.recipe(lake.wb, facets)
    change = show.before_after(lake.wb, recipe)
    view = show.write(lake.wb, change)
    assert source.model.wait(PATIENCE)
    recipe.model.add("case", field="title", to="upper")
    assert change.model.wait(PATIENCE)
    first = change.model.cells[0].key
    change.model.leave_out([first])
    view.paint()
    assert "Write 5 titles to IMatch…" == view.go.description
    view.go.click()

    change.model.leave_out([one.key for one in change.model.cells])
    view.yes.click()
    end(view)

    assert first[0] not in {file_id for file_id, _ in written(lake)}
    assert 5 == len(written(lake))


def test_an_empty_change_has_its_reason_beside_the_button(lake):
    view = show.write(lake.wb, proposed(lake, bulk.Recipe()))

    assert view.go.disabled
    assert "No value changes." in view.reason.value


def test_a_dry_run_writes_nothing(lake):
    lake.imws.backend.variables["imatch_to_socials_testing"] = 1
    wb = lake.anew()
    view = show.write(wb, wb.propose(wb.photos("Socials|flickr"), UPPER))

    assert view.go.disabled
    assert "imatch_to_socials_testing" in view.reason.value


def test_stop_leaves_a_change_set_that_is_gone_on_with(lake):
    view = show.write(lake.wb, proposed(lake))
    jobs = ChangeJobs.of(lake.wb)

    def stops(_urgent):
        if jobs.current is not None and jobs.current.done == 2:
            view.stop.click()

    jobs.listen(stops)
    carry_out(view)
    jobs.forget(stops)

    assert "stopped" == view.model.state
    assert "Nothing is half done." in view.trouble.text.value
    left = view.model.last.left
    assert left > 0
    press(view, f"Go on with the {left}")
    end(view)
    assert "6 written and read back." in view.status.value


def test_a_killed_writing_is_found_and_finished(lake):
    class Killed(BaseException):
        pass

    real = lake.wb.imatch.write_metadata

    def dies(*args, **how):
        real(*args, **how)
        raise Killed

    lake.wb.imatch.write_metadata = dies
    with pytest.raises(Killed):
        lake.wb.write(proposed(lake))
    lake.anew()
    view = show.write(lake.wb, proposed(lake))
    view.paint()

    assert "did not end: 0 done, 1 unclear, 5 not started." in view.trouble.text.value
    press(view, "Show it")
    assert "Unclear" in view.status.value
    press(view, "Finish it")
    end(view)
    assert "6 written and read back." in view.status.value
    assert 6 == len(written(lake))


def test_a_value_that_imatch_does_not_keep_is_m31_and_can_be_put_back(lake):
    before, backend = in_imatch(lake), lake.imws.backend
    real = backend.set_value
    backend.set_value = lambda file_id, tag, value: real(file_id, tag, value[:4])
    view = show.write(lake.wb, proposed(lake))
    carry_out(view)
    backend.set_value = real

    assert "IMatch did not keep the title of “Lake 0”: wrote “LAKE 0”, reads “LAKE”." in (
        view.trouble.message.fact
    )
    assert "Stopped after 1 of 6." in view.trouble.message.fact
    assert "failed" == view.model.state
    press(view, "Put back 1 value")
    end(view)
    assert before == in_imatch(lake)


def test_conflicts_are_named_and_left_alone(lake):
    view = show.write(lake.wb, proposed(lake))
    view.go.click()
    lake.edit(lake.wb.photos("Socials|flickr")[1].file_id, title="<b>Mine</b>")
    view.yes.click()
    end(view)

    assert "5 written and read back. 1 has changed since and stays." in view.status.value
    assert "Changed since" in view.status.value
    assert "<b>Mine" not in view.status.value


def test_another_run_is_said_and_nothing_is_written(lake):
    view = show.write(lake.wb, proposed(lake))
    with lake.wb.lock.held(origin="the panel"):
        carry_out(view)

    assert "under way" in view.trouble.text.value
    assert [] == written(lake)


# -- the switch


def test_the_switch_is_turned_on_by_a_proof_on_a_chosen_photo(rig):
    rig.photo("Lake", flickr=True)
    view = show.write(rig.wb, proposed(rig))
    # given without photos, the proof has none to offer: take those of the table
    assert "Writing metadata to IMatch is switched off." in view.trouble.text.value
    source = show.source(rig.wb)
    recipe = show.recipe(rig.wb, show.facets(rig.wb, source))
    change = show.before_after(rig.wb, recipe)
    view = show.write(rig.wb, change)
    assert source.model.wait(PATIENCE)
    recipe.model.add("case", field="title", to="upper")
    assert change.model.wait(PATIENCE)
    view.paint()
    before = in_imatch(rig)

    press(view, "Try it on one photo I choose")
    assert ["choose", "Lake"] == [words for words, _ in view.photo.options]
    view.photo.value = view.photo.options[1][1]
    view.prove.click()
    end(view)

    assert before == in_imatch(rig)
    assert "switched on here" in view.trouble.text.value
    assert "" == view.status.value  # nothing is being tried any more
    assert not view.go.disabled
    carry_out(view)
    assert "1 written and read back." in view.status.value
    assert rig.anew().may_write_metadata


def test_a_proof_that_fails_keeps_it_off_and_offers_the_csv(rig):
    rig.photo("Lake", flickr=True)
    view = show.write(rig.wb, proposed(rig))
    rig.imws.backend.set_value = lambda *_: False

    view.model.prove(rig.wb.photos()[0].file_id)
    end(view)

    assert "did not keep the headline" in view.trouble.text.value
    assert view.go.disabled
    assert not rig.wb.may_write_metadata


def test_categories_need_no_switch(rig):
    rig.photo("Lake", flickr=True)
    view = show.write(rig.wb, proposed(rig, bulk.READY["queue_update:flickr"]))

    carry_out(view)

    assert "1 written and read back." in view.status.value
    assert "none" == view.tables.layout.display


def test_the_table_for_imatchs_import_is_offered(rig):
    rig.photo("Lake", flickr=True)
    photos = rig.wb.photos()
    source = show.source(rig.wb, photos)
    recipe = show.recipe(rig.wb, show.facets(rig.wb, source))
    change = show.before_after(rig.wb, recipe)
    recipe.model.add("case", field="title", to="upper")
    assert change.model.wait(PATIENCE)
    view = show.write(rig.wb, change)

    view.make_csv.click()

    assert 'download="for-imatch.csv"' in view.csv.value
    assert "FileName%2CTitle" in view.csv.value
    assert "LAKE" in view.csv.value


# -- queue for _metadata


def test_published_photos_that_differ_are_queued_after_a_question(lake):
    source = show.source(lake.wb, lake.wb.photos("Socials|flickr"))
    recipe = show.recipe(lake.wb, show.facets(lake.wb, source))
    change = show.before_after(lake.wb, recipe)
    view = show.write(lake.wb, change)
    assert source.model.wait(PATIENCE)
    recipe.model.add("case", field="title", to="upper")
    assert change.model.wait(PATIENCE)
    carry_out(view)
    online = change.model.cells[0].file_id
    assert "Queue 1 for _metadata" == view.queue.description

    view.queue.click()
    assert "Put 1 photo into _metadata in IMatch?" in view.question.value
    view.yes.click()
    end(view)

    assert "1 photo queued for _metadata." in view.status.value
    assert "flickr|_metadata" in lake.categories(online)
    assert "none" == view.queue.layout.display


# -- undo


def test_values_are_put_back_after_the_way_back_was_shown(lake):
    before = in_imatch(lake)
    run = lake.wb.write(proposed(lake))
    lake.edit(run.cells[2].file_id, title="Mine")
    view = show.undo(lake.wb)
    (line,) = view.sets.children
    assert "Put back 6 values…" == line.show.description
    line.show.click()
    end(view)
    assert "<b>6 values</b> = 5 can be put back + 1 changed since" in view.line.value
    shown = [row for row in view.pool if row.shown is not None]
    assert shown[2].tick.disabled
    assert "Changed since" in shown[2].what.value

    view.go.click()
    assert "Put back 6 values in IMatch? 1 has changed since and stays." in view.question.value
    assert "Put back 5 values" == view.yes.description
    view.yes.click()
    end(view)

    assert "5 put back and read back." in view.status.value
    lake.edit(run.cells[2].file_id, title="Lake 2")
    assert before == in_imatch(lake)


def test_a_part_is_put_back_and_the_rest_later(lake):
    before = in_imatch(lake)
    lake.wb.write(proposed(lake))
    view = show.undo(lake.wb)
    view.sets.children[0].show.click()
    end(view)
    for row in view.pool[:4]:
        row.tick.value = False
    end(view)

    assert "Put back 2 values…" == view.go.description
    carry_out(view)

    assert [2, 4] == [one.can_undo for one in view.model.sets]
    view.model.choose(view.model.sets[1].change_set)
    end(view)
    carry_out(view)
    assert before == in_imatch(lake)


def test_a_proof_is_not_offered_to_be_undone(lake):
    lake.wb.try_metadata(lake.wb.photos("Socials|flickr")[0].file_id)

    assert "Nothing was written yet." in show.undo(lake.wb).sets.children[0].value


def test_what_did_not_end_can_be_finished_from_the_way_back(lake):
    run = lake.wb.write(
        proposed(lake), listen=lambda event: lake.wb.ask_to_stop() if event.done == 2 else None
    )
    assert run.left
    view = show.undo(lake.wb)
    (line,) = view.sets.children
    assert f"{run.left} not written" in line.text.value

    line.finish.click()
    end(view)

    assert 0 == lake.wb.journal.change_set(run.change_set).left


# -- history


def test_runs_and_change_sets_stand_in_one_line_of_time(lake):
    lake.sync("flickr")
    run = lake.wb.write(proposed(lake))
    lake.wb.undo(run.change_set)
    view = show.history(lake.wb)

    said = [row.children[0].value for row in view.rows.children]
    assert ["Put back: 6 titles" in said[0], "Louder: 6 titles" in said[1]] == [True, True]
    assert "6 put back" in said[1]
    assert "added" in said[2]
    view.rows.children[1].children[1].click()
    assert "Lake 0" in view.details.value
    assert "Put back" in view.details.value
    view.rows.children[1].children[1].click()
    assert "" == view.details.value


def test_change_sets_are_tables(lake):
    change = proposed(lake)
    run = lake.wb.write(change)

    table = lake.wb.frame(lake.wb.change_sets())
    assert [(run.change_set, 6, 6, 0)] == list(
        table[["change_set", "values", "written", "left"]].itertuples(index=False, name=None)
    )
    assert ["LAKE 0", "LAKE 1"] == lake.wb.frame(change)["after"].head(2).tolist()
    assert {"verified"} == set(lake.wb.frame(run)["state"])
    assert ["LAKE 0"] == lake.wb.frame(lake.wb.photos("Socials|flickr"))["title"].head(1).tolist()
