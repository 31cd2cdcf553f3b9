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

from ..cloth import Air, Crease, Edge, openings
from ..colours import SHADES, Shade
from ..geometry import bend, curve, cylinder, lathe, place, sheet, sphere, thicken, tube
from ..kind import Finish, Kind, Spec, Style, View, register
from ..materials import Drawing, dress, simple, surface
from .garments import CLOTH_COLOURS, FLAT, printed, rib, scatter, sewn

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


def holes(cloth: Cloth, x: float, y: float, radius: float, lift: float) -> list[bpy.types.Object]:
    """The four holes of a large button, which a small one hides."""
    at = np.add(cloth.at((x, y)), (0, 0, lift + 0.17 * radius))
    return [
        place(
            cylinder("hole", radius * 0.11, radius * 0.06, 0.0001), np.add(at, np.multiply((dx, dy, 0), radius * 0.25))
        )
        for dx in (-1, 1)
        for dy in (-1, 1)
    ]


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
    # A short sleeve must not open into the side of the body.
    inner = tip + across * min(cuff, (tip[0] - w - 0.012) / np.sin(angle))
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


def ribs(drawing: Drawing, ends, up, band: float) -> None:
    """A ribbed band along the line between two points, as wide as `band`, in the direction `up`."""
    a, b = np.asarray(ends[0], float), np.asarray(ends[1], float)
    up = np.asarray(up, float)
    drawing.line([a + up * band, b + up * band], 0.004)
    for t in np.linspace(0, 1, round(np.linalg.norm(b - a) / 0.0085)):
        at = a * (1 - t) + b * t
        drawing.line([at, at + up * band], 0.0022)


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
    drawing.line([(half, 0), (half, top)], 0.0025)
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


def laces(cloth: Cloth, spec: Spec, start: tuple[float, float], length: float) -> list[bpy.types.Object]:
    """Drawstrings: two cords out of metal eyelets, knotted at the end."""
    rng, cords, eyelets = spec.rng, [], []
    for side in (1, -1):
        x, y = start[0] * side, start[1]
        drop = length * rng.uniform(0.9, 1.08)
        sway = side * rng.uniform(0.002, 0.014)
        flat = curve(
            [(x, y), (x + sway * 0.3, y - drop * 0.3), (x + sway, y - drop * 0.7), (x + sway * 0.6, y - drop)], 30
        )
        path = cloth.at(flat)
        path[:, 2] += 0.0055
        path[0, 2] -= 0.008
        cords.append(tube("cord", path, 0.0038, sides=12))
        cords.append(place(sphere("knot", 0.0072, 24), path[-4], scale=(1, 1.25, 0.85)))
        turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
        ring = np.stack([np.cos(turn) * 0.0065, np.sin(turn) * 0.0065, 0 * turn], 1)
        eyelets.append(tube("eyelet", ring + cloth.at((x, y)) + (0, 0, 0.003), 0.002, closed=True, sides=10))
    pale = spec.shade.luminance < 0.5 or spec.shade.name == "black"
    dress(surface("cotton", SHADES["cream" if pale else "charcoal"]), *cords)
    dress(surface("steel", SHADES["silver"]), *eyelets)
    return [*cords, *eyelets]


def zipper(cloth: Cloth, low: float, high: float) -> list[bpy.types.Object]:
    """Dark tape, two rows of metal teeth, slider and pull."""
    tape = patch(cloth, [(-0.011, low), (-0.011, high)], [(0.011, low), (0.011, high)], 0.0035, count=(70, 8))
    dress(surface("cotton", SHADES["charcoal"]), tape)
    middle = cloth.at(np.stack([np.zeros(90), np.linspace(low, high, 90)], 1)) + np.array((0, 0, 0.0042))
    teeth = tube("teeth", middle, 0.0036 + 0.0008 * (np.arange(90) % 2), flat=0.5, up=(0, 1, 0), sides=10)
    at = np.add(cloth.at((0, high - 0.012)), (0, 0, 0.007))
    pull = tube("pull", [at, np.add(at, (0.002, -0.016, 0.0005)), np.add(at, (0.004, -0.034, -0.001))], 0.005, flat=0.4)
    dress(surface("steel", SHADES["silver"]), teeth, pull)
    return [tape, teeth, pull]


