"""A person works with table and preview: finds, sorts, turns over, ticks, compares, sends."""

import re

import pytest
from page import MINUTES, TOO_WIDE, expect, pane
from states import is_as_planned, online, remote_id

from socials_lib.workbench import Workbench

pytestmark = pytest.mark.browser

#: The title of the picture that is shown, once it is loaded and the list stands on it.
SHOWN_PICTURE = """() => {
  const chosen = document.querySelector('.soc-preview .list option:checked').textContent;
  const title = chosen.replace(/\\s/g, ' ');  // its blanks do not break
  const all = [...document.querySelectorAll('.soc-preview .photo img')];
  const one = all.find(e => e.offsetParent !== null);
  const is_there = one && one.complete && one.naturalWidth > 0 && title.endsWith(one.alt);
  return is_there ? one.alt : '';
}"""


@pytest.fixture
def table(person, door):
    """The table of a notebook that was just run."""
    person.open("01_sync.ipynb")
    assert {"left": 0, "errors": []} == person.run_all()
    found = person.page.locator(".soc-table")
    expect(found.locator(".counts")).to_contain_text("pending")
    return found


def rows(table):
    return table.locator(".table-row:not(.table-head):not(.spare)")


def tick(table, place):
    """Tick a row of the page; its title."""
    row = rows(table).nth(place)
    row.locator(".tick input").click()
    return row.locator(".title").inner_text()


def sort_by(table, column):
    head = table.locator(".table-head")
    wanted = head.get_by_role("button", name=re.compile(rf"^{column}"))
    wanted.click()
    expect(wanted).to_have_class(re.compile("mod-active"))
    expect(head.locator(".mod-active")).to_have_count(1)


def button(parent, label):
    return parent.get_by_role("button", name=label, exact=isinstance(label, str))


def test_three_photos_of_two_pages_are_added_and_no_others(person, table, door):
    before = online(door.state(), "flickr")
    add = pane(person, "add", "flickr").locator(".main")
    expect(add).to_have_text(re.compile(r"Add \d+ photos to Flickr"))
    table.locator(".kind-add").click()
    sort_by(table, "Where")
    expect(rows(table)).to_have_count(25)
    expect(rows(table).first).to_contain_text("Flickr")
    titles = {tick(table, 1), tick(table, 4)}
    button(table, "Next ›").click()
    expect(table).to_contain_text("rows 26–50 of")
    titles.add(tick(table, 3))
    expect(table).to_contain_text("3 ticked (1 here, 2 on other pages, 0 hidden by the filter)")
    assert 3 == len(titles)

    table.locator(".find input").fill("nothing is called like this")
    table.locator(".find input").press("Enter")
    expect(table).to_contain_text("No row matches the filters.")
    expect(add).to_have_text("Add 3 photos to Flickr (3 hidden by the filter)")
    button(table, "Clear filters").click()
    expect(add).to_have_text("Add 3 photos to Flickr")
    person.picture("table-three-ticked", ".soc-table")
    add.click()
    status = person.page.locator(".soc-step-add .pane-flickr .step-status")
    expect(status).to_contain_text("3 added", timeout=MINUTES)

    after = online(door.state(), "flickr")
    assert titles == {one["title"] for key, one in after.items() if key not in before}
    assert len(before) + 3 == len(after)
    table.locator(".find input").fill(min(titles))
    table.locator(".find input").press("Enter")
    expect(rows(table).filter(has_text="✓ Added").first).to_be_visible()
    expect(rows(table).filter(has_text="✓ Added").locator("a").first).to_have_attribute(
        "rel", "noopener noreferrer"
    )


