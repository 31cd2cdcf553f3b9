"""Shoes & accessories: sneakers and boots, built on the last."""

import math

import numpy as np

from .. import last as shoe
from ..colours import SHADES
from ..geometry import crumple, curve, sheet, tube
from ..kind import Finish, Kind, Spec, Style, View, register
from ..last import Last
from ..materials import dress, simple, surface

DEPARTMENT = "Shoes & accessories"
_WHITE_RUBBER, _GUM, _BLACK_RUBBER = (0.80, 0.79, 0.75), (0.36, 0.17, 0.065), (0.018, 0.018, 0.019)


def _paint(spec: Spec, **more):
    return surface(spec.material, spec.shade, pattern=spec.pattern, second=spec.second, repeat=0.05, **more)


def _thread(spec: Spec):
    """Sewing thread: a lighter tone on dark, a darker one on light stuff."""
    c = spec.shade.linear
    tone = [x * 1.9 + 0.035 for x in c] if spec.shade.luminance < 0.12 else [x * 0.55 for x in c]
    return simple("thread", tuple(tone), 0.8)


def _rubber(colour):
    return simple("rubber", colour, 0.6)


# ---------------------------------------------------------------- sneaker

_FOOT = {
    "ridge": ((.280, 0), (.2838, .008), (.282, .018), (.274, .029), (.255, .039), (.225, .049), (.19, .063), (.155, .082), (.122, .104), (.1, .13), (.088, .165), (.082, .2)),
    "back": ((.004, 0), (-.001, .018), (.001, .04), (.007, .065), (.008, .085), (.006, .11), (.003, .14), (0, .2)),
    "widths": ((0, .035), (.04, .0355), (.1, .0365), (.15, .0425), (.2, .0485), (.24, .049), (.285, .0465)),
    "narrowing": ((0, .97), (.018, 1.0), (.05, .90), (.08, .80), (.11, .79), (.16, .84), (.2, .86)),
    "toe": ((0, .1), (.04, .085), (.08, .085), (.12, .062), (.2, .05)),
    "heel": ((0, .042), (.06, .044), (.12, .046), (.2, .046)),
}  # fmt: skip


def _sneaker_last(spec: Spec) -> Last:
    sole = spec["sole"]
    if spec.has("runner"):
        base = (
            (-0.01, sole + 0.014),
            (0.05, sole + 0.010),
            (0.12, sole + 0.003),
            (0.18, sole - 0.004),
            (0.23, sole),
            (0.29, sole + 0.016),
        )
    else:
        base = ((-.01, sole + .002), (.06, sole), (.15, sole - .001), (.21, sole), (.29, sole + .008))  # fmt: skip
    throat, top = (0.155, 0.15) if spec.has("high") else (0.074, 0.072)
    collar = (
        ((0, 0), (0.3, 0.003), (0.65, -0.004), (1, 0))
        if spec.has("high")
        else ((0, 0), (0.1, 0.008), (0.3, 0.018), (0.48, 0.014), (0.66, -0.012), (0.82, -0.012), (1, 0.004))
    )
    return Last(.285, **_FOOT, base=base, throat=throat, top=top, collar=collar, point=2.2 - 0.25 * spec.has("runner"))  # fmt: skip


def _tongue(last: Last, rise: float, wide: float):
    """From under the throat up the instep, padded, its end standing off the foot."""
    t, q = np.linspace(0, 1, 30)[:, None], np.linspace(-1, 1, 24)[None]
    u, z, normal = last.instep(np.linspace(last.throat - 0.012, last.throat + rise, 30))
    half = wide * (0.85 + 0.15 * t)
    # The corners of the end are rounded: the last rows are shorter towards the sides.
    short = 0.010 * np.abs(q) ** 4 * np.clip((t - 0.55) / 0.45, 0, 1)
    high = -0.002 + 0.012 * t**2.2 - 0.009 * q**2
    along = np.stack([0 * u, normal[:, 2], -normal[:, 1]], 1)
    grid = np.stack([q * half, last.length / 2 - u[:, None] + 0 * q, z[:, None] + 0 * q], -1)
    grid += normal[:, None] * high[..., None] - along[:, None] * short[..., None] * np.sign(along[:, 2])[:, None, None]
    tongue = sheet("tongue", grid)
    tongue.modifiers.new("padding", "SOLIDIFY").thickness = 0.0045
    return tongue


