"""The fix-it list on real stand-ins: what is pressed, what is said, what IMatch then holds."""

import json

import pytest
from ipywidgets import HTML, Button
from step_rig import PATIENCE, Rig
from widget_world import FakeWorkbench, everything, messages_sent, row

from socials_lib.widgets import show
from socials_lib.widgets.fix_model import STAGED, WARNED

WRITE, ASSIGN, UNASSIGN = (
    "POST /v1/metadata",
    "POST /v1/categories/assign",
    "POST /v1/categories/unassign",
)
ON = {"SOCIALS_IMATCH_WRITE_METADATA": "true"}


class List:
    """A fix-it list, and the hands of a person."""

    def __init__(self, rig):
        self.rig = rig
        self.picker = show.pending(rig.wb)
        assert self.picker.model.wait(PATIENCE)
        self.view = show.fixes(rig.wb, self.picker)
        self.model, self.writer, self.bar = self.view.model, self.view.writer, self.view.bar
        self.since = len(rig.imws.requests)

    def card(self, file_id, platform="flickr"):
        found = [one for one in self.view.cards if one.shown.key == (platform, file_id)]
        assert found, [one.shown.key for one in self.view.cards]
        return found[0]

    def press(self, file_id, label, platform="flickr"):
        button(self.card(file_id, platform).buttons, label).click()
        self.wait()

    def wait(self):
        assert self.model.worker.wait(PATIENCE)
        assert self.writer.wait(PATIENCE)
        assert self.picker.model.wait(PATIENCE)
        self.bar.painter.now()
        self.view._painter.now()

    def write(self):
        """Press the button, say yes, wait for the end and the reading after it."""
        self.bar.go.click()
        self.bar.yes.click()
        self.wait()

    def changes(self):
        """Every request that changed IMatch since the list was shown."""
        asked = self.rig.imws.requests[self.since :]
        return [one for one in asked if one.operation.startswith(("POST", "DELETE", "PUT"))]

    def written(self):
        """File id, tag and value of every value that reached IMatch."""
        return [
            (file_id, task["tag"], task["value"])
            for one in self.changes()
            if one.operation == WRITE
            for file_id in one.params["id"].split(",")
            for task in json.loads(one.params["tags"])
        ]

    def value(self, file_id, name):
        return self.rig.imws.backend.snapshot()["metadata"][file_id].get(name, "")


def button(box, label):
    found = [one for one in box.children if getattr(one, "description", "") == label]
    assert found, [getattr(one, "description", "") for one in box.children]
    return found[0]


def labels(box):
    return [one.description for one in box.children if isinstance(one, Button)]


@pytest.fixture
def open_rig(tmp_path):
    """With the switch for metadata on."""
    made = Rig(tmp_path, **ON)
    yield made
    made.stop()


# staging


def test_a_headline_from_the_title_is_staged_shown_and_not_written(open_rig):
    lake = open_rig.photo("Fog over the lake", pixelfed=True, headline=None)
    some = List(open_rig)
    card = some.card(lake, "pixelfed")
    assert ["Use the title", "Write it…", "Skip this photo"] == labels(card.buttons)

    some.press(lake, "Use the title", "pixelfed")

    assert "✓ Staged" in card.text.value
    assert "before" in card.staged.value
    assert "after <ins>“" in card.staged.value
    assert "Fog over the lake" in card.staged.value
    assert "17 of 1,000" in card.staged.value
    assert None is card.staged_line.layout.display
    assert "<b>1 row needs a fix</b>, of 1 kind." in some.view.headline.value
    assert "1 fix staged</b>, not yet in IMatch." in some.view.headline.value
    assert "Write 1 value to IMatch…" == some.bar.go.description
    assert [("headline", "", "Fog over the lake")] == [
        (one.field, one.before, one.after) for one in some.view.change_set.chosen
    ]
    assert [] == some.changes()


