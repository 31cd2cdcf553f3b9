"""Electronics: speakers, phones, laptops, cameras and kettles.

Flat parts are drawn in the xy plane with their face towards +z; `_face` stands them up facing the
camera. Screens show our own abstract wallpapers.
"""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ..colours import SHADES
from ..geometry import bend, curve, cylinder, lathe, place, plate, rounded_box, sheet, tube, vessel_profile
from ..kind import Finish, Kind, Spec, Style, View, register
from ..materials import dress, pictured, simple, surface


def _paint(spec: Spec, **more):
    return surface(spec.material, spec.shade, pattern=spec.pattern, second=spec.second, **more)


def _black(roughness: float = 0.4):
    return simple(f"black {roughness}", (0.012, 0.012, 0.013), roughness)


def _gloss():
    """Black glass: screens that are off, lenses."""
    return simple("gloss", (0.004, 0.004, 0.006), 0.05, Coat_Weight=1.0, Coat_Roughness=0.02)


def _metal(name: str = "silver"):
    return surface("aluminium", SHADES[name])


def _face(obj, at=(0, 0, 0)):
    """Turn a part drawn in xy to face the camera (-y), then move it."""
    return place(obj, at, (90, 0, 0))


def _box(size, at=(0, 0, 0), radius: float = 0.001, cuts: int = 8):
    return place(rounded_box("box", size, radius, cuts=cuts), at)


def _rounded(width: float, height: float, radius: float, steps: int = 10) -> np.ndarray:
    """The outline of a rectangle with round corners, its middle at the origin."""
    turn = np.linspace(0, math.pi / 2, steps)
    arc = radius * np.stack([np.cos(turn), np.sin(turn)], 1)
    corner = arc + np.array((width / 2 - radius, height / 2 - radius))
    mirror = corner[::-1]
    return np.concatenate([corner, mirror * [-1, 1], -corner, mirror * [1, -1]])


def _circle(radius: float, at=(0.0, 0.0), steps: int = 72) -> np.ndarray:
    turn = np.linspace(0, 2 * math.pi, steps, endpoint=False)
    return radius * np.stack([np.cos(turn), np.sin(turn)], 1) + at


def _slab(width: float, height: float, radius: float, thickness: float, bevel: float = 0.0005, z: float = 0.0):
    return place(plate("slab", [_rounded(width, height, radius)], thickness, bevel, z))


def _ring(outer: float, inner: float, thickness: float, z: float = 0.0, bevel: float = 0.0004):
    return place(plate("ring", [_circle(outer), _circle(inner)], thickness, bevel, z + thickness / 2))


def _knurled(radius: float, height: float, teeth: int = 40):
    """A dial with a milled edge, standing on z = 0."""
    turn = np.linspace(0, 2 * math.pi, teeth * 4, endpoint=False)
    reach = radius * (1 + 0.035 * np.sign(np.sin(turn * teeth)))
    outline = np.stack([reach * np.cos(turn), reach * np.sin(turn)], 1)
    return place(plate("dial", [outline], height, min(0.0004, height * 0.2), height / 2))


def _turned(points, samples: int = 60, segments: int = 72):
    return lathe("turned", curve(points, samples), segments)


# ---------------------------------------------------------------- screens

_WALLPAPERS = (
    ((0.98, 0.80, 0.62), (0.93, 0.42, 0.38), (0.25, 0.13, 0.38)),
    ((0.72, 0.88, 0.98), (0.22, 0.50, 0.86), (0.05, 0.10, 0.32)),
    ((0.90, 0.95, 0.80), (0.24, 0.66, 0.56), (0.03, 0.22, 0.28)),
    ((0.96, 0.84, 0.92), (0.60, 0.42, 0.86), (0.14, 0.10, 0.40)),
    ((0.99, 0.90, 0.66), (0.94, 0.56, 0.24), (0.36, 0.10, 0.20)),
)


def _wallpaper(rng, width: int, height: int) -> Image.Image:
    """Soft hills, one behind the other."""
    top, middle, bottom = (np.array(c) for c in _WALLPAPERS[rng.integers(len(_WALLPAPERS))])
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    picture = top + (middle - top) * (y**1.3)[..., None]
    for share in np.linspace(0, 1, 6):
        phase, waves = rng.uniform(0, 6.28, 2), rng.uniform(0.6, 1.3, 2)
        crest = 0.28 + 0.62 * share + 0.10 * np.sin(6.28 * x * waves[0] + phase[0])
        crest += 0.03 * np.sin(12 * x * waves[1] + phase[1])
        inside = np.clip((y - crest) * height, 0, 1)[..., None]
        light = np.exp(-np.clip(y - crest, 0, 1) / 0.10)[..., None]
        hill = middle + (bottom - middle) * share + 0.16 * light
        picture = picture * (1 - inside) + hill * inside
    return Image.fromarray((255 * picture.clip(0, 1)).astype(np.uint8))


def _icons(pen: ImageDraw.ImageDraw, rng, places, size: float) -> None:
    colours = ("#f4f4f2", "#35c26b", "#ff6b57", "#3f8cff", "#ffc23c", "#8f6bf0", "#20b8c5", "#f06fa6")
    for (x, y), k in zip(places, rng.permutation(len(places)), strict=True):
        pen.rounded_rectangle((x, y, x + size, y + size), size * 0.24, colours[k % len(colours)])
        glyph = "#ffffff" if k % len(colours) else "#5a6170"
        r, middle = size * 0.2, (x + size / 2, y + size / 2)
        box = (middle[0] - r, middle[1] - r, middle[0] + r, middle[1] + r)
        (pen.ellipse, pen.rectangle)[k % 2](box, outline=glyph, width=max(2, round(size * 0.09)))


def _phone_screen(rng) -> Image.Image:
    picture = _wallpaper(rng, 360, 780)
    pen = ImageDraw.Draw(picture)
    pen.text((180, 130), "10:08", "white", ImageFont.load_default(104), anchor="mm")
    pen.text((180, 205), "Tuesday 6 May", "white", ImageFont.load_default(28), anchor="mm")
    pen.text((44, 30), "10:08", "white", ImageFont.load_default(20), anchor="mm")
    pen.rounded_rectangle((306, 22, 336, 38), 4, None, "white", 2)
    pen.rectangle((309, 25, 328, 35), "white")
    grid = [(32 + 80 * k, y) for y in (500, 590, 684) for k in range(4)]
    _icons(pen, rng, grid, 56)
    return picture


def _laptop_screen(rng) -> Image.Image:
    picture = _wallpaper(rng, 1024, 640)
    pen = ImageDraw.Draw(picture, "RGBA")
    pen.rectangle((0, 0, 1024, 22), (255, 255, 255, 90))
    for k in range(5):
        pen.rounded_rectangle((16 + 62 * k, 8, 60 + 62 * k, 14), 3, (255, 255, 255, 220))
    pen.text((980, 11), "10:08", "white", ImageFont.load_default(16), anchor="mm")
    pen.rounded_rectangle((238, 560, 786, 630), 20, (255, 255, 255, 110))
    _icons(pen, rng, [(254 + 66 * k, 569) for k in range(8)], 52)
    return picture


