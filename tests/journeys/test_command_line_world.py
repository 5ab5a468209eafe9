"""The command line against a rehearsal world in a process of its own, with the sample library."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from command_line_kit import (
    COMMAND,
    ROOT,
    asked,
    check_plan,
    check_run,
    checked,
    code,
    one_of,
    or_null,
    socials,
    surroundings,
    words,
)

SERVICES = ("imatch", "flickr", "pixelfed")


class Practice:
    """A world that runs elsewhere, and its side door."""

    def __init__(self, described):
        self.described = described
        self.env = described["env"]
        self.home = Path(described["home"])

    def side(self, path, body=None):
        return asked(self.described["side_url"] + path, body)

    def state(self):
        return self.side("/state")

    def requests(self, service):
        return self.side(f"/requests?service={service}")["requests"]

    def run(self, *arguments, **env):
        return socials({**self.env, **env}, *arguments)


@pytest.fixture(scope="module")
def running():
    """One world for all tests of this file."""
    process = subprocess.Popen(
        [*COMMAND, "world", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=surroundings({"SOCIALS_WORLD_PARENT": str(os.getpid())}),
        cwd=ROOT,
    )
    try:
        yield Practice(json.loads(process.stdout.readline()))
    finally:
        process.communicate(timeout=60)  # closes its input, which ends it


@pytest.fixture(scope="module")
def fresh(running):
    """As after its start; what follows only looks."""
    running.side("/reset", {})
    return running


@pytest.fixture(scope="module")
def plan(fresh):
    """The plan of the whole sample library, and what was before and after it."""
    before = fresh.state()
    done = fresh.run("plan", "--json")
    return done, before, fresh.state()


# looking


def test_the_world_is_healthy(fresh):
    done = fresh.run("doctor", "--json")

    assert (0, "") == (done.code, done.err)
    checked(
        "doctor",
        done.document,
        {
            "ok": bool,
            "checks": [
                {
                    "name": words,
                    "state": one_of("ok", "warning", "failed"),
                    "found": words,
                    "hint": or_null(words),
                }
            ],
        },
    )
    assert done.document["ok"] is True
    found = {one["name"]: one["found"] for one in done.document["checks"]}
    files = {
        one
        for path, members in fresh.state()["imatch"]["categories"].items()
        if path.startswith("Socials")
        for one in (members if isinstance(members, list) else members["files"])
    }
    assert f", {len(files)} photos in Socials" in found["IMatch answers"]


def test_the_checklist_for_people_has_the_same_lines(fresh):
    done = fresh.run("doctor")

    assert 0 == done.code
    for one in fresh.run("doctor", "--json").document["checks"]:
        assert one["name"] in done.out


def test_the_plan_of_the_sample_library_keeps_the_contract(plan):
    done, _before, _after = plan

    assert (2, "") == (done.code, done.err)
    check_plan(done.document)
    assert "demo" == done.document["mode"]
    assert {"flickr", "pixelfed"} == set(done.document["accounts"])
    assert {"add", "update", "metadata", "delete", "skip", "none"} <= {
        row["action"] for row in done.document["rows"]
    }


def test_every_reason_and_problem_is_a_code(plan):
    rows = plan[0].document["rows"]

    assert all(code(row["reason"]) for row in rows)
    for row in rows:
        if row["blocked"]:
            assert row["reason"] in {one["code"] for one in row["problems"]}, row["file_id"]


def test_planning_changes_nothing_anywhere(plan):
    _done, before, after = plan

    for service in SERVICES:
        assert before[service] == after[service]


def test_a_photo_appears_once_on_each_platform(plan):
    keys = [(row["platform"], row["file_id"]) for row in plan[0].document["rows"]]

    assert len(set(keys)) == len(keys)


def test_the_plan_for_people_has_counts_that_add_up(fresh):
    done = fresh.run("plan", "flickr")

    assert 2 == done.code
    line = next(one for one in done.out.splitlines() if one.startswith("Flickr: "))
    total, _, terms = line.partition("    ")[0].removeprefix("Flickr: ").partition(" pending = ")
    assert int(total) == sum(int(term.split()[0]) for term in terms.split(" + "))
    assert "Pixelfed" not in done.out


def test_platforms_can_be_chosen(fresh):
    one = fresh.run("plan", "pixelfed", "--json").document
    both = fresh.run("plan", "pixelfed", "flickr", "--json").document

    assert {"pixelfed"} == {row["platform"] for row in one["rows"]} == set(one["summary"])
    assert {"flickr", "pixelfed"} == {row["platform"] for row in both["rows"]}


def test_a_dry_run_of_sync_is_the_plan(fresh, plan):
    before = fresh.state()
    done = fresh.run("sync", "--dry-run", "--json")

    assert 2 == done.code
    check_plan(done.document)
    assert plan[0].document["rows"] == done.document["rows"]
    for service in SERVICES:
        assert before[service] == fresh.state()[service]


def test_emoji_and_other_scripts_survive_a_console_of_an_old_windows(fresh):
    old = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    document = fresh.run("plan", "--json", **old).document
    done = fresh.run("plan", "flickr", **old)

    titles = {row["text"]["title"] for row in document["rows"] if row["text"]}
    assert "🌋 Fire & steam ✨" in titles
    assert (2, "") == (done.code, done.err)


def test_nothing_waits_for_a_history(fresh):
    done = fresh.run("history", "--json")

    assert (0, {"runs": []}) == (done.code, done.document)
    assert "No run yet.\n" == fresh.run("history").out


# doing


def test_the_whole_job_from_a_saved_plan_to_nothing_left(running, tmp_path):
    running.side("/reset", {})
    file = tmp_path / "plans" / "ü plan.json"
    file.parent.mkdir()
    saved = running.run("plan", "--json", "--out", str(file), "--quiet")
    planned = saved.document

    assert (2, "") == (saved.code, saved.err)
    assert planned == json.loads(file.read_text(encoding="utf-8"))
    assert_applied(running, file, planned)
    assert_second_run_rests(running)


def assert_applied(running, file, planned):
    """Everything that a person can release is released by name, faulty deletes too."""
    rows = planned["rows"]
    deletes = sum(row["action"] == "delete" for row in rows)
    names = ",".join(sorted({row["file_id"] for row in rows}))
    done = running.run(
        "apply", str(file), "--yes", "--json", "--approve-deletes", str(deletes), "--approve", names
    )
    check_run(done.document)

    ended = Counter(one["state"] for one in done.document["outcomes"])
    assert {"done", "skipped", "failed"} == set(ended), ended
    failed = {one["code"] for one in done.document["outcomes"] if one["state"] == "failed"}
    assert ({"not_yours"}, 3) == (failed, done.code)
    approved = {(row["platform"], row["file_id"]) for row in rows if row["approved"]}
    assert approved <= {(one["platform"], one["file_id"]) for one in done.document["outcomes"]}
    [run] = running.run("history", "--json").document["runs"]
    assert (done.document["run"], done.document["summary"]) == (run["run"], run["summary"])


def assert_second_run_rests(running):
    """Only the deletes of somebody else's photos are left, and nobody said yes to them."""
    before = running.state()
    changes = {name: len(changing(running, name)) for name in SERVICES}
    again = running.run("sync", "--yes", "--json")
    check_run(again.document)

    left = {(one["action"], one["state"], one["code"]) for one in again.document["outcomes"]}
    assert {("delete", "untouched", "not_approved")} == left
    assert 4 == again.code
    after = running.state()
    for service in SERVICES:
        assert before[service] == after[service], service
    assert changes == {name: len(changing(running, name)) for name in SERVICES}
    assert 0 == running.run("sync", "--yes", "--only", "add,update,metadata").code


def changing(running, service):
    """Requests that could change something: all but those that only read or sign in."""
    reading = ("GET", "HEAD")
    found = [one for one in running.requests(service) if one["method"] not in reading]
    harmless = ("authenticate", ".get", ".search", ".login", "checkToken", ".test.")
    return [one for one in found if not any(word in one["operation"] for word in harmless)]
