"""New photos go online, once, whole, and their ids come home."""

import datetime

import pytest
from PIL import Image
from rig import ALBUMS, GROUPS, outcome, states


def test_a_new_photo_is_on_both_platforms_with_its_texts(rig):
    dawn = rig.photo(flickr=True, pixelfed=True)
    run = rig.sync()

    assert ["done", "done"] == states(run)
    photo = rig.flickr_photos()["Dawn over the lake"]
    assert photo["description"] == (
        "Dawn over the lake, seen from the pier\n\nThe lake lay still.\n\n"
        "ISO 200 | 1/100 sec | f/6.3 | 45.0 mm\nCanon EOS R50 | RF-S 18-45mm"
    )
    [status] = rig.statuses()
    assert (status.caption or "").startswith(
        "Dawn over the lake -- Dawn over the lake, seen from the pier (Taken 19 March 2024)\n\n#"
    )
    assert {"flickr", "pixelfed"} == rig.categories(dawn)


def test_the_ids_are_in_the_attributes_with_todays_date(rig):
    dawn = rig.photo(flickr=True, pixelfed=True)
    day_before = today()
    run = rig.sync()

    flickr, pixelfed = rig.ids("flickr", dawn), rig.ids("pixelfed", dawn)
    assert outcome(run, dawn).remote_id == flickr["photo_id"]
    assert outcome(run, dawn, "pixelfed").remote_id == pixelfed["status_id"]
    assert {flickr["posted"], pixelfed["posted"]} <= {day_before, today()}
    assert pixelfed["media_id"]
    assert flickr["photo_id"] in flickr["url"]
    assert pixelfed["status_id"] in pixelfed["url"]


def today():
    return datetime.date.today().isoformat()  # noqa: DTZ011 (the photographer's own date)


def test_a_second_run_does_nothing(rig):
    rig.photo(flickr=True, pixelfed=True)
    rig.sync()
    before = (rig.flickr.backend.snapshot(), rig.pixelfed.backend.snapshot())
    run = rig.sync()

    assert () == run.outcomes
    assert before == (rig.flickr.backend.snapshot(), rig.pixelfed.backend.snapshot())


def test_a_photo_joins_its_albums_and_groups(rig):
    rig.albums_and_groups()
    dawn = rig.photo(flickr=True, albums=["Coast"], groups=["Tasmania"])
    run = rig.sync()

    found = outcome(run, dawn)
    assert ("done", ()) == (found.state, found.warnings)
    photo = rig.flickr_photos()["Dawn over the lake"]
    state = rig.flickr.backend.snapshot()
    assert photo["id"] in state["albums"][ALBUMS["Coast"]]["photos"]
    assert photo["id"] in state["groups"][GROUPS["Tasmania"]]["pool"]


def test_an_add_costs_as_few_calls_as_promised(rig):
    rig.albums_and_groups()
    rig.photo(flickr=True, albums=["Coast"], groups=["Tasmania"])
    rig.photo("Fog and gulls", flickr=True, taken="2024-03-20T07:00:00")
    rig.wb.account("flickr")
    rig.flickr.requests.clear()
    rig.sync("flickr")

    calls = [one for one in rig.flickr.operations() if not _is_account(one)]
    # the first copy brings its own date (1 + album + group), the second needs one to be set (2)
    assert 5 == len(calls)


def _is_account(operation):
    return operation.startswith(("flickr.test.", "flickr.auth.", "flickr.people.getUpload"))


def test_nothing_private_is_in_the_bytes_that_arrive(rig):
    rig.photo(flickr=True, pixelfed=True)
    rig.sync()

    [photo] = rig.flickr.backend.photos.values()
    media = list(rig.pixelfed.backend.media.values())
    for data in (photo.data, *(one.received for one in media)):
        assert not _gps(data)
        assert b"photoshop" not in data.lower()


def _gps(data):
    import io

    return Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)


def test_one_bad_photo_never_stops_the_others(rig):
    rig.photo("No headline", pixelfed=True, headline=None)
    good = rig.photo("Fog and gulls", pixelfed=True)
    plan = rig.plan()
    run = rig.wb.apply(plan)

    assert [good] == [one.file_id for one in run.outcomes]
    blocked = [row for row in plan.rows if row.blocked]
    assert [["missing_headline"]] == [[one.code for one in row.problems] for row in blocked]


def test_blocked_photos_are_shown_in_imatch_and_leave_when_mended(rig):
    bad = rig.photo("No headline", pixelfed=True, headline=None)
    rig.sync()
    leaf = "Socials|pixelfed|__errors|missing headline"
    assert [int(bad)] == rig.imws.backend.files_in(leaf)

    rig.edit(bad, headline="Now it has one")
    rig.sync()
    assert [] == rig.imws.backend.files_in(leaf)


@pytest.mark.parametrize("platform", ["flickr", "pixelfed"])
def test_a_photo_that_changed_after_the_plan_is_left_alone(rig, platform):
    dawn = rig.photo(flickr=True, pixelfed=True)
    plan = rig.plan(platform)
    rig.edit(dawn, title="Changed by somebody else")
    run = rig.wb.apply(plan)

    assert ["stale"] == states(run)
    assert [] == rig.flickr_titles()
    assert [] == rig.statuses()


def test_private_visibility_of_the_settings_is_used(rig):
    rig.anew(SOCIALS_PIXELFED_VISIBILITY="private")
    rig.photo(pixelfed=True)
    run = rig.sync()

    assert ["done"] == states(run)
    assert ["private"] == [one.scope for one in rig.statuses()]


def test_a_full_group_waits_and_is_no_failure(rig):
    rig.albums_and_groups()
    for number in range(4):
        rig.photo(f"Picture {number}", flickr=True, groups=["Daily three"])
    run = rig.sync("flickr")

    assert ["done"] * 4 == states(run)
    assert 1 == sum(bool(one.warnings) for one in run.outcomes)
    from socials_lib.sync import exit_code

    assert 0 == exit_code(run)
    assert () == rig.sync("flickr").outcomes


def test_an_unknown_album_warns_and_is_joined_once_its_id_is_mended(rig):
    rig.albums_and_groups()
    rig.seed.category("Socials|flickr|albums|Coast", "72157700000009999")
    dawn = rig.photo(flickr=True, albums=["Coast"])
    run = rig.sync("flickr")
    from socials_lib.sync import exit_code

    assert ["done"] == states(run)
    assert 3 == exit_code(run)
    assert outcome(run, dawn).remote_id == rig.ids("flickr", dawn)["photo_id"]

    category = rig.imws.backend.categories.get("Socials|flickr|albums|Coast")
    category.description = ALBUMS["Coast"]
    again = rig.sync("flickr")
    assert ["done"] == states(again)
    photo = rig.flickr_photos()["Dawn over the lake"]
    assert photo["id"] in rig.flickr.backend.snapshot()["albums"][ALBUMS["Coast"]]["photos"]


def test_a_plan_of_chosen_photos_leaves_the_others_in_their_error_categories(rig):
    fine = rig.photo("Pier", flickr=True)
    faulty = rig.photo("Faulty", flickr=True, description=None)
    leaf = "Socials|flickr|__errors|missing description"
    for one in (fine, faulty):
        rig.flag(one, leaf.removeprefix("Socials|"))
    pending = rig.wb.load_pending("flickr")
    plan = rig.wb.plan([one for one in pending if one.file_id == fine])

    assert [fine] == [row.file_id for row in plan.rows]
    rig.wb.apply(plan)
    found = [one for one in (fine, faulty) if leaf in rig.imws.backend.categories_of(int(one))]
    assert [faulty] == found
