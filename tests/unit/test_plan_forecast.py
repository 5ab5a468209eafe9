"""What a plan would take: calls, bytes and time, per platform."""

from dataclasses import replace

from plan_kit import build, pending, photo

from socials_lib import plan as planning
from socials_lib.models import PlanRow, UploadFile

ROW = PlanRow(
    file_id="1",
    name="a.jpg",
    path="a.jpg",
    platform="flickr",
    action="add",
    calls=4,
    upload=UploadFile(file_id="1", name="a.jpg", path="a.jpg", format="JPEG", bytes=2_097_152),
)


def test_calls_and_pictures_add_up():
    made = planning.forecast([ROW, ROW])
    assert (2, 8, 4_194_304, 12.0) == (made.photos, made.calls, made.bytes, made.seconds)


def test_a_budget_that_is_used_up_is_waited_for():
    assert 3600.0 == planning.forecast([ROW], used=10, allowed=10).seconds
    assert 7200.0 == planning.forecast([ROW, ROW], used=4, allowed=4).seconds


def test_pictures_that_are_not_sent_weigh_nothing():
    kept = replace(ROW, action="update", picture_changed=False)
    posted = replace(ROW, action="update", platform="pixelfed")
    assert [0, 0, 0] == [
        planning.bytes_of(row) for row in (kept, posted, replace(ROW, upload=None))
    ]


def test_blocked_and_suggested_rows_are_not_in_it():
    rows = [ROW, replace(ROW, blocked=True), replace(ROW, suggested=True)]
    assert (ROW,) == planning.to_do(rows)


def test_the_document_tells_it_per_platform():
    plan = build(pending(photo()))
    [row] = plan.rows

    told = planning.to_json(plan)["forecast"]["flickr"]
    assert (1, row.calls, row.upload.bytes) == (told["photos"], told["calls"], told["bytes"])
    assert plan == planning.from_json(planning.to_json(plan))
