"""Whether the maps of search.explain show where a match is: python -m search evaluate --task explain.

The scenes are rendered, so which pixels belong to a product is known. A map is laid over its picture
cell by cell; where the preprocessing pads, what lies outside the picture is cut off, where it crops,
what was not seen counts as zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from search import images
from search.errors import InputError
from search.explain import PatchAttribution, patch_attribution
from search.explain.patches import ADDITIVE, method_for
from search.explain.schema import Heatmap
from search.lab.benchmark.base import Benchmark, TooSmall, task
from search.lab.benchmark.datasets import in_english, read_scenes
from search.lab.benchmark.randomised import randomised
from search.lab.benchmark.saliency import METHODS, heatmap
from search.metrics import spearman
from search.query import objects

#: Masks and maps are compared at this many pixels along the longer side.
RASTER = 160
#: PatchAttribution along the longer side that insertion and deletion cover or show, and the steps in which they do.
CELLS, STEPS = 8, 8
#: Half the side of such a place, as a share of the longer side: how far from a product its peak may lie to touch it.
NEAR = 1 / 16
#: The blur that covers, in shares of the longer side.
BLUR = 1 / 8
#: Products at most for insertion and deletion, the random tower, and packshots; pointing and energy ask all.
SAMPLED = 64
#: Towers that learned nothing, to hold maps against: with one, two unrelated smooth maps have a correlation of 0.23.
RANDOM_TOWERS = 5

Grid = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Asked:
    """One product in one picture; `target` is the (d,) vector it is compared with, `mask` (H, W) its pixels."""

    picture_id: str
    product_id: str
    picture: Image.Image
    mask: Mask
    target: NDArray[np.float32]

    @property
    def area(self) -> float:
        return float(self.mask.mean())


@task("explain", order=170, on_request=True)
def explain(benchmark: Benchmark) -> dict[str, Any]:
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
    asked = read(benchmark)
    default = method_for(benchmark.encoder)
    tried = {name: drawn(benchmark.encoder, asked, name) for name in dict.fromkeys((default, *METHODS))}
    found = {name: drawing for name, drawing in tried.items() if drawing is not None}
    scenes = [item.picture_id for item in asked]
    figures: dict[str, Any] = {}
    for name, (maps, errors) in found.items():
        figures |= localised(
            benchmark, name, asked, [laid(heat, item.mask.shape) for heat, item in zip(maps, asked, strict=True)]
        )
        if errors:
            worst = max(errors)
            figures[f"completeness_{name}"] = {
                "label": f"{name}: largest |sum of places + residual - embedding|",
                "value": worst, "low": worst, "high": worst, "n": len(errors), "chance": 0.0,
            }  # fmt: skip
    figures |= localised(benchmark, "centre prior", asked, [centre(item.mask.shape) for item in asked])
    figures |= in_part(benchmark, default, [item for item in asked if scenes.count(item.picture_id) == 1])

    rows = sampled(benchmark, len(asked))
    some = [asked[row] for row in rows]
    orders = {name: [laid(maps[row], asked[row].mask.shape) for row in rows] for name, (maps, _) in found.items()}
    orders["centre prior"] = [centre(item.mask.shape) for item in some]
    # An order by a constant is one by the noise that breaks ties.
    orders["random"] = [np.zeros(item.mask.shape) for item in some]
    areas = uncovered(benchmark.encoder, some, orders, benchmark.seed)
    groups = [scenes[row] for row in rows]
    for name in orders:
        figures[f"uncover_{_key(name)}"] = benchmark.metric(
            f"{name}: insertion minus deletion, area", areas[name], None, groups
        )
    for name in ("random", "centre prior", *list(found)[1:]):
        figures[f"uncover_over_{_key(name)}"] = benchmark.metric(
            f"{default}: insertion minus deletion, gain over {name}", areas[default] - areas[name], None, groups
        )
    figures |= unlearned(benchmark, some, [found[default][0][row] for row in rows], default)
    for name in found:
        figures |= packshots(benchmark, name)
    return figures


# ---- what is asked


def read(benchmark: Benchmark) -> list[Asked]:
    """Every product of the scenes that has a mask.

    Raises:
        TooSmall: there are no scenes, or none has a mask.
        InputError: the catalog lacks a product of the scenes.
    """
    if benchmark.scenes is None:
        raise TooSmall("There are no photographs (scenes.csv) of these products.")
    row_of = {product_id: row for row, product_id in enumerate(benchmark.ids.tolist())}
    found = []
    for path, products in zip(*read_scenes(benchmark.scenes), strict=True):
        masks = {product: benchmark.scenes / "masks" / f"{path.stem}--{product}.png" for product in products}
        here = {product: mask for product, mask in masks.items() if mask.exists()}
        if not here:
            continue
        if lost := [product for product in here if product not in row_of]:
            raise InputError(f"The catalog lacks {', '.join(lost)} of {path.name}.", "Render the scenes again.")
        # As the explainer reads it, so that the embedding is the one that was scored.
        picture = images.load(path, at_least=benchmark.encoder.image_size)
        for product, mask in here.items():
            pixels = silhouette(mask, picture.size)
            if pixels.any():
                found.append(Asked(path.stem, product, picture, pixels, benchmark.vectors[row_of[product]]))
    if not found:
        raise TooSmall(f"There are no masks in {benchmark.scenes / 'masks'}.")
    return found


def silhouette(path: Path, size: tuple[int, int]) -> Mask:
    """(H, W) of a mask, with the proportions of a picture of this size and RASTER along the longer side."""
    with images.open_picture(path) as mask:
        scale = RASTER / max(size)
        small = mask.convert("L").resize((round(size[0] * scale), round(size[1] * scale)), Image.Resampling.BOX)
    return np.asarray(small) > 127


def sampled(benchmark: Benchmark, n: int) -> list[int]:
    """At most SAMPLED of n rows, by seed, in their order."""
    return sorted(np.random.default_rng(benchmark.seed).permutation(n)[:SAMPLED].tolist())


# ---- maps


def drawn(encoder: Any, asked: Sequence[Asked], method: str) -> tuple[list[Heatmap], list[float]] | None:
    """(a map for each of `asked`, |sum + residual - embedding| of each picture); None where the method does not fit."""
    maps: list[Heatmap] = []
    errors: list[float] = []
    for _, group in groupby(asked, key=lambda item: item.picture_id):
        items = list(group)
        made: list[Heatmap | None]
        if method in ADDITIVE:
            found: PatchAttribution | None = patch_attribution(encoder, items[0].picture, method=method)
            made = [found.heatmap(item.target) if found else None for item in items]
            errors += [found.error] if found else []
        else:
            made = [heatmap(encoder, item.picture, item.target, method=method) for item in items]
        if any(heat is None for heat in made):
            return None
        maps += [heat for heat in made if heat is not None]
    return maps, errors


def laid(heat: Heatmap, shape: tuple[int, ...]) -> Grid:
    """(H, W): every pixel has the value of the place it lies in, and 0 where the tower did not look."""
    down, across = heat.grid.shape
    left, top, right, bottom = heat.window
    rows = ((np.arange(shape[0]) + 0.5) / shape[0] - top) / (bottom - top) * down
    columns = ((np.arange(shape[1]) + 0.5) / shape[1] - left) / (right - left) * across
    seen = ((rows >= 0) & (rows < down))[:, None] & ((columns >= 0) & (columns < across))
    at = np.ix_(rows.astype(int).clip(0, down - 1), columns.astype(int).clip(0, across - 1))
    return np.where(seen, heat.grid[at].astype(np.float64), 0.0)


def centre(shape: tuple[int, ...]) -> Grid:
    """(H, W): what one would guess without a look, a Gaussian round the middle with a quarter of each side."""
    y, x = (np.exp(-0.5 * (((np.arange(n) + 0.5) / n - 0.5) / 0.25) ** 2) for n in shape)
    return y[:, None] * x


# ---- judging a map by the mask


def points(values: Grid, mask: Mask) -> tuple[bool, bool]:
    """Whether the centre of the strongest place lies on the mask, and whether within NEAR of it."""
    y, x = (round(float(at.mean())) for at in np.nonzero(values == values.max()))
    return bool(mask[y, x]), bool(widened(mask)[y, x])


def widened(mask: Mask) -> Mask:
    """The mask and what lies within NEAR of it."""
    reach = max(round(NEAR * max(mask.shape)), 1)
    grown = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(2 * reach + 1))
    return np.asarray(grown) > 127


def energy(values: Grid, mask: Mask) -> float:
    """The share on the mask of all that is above zero; the mask's share of the picture if nothing is."""
    above = values.clip(0)
    total = above.sum()
    return float(above[mask].sum() / total) if total > 0 else float(mask.mean())


