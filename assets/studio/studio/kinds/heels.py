"""Shoes & accessories: sandals and high heels, built on the last."""

import math

import numpy as np

from .. import last as shoe
from ..colours import SHADES
from ..geometry import curve, sheet, tube
from ..kind import Finish, Kind, Spec, Style, View, register
from ..last import Last
from ..materials import dress, simple, surface

DEPARTMENT = "Shoes & accessories"
_GOLD, _STEEL = (0.78, 0.6, 0.33), (0.75, 0.75, 0.75)


def _paint(spec: Spec, repeat: float = 0.04):
    return surface(spec.material, spec.shade, pattern=spec.pattern, second=spec.second, repeat=repeat)


def _metal(spec: Spec):
    return simple("metal", (_GOLD, _STEEL)[spec.seed % 2], 0.25, 1.0)


# ---------------------------------------------------------------- sandal

_BARE = {
    "ridge": ((.258, 0), (.262, .007), (.258, .015), (.245, .021), (.222, .028), (.195, .039), (.165, .055), (.135, .076), (.112, .098), (.095, .125), (.088, .16)),
    "back": ((.006, 0), (.0, .018), (.002, .04), (.008, .065), (.010, .085), (.008, .12), (.008, .16)),
    "widths": ((0, .031), (.04, .0325), (.09, .033), (.14, .039), (.19, .046), (.225, .047), (.262, .044)),
    "narrowing": ((0, .98), (.02, 1.0), (.05, .90), (.08, .82), (.11, .82), (.16, .86)),
    "toe": ((0, .085), (.04, .075), (.08, .075), (.12, .055), (.16, .05)),
    "heel": ((0, .04), (.06, .042), (.16, .045)),
}  # fmt: skip


def build_sandal(spec: Spec):
    sole = spec["sole"]
    base = (
        (-0.01, sole + 0.003),
        (0.05, sole + 0.002),
        (0.12, sole + 0.003),
        (0.18, sole),
        (0.23, sole + 0.001),
        (0.27, sole + 0.006),
    )
    last = Last(.262, **_BARE, base=base, throat=.1, top=.075, point=2.15, turn=.008)  # fmt: skip
    out = spec["welt"]
    # Its top is well below the footbed, which dips.
    levels = [
        (1, -0.010, out - 0.004),
        (1, -0.002, out - 0.003),
        (1, -0.0015, out - 0.001),
        (1, -0.003, out),
        (0, 0.003, out),
    ]
    body = shoe.solid("midsole", shoe.rings(last, levels, lambda u: last.ground(u) - sole))
    tread = shoe.sole(last, sole, spec["welt"] + 0.0004, -sole + 0.0045, 0.001)
    footbed = _footbed(last, spec["welt"])
    rim = shoe.rings(last, [(1, 0.0005, spec["welt"] - 0.0035)], lambda u: 0 * u)[0]
    stitching = shoe.thread(np.concatenate([rim, rim[:1]]), 0.0006, 0.005)
    straps, metal, lining = _sandal_straps(spec, last)
    paint = _paint(spec)
    dress(paint, *straps)
    cork = (0.42, 0.25, 0.12)
    dress(simple("midsole", cork if spec.has("cork") else (0.05, 0.034, 0.026), 0.8), body)
    dress(simple("tread", (0.025, 0.022, 0.02), 0.65), tread)
    # A slide is of one stuff, its footbed too; the others have a bare leather footbed.
    bed = surface("leather", SHADES["tan" if spec.shade.name not in ("tan", "camel") else "cognac"])
    dress(paint if spec.has("slide") else bed, footbed)
    dress(simple("thread", (0.75, 0.66, 0.5), 0.8), stitching)
    dress(_metal(spec), *metal)
    dress(simple("holes", (0.03, 0.02, 0.015), 0.8), *lining)
    return shoe.pair([body, tread, footbed, stitching, *straps, *metal, *lining], 0.112, 0.05, 4)


