"""Lost answers, refusals, a dead process: clear outcomes, nothing doubled, nothing lost."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from rig import outcome, states

from socials_lib.errors import AnotherRun, PlanError, SettingsError
from socials_lib.sync import exit_code

ROOT = Path(__file__).resolve().parents[2]
PUBLISH = {"flickr": "/services/upload/", "pixelfed": "POST /api/v1/statuses"}


def online(rig, platform):
    return rig.flickr_titles() if platform == "flickr" else [one.id for one in rig.statuses()]


def stand_in(rig, platform):
    return rig.flickr if platform == "flickr" else rig.pixelfed


@pytest.mark.parametrize("platform", ["flickr", "pixelfed"])
@pytest.mark.parametrize(
    "fault",
    [
        {"drop_answer": True},
        {"reset": True, "when": "after"},
        {"status": 502, "when": "after"},
        {"status": 502, "when": "before"},
        {"truncate": True},
        {"body": b"<html><body>Busy</body></html>", "when": "after"},
        {"reset": True, "when": "before"},
    ],
    ids=str,
)
def test_a_publish_whose_end_is_unclear_leads_to_one_photo(rig, platform, fault):
    dawn = rig.photo(**{platform: True})
    rig.wb.account(platform)
    stand_in(rig, platform).fail_next(PUBLISH[platform], **fault)
    run = rig.sync(platform)

    assert ["done"] == states(run)
    assert 1 == len(online(rig, platform))
    assert rig.ids(platform, dawn)
    assert outcome(run, dawn, platform).repeated


@pytest.mark.parametrize("platform", ["flickr", "pixelfed"])
def test_too_many_requests_are_waited_out(rig, platform):
    rig.photo(**{platform: True})
    rig.wb.account(platform)
    stand_in(rig, platform).fail_next(
        PUBLISH[platform], status=429, headers={"Retry-After": "0"}, times=2
    )
    run = rig.sync(platform)

    assert ["done"] == states(run)
    assert 1 == len(online(rig, platform))


def test_flickr_code_105_is_tried_again(rig):
    rig.photo(flickr=True)
    body = b'<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="fail">\n\t'
    body += b'<err code="105" msg="Service currently unavailable" />\n</rsp>\n'
    rig.flickr.fail_next("/services/upload/", body=body, content_type="text/xml", times=2)
    run = rig.sync("flickr")

    assert ["done"] == states(run)
    assert ["Dawn over the lake"] == rig.flickr_titles()


def test_a_definite_refusal_fails_this_photo_and_the_run_goes_on(rig):
    rig.photo("Refused", flickr=True, taken="2024-01-01T10:00:00")
    rig.photo("Taken", flickr=True, taken="2024-01-02T10:00:00")
    body = b'<?xml version="1.0" encoding="utf-8" ?>\n<rsp stat="fail">\n\t'
    body += b'<err code="5" msg="Filetype was not recognised" />\n</rsp>\n'
    rig.flickr.fail_next("/services/upload/", body=body, content_type="text/xml")
    run = rig.sync("flickr")

    assert ["failed", "done"] == states(run)
    assert ["Taken"] == rig.flickr_titles()
    assert 3 == exit_code(run)
    assert all(one.message and one.hint for one in run.outcomes if one.state == "failed")


def test_an_upload_that_cannot_be_looked_for_is_unknown_and_blocks(rig):
    dawn = rig.photo(flickr=True)
    rig.wb.account("flickr")
    rig.flickr.fail_next("/services/upload/", drop_answer=True)
    rig.flickr.fail_next("flickr.people.getPhotos", status=503, times=-1)
    rig.flickr.fail_next("flickr.photos.search", status=503, times=-1)
    run = rig.sync("flickr")

    assert ["unknown"] == states(run)
    assert 3 == exit_code(run)
    [row] = rig.plan("flickr").rows
    assert (True, "unclear_act") == (row.blocked, row.reason)

    rig.flickr.faults.clear()
    done = rig.wb.resume()
    assert ["done"] == states(done)
    assert ["Dawn over the lake"] == rig.flickr_titles()
    assert rig.ids("flickr", dawn)["photo_id"]


def test_trouble_stops_the_deletes(rig):
    rig.photo("Unclear", flickr=True)
    old = rig.photo("Old", flickr=True, flags=["flickr|_delete"])
    rig.online("flickr", old, title="Old")
    rig.wb.account("flickr")
    rig.flickr.fail_next("/services/upload/", drop_answer=True)
    rig.flickr.fail_next("flickr.people.getPhotos", status=503, times=-1)
    rig.flickr.fail_next("flickr.photos.search", status=503, times=-1)
    run = rig.sync("flickr", deletes=1)

    assert ["unknown", "untouched"] == states(run)
    assert "Old" in rig.flickr_titles()


def test_imatch_gone_in_the_middle_keeps_the_id_and_goes_on_later(rig):
    dawn = rig.photo(flickr=True)
    rig.imws.fail_next("POST /v1/attributes", status=500, times=-1)
    run = rig.sync("flickr")

    assert ["Dawn over the lake"] == rig.flickr_titles()
    assert "done" not in states(run)
    assert 0 != exit_code(run)
    rig.imws.faults.clear()
    again = rig.sync("flickr")
    assert ["done"] == states(again)
    assert ["Dawn over the lake"] == rig.flickr_titles()
    assert rig.ids("flickr", dawn)["photo_id"]


def test_a_locked_object_and_an_expired_token_are_nothing_to_see(rig):
    dawn = rig.photo(flickr=True)
    rig.imws.lock_next(2)
    plan = rig.plan("flickr")
    rig.imws.expire_tokens()
    run = rig.wb.apply(plan)

    assert ["done"] == states(run)
    assert rig.ids("flickr", dawn)["photo_id"]


def test_another_account_stops_before_the_first_act(rig):
    rig.photo(flickr=True)
    plan = rig.plan("flickr")
    token = rig.flickr.backend.issue_token("delete", "lighthouse")
    rig.anew(SOCIALS_FLICKR_TOKEN=token.token, SOCIALS_FLICKR_TOKEN_SECRET=token.secret)
    with pytest.raises(PlanError) as caught:
        rig.wb.apply(plan)

    assert "other_account" == caught.value.code
    assert [] == rig.flickr_titles()


def test_a_second_run_at_the_same_time_is_refused_by_name(rig):
    rig.photo(flickr=True)
    plan = rig.plan("flickr")
    rig.flickr.fail_next("/services/upload/", delay=0.5)
    first = threading.Thread(target=rig.wb.apply, args=(plan,), kwargs={"origin": "the first"})
    first.start()
    try:
        while rig.wb.lock.owner() is None:
            pass
        with pytest.raises(AnotherRun, match="the first"):
            rig.anew().apply(plan)
    finally:
        first.join()
    assert ["Dawn over the lake"] == rig.flickr_titles()


def test_stop_ends_after_the_act_in_flight_and_resume_does_the_rest(rig):
    photos = [rig.photo(f"Photo {n}", flickr=True) for n in range(3)]

    def listen(event):
        if event.step == "row" and event.state == "done":
            rig.wb.ask_to_stop()

    run = rig.sync("flickr", listen=listen)
    assert ["done", "untouched", "untouched"] == states(run)
    assert "stopped" == run.state
    assert 3 == exit_code(run)

    rest = rig.wb.resume()
    assert ["done", "done"] == states(rest)
    assert ["Photo 0", "Photo 1", "Photo 2"] == rig.flickr_titles()
    assert all(rig.ids("flickr", one) for one in photos)
    assert rig.wb.resume() is None


_KILLED = """
import os, sys
from socials_lib.workbench import Workbench
from socials_lib.journal import Journal
die_at, method = sys.argv[1], sys.argv[2]
true = getattr(Journal, method)
def deadly(self, ident, act_or_answer, *more, **named):
    if method == "answered":
        kind = next(one.act.kind for one in self._all() if one.ident == ident)
    else:
        kind = act_or_answer.kind
    if kind == die_at and method == "answered":
        os._exit(9)
    true(self, ident, act_or_answer, *more, **named)
    if kind == die_at:
        os._exit(9)