def build_hoodie(spec: Spec):
    w, h, neck, drop, band = spec["chest"] / 2, spec["length"], spec["neck"], spec["neck_drop"], spec["band"]
    hood, top, mouth = spec["hood"] / 2, h + spec["hood_height"], 0.035
    low_hem = w * spec["hem"]
    crown = [
        Edge(
            [(mouth, top), (hood * 0.62, top - 0.018), (hood * 0.97, top - 0.1), (hood, h + 0.09), (neck, h)],
            True,
            True,
        )
    ]
    side = [(w, (h - spec["slope"] - spec["armhole"]) * 0.7), (w * 0.995, band * 1.7)]
    cut = block(spec, crown, [(low_hem, 0), (0, 0)], side)
    opening = [
        (0, h - drop),
        (0.05, h - drop * 0.55),
        (0.083, h + 0.02),
        (0.09, h + 0.1),
        (0.068, top - 0.07),
        (mouth, top),
    ]
    front = [Edge(opening, False, True), *cut.rest]
    rear = [Edge([(0, top + 0.006), (mouth, top)], False), *cut.rest]
    folds = creases(spec, cut, 18, (0.005, 0.009))
    for s in (-1, 1):
        folds.append(Crease((s * hood * 0.95, h + 0.05), (s * 0.05, h - 0.06), 0.008, 0.018))
        folds.append(Crease((s * hood * 0.8, top - 0.06), (s * 0.1, h + 0.06), 0.006, 0.016))
    air = Air(pressure=5.5, puff=0.055, gravity=0.5, frames=26, bending=2.0)
    body = sewn(spec, front, rear, air, folds, 0.0145)
    cloth = Cloth(body)

    drawing = Drawing(f"hoodie {spec.seed}")
    armholes(drawing, cut, stitched=True)
    seam = curve([(neck, h), (0.075, h - 0.03), (0.035, h - drop * 0.82), (0, h - drop - 0.008)], 30)
    drawing.line(seam, 0.0045)
    drawing.stitches(seam - (0, 0.006))
    drawing.stitches(np.add(curve(opening, 50), (0.022, -0.004)))
    ribs(drawing, [(0, 0), (w * 1.02, 0)], (0, 1), band)
    ribs(drawing, [cut.tip, cut.inner], -cut.down, band)

    parts, zipped = [], spec.has("zip")
    pocket_low, pocket_high, wide = band + 0.012, band + 0.012 + spec["pocket"], w * 0.62
    outer = [(wide, pocket_low), (wide, pocket_low + 0.05), (wide * 0.62, pocket_high)]
    if zipped:
        inner = [(0.014, pocket_low), (0.014, pocket_high)]
        parts += _both(cloth, inner, outer, lift=0.007)
    else:
        parts.append(patch(cloth, _mirror(outer), outer, 0.008, count=(44, 40)))
    drawing.line(outer[1:], 0.004)
    drawing.stitches(np.subtract(outer[1:], (0.014, 0.002)))
    for line in (
        [(0, pocket_high - 0.006), (wide * 0.62, pocket_high - 0.006)],
        [(0, pocket_low + 0.006), (wide, pocket_low + 0.006)],
    ):
        drawing.stitches(line)
    parts.append(rib(openings(body)[0], 0.009))
    dress(printed(spec, drawing, spec["repeat"]), body, *parts)
    metal = zipper(cloth, 0.004, h - drop - 0.004) if zipped else []
    return [body, *parts, *metal, *laces(cloth, spec, (0.04, h - drop * 0.86), spec["cord"])]


