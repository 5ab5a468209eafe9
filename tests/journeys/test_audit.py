"""The audit from end to end: no false drift, true drift, decisions, reconnecting, few calls."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nasty import metadata
from rig import ALBUMS, Rig

from socials_lib import audit
from socials_lib.cli import main
from socials_lib.demo.pixelfed import legacy, recent
from socials_lib.models import ID_COLUMN, Finding
from socials_lib.workbench import auditing

MANY = 60
PROFILES = {"legacy": legacy, "recent": lambda: recent(queue="sync")}


@pytest.fixture
def coast(rig: Rig) -> str:
    """A photo that we published on both platforms, in an album and a group."""
    rig.albums_and_groups()
    file_id = rig.photo(flickr=True, pixelfed=True, albums=["Coast"], groups=["Tasmania"])
    rig.sync()
    _ignore_cover(rig)
    return file_id


def _ignore_cover(rig: Rig) -> None:
    """The stand-in's albums were made with a photo that IMatch does not know."""
    rig.wb.decide([one for one in rig.wb.audit("flickr") if one.code == "orphan"], "ignore")


def many(rig: Rig, count: int, *platforms: str) -> list[str]:
    """Photos with nasty texts; the stand-in of IMatch is filled once."""
    names = dict.fromkeys(platforms or ("flickr", "pixelfed"), True)
    reload, rig.reload = rig.reload, lambda: None  # type: ignore[method-assign]
    made = []
    for number in range(count):
        taken = f"2024-03-19T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}"
        made.append(rig.photo(taken=taken, **names, **metadata(number)))
    rig.reload = reload  # type: ignore[method-assign]
    rig.reload()
    return made


def short(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(one.code, one.field) for one in findings]


# -- drift


@pytest.mark.parametrize(
    ("platform", "profile"), [("flickr", "legacy"), *(("pixelfed", one) for one in PROFILES)]
)
def test_photos_with_nasty_texts_have_not_drifted_right_after_they_were_published(
    tmp_path: Path, platform: str, profile: str
) -> None:
    rig = Rig(tmp_path)
    try:
        rig.pixelfed.backend.options = PROFILES[profile]()
        many(rig, MANY, platform)
        run = rig.sync()

        assert {"done": MANY} == Counter(one.state for one in run.outcomes)
        assert () == rig.wb.audit(platform)
    finally:
        rig.stop()


@pytest.mark.parametrize("profile", PROFILES)
def test_nor_after_their_texts_were_changed_and_sent_again(tmp_path: Path, profile: str) -> None:
    rig = Rig(tmp_path)
    try:
        rig.pixelfed.backend.options = PROFILES[profile]()
        ids = many(rig, 8)
        rig.sync()
        for number, file_id in enumerate(ids):
            rig.edit(file_id, **metadata(number + 500))
        assert {"changed_here"} == {one.code for one in rig.wb.audit("pixelfed")} - {"edits_left"}
        plan = rig.wb.decide(rig.wb.audit("flickr"), "push_ours")
        rig.wb.apply(plan)
        rig.wb.apply(rig.wb.decide(rig.wb.audit("pixelfed"), "push_ours"))

        assert () == rig.wb.audit("flickr")
        assert () == rig.wb.audit("pixelfed")
    finally:
        rig.stop()


def test_what_was_changed_on_either_side_is_found(rig: Rig, coast: str) -> None:
    photo = rig.flickr.backend.photos[rig.ids("flickr", coast)["photo_id"]]
    photo.title = "Renamed on the website"
    photo.taken = "2020-01-01 00:00:00"
    photo.is_public = 0
    rig.edit(coast, description="Rewritten in IMatch.")
    rig.flickr.backend.albums[ALBUMS["Coast"]].photos.remove(photo.id)

    found = rig.wb.audit("flickr")

    assert [
        ("changed_there", "title"),
        ("changed_here", "description"),
        ("date_differs", "date_taken"),
        ("privacy_changed", "visibility"),
        ("album_drift", "albums"),
    ] == short(found)
    assert ("Dawn over the lake", "Renamed on the website") == (found[0].imatch, found[0].remote)
    assert ("Coast", None, "Coast") == (found[4].imatch, found[4].remote, found[4].base)
    assert () == rig.wb.audit("pixelfed")


