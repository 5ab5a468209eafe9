"""Records as DataFrames: one schema whether full or empty, ids as text, nothing missing as None."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pandas as pd
import pytest

from socials_lib import frames
from socials_lib.journal import ChangeSetRun
from socials_lib.models import (
    DEFAULT_LIMITS,
    Account,
    AccountFacts,
    Album,
    Check,
    Finding,
    GroupPool,
    Listed,
    Note,
    Outcome,
    Pending,
    Photo,
    PhotoText,
    Plan,
    PlanRow,
    Problem,
    Run,
    UploadFile,
)

STARTED = datetime(2026, 11, 22, 12, tzinfo=UTC)
PHOTO = Photo(
    file_id="0012012012012012012",
    name="dawn.jpg",
    path=r"D:\Photos\dawn.jpg",
    format="JPEG",
    size=6_000_000,
    title="Dawn 🌋",
    keywords=("Nature|Lake", "Light"),
    date_time=datetime.fromisoformat("2024-03-19T05:06:07"),
)
BARE = Photo(file_id="7", name="bare.jpg", path=r"D:\Photos\bare.jpg", format="")
PENDING = Pending(photo=PHOTO, platform="flickr", in_platform=True)
BARE_PENDING = Pending(photo=BARE, platform="pixelfed", delete=True)
ROW = PlanRow(
    file_id="0012",
    name="dawn.jpg",
    path=r"D:\Photos\dawn.jpg",
    platform="flickr",
    action="add",
    reason="new",
    approved=True,
    problems=(Problem(code="missing_keywords", severity="warning", field="keywords"),),
    text=PhotoText(
        platform="flickr",
        title="Dawn",
        description="The first morning",
        tags=("lake", "dawn"),
        date_taken="2024-03-19T05:06:07",
    ),
    albums=(Album(name="Coast", album_id="721", category="Socials|flickr|albums|Coast"),),
    groups=(GroupPool(name="Lakes", group_id="1@N25", category="Socials|flickr|groups|Lakes"),),
    upload=UploadFile(
        file_id="0012", name="dawn.jpg", path=r"D:\Photos\dawn.jpg", format="JPEG", bytes=12
    ),
    calls=3,
)
BARE_ROW = PlanRow(file_id="7", name="bare.jpg", path="", platform="pixelfed", action="delete")
OUTCOME = Outcome(
    file_id="0012",
    name="dawn.jpg",
    platform="flickr",
    action="add",
    state="done",
    remote_id="053100000001",
    url="https://example.org/1",
    warnings=(Note(code="group_full", message="tomorrow"),),
    repeated=("upload",),
)
RUN = Run(run="r1", started=STARTED, ended=None, state="running", mode="demo", outcomes=(OUTCOME,))
ENDED = Run(run="r0", started=STARTED, ended=STARTED, state="done", mode="demo", origin="test")
CHECK = Check(name="IMatch answers", state="ok", found="yes")
FACTS = AccountFacts(
    platform="flickr", account=Account(id="1@N01", name="demo"), limits=DEFAULT_LIMITS["flickr"]
)
FINDING = Finding(
    file_id="0012", platform="flickr", code="drifted", remote_id="053", field="title", imatch="Dawn"
)
ORPHAN = Finding(file_id="", platform="flickr", code="orphan", remote_id="054")

MAKERS = [
    pytest.param(frames.pending_frame, [PENDING, BARE_PENDING], id="pending"),
    pytest.param(frames.plan_frame, [ROW, BARE_ROW], id="plan"),
    pytest.param(frames.limits_frame, [FACTS], id="limits"),
    pytest.param(frames.findings_frame, [FINDING, ORPHAN], id="findings"),
]


@pytest.mark.parametrize(("make", "rows"), MAKERS)
def test_an_empty_table_has_the_columns_and_types_of_a_full_one(make, rows):
    full, empty = make(rows), make([])

    assert 0 == len(empty)
    assert list(full.columns) == list(empty.columns)
    assert full.dtypes.to_dict() == empty.dtypes.to_dict()


@pytest.mark.parametrize(("make", "rows"), MAKERS)
def test_every_single_row_gives_the_same_types(make, rows):
    """A column in which everything is missing must not turn into numbers."""
    for one in rows:
        assert make(rows).dtypes.to_dict() == make([one]).dtypes.to_dict()


@pytest.mark.parametrize(
    ("value", "columns"),
    [
        ([PENDING], ["file_id", "name", "platform", "in_platform"]),
        ([ROW], ["file_id", "name", "platform", "action"]),
        ([OUTCOME], ["file_id", "name", "platform", "action", "state"]),
        (RUN, ["file_id", "name", "platform", "action", "state"]),
        ([RUN, ENDED], ["run", "started", "ended", "state"]),
        ([CHECK], ["group", "name", "state", "found", "hint"]),
        ([FACTS], ["platform", "account", "what", "value"]),
        ([FINDING], ["file_id", "platform", "remote_id", "code", "field"]),
        (
            Plan(plan_id="p", created=STARTED, mode="demo", accounts={}, rows=(ROW,)),
            ["file_id", "name", "platform", "action"],
        ),
    ],
    ids=["pending", "rows", "outcomes", "run", "runs", "checks", "accounts", "findings", "plan"],
)
def test_each_kind_of_record_has_its_table(value, columns):
    table = frames.frame(value)

    assert columns == list(table.columns)[: len(columns)]
    assert len(table) >= 1


@pytest.mark.parametrize("value", [["words"], [PENDING, ROW], {"a": 1}, [1, 2]], ids=repr)
def test_of_anything_else_no_table_is_made(value):
    with pytest.raises(TypeError, match="no table is made of"):
        frames.frame(value)


def test_nothing_is_an_empty_plan():
    assert list(frames.plan_frame([]).columns) == list(frames.frame(()).columns)


@pytest.mark.parametrize("kind", [Run, ChangeSetRun])
def test_what_is_listed_has_its_own_columns_even_when_it_is_empty(kind):
    columns = list(frames.frame(Listed(kind)).columns)
    assert "state" in columns
    assert "platform" not in columns
    assert (1, 2) == Listed(int, (1, 2))


def test_a_generator_will_do():
    assert 2 == len(frames.frame(one for one in (ROW, BARE_ROW)))


def test_ids_stay_text_with_their_zeros():
    table = frames.frame([PENDING, BARE_PENDING])

    assert "str" == table["file_id"].dtype
    assert ["0012012012012012012", "7"] == table["file_id"].tolist()
    assert ["053100000001"] == frames.frame([OUTCOME])["remote_id"].tolist()


def test_what_is_missing_is_none_once_it_leaves_the_frame():
    first, second = frames.records_of(frames.frame([PENDING, BARE_PENDING]))

    assert "Dawn 🌋" == first["title"]
    for name in ("title", "headline", "alt_text", "camera", "format", "date_time", "size"):
        assert second[name] is None, name
    assert [] == second["keywords"]


def test_records_come_back_as_plain_python_values():
    [first] = frames.records_of(frames.frame([ROW]))

    assert (int, 12) == (type(first["bytes"]), first["bytes"])
    assert (bool, True) == (type(first["approved"]), first["approved"])
    assert (str, "0012") == (type(first["file_id"]), first["file_id"])
    assert datetime.fromisoformat("2024-03-19T05:06:07") == first["date_taken"]
    assert all(isinstance(name, str) for name in first)


def test_missing_times_and_numbers_are_none_too():
    running, ended = frames.records_of(frames.frame([RUN, ENDED]))
    bare = frames.records_of(frames.frame([BARE_ROW]))[0]

    assert (None, STARTED) == (running["ended"], ended["ended"])
    assert (None, None, None) == (bare["bytes"], bare["date_taken"], bare["upload_file"])
    assert (None, None) == (bare["title"], bare["visibility"])


def test_lists_stay_lists():
    [first] = frames.records_of(frames.frame([ROW]))

    assert ["lake", "dawn"] == first["tags"]
    assert (["Coast"], ["Lakes"]) == (first["albums"], first["groups"])
    assert ["missing_keywords"] == first["problems"]
    assert ["Nature|Lake", "Light"] == frames.frame([PENDING])["keywords"].iloc[0]
    assert (["tomorrow"], ["upload"]) == tuple(frames.frame(RUN)[["warnings", "repeated"]].iloc[0])


def test_columns_do_not_share_their_lists_with_the_records():
    frames.frame([ROW])["tags"].iloc[0].append("changed")

    assert ("lake", "dawn") == ROW.text.tags


def test_the_keys_name_platform_and_file():
    rows = [ROW, BARE_ROW]

    assert ("flickr:0012", "pixelfed:7") == frames.keys_of(frames.frame(rows))
    assert () == frames.keys_of(frames.frame(()))
    assert ("flickr:0012012012012012012",) == frames.keys_of(frames.frame([PENDING]))


def test_keys_follow_the_rows_that_a_filter_leaves():
    table = frames.frame([ROW, BARE_ROW])

    assert ("pixelfed:7",) == frames.keys_of(table[table["action"] == "delete"])
    assert ("pixelfed:7", "flickr:0012") == frames.keys_of(table.iloc[::-1])


def test_what_is_online_without_a_photo_has_no_key():
    assert ("flickr:0012",) == frames.keys_of(frames.frame([FINDING, ORPHAN, FINDING]))


def test_the_text_of_a_row_is_caption_or_description():
    caption = PlanRow(
        file_id="8",
        name="fog.jpg",
        path="",
        platform="pixelfed",
        action="add",
        text=PhotoText(platform="pixelfed", caption="Fog #lake", alt_text="A lake"),
    )
    table = frames.frame([ROW, caption])

    assert ["The first morning", "Fog #lake"] == table["text"].tolist()


def test_flags_can_filter():
    table = frames.frame([PENDING, BARE_PENDING])

    assert ["7"] == table[table["delete"]]["file_id"].tolist()
    assert ["7"] == table[~table["in_platform"]]["file_id"].tolist()


def test_runs_are_counted():
    [first] = frames.records_of(frames.frame([RUN]))

    assert (1, 1, 0) == (first["rows"], first["done"], first["failed"])
    assert "datetime64[us, UTC]" == str(frames.frame([RUN])["started"].dtype)


def test_limits_that_nobody_knows_are_left_out():
    table = frames.limits_frame([FACTS])

    assert "letters of a caption" not in set(table["what"])
    assert "200.0 MB" == table.loc[table["what"] == "largest picture", "value"].item()
    guessed = frames.limits_frame(
        [
            AccountFacts(
                platform="pixelfed",
                account=Account(id="", name="demo"),
                limits=DEFAULT_LIMITS["pixelfed"],
                guessed=True,
            )
        ]
    )
    assert {"demo (not asked yet)"} == set(guessed["account"])


def test_a_table_survives_csv_with_its_ids(tmp_path):
    frames.frame([PENDING]).to_csv(tmp_path / "rows.csv", index=False, encoding="utf-8")

    back = pd.read_csv(tmp_path / "rows.csv", dtype={"file_id": "str"}, encoding="utf-8")
    assert ["0012012012012012012"] == back["file_id"].tolist()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows has one zone for all programs")
def test_times_are_read_on_the_clock_of_this_computer_to_the_second(monkeypatch):
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    try:
        summer = datetime(2026, 7, 1, 21, 57, 50, 725667, tzinfo=UTC)
        run = Run(run="r2", started=summer, ended=STARTED, state="done", mode="demo", outcomes=())
        shown = frames.in_local_time(frames.frame([run, RUN]))
        first, last = str(shown["started"][0]), str(shown["ended"][0])
    finally:
        monkeypatch.undo()
        time.tzset()

    assert ("2026-07-01 23:57:50+02:00", "2026-11-22 13:00:00+01:00") == (first, last)
    assert pd.isna(shown["ended"][1])
