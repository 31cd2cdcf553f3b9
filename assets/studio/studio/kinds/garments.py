"""Clothing, laid flat and photographed from above: T-shirt, sweater, dress, jeans."""

import numpy as np

from ..cloth import Air, Crease, Edge, cached, openings, press, refine, settle, sew
from ..colours import SHADES
from ..geometry import curve, cylinder, place, tube
from ..kind import Finish, Kind, Spec, Style, View, register
from ..materials import Drawing, dress, surface

CLOTH_COLOURS = (
    "white",
    "black",
    "navy",
    "crimson",
    "mustard",
    "forest green",
    "sky blue",
    "blush",
    "light grey",
    "olive",
    "lavender",
    "coral",
    "teal",
    "burgundy",
    "cream",
)
FLAT = View(0, 89, 0.84, flat=True)


def sewn(spec: Spec, front, back, air: Air, creases, step=0.013):
    """Sewn, settled and creased."""

    def make():
        obj = refine(settle(sew("garment", front, back, step, air.puff, spec.seed), air))
        return press(obj, creases, spec.seed)

    return cached((spec.kind.key, spec.seed), make)


def rib(ring: np.ndarray, radius: float):
    """A ribbed band along an opening."""
    smooth = ring.copy()
    for _ in range(6):
        smooth = (np.roll(smooth, 1, 0) + 2 * smooth + np.roll(smooth, -1, 0)) / 4
    return tube("rib", curve(smooth[::3], 120, closed=True), radius, closed=True, flat=0.45, sides=16)


def scatter(rng, regions, count, height, width):
    """Random creases; a region is (start box, end box) of ((x0, x1), (y0, y1)) pairs."""
    creases = []
    for _ in range(count):
        start, end = regions[rng.integers(len(regions))]
        side = rng.choice([-1, 1])
        a = (side * rng.uniform(*start[0]), rng.uniform(*start[1]))
        b = (side * rng.uniform(*end[0]), rng.uniform(*end[1]))
        creases.append(Crease(a, b, rng.uniform(*height), rng.uniform(*width)))
    return creases


def printed(spec: Spec, drawing: Drawing, repeat: float):
    return surface(spec.material, spec.shade, pattern=spec.pattern, second=spec.second, repeat=repeat, drawing=drawing)


