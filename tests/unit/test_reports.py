"""The report of a run: what it tells, and that nothing in it can do anything."""

import csv
import io
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_kit import NOON, a_run, act, full_run, jpeg, outcome, page, row

from socials_lib import reports
from socials_lib.errors import PhotoError, SocialsError
from socials_lib.journal import StoredAct, StoredRow
from socials_lib.models import Note, UploadFile
from socials_lib.reports import ImatchChange, style
from socials_lib.widgets import theme

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><svg onload=alert(1)>",
    "<!-- -->",
    "&lt;b&gt;",
    "\u202eevil\u202c over the lake",
    "zero\u200bwidth",
    "null\x00byte \x1b[31m",
    "half a pair \ud83d",
    "x" * 10_000,
]


def table(run):
    """The CSV, read as a spreadsheet does."""
    text = reports.csv(run).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline="")))


# -- what it tells


def test_the_head_says_when_where_from_which_account_and_which_mode():
    run, rows, changes = full_run()
    shown = page(run, *rows, changes=changes, account_names={"flickr": "demo-account"}).text
    assert "DEMO Practice copies. Nothing left this computer." in shown
    assert "6 min" in shown
    assert "Started from notebook" in shown
    assert "demo-account" in shown
    assert run.run in shown


def test_live_is_said_in_words():
    assert "LIVE Sent to the real accounts below." in page(a_run(mode="live")).text


def test_counts_add_up_and_skipped_rows_are_counted_apart():
    run, rows, _ = full_run()
    shown = page(run, *rows).text
    assert (
        "Flickr: 6 photos = 2 added + 1 failed + 1 unclear + 1 blocked + 1 not started; 1 skipped"
        in shown
    )
    assert "Pixelfed: 1 photo = 1 added" in shown


def test_what_needs_a_person_comes_first_with_fact_hint_and_code():
    run, rows, _ = full_run()
    shown = page(run, *rows).text
    places = [shown.index(word) for word in ("Needs a look (3)", "Done (3)", "Left for later (1)")]
    assert sorted(places) == places
    order = [shown.index(f"{word}") for word in ("✕ Failed", "? Unclear", "✕ Blocked")]
    assert sorted(order) == order
    for said in ("did not recognise the file type.", "Export it as JPEG.", "has_engagement"):
        assert said in shown[: places[1]]


def test_why_a_run_ended_early_is_said_with_the_way_on():
    run, rows, _ = full_run()
    shown = page(run, *rows).text
    assert "■ Stopped by you" in shown
    assert "Go on with socials resume." in shown


def test_commands_in_a_hint_are_shown_as_code():
    shown = page(a_run(outcome(state="failed", hint="See `socials doctor` <`b`>.")), row())
    assert "<code>socials doctor</code> &lt;<code>b</code>&gt;." in shown.source


def test_done_rows_have_links_and_notes():
    run, rows, _ = full_run()
    shown = page(run, *rows)
    links = shown.all("a")
    assert 3 == len(links)
    assert "https://www.flickr.com/photos/demo/54012345678/" == links[0]["href"]
    assert {"noopener noreferrer"} == {one["rel"] for one in links}
    assert "Open on the demo Flickr" in shown.text
    assert "✓ Added, 1 note" in shown.text
    assert "takes 3 photos a day from you." in shown.text


def test_a_deleted_photo_has_no_link():
    gone = row(action="delete")
    shown = page(a_run(outcome(gone, url="https://www.flickr.com/photos/demo/1/")), gone)
    assert [] == shown.all("a")
    assert "✓ Deleted" in shown.text


def test_what_was_found_online_is_listed_as_not_sent_again():
    run, rows, _ = full_run()
    shown = page(run, *rows).text
    repeated = shown[shown.index("Repeated (1)") :]
    assert "Fog and gulls Flickr Upload: found online, not sent again" in repeated


def test_changes_in_imatch_are_counted_and_listed():
    run, rows, changes = full_run()
    shown = page(run, *rows, changes=changes).text
    assert "Changed in IMatch (2) 1 record written, 1 category left" in shown
    assert "record written: posted, photo_id, url" in shown
    assert "left Socials|flickr|_delete" in shown