def test_writing_asks_once_more_is_read_back_and_the_row_becomes_ready(open_rig):
    lake = open_rig.photo("Fog over the lake", pixelfed=True, headline=None)
    some = List(open_rig)
    some.press(lake, "Use the title", "pixelfed")

    some.bar.go.click()
    asked = "Write 1 headline to IMatch? Old values are kept; 04_history can put them back."
    assert asked in some.bar.question.value
    assert ["Write 1 value", "Not now"] == labels(some.bar.answers)
    assert [] == some.changes()
    some.bar.yes.click()
    some.wait()

    assert [(lake, "headline", "Fog over the lake")] == some.written()
    assert [WRITE] == [one.operation for one in some.changes()]
    assert "Fog over the lake" == some.value(lake, "headline")
    assert "✓ 1 written and read back." in some.bar.status.value
    assert "✓ Written" in some.bar.outcome_list.value
    assert "✓ Nothing to fix. 1 row is ready." in some.view.headline.value
    assert [lake] == [one.file_id for one in some.picker.rows]
    assert 0 == len(some.model.stage)


def test_not_now_writes_nothing_and_keeps_what_is_staged(open_rig):
    lake = open_rig.photo("Fog", pixelfed=True, headline=None)
    some = List(open_rig)
    some.press(lake, "Use the title", "pixelfed")
    some.bar.go.click()
    some.bar.no.click()
    assert "" == some.writer.asking
    assert 1 == len(some.model.stage)
    assert [] == some.changes()


def test_undo_takes_the_fix_back_in_place(open_rig):
    lake = open_rig.photo("Fog", pixelfed=True, headline=None)
    some = List(open_rig)
    some.press(lake, "Use the title", "pixelfed")
    card = some.card(lake, "pixelfed")
    assert "Use the title" not in labels(card.buttons)
    card.undo.click()
    assert "Use the title" in labels(card.buttons)
    assert "none" == card.staged_line.layout.display
    assert some.bar.go.disabled
    assert "Nothing is staged." in some.bar.reason.value


def test_words_of_the_person_are_counted_and_staged(open_rig):
    lake = open_rig.photo("Fog", flickr=True, description=None, headline=None)
    some = List(open_rig)
    some.press(lake, "Write it…")
    writing = some.card(lake).panel.children[0]
    assert "Description" == writing.field.description
    writing.stage.click()
    assert "Type the description first." in writing.counter.value
    writing.field.value = "  Grey water, no wind. "
    assert "20 letters" in writing.counter.value
    writing.stage.click()
    assert () == some.card(lake).panel.children
    assert "Grey water, no wind." in some.card(lake).staged.value

    some.write()

    assert [(lake, "description", "Grey water, no wind.")] == some.written()


def test_enter_in_the_field_stages_it(open_rig):
    lake = open_rig.photo("Fog", pixelfed=True, headline=None)
    some = List(open_rig)
    some.press(lake, "Write it…", "pixelfed")
    writing = some.card(lake, "pixelfed").panel.children[0]
    writing.field.value = "Fog at six"
    writing._on_message(writing.field, {"event": "submit"}, [])
    assert ["Fog at six"] == [one.after for one in some.view.change_set.chosen]


def test_a_row_with_several_problems_names_each_fix_and_counts_what_is_left(open_rig):
    lake = open_rig.photo("", pixelfed=True, headline="Still water", description=None)
    some = List(open_rig)
    card = some.card(lake, "pixelfed")
    assert [
        "Use the headline as title",
        "Use the file name as title",
        "Write the title…",
        "Use the headline as description",
        "Write the description…",
        "Skip this photo",
    ] == labels(card.buttons)
    some.press(lake, "Use the headline as title", "pixelfed")
    assert "! Staged, 1 left" in card.text.value
    assert "✓ Title missing" in card.text.value
    assert "✕ Description missing" in card.text.value
    some.press(lake, "Use the headline", "pixelfed")
    assert "✓ Staged" in card.text.value
    assert "Write 2 values to IMatch…" == some.bar.go.description