def localised(benchmark: Benchmark, name: str, asked: Sequence[Asked], maps: Sequence[Grid]) -> dict[str, Any]:
    """Pointing, touching, energy, and pictures with two products."""
    key, scenes = _key(name), [item.picture_id for item in asked]
    hits = np.array([points(values, item.mask) for values, item in zip(maps, asked, strict=True)])
    shares = [energy(values, item.mask) for values, item in zip(maps, asked, strict=True)]
    areas = [item.area for item in asked]
    figures = {
        f"points_{key}": benchmark.metric(f"{name}: points at the product", hits[:, 0], areas, scenes),
        f"touches_{key}": benchmark.metric(
            f"{name}: touches the product", hits[:, 1], [widened(item.mask).mean() for item in asked], scenes
        ),
        f"energy_{key}": benchmark.metric(f"{name}: energy on the product", shares, areas, scenes),
    }
    alone = [row for row, item in enumerate(asked) if scenes.count(item.picture_id) == 1]
    if alone and len(alone) < len(asked):
        figures[f"points_alone_{key}"] = benchmark.metric(
            f"{name}: points at the product, where it is alone",
            hits[alone, 0], [areas[row] for row in alone], [scenes[row] for row in alone],
        )  # fmt: skip
    pairs = [(a, b) for a in range(len(asked)) for b in range(len(asked)) if a != b and scenes[a] == scenes[b]]
    if pairs and name != "centre prior":  # the prior has one map for both
        apart = [shares[a] > energy(maps[b], asked[a].mask) for a, b in pairs]
        figures[f"two_{key}"] = benchmark.metric(
            f"{name}: two products told apart", apart, np.full(len(pairs), 0.5), [scenes[a] for a, _ in pairs]
        )
    return figures


