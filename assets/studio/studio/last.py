"""The last: the foot-shaped form every shoe starts from, and the parts cut to fit it.

Footwear looks like footwear when its side view, its plan and its sections agree. So a `Last` is told
as a shoemaker draws it: the front line from the toe up the instep, the back line up the heel, the
width along the foot, and how both ends round off. Lengths run from the heel (u = 0) to the toe,
heights from the feather edge, where upper and sole meet; `base` then lifts that edge over the ground.

The upper is rings: k = 0 is the feather edge, k = 1 the topline, and a runs from 0 at the toe to 1
(or -1, the inner side) at the back of the heel. Caps, counters and eyestays are patches of (a, k).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import bpy
import numpy as np

from .geometry import Points, copy, curve, sheet, tube

Table = Sequence[tuple[float, float]]
TIP = 0.004  # height of the rubber a heel stands on


def _smooth(table: Table) -> Points:
    return curve(table, 300)


def _by(table: Points, value, by: int = 0):
    """One column of a sampled curve as a function of the other, which must rise or fall all along."""
    along = table if table[0, by] < table[-1, by] else table[::-1]
    return np.interp(value, np.maximum.accumulate(along[:, by]), along[:, 1 - by])


def _end(distance, reach, power):
    """How a contour closes: 0 at its tip, 1 from `reach` on."""
    t = 1 - np.clip(distance / reach, 0, 1)
    return np.clip(1 - t**power, 0, 1) ** (1 / power)


@dataclass(frozen=True)
class Last:
    length: float
    ridge: Table  # (u, height) from the tip of the toe up the instep, rising
    back: Table  # (u, height) up the heel
    widths: Table  # (u, half width) before the ends round off
    narrowing: Table  # (height, factor)
    toe: Table  # (height, length of the toe's rounding)
    heel: Table  # (height, length of the heel's rounding)
    base: Table  # (u, height of the feather edge over the ground)
    throat: float  # height of the topline in front
    top: float  # and behind
    collar: Table = ((0, 0), (1, 0))  # (share of the way back, height over the line between the two)
    point: float = 2.2  # above 2 a square toe, towards 1 a pointed one
    turn: float = 0.006  # how far the toe bends inwards
    lean: float = 1.2  # above 1 the rings lag behind at the heel

    @cached_property
    def _tables(self) -> dict[str, Points]:
        names = ("ridge", "back", "widths", "narrowing", "toe", "heel", "base", "collar")
        return {name: _smooth(getattr(self, name)) for name in names}

    @cached_property
    def _front(self) -> Points:
        """The ridge up to the throat by length, so that rings are evenly far apart on the toe."""
        ridge = self._tables["ridge"]
        ridge = ridge[: np.searchsorted(ridge[:, 1], self.throat) + 1]
        along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(ridge, axis=0), axis=1))])
        return np.stack([along / along[-1], *ridge.T], 1)

    def ridge_height(self, u):
        return _by(self._tables["ridge"], u)

    def ground(self, u):
        return _by(self._tables["base"], u)

    def half_width(self, u, z):
        t = self._tables
        wide = _by(t["widths"], u) * _by(t["narrowing"], z)
        toe = _end(_by(t["ridge"], z, 1) - u, _by(t["toe"], z), self.point)
        return wide * toe * _end(u - _by(t["back"], z, 1), _by(t["heel"], z), 2.2)

    def world(self, side, u, z) -> Points:
        """Foot coordinates to metres: the toe looks to -y, the arch is hollow on the inner side."""
        bend = -self.turn * np.clip((u / self.length - 0.55) / 0.45, 0, 1) ** 2
        waist = 0.12 * np.exp(-(((u / self.length - 0.42) / 0.14) ** 2)) * np.exp(-((z / 0.03) ** 2))
        x = side * self.half_width(u, z) * np.where(side < 0, 1 - waist, 1)
        return np.stack(np.broadcast_arrays(x + bend, self.length / 2 - u, z + self.ground(u)), -1)

    def instep(self, z) -> tuple[Points, Points, Points]:
        """The front line at heights above the feather edge: u, height over the ground, normal."""
        u = _by(self._tables["ridge"], z, 1)
        height = z + self.ground(u)
        normal = np.stack([0 * u, -np.gradient(height), -np.gradient(u)], 1)
        return u, height, normal / np.linalg.norm(normal, axis=1, keepdims=True)

    def at(self, a, k) -> Points:
        a, k = np.broadcast_arrays(np.asarray(a, float), np.asarray(k, float))
        a = (a + 1) % 2 - 1
        s = (1 - np.cos(math.pi * np.abs(a))) / 2
        front = self._front
        uf, zf = np.interp(k, front[:, 0], front[:, 1]), np.interp(k, front[:, 0], front[:, 2])
        zb = self.top * k**self.lean
        ub = _by(self._tables["back"], zb, 1)
        z = zf + (zb - zf) * s + k * _by(self._tables["collar"], s)
        return self.world(np.where(a < 0, -1, 1), uf + (ub - uf) * s, z)

    def level(self, a, z) -> Points:
        """The contour at one height above the feather edge."""
        s = (1 - np.cos(math.pi * np.abs(a))) / 2
        front, behind = (_by(self._tables[name], z, 1) for name in ("ridge", "back"))
        return self.world(np.sign(a), front + (behind - front) * s, z)

    def normal(self, a, k) -> Points:
        step = 2e-3
        along = self.at(np.add(a, step), k) - self.at(np.subtract(a, step), k)
        up = self.at(a, np.clip(np.add(k, step), 0, 1)) - self.at(a, np.clip(np.subtract(k, step), 0, 1))
        out = np.cross(along, up)
        return out / (np.linalg.norm(out, axis=-1, keepdims=True) + 1e-12)

    def off(self, a, k, distance) -> Points:
        """On the surface, or so far above it."""
        return self.at(a, k) + self.normal(a, k) * np.asarray(distance, float)[..., None]

    def over(self, u, phi, distance=0.0) -> Points:
        """Across the closed foot: phi is 0 at the outer feather edge, pi / 2 on the instep, pi inside."""

        def point(u, phi):
            return self.world(np.sign(np.cos(phi)), u, self.ridge_height(u) * np.sin(phi))

        u, phi = np.broadcast_arrays(np.asarray(u, float), np.asarray(phi, float))
        out = np.cross(point(u, phi + 0.02) - point(u, phi - 0.02), point(u + 1e-3, phi) - point(u - 1e-3, phi))
        out /= np.linalg.norm(out, axis=-1, keepdims=True) + 1e-12
        return point(u, phi) + out * np.asarray(distance, float)[..., None]


# ---------------------------------------------------------------- parts of the upper


def upper(last: Last, rows: int = 56, columns: int = 150, lining: float = 0.003, low: float = 0.0) -> list:
    """The upper and, inside it, its lining: two sheets, so that each can have its colour."""
    a = np.linspace(-1, 1, columns, endpoint=False)
    k = np.linspace(low, 1, rows)[:, None]
    outside = sheet("upper", last.at(a, k), wrap_u=True)
    # Every second ring is enough for what is seen through the opening only.
    inside = sheet("lining", last.off(a[::2], np.linspace(1, 0.05, rows // 2)[:, None], -lining), wrap_u=True)
    return [outside, inside]


def topline(last: Last, radius: float, lining: float = 0.003, flat: float = 1.0, span=(-1.0, 1.0)) -> bpy.types.Object:
    """The rolled edge over upper and lining."""
    whole = span == (-1.0, 1.0)
    a = np.linspace(*span, 180, endpoint=not whole)
    return tube("topline", last.off(a, np.ones_like(a), -lining / 2), radius, closed=whole, sides=12, flat=flat)


def laid(
    last: Last, where: Callable, thickness: Callable | float = 0.0012, cuts: tuple[int, int] = (16, 60)
) -> bpy.types.Object:
    """A piece laid on the upper: `where` says (a, k) for the shares p and q along its two sides."""
    p, q = _padded(cuts[0])[:, None], _padded(cuts[1])[None]
    # The outermost points of the grid dive below the surface: a cut edge instead of a floating skin.
    edge = (p < 0) | (p > 1) | (q < 0) | (q > 1)
    p, q = np.clip(p, 0, 1) + 0 * q, np.clip(q, 0, 1) + 0 * p
    high = thickness(p, q) if callable(thickness) else thickness
    return sheet("patch", last.off(*where(p, q), np.where(edge, -0.0015, high)))


def patch(
    last: Last,
    span: tuple[float, float],
    low: Callable | float,
    high: Callable | float,
    thickness: Callable | float = 0.0012,
    cuts: tuple[int, int] = (16, 60),
) -> bpy.types.Object:
    """A piece laid on the upper: a from `span`, k between two functions of the share along it."""

    def where(p, q):
        lower, higher = (f(q) if callable(f) else f for f in (low, high))
        return span[0] + (span[1] - span[0]) * q, lower + (higher - lower) * p

    return laid(last, where, thickness, cuts)


def _padded(cuts: int) -> Points:
    inner = np.linspace(0, 1, cuts)
    return np.concatenate([[-1], inner, [2]])


def seam(last: Last, a, k, height: float = 0.0016, radius: float = 0.0005) -> bpy.types.Object:
    """Stitches along a path on the upper: one thread that dips every three millimetres."""
    a, k = np.broadcast_arrays(np.asarray(a, float), np.asarray(k, float))
    return thread(last.off(a, k, np.full(a.shape, height)), radius)


def thread(path: Points, radius: float = 0.0005, stitch: float = 0.0032) -> bpy.types.Object:
    length = np.linalg.norm(np.diff(path, axis=0), axis=1).sum()
    count = max(2, round(length / stitch))
    path = curve(path, count * 4 + 1)
    shape = np.tile([0.15, 0.95, 1.0, 0.95], count)
    return tube("stitches", path, radius * np.append(shape, 0.15), sides=6)


def eyelet(last: Last, a: float, k: float, radius: float, height: float = 0.0015) -> bpy.types.Object:
    centre, out = last.off(a, k, height), last.normal(a, k)
    first = np.cross(out, (0, 1, 0))
    first /= np.linalg.norm(first)
    turn = np.linspace(0, 2 * math.pi, 16, endpoint=False)[:, None]
    ring = centre + radius * (np.cos(turn) * first + np.sin(turn) * np.cross(out, first))
    return tube("eyelet", ring, radius * 0.42, closed=True, sides=8)


def strap(
    last: Last,
    line: Table,
    width: float,
    height: float = 0.0015,
    thickness: float = 0.0022,
    span: tuple[float, float] = (-0.12, math.pi + 0.12),
    rise: float = 0.0,
) -> bpy.types.Object:
    """A strap over the foot: `line` is (phi, u), the way its middle takes; `rise` lifts its middle
    over a strap that it crosses."""
    line = _smooth(line)
    phi = np.linspace(*span, 64)
    middle = np.interp(phi, line[:, 0], line[:, 1])
    across = np.array([-0.96, -1, -1, -0.95, -0.6, -0.2, 0.2, 0.6, 0.95, 1, 1, 0.96])
    lift = np.array([0, 0, 0.7, 1, 1, 1, 1, 1, 1, 0.7, 0, 0]) * thickness
    u = middle + across[:, None] * width / 2
    return sheet("strap", last.over(u, phi, height + rise * np.sin(phi) + lift[:, None]), wrap_v=True)


# ---------------------------------------------------------------- laces


def lace(path: Points, radius: float, up, flat: float = 0.45) -> bpy.types.Object:
    return tube("lace", curve(path, 26), radius, sides=10, flat=flat, up=up, power=2.6, round_ends=False)


def clearance(last: Last, point: Points) -> float:
    """How far a point between two eyelets lies under the foot's front line."""
    u, height, normal = last.instep(np.linspace(0, last.throat + 0.06, 200))
    gaps = np.stack([0 * u, last.length / 2 - u, height], 1) - point
    nearest = np.linalg.norm(gaps, axis=1).argmin()
    return max(0.0, float(gaps[nearest] @ normal[nearest]))


