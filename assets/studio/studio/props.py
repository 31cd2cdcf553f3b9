"""What stands around: books, a plant, a lemon, a rug, a frame. Never products, never in the catalog."""

import math

import numpy as np

from .colours import SHADES
from .geometry import (
    curve,
    cylinder,
    lathe,
    place,
    rounded_box,
    sheet,
    sphere,
    thicken,
    tube,
    vessel_profile,
)
from .materials import dress, simple, surface

_COVERS = ("teal", "burgundy", "mustard", "navy", "sage", "terracotta", "charcoal", "cream", "plum")


def book(rng, lying=True):
    w, d, t = rng.uniform(0.13, 0.16), rng.uniform(0.19, 0.23), rng.uniform(0.018, 0.034)
    cover = place(rounded_box("cover", (w, d, t), 0.0025), (0, 0, t / 2))
    pages = place(rounded_box("pages", (w - 0.004, d - 0.004, t - 0.005), 0.001), (0.004, 0, t / 2))
    dress(surface("canvas", SHADES[_COVERS[rng.integers(len(_COVERS))]]), cover)
    dress(simple("pages", (0.85, 0.80, 0.68), 0.9), pages)
    if not lying:
        for part in (cover, pages):
            place(part, (0, 0, w / 2), (0, 90, 0))
    return [cover, pages], t


def books(rng, count=3):
    """A pile, each a little askew."""
    parts, height = [], 0.0
    for _ in range(count):
        pair, thickness = book(rng)
        parts += [
            place(p, (rng.uniform(-0.01, 0.01), rng.uniform(-0.01, 0.01), height), (0, 0, rng.uniform(-14, 14)))
            for p in pair
        ]
        height += thickness
    return parts


def book_row(rng, count=5):
    """Standing spines, as on a shelf."""
    parts, x = [], 0.0
    for _ in range(count):
        pair, thickness = book(rng, lying=False)
        parts += [place(p, (x + thickness / 2, 0, 0)) for p in pair]
        x += thickness + 0.002
    return parts


def plant(rng, scale=1.0):
    """A pot with broad leaves on thin stems."""
    r, h = 0.06, 0.11
    pot = lathe(
        "pot", vessel_profile(curve([(0, 0), (r * 0.72, 0), (r * 0.72, 0), (r * 0.9, h * 0.6), (r, h)], 40), 0.005)
    )
    soil = place(cylinder("soil", r * 0.9, 0.01), (0, 0, h * 0.82))
    dress(surface("terracotta", SHADES[("terracotta", "white", "charcoal")[rng.integers(3)]]), pot)
    dress(simple("soil", (0.03, 0.02, 0.012), 1), soil)
    leaves = []
    for k in range(13):
        turn, lean = k * 2.4 + rng.uniform(-0.3, 0.3), rng.uniform(0.25, 1.0)
        length, width = rng.uniform(0.1, 0.15), rng.uniform(0.028, 0.042)
        t, s = np.meshgrid(np.linspace(0, 1, 16), np.linspace(-1, 1, 7), indexing="ij")
        half = width * np.sin(np.pi * t**0.8) * s
        out = length * t
        grid = np.stack(
            [
                half,
                out * math.sin(lean) + 0.03 * t,
                length * t * math.cos(lean) + 0.08 - 0.07 * t**3 * lean + np.abs(s) * 0.006,
            ],
            -1,
        )
        leaf = place(sheet("leaf", grid), (0, 0, h * 0.8), (0, 0, math.degrees(turn)))
        stem = tube(
            "stem", curve([(0, 0, h * 0.8), (0, 0.01, h * 0.8 + 0.04), (0, 0.004, h * 0.8 + 0.085)], 8), 0.0022, sides=8
        )
        leaves += [leaf, place(stem, turn=(0, 0, math.degrees(turn)))]
    shader = simple("leaf", (0.045, 0.16, 0.04), 0.45, Subsurface_Weight=0.0)
    dress(shader, *leaves)
    return [place(obj, scale=scale) for obj in (pot, soil, *leaves)]


def lemons(rng):
    parts = []
    for at in ((0, 0), (0.07, 0.02), (0.03, -0.06)):
        fruit = sphere("lemon", 0.029)
        place(fruit, scale=(1.28, 1, 1))
        parts.append(place(fruit, (*at, 0.029), (0, 0, rng.uniform(0, 180))))
    skin = surface("leather", SHADES["yellow"])
    dress(skin, *parts)
    return parts


def frame(rng, width=0.4):
    """A framed abstract print, hung flat against the wall (facing -y)."""
    height = width * 1.3
    edge = rounded_box("frame", (width, 0.02, height), 0.004)
    mat = place(rounded_box("mat", (width * 0.9, 0.006, height * 0.92), 0.001), (0, -0.009, 0))
    dress(surface("oak", SHADES["oak"]), edge)
    dress(simple("mat", (0.85, 0.84, 0.8), 0.8), mat)
    parts = [edge, mat]
    names = rng.permutation(_COVERS)[:3]
    for k, name in enumerate(names):
        disc = place(cylinder("disc", width * (0.22 - 0.04 * k), 0.002, 0.0005), (0, 0, 0), (90, 0, 0))
        parts.append(place(disc, (width * (-0.1 + 0.12 * k), -0.013 - 0.001 * k, height * (0.18 - 0.2 * k))))
        dress(surface("paper", SHADES[name]), disc)
    return parts


def rug(rng, width, depth, pattern=None):
    x, y = np.meshgrid(np.linspace(-width / 2, width / 2, 60), np.linspace(-depth / 2, depth / 2, 60))
    body = thicken(sheet("rug", np.stack([x, y, 0 * x + 0.006], -1)), 0.01)
    ground, second = rng.permutation(("cream", "terracotta", "sage", "navy", "sand"))[:2]
    dress(
        surface(
            "wool",
            SHADES[ground],
            pattern=pattern or ("geometric", "zigzag", "striped")[rng.integers(3)],
            second=SHADES[second],
            repeat=0.28,
        ),
        body,
    )
    return [body]


def glasses_of_pencils(rng):
    cup = lathe(
        "cup", vessel_profile(curve([(0, 0), (0.034, 0), (0.034, 0), (0.036, 0.05), (0.036, 0.095)], 40), 0.003)
    )
    dress(surface("lacquered metal", SHADES["charcoal"]), cup)
    parts = [cup]
    for _k in range(6):
        turn, lean = rng.uniform(0, 6.28), 0.022
        foot = np.array([math.cos(turn) * -0.015, math.sin(turn) * -0.015, 0.005])
        top = np.add(foot, (math.cos(turn) * lean * 2, math.sin(turn) * lean * 2, rng.uniform(0.14, 0.18)))
        pencil = tube("pencil", curve([foot, top], 6), 0.0036, sides=6)
        dress(simple("pencil", SHADES[_COVERS[rng.integers(len(_COVERS))]].linear, 0.4), pencil)
        parts.append(pencil)
    return parts
