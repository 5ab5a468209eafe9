"""A person mends photos in the notebook: stages, tries, writes, and sees the row become ready."""

import re

import pytest
from page import MINUTES, SERVICES, expect, pane

from socials_lib import bulk
from socials_lib.workbench import Workbench

pytestmark = pytest.mark.browser

#: A photo without a headline, for Pixelfed alone (`tests/world.py`: NO_HEADLINE).
PHOTO = "1403"
HOSTILE = "<img src=x onerror=\"document.title='gone'\"> <b>Winter</b> \u202esea"
UNDO_HAS_THE_FOCUS = "() => document.activeElement.textContent === 'Undo'"


@pytest.fixture
def hostile(world, door):
    """The photo without a headline has a title that would run, were it not text."""
    wb = Workbench.open(environ={**world["env"], "SOCIALS_IMATCH_WRITE_METADATA": "true"})
    recipe = bulk.Recipe(steps=(bulk.Set(field="title", value=HOSTILE),))
    assert "done" == wb.write(wb.propose(wb.photos([PHOTO]), recipe)).state
    return wb


def fixes(person):
    return person.page.locator(".soc-fixes")


def button(person, label):
    return fixes(person).get_by_role("button", name=label, exact=True)


def headlines(door):
    metadata = door.state()["imatch"]["metadata"]
    return {key: one["headline"] for key, one in metadata.items() if one.get("headline")}


def number_of(label):
    found = re.search(r"\d+", label)
    assert found is not None
    return int(found[0])


def faults(person):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(person.page, context={"include": [".soc-fixes"]})
    return [
        (one["id"], node["html"][:200])
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


def test_a_headline_is_staged_from_the_title_written_and_the_photo_can_go(person, door, hostile):
    before = headlines(door)
    person.open("01_sync.ipynb")
    assert {"left": 0, "errors": []} == person.run_all()
    title = person.page.title()
    expect(fixes(person)).to_contain_text("rows need a fix")
    add = pane(person, "add", SERVICES[1]).locator(".main")
    expect(add).to_contain_text(re.compile(r"Add \d+ photos"))
    ready = number_of(add.inner_text())
    person.see(".soc-fixes")
    person.picture("01-fixes", ".soc-fixes")

    fixes(person).get_by_role("button", name=re.compile("^Headline missing")).click()
    fix = button(person, "Use the title")
    expect(fix).to_have_count(1)
    fix.focus()
    person.page.keyboard.press("Enter")

    card = fixes(person).locator(".fix").first
    expect(card).to_contain_text("✓ Staged")
    expect(card).to_contain_text("before")
    expect(card).to_contain_text("<img src=x onerror=")
    expect(card.locator("img[src=x]")).to_have_count(0)
    person.page.wait_for_function(UNDO_HAS_THE_FOCUS)
    assert before == headlines(door)
    person.picture("01-fixes-staged", ".soc-fixes")

    _tries_it_on_this_photo(person)
    assert before == headlines(door)
    assert [] == faults(person)

    button(person, "Write 1 value to IMatch…").click()
    expect(fixes(person)).to_contain_text("Write 1 headline to IMatch?")
    person.picture("01-fixes-question", ".soc-fixes")
    assert before == headlines(door)
    button(person, "Write 1 value").click()
    expect(fixes(person)).to_contain_text("1 written and read back", timeout=MINUTES)

    expect(add).to_contain_text(f"Add {ready + 1} photos", timeout=MINUTES)
    expect(fixes(person)).not_to_contain_text("✓ Staged")
    after = headlines(door)
    assert {PHOTO} == {key for key in after if after[key] != before.get(key)}
    assert after[PHOTO].startswith("<img src=x")
    assert title == person.page.title()
    person.picture("01-fixes-written", ".soc-fixes")
    assert [] == faults(person)


def _tries_it_on_this_photo(person):
    expect(fixes(person)).to_contain_text("Writing metadata to IMatch is switched off.")
    button(person, "Try it on one photo I choose").click()
    expect(fixes(person).get_by_label("Photo")).to_be_visible()
    person.picture("01-fixes-try", ".soc-fixes")
    assert [] == faults(person)
    button(person, "Try it on this photo").click()
    expect(fixes(person)).to_contain_text("Writing is switched on.", timeout=MINUTES)


def test_words_are_written_with_the_keyboard_alone(person, door):
    person.open("01_sync.ipynb")
    person.run_all()
    cells = person.cells()
    expect(fixes(person)).to_contain_text("rows need a fix")
    fixes(person).get_by_role("button", name=re.compile("^Headline missing")).focus()
    person.page.keyboard.press("Space")
    expect(fixes(person).locator(".fix")).to_have_count(1)
    button(person, "Write it…").focus()
    person.page.keyboard.press("Enter")
    field = fixes(person).get_by_label("Headline")
    expect(field).to_be_focused()
    person.page.keyboard.type("dxb Grey sea")
    expect(fixes(person)).to_contain_text("12 of 1,000")
    person.picture("01-fixes-words", ".soc-fixes")
    assert [] == faults(person)
    person.page.keyboard.press("Enter")

    expect(fixes(person).locator(".fix").first).to_contain_text("“dxb Grey sea”")
    assert cells == person.cells()
    person.page.wait_for_function(UNDO_HAS_THE_FOCUS)
    person.page.keyboard.press("Space")
    expect(button(person, "Use the title")).to_have_count(1)
