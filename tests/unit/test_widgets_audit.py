"""The widgets of the audit without a browser: press, look at model, words and stand-ins."""

from __future__ import annotations

import pytest
from ipywidgets import Widget
from step_rig import PATIENCE, Rig
from widget_world import everything, messages_sent

from socials_lib.errors import ImatchUnreachable
from socials_lib.models import Finding
from socials_lib.widgets import audit_words, show
from socials_lib.widgets.audit_words import key_of
from socials_lib.widgets.findings import Findings
from socials_lib.widgets.findings_list import PAGE
from socials_lib.widgets.findings_model import FindingsModel
from socials_lib.widgets.inventory import InventoryModel
from socials_lib.widgets.jobs import Jobs

ENV = {"SOCIALS_IMATCH_WRITE_METADATA": "true"}


@pytest.fixture
def two(rig: Rig) -> tuple[str, str]:
    """Two photos on both platforms as we published them."""
    first = rig.photo(flickr=True, pixelfed=True)
    second = rig.photo("Fog <b>and</b> gulls", flickr=True, taken="2024-03-19T07:00:00")
    rig.sync()
    return first, second


def remote(rig: Rig, file_id: str):
    return rig.flickr.backend.photos[rig.ids("flickr", file_id)["photo_id"]]


def found(rig: Rig, platform: str = "flickr") -> Findings:
    view = show.findings(rig.wb, platform)
    assert view.model.wait(PATIENCE)
    view.paint()
    return view


def words_of(widget: Widget) -> str:
    """All that can be read in a widget."""
    some = everything(widget)
    return "\n".join(
        str(getattr(one, "value", "") or "") + str(getattr(one, "description", "") or "")
        for one in some
    )


def card(view: Findings, file_id: str, field: str = "title"):
    return next(
        one
        for one in view.cards
        if one.shown is not None and (one.shown.file_id, one.shown.field) == (file_id, field)
    )


def carried_out(view: Findings) -> None:
    """Press the main button, answer the question with yes, and wait."""
    view.go.click()
    assert view.model.confirming
    view.yes.click()
    assert view.model.wait(PATIENCE)
    view.paint()


def compared_anew(rig: Rig, view: Findings) -> tuple[Finding, ...]:
    """`List again and compare`, to the end."""
    view.again.click()
    assert view.model.wait(PATIENCE)
    view.paint()
    return view.findings


# what is online


def test_the_list_comes_by_itself_and_says_how_old_it_is(rig: Rig, two: tuple[str, str]) -> None:
    view = show.inventory(rig.wb, "flickr")
    assert view.model.wait(PATIENCE)
    view.paint()

    assert "2 online" in view.line.value
    assert "listed" in view.status.value
    assert "List again: about 1 call" == view.again.description
    calls = len(rig.flickr.requests)
    assert view is show.inventory(rig.wb, "flickr")
    assert 2 == len(view.inventory.photos)
    assert calls == len(rig.flickr.requests)

    remote(rig, two[0])
    rig.flickr.backend.add_photo((rig.folder / "photo-1001.jpg").read_bytes(), title="By hand")
    view.again.click()
    assert view.model.wait(PATIENCE)
    view.paint()
    assert "3 online" in view.line.value