_HOODIE = {
    "chest": (0.56, 0.6),
    "length": (0.64, 0.68),
    "neck": (0.1, 0.106),
    "neck_drop": (0.085, 0.095),
    "slope": (0.055, 0.06),
    "sleeve": (0.6, 0.63),
    "angle": (67, 70),
    "cuff": (0.085, 0.093),
    "armhole": (0.235, 0.25),
    "hem": (0.88, 0.91),
    "band": (0.055, 0.062),
    "hood": (0.28, 0.3),
    "hood_height": (0.23, 0.25),
    "pocket": (0.17, 0.19),
    "cord": (0.17, 0.21),
    "repeat": (0.11, 0.13),
}
register(
    Kind(
        "hoodie",
        "hoodie",
        "连帽卫衣",
        "Hoodies",
        "Clothing",
        (35, 109),
        styles=(
            Style("pullover", "pullover", "套头", _HOODIE),
            Style("zip", "zip-up", "拉链", _HOODIE, frozenset({"zip"})),
            Style(
                "cropped",
                "cropped",
                "短款",
                _HOODIE
                | {
                    "length": (0.51, 0.54),
                    "chest": (0.58, 0.61),
                    "armhole": (0.215, 0.225),
                    "pocket": (0.13, 0.14),
                    "hem": (0.9, 0.93),
                    "cord": (0.12, 0.15),
                },
            ),
        ),
        finishes=(
            Finish(
                "cotton",
                tuple(shade for shade in CLOTH_COLOURS if shade != "white"),
                ("plain", "striped", "camouflage"),
                ("white", "navy", "black", "cream"),
            ),
            Finish("cotton", ("grey", "charcoal", "sand", "sage", "burgundy", "pink", "cobalt", "orange")),
        ),
        details=(
            ("Heavy brushed cotton with a lined hood.", "厚实抓绒棉，双层连帽。"),
            ("A front pocket for both hands, ribs that keep their shape.", "前袋暖手，罗纹收口不变形。"),
        ),
        build=build_hoodie,
        view=FLAT,
        genders=("women", "men", "unisex"),
        tags=("hooded sweatshirt", "sweatshirt", "hooded top", "drawstring"),
    )
)


def lapels(cloth: Cloth, spec: Spec, drawing: Drawing, low, gorge: np.ndarray) -> list[bpy.types.Object]:
    """Both lapels; the wearer's left one comes down over the other. `low` is where its fold ends,
    on the edge that overlaps, and `gorge` where the fold meets the collar."""
    low, wide = np.array(low), spec["lapel"]
    corner = np.add(gorge, (wide, 0.028 if spec.has("double") else -0.012))
    belly = low * 0.5 + corner * 0.5 + (0.016, -0.02)
    outer = np.concatenate([curve([low, belly, corner], 24), [corner]])
    drawing.line(outer, 0.003)
    over = patch(cloth, [low, gorge], outer, 0.013, turned="lrt", count=(40, 24))
    # The one below is hidden past the middle, where it would pierce the other.
    share = -low[0] / (gorge[0] - low[0])
    cross = low + (gorge - low) * share
    hidden = outer[outer[:, 0] > 0.004]
    under = patch(cloth, _mirror([cross, gorge]), _mirror([cross, *hidden]), 0.01, turned="lrt", count=(40, 24))
    return [over, under]


