"""The numbers of a run."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

#: Loss -> its weight. The functions stand in `objectives`.
WEIGHTS = {
    "called": 1.0,  # what the shop calls it, against the pictures of the batch
    "true": 0.7,  # what is true of it, as short as a query
    "kinds": 0.5,  # every picture against the names of all kinds
    "brands": 0.5,  # ... of all brands
    "coloured": 0.5,  # the batch's kinds in all colours, against its pictures
    "composed": 0.4,  # a photo and another colour
    "twins": 0.3,  # pictures of one product
    "alike": 0.2,  # pictures of one kind, whoever took them
    "before": 0.3,  # pictures stay near where the teacher has them
    "remember": 0.15,  # the ImageNet classifier still reads the trunk
    "agree": 0.2,  # English and Chinese
    "words": 0.3,  # words that no caption has stay where they were
    "stand-ins": 0.3,  # kinds without pictures, see losses.stand_ins
}
#: Chance of another ground for a picture of each domain: a shop's pictures are on white, a shopper's are not.
PASTED = {"fashion": 0.2, "clothing": 0.0, "grocery": 0.0, "packshots": 0.5, "home": 0.4, "renders": 0.5}
#: How often the teacher is asked, by domain: what it knows of renders is not in today's data.
TAUGHT = {"fashion": 0.3, "clothing": 0.2, "grocery": 0.2, "packshots": 0.3, "home": 0.0, "renders": 1.0}


@dataclass(frozen=True)
class Recipe:
    """What a run does, in numbers.

    seconds: budget of training time; steps: the budget in steps instead, exactly repeatable. rates: peak learning
    rates of AdamW by part (`towers.parameter_groups`). average: decay of the exponential moving average. soft: share
    of the targets given by likeness. max_scale: limit of the inverse temperature, above which a small set of pairs is
    learned by heart. finish: share of the run at its end with little augmentation (FixRes, Touvron et al. 2019,
    arXiv 1906.06423). mined: progress at which hard negatives are looked up; negatives: how many for each title.
    pairs: sentences of each pool in a step. coloured: kinds of a step that are asked for in all colours. weights: of
    the losses; one of 0 is not computed. compiled: torch.compile of the trunk.

    Raises ValueError for a budget or a batch that is not positive.
    """

    seconds: float = 480.0
    steps: int | None = None
    seed: int = 0
    batch: int = 1024
    rates: dict[str, float] = field(default_factory=lambda: {"early": 1.5e-4, "late": 4e-4, "heads": 8e-4})
    weight_decay: float = 0.2
    average: float = 0.998
    soft: float = 0.2
    max_scale: float = 40.0
    finish: float = 0.18
    mined: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75)
    negatives: int = 32
    pairs: int = 64
    coloured: int = 16
    weights: dict[str, float] = field(default_factory=lambda: dict(WEIGHTS))
    compiled: bool = False

    def __post_init__(self) -> None:
        budget = self.seconds if self.steps is None else self.steps
        if budget <= 0 or self.batch < 1:
            raise ValueError(f"a run needs a positive budget and batch, got {budget} and {self.batch}")

    def decay(self, step: int) -> float:
        """How much of the moving average stays in step 1, 2, ...: early averages would remember the start."""
        return min(self.average, (1 + step) / (10 + step))


def rate(progress: float, warm: float = 0.03, last: float = 0.02) -> float:
    """The learning rate as a share of its peak: up in a straight line, down by a cosine (arXiv 1608.03983)."""
    if progress < warm:
        return max(progress / warm, 0.01)
    return last + (1 - last) * (1 + math.cos(math.pi * (progress - warm) / (1 - warm))) / 2
