"""What goes wrong around a command: set-up, addresses, other runs, the disk, signals."""

from __future__ import annotations

import json
import os
import signal
from importlib.metadata import version

import pytest
from command_line_kit import (
    asked,
    begun,
    check_run,
    finished,
    press_ctrl_c,
    socials,
    socials_here,
)
from rig import picture

NOWHERE = "http://127.0.0.1:1"
SIGN_IN = {"SOCIALS_FLICKR_TOKEN": "", "SOCIALS_PIXELFED_TOKEN": ""}
COMMANDS = [["plan"], ["sync", "--yes"], ["resume"], ["history"]]


# wrong arguments


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plan", "myspace"], "myspace"),
        (["sync", "Flickr", "--yes"], "Flickr"),
        (["sync", "--only", "adds"], "adds"),
        (["sync", "--approve-deletes", "-1"], "-1"),
        (["sync", "--approve-deletes", "many"], "many"),
        (["sync", "--approve", "myspace:7"], "myspace:7"),
        (["sync", "--approve-del=3"], "--approve-del"),
        (["history", "--most", "0"], "“0”"),
        (["apply"], "FILE"),
        (["lab", "--port", "70000"], "70000"),
        (["frobnicate"], "frobnicate"),
        ([], "COMMAND"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_arguments_are_one_and_never_mean_that_changes_are_pending(run, arguments, said):
    done = run(*arguments)
    assert (1, "") == (done.code, done.out)
    assert said in done.err

    document = run(*arguments, "--json")
    assert (1, "usage", "") == (document.code, document.error["code"], document.err)
    assert said in document.error["message"]
    assert document.error["hint"]


def test_an_action_that_is_none_is_named_once_with_those_that_are():
    done = socials_here({}, "plan", "--only", "remove")

    said = "Argument --only: does not know “remove”. Use add, update, metadata, delete.\n"
    assert (1, True) == (done.code, done.err.startswith(said))


@pytest.mark.parametrize("name", [".", ""])
def test_a_folder_in_place_of_a_plan_is_named(run, name):
    done = run("apply", name, "--json")

    assert (1, "plan_not_found") == (done.code, done.error["code"])
    assert "The plan . cannot be opened." == done.error["message"]


def test_the_version_is_the_one_of_the_package():
    done = socials({}, "--version")

    assert (0, f"socials {version('imatch-to-socials')}\n", "") == (done.code, done.out, done.err)
    assert "--version" in socials({}, "--help").out


@pytest.mark.parametrize("command", COMMANDS)
def test_a_misspelt_variable_of_the_environment_is_not_passed_over(run, command):
    done = run(*command, "--json", SOCIALS_HOEM="C:/photos")

    assert (5, "settings") == (done.code, done.error["code"])
    assert "There is no setting SOCIALS_HOEM; did you mean SOCIALS_HOME?" == done.error["message"]


def test_help_is_no_error():
    done = socials({}, "--help")

    assert 0 == done.code
    assert "Exit codes: 0 done" in done.out
    assert "--approve-deletes" in socials({}, "sync", "-h").out


# set-up


def test_without_any_sign_in_planning_is_five_and_says_what_is_missing(run):
    done = run("plan", "--json", **SIGN_IN)

    assert 5 == done.code
    assert "Neither Flickr nor Pixelfed is set up." == done.error["message"]
    for name in ("flickr_token", "pixelfed_token"):
        assert name in done.error["hint"]


@pytest.mark.parametrize("command", [["plan", "flickr"], ["sync", "flickr", "--yes"]])
def test_a_platform_that_is_not_set_up_is_five(rig, run, command):
    rig.photo(flickr=True)
    done = run(*command, "--json", SOCIALS_FLICKR_TOKEN="")

    assert (5, "signed_out") == (done.code, done.error["code"])
    assert "flickr_token" in done.error["hint"]


def test_a_platform_that_is_not_set_up_does_not_hinder_the_other(rig, run):
    rig.photo(flickr=True, pixelfed=True)
    done = run("sync", "--yes", "--json", SOCIALS_PIXELFED_TOKEN="")

    assert (0, ["Dawn over the lake"]) == (done.code, rig.flickr_titles())
    assert {"flickr"} == set(done.document["summary"])


def test_the_doctor_is_five_without_an_account(run):
    done = run("doctor", "--json", **SIGN_IN)

    assert (5, False) == (done.code, done.document["ok"])
    states = {one["name"]: one["state"] for one in done.document["checks"]}
    assert "failed" == states["Accounts"]
    assert ("warning", "warning") == (states["Flickr"], states["Pixelfed"])


def test_the_doctor_is_five_with_a_missing_category(rig, run):
    rig.seed.categories = [
        one for one in rig.seed.categories if one.path != "Socials|flickr|_update"
    ]
    rig.reload()
    done = run("doctor", "--json")

    assert (5, False) == (done.code, done.document["ok"])
    [missing] = [one for one in done.document["checks"] if one["state"] == "failed"]
    assert "Socials|flickr|_update" == missing["found"]
    assert "Socials|flickr|_update" in run("doctor").out


def test_the_doctor_is_five_while_imatch_is_down(run):
    done = run("doctor", "--json", SOCIALS_IMATCH_URL=NOWHERE)

    assert (5, False) == (done.code, done.document["ok"])
    found = {one["name"]: one["found"] for one in done.document["checks"]}
    assert "IMatch does not answer at 127.0.0.1:1." == found["IMatch answers"]


@pytest.mark.parametrize("command", [["plan"], ["sync", "--yes"], ["resume"]])
def test_imatch_that_does_not_answer_is_told_with_the_way_out(run, command):
    done = run(*command, "--json", SOCIALS_IMATCH_URL=NOWHERE)

    assert (1, "imatch_unreachable") == (done.code, done.error["code"])
    assert "IMatch does not answer at 127.0.0.1:1." == done.error["message"]
    assert "Start IMatch and open your database." in done.error["hint"]
    assert "SOCIALS_IMATCH_URL" in done.error["hint"]


@pytest.mark.parametrize("command", [["plan"], ["plan", "flickr"], ["sync", "--yes"]])
def test_keys_that_may_lie_in_imatch_are_not_called_missing_while_it_is_down(run, command):
    done = run(*command, "--json", **SIGN_IN, SOCIALS_IMATCH_URL=NOWHERE)

    assert (1, "imatch_unreachable") == (done.code, done.error["code"])


def test_keys_in_imatch_are_found_as_soon_as_it_answers(rig):
    """A notebook that was opened before IMatch."""
    from socials_lib.workbench import Workbench

    token = rig.environ["SOCIALS_PIXELFED_TOKEN"]
    rig.imws.backend.variables |= {"pixelfed_token": token, "pixelfed_url": rig.pixelfed.url}
    bare = {**rig.environ, **SIGN_IN, "SOCIALS_PIXELFED_URL": ""}
    wb = Workbench.open(environ=bare)
    rig.imws.fail_next("*", reset=True, times=-1)
    assert not list(wb.platforms)

    rig.imws.faults.clear()
    assert ["pixelfed"] == list(wb.platforms)


def test_no_plan_is_made_while_the_privacy_cannot_be_read(rig, run):
    """The default is public; a variable that IMatch does not give just now may say otherwise."""
    rig.photo(flickr=True)
    rig.imws.backend.variables |= {"flickr_is_public": 0, "flickr_is_family": 1}
    rig.imws.fail_next("GET /v1/imatch/appvar", status=500, times=-1)
    done = run("plan", "flickr", "--json")
    assert (1, ["error"]) == (done.code, list(done.document))

    rig.imws.faults.clear()
    [row] = run("plan", "flickr", "--json").document["rows"]
    assert "family" == row["text"]["visibility"]


def test_something_else_on_that_port_is_told(rig, run):
    done = run("plan", "--json", SOCIALS_IMATCH_URL=rig.pixelfed.url)

    assert (1, "not_imatch") == (done.code, done.error["code"])
    assert "but it is not IMatch" in done.error["message"]


@pytest.mark.parametrize(
    "environ",
    [
        {"SOCIALS_PACE_FLICKR_PER_HOUR": "many"},
        {"SOCIALS_RECOVERY_LOOK_WAITS": "[0, "},
        {"SOCIALS_PIXELFED_VISIBILITY": "direct"},
        {"SOCIALS_MODE": "rehearsal"},
    ],
    ids=lambda value: next(iter(value)),
)
@pytest.mark.parametrize("command", [["plan"], ["doctor"]])
def test_wrong_settings_are_five_and_named(run, command, environ):
    done = run(*command, "--json", **environ)

    assert 5 == done.code
    [name] = environ
    assert name in done.error["message"] + done.error["hint"]
    assert done.error["hint"]


def test_wrong_settings_in_the_file_are_five(rig, run):
    home = rig.folder / "home"
    home.mkdir(exist_ok=True)
    (home / "settings.toml").write_text("[pace\n", encoding="utf-8")
    done = run("plan", "--json")

    assert 5 == done.code
    assert "settings.toml" in done.error["message"]


# other runs


@pytest.mark.parametrize("command", [["sync", "--yes"], ["resume"]])
def test_another_run_under_way_is_four_and_named(rig, run, command):
    rig.photo(flickr=True)
    with rig.wb.lock.held(origin="the notebook 01_sync"):
        done = run(*command, "--json")

    assert (4, "another_run") == (done.code, done.error["code"])
    assert "the notebook 01_sync" in done.error["message"]
    assert [] == rig.flickr_titles()


def test_looking_needs_no_lock(rig, run):
    rig.photo(flickr=True)
    with rig.wb.lock.held(origin="the notebook 01_sync"):
        assert 2 == run("plan").code
        assert 0 == run("doctor").code
        assert 0 == run("history").code


# the data folder


def test_a_data_folder_that_cannot_be_is_told(rig, run):
    (rig.folder / "file").write_text("in the way", encoding="utf-8")
    home = rig.folder / "file" / "home"
    done = run("plan", "--json", SOCIALS_HOME=str(home))

    assert done.code in (1, 5)
    assert str(home) in done.error["message"] + (done.error["hint"] or "")


def test_a_journal_that_cannot_be_written_sends_nothing(rig, run):
    rig.photo(flickr=True)
    (rig.folder / "home" / "journal.sqlite").mkdir(parents=True)
    for command in COMMANDS:
        done = run(*command, "--json")
        assert (1, "journal") == (done.code, done.error["code"]), command
        assert str(rig.folder / "home") in done.error["hint"]
    assert 5 == run("doctor").code
    assert [] == rig.flickr_titles()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_read_only_data_folder_sends_nothing(rig, run):
    rig.photo(flickr=True)
    home = rig.folder / "read-only"
    home.mkdir()
    home.chmod(0o500)
    try:
        done = run("sync", "--yes", "--json", SOCIALS_HOME=str(home))
    finally:
        home.chmod(0o700)

    assert (1, "journal") == (done.code, done.error["code"])
    assert [] == rig.flickr_titles()


def test_the_unforeseen_is_one_document_too(run, monkeypatch):
    def explode(*_arguments):
        raise ZeroDivisionError("nobody thought of this")

    monkeypatch.setattr("socials_lib.cli.commands.COMMANDS", {"plan": explode})
    done = run("plan", "--json")

    assert (1, "unforeseen") == (done.code, done.error["code"])
    assert "nobody thought of this" in done.error["message"]


# signals


SIGNALS = ["ctrl-c"] if os.name == "nt" else ["ctrl-c", "sigterm"]


def stopped_in_the_middle(rig, how):
    """A run of four photos that is asked to stop while the first is on its way."""
    for number in range(4):
        rig.photo(f"Photo {number}", flickr=True, taken=f"2024-03-2{number}T07:00:00")
    rig.wb.account("flickr")
    rig.flickr.latency = 0.15
    with begun(rig.environ, "sync", "--yes", "--json") as process:
        assert b"1 of 4" in process.stderr.readline()
        press_ctrl_c(process) if how == "ctrl-c" else process.send_signal(signal.SIGTERM)
        done = finished(process)
    rig.flickr.latency = 0.0
    return done


@pytest.mark.parametrize("how", SIGNALS)
def test_ctrl_c_ends_after_the_act_in_flight_and_resume_does_the_rest(rig, run, how):
    done = stopped_in_the_middle(rig, how)

    check_run(done.document)
    assert (3, "stopped") == (done.code, done.document["state"])
    online = rig.flickr_titles()
    counts = done.document["summary"]["flickr"]
    assert 1 <= counts["untouched"] <= 3
    assert 4 == counts["untouched"] + len(online)
    assert "Stopping" in done.err

    rest = run("resume", "--json")
    check_run(rest.document)
    assert (0, done.document["run"]) == (rest.code, rest.document["run"])
    assert [f"Photo {number}" for number in range(4)] == rig.flickr_titles()
    assert 4 == sum(one == "upload" for one in rig.flickr.operations())
    assert 0 == run("plan").code
    assert "Nothing is open.\n" == run("resume").out


def test_a_run_that_was_killed_is_broken_and_resumed(rig, run):
    for number in range(3):
        rig.photo(f"Photo {number}", flickr=True)
    rig.wb.account("flickr")
    rig.flickr.latency = 0.1
    with begun(rig.environ, "sync", "--yes") as process:
        assert b"1 of 3" in process.stderr.readline()
        process.kill()
        process.wait(timeout=30)
    rig.flickr.latency = 0.0

    [broken] = run("history", "--json").document["runs"]
    assert ("broken", None) == (broken["state"], broken["ended"])
    rest = run("resume", "--json")
    assert (0, broken["run"]) == (rest.code, rest.document["run"])
    assert ["Photo 0", "Photo 1", "Photo 2"] == rig.flickr_titles()


# a world of its own


def test_the_world_prints_one_line_and_is_all_that_a_client_needs(tmp_path):
    """`--photos`, so that it is ready at once."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "dawn.jpg").write_bytes(picture(1))
    with begun({}, "world", "--json", "--photos", str(tmp_path / "photos")) as process:
        described = json.loads(process.stdout.readline())
        assert {"imatch_url", "flickr_url", "pixelfed_url", "home", "env"} <= set(described)
        assert 0 == socials(described["env"], "doctor").code
        done = socials(described["env"], "plan", "--json")
        assert "demo" == done.document["mode"]
        assert asked(described["side_url"] + "/health")["ok"]
        process.terminate()
        process.wait(timeout=30)


def test_a_world_that_cannot_start_says_so_in_one_document(tmp_path):
    done = socials({}, "world", "--json", "--photos", str(tmp_path / "nowhere"))

    assert (1, "world_not_started") == (done.code, done.error["code"])