def test_a_staged_title_can_be_used_as_headline_at_once(open_rig):
    lake = open_rig.photo("", pixelfed=True, headline=None)
    some = List(open_rig)
    some.press(lake, "Use the file name as title", "pixelfed")
    some.press(lake, "Use the title", "pixelfed")
    name = f"photo-{lake}"
    assert {"title": name, "headline": name} == {
        one.field: one.after for one in some.view.change_set.chosen
    }
    some.write()
    assert {(lake, "title", name), (lake, "headline", name)} == set(some.written())


def test_one_photo_on_two_platforms_has_one_fix_in_both_rows(open_rig):
    lake = open_rig.photo("", flickr=True, pixelfed=True)
    some = List(open_rig)
    some.press(lake, "Use the headline")
    for platform in ("flickr", "pixelfed"):
        assert "✓ Staged" in some.card(lake, platform).text.value
    assert 1 == len(some.view.change_set.chosen)
    some.write()
    assert 2 == len(some.picker.rows)


# texts that are too long


def test_a_caption_is_shortened_at_a_word_and_the_cut_is_shown(open_rig):
    lake = open_rig.photo("Fog", pixelfed=True, headline="grey water " * 60)
    some = List(open_rig)
    card = some.card(lake, "pixelfed")
    assert "left out already: camera line, shooting line, #photography" in card.text.value
    some.press(lake, "Shorten at a word", "pixelfed")
    assert "✓ Staged" in card.text.value
    assert "<del>" in card.staged.value
    assert "letters cut" in card.staged.value
    after = some.view.change_set.chosen[0].after
    assert after.endswith(("grey", "water"))
    some.write()
    assert [lake] == [one.file_id for one in some.picker.rows]
    assert len(some.picker.rows[0].text.caption) <= 500


def test_where_the_headline_is_short_the_title_is_cut(open_rig):
    lake = open_rig.photo("star " * 300, pixelfed=True, headline="Night")
    some = List(open_rig)
    some.press(lake, "Shorten at a word", "pixelfed")
    assert ["title"] == [one.field for one in some.view.change_set.chosen]
    assert some.model.is_mended(some.card(lake, "pixelfed").shown)


def test_a_description_is_cut_by_its_bytes(open_rig):
    lake = open_rig.photo("Fog", flickr=True, description="Überall Nebel " * 5_000)
    some = List(open_rig)
    some.press(lake, "Shorten at a word")
    some.write()
    assert len(some.picker.rows[0].text.description.encode()) <= 65_000


def test_a_keyword_that_a_private_rule_stops_is_dropped_by_name(tmp_path):
    rig = Rig(tmp_path, **ON, SOCIALS_PRIVATE_WORDS='["Hideaway"]')
    try:
        lake = rig.photo("Fog", flickr=True, hierarchicalkeywords=["Places|Hideaway", "Light"])
        some = List(rig)
        some.press(lake, "Drop 1 keyword")
        assert "<del>" in some.card(lake).staged.value
        assert "Places|Hideaway" in some.card(lake).staged.value
        some.write()
        assert ["Light"] == list(some.value(lake, "hierarchicalkeywords"))
        assert [lake] == [one.file_id for one in some.picker.rows]
    finally:
        rig.stop()


# places: no switch


def test_one_of_two_flags_is_left_without_any_switch(rig):
    lake = rig.photo("Fog", flickr=True, flags=["flickr|_delete", "flickr|_update"])
    rig.online("flickr", lake)
    some = List(rig)
    assert ["Take out of _delete", "Take out of _update", "Skip this photo"] == labels(
        some.card(lake).buttons
    )
    some.press(lake, "Take out of _delete")
    assert "✓ Staged" in some.card(lake).text.value
    assert "leaves <code" in some.card(lake).staged.value
    assert not some.bar.go.disabled
    some.bar.go.click()
    assert "Write the categories of 1 photo to IMatch?" in some.bar.question.value
    some.bar.yes.click()
    some.wait()

    assert {"flickr", "flickr|_update"} == rig.categories(lake)
    assert [UNASSIGN] == [one.operation for one in some.changes()]
    assert [("update", lake)] == [(one.action, one.file_id) for one in some.picker.rows]


