"""One product on white, from three sides: build once, then light, frame and shoot each picture."""

import bpy
import numpy as np
from PIL import Image

from . import camera, geometry, lighting, photo
from .kind import Spec
from .materials import MATERIALS

# Samples of the further pictures, for each of the packshot's: a close-up has few edges to smooth.
ANGLE_SHARE, DETAIL_SHARE = 2 / 3, 1 / 2
FULL = 0.72  # share of a close-up that the product should fill at least
ZOOMS = (1.0, 1.35, 1.8)  # a thin product is taken from closer, until it fills the picture


class Studio:
    """A product that stands ready."""

    def __init__(self, spec: Spec, size: int, samples: int):
        self.view, self.size = spec.kind.view, size
        self.samples = samples * (1.5 if MATERIALS[spec.material].glass else 1)  # glass is slow to settle
        photo.fresh_scene((size, size), samples, spec.seed % 10_000)
        self.objects = spec.kind.build(spec)
        geometry.rest_on_ground(self.objects)
        self.points = np.concatenate([geometry.world_points(obj) for obj in self.objects])
        self._stays = {obj.name for obj in bpy.context.scene.objects}
        self._dark: np.ndarray | None = None

    def packshot(self) -> tuple[Image.Image, Image.Image]:
        """The picture and its 1-bit mask."""
        ground = self._set(self.view.azimuth, self.view.elevation, self.samples)
        product = photo.cut_out(ground, self.size)
        self._dark = photo.shadow(self.objects, ground, self.size)
        mask = Image.fromarray(((product[..., 3] > 127.5) * 255).astype(np.uint8)).convert("1")
        return photo.on_paper(product, self._dark), mask

    def angle(self) -> Image.Image:
        ground = self._set(*self.view.second, self.samples * ANGLE_SHARE)
        product = photo.cut_out(ground, self.size)
        return photo.on_paper(product, photo.shadow(self.objects, ground, self.size))

    def detail(self, picture: Image.Image, mask: Image.Image) -> Image.Image:
        """A close-up of the place that `telling` finds in the packshot and its mask."""
        if self._dark is None:  # a resumed run: the shadow as the packshot has it
            ground = self._set(self.view.azimuth, self.view.elevation, self.samples)
            self._dark = photo.shadow(self.objects, ground, self.size)
        ground = self._set(self.view.azimuth, self.view.elevation, self.samples * DETAIL_SHARE)
        (x, y), zoom = telling(picture, mask, self.view.detail, self.view.zoom)
        camera.close_up(bpy.context.scene.camera, (x, y), zoom)
        half, side = 0.5 / zoom, self.size
        box = tuple(min(max(v, 0), 1) * side for v in (x - half, y - half, x + half, y + half))  # rounding
        dark = Image.fromarray(self._dark.astype(np.float32)).resize((side, side), Image.BICUBIC, box)
        return photo.on_paper(photo.cut_out(ground, side), np.asarray(dark).clip(0, 1))

    def _set(self, azimuth: float, elevation: float, samples: float) -> bpy.types.Object:
        """Camera and light for one picture, in place of the last one's; the ground."""
        for obj in list(bpy.context.scene.objects):
            if obj.name not in self._stays:
                bpy.data.objects.remove(obj)
        bpy.context.scene.cycles.samples = max(1, round(samples))
        camera.frame(self.points, azimuth, elevation, self.view.fill)
        return lighting.packshot(self.points, azimuth, self.view.flat)


def telling(
    picture: Image.Image, mask: Image.Image, wish: tuple[float, float] | None, zoom: float
) -> tuple[tuple[float, float], float]:
    """Middle (shares from the top left) and zoom of the close-up: the window with the most to see
    in it, rather above the middle, that the product fills; nearer where no window is filled."""
    if wish is not None:
        return wish, zoom
    inside = np.asarray(mask, float)
    side = len(inside)
    grey = np.asarray(picture.convert("L"), float)
    rise, run = np.gradient(grey)
    # Strong edges count little more than fine ones, or every close-up would show a silhouette.
    busy = np.minimum(np.hypot(rise, run), 24) * inside
    for nearer in ZOOMS:
        width = round(side / (zoom * nearer))
        filled = _window_means(inside, width)
        if filled.max() >= FULL:
            break
    middle = (np.arange(len(filled)) + width / 2) / side
    far = np.hypot(middle[None] - 0.5, middle[:, None] - 0.4)
    enough = np.minimum(filled / max(FULL, 0.9 * filled.max()), 1)
    score = enough**4 * (_window_means(busy, width) + 1) * (1 - 0.5 * far)
    row, column = np.unravel_index(score.argmax(), score.shape)
    return (float(middle[column]), float(middle[row])), side / width


def _window_means(values: np.ndarray, width: int) -> np.ndarray:
    """Mean of every square window, by its top left corner."""
    sums = np.pad(values.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    return (sums[width:, width:] - sums[:-width, width:] - sums[width:, :-width] + sums[:-width, :-width]) / width**2
