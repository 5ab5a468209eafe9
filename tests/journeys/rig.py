"""A small world for journeys: three stand-ins as threads, a handful of photos, a workbench.

    rig.photo("Dawn over the lake", flickr=True, albums=["Coast"])
    run = rig.sync()
    assert ["Dawn over the lake"] == rig.flickr_titles()

The workbench is the real one, pointed at the stand-ins by environment variables only.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from socials_lib.demo.flickr import FlickrStandIn
from socials_lib.demo.imws import ImwsStandIn
from socials_lib.demo.pixelfed import PixelfedStandIn
from socials_lib.demo.seed import Seed, SeedFile, SeedRecord, SeedRelation, attribute_sets
from socials_lib.models import Outcome, Plan, Run
from socials_lib.workbench import Workbench

ALBUMS = {"Coast": "72157700000000001", "Harbours": "72157700000000002"}
GROUPS = {"Tasmania": "1234567@N25", "Daily three": "7654321@N25"}
LEAVES = (
    "missing title",
    "missing description",
    "missing headline",
    "file too large",
    "missing genre",
    "private content",
)


class Rig:
    """The stand-ins, what is in them, and a workbench on top; `stop()` ends them."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.folder = folder
        self.seed = Seed(attribute_sets={k: dict(v) for k, v in attribute_sets().items()})
        for platform in ("flickr", "pixelfed"):
            for leaf in ("_update", "_metadata", "_delete"):
                self.seed.category(f"Socials|{platform}|{leaf}")
            for leaf in LEAVES:
                self.seed.category(f"Socials|{platform}|__errors|{leaf}")
        self.imws = ImwsStandIn(self.seed).start()
        self.flickr = FlickrStandIn().start()
        self.pixelfed = PixelfedStandIn().start()
        self.environ = {
            "SOCIALS_MODE": "demo",
            "SOCIALS_HOME": str(folder / "home"),
            "SOCIALS_IMATCH_URL": self.imws.url,
            "SOCIALS_IMATCH_USER": "demo",
            "SOCIALS_FLICKR_URL": self.flickr.url,
            "SOCIALS_FLICKR_APIKEY": self.flickr.api_key,
            "SOCIALS_FLICKR_APISECRET": self.flickr.api_secret,
            "SOCIALS_FLICKR_TOKEN": self.flickr.token,
            "SOCIALS_FLICKR_TOKEN_SECRET": self.flickr.token_secret,
            "SOCIALS_PIXELFED_URL": self.pixelfed.url,
            "SOCIALS_PIXELFED_TOKEN": self.pixelfed.token,
            "SOCIALS_RECOVERY_LOOK_WAITS": "[0, 0]",
            "SOCIALS_RETRY_FIRST_WAIT": "0.0",
            "SOCIALS_TIMEOUTS_READ": "5.0",
            "SOCIALS_TIMEOUTS_UPLOAD": "5.0",
            **environ,
        }
        self.wb = Workbench.open(environ=self.environ)
        self._next = 1000

    def stop(self) -> None:
        """End the stand-ins."""
        for one in (self.imws, self.flickr, self.pixelfed):
            one.stop()

    def anew(self, **environ: str) -> Workbench:
        """A second workbench on the same home, as another process would have it."""
        self.environ.update(environ)
        self.wb = Workbench.open(environ=self.environ)
        return self.wb

    # -- what is in IMatch

    def photo(
        self,
        title: str = "Dawn over the lake",
        *,
        flickr: bool = False,
        pixelfed: bool = False,
        flags: Sequence[str] = (),
        albums: Sequence[str] = (),
        groups: Sequence[str] = (),
        taken: str = "2024-03-19T06:41:07",
        size: int | None = None,
        **metadata: Any,
    ) -> str:
        """A photo in IMatch; `flags` are `flickr|_update`, …; metadata None removes a field."""
        self._next += 1
        file_id = self._next
        path = self.folder / f"photo-{file_id}.jpg"
        path.write_bytes(picture(file_id))
        values: dict[str, Any] = {
            "title": title,
            "headline": f"{title}, seen from the pier",
            "description": "The lake lay still.",
            "hierarchicalkeywords": ["Nature|Water", "Light"],
            "iso": "200",
            "shutterspeed": "1/100",
            "aperture": 6.3,
            "focallength": "45.0 mm",
            "model": "Canon EOS R50",
            "lens": "RF-S 18-45mm",
            **metadata,
        }
        self.seed.files.append(
            SeedFile(
                file_id=file_id,
                path=str(path),
                size=size,
                date_time=taken,
                width=64,
                height=48,
                metadata={name: value for name, value in values.items() if value is not None},
            )
        )
        self.put(file_id, "Image Characteristics|Genre|Landscape")
        for platform, wanted in (("flickr", flickr), ("pixelfed", pixelfed)):
            if wanted:
                self.put(file_id, f"Socials|{platform}")
        for flag in flags:
            self.put(file_id, f"Socials|{flag}")
        for name in albums:
            self.put(file_id, f"Socials|flickr|albums|{name}", ALBUMS.get(name, ""))
        for name in groups:
            self.put(file_id, f"Socials|flickr|groups|{name}", GROUPS.get(name, ""))
        self.reload()
        return str(file_id)

    def put(self, file_id: int, path: str, description: str = "") -> None:
        """Assign to a category in the seed."""
        category = self.seed.category(path, description)
        category.description = category.description or description
        category.files.append(file_id)

    def relate(self, master: str, version: str) -> None:
        """Make two photos master and version."""
        self.seed.relations.append(SeedRelation(master=int(master), version=int(version)))
        self.reload()

    def record(self, platform: str, file_id: str, **values: str) -> None:
        """An attribute record as an earlier tool left it."""
        self.seed.records.append(
            SeedRecord(set=platform, file_id=int(file_id), values=dict(values))
        )
        self.reload()

    def reload(self) -> None:
        """The stand-in of IMatch is what the seed says (ids that runs wrote are lost)."""
        self.imws.load(self.seed)

    def flag(self, file_id: str, *paths: str) -> None:
        """The person drops a photo into categories, in the running IMatch."""
        for path in paths:
            self.imws.backend.assign(f"Socials|{path}", [int(file_id)], put_in=True)

    def unflag(self, file_id: str, *paths: str) -> None:
        """The person takes a photo out of categories, in the running IMatch."""
        for path in paths:
            self.imws.backend.assign(f"Socials|{path}", [int(file_id)], put_in=False)

    def edit(self, file_id: str, **values: Any) -> None:
        """The person changes metadata in the running IMatch."""
        for name, value in values.items():
            self.imws.backend.set_value(int(file_id), name, value)

    def ids(self, platform: str, file_id: str) -> dict[str, Any]:
        """The attribute record of a photo, {} if it has none."""
        found = self.imws.backend.records(platform, int(file_id))
        return dict(found[0]) if found else {}

    def categories(self, file_id: str) -> set[str]:
        """The `Socials` categories of a photo, without the prefix and without error leaves."""
        found = self.imws.backend.categories_of(int(file_id))
        return {
            one.removeprefix("Socials|")
            for one in found
            if one.startswith("Socials|") and "__errors" not in one
        }

    # -- what is online

    def online(self, platform: str, file_id: str, **more: Any) -> str:
        """Put a photo online as an earlier tool did, with its record in IMatch; the remote id."""
        data = picture(int(file_id))
        if platform == "flickr":
            more.setdefault("title", "An old title")
            more.setdefault("description", "An old text")
            found = self.flickr.backend.add_photo(data, **more)
            url = f"{self.flickr.url}/photos/demo/{found}/"
            self.record("flickr", file_id, photo_id=found, url=url, posted="2023-05-06")
            return str(found)
        more.setdefault("caption", "An old caption")
        more.setdefault("alt_text", "An old alt text")
        found = self.pixelfed.backend.add_status(data, **more)
        status = self.pixelfed.backend.statuses[found]
        self.record(
            "pixelfed",
            file_id,
            status_id=found,
            media_id=str(status.media_ids[0]),
            url=f"{self.pixelfed.url}/p/demo/{found}",
            posted="2023-05-06",
        )
        return str(found)

    def albums_and_groups(self) -> None:
        """The albums and groups of `ALBUMS` and `GROUPS` exist on Flickr."""
        first = self.flickr.backend.add_photo(picture(1), title="Cover")
        for name, album_id in ALBUMS.items():
            self.flickr.backend.add_album(name, [first], album_id=album_id)
        for name, group_id in GROUPS.items():
            throttle = ("day", 3) if name == "Daily three" else None
            self.flickr.backend.add_group(name, group_id=group_id, throttle=throttle)

    def flickr_photos(self) -> dict[str, Any]:
        """Own photos on Flickr by title, newest state."""
        photos = self.flickr.backend.snapshot()["photos"]
        return {one["title"]: {**one, "id": key} for key, one in photos.items()}

    def flickr_titles(self) -> list[str]:
        """Titles of all photos on Flickr, sorted (doubles show)."""
        return sorted(one["title"] for one in self.flickr.backend.snapshot()["photos"].values())

    def statuses(self) -> list[Any]:
        """Live own statuses on Pixelfed."""
        return [
            one
            for one in self.pixelfed.backend.statuses.values()
            if one.scope in ("public", "unlisted", "private")
        ]

    # -- doing

    def plan(self, *platforms: str) -> Plan:
        """A plan of the workbench."""
        return self.wb.plan(platforms=platforms)

    def sync(self, *platforms: str, deletes: int | None = None, **how: Any) -> Run:
        """Plan and apply."""
        return self.wb.sync(*platforms, approve_deletes=deletes, **how)  # type: ignore[arg-type]


def outcome(run: Run, file_id: str, platform: str = "flickr") -> Outcome:
    """The outcome of one photo."""
    return next(one for one in run.outcomes if one.key == (platform, file_id))


def states(run: Run) -> list[str]:
    """The states of all outcomes."""
    return [one.state for one in run.outcomes]


def codes(outcomes: Iterable[Outcome]) -> list[str]:
    """The codes of outcomes."""
    return [one.code for one in outcomes]


def picture(number: int) -> bytes:
    """A small JPEG with EXIF GPS, another one for each number."""
    image = Image.new("RGB", (64, 48), (number * 37 % 256, number * 91 % 256, number * 53 % 256))
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Canon", "Canon EOS R50"
    exif.get_ifd(0x8769)[0x9003] = "2024:03:19 06:41:07"
    exif.get_ifd(0x8825)[1] = "S"
    exif.get_ifd(0x8825)[2] = (42.0, 52.0, 12.0)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, exif=exif)
    return out.getvalue()
