"""Decisions about findings that something came between: a tick, an error, a page, a new list."""

import threading

import pytest
from step_rig import PATIENCE, Rig

from socials_lib.errors import Unreachable
from socials_lib.widgets import show
from socials_lib.widgets.audit_words import key_of
from socials_lib.widgets.findings import Findings

ENV = {"SOCIALS_IMATCH_WRITE_METADATA": "true"}


@pytest.fixture
def two(rig: Rig) -> tuple[str, str]:
    """Two photos that were renamed online."""
    first = rig.photo("Gulls", flickr=True)
    second = rig.photo("Fog", flickr=True, taken="2024-03-19T07:00:00")
    rig.sync()
    rename(rig, first, "Gulls online")
    rename(rig, second, "Fog online")
    return first, second


def rename(rig: Rig, file_id: str, title: str) -> None:
    rig.flickr.backend.photos[rig.ids("flickr", file_id)["photo_id"]].title = title


def found(rig: Rig) -> Findings:
    view = show.findings(rig.wb, "flickr")
    assert view.model.wait(PATIENCE)
    view.paint()
    return view


def card(view: Findings, file_id: str):
    return next(one for one in view.cards if one.shown and one.shown.file_id == file_id)


def carry_out(view: Findings) -> None:
    view.go.click()
    view.yes.click()
    assert view.model.wait(PATIENCE)
    view.paint()


def test_the_chosen_decision_stays_when_one_more_finding_is_ticked(
    rig: Rig, two: tuple[str, str]
) -> None:
    view = found(rig)
    keys = [key_of(one) for one in view.model.rows]
    view.model.tick([keys[0]])
    view.choice.value = "ignore"
    view.model.tick([keys[1]])
    assert "ignore" == view.choice.value
    view.decide.click()

    assert dict.fromkeys(keys, "ignore") == view.model.staged


def test_what_is_to_be_sent_has_its_step_although_taking_over_failed(
    rig: Rig, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    view = found(rig)
    card(view, two[0]).choices["push_ours"].click()
    card(view, two[1]).choices["take_theirs"].click()

    def broken(*_args: object, **_more: object) -> None:
        raise Unreachable("Flickr cannot be reached.")

    with monkeypatch.context() as patched:
        patched.setattr(type(rig.wb), "theirs", broken)
        carry_out(view)

    assert "Flickr cannot be reached." == view.trouble.message.fact
    assert [two[0]] == [row.file_id for row in view.model.plan.rows]
    assert view.steps is not None and view.steps in view.place.children
    assert {"take_theirs"} == set(view.model.staged.values())


def test_what_an_earlier_carrying_out_left_to_send_goes_along_with_the_next(
    rig: Rig, two: tuple[str, str]
) -> None:
    view = found(rig)
    for file_id in two:
        card(view, file_id).choices["push_ours"].click()
        carry_out(view)

    assert set(two) == {row.file_id for row in view.model.plan.rows}
    rename(rig, two[1], "Fog, renamed again")
    view.compare_again.click()
    assert view.model.wait(PATIENCE)
    card(view, two[0]).choices["push_ours"].click()
    card(view, two[1]).choices["keep_theirs"].click()
    carry_out(view)
    assert {two[0]} == {row.file_id for row in view.model.plan.rows}


def test_a_list_that_comes_while_it_compares_is_compared_as_well(rig: Rig) -> None:
    file_id = rig.photo("Gulls", flickr=True)
    rig.sync()
    view = found(rig)
    compared, begun, go = rig.wb.audited, threading.Event(), threading.Event()

    def slow(*args: object, **more: object):
        read = compared(*args, **more)
        if not begun.is_set():
            begun.set()
            assert go.wait(PATIENCE)
        return read

    rig.wb.audited = slow
    view.compare_again.click()
    assert begun.wait(PATIENCE)
    rename(rig, file_id, "Gulls online")
    assert view.model.list.list_again()
    assert view.model.list.wait(PATIENCE)
    go.set()
    assert view.model.wait(PATIENCE)

    assert [("title", "Gulls online")] == [(one.field, one.remote) for one in view.model.rows]
    assert "done" == view.model.state


def test_a_late_yes_after_not_now_carries_nothing_out(rig: Rig, two: tuple[str, str]) -> None:
    view = found(rig)
    card(view, two[0]).choices["keep_theirs"].click()
    view.go.click()
    view.no.click()
    view.yes.click()
    assert view.model.wait(PATIENCE)

    assert ["keep_theirs"] == list(view.model.staged.values())
    assert not view.model.is_busy


def test_a_press_that_comes_after_the_page_was_turned_is_for_the_finding_that_was_seen(
    rig: Rig,
) -> None:
    ids = [
        rig.photo(f"Photo {n}", flickr=True, taken=f"2024-03-19T06:{n:02}:00") for n in range(12)
    ]
    rig.sync()
    for file_id in ids:
        rename(rig, file_id, f"Renamed {file_id}")
    view = found(rig)
    seen = view.cards[0]
    key, button = key_of(seen.shown), seen.choices["keep_theirs"]
    view.model.go_to(2)
    button.click()

    assert {key: "keep_theirs"} == view.model.staged
    assert seen not in view.cards
    view.model.go_to(1)
    assert "Decided: keep theirs" in view.cards[0].text.value
