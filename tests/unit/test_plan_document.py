"""A plan as a file: the contract of design 5, the hash, damage and unreadable files."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from plan_kit import (
    ACCOUNTS,
    GENRE,
    GROUP,
    NOW,
    build,
    facts,
    last_sent,
    pending,
    photo,
    published,
)

from socials_lib import plan as planning
from socials_lib.errors import PlanError
from socials_lib.models import (
    PLATFORMS,
    Album,
    Category,
    GroupPool,
    Managed,
    OpenAct,
    Rules,
)

ALBUM = Category(path="Socials|flickr|albums|Coast", description="72177720301234567\nby the sea")
MANAGED = Managed(
    albums=(Album(name="Coast", album_id="72177720301234567", category=ALBUM.path),),
    groups=(GroupPool(name="Lakes", group_id="11@N02", category=GROUP.path),),
)


def sample():
    """A plan with every action and a row of every kind, on both platforms."""
    rich = photo("1", categories=(GENRE, ALBUM, GROUP), title="Überfahrt 🚢 “früh” <b>")
    known = {}
    pendings = []
    for platform in PLATFORMS:
        differs = published("6", platform, "56", title="New title")
        known[platform] = {"6": last_sent(replace(differs, title="Old title"), platform, "56")}
        pendings += [
            pending(rich, platform),
            pending(published("2", platform, "52"), platform, "Pu"),
            pending(published("3", platform, "53"), platform, "Pm"),
            pending(published("4", platform, "54"), platform, "Pd"),
            pending(photo("5"), platform, "Pd"),
            pending(differs, platform),
            pending(photo("7", title=""), platform),
            pending(published("8", platform, "58", keywords=()), platform),
            pending(photo("9"), platform, "Pud"),
            pending(photo("10", format="CR3"), platform),
        ]
    return build(
        *pendings,
        files=facts(rich),
        last_sent=known,
        managed=MANAGED,
        warnings=["Flickr did not answer; the limits are those of yesterday."],
    )


def document():
    """The plan as somebody's JSON reader has it."""
    return json.loads(json.dumps(planning.to_json(sample())))


# -- the contract

NUMBER, TEXT, NULL = int, str, type(None)
ROW = {
    "file_id": TEXT,
    "name": TEXT,
    "platform": TEXT,
    "action": TEXT,
    "reason": TEXT,
    "suggested": bool,
    "approved": bool,
    "blocked": bool,
    "remote_id": TEXT | NULL,
    "url": TEXT | NULL,
    "problems": list,
    "changes": list,
    "text": dict,
    "upload_file": TEXT | NULL,
    "bytes": NUMBER | NULL,
    "calls": NUMBER,
}
TEXTS = {
    "title": TEXT | NULL,
    "alt_text": TEXT | NULL,
    "albums": list,
    "groups": list,
    "date_taken": TEXT | NULL,
    "visibility": TEXT,
}
OWN_TEXTS = {
    "flickr": {"description": TEXT | NULL, "tags": list},
    "pixelfed": {"caption": TEXT | NULL, "hashtags": list},
}
PROBLEM = {
    "code": TEXT,
    "severity": TEXT,
    "field": TEXT,
    "found": TEXT | NULL,
    "limit": TEXT | NULL,
    "suggestion": TEXT | NULL,
}
CHANGE = {"field": TEXT, "before": TEXT | NULL, "after": TEXT | NULL}
ACTIONS = {"add", "update", "metadata", "delete", "repost", "skip", "none"}


def misfits(members, value):
    """Members that are missing or of another type."""
    return [
        name
        for name, kind in members.items()
        if name not in value or not isinstance(value[name], kind)
    ]


def test_the_document_has_the_members_of_the_contract():
    found = document()

    assert [] == misfits({"plan": str, "hash": str, "rows": list, "summary": dict}, found)
    assert "demo" == found["mode"]
    assert NOW == datetime.fromisoformat(found["created"])
    assert datetime.fromisoformat(found["created"]).tzinfo is not None
    assert {"id": "1@N01", "name": "demo"}.items() <= found["accounts"]["flickr"].items()
    assert ["flickr", "pixelfed"] == list(found["accounts"])


def test_every_row_has_the_members_and_types_of_the_contract():
    for row in document()["rows"]:
        assert [] == misfits(ROW, row)
        assert [] == misfits({**TEXTS, **OWN_TEXTS[row["platform"]]}, row["text"])
        assert [] == [bad for one in row["problems"] for bad in misfits(PROBLEM, one)]
        assert [] == [bad for one in row["changes"] for bad in misfits(CHANGE, one)]
        assert row["action"] in ACTIONS
        assert {one["severity"] for one in row["problems"]} <= {"error", "warning"}


