"""Toys & sport: building blocks, teddy bears and other soft toys, rackets."""

import math

import bpy
import numpy as np

from ..colours import SHADES, Shade
from ..geometry import bend, curve, cylinder, place, plate, rounded_box, sphere, tube
from ..kind import Finish, Kind, Spec, Style, View, register
from ..materials import dress, simple, surface

DEPARTMENT = "Toys & sport"


def _paint(spec: Spec, shade: Shade | None = None, **more):
    return surface(spec.material, shade or spec.shade, pattern=spec.pattern, second=spec.second, **more)


# ---------------------------------------------------------------- building blocks

_UNIT = 0.04  # the side of a cube; every block is a few of them


def _prism(name: str, outline, depth: float):
    """A block sawn out of a board: the outline stands upright, its lowest points on z = 0."""
    return place(plate(name, [np.asarray(outline, float)], depth, 0.0016), turn=(90, 0, 0))


def _arch(width: float, height: float):
    """A gate: a block with a round passage."""
    hole, half = height * 0.62, width / 2
    angle = np.linspace(0, math.pi, 40)
    passage = np.stack([np.cos(angle), np.sin(angle)], 1) * hole
    return _prism("arch", [(half, 0), (half, height), (-half, height), (-half, 0), *passage[::-1]], _UNIT)


def _half_moon(radius: float):
    angle = np.linspace(0, math.pi, 40)
    return _prism("half", np.stack([np.cos(angle), np.sin(angle)], 1) * radius, _UNIT)


def _roof(width: float, height: float):
    return _prism("roof", [(-width / 2, 0), (width / 2, 0), (0, height)], _UNIT)


def _brick(width: float = 1.0, height: float = 1.0, depth: float = 1.0):
    size = np.array([width, depth, height]) * _UNIT
    return place(rounded_box("brick", size, 0.0026, cuts=12), (0, 0, size[2] / 2))


def _column(height: float = 2.0):
    return cylinder("column", _UNIT * 0.46, _UNIT * height, 0.0022)


def _castle(wide: float):
    """Blocks and where they stand, in units; the number says which of the three paints."""
    side = 1.5 * wide + 0.62
    return [
        (_arch(3 * wide * _UNIT, 2 * _UNIT), (0, 0, 0), 0),
        (_brick(3.2 * wide, 0.5), (0, 0, 2), 2),
        *((_brick(), (x, 0, z), paint) for x, z, paint in ((-side, 0, 2), (side, 0, 1), (-side, 1, 1), (side, 1, 2))),
        (_column(), (-side, 0, 2), 0),
        (_column(), (side, 0, 2), 0),
        (cylinder("cone", _UNIT * 0.62, _UNIT * 1.35, 0.002, top=0.003), (-side, 0, 4), 1),
        (cylinder("cone", _UNIT * 0.62, _UNIT * 1.35, 0.002, top=0.003), (side, 0, 4), 1),
        (_brick(0.8, 0.8), (-0.9 * wide, 0, 2.5), 1),
        (_brick(0.8, 0.8), (0.9 * wide, 0, 2.5), 1),
        (_brick(2.7 * wide, 0.4), (0, 0, 3.3), 0),
        (_roof(2.3 * wide * _UNIT, 1.2 * _UNIT), (0, 0, 3.7), 2),
        (_half_moon(_UNIT), (-0.9, -1.7, 0), 1),
        (_brick(), (1.3, -1.8, 0), 0),
    ]


def _tower(wide: float):
    row = 1.06 * wide
    return [
        *((_brick(), (x * row, 0, 0), paint) for x, paint in ((-1, 0), (0, 2), (1, 1))),
        (_brick(), (-0.5 * row, 0, 1), 1),
        (_brick(), (0.5 * row, 0, 1), 0),
        (_brick(2.4, 0.5), (0, 0, 2), 2),
        (_column(1.5), (-0.7, 0, 2.5), 0),
        (_column(1.5), (0.7, 0, 2.5), 1),
        (_brick(2.4, 0.5), (0, 0, 4), 0),
        (_half_moon(_UNIT * 0.95), (0, 0, 4.5), 1),
        (_roof(2 * _UNIT, 1.1 * _UNIT), (-1.9, -1.6, 0), 2),
        (place(_column(2), turn=(90, 0, 0)), (0.5, -1.0, 0.46), 0),
    ]


