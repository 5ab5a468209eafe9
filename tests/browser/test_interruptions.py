"""What breaks while a person works: a photo, the page, the kernel, the connection.

Whatever happens, each row ends with one photo online, and IMatch holds its id.
"""

import re
import shutil

import pytest
from lab import Person
from page import MINUTES, expect, pane, until
from states import answered, online, remote_id

from socials_lib.workbench import Workbench

pytestmark = pytest.mark.browser

#: A service that cannot be reached is given up at once.
ENV = {"SOCIALS_RETRY_FIRST_WAIT": "0.05", "SOCIALS_RETRY_ATTEMPTS": "2"}

ADD = 'show.step(wb, picker, "add")'
#: The main button of that step, as the kernel has it.
GO = 'wb.shelf["step-add"].panes["flickr"].go'
UPLOAD = "upload"
#: What Flickr says to a file that it cannot read.
NOT_A_PHOTO = '<?xml version="1.0"?><rsp stat="fail"><err code="5" msg="Not a photo"/></rsp>'
RUNNING = re.compile(r"Running since \d\d:\d\d")


@pytest.fixture
def wb(door):
    """The same journal, read from outside of the notebook."""
    return Workbench.open(environ=door.env)


@pytest.fixture
def rows(wb):
    """What is to be added to Flickr."""
    return [row for row in wb.plan().rows if _is_an_addition(row)]


def _is_an_addition(row):
    return (row.platform, row.action, row.approved) == ("flickr", "add", True)


@pytest.fixture
def before(door):
    """What was online before."""
    return set(online(door.state(), "flickr"))


def adding(person, rows, notebook="01_sync.ipynb"):
    """A notebook opened and run to its end, with the step that adds to Flickr in front."""
    person.open(notebook)
    return add_step(person, rows)


def add_step(person, rows):
    """All cells run, and the step that adds to Flickr in front."""
    assert {"left": 0, "errors": []} == person.run_all()
    found = pane(person, "add", "flickr")
    expect(found.locator(".main")).to_have_text(f"Add {len(rows)} photos to Flickr")
    return found


def press(found):
    """Press the main button, and wait for the end."""
    found.locator(".main").click()
    expect(found.locator(".step-status")).to_contain_text("Done", timeout=MINUTES)


def begin(door, found, *, when):
    """Press the main button; as soon as the progress says this, Flickr becomes slow."""
    found.locator(".main").click()
    expect(found.locator(".step-status")).to_contain_text(re.compile(when))
    door.slow(3)


def numbers(found):
    """`18 of 37`, as far as the run is."""
    said = re.search(r"\d+ of \d+", found.locator(".step-status").inner_text())
    return said[0] if said else ""


def moves_on(found):
    """The numbers change while one looks."""
    expect(found.locator(".step-status")).not_to_contain_text(numbers(found) + " ")


def names(wb):
    """The runs of the journal."""
    return [run.run for run in wb.history()]


def each_is_online_once(door, before, rows):
    """One photo came for each row, and IMatch has its id."""
    state = door.state()
    came = set(online(state, "flickr")) - before
    assert came == {remote_id(state, "flickr", row.file_id) for row in rows}
    assert len(rows) == len(came)


def test_photos_that_failed_are_tried_again_and_only_they(person, door, wb, rows, before):
    door.fail(UPLOAD, body=NOT_A_PHOTO, content_type="text/xml", times=2, skip=1)
    found = adding(person, rows)
    press(found)
    expect(found.locator(".step-status")).to_contain_text("2 failed")
    found.get_by_role("button", name="Show", exact=True).click()
    expect(found.locator(".failed-row img")).to_have_count(2)
    person.picture("01-failed", ".soc-step-add")

    found.get_by_role("button", name="Try these 2 again").click()
    expect(found.locator(".step-status")).to_contain_text("2 added", timeout=MINUTES)
    assert len(rows) + 2 == door.count("flickr", UPLOAD)
    assert [2, len(rows)] == [len(run.outcomes) for run in wb.history()]
    each_is_online_once(door, before, rows)


def test_a_page_that_is_reloaded_shows_the_same_run(person, door, wb, rows, before):
    door.fail(UPLOAD, body=NOT_A_PHOTO, content_type="text/xml", times=1)
    begin(door, adding(person, rows), when=r"[1-9] of \d+ · 1 failed")
    runs = names(wb)

    person.reload()
    assert {"left": 0, "errors": []} == person.run_all()
    found = pane(person, "add", "flickr")
    expect(found.locator(".main")).to_have_text(RUNNING)
    moves_on(found)
    person.picture("01-reloaded", ".soc-step-add")

    person.reload()  # now nothing is run: what ends the run paints for a page that knows nothing
    door.slow(0)
    until(lambda: wb.history()[0].state == "done")
    person.run_cell(ADD)
    found = pane(person, "add", "flickr")
    expect(found.locator(".step-status")).to_contain_text(f"{len(rows) - 1} added, 1 failed")
    assert runs == names(wb)
    found.get_by_role("button", name="Try this one again").click()
    expect(found.locator(".step-status")).to_contain_text("1 added.", timeout=MINUTES)
    assert len(rows) + 1 == door.count("flickr", UPLOAD)
    each_is_online_once(door, before, rows)