def test_what_is_gone_and_what_is_only_online_is_found(rig: Rig, coast: str) -> None:
    photo_id = rig.ids("flickr", coast)["photo_id"]
    rig.photo("Another one", flickr=True)
    rig.flickr.backend.delete_photo(photo_id)
    by_hand = rig.flickr.backend.add_photo(_jpeg(), title="By hand")

    found = rig.wb.audit("flickr")

    lost = [one for one in found if one.code != "orphan"]
    assert by_hand in {one.remote_id for one in found if one.code == "orphan"}
    assert all(one.file_id == "" for one in found if one.code == "orphan")
    # filling the stand-in again took its records, not the journal: the id is lost and gone
    assert [("gone_online", coast, photo_id)] == [
        (one.code, one.file_id, one.remote_id) for one in lost if one.file_id == coast
    ]


def test_a_photo_of_somebody_else_is_told_from_one_that_is_gone(rig: Rig) -> None:
    stranger = rig.flickr.backend.add_photo(_jpeg(), owner="lighthouse")
    theirs, gone = rig.photo(flickr=True), rig.photo("Second", flickr=True)
    rig.record("flickr", theirs, photo_id=stranger, posted="2023-05-06")
    rig.record("flickr", gone, photo_id="53000000001", posted="2023-05-06")

    found = {one.file_id: one.code for one in rig.wb.audit("flickr")}

    assert {theirs: "not_yours", gone: "published_without_remote"} == found


def test_only_so_many_ids_are_looked_at_one_by_one(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "MOST_LOOKS", 2)
    for number in range(4):
        file_id = rig.photo(f"Photo {number}", flickr=True)
        rig.record("flickr", file_id, photo_id=f"5300000000{number}", posted="2023-05-06")

    found = rig.wb.audit("flickr")

    assert ["published_without_remote"] * 4 == [one.code for one in found]
    looks = [one for one in rig.flickr.requests if one.operation == "flickr.photos.getInfo"]
    assert 2 == len(looks)


def test_an_id_that_cannot_be_looked_at_is_no_finding(rig: Rig) -> None:
    file_id = rig.photo(flickr=True)
    rig.record("flickr", file_id, photo_id="53000000001", posted="2023-05-06")
    rig.flickr.fail_next("flickr.photos.getInfo", status=503, times=9)

    assert () == rig.wb.audit("flickr")


def test_a_post_that_was_edited_shows_how_many_edits_are_left(rig: Rig, coast: str) -> None:
    for number in range(8):
        rig.edit(coast, headline=f"Headline {number}")
        rig.wb.apply(rig.wb.decide(rig.wb.audit("pixelfed"), "push_ours"))
    rig.edit(coast, headline="Once more")

    found = rig.wb.audit("pixelfed")

    assert ("edits_left", "caption") in short(found)
    assert "1 edit left" == next(one.remote for one in found if one.code == "edits_left")


# -- decisions


def test_keeping_what_is_online_holds_until_a_side_changes(rig: Rig, coast: str) -> None:
    photo = rig.flickr.backend.photos[rig.ids("flickr", coast)["photo_id"]]
    photo.title = "Renamed on the website"
    before, calls = rig.imws.backend.snapshot(), len(_writes(rig))

    assert rig.wb.decide(rig.wb.audit("flickr"), "keep_theirs") is None

    assert () == rig.wb.audit("flickr")
    assert ("changed_there", "title") in short(rig.wb.audit("flickr", decided=True))
    assert before == rig.imws.backend.snapshot()
    assert calls == len(_writes(rig))
    photo.title = "Renamed again"
    assert [("changed_there", "title")] == short(rig.wb.audit("flickr"))


def test_ignoring_is_for_good_until_it_is_taken_back(rig: Rig, coast: str) -> None:
    photo = rig.flickr.backend.photos[rig.ids("flickr", coast)["photo_id"]]
    photo.title = "Renamed on the website"
    rig.wb.decide(rig.wb.audit("flickr"), "ignore")
    photo.title = "Renamed again"

    assert () == rig.wb.audit("flickr")
    rig.wb.forget_decisions("flickr")
    assert ("changed_there", "title") in short(rig.wb.audit("flickr"))


def test_pushing_ours_sends_what_differs_and_nothing_else(rig: Rig, coast: str) -> None:
    photo = rig.flickr.backend.photos[rig.ids("flickr", coast)["photo_id"]]
    photo.title = "Renamed on the website"
    untouched = len(rig.flickr.backend.photos)
    imatch = rig.imws.backend.snapshot()
    plan = rig.wb.decide(rig.wb.audit("flickr"), "push_ours")

    assert plan is not None
    assert [(coast, "metadata", True)] == [
        (row.file_id, row.action, row.approved) for row in plan.rows
    ]
    assert imatch == rig.imws.backend.snapshot()
    run = rig.wb.apply(plan)

    assert ["done"] == [one.state for one in run.outcomes]
    assert "Dawn over the lake" == photo.title
    assert untouched == len(rig.flickr.backend.photos)
    assert imatch == rig.imws.backend.snapshot()
    assert () == rig.wb.audit("flickr")


