"""All photos of a platform against its inventory: one case per finding."""

from __future__ import annotations

from dataclasses import replace

import pytest
from audit_kit import COAST, codes, faithful, inventory, known, photo, record, remote, sent, tags
from plan_kit import family

from socials_lib import audit
from socials_lib.models import Category, LastSent, Managed, OpenAct, Photo

ROOT = Category(path="Socials|flickr")


def lake(file_id: str = "1", ident: str = "77", **more) -> Photo:
    """A photo with a record."""
    records = (record(file_id, "flickr", ident),) if ident else ()
    return photo(file_id, records=records, **more)


def examine(photos: list[Photo], *online, looked=None, **more):
    return audit.examine(photos, known(inventory(*online), looked=looked or {}, **more))


def test_a_photo_that_is_online_as_it_is_in_imatch_is_no_finding() -> None:
    one = lake()

    assert () == examine([one], faithful(one))
    assert () == examine([one], faithful(one), last_sent={"1": sent(one)})


def test_the_same_on_pixelfed() -> None:
    one = photo("1", records=(record("1", "pixelfed", "77"),))
    online = faithful(one, platform="pixelfed")

    found = audit.examine([one], known(inventory(online, platform="pixelfed")))

    assert () == found


def test_an_unpublished_photo_is_no_finding() -> None:
    assert () == examine([lake(ident="")])


def test_gone_is_told_from_never_seen_by_what_we_sent() -> None:
    one = lake()

    assert [("published_without_remote", "photo_id")] == codes(examine([one]))
    assert [("gone_online", "photo_id")] == codes(examine([one], last_sent={"1": sent(one)}))


def test_one_look_tells_what_no_list_had() -> None:
    one = lake()

    assert [("not_yours", "photo_id")] == codes(examine([one], looked={"77": audit.NOT_OURS}))
    assert () == examine([one], looked={"77": faithful(one)})
    assert () == examine([one], looked={"77": audit.UNCLEAR})
    unlisted = audit.unlisted_ids([one, lake("2", "78")], known(inventory(remote("78"))))
    assert ("77",) == unlisted


def test_an_id_that_imatch_lost_is_adopted_or_gone() -> None:
    one = lake(ident="")
    journal = {"1": sent(one)}

    found = examine([one], faithful(one), last_sent=journal)

    assert [("lost_id", "photo_id")] == codes(found)
    assert "77" == found[0].remote_id
    assert [("gone_online", "photo_id")] == codes(examine([one], last_sent=journal))


def test_the_journal_of_another_database_is_not_believed() -> None:
    one = lake(ident="")

    assert () == examine([one], last_sent={"1": replace(sent(one), path="E:\\other.jpg")})


def test_a_renamed_file_keeps_what_was_last_sent_for_the_id_in_imatch() -> None:
    one = lake()
    renamed = {"1": replace(sent(one), path="D:\\Photos\\old name.jpg")}
    changed = replace(one, title="Another title")

    [here] = examine([changed], faithful(one), last_sent=renamed)

    assert "changed_here" == here.code


def test_a_record_without_an_id_says_that_it_was_published_once() -> None:
    one = photo("1", records=(record("1", "flickr"),))

    [found] = examine([one])

    assert ("published_without_remote", "") == (found.code, found.remote_id)


def test_one_id_on_two_strangers_is_found_on_both() -> None:
    found = examine([lake("1"), lake("2")], remote())

    assert [("1", "id_twice"), ("2", "id_twice")] == [(one.file_id, one.code) for one in found]


def test_a_master_and_its_version_with_one_id_are_one_photo() -> None:
    both = family(lake("1"), lake("2"))

    assert () == examine(list(both), faithful(both[0]), last_sent={"1": sent(both[0])})


def test_two_ids_on_one_photo_are_two_findings() -> None:
    one = photo("1", records=(record("1", "flickr", "77"), record("1", "flickr", "78")))

    found = examine([one], remote("78"))

    assert [("77", "not online"), ("78", "online")] == [(f.remote_id, f.remote) for f in found]


def test_what_belongs_to_no_photo_is_an_orphan() -> None:
    one = lake()

    [found] = examine([one], faithful(one), remote("99", title="By hand"))

    assert ("orphan", "", "99", "By hand") == (
        found.code,
        found.file_id,
        found.remote_id,
        found.remote,
    )


def test_an_orphan_on_pixelfed_is_called_by_its_first_line() -> None:
    online = remote("99", "pixelfed", caption="Dawn\n\n#lake")

    [found] = audit.examine([], known(inventory(online, platform="pixelfed")))

    assert "Dawn" == found.remote


def test_what_a_run_is_doing_just_now_is_left_out() -> None:
    one = lake(ident="")
    act = OpenAct(platform="flickr", file_id="1", action="add", state="open", remote_id="77")

    assert () == examine([one], faithful(one), open_acts=(act,))


@pytest.mark.parametrize("leaf", ["_update", "_metadata", "_delete"])
def test_what_the_categories_ask_for_already_is_the_next_plans_matter(leaf: str) -> None:
    queued = (ROOT, Category(path=f"Socials|flickr|{leaf}"))
    one = lake(categories=queued)
    online = replace(faithful(one), title="Renamed")

    assert () == examine([one], online)
    hidden = replace(faithful(one), visibility="private")
    expected = [] if leaf == "_delete" else [("privacy_changed", "visibility")]
    assert expected == codes(examine([one], hidden))


def test_an_album_that_is_gone_is_one_finding_and_no_drift_of_its_photos() -> None:
    one = lake(categories=(ROOT, Category(path=COAST.category, description="721")))
    gone = inventory(faithful(one), unread=("721",))

    found = audit.examine([one], known(gone, managed=Managed(albums=(COAST,))))

    assert [("album_gone", "albums")] == codes(found)
    assert COAST.category == found[0].imatch


def test_albums_are_compared_by_listing() -> None:
    one = lake(categories=(ROOT, Category(path=COAST.category, description="721")))
    managed = Managed(albums=(COAST,))
    inside = inventory(faithful(one), albums={"721": ("77",)})
    outside = inventory(faithful(one), albums={"721": ("5",)})

    assert () == audit.examine([one], known(inside, managed=managed))
    [found] = audit.examine([one], known(outside, managed=managed))
    assert ("album_drift", "Coast", None) == (found.code, found.imatch, found.remote)


def test_stamps_online_name_the_files_they_came_from() -> None:
    stamped = remote("77", tags=tags("imatch:id=17", "imatch:sha=0123456789abcdef", "lake"))

    assert {"17": {"0123456789abcdef"}} == audit.stamps(inventory(stamped, remote("78")))


def test_an_id_without_texts_in_the_journal_is_no_base() -> None:
    """What linking leaves behind: nobody knows what was sent."""
    one = lake()
    linked = LastSent(remote_id="77", path=one.path, file_id="1")
    online = replace(faithful(one), title="Renamed")

    assert [("no_base", "title")] == codes(examine([one], online, last_sent={"1": linked}))
