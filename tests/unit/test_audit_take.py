"""What is online as values of IMatch: solved for, or refused with the reason; never guessed."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest
from audit_kit import (
    COAST,
    DAILY,
    SAME,
    codes,
    faithful,
    inventory,
    known,
    photo,
    record,
    remote,
    sent,
    tags,
    text_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_kit import ACCOUNTS

from socials_lib import audit
from socials_lib.models import (
    Category,
    Finding,
    Managed,
    Photo,
    PlatformName,
    RemotePhoto,
    RemoteTag,
    Rules,
)

MANAGED = Managed(albums=(COAST,), groups=(DAILY,))


def lake(**more) -> Photo:
    return photo("1", records=(record("1", "flickr", "77"), record("1", "pixelfed", "77")), **more)


def ground(platform: PlatformName = "flickr", **more) -> audit.Ground:
    return audit.Ground(
        rules=Rules(), limits=ACCOUNTS[platform].limits, same=SAME[platform], **more
    )


def finding(field: str, code: str = "changed_there", platform: PlatformName = "flickr") -> Finding:
    return Finding(file_id="1", platform=platform, code=code, field=field, remote_id="77")


def taken(
    one: Photo, online: RemotePhoto, *fields: str, code: str = "changed_there", **more
) -> audit.Theirs:
    platform = online.ref.platform
    findings = [finding(field, code, platform) for field in fields]
    return audit.take(one, findings, online, ground(platform, **more))


@pytest.mark.parametrize("field", ["headline", "description"])
@pytest.mark.parametrize("value", ["New words", "One line\n\nand one more", "a & b <c>", ""])
def test_a_field_of_a_description_is_solved_for(field: str, value: str) -> None:
    one = lake(headline="From the pier", description="It lay still.")
    new = replace(one, **{field: value})
    online = replace(faithful(one), description=html.escape(text_of(new, "flickr").description))

    found = taken(one, online, "description")

    assert {field: value} == found.values
    assert ("description",) == tuple(each.field for each in found.taken)


def test_a_field_that_is_empty_so_far_gets_its_value_too() -> None:
    one = lake(headline="", description="It lay still.")
    new = replace(one, headline="From the pier")

    assert {"headline": "From the pier"} == taken(one, faithful(new), "description").values


def test_both_fields_of_a_description_are_solved_for_together() -> None:
    one = lake(headline="From the pier", description="It lay still.")
    new = replace(one, headline="From the boat", description="It was rough.")

    found = taken(one, faithful(new), "description").values

    assert {"headline": "From the boat", "description": "It was rough."} == found


def test_links_that_flickr_makes_are_taken_out_again() -> None:
    one = lake(headline="From the pier", description="See here.")
    address = "https://example.org/?a=1&amp;b=2"
    link = f'<a href="{address}" rel="noreferrer nofollow">{address}</a>'
    text = text_of(one, "flickr").description.replace("See here.", f"See {link}.")

    found = taken(one, replace(faithful(one), description=text), "description")

    assert {"description": "See https://example.org/?a=1&b=2."} == found.values


def test_a_text_that_no_field_makes_is_refused() -> None:
    one = lake()
    online = replace(faithful(one), description="Written anew.")

    found = taken(one, online, "description", "title")

    assert {} == found.values
    assert [("description", "It cannot be told apart")] == [
        (bad.field, why[:23]) for bad, why in found.refused
    ]
    assert ("title",) == tuple(each.field for each in found.taken)


def test_a_caption_gives_headline_or_title_and_the_alt_text_its_own_field() -> None:
    one = lake(headline="From the pier")
    headline = faithful(replace(one, headline="From @the <boat>"), platform="pixelfed")
    title = faithful(replace(one, title="Dusk"), platform="pixelfed")
    alt = replace(faithful(one, platform="pixelfed"), alt_texts=("A lake &amp; a boat",))

    assert {"headline": "From @the ‹boat>"} == taken(one, headline, "caption").values
    assert {"title": "Dusk"} == taken(one, title, "caption").values
    assert {"alt_text": "A lake & a boat"} == taken(one, alt, "alt_text").values


def test_of_several_pictures_the_alt_text_of_ours_is_taken() -> None:
    one = photo("1", records=(record("1", "pixelfed", "77", media_id="5"),))
    online = replace(
        faithful(one, platform="pixelfed"), media_ids=("4", "5"), alt_texts=("Other", "Ours now")
    )

    assert {"alt_text": "Ours now"} == taken(one, online, "alt_text").values


def _without(one: Photo, *gone: str, new: str = "") -> tuple[RemoteTag, ...]:
    """The tags that we would send without some, with another one, and our stamp."""
    left = [tag for tag in text_of(one, "flickr").tags if tag not in gone]
    return tags(*left, *([new] if new else []), "imatch:id=1")


def test_tags_become_keywords_and_go_from_the_end_of_keywords() -> None:
    one = lake(keywords=("Nature|Water|Lake", "Light"))
    online = replace(faithful(one), tags=_without(one, "Lake", "Light", new="Wood Duck"))

    found = taken(one, online, "tags").values

    assert {"keywords": ("Nature|Water", "Wood Duck")} == found


def test_a_tag_from_the_middle_of_a_keyword_or_a_category_is_refused() -> None:
    one = lake(keywords=("Nature|Water|Lake",))
    middle = replace(faithful(one), tags=_without(one, "Water"))

    found = taken(one, middle, "tags")

    assert {} == found.values
    assert "middle of a keyword" in found.refused[0][1]


def test_of_tags_added_online_only_the_new_ones_are_taken() -> None:
    one = lake(keywords=("Nature|Water", "Light"))
    online = replace(faithful(one), tags=_without(one, "Light", new="Dusk"))

    found = taken(one, online, "tags", code="added_there").values

    assert {"keywords": ("Nature|Water", "Light", "Dusk")} == found


def test_albums_and_groups_are_categories_to_join_and_leave() -> None:
    inside = lake(categories=(Category(path=COAST.category, description="721"),))
    outside = lake()
    in_album = replace(faithful(outside), albums={"721": "Coast", "999": "Other"}, groups={})
    in_none = replace(faithful(outside), albums={}, groups={"1@N25": "Daily"})

    assert (COAST.category,) == taken(outside, in_album, "albums", managed=MANAGED).joins
    assert (COAST.category,) == taken(inside, in_none, "albums", managed=MANAGED).leaves
    assert (DAILY.category,) == taken(outside, in_none, "groups", managed=MANAGED).joins
    waiting = taken(inside, in_none, "albums", managed=MANAGED, waiting=frozenset({"721"}))
    assert () == waiting.leaves
    assert "No category" in waiting.refused[0][1]


def test_dates_and_visibility_have_no_field_and_what_is_gone_no_value() -> None:
    one = lake()

    assert "no field" in taken(one, faithful(one), "date_taken").refused[0][1]
    gone = audit.take(one, [finding("title")], None, ground())
    assert "not online any more" in gone.refused[0][1]


def test_only_what_can_be_taken_is_offered() -> None:
    for field, offered in (("title", True), ("date_taken", False), ("visibility", False)):
        can = audit.decisions_for(finding(field, "changed_here"))
        assert offered == ("take_theirs" in can)
    assert "take_theirs" not in audit.decisions_for(finding("photo_id", "gone_online"))
    assert "take_theirs" not in audit.decisions_for(finding("title", "both_alike"))


words = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Co"), blacklist_characters="\u2060|"),
    min_size=1,
    max_size=40,
).map(str.strip)


@settings(max_examples=150, deadline=None)
@given(headline=words, description=words, platform=st.sampled_from(["flickr", "pixelfed"]))
def test_what_is_solved_makes_the_text_that_is_online(
    headline: str, description: str, platform: PlatformName
) -> None:
    one = lake(headline="From the pier", description="It lay still.")
    new = replace(one, headline=headline, description=description)
    online, field = faithful(new, platform=platform), "description"
    field = "description" if platform == "flickr" else "caption"

    found = taken(one, online, field)

    if found.taken:
        now = replace(one, **found.values)
        made = getattr(text_of(now, platform), field)
        assert SAME[platform](field, made, getattr(online, field))
    else:
        assert found.refused


# what else is pure


def test_standing_tells_what_was_compared_and_what_waits() -> None:
    root = Category(path="Socials|flickr|_update")
    photos = [
        lake(),
        photo("2", records=(record("2", "flickr", "78"),), categories=(root,)),
        photo("3"),
    ]
    online = inventory(faithful(photos[0]), remote("78"))

    assert {"1": "compared", "2": "waiting"} == audit.standing(photos, known(online))


def test_figures_count_by_month_album_kind_and_answers() -> None:
    from socials_lib.models import Engagement

    one = lake()
    liked = replace(
        faithful(one), engagement=Engagement(comments=2, favourites=1, views=40), title="Online"
    )
    orphan = remote("99", title="By hand", date_taken="2023-05-06T08:00:00")
    waiting = photo("2", categories=(Category(path="Socials|flickr"),), date_time=None)
    found = inventory(liked, orphan, albums={"721": ("77",)}, titles={"721": "Coast"})

    made = audit.figures([one, waiting], known(found, managed=MANAGED), [finding("title")])

    assert [("2023", 1, 1), ("2024", 1, 1)] == [(b.words, b.online, b.total) for b in made.years]
    assert ["2023-05", "2024-03"] == [bar.words for bar in made.months]
    assert 1 == made.undated
    assert [("Coast", 1), ("in none of these albums", 1)] == [
        (bar.words, bar.online) for bar in made.albums
    ]
    assert [("Changed online", 1)] == [(bar.words, bar.online) for bar in made.problems]
    [best] = made.engagement
    assert (one.title, 3) == (best.words, best.online)
    assert "2 comments and 1 favourite, 40 views" == best.note


def test_a_page_says_which_platform_was_not_compared() -> None:
    from audit_kit import NOW

    page = audit.to_html([], made=NOW, titles={}, urls={}, missing=["Pixelfed <was> down"])

    assert "Pixelfed &lt;was&gt; down" in page
    assert "all is as IMatch says" not in page


def test_a_version_is_not_counted_beside_its_master() -> None:
    one = lake()
    twin = photo("2", records=(record("1", "flickr", "77"),))
    made = audit.figures([one, twin], known(inventory(faithful(one))), [])

    assert 1 == sum(bar.total for bar in made.years)


def test_after_a_send_nothing_has_to_be_taken() -> None:
    one = lake()
    found = audit.examine([one], known(inventory(faithful(one)), last_sent={"1": sent(one)}))

    assert [] == codes(found)
