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

from search.lab.train import augment, network
from search.lab.train.data import DOMAINS, Dataset, chunks

log = logging.getLogger(__name__)

CHUNK = 256
RENDERS_PASTED = 0.5  # share of the renders on another ground: a shop's pictures are white, a shopper's are not


def varied(
    dataset: Dataset,
    rows: np.ndarray,
    px: int,
    strength: float,
    pasted: float,
    rng: np.random.Generator,
    shrunk: float = 0.0,
) -> torch.Tensor:
    """(n, 3, px, px): pictures of `rows`, varied; a share `pasted` of those on white gets another ground.

    Of the renders it is RENDERS_PASTED. A share `shrunk` of the pasted ones is small in its frame, as things are
    in the photograph of a room.
    """
    pictures = augment.to_tensor(dataset.pictures[rows])
    on_white = [DOMAINS.index(name) for name in ("fashion", "renders", "packshots")]
    packshots = np.flatnonzero(np.isin(dataset.domains[rows], on_white))
    share = np.where(dataset.domains[rows[packshots]] == DOMAINS.index("renders"), RENDERS_PASTED, pasted)
    chosen = packshots[rng.random(len(packshots)) < share]
    if len(chosen):
        real = np.flatnonzero(np.isin(dataset.domains, [DOMAINS.index("clothing"), DOMAINS.index("grocery")]))
        photos = augment.to_tensor(dataset.pictures[rng.choice(real, len(chosen))]) if len(real) else pictures[:0]
        small = chosen[rng.random(len(chosen)) < shrunk]
        if len(small):
            pictures[small] = augment.shrink(pictures[small], rng)
        pictures[chosen] = augment.paste(pictures[chosen], augment.grounds(photos, len(chosen), rng))
    return augment.vary(pictures, px, rng, strength).contiguous(memory_format=torch.channels_last)


def build(dataset: Dataset, trunk: Any, count: int, px: int, pasted: float, seed: int, cache: Path) -> list[np.ndarray]:
    """`count` arrays (n, 40, px / 8, px / 8) float16, one a view; about 12 kB a picture and view at 96 px.

    Each view is kept in `cache`, under what it depends on, so an interrupted run loses one view at most. Renders come
    and go between runs, so they are kept apart from the rest, which they follow.
    """
    first = int(np.flatnonzero(dataset.domains != DOMAINS.index("renders")).max(initial=-1)) + 1
    parts = [part for part in (np.arange(first), np.arange(first, len(dataset.items))) if len(part)]
    found = []
    for view in range(count):
        seen = [_kept(dataset, part, trunk, px, pasted, [seed, view], cache, f"view {view + 1}") for part in parts]
        found.append(np.concatenate(seen) if len(seen) > 1 else seen[0])
    return found


def _kept(
    dataset: Dataset, rows: np.ndarray, trunk: Any, px: int, pasted: float, seed: list[int], cache: Path, name: str
) -> np.ndarray:
    """What `_look` returns for `rows`, from `cache` where it is there."""
    sample = dataset.pictures[rows[:: max(1, len(rows) // 500)]]
    weights = trunk.conv_stem.weight.detach().numpy().tobytes()
    shares = (pasted, RENDERS_PASTED)
    stamp = f"{sample.shape}{len(rows)}{px}{shares}{seed}{network.FROZEN_BLOCKS}".encode()
    file = cache / f"view-{hashlib.sha1(stamp + sample.tobytes() + weights).hexdigest()[:12]}.npy"
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        log.info("%s of %d pictures", name, len(rows))
        partial = file.with_suffix(".part.npy")
        np.save(partial, _look(dataset, rows, trunk, px, pasted, np.random.default_rng(seed)))
        partial.rename(file)
    return np.load(file)


@torch.inference_mode()
def _look(
    dataset: Dataset, rows: np.ndarray, trunk: Any, px: int, pasted: float, rng: np.random.Generator
) -> np.ndarray:
    seen = []
    for part in chunks(len(rows), CHUNK):
        pictures = varied(dataset, rows[part], px, 1.0, pasted, rng)
        with torch.autocast("cpu", torch.bfloat16):
            seen.append(network.early(trunk, pictures).half().contiguous().numpy())
    return np.concatenate(seen)
