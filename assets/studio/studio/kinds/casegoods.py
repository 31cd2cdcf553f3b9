"""Furniture made of boards: shelf, desk; and the bed, with everything that lies on it."""

import math
from itertools import pairwise

import bmesh
import bpy
import numpy as np

from ..colours import SHADES
from ..geometry import (
    copy,
    crumple,
    curve,
    cushion,
    cylinder,
    lathe,
    mesh_object,
    place,
    plate,
    rounded_box,
    sheet,
    thicken,
    tube,
)
from ..kind import Finish, Kind, Spec, Style, View, register
from ..materials import dress, simple, surface

WOODEN = (
    Finish("oak", ("oak", "natural", "charcoal")),
    Finish("walnut", ("walnut", "cognac", "black")),
    Finish("lacquered wood", ("white", "sage", "navy", "terracotta", "mustard", "black", "sky blue")),
)
CLOTHS = ("linen", "velvet")


def board(size, at, bevel: float = 0.003, name: str = "board") -> bpy.types.Object:
    """A plank with crisp, slightly broken edges; its name ends in the axis its grain runs along."""
    bm = bmesh.new()
    bmesh.ops.create_cube(bm, size=1.0)
    bmesh.ops.scale(bm, vec=size, verts=bm.verts)
    bmesh.ops.bevel(
        bm, geom=bm.edges, offset=min(bevel, min(size) / 3), segments=3, profile=0.5, affect="EDGES", clamp_overlap=True
    )
    obj = mesh_object(f"{name} {'XYZ'[int(np.argmax(size))]}", bm)
    obj.modifiers.new("flat faces", "WEIGHTED_NORMAL")
    return place(obj, at)


def rod(start, end, radius: float, name: str = "rod", power: float = 2.0) -> bpy.types.Object:
    path = curve([start, end], 6)
    return tube(name, path, radius, sides=20, round_ends=False, power=power)


def bar(start, end, half: float, name: str = "bar") -> bpy.types.Object:
    """A square bar between two points, its sides square to the floor."""
    return tube(name, curve([start, end], 6), half, sides=32, round_ends=False, power=9.0, up=(0, 1, 0))


def dress_wood(spec: Spec, parts) -> None:
    """Grain along every board, as a joiner cuts it; posts and rods stand, so theirs runs upwards."""
    timber = {axis: surface(spec.material, spec.shade, grain=axis) for axis in "XYZ"}
    for part in parts:
        axis = part.name.split(".")[0][-1]
        dress(timber.get(axis, timber["Z"]), part)


def black_metal():
    return surface("lacquered metal", SHADES["black"])


# Shelves ------------------------------------------------------------------------------------------


def _bookcase(spec: Spec):
    w, d, h, count = spec["width"], spec["depth"], spec["height"], round(spec["shelves"])
    thick, plinth = 0.022, 0.07
    parts = [board((thick, d, h), (sign * (w - thick) / 2, 0, h / 2)) for sign in (-1, 1)]
    inner = w - 2 * thick
    parts.append(board((inner, 0.01, h - plinth), (0, d / 2 - 0.012, (h + plinth) / 2 - 0.004)))
    parts.append(board((inner, 0.016, plinth), (0, -d / 2 + 0.03, plinth / 2)))
    parts.append(board((w + 0.02, d + 0.015, 0.026), (0, -0.002, h + 0.013)))
    levels = np.linspace(plinth + thick / 2, h - thick / 2, count + 1)[:-1]
    return [*parts, *(board((inner, d - 0.03, thick), (0, -0.005, z)) for z in levels)], []


