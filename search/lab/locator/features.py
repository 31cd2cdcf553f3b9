"""The trunk's maps of many pictures, kept on disk in half precision: the trunk stays as it is, so each is made once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from search.encoder.locator.net import trunk_features


class FeatureStore:
    """(n, values) float16 in one file, a row per picture, with the shapes of its maps."""

    def __init__(self, rows: np.ndarray, shapes: Sequence[tuple[int, int, int]]) -> None:
        self.rows = rows
        self.shapes = list(shapes)
        ends = np.cumsum([int(np.prod(shape)) for shape in self.shapes])
        self.parts = [slice(end - int(np.prod(shape)), end) for end, shape in zip(ends, self.shapes, strict=True)]

    def batch(self, at: Sequence[int] | np.ndarray) -> list[torch.Tensor]:
        """(len(at), c, h, w) float32 of each depth."""
        chosen = torch.from_numpy(np.asarray(self.rows[np.asarray(at)], np.float32))
        return [chosen[:, part].reshape(-1, *shape) for part, shape in zip(self.parts, self.shapes, strict=True)]

    def statistics(self, at: Sequence[int]) -> list[tuple[torch.Tensor, torch.Tensor]]:
        """(mean, deviation) of every channel of each depth, over the rows `at`."""
        return [(level.mean((0, 2, 3)), level.std((0, 2, 3)) + 1e-3) for level in self.batch(at)]


def extract(
    trunk: nn.Module, pixels: Iterable[torch.Tensor], count: int, grid: int, file: Path, batch: int = 8
) -> FeatureStore:
    """Write the maps of `count` pictures, (3, side, side) standardised each, to `file`."""
    shapes: list[tuple[int, int, int]] = []
    rows: np.ndarray | None = None
    at = 0
    waiting: list[torch.Tensor] = []

    def flush() -> None:
        nonlocal rows, at, shapes
        with torch.inference_mode():
            stacked = torch.stack(waiting).contiguous(memory_format=torch.channels_last)
            levels = trunk_features(trunk, stacked, grid)
        if rows is None:
            shapes = [tuple(level.shape[1:]) for level in levels]  # type: ignore[misc]
            width = sum(int(np.prod(shape)) for shape in shapes)
            rows = np.lib.format.open_memmap(file, "w+", np.float16, (count, width))
        flat = torch.cat([level.flatten(1) for level in levels], 1)
        rows[at : at + len(waiting)] = flat.clamp(-6e4, 6e4).half().numpy()
        at += len(waiting)
        waiting.clear()

    for one in pixels:
        waiting.append(one)
        if len(waiting) == batch:
            flush()
    if waiting:
        flush()
    assert rows is not None
    return FeatureStore(rows, shapes)
