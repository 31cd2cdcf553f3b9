"""Shoes & accessories: belt, wallet, umbrella."""

import math

import bpy
import numpy as np

from ..colours import SHADES, Shade
from ..geometry import bend, copy, curve, cylinder, lathe, place, plate, rounded_box, sheet, sphere, thicken, tube
from ..kind import Finish, Kind, Spec, Style, View, register
from ..materials import dress, simple, surface

DEPARTMENT = "Shoes & accessories"


def _paint(spec: Spec, repeat: float, **more):
    return surface(spec.material, spec.shade, pattern=spec.pattern, second=spec.second, repeat=repeat, **more)


def _metal(spec: Spec) -> bpy.types.Material:
    return surface("steel", SHADES[("silver", "gold", "silver", "smoke")[spec.seed % 4]])


def _thread(shade: Shade) -> bpy.types.Material:
    """Waxed thread: a tone lighter than the leather, so that the seam shows; darker on pale leather."""
    pale = shade.luminance > 0.3
    colour = tuple(c * 0.5 if pale else c * 0.7 + 0.12 for c in shade.linear)
    return simple("thread", colour, 0.6)


def _evenly(points, count: int, closed: bool = False) -> np.ndarray:
    """The same line in even steps. Straight between the points: a spline would overshoot at corners."""
    points = np.asarray(points, float)
    if closed:
        points = np.concatenate([points, points[:1]])
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    wanted = np.linspace(0, along[-1], count, endpoint=not closed)
    return np.stack([np.interp(wanted, along, points[:, k]) for k in range(points.shape[1])], 1)


def _seam(points, step: float = 0.0042, thick: float = 0.00055, closed: bool = False):
    """A row of stitches as one object: a thread that dips into the leather after every stitch."""
    points = np.asarray(points, float)
    ends = np.concatenate([points, points[:1]]) if closed else points
    length = np.linalg.norm(np.diff(ends, axis=0), axis=1).sum()
    count = max(2, round(length / step))
    path = _evenly(points, count * 7 + (0 if closed else 1), closed)
    phase = np.arange(len(path)) % 7
    return tube("seam", path, np.where(phase == 0, 0.05, 1.0) * thick, closed=closed, sides=6)


# ---------------------------------------------------------------- belt


def _rolled(turn: np.ndarray, flat: float, first: float, pitch: float) -> np.ndarray:
    """Points of a strap rolled around a flat core: whole turns start at the right of the front."""
    phase, out = turn % 1, first + pitch * turn
    x, y = np.empty(len(turn)), np.empty(len(turn))
    half = flat / 2
    for low, high, kind in ((0, 0.3, "front"), (0.3, 0.5, "left"), (0.5, 0.8, "back"), (0.8, 1.001, "right")):
        here = (phase >= low) & (phase < high)
        t, d = (phase[here] - low) / (high - low), out[here]
        if kind in ("front", "back"):
            sign = 1 if kind == "front" else -1
            x[here], y[here] = sign * half * (1 - 2 * t), -sign * d
        else:
            angle = -math.pi / 2 - math.pi * t + (math.pi if kind == "right" else 0)
            x[here], y[here] = d * np.cos(angle) + (half if kind == "right" else -half), d * np.sin(angle)
    return np.stack([x, y, 0 * x], 1)


def _strap(name: str, path, wide: float, thick: float, lengthwise: bool):
    strap = tube(name, path, thick / 2, flat=wide / thick, up=(0, 0, 1), power=7, sides=40, round_ends=False)
    if lengthwise:  # a webbing's stripes run along it
        for loop in strap.data.uv_layers.active.data:
            loop.uv = (loop.uv.y, loop.uv.x)
    return strap


def _frame(spec: Spec, at, wide: float, tall: float, wire: float, slope: float):
    """A buckle's frame; its right rail lies over the strap and its left one under it."""
    angle = np.linspace(0, 2 * math.pi, 120, endpoint=False)
    power = 2 / (2.05 if spec.has("round") else 5.0)
    c, s = np.cos(angle), np.sin(angle)
    x, z = np.sign(c) * np.abs(c) ** power * wide / 2, np.sign(s) * np.abs(s) ** power * tall / 2
    path = curve(np.stack([x, -slope * x / wide * 2, z], 1) + at, 160, closed=True)
    return tube("frame", path, wire, closed=True, flat=1.5, up=(0, 1, 0), power=2.8)


