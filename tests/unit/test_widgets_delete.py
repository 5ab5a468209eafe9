"""The step delete: nothing leaves that was not typed, nothing with answers that was not named."""

import pytest
from step_rig import Rig, Steps

from socials_lib.widgets.checking import Checked


def leaving(rig, title, platform="flickr", **engagement):
    photo = rig.photo(title, **{platform: True}, flags=[f"{platform}|_delete"])
    if platform == "flickr":
        rig.online(platform, photo, title=title, **engagement)
    else:
        rig.online(platform, photo, caption=title, **engagement)
    return photo


def words(pane):
    return [one.text.value for one in pane.list.children]


def test_nothing_leaves_before_the_number_is_typed(rig):
    leaving(rig, "Pier")
    steps = Steps(rig)
    pane = steps.pane("delete")
    disabled = pane.go.disabled
    pane.go.click()

    assert disabled
    assert "Type delete 1 to allow it." in pane.reason.value
    assert "1 photo is in _delete: 1 leaves Flickr for good." in pane.forecast.value
    assert ["Pier"] == steps.titles()


@pytest.mark.parametrize("platform", ["flickr", "pixelfed"])
def test_the_typed_number_deletes_and_the_field_empties(rig, platform):
    pier = leaving(rig, "Pier", platform)
    steps = Steps(rig)
    pane = steps.pane("delete", platform)
    pane.field.value = " Delete  1 "
    label = pane.go.description
    steps.press(pane)

    assert f"Delete 1 photo from {platform.capitalize()}" == label
    assert "" == pane.field.value
    assert [] == (steps.titles() if platform == "flickr" else rig.statuses())
    assert {} == rig.ids(platform, pier)
    assert set() == rig.categories(pier)
    assert "✓ Deleted" == steps.pill(pier, platform)


def test_a_wrong_number_is_told_and_the_field_empties(rig):
    leaving(rig, "Pier")
    leaving(rig, "Harbour")
    steps = Steps(rig)
    pane = steps.pane("delete")
    pane.field.value = "delete 1"
    assert pane.go.disabled
    pane.go.click()

    assert "The field says “delete 1”, but 2 photos are listed." == pane.model.message.fact
    assert "Type delete 2." == pane.model.message.hint
    assert "" == pane.field.value
    assert ["Harbour", "Pier"] == steps.titles()


def test_a_count_typed_for_one_photo_does_not_delete_another(rig):
    pier = leaving(rig, "Pier")
    harbour = rig.photo("Harbour", flickr=True)
    rig.online("flickr", harbour, title="Harbour")
    steps = Steps(rig)
    pane = steps.pane("delete")
    pane.field.value = "delete 1"
    rig.unflag(pier, "flickr|_delete")
    rig.flag(harbour, "flickr|_delete")
    steps.read_again()
    pane.look.click()
    assert pane.model.looker.wait(30)
    pane.paint()

    assert [harbour] == [row.file_id for row in pane.model.leaving]
    assert "" == pane.field.value
    assert pane.go.disabled
    assert "Type delete 1 to allow it." in pane.reason.value


def test_a_tick_that_changes_what_leaves_empties_the_field(rig):
    leaving(rig, "Pier")
    harbour = leaving(rig, "Harbour", comments=1)
    pane = Steps(rig).pane("delete")
    pane.field.value = "delete 1"
    line = next(one for one in pane.list.children if one.row.file_id == harbour)
    line.tick.value = True

    assert "" == pane.field.value
    assert "Type delete 2 to allow it." in pane.reason.value


def test_a_count_stays_while_the_same_photos_leave(rig):
    leaving(rig, "Pier")
    steps = Steps(rig)
    pane = steps.pane("delete")
    pane.field.value = "delete 1"
    steps.read_again()
    pane.paint()

    assert "delete 1" == pane.field.value
    assert not pane.go.disabled


def test_a_photo_with_answers_stays_until_it_is_ticked_by_name(rig):
    pier, harbour = leaving(rig, "Pier"), leaving(rig, "Harbour", comments=1, favourites=2)
    steps = Steps(rig)
    pane = steps.pane("delete")
    assert "1 leaves Flickr for good, 1 stays" in pane.forecast.value
    assert "delete 1" == pane.model.wanted
    pane.field.value = "delete 1"
    steps.press(pane)
    assert ["Harbour"] == steps.titles()
    assert "✓ Deleted" == steps.pill(pier)

    line = next(one for one in pane.list.children if one.row.file_id == harbour)
    assert "Delete although it has 1 comment and 2 favourites" == line.tick.description
    line.tick.value = True
    pane.field.value = pane.model.wanted
    steps.press(pane)
    assert [] == steps.titles()


