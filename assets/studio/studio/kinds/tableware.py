"""Home: bowls, plates, clocks and candles."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ..colours import SHADES
from ..geometry import bend, curve, cylinder, lathe, place, plate, rounded_box, sheet, sphere, tube, vessel_profile
from ..kind import Finish, Kind, Spec, Style, View, register
from ..materials import Shader, dress, pictured, simple, surface

GLAZES = (
    "white",
    "cream",
    "sage",
    "navy",
    "teal",
    "terracotta",
    "charcoal",
    "mustard",
    "blush",
    "sky blue",
    "forest green",
)


def _paint(spec: Spec, **more):
    return surface(spec.material, spec.shade, pattern=spec.pattern, second=spec.second, **more)


def _turned(points, samples: int = 80, segments: int = 96):
    return lathe("turned", curve(points, samples), segments)


# ---------------------------------------------------------------- bowl


def _ribs(obj, outer: np.ndarray, count: int, depth: float, low: float, high: float):
    """Flute the outside of a turned wall between two heights; `outer` is its profile."""

    def carve(p):
        radius, angle = np.hypot(p[:, 0], p[:, 1]), np.arctan2(p[:, 1], p[:, 0])
        share = (p[:, 2] - low) / (high - low)
        fade = np.clip(share / 0.15, 0, 1) * np.clip((1 - share) / 0.12, 0, 1)
        outside = radius > np.interp(p[:, 2], outer[:, 1], outer[:, 0]) - 0.0015
        groove = np.abs(np.sin(angle * count / 2)) ** 0.7 - 1
        scale = 1 + np.where(outside, depth * fade * groove / np.maximum(radius, 1e-6), 0)
        return p * np.stack([scale, scale, np.ones_like(scale)], 1)

    return bend(obj, carve)


def _foot(r: float, ring: float) -> list[tuple[float, float]]:
    """The foot ring of a bowl, from its middle out."""
    return [(0, ring * 0.6), (r * 0.84, ring * 0.6), (r * 0.88, 0), (r * 0.88, 0), (r, 0), (r, 0), (r, ring)]


def build_bowl(spec: Spec):
    r, h, wall = spec["radius"], spec["height"], spec["wall"]
    foot = spec["foot"] * r
    if spec.has("footed"):
        low = spec["stem"]
        side = [(foot * 0.64, low * 0.45), (foot * 0.56, low * 0.85), (foot * 0.7, low)]
        side += [(r * 0.66, low + (h - low) * 0.16), (r * 0.90, low + (h - low) * 0.46), (r, h)]
        outer = curve([*_foot(foot, 0.003), *side], 150)
        inside = [(r - wall, h), (r * 0.87, low + (h - low) * 0.46), (r * 0.6, low + (h - low) * 0.22)]
        inside.append((0, low + (h - low) * 0.1))
    else:
        belly = r * spec["belly"]
        outer = curve([*_foot(foot, 0.006), (foot * 1.02, 0.006), (belly, h * 0.42), (r * 0.985, h * 0.8), (r, h)], 150)
        inside = [(r - wall, h), (r * 0.985 - wall, h * 0.8), (belly - wall, h * 0.44)]
        inside += [(foot * 0.9, 0.006 + wall * 1.5), (0, 0.006 + wall)]
    # The inside is a curve of its own: an offset of the outside would show the foot in the bottom.
    turn = np.linspace(0, math.pi, 8)[1:-1]
    lip = np.array((r - wall / 2, h)) + wall / 2 * np.stack([np.cos(turn), np.sin(turn)], 1)
    profile = np.concatenate([outer, lip, curve(inside, 90)])
    body = lathe("bowl", profile, 264 if spec.has("ribbed") else 128)
    if spec.has("ribbed"):
        side = outer[np.argmax(outer[:, 1] > 0.0065) :]
        _ribs(body, side, 44, 0.0030, h * 0.10, h * 0.96)
    dress(_paint(spec, repeat=2 * math.pi * r / 7, dip=h * 0.45, grain="X"), body)
    return [body]


_WOODS = (
    Finish("walnut", ("walnut", "cognac")),
    Finish("beech", ("sand", "tan")),
)

register(
    Kind(
        "bowl",
        "bowl",
        "碗",
        "Bowls",
        "Home",
        (9, 45),
        styles=(
            Style(
                "round",
                "round",
                "圆形",
                {
                    "radius": (0.075, 0.09),
                    "height": (0.068, 0.078),
                    "foot": (0.46, 0.52),
                    "belly": (0.86, 0.90),
                    "wall": (0.004, 0.0048),
                },
            ),
            Style(
                "ribbed",
                "ribbed",
                "竖纹",
                {
                    "radius": (0.080, 0.095),
                    "height": (0.070, 0.082),
                    "foot": (0.48, 0.54),
                    "belly": (0.84, 0.88),
                    "wall": (0.0056, 0.0064),
                },
                frozenset({"ribbed"}),
            ),
            Style(
                "footed",
                "footed",
                "高足",
                {
                    "radius": (0.115, 0.130),
                    "height": (0.115, 0.130),
                    "foot": (0.48, 0.54),
                    "belly": (1, 1),
                    "stem": (0.036, 0.044),
                    "wall": (0.0050, 0.0060),
                },
                frozenset({"footed"}),
            ),
            Style(
                "wide",
                "serving",
                "沙拉",
                {
                    "radius": (0.125, 0.140),
                    "height": (0.072, 0.082),
                    "foot": (0.40, 0.46),
                    "belly": (0.80, 0.84),
                    "wall": (0.0060, 0.0070),
                },
            ),
        ),
        finishes=(
            Finish("stoneware", GLAZES, ("plain", "speckled", "dipped"), ("cream", "charcoal", "terracotta", "white")),
            Finish(
                "porcelain",
                ("white", "cobalt", "blush", "emerald", "sky blue", "mint"),
                ("plain", "dotted", "floral", "striped", "waves"),
                ("cobalt", "white", "crimson", "navy"),
            ),
            *_WOODS,
        ),
        details=(
            ("For soup, salad or fruit.", "盛汤、沙拉、水果皆宜。"),
            ("Stacks with the others of its series.", "同系列可叠放收纳。"),
        ),
        build=build_bowl,
        view=View(0, 30, 0.84),
        room="kitchen|dining room",
        tags=("tableware", "crockery", "dish"),
    )
)


# ---------------------------------------------------------------- plate


def _dish(r: float, rim: float, rise: float, lip: float, well: float):
    """Profiles of the two parts of a plate of radius r: the border and the well inside it."""
    w, t = r * (1 - rim), 0.0042
    border = curve(
        [
            (w, well),
            (w + 0.006, well + rise * 0.5),
            (w + 0.013, well + rise * 0.72),
            (r * 0.97, well + rise + lip * 0.8),
            (r, well + rise + lip),
            (r, well + rise + lip),
            (r + 0.0018, well + rise + lip - 0.0016),
            (r * 0.985, well + rise + lip - 0.0042),
            (w + 0.012, well + rise * 0.5 - t * 0.7),
            (w - 0.004, well - t),
        ],
        80,
    )
    turn = w * 0.72
    middle = curve([(w, well), (w * 0.97, well - 0.0006), (w * 0.9, well - 0.0012), (0, well - 0.0014)], 20)
    under = curve(
        [
            (w - 0.004, well - t),
            (turn + 0.005, well - t),
            (turn + 0.004, 0),
            (turn + 0.004, 0),
            (turn, 0),
            (turn, 0),
            (turn - 0.001, well - t),
            (0, well - t),
        ],
        40,
    )
    return border, middle, under


def _one_plate(spec: Spec, r: float, plain: bool):
    rim, rise = spec["rim"], spec["rise"]
    border, middle, under = _dish(r, rim, rise, spec["lip"], 0.0075)
    parts = [lathe("border", border, 144), lathe("well", middle, 96), lathe("under", under, 96)]
    if spec.has("scalloped"):

        def wave(p):
            """Petals round the border, deeper towards the edge."""
            radius, angle = np.hypot(p[:, 0], p[:, 1]), np.arctan2(p[:, 1], p[:, 0])
            reach = np.clip((radius / r - (1 - rim)) / rim, 0, 1) ** 1.4
            petal = np.abs(np.sin(angle * 8)) ** 0.8 - 0.6
            return p * np.stack([1 + 0.045 * reach * petal] * 2 + [np.ones_like(radius)], 1) + np.outer(
                0.0022 * reach * petal, (0, 0, 1)
            )

        bend(parts[0], wave)
    base = surface(
        spec.material,
        spec.shade,
        pattern="speckled" if spec.pattern == "speckled" else "plain",
        second=spec.second,
        repeat=0.11,
    )
    dress(base, *parts)
    if spec.pattern not in ("plain", "speckled") and not plain:
        # Whole repeats round the rim, so that the print meets itself.
        dress(_paint(spec, repeat=2 * math.pi * r / 22), parts[0])
    if spec.has("banded") and spec.pattern == "plain":
        line = SHADES["gold"] if spec.material == "porcelain" else spec.shade
        if spec.material == "porcelain":
            edge = np.concatenate(
                [
                    np.stack(
                        [f(np.linspace(0, 2 * math.pi, 144, endpoint=False)) * (r + 0.0006) for f in (np.cos, np.sin)],
                        1,
                    ),
                    np.full((144, 1), 0.0075 + rise + spec["lip"] - 0.0008),
                ],
                1,
            )
            gilt = tube("gilt", edge, 0.0014, closed=True, sides=10)
            dress(surface("brass", line), gilt)
            parts.append(gilt)
    return parts


def build_plate(spec: Spec):
    r = spec["radius"]
    if spec.has("set"):
        large = _one_plate(spec, r, False)
        small = [place(obj, (0.0, 0.0, 0.0125 + spec["rise"] * 0.4)) for obj in _one_plate(spec, r * 0.74, True)]
        return large + small
    # Propped on a small easel, so that the rim and the well are seen.
    parts = [place(obj, (0, 0, 0), (74, 0, 0)) for obj in _one_plate(spec, r, False)]
    low = r * math.sin(math.radians(74))
    parts = [place(obj, (0, 0, low + 0.012)) for obj in parts]
    return parts + _easel(r, low)


def _easel(r: float, low: float):
    """A wire plate stand: two hooks in front, a leg behind each."""
    parts = []
    foot_y = -r * 0.37
    for x in (-r * 0.38, r * 0.38):
        path = [
            (x, foot_y - 0.018, 0.030),
            (x, foot_y - 0.024, 0.006),
            (x, foot_y - 0.006, 0.004),
            (x, r * 0.30, 0.004),
            (x, r * 0.62, 0.004),
            (x, r * 0.30, low * 1.1),
        ]
        parts.append(tube("wire", curve(path, 60), 0.0024, sides=12))
    for y, z in ((r * 0.30, 0.004), (r * 0.45, low * 0.6)):
        parts.append(tube("bar", curve([(-r * 0.38, y, z), (r * 0.38, y, z)], 8), 0.0024, sides=12))
    dress(surface("iron", SHADES["black"]), *parts)
    return parts


register(
    Kind(
        "plate",
        "plate",
        "盘子",
        "Plates",
        "Home",
        (7, 39),
        styles=(
            Style(
                "rimmed",
                "wide-rim",
                "宽边",
                {"radius": (0.130, 0.138), "rim": (0.27, 0.30), "rise": (0.013, 0.015), "lip": (0.004, 0.006)},
                frozenset({"banded"}),
            ),
            Style(
                "coupe",
                "coupe",
                "浅口",
                {"radius": (0.125, 0.135), "rim": (0.12, 0.14), "rise": (0.022, 0.025), "lip": (0.004, 0.006)},
            ),
            Style(
                "scalloped",
                "scalloped",
                "花边",
                {"radius": (0.125, 0.132), "rim": (0.26, 0.30), "rise": (0.015, 0.017), "lip": (0.004, 0.005)},
                frozenset({"scalloped"}),
            ),
            Style(
                "pair",
                "stacked",
                "叠放",
                {"radius": (0.132, 0.138), "rim": (0.24, 0.27), "rise": (0.015, 0.017), "lip": (0.005, 0.006)},
                frozenset({"set", "banded"}),
            ),
        ),
        finishes=(
            Finish(
                "porcelain",
                ("white", "sky blue", "blush", "mint", "cream", "navy"),
                ("plain", "floral", "dotted", "striped", "leafy", "geometric"),
                ("cobalt", "crimson", "navy", "forest green", "white"),
            ),
            Finish("stoneware", GLAZES[1:], ("plain", "speckled"), ("cream", "charcoal", "white")),
        ),
        details=(
            ("Dishwasher and microwave safe.", "可用于洗碗机和微波炉。"),
            ("Glazed by hand; 26 cm across.", "手工施釉，直径26厘米。"),
        ),
        build=build_plate,
        view=View(18, 32, 0.84, angle=(-32, 30)),
        room="kitchen|dining room",
        tags=("tableware", "crockery", "dinner plate", "dish"),
    )
)


# ---------------------------------------------------------------- clock

_ROMAN = ("XII", "I", "II", "III", "IIII", "V", "VI", "VII", "VIII", "IX", "X", "XI")


def _dial(spec: Spec, paper, ink) -> Image.Image:
    """The face: minute ticks, and numerals, Roman numerals or bars by the model."""
    size, middle = 900, 450
    as_rgb = lambda shade: tuple(round(255 * c) for c in shade.srgb)  # noqa: E731
    picture = Image.new("RGB", (size, size), as_rgb(paper))
    pen, colour = ImageDraw.Draw(picture), as_rgb(ink)
    form = int(spec["numerals"])
    for minute in range(60):
        angle = math.radians(minute * 6)
        out = np.array([math.sin(angle), -math.cos(angle)])
        hour = minute % 5 == 0
        inner = 0.885 if not hour else 0.72 if form == 2 else 0.855
        ends = [tuple(middle + middle * s * out) for s in (inner, 0.935)]
        pen.line(ends, colour, (20 if form == 2 else 12) if hour else 5)
    if form == 2:
        return picture
    font = ImageFont.load_default(118 if form == 0 else 84)
    for hour in range(12):
        angle = math.radians(hour * 30)
        at = (middle + middle * 0.68 * math.sin(angle), middle - middle * 0.68 * math.cos(angle))
        if form == 0:
            pen.text(at, str(hour or 12), colour, font, anchor="mm", stroke_width=2, stroke_fill=colour)
            continue
        word = Image.new("L", (260, 120), 0)
        ImageDraw.Draw(word).text((130, 60), _ROMAN[hour], 255, font, anchor="mm", stroke_width=2)
        word = word.rotate(-hour * 30, expand=True, resample=Image.BICUBIC)
        picture.paste(colour, (round(at[0] - word.width / 2), round(at[1] - word.height / 2)), word)
    return picture


def _hand(length: float, width: float, clock_angle: float, z: float, pointed: bool = True):
    """A hand from the middle of a dial in xy; the angle runs clockwise from twelve."""
    tip = width * (0.25 if pointed else 0.9)
    outline = np.array(
        [
            (-width * 0.8, -length * 0.18),
            (width * 0.8, -length * 0.18),
            (width, length * 0.4),
            (tip, length),
            (-tip, length),
            (-width, length * 0.4),
        ]
    )
    return place(plate("hand", [outline], 0.0012, 0.0003, z), turn=(0, 0, -clock_angle))


def _face_parts(spec: Spec, r: float, paper, ink, accent):
    """Dial, hands at ten past ten and cap, facing +z from z = 0."""
    turn = np.linspace(0, 2 * math.pi, 96, endpoint=False)
    disc = plate("dial", [r * np.stack([np.cos(turn), np.sin(turn)], 1)], 0.0008, 0.0)
    dress(pictured(f"dial {spec.id}", _dial(spec, paper, ink), (2 * r, 2 * r)), disc)
    hands = [_hand(r * 0.50, r * 0.036, 304, 0.0030), _hand(r * 0.76, r * 0.026, 52, 0.0046)]
    second = _hand(r * 0.80, r * 0.009, 214, 0.0060)
    cap = place(cylinder("cap", r * 0.045, 0.004, 0.001), (0, 0, 0.004))
    dress(simple(f"hands {ink.name}", ink.linear, 0.4), *hands)
    dress(simple(f"second {accent.name}", accent.linear, 0.4), second, cap)
    return [place(disc), *hands, second, cap]


def _stand_up(objects, at):
    return [place(obj, at, (90, 0, 0)) for obj in objects]


def _inks(spec: Spec):
    """Paper and ink of the dial: light paper, or a dark dial now and then."""
    if spec.seed % 4 == 0:
        return SHADES["charcoal"], SHADES["white"], SHADES["orange"]
    paper = SHADES["white" if spec.seed % 2 else "cream"]
    return paper, SHADES["black"], SHADES["crimson"]


def _wall(spec: Spec):
    r, d = spec["radius"], spec["depth"]
    w = r * spec["rim"]
    rim = _turned(
        [
            (r - w, d * 0.42),
            (r - w, d * 0.80),
            (r - w * 0.75, d * 0.98),
            (r - w * 0.3, d),
            (r, d * 0.78),
            (r, d * 0.3),
            (r * 0.97, 0),
            (r * 0.97, 0),
            (0, 0),
        ],
        90,
        128,
    )
    face = [place(obj, (0, 0, d * 0.45)) for obj in _face_parts(spec, r - w * 0.9, *_inks(spec))]
    dress(_paint(spec, grain="X"), rim)
    return _stand_up([rim, *face], (0, 0, r))


def _alarm(spec: Spec):
    """Two bells with a hammer between them, a carrying bow, two splayed feet."""
    r, d = spec["radius"], spec["depth"]
    case = _turned(
        [
            (r * 0.82, d * 0.86),
            (r * 0.82, d * 0.97),
            (r * 0.90, d * 1.02),
            (r, d * 0.95),
            (r, d * 0.88),
            (r * 0.97, d * 0.85),
            (r * 0.97, d * 0.15),
            (r * 0.88, 0),
            (0, -0.001),
        ],
        90,
        110,
    )
    ring = _turned([(r * 0.805, d * 0.88), (r * 0.81, d * 1.0), (r * 0.835, d * 1.02), (r * 0.86, d * 0.99)], 20, 110)
    face = [place(obj, (0, 0, d * 0.86)) for obj in _face_parts(spec, r * 0.825, *_inks(spec))]
    keys = [
        place(cylinder("key", r * 0.11, 0.010, 0.002), (x * r, y * r, 0), (180, 0, 0))
        for x, y in ((-0.4, 0.3), (0.4, 0.3), (0, -0.35))
    ]
    metal = surface("chrome", SHADES["silver"]) if spec.seed % 3 else surface("brass", SHADES["brass"])
    bells, feet = [], []
    lift = r * 1.20
    for sign in (-1, 1):
        bell = _turned(
            [
                (0, r * 0.36),
                (r * 0.2, r * 0.345),
                (r * 0.40, r * 0.24),
                (r * 0.475, r * 0.04),
                (r * 0.49, 0),
                (r * 0.47, 0),
                (r * 0.38, r * 0.22),
                (0, r * 0.33),
            ],
            50,
            72,
        )
        knob = place(sphere("knob", r * 0.065), (0, 0, r * 0.38))
        post = tube("post", curve([(0, 0, -r * 0.2), (0, 0, r * 0.34)], 6), r * 0.04)
        spot = (sign * r * 0.66, -d / 2, lift + r * 0.80)
        bells += [place(part, spot, (0, sign * 35, 0)) for part in (bell, knob, post)]
        leg = tube(
            "leg",
            curve([(sign * r * 0.52, -d / 2, lift - r * 0.80), (sign * r * 0.74, -d / 2, r * 0.03)], 12),
            np.linspace(r * 0.085, r * 0.06, 12),
        )
        feet += [leg, place(sphere("foot", r * 0.085), (sign * r * 0.75, -d / 2, r * 0.06))]
    stem = tube("stem", curve([(0, -d / 2, lift + r * 0.95), (0, -d / 2, lift + r * 1.22)], 8), r * 0.028)
    head = place(cylinder("hammer", r * 0.075, r * 0.26, 0.002), (-r * 0.13, -d / 2, lift + r * 1.25), (0, 90, 0))
    arc = np.radians(np.linspace(0, 180, 40))
    bow = tube(
        "bow",
        np.stack([r * 0.48 * np.cos(arc), 0 * arc - d / 2, lift + r * 1.28 + r * 0.48 * np.sin(arc)], 1),
        r * 0.035,
    )
    paint = _paint(spec, grain="X")
    dress(paint, case)
    dress(metal, ring, *feet, stem, head, bow, *keys)
    dress(metal if spec.material in ("walnut", "oak") else paint, *bells)
    return [*_stand_up([case, ring, *face, *keys], (0, 0, lift)), *bells, *feet, stem, head, bow]


def _mantel(spec: Spec):
    """A case with a rounded top on a stepped plinth, a brass bezel round the dial."""
    r, d = spec["radius"], spec["depth"]
    w, h, plinth = r * 1.22, r * 1.16, 0.020
    arc = np.radians(np.linspace(0, 180, 60))
    arch = np.stack([w * np.cos(arc), h + w * np.sin(arc)], 1)
    # Shoulders run out to the plinth as on a "tambour" case.
    left = curve([(-w, h), (-w * 1.16, h * 0.62), (-w * 1.72, h * 0.26), (-w * 1.86, 0)], 24)
    outline = np.concatenate([arch, left[1:], left[::-1][:-1] * [-1, 1]])
    case = place(plate("case", [outline], d, 0.004), (0, 0, plinth), (90, 0, 0))
    foot = place(rounded_box("plinth", (w * 3.9, d * 1.22, plinth), 0.004, cuts=12), (0, 0, plinth / 2))
    step = place(rounded_box("step", (w * 3.78, d * 1.1, 0.006), 0.002, cuts=12), (0, 0, plinth + 0.002))
    bezel = _turned(
        [(r * 0.98, 0.002), (r * 0.99, 0.008), (r * 1.03, 0.0105), (r * 1.08, 0.006), (r * 1.09, 0)], 40, 110
    )
    face = _face_parts(spec, r, SHADES["cream" if spec.seed % 2 else "white"], SHADES["black"], SHADES["black"])
    dress(_paint(spec, grain="X"), case, foot, step)
    brass = surface("brass", SHADES["brass"])
    dress(brass, bezel)
    pegs = [
        place(sphere("foot", 0.009), (sign * w * 1.75, y, -0.004)) for sign in (-1, 1) for y in (-d * 0.42, d * 0.42)
    ]
    dress(brass, *pegs)
    return [case, foot, step, *pegs, *_stand_up([bezel, *face], (0, -d / 2, plinth + h))]


def build_clock(spec: Spec):
    return {"wall": _wall, "alarm": _alarm, "mantel": _mantel}[spec.style.key](spec)


register(
    Kind(
        "clock",
        "clock",
        "时钟",
        "Clocks",
        "Home",
        (19, 149),
        styles=(
            Style(
                "wall",
                "round",
                "圆形",
                {"radius": (0.140, 0.160), "depth": (0.040, 0.046), "rim": (0.09, 0.16), "numerals": (0, 2.99)},
                noun="wall clock",
                noun_zh="挂钟",
            ),
            Style(
                "alarm",
                "twin-bell",
                "双铃",
                {"radius": (0.050, 0.055), "depth": (0.040, 0.046), "numerals": (0, 0.9)},
                noun="alarm clock",
                noun_zh="闹钟",
            ),
            Style(
                "mantel",
                "arched",
                "拱形",
                {"radius": (0.062, 0.068), "depth": (0.070, 0.080), "numerals": (0.5, 1.99)},
                noun="mantel clock",
                noun_zh="座钟",
            ),
        ),
        finishes=(
            Finish(
                "lacquered metal", ("black", "white", "crimson", "mint", "mustard", "navy", "blush", "teal", "cream")
            ),
            Finish("walnut", ("walnut", "cognac")),
            Finish("oak", ("oak", "natural")),
            Finish("brass", ("brass", "copper")),
            Finish("aluminium", ("silver", "smoke")),
        ),
        details=(
            ("A silent sweep movement; one AA battery.", "静音扫秒机芯，一节5号电池。"),
            ("Clear hands, easy to read across the room.", "指针清晰，远处也一目了然。"),
        ),
        build=build_clock,
        view=View(18, 8, 0.84, angle=(-34, 14)),
        room="living room|bedroom|kitchen",
        tags=("timepiece", "watch", "time"),
    )
)


# ---------------------------------------------------------------- candle


def _flame(z: float, size: float):
    """A wick and its flame, the wick's foot at height z."""
    wick = tube(
        "wick",
        curve([(0, 0, z - size * 0.1), (0.0004, 0, z + size * 0.22), (0.0012, 0, z + size * 0.36)], 10),
        0.0011,
        sides=8,
    )
    low = z + size * 0.20
    profile = [(0, 0), (0.13, 0.10), (0.20, 0.32), (0.16, 0.58), (0.06, 0.92), (0, 1.12)]
    body = _turned([(size * x, low + size * y) for x, y in profile], 40, 32)
    # A flame is palest where one looks through most of it.
    shader = Shader("flame")
    rim = shader.node("LayerWeight", {"Blend": 0.35}).outputs["Facing"]
    colour = shader.ramp(rim, [(0.0, (1.0, 0.86, 0.46)), (0.75, (1.0, 0.42, 0.06))])
    shader.set(Base_Color=(0, 0, 0, 1), Emission_Color=colour, Emission_Strength=1.5)
    dress(shader.material, body)
    dress(simple("wick", (0.01, 0.008, 0.006), 0.9), wick)
    return [wick, body]