def build_top(spec: Spec):
    """T-shirt and sweater: one block, sleeves of any length and angle."""
    w, h, neck, drop = spec["chest"] / 2, spec["length"], spec["neck"], spec["neck_drop"]
    sleeve, angle, cuff = spec["sleeve"], np.radians(spec["angle"]), spec["cuff"]
    shoulder = (w * 0.86, h - 0.035)
    down = np.array([np.cos(angle), -np.sin(angle)])
    tip = np.array(shoulder) + down * sleeve
    band, long = spec["band"], sleeve > 0.4
    across = np.array([-np.sin(angle), -np.cos(angle)])
    if long:
        # Full at the elbow and drawn in by the rib, at the wrist as at the hem.
        inner, pit = tip + across * cuff, np.array([w, h - 0.035 - spec["armhole"]])
        elbow, wrist = inner * 0.55 + pit * 0.45 + across * 0.01, inner - down * band * 1.3 + across * 0.016
        under = Edge([inner, wrist, elbow, pit], True, True)
        side = [pit, (w * spec["waist"], h * 0.4), (w * spec["waist"], band * 1.9), (w * spec["hem"], 0)]
    else:
        # A short sleeve must not open into the side of the body.
        cuff = min(cuff, (tip[0] - w - 0.012) / np.sin(angle))
        inner = tip + across * cuff
        pit = np.array([w, min(h - 0.035 - spec["armhole"], inner[1] - 0.012)])
        under = Edge([inner, pit])
        side = [pit, (w * spec["waist"], h * 0.4), (w * spec["hem"], 0)]
    body = [
        Edge([(neck, h), shoulder]),
        Edge([shoulder, tip]),
        Edge([tip, inner], False),
        under,
        Edge(side, True, True),
        Edge([(w * spec["hem"], 0), (0, 0)], False),
    ]
    front = [Edge([(0, h - drop), (neck * 0.6, h - drop * 0.82), (neck, h)], False, True), *body]
    back = [Edge([(0, h - 0.022), (neck * 0.6, h - 0.018), (neck, h)], False, True), *body]
    rng = spec.rng
    px, py = pit
    creases = scatter(
        rng,
        [
            (((px * 0.9, px), (py - 0.06, py)), ((px * 0.2, px * 0.5), (py - 0.16, py + 0.02))),
            (((px * 0.5, px * 0.95), (h * 0.35, h * 0.6)), ((px * 0.1, px * 0.5), (h * 0.1, h * 0.4))),
            (((px * 0.3, px * 0.9), (h * 0.25, h * 0.5)), ((px * 0.3, px * 0.95), (0.0, h * 0.1))),
            (
                ((shoulder[0] * 0.95, shoulder[0]), (shoulder[1] - 0.1, shoulder[1] - 0.02)),
                ((px * 0.55, px * 0.8), (py - 0.05, py + 0.06)),
            ),
        ],
        17,
        (0.004, 0.008),
        (0.012, 0.024),
    )
    for _k in range(round(4 + sleeve * 14)):
        at = np.array(shoulder) + down * sleeve * rng.uniform(0.1, 0.9) + np.array([-down[1], down[0]]) * -cuff * 0.9
        for side in (-1, 1):
            end = np.add(at, (rng.uniform(-0.02, 0.06), rng.uniform(0.03, 0.1)))
            creases.append(
                Crease(
                    (side * at[0], at[1]), (side * end[0], end[1]), rng.uniform(0.003, 0.006), rng.uniform(0.009, 0.016)
                )
            )
    body_obj = sewn(
        spec, front, back, Air(pressure=spec["air"], puff=0.05, gravity=0.5, frames=26, bending=1.0), creases
    )
    drawing = Drawing(f"top {spec.seed}")
    drawing.line([(w * 0.86, h - 0.035), (w * 0.83, (h - 0.035 + py) / 2), tuple(pit)], 0.0028)
    if band < 0.03:
        drawing.line([(0, band), (w * 1.1, band)], 0.002)
        drawing.line([tip - down * band, inner - down * band], 0.002)
    else:  # a ribbed waistband and cuffs, drawn rib by rib
        drawing.line([(0, band), (w * 1.1, band)], 0.004)
        for x in np.arange(0.003, w * 1.1, 0.0085):
            drawing.line([(x, 0), (x, band)], 0.0022)
        drawing.line([tip - down * band, inner - down * band], 0.004)
        for t in np.linspace(0, 1, round(cuff / 0.0085)):
            a = tip * (1 - t) + inner * t
            drawing.line([a, a - down * band], 0.0022)
    dress(printed(spec, drawing, spec["repeat"]), body_obj)
    collar = rib(openings(body_obj)[0], 0.011 if band < 0.03 else 0.015)
    dress(surface(spec.material, spec.shade), collar)
    return [body_obj, collar]


