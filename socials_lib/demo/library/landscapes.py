"""Scenes without people: hills, water, woods, sand, the night sky."""

from __future__ import annotations

import math
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from socials_lib.demo.library import painting as brush
from socials_lib.demo.library.painting import mix
from socials_lib.demo.library.palettes import Palette, sun


def hills(canvas: Image.Image, palette: Palette, random: Random) -> None:
    """Ranges of hills, paler with distance, mist between them."""
    horizon = palette.sky[-1]
    brush.clouds(canvas, random, colour=mix(horizon, (255, 255, 255), 0.4), strength=0.6)
    sun(canvas, palette, random, y=0.34)
    for layer in range(5):
        near = layer / 4
        colour = mix(horizon, palette.land, 0.3 + 0.7 * near)
        level = 0.46 + 0.12 * layer
        brush.ridge(
            canvas,
            random,
            level=level,
            reach=0.09,
            colour=colour,
            foot=mix(colour, horizon, 0.45 * (1 - near)),
            roughness=0.5 + 0.03 * layer,
        )
        brush.haze(canvas, level=level + 0.1, depth=0.06, colour=horizon, strength=0.4 * (1 - near))
    brush.birds(canvas, random, count=7, colour=palette.land)


def lake(canvas: Image.Image, palette: Palette, random: Random) -> None:
    """Mountains and woods around still water."""
    brush.clouds(canvas, random, colour=palette.light, strength=0.7, bottom=0.5)
    sun(canvas, palette, random, y=0.3)
    horizon = palette.sky[-1]
    brush.ridge(
        canvas,
        random,
        level=0.42,
        reach=0.13,
        colour=mix(horizon, palette.land, 0.45),
        foot=mix(horizon, palette.land, 0.25),
        roughness=0.58,
    )
    shore = brush.ridge(canvas, random, level=0.57, reach=0.04, colour=palette.land)
    trees = brush.firs(random, ground=shore, count=90, tall=0.11)
    brush.shape(canvas, trees, mix(palette.land, (0, 0, 0), 0.25))
    brush.mirror(canvas, random, horizon=0.62, tint=palette.water)
    brush.haze(canvas, level=0.62, depth=0.03, colour=horizon, strength=0.45)


def sea(canvas: Image.Image, palette: Palette, random: Random) -> None:
    """The open sea with a low sun and its path of light."""
    brush.clouds(
        canvas,
        random,
        colour=mix(palette.light, palette.sky[1], 0.3),
        strength=0.9,
        bottom=0.55,
        stretch=5,
    )
    x = sun(canvas, palette, random, y=0.44)
    brush.mirror(canvas, random, horizon=0.55, tint=palette.water, depth=0.55, ripples=260)
    brush.glitter(canvas, random, x=x, horizon=0.55, colour=palette.light)
    if random.random() < 0.6:
        _lighthouse(canvas, palette, x=0.86 if x < 0.5 else 0.14)
    brush.birds(canvas, random, count=9, colour=mix(palette.land, (0, 0, 0), 0.3))


def _lighthouse(canvas: Image.Image, palette: Palette, *, x: float) -> None:
    dark = mix(palette.land, (0, 0, 0), 0.4)
    rock = [(x - 0.2, 0.58), (x - 0.1, 0.53), (x, 0.515), (x + 0.12, 0.54), (x + 0.22, 0.58)]
    brush.shape(canvas, [rock], dark)
    white = mix((245, 240, 232), palette.sky[1], 0.35)
    ratio = canvas.height / canvas.width
    half = 0.014 * max(1.0, ratio)
    brush.shape(
        canvas,
        [[(x - half * 0.7, 0.3), (x + half * 0.7, 0.3), (x + half, 0.53), (x - half, 0.53)]],
        white,
    )
    brush.shape(
        canvas,
        [
            [
                (x - half * 0.9, 0.38),
                (x + half * 0.9, 0.38),
                (x + half * 0.95, 0.44),
                (x - half * 0.95, 0.44),
            ]
        ],
        (176, 48, 40),
    )
    brush.shape(canvas, [[(x - half * 0.8, 0.3), (x, 0.265), (x + half * 0.8, 0.3)]], (176, 48, 40))
    brush.glow(canvas, (x, 0.295), 0.06, (255, 240, 190), strength=0.9)


def forest(canvas: Image.Image, palette: Palette, random: Random) -> None:
    """Trunks in the mist, paler with distance, light from one side."""
    fog = mix(palette.sky[2], palette.light, 0.35)
    brush.glow(canvas, (0.66, 0.3), 0.6, palette.light, strength=0.8)
    for layer in range(5):
        near = layer / 4
        colour = mix(fog, mix(palette.land, (0, 0, 0), 0.35), 0.16 + 0.84 * near**1.4)
        trunks = []
        for _ in range(16 - 2 * layer):
            x, lean = random.random(), random.uniform(-0.015, 0.015)
            half = (0.003 + 0.012 * near) * random.uniform(0.6, 1.3)
            trunks.append(
                [
                    (x + lean - half * 0.6, -0.01),
                    (x + lean + half * 0.6, -0.01),
                    (x + half, 0.75 + 0.2 * near),
                    (x - half, 0.75 + 0.2 * near),
                ]
            )
        brush.shape(canvas, trunks, colour)
        brush.ridge(canvas, random, level=0.72 + 0.06 * layer, reach=0.02, colour=colour)
        if layer < 3:
            brush.haze(canvas, level=0.7, depth=0.2, colour=fog, strength=0.3 * (1 - near))