@pytest.mark.parametrize("leaf", ["_update", "_metadata", "_delete"])
def test_queueing_assigns_the_category_and_nothing_else(rig: Rig, coast: str, leaf: str) -> None:
    photo = rig.flickr.backend.photos[rig.ids("flickr", coast)["photo_id"]]
    photo.title = "Renamed on the website"
    online, sent = rig.flickr.backend.snapshot(), len(_writes(rig))
    before = rig.categories(coast)

    assert rig.wb.decide(rig.wb.audit("flickr"), f"queue{leaf}") is None

    assert before | {f"flickr|{leaf}"} == rig.categories(coast)
    assert online == rig.flickr.backend.snapshot()
    assert sent + 1 == len(_writes(rig))
    assert () == rig.wb.audit("flickr")


def _gone(rig: Rig, file_id: str) -> str:
    photo_id = rig.ids("flickr", file_id)["photo_id"]
    rig.flickr.backend.delete_photo(photo_id)
    return photo_id


def test_forgetting_an_id_that_is_gone_publishes_nothing_again(rig: Rig, coast: str) -> None:
    _gone(rig, coast)

    assert rig.wb.decide(_of(rig, coast), "forget_id") is None

    assert {} == rig.ids("flickr", coast)
    assert {"pixelfed", "flickr|albums|Coast", "flickr|groups|Tasmania"} == rig.categories(coast)
    assert [] == _of(rig, coast)
    assert () == rig.plan("flickr").rows
    assert rig.ids("pixelfed", coast)


def test_adding_again_plans_the_photo_as_new(rig: Rig, coast: str) -> None:
    _gone(rig, coast)
    plan = rig.wb.decide(_of(rig, coast), "add_again")

    assert plan is not None
    assert [("add", True)] == [(row.action, row.approved) for row in plan.rows]
    rig.wb.apply(plan)
    assert [] == _of(rig, coast)
    assert ["Cover", "Dawn over the lake"] == rig.flickr_titles()


def test_an_id_that_only_the_journal_knows_is_adopted(rig: Rig, coast: str) -> None:
    known = rig.ids("flickr", coast)
    rig.reload()
    assert [("lost_id", "photo_id")] == short(tuple(_of(rig, coast)))
    online = rig.flickr.backend.snapshot()

    assert rig.wb.decide(_of(rig, coast), "adopt") is None

    assert known == rig.ids("flickr", coast)
    assert [] == _of(rig, coast)
    assert online == rig.flickr.backend.snapshot()


def test_an_id_on_two_photos_is_forgotten_on_one(rig: Rig) -> None:
    first, second = rig.photo(flickr=True), rig.photo("Second", flickr=True)
    rig.seed.attribute_sets["flickr"]["photo_id"].unique = False
    rig.seed.attribute_sets["flickr"]["url"].unique = False
    online = rig.online("flickr", first)
    rig.record("flickr", second, photo_id=online, posted="2023-05-06")
    twice = [one for one in rig.wb.audit("flickr") if one.code == "id_twice"]
    assert {first, second} == {one.file_id for one in twice}

    rig.wb.decide([one for one in twice if one.file_id == second], "forget_id")

    assert {} == rig.ids("flickr", second)
    assert online == rig.ids("flickr", first)["photo_id"]
    assert "id_twice" not in {one.code for one in rig.wb.audit("flickr")}


def test_one_of_several_ids_is_forgotten_and_the_photo_stays(rig: Rig) -> None:
    file_id = rig.photo(flickr=True)
    rig.record("flickr", file_id, photo_id="53000000001", posted="2023-05-06")
    online = rig.online("flickr", file_id)
    several = [one for one in rig.wb.audit("flickr") if one.code == "several_ids"]
    assert {"53000000001": "not online", online: "online"} == {
        one.remote_id: one.remote for one in several
    }

    rig.wb.decide([one for one in several if one.remote == "not online"], "forget_id")

    assert online == rig.ids("flickr", file_id)["photo_id"]
    assert "flickr" in rig.categories(file_id)
    assert "several_ids" not in {one.code for one in rig.wb.audit("flickr")}


