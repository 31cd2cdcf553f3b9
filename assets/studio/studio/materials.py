"""What surfaces are made of.

`surface` turns a material name, a shade and a pattern into a shader. Each material is one line of
`MATERIALS`: how rough, how metallic, which weave, how deep. New materials are new lines.
"""

from dataclasses import dataclass

import bpy
import numpy as np
from PIL import Image, ImageDraw

from . import patterns
from .colours import Shade


@dataclass(frozen=True)
class Material:
    zh: str
    roughness: float
    metallic: float = 0.0
    coat: float = 0.0  # a clear varnish or glaze on top
    sheen: float = 0.0  # the soft rim light of fibres
    glass: float = 0.0
    subsurface: float = 0.0
    weave: str = ""
    weave_tile: float = 0.01  # metres per height tile
    weave_depth: float = 0.3  # bump strength
    mottle: float = 0.0  # slow variation of the colour, in [0, 1]
    grain: float = 0.0  # wood grain contrast
    dents: float = 0.0  # hand-made unevenness of the surface
    weave_shade: float = 0.0  # how much darker the valleys of the weave are


MATERIALS = {
    "stoneware": Material("炻瓷", 0.42, coat=0.25, mottle=0.10, dents=0.05),
    "porcelain": Material("骨瓷", 0.12, coat=0.8),
    "ceramic": Material("陶瓷", 0.22, coat=0.6, mottle=0.05, dents=0.03),
    "terracotta": Material("陶土", 0.85, mottle=0.16, dents=0.12),
    "glass": Material("玻璃", 0.0, glass=1.0),
    "plastic": Material("塑料", 0.38),
    "rubber": Material("橡胶", 0.62, dents=0.02),
    "enamel": Material("搪瓷", 0.14, coat=1.0),
    "steel": Material("不锈钢", 0.24, metallic=1.0),
    "chrome": Material("镀铬金属", 0.07, metallic=1.0),
    "brass": Material("黄铜", 0.24, metallic=1.0),
    "iron": Material("铸铁", 0.55, metallic=0.25, dents=0.12),
    "lacquered metal": Material("烤漆金属", 0.33, coat=0.35),
    "oak": Material("橡木", 0.45, coat=0.12, grain=0.5),
    "walnut": Material("胡桃木", 0.40, coat=0.15, grain=0.6),
    "beech": Material("榉木", 0.45, coat=0.12, grain=0.3),
    "lacquered wood": Material("漆木", 0.35, coat=0.3, grain=0.06),
    "cotton": Material("棉", 0.9, sheen=0.25, weave="plain weave", weave_tile=0.012, weave_depth=0.12),
    "linen": Material("亚麻", 0.9, sheen=0.2, weave="plain weave", weave_tile=0.022, weave_depth=0.4, mottle=0.12),
    "canvas": Material("帆布", 0.9, sheen=0.1, weave="plain weave", weave_tile=0.02, weave_depth=0.45, mottle=0.05),
    "denim": Material("牛仔布", 0.85, sheen=0.1, weave="twill", weave_tile=0.02, weave_depth=0.35, mottle=0.3),
    "knit": Material("针织", 0.95, sheen=0.4, weave="knit", weave_tile=0.11, weave_depth=1.0),
    "wool": Material("羊毛", 0.95, sheen=0.4, weave="boucle", weave_tile=0.15, weave_depth=0.35, mottle=0.08),
    "boucle": Material("圈圈绒", 0.95, sheen=0.3, weave="curls", weave_tile=0.2, weave_depth=0.6, weave_shade=0.55),
    "velvet": Material("丝绒", 0.6, sheen=1.0, mottle=0.12),
    "leather": Material(
        "皮革", 0.42, coat=0.08, weave="leather", weave_tile=0.08, weave_depth=0.3, mottle=0.14, weave_shade=0.4
    ),
    "paper": Material("纸", 0.8, mottle=0.02),
    "aluminium": Material("铝合金", 0.34, metallic=1.0),
    "wax": Material("蜡", 0.42, coat=0.1, mottle=0.03),
    "beeswax": Material("蜂蜡", 0.5, mottle=0.1, dents=0.04),
    "plush": Material("毛绒", 0.95, sheen=0.5, mottle=0.05),
    "nylon": Material("尼龙", 0.55, sheen=0.15, weave="plain weave", weave_tile=0.008, weave_depth=0.08),
    "composite": Material("复合材料", 0.3, coat=0.5),
    "flannel": Material("法兰绒", 0.95, sheen=0.3, weave="twill", weave_tile=0.018, weave_depth=0.2, mottle=0.08),
    "merino": Material("美利奴羊毛", 0.95, sheen=0.4, weave="knit", weave_tile=0.05, weave_depth=0.8),
    "suede": Material("麂皮", 0.92, sheen=0.55, weave="leather", weave_tile=0.03, weave_depth=0.12, mottle=0.14),
    "jute": Material(
        "黄麻", 0.95, sheen=0.2, weave="rope", weave_tile=0.03, weave_depth=0.6, mottle=0.16, weave_shade=0.4
    ),
    "rattan": Material("藤", 0.5, coat=0.1, mottle=0.2),
    "seagrass": Material("海草", 0.8, weave="rope", weave_tile=0.03, weave_depth=0.5, mottle=0.22, weave_shade=0.35),
}