def build_belt(spec: Spec):
    wide, thick, flat = spec["width"], spec["thick"], spec["flat"]
    pitch, turns = thick * 1.16, 4
    rng = spec.rng
    turn = np.linspace(0, turns, 900)
    path = _rolled(turn, flat, 0.011, pitch)
    # No roll is perfect: the turns are a little open here and there, and a little off level.
    path[:, :2] *= (1 + 0.012 * np.sin(turn * 2 * math.pi * 1.5 + rng.uniform(0, 6)) * (turns - turn) / turns)[:, None]
    path[:, 2] = 0.0012 * np.sin(turn * 2.2 + 1) * np.clip(turns - turn, 0, 1)
    last = _rolled(turns + np.linspace(0, 0.288, 60), flat, 0.011, pitch)
    web = spec.material == "canvas"
    strap, tail = _strap("strap", path, wide, thick, web), _strap("tail", last, wide, thick, web)
    tip, front = last[-1, 0], float(-last[:, 1].mean()) + thick / 2

    def pointed(p):
        """The tip is cut to a blunt point."""
        near = np.clip((tip + wide * 0.62 - p[:, 0]) / (wide * 0.62), 0, 1)
        return p * np.stack([np.ones(len(p)), np.ones(len(p)), 1 - 0.62 * near**2.2], 1)

    bend(tail, pointed)
    wire, tongue = spec["wire"], flat / 2 - wide * 1.12
    size = wide * (1.06 if not spec.has("round") else 1.36)
    middle = tongue + size * 0.42
    frame = _frame(spec, (middle, -front + thick * 0.3, 0), size, wide * 1.14 + wire * 2, wire, thick * 0.8 + wire)
    prong_path = [(tongue, -front + 0.002, 0), (tongue + 0.003, -front - 0.0016, 0), (middle, -front - wire * 1.25, 0),
                  (middle + size / 2 - wire, -front - thick * 0.5 - wire * 1.75, 0), (middle + size / 2 + wire, -front - thick * 0.5 - wire * 1.5, 0)]  # fmt: skip
    metal = [frame, tube("prong", curve(prong_path, 40), np.linspace(wire * 0.95, wire * 0.62, 40), sides=16)]
    holes, keeper_x = [], tongue - wide * 0.55
    for k in range(-3, 2):
        x = tongue + k * 0.0215
        if k == 0 or not tip + 0.016 < x < flat / 2 or abs(x - keeper_x) < 0.0085:
            continue
        holes.append(place(cylinder("hole", 0.0021, 0.0007, 0.0002), (x, -front + 0.0006, 0), (90, 0, 0)))
        if web or spec.has("eyelets"):
            angle = np.linspace(0, 2 * math.pi, 40, endpoint=False)
            ring = np.stack([x + 0.0029 * np.cos(angle), 0 * angle - front - 0.0002, 0.0029 * np.sin(angle)], 1)
            metal.append(tube("eyelet", ring, 0.0008, closed=True, sides=12))
    tall = wide / 2 + 0.0012
    deep = (-front - 0.0012, -front + 2 * pitch + 0.0012)
    corners = [(keeper_x, y, z) for y, z in ((deep[0], -tall), (deep[0], -tall), (deep[0], tall), (deep[0], tall),
                                           (deep[1], tall), (deep[1], tall), (deep[1], -tall), (deep[1], -tall))]  # fmt: skip
    keeper = tube("keeper", curve(corners, 80, closed=True), 0.0011, closed=True, flat=4.6, up=(1, 0, 0), power=4)
    seams = []
    if spec.has("stitched"):
        whole = np.concatenate([path[turn > turns - 1.05], last[1:]])
        out = np.gradient(whole, axis=0)
        out = np.stack([-out[:, 1], out[:, 0], 0 * out[:, 0]], 1)
        out /= -np.linalg.norm(out, axis=1, keepdims=True)
        keep = whole[:, 0] > tip + wide * 0.5
        keep[: -len(last)] = True
        for sign in (-1, 1):
            line = (whole - out * -(thick / 2) + [0, 0, sign * (wide / 2 - 0.0034)])[keep]
            seams.append(_seam(line, 0.0046, 0.0006))
    dress(_paint(spec, wide * 1.02, coarse=0.6), strap, tail)
    dress(surface("leather", SHADES["cognac"]) if web else surface("leather", spec.shade), keeper)
    dress(_metal(spec), *metal)
    dress(simple("hole", (0.008, 0.006, 0.005), 0.95), *holes)
    dress(_thread(spec.shade), *seams)
    return [strap, tail, keeper, *metal, *holes, *seams]


