"""Writes the files of the sample library: pictures with metadata, and what is no picture."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from socials_lib.demo.library import embed, scenes
from socials_lib.demo.library.shots import Shot, embedded

_STAMP = ".edition"

#: Sizes for the formats that grow large without a camera's compression.
_LESS = {"PNG": 0.6, "GIF": 0.5, "TIFF": 0.4}


def path_of(shot: Shot, folder: Path) -> str:
    """What IMatch has for the file: a path below the folder, or the shot's own (off-line) one."""
    return shot.path or str(folder / shot.folder / shot.name)


def write_files(shots: Sequence[Shot], folder: Path) -> None:
    """Write every file that is not there yet; a folder of another edition is written anew.

    Pillow lets go of the interpreter lock while it paints, so a few threads help.
    """
    edition = _edition()
    stamp = folder / _STAMP
    current = stamp.exists() and stamp.read_text(encoding="utf-8") == edition
    wanted = [shot for shot in shots if not shot.path]
    missing = [s for s in wanted if not (current and Path(path_of(s, folder)).exists())]
    with ThreadPoolExecutor(max(1, min(4, os.cpu_count() or 1))) as workers:
        try:
            for done in [workers.submit(_write, shot, folder) for shot in missing]:
                done.result()
        except BaseException:
            # Ctrl-C must not wait for a hundred pictures
            workers.shutdown(wait=False, cancel_futures=True)
            raise
    stamp.write_text(edition, encoding="utf-8")


def _write(shot: Shot, folder: Path) -> None:
    target = Path(path_of(shot, folder))
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.write_bytes(content(shot))
    part.replace(target)


def content(shot: Shot) -> bytes:
    """The bytes of one file."""
    if shot.content is not None:
        return shot.content
    picture = scenes.paint(shot.scene, palette=shot.palette, seed=shot.moment, form=shot.form)
    if shot.format in _LESS:
        share = _LESS[shot.format]
        picture = picture.resize((round(picture.width * share), round(picture.height * share)))
    save = {"PNG": embed.png, "GIF": embed.gif, "TIFF": embed.tiff}.get(shot.format, embed.jpeg)
    return save(picture, embedded(shot))


def pixels(shot: Shot) -> tuple[int, int]:
    """Width and height of the stored picture; a raw file has those of its sensor."""
    if shot.content is not None or not shot.scene:
        return (6000, 4000)
    width, height = scenes.SHAPES[shot.form]
    share = _LESS.get(shot.format, 1.0)
    width, height = round(width * share), round(height * share)
    return (height, width) if shot.orientation in (6, 8) else (width, height)


def _edition() -> str:
    """Changes whenever the code that makes the files changes."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