def _ladder(spec: Spec):
    """Two rails lean on the wall, two stand before them; the shelves between get shallower."""
    w, d, h, count = spec["width"], spec["depth"], spec["height"], round(spec["shelves"])
    parts = []
    back = d / 2
    for sign in (-1, 1):
        x = sign * (w / 2 + 0.012)
        parts.append(bar((x, -d / 2, 0), (x, back - 0.05, h), 0.017, "rail"))
        parts.append(bar((x, back, 0), (x, back, h * 0.97), 0.015, "rail"))
    for k in range(count):
        z = h * (0.1 + 0.8 * k / (count - 1))
        front = -d / 2 + (d - 0.05) * z / h + 0.005
        deep = back - front
        parts.append(board((w, deep, 0.02), (0, (front + back) / 2, z)))
        parts.append(board((w, 0.012, 0.045), (0, back - 0.008, z + 0.03)))
        parts += [
            board((0.012, deep, 0.045), (sign * (w / 2 - 0.007), (front + back) / 2, z + 0.03)) for sign in (-1, 1)
        ]
    return parts, []


def _cubes(spec: Spec):
    d, side = spec["depth"], spec["side"]
    columns, rows = round(spec["columns"]), round(spec["rows"])
    frame, thin = 0.036, 0.018
    w, h = columns * side + (columns - 1) * thin + 2 * frame, rows * side + (rows - 1) * thin + 2 * frame
    parts = [board((w, d, frame), (0, 0, z)) for z in (frame / 2, h - frame / 2)]
    parts += [board((frame, d, h - 2 * frame), (s * (w - frame) / 2, 0, h / 2)) for s in (-1, 1)]
    parts += [
        board((thin, d - 0.008, h - 2 * frame), (-w / 2 + frame + k * side + (k - 0.5) * thin, 0, h / 2))
        for k in range(1, columns)
    ]
    parts += [
        board((w - 2 * frame, d - 0.012, thin), (0, 0, frame + k * side + (k - 0.5) * thin)) for k in range(1, rows)
    ]
    parts.append(board((w - 0.04, 0.008, h - 0.04), (0, d / 2 - 0.008, h / 2)))
    return parts, []


def _steel_frame(spec: Spec):
    w, d, h, count = spec["width"], spec["depth"], spec["height"], round(spec["shelves"])
    metal, half = [], 0.011
    for x in (-w / 2, w / 2):
        metal += [bar((x, y, 0), (x, y, h), half) for y in (-d / 2, d / 2)]
    parts = []
    for z in np.linspace(0.12, h - 0.04, count):
        parts.append(board((w + 0.01, d - 0.03, 0.028), (0, 0, z), 0.004))
        for x in (-w / 2, w / 2):
            metal.append(bar((x, -d / 2, z - 0.024), (x, d / 2, z - 0.024), half * 0.8))
    metal.append(bar((-w / 2, d / 2, h - half), (w / 2, d / 2, h - half), half))
    for a, b in ((0.12, h / 2), (h / 2, 0.12)):  # the brace that keeps it square
        metal.append(rod((-w / 2, d / 2, a), (w / 2, d / 2, b), 0.005))
    return parts, metal


def build_shelf(spec: Spec):
    make = {"bookcase": _bookcase, "ladder": _ladder, "cube": _cubes, "steel": _steel_frame}[spec.style.key]
    parts, metal = make(spec)
    dress_wood(spec, parts)
    dress(black_metal(), *metal)
    return parts + metal


register(
    Kind(
        "shelf",
        "shelf",
        "置物架",
        "Shelves",
        "Furniture",
        (79, 390),
        styles=(
            Style(
                "bookcase",
                "tall",
                "高款",
                {"width": (0.76, 0.86), "depth": (0.28, 0.32), "height": (1.75, 1.9), "shelves": (4.6, 5.4)},
                noun="bookcase",
                noun_zh="书柜",
            ),
            Style(
                "ladder",
                "leaning",
                "斜靠式",
                {"width": (0.64, 0.74), "depth": (0.4, 0.44), "height": (1.7, 1.85), "shelves": (4.6, 5.4)},
                noun="ladder shelf",
                noun_zh="梯形置物架",
            ),
            Style(
                "cube",
                "open",
                "开放式",
                {"side": (0.32, 0.34), "depth": (0.36, 0.39), "columns": (1.6, 3.4), "rows": (2.6, 4.4)},
                noun="cube shelf",
                noun_zh="格子架",
            ),
            Style(
                "steel",
                "industrial",
                "工业风",
                {"width": (0.95, 1.1), "depth": (0.34, 0.38), "height": (1.6, 1.75), "shelves": (3.6, 5.4)},
                noun="shelving unit",
                noun_zh="铁木层架",
            ),
        ),
        finishes=WOODEN,
        details=(
            ("Each shelf carries 25 kg; wall anchor included.", "每层承重25公斤，附防倒固定件。"),
            ("Assembled in half an hour with one key.", "一把六角扳手，半小时装好。"),
        ),
        build=build_shelf,
        view=View(30, 12, 0.88, angle=(-42, 16)),
        room="living room|study",
        tags=("storage", "bookshelf", "shelves"),
    )
)