_BELT = {"width": (0.033, 0.036), "thick": (0.0036, 0.004), "flat": (0.118, 0.124), "wire": (0.0024, 0.0027)}
_LEATHERS = ("cognac", "black", "chocolate", "tan", "burgundy", "navy", "forest green", "camel")
register(Kind(
    "belt", "belt", "腰带", "Belts", DEPARTMENT, (19, 119),
    styles=(
        Style("classic", "classic", "经典", _BELT, frozenset({"stitched"})),
        Style("slim", "slim", "细款", _BELT | {"width": (.021, .024), "flat": (.1, .106), "wire": (.0017, .002)}),
        Style("round", "round-buckle", "圆扣", _BELT | {"width": (.03, .034), "wire": (.0026, .003)}, frozenset({"round", "stitched"})),
        Style("wide", "wide", "宽款", _BELT | {"width": (.043, .047), "flat": (.134, .14), "wire": (.003, .0034)}, frozenset({"eyelets", "stitched"})),
    ),
    finishes=(
        Finish("leather", _LEATHERS),
        Finish("canvas", ("navy", "olive", "sand", "crimson", "charcoal", "mustard"), ("plain", "striped", "zigzag"),
               ("white", "cream", "navy", "black")),
    ),
    details=(("Five holes, buckle that does not tarnish.", "五孔可调，扣头不易氧化。"), ("Cut from one piece and edge-dyed by hand.", "整条裁切，手工封边。")),
    build=build_belt, view=View(14, 30, .88, angle=(-24, 44)), genders=("women", "men", "unisex"), tags=("waist belt", "buckle", "strap"),
))  # fmt: skip


# ---------------------------------------------------------------- wallet


def _card_outline(wide: float, tall: float, radius: float = 0.004) -> np.ndarray:
    """A rectangle with round corners about the origin, counter-clockwise."""
    turn = np.linspace(0, math.pi / 2, 9)
    corner = np.stack([np.cos(turn), np.sin(turn)], 1) * radius
    points = []
    for k, (sx, sz) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        c, s = math.cos(k * math.pi / 2), math.sin(k * math.pi / 2)
        points.append(corner @ np.array([[c, s], [-s, c]]) + [sx * (wide / 2 - radius), sz * (tall / 2 - radius)])
    return np.concatenate(points)


def _panel(name: str, wide: float, tall: float, thick: float, at, bevel: float = 0.0006, radius: float = 0.004):
    """An upright piece of leather or card, its lower edge's middle at `at`, facing -y."""
    piece = plate(name, [_card_outline(wide, tall, radius)], thick, bevel)
    return place(piece, np.add(at, (0, 0, tall / 2)), (90, 0, 0))


def _edge_seam(wide: float, tall: float, at, inset: float = 0.0032, open_top: bool = False):
    outline = _card_outline(wide - 2 * inset, tall - 2 * inset, 0.003)
    if open_top:  # up to the pocket's mouth, not along it
        x, low = wide / 2 - inset, inset - tall / 2
        outline = np.array([(-x, tall / 2), (-x, low), (x, low), (x, tall / 2)])
    path = np.stack([outline[:, 0], 0 * outline[:, 0], outline[:, 1]], 1) + np.add(at, (0, 0, tall / 2))
    return _seam(path, closed=not open_top)


