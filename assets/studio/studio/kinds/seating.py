"""Furniture: chair, stool, armchair, sofa, table; and the cushion that goes on them."""

from dataclasses import replace

import bpy
import numpy as np

from ..colours import SHADES
from ..geometry import bend, crumple, curve, cushion, cushion_edge, cylinder, lathe, place, rounded_box, tube
from ..kind import Finish, Kind, Spec, Style, View, register
from ..materials import dress, surface

WOODS = ("oak", "walnut", "beech")
UPHOLSTERY = (
    "mustard",
    "forest green",
    "navy",
    "blush",
    "cream",
    "charcoal",
    "terracotta",
    "teal",
    "burgundy",
    "light grey",
    "camel",
    "olive",
)
LACQUER = ("white", "black", "crimson", "mustard", "forest green", "sky blue", "sage", "coral")


def leg(top, bottom, thick, thin):
    """A turned leg between two points, thinner at the floor."""
    path = curve([top, np.add(top, bottom) / 2, bottom], 16)
    return tube("leg", path, np.linspace(thick, thin, 16), round_ends=False)


def wood(spec: Spec, grain="Z"):
    return surface(spec.material, spec.shade, grain=grain)


def four_legs(width, depth, height, splay, thick, thin, inset=0.03):
    legs = []
    for x in (-1, 1):
        for y in (-1, 1):
            top = (x * (width / 2 - inset), y * (depth / 2 - inset), height)
            legs.append(leg(top, (top[0] + x * splay, top[1] + y * splay, 0), thick, thin))
    return legs


def _saddle(points, depth=0.012, width=0.42):
    """A gently dished seat."""
    points = points.copy()
    points[:, 2] -= depth * np.clip(1 - (points[:, 0] / (width / 2)) ** 2, 0, 1)
    return points


def build_chair(spec: Spec):
    w, d, seat, back, splay = (spec[k] for k in ("width", "depth", "seat", "back", "splay"))
    parts = four_legs(w, d, seat - 0.02, splay, 0.019, 0.013, 0.05)
    panel = bend(rounded_box("seat", (w, d, 0.034), 0.015), _saddle)
    place(panel, (0, 0, seat))
    parts.append(panel)
    lean = 0.09
    y0, top = d / 2 - 0.03, seat + back
    if spec.has("spindle"):
        for x in np.linspace(-0.42, 0.42, 6) * w:
            parts.append(
                tube(
                    "spindle",
                    curve(
                        [
                            (x, y0, seat),
                            (x * 1.06, y0 + lean * 0.5, seat + back * 0.5),
                            (x * 1.12, y0 + lean, top - 0.02),
                        ],
                        20,
                    ),
                    0.0075,
                )
            )
    else:
        for x in (-0.42 * w, 0.42 * w):
            parts.append(
                tube(
                    "post",
                    curve(
                        [(x, y0, seat), (x * 1.02, y0 + lean * 0.5, seat + back * 0.5), (x * 1.05, y0 + lean, top)], 20
                    ),
                    0.014,
                )
            )
        if not spec.has("shell"):
            low = rounded_box("slat", (w * 0.8, 0.016, 0.06), 0.008)
            parts.append(place(low, (0, y0 + lean * 0.5, seat + back * 0.45), (-10, 0, 0)))
    tall = spec["rail"]
    rail = rounded_box("rail", (w * 1.02, 0.022, tall), 0.01, cuts=30)

    def curl(points):
        points = points.copy()
        points[:, 1] -= 0.05 * (points[:, 0] / (w / 2)) ** 2 - 0.02
        return points

    parts.append(place(bend(rail, curl), (0, y0 + lean, top - tall / 2), (-10, 0, 0)))
    across, along = wood(spec, "X"), wood(spec, "Z")
    for part in parts:
        dress(across if part.name.startswith(("seat", "rail", "slat")) else along, part)
    return parts