class Shader:
    """A node tree being built: short names for what `bpy` spells out."""

    def __init__(self, name: str):
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.nodes, self.links = self.material.node_tree.nodes, self.material.node_tree.links
        self.principled = self.nodes["Principled BSDF"]

    def node(self, kind: str, inputs: dict | None = None, **settings):
        node = self.nodes.new(f"ShaderNode{kind}")
        for key, value in settings.items():
            setattr(node, key, value)
        for key, value in (inputs or {}).items():
            if isinstance(value, bpy.types.NodeSocket):
                self.links.new(value, node.inputs[key])
            else:
                node.inputs[key].default_value = value
        return node

    def set(self, **values) -> None:
        """Principled inputs by name, spaces written as underscores."""
        for key, value in values.items():
            socket = self.principled.inputs[key.replace("_", " ")]
            if isinstance(value, bpy.types.NodeSocket):
                self.links.new(value, socket)
            else:
                socket.default_value = value

    def mix(self, factor, a, b, blend="MIX"):
        node = self.node("Mix", data_type="RGBA", blend_type=blend)
        for index, value in ((0, factor), (6, a), (7, b)):
            if isinstance(value, bpy.types.NodeSocket):
                self.links.new(value, node.inputs[index])
            else:
                node.inputs[index].default_value = value
        return node.outputs[2]

    def coordinates(self, kind: str, scale):
        source = self.node("TexCoord").outputs[kind]
        return self.node("Mapping", {"Vector": source, "Scale": scale}).outputs["Vector"]

    def image(self, name: str, pixels: np.ndarray, vector, box=False):
        """A numpy tile as a repeating texture: (h, w) heights or (h, w, 3) scene-linear colours."""
        rgba = np.ones((*pixels.shape[:2], 4), np.float32)
        rgba[..., :3] = pixels if pixels.ndim == 3 else pixels[..., None]
        image = bpy.data.images.get(name)
        if image is None:
            image = bpy.data.images.new(name, rgba.shape[1], rgba.shape[0], float_buffer=True)
            image.colorspace_settings.name = "Non-Color"
            image.pixels.foreach_set(rgba.ravel())
            image.update()
        node = self.node("TexImage", {"Vector": vector}, image=image)
        if box:
            node.projection, node.projection_blend = "BOX", 0.15
        return node.outputs["Color"]

    def noise(self, scale, detail=4.0, roughness=0.55, vector=None, distortion=0.0):
        inputs = {"Scale": scale, "Detail": detail, "Roughness": roughness, "Distortion": distortion}
        if vector is not None:
            inputs["Vector"] = vector
        else:
            inputs["Vector"] = self.node("TexCoord").outputs["Object"]
        return self.node("TexNoise", inputs).outputs["Fac"]

    def ramp(self, factor, stops):
        node = self.node("ValToRGB", {"Fac": factor})
        elements = node.color_ramp.elements
        while len(elements) < len(stops):
            elements.new(0.5)
        for element, (at, colour) in zip(elements, stops, strict=True):
            element.position, element.color = at, (*colour, 1)
        return node.outputs["Color"]

    def bump(self, height, strength: float, distance: float, below=None):
        inputs = {"Height": height, "Strength": strength, "Distance": distance}
        if below is not None:
            inputs["Normal"] = below
        return self.node("Bump", inputs).outputs["Normal"]


