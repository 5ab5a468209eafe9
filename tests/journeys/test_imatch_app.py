"""The page inside IMatch, behind the page: orders, the detached worker, and what may befall it."""

import json
import os
import signal
from datetime import UTC, datetime, timedelta

import pytest
from imatch_panel import Panel, is_over, written

from socials_lib import status
from socials_lib.cli.imatch_app import page_for_world
from socials_lib.imatch_app import Command, orders, worker
from socials_lib.imatch_app.orders import Desk
from socials_lib.workbench import Workbench, plans, services


@pytest.fixture
def panel(rig):
    made = Panel(rig)
    yield made
    made.processes.stop()


class Here:
    """Does the worker's job in this process, at once, or when told."""

    def __init__(self, rig):
        self.rig = rig
        self.job = None

    def __call__(self, words, **_how):
        self.job = words[-1]
        return os.getpid()

    def work(self):
        return worker.work(self.rig.wb, self.job)


@pytest.fixture
def here(rig):
    return Here(rig)


@pytest.fixture
def desk(rig, here):
    return Desk.of(rig.environ, start=here)


def shown(desk, here, **how):
    """A plan, made and shown."""
    orders.make_plan(desk, **how)
    job = here.work()
    assert "done" == job.state, job
    return orders.show_plan(desk, job.plan)


# -- with real processes


def test_the_worker_goes_on_alone_and_the_page_finds_it_again(rig, panel):
    for number in range(4):
        rig.photo(f"Dawn {number}", flickr=True, pixelfed=True)
    view = panel.plan()
    assert [("flickr", 4), ("pixelfed", 4)] == [
        (one["name"], one["send"]) for one in view["platforms"]
    ]
    rig.flickr.latency = 1.0
    panel.order("start", "--plan", view["plan"])
    reopened = Panel(rig)
    going = reopened.until(lambda found: bool(found["run"] and found["run"]["is_going"]))
    assert "IMatch panel" == going["run"]["origin"]
    again = reopened.order("start", "--plan", view["plan"])
    assert "another_run" == again["error"]["code"]
    assert "IMatch panel, since" in again["error"]["message"]
    rig.flickr.latency = 0.0

    reopened.until(is_over)
    found = reopened.order("status")
    assert {"flickr": {"added": 4}, "pixelfed": {"added": 4}} == found["last"]["counts"]
    assert found["job"]["report"].endswith("report.html")
    assert [f"Dawn {number}" for number in range(4)] == rig.flickr_titles()
    secrets = [value for name, value in rig.environ.items() if "TOKEN" in name or "KEY" in name]
    assert not [one for one in secrets if one.encode() in written(rig.wb.home)]
    assert not [one for one in secrets if one in "".join(panel.processes.lines)]


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_worker_that_is_killed_is_said_and_the_rest_can_be_gone_on_with(rig, panel):
    for number in range(6):
        rig.photo(f"Dawn {number}", flickr=True)
    view = panel.plan("--platform", "flickr")
    rig.flickr.latency = 0.3
    panel.order("start", "--plan", view["plan"])
    job = panel.until(lambda found: bool(found["run"] and found["run"]["done"]))["job"]
    os.kill(job["pid"], signal.SIGKILL)
    rig.flickr.latency = 0.0

    found = panel.until(is_over)
    assert ("died", "broken") == (found["job"]["state"], found["run"]["state"])
    left = panel.order("status")["left"]
    assert left["left"] + left["unclear"] > 0
    panel.order("resume", "--run", left["run"])
    assert "done" == panel.until(is_over)["job"]["state"]
    assert [f"Dawn {number}" for number in range(6)] == rig.flickr_titles()


# -- a run that is longer than 300 seconds


class Time:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.looks = []

    def clock(self):
        return self.now


