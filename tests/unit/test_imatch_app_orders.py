"""What the page may ask for: one document each, at once; long work is left to a worker."""

import json
import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from socials_lib import system
from socials_lib.errors import AnotherRun, NotApproved, PlanError, SettingsError
from socials_lib.imatch_app import entry, jobs, orders, overview
from socials_lib.imatch_app.jobs import Asked
from socials_lib.imatch_app.orders import Desk
from socials_lib.models import Outcome
from socials_lib.status import STATUS_FILE, Status

VIEW = {
    "plan": "p1",
    "mode": "demo",
    "platforms": [
        {"name": "flickr", "deletes": 3, "most_deletes": 25},
        {"name": "pixelfed", "deletes": 40, "most_deletes": 25},
    ],
    "keys": {"flickr": ["1"], "pixelfed": ["2"]},
}


class Starts:
    """Programs that were to be started."""

    def __init__(self):
        self.words = []

    def __call__(self, words, **_how):
        self.words.append(words)
        return os.getpid()


@pytest.fixture
def desk(tmp_path):
    environ = {"SOCIALS_HOME": str(tmp_path), "SOCIALS_MODE": "demo"}
    made = Desk.of(environ, start=Starts())
    made.jobs.folder.mkdir()
    made.jobs.put_plan("p1", VIEW)
    return made


def going(desk, **more):
    """A worker is at it: this very process."""
    job = desk.jobs.create(Asked(job="busy", kind="run"))
    return desk.jobs.put(replace(job, state="working", pid=os.getpid(), **more))


def running(desk, **more):
    """The status of a run that this process carries out."""
    now = datetime.now(UTC)
    told = Status(
        run="r1", state="running", pid=os.getpid(), started=now, updated=now, done=3, total=9
    )
    told = replace(told, **more)
    (desk.home / STATUS_FILE).write_text(json.dumps(jobs.to_plain(told)), encoding="utf-8")
    return told


# -- jobs


def test_a_job_is_written_down_before_the_worker_starts(desk):
    told = orders.start_run(desk, plan="p1", platforms=("flickr",))["job"]
    [words] = desk.start.words
    assert ["work", told["job"]] == words[-2:]
    asked = desk.jobs.asked(told["job"])
    assert ("run", "p1", ("flickr",)) == (asked.kind, asked.plan, asked.platforms)
    assert (("add", "update", "metadata"), None) == (asked.only, asked.deletes)
    assert "starting" == told["state"]


def test_a_worker_that_dies_without_a_word_is_noticed(desk):
    job = going(desk)
    child = subprocess.Popen([orders.sys.executable, "-c", ""], stdin=subprocess.DEVNULL)
    child.wait()
    desk.jobs.put(replace(job, pid=child.pid))
    assert "died" == orders.brief(desk)["job"]["state"]
    assert desk.jobs.going() is None


def test_a_worker_that_never_began_is_given_up_after_a_while(desk, monkeypatch):
    desk.jobs.create(Asked(job="slow", kind="plan"))
    assert "starting" == desk.jobs.get("slow").state
    late = datetime.now(UTC) + timedelta(seconds=jobs.TO_START + 1)
    monkeypatch.setattr(jobs, "_now", lambda: late)
    assert "died" == desk.jobs.get("slow").state


def test_a_worker_that_cannot_be_started_is_no_riddle(desk):
    def refuse(_words, **_how):
        raise FileNotFoundError(2, "No such file")

    desk = replace(desk, start=refuse)
    with pytest.raises(SettingsError, match="could not be started") as caught:
        orders.make_plan(desk)
    assert "hello" in caught.value.hint
    assert "failed" == desk.jobs.newest().state


def test_old_jobs_and_plans_are_swept(desk):
    for number in range(jobs.KEPT + 4):
        desk.jobs.put_plan(f"old-{number}", VIEW)
        desk.jobs.plan_file(f"old-{number}").write_text("{}", encoding="utf-8")
        job = desk.jobs.create(Asked(job=f"j{number:02}", kind="plan"))
        desk.jobs.put(replace(job, state="done"))
    desk.jobs.create(Asked(job="last", kind="plan"))
    names = [one.name for one in desk.jobs.folder.iterdir()]
    assert jobs.KEPT == sum(one.startswith("job-") for one in names)
    assert jobs.KEPT == sum(one.startswith("plan-") for one in names)
    assert sum(one.startswith("saved-") for one in names) <= jobs.KEPT


