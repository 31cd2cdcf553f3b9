"""Trousers and shorts, laid flat and photographed from above: one block, two lengths."""

import numpy as np
from mathutils import Vector
from mathutils.bvhtree import BVHTree
from mathutils.geometry import barycentric_transform

from ..cloth import Air, Crease, Edge, cached, press, refine, settle, sew
from ..colours import SHADES
from ..geometry import bend, curve, cylinder, place, tube
from ..kind import Finish, Kind, Spec, Style, View, register
from ..materials import Drawing, dress, simple, surface

BAND = 0.042  # height of a waistband
TURN = 0.04  # height of a turn-up


class _OnCloth:
    """Where a point of the flat pattern lies once the garment has settled: what is sewn on later
    (belt loops, flaps, cords) goes there, however the cloth has moved."""

    def __init__(self, obj, side: int = 1):
        mesh = obj.data
        uv = mesh.uv_layers[0].data
        self.world, self.flat, corners = [], [], []
        for face in mesh.polygons:
            if face.normal.z * side < 0.02:
                continue
            points = [
                (mesh.vertices[v].co, Vector((*uv[k].uv, 0)))
                for v, k in zip(face.vertices, face.loop_indices, strict=True)
            ]
            for k in range(1, len(points) - 1):
                start = len(self.world)
                for co, at in (points[0], points[k], points[k + 1]):
                    self.world.append(co)
                    self.flat.append(at)
                corners.append((start, start + 1, start + 2))
        self.tree = BVHTree.FromPolygons(self.flat, corners)

    def __call__(self, x: float, y: float, lift: float = 0.0) -> np.ndarray:
        at, _, face, _ = self.tree.find_nearest((x, y, 0))
        three = slice(3 * face, 3 * face + 3)
        return np.add(barycentric_transform(at, *self.flat[three], *self.world[three]), (0, 0, lift))

    def path(self, points, lift: float, samples: int = 24) -> np.ndarray:
        return np.array([self(x, y, lift) for x, y in curve(points, samples)])


def _relief(obj, height):
    """Push the cloth outwards by a function of (x, y) on the pattern, in metres."""
    mesh = obj.data
    at, flat = np.empty((len(mesh.vertices), 2)), np.empty(len(mesh.loops) * 2)
    mesh.uv_layers[0].data.foreach_get("uv", flat)
    index = np.empty(len(mesh.loops), int)
    mesh.loops.foreach_get("vertex_index", index)
    at[index] = flat.reshape(-1, 2)
    normals = np.array([vertex.normal for vertex in mesh.vertices])
    return bend(obj, lambda points: points + normals * height(at)[:, None])


def _step(distance, width: float = 0.003):
    return 1 / (1 + np.exp(-np.clip(distance / width, -40, 40)))


def _crease_line(spec: Spec, y):
    """x of the pressed crease of the right leg at height y."""
    h, crotch = spec["length"], spec["length"] - spec["rise"]
    hem = spec["gap"] + spec["cuff"] / 2
    knee = spec["gap"] * 0.8 + spec["knee"] / 2
    return np.interp(y, [0, crotch * 0.56, crotch, h], [hem, knee, spec["hip"] * 0.25, spec["waist"] * 0.235])