def _sneaker_sole(spec: Spec, last: Last):
    sole = spec["sole"]
    if not spec.has("runner"):
        wall = shoe.sole(last, sole, 0.0032, spec["foxing"], 0.0016)
        middle = spec["foxing"]
        line = shoe.rings(last, [(1, middle - 0.0045, 0.0036)], lambda u: 0 * u)[0]
        stripe = tube("stripe", line, 0.0009, closed=True, sides=8)
        return [wall], [stripe]

    def ground(u):
        return 0.002 + 0.014 * np.clip((u - 0.215) / 0.07, 0, 1) ** 2 + 0.012 * np.clip((0.03 - u) / 0.05, 0, 1) ** 2

    u = last.length / 2 - last.at(np.linspace(-1, 1, 150, endpoint=False), 0)[:, 1]
    flare = 0.003 + 0.006 * np.clip((0.1 - u) / 0.1, 0, 1)
    rise = 0.006 + 0.012 * np.exp(-(((u - 0.02) / 0.04) ** 2)) + 0.006 * np.exp(-(((u - 0.28) / 0.03) ** 2))
    levels = [(1, rise - 0.001, -0.002), (1, rise, 0.0012), (1, rise - 0.002, 0.0026)]
    for share in np.linspace(0.97, 0.12, 22):
        groove = 0.0022 * np.exp(-(((share - 0.58 - 0.13 * np.sin(u * 26 + 1.2)) / 0.07) ** 2))
        groove += 0.0014 * np.exp(-(((share - 0.30 - 0.06 * np.sin(u * 40)) / 0.05) ** 2))
        levels.append((share, rise * share, 0.003 + flare * (1 - share) ** 0.8 * 0.9 - groove))
    levels += [(0.06, 0, flare), (0.02, 0, flare - 0.003)]
    middle = shoe.solid("midsole", shoe.rings(last, levels, ground))
    tread = [
        (0.17, 0, flare),
        (0.16, 0, flare + 0.0015),
        (0.05, 0, flare + 0.0015),
        (0, -0.002, flare - 0.0005),
        (0, -0.002, flare - 0.004),
    ]
    return [middle], [shoe.solid("outsole", shoe.rings(last, tread, ground))]


def _eyestay(spec: Spec, last: Last):
    """The doubled edge the eyelets sit in, and the pairs of eyelets from the toe up."""
    if spec.has("high"):
        k, a = np.linspace(0.42, 0.93, 7), np.interp(np.linspace(0, 1, 7), [0, 1], [0.135, 0.26])
        return [_laced_edge(last, sign, 0.36, 0.995) for sign in (-1, 1)], a, k
    count = 6
    a = np.linspace(0.165, 0.385, count)
    k = np.full(count, 0.915)
    reach = 0.47

    def low(q):
        return 0.80 + 0.05 * np.abs(2 * q - 1) ** 2

    return [shoe.patch(last, (-reach, reach), low, 0.995, 0.0014, (10, 90))], a, k


def _laced_edge(last: Last, sign: int, low: float, high: float):
    """One side of a lacing that runs up a closed front: widening at its foot, along the tongue above."""

    def where(p, q):
        k = low + (high - low) * p
        return sign * (0.085 + 0.115 * p + q * np.interp(p, [0, 0.14, 1], [0.04, 0.11, 0.13])), k

    return shoe.laid(last, where, 0.0014, (40, 10))


