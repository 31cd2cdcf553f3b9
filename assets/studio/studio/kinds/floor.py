"""What stands and lies on the floor: rug and basket. Both are made of their strands where a strand shows."""

import math
from dataclasses import replace

import numpy as np

from ..colours import SHADES
from ..geometry import bend, crumple, curve, frames, sheet, thicken, tube
from ..kind import Finish, Kind, Spec, Style, View, register
from ..materials import dress, surface

WHOLE = ("bordered", "medallion")  # drawn once over the whole rug, not repeated


def _square(at, half: float, band: float, share: float = 0.15):
    """Metres -> [0, 1] across a rug, so that the border keeps its width however long the rug is."""
    return np.interp(at, [-half, band - half, half - band, half], [0, share, 1 - share, 1])


def _roll(points, start: float, radius: float = 0.07, thickness: float = 0.02):
    """A flat rug rolled up beyond x = `start`, upper side inwards."""
    turn = np.clip(points[:, 0] - start, 0, None) / radius
    r = radius - thickness * turn / (2 * math.pi) - points[:, 2]
    x, z = np.minimum(points[:, 0], start) + r * np.sin(turn), radius - r * np.cos(turn)
    return np.stack([x, points[:, 1], np.where(turn > 0, z, points[:, 2])], 1)


def _slab(spec: Spec):
    """A pile rug as a sheet of points with its UV: metres for repeats, [0, 1] for a whole drawing."""
    whole = spec.pattern in WHOLE
    if spec.has("round"):
        r = spec["radius"]
        far, angle = np.meshgrid(np.linspace(0.002, r, 60), np.linspace(0, 2 * math.pi, 161), indexing="ij")
        x, y = far * np.cos(angle), far * np.sin(angle)
        # The square's border becomes a ring; a medallion keeps its shape in the middle.
        share = (far / r) ** 3 if spec.pattern == "medallion" else 1.0
        stretch = np.maximum(np.abs(np.cos(angle)), np.abs(np.sin(angle))) ** -share
        u, v = _square(x * stretch, r, 0.2), _square(y * stretch, r, 0.2)
    else:
        half, deep = spec["length"] / 2, spec["width"] / 2
        x, y = np.meshgrid(np.linspace(-half, half, 200), np.linspace(-deep, deep, 70))
        u, v = _square(x, half, 0.22), _square(y, deep, min(0.22, deep * 0.36))
    uv, z = np.stack([u, v] if whole else [x, y], -1), np.zeros_like(x)
    slab = sheet("slab", np.stack([x, y, z], -1), uv=uv)
    crumple(slab, 0.005, 0.5, spec.seed % 97)
    thicken(slab, 0.018 if spec.material == "wool" else 0.007, 0.0)
    size = 2 * spec["radius"] if spec.has("round") else (spec["length"] + spec["width"]) / 2
    dress(
        surface(
            spec.material,
            spec.shade,
            pattern=spec.pattern,
            second=spec.second,
            repeat=1.0 if whole else 0.5,
            coarse=2.0 / size if whole else 2.0,
        ),
        slab,
    )
    return slab


def _fringe(spec: Spec, shade):
    """Knotted tassels along both short ends, combed but not quite straight."""
    half, deep, rng = spec["length"] / 2, spec["width"] / 2, spec.rng
    tassels = []
    for sign in (-1, 1):
        for y in np.arange(-deep + 0.008, deep, 0.02):
            long, sway = rng.uniform(0.085, 0.11), rng.uniform(-0.012, 0.012)
            path = curve(
                [
                    (sign * (half - 0.012), y, 0.004),
                    (sign * (half + 0.02), y, 0.007),
                    (sign * (half + long), y + sway, 0.001),
                ],
                7,
            )
            radius = np.array([0.004, 0.006, 0.0075, 0.0045, 0.0058, 0.0062, 0.0048])
            tassels.append(tube("tassel", path, radius, sides=6, flat=0.6, round_ends=False))
    dress(surface("cotton", shade), *tassels)
    return tassels


