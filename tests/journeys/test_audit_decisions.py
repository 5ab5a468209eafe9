"""Every decision about every kind of finding: applied, it is gone, and nothing else was touched."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from rig import ALBUMS, Rig, picture

from socials_lib import audit
from socials_lib.cli import main
from socials_lib.errors import PlanError, SettingsError
from socials_lib.models import Finding, PlatformName

WRITING = {"SOCIALS_IMATCH_WRITE_METADATA": "true"}
#: Requests that change nothing.
READS = ("GET", "HEAD")


@pytest.fixture
def both(rig: Rig) -> tuple[str, str]:
    """Two photos that we published on both platforms; the second one must never change."""
    rig.anew(**WRITING)
    rig.albums_and_groups()
    first = rig.photo(flickr=True, pixelfed=True, albums=["Coast"], groups=["Tasmania"])
    second = rig.photo("Fog and gulls", flickr=True, pixelfed=True, taken="2024-03-19T07:00:00")
    rig.put(int(first), "Socials|flickr|albums|Harbours", ALBUMS["Harbours"])
    rig.reload()
    rig.unflag(first, "flickr|albums|Harbours")
    rig.sync()
    rig.wb.decide([one for one in rig.wb.audit("flickr") if one.code == "orphan"], "ignore")
    return first, second


def flickr(rig: Rig, file_id: str) -> object:
    return rig.flickr.backend.photos[rig.ids("flickr", file_id)["photo_id"]]


def status(rig: Rig, file_id: str) -> object:
    return rig.pixelfed.backend.statuses[rig.ids("pixelfed", file_id)["status_id"]]


def _title_there(rig: Rig, file_id: str) -> None:
    flickr(rig, file_id).title = "Renamed & online"


def _headline_there(rig: Rig, file_id: str) -> None:
    photo = flickr(rig, file_id)
    photo.description = photo.description.replace("seen from the pier", "seen from a &lt;boat&gt;")


def _both_texts_there(rig: Rig, file_id: str) -> None:
    photo = flickr(rig, file_id)
    photo.description = photo.description.replace("seen from", "under").replace("still", "quiet")


def _both_differ(rig: Rig, file_id: str) -> None:
    _title_there(rig, file_id)
    rig.edit(file_id, title="Renamed in IMatch")


def _changed_here(rig: Rig, file_id: str) -> None:
    rig.edit(file_id, title="Renamed in IMatch")


def _tag_gone(rig: Rig, file_id: str) -> None:
    photo = flickr(rig, file_id)
    photo.tags = [one for one in photo.tags if one.clean != "light"]


def _tag_added(rig: Rig, file_id: str) -> None:
    rig.flickr.backend.add_tag(flickr(rig, file_id).id, "Wood Duck", author="demo")


def _album_left(rig: Rig, file_id: str) -> None:
    rig.flickr.backend.albums[ALBUMS["Coast"]].photos.remove(flickr(rig, file_id).id)


def _album_joined(rig: Rig, file_id: str) -> None:
    rig.flickr.backend.albums[ALBUMS["Harbours"]].photos.append(flickr(rig, file_id).id)


def _caption_there(rig: Rig, file_id: str) -> None:
    one = status(rig, file_id)
    one.caption = one.caption.replace("seen from the pier", "seen from the ferry")


def _alt_text_there(rig: Rig, file_id: str) -> None:
    one = status(rig, file_id)
    rig.pixelfed.backend.media[one.media_ids[0]].description = "A lake at dawn, fog & a boat"


CHANGES: dict[str, tuple[PlatformName, Callable[[Rig, str], None]]] = {
    "title": ("flickr", _title_there),
    "headline in the description": ("flickr", _headline_there),
    "headline and description": ("flickr", _both_texts_there),
    "both differently": ("flickr", _both_differ),
    "only here": ("flickr", _changed_here),
    "tag gone": ("flickr", _tag_gone),
    "tag added": ("flickr", _tag_added),
    "left an album": ("flickr", _album_left),
    "joined an album": ("flickr", _album_joined),
    "caption": ("pixelfed", _caption_there),
    "alt text": ("pixelfed", _alt_text_there),
}


def of(rig: Rig, file_id: str, platform: PlatformName) -> list[Finding]:
    return [one for one in rig.wb.audit(platform) if one.file_id == file_id]


def changing(rig: Rig) -> list[str]:
    """Requests that change something online."""
    found = [
        one.operation
        for one in rig.flickr.requests
        if any(word in one.operation for word in (".set", ".add", ".remove", ".delete", "upload"))
    ]
    posts = [one for one in rig.pixelfed.requests if one.method not in READS]
    return [*found, *(f"{one.method} {one.path}" for one in posts)]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_online_is_taken_into_imatch_and_nothing_else_changes(
    rig: Rig, both: tuple[str, str], change: str
) -> None:
    first, second = both
    platform, act = CHANGES[change]
    act(rig, first)
    found = of(rig, first, platform)
    assert found, "the change is found"
    online = rig.flickr.backend.snapshot(), rig.pixelfed.backend.snapshot()
    other, sent = rig.imws.backend.snapshot()["metadata"].get(second), len(changing(rig))

    taking = rig.wb.theirs(found)
    assert found == list(taking.taken)
    assert () == taking.refused
    run = rig.wb.take_theirs(taking)

    assert {"verified"} == {one.state for one in run.cells}
    left = {(one.code, one.field) for one in of(rig, first, platform)}
    # the headline also makes the alt text, which is now to be sent
    assert ({("changed_here", "alt_text")} if change == "caption" else set()) == left
    assert online == (rig.flickr.backend.snapshot(), rig.pixelfed.backend.snapshot())
    assert other == rig.imws.backend.snapshot()["metadata"].get(second)
    assert sent == len(changing(rig))
    assert {first} == {one.file_id for one in run.cells}


def test_what_was_taken_can_be_put_back(rig: Rig, both: tuple[str, str]) -> None:
    first, _ = both
    before = rig.imws.backend.snapshot()["metadata"]
    _title_there(rig, first)

    assert rig.wb.decide(of(rig, first, "flickr"), "take_theirs") is None
    assert "Renamed & online" == rig.imws.backend.snapshot()["metadata"][first]["title"]
    rig.wb.undo(rig.wb.change_sets()[0].change_set)

    assert before == rig.imws.backend.snapshot()["metadata"]
    assert ["changed_here"] == [one.code for one in of(rig, first, "flickr")]


def test_a_text_that_no_field_makes_is_refused_and_nothing_is_written(
    rig: Rig, both: tuple[str, str]
) -> None:
    first, _ = both
    flickr(rig, first).description = "Written anew from beginning to end."
    before = rig.imws.backend.snapshot()
    found = of(rig, first, "flickr")

    taking = rig.wb.theirs(found)

    assert () == taking.taken
    assert "IMatch's fields" in taking.refused[0][1]
    with pytest.raises(PlanError, match="Nothing can be taken over"):
        rig.wb.take_theirs(found)
    assert before == rig.imws.backend.snapshot()


def test_without_the_switch_no_text_is_written_but_albums_are(
    rig: Rig, both: tuple[str, str]
) -> None:
    first, _ = both
    rig.anew(SOCIALS_IMATCH_WRITE_METADATA="false")
    _title_there(rig, first)
    with pytest.raises(SettingsError, match="switched off"):
        rig.wb.take_theirs(of(rig, first, "flickr"))
    flickr(rig, first).title = "Dawn over the lake"
    _album_left(rig, first)

    rig.wb.take_theirs(of(rig, first, "flickr"))

    assert "flickr|albums|Coast" not in rig.categories(first)
    assert [] == of(rig, first, "flickr")


@pytest.mark.parametrize(
    ("change", "decision"),
    [
        *((one, "push_ours") for one in ("title", "only here", "caption", "alt text", "tag gone")),
        ("left an album", "push_ours"),
        ("left an album", "keep_theirs"),
        ("caption", "keep_theirs"),
        ("only here", "ignore"),
        ("title", "queue_metadata"),
    ],
)
def test_a_decision_makes_its_finding_disappear(
    rig: Rig, both: tuple[str, str], change: str, decision: audit.Decision
) -> None:
    first, second = both
    platform, act = CHANGES[change]
    act(rig, first)
    imatch = rig.imws.backend.snapshot()["metadata"]
    found = of(rig, first, platform)
    assert all(decision in audit.decisions_for(one) for one in found)

    plan = rig.wb.decide(found, decision)
    if plan is not None:
        assert ["done"] == [one.state for one in rig.wb.apply(plan).outcomes]

    assert [] == of(rig, first, platform)
    assert [] == of(rig, second, platform)
    assert imatch == rig.imws.backend.snapshot()["metadata"]


def test_several_decisions_lead_to_one_plan(rig: Rig, both: tuple[str, str]) -> None:
    first, second = both
    _title_there(rig, first)
    _title_there(rig, second)
    status(rig, second).caption = "By hand"
    gone = rig.ids("pixelfed", first)["status_id"]
    rig.pixelfed.backend.statuses[gone].scope = "archived"

    plan = rig.wb.decide_all(
        {
            "push_ours": of(rig, first, "flickr") + of(rig, second, "pixelfed"),
            "keep_theirs": of(rig, second, "flickr"),
            "add_again": of(rig, first, "pixelfed"),
        }
    )

    assert plan is not None
    assert {
        ("flickr", first, "metadata"),
        ("pixelfed", second, "metadata"),
        ("pixelfed", first, "add"),
    } == {(row.platform, row.file_id, row.action) for row in plan.rows}
    assert {"done"} == {one.state for one in rig.wb.apply(plan).outcomes}
    assert () == (*rig.wb.audit("flickr"), *rig.wb.audit("pixelfed"))


def test_a_finding_about_imatch_alone_can_be_ignored_without_asking_anybody(rig: Rig) -> None:
    file_id = rig.photo(pixelfed=True, title=None)
    found = rig.wb.audit_metadata("pixelfed")
    missing = [one for one in found if one.field == "title"]
    asked = len(rig.flickr.requests), len(rig.pixelfed.requests)

    rig.wb.decide(missing, "ignore")

    assert set(found) - set(missing) == set(rig.wb.audit_metadata("pixelfed"))
    assert asked == (len(rig.flickr.requests), len(rig.pixelfed.requests))
    rig.wb.forget_decisions("pixelfed")
    assert [file_id] == [one.file_id for one in rig.wb.audit_metadata("pixelfed") if one in missing]


def test_what_is_not_the_same_is_not_proposed_again(rig: Rig) -> None:
    for _ in range(2):
        rig.photo("Gulls", flickr=True)
    rig.flickr.backend.add_photo(picture(7), title="Gulls")
    [match] = rig.wb.reconnect("flickr")
    assert 2 == len(match.file_ids)

    rig.wb.not_the_same(match.chosen(match.file_ids[0]))
    [left] = rig.wb.reconnect("flickr")

    assert match.file_ids[1:] == left.file_ids
    rig.wb.not_the_same(left)
    assert () == rig.wb.reconnect("flickr")


def test_the_counts_of_an_audit_add_up(rig: Rig, both: tuple[str, str]) -> None:
    first, second = both
    _title_there(rig, second)
    rig.flag(first, "flickr|_metadata")

    counts = rig.wb.audited("flickr").counts

    assert {"published": 2, "same": 0, "differing": 1, "decided": 0, "waiting": 1} == counts
    rig.wb.decide(of(rig, second, "flickr"), "keep_theirs")
    rig.unflag(first, "flickr|_metadata")
    counts = rig.wb.audited("flickr", fresh=False).counts
    assert {"published": 2, "same": 1, "differing": 0, "decided": 1, "waiting": 0} == counts


# -- one platform that does not answer


@pytest.fixture
def environment(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in rig.environ.items():
        monkeypatch.setenv(name, value)


def test_one_platform_that_is_down_does_not_end_the_audit_of_the_other(
    rig: Rig, both: tuple[str, str], environment: None, capsys: pytest.CaptureFixture[str]
) -> None:
    first, _ = both
    for name in ("flickr", "pixelfed"):
        rig.wb.account(name, fresh=True)
    _title_there(rig, first)
    rig.pixelfed.fail_next("GET /api/v1/accounts/:id/statuses", status=503, times=99)
    page = rig.folder / "audit.html"

    assert 2 == main(["audit", "--json", "--html", str(page)])

    document = json.loads(capsys.readouterr().out)
    assert {"changed_there"} == {one["code"] for one in document["findings"]}
    assert ["pixelfed"] == [one["platform"] for one in document["errors"]]
    assert "Pixelfed was not compared" in page.read_text(encoding="utf-8")
    rig.pixelfed.fail_next("GET /api/v1/accounts/:id/statuses", status=503, times=99)
    assert 1 == main(["audit", "pixelfed", "--json"])
    assert "error" in json.loads(capsys.readouterr().out)


def test_a_platform_that_is_not_signed_in_is_told_with_its_own_exit_code(
    rig: Rig,
    both: tuple[str, str],
    environment: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("SOCIALS_PIXELFED_TOKEN")

    assert 5 == main(["audit", "flickr", "pixelfed", "--json"])

    document = json.loads(capsys.readouterr().out)
    assert [] == document["findings"]
    assert ["pixelfed"] == [one["platform"] for one in document["errors"]]
    assert 0 == main(["audit", "flickr", "--quiet"])


def test_what_imatch_alone_tells_needs_no_sign_in(
    rig: Rig, environment: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rig.photo(flickr=True, title=None)
    for name in ("PIXELFED_TOKEN", "FLICKR_TOKEN"):
        monkeypatch.delenv(f"SOCIALS_{name}")

    assert 2 == main(["audit", "--metadata", "--json"])
    codes = {one["code"] for one in json.loads(capsys.readouterr().out)["findings"]}
    assert "missing_field" in codes