def _overlays(spec: Spec, last: Last) -> tuple[list, list, list, list]:
    """What is sewn onto the upper, by what it is made of: its stuff, the accent, rubber, thread."""
    q = np.linspace(0.03, 0.97, 60)
    if spec.has("cap"):
        # Shares of the ridge: that of a high-top is longer.
        size = 0.6 if spec.has("high") else 1.0
        cap = shoe.patch(last, (-0.29, 0.29), 0.0, lambda q: size * (0.30 - 0.24 * np.abs(2 * q - 1) ** 2.4), 0.0016)
        heel = shoe.patch(last, (0.965, 1.035), 0.0, 0.995, 0.0014, (40, 10))
        sides = [shoe.seam(last, sign * (0.50 - 0.02 * q), 0.04 + 0.74 * q, 0.0007) for sign in (-1, 1)]
        return [], [heel], [cap], sides
    toe = shoe.patch(last, (-0.36, 0.36), 0.0, lambda q: 0.36 - 0.30 * np.abs(2 * q - 1) ** 1.6)
    counter = shoe.patch(last, (0.82, 1.18), 0.0, lambda q: 0.62 + 0.36 * np.exp(-(((q - 0.5) / 0.16) ** 2)), 0.0013)
    edge = shoe.seam(last, -0.36 + 0.72 * q, 0.342 - 0.30 * np.abs(2 * q - 1) ** 1.6)
    accents = [counter]
    if spec.has("runner"):
        accents += [_slash(last, sign, *bar) for bar in ((0.49, 0.062), (0.57, 0.018)) for sign in (-1, 1)]
        accents.append(shoe.patch(last, (-0.62, 0.62), 0.0, lambda q: 0.14 + 0.10 * np.cos(math.pi * q) ** 2, 0.001))
    else:
        accents += [_slash(last, sign, 0.50, 0.05) for sign in (-1, 1)]
    return [toe], accents, [], [edge]


def build_sneaker(spec: Spec):
    last = _sneaker_last(spec)
    high = spec.has("high")
    body, lining = shoe.upper(last)
    roll = shoe.topline(last, 0.003 if spec.has("cap") else 0.0046)
    tongue = _tongue(last, 0.024 if high else 0.036, 0.027)
    walls, lines = _sneaker_sole(spec, last)
    stays, a, k = _eyestay(spec, last)
    pieces, accents, caps, threads = _overlays(spec, last)
    if not high:
        q = np.linspace(-1, 1, 90)
        threads.append(shoe.seam(last, 0.45 * q, 0.817 + 0.05 * q**2))
    eyelets, laces = _laces(last, a, k, 0.0031, 0.0029)

    second = spec.second or SHADES["white"]
    paint, plain = _paint(spec), surface(spec.material, spec.shade)
    dress(paint, body, tongue, *pieces)
    # On a printed upper the doubled edges are plain.
    dress(plain, *stays)
    dress(surface(spec.material, second), *accents, roll)
    dress(simple("lining", (0.62, 0.61, 0.58) if spec.shade.luminance > 0.03 else (0.09, 0.09, 0.1), 0.9), lining)
    dress(_rubber(_WHITE_RUBBER), *walls, *caps)
    dress(_rubber(spec.second.linear if spec.second else (_GUM, _BLACK_RUBBER)[spec.seed % 2]), *lines)
    dress(surface("cotton", second if second.luminance > 0.4 else SHADES["white"]), *laces)
    dress(simple("eyelet", (0.7, 0.7, 0.7), 0.3, 1.0), *eyelets)
    dress(_thread(spec), *threads)
    parts = [body, lining, roll, tongue, *walls, *lines, *stays, *pieces, *accents, *caps]
    return shoe.pair([*parts, *threads, *eyelets, *laces], 0.118, 0.045)


def _laces(last: Last, a, k, ring: float, radius: float) -> tuple[list, list]:
    """Eyelets at (±a, k) and the lace through them, which clears the tongue in the middle."""
    sides = np.array([1, -1])
    pairs = last.off(np.multiply.outer(a, sides), np.stack([k, k], 1), 0.003 + np.zeros((len(a), 2)))
    middle = pairs.mean(1)
    lifts = [0.004 + shoe.clearance(last, point) for point in middle]
    eyelets = [shoe.eyelet(last, sign * ai, ki, ring) for ai, ki in zip(a, k, strict=True) for sign in sides]
    return eyelets, shoe.lacing(pairs, lifts, radius)


def _slash(last: Last, sign: int, start: float, width: float):
    """A slanted stripe from the sole to the eyestay."""

    def where(p, q):
        return sign * (start - 0.10 * p**1.2 + (q - 0.5) * width), 0.06 + 0.78 * p

    return shoe.laid(last, where, 0.001, (24, 8))