def _body(spec: Spec):
    """Cut, sewn, settled and pressed."""
    h, waist, hip = spec["length"], spec["waist"] / 2, spec["hip"] / 2
    gap, knee, cuff, crotch = spec["gap"], spec["knee"], spec["cuff"], spec["length"] - spec["rise"]
    tilt = spec["tilt"]
    rest = [
        Edge(
            [(waist, h), (waist, h - BAND), (hip, h - 0.2), (gap + knee, crotch * 0.56), (gap + cuff, tilt)], True, True
        ),
        Edge([(gap + cuff, tilt), (gap, 0)], False),
        Edge([(gap, 0), (gap * 0.8, crotch * 0.54), (0.012, crotch - 0.03), (0, crotch)], True, True),
    ]
    front = [Edge([(0, h - 0.012), (waist * 0.5, h - 0.008), (waist, h)], False, True), *rest]
    back = [Edge([(0, h + 0.02), (waist * 0.5, h + 0.016), (waist, h)], False, True), *rest]
    rng = spec.rng
    creases = []
    for _ in range(7 if spec.has("creased") else 15):
        side, low = rng.choice([-1, 1]), rng.uniform(0.03, crotch * 0.9)
        a = (side * (gap + rng.uniform(0, 0.04)), low)
        b = (side * (gap + knee * rng.uniform(0.5, 0.95)), low + rng.uniform(-0.05, 0.07))
        creases.append(Crease(a, b, rng.uniform(0.003, 0.006), rng.uniform(0.009, 0.015)))
    for side in (-1, 1, -1, 1):  # they radiate from the fork
        a = (side * rng.uniform(0.01, 0.03), crotch + rng.uniform(-0.03, 0.03))
        b = (side * hip * rng.uniform(0.4, 0.8), crotch + rng.uniform(-0.06, 0.1))
        creases.append(Crease(a, b, rng.uniform(0.003, 0.005), rng.uniform(0.01, 0.016)))
    if spec.has("pleats"):
        for side in (-1, 1):
            for x in (0.4, 0.6):
                at = side * waist * x
                creases.append(Crease((at, h - BAND + 0.05), (at * 1.08, h - BAND - 0.14), 0.009, 0.009))

    def relief(at):
        x, y = np.abs(at[:, 0]), at[:, 1]
        lift = 0.0022 * _step(y - (h - BAND))
        if spec.has("creased"):
            away = np.abs(x - _crease_line(spec, y))
            lift = lift + 0.007 * np.exp(-away / 0.008) * _step(h - BAND - 0.07 - y, 0.02)
        if spec.has("turn_up"):
            lift = lift + 0.0035 * _step(TURN + tilt * (x - gap) / cuff - y, 0.002)
        if spec.has("elastic"):
            lift = lift + 0.0024 * np.sin(x * 2 * np.pi / 0.0145) * _step(y - (h - BAND - 0.012), 0.004)
        return lift

    air = Air(pressure=4.5, puff=0.04, gravity=0.5, frames=20, bending=4, stiffness=30)

    def make():
        obj = refine(settle(sew("garment", front, back, 0.0145, air.puff, spec.seed), air))
        return _relief(press(obj, creases, spec.seed), relief)

    return cached((spec.kind.key, spec.seed), make)


def _seams(spec: Spec) -> Drawing:
    h, waist, hip, crotch = spec["length"], spec["waist"] / 2, spec["hip"] / 2, spec["length"] - spec["rise"]
    gap, cuff, tilt, band = spec["gap"], spec["cuff"], spec["tilt"], spec["length"] - BAND
    pen = Drawing(f"{spec.kind.key} {spec.seed}", strength=0.6)
    pen.line([(0, band), (waist * 1.2, band)], 0.003)
    pocket = [(waist * 0.62, band), (hip * 0.93, band - 0.15), (hip * 1.1, band - 0.175)]
    pen.line(pocket, 0.0045)
    pen.stitches(np.subtract(pocket, (0.007, 0.0)))
    pen.line([(0, band), (0, crotch)], 0.003, False)
    if spec.has("elastic"):
        for x in np.arange(0.004, waist * 1.1, 0.0145):
            pen.line([(x, h), (x, band - 0.008)], 0.0022)
        pen.line([(0, h - BAND / 2), (waist * 1.2, h - BAND / 2)], 0.0016)
    else:
        fly = curve([(0.036, band), (0.036, crotch + 0.09), (0.024, crotch + 0.045), (0, crotch + 0.03)], 40)
        pen.line(fly, 0.002, False)
        # The waistband ends in a tab that hooks shut beyond the fly.
        pen.line([(0.05, h), (0.058, h - BAND / 2), (0.05, band)], 0.003, False)
    if spec.has("creased"):
        y = np.linspace(0, band - 0.09, 30)
        pen.line(np.stack([_crease_line(spec, y), y], 1), 0.0016)
    if spec.has("cargo"):
        for y in (band - 0.2, band - 0.36):
            pen.line([(hip * 0.5, y), (hip * 1.1, y + 0.02)], 0.003)
        pen.line([(hip * 0.5, band - 0.2), (hip * 0.5, band - 0.36)], 0.003)
    hem = TURN if spec.has("turn_up") else 0.028
    pen.line([(gap, hem), (gap + cuff * 1.1, hem + tilt * 1.1)], 0.004 if spec.has("turn_up") else 0.0022)
    seam = curve([(gap, 0), (gap * 0.8, crotch * 0.54), (0.012, crotch - 0.03), (0, crotch)], 60)
    pen.line(np.add(seam, (0.006, 0)), 0.0022)
    return pen


