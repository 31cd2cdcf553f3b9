"""Home, electronics, toys and sport: things put together from turned and swept parts."""

import math

import numpy as np

from ..colours import SHADES
from ..geometry import bend, curve, cylinder, lathe, place, plate, rounded_box, sphere, tube
from ..kind import Finish, Kind, Spec, Style, View, register
from ..materials import dress, simple, surface

BRIGHT = (
    "crimson",
    "mustard",
    "forest green",
    "navy",
    "white",
    "black",
    "teal",
    "coral",
    "sky blue",
    "blush",
    "cobalt",
)


def _paint(spec: Spec, **more):
    return surface(spec.material, spec.shade, pattern=spec.pattern, second=spec.second, **more)


# ---------------------------------------------------------------- table lamp


def build_lamp(spec: Spec):
    h, r = spec["height"], spec["shade_radius"]
    if spec.has("ball"):
        b = spec["base"]
        profile = curve(
            [
                (0, 0),
                (b * 0.62, 0),
                (b * 0.62, 0),
                (b * 0.66, 0.006),
                (b, b * 0.8),
                (b * 0.62, b * 1.6),
                (b * 0.2, b * 1.9),
                (b * 0.16, b * 2.1),
            ],
            70,
        )
        base, top = lathe("base", profile), b * 2.05
    elif spec.has("tripod"):
        base, top = None, h * 0.52
    else:
        base, top = cylinder("base", spec["base"], 0.018, 0.006), 0.016
    parts = [base] if base else []
    metal = surface("brass", SHADES["brass"]) if spec.seed % 3 else simple("black metal", (0.015, 0.015, 0.016), 0.4)
    neck = tube("neck", curve([(0, 0, top), (0, 0, h * 0.66)], 8), 0.007)
    trim = [neck]
    if spec.has("tripod"):
        for turn in np.radians((270 - 30, 270 + 90, 270 + 210)):
            out = np.array([math.cos(turn), math.sin(turn), 0]) * spec["base"]
            parts.append(
                tube("leg", curve([(*out[:2] * 0.12, h * 0.58), (*out[:2], 0)], 12), np.linspace(0.011, 0.008, 12))
            )
        trim.append(place(cylinder("hub", 0.022, 0.03), (0, 0, h * 0.55)))
    elif not spec.has("ball"):
        parts.append(neck)
        trim = []
    low, high = h * 0.6, h
    wall = curve([(r, low), (r * (1 + spec["cone"]) / 2, (low + high) / 2), (r * spec["cone"], high)], 30)
    shade = lathe("shade", np.concatenate([wall, wall[::-1] - [0.002, 0]]))
    cloth = spec.second or SHADES["cream"]
    dress(surface("linen", cloth), shade)
    glow = simple("bulb", (1, 0.9, 0.75), 0.5, Emission_Color=(1, 0.78, 0.5, 1), Emission_Strength=9.0)
    bulb = place(sphere("bulb", 0.03), (0, 0, (low + high) / 2))
    dress(glow, bulb)
    # The bulb's light through the cloth: cheaper and cleaner than scattering it.
    lit = shade.data.materials[0].node_tree.nodes["Principled BSDF"].inputs
    lit["Emission Color"].default_value = (1, 0.80, 0.56, 1)
    lit["Emission Strength"].default_value = 0.42
    dress(_paint(spec), *parts)
    dress(metal, *trim)
    return [*parts, *trim, shade, bulb]


register(
    Kind(
        "lamp",
        "table lamp",
        "台灯",
        "Lamps",
        "Home",
        (39, 169),
        styles=(
            Style(
                "ball",
                "round-base",
                "圆座",
                {"height": (0.42, 0.46), "shade_radius": (0.14, 0.16), "base": (0.085, 0.1), "cone": (0.68, 0.78)},
                frozenset({"ball"}),
            ),
            Style(
                "column",
                "slim",
                "细杆",
                {"height": (0.46, 0.52), "shade_radius": (0.13, 0.15), "base": (0.08, 0.09), "cone": (0.72, 0.95)},
            ),
            Style(
                "tripod",
                "tripod",
                "三脚",
                {"height": (0.5, 0.55), "shade_radius": (0.15, 0.17), "base": (0.15, 0.17), "cone": (0.8, 0.9)},
                frozenset({"tripod"}),
            ),
        ),
        finishes=(
            Finish("ceramic", (*BRIGHT, "sage", "terracotta"), ("plain",), ("cream", "white"), True),
            Finish(
                "lacquered metal",
                ("black", "white", "crimson", "mustard", "sage"),
                ("plain",),
                ("cream", "white"),
                True,
            ),
            Finish("walnut", ("walnut", "oak", "chocolate"), ("plain",), ("cream", "white"), True),
        ),
        details=(
            ("Fabric shade, E14 bulb up to 40 W.", "布艺灯罩，E14灯泡，最大40瓦。"),
            ("Warm light for a bedside or a sideboard.", "暖光，适合床头与边柜。"),
        ),
        build=build_lamp,
        view=View(12, 8, 0.82),
        room="bedroom|living room",
        tags=("lighting",),
    )
)


