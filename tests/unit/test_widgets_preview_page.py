"""All photos of the preview as one page; turning over by keys; the runs below the header card."""

import threading
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

from widget_world import NOW, FakeWorkbench, row

from socials_lib.models import Change, Outcome, Run
from socials_lib.status import Status
from socials_lib.widgets import preview, preview_model, show
from socials_lib.widgets.base import KEYBOARD_GUARD

WAIT = 20


def preview_of(tmp_path, *rows):
    wb = FakeWorkbench(rows, home=tmp_path)
    picker = show.pending(wb)
    assert picker.model.wait(WAIT)
    return show.preview(wb, picker)


def test_the_page_holds_every_photo_with_its_picture_and_needs_nothing_else(tmp_path):
    changed = row(
        2, "Fog", action="update", changes=(Change(field="title", before="F", after="G"),)
    )
    view = preview_of(tmp_path, row(1, "Dawn"), changed, row(3, "Dawn", platform="pixelfed"))

    page = view.save()
    text = page.read_text(encoding="utf-8")

    assert tmp_path / "previews" == page.parent
    assert 3 == text.count('src="data:image/jpeg;base64,')
    assert "default-src 'none'" in text
    assert "http" not in text.replace('http-equiv="Content-Security-Policy"', "")
    assert "<del>F</del> <ins>G</ins>" in text or "<del>F</del><ins>G</ins>" in text
    assert "3 photos. Practice copies." in text
    assert "These are the very bytes that will be sent." in text


def test_the_page_shows_hostile_words_as_text(tmp_path):
    bad = '</title><script>alert(1)</script><img src=x onerror=alert(1)>"\u202e'
    view = preview_of(tmp_path, row(1, bad), row(2))
    text = view.save().read_text(encoding="utf-8")
    assert "<script" not in text
    assert "<img src=x" not in text
    assert "&lt;script&gt;" in text


def test_the_button_says_how_many_and_the_path_follows(tmp_path):
    view = preview_of(tmp_path, *(row(n) for n in range(1, 4)))
    assert "Save all 3 as one page" == view.save_all.description
    view.save_all.click()
    assert view.saver.wait(WAIT)
    assert str(view.saved_path) in view.saved.value
    assert view.open_it in view.foot.children
    assert not view.save_all.disabled


def test_a_page_that_is_written_at_once_leaves_the_button_ready(tmp_path, monkeypatch):
    class Ahead(threading.Thread):
        def start(self):
            super().start()
            self.join(0.5)  # the work is done before the press goes on

    view = preview_of(tmp_path, row(1), row(2))
    monkeypatch.setattr("socials_lib.widgets.preview_page.save", lambda *_: tmp_path / "page.html")
    monkeypatch.setattr("socials_lib.widgets.base.threading.Thread", Ahead)
    view.save_all.click()
    assert view.saver.wait(WAIT)
    assert view.open_it in view.foot.children
    assert not view.save_all.disabled