def _display(spec: Spec, draw, size: tuple[float, float]):
    name = f"screen {spec.id}"
    return pictured(name, draw(spec.rng), size, glow=0.95, Coat_Weight=0.4, Coat_Roughness=0.03)


# ---------------------------------------------------------------- speaker


def _perforated(spec: Spec, pitch: float):
    """The product's material with round holes: a fine print reads as drilled at this size. In dark
    material it is the rims of the holes that show."""
    hole = SHADES["smoke" if spec.shade.luminance < 0.09 else "black"]
    return surface(spec.material, spec.shade, pattern="dotted", second=hole, repeat=pitch)


def _dome(radius: float, height: float, z: float):
    turn = np.linspace(0, math.pi / 2, 14)
    return lathe("dome", np.stack([np.cos(turn) * radius, np.sin(turn) * height + z], 1)[:, :], 64)


def _driver(radius: float, cone):
    """A loudspeaker facing +z from z = 0: trim ring with screws, rubber surround, cone, dust cap."""
    trim = _ring(radius, radius * 0.86, 0.004, 0, 0.001)
    path = np.concatenate([_circle(radius * 0.79), np.full((72, 1), 0.001)], 1)
    surround = tube("surround", path, radius * 0.085, closed=True, flat=0.8)
    bowl = _turned([(radius * 0.74, 0.001), (radius * 0.5, -radius * 0.22), (radius * 0.2, -radius * 0.42)], 30)
    cap = _dome(radius * 0.3, radius * 0.17, -radius * 0.36)
    spots = [radius * 0.93 * np.array([math.cos(k * 0.785 + 0.39), math.sin(k * 0.785 + 0.39)]) for k in range(8)]
    screws = [place(cylinder("screw", radius * 0.03, 0.002, 0.0005), (*spot, 0.0032)) for spot in spots]
    dress(_black(0.3), trim)
    dress(_black(0.6), surround)
    dress(cone, bowl, cap)
    dress(surface("steel", SHADES["silver"]), *screws)
    return [trim, surround, bowl, cap, *screws]


def _tweeter(radius: float):
    trim = _turned([(radius, 0), (radius, 0.002), (radius * 0.92, 0.0035), (radius * 0.6, -0.003), (0, -0.004)])
    dome = _dome(radius * 0.48, radius * 0.34, -0.003)
    dress(_black(0.3), trim)
    dress(surface("aluminium", SHADES["copper"]), dome)
    return [trim, dome]


def _bookshelf(spec: Spec):
    w, h, d = spec["width"], spec["height"], spec["depth"]
    low, high, thick = (0, -h * 0.17), (0, h * 0.27), 0.045
    body = place(plate("body", [_rounded(w, h, 0.006)], d - thick, 0.003, -d / 2))
    # The cones are deeper than a sheet: the front is a thick board with the holes cut out.
    holes = [_circle(w * 0.34, low), _circle(w * 0.14, high), _circle(w * 0.075, (w * 0.3, h * 0.43))]
    front = place(plate("front", [_rounded(w, h, 0.006), *holes], thick, 0.002, -thick / 2 + 0.0005))
    inside = _slab(w * 0.9, h * 0.9, 0.004, 0.001, 0, -thick + 0.004)
    drivers = [place(part, (*low, 0.001)) for part in _driver(w * 0.38, simple("cone", spec.second.linear, 0.45))]
    drivers += [place(part, (*high, 0.001)) for part in _tweeter(w * 0.19)]
    port = place(_ring(w * 0.088, w * 0.068, 0.002, 0, 0.0006), (w * 0.3, h * 0.43, 0))
    posts = [place(cylinder("post", 0.006, 0.014, 0.002), (x, -h * 0.3, -d), (180, 0, 0)) for x in (-0.012, 0.012)]
    dress(_paint(spec, grain="Y"), body, front)
    dress(_black(0.9), inside, port)
    dress(surface("brass", SHADES["gold"]), *posts)
    feet = [_slab(0.02, 0.02, 0.009, 0.006) for _ in range(4)]
    dress(_black(0.7), *feet)
    for foot, (x, y) in zip(feet, [(x, y) for x in (-1, 1) for y in (-0.02, -d + 0.02)], strict=True):
        place(foot, (x * (w / 2 - 0.018), -y - 0.0, -h / 2 - 0.002))
    standing = [_face(obj, (0, 0, h / 2)) for obj in (body, front, inside, *drivers, port, *posts)]
    return standing + [place(foot, (0, 0, h / 2)) for foot in feet]


def _portable(spec: Spec):
    """A cylinder lying on its side: drilled grille, capped ends with a passive cone, a carrying loop."""
    r, length = spec["width"] / 2, spec["depth"]
    half = length / 2
    grille = _turned([(r * 0.99, -half * 0.86), (r, -half * 0.84), (r, half * 0.84), (r * 0.99, half * 0.86)], 24, 96)
    ends, trim = [], []
    for sign in (-1, 1):
        end = _turned(
            [
                (r * 0.985, half * 0.84),
                (r * 1.03, half * 0.87),
                (r * 1.03, half * 0.95),
                (r * 0.93, half),
                (r * 0.8, half),
                (r * 0.76, half * 0.95),
                (r * 0.66, half * 0.93),
                (r * 0.6, half * 0.95),
                (0, half * 0.97),
            ]
        )
        ring = _ring(r * 0.5, r * 0.44, 0.001, half * 0.96)
        ends.append(place(end, scale=(1, 1, sign)))
        trim.append(place(ring, scale=(1, 1, sign)))
    body = [place(obj, (0, 0, 0), (0, 90, 0)) for obj in (grille, *ends, *trim)]
    strip = _box((length * 0.5, r * 0.5, r * 0.16), (0, 0, r * 0.98), 0.003)
    signs = [_box((0.009, 0.0018, 0.001), (x, 0, r * 1.065)) for x in (-0.03, 0.03)]
    signs.append(_box((0.0018, 0.009, 0.001), (0.03, 0, r * 1.065)))
    signs.append(place(_ring(0.0045, 0.003, 0.001, r * 1.06)))
    foot = _box((length * 0.6, r * 0.7, 0.008), (0, 0, -r * 0.97), 0.003)
    loop = [
        (half * 0.9, 0, r),
        (half * 1.06, 0, r * 1.3),
        (half * 1.2, 0, r * 0.9),
        (half * 1.16, 0, 0),
        (half * 1.0, 0, -r * 0.25),
    ]
    strap = tube("strap", curve(loop, 40), 0.0055, flat=0.4, up=(0, 1, 0), power=3)
    badge = place(_slab(0.03, 0.009, 0.004, 0.0016), (0, 0, r + 0.0006), (0, 0, 0))
    trim.append(place(badge, turn=(84, 0, 0)))
    body.append(badge)
    dress(_perforated(spec, 0.009), grille)
    dress(surface("rubber", spec.second), *ends, strip, strap, foot)
    dress(surface("steel", SHADES["silver"]), *trim)
    dress(simple("signs", (0.75, 0.75, 0.75), 0.5), *signs)
    return [*body, strip, *signs, foot, strap]