PRINTS = ("plain", "striped", "dotted", "floral", "checked")
_TEE = {
    "chest": (0.56, 0.6),
    "length": (0.66, 0.7),
    "neck": (0.088, 0.096),
    "neck_drop": (0.085, 0.1),
    "sleeve": (0.19, 0.22),
    "angle": (38, 46),
    "cuff": (0.15, 0.17),
    "armhole": (0.21, 0.23),
    "waist": (0.96, 0.98),
    "hem": (0.98, 1.0),
    "air": (6, 7.5),
    "band": (0.02, 0.021),
    "repeat": (0.075, 0.09),
}
register(
    Kind(
        "tshirt",
        "T-shirt",
        "T恤",
        "T-shirts",
        "Clothing",
        (12, 45),
        styles=(
            Style("crew", "crew-neck", "圆领", _TEE),
            Style(
                "boxy",
                "boxy",
                "宽松",
                _TEE
                | {
                    "chest": (0.64, 0.68),
                    "length": (0.62, 0.65),
                    "sleeve": (0.2, 0.22),
                    "angle": (30, 36),
                    "neck": (0.1, 0.11),
                },
            ),
            Style(
                "scoop",
                "scoop-neck",
                "大圆领",
                _TEE
                | {
                    "chest": (0.53, 0.56),
                    "length": (0.62, 0.65),
                    "neck": (0.11, 0.12),
                    "neck_drop": (0.14, 0.16),
                    "waist": (0.9, 0.93),
                    "sleeve": (0.17, 0.19),
                    "hem": (0.97, 1.0),
                },
            ),
        ),
        finishes=(
            Finish("cotton", CLOTH_COLOURS, PRINTS, ("white", "navy", "black", "cream", "crimson")),
            Finish(
                "cotton",
                ("white", "cream", "sky blue", "light grey", "blush"),
                ("striped", "plain", "dotted"),
                ("navy", "crimson", "black", "forest green"),
            ),
        ),
        details=(
            ("Organic cotton, pre-washed so it keeps its size.", "有机棉，预洗不缩水。"),
            ("Mid-weight cotton with a ribbed collar.", "中等克重棉料，罗纹领口。"),
        ),
        build=build_top,
        view=FLAT,
        genders=("women", "men", "unisex"),
        season="summer",
        tags=("top", "short sleeve"),
    )
)
_SWEATER = {
    "chest": (0.54, 0.58),
    "length": (0.62, 0.66),
    "neck": (0.085, 0.095),
    "neck_drop": (0.075, 0.09),
    "sleeve": (0.62, 0.65),
    "angle": (66, 69),
    "cuff": (0.082, 0.09),
    "armhole": (0.22, 0.235),
    "waist": (0.98, 1.0),
    "hem": (0.86, 0.89),
    "air": (5, 6),
    "band": (0.055, 0.065),
    "repeat": (0.13, 0.15),
}
register(
    Kind(
        "sweater",
        "sweater",
        "毛衣",
        "Sweaters",
        "Clothing",
        (39, 149),
        styles=(
            Style("crew", "crew-neck", "圆领", _SWEATER),
            Style(
                "cropped",
                "cropped",
                "短款",
                _SWEATER | {"length": (0.5, 0.53), "hem": (0.9, 0.92), "armhole": (0.21, 0.22)},
            ),
            Style(
                "oversized",
                "oversized",
                "宽松",
                _SWEATER
                | {"chest": (0.63, 0.66), "length": (0.67, 0.7), "cuff": (0.09, 0.098), "armhole": (0.24, 0.26)},
            ),
        ),
        finishes=(
            Finish(
                "knit",
                ("cream", "mustard", "forest green", "burgundy", "navy", "blush", "camel", "light grey", "sky blue"),
                ("plain", "striped", "zigzag", "geometric"),
                ("cream", "white", "navy", "burgundy", "charcoal"),
            ),
            Finish(
                "wool",
                ("charcoal", "crimson", "teal", "olive", "lavender", "cream"),
                ("plain", "striped", "waves"),
                ("cream", "white", "navy"),
            ),
        ),
        details=(
            ("Soft, warm and only a little itchy.", "柔软保暖，亲肤不扎。"),
            ("Ribbed cuffs and hem hold their shape.", "罗纹袖口与下摆，久穿不变形。"),
        ),
        build=build_top,
        view=FLAT,
        genders=("women", "men", "unisex"),
        season="winter",
        tags=("top", "knitwear", "long sleeve"),
    )
)


