"""A person at a browser narrows photos down, writes a recipe, writes values, takes them back."""

import re
import urllib.request

import pytest
from lab import ask
from page import MINUTES, expect

from socials_lib import bulk
from socials_lib.workbench import Workbench

pytestmark = pytest.mark.browser

TEMPLATE = "{{ title }}, {{ year }}"
RECIPE = bulk.Recipe(steps=(bulk.Template(field="headline", template=TEMPLATE),))
MISSING = re.compile(r"^missing \d")
ENDS = re.compile(r"\d+ (written|put back) and read back")


def opened(person, name):
    """A notebook in a kernel of its own: kernels outlive pages, and so do ticks and steps."""
    api, token = f"{person.lab.address}api/sessions", f"token={person.lab.token}"
    for session in ask(f"{api}?{token}"):
        request = urllib.request.Request(f"{api}/{session['id']}?{token}", method="DELETE")
        urllib.request.urlopen(request, timeout=60).close()
    person.open(name)
    assert {"left": 0, "errors": []} == person.run_all()


def imatch(world):
    """Metadata, categories and records of the stand-in of IMatch; keywords are a bag."""
    found = ask(f"{world['env']['SOCIALS_WORLD_URL']}/state")["imatch"]
    metadata = {
        file_id: {
            name: sorted(value) if isinstance(value, list) else value
            for name, value in values.items()
        }
        for file_id, values in found["metadata"].items()
    }
    return {"metadata": metadata, **{one: found[one] for one in ("categories", "attributes")}}


def part(person, name):
    """One of the widgets, in sight."""
    person.see(f".soc-{name}")
    return person.page.locator(f".soc-{name}")


@pytest.fixture
def notebook(person, world):
    """The notebook, run from top to bottom; that alone changed nothing."""
    before = imatch(world)
    opened(person, "03_bulk_fix.ipynb")
    expect(part(person, "source").locator(".source-line")).to_contain_text("photos to work on")
    assert before == imatch(world)
    return person


def a_keyword(photos):
    """A keyword that some photos have, and how many."""
    counts = bulk.Facets(photos).counts("keywords")
    return next((value, count) for value, count in counts.values if 4 <= count <= 12)


def narrow_down(person, keyword, count):
    """Only photos with this keyword: typed until it is listed, then ticked."""
    facets = part(person, "facets")
    card = facets.locator(".facet-keywords")
    card.get_by_label("Contains").fill(keyword)
    card.get_by_label("Contains").press("Enter")
    label = f"{keyword} {count}"
    expect(card.locator(".values .widget-checkbox").first).to_contain_text(label)  # filtered by now
    tick = card.get_by_label(label, exact=True)
    tick.check()
    expect(tick).to_be_checked()
    expect(facets.locator(".facet-line")).to_contain_text(f"{count} of")


def use_recipe(person):
    recipe = part(person, "recipe")
    recipe.get_by_label("Add a step").select_option(label="Template")
    step = recipe.locator(".step-template")
    step.get_by_label("Field").select_option(label="Headline")
    step.locator("textarea").fill(TEMPLATE)
    expect(recipe.locator(".sample ins").first).to_be_visible()


def prove_writing(person):
    """The switch for metadata, by a proof on one photo; once proved it stays on."""
    write = part(person, "write")
    offer = write.get_by_role("button", name="Try it on one photo I choose")
    if not offer.is_visible():
        return
    offer.click()
    write.get_by_label("Photo", exact=True).select_option(index=1)
    write.get_by_role("button", name="Try it on this photo").click()
    expect(write).to_contain_text("is switched on here", timeout=MINUTES)


