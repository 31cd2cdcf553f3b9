"""Which photographs there are: the first ones by hand, and for every kind and every pair of kinds
that go together some more by rule.

The rule draws a setting, a light, a camera and what stands around from numbers that depend on the
seed and the kinds of the scene alone, so a scene stays what it is when kinds are added.
"""

import zlib
from dataclasses import dataclass

import numpy as np

from .kind import KINDS, Kind

SQUARE, WIDE, TALL = (512, 512), (512, 384), (384, 512)
PER_KIND = 2  # photographs of a kind on its own


@dataclass(frozen=True)
class Shot:
    setting: str
    kinds: tuple[str, ...]
    light: str
    azimuth: float
    elevation: float
    caption: tuple[str, str]  # "{}" is the product's noun, "{a}" and "{b}" nouns with their articles
    fill: float = 0.55
    turn: float = 0.0  # the product about its own axis
    size: tuple[int, int] = SQUARE
    props: tuple[str, ...] = ()
    hidden: str = ""  # a prop between camera and product
    second: str = "beside"  # where the second product is: "beside", "on" or "in front"
    strangers: tuple[str, ...] = ()  # kinds of things around that are in no catalog
    quality: int = 84  # of the JPEG
    rough: float = 0.0  # how poor the phone is, from 0 to 1


SHOTS = (
    Shot(
        "wooden table",
        ("mug",),
        "window",
        -22,
        24,
        ("A {} beside some books by the window", "窗边书旁的{}"),
        0.46,
        20,
        props=("books",),
    ),
    Shot(
        "sofa",
        ("sofa", "cushion"),
        "window",
        18,
        12,
        ("A {} with a {} on it", "放着{1}的{0}"),
        0.8,
        size=(512, 384),
        props=("frame",),
        second="on",
    ),
    Shot(
        "wood floor",
        ("guitar",),
        "evening",
        -28,
        8,
        ("An {} leaning by the wall in the evening", "傍晚墙边的{}"),
        0.7,
        10,
        (384, 512),
        ("plant",),
    ),
    Shot("bed", ("dress",), "window", 8, 66, ("A {} laid out on a bed", "铺在床上的{}"), 0.74, 14, (384, 512)),
    Shot(
        "desk",
        ("headphones",),
        "evening",
        30,
        34,
        ("{} on a desk in the evening", "傍晚书桌上的{}"),
        0.5,
        150,
        props=("pencils", "books"),
    ),
    Shot(
        "street", ("ball",), "sun", 12, 20, ("A {} on the street in hard sun", "烈日下街头的{}"), 0.42, 40, (512, 384)
    ),
    Shot(
        "wood floor",
        ("chair",),
        "overcast",
        -35,
        22,
        ("A {} on a wooden floor", "木地板上的{}"),
        0.66,
        -20,
        (384, 512),
        ("rug", "frame"),
    ),
    Shot(
        "kitchen",
        ("teapot", "mug"),
        "window",
        14,
        22,
        ("A {} and a {} in the kitchen", "厨房里的{0}和{1}"),
        0.62,
        size=(512, 384),
        props=("lemons",),
    ),
    Shot("bed", ("tshirt",), "overcast", -6, 74, ("A {} on crumpled sheets", "皱床单上的{}"), 0.7, -12),
    Shot(
        "shelf",
        ("vase",),
        "window",
        6,
        6,
        ("A {} on a shelf between books", "书架上书间的{}"),
        0.52,
        0,
        (384, 512),
        ("book row",),
    ),
    Shot(
        "wood floor",
        ("armchair",),
        "evening",
        34,
        14,
        ("An {} by a plant, warm light", "暖光中绿植旁的{}"),
        0.68,
        12,
        props=("rug", "plant"),
        hidden="plant",
    ),
    Shot(
        "concrete floor",
        ("dumbbell",),
        "sun",
        -30,
        30,
        ("A {} on a concrete floor", "水泥地上的{}"),
        0.46,
        35,
        (512, 384),
    ),
    Shot(
        "wood floor from above",
        ("jeans",),
        "window",
        0,
        80,
        ("{} thrown on the floor", "地板上的{}"),
        0.78,
        22,
        (384, 512),
    ),
    Shot(
        "desk",
        ("lamp",),
        "evening",
        -16,
        14,
        ("A {} on a desk beside a pile of books", "书桌上书堆旁的{}"),
        0.62,
        0,
        (384, 512),
        ("books", "pencils"),
    ),
    Shot("street", ("bottle",), "sun", 20, 16, ("A {} on a concrete ledge", "水泥台上的{}"), 0.56, 30, (384, 512)),
    Shot(
        "kitchen",
        ("mug",),
        "overcast",
        35,
        36,
        ("A {} with lemons in front of it", "前面放着柠檬的{}"),
        0.44,
        -30,
        props=("plant",),
        hidden="lemons",
    ),
    Shot(
        "wood floor",
        ("stool",),
        "sun",
        24,
        18,
        ("A {} in a patch of sun", "阳光下的{}"),
        0.62,
        15,
        (384, 512),
        ("frame",),
    ),
    Shot("bed", ("cushion",), "window", 28, 32, ("A {} on an unmade bed", "未整理的床上的{}"), 0.52, 15, (512, 384)),
    Shot(
        "wood floor", ("tote",), "window", -24, 16, ("A {} by the door", "门边的{}"), 0.56, 10, (384, 512), ("plant",)
    ),
    Shot(
        "wooden table",
        ("sunglasses",),
        "sun",
        22,
        30,
        ("{} on a table in the sun", "阳光下桌上的{}"),
        0.5,
        20,
        (512, 384),
        ("books",),
    ),
    Shot(
        "desk",
        ("watch",),
        "window",
        -20,
        30,
        ("A {} on a desk beside pencils", "书桌上铅笔旁的{}"),
        0.46,
        -25,
        props=("pencils", "books"),
    ),
    Shot(
        "wooden table",
        ("vase",),
        "evening",
        18,
        20,
        ("A {} on a wooden table by lamp light", "灯光下木桌上的{}"),
        0.56,
        0,
        (384, 512),
        ("lemons",),
    ),
)


