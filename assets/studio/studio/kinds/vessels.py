"""Turned on the wheel or blown: mug, vase, teapot, bowl."""

import math

import numpy as np

from ..geometry import curve, lathe, tube, vessel_profile
from ..kind import Finish, Kind, Spec, Style, View, register
from ..materials import dress, surface

GLAZES = (
    "forest green",
    "cobalt",
    "mustard",
    "burgundy",
    "white",
    "sage",
    "charcoal",
    "terracotta",
    "teal",
    "blush",
    "sky blue",
    "cream",
    "navy",
    "black",
)


def _paint(spec: Spec, repeat: float, dip: float = 0.0):
    return surface(spec.material, spec.shade, pattern=spec.pattern, second=spec.second, repeat=repeat, dip=dip)


def _handle(path, thickness, flat=1.0):
    """A pulled handle: thicker where it joins the body."""
    path = curve(path, 48)
    swell = 1 + 0.35 * np.abs(np.linspace(-1, 1, 48)) ** 3
    return tube("handle", path, thickness * swell, flat=flat, up=(0, 1, 0))


def build_mug(spec: Spec):
    r, h, belly, foot = spec["radius"], spec["height"], spec["belly"], spec["foot"]
    outer = curve(
        [
            (0, 0.001),
            (r * foot * 0.85, 0.001),
            (r * foot * 0.85, 0.001),
            (r * foot, 0.004),
            (r * (foot + belly) / 2 * 1.02, h * 0.16),
            (r * belly, h * 0.45),
            (r * (belly + 1) / 2, h * 0.75),
            (r, h),
        ],
        90,
    )
    body = lathe("body", vessel_profile(outer, 0.0036), 128)
    paint = _paint(spec, 2 * math.pi * r * max(1, belly) / 6, dip=h * 0.42)

    def wall(z):
        """Radius of the outside at a height, where the handle meets it."""
        side = outer[8:]
        return np.interp(z, side[:, 1], side[:, 0])

    top, low, out = h * 0.82, h * 0.24, r * spec["handle"]
    handle = _handle(
        [
            (wall(top) - 0.002, 0, top),
            (wall(top) + out * 0.75, 0, top + h * 0.03),
            (wall(h / 2) + out, 0, (top + low) / 2 + h * 0.04),
            (wall(low) + out * 0.6, 0, low + h * 0.02),
            (wall(low) - 0.002, 0, low),
        ],
        0.0052,
        1.25,
    )
    dress(paint, body, handle)
    return [body, handle]


register(
    Kind(
        "mug",
        "mug",
        "马克杯",
        "Mugs",
        "Home",
        (9, 28),
        styles=(
            Style(
                "straight",
                "",
                "",
                {
                    "radius": (0.040, 0.043),
                    "height": (0.088, 0.098),
                    "belly": (1, 1.01),
                    "foot": (0.93, 0.97),
                    "handle": (0.62, 0.72),
                },
            ),
            Style(
                "round",
                "rounded",
                "圆肚",
                {
                    "radius": (0.042, 0.045),
                    "height": (0.082, 0.09),
                    "belly": (1.13, 1.2),
                    "foot": (0.66, 0.74),
                    "handle": (0.6, 0.68),
                },
            ),
            Style(
                "tall",
                "tall",
                "高款",
                {
                    "radius": (0.037, 0.039),
                    "height": (0.115, 0.125),
                    "belly": (0.97, 1.0),
                    "foot": (0.84, 0.9),
                    "handle": (0.7, 0.8),
                },
            ),
        ),
        finishes=(
            Finish("stoneware", GLAZES, ("plain", "speckled", "dipped"), ("cream", "charcoal", "terracotta", "white")),
            Finish(
                "porcelain",
                ("white", "navy", "sky blue", "blush", "black", "emerald", "yellow"),
                ("plain", "striped", "dotted", "floral"),
                ("white", "navy", "crimson", "cobalt"),
            ),
            Finish(
                "enamel",
                ("white", "crimson", "navy", "forest green", "cream"),
                ("plain", "speckled"),
                ("navy", "white"),
            ),
        ),
        details=(
            ("Holds 350 ml and goes in the dishwasher.", "容量350毫升，可用洗碗机清洗。"),
            ("A handle with room for three fingers.", "把手宽大，三指可轻松握持。"),
        ),
        build=build_mug,
        view=View(28, 22, angle=(-32, 32)),
        room="kitchen",
        tags=("coffee", "tea", "drinkware"),
    )
)


def build_vase(spec: Spec):
    r, h = spec["radius"], spec["height"]
    outer = curve(
        [
            (0, 0.001),
            (r * spec["foot"], 0.001),
            (r * spec["foot"], 0.001),
            (r * (spec["foot"] + 1) / 2 * 1.06, h * spec["waist"] * 0.45),
            (r, h * spec["waist"]),
            (r * (1 + spec["neck"]) / 2, h * (spec["waist"] + 0.82) / 2 * 1.04),
            (r * spec["neck"], h * 0.84),
            (r * spec["lip"], h),
        ],
        140,
    )
    body = lathe("body", vessel_profile(outer, 0.005 if spec.material != "glass" else 0.004), 144)
    dress(_paint(spec, 2 * math.pi * r / 5, dip=h * 0.38), body)
    return [body]


