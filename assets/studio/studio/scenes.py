"""Photographs in a room of catalog products: the pictures people search with.

A shot (shots.py) names a setting, one or two kinds, a light and a camera; the seed picks the
products and the small accidents. The product is the very mesh and shader of its packshot, moved,
never remodelled.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import bpy
import numpy as np
from mathutils import Matrix, Vector
from PIL import Image, ImageFilter

from . import camera, catalog, geometry, lighting, materials, photo, props
from .colours import SHADES
from .geometry import cylinder, place, rounded_box, sheet
from .kind import KINDS, Spec
from .materials import Shader, dress, rgba, surface
from .shots import SHOTS, Shot, planned

COLUMNS = ("id", "image", "product_ids", "setting", "caption", "caption_zh")
STRANGERS_SEED = 90001  # what stands around is from a catalog that nobody searches
FIRST_PRODUCTS = 6  # the shots by hand choose among the first products of a kind
# Of the picture, what a product takes at least and things before it at most; of a product, what is out of sight.
MIN_SHARE, MAX_BLOCKED, MAX_HIDDEN = 0.013, 0.16, 0.55
ATTEMPTS = 5
_FLOORS = ("sofa", "wood floor", "entrance hall", "street", "concrete floor", "park", "gym")  # for a tall plant


@dataclass(frozen=True)
class Scene:
    id: str
    shot: Shot
    products: tuple[Spec, ...]
    seed: int

    def row(self) -> dict[str, str]:
        nouns = [spec.noun for spec in self.products]
        nouns_zh = [spec.noun_zh for spec in self.products]
        articles = dict(zip("ab", map(_with_article, nouns), strict=False))
        caption = self.shot.caption[0].format(*nouns, **articles)
        return {
            "id": self.id,
            "image": f"{self.id}.jpg",
            "setting": self.shot.setting,
            "product_ids": "|".join(spec.id for spec in self.products),
            "caption": caption[0].upper() + caption[1:],
            "caption_zh": self.shot.caption[1].format(*nouns_zh),
        }


def _with_article(noun: str) -> str:
    if noun.endswith("s") and not noun.endswith("ss"):
        return noun
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def plan(seed: int) -> list[Scene]:
    """The shots by hand, then those by rule; what a scene is depends on its own kinds only."""
    scenes, middle = [], "" if seed == catalog.CATALOG_SEED else f"{seed}-"
    for number, shot in enumerate(SHOTS, 1):
        if all(key in KINDS for key in shot.kinds):
            rng = np.random.default_rng([seed, number, 77])
            chosen = [catalog.plan(KINDS[key], seed, FIRST_PRODUCTS) for key in shot.kinds]
            products = tuple(specs[rng.integers(len(specs))] for specs in chosen)
            scenes.append(Scene(f"scene-{middle}{number:03d}", shot, products, int(rng.integers(2**31))))
    for name, shot in planned(seed):
        rng = np.random.default_rng([seed, 79, *name.encode()])
        chosen = [catalog.plan(KINDS[key], seed) for key in shot.kinds]
        products = tuple(specs[rng.integers(len(specs))] for specs in chosen)
        scenes.append(Scene(f"scene-{middle}{name}", shot, products, int(rng.integers(2**31))))
    return scenes


# ---------------------------------------------------------------- surroundings


def _boards(shade: str, width: float) -> bpy.types.Material:
    """Floorboards along y: every board its own tone, dark joints, fine grain."""
    shader = Shader(f"boards {shade}")
    vector = shader.node(
        "Mapping", {"Vector": shader.node("TexCoord").outputs["Object"], "Rotation": (0, 0, math.pi / 2)}
    ).outputs["Vector"]
    base = SHADES[shade].linear
    light, dark = (tuple(min(1, c * f) for c in base) for f in (1.12, 0.72))
    brick = shader.node(
        "TexBrick",
        {
            "Vector": vector,
            "Color1": rgba(light),
            "Color2": rgba(dark),
            "Mortar": (0.02, 0.012, 0.008, 1),
            "Scale": 1.0,
            "Mortar Size": width * 0.012,
            "Brick Width": width * 9,
            "Row Height": width,
            "Bias": -0.1,
        },
    )
    streak = shader.noise(70, 6, 0.6, shader.coordinates("Object", (1, 0.05, 1)))
    tone = shader.ramp(streak, [(0.3, (0.68,) * 3), (0.7, (1.05,) * 3)])
    shader.set(
        Base_Color=shader.mix(1.0, brick.outputs["Color"], tone, "MULTIPLY"),
        Roughness=0.42,
        Normal=shader.bump(brick.outputs["Fac"], 0.4, -width * 0.01),
    )
    return shader.material


def _concrete(tone: float, size: float) -> bpy.types.Material:
    shader = Shader("concrete")
    cloud, fine = shader.noise(3 / size, 8, 0.65), shader.noise(120 / size, 4, 0.7)
    ramp = shader.ramp(cloud, [(0.3, (tone * 0.68,) * 3), (0.7, (tone * 1.15, tone * 1.13, tone * 1.08))])
    grit = shader.ramp(fine, [(0.35, (0.82,) * 3), (0.6, (1.0,) * 3)])
    shader.set(
        Base_Color=shader.mix(1.0, ramp, grit, "MULTIPLY"), Roughness=0.88, Normal=shader.bump(fine, 0.25, size * 0.004)
    )
    return shader.material


def _floor(size: float, shader) -> None:
    corners = np.array([[[-1.0, -1, 0], [1, -1, 0]], [[-1, 1, 0], [1, 1, 0]]]) * size
    dress(shader, sheet("floor", corners))


def _wall(y: float, size: float, shader, z: float = 0.0) -> None:
    grid = np.array([[[-size, y, z - size], [size, y, z - size]], [[-size, y, size], [size, y, size]]])
    dress(shader, sheet("wall", grid))


def _paint(rng, names=("white", "cream", "sage", "sand", "blush", "light grey", "sky blue")):
    shade = SHADES[names[rng.integers(len(names))]]
    soft = tuple(0.55 * c + 0.3 for c in shade.linear)
    return materials.simple("wall", soft, 0.9)


def _table(rng, radius, back):
    """A table top that ends in front of a wall."""
    shade = ("oak", "walnut")[rng.integers(2)]
    _floor(radius * 14, _boards(shade, radius * 1.5))
    _wall(back + radius * 2.2, radius * 16, _paint(rng))


def _kitchen(rng, radius, back):
    shader = Shader("marble")
    veins = shader.noise(2.2 / radius * 0.35, 9, 0.6, distortion=1.6)
    shader.set(
        Base_Color=shader.ramp(
            veins, [(0.42, (0.82, 0.81, 0.79)), (0.5, (0.58, 0.57, 0.56)), (0.56, (0.84, 0.83, 0.81))]
        ),
        Roughness=0.16,
    )
    _floor(radius * 14, shader.material)
    tiles = Shader("tiles")
    vector = tiles.node(
        "Mapping", {"Vector": tiles.node("TexCoord").outputs["Object"], "Rotation": (math.pi / 2, 0, 0)}
    ).outputs["Vector"]
    colour = SHADES[("mint", "white", "sky blue", "sage")[rng.integers(4)]].linear
    brick = tiles.node(
        "TexBrick",
        {
            "Vector": vector,
            "Color1": rgba(colour),
            "Color2": rgba(tuple(c * 0.92 for c in colour)),
            "Mortar": (0.7, 0.69, 0.66, 1),
            "Scale": 1.0,
            "Mortar Size": 0.0022,
            "Brick Width": 0.15,
            "Row Height": 0.075,
        },
    )
    tiles.set(Base_Color=brick.outputs["Color"], Roughness=0.15, Normal=tiles.bump(brick.outputs["Fac"], 0.3, -0.003))
    _wall(back + radius * 1.2, radius * 16, tiles.material)


def _room(rng, radius, back):
    _floor(radius * 14, _boards(("oak", "walnut", "natural")[rng.integers(3)], 0.14))
    _wall(back + 0.12, radius * 14, _paint(rng))
    skirting = rounded_box("skirting", (radius * 26, 0.02, 0.09), 0.004)
    dress(materials.simple("skirting", (0.8, 0.8, 0.78), 0.5), place(skirting, (0, back + 0.11, 0.045)))


def _from_above(rng, radius, back):
    _floor(radius * 14, _boards(("oak", "walnut")[rng.integers(2)], 0.14))


def _bed(rng, radius, back):
    """A crumpled sheet: long soft folds over short ones."""
    x, y = np.meshgrid(np.linspace(-4, 4, 300), np.linspace(-4, 4, 300))
    x, y = x * radius, y * radius
    linen = sheet("sheet", np.stack([x, y, 0 * x], -1))
    seed = float(rng.uniform(0, 90))
    geometry.crumple(linen, 0.06 * radius, 0.8 * radius, seed, (1, 2.2, 1))
    geometry.crumple(linen, 0.026 * radius, 0.24 * radius, seed + 5, (1, 1.8, 1))
    top = max(v.co.z for v in linen.data.vertices if v.co.xy.length < radius * 0.9)
    # Weight irons the sheet: the product lies on the highest fold nearby, minus what it presses in.
    linen.location.z = -top * 0.75
    shade = ("white", "cream", "light grey", "blush", "sky blue")[rng.integers(5)]
    pillow = geometry.cushion("bed pillow", 0.7, 0.46, 0.18, seed=int(seed), wrinkle=0.012)
    place(pillow, (rng.uniform(-0.3, 0.3), back + 0.26, 0.05), (12, 0, rng.uniform(-8, 8)))
    dress(surface("linen", SHADES[shade]), linen, pillow)
    _wall(back + radius * 3.2, radius * 14, _paint(rng))


def _street(rng, radius, back):
    _floor(radius * 30, _concrete(0.34, radius * 2))
    _wall(back + radius * rng.uniform(1.5, 3.0), radius * 30, _concrete(0.52, radius * 3))


def _shelf(rng, radius, back):
    board = surface("oak", SHADES[("oak", "walnut", "white")[rng.integers(3)]], grain="X")
    for z in (-0.015, radius * 3.4):
        shelf = rounded_box("shelf", (radius * 14, back * 2 + radius * 1.4, 0.03), 0.003)
        dress(board, place(shelf, (0, radius * 0.1, z)))
    _wall(back + radius * 0.6, radius * 14, _paint(rng), z=-radius)


def _rug_from_above(rng, radius, back):
    _from_above(rng, radius, back)
    _move(props.rug(rng, radius * 5, radius * 4), (0, 0, -0.012), rng.uniform(-20, 20))


def _hall(rng, radius, back):
    """Stone tiles, a mat, a wall with a row of pegs."""
    tiles = Shader("stone tiles")
    tone = rng.uniform(0.25, 0.6)
    brick = tiles.node(
        "TexBrick",
        {
            "Vector": tiles.node("TexCoord").outputs["Object"],
            "Color1": (tone, tone * 0.97, tone * 0.92, 1),
            "Color2": (tone * 0.86, tone * 0.84, tone * 0.8, 1),
            "Mortar": (0.3, 0.29, 0.27, 1),
            "Scale": 1.0,
            "Mortar Size": 0.003,
            "Brick Width": 0.3,
            "Row Height": 0.3,
        },
        offset=0.0,
    )
    tiles.set(Base_Color=brick.outputs["Color"], Roughness=0.35)
    _floor(radius * 14, tiles.material)
    mat = rounded_box("mat", (max(0.75, radius * 3), max(0.45, radius * 2), 0.014), 0.005)
    coir = Shader("coir")
    rough = coir.noise(700, 3, 0.8)
    coir.set(Base_Color=coir.ramp(rough, [(0.3, (0.1, 0.06, 0.03)), (0.7, (0.3, 0.19, 0.1))]), Roughness=1.0)
    coir.set(Normal=coir.bump(rough, 0.8, 0.004))
    dress(coir.material, place(mat, (0, -radius * 0.1, -0.006)))
    _wall(back + 0.2, radius * 14, _paint(rng))
    rail = place(rounded_box("rail", (max(0.9, radius * 4), 0.022, 0.09), 0.006), (0, back + 0.185, 0))
    pegs = [place(cylinder("peg", 0.013, 0.06), turn=(90, 0, 0)) for _ in range(5)]
    for number, peg in enumerate(pegs):
        place(peg, ((number - 2) * max(0.16, radius * 0.7), back + 0.17, 0))
    wood = surface("oak", SHADES[("oak", "walnut")[rng.integers(2)]], grain="X")
    for part in (rail, *pegs):
        place(part, (0, 0, max(0.55, radius * 2.1)))
    dress(wood, rail, *pegs)


def _park(rng, radius, back):
    """Mown grass in front of a hedge. Blades stand around the product, thin, at most ankle high."""
    soil = Shader("lawn")
    cloud = soil.noise(7, 6, 0.7)
    soil.set(Base_Color=soil.ramp(cloud, [(0.3, (0.03, 0.07, 0.012)), (0.7, (0.09, 0.17, 0.03))]), Roughness=1.0)
    _floor(radius * 30, soil.material)
    count, reach, tall = 26_000, radius * 5, min(0.045, radius * 0.22)
    foot = np.stack([*rng.uniform(-reach, reach, (2, count)), np.zeros(count)], 1)
    turn, width = rng.uniform(0, 2 * np.pi, count), tall * 0.07
    side = np.stack([np.cos(turn), np.sin(turn), 0 * turn], 1) * width
    tip = np.concatenate([rng.normal(0, 0.35, (count, 2)), rng.uniform(0.5, 1, (count, 1))], 1) * tall
    points = np.stack([foot - side, foot + side, foot + tip], 1).reshape(-1, 3)
    mesh = bpy.data.meshes.new("grass")
    mesh.from_pydata(points.tolist(), [], np.arange(count * 3).reshape(-1, 3).tolist())
    grass = bpy.data.objects.new("grass", mesh)
    bpy.context.scene.collection.objects.link(grass)
    blade = Shader("blade")
    tone = blade.node("TexNoise", {"Scale": 9.0, "Vector": blade.node("TexCoord").outputs["Object"]}).outputs["Fac"]
    blade.set(Base_Color=blade.ramp(tone, [(0.35, (0.05, 0.13, 0.02)), (0.65, (0.17, 0.27, 0.05))]), Roughness=0.7)
    dress(blade.material, grass)
    hedge = Shader("hedge")
    leaf = hedge.noise(9 / radius, 8, 0.75)
    hedge.set(Base_Color=hedge.ramp(leaf, [(0.35, (0.008, 0.022, 0.006)), (0.65, (0.07, 0.14, 0.03))]), Roughness=0.9)
    _wall(back + radius * rng.uniform(5, 8), radius * 40, hedge.material)


def _gym(rng, radius, back):
    """Speckled rubber, an exercise mat, a plain wall."""
    rubber = Shader("rubber floor")
    specks = rubber.noise(260, 2, 0.5)
    rubber.set(Base_Color=rubber.ramp(specks, [(0.62, (0.03,) * 3), (0.66, (0.22, 0.24, 0.27))]), Roughness=0.85)
    _floor(radius * 14, rubber.material)
    mat = rounded_box("exercise mat", (max(1.3, radius * 4), max(0.6, radius * 2.2), 0.012), 0.005)
    shade = ("teal", "plum", "navy", "sage", "terracotta")[rng.integers(5)]
    dress(surface("rubber", SHADES[shade]), place(mat, (rng.uniform(-0.2, 0.2), 0, -0.005), (0, 0, rng.uniform(-8, 8))))
    _wall(back + radius * 3, radius * 16, _paint(rng, ("white", "light grey", "sky blue")))


SETTINGS: dict[str, Callable] = {
    "wooden table": _table,
    "desk": _table,
    "kitchen": _kitchen,
    "wood floor": _room,
    "sofa": _room,
    "wood floor from above": _from_above,
    "bed": _bed,
    "street": _street,
    "concrete floor": _street,
    "shelf": _shelf,
    "rug from above": _rug_from_above,
    "entrance hall": _hall,
    "park": _park,
    "gym": _gym,
}


# ---------------------------------------------------------------- light


def _light(name: str, target, radius: float, rng) -> None:
    """Powers follow the square of the size, as in the packshot."""
    side = rng.choice([-1, 1])

    def lamp(at, size, power, colour=(1, 1, 1)):
        at = np.array(target) + np.array(at) * radius
        lighting.softbox(at, target, size * radius, power * radius**2, colour).visible_camera = False

    if name == "window":
        lighting.world((0.82, 0.9, 1), 0.42)
        lamp((side * 4.2, -1.2, 2.6), 2.4, 420, (1, 0.97, 0.92))
    elif name == "evening":
        lighting.world((0.7, 0.74, 0.95), 0.26)
        lamp((side * 2.6, -2.4, 3.2), 1.0, 330, (1, 0.76, 0.5))
        lamp((-side * 4, -2, 1.4), 2.5, 60, (0.75, 0.84, 1))
    elif name == "sun":
        lighting.world((0.62, 0.78, 1), 0.55)
        data = bpy.data.lights.new("sun", "SUN")
        data.energy, data.angle, data.color = 4.6, math.radians(1.2), (1, 0.93, 0.82)
        sun = bpy.data.objects.new("sun", data)
        sun.rotation_euler = (math.radians(48), 0, math.radians(side * 38))
        bpy.context.scene.collection.objects.link(sun)
    elif name == "overcast":
        lighting.world((0.95, 0.98, 1), 0.95)
        lamp((side * 2, -2, 4.5), 4.5, 150)
    elif name == "lamp":
        lighting.world((0.5, 0.6, 1), 0.12)
        lamp((side * 1.7, -0.9, 2.5), 0.5, 260, (1, 0.68, 0.38))
        lamp((-side * 3, -3, 2), 2, 30, (1, 0.8, 0.6))
    elif name == "backlit":
        lighting.world((0.85, 0.92, 1), 0.5)
        lamp((side * 1.4, 0.85, 3.0), 1.4, 330, (1, 0.96, 0.9))
        lamp((-side * 3, -3, 2), 3, 70)
    else:
        raise KeyError(f"no light called {name!r}")


# ---------------------------------------------------------------- the picture


def _move(objects, at, turn: float) -> None:
    """Move by the object matrix: the shader's own coordinates, and with them grain, glaze line
    and print, stay those of the packshot."""
    matrix = Matrix.Translation(at) @ Matrix.Rotation(math.radians(turn), 4, "Z")
    for obj in objects:
        bpy.context.view_layer.update()
        obj.matrix_world = matrix @ obj.matrix_world


def _points(objects) -> np.ndarray:
    return np.concatenate([geometry.world_points(obj) for obj in objects])


def _built(spec: Spec, turn: float):
    objects = spec.kind.build(spec)
    geometry.rest_on_ground(objects)
    _move(objects, (0, 0, 0), turn)
    return objects


def _spotsecond(first: list, second: list, relation: str, rng) -> None:
    """Beside the first product, on it, or in front of it, as its own footprint allows."""
    (low, high), own = _box(first), _box(second)
    middle, half = (own[0] + own[1]) / 2, (own[1] - own[0]) / 2
    if relation == "beside":
        side = rng.choice([-1, 1])
        x = high[0] + half[0] + 0.02 if side > 0 else low[0] - half[0] - 0.02
        y = (low[1] + high[1]) / 2 + rng.uniform(-0.25, 0.05) * (high[1] - low[1])
        z = 0.0
    elif relation == "in front":
        x = (low[0] + high[0]) / 2 + rng.uniform(-0.15, 0.15) * (high[0] - low[0])
        flat = half[2] < 0.03  # a rug reaches under what stands behind it
        y, z = low[1] - half[1] * (0.5 if flat else 0.95), 0.0
    else:
        room = np.maximum((high - low) / 2 - half, 0)
        x = (low[0] + high[0]) / 2 + rng.choice([-0.55, 0.55]) * room[0]
        y = (low[1] + high[1]) / 2 - rng.uniform(0.15, 0.35) * room[1]
        z = _height(first, (x, y), half)
    _move(second, (x - middle[0], y - middle[1], z), 0)


def _box(objects) -> tuple[np.ndarray, np.ndarray]:
    points = _points(objects)
    return points.min(0), points.max(0)


def _height(objects: list, at, half: np.ndarray) -> float:
    """The level at which something of this footprint comes to lie on the objects."""
    bpy.context.view_layer.update()
    graph, names = bpy.context.evaluated_depsgraph_get(), {obj.name for obj in objects}
    levels = []
    for u in np.linspace(-0.6, 0.6, 5):
        for v in np.linspace(-0.6, 0.6, 5):
            start = Vector((at[0] + u * half[0], at[1] + v * half[1], 50))
            hit, spot, _, _, obj, _ = bpy.context.scene.ray_cast(graph, start, (0, 0, -1))
            if hit and obj.name in names:
                levels.append(spot.z)
    return float(np.quantile(levels, 0.3)) - 0.004 if levels else 0.0


def _prop(name: str, rng, radius: float, setting: str):
    small = {
        "books": lambda: props.books(rng),
        "lemons": lambda: props.lemons(rng),
        "pencils": lambda: props.glasses_of_pencils(rng),
        "book row": lambda: props.book_row(rng),
        "plant": lambda: props.plant(rng, 2.8 if radius >= 0.3 and setting in _FLOORS else 1.0),
    }
    return small[name]()


def _decorate(shot: Shot, rng, points: np.ndarray, radius: float, back: float) -> tuple[list[list], list]:
    """Props around the product: behind and to the sides, at true distances from its outline. Those that
    stand there, and the objects of the one that hides something."""
    standing = []
    side = rng.choice([-1, 1])
    left, right = points[:, 0].min(), points[:, 0].max()
    for name in shot.props:
        if name == "rug":
            rug = props.rug(rng, radius * 3.2, radius * 2.2)
            _move(rug, (0, -radius * 0.2, -0.012), 0)
        elif name == "frame":
            if radius < 0.3:  # a picture hangs above furniture, not above a shoe
                continue
            _move(
                props.frame(rng, radius * 0.55),
                (side * radius * 0.9, back + 0.1, points[:, 2].max() * 0.75 + radius * 0.6),
                0,
            )
        elif name == "book row":
            for edge, sign in ((left, -1), (right, 1)):
                row = props.book_row(rng, 4)
                reach = np.ptp(_points(row)[:, 0])
                _move(row, (edge - 0.02 - reach if sign < 0 else edge + 0.02, radius * 0.15, 0), 0)
        else:
            objects = _prop(name, rng, radius, shot.setting)
            reach = np.ptp(_points(objects)[:, 0]) / 2
            x = (right + reach + radius * 0.12) if side > 0 else (left - reach - radius * 0.12)
            y = min(radius * rng.uniform(0.1, 0.5), back + 0.1 - reach)  # before the wall
            _move(objects, (x, y, 0), rng.uniform(-40, 40))
            standing.append(objects)
        side = -side
    objects = []
    if shot.hidden:
        objects = props.books(rng, 1) if shot.hidden == "books" else _prop(shot.hidden, rng, radius, shot.setting)
        reach = np.ptp(_points(objects)[:, 0]) / 2
        if shot.elevation > 50:  # from above, what hides lies on top
            low, high = points.min(0), points.max(0)
            at = (low + high) / 2 + (high - low) * (side * rng.uniform(0.2, 0.34), rng.uniform(-0.36, 0.1), 0)
            _move(objects, (at[0], at[1], high[2] - 0.004), rng.uniform(0, 90))
            return standing, objects
        towards = camera.direction(shot.azimuth, 0)
        across = np.array([-towards[1], towards[0], 0]) * side
        at = towards * (radius * 0.75 + reach) + across * (np.ptp(points[:, 0]) * 0.42)
        _move(objects, (at[0], at[1], 0), rng.uniform(0, 90))
        standing.append(objects)
    return standing, objects


def _surround(shot: Shot, rng, points: np.ndarray, back: float, standing: list[list]) -> None:
    """Things of no catalog behind and beside the products, each on a free place of its own."""
    low, high = points.min(0), points.max(0)
    centre, radius = (low + high)[:2] / 2, float(np.linalg.norm((high - low)[:2])) / 2
    limit = back + (0.1 if shot.setting in ("wood floor", "entrance hall") else radius * 0.9)
    towards = camera.direction(shot.azimuth, 0)[:2]
    taken = [(centre, radius)]
    for objects in standing:
        a, b = _box(objects)
        taken.append(((a + b)[:2] / 2, float(np.linalg.norm((b - a)[:2])) / 2.5))
    for key in shot.strangers:
        if key not in KINDS:
            continue
        spec = catalog.plan(KINDS[key], STRANGERS_SEED)[rng.integers(catalog.PER_KIND)]
        objects = _built(spec, rng.uniform(0, 360))
        (a, b), spot = _box(objects), None
        reach = float(np.linalg.norm((b - a)[:2])) / 2
        for _ in range(24):
            turn, gap = rng.uniform(0, 2 * np.pi), rng.uniform(1.02, 1.5)
            out = np.array([np.cos(turn), np.sin(turn)])
            at = centre + out * (radius + reach) * gap
            clear = all(np.linalg.norm(at - other) > reach + size for other, size in taken)
            if clear and out @ towards < 0.3 and at[1] + reach < limit:
                spot = at
                break
        # One as large as the product would be the subject; one that finds no place stays away.
        if spot is None or reach > 1.4 * radius or b[2] - a[2] > 1.6 * max(high[2], radius):
            for obj in objects:
                bpy.data.objects.remove(obj)
            continue
        taken.append((spot, reach))
        _move(objects, (*(spot - (a + b)[:2] / 2), 0), 0)


def _staged(scene: Scene, shot: Shot, rng, samples: int) -> tuple[list[list], list]:
    """The scene, ready to be photographed: the objects of each product, and what hides them."""
    photo.fresh_scene(shot.size, samples, scene.seed % 10_000)
    groups = [_built(scene.products[0], shot.turn)]
    for spec in scene.products[1:]:
        large = spec.kind.department == "Furniture" or spec.kind.view.flat
        facing = 180.0 if shot.second == "in front" and large else rng.uniform(-25, 25)
        groups.append(_built(spec, facing if large else shot.azimuth - spec.kind.view.azimuth + facing))
        _spotsecond(groups[0], groups[-1], shot.second, rng)
    points = np.concatenate([_points(group) for group in groups])
    radius = float(np.linalg.norm(np.ptp(points, axis=0))) / 2
    back = points[:, 1].max()
    SETTINGS[shot.setting](rng, radius, back)
    standing, hiding = _decorate(shot, rng, points, radius, back)
    _surround(shot, rng, points, back, standing)
    camera.frame(
        points,
        shot.azimuth + rng.uniform(-4, 4),
        shot.elevation + rng.uniform(-2, 2),
        shot.fill,
        lens=50,
        roll=rng.uniform(-2.5, 2.5),
        offset=rng.uniform(-0.07, 0.07, 2),
    )
    _light(shot.light, (points.min(0) + points.max(0)) / 2, radius, rng)
    return groups, hiding


def _easier(shot: Shot, attempt: int, nearer: int) -> Shot:
    """The same shot with less in the way at every attempt, and taken from nearer where that is asked for."""
    if attempt == 0:
        return shot
    fill = min(max(shot.fill, 0.4) * 1.2**nearer, 0.82) if nearer else shot.fill
    changes = {1: {}, 2: {"hidden": ""}, 3: {"hidden": "", "strangers": ()}}
    return replace(shot, fill=fill, **changes.get(attempt, {"hidden": "", "strangers": (), "props": ()}))


def seen(groups: list[list], hiding: list, grid: int = 72) -> tuple[list[float], list[float], float]:
    """For each product its share of the picture and the part of it that something hides, and the
    share of the picture that what hides it or is right before the lens takes; by rays through a coarse grid."""
    scene = bpy.context.scene
    bpy.context.view_layer.update()
    graph = bpy.context.evaluated_depsgraph_get()
    owner = {obj.name: number for number, group in enumerate(groups) for obj in group}
    eye = scene.camera.matrix_world
    corners = [eye @ corner for corner in scene.camera.data.view_frame(scene=scene)]
    start, (top_right, bottom_right, bottom_left, _) = eye.translation, corners
    target = sum((Vector(_points(group).mean(0)) for group in groups), Vector()) / len(groups)
    before = {obj.name for obj in hiding}
    near = 0.45 * (target - start).length
    visible, total, blocked = np.zeros(len(groups)), np.zeros(len(groups)), 0
    for u in (np.arange(grid) + 0.5) / grid:
        for v in (np.arange(grid) + 0.5) / grid:
            through = bottom_left + (bottom_right - bottom_left) * u + (top_right - bottom_right) * v
            ray, at, met = (through - start).normalized(), start, []
            for _ in range(12):
                hit, spot, _, _, obj, _ = scene.ray_cast(graph, at, ray)
                if not hit:
                    break
                met.append(owner.get(obj.name))
                if len(met) == 1 and met[0] is None:
                    blocked += obj.name in before or (spot - start).length < near
                at = spot + ray * 1e-4
            for number in {number for number in met if number is not None}:
                total[number] += 1
                visible[number] += met[0] == number
    share = visible / grid**2
    return share.tolist(), (1 - visible / np.maximum(total, 1)).tolist(), blocked / grid**2


def shoot(scene: Scene, samples: int) -> tuple[Image.Image, list[Image.Image]]:
    """The photograph and one mask for each product in it.

    Raises:
        ValueError: a product cannot be seen well however the scene is staged.
    """
    nearer = 0
    for attempt in range(ATTEMPTS):
        shot = _easier(scene.shot, attempt, nearer)
        rng = np.random.default_rng([scene.seed, attempt] if attempt else scene.seed)
        groups, hiding = _staged(scene, shot, rng, samples)
        shares, hidden, blocked = seen(groups, hiding)
        if min(shares) >= MIN_SHARE and max(hidden) <= MAX_HIDDEN and blocked < MAX_BLOCKED:
            break
        nearer += min(shares) < MIN_SHARE
    else:
        raise ValueError(f"{scene.id}: shares {shares}, hidden {hidden}, blocked {blocked}")
    picture = photo.shoot(shot.size)
    coverages = photo.masks(groups, shot.size)
    outlines = [Image.fromarray(((c > 0.5) * 255).astype(np.uint8)).convert("1") for c in coverages]
    return phone(picture, rng, shot.rough), outlines


def phone(picture: Image.Image, rng, rough: float = 0.0) -> Image.Image:
    """What a phone does to a picture: exposure by the average, a soft lens, uneven white balance,
    sensor noise, vignette; a poor phone (`rough` up to 1) more of each."""
    picture = picture.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.2, 0.7)) + 0.5 * rough))
    pixels = np.asarray(picture, float)
    mean = pixels.mean()
    # Rooms between these two are left alone: evening should look like evening.
    pixels = pixels * float(np.clip(np.clip(mean, 78, 175) / mean, 0.8, 2.2))
    height, width, _ = pixels.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    balance = 1 + rng.uniform(-0.02, 0.02, 3) * (1 + 2.5 * rough)
    pixels = pixels * (1 - 0.1 * (x**2 + y**2) / 2)[..., None] * balance
    grain = rng.normal(0, rng.uniform(1, 3), (height, width, 1)) + rng.normal(0, 1.0, pixels.shape)
    return Image.fromarray(np.clip(pixels + grain * (1 + 1.5 * rough), 0, 255).astype(np.uint8))
