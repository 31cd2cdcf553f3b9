"""Garments: flat pattern pieces, sewn, filled with air, dropped on the floor, and left to settle.

A garment is cut as a tailor cuts it: one outline for the front, one for the back, equal along the
seams and free at the neck, the cuffs and the hem. Blender's cloth solver makes the folds. Prints
and stitches are drawn in the plane of the pattern, so they follow the cloth wherever it goes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import bmesh
import bpy
import numpy as np
from mathutils import Vector, noise
from mathutils.geometry import delaunay_2d_cdt

from .geometry import curve, mesh_object

Polyline = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Edge:
    """One stretch of the right half of an outline, from the centre top to the centre bottom."""

    points: Polyline
    seam: bool = True
    curved: bool = False


@dataclass(frozen=True)
class Air:
    """How the cloth settles. Stiffer cloth folds less often; more air hides the flat pattern."""

    pressure: float = 1.2
    puff: float = 0.05  # metres of height before the solver starts
    stiffness: float = 15.0
    bending: float = 0.5
    shrink: float = 0.0  # negative grows the cloth: more cloth than body, more folds
    frames: int = 36
    gravity: float = 1.0


def _sampled(edges: Sequence[Edge], step: float) -> tuple[np.ndarray, np.ndarray]:
    """Closed outline of both halves (n, 2), and for each point whether it lies on a seam."""
    points, seams = [], []
    for edge in edges:
        raw = np.asarray(edge.points, float)
        length = np.linalg.norm(np.diff(raw, axis=0), axis=1).sum()
        count = max(3, round(length / step) + 1)
        if edge.curved:
            line = curve(raw, count)
        else:
            along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(raw, axis=0), axis=1))])
            wanted = np.linspace(0, along[-1], count)
            line = np.stack([np.interp(wanted, along, raw[:, k]) for k in range(2)], 1)
        points.append(line[:-1])
        # A point where seam meets opening belongs to the seam: both panels share it.
        flags = np.full(count - 1, edge.seam)
        if not edge.seam:
            flags[0] = bool(seams and seams[-1][-1])
        seams.append(flags)
    last = np.asarray(edges[-1].points[-1], float)
    half, flags = np.concatenate([*points, last[None]]), np.concatenate([*seams, [edges[-1].seam]])
    inner = slice(-1 if abs(last[0]) > 1e-6 else -2, 0 if abs(half[0, 0]) < 1e-6 else None, -1)
    left, left_flags = half[inner] * (-1, 1), flags[inner]
    return np.concatenate([half, left]), np.concatenate([flags, left_flags])


def _inside(points: np.ndarray, outline: np.ndarray) -> np.ndarray:
    """Even-odd rule for many points at once."""
    x, y = points.T
    x1, y1 = outline.T
    x2, y2 = np.roll(outline, -1, 0).T
    crosses = (y1[:, None] > y) != (y2[:, None] > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = x1[:, None] + (y - y1[:, None]) * ((x2 - x1) / (y2 - y1))[:, None]
    return (crosses & (x < at)).sum(0) % 2 == 1


def _distance(points: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return np.concatenate(
        [
            np.linalg.norm(chunk[:, None] - targets, axis=2).min(1)
            for chunk in np.array_split(points, max(1, len(points) // 800))
        ]
    )


def _triangulated(outline: np.ndarray, step: float) -> tuple[np.ndarray, list]:
    """Points (outline first) and triangles of an even mesh inside an outline."""
    low, high = outline.min(0), outline.max(0)
    rows = np.arange(low[1], high[1], step * 0.866)
    lattice = np.concatenate(
        [
            np.stack(
                [
                    np.arange(low[0] + (k % 2) * step / 2, high[0], step),
                    np.full(len(np.arange(low[0] + (k % 2) * step / 2, high[0], step)), y),
                ],
                1,
            )
            for k, y in enumerate(rows)
        ]
    )
    lattice = lattice[_inside(lattice, outline)]
    lattice = lattice[_distance(lattice, outline) > step * 0.6]
    points = np.concatenate([outline, lattice])
    found = delaunay_2d_cdt([Vector(p) for p in points], [], [list(range(len(outline)))], 1, 1e-6)
    if len(found[0]) != len(points):
        raise ValueError("a pattern piece crosses itself; look at its outline")
    return points, found[2]


def sew(
    name: str, front: Sequence[Edge], back: Sequence[Edge], step: float, puff: float, seed: int = 0
) -> bpy.types.Object:
    """Front and back as one mesh lying in xy, joined along the seams, swollen by `puff`."""
    bm = bmesh.new()
    layer = bm.loops.layers.uv.verify()
    shared: dict[tuple, bmesh.types.BMVert] = {}
    for edges, side in ((front, 1), (back, -1)):
        outline, seams = _sampled(edges, step)
        points, faces = _triangulated(outline, step)
        reach = np.clip(_distance(points, outline[seams]) / 0.16, 0, 1)
        height = puff * np.sqrt(1 - (1 - reach) ** 2)
        verts = []
        for k, (x, y) in enumerate(points):
            key = (round(x, 5), round(y, 5))
            if k < len(outline) and seams[k]:
                if key not in shared:
                    shared[key] = bm.verts.new((x, y, 0))
                verts.append(shared[key])
            else:
                wave = 0.35 * puff * noise.noise(Vector((x * 7, y * 5, seed % 97 + side)))
                verts.append(bm.verts.new((x, y, side * max(height[k] + wave, 0.002))))
        for triangle in faces:
            corners = [verts[i] for i in triangle]
            if bm.faces.get(corners):  # a corner between two seams is one face, not two
                continue
            face = bm.faces.new(corners)
            if (face.normal.z if face.normal.length else 0) * side < 0:
                face.normal_flip()
            for loop in face.loops:
                loop[layer].uv = loop.vert.co.xy
    return mesh_object(name, bm)


def settle(obj: bpy.types.Object, air: Air) -> bpy.types.Object:
    """Run the cloth solver on a floor at z = -puff and keep the last frame."""
    scene = bpy.context.scene
    low = min(v.co.z for v in obj.data.vertices)
    floor_mesh = bpy.data.meshes.new("floor")
    floor_mesh.from_pydata([(-9, -9, low), (9, -9, low), (9, 9, low), (-9, 9, low)], [], [(0, 1, 2, 3)])
    floor = bpy.data.objects.new("floor", floor_mesh)
    scene.collection.objects.link(floor)
    floor.modifiers.new("collision", "COLLISION")
    floor.collision.thickness_outer, floor.collision.cloth_friction = 0.004, 30
    cloth = obj.modifiers.new("cloth", "CLOTH")
    settings = cloth.settings
    settings.quality, settings.mass = 6, 0.25
    settings.tension_stiffness = settings.compression_stiffness = air.stiffness
    settings.shear_stiffness, settings.bending_stiffness = air.stiffness / 3, air.bending
    settings.air_damping = 3.0
    settings.shrink_min = air.shrink
    settings.use_pressure, settings.uniform_pressure_force = True, air.pressure
    settings.effector_weights.gravity = air.gravity
    cloth.collision_settings.distance_min = 0.004
    cloth.point_cache.frame_end = air.frames
    for frame in range(1, air.frames + 1):
        scene.frame_set(frame)
    bm = bmesh.new()
    bm.from_mesh(obj.evaluated_get(bpy.context.evaluated_depsgraph_get()).to_mesh())
    for obsolete in (obj, floor):
        bpy.data.objects.remove(obsolete)
    # The solver puckers every seam stitch by stitch; an iron takes that out.
    for _ in range(5):
        bmesh.ops.smooth_vert(bm, verts=bm.verts, factor=0.5, use_axis_x=True, use_axis_y=True, use_axis_z=True)
    return mesh_object("garment", bm)


def refine(obj: bpy.types.Object) -> bpy.types.Object:
    """Four faces for each, so that folds finer than the solver's mesh can be pressed in."""
    modifier = obj.modifiers.new("refine", "SUBSURF")
    modifier.levels = modifier.render_levels = 1
    bm = bmesh.new()
    bm.from_mesh(obj.evaluated_get(bpy.context.evaluated_depsgraph_get()).to_mesh())
    bpy.data.objects.remove(obj)
    return mesh_object("garment", bm)


