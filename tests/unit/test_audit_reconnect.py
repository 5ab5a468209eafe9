"""Matching without a network: proofs, series, contradictions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from audit_kit import faithful, inventory, known, photo, record, remote, sent, tags
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socials_lib import audit
from socials_lib.models import Photo, RemotePhoto

SHA = "0123456789abcdef"
OTHER = "fedcba9876543210"


def stamped(one: RemotePhoto, file_id: str, sha: str = SHA) -> RemotePhoto:
    return replace(one, tags=(*one.tags, *tags(f"imatch:id={file_id}", f"imatch:sha={sha}")))


def match(photos: list[Photo], *online: RemotePhoto, hashes=None, **more) -> list[tuple]:
    """Remote id, tier, file ids."""
    platform = online[0].ref.platform
    found = audit.reconnect(
        photos,
        known(inventory(*online, platform=platform), **more),
        hashes={key: frozenset({value}) for key, value in (hashes or {}).items()},
    )
    return [(one.remote.ref.remote_id, one.tier, one.file_ids) for one in found]


def test_a_stamp_with_both_marks_is_proof_whatever_the_texts_say() -> None:
    online = stamped(remote("77", title="Renamed"), "1")

    found = match([photo("1"), photo("2")], online, hashes={"1": SHA, "2": OTHER})

    assert [("77", "certain", ("1",))] == found


def test_the_id_in_a_stamp_of_a_rebuilt_database_is_no_proof() -> None:
    """The id is another file's now: its picture has another hash."""
    wrong, right = photo("1", title="Same"), photo("2", title="Same")
    online = stamped(remote("77", title="Same", date_taken="2024-03-19T05:06:07"), "1")

    found = match([wrong, right], online, hashes={"1": OTHER, "2": SHA})

    assert [("77", "certain", ("2",))] == found
    assert ["likely"] == [one[1] for one in match([wrong, right], online)]


def test_the_picture_of_a_stamp_and_the_time_are_certain_under_another_file_id() -> None:
    one = photo("5", date_time=datetime.fromisoformat("2024-03-19T05:06:09"))
    online = stamped(remote("77", title="Renamed", date_taken="2024-03-19T05:06:09"), "1")

    assert [("77", "certain", ("5",))] == match([one, photo("1")], online, hashes={"5": SHA})


def test_a_photo_that_was_sent_twice_is_left_to_the_person() -> None:
    one = photo("1")
    twice = [stamped(faithful(one, ident), "1") for ident in ("77", "78")]

    found = match([one], *twice, hashes={"1": SHA})

    assert [("77", "choose", ("1",)), ("78", "choose", ("1",))] == found


def test_a_second_upload_of_a_linked_photo_is_not_given_to_its_twin() -> None:
    """Same title, same second: the free one of a series is not certain."""
    linked = photo("1", title="Gulls", records=(record("1", "flickr", "77"),))
    free = photo("2", title="Gulls")

    found = match([linked, free], faithful(linked, "77"), faithful(linked, "78"))

    assert [("78", "certain", ("2",))] != found
    assert all(one[1] != "certain" for one in found)


def test_sides_of_another_shape_speak_against_a_match() -> None:
    one = photo("1", width=6000, height=4000)
    fits = replace(faithful(one), width=600, height=400)
    turned = replace(faithful(one), width=400, height=600)
    odd = replace(faithful(one), width=400, height=400)

    assert [("77", "certain", ("1",))] == match([one], fits)
    assert [("77", "certain", ("1",))] == match([one], turned)
    assert [("77", "likely", ("1",))] == match([one], odd)


def test_a_time_alone_is_likely() -> None:
    one = photo("1")

    assert [("77", "likely", ("1",))] == match([one], replace(faithful(one), title="Renamed"))


def test_what_shares_nothing_is_no_match() -> None:
    assert [] == match([photo("1")], remote("77", title="Elsewhere"))


def test_an_address_of_any_form_and_the_journal_are_proof() -> None:
    strange = "https://www.flickr.com/photos/upload/edit/?ids=54159001658"
    one = photo("1", records=(record("1", "flickr", url=strange),))
    two = photo("2")
    online = [remote("54159001658"), remote("77")]

    found = match([one, two], *online, last_sent={"2": sent(two)})

    assert {("54159001658", "certain", ("1",)), ("77", "certain", ("2",))} == set(found)


def test_posts_are_found_by_caption_and_alt_text_or_media_id() -> None:
    one, two = photo("1"), photo("2", records=(record("2", "pixelfed", media_id="9"),))
    fits = faithful(one, "77", "pixelfed")
    media = remote("78", "pixelfed", caption="Rewritten", media_ids=("9",))
    renamed = replace(fits, ref=replace(fits.ref, remote_id="79"), alt_texts=("Other",))

    assert {("77", "certain", ("1",)), ("78", "certain", ("2",))} == set(
        match([one, two], fits, media)
    )
    assert [("79", "likely", ("1",))] == match([one], renamed)


def test_an_edited_caption_comes_back_escaped_and_is_found() -> None:
    one = photo("1", title="Boats & cranes")
    online = faithful(one, "77", "pixelfed")
    escaped = replace(online, caption=online.caption.replace("&", "&amp;"))

    assert [("77", "certain", ("1",))] == match([one], escaped)


def test_known_photos_are_not_matched_again() -> None:
    one = photo("1", records=(record("1", "flickr", "77"),))

    assert [] == match([one], faithful(one))


def test_a_photo_whose_id_is_gone_can_be_found_again() -> None:
    one = photo("1", records=(record("1", "flickr", "76"),))

    assert [("77", "certain", ("1",))] == match([one], faithful(one))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.booleans()), min_size=1, max_size=9
    )
)
def test_no_certain_match_is_wrong_however_alike_the_photos_are(made: list[tuple]) -> None:
    """Few titles, few seconds, some of them online, all without stamps."""
    photos = [
        photo(str(n), title=title, date_time=datetime.fromisoformat(f"2024-03-19T05:06:0{second}"))
        for n, (title, second, _) in enumerate(made, start=1)
    ]
    online = [
        faithful(one, f"9{one.file_id}")
        for one, (_, _, is_online) in zip(photos, made, strict=True)
        if is_online
    ]
    if not online:
        return
    for ident, tier, file_ids in match(photos, *online):
        assert tier != "certain" or (ident[1:],) == file_ids


@pytest.mark.parametrize("tier", audit.TIERS)
def test_a_choice_is_a_match_with_one_photo(tier: str) -> None:
    one = audit.Match(platform="flickr", remote=remote(), tier=tier, file_ids=("1", "2"))

    assert ("2",) == one.chosen("2").file_ids
