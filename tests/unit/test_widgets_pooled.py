"""Rows of a pool: a press that arrives late still means the row that the person saw."""

from step_rig import PATIENCE
from widget_world import FakeWorkbench, row

from socials_lib.widgets import show
from socials_lib.widgets.pooled_rows import PooledRows


def listed(wb):
    picker = show.pending(wb)
    assert picker.model.wait(PATIENCE)
    return picker, show.fixes(wb, picker)


def pool(*, spare):
    made = iter(range(100))
    return PooledRows(lambda: next(made), spare=spare)


def test_a_key_that_stays_on_the_page_keeps_its_row():
    rows = pool(spare=2)
    assert [0, 1] == rows.place(["a", "b"])
    assert [1, 2] == rows.place(["b", "c"])


def test_a_row_that_has_just_left_is_not_filled_anew():
    rows = pool(spare=2)
    first = rows.place(["a", "b"])
    second = rows.place(["c", "d"])
    assert set() == set(first) & set(second)
    assert first == rows.place(["e", "f"])


def test_a_key_that_comes_back_finds_its_row():
    rows = pool(spare=2)
    first = rows.place(["a", "b"])
    rows.place(["c", "d"])
    assert first == rows.place(["a", "b"])


def test_a_fix_pressed_while_the_page_turns_is_staged_for_the_photo_that_was_seen(rig):
    for number in range(12):
        rig.photo("", flickr=True, headline=f"H{number}")
    _picker, view = listed(rig.wb)
    card = view.cards[0]
    meant, fix = card.shown.file_id, card.fixes[0]

    view.model.go_to(2)
    fix.click()

    assert [meant] == [one.file_id for one in view.change_set.chosen]


def test_words_typed_for_a_photo_are_there_when_its_page_comes_back(rig):
    for number in range(12):
        rig.photo("", flickr=True, headline=f"H{number}")
    _picker, view = listed(rig.wb)
    card = view.cards[0]
    meant = card.shown.file_id
    card.fixes[-1].click()
    writing = card.panel.children[0]
    writing.field.value = "Fog at six"

    view.model.go_to(2)
    writing.stage.click()
    view.model.go_to(1)

    assert [(meant, "Fog at six")] == [(one.file_id, one.after) for one in view.change_set.chosen]
    assert meant == view.cards[0].shown.file_id


def test_a_second_press_on_a_fix_does_not_press_the_fix_that_took_its_place(rig):
    rig.photo("", pixelfed=True, headline=None)
    _picker, view = listed(rig.wb)
    card = view.cards[0]
    fix = next(one for one in card.fixes if one.description == "Use the file name as title")

    fix.click()
    fix.click()

    assert ["title"] == [one.field for one in view.change_set.chosen]
    assert () == card.panel.children


def test_a_late_press_for_a_row_that_has_left_the_list_does_nothing(tmp_path):
    rows = [row(n, codes=("missing_title",)) for n in range(1, 12)]
    wb = FakeWorkbench(rows, home=tmp_path)
    picker, view = listed(wb)
    card = view.cards[0]
    wb.rows_next = rows[1:]
    picker.reload()
    assert picker.model.wait(PATIENCE)

    for late in (card.skip, card.fixes[0], card.undo, card.release):
        late.click()

    assert None is view.trouble.message
    assert frozenset() == picker.model.skipped
    assert () == view.change_set.chosen