class Drawing:
    """Seams, stitches and pockets, drawn on the flat pattern in metres."""

    SPAN = 1.4  # the square of the pattern plane that is covered: x from -0.7, y from FLOOR
    FLOOR = -0.2  # below the hem, which lies at y = 0
    PIXELS = 1792  # 0.8 mm each: a stitch is one or two

    def __init__(self, name: str, thread: Shade | None = None, strength: float = 0.45):
        self.name, self.strength, self._thread = name, strength, thread
        self._image = Image.new("L", (self.PIXELS, self.PIXELS), 0)
        self._pen = ImageDraw.Draw(self._image)

    def _pixel(self, x: float, y: float) -> tuple[float, float]:
        # Row 0 of a Blender image is its bottom, so y is not flipped.
        return ((x / self.SPAN + 0.5) * self.PIXELS, (y - self.FLOOR) / self.SPAN * self.PIXELS)

    def line(self, points, width: float = 0.0022, mirrored: bool = True) -> None:
        """A seam through points; the other half of the garment gets it too."""
        pixels = max(1, round(width / self.SPAN * self.PIXELS))
        for sign in (1, -1) if mirrored else (1,):
            self._pen.line([self._pixel(sign * x, y) for x, y in points], 255, pixels, joint="curve")

    def stitches(self, points, gap: float = 0.006, mirrored: bool = True) -> None:
        """A dashed thread: every other few millimetres along the points."""
        points = np.asarray(points, float)
        along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
        for start in np.arange(0, along[-1], gap):
            ends = [start, min(start + gap * 0.62, along[-1])]
            x, y = (np.interp(ends, along, points[:, k]) for k in range(2))
            self.line(list(zip(x, y, strict=True)), 0.0016, mirrored)

    def pixels(self) -> np.ndarray:
        return np.asarray(self._image, np.float32) / 255

    def thread(self, shade: Shade) -> tuple[float, float, float]:
        """Its own colour, or a darker tone of the cloth (lighter on nearly black cloth)."""
        if self._thread is not None:
            return self._thread.linear
        if shade.luminance < 0.03:
            return tuple(c * 2.2 + 0.02 for c in shade.linear)
        return tuple(c * 0.45 for c in shade.linear)


def rgba(colour) -> tuple[float, float, float, float]:
    return (*colour, 1.0)


def _mixed(a: Shade, b: Shade, share: float) -> tuple[float, float, float]:
    return tuple(x * (1 - share) + y * share for x, y in zip(a.linear, b.linear, strict=True))


def printed(pattern: str, ground: Shade, second: Shade) -> np.ndarray:
    """(h, w, 3) scene-linear tile of a print in two shades and the tone between them."""
    ink = patterns.ink(pattern)[..., None]
    base = np.array(ground.linear) * (1 - np.minimum(ink, 1)) + np.array(second.linear) * np.minimum(ink, 1)
    return np.where(ink > 1.5, np.array(_mixed(ground, second, 0.5)), base)