def _footbed(last: Last, out: float):
    """What the foot stands on: cupped at the rim, with the hollow of the arch and the ball."""
    columns = 150
    edge = shoe.rings(
        last, [(1, 0.0, out - 0.0012), (1, 0.0015, out - 0.002), (1, 0.0015, out - 0.003)], lambda u: 0 * u, columns
    )
    middle = (edge[-1] + np.roll(edge[-1][::-1], 1, 0)) / 2
    grid = [edge[0], edge[1], edge[2]]
    for share in np.linspace(0.97, 0, 16):
        ring = middle + (edge[-1] - middle) * share
        u = last.length / 2 - ring[:, 1]
        ring[:, 2] -= (
            0.004
            * (1 - share**4)
            * (0.5 + np.exp(-(((u - 0.035) / 0.03) ** 2)) - 0.9 * np.exp(-(((u - 0.11) / 0.03) ** 2)))
        )
        grid.append(ring)
    return sheet("footbed", np.array(grid), wrap_u=True)


def _buckled(last: Last, line, width: float, phi: float, size: float = 1.15):
    """A strap over the foot with its buckle on the outside, and the holes beyond it."""
    straight = curve(line, 300)

    def at(angle, height):
        return last.over(np.interp(angle, straight[:, 0], straight[:, 1]), angle, height)

    here, further = at(phi, 0.0038), at(phi + 0.05, 0.0038)
    out = here - at(phi, 0.0)
    frame = shoe.buckle(here, further - here, out, (width * 0.85, width * size), 0.0011 + width * 0.02)
    holes = []
    for step in (1, 2, 3):
        centre = at(phi + 0.24 * step, 0.0042)
        holes.append(tube("hole", np.array([centre, centre + out * 0.05]), 0.0011, sides=8))
    return [shoe.strap(last, line, width)], frame, holes


def _sandal_straps(spec: Spec, last: Last):
    straps, metal, holes = [], [], []

    def buckled(line, width, phi, size=1.15):
        for found, new in zip((straps, metal, holes), _buckled(last, line, width, phi, size), strict=True):
            found.extend(new)

    half = math.pi / 2
    if spec.has("slide"):
        line = ((0, 0.158), (half, 0.185), (math.pi, 0.165))
        straps.append(shoe.strap(last, line, spec["band"], 0.001, 0.0055))
        middle, phi = curve(line, 300), np.linspace(0.05, math.pi - 0.05, 90)
        for edge in (-0.43, 0.43):
            u = np.interp(phi, middle[:, 0], middle[:, 1]) + edge * spec["band"]
            straps.append(shoe.thread(last.over(u, phi, np.full(90, 0.0066)), 0.0006, 0.004))
    elif spec.has("cork"):
        buckled(((0, 0.187), (half, 0.202), (math.pi, 0.19)), spec["band"], 0.75, 1.2)
        buckled(((0, 0.118), (half, 0.143), (math.pi, 0.122)), spec["band"], 0.72, 1.2)
    elif spec.has("gladiator"):
        for u, ahead in ((0.212, 0.008), (0.182, 0.010), (0.152, 0.011), (0.118, 0.009)):
            straps.append(shoe.strap(last, ((0, u - 0.012), (half, u + ahead), (math.pi, u - 0.010)), spec["band"]))
        spine = np.linspace(0.215, 0.108, 40)
        straps.append(shoe.band(last.over(spine, half, np.full(40, 0.0034)), 0.011, 0.0024, up=(1, 0, 0)))
        _ankle(spec, last, straps, metal, 0.088)
    else:
        straps.append(shoe.strap(last, ((0, 0.180), (half, 0.198), (math.pi, 0.183)), spec["band"]))
        straps.append(
            shoe.strap(last, ((0, 0.198), (half, 0.182), (math.pi, 0.200)), spec["band"] * 0.8, 0.0008, rise=0.0034)
        )
        _ankle(spec, last, straps, metal, 0.080)
    return straps, metal, holes


def _ankle(spec: Spec, last: Last, straps: list, metal: list, height: float):
    """Heel counter, and the strap that goes through it round the ankle to a buckle outside."""
    straps.append(
        shoe.patch(last, (0.72, 1.28), 0.0, lambda q: 0.12 + 0.88 * np.exp(-(((q - 0.5) / 0.24) ** 4)), 0.002, (30, 60))
    )
    angle = np.linspace(0, 2 * math.pi, 120, endpoint=False)
    # Higher at the heel's tendon than in front would slip: it drops a little towards the instep.
    y = last.length / 2 - 0.053 + 0.048 * np.cos(angle)
    z = last.ground(0.05) + height - 0.006 + 0.008 * np.cos(angle) ** 2
    path = np.stack([0.034 * np.sin(angle), y, z], 1)
    straps.append(shoe.band(path, spec["ankle"], 0.0028, closed=True))
    here = path[33] + np.array([0.0016, 0, 0])
    metal.extend(shoe.buckle(here, path[34] - path[33], (1, 0, 0), (spec["ankle"] * 1.1, spec["ankle"] * 1.5), 0.0012))


