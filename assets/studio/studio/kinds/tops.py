"""Clothing with parts sewn on: shirt, hoodie, coat, skirt.

The body is sewn and settled like the garments of garments.py. Pockets, plackets, lapels and belts
are patches: cut on the flat pattern, then laid onto the cloth wherever it came to rest. Because a
patch keeps the coordinates of the pattern, prints match across its edges and one drawing holds the
stitches of all parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Vector
from mathutils.bvhtree import BVHTree
from mathutils.interpolate import poly_3d_calc

from ..cloth import Air, Crease, Edge
from ..colours import SHADES, Shade
from ..geometry import curve, lathe, place, sheet, thicken
from ..kind import Finish, Kind, Spec, Style, register
from ..materials import Drawing, dress, simple, surface
from .garments import FLAT, printed, scatter, sewn

# Where the drawing keeps the stitches of collars: below every hem.
COLLAR_FLOOR = -0.17


class Cloth:
    """The settled cloth, looked up by a point of the flat pattern."""

    def __init__(self, obj: bpy.types.Object, front: bool = True):
        mesh = obj.data
        self.points = [v.co.copy() for v in mesh.vertices]
        self.flat = [Vector((0, 0, 0))] * len(self.points)
        for loop in mesh.loops:
            self.flat[loop.vertex_index] = Vector((*mesh.uv_layers[0].data[loop.index].uv, 0))
        self.faces = [tuple(p.vertices) for p in mesh.polygons if (p.normal.z > 0) == front]
        self.tree = BVHTree.FromPolygons(self.flat, self.faces)

    def at(self, points) -> np.ndarray:
        """Where points of the pattern, (..., 2), are now."""
        points = np.asarray(points, float)
        found = [self._one(x, y) for x, y in points.reshape(-1, 2)]
        return np.array(found).reshape(*points.shape[:-1], 3)

    def _one(self, x: float, y: float) -> Vector:
        near, _, face, _ = self.tree.find_nearest(Vector((x, y, 0)))
        corners = self.faces[face]
        weights = poly_3d_calc([self.flat[k] for k in corners], near)
        where = sum((self.points[k] * w for k, w in zip(corners, weights, strict=True)), Vector())
        # A point beyond the edge of the pattern stays as far beyond the edge of the cloth.
        return where + Vector((x - near.x, y - near.y, 0))


def _along(points, count: int) -> np.ndarray:
    """`count` points along a polyline, close together at both ends, where a patch turns its edge."""
    points = np.asarray(points, float)
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    t = np.linspace(0, 1, count)
    t = (0.4 * t + 0.6 * (1 - np.cos(np.pi * t)) / 2) * length[-1]
    return np.stack([np.interp(t, length, points[:, k]) for k in range(2)], 1)


def patch(
    cloth: Cloth,
    left: Sequence,
    right: Sequence,
    lift: float = 0.004,
    turned: str = "lrbt",
    count: tuple[int, int] = (40, 22),
) -> bpy.types.Object:
    """Cloth between two polylines of the pattern, laid on the garment. `turned` names the edges
    that are turned under, and so stand up (left, right, both ends: b is where the lines begin);
    the others melt into the cloth."""
    a, b = _along(left, count[0])[:, None], _along(right, count[0])[:, None]
    t = _along([(0, 0), (1, 0)], count[1])[None, :, :1]
    flat = a * (1 - t) + b * t
    rows = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(flat.mean(1), axis=0), axis=1))])[:, None]
    width = np.linalg.norm(b - a, axis=2)
    away = {"l": t[..., 0] * width, "r": (1 - t[..., 0]) * width, "b": rows, "t": rows[-1] - rows}
    height = np.full(flat.shape[:2], 1.0)
    for edge, distance in away.items():
        reach = np.clip(distance / (0.0045 if edge in turned else 0.05), 0, 1)
        height = np.minimum(height, np.sqrt(1 - (1 - reach) ** 2) if edge in turned else reach)
    grid = cloth.at(flat)
    grid[..., 2] += lift * height - 0.0012 * (1 - height)
    return sheet("patch", grid, uv=flat)


def pointed(cloth: Cloth, outline: np.ndarray, middle: float, lift: float = 0.006) -> bpy.types.Object:
    """A pocket or flap: one side of it from the top to the tip, and the other mirrored about `middle`."""
    left = outline[::-1]
    return patch(cloth, left, left * (-1, 1) + (2 * middle, 0), lift, turned="lrt", count=(34, 24))


def button(cloth: Cloth, x: float, y: float, radius: float, lift: float) -> bpy.types.Object:
    """A dished button with a raised rim, lying on the cloth."""
    r = radius
    profile = np.array([(0, 0.2), (0.55, 0.2), (0.68, 0.26), (0.8, 0.36), (0.92, 0.36), (1, 0.24), (1, 0), (0, 0)]) * r
    return place(lathe("button", profile[::-1], 32), np.add(cloth.at((x, y)), (0, 0, lift)))


@dataclass(frozen=True)
class Collar:
    """Half of a turned-down collar, in metres. `end` is where its fold stops on the pattern,
    `point` the corner of the leaf."""

    end: tuple[float, float]
    point: tuple[float, float]
    stand: float = 0.032
    fall: float = 0.045
    lift: float = 0.008


def collar(cloth: Cloth, back: Cloth, spec: Spec, cut: Collar, front_neck) -> bpy.types.Object:
    """A stand and a leaf around the neck: up from the seam, over the fold, and down again outside."""
    neck, h, stand = spec["neck"], spec["length"], cut.stand
    seam = [
        back.at((0, h - 0.018)),
        back.at((neck * 0.6, h - 0.012)),
        cloth.at((neck, h)),
        cloth.at(front_neck),
        cloth.at(cut.end),
    ]
    away = cut.lift
    fold = [
        seam[0] + (0, stand, 0.006 + away),
        seam[1] + (0.006, stand * 0.92, 0.008 + away),
        seam[2] + (0.004, stand * 0.5, 0.012 + away),
        seam[3] + (0.006, stand * 0.25, away * 1.5),
        seam[4] + (0.001, 0.006, away),
    ]
    tip = np.add(cloth.at(cut.point), (0, 0, 0.004))
    outer = np.add(cloth.at((neck + cut.fall * 0.8, h - cut.fall * 0.55)), (0, 0, 0.005))
    leaf = [
        fold[0] + (0, -cut.fall, -0.022 - away),
        fold[1] + (0.012, -cut.fall * 0.9, -0.02 - away),
        outer,
        outer * 0.35 + tip * 0.65 + (0.004, 0.004, 0.001),
        tip,
    ]
    lines = [curve(line, 40) for line in (seam, fold, leaf)]
    rows = []
    for s, f, e in zip(*lines, strict=True):
        out = (e - f) / (np.linalg.norm(e - f) + 1e-9)
        half = np.concatenate(
            [
                curve([s, s * 0.4 + f * 0.6, f - out * 0.002, f + out * 0.002 + (0, 0, 0.002)], 8)[:-1],
                curve([f + out * 0.002 + (0, 0, 0.002), f * 0.5 + e * 0.5 + (0, 0, 0.003), e], 12),
            ]
        )
        rows.append(half)
    half = np.array(rows)
    across = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(half.mean(0), axis=0), axis=1))])
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(half[:, 8], axis=0), axis=1))])
    uv = np.stack(np.meshgrid(across - across[-1], along, indexing="ij"), -1).transpose(1, 0, 2)
    uv = np.stack([uv[..., 1], COLLAR_FLOOR - uv[..., 0] * 0.9], -1)
    mirrored, mirrored_uv = half[:0:-1] * (-1, 1, 1), uv[:0:-1] * (-1, 1)
    grid, uv = np.concatenate([mirrored, half]), np.concatenate([mirrored_uv, uv])
    return thicken(sheet("collar", grid, uv=uv), 0.0026)


def collar_stitches(drawing: Drawing, reach: float = 0.3) -> None:
    drawing.stitches([(0, COLLAR_FLOOR + 0.005), (reach, COLLAR_FLOOR + 0.005)])


@dataclass(frozen=True)
class Block:
    """The lines of a body with long or short sleeves that other parts are placed by."""

    rest: list[Edge]
    shoulder: np.ndarray
    tip: np.ndarray
    inner: np.ndarray
    pit: np.ndarray
    down: np.ndarray
    across: np.ndarray

    def sleeve(self, back: float) -> tuple[np.ndarray, np.ndarray]:
        """The line across the sleeve, `back` metres up from its end: outer and inner point."""
        share = back / np.linalg.norm(self.inner - self.pit)
        return self.tip - self.down * back, self.inner + (self.pit - self.inner) * share


def block(spec: Spec, above: list[Edge], hem: list[tuple[float, float]], side: list[tuple[float, float]]) -> Block:
    """Shoulder, sleeve and side seam, between the neck (`above`) and the hem."""
    w, h = spec["chest"] / 2, spec["length"]
    angle, sleeve, cuff = np.radians(spec["angle"]), spec["sleeve"], spec["cuff"]
    shoulder = np.array((w * 0.86, h - spec["slope"]))
    down = np.array([np.cos(angle), -np.sin(angle)])
    across = np.array([-np.sin(angle), -np.cos(angle)])
    tip = shoulder + down * sleeve
    inner = tip + across * cuff
    pit = np.array([w, h - spec["slope"] - spec["armhole"]])
    if sleeve > 0.4:
        elbow = inner * 0.55 + pit * 0.45 + across * 0.006
        under = Edge([inner, elbow, pit], True, True)
    else:
        pit[1] = min(pit[1], inner[1] - 0.012)
        under = Edge([inner, pit])
    rest = [
        *above,
        Edge([(spec["neck"], h), shoulder]),
        Edge([shoulder, tip]),
        Edge([tip, inner], False),
        under,
        Edge([pit, *side, hem[0]], True, True),
        Edge(hem, False, True),
    ]
    return Block(rest, shoulder, tip, inner, pit, down, across)


def creases(spec: Spec, cut: Block, count: int = 15, height=(0.003, 0.007)) -> list[Crease]:
    """Folds that hang from the armhole, run across the body and bend the sleeves."""
    rng = spec.rng
    (px, py), h = cut.pit, spec["length"]
    found = scatter(
        rng,
        [
            (((px * 0.9, px), (py - 0.06, py)), ((px * 0.3, px * 0.55), (py - 0.2, py - 0.02))),
            (((px * 0.5, px * 0.95), (h * 0.35, h * 0.55)), ((px * 0.2, px * 0.5), (h * 0.1, h * 0.35))),
            (((px * 0.3, px * 0.9), (h * 0.22, h * 0.45)), ((px * 0.3, px * 0.95), (0.0, h * 0.1))),
        ],
        count,
        height,
        (0.011, 0.022),
    )
    for _ in range(round(4 + spec["sleeve"] * 16)):
        outer, inner = cut.sleeve(spec["sleeve"] * rng.uniform(0.12, 0.85))
        a, b = (inner, outer) if rng.random() < 0.6 else (outer, inner)
        end = a + (b - a) * rng.uniform(0.45, 0.8) + cut.down * rng.uniform(-0.09, 0.06)
        for side in (-1, 1):
            found.append(Crease(a * (side, 1), end * (side, 1), rng.uniform(0.003, 0.006), rng.uniform(0.009, 0.016)))
    return found


def armholes(drawing: Drawing, cut: Block, stitched: bool = False) -> None:
    line = curve([cut.shoulder, (cut.shoulder * 0.5 + cut.pit * 0.5) - (0.014, 0), cut.pit], 30)
    drawing.line(line, 0.0028)
    if stitched:
        drawing.stitches(line - (0.006, 0))


def _mirror(points) -> list[tuple[float, float]]:
    return [(-x, y) for x, y in points]


def _both(cloth: Cloth, left, right, **more) -> list[bpy.types.Object]:
    """The same patch on both halves of a garment."""
    return [patch(cloth, left, right, **more), patch(cloth, _mirror(left), _mirror(right), **more)]


def label(back: Cloth, spec: Spec, at: float) -> bpy.types.Object:
    """The woven label inside the back of the neck."""
    piece = patch(back, [(-0.02, at - 0.018), (-0.02, at)], [(0.02, at - 0.018), (0.02, at)], 0.003, count=(8, 10))
    dress(simple("label", (0.75, 0.74, 0.7) if spec.shade.luminance < 0.3 else (0.03, 0.03, 0.035), 0.8), piece)
    return piece


def build_shirt(spec: Spec):
    w, h, neck, drop = spec["chest"] / 2, spec["length"], spec["neck"], spec["neck_drop"]
    tail = spec["tail"]
    hem = [(w * 0.97, tail), (w * 0.7, tail * 0.25), (w * 0.4, 0), (0, 0)]
    cut = block(spec, [], hem, [(w * spec["waist"], h * 0.45)])
    front = [Edge([(0, h - drop), (neck * 0.62, h - drop * 0.78), (neck, h)], False, True), *cut.rest]
    rear = [Edge([(0, h - 0.022), (neck * 0.6, h - 0.018), (neck, h)], False, True), *cut.rest]
    air = Air(pressure=5, puff=0.045, gravity=0.5, frames=26, bending=1.5)
    body = sewn(spec, front, rear, air, creases(spec, cut, 19, (0.004, 0.008)), 0.014)
    cloth, back = Cloth(body), Cloth(body, front=False)

    denim = spec.material == "denim"
    drawing = Drawing(f"shirt {spec.seed}", SHADES["camel"] if denim else None, 0.8 if denim else 0.5)
    armholes(drawing, cut, stitched=True)
    drawing.stitches(np.add(curve(hem, 40), (0, 0.012)))
    drawing.line([(neck * 1.05, h - 0.03), tuple(cut.shoulder - (0, 0.028))], 0.0022)
    collar_stitches(drawing)
    parts = []
    top, half = h - drop + 0.004, 0.017
    parts.append(
        patch(cloth, [(-half, 0.001), (-half, top)], [(half, 0.001), (half, top)], turned="lr", count=(70, 14))
    )
    drawing.stitches([(half - 0.005, 0), (half - 0.005, top)])
    buttons = [(0.0, y) for y in np.linspace(top - 0.012, h * 0.14, 7)]

    pocket_top, pw, x0 = cut.pit[1] + 0.012, spec["pocket"], w * 0.3
    for side in (1, -1) if spec.has("two pockets") else (1,):
        bag = np.array([(x0, pocket_top), (x0, pocket_top - pw * 1.12), (x0 + pw / 2, pocket_top - pw * 1.12 - 0.016)])
        parts.append(pointed(cloth, bag * (side, 1), side * (x0 + pw / 2)))
        inset = np.add(bag, [(0.005, 0), (0.005, 0.004), (0, 0.006)])
        for line in (inset, inset * (-1, 1) + (2 * x0 + pw, 0)):
            drawing.stitches(line * (side, 1), mirrored=False)
        rim = pocket_top - 0.022
        drawing.stitches(np.multiply([(x0, rim), (x0 + pw, rim)], (side, 1)), mirrored=False)
        if spec.has("two pockets"):
            flap = np.add([(-0.005, 0.012), (-0.005, -0.03), (pw / 2, -0.05)], (x0, pocket_top))
            parts.append(pointed(cloth, flap * (side, 1), side * (x0 + pw / 2), 0.009))
            buttons.append((side * (x0 + pw / 2), pocket_top - 0.032))
    if spec["sleeve"] > 0.4:
        (upper_out, upper_in), depth = cut.sleeve(0.062), 0.062
        parts += _both(cloth, [cut.inner, upper_in], [cut.tip, upper_out], turned="tb", count=(18, 26))
        line = np.array([upper_out + cut.down * 0.006, upper_in + cut.down * 0.006])
        drawing.stitches(line)
        drawing.stitches(line + cut.down * (depth - 0.012))
        middle = cut.inner * 0.42 + cut.tip * 0.58 - cut.down * depth / 2
        buttons += [tuple(middle), (-middle[0], middle[1])]
        for k in (0.36, 0.66):  # the pleats above the cuff
            at = upper_in * (1 - k) + upper_out * k
            drawing.line([at, at - cut.down * 0.06], 0.003)
    else:
        drawing.stitches([cut.tip - cut.down * 0.022, cut.inner - cut.down * 0.022])
    spread = spec["spread"]
    leaf = collar(
        cloth, back, spec, Collar((0.004, h - drop), (spread, h - drop - spec["point"])), (neck * 0.72, h - drop * 0.62)
    )
    dress(printed(spec, drawing, spec["repeat"]), body, leaf, *parts)
    lift = [0.0125 if abs(x) > 0.03 and y > h * 0.5 else 0.0045 for x, y in buttons]
    studs = [button(cloth, x, y, 0.0066, z) for (x, y), z in zip(buttons, lift, strict=True)]
    dress(_button_stuff(spec.shade), *studs)
    return [body, leaf, *parts, *studs, label(back, spec, h - 0.03)]


def _button_stuff(shade: Shade) -> bpy.types.Material:
    """Mother-of-pearl on most cloth, dark horn on white."""
    return surface("plastic", SHADES["white"] if shade.luminance < 0.6 else SHADES["grey"])


_SHIRT = {
    "chest": (0.53, 0.56),
    "length": (0.72, 0.76),
    "neck": (0.072, 0.077),
    "neck_drop": (0.07, 0.078),
    "slope": (0.045, 0.05),
    "sleeve": (0.6, 0.63),
    "angle": (69, 72),
    "cuff": (0.098, 0.106),
    "armhole": (0.215, 0.23),
    "waist": (0.94, 0.97),
    "tail": (0.05, 0.065),
    "pocket": (0.1, 0.11),
    "spread": (0.06, 0.07),
    "point": (0.05, 0.058),
    "repeat": (0.06, 0.07),
}
register(
    Kind(
        "shirt",
        "shirt",
        "衬衫",
        "Shirts",
        "Clothing",
        (25, 99),
        styles=(
            Style("button-down", "button-down", "长袖", _SHIRT),
            Style(
                "short-sleeved",
                "short-sleeved",
                "短袖",
                _SHIRT
                | {
                    "chest": (0.58, 0.61),
                    "length": (0.68, 0.71),
                    "sleeve": (0.23, 0.25),
                    "angle": (42, 46),
                    "cuff": (0.18, 0.2),
                    "waist": (0.99, 1.0),
                    "tail": (0.001, 0.002),
                },
            ),
            Style(
                "work",
                "two-pocket work",
                "双袋工装",
                _SHIRT
                | {"chest": (0.58, 0.61), "length": (0.74, 0.77), "waist": (0.98, 1.0), "spread": (0.064, 0.074)},
                frozenset({"two pockets"}),
            ),
        ),
        finishes=(
            Finish(
                "cotton",
                ("white", "sky blue", "navy", "black", "blush", "olive", "crimson", "forest green", "cream"),
                ("plain", "checked", "striped", "tartan", "dotted"),
                ("white", "navy", "black", "cream"),
            ),
            Finish(
                "linen",
                ("white", "sand", "sage", "sky blue", "terracotta", "navy", "cream"),
                ("plain", "striped", "leafy"),
                ("white", "navy", "cream"),
            ),
            Finish("denim", ("denim blue", "light wash", "indigo", "black")),
        ),
        details=(
            ("Curved hem, real shell buttons, one to spare.", "弧形下摆，贝壳纽扣，附备用扣。"),
            ("Washed soft; wear it buttoned up or open.", "水洗柔软，扣起敞开皆宜。"),
        ),
        build=build_shirt,
        view=FLAT,
        genders=("women", "men", "unisex"),
        tags=("top", "button-up", "collared", "blouse"),
    )
)