def everything(self):
    with self._read() as db:
        rows = [row[0] for row in db.execute("SELECT DISTINCT row FROM acts")]
    return [one for row in rows for one in self.acts(row)]
Journal._all = everything
setattr(Journal, method, deadly)
Workbench.open().sync()
"""


@pytest.mark.parametrize(
    ("platform", "kind"),
    [
        ("flickr", "upload"),
        ("pixelfed", "media"),
        ("pixelfed", "status"),
        ("flickr", "imatch_record"),
    ],
)
@pytest.mark.parametrize("method", ["sent", "answered"])
def test_a_kill_between_upload_and_recording_leads_to_one_photo(rig, platform, kind, method):
    """The process dies right after the act is marked as sent, or after the answer came."""
    if kind == "imatch_record" and method == "answered":
        method = "sent"  # IMatch's own acts have no answer to keep
    dawn = rig.photo(**{platform: True})
    environ = {**os.environ, **rig.environ}
    died = subprocess.run(
        [sys.executable, "-c", _KILLED, kind, method], env=environ, cwd=ROOT, capture_output=True
    )
    assert 9 == died.returncode, died.stderr.decode()

    run = rig.anew().sync(platform)
    assert ["done"] == states(run)
    assert 1 == len(online(rig, platform))
    assert rig.ids(platform, dawn)
    assert () == rig.sync(platform).outcomes


def test_the_journal_tells_what_was_repeated(rig):
    rig.photo(flickr=True)
    rig.wb.account("flickr")
    rig.flickr.fail_next("/services/upload/", drop_answer=True)
    rig.sync("flickr")
    [run] = rig.wb.history()

    assert "found online" in json.dumps([one.repeated for one in run.outcomes])


def test_a_practice_worlds_folder_is_never_used_live(rig):
    home = Path(rig.environ["SOCIALS_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    (home / ".rehearsal-world").write_text("", encoding="utf-8")
    with pytest.raises(SettingsError, match="practice world"):
        rig.anew(SOCIALS_MODE="live")


def test_the_same_plan_may_be_applied_again_for_the_consent_that_was_missing(rig):
    rig.photo("To add", flickr=True)
    old = rig.photo("Old", flickr=True, flags=["flickr|_delete"])
    rig.online("flickr", old, title="Old")
    plan = rig.plan("flickr")
    rig.wb.apply(plan)
    again = rig.wb.apply(plan, approve_deletes=1)

    assert [("delete", "done")] == [(one.action, one.state) for one in again.outcomes]
    assert ["To add"] == rig.flickr_titles()


def test_a_follow_up_that_missed_is_told_and_tried_by_the_next_run(rig):
    rig.albums_and_groups()
    dawn = rig.photo(flickr=True, albums=["Coast"])
    rig.flickr.fail_next("flickr.photosets.addPhoto", status=500, times=-1)
    run = rig.sync("flickr")
    [note] = outcome(run, dawn).warnings

    assert 3 == exit_code(run)
    assert "“Dawn over the lake” is online" in note.message
    assert "next run" in note.message
    assert 3 == exit_code(rig.sync("flickr"))
    rig.flickr.faults.clear()
    last = rig.sync("flickr")
    assert 0 == exit_code(last)
    assert last.outcomes == rig.wb.history()[0].outcomes
    assert () == rig.sync("flickr").outcomes


def test_a_photo_that_was_begun_is_not_called_untouched(rig):
    dawn = rig.photo(flickr=True, flags=["flickr|_update"])
    rig.online("flickr", dawn)
    rig.flickr.fail_next(
        "flickr.photos.setMeta",
        status=401,
        body=b"oauth_problem=token_rejected",
        content_type="text/plain",
    )
    run = rig.sync("flickr")
    found = outcome(run, dawn)

    assert ("failed", "signed_out") == (found.state, found.code)
    assert "begun" in found.message
    assert 5 == exit_code(run)
    assert ["done"] == states(rig.wb.resume())
    assert 1 == rig.flickr.count("replace")