def test_the_other_flag_can_be_left_as_well(rig):
    lake = rig.photo("Fog", flickr=True, flags=["flickr|_delete", "flickr|_metadata"])
    rig.online("flickr", lake)
    some = List(rig)
    some.press(lake, "Take out of _metadata")
    some.write()
    assert {"flickr", "flickr|_delete"} == rig.categories(lake)


def test_a_photo_that_is_only_flagged_is_put_into_its_platform(rig):
    lake = rig.photo("Fog", flags=["flickr|_update"])
    some = List(rig)
    some.press(lake, "Put into Socials|flickr")
    some.write()
    assert {"flickr", "flickr|_update"} == rig.categories(lake)


def test_another_version_is_picked_by_its_picture_and_takes_the_places(rig):
    large = rig.photo("Fog", flickr=True, albums=["Coast"], size=300_000_000)
    small = rig.photo("Fog, web")
    rig.relate(large, small)
    some = List(rig)
    some.press(large, "Pick another version…")
    panel = some.card(large).panel
    picker = panel.children[1].children[0]
    some.view.thumbnails.wait(PATIENCE)
    assert 'src="data:image/jpeg;base64,' in picker.children[0].value
    assert "JPEG" in picker.children[1].value
    button(picker, f"Use photo-{small}.jpg").click()
    some.wait()
    assert "✓ Staged" in some.card(large).text.value
    assert f"photo-{small}.jpg" in some.card(large).staged.value
    assert "Write 2 values to IMatch…" == some.bar.go.description
    some.write()

    assert set() == rig.categories(large)
    assert {"flickr", "flickr|albums|Coast"} == rig.categories(small)
    assert [(small, "add")] == [(one.file_id, one.action) for one in some.picker.rows]


def test_one_of_two_equal_pictures_is_taken_out(rig):
    master = rig.photo("Fog", flickr=True)
    version = rig.photo("Fog", flickr=True)
    rig.relate(master, version)
    some = List(rig)
    [blocked] = [one.shown.file_id for one in some.view.cards if one.shown]
    some.press(blocked, "Take this file out of Socials|flickr")
    some.write()
    assert set() == rig.categories(blocked)
    assert 1 == len(some.picker.rows)
    assert "Nothing to fix" in some.view.headline.value


# choices of this session


def test_skipping_writes_nothing_and_is_taken_back(rig):
    lake = rig.photo("", flickr=True)
    some = List(rig)
    card = some.card(lake)
    some.press(lake, "Skip this photo")
    assert "– Skipped" in card.text.value
    some.press(lake, "Take it back in")
    assert "– Skipped" not in card.text.value
    assert [] == some.changes()


def test_a_held_back_delete_goes_to_the_step_delete_or_out_of_delete(rig):
    lake = rig.photo("", flickr=True, flags=["flickr|_delete"])
    rig.online("flickr", lake)
    some = List(rig)
    assert {"Delete anyway", "Take out of _delete"} <= set(labels(some.card(lake).buttons))
    some.press(lake, "Delete anyway")
    assert {f"flickr:{lake}"} == some.picker.approved_ids
    assert [] == some.changes()
    some.press(lake, "Do not delete it")
    assert frozenset() == some.picker.approved_ids
    some.press(lake, "Take out of _delete")
    some.write()
    assert {"flickr"} == rig.categories(lake)


def test_smaller_copies_are_a_choice_of_this_notebook(rig):
    lake = rig.photo("Fog", pixelfed=True, size=20_000_000)
    some = List(rig)
    some.press(lake, "Make a smaller copy", "pixelfed")
    assert "Nothing to fix. 1 row is ready." in some.view.headline.value
    assert None is some.view.smaller.layout.display
    assert [] == some.changes()
    some.view.smaller.click()
    some.wait()
    assert 1 == len(some.model.rows)