def cached(key: tuple, make: Callable[[], bpy.types.Object]) -> bpy.types.Object:
    """The mesh `make` gives, made once per key and process. Near-variants of one model share every
    fold, and the solver takes longer than the picture."""
    if key not in _CACHE:
        mesh = make().data
        uv = np.empty(len(mesh.loops) * 2, np.float32)
        mesh.uv_layers[0].data.foreach_get("uv", uv)
        _CACHE[key] = ([tuple(v.co) for v in mesh.vertices], [tuple(p.vertices) for p in mesh.polygons], uv)
        bpy.data.meshes.remove(mesh)
    points, faces, uv = _CACHE[key]
    mesh = bpy.data.meshes.new("garment")
    mesh.from_pydata(points, [], faces)
    mesh.uv_layers.new().data.foreach_set("uv", uv)
    mesh.shade_smooth()
    obj = bpy.data.objects.new("garment", mesh)
    bpy.context.scene.collection.objects.link(obj)
    return obj


_CACHE: dict[tuple, tuple] = {}


@dataclass(frozen=True)
class Crease:
    """A fold from one point of the pattern to another: `height` metres up, `width` metres across."""

    start: tuple[float, float]
    end: tuple[float, float]
    height: float = 0.007
    width: float = 0.016


def press(obj: bpy.types.Object, creases: Sequence[Crease], seed: int) -> bpy.types.Object:
    """Lift creases out of the front. They bend a little, rise sharply and fall softly, and fade at
    both ends, as folds that hang from a seam do."""
    mesh = obj.data
    at = np.empty((len(mesh.vertices), 2))
    layer = mesh.uv_layers[0].data
    for loop in mesh.loops:
        at[loop.vertex_index] = layer[loop.index].uv
    normals = np.array([v.normal for v in mesh.vertices])
    rng = np.random.default_rng(seed)
    lift = np.zeros(len(at))
    for crease in creases:
        a, b = np.array(crease.start), np.array(crease.end)
        axis = (b - a) / np.linalg.norm(b - a)
        along = (at - a) @ axis / np.linalg.norm(b - a)
        bow = rng.uniform(-0.12, 0.12) * np.linalg.norm(b - a)
        across = (at - a) @ np.array([-axis[1], axis[0]]) + bow * np.sin(np.pi * np.clip(along, 0, 1))
        across *= rng.choice([-1, 1])
        width = crease.width * np.where(across > 0, 1.7, 0.75) * (0.7 + 0.5 * np.clip(along, 0, 1))
        fade = np.clip(np.sin(np.pi * np.clip(along, 0, 1)), 0, 1) ** 0.7
        lift += (
            crease.height
            * rng.uniform(0.7, 1.2)
            * fade
            * (
                np.exp(-((across / width) ** 2))
                - 0.45 * np.exp(-(((across + crease.width * 1.6) / (crease.width * 1.5)) ** 2))
            )
        )
    lift *= np.clip(normals[:, 2], 0, 1)
    for vertex, normal, amount in zip(mesh.vertices, normals, lift, strict=True):
        vertex.co += Vector(normal * amount)
    mesh.update()
    return obj


def openings(obj: bpy.types.Object) -> list[np.ndarray]:
    """The free edges as closed loops of points, highest on the pattern first: the neck is first."""
    bm = bmesh.new()
    bm.from_mesh(obj.data)
    layer = bm.loops.layers.uv.verify()
    free = {edge for edge in bm.edges if len(edge.link_faces) == 1}
    loops = []
    while free:
        edge = free.pop()
        first, vert = edge.verts
        ring = [first, vert]
        while vert is not first:
            step = next((e for e in vert.link_edges if e in free), None)
            if step is None:
                break
            free.discard(step)
            vert = step.other_vert(vert)
            ring.append(vert)
        height = np.mean([v.link_loops[0][layer].uv.y for v in ring])
        loops.append((height, np.array([v.co for v in ring[:-1]])))
    bm.free()
    return [points for _, points in sorted(loops, key=lambda item: -item[0])]
