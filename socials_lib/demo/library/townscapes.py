"""Scenes with what people made: towns, boats, lanterns, balloons, gardens."""

from __future__ import annotations

import math
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from socials_lib.demo.library import painting as brush
from socials_lib.demo.library.painting import Colour, mix
from socials_lib.demo.library.palettes import Palette, sun


def city(canvas: Image.Image, palette: Palette, random: Random) -> None:
    """A town at the water after dark, with lit windows."""
    if palette.dark:
        brush.stars(canvas, random, count=260, bottom=0.5)
    sun(canvas, palette, random, y=0.2)
    brush.glow(canvas, (0.5, 0.62), 0.7, (255, 170, 90), strength=0.4)
    draw = ImageDraw.Draw(canvas)
    width, height = canvas.size
    ground = round(0.66 * height)
    for row in range(3):
        colour = mix(palette.sky[-1], palette.land, 0.45 + 0.27 * row)
        x = -20.0
        while x < width:
            wide = random.uniform(0.03, 0.075) * width
            high = random.uniform(0.06, 0.34 - 0.07 * row) * height
            draw.rectangle((x, ground - high, x + wide, ground), fill=colour)
            if row:
                _windows(draw, random, (x, ground - high, x + wide, ground))
            x += wide + random.uniform(0, 0.012) * width
    brush.mirror(canvas, random, horizon=0.66, tint=palette.water, depth=0.3, ripples=200)


def _windows(
    draw: ImageDraw.ImageDraw, random: Random, house: tuple[float, float, float, float]
) -> None:
    left, top, right, bottom = house
    y = top + 12
    while y < bottom - 12:
        x = left + 7
        while x < right - 10:
            if random.random() < 0.42:
                warm = random.choice(((255, 214, 130), (255, 190, 96), (250, 236, 196)))
                draw.rectangle((x, y, x + 6, y + 8), fill=warm)
            x += 13
        y += 18


def harbour(canvas: Image.Image, palette: Palette, random: Random) -> None:
    """Boats with masts before a low coast."""
    brush.clouds(canvas, random, colour=palette.light, strength=0.6, bottom=0.5)
    x = sun(canvas, palette, random, y=0.36)
    brush.ridge(
        canvas, random, level=0.52, reach=0.025, colour=mix(palette.sky[-1], palette.land, 0.6)
    )
    for _ in range(9):
        _boat(canvas, palette, random, x=random.uniform(0.05, 0.95))
    brush.mirror(canvas, random, horizon=0.6, tint=palette.water, depth=0.3, ripples=180)
    brush.glitter(canvas, random, x=x, horizon=0.6, colour=palette.light, count=120)


def _boat(canvas: Image.Image, palette: Palette, random: Random, *, x: float) -> None:
    size = random.uniform(0.03, 0.055)
    hull = mix(
        random.choice(((190, 60, 50), (40, 90, 140), (236, 232, 220), (60, 60, 70))),
        palette.land,
        0.4,
    )
    base = 0.6
    brush.shape(
        canvas,
        [
            [
                (x - size, base - 0.03),
                (x + size * 1.1, base - 0.035),
                (x + size * 0.8, base + 0.002),
                (x - size * 0.8, base + 0.002),
            ]
        ],
        hull,
    )
    draw = ImageDraw.Draw(canvas)
    mast = (base - random.uniform(0.15, 0.26)) * canvas.height
    foot = (base - 0.03) * canvas.height
    dark = mix(palette.land, (0, 0, 0), 0.3)
    draw.line((x * canvas.width, foot, x * canvas.width, mast), fill=dark, width=4)
    draw.line((x * canvas.width, mast, (x + size) * canvas.width, foot), fill=dark, width=1)
    draw.line((x * canvas.width, mast, (x - size) * canvas.width, foot), fill=dark, width=1)