# many alike


def test_a_fix_that_names_no_text_says_for_which_problem_it_is(rig):
    for _ in range(2):
        one = rig.photo("Fog", flickr=True, flags=["flickr|_delete", "flickr|_update"])
        rig.online("flickr", one)
    some = List(rig)

    assert ["Two flags: Take out of _delete (2)"] == labels(some.view.alike)


def test_one_press_stages_all_rows_alike_and_says_how_many(open_rig):
    ids = [open_rig.photo(f"Lake {n}", pixelfed=True, headline=None) for n in range(12)]
    open_rig.photo("", pixelfed=True)
    some = List(open_rig)
    assert ["Use the title as headline (12)"] == labels(some.view.alike)
    button(some.view.alike, "Use the title as headline (12)").click()
    some.wait()
    assert 12 == len(some.model.stage)
    assert "12 fixes staged" in some.view.headline.value
    assert [] == labels(some.view.alike)
    assert [] == some.changes()
    some.write()
    assert {(one, "headline") for one in ids} == {(a, b) for a, b, _ in some.written()}
    assert 12 == len(some.picker.rows)


def test_undo_all_forgets_everything(open_rig):
    for n in range(3):
        open_rig.photo(f"Lake {n}", pixelfed=True, headline=None)
    some = List(open_rig)
    button(some.view.alike, "Use the title as headline (3)").click()
    some.wait()
    assert "Undo all 3" == some.bar.undo_all.description
    some.bar.undo_all.click()
    assert 0 == len(some.model.stage)
    assert ["Use the title as headline (3)"] == labels(some.view.alike)


def test_filters_add_up_and_staged_and_warned_rows_are_counted_apart(open_rig):
    lake = open_rig.photo("One", pixelfed=True, headline=None)
    open_rig.photo("Two", pixelfed=True, headline=None)
    open_rig.photo("", flickr=True)
    open_rig.photo("Warned", flickr=True, hierarchicalkeywords=[])
    some = List(open_rig)
    some.press(lake, "Use the title", "pixelfed")
    assert [
        "All 3",
        "Headline missing 2",
        "Title missing 1",
        "Staged 1",
        "Only warned 1",
    ] == labels(some.view.kinds)
    assert len(some.model.rows) == sum(some.model.kinds.values())
    button(some.view.kinds, "Staged 1").click()
    assert STAGED == some.model.kind
    assert [lake] == [one.file_id for one in some.model.page_rows]
    button(some.view.kinds, "Only warned 1").click()
    assert WARNED == some.model.kind
    assert "! No keywords" in some.view.cards[0].text.value


def test_when_everything_is_blocked_the_headline_says_what_most_lack(open_rig):
    for n in range(3):
        open_rig.photo(f"Lake {n}", pixelfed=True, headline=None)
    some = List(open_rig)
    assert "All 3 rows need a fix; 3: headline missing." in some.view.headline.value


# staged fixes stay


def test_staged_fixes_outlive_the_cell_and_another_reading(open_rig):
    lake = open_rig.photo("Fog", pixelfed=True, headline=None)
    some = List(open_rig)
    some.press(lake, "Use the title", "pixelfed")
    again = List(open_rig)
    assert again.view is some.view
    some.view.again.click()
    some.wait()
    assert "✓ Staged" in some.card(lake, "pixelfed").text.value
    assert 1 == len(some.model.stage)


def test_what_somebody_changed_in_imatch_meanwhile_is_given_up_and_said(open_rig):
    lake = open_rig.photo("Fog", pixelfed=True, headline=None, description=None)
    some = List(open_rig)
    some.press(lake, "Use the title as headline", "pixelfed")
    open_rig.edit(lake, headline="By hand")
    some.view.again.click()
    some.wait()
    assert 0 == len(some.model.stage)
    assert "1 staged fix was given up. The headline of “Fog” has changed" in some.view.notes.value