def belt(cloth: Cloth, half: float, y: float) -> tuple[list[bpy.types.Object], list[bpy.types.Object]]:
    """A tied-in waist: the belt with a hanging end, and its buckle."""
    x = np.linspace(-half, half, 24)
    sag = -0.006 * np.cos(x / half * np.pi / 2)
    low, high = np.stack([x, y - 0.021 + sag], 1), np.stack([x, y + 0.021 + sag], 1)
    strip = patch(cloth, low, high, 0.009, count=(70, 12))
    end = patch(
        cloth, [(0.032, y - 0.02), (0.075, y - 0.2)], [(0.072, y - 0.012), (0.115, y - 0.185)], 0.013, count=(40, 12)
    )
    middle = np.add(cloth.at((0.022, y - 0.006)), (0, 0, 0.013))
    frame = [(-0.026, -0.029), (-0.026, 0.029), (0.026, 0.029), (0.026, -0.029)]
    path = np.array(
        [(px, py, 0) for a, b in zip(frame, frame[1:] + frame[:1], strict=True) for px, py in np.linspace(a, b, 8)[:-1]]
    )
    ring = tube("buckle", path + middle, 0.0042, closed=True, sides=12, power=3)
    prong = tube(
        "prong", np.array([(-0.026, 0, 0.003), (0.02, 0, 0.004), (0.029, 0, 0.003)]) + middle, 0.0024, sides=10
    )
    return [strip, end], [ring, prong]


def build_coat(spec: Spec):
    w, h, neck = spec["chest"] / 2, spec["length"], spec["neck"]
    overlap, low = spec["overlap"], h - spec["break"]
    waist_y = h - spec["waist_drop"]
    cross = low + overlap / (neck + overlap) * (h - low)
    hem = [(w * spec["hem"], 0.012), (w * spec["hem"] * 0.5, 0), (0, 0)]
    cut = block(spec, [], hem, [(w * spec["waist"], waist_y), (w * (spec["hem"] + spec["waist"]) / 2, waist_y * 0.5)])
    front = [Edge([(0, cross), (neck, h)], False), *cut.rest]
    rear = [Edge([(0, h - 0.022), (neck * 0.6, h - 0.018), (neck, h)], False, True), *cut.rest]
    folds = creases(spec, cut, 10, (0.003, 0.006))
    rng = spec.rng
    for x in np.linspace(-0.8, 0.8, 7) + rng.uniform(-0.06, 0.06, 7):
        folds.append(
            Crease((x * w, waist_y + 0.01), (x * w * 1.1, -0.1), rng.uniform(0.004, 0.008), rng.uniform(0.016, 0.026))
        )
    air = Air(pressure=5.5, puff=0.055, gravity=0.5, frames=24, bending=3, stiffness=25)
    body = sewn(spec, front, rear, air, folds, 0.0165)
    cloth, back = Cloth(body), Cloth(body, front=False)

    drawing = Drawing(f"coat {spec.seed}")
    armholes(drawing, cut)
    drawing.stitches([(0, 0.03), (w * spec["hem"], 0.04)])
    drawing.stitches([(-overlap + 0.008, 0), (-overlap + 0.008, low)], mirrored=False)
    drawing.line([(-overlap, 0), (-overlap, low)], 0.003, mirrored=False)
    gorge = np.array((-overlap, low)) * 0.2 + np.array((neck, h)) * 0.8
    parts = [
        patch(
            cloth, [(-overlap, 0.001), (-overlap, low)], [(0.06, 0.001), (0.06, low)], 0.006, turned="l", count=(60, 24)
        ),
        *lapels(cloth, spec, drawing, (-overlap, low), gorge),
    ]
    cape = Collar(tuple(gorge), tuple(np.add(gorge, (spec["lapel"] * 0.62, 0.024))), 0.036, spec["fall"], 0.012)
    leaf = collar(cloth, back, spec, cape, tuple(gorge * 0.5 + np.array((neck, h)) * 0.5))
    collar_stitches(drawing)
    dots, hardware = _coat_buttons(spec, low, waist_y), []
    flap = np.array([(w * 0.36, 0.0), (w * 0.36 + 0.14, 0.012)])
    if spec.has("welt"):
        slit, lean = np.array([(w * 0.58, waist_y - 0.17), (w * 0.68, waist_y - 0.01)]), (0.034, -0.012)
        parts += _both(cloth, slit, slit + lean, lift=0.008)
    else:
        flap += (0, waist_y - 0.13)
        parts += _both(cloth, flap - (0, 0.058), flap, lift=0.009)
        drawing.stitches(flap - (0, 0.051))
    if spec.has("belt"):
        half = w * spec["waist"] * 0.985
        strips, hardware = belt(cloth, half, waist_y)
        loop = [(half * 0.62, waist_y - 0.032), (half * 0.62, waist_y + 0.03)]
        parts += [*strips, *_both(cloth, loop, np.add(loop, (0.014, 0)), lift=0.015, count=(20, 8))]
        parts += _trench(cloth, cut, spec)
        dots += [(s * x, y, 0.012, 0.008) for s in (1, -1) for x, y in [_epaulette(spec, cut)[1]]]
        dress(surface("leather", SHADES["chocolate"]), hardware[0])
        dress(surface("brass", SHADES["brass"]), hardware[1])
    else:
        outer, inner = cut.sleeve(0.05)
        for k in range(3 if not spec.has("double") else 2):
            at = inner * 0.82 + outer * 0.18 + cut.down * 0.024 * k
            dots += [(s * at[0], at[1], 0.008, 0.001) for s in (1, -1)]
    dress(printed(spec, drawing, spec["repeat"]), body, leaf, *parts)
    studs = [button(cloth, *dot) for dot in dots]
    eyes = [hole for dot in dots if dot[2] > 0.01 for hole in holes(cloth, *dot)]
    dark = spec.shade.luminance < 0.06
    dress(surface("plastic", SHADES["smoke" if dark else "chocolate"]), *studs)
    dress(simple("button holes", (0.01, 0.009, 0.008)), *eyes)
    return [body, leaf, *parts, *hardware, *studs, *eyes, label(back, spec, h - 0.034)]