WOOD_FINISHES = (
    Finish("oak", ("oak",)),
    Finish("walnut", ("walnut",)),
    Finish("lacquered wood", LACQUER),
)
register(
    Kind(
        "chair",
        "dining chair",
        "餐椅",
        "Chairs",
        "Furniture",
        (79, 249),
        styles=(
            Style(
                "spindle",
                "spindle-back",
                "梳背",
                {
                    "width": (0.43, 0.46),
                    "depth": (0.42, 0.44),
                    "seat": (0.45, 0.46),
                    "back": (0.38, 0.42),
                    "splay": (0.04, 0.06),
                    "rail": (0.05, 0.065),
                },
                frozenset({"spindle"}),
            ),
            Style(
                "curved",
                "curved-back",
                "弯背",
                {
                    "width": (0.45, 0.48),
                    "depth": (0.43, 0.45),
                    "seat": (0.45, 0.46),
                    "back": (0.3, 0.34),
                    "splay": (0.02, 0.035),
                    "rail": (0.13, 0.16),
                },
                frozenset({"shell"}),
            ),
            Style(
                "ladder",
                "ladder-back",
                "横档",
                {
                    "width": (0.42, 0.45),
                    "depth": (0.42, 0.44),
                    "seat": (0.45, 0.46),
                    "back": (0.42, 0.46),
                    "splay": (0.015, 0.025),
                    "rail": (0.06, 0.075),
                },
            ),
        ),
        finishes=(
            Finish("lacquered wood", LACQUER),
            Finish("oak", ("oak", "natural", "charcoal")),
            Finish("walnut", ("walnut", "cognac", "black")),
        ),
        details=(
            ("Solid wood, dished seat.", "实木打造，微凹座面。"),
            ("Holds 120 kg; felt glides included.", "承重120公斤，附毛毡脚垫。"),
        ),
        build=build_chair,
        view=View(32, 16, 0.86),
        room="dining room",
        tags=("seating",),
    )
)


def build_stool(spec: Spec):
    r, h = spec["radius"], spec["height"]
    seat = place(cylinder("seat", r, 0.036, 0.012), (0, 0, h - 0.036))
    parts, count = [seat], 3 if spec.has("three") else 4
    turns = [90 + 360 * (k + 0.5 * (count == 4)) / count for k in range(count)]
    feet = []
    for turn in np.radians(turns):
        out = np.array([np.cos(turn), np.sin(turn), 0])
        foot = out * r * spec["splay"]
        feet.append((out * r * 0.68 + [0, 0, h - 0.03], foot))
        parts.append(leg(feet[-1][0], foot, 0.017, 0.013))
    at = spec["rung"]
    ring = [top * at + foot * (1 - at) for top, foot in feet]
    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
        parts.append(tube("rung", curve([a, b], 8), 0.009))
    dress(wood(spec), *parts)
    dress(wood(spec, "X"), seat)
    return parts


register(
    Kind(
        "stool",
        "stool",
        "凳",
        "Stools",
        "Furniture",
        (39, 129),
        styles=(
            Style(
                "three",
                "three-legged",
                "三脚",
                {"radius": (0.17, 0.19), "height": (0.44, 0.47), "splay": (1.0, 1.12), "rung": (0.3, 0.4)},
                frozenset({"three"}),
            ),
            Style(
                "bar",
                "bar-height",
                "吧台高",
                {"radius": (0.16, 0.175), "height": (0.64, 0.7), "splay": (1.1, 1.25), "rung": (0.34, 0.4)},
            ),
            Style(
                "low",
                "low",
                "矮",
                {"radius": (0.17, 0.185), "height": (0.38, 0.42), "splay": (0.95, 1.02), "rung": (0.4, 0.48)},
            ),
        ),
        finishes=(
            Finish("lacquered wood", LACQUER),
            Finish("beech", ("oak", "natural", "charcoal")),
            Finish("walnut", ("walnut", "cognac", "black")),
        ),
        details=(
            ("A seat, a bedside table, a step.", "可坐、可当床头几、可垫脚。"),
            ("Joined without a single screw.", "榫卯拼接，不用一颗螺丝。"),
        ),
        build=build_stool,
        view=View(20, 20, 0.84),
        room="kitchen|living room",
        tags=("seating",),
    )
)