def _edging(spec: Spec):
    """The overlocked edge of a rug without a fringe."""
    if spec.has("round"):
        turn = np.linspace(0, 2 * math.pi, 200, endpoint=False)
        path = spec["radius"] * np.stack([np.cos(turn), np.sin(turn), 0 * turn], 1)
    else:
        half, deep = spec["length"] / 2, spec["width"] / 2
        path = curve(
            [c for c in ((-half, -deep, 0), (half, -deep, 0), (half, deep, 0), (-half, deep, 0)) for _ in (0, 1)],
            240,
            closed=True,
        )
    edge = tube("edge", path, 0.009, closed=True, sides=10)
    dress(surface(spec.material, spec.second or spec.shade, coarse=0.5), edge)
    return [edge]


BRAID = 0.024  # half the width of a braid in a jute rug


def _coils(spec: Spec) -> list:
    """Paths of the braids a jute rug is sewn of, from the outer edge inwards."""
    pitch = BRAID * 1.75
    if spec.has("round"):
        paths = []
        for far in np.arange(spec["radius"] - pitch / 2, 0.006, -pitch):
            turn = np.linspace(0, 2 * math.pi, max(16, int(far * 110)), endpoint=False)
            paths.append(far * np.stack([np.cos(turn), np.sin(turn), 0 * turn], 1))
        return paths
    half, deep = spec["length"] / 2, spec["width"] / 2
    pitch = deep / round(deep / pitch)  # the last two braids meet in the middle
    if spec.has("fringe"):  # straight from tassel to tassel, outermost first
        sides = [(sign * (deep - pitch * (k + 0.5))) for k in range(round(deep / pitch)) for sign in (1, -1)]
        return [curve([(-half, y, 0), (half, y, 0)], 12) for y in sides]
    steps = 60 if spec.has("rolled") else 10
    return [
        _rounded(half - inset, deep - inset, max(0.14 - inset, 0.045), steps)
        for inset in np.arange(pitch / 2, deep, pitch)
    ]


def _rounded(a: float, b: float, soft: float, steps: int):
    """A rectangle with round corners: a spline would overshoot where a long side ends."""
    soft = min(soft, b * 0.95)
    ring = []
    for k, (x, y) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        turn = np.linspace(k, k + 1, 9) * math.pi / 2
        corner = np.stack([x * (a - soft) + soft * np.cos(turn), y * (b - soft) + soft * np.sin(turn)], 1)
        side = np.array([2 * x * (soft - a), 0]) if k % 2 == 0 else np.array([0, 2 * y * (soft - b)])
        ring += [corner, corner[-1] + side * np.linspace(0, 1, steps + 1)[1:-1, None]]
    flat = np.concatenate(ring)
    return np.column_stack([flat, np.zeros(len(flat))])


