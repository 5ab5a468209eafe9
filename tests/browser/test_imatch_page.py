"""The page inside IMatch, in a real browser, served by the stand-in of IMatch's web service.

The stand-in runs the page's command for real, and nothing else; Flickr and Pixelfed are stand-ins.
"""

import os
import re
import sys
from pathlib import Path

import pytest
from lab import SCREENSHOTS
from page import expect
from rig import Rig

from socials_lib.demo.imws import Processes, Webroot
from socials_lib.imatch_app import Command, app_folder, install
from socials_lib.imatch_app import installer as room

pytestmark = pytest.mark.browser
HOSTILE = "<img src=x onerror=\"document.title='stolen'\"><b>Fog</b> & gulls"


class Panel:
    """The panel of IMatch: a small library, the installed page, somebody in front of it."""

    def __init__(self, browser, folder):
        (folder / "small world").mkdir()
        (folder / "wéb root").mkdir()
        self.rig = Rig(folder / "small world")
        self.browser = browser
        command = Command.here({"SOCIALS_MODE": "demo"})
        install(app_folder(folder / "wéb root", {}), command, run=_not_run)
        self.processes = Processes(command.words(), self._surroundings)
        self.rig.imws.webroot = Webroot(folder / "wéb root", self.processes)
        self.rig.imws.webroot.restart()
        self.outside, self.broken = [], []

    def _surroundings(self):
        bare = {name: one for name, one in os.environ.items() if not name.startswith("SOCIALS_")}
        return {**bare, **self.rig.environ}

    def open(self, *, dark=False, width=760):
        """Open the page in a window of its own."""
        page = self.browser.new_page(
            viewport={"width": width, "height": 1100}, color_scheme="dark" if dark else "light"
        )
        page.set_default_timeout(90_000)
        page.route("**/*", self._route)
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.on("console", self._hear)
        page.goto(f"{self.rig.imws.url}/user/imatch-to-socials/index.html")
        return page

    def _route(self, route):
        if route.request.url.startswith((self.rig.imws.url, "data:")):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def _hear(self, message):
        if message.type == "error" and "favicon" not in message.text:
            self.broken.append(message.text)

    def close(self):
        for context in self.browser.contexts:
            context.close()
        self.processes.stop()
        self.rig.stop()


def _not_run(_words):
    """The command is run by every test here anyway."""
    return f'{{"page": "{room.page_mark()}"}}'


@pytest.fixture
def panel(chromium, tmp_path):
    made = Panel(chromium, tmp_path)
    yield made
    made.close()
    assert [] == made.outside
    assert [] == made.broken


def shown(page):
    """Press “Show the plan” and wait for it."""
    page.locator("#show-plan").click()
    expect(page.locator("#plan")).to_be_visible()
    return page.locator("#plan")


def picture(page, name):
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=str(SCREENSHOTS / f"{name}.png"), full_page=True)


