"""The sample library: real picture files made by code, and what IMatch knows about them.

    sample = library.sample(folder)                     # paints what is missing in the folder
    library.publish(sample, flickr.backend, pixelfed.backend)
    ImwsStandIn(sample.seed)

Demo and tests use the same one; `tests/world.py` names its photos.  `from_folder` makes a library
of a person's own pictures, `bulk` one of any size.

Rooms
    `painting`, `palettes`, `landscapes`, `townscapes`, `scenes`  brushes and what they paint
    `embed`               EXIF, XMP, IPTC, ICC profile into the files
    `shots`               the record of one photo; `texts`: what earlier runs sent of it
    `catalog`             all shots: `catalog_new`, `_odd`, `_online`, `_leaving`, `_trouble`,
                          `_records`, `_relatives`
    `files`, `database`   a catalogue as files on the disk and as a `Seed`
    `publishing`          what is online already
    `reading`, `own`      a person's own pictures;  `many`: libraries of any size
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from socials_lib.demo.library.catalog import RELATIONS, shots
from socials_lib.demo.library.database import sample_seed
from socials_lib.demo.library.files import path_of, write_files
from socials_lib.demo.library.many import bulk
from socials_lib.demo.library.own import from_folder
from socials_lib.demo.library.publishing import FLICKR_PAGES, PIXELFED_PAGES, Publisher
from socials_lib.demo.library.shots import Shot
from socials_lib.demo.seed import Seed

if TYPE_CHECKING:
    from socials_lib.demo.flickr.backend import FlickrBackend
    from socials_lib.demo.pixelfed.backend import PixelfedBackend

__all__ = ["Sample", "Shot", "bulk", "from_folder", "publish", "sample"]


@dataclass(kw_only=True)
class Sample:
    """The sample library on the disk: folder, shots, database (changed by `publish`)."""

    folder: Path
    shots: list[Shot] = field(repr=False)
    seed: Seed = field(repr=False)

    @property
    def paths(self) -> dict[int, Path]:
        """File id -> picture file; the off-line file has a path too, which does not exist."""
        return {shot.file_id: Path(path_of(shot, self.folder)) for shot in self.shots}

    @property
    def ids(self) -> dict[str, int]:
        """Name -> file id."""
        return {shot.key: shot.file_id for shot in self.shots}

    def shot(self, key: str) -> Shot:
        """A shot by its name; KeyError if there is none."""
        return next(shot for shot in self.shots if shot.file_id == self.ids[key])


def sample(folder: Path) -> Sample:
    """The sample library in this folder; files that are there from before are not painted again.

    The seed is fresh each time: nothing is published yet, no attribute records.
    """
    folder.mkdir(parents=True, exist_ok=True)
    every = shots()
    write_files(every, folder)
    seed = sample_seed(every, folder)
    seed.relations = list(RELATIONS)
    return Sample(folder=folder, shots=every, seed=seed)


def publish(
    what: Sample,
    flickr: FlickrBackend,
    pixelfed: PixelfedBackend,
    *,
    flickr_pages: str = FLICKR_PAGES,
    pixelfed_pages: str = PIXELFED_PAGES,
) -> Seed:
    """Put the photos of earlier runs online and their ids into the records; returns the seed.

    `…_pages` are the addresses that a photo's own page begins with, for the `url` attribute.
    """
    Publisher(
        what.seed,
        what.shots,
        what.folder,
        flickr=flickr,
        pixelfed=pixelfed,
        flickr_pages=flickr_pages,
        pixelfed_pages=pixelfed_pages,
    ).run()
    return what.seed