def _glowing(spec: Spec, **more):
    """Wax: lit from within a little, as thin wax is."""
    paint = _paint(spec, **more)
    inputs = paint.node_tree.nodes["Principled BSDF"].inputs
    inputs["Subsurface Weight"].default_value = 0.25
    inputs["Subsurface Scale"].default_value = 0.01
    return paint


def _label(spec: Spec) -> Image.Image:
    """A paper label with words that are nobody's brand."""
    picture = Image.new("RGB", (400, 300), (243, 239, 230))
    pen = ImageDraw.Draw(picture)
    ink = (60, 55, 50)
    pen.rectangle((14, 14, 385, 285), outline=ink, width=4)
    words = (("FIG", "cedar"), ("AMBER", "vanilla"), ("LINEN", "sea salt"), ("ROSE", "pepper"))[spec.seed % 4]
    pen.text((200, 112), words[0], ink, ImageFont.load_default(76), anchor="mm")
    pen.line((130, 168, 270, 168), ink, 3)
    pen.text((200, 205), words[1], ink, ImageFont.load_default(40), anchor="mm")
    pen.text((200, 252), "220 g", ink, ImageFont.load_default(24), anchor="mm")
    return picture


def _wrapped_label(spec: Spec, r: float, z: float, height: float):
    """The label glued round the front of a jar of radius r."""
    width = height * 4 / 3
    half = width / 2 / r
    turn = np.linspace(-half, half, 40)
    rows = np.linspace(-height / 2, height / 2, 12)
    grid = np.stack(
        [
            np.broadcast_to(r * np.sin(turn), (12, 40)),
            np.broadcast_to(-r * np.cos(turn), (12, 40)),
            np.broadcast_to(z + rows[:, None], (12, 40)),
        ],
        -1,
    )
    uv = np.stack(np.meshgrid(turn * r, rows), -1)
    label = sheet("label", grid, uv=uv)
    dress(pictured(f"label {spec.id}", _label(spec), (width, height)), label)
    return label