def test_a_run_longer_than_300_seconds_is_unharmed(rig, here, desk, monkeypatch):
    time = Time()
    rig.photo("One", flickr=True)
    rig.photo("Two", flickr=True)

    def sleep(_wb, seconds):
        time.looks.append(status.read_status(rig.wb.home))
        time.now += timedelta(seconds=seconds)

    for layer in (services, plans):
        monkeypatch.setattr(layer, "now", time.clock)
    monkeypatch.setattr(Workbench, "_sleep", sleep)
    rig.flickr.fail_next(
        "/services/upload/", status=429, body=b"slow down", headers={"Retry-After": "400"}, skip=1
    )
    begun = time.now
    view = shown(desk, here, platforms=("flickr",))
    told = orders.start_run(desk, plan=view["plan"])
    assert (begun, "starting") == (time.now, told["job"]["state"]), "the order ends at once"

    job = here.work()
    assert "done" == job.state
    assert time.now - begun > timedelta(seconds=300)
    assert ["One", "Two"] == rig.flickr_titles()
    assert any(one is not None and one.is_going for one in time.looks)
    assert {"flickr": {"added": 2}} == job.result["counts"]


# -- in this process


def test_the_plan_has_numbers_reasons_and_the_account(rig, here, desk):
    rig.photo("Dawn", flickr=True, pixelfed=True)
    rig.photo("No headline", pixelfed=True, headline=None)
    view = shown(desk, here)
    flickr, pixelfed = view["platforms"]
    assert ("demo", {"add": 1}) == (flickr["account"], flickr["counts"])
    assert {"add": 1, "blocked": 1} == pixelfed["counts"]
    [blocked] = pixelfed["blocked"]
    assert ("No headline", "Missing headline") == (
        blocked["title"],
        blocked["reasons"][0]["words"],
    )
    assert (1, 0) == (flickr["send"], flickr["deletes"])
    assert flickr["calls"] > 0 < flickr["bytes"]
    assert "demo" == view["mode"]
    assert not view["dry_run"]


def test_one_platform_can_be_planned_and_sent_alone(rig, here, desk):
    rig.photo("Dawn", flickr=True, pixelfed=True)
    view = shown(desk, here)
    orders.start_run(desk, plan=view["plan"], platforms=("pixelfed",))
    assert {"pixelfed": {"added": 1}} == here.work().result["counts"]
    assert [] == rig.flickr_titles()
    assert ["pixelfed"] == [
        one["name"] for one in shown(desk, here, platforms=("pixelfed",))["platforms"]
    ]


def test_imatchs_selection_is_a_scope_and_the_rest_stays(rig, here, desk):
    ids = [rig.photo(f"Dawn {number}", flickr=True) for number in range(3)]
    strange = rig.photo("Not pending")
    rig.imws.set_selection([int(ids[1]), int(strange)])
    orders.make_plan(desk, selection=True)
    rig.imws.set_selection([])  # what counts is the selection at the press
    view = orders.show_plan(desk, here.work().plan)
    assert {"kind": "selection", "chosen": 2, "pending": 1} == view["scope"]
    orders.start_run(desk, plan=view["plan"])
    here.work()
    assert ["Dawn 1"] == rig.flickr_titles()


def test_an_empty_selection_is_said(desk):
    with pytest.raises(orders.SettingsError) as caught:
        orders.make_plan(desk, selection=True)
    assert "nothing_selected" == caught.value.code


def test_a_scope_does_not_hide_that_two_photos_are_the_same_picture(rig, here, desk):
    master = rig.photo("Dawn", flickr=True)
    version = rig.photo("Dawn, small", flickr=True)
    rig.relate(master, version)
    view = shown(desk, here, ids=(version,))
    assert {"blocked": 1} == view["platforms"][0]["counts"]
    orders.start_run(desk, plan=view["plan"], platforms=("flickr",))
    here.work()
    assert [] == rig.flickr_titles()


def test_photos_leave_only_with_their_number_and_by_their_own_press(rig, here, desk):
    stays = rig.photo("Dawn", flickr=True)
    goes = rig.photo("Gone", flickr=True, flags=["flickr|_delete"])
    rig.online("flickr", goes, title="Gone")
    view = shown(desk, here, platforms=("flickr",))
    assert (1, ["Gone"]) == (view["platforms"][0]["deletes"], view["platforms"][0]["leaving"])
    orders.start_run(desk, plan=view["plan"])
    here.work()
    assert ["Dawn", "Gone"] == rig.flickr_titles()

    view = shown(desk, here, platforms=("flickr",))
    orders.start_run(
        desk, plan=view["plan"], platforms=("flickr",), only=("delete",), delete_count=1
    )
    assert {"flickr": {"deleted": 1}} == here.work().result["counts"]
    assert ["Dawn"] == rig.flickr_titles()
    assert rig.ids("flickr", stays)
    assert {} == rig.ids("flickr", goes)


