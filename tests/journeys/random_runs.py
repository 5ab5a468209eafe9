"""Random small libraries, plans, faults and kills, and what must hold however they end.

A kill is an exception that nothing catches (`Killed`), raised just before or after a write of the
journal: for the journal, the platforms and IMatch it is what a dead process leaves behind.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults import no_waits
from hypothesis import strategies as st
from killed_child import watched
from rig import Rig

from socials_lib.errors import SocialsError
from socials_lib.models import Event, Run
from socials_lib.sync import exit_code

PLATFORMS = ("flickr", "pixelfed")
FAULTS: tuple[dict[str, Any], ...] = (
    {"drop_answer": True},
    {"reset": True},
    {"reset": True, "when": "after"},
    {"status": 503},
    {"status": 502, "when": "after"},
    {"status": 429},
    {"truncate": True},
)

#: The requests after which a photo may be online without anybody knowing its id.
AIMS = {
    "flickr": "/services/upload/",
    "pixelfed": "POST /api/v1/statuses",
    "imws": "POST /v1/attributes",
}


class Killed(BaseException):
    """The process is gone."""


@dataclass(frozen=True)
class Shot:
    """A photo: where it is wanted, whether it is online already, flags, and a title or none."""

    platform: str
    online: bool
    flag: str
    album: bool
    has_title: bool
    liked: bool


@dataclass(frozen=True)
class Step:
    """One run: a fault in the n-th request of a service, a kill at a write, consents, an edit.

    `aimed` faults hit publishing requests only, `aimed` kills requests and answers only.  `most`
    photos at a time; `stopped`: the person stops it before its first photo.
    """

    fault: int | None
    service: str
    skip: int
    times: int
    kill: int | None
    when: str
    deletes: int | None
    edit: bool
    aimed: bool
    most: int | None = None
    stopped: bool = False


@dataclass(frozen=True)
class Story:
    """Photos, and what happens to them.

    At the end the oldest open run may go on first; what fails in the last step may last so long.
    """

    shots: tuple[Shot, ...]
    steps: tuple[Step, ...]
    oldest_first: bool = False
    lasting: bool = False


shots = st.builds(
    Shot,
    platform=st.sampled_from(PLATFORMS),
    online=st.sampled_from((False, False, True)),
    flag=st.sampled_from(("", "", "_update", "_metadata", "_delete")),
    album=st.booleans(),
    has_title=st.integers(0, 5).map(bool),
    liked=st.integers(0, 4).map(lambda n: n == 0),
)
steps = st.builds(
    Step,
    fault=st.sampled_from((*range(len(FAULTS)), None, None)),
    service=st.sampled_from(("flickr", "pixelfed", "flickr", "pixelfed", "imws")),
    skip=st.integers(0, 25),
    times=st.sampled_from((1, 1, 2, 9)),
    kill=st.none() | st.integers(1, 45),
    when=st.sampled_from(("before", "after")),
    deletes=st.none() | st.just(9),
    edit=st.booleans(),
    aimed=st.sampled_from((True, True, False)),
    most=st.sampled_from((None, None, None, 1)),
    stopped=st.sampled_from((False, False, False, True)),
)
stories = st.builds(
    Story,
    shots=st.lists(shots, min_size=1, max_size=3).map(tuple),
    steps=st.lists(steps, min_size=1, max_size=3).map(tuple),
    oldest_first=st.booleans(),
    lasting=st.booleans(),
)


@dataclass
class Told:
    """A story in its world."""

    rig: Rig
    story: Story
    photos: list[str] = field(default_factory=list)
    first: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    agreed: bool = False


def violations(story: Story) -> list[str]:
    """What does not hold after a story; nothing if all is well."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, no_waits():
        rig = Rig(Path(folder))
        try:
            told = Told(rig=rig, story=story)
            _build(told)
            for number, step in enumerate(story.steps):
                _live_through(told, step, number)
            _recover(told)
            return told.wrong + _ids(told) + _losses(told) + _blocked(told)
        finally:
            rig.stop()


def _build(told: Told) -> None:
    rig = told.rig
    rig.albums_and_groups()
    for number, shot in enumerate(told.story.shots):
        on = {shot.platform: True}
        title = f"Photo {number}" if shot.has_title else None
        album = ["Coast"] if shot.album and shot.platform == "flickr" else []
        flags = [f"{shot.platform}|{shot.flag}"] if shot.flag else []
        photo = rig.photo(f"Photo {number}", **on, albums=album, flags=flags)
        if title is None:
            rig.seed.files[-1].metadata.pop("title")
        told.photos.append(photo)
        if shot.online:
            likes = "favourites" if shot.platform == "flickr" else "likes"
            told.first[photo] = rig.online(shot.platform, photo, **{likes: int(shot.liked)})
    rig.reload()
    for name in PLATFORMS:
        rig.wb.account(name)