def _jar(spec: Spec):
    """Wax poured into a tumbler: to the eye it reaches the outside of the glass, so wax is what is
    modelled there, with the shine of glass, and the glass is only what stands above and below."""
    r, h = spec["radius"], spec["height"]
    top, low = h * 0.74, 0.009
    wall = _turned(
        [
            (r - 0.0024, top - 0.002),
            (r, top - 0.002),
            (r, top - 0.002),
            (r, h - 0.001),
            (r - 0.0012, h),
            (r - 0.0024, h - 0.001),
            (r - 0.0024, top - 0.002),
        ],
        60,
    )
    floor = _turned([(0, 0), (r * 0.93, 0), (r * 0.98, 0.002), (r * 0.998, low), (r * 0.998, low), (0, low)], 40)
    edge = [(r - 0.002, low), (r - 0.0002, low + 0.002), (r - 0.0002, top), (r - 0.0002, top), (r * 0.9, top - 0.002)]
    wax = _turned([(0, low), *edge, (0, top - 0.003)], 90)
    paint = _glowing(spec)
    inputs = paint.node_tree.nodes["Principled BSDF"].inputs
    inputs["Coat Weight"].default_value, inputs["Coat Roughness"].default_value = 1.0, 0.02
    dress(paint, wax)
    glass = surface("glass", SHADES["white"])
    # At its true index so thin a wall refracts to grey at these few samples.
    glass.node_tree.nodes["Principled BSDF"].inputs["IOR"].default_value = 1.12
    dress(glass, wall, floor)
    return [wall, floor, wax, _wrapped_label(spec, r + 0.0005, h * 0.40, h * 0.42), *_flame(top - 0.003, 0.026)]


