"""Everything without a mouse: filter, tick, add, type a count, delete."""

import re

import pytest
from page import MINUTES, expect
from states import online

pytestmark = pytest.mark.browser

MOST = 400
HAS_FOCUS = "e => e === document.activeElement"


def walk(person, target):
    """Press Tab until the target has the focus."""
    expect(target).to_be_visible()
    for _ in range(MOST):
        if target.evaluate(HAS_FOCUS):
            return
        person.page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not reach it")


def test_two_photos_are_added_and_some_deleted_by_keyboard_alone(person, door):
    before = door.state()
    person.open("01_sync.ipynb")
    assert {"left": 0, "errors": []} == person.run_all()
    cells, keys, table = person.cells(), person.page.keyboard, person.page.locator(".soc-table")
    add, delete = (
        person.page.locator(f".soc-step-{step} .pane-flickr") for step in ("add", "delete")
    )
    expect(add.locator(".main")).to_have_text(re.compile(r"Add \d+ photos to Flickr"))
    expect(delete.locator(".count input")).to_be_visible()

    walk(person, table.get_by_label("Action"))
    keys.type("Add")  # `a` and `d` are JupyterLab's: a new cell, a deleted one
    expect(table.locator(".table-row:not(.table-head)", has_text="Update")).to_have_count(0)
    rows = table.locator(".table-row:not(.table-head)", has_text="Flickr")
    for number in (0, 1):
        walk(person, rows.nth(number).locator(".tick input"))
        keys.press("Space")
        expect(table).to_contain_text(f"{number + 1} ticked")
    person.picture("01-keyboard-ticked")

    walk(person, person.page.locator(".soc-step-add .lm-TabBar-tab.lm-mod-current"))
    keys.press("ArrowRight")
    keys.press("Enter")
    expect(person.page.locator(".soc-step-add .pane-pixelfed")).to_be_visible()
    keys.press("ArrowLeft")
    keys.press("Enter")
    expect(add).to_be_visible()
    walk(person, add.locator(".main"))
    expect(add.locator(".main")).to_have_text("Add 2 photos to Flickr")
    keys.press("Enter")
    expect(add.locator(".step-status")).to_contain_text("2 added", timeout=MINUTES)

    walk(person, delete.locator(".count input"))
    wanted = re.search(r"Type (delete (\d+))", delete.inner_text())
    keys.type(wanted[1])
    walk(person, delete.locator(".main"))
    keys.press("Space")
    expect(delete.locator(".step-status")).to_contain_text("Done", timeout=MINUTES)

    after = door.state()
    assert 2 == len(set(online(after, "flickr")) - set(online(before, "flickr")))
    assert int(wanted[2]) == len(set(online(before, "flickr")) - set(online(after, "flickr")))
    assert cells == person.cells()
