"""Any library makes a plan that approves nothing on its own that needs consent."""

from __future__ import annotations

import json
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from plan_kit import ACCOUNTS, GENRE, GROUP, build, last_sent, open_act, pending, photo, record

from socials_lib import plan as planning
from socials_lib.models import PLATFORMS, Category, RelatedFile

ALBUM = Category(path="Socials|flickr|albums|Coast", description="72177720301234567")
WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
DIGITS = st.integers(1, 9).map(str)
TIMES = st.datetimes(*map(datetime.fromisoformat, ("1890-01-01", "2100-01-01")))


@st.composite
def libraries(draw):
    """Pending photos with any texts, flags, relatives, records; and what the journal may hold."""
    pendings, known, acts = [], {"flickr": {}, "pixelfed": {}}, []
    for number in range(draw(st.integers(0, 5))):
        file_id = str(number + 1)
        relatives = tuple(
            RelatedFile(
                file_id=other,
                name=f"{other}.jpg",
                path=f"D:\\Photos\\{other}.jpg",
                format=draw(st.sampled_from(["JPEG", "CR3", "png"])),
                size=draw(st.none() | st.integers(0, 10**9)),
            )
            for other in draw(st.lists(DIGITS, max_size=2, unique=True))
            if other != file_id
        )
        is_master = draw(st.booleans())
        records = tuple(
            record(draw(st.sampled_from([file_id, *(r.file_id for r in relatives)])), platform, one)
            for platform in PLATFORMS
            for one in draw(st.lists(st.sampled_from(["", "51", "52"]), max_size=2))
        )
        one = photo(
            file_id,
            title=draw(st.just("Lake") | WORDS),
            headline=draw(st.just("Fog") | WORDS),
            description=draw(st.just("Spring.") | WORDS),
            keywords=tuple(draw(st.lists(WORDS, max_size=3))),
            format=draw(st.sampled_from(["JPEG", "JPEG", "CR3", ""])),
            size=draw(st.none() | st.integers(0, 10**9)),
            date_time=draw(st.none() | TIMES.map(lambda when: when.replace(microsecond=0))),
            categories=tuple(draw(st.sets(st.sampled_from([GENRE, ALBUM, GROUP])))),
            versions=relatives if is_master else (),
            masters=() if is_master else relatives,
            records=records,
        )
        for platform in PLATFORMS:
            flags = "".join(draw(st.sets(st.sampled_from("PPPumd"), min_size=1)))
            pendings.append(pending(one, platform, "".join(sorted(flags))))
            if draw(st.booleans()):
                sent = last_sent(photo(file_id), platform, draw(st.sampled_from(["51", "52"])))
                known[platform][file_id] = sent
            for state in draw(
                st.lists(st.sampled_from(["open", "waiting", "unknown"]), max_size=1)
            ):
                action = draw(st.sampled_from(["add", "update", "metadata", "delete"]))
                acts.append(open_act(one, platform, state=state, action=action, remote_id="51"))
    return pendings, known, acts


@settings(max_examples=60, deadline=None)
@given(libraries())
def test_no_plan_approves_what_needs_consent_and_its_sums_add_up(library):
    pendings, known, acts = library

    plan = build(*pendings, last_sent=known, open_acts=acts, accounts=dict(ACCOUNTS))

    for row in plan.rows:
        needs_consent = row.blocked or row.suggested or row.action in ("delete", "repost", "none")
        assert row.approved == (not needs_consent)
        assert row.action != "none" or row.problems
        assert not row.blocked or row.reason in [one.code for one in row.problems]
        if row.reason in ("conflicting_flags", "duplicate_remote_id", "lost_remote_id"):
            assert ("none", True) == (row.action, row.blocked)
        assert not (row.action == "add" and row.reason == "new" and row.remote_id)
    keys = [row.key for row in plan.rows]
    assert len(keys) == len(set(keys))
    assert len(keys) == sum(sum(one.values()) for one in planning.summary(plan).values())
    for platform in PLATFORMS:
        acting = [
            row.remote_id
            for row in plan.rows
            if row.platform == platform and not row.blocked and row.reason != "continue"
        ]
        online = [one for one in acting if one]
        assert len(online) == len(set(online))
    assert plan == planning.from_json(json.loads(json.dumps(planning.to_json(plan))))
