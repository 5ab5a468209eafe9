"""A run goes on while the page is used: its cell runs again, it is stopped, and gone on with."""

import re

import pytest
from lab import World
from page import MINUTES, expect, pane

from socials_lib.workbench import Workbench

pytestmark = pytest.mark.browser


def test_a_cell_that_runs_again_shows_the_run_that_is_under_way(person, world):
    door = World(world)
    wb = Workbench.open(environ=world["env"])
    person.open("01_sync.ipynb")
    assert {"left": 0, "errors": []} == person.run_all()
    found = pane(person, "add", "flickr")
    expect(found.locator(".main")).to_have_text(re.compile(r"Add \d+ photos to Flickr"))
    door.slow(1)
    found.locator(".main").click()
    expect(found.locator(".step-head")).to_contain_text("Running")
    expect(found.locator(".stop")).to_be_focused()
    person.run_cell('show.step(wb, picker, "add")')
    expect(found.locator(".main")).to_have_text(re.compile(r"Running since \d\d:\d\d"))
    person.picture("01-running", ".soc-step-add")
    found.locator(".stop").click()
    expect(found.locator(".step-head")).to_contain_text("Stopped", timeout=MINUTES)
    door.slow(0)

    expect(found.locator(".trouble")).to_contain_text("Nothing is half done.")
    person.picture("01-stopped", ".soc-step-add")
    assert ["stopped"] == [run.state for run in wb.history()]
    found.get_by_role("button", name=re.compile("Go on with the")).click()
    expect(found.locator(".step-status")).to_contain_text("Done", timeout=MINUTES)
    assert ["done"] == [run.state for run in wb.history()]