# ---------------------------------------------------------------- bottle


def build_bottle(spec: Spec):
    r, h = spec["radius"], spec["height"]
    neck, shoulder = r * spec["neck"], h * spec["shoulder"]
    body = lathe(
        "body",
        curve(
            [
                (0, 0),
                (r * 0.93, 0),
                (r * 0.93, 0),
                (r, 0.007),
                (r, h * 0.3),
                (r, shoulder * 0.9),
                (r * 0.97, shoulder),
                ((r + neck) / 2, shoulder + (h - shoulder) * 0.36),
                (neck, h * 0.9),
                (neck, h * 0.92),
                (neck * 0.9, h * 0.92),
                (0, h * 0.92),
            ],
            150,
        ),
    )
    cap = place(cylinder("cap", neck * 1.08, h * 0.13, 0.004), (0, 0, h * 0.905))
    ring = place(cylinder("ring", neck * 1.1, 0.004, 0.001), (0, 0, h * 0.9))
    dress(_paint(spec, repeat=2 * math.pi * r / 4, dip=h * 0.33), body)
    dress(surface("steel", SHADES["silver"]), cap, ring)
    if spec.has("loop"):
        loop = place(
            tube(
                "loop",
                curve(
                    [
                        (neck * 0.9, 0, h),
                        (neck, 0, h * 1.1),
                        (0, 0, h * 1.17),
                        (-neck, 0, h * 1.1),
                        (-neck * 0.9, 0, h),
                    ],
                    40,
                ),
                0.0045,
            ),
            (0, 0, 0.0),
        )
        dress(simple("loop", (0.02, 0.02, 0.02), 0.6), loop)
        return [body, cap, ring, loop]
    return [body, cap, ring]


register(
    Kind(
        "bottle",
        "water bottle",
        "水杯",
        "Bottles",
        "Toys & sport",
        (14, 39),
        styles=(
            Style(
                "slim",
                "slim",
                "细长",
                {"radius": (0.034, 0.037), "height": (0.25, 0.27), "neck": (0.56, 0.62), "shoulder": (0.66, 0.72)},
            ),
            Style(
                "wide",
                "wide-mouth",
                "广口",
                {"radius": (0.043, 0.047), "height": (0.225, 0.245), "neck": (0.78, 0.84), "shoulder": (0.76, 0.8)},
                frozenset({"loop"}),
            ),
            Style(
                "cola",
                "tapered",
                "收腰",
                {"radius": (0.037, 0.04), "height": (0.26, 0.28), "neck": (0.42, 0.48), "shoulder": (0.52, 0.58)},
            ),
        ),
        finishes=(
            Finish(
                "lacquered metal",
                (*BRIGHT, "mint", "lavender"),
                ("plain", "dipped", "camouflage", "dotted"),
                ("white", "black", "cream", "olive"),
            ),
            Finish("steel", ("silver", "copper", "gold")),
        ),
        details=(
            ("Double-walled: cold for 24 hours, hot for 12.", "双层真空，保冷24小时、保温12小时。"),
            ("Fits a bicycle cage.", "可放入自行车水壶架。"),
        ),
        build=build_bottle,
        view=View(0, 9, 0.84),
        tags=("drinkware", "outdoor"),
    )
)


# ---------------------------------------------------------------- headphones