def _strip(on: _OnCloth, points, half: float, lift: float):
    """A band of doubled cloth or webbing lying on the garment."""
    return tube("strip", on.path(points, lift), half, flat=0.3, up=(0, 0, 1), power=5, sides=16, round_ends=False)


def _belt_loops(spec: Spec, on: _OnCloth):
    h, waist = spec["length"], spec["waist"] / 2
    places = [side * waist * x for side in (-1, 1) for x in (0.4, 0.86)]
    loops = []
    for x in places:
        path = on.path([(x, h - BAND - 0.008), (x, h - BAND / 2), (x, h - 0.003)], 0.003, 12)
        path[:, 2] += 0.003 * np.sin(np.linspace(0, np.pi, 12))
        loops.append(tube("loop", path, 0.0055, flat=0.3, up=(0, 0, 1), power=5, sides=16, round_ends=False))
    return loops


def _cord(spec: Spec, on: _OnCloth):
    """A drawstring tied in a bow."""
    x, y, rng = 0.0, spec["length"] - BAND / 2 - 0.008, spec.rng
    parts = []
    for side in (-1, 1):
        reach, drop = side * rng.uniform(0.05, 0.06), rng.uniform(0.018, 0.03)
        loop = [
            (x, y),
            (x + reach * 0.6, y + 0.006),
            (x + reach, y - drop * 0.5),
            (x + reach * 0.7, y - drop * 1.3),
            (x, y),
        ]
        parts.append(tube("cord", on.path(loop, 0.006, 40), 0.0032, sides=12))
        end = (x + side * rng.uniform(0.03, 0.045), y - rng.uniform(0.11, 0.14))
        tail = on.path([(x, y), (x + side * 0.014, y - 0.045), (end[0] * 0.9, end[1] + 0.04), end], 0.005, 40)
        parts.append(tube("cord", tail, 0.0032, sides=12))
        parts.append(tube("tip", on.path([(end[0], end[1] + 0.008), end], 0.005, 4), 0.0046, sides=12))
    parts.append(tube("knot", on.path([(x - 0.005, y), (x + 0.005, y)], 0.011, 6), 0.006, sides=12))
    return parts


def _cargo_flaps(spec: Spec, on: _OnCloth):
    hip, top = spec["hip"] / 2, spec["length"] - BAND - 0.2
    flaps, studs = [], []
    for side in (-1, 1):
        flaps.append(_strip(on, [(side * hip * 0.5, top - 0.016), (side * hip * 0.98, top + 0.002)], 0.024, 0.003))
        flaps[-1].name = "flap"
        at = on(side * hip * 0.74, top - 0.018, 0.009)
        studs.append(place(cylinder("stud", 0.006, 0.003, 0.001), at))
    return flaps, studs


def build_bottom(spec: Spec):
    h = spec["length"]
    body = _body(spec)
    cloth = surface(
        spec.material, spec.shade, pattern=spec.pattern, second=spec.second, repeat=spec["repeat"], drawing=_seams(spec)
    )
    dress(cloth, body)
    on, inside = _OnCloth(body), _OnCloth(body, -1)
    trim = surface(spec.material, spec.shade)
    horn = simple("horn", tuple(0.5 * c + 0.02 for c in spec.shade.linear), 0.3)
    objects = [body]
    label = tube("label", np.array([inside(x, h - 0.002, 0.004) for x in (-0.024, 0.024)]), 0.011, flat=0.12, power=6,
                 up=(0, 0, 1), round_ends=False)  # fmt: skip
    dress(simple("label", SHADES["cream" if spec.shade.luminance < 0.3 else "charcoal"].linear, 0.8), label)
    objects.append(label)
    if spec.has("elastic"):
        cord = _cord(spec, on)
        dress(surface("cotton", SHADES["white" if spec.shade.luminance < 0.35 else "navy"]), *cord)
        objects += cord
    else:
        loops = _belt_loops(spec, on)
        dress(trim, *loops)
        button = place(cylinder("button", 0.0085, 0.004, 0.0015), on(0.036, h - BAND / 2 - 0.004, 0.001))
        dress(horn, button)
        objects += [*loops, button]
    if spec.has("cargo"):
        flaps, studs = _cargo_flaps(spec, on)
        dress(trim, *flaps)
        dress(horn, *studs)
        objects += flaps + studs
    return objects


