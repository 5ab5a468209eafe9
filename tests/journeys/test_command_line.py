"""`plan`, `apply` and `sync` in a small world: consents, exit codes, documents."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from command_line_kit import ROOT, check_plan, check_run, socials, surroundings


def leaving(rig, *titles):
    """Published photos that are to be deleted."""
    found = []
    for title in titles:
        file_id = rig.photo(title, flickr=True, flags=["flickr|_delete"])
        rig.online("flickr", file_id, title=title)
        found.append(file_id)
    return found


# plan


def test_a_plan_with_changes_is_two_and_without_is_nought(rig, run):
    dawn = rig.photo(flickr=True)
    assert 2 == run("plan").code

    rig.unflag(dawn, "flickr")
    done = run("plan")
    assert (0, True) == (done.code, "Nothing is pending." in done.out)


def test_blocked_rows_alone_are_no_changes(rig, run):
    rig.photo("No text", flickr=True, description=None)
    done = run("plan", "--json")

    assert 0 == done.code
    assert [True] == [row["blocked"] for row in done.document["rows"]]
    assert 0 == run("sync", "--dry-run").code


def test_suggested_rows_alone_are_no_changes(rig, run):
    dawn = rig.photo(flickr=True)
    rig.sync("flickr")
    rig.edit(dawn, title="Dawn, seen again")
    done = run("plan", "--json")

    check_plan(done.document)
    [row] = done.document["rows"]
    assert (0, True, "metadata") == (done.code, row["suggested"], row["action"])
    assert 2 == run("sync", "--dry-run", "--approve", dawn).code


def test_deletes_are_changes_that_are_pending(rig, run):
    leaving(rig, "Old")

    assert 2 == run("plan").code
    assert 0 == run("sync", "--dry-run", "--only", "add,update").code
    assert 2 == run("sync", "--dry-run", "--only", "delete").code


def test_the_printed_document_can_be_applied_like_a_saved_one(rig, run, tmp_path):
    rig.photo(flickr=True)
    file = tmp_path / "plan.json"
    file.write_text(run("plan", "--json").out, encoding="utf-8")
    done = run("apply", str(file), "--yes", "--json")

    check_run(done.document)
    assert (0, ["Dawn over the lake"]) == (done.code, rig.flickr_titles())


def test_a_plan_that_was_changed_is_refused(rig, run, tmp_path):
    rig.photo(flickr=True)
    file = tmp_path / "plan.json"
    run("plan", "--out", str(file))
    document = json.loads(file.read_text(encoding="utf-8"))
    document["rows"][0]["text"]["title"] = "Something else"
    file.write_text(json.dumps(document), encoding="utf-8")
    done = run("apply", str(file), "--yes", "--json")

    assert (4, "plan_changed") == (done.code, done.error["code"])
    assert [] == rig.flickr_titles()


def test_approvals_in_the_file_release_no_delete(rig, run, tmp_path):
    leaving(rig, "Old")
    file = tmp_path / "plan.json"
    run("plan", "--out", str(file))
    document = json.loads(file.read_text(encoding="utf-8"))
    document["rows"][0]["approved"] = True
    file.write_text(json.dumps(document), encoding="utf-8")

    assert 4 == run("apply", str(file), "--yes").code
    assert ["Old"] == rig.flickr_titles()


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "plan_not_found"), (b"{}", "not_a_plan"), (b"\xff\xfe", "not_a_plan"), (b"[1]", None)],
)
def test_a_file_that_is_no_plan_is_refused(run, tmp_path, content, code):
    file = tmp_path / "plan.json"
    if content is not None:
        file.write_bytes(content)
    done = run("apply", str(file), "--yes", "--json")

    assert (1, code or "not_a_plan") == (done.code, done.error["code"])
    assert done.error["hint"]


def test_a_place_where_nothing_can_be_saved_is_told(rig, run, tmp_path):
    rig.photo(flickr=True)
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    done = run("plan", "--out", str(tmp_path / "file" / "plan.json"), "--json")

    assert (1, "file") == (done.code, done.error["code"])
    assert "there is no folder" in done.error["message"]


def test_a_saved_plan_says_what_comes_next(rig, run, tmp_path):
    rig.photo(flickr=True)
    done = run("plan", "--out", str(tmp_path / "plan.json"))

    assert f"socials apply {tmp_path / 'plan.json'}" in done.err


def test_a_plan_of_another_account_is_a_guard(rig, run, tmp_path):
    rig.photo(flickr=True)
    file = tmp_path / "plan.json"
    run("plan", "--out", str(file))
    other = rig.flickr.backend.issue_token("delete", "lighthouse")
    done = run(
        "apply", str(file), "--yes", "--json",
        SOCIALS_FLICKR_TOKEN=other.token, SOCIALS_FLICKR_TOKEN_SECRET=other.secret,
    )  # fmt: skip

    assert (4, "other_account") == (done.code, done.error["code"])
    assert [] == rig.flickr_titles()


def test_a_plan_of_the_rehearsal_is_not_applied_to_the_real_accounts(rig, run, tmp_path):
    rig.photo(flickr=True)
    file = tmp_path / "plan.json"
    run("plan", "--out", str(file))
    done = run("apply", str(file), "--yes", "--json", SOCIALS_MODE="live")

    assert (4, "other_mode") == (done.code, done.error["code"])
    assert [] == rig.flickr_titles()


# consent


def test_without_yes_and_without_a_terminal_nothing_is_done(rig, run):
    rig.photo(flickr=True)
    for arguments in ([], ["--json"]):
        done = run("sync", *arguments)
        assert 4 == done.code
    assert "not_approved" == done.error["code"]
    assert "1 photo would be changed" in done.error["message"]
    assert "--yes" in done.error["hint"]
    assert [] == rig.flickr_titles()
    assert [] == run("history", "--json").document["runs"]


@pytest.mark.skipif(os.name == "nt", reason="descriptors are not handed on like that there")
def test_a_closed_standard_input_is_no_consent(rig, run):
    rig.photo(flickr=True)
    closing = "import os, subprocess, sys; os.close(0); sys.exit(subprocess.call(sys.argv[1:]))"
    command = [sys.executable, "-c", closing, sys.executable, "-m", "socials_lib", "sync"]
    done = subprocess.run(
        command, env=surroundings(rig.environ), capture_output=True, timeout=60, cwd=ROOT
    )
    assert 4 == done.returncode, done.stderr
    assert [] == rig.flickr_titles()


def test_nothing_to_do_needs_no_consent(run):
    assert 0 == run("sync").code


@pytest.mark.skipif(os.name == "nt", reason="pseudo terminals are POSIX")
@pytest.mark.parametrize(
    ("typed", "code", "titles"),
    [
        (b"y\n", 0, ["Dawn over the lake"]),
        (b"yes\n", 0, ["Dawn over the lake"]),
        (b"\n", 4, []),
        (b"n\n", 4, []),
        (b"\x04", 4, []),
    ],
)
def test_on_a_terminal_the_person_is_asked(rig, run, typed, code, titles):
    import pty

    rig.photo(flickr=True)
    ours, theirs = pty.openpty()
    try:
        os.write(ours, typed)
        done = socials(rig.environ, "sync", stdin=theirs)
    finally:
        os.close(ours)
        os.close(theirs)

    assert (code, titles) == (done.code, rig.flickr_titles())
    assert "Carry this out on the practice world, 1 photo? [y/N]" in done.err
    assert "Flickr: 1 pending = 1 add" in done.err


def test_deletes_without_a_number_wait_and_the_rest_is_done(rig, run):
    leaving(rig, "Old", "Older")
    rig.photo("New", flickr=True)
    done = run("sync", "--yes", "--json")

    check_run(done.document)
    assert (4, ["New", "Old", "Older"]) == (done.code, rig.flickr_titles())
    counts = done.document["summary"]["flickr"]
    assert (1, 0, 2) == (counts["added"], counts["deleted"], counts["untouched"])
    waiting = [one for one in done.document["outcomes"] if one["state"] == "untouched"]
    assert {"not_approved"} == {one["code"] for one in waiting}
    assert {"Approve with --approve-deletes 2."} == {one["hint"] for one in waiting}


@pytest.mark.parametrize(("number", "code", "left"), [(1, 4, 2), (2, 0, 0), (9, 0, 0), (0, 4, 2)])
def test_the_number_is_an_upper_bound_for_the_whole_plan(rig, run, number, code, left):
    leaving(rig, "Old", "Older")
    done = run("sync", "--yes", "--approve-deletes", str(number), "--json")

    assert (code, left) == (done.code, len(rig.flickr_titles()))
    assert 2 - left == done.document["summary"]["flickr"]["deleted"]


def test_the_number_counts_what_only_leaves_out_as_well(rig, run):
    leaving(rig, "Old", "Older")
    rig.photo("New", flickr=True)
    done = run("sync", "--yes", "--only", "add", "--json")

    assert (0, ["New", "Old", "Older"]) == (done.code, rig.flickr_titles())
    assert ["add"] == [one["action"] for one in done.document["outcomes"]]


def test_a_photo_with_comments_needs_its_name(rig, run):
    [old] = leaving(rig, "Old")
    [photo_id] = rig.flickr.backend.photos
    rig.flickr.backend.add_comment(photo_id, text="A fine morning")
    first = run("sync", "--yes", "--approve-deletes", "1", "--json")

    assert 4 == first.code
    assert ["has_engagement"] == [one["code"] for one in first.document["outcomes"]]
    assert ["Old"] == rig.flickr_titles()
    second = run("sync", "--yes", "--approve-deletes", "1", "--approve", f"flickr:{old}", "--json")
    assert (0, []) == (second.code, rig.flickr_titles())


def test_a_delete_held_back_by_a_fault_needs_its_name_and_the_number(rig, run):
    old = rig.photo("Old", flickr=True, flags=["flickr|_delete"], description=None)
    rig.online("flickr", old, title="Old")

    assert 0 == run("sync", "--yes", "--approve-deletes", "1").code  # blocked: nothing to do
    assert 4 == run("sync", "--yes", "--approve", old).code
    assert ["Old"] == rig.flickr_titles()
    leaf = "Socials|flickr|__errors|missing description"
    assert leaf in rig.imws.backend.categories_of(int(old))
    assert 0 == run("sync", "--yes", "--approve", old, "--approve-deletes", "1").code
    assert [] == rig.flickr_titles()
    assert leaf not in rig.imws.backend.categories_of(int(old))  # it is no concern any more


def test_a_suggestion_is_released_by_its_name_on_that_platform_only(rig, run):
    dawn = rig.photo(flickr=True)
    rig.sync("flickr")
    rig.edit(dawn, title="Dawn, seen again")
    other = run("sync", "--yes", "--approve", f"pixelfed:{dawn}", "--json")
    named = run("sync", "--yes", "--approve", f"flickr:{dawn}", "--json")

    assert [] == other.document["outcomes"]
    assert "no row of this plan" in other.err
    assert (0, ["Dawn, seen again"]) == (named.code, rig.flickr_titles())


def test_names_may_be_given_in_one_or_in_several(rig, run):
    leaving(rig, "Old", "Older")
    for photo_id in rig.flickr.backend.photos:
        rig.flickr.backend.add_comment(photo_id, text="A fine morning")
    done = run(
        "sync", "--yes", "--approve-deletes", "2", "--approve", "1001, 7", "--approve", "1002"
    )

    assert (0, []) == (done.code, rig.flickr_titles())
    assert "! --approve 7: no row of this plan.\n" in done.err


def test_only_limits_the_actions(rig, run):
    rig.photo("New", flickr=True)
    changed = rig.photo("Newer title", flickr=True, flags=["flickr|_metadata"])
    rig.online("flickr", changed, title="An old title")
    done = run("sync", "--yes", "--only", "metadata", "--json")

    assert (0, ["Newer title"]) == (done.code, rig.flickr_titles())
    assert 2 == run("plan").code


def test_a_platform_can_be_named(rig, run):
    rig.photo(flickr=True, pixelfed=True)
    done = run("sync", "pixelfed", "--yes", "--json")

    assert ["pixelfed"] == [one["platform"] for one in done.document["outcomes"]]
    assert ([], 1) == (rig.flickr_titles(), len(rig.statuses()))