@pytest.mark.parametrize("name", ["../secrets", "a/b", "a.b", "", "x" * 99, "..\\x"])
def test_names_that_could_be_paths_are_no_names(desk, name):
    assert desk.jobs.get(name) is None
    assert desk.jobs.plan(name) is None


def test_files_that_cannot_be_read_are_as_if_they_were_not_there(desk):
    (desk.jobs.folder / "job-bad.json").write_text("{", encoding="utf-8")
    (desk.jobs.folder / "plan-bad.json").write_text("[]", encoding="utf-8")
    assert desk.jobs.newest() is None
    assert desk.jobs.plan("bad") is None
    with pytest.raises(SettingsError):
        desk.jobs.asked("bad")


def test_a_data_folder_that_may_not_be_written_is_said_at_once(desk, monkeypatch):
    def refuse(_path, _data):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(jobs, "write_whole", refuse)
    with pytest.raises(SettingsError, match="Permission denied"):
        orders.make_plan(desk)
    assert [] == desk.start.words


# -- looking


def test_the_brief_status_does_without_the_workbench(desk, monkeypatch):
    running(desk)
    monkeypatch.setattr(Desk, "wb", property(lambda self: pytest.fail("opened")))
    found = orders.brief(desk)
    assert (True, 3, 9) == tuple(found["run"][one] for one in ("is_going", "done", "total"))
    assert ("demo", True) == (found["mode"], bool(found["now"]))


def test_a_waiting_look_ends_as_soon_as_something_is_new(desk):
    running(desk)
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 3:
            running(desk, done=4)

    desk = replace(desk, sleep=sleep)
    seen = orders.brief(desk)["mark"]
    found = orders.brief(desk, seen=seen, wait=60)
    assert (3, 4) == (len(slept), found["run"]["done"])
    assert seen != found["mark"]


def test_a_waiting_look_ends_after_its_time(desk):
    time_ = iter(range(100))
    desk = replace(desk, sleep=lambda _seconds: None, clock=lambda: next(time_))
    seen = orders.brief(desk)["mark"]
    assert seen == orders.brief(desk, seen=seen, wait=5)["mark"]


def test_an_old_status_that_says_running_is_compared_with_the_lock(desk):
    running(desk, updated=datetime.now(UTC) - timedelta(minutes=5))
    assert "broken" == orders.brief(desk)["run"]["state"]


def test_the_full_status_of_an_empty_folder_is_empty(desk):
    found = orders.status(desk)
    assert [None] * 5 == [found[one] for one in ("job", "run", "other", "last", "left")]


# -- starting


def test_a_second_start_is_refused_by_name_while_the_page_is_at_it(desk):
    going(desk)
    for press in (
        lambda: orders.start_run(desk, plan="p1"),
        lambda: orders.make_plan(desk),
        lambda: orders.resume(desk),
    ):
        with pytest.raises(AnotherRun, match=r"IMatch panel, since \d\d:\d\d"):
            press()
    assert [] == desk.start.words


def test_of_many_presses_at_the_same_moment_one_is_taken(desk):
    def press(_number):
        try:
            return orders.make_plan(desk)["job"]["state"]
        except AnotherRun as error:
            return error.code

    with ThreadPoolExecutor(8) as pool:
        said = sorted(pool.map(press, range(8)))
    assert ["another_run"] * 7 + ["starting"] == said
    assert 1 == len(desk.start.words)
    assert not (desk.jobs.folder / "claim").exists()


def test_a_claim_that_was_left_behind_is_no_obstacle_for_long(desk):
    left = desk.jobs.folder / "claim"
    left.touch()
    os.utime(left, (1, 1))
    assert "starting" == orders.make_plan(desk)["job"]["state"]


def test_a_second_start_is_refused_by_name_while_anybody_carries_out(desk):
    with (
        desk.wb.lock.held(origin="command line"),
        pytest.raises(AnotherRun, match=r"command line, since \d\d:\d\d"),
    ):
        orders.start_run(desk, plan="p1")
    assert [] == desk.start.words


