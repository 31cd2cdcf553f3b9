"""Light: the packshot studio. Scenes bring their own (scenes.py)."""

import bpy
import numpy as np
from mathutils import Vector

from . import geometry, materials


def world(colour=(1, 1, 1), strength: float = 1.0) -> None:
    background = bpy.data.worlds.new("world")
    background.use_nodes = True
    node = background.node_tree.nodes["Background"]
    node.inputs["Color"].default_value = (*colour, 1)
    node.inputs["Strength"].default_value = strength
    bpy.context.scene.world = background


def softbox(at, target, size: float, power: float, colour=(1, 1, 1)) -> bpy.types.Object:
    data = bpy.data.lights.new("softbox", "AREA")
    data.shape, data.size, data.energy, data.color = "DISK", size, power, colour
    light = bpy.data.objects.new("softbox", data)
    light.location = at
    light.rotation_euler = (Vector(target) - Vector(at)).to_track_quat("-Z", "Y").to_euler()
    bpy.context.scene.collection.objects.link(light)
    return light


def packshot(points: np.ndarray, azimuth: float, flat: bool = False) -> bpy.types.Object:
    """The ground, under light as in a product studio: white ground, a big key light front left of the camera, one from above and behind
    for the rim. All distances follow the subject, so a watch and a sofa get the same light."""
    low, high = points.min(0), points.max(0)
    centre, radius = (low + high) / 2, float(np.linalg.norm(high - low)) / 2
    turn = np.radians(azimuth)
    rotate = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])

    def lamp(at, size, power):
        softbox(centre + rotate @ np.array(at) * radius, centre, size * radius, power * radius**2)

    if flat:
        # From above, light from above shows no folds: one low window at the upper left does.
        world((1, 1, 1), 0.55)
        lamp((-3.2, 2.2, 1.7), 1.8, 190)
        lamp((2.6, -1.6, 2.6), 2.6, 22)
    else:
        world((1, 1, 1), 0.55)
        lamp((-2.6, -2.4, 3.0), 2.6, 120)  # key
        lamp((2.9, -1.6, 1.6), 2.6, 26)  # fill, weak: shape needs a dark side
        lamp((0.4, 2.2, 3.6), 3.0, 80)  # top and rim
    corners = np.array([[[-1.0, -1, 0], [1, -1, 0]], [[-1, 1, 0], [1, 1, 0]]])
    ground = geometry.sheet("ground", corners * 40 * radius + centre * (1, 1, 0))
    materials.dress(materials.simple("paper", (0.86, 0.86, 0.86), 0.9), ground)
    ground.location.z = low[2]
    return ground
