"""The table of states: every way in which base, IMatch and online can agree, per kind of field.

Letters are values, `-` is an absent one, `?` an unknown base: `x-y` is base x, nothing in IMatch,
y online.  Of three sides with an absent value there are 15 distinct patterns, without base 5.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from audit_kit import COAST, DAILY, SAME, remote, tags

from socials_lib.audit import CODES, Published, compare, decisions_for
from socials_lib.models import DEFAULT_LIMITS, Album, GroupPool, LastSent, PhotoText

PATTERNS = {
    "---": "same",
    "--x": "changed_there",
    "-x-": "changed_here",
    "-xx": "both_alike",
    "-xy": "changed_both",
    "x--": "both_alike",
    "x-x": "changed_here",
    "x-y": "changed_both",
    "xx-": "changed_there",
    "xxx": "same",
    "xxy": "changed_there",
    "xy-": "changed_both",
    "xyx": "changed_here",
    "xyy": "both_alike",
    "xyz": "changed_both",
    "?--": "same",
    "?-x": "no_base",
    "?x-": "no_base",
    "?xx": "same",
    "?xy": "no_base",
}
TEXTS = {"-": "", "x": "Dawn & <gulls>", "y": "Noon", "z": "Dusk\r\nat https://example.org/?a=1&b"}
DATES = {
    "-": None,
    "x": "2024-03-19T05:06:07",
    "y": "2024-03-19T05:06:08",
    "z": "1999-01-01T00:00:00",
}
WORDS = {"x": "public", "y": "friends", "z": "private"}
#: Somebody changed it online, or nobody knows: dates and visibility have a word of their own.
OWN = ("changed_there", "changed_both", "no_base")


def published(platform: str, pattern: str, base: dict, here: dict, online: dict) -> Published:
    """The three sides of one field; all other fields are alike and empty."""
    last = LastSent(remote_id="77", text=PhotoText(platform=platform, **base))
    return Published(
        file_id="1",
        text=PhotoText(platform=platform, **here),
        remote=remote("77", platform, **online),
        last=None if pattern[:1] == "?" else last,
        limits=DEFAULT_LIMITS[platform],
    )


def found(one: Published) -> list[tuple[str, str]]:
    return [(f.code, f.field) for f in compare(one, SAME[one.text.platform])]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize(
    ("platform", "field"),
    [
        ("flickr", "title"),
        ("flickr", "description"),
        ("pixelfed", "caption"),
        ("pixelfed", "alt_text"),
    ],
)
def test_texts(platform: str, field: str, pattern: str) -> None:
    base, here, there = (TEXTS.get(one, "") for one in pattern)
    online = {"alt_texts": (there,), "media_ids": ("5",)} if field == "alt_text" else {field: there}

    one = published(platform, pattern, {field: base}, {field: here}, online)

    expected = PATTERNS[pattern]
    assert ([] if expected == "same" else [(expected, field)]) == found(one)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_dates_taken(pattern: str) -> None:
    """A date that IMatch does not have is never sent."""
    base, here, there = (DATES.get(one) for one in pattern)

    one = published(
        "flickr", pattern, {"date_taken": base}, {"date_taken": here}, {"date_taken": there}
    )

    state = PATTERNS[pattern] if here else "same"
    expected = "date_differs" if state in OWN else state
    assert ([] if expected == "same" else [(expected, "date_taken")]) == found(one)


@pytest.mark.parametrize("pattern", [one for one in PATTERNS if "-" not in one])
@pytest.mark.parametrize("platform", ["flickr", "pixelfed"])
def test_visibility(platform: str, pattern: str) -> None:
    """Never absent; Pixelfed cannot change it, so whatever differs there is one finding."""
    base, here, there = (WORDS.get(one, "public") for one in pattern)

    one = published(
        platform, pattern, {"visibility": base}, {"visibility": here}, {"visibility": there}
    )

    state = PATTERNS[pattern]
    own = (*OWN, "changed_here") if platform == "pixelfed" else OWN
    expected = "privacy_changed" if state in own else state
    assert ([] if expected == "same" else [(expected, "visibility")]) == found(one)


#: Tags are compared one by one; those of a hand are told apart (the photo carries our stamp).
TAGS = {
    "---": [],
    "--x": ["added_there"],
    "-x-": ["changed_here"],
    "-xx": ["both_alike"],
    "-xy": ["changed_here", "added_there"],
    "x--": ["both_alike"],
    "x-x": ["changed_here"],
    "x-y": ["added_there"],
    "xx-": ["changed_there"],
    "xxx": [],
    "xxy": ["changed_there", "added_there"],
    "xy-": ["changed_here"],
    "xyx": ["changed_here"],
    "xyy": ["both_alike"],
    "xyz": ["changed_here", "added_there"],
    "?--": [],
    "?-x": [],
    "?x-": ["no_base"],
    "?xx": [],
    "?xy": ["no_base"],
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_tags(pattern: str) -> None:
    words = {"x": ("Wood Duck",), "y": ("Lake",), "z": ("São Paulo",)}
    base, here, there = (words.get(one, ()) for one in pattern)
    online = tags(*there, "imatch:id=1", "imatch:sha=0123456789abcdef")

    one = published("flickr", pattern, {"tags": base}, {"tags": here}, {"tags": online})

    assert [(code, "tags") for code in TAGS[pattern]] == found(one)


def test_of_a_photo_and_a_new_tag_some_were_removed_online() -> None:
    one = published(
        "flickr", "", {"tags": ("a", "b")}, {"tags": ("a", "b", "c")}, {"tags": tags("a")}
    )

    assert [("changed_both", "tags")] == found(one)


def test_tags_of_a_photo_that_we_did_not_publish_are_nobodys_business() -> None:
    one = published("flickr", "", {"tags": ("a",)}, {"tags": ("a",)}, {"tags": tags("a", "mine")})

    assert [] == found(one)


def test_a_photo_that_has_all_the_tags_it_can_have_lacks_none() -> None:
    full = tags(*(f"tag{number}" for number in range(75)))
    wanted = ("one more", *(f"tag{number}" for number in range(74)))

    one = published("flickr", "", {"tags": wanted}, {"tags": wanted}, {"tags": full})

    assert [] == found(one)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("field", ["albums", "groups"])
def test_albums_and_groups(field: str, pattern: str) -> None:
    """What was sent before only tells who changed it; alike on both sides is the same."""
    ids = {"x": {"1"}, "y": {"2"}, "z": {"3"}}
    base, here, there = (ids.get(one, set()) for one in pattern)
    blank = published("flickr", pattern, {}, {}, {field: dict.fromkeys(there, "")})
    kind, read = (Album, "read_albums") if field == "albums" else (GroupPool, "read_groups")
    ident = "album_id" if field == "albums" else "group_id"
    one = replace(
        blank,
        last=replace(blank.last, **{field: tuple(base)}) if blank.last else None,
        **{field: tuple(kind(name=n, category=f"c|{n}", **{ident: n}) for n in here)},
        **{read: frozenset({"1", "2", "3"})},
    )

    drift = "album_drift" if field == "albums" else "group_drift"
    state = PATTERNS[pattern]
    expected = {"same": "", "both_alike": "", "changed_here": "changed_here"}.get(state, drift)
    assert ([(expected, field)] if expected else []) == found(one)


def test_albums_that_wait_or_could_not_be_read_are_no_drift() -> None:
    blank = published("flickr", "", {}, {}, {"albums": {}, "groups": {}})
    wants = replace(blank, albums=(COAST,), groups=(DAILY,))

    waiting = replace(
        wants,
        read_albums=frozenset({"721"}),
        read_groups=frozenset({"1@N25"}),
        waiting=frozenset({"721", "1@N25"}),
    )
    moderated = replace(
        wants,
        read_groups=frozenset({"1@N25"}),
        last=replace(blank.last, groups=("1@N25",), handed_over=("1@N25",)),
    )

    assert [] == found(wants)
    assert [] == found(waiting)
    assert [] == found(moderated)


def test_a_title_that_the_list_shows_on_one_line_or_cut_is_the_same() -> None:
    wrapped = published("flickr", "", {"title": "a\nb"}, {"title": "a\nb"}, {"title": "a b"})
    title = "star " * 80
    cut = published("flickr", "", {"title": title}, {"title": title}, {"title": title[:255]})

    assert [] == found(wrapped)
    assert [] == found(cut)


def test_a_caption_with_few_edits_left_says_so() -> None:
    one = published(
        "pixelfed", "", {"caption": "a"}, {"caption": "b"}, {"caption": "a", "edits_left": 1}
    )

    assert [("changed_here", "caption"), ("edits_left", "caption")] == found(one)


def test_the_alt_text_of_our_own_picture_counts_in_a_post_with_several() -> None:
    one = published(
        "pixelfed",
        "",
        {"alt_text": "ours"},
        {"alt_text": "ours"},
        {"alt_texts": ("theirs", "ours"), "media_ids": ("4", "5")},
    )

    assert [("changed_there", "alt_text")] == found(one)
    assert [] == found(replace(one, media_id="5"))


def test_every_code_has_words_a_suggestion_and_decisions() -> None:
    for code, kind in CODES.items():
        assert kind.words and kind.suggestion and kind.decisions, code
    one = published("flickr", "", {"title": "a"}, {"title": "b"}, {"title": "a"})
    [finding] = compare(one, SAME["flickr"])
    assert "push_ours" == decisions_for(finding)[0]
    assert ("b", "a", "a") == (finding.imatch, finding.remote, finding.base)