def _live_through(told: Told, step: Step, number: int) -> None:
    rig = told.rig
    if step.edit and number:
        rig.edit(told.photos[0], headline=f"Edited before run {number}")
    told.agreed = told.agreed or step.deletes is not None
    count = 0

    def hook(label: str, when: str) -> None:
        nonlocal count
        counts = not step.aimed or label.startswith(("sent", "answered"))
        count += counts and when == "before"
        if counts and when == step.when and count == (step.kill or 0) % (9 if step.aimed else 99):
            raise Killed(label)

    if step.fault is not None:
        skip = step.skip % 2 if step.aimed else step.skip
        how = {**FAULTS[step.fault], "skip": skip, "times": step.times}
        getattr(rig, step.service).fail_next(AIMS[step.service] if step.aimed else "*", **how)
    undo = watched(hook)
    try:
        plan = rig.plan()
        listen = _stopping(rig) if step.stopped else lambda _event: None
        run = rig.wb.apply(plan, approve_deletes=step.deletes, most=step.most, listen=listen)
        if step.most is None:
            _check_exit(told, run, [row.key for row in plan.rows if row.approved])
    except (Killed, SocialsError):
        pass
    finally:
        undo()
        if not told.story.lasting or number + 1 < len(told.story.steps):
            _mend(rig)
    rig.anew()


def _mend(rig: Rig) -> None:
    """All services answer again."""
    for one in (rig.flickr, rig.pixelfed, rig.imws):
        one.faults.clear()


def _stopping(rig: Rig) -> Callable[[Event], None]:
    """The person stops the run as soon as it has begun."""

    def listen(event: Event) -> None:
        if (event.step, event.state) == ("run", "started"):
            rig.wb.stop.set()

    return listen


def _check_exit(told: Told, run: Run, approved: list[Any]) -> None:
    """Exit code 0 only if everything approved was done."""
    if exit_code(run) != 0:
        return
    done = {one.key for one in run.outcomes if one.state in ("done", "skipped")}
    told.wrong += [f"exit 0, but {key} is not done" for key in approved if key not in done]


def _recover(told: Told) -> None:
    wb = told.rig.wb
    for run in reversed(wb.open_runs()) if told.story.oldest_first else ():
        with suppress(SocialsError):
            wb.resume(run.run)
    _mend(told.rig)
    for _ in range(6):
        if not wb.open_runs():
            break
        wb.resume()
    wb.resume()
    for _ in range(3):
        run = wb.sync()
    if run.outcomes and any(one.code != "not_approved" for one in run.outcomes):
        told.wrong.append(f"never quiet: {[(one.state, one.code) for one in run.outcomes]}")


def _online(told: Told, platform: str) -> list[str]:
    if platform == "pixelfed":
        return sorted(one.id for one in told.rig.statuses())
    photos = told.rig.flickr.backend.snapshot()["photos"]
    return sorted(key for key, one in photos.items() if one["title"] != "Cover")


def _ids(told: Told) -> list[str]:
    """Remote objects and attributes are the same, one per photo and platform."""
    found = []
    for platform, column in (("flickr", "photo_id"), ("pixelfed", "status_id")):
        recorded = sorted(
            str(one[column])
            for photo in told.photos
            for one in told.rig.imws.backend.records(platform, int(photo))
            if one.get(column)
        )
        if recorded != _online(told, platform):
            found.append(f"{platform}: online {_online(told, platform)}, in IMatch {recorded}")
    return found


def _losses(told: Told) -> list[str]:
    """Nothing is deleted unapproved, and nobody's answers are."""
    found = []
    for shot, photo in zip(told.story.shots, told.photos, strict=True):
        remote = told.first.get(photo)
        gone = remote is not None and remote not in _online(told, shot.platform)
        may_go = told.agreed and shot.flag == "_delete" and not shot.liked and shot.has_title
        if gone and not may_go:
            found.append(f"{photo} was deleted")
    return found


def _blocked(told: Told) -> list[str]:
    """Nothing is published that was blocked."""
    return [
        f"{photo} was published without a title"
        for shot, photo in zip(told.story.shots, told.photos, strict=True)
        if not shot.has_title and not shot.online and told.rig.ids(shot.platform, photo)
    ]
