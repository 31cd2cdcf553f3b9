"""Fitting the locator's head: losses, one pass over kept maps, folding the standardisation into the weights."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from search.lab.locator.features import FeatureStore
from search.lab.locator.head import Head
from search.lab.locator.targets import Truth, target_of

log = logging.getLogger(__name__)

#: Beside masks that are not all there is, a place that the head before takes for a product with this probability is not asked.
DOUBT = 0.25


@dataclass(frozen=True)
class Plan:
    """How long and how fast to fit."""

    epochs: int = 12
    batch: int = 16
    rate: float = 2e-3
    decay: float = 2e-2
    dropout: float = 0.1
    seconds: float = 460
    boxes: float = 1.0
    middles: float = 1.0
    seed: int = 0


def standardise(head: Head, statistics: Sequence[tuple[torch.Tensor, torch.Tensor]]) -> None:
    """Change the projections so that a map of that mean and deviation counts as if it were standardised."""
    with torch.no_grad():
        for project, (mean, deviation) in zip(head.projections(), statistics, strict=True):
            project.weight.div_(deviation[None, :, None, None])
            cast(torch.Tensor, project.bias).sub_((project.weight[:, :, 0, 0] * mean[None]).sum(1))


def unstandardise(head: Head, statistics: Sequence[tuple[torch.Tensor, torch.Tensor]]) -> None:
    """The reverse of `standardise`: behind a standardisation the head says again what it says without."""
    with torch.no_grad():
        for project, (mean, deviation) in zip(head.projections(), statistics, strict=True):
            cast(torch.Tensor, project.bias).add_((project.weight[:, :, 0, 0] * mean[None]).sum(1))
            project.weight.mul_(deviation[None, :, None, None])


class Standard(nn.Module):
    """Standardises each depth and drops channels while training, in front of a head."""

    def __init__(self, head: Head, statistics: Sequence[tuple[torch.Tensor, torch.Tensor]], dropout: float) -> None:
        super().__init__()
        self.head, self.statistics = head, statistics
        self.drop = nn.Dropout2d(dropout)

    def forward(self, levels: Sequence[torch.Tensor]) -> torch.Tensor:
        """As Head."""
        return self.head(
            [
                self.drop((level - mean[None, :, None, None]) / deviation[None, :, None, None])
                for level, (mean, deviation) in zip(levels, self.statistics, strict=True)
            ]
        )


def losses(out: torch.Tensor, truths: Sequence[Truth], certain: torch.Tensor) -> dict[str, torch.Tensor]:
    """Losses of (n, 6, g, g) outputs; certain (n, g, g) is 0 where nobody knows what is there.

    Product: cross-entropy and Dice (Milletari et al. 2016, arXiv 1606.04797). Middle: the penalty-reduced focal loss of
    CenterNet. Sides: generalised IoU (Rezatofighi et al. 2019, arXiv 1902.09630).
    """
    targets = [target_of(truth) for truth in truths]
    stack = lambda name: torch.from_numpy(np.stack([getattr(target, name) for target in targets]))  # noqa: E731
    product, middle, sides, weight = (stack(name) for name in ("product", "middle", "sides", "weight"))
    known = torch.maximum(certain, (product > 0.02).float())
    logits, p = out[:, 0], out[:, 0].sigmoid() * known
    cross = (F.binary_cross_entropy_with_logits(logits, product, reduction="none") * known).sum() / known.sum()
    overlap = (p * product).sum((1, 2))
    dice = 1 - (2 * overlap + 1) / (p.sum((1, 2)) + product.sum((1, 2)) + 1)
    heat, raw = out[:, 1].sigmoid().clamp(1e-4, 1 - 1e-4), middle >= 0.999
    hits = (raw * (1 - heat) ** 2 * heat.log()).sum()
    misses = (~raw * (1 - middle) ** 4 * heat**2 * (1 - heat).log() * known).sum()
    total = weight.sum() + 1e-6
    return {
        "product": cross + dice.mean(),
        "middle": -(hits + misses) / max(int(raw.sum()), 1) / 4,
        "box": ((1 - overlap_of(boxes_of(out), sides)) * weight).sum() / total,
    }


def boxes_of(out: torch.Tensor) -> torch.Tensor:
    """(n, 4, g, g) left, top, right, bottom in shares of the picture, of the outputs of a head."""
    grid = out.shape[-1]
    at = (torch.arange(grid, dtype=out.dtype) + 0.5) / grid
    x, y = at[None, None, :].expand(len(out), grid, grid), at[None, :, None].expand(len(out), grid, grid)
    return torch.stack([x - out[:, 2], y - out[:, 3], x + out[:, 4], y + out[:, 5]], 1)


def overlap_of(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """(n, g, g) generalised IoU of boxes (n, 4, g, g)."""
    wide = (torch.minimum(a[:, 2], b[:, 2]) - torch.maximum(a[:, 0], b[:, 0])).clamp(0)
    high = (torch.minimum(a[:, 3], b[:, 3]) - torch.maximum(a[:, 1], b[:, 1])).clamp(0)
    inner = wide * high
    area = lambda box: (box[:, 2] - box[:, 0]).clamp(0) * (box[:, 3] - box[:, 1]).clamp(0)  # noqa: E731
    union = area(a) + area(b) - inner
    hull = (torch.maximum(a[:, 2], b[:, 2]) - torch.minimum(a[:, 0], b[:, 0])) * (
        torch.maximum(a[:, 3], b[:, 3]) - torch.minimum(a[:, 1], b[:, 1])
    )
    return inner / (union + 1e-6) - (hull - union) / (hull + 1e-6)


def fit(
    head: Head, store: FeatureStore, truths: Sequence[Truth], rows: np.ndarray, plan: Plan, before: Head | None = None
) -> Head:
    """A head fitted to the pictures `rows`, its standardisation folded in.

    Args:
        head: a new one.
        before: a head to go on from, whose word counts where products are not labelled. Without it nothing is asked there.
    """
    torch.manual_seed(plan.seed)
    rng = np.random.default_rng(plan.seed)
    statistics = store.statistics(rng.permutation(rows)[:150].tolist())
    if before is not None:
        head.load_state_dict(before.state_dict())
        unstandardise(head, statistics)
    model = Standard(head, statistics, plan.dropout)
    steps = plan.epochs * (len(rows) // plan.batch)
    optimiser = torch.optim.AdamW(head.parameters(), plan.rate, weight_decay=plan.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.rate, total_steps=steps, pct_start=0.1)
    started, step = time.monotonic(), 0
    for epoch in range(plan.epochs):
        model.train()
        sums: dict[str, float] = {}
        order = rng.permutation(rows)
        for at in range(0, len(order) - plan.batch + 1, plan.batch):
            found = step_losses(model, store, truths, order[at : at + plan.batch], before, bool(rng.random() < 0.5))
            loss = found["product"] + plan.middles * found["middle"] + plan.boxes * found["box"]
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(head.parameters(), 5.0)
            optimiser.step()
            schedule.step()
            step += 1
            for name, value in found.items():
                sums[name] = sums.get(name, 0.0) + float(value.detach())
        means = {name: round(value / (len(order) // plan.batch), 3) for name, value in sums.items()}
        log.info("epoch %d %s %.0f s", epoch + 1, means, time.monotonic() - started)
        if time.monotonic() - started > plan.seconds:
            break
    standardise(head, statistics)
    return head.eval()


def step_losses(
    model: nn.Module, store: FeatureStore, truths: Sequence[Truth], at: np.ndarray, before: Head | None, mirrored: bool
) -> dict[str, torch.Tensor]:
    """Losses on the pictures `at`, mirrored or not."""
    levels, chosen = store.batch(at), [truths[row] for row in at]
    certain = torch.ones(len(at), levels[0].shape[-2], levels[0].shape[-1])
    doubtful = [row for row, truth in enumerate(chosen) if truth.unlabelled]
    if doubtful:
        certain[doubtful] = 0.0
    if before is not None and doubtful:
        with torch.no_grad():
            seen = before([level[doubtful] for level in levels])[:, 0].sigmoid()
        certain[doubtful] = (seen < DOUBT).float()
    if mirrored:
        levels, certain = [level.flip(3) for level in levels], certain.flip(2)
        chosen = [mirror(truth) for truth in chosen]
    return losses(model(levels), chosen, certain)


def mirror(truth: Truth) -> Truth:
    """The truth of the mirrored picture."""
    left, top, right, bottom = truth.boxes.T
    return replace(truth, masks=truth.masks[:, :, ::-1], boxes=np.stack([1 - right, top, 1 - left, bottom], 1))