def surface(
    material: str,
    shade: Shade,
    *,
    pattern: str = "plain",
    second: Shade | None = None,
    repeat: float = 0.1,
    grain="Z",
    flow: str = "UV",
    dip: float = 0.0,
    drawing: "Drawing | None" = None,
    coarse: float = 1.0,
) -> bpy.types.Material:
    """A shader for `material` in `shade`.

    repeat: metres from one repeat of the pattern to the next, before the pattern's own share.
    grain: the object axis wood fibres run along. flow: "UV" follows the surface, "Object" projects
    from the sides of a box (upholstery made of many pieces). dip: height in metres up to which the
    "dipped" pattern shows the second shade. drawing: stitches and seams in the plane of the pattern.
    coarse: times the true size of the weave, for a sofa whose true weave would be finer than a pixel.
    """
    recipe = MATERIALS[material]
    shader = Shader(f"{material} {shade.name} {pattern} {second.name if second else ''}")
    colour = _base_colour(shader, recipe, shade, pattern, second, repeat, grain, flow, dip)
    normal = None
    if drawing is not None:
        vector = shader.node(
            "Mapping",
            {
                "Vector": shader.node("TexCoord").outputs["UV"],
                "Scale": (1 / drawing.SPAN,) * 3,
                "Location": (0.5, -drawing.FLOOR / drawing.SPAN, 0),
            },
        )
        lines = shader.image(drawing.name, drawing.pixels(), vector.outputs["Vector"])
        mask = shader.node("Math", {0: lines, 1: drawing.strength}, operation="MULTIPLY").outputs[0]
        colour = shader.mix(mask, colour, rgba(drawing.thread(shade)))
        normal = shader.bump(lines, 0.5, -0.002)
    shader.set(
        Base_Color=colour,
        Roughness=recipe.roughness,
        Metallic=recipe.metallic,
        Coat_Weight=recipe.coat,
        Coat_Roughness=0.08,
    )
    if recipe.sheen:
        # Tinted sheen keeps dark cloth dark: white sheen turns black velvet grey.
        tint = tuple(0.35 + 0.65 * c for c in shade.linear)
        shader.set(Sheen_Weight=recipe.sheen, Sheen_Roughness=0.4, Sheen_Tint=rgba(tint))
    if recipe.glass:
        # Light crosses four tinted surfaces on its way through a vase: a fourth root each.
        tint = tuple(c**0.3 for c in shade.linear)
        shader.set(Transmission_Weight=1.0, IOR=1.45, Base_Color=rgba(tint))
    if recipe.metallic == 1.0 and recipe.roughness > 0.15:
        brushed = shader.noise(6, vector=shader.coordinates("Object", (400, 400, 4)), detail=2)
        shader.set(Normal=shader.bump(brushed, 0.03, 0.001))
        return shader.material
    if recipe.dents:
        normal = shader.bump(shader.noise(28, 3), recipe.dents, 0.02, normal)
    if recipe.weave:
        box = flow == "Object"
        tile = recipe.weave_tile * coarse
        vector = shader.coordinates(flow, (1 / tile,) * 3)
        height = shader.image(recipe.weave, patterns.weave(recipe.weave), vector, box)
        normal = shader.bump(height, recipe.weave_depth, tile / 12, normal)
        if recipe.weave_shade:
            valleys = shader.ramp(height, [(0.0, (1 - recipe.weave_shade,) * 3), (0.7, (1, 1, 1))])
            shader.set(Base_Color=shader.mix(1.0, colour, valleys, "MULTIPLY"))
    if normal is not None:
        shader.set(Normal=normal)
    return shader.material