def test_a_plan_may_be_made_while_somebody_else_carries_out(desk):
    with desk.wb.lock.held(origin="command line"):
        assert "plan" == orders.make_plan(desk)["job"]["kind"]


def test_a_plan_that_is_gone_is_said(desk):
    for press in (
        lambda: orders.start_run(desk, plan="p9"),
        lambda: orders.show_plan(desk, "p9"),
    ):
        with pytest.raises(PlanError) as caught:
            press()
        assert "no_plan" == caught.value.code


def test_the_rows_that_may_be_carried_out_are_not_shown(desk):
    assert "keys" not in orders.show_plan(desk, "p1")


def test_a_platform_that_is_not_in_the_plan_is_refused(desk):
    desk.jobs.put_plan("p2", {**VIEW, "platforms": VIEW["platforms"][:1]})
    with pytest.raises(PlanError, match="pixelfed"):
        orders.start_run(desk, plan="p2", platforms=("pixelfed",))


@pytest.mark.parametrize("typed", [None, -1, 0, 2, 4, 30])
def test_deletes_need_their_exact_number(desk, typed):
    with pytest.raises(NotApproved, match="3 photos are listed") as caught:
        orders.start_run(
            desk, plan="p1", platforms=("flickr",), only=("delete",), delete_count=typed
        )
    assert ("wrong_count", "Type delete 3.") == (caught.value.code, caught.value.hint)
    assert [] == desk.start.words


def test_deletes_with_their_number_are_handed_to_the_worker(desk):
    told = orders.start_run(
        desk, plan="p1", platforms=("flickr",), only=("delete",), delete_count=3
    )
    asked = desk.jobs.asked(told["job"]["job"])
    assert (3, ("delete",)) == (asked.deletes, asked.only)


def test_too_many_deletes_are_refused_even_with_their_number(desk):
    with pytest.raises(NotApproved) as caught:
        orders.start_run(
            desk, plan="p1", platforms=("pixelfed",), only=("delete",), delete_count=40
        )
    assert "too_many_deletes" == caught.value.code


def test_photos_never_leave_two_platforms_with_one_press(desk):
    with pytest.raises(NotApproved, match="one platform at a time"):
        orders.start_run(desk, plan="p1", only=("delete",), delete_count=43)


# -- stopping


def test_stop_reaches_the_worker_and_the_run(desk):
    job = going(desk)
    running(desk)
    assert orders.stop(desk)["stopping"]
    assert desk.jobs.is_to_stop(job.job)
    asked = json.loads((desk.home / "stop-request.json").read_text(encoding="utf-8"))
    assert ("r1", os.getpid()) == (asked["run"], asked["pid"])


def test_stop_reaches_the_run_of_somebody_else(desk):
    running(desk, origin="01_sync")
    assert orders.stop(desk)["stopping"]
    assert (desk.home / "stop-request.json").exists()


def test_stop_without_a_run_leaves_nothing_behind(desk):
    assert not orders.stop(desk)["stopping"]
    assert not (desk.home / "stop-request.json").exists()


# -- opening


def test_jupyterlab_starts_detached_and_is_not_doubled_by_accident(desk):
    assert orders.open_lab(desk)["started"]
    assert not orders.open_lab(desk)["started"]
    assert orders.open_lab(desk, again=True)["started"]
    assert [["-m", "socials_lib", "lab"]] * 2 == [one[1:] for one in desk.start.words]


def test_a_card_of_a_jupyterlab_that_is_gone_is_no_obstacle(desk):
    (desk.jobs.folder / "lab.json").write_text("[1]", encoding="utf-8")
    assert orders.open_lab(desk)["started"]


def test_the_report_of_an_unknown_run_is_said(desk):
    with pytest.raises(PlanError) as caught:
        orders.open_report(desk, run="nobody")
    assert "no_run" == caught.value.code


# -- ids


def test_file_ids_come_as_commas_or_lines():
    assert ("1201", "1202", "1203") == orders.ids_from("1201,1202\r\n 1203\n")


@pytest.mark.parametrize("text", ["", " , ", "12a", "1201;1202", "--all", "１２"])
def test_other_words_are_no_file_ids(text):
    with pytest.raises(SettingsError) as caught:
        orders.ids_from(text)
    assert "bad_ids" == caught.value.code