# Desks --------------------------------------------------------------------------------------------


def _handle(spec: Spec, at, wide: float):
    """A bar or a knob on a drawer's front, by model."""
    x, y, z = at
    if spec.seed % 2:
        profile = [(0, 0.026), (0.008, 0.026), (0.013, 0.02), (0.012, 0.014), (0.006, 0.008), (0.006, 0)]
        return [place(lathe("handle", curve(profile[::-1], 24), 32), (x, y, z), (90, 0, 0))]
    reach = min(0.07, wide * 0.3)
    points = [(x - reach, y, z), (x - reach, y - 0.024, z), (x + reach, y - 0.024, z), (x + reach, y, z)]
    path = curve([p for p in points for _ in range(2)][1:-1], 40)
    return [tube("handle", path, 0.0045, sides=12)]


def _drawers(spec: Spec, left, right, low, high, front, count):
    """Fronts a few millimetres apart, and their handles."""
    step, parts, handles = (high - low) / count, [], []
    for k in range(count):
        z, wide = low + step * (k + 0.5), right - left
        parts.append(board((wide - 0.006, 0.018, step - 0.006), ((left + right) / 2, front, z), 0.002))
        handles += _handle(spec, ((left + right) / 2, front - 0.009, z + step * 0.12), wide)
    return parts, handles


def _grommet(x, y, z):
    """The hole for the cables: a ring with a dark middle."""
    ring = place(lathe("ring", curve([(0.026, 0), (0.034, 0.002), (0.037, 0.0005), (0.037, -0.004)], 16)), (x, y, z))
    hole = place(cylinder("hole", 0.0275, 0.0012, 0.0002), (x, y, z + 0.0002))
    dress(simple("cable ring", (0.02, 0.02, 0.022), 0.45), ring)
    dress(simple("cable hole", (0.002, 0.002, 0.002), 0.9), hole)
    return [ring, hole]


def _riser(wide, y, z, deep=0.24, high=0.12):
    """The little bench a monitor stands on."""
    size, middle = (0.018, deep - 0.02, high - 0.02), z + (high - 0.02) / 2
    walls = [board(size, (x, y, middle)) for x in (-wide / 2 + 0.03, 0.0, wide / 2 - 0.03)]
    return [board((wide, deep, 0.02), (0, y, z + high - 0.01), 0.004), *walls]


def _pedestal_desk(spec: Spec):
    w, d, h = spec["width"], spec["depth"], spec["height"]
    parts = [board((w, d, 0.028), (0, 0, h - 0.014), 0.004)]
    left, right, low, high = w / 2 - 0.42, w / 2 - 0.03, 0.07, h - 0.028
    parts += [board((0.02, d - 0.05, high - low), (x, 0.005, (low + high) / 2)) for x in (left, right)]
    parts.append(board((right - left, d - 0.05, 0.02), ((left + right) / 2, 0.005, low + 0.01)))
    fronts, handles = _drawers(spec, left + 0.01, right - 0.01, low + 0.02, high, -d / 2 + 0.034, 3)
    feet = [
        rod((x, y, 0), (x, y, low), 0.017) for x in (left + 0.02, right - 0.02) for y in (-d / 2 + 0.06, d / 2 - 0.06)
    ]
    ends = (-d / 2 + 0.06, d / 2 - 0.06)
    feet += [rod((-w / 2 + 0.06, y, h - 0.03), (-w / 2 + 0.035, y, 0), 0.019, "leg") for y in ends]
    parts.append(board((w - 0.5, 0.016, 0.3), (-0.19, d / 2 - 0.06, h - 0.18)))
    wide = (w - 0.5) * 0.86  # a shallow drawer for pens over the knees
    more, pulls = _drawers(spec, -0.19 - wide / 2, -0.19 + wide / 2, h - 0.115, h - 0.03, -d / 2 + 0.034, 1)
    parts.append(board((wide - 0.01, d - 0.14, 0.075), (-0.19, 0, h - 0.072)))
    return parts + fronts + more + feet, handles + pulls, _grommet(-w * 0.3, d / 2 - 0.08, h)


