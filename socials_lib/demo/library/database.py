"""What IMatch knows of the sample library: files, categories, relations, sets, variables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from socials_lib.demo.library.files import path_of, pixels
from socials_lib.demo.library.shots import Shot
from socials_lib.demo.seed import (
    ALT_TEXT,
    CIRCA_DATE,
    MetadataValue,
    Seed,
    SeedFile,
    attribute_sets,
)

#: Album name -> description of its category; the first line is the id, or an address with it.
ALBUMS = {
    "Harbours": "72157700000000001\nboats, cranes and herons",
    "Lakes and shores": "https://www.flickr.com/photos/demo/albums/72157700000000002\nthe best",
    "Old ideas": "72157799999999999",
    "Not made yet": "",
}

#: Group name -> id (the first line of its category's description).
GROUPS = {
    "Open Landscapes": "1100001@N20",
    "One a Day": "1100002@N21",
    "Curated Light": "1100003@N22",
    "Only Birds": "1100004@N23",
}

_LEAVES = (
    "missing title",
    "missing description",
    "file too large",
    "invalid format",
    "file not found",
    "not an image",
    "text too long",
    "missing hierarchical_keywords",
    "missing genre",
    "conflicting flags",
    "not in platform category",
    "same picture twice",
    "duplicate remote id",
    "lost remote id",
    "malformed record",
)

#: Error leaves that exist.  Missing on purpose, for the doctor to list: `private content` and
#: `unclear act` on both, `album without id` on Flickr, `malformed record` on Pixelfed.
ERROR_LEAVES = {
    "flickr": _LEAVES,
    "pixelfed": (*(leaf for leaf in _LEAVES if leaf != "malformed record"), "missing headline"),
}


def skeleton() -> Seed:
    """A database without files: categories, attribute sets, variables as the set-up notes say."""
    seed = Seed(attribute_sets=dict(attribute_sets()))
    for platform, leaves in ERROR_LEAVES.items():
        for branch in ("_update", "_metadata", "_delete", "__errors"):
            seed.category(f"Socials|{platform}|{branch}")
        for leaf in leaves:
            seed.category(f"Socials|{platform}|__errors|{leaf}")
    for kind in ("albums", "groups"):
        seed.category(f"Socials|flickr|{kind}")
    for root in ("Location", "Image Characteristics|Genre", "Event|Festival", "Event|Celebration"):
        seed.category(root)
    seed.variables = {
        "flickr_is_public": 1,
        "flickr_is_family": 0,
        "flickr_is_friend": 0,
        "pixelfed_visibility": "public",
        "imatch_to_socials_testing": 0,
    }
    return seed


def sample_seed(shots: Sequence[Shot], folder: Path) -> Seed:
    """The sample database, as it is before anything is published (no attribute records)."""
    seed = skeleton()
    for name, description in ALBUMS.items():
        seed.category(f"Socials|flickr|albums|{name}", description)
    for name, group_id in GROUPS.items():
        seed.category(f"Socials|flickr|groups|{name}", group_id)
    for shot in shots:
        seed.files.append(seed_file(shot, folder))
        for path in category_paths(shot):
            seed.category(path).files.append(shot.file_id)
    return seed


def category_paths(shot: Shot) -> list[str]:
    """Every category a shot is assigned to."""
    paths = [f"Socials|{path}" for path in shot.on]
    if shot.location:
        paths.append("|".join(("Location", *shot.location)))
    if shot.genre:
        paths.append(f"Image Characteristics|Genre|{shot.genre}")
    if shot.event:
        paths.append(f"Event|{shot.event}")
    return paths


def seed_file(shot: Shot, folder: Path) -> SeedFile:
    """One file as IMatch has it."""
    width, height = pixels(shot)
    return SeedFile(
        file_id=shot.file_id,
        path=path_of(shot, folder),
        format=shot.format,
        size=shot.size,
        date_time=shot.date_time,
        width=width,
        height=height,
        metadata=metadata(shot),
        raw=dict(shot.raw),
        why=shot.why,
    )


def metadata(shot: Shot) -> dict[str, MetadataValue]:
    """Tags by shortcode; what is empty is not there."""
    values: dict[str, MetadataValue] = {
        "title": shot.title,
        "headline": shot.headline,
        "description": shot.description,
        "hierarchicalkeywords": list(shot.keywords),
        ALT_TEXT: shot.alt_text,
        CIRCA_DATE: shot.circa,
        **shot.shooting,
    }
    if shot.camera is not None:
        camera = shot.camera
        values |= {
            "make": camera.make,
            "model": camera.model,
            "lens": camera.lens,
            "cameraname": camera.model
            if camera.model.startswith(camera.make)
            else f"{camera.make} {camera.model}",
        }
    if shot.gps is not None:
        values |= {"gpslatitude": shot.gps[0], "gpslongitude": shot.gps[1]}
    return {key: value for key, value in values.items() if value not in ("", [])}
