"""Small jobs, one per platform and action: a world that is ready, a plan, and the consents.

Each touches every kind of act its action knows: albums joined and left, groups, tags that come and
go, dates, flags to leave.  `state` is what such a job leaves behind, without the ids and times that
differ from run to run: equal states mean that nobody could tell the runs apart.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rig import ALBUMS, Rig, picture

from socials_lib.models import Plan, Run, to_plain

#: Another day than the one in the pictures: Flickr has to be told the date.
ANOTHER_DAY = "2024-03-20T07:00:00"


@dataclass(frozen=True, kw_only=True)
class Job:
    """`build` makes the world and says which photo it is about; `plan` makes the plan."""

    name: str
    build: Callable[[Rig], str]
    platform: str
    deletes: int | None = None
    named: bool = False
    repost: bool = False

    def plan(self, rig: Rig, photo: str) -> Plan:
        """The plan of the job."""
        plan = rig.plan(self.platform)
        return rig.wb.repost(plan, photo) if self.repost else plan

    def consent(self, photo: str) -> dict[str, Any]:
        """The approvals of the job, as `Workbench.apply` takes them."""
        return {"approve_deletes": self.deletes, "approve": [photo] if self.named else []}


@dataclass
class Ready:
    """A job in a world of its own, up to the moment before `apply`."""

    job: Job
    rig: Rig
    photo: str
    plan_file: Path
    done: list[Run] = field(default_factory=list)

    @property
    def consent(self) -> dict[str, Any]:
        """The approvals, as `Workbench.apply` takes them."""
        return self.job.consent(self.photo)

    def apply(self) -> Run:
        """Carry the plan out in this process."""
        wb = self.rig.wb
        self.done.append(wb.apply(wb.read_plan(self.plan_file), **self.consent))
        return self.done[-1]

    def recover(self) -> list[Run]:
        """What the person does after a crash: resume (or start, if nothing had begun), sync."""
        wb = self.rig.anew()
        begun = bool(wb.history())
        runs = [wb.resume()] if begun else [self.apply()]
        while wb.open_runs():
            runs.append(wb.resume())
        runs.append(wb.sync(self.job.platform))  # type: ignore[arg-type]
        return [one for one in runs if one is not None]


def ready(job: Job, folder: Path, **environ: str) -> Ready:
    """Build the world of a job and save its plan."""
    rig = Rig(folder, **environ)
    try:
        photo = job.build(rig)
        plan_file = rig.wb.save_plan(job.plan(rig, photo))
    except BaseException:
        rig.stop()
        raise
    return Ready(job=job, rig=rig, photo=photo, plan_file=plan_file)


# -- the jobs


def _flickr_add(rig: Rig) -> str:
    rig.albums_and_groups()
    return rig.photo(
        flickr=True,
        albums=["Coast"],
        groups=["Tasmania"],
        flags=["flickr|_metadata"],
        taken=ANOTHER_DAY,
    )


def _flickr_update(rig: Rig) -> str:
    rig.albums_and_groups()
    dawn = rig.photo(flickr=True, albums=["Coast"], groups=["Tasmania"], taken=ANOTHER_DAY)
    rig.photo("Unplanned", flickr=False)
    for kind, name in (("albums", "Harbours"), ("groups", "Daily three")):
        other = {"Harbours": ALBUMS["Harbours"], "Daily three": "7654321@N25"}[name]
        rig.seed.category(f"Socials|flickr|{kind}|{name}", other)
    rig.reload()
    rig.sync("flickr")
    (rig.folder / f"photo-{dawn}.jpg").write_bytes(picture(77))
    rig.edit(dawn, title="Dawn, another title", hierarchicalkeywords=["Nature|Reeds", "Light"])
    rig.unflag(dawn, "flickr|albums|Coast", "flickr|groups|Tasmania")
    rig.flag(dawn, "flickr|albums|Harbours", "flickr|groups|Daily three", "flickr|_update")
    return dawn


def _flickr_metadata(rig: Rig) -> str:
    rig.albums_and_groups()
    dawn = rig.photo(flickr=True, flags=["flickr|_metadata"], albums=["Coast"])
    remote = rig.online("flickr", dawn)
    rig.seed.records.clear()
    rig.record("flickr", dawn, photo_id=remote)  # without address and date
    return dawn


def _flickr_delete(rig: Rig) -> str:
    dawn = rig.photo(flickr=True, flags=["flickr|_delete"])
    rig.online("flickr", dawn)
    return dawn


def _flickr_skip(rig: Rig) -> str:
    return rig.photo(flickr=True, flags=["flickr|_delete"])


def _flickr_mended(rig: Rig) -> str:
    """A follow-up that was refused and whose id the person has mended."""
    rig.albums_and_groups()
    rig.seed.category("Socials|flickr|albums|Coast", "72157700000009999")
    dawn = rig.photo(flickr=True, albums=["Coast"])
    rig.sync("flickr")
    category = rig.imws.backend.categories.get("Socials|flickr|albums|Coast")
    category.description = ALBUMS["Coast"]
    return dawn


def _pixelfed_add(rig: Rig) -> str:
    return rig.photo(pixelfed=True, flags=["pixelfed|_metadata"])


def _pixelfed_update(rig: Rig) -> str:
    dawn = rig.photo(pixelfed=True)
    rig.sync("pixelfed")
    (rig.folder / f"photo-{dawn}.jpg").write_bytes(picture(77))
    rig.edit(dawn, title="Dawn, another title", headline="Dawn, another headline")
    rig.flag(dawn, "pixelfed|_update")
    return dawn


def _pixelfed_metadata(rig: Rig) -> str:
    dawn = rig.photo(pixelfed=True, flags=["pixelfed|_metadata"])
    rig.online("pixelfed", dawn)
    return dawn


def _pixelfed_delete(rig: Rig) -> str:
    dawn = rig.photo(pixelfed=True, flags=["pixelfed|_delete"])
    rig.online("pixelfed", dawn)
    return dawn


def _pixelfed_repost(rig: Rig) -> str:
    dawn = rig.photo(pixelfed=True, flags=["pixelfed|_update"])
    rig.online("pixelfed", dawn, likes=1)
    return dawn


JOBS: tuple[Job, ...] = (
    Job(name="flickr add", build=_flickr_add, platform="flickr"),
    Job(name="flickr update", build=_flickr_update, platform="flickr", named=True),
    Job(name="flickr metadata", build=_flickr_metadata, platform="flickr"),
    Job(name="flickr delete", build=_flickr_delete, platform="flickr", deletes=1),
    Job(name="flickr skip", build=_flickr_skip, platform="flickr"),
    Job(name="flickr follow-up", build=_flickr_mended, platform="flickr"),
    Job(name="pixelfed add", build=_pixelfed_add, platform="pixelfed"),
    Job(name="pixelfed update", build=_pixelfed_update, platform="pixelfed"),
    Job(name="pixelfed metadata", build=_pixelfed_metadata, platform="pixelfed"),
    Job(name="pixelfed delete", build=_pixelfed_delete, platform="pixelfed", deletes=1),
    Job(
        name="pixelfed repost",
        build=_pixelfed_repost,
        platform="pixelfed",
        deletes=1,
        named=True,
        repost=True,
    ),
)


# -- what is left behind


def state(rig: Rig) -> dict[str, Any]:
    """Everything that a run may leave behind on the platforms, in IMatch and in the journal.

    Uploads that nobody posted are no trace: the server collects them.
    """
    names = _names(rig)
    found = {
        "flickr": _flickr(rig),
        "pixelfed": _posts(rig),
        "imatch": _imatch(rig),
        "last sent": _last_sent(rig),
        "open rows": [
            [one.state, one.row.action, [act.act.kind for act in one.acts if act.state != "done"]]
            for name in rig.wb.platforms
            for one in rig.wb.journal.open_rows(name, rig.wb.account(name).account.id)
        ],
    }
    text = json.dumps(found, ensure_ascii=False, default=str)
    for known, name in names:
        text = text.replace(known, name)
    return dict(json.loads(text))


def _names(rig: Rig) -> list[tuple[str, str]]:
    """What differs from run to run, and what to call it; longest first."""
    names = [(one["id"], f"<{title}>") for title, one in rig.flickr_photos().items()]
    for status in rig.statuses():
        about = (status.caption or "").split(" -- ")[0]
        names.append((status.id, f"<post {about}>"))
    names += [(rig.flickr.url, "flickr:"), (rig.pixelfed.url, "pixelfed:")]
    names.append((str(rig.folder), ""))
    return sorted(names, key=lambda one: -len(one[0]))


def _imatch(rig: Rig) -> dict[str, Any]:
    """Categories and records; a media id only says whether it is that of the post."""
    found = rig.imws.backend.snapshot()
    posts = {one.id: one.media_ids for one in rig.statuses()}
    for records in found["attributes"].get("pixelfed", {}).values():
        for one in records:
            is_right = one.get("media_id") in posts.get(one.get("status_id"), ())
            one["media_id"] = "its own" if is_right else one.get("media_id")
    return {key: found[key] for key in ("categories", "attributes")}


def _flickr(rig: Rig) -> dict[str, Any]:
    shot = rig.flickr.backend.snapshot()
    without = ("posted", "replaced", "views")
    photos = [
        {name: value for name, value in one.items() if name not in without}
        | {"tags": sorted(one["tags"]), "albums": sorted(one["albums"])}
        for one in shot["photos"].values()
    ]
    return {
        "photos": sorted(photos, key=lambda one: json.dumps(one, default=str)),
        "albums": {key: sorted(one["photos"]) for key, one in shot["albums"].items()},
        "groups": {key: [one["pool"], one["pending"]] for key, one in shot["groups"].items()},
    }


def _posts(rig: Rig) -> list[Any]:
    media = rig.pixelfed.backend.media
    posts = [
        {
            "caption": one.caption,
            "scope": one.scope,
            "edits": len(one.edits),
            "pictures": [
                [media[key].description, len(media[key].received)] for key in one.media_ids
            ],
        }
        for one in rig.statuses()
    ]
    return sorted(posts, key=lambda one: json.dumps(one, default=str))


def _last_sent(rig: Rig) -> dict[str, Any]:
    found = {}
    for name in rig.wb.platforms:
        for file_id, last in rig.wb.journal.last_sent(
            name, rig.wb.account(name).account.id
        ).items():
            plain = to_plain(last)
            for key in ("sent_at", "upload_mtime_ns", "media_id"):
                plain.pop(key)
            plain["url"] = plain["url"].rstrip("/")
            found[f"{name}:{file_id}"] = plain
    return found


def difference(expected: Any, actual: Any, where: str = "") -> list[str]:
    """Where two states differ, in words."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return [
            line
            for key in sorted({*expected, *actual})
            for line in difference(expected.get(key), actual.get(key), f"{where}/{key}")
        ]
    return [] if expected == actual else [f"{where}: expected {expected!r}, found {actual!r}"]