_SNEAKER = {"sole": (0.017, 0.020), "foxing": (0.006, 0.008)}
register(Kind(
    "sneaker", "sneakers", "运动鞋", "Sneakers", DEPARTMENT, (39, 159),
    styles=(
        Style("low", "low-top", "低帮", _SNEAKER),
        Style("plimsoll", "toe-cap", "硫化", _SNEAKER | {"foxing": (.009, .012)}, frozenset({"canvas", "cap"})),
        Style("high", "high-top", "高帮", _SNEAKER | {"foxing": (.009, .012)}, frozenset({"canvas", "cap", "high"})),
        Style("running", "cushioned", "缓震", {"sole": (.03, .034), "foxing": (.006, .008)}, frozenset({"runner"}), "running shoes", "跑鞋"),
    ),
    finishes=(
        Finish("canvas", ("navy", "crimson", "black", "mustard", "white", "forest green", "sky blue", "cream"), ("plain", "checked", "floral", "camouflage"),
               ("white", "black", "cream", "navy"), True),
        Finish("leather", ("white", "black", "navy", "cream", "forest green", "tan"), ("plain",), ("white", "forest green", "navy", "crimson", "mustard", "black"), True),
        Finish("suede", ("grey", "navy", "olive", "burgundy", "sand", "teal"), ("plain",), ("white", "cream", "black", "mustard"), True),
    ),
    details=(("Padded collar, removable insole.", "加厚鞋口，可拆鞋垫。"), ("Rubber sole with a grippy tread.", "橡胶大底，防滑耐磨。")),
    build=build_sneaker, view=View(68, 17, .88, angle=(24, 26)), genders=("women", "men", "unisex"), tags=("shoes", "trainers", "footwear"),
))  # fmt: skip


# ---------------------------------------------------------------- boot

_ANKLE = _FOOT | {
    "ridge": ((.280, 0), (.2838, .008), (.282, .018), (.274, .029), (.255, .039), (.225, .048), (.19, .061), (.155, .083), (.129, .109), (.114, .14), (.109, .17), (.108, .22)),
    "back": ((.004, 0), (-.001, .018), (.0005, .04), (.005, .065), (.006, .085), (.003, .115), (0, .15), (-.002, .22)),
    "narrowing": ((0, .96), (.018, 1.0), (.05, .91), (.085, .86), (.12, .93), (.16, 1.05), (.22, 1.12)),
    "heel": ((0, .042), (.06, .044), (.12, .048), (.22, .05)),
}  # fmt: skip
_TALL = _ANKLE | {
    "ridge": (*_ANKLE["ridge"][:9], (.113, .145), (.109, .19), (.115, .25), (.121, .31), (.122, .36), (.121, .42)),
    "back": (*_ANKLE["back"][:6], (-.002, .16), (-.009, .22), (-.014, .28), (-.013, .34), (-.011, .42)),
    "narrowing": (*_ANKLE["narrowing"][:4], (.12, .92), (.19, 1.12), (.26, 1.32), (.33, 1.42), (.42, 1.45)),
    "toe": ((0, .1), (.04, .085), (.08, .085), (.12, .062), (.2, .06), (.42, .066)),
    "heel": ((0, .042), (.06, .044), (.12, .048), (.3, .064), (.42, .066)),
}  # fmt: skip


def _boot_last(spec: Spec) -> Last:
    heel, sole, shaft = spec["heel"], spec["sole"], spec["shaft"]
    base = (
        (-0.02, heel + sole),
        (0.06, heel + sole - 0.001),
        (0.12, heel * 0.55 + sole),
        (0.17, sole + heel * 0.12),
        (0.215, sole),
        (0.255, sole + 0.003),
        (0.29, sole + 0.011),
    )
    dip = -0.010 if spec.has("chelsea") else 0.0
    collar = ((0, 0), (0.25, dip * 0.8), (0.5, dip), (0.75, dip * 0.8), (1, 0))
    return Last(
        .285, **(_TALL if spec.has("tall") else _ANKLE), base=base, throat=shaft, top=shaft + .006, collar=collar,
        point=spec["point"], lean=1.35,
    )  # fmt: skip


