"""Every exit code and document from a process of its own, in the surroundings that break programs:
a console of an old code page, standard input closed, a data folder that cannot be."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from command_line_kit import (
    COMMAND,
    ROOT,
    Done,
    check_plan,
    check_run,
    checked,
    moment,
    one_of,
    or_null,
    socials,
    surroundings,
    text,
    words,
)
from rig import picture

TITLE = "🌋 Ünïcode “Dawn” غروب"
NOWHERE = "http://127.0.0.1:1"
CP1252 = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
#: Ends standard input, then becomes the command: what `pythonw` and some schedulers give.
_CLOSING = "import os, sys; os.close(0); os.execv(sys.argv[1], sys.argv[1:])"
DOCTOR = {
    "ok": bool,
    "checks": [
        {
            "name": words,
            "state": one_of("ok", "warning", "failed"),
            "found": words,
            "hint": or_null(words),
        }
    ],
}
HISTORY = {
    "runs": [
        {
            "run": words,
            "started": moment,
            "ended": or_null(moment),
            "state": words,
            "mode": words,
            "summary": dict,
        }
    ]
}
AUDIT = {
    "findings": [
        {
            "file_id": or_null(words),
            "platform": words,
            "remote_id": or_null(words),
            "code": words,
            "field": or_null(words),
            "imatch": or_null(str),
            "remote": or_null(str),
            "base": or_null(str),
            "suggestion": or_null(str),
        }
    ]
}


def old_console(environ, *arguments) -> Done:
    """A command whose output is captured for cp1252 and whose standard input is closed."""
    command = [*COMMAND, *arguments]
    if os.name != "nt":
        command = [sys.executable, "-c", _CLOSING, *command]
    done = subprocess.run(
        command,
        env=surroundings({**environ, **CP1252}),
        capture_output=True,
        check=False,
        timeout=120,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
    )
    out, err = text(done.stdout), text(done.stderr)
    assert "Traceback" not in out + err, err
    return Done(code=done.returncode, out=out, err=err)


# the exit codes, each with its document


def test_nought_nothing_to_do(rig):
    done = old_console(rig.environ, "sync", "--json")

    check_run(done.document)
    assert (0, []) == (done.code, done.document["outcomes"])


def test_nought_a_run_and_its_history(rig):
    rig.photo(TITLE, flickr=True, pixelfed=True)
    done = old_console(rig.environ, "sync", "--yes", "--json")
    check_run(done.document)
    assert (0, [TITLE]) == (done.code, rig.flickr_titles())

    history = old_console(rig.environ, "history", "--json")
    checked("history", history.document, HISTORY)
    assert (0, 1) == (history.code, len(history.document["runs"]))
    assert 0 == old_console(rig.environ, "resume", "--json").code


@pytest.mark.parametrize(
    ("arguments", "more", "code"),
    [
        (["frobnicate"], {}, "usage"),
        (["plan"], {"SOCIALS_IMATCH_URL": NOWHERE}, "imatch_unreachable"),
        (["apply", "no such plan.json", "--yes"], {}, "plan_not_found"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_anything_else(rig, arguments, more, code):
    done = old_console({**rig.environ, **more}, *arguments, "--json")

    assert (1, code) == (done.code, done.error["code"])


def test_two_changes_pending(rig, tmp_path):
    rig.photo(TITLE, flickr=True)
    file = tmp_path / "plän mit Leerzeichen.json"
    plan = old_console(rig.environ, "plan", "--out", str(file), "--json")
    check_plan(plan.document)
    assert (2, TITLE) == (plan.code, plan.document["rows"][0]["text"]["title"])
    assert plan.document == json.loads(file.read_text(encoding="utf-8"))


def test_two_findings_of_an_audit(rig):
    rig.flickr.backend.add_photo(picture(7), title=TITLE)
    done = old_console(rig.environ, "audit", "flickr", "--json")

    checked("audit", done.document, AUDIT)
    assert 2 == done.code


def test_three_a_photo_failed(rig):
    rig.photo(TITLE, flickr=True)
    body = b'<rsp stat="fail"><err code="5" msg="Filetype was not recognised"/></rsp>'
    rig.flickr.fail_next("/services/upload/", status=200, body=body, times=-1)
    done = old_console(rig.environ, "sync", "--yes", "--json")

    check_run(done.document)
    assert (3, ["failed"]) == (done.code, [one["state"] for one in done.document["outcomes"]])
    assert TITLE in done.document["outcomes"][0]["message"]


def test_four_nobody_said_yes(rig):
    rig.photo(TITLE, flickr=True)
    done = old_console(rig.environ, "sync", "--json")

    assert (4, "not_approved") == (done.code, done.error["code"])
    assert "--yes" in old_console(rig.environ, "sync").err
    assert [] == rig.flickr_titles()


def test_four_another_run_is_under_way(rig):
    rig.photo(TITLE, flickr=True)
    with rig.wb.lock.held(origin="Aufgabenplanung – nächtlich"):
        done = old_console(rig.environ, "sync", "--yes", "--json")

    assert (4, "another_run") == (done.code, done.error["code"])
    assert "Aufgabenplanung – nächtlich" in done.error["message"]
    assert str(os.getpid()) in done.error["message"]
    assert [] == rig.flickr_titles()


def test_five_nobody_is_signed_in(rig):
    environ = {**rig.environ, "SOCIALS_FLICKR_TOKEN": "", "SOCIALS_PIXELFED_TOKEN": ""}
    done = old_console(environ, "plan", "--json")
    doctor = old_console(environ, "doctor", "--json")

    assert (5, "settings") == (done.code, done.error["code"])
    checked("doctor", doctor.document, DOCTOR)
    assert (5, False) == (doctor.code, doctor.document["ok"])


def test_the_doctor_for_people_and_its_bundle(rig, tmp_path):
    file = tmp_path / "für den Fehlerbericht.zip"
    done = old_console(rig.environ, "doctor", "--bundle", str(file))

    assert 0 == done.code, done.out
    assert file.exists()
    assert "checks.json" in done.out


# code pages


@pytest.mark.parametrize("page", ["cp1252", "cp437", "utf-16"])
def test_no_code_page_breaks_a_command(rig, page):
    rig.photo(TITLE, flickr=True)
    done = socials({**rig.environ, "PYTHONIOENCODING": page, "PYTHONUTF8": "0"}, "plan")

    assert (2, "") == (done.code, done.err)
    assert TITLE in done.out


def test_a_document_is_whole_whatever_code_page_the_reader_thinks_of(rig):
    rig.photo(TITLE, flickr=True)
    command = [*COMMAND, "plan", "--json"]
    how = {"capture_output": True, "timeout": 120, "cwd": ROOT, "check": False}
    old = subprocess.run(command, env=surroundings({**rig.environ, **CP1252}), **how)
    new = subprocess.run(
        command, env=surroundings({**rig.environ, "PYTHONIOENCODING": "utf-8"}), **how
    )

    for page in ("cp1252", "cp437", "utf-8"):
        document = json.loads(old.stdout.decode(page))
        assert TITLE == document["rows"][0]["text"]["title"]
    assert TITLE in new.stdout.decode("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="pseudo terminals are POSIX")
def test_a_terminal_of_an_old_code_page_gets_its_own_letters(rig):
    """`PYTHONLEGACYWINDOWSSTDIO`, or a serial line: what it cannot show becomes plain signs."""
    import pty

    page = "cp437"
    rig.photo(TITLE, flickr=True)
    ours, theirs = pty.openpty()
    try:
        environ = surroundings({**rig.environ, "PYTHONIOENCODING": page, "PYTHONUTF8": "0"})
        done = subprocess.run(
            [*COMMAND, "sync", "--yes"],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=theirs,
            timeout=120,
            cwd=ROOT,
            check=False,
        )
        seen = os.read(ours, 65_536).decode(page)
    finally:
        os.close(ours)
        os.close(theirs)

    assert 0 == done.returncode
    assert "Reading IMatch" in seen or "1 of 1" in seen
    assert "Ünïcode" in seen
    assert "+ done" in seen
    assert "✓" not in seen


# a data folder that cannot be


HOMELESS = [
    (["plan"], 1, "journal"),
    (["sync", "--yes"], 1, "journal"),
    (["resume"], 1, "journal"),
    (["history"], 1, "journal"),
    (["audit"], 1, "journal"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), HOMELESS)
def test_a_data_folder_that_cannot_be_is_told_with_the_way_out(rig, arguments, code, said):
    """A file where the folder must be: that binds the superuser as well."""
    rig.photo(TITLE, flickr=True)
    home = _no_folder(rig)
    done = old_console({**rig.environ, "SOCIALS_HOME": home}, *arguments, "--json")

    assert (code, said) == (done.code, done.error["code"])
    assert home in done.error["hint"]
    assert [] == rig.flickr_titles()


def test_a_saved_plan_is_not_applied_without_a_journal(rig, tmp_path):
    rig.photo(TITLE, flickr=True)
    file = tmp_path / "plan.json"
    assert 2 == old_console(rig.environ, "plan", "--out", str(file)).code
    done = old_console(
        {**rig.environ, "SOCIALS_HOME": _no_folder(rig)}, "apply", str(file), "--yes", "--json"
    )

    assert (1, "journal", []) == (done.code, done.error["code"], rig.flickr_titles())


def test_the_doctor_is_still_there_without_a_data_folder(rig, tmp_path):
    home, file = _no_folder(rig), tmp_path / "bundle.zip"
    done = old_console(
        {**rig.environ, "SOCIALS_HOME": home}, "doctor", "--bundle", str(file), "--json"
    )

    checked("doctor", done.document, DOCTOR)
    states = {one["name"]: one["state"] for one in done.document["checks"]}
    assert (5, "failed", "failed") == (done.code, states["Data folder"], states["Run journal"])
    hint = next(one["hint"] for one in done.document["checks"] if one["name"] == "Data folder")
    assert "SOCIALS_HOME" in hint
    assert file.exists()


@pytest.mark.parametrize("name", ["logs", "reports", "status.json", "cache/thumbnails"])
def test_a_part_of_the_data_folder_that_cannot_be_written_stops_no_run(rig, name):
    """The log, the report, the picture of the run: a photo must not fail for them."""
    home = rig.folder / "home"
    (home / name).parent.mkdir(parents=True, exist_ok=True)
    if name == "status.json":
        (home / name).mkdir()
    else:
        (home / name).write_text("in the way", encoding="utf-8")
    rig.photo(TITLE, flickr=True)
    done = old_console(rig.environ, "sync", "--yes", "--json")

    check_run(done.document)
    assert (0, [TITLE]) == (done.code, rig.flickr_titles())


@pytest.mark.parametrize("command", ["doctor --bundle", "audit --html"])
def test_a_file_that_cannot_be_written_is_a_wrong_argument(rig, command):
    done = old_console(rig.environ, *command.split(), _no_folder(rig) + "/a.file", "--json")

    assert (1, "file") == (done.code, done.error["code"])
    assert done.error["hint"]


def _no_folder(rig) -> str:
    file = rig.folder / "file"
    file.write_text("in the way", encoding="utf-8")
    return str(file / "home")


# quick where nobody listens


def test_a_plan_is_quick_where_nobody_listens(rig):
    """With the waits of real life, and longer: a second try would come after two minutes."""
    rig.photo(flickr=True, pixelfed=True)
    real = {"SOCIALS_RETRY_FIRST_WAIT": "120", "SOCIALS_RETRY_ATTEMPTS": "5"}
    down = {"SOCIALS_FLICKR_URL": NOWHERE, "SOCIALS_PIXELFED_URL": NOWHERE}
    done = socials({**rig.environ, **real, **down}, "plan", timeout=90)

    assert 2 == done.code
    assert 2 == len(re.findall("does not answer", done.out))