_CARDS = ("cobalt", "crimson", "silver", "forest green", "black", "mustard", "white", "teal")


def _pockets(spec: Spec, wide: float, tall: float, count: int, at_y: float, first: int):
    """Card pockets, each a little lower and further out, with cards in them: (leather, seams, others)."""
    leather, seams, others = [], [], []
    inner = wide - 0.008
    for k in range(count):
        y = at_y - 0.0016 * (k + 1)
        top = tall * (0.8 - 0.185 * k)
        leather.append(_panel("pocket", inner, top, 0.0012, (0, y, 0.003), 0.0004, 0.0025))
        seams.append(_seam([(x, y - 0.0007, top - 0.0002) for x in (0.002 - inner / 2, inner / 2 - 0.002)]))
        if k < count - 1:  # the last is left empty
            shown = 0.009 + 0.0022 * ((spec.seed >> k) % 3)
            card = _panel("card", 0.0856, top + shown - 0.012, 0.0008, (0.0012 * (-1) ** k, y + 0.0008, 0.012), 0.0001)
            dress(surface("plastic", SHADES[_CARDS[(first + k * 3) % len(_CARDS)]]), card)
            others.append(card)
    seams.append(
        _edge_seam(inner, tall * (0.8 - 0.185 * (count - 1)), (0, at_y - 0.0016 * count - 0.0007, 0.003), 0.002, True)
    )
    return leather, seams, others


def _half_bifold(spec: Spec, sign: int):
    """One cover with its inside, the spine at x = 0, the inside facing -y."""
    wide, tall = spec["wide"], spec["tall"]
    leather = [_panel("cover", wide, tall, 0.0022, (0, 0, 0), 0.0009, 0.007), _panel("inside", wide - 0.004, tall * 0.93, 0.0014, (0, -0.0042, 0.0015), 0.0005)]  # fmt: skip
    seams = [
        _edge_seam(wide, tall, (0, 0.0012, 0)),
        _edge_seam(wide - 0.004, tall * 0.93, (0, -0.005, 0.0015), 0.0024, True),
    ]
    more, threads, others = _pockets(spec, wide - 0.004, tall * 0.93, 3, -0.0048, spec.seed % 5 + 4 * (sign > 0))
    for k in range(2):  # money in the long pocket
        note = _panel(
            "note",
            wide * (0.94 - 0.08 * k),
            tall + 0.006 + 0.003 * k,
            0.0003,
            (0, -0.0019 - 0.0006 * k, 0.001),
            0,
            0.0006,
        )
        dress(simple("note", ((0.42, 0.55, 0.45), (0.62, 0.5, 0.4))[k], 0.8), note)
        others.append(note)
    return [*leather, *more], [*seams, *threads], others


def _bifold(spec: Spec):
    wide, half = spec["wide"], spec["open"] / 2
    groups = ([], [], [])
    for sign in (-1, 1):
        for group, parts in zip(groups, _half_bifold(spec, sign), strict=True):
            for part in parts:
                place(part, (sign * (wide / 2 + 0.002), 0, 0))
                group.append(place(part, turn=(0, 0, -sign * (90 - half))))
    # The spine: leather bent round the fold.
    arc = np.radians(np.linspace(-(90 - half), 90 - half, 24)) + math.pi / 2
    bow = np.stack([0.0042 * np.cos(arc), 0.0042 * np.sin(arc) - 0.0035, np.full(24, spec["tall"] / 2)], 1)
    groups[0].append(
        tube("spine", bow, 0.0011, flat=spec["tall"] / 0.0022 * 0.97, up=(0, 0, 1), power=8, round_ends=False)
    )
    return groups