def _coat_buttons(spec: Spec, low: float, waist_y: float) -> list[tuple[float, float, float, float]]:
    """x, y, radius and height above the cloth of the front buttons."""
    pitch = spec["pitch"]
    rows = [low - 0.012 - pitch * k for k in range(round(spec["rows"]))]
    if spec.has("belt"):
        rows = [y for y in rows if abs(y - waist_y) > 0.045]
    if not spec.has("double"):
        return [(0.0, y, 0.0135, 0.006) for y in rows]
    x = spec["overlap"] - 0.03
    return [(s * x, y, 0.0145, 0.006) for y in rows for s in (1, -1)]


def _epaulette(spec: Spec, cut: Block) -> tuple[tuple, np.ndarray]:
    """The two long edges of a shoulder strap, and where its button sits."""
    seam = np.array((spec["neck"], spec["length"])) - cut.shoulder
    outer, tip = np.add(cut.shoulder, (0.004, -0.01)), cut.shoulder + seam * 0.58 - (0, 0.016)
    return ([outer, tip], [outer - (0.002, 0.046), tip - (0.004, 0.034)]), np.add(tip, (0.016, -0.02))


def _trench(cloth: Cloth, cut: Block, spec: Spec) -> list[bpy.types.Object]:
    """What makes a trench coat: shoulder straps, a storm flap, straps at the cuffs."""
    (upper, lower), _ = _epaulette(spec, cut)
    parts = _both(cloth, upper, lower, lift=0.007, count=(30, 12))
    x, high, low = cut.shoulder[0], cut.shoulder[1] - 0.01, cut.pit[1] + 0.005
    parts.append(
        patch(
            cloth,
            [(x * 0.42, low - 0.015), (x * 0.5, high + 0.01)],
            [(x * 0.99, low + 0.02), (x * 0.99, high)],
            0.006,
            "lb",
        )
    )
    (a_out, a_in), (b_out, b_in) = cut.sleeve(0.075), cut.sleeve(0.11)
    return parts + _both(cloth, [a_in, b_in], [a_out, b_out], lift=0.007, count=(12, 24))