_SANDAL = {"sole": (0.017, 0.021), "welt": (0.004, 0.005), "band": (0.024, 0.028), "ankle": (0.010, 0.012)}
register(Kind(
    "sandal", "sandals", "凉鞋", "Sandals", DEPARTMENT, (19, 119),
    styles=(
        Style("two", "two-strap", "双带", _SANDAL | {"sole": (.024, .028), "band": (.034, .038)}, frozenset({"cork"})),
        Style("slide", "wide-band", "一字", _SANDAL | {"sole": (.026, .03), "band": (.085, .095)}, frozenset({"slide"}), "slides", "拖鞋"),
        Style("gladiator", "gladiator", "罗马", _SANDAL | {"band": (.011, .014)}, frozenset({"gladiator"})),
        Style("ankle", "ankle-strap", "绑带", _SANDAL | {"band": (.018, .022)}),
    ),
    finishes=(
        Finish("leather", ("tan", "black", "white", "cognac", "burgundy", "navy", "mustard", "gold"), ("plain",)),
        Finish("suede", ("sand", "olive", "teal", "blush", "chocolate", "grey")),
        Finish("canvas", ("navy", "coral", "forest green", "black", "cream", "sky blue"), ("plain", "striped", "dotted", "floral"), ("white", "navy", "crimson", "cream")),
    ),
    details=(("Footbed shaped to the sole of the foot.", "贴合足弓的鞋床。"), ("Adjustable fit, light rubber sole.", "可调松紧，轻便橡胶底。")),
    build=build_sandal, view=View(58, 28, .88, angle=(22, 36)), genders=("women", "unisex"), season="summer", tags=("shoes", "footwear", "summer shoes"),
))  # fmt: skip


# ---------------------------------------------------------------- high heel

_PUMP = {
    "ridge": ((.2215, 0), (.2232, .004), (.2215, .009), (.213, .015), (.198, .021), (.178, .029), (.155, .040), (.125, .056), (.095, .076), (.068, .1), (.055, .13)),
    "back": ((.006, 0), (.001, .012), (.0, .026), (.004, .042), (.009, .058), (.01, .08), (.01, .13)),
    "widths": ((0, .026), (.03, .0265), (.07, .0255), (.11, .029), (.15, .037), (.175, .0385), (.223, .034)),
    "narrowing": ((0, .96), (.012, 1.0), (.04, .94), (.07, .84), (.13, .84)),
    "toe": ((0, .09), (.03, .085), (.06, .075), (.13, .05)),
    "heel": ((0, .032), (.05, .036), (.13, .04)),
}  # fmt: skip


def _pump_last(spec: Spec) -> Last:
    h, sole = spec["heel"], spec["sole"]
    base = (
        (-0.02, h * 1.03),
        (0.02, h),
        (0.05, h * 0.9),
        (0.085, h * 0.56),
        (0.115, h * 0.24),
        (0.142, h * 0.05),
        (0.165, 0),
        (0.19, 0.001),
        (0.225, 0.007),
    )
    collar = (
        ((0, 0), (.06, -.006), (.2, -.013), (.4, -.012), (.65, -.006), (.85, -.002), (1, 0))
        if spec.has("slingback")
        else ((0, 0), (.06, -.006), (.2, -.014), (.45, -.019), (.7, -.013), (.88, -.003), (1, 0))
    )  # fmt: skip
    return Last(
        .223, **_PUMP, base=tuple((u, z + sole) for u, z in base), throat=spec["throat"],
        top=.008 if spec.has("slingback") else .054, collar=collar, point=spec["point"], turn=.004,
    )  # fmt: skip