def _trestle_desk(spec: Spec):
    w, d, h = spec["width"], spec["depth"], spec["height"]
    parts = [board((w, d, 0.026), (0, 0, h - 0.013), 0.004)]
    top = h - 0.03
    for x in (-w * 0.34, w * 0.34):
        parts.append(board((0.07, d - 0.1, 0.04), (x, 0, top - 0.02)))
        for sign in (-1, 1):
            for side in (-1, 1):
                foot = (x + side * 0.16, sign * (d / 2 - 0.06), 0)
                parts.append(bar((x + side * 0.02, sign * (d / 2 - 0.1), top - 0.03), foot, 0.017, "leg"))
        for side in (-1, 1):
            z, lean = h * 0.3, 0.16 - 0.14 * 0.3 / 0.95
            parts.append(board((0.02, d - 0.15, 0.035), (x + side * lean, 0, z), 0.002))
        parts.append(board((0.21, d - 0.2, 0.016), (x, 0, h * 0.3 + 0.02), 0.002))
    parts += _riser(w * 0.62, d / 2 - 0.16, h, 0.24, 0.13)
    fronts, handles = _drawers(spec, -w * 0.31 + 0.04, -0.01, h + 0.004, h + 0.11, d / 2 - 0.27, 1)
    return parts + fronts, handles, _grommet(w * 0.4, d / 2 - 0.09, h)


def _standing_desk(spec: Spec):
    w, d, h = spec["width"], spec["depth"], spec["height"]
    parts = [board((w, d, 0.026), (0, 0, h - 0.013), 0.005)]
    parts += _riser(w * 0.52, d / 2 - 0.15, h, 0.22, 0.1)
    metal = []
    for x in (-w * 0.36, w * 0.36):
        metal.append(board((0.075, d - 0.06, 0.03), (x, 0, 0.03), 0.006))
        metal.append(board((0.085, 0.06, h * 0.55), (x, 0.03, 0.04 + h * 0.275), 0.006))
        metal.append(board((0.066, 0.044, h * 0.5), (x, 0.03, h - 0.03 - h * 0.25), 0.004))
        metal.append(board((0.06, d - 0.14, 0.02), (x, 0, h - 0.037), 0.004))
        metal += [place(cylinder("glide", 0.02, 0.016), (x, y, 0)) for y in (-d / 2 + 0.08, d / 2 - 0.08)]
    metal.append(board((w * 0.72, 0.04, 0.03), (0, 0.03, h - 0.045), 0.004))
    metal.append(board((w * 0.5, 0.1, 0.012), (0, d / 2 - 0.14, h - 0.12), 0.003))  # cable tray
    metal += [board((0.012, 0.1, 0.09), (x, d / 2 - 0.14, h - 0.07), 0.002) for x in (-w * 0.25, w * 0.25)]
    keypad = board((0.11, 0.045, 0.018), (w * 0.27, -d / 2 + 0.02, h - 0.034), 0.004)
    display = board((0.03, 0.002, 0.009), (w * 0.27, -d / 2 - 0.003, h - 0.034), 0.0005)
    dress(simple("display", (0.4, 0.75, 1.0), 0.4, Emission_Color=(0.4, 0.75, 1, 1), Emission_Strength=1.5), display)
    white = surface("lacquered metal", SHADES["white" if spec.seed % 3 == 0 else "black"])
    dress(white, *metal)
    dress(simple("keypad", (0.02, 0.02, 0.022), 0.4), keypad)
    rings = _grommet(-w * 0.4, d / 2 - 0.09, h) + _grommet(w * 0.4, d / 2 - 0.09, h)
    return parts, [], [*metal, keypad, display, *rings]


