"""Knitted things: scarf and socks, laid flat, and a beanie that stands as on a head."""

import bpy
import numpy as np

from ..geometry import bend, copy, curve, lathe, place, sheet, tube
from ..kind import Finish, Kind, Spec, Style, View, register
from ..materials import dress, surface

YARNS = ("cream", "navy", "burgundy", "mustard", "forest green", "charcoal", "light grey", "camel", "teal", "blush")


def _paint(spec: Spec, repeat: float):
    return surface(spec.material, spec.shade, pattern=spec.pattern, second=spec.second, repeat=repeat)


def _strands(name: str, starts, ends, radius: float, bulge=None) -> bpy.types.Object:
    """Many short yarns in one mesh, each a thin three-sided tube from its start over `bulge` to its end."""
    starts, ends = np.asarray(starts, float), np.asarray(ends, float)
    middle = (starts + ends) / 2 if bulge is None else np.asarray(bulge, float)
    t = np.linspace(0, 1, 6)[:, None, None]
    path = (1 - t) ** 2 * starts + 2 * t * (1 - t) * middle + t**2 * ends
    along = ends - starts
    side = np.cross(along, (0.3, 0.5, 0.81))
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-12
    other = np.cross(along, side)
    other /= np.linalg.norm(other, axis=1, keepdims=True) + 1e-12
    turns = np.arange(3) * 2 * np.pi / 3
    ring = side[:, None] * np.cos(turns)[:, None] + other[:, None] * np.sin(turns)[:, None]
    points = path[:, :, None] + radius * ring[None]  # (6, strands, 3, xyz)
    steps, count = len(t), len(starts)
    index = np.arange(steps * count * 3).reshape(steps, count, 3)
    faces = np.stack([index[:-1], np.roll(index[:-1], -1, 2), np.roll(index[1:], -1, 2), index[1:]], -1).reshape(-1, 4)
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(points.reshape(-1, 3).tolist(), [], faces.tolist())
    mesh.uv_layers.new()
    mesh.shade_smooth()
    obj = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(obj)
    return obj


# ---------------------------------------------------------------- scarf


def _scarf_path(spec: Spec) -> np.ndarray:
    """(n, 3) middle line of the scarf: how it has been laid."""
    long, w = spec["length"], spec["width"]
    if spec.has("crossed"):
        points = [(-0.2, -long, 0.008), (-0.08, -long * 0.5, 0.008), (0.1, -long * 0.16, 0.009), (0.17, 0.06, 0.01), (0.1, 0.19, 0.012),
                  (0, 0.215, 0.014), (-0.1, 0.19, 0.018), (-0.17, 0.06, 0.026), (-0.1, -long * 0.16, 0.045), (0.08, -long * 0.5, 0.034),
                  (0.18, -long * 0.9, 0.014)]  # fmt: skip
    elif spec.has("folded"):
        points = [(w * 0.3, -long * 0.82, 0.03), (w * 0.3, 0, 0.034), (w * 0.3, long * 0.36, 0.034), (w * 0.3, long * 0.42, 0.026),
                  (w * 0.16, long * 0.42, 0.012), (0, long * 0.36, 0.008), (-w * 0.24, -long * 0.3, 0.008), (-w * 0.34, -long, 0.008)]  # fmt: skip
    else:
        points = [(-0.16, -long, 0.008), (-0.155, -long * 0.4, 0.008), (-0.16, 0.0, 0.01), (-0.12, 0.14, 0.014), (0, 0.19, 0.016),
                  (0.12, 0.14, 0.014), (0.16, 0.0, 0.01), (0.155, -long * 0.4, 0.008), (0.16, -long * 0.9, 0.008)]  # fmt: skip
    return curve(points, 220)


