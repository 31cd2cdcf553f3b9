"""What is trained, and how it becomes part of the model: one class for each method.

A method touches the picture tower only. Words keep their tower, so old embeddings of words stay valid; how far
pictures may move from where words find them is the recipe's `keep`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from torch import nn

from search.errors import ModelError


@dataclass(frozen=True)
class Recipe:
    """The numbers of an adaptation.

    epochs: at most; patience: epochs without a better held-out MRR before it stops; batch: queries a step; items:
    catalog pictures a step, the queries' relevant ones filled up with others; rate: AdamW's learning rate; scale:
    inverse temperature of the contrastive loss; keep: weight of the cosine distance of the items to where they were;
    held_out: share of the queries that is not trained on.
    """

    epochs: int
    rate: float
    patience: int = 5
    batch: int = 64
    items: int = 64
    weight_decay: float = 0.01
    scale: float = 20.0
    keep: float = 1.0
    held_out: float = 0.15
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("epochs", "patience", "batch", "items"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}, it must be at least 1")
        for name in ("rate", "scale"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} is {getattr(self, name)}, it must be positive")
        for name in ("weight_decay", "keep"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is {getattr(self, name)}, it must not be negative")
        if not 0 < self.held_out < 1:
            raise ValueError(f"held_out is {self.held_out}, it is a share between 0 and 1")


class Method(Protocol):
    """What is trained on top of an open_clip model, and how it is merged into its weights.

    `towers_frozen` says that the towers themselves stand still, so that every picture is embedded once, before
    training; `recipe` holds the numbers that the method works well with.
    """

    @property
    def name(self) -> str: ...

    @property
    def towers_frozen(self) -> bool: ...

    @property
    def recipe(self) -> Recipe: ...

    def attach(self, model: Any, dim: int) -> nn.Module:
        """A module whose parameters that require a gradient are what is trained; it starts as the model itself.

        It maps (n, dim) unit rows, the model's own embeddings, where the towers are frozen, else (n, 3, h, w)
        preprocessed pictures, to (n, dim) embeddings of any length. It may change `model`, which is a copy.

        Raises:
            ModelError: the method does not suit the model.
            ModuleNotFoundError: a package of the method is not installed; the message says how it is had.
        """
        ...

    def merge(self, model: Any, attached: nn.Module) -> None:
        """Write what `attached` learned into the weights of `model`, which then has the modules it had before."""
        ...


@dataclass(frozen=True)
class AdaptationLayer:
    """A linear residual layer on the embeddings of frozen towers: e' = (I + M) e, with M = B A where it has a rank.

    Because nothing but a matrix is trained, on embeddings that are computed once, it takes seconds. (I + M) is folded
    into the projection W that ends the picture tower, W' = (I + M) W: the model keeps its shape and speed, and where a
    place's contribution to a score was exact (average pool and linear projection, as in the embedded model) it still
    is. That is why the layer has no activation: with one (CLIP-Adapter, Gao et al. 2021, arXiv 2110.04544, whose
    residual design this follows) the layer could not be folded, open_clip could not open the result without extra
    code, and maps of places would be approximations. For the same reason towers that do not end in a linear projection
    (SigLIP's attention pool) are refused.

    rank: of M; None is a full matrix.
    """

    rank: int | None = None
    recipe: Recipe = field(default_factory=lambda: Recipe(epochs=100, rate=3e-3, patience=10, batch=256, items=256))
    name: str = "adaptation layer"
    towers_frozen: bool = True

    def __post_init__(self) -> None:
        if self.rank is not None and self.rank < 1:
            raise ValueError(f"rank is {self.rank}, it must be at least 1, or None for a full matrix")

    def attach(self, model: Any, dim: int) -> nn.Module:
        """See Method.attach."""
        if _projection(model) is None:
            raise ModelError(
                f"The picture tower ({type(model.visual).__name__}) does not end in a linear projection, into which "
                "an adaptation layer could be folded.",
                "Adapt it with Lora.",
            )
        return _Residual(dim, self.rank)

    def merge(self, model: Any, attached: nn.Module) -> None:
        """See Method.merge."""
        projection = _projection(model)
        if projection is None or not isinstance(attached, _Residual):
            raise TypeError(f"{type(attached).__name__} is not what attach() made of this model")
        _multiply(projection, attached.matrix())


@dataclass(frozen=True)
class Lora:
    """Low-rank updates of layers of the picture tower: W' = W + (alpha / rank) B A (Hu et al. 2021, arXiv 2106.09685).

    By peft, on 1x1 convolutions (the pointwise ones of a convolutional trunk, where nearly all of its weights are),
    linear layers, and nn.MultiheadAttention, whose input and output projections peft adapts together. Merged into the
    weights afterwards. Explanations stay as exact as they were, because the shape of the network does.

    rank: of every update. alpha: their common factor, times 1 / rank. last: how many layers to adapt, counted from
    the output; the gradient stops at the first of them, so fewer are faster; None adapts all. modules: regular
    expression over names of modules within the picture tower, instead of `last`.
    """

    rank: int = 8
    alpha: int = 16
    last: int | None = 12
    modules: str | None = None
    recipe: Recipe = field(
        default_factory=lambda: Recipe(epochs=8, rate=2e-3, patience=2, batch=64, items=48, keep=4.0)
    )
    name: str = "LoRA"
    towers_frozen: bool = False

    def __post_init__(self) -> None:
        if self.rank < 1 or (self.last is not None and self.last < 1):
            raise ValueError(f"rank is {self.rank} and last {self.last}, both must be at least 1")

    def attach(self, model: Any, dim: int) -> nn.Module:
        """See Method.attach."""
        try:
            import peft
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                "LoRA needs the package peft: pip install -r search/adapt/requirements.txt"
            ) from error
        names = adaptable(model.visual)
        if self.modules is not None:
            chosen = [name for name in names if re.fullmatch(self.modules, name)]
        else:
            chosen = names[-self.last :] if self.last else names
        if not chosen:
            raise ModelError(
                f"No layer of the picture tower matches {self.modules!r}.",
                f"It has: {', '.join(names[-4:])} and {max(len(names) - 4, 0)} more."
                if names
                else "LoRA takes 1x1 convolutions, linear layers and multi-head attention.",
            )
        config = peft.LoraConfig(
            r=self.rank, lora_alpha=self.alpha, target_modules="|".join(re.escape(name) for name in chosen)
        )
        return _PictureTower(peft.get_peft_model(model.visual, config))

    def merge(self, model: Any, attached: nn.Module) -> None:
        """See Method.merge."""
        if not isinstance(attached, _PictureTower):
            raise TypeError(f"{type(attached).__name__} is not what attach() made of this model")
        model.visual = attached.tower.merge_and_unload()


def adaptable(visual: nn.Module) -> list[str]:
    """Names of the modules of a picture tower that LoRA can adapt, in the order of the network's definition."""
    attention = [name for name, module in visual.named_modules() if isinstance(module, nn.MultiheadAttention)]
    names = []
    for name, module in visual.named_modules():
        pointwise = isinstance(module, nn.Conv2d) and module.kernel_size == (1, 1) and module.groups == 1
        # The output projection inside nn.MultiheadAttention is never called; peft adapts it with its parent.
        inside = any(name.startswith(f"{parent}.") for parent in attention)
        if pointwise or name in attention or (isinstance(module, nn.Linear) and not inside):
            names.append(name)
    return names


class _Residual(nn.Module):
    """(n, dim) -> (n, dim): x + M x, M zero at first."""

    def __init__(self, dim: int, rank: int | None):
        super().__init__()
        self.down = None if rank is None else nn.Parameter(torch.randn(rank, dim) / math.sqrt(dim))
        self.up = nn.Parameter(torch.zeros(dim, rank or dim))

    def matrix(self) -> torch.Tensor:
        """I + M, (dim, dim)."""
        update = self.up if self.down is None else self.up @ self.down
        return torch.eye(len(update), device=update.device) + update

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        return rows @ self.matrix().T


class _PictureTower(nn.Module):
    """A picture tower under peft: (n, 3, h, w) -> (n, dim)."""

    def __init__(self, tower: Any):
        super().__init__()
        self.tower = tower

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        features: Any = self.tower(pictures)
        # CoCa's tower returns its tokens beside the embedding.
        return features[0] if isinstance(features, tuple) else features


def _projection(model: Any) -> nn.Linear | nn.Parameter | None:
    """The linear map that ends the picture tower: a Linear, or a (width, dim) Parameter that rows are multiplied by.

    open_clip keeps it in another place for every kind of tower. A find is believed when doubling it doubles the
    embedding, which is what folding a matrix into it takes.
    """
    visual = model.visual
    found: Any = getattr(visual, "proj", None)
    modules = dict(visual.named_modules())
    for name in ("head.proj", "head.mlp.fc2", "attnpool.c_proj"):
        found = modules.get(name) if found is None else found
    if not isinstance(found, nn.Linear | nn.Parameter):
        return None
    size = getattr(visual, "image_size", 224)
    height, width = size if isinstance(size, tuple | list) else (size, size)
    weight = found.weight if isinstance(found, nn.Linear) else found
    generator = torch.Generator().manual_seed(0)
    picture = torch.randn(1, 3, height, width, generator=generator).to(weight.device, weight.dtype)
    twice = 2 * torch.eye(weight.shape[0] if isinstance(found, nn.Linear) else weight.shape[1], device=weight.device)
    with torch.inference_mode():
        before = model.encode_image(picture)
    _multiply(found, twice)
    with torch.inference_mode():
        after = model.encode_image(picture)
    _multiply(found, twice / 4)
    return found if torch.allclose(2 * before, after, rtol=1e-3, atol=1e-5) else None


@torch.no_grad()
def _multiply(projection: nn.Linear | nn.Parameter, matrix: torch.Tensor) -> None:
    """Fold a (dim, dim) matrix, applied to the embedding as a column, into the projection; in double precision."""
    matrix = matrix.double()
    if isinstance(projection, nn.Linear):
        projection.weight.copy_(matrix @ projection.weight.double())
        if projection.bias is not None:
            projection.bias.copy_(matrix @ projection.bias.double())
    else:
        projection.copy_(projection.double() @ matrix.T)