def _boot_sole(spec: Spec, last: Last):
    """Welt, outsole and heel; a work boot's edge is cut into lugs."""
    sole, out = spec["sole"], spec["welt"]
    welt = shoe.sole(last, 0.0045, out, 0.0012)
    if spec.has("lugs"):
        a = np.linspace(-1, 1, 300, endpoint=False)
        u = last.length / 2 - last.at(a, 0)[:, 1]
        notch = 0.004 * (np.sin(u * 2 * math.pi / 0.021) > 0.45)
        levels = [
            (0.72, 0, out),
            (0.7, 0, out + 0.0005),
            (0.56, 0, out + 0.0005),
            (0.5, 0, out - notch),
            (0.06, 0, out - notch),
            (0, 0, out - notch - 0.0015),
        ]
        bottom = shoe.solid("sole", shoe.rings(last, levels, lambda v: last.ground(v) - sole, 300))
    else:
        levels = [(0.9, 0, out - 0.002), (0.62, 0, out - 0.0006), (0.58, 0, out), (0.06, 0, out), (0, 0, out - 0.001)]
        bottom = shoe.solid("sole", shoe.rings(last, levels, lambda v: last.ground(v) - sole))
    taper = spec["taper"]
    foot = ((0.070 + 2 * out) * taper, 0.068 * taper)
    block = shoe.heel_block(last, sole * 0.9, 0.074, foot, 0.004 + 0.035 * (1 - taper), 1.0, out)
    return welt, [bottom, *block]


def _pull_tab(last: Last, width: float):
    """A loop of webbing from outside the back seam over the topline to the inside."""
    low, top = last.off(1.0, 0.9, 0.0016), last.at(1.0, 1.0)
    inside = last.off(1.0, 0.93, -0.004)
    path = curve(
        [
            low,
            *(top + np.array([(0, 0.003, -0.002), (0, 0.004, 0.014), (0, -0.001, 0.021), (0, -0.005, 0.012)])),
            inside,
        ],
        40,
    )
    return tube("tab", path, width / 2, flat=0.14, up=(0, 1, 0.1), power=5, sides=16, round_ends=False)


def build_boot(spec: Spec):
    last = _boot_last(spec)
    body, lining = shoe.upper(last, 90 if spec.has("tall") else 66)
    roll = shoe.topline(last, 0.0056 if spec.has("lugs") else 0.0022)
    welt, bottom = _boot_sole(spec, last)
    laid, trims, dark, threads, metal, laces = [], [], [], [], [], []
    q = np.linspace(0, 1, 80)
    if spec.has("chelsea"):
        dark += [_gore(last, sign) for sign in (-1, 1)]
        trims.append(_pull_tab(last, 0.017))
        threads += [shoe.seam(last, sign * (0.335 + 0.05 * q), 0.05 + 0.48 * q, 0.0008) for sign in (-1, 1)]
    elif spec.has("lugs"):
        laid += [_laced_edge(last, sign, 0.36, 0.985) for sign in (-1, 1)]
        laid.append(shoe.patch(last, (-0.36, 0.36), 0.0, lambda q: 0.30 - 0.23 * np.abs(2 * q - 1) ** 1.6))
        laid.append(
            shoe.patch(
                last, (0.80, 1.20), 0.0, lambda q: 0.24 + 0.74 * np.exp(-(((q - 0.5) / 0.14) ** 2)), cuts=(30, 60)
            )
        )
        laid.append(_tongue(last, 0.024, 0.026))
        for edge in (0.0, 0.012):
            threads.append(shoe.seam(last, -0.35 + 0.70 * q, 0.285 - edge - 0.22 * np.abs(2 * q - 1) ** 1.6))
            threads += [shoe.seam(last, sign * (0.80 + edge - 0.35 * q), 0.30 + 0.10 * q, 0.0008) for sign in (-1, 1)]
        k = np.linspace(0.44, 0.94, 8)
        a = 0.128 + 0.115 * (k - 0.36) / 0.625
        eyelets, laces = _laces(last, a, k, 0.0034, 0.0026)
        metal += eyelets
        trims.append(_pull_tab(last, 0.014))
    else:
        crumple(body, 0.0024, 0.06, spec.seed % 40, (2.4, 2.4, 1))
        loop = last.level(np.linspace(-1, 1, 120, endpoint=False), 0.122)
        centre = loop.mean(0)
        loop = centre + (loop - centre) * (1.055, 1.04, 1)
        trims.append(shoe.band(loop, 0.016, 0.0026, closed=True))
        here = loop[90] + np.array([0.0016, 0, 0])
        metal += shoe.buckle(here, loop[91] - loop[90], (1, 0, 0), (0.018, 0.023), 0.0014)
        threads.append(shoe.seam(last, q * 2 - 1, 0.972, 0.0009))
    paint = _paint(spec)
    trim = surface(spec.material, spec.second) if spec.second else paint
    dress(paint, body, *laid)
    # The padded collar of a work boot, tabs and straps show the second shade.
    dress(trim, roll, *trims)
    dress(simple("lining", (0.32, 0.22, 0.14) if spec.shade.name != "white" else (0.6, 0.58, 0.54), 0.9), lining)
    dress(surface("cotton", SHADES["black"] if spec.shade.luminance < 0.25 else SHADES["charcoal"]), *dark)
    dress(_rubber(_sole_colour(spec)), *bottom)
    dress(simple("welt", (0.30, 0.17, 0.075) if spec.has("lugs") else (0.03, 0.022, 0.018), 0.6), welt)
    dress(_thread(spec), *threads)
    dress(simple("metal", (0.75, 0.6, 0.35), 0.28, 1.0), *metal)
    dress(surface("cotton", SHADES["mustard" if spec.seed % 2 else "cream"]), *laces)
    parts = [body, lining, roll, welt, *bottom, *laid, *trims, *dark, *threads, *metal, *laces]
    return shoe.pair(parts, 0.125, 0.05)


