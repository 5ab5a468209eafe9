"""Delete-and-post: the only way to exchange a picture on Pixelfed, and only if a person asks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from socials_lib.errors import PlanError
from socials_lib.models import Change, Plan, PlanRow
from socials_lib.plan.document import plan_hash


def with_reposts(plan: Plan, ids: Collection[str]) -> Plan:
    """The plan with these update rows turned into reposts: post anew, then delete the old post.

    `ids` are `file_id` or `pixelfed:file_id`.  Likes, comments and the link of the old post are
    lost, so a repost counts as a delete and still needs its approval by id.  Raises `PlanError`
    for a row that cannot be reposted.
    """
    wanted = {one.removeprefix("pixelfed:") for one in ids}
    able = {row.file_id for row in plan.rows if _can_be_reposted(row)}
    if not wanted <= able:
        odd = ", ".join(sorted(wanted - able))
        raise PlanError(
            f"There is no update on Pixelfed to be reposted for {odd}.",
            hint="Only photos in `Socials|pixelfed|_update` that are not blocked can be.",
            code="not_repostable",
        )
    rows = tuple(
        _repost(row) if row.platform == "pixelfed" and row.file_id in wanted else row
        for row in plan.rows
    )
    return replace(plan, rows=rows, hash=plan_hash(replace(plan, rows=rows)))


def _can_be_reposted(row: PlanRow) -> bool:
    return row.platform == "pixelfed" and row.action == "update" and not row.blocked


def _repost(row: PlanRow) -> PlanRow:
    gone = Change(field="old post", before=row.remote_id, after=None)
    picture = Change(field="picture", before="as last sent", after="the file as it is now")
    return replace(
        row,
        action="repost",
        reason="asked_for",
        approved=False,
        calls=4,
        changes=(picture, gone, *row.changes),
    )