def _smart(spec: Spec):
    """A cube with a drilled skin, a smooth top with touch signs and a ring of light."""
    w, h = spec["width"], spec["height"]
    body = _box((w, w, h), (0, 0, h / 2 + 0.008), w * 0.2, 30)
    foot = _slab(w * 0.66, w * 0.66, w * 0.16, 0.012, 0.002, 0.006)
    crown = _box((w, w, h), (0, 0, h / 2 + 0.008), w * 0.2, 30)
    # The same box a little larger, its lower part drawn up to a line: a cap that fits exactly.
    bend(crown, lambda p: np.stack([*(p[:, :2].T * 1.008), np.maximum(p[:, 2] * 1.004, h * 0.80)], 1))
    seam = _slab(w * 1.003, w * 1.003, w * 0.2, 0.003, 0.001, h * 0.80 - 0.001)
    touch = place(cylinder("touch", w * 0.29, 0.002, 0.0008), (0, 0, h + 0.0072))
    light = place(_ring(w * 0.24, w * 0.212, 0.0012, h + 0.0089))
    signs = [_box((0.010, 0.0018, 0.001), (x, 0, h + 0.0094)) for x in (-w * 0.14, w * 0.14)]
    signs.append(_box((0.0018, 0.010, 0.001), (w * 0.14, 0, h + 0.0094)))
    signs.append(place(cylinder("dot", 0.004, 0.0012, 0.0003), (0, w * 0.13, h + 0.0088)))
    front = [_face(_ring(0.007, 0.0052, 0.0012, 0), (0, -w / 2 + 0.0004, h * 0.5))]
    front.append(_face(cylinder("lamp", 0.002, 0.0015, 0.0003), (0, -w / 2, h * 0.2)))
    dress(_perforated(spec, 0.0068), body)
    dress(surface("plastic", spec.second), crown, foot)
    dress(_black(0.35), touch, seam)
    dress(simple("glow", (0, 0, 0), Emission_Color=(0.25, 0.62, 1, 1), Emission_Strength=2.2), light)
    dress(simple("signs", (0.7, 0.7, 0.7), 0.5), *signs, *front)
    return [body, crown, seam, touch, foot, light, *signs, *front]


def build_speaker(spec: Spec):
    return {"bookshelf": _bookshelf, "portable": _portable, "smart": _smart}[spec.style.key](spec)


register(
    Kind(
        "speaker",
        "speaker",
        "音箱",
        "Speakers",
        "Electronics",
        (49, 349),
        styles=(
            Style(
                "bookshelf", "bookshelf", "书架", {"width": (0.17, 0.19), "height": (0.28, 0.32), "depth": (0.2, 0.24)}
            ),
            Style("portable", "portable", "便携", {"width": (0.072, 0.082), "height": (1, 1), "depth": (0.19, 0.22)}),
            Style("smart", "smart", "智能", {"width": (0.115, 0.125), "height": (0.125, 0.15), "depth": (1, 1)}),
        ),
        finishes=(
            Finish("walnut", ("walnut", "oak", "cognac"), ("plain",), ("black", "cream", "charcoal"), True),
            Finish(
                "plastic",
                ("black", "white", "crimson", "teal", "mustard", "blush", "sky blue", "sage"),
                ("plain",),
                ("black", "white", "charcoal"),
                True,
            ),
            Finish(
                "lacquered metal",
                ("charcoal", "cream", "navy", "burnt orange", "forest green", "light grey"),
                ("plain",),
                ("black", "white", "cream"),
                True,
            ),
        ),
        details=(
            ("Clear voices, deep bass, Bluetooth and a cable input.", "人声清晰、低音浑厚，支持蓝牙与有线输入。"),
            ("Two of them make a stereo pair.", "两台可组成立体声。"),
        ),
        build=build_speaker,
        view=View(26, 23, 0.8, angle=(-34, 18)),
        room="living room|bedroom",
        tags=("audio", "loudspeaker", "bluetooth", "music"),
    )
)


# ---------------------------------------------------------------- phone


def _lens(radius: float, z: float):
    """A camera lens of a phone, from z upwards."""
    ring, glass = (
        _ring(radius, radius * 0.76, 0.0016, z),
        place(cylinder("glass", radius * 0.8, 0.001, 0.0003), (0, 0, z)),
    )
    eye = place(_dome(radius * 0.36, 0.0004, z + 0.001))
    dress(_metal("smoke"), ring)
    dress(_gloss(), glass)
    dress(simple("lens blue", (0.02, 0.05, 0.16), 0.05, Coat_Weight=1.0), eye)
    return [ring, glass, eye]


def _island(spec: Spec, w: float, h: float, paint):
    """The camera bump, on a back that faces +z: three layouts, one to a style."""
    form = spec.style.key
    if form == "flat":
        at, side = (-w / 2 + 0.0215, h / 2 - 0.0215), 0.034
        bump = _slab(side, side, 0.009, 0.0026, 0.0012)
        spots, r = [(-0.0075, 0.0075), (-0.0075, -0.0075), (0.0085, 0)], 0.0066
        flash = (0.0095, 0.0115)
    elif form == "bar":
        at = (0, h / 2 - 0.027)
        bump = _slab(w * 0.94, 0.021, 0.0100, 0.0032, 0.0014)
        spots, r, flash = [(-0.0215, 0), (-0.005, 0)], 0.0072, (0.022, 0)
    else:
        at = (0, h / 2 - 0.032)
        bump = cylinder("bump", 0.0245, 0.003, 0.0012)
        spots, r, flash = (
            [(-0.0095, 0.0085), (0.0095, 0.0085), (-0.0095, -0.0095), (0.0095, -0.0095)],
            0.0062,
            (0, 0.018),
        )
    lamp = place(cylinder("flash", 0.0023, 0.001, 0.0003), (*flash, 0.0012))
    dress(paint, bump)
    if form != "flat":
        dress(_gloss(), bump)
    dress(simple("flash", (0.95, 0.9, 0.75), 0.2), lamp)
    top = 0.0030 if form == "round" else 0.0014
    parts = [bump, place(lamp, (0, 0, top - 0.0012))]
    for spot in spots:
        parts += [place(obj, (*spot, 0)) for obj in _lens(r, top)]
    if form == "round":
        rim = _ring(0.0255, 0.0243, 0.0024)
        dress(_metal("silver"), rim)
        parts.append(rim)
    return [place(obj, (*at, 0)) for obj in parts]


