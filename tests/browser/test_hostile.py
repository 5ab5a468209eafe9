"""A hostile library: markup, scripts, handlers, odd letters in every place; all of it is text.

The three services are the stand-ins, filled here: what a photographer's tools, a stranger's comment
or a broken server could write, stands in titles, texts, keywords, file names, albums, answers.
"""

import contextlib
import re

import pytest
from page import MINUTES, SERVICES, TOO_WIDE, expect, pane
from rig import ALBUMS, GROUPS, Rig, picture

from socials_lib.demo.seed import SeedFile

pytestmark = pytest.mark.browser

IMAGE = '<img src=x onerror="window.hacked=1">'
SCRIPT = "<script>window.hacked=1</script>"
BREAKS_OUT = "\"'><svg onload=window.hacked=1>"
HANDLER = "' onmouseover='window.hacked=1' autofocus onfocus='window.hacked=1"
TURNED = "\u202egnp.exe \u2066x\u2069"
INVISIBLE = "a\u200b\u200d\ufeffb\u00ad"
CONTROLS = "\x1b[31mred\x07 \x9b2J\r\nforged: line"
ENDLESS = "W" * 10_000
TEMPLATE = "{{ 7 * 7 }} ${7*7} %s {0}"
SAID = (IMAGE, SCRIPT, BREAKS_OUT, HANDLER, TURNED, INVISIBLE, CONTROLS, ENDLESS, TEMPLATE)
#: Title -> what must be read on the page of it.
SEEN = (IMAGE, SCRIPT, "<svg onload=", "' onmouseover='", "W" * 60)
UNTOUCHED = """() => window.hacked === undefined
  && !document.querySelector('.soc script, .soc svg[onload], .soc img[src="x"]')"""


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    """Services full of hostile words; `rig.environ` leads to them."""
    folder = tmp_path_factory.mktemp("hostile")
    made = Rig(folder)
    made.albums_and_groups()
    made.flickr.backend.add_album(IMAGE, [made.flickr.backend.add_photo(picture(2))], album_id=_ID)
    for number, words in enumerate(SAID):
        _photo(made, words, number)
    _online(made)
    made.reload()
    yield made
    made.stop()


_ID = "72157700000000099"


def _photo(rig, words, number):
    """A photo whose every field says it; two of them miss a description."""
    file_id = 2000 + number
    name = re.sub(r"[\x00-\x1f/]", "", words)[:60] or "x"
    path = rig.folder / f"{number} {name}.jpg"
    with contextlib.suppress(
        OSError
    ):  # a system without such names: IMatch's word is hostile still
        path.write_bytes(picture(file_id))
    values = {
        "title": words,
        "headline": words,
        "description": "" if number in (1, 5) else words,
        "hierarchicalkeywords": [f"Odd|{words[:200]}", "Light"],
        "model": words[:100],
        "lens": words[:100],
    }
    rig.seed.files.append(
        SeedFile(
            file_id=file_id,
            path=str(path),
            date_time="2024-03-19T06:41:07",
            width=64,
            height=48,
            metadata={name: value for name, value in values.items() if value},
        )
    )
    for category in ("Socials|flickr", "Socials|pixelfed", "Image Characteristics|Genre|Odd"):
        rig.put(file_id, category)
    rig.put(file_id, f"Socials|flickr|albums|{IMAGE}", _ID)


def _online(rig):
    """One is online already, with strangers' words, and is to be updated; one is to be deleted."""
    for flag, number in (("_update", 7001), ("_delete", 7002)):
        _photo(rig, f"{IMAGE} {flag}", number)
        file_id = str(2000 + number)
        rig.put(int(file_id), f"Socials|flickr|{flag}")
        rig.online("flickr", file_id, title=f"{SCRIPT} old", description=BREAKS_OUT)


@pytest.fixture(scope="module")
def world(rig):
    """What the notebooks find in their environment."""
    assert ALBUMS
    assert GROUPS
    return {"env": rig.environ}


@pytest.fixture
def watched(person):
    """The page, with every dialog and every odd request noted."""
    person.noted = []

    def dialog(one):
        person.noted.append(f"dialog {one.message}")
        one.dismiss()

    person.page.on("dialog", dialog)
    person.page.on(
        "request", lambda one: person.noted.append(one.url) if one.url.endswith("/x") else None
    )
    return person


def is_text(person):
    """Nothing ran, nothing was asked for, no view is wider than its place."""
    assert person.page.evaluate(UNTOUCHED)
    assert [] == person.noted
    assert [] == person.page.evaluate(TOO_WIDE)


def shown(person, view):
    return person.page.locator(f".soc-{view}").inner_text()


def read_as_text(person, view, words=SEEN):
    for one in words:
        expect(person.page.locator(f".soc-{view}")).to_contain_text(one)


