"""How faithful the maps of search.explain are: python -m search evaluate --task explain.

By the mask (localisation.py), by the model (perturbation.py), and against a model that learned nothing
(randomisation.py); each for every method of saliency.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from search import images
from search.explain.narrate import PLACED
from search.explain.patches import method_for
from search.explain.schema import Heatmap
from search.images import Region
from search.lab.benchmark.base import Benchmark, Metrics, task
from search.lab.benchmark.choosing import Chooser
from search.lab.benchmark.composites import composites, mask_of
from search.lab.benchmark.datasets import in_english
from search.lab.benchmark.localisation import (
    Mask,
    MaskedProduct,
    centre_prior,
    energy_inside,
    key_of,
    load_mask,
    localisation,
    masked_products,
    pointing_game,
    rasterise,
    recognition,
)
from search.lab.benchmark.perturbation import insertion_minus_deletion
from search.lab.benchmark.randomisation import randomisation_test
from search.lab.benchmark.saliency import METHODS, THINGS, draw_maps

if TYPE_CHECKING:
    from search.query.looks import Locator

#: Products at most for insertion and deletion, randomisation, and packshots; pointing and energy take all.
MOST = 64


@task("explain", order=170, on_request=True)
def explain(benchmark: Benchmark) -> Metrics:
    """Whether a map of the photograph shows the product: what it adds to the cosine with the product's
    own picture, in every photograph of the scenes for every product that has a mask. "Things": the maps
    that the app shows, on the places of the things that the locator finds, or of the product on its plain
    ground. "Points": the centre of the strongest place lies on the product (pointing game, Zhang et al. 2016; no
    tolerance); "touches": within 1/16 of the longer side of it, half a place of an 8 x 8 grid;
    "energy": the share of what is above zero that lies on it. Their chance is the product's (for
    "touches" the widened product's) share of the picture. The centre prior is a Gaussian round the
    middle with a quarter of each side. Several products told apart: the share of products whose own map
    has more of its energy on them than the map of any other in the picture has; two in scenes, three and four
    in pictures made of packshots on the grounds of scenes. "In the part that is searched with": the map
    of the part that `SearchEngine.focus` chooses, as the app shows it. "Placed": sum |places| / (sum |places| +
    |residual|), and the share of maps that place a quarter and are drawn. Insertion minus deletion (Petsiuk et al.
    2018): the area under the cosine with the product while the places of an 8 x 8 grid appear from a blurred
    picture in the map's order, minus the area while they disappear into it, in eighths; the
    differences to the other orders are paired. Random towers: the rank correlation
    with the map of the same tower with all weights drawn anew, three times; its mean over the three, without
    its sign, and the same of one tower at a time; chance is that with the random towers' maps of another
    photograph of the same grid. Where the things lie does not depend on the tower, so that it is measured among
    their places, too. Packshots: the map of "{colour} {kind}", and of pattern, colour and kind alone, on
    the catalog's picture, energy on the product. Completeness: the largest |sum of places
    + residual - embedding|. At most 64 products
    for insertion and deletion, parts, the random towers and packshots, drawn by seed. Intervals draw whole
    pictures."""
    products = masked_products(benchmark)
    chooser = Chooser(benchmark)
    locator = chooser.looker.locator
    found = _drawn(benchmark, products, locator)
    figures: Metrics = {}
    for name, (maps, errors) in found.items():
        rasters = [rasterise(heat, item.mask.shape) for heat, item in zip(maps, products, strict=True)]
        figures |= localisation(benchmark, name, products, rasters)
        if errors:
            worst = max(errors)
            figures[f"completeness_{name}"] = {
                "label": f"{name}: largest |sum of places + residual - embedding|",
                "value": worst, "low": worst, "high": worst, "n": len(errors), "chance": 0.0,
            }  # fmt: skip
    figures |= localisation(benchmark, "centre prior", products, [centre_prior(item.mask.shape) for item in products])
    figures |= placed(benchmark, "scenes", products, found[THINGS][0])
    rows = subsample(benchmark, len(products))
    some = [products[row] for row in rows]
    figures |= in_part(benchmark, chooser, some)
    figures |= several(benchmark, products, locator)
    figures |= perturbation(benchmark, products, {name: maps for name, (maps, _) in found.items()}, rows)
    figures |= randomisation_test(benchmark, some, [found[THINGS][0][row] for row in rows], THINGS, locator)
    for name in (THINGS, method_for(benchmark.encoder)):
        figures |= packshot_energy(benchmark, name, locator)
    return figures


Drawings = dict[str, tuple[list[Heatmap], list[float]]]


def _drawn(benchmark: Benchmark, products: Sequence[MaskedProduct], locator: Locator | None) -> Drawings:
    """Of every method that fits the encoder, the app's first, then what it would show if no things were known."""
    names = dict.fromkeys((THINGS, method_for(benchmark.encoder), *METHODS))
    tried = {name: draw_maps(benchmark.encoder, products, name, locator) for name in names}
    return {name: drawing for name, drawing in tried.items() if drawing is not None}


def placed(benchmark: Benchmark, where: str, products: Sequence[MaskedProduct], maps: Sequence[Heatmap]) -> Metrics:
    """How much of the numbers the maps place, and how many are drawn."""
    shares, groups = [heat.placed for heat in maps], [item.picture_id for item in products]
    return {
        f"placed_{where}": benchmark.metric(f"{THINGS}, {where}: placed share of the number", shares, None, groups),
        f"drawn_{where}": benchmark.metric(
            f"{THINGS}, {where}: maps that are drawn", [share >= PLACED for share in shares], None, groups
        ),
    }


