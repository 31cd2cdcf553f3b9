"""Bags with hardware: handbag and backpack."""

import math

import bpy
import numpy as np

from ..colours import SHADES
from ..geometry import bend, crumple, curve, cylinder, place, plate, rounded_box, sheet, thicken, tube
from ..kind import Finish, Kind, Spec, Style, View, register
from ..materials import dress, simple, surface

DEPARTMENT = "Shoes & accessories"
POCKET_FOOT = 0.035  # height of a backpack's front pocket above the ground


def _paint(spec: Spec, shade=None):
    return surface(spec.material, shade or spec.shade, pattern="plain" if shade else spec.pattern, second=spec.second)


def _pad(
    name: str, outline: np.ndarray, depth: float, edge: float, puff: float = 0.0, middle: float | None = None
) -> bpy.types.Object:
    """A bag panel: an outline in xz with `depth` along y, edges rounded by `edge`, both faces swollen
    by `puff`. Stands where the outline stands, its middle at y = 0. All of the outline must be in sight
    from the point at height `middle` (halfway up, unless told)."""
    outline = np.asarray(outline, float)
    centre = (outline.min(0) + outline.max(0)) / 2
    if middle is not None:
        centre[1] = middle
    arm = outline - centre
    reach = np.linalg.norm(arm, axis=1, keepdims=True)
    half = depth / 2
    edge = min(edge, half * 0.98)
    turn = np.linspace(0, np.pi / 2, 9)
    inner = np.linspace(0, 1, 26)[:-1]
    # (how far the row is drawn in from the outline, its y) from the middle of the front to the back.
    rows = [((1 - s), edge, -half - puff * (1 - s**2) ** 1.2) for s in inner]
    rows += [(0.0, edge * (1 - math.sin(a)), -half + edge * (1 - math.cos(a))) for a in turn]
    rows += [(0.0, 0.0, y) for y in np.linspace(-half + edge, half - edge, 12)[1:-1]]
    rows += [(share, inset, -y) for share, inset, y in rows[: len(inner) + len(turn)][::-1]]
    grid, uv, run = [], [], np.zeros(len(outline))
    for share, inset, y in rows:
        ring = arm * (1 - inset / reach) * (1 - share)
        grid.append(np.column_stack([ring[:, 0] + centre[0], np.full(len(ring), y), ring[:, 1] + centre[1]]))
    grid = np.array(grid)
    run = np.cumsum(np.linalg.norm(np.diff(grid, axis=0, prepend=grid[:1]), axis=2), 0)
    uv = (arm / reach)[None] * run[..., None]
    return sheet(name, grid, wrap_u=True, uv=np.concatenate([uv, uv[:, :1]], 1))