def test_a_photo_with_comments_stays_and_says_so(rig, here, desk):
    goes = rig.photo("Loved", flickr=True, flags=["flickr|_delete"])
    rig.online("flickr", goes, title="Loved", comments=1)
    view = shown(desk, here, platforms=("flickr",))
    orders.start_run(
        desk, plan=view["plan"], platforms=("flickr",), only=("delete",), delete_count=1
    )
    [outcome] = here.work().result["unwell"]
    assert ("Loved", "has_engagement") == (outcome["title"], outcome["code"])


def test_what_changed_since_the_plan_is_left_alone(rig, here, desk):
    file_id = rig.photo("Dawn", flickr=True)
    view = shown(desk, here, platforms=("flickr",))
    rig.edit(file_id, title="Dusk")
    orders.start_run(desk, plan=view["plan"])
    assert {"flickr": {"changed since": 1}} == here.work().result["counts"]
    assert [] == rig.flickr_titles()


def test_stop_is_heard_even_before_the_run_has_begun(rig, here, desk):
    for number in range(3):
        rig.photo(f"Dawn {number}", flickr=True)
    view = shown(desk, here, platforms=("flickr",))
    orders.start_run(desk, plan=view["plan"])
    assert orders.stop(desk)["stopping"]
    job = here.work()
    assert ("done", "stopped") == (job.state, job.result["state"])
    assert len(rig.flickr_titles()) <= 1

    found = orders.status(desk)
    left = found["left"]
    assert 3 == left["done"] + left["unclear"] + left["waiting"]
    assert left["done"] + left["unclear"] == len(rig.flickr_titles())
    orders.resume(desk, run=found["left"]["run"])
    here.work()
    assert ["Dawn 0", "Dawn 1", "Dawn 2"] == rig.flickr_titles()
    assert orders.status(desk)["left"] is None


def test_stop_ends_the_making_of_a_plan(rig, here, desk):
    rig.photo("Dawn", flickr=True)
    orders.make_plan(desk)
    orders.stop(desk)
    job = here.work()
    assert ("failed", "stopped") == (job.state, job.code)


def test_the_loser_of_a_race_for_the_run_is_refused_by_name(rig, here, desk):
    """Both orders saw nobody; the lock decides."""
    rig.photo("Dawn", flickr=True)
    view = shown(desk, here, platforms=("flickr",))
    orders.start_run(desk, plan=view["plan"])
    other = Workbench.open(environ=rig.environ)
    with other.lock.held(origin="command line"):
        job = here.work()
    assert ("refused", "another_run") == (job.state, job.code)
    assert "command line" in job.message
    assert [] == rig.flickr_titles()


def test_a_dry_run_is_refused_and_shown(rig, here, desk):
    rig.photo("Dawn", flickr=True)
    rig.seed.variables["imatch_to_socials_testing"] = 1
    rig.reload()
    view = shown(desk, here, platforms=("flickr",))
    assert view["dry_run"]
    orders.start_run(desk, plan=view["plan"])
    job = here.work()
    assert ("refused", "dry_run") == (job.state, job.code)


def test_imatch_closed_while_the_plan_is_made_is_said(rig, here, desk):
    orders.make_plan(desk)
    rig.imws.stop()
    job = here.work()
    assert "failed" == job.state
    assert "IMatch" in job.message
    assert job.hint


def test_imatch_closed_in_the_middle_harms_nothing(rig, here, desk):
    """The first id cannot be written, nor anything be read; IMatch is back for the second press."""
    titles = [f"Dawn {number}" for number in range(3)]
    for title in titles:
        rig.photo(title, flickr=True)
    view = shown(desk, here, platforms=("flickr",))
    orders.start_run(desk, plan=view["plan"])
    rig.imws.fail_next("POST /v1/attributes", reset=True, times=-1)
    job = here.work()
    assert "done" != job.result.get("state")
    assert job.result["message"] and job.result["hint"]
    rig.imws.faults.clear()
    left = orders.status(desk)["left"]
    orders.resume(desk, run=left["run"])
    assert "done" == here.work().result["state"]
    assert titles == rig.flickr_titles()