def build_dress(spec: Spec):
    bust, waist, hem, h = spec["bust"] / 2, spec["waist"] / 2, spec["hem"] / 2, spec["length"]
    top, neck, drop = h, spec["neck"], spec["neck_drop"]
    at_waist, pit = h - spec["bodice"], h - spec["armhole"]
    outer = (neck + spec["strap"], top - 0.012)
    if spec.has("sleeves"):
        tip = (outer[0] + 0.15, top - 0.13)
        inner = (tip[0] - 0.055, tip[1] - 0.13)
        arm = [Edge([outer, tip]), Edge([tip, inner], False), Edge([inner, (bust, pit)])]
    else:
        arm = [Edge([outer, (outer[0] * 0.93, (top + pit) / 2), (bust, pit)], False, True)]
    rest = [
        Edge([(neck, top), outer]),
        *arm,
        Edge(
            [
                (bust, pit),
                (waist * 1.02, at_waist + 0.04),
                (waist, at_waist),
                (waist * 0.4 + hem * 0.62, at_waist * 0.5),
                (hem, 0.02),
            ],
            True,
            True,
        ),
        Edge([(hem, 0.02), (hem * 0.5, -0.004), (0, -0.01)], False, True),
    ]
    point = (0, top - drop)
    middle = [(neck * 0.55, top - drop * 0.55)] if spec.has("v") else [(neck * 0.7, top - drop * 0.75)]
    front = [Edge([point, *middle, (neck, top)], False, not spec.has("v")), *rest]
    back = [Edge([(0, top - 0.05), (neck * 0.7, top - 0.04), (neck, top)], False, True), *rest]
    rng = spec.rng
    creases = []
    for x in np.linspace(-0.95, 0.95, 15):
        x = x + rng.uniform(-0.05, 0.05)
        creases.append(
            Crease(
                (x * waist, at_waist + rng.uniform(-0.03, 0.015)),
                (x * hem * rng.uniform(0.9, 1.0), -0.12),
                rng.uniform(0.007, 0.014),
                rng.uniform(0.012, 0.02),
            )
        )
    creases += scatter(
        rng,
        [
            (((bust * 0.7, bust), (pit - 0.05, pit)), ((bust * 0.1, bust * 0.5), (at_waist, at_waist + 0.1))),
            (((waist * 0.5, waist), (at_waist + 0.01, at_waist + 0.06)), ((0, bust * 0.5), (at_waist + 0.05, pit))),
        ],
        9,
        (0.003, 0.006),
        (0.009, 0.015),
    )
    body = sewn(spec, front, back, Air(pressure=9, puff=0.05, gravity=0.5, frames=26, bending=0.8), creases, 0.014)
    drawing = Drawing(f"dress {spec.seed}")
    drawing.line([(0, at_waist), (waist * 1.2, at_waist)], 0.003)
    drawing.line([(0, 0.014), (hem * 0.5, 0.02), (hem * 1.1, 0.045)], 0.002)
    drawing.line([(bust * 0.55, at_waist), (bust * 0.5, at_waist + 0.1)], 0.002)
    dress(printed(spec, drawing, spec["repeat"]), body)
    objects = [body]
    if spec.has("belt"):
        belt = tube(
            "belt",
            curve(
                [
                    (-waist * 1.0, at_waist + 0.002, 0.028),
                    (0, at_waist - 0.004, 0.075),
                    (waist * 1.0, at_waist + 0.002, 0.028),
                ],
                40,
            ),
            0.017,
            flat=0.2,
            up=(0, 1, 0),
            power=4,
        )
        dress(surface("leather", SHADES["cognac"]), belt)
        objects.append(belt)
    return objects


_DRESS = {
    "bust": (0.42, 0.45),
    "waist": (0.33, 0.36),
    "hem": (0.72, 0.8),
    "length": (0.98, 1.05),
    "bodice": (0.38, 0.41),
    "armhole": (0.22, 0.24),
    "neck": (0.085, 0.1),
    "neck_drop": (0.12, 0.15),
    "strap": (0.05, 0.06),
    "repeat": (0.085, 0.1),
}
register(
    Kind(
        "dress",
        "dress",
        "连衣裙",
        "Dresses",
        "Clothing",
        (35, 159),
        styles=(
            Style("summer", "sleeveless", "无袖", _DRESS),
            Style(
                "wrap",
                "V-neck",
                "V领",
                _DRESS | {"neck_drop": (0.2, 0.23), "hem": (0.66, 0.74)},
                frozenset({"v", "sleeves"}),
            ),
            Style(
                "mini",
                "flared mini",
                "伞摆短款",
                _DRESS | {"length": (0.8, 0.86), "hem": (0.76, 0.84), "strap": (0.03, 0.04)},
            ),
        ),
        finishes=(
            Finish(
                "cotton",
                CLOTH_COLOURS,
                ("floral", "plain", "dotted", "leafy", "striped", "checked"),
                ("white", "cream", "navy", "crimson", "mustard"),
            ),
            Finish(
                "linen",
                ("sage", "cream", "terracotta", "navy", "blush", "mustard", "white"),
                ("plain", "checked", "dotted"),
                ("white", "navy", "cream"),
            ),
        ),
        details=(
            ("Light, swinging skirt with pockets in the seams.", "裙摆轻盈，侧缝暗袋。"),
            ("Cut to move, lined to the knee.", "剪裁利落，内衬及膝。"),
        ),
        build=build_dress,
        view=View(0, 89, 0.88, flat=True),
        genders=("women",),
        season="summer",
        tags=("summer dress",),
    )
)