def _outline(points, samples: int = 200) -> np.ndarray:
    """The right half of a closed outline in xz, from bottom middle to top middle, and its mirror."""
    half = curve(points, samples // 2)
    return np.concatenate([half, (half * (-1, 1))[-2:0:-1]])


def _stitches(path: np.ndarray, gap: float = 0.0055, radius: float = 0.00055) -> bpy.types.Object:
    """A row of thread along a path: short raised dashes in one mesh."""
    path = np.asarray(path, float)
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    at = np.arange(gap * 0.2, along[-1] - gap * 0.7, gap)
    ends = [np.stack([np.interp(at + d, along, path[:, k]) for k in range(3)], 1) for d in (0, gap * 0.62)]
    turns = np.arange(6) * np.pi / 3
    axis = ends[1] - ends[0]
    axis /= np.linalg.norm(axis, axis=1, keepdims=True) + 1e-12
    side = np.cross(axis, (0.31, 0.87, 0.38))
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-12
    other = np.cross(axis, side)
    ring = radius * (side[:, None] * np.cos(turns)[:, None] + other[:, None] * np.sin(turns)[:, None])
    points = np.stack([ends[0][:, None] + ring * 0.5, ends[0][:, None] * 0.8 + ends[1][:, None] * 0.2 + ring,
                       ends[0][:, None] * 0.2 + ends[1][:, None] * 0.8 + ring, ends[1][:, None] + ring * 0.5], 1)  # fmt: skip
    index = np.arange(len(at) * 24).reshape(len(at), 4, 6)
    faces = np.stack([index[:, :-1], np.roll(index[:, :-1], -1, 2), np.roll(index[:, 1:], -1, 2), index[:, 1:]], -1)
    mesh = bpy.data.meshes.new("stitches")
    mesh.from_pydata(points.reshape(-1, 3).tolist(), [], faces.reshape(-1, 4).tolist())
    obj = bpy.data.objects.new("stitches", mesh)
    bpy.context.scene.collection.objects.link(obj)
    return obj


def _strap(name: str, points, half: float, thick: float = 0.0035, up=(0, 1, 0), samples: int = 80) -> bpy.types.Object:
    return tube(name, curve(points, samples), half, flat=thick / 2 / half, up=up, power=6, round_ends=False)


def _ring(radius: float, wire: float, squash: float = 1.0) -> bpy.types.Object:
    """A metal ring in xz."""
    a = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    return tube(
        "ring", np.stack([radius * np.cos(a), 0 * a, radius * squash * np.sin(a)], -1), wire, closed=True, sides=12
    )


def _square_ring(width: float, height: float, wire: float) -> bpy.types.Object:
    """A rectangular slider or buckle frame in xz."""
    a = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    c, s = np.cos(a), np.sin(a)
    x, z = np.sign(c) * np.abs(c) ** 0.35, np.sign(s) * np.abs(s) ** 0.35
    return tube("buckle", np.stack([width / 2 * x, 0 * a, height / 2 * z], -1), wire, closed=True, sides=10)


# ---------------------------------------------------------------- handbag


class _Flap:
    """The cover of a bag: over the top from the back and down the front. `at(u, s)` is the point at
    u in [-1, 1] across and s in [0, 1] along; the lower corners are round."""

    def __init__(
        self, width: float, drop: float, top: float, depth: float, lift: float, corner: float, point: float, narrow
    ):
        self.width, self.corner, self.point, self.narrow = width / 2, corner, point, narrow
        half = depth / 2 + lift
        z = top + lift
        bow = min(half * 0.8, 0.02)
        path = [(half, z - 0.05), (half, z - bow), (half - bow * 0.3, z - bow * 0.3), (half - bow, z), (0, z + 0.002), (-half + bow, z),
                (-half + bow * 0.3, z - bow * 0.3), (-half, z - bow), (-half - 0.003, z - drop * 0.6), (-half - 0.002, z - drop)]  # fmt: skip
        self.path = curve(path, 160)
        self.along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(self.path, axis=0), axis=1))])
        self.length = self.along[-1]

    def at(self, u, s) -> np.ndarray:
        u, s = np.broadcast_arrays(np.asarray(u, float), np.asarray(s, float))
        inner = np.clip((np.abs(u) * self.width - (self.width - self.corner)) / self.corner, 0, 1)
        end = self.length - self.corner * (1 - np.sqrt(1 - inner**2)) - self.point * np.abs(u) ** 1.6
        v = s * end
        y, z = (np.interp(v, self.along, self.path[:, k]) for k in range(2))
        return np.stack([u * self.width * self.narrow(z), y, z], -1)

    def sheet(self) -> bpy.types.Object:
        u, s = np.meshgrid(np.sin(np.linspace(-np.pi / 2, np.pi / 2, 70)), np.linspace(0, 1, 90))
        grid = self.at(u, s)
        return thicken(sheet("flap", grid, uv=np.stack([grid[..., 0], s * self.length], -1)), 0.003, 1.0)

    def rim(self, inset: float, lift: float = 0.0, start: float = 0.42) -> np.ndarray:
        """A line around the free edge, `inset` metres inside it."""
        u, e = 1 - inset / self.width, 1 - inset / self.length
        down = np.linspace(start, e, 40)
        across = np.sin(np.linspace(-np.pi / 2, np.pi / 2, 90)) * u
        line = np.concatenate([self.at(-u, down), self.at(across, e)[1:-1], self.at(u, down[::-1])])
        return line - (0, lift, 0)


def _lock(spec: Spec, at) -> list:
    """A turn lock: an oval plate, a ridge and two rivets."""
    a = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    plate_ = plate("lock", [np.stack([0.019 * np.cos(a), 0.0125 * np.sin(a)], -1)], 0.003, 0.001)
    parts = [
        place(plate_, turn=(90, 0, 0)),
        place(rounded_box("turn", (0.006, 0.008, 0.017), 0.0026, cuts=10), (0, -0.005, 0)),
    ]
    parts += [
        place(cylinder("rivet", 0.0017, 0.002, 0.0006), (sign * 0.0135, -0.001, 0), (90, 0, 0)) for sign in (-1, 1)
    ]
    return [place(part, at) for part in parts]