def test_a_job_is_done_once_only(rig, here, desk):
    rig.photo("Dawn", flickr=True)
    view = shown(desk, here, platforms=("flickr",))
    orders.start_run(desk, plan=view["plan"])
    here.work()
    with pytest.raises(orders.PlanError, match="has been done"):
        here.work()
    assert ["Dawn"] == rig.flickr_titles()


def test_a_plan_that_was_tampered_with_is_refused(rig, here, desk):
    rig.photo("Dawn", flickr=True)
    view = shown(desk, here, platforms=("flickr",))
    path = desk.jobs.plan_file(view["plan"])
    path.write_text(path.read_text(encoding="utf-8").replace("Dawn", "Dusk"), encoding="utf-8")
    orders.start_run(desk, plan=view["plan"])
    job = here.work()
    assert ("failed", "plan_changed") == (job.state, job.code)


def test_what_nobody_foresaw_ends_the_job_without_its_own_words(rig, here, desk, monkeypatch):
    def break_(*_args, **_how):
        raise RuntimeError(f"token={rig.environ['SOCIALS_FLICKR_TOKEN']}")

    orders.make_plan(desk)
    monkeypatch.setattr(Workbench, "load_pending", break_)
    job = here.work()
    assert ("failed", "unforeseen") == (job.state, job.code)
    assert rig.environ["SOCIALS_FLICKR_TOKEN"].encode() not in written(rig.wb.home)


def test_documents_stay_small_however_long_the_plan_is(rig, here, desk):
    for number in range(80):
        rig.photo("A long title " * 20 + str(number), flickr=True)
    view = shown(desk, here, platforms=("flickr",))
    assert len(json.dumps(view)) < 60_000
    assert view["platforms"][0]["rows_more"] > 0


def test_the_report_opens_from_the_program(rig, here, desk, monkeypatch):
    rig.photo("Dawn", flickr=True)
    view = shown(desk, here, platforms=("flickr",))
    orders.start_run(desk, plan=view["plan"])
    job = here.work()
    opened = []
    monkeypatch.setattr(orders, "open_in_browser", lambda path: opened.append(path) or True)
    found = orders.open_report(desk, run=job.run)
    assert ([job.report], True) == ([str(one) for one in opened], found["opened"])


def test_the_orders_are_commands_as_well(rig, capsys, monkeypatch):
    from socials_lib.cli import main

    for name, value in rig.environ.items():
        monkeypatch.setenv(name, value)
    assert 0 == main(["imatch-app", "status", "--json"])
    assert "demo" == json.loads(capsys.readouterr().out)["mode"]
    assert 0 == main(["imatch-app", "status"])
    assert "mode: demo" in capsys.readouterr().out.splitlines()
    assert 1 == main(["imatch-app", "show", "nobody", "--json"])
    assert "no_plan" == json.loads(capsys.readouterr().out)["error"]["code"]
    Desk.of(os.environ).jobs.put_plan(
        "p1", {"platforms": [{"name": "flickr", "deletes": 3, "most_deletes": 25}], "keys": {}}
    )
    wrong = ["--plan", "p1", "--only", "delete", "--delete-count", "2"]
    assert 4 == main(["imatch-app", "start", *wrong, "--json"])
    assert "wrong_count" == json.loads(capsys.readouterr().out)["error"]["code"]
    assert 1 == main(["imatch-app", "dance", "--json"])
    assert "usage" == json.loads(capsys.readouterr().out)["error"]["code"]


def test_a_platform_with_nothing_pending_is_shown_too(rig, here, desk):
    rig.photo("Dawn", flickr=True)
    view = shown(desk, here)
    assert [("flickr", 1), ("pixelfed", 0)] == [
        (one["name"], one["send"]) for one in view["platforms"]
    ]


def test_a_world_runs_programs_for_pages_only_when_asked_to():
    with page_for_world(wanted=False) as none:
        assert {} == none
    with page_for_world(wanted=True) as page:
        assert Command.here({}).words() == page["may_run"]
        [app] = (page["webroot"] / "user").iterdir()
        assert (app / "index.html").is_file()
    assert not app.exists()