def test_a_value_changed_between_reading_and_writing_is_left_alone_and_stays_staged(open_rig):
    lake = open_rig.photo("Fog", pixelfed=True, headline=None)
    mist = open_rig.photo("Mist", pixelfed=True, headline=None)
    some = List(open_rig)
    button(some.view.alike, "Use the title as headline (2)").click()
    some.wait()
    open_rig.edit(lake, headline="By hand")
    some.write()
    assert "By hand" == some.value(lake, "headline")
    assert "Mist" == some.value(mist, "headline")
    assert "! 1 written and read back; 1 not." in some.bar.status.value
    assert "≠ Changed since" in some.bar.outcome_list.value
    assert "It was left alone." in some.bar.outcome_list.value


# the switch


def test_while_writing_is_off_texts_wait_and_places_can_go(rig):
    lake = rig.photo("Fog", pixelfed=True, headline=None)
    flag = rig.photo("Mist", flickr=True, flags=["flickr|_delete", "flickr|_update"])
    rig.online("flickr", flag)
    some = List(rig)
    some.press(lake, "Use the title", "pixelfed")
    assert some.bar.go.disabled
    assert "Writing metadata to IMatch is switched off." in some.bar.trouble.text.value
    some.press(flag, "Take out of _update")
    assert "Write 1 value to IMatch…" == some.bar.go.description
    assert "1 value more wait" in some.bar.reason.value
    some.write()
    assert [UNASSIGN] == [one.operation for one in some.changes()]
    assert 1 == len(some.model.stage)
    assert "" == some.value(lake, "headline")


def test_the_proof_on_one_photo_switches_writing_on_and_leaves_no_trace(rig):
    lake = rig.photo("Fog", pixelfed=True, headline=None)
    some = List(rig)
    before = rig.imws.backend.snapshot()["metadata"]
    some.press(lake, "Use the title", "pixelfed")
    [offered] = some.bar.trouble.buttons.children
    assert "Try it on one photo I choose" == offered.description
    offered.click()
    assert [lake] == [file_id for _, file_id in some.bar.photo.options]
    assert "Try it on this photo" == some.bar.yes.description
    assert [] == some.changes()
    some.bar.yes.click()
    some.wait()

    assert before == rig.imws.backend.snapshot()["metadata"]
    assert "Writing is switched on." in some.bar.trouble.text.value
    assert not some.bar.go.disabled
    some.write()
    assert "Fog" == some.value(lake, "headline")


def test_a_proof_that_fails_leaves_writing_off(rig):
    lake = rig.photo("Fog", pixelfed=True, headline=None)
    some = List(rig)
    some.press(lake, "Use the title", "pixelfed")
    some.bar.trouble.buttons.children[0].click()
    rig.imws.fail_next("/v1/metadata", status=404)
    some.bar.yes.click()
    some.wait()
    assert not some.model.may_write
    assert "takes no metadata from other programs" in some.bar.trouble.text.value
    assert 1 == len(some.model.stage)


# writing goes wrong, is stopped, is put back


def test_stop_ends_after_the_photo_at_hand_and_the_rest_stays_staged(open_rig):
    for n in range(6):
        open_rig.photo(f"Lake {n}", pixelfed=True, headline=None)
    some = List(open_rig)
    button(some.view.alike, "Use the title as headline (6)").click()
    some.wait()
    heard = some.writer._heard

    def stop_after_two(event):
        heard(event)
        if event.step == "row" and event.done == 2:
            some.writer.stop()

    some.writer._heard = stop_after_two
    some.write()
    assert 2 == len(some.written())
    assert "Stopped after 2 of 6 values." in some.bar.trouble.text.value
    assert 4 == len(some.model.stage)
    some.writer._heard = heard
    some.write()
    assert 6 == len(some.written())
    assert 6 == len(some.picker.rows)


