"""How rows and runs end: counts, exit codes, the JSON contract."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import product
from typing import get_args

import pytest
from plan_kit import NOW, only_row, pending, photo

from socials_lib.errors import (
    AttributeSetMissing,
    CategoryMissing,
    ImatchSignInRefused,
    ImatchUnreachable,
    PhotoError,
    Refused,
    SettingsError,
    SignedOut,
)
from socials_lib.models import ACTIONS, Note, Outcome, Run, State
from socials_lib.sync.outcome import (
    GUARDS,
    SETUP,
    exit_code,
    from_error,
    outcome,
    run_to_json,
    summary,
)
from socials_lib.sync.perform import Breaker

STATES = get_args(State)
MEMBERS = ("file_id", "platform", "action", "state", "remote_id", "url", "code", "message")
MEMBERS += ("hint", "warnings")


def how(state="done", action="add", platform="flickr", code="", notes=()):
    return Outcome(
        file_id="1201",
        name="1201.jpg",
        platform=platform,
        action=action,
        state=state,
        code=code,
        warnings=tuple(Note(code=note, message=f"{note} happened") for note in notes),
    )


def run(*outcomes, state="done", by=""):
    return Run(
        run="r1",
        started=NOW,
        ended=NOW,
        state=state,
        mode="demo",
        outcomes=outcomes,
        stopped_by=by,
    )


# -- from rows and errors


def test_an_outcome_names_the_photo_of_its_row():
    row = only_row(pending(photo()))

    found = outcome(row, "done", remote_id="5301")

    assert ("1201", "1201.jpg", "flickr", "add", "done", "5301") == (
        found.file_id,
        found.name,
        found.platform,
        found.action,
        found.state,
        found.remote_id,
    )
    assert row.key == found.key


def test_a_failure_says_which_photo_what_and_what_to_do():
    row = only_row(pending(photo()))

    found = from_error(row, Refused("The file is damaged.", hint="Export it again."))
    named = from_error(row, Refused("“Lake 1201” is refused."), state="unknown")

    assert ("failed", "refused") == (found.state, found.code)
    assert "“Lake 1201”: The file is damaged." == found.message
    assert "Export it again." == found.hint
    assert ("unknown", "“Lake 1201” is refused.") == (named.state, named.message)


def test_a_photo_without_title_is_called_by_its_file_name():
    row = only_row(pending(photo(title="")))

    assert from_error(row, PhotoError("No picture.")).message.startswith("“1201.jpg”")


# -- counts


WORDS = {
    "add": "added",
    "update": "updated",
    "metadata": "metadata",
    "delete": "deleted",
    "repost": "updated",
    "skip": "skipped",
    "none": "skipped",
}


@pytest.mark.parametrize(("action", "state"), list(product([*ACTIONS, "none"], STATES)))
def test_every_outcome_has_exactly_one_place_in_the_summary(action, state):
    counts = summary([how(state, action)])["flickr"]

    word = WORDS[action] if state == "done" else state
    assert {word: 1} == {name: count for name, count in counts.items() if count}


def test_the_summary_counts_per_platform_with_all_words():
    counts = summary([how(), how(), how("failed", "delete"), how(platform="pixelfed")])

    assert (2, 1, 1) == (
        counts["flickr"]["added"],
        counts["flickr"]["failed"],
        counts["pixelfed"]["added"],
    )
    words = "added updated metadata deleted skipped blocked failed unknown stale untouched"
    assert words.split() == list(counts["pixelfed"])


# -- exit codes


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ((), 0),
        ((how(),), 0),
        ((how("skipped", "skip", code="not_published"),), 0),
        ((how("failed", code="refused"),), 3),
        ((how("unknown", code="unclear_act"),), 3),
        ((how("stale", code="stale"),), 3),
        ((how("blocked", code="private_content"),), 3),
        ((how("untouched", code="stopped"),), 3),
        ((how("untouched", code="run_stopped"),), 3),
        ((how("untouched", "delete", code="not_approved"),), 4),
        ((how("blocked", "delete", code="has_engagement"),), 4),
        ((how("untouched", code="breaker"),), 4),
        ((how("untouched", code="signed_out"),), 5),
        ((how("failed", code="category_missing"),), 5),
        ((how("failed", code="attribute_set_missing"),), 5),
    ],
)
def test_each_outcome_has_its_exit_code(outcomes, code):
    assert code == exit_code(run(*outcomes))


@pytest.mark.parametrize(
    ("note", "code"),
    [
        ("refused_group_full", 3),
        ("refused_unreachable", 3),
        ("refused_album_would_vanish", 4),
        ("group_waits", 0),
        ("moderated", 0),
        ("picture_not_replaceable", 0),
        ("edited_online", 0),
        ("already_gone", 0),
    ],
)
def test_a_follow_up_that_only_waits_is_no_failure(note, code):
    assert code == exit_code(run(how(notes=(note,))))


@pytest.mark.parametrize(
    ("state", "by", "code"),
    [
        ("done", "", 0),
        ("stopped", "person", 0),
        ("halted", "signed_out", 5),
        ("halted", "imatch_sign_in", 5),
        ("halted", "breaker", 4),
        ("halted", "other_account", 4),
        ("halted", "imatch_unreachable", 3),
        ("halted", "journal", 3),
    ],
)
def test_a_run_that_was_halted_has_the_code_of_its_trouble(state, by, code):
    assert code == exit_code(run(how(), state=state, by=by))


def test_the_highest_code_that_applies_counts():
    failed, held = how("failed", code="refused"), how("blocked", code="has_engagement")
    out = how("untouched", code="signed_out")

    assert 3 == exit_code(run(how(), failed))
    assert 4 == exit_code(run(held, failed, how()))
    assert 5 == exit_code(run(held, out, failed))
    assert 4 == exit_code(run(how(notes=("refused_album_would_vanish", "refused_group_full"))))


@pytest.mark.parametrize(
    "error", [SettingsError, SignedOut, ImatchSignInRefused, AttributeSetMissing, CategoryMissing]
)
def test_errors_of_sign_in_and_setup_are_known_by_their_code(error):
    assert error("x").code in SETUP


def test_other_errors_are_no_setup_and_guards_are_no_setup():
    assert {Breaker("x").code} <= GUARDS
    assert not GUARDS & SETUP
    assert ImatchUnreachable("x").code not in SETUP | GUARDS


# -- the JSON contract


def test_a_run_has_the_members_of_the_contract():
    done = how(notes=("group_waits",))
    failed = how("failed", code="refused")

    found = json.loads(json.dumps(run_to_json(run(done, failed))))

    assert "r1" == found["run"]
    assert 1 == found["summary"]["flickr"]["failed"]
    first, second = found["outcomes"]
    assert [{"code": "group_waits", "message": "group_waits happened"}] == first["warnings"]
    assert set(MEMBERS) <= set(first)
    assert (None, None, None, None, None) == tuple(
        first[name] for name in ("remote_id", "url", "code", "message", "hint")
    )
    assert ("failed", "refused", []) == (second["state"], second["code"], second["warnings"])
    assert datetime.fromisoformat(found["started"]).tzinfo is not None


def test_a_run_that_only_settled_has_no_name():
    found = run_to_json(Run(run="", started=NOW, ended=None, state="done", mode="live"))

    assert (None, None, {}, []) == (
        found["run"],
        found["ended"],
        found["summary"],
        found["outcomes"],
    )