_COAT = {
    "chest": (0.53, 0.56),
    "length": (1.06, 1.12),
    "neck": (0.082, 0.088),
    "slope": (0.055, 0.06),
    "sleeve": (0.63, 0.66),
    "angle": (69, 71),
    "cuff": (0.125, 0.135),
    "armhole": (0.25, 0.265),
    "waist": (0.92, 0.95),
    "waist_drop": (0.43, 0.46),
    "hem": (1.08, 1.16),
    "overlap": (0.024, 0.028),
    "break": (0.32, 0.36),
    "lapel": (0.075, 0.085),
    "fall": (0.055, 0.062),
    "rows": (3, 3.4),
    "pitch": (0.13, 0.14),
    "repeat": (0.1, 0.12),
}
_DOUBLE = {"overlap": (0.085, 0.095), "break": (0.36, 0.39), "lapel": (0.095, 0.105)}
register(
    Kind(
        "coat",
        "coat",
        "大衣",
        "Coats",
        "Clothing",
        (89, 349),
        styles=(
            Style("overcoat", "single-breasted", "单排扣", _COAT),
            Style(
                "trench",
                "double-breasted",
                "双排扣",
                _COAT
                | _DOUBLE
                | {
                    "waist": (0.84, 0.87),
                    "hem": (1.12, 1.2),
                    "rows": (4, 4.4),
                    "pitch": (0.13, 0.14),
                    "waist_drop": (0.44, 0.46),
                },
                frozenset({"double", "belt", "welt"}),
                "trench coat",
                "风衣",
            ),
            Style(
                "pea",
                "double-breasted",
                "双排扣短款",
                _COAT
                | _DOUBLE
                | {
                    "chest": (0.56, 0.58),
                    "length": (0.74, 0.79),
                    "hem": (1.0, 1.03),
                    "waist": (0.96, 0.98),
                    "break": (0.27, 0.29),
                    "rows": (3, 3.4),
                    "pitch": (0.12, 0.13),
                    "lapel": (0.1, 0.11),
                    "fall": (0.065, 0.072),
                },
                frozenset({"double", "welt"}),
                "pea coat",
                "海军呢大衣",
            ),
        ),
        finishes=(
            Finish(
                "wool",
                ("camel", "charcoal", "navy", "black", "burgundy", "forest green", "light grey", "chocolate"),
                ("plain", "checked", "tartan"),
                ("black", "cream", "charcoal", "navy"),
            ),
            Finish("cotton", ("sand", "tan", "olive", "navy", "black", "cream", "sage")),
        ),
        details=(
            ("Fully lined, with two deep pockets.", "全里衬，两侧深口袋。"),
            ("A heavy, close-woven cloth that keeps the wind out.", "面料厚实紧密，挡风保暖。"),
        ),
        build=build_coat,
        view=View(0, 89, 0.88, flat=True),
        genders=("women", "men"),
        season="winter",
        tags=("outerwear", "overcoat", "jacket"),
    )
)


def _half_width(spec: Spec, y: np.ndarray) -> np.ndarray:
    """From the middle of a skirt to its side seam, at a height of the pattern."""
    side = _skirt_side(spec)
    line = curve(side, 60)[::-1]
    return np.interp(y, line[:, 1], line[:, 0])


def _skirt_side(spec: Spec) -> list[tuple[float, float]]:
    h, waist, hip, hem = spec["length"], spec["waist"] / 2, spec["hip"] / 2, spec["hem"] / 2
    return [(waist, h), (waist * 0.45 + hip * 0.55, h - 0.09), (hip, h - 0.2), (hem, 0.012)]


