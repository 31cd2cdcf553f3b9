"""Which products there are, and what the catalog says about them.

A kind gets families of near-variants on purpose: one model in two colours and once more with
another pattern, another model in two colours, a third on its own, and so on. Telling those apart is
the job of the search this catalog is for.
"""

import csv
import os
import zlib
from pathlib import Path

import numpy as np

from .colours import SHADES, Shade
from .kind import KINDS, Finish, Kind, Spec
from .materials import MATERIALS
from .patterns import PATTERNS

CATALOG_SEED = 1  # what ships; any other seed gives other products with other ids
PER_KIND = 13
COLUMNS = [
    "id",
    "title",
    "title_zh",
    "category",
    "department",
    "brand",
    "colour",
    "secondary_colour",
    "material",
    "pattern",
    "gender",
    "room",
    "price",
    "currency",
    "season",
    "tags",
    "description",
    "description_zh",
    "image",
    "images",
]
EXTRA_PICTURES = ("angle", "detail")  # after the packshot: ID-angle.webp, ID-detail.webp

_BRANDS = {
    "Clothing": ("Alder & Loom", "Maren", "Foldline"),
    "Shoes & accessories": ("Caminho", "Oriel", "Tessel"),
    "Home": ("Kiln & Co", "Halden", "Sorrel House"),
    "Furniture": ("Nordvik", "Atelier Bruma", "Halden"),
    "Electronics": ("Lumo", "Audire"),
    "Toys & sport": ("Playfield", "Otterway"),
}
_PATIENCE = 500  # families looked through before a kind is said to be too small
_GENDER_WORDS = {"women": ("women's", "女士"), "men": ("men's", "男士"), "unisex": ("", "")}


def plan(kind: Kind, seed: int, count: int = PER_KIND) -> list[Spec]:
    """The products of a kind: reproducible, all different."""
    rng = np.random.default_rng([seed, zlib.crc32(kind.key.encode())])
    specs, taken, family = [], set(), 0
    styles = _shuffled(rng, kind.styles)
    finishes = _shuffled(rng, kind.finishes)
    while len(specs) < count:
        if family == _PATIENCE:
            raise ValueError(
                f"kind {kind.key!r} has {len(specs)} different products, not {count}: more shades are needed"
            )
        # After the first families a model meets another finish, and a family of another size.
        turn = family // len(styles) if len(specs) >= 6 else 0
        style, finish = styles[(family + turn) % len(styles)], finishes[family % len(finishes)]
        shape = {name: float(rng.uniform(*limits)) for name, limits in style.shape.items()}
        gender = kind.genders[rng.integers(len(kind.genders))] if kind.genders else ""
        model_seed = int(rng.integers(2**31))
        for shade, pattern, second in _variants(rng, finish, (3, 2, 1)[family % 3]):
            key = (style.key, finish.material, pattern, shade.name)
            if key in taken or len(specs) == count:
                continue
            taken.add(key)
            middle = "" if seed == CATALOG_SEED else f"{seed}-"
            specs.append(
                Spec(
                    f"{kind.key}-{middle}{len(specs) + 1:03d}",
                    kind,
                    style,
                    shape,
                    finish.material,
                    pattern,
                    shade,
                    second,
                    gender,
                    model_seed,
                )
            )
        family += 1
    return specs


def _shuffled(rng, items):
    return [items[i] for i in rng.permutation(len(items))]


def _variants(rng, finish: Finish, size: int) -> list[tuple[Shade, str, Shade | None]]:
    """Shade, pattern and second shade of a family: A, then A in another colour, then the first
    colour again in another pattern (or a third colour where there is only one pattern)."""
    shades = [SHADES[name] for name in _shuffled(rng, finish.shades)]
    patterns = _shuffled(rng, finish.patterns)
    if "plain" in patterns:  # plain first more often than not: a shop is mostly plain
        patterns.remove("plain")
        patterns.insert(0 if rng.random() < 0.65 else len(patterns), "plain")
    other = (shades[0], patterns[1]) if len(patterns) > 1 else (shades[2 % len(shades)], patterns[0])
    wanted = [(shades[0], patterns[0]), (shades[1 % len(shades)], patterns[0]), other]
    return [(shade, pattern, _second(rng, finish, shade, pattern)) for shade, pattern in wanted[:size]]