def lanterns(canvas: Image.Image, palette: Palette, random: Random) -> None:
    """A feast at night: paper lanterns, near ones sharp, far ones soft."""
    warm = ((255, 150, 60), (255, 196, 90), (240, 90, 70), (255, 224, 150), (230, 120, 160))
    soft = Image.new(
        "RGB", (canvas.width // 4, canvas.height // 4), mix(palette.land, (60, 20, 30), 0.4)
    )
    draw = ImageDraw.Draw(soft)
    for _ in range(70):
        x, y = random.random() * soft.width, random.random() * soft.height
        radius = random.uniform(5, 24)
        colour = mix(random.choice(warm), palette.land, random.uniform(0.15, 0.7))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    canvas.paste(
        soft.filter(ImageFilter.GaussianBlur(4)).resize(canvas.size, Image.Resampling.BICUBIC)
    )
    for _ in range(9):
        x, y = random.uniform(0.06, 0.94), random.uniform(0.1, 0.8)
        colour, size = random.choice(warm), random.uniform(0.022, 0.05)
        brush.glow(canvas, (x, y), size * 4, colour, strength=0.6)
        brush.disc(canvas, (x, y), size, colour)
        brush.glow(canvas, (x, y + 0.01), size * 1.2, (255, 246, 214), strength=0.9)


def flower(canvas: Image.Image, palette: Palette, random: Random) -> None:
    """One blossom, close, before a soft meadow."""
    meadow = Image.new(
        "RGB", (canvas.width // 8, canvas.height // 8), mix(palette.land, (70, 120, 60), 0.7)
    )
    draw = ImageDraw.Draw(meadow)
    for _ in range(60):
        x, y = random.random() * meadow.width, random.random() * meadow.height
        radius = random.uniform(3, 16)
        tone = random.choice(((110, 160, 80), (160, 190, 90), (80, 130, 90), palette.sky[-1]))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=tone)
    canvas.paste(
        meadow.filter(ImageFilter.GaussianBlur(4)).resize(canvas.size, Image.Resampling.BICUBIC)
    )
    petal = random.choice(((236, 96, 130), (250, 214, 90), (150, 110, 220), (246, 240, 244)))
    ratio, count, turn = canvas.width / canvas.height, random.choice((8, 11, 13)), random.random()
    x, y = random.uniform(0.4, 0.6), random.uniform(0.38, 0.5)
    brush.shape(
        canvas,
        [[(x - 0.006, y), (x + 0.006, y), (x + 0.05, 1.01), (x + 0.03, 1.01)]],
        (64, 110, 56),
    )
    for ring, reach in enumerate((0.27, 0.19)):
        for index in range(count):
            angle = turn + 2 * math.pi * (index + ring / 2) / count
            brush.shape(
                canvas,
                [_petal(x, y, angle, reach, ratio)],
                mix(petal, (90, 20, 60), 0.1 + 0.2 * ((index + ring) % 2)),
                strength=0.93,
            )
    brush.disc(canvas, (x, y), 0.045, (226, 168, 50))
    brush.glow(canvas, (x - 0.01, y - 0.015), 0.05, (255, 226, 140), strength=0.7)


def _petal(
    x: float, y: float, angle: float, reach: float, ratio: float
) -> list[tuple[float, float]]:
    points = []
    for step in range(25):
        along = math.sin(math.pi * step / 24)
        side = math.cos(math.pi * step / 24) * math.sin(math.pi * along / 2) * 0.055
        out = reach * along
        points.append(
            (
                x + (out * math.cos(angle) - side * math.sin(angle)) / max(1.0, ratio),
                y + (out * math.sin(angle) + side * math.cos(angle)) * min(1.0, ratio),
            )
        )
    return points


def balloons(canvas: Image.Image, palette: Palette, random: Random) -> None:
    """Hot-air balloons above soft hills."""
    brush.clouds(canvas, random, colour=palette.light, strength=0.7, bottom=0.7)
    sun(canvas, palette, random, y=0.5)
    tones = ((220, 70, 60), (240, 180, 60), (60, 130, 180), (120, 80, 160), (70, 160, 110))
    for _ in range(7):
        size = random.uniform(0.018, 0.06)
        x, y = random.uniform(0.08, 0.92), random.uniform(0.1, 0.5)
        _balloon(canvas, (x, y), size, random.choice(tones), random.choice(tones))
    for layer in range(3):
        colour = mix(palette.sky[-1], palette.land, 0.35 + 0.3 * layer)
        brush.ridge(canvas, random, level=0.72 + 0.09 * layer, reach=0.04, colour=colour)


def _balloon(
    canvas: Image.Image, centre: tuple[float, float], size: float, one: Colour, other: Colour
) -> None:
    x, y = centre
    ratio = canvas.width / canvas.height
    basket = y + size * 1.75 * ratio
    brush.shape(
        canvas,
        [
            [
                (x - size * 0.82, y + size * 0.6 * ratio),
                (x + size * 0.82, y + size * 0.6 * ratio),
                (x + size * 0.2, basket - size * 0.35 * ratio),
                (x - size * 0.2, basket - size * 0.35 * ratio),
            ]
        ],
        mix(one, (0, 0, 0), 0.12),
    )
    brush.disc(canvas, centre, size, one)
    draw = ImageDraw.Draw(canvas)
    left, right = (x - size * 0.45) * canvas.width, (x + size * 0.45) * canvas.width
    top = (y - size * 0.97 * ratio) * canvas.height
    bottom = (y + size * 0.97 * ratio) * canvas.height
    draw.ellipse((left, top, right, bottom), fill=other)
    brush.glow(canvas, (x - size * 0.3, y - size * 0.4), size, (255, 255, 255), strength=0.35)
    brush.shape(
        canvas,
        [
            [
                (x - size * 0.16, basket),
                (x + size * 0.16, basket),
                (x + size * 0.13, basket + size * 0.3 * ratio),
                (x - size * 0.13, basket + size * 0.3 * ratio),
            ]
        ],
        (92, 60, 36),
    )


def arches(canvas: Image.Image, palette: Palette, random: Random) -> None:
    """An arcade in low light: stone, shadow and a view."""
    stone = mix((196, 176, 150), palette.light, 0.15)
    brush.ridge(
        canvas, random, level=0.62, reach=0.05, colour=mix(palette.sky[-1], palette.land, 0.5)
    )
    width, height = canvas.size
    wall = brush.gradient((width, height), [mix(stone, (60, 40, 40), 0.45), stone])
    mask = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(mask)
    count = 4 if width > height else 2
    for index in range(count):
        left, right = ((index + share) / count * width for share in (0.16, 0.84))
        crown = 0.2 * height
        draw.ellipse((left, crown, right, crown + (right - left)), fill=0)
        draw.rectangle((left, crown + (right - left) / 2, right, 0.86 * height), fill=0)
    canvas.paste(wall, (0, 0), mask)
    shadow = [
        [
            ((i + 0.16) / count, 0.86),
            ((i + 0.84) / count, 0.86),
            ((i + 0.6) / count - 0.08, 1.01),
            ((i - 0.08) / count - 0.08, 1.01),
        ]
        for i in range(count)
    ]
    brush.shape(canvas, shadow, mix(palette.light, stone, 0.35), strength=0.8)
