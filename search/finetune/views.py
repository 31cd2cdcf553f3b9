"""What the frozen part of the trunk sees of every picture, in several varied views, computed once.

The first blocks are three fifths of a training step and do not change, so a step can begin where they end. Each view is
a picture varied anew (`augment`); a run that sees each picture thirty times meets every view a few times.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Any

import numpy as np
import torch

from search.finetune import augment, network
from search.finetune.data import DOMAINS, Dataset, chunks

log = logging.getLogger(__name__)

CHUNK = 256


def varied(
    dataset: Dataset, rows: np.ndarray, px: int, strength: float, pasted: float, rng: np.random.Generator
) -> torch.Tensor:
    """(n, 3, px, px): pictures of `rows`, varied; a share `pasted` of those on white gets another ground."""
    pictures = augment.to_tensor(dataset.pictures[rows])
    on_white = [DOMAINS.index(name) for name in ("fashion", "renders", "packshots")]
    packshots = np.flatnonzero(np.isin(dataset.domains[rows], on_white))
    chosen = packshots[rng.random(len(packshots)) < pasted]
    if len(chosen):
        photos = np.flatnonzero(np.isin(dataset.domains, [DOMAINS.index("clothing"), DOMAINS.index("grocery")]))
        photos = augment.to_tensor(dataset.pictures[rng.choice(photos, len(chosen))]) if len(photos) else pictures[:0]
        pictures[chosen] = augment.paste(pictures[chosen], augment.grounds(photos, len(chosen), rng))
    return augment.vary(pictures, px, rng, strength).contiguous(memory_format=torch.channels_last)


def build(dataset: Dataset, trunk: Any, count: int, px: int, pasted: float, seed: int, cache: Path) -> list[np.ndarray]:
    """`count` arrays (n, 40, px / 8, px / 8) float16, one a view; about 12 kB a picture and view at 96 px.

    Each view is kept in `cache`, under what it depends on, so an interrupted run loses one view at most.
    """
    sample = dataset.pictures[:: max(1, len(dataset.pictures) // 500)]
    weights = trunk.conv_stem.weight.detach().numpy().tobytes()
    found = []
    for view in range(count):
        stamp = f"{sample.shape}{len(dataset.items)}{px}{pasted}{seed}{view}{network.FROZEN_BLOCKS}".encode()
        name = hashlib.sha1(stamp + sample.tobytes() + weights).hexdigest()[:12]
        file = cache / f"view-{name}.npy"
        if not file.exists():
            cache.mkdir(parents=True, exist_ok=True)
            log.info("view %d of %d", view + 1, count)
            partial = file.with_suffix(".part.npy")
            np.save(partial, _look(dataset, trunk, px, pasted, np.random.default_rng([seed, view])))
            partial.rename(file)
        found.append(np.load(file))
    return found


@torch.inference_mode()
def _look(dataset: Dataset, trunk: Any, px: int, pasted: float, rng: np.random.Generator) -> np.ndarray:
    seen = []
    for part in chunks(len(dataset.items), CHUNK):
        rows = np.arange(part.start, part.stop)
        pictures = varied(dataset, rows, px, 1.0, pasted, rng)
        with torch.autocast("cpu", torch.bfloat16):
            seen.append(network.early(trunk, pictures).half().contiguous().numpy())
    return np.concatenate(seen)