def _round_table(spec: Spec):
    """Legs under the rim; a side table has a second tier between them, which no stool has."""
    r, h = spec["width"] / 2, spec["height"]
    parts = [place(cylinder("top", r, 0.026, 0.009), (0, 0, h - 0.026))]
    if spec.has("pedestal"):
        profile = [(0.3 * h, 0), (0.3 * h, 0.012), (0.2 * h, 0.03), (0.075, 0.09), (0.05, 0.24), (0.046, h * 0.6)]
        foot = curve([(0, 0), *profile, (0.06, h - 0.1), (0.16, h - 0.028), (0, h - 0.026)], 90)
        return [*parts, lathe("column", foot)]
    tiers = spec.has("tiers")
    for turn in np.radians((60, 180, 300) if tiers else (50, 130, 230, 310)):
        out = np.array([np.cos(turn), np.sin(turn), 0])
        at, foot = (0.86, 0.86) if tiers else (0.66, 0.9)
        parts.append(leg(out * r * at + [0, 0, h - 0.02], out * r * foot, 0.015 if tiers else 0.023, 0.013))
    if tiers:
        parts.append(place(cylinder("top", r * 0.88, 0.02, 0.007), (0, 0, h * 0.3)))
    return parts


def _square_table(spec: Spec):
    w, d, h = spec["width"], spec["depth"], spec["height"]
    parts = [place(rounded_box("top", (w, d, 0.032), 0.012), (0, 0, h - 0.016))]
    parts += four_legs(w, d, h - 0.03, 0.0 if spec.has("tiers") else 0.02, 0.026, 0.017, 0.06)
    if spec.has("tiers"):
        return [*parts, place(rounded_box("top", (w - 0.1, d - 0.1, 0.02), 0.006), (0, 0, h * 0.36))]
    for sign in (-1, 1):
        parts.append(place(rounded_box("apron", (w - 0.16, 0.02, 0.07), 0.004), (0, sign * (d / 2 - 0.07), h - 0.066)))
        parts.append(place(rounded_box("apron", (0.02, d - 0.16, 0.07), 0.004), (sign * (w / 2 - 0.07), 0, h - 0.066)))
    return parts


def build_table(spec: Spec):
    parts = _round_table(spec) if spec.has("round") else _square_table(spec)
    across, along = wood(spec, "X"), wood(spec, "Z")
    for part in parts:
        dress(across if part.name.startswith(("top", "apron")) else along, part)
    return parts


register(
    Kind(
        "table",
        "table",
        "桌子",
        "Tables",
        "Furniture",
        (149, 690),
        styles=(
            Style(
                "dining",
                "rectangular",
                "长方",
                {"width": (1.45, 1.7), "depth": (0.8, 0.88), "height": (0.73, 0.75)},
                noun="dining table",
                noun_zh="餐桌",
            ),
            Style(
                "coffee",
                "round",
                "圆形",
                {"width": (0.86, 1.0), "height": (0.36, 0.4)},
                frozenset({"round"}),
                "coffee table",
                "咖啡桌",
            ),
            Style(
                "side",
                "two-tier round",
                "双层圆形",
                {"width": (0.54, 0.6), "height": (0.5, 0.54)},
                frozenset({"round", "tiers"}),
                "side table",
                "边桌",
            ),
            Style(
                "pedestal",
                "round pedestal",
                "独脚圆形",
                {"width": (1.05, 1.2), "height": (0.73, 0.75)},
                frozenset({"round", "pedestal"}),
                "dining table",
                "餐桌",
            ),
            Style(
                "shelf",
                "rectangular",
                "长方",
                {"width": (1.05, 1.2), "depth": (0.56, 0.64), "height": (0.38, 0.42)},
                frozenset({"tiers"}),
                "coffee table",
                "咖啡桌",
            ),
        ),
        finishes=(
            Finish("oak", ("oak", "natural", "charcoal")),
            Finish("walnut", ("walnut", "cognac", "black")),
            Finish("lacquered wood", ("white", "black", "sage", "terracotta", "navy")),
        ),
        details=(
            ("Oiled finish that can be renewed.", "木蜡油涂装，可反复养护。"),
            ("Packs flat, four bolts to assemble.", "平板包装，四颗螺栓即可组装。"),
        ),
        build=build_table,
        view=View(28, 20, 0.88),
        room="dining room|living room",
        tags=("wood",),
    )
)