def build_headphones(spec: Spec):
    w, h, cup = spec["width"] / 2, spec["height"], spec["cup"]
    arc = np.radians(np.linspace(-8, 188, 60))
    band_path = np.stack([w * np.cos(arc), 0 * arc, cup * 1.2 + (h - cup * 1.2) * np.sin(arc)], 1)
    band = tube("band", band_path, 0.0115, flat=0.34, up=(0, 1, 0), power=3)
    pad_path = band_path[16:44] - (band_path[16:44] - [0, 0, cup * 1.2]) * 0.055
    pad = tube("pad", pad_path, 0.0135, flat=0.5, up=(0, 1, 0), power=2.6)
    parts, cushions, trim, grille = [band], [pad], [], []
    for sign in (-1, 1):
        shell = curve(
            [(0, 0.024), (cup * 0.7, 0.024), (cup * 0.9, 0.021), (cup, 0.013), (cup, 0.003), (cup * 0.97, 0), (0, 0)],
            60,
        )
        ring = place(lathe("shell", shell), (0, 0, 0), (0, 90 * sign, 0))
        if spec.has("oval"):
            place(ring, scale=(1, 0.82, 1.08))
        place(ring, (sign * (w - 0.012), 0, cup * 1.05), (0, 0, -sign * 6))
        parts.append(ring)
        angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
        ear_path = np.stack([0 * angle, cup * 0.66 * np.cos(angle), cup * 0.66 * np.sin(angle)], 1)
        ear = tube("ear", ear_path, cup * 0.32, closed=True, flat=1.0, up=(1, 0, 0))
        mesh = place(cylinder("mesh", cup * 0.7, 0.004), (0, 0, 0), (0, 90, 0))
        if spec.has("oval"):
            place(ear, scale=(1, 0.82, 1.08))
        cushions.append(place(ear, (sign * (w - 0.022), 0, cup * 1.05), (0, 0, -sign * 6)))
        grille.append(place(mesh, (sign * (w - 0.022), 0, cup * 1.05), (0, 0, -sign * 6)))
        disc = place(cylinder("disc", cup * 0.62, 0.004, 0.0015), (0, 0, 0), (0, 90 * sign, 0))
        trim.append(place(disc, (sign * (w + 0.0095), 0, cup * 1.05), (0, 0, -sign * 6)))
    dress(_paint(spec), *parts)
    dress(surface("leather", spec.second), *cushions)
    dress(surface("steel", SHADES["silver" if spec.seed % 2 else "gold"]), *trim)
    dress(simple("grille", (0.01, 0.01, 0.011), 0.9), *grille)
    return parts + cushions + trim + grille


register(
    Kind(
        "headphones",
        "headphones",
        "头戴式耳机",
        "Headphones",
        "Electronics",
        (49, 349),
        styles=(
            Style("round", "over-ear", "包耳", {"width": (0.165, 0.175), "height": (0.19, 0.2), "cup": (0.046, 0.05)}),
            Style(
                "oval",
                "oval-cup",
                "椭圆包耳",
                {"width": (0.16, 0.17), "height": (0.195, 0.205), "cup": (0.047, 0.05)},
                frozenset({"oval"}),
            ),
            Style(
                "compact", "on-ear", "贴耳", {"width": (0.15, 0.158), "height": (0.175, 0.182), "cup": (0.038, 0.041)}
            ),
        ),
        finishes=(
            Finish(
                "plastic",
                ("black", "white", "navy", "crimson", "sage", "blush", "mustard", "sky blue"),
                ("plain",),
                ("black", "charcoal", "tan", "cream", "chocolate"),
                True,
            ),
            Finish(
                "lacquered metal",
                ("charcoal", "cream", "emerald", "copper", "burgundy"),
                ("plain",),
                ("black", "tan", "cream", "chocolate"),
                True,
            ),
        ),
        details=(
            ("Noise cancelling, 30 hours on a charge.", "主动降噪，续航30小时。"),
            ("Folds flat; wireless or with a cable.", "可折叠收纳，无线有线两用。"),
        ),
        build=build_headphones,
        view=View(38, 14, 0.8, angle=(-30, 22)),
        tags=("audio", "wireless"),
    )
)


# ---------------------------------------------------------------- guitar


def _guitar_outline(spec: Spec):
    upper, waist, lower, length = spec["upper"], spec["waist"], spec["lower"], spec["length"]
    half = [
        (0, 0),
        (lower * 0.6, length * 0.015),
        (lower * 0.97, length * 0.16),
        (lower * 0.93, length * 0.36),
        (waist, length * 0.58),
        (upper * 0.98, length * 0.78),
        (upper * 0.82, length * 0.94),
        (upper * 0.3, length),
    ]
    left = [(-x, y) for x, y in half[:0:-1]]
    return curve(half + left, 220, closed=True)