def _tin(spec: Spec):
    """A flat tin, its lid leaning on it."""
    r, h = spec["radius"], spec["height"]
    body = curve(
        [
            (0, 0.0),
            (r * 0.96, 0.0),
            (r * 0.985, 0.001),
            (r, 0.004),
            (r, h * 0.5),
            (r, h * 0.90),
            (r * 0.985, h * 0.93),
            (r * 0.985, h),
        ],
        90,
    )
    tin = lathe("tin", vessel_profile(body, 0.0008), 110)
    bead = _turned(
        [
            (r * 0.99, h - 0.001),
            (r * 1.0, h + 0.0008),
            (r * 0.985, h + 0.0018),
            (r * 0.97, h + 0.0008),
            (r * 0.975, h - 0.001),
        ],
        24,
    )
    top = h * 0.86
    edge = r * 0.972
    wax = _turned(
        [
            (0, 0.003),
            (edge, 0.003),
            (edge, 0.003),
            (edge, top + 0.002),
            (edge, top + 0.002),
            (edge * 0.95, top),
            (0, top - 0.0005),
        ]
    )
    lid = _turned(
        [
            (r * 1.01, 0),
            (r * 1.02, 0.010),
            (r * 1.0, 0.0125),
            (r * 0.93, 0.0130),
            (r * 0.88, 0.0118),
            (0, 0.0118),
            (0, 0.0110),
            (r, 0.0110),
            (r, 0),
        ],
        80,
        110,
    )
    place(lid, (0, 0, 0), (-108, 0, 0))
    place(lid, (r * 0.95, r * 1.05, r * 1.02), (0, 0, -24))
    dress(_glowing(spec, repeat=0.06), wax)
    dress(surface("lacquered metal", spec.shade), tin, lid)
    dress(surface("aluminium", SHADES["silver"]), bead)
    return [tin, bead, wax, lid, _wrapped_label(spec, r + 0.0004, h * 0.44, h * 0.70), *_flame(top - 0.001, 0.024)]


