"""A crowd of new photos and a service that fails now and then."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

from faults import no_waits
from random_runs import FAULTS
from rig import Rig

from socials_lib.demo.seed import SeedFile
from socials_lib.models import Run


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """What became of a crowd: titles online (doubles show), distinct ids in IMatch, the run."""

    titles: list[str]
    ids: set[str]
    run: Run
    faults: int
    reported: int


def build(rig: Rig, count: int) -> list[str]:
    """So many photos in `Socials|flickr`, written to IMatch at once."""
    first = rig.photo("Photo 0", flickr=True)
    files = [first]
    for number in range(1, count):
        file_id = int(first) + number
        path = rig.folder / f"photo-{file_id}.jpg"
        path.write_bytes((rig.folder / f"photo-{first}.jpg").read_bytes())
        model = rig.seed.files[0]
        rig.seed.files.append(
            SeedFile(
                file_id=file_id,
                path=str(path),
                size=None,
                date_time=model.date_time,
                width=64,
                height=48,
                metadata={**model.metadata, "title": f"Photo {number}"},
            )
        )
        rig.put(file_id, "Socials|flickr")
        rig.put(file_id, "Image Characteristics|Genre|Landscape")
        files.append(str(file_id))
    rig.reload()
    return files


def publish(folder: Path, *, count: int, share: float, seed: int, **environ: str) -> Crowd:
    """Publish a crowd while a share of all changing requests fails in some way."""
    chance = random.Random(seed)
    rig = Rig(folder, **environ)
    try:
        files = build(rig, count)
        rig.wb.account("flickr")
        hit = sorted(chance.sample(range(count), max(1, round(count * share))))
        for number, at in enumerate(hit):
            how = FAULTS[number % len(FAULTS)]
            rig.flickr.fail_next("/services/upload/", **{**how, "skip": at - number})
        with no_waits():
            run = rig.sync("flickr")
        ids = {rig.ids("flickr", one).get("photo_id", "") for one in files}
        return Crowd(
            titles=rig.flickr_titles(),
            ids=ids - {""},
            run=run,
            faults=sum(one.times == 0 for one in rig.flickr.faults),
            reported=sum(bool(one.repeated) for one in run.outcomes),
        )
    finally:
        rig.stop()


def report(crowd: Crowd) -> str:
    """The line of a benchmark."""
    return json.dumps(
        {
            "photos": len(crowd.titles),
            "ids": len(crowd.ids),
            "faults": crowd.faults,
            "photos with repeats in the report": crowd.reported,
            "state": crowd.run.state,
        }
    )