def lacing(pairs: Points, lifts: Sequence[float], radius: float) -> list[bpy.types.Object]:
    """Criss-cross between (n, 2, 3) eyelets, then a bow. The laces pass over the middle by `lifts`."""
    parts = []
    ups = _outward(pairs)
    for row in range(len(pairs)):
        left, right = pairs[row]
        ends = [(left, right)] if row in (0, len(pairs) - 1) else []
        if row + 1 < len(pairs):
            ends += [(left, pairs[row + 1][1]), (right, pairs[row + 1][0])]
        for number, (start, end) in enumerate(ends):
            rise = ups[row] * (max(lifts[row : row + 2]) + radius * 0.8 * (number % 2))
            middle = (start + end) / 2 + rise
            path = [start - ups[row] * 0.002, start + (end - start) * 0.16 + rise * 0.62, middle,
                    end + (start - end) * 0.16 + rise * 0.62, end - ups[row] * 0.002]  # fmt: skip
            parts.append(lace(np.array(path), radius, ups[row]))
    return parts + bow(pairs[-1].mean(0) + ups[-1] * (lifts[-1] + radius), ups[-1], radius)


def _outward(pairs: Points) -> Points:
    climb = np.gradient(pairs.mean(1), axis=0)
    across = pairs[:, 0] - pairs[:, 1]
    out = np.cross(across, climb)
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    return out * np.where(out[:, 1:2] > 0, -1, 1)