def _handset(spec: Spec, back: bool):
    """One phone, its screen (or back) towards +z, standing on y = 0."""
    w, h, t, corner = spec["width"], spec["height"], 0.0082, spec["corner"]
    frame = _slab(w, h, corner, t, spec["bevel"])
    sign = -1 if back else 1
    keys = [_box((0.0012, 0.011, 0.0026), (sign * w / 2, y, 0), 0.0006) for y in (0.018, 0.032)]
    keys.append(_box((0.0012, 0.017, 0.0026), (sign * w / 2, -0.002, 0), 0.0006))
    dark = spec.shade.luminance < 0.1
    dress(_metal("smoke" if dark else "silver") if spec.has("steel frame") else _paint(spec), frame, *keys)
    parts = [frame, *keys]
    inner = (w - 0.0026, h - 0.0026, corner - 0.0013)
    if back:
        paint = _paint(spec)
        lid = _slab(*inner, 0.0008, 0.0004, t / 2)
        dress(paint, lid)
        parts += [lid, *(place(obj, (0, 0, t / 2)) for obj in _island(spec, w, h, paint))]
    else:
        glass = _slab(*inner, 0.0008, 0.0003, t / 2)
        screen = _slab(w - 0.0058, h - 0.0058, corner - 0.0028, 0.0002, 0, t / 2 + 0.0005)
        eye = place(cylinder("eye", 0.0019, 0.0002, 0.00005), (0, h / 2 - 0.0075, t / 2 + 0.0006))
        dress(_gloss(), glass, eye)
        dress(_display(spec, _phone_screen, (w - 0.0058, h - 0.0058)), screen)
        parts += [glass, screen, eye]
    return [place(obj, (0, h / 2, 0)) for obj in parts]


def build_phone(spec: Spec):
    """Two of the same phone: one shows its screen, the other its back."""
    w, lean = spec["width"], 90 - 7
    front = [place(obj, (w * 0.36, 0, 0), (lean, 0, -14)) for obj in _handset(spec, False)]
    rear = [place(obj, (-w * 0.42, 0.03, 0), (lean, 0, 10)) for obj in _handset(spec, True)]
    return front + rear


_PHONE_SHAPE = {"width": (0.071, 0.075), "height": (0.147, 0.156)}

register(
    Kind(
        "phone",
        "smartphone",
        "智能手机",
        "Smartphones",
        "Electronics",
        (299, 1099),
        styles=(
            Style(
                "flat",
                "flat-edge",
                "直边",
                {**_PHONE_SHAPE, "corner": (0.010, 0.012), "bevel": (0.0008, 0.001)},
                frozenset({"steel frame"}),
            ),
            Style(
                "bar", "camera-bar", "横排镜头", {**_PHONE_SHAPE, "corner": (0.008, 0.009), "bevel": (0.0024, 0.003)}
            ),
            Style(
                "round",
                "round-camera",
                "圆形镜头",
                {**_PHONE_SHAPE, "corner": (0.013, 0.015), "bevel": (0.003, 0.0034)},
                frozenset({"steel frame"}),
            ),
        ),
        finishes=(
            Finish("aluminium", ("silver", "charcoal", "sand", "sky blue", "blush", "navy", "sage", "lavender")),
            Finish("plastic", ("white", "black", "yellow", "mint", "coral", "cobalt", "pink", "crimson")),
            Finish("leather", ("tan", "black", "burnt orange", "forest green", "navy")),
        ),
        details=(
            ("6.2 inch screen, 128 GB, two days on a charge.", "6.2英寸屏幕，128GB存储，续航两天。"),
            ("Night mode camera, fast charging by USB-C.", "夜景拍摄，USB-C快充。"),
        ),
        build=build_phone,
        view=View(4, 8, 0.84, angle=(-38, 14)),
        tags=("phone", "mobile phone", "cell phone", "smartphone"),
    )
)


# ---------------------------------------------------------------- laptop

# Widths of the keys in a row; a number pad adds four.
_KEY_ROWS = (
    (1,) * 15,
    (*(1,) * 13, 2),
    (1.5, *(1,) * 12, 1.5),
    (1.75, *(1,) * 11, 2.25),
    (2.25, *(1,) * 10, 2.75),
    (1, 1, 1.25, 1.25, 5.5, 1.25, 1.25, 0.83, 0.83, 0.84),
)


def _keyboard(rows, pitch: float, left: float, top: float, z: float):
    """Keys and their legends, from the row at the back to the front."""
    keys, legends = [], []
    for number, row in enumerate(rows):
        x, y = left, top - pitch * (number + 0.5)
        for width in row:
            x += width * pitch / 2
            keys.append(_box((width * pitch - 0.0024, pitch - 0.0024, 0.0016), (x, y, z + 0.0008), 0.0007, 6))
            if width <= 2.3:
                corner = np.array([[[-1, -1, 0], [1, -1, 0]], [[-1, 1, 0], [1, 1, 0]]]) * (0.0022, 0.0020, 1)
                legends.append(sheet("legend", corner + np.array((x - 0.001, y + 0.001, z + 0.00165))))
            x += width * pitch / 2
    return keys, legends


def build_laptop(spec: Spec):
    w, d, t, corner = spec["width"], spec["width"] * spec["ratio"], spec["thick"], spec["corner"]
    gaming, pad = spec.has("gaming"), spec.has("number pad")
    paint = _paint(spec, grain="X")
    base = _slab(w, d, corner, t, min(0.0022, t * 0.3), t / 2 + 0.0015)
    top = t + 0.0015
    rows = [(*row, 0.4, 1, 1, 1, 1) if pad else row for row in _KEY_ROWS]
    total = 19.4 if pad else 15
    pitch = w * 0.9 / total
    back = d / 2 - (0.032 if gaming else 0.022)
    well = _slab(w * 0.9 + 0.004, pitch * 6 + 0.004, 0.003, 0.0006, 0.0002, top)
    place(well, (0, back - pitch * 3, 0))
    keys, legends = _keyboard(rows, pitch, -w * 0.45, back, top + 0.0002)
    room = back - pitch * 6 + d / 2
    touch = _slab(w * 0.36, room * 0.8, 0.004, 0.0004, 0.0002, top)
    groove = _slab(w * 0.36 + 0.0024, room * 0.8 + 0.0024, 0.005, 0.0004, 0.0002, top - 0.0001)
    for part in (touch, groove):
        place(part, (-w * 0.09 if pad else 0, -d / 2 + room * 0.47, 0))
    feet = [
        place(cylinder("foot", 0.007, 0.002, 0.0005), (x, y, 0))
        for x in (-w * 0.4, w * 0.4)
        for y in (-d * 0.4, d * 0.4)
    ]
    ports = [
        _box((0.001, length, 0.003), (sign * w / 2, y, t * 0.5 + 0.0015), 0.0004)
        for sign in (-1, 1)
        for y, length in ((d * 0.34, 0.009), (d * 0.24, 0.009), (d * 0.1, 0.005))
    ]
    notch = _slab(0.05, 0.006, 0.0029, 0.001, 0.0002, top - 0.0003)
    place(notch, (0, -d / 2 + 0.0005, 0))

    lid_h, lid_t = d * 0.985, 0.0055
    lid = place(_slab(w, lid_h, corner, lid_t, 0.0016), (0, lid_h / 2, -lid_t / 2))
    edge = 0.007 if not gaming else 0.010
    bezel = place(_slab(w - 0.005, lid_h - 0.006, corner * 0.8, 0.0006, 0.0002), (0, lid_h / 2, 0))
    screen_size = (w - 2 * edge, lid_h - 2 * edge - (0.010 if gaming else 0.006))
    screen = _slab(*screen_size, 0.002, 0.0002, 0, 0.0004)
    # The wallpaper's coordinates are metres about its own middle: it is moved only afterwards.
    place(screen, (0, lid_h / 2 + (0.004 if gaming else 0.002), 0))
    eye = place(cylinder("eye", 0.0016, 0.0002, 0.00005), (0, lid_h - 0.0055, 0.0004))
    hinge = place(cylinder("hinge", t * 0.30 + 0.002, w * 0.72, 0.001), (-w * 0.36, d / 2 - 0.004, t * 0.8), (0, 90, 0))
    opened = [place(obj, (0, d / 2 - 0.004, top + 0.003), (72, 0, 0)) for obj in (lid, bezel, screen, eye)]
    parts = [base, well, *keys, *legends, touch, groove, *feet, *ports, notch, hinge, *opened]
    dress(paint, base, lid, touch, notch)
    light_body = spec.shade.luminance > 0.5 and not gaming and spec.seed % 2
    dress(simple("well", (0.03, 0.03, 0.032), 0.6), well)
    dress(simple("keys", (0.75, 0.75, 0.75) if light_body else (0.02, 0.02, 0.022), 0.5), *keys)
    dress(simple("legend", (0.12,) * 3 if light_body else (0.6,) * 3, 0.6), *legends)
    dress(_black(0.5), *feet, *ports, hinge, groove)
    dress(_gloss(), bezel, eye)
    dress(_display(spec, _laptop_screen, screen_size), screen)
    if gaming:
        glow = (((1, 0.08, 0.10), (0.1, 0.9, 0.45), (0.15, 0.5, 1.0), (0.75, 0.2, 1.0)))[spec.seed % 4]
        lit = simple("backlight", (0, 0, 0), Emission_Color=(*glow, 1), Emission_Strength=1.6)
        dress(lit, well, *legends)
        vents = [
            _box((0.003, 0.012, 0.001), (x, d / 2 - 0.018, top), 0.0004) for x in np.linspace(-w * 0.3, w * 0.3, 44)
        ]
        strip = _box((w * 0.6, 0.0012, 0.0025), (0, -d / 2 + 0.0002, t * 0.45), 0.0005)
        dress(_black(0.8), *vents)
        dress(lit, strip)
        parts += [*vents, strip]
    elif pad:
        grille = [
            place(_slab(w * 0.022, pitch * 6, 0.002, 0.0004, 0.0001, top), (x, back - pitch * 3, 0))
            for x in (-w * 0.476, w * 0.476)
        ]
        dress(surface("plastic", SHADES["charcoal"], pattern="dotted", second=SHADES["black"], repeat=0.003), *grille)
        parts += grille
    return parts


