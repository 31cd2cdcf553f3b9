"""Taking the picture: render, exact mask, and the retoucher's last step on the white ground."""

import tempfile
from pathlib import Path

import bpy
import numpy as np
from PIL import Image

from . import materials

# Above 1 the picture is rendered larger and scaled down: crisper edges, at the price of the square.
OVERSAMPLE = 1.0
SHADOW_SIZE = 160
WHITE = 252.0  # the paper: a breath under 255, so that a white product still has an edge


def fresh_scene(size: tuple[int, int], samples: int, seed: int = 0) -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y = (round(s * OVERSAMPLE) for s in size)
    scene.cycles.samples, scene.cycles.seed = samples, seed
    scene.cycles.use_denoising, scene.cycles.denoiser = True, "OPENIMAGEDENOISE"
    # The default denoiser quality takes three times as long as the picture itself at this size.
    scene.cycles.denoising_prefilter, scene.cycles.denoising_quality = "FAST", "BALANCED"
    scene.cycles.use_adaptive_sampling = False
    cycles = scene.cycles
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 8, 3, 3
    cycles.transmission_bounces, cycles.transparent_max_bounces = 8, 8
    # Caustics are fireflies at these sample counts; glass takes its light from straight shadows.
    scene.cycles.caustics_reflective = scene.cycles.caustics_refractive = False
    # AgX greys named colours; this one keeps them and only rolls off the highlights.
    scene.view_settings.view_transform = "Khronos PBR Neutral"
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_depth = "8"


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
        return Image.open(path).convert(mode).copy()


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


def on_white(objects: list[bpy.types.Object], ground: bpy.types.Object, size: int) -> tuple[Image.Image, np.ndarray]:
    """The product on white paper, and its coverage in [0, 1].

    Product and shadow are photographed apart, as a retoucher would cut them out: the ground lights
    the product but is not seen, so the paper is white without a horizon, and alpha is an exact
    mask. A soft shadow needs few pixels, so it is shot small.
    """
    ground.visible_camera = False
    picture = np.asarray(shoot((size, size), transparent=True), float)
    ground.visible_camera, ground.is_shadow_catcher = True, True
    for obj in objects:
        obj.visible_camera = False
    render = bpy.context.scene.render
    full = render.resolution_x, render.resolution_y
    render.resolution_x = render.resolution_y = SHADOW_SIZE
    shadow = shoot((SHADOW_SIZE, SHADOW_SIZE), transparent=True).getchannel("A")
    render.resolution_x, render.resolution_y = full
    shadow = np.asarray(shadow.resize((size, size), Image.BICUBIC), float) / 255
    # The broad part of the shadow is dropped: on a page it would look like a grey ground.
    shadow = np.clip(shadow - 0.06, 0, 1) * _vignette(size)
    paper = WHITE * (1 - 0.85 * shadow)[..., None]
    alpha = picture[..., 3:] / 255
    pixels = picture[..., :3] * alpha + paper * (1 - alpha)
    return Image.fromarray(pixels.astype(np.uint8)), alpha[..., 0]


def _vignette(size: int) -> np.ndarray:
    """1 inside, falling softly to 0 at the edge of the frame, where a shadow must have ended."""
    axis = np.linspace(-1, 1, size)
    edge = np.maximum(*np.abs(np.meshgrid(axis, axis)))
    return np.clip((1 - edge) / 0.3, 0, 1) ** 1.5