def _chain(path: np.ndarray) -> bpy.types.Object:
    """Links along a path, every other one turned a quarter: one mesh."""
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    link = 0.0105
    steps = np.arange(0, along[-1], link * 0.74)
    points = np.stack([np.interp(steps, along, path[:, k]) for k in range(3)], 1)
    a = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    pattern = tube(
        "link", np.stack([link * 0.62 * np.cos(a), link * 0.4 * np.sin(a), 0 * a], -1), 0.0014, closed=True, sides=8
    )
    verts = np.array([v.co for v in pattern.data.vertices])
    faces = np.array([p.vertices for p in pattern.data.polygons])
    bpy.data.objects.remove(pattern)
    everything, polygons = [], []
    tangents = np.gradient(points, axis=0)
    for k, (at, t) in enumerate(zip(points, tangents, strict=True)):
        t = t / np.linalg.norm(t)
        side = np.cross(t, (0, 1, 0.05))
        side /= np.linalg.norm(side)
        other = np.cross(side, t)
        if k % 2:
            side, other = other, -side
        everything.append(at + verts @ np.stack([t, side, other]))
        polygons.append(faces + k * len(verts))
    mesh = bpy.data.meshes.new("chain")
    mesh.from_pydata(np.concatenate(everything).tolist(), [], np.concatenate(polygons).tolist())
    mesh.shade_smooth()
    obj = bpy.data.objects.new("chain", mesh)
    bpy.context.scene.collection.objects.link(obj)
    return obj


def _taper(obj, height: float, top: float):
    """Deeper below than above: the depth at the top is `top` of that at the bottom."""
    return bend(
        obj,
        lambda p: p * np.stack([0 * p[:, 0] + 1, 1 - (1 - top) * np.clip(p[:, 2] / height, 0, 1), 0 * p[:, 0] + 1], 1),
    )


def build_handbag(spec: Spec):
    w, h, d = spec["width"] / 2, spec["height"], spec["depth"]
    leather = _paint(spec)
    metal = surface("brass", SHADES["gold"]) if spec.seed % 3 else surface("chrome", SHADES["silver"])
    thread = simple(
        "thread", tuple(0.35 * c + (0.1 if spec.shade.luminance < 0.1 else 0.0) for c in spec.shade.linear), 0.7
    )
    hide, shiny, sewn = [], [], []
    if spec.has("crescent"):
        _crescent(spec, hide, shiny, sewn)
    else:
        top_w = w * spec["top"]
        outline = _outline(
            [
                (0, 0),
                (w * 0.5, 0),
                (w - 0.016, 0.001),
                (w, 0.016),
                (w * 0.98, h * 0.2),
                (top_w, h - 0.018),
                (top_w - 0.016, h),
                (0, h),
            ]
        )
        body = _taper(_pad("body", outline, d, 0.012, 0.004), h, spec["thin"])
        hide.append(body)
        narrow = lambda z: 1 - (1 - spec["top"]) * np.clip(z / h, 0, 1)  # noqa: E731
        # The flap hangs over a body that is thinner at its top than at its foot.
        flap = _Flap(
            2 * w * 1.012, h * spec["flap"], h, d * spec["thin"], 0.0035, spec["corner"], spec["point"], narrow
        )
        lean = d / 2 * (1 - spec["thin"])

        def follow(points):
            out = points.copy()
            out[:, 1] += np.clip((h - points[:, 2]) / h, 0, 1) * lean * np.sign(points[:, 1])
            return out

        cover = bend(flap.sheet(), follow)
        hide.append(cover)
        sewn.append(_stitches(follow(flap.rim(0.006, 0.0016, 0.25))))
        rim = follow(flap.rim(0.0, 0.0, 0.05))
        hide.append(tube("binding", curve(rim[::3], 200), 0.0022, sides=10))
        tip = follow(flap.at(np.array([0.0]), np.array([1 - 0.024 / flap.length])))[0]
        shiny += _lock(spec, tip - (0, 0.003, 0))
        if spec.has("handle"):
            _top_handle(spec, top_w, hide, shiny, sewn)
        else:
            _shoulder(spec, top_w, hide, shiny)
        for x in (-1, 1):
            for y in (-1, 1):
                shiny.append(place(cylinder("foot", 0.006, 0.006, 0.002), (x * w * 0.78, y * d * 0.3, -0.005)))
    dress(leather, *hide)
    dress(metal, *shiny)
    dress(thread, *sewn)
    return hide + shiny + sewn