def dunes(canvas: Image.Image, palette: Palette, random: Random) -> None:
    """Sand in long waves, one side lit, one in shadow."""
    sun(canvas, palette, random, y=0.25)
    sand, shade = mix((226, 170, 104), palette.light, 0.2), mix((120, 66, 40), palette.land, 0.35)
    for layer in range(5):
        level, phase = 0.46 + 0.13 * layer, random.random() * 6
        wave = random.uniform(0.7, 1.3)
        crest = [
            (
                i / 60,
                level + 0.05 * math.sin(phase + wave * i / 9) + 0.02 * math.sin(phase * 2 + i / 4),
            )
            for i in range(61)
        ]
        lit = mix(palette.sky[-1], sand, 0.4 + 0.15 * layer)
        brush.shape(canvas, [[(0, 1.01), *crest, (1, 1.01)]], lit, foot=mix(lit, shade, 0.4))
        under = [(x + 0.05, y + 0.02 + 0.05 * abs(math.sin(phase + 8 * x))) for x, y in crest]
        brush.shape(canvas, [[*crest, *reversed(under)]], mix(lit, shade, 0.55), strength=0.75)


def starry(canvas: Image.Image, palette: Palette, random: Random) -> None:
    """The Milky Way over a dark ridge with firs."""
    width, height = canvas.size
    band = Image.new("L", (160, 160))
    draw = ImageDraw.Draw(band)
    for _ in range(420):
        along, off = random.random(), random.gauss(0, 0.07)
        x, y = (0.1 + 0.8 * along + off) * 160, (0.95 - along + off) * 160
        size = random.uniform(1, 9)
        draw.ellipse((x - size, y - size, x + size, y + size), fill=random.randrange(30, 110))
    band = band.filter(ImageFilter.GaussianBlur(7)).resize((width, height))
    canvas.paste((190, 180, 220), (0, 0), band)
    brush.stars(canvas, random, count=1500, bottom=0.9)
    ground = brush.ridge(canvas, random, level=0.82, reach=0.07, colour=palette.land)
    brush.shape(canvas, brush.firs(random, ground=ground, count=40, tall=0.2), palette.land)


def aurora(canvas: Image.Image, palette: Palette, random: Random) -> None:
    """Northern lights above snowy hills."""
    brush.stars(canvas, random, count=500, bottom=0.6)
    width, height = canvas.size
    for colour in ((70, 240, 160), (120, 120, 240), (60, 220, 190)):
        curtain = Image.new("L", (200, 100))
        draw = ImageDraw.Draw(curtain)
        phase, bend = random.random() * 6, random.uniform(10, 18)
        for x in range(200):
            foot = 62 + bend * math.sin(phase + x / 26) + 5 * math.sin(x / 7)
            light = 90 + 70 * math.sin(phase + x / 11) * math.sin(x / 3.1)
            draw.line((x, foot - random.uniform(22, 46), x, foot), fill=round(max(0, light)))
        curtain = curtain.filter(ImageFilter.GaussianBlur(2.2))
        canvas.paste(colour, (0, 0), curtain.resize((width, height), Image.Resampling.BICUBIC))
    snow = mix(palette.sky[-1], (210, 230, 240), 0.45)
    brush.ridge(
        canvas,
        random,
        level=0.76,
        reach=0.07,
        colour=mix(snow, palette.land, 0.4),
        foot=palette.land,
    )
    ground = brush.ridge(
        canvas, random, level=0.88, reach=0.03, colour=mix(snow, palette.land, 0.7)
    )
    brush.shape(canvas, brush.firs(random, ground=ground, count=30, tall=0.16), palette.land)


def snowfall(canvas: Image.Image, palette: Palette, random: Random) -> None:
    """Firs in falling snow."""
    white = (240, 244, 250)
    for layer in range(4):
        near = layer / 3
        colour = mix(palette.sky[-1], mix(palette.land, (10, 30, 40), 0.4), 0.25 + 0.7 * near)
        ground = brush.ridge(
            canvas,
            random,
            level=0.6 + 0.09 * layer,
            reach=0.03,
            colour=mix(white, palette.sky[1], 0.3 * (1 - near)),
        )
        brush.shape(
            canvas,
            brush.firs(
                random, ground=ground, count=26 - 4 * layer, tall=0.16 + 0.1 * layer, slim=0.34
            ),
            colour,
        )
        brush.haze(canvas, level=0.65, depth=0.2, colour=white, strength=0.25 * (1 - near))
    brush.ridge(canvas, random, level=0.92, reach=0.02, colour=white)
    flakes = Image.new("L", canvas.size)
    draw = ImageDraw.Draw(flakes)
    for _ in range(650):
        x, y = random.random() * canvas.width, random.random() * canvas.height
        radius = random.choice((1.5, 2, 2.5, 3, 5))
        draw.ellipse(
            (x - radius, y - radius, x + radius, y + radius), fill=random.randrange(90, 230)
        )
    canvas.paste((255, 255, 255), (0, 0), flakes.filter(ImageFilter.BoxBlur(1)))