def test_a_record_without_an_id_can_be_forgotten(rig: Rig) -> None:
    file_id = rig.photo(flickr=True)
    rig.record("flickr", file_id, posted="2023-05-06")
    found = rig.wb.audit("flickr")
    assert [("published_without_remote", "photo_id")] == short(found)

    rig.wb.decide(found, "forget_id")

    assert {} == rig.ids("flickr", file_id)
    assert () == rig.wb.audit("flickr")


def test_a_decision_that_a_finding_does_not_take_changes_nothing(rig: Rig, coast: str) -> None:
    photo = rig.flickr.backend.photos[rig.ids("flickr", coast)["photo_id"]]
    photo.is_public = 0
    found = rig.wb.audit("flickr")
    before = rig.imws.backend.snapshot()

    assert rig.wb.decide(found, "push_ours") is None

    assert before == rig.imws.backend.snapshot()
    assert found == audit.decide(found, "push_ours").refused
    with pytest.raises(ValueError, match="no decision"):
        audit.decide(found, "shred")  # type: ignore[arg-type]


# -- reconnecting

#: The world, remote id -> file id as it was, all file ids.
Wiped = tuple[Rig, dict[str, str], list[str]]


@pytest.fixture
def wiped(
    tmp_path: Path,
) -> Iterator[Callable[..., Wiped]]:
    """Publishes photos and takes all ids away: attributes and journal."""
    made: list[Rig] = []

    def make(platform: str, *, stamp: bool = True) -> Wiped:
        rig = Rig(tmp_path, SOCIALS_FLICKR_STAMP="true" if stamp else "false")
        made.append(rig)
        ids = many(rig, MANY, platform)
        rig.sync()
        truth = {rig.ids(platform, one)[ID_COLUMN[platform]]: one for one in ids}
        rig.reload()
        rig.wb.journal.path.unlink()
        rig.anew()
        return rig, truth, ids

    yield make
    for one in made:
        one.stop()


def test_photos_that_lost_every_id_are_found_by_their_stamps(wiped) -> None:
    rig, truth, ids = wiped("flickr")

    matches = rig.wb.reconnect("flickr")

    certain = {one.remote.ref.remote_id: one.file_ids for one in matches if one.tier == "certain"}
    assert {ident: (file_id,) for ident, file_id in truth.items()} == certain
    assert {"stamp"} == {one.evidence[0] for one in matches}
    online, calls = rig.flickr.backend.snapshot(), len(rig.flickr.requests)
    outcomes = rig.wb.link(matches)
    assert {"done": len(ids)} == Counter(one.state for one in outcomes)
    assert online == rig.flickr.backend.snapshot()
    assert calls + 3 >= len(rig.flickr.requests)  # who we are, for the addresses
    assert truth == {rig.ids("flickr", one)["photo_id"]: one for one in ids}
    record = rig.ids("flickr", ids[0])
    assert record["photo_id"] in record["url"] and record["posted"]
    assert () == rig.wb.audit("flickr")
    assert () == rig.wb.reconnect("flickr")
    assert () == rig.plan("flickr").rows


@pytest.mark.parametrize("platform", ["flickr", "pixelfed"])
def test_without_stamps_nothing_certain_is_wrong(wiped, platform: str) -> None:
    rig, right, _ = wiped(platform, stamp=False)

    matches = rig.wb.reconnect(platform)

    certain = {one.remote.ref.remote_id: one.file_ids for one in matches if one.tier == "certain"}
    assert {ident: (right[ident],) for ident in certain} == certain
    assert 0.9 * MANY < len(certain)
    for one in matches:
        assert right[one.remote.ref.remote_id] in one.file_ids


def test_a_burst_of_which_one_is_online_is_left_to_the_person(rig: Rig) -> None:
    """One title, one second: which of the three it is only the person can say."""
    for _ in range(3):
        rig.photo("Gulls", flickr=True)
    ident = rig.flickr.backend.add_photo(_jpeg(), title="Gulls", taken="2024-03-19 06:41:07")

    [match] = rig.wb.reconnect("flickr")

    assert ("choose", ident, 3) == (match.tier, match.remote.ref.remote_id, len(match.file_ids))
    chosen = match.chosen(match.file_ids[1])
    assert ["done"] == [one.state for one in rig.wb.link([chosen])]
    assert () == rig.wb.link([match])