def test_facet_recipe_opt_out_write_verify_undo(notebook, world):
    person, before = notebook, imatch(world)
    photos = Workbench.open(environ=world["env"]).photos("pending")
    keyword, count = a_keyword(photos)
    narrow_down(person, keyword, count)
    use_recipe(person)
    chosen = bulk.Facets(photos).select([bulk.Facet(field="keywords", values=(keyword,))])
    planned = bulk.propose(chosen, RECIPE).cells
    rows = part(person, "before-after").locator(".change-row:not(.spare)")
    expect(rows).to_have_count(len(planned))
    expect(part(person, "before-after").locator(".sum")).to_contain_text("change =")
    person.picture("03-facets", ".soc-facets")
    person.picture("03-recipe", ".soc-recipe")

    rows.first.get_by_role("checkbox").uncheck()
    expect(rows.first).to_contain_text("Left out")
    person.picture("03-before-after", ".soc-before-after")
    prove_writing(person)
    assert before == imatch(world)
    write = part(person, "write")
    number, said = len(planned) - 1, f"{len(planned) - 1} headlines"
    expect(write.locator(".main")).to_have_text(f"Write {said} to IMatch…")
    write.locator(".main").click()
    expect(write.locator(".no")).to_be_focused()
    person.picture("03-question", ".soc-write")
    write.locator(".yes").click()
    expect(write.locator(".write-status")).to_contain_text(ENDS, timeout=MINUTES)
    person.picture("03-written", ".soc-write")

    after = imatch(world)
    changed = {
        file_id: values["headline"]
        for file_id, values in after["metadata"].items()
        if values != before["metadata"][file_id]
    }
    assert {one.file_id: one.after for one in planned[1:]} == changed
    for one in planned:  # and nothing but the headline
        same = {**after["metadata"][one.file_id], "headline": None}
        assert {**before["metadata"][one.file_id], "headline": None} == same
    assert before["attributes"] == after["attributes"]

    undo = part(person, "undo")
    undo.locator(".put-back:visible").first.click()
    expect(undo.locator(".change-row:not(.spare)")).to_have_count(number)
    expect(undo.locator(".main")).to_be_enabled()
    undo.locator(".main").click()
    expect(undo).to_contain_text(re.compile(r"Put back \d+ values? in IMatch\?"))
    person.picture("03-undo", ".soc-undo")
    undo.locator(".yes").click()
    expect(undo.locator(".write-status")).to_contain_text("put back and read back", timeout=MINUTES)
    assert before == imatch(world)


def test_the_keyboard_ticks_types_and_presses_and_no_cell_is_hurt(notebook):
    person = notebook
    page = person.page
    cells = page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length")
    tick = part(person, "facets").locator(".facet-headline").get_by_label(MISSING)
    tick.focus()
    page.keyboard.press("Space")
    expect(tick).to_be_checked()
    for key in ("x", "a", "ArrowDown"):
        page.keyboard.press(key)
    _a_ticked_value_keeps_the_focus(person)
    field = part(person, "facets").get_by_label("Expression")
    field.focus()
    page.keyboard.type("len(title) > ")
    page.keyboard.press("Enter")
    expect(part(person, "facets")).to_contain_text("cannot be read")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(part(person, "facets")).not_to_contain_text("cannot be read")
    add = part(person, "recipe").get_by_label("Add a step")
    add.focus()
    add.select_option(label="Set a value")
    value = part(person, "recipe").locator(".step-set textarea")
    value.focus()
    page.keyboard.type("Seen from the pier")
    expect(part(person, "recipe").locator(".sample")).to_contain_text("18 letters")
    expect(value).to_have_value("Seen from the pier")
    expect(value).to_be_focused()

    assert cells == page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length")


def _a_ticked_value_keeps_the_focus(person):
    """It moves up to the ticked ones."""
    values = part(person, "facets").locator(".facet-categories .values")
    words = values.locator(".widget-checkbox").nth(2).inner_text().rpartition(" ")[0]
    value = values.get_by_label(re.compile(rf"^{re.escape(words)} \d+$"))
    value.focus()
    person.page.keyboard.press("Space")
    expect(values.locator(".widget-checkbox").first).to_contain_text(words)
    expect(value).to_be_checked()
    expect(value).to_be_focused()
    person.page.keyboard.press("Space")
    expect(value).not_to_be_checked()


@pytest.mark.parametrize("notebook_name", ["03_bulk_fix", "04_history"])
def test_our_widgets_are_accessible(person, notebook_name):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    opened(person, f"{notebook_name}.ipynb")
    expect(person.page.locator(".soc").first).to_be_visible()
    if notebook_name == "03_bulk_fix":
        expect(part(person, "source").locator(".source-line")).to_contain_text("photos to work on")
        part(person, "facets").locator(".facet-headline").get_by_label(MISSING).check()
        use_recipe(person)
        expect(
            part(person, "before-after").locator(".change-row:not(.spare)").first
        ).to_be_visible()
    else:
        person.picture("04-timeline", ".soc-history")
    found = axe.run(person.page, context={"include": [".soc"]})

    faults = [
        (one["id"], node["html"][:200])
        for one in found.response["violations"]
        for node in one["nodes"]
    ]
    assert [] == faults