def _braided(spec: Spec):
    """Braids side by side; a stripe or a border is a braid of another colour."""
    ground, other = [], []
    straight = spec.has("fringe")
    for order, path in enumerate(_coils(spec)):
        k = order // 2 if straight else order
        braid = tube("braid", path + np.array([0, 0, BRAID / 2]), BRAID, closed=not straight, sides=10, flat=0.5)
        dyed = {"striped": k // 2 % 2 == 0, "bordered": 1 <= k < 4}.get(spec.pattern, False)
        (other if dyed else ground).append(braid)
    if not spec.has("round"):  # a backing, seen between the corners of neighbouring braids
        a, b = spec["length"] / 2 - 0.06, spec["width"] / 2 - 0.06
        x, y = np.meshgrid(np.linspace(-a, a, 120), (-b, b))
        ground.append(sheet("backing", np.stack([x, y, 0 * x + BRAID / 2], -1)))
    # No two hanks of jute are alike: without it a plain rug shows no braids from across a room.
    darker = "".join(f"{round(c * 225):02x}" for c in spec.shade.srgb)
    deeper = replace(spec.shade, name=f"deep {spec.shade.name}", hex=darker)
    dress(surface(spec.material, spec.shade, coarse=1.5), *ground[::2])
    dress(surface(spec.material, deeper, coarse=1.5), *ground[1::2])
    if other:
        dress(surface(spec.material, spec.second, coarse=1.5), *other)
    return ground + other


def build_rug(spec: Spec):
    if spec.material == "jute":
        parts = _braided(spec) + (_fringe(spec, spec.shade) if spec.has("fringe") else [])
    elif spec.has("fringe"):
        parts = [_slab(spec), *_fringe(spec, SHADES["cream"])]
    else:
        parts = [_slab(spec), *_edging(spec)]
    if spec.has("rolled"):
        for part in parts:
            bend(part, lambda points: _roll(points, spec["length"] / 2 - spec["rolled"]))
    return parts


register(
    Kind(
        "rug",
        "rug",
        "地毯",
        "Rugs",
        "Home",
        (59, 490),
        styles=(
            Style("fringed", "fringed", "流苏", {"length": (2.2, 2.5), "width": (1.5, 1.7)}, frozenset({"fringe"})),
            Style("round", "round", "圆形", {"radius": (0.75, 1.0)}, frozenset({"round"})),
            Style(
                "runner",
                "hallway",
                "走廊",
                {"length": (2.6, 2.9), "width": (0.72, 0.82), "rolled": (0.6, 0.75)},
                frozenset({"rolled"}),
                "runner rug",
                "长条地毯",
            ),
            Style("large", "large", "大号", {"length": (2.7, 3.0), "width": (1.9, 2.1)}),
        ),
        finishes=(
            Finish(
                "wool",
                (
                    "burgundy",
                    "navy",
                    "cream",
                    "terracotta",
                    "forest green",
                    "charcoal",
                    "teal",
                    "mustard",
                    "light grey",
                ),
                ("medallion", "bordered", "trellis", "geometric", "striped"),
                ("cream", "charcoal", "sand", "white", "navy"),
            ),
            Finish(
                "jute", ("natural", "sand", "camel"), ("plain", "bordered", "striped"), ("charcoal", "navy", "white")
            ),
            Finish(
                "cotton",
                ("cream", "sky blue", "sage", "blush", "charcoal", "mustard", "denim blue", "terracotta"),
                ("zigzag", "striped", "geometric", "checked", "trellis"),
                ("white", "charcoal", "navy", "cream", "burgundy"),
            ),
        ),
        details=(
            ("Hand-woven; lies flat from the first day.", "手工编织，铺开即平。"),
            ("Goes over underfloor heating.", "适用于地暖。"),
        ),
        build=build_rug,
        view=View(22, 42, 0.94, angle=(-40, 26)),
        room="living room|bedroom|hallway",
        tags=("carpet", "mat", "textile"),
    )
)


# Baskets ------------------------------------------------------------------------------------------

STAKES = 28


def _outline(a: float, b: float, power: float, count: int):
    """Evenly spaced points of a superellipse, and the unit vector outwards at each."""
    turn = np.linspace(0, 2 * math.pi, 240, endpoint=False)
    c, s = np.cos(turn), np.sin(turn)
    x, y = a * np.sign(c) * np.abs(c) ** (2 / power), b * np.sign(s) * np.abs(s) ** (2 / power)
    ring = curve(np.stack([x, y], 1), count, closed=True)
    along = np.roll(ring, -1, 0) - np.roll(ring, 1, 0)
    out = np.stack([along[:, 1], -along[:, 0]], 1)
    return ring, out / np.linalg.norm(out, axis=1, keepdims=True)


def _size(spec: Spec, at):
    """Half width and half depth at a height share: the side of the basket."""
    swell = spec["top"] * at + spec["belly"] * np.sin(math.pi * at) + (1 - at) * spec["foot"]
    return spec["wide"] * swell, spec["deep"] * swell


def _ring(spec: Spec, z: float, count: int, shift=0.0):
    a, b = _size(spec, z / spec["height"])
    ring, out = _outline(a, b, 5.0 if spec.has("square") else 2.0, count)
    ring = ring + out * np.broadcast_to(shift, (count,))[:, None]
    return np.concatenate([ring, np.full((count, 1), z)], 1)


def rope(path, radius: float, closed: bool, pitch: float = 0.05) -> list:
    """Three strands laid round one another."""
    side, other = frames(path, closed)
    length = np.linalg.norm(np.diff(path, axis=0), axis=1).sum()
    turns = max(1, round(length / pitch))
    phase = np.linspace(0, 2 * math.pi * turns, len(path), endpoint=not closed)
    strands = []
    for k in range(3):
        angle = (phase + k * 2 * math.pi / 3)[:, None]
        at = path + 0.55 * radius * (side * np.cos(angle) + other * np.sin(angle))
        strands.append(tube("strand", at, radius * 0.55, closed=closed, sides=8))
    return strands


def _wall(spec: Spec) -> tuple[list, list]:
    """Rows of weavers around stakes (a coiled basket has none), ground and second colour apart."""
    h, coiled = spec["height"], spec.material == "jute"
    thick = {"rattan": 0.0062, "seagrass": 0.0095, "jute": 0.0095}[spec.material] * spec["scale"]
    pitch = thick * (1.75 if coiled else 1.9)
    levels = np.arange(thick, h - thick, pitch)
    count = STAKES * 5
    wave = np.cos(np.arange(count) * STAKES * math.pi / count)
    rows = ([], [])
    for k, z in enumerate(levels):
        shift = 0.0 if coiled else wave * thick * 0.75 * (-1) ** k
        dyed = {"striped": k * 5 // len(levels) % 2 == 1, "dipped": z < h * 0.42}.get(spec.pattern, False)
        rows[dyed].append(tube("weaver", _ring(spec, z, count, shift), thick, closed=True, sides=8))
    shell = np.array([_ring(spec, z, 80) for z in np.linspace(0.004, h, 20)])
    bottom = np.array([shell[0] * (share, share, 1) for share in (0.0, 0.5, 1.0)])
    rows[0].append(sheet("shell", np.concatenate([bottom, shell]), wrap_u=True))
    if not coiled:
        heights = np.linspace(0.0, h, 13)
        rings = [_ring(spec, z, STAKES * 2) for z in heights]
        low = int((heights < h * 0.42).sum()) if spec.pattern == "dipped" else 0
        for k in range(STAKES):
            path = np.array([ring[2 * k] for ring in rings])
            for dyed, part in ((True, path[:low]), (False, path[max(low - 1, 0) :])):
                if len(part) > 1:
                    rows[dyed].append(tube("stake", part, thick * 0.62, sides=8))
    return rows


def _handles(spec: Spec) -> list:
    h = spec["height"]
    (a, _), (low, _) = _size(spec, 1.0), _size(spec, 0.8)
    if spec.has("hoop"):
        turn = np.linspace(0, math.pi, 60)
        arch = np.stack([a * np.cos(turn), 0 * turn, h - 0.03 + spec["hoop"] * np.sin(turn) ** 0.8], 1)
        return rope(curve([(low + 0.006, 0, h * 0.78), *arch[2:-2:6], (-low - 0.006, 0, h * 0.78)], 160), 0.013, False)
    parts, reach = [], spec["handle"]
    for s in (-1, 1):
        out = a + 0.016
        points = [
            (low + 0.012, -reach, h * 0.8),
            (out, -reach, h),
            (out + 0.012, -reach * 0.8, h + reach * 0.7),
            (out + 0.016, 0, h + reach * 1.05),
            (out + 0.012, reach * 0.8, h + reach * 0.7),
            (out, reach, h),
            (low + 0.012, reach, h * 0.8),
        ]
        parts += rope(curve(np.array(points) * (s, 1, 1), 90), 0.011, False, 0.04)
    return parts


def _lid(spec: Spec) -> list:
    """A woven lid, a little domed, and its knob."""
    a, b = _size(spec, 1.0)
    thick = 0.0075
    parts = []
    for k, share in enumerate(np.arange(1.03, 0.03, -thick * 1.8 / a)):
        ring, _ = _outline(a * share, b * share, 2.0, STAKES * 5)
        weave = np.cos(np.arange(len(ring)) * STAKES * math.pi / len(ring)) * thick * 0.5 * (-1) ** k
        z = spec["height"] + 0.014 + 0.035 * (1 - share**2) + (weave if share > 0.35 else 0 * weave)
        parts.append(tube("weaver", np.column_stack([ring, z]), thick, closed=True, sides=8))
    knob = np.linspace(0, math.pi, 40)
    arch = np.stack([0.05 * np.cos(knob), 0 * knob, spec["height"] + 0.045 + 0.05 * np.sin(knob)], 1)
    return parts + rope(arch, 0.012, False, 0.04)


def build_basket(spec: Spec):
    ground, other = _wall(spec)
    rim = rope(_ring(spec, spec["height"], 240), 0.012, True, 0.045)
    trim = rim + (_lid(spec) if spec.has("lid") else []) + _handles(spec)
    (other if spec.pattern == "dipped" and spec.seed % 2 else ground).extend(trim)
    dress(surface(spec.material, spec.shade), *ground)
    if other:
        dress(surface(spec.material, spec.second), *other)
    return ground + other


register(
    Kind(
        "basket",
        "basket",
        "篮子",
        "Baskets",
        "Home",
        (19, 119),
        styles=(
            Style(
                "belly",
                "round",
                "圆形",
                {
                    "wide": (0.19, 0.22),
                    "deep": (0.19, 0.22),
                    "height": (0.3, 0.36),
                    "foot": (0.82, 0.9),
                    "belly": (0.12, 0.2),
                    "top": (0.88, 0.96),
                    "handle": (0.06, 0.07),
                    "scale": (1.0, 1.1),
                },
                noun="storage basket",
                noun_zh="收纳篮",
            ),
            Style(
                "laundry",
                "lidded",
                "带盖",
                {
                    "wide": (0.2, 0.22),
                    "deep": (0.2, 0.22),
                    "height": (0.5, 0.58),
                    "foot": (0.8, 0.86),
                    "belly": (0.02, 0.06),
                    "top": (0.98, 1.04),
                    "handle": (0.045, 0.05),
                    "scale": (1.15, 1.3),
                },
                frozenset({"lid"}),
                "laundry basket",
                "洗衣篮",
            ),
            Style(
                "market",
                "oval",
                "椭圆",
                {
                    "wide": (0.2, 0.23),
                    "deep": (0.13, 0.15),
                    "height": (0.18, 0.21),
                    "foot": (0.78, 0.84),
                    "belly": (0.03, 0.06),
                    "top": (1.0, 1.04),
                    "hoop": (0.2, 0.24),
                    "scale": (0.8, 0.9),
                },
                frozenset({"hoop"}),
                "market basket",
                "提篮",
            ),
            Style(
                "shelf",
                "rectangular",
                "长方形",
                {
                    "wide": (0.18, 0.21),
                    "deep": (0.13, 0.15),
                    "height": (0.17, 0.21),
                    "foot": (0.93, 0.96),
                    "belly": (0.0, 0.02),
                    "top": (1.0, 1.02),
                    "handle": (0.045, 0.055),
                    "scale": (0.8, 0.9),
                },
                frozenset({"square"}),
                "storage basket",
                "收纳篮",
            ),
        ),
        finishes=(
            Finish(
                "rattan",
                ("oak", "natural", "cognac", "white", "black"),
                ("plain", "striped"),
                ("charcoal", "white", "walnut"),
            ),
            Finish("seagrass", ("sand", "camel", "olive"), ("plain", "dipped", "striped"), ("white", "black", "teal")),
            Finish(
                "jute",
                ("natural", "cream", "light grey", "sage", "terracotta"),
                ("plain", "dipped", "striped"),
                ("white", "charcoal", "navy", "mustard"),
            ),
        ),
        details=(
            ("Woven by hand around strong stakes.", "手工编织，骨架结实。"),
            ("For blankets, toys or the laundry.", "装毯子、玩具或换洗衣物都合适。"),
        ),
        build=build_basket,
        view=View(24, 22, 0.82),
        room="living room|bedroom|bathroom",
        tags=("storage", "woven", "wicker", "hamper"),
    )
)