def build_guitar(spec: Spec):
    length, depth = spec["length"], spec["depth"]
    outline = _guitar_outline(spec)
    hole_at = np.array([0, length * 0.6])
    angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    circle = np.stack([np.cos(angle), np.sin(angle)], 1)
    body = plate("side", [outline], depth, 0.006)
    top = plate(
        "top", [outline * 0.985 + [0, length * 0.007], hole_at + circle * 0.047], 0.004, 0.001, depth / 2 + 0.0015
    )
    rosette = plate("rosette", [hole_at + circle * 0.058, hole_at + circle * 0.049], 0.0025, 0.0005, depth / 2 + 0.004)
    dark = plate("hole", [hole_at + circle * 0.048], 0.001, 0, depth / 2 + 0.0008)
    neck_end = length + spec["neck"]
    board = place(
        rounded_box("board", (0.052, neck_end - length * 0.72, 0.008), 0.002),
        (0, (neck_end + length * 0.72) / 2, depth / 2 + 0.011),
    )
    neck = tube(
        "neck",
        curve([(0, length - 0.01, depth / 2 - 0.008), (0, neck_end, depth / 2 - 0.002)], 12),
        0.026,
        flat=0.55,
        up=(0, 0, 1),
    )
    head_outline = np.array(
        [
            (-0.027, 0),
            (0.027, 0),
            (0.039, 0.05),
            (0.037, 0.17),
            (0.02, 0.182),
            (0, 0.176),
            (-0.02, 0.182),
            (-0.037, 0.17),
            (-0.039, 0.05),
        ]
    )
    head = place(plate("head", [head_outline], 0.015, 0.003), (0, neck_end, depth / 2 + 0.003), (-9, 0, 0))
    bridge = place(rounded_box("bridge", (0.15, 0.026, 0.011), 0.004), (0, length * 0.27, depth / 2 + 0.008))
    metal, strings = [], []
    scale = neck_end - length * 0.27
    for k in range(1, 20):
        y = neck_end - scale * (1 - 2 ** (-k / 12))
        if y > length * 0.74:
            metal.append(place(rounded_box("fret", (0.05, 0.002, 0.002), 0.001, cuts=4), (0, y, depth / 2 + 0.0155)))
    for k in range(6):
        x = -0.0195 + 0.0078 * k
        strings.append(
            tube(
                "string",
                curve([(x * 1.3, length * 0.27, depth / 2 + 0.0165), (x, neck_end, depth / 2 + 0.0175)], 4),
                0.0008,
                sides=6,
            )
        )
    pegs = []
    for sign in (-1, 1):
        for k in range(3):
            y = neck_end + 0.05 + 0.042 * k
            pegs.append(place(cylinder("peg", 0.0075, 0.016, 0.003), (sign * 0.036, y, depth / 2), (0, sign * 90, 0)))
            pegs.append(place(cylinder("post", 0.0035, 0.02, 0.001), (sign * 0.02, y, depth / 2)))
    dress(_paint(spec, grain="Z"), top)
    back = surface("walnut", SHADES["walnut"], grain="Z")
    rosewood = surface("walnut", SHADES["chocolate"], grain="Z")
    dress(back, body, neck, head)
    dress(rosewood, board, bridge, rosette)
    dress(simple("dark", (0.004, 0.003, 0.002), 1), dark)
    dress(surface("chrome", SHADES["silver"]), *metal, *strings, *pegs)
    parts = [body, top, rosette, dark, board, neck, head, bridge, *metal, *strings, *pegs]
    # Standing as on a stand: upright, leaning back a few degrees.
    return [place(obj, turn=(84, 0, 0)) for obj in parts]


register(
    Kind(
        "guitar",
        "acoustic guitar",
        "木吉他",
        "Guitars",
        "Toys & sport",
        (129, 590),
        styles=(
            Style(
                "classic",
                "classical",
                "古典",
                {
                    "length": (0.48, 0.49),
                    "upper": (0.138, 0.144),
                    "waist": (0.115, 0.12),
                    "lower": (0.18, 0.186),
                    "neck": (0.37, 0.39),
                    "depth": (0.095, 0.1),
                },
            ),
            Style(
                "dreadnought",
                "dreadnought",
                "D型",
                {
                    "length": (0.5, 0.51),
                    "upper": (0.145, 0.15),
                    "waist": (0.136, 0.141),
                    "lower": (0.198, 0.203),
                    "neck": (0.36, 0.38),
                    "depth": (0.11, 0.12),
                },
            ),
            Style(
                "parlor",
                "parlour",
                "小号",
                {
                    "length": (0.43, 0.45),
                    "upper": (0.118, 0.124),
                    "waist": (0.092, 0.098),
                    "lower": (0.165, 0.172),
                    "neck": (0.35, 0.37),
                    "depth": (0.09, 0.1),
                },
            ),
        ),
        finishes=(
            Finish("oak", ("oak", "natural", "tan", "walnut")),
            Finish("lacquered wood", ("black", "crimson", "cobalt", "sky blue", "white", "emerald")),
        ),
        details=(
            ("Solid top, rosewood fingerboard, nylon strings.", "单板面板，玫瑰木指板，尼龙弦。"),
            ("Warm tone, easy on beginners' fingers.", "音色温暖，新手友好。"),
        ),
        build=build_guitar,
        view=View(18, 4, 0.9, angle=(-34, 12)),
        tags=("music", "instrument"),
    )
)


