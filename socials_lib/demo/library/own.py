"""A library from a person's own pictures: `socials world --photos DIR`.

Nothing is ever written into that folder.  What a file does not say is filled in so that most
pictures can be published in the rehearsal: the file name serves as title, and so on.

A file that is named like a picture and is none is in the database all the same, as it would be in
IMatch: the program is to say what is wrong with it.  What is left out is told in `Seed.notes`.
"""

from __future__ import annotations

import itertools
import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from socials_lib.demo.library.database import skeleton
from socials_lib.demo.library.reading import Found, read
from socials_lib.demo.seed import ALT_TEXT, MetadataValue, Seed, SeedFile

#: Files that are taken.
_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".gif": "GIF"}
#: Pictures that are left out, with a word; anything else in the folder is none and passed over.
_OTHERS = frozenset({
    ".heic", ".heif", ".avif", ".webp", ".jxl", ".jp2", ".tif", ".tiff", ".bmp", ".psd", ".dng",
    ".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".sr2", ".raf", ".orf", ".rw2", ".pef", ".srw",
    ".x3f", ".3fr", ".iiq",
})  # fmt: skip
_FIRST_ID = 1001


def from_folder(folder: Path, *, limit: int = 300) -> Seed:
    """The person's pictures as a database, all of them waiting to be published on both platforms.

    At most `limit` pictures, in the order of their names, sub-folders included.  A folder without
    any is an error: an empty rehearsal would look like a program that finds nothing.
    """
    if not folder.is_dir():
        raise NotADirectoryError(
            f"{folder} is a file, not a folder"
            if folder.exists()
            else f"there is no folder {folder}"
        )
    others: Counter[str] = Counter()
    closed: list[str] = []
    paths = list(itertools.islice(_pictures(folder, others, closed), limit + 1))
    seed = skeleton()
    seed.notes = _notes(others, closed, limit=limit if len(paths) > limit else None)
    if not paths:
        why = "".join(f"; {note}" for note in seed.notes)
        raise FileNotFoundError(f"there is no JPEG, PNG or GIF in {folder} or below it{why}")
    for path in paths[:limit]:
        _add(seed, path, read(path) or _broken(path))
    return seed


def _pictures(folder: Path, others: Counter[str], closed: list[str]) -> Iterator[Path]:
    """Picture files in a stable order; hidden files and folders are left alone.

    Pictures of other kinds are counted in `others`, folders that cannot be read named in `closed`.
    """
    for place, folders, names in os.walk(folder, onerror=lambda err: closed.append(err.filename)):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            kind = "" if name.startswith(".") else Path(name).suffix.lower()
            path = Path(place) / name
            if kind in _FORMATS and path.is_file():  # a link may lead nowhere
                yield path
            elif kind in _OTHERS:
                others[kind.removeprefix(".").upper()] += 1


def _notes(others: Counter[str], closed: list[str], *, limit: int | None) -> list[str]:
    """What of the person's pictures is not in the database, and why."""
    notes = []
    if limit is not None:
        notes.append(f"only the first {limit} pictures are taken, in the order of their names")
    if others:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(others.items()))
        notes.append(f"left out, as only JPEG, PNG and GIF are taken: {kinds}")
    notes += [f"the folder {name} cannot be read" for name in closed]
    return notes


def _broken(path: Path) -> Found:
    """A file in which nobody sees a picture: IMatch goes by its name."""
    return Found(format=_FORMATS[path.suffix.lower()], width=0, height=0)


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