def _pillar_body(r: float, low: float, h: float, rng):
    """Wax with a worn rim, a melted hollow and a few runs down its side."""
    body = lathe(
        "pillar",
        curve(
            [
                (0, low),
                (r * 0.96, low),
                (r, low + 0.003),
                (r, low + h * 0.5),
                (r, low + h - 0.004),
                (r * 0.95, low + h),
                (r * 0.80, low + h - 0.003),
                (r * 0.5, low + h - 0.0065),
                (0, low + h - 0.007),
            ],
            140,
        ),
        120,
    )
    runs = rng.uniform(0, 6.28, 4), rng.uniform(0.25, 0.6, 4)

    def melt(p):
        angle = np.arctan2(p[:, 1], p[:, 0])
        radius = np.hypot(p[:, 0], p[:, 1])
        share = (p[:, 2] - low) / h
        push = np.zeros(len(p))
        for at, length in zip(*runs, strict=True):
            off = (angle - at + math.pi) % (2 * math.pi) - math.pi
            reach = np.clip((share - (1 - length)) / 0.05, 0, 1)
            bead = np.exp(-(((share - (1 - length)) / 0.035) ** 2))
            push += np.exp(-((off * r / 0.0034) ** 2)) * (0.0016 * reach + 0.0014 * bead)
        push *= radius > r * 0.94
        sag = 0.0022 * np.sin(angle * 2 + runs[0][0]) * np.clip((share - 0.9) / 0.1, 0, 1)
        unit = p / np.maximum(radius, 1e-6)[:, None] * (1, 1, 0)
        return p + unit * push[:, None] + np.outer(sag, (0, 0, 1))

    return bend(body, melt)


