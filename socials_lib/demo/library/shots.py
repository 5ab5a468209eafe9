"""One photo of the sample library as a plain record, and what follows from it.

A `Shot` says what IMatch knows, what the file holds, in which categories it is and what of it is
already online.  The catalogue (`catalog`) is a list of them; `files` and `database` make files and
a `Seed` of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from socials_lib.demo.library.embed import Embedded

Words = tuple[str, ...]

#: What the private keywords of the files say; never in IMatch's public keywords.
PRIVATE_KEYWORDS = ("Private|Home|Seestraße 12", "Private|People|The children")
HOME = (47.76912, 9.16045)

_ISO = ("100", "200", "400", "800", "1600", "3200")
_SHUTTER = ("1/60", "1/100", "1/250", "1/500", "1/30", "2")
_APERTURE = (2.8, 4.0, 5.6, 6.3, 8.0, 11.0)
_FOCAL = ("18.0 mm", "24.0 mm", "35.0 mm", "45.0 mm", "85.0 mm", "200.0 mm")


@dataclass(frozen=True, kw_only=True)
class Camera:
    """A camera as EXIF names it; empty parts are unknown."""

    make: str = "Canon"
    model: str = "Canon EOS R50"
    lens: str = "RF-S18-45mm F4.5-6.3 IS STM"
    shoots: bool = True


R50 = Camera()
R6 = Camera(model="Canon EOS R6m2", lens="RF100-500mm F4.5-7.1 L IS USM")
FUJI = Camera(make="FUJIFILM", model="X-T5", lens="XF16-55mmF2.8 R LM WR")
PINHOLE = Camera(make="NIKON CORPORATION", model="NIKON Z 6_2", lens="")
SCANNER = Camera(make="EPSON", model="Perfection V850 Pro", lens="", shoots=False)


@dataclass(frozen=True, kw_only=True)
class Online:
    """What of a photo is on a platform, where that differs from what IMatch says.

    `state`: `"there"`, `"gone"` (the record names an id that is no more) or `"foreign"` (the id
    belongs to somebody else).  `record`: the members the attribute record has (`"id"`, `"url"`,
    `"posted"`, `"media"`), an empty tuple for no record at all.
    """

    posted: str = "2023-05-14"
    state: str = "there"
    record: Words = ("posted", "id", "url", "media")
    title: str | None = None
    headline: str | None = None
    alt_text: str | None = None
    more_tags: Words = ()
    without_tags: Words = ()
    albums: Words | None = None
    groups: Words | None = None
    visibility: str = "public"
    comments: int = 0
    favourites: int = 0
    views: int = 37
    reblogs: int = 0


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One file of the sample library; `key` is its name in `tests/world.py`.

    `scene` is empty for files that are no painted pictures (`content` is written instead, None:
    no file at all).  `on` names category paths below `Socials`.  `caption_length`: the headline is
    written long enough for a Pixelfed caption of that many characters.
    """

    key: str
    file_id: int
    why: str
    name: str
    title: str = ""
    headline: str = ""
    description: str = ""
    keywords: Words = ()
    alt_text: str = ""
    circa: str = ""
    genre: str = "Landscape"
    location: Words = ("Germany", "Baden-Württemberg", "Überlingen")
    event: str = ""
    on: Words = ()
    online: dict[str, Online] = field(default_factory=dict)

    folder: str = "2024"
    scene: str = "lake"
    palette: str = "dawn"
    form: str = "wide"
    content: bytes | None = None
    format: str = "JPEG"
    path: str = ""
    size: int | None = None
    raw: dict[str, object] = field(default_factory=dict)
    taken: str | None = None
    camera: Camera | None = R50
    gps: tuple[float, float] | None = None
    orientation: int = 1
    maker_note: bool = False
    icc: bool = False
    trailing: bytes = b""
    caption_length: int = 0
    like: int = 0

    @property
    def moment(self) -> int:
        """What time, exposure and picture are made from: a version looks like its master."""
        return self.like or self.file_id

    @property
    def date_time(self) -> str | None:
        """IMatch's time stamp; made from the id where the catalogue does not say one."""
        if self.taken is not None:
            return self.taken or None
        number = self.moment
        return (
            f"{2022 + number % 3}-{1 + number % 12:02}-{1 + number % 28:02}"
            f"T{5 + number % 17:02}:{number % 60:02}:{number * 7 % 60:02}"
        )

    @property
    def shooting(self) -> dict[str, str | float]:
        """ISO, shutter speed, aperture and focal length as IMatch has them."""
        if self.camera is None or not self.camera.shoots:
            return {}
        dark = self.palette == "night"
        pick = self.moment % 6
        return {
            "iso": "3200" if dark else _ISO[pick],
            "shutterspeed": "2" if dark else _SHUTTER[(pick + self.moment // 6) % 5],
            "aperture": _APERTURE[(self.moment // 2) % 6],
            "focallength": _FOCAL[(self.moment // 3) % 6],
        }

    @property
    def genres(self) -> Words:
        """The parts after `Image Characteristics|Genre`."""
        return tuple(self.genre.split("|")) if self.genre else ()

    def flags(self, platform: str) -> set[str]:
        """The action categories of a platform it is in."""
        return {
            path.split("|")[1]
            for path in self.on
            if path.startswith(f"{platform}|_") and path.count("|") == 1
        }

    def names(self, kind: str) -> Words:
        """The albums or groups it is in."""
        start = f"flickr|{kind}|"
        return tuple(path.removeprefix(start) for path in self.on if path.startswith(start))

    def with_(self, **changes: object) -> Shot:
        """A copy with other values."""
        # the names are those of fields, which mypy cannot see through **
        return replace(self, **changes)  # type: ignore[arg-type]


def on(*platforms: str, flags: Words = (), more: Words = ()) -> Words:
    """Directly in the platforms and in each of their action categories named."""
    return (*platforms, *(f"{p}|{flag}" for p in platforms for flag in flags), *more)


def album(name: str) -> str:
    """Path of an album below `Socials`."""
    return f"flickr|albums|{name}"


def group(name: str) -> str:
    """Path of a group below `Socials`."""
    return f"flickr|groups|{name}"


def embedded(shot: Shot) -> Embedded:
    """What is written into the file itself (the private keywords included)."""
    camera, values = shot.camera, shot.shooting
    exposure = str(values.get("shutterspeed", ""))
    top, _, bottom = exposure.partition("/")
    taken = (shot.date_time or "").replace("-", ":").replace("T", " ")
    well_formed = len(taken) == 19 and taken[:4].isdigit()
    return Embedded(
        title=shot.title[:2000],
        headline=shot.headline[:2000],
        description=shot.description[:4000],
        keywords=shot.keywords,
        private_keywords=PRIVATE_KEYWORDS,
        alt_text=shot.alt_text,
        circa=shot.circa,
        taken=taken if well_formed else "",
        make=camera.make if camera else "",
        model=camera.model if camera else "",
        lens=camera.lens if camera else "",
        exposure=(int(top), int(bottom or 1)) if exposure else None,
        aperture=float(values["aperture"]) if values else None,
        iso=int(values["iso"]) if values else None,
        focal_length=float(str(values["focallength"]).removesuffix(" mm")) if values else None,
        gps=shot.gps,
        orientation=shot.orientation,
        maker_note=shot.maker_note,
        icc=shot.icc,
        trailing=shot.trailing,
    )