def _ribbon(spec: Spec):
    """The cloth of the scarf as a closed flat tube that follows the path: broad and smooth at its ends,
    gathered into folds where it goes round the neck. Also both end edges with their outward directions."""
    path, w, thick = _scarf_path(spec), spec["width"] / 2, spec["thick"] / 2
    n, rng = len(path), spec.rng
    tangent = np.gradient(path, axis=0)[:, :2]
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], 1)
    t = np.linspace(0, 1, n)
    neck = np.exp(-(((t - 0.5) / spec["neck_span"]) ** 2))
    half = w * (1 - spec["gather"] * neck) * (1 + 0.012 * np.sin(t * 40 + rng.uniform(0, 6)))
    s = np.linspace(-1, 1, 120)
    across = np.concatenate([s, s[::-1]])
    edge = np.concatenate([np.ones(120), -np.ones(120)]) * np.sqrt(np.clip(1 - np.abs(across) ** 9, 0, 1))
    grid = np.empty((n, 240, 3))
    phase, drift = rng.uniform(0, 6, 3), rng.uniform(0.5, 1.3, 3)
    fold = sum(
        a * np.sin(k * np.pi * across[None] + p + d * 5 * t[:, None])
        for a, k, p, d in zip((0.55, 0.3, 0.2), (2.2, 3.7, 6.1), phase, drift, strict=True)
    )
    depth = spec["fold"] * (0.18 + 0.82 * neck)[:, None]
    ripple = 0.0022 * np.sin(7 * t[:, None] * np.pi + 2.5 * across[None] + phase[0])
    grid[..., :2] = path[:, None, :2] + normal[:, None] * (half[:, None] * across[None])[..., None]
    grid[..., 2] = path[:, None, 2] + depth * fold + ripple + thick * edge[None]
    # Metres of cloth, not of path: gathered cloth keeps its pattern's width.
    v = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    uv = np.stack(np.broadcast_arrays(np.append(across, across[:1])[None] * w, v[:, None]), -1)
    cap = np.stack([(grid[k] + grid[k][::-1]) / 2 for k in (0, -1)])  # both ends are sewn shut
    grid = np.concatenate([cap[:1], grid, cap[1:]])
    uv = np.concatenate([uv[:1], uv, uv[-1:]])
    ends = [(cap[0, :120], np.append(-tangent[0], 0)), (cap[1, :120], np.append(tangent[-1], 0))]
    return sheet("scarf", grid, wrap_u=True, uv=uv), ends


def _fringe(spec: Spec, ends) -> list:
    """Tassels of a few yarns each, knotted at the edge."""
    rng, starts, tips, bulge, knots = spec.rng, [], [], [], []
    for edge, out in ends:
        side = edge[-1] - edge[0]
        side /= np.linalg.norm(side)
        for at in np.linspace(0.03, 0.97, 14):
            root = edge[round(at * (len(edge) - 1))]
            lean = side * rng.normal(0, 0.006)
            knots.append(root + out * 0.006)
            for _ in range(9):
                spread = side * rng.normal(0, 0.0026) + np.array([0, 0, rng.normal(0, 0.002)])
                tip = root + out * spec["fringe"] * rng.uniform(0.92, 1.04) + lean + 2.2 * spread
                starts.append(root - out * 0.004 + 0.4 * spread)
                tips.append(tip - (0, 0, root[2] * 0.6))
                bulge.append((root + tip) / 2 + side * rng.normal(0, 0.003) + spread)
    yarns = _strands("fringe", starts, tips, 0.0011, bulge)
    long = np.array([[0, -0.002, 0], [0, 0.002, 0]])
    beads = [tube("knot", at + long, 0.0042, sides=8) for at in knots]
    return [yarns, *beads]


def build_scarf(spec: Spec):
    cloth, ends = _ribbon(spec)
    dress(_paint(spec, spec["repeat"]), cloth)
    fringe = _fringe(spec, ends)
    dress(surface("wool", spec.shade), *fringe)
    return [cloth, *fringe]