def test_each_platform_has_its_own_words_for_text_and_tags():
    for row in document()["rows"]:
        others = {"flickr": "pixelfed", "pixelfed": "flickr"}[row["platform"]]
        assert not set(OWN_TEXTS[others]) & set(row["text"])


def test_absent_values_are_null_and_never_empty_text():
    for row in document()["rows"]:
        flat = [*row.items(), *row["text"].items()]
        flat += [pair for one in row["problems"] for pair in one.items()]
        assert [] == [name for name, value in flat if value == ""]


def test_times_ids_and_bytes_are_of_the_promised_form():
    rows = {(row["platform"], row["file_id"]): row for row in document()["rows"]}

    add = rows["flickr", "1"]
    assert "2024-03-19T05:06:07" == add["text"]["date_taken"]
    assert (["Coast"], ["Lakes"]) == (add["text"]["albums"], add["text"]["groups"])
    assert ("D:\\Photos\\1.jpg", 6_000_000) == (add["upload_file"], add["bytes"])
    assert (None, None) == (rows["flickr", "10"]["upload_file"], rows["flickr", "10"]["bytes"])
    assert "52" == rows["pixelfed", "2"]["remote_id"]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_approved_as_saved_are_adds_updates_metadata_and_skips(platform):
    rows = {row["file_id"]: row for row in document()["rows"] if row["platform"] == platform}

    approved = {file_id: row["action"] for file_id, row in rows.items() if row["approved"]}
    assert {"1": "add", "2": "update", "3": "metadata", "5": "skip"} == approved
    assert (True, "metadata", "differs") == tuple(
        rows["6"][name] for name in ("suggested", "action", "reason")
    )
    assert (True, "add") == (rows["7"]["blocked"], rows["7"]["action"])
    assert ("none", False) == (rows["8"]["action"], rows["8"]["blocked"])
    assert (True, "none") == (rows["9"]["blocked"], rows["9"]["action"])


def test_the_summary_counts_each_row_once():
    found = document()["summary"]

    wanted = {"add": 1, "update": 1, "metadata": 1, "delete": 1, "skip": 1, "none": 1}
    wanted |= {"suggested": 1, "blocked": 3}
    assert {"flickr": wanted, "pixelfed": wanted} == found


def test_a_blocked_suggestion_counts_as_blocked():
    one = published("6", "flickr", "56", title="")
    known = {"flickr": {"6": last_sent(replace(one, title="Old"), "flickr", "56")}}

    plan = build(pending(one), last_sent=known)

    assert (True, True) == (plan.rows[0].blocked, plan.rows[0].suggested)
    counts = planning.summary(plan)["flickr"]
    assert (1, 0) == (counts["blocked"], counts["suggested"])


def test_an_account_without_rows_has_a_summary_of_zeros():
    plan = build(accounts=dict(ACCOUNTS))

    assert {0} == {count for counts in planning.summary(plan).values() for count in counts.values()}
    assert 8 == len(planning.summary(plan)["pixelfed"])


# -- there and back


def test_a_plan_comes_back_as_it_was():
    plan = sample()

    assert plan == planning.from_json(json.loads(json.dumps(planning.to_json(plan))))


def test_a_saved_plan_comes_back_as_it_was(tmp_path):
    plan = sample()

    path = planning.save(plan, tmp_path / "Pläne 🗂" / "plan-1.json")

    assert plan == planning.read(path)
    assert ["plan-1.json"] == [one.name for one in path.parent.iterdir()]
    assert "Überfahrt 🚢 “früh” <b>" in path.read_text(encoding="utf-8")


def test_half_a_surrogate_pair_survives_the_file(tmp_path):
    plan = build(pending(photo("1", name="odd \ud83d name.jpg")))

    assert plan == planning.read(planning.save(plan, tmp_path / "plan.json"))


