"""A person at a browser audits: lists, compares pictures, decides, applies, and it is gone."""

import re

import pytest
from page import MINUTES, SERVICES, expect, until

from socials_lib.workbench import Workbench

pytestmark = pytest.mark.browser

ENV = {"SOCIALS_IMATCH_WRITE_METADATA": "true"}
LOADED = "images => images.every(one => one.complete && one.naturalWidth > 0)"


@pytest.fixture
def audit(person, door):
    """The notebook, run from top to bottom; that alone changed nothing."""
    before = door.state()
    person.open("02_audit.ipynb")
    assert {"left": 0, "errors": []} == person.run_all()
    for name in SERVICES:
        expect(part(person, f"findings-{name}")).to_contain_text("published =")
    assert before == door.state()
    return person


def part(person, name):
    """One of the widgets, in sight."""
    found = person.page.locator(f".soc-{name}")
    expect(found).to_have_count(1)
    found.scroll_into_view_if_needed()
    return found


def rows(findings, title, field=""):
    """The rows of a photo in a list of findings."""
    found = findings.locator(".finding").filter(has_text=title)
    return found.filter(has_text=field) if field else found


def carry_out(findings):
    """The button of the decisions, and yes to its question."""
    findings.locator(".main").first.click()
    expect(findings.locator(".yes")).to_be_visible()
    findings.locator(".yes").click()


def compare_anew(findings):
    """List again and compare, to the end."""
    findings.locator(".again").first.click()
    expect(findings).not_to_contain_text("Listing")
    expect(findings.locator(".again").first).to_be_enabled(timeout=MINUTES)


def titles(state):
    return sorted(one["title"] for one in state["flickr"]["photos"].values())


def test_a_title_that_differs_is_looked_at_sent_and_gone(audit, door):
    findings = part(audit, "findings-flickr")
    row = rows(findings, "Evening arcade", "Title")
    row.scroll_into_view_if_needed()
    expect(row.locator("img")).to_have_count(2)
    until(lambda: row.locator("img").evaluate_all(LOADED))
    expect(row.locator("ins")).to_contain_text("with cello")
    audit.picture("02-findings", ".soc-findings-flickr")
    before = door.state()

    row.get_by_role("button", name="Send ours").click()
    expect(row).to_contain_text("Decided: send ours")
    carry_out(findings)
    expect(row).to_contain_text("To be sent below")
    assert before == door.state()
    step = part(audit, "step-update")
    expect(step.locator(".main")).to_have_text("Update 1 photo on Flickr")
    audit.picture("02-decided", ".soc-findings-flickr")
    step.locator(".main").click()
    expect(step.locator(".step-status")).to_contain_text("1 updated", timeout=MINUTES)
    expect(row).to_contain_text("Sent")
    compare_anew(findings)

    expect(rows(findings, "Evening arcade", "Title")).to_have_count(0)
    after = door.state()
    changed = set(titles(before)) ^ set(titles(after))
    assert {"Evening arcade", "Evening arcade (with cello)"} == changed
    assert before["imatch"]["metadata"] == after["imatch"]["metadata"]


def test_what_is_online_is_taken_into_imatch_and_others_are_kept(audit, door):
    findings = part(audit, "findings-flickr")
    online = door.state()["flickr"]["photos"]
    row = rows(findings, "Evening arcade", "Title")
    row.get_by_role("button", name="Take into IMatch").click()
    findings.locator(".kind-privacy_changed").click()
    expect(findings.locator(".finding")).to_have_count(1)
    findings.get_by_role("button", name=re.compile("Tick all")).click()
    findings.get_by_label("Decide").select_option(label="Keep theirs (1 of 1)")
    findings.locator(".decide-all").click()
    expect(findings).to_contain_text("1 keep theirs, 1 take into IMatch")
    carry_out(findings)
    expect(rows(findings, "The whole family")).to_contain_text("Kept")
    findings.locator(".kind-privacy_changed").click()
    compare_anew(findings)

    expect(rows(findings, "Evening arcade", "Title")).to_have_count(0)
    expect(rows(findings, "The whole family")).to_have_count(0)
    state = door.state()
    assert "Evening arcade (with cello)" in {
        one.get("title") for one in state["imatch"]["metadata"].values()
    }
    assert [one["title"] for one in online.values()] == [
        one["title"] for one in state["flickr"]["photos"].values()
    ]