def _second(rng, finish: Finish, shade: Shade, pattern: str) -> Shade | None:
    if pattern == "plain" and not finish.two_tone:
        return None
    choices = [SHADES[name] for name in finish.seconds]
    # A print nobody can see is no print: keep seconds that differ clearly in lightness.
    clear = [s for s in choices if abs(s.luminance**0.5 - shade.luminance**0.5) > 0.25]
    choices = clear or sorted(choices, key=lambda s: -abs(s.luminance - shade.luminance))[:1]
    return choices[rng.integers(len(choices))]


def row(spec: Spec) -> dict[str, str]:
    """The line of products.csv."""
    kind, rng = spec.kind, np.random.default_rng([spec.seed, zlib.crc32(spec.id.encode())])
    department = kind.department
    if department not in _BRANDS:
        raise KeyError(f"no brands for department {department!r}; add some to catalog._BRANDS")
    brand = _BRANDS[department][spec.seed % len(_BRANDS[department])]
    detail, detail_zh = kind.details[spec.seed % len(kind.details)]
    low, high = kind.price
    price = np.floor(low + (high - low) * np.random.default_rng(spec.seed).random() ** 1.3) + 0.9
    colour = spec.shade.family
    tags = [spec.noun, kind.noun, colour, spec.material, *spec.style.words.split(), *kind.tags]
    if spec.pattern != "plain":
        tags.append(PATTERNS[spec.pattern][0])
    room = kind.room.split("|")[rng.integers(len(kind.room.split("|")))] if kind.room else ""
    return {
        "id": spec.id,
        "title": title(spec),
        "title_zh": title_zh(spec),
        "category": kind.category,
        "department": department,
        "brand": brand,
        "colour": colour,
        "secondary_colour": spec.second.family if spec.second else "",
        "material": spec.material,
        "pattern": spec.pattern,
        "gender": spec.gender,
        "room": room,
        "price": f"{price:.2f}",
        "currency": "EUR",
        "season": kind.season,
        "tags": "|".join(dict.fromkeys(t.lower() for t in tags if t)),
        "description": _description(spec, detail),
        "description_zh": _description_zh(spec, detail_zh),
        "image": f"images/{spec.id}.webp",
        "images": "|".join(f"images/{spec.id}-{name}.webp" for name in EXTRA_PICTURES),
    }


def _colour_words(spec: Spec) -> tuple[str, str]:
    """Empty where the material already says it: an oak table in oak is an oak table."""
    if spec.shade.name == spec.material:
        return "", ""
    if spec.second is None:
        return spec.shade.name, spec.shade.zh
    return f"{spec.shade.name} and {spec.second.name}", f"{spec.shade.zh}配{spec.second.zh}"


def title(spec: Spec) -> str:
    gender = _GENDER_WORDS.get(spec.gender, ("", ""))[0]
    words = [gender, spec.style.words, PATTERNS[spec.pattern][0], spec.material, spec.noun]
    text = " ".join(word for word in words if word)
    colour = _colour_words(spec)[0]
    return f"{text[0].upper()}{text[1:]}" + (f" in {colour}" if colour else "")


def title_zh(spec: Spec) -> str:
    gender = _GENDER_WORDS.get(spec.gender, ("", ""))[1]
    return "".join(
        (
            gender,
            _colour_words(spec)[1],
            PATTERNS[spec.pattern][1],
            MATERIALS[spec.material].zh,
            spec.style.words_zh,
            spec.noun_zh,
        )
    )


def _description(spec: Spec, detail: str) -> str:
    pattern = PATTERNS[spec.pattern][0]
    words = " ".join(w for w in (spec.style.words, pattern, spec.noun) if w)
    article = "An" if words[0] in "aeiou" else "A"
    if spec.noun.endswith("s") and not spec.noun.endswith("ss"):  # jeans, boots, headphones; not a dress
        article = "A pair of"
    stuff = " ".join(w for w in (_colour_words(spec)[0], spec.material) if w)
    return f"{article} {words} in {stuff}. {detail}"


def _description_zh(spec: Spec, detail: str) -> str:
    pattern = PATTERNS[spec.pattern][1]
    look = f"，饰以{pattern}" if pattern else ""
    return (
        f"{_colour_words(spec)[1]}{MATERIALS[spec.material].zh}材质的"
        f"{spec.style.words_zh}{spec.noun_zh}{look}。{detail}"
    )


def write(path: Path, columns, rows: list[dict[str, str]]) -> None:
    """Whole or not at all: two runs may write the same table."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    draft.replace(path)


def all_specs(seed: int, kinds: list[str] | None = None, limit: int = PER_KIND) -> list[Spec]:
    return [spec for key in (kinds or sorted(KINDS)) for spec in plan(KINDS[key], seed, limit)]