def _base_colour(shader, recipe, shade, pattern, second, repeat, grain, flow, dip):
    if recipe.grain:
        colour = _wood(shader, shade, recipe.grain, grain)
    else:
        colour = rgba(shade.linear)
    if pattern == "dipped":
        height = shader.node("SeparateXYZ", {"Vector": shader.node("TexCoord").outputs["Object"]})
        wobble = shader.noise(14, 2)
        edge = shader.node("Math", {0: wobble, 1: 0.006}, operation="MULTIPLY").outputs[0]
        line = shader.node("Math", {0: height.outputs["Z"], 1: edge}, operation="ADD").outputs[0]
        below = shader.node(
            "MapRange", {"Value": line, "From Min": dip, "From Max": dip + 0.0015, "To Min": 1.0, "To Max": 0.0}
        ).outputs[0]
        colour = shader.mix(below, colour, rgba(second.linear))
    elif pattern != "plain":
        tile = repeat * patterns.PATTERNS[pattern][2]
        vector = shader.coordinates(flow, (1 / tile,) * 3)
        name = f"{pattern} {shade.name} {second.name}"
        colour = shader.image(name, printed(pattern, shade, second), vector, flow == "Object")
    if recipe.mottle:
        cloud = shader.noise(9, 5, 0.6)
        tone = shader.ramp(cloud, [(0.3, (1 - recipe.mottle,) * 3), (0.7, (1 + recipe.mottle,) * 3)])
        colour = shader.mix(1.0, colour, tone, "MULTIPLY")
    return colour


def _wood(shader, shade, contrast, axis):
    """Long streaks along the axis over slow rings."""
    stretch = {"X": (0.05, 1, 1), "Y": (1, 0.05, 1), "Z": (1, 1, 0.05)}[axis]
    streaks = shader.noise(110, 6, 0.6, shader.coordinates("Object", stretch))
    rings = shader.noise(9, 3, 0.5, shader.coordinates("Object", stretch), distortion=1.2)
    ring = shader.node("Math", {0: rings, 1: 9.0}, operation="MULTIPLY").outputs[0]
    ring = shader.node("Math", {0: ring}, operation="FRACT").outputs[0]
    dark = tuple(c * (1 - contrast) ** 1.2 for c in shade.linear)
    tone = shader.ramp(streaks, [(0.34, dark), (0.62, shade.linear)])
    veil = shader.ramp(ring, [(0.0, (1 - 0.45 * contrast,) * 3), (0.6, (1, 1, 1)), (1.0, (1 - 0.3 * contrast,) * 3)])
    return shader.mix(1.0, tone, veil, "MULTIPLY")


def simple(name: str, colour, roughness=0.5, metallic=0.0, **more) -> bpy.types.Material:
    """A plain shader for parts that are never the product's named material (soles, screens)."""
    shader = Shader(name)
    shader.set(Base_Color=rgba(colour), Roughness=roughness, Metallic=metallic, **more)
    return shader.material


def dress(material: bpy.types.Material, *objects: bpy.types.Object) -> None:
    for obj in objects:
        obj.data.materials.clear()
        obj.data.materials.append(material)


def pictured(name: str, picture: Image.Image, size: tuple[float, float], glow: float = 0.0, **more):
    """A drawn picture (a dial, a screen) on a flat part whose UV is metres about its middle."""
    pixels = np.asarray(picture.convert("RGB"), np.float32)[::-1] / 255
    linear = np.where(pixels <= 0.04045, pixels / 12.92, ((pixels + 0.055) / 1.055) ** 2.4)
    shader = Shader(name)
    scale = {"Scale": (1 / size[0], 1 / size[1], 1), "Location": (0.5, 0.5, 0)}
    vector = shader.node("Mapping", {"Vector": shader.node("TexCoord").outputs["UV"], **scale}).outputs["Vector"]
    colour = shader.image(name, linear, vector)
    if glow:
        shader.set(Base_Color=(0, 0, 0, 1), Emission_Color=colour, Emission_Strength=glow, Roughness=0.12)
    else:
        shader.set(Base_Color=colour, Roughness=0.6)
    shader.set(**more)
    return shader.material
