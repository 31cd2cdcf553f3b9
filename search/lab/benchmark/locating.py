"""Whether the locator finds the products of photographs whose pixels are known: their boxes, their places, and no others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from search.encoder.locator import Located, load_locator
from search.encoder.locator.instances import iou
from search.lab.benchmark.base import Benchmark, Metrics, TooSmall, task
from search.lab.benchmark.localisation import Mask, energy_inside, masked_products

#: A box is right from this intersection over union on (Everingham et al. 2010, "The Pascal VOC challenge").
RIGHT = 0.5


@task("objects", order=75, on_request=True)
def objects(benchmark: Benchmark) -> Metrics:
    """The locator on photographs of rooms, tables and streets with masks, none of which it was trained on. Box recall: a
    product is found if one of the boxes overlaps that of its mask with an IoU of at least .5; of a scene with two or more
    products also alone. Precision: the share of the boxes that overlap one so. Foreground: IoU of all places that show a
    product with the masks of all; whether its surest place is on a product; which share of its sum is. Chance of the boxes
    is what those of another photograph reach, of the rest the products' share of the picture. The interval draws whole
    photographs."""
    locator = load_locator(benchmark.encoder)
    if locator is None:
        raise TooSmall("There is no locator for this model (assets/model/locator.safetensors).")
    products = masked_products(benchmark)
    names = list(dict.fromkeys(item.picture_id for item in products))
    masks = [[item.mask for item in products if item.picture_id == name] for name in names]
    pictures = {item.picture_id: item.picture for item in products}
    return figures(benchmark, names, [locator.locate(pictures[name]) for name in names], masks)


def figures(
    benchmark: Benchmark, names: Sequence[str], located: Sequence[Located], masks: Sequence[Sequence[Mask]]
) -> Metrics:
    """Metrics of what was found in each of the scenes `names`, against the masks of its products."""
    others = [*located[1:], located[0]] if len(located) > 1 else located
    rows = [(at, mask) for at, of_scene in enumerate(masks) for mask in of_scene]
    hits = np.array([best_overlap(box_of(mask), located[at]) >= RIGHT for at, mask in rows])
    by_luck = np.array([best_overlap(box_of(mask), others[at]) >= RIGHT for at, mask in rows])
    scenes = np.array([names[at] for at, _ in rows])
    several = np.array([len(masks[at]) > 1 for at, _ in rows])
    found = {"recall": benchmark.metric("box recall at IoU .5", hits, by_luck, scenes)}
    if several.any() and not several.all():
        found["recall_several"] = benchmark.metric(
            "box recall at IoU .5, two or more products", hits[several], by_luck[several], scenes[several]
        )
    right = [(name, precise(one, of_scene), precise(other, of_scene))
             for name, one, other, of_scene in zip(names, located, others, masks, strict=True)]  # fmt: skip
    if any(len(hit) for _, hit, _ in right):
        owners = [name for name, hit, _ in right for _ in hit]
        found["precision"] = benchmark.metric(
            "boxes that are a product's", np.concatenate([hit for _, hit, _ in right]),
            np.concatenate([luck for _, _, luck in right]), owners,
        )  # fmt: skip
    found["boxes"] = benchmark.metric("boxes a photograph", [len(one.instances) for one in located], None)
    together = [np.logical_or.reduce(of_scene) for of_scene in masks]
    grounds = [on_raster(one.foreground, mask.shape) for one, mask in zip(located, together, strict=True)]
    areas = [float(mask.mean()) for mask in together]
    pairs = list(zip(grounds, together, strict=True))
    for key, label, values in (
        ("mask_iou", "foreground: IoU with the products", [mask_iou(p >= 0.5, mask) for p, mask in pairs]),
        ("peak", "foreground: surest place on a product", [bool(mask.flat[p.argmax()]) for p, mask in pairs]),
        ("energy", "foreground: energy on the products", [energy_inside(p, mask) for p, mask in pairs]),
    ):
        found[key] = benchmark.metric(label, values, areas)
    return found


def best_overlap(box: tuple[float, float, float, float], located: Located) -> float:
    """The highest IoU of a box with those found; 0 where there are none."""
    return max((float(iou(box, np.array(instance.box))) for instance in located.instances), default=0.0)


def precise(located: Located, masks: Sequence[Mask]) -> np.ndarray:
    """(n,) bool: which of the boxes found are those of a product."""
    boxes = [box_of(mask) for mask in masks]
    return np.array(
        [any(iou(box, np.array(instance.box)) >= RIGHT for box in boxes) for instance in located.instances], bool
    )


def box_of(mask: Mask) -> tuple[float, float, float, float]:
    """(left, top, right, bottom) of a mask (h, w) in fractions."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    height, width = mask.shape
    return columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height


def on_raster(grid: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """(h, w) of a map (g, g) over the whole picture, interpolated."""
    small = Image.fromarray(grid.astype(np.float32))
    return np.asarray(small.resize((shape[1], shape[0]), Image.Resampling.BILINEAR), np.float64)


def mask_iou(a: Mask, b: Mask) -> float:
    """Intersection over union of two masks that are not both empty."""
    return float((a & b).sum() / max((a | b).sum(), 1))