def in_part(benchmark: Benchmark, chooser: Chooser, products: Sequence[MaskedProduct]) -> Metrics:
    """Pointing and energy in the part that is searched with, of products of which it shows something."""
    parts = [replace(item, region=chooser.focus(item.picture)) for item in products]
    there = [item for item in parts if item.region is None or _inside(item.mask, item.region) >= 0.5]
    made = draw_maps(benchmark.encoder, there, THINGS, chooser.looker.locator) if there else None
    if made is None:
        return {}
    rasters = [rasterise(heat, item.mask.shape) for heat, item in zip(made[0], there, strict=True)]
    hits = [pointing_game(values, item.mask)[0] for values, item in zip(rasters, there, strict=True)]
    shares = [energy_inside(values, item.mask) for values, item in zip(rasters, there, strict=True)]
    areas, groups = [item.area for item in there], [item.picture_id for item in there]
    what = f"{THINGS} in the part that is searched with"
    return {
        "points_in_part": benchmark.metric(f"{what}: points at the product", hits, areas, groups),
        "energy_in_part": benchmark.metric(f"{what}: energy on the product", shares, areas, groups),
        **placed(benchmark, "part", there, made[0]),
    }


def _inside(mask: Mask, region: Region) -> float:
    """The share of a mask that lies in a region."""
    left, top, right, bottom = images.crop_box((mask.shape[1], mask.shape[0]), region)
    return float(mask[top:bottom, left:right].sum() / mask.sum())


def several(benchmark: Benchmark, scenes: Sequence[MaskedProduct], locator: Locator | None) -> Metrics:
    """Three and four products told apart, in pictures made for it."""
    products = composites(benchmark, list(scenes))
    figures: Metrics = {}
    for name in (THINGS, method_for(benchmark.encoder)):
        made = draw_maps(benchmark.encoder, products, name, locator) if products else None
        if made is not None:
            rasters = [rasterise(heat, item.mask.shape) for heat, item in zip(made[0], products, strict=True)]
            figures |= recognition(benchmark, key_of(name), name, products, rasters)
    return figures


def perturbation(
    benchmark: Benchmark, products: Sequence[MaskedProduct], maps: Mapping[str, Sequence[Heatmap]], rows: Sequence[int]
) -> Metrics:
    """Insertion minus deletion of every method, and what the first is better by than the others, at some rows."""
    some = [products[row] for row in rows]
    orders = {name: [rasterise(heats[row], products[row].mask.shape) for row in rows] for name, heats in maps.items()}
    orders["centre prior"] = [centre_prior(item.mask.shape) for item in some]
    # An order by a constant is one by the noise that breaks ties.
    orders["random"] = [np.zeros(item.mask.shape) for item in some]
    areas = insertion_minus_deletion(benchmark.encoder, some, orders, benchmark.seed)
    groups = [item.picture_id for item in some]
    figures = {
        f"uncover_{key_of(name)}": benchmark.metric(
            f"{name}: insertion minus deletion, area", areas[name], None, groups
        )
        for name in orders
    }
    default, *others = maps
    for name in ("random", "centre prior", *others):
        figures[f"uncover_over_{key_of(name)}"] = benchmark.metric(
            f"{default}: insertion minus deletion, gain over {name}", areas[default] - areas[name], None, groups
        )
    return figures


def subsample(benchmark: Benchmark, n: int) -> list[int]:
    """At most MOST of n rows, by seed, in their order."""
    return sorted(np.random.default_rng(benchmark.seed).permutation(n)[:MOST].tolist())


def packshot_energy(benchmark: Benchmark, method: str, locator: Locator | None) -> Metrics:
    """The map of a product's own words on its packshot, by the masks beside the catalog's pictures."""
    rows = [row for row in range(benchmark.tested) if benchmark.kinds[row] and mask_of(benchmark, row) is not None]
    products: list[MaskedProduct] = []
    for at in subsample(benchmark, len(rows)):
        products += _of_words(benchmark, rows[at])
    made = draw_maps(benchmark.encoder, products, method, locator) if products else None
    if made is None:
        return {}
    shares = [
        energy_inside(rasterise(heat, item.mask.shape), item.mask) for heat, item in zip(made[0], products, strict=True)
    ]
    figures: Metrics = {}
    for said, label in _SAID.items():
        of = [at for at, item in enumerate(products) if item.product_id == said]
        if of:
            figures[f"packshot_{said}_{method}"] = benchmark.metric(
                f"{method}: energy on the product, packshot and {label}",
                [shares[at] for at in of], [products[at].area for at in of],
            )  # fmt: skip
    return figures


#: What is said of a packshot.
_SAID = {"energy": "words", "pattern": "the word of its pattern", "colour": "of its colour", "kind": "of its kind"}


def _of_words(benchmark: Benchmark, row: int) -> list[MaskedProduct]:
    """A packshot with its words, then with each word alone; `product_id` says which of _SAID."""
    colour, kind = str(benchmark.colours[row]), str(benchmark.kinds[row])
    pattern = str(benchmark.products[row].pattern or "") if len(benchmark.products) else ""
    said = {"energy": in_english(colour, kind), "pattern": pattern, "colour": colour, "kind": in_english("", kind)}
    said = {name: words.lower() for name, words in said.items() if words and words.lower() not in _PLAIN}
    picture = images.load(benchmark.images[row], at_least=benchmark.encoder.image_size)
    path = mask_of(benchmark, row)
    assert path is not None
    mask, vectors = load_mask(path, picture.size), benchmark.texts(list(said.values()))
    return [MaskedProduct(str(row), name, picture, mask, vector) for name, vector in zip(said, vectors, strict=True)]


#: Words for having no pattern: they are nowhere.
_PLAIN = frozenset({"plain", "solid"})
