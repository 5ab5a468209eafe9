"""Updates and metadata: only what differs, hand-made things stay."""

import io

import pytest
from PIL import Image
from rig import ALBUMS, GROUPS, outcome, picture, states

ORIENTATION = 0x0112


def test_metadata_changes_texts_and_not_the_picture(rig):
    dawn = rig.photo(flickr=True, flags=["flickr|_metadata"])
    photo_id = rig.online("flickr", dawn)
    before = rig.flickr.backend.photos[photo_id].data
    run = rig.sync("flickr")

    assert ["done"] == states(run)
    photo = rig.flickr.backend.photos[photo_id]
    assert "Dawn over the lake" == photo.title
    assert before == photo.data
    assert {"flickr"} == rig.categories(dawn)
    assert "2023-05-06" == rig.ids("flickr", dawn)["posted"]


def test_update_sends_the_picture_too(rig):
    dawn = rig.photo(flickr=True, flags=["flickr|_update"])
    photo_id = rig.online("flickr", dawn)
    secret = rig.flickr.backend.photos[photo_id].secret
    run = rig.sync("flickr")

    assert ["done"] == states(run)
    assert secret != rig.flickr.backend.photos[photo_id].secret
    assert [1, 0] == [rig.flickr.count("replace"), rig.flickr.count("upload")]
    assert {"flickr"} == rig.categories(dawn)


def test_an_unchanged_picture_is_not_sent_again(rig):
    dawn = rig.photo(flickr=True)
    rig.sync("flickr")
    rig.flag(dawn, "flickr|_update")
    rig.edit(dawn, title="Dawn, another title")
    run = rig.sync("flickr")

    assert ["done"] == states(run)
    assert 0 == rig.flickr.count("replace")
    assert ["Dawn, another title"] == rig.flickr_titles()


def test_a_picture_that_was_only_turned_is_sent_again_once(rig):
    dawn = rig.photo(flickr=True)
    rig.sync("flickr")
    turn(rig.folder / f"photo-{dawn}.jpg")
    rig.flag(dawn, "flickr|_update")
    run = rig.sync("flickr")

    assert (["done"], 1) == (states(run), rig.flickr.count("replace"))
    (photo,) = rig.flickr.backend.photos.values()
    with Image.open(io.BytesIO(photo.data)) as sent:
        assert 6 == sent.getexif()[ORIENTATION]
    rig.flag(dawn, "flickr|_update")
    rig.sync("flickr")
    assert 1 == rig.flickr.count("replace")


def turn(path):
    """What programs do that turn a picture without touching its data; the rest stays."""
    plain = path.read_bytes()
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    block = exif.tobytes()
    with Image.open(path) as image:
        old = image.info["exif"]
    assert 1 == plain.count(old)
    at = plain.index(old)
    size = (len(block) + 2).to_bytes(2, "big")
    path.write_bytes(plain[: at - 2] + size + block + plain[at + len(old) :])


def test_a_changed_text_without_a_flag_is_suggested_and_not_sent(rig):
    dawn = rig.photo(flickr=True)
    rig.sync("flickr")
    rig.edit(dawn, title="Dawn, another title")
    [row] = rig.plan("flickr").rows

    assert ("metadata", True, False) == (row.action, row.suggested, row.approved)
    assert () == rig.sync("flickr").outcomes
    run = rig.sync("flickr", approve=[dawn])
    assert ["done"] == states(run)
    assert ["Dawn, another title"] == rig.flickr_titles()


def test_memberships_follow_imatch_and_hand_made_ones_stay(rig):
    rig.albums_and_groups()
    dawn = rig.photo(flickr=True, flags=["flickr|_metadata"], albums=["Coast"])
    rig.seed.category("Socials|flickr|albums|Harbours", ALBUMS["Harbours"])
    photo_id = rig.online("flickr", dawn)
    backend = rig.flickr.backend
    backend.albums[ALBUMS["Harbours"]].photos.append(photo_id)
    by_hand = backend.add_album("Made by hand", [photo_id])
    run = rig.sync("flickr")

    assert ["done"] == states(run)
    albums = backend.snapshot()["albums"]
    assert photo_id in albums[ALBUMS["Coast"]]["photos"]
    assert photo_id not in albums[ALBUMS["Harbours"]]["photos"]
    assert photo_id in albums[by_hand]["photos"]