register(
    Kind(
        "laptop",
        "laptop",
        "笔记本电脑",
        "Laptops",
        "Electronics",
        (499, 1899),
        styles=(
            Style(
                "slim",
                "slim",
                "轻薄",
                {"width": (0.295, 0.31), "ratio": (0.69, 0.72), "thick": (0.0085, 0.010), "corner": (0.010, 0.012)},
            ),
            Style(
                "wide",
                "16-inch",
                "16英寸",
                {"width": (0.355, 0.365), "ratio": (0.66, 0.69), "thick": (0.013, 0.015), "corner": (0.006, 0.008)},
                frozenset({"number pad"}),
            ),
            Style(
                "gaming",
                "gaming",
                "游戏",
                {"width": (0.35, 0.365), "ratio": (0.68, 0.72), "thick": (0.021, 0.024), "corner": (0.003, 0.004)},
                frozenset({"gaming", "number pad"}),
            ),
        ),
        finishes=(
            Finish("aluminium", ("silver", "smoke", "sand", "sky blue", "blush", "navy", "sage")),
            Finish("plastic", ("black", "white", "charcoal", "cobalt", "crimson", "mint", "lavender")),
        ),
        details=(
            (
                "16 GB of memory, 512 GB of storage, a full working day on a charge.",
                "16GB内存，512GB固态硬盘，续航一整天。",
            ),
            ("Backlit keyboard and a sharp, matt screen.", "背光键盘，清晰雾面屏。"),
        ),
        build=build_laptop,
        view=View(24, 24, 0.84, angle=(-34, 28)),
        room="office",
        tags=("notebook", "computer", "notebook computer", "pc"),
    )
)


# ---------------------------------------------------------------- camera


def _objective(r: float, length: float, ribs: bool = True):
    """A lens pointing at -y from y = 0: mount, barrel, milled focus ring, marks, deep front glass."""
    mount = cylinder("mount", r * 1.04, 0.003, 0.001)
    barrel = _turned(
        [
            (r * 0.94, 0.002),
            (r * 0.94, length * 0.3),
            (r * 0.9, length * 0.34),
            (r * 0.9, length * 0.72),
            (r * 0.86, length * 0.76),
            (r * 0.86, length * 0.96),
            (r * 0.84, length),
            (r * 0.76, length),
            (r * 0.72, length * 0.94),
            (r * 0.5, length * 0.74),
            (r * 0.5, length * 0.7),
        ],
        90,
    )
    focus = place(_knurled(r * 0.95, length * 0.3, 44), (0, 0, length * 0.4))
    trim = place(_ring(r * 0.885, r * 0.85, 0.0016, length * 0.955))
    glass = _dome(r * 0.5, r * 0.12, length * 0.7)
    glint = _dome(r * 0.2, r * 0.05, length * 0.7 + r * 0.1)
    turns = np.linspace(-70, 250, 15)
    marks = [_box((0.0008, 0.0004, length * 0.08), (0, -r * 0.94, length * 0.2), 0.0002, 4) for _ in turns]
    for mark, turn in zip(marks, turns, strict=True):
        place(mark, turn=(0, 0, turn + 90))
    dress(_metal("silver"), mount, trim)
    dress(_black(0.3), barrel)
    dress(_black(0.5), focus)
    dress(simple("coated glass", (0.006, 0.004, 0.014), 0.02, Coat_Weight=1.0), glass)
    dress(simple("glint", (0.02, 0.012, 0.06), 0.05), glint)
    dress(simple("marks", (0.8, 0.8, 0.8), 0.5), *marks)
    return [_face(obj) for obj in (mount, barrel, focus, trim, glass, glint, *marks)]


def _window(width: float, height: float, at, frame):
    """A viewfinder window on a front at y = at[1]: a metal frame round dark glass."""
    rim = plate("rim", [_rounded(width, height, 0.0015), _rounded(width * 0.78, height * 0.72, 0.001)], 0.0016, 0.0004)
    glass = _slab(width * 0.8, height * 0.75, 0.001, 0.0008)
    dress(frame, rim)
    dress(_gloss(), glass)
    return [_face(obj, at) for obj in (place(rim), glass)]


def _lugs(w: float, z: float, metal):
    """Strap rings at both ends."""
    parts = []
    for sign in (-1, 1):
        post = place(cylinder("post", 0.0022, 0.005, 0.0006), (sign * (w / 2 - 0.0015), 0, z), (0, sign * 90, 0))
        loop = np.concatenate([_circle(0.0052, steps=40), np.zeros((40, 1))], 1)
        ring = place(
            tube("ring", loop, 0.0008, closed=True, sides=10), (sign * (w / 2 + 0.0035), 0, z - 0.0045), (90, 0, 20)
        )
        parts += [post, ring]
    dress(metal, *parts)
    return parts