def build_heel(spec: Spec):
    last = _pump_last(spec)
    body, lining = shoe.upper(last, 50, 150, 0.0016)
    roll = shoe.topline(last, 0.0013, 0.0016)
    under = shoe.sole(last, spec["sole"], 0.0006, 0.0004, 0.0008)
    bed = shoe.sole(last, -0.0008, -0.001, 0.002, 0.0004)
    block, rubber = shoe.heel_block(
        last, spec["sole"] * 0.5, spec["seat"], (spec["tip"], spec["tip"] * 0.92), spec["set"], spec["hollow"], 0.0004
    )
    straps, metal = [], []
    if spec.has("slingback"):
        straps, metal = _sling(last)
    if spec.has("strap"):
        straps, metal = _instep_strap(last)
    paint = _paint(spec, 0.035)
    dress(paint, body, roll, block, *straps)
    dress(simple("lining", (0.66, 0.5, 0.36), 0.6), lining, bed)
    dress(simple("sole", (0.10, 0.055, 0.03) if spec.shade.luminance > 0.03 else (0.30, 0.19, 0.10), 0.5), under)
    dress(simple("tip", (0.015, 0.015, 0.016), 0.5), rubber)
    dress(_metal(spec), *metal)
    return shoe.pair([body, lining, roll, under, bed, block, rubber, *straps, *metal], 0.088, 0.05, 3)


def _sling(last: Last):
    """The strap of a slingback, from the sides of the vamp round the heel."""
    share = np.linspace(0, 1, 60)
    u = curve([(0, .118), (.25, .085), (.5, .05), (.75, .02), (.9, .006), (1, .001)], 60)  # fmt: skip
    u = np.interp(share, u[:, 0], u[:, 1])
    z = 0.007 + 0.039 * np.sin(share * math.pi / 2) ** 1.3
    outer, inner = last.world(1, u, z), last.world(-1, u, z)
    path = np.concatenate([outer, inner[::-1][1:]])
    path[:, 0] *= 1.02
    path[50:69] = curve(path[[50, 55, 59, 63, 68]], 19)
    here = path[20] + np.array([0.001, 0, 0])
    return [shoe.band(path, 0.007, 0.002)], shoe.buckle(here, path[21] - path[20], (1, 0, 0), (0.008, 0.011), 0.0009)


def _instep_strap(last: Last):
    """A mary jane's strap over the instep, and its buckle."""
    line = ((0, 0.094), (math.pi / 2, 0.112), (math.pi, 0.094))
    path = curve(line, 300)
    phi = 0.62
    here, further = (last.over(np.interp(p, path[:, 0], path[:, 1]), p, 0.0042) for p in (phi, phi + 0.05))
    out = here - last.over(np.interp(phi, path[:, 0], path[:, 1]), phi, 0.0)
    return [shoe.strap(last, line, 0.0065, 0.002, 0.0018, (0.12, math.pi - 0.12))], shoe.buckle(
        here, further - here, out, (0.010, 0.014), 0.001
    )


_HEEL = {
    "heel": (0.085, 0.098),
    "sole": (0.0024, 0.003),
    "throat": (0.027, 0.031),
    "point": (1.2, 1.3),
    "seat": (0.052, 0.056),
    "tip": (0.0105, 0.012),
    "set": (0.010, 0.013),
    "hollow": (4, 4.6),
}
register(Kind(
    "heel", "high heels", "高跟鞋", "High heels", DEPARTMENT, (49, 229),
    styles=(
        Style("stiletto", "stiletto", "细跟", _HEEL, frozenset(), "pumps", "高跟鞋"),
        Style("slingback", "slingback", "后空", _HEEL | {"heel": (.065, .078), "hollow": (3.2, 3.8)}, frozenset({"slingback"})),
        Style("block", "block-heel", "粗跟", _HEEL | {"heel": (.065, .08), "tip": (.04, .046), "set": (.003, .006), "hollow": (1.25, 1.4), "point": (1.85, 2.05)}, frozenset(), "pumps", "高跟鞋"),
        Style("mary", "mary jane", "玛丽珍", _HEEL | {"heel": (.072, .085), "tip": (.03, .036), "set": (.005, .008), "hollow": (1.4, 1.6), "point": (1.9, 2.1)}, frozenset({"strap"})),
    ),
    finishes=(
        Finish("leather", ("black", "crimson", "white", "navy", "blush", "cognac", "emerald", "gold"), ("plain",)),
        Finish("suede", ("black", "burgundy", "cobalt", "forest green", "fuchsia", "camel", "grey")),
        Finish("canvas", ("cream", "navy", "blush", "black", "lemon"), ("plain", "dotted", "floral", "checked"), ("navy", "white", "crimson", "black", "forest green")),
    ),
    details=(("Padded insole for long evenings.", "软垫鞋垫，久站不累。"), ("Lined in soft leather.", "柔软皮革内里。")),
    build=build_heel, view=View(64, 16, .86, angle=(28, 24)), genders=("women",), tags=("shoes", "heels", "footwear", "evening shoes"),
))  # fmt: skip