_SCARF = {
    "length": (0.46, 0.52),
    "width": (0.19, 0.21),
    "thick": (0.008, 0.01),
    "gather": (0.42, 0.48),
    "neck_span": (0.22, 0.26),
    "fold": (0.011, 0.014),
    "fringe": (0.075, 0.09),
    "repeat": (0.1, 0.12),
}
register(
    Kind(
        "scarf",
        "scarf",
        "围巾",
        "Scarves",
        "Clothing",
        (19, 89),
        styles=(
            Style("crossed", "wrapped", "交叠", _SCARF, frozenset({"crossed"})),
            Style("long", "long", "长款", _SCARF | {"length": (0.6, 0.68), "width": (0.2, 0.22)}),
            Style(
                "folded",
                "wide",
                "宽幅",
                _SCARF
                | {"length": (0.38, 0.42), "width": (0.26, 0.29), "gather": (0.02, 0.05), "fold": (0.003, 0.005), "thick": (0.01, 0.012)},
                frozenset({"folded"}),
            ),
        ),
        finishes=(
            Finish(
                "wool",
                ("camel", "navy", "burgundy", "cream", "charcoal", "forest green", "crimson"),
                ("tartan", "plain", "checked", "striped", "houndstooth"),
                ("cream", "black", "navy", "light grey", "mustard"),
            ),
            Finish("knit", YARNS, ("plain", "striped"), ("cream", "navy", "charcoal")),
        ),
        details=(("Knotted fringe at both ends, 190 cm long.", "两端打结流苏，长190厘米。"), ("Warm twice around the neck.", "绕颈两圈，格外温暖。")),
        build=build_scarf,
        view=View(0, 78, 0.86, flat=True),
        genders=("women", "men", "unisex"),
        season="winter",
        tags=("shawl", "muffler", "neckwear", "winter"),
    )
)  # fmt: skip


# ---------------------------------------------------------------- socks