def _zipper(wide: float, tall: float, metal: list) -> list:
    """Around three sides of a purse: dark tape, and metal teeth that are counted by the eye."""
    outline = _card_outline(wide - 0.006, tall - 0.006, 0.012)
    upper = np.array([p for p in outline if p[1] > -tall * 0.36])
    # The outline starts at the right and goes over the top to the left: it is already in order.
    order = np.argsort(np.arctan2(upper[:, 1] + tall * 0.5, upper[:, 0]))
    path = np.stack([upper[order][:, 0], 0 * upper[:, 0], upper[order][:, 1]], 1)
    path = np.concatenate(
        [path[:1] * [1, 1, 0] + [0, 0, -tall * 0.36], path, path[-1:] * [1, 1, 0] + [0, 0, -tall * 0.36]]
    )
    path[:, 2] += tall / 2
    dense = _evenly(path, 900)
    tape = tube("tape", dense[::6], 0.0012, flat=5.0, up=(0, 1, 0), power=4, round_ends=False)
    teeth = 0.0015 + 0.0007 * np.sign(np.sin(np.arange(900) * 2 * math.pi / 6))
    metal.append(tube("teeth", dense, teeth, flat=1.5, up=(0, 1, 0), power=3, sides=12))
    return [tape]


def _long(spec: Spec):
    wide, tall, deep = spec["wide"] * 1.72, spec["tall"] * 1.06, 0.0085
    metal: list = []
    leather, seams = [], []
    for sign in (-1, 1):
        y = sign * (deep / 2 + 0.0032)
        leather.append(_panel("shell", wide, tall, deep, (0, y, 0), 0.0034, 0.013))
        seams.append(_edge_seam(wide, tall, (0, sign * (deep + 0.0032), 0), 0.0052))
    core = _panel("core", wide - 0.012, tall - 0.012, 0.009, (0, 0, 0.006), 0.001, 0.01)
    others = [*_zipper(wide, tall, metal), core]
    dress(simple("tape", (0.02, 0.018, 0.017), 0.85), *others)
    # Slider near the right end of the top, its leather pull hanging over the front.
    x, top = wide * 0.34, tall - 0.001
    metal.append(place(rounded_box("slider", (0.011, 0.0085, 0.005), 0.0016, cuts=8), (x, 0, top + 0.001)))
    ring = np.linspace(0, 2 * math.pi, 40, endpoint=False)
    hoop = np.stack([0 * ring + x, -0.0075 + 0.0055 * np.cos(ring), top + 0.0015 + 0.0042 * np.sin(ring)], 1)
    metal.append(tube("hoop", hoop, 0.0009, closed=True, sides=10, up=(1, 0, 0)))
    pull = curve([(x, -0.0125, top + 0.001), (x, -0.0142, top - 0.006), (x, -0.0143, top - 0.034)], 30)
    leather.append(tube("pull", pull, 0.0011, flat=4.4, up=(1, 0, 0), power=4, round_ends=False))
    # A riveted bar on the front, as the eye expects metal there.
    bar = rounded_box("bar", (0.026, 0.0016, 0.0048), 0.0008, cuts=8)
    metal.append(place(bar, (-wide * 0.34, -deep - 0.0038, tall * 0.2)))
    dress(_metal(spec), *metal)
    return leather, seams, others + metal


def _holder(spec: Spec):
    wide, tall = spec["wide"] * 0.93, spec["tall"] * 0.86
    leather = [_panel("back", wide, tall, 0.0022, (0, 0, 0), 0.0008, 0.006)]
    more, seams, others = _pockets(spec, wide + 0.006, tall * 0.97, 3, -0.0008, spec.seed % 8)
    seams.append(_edge_seam(wide, tall, (0, 0.0012, 0)))
    for k in range(2):
        card = _panel(
            "card",
            0.0856,
            0.054,
            0.0008,
            (0.003 - 0.005 * k, -0.0017 - 0.0002 * k, tall - 0.04 + 0.007 * (1 - k)),
            0.0001,
        )
        dress(surface("plastic", SHADES[_CARDS[(spec.seed + 2 + 3 * k) % len(_CARDS)]]), card)
        others.append(card)
    groups = ([*leather, *more], seams, others)
    for group in groups:
        for part in group:
            place(part, turn=(-14, 0, 0))
    return groups