def _hutch_desk(spec: Spec):
    """A writing desk with pigeonholes over the back of its top."""
    w, d, h = spec["width"], spec["depth"], spec["height"]
    parts = [board((w, d, 0.024), (0, 0, h - 0.012), 0.004)]
    for x in (-1, 1):
        for y in (-1, 1):
            top = (x * (w / 2 - 0.04), y * (d / 2 - 0.04), h - 0.02)
            path = curve([top, (top[0] + x * 0.015, top[1] + y * 0.01, 0)], 12)
            parts.append(tube("leg", path, np.linspace(0.022, 0.013, 12), round_ends=False))
    parts.append(board((w - 0.06, d - 0.08, 0.11), (0, 0.01, h - 0.079)))
    fronts, handles = _drawers(spec, -w / 2 + 0.04, 0, h - 0.13, h - 0.028, -d / 2 + 0.044, 1)
    more, pulls = _drawers(spec, 0, w / 2 - 0.04, h - 0.13, h - 0.028, -d / 2 + 0.044, 1)
    tall, deep, thin = spec["hutch"], 0.2, 0.016
    y = d / 2 - deep / 2
    parts.append(board((w, deep + 0.01, 0.018), (0, y, h + tall), 0.003))
    parts.append(board((w - 0.02, 0.01, tall), (0, d / 2 - 0.006, h + tall / 2)))
    walls = np.array([-0.5, -0.27, 0.02, 0.27, 0.5]) * (w - thin)
    parts += [board((thin, deep, tall), (x, y, h + tall / 2), 0.002) for x in walls]
    parts += [board((b - a, deep - 0.01, 0.014), ((a + b) / 2, y, h + tall * 0.48)) for a, b in pairwise(walls)]
    low, knobs = _drawers(spec, walls[0] + 0.01, walls[1] - 0.01, h + 0.004, h + tall * 0.46, d / 2 - deep + 0.006, 1)
    last, others = _drawers(spec, walls[3] + 0.01, walls[4] - 0.01, h + 0.004, h + tall * 0.46, d / 2 - deep + 0.006, 1)
    return parts + fronts + more + low + last, handles + pulls + knobs + others, []


def build_desk(spec: Spec):
    make = {
        "drawers": _pedestal_desk,
        "trestle": _trestle_desk,
        "standing": _standing_desk,
        "hutch": _hutch_desk,
    }[spec.style.key]
    parts, handles, dressed = make(spec)
    dress_wood(spec, parts)
    dress(surface("brass", SHADES["brass"]) if spec.seed % 3 else black_metal(), *handles)
    return parts + handles + dressed


register(
    Kind(
        "desk",
        "desk",
        "书桌",
        "Desks",
        "Furniture",
        (149, 590),
        styles=(
            Style(
                "drawers",
                "four-drawer",
                "四抽",
                {"width": (1.2, 1.35), "depth": (0.58, 0.64), "height": (0.74, 0.76)},
                noun="writing desk",
                noun_zh="写字台",
            ),
            Style(
                "trestle",
                "trestle",
                "支架",
                {"width": (1.3, 1.45), "depth": (0.64, 0.7), "height": (0.73, 0.75)},
            ),
            Style(
                "standing",
                "height-adjustable",
                "可升降",
                {"width": (1.3, 1.45), "depth": (0.66, 0.72), "height": (1.0, 1.1)},
                noun="standing desk",
                noun_zh="站立式办公桌",
            ),
            Style(
                "hutch",
                "secretary",
                "带书格",
                {"width": (1.0, 1.12), "depth": (0.54, 0.58), "height": (0.75, 0.77), "hutch": (0.26, 0.32)},
            ),
        ),
        finishes=WOODEN,
        details=(
            ("Room for a screen, a notebook and elbows.", "放得下屏幕、本子和手肘。"),
            ("Cables vanish behind; drawers close softly.", "走线隐藏，抽屉缓冲静音。"),
        ),
        build=build_desk,
        view=View(26, 20, 0.88, angle=(-40, 26)),
        room="study|bedroom",
        tags=("office", "workspace", "home office", "computer desk"),
    )
)


