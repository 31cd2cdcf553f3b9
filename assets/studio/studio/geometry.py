"""Building blocks: every product is made of these few shapes.

Units are metres, z is up, a product stands on z = 0 and faces -y. Almost everything is a grid of
points (`sheet`): a lathe, a tube, a cushion and a cloth panel differ only in where the points are.
UV coordinates are metres along the surface, so a weave or a print keeps its true size on every
product.
"""

import math
from collections.abc import Sequence

import bmesh
import bpy
import numpy as np
from mathutils import Matrix, Vector, noise

Points = np.ndarray


def mesh_object(name: str, bm: "bmesh.types.BMesh", smooth: bool = True) -> bpy.types.Object:
    """Turn a bmesh into a linked object, normals outside."""
    bmesh.ops.recalc_face_normals(bm, faces=bm.faces)
    for face in bm.faces:
        face.smooth = smooth
    mesh = bpy.data.meshes.new(name)
    bm.to_mesh(mesh)
    bm.free()
    obj = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(obj)
    return obj


def _arc_lengths(grid: Points, axis: int, wrap: bool) -> Points:
    """Running length along one axis of a grid of points, averaged over the other axis."""
    if wrap:
        grid = np.concatenate([grid, grid.take([0], axis=axis)], axis=axis)
    steps = np.linalg.norm(np.diff(grid, axis=axis), axis=2).mean(axis=1 - axis)
    return np.concatenate([[0.0], np.cumsum(steps)])


def _fill(bm, grid: Points, wrap_u: bool, wrap_v: bool, uv: Points | None = None) -> None:
    rows, cols, _ = grid.shape
    layer = bm.loops.layers.uv.verify()
    us, vs = _arc_lengths(grid, 1, wrap_u), _arc_lengths(grid, 0, wrap_v)
    verts = [[bm.verts.new(point) for point in row] for row in grid]
    for j in range(rows if wrap_v else rows - 1):
        for i in range(cols if wrap_u else cols - 1):
            j1, i1 = (j + 1) % rows, (i + 1) % cols
            face = bm.faces.new((verts[j][i], verts[j][i1], verts[j1][i1], verts[j1][i]))
            corners = ((j, i), (j, i + 1), (j + 1, i + 1), (j + 1, i))
            for loop, (cj, ci) in zip(face.loops, corners, strict=True):
                loop[layer].uv = uv[cj, ci] if uv is not None else (us[ci], vs[cj])


def sheet(name: str, grid: Points, *, wrap_u=False, wrap_v=False, uv=None) -> bpy.types.Object:
    """A surface through a (rows, columns, 3) grid of points."""
    bm = bmesh.new()
    _fill(bm, np.asarray(grid, float), wrap_u, wrap_v, uv)
    # Poles of a lathe and closed tips are rows of equal points: weld them.
    bmesh.ops.remove_doubles(bm, verts=bm.verts, dist=1e-6)
    return mesh_object(name, bm)


def curve(points: Sequence[Sequence[float]], samples: int = 64, closed: bool = False) -> Points:
    """Catmull-Rom through the points, evenly spaced. A point given twice is a corner."""
    p = np.asarray(points, float)
    if closed:
        p = np.concatenate([p[-1:], p, p[:2]])
    else:
        p = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = np.linspace(0, 1, 24, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True):
        if np.allclose(b, c):
            continue
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    dense = np.concatenate([*pieces, p[1:2] if closed else p[-2:-1]])
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(dense, axis=0), axis=1))])
    wanted = np.linspace(0, along[-1], samples, endpoint=not closed)
    return np.stack([np.interp(wanted, along, dense[:, k]) for k in range(dense.shape[1])], 1)


def lathe(name: str, profile: Points, segments: int = 96) -> bpy.types.Object:
    """Turn a profile of (radius, height) about z. The UV seam is at the back."""
    profile = np.asarray(profile, float)
    angle = np.linspace(0, 2 * math.pi, segments, endpoint=False) + math.pi / 2
    grid = np.empty((len(profile), segments, 3))
    grid[..., 0] = profile[:, :1] * np.cos(angle)
    grid[..., 1] = profile[:, :1] * np.sin(angle)
    grid[..., 2] = profile[:, 1:]
    # Metres at the widest place; the mean over rows would squeeze the print on a tall vase.
    us = np.linspace(0, 2 * math.pi * profile[:, 0].max(), segments + 1)
    vs = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(profile, axis=0), axis=1))])
    uv = np.stack(np.meshgrid(us, vs), axis=-1)
    return sheet(name, grid, wrap_u=True, uv=uv)