def in_part(benchmark: Benchmark, method: str, asked: Sequence[Asked]) -> dict[str, Any]:
    """Pointing and energy of maps of the part of the picture that the app would search with."""
    hits, shares = [], []
    for item in asked:
        nearest = (objects.encode_regions(benchmark.encoder, item.picture) @ benchmark.vectors.T).max(axis=1)
        region = objects.WINDOWS[objects.choose_region(nearest)]
        found = patch_attribution(
            benchmark.encoder, item.picture, region=None if region == images.WHOLE else region, method=method
        )
        if found is None:
            return {}
        values = laid(found.heatmap(item.target), item.mask.shape)
        hits.append(points(values, item.mask)[0])
        shares.append(energy(values, item.mask))
    if not asked:
        return {}
    areas, scenes = [item.area for item in asked], [item.picture_id for item in asked]
    what = f"{method} in the part that is searched with"
    return {
        "points_alone_in_part": benchmark.metric(
            f"{what}: points at the product, where it is alone", hits, areas, scenes
        ),
        "energy_alone_in_part": benchmark.metric(
            f"{what}: energy on the product, where it is alone", shares, areas, scenes
        ),
    }


def _key(name: str) -> str:
    return name.replace(" ", "_")


# ---- judging a map by the model


def uncovered(
    encoder: Any, asked: Sequence[Asked], maps: Mapping[str, Sequence[Grid]], seed: int
) -> dict[str, NDArray[np.float64]]:
    """Order -> (n,) insertion minus deletion: areas under the cosine with the target over the share that is shown."""
    rng = np.random.default_rng(seed)
    areas: dict[str, list[float]] = {name: [] for name in maps}
    for row, item in enumerate(asked):
        whole = small(item.picture, encoder.image_size)
        longer = max(whole.size)
        hidden = whole.filter(ImageFilter.GaussianBlur(BLUR * longer))
        across, down = (max(round(CELLS * side / longer), 1) for side in whole.size)
        noise = rng.random(across * down)
        shown: list[Image.Image] = [hidden, whole]
        for values in maps.values():
            ranks = np.lexsort((noise, -averages(values[row], (down, across)).ravel())).argsort()
            for step in range(1, STEPS):
                first = (ranks < round(step / STEPS * len(ranks))).reshape(down, across)
                shown += [mixed(whole, hidden, first), mixed(hidden, whole, first)]
        cosines = encoder.encode_images(shown).astype(np.float64) @ item.target
        nothing, everything = cosines[:2]
        for name, steps in zip(maps, cosines[2:].reshape(len(maps), -1), strict=True):
            inserted = [nothing, *steps[::2], everything]
            deleted = [everything, *steps[1::2], nothing]
            areas[name].append(float(np.trapezoid(inserted) - np.trapezoid(deleted)) / STEPS)
    return {name: np.array(values) for name, values in areas.items()}