def _pillar(spec: Spec):
    """Two pillars, or one, on a small dish."""
    r, h = spec["radius"], spec["height"]
    dish = _turned(
        [
            (0, 0),
            (r * 1.25, 0),
            (r * 1.32, 0.001),
            (r * 1.62, 0.011),
            (r * 1.60, 0.0125),
            (r * 1.30, 0.005),
            (0, 0.005),
        ],
        60,
    )
    body = _pillar_body(r, 0.005, h, spec.rng)
    dress(_glowing(spec, repeat=0.05, dip=h * 0.4), body)
    dress(surface("brass", SHADES["brass"]) if spec.seed % 2 else surface("stoneware", SHADES["charcoal"]), dish)
    return [dish, body, *_flame(h - 0.003, 0.030)]


def _taper(spec: Spec):
    """A tall thin candle in a brass chamberstick: drip pan, socket, finger ring."""
    r, h = spec["radius"], spec["height"]
    pan = _turned(
        [
            (0, 0),
            (0.040, 0),
            (0.044, 0.001),
            (0.058, 0.012),
            (0.0565, 0.0135),
            (0.042, 0.004),
            (0.012, 0.004),
            (0.009, 0.012),
            (0.0085, 0.022),
            (0.0105, 0.026),
            (r * 1.30, 0.030),
            (r * 1.36, 0.056),
            (r * 1.7, 0.058),
            (r * 1.7, 0.0595),
            (r * 1.1, 0.0595),
            (r * 0.9, 0.045),
            (0, 0.044),
        ],
        150,
    )
    arc = np.radians(np.linspace(-150, 150, 50))
    ring = tube(
        "ring",
        np.stack([0.070 + 0.0165 * np.cos(arc), 0 * arc, 0.022 + 0.0165 * np.sin(arc)], 1),
        0.0030,
        flat=0.7,
        up=(0, 1, 0),
    )
    rest = place(rounded_box("rest", (0.022, 0.013, 0.0022), 0.001, cuts=8), (0.066, 0, 0.040), (0, -8, 0))
    low = 0.046
    body = lathe(
        "taper",
        curve(
            [
                (0, low),
                (r, low),
                (r * 0.98, low + h * 0.3),
                (r * 0.80, low + h * 0.8),
                (r * 0.66, low + h * 0.975),
                (r * 0.45, low + h * 0.995),
                (0, low + h * 0.99),
            ],
            110,
        ),
        72,
    )
    dress(_glowing(spec, repeat=0.04, dip=low + h * 0.45), body)
    dress((surface("brass", SHADES["brass"]), surface("iron", SHADES["black"]))[spec.seed % 2], pan, ring, rest)
    return [pan, ring, rest, body, *_flame(low + h * 0.99, 0.030)]