def test_photos_that_another_tool_named_by_their_files_are_found(rig: Rig) -> None:
    file_id = rig.photo("Gulls", flickr=True)
    rig.flickr.backend.add_photo(_jpeg(), title=f"photo-{file_id}", taken="2024-03-19 06:41:07")

    [match] = rig.wb.reconnect("flickr")

    assert ("certain", (file_id,)) == (match.tier, match.file_ids)
    assert {"time", "file name"} <= set(match.evidence)


# -- calls, cache, command line


def test_the_list_of_before_costs_no_call(rig: Rig, coast: str) -> None:
    found = rig.wb.inventory("flickr")
    calls = len(rig.flickr.requests)

    assert found == rig.anew().inventory("flickr")
    assert calls == len(rig.flickr.requests)
    newer = rig.wb.inventory("flickr", fresh=True)
    assert newer.read_at > found.read_at
    assert newer.photos == found.photos


def test_an_audit_lists_and_never_asks_photo_by_photo(rig: Rig) -> None:
    rig.albums_and_groups()
    many(rig, 85)
    for file_id in [one.file_id for one in rig.seed.files]:
        for platform in ("flickr", "pixelfed"):
            rig.online(platform, str(file_id))
    flickr, pixelfed = len(rig.flickr.requests), len(rig.pixelfed.requests)

    rig.wb.audit("flickr")
    rig.wb.audit("pixelfed")

    # no album, no group, one page of photos: who we are is in the list
    assert 1 == len(rig.flickr.requests) - flickr
    lists = [one for one in rig.pixelfed.requests[pixelfed:] if "/accounts/" in one.path]
    singles = [one for one in rig.pixelfed.requests[pixelfed:] if "/api/v1/statuses/" in one.path]
    assert [] == singles
    assert 4 + 1 == len(lists)  # three pages, the empty one behind them, and who we are
    rig.wb.audit("pixelfed")
    again = [one for one in rig.pixelfed.requests[pixelfed:] if "/accounts/" in one.path]
    assert 4 == len(again) - len(lists)


def test_the_command_line_tells_findings_with_exit_code_2(
    rig: Rig, coast: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in rig.environ.items():
        monkeypatch.setenv(name, value)
    assert 0 == main(["audit", "--json"])
    assert {"findings": []} == json.loads(capsys.readouterr().out)
    photo = rig.flickr.backend.photos[rig.ids("flickr", coast)["photo_id"]]
    photo.title = "<b>Renamed</b>"
    page = rig.folder / "audit.html"

    assert 2 == main(["audit", "flickr", "--json", "--html", str(page)])

    [finding] = json.loads(capsys.readouterr().out)["findings"]
    wanted = {"file_id", "platform", "remote_id", "code", "field", "imatch", "remote", "base"}
    assert wanted | {"suggestion"} <= set(finding)
    assert (coast, "title", "<b>Renamed</b>") == (
        finding["file_id"],
        finding["field"],
        finding["remote"],
    )
    shown = page.read_text(encoding="utf-8")
    assert "&lt;b&gt;Renamed" in shown and "<b>Renamed" not in shown
    assert f'href="{rig.flickr.url}' in shown
    assert 2 == main(["audit", "flickr", "--cached"])
    out = capsys.readouterr().out
    assert "Changed online (title): “Dawn over the lake”" in out
    assert 0 == main(["audit", "pixelfed", "--cached", "--quiet"])


def test_the_metadata_audit_asks_no_platform(
    rig: Rig, coast: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in rig.environ.items():
        monkeypatch.setenv(name, value)
    calls = len(rig.flickr.requests), len(rig.pixelfed.requests)

    assert 2 == main(["audit", "--metadata", "--json"])

    found = json.loads(capsys.readouterr().out)["findings"]
    assert {"alt_text_missing"} == {one["code"] for one in found}
    assert calls == (len(rig.flickr.requests), len(rig.pixelfed.requests))


def test_a_dry_run_writes_no_ids(rig: Rig, coast: str) -> None:
    from socials_lib.errors import SettingsError

    _gone(rig, coast)
    found = _of(rig, coast)
    rig.imws.backend.variables["imatch_to_socials_testing"] = 1
    rig.anew()
    for act in (lambda: rig.wb.decide(found, "forget_id"), lambda: rig.wb.link([])):
        with pytest.raises(SettingsError):
            act()
    assert rig.ids("flickr", coast)


def _of(rig: Rig, file_id: str) -> list[Finding]:
    return [one for one in rig.wb.audit("flickr") if one.file_id == file_id]


def _writes(rig: Rig) -> list[object]:
    return [one for one in rig.imws.requests if one.method == "POST"]


def _jpeg() -> bytes:
    from rig import picture

    return picture(7)