def build_wallet(spec: Spec):
    builder = _long if spec.has("zip") else _holder if spec.has("holder") else _bifold
    leather, seams, others = builder(spec)
    dress(_paint(spec, 0.02, coarse=0.45), *leather)  # small goods are cut from fine-grained leather
    dress(_thread(spec.shade), *seams)
    return [*leather, *seams, *others]


_WALLET = {"wide": (0.108, 0.113), "tall": (0.089, 0.093), "open": (108, 122)}
register(Kind(
    "wallet", "wallet", "钱包", "Wallets", DEPARTMENT, (15, 99),
    styles=(
        Style("bifold", "bifold", "对折", _WALLET),
        Style("long", "long zip", "长款拉链", _WALLET, frozenset({"zip"})),
        Style("holder", "", "", _WALLET, frozenset({"holder"}), noun="card holder", noun_zh="卡包"),
    ),
    finishes=(
        Finish("leather", (*_LEATHERS, "crimson", "blush")),
        Finish("canvas", ("navy", "olive", "sand", "charcoal", "mustard", "crimson"), ("plain", "checked", "striped", "camouflage"),
               ("white", "black", "chocolate", "cream")),
    ),
    details=(("Room for eight cards, notes and coins.", "可放八张卡、纸币与硬币。"), ("Saddle-stitched; shields contactless cards.", "马鞍缝线，内置防盗刷层。")),
    build=build_wallet, view=View(20, 22, .84, angle=(-34, 30)), genders=("women", "men", "unisex"), tags=("purse", "billfold", "card case"),
))  # fmt: skip


# ---------------------------------------------------------------- umbrella

_RIBS = 8


def _rib(spec: Spec, share) -> tuple[np.ndarray, np.ndarray]:
    """Distance from the shaft and height above the rim along a rib; share runs from apex to tip."""
    bend_angle = math.radians(spec["bend"])
    share = np.asarray(share, float)
    across = spec["radius"] * np.sin(bend_angle * share) / math.sin(bend_angle)
    up = spec["depth"] * (np.cos(bend_angle * share) - math.cos(bend_angle)) / (1 - math.cos(bend_angle))
    return across, up


def _canopy(spec: Spec) -> list:
    """Eight panels, taut from rib to rib: flat across, and hollow at the rim."""
    panels, half = [], math.pi / _RIBS
    side, share = np.meshgrid(np.linspace(-1, 1, 21), np.linspace(0.004, 1, 34))
    share = share * (1 - 0.075 * (1 - side**2) * share**2)
    across, up = _rib(spec, share)
    chord = math.cos(half) / np.cos(half * side)
    across = across * (0.12 + 0.88 * chord) * (1 - 0.012 * (1 - side**2))
    length = np.hypot(spec["radius"], spec["depth"]) * 1.06
    uv = np.stack([across * half * side, share * length], -1)
    for k in range(_RIBS):
        angle = half * side + 2 * half * (k + 0.5)
        grid = np.stack([across * np.cos(angle), across * np.sin(angle), up], -1)
        panels.append(thicken(sheet("panel", grid, uv=uv), 0.0008))
    return panels


def _around(part, k: int):
    return copy(part, turn=(0, 0, 360 / _RIBS * k))


def _mechanism(spec: Spec) -> tuple[list, list]:
    """Ribs, stretchers and the runner that pushes them: (metal), (plastic)."""
    across, up = _rib(spec, np.linspace(0.01, 1.02, 40))
    rib = tube("rib", np.stack([across, 0 * across, up - 0.0055], 1), 0.0016, sides=8)
    (hold_x,), (hold_z,) = _rib(spec, [0.5])
    slide = spec["depth"] * 0.52 - 0.05
    strut = tube("strut", [(0.012, 0, slide), (hold_x, 0, hold_z - 0.006)], 0.0018, sides=8)
    tip_x, tip_z = across[-1], up[-1]
    tip = place(sphere("tip", 0.0045, 16), (tip_x, 0, tip_z - 0.002))
    metal = [_around(part, k) for part in (rib, strut) for k in range(1, _RIBS)] + [rib, strut]
    plastic = [_around(tip, k) for k in range(1, _RIBS)] + [tip]
    plastic += [place(cylinder("runner", 0.0125, 0.05, 0.003), (0, 0, slide - 0.04))]
    plastic += [place(cylinder("crown", 0.012, 0.012, 0.003), (0, 0, spec["depth"] - 0.006))]
    plastic += [place(cylinder("ferrule", 0.006, 0.055, 0.002, top=0.004), (0, 0, spec["depth"]))]
    return metal, plastic