def axe(page):
    """Findings about accessibility; axe needs `eval`, which the page forbids itself."""
    from axe_playwright_python.sync_playwright import Axe

    source = Path(sys.modules[Axe.__module__].__file__).with_name("axe.min.js")
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": source.read_text(encoding="utf-8")})
    found = session.send(
        "Runtime.evaluate",
        {
            "expression": "axe.run().then((r) => r.violations.map((v) => v.id + ' '"
            " + v.nodes.map((n) => n.target.join(' ')).join(', ')))",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    return found["result"].get("value", found)


def test_twenty_photos_are_sent_while_the_page_comes_and_goes(panel):
    rig = panel.rig
    titles = sorted(f"Dawn {number:02}" for number in range(20))
    for title in titles:
        rig.photo(title, flickr=True)
    page = panel.open()
    expect(page.locator("#mode")).to_have_text("DEMO")
    expect(page.locator("#mode-words")).to_contain_text("Nothing leaves this computer.")
    plan = shown(page)
    expect(plan.locator(".counts").first).to_have_text("20 pending = 20 add")
    rig.flickr.latency = 2.0  # the run outlasts the looks of both pages, however slow they are
    page.get_by_role("button", name="Send 20 photos to Flickr").click()
    expect(page.locator("#stop")).to_be_focused()
    numbers = page.locator("#run-numbers")
    expect(numbers).to_have_text(re.compile(r"^[1-9]\d* of 20"))
    expect(page.locator("#run-photo")).to_contain_text("Dawn")
    expect(page.get_by_role("button", name="Send 20 photos to Flickr")).to_be_disabled()
    expect(plan).to_contain_text("A run is under way.")
    picture(page, "imatch-running")
    page.close()

    page = panel.open()
    expect(page.locator("#run-state")).to_contain_text("Running, from the IMatch panel, since")
    expect(page.locator("#run-numbers")).to_have_text(re.compile(r"of 20.*a minute.*left"))
    page.locator("#stop").click()
    expect(page.locator("#last")).to_contain_text("■ Stopped")
    rig.flickr.latency = 0.0
    picture(page, "imatch-stopped")
    done = len(rig.flickr_titles())
    assert 0 < done < 20
    page.get_by_role("button", name=re.compile(r"Go on with the \d+")).click()
    expect(page.locator("#last")).to_contain_text("✓ Done")
    expect(page.locator("#last")).to_contain_text("Flickr:")
    assert titles == rig.flickr_titles()
    expect(page.get_by_role("button", name="Open the report")).to_be_enabled()
    expect(page.locator("#last code")).to_contain_text("report.html")


def test_a_second_start_is_refused_by_name_and_never_doubled(panel):
    rig = panel.rig
    for number in range(6):
        rig.photo(f"Dawn {number}", flickr=True)
    fog = rig.photo("Fog")
    first, second = panel.open(), panel.open()
    shown(first)
    second.reload()
    expect(second.locator("#plan")).to_be_visible()
    rig.flickr.latency = 3.0  # the run outlasts the looks of both pages, however slow they are
    first.get_by_role("button", name="Send 6 photos to Flickr").click()
    second.get_by_role("button", name="Send 6 photos to Flickr").click()
    refused, taken = _the_one_with_words(first, second)
    expect(refused.locator("#trouble")).to_contain_text("Another run is under way: IMatch panel")
    expect(refused.locator("#run-state")).to_contain_text("IMatch panel")
    expect(taken.locator("#trouble")).to_be_empty()
    rig.flickr.latency = 0.0
    expect(first.locator("#last")).to_contain_text("✓ Done")
    assert [f"Dawn {number}" for number in range(6)] == rig.flickr_titles()

    with rig.wb.lock.held(origin="01_sync"):
        rig.flag(fog, "flickr")
        shown(first)
        first.get_by_role("button", name=re.compile(r"Send \d photos? to Flickr")).click()
        expect(first.locator("#trouble")).to_contain_text("Another run is under way: 01_sync")


def _the_one_with_words(first, second):
    """Nobody knows which of two presses comes first; the page with trouble, and the other."""
    for _ in range(600):
        for one, other in ((first, second), (second, first)):
            if one.locator("#trouble").text_content():
                return one, other
        first.wait_for_timeout(100)
    raise AssertionError("nobody was refused")


def test_photos_leave_only_when_their_number_is_typed(panel):
    rig = panel.rig
    for title in ("One", "Two"):
        file_id = rig.photo(title, flickr=True, flags=["flickr|_delete"])
        rig.online("flickr", file_id, title=title)
    page = panel.open()
    plan = shown(page)
    expect(plan).to_contain_text("2 photos in _delete leave Flickr for good.")
    gone = page.get_by_role("button", name="Delete 2 photos from Flickr")
    field = page.get_by_label("Type delete 2 to allow it")
    expect(gone).to_be_disabled()
    for wrong in ("delete 1", "2", "delete", "delete 22"):
        field.fill(wrong)
        expect(gone).to_be_disabled()
    assert ["One", "Two"] == rig.flickr_titles()
    field.fill("delete 2")
    picture(page, "imatch-delete")
    gone.click()
    expect(field).to_have_value("")
    expect(page.locator("#last")).to_contain_text("Flickr: 2 deleted.")
    assert [] == rig.flickr_titles()


def test_a_photo_that_went_with_a_note_is_not_shown_as_a_failure(panel):
    file_id = panel.rig.photo("Dawn", pixelfed=True, flags=["pixelfed|_update"])
    panel.rig.online("pixelfed", file_id)
    page = panel.open()
    shown(page)
    page.get_by_role("button", name="Send 1 photo to Pixelfed").click()
    word = page.locator("#last li .word")
    expect(word).to_have_text("done, with a note")
    expect(word).to_have_class("word warn")
    expect(page.locator("#last")).to_contain_text("cannot exchange the picture of a post")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_hostile_titles_are_text_and_the_page_is_accessible(panel, dark):
    rig = panel.rig
    rig.photo(HOSTILE, flickr=True)
    rig.photo("\u202egnihsurb", pixelfed=True, headline=None)
    fails = rig.photo("Fails", flickr=True)
    goes = rig.photo("Gone", flickr=True, flags=["flickr|_delete"])
    rig.online("flickr", goes, title="Gone")
    page = panel.open(dark=dark)
    plan = shown(page)
    for one in plan.locator("summary").all():
        one.click()
    expect(plan).to_contain_text(HOSTILE)
    expect(plan).to_contain_text("✕ Missing headline")
    assert 0 == page.locator("main img, main b").count()
    assert "IMatch to Socials" == page.title()
    assert [] == axe(page)
    picture(page, f"imatch-plan-{'dark' if dark else 'light'}")

    rig.edit(fails, title="Changed since")
    page.get_by_role("button", name="Send 2 photos to Flickr").click()
    expect(page.locator("#last")).to_contain_text("1 changed since")
    expect(page.locator("#last")).to_contain_text("Needs a look: 1")
    page.locator("footer summary").click()
    expect(page.locator("#code")).to_contain_text("entry.py")
    assert [] == axe(page)
    picture(page, f"imatch-last-{'dark' if dark else 'light'}")


def test_only_the_selection_of_imatch_and_one_platform(panel):
    rig = panel.rig
    ids = [int(rig.photo(f"Dawn {n}", flickr=True, pixelfed=True)) for n in range(3)]
    page = panel.open(width=420)
    page.get_by_label("Only those selected in IMatch").check()
    page.get_by_label("Pixelfed").check()
    page.locator("#show-plan").click()
    expect(page.locator("#trouble")).to_contain_text("Nothing is selected in IMatch")
    rig.imws.set_selection(ids[:2])
    plan = shown(page)
    expect(plan).to_contain_text("2 photos selected in IMatch, 2 of them pending.")
    expect(plan.locator(".platform")).to_have_count(1)
    assert page.evaluate_handle("document.documentElement").evaluate("e => e.scrollWidth") <= 420
    picture(page, "imatch-narrow")
    page.get_by_role("button", name="Send 2 photos to Pixelfed").click()
    expect(page.locator("#last")).to_contain_text("Pixelfed: 2 added.")
    assert (2, []) == (len(rig.statuses()), rig.flickr_titles())


def test_without_process_run_the_page_says_what_to_do_instead(panel):
    panel.rig.imws.webroot.processes = None
    page = panel.open()
    expect(page.locator("#trouble")).to_contain_text("IMatch offers no IMatch.processRun here")
    expect(page.locator("#trouble code").last).to_contain_text("entry.py lab")
    expect(page.locator("#trouble code").first).to_have_text(
        re.compile(r"\S+ -m socials_lib sync --dry-run$")
    )
    expect(page.locator("#show-plan")).to_be_disabled()
    assert [] == axe(page)
    picture(page, "imatch-no-process-run")


def test_without_imatchs_libraries_the_page_says_so_too(panel):
    page = panel.browser.new_page()
    page.route("**/system/**", lambda route: route.fulfill(status=404, body="none"))
    page.goto(f"{panel.rig.imws.url}/user/imatch-to-socials/index.html")
    expect(page.locator("#trouble")).to_contain_text("IMatch offers no IMatch.processRun here")


def test_a_program_that_does_not_answer_is_named_with_its_command(panel):
    panel.processes.may_run = ("something else",)
    page = panel.open()
    expect(page.locator("#trouble")).to_contain_text("The program does not answer.")
    expect(page.locator("#trouble")).to_contain_text("cannot be started")
    expect(page.locator("#trouble code")).to_contain_text("entry.py")
    panel.broken.clear()  # the browser itself reports the refusal


def test_in_live_mode_it_asks_before_it_sends(panel):
    """Only the word is changed: nothing of this test could reach a real account."""
    panel.rig.photo("Dawn", flickr=True)
    page = panel.open()
    shown(page)
    page.close()
    for one in (panel.rig.wb.home / "imatch-app").glob("plan-*.json"):
        text = one.read_text(encoding="utf-8")
        one.write_text(text.replace('"mode": "demo"', '"mode": "live"'), encoding="utf-8")
    page = panel.open()
    page.get_by_role("button", name="Send 1 photo to Flickr").click()
    expect(page.locator("#plan")).to_contain_text("Send 1 photo to the real Flickr account “demo”?")
    no = page.get_by_role("button", name="Not now")
    expect(no).to_be_focused()
    no.click()
    expect(page.get_by_role("button", name="Send 1 photo to Flickr")).to_be_focused()
    assert [] == panel.rig.flickr_titles()


def test_answers_of_other_shapes_are_read_as_well(panel):
    """`result` missing, output with a mark and other lines, the whole answer as text."""
    page = panel.browser.new_page()
    strange = """
      const real = IMatch.processRun;
      let turn = 0;
      IMatch.processRun = (call) => real(call).then((found) => {
        turn += 1;
        const output = '\\ufeffwarning: {}\\n'.replace('{}', '') + found.output + '\\r\\nbye';
        return turn % 2 ? {output} : JSON.stringify({output: found.output, exitCode: 0});
      });
    """
    page.route(
        "**/system/imatch/imatchlib.js",
        lambda route: route.fulfill(
            content_type="text/javascript", body=route.fetch().text() + strange
        ),
    )
    page.goto(f"{panel.rig.imws.url}/user/imatch-to-socials/index.html")
    expect(page.locator("#mode")).to_have_text("DEMO")
    shown(page)


def test_the_other_way_to_hand_over_a_command_is_found_by_itself(panel, tmp_path):
    """An interpreter whose path has blanks, and an IMatch that takes the executable as it is."""
    if os.name == "nt":
        pytest.skip("needs links")
    there = tmp_path / "my python"
    there.mkdir()
    link = there / "python"
    link.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    link.chmod(0o755)
    command = Command(interpreter=str(link), script=Command.here({}).script)
    folder = panel.rig.imws.webroot.folder
    for split in (True, False):
        install(app_folder(folder, {}), command, run=_not_run)
        panel.rig.imws.webroot.processes = Processes(
            command.words(), panel._surroundings, split=split
        )
        page = panel.open()
        expect(page.locator("#mode")).to_have_text("DEMO")
        page.close()
    panel.broken.clear()  # the browser itself reports the refusal of the first form