def _back_of_camera(w: float, h: float, d: float):
    """Screen, eyepiece-side buttons and a wheel on the back."""
    screen = place(_slab(w * 0.56, h * 0.6, 0.003, 0.003, 0.001), (0, 0, 0), (90, 0, 180))
    place(screen, (-w * 0.1, d / 2 + 0.001, h * 0.42))
    wheel = place(_knurled(0.0105, 0.003), (w * 0.33, d / 2 - 0.001, h * 0.36), (-90, 0, 0))
    keys = [
        place(cylinder("key", 0.0032, 0.0025, 0.0006), (w * x, d / 2 - 0.001, h * z), (-90, 0, 0))
        for x, z in ((0.28, 0.6), (0.38, 0.6), (0.33, 0.16))
    ]
    dress(_gloss(), screen)
    dress(_black(0.4), wheel, *keys)
    return [screen, wheel, *keys]


def _shoe(z: float):
    """The flash shoe: a plate with two rails."""
    floor = _box((0.019, 0.018, 0.0014), (0, 0, z + 0.0005), 0.0005)
    rails = [_box((0.0022, 0.018, 0.0026), (x, 0, z + 0.0022), 0.0005) for x in (-0.0088, 0.0088)]
    dress(surface("steel", SHADES["silver"]), floor, *rails)
    return [floor, *rails]


def _mirrorless(spec: Spec):
    """Rangefinder or finder-hump camera: covering between a metal top and a metal base."""
    w, h, d, end = spec["width"], spec["height"], spec["depth"], spec["end"]
    metal = _metal(spec.second.name)
    low, high = h * 0.11, h * 0.70
    outline = _rounded(w, d, end, 14)
    base = plate("base", [outline], low, 0.0012, low / 2)
    skin = plate("skin", [outline * (1 - 0.0016 / d)], high - low, 0.0004, (high + low) / 2)
    top = plate("top", [outline], h - high, 0.0022, (high + h) / 2)
    dress(metal, base, top)
    dress(_paint(spec, flow="Object"), skin)
    front, lens_x = -d / 2, spec["lens"] * w
    parts = [place(obj) for obj in (base, skin, top)]
    parts += [place(obj, (lens_x, front, h * 0.43)) for obj in _objective(h * 0.40, spec["barrel"])]
    black, silver = _black(0.45), surface("steel", SHADES["silver"])
    speed, shutter = (
        place(_knurled(0.0095, 0.007), (-w * 0.30, 0.002, h)),
        place(_knurled(0.0065, 0.003), (-w * 0.42, -d * 0.14, h)),
    )
    button = place(cylinder("button", 0.0042, 0.0035, 0.0012), (-w * 0.42, -d * 0.14, h + 0.002))
    cap = place(_ring(0.0075, 0.0058, 0.0006, 0.0066), (-w * 0.30, 0.002, h))
    dress(silver if spec.second.luminance < 0.2 else black, speed, shutter)
    dress(silver, button, cap)
    parts += [speed, shutter, button, cap, *_lugs(w, h * 0.8, silver), *_back_of_camera(w, h, d)]
    if spec.has("hump"):
        bump = [(-0.024, 0), (-0.0185, 0.011), (-0.011, 0.0165), (0.011, 0.0165), (0.0185, 0.011), (0.024, 0)]
        finder = _face(plate("finder", [np.array(bump)], d * 0.86, 0.0022), (lens_x, 0, h - 0.003))
        name = _face(_slab(0.017, 0.0035, 0.0008, 0.0006), (lens_x, front * 0.87, h + 0.0055))
        eyecup = _box((0.024, 0.006, 0.013), (lens_x, d / 2 - 0.001, h + 0.004), 0.003)
        mode = place(_knurled(0.0105, 0.006), (w * 0.33, 0.001, h))
        grip = [(-0.011, 0.004), (-0.0095, h * 0.5), (-0.010, h * 0.9)]
        hold = tube(
            "grip",
            np.array([(-w * 0.40, front - 0.001, z) for _, z in grip]),
            0.0115,
            flat=1.15,
            up=(0, 1, 0),
            power=2.6,
            round_ends=False,
        )
        dress(metal, finder)
        dress(simple("name", (0.7, 0.7, 0.7), 0.4), name)
        dress(black, eyecup, mode)
        dress(_paint(spec, flow="Object"), hold)
        return [*parts, finder, name, eyecup, mode, hold, *(place(obj, (lens_x, 0, h + 0.0132)) for obj in _shoe(0))]
    parts += _window(0.020, 0.0125, (w * 0.34, front, h * 0.855), black)
    parts += _window(0.008, 0.0075, (lens_x - 0.002, front, h * 0.855), black)
    parts += [place(obj, (w * 0.02, 0, h)) for obj in _shoe(0)]
    rewind = place(_knurled(0.0085, 0.006), (w * 0.38, 0, h))
    lever = tube(
        "lever",
        curve([(-w * 0.30, 0.001, h + 0.0085), (-w * 0.36, 0.012, h + 0.009), (-w * 0.44, 0.013, h + 0.007)], 24),
        0.0028,
        flat=0.5,
    )
    timer = _face(_slab(0.005, 0.020, 0.0024, 0.003, 0.001), (-w * 0.36, front - 0.0008, h * 0.42))
    pivot = _face(cylinder("pivot", 0.0042, 0.004, 0.001), (-w * 0.36, front, h * 0.50))
    dress(silver, rewind, lever, timer, pivot)
    return [*parts, rewind, lever, timer, pivot]


def _instant(spec: Spec):
    """A deep box with a picture sliding out of its top."""
    w, h, d = spec["width"], spec["height"], spec["depth"]
    body = _box((w, d * 0.62, h), (0, d * 0.10, h / 2), 0.016, 26)
    chest = _box((w * 0.96, d * 0.5, h * 0.60), (0, -d * 0.19, h * 0.31), 0.014, 26)
    front, mid = -d * 0.44, h * 0.33
    lens = [place(obj, (0, front, mid)) for obj in _objective(h * 0.24, spec["barrel"])]
    collar = _face(_ring(h * 0.285, h * 0.235, 0.005, 0, 0.0015), (0, front + 0.0015, mid))
    face = d * 0.10 - d * 0.31
    flash = _face(_slab(0.030, 0.018, 0.003, 0.0024, 0.0008), (-w * 0.28, face - 0.0004, h * 0.79))
    bezel = _face(_slab(0.035, 0.023, 0.005, 0.002, 0.0008), (-w * 0.28, face, h * 0.79))
    window = _window(0.021, 0.017, (w * 0.26, face - 0.0004, h * 0.79), _black(0.4))
    button = _face(cylinder("shutter", 0.0075, 0.006, 0.002), (w * 0.37, front + 0.001, h * 0.47))
    eye = _face(cylinder("meter", 0.0035, 0.002, 0.0006), (0, face, h * 0.80))
    slot = _box((w * 0.70, 0.006, 0.002), (0, d * 0.14, h), 0.0009)
    card = _box((w * 0.60, 0.0008, h * 0.52), (0, d * 0.14, h + h * 0.16), 0.0003)
    scene_size = (w * 0.50, h * 0.30)
    picture = _face(_slab(*scene_size, 0.001, 0.0002, 0.0), (0, d * 0.14 - 0.0006, h + h * 0.235))
    back = place(_slab(w * 0.5, h * 0.5, 0.006, 0.003, 0.001), (0, d * 0.41, h * 0.45), (90, 0, 180))
    trim = surface("plastic", spec.second)
    dress(_paint(spec, flow="Object"), body, chest)
    dress(trim, collar, bezel, button)
    dress(simple("flash", (0.85, 0.87, 0.9), 0.08, Coat_Weight=1.0), flash)
    dress(_gloss(), eye)
    dress(_black(0.7), slot, back)
    dress(simple("card", (0.85, 0.85, 0.83), 0.6), card)
    dress(pictured(f"photo {spec.id}", _wallpaper(spec.rng, 240, 200), scene_size), picture)
    parts = [body, chest, *lens, collar, flash, bezel, *window, button, eye, slot, card, picture, back]
    return parts + _lugs(w, h * 0.86, surface("steel", SHADES["silver"]))