def _letter(character: str, size: float):
    """A capital, lying in xy about the origin, a little raised."""
    data = bpy.data.curves.new("letter", "FONT")
    data.body, data.align_x, data.align_y = character, "CENTER", "CENTER"
    data.size, data.extrude, data.offset = size, 0.0006, size * 0.02
    temporary = bpy.data.objects.new("letter", data)
    bpy.context.scene.collection.objects.link(temporary)
    evaluated = temporary.evaluated_get(bpy.context.evaluated_depsgraph_get())
    obj = bpy.data.objects.new("letter", bpy.data.meshes.new_from_object(evaluated))
    bpy.data.objects.remove(temporary)
    bpy.context.scene.collection.objects.link(obj)
    middle = np.mean([obj.bound_box[0][:2], obj.bound_box[6][:2]], axis=0)
    return place(obj, (-middle[0], -middle[1], 0))


def _letter_cube(letters: str, at, turn: float) -> tuple[list, list]:
    """A cube with a letter and a frame on every face that can be seen: (wood), (paint)."""
    side = _UNIT * 1.1
    wood = [rounded_box("cube", (side,) * 3, 0.003, cuts=12)]
    square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], float)
    paint = []
    for letter, face in zip(letters, ((90, 0, 0), (90, 0, 90), (0, 0, 0), (90, 0, -90), (90, 0, 180)), strict=False):
        frame = plate("frame", [square * side * 0.43, square * side * 0.37], 0.0012, 0.0003)
        paint += [place(place(part, (0, 0, side / 2)), turn=face) for part in (_letter(letter, side * 0.82), frame)]
    for part in wood + paint:
        place(part, np.array(at) * side + [0, 0, side / 2], (0, 0, turn))
    return wood, paint


