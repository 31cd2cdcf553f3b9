"""The model randomisation test (Adebayo et al. 2018, "Sanity Checks for Saliency Maps").

A map that a network without training gives as well says nothing about what was learned.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy, deepcopy
from typing import TYPE_CHECKING

import numpy as np

from search.encoder import Encoder
from search.explain.schema import Heatmap
from search.lab.benchmark.base import Benchmark, Metrics
from search.lab.benchmark.localisation import MaskedProduct
from search.lab.benchmark.saliency import draw_maps
from search.metrics import spearman

if TYPE_CHECKING:
    from search.query.looks import Locator
    from search.schema import ImageInput

#: Encoders that learned nothing: with one, two unrelated smooth maps have a correlation of 0.23.
RANDOM_ENCODERS = 3


def randomised_encoder(encoder: Encoder, pictures: Sequence[ImageInput], *, seed: int = 0) -> Encoder | None:
    """The encoder with every weight drawn anew; the encoder itself stays as it is. None if it has no model.

    Batch norms measure their means and variances on `pictures`: with those of an untrained network
    every embedding would be the same, and a map of nothing but rounding.
    """
    model = getattr(encoder, "model", None)
    if model is None:
        return None
    import torch

    fresh = copy(encoder)
    fresh.model = deepcopy(model)  # type: ignore[attr-defined]
    state = torch.random.get_rng_state()
    try:
        torch.manual_seed(seed)
        norms = []
        for module in fresh.model.modules():  # type: ignore[attr-defined]
            if hasattr(module, "reset_parameters"):
                module.reset_parameters()
            if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
                module.momentum = None  # the plain mean over batches
                norms.append(module.train())
        if norms:
            fresh.encode_images(pictures)
        for norm in norms:
            norm.eval()
    finally:
        torch.random.set_rng_state(state)
    return fresh


def randomisation_test(
    benchmark: Benchmark,
    products: Sequence[MaskedProduct],
    maps: Sequence[Heatmap],
    method: str,
    locator: Locator | None = None,
) -> Metrics:
    """How much of the map is there before anything was learned: likeness to the maps of RANDOM_ENCODERS random towers.

    Maps are smooth, so any two of them are somewhat alike or opposed. What several towers have in common with a map is
    what does not come from one tower's weights, so their signed correlations are averaged before the sign is dropped.
    Which places show a thing is known without the tower; how alike the maps are among those says what the tower says.
    """
    blanks = _maps_of_random_towers(benchmark, products, method, locator)
    rows = [(row, other) for row in range(len(maps)) if (other := _another(row, products, maps)) is not None]
    if not blanks or not rows:
        return {}
    kept = [products[row].picture_id for row, _ in rows]
    same, within, apart = (np.array(each) for each in zip(*(  # (maps, towers) each
        _correlations(maps[row].grid, [(blank[row].grid, blank[other].grid) for blank in blanks]) for row, other in rows
    ), strict=True))  # fmt: skip
    return {
        "random_tower": benchmark.metric(
            f"{method}: |rank correlation| with the maps of {RANDOM_ENCODERS} random towers (less is better)",
            np.abs(same.mean(1)), np.abs(apart.mean(1)), kept,
        ),
        "random_tower_one": benchmark.metric(
            f"{method}: |rank correlation| with the map of one random tower (less is better)",
            np.abs(same).mean(1), np.abs(apart).mean(1), kept,
        ),
        "random_tower_signed": benchmark.metric(
            f"{method}: rank correlation with a random tower's map, signed", same.mean(1), None, kept
        ),
        "random_tower_within": benchmark.metric(
            f"{method}: the same among the places that have a share, signed", within.mean(1), None, kept
        ),
    }  # fmt: skip


def _maps_of_random_towers(
    benchmark: Benchmark, products: Sequence[MaskedProduct], method: str, locator: Locator | None
) -> list[list[Heatmap]]:
    """Of each of RANDOM_ENCODERS random towers a map for every product; none where the encoder has no model."""
    pictures = {item.picture_id: item.picture for item in products}
    found = []
    for seed in range(benchmark.seed, benchmark.seed + RANDOM_ENCODERS):
        tower = randomised_encoder(benchmark.encoder, list(pictures.values()), seed=seed)
        made = None if tower is None else draw_maps(tower, products, method, locator)
        if made is None:
            return []
        found.append(made[0])
    return found


def _another(row: int, products: Sequence[MaskedProduct], maps: Sequence[Heatmap]) -> int | None:
    """The next row whose map is of another picture and has the same shape; None where there is none."""
    following = (*range(row + 1, len(products)), *range(row))
    return next(
        (
            other
            for other in following
            if maps[other].grid.shape == maps[row].grid.shape and products[other].picture_id != products[row].picture_id
        ),
        None,
    )


def _correlations(
    grid: np.ndarray, blanks: Sequence[tuple[np.ndarray, np.ndarray]]
) -> tuple[list[float], list[float], list[float]]:
    """Rank correlations of a map with each random tower's: of the same picture, the same among the places that have a
    share, and of another picture.

    Args:
        blanks: of each random tower the maps (h, w) of the same and of another picture.
    """
    shown = grid != 0
    return (
        [spearman(grid, same) for same, _ in blanks],
        [spearman(grid[shown], same[shown]) for same, _ in blanks],
        [spearman(grid, other) for _, other in blanks],
    )