def build_camera(spec: Spec):
    return _instant(spec) if spec.has("instant") else _mirrorless(spec)


register(
    Kind(
        "camera",
        "camera",
        "相机",
        "Cameras",
        "Electronics",
        (129, 1290),
        styles=(
            Style(
                "rangefinder",
                "rangefinder",
                "旁轴",
                {
                    "width": (0.132, 0.138),
                    "height": (0.074, 0.078),
                    "depth": (0.032, 0.035),
                    "end": (0.0145, 0.0155),
                    "lens": (0.02, 0.06),
                    "barrel": (0.030, 0.036),
                },
            ),
            Style(
                "mirrorless",
                "mirrorless",
                "微单",
                {
                    "width": (0.122, 0.128),
                    "height": (0.070, 0.074),
                    "depth": (0.035, 0.038),
                    "end": (0.006, 0.009),
                    "lens": (0.03, 0.06),
                    "barrel": (0.048, 0.060),
                },
                frozenset({"hump"}),
            ),
            Style(
                "instant",
                "",
                "",
                {"width": (0.112, 0.118), "height": (0.105, 0.112), "depth": (0.085, 0.095), "barrel": (0.020, 0.024)},
                frozenset({"instant"}),
                noun="instant camera",
                noun_zh="拍立得相机",
            ),
        ),
        finishes=(
            Finish(
                "leather",
                ("black", "tan", "chocolate", "forest green", "crimson", "navy"),
                ("plain",),
                ("silver", "black", "charcoal"),
                True,
            ),
            Finish(
                "plastic",
                ("white", "mint", "blush", "sky blue", "mustard", "coral", "black", "lavender"),
                ("plain",),
                ("silver", "black", "charcoal", "white"),
                True,
            ),
        ),
        details=(
            ("24 megapixels, films in 4K; comes with the lens shown.", "2400万像素，可拍4K视频，含图示镜头。"),
            ("Dials for everything, in a body that fits a coat pocket.", "全机械拨盘，机身小巧可放入外套口袋。"),
        ),
        build=build_camera,
        view=View(22, 16, 0.82, angle=(-36, 24)),
        tags=("photo", "photography", "digital camera"),
    )
)


# ---------------------------------------------------------------- kettle


def _grip_material(spec: Spec):
    if spec.seed % 2:
        return surface("walnut", SHADES["walnut"], grain="X")
    return _black(0.4)


def _power_base(radius: float):
    """The plate an electric kettle stands on, with the root of its cord at the back."""
    disc = _turned([(0, 0), (radius, 0), (radius, 0.002), (radius, 0.014), (radius * 0.95, 0.019), (0, 0.0195)], 50)
    path = [
        (-radius * 0.7, radius * 0.6, 0.007),
        (-radius * 1.1, radius * 0.95, 0.004),
        (-radius * 1.2, radius * 1.5, 0.004),
    ]
    cord = tube("cord", curve(path, 24), 0.0032, sides=12)
    lamp = _face(cylinder("lamp", 0.0028, 0.002, 0.0005), (0, -radius + 0.0005, 0.009))
    dress(_black(0.42), disc, cord)
    dress(simple("lamp", (0, 0, 0), Emission_Color=(1, 0.35, 0.08, 1), Emission_Strength=2.5), lamp)
    return [disc, cord, lamp]


def _knob(radius: float, z: float, material):
    """A lid knob on a short neck."""
    knob = _turned(
        [
            (radius * 0.45, 0),
            (radius * 0.42, radius * 0.5),
            (radius, radius * 0.95),
            (radius, radius * 1.35),
            (radius * 0.6, radius * 1.65),
            (0, radius * 1.7),
        ]
    )
    dress(material, knob)
    return place(knob, (0, 0, z))


def _gooseneck(spec: Spec):
    r, h, foot = spec["radius"], spec["height"], 0.019
    body = _turned(
        [
            (0, foot),
            (r * 0.97, foot),
            (r * 0.97, foot),
            (r, foot + 0.006),
            (r * 0.90, h * 0.45),
            (r * 0.71, h * 0.97),
            (r * 0.71, h * 0.97),
            (r * 0.68, h),
        ],
        110,
        110,
    )
    lid = _turned(
        [(r * 0.70, h - 0.002), (r * 0.70, h + 0.004), (r * 0.62, h + 0.010), (r * 0.2, h + 0.016), (0, h + 0.0165)], 50
    )
    path = curve(
        [
            (r * 0.86, 0, h * 0.24),
            (r * 1.25, 0, h * 0.24),
            (r * 1.52, 0, h * 0.44),
            (r * 1.46, 0, h * 0.76),
            (r * 1.62, 0, h * 1.0),
            (r * 2.02, 0, h * 1.03),
        ],
        70,
    )
    spout = tube("spout", path, np.linspace(0.0125, 0.0058, 70), up=(0, 1, 0), round_ends=False)
    root = place(_turned([(0.019, 0), (0.0165, 0.004), (0.0132, 0.009)], 20), (r * 0.895, 0, h * 0.24), (0, 84, 0))
    arm = curve(
        [
            (-r * 0.70, 0, h * 0.86),
            (-r * 1.15, 0, h * 0.98),
            (-r * 1.55, 0, h * 0.92),
            (-r * 1.68, 0, h * 0.62),
            (-r * 1.62, 0, h * 0.30),
        ],
        60,
    )
    bracket = tube("bracket", arm[:16], 0.006, up=(0, 1, 0))
    grip = tube("grip", arm[10:], np.linspace(0.0085, 0.0105, 50), up=(0, 1, 0), flat=1.2)
    hole = place(cylinder("hole", 0.0042, 0.001, 0.0002), path[-1] + [0.0006, 0, 0], (0, 86, 0))
    material = _grip_material(spec)
    dress(_paint(spec), body, lid, spout, root)
    dress(surface("steel", SHADES["silver"]), bracket)
    dress(material, grip)
    dress(_black(0.9), hole)
    return [body, lid, spout, root, bracket, grip, hole, _knob(0.013, h + 0.015, material), *_power_base(r * 1.06)]


