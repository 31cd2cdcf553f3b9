"""A camera that frames a product exactly, whatever its shape."""

import math

import bpy
import numpy as np
from mathutils import Matrix

LENS, SENSOR = 85.0, 36.0  # the classic product lens: little distortion, some depth


def direction(azimuth: float, elevation: float) -> np.ndarray:
    """Unit vector from the subject to the camera. Azimuth 0 looks at the front (-y), and a
    positive one walks to the viewer's right."""
    a, e = math.radians(azimuth), math.radians(elevation)
    return np.array([math.sin(a) * math.cos(e), -math.cos(a) * math.cos(e), math.sin(e)])


def _axes(towards: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    right = np.cross((0, 0, 1), towards)
    if np.linalg.norm(right) < 1e-6:  # straight down: the top of the picture is +y
        right = np.array([1.0, 0, 0])
    right /= np.linalg.norm(right)
    return right, np.cross(towards, right)


def frame(
    points: np.ndarray,
    azimuth: float,
    elevation: float,
    fill: float = 0.78,
    lens: float = LENS,
    roll: float = 0.0,
    offset=(0.0, 0.0),
) -> bpy.types.Object:
    """A camera whose picture holds the (n, 3) points centred, their longer side `fill` of it.
    `offset` moves the subject in shares of the picture, for scenes that want it off centre."""
    towards = direction(azimuth, elevation)
    right, up = _axes(towards)
    half = SENSOR / 2 / lens  # tangent of half the field of view
    target = (points.min(0) + points.max(0)) / 2
    distance = np.linalg.norm(np.ptp(points, axis=0)) / half
    for _ in range(12):
        rel = points - (target + towards * distance)
        depth = -rel @ towards
        x, y = rel @ right / depth / half, rel @ up / depth / half
        middle = np.array([x.min() + x.max(), y.min() + y.max()]) / 2 - 2 * np.asarray(offset)
        extent = max(np.ptp(x), np.ptp(y)) / 2
        target = target + (right * middle[0] + up * middle[1]) * distance * half
        distance *= 1 + 0.8 * (extent / fill - 1)
    data = bpy.data.cameras.new("camera")
    data.lens, data.sensor_width = lens, SENSOR
    data.clip_start, data.clip_end = distance / 100, distance * 100
    camera = bpy.data.objects.new("camera", data)
    c, s = math.cos(math.radians(roll)), math.sin(math.radians(roll))
    columns = np.eye(4)
    columns[:3, 0], columns[:3, 1] = right * c + up * s, up * c - right * s
    columns[:3, 2], columns[:3, 3] = towards, target + towards * distance
    camera.matrix_world = Matrix(columns.tolist())
    bpy.context.scene.collection.objects.link(camera)
    bpy.context.scene.camera = camera
    return camera


def close_up(camera: bpy.types.Object, at: tuple[float, float], zoom: float) -> None:
    """A lens `zoom` times as long on the same tripod, shifted so that the place `at` (shares of the
    picture, from its top left) becomes the middle."""
    camera.data.lens *= zoom
    camera.data.shift_x, camera.data.shift_y = (at[0] - 0.5) * zoom, (0.5 - at[1]) * zoom