def bow(knot: Points, out: Points, radius: float) -> list[bpy.types.Object]:
    """Two loops and two ends that hang to the sides of the knot."""
    down = np.cross(out, (1, 0, 0))
    down *= -1 if down[2] > 0 else 1
    side = np.array([1.0, 0, 0])

    def path(points, sign):
        return np.array([knot + sign * x * side + y * out + z * down for x, y, z in points])

    loop = [
        (0, 0, 0),
        (0.012, 0.007, -0.003),
        (0.027, 0.005, 0.004),
        (0.034, -0.004, 0.014),
        (0.029, -0.006, 0.021),
        (0.018, 0.0, 0.015),
        (0, 0.002, 0.002),
    ]
    tail = [(0, 0, 0), (0.008, 0.002, 0.011), (0.015, -0.005, 0.023), (0.019, -0.014, 0.036)]
    parts = [lace(path(points, sign), radius, out) for sign in (-1, 1) for points in (loop, tail)]
    parts.append(lace(path([(-0.005, 0.001, -0.001), (0, 0.003, 0), (0.005, 0.001, 0.001)], 1), radius * 1.5, out, 0.8))
    return parts


# ---------------------------------------------------------------- soles and heels


def rings(last: Last, levels: Sequence[tuple[float, float, float]], low: Callable, columns: int = 150) -> Points:
    """Outlines around the foot, (share, lift, out): so far between the ground line `low(u)` and the
    feather edge, then so much higher, and so far outside it."""
    a = np.linspace(-1, 1, columns, endpoint=False)
    edge = last.at(a, 0.0)
    step = np.roll(edge, -1, 0) - np.roll(edge, 1, 0)
    out = np.stack([step[:, 1], -step[:, 0], 0 * a], 1)
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    bottom = low(last.length / 2 - edge[:, 1])
    grid = []
    for share, lift, wider in levels:
        ring = edge + out * np.asarray(wider)[..., None]
        ring[:, 2] = bottom + (edge[:, 2] - bottom) * share + lift
        grid.append(ring)
    return np.array(grid)