_TROUSERS = {
    "length": (1.02, 1.06),
    "rise": (0.27, 0.28),
    "waist": (0.41, 0.43),
    "hip": (0.47, 0.49),
    "knee": (0.195, 0.205),
    "cuff": (0.165, 0.175),
    "gap": (0.035, 0.045),
    "tilt": (0.004, 0.008),
    "repeat": (0.11, 0.13),
}
register(
    Kind(
        "trousers",
        "trousers",
        "长裤",
        "Trousers",
        "Clothing",
        (35, 149),
        styles=(
            Style("chinos", "slim", "修身", _TROUSERS | {"knee": (0.18, 0.19), "cuff": (0.145, 0.155)}, noun="chinos", noun_zh="卡其裤"),
            Style("tailored", "tailored", "西装", _TROUSERS, frozenset({"creased"})),
            Style(
                "wide",
                "wide-leg pleated",
                "阔腿褶裥",
                _TROUSERS | {"knee": (0.25, 0.265), "cuff": (0.28, 0.3), "gap": (0.012, 0.02), "waist": (0.37, 0.39)},
                frozenset({"creased", "pleats"}),
            ),
            Style(
                "cropped",
                "cropped turn-up",
                "九分翻边",
                _TROUSERS | {"length": (0.88, 0.92), "cuff": (0.185, 0.195), "knee": (0.21, 0.22)},
                frozenset({"creased", "turn_up"}),
            ),
        ),
        finishes=(
            Finish("cotton", ("sand", "olive", "navy", "camel", "charcoal", "cream", "brick red", "chocolate", "black")),
            Finish(
                "flannel",
                ("charcoal", "grey", "navy", "camel", "chocolate", "burgundy", "forest green"),
                ("plain", "pinstriped", "windowpane", "houndstooth"),
                ("light grey", "cream", "black"),
            ),
            Finish("linen", ("natural", "white", "sage", "sky blue", "terracotta", "sand", "navy"), ("plain", "pinstriped"), ("navy", "white")),
        ),
        details=(
            ("Pressed by hand; hook-and-bar waist, slanted pockets.", "手工熨烫，挂钩腰头，斜插袋。"),
            ("Holds its line from the first meeting to the last train.", "从早会到末班车，裤型始终挺括。"),
        ),
        build=build_bottom,
        view=View(0, 89, 0.88, flat=True),
        genders=("women", "men"),
        tags=("pants", "slacks", "suit trousers"),
    )
)  # fmt: skip
_SHORTS = {
    "length": (0.46, 0.49),
    "rise": (0.275, 0.285),
    "waist": (0.41, 0.43),
    "hip": (0.49, 0.51),
    "knee": (0.25, 0.26),
    "cuff": (0.25, 0.265),
    "gap": (0.014, 0.02),
    "tilt": (0.022, 0.03),
    "repeat": (0.085, 0.1),
}
register(
    Kind(
        "shorts",
        "shorts",
        "短裤",
        "Shorts",
        "Clothing",
        (19, 69),
        styles=(
            Style("bermuda", "Bermuda", "百慕大", _SHORTS | {"length": (0.54, 0.57)}),
            Style("drawstring", "drawstring", "抽绳", _SHORTS | {"length": (0.43, 0.46)}, frozenset({"elastic"})),
            Style("cuffed", "turn-up", "翻边", _SHORTS | {"length": (0.41, 0.43)}, frozenset({"turn_up"})),
            Style("cargo", "cargo", "工装", _SHORTS | {"length": (0.56, 0.59), "cuff": (0.265, 0.28)}, frozenset({"cargo"})),
        ),
        finishes=(
            Finish(
                "cotton",
                ("sand", "navy", "olive", "white", "coral", "sky blue", "black", "mustard", "brick red"),
                ("plain", "striped", "checked", "floral", "leafy", "pinstriped"),
                ("white", "navy", "cream", "forest green"),
            ),
            Finish("linen", ("natural", "sage", "terracotta", "white", "sky blue", "camel"), ("plain", "pinstriped"), ("navy", "white")),
        ),
        details=(
            ("Deep pockets and a hem above the knee.", "大容量口袋，裤长及膝上。"),
            ("Washed soft, ready for the first warm day.", "水洗柔软，夏日第一天就能穿。"),
        ),
        build=build_bottom,
        view=View(0, 89, 0.82, flat=True),
        genders=("women", "men"),
        season="summer",
        tags=("short pants", "summer"),
    )
)  # fmt: skip
