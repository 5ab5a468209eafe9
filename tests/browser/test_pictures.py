"""The pictures of the README, and how all views look: light and dark, narrow and wide.

Pictures go into the test's own folder.  With `SOCIALS_PICTURES=1` in the environment those of the
README are written to `docs/pictures` as well:

    SOCIALS_PICTURES=1 python -m pytest tests/browser/test_pictures.py -k readme
"""

import contextlib
import io
import os
import re

import pytest
from lab import ROOT, Person, running_lab
from page import MINUTES, SERVICES, expect, pane
from PIL import Image

pytestmark = pytest.mark.browser

PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 250_000
NOTEBOOKS = ("00_start_here", "01_sync", "02_audit", "03_bulk_fix", "04_history")
#: Every notebook in both lights and both widths.
LOOKS = [(name, *look) for name in NOTEBOOKS for look in (("light", 1280), ("dark", 1920))]
TOO_WIDE = """() => [...document.querySelectorAll('.soc')].filter(e => e.offsetParent)
  .filter(e => e.scrollWidth > e.clientWidth + 1)
  .map(e => e.className + ' ' + e.scrollWidth + ' in ' + e.clientWidth)"""
#: Our views alone: the page of JupyterLab around them has findings of its own.
OURS = {"include": [".soc"]}


class Album:
    """Pictures of views, each small enough for a README."""

    def __init__(self, person, folder):
        self.person, self.folder = person, folder

    def add(self, name, selector, *, down_to=""):
        """A picture of one view, cropped to it; `down_to` ends it below that element."""
        view = self.person.page.locator(selector).first
        view.scroll_into_view_if_needed()
        height = None
        if down_to:
            last = self.person.page.locator(down_to).first.bounding_box()
            height = int(last["y"] + last["height"] - view.bounding_box()["y"])
        data = squeezed(view.screenshot(animations="disabled"), height)
        assert len(data) < MOST_BYTES, name
        (self.folder / f"{name}.png").write_bytes(data)
        if os.environ.get("SOCIALS_PICTURES"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            (PICTURES / f"{name}.png").write_bytes(data)


def squeezed(data, height=None):
    """The picture, with 256 colours only if it would be too large for a README."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    image = image.crop((0, 0, image.width, height or image.height))
    whole = saved(image)
    return whole if len(whole) < MOST_BYTES else saved(image.quantize(256))


def saved(image):
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def done(person, step, platform):
    found = pane(person, step, platform)
    found.locator(".main").click()
    expect(found.locator(".step-status")).to_contain_text("Done", timeout=MINUTES)
    return found


def test_the_pictures_of_the_readme(person, door, tmp_path):
    album = Album(person, tmp_path)
    person.open("00_start_here.ipynb")
    assert {"left": 0, "errors": []} == person.run_all()
    expect(person.page.locator(".soc-doctor .doctor-head")).to_contain_text("ready")
    expect(person.page.locator(".soc-header")).to_contain_text("signed in")
    # the lines below name folders and versions of this computer
    album.add("start", ".jp-NotebookPanel:not(.lm-mod-hidden)", down_to=".soc-doctor .check")

    person.open("01_sync.ipynb")
    assert {"left": 0, "errors": []} == person.run_all()
    expect(person.page.locator(".soc-table .counts")).to_contain_text("pending")
    expect(person.page.locator(".soc-table .thumb img").first).to_be_visible()
    expect(person.page.locator(".soc-table .thumb", has_text="…")).to_have_count(0)
    album.add("table", ".soc-table")
    fixes = person.page.locator(".soc-fixes")
    fixes.get_by_role("button", name=re.compile(r"^Two flags \d")).click()
    expect(fixes.locator(".fix:visible").last).to_contain_text("Two flags")
    expect(fixes.locator(".fix:visible")).to_have_count(4)
    album.add("fixes", ".soc-fixes")
    expect(person.page.locator(".soc-preview .photo img:visible")).to_have_count(1)
    album.add("preview", ".soc-preview")
    for platform in SERVICES:
        done(person, "add", platform)
    pane(person, "add", "flickr")
    album.add("step", ".soc-step-add")
    found = pane(person, "delete", "flickr")
    expect(found.locator(".count input")).to_be_visible()
    wanted = re.search(r"Type (delete \d+)", found.inner_text())
    found.locator(".count input").fill(wanted[1])
    expect(found.locator(".main")).to_be_enabled()
    album.add("delete", ".soc-step-delete")
    expect(person.page.locator(".soc-results")).to_contain_text("added")
    expect(person.page.locator(".soc-results img").first).to_be_visible()
    album.add("results", ".soc-results")
    assert 7 == len(list(tmp_path.glob("*.png")))


@pytest.fixture(scope="module")
def dark_lab(world, tmp_path_factory):
    """JupyterLab in dark, on the same world."""
    with running_lab(tmp_path_factory.mktemp("dark"), world["env"], dark=True) as running:
        yield running


@pytest.mark.parametrize(("notebook", "light", "width"), LOOKS)
def test_all_views_fit_and_can_be_read(request, chromium, tmp_path, notebook, light, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    lab = request.getfixturevalue("lab" if light == "light" else "dark_lab")
    with contextlib.closing(Person(chromium, lab, width=width)) as somebody:
        somebody.open(f"{notebook}.ipynb")
        assert {"left": 0, "errors": []} == somebody.run_all()
        page = somebody.page
        expect(page.locator(".soc").first).to_be_visible()
        expect(page.locator(".soc-header")).not_to_contain_text("checking")
        is_light = page.evaluate("() => document.body.dataset.jpThemeLight")
        assert {"light": "true", "dark": "false"}[light] == is_light

        assert [] == page.evaluate(TOO_WIDE)
        assert [] == faults(axe, page)
        if notebook == "01_sync":
            wide_columns_stand_there_when_there_is_room(page)
        keep_all(page, tmp_path)


def faults(axe, page):
    """Serious and critical findings of axe in our views."""
    found = axe.run(page, context=OURS)
    return [
        (one["id"], node["html"][:200])
        for one in found.response["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def wide_columns_stand_there_when_there_is_room(page):
    heads = page.locator(".soc-table .table-head")
    expect(heads).to_contain_text("Taken")
    is_wide = page.viewport_size["width"] >= 1920
    assert is_wide == heads.get_by_role("button", name="File").is_visible()
    assert is_wide == heads.get_by_role("button", name="Reason").is_visible()


def keep_all(page, folder):
    """A picture of each view, to be looked at."""
    for number, view in enumerate(page.locator(".soc:visible").all()):
        view.scroll_into_view_if_needed()
        name = re.sub(r"\W+", "-", (view.get_attribute("class") or "").split("soc-")[-1])
        view.screenshot(path=str(folder / f"{number:02}-{name}.png"))