def _pleat(body: bpy.types.Object, spec: Spec, count: int, top: float) -> None:
    """Knife pleats: every strip rises slowly and ends in a sharp edge, deeper towards the hem."""
    flat = np.zeros((len(body.data.vertices), 2))
    for loop in body.data.loops:
        flat[loop.vertex_index] = body.data.uv_layers[0].data[loop.index].uv
    phase = ((flat[:, 0] / _half_width(spec, flat[:, 1]) + 1) * count / 2) % 1
    rise = np.where(phase < 0.8, phase / 0.8, (1 - phase) / 0.2)
    depth = np.interp(flat[:, 1], [0, top, top + 0.02], [0.013, 0.004, 0])
    up = np.array([v.normal.z for v in body.data.vertices])
    push = np.stack(
        [0 * rise, (rise - 0.5) * 0.006 * (flat[:, 1] < 0.03), rise * depth * np.sign(up) * np.abs(up) ** 0.5], 1
    )
    bend(body, lambda points: points + push)


def build_skirt(spec: Spec):
    h, waist, band = spec["length"], spec["waist"] / 2, spec["band"]
    side = _skirt_side(spec)
    hem = side[-1][0]
    rest = [Edge(side, True, True), Edge([(hem, 0.012), (hem * 0.5, -0.002), (0, -0.006)], False, True)]
    front = [Edge([(0, h - 0.012), (waist * 0.5, h - 0.009), (waist, h)], False, True), *rest]
    rear = [Edge([(0, h + 0.012), (waist * 0.5, h + 0.01), (waist, h)], False, True), *rest]
    rng, pleats = spec.rng, round(spec["pleats"])
    folds = []
    for x in np.linspace(-0.9, 0.9, round(spec["folds"])):
        x = x + rng.uniform(-0.05, 0.05)
        height, width = rng.uniform(0.007, 0.014) * spec["swing"], rng.uniform(0.012, 0.022)
        folds.append(Crease((x * waist * 1.05, h - band - rng.uniform(0.01, 0.1)), (x * hem, -0.12), height, width))
    if pleats == 0:
        box = ((waist * 0.3, waist), (h - 0.2, h - 0.08))
        folds += scatter(rng, [(box, ((0.0, waist * 0.5), (h - 0.26, h - 0.1)))], 7, (0.003, 0.006), (0.01, 0.016))
    pressure, step = (4, 0.0105) if pleats else (spec["air"], 0.0135)
    air = Air(pressure=pressure, puff=0.045, gravity=0.5, frames=22 if pleats else 26, bending=1.2)
    body = sewn(spec, front, rear, air, folds, step)
    if pleats:
        _pleat(body, spec, pleats, h - band)
    cloth = Cloth(body)

    denim = spec.material == "denim"
    drawing = Drawing(f"skirt {spec.seed}", SHADES["camel"] if denim else None, 0.8 if denim else 0.5)
    x = np.linspace(-waist, waist, 24) * 0.995
    upper = np.stack([x, h - 0.012 * (1 - (x / waist) ** 2)], 1)
    parts = [patch(cloth, upper - (0, band), upper, 0.005, count=(60, 14))]
    drawing.line(upper - (0, band), 0.003, mirrored=False)
    for inset in (0.004, band - 0.004):
        drawing.stitches(upper - (0, inset), mirrored=False)
    ys = np.linspace(h - band, -0.004, 30)
    for k in range(pleats + 1 if pleats else 0):
        edge = (k + 0.8) / pleats * 2 - 1
        if abs(edge) < 0.99:
            drawing.line(np.stack([edge * _half_width(spec, ys), ys], 1), 0.0018, mirrored=False)
    drawing.stitches([(0, 0.016), (hem * 0.5, 0.02), (hem, 0.034)])
    buttons = []
    if spec.has("buttons"):
        half = 0.019
        parts.append(
            patch(cloth, [(-half, 0.0), (-half, h - band)], [(half, 0.0), (half, h - band)], 0.0045, "lr", (60, 14))
        )
        for offset, pen in ((half, drawing.line), (half - 0.005, drawing.stitches)):
            pen([(offset, 0), (offset, h - band)])
        buttons = [(0.0, y, 0.0095, 0.006) for y in [h - 0.012 - band / 2, *np.linspace(h - band - 0.045, 0.06, 6)]]
        bag = np.array([(waist * 0.5, h - band), (waist * 0.56, h - band - 0.05), (waist * 0.8, h - band - 0.085)])
        pocket = curve([*bag, (waist * 1.25, h - band - 0.095)], 30)
        drawing.line(pocket, 0.003)
        drawing.stitches(pocket - (0, 0.007))
    if spec.has("slit"):
        slit = [(hem * 0.45, 0.0), (hem * 0.45, h * 0.3)]
        parts.append(patch(cloth, slit, np.add(slit, (0.07, 0)), 0.009, "l", (40, 20)))
        drawing.line(slit, 0.005, mirrored=False)
        drawing.line([slit[1], (waist * 0.5, h - band)], 0.0025, mirrored=False)
        for s in (1, -1):
            drawing.line([(s * waist * 0.5, h - band), (s * waist * 0.54, h - band - 0.11)], 0.003, mirrored=False)
    dress(printed(spec, drawing, spec["repeat"]), body, *parts)
    studs = [button(cloth, *dot) for dot in buttons]
    dress(surface("brass", SHADES["copper"]) if denim else surface("plastic", SHADES["chocolate"]), *studs)
    return [body, *parts, *studs]