def build_jeans(spec: Spec):
    h, waist, hip, knee, cuff = spec["length"], spec["waist"] / 2, spec["hip"] / 2, spec["knee"], spec["cuff"]
    crotch, gap = h * spec["rise"], 0.035
    rest = [
        Edge([(waist, h), (hip, h - 0.2), (gap + knee + 0.015, h * 0.42), (gap + cuff, 0)], True, True),
        Edge([(gap + cuff, 0), (gap, 0)], False),
        Edge([(gap, 0), (gap * 0.8, h * 0.4), (0.012, crotch - 0.03), (0, crotch)], True, True),
    ]
    front = [Edge([(0, h - 0.014), (waist * 0.5, h - 0.01), (waist, h)], False, True), *rest]
    back = [Edge([(0, h + 0.018), (waist * 0.5, h + 0.014), (waist, h)], False, True), *rest]
    rng = spec.rng
    creases = scatter(
        rng,
        [
            (((0.01, 0.03), (crotch - 0.03, crotch + 0.03)), ((hip * 0.45, hip * 0.8), (crotch - 0.09, crotch + 0.08))),
            (((gap, gap + 0.03), (h * 0.38, h * 0.5)), ((gap + knee * 0.6, gap + knee), (h * 0.36, h * 0.52))),
            (((gap, gap + 0.03), (0.02, h * 0.15)), ((gap + cuff * 0.6, gap + cuff), (0.02, h * 0.16))),
            (((gap + 0.03, gap + knee * 0.8), (h * 0.5, h * 0.68)), ((gap + 0.02, gap + knee), (h * 0.35, h * 0.5))),
        ],
        26,
        (0.003, 0.0065),
        (0.009, 0.016),
    )
    body = sewn(
        spec, front, back, Air(pressure=5, puff=0.04, gravity=0.5, frames=26, bending=4, stiffness=30), creases, 0.0125
    )
    denim = spec.material == "denim"
    drawing = Drawing(f"jeans {spec.seed}", SHADES["camel"] if denim else None, 0.85 if denim else 0.45)
    band = h - 0.045
    for y in (band, h - 0.022):
        drawing.stitches([(0, y), (waist * 1.1, y)])
    drawing.line([(0, band - 0.004), (waist * 1.1, band - 0.004)], 0.002)
    drawing.line([(0, band), (0, crotch)], 0.003, False)
    drawing.stitches(
        curve([(0.034, band), (0.034, crotch + 0.08), (0.024, crotch + 0.04), (0, crotch + 0.025)], 40), mirrored=False
    )
    pocket = curve(
        [(waist * 0.45, band), (waist * 0.52, band - 0.055), (waist * 0.8, band - 0.085), (waist * 1.25, band - 0.09)],
        40,
    )
    drawing.line(pocket, 0.003)
    drawing.stitches(pocket - [0, 0.006])
    drawing.stitches(pocket - [0, 0.011])
    drawing.stitches([(gap, 0.02), (gap + cuff, 0.02)])
    edge = curve([(gap, 0), (gap * 0.8, h * 0.4), (0.012, crotch - 0.03), (0, crotch)], 60)
    drawing.stitches(np.add(edge, (0.008, 0)))
    for x in (waist * 0.5,):
        for dx in (-0.006, 0.006):
            drawing.line([(x + dx, h), (x + dx, band - 0.006)], 0.0022)
    dress(printed(spec, drawing, 0.12), body)
    top = max(v.co.z for v in body.data.vertices if abs(v.co.x) < 0.03 and v.co.y > h - 0.05)
    button = place(cylinder("button", 0.0085, 0.004, 0.0015), (0.004, h - 0.032, top - 0.002))
    dress(surface("brass", SHADES["copper"]), button)
    return [body, button]


_JEANS = {
    "length": (1.0, 1.05),
    "waist": (0.42, 0.44),
    "hip": (0.47, 0.49),
    "knee": (0.18, 0.19),
    "cuff": (0.16, 0.175),
    "rise": (0.74, 0.76),
}
register(
    Kind(
        "jeans",
        "jeans",
        "牛仔裤",
        "Jeans",
        "Clothing",
        (39, 119),
        styles=(
            Style("straight", "straight", "直筒", _JEANS),
            Style("slim", "slim", "修身", _JEANS | {"knee": (0.155, 0.165), "cuff": (0.125, 0.135)}),
            Style("wide", "wide-leg", "阔腿", _JEANS | {"knee": (0.2, 0.215), "cuff": (0.215, 0.235)}),
        ),
        finishes=(Finish("denim", ("denim blue", "indigo", "light wash", "black", "olive", "charcoal")),),
        details=(
            ("Five pockets, button fly, a little stretch.", "五袋款，扣式门襟，微弹。"),
            ("Raw at first, yours after a month.", "原色丹宁，越穿越合身。"),
        ),
        build=build_jeans,
        view=View(0, 89, 0.88, flat=True),
        genders=("women", "men"),
        tags=("trousers", "denim"),
    )
)
