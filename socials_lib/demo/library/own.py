"""A library from a person's own pictures: `socials world --photos DIR`.

Nothing is ever written into that folder.  What a file does not say is filled in so that most
pictures can be published in the rehearsal: the file name serves as title, and so on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from socials_lib.demo.library.database import skeleton
from socials_lib.demo.library.reading import Found, read
from socials_lib.demo.seed import ALT_TEXT, MetadataValue, Seed, SeedFile

#: Files that are looked at; anything else in the folder is passed over.
_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".gif": "GIF"}
_FIRST_ID = 1001


def from_folder(folder: Path, *, limit: int = 300) -> Seed:
    """The person's pictures as a database, all of them waiting to be published on both platforms.

    At most `limit` pictures, in the order of their names, sub-folders included.  A folder without
    any is an error: an empty rehearsal would look like a program that finds nothing.
    """
    if not folder.is_dir():
        raise NotADirectoryError(f"there is no folder {folder}")
    seed = skeleton()
    for path in _pictures(folder):
        if len(seed.files) >= limit:
            break
        found = read(path)
        if found is not None:
            _add(seed, path, found)
    if not seed.files:
        raise FileNotFoundError(f"there is no JPEG, PNG or GIF in {folder} or below it")
    return seed


def _pictures(folder: Path) -> Iterator[Path]:
    """Picture files in a stable order; hidden files and folders are left alone."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in _FORMATS:
                yield Path(place) / name


def _add(seed: Seed, path: Path, found: Found) -> None:
    file_id = _FIRST_ID + len(seed.files)
    # camera-local like IMatch's own time stamp, so without a zone
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone().replace(tzinfo=None)
    seed.files.append(
        SeedFile(
            file_id=file_id,
            path=str(path.resolve()),
            format={"MPO": "JPEG"}.get(found.format, found.format),
            date_time=found.taken or modified.isoformat(timespec="seconds"),
            width=found.width,
            height=found.height,
            metadata=_metadata(path, found),
            why="one of your own pictures",
        )
    )
    for category in (
        "Socials|flickr",
        "Socials|pixelfed",
        "Image Characteristics|Genre|Photography",
    ):
        seed.category(category).files.append(file_id)


def _metadata(path: Path, found: Found) -> dict[str, MetadataValue]:
    title = found.title or path.stem.replace("_", " ").strip() or path.name
    description = found.description or found.headline or title
    values: dict[str, MetadataValue] = {
        "title": title,
        "description": description,
        "headline": found.headline or _first_sentence(description),
        "hierarchicalkeywords": list(found.keywords) or [path.parent.name or "Photos"],
        ALT_TEXT: found.alt_text,
        "make": found.make,
        "model": found.model,
        "lens": found.lens,
        "cameraname": found.model,
        "iso": found.iso,
        "shutterspeed": found.shutter,
        "focallength": found.focal_length,
    }
    if found.aperture is not None:
        values["aperture"] = found.aperture
    if found.gps is not None:
        values["gpslatitude"], values["gpslongitude"] = found.gps
    return {key: value for key, value in values.items() if value != ""}


def _first_sentence(text: str) -> str:
    line = text.strip().splitlines()[0]
    return line.partition(". ")[0][:120].strip() or line
