"""What we last sent against what would be sent now: suggestions, changes, changed pictures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plan_kit import (
    GROUP,
    NOW,
    build,
    facts,
    last_sent,
    only_row,
    open_act,
    pending,
    photo,
    published,
    text_of,
)

from socials_lib.models import PLATFORMS, Album, Category, Managed, PhotoText, Rules

ALBUM = Category(path="Socials|flickr|albums|Coast", description="721")
NEXT = Category(path="Socials|flickr|albums|Hills", description="722")
NO_ID = Category(path="Socials|flickr|groups|Nameless")


def with_pools(one, *pools):
    return replace(one, categories=(*one.categories, *pools))


def look(sent, now=None, platform="flickr", flags="P", files=None, **more):
    """The rows for a photo that was sent as `sent` and is `now` in IMatch."""
    now = sent if now is None else now
    base = last_sent(sent, platform, "5301", **more.pop("base", {}))
    known = {platform: {sent.file_id: base}}
    files = facts(now) if files is None else files
    return build(pending(now, platform, flags), last_sent=known, files=files, **more).rows


def online(platform="flickr", **more):
    return published("1201", platform, "5301", **more)


def fields(row):
    return [one.field for one in row.changes]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_photo_that_is_online_as_it_would_be_sent_is_no_row(platform):
    assert () == look(online(platform), platform=platform)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_another_text_is_suggested_and_not_approved(platform):
    (row,) = look(online(platform), online(platform, title="Sea"), platform=platform)

    assert ("metadata", "differs") == (row.action, row.reason)
    assert (True, False, False) == (row.suggested, row.approved, row.blocked)
    assert () == row.leave


def test_the_change_shows_both_texts():
    (row,) = look(online(title="Lake"), online(title="Sea"))

    assert [("title", "Lake", "Sea")] == [(c.field, c.before, c.after) for c in row.changes]


@pytest.mark.parametrize(
    ("platform", "changed", "field"),
    [
        ("flickr", {"headline": "Rain"}, "description"),
        ("flickr", {"keywords": ("Nature|Sea",)}, "tags"),
        ("flickr", {"date_time": photo().date_time.replace(year=2023)}, "date_taken"),
        ("pixelfed", {"alt_text": "A lake"}, "alt_text"),
        ("pixelfed", {"headline": "Rain", "alt_text": "A lake"}, "caption"),
        ("pixelfed", {"keywords": ("Nature|Sea",)}, "hashtags"),
    ],
)
def test_each_field_that_would_be_sent_counts(platform, changed, field):
    before = online(platform, alt_text=changed.get("alt_text", "") * ("headline" in changed))

    (row,) = look(before, replace(before, **changed), platform=platform)

    assert field in fields(row)


def test_a_field_that_this_platform_is_not_told_does_not_count():
    assert () == look(online(), online(alt_text="A lake"))


def test_another_visibility_in_the_settings_is_suggested():
    rules = Rules(visibility={"flickr": "private", "pixelfed": "public"})

    (row,) = look(online(), rules=rules)

    assert [("visibility", "public", "private")] == [
        (c.field, c.before, c.after) for c in row.changes
    ]


def test_sorted_or_respelled_keywords_suggest_nothing():
    before = online(keywords=("Lake", "Dawn Light"))

    assert () == look(before, online(keywords=("dawnlight", "LAKE")))


def test_a_new_album_is_suggested_by_name():
    before = with_pools(online(), ALBUM)
    managed = Managed(albums=(Album(name="Coast", album_id="721", category=ALBUM.path),))

    (row,) = look(before, with_pools(online(), ALBUM, NEXT), managed=managed)
    (left,) = look(before, online(), managed=managed)

    assert [("albums", "Coast", "Coast, Hills")] == [
        (c.field, c.before, c.after) for c in row.changes
    ]
    assert [("albums", "Coast", "")] == [(c.field, c.before, c.after) for c in left.changes]


def test_a_group_without_readable_id_is_no_difference():
    before = with_pools(online(), GROUP)

    (row,) = look(before, with_pools(before, NO_ID))

    assert ("none", ["album_without_id"]) == (row.action, [one.code for one in row.problems])


@pytest.mark.parametrize(
    ("category", "target", "sent"),
    [(GROUP, "11@N02", {"groups": ()}), (ALBUM, "721", {"albums": ()})],
)
def test_an_album_or_group_that_only_waits_is_no_difference(category, target, sent):
    one = with_pools(online(), category)
    wait = open_act(one, state="waiting", target=target, category=category.path)
    wait = replace(wait, not_before=NOW.replace(year=2099))

    assert () == look(one, base=sent, open_acts=[wait])
    assert ["differs"] == [row.reason for row in look(one, base=sent)]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_without_a_record_of_what_was_sent_nothing_is_suggested(platform):
    one = online(platform, title="Sea")

    assert () == build(pending(one, platform), files=facts(one)).rows
    assert () == look(one, platform=platform, base={"text": None})


def test_what_was_sent_for_another_remote_photo_is_no_base():
    one = online()
    other = {"flickr": {"1201": last_sent(one, "flickr", "99", path="E:\\other.jpg")}}

    row = only_row(pending(one, flags="m"), last_sent=other)

    assert row.last is None
    assert {None} == {change.before for change in row.changes}


def test_a_renamed_file_keeps_the_base_of_the_remote_photo_that_imatch_names():
    one = online()
    renamed = {"flickr": {"1201": last_sent(one, "flickr", "5301", path="D:\\old name.jpg")}}

    row = only_row(pending(one, flags="m"), last_sent=renamed)

    assert row.last == renamed["flickr"]["1201"]


def test_a_faulty_suggestion_is_blocked():
    (row,) = look(online(), online(title=""))

    assert (True, True, "missing_title") == (row.suggested, row.blocked, row.reason)


# -- pictures


def test_a_changed_picture_is_suggested_as_an_update_on_flickr():
    one = online()

    (row,) = look(one, files=facts(one, mtime_ns=6, picture_sha="bb22"))

    assert ("update", True, True) == (row.action, row.suggested, row.picture_changed)
    assert ["picture"] == fields(row)


def test_a_changed_picture_is_not_suggested_on_pixelfed_where_nothing_replaces_it():
    one = online("pixelfed")

    assert () == look(one, platform="pixelfed", files=facts(one, mtime_ns=6, picture_sha="bb22"))


@pytest.mark.parametrize(
    ("disk", "base", "changed"),
    [
        ({}, {}, False),
        ({"mtime_ns": 6}, {}, None),
        ({"size": 5_999_999}, {}, None),
        ({"mtime_ns": 6, "picture_sha": "aa11"}, {}, False),
        ({"mtime_ns": 6, "picture_sha": "bb22"}, {}, True),
        ({"picture_sha": "bb22"}, {}, True),
        ({"picture_sha": "aa11", "orientation": 6}, {"orientation": 1}, True),
        ({"picture_sha": "aa11", "orientation": 6}, {"orientation": 6}, False),
        ({"picture_sha": "aa11", "orientation": 6}, {"orientation": 0}, False),
        ({}, {"upload_path": "D:\\Photos\\before.jpg"}, None),
        ({"picture_sha": "aa11"}, {"upload_path": "D:\\Photos\\before.jpg"}, False),
        ({}, {"picture_sha": ""}, None),
        ({"problem": "file_not_found"}, {}, None),
    ],
)
def test_a_picture_is_compared_by_hash_and_turn_else_by_path_size_and_time(disk, base, changed):
    one = online()

    (row,) = look(one, flags="Pu", files=facts(one, **disk), base=base)

    assert changed is row.picture_changed
    assert (changed is not False) == ("picture" in fields(row))


def test_without_a_look_at_the_disk_nobody_knows():
    (row,) = look(online(), flags="Pu", files={})

    assert row.picture_changed is None


def test_an_update_shows_the_picture_as_last_sent_or_as_unknown():
    one = online()

    (known,) = look(one, flags="Pu", files=facts(one, picture_sha="bb22"))
    unknown = only_row(pending(one, flags="Pu"), files=facts(one))

    assert ("picture", "as last sent") == (known.changes[0].field, known.changes[0].before)
    assert ("picture", None) == (unknown.changes[0].field, unknown.changes[0].before)


def test_an_update_on_pixelfed_shows_no_picture_since_none_can_be_replaced():
    one = online("pixelfed")

    row = only_row(pending(one, "pixelfed", "Pu"), files=facts(one))

    assert ("update", False) == (row.action, "picture" in fields(row))


def test_a_metadata_row_shows_only_what_differs_and_never_the_picture():
    before = online(title="Lake")

    (row,) = look(before, online(title="Sea"), flags="Pm", files=facts(before, picture_sha="bb22"))

    assert ["title"] == fields(row)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_add_shows_all_that_will_be_sent(platform):
    row = only_row(pending(photo(), platform))

    shown = {change.field: change.after for change in row.changes}
    text: PhotoText = text_of(row)
    assert "the file as it is now" == shown.pop("picture")
    assert {None} == {change.before for change in row.changes}
    assert "2024-03-19T05:06:07" == shown["date_taken"]
    if platform == "flickr":
        assert (text.title, text.description) == (shown["title"], shown["description"])
    else:
        assert (text.caption, text.alt_text) == (shown["caption"], shown["alt_text"])


@pytest.mark.parametrize("flags", ["Pd", "Pud"])
def test_a_delete_and_a_row_that_does_nothing_change_no_field(flags):
    assert () == only_row(pending(online(), flags=flags)).changes
