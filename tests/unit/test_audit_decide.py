"""Decisions: what they change, what they are remembered by.  Pure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from socials_lib import audit
from socials_lib.audit.remembered import ignored_key, kept_key, sides
from socials_lib.journal import Journal
from socials_lib.models import Finding

TITLE = Finding(
    file_id="1",
    platform="flickr",
    remote_id="77",
    code="changed_there",
    field="title",
    imatch="Dawn",
    remote="Noon",
    base="Dawn",
)
GONE = Finding(file_id="2", platform="flickr", remote_id="78", code="gone_online", field="photo_id")


def test_pushing_ours_is_a_row_of_a_plan_and_nothing_else() -> None:
    both = (TITLE, replace(TITLE, field="description"), GONE)

    found = audit.decide(both, "push_ours")

    assert (("flickr", "1"),) == found.pushes
    assert (GONE,) == found.refused
    assert not found.writes_imatch
    assert {} == found.remembered


@pytest.mark.parametrize("leaf", ["_update", "_metadata", "_delete"])
def test_queueing_joins_one_category(leaf: str) -> None:
    found = audit.decide([TITLE, replace(TITLE, file_id="3")], f"queue{leaf}")

    assert {f"Socials|flickr|{leaf}": ("1", "3")} == found.joins
    assert () == found.pushes
    assert {} == found.leaves


def test_forgetting_leaves_the_platform_or_the_next_plan_would_publish_again() -> None:
    found = audit.decide([GONE], "forget_id")

    assert {("2",)} == set(found.leaves.values())
    assert "Socials|flickr" in found.leaves
    assert (GONE,) == found.forgets
    assert {} == found.joins


def test_one_of_several_ids_is_forgotten_without_leaving() -> None:
    found = audit.decide([replace(GONE, code="several_ids")], "forget_id")

    assert {} == found.leaves


def test_adding_again_joins_the_platform() -> None:
    found = audit.decide([GONE], "add_again")

    assert {"Socials|flickr": ("2",)} == found.joins
    assert (("flickr", "2"),) == found.adds
    assert (GONE,) == found.forgets


def test_what_is_kept_comes_back_when_a_side_changes() -> None:
    memory = audit.decide([TITLE], "keep_theirs").remembered["flickr"]

    assert () == audit.without_decided([TITLE], memory)
    for changed in (replace(TITLE, imatch="Dusk"), replace(TITLE, remote="Dusk")):
        assert (changed,) == audit.without_decided([changed], memory)
    again = replace(TITLE, code="no_base", base=None)
    assert () == audit.without_decided([again], memory)
    other = replace(TITLE, field="description")
    assert (other,) == audit.without_decided([other], memory)


def test_what_is_ignored_stays_away() -> None:
    memory = audit.decide([TITLE], "ignore").remembered["flickr"]

    assert () == audit.without_decided([replace(TITLE, remote="Dusk")], memory)
    other = replace(TITLE, code="changed_both")
    assert (other,) == audit.without_decided([other], memory)


def test_tags_added_online_are_kept_apart_from_the_other_tags() -> None:
    tags = replace(TITLE, field="tags")
    added = replace(tags, code="added_there")

    assert kept_key(tags) != kept_key(added)
    assert ignored_key(tags) != ignored_key(added)
    assert 16 == len(sides(tags))


def test_the_journal_remembers_decisions_by_account(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    journal.set_fact("audit:flickr:1@N01:keep:1", "a")
    journal.set_fact("audit:flickr:2@N01:keep:1", "b")
    journal.set_fact("audit:flickr:1@N01_:keep:1", "c")

    assert {"keep:1": "a"} == journal.facts("audit:flickr:1@N01:")
    journal.drop_facts("audit:flickr:1@N01:")
    assert {} == journal.facts("audit:flickr:1@N01:")
    assert {"keep:1": "b"} == journal.facts("audit:flickr:2@N01:")


def test_every_decision_of_every_code_is_known() -> None:
    for code, kind in audit.CODES.items():
        assert set(kind.decisions) <= set(audit.DECISIONS), code
    assert () == audit.decisions_for(replace(TITLE, code="of another version"))
    assert "of another version" == audit.words_for(replace(TITLE, code="of_another_version"))