def vessel_profile(outer: Points, thickness: float) -> Points:
    """Outer profile (bottom centre up to the rim) -> closed wall with a rounded lip and a floor."""
    outer = np.asarray(outer, float)
    tangent = np.gradient(outer, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-12
    inward = np.stack([-tangent[:, 1], tangent[:, 0]], 1)
    inner = outer + inward * thickness
    inner[:, 0] = np.maximum(inner[:, 0], 0)
    inner[:, 1] = np.maximum(inner[:, 1], outer[:, 1].min() + thickness)
    middle, half = (outer[-1] + inner[-1]) / 2, thickness / 2
    turn = np.linspace(0, math.pi, 9)[1:-1, None]
    lip = middle - inward[-1] * half * np.cos(turn) + tangent[-1] * half * np.sin(turn)
    return np.concatenate([outer, lip, inner[::-1], [[0.0, inner[:, 1].min()]]])


def frames(path: Points, closed: bool, up=(0, 0, 1)) -> tuple[Points, Points]:
    """Two unit vectors across a path, carried along it without twisting."""
    if closed:
        tangent = np.roll(path, -1, 0) - np.roll(path, 1, 0)
    else:
        tangent = np.gradient(path, axis=0)
    length = np.linalg.norm(tangent, axis=1, keepdims=True)
    # Where the path stands still, it goes on as it came.
    moving = np.maximum.accumulate(np.where(length[:, 0] > 0, np.arange(len(path)), 0))
    tangent = tangent[moving] / length[moving]
    side = np.cross(tangent[0], up)
    if np.linalg.norm(side) < 1e-3:
        side = np.cross(tangent[0], (1, 0, 0))
    sides = []
    for t in tangent:
        side = side - t * side.dot(t)
        side = side / np.linalg.norm(side)
        sides.append(side)
    sides = np.array(sides)
    return sides, np.cross(sides, tangent)


def tube(
    name: str,
    path: Points,
    radius: float | Points,
    *,
    closed=False,
    sides=24,
    flat=1.0,
    up=(0, 0, 1),
    round_ends=True,
    power=2.0,
) -> bpy.types.Object:
    """Sweep a section along a path. `flat` squeezes it along the second frame vector; a `power`
    above 2 squares the ellipse, which makes straps and slats."""
    path = np.asarray(path, float)
    radius = np.broadcast_to(np.asarray(radius, float), (len(path),))
    side, other = frames(path, closed, up)
    angle = np.linspace(0, 2 * math.pi, sides, endpoint=False)
    c, s = np.cos(angle), np.sin(angle)
    c, s = np.sign(c) * np.abs(c) ** (2 / power), np.sign(s) * np.abs(s) ** (2 / power)
    ring = side[:, None] * c[None, :, None] + flat * other[:, None] * s[None, :, None]
    grid = path[:, None] + radius[:, None, None] * ring
    if not closed:
        grid = _with_ends(grid, path, ring, radius, min(flat, 1.0) if round_ends else 0.12)
    return sheet(name, grid, wrap_u=True, wrap_v=closed)


def _with_ends(grid: Points, path: Points, ring: Points, radius: Points, depth: float) -> Points:
    """Close both ends of a swept grid with a dome whose height is `depth` radii."""
    turn = np.linspace(0, math.pi / 2, 7)[1:]
    ends = []
    for at, inner in ((0, 1), (-1, -2)):
        out = path[at] - path[inner]
        out = out / np.linalg.norm(out)
        ends.append(
            [path[at] + out * radius[at] * depth * math.sin(a) + ring[at] * radius[at] * math.cos(a) for a in turn]
        )
    return np.concatenate([np.array(ends[0])[::-1], grid, np.array(ends[1])])


def rounded_box(
    name: str, size: Sequence[float], radius: float, *, puff: float = 0.0, cuts: int = 22
) -> bpy.types.Object:
    """A box with round edges; `puff` (metres) swells the faces as stuffing does."""
    half = np.asarray(size, float) / 2
    radius = min(radius, *(half * 0.999))
    # Points gather at the edges, where the rounding needs them.
    s = np.sin(np.linspace(-math.pi / 2, math.pi / 2, cuts))
    a, b = np.meshgrid(s, s)
    bm = bmesh.new()
    for axis in range(3):
        for sign in (-1, 1):
            p = np.empty((cuts, cuts, 3))
            p[..., axis], p[..., (axis + 1) % 3], p[..., (axis + 2) % 3] = sign, a, b
            p *= half
            core = np.clip(p, -(half - radius), half - radius)
            out = p - core
            out /= np.maximum(np.linalg.norm(out, axis=2, keepdims=True), 1e-9)
            swell = puff * ((1 - a**2) * (1 - b**2)) ** 0.6
            grid = core + out * radius + out * swell[..., None]
            uv = np.stack([p[..., (axis + 1) % 3], p[..., (axis + 2) % 3]], -1)
            _fill(bm, grid, False, False, uv)
    bmesh.ops.remove_doubles(bm, verts=bm.verts, dist=1e-5)
    return mesh_object(name, bm)


def _drawn_in(u, v, width, height):
    return (u * width / 2 * (1 - 0.05 * (1 - v**2)), v * height / 2 * (1 - 0.05 * (1 - u**2)))


def cushion_edge(width: float, height: float) -> Points:
    """The seam around a cushion, for its piping."""
    t, one = np.linspace(-1, 1, 24, endpoint=False), np.ones(24)
    u, v = np.concatenate([t, one, -t, -one]), np.concatenate([-one, t, one, -t])
    return np.stack([*_drawn_in(u, v, width, height), 0 * u], 1)


def cushion(
    name: str, width: float, height: float, thickness: float, *, cuts: int = 56, seed: int = 0, wrinkle: float = 0.006
) -> bpy.types.Object:
    """A stuffed cushion lying in xy: pointed corners, edges that pull in, small seam puckers."""
    s = np.sin(np.linspace(-math.pi / 2, math.pi / 2, cuts))
    u, v = np.meshgrid(s, s)
    # Stuffing draws the middle of each edge inwards, corners stay out.
    x, y = _drawn_in(u, v, width, height)
    body = ((1 - np.abs(u) ** 2.2) * (1 - np.abs(v) ** 2.2)).clip(0, 1) ** 0.5
    edge = 1 - np.maximum(np.abs(u), np.abs(v))
    rng = np.random.default_rng(seed)
    phase = rng.uniform(0, 6.28, 4)
    pucker = np.sin(u * 23 + phase[0]) * (np.abs(v) > np.abs(u)) + np.sin(v * 23 + phase[1]) * (np.abs(u) >= np.abs(v))
    folds = np.sin((u + v) * 4 + phase[2]) * np.sin((u - v) * 3 + phase[3])
    # Tension lines run from the corners towards the middle.
    corner = np.sin(np.arctan2(1 - np.abs(v), 1 - np.abs(u)) * 14 + phase[0]) * (np.abs(u * v)) ** 0.8
    z = thickness / 2 * body + wrinkle * (
        0.6 * pucker * np.exp(-edge * 7) * np.minimum(1, edge * 25)
        + 1.2 * folds * body
        + 0.9 * corner * np.minimum(1, edge * 12)
    )
    bm = bmesh.new()
    uv = np.stack([u * width / 2, v * height / 2], -1)
    for sign in (1, -1):
        _fill(bm, np.stack([x, y, sign * z], -1), False, False, uv)
    bmesh.ops.remove_doubles(bm, verts=bm.verts, dist=1e-5)
    return mesh_object(name, bm)


def plate(
    name: str, outlines: Sequence[Points], thickness: float, bevel: float = 0.0, z: float = 0.0
) -> bpy.types.Object:
    """A flat shape cut out of the xy plane (later outlines are holes), with softened edges."""
    data = bpy.data.curves.new(name, "CURVE")
    data.dimensions, data.fill_mode = "2D", "BOTH"
    data.extrude, data.bevel_depth, data.bevel_resolution = max(thickness / 2 - bevel, 0), bevel, 4
    # The bevel grows the outline; drawing it back keeps the size asked for.
    data.offset = -bevel
    for outline in outlines:
        spline = data.splines.new("POLY")
        spline.points.add(len(outline) - 1)
        for point, (x, y) in zip(spline.points, outline, strict=True):
            point.co = (x, y, 0, 1)
        spline.use_cyclic_u = True
    temporary = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(temporary)
    bm = bmesh.new()
    bm.from_mesh(temporary.evaluated_get(bpy.context.evaluated_depsgraph_get()).to_mesh())
    bpy.data.objects.remove(temporary)
    bmesh.ops.remove_doubles(bm, verts=bm.verts, dist=1e-6)
    layer = bm.loops.layers.uv.verify()
    for face in bm.faces:
        for loop in face.loops:
            loop[layer].uv = loop.vert.co.xy
    obj = mesh_object(name, bm)
    obj.location.z = z
    weighted = obj.modifiers.new("flat faces", "WEIGHTED_NORMAL")
    weighted.keep_sharp = True
    return obj


def sphere(name: str, radius: float, segments: int = 64) -> bpy.types.Object:
    angle = np.linspace(-math.pi / 2, math.pi / 2, segments // 2 + 1)
    return lathe(name, np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), segments)


def cylinder(
    name: str, radius: float, height: float, bevel: float = 0.002, top: float | None = None
) -> bpy.types.Object:
    """A disc, rod or cone standing on z = 0 with softened edges; `top` is the upper radius."""
    top = radius if top is None else top
    bevel = min(bevel, height / 2.01, radius * 0.9, top * 0.9)
    turn = np.linspace(0, math.pi / 2, 6)
    lower = np.stack([radius - bevel + bevel * np.sin(turn), bevel - bevel * np.cos(turn)], 1)
    upper = np.stack([top - bevel + bevel * np.cos(turn), height - bevel + bevel * np.sin(turn)], 1)
    flat = 0.02 * bevel
    profile = np.concatenate([[[0, 0]], lower[:1] - [[flat, 0]], lower, upper, upper[-1:] - [[flat, 0]], [[0, height]]])
    obj = lathe(name, profile)
    obj.modifiers.new("flat faces", "WEIGHTED_NORMAL")
    return obj


def place(obj: bpy.types.Object, at=(0, 0, 0), turn=(0, 0, 0), scale=None) -> bpy.types.Object:
    """Move the vertices themselves (degrees, about the origin), so object space stays the world."""
    matrix = Matrix.Translation(Vector(at))
    for axis, degrees in zip("ZYX", turn[::-1], strict=True):
        matrix = matrix @ Matrix.Rotation(math.radians(degrees), 4, axis)
    if scale is not None:
        matrix = matrix @ Matrix.Diagonal((*np.broadcast_to(scale, 3), 1))
    obj.data.transform(matrix @ Matrix.Translation(obj.location))
    obj.location = (0, 0, 0)
    if matrix.determinant() < 0:
        obj.data.flip_normals()
    return obj


def copy(obj: bpy.types.Object, at=(0, 0, 0), turn=(0, 0, 0), scale=None) -> bpy.types.Object:
    twin = obj.copy()
    twin.data = obj.data.copy()
    bpy.context.scene.collection.objects.link(twin)
    return place(twin, at, turn, scale)


def thicken(obj: bpy.types.Object, thickness: float, offset: float = 0.0) -> bpy.types.Object:
    modifier = obj.modifiers.new("thickness", "SOLIDIFY")
    modifier.thickness, modifier.offset = thickness, offset
    return obj


def crumple(
    obj: bpy.types.Object, strength: float, size: float, seed: float = 0.0, stretch=(1, 1, 1)
) -> bpy.types.Object:
    """Push vertices along their normals by soft noise; `stretch` lengthens the folds on an axis."""
    offset = Vector((seed * 7.3, seed * 3.1, seed * 5.7))
    scale = Vector(1 / (size * s) for s in stretch)
    normals = [v.normal.copy() for v in obj.data.vertices]
    for vertex, normal in zip(obj.data.vertices, normals, strict=True):
        at = Vector(a * b for a, b in zip(vertex.co, scale, strict=True)) + offset
        vertex.co += normal * strength * noise.fractal(at, 0.9, 2.1, 3)
    return obj


def bend(obj: bpy.types.Object, function) -> bpy.types.Object:
    """Apply a function of an (n, 3) array to the vertices."""
    count = len(obj.data.vertices)
    flat = np.empty(count * 3)
    obj.data.vertices.foreach_get("co", flat)
    obj.data.vertices.foreach_set("co", np.asarray(function(flat.reshape(-1, 3))).ravel())
    obj.data.update()
    return obj


def rest_on_ground(objects: Sequence[bpy.types.Object]) -> None:
    """Lower (or lift) a product so that its lowest vertex touches z = 0."""
    lowest = min(point[2] for obj in objects for point in world_points(obj))
    for obj in objects:
        obj.location.z -= lowest


def world_points(obj: bpy.types.Object) -> Points:
    """Vertices as rendered: modifiers applied, in world space."""
    bpy.context.view_layer.update()
    evaluated = obj.evaluated_get(bpy.context.evaluated_depsgraph_get())
    mesh = evaluated.to_mesh()
    flat = np.empty(len(mesh.vertices) * 3)
    mesh.vertices.foreach_get("co", flat)
    matrix = np.array(obj.matrix_world)
    evaluated.to_mesh_clear()
    return flat.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3]