def test_many_ids_come_through_a_file(tmp_path):
    listed = tmp_path / "ids.txt"
    listed.write_text("\ufeff" + "\n".join(map(str, range(5_000))), encoding="utf-8")
    assert 5_000 == len(orders.read_ids(listed))
    with pytest.raises(SettingsError, match="cannot be read"):
        orders.read_ids(tmp_path / "none.txt")


# -- the script


def said(capsys, *words):
    code = entry.main(words)
    out = capsys.readouterr().out
    assert out.isascii()
    return code, json.loads(out)


@pytest.fixture
def surroundings(tmp_path, monkeypatch):
    monkeypatch.setenv("SOCIALS_MODE", "demo")
    monkeypatch.setenv("SOCIALS_HOME", str(tmp_path))
    return tmp_path


def test_every_answer_is_one_document_of_plain_ascii(surroundings, capsys):
    assert 0 == said(capsys, "status", "--brief")[0]
    running(Desk.of(os.environ), title="Möwen “im” Nebel")
    assert "Möwen “im” Nebel" == said(capsys, "status", "--brief")[1]["run"]["title"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["dance"], "usage"),
        (["start"], "usage"),
        (["start", "--plan", "p", "--only", "everything"], "usage"),
        (["start", "--plan", "p"], "no_plan"),
        (["plan", "--ids", "x"], "bad_ids"),
        (["plan", "--ids", "1," * 5_000], "usage"),
        (["plan", "--ids", "1", "--selection"], "usage"),
        (["report", "nobody"], "no_run"),
        (["status", "--wait", "x"], "usage"),
    ],
)
def test_what_goes_wrong_is_a_document_too(surroundings, capsys, words, code):
    exit_code, found = said(capsys, *words)
    assert (1, code) == (exit_code, found["error"]["code"])


def test_what_nobody_foresaw_is_a_document_without_its_own_words(surroundings, capsys, monkeypatch):
    def break_(_desk, _options):
        raise RuntimeError("token=secret")

    monkeypatch.setattr(entry, "carry_out", break_)
    code, found = said(capsys, "hello")
    assert (1, "unforeseen") == (code, found["error"]["code"])
    assert "secret" not in json.dumps(found)


def test_a_data_folder_given_by_the_page_is_used_unless_the_environment_names_one(
    surroundings, capsys, monkeypatch
):
    monkeypatch.delenv("SOCIALS_HOME")
    monkeypatch.setenv("SOCIALS_MODE", "live")
    other = surroundings / "other"
    said(capsys, "--home", str(other), "status", "--brief")
    assert str(other) == os.environ["SOCIALS_HOME"]


def test_a_job_that_is_not_there_ends_quietly(surroundings, capsys):
    assert 1 == entry.main(["work", "nobody"])
    assert "" == capsys.readouterr().out


# -- Windows


def test_a_worker_has_no_window_and_leaves_the_job_of_imatch(monkeypatch):
    flags = []
    monkeypatch.setattr(
        subprocess, "Popen", lambda _a, *, creationflags, **_h: flags.append(creationflags)
    )
    monkeypatch.setattr(system.os, "name", "nt")
    system._start(["python"], {})
    no_window, new_group, breakaway, detached = 0x08000000, 0x200, 0x01000000, 0x8
    assert [no_window | new_group | breakaway] == flags
    assert not flags[0] & detached, "its own children would open windows"


def test_a_worker_holds_none_of_the_pipes_of_the_order():
    """IMatch waits for the end of the output: a worker that held it would keep the page waiting."""
    code = (
        "import sys; from socials_lib.system import start_detached;"
        "print(start_detached([sys.executable, '-c', 'import time; time.sleep(60)']))"
    )
    done = subprocess.run(
        [orders.sys.executable, "-c", code], capture_output=True, check=True, timeout=50
    )
    os.kill(int(done.stdout), signal.SIGTERM)


def test_the_counts_of_the_last_run_are_english():
    def outcome(n):
        return Outcome(file_id=str(n), name="", platform="flickr", action="metadata", state="done")

    assert {"flickr": {"1 text updated"}} == {
        name: {f"{n} {word}" for word, n in counts.items()}
        for name, counts in overview._counts([outcome(1)]).items()
    }
    assert {"flickr": {"texts updated": 2}} == overview._counts([outcome(1), outcome(2)])