# Beds ---------------------------------------------------------------------------------------------


def _padding(spec: Spec):
    return surface(spec.material, spec.shade, flow="Object", coarse=2.0)


def _arch(wide: float, high: float, shoulder: float):
    """The outline of an arched headboard, standing in xy."""
    turn = np.linspace(0, math.pi, 60)
    top = np.stack([wide / 2 * np.cos(turn), shoulder + (high - shoulder) * np.sin(turn) ** 0.8], 1)
    return np.concatenate([[[-wide / 2, 0.0], [wide / 2, 0.0]], top])


def _headboard(spec: Spec, w: float, y: float, low: float, padded: bool):
    """What stands at the pillows, from `low` to the style's height, w wide."""
    h, style, thick = spec["head"], spec.style.key, 0.09 if padded else 0.035
    parts = []
    if style == "arched":
        panel = plate("pad" if padded else "board X", [_arch(w, h - low, (h - low) * 0.6)], thick, thick * 0.4)
        parts.append(place(panel, (0, y, low), (90, 0, 0)))
        if padded:
            for row, span, count in ((0.5, 0.36, 6), (0.75, 0.3, 5)):
                z, front = low + (h - low) * row, y - thick / 2 - 0.004
                button = place(cylinder("pad button", 0.02, 0.016, 0.007), (0, front, z), (90, 0, 0))
                parts += [copy(button, (x * w, 0, 0)) for x in np.linspace(-span, span, count)]
                bpy.data.objects.remove(button)
    elif style == "slatted":
        count = 9 if padded else 15
        step = w / count if padded else (w - 0.1) / count
        for k in range(count):
            x = (k - (count - 1) / 2) * step
            if padded:
                parts.append(
                    place(
                        rounded_box("pad", (step * 1.03, thick, h - low), 0.042, puff=0.006, cuts=16),
                        (x, y, (h + low) / 2),
                    )
                )
            else:
                parts.append(board((0.045, 0.018, h - low - 0.06), (x, y, (h + low) / 2 - 0.02)))
        if not padded:
            parts += [board((0.055, 0.045, h), (s * (w / 2 - 0.028), y, h / 2), 0.006) for s in (-1, 1)]
            parts.append(board((w, 0.05, 0.06), (0, y, h - 0.02), 0.008))
            parts.append(board((w - 0.1, 0.035, 0.05), (0, y, low + 0.18), 0.004))
    elif padded:
        halves = (-1, 1) if style == "platform" else (0,)
        wide = w / len(halves) if style == "platform" else w - 0.1
        for s in halves:
            size = (wide - 0.012, thick + 0.03, h - low)
            parts.append(
                place(
                    crumple(rounded_box("pad", size, 0.045, puff=0.025, cuts=30), 0.004, 0.2),
                    (s * w / 4, y, (h + low) / 2),
                )
            )
    else:
        count = 2 if style == "platform" else 3
        step = (h - low - 0.04) / count
        wide = w if style == "platform" else w - 0.08
        parts += [board((wide, 0.028, step - 0.02), (0, y, low + 0.04 + step * (k + 0.5)), 0.006) for k in range(count)]
        if style == "platform":
            parts += [board((0.05, 0.025, h - 0.1), (s * w * 0.36, y + 0.025, h / 2)) for s in (-1, 1)]
    return parts