def test_a_value_that_imatch_does_not_keep_stops_all_and_can_be_put_back(open_rig):
    lake = open_rig.photo("Fog", pixelfed=True, headline=None)
    open_rig.photo("Mist", pixelfed=True, headline=None)
    some = List(open_rig)
    button(some.view.alike, "Use the title as headline (2)").click()
    some.wait()
    keep = open_rig.imws.backend.set_value

    def cut(file_id, name, value):
        keep(file_id, name, value[:1] if name == "headline" else value)

    open_rig.imws.backend.set_value = cut
    some.write()
    open_rig.imws.backend.set_value = keep
    assert "IMatch did not keep the headline of “Fog”" in some.bar.trouble.text.value
    assert 1 == len(some.written())
    assert "Put back 1 value…" == some.bar.back.description
    some.bar.back.click()
    some.bar.yes.click()
    some.wait()
    assert "" == some.value(lake, "headline")


def test_what_was_written_can_be_put_back(open_rig):
    lake = open_rig.photo("Fog", pixelfed=True, headline=None)
    some = List(open_rig)
    some.press(lake, "Use the title", "pixelfed")
    some.write()
    assert "Put back 1 value…" == some.bar.back.description
    some.bar.back.click()
    assert "Put back 1 value in IMatch? What has changed since stays." in some.bar.question.value
    some.bar.yes.click()
    some.wait()
    assert "" == some.value(lake, "headline")
    assert "1 put back and read back." in some.bar.status.value
    assert 1 == len(some.model.rows)


def test_imatch_that_is_gone_is_said_and_everything_stays_staged(open_rig):
    lake = open_rig.photo("Fog", pixelfed=True, headline=None)
    some = List(open_rig)
    some.press(lake, "Use the title", "pixelfed")
    open_rig.imws.stop()
    some.write()
    assert "IMatch does not answer" in some.bar.trouble.text.value
    assert 1 == len(some.model.stage)
    assert not some.bar.go.disabled


def test_nothing_is_written_while_a_run_is_under_way(open_rig):
    lake = open_rig.photo("Fog", pixelfed=True, headline=None)
    some = List(open_rig)
    some.press(lake, "Use the title", "pixelfed")
    some.picker.freeze()
    assert some.bar.go.disabled
    assert "A run is under way" in some.bar.reason.value
    assert not some.writer.press()
    some.picker.freeze(False)
    assert not some.bar.go.disabled


# out and in as a table


def upload(some, name, data):
    some.view._on_file({"new": ({"name": name, "content": memoryview(data)},)})
    some.wait()


def edited(some, *changes):
    """The values of the list, with `after` changed in the lines of these file ids."""
    head, *lines = some.model.values_csv().removeprefix("\ufeff").splitlines()
    texts = dict(changes)
    made = [head]
    for line in lines:
        cells = line.split(",")
        cells[4] = texts.get(cells[0], cells[4])
        made.append(",".join(cells))
    return "\r\n".join(made)


def test_the_list_goes_out_is_edited_and_comes_back_staged(open_rig):
    lake = open_rig.photo("Fog", pixelfed=True, headline=None)
    some = List(open_rig)
    assert "" == some.view.links.value
    some.view.csv.click()
    assert 'download="values.csv" href="data:text/csv' in some.view.links.value
    assert 'download="problems.csv" href="data:text/csv' in some.view.links.value
    upload(some, "mine.csv", edited(some, (lake, "Fog at six")).encode("utf-8-sig"))
    assert "mine.csv: 1 value staged." in some.view.notes.value
    assert "✓ Staged" in some.card(lake, "pixelfed").text.value
    assert 'download="import.csv"' in some.view.links.value
    assert [] == some.changes()
    some.write()
    assert [(lake, "headline", "Fog at six")] == some.written()