# ---------------------------------------------------------------- dumbbell


def build_dumbbell(spec: Spec):
    grip, r, w = spec["grip"], spec["head"], spec["width"]
    handle = place(cylinder("handle", 0.015, grip + 0.02, 0.002), (-grip / 2 - 0.01, 0, 0), (0, 90, 0))
    heads = []
    for sign in (-1, 1):
        if spec.has("hex"):
            angle = np.radians(np.arange(30, 390, 60))
            hexagon = np.stack([np.cos(angle), np.sin(angle)], 1) * r * 1.08
            head = place(plate("head", [hexagon], w, min(0.008, w * 0.2)), (0, 0, 0), (0, 90, 0))
            place(head, turn=(30, 0, 0))
        elif spec.has("round"):
            head = place(
                lathe(
                    "head",
                    curve(
                        [
                            (0, -w / 2),
                            (r * 0.72, -w / 2),
                            (r * 0.98, -w * 0.28),
                            (r, 0),
                            (r * 0.98, w * 0.28),
                            (r * 0.72, w / 2),
                            (0, w / 2),
                        ],
                        60,
                    ),
                ),
                (0, 0, 0),
                (0, 90, 0),
            )
        else:
            disc = place(cylinder("head", r, w * 0.55, 0.006), (-w * 0.5, 0, 0), (0, 90, 0))
            inner = place(cylinder("head", r * 0.78, w * 0.5, 0.006), (w * 0.02, 0, 0), (0, 90, 0))
            if sign > 0:
                disc, inner = place(disc, scale=(-1, 1, 1)), place(inner, scale=(-1, 1, 1))
            heads.append(place(inner, (sign * (grip / 2 + w / 2), 0, 0)))
            head = disc
        heads.append(place(head, (sign * (grip / 2 + w / 2), 0, 0)))
    collars = [
        place(cylinder("collar", 0.02, 0.012, 0.002), (sign * (grip / 2 - 0.002) - 0.006, 0, 0), (0, 90, 0))
        for sign in (-1, 1)
    ]
    dress(_paint(spec), *heads)
    dress(surface("steel", SHADES["silver"]), handle, *collars)
    return [handle, *heads, *collars]


register(
    Kind(
        "dumbbell",
        "dumbbell",
        "哑铃",
        "Dumbbells",
        "Toys & sport",
        (12, 69),
        styles=(
            Style(
                "hex",
                "hex",
                "六角",
                {"grip": (0.12, 0.13), "head": (0.046, 0.06), "width": (0.06, 0.08)},
                frozenset({"hex"}),
            ),
            Style(
                "round",
                "round-head",
                "圆头",
                {"grip": (0.12, 0.13), "head": (0.046, 0.056), "width": (0.055, 0.07)},
                frozenset({"round"}),
            ),
            Style("disc", "disc", "片式", {"grip": (0.13, 0.14), "head": (0.065, 0.08), "width": (0.05, 0.06)}),
        ),
        finishes=(
            Finish("rubber", ("black", "crimson", "cobalt", "mustard", "fuchsia", "mint", "lavender", "orange")),
            Finish("iron", ("black", "charcoal", "grey")),
        ),
        details=(
            ("Knurled steel grip; sold singly.", "防滑滚花手柄，单只出售。"),
            ("Quiet on the floor, easy to wipe clean.", "落地安静，易于清洁。"),
        ),
        build=build_dumbbell,
        view=View(32, 22, 0.82, angle=(-38, 40)),
        tags=("fitness", "training"),
    )
)


# ---------------------------------------------------------------- ball

_PHI = (1 + 5**0.5) / 2


