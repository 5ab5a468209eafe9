"""What a row of the plan becomes on Pixelfed, and what counts as the same text.  Pure."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socials_lib.models import Act, LastSent, PhotoText, PlanRow, RemotePhoto, RemoteRef
from socials_lib.platforms.pixelfed.acts import acts
from socials_lib.platforms.pixelfed.texts import caption_of, same, stripped

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings" / "pixelfed"
needs_recordings = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason="the recorded answers are not on this machine"
)

TEXT = PhotoText(
    platform="pixelfed",
    caption="Dawn -- Fog & gulls\n\n#Lake #photography",
    alt_text="Fog over a lake",
    visibility="public",
)
ONLINE = RemotePhoto(
    ref=RemoteRef(platform="pixelfed", remote_id="1030", media_id="3"),
    owner_id="1",
    caption=TEXT.caption,
    alt_texts=("Fog over a lake",),
    media_ids=("3",),
    edits_left=9,
)


def row(action: str = "metadata", **changes: Any) -> PlanRow:
    given: dict[str, Any] = {
        "file_id": "17",
        "name": "dawn.jpg",
        "path": "C:\\dawn.jpg",
        "platform": "pixelfed",
        "text": TEXT,
        "remote_id": "1030",
        "media_id": "3",
        "last": LastSent(remote_id="1030", text=TEXT),
    }
    return PlanRow(action=action, **{**given, **changes})  # type: ignore[arg-type]


def kinds(found: tuple[Act, ...]) -> list[str]:
    return [act.kind for act in found]


def test_an_add_is_an_upload_and_a_post() -> None:
    media, status = acts(row("add"), None)

    assert ("media", True, True) == (media.kind, media.main, media.repeatable)
    assert ("status", True, False) == (status.kind, status.main, status.repeatable)
    assert {"alt_text": "Fog over a lake"} == media.params
    assert {"caption": TEXT.caption, "visibility": "public"} == status.params


def test_a_repost_deletes_the_old_post_last_and_by_its_own_id() -> None:
    media, status, delete = acts(row("repost"), ONLINE)

    assert ["media", "status", "delete"] == kinds((media, status, delete))
    params = {"old_id": "1030", "seen": True, "known": True}
    assert ("1030", params, False) == (delete.target, delete.params, delete.main)
    assert delete == acts(row("repost", last=None), None)[-1]


def test_nothing_to_do_is_no_call_at_all() -> None:
    assert () == acts(row(), ONLINE)


def test_only_what_differs_is_sent() -> None:
    assert ["alt_text"] == kinds(acts(row(text=replace(TEXT, alt_text="New")), ONLINE))
    assert ["caption"] == kinds(acts(row(text=replace(TEXT, caption="New")), ONLINE))


def test_a_caption_edit_repeats_all_that_would_be_wiped() -> None:
    online = replace(ONLINE, media_ids=("3", "4"), alt_texts=("Fog over a lake", "x"))
    online = replace(online, sensitive=True, spoiler_text="cw", edits_left=4)

    (act,) = acts(row(text=replace(TEXT, caption="New")), online)

    assert {
        "caption": "New",
        "media_ids": ["3", "4"],
        "spoiler_text": "cw",
        "sensitive": True,
        "edits_left": 4,
    } == act.params


def test_the_alt_text_of_our_own_picture_is_edited() -> None:
    online = replace(ONLINE, media_ids=("4", "3"), alt_texts=("by hand", "Fog over a lake"))

    assert () == acts(row(), online)
    (act,) = acts(row(text=replace(TEXT, alt_text="New")), online)
    assert "3" == act.target


def test_a_changed_picture_is_a_note_even_if_no_text_differs() -> None:
    (note,) = acts(row("update", picture_changed=True), ONLINE)

    assert ("note", "picture_not_replaceable") == (note.kind, note.params["code"])
    assert [] == kinds(acts(row("update", picture_changed=False), ONLINE))
    assert ["note"] == kinds(acts(row("update", picture_changed=None), ONLINE))


def test_a_text_edited_online_is_kept_before_it_is_overwritten() -> None:
    online = replace(ONLINE, caption="My own words", alt_texts=("My own alt",))
    wanted = row(text=replace(TEXT, caption="New", alt_text="New alt"))

    alt, caption = acts(wanted, online)

    assert (("alt_text",), {"alt_text": "My own alt"}) == (alt.edited, alt.kept)
    assert (("caption",), {"caption": "My own words"}) == (caption.edited, caption.kept)
    unknown = acts(replace(wanted, last=None), online)
    assert [(), ()] == [act.edited for act in unknown]
    assert {"caption": "My own words"} == unknown[1].kept


def test_our_own_last_text_is_overwritten_without_a_word() -> None:
    (act,) = acts(row(text=replace(TEXT, caption="New")), ONLINE)

    assert ((), {}) == (act.edited, act.kept)


def test_a_caption_edit_is_looked_for_before_it_is_repeated() -> None:
    """Each one costs one of nine."""
    caption, alt = (
        acts(row(text=replace(TEXT, **change)), ONLINE)[0]
        for change in ({"caption": "New"}, {"alt_text": "New"})
    )

    assert (False, True) == (caption.repeatable, alt.repeatable)


def test_a_visibility_cannot_be_edited_and_says_so() -> None:
    (note,) = acts(row(text=replace(TEXT, visibility="private")), ONLINE)

    assert ("note", "visibility_not_editable") == (note.kind, note.params["code"])
    changed_by_hand = replace(ONLINE, visibility="unlisted")
    assert () == acts(row(text=replace(TEXT, visibility="private")), changed_by_hand)


@pytest.mark.parametrize("action", ["skip", "none", "update", "metadata"])
def test_without_a_remote_photo_there_is_nothing_to_do(action: str) -> None:
    assert () == acts(row(action), None)


PAGE = "https://pixelfed.example/p/peter/1030"


def test_a_delete_carries_what_tells_whose_post_it_is() -> None:
    """An address that the plan made from the account of today is no evidence."""
    (act,) = acts(row("delete", url=PAGE), None)
    assert ("delete", True, True) == (act.kind, act.main, act.repeatable)
    assert {"seen": False, "known": True, "url": PAGE} == act.params

    stranger = row("delete", last=None, url=PAGE, record_missing=("url",))
    assert {"seen": False, "known": False, "url": ""} == acts(stranger, None)[0].params
    assert {"seen": True, "known": True, "url": ""} == acts(stranger, ONLINE)[0].params


# texts


@pytest.mark.parametrize(
    ("sent", "created", "edited"),
    [
        ("I <3 you #x", "I ", "I &lt;3 you #x"),
        ("5<6 and 7>3", "53", "5&lt;6 and 7&gt;3"),
        ("a < b > c", "a < b > c", "a &lt; b &gt; c"),
        ("tag <foo bar", "tag ", "tag "),
        ("x <-- y", "x ", "x &lt;-- y"),
        ("a & b", "a & b", "a &amp; b"),
        ("a &amp; b &copy;", "a &amp; b &copy;", "a &amp; b ©"),
        ("<b>x</b> <i>y</i>", "x y", "x y"),
        (
            '<a href="https://a.b/c">l</a> t',
            "l t",
            '<a href="https://a.b/c" rel="nofollow" target="_blank">l</a> t',
        ),
        ("<script>alert(1)</script>z", "alert(1)z", "z"),
        ("l1\r\nl2", "l1\r\nl2", "l1\nl2"),
        ("  outer blanks \n", "outer blanks", "outer blanks"),
        ("nbsp\u00a0 zero\u200bwidth\ttab", "nbsp\u00a0 zero\u200bwidth\ttab", None),
    ],
)
def test_what_the_server_makes_of_a_caption_is_the_same(
    sent: str, created: str, edited: str | None
) -> None:
    assert same("caption", sent, created)
    assert edited is None or same("caption", sent, edited)


@needs_recordings
def test_all_recorded_transformations_are_known() -> None:
    path = RECORDINGS / "life_0.11.13" / "text_transformations.json"
    table = json.loads(path.read_text(encoding="utf-8"))

    wrong = [
        (one["sent"], key, one[key])
        for one in table
        for key in ("create_content_text", "edit_content_text", "create_content", "edit_content")
        if not same("caption", one["sent"], caption_of(one[key], None) or one[key] or "")
    ]
    assert [] == wrong
    assert [] == [
        one["sent"]
        for one in table
        if one["create_content_text"] is not None
        and stripped(one["sent"]).strip() != one["create_content_text"].strip()
    ]
    assert all(same("alt_text", one["sent"], one["alt_after_upload"]) for one in table)


@pytest.mark.parametrize(
    ("field", "sent", "remote"),
    [
        ("caption", "Fog", "Fog."),
        ("caption", "a  b", "a b"),
        ("caption", "", "x"),
        ("alt_text", "Fog", "Dog"),
        ("caption", "Fog", "fog"),
    ],
)
def test_a_difference_is_seen(field: str, sent: str, remote: str) -> None:
    assert not same(field, sent, remote)


def test_blanks_of_an_alt_text_may_collapse() -> None:
    assert same("alt_text", "Fog\nover  a <3 lake", "Fog over a &lt;3 lake")


def test_a_rendered_caption_is_read_back_without_links() -> None:
    content = (
        'Dawn &amp; fog<br />\n<br />\n<a href="https://x.y/discover/tags/Lake?src=hash"'
        ' title="#Lake" class="u-url hashtag" rel="external nofollow noopener">#Lake</a>'
    )

    assert same("caption", "Dawn & fog\n\n#Lake", caption_of(content, None))
    assert "stored" == caption_of(content, "stored")
    assert "" == caption_of(None, None)


@given(st.text(max_size=60))
def test_a_text_is_the_same_as_itself_and_as_what_php_leaves_of_it(text: str) -> None:
    assert same("caption", text, text)
    assert same("caption", text, stripped(text))
    assert same("alt_text", text, text)


@given(st.text(alphabet=st.characters(exclude_characters="<"), max_size=60))
def test_without_a_less_than_sign_nothing_is_stripped(text: str) -> None:
    assert text == stripped(text)
