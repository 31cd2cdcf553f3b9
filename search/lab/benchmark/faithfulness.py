"""How faithful the maps of search.explain are: python -m search evaluate --task explain.

By the mask (localisation.py), by the model (perturbation.py), and against a model that learned nothing
(randomisation.py); each for every method of saliency.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from search import images
from search.explain.patches import method_for
from search.explain.schema import Heatmap
from search.lab.benchmark.base import Benchmark, Metrics, task
from search.lab.benchmark.datasets import in_english
from search.lab.benchmark.localisation import (
    MaskedProduct,
    centre_prior,
    energy_inside,
    key_of,
    load_mask,
    localisation,
    localisation_in_region,
    masked_products,
    rasterise,
)
from search.lab.benchmark.perturbation import insertion_minus_deletion
from search.lab.benchmark.randomisation import randomisation_test
from search.lab.benchmark.saliency import METHODS, draw_maps

#: Products at most for insertion and deletion, randomisation, and packshots; pointing and energy take all.
MOST = 64


@task("explain", order=170, on_request=True)
def explain(benchmark: Benchmark) -> Metrics:
    """Whether a map of the photograph shows the product: what it adds to the cosine with the product's
    own picture, in every photograph of the scenes for every product that has a mask. "Points": the
    centre of the strongest place lies on the product (pointing game, Zhang et al. 2016; no
    tolerance); "touches": within 1/16 of the longer side of it, half a place of an 8 x 8 grid;
    "energy": the share of what is above zero that lies on it. Their chance is the product's (for
    "touches" the widened product's) share of the picture. The centre prior is a Gaussian round the
    middle with a quarter of each side. Pictures with two products: the share where the map of A has
    more of its energy on A than the map of B has. "In the part that is searched with": the map
    of the part that `SearchEngine.focus` chooses, as the app shows it. Insertion minus deletion (Petsiuk et al. 2018): the
    area under the cosine with the product while the places of an 8 x 8 grid appear from a blurred
    picture in the map's order, minus the area while they disappear into it, in eighths; the
    differences to a random order and to the centre prior's are paired. Random towers: the rank correlation
    with the map of the same tower with all weights drawn anew, five times; its mean over the five, without
    its sign, and the same of one tower at a time; chance is that with the random towers' maps of another
    photograph of the same grid. Packshots: the map of "{colour}
    {kind}" on the catalog's picture, energy on the product. Completeness: the largest |sum of places
    + residual - embedding|. The first of the methods is the one that the app shows. At most 64 products
    for insertion and deletion, the random tower and packshots, drawn by seed. Intervals draw whole
    pictures."""
    products = masked_products(benchmark)
    default = method_for(benchmark.encoder)
    tried = {name: draw_maps(benchmark.encoder, products, name) for name in dict.fromkeys((default, *METHODS))}
    found = {name: drawing for name, drawing in tried.items() if drawing is not None}
    scenes = [item.picture_id for item in products]
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
    figures |= localisation_in_region(
        benchmark, default, [item for item in products if scenes.count(item.picture_id) == 1]
    )

    rows = subsample(benchmark, len(products))
    figures |= perturbation(benchmark, products, {name: maps for name, (maps, _) in found.items()}, rows)
    some = [products[row] for row in rows]
    figures |= randomisation_test(benchmark, some, [found[default][0][row] for row in rows], default)
    for name in found:
        figures |= packshot_energy(benchmark, name)
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


def packshot_energy(benchmark: Benchmark, method: str) -> Metrics:
    """The map of the product's own words on its packshot, by the masks beside the catalog's pictures."""
    found = []
    for row, image in enumerate(benchmark.images[: benchmark.tested]):
        mask = Path(image).parents[1] / "masks" / f"{Path(image).stem}.png" if isinstance(image, (str, Path)) else None
        if mask is not None and benchmark.kinds[row] and mask.exists():
            found.append((row, image, mask))
    products = []
    for at in subsample(benchmark, len(found)):
        row, image, mask = found[at]
        picture = images.load(image, at_least=benchmark.encoder.image_size)
        words = in_english(str(benchmark.colours[row]), str(benchmark.kinds[row]))
        products.append(
            MaskedProduct(
                str(row), str(benchmark.ids[row]), picture, load_mask(mask, picture.size), benchmark.texts([words])[0]
            )
        )
    made = draw_maps(benchmark.encoder, products, method) if products else None
    if made is None:
        return {}
    shares = [
        energy_inside(rasterise(heat, item.mask.shape), item.mask) for heat, item in zip(made[0], products, strict=True)
    ]
    return {
        f"packshot_energy_{method}": benchmark.metric(
            f"{method}: energy on the product, packshot and words", shares, [item.area for item in products]
        )
    }