def test_an_answer_that_came_in_the_last_moment_keeps_the_photo(rig):
    pier = leaving(rig, "Pier")
    steps = Steps(rig)
    pane = steps.pane("delete")
    photo_id = next(iter(rig.flickr.backend.photos))
    rig.flickr.backend.add_comment(photo_id, "Please keep it")
    pane.field.value = "delete 1"
    steps.press(pane)

    assert ["Pier"] == steps.titles()
    assert "✕ Blocked" == steps.pill(pier)
    assert "First look what people left under them." in pane.reason.value
    pane.look.click()
    assert pane.model.looker.wait(20)
    pane.paint()
    assert "1 comment" in pane.list.children[0].tick.description


def test_a_photo_that_is_gone_is_only_tidied_and_not_counted(rig):
    gone = leaving(rig, "Gone")
    rig.flickr.backend.photos.clear()
    never = rig.photo("Never online", flickr=True, flags=["flickr|_delete"])
    online = leaving(rig, "Pier")
    steps = Steps(rig)
    pane = steps.pane("delete")
    said = pane.forecast.value
    wanted = pane.model.wanted
    pane.field.value = wanted
    steps.press(pane)

    assert "1 leaves Flickr for good, 2 are not online: only IMatch is tidied" in said
    assert "delete 1" == wanted
    assert [] == steps.titles()
    assert [set()] * 3 == [rig.categories(one) for one in (gone, never, online)]


def test_if_nothing_leaves_no_number_is_asked(rig):
    never = rig.photo("Never online", flickr=True, flags=["flickr|_delete"])
    steps = Steps(rig)
    pane = steps.pane("delete")
    label = pane.go.description
    steps.press(pane)

    assert "Tidy 1 photo in IMatch" == label
    assert () == pane.typed_row.children
    assert set() == rig.categories(never)


def test_more_than_may_go_at_once_is_refused(tmp_path):
    rig = Rig(tmp_path, SOCIALS_DELETE_MOST="1")
    try:
        leaving(rig, "Pier")
        leaving(rig, "Harbour")
        steps = Steps(rig)
        pane = steps.pane("delete")
        pane.field.value = "delete 2"
        pane.go.click()

        assert pane.go.disabled
        assert "at most 1 can go at once" in pane.trouble.message.fact
        assert ["Harbour", "Pier"] == steps.titles()
    finally:
        rig.stop()


def test_each_platform_is_deleted_from_alone(rig):
    photo = leaving(rig, "Pier")
    rig.put(int(photo), "Socials|pixelfed")
    rig.put(int(photo), "Socials|pixelfed|_delete")
    rig.online("pixelfed", photo)
    steps = Steps(rig)
    pane = steps.pane("delete", "pixelfed")
    pane.field.value = "delete 1"
    steps.press(pane)

    assert ["Pier"] == steps.titles()
    assert [] == rig.statuses()


def test_somebody_elses_photo_stays_and_says_why(rig):
    leaving(rig, "Pier")
    for photo in rig.flickr.backend.photos.values():
        photo.owner = rig.flickr.backend.other.nsid
    pane = Steps(rig).pane("delete")

    assert "belongs to another" in words(pane)[0]
    assert "1 stays" in pane.forecast.value
    assert pane.go.disabled


def test_reading_answers_that_fails_keeps_the_button_shut(rig):
    leaving(rig, "Pier")
    rig.wb.account("flickr")
    steps = Steps(rig)
    rig.flickr.fail_next("flickr.photos.getInfo", status=500, times=-1)
    pane = steps.pane("delete")

    assert pane.go.disabled
    assert pane.model.message is not None
    assert not pane.look.disabled
    assert ["Pier"] == steps.titles()


def test_titles_are_escaped(rig):
    leaving(rig, "<img src=x onerror=alert(1)>")
    pane = Steps(rig).pane("delete")

    assert "<img src=x" not in words(pane)[0]


def test_a_check_says_what_it_found():
    found = Checked(total=37, good=35, word="added", changed=("Fog",), wrong=(("A<b>", "too big"),))

    expected = "Checked 37: 35 would be added, 1 has changed, 1 cannot be sent."
    assert expected == found.fact
    assert "A&lt;b&gt;" in found.html