def test_the_page_is_opened_when_asked_for_only(tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(preview, "open_in_browser", opened.append)
    view = preview_of(tmp_path, row(1), row(2))
    view.save_all.click()
    assert view.saver.wait(WAIT)
    assert [] == opened
    view.open_it.click()
    assert [view.saved_path] == opened


def test_a_disk_that_is_full_is_said_and_the_button_works_again(tmp_path, monkeypatch):
    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr("socials_lib.widgets.preview_page.write_whole", full)
    view = preview_of(tmp_path, row(1), row(2))
    view.save_all.click()
    assert view.saver.wait(WAIT)
    assert "No space left" in view.trouble.text.value
    assert not view.save_all.disabled


def test_saving_keeps_no_pictures_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(preview_model, "KEPT", 3)
    view = preview_of(tmp_path, *(row(n) for n in range(1, 9)))
    for index in range(8):
        view.model.go_to(index)
        view._painter.now()
        assert view.model.copies.wait(WAIT)
    assert 3 == len(view.model.made)
    view.save()
    assert 3 == len(view.model.made)


def test_the_list_goes_on_past_its_hundredth_photo(tmp_path):
    view = preview_of(tmp_path, *(row(n) for n in range(1, 251)))
    assert 101 == len(view.list.options)
    view.list.value = 100
    assert 100 == view.model.index
    view._painter.now()
    assert [99, 200] == [view.list.options[0][1], view.list.options[-1][1]]
    view.list.value = 99
    view._painter.now()
    assert [0, 100] == [view.list.options[0][1], view.list.options[-1][1]]


def test_a_press_while_the_preview_paints_counts(tmp_path, monkeypatch):
    view = preview_of(tmp_path, *(row(n) for n in range(1, 10)))
    really_paint = view._paint_list

    def pressed_meanwhile():
        monkeypatch.setattr(view, "_paint_list", really_paint)
        press = threading.Thread(target=setattr, args=(view.list, "value", 4))
        press.start()
        press.join(WAIT)
        really_paint()

    monkeypatch.setattr(view, "_paint_list", pressed_meanwhile)
    view._painter.now()
    assert 4 == view.model.index
    assert 4 == view.list.value


def test_the_keys_find_what_they_press(tmp_path):
    view = preview_of(tmp_path, row(1), row(2))
    for name, widget in (("previous", view.previous), ("next", view.next), ("number", view.number)):
        assert f"flip-{name}" in widget._dom_classes
        assert f".flip-{name}" in KEYBOARD_GUARD
    for area in (*view.cards.values(), view.changes):
        assert area.tabbable
        assert "flip-area" in area._dom_classes


# below the header card


def run(state="done"):
    outcome = Outcome(file_id="1", name="IMG_1.jpg", platform="flickr", action="add", state="done")
    return Run(
        run="r1",
        started=NOW,
        ended=None if state == "broken" else NOW + timedelta(minutes=6),
        state=state,
        mode="demo",
        outcomes=(outcome,),
    )


def header_of(wb):
    view = show.header(wb)
    assert view.model.wait(WAIT)
    return view


def test_without_any_run_nothing_stands_below_the_card():
    view = header_of(FakeWorkbench())
    assert () == view.runs.buttons.children
    assert "none" == view.runs.layout.display


def test_the_last_run_has_its_report_one_press_away(tmp_path):
    wb = FakeWorkbench()
    wb.history = lambda limit=100: (run(),)
    wb.open_report = lambda one: tmp_path / f"{one.run}.html"
    view = header_of(wb)
    assert [view.runs.report] == list(view.runs.buttons.children)
    view.runs.report.click()
    assert view.runs.writer.wait(WAIT)
    assert f"{tmp_path / 'r1.html'}" in view.runs.found.value


def test_a_run_that_did_not_end_is_shown_in_place():
    wb = FakeWorkbench()
    broken = run("broken")
    wb.history, wb.open_runs = lambda limit=100: (broken,), lambda: (broken,)
    wb.rows_of = lambda one: (row(1, "<b>Dawn</b>"),)
    wb.left_of = lambda one: SimpleNamespace(done=1, unclear=1, left=18)
    view = header_of(wb)
    assert "did not end" in view.card.value
    view.runs.show.click()
    assert "1 done, 1 unclear, 18 not started." in view.runs.found.value
    assert "&lt;b&gt;Dawn" in view.runs.found.value
    assert "04_history" in view.runs.found.value
    view.runs.show.click()
    assert "" == view.runs.found.value


def test_a_run_under_way_is_watched_to_its_end(monkeypatch):
    monkeypatch.setattr("socials_lib.widgets.header_runs.WATCH_SECONDS", 0.01)
    wb, seen, asked = FakeWorkbench(), [], []
    going = Status(
        run="r1", state="running", pid=1, started=NOW, updated=NOW, done=18, total=37, failed=2,
        title="<Heath>",
    )  # fmt: skip
    states = [going, going, replace(going, done=37, state="done")]
    wb.lock = SimpleNamespace(owner=lambda: {"origin": "01_sync", "since": NOW.isoformat()})
    wb.watch = lambda: states.pop(0) if len(states) > 1 else states[0]
    wb.ask_other_to_stop = lambda: asked.append(True) or True
    view = header_of(wb)
    view.runs.found.observe(lambda change: seen.append(change["new"]), "value")
    assert [view.runs.watch] == list(view.runs.buttons.children)
    view.runs.watch.click()
    assert view.runs.watcher.wait(WAIT)
    assert "18 of 37 · 2 failed" in seen[0]
    assert "&lt;Heath&gt;" in seen[0]
    assert "The run ended: 37 of 37, 2 to look at." in seen[-1]
    view.runs.stop.click()
    assert [True] == asked