def test_a_mark_that_an_editor_put_in_front_does_no_harm(tmp_path):
    plan = sample()
    path = planning.save(plan, tmp_path / "plan.json")
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")

    assert plan == planning.read(path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_a_file_that_powershell_redirected_into_is_read(tmp_path, encoding):
    plan = sample()
    path = planning.save(plan, tmp_path / "plan.json")
    mark = "\ufeff" if encoding == "utf-16-be" else ""  # Python writes it with `utf-16` alone
    path.write_text(mark + path.read_text(encoding="utf-8"), encoding=encoding)

    assert plan == planning.read(path)


def test_saving_again_replaces_the_file(tmp_path):
    planning.save(sample(), tmp_path / "plan.json")
    second = build(pending(photo("77")))

    assert second == planning.read(planning.save(second, tmp_path / "plan.json"))


# -- the hash


def test_the_hash_is_independent_of_approvals():
    plan = sample()
    ticked = replace(plan, rows=tuple(replace(row, approved=True) for row in plan.rows))

    found = planning.from_json(planning.to_json(ticked))

    assert (plan.hash, 64) == (found.hash, len(found.hash))
    assert all(row.approved for row in found.rows)


def test_the_hash_is_the_same_for_the_same_plan_and_another_for_any_other():
    one = sample()

    assert one.hash == planning.from_json(planning.to_json(one)).hash
    assert one.hash != build(pending(photo("1")), now=NOW).hash


def paths_into(value, path=()):
    """Every leaf of a JSON value."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from paths_into(one, (*path, name))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from paths_into(one, (*path, place))
    else:
        yield path


def test_every_change_but_an_approval_is_detected():
    plan = build(
        pending(photo("1", categories=(GENRE, ALBUM)), flags="Pu"),
        pending(published("4", "flickr", "54", title=""), flags="Pd"),
        managed=MANAGED,
    )
    original = json.loads(json.dumps(planning.to_json(plan)))
    for path in paths_into(original):
        changed = copy.deepcopy(original)
        place = changed
        for step in path[:-1]:
            place = place[step]
        old = place[path[-1]]
        place[path[-1]] = not old if isinstance(old, bool) else "changed"
        if path[-1] == "approved":
            assert plan.hash == planning.from_json(changed).hash
        else:
            with pytest.raises(PlanError) as caught:
                planning.from_json(changed)
            assert "plan_changed" == caught.value.code, path


def test_rows_added_removed_or_moved_are_detected():
    original = document()
    rows = original["rows"]
    for changed in (rows[:-1], [*rows, rows[0]], rows[::-1], []):
        with pytest.raises(PlanError, match="changed after it was made"):
            planning.from_json({**original, "rows": changed})


@pytest.mark.parametrize("word", ["false", "true", 1, 0, None, []])
def test_an_approval_that_is_neither_true_nor_false_is_refused(word):
    found = document()
    found["rows"][0]["approved"] = word

    with pytest.raises(PlanError) as caught:
        planning.from_json(found)

    assert "not_a_plan" == caught.value.code


def test_members_that_we_do_not_know_are_not_ours_to_trust():
    with pytest.raises(PlanError, match="changed after it was made"):
        planning.from_json({**document(), "extra": 1})


# -- files that are no plan


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "7", '"plan"', "{}", '{"hash": "x"}', "\0"]
)
def test_a_file_that_is_no_plan_is_named_so(tmp_path, text):
    path = tmp_path / "holiday.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(PlanError) as caught:
        planning.read(path)

    assert "not_a_plan" == caught.value.code
    assert "socials plan --out FILE" in caught.value.hint


def test_a_file_in_another_encoding_is_no_plan(tmp_path):
    path = tmp_path / "plan.json"
    path.write_bytes(b'{"plan": "\xff\xfe"}')

    with pytest.raises(PlanError) as caught:
        planning.read(path)

    assert ("not_a_plan", True) == (caught.value.code, "plan.json" in str(caught.value))


def test_a_missing_file_is_told_by_name(tmp_path):
    with pytest.raises(PlanError, match=r"plan-x\.json cannot be opened") as caught:
        planning.read(tmp_path / "plan-x.json")

    assert "plan_not_found" == caught.value.code


def test_a_folder_in_place_of_the_file_is_an_error_of_ours(tmp_path):
    with pytest.raises(PlanError):
        planning.read(tmp_path)
    with pytest.raises(PlanError) as caught:
        planning.save(sample(), tmp_path)

    assert "plan_not_saved" == caught.value.code


def test_a_plan_that_cannot_be_written_leaves_the_old_one_and_no_draft(tmp_path, monkeypatch):
    path = planning.save(sample(), tmp_path / "plan.json")
    before = path.read_bytes()

    whole = Path.write_bytes

    def full(self, data):
        whole(self, data[:4])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(PlanError) as caught:
        planning.save(build(pending(photo("77"))), path)

    assert ("plan_not_saved", before) == (caught.value.code, path.read_bytes())
    assert "No space left" in caught.value.details
    assert ["plan.json"] == [one.name for one in tmp_path.iterdir()]


def test_the_rules_of_the_person_show_in_the_plan():
    rules = Rules(visibility={"flickr": "friends+family", "pixelfed": "unlisted"})

    plan = build(pending(photo()), pending(photo(), "pixelfed"), rules=rules)

    assert ["friends+family", "unlisted"] == [
        planning.row_to_json(row)["text"]["visibility"] for row in plan.rows
    ]


def test_open_acts_of_another_platform_change_nothing():
    act = OpenAct(platform="pixelfed", file_id="1201", action="add", state="open")

    assert "new" == build(pending(photo()), open_acts=[act]).rows[0].reason
