"""Audits by count: `python -m benchmarks.audit [calls] [drift] [reconnect] [memory]`.

    calls      2,000 published photos in 10 albums and 5 groups: requests of one audit
    drift      300 photos with nasty texts, published and audited at once, both Pixelfed profiles
    reconnect  500 published photos whose attributes and journal are gone, with and without stamps
    memory     10,000 photos online: the largest size of the process

Each line says what was measured, what is allowed and whether it holds; the exit code is 1 if
anything does not.  Everything runs against the stand-ins in this process.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from nasty import metadata
from rig import Rig, picture

from socials_lib.demo.flickr.records import PoolEntry
from socials_lib.demo.pixelfed import legacy, recent
from socials_lib.demo.seed import SeedFile, SeedRecord
from socials_lib.models import ID_COLUMN

FAILED: list[str] = []


def tell(what: str, found: float, allowed: float, *, least: bool = False) -> None:
    """One line; notes what does not hold."""
    holds = found >= allowed if least else found <= allowed
    sign = "at least" if least else "at most"
    print(f"{'ok  ' if holds else 'FAIL'}  {what}: {found:,.6g} ({sign} {allowed:,.6g})")
    if not holds:
        FAILED.append(what)


def seeded(rig: Rig, count: int) -> None:
    """Photos that are published everywhere, put there directly."""
    data = picture(1)
    rig.seed.category("Socials|flickr")
    rig.seed.category("Socials|pixelfed")
    for number in range(count):
        file_id, title = 100_000 + number, f"Photo {number}"
        rig.seed.files.append(
            SeedFile(file_id=file_id, path=f"D:\\Photos\\{number}.jpg", metadata={"title": title})
        )
        for name in ("flickr", "pixelfed"):
            rig.seed.category(f"Socials|{name}").files.append(file_id)
        photo_id = rig.flickr.backend.add_photo(data, title=title)
        status_id = rig.pixelfed.backend.add_status(data, caption=title)
        for name, ident in (("flickr", photo_id), ("pixelfed", status_id)):
            values: dict[str, object] = {ID_COLUMN[name]: ident, "posted": "2024-01-01"}
            rig.seed.records.append(SeedRecord(set=name, file_id=file_id, values=values))
    rig.reload()


def in_pools(rig: Rig, albums: int, groups: int) -> tuple[int, int]:
    """Each photo in one album and one group; how many pages of 500 these have."""
    ids, backend = list(rig.flickr.backend.photos), rig.flickr.backend
    files = [one.file_id for one in rig.seed.files]
    pages = [0, 0]
    for number in range(albums):
        album = f"7215770000000{number:04}"
        backend.add_album(f"Album {number}", ids[number::albums], album_id=album)
        category = rig.seed.category(f"Socials|flickr|albums|Album {number}", album)
        category.files += files[number::albums]
        pages[0] += -(-len(ids[number::albums]) // 500)
    for number in range(groups):
        group = backend.add_group(f"Group {number}", group_id=f"{1000 + number}@N25")
        mine = ids[number::groups]
        added = [PoolEntry(photo_id=one, added_by=backend.me.nsid, added_at=1) for one in mine]
        backend.groups[group].pool += added
        category = rig.seed.category(f"Socials|flickr|groups|Group {number}", group)
        category.files += files[number::groups]
        pages[1] += -(-len(mine) // 500)
    rig.reload()
    return pages[0], pages[1]


def calls(count: int = 2_000) -> None:
    """Requests of an audit, by platform."""
    with tempfile.TemporaryDirectory() as folder:
        rig = Rig(Path(folder))
        seeded(rig, count)
        albums, groups = in_pools(rig, 10, 5)
        began = time.perf_counter()
        found = Counter(one.code for one in rig.wb.audit("flickr"))
        took = time.perf_counter() - began
        print(f"      {count:,} photos, findings {dict(found)}, {took:.1f} s")
        tell("Flickr calls", len(rig.flickr.requests), 5 + albums + groups)
        rig.wb.audit("pixelfed")
        before = len(rig.pixelfed.requests)
        rig.wb.audit("pixelfed")
        # the empty page that ends the list, and who we are
        tell("Pixelfed calls", len(rig.pixelfed.requests) - before, count / 40 + 2)
        rig.stop()


def published(folder: Path, count: int, name: str, **environ: str) -> Rig:
    """Photos with nasty texts, published by the program itself."""
    rig = Rig(folder, SOCIALS_PACE_FLICKR_PER_HOUR="1000000", **environ)
    reload, rig.reload = rig.reload, lambda: None  # type: ignore[method-assign]
    for number in range(count):
        taken = f"2024-03-{1 + number // 3600 % 28:02}T06:{number // 60 % 60:02}:{number % 60:02}"
        rig.photo(taken=taken, **{name: True}, **metadata(number))
    rig.reload = reload  # type: ignore[method-assign]
    rig.reload()
    return rig


def drift(count: int = 300) -> None:
    """Findings right after publishing."""
    profiles = (
        ("flickr", "", legacy),
        ("pixelfed", " 0.11", legacy),
        ("pixelfed", " 0.14", lambda: recent(queue="sync", requests_per_minute=None)),
    )
    for name, words, options in profiles:
        with tempfile.TemporaryDirectory() as folder:
            rig = published(Path(folder), count, name)
            rig.pixelfed.backend.options = options()
            run = rig.sync()
            done = sum(one.state == "done" for one in run.outcomes)
            tell(f"published on {name}{words}", done, count, least=True)
            tell(f"findings on {name}{words}", len(rig.wb.audit(name)), 0)
            rig.stop()


def reconnect(count: int = 500) -> None:
    """Links found after everything that tells them was lost."""
    for name, stamp in (("flickr", True), ("flickr", False), ("pixelfed", False)):
        with tempfile.TemporaryDirectory() as folder:
            switch = {"SOCIALS_FLICKR_STAMP": str(stamp).lower()}
            rig = published(Path(folder), count, name, **switch)
            rig.sync()
            files = [str(one.file_id) for one in rig.seed.files]
            truth = {rig.ids(name, one)[ID_COLUMN[name]]: one for one in files}
            rig.reload()
            rig.wb.journal.path.unlink()
            rig.anew()
            matches = [one for one in rig.wb.reconnect(name) if one.tier == "certain"]
            wrong = [one for one in matches if one.file_ids != (truth[one.remote.ref.remote_id],)]
            words = f"{name}, {'with' if stamp else 'without'} stamps"
            tell(f"wrong among certain, {words}", len(wrong), 0)
            tell(f"certain, {words}", len(matches) / count, 0.95 if stamp else 0, least=True)
            rig.stop()


def memory(count: int = 10_000) -> None:
    """The largest size of this process, which holds the stand-ins too (not on Windows)."""
    with tempfile.TemporaryDirectory() as folder:
        rig = Rig(Path(folder))
        seeded(rig, count)
        base = peak()
        began = time.perf_counter()
        rig.wb.audit("flickr")
        rig.wb.inventory("flickr")
        print(f"      {count:,} photos in {time.perf_counter() - began:.1f} s")
        print(f"      the stand-ins alone: {base:,.0f} MB")
        tell("MB in all", peak(), 512)
        rig.stop()


def peak() -> float:
    """Megabytes; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1024 * 1024 if sys.platform == "darwin" else 1024)


PARTS = {"memory": memory, "calls": calls, "drift": drift, "reconnect": reconnect}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        print(part)
        PARTS[part]()
    sys.exit(1 if FAILED else 0)
