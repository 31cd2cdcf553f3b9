"""What each place adds to the embedding, as the tower itself adds it up.

Convolutional: e = W mean_j(f_j) + b, so z_j = W f_j / n: exact, nothing left but the bias.

ClassToken: the class token is what it started as, plus what every block's attention and MLP add to
it. Attention adds sum_j c_j + b_o, with c_j = W_o concat_h(A_h[cls, j] V_hj); that is what place j
says directly, and z_j is the sum of it over blocks, through the last LayerNorm with the mean and
variance it had for this picture (Gandelsman et al. 2024, "Interpreting CLIP's Image Representation
via Text-Based Decomposition"). MLPs, biases and the token's own words to itself are the rest.

AttentionPool: r = sum_j c_j + b, then e = r + MLP(LN(r)). With LN's statistics as they were, the
MLP's change along the straight line from b to r is spread over the c_j as integrated gradients
(Sundararajan et al. 2017) do; because the line is straight and the activation works number by
number, the integral is the secant (act(u_1) - act(u_0)) / (u_1 - u_0), exact without quadrature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from search.encoder import Encoder
from search.explain.towers import AttentionPool, ClassToken, Convolutional, Tower, grid_of, watched

if TYPE_CHECKING:
    import torch
    from PIL import Image

#: Below this a secant is rounding, and the slope is measured over a step of this size instead.
_STEP = 1e-4


def contributions(encoder: Encoder, tower: Tower, picture: Image.Image) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(z, rest, embedding) of one upright RGB picture, scaled so that the embedding has length 1.

    Shapes (h, w, d), (d,), (d,), float64. The rest is put together from the parts that belong to it,
    not by subtraction, so that z.sum() + rest against the embedding measures whether all was read.
    """
    import torch

    with torch.no_grad():
        if isinstance(tower, Convolutional):
            z, rest, embedding = _convolutional(encoder, tower, picture)
        elif isinstance(tower, ClassToken):
            z, rest, embedding = _class_token(encoder, tower, picture)
        else:
            z, rest, embedding = _attention_pool(encoder, tower, picture)
    length = float(embedding.norm())
    return tuple((part / length).cpu().numpy() for part in (z, rest, embedding))  # type: ignore[return-value]


def embed(encoder: Encoder, picture: Image.Image) -> torch.Tensor:
    """(d,) float64: the embedding before it is normalised."""
    return encoder.image_features(picture)[0].double()  # type: ignore[attr-defined]


def _convolutional(encoder: Encoder, tower: Convolutional, picture: Any) -> tuple[Any, Any, Any]:
    import torch

    with watched(tower.pool) as (calls,):
        embedding = embed(encoder, picture)
    features = calls[0][0][0].double()  # (channels, h, w)
    z = tower.project(features.permute(1, 2, 0), affine=False) / features[0].numel()
    bias = tower.project.bias
    return z, torch.zeros_like(embedding) if bias is None else bias.double(), embedding


def _class_token(encoder: Encoder, tower: ClassToken, picture: Any) -> tuple[Any, Any, Any]:
    with watched(tower.norm, *(block.attention.module for block in tower.blocks)) as (last, *attended):
        embedding = embed(encoder, picture)
    final = last[0][0][0].double()
    final = final[0] if final.ndim == 2 else final
    rest, places = final.clone(), final.new_zeros(())
    for block, calls in zip(tower.blocks, attended, strict=True):
        tokens, added = (_tokens(value, block.attention.batch_first) for value in calls[0])
        scale = 1.0 if block.scale is None else block.scale.double()
        each = scale * block.attention.contributions(tokens[0], tokens)
        bias = 0.0 if block.attention.out.bias is None else scale * block.attention.out.bias.double()
        places = places + each[1:]
        # The module's own answer leaves, what was recomputed of it enters: they must agree.
        rest = rest - scale * added[0] + each[0] + bias
    read = _frozen(tower.norm, final)
    project = tower.project or (lambda x, affine=True: x)
    z = project(read(places, affine=False), affine=False)
    return z.reshape(*grid_of(len(z)), -1), project(read(rest)), embedding


def _attention_pool(encoder: Encoder, tower: AttentionPool, picture: Any) -> tuple[Any, Any, Any]:
    import torch

    with watched(tower.pool) as (calls,):
        embedding = embed(encoder, picture)
    tokens = calls[0][0][0].double()
    places = tower.attention.contributions(tower.probe.double(), tokens)
    bias = tower.attention.out.bias
    start = torch.zeros_like(places[0]) if bias is None else bias.double()
    end = start + places.sum(0)
    read = _frozen(tower.norm, end)
    low, high = tower.first(read(start)), tower.first(read(end))
    slope = torch.where(
        (high - low).abs() > _STEP,
        (tower.act(high) - tower.act(low)) / torch.where(high == low, 1.0, high - low),
        (tower.act(low + _STEP) - tower.act(low - _STEP)) / (2 * _STEP),
    )
    spread = tower.second(slope * tower.first(read(places, affine=False), affine=False), affine=False)
    project = tower.project or (lambda x, affine=True: x)
    z = project(places + spread, affine=False)
    return z.reshape(*grid_of(len(z)), -1), project(start + tower.second(tower.act(low))), embedding


def _tokens(value: torch.Tensor, batch_first: bool) -> torch.Tensor:
    """(n, width) float64 of the one picture in a batch."""
    return (value[0] if batch_first else value[:, 0]).double()


def _frozen(norm: Any, at: torch.Tensor) -> Any:
    """A LayerNorm with the variance it has at `at`, (width,): from there on it is linear."""
    spread = (at.var(unbiased=False) + norm.eps).sqrt()
    weight = 1.0 if norm.weight is None else norm.weight.double()
    bias = 0.0 if norm.bias is None else norm.bias.double()

    def read(x: torch.Tensor, *, affine: bool = True) -> torch.Tensor:
        y = (x - x.mean(-1, keepdim=True)) / spread * weight
        return y + bias if affine else y

    return read