def test_conflicts_and_bad_lines_of_a_table_are_shown_and_left_alone(open_rig):
    lake = open_rig.photo("Fog", pixelfed=True, headline=None)
    some = List(open_rig)
    table = edited(some, (lake, "Fog at six")) + "\r\n9,x,headline,,a\r\n"
    open_rig.edit(lake, headline="By hand", description="")
    some.view.again.click()
    some.wait()
    upload(some, "mine.csv", table.encode())
    notes = some.view.notes.value
    assert "no value differs, nothing staged." in notes
    assert "the table expects “–”, IMatch has “By hand”." in notes
    assert "there is no photo with the id 9 here." in notes
    assert 0 == len(some.model.stage)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\0\0", "is no CSV file."),
        ("file_id,field,before,after\r\n1,title,ä,ö".encode("cp1252"), "not saved as UTF-8"),
        (b"a,b\r\n1,2", "The table has no column"),
    ],
)
def test_a_bad_file_is_a_clear_message(open_rig, data, said):
    open_rig.photo("Fog", pixelfed=True, headline=None)
    some = List(open_rig)
    upload(some, "bad.csv", data)
    assert said in some.view.said.text.value
    assert 0 == len(some.model.stage)


# shown in IMatch


def test_the_problems_are_shown_in_imatchs_own_categories(rig):
    lake = rig.photo("", flickr=True)
    odd = rig.photo("Fog", flickr=True, flags=["flickr|_delete", "flickr|_update"])
    some = List(rig)
    some.view.show.click()
    some.wait()
    assert {lake} == set(rig.wb.imatch.members("Socials|flickr|__errors|missing title"))
    assert {ASSIGN} == {one.operation for one in some.changes()}
    said = some.view.said.text.value
    assert "1 put in, 0 taken out." in said
    assert "IMatch cannot show 1 of these problems; they are all listed here." in said
    assert "Socials|flickr|__errors|conflicting flags" in said
    rig.edit(lake, title="Fog")
    rig.unflag(odd, "flickr|_delete")
    some.view.show.click()
    some.wait()
    assert "0 put in, 1 taken out." in some.view.said.text.value


# looks


def test_hostile_texts_are_text_in_cards_fields_staged_values_and_outcomes(open_rig):
    bad = '<img src=x onerror="alert(1)">'
    lake = open_rig.photo(bad, pixelfed=True, headline=None)
    some = List(open_rig)
    some.press(lake, "Use the title", "pixelfed")
    shown = [one.value for one in everything(some.view) if isinstance(one, HTML)]
    some.write()
    shown += [one.value for one in everything(some.view) if isinstance(one, HTML)]
    assert [] == [one for one in shown if "<img src=x" in one]
    assert any("&lt;img src=x" in one for one in shown)


def test_every_control_is_labelled(open_rig):
    lake = open_rig.photo("", pixelfed=True, headline=None)
    some = List(open_rig)
    some.press(lake, "Write the title…", "pixelfed")
    for one in everything(some.view):
        if isinstance(one, Button):
            assert "" == one.button_style
            assert one.description
            assert one.tooltip
        elif hasattr(one, "description") and not isinstance(one, HTML):
            assert one.description, one


def test_five_thousand_problem_rows_are_ten_cards_and_a_page_flip_is_cheap(tmp_path):
    rows = [row(n, codes=("missing_title",)) for n in range(1, 5_001)]
    wb = FakeWorkbench(rows, home=tmp_path)
    picker = show.pending(wb)
    assert picker.model.wait(PATIENCE)
    view = show.fixes(wb, picker)
    assert 10 == len(view.cards)
    assert len(list(everything(view))) < 400
    view.thumbnails.wait(PATIENCE)
    with messages_sent() as sent:
        view.pager.next.click()
        view.thumbnails.wait(PATIENCE)
    assert len(sent) < 120
    assert 10 == len(view.cards)
    assert ["Use the file name as title (5,000)"] == labels(view.alike)


def test_nothing_to_fix_needs_no_button(rig):
    rig.photo("Fog", flickr=True)
    some = List(rig)
    assert "✓ Nothing to fix. 1 row is ready." in some.view.headline.value
    assert "none" == some.view.list.layout.display
    assert some.bar.go.disabled
    assert "As code" in some.view.code.value