def small(picture: Image.Image, side: int) -> Image.Image:
    """The picture with its shorter side as the tower has it, so that nothing is lost but time."""
    scale = min(1.0, side / min(picture.size))
    return picture.resize([round(length * scale) for length in picture.size], Image.Resampling.BOX)


def averages(values: Grid, shape: tuple[int, int]) -> Grid:
    """(H, W) to (h, w): the mean over each place."""
    rows, columns = (np.arange(n) * cells // n for n, cells in zip(values.shape, shape, strict=True))
    place = rows[:, None] * shape[1] + columns
    sums = np.bincount(place.ravel(), values.ravel(), minlength=shape[0] * shape[1])
    return (sums / np.bincount(place.ravel(), minlength=len(sums)).clip(1)).reshape(shape)


def mixed(shown: Image.Image, hidden: Image.Image, places_shown: Mask) -> Image.Image:
    """One picture where the (h, w) places say so, the other elsewhere."""
    mask = Image.fromarray(places_shown.astype(np.uint8) * 255).resize(shown.size, Image.Resampling.NEAREST)
    return Image.composite(shown, hidden, mask)


def unlearned(benchmark: Benchmark, asked: Sequence[Asked], maps: Sequence[Heatmap], method: str) -> dict[str, Any]:
    """How much of the map is there before anything was learned: likeness to the maps of RANDOM_TOWERS random towers.

    Maps are smooth, so any two of them are somewhat alike or opposed. What several towers have in common with a map is
    what does not come from one tower's weights, so their signed correlations are averaged before the sign is dropped.
    """
    pictures = {item.picture_id: item.picture for item in asked}
    blanks = []
    for seed in range(benchmark.seed, benchmark.seed + RANDOM_TOWERS):
        tower = randomised(benchmark.encoder, list(pictures.values()), seed=seed)
        made = None if tower is None else drawn(tower, asked, method)
        if made is None:
            return {}
        blanks.append(made[0])
    alike, other, kept = [], [], []
    for row, heat in enumerate(maps):
        following = [*range(row + 1, len(asked)), *range(row)]
        elsewhere = next(
            (
                r
                for r in following
                if maps[r].grid.shape == heat.grid.shape and asked[r].picture_id != asked[row].picture_id
            ),
            None,
        )
        if elsewhere is not None:
            kept.append(asked[row].picture_id)
            alike.append([spearman(heat.grid, blank[row].grid) for blank in blanks])
            other.append([spearman(heat.grid, blank[elsewhere].grid) for blank in blanks])
    if not kept:
        return {}
    same, apart = np.array(alike), np.array(other)  # (maps, towers)
    return {
        "random_tower": benchmark.metric(
            f"{method}: |rank correlation| with the maps of {RANDOM_TOWERS} random towers (less is better)",
            np.abs(same.mean(1)), np.abs(apart.mean(1)), kept,
        ),
        "random_tower_one": benchmark.metric(
            f"{method}: |rank correlation| with the map of one random tower (less is better)",
            np.abs(same).mean(1), np.abs(apart).mean(1), kept,
        ),
        "random_tower_signed": benchmark.metric(
            f"{method}: rank correlation with a random tower's map, signed", same.mean(1), None, kept
        ),
    }  # fmt: skip


def packshots(benchmark: Benchmark, method: str) -> dict[str, Any]:
    """The map of the product's own words on its packshot, by the masks beside the catalog's pictures."""
    found = []
    for row, image in enumerate(benchmark.images[: benchmark.tested]):
        mask = Path(image).parents[1] / "masks" / f"{Path(image).stem}.png" if isinstance(image, (str, Path)) else None
        if mask is not None and benchmark.kinds[row] and mask.exists():
            found.append((row, image, mask))
    asked = []
    for at in sampled(benchmark, len(found)):
        row, image, mask = found[at]
        picture = images.load(image, at_least=benchmark.encoder.image_size)
        words = in_english(str(benchmark.colours[row]), str(benchmark.kinds[row]))
        asked.append(
            Asked(
                str(row), str(benchmark.ids[row]), picture, silhouette(mask, picture.size), benchmark.texts([words])[0]
            )
        )
    made = drawn(benchmark.encoder, asked, method) if asked else None
    if made is None:
        return {}
    shares = [energy(laid(heat, item.mask.shape), item.mask) for heat, item in zip(made[0], asked, strict=True)]
    return {
        f"packshot_energy_{method}": benchmark.metric(
            f"{method}: energy on the product, packshot and words", shares, [item.area for item in asked]
        )
    }