COARSE = {"boucle": 2.2, "leather": 3.0}  # at the scale of a sofa, a true curl or grain is finer than a pixel


def _upholstery(spec: Spec, seats: int):
    coarse = COARSE.get(spec.material, 1.0) * (1 + 0.2 * (seats - 1))
    return surface(
        spec.material,
        spec.shade,
        pattern=spec.pattern,
        second=spec.second,
        repeat=0.16,
        flow="Object",
        coarse=coarse,
    )


def _welt(body, size, axis: int, sign: int, radius: float):
    """The piped seam around one face of a rounded box, pressed onto it after it was crumpled."""
    half = np.asarray(size) / 2 - 0.29 * radius
    u, v = (k for k in range(3) if k != axis)
    turn = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    c, s = np.cos(turn), np.sin(turn)
    path = np.zeros((120, 3))
    path[:, axis] = sign * half[axis]
    path[:, u] = np.sign(c) * (half[u] - 0.7 * radius) + 0.7 * radius * c
    path[:, v] = np.sign(s) * (half[v] - 0.7 * radius) + 0.7 * radius * s
    path = curve(path, 160, closed=True)
    bpy.context.view_layer.update()
    path = np.array([body.closest_point_on_mesh(point)[1] for point in path])
    return tube("welt", path, 0.0065, closed=True, sides=10)


def _with_welts(spec: Spec, body, size, radius: float, *faces: tuple[int, int]):
    """Boucle is sewn without piping: it would drown in the curls."""
    if spec.material == "boucle":
        return [body]
    return [body, *(_welt(body, size, axis, sign, radius) for axis, sign in faces)]


def _seat_unit(spec: Spec, seats: int):
    """What armchair and sofa share: a plinth, seat and back cushions, two arms, legs."""
    w, d = spec["seat_width"] * seats, spec["depth"]
    arm, arm_h, seat_h, back_h = spec["arm"], spec["arm_height"], 0.42, spec["back"]
    lift = spec["legs"]
    parts = [place(rounded_box("base", (w + 0.02, d, seat_h - 0.15 - lift), 0.03), (0, 0, (seat_h - 0.15 + lift) / 2))]
    back = rounded_box("back", (w + 0.02, 0.16, back_h - lift), 0.06, puff=0.012)
    parts.append(place(back, (0, d / 2 - 0.06, (back_h + lift) / 2), (-6, 0, 0)))
    for sign in (-1, 1):
        size, soft = (arm, d + 0.04, arm_h - lift), min(arm / 2, spec["round"])
        side = rounded_box("arm", size, soft, puff=0.008)
        at = (sign * (w / 2 + arm / 2), 0, (arm_h + lift) / 2)
        parts += [place(part, at) for part in _with_welts(spec, side, size, soft, (1, -1))]
        for y in (-1, 1):
            top = (sign * (w / 2 + arm * 0.5), y * (d / 2 - 0.07), lift + 0.03)
            parts.append(leg(top, (top[0] + sign * 0.02, top[1] + y * 0.02, 0), 0.02, 0.012))
    for k in range(seats):
        x = (k - (seats - 1) / 2) * spec["seat_width"]
        wide = spec["seat_width"] - 0.008
        size = (wide, d - 0.16, 0.17)
        seat = crumple(rounded_box("seat", size, 0.05, puff=0.03, cuts=34), 0.006, 0.16, k + 1)
        at = (x, -0.08, seat_h - 0.06)
        parts += [place(part, at) for part in _with_welts(spec, seat, size, 0.05, (2, 1), (2, -1))]
        size = (wide, 0.17, back_h - seat_h - 0.02)
        pillow = crumple(rounded_box("pillow", size, 0.07, puff=0.04, cuts=34), 0.008, 0.16, k + 5)
        at = (x, d / 2 - 0.18, (seat_h + back_h) / 2 + 0.02)
        parts += [place(part, at, (-12, 0, 0)) for part in _with_welts(spec, pillow, size, 0.07, (1, -1), (1, 1))]
    dress(_upholstery(spec, seats), *[p for p in parts if not p.name.startswith(("leg", "welt"))])
    seam = surface(spec.material, _seam_shade(spec), flow="Object")
    dress(seam, *[p for p in parts if p.name.startswith("welt")])
    timber = surface("oak", _legs_shade(spec))
    dress(timber, *[p for p in parts if p.name.startswith("leg")])
    return parts