def _sole_colour(spec: Spec):
    if spec.has("lugs"):
        return (_BLACK_RUBBER, (0.10, 0.055, 0.03))[spec.seed % 2]
    return ((0.03, 0.023, 0.02), (0.13, 0.065, 0.032))[spec.shade.luminance > 0.05]


def _gore(last: Last, sign: int):
    """The elastic in the side of a chelsea boot: ribbed, narrower below."""

    def where(p, q):
        return sign * (0.5 + 0.13 * (1 - p) + (q - 0.5) * (0.10 + 0.16 * p**0.8)), 0.50 + 0.49 * p - 0.05 * (1 - p) * (
            1 - (2 * q - 1) ** 2
        )

    return shoe.laid(last, where, lambda p, q: 0.0007 + 0.0006 * np.sin(q * math.pi * 26), (24, 130))


_BOOT = {
    "heel": (0.024, 0.03),
    "sole": (0.008, 0.009),
    "welt": (0.003, 0.004),
    "shaft": (0.145, 0.155),
    "taper": (0.94, 0.97),
    "point": (2.0, 2.15),
}
register(Kind(
    "boot", "boots", "靴子", "Boots", DEPARTMENT, (69, 249),
    styles=(
        Style("chelsea", "chelsea", "切尔西", _BOOT, frozenset({"chelsea"})),
        Style("work", "lace-up", "系带工装", _BOOT | {"sole": (.016, .018), "heel": (.02, .024), "welt": (.005, .006), "shaft": (.15, .16), "taper": (.99, 1.0), "point": (2.25, 2.4)}, frozenset({"lugs"})),
        Style("tall", "knee-high", "及膝", _BOOT | {"heel": (.045, .06), "sole": (.006, .007), "welt": (.002, .0025), "shaft": (.35, .38), "taper": (.82, .88), "point": (1.75, 1.9)}, frozenset({"tall"})),
    ),
    finishes=(
        Finish("leather", ("black", "chocolate", "cognac", "burgundy", "tan", "forest green", "white")),
        Finish("suede", ("sand", "chocolate", "grey", "navy", "black", "camel", "olive")),
        Finish("leather", ("walnut", "black", "cognac", "mustard", "charcoal"), ("plain",), ("black", "chocolate", "cream"), True),
    ),
    details=(("Goodyear-style welt that can be resoled.", "沿条缝制鞋底，可更换大底。"), ("Warm lining and a grippy sole.", "保暖内里，防滑鞋底。")),
    build=build_boot, view=View(66, 14, .88, angle=(24, 18)), genders=("women", "unisex"), season="winter", tags=("shoes", "footwear"),
))  # fmt: skip
