"""Lost answers while clocks differ, and doubled requests: never two photos, never a wrong one."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
import requests
from rig import outcome, states
from werkzeug.serving import WSGIRequestHandler

LOST = [{"status": 502, "when": "after"}, {"drop_answer": True}]
HOURS = 3600


def lose(rig, platform, **how):
    """The answer to the next upload or post gets lost."""
    stand_in = {"flickr": rig.flickr, "pixelfed": rig.pixelfed}[platform]
    where = {"flickr": "/services/upload/", "pixelfed": "POST /api/v1/statuses"}[platform]
    stand_in.fail_next(where, **how)


def set_clock(rig, platform, seconds):
    """The service's clock is so far ahead of this computer's."""
    stand_in = {"flickr": rig.flickr, "pixelfed": rig.pixelfed}[platform]
    stand_in.backend.clock = lambda: time.time() + seconds


def tell_time(monkeypatch, seconds):
    """All stand-ins say in their `Date` that they are so far ahead."""
    true = WSGIRequestHandler.date_time_string

    def date_time_string(self, timestamp=None):
        return true(self, (timestamp or time.time()) + seconds)

    monkeypatch.setattr(WSGIRequestHandler, "date_time_string", date_time_string)


def online(rig, platform):
    """The ids of all that is online."""
    if platform == "flickr":
        return sorted(rig.flickr.backend.photos)
    return sorted(one.id for one in rig.statuses())


def id_of(rig, platform, file_id):
    """The id in IMatch."""
    return rig.ids(platform, file_id)[{"flickr": "photo_id", "pixelfed": "status_id"}[platform]]


@pytest.mark.parametrize("how", LOST, ids=["502", "dropped"])
@pytest.mark.parametrize("seconds", [-120, -5 * HOURS, 120, 5 * HOURS])
@pytest.mark.parametrize("platform", ["flickr", "pixelfed"])
def test_a_wrong_clock_and_a_lost_answer_make_no_second_photo(rig, platform, seconds, how):
    set_clock(rig, platform, seconds)
    dawn = rig.photo(**{platform: True})
    lose(rig, platform, **how)
    run = rig.sync(platform)

    assert ["done"] == states(run)
    assert [id_of(rig, platform, dawn)] == online(rig, platform)


@pytest.mark.parametrize("seconds", [-5 * HOURS, 5 * HOURS])
def test_without_the_stamp_the_clock_of_flickr_counts(rig, monkeypatch, seconds):
    rig.anew(SOCIALS_FLICKR_STAMP="false")
    set_clock(rig, "flickr", seconds)
    tell_time(monkeypatch, seconds)
    dawn = rig.photo("Sunset", flickr=True)
    lose(rig, "flickr", drop_answer=True)
    run = rig.sync("flickr")

    assert ["done"] == states(run)
    assert [id_of(rig, "flickr", dawn)] == online(rig, "flickr")


def forgotten(rig):
    """A photo that was published and whose id nobody is to know any more; file id, photo id."""
    dawn = rig.photo(flickr=True)
    rig.sync("flickr")
    old = id_of(rig, "flickr", dawn)
    entry, account = rig.seed.files[0], rig.wb.account("flickr").account.id
    rig.wb.journal.forget("flickr", account, dawn, entry.path, remote_id=old)
    rig.reload()
    return dawn, old


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_earlier_upload_of_the_same_file_is_never_taken_for_this_one(rig, moment):
    dawn, old = forgotten(rig)
    lose(rig, "flickr", status=502, when=moment)
    run = rig.sync("flickr")

    assert ["done"] == states(run)
    new = id_of(rig, "flickr", dawn)
    assert new != old
    assert sorted((old, new)) == online(rig, "flickr")


@pytest.mark.parametrize("moment", ["before", "after"])
def test_what_was_deleted_by_hand_and_added_again_has_its_new_id(rig, moment):
    dawn, old = forgotten(rig)
    del rig.flickr.backend.photos[old]
    lose(rig, "flickr", status=502, when=moment)
    rig.sync("flickr")

    assert [id_of(rig, "flickr", dawn)] == online(rig, "flickr")
    assert old not in online(rig, "flickr")


# other photos that look the same


def test_without_the_stamp_another_photo_of_the_same_title_is_not_adopted(rig):
    rig.anew(SOCIALS_FLICKR_STAMP="false")
    first, second = (rig.photo("Sunset", flickr=True) for _ in range(2))
    lose(rig, "flickr", status=502, when="before", skip=1)
    run = rig.sync("flickr")

    assert ["done", "done"] == states(run)
    assert 2 == len(online(rig, "flickr"))
    assert sorted(id_of(rig, "flickr", one) for one in (first, second)) == online(rig, "flickr")


# requests that arrive twice


def twice(monkeypatch, where):
    """Something on the way delivers the next such request twice; the second answer comes back."""
    true, done = requests.Session.send, []

    def send(self, request, **how):
        if request.method != "POST" or not request.url.endswith(where) or done:
            return true(self, request, **how)
        done.append(where)
        body = request.body
        request.body = body.read() if hasattr(body, "read") else body
        true(self, request.copy(), **how)
        return true(self, request, **how)

    monkeypatch.setattr(requests.Session, "send", send)


@pytest.mark.parametrize(
    ("platform", "where"),
    [("flickr", "/services/upload/"), ("pixelfed", "/api/v1/statuses")],
)
def test_a_request_that_arrived_twice_is_looked_for_and_not_sent_again(
    rig, monkeypatch, platform, where
):
    dawn = rig.photo(**{platform: True})
    twice(monkeypatch, where)
    run = rig.sync(platform)

    assert ["done"] == states(run)
    assert "found online, not sent again" in outcome(run, dawn, platform).repeated[0]
    assert [id_of(rig, platform, dawn)] == online(rig, platform)


def test_a_clock_that_was_put_right_before_the_resume_makes_no_second_photo(rig, monkeypatch):
    """The upload left while this computer was three hours fast; then the process died."""
    dawn = rig.photo(flickr=True)
    plan = rig.plan("flickr")

    def look(self, act, *, taken=()):
        raise KeyboardInterrupt

    lose(rig, "flickr", drop_answer=True)
    with monkeypatch.context() as patch:
        patch.setattr(type(rig.wb.platform("flickr")), "look", look)
        with pytest.raises(KeyboardInterrupt):
            rig.wb.apply(plan)
    [photo] = rig.flickr.backend.photos.values()
    ago = timedelta(hours=3).total_seconds()
    rig.flickr.backend.photos[photo.id] = replace(photo, posted=photo.posted - ago)
    rig.anew()

    assert ["done"] == states(rig.wb.resume())
    assert [id_of(rig, "flickr", dawn)] == online(rig, "flickr")
