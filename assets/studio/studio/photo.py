"""Taking the picture: render, exact mask, and the retoucher's last step on the white ground."""

import os
import tempfile
from pathlib import Path

import bpy
import numpy as np
from PIL import Image, ImageFilter

from . import materials

# Above 1 the picture is rendered larger and scaled down: crisper edges, at the price of the square.
OVERSAMPLE = 1.0
SHADOW_SIZE, SHADOW_SAMPLES = 96, 12  # soft and denoised: more of either is not seen
WHITE = 252.0  # the paper: a breath under 255, so that a white product still has an edge


def fresh_scene(size: tuple[int, int], samples: int, seed: int = 0) -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y = (round(s * OVERSAMPLE) for s in size)
    scene.cycles.samples, scene.cycles.seed = samples, seed
    # Two runs pinned to a core each must not take the other's.
    scene.render.threads_mode, scene.render.threads = "FIXED", len(os.sched_getaffinity(0))
    scene.cycles.use_denoising, scene.cycles.denoiser = True, "OPENIMAGEDENOISE"
    # The default denoiser quality takes three times as long as the picture itself at this size.
    scene.cycles.denoising_prefilter, scene.cycles.denoising_quality = "FAST", "BALANCED"
    scene.cycles.use_adaptive_sampling = False
    cycles = scene.cycles
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 8, 3, 3
    cycles.transmission_bounces, cycles.transparent_max_bounces = 8, 8
    cycles.use_light_tree = False  # for three lamps the tree costs a fifth of the time and saves no noise
    # Caustics are fireflies at these sample counts; glass takes its light from straight shadows.
    scene.cycles.caustics_reflective = scene.cycles.caustics_refractive = False
    # AgX greys named colours; this one keeps them and only rolls off the highlights.
    scene.view_settings.view_transform = "Khronos PBR Neutral"
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_depth, scene.render.image_settings.compression = "8", 0


def shoot(size: tuple[int, int], transparent: bool = False) -> Image.Image:
    """The picture, RGB; or RGBA with nothing but shadows behind the product."""
    mode = "RGBA" if transparent else "RGB"
    bpy.context.scene.render.film_transparent = transparent
    bpy.context.scene.render.image_settings.color_mode = mode
    return _render(mode).resize(size, Image.LANCZOS)


def _render(mode: str) -> Image.Image:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.png"
        bpy.context.scene.render.filepath = str(path)
        bpy.ops.render.render(write_still=True)
        return Image.open(path, formats=["PNG"]).convert(mode).copy()


def masks(groups: list[list[bpy.types.Object]], size: tuple[int, int]) -> list[np.ndarray]:
    """Coverage in [0, 1] of every group of objects, hidden parts left out: the scene is rendered
    once more with each object emitting its own number and everything else black."""
    scene = bpy.context.scene
    for obj in scene.objects:
        obj.pass_index = 0
    for number, group in enumerate(groups, 1):
        for obj in group:
            obj.pass_index = number
    saved = scene.cycles.samples, scene.cycles.use_denoising, scene.view_settings.view_transform
    scene.cycles.samples, scene.cycles.use_denoising = 8, False
    scene.view_settings.view_transform = "Raw"
    scene.render.film_transparent = False
    scene.render.image_settings.color_mode = "RGB"
    layer = bpy.context.view_layer
    saved_world, scene.world = scene.world, None
    found = []
    for number in range(1, len(groups) + 1):
        layer.material_override = _index_material(number)
        coverage = np.asarray(_render("L").resize(size, Image.BOX), float) / 255
        found.append(coverage)
    layer.material_override = None
    scene.world = saved_world
    scene.cycles.samples, scene.cycles.use_denoising, scene.view_settings.view_transform = saved
    return found


def _index_material(number: int) -> bpy.types.Material:
    shader = materials.Shader(f"index {number}")
    index = shader.node("ObjectInfo").outputs["Object Index"]
    same = shader.node("Math", {0: index, 1: number, 2: 0.1}, operation="COMPARE").outputs[0]
    emission = shader.node("Emission", {"Strength": same}).outputs[0]
    output = next(n for n in shader.nodes if n.type == "OUTPUT_MATERIAL")
    shader.links.new(emission, output.inputs["Surface"])
    return shader.material


def cut_out(ground: bpy.types.Object, size: int) -> np.ndarray:
    """(size, size, 4) in [0, 255]: the product alone, alpha its exact coverage. The ground lights it
    but is not seen."""
    ground.visible_camera = False
    return np.asarray(shoot((size, size), transparent=True), float)


def shadow(objects: list[bpy.types.Object], ground: bpy.types.Object, size: int) -> np.ndarray:
    """How dark the paper is under the product, (size, size) in [0, 1]. A soft shadow needs few
    pixels, so it is shot small."""
    scene = bpy.context.scene
    full = scene.render.resolution_x, scene.render.resolution_y, scene.cycles.samples
    scene.render.resolution_x = scene.render.resolution_y = SHADOW_SIZE
    scene.cycles.samples = min(SHADOW_SAMPLES, scene.cycles.samples)
    ground.visible_camera, ground.is_shadow_catcher = True, True
    for obj in objects:
        obj.visible_camera = False
    small = shoot((SHADOW_SIZE, SHADOW_SIZE), transparent=True).getchannel("A")
    for obj in objects:
        obj.visible_camera = True
    ground.visible_camera, ground.is_shadow_catcher = False, False
    scene.render.resolution_x, scene.render.resolution_y, scene.cycles.samples = full
    # Blurred by less than a pixel of the small picture: that hides its squares.
    soft = small.resize((size, size), Image.BICUBIC).filter(ImageFilter.GaussianBlur(0.6 * size / SHADOW_SIZE))
    dark = np.asarray(soft, float) / 255
    # The broad part of the shadow is dropped: on a page it would look like a grey ground.
    return np.clip(dark - 0.06, 0, 1) * _vignette(size)


def on_paper(product: np.ndarray, dark: np.ndarray) -> Image.Image:
    """Product and shadow, photographed apart, put together as a retoucher would: the paper is white
    without a horizon whatever the light."""
    paper = WHITE * (1 - 0.85 * dark)[..., None]
    alpha = product[..., 3:] / 255
    return Image.fromarray((product[..., :3] * alpha + paper * (1 - alpha)).astype(np.uint8))


def _vignette(size: int) -> np.ndarray:
    """1 inside, falling softly to 0 at the edge of the frame, where a shadow must have ended."""
    axis = np.linspace(-1, 1, size)
    edge = np.maximum(*np.abs(np.meshgrid(axis, axis)))
    return np.clip((1 - edge) / 0.3, 0, 1) ** 1.5