def _top_handle(spec: Spec, top_w: float, hide, shiny, sewn) -> None:
    h, reach, x = spec["height"] + 0.006, spec["reach"], top_w * 0.5
    arch = [(-x, 0, h + 0.014), (-x * 0.97, 0, h + reach * 0.5), (-x * 0.62, 0, h + reach * 0.92), (0, 0, h + reach), (x * 0.62, 0, h + reach * 0.92),
            (x * 0.97, 0, h + reach * 0.5), (x, 0, h + 0.014)]  # fmt: skip
    hide.append(tube("handle", curve(arch, 90), 0.0068, sides=20))
    for sign in (-1, 1):
        shiny.append(place(_ring(0.0095, 0.0018), (sign * x, 0, h + 0.008)))
        shiny.append(place(cylinder("collar", 0.0078, 0.008, 0.0015), (sign * x, 0, h + 0.014)))
        tab = place(rounded_box("tab", (0.022, 0.03, 0.005), 0.0024, cuts=10), (sign * x, 0, h + 0.001))
        hide.append(tab)


def _shoulder(spec: Spec, top_w: float, hide, shiny) -> None:
    """A strap or chain that stands up in an arch between rings on the sides."""
    x, z = top_w * 0.97, spec["height"] - 0.008
    a = np.linspace(np.pi, 0, 161)
    arch = np.stack([(x + 0.008) * np.cos(a), 0 * a, z + 0.012 + spec["reach"] * np.sin(a) ** 0.8], 1)
    arch = curve(arch[::8], 160)
    if spec.has("chain"):
        shiny.append(_chain(arch))
    else:
        hide.append(tube("strap", arch, 0.0085, flat=0.2, up=(0, 1, 0), power=6, round_ends=False))
    for sign in (-1, 1):
        shiny.append(place(_ring(0.0095, 0.0018), (sign * (x + 0.006), 0, z + 0.006)))
        tab = rounded_box("tab", (0.006, 0.018, 0.03), 0.0025, cuts=10)
        hide.append(place(tab, (sign * (x + 0.001), 0, z - 0.008)))


def _crescent(spec: Spec, hide, shiny, sewn) -> None:
    """A half-moon: round below, dipped above, hung from its two horns."""
    w, h, d, reach = spec["width"] / 2, spec["height"], spec["depth"], spec["reach"]
    outline = _outline([(0, 0), (w * 0.42, h * 0.035), (w * 0.78, h * 0.24), (w * 0.97, h * 0.6), (w * 1.0, h * 0.94), (w * 0.96, h),
                        (w * 0.86, h * 0.97), (w * 0.62, h * 0.8), (w * 0.34, h * 0.7), (w * 0.12, h * 0.672), (0, h * 0.67)], 260)  # fmt: skip
    body = _taper(_pad("body", outline, d, d * 0.3, 0.012, h * 0.4), h, 0.55)
    hide.append(crumple(body, 0.0035, 0.09, spec.seed % 40, (0.8, 1, 1.8)))
    top = outline[(outline[:, 1] > h * 0.66) & (np.abs(outline[:, 0]) < w * 0.86)]
    top = top[np.argsort(top[:, 0])]
    zip_path = np.stack([top[:, 0], 0 * top[:, 0], top[:, 1] + 0.001], 1)
    sewn.append(tube("tape", zip_path, 0.008, flat=0.16, up=(0, 0, 1), power=6, sides=16, round_ends=False))
    shiny.append(_stitches(np.add(zip_path, (0, 0, 0.0018)), 0.0034, 0.0016))
    end = zip_path[24]
    shiny.append(place(rounded_box("slider", (0.013, 0.009, 0.007), 0.003, cuts=8), np.add(end, (0, 0, 0.004))))
    hide.append(
        place(
            rounded_box("pull", (0.009, 0.003, 0.036), 0.0014, cuts=8),
            np.add(end, (0.001, -d * 0.3, -0.016)),
            (-14, 0, 0),
        )
    )
    x, z = w * 0.94, h * 0.985
    arch = curve([(-x, 0, z), (-x * 0.98, 0, z + reach * 0.3), (-x * 0.63, 0, z + reach * 0.8), (0, 0, z + reach), (x * 0.63, 0, z + reach * 0.8),
                  (x * 0.98, 0, z + reach * 0.3), (x, 0, z)], 120)  # fmt: skip
    hide.append(tube("strap", arch, 0.0135, flat=0.16, up=(0, 1, 0), power=6, round_ends=False))
    for sign in (-1, 1):
        shiny.append(place(_square_ring(0.006, 0.02, 0.002), (sign * x, 0, z + 0.004)))
        side = np.array([p for p in arch if p[0] * sign > 0])
        sewn.append(_stitches(side - (0, 0.0022, 0), 0.006))