def test_tags_made_by_hand_stay_and_ours_go(rig):
    dawn = rig.photo(flickr=True, hierarchicalkeywords=["Nature|Water", "Morning"])
    rig.sync("flickr")
    photo_id = rig.ids("flickr", dawn)["photo_id"]
    rig.flickr.backend.add_tag(photo_id, "by hand")
    rig.flag(dawn, "flickr|_metadata")
    rig.edit(dawn, hierarchicalkeywords=["Nature|Water"])
    rig.sync("flickr")

    raw = {tag.raw for tag in rig.flickr.backend.photos[photo_id].tags}
    assert {"Nature", "Water", "by hand"} <= raw
    assert "Morning" not in raw


def test_a_text_edited_online_is_kept_before_imatch_wins(rig):
    dawn = rig.photo(flickr=True)
    rig.sync("flickr")
    photo_id = rig.ids("flickr", dawn)["photo_id"]
    rig.flickr.backend.photos[photo_id].title = "Edited on the web"
    rig.flag(dawn, "flickr|_metadata")
    rig.edit(dawn, title="The title of IMatch")
    run = rig.sync("flickr")

    assert ["edited_online"] == [note.code for note in outcome(run, dawn).warnings]
    assert ["The title of IMatch"] == rig.flickr_titles()
    assert "Edited on the web" in [one["value"] for one in rig.wb.journal.kept(photo_id)]


def test_pixelfed_text_and_alt_text_are_updated_and_the_picture_cannot_be(rig):
    dawn = rig.photo(pixelfed=True, flags=["pixelfed|_update"])
    status_id = rig.online("pixelfed", dawn)
    run = rig.sync("pixelfed")

    assert ["done"] == states(run)
    codes = [note.code for note in outcome(run, dawn, "pixelfed").warnings]
    assert "picture_not_replaceable" in codes
    [status] = [one for one in rig.statuses() if one.id == status_id]
    assert (status.caption or "").startswith("Dawn over the lake -- ")
    assert {"pixelfed"} == rig.categories(dawn)


def test_a_pixelfed_edit_that_changes_nothing_costs_no_edit(rig):
    dawn = rig.photo(pixelfed=True)
    rig.sync("pixelfed")
    rig.flag(dawn, "pixelfed|_metadata")
    rig.pixelfed.requests.clear()
    run = rig.sync("pixelfed")

    assert ["done"] == states(run)
    assert 0 == rig.pixelfed.count("PUT /api/v1/statuses/:id")


def test_a_photo_that_is_gone_online_fails_with_a_way_out(rig):
    dawn = rig.photo(flickr=True, flags=["flickr|_metadata"])
    photo_id = rig.online("flickr", dawn)
    del rig.flickr.backend.photos[photo_id]
    run = rig.sync("flickr")

    found = outcome(run, dawn)
    assert ("failed", "not_on_platform") == (found.state, found.code)
    assert found.hint
    assert "flickr|_metadata" in rig.categories(dawn)


@pytest.mark.parametrize("flag", ["_update", "_metadata", "_delete"])
def test_somebody_elses_photo_is_never_touched(rig, flag):
    dawn = rig.photo(flickr=True, flags=[f"flickr|{flag}"])
    foreign = rig.flickr.backend.add_photo(picture(7), title="Not ours", owner="lighthouse")
    rig.record("flickr", dawn, photo_id=foreign, url="", posted="2023-01-01")
    run = rig.sync("flickr", deletes=5)

    assert [("failed", "not_yours")] == [(one.state, one.code) for one in run.outcomes]
    assert "Not ours" == rig.flickr.backend.photos[foreign].title


def test_groups_are_left_when_the_category_is_left(rig):
    rig.albums_and_groups()
    dawn = rig.photo(flickr=True, groups=["Tasmania"])
    rig.sync("flickr")
    rig.unflag(dawn, "flickr|groups|Tasmania")
    rig.flag(dawn, "flickr|_metadata")
    run = rig.sync("flickr")

    assert ["done"] == states(run)
    photo_id = rig.ids("flickr", dawn)["photo_id"]
    assert photo_id not in rig.flickr.backend.snapshot()["groups"][GROUPS["Tasmania"]]["pool"]