def _post(x, y, high):
    """A turned bedpost with a finial."""
    square = board((0.075, 0.075, 0.34), (x, y, 0.31), 0.005, "post")
    foot = [(0, 0), (0.024, 0), (0.03, 0.03), (0.022, 0.06), (0.036, 0.12), (0.036, 0.15), (0, 0.15)]
    top = [(0, 0.47), (0.036, 0.47), (0.036, 0.485), (0.024, 0.51), (0.034, 0.56), (0.026, high - 0.2)]
    finial = [
        (0.023, high - 0.13),
        (0.034, high - 0.12),
        (0.02, high - 0.1),
        (0.04, high - 0.045),
        (0.03, high - 0.01),
        (0, high),
    ]
    turned = [lathe("post", curve(foot, 40), 32), lathe("post", curve([*top, *finial], 90), 32)]
    return [square, *(place(part, (x, y, 0)) for part in turned)]


def _drop(s, half: float, radius: float = 0.07):
    """A cloth over an edge: distance from the middle -> (how far out, how far down)."""
    over = np.clip(np.abs(s) - (half - radius), 0, None)
    turn = np.clip(over / radius, 0, math.pi / 2)
    straight = np.clip(over - radius * math.pi / 2, 0, None)
    out = np.minimum(np.abs(s), half - radius) + radius * np.sin(turn)
    return np.sign(s) * out, radius * (1 - np.cos(turn)) + straight


def _spread(
    name, half: float, top: float, foot: float, head: float, overhang: float, at_foot: float, seed: int, puff=0.045
):
    """A duvet over the mattress from y = foot to y = head, tucked in at the sides: it may not cross a rail."""
    s = np.linspace(-(half + overhang), half + overhang, 90)
    t = np.linspace(foot - at_foot, head, 110)
    s, t = np.meshgrid(s, t)
    x, down_x = _drop(s, half)
    y, down_y = _drop(np.minimum(t - foot - 10, 0), 10)
    y, down_y = np.where(t < foot + 0.1, y + foot + 10, t), np.where(t < foot + 0.1, down_y, 0)
    down = (down_x**6 + down_y**6) ** (1 / 6)
    soft = np.clip(1 - down / 0.2, 0, 1)
    z = top - down + puff * soft * (0.7 + 0.3 * np.sin(s * 5.3 + seed) * np.sin(t * 4.1))
    cloth = sheet(name, np.stack([x, y, z], -1), uv=np.stack([s, t], -1))
    crumple(cloth, 0.02, 0.34, seed % 97, (1, 0.6, 1))
    crumple(cloth, 0.009, 0.1, seed % 89, (0.6, 1.6, 1))
    return thicken(cloth, 0.022, 0.0)


BEDDING = (("white", "light grey"), ("cream", "white"), ("light grey", "white"), ("white", "sand"))


def _bedding(spec: Spec, w: float, length: float, base: float):
    """Mattress, duvet with its top turned back, and four pillows."""
    first, second = (SHADES[name] for name in BEDDING[spec.seed % len(BEDDING)])
    top = base + 0.22
    mattress = place(rounded_box("mattress", (w - 0.1, length - 0.1, 0.22), 0.05), (0, 0.04, base + 0.105))
    dress(surface("cotton", SHADES["white"]), mattress)
    seed = spec.seed % 1000
    duvet = _spread("duvet", w / 2 - 0.034, top + 0.012, 0.034 - length / 2, length / 2 - 0.66, 0.14, 0.14, seed)
    fold = _spread("fold", w / 2 - 0.026, top + 0.062, length / 2 - 0.98, length / 2 - 0.64, 0.14, 0.0, seed + 7)
    dress(surface("cotton", first), duvet)
    dress(surface("cotton", second), fold)
    pillows = []
    for row, (size, lean, back, shade) in enumerate(((0.68, 56, 0.15, first), (0.56, 42, 0.36, second))):
        for sign in (-1, 1):
            tall = size * 0.64
            pillow = cushion("pillow", min(size, w / 2 - 0.03), tall, 0.2, seed=seed + row * 2 + sign, cuts=40)
            rise = top + 0.03 + tall / 2 * math.sin(math.radians(lean)) + 0.02
            place(pillow, (0, 0, 0), (lean, 0, 2 * sign))
            place(pillow, (sign * w * 0.245, length / 2 - back, rise))
            dress(surface("cotton", shade), pillow)
            pillows.append(pillow)
    return [mattress, duvet, fold, *pillows]


