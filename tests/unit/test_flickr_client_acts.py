"""What a row of the plan becomes on Flickr, and what counts as the same text.  Pure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socials_lib.models import (
    Act,
    Album,
    GroupPool,
    LastSent,
    Managed,
    PhotoText,
    PlanRow,
    RemotePhoto,
    RemoteRef,
    RemoteTag,
    UploadCopy,
)
from socials_lib.platforms.flickr.acts import acts, is_needless
from socials_lib.platforms.flickr.texts import clean, quoted, same, unique, user_of

TEXT = PhotoText(
    platform="flickr",
    title="Dawn over the lake",
    description="Fog & gulls",
    tags=("Lake", "Dawn"),
    date_taken="2024-03-19T06:12:00",
    visibility="public",
)
REF = RemoteRef(platform="flickr", remote_id="53011")
ONLINE = RemotePhoto(
    ref=REF,
    owner_id="1@N01",
    title="Dawn over the lake",
    description="Fog &amp; gulls",
    tags=(RemoteTag(raw="Lake", clean="lake", tag_id="t-lake"),)
    + (RemoteTag(raw="Dawn", clean="dawn", tag_id="t-dawn"),),
    date_taken="2024-03-19T06:12:00",
    albums={},
    groups={},
    secret="aa11",
)
COAST = Album(name="Coast", album_id="721", category="Socials|flickr|albums|Coast")
LAKES = Album(name="Lakes", album_id="722", category="Socials|flickr|albums|Lakes")
FOG = GroupPool(name="Fog", group_id="9@N20", category="Socials|flickr|groups|Fog")


def row(action: str = "metadata", **changes: Any) -> PlanRow:
    given: dict[str, Any] = {
        "file_id": "17",
        "name": "dawn.jpg",
        "path": "C:\\dawn.jpg",
        "platform": "flickr",
        "text": TEXT,
        "remote_id": "53011",
        "managed": Managed(albums=(COAST, LAKES), groups=(FOG,)),
        "last": LastSent(remote_id="53011", text=TEXT),
    }
    return PlanRow(action=action, **{**given, **changes})  # type: ignore[arg-type]


def kinds(found: tuple[Act, ...]) -> list[str]:
    return [act.kind for act in found]


def made(plan_row: PlanRow, remote: RemotePhoto | None = ONLINE) -> tuple[Act, ...]:
    return acts(plan_row, remote, stamp=True)


# adds


def test_an_add_is_an_upload_then_the_date_then_albums_then_groups() -> None:
    found = made(row("add", albums=(COAST,), groups=(FOG,), last=None), None)

    assert ["upload", "set_dates", "album_add", "group_add"] == kinds(found)
    assert [True, False, False, False] == [act.main for act in found]
    assert not found[0].repeatable
    assert {
        "title": "Dawn over the lake",
        "description": "Fog & gulls",
        "tags": ["Lake", "Dawn"],
        "stamp": "17",
        "visibility": "public",
    } == found[0].params


def test_without_the_stamp_an_upload_carries_no_mark() -> None:
    assert "" == acts(row("add"), None, stamp=False)[0].params["stamp"]


def test_doubled_and_empty_tags_do_not_use_up_the_room_for_others() -> None:
    many = ("Lake", "lake", "🦆", *(f"tag {n}" for n in range(90)))

    upload = made(row("add", text=replace(TEXT, tags=many)), None)[0]

    assert 73 == len(upload.params["tags"])
    assert ["Lake", "tag 0"] == upload.params["tags"][:2]


def test_a_photo_without_a_date_gets_none() -> None:
    assert ["upload"] == kinds(made(row("add", text=replace(TEXT, date_taken=None)), None))


def test_a_photo_handed_to_a_moderator_is_not_handed_in_again() -> None:
    last = LastSent(remote_id="53011", text=TEXT, handed_over=("9@N20",))

    assert [] == kinds(made(row(groups=(FOG,), last=last)))


@pytest.mark.parametrize(
    ("taken", "expected"),
    [("2024-03-19T06:12:00", True), ("2024-03-19T06:12:01", False), (None, False)],
)
def test_the_date_is_not_sent_where_the_file_brings_it(taken: str | None, expected: bool) -> None:
    set_dates = made(row("add"), None)[1]
    copy = UploadCopy(
        path=Path("x.jpg"),
        format="JPEG",
        bytes=1,
        width=1,
        height=1,
        sha="",
        picture_sha="",
        taken=taken,
    )

    assert expected == is_needless(set_dates, copy)
    assert not is_needless(made(row("add"), None)[0], copy)


def test_after_a_replacement_the_date_is_always_sent() -> None:
    found = made(row("update", picture_changed=True))

    assert ["replace", "set_dates"] == kinds(found)
    copy = UploadCopy(
        path=Path("x.jpg"),
        format="JPEG",
        bytes=1,
        width=1,
        height=1,
        sha="",
        picture_sha="",
        taken=TEXT.date_taken,
    )
    assert not is_needless(found[1], copy)
    assert "aa11" == found[0].params["secret"]


# metadata


def test_nothing_to_do_is_no_call_at_all() -> None:
    assert () == made(row())


def test_an_update_whose_picture_is_the_same_sends_texts_only() -> None:
    assert [] == kinds(made(row("update", picture_changed=False)))


def test_an_update_whose_picture_nobody_knows_sends_it() -> None:
    assert ["replace", "set_dates"] == kinds(made(row("update", picture_changed=None)))


def test_title_and_description_are_always_sent_together() -> None:
    (act,) = made(row(text=replace(TEXT, title="Dawn")))

    assert "set_meta" == act.kind
    assert {"title": "Dawn", "description": "Fog & gulls"} == act.params
    assert ((), {}) == (act.edited, act.kept)
    assert act.main


def test_a_text_edited_online_is_kept_before_it_is_overwritten() -> None:
    online = replace(ONLINE, title="My own title")

    (act,) = made(row(text=replace(TEXT, title="Dawn")), online)

    assert (("title",), {"title": "My own title"}) == (act.edited, act.kept)


def test_without_a_record_of_what_we_sent_the_online_text_is_kept_all_the_same() -> None:
    (act,) = made(row(last=None), replace(ONLINE, description="Old words"))

    assert ((), {"description": "Old words"}) == (act.edited, act.kept)


def test_a_date_that_flickr_only_guesses_is_no_edit() -> None:
    (act,) = made(row(), replace(ONLINE, date_taken=None))

    assert ("set_dates", (), {}) == (act.kind, act.edited, act.kept)


# tags


def tagged(*tags: tuple[str, bool]) -> RemotePhoto:
    return replace(
        ONLINE,
        tags=tuple(
            RemoteTag(raw=raw, clean=clean(raw), tag_id=f"t-{clean(raw)}", own=own)
            for raw, own in tags
        ),
    )


def wanting(*tags: str, sent: tuple[str, ...] | None = ("Lake", "Dawn")) -> PlanRow:
    last = None if sent is None else LastSent(remote_id="53011", text=replace(TEXT, tags=sent))
    return row(text=replace(TEXT, tags=tags), last=last)


def test_spelling_and_order_of_tags_do_not_count() -> None:
    assert () == made(wanting("dawn", "LAKE"))


def test_a_new_tag_is_added_in_one_call() -> None:
    (act,) = made(wanting("Lake", "Dawn", "Fog", "Gull"))

    assert ("add_tags", {"tags": ["Fog", "Gull"]}) == (act.kind, act.params)


def test_a_tag_we_sent_and_want_no_more_is_removed_by_its_long_id() -> None:
    (act,) = made(wanting("Lake"))

    assert ("remove_tag", "t-dawn", "Dawn") == (act.kind, act.target, act.name)


def test_a_tag_typed_on_the_website_stays() -> None:
    online = tagged(("Lake", True), ("Dawn", True), ("by hand", True))

    found = made(wanting("Lake", "Fog"), online)

    assert ["remove_tag", "add_tags"] == kinds(found)
    assert "t-dawn" == found[0].target


def test_where_nothing_by_hand_would_be_lost_one_call_sets_all_tags() -> None:
    online = tagged(("Lake", True), ("Dawn", True), ("imatch:id=17", True))

    (act,) = made(wanting("Lake", "Fog"), online)

    assert "set_tags" == act.kind
    assert ["Lake", "Fog", "imatch:id=17"] == act.params["tags"]


def test_without_a_record_of_what_we_sent_tags_are_only_added() -> None:
    (act,) = made(wanting("Fog", sent=None))

    assert ("add_tags", {"tags": ["Fog"]}) == (act.kind, act.params)


def test_tags_of_other_people_and_the_stamp_are_never_removed() -> None:
    online = tagged(("Lake", True), ("Dawn", False), ("imatch:id=17", True))

    assert () == made(wanting("Lake", sent=("Lake", "Dawn", "imatch:id=17")), online)


def test_no_more_tags_are_sent_than_there_is_room_for() -> None:
    online = tagged(*((f"by hand {n}", True) for n in range(74)))

    (act,) = made(wanting("Fog", "Gull"), online)

    assert ["Fog"] == act.params["tags"]
    assert [] == kinds(made(wanting("Fog"), tagged(*((f"h {n}", True) for n in range(75)))))


# privacy, albums, groups


def test_a_privacy_changed_by_hand_stays() -> None:
    wanted = row(text=replace(TEXT, visibility="friends"))

    assert ["set_perms"] == kinds(made(wanted))
    assert [] == kinds(made(wanted, replace(ONLINE, visibility="private")))
    assert [] == kinds(made(replace(wanted, last=None)))


def test_albums_follow_imatch_but_only_those_that_are_categories() -> None:
    online = replace(ONLINE, albums={"722": "Lakes", "999": "By hand"}, album_sizes={"722": 3})

    found = made(row(albums=(COAST,)), online)

    assert [("album_add", "721"), ("album_remove", "722")] == [
        (act.kind, act.target) for act in found
    ]
    assert [False, False] == [act.main for act in found]
    assert found[1].params["last"] is False


def test_the_last_photo_of_an_album_is_marked_because_the_album_goes_with_it() -> None:
    online = replace(ONLINE, albums={"722": "Lakes"}, album_sizes={"722": 1})

    (act,) = made(row(), online)

    assert ("album_remove", True) == (act.kind, act.params["last"])


def test_groups_follow_imatch_but_only_those_that_are_categories() -> None:
    online = replace(ONLINE, groups={"9@N20": "Fog", "8@N20": "Other"})

    assert [("group_remove", "9@N20")] == [(act.kind, act.target) for act in made(row(), online)]
    assert [] == kinds(made(row(groups=(FOG,)), online))


def test_albums_and_groups_without_an_id_are_left_out() -> None:
    nameless = replace(COAST, album_id="")

    assert () == made(row(albums=(nameless,), groups=(replace(FOG, group_id=""),)))


def test_what_could_not_be_read_is_only_added_to() -> None:
    online = replace(ONLINE, albums=None, groups=None)

    assert ["album_add"] == kinds(made(row(albums=(COAST,)), online))


def test_a_delete_remembers_whose_photo_it_is() -> None:
    online = replace(ONLINE, albums={"1": "Full", "2": "Lonely"}, album_sizes={"1": 9, "2": 1})

    (act,) = made(row("delete"), online)

    known = {"seen": True, "known": True, "url": ""}
    assert ("delete", True) == (act.kind, act.main)
    assert {"owner": "1@N01", "empties": ["Lonely"], **known} == act.params
    missing = {"owner": "", "empties": [], "seen": False}
    assert {**missing, "known": True, "url": ""} == made(row("delete"), None)[0].params


PAGE = "https://www.flickr.com/photos/peter/53011/"


@pytest.mark.parametrize(
    ("last", "missing", "expected"),
    [
        (LastSent(remote_id="53011"), (), (True, PAGE)),
        (LastSent(remote_id="7"), (), (False, PAGE)),
        (None, (), (False, PAGE)),
        (None, ("url", "posted"), (False, "")),
    ],
)
def test_a_delete_carries_what_tells_whose_photo_it_is(
    last: LastSent | None, missing: tuple[str, ...], expected: tuple[bool, str]
) -> None:
    """An address that the plan made from the account of today is no evidence."""
    (act,) = made(row("delete", last=last, url=PAGE, record_missing=missing), None)

    assert expected == (act.params["known"], act.params["url"])


@pytest.mark.parametrize(
    ("url", "user"),
    [
        (PAGE, "peter"),
        ("https://flickr.com/photos/12345678%40N04/53011", "12345678@N04"),
        ("https://www.flickr.com/photos/peter/", ""),
        ("https://flic.kr/p/abc", ""),
        ("", ""),
    ],
)
def test_an_address_of_a_photo_names_its_user(url: str, user: str) -> None:
    assert user == user_of(url)


@pytest.mark.parametrize("action", ["skip", "none", "update", "metadata"])
def test_without_a_remote_photo_there_is_nothing_to_do(action: str) -> None:
    assert () == made(row(action), None)


def test_keys_of_the_acts_of_a_row_are_unique() -> None:
    online = replace(ONLINE, title="x", tags=(), albums={"722": "Lakes"}, groups={})
    found = made(row("update", albums=(COAST,), groups=(FOG,)), online)

    assert len(found) == len({act.key for act in found})


# texts


@pytest.mark.parametrize(
    ("sent", "remote"),
    [
        ("Fog & gulls", "Fog &amp; gulls"),
        ('say "hi"', "say &quot;hi&quot;"),
        ("I <3 you", "I &lt;3 you"),
        ("l1\r\nl2\n", "l1\nl2"),
        (
            "see https://example.org/x?a=1&b=2",
            'see <a href="https://example.org/x?a=1&amp;b=2" rel="noreferrer nofollow">'
            "example.org/x?a=1&amp;b=2</a>",
        ),
        (
            "https://www.flickr.com/photos/demo/1/",
            '<a href="https://www.flickr.com/photos/demo/1/">www.flickr.com/photos/demo/1/</a>',
        ),
        ("<b>bold</b>", "<b>bold</b>"),
        ("it's", "it&#039;s"),
    ],
)
def test_what_flickr_makes_of_a_description_is_the_same(sent: str, remote: str) -> None:
    assert same("description", sent, remote)


@pytest.mark.parametrize(
    ("field", "sent", "remote"),
    [
        ("description", "Fog", "Fog."),
        ("title", "Fog & gulls", "Fog &amp; gulls"),
        ("date_taken", "2024-03-19T06:12:00", "2024-03-19 06:12:01"),
        ("tags", "Lake, Dawn", "Lake"),
        ("tag", "Lake", "Lakes"),
    ],
)
def test_a_difference_is_seen(field: str, sent: str, remote: str) -> None:
    assert not same(field, sent, remote)


def test_dates_and_tags_have_two_spellings() -> None:
    assert same("date_taken", "2024-03-19T06:12:00", "2024-03-19 06:12:00")
    assert same("tags", "Wood Duck, Lake", "lake\nwoodduck")
    assert same("tag", "50mm f/1.8", "50mmf18")


def test_tags_are_quoted_one_by_one() -> None:
    assert '"Lake Eildon" "say hi" "São Paulo"' == quoted(
        ["Lake Eildon", 'say "hi"', "São Paulo", "🦆"]
    )


@given(st.lists(st.text(max_size=12), max_size=8))
def test_a_quoted_list_holds_no_stray_quote_and_no_control_character(tags: list[str]) -> None:
    found = quoted(tags)

    assert 0 == found.count('"') % 2
    assert all(letter.isprintable() or ord(letter) > 159 for letter in found)


@given(st.lists(st.text(max_size=6), max_size=8))
def test_unique_tags_have_different_identities(tags: list[str]) -> None:
    found = unique(tags)

    assert len(found) == len({clean(tag) for tag in found})
    assert {clean(tag) for tag in tags} - {""} == {clean(tag) for tag in found}


@given(st.text(alphabet=st.characters(exclude_characters="<>&\r"), max_size=60))
def test_a_text_is_the_same_as_itself_and_as_its_escaped_form(text: str) -> None:
    assert same("description", text, text)
    assert same("description", text, text.replace('"', "&quot;"))