def solid(name: str, grid: Points) -> bpy.types.Object:
    """Close stacked outlines by drawing the first and the last in to their middle line."""

    def closing(ring):
        shares = np.array([0.97, 0.5, 0.0])[:, None]
        # Column j and its mirror image share a length along the foot: their mean is the middle.
        middle = (ring + np.roll(ring[::-1], 1, 0)) / 2
        return middle + (ring - middle) * shares[..., None]

    return sheet(name, np.concatenate([closing(grid[0])[::-1], grid, closing(grid[-1])]), wrap_u=True)


def sole(
    last: Last, thickness: float, out: float = 0.002, lift: float = 0.0, bevel: float = 0.0012
) -> bpy.types.Object:
    """A sole of even thickness under the feather edge; `lift` raises its rim over the upper's foot."""
    levels = [(1, -0.001, -0.006)] if not lift else [(1, lift - 0.001, -0.002)]
    levels += [
        (1, lift, out - bevel),
        (1, lift - bevel * 0.4, out - bevel * 0.3),
        (1, lift - bevel, out),
        (0, bevel, out),
        (0, bevel * 0.4, out - bevel * 0.3),
        (0, 0, out - bevel),
    ]
    return solid("sole", rings(last, levels, lambda u: last.ground(u) - thickness))