def _alphabet(spec: Spec):
    rng = spec.rng
    letters = "ABCDEFGHKLMNOPRSTUVXYZ"
    framed = spec.has("framed")
    if spec.material == "beech":
        wooden = _paint(spec, grain="X")
        paints = (surface("lacquered wood", spec.second),) * 2
    else:
        wooden = surface("beech", SHADES["natural"], grain="X")
        paints = (_paint(spec), _paint(spec, spec.second))
    objects = []
    spots = [(-1.06, 0, 0), (0, 0.02, 0), (1.06, -0.02, 0), (-0.5, 0, 1), (0.55, 0, 1), (0.02, 0, 2)]
    for k, at in enumerate(spots):
        # The front letters read from the top: C, then A and B, then the row below.
        first = (4, 5, 6, 1, 2, 0)[k] - (k < 3)
        sides = [letters[first % 22], *(letters[i] for i in rng.integers(0, 22, 4))]
        wood, paint = _letter_cube("".join(sides), at, rng.uniform(-9, 9))
        # A painted set of beech still shows its wood: every other cube is left bare.
        bare = framed or (spec.material == "beech" and k % 2)
        dress(wooden if bare else paints[k % 2], *wood)
        dress(paints[(k + k // 3) % 2] if bare else wooden, *paint)
        objects += wood + paint
    return objects


def build_blocks(spec: Spec):
    if spec.has("letters"):
        return _alphabet(spec)
    paints = (_paint(spec, grain="X"), surface(spec.material, spec.second), surface("beech", SHADES["natural"]))
    blocks = (_castle if spec.has("castle") else _tower)(spec["wide"])
    rng = spec.rng
    for block, at, paint in blocks:
        # Put there by a hand: a little turned, the loose ones in front a lot.
        turn = rng.uniform(-3, 3) if at[1] == 0 else rng.uniform(-38, 38)
        place(block, np.array(at) * _UNIT, (0, 0, turn))
        dress(paints[paint], block)
    return [block for block, _, _ in blocks]


_PAINTS = ("crimson", "mustard", "cobalt", "emerald", "orange", "sky blue", "fuchsia", "teal", "lavender")
register(Kind(
    "blocks", "building block set", "积木", "Building blocks", DEPARTMENT, (14, 59),
    styles=(
        Style("castle", "castle", "城堡", {"wide": (.98, 1.05)}, frozenset({"castle"})),
        Style("tower", "stacking", "叠叠乐", {"wide": (1, 1.04)}),
        Style("letters", "alphabet", "字母", {"wide": (1, 1)}, frozenset({"letters", "framed"})),
        Style("painted letters", "painted alphabet", "彩绘字母", {"wide": (1, 1)}, frozenset({"letters"})),
    ),
    finishes=(
        Finish("lacquered wood", _PAINTS, ("plain",), ("yellow", "navy", "coral", "forest green", "plum", "mint"), True),
        Finish("beech", ("oak", "camel", "natural", "tan", "walnut"), ("plain",),
               ("chocolate", "crimson", "teal", "navy", "orange", "sky blue"), True),
    ),
    details=(("Solid wood, round edges, water-based colours.", "实木圆角，水性漆。"),
             ("From twelve months; comes in a cotton bag.", "适合一岁以上，附棉布收纳袋。")),
    build=build_blocks, view=View(22, 18, .84), tags=("toy", "wooden toy", "toy blocks", "kids", "bricks"),
))  # fmt: skip


# ---------------------------------------------------------------- teddy bear


def _blob(name: str, at, radii, turn=(0, 0, 0)):
    """An ellipsoid; its UV stays in metres, about."""
    mean = float(np.mean(radii))
    return place(sphere(name, mean, 56), at, turn, np.asarray(radii) / mean)


def _limb(name: str, points, radii):
    path = curve(points, 30)
    width = np.interp(np.linspace(0, 1, 30), np.linspace(0, 1, len(radii)), radii)
    return tube(name, path, width, sides=40)


def _fur(paint: bpy.types.Material, length: float, seed: int, *parts) -> None:
    """Pile on the parts: real hair, which is what makes plush soft at the outline."""
    bpy.context.scene.cycles_curves.shape = "RIBBONS"  # at this size no eye tells them from round hairs
    for part in parts:
        # Hair grows on the world, as `place` does: the modifier must see the finished mesh.
        area = sum(polygon.area for polygon in part.data.polygons)
        part.modifiers.new("fur", "PARTICLE_SYSTEM")
        system = part.particle_systems[0]
        system.seed = seed
        hair = system.settings
        hair.type, hair.count, hair.hair_length = "HAIR", int(area * 170_000), length
        hair.hair_step, hair.render_step, hair.display_step = 3, 2, 2
        # These are speeds; a hair grows for four of their units of time.
        hair.use_advanced_hair, hair.brownian_factor, hair.factor_random = True, length * 0.12, length * 0.06
        hair.normal_factor, hair.object_align_factor = length * 0.2, (0, 0, -length * 0.08)
        hair.length_random = 0.35
        hair.root_radius, hair.tip_radius, hair.radius_scale = 0.6, 0.12, 0.001
        dress(paint, part)


def _fur_paint(shade: Shade, material: str = "plush") -> bpy.types.Material:
    """Hair is darker at the root, and no two hairs are alike."""
    paint = surface(material, shade)
    nodes, links = paint.node_tree.nodes, paint.node_tree.links
    hair, ramp = nodes.new("ShaderNodeHairInfo"), nodes.new("ShaderNodeMapRange")
    links.new(hair.outputs["Random"], ramp.inputs["Value"])
    ramp.inputs["To Min"].default_value, ramp.inputs["To Max"].default_value = 0.95, 1.25
    root = nodes.new("ShaderNodeMapRange")
    links.new(hair.outputs["Intercept"], root.inputs["Value"])
    root.inputs["To Min"].default_value, root.inputs["To Max"].default_value = 0.85, 1.25
    both = nodes.new("ShaderNodeMath")
    both.operation = "MULTIPLY"
    links.new(ramp.outputs[0], both.inputs[0])
    links.new(root.outputs[0], both.inputs[1])
    tone = nodes.new("ShaderNodeMix")
    tone.data_type, tone.blend_type = "RGBA", "MULTIPLY"
    tone.inputs[0].default_value = 1
    target = nodes["Principled BSDF"].inputs["Base Color"]
    if target.links:
        links.new(target.links[0].from_socket, tone.inputs[6])
    else:
        tone.inputs[6].default_value = (*shade.linear, 1)
    links.new(both.outputs[0], tone.inputs[7])
    links.new(tone.outputs[2], target)
    return paint


def _bow(at, size: float) -> list:
    """A ribbon's bow: two loops, two tails and the knot between them."""
    x, y, z = at
    parts = [_blob("knot", at, (size * 0.2, size * 0.15, size * 0.2))]
    for sign in (-1, 1):
        loop = curve([(x, y, z), (x + sign * size * 0.5, y - size * 0.18, z + size * 0.34), (x + sign * size * 0.98, y - size * 0.05, z + size * 0.2),
                      (x + sign * size * 0.98, y, z - size * 0.16), (x + sign * size * 0.5, y + size * 0.05, z - size * 0.14), (x, y, z)], 50)  # fmt: skip
        wide = size * (0.1 + 0.16 * np.sin(np.linspace(0, math.pi, 50)))
        parts.append(tube("loop", loop, wide, flat=0.14, up=(0, 0, 1), power=4, round_ends=False))
        tail = curve([(x, y, z), (x + sign * size * 0.3, y - size * 0.14, z - size * 0.5), (x + sign * size * 0.55, y - size * 0.2, z - size * 1.15)], 30)  # fmt: skip
        parts.append(tube("tail", tail, size * np.linspace(0.1, 0.22, 30), flat=0.1, up=(0, 1, 0), power=5, round_ends=False))  # fmt: skip
    return parts


def _ears(spec: Spec, top: np.ndarray) -> tuple[list, list]:
    """(fur outside), (lining inside): round at the sides of the head, or a rabbit's."""
    ears, lining = [], []
    size = spec["ear"]
    for sign in (-1, 1):
        if spec.has("bunny"):
            shape, turn = (size * 0.3, size * 0.13, size), (-8, sign * 11, 0)
            at = np.add(top, (sign * 0.031, 0.004, size * 0.72))
        else:
            shape, turn = (size, size * 0.42, size), (0, sign * 30, 0)
            at = np.add(top, (sign * 0.058, 0.004, -0.012))
        ears.append(_blob("ear", at, shape, turn))
        inner = np.add(at, (0, -shape[1] * 0.62, 0))
        lining.append(_blob("lining", inner, (shape[0] * 0.66, shape[1] * 0.66, shape[2] * 0.72), turn))
    return ears, lining


def build_teddy(spec: Spec):
    fat, leg = spec["fat"], spec["leg"]
    head_at = np.array([0, -0.012, 0.232])
    furry = spec.material in ("plush", "boucle")
    pile = {"plush": 0.010, "boucle": 0.0}.get(spec.material, 0.0)
    body = _blob("body", (0, 0, 0.1), (0.074 * fat, 0.066 * fat, 0.1))
    bend(body, lambda p: p * np.stack([1 - 1.2 * (p[:, 2] - 0.1), 1 - 1.2 * (p[:, 2] - 0.1), np.ones(len(p))], 1))
    head = _blob("head", head_at, (0.073, 0.063, 0.062))
    snout = (0.026, 0.02, 0.02) if spec.has("bunny") else (0.036, 0.031, 0.028)
    muzzle = _blob("muzzle", np.add(head_at, (0, -0.053, -0.018)), snout)
    ears, lining = _ears(spec, np.add(head_at, (0, 0, 0.058)))
    fur, pale = [body, head, *ears], [muzzle, *lining]
    for sign in (-1, 1):
        arm = [(sign * 0.05 * fat, -0.008, 0.172), (sign * 0.092 * fat, -0.03, 0.13), (sign * 0.1 * fat, -0.068, 0.085)]
        fur.append(_limb("arm", arm, (0.021, 0.025, 0.027)))
        toe = np.array([sign * 0.077 * fat, -0.07 - leg, 0.036])
        fur.append(
            _limb("leg", [(sign * 0.045, -0.02, 0.036), (sign * 0.064 * fat, -0.07, 0.034), toe], (0.034, 0.034, 0.032))
        )
        fur.append(_blob("foot", np.add(toe, (0, -0.004, 0.012)), (0.037, 0.024, 0.045), (-8, 0, sign * 12)))
        pale.append(_blob("pad", np.add(toe, (sign * 0.004, -0.021, 0.014)), (0.026, 0.012, 0.033), (-8, 0, sign * 12)))
    if spec.has("bunny"):
        pale.append(_blob("tail", (0, 0.078 * fat, 0.05), (0.026, 0.024, 0.026)))
    if spec.has("patch"):
        pale.append(_blob("tummy", (0, -0.022 * fat - 0.7 * pile, 0.098), (0.051 * fat, 0.05 * fat, 0.063)))
    tip = np.add(head_at, (0, -0.053 - snout[1] - pile * 0.36, -0.018))
    nose = _blob("nose", np.add(tip, (0, 0.003, snout[2] * 0.42)), (0.0125, 0.0075, 0.0085) if not spec.has("bunny") else (0.009, 0.006, 0.006))  # fmt: skip
    bend(
        nose,
        lambda p: p * [1, 1, 1] + np.stack([p[:, 0] * 22 * (p[:, 2] - p[:, 2].mean()), 0 * p[:, 0], 0 * p[:, 0]], 1),
    )
    mouth = [
        tube(
            "mouth",
            curve([np.add(tip, (0, 0.001, snout[2] * 0.1)), np.add(tip, (0, -0.001, -snout[2] * 0.3))], 8),
            0.0011,
            sides=8,
        )
    ]
    for sign in (-1, 1):
        smile = [
            np.add(tip, (0, -0.001, -snout[2] * 0.3)),
            np.add(tip, (sign * 0.007, 0.001, -snout[2] * 0.5)),
            np.add(tip, (sign * 0.0135, 0.005, -snout[2] * 0.42)),
        ]
        mouth.append(tube("mouth", curve(smile, 16), 0.0011, sides=8))
    eyes = [
        _blob("eye", np.add(head_at, (s * 0.027, -0.0555 - pile * 0.35, 0.014)), (0.0082, 0.0066, 0.0082))
        for s in (-1, 1)
    ]
    around = np.linspace(0, 2 * math.pi, 80, endpoint=False)
    neck = np.stack(
        [
            (0.056 + pile * 0.4) * np.cos(around),
            (0.05 + pile * 0.4) * np.sin(around) - 0.008,
            0.181 - 0.006 * np.sin(around - 0.2),
        ],
        1,
    )
    ribbon = [tube("ribbon", neck, 0.0035, closed=True, flat=2.3, up=(0, 0, 1), power=3)]
    ribbon += _bow((0, -0.066, 0.176), 0.038)
    light = Shade("lining", "", "", "e9d8bd") if spec.shade.luminance < 0.55 else Shade("lining", "", "", "cfae86")
    if pile:
        _fur(_fur_paint(spec.shade), pile, spec.seed % 1000, *fur)
        _fur(_fur_paint(light), pile * 0.5, spec.seed % 1000 + 1, *pale)
    else:
        dress(_paint(spec, repeat=0.05), *fur)
        dress(surface("boucle" if furry else "linen", light), *pale)
    dress(surface("velvet", spec.second), *ribbon)
    dark = (0.012, 0.008, 0.006)
    dress(simple("eye", dark, 0.06, Coat_Weight=1.0), *eyes)
    thread = simple("thread", (0.35, 0.09, 0.08) if spec.has("bunny") else dark, 0.7)
    dress(thread, nose, *mouth)
    return [*fur, *pale, *ribbon, *eyes, nose, *mouth]


_BEAR = {"fat": (0.96, 1.04), "ear": (0.026, 0.029), "leg": (0.05, 0.06)}
_RIBBONS = ("crimson", "navy", "cream", "forest green", "mustard", "sky blue", "pink")
register(Kind(
    "teddy", "teddy bear", "泰迪熊", "Soft toys", DEPARTMENT, (15, 69),
    styles=(
        Style("classic", "classic", "经典", _BEAR),
        Style("chubby", "chubby", "胖墩墩", _BEAR | {"fat": (1.16, 1.24), "ear": (.022, .025), "leg": (.04, .046)}, frozenset({"patch"})),
        Style("bunny", "", "", _BEAR | {"ear": (.062, .07)}, frozenset({"bunny"}), noun="toy bunny", noun_zh="兔子玩偶"),
    ),
    finishes=(
        Finish("plush", ("camel", "tan", "cognac", "chocolate", "cream", "light grey", "sand", "blush", "grey"), ("plain",), _RIBBONS, True),
        Finish("boucle", ("camel", "cream", "sand", "tan", "light grey", "walnut"), ("plain",), _RIBBONS, True),
    ),
    details=(("Soft filling, embroidered nose, machine washable.", "柔软填充，刺绣鼻子，可机洗。"),
             ("Suitable from birth.", "新生儿即可陪伴。")),
    build=build_teddy, view=View(16, 10, .86), tags=("teddy", "stuffed animal", "cuddly toy", "plush toy", "kids"),
))  # fmt: skip


# ---------------------------------------------------------------- racket


def _oval(a: float, b: float, power: float, count: int = 160):
    angle = np.linspace(0, 2 * math.pi, count, endpoint=False)
    c, s = np.cos(angle), np.sin(angle)
    ring = np.stack([a * np.sign(c) * np.abs(c) ** (2 / power), b * np.sign(s) * np.abs(s) ** (2 / power)], 1)
    return curve(ring, count, closed=True)


def _strings(a: float, b: float, power: float, gap: float, radius: float) -> list:
    """Mains and crosses, cut by the oval they are strung in."""
    strings = []
    for across, along, axis in ((a, b, 0), (b, a, 1)):
        count = int(across * 0.94 / gap)
        for k in range(-count, count + 1):
            at = k * gap
            reach = along * (1 - abs(at / across) ** power) ** (1 / power)
            ends = np.zeros((2, 3))
            ends[:, axis], ends[:, 1 - axis] = at, (-reach, reach)
            ends[:, 2] = radius * (0.6 if axis else -0.6)
            strings.append(tube("string", ends, radius, sides=6))
    return strings


def _lift(path, z: float = 0.0):
    path = np.asarray(path, float)
    return np.concatenate([path, np.full((len(path), 1), z)], 1)


def _grip(top: float, bottom: float, radius: float) -> list:
    """An eight-sided handle with tape wound around it: every turn overlaps the one before."""
    steps = 420
    along = np.linspace(top, bottom, steps)
    turn = (along - bottom) / 0.026 % 1
    wrapped = radius * (1 + 0.075 * turn - 0.06 * np.exp(-(((turn - 0.02) / 0.05) ** 2)))
    # The last turns before the butt flare, so that it stays in the hand.
    wrapped *= 1 + 0.16 * np.clip(1 - (along - bottom) / 0.03, 0, 1) ** 2
    path = np.stack([0 * along, along, 0 * along], 1)
    handle = tube("grip", path, wrapped, sides=48, flat=0.88, up=(0, 0, 1), power=2.8, round_ends=False)

    def slanted(p):
        """The tape runs round the handle askew: shift each side along it."""
        angle = np.arctan2(p[:, 2], p[:, 0])
        inside = np.clip(np.minimum(top - p[:, 1], p[:, 1] - bottom) / 0.02, 0, 1)
        return p + np.stack([0 * angle, 0.013 * angle / math.pi * inside, 0 * angle], 1)

    bend(handle, slanted)
    return [handle]


def _frame(path, width: float, deep: float, closed: bool = False, name: str = "frame"):
    return tube(name, _lift(path), width, closed=closed, flat=deep / width, up=(0, 0, 1), power=2.7, round_ends=False)


def _tennis(spec: Spec):
    a, b, butt = spec["wide"] / 2, spec["head"] / 2, spec["head"] / 2 - spec["length"]
    oval = _oval(a, b, 2.1)
    frame = [_frame(oval, 0.0068, 0.0115, True)]
    neck = butt + 0.225
    for sign in (-1, 1):
        fork = [
            (sign * a * 0.74, -b * 0.68),
            (sign * a * 0.5, -b * 1.02),
            (sign * 0.021, (neck - b * 1.4) / 2),
            (sign * 0.0095, neck),
            (sign * 0.008, neck - 0.03),
        ]
        frame.append(_frame(curve(fork, 60), 0.0078, 0.0115))
    shade = spec.second or SHADES["white"]
    accent = []
    for first, last in ((0.06, 0.13), (0.37, 0.44), (0.555, 0.6), (0.9, 0.945)):
        arc = oval[int(first * len(oval)) : int(last * len(oval))]
        accent.append(_frame(arc, 0.0071, 0.0118))
    bumper = _frame(oval[int(0.14 * len(oval)) : int(0.36 * len(oval))] * 1.022, 0.006, 0.0085, name="bumper")
    collar = place(cylinder("collar", 0.0188, 0.012, 0.003), (0, neck - 0.006, 0), (90, 0, 0))
    cap = place(cylinder("butt", 0.0195, 0.012, 0.003), (0, butt + 0.012, 0), (90, 0, 0), (1, 1, 0.9))
    strings = _strings(a - 0.004, b - 0.004, 2.1, 0.0115, 0.0009)
    dress(_paint(spec, grain="Y"), *frame)
    dress(surface(spec.material, shade), *accent)
    return frame + accent, strings, _grip(neck - 0.01, butt + 0.012, 0.0165), [bumper, collar, cap]


def _badminton(spec: Spec):
    a, b, butt = spec["wide"] / 2, spec["head"] / 2, spec["head"] / 2 - spec["length"]
    oval = _oval(a, b, 2.35)
    frame = [_frame(oval, 0.0046, 0.0056, True)]
    neck = butt + 0.19
    shaft = tube("shaft", [(0, -b, 0), (0, neck - 0.02, 0)], 0.0038, sides=20)
    joint = tube("joint", curve([(0, -b + 0.002, 0), (0, -b - 0.05, 0)], 20), np.linspace(0.0075, 0.004, 20), sides=20)
    accent = [
        _frame(oval[int(f * len(oval)) : int(t * len(oval))], 0.0049, 0.0059)
        for f, t in ((0.1, 0.4), (0.64, 0.7), (0.8, 0.86))
    ]
    cone = place(cylinder("cone", 0.0125, 0.035, 0.002, top=0.005), (0, neck - 0.012, 0), (-90, 0, 0))
    cap = place(cylinder("butt", 0.0148, 0.008, 0.003), (0, butt + 0.008, 0), (90, 0, 0))
    strings = _strings(a - 0.003, b - 0.003, 2.35, 0.0082, 0.00055)
    dress(_paint(spec, grain="Y"), *frame, shaft, joint)
    dress(surface(spec.material, spec.second or SHADES["white"]), *accent)
    return [*frame, shaft, joint, *accent], strings, _grip(neck - 0.01, butt + 0.008, 0.0128), [cone, cap]


def _bat(spec: Spec):
    """A table tennis bat: plywood between two rubbers, a flared handle, and the ball."""
    a, b = spec["wide"] / 2, spec["head"] / 2
    face = _oval(a, b, 2.25)
    cut = -b * 0.83
    blade = plate("blade", [face], 0.0062, 0.0008)
    rubber_outline = face[face[:, 1] > cut] * 0.985
    order = np.argsort(
        np.unwrap(np.arctan2(rubber_outline[:, 1], rubber_outline[:, 0]) - 1.5 * math.pi) % (2 * math.pi)
    )
    rubbers = [plate("rubber", [rubber_outline[order]], 0.0026, 0.0007, sign * 0.0045) for sign in (-1, 1)]
    steps = np.linspace(0, 1, 30)
    long = spec["length"] - spec["head"]
    path = np.stack([0 * steps, -b * 0.86 - steps * (long + b * 0.14), 0 * steps], 1)
    width = 0.0128 + 0.0042 * np.abs(steps - 0.3) ** 1.4 * 2.2
    handle = tube("handle", path, width, sides=48, flat=0.82, up=(0, 0, 1), power=3, round_ends=False)
    stripes = [tube("stripe", path[2:] * [0, 1.0, 0] + [x, 0, 0.0008], width[2:] * 0.26, sides=32, flat=3.12, power=3, round_ends=False) for x in (-0.0062, 0.0062)]  # fmt: skip
    ball = place(sphere("ball", 0.02, 64), (a * 1.18, -b * 1.02, 0.0125))
    bare = surface("beech", SHADES["oak"], grain="Y")
    dress(bare, blade, handle)
    dress(_paint(spec, grain="Y"), rubbers[1])
    dress(surface(spec.material, spec.second or SHADES["black"]), rubbers[0], *stripes)
    dress(simple("celluloid", (0.9, 0.36, 0.06) if spec.seed % 2 else (0.86, 0.86, 0.84), 0.4), ball)
    return [blade, *rubbers, handle, *stripes, ball]


def build_racket(spec: Spec):
    if spec.has("bat"):
        return _bat(spec)
    frame, strings, grip, trim = (_tennis if spec.has("fork") else _badminton)(spec)
    tape = spec.second if spec.second and spec.seed % 3 == 0 else SHADES[("black", "white", "charcoal")[spec.seed % 3]]
    # White strings would vanish on white paper.
    gut = ((0.6, 0.5, 0.3), (0.03, 0.03, 0.03), (0.45, 0.5, 0.1))[spec.seed % 5 % 3]
    dress(simple("strings", gut, 0.4), *strings)
    dress(surface("leather", tape), *grip)
    dress(simple("trim", (0.012, 0.012, 0.013), 0.45), *trim)
    return frame + strings + grip + trim


register(Kind(
    "racket", "racket", "球拍", "Rackets", DEPARTMENT, (19, 189),
    styles=(
        Style("tennis", "", "", {"wide": (.262, .274), "head": (.335, .35), "length": (.68, .69)}, frozenset({"fork"}),
              noun="tennis racket", noun_zh="网球拍"),
        Style("badminton", "", "", {"wide": (.194, .204), "head": (.245, .255), "length": (.66, .675)},
              noun="badminton racket", noun_zh="羽毛球拍"),
        Style("table tennis", "", "", {"wide": (.15, .155), "head": (.156, .162), "length": (.255, .262)}, frozenset({"bat"}),
              noun="table tennis bat", noun_zh="乒乓球拍"),
    ),
    finishes=(
        Finish("composite", ("crimson", "cobalt", "black", "yellow", "white", "fuchsia", "teal", "orange"), ("plain",),
               ("black", "white", "silver", "navy"), True),
        Finish("lacquered wood", ("crimson", "forest green", "navy", "cognac", "sky blue", "black"), ("plain",),
               ("cream", "white", "chocolate", "black"), True),
    ),
    details=(("Balanced for beginners and club players.", "平衡设计，初学者与俱乐部球友皆宜。"),
             ("Comes with a cover.", "附拍套。")),
    build=build_racket, view=View(34, 58, .9, flat=True), season="summer", tags=("racquet", "paddle", "sports", "game"),
))  # fmt: skip