register(
    Kind(
        "vase",
        "vase",
        "花瓶",
        "Vases",
        "Home",
        (19, 89),
        styles=(
            Style(
                "bulb",
                "bulb-shaped",
                "球形",
                {
                    "radius": (0.085, 0.1),
                    "height": (0.21, 0.24),
                    "foot": (0.5, 0.58),
                    "waist": (0.4, 0.45),
                    "neck": (0.26, 0.32),
                    "lip": (0.34, 0.42),
                },
            ),
            Style(
                "amphora",
                "amphora",
                "双曲",
                {
                    "radius": (0.085, 0.095),
                    "height": (0.29, 0.33),
                    "foot": (0.42, 0.5),
                    "waist": (0.6, 0.66),
                    "neck": (0.36, 0.42),
                    "lip": (0.5, 0.58),
                },
            ),
            Style(
                "slender",
                "slender",
                "细长",
                {
                    "radius": (0.055, 0.062),
                    "height": (0.3, 0.34),
                    "foot": (0.68, 0.78),
                    "waist": (0.32, 0.38),
                    "neck": (0.34, 0.42),
                    "lip": (0.46, 0.54),
                },
            ),
        ),
        finishes=(
            Finish("ceramic", GLAZES, ("plain", "waves", "striped", "dipped"), ("cream", "white", "navy", "charcoal")),
            Finish(
                "terracotta",
                ("terracotta", "sand", "charcoal", "brick red"),
                ("plain", "zigzag", "geometric"),
                ("cream", "charcoal", "white"),
            ),
            Finish("glass", ("amber", "emerald", "smoke", "sky blue", "fuchsia")),
        ),
        details=(
            ("Watertight, for fresh or dried stems.", "不渗水，鲜花干花皆宜。"),
            ("Thrown by hand, so each one differs a little.", "手工拉坯，每件略有不同。"),
        ),
        build=build_vase,
        view=View(0, 14),
        room="living room|hallway",
        tags=("flowers", "decor"),
    )
)


def build_teapot(spec: Spec):
    r, h = spec["radius"], spec["height"]
    outer = curve(
        [
            (0, 0.001),
            (r * 0.55, 0.001),
            (r * 0.55, 0.001),
            (r * spec["low"], h * 0.16),
            (r, h * spec["waist"]),
            (r * 0.86, h * 0.74),
            (r * 0.52, h * 0.96),
            (r * 0.4, h),
        ],
        110,
    )
    body = lathe("body", vessel_profile(outer, 0.004), 128)
    lid = lathe(
        "lid",
        curve(
            [
                (r * 0.41, h * 0.985),
                (r * 0.43, h),
                (r * 0.4, h + r * 0.07),
                (r * 0.2, h + r * 0.17),
                (r * 0.07, h + r * 0.2),
                (r * 0.055, h + r * 0.24),
                (r * 0.12, h + r * 0.32),
                (r * 0.1, h + r * 0.4),
                (0, h + r * 0.43),
            ],
            70,
        ),
    )
    spout_path = curve(
        [(r * 0.78, 0, h * 0.3), (r * 1.25, 0, h * 0.42), (r * 1.45, 0, h * 0.72), (r * 1.78, 0, h * 0.98)], 40
    )
    # Wide at the root, narrow at the tip; open ends are hidden in the body and by the lip.
    spout = tube("spout", spout_path, r * np.linspace(0.3, 0.1, 40) ** 1.0, round_ends=False, up=(0, 1, 0))
    if spec.has("bail"):
        handle = _handle(
            [
                (-r * 0.62, 0, h * 0.86),
                (-r * 0.72, 0, h * 1.25),
                (0, 0, h * 1.72),
                (r * 0.72, 0, h * 1.25),
                (r * 0.62, 0, h * 0.86),
            ],
            r * 0.065,
        )
    else:
        handle = _handle(
            [
                (-r * 0.84, 0, h * 0.72),
                (-r * 1.35, 0, h * 0.86),
                (-r * 1.62, 0, h * 0.58),
                (-r * 1.36, 0, h * 0.26),
                (-r * 0.9, 0, h * 0.24),
            ],
            r * 0.085,
            1.2,
        )
    paint = _paint(spec, 2 * math.pi * r / 7, dip=h * 0.4)
    dress(paint, body, lid, spout, handle)
    return [body, lid, spout, handle]


register(
    Kind(
        "teapot",
        "teapot",
        "茶壶",
        "Teapots",
        "Home",
        (24, 79),
        styles=(
            Style(
                "round",
                "round",
                "圆形",
                {"radius": (0.078, 0.085), "height": (0.11, 0.12), "low": (0.86, 0.92), "waist": (0.44, 0.5)},
            ),
            Style(
                "bail",
                "top-handle",
                "提梁",
                {"radius": (0.08, 0.088), "height": (0.095, 0.105), "low": (0.9, 0.95), "waist": (0.4, 0.46)},
                frozenset({"bail"}),
            ),
            Style(
                "tall",
                "tall",
                "高款",
                {"radius": (0.068, 0.073), "height": (0.14, 0.15), "low": (0.94, 1.0), "waist": (0.34, 0.4)},
            ),
        ),
        finishes=(
            Finish(
                "porcelain",
                ("white", "cobalt", "blush", "emerald", "black", "mint"),
                ("plain", "floral", "dotted", "striped"),
                ("cobalt", "white", "crimson"),
            ),
            Finish("stoneware", GLAZES, ("plain", "speckled", "dipped"), ("cream", "charcoal")),
            Finish("iron", ("black", "teal", "crimson", "charcoal")),
        ),
        details=(
            ("Pours without dripping; about one litre.", "倒水不滴漏，容量约1升。"),
            ("Comes with a removable strainer.", "附可拆卸茶漏。"),
        ),
        build=build_teapot,
        view=View(14, 16, 0.84, angle=(-32, 28)),
        room="kitchen|dining room",
        tags=("tea", "tableware"),
    )
)
