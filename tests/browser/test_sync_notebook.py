"""A person at a browser looks, adds, updates, deletes, and reads what happened."""

import re

import pytest
from lab import ask
from page import MINUTES, SERVICES, expect, pane
from states import answered, check, online

from socials_lib.workbench import Workbench

pytestmark = pytest.mark.browser


def state(world):
    return ask(f"{world['env']['SOCIALS_WORLD_URL']}/state")


def carried_out(person, found):
    """Press the main button and wait for the end."""
    found.locator(".main").click()
    expect(found.locator(".step-status")).to_contain_text("Done", timeout=MINUTES)


def test_the_start_shows_the_checklist(person, world):
    before = state(world)
    person.open("00_start_here.ipynb")

    assert {"left": 0, "errors": []} == person.run_all()
    expect(person.page.locator(".soc-doctor .doctor-head")).to_contain_text("ready")
    expect(person.page.locator(".soc-doctor .check")).not_to_have_count(0)
    expect(person.page.locator(".soc-sign-in-flickr")).to_contain_text("Signed in")
    expect(person.page.locator(".soc-setup")).to_contain_text("Socials|flickr|_delete")
    expect(person.page.locator(".soc-mode")).to_contain_text("Nothing leaves", ignore_case=True)
    person.picture("00-checklist", ".soc-doctor")
    person.picture("00-page")
    assert before == state(world)


def test_sync_from_the_first_look_to_the_last_delete(person, world):
    before = state(world)
    wb = Workbench.open(environ=world["env"])
    plan = wb.plan()
    person.open("01_sync.ipynb")

    assert {"left": 0, "errors": []} == person.run_all()
    first = person.page.locator(".soc-step-add .pane-flickr .main")
    expect(first).to_have_text(re.compile(r"Add \d+ photos to Flickr"))
    expect(person.page.locator(".soc-step-delete .pane-flickr .main")).to_contain_text("Delete")
    person.picture("01-page")
    assert before == state(world)
    assert () == wb.history()

    _ticks_change_the_button(person, first)
    for platform in SERVICES:
        _adds(person, plan, platform)
    for platform in SERVICES:
        carried_out(person, pane(person, "update", platform))
    person.picture("01-updated", ".soc-step-update")
    for platform in SERVICES:
        _deletes(person, before, plan, platform)

    expect(person.page.locator(".soc-results")).to_contain_text("deleted")
    person.picture("01-results", ".soc-results")
    outcomes = {}
    for run in reversed(wb.history()):
        outcomes |= {one.key: one for one in run.outcomes}
    assert {"add", "update", "metadata", "delete"} <= {one.action for one in outcomes.values()}
    check(wb, before, state(world), plan, outcomes)
    _nothing_is_left(wb, outcomes)


def _ticks_change_the_button(person, button):
    number = button.inner_text()
    tick = person.page.locator(".soc-table .table-row:not(.table-head) .tick input").first
    tick.click()
    expect(person.page.locator(".soc-table")).to_contain_text("1 ticked")
    tick.click()
    expect(button).to_have_text(number)


def _adds(person, plan, platform):
    found = pane(person, "add", platform)
    ready = [r for r in plan.rows if (r.platform, r.action, r.approved) == (platform, "add", True)]
    expect(found.locator(".main")).to_contain_text(f"Add {len(ready)} photos")
    carried_out(person, found)
    expect(found.locator(".step-status")).to_contain_text(f"{len(ready)} added")
    person.picture(f"01-added-{platform}", ".soc-step-add")


def _deletes(person, before, plan, platform):
    """Only what nobody answered to leaves; the number is typed."""
    found = pane(person, "delete", platform)
    expect(found.locator(".count input")).to_be_visible()
    button = found.locator(".main")
    expect(button).to_be_disabled()
    mine = [
        row
        for row in plan.rows
        if (row.platform, row.action, row.blocked) == (platform, "delete", False)
        and row.remote_id in online(before, platform)
        and not answered(before, platform, row.remote_id)
    ]
    wanted = re.search(r"Type (delete \d+)", found.inner_text())
    assert wanted is not None
    assert int(wanted[1].split()[1]) <= len(mine)
    found.locator(".count input").press_sequentially("delete 99")
    expect(button).to_be_disabled()
    found.locator(".count input").fill(wanted[1])
    expect(button).to_be_enabled()
    person.picture(f"01-delete-{platform}", ".soc-step-delete")
    carried_out(person, found)
    expect(found.locator(".count input")).to_have_count(0)


def _nothing_is_left(wb, outcomes):
    """Planned again, nothing of what was done is to be done once more."""
    again = {row.key for row in wb.plan().rows if row.approved}
    assert set() == again & {one.key for one in outcomes.values() if one.state == "done"}


def test_history_shows_the_runs_and_nothing_is_open(person):
    person.open("04_history.ipynb")

    assert {"left": 0, "errors": []} == person.run_all()
    expect(person.page.locator(".soc-history .past-line").first).to_contain_text("Done")
    expect(person.page.locator(".soc-resume")).to_contain_text("Nothing is open.")
    person.picture("04-history", ".soc-history")


def test_a_long_line_of_the_history_cuts_no_button(person):
    person.open("04_history.ipynb")
    person.tell_kernel("from socials_lib import Workbench, bulk; wb = Workbench.open()")
    steps = "(bulk.Assign(category='Socials|flickr|_metadata'),)"
    recipe = f"bulk.Recipe(name='Queue what was renamed ' * 12, steps={steps})"
    person.tell_kernel(f"wb.write(wb.propose(wb.photos()[:1], {recipe}))")
    person.run_all()
    line = person.page.locator(".soc-history .past-line").first
    expect(line).to_contain_text("Queue what was renamed")

    button = line.get_by_role("button")
    assert button.evaluate("e => [e.scrollWidth, e.textContent]") == button.evaluate(
        "e => [e.clientWidth, 'Show']"
    )


@pytest.mark.parametrize("notebook", ["00_start_here", "01_sync", "04_history"])
def test_our_widgets_are_accessible(person, notebook):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    person.open(f"{notebook}.ipynb")
    person.run_all()
    expect(person.page.locator(".soc").first).to_be_visible()
    found = axe.run(person.page, context={"include": [".soc"]})

    faults = [
        (one["id"], node["html"][:200])
        for one in found.response["violations"]
        for node in one["nodes"]
    ]
    assert [] == faults
