"""Libraries of any size for tests and benchmarks: many records that share a few picture files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from socials_lib.demo.library import embed, scenes, texts
from socials_lib.demo.library.database import ALBUMS, GROUPS, category_paths, metadata, skeleton
from socials_lib.demo.library.publishing import FLICKR_PAGES, PIXELFED_PAGES
from socials_lib.demo.library.shots import Shot, embedded
from socials_lib.demo.seed import Seed, SeedFile, SeedRecord, SeedRelation

if TYPE_CHECKING:
    from socials_lib.demo.flickr.backend import FlickrBackend
    from socials_lib.demo.pixelfed.backend import PixelfedBackend

_SCENES = ("lake", "hills", "sea", "forest", "city", "dunes")
_PALETTES = ("dawn", "noon", "dusk", "fog", "night", "autumn")
_PLACES = (
    ("Germany", "Bayern", "Oberstdorf"),
    ("Norway", "Troms", "Tromsø"),
    ("Portugal", "Porto", "Porto"),
    ("Austria", "Tirol", "Sölden"),
)
_FIRST_FLICKR, _FIRST_PIXELFED = 53_100_000_000, 700_000_000_000_000_000


def bulk(
    folder: Path,
    count: int,
    *,
    platforms: Sequence[str] = ("flickr", "pixelfed"),
    flag: str = "",
    published: bool = False,
    with_masters: bool = False,
    albums: Sequence[str] = (),
    groups: Sequence[str] = (),
    pictures: int = 4,
    first_id: int = 10_001,
    flickr: FlickrBackend | None = None,
    pixelfed: PixelfedBackend | None = None,
) -> Seed:
    """`count` valid photos in the categories of `platforms`, sharing a few small picture files.

    `flag` puts all of them into an action category (`_update`, `_metadata`, `_delete`).
    `published` gives each a record; with a backend they are really there, else the ids are
    invented.  `with_masters` relates each to a raw master that has its texts.  `albums` and
    `groups` are names of the sample library's.
    """
    files = _write(folder, pictures)
    seed = _skeleton(albums, groups)
    on = [*platforms, *(f"{platform}|{flag}" for platform in platforms if flag)]
    on += [f"flickr|albums|{name}" for name in albums]
    on += [f"flickr|groups|{name}" for name in groups]
    online = _Platforms(names=platforms, flickr=flickr, pixelfed=pixelfed)
    members: dict[str, list[int]] = {}
    for index in range(count):
        shot, path = _shot(first_id + index, tuple(on)), files[index % len(files)]
        _add(seed, shot, path, with_masters=with_masters)
        for category in category_paths(shot):
            members.setdefault(category, []).append(shot.file_id)
        if published:
            online.publish(seed, shot, path)
    for category, file_ids in members.items():
        seed.category(category).files += file_ids
    return seed


def _skeleton(albums: Sequence[str], groups: Sequence[str]) -> Seed:
    seed = skeleton()
    for name in albums:
        seed.category(f"Socials|flickr|albums|{name}", ALBUMS[name])
    for name in groups:
        seed.category(f"Socials|flickr|groups|{name}", GROUPS[name])
    return seed


def _write(folder: Path, count: int) -> list[Path]:
    """A few small pictures with metadata; kept if they are there already."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"bulk {number + 1}.jpg" for number in range(count)]
    for number, path in enumerate(files):
        if not path.exists():
            picture = scenes.paint(_SCENES[number % 6], palette=_PALETTES[number % 6], seed=number)
            small = picture.resize((600, 400))
            path.write_bytes(embed.jpeg(small, embedded(_shot(number + 1, ()))))
    return files


def _shot(file_id: int, on: tuple[str, ...]) -> Shot:
    scene = _SCENES[file_id % 6]
    return Shot(
        key=f"BULK_{file_id}",
        file_id=file_id,
        why="one of many",
        name=f"bulk {file_id}.jpg",
        title=f"{scene.title()} number {file_id}",
        headline=f"The {file_id % 97}th look at the {scene}",
        description=f"Picture {file_id} of a long series.",
        alt_text=f"A {scene}",
        keywords=(f"Nature|{scene.title()}", f"Series|Part {file_id % 50}"),
        location=_PLACES[file_id % 4],
        on=on,
    )


def _add(seed: Seed, shot: Shot, path: Path, *, with_masters: bool) -> None:
    known = metadata(shot)
    if with_masters:
        master = shot.file_id + 1_000_000
        seed.files.append(
            SeedFile(
                file_id=master,
                path=str(path.with_suffix(".CR3")),
                format="CR3",
                size=30_000_000,
                date_time=shot.date_time,
                width=6000,
                height=4000,
                metadata=known,
                why=shot.why,
            )
        )
        seed.relations.append(SeedRelation(master=master, version=shot.file_id))
        known = {}
    seed.files.append(
        SeedFile(
            file_id=shot.file_id,
            path=str(path),
            date_time=shot.date_time,
            width=600,
            height=400,
            metadata=known,
            why=shot.why,
        )
    )


@dataclass(frozen=True, kw_only=True)
class _Platforms:
    """Where bulk photos are published; without a backend their ids are invented."""

    names: Sequence[str]
    flickr: FlickrBackend | None
    pixelfed: PixelfedBackend | None

    def publish(self, seed: Seed, shot: Shot, path: Path) -> None:
        """Records for one photo, which is put online where there is a backend."""
        data = embed.without_metadata(path.read_bytes())
        for name in self.names:
            record = self._on_flickr if name == "flickr" else self._on_pixelfed
            values = {"posted": "2024-01-01", **record(shot, data)}
            seed.records.append(SeedRecord(set=name, file_id=shot.file_id, values=values))

    def _on_flickr(self, shot: Shot, data: bytes) -> dict[str, object]:
        photo_id = str(_FIRST_FLICKR + shot.file_id)
        if self.flickr is not None:
            photo_id = self.flickr.add_photo(
                data,
                title=shot.title,
                description=texts.flickr_description(shot),
                tags=texts.flickr_tags(shot),
                taken=(shot.date_time or "").replace("T", " "),
            )
        return {"photo_id": photo_id, "url": f"{FLICKR_PAGES}/{photo_id}"}

    def _on_pixelfed(self, shot: Shot, data: bytes) -> dict[str, object]:
        status_id, media_id = str(_FIRST_PIXELFED + shot.file_id), str(shot.file_id)
        if self.pixelfed is not None:
            status_id = self.pixelfed.add_status(
                data, caption=texts.pixelfed_caption(shot), alt_text=texts.alt_text(shot)
            )
            media_id = self.pixelfed.statuses[status_id].media_ids[0]
        url = f"{PIXELFED_PAGES}/{status_id}"
        return {"media_id": media_id, "status_id": status_id, "url": url}