def test_a_run_with_nothing_to_do_says_so():
    shown = page(a_run()).text
    assert "Nothing was to be done." in shown
    assert "Nothing failed, nothing is unclear." in shown
    assert "No change of a record or category" in shown


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(8, "8 s"), (59.6, "1 min"), (360, "6 min"), (4800, "1 h 20 min"), (7200, "2 h")],
)
def test_the_length_of_a_run_in_words(seconds, words):
    shown = page(a_run(ended=NOON + timedelta(seconds=seconds))).text
    assert f", {words} " in shown


def test_a_run_that_goes_on_has_no_end():
    assert "◐ Still running" in page(a_run(state="running", ended=None)).text


# -- pictures


def test_every_row_has_its_picture_inside_the_page():
    run, rows, _ = full_run()
    pictures = page(run, *rows).all("img")
    assert 8 == len(pictures)
    assert all(one["src"].startswith("data:image/jpeg;base64,/9j/") for one in pictures)
    assert "Storm over heath" == pictures[0]["alt"]


def test_the_picture_is_the_one_that_was_sent():
    asked = []
    path = "D:\\Photos\\IMG_1201_web.jpg"
    sent = UploadFile(file_id="1301", name="IMG_1201_web.jpg", path=path, format="JPEG", bytes=9)
    version = row(upload=sent)
    page(a_run(outcome(version)), version, thumbnail=lambda path: asked.append(path) or jpeg())
    assert [path] == asked


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PhotoError("Off-line", code="file_not_found"), "Off-line"),
        (OSError("disk"), "No preview"),
    ],
)
def test_a_picture_that_cannot_be_made_is_words(error, words):
    def broken(_path):
        raise error

    shown = page(a_run(outcome()), row(), thumbnail=broken)
    assert [] == shown.all("img")
    assert words in shown.text


def test_only_jpeg_becomes_a_picture():
    shown = page(a_run(outcome()), row(), thumbnail=lambda path: b"<svg onload=alert(1)>")
    assert [] == shown.all("img")


def test_after_500_pictures_there_are_words():
    rows = [row(str(number), f"Wave {number}") for number in range(503)]
    data = jpeg()
    shown = page(a_run(*map(outcome, rows)), *rows, thumbnail=lambda path: data)
    assert 500 == reports.MOST_PICTURES == len(shown.all("img"))
    assert 3 == shown.text.count("No picture after 500")


def test_a_row_of_an_earlier_run_is_told_by_its_file_name():
    shown = page(a_run(outcome(row("9", "Elsewhere"))))
    assert "IMG_9.jpg" in shown.text
    assert "Of an earlier run" in shown.text


# -- nothing in it can do anything


def test_the_page_fetches_and_runs_nothing():
    run, rows, changes = full_run()
    shown = page(run, *rows, changes=changes)
    for tag, attrs in shown.tags:
        assert tag not in ("script", "link", "iframe", "object", "form", "base", "audio", "video")
        assert not [name for name in attrs if name.startswith("on")]
        assert (attrs.get("src") or "data:").startswith("data:")
    assert "url(" not in shown.source
    assert "@import" not in shown.source
    policy = next(one for one in shown.all("meta") if one.get("http-equiv"))
    assert policy["content"].startswith("default-src 'none'")


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_hostile_words_show_as_text_wherever_they_stand(text):
    bad = row("1201", text, name=text[:80], path=text)
    note = Note(code="note", message=text)
    run = a_run(
        outcome(bad, "failed", message=text, hint=text, code=text, warnings=(note,), url=text),
        outcome(bad, repeated=(text,), file_id=text, url=f"https://example.org/{text[:50]}"),
        message=text,
        hint=text,
        origin=text,
        run=text,
        plan_id=text,
    )
    change = ImatchChange(file_id=text, title=text, platform="flickr", kind="left", what=text)
    shown = page(run, bad, account_names={"flickr": text, text: text}, changes=[change])
    allowed = {"html", "head", "meta", "title", "style", "body", "main", "header", "section"}
    allowed |= {"footer", "h1", "h2", "div", "span", "p", "ul", "li", "dl", "dt", "dd", "bdi"}
    allowed |= {"br", "b", "code", "a", "img", "details", "summary"}
    allowed |= {"table", "thead", "tbody", "tr", "th", "td"}
    assert set() == {tag for tag, _ in shown.tags} - allowed
    assert not [name for _, attrs in shown.tags for name in attrs if name.startswith("on")]
    assert all(one["href"].startswith("https://example.org/") for one in shown.all("a"))
    for turning in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\x1b":
        assert turning not in shown.source
    shown.source.encode("utf-8")