_SKIRT = {
    "length": (0.6, 0.66),
    "waist": (0.34, 0.37),
    "hip": (0.5, 0.53),
    "hem": (0.74, 0.8),
    "band": (0.036, 0.042),
    "pleats": (0, 0.01),
    "folds": (11, 13),
    "swing": (0.9, 1.0),
    "air": (7, 8),
    "repeat": (0.075, 0.09),
}
register(
    Kind(
        "skirt",
        "skirt",
        "半身裙",
        "Skirts",
        "Clothing",
        (25, 99),
        styles=(
            Style("a-line", "A-line", "A字", _SKIRT),
            Style(
                "pleated",
                "pleated",
                "百褶",
                _SKIRT
                | {
                    "length": (0.44, 0.5),
                    "hip": (0.47, 0.49),
                    "hem": (0.66, 0.7),
                    "pleats": (15.6, 18.4),
                    "folds": (3, 3.4),
                    "swing": (0.3, 0.4),
                },
            ),
            Style(
                "pencil",
                "pencil",
                "包臀",
                _SKIRT
                | {
                    "length": (0.64, 0.68),
                    "waist": (0.34, 0.355),
                    "hip": (0.435, 0.45),
                    "hem": (0.35, 0.37),
                    "folds": (4, 4.4),
                    "swing": (0.3, 0.4),
                    "air": (6, 7),
                },
                frozenset({"slit"}),
            ),
            Style(
                "button-front",
                "button-front mini",
                "排扣短款",
                _SKIRT
                | {
                    "length": (0.42, 0.46),
                    "hip": (0.46, 0.48),
                    "hem": (0.54, 0.58),
                    "folds": (5, 6),
                    "swing": (0.4, 0.5),
                    "air": (6, 7),
                },
                frozenset({"buttons"}),
            ),
        ),
        finishes=(
            Finish(
                "cotton",
                ("black", "navy", "crimson", "forest green", "sand", "mustard", "blush", "white", "sky blue"),
                ("plain", "floral", "dotted", "checked", "leafy"),
                ("white", "cream", "navy", "black"),
            ),
            Finish(
                "wool",
                ("charcoal", "burgundy", "camel", "navy", "forest green", "crimson", "light grey"),
                ("plain", "tartan", "checked"),
                ("black", "cream", "navy", "white"),
            ),
            Finish("denim", ("denim blue", "light wash", "indigo", "black")),
        ),
        details=(
            ("A firm waistband and a hidden side zip.", "挺括腰头，侧边隐形拉链。"),
            ("Lined, so it never clings.", "带内衬，不贴身不起静电。"),
        ),
        build=build_skirt,
        view=View(0, 89, 0.8, flat=True),
        genders=("women",),
        tags=("bottoms", "midi", "women's skirt"),
    )
)