def heel_block(
    last: Last, thickness: float, length: float, foot: tuple[float, float], at: float, curve_in: float, out: float = 0.0
) -> list[bpy.types.Object]:
    """A heel and its rubber tip, from under the sole to the ground: D-shaped, `foot` (width, length) where it stands,
    its back `at` metres in front of the heel; `curve_in` hollows the taper, as a stiletto's."""
    angle = np.linspace(-0.5, 0.5, 44) * math.pi
    across = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.8
    first = last.back[0][0]
    u_top = first + (length - first) * (1 - np.cos(angle))
    wide = last.half_width(u_top, np.zeros_like(u_top)) + out
    top = np.stack([np.sign(across) * wide, u_top - out * np.cos(angle)], 1)
    bottom = np.stack([across * foot[0] / 2, at + foot[1] * (1 - np.cos(angle))], 1)
    breast = np.linspace(1, -1, 14)[1:-1]
    grid = []
    for q in np.linspace(0, 1, 30) ** 1.8:
        blend = q ** (1 / curve_in)
        ring = top + (bottom - top) * blend
        # The breast is hollow in plan, and its hollow ends on the ground.
        inner = np.stack([ring[-1, 0] * breast, ring[-1, 1] - 0.006 * (1 - blend) * (1 - breast**2)], 1)
        ring = np.concatenate([ring, inner])
        height = last.ground(np.clip(ring[:, 1], 0, None)) - thickness
        grid.append(np.stack([ring[:, 0], last.length / 2 - ring[:, 1], height * (1 - q)], 1))
    grid = np.array(grid)
    centre = grid[-1].mean(0)
    stands = [centre + (grid[-1] - centre) * share for share in (1.0, 0.98, 0.0)]
    rim = centre + (grid[-1] - centre) * (1 + 0.0007 / np.ptp(grid[-1], axis=0)[:2].min() * np.array([2, 2, 0]))
    levels = [centre + 0 * rim, rim, rim, stands[1], stands[2]]
    for level, height in zip(levels, (TIP, TIP, 0.0005, 0.0, 0.0), strict=True):
        level[:, 2] = height
    return [sheet("heel", np.concatenate([grid, stands[1:]]), wrap_u=True), sheet("tip", np.array(levels), wrap_u=True)]


# ---------------------------------------------------------------- hardware


def buckle(centre: Points, along: Points, out: Points, size: tuple[float, float], wire: float = 0.0011) -> list:
    """A frame of wire lying on a strap, its pin along the strap."""
    along, out = (np.asarray(v, float) / np.linalg.norm(v) for v in (along, out))
    across = np.cross(out, along)
    angle = np.linspace(0, 2 * math.pi, 40, endpoint=False)
    c, s = (np.sign(f) * np.abs(f) ** 0.45 for f in (np.cos(angle), np.sin(angle)))
    frame = centre + out * wire + along * c[:, None] * size[0] / 2 + across * s[:, None] * size[1] / 2
    pin = np.array([centre + out * wire * 1.6 + along * t * size[0] / 2 for t in (-1.0, 0, 1.1)])
    return [tube("buckle", frame, wire, closed=True, sides=10), tube("pin", pin, wire * 0.75, sides=8)]


def band(path: Points, width: float, thickness: float, closed: bool = False, up=(0, 0, 1)) -> bpy.types.Object:
    """A flat strap whose width stands along `up`."""
    return tube(
        "strap", path, thickness / 2, closed=closed, sides=20, flat=width / thickness, up=up, power=4, round_ends=False
    )


# ---------------------------------------------------------------- the pair


def pair(parts: list[bpy.types.Object], apart: float, ahead: float, turn: float = 0.0) -> list[bpy.types.Object]:
    """The left shoe in front of the camera, and the right one, its mirror image, behind it."""
    twins = [copy(part, (-apart, -ahead, 0), (0, 0, turn), (-1, 1, 1)) for part in parts]
    return parts + twins
