"""Photographs in a room of catalog products: the pictures people search with.

A shot names a setting, one or two kinds, a light and a camera; the seed picks the products and the
small accidents. The product is the very mesh and shader of its packshot, moved, never remodelled.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Matrix
from PIL import Image, ImageFilter

from . import camera, catalog, geometry, lighting, materials, photo, props
from .colours import SHADES
from .geometry import place, rounded_box, sheet
from .kind import KINDS, Spec
from .materials import Shader, dress, rgba, surface

COLUMNS = ("id", "image", "product_ids", "setting", "caption", "caption_zh")


@dataclass(frozen=True)
class Shot:
    setting: str
    kinds: tuple[str, ...]
    light: str
    azimuth: float
    elevation: float
    caption: tuple[str, str]  # "{}" is the product's noun; two products have two
    fill: float = 0.55
    turn: float = 0.0  # the product about its own axis
    size: tuple[int, int] = (640, 640)
    props: tuple[str, ...] = ()
    hidden: str = ""  # a prop between camera and product


SHOTS = (
    Shot(
        "wooden table",
        ("mug",),
        "window",
        -22,
        24,
        ("A {} beside some books by the window", "窗边书旁的{}"),
        0.46,
        20,
        props=("books",),
    ),
    Shot(
        "sofa",
        ("sofa", "cushion"),
        "window",
        18,
        12,
        ("A {} with a {} on it", "放着{1}的{0}"),
        0.8,
        size=(640, 480),
        props=("frame",),
    ),
    Shot(
        "wood floor",
        ("guitar",),
        "evening",
        -28,
        8,
        ("An {} leaning by the wall in the evening", "傍晚墙边的{}"),
        0.7,
        10,
        (480, 640),
        ("plant",),
    ),
    Shot("bed", ("dress",), "window", 8, 66, ("A {} laid out on a bed", "铺在床上的{}"), 0.74, 14, (480, 640)),
    Shot(
        "desk",
        ("headphones",),
        "evening",
        30,
        34,
        ("{} on a desk in the evening", "傍晚书桌上的{}"),
        0.5,
        150,
        props=("pencils", "books"),
    ),
    Shot(
        "street", ("ball",), "sun", 12, 20, ("A {} on the street in hard sun", "烈日下街头的{}"), 0.42, 40, (640, 480)
    ),
    Shot(
        "wood floor",
        ("chair",),
        "overcast",
        -35,
        22,
        ("A {} on a wooden floor", "木地板上的{}"),
        0.66,
        -20,
        (480, 640),
        ("rug", "frame"),
    ),
    Shot(
        "kitchen",
        ("teapot", "mug"),
        "window",
        14,
        22,
        ("A {} and a {} in the kitchen", "厨房里的{0}和{1}"),
        0.62,
        size=(640, 480),
        props=("lemons",),
    ),
    Shot("bed", ("tshirt",), "overcast", -6, 74, ("A {} on crumpled sheets", "皱床单上的{}"), 0.7, -12),
    Shot(
        "shelf",
        ("vase",),
        "window",
        6,
        6,
        ("A {} on a shelf between books", "书架上书间的{}"),
        0.52,
        0,
        (480, 640),
        ("book row",),
    ),
    Shot(
        "wood floor",
        ("armchair",),
        "evening",
        34,
        14,
        ("An {} by a plant, warm light", "暖光中绿植旁的{}"),
        0.68,
        12,
        props=("rug", "plant"),
        hidden="plant",
    ),
    Shot(
        "concrete floor",
        ("dumbbell",),
        "sun",
        -30,
        30,
        ("A {} on a concrete floor", "水泥地上的{}"),
        0.46,
        35,
        (640, 480),
    ),
    Shot(
        "wood floor from above",
        ("jeans",),
        "window",
        0,
        80,
        ("{} thrown on the floor", "地板上的{}"),
        0.78,
        22,
        (480, 640),
    ),
    Shot(
        "desk",
        ("lamp",),
        "evening",
        -16,
        14,
        ("A {} on a desk beside a pile of books", "书桌上书堆旁的{}"),
        0.62,
        0,
        (480, 640),
        ("books", "pencils"),
    ),
    Shot("street", ("bottle",), "sun", 20, 16, ("A {} on a concrete ledge", "水泥台上的{}"), 0.56, 30, (480, 640)),
    Shot(
        "kitchen",
        ("mug",),
        "overcast",
        35,
        36,
        ("A {} with lemons in front of it", "前面放着柠檬的{}"),
        0.44,
        -30,
        props=("plant",),
        hidden="lemons",
    ),
    Shot(
        "wood floor",
        ("stool",),
        "sun",
        24,
        18,
        ("A {} in a patch of sun", "阳光下的{}"),
        0.62,
        15,
        (480, 640),
        ("frame",),
    ),
    Shot("bed", ("cushion",), "window", 28, 32, ("A {} on an unmade bed", "未整理的床上的{}"), 0.52, 15, (640, 480)),
    Shot(
        "wood floor", ("tote",), "window", -24, 16, ("A {} by the door", "门边的{}"), 0.56, 10, (480, 640), ("plant",)
    ),
    Shot(
        "wooden table",
        ("sunglasses",),
        "sun",
        22,
        30,
        ("{} on a table in the sun", "阳光下桌上的{}"),
        0.5,
        20,
        (640, 480),
        ("books",),
    ),
    Shot(
        "desk",
        ("watch",),
        "window",
        -20,
        30,
        ("A {} on a desk beside pencils", "书桌上铅笔旁的{}"),
        0.46,
        -25,
        props=("pencils", "books"),
    ),
    Shot(
        "wooden table",
        ("vase",),
        "evening",
        18,
        20,
        ("A {} on a wooden table by lamp light", "灯光下木桌上的{}"),
        0.56,
        0,
        (480, 640),
        ("lemons",),
    ),
)


@dataclass(frozen=True)
class Scene:
    id: str
    shot: Shot
    products: tuple[Spec, ...]
    seed: int

    def row(self) -> dict[str, str]:
        nouns = [spec.noun for spec in self.products]
        nouns_zh = [spec.noun_zh for spec in self.products]
        caption, caption_zh = self.shot.caption[0].format(*nouns), self.shot.caption[1].format(*nouns_zh)
        return {
            "id": self.id,
            "image": f"{self.id}.jpg",
            "setting": self.shot.setting,
            "product_ids": "|".join(spec.id for spec in self.products),
            "caption": caption[0].upper() + caption[1:],
            "caption_zh": caption_zh,
        }


def plan(seed: int, limit: int | None = None) -> list[Scene]:
    scenes = []
    for number, shot in enumerate(SHOTS[:limit], 1):
        rng = np.random.default_rng([seed, number, 77])
        products = []
        for key in shot.kinds:
            specs = catalog.plan(KINDS[key], seed)
            products.append(specs[rng.integers(len(specs))])
        middle = "" if seed == catalog.CATALOG_SEED else f"{seed}-"
        scenes.append(Scene(f"scene-{middle}{number:03d}", shot, tuple(products), int(rng.integers(2**31))))
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
}


# ---------------------------------------------------------------- light


def _light(name: str, target, radius: float, rng) -> None:
    """Powers follow the square of the size, as in the packshot."""
    side = rng.choice([-1, 1])

    def lamp(at, size, power, colour=(1, 1, 1)):
        lighting.softbox(np.array(target) + np.array(at) * radius, target, size * radius, power * radius**2, colour)

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


def _place_second(first: np.ndarray, objects, on_top: bool) -> None:
    """On the seat of the first product, or at its side and a little to the front."""
    second = _points(objects)
    if not on_top:
        gap = (np.ptp(first[:, 0]) + np.ptp(second[:, 0])) * 0.5 + 0.02
        _move(objects, (-gap, -0.25 * np.ptp(first[:, 1]), 0), 25)
        return
    x = first[:, 0].min() * 0.5
    middle = (first[:, 1].min() + first[:, 1].max()) / 2
    near = (np.abs(first[:, 0] - x) < 0.12) & (np.abs(first[:, 1] - middle + 0.12) < 0.12)
    _move(objects, (x, middle - 0.02, first[near, 2].max() - 0.02), 8)


def _prop(name: str, rng, radius: float):
    small = {
        "books": lambda: props.books(rng),
        "lemons": lambda: props.lemons(rng),
        "pencils": lambda: props.glasses_of_pencils(rng),
        "book row": lambda: props.book_row(rng),
        "plant": lambda: props.plant(rng, 1.0 if radius < 0.3 else 2.8),
    }
    return small[name]()


def _decorate(shot: Shot, rng, points: np.ndarray, radius: float, back: float) -> None:
    """Props around the product: behind and to the sides, at true distances from its outline."""
    side = rng.choice([-1, 1])
    left, right = points[:, 0].min(), points[:, 0].max()
    for name in shot.props:
        if name == "rug":
            rug = props.rug(rng, radius * 3.2, radius * 2.2)
            _move(rug, (0, -radius * 0.2, -0.012), 0)
        elif name == "frame":
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
            objects = _prop(name, rng, radius)
            reach = np.ptp(_points(objects)[:, 0]) / 2
            x = (right + reach + radius * 0.12) if side > 0 else (left - reach - radius * 0.12)
            _move(objects, (x, radius * rng.uniform(0.1, 0.5), 0), rng.uniform(-40, 40))
        side = -side
    if shot.hidden:
        objects = _prop(shot.hidden, rng, radius)
        reach = np.ptp(_points(objects)[:, 0]) / 2
        towards = camera.direction(shot.azimuth, 0)
        across = np.array([-towards[1], towards[0], 0]) * side
        at = towards * (radius * 0.75 + reach) + across * (np.ptp(points[:, 0]) * 0.42)
        _move(objects, (at[0], at[1], 0), rng.uniform(0, 90))


def shoot(scene: Scene, samples: int) -> tuple[Image.Image, list[Image.Image]]:
    """The photograph and one mask for each product in it."""
    shot, rng = scene.shot, np.random.default_rng(scene.seed)
    photo.fresh_scene(shot.size, samples, scene.seed % 10_000)
    groups = [_built(scene.products[0], shot.turn)]
    first = _points(groups[0])
    for spec in scene.products[1:]:
        groups.append(_built(spec, 0))
        _place_second(first, groups[-1], shot.setting == "sofa")
    points = np.concatenate([_points(group) for group in groups])
    radius = float(np.linalg.norm(np.ptp(points, axis=0))) / 2
    back = points[:, 1].max()
    SETTINGS[shot.setting](rng, radius, back)
    _decorate(shot, rng, points, radius, back)
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
    picture = photo.shoot(shot.size)
    coverages = photo.masks(groups, shot.size)
    outlines = [Image.fromarray(((c > 0.5) * 255).astype(np.uint8)).convert("1") for c in coverages]
    return phone(picture, rng), outlines


def phone(picture: Image.Image, rng) -> Image.Image:
    """What a phone does to a picture: a soft lens, uneven white balance, sensor noise, vignette."""
    picture = picture.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.2, 0.7))))
    pixels = np.asarray(picture, float)
    height, width, _ = pixels.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    pixels = pixels * (1 - 0.1 * (x**2 + y**2) / 2)[..., None] * (1 + rng.uniform(-0.02, 0.02, 3))
    grain = rng.normal(0, rng.uniform(1, 3), (height, width, 1)) + rng.normal(0, 1.0, pixels.shape)
    return Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))