def build_candle(spec: Spec):
    return {"jar": _jar, "tin": _tin, "pillar": _pillar, "taper": _taper}[spec.style.key](spec)


register(
    Kind(
        "candle",
        "candle",
        "蜡烛",
        "Candles",
        "Home",
        (6, 39),
        styles=(
            Style("jar", "scented jar", "香薰玻璃杯", {"radius": (0.038, 0.042), "height": (0.088, 0.098)}),
            Style("tin", "tin", "铁罐", {"radius": (0.040, 0.044), "height": (0.044, 0.050)}),
            Style("pillar", "pillar", "柱形", {"radius": (0.035, 0.040), "height": (0.110, 0.140)}),
            Style("taper", "taper", "细长", {"radius": (0.0120, 0.0130), "height": (0.150, 0.170)}),
        ),
        finishes=(
            Finish(
                "wax",
                (
                    "white",
                    "cream",
                    "blush",
                    "sage",
                    "burgundy",
                    "navy",
                    "terracotta",
                    "lavender",
                    "mustard",
                    "forest green",
                ),
            ),
            Finish("beeswax", ("amber", "sand", "camel", "mustard")),
        ),
        details=(
            ("Burns for 40 hours without soot.", "可燃40小时，无黑烟。"),
            ("A cotton wick and natural wax.", "纯棉烛芯，天然蜡。"),
        ),
        build=build_candle,
        view=View(16, 16, 0.84),
        room="living room|bedroom|bathroom",
        tags=("scented candle", "candlelight", "home fragrance", "decor"),
    )
)