def test_a_pair_is_linked_a_gap_handed_over_and_all_is_accessible(audit, door):
    _a_pair_is_linked(audit, door)
    _a_gap_is_handed_over(audit, door)
    _charts_are_drawn(audit)
    _all_is_accessible(audit)


def _a_pair_is_linked(audit, door):
    pairs = part(audit, "reconnect-flickr")
    expect(pairs.locator(".pair-view img")).to_have_count(2)
    until(lambda: pairs.locator(".pair-view img").evaluate_all(LOADED))
    before = door.state()
    audit.picture("02-reconnect", ".soc-reconnect-flickr")

    pairs.get_by_role("button", name="These are the same").click()
    expect(pairs).to_contain_text("You say: the same")
    pairs.locator(".link-said").click()
    expect(pairs).to_contain_text("Write posted, id and url of 1 photo to IMatch?")
    assert before == door.state()
    pairs.locator(".yes").click()
    expect(pairs).to_contain_text("1 photo linked in IMatch")
    pairs.locator(".look-again").click()

    expect(pairs).to_contain_text("Nothing to reconnect")
    after = door.state()
    assert before["flickr"] == after["flickr"]
    assert before["imatch"]["metadata"] == after["imatch"]["metadata"]
    assert before["imatch"]["attributes"] != after["imatch"]["attributes"]


def _a_gap_is_handed_over(audit, door):
    gaps = part(audit, "completeness")
    expect(gaps.locator(".gap-pixelfed-headline")).to_be_visible()
    gaps.locator(".gap-pixelfed-headline").click()
    expect(gaps.locator(".gap").first).to_be_visible()
    audit.picture("02-completeness", ".soc-completeness")
    gaps.locator(".hand-over").click()

    expect(gaps).to_contain_text("Handed over as")
    [handed] = Workbench.open(environ=door.env).handed_over()
    assert "missing headline pixelfed" == handed.name
    assert handed.file_ids


def test_what_is_handed_over_is_taken_by_the_sync_and_by_the_bulk_fix(audit, door):
    gaps = part(audit, "completeness")
    expect(gaps.locator(".gap-pixelfed-headline")).to_be_visible()
    gaps.locator(".gap-pixelfed-headline").click()
    expect(gaps.locator(".gap").first).to_be_visible()
    gaps.locator(".hand-over").click()
    expect(gaps).to_contain_text("open 03_bulk_fix or 01_sync")
    photos = len(Workbench.open(environ=door.env).handed_over()[0].file_ids)

    audit.open("01_sync.ipynb")
    assert {"left": 0, "errors": []} == audit.run_all()
    offer = part(audit, "table").locator(".tick-handed")
    expect(offer).to_have_text(re.compile(r"^Tick the \d+ handed over: missing headline pixelfed$"))
    rows = re.sub(r"\D", "", offer.inner_text())
    offer.click()
    expect(part(audit, "table")).to_contain_text(f"{rows} ticked (")

    audit.open("03_bulk_fix.ipynb")
    assert {"left": 0, "errors": []} == audit.run_all()
    part(audit, "source").locator(".source-handed").first.click()
    expect(part(audit, "source").locator(".source-line")).to_contain_text(
        f"{photos} photos to work"
    )


def _charts_are_drawn(audit):
    shown = part(audit, "charts")
    expect(shown.locator("svg").first).to_be_visible(timeout=MINUTES)
    audit.picture("02-charts", ".soc-charts")
    assert shown.locator("a[download]").first.get_attribute("href").startswith("data:image/svg")


def _all_is_accessible(audit):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(audit.page, context={"include": [".soc"]})

    faults = [
        (one["id"], node["html"][:200])
        for one in found.response["violations"]
        for node in one["nodes"]
    ]
    assert [] == faults