_HANDBAG = {
    "width": (0.25, 0.28),
    "height": (0.17, 0.19),
    "depth": (0.08, 0.09),
    "top": (0.96, 1.0),
    "thin": (0.75, 0.82),
    "flap": (0.6, 0.66),
    "corner": (0.03, 0.045),
    "point": (0.0, 0.004),
    "reach": (0.16, 0.19),
}
register(
    Kind(
        "handbag",
        "handbag",
        "手提包",
        "Handbags",
        DEPARTMENT,
        (49, 259),
        styles=(
            Style("flap", "shoulder flap", "翻盖单肩", _HANDBAG),
            Style("chain", "small chain", "小号链条", _HANDBAG | {"width": (0.2, 0.22), "height": (0.13, 0.145), "depth": (0.06, 0.07), "point": (0.02, 0.035), "flap": (0.66, 0.74)},
                  frozenset({"chain"})),
            Style("handle", "top-handle", "手拎", _HANDBAG | {"top": (0.8, 0.86), "height": (0.2, 0.22), "depth": (0.11, 0.125), "thin": (0.55, 0.6), "flap": (0.42, 0.48),
                  "reach": (0.1, 0.12)}, frozenset({"handle"})),
            Style("crescent", "crescent", "月牙", _HANDBAG | {"width": (0.3, 0.33), "height": (0.17, 0.19), "depth": (0.08, 0.095), "reach": (0.17, 0.2)},
                  frozenset({"crescent"})),
        ),
        finishes=(
            Finish("leather", ("black", "cognac", "burgundy", "cream", "forest green", "blush", "crimson", "navy", "tan", "mustard")),
            Finish("velvet", ("emerald", "plum", "navy", "crimson")),
        ),
        details=(
            ("Full-grain panels, hand-stitched; a phone fits and so does a paperback.", "头层皮面手工缝线，放得下手机也放得下一本书。"),
            ("Solid metal hardware and a lined inner pocket.", "实心金属五金，内衬口袋。"),
        ),
        build=build_handbag,
        view=View(-24, 14, 0.82),
        genders=("women",),
        tags=("bag", "purse", "shoulder bag", "pocketbook"),
    )
)  # fmt: skip


# ---------------------------------------------------------------- backpack


def _arched(w: float, h: float, top: float, foot: float = 0.03) -> np.ndarray:
    """Outline with a round top (radius `top`) and small lower corners."""
    low = [(0, 0), (w * 0.5, 0), (w - foot, 0.0), (w - foot * 0.25, foot * 0.25), (w, foot), (w, h * 0.4)]
    return _outline([*low, (w, h - top), (w - top * 0.28, h - top * 0.28), (w - top, h), ((w - top) * 0.5, h), (0, h)])


def _zip_over(outline: np.ndarray, low: float, y: float) -> np.ndarray:
    """The zip's path: along the outline over the top, from `low` on one side to `low` on the other."""
    centre = (outline.min(0) + outline.max(0)) / 2
    line = outline[outline[:, 1] > low]
    line = line[np.argsort(np.arctan2(line[:, 0] - centre[0], line[:, 1] - low + 0.05))]
    return np.stack([line[:, 0], np.full(len(line), y), line[:, 1]], 1)


def _puller(at, parts: dict) -> None:
    parts["metal"].append(place(rounded_box("slider", (0.009, 0.007, 0.013), 0.003, cuts=8), at))
    tab = rounded_box("pull", (0.0075, 0.003, 0.032), 0.0014, cuts=8)
    parts["trim"].append(place(tab, np.add(at, (0, -0.005, -0.02))))


