"""Shoes & accessories: tote, cap, sunglasses, watch."""

import math

import numpy as np

from ..colours import SHADES
from ..geometry import bend, crumple, curve, cylinder, lathe, place, plate, rounded_box, sheet, thicken, tube
from ..kind import Finish, Kind, Spec, Style, View, register
from ..materials import dress, simple, surface

DEPARTMENT = "Shoes & accessories"


def _paint(spec: Spec, repeat: float, **more):
    return surface(spec.material, spec.shade, pattern=spec.pattern, second=spec.second, repeat=repeat, **more)


# ---------------------------------------------------------------- tote


def _squircle(angle: np.ndarray, power: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.stack([np.sign(c) * np.abs(c) ** (2 / power), np.sign(s) * np.abs(s) ** (2 / power)], -1)


def build_tote(spec: Spec):
    w, h, d = spec["width"] / 2, spec["height"], spec["depth"] / 2
    angle = np.linspace(0, 2 * np.pi, 160, endpoint=False) + np.pi / 2
    ring = _squircle(angle, 5)
    heights = np.concatenate([np.zeros(8), np.linspace(0.004, h, 60)])
    shrink = np.concatenate([np.linspace(0, 0.97, 8), np.ones(60)])
    t = heights / h
    wide = w * (1 + spec["flare"] * t) * shrink
    deep = d * (1 - 0.62 * t**1.3) * shrink
    grid = np.empty((len(heights), len(angle), 3))
    grid[..., 0], grid[..., 1] = wide[:, None] * ring[:, 0], deep[:, None] * ring[:, 1]
    grid[..., 2] = heights[:, None]
    perimeter = np.concatenate(
        [[0], np.cumsum(np.linalg.norm(np.diff(ring * [w, d], axis=0, append=(ring * [w, d])[:1]), axis=1))]
    )
    uv = np.stack(np.meshgrid(perimeter, heights), -1)
    body = sheet("body", grid, wrap_u=True, uv=uv)
    # The cloth sags from the handles: folds run down, and fade towards the stiff bottom.
    crumple(body, 0.006, 0.11, spec.seed % 50, (0.7, 1, 2.6))
    bend(body, lambda p: p - [0, 0, 1] * (0.012 * (p[:, 2:] / h) ** 3 * np.cos(p[:, :1] / w * np.pi * 1.2)))
    thicken(body, 0.0022)
    handles, reach = [], spec["handle"]
    for sign in (-1, 1):
        y = sign * d * 0.40
        arch = curve(
            [(-w * 0.45, y, h * 0.8), (-w * 0.45, y, h * 0.97), (-w * 0.36, y * 0.9, h + reach * 0.7), (0, y * 0.8, h + reach),
             (w * 0.36, y * 0.9, h + reach * 0.7), (w * 0.45, y, h * 0.97), (w * 0.45, y, h * 0.8)], 60)  # fmt: skip
        handles.append(tube("handle", arch, 0.0135, flat=0.16, up=(0, 1, 0), power=5, round_ends=False))
    dress(_paint(spec, 0.085, dip=h * 0.3), body)
    strap = (
        surface("leather", SHADES["cognac"])
        if spec.has("leather")
        else surface(spec.material, spec.second or spec.shade)
    )
    dress(strap, *handles)
    return [body, *handles]


register(Kind(
    "tote", "tote bag", "托特包", "Tote bags", DEPARTMENT, (15, 129),
    styles=(
        Style("classic", "", "", {"width": (.36, .39), "height": (.36, .4), "depth": (.12, .14), "flare": (.0, .03), "handle": (.2, .23)}),
        Style("wide", "wide", "大容量", {"width": (.44, .48), "height": (.32, .35), "depth": (.15, .18), "flare": (.05, .09),
              "handle": (.18, .2)}, frozenset({"leather"})),
        Style("small", "small", "小号", {"width": (.26, .29), "height": (.26, .28), "depth": (.1, .12), "flare": (.0, .04), "handle": (.12, .14)}),
    ),
    finishes=(
        Finish("canvas", ("natural", "navy", "mustard", "forest green", "white", "coral", "black"),
               ("striped", "plain", "floral", "dotted", "leafy", "checked"), ("navy", "white", "crimson", "forest green", "cream")),
        Finish("leather", ("cognac", "black", "burgundy", "tan", "forest green", "cream")),
    ),
    details=(("Fits a laptop and a loaf of bread.", "装得下电脑，也装得下面包。"), ("Inside pocket for keys and phone.", "内袋可放钥匙与手机。")),
    build=build_tote, view=View(22, 14, .86, angle=(-30, 24)), genders=("women", "unisex"), tags=("bag", "shopper"),
))  # fmt: skip


# ---------------------------------------------------------------- cap


def build_cap(spec: Spec):
    r, h, long = spec["radius"], spec["height"], spec["brim"]
    profile = curve(
        [(r * 1.01, 0), (r * 1.02, h * 0.25), (r * 0.93, h * 0.6), (r * 0.68, h * 0.86), (r * 0.34, h * 0.975), (0, h)],
        70,
    )
    crown = lathe("crown", profile, 180)

    def panels(points):
        """Six panels: shallow grooves at the seams, a longer head than wide, a tall front."""
        angle = np.arctan2(points[:, 1], points[:, 0])
        seam = np.exp(-((np.abs((angle / (np.pi / 3) + 0.5) % 1 - 0.5) * r / 0.012) ** 2))
        out = points * (1 - 0.016 * seam * (points[:, 2] < h * 0.985))[:, None]
        out[:, 1] *= 1.14
        out[:, 2] *= 1 + 0.05 * (points[:, 1] < 0) * np.clip(-points[:, 1] / r, 0, 1)
        return out

    bend(crown, panels)
    thicken(crown, 0.002)
    theta, t = np.meshgrid(np.radians(np.linspace(-82, 82, 60)), np.linspace(0, 1, 24))
    reach = long * np.cos(theta) ** 0.55
    x = r * 0.99 * np.sin(theta) * (1 + 0.05 * t)
    y = -r * 1.12 * np.cos(theta) - reach * t
    z = 0.004 - spec["curve"] * (x / r) ** 2 * (0.12 + 0.88 * t) - 0.16 * (reach * t)
    brim = thicken(sheet("brim", np.stack([x, y, z], -1)), 0.0035)
    edge = tube("edge", np.stack([x[-1], y[-1], z[-1]], -1), 0.0024, sides=10)
    button = place(cylinder("button", 0.0075, 0.006, 0.0029), (0, 0, h - 0.001))
    band = tube("band", np.stack([r * 1.015 * np.cos(a := np.linspace(0, 2 * np.pi, 90, endpoint=False)), r * 1.157 * np.sin(a), 0 * a + .004], -1),
                .005, closed=True, flat=.35, up=(0, 0, 1), sides=12)  # fmt: skip
    eyelets = []
    for turn in (-120, -60):
        a, z_at = math.radians(turn), h * 0.72
        out = np.interp(z_at, profile[:, 1], profile[:, 0])
        ring = np.linspace(0, 2 * np.pi, 20, endpoint=False)
        loop = tube(
            "eyelet",
            np.stack([0.0042 * np.cos(ring), 0.0042 * np.sin(ring), 0 * ring], -1),
            0.0013,
            closed=True,
            sides=8,
        )
        eyelets.append(
            place(loop, (out * 1.0 * math.cos(a), out * 1.14 * math.sin(a), z_at * 1.02), (48, 0, turn + 90))
        )
    main, front = (
        _paint(spec, 0.06),
        surface(spec.material, spec.second if spec.second and spec.pattern == "plain" else spec.shade),
    )
    dress(main, crown)
    dress(front, brim, edge, button, band, *eyelets)
    return [crown, brim, edge, button, band, *eyelets]


_CAP = {"radius": (0.086, 0.09), "height": (0.112, 0.12), "brim": (0.068, 0.074), "curve": (0.016, 0.022)}
register(Kind(
    "cap", "cap", "棒球帽", "Caps", DEPARTMENT, (12, 39),
    styles=(
        Style("baseball", "baseball", "弯檐", _CAP),
        Style("flat", "flat-brim", "平檐", _CAP | {"height": (.122, .13), "brim": (.072, .078), "curve": (.003, .006)}),
        Style("low", "low-profile", "浅顶", _CAP | {"height": (.096, .102), "curve": (.02, .026)}),
    ),
    finishes=(
        Finish("cotton", ("navy", "crimson", "forest green", "black", "white", "mustard", "sky blue"), ("plain",),
               ("white", "navy", "crimson", "cream", "black"), True),
        Finish("canvas", ("sand", "olive", "navy", "burnt orange", "cream", "pink"), ("plain", "checked", "camouflage"), ("black", "white", "forest green", "chocolate"), True),
        Finish("denim", ("denim blue", "light wash", "indigo", "black")),
    ),
    details=(("Adjustable strap, one size.", "可调节后扣，均码。"), ("Shade for long afternoons.", "为漫长午后遮阳。")),
    build=build_cap, view=View(38, 20, .8, angle=(-40, 26)), genders=("women", "men", "unisex"), season="summer", tags=("hat", "headwear"),
))  # fmt: skip


# ---------------------------------------------------------------- sunglasses


def _lens(spec: Spec) -> np.ndarray:
    """Outline of the right lens about its own centre."""
    w, h = spec["lens"] / 2, spec["lens"] / 2 * spec["ratio"]
    angle = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    shape = _squircle(angle, spec["square"]) * [w, h]
    # Cat-eye lifts the outer top corner, an aviator drops towards the cheek.
    x, y = shape.T
    shape[:, 1] += spec["lift"] * h * np.clip(x / w, -1, 1) * (y > 0) * (y / h)
    shape[:, 1] -= spec["drop"] * h * np.clip(x / w, -0.2, 1) * (y < 0) * (-y / h)
    return shape


def build_sunglasses(spec: Spec):
    rim, lens = spec["rim"], _lens(spec)
    apart = spec["lens"] / 2 + spec["bridge"] / 2 + rim * 0.5
    centre = np.array([apart, 0])
    size = np.abs(lens).max(0)
    outer, inner = lens * (1 + rim / size), lens * (1 - 0.02)
    front, glass = [], []
    for sign in (1, -1):
        flip = np.array([sign, 1])
        front.append(plate("rim", [(outer + centre) * flip, (inner + centre) * flip], 0.0045, 0.0012))
        glass.append(plate("lens", [(lens + centre) * flip], 0.0016, 0.0004))
    y = size[1] * 0.32
    gap = apart - size[0]
    front.append(
        tube(
            "bridge",
            curve([(-gap - rim * 0.3, y, 0), (0, y + 0.003, 0.0008), (gap + rim * 0.3, y, 0)], 24),
            rim * 0.62,
            flat=0.55,
            up=(0, 0, 1),
        )
    )
    if spec.has("double"):
        front.append(
            tube(
                "bar",
                curve([(-gap - 0.004, size[1] * 0.86, 0), (0, size[1] * 0.9, 0), (gap + 0.004, size[1] * 0.86, 0)], 24),
                0.0014,
            )
        )
    for part in front + glass:
        place(part, turn=(90, 0, 0))
        bend(part, lambda p: p + np.stack([0 * p[:, 0], 2.1 * p[:, 0] ** 2, 0 * p[:, 0]], 1))
    edge = apart + size[0] + rim * 0.6
    back = 2.1 * edge**2
    for sign in (1, -1):
        hinge = size[1] * 0.5
        path = curve([(sign * edge * .97, back - .003, hinge), (sign * (edge + .002), back + .008, hinge), (sign * (edge + .001), back + .09, hinge),
                      (sign * (edge - .003), back + .112, hinge - .006), (sign * (edge - .007), back + .14, hinge - .033)], 60)  # fmt: skip
        front.append(tube("temple", path, np.linspace(max(rim, 0.0042), 0.0034, 60), flat=0.5, up=(1, 0, 0), power=3))
    dress(_paint(spec, 0.03), *front)
    tint = spec.second or SHADES["black"]
    dress(simple("lens", tuple(c * 0.35 for c in tint.linear), 0.04, Coat_Weight=0.5, Specular_IOR_Level=0.7), *glass)
    return front + glass


_GLASSES = {
    "lens": (0.05, 0.053),
    "ratio": (0.8, 0.86),
    "square": (2.6, 3.0),
    "lift": (0.0, 0.05),
    "drop": (0, 0.02),
    "rim": (0.0042, 0.005),
    "bridge": (0.015, 0.018),
}
register(Kind(
    "sunglasses", "sunglasses", "太阳镜", "Sunglasses", DEPARTMENT, (19, 159),
    styles=(
        Style("square", "square", "方框", _GLASSES),
        Style("round", "round", "圆框", _GLASSES | {"ratio": (.98, 1.0), "square": (2.0, 2.05), "lens": (.046, .049), "rim": (.003, .0036)}),
        Style("cat", "cat-eye", "猫眼", _GLASSES | {"ratio": (.76, .82), "lift": (.55, .65), "square": (2.3, 2.5), "rim": (.005, .006)}),
        Style("aviator", "aviator", "飞行员", _GLASSES | {"ratio": (.86, .9), "square": (2.2, 2.4), "drop": (-.05, .0), "lens": (.055, .058), "rim": (.0016, .002)},
              frozenset({"double"})),
    ),
    finishes=(
        Finish("plastic", ("black", "crimson", "white", "teal", "blush", "mustard", "cobalt", "forest green"), ("plain",),
               ("black", "smoke", "chocolate"), True),
        Finish("steel", ("gold", "silver", "copper"), ("plain",), ("forest green", "smoke", "chocolate", "navy"), True),
    ),
    details=(("UV400 lenses, spring hinges.", "UV400镜片，弹簧铰链。"), ("Comes with a soft case.", "附软质眼镜袋。")),
    build=build_sunglasses, view=View(28, 20, .84, angle=(-30, 34)), genders=("women", "men", "unisex"), season="summer", tags=("eyewear",),
))  # fmt: skip


# ---------------------------------------------------------------- watch


def build_watch(spec: Spec):
    r, t, wide = spec["case"] / 2, spec["thick"], spec["strap"] / 2
    a, b = 0.031, 0.029  # the wrist it is closed around
    tilt = math.radians(52)
    angle = np.linspace(0, 2 * np.pi, 140, endpoint=False) + tilt
    # Flat under the case, round elsewhere.
    loop = _squircle(angle, 2.2) * [a, b]
    s = np.linspace(-1, 1, 9)
    narrow = wide * (1 - 0.16 * (1 - np.abs(np.cos((angle - tilt) / 2)) ** 2))
    grid = np.empty((9, len(angle), 3))
    grid[..., 0] = s[:, None] * narrow
    grid[..., 1] = -loop[:, 0] * (1 + 0.012 * (1 - s[:, None] ** 2))
    grid[..., 2] = loop[:, 1]
    strap = thicken(sheet("strap", grid, wrap_u=True), 0.004)
    case = lathe(
        "case",
        curve(
            [
                (0, -t * 0.5),
                (r * 0.85, -t * 0.5),
                (r, -t * 0.3),
                (r, t * 0.25),
                (r * 0.94, t * 0.48),
                (r * 0.86, t * 0.5),
                (r * 0.85, t * 0.4),
                (0, t * 0.4),
            ],
            80,
        ),
    )
    dial = place(cylinder("dial", r * 0.85, 0.0004, 0.0001), (0, 0, t * 0.4))
    marks = []
    for k in range(12):
        size = (0.0013, r * (0.2 if k % 3 == 0 else 0.12), 0.0005)
        mark = place(rounded_box("mark", size, 0.0002, cuts=4), (0, r * 0.7, t * 0.4 + 0.0006))
        marks.append(place(mark, turn=(0, 0, 30 * k)))
    hands = []
    for turn, length, width in ((-58, 0.46, 0.0021), (62, 0.68, 0.0015), (165, 0.74, 0.0006)):
        hand = place(
            rounded_box("hand", (width, r * length, 0.0005), 0.0002, cuts=4), (0, r * length * 0.42, t * 0.4 + 0.0014)
        )
        hands.append(place(hand, turn=(0, 0, turn)))
    hands.append(place(cylinder("pin", 0.0014, 0.001, 0.0003), (0, 0, t * 0.4 + 0.0012)))
    crown = place(cylinder("crown", 0.0026, 0.004, 0.0006), (r - 0.0005, 0, 0), (0, 90, 0))
    bars = [
        place(cylinder("lug", 0.0016, wide * 1.9, 0.0005), (-wide * 0.95, sign * r * 0.97, -t * 0.25), (0, 90, 0))
        for sign in (-1, 1)
    ]
    out = np.array([math.cos(tilt), math.sin(tilt)]) * (
        _squircle(np.array([tilt]), 2.2)[0] * [a, b] @ [math.cos(tilt), math.sin(tilt)] + t * 0.3
    )
    for part in (case, dial, crown, *marks, *hands, *bars):
        place(part, (0, -out[0], out[1]), (90 - math.degrees(tilt), 0, 0))
    metal = surface("steel", spec.second or SHADES["silver"])
    dress(_paint(spec, 0.02), strap)
    dress(metal, case, crown, *bars)
    pale = spec.seed % 2 == 0
    dress(simple("dial", (0.8, 0.79, 0.76) if pale else (0.012, 0.014, 0.02), 0.35), dial)
    dress(simple("marks", (0.02, 0.02, 0.02) if pale else (0.75, 0.74, 0.7), 0.3), *marks, *hands)
    return [strap, case, dial, crown, *marks, *hands, *bars]


_WATCH = {"case": (0.037, 0.039), "thick": (0.008, 0.009), "strap": (0.019, 0.021)}
register(Kind(
    "watch", "watch", "手表", "Watches", DEPARTMENT, (49, 289),
    styles=(
        Style("classic", "classic", "经典", _WATCH),
        Style("large", "oversized", "大表盘", _WATCH | {"case": (.043, .046), "thick": (.01, .011), "strap": (.023, .024)}),
        Style("slim", "slim", "超薄", _WATCH | {"case": (.033, .035), "thick": (.006, .0065), "strap": (.015, .016)}),
    ),
    finishes=(
        Finish("leather", ("cognac", "black", "navy", "burgundy", "tan", "forest green"), ("plain",), ("silver", "gold", "copper"), True),
        Finish("rubber", ("crimson", "white", "cobalt", "black", "mustard"), ("plain",), ("silver", "black"), True),
    ),
    details=(("Quartz movement, water-resistant to 50 m.", "石英机芯，50米防水。"), ("Strap changes without tools.", "快拆表带，无需工具。")),
    build=build_watch, view=View(24, 26, .8), genders=("women", "men", "unisex"), tags=("timepiece",),
))  # fmt: skip
