"""The lights in which the sample pictures are painted."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from PIL import Image

from socials_lib.demo.library import painting as brush
from socials_lib.demo.library.painting import Colour


@dataclass(frozen=True, kw_only=True)
class Palette:
    """Colours of one light: the sky from top to horizon, the lamp in it, land and water."""

    sky: tuple[Colour, ...]
    light: Colour
    land: Colour
    water: Colour
    dark: bool = False


PALETTES: dict[str, Palette] = {
    "dawn": Palette(
        sky=((62, 84, 130), (150, 140, 170), (238, 170, 150), (255, 214, 160)),
        light=(255, 240, 205),
        land=(48, 52, 78),
        water=(120, 112, 140),
    ),
    "dusk": Palette(
        sky=((34, 28, 70), (110, 50, 105), (220, 96, 84), (255, 172, 92)),
        light=(255, 222, 160),
        land=(28, 20, 44),
        water=(70, 40, 78),
    ),
    "noon": Palette(
        sky=((38, 106, 190), (96, 160, 222), (176, 212, 238), (226, 238, 244)),
        light=(255, 255, 240),
        land=(40, 84, 66),
        water=(46, 112, 150),
    ),
    "fog": Palette(
        sky=((168, 178, 186), (190, 198, 202), (212, 216, 216), (226, 228, 226)),
        light=(250, 248, 240),
        land=(86, 98, 104),
        water=(160, 170, 174),
    ),
    "night": Palette(
        sky=((6, 10, 28), (14, 24, 56), (30, 46, 90), (66, 76, 118)),
        light=(238, 240, 250),
        land=(6, 8, 18),
        water=(14, 22, 46),
        dark=True,
    ),
    "autumn": Palette(
        sky=((126, 158, 186), (190, 200, 196), (238, 220, 180), (250, 226, 170)),
        light=(255, 244, 214),
        land=(122, 62, 28),
        water=(120, 112, 96),
    ),
    "winter": Palette(
        sky=((120, 150, 184), (170, 192, 214), (214, 224, 234), (240, 236, 236)),
        light=(255, 250, 244),
        land=(96, 116, 140),
        water=(140, 164, 186),
    ),
    "storm": Palette(
        sky=((38, 46, 56), (66, 78, 90), (104, 116, 124), (168, 170, 160)),
        light=(220, 220, 204),
        land=(30, 38, 40),
        water=(58, 70, 78),
    ),
    "tropic": Palette(
        sky=((20, 120, 160), (70, 176, 190), (170, 220, 200), (252, 226, 178)),
        light=(255, 250, 220),
        land=(20, 70, 60),
        water=(24, 138, 150),
    ),
    "violet": Palette(
        sky=((50, 30, 96), (104, 70, 150), (190, 130, 180), (246, 196, 196)),
        light=(255, 236, 230),
        land=(38, 24, 66),
        water=(98, 74, 130),
    ),
}


def sun(canvas: Image.Image, palette: Palette, random: Random, *, y: float) -> float:
    """Sun or moon with its glow; returns where it stands (a share of the width)."""
    x = random.choice((0.24, 0.33, 0.62, 0.71))
    brush.glow(canvas, (x, y), 0.42, palette.light, strength=0.75, sharpness=2.4)
    brush.disc(canvas, (x, y), 0.024 if palette.dark else 0.032, palette.light)
    return x