def _sock(spec: Spec) -> bpy.types.Object:
    """One sock lying on its side, toe to the left: material 0 is the leg, 1 the cuff, heel and toe."""
    leg, foot, w = spec["leg"], spec["foot"], spec["width"] / 2
    bend_at = w * 1.15
    path = curve(
        [(0, leg, 0), (0, leg * 0.6, 0), (0.002, bend_at * 1.3, 0), (-bend_at * 0.28, bend_at * 0.3, 0), (-bend_at * 1.2, -0.004, 0),
         (-foot * 0.62, -0.012, 0), (-foot, -0.016, 0)], 260)  # fmt: skip
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    total = along[-1]
    heel = along[np.argmin(np.hypot(path[:, 0] + bend_at * 0.28, path[:, 1] - bend_at * 0.3))]
    at_heel = np.exp(-(((along - heel) / (w * 0.9)) ** 2))
    tip = np.clip((total - along) / (w * 1.05), 0, 1)
    half = w * (1 - 0.07 * np.exp(-(((along - leg * 0.75) / 0.05) ** 2)) + 0.03 * np.exp(-((along / 0.03) ** 2)))
    half = half * np.sqrt(1 - (1 - tip) ** 2.4) + 1e-4
    tangent = np.gradient(path, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    outer = np.stack([-tangent[:, 1], tangent[:, 0], 0 * along], 1)  # towards the heel side
    outer *= np.sign(outer[0] @ (1, 0, 0))
    angle = np.linspace(0, 2 * np.pi, 288, endpoint=False)
    c, s = np.cos(angle), np.sin(angle)
    flat = np.sign(s) * np.abs(s) ** 0.55 * spec["thick"] / 2
    cuff = spec["cuff"]
    rib = np.clip((cuff - along) / 0.003, 0, 1)
    ribs = 0.0014 * np.sin(c * w * 2 * np.pi / 0.0056)
    puff = np.minimum(1, half / w)
    grid = np.empty((260, 288, 3))
    # The heel pushes out of the bend; the front of the ankle stays tight.
    push = 1 + 0.42 * at_heel[:, None] * np.clip(c, 0, 1)[None] ** 2 - 0.1 * at_heel[:, None] * np.clip(-c, 0, 1)[None]
    grid[:] = path[:, None] + outer[:, None] * (half[:, None] * c * push)[..., None]
    wrinkle = (
        0.0012
        * np.sin((along[:, None] - heel) * 2 * np.pi / 0.022 + 2 * c)
        * np.exp(-(((along[:, None] - heel) / 0.05) ** 2))
    )
    grid[..., 2] += flat * (0.35 + 0.65 * puff[:, None]) + np.sign(s) * (
        rib[:, None] * ribs + wrinkle * np.clip(-c + 0.4, 0, 1)
    )
    uv = np.empty((260, 289, 2))
    uv[..., 0], uv[..., 1] = (np.append(c, 1) * w)[None], along[:, None]
    grid = np.concatenate([grid[:1] * [1, 1, 0] + [0, -0.004, 0], grid])
    uv = np.concatenate([uv[:1], uv])
    obj = sheet("sock", grid, wrap_u=True, uv=uv)
    # The wall is a grid, so a face's row and column say where on the sock it is.
    layer = obj.data.uv_layers[0].data
    flat_uv = np.empty(len(obj.data.loops) * 2)
    layer.foreach_get("uv", flat_uv)
    starts = np.array([f.loop_start for f in obj.data.polygons])
    across, v = flat_uv.reshape(-1, 2)[starts].T
    side = across / w
    # A turned heel is a wedge, widest at the outside of the bend and knitted in steps.
    wedge = np.abs(v - heel) < 0.62 * w * np.clip(side + 0.25, 0, 2)
    contrast = (v < cuff) | (v > total - w * 0.95) | wedge
    obj.data.polygons.foreach_set("material_index", contrast.astype(np.int32))
    return obj


def build_socks(spec: Spec):
    first = _sock(spec)
    main = _paint(spec, spec["repeat"])
    other = surface(spec.material, spec.second or spec.shade)
    for material in (main, other):
        first.data.materials.append(material)
    second = copy(first, (spec["apart"], -0.012, 0), (0, 0, spec["turn"]))
    place(first, (0, 0.012, 0.0))
    bend(first, lambda p: p + np.stack([0 * p[:, 0], 0 * p[:, 0], 0 * p[:, 0] + spec["thick"] * 1.05], 1))
    return [first, second]


_SOCKS = {
    "leg": (0.19, 0.21),
    "foot": (0.2, 0.215),
    "width": (0.086, 0.092),
    "thick": (0.014, 0.017),
    "cuff": (0.034, 0.04),
    "apart": (0.062, 0.07),
    "turn": (4, 8),
    "repeat": (0.045, 0.055),
}
register(
    Kind(
        "socks",
        "socks",
        "袜子",
        "Socks",
        "Clothing",
        (6, 25),
        styles=(
            Style("crew", "crew", "中筒", _SOCKS),
            Style("ankle", "ankle", "短筒", _SOCKS | {"leg": (0.1, 0.11), "cuff": (0.022, 0.026)}),
            Style("knee", "knee-high", "及膝", _SOCKS | {"leg": (0.33, 0.36), "width": (0.092, 0.098), "cuff": (0.04, 0.048)}),
        ),
        finishes=(
            Finish(
                "cotton",
                ("white", "navy", "light grey", "crimson", "mustard", "forest green", "sky blue", "black", "blush"),
                ("plain", "striped", "dotted", "zigzag"),
                ("white", "crimson", "navy", "mustard", "teal"),
                True,
            ),
            Finish("merino", YARNS, ("plain", "striped", "geometric"), ("cream", "burgundy", "navy", "mustard"), True),
        ),
        details=(("Reinforced heel and toe, ribbed cuff that stays up.", "加固袜跟袜头，罗口不下滑。"), ("Flat toe seam you will not feel.", "平缝袜头，穿着无感。")),
        build=build_socks,
        view=View(0, 80, 0.84, flat=True),
        genders=("women", "men", "unisex"),
        tags=("sock", "hosiery", "pair of socks"),
    )
)  # fmt: skip


# ---------------------------------------------------------------- beanie


def _pompom(radius: float, rng) -> bpy.types.Object:
    """A ball of cut yarn."""
    count = 4200
    out = rng.normal(size=(count, 3))
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    tips = out * radius * rng.uniform(0.86, 1.04, (count, 1)) + rng.normal(0, radius * 0.05, (count, 3))
    return _strands(
        "pompom", out * radius * 0.3, tips, radius * 0.022, (out + rng.normal(0, 0.12, (count, 3))) * radius * 0.65
    )


def _knitted_tube(name: str, profile: np.ndarray, ribs: int, depth: float = 0.0042) -> bpy.types.Object:
    """A lathe whose wall goes in and out in `ribs` knitted ribs, `depth` metres deep."""
    obj = lathe(name, profile, ribs * 10)

    def wave(points):
        radius = np.hypot(points[:, 0], points[:, 1])
        angle = np.arctan2(points[:, 1], points[:, 0])
        # Towards the tip the ribs run together, so they grow shallow with the radius.
        deep = depth * np.clip(radius / profile[:, 0].max(), 0.15, 1)
        swing = np.abs(np.sin(angle * ribs / 2)) ** 0.7 - 0.6
        return points * np.stack([1 + deep * swing / np.maximum(radius, 0.012)] * 2 + [1 + 0 * radius], 1)

    return bend(obj, wave)


def _flopped(points: np.ndarray, r: float, h: float) -> np.ndarray:
    """The empty top of a long beanie leans to the right and back, and sinks on that side."""
    lean = np.clip(points[:, 2] / h - 0.45, 0, 1) ** 1.5
    sink = 0.1 * lean * np.clip(points[:, 0] / r + 0.6, 0, 2)
    return points + np.stack([0.125 * lean, 0.12 * lean, -sink], 1)


def build_beanie(spec: Spec):
    r, h, brim, ribs = spec["radius"], spec["height"], spec["brim"], round(spec["ribs"])
    crown = curve([(r * 0.98, 0.012), (r * 1.02, h * 0.3), (r * 0.97, h * 0.58), (r * 0.8, h * 0.8), (r * 0.5, h * 0.94), (r * 0.2, h * 0.99),
                   (0, h)], 90)  # fmt: skip
    body = _knitted_tube("crown", crown, ribs)
    objects = [body]
    main = _paint(spec, spec["repeat"])
    dress(main, body)
    turned = curve([(r * 0.95, 0.006), (r * 1.02, 0.0), (r * 1.09, 0.006), (r * 1.12, brim * 0.5), (r * 1.1, brim * 0.93), (r * 1.06, brim),
                    (r * 1.02, brim * 0.96), (r * 0.99, brim * 0.86)], 50)  # fmt: skip
    cuff = _knitted_tube("brim", turned, ribs)
    inside = lathe("inside", np.array([(r * 0.97, 0.01), (r * 0.5, 0.02), (0, 0.022)]), 64)
    plain = surface(spec.material, spec.shade)
    dress(surface(spec.material, spec.second) if spec.second and spec.pattern == "plain" else plain, cuff)
    dress(plain, inside)
    objects += [cuff, inside]
    if spec.has("slouch"):
        bend(body, lambda p: _flopped(p, r, h))
    for obj in objects:  # a head is longer than wide
        bend(obj, lambda p: p * (1, 1.1, 1))
    if spec.has("pompom"):
        ball = place(_pompom(spec["ball"], spec.rng), (0, 0, h + spec["ball"] * 0.6))
        dress(surface("wool", spec.second or spec.shade), ball)
        objects.append(ball)
    return objects


_BEANIE = {
    "radius": (0.088, 0.093),
    "height": (0.185, 0.2),
    "brim": (0.062, 0.07),
    "ribs": (40, 46),
    "ball": (0.044, 0.05),
    "repeat": (0.06, 0.075),
}
register(
    Kind(
        "beanie",
        "beanie",
        "毛线帽",
        "Beanies",
        "Shoes & accessories",
        (12, 45),
        styles=(
            Style("classic", "ribbed", "罗纹", _BEANIE),
            Style("pompom", "pompom", "毛球", _BEANIE, frozenset({"pompom"})),
            Style("fisherman", "fisherman", "短款渔夫", _BEANIE | {"height": (0.135, 0.145), "brim": (0.046, 0.052)}),
            Style("slouchy", "slouchy", "慵懒长款", _BEANIE | {"height": (0.25, 0.27), "brim": (0.04, 0.048)}, frozenset({"slouch"})),
        ),
        finishes=(
            Finish("merino", (*YARNS, "black", "burnt orange"), ("plain",), ("cream", "navy", "charcoal", "mustard"), False),
            Finish("merino", ("navy", "burgundy", "forest green", "charcoal", "crimson"), ("zigzag", "striped", "geometric"), ("cream", "white")),
            Finish("wool", ("mustard", "charcoal", "teal", "cream", "plum", "olive"), ("plain",), ("cream", "light grey", "camel"), True),
        ),
        details=(("Thick ribbed knit with a turned-up brim.", "厚实罗纹针织，翻边帽檐。"), ("Stretches to fit, stays where you pull it.", "弹力贴合，拉到哪就停在哪。")),
        build=build_beanie,
        view=View(20, 14, 0.78),
        genders=("women", "men", "unisex"),
        season="winter",
        tags=("hat", "knit hat", "winter hat", "bobble hat", "headwear"),
    )
)  # fmt: skip