def test_everything_hostile_is_text_from_the_table_to_the_results(watched, rig):
    person = watched
    person.open("01_sync.ipynb")
    assert {"left": 0, "errors": []} == person.run_all()
    expect(person.page.locator(".soc-table .counts")).to_contain_text("pending")
    expect(person.page.locator(".soc-fixes")).to_contain_text("need a fix")
    read_as_text(person, "table")
    read_as_text(person, "fixes", (SCRIPT,))
    _every_column(person)
    _every_photo_of_the_preview(person)
    person.picture("hostile-table", ".soc-table")
    person.picture("hostile-fixes", ".soc-fixes")
    is_text(person)
    _saved_page(person, rig)

    body = f'<rsp stat="fail"><err code="5" msg="{_escaped(IMAGE)}"/></rsp>'.encode()
    rig.flickr.fail_next("/services/upload/", status=200, body=body, content_type="text/xml")
    for platform in SERVICES:
        _carried_out(person, "add", platform)
    is_text(person)
    _carried_out(person, "update", "flickr")
    expect(person.page.locator(".soc-step-delete")).to_contain_text("leaves")
    person.picture("hostile-delete", ".soc-step-delete")
    read_as_text(person, "results", (IMAGE, "<svg onload="))
    person.picture("hostile-results", ".soc-results")
    is_text(person)


def _escaped(words):
    return words.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _every_column(person):
    table = person.page.locator(".soc-table")
    table.get_by_role("button", name=re.compile("^Columns")).click()
    for name in ("Albums", "Alt text", "Tags", "Letters"):
        table.get_by_role("checkbox", name=name).check()
    expect(table.locator(".table-head")).to_contain_text("Letters")
    is_text(person)
    table.get_by_role("button", name="The usual columns").click()


def _every_photo_of_the_preview(person):
    view = person.page.locator(".soc-preview")
    count = view.locator(".list option").count()
    for tab in (1, 0, 2):
        view.get_by_role("tab").nth(tab).click()
        view.locator(".list select").focus()
        person.page.keyboard.press("Home")
        for place in range(1, count + 1):
            expect(view.locator(".flip-number input")).to_have_value(str(place))
            person.page.keyboard.press("ArrowDown")
        assert person.page.evaluate(UNTOUCHED)
    person.page.keyboard.press("Home")
    person.picture("hostile-preview", ".soc-preview")
    read_as_text(person, "preview", (IMAGE,))


def _saved_page(person, rig):
    view = person.page.locator(".soc-preview")
    view.get_by_role("button", name=re.compile("^Save all")).click()
    expect(view).to_contain_text(".html", timeout=MINUTES)
    [path] = (rig.wb.home / "previews").glob("*.html")
    _opens_harmlessly(person, path)


def _carried_out(person, step, platform):
    found = pane(person, step, platform)
    found.locator(".main").click()
    expect(found.locator(".step-status")).to_contain_text("Done", timeout=MINUTES)


def _opens_harmlessly(person, path):
    """A page on the disk, opened as a person would: a double click."""
    page = person.page.context.browser.new_page(viewport={"width": 1280, "height": 900})
    asked, dialogs = [], []
    page.on("request", lambda one: asked.append(one.url))
    page.on("dialog", lambda one: (dialogs.append(one.message), one.dismiss()))
    page.goto(path.as_uri())
    text = page.locator("body").evaluate("e => e.textContent")
    assert IMAGE in text
    assert [] == dialogs
    assert [path.as_uri()] == [one for one in asked if not one.startswith("data:")]
    assert page.evaluate("() => window.hacked === undefined")
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert 1 >= page.evaluate(wide)
    page.close()


def test_the_report_of_the_run_is_text_too(watched, rig):
    wb = rig.anew()
    runs = [one for one in wb.history() if one.outcomes]
    assert {"failed"} <= {one.state for run in runs for one in run.outcomes}
    for run in runs:
        if any(row.title == IMAGE for row in wb.rows_of(run)):
            _opens_harmlessly(watched, wb.report(run).html)


def test_the_history_is_text_too(watched, rig):
    watched.open("04_history.ipynb")
    assert {"left": 0, "errors": []} == watched.run_all()
    history = watched.page.locator(".soc-history")
    for place in range(history.get_by_role("button", name="Show", exact=True).count()):
        history.get_by_role("button", name="Show", exact=True).nth(place).click()
        expect(history.locator("li").first).to_be_visible()
        expect(history).to_contain_text(IMAGE)
        is_text(watched)
    watched.picture("hostile-history", ".soc-history")


def test_the_log_holds_no_raw_control_characters(rig):
    files = [one for one in (rig.wb.home / "logs").rglob("*") if one.is_file()]
    assert files
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert [] == re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        assert not any(line.startswith("forged:") for line in text.splitlines())