def _truncated_icosahedron():
    """Unit centres of the 12 pentagons and 20 hexagons of a football."""
    five = np.array([p for s in (-1, 1) for t in (-_PHI, _PHI) for p in ((0, s, t), (s, t, 0), (t, 0, s))], float)
    five /= np.linalg.norm(five[0])
    six = np.array(
        [p for a in (-1, 1) for b in (-1, 1) for c in (-1, 1) for p in [(a, b, c)]]
        + [
            p
            for s in (-1, 1)
            for t in (-1, 1)
            for p in ((s / _PHI, 0, t * _PHI), (t * _PHI, s / _PHI, 0), (0, t * _PHI, s / _PHI))
        ],
        float,
    )
    return five, six / np.linalg.norm(six, axis=1, keepdims=True)


def _ball_panels(kind: str, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For unit points: index of the panel colour (0 or 1), and distance to the nearest seam."""
    if kind == "football":
        five, six = _truncated_icosahedron()
        # Distances of the two faces from the centre of a truncated icosahedron of edge 1: dividing
        # by them makes every side equally long.
        score = np.concatenate([at @ five.T / 2.32744, at @ six.T / 2.26728], 1) * 2.3
        best = np.sort(score, 1)
        return (score.argmax(1) < 12).astype(int), best[:, -1] - best[:, -2]
    if kind == "basketball":
        x, y, z = at.T
        seams = np.stack([np.abs(x), np.abs(z), np.abs(np.hypot(np.abs(x) - 1.0, z * 0.9) - 0.62) * 0.8])
        return np.zeros(len(at), int), seams.min(0)
    x, y, z = at.T
    turn = (np.arctan2(y, x) / (2 * np.pi) * 6) % 6
    part = turn % 1
    return (np.floor(turn) % 2).astype(int), np.minimum(part, 1 - part) * np.hypot(x, y) * 0.9


def build_ball(spec: Spec):
    r = spec["radius"]
    size = 520
    angle = np.linspace(-math.pi / 2, math.pi / 2, size // 2)
    body = lathe("body", np.stack([np.cos(angle) * r, np.sin(angle) * r], 1), size)
    coords = np.empty(len(body.data.vertices) * 3)
    body.data.vertices.foreach_get("co", coords)
    unit = coords.reshape(-1, 3) / r
    form = spec.style.key
    panel, seam = _ball_panels(form, unit)
    width = {"football": 0.012, "basketball": 0.022, "beach": 0.004}[form]
    groove = np.clip(1 - seam / width, 0, 1)
    bend(body, lambda p: p * (1 - 0.018 * groove[:, None] ** 2))
    second = spec.second or SHADES["black"]
    colours = np.where(panel[:, None] == 1, second.linear, spec.shade.linear)
    line = np.array(SHADES["black"].linear) * (1.0 if form == "basketball" else 2.5)
    keep = 1 - (groove[:, None] if form == "basketball" else 0.7 * groove[:, None])
    colours = colours * keep + line * (1 - keep)
    layer = body.data.color_attributes.new("panels", "FLOAT_COLOR", "POINT")
    layer.data.foreach_set("color", np.concatenate([colours, np.ones((len(colours), 1))], 1).ravel())
    paint = surface(spec.material, spec.shade)
    nodes, links = paint.node_tree.nodes, paint.node_tree.links
    source = nodes.new("ShaderNodeVertexColor")
    source.layer_name = "panels"
    links.new(source.outputs["Color"], nodes["Principled BSDF"].inputs["Base Color"])
    dress(paint, body)
    return [place(body, turn=(20, 24, spec["spin"]))]


register(
    Kind(
        "ball",
        "ball",
        "球",
        "Balls",
        "Toys & sport",
        (9, 45),
        styles=(
            Style("football", "", "", {"radius": (0.108, 0.111), "spin": (0, 360)}, noun="football", noun_zh="足球"),
            Style("basketball", "", "", {"radius": (0.118, 0.12), "spin": (20, 50)}, noun="basketball", noun_zh="篮球"),
            Style("beach", "", "", {"radius": (0.16, 0.18), "spin": (0, 360)}, noun="beach ball", noun_zh="沙滩球"),
        ),
        finishes=(
            Finish(
                "leather",
                ("white", "mustard", "orange", "sky blue", "coral"),
                ("plain",),
                ("black", "navy", "crimson", "emerald"),
                True,
            ),
        ),
        details=(("Keeps its pressure for weeks.", "充一次气可保持数周。"), ("Indoor and outdoor.", "室内室外皆可。")),
        build=build_ball,
        view=View(0, 14, 0.78),
        season="summer",
        tags=("games", "outdoor"),
    )
)