# ---------------------------------------------------------------- by rule

# Where a kind is found, unless the kind says so itself; by department, and by kind where that is too coarse.
_WHERE = {
    "Clothing": ("bed", "wood floor from above", "rug from above"),
    "Shoes & accessories": ("entrance hall", "wooden table", "desk", "bed"),
    "Home": ("wooden table", "kitchen", "shelf", "desk"),
    "Furniture": ("wood floor",),
    "Electronics": ("desk", "wooden table", "bed"),
    "Toys & sport": ("park", "gym", "wood floor"),
}
_WHERE_BY_KIND = {
    **dict.fromkeys(("sneaker", "boot", "sandal", "heel"), ("entrance hall", "wood floor", "street", "park")),
    **dict.fromkeys(("handbag", "backpack", "tote", "umbrella"), ("entrance hall", "wood floor", "street")),
    **dict.fromkeys(("rug", "basket"), ("wood floor",)),
    **dict.fromkeys(("mug", "teapot", "bowl", "plate", "kettle"), ("kitchen", "wooden table")),
    "cushion": ("bed", "wood floor"),
    "lamp": ("desk", "wooden table"),
    "bottle": ("gym", "park", "desk", "street"),
    "guitar": ("wood floor", "park"),
    "teddy": ("bed", "wood floor", "park"),
    "blocks": ("wood floor", "wooden table"),
    "speaker": ("desk", "shelf", "wooden table"),
}
# What goes together, in which setting, and where the second one is.
_PAIRS = (
    ("mug", "teapot", "wooden table", "beside"),
    ("laptop", "mug", "desk", "beside"),
    ("laptop", "phone", "desk", "beside"),
    ("headphones", "phone", "desk", "beside"),
    ("laptop", "headphones", "wooden table", "beside"),
    ("camera", "backpack", "wood floor", "beside"),
    ("speaker", "clock", "shelf", "beside"),
    ("speaker", "headphones", "desk", "beside"),
    ("kettle", "mug", "kitchen", "beside"),
    ("kettle", "teapot", "kitchen", "beside"),
    ("plate", "bowl", "kitchen", "beside"),
    ("bowl", "mug", "wooden table", "beside"),
    ("plate", "mug", "wooden table", "beside"),
    ("candle", "vase", "shelf", "beside"),
    ("clock", "vase", "shelf", "beside"),
    ("lamp", "clock", "wooden table", "beside"),
    ("shirt", "trousers", "bed", "beside"),
    ("tshirt", "jeans", "wood floor from above", "beside"),
    ("tshirt", "shorts", "bed", "beside"),
    ("sweater", "skirt", "bed", "beside"),
    ("hoodie", "shorts", "wood floor from above", "beside"),
    ("coat", "scarf", "bed", "beside"),
    ("dress", "heel", "rug from above", "beside"),
    ("sweater", "jeans", "rug from above", "beside"),
    ("beanie", "scarf", "bed", "beside"),
    ("sneaker", "socks", "wood floor", "beside"),
    ("boot", "umbrella", "entrance hall", "beside"),
    ("heel", "handbag", "entrance hall", "beside"),
    ("sandal", "tote", "entrance hall", "beside"),
    ("cap", "sunglasses", "wooden table", "beside"),
    ("watch", "wallet", "desk", "beside"),
    ("belt", "wallet", "wooden table", "beside"),
    ("backpack", "bottle", "park", "beside"),
    ("dumbbell", "bottle", "gym", "beside"),
    ("ball", "bottle", "park", "beside"),
    ("dumbbell", "sneaker", "gym", "beside"),
    ("blocks", "teddy", "wood floor", "beside"),
    ("guitar", "stool", "wood floor", "beside"),
    ("armchair", "cushion", "wood floor", "on"),
    ("bed", "cushion", "wood floor", "on"),
    ("armchair", "teddy", "wood floor", "on"),
    ("desk", "lamp", "wood floor", "on"),
    ("desk", "laptop", "wood floor", "on"),
    ("stool", "vase", "wood floor", "on"),
    ("desk", "chair", "wood floor", "in front"),
    ("table", "chair", "wood floor", "beside"),
    ("sofa", "rug", "wood floor", "in front"),
    ("armchair", "basket", "wood floor", "beside"),
    ("armchair", "stool", "wood floor", "beside"),
)
_LIGHTS = ("window", "overcast", "sun", "evening", "lamp", "backlit", "window")
_OUTDOORS = ("street", "park")
_ABOVE = ("wood floor from above", "rug from above")
# Degrees above the horizon a person holds the phone at.
_ELEVATIONS = {
    "bed": (34, 52),
    "shelf": (3, 10),
    "wood floor": (16, 34),
    "entrance hall": (16, 34),
    "street": (12, 30),
    "park": (16, 36),
    "gym": (16, 36),
    **dict.fromkeys(_ABOVE, (72, 84)),
}
_STRANGERS = {
    "kitchen": ("mug", "bowl", "plate", "teapot", "vase", "bottle", "kettle"),
    "wooden table": ("mug", "vase", "bowl", "candle", "clock", "camera", "sunglasses", "bottle", "plate"),
    "desk": ("mug", "clock", "phone", "camera", "bottle", "wallet", "speaker", "sunglasses", "blocks"),
    "shelf": ("vase", "candle", "clock", "blocks", "bowl", "mug", "speaker"),
    "bed": ("phone", "teddy", "sunglasses", "camera", "wallet", "watch"),
    "wood floor": ("basket", "ball", "stool", "blocks", "teddy", "dumbbell", "chair", "bottle"),
    "entrance hall": ("basket", "backpack", "ball", "boot", "stool", "handbag"),
    "park": ("ball", "bottle", "backpack", "sunglasses"),
    "gym": ("dumbbell", "bottle", "ball", "backpack"),
    "street": ("ball", "bottle", "backpack"),
    **dict.fromkeys(_ABOVE, ("sunglasses", "phone", "camera", "wallet", "watch", "ball")),
}
_PROPS = {
    "kitchen": ("lemons", "plant"),
    "wooden table": ("books", "plant", "lemons"),
    "desk": ("pencils", "books", "plant"),
    "shelf": ("book row", "plant"),
    "wood floor": ("rug", "frame", "plant"),
    "entrance hall": ("plant",),
    "bed": ("books",),
    "gym": (),
}
_HIDING = {
    "kitchen": ("lemons", "plant"),
    "wooden table": ("books", "plant"),
    "desk": ("pencils", "books"),
    **dict.fromkeys(("bed", *_ABOVE), ("books",)),
}
_PLACES = {  # setting -> words for where
    "wooden table": ("on a wooden table", "木桌上"),
    "desk": ("on a desk", "书桌上"),
    "kitchen": ("on a kitchen counter", "厨房台面上"),
    "shelf": ("on a shelf", "搁板上"),
    "bed": ("on a bed", "床上"),
    "wood floor": ("on a wooden floor", "木地板上"),
    "wood floor from above": ("on a wooden floor, from above", "木地板上（俯拍）"),
    "rug from above": ("on a rug, from above", "地毯上（俯拍）"),
    "entrance hall": ("in an entrance hall", "玄关里"),
    "street": ("in the street", "街头"),
    "park": ("on the grass of a park", "公园草地上"),
    "gym": ("on a mat in a gym", "健身房垫子上"),
}
_MOODS = {  # light -> words for when
    "window": ("by daylight", "日光下"),
    "overcast": ("on a grey day", "阴天"),
    "sun": ("in hard sun", "烈日下"),
    "evening": ("in the evening", "傍晚"),
    "lamp": ("by lamp light at night", "夜晚灯光下"),
    "backlit": ("against the light", "逆光中"),
}