def _zips(spec: Spec, outline: np.ndarray, pocket: np.ndarray, pocket_front: float, parts: dict) -> None:
    """One zip over the top of the bag, one in the face of the pocket."""
    h, pocket_h = spec["height"], spec["height"] * spec["pocket"]
    seam = _zip_over(outline * (1.004, 1.002), h * 0.3, -spec["depth"] * 0.16)
    out = (seam - np.array([0, 0, h * 0.5])) * (1, 0, 1)
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    arc = _zip_over(pocket * (0.93, 1), pocket_h * 0.62, 0) * (1, 1, 0.95)
    arc = np.add(arc, (0, pocket_front - 0.0035, POCKET_FOOT))
    for path, half, teeth in ((seam, 0.009, out * 0.0032), (arc, 0.007, np.array([0, -0.0035, 0]))):
        parts["web"].append(tube("tape", path, half, flat=0.3, up=(0, 1, 0), power=4, sides=16))
        parts["metal"].append(_stitches(path + teeth, 0.0042, 0.002))
    at = len(seam) // 2 + 14
    _puller(seam[at] + out[at] * 0.006, parts)
    _puller(np.add(arc[len(arc) // 3], (0, -0.005, 0)), parts)


def _buckled(spec: Spec, pocket_front: float, parts: dict) -> None:
    """A flap that reaches over the pocket, held by two straps with buckles."""
    w, h, d, top = spec["width"] / 2, spec["height"], spec["depth"], spec["top"]
    narrow = lambda z: 1 - 0.16 * np.clip((z - h + top) / top, 0, 1) ** 2  # noqa: E731
    flap = _Flap(2 * w * 1.02, h * 0.52, h, d + 0.02, 0.004, 0.06, 0.01, narrow)
    reach = -(pocket_front + d / 2) * 0.95

    def bulged(points):
        out = points.copy()
        out[:, 1] -= reach * np.clip((h * 0.97 - out[:, 2]) / (h * 0.3), 0, 1) ** 1.2 * (out[:, 1] < 0)
        return out

    parts["cloth"].append(bend(flap.sheet(), bulged))
    parts["accent"].append(tube("binding", curve(bulged(flap.rim(0.0, 0.0, 0.1))[::3], 200), 0.003, sides=10))
    y = float(bulged(flap.at(np.array([0.0]), np.array([1.0])))[0][1])
    low = float(flap.at(np.array([0.45]), np.array([1.0]))[0][2])
    for x in (-w * 0.45, w * 0.45):
        down = ((-0.003, 0.11), (-0.006, 0.03), (-0.005, 0), (-0.004, -0.05), (-0.003, -0.085))
        parts["trim"].append(_strap("closing", [(x, y + dy, low + dz) for dy, dz in down], 0.0115, 0.004, (0, 1, 0)))
        parts["metal"].append(place(_square_ring(0.032, 0.025, 0.0021), (x, y - 0.008, low - 0.022)))
        parts["metal"].append(place(cylinder("prong", 0.0014, 0.02, 0.0006), (x, y - 0.0095, low - 0.033)))


def _shoulder_straps(spec: Spec, parts: dict) -> None:
    """Padded straps that stand off the back, and the webbing and slider below them."""
    w, h, back = spec["width"] / 2, spec["height"], spec["depth"] / 2
    for sign in (-1, 1):
        path = [
            (sign * 0.045, back - 0.01, h * 0.93),
            (sign * 0.06, back + 0.025, h * 0.95),
            (sign * w * 0.62, back + 0.062, h * 0.78),
            (sign * w * 0.8, back + 0.07, h * 0.5),
            (sign * w * 0.88, back + 0.05, h * 0.24),
        ]
        pad = tube("shoulder", curve(path, 90), np.linspace(0.03, 0.026, 90), flat=0.28, up=(0, 1, 0), power=3.2)
        parts["cloth"].append(pad)
        web = [path[-1], (sign * w * 0.93, back + 0.035, h * 0.14), (sign * w * 0.9, back - 0.01, h * 0.06)]
        parts["web"].append(_strap("webbing", web, 0.0115, 0.0025, (0, 1, 0), 40))
        parts["web"].append(place(_square_ring(0.03, 0.022, 0.0026), (sign * w * 0.88, back + 0.052, h * 0.235)))


def build_backpack(spec: Spec):
    w, h, d, top = spec["width"] / 2, spec["height"], spec["depth"], spec["top"]
    parts = {"cloth": [], "accent": [], "trim": [], "metal": [], "web": []}
    outline = _arched(w, h, top)
    parts["cloth"].append(crumple(_pad("body", outline, d, 0.03, 0.012), 0.004, 0.13, spec.seed % 40))
    front, deep, pocket_h = -d / 2 + 0.012, 0.055, h * spec["pocket"]
    pocket = _arched(w * 0.8, pocket_h, min(top * 0.6, pocket_h * 0.4), 0.025)
    pad = crumple(_pad("pocket", pocket, deep, 0.02, 0.012), 0.0025, 0.09, spec.seed % 37)
    parts["accent"].append(place(pad, (0, front - deep / 2, POCKET_FOOT)))
    if spec.has("flap"):
        _buckled(spec, front - deep, parts)
    else:
        _zips(spec, outline, pocket, front - deep, parts)
        label = rounded_box("label", (0.05, 0.003, 0.03), 0.0015, cuts=8)
        parts["trim"].append(place(label, (0, front - 0.024, h * 0.79)))
    if spec.has("leather"):
        foot = np.clip(_arched(w + 0.006, h, top), None, (9, h * 0.13))
        parts["trim"].append(_pad("base", foot, d + 0.016, 0.03, 0.012))
    half_loop = [(0.035, -0.004), (0.034, 0.028), (0.018, 0.042)]
    loop = [(x, d * 0.3, h + z) for x, z in (*half_loop, *((-x, z) for x, z in half_loop[::-1]))]
    parts["trim"].append(_strap("grab", loop, 0.0115, 0.006))
    _shoulder_straps(spec, parts)
    if spec.has("side"):
        for sign in (-1, 1):
            side = _pad("side pocket", _arched(d * 0.36, h * 0.34, 0.02, 0.02), 0.03, 0.012, 0.006)
            parts["accent"].append(place(side, (sign * (w + 0.006), 0, 0.02), (0, 0, 90)))
    webbing = surface("canvas", SHADES["black" if spec.shade.luminance < 0.5 else "charcoal"])
    dress(_paint(spec), *parts["cloth"])
    # A second shade is the pocket's where the cloth is plain, and in the print where it is not.
    dress(_paint(spec, spec.second) if spec.second and spec.pattern == "plain" else _paint(spec), *parts["accent"])
    dress(surface("leather", SHADES["cognac"]) if spec.has("leather") else webbing, *parts["trim"])
    dress(simple("metal", (0.55, 0.55, 0.56), 0.3, 1.0), *parts["metal"])
    dress(webbing, *parts["web"])
    return [obj for group in parts.values() for obj in group]


_BACKPACK = {
    "width": (0.29, 0.31),
    "height": (0.42, 0.45),
    "depth": (0.14, 0.16),
    "top": (0.1, 0.12),
    "pocket": (0.46, 0.5),
}
register(
    Kind(
        "backpack",
        "backpack",
        "双肩包",
        "Backpacks",
        DEPARTMENT,
        (29, 159),
        styles=(
            Style("school", "zipped", "拉链", _BACKPACK, frozenset({"side"})),
            Style("rucksack", "buckled flap", "翻盖扣带", _BACKPACK | {"top": (0.05, 0.06), "pocket": (0.42, 0.46), "depth": (0.15, 0.17)}, frozenset({"flap", "leather"})),
            Style("mini", "mini", "迷你", _BACKPACK | {"width": (0.24, 0.26), "height": (0.3, 0.33), "depth": (0.11, 0.12), "top": (0.1, 0.11)}, frozenset({"leather"})),
            Style("commuter", "square commuter", "方形通勤", _BACKPACK | {"top": (0.035, 0.045), "height": (0.43, 0.45), "depth": (0.13, 0.14), "pocket": (0.4, 0.44)}),
        ),
        finishes=(
            Finish("nylon", ("navy", "black", "crimson", "teal", "mustard", "olive", "grey", "cobalt"), ("plain",), ("black", "navy", "coral", "grey", "sand"), True),
            Finish("canvas", ("sand", "olive", "navy", "burnt orange", "sage", "charcoal"), ("plain", "camouflage", "floral", "checked"), ("black", "forest green", "chocolate", "white")),
        ),
        details=(("Padded straps and a sleeve for a 15-inch laptop.", "加厚肩带，内置15英寸电脑隔层。"), ("Sheds rain, swallows a weekend.", "防泼水，装得下一个周末。")),
        build=build_backpack,
        view=View(28, 12, 0.84),
        genders=("unisex", "women", "men"),
        tags=("rucksack", "school bag", "bag", "daypack"),
    )
)  # fmt: skip