def _crook(end: float, straight: bool):
    """The handle, its top at z = end: bent like a J, or a short grip with a wrist loop."""
    if straight:
        profile = curve(
            [(0, 0), (0.012, 0), (0.0165, 0.006), (0.0155, 0.04), (0.014, 0.075), (0.0085, 0.084), (0, 0.084)], 60
        )
        grip = place(lathe("grip", profile, 48), (0, 0, end - 0.084))
        loop = curve(
            [
                (0, 0, end - 0.08),
                (0.016, 0.002, end - 0.12),
                (0.008, 0.004, end - 0.17),
                (-0.012, 0.002, end - 0.15),
                (-0.004, 0, end - 0.09),
            ],
            60,
        )
        return [grip], [tube("loop", loop, 0.0022, flat=1.8, sides=12)]
    turn = np.linspace(0, math.pi * 1.06, 40)
    hook = np.stack([0.044 - 0.044 * np.cos(turn), 0 * turn, end - 0.11 - 0.044 * np.sin(turn)], 1)
    path = curve(np.concatenate([[(0, 0, end), (0, 0, end - 0.05)], hook]), 120)
    return [tube("crook", path, np.interp(np.linspace(0, 1, 120), (0, 0.1, 1), (0.0105, 0.0125, 0.0118)), sides=32)], []


def _open(spec: Spec):
    panels = _canopy(spec)
    metal, plastic = _mechanism(spec)
    end = spec["depth"] - spec["shaft"] + 0.12
    metal.append(tube("shaft", [(0, 0, spec["depth"]), (0, 0, end - 0.02)], 0.0065, sides=20))
    collar = place(cylinder("collar", 0.0138, 0.014, 0.003), (0, 0, end - 0.006))
    grip, loop = _crook(end, spec.has("straight"))
    dress(_metal(spec), metal[-1], collar)
    # Put down, it rests on two rib tips and on the handle.
    lean = math.degrees(math.atan2(spec["radius"], spec["shaft"] - spec["depth"]))
    parts = [*panels, *metal, *plastic, collar, *grip, *loop]
    for part in parts:
        place(part, turn=(0, 0, 360 / _RIBS / 2))
    for part in parts:
        place(part, turn=(0, 90 - lean, 0))
    return panels, metal[:-1], [*plastic, *loop], grip, [metal[-1], collar]


