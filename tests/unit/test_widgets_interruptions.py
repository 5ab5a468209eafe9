"""What a step says when something breaks: another run, a lost line, a dead process."""

import sys
from types import SimpleNamespace

import ipywidgets as w
import pytest
from step_rig import Steps
from widget_world import NOW

from socials_lib.journal import RunLock
from socials_lib.models import Run
from socials_lib.widgets import base, step_words
from socials_lib.workbench.upkeep import Left


def test_a_run_is_named_after_its_notebook(monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/demo/notebooks/01_sync.ipynb")

    assert "01_sync" == base.this_notebook()


@pytest.mark.parametrize("path", ["", "console-1-2f0c"])
def test_without_a_notebook_it_is_just_one(monkeypatch, path):
    monkeypatch.setenv("JPY_SESSION_NAME", path)

    assert "notebook" == base.this_notebook()


def test_a_step_that_another_run_keeps_from_starting_has_not_failed(rig):
    one = rig.photo("One", flickr=True)
    steps = Steps(rig)
    pane = steps.pane("add")
    with RunLock(rig.wb.home).held(origin="IMatch panel"):
        steps.press(pane)

    assert "ready" == pane.model.state
    assert "Ready" in steps.pill(one)
    assert [] == steps.titles()


def test_a_lost_line_says_what_is_done_and_what_is_unclear_and_goes_on(rig):
    for name in ("One", "Two", "Three"):
        rig.photo(name, flickr=True)
    rig.flickr.fail_next("upload", reset=True, skip=1, times=-1)
    rig.flickr.fail_next("flickr.people.getPhotos", reset=True, times=-1)
    steps = Steps(rig)
    pane = steps.pane("add")
    steps.press(pane)
    message = pane.model.message

    assert "Flickr cannot be reached, tried for " in message.fact
    assert message.fact.endswith("1 is done, 1 untouched.")
    assert "One photo is unclear and is looked for first. Check the connection, then" == (
        message.hint
    )
    rig.flickr.faults.clear()
    pane.model.go_on()
    steps.end(pane)
    assert ["One", "Three", "Two"] == steps.titles()


def test_a_run_makes_no_new_widgets_while_it_paints(rig, monkeypatch):
    """A page that is reloaded meanwhile cannot take over what comes five times a second."""
    for name in ("One", "Two", "Three"):
        rig.photo(name, flickr=True)
    gone = rig.photo("Four", flickr=True, flags=["flickr|_delete"])
    rig.online("flickr", gone)
    steps = Steps(rig)
    panes = (steps.pane("add"), steps.pane("delete"))
    made, really_open = [], w.Widget.open

    def opened(widget):
        really_open(widget)
        if any(one in panes for one in at_work()):  # not views of other tests that still paint
            made.append(type(widget).__name__)

    monkeypatch.setattr(w.Widget, "open", opened)
    steps.press(panes[0])

    assert [] == made


def at_work():
    """Whose methods are being carried out in this thread."""
    frame = sys._getframe(1)
    while frame is not None:
        yield frame.f_locals.get("self")
        frame = frame.f_back


def test_the_title_of_a_failed_photo_is_said_once(rig):
    rig.photo("One", flickr=True)
    error = b'<?xml version="1.0"?><rsp stat="fail"><err code="5" msg="Not a photo"/></rsp>'
    rig.flickr.fail_next("upload", body=error, content_type="text/xml")
    steps = Steps(rig)
    pane = steps.pane("add")
    steps.press(pane)
    pane.show_failed.click()

    assert 1 == pane.failed_list.children[0].value.count("“")


@pytest.mark.parametrize(
    ("unclear", "hint"),
    [
        (0, "Nothing is sent twice; the others go as you approved them then."),
        (1, "The unclear photo is looked for on Flickr first; nothing is sent twice."),
        (2, "The unclear photos are looked for on Flickr first; nothing is sent twice."),
    ],
)
def test_a_run_that_did_not_end_says_what_is_looked_for(unclear, hint):
    left = Left(done=18, unclear=unclear, left=19, not_started=7, platforms=("flickr",))
    wb = SimpleNamespace(left_of=lambda run: left)
    run = Run(run="r-1", started=NOW, ended=None, mode="demo", state="broken")
    found = step_words.open_run(wb, run)

    assert found.fact.endswith(f"18 done, {unclear} unclear, 7 not started.")
    assert hint == found.hint