def _stovetop(spec: Spec):
    """A whistling kettle with a bail handle."""
    r, h = spec["radius"], spec["height"]
    body = _turned(
        [
            (0, 0),
            (r * 0.9, 0),
            (r * 0.9, 0),
            (r * 0.98, 0.005),
            (r, 0.016),
            (r * 0.98, h * 0.35),
            (r * 0.84, h * 0.72),
            (r * 0.56, h * 0.96),
            (r * 0.46, h),
        ],
        110,
        110,
    )
    lid = _turned(
        [(r * 0.48, h - 0.003), (r * 0.49, h + 0.002), (r * 0.40, h + 0.010), (r * 0.15, h + 0.019), (0, h + 0.020)], 50
    )
    out = np.array([0.74, 0, 0.67])
    start = np.array([r * 0.74, 0, h * 0.70])
    path = start + np.linspace(0, 0.078, 24)[:, None] * out
    spout = tube("spout", path, np.linspace(0.027, 0.0155, 24), up=(0, 1, 0), round_ends=False)
    whistle = tube("whistle", path[-5:] + out * 0.008, 0.0178, up=(0, 1, 0), round_ends=False)
    tab = tube(
        "tab",
        curve([path[-1] + [0, 0, 0.012], path[-1] + [-0.012, 0, 0.032], path[-1] + [-0.030, 0, 0.036]], 16),
        0.0045,
        flat=0.5,
        up=(0, 1, 0),
    )
    arc = np.radians(np.linspace(18, 162, 70))
    bail = np.stack([r * 0.86 * np.cos(arc), 0 * arc, h * 0.62 + (h * 1.02) * np.sin(arc)], 1)
    grip = tube("grip", bail[20:50], 0.0125, flat=0.8, up=(0, 1, 0), power=2.4)
    bow = tube("bow", bail, 0.0052, flat=1.6, up=(0, 1, 0), power=2.6)
    ears = []
    for end in (bail[0], bail[-1]):
        ears.append(_box((0.012, 0.024, 0.030), np.add(end, (0, 0, -0.008)), 0.005))
        ears.append(place(cylinder("rivet", 0.0042, 0.030, 0.001), np.add(end, (0, 0.015, -0.002)), (90, 0, 0)))
    material = _grip_material(spec)
    dress(_paint(spec), body, lid, spout)
    dress(surface("steel", SHADES["silver"]), bow, *ears)
    dress(material, grip, whistle, tab)
    return [body, lid, spout, whistle, tab, bow, grip, *ears, _knob(0.016, h + 0.018, material)]


def _jug(spec: Spec):
    """A tall electric kettle: pouring lip, D handle with a switch, water gauge."""
    r, h, foot = spec["radius"], spec["height"], 0.020
    outer = curve(
        [
            (0, foot),
            (r * 0.97, foot),
            (r * 0.97, foot),
            (r, foot + 0.006),
            (r * 0.97, h * 0.4),
            (r * 0.86, h * 0.75),
            (r * 0.80, h),
        ],
        110,
    )
    body = lathe("body", vessel_profile(outer, 0.003), 128)

    def pour(p):
        """Draw the rim out into a beak towards +x."""
        angle = np.arctan2(p[:, 1], p[:, 0])
        reach = np.clip((p[:, 2] - h * 0.70) / (h * 0.30), 0, 1) ** 1.6 * np.exp(-((angle / 0.36) ** 2))
        return p + reach[:, None] * np.array([r * 0.36, 0, h * 0.035])

    bend(body, pour)
    lid = _turned(
        [(r * 0.775, h - 0.004), (r * 0.775, h + 0.002), (r * 0.70, h + 0.010), (r * 0.3, h + 0.016), (0, h + 0.017)],
        60,
    )
    collar = place(_ring(r * 1.015, r * 0.93, 0.007, foot, 0.002))
    loop = curve(
        [
            (-r * 0.72, 0, h * 0.985),
            (-r * 1.2, 0, h * 1.0),
            (-r * 1.60, 0, h * 0.90),
            (-r * 1.70, 0, h * 0.60),
            (-r * 1.50, 0, h * 0.30),
            (-r * 0.95, 0, h * 0.22),
        ],
        80,
    )
    handle = tube("handle", loop, 0.0125, flat=0.72, up=(0, 1, 0), power=3)
    switch = _box((0.018, 0.013, 0.007), (-r * 1.50, 0, h * 0.985), 0.003)
    gauge = curve([(r * 0.985 * 0.5, -r * 0.985 * 0.87, h * 0.25), (r * 0.93 * 0.5, -r * 0.93 * 0.87, h * 0.62)], 16)
    window = tube("window", gauge, 0.0075, flat=0.5, up=(0.5, -0.87, 0), power=2.6)
    lines = [_box((0.006, 0.0006, 0.0008), (0, 0, 0), 0.0002, 4) for _ in range(4)]
    for line, spot in zip(lines, gauge[2::4], strict=False):
        place(line, np.add(spot, (0.0025, -0.0044, 0)), (0, 0, 30))
    dress(_paint(spec), body)
    dress(_black(0.38), lid, handle, collar)
    dress(simple("switch", (0.35, 0.35, 0.36), 0.4), switch)
    dress(simple("gauge", (0.10, 0.13, 0.16), 0.08, Coat_Weight=1.0), window)
    dress(simple("lines", (0.85, 0.85, 0.85), 0.5), *lines)
    dome = _knob(0.011, h + 0.015, surface("steel", SHADES["silver"]))
    return [body, lid, collar, handle, switch, window, *lines, dome, *_power_base(r * 1.05)]


def build_kettle(spec: Spec):
    return {"gooseneck": _gooseneck, "stovetop": _stovetop, "jug": _jug}[spec.style.key](spec)


register(
    Kind(
        "kettle",
        "kettle",
        "水壶",
        "Kettles",
        "Electronics",
        (29, 149),
        styles=(
            Style("gooseneck", "gooseneck", "细口", {"radius": (0.080, 0.086), "height": (0.150, 0.165)}),
            Style("stovetop", "stovetop", "鸣笛", {"radius": (0.100, 0.110), "height": (0.125, 0.140)}),
            Style("jug", "electric", "电热", {"radius": (0.074, 0.080), "height": (0.215, 0.235)}),
        ),
        finishes=(
            Finish("steel", ("silver", "copper", "gold", "smoke")),
            Finish(
                "enamel",
                ("white", "crimson", "cream", "teal", "navy", "mustard", "mint"),
                ("plain", "speckled"),
                ("white", "navy", "black"),
            ),
            Finish("lacquered metal", ("black", "white", "sage", "forest green", "blush", "sky blue", "charcoal")),
        ),
        details=(
            ("Boils a litre and switches itself off.", "可烧一升水，沸腾自动断电。"),
            ("A lid that opens wide and a handle that stays cool.", "大口径壶盖，防烫手柄。"),
        ),
        build=build_kettle,
        view=View(14, 14, 0.84, angle=(-38, 22)),
        room="kitchen",
        tags=("tea", "coffee", "water kettle", "kitchen appliance"),
    )
)