def test_a_listing_that_is_stopped_keeps_the_list_of_before(
    rig: Rig, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    view = show.inventory(rig.wb, "flickr")
    view.model.wait(PATIENCE)
    platform = rig.wb.platform("flickr")
    listing = platform.inventory

    def slow():
        for one in listing():
            view.stop.click()
            yield one

    monkeypatch.setattr(platform, "inventory", slow)
    view.again.click()
    assert view.model.wait(PATIENCE)

    assert "stopped" == view.model.state
    assert "Stopped" in view.status.value
    assert 2 == len(view.model.found.photos)
    assert not rig.wb.stop.is_set()


def test_a_listing_that_fails_says_why_and_can_be_tried_again(
    rig: Rig, two: tuple[str, str]
) -> None:
    rig.flickr.fail_next("flickr.people.getPhotos", status=503, times=20)
    view = show.inventory(rig.wb, "flickr")
    view.model.wait(PATIENCE)

    assert "failed" == view.model.state
    assert view.model.message is not None
    rig.flickr.faults.clear()
    view.again.click()
    view.model.wait(PATIENCE)
    assert "done" == view.model.state


def test_a_platform_that_nobody_set_up_is_one_quiet_line(rig: Rig) -> None:
    rig.anew(SOCIALS_PIXELFED_TOKEN="")
    for view in (
        show.inventory(rig.wb, "pixelfed"),
        show.findings(rig.wb, "pixelfed"),
        show.reconnect(rig.wb, "pixelfed"),
    ):
        assert 1 == len(view.body.children)
        assert "not set up" in view.body.children[0].value
        assert view.trouble.message is None


def test_what_cannot_be_listed_says_why_in_the_findings_and_stops_no_other_cell(rig: Rig) -> None:
    rig.flickr.fail_next("flickr.people.getPhotos", status=503, times=20)
    view = show.findings(rig.wb, "flickr")
    view.model.wait(PATIENCE)

    assert view.trouble.message is not None
    with pytest.warns(UserWarning, match="Flickr was not compared"):
        table = rig.wb.frame(view)
    assert [] == list(table["code"])
    rig.flickr.faults.clear()
    check = next(one for one in view.trouble.buttons.children if one.description == "Check again")
    check.click()
    view.model.wait(PATIENCE)
    assert view.trouble.message is None
    assert view.model.audited is not None


def test_listing_anew_that_fails_is_told_where_the_button_is(
    rig: Rig, two: tuple[str, str]
) -> None:
    view = found(rig)
    rig.flickr.fail_next("flickr.people.getPhotos", status=503, times=20)
    view.again.click()
    view.model.wait(PATIENCE)

    assert view.trouble.message is not None
    assert "2 published = 2 same" in view.counts.value


def test_a_table_of_no_findings_has_their_columns(rig: Rig, two: tuple[str, str]) -> None:
    table = rig.wb.frame(found(rig))
    assert 0 == len(table[["file_id", "code", "field", "imatch", "remote"]])


def test_a_platform_that_is_not_set_up_has_no_findings_and_an_empty_table(rig: Rig) -> None:
    rig.anew(SOCIALS_PIXELFED_TOKEN="")
    assert 0 == len(rig.wb.frame(show.findings(rig.wb, "pixelfed"))["code"])


def test_a_word_that_is_no_platform_is_refused(rig: Rig) -> None:
    for part in (show.inventory, show.findings, show.reconnect):
        with pytest.raises(ValueError, match="one of flickr, pixelfed"):
            part(rig.wb, "mastodon")  # type: ignore[arg-type]


# findings


def test_without_a_difference_there_is_a_line_that_says_so(rig: Rig, two: tuple[str, str]) -> None:
    view = found(rig)

    assert () == view.findings
    assert "No difference in 2 photos" in view.counts.value
    assert "2 published = 2 same" in view.counts.value
    assert view.list not in view.body.children


def test_a_difference_shows_both_pictures_all_sides_and_escaped_words(
    rig: Rig, two: tuple[str, str]
) -> None:
    _, second = two
    remote(rig, second).title = "Fog <i>and</i> ducks"
    view = found(rig)
    view.pictures.wait(PATIENCE)

    shown = card(view, second)
    assert "2 published = 1 same + 1 that differ" in view.counts.value
    assert ["1 changed online"] == [
        one.description for one in everything(view.kinds) if getattr(one, "description", "")
    ]
    text = shown.text.value
    assert "Title: changed online" in text
    assert "Last sent" in text and "IMatch" in text and "Online" in text
    assert "<ins>" in text and "<i>and" not in text and "&lt;i&gt;and" in text
    assert 2 == shown.pictures.value.count("<img")
    assert "photo-1002.jpg" in text
    labels = [one.description for one in shown.buttons.children]
    assert ["Keep theirs", "Send ours", "Take into IMatch", "Always ignore"] == labels


def test_deciding_changes_nothing_until_it_is_carried_out(rig: Rig, two: tuple[str, str]) -> None:
    remote(rig, two[0]).title = "Renamed"
    view = found(rig)
    view.pictures.wait(PATIENCE)
    imatch, sent = rig.imws.backend.snapshot(), len(rig.flickr.requests)

    card(view, two[0]).choices["keep_theirs"].click()

    assert "Decided: keep theirs" in card(view, two[0]).text.value
    assert "1 keep theirs" in view.staged.value
    assert "Carry out 1 decision…" == view.go.description
    card(view, two[0]).undo.click()
    assert view.go.disabled
    assert imatch == rig.imws.backend.snapshot()
    assert sent == len(rig.flickr.requests)


def test_the_question_can_be_answered_with_no(rig: Rig, two: tuple[str, str]) -> None:
    remote(rig, two[0]).title = "Renamed"
    view = found(rig)
    card(view, two[0]).choices["take_theirs"].click()
    view.go.click()

    assert "Write 1 value to IMatch" in view.question.value
    assert "Nothing changes on Flickr" in view.question.value
    assert (view.question, view.yes, view.no) == view.actions.children
    view.no.click()
    assert not view.model.confirming
    assert {key_of(one): "take_theirs" for one in view.findings} == view.model.staged


def test_keeping_theirs_makes_the_finding_disappear(rig: Rig, two: tuple[str, str]) -> None:
    remote(rig, two[0]).title = "Renamed"
    view = found(rig)
    imatch = rig.imws.backend.snapshot()
    card(view, two[0]).choices["keep_theirs"].click()
    carried_out(view)

    assert "Kept" in card(view, two[0]).text.value
    assert () == compared_anew(rig, view)
    assert "1 decided before" in view.counts.value
    assert imatch == rig.imws.backend.snapshot()
    assert "Renamed" == remote(rig, two[0]).title


def test_taking_theirs_writes_to_imatch_and_nothing_else(rig: Rig, two: tuple[str, str]) -> None:
    first, second = two
    remote(rig, first).title = "Renamed & online"
    view = found(rig)
    online, other = rig.flickr.backend.snapshot(), rig.imws.backend.snapshot()["metadata"][second]
    card(view, first).choices["take_theirs"].click()
    carried_out(view)

    assert "In IMatch" in card(view, first).text.value
    assert "Renamed & online" == rig.imws.backend.snapshot()["metadata"][first]["title"]
    assert () == compared_anew(rig, view)
    assert online == rig.flickr.backend.snapshot()
    assert other == rig.imws.backend.snapshot()["metadata"][second]
    assert 1 == len(rig.wb.change_sets())


def test_what_cannot_be_taken_over_says_why_and_stops_no_other(
    rig: Rig, two: tuple[str, str]
) -> None:
    first, second = two
    remote(rig, first).description = "Written anew from beginning to end."
    remote(rig, second).title = "Renamed"
    view = found(rig)
    view.tick_all.click()
    view.choice.value = "take_theirs"
    view.decide.click()
    carried_out(view)

    assert "write it there yourself" in card(view, first, "description").text.value
    assert "In IMatch" in card(view, second).text.value
    assert [("description", first)] == [
        (one.field, one.file_id) for one in compared_anew(rig, view)
    ]


def test_without_the_switch_the_message_says_that_writing_is_off(
    rig: Rig, two: tuple[str, str]
) -> None:
    rig.anew(SOCIALS_IMATCH_WRITE_METADATA="false")
    remote(rig, two[0]).title = "Renamed"
    view = found(rig)
    card(view, two[0]).choices["take_theirs"].click()
    carried_out(view)

    assert view.trouble.message is not None
    assert "switched off" in view.trouble.message.fact
    assert "take_theirs" in view.model.staged.values()


def test_sending_ours_needs_the_button_of_its_own_step(rig: Rig, two: tuple[str, str]) -> None:
    first, second = two
    remote(rig, first).title = "Renamed"
    remote(rig, second).title = "Renamed, too"
    view = found(rig)
    imatch = rig.imws.backend.snapshot()
    card(view, first).choices["push_ours"].click()
    carried_out(view)

    assert "Renamed" == remote(rig, first).title
    pane = view.steps.steps["update"].panes["flickr"]
    assert "Update 1 photo on Flickr" == pane.go.description
    pane.go.click()
    assert Jobs.of(rig.wb).wait(PATIENCE)
    pane.painter.now()

    assert "Dawn over the lake" == remote(rig, first).title
    assert "Renamed, too" == remote(rig, second).title
    assert "Sent" in card(view, first).text.value
    assert [second] == [one.file_id for one in compared_anew(rig, view)]
    assert imatch == rig.imws.backend.snapshot()


def test_a_send_that_failed_is_tried_again_for_the_very_rows(
    rig: Rig, two: tuple[str, str]
) -> None:
    remote(rig, two[0]).title = "Renamed"
    view = found(rig)
    card(view, two[0]).choices["push_ours"].click()
    carried_out(view)
    pane = view.steps.steps["update"].panes["flickr"]
    body = b'<rsp stat="fail"><err code="116" msg="Bad URL found" /></rsp>'
    rig.flickr.fail_next("flickr.photos.setMeta", body=body, content_type="text/xml")
    pane.go.click()
    assert Jobs.of(rig.wb).wait(PATIENCE)
    pane.painter.now()
    assert "Renamed" == remote(rig, two[0]).title
    assert 1 == len(pane.model.failed)

    pane.again.click()
    assert Jobs.of(rig.wb).wait(PATIENCE)

    assert "Dawn over the lake" == remote(rig, two[0]).title


def test_a_delete_needs_the_typed_count(rig: Rig, two: tuple[str, str]) -> None:
    first, second = two
    remote(rig, first).title = "Renamed"
    view = found(rig)
    view.model.tick([key_of(one) for one in view.findings])
    view.choice.value = "queue_delete"
    view.decide.click()
    carried_out(view)

    assert "flickr|_delete" in rig.categories(first)
    pane = view.steps.steps["delete"].panes["flickr"]
    assert pane.model.looker.wait(PATIENCE)
    pane.paint()
    assert pane.go.disabled
    assert 2 == len(rig.flickr.backend.photos)
    pane.field.value = "delete 1"
    pane.go.click()
    assert Jobs.of(rig.wb).wait(PATIENCE)

    assert ["Fog <b>and</b> gulls"] == rig.flickr_titles()
    assert () == compared_anew(rig, view)


def test_ticks_filter_and_page_hold_for_many_findings_with_few_widgets(
    rig: Rig, two: tuple[str, str]
) -> None:
    view = found(rig)
    audited = view.model.audited
    one = Finding(
        file_id=two[0], platform="flickr", code="changed_there", remote_id="1", field="title"
    )
    from dataclasses import replace

    many = tuple(
        replace(one, remote_id=str(n), code="gone_online" if n % 4 == 0 else one.code)
        for n in range(10_000)
    )
    view.model.take(replace(audited, findings=many))
    widgets = len(everything(view))
    pages = view.model.pages

    assert (PAGE, 1_000) == (len(view.cards), pages)
    with messages_sent() as sent:
        for page in range(2, 8):
            view.model.go_to(page)
    assert widgets == len(everything(view))
    assert len(sent) < 6 * PAGE * 8
    view.model.choose_kind("gone_online")
    assert 250 == view.model.pages
    view.tick_all.click()
    assert "2,500 ticked" == view.tick_line.value
    view.model.choose_kind("gone_online")
    assert 2_500 == len(view.ticked)
    assert ("Forget the id (2,500 of 2,500)", "forget_id") in view.choice.options


def test_what_is_shown_or_ticked_is_handed_over_and_downloaded(
    rig: Rig, two: tuple[str, str]
) -> None:
    for one in two:
        remote(rig, one).title = f"Renamed {one}"
    view = found(rig)
    assert "findings.csv" in view.csv.value
    card(view, two[0]).tick.value = True
    assert "Hand 1 photo over" == view.hand.description
    view.hand.click()

    [handed] = rig.wb.handed_over()
    assert (two[0],) == handed.file_ids
    assert "1 photo, Flickr: Title: changed online" == handed.words
    assert "Handed over as" in view.handed.value
    view.find.value = f"Renamed {two[1]}"
    assert [two[1]] == [one.file_id for one in view.model.shown]


def test_a_cell_that_runs_again_keeps_what_was_decided(rig: Rig, two: tuple[str, str]) -> None:
    remote(rig, two[0]).title = "Renamed"
    view = found(rig)
    card(view, two[0]).choices["keep_theirs"].click()
    again = found(rig)

    assert again is view
    assert ["keep_theirs"] == list(view.model.staged.values())
    assert "Decided" in card(view, two[0]).text.value


def test_while_imatch_is_down_the_reason_stands_there(
    rig: Rig, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_args, **_how):
        raise ImatchUnreachable("IMatch does not answer.", hint="Start IMatch.")

    monkeypatch.setattr(rig.wb, "audited", down)
    view = found(rig)

    assert "failed" == view.model.state
    assert "IMatch does not answer." == view.trouble.message.fact
    with pytest.raises(ImatchUnreachable):
        assert view.findings


def test_orphans_and_photos_without_a_page_have_words_instead(
    rig: Rig, two: tuple[str, str]
) -> None:
    rig.flickr.backend.add_photo((rig.folder / "photo-1001.jpg").read_bytes(), title="By hand")
    rig.flickr.backend.delete_photo(rig.ids("flickr", two[0])["photo_id"])
    view = found(rig)

    codes = {one.code for one in view.findings}
    assert {"orphan", "gone_online"} == codes
    orphan = next(one for one in view.cards if one.shown.code == "orphan")
    assert "Not in IMatch" in orphan.pictures.value
    assert "By hand" in orphan.text.value
    labels = [one.description for one in card(view, two[0], "photo_id").buttons.children]
    assert ["Forget the id", "Publish again", "Always ignore"] == labels


def test_publishing_again_is_a_step_too(rig: Rig, two: tuple[str, str]) -> None:
    rig.flickr.backend.delete_photo(rig.ids("flickr", two[0])["photo_id"])
    view = found(rig)
    card(view, two[0], "photo_id").choices["add_again"].click()
    carried_out(view)
    pane = view.steps.steps["add"].panes["flickr"]
    pane.go.click()
    assert Jobs.of(rig.wb).wait(PATIENCE)

    assert 2 == len(rig.flickr.backend.photos)
    assert () == compared_anew(rig, view)


# words


def test_every_kind_and_every_decision_has_words() -> None:
    from socials_lib import audit

    for code in audit.ONLINE:
        assert audit_words.kind_number(code, 2) != f"2 {code}"
    assert set(audit.DECISIONS) == set(audit_words.LABELS)
    for decision in audit.DECISIONS:
        assert audit_words.done(decision)
        assert "Nothing changes on Flickr" in audit_words.question({decision: 2}, "flickr")


def test_models_are_shared_by_the_widgets_of_a_platform(rig: Rig) -> None:
    assert InventoryModel.of(rig.wb, "flickr") is FindingsModel.of(rig.wb, "flickr").list
    assert words_of(show.findings(rig.wb, "flickr"))
    FindingsModel.of(rig.wb, "flickr").wait(PATIENCE)