def test_the_preview_is_turned_over_with_the_keyboard(person, table):
    view = person.page.locator(".soc-preview")
    number, photos = view.locator(".flip-number input"), view.locator(".list select")
    person.page.wait_for_function(SHOWN_PICTURE)
    first = person.page.evaluate(SHOWN_PICTURE)
    words = photos.locator("option").all_inner_texts()
    last = photos.locator("option").count()

    def press(key, value):
        person.page.keyboard.press(key)
        expect(number).to_have_value(str(value))

    def turned(key, value):
        press(key, value)
        expect(photos.locator("option:checked")).to_have_text(words[value - 1])
        return person.page.wait_for_function(SHOWN_PICTURE).json_value()

    photos.focus()
    assert first != turned("ArrowDown", 2)
    assert first == turned("Home", 1)
    press("End", last)  # it may be for the other platform alone
    assert first == turned("Home", 1)
    area = view.locator(".flip-area:visible")
    area.focus()
    second = turned("ArrowRight", 2)
    third = turned("ArrowRight", 3)
    assert 3 == len({first, second, third})
    assert second == turned("ArrowLeft", 2)
    press("End", last)  # it may be for the other platform alone
    assert first == turned("Home", 1)
    expect(area).to_be_focused()
    person.picture("preview-by-keyboard", ".soc-preview")


def test_a_title_leads_to_its_photo_and_back(person, table):
    table.locator(".kind-add").click()
    title = rows(table).nth(2).locator(".title")
    words = title.inner_text()
    title.click()
    view = person.page.locator(".soc-preview")
    expect(view.locator(".list option:checked")).to_contain_text(words)
    expect(view.locator(".list select")).to_be_focused()
    button(view, "Back to the table").click()
    expect(title).to_be_focused()


def test_an_update_shows_what_changes_and_is_sent(person, table, door, world):
    wb = Workbench.open(environ=world["env"])
    plan = wb.plan(platforms=("flickr",))
    table.locator(".kind-update").click()
    sort_by(table, "Where")
    title = tick(table, 0)
    row = next(one for one in plan.rows if (one.title, one.action) == (title, "update"))
    view = person.page.locator(".soc-preview")
    expect(view.locator(".list option")).to_have_count(1)
    view.get_by_role("tab", name="What changes").click()
    look = button(view, "Look what is online now")
    look.click()
    expect(view.locator(".diff ins").first).to_be_visible()
    expect(view.locator(".diff del").first).to_be_visible()
    person.picture("preview-what-changes", ".soc-preview")
    assert not is_as_planned(wb, row, door.state(), row.remote_id)

    found = pane(person, "update", "flickr")
    expect(found.locator(".main")).to_contain_text("1 photo on Flickr")
    found.locator(".main").click()
    expect(found.locator(".step-status")).to_contain_text("Done", timeout=MINUTES)
    after = door.state()
    assert row.remote_id == remote_id(after, "flickr", row.file_id)
    assert is_as_planned(wb, row, after, row.remote_id)


def test_more_columns_scroll_in_their_box_and_the_page_does_not(person, table):
    button(table, re.compile("^Columns 8 shown")).click()
    for name in ("Albums", "Alt text", "Version of"):
        table.get_by_role("checkbox", name=name).check()
    expect(table.locator(".table-head")).to_contain_text("Version of")
    expect(button(table, re.compile("^Columns 11 shown"))).to_be_visible()
    assert [] == person.page.evaluate(TOO_WIDE)
    person.picture("table-columns", ".soc-table")
    button(table, "The usual columns").click()
    expect(table.locator(".table-head")).not_to_contain_text("Version of")


def test_all_photos_are_saved_as_one_page_that_opens(person, table, chromium, world):
    wb = Workbench.open(environ=world["env"])
    view = person.page.locator(".soc-preview")
    save = button(view, re.compile(r"^Save all \d+ as one page$"))
    count = int(re.findall(r"\d+", save.inner_text())[0])
    save.click()
    expect(view).to_contain_text(".html", timeout=MINUTES)
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    [path] = (wb.home / "previews").glob("preview-*.html")
    page.goto(path.as_uri())

    assert count == page.locator("h2").count()
    assert page.evaluate("() => document.querySelectorAll('img').length") >= count - 5
    broken = "() => [...document.images].filter(i => !(i.complete && i.naturalWidth)).length"
    assert 0 == page.evaluate(broken)
    page.close()
