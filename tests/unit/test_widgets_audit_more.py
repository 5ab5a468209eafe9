"""Reconnecting, completeness and charts, without a browser; and the pictures that are online."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from step_rig import PATIENCE, Rig
from widget_world import jpeg

from socials_lib.audit import Bar, Figures
from socials_lib.errors import PhotoError, SettingsError
from socials_lib.models import Finding
from socials_lib.widgets import charts, show, svg
from socials_lib.widgets.pair_pictures import PairPictures, Wanted
from socials_lib.widgets.reconnect import Reconnect
from socials_lib.workbench.online_pictures import OnlinePictures


def add(rig: Rig, file_id: str, **more: str) -> str:
    """The same picture put on Flickr by hand, without an id in IMatch."""
    data = (rig.folder / f"photo-{file_id}.jpg").read_bytes()
    values = {"title": "Gulls", "taken": "2024-03-19 06:41:07", **more}
    return rig.flickr.backend.add_photo(data, **values)


def pairs(rig: Rig) -> Reconnect:
    view = show.reconnect(rig.wb, "flickr")
    view.deaf_seconds = 0.0
    assert view.model.wait(PATIENCE)
    view.paint()
    return view


# reconnecting


def test_nothing_to_reconnect_is_said(rig: Rig) -> None:
    view = pairs(rig)

    assert () == view.matches
    assert "Nothing to reconnect" in view.status.value
    assert view.match not in view.body.children


def test_a_pair_shows_both_pictures_and_why_it_may_be_one(rig: Rig) -> None:
    file_id = rig.photo("Gulls", flickr=True)
    add(rig, file_id)
    view = pairs(rig)
    view.pictures.wait(PATIENCE)
    view.paint()

    assert 2 == view.pair.value.count("<img")
    assert "320px" in view.pair.value
    assert "taken in the same second · same title" in view.why.value
    assert "Link the 1 certain…" == view.link_certain.description
    assert "none" == view.choice.layout.display


def test_linking_asks_first_and_writes_only_records(rig: Rig) -> None:
    file_id = rig.photo("Gulls", flickr=True)
    ident = add(rig, file_id)
    view = pairs(rig)
    online, metadata = rig.flickr.backend.snapshot(), rig.imws.backend.snapshot()["metadata"]
    view.link_certain.click()

    assert "Write posted, id and url of 1 photo to IMatch?" in view.question.value
    assert {} == rig.ids("flickr", file_id)
    view.no.click()
    assert (view.link_certain, view.link_said, view.note) == view.actions.children
    view.link_certain.click()
    view.yes.click()
    assert view.model.wait(PATIENCE)
    view.paint()

    assert ident == rig.ids("flickr", file_id)["photo_id"]
    assert "1 photo linked in IMatch" in view.result.value
    assert online == rig.flickr.backend.snapshot()
    assert metadata == rig.imws.backend.snapshot()["metadata"]
    view.look_again.click()
    assert view.model.wait(PATIENCE)
    assert () == view.matches
    assert () == rig.wb.reconnect("flickr")


def test_the_person_chooses_among_several_and_confirms(rig: Rig) -> None:
    ids = [rig.photo("Gulls", flickr=True) for _ in range(3)]
    ident = add(rig, ids[1])
    view = pairs(rig)

    assert {"certain": 0, "likely": 0, "choose": 1} == view.model.tiers
    assert view.link_certain.disabled and view.link_said.disabled
    assert 3 == len(view.choice.options)
    view.choice.value = ids[1]
    view.same.click()
    assert "You say: the same" in view.pair.value
    assert "Link the 1 you confirmed…" == view.link_said.description
    view.back.click()
    assert view.link_said.disabled
    view.same.click()
    view.link_said.click()
    view.yes.click()
    assert view.model.wait(PATIENCE)

    assert ident == rig.ids("flickr", ids[1])["photo_id"]
    assert [{}, {}] == [rig.ids("flickr", one) for one in (ids[0], ids[2])]


def test_what_is_not_the_same_goes_for_good_and_later_comes_last(rig: Rig) -> None:
    first = rig.photo("Gulls", flickr=True)
    second = rig.photo("Fog", flickr=True, taken="2024-03-19T07:00:00")
    add(rig, first)
    add(rig, second, title="Fog", taken="2024-03-19 07:00:00")
    view = pairs(rig)
    assert 2 == len(view.matches)
    front = view.model.current
    view.later.click()
    assert "Link the 1 certain…" == view.link_certain.description
    assert front.remote.ref == view.model.shown[-1].remote.ref
    wrong = view.model.current
    view.other.click()

    assert [front.remote.ref] == [one.remote.ref for one in view.model.matches]
    assert "journal" not in json.dumps(rig.imws.backend.snapshot()["attributes"])
    view.look_again.click()
    assert view.model.wait(PATIENCE)
    assert wrong.remote.ref not in [one.remote.ref for one in view.matches]


def test_one_record_that_imatch_refuses_does_not_stop_the_others(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    from socials_lib.errors import ImatchError

    first = rig.photo("Gulls", flickr=True)
    second = rig.photo("Fog", flickr=True, taken="2024-03-19T07:00:00")
    add(rig, first)
    add(rig, second, title="Fog", taken="2024-03-19 07:00:00")
    view = pairs(rig)
    write = rig.wb.imatch.write_record

    def once(platform, file_id, values):
        if file_id == first:
            raise ImatchError("The record is locked.")
        return write(platform, file_id, values)

    monkeypatch.setattr(rig.wb.imatch, "write_record", once)
    view.link_certain.click()
    view.yes.click()
    assert view.model.wait(PATIENCE)
    view.paint()

    assert rig.ids("flickr", second)
    assert "The record is locked." in view.result.value
    assert "1 photo linked" in view.result.value


# completeness


@pytest.fixture
def gaps(rig: Rig) -> list[str]:
    """Three photos: one complete, one without headline, one without title and keywords."""
    complete = rig.photo("Complete", flickr=True, pixelfed=True)
    no_headline = rig.photo("No <headline>", flickr=True, headline=None)
    bare = rig.photo(None, flickr=True, hierarchicalkeywords=None)
    return [complete, no_headline, bare]


def complete(rig: Rig):
    view = show.completeness(rig.wb)
    assert view.model.wait(PATIENCE)
    view.paint()
    return view


def cell(view, name: str):
    return next(
        one
        for line in view.matrix.children
        for one in line.children
        if name in getattr(one, "_dom_classes", ())
    )


def test_the_matrix_counts_and_each_number_shows_its_photos(rig: Rig, gaps: list[str]) -> None:
    calls = len(rig.flickr.requests), len(rig.pixelfed.requests)
    view = complete(rig)

    assert "3 photos for Flickr, 1 photo for Pixelfed" in view.head.value
    headline = cell(view, "gap-flickr-headline")
    assert "1 of 3 missing on Flickr" == headline.description
    assert view.list not in view.body.children
    headline.click()
    assert "1 photo for Flickr without headline" in view.said.value
    [shown] = view.list.children
    assert "No &lt;headline&gt;" in shown.text.value and "<headline>" not in shown.text.value
    view.pictures.wait(PATIENCE)
    assert "<img" in shown.picture.value
    assert calls == (len(rig.flickr.requests), len(rig.pixelfed.requests))


def test_what_a_number_stands_for_is_handed_over(rig: Rig, gaps: list[str]) -> None:
    view = complete(rig)
    cell(view, "gap-flickr-title").click()
    view.hand.click()

    [handed] = rig.wb.handed_over()
    assert ("missing title flickr", (gaps[2],)) == (handed.name, handed.file_ids)
    assert "1 photo for Flickr without title" == handed.words
    assert "Handed over as" in view.handed.value
    assert "gaps.csv" in view.csv.value
    assert (gaps[2],) == tuple(one.file_id for one in rig.wb.photos(handed.file_ids))


def test_other_findings_are_kinds_of_their_own_and_can_be_ignored(
    rig: Rig, gaps: list[str]
) -> None:
    rig.photo("An image of a lake", flickr=True, pixelfed=True)
    view = complete(rig)
    kinds = view.model.kinds
    assert {"missing_field", "alt_text_missing"} & {code for _, code in kinds} == set()
    assert kinds
    platform, code = next(iter(kinds))
    view.model.choose("kind", platform, code)
    number = len(view.model.rows)
    before = rig.imws.backend.snapshot()
    view.list.children[0].ignore.click()

    assert number - 1 == len(view.model.rows)
    assert before == rig.imws.backend.snapshot()
    left = [one for one in rig.wb.audit_metadata() if (one.platform, one.code) == (platform, code)]
    assert number - 1 == len(left)


def test_many_gaps_are_shown_in_pages(rig: Rig, gaps: list[str]) -> None:
    view = complete(rig)
    found = view.found
    photo = found.photos[gaps[1]]
    many = {str(n): replace(photo, file_id=str(n)) for n in range(10_000, 12_000)}
    row = next(one for one in found.coverage if (one.platform, one.field) == ("flickr", "headline"))
    rows = tuple(
        replace(one, missing=tuple(many), total=4_000, filled=2_000) if one is row else one
        for one in found.coverage
    )
    view.model.found = replace(found, coverage=rows, photos={**found.photos, **many})
    view.model.choose("missing", "flickr", "headline")

    assert (10, 200) == (len(view.list.children), view.model.pages)
    view.model.go_to(200)
    assert (10, "11999") == (len(view.cards), view.cards[-1].shown.photo.file_id)


# charts


def drawn_charts(rig: Rig):
    view = show.charts(rig.wb)
    assert view.model.wait(PATIENCE)
    view.paint()
    return view


def test_charts_show_what_is_online_in_theme_colours_with_a_table(rig: Rig) -> None:
    rig.albums_and_groups()
    rig.photo("On<line>", flickr=True, albums=["Coast"])
    rig.photo(None, flickr=True, taken="2023-05-06T08:00:00")  # without a title it stays here
    rig.sync()
    view = drawn_charts(rig)
    markup = view.page.value

    numbers = view.figures["flickr"]
    assert [("2023", 0, 1), ("2024", 2, 2)] == [  # the cover of the albums is online, too
        (one.words, one.online, one.total) for one in numbers.years
    ]
    first = markup.partition("</svg>")[0]
    assert "var(--accent)" in first and "#0A6B62" not in first
    assert 'role="img"' in markup and "The numbers as a table" in markup
    assert ("Coast", "album") in {(one.words, one.note) for one in numbers.albums}


def test_a_saved_chart_stands_alone_and_escapes_titles() -> None:
    rows = (
        Bar(words="<script>alert(1)</script>", online=3, note="3 comments", url="javascript:x"),
        Bar(words="A title of so many letters that it has to be cut somewhere", online=1),
    )
    chart = svg.bars(rows, label="Most & best")
    whole = svg.alone(chart)

    ET.fromstring(whole)
    assert "<script>" not in chart and "&lt;script&gt;" in chart
    assert "#0A6B62" in whole and "prefers-color-scheme:dark" in whole
    assert "javascript" not in svg.table(rows, ("what", "number"))
    link = svg.save_link("best.svg", chart)
    assert 'download="best.svg"' in link and "data:image/svg+xml" in link


def test_the_calendar_has_a_cell_for_each_month_and_the_newest_years() -> None:
    months = tuple(
        Bar(words=f"{year}-{month:02}", online=month % 3, total=3)
        for year in range(2000, 2025)
        for month in range(1, 13)
    )
    years = tuple(Bar(words=str(year), online=12, total=36) for year in range(2000, 2025))
    chart = svg.calendar(months, years, label="When")
    root = ET.fromstring(chart)

    shown = [
        one.text for one in root.iter() if one.text and one.text.isdigit() and len(one.text) == 4
    ]
    assert [str(year) for year in range(2024, 2012, -1)] == shown
    assert 12 * svg.MOST_YEARS == sum(one.tag.endswith("title") for one in root.iter())


def test_without_numbers_there_are_words() -> None:
    markup = charts.drawn(Figures(platform="flickr"))

    assert 4 == markup.count("Nothing to show")
    assert "<svg" not in markup


# selections


def test_a_selection_is_handed_over_as_a_file_and_replaced_by_its_name(rig: Rig) -> None:
    finding = Finding(file_id="1201", platform="flickr", code="changed_there")
    rig.wb.hand_over("Titles / changed", [finding, "flickr:1202", "1203", None, float("nan")])
    rig.wb.hand_over("titles changed", ["1204"], "1 photo")
    rig.wb.hand_over("Ünlaut", ["7"])

    path = rig.wb.home / "selection-titles-changed.json"
    assert {"name", "created", "mode", "file_ids", "words"} == set(
        json.loads(path.read_text(encoding="utf-8"))
    )
    newest, older = rig.wb.handed_over()
    assert ("Ünlaut", ("7",), "1 photo") == (newest.name, newest.file_ids, newest.words)
    assert ("1204",) == older.file_ids
    assert "demo" == older.mode and older.created.tzinfo is not None


def test_a_selection_names_the_ticks_of_pending_photos(rig: Rig) -> None:
    first = rig.photo(flickr=True, pixelfed=True)
    rig.photo("Second", flickr=True)
    made = rig.wb.hand_over("first", [first])

    assert [("flickr", first), ("pixelfed", first)] == sorted(made.ticks(rig.wb.load_pending()))


def test_broken_selections_and_those_of_the_other_mode_are_not_shown(rig: Rig) -> None:
    made = rig.wb.hand_over("good", ["1"])
    (rig.wb.home / "selection-bad.json").write_text("{", encoding="utf-8")
    (rig.wb.home / "selection-odd.json").write_text("[1]", encoding="utf-8")
    live = {"name": "x", "created": "2026-11-22", "mode": "live", "file_ids": ["1"], "words": ""}
    (rig.wb.home / "selection-live.json").write_text(json.dumps(live), encoding="utf-8")

    assert (made,) == rig.wb.handed_over()


def test_a_selection_that_cannot_be_kept_says_so(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_how: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(SettingsError, match="cannot be kept: No space left"):
        rig.wb.hand_over("x", ["1"])


# pictures that are online


def test_an_online_picture_is_fetched_once_without_any_key(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id = rig.photo(flickr=True)
    rig.sync()
    [photo] = rig.wb.inventory("flickr", fresh=True).photos
    seen = len(rig.flickr.requests)
    headers: list[dict[str, str]] = []
    send = requests.Session.send

    def sent(self, request, **how):
        headers.append(dict(request.headers))
        return send(self, request, **how)

    monkeypatch.setattr(requests.Session, "send", sent)

    first = rig.wb.online_picture(photo.picture_url, box=(96, 72))
    assert first == rig.wb.online_picture(photo.picture_url, box=(96, 72))

    asked = rig.flickr.requests[seen:]
    assert 1 == len(asked)
    assert first.startswith(b"\xff\xd8\xff")
    assert [False] == ["Authorization" in one or "Cookie" in one for one in headers]
    assert file_id


def test_an_address_that_is_no_picture_of_the_web_is_never_asked(tmp_path: Path) -> None:
    pictures = OnlinePictures(tmp_path)
    for url in ("file:///etc/passwd", "http://example.org/x.jpg", "javascript:alert(1)", ""):
        with pytest.raises(PhotoError, match="No picture"):
            pictures.get(url, box=(96, 72))


def test_a_server_that_asks_for_a_pause_gets_it(rig: Rig, tmp_path: Path) -> None:
    ident = add(rig, rig.photo("Gulls", flickr=True))
    url = rig.wb.inventory("flickr", fresh=True).photos[0].picture_url
    now = [0.0]
    pictures = OnlinePictures(tmp_path / "online", clock=lambda: now[0])
    from urllib.parse import urlsplit

    rig.flickr.fail_next(urlsplit(url).path, status=429)
    seen = len(rig.flickr.requests)
    for _ in range(3):
        with pytest.raises(PhotoError, match="Not now"):
            pictures.get(url, box=(96, 72))
    assert 1 == len(rig.flickr.requests) - seen
    now[0] = 61.0
    assert pictures.get(url, box=(96, 72))
    assert ident


def test_what_is_no_picture_is_not_kept(rig: Rig, tmp_path: Path) -> None:
    add(rig, rig.photo("Gulls", flickr=True))
    url = rig.wb.inventory("flickr", fresh=True).photos[0].picture_url
    from urllib.parse import urlsplit

    rig.flickr.fail_next(urlsplit(url).path, body=b"<html>sorry</html>")
    pictures = OnlinePictures(tmp_path / "online")
    with pytest.raises(PhotoError, match="Not a picture"):
        pictures.get(url, box=(96, 72))
    assert pictures.get(url, box=(96, 72))


def test_a_picture_that_fails_leaves_words_in_its_box() -> None:
    class Workbench:
        def thumbnail(self, path: str, *, box: tuple[int, int]) -> bytes:
            if path == "bad":
                raise PhotoError("Off-line")
            if path == "worse":
                raise RuntimeError("no")
            return jpeg()

    pictures = PairPictures(Workbench())  # type: ignore[arg-type]  # all that it asks for
    seen: dict[str, str] = {}
    wanted = [
        Wanted(side="imatch", source=one, title="A <b>lake</b>") for one in ("good", "bad", "worse")
    ]
    pictures.ask("me", wanted, lambda one, markup: seen.update({one.source: markup}))
    pictures.wait(PATIENCE)

    assert "Off-line" in seen["bad"] and "No preview" in seen["worse"]
    assert "A &lt;b&gt;lake&lt;/b&gt; (in IMatch)" in seen["good"]
    assert "No picture" in pictures.now(None)
