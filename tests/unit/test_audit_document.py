"""Findings as JSON, as a page, as a table and as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from audit_kit import remote

from socials_lib import audit, frames
from socials_lib.cli.audit import MOST_LINES, in_words
from socials_lib.models import Finding

TITLE = Finding(
    file_id="1201",
    platform="flickr",
    remote_id="54159001658",
    code="changed_there",
    field="title",
    imatch="Dawn",
    remote="<img src=x onerror=alert(1)>",
    suggestion="Keep what is online, or send what IMatch says.",
)
ORPHAN = Finding(file_id="", platform="pixelfed", remote_id="9", code="orphan", remote="By hand")
MADE = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_the_json_of_the_contract_has_null_for_what_is_absent() -> None:
    found = audit.to_json([TITLE, ORPHAN])["findings"]

    assert ("1201", "title", "Dawn", None) == tuple(
        found[0][name] for name in ("file_id", "field", "imatch", "base")
    )
    assert (None, None, None) == tuple(found[1][name] for name in ("file_id", "field", "imatch"))
    assert "keep_theirs" == found[0]["decisions"][0]


def test_the_page_shows_texts_and_links_without_running_anything() -> None:
    urls = {"54159001658": "https://flickr.example/1/", "9": "javascript:alert(1)"}

    page = audit.to_html([TITLE, ORPHAN], made=MADE, titles={"1201": "<Dawn>"}, urls=urls)

    assert "&lt;img src=x" in page and "<img" not in page
    assert '<a href="https://flickr.example/1/">&lt;Dawn&gt;</a>' in page
    assert "javascript:" not in page
    assert "2 findings" in page
    assert "Flickr: 1 × Changed online" in page


def test_a_page_without_findings_says_so() -> None:
    assert "Nothing to do" in audit.to_html([], made=MADE, titles={}, urls={})


def test_the_table_is_a_filter_and_a_selection() -> None:
    table = frames.frame([TITLE, TITLE, ORPHAN])

    assert ["1201", "1201"] == list(table[table["code"] == "changed_there"]["file_id"])
    assert ("flickr:1201",) == frames.keys_of(table)
    assert list(table.columns) == list(frames.findings_frame(()).columns)
    assert None is frames.records_of(table)[2]["file_id"]


def test_matches_and_coverage_are_tables_too() -> None:
    online = remote("77", title="Gulls")
    one = audit.Match(platform="flickr", remote=online, tier="certain", file_ids=("1",))
    two = audit.Match(platform="flickr", remote=online, tier="choose", file_ids=("1", "2"))
    cell = audit.Coverage(platform="flickr", field="title", filled=3, total=4)

    rows = frames.records_of(frames.frame([one, two]))

    assert [("1", "certain", "Gulls"), (None, "choose", "Gulls")] == [
        (row["file_id"], row["tier"], row["title"]) for row in rows
    ]
    assert ["1", "2"] == rows[1]["choices"]
    assert [(3, 4)] == [(r["filled"], r["total"]) for r in frames.records_of(frames.frame([cell]))]


def test_the_text_counts_first_and_stays_readable_when_there_are_many() -> None:
    text = in_words([TITLE] * (MOST_LINES + 3), {"1201": "Dawn"})

    assert f"Flickr       {MOST_LINES + 3}  Changed online" == text.splitlines()[0]
    assert "Changed online (title): “Dawn”, Flickr 54159001658" in text
    assert "and 3 more" in text.splitlines()[-1]
    assert "“By hand”" in in_words([ORPHAN], {})
    gone = replace(ORPHAN, code="album_gone", field="albums", imatch="Socials|x", remote=None)
    assert "Album gone (albums): “Socials|x”, Pixelfed 9" in in_words([gone], {})
    several = replace(TITLE, code="several_ids", field="photo_id", remote="not online")
    assert "online  this id is not online" in in_words([several], {})
    assert "Nothing to do: all is as IMatch says." == in_words([], {})
