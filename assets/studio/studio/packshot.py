"""One product on white: build, light, frame, shoot."""

import numpy as np
from PIL import Image

from . import camera, geometry, lighting, photo
from .kind import Spec


def packshot(spec: Spec, size: int, samples: int) -> tuple[Image.Image, Image.Image]:
    """The picture and its 1-bit mask."""
    photo.fresh_scene((size, size), samples, spec.seed % 10_000)
    objects = spec.kind.build(spec)
    geometry.rest_on_ground(objects)
    points = np.concatenate([geometry.world_points(obj) for obj in objects])
    view = spec.kind.view
    camera.frame(points, view.azimuth, view.elevation, view.fill)
    ground = lighting.packshot(points, view.azimuth, view.flat)
    picture, coverage = photo.on_white(objects, ground, size)
    return picture, Image.fromarray(((coverage > 0.5) * 255).astype(np.uint8)).convert("1")