def _seam_shade(spec: Spec):
    """Contrast piping on a print; on plain leather the dyed, darker edge that shows where it is sewn."""
    if spec.second or spec.material != "leather":
        return spec.second or spec.shade
    darker = "".join(f"{round(c * 165):02x}" for c in spec.shade.srgb)
    return replace(spec.shade, name=f"dark {spec.shade.name}", hex=darker)


def _legs_shade(spec: Spec):
    return SHADES["walnut" if spec.seed % 2 else "oak"]


UPHOLSTERED = (
    Finish("velvet", ("emerald", "navy", "blush", "mustard", "burgundy", "teal", "plum")),
    Finish("boucle", ("cream", "sage", "light grey", "camel")),
    Finish("leather", ("cognac", "black", "tan", "chocolate")),
    Finish("linen", UPHOLSTERY, ("plain", "striped", "checked", "leafy"), ("cream", "white", "charcoal")),
)
register(
    Kind(
        "armchair",
        "armchair",
        "扶手椅",
        "Armchairs",
        "Furniture",
        (290, 890),
        styles=(
            Style(
                "lounge",
                "lounge",
                "休闲",
                {
                    "seat_width": (0.58, 0.62),
                    "depth": (0.74, 0.8),
                    "arm": (0.13, 0.16),
                    "arm_height": (0.56, 0.6),
                    "back": (0.84, 0.9),
                    "legs": (0.12, 0.15),
                    "round": (0.06, 0.08),
                },
            ),
            Style(
                "cube",
                "cube",
                "方块",
                {
                    "seat_width": (0.54, 0.58),
                    "depth": (0.7, 0.74),
                    "arm": (0.18, 0.22),
                    "arm_height": (0.64, 0.68),
                    "back": (0.7, 0.72),
                    "legs": (0.05, 0.06),
                    "round": (0.03, 0.04),
                },
            ),
            Style(
                "wide",
                "wide",
                "宽座",
                {
                    "seat_width": (0.7, 0.76),
                    "depth": (0.8, 0.84),
                    "arm": (0.1, 0.12),
                    "arm_height": (0.52, 0.55),
                    "back": (0.76, 0.8),
                    "legs": (0.14, 0.17),
                    "round": (0.05, 0.06),
                },
            ),
        ),
        finishes=UPHOLSTERED,
        details=(
            ("Feather-wrapped foam, removable covers.", "羽绒包裹海绵，套子可拆洗。"),
            ("A chair to read a whole book in.", "能窝着读完一整本书的椅子。"),
        ),
        build=lambda spec: _seat_unit(spec, 1),
        view=View(30, 16, 0.8),
        room="living room|bedroom",
        tags=("seating", "upholstery"),
    )
)
register(
    Kind(
        "sofa",
        "sofa",
        "沙发",
        "Sofas",
        "Furniture",
        (690, 1890),
        styles=(
            Style(
                "three",
                "three-seat",
                "三人位",
                {
                    "seat_width": (0.6, 0.66),
                    "depth": (0.82, 0.88),
                    "arm": (0.14, 0.18),
                    "arm_height": (0.56, 0.6),
                    "back": (0.8, 0.86),
                    "legs": (0.12, 0.15),
                    "round": (0.06, 0.08),
                },
                frozenset({"three"}),
            ),
            Style(
                "two",
                "two-seat",
                "双人位",
                {
                    "seat_width": (0.66, 0.72),
                    "depth": (0.8, 0.86),
                    "arm": (0.12, 0.15),
                    "arm_height": (0.58, 0.62),
                    "back": (0.8, 0.86),
                    "legs": (0.12, 0.15),
                    "round": (0.05, 0.07),
                },
            ),
            Style(
                "low",
                "low two-seat",
                "低矮双人位",
                {
                    "seat_width": (0.78, 0.86),
                    "depth": (0.9, 0.95),
                    "arm": (0.2, 0.24),
                    "arm_height": (0.5, 0.54),
                    "back": (0.66, 0.7),
                    "legs": (0.04, 0.06),
                    "round": (0.04, 0.06),
                },
            ),
        ),
        finishes=UPHOLSTERED,
        details=(
            ("Deep enough to stretch out on.", "座深充裕，可舒展躺卧。"),
            ("Covers come off and go in the wash.", "外套可拆下机洗。"),
        ),
        build=lambda spec: _seat_unit(spec, 3 if spec.has("three") else 2),
        view=View(24, 14, 0.88),
        room="living room",
        tags=("seating", "upholstery"),
    )
)