def test_a_very_long_title_is_folded_and_whole_inside():
    long = "x" * 10_000
    shown = page(a_run(outcome(row("1201", long))), row("1201", long))
    assert "(10,000 letters)" in shown.text
    assert long in shown.source


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        " https://example.org/",
        "https://exa mple.org/",
        "data:text/html,x",
        "file:///C:/x",
        "https://",
        "//example.org/",
        "https://[bad",
        "",
    ],
)
def test_only_addresses_of_the_web_become_links(address):
    assert [] == page(a_run(outcome(url=address)), row()).all("a")


def test_a_title_without_visible_letters_gives_way_to_the_file_name():
    empty = row("1201", "\u200b\u2060 \u202e")
    assert "IMG_1201.jpg" in page(a_run(outcome(empty)), empty).text


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120))
def test_any_title_leaves_as_text(title):
    some = row("1201", title)
    shown = page(
        a_run(outcome(some, "failed", message=title)), some, thumbnail=lambda path: b"\xff\xd8\xff"
    )
    assert 1 == len(shown.all("img"))
    assert [] == shown.all("script")


# -- how it looks


def test_the_colours_are_those_of_the_notebooks():
    assert style.TOKENS == {name: theme.TOKENS[name] for name in style.TOKENS}


def test_light_and_dark_follow_the_system():
    sheet = style.sheet()
    assert "color-scheme:light dark" in sheet
    assert "(prefers-color-scheme:dark)" in sheet
    assert 6_000 > len(sheet)


# -- CSV


def test_the_table_has_every_column_of_the_contract():
    run, _, _ = full_run()
    lines = table(run)
    assert len(run.outcomes) == len(lines)
    wanted = {"file_id", "platform", "action", "state", "remote_id", "url", "code", "message"}
    assert wanted | {"hint", "warnings", "run", "name", "repeated"} == set(lines[0])
    noted = lines[2]
    assert "group_full: The group “Tasmania” takes 3 photos a day from you." == noted["warnings"]
    assert "upload: found online, not sent again" == noted["repeated"]
    assert "54012345678" == lines[0]["remote_id"]


def test_the_table_begins_with_the_byte_order_mark_and_ends_lines_as_spreadsheets_do():
    made = reports.csv(a_run(outcome()))
    assert made.startswith("\ufeffrun,file_id,")
    assert 2 == made.count("\r\n")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r", "\n=", "＝", " =", "\u200b="])