def _closed(spec: Spec):
    """Furled: eight pleats wound round the shaft and held by a band."""
    long = spec["shaft"] - 0.16
    z = np.linspace(0, 1, 90)
    base = np.interp(z, (0, 0.03, 0.1, 0.6, 0.93, 1), (0.014, 0.024, 0.033, 0.044, 0.054, 0.046))
    angle = np.linspace(0, 2 * math.pi, 320, endpoint=False)
    phase = angle[None] * _RIBS / (2 * math.pi) + 1.5 * z[:, None] ** 1.3
    pleat = phase % 1
    # Each pleat lies on the next like a page: a slow rise and a sudden edge.
    rise = np.where(pleat < 0.9, pleat / 0.9, (1 - pleat) / 0.1)
    tied = 1 - 0.25 * np.exp(-(((z - 0.72) / 0.05) ** 2))
    radius = (base * tied)[:, None] * (0.86 + 0.2 * rise * (0.4 + 0.6 * z[:, None]))
    # The rim is a row of points, one to a pleat.
    height = long * (z[:, None] + 0.03 * (np.abs(pleat - 0.5) * 2 - 0.5) * np.clip((z[:, None] - 0.9) / 0.1, 0, 1))
    grid = np.stack([radius * np.cos(angle), radius * np.sin(angle), height + 0 * radius], -1)
    inside = grid[-1:] * [0.3, 0.3, 1]
    uv = np.stack(np.meshgrid(np.linspace(0, 0.6, 321), np.concatenate([z * long, [long + 0.02]])), -1)
    cloth = sheet("cloth", np.concatenate([grid, inside]), wrap_u=True, uv=uv)
    end = long + 0.035
    ring = np.stack([0.041 * np.cos(angle[::4]), 0.041 * np.sin(angle[::4]), 0 * angle[::4] + long * 0.72], 1)
    ring[:, 2] += 0.004 * np.sin(angle[::4])
    band = tube("band", ring * [0.96, 0.96, 1], 0.0012, closed=True, flat=9, power=4)
    stud = place(sphere("stud", 0.006, 24), (0.014, -0.0385, long * 0.72), scale=(1, 0.5, 1))
    ferrule = place(cylinder("ferrule", 0.005, 0.075, 0.002, top=0.0075), (0, 0, -0.07))
    shaft = tube("shaft", [(0, 0, 0), (0, 0, end + 0.02)], 0.0065, sides=20)
    collar = place(cylinder("collar", 0.0138, 0.014, 0.003), (0, 0, end + 0.004))
    grip, _ = _crook(0.0, False)
    for part in grip:  # the tip stands on the ground and the crook is on top
        place(place(part, turn=(180, 0, 0)), (0, 0, end + 0.012))
    parts = [cloth, band, stud, ferrule, shaft, collar, *grip]
    for part in parts:
        place(part, turn=(4, 9, 0))
    dress(_metal(spec), stud, shaft, collar, ferrule)
    return [cloth, band], [], [], grip, [stud, shaft, collar, ferrule]


def build_umbrella(spec: Spec):
    cloth, metal, plastic, grip, dressed = (_closed if spec.has("closed") else _open)(spec)
    dress(_paint(spec, 0.07), *cloth)
    dress(surface("steel", SHADES["silver"]), *metal)
    dress(simple("plastic", (0.012, 0.012, 0.013), 0.4), *plastic)
    wooden = not spec.has("straight") and spec.seed % 3
    dress(
        surface("walnut", SHADES[("tan", "walnut")[spec.seed % 2]])
        if wooden
        else simple("grip", (0.012, 0.012, 0.013), 0.35),
        *grip,
    )
    return [*cloth, *metal, *plastic, *grip, *dressed]


_UMBRELLA = {"radius": (0.5, 0.53), "depth": (0.22, 0.25), "bend": (72, 78), "shaft": (0.84, 0.88)}
register(Kind(
    "umbrella", "umbrella", "雨伞", "Umbrellas", DEPARTMENT, (12, 69),
    styles=(
        Style("classic", "classic", "经典", _UMBRELLA),
        Style("dome", "dome", "拱形", _UMBRELLA | {"radius": (.42, .44), "depth": (.36, .4), "bend": (92, 98)}),
        Style("travel", "travel", "便携", _UMBRELLA | {"radius": (.46, .49), "depth": (.17, .2), "shaft": (.6, .64)}, frozenset({"straight"})),
        Style("stick", "furled stick", "收拢长柄", _UMBRELLA, frozenset({"closed"})),
    ),
    finishes=(
        Finish("nylon", ("crimson", "navy", "black", "yellow", "forest green", "teal", "lavender", "blush", "cobalt"),
               ("plain", "dotted", "striped", "floral", "checked"), ("white", "cream", "navy", "black")),
        Finish("cotton", ("cream", "burgundy", "olive", "denim blue", "mustard", "charcoal"), ("plain", "tartan", "leafy", "geometric"),
               ("white", "navy", "forest green", "chocolate")),
    ),
    details=(("Eight fibreglass ribs that stand a gale.", "八骨玻纤伞架，抗强风。"), ("Opens at the push of a button.", "一键自动开伞。")),
    build=build_umbrella, view=View(9, 12, .86, angle=(-38, 17)), genders=("women", "men", "unisex"), tags=("rain", "parasol", "brolly"),
))  # fmt: skip