def build_cushion(spec: Spec):
    w = spec["width"]
    body = cushion("body", w, w * spec["ratio"], spec["thick"], seed=spec.seed)
    dress(surface(spec.material, spec.shade, pattern=spec.pattern, second=spec.second, repeat=w / 4), body)
    piping = tube("piping", cushion_edge(w, w * spec["ratio"]), 0.0045, closed=True, sides=12)
    dress(surface(spec.material, spec.second or spec.shade), piping)
    # Leaning back a little, the way a cushion stands on a sofa.
    return [place(obj, (0, 0, 0), (74, 0, 0)) for obj in (body, piping)]


register(
    Kind(
        "cushion",
        "cushion",
        "抱枕",
        "Cushions",
        "Home",
        (15, 59),
        styles=(
            Style("square", "square", "方形", {"width": (0.44, 0.48), "ratio": (0.97, 1.0), "thick": (0.17, 0.2)}),
            Style("lumbar", "lumbar", "腰靠", {"width": (0.5, 0.56), "ratio": (0.58, 0.66), "thick": (0.15, 0.17)}),
            Style("large", "large", "大号", {"width": (0.58, 0.62), "ratio": (0.97, 1.0), "thick": (0.19, 0.22)}),
        ),
        finishes=(
            Finish("knit", ("cream", "light grey", "mustard", "sage", "blush")),
            Finish(
                "cotton",
                UPHOLSTERY,
                ("floral", "leafy", "checked", "zigzag", "dotted", "striped"),
                ("cream", "white", "navy", "mustard", "burgundy"),
            ),
            Finish(
                "linen",
                UPHOLSTERY,
                ("striped", "plain", "tartan", "geometric"),
                ("cream", "charcoal", "white", "terracotta"),
            ),
            Finish("velvet", ("emerald", "mustard", "blush", "navy", "burgundy", "teal")),
        ),
        details=(
            ("Cover with a hidden zip; inner included.", "隐形拉链，含枕芯。"),
            ("Filled with recycled fibre.", "填充再生纤维。"),
        ),
        build=build_cushion,
        view=View(14, 12, angle=(-22, 24)),
        room="living room|bedroom",
        tags=("textile", "decor"),
    )
)