def build_bed(spec: Spec):
    w, length, lift = spec["width"], 2.0, spec["legs"]
    padded, posts = spec.material in CLOTHS, spec.has("posts")
    deep, rail = 0.26, 0.07 if padded else 0.032
    outer, half = w + 2 * rail, length / 2
    head_y = half + 0.06
    frame = []
    for size, at in (
        ((rail, length + 0.02, deep), (w / 2 + rail / 2, 0, lift + deep / 2)),
        ((rail, length + 0.02, deep), (-w / 2 - rail / 2, 0, lift + deep / 2)),
        ((outer, rail, deep), (0, -half - rail / 2, lift + deep / 2)),
    ):
        frame.append(place(rounded_box("pad", size, 0.028, cuts=18), at) if padded else board(size, at, 0.006))
    frame += _headboard(spec, outer + (0.0 if posts else 0.04), head_y, lift if padded else 0.2, padded)
    timber = []
    if posts:
        for s in (-1, 1):
            timber += _post(s * outer / 2, head_y, spec["head"] + 0.16)
            timber += _post(s * outer / 2, -half - rail / 2, 0.78)
        size, at = (outer - 0.06, 0.035, 0.3), (0, -half - rail / 2, 0.45)
        frame.append(
            place(rounded_box("pad", (size[0], 0.08, 0.3), 0.035, puff=0.012), at) if padded else board(size, at, 0.006)
        )
    else:
        inset = 0.12 if spec.style.key == "platform" else 0.05
        for x in (-1, 1):
            for y in (-half + inset, half - 0.05):
                timber.append(
                    rod((x * (outer / 2 - inset), y, lift + 0.02), (x * (outer / 2 - inset), y, 0), 0.024, "leg")
                )
    if padded:
        dress(_padding(spec), *frame)
        dress(surface("oak", SHADES["walnut" if spec.seed % 2 else "oak"]), *timber)
    else:
        dress_wood(spec, frame + timber)
    return frame + timber + _bedding(spec, w, length, lift + deep - 0.1)


register(
    Kind(
        "bed",
        "bed",
        "床",
        "Beds",
        "Furniture",
        (290, 1290),
        styles=(
            Style(
                "platform",
                "low platform",
                "低矮平台",
                {"width": (1.5, 1.65), "head": (0.94, 1.0), "legs": (0.08, 0.12)},
            ),
            Style(
                "slatted",
                "panelled",
                "竖条床头",
                {"width": (1.4, 1.55), "head": (1.08, 1.18), "legs": (0.12, 0.16)},
            ),
            Style(
                "arched",
                "arched",
                "弧形床头",
                {"width": (1.4, 1.6), "head": (1.18, 1.28), "legs": (0.1, 0.14)},
            ),
            Style(
                "posts",
                "turned-post",
                "车木柱",
                {"width": (1.4, 1.5), "head": (1.1, 1.18), "legs": (0.2, 0.24)},
                frozenset({"posts"}),
            ),
        ),
        finishes=(
            Finish("oak", ("oak", "natural", "charcoal")),
            Finish("velvet", ("emerald", "navy", "blush", "mustard", "burgundy", "teal", "plum")),
            Finish("walnut", ("walnut", "cognac", "black")),
            Finish("linen", ("forest green", "charcoal", "terracotta", "light grey", "camel", "sage", "navy")),
            Finish("lacquered wood", ("white", "black", "sage", "navy")),
        ),
        details=(
            ("For a mattress of 200 cm; slats included.", "适配200厘米长床垫，含排骨架。"),
            ("Bolts draw every joint tight: it never creaks.", "螺栓紧固每处接点，翻身不响。"),
        ),
        build=build_bed,
        view=View(33, 17, 0.9, angle=(66, 24)),
        room="bedroom",
        tags=("bed frame", "double bed", "sleep"),
    )
)