def test_a_cell_that_would_be_computed_gets_an_apostrophe(start):
    cell = f'{start}HYPERLINK("http://example.org")'
    [line] = table(a_run(outcome(row(name=cell), "failed", message=cell, hint="Fine.")))
    assert f"'{cell}" == line["name"]
    assert f"'{cell}" == line["message"]
    assert "Fine." == line["hint"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_words_come_back_from_the_table(message):
    [line] = table(a_run(outcome(message=message)))
    expected = message.replace("\0", "\ufffd")
    assert line["message"] in (expected, f"'{message}")


# -- files


def save(run, rows, folder, **more):
    return reports.save(run, rows, folder, thumbnail=jpeg, account_names={"flickr": "demo"}, **more)


def test_both_files_are_written_into_the_folder_of_the_run(tmp_path):
    run, rows, _ = full_run()
    files = save(run, rows, tmp_path / "reports")
    assert tmp_path / "reports" / run.run == files.html.parent == files.csv.parent
    assert files.html.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert files.csv.read_bytes().startswith(b"\xef\xbb\xbfrun,")
    assert {files.html, files.csv} == set(files.html.parent.iterdir())


def test_a_report_made_again_replaces_the_old_one(tmp_path):
    save(a_run(outcome(state="failed")), [row()], tmp_path)
    files = save(a_run(outcome()), [row()], tmp_path)
    assert ",done," in files.csv.read_text(encoding="utf-8")


def test_half_a_character_does_not_keep_a_report_from_being_written(tmp_path):
    files = save(a_run(outcome(message="half \ud83d")), [row("1201", "half \ud83d")], tmp_path)
    assert "half ?" in files.csv.read_text(encoding="utf-8")


def test_a_run_without_a_name_is_filed_by_its_time(tmp_path):
    assert "settled-20261122-120000" == save(a_run(run=""), [], tmp_path).html.parent.name


def test_a_name_cannot_lead_out_of_the_folder(tmp_path):
    files = save(a_run(run="../../x"), [], tmp_path / "reports")
    assert tmp_path / "reports" == files.html.parent.parent


def test_secrets_that_services_repeat_are_taken_out(tmp_path):
    said = "The token tok-4711 is not valid."
    run = a_run(
        outcome(
            state="failed",
            message=said,
            hint=said,
            warnings=(Note(code="n", message=said),),
            repeated=(said,),
        ),
        message=said,
        hint=said,
    )
    files = save(run, [row()], tmp_path, redact=lambda text: text.replace("tok-4711", "***"))
    for one in (files.html, files.csv):
        assert "tok-4711" not in one.read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_an_error_with_a_way_out(tmp_path):
    (tmp_path / "reports").write_text("a file is in the way", encoding="utf-8")
    with pytest.raises(SocialsError) as caught:
        save(a_run(), [], tmp_path / "reports")
    assert "report_not_saved" == caught.value.code
    assert caught.value.hint


# -- from the journal


def stored(of, state="done", acts=(), result=None):
    return StoredRow(
        ident=1, run="r", account="1@N01", row=of, state=state, outcome=result, acts=acts
    )


def test_a_resumed_run_is_reported_whole():
    first, second = row("1201"), row("1202")
    then = outcome(first, url="https://example.org/1")
    rows = [
        stored(first, result=then),
        stored(second, result=outcome(second, "untouched")),
        stored(row("1203"), state="planned"),
    ]
    resumed = a_run(outcome(second))
    whole = reports.whole(resumed, rows)
    assert [("1202", "done"), ("1201", "done")] == [(o.file_id, o.state) for o in whole.outcomes]


def test_changes_in_imatch_are_those_on_record_as_done():
    flagged = row("1201", leave=("Socials|flickr|_update",), record_file="1100")
    acts = [
        StoredAct(ident=1, act=act("upload"), state="done"),
        StoredAct(ident=2, act=act("imatch_record"), state="done"),
        StoredAct(ident=3, act=act("imatch_leave", "Socials|flickr|_update"), state="planned"),
    ]
    found = reports.imatch_changes([stored(flagged, state="open", acts=tuple(acts))])
    assert [("1100", "written", "posted, photo_id, url")] == [
        (one.file_id, one.kind, one.what) for one in found
    ]


def test_a_deleted_photo_loses_its_record_and_its_categories():
    acts = (
        StoredAct(ident=1, act=act("imatch_forget"), state="done"),
        StoredAct(ident=2, act=act("imatch_leave", "Socials|flickr"), state="done"),
    )
    found = reports.imatch_changes([stored(row(action="delete"), acts=acts)])
    assert [("removed", ""), ("left", "Socials|flickr")] == [(c.kind, c.what) for c in found]


def test_a_skipped_photo_leaves_its_categories_without_acts():
    skipped = row(action="skip", leave=("Socials|flickr|_delete", "Socials|flickr"))
    found = reports.imatch_changes([stored(skipped, state="skipped")])
    assert ["Socials|flickr|_delete", "Socials|flickr"] == [one.what for one in found]