def test_a_page_opened_again_on_a_living_kernel_reaches_it(person, door, rows, before):
    """The world was started afresh meanwhile, and the button has spoken to a page that is gone."""
    press(adding(person, rows))
    door.reset()
    person.reload()
    found = add_step(person, rows)
    person.tell_kernel(f"{GO}.comm._reply_subshell_id = 'ended'")
    press(found)
    each_is_online_once(door, before, rows)


def test_a_run_whose_kernel_died_is_finished_by_the_history(person, door, wb, rows, before):
    found = adding(person, rows)
    begin(door, found, when=r"[1-9] of \d+")
    moves_on(found)
    expect(found.locator(".step-status")).to_contain_text("sending")
    person.restart_kernel()
    door.slow(0)
    until(lambda: wb.history()[0].state == "broken")

    assert {"left": 0, "errors": []} == person.run_all()
    expect(person.page.locator(".soc-header")).to_contain_text("did not end")
    step = person.page.locator(".soc-step-add")
    expect(step).to_contain_text("nothing is sent twice", ignore_case=True)
    expect(step.get_by_role("button", name="Finish this run")).to_be_visible()
    person.picture("01-did-not-end", ".soc-step-add")
    person.picture("01-did-not-end-header", ".soc-header")

    person.open("04_history.ipynb")
    assert {"left": 0, "errors": []} == person.run_all()
    resume = person.page.locator(".soc-resume")
    expect(resume).to_contain_text("did not end")
    person.picture("04-did-not-end", ".soc-resume")
    resume.get_by_role("button", name="Finish this run").click()
    expect(resume.locator(".resume-status")).to_contain_text("Done", timeout=MINUTES)
    expect(resume).to_contain_text("Nothing is open.")
    person.picture("04-finished", ".soc-resume")
    each_is_online_once(door, before, rows)
    assert () == wb.open_runs()


def test_a_lost_connection_is_said_and_gone_on_from(person, door, wb, rows, before):
    found = adding(person, rows)
    begin(door, found, when=r"[1-9] of \d+")
    door.lose(600)
    door.slow(0)
    expect(found.locator(".trouble")).to_contain_text("Flickr cannot be reached", timeout=MINUTES)
    expect(found.locator(".trouble")).to_contain_text("Check the connection, then")
    expect(found.locator(".trouble")).to_contain_text("looked for first")
    person.picture("01-unreachable", ".soc-step-add")

    door.lose(0)
    found.get_by_role("button", name="Go on", exact=True).click()
    expect(found.locator(".step-status")).to_contain_text("Done", timeout=MINUTES)
    each_is_online_once(door, before, rows)


def test_a_second_notebook_watches_the_run_and_asks_it_to_stop(
    chromium, lab, person, door, wb, rows, before
):
    shutil.copy(lab.notebooks / "01_sync.ipynb", lab.notebooks / "second.ipynb")
    found = adding(person, rows)
    other = Person(chromium, lab)
    here = adding(other, rows, "second.ipynb")
    begin(door, found, when=r"[1-9] of \d+")
    here.locator(".main").click()
    trouble = here.locator(".trouble")
    expect(trouble).to_contain_text("Another run is under way: 01_sync, since")
    expect(here.locator(".step-head")).to_contain_text("Ready")
    other.picture("01-another-run", ".soc-step-add")

    trouble.get_by_role("button", name="Watch it").click()
    expect(trouble.get_by_role("button", name="Watch it")).to_have_count(0)
    expect(trouble).to_contain_text(re.compile(r"\d+ of \d+"))
    first = re.search(r"\d+ of \d+", trouble.inner_text())[0]
    expect(trouble).not_to_contain_text(first + ".")
    expect(trouble).to_contain_text(re.compile(r"\d+ of \d+"))
    trouble.get_by_role("button", name="Ask it to stop").click()
    expect(found.locator(".step-head")).to_contain_text("Stopped", timeout=MINUTES)
    expect(found.locator(".trouble")).to_contain_text("Nothing is half done.")
    door.slow(0)
    assert ["stopped"] == [run.state for run in wb.history()]
    done = [row for row in rows if remote_id(door.state(), "flickr", row.file_id)]
    assert 0 < len(done) < len(rows)
    each_is_online_once(door, before, done)
    other.close()


def test_a_photo_that_people_answered_to_leaves_when_it_is_ticked_by_name(person, door, wb):
    state = door.state()
    person.open("01_sync.ipynb")
    assert {"left": 0, "errors": []} == person.run_all()
    found = pane(person, "delete", "flickr")
    field, button = found.locator(".count input"), found.locator(".main")
    expect(field).to_be_visible()
    fewer = int(re.search(r"Type delete (\d+)", found.inner_text())[1])
    tick = found.locator(".name-it input").first
    tick.click()
    expect(found).to_contain_text(f"Type delete {fewer + 1}")
    field.fill(f"delete {fewer}")
    expect(button).to_be_disabled()
    field.fill(f"delete {fewer + 1}")
    expect(button).to_have_text(f"Delete {fewer + 1} photos from Flickr")
    expect(button).to_be_enabled()
    person.picture("01-delete-by-name", ".soc-step-delete")
    button.click()
    expect(found.locator(".step-status")).to_contain_text("Done", timeout=MINUTES)

    gone = set(online(state, "flickr")) - set(online(door.state(), "flickr"))
    assert fewer + 1 == len(gone)
    assert 1 == sum(answered(state, "flickr", one) for one in gone)