def where(kind: Kind) -> tuple[str, ...]:
    return kind.settings or _WHERE_BY_KIND.get(kind.key) or _WHERE[kind.department]


def planned(seed: int) -> list[tuple[str, Shot]]:
    """(name, shot) of the photographs by rule, of the kinds that there are."""
    found = []
    for key in sorted(KINDS):
        rng = _numbers(seed, key)
        places = where(KINDS[key])
        order = rng.permutation(len(places))
        found += [
            (f"{key}-{number + 1}", _shot(rng, (key,), places[order[number % len(places)]]))
            for number in range(PER_KIND)
        ]
    for first, second, setting, relation in _PAIRS:
        if first in KINDS and second in KINDS:
            rng = _numbers(seed, first, second)
            found.append((f"{first}-{second}-1", _shot(rng, (first, second), setting, relation)))
    return found


def _numbers(seed: int, *keys: str) -> np.random.Generator:
    return np.random.default_rng([seed, 78, *(zlib.crc32(key.encode()) for key in keys)])


def _shot(rng, keys: tuple[str, ...], setting: str, second: str = "beside") -> Shot:
    kind, pair, above = KINDS[keys[0]], len(keys) > 1, setting in _ABOVE
    large = kind.department == "Furniture"
    light = _LIGHTS[rng.integers(len(_LIGHTS))]
    if setting in _OUTDOORS and light in ("lamp", "window"):
        light = "sun" if light == "window" else "evening"
    hidden = ""
    if rng.random() < (0.2 if pair else 0.34):
        options = _HIDING.get(setting, ("plant",))
        hidden = options[rng.integers(len(options))]
    props = _PROPS.get(setting, ())
    props = tuple(props[i] for i in rng.permutation(len(props))[: rng.integers(0, 3)] if props[i] != hidden)
    if "rug" in keys:
        props = tuple(name for name in props if name != "rug")
    around = [key for key in _STRANGERS[setting] if key not in keys]
    strangers = tuple(around[i] for i in rng.permutation(len(around))[: rng.integers(0, 3 if pair else 4)])
    if above:
        azimuth, turn = rng.uniform(-15, 15), rng.uniform(-30, 30)
    else:
        azimuth = rng.uniform(-32, 32)
        # Furniture stands along the wall; small things lie as they were put down.
        turn = rng.uniform(-12, 12) if large else azimuth - kind.view.azimuth + rng.uniform(-50, 50)
    low, high = (7, 20) if large else _ELEVATIONS.get(setting, (16, 40))
    if kind.view.flat and not above:
        low, high = 52, 72
    fill = rng.uniform(0.56, 0.72) if pair else rng.choice([rng.uniform(0.5, 0.62), rng.uniform(0.25, 0.5)])
    return Shot(
        setting,
        keys,
        light,
        float(azimuth),
        float(rng.uniform(low, high)),
        _caption(setting, light, pair, second),
        float(fill),
        float(turn),
        (SQUARE, WIDE, TALL)[rng.integers(3)],
        props,
        hidden,
        second,
        strangers,
        int(rng.integers(70, 90)),
        float(rng.random() ** 1.5),
    )


def _caption(setting: str, light: str, pair: bool, second: str) -> tuple[str, str]:
    place, place_zh = _PLACES[setting]
    mood, mood_zh = _MOODS[light]
    things = {"on": "{a} with {b} on it", "in front": "{a} with {b} in front of it"}.get(second, "{a} and {b}")
    things_zh = {"on": "放着{1}的{0}", "in front": "前面有{1}的{0}"}.get(second, "{0}和{1}")
    if not pair:
        things, things_zh = "{a}", "{}"
    return (
        f"{things} {place} {mood}",
        f"{mood_zh}{place_zh}{'，' if second != 'beside' else '的'}{things_zh}",
    )
