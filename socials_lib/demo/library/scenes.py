"""What the pictures of the sample library show.

`paint("lake", seed=4, palette="dawn")` gives an upright RGB picture.  A scene is a function of
a canvas (sky already there), its palette and a seeded random source.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from PIL import Image

from socials_lib.demo.library import landscapes as land
from socials_lib.demo.library import painting as brush
from socials_lib.demo.library import townscapes as town
from socials_lib.demo.library.painting import Size
from socials_lib.demo.library.palettes import PALETTES, Palette

#: Sizes by name; `wide` is the usual one.
SHAPES: dict[str, Size] = {
    "wide": (1600, 1067),
    "tall": (1067, 1600),
    "square": (1200, 1200),
    "panorama": (1600, 700),
}

SCENES: dict[str, Callable[[Image.Image, Palette, Random], None]] = {
    scene.__name__: scene
    for scene in (
        *(land.hills, land.lake, land.sea, land.forest, land.dunes, land.starry, land.aurora),
        *(land.snowfall, town.city, town.harbour, town.lanterns, town.flower, town.balloons),
        town.arches,
    )
}


def paint(scene: str, *, palette: str = "dawn", seed: int = 0, form: str = "wide") -> Image.Image:
    """One upright picture; the same arguments give the same picture."""
    random = Random(f"{scene} {palette} {seed}")
    colours = PALETTES[palette]
    canvas = brush.gradient(SHAPES[form], colours.sky)
    SCENES[scene](canvas, colours, random)
    return brush.grain(canvas)
