"""LeGrad and Grad-CAM, for comparison: maps that order places but add up to nothing.

LeGrad (Bousselham et al. 2024): the class token of every layer is read out as if it were the last;
the gradient of its similarity by that layer's attention weights, negative values dropped, mean over
heads, sum over layers. For towers with an attention pool the pool reads every layer's tokens and the
gradient is by the pool's weights, as in the paper. The gradient by A_hj is <W_o' g, V_hj> with g the
gradient by the attention's output, so nothing in the model has to give its weights away.

Grad-CAM (Selvaraju et al. 2017): the last features with places, weighted by their mean gradient. For
a transformer these are the tokens that the last attention reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from search import images
from search.encoder import Encoder
from search.errors import QueryError
from search.explain.contributions import embed
from search.explain.patches import ADDITIVE, inside, method_for, patch_attribution, seen
from search.explain.schema import Heatmap
from search.explain.things import things
from search.explain.towers import (
    Attention,
    AttentionPool,
    ClassToken,
    Convolutional,
    Tower,
    grid_of,
    tower_of,
    watched,
)
from search.images import Region
from search.lab.benchmark.localisation import MaskedProduct

#: What the app shows: the tower's additive method on the places of the things in the picture.
THINGS = "things"
#: What `saliency_map` can be asked for; maps by things are made by `draw_maps`, which is given the locator.
METHODS = (*ADDITIVE, "legrad", "gradcam")

if TYPE_CHECKING:
    import torch
    from PIL import Image

    from search.query.looks import Locator


def legrad(encoder: Encoder, tower: Tower | None, picture: Image.Image, target: np.ndarray) -> np.ndarray | None:
    """(h, w) float32, 0 or more; None for a tower without attention."""
    import torch

    if isinstance(tower, ClassToken):
        with torch.no_grad(), watched(*(module for block in tower.blocks for module in
                                        (block.module, block.attention.module))) as calls:  # fmt: skip
            embed(encoder, picture)
        total = torch.zeros(())
        for block, whole, attended in zip(tower.blocks, calls[::2], calls[1::2], strict=True):
            first = block.attention.batch_first
            before, added = whole[0][0][0, :1], (attended[0][1] if first else attended[0][1].transpose(0, 1))[0, :1]
            scale = 1.0 if block.scale is None else block.scale
            middle = (before + scale * added)[None].detach().requires_grad_()
            with torch.enable_grad():
                gradient = _gradient(_readout(tower, block.feed(middle)[0, 0]), middle, target)[0, 0]
            tokens = attended[0][0] if first else attended[0][0].transpose(0, 1)
            total = total + _attention_gradient(block.attention, scale * gradient, tokens[0])[1:]
    elif isinstance(tower, AttentionPool):
        with torch.no_grad(), watched(*tower.blocks) as calls:
            embed(encoder, picture)
        total = torch.zeros(())
        for whole in calls:
            with torch.no_grad():
                tokens = tower.final(whole[0][1])[0]
                weights, values = tower.attention.row(tower.probe, tokens)
                mixed = (weights[..., None] * values).sum(1).reshape(-1)
                read = tower.attention.out(mixed[None])
            read = read.detach().requires_grad_()
            with torch.enable_grad():
                gradient = _gradient(_pooled(tower, read[0]), read, target)[0]
            total = total + _attention_gradient(tower.attention, gradient, tokens)
    else:
        return None
    return _grid(total)


def gradcam(encoder: Encoder, tower: Tower | None, picture: Image.Image, target: np.ndarray) -> np.ndarray | None:
    """(h, w) float32, 0 or more; None for a tower that we cannot read."""
    import torch

    if tower is None:
        return None
    if isinstance(tower, Convolutional):
        with torch.no_grad(), watched(tower.pool) as (calls,):
            embed(encoder, picture)
        channels = calls[0][0][0]
        features = channels.flatten(1).T.detach().requires_grad_()  # (places, channels)
        with torch.enable_grad():
            gradient = _gradient(tower.project(features.mean(0)), features, target)
        return _weighted_by_gradient(features, gradient, channels.shape[1:])
    if isinstance(tower, ClassToken):
        block = tower.blocks[-1]
        with torch.no_grad(), watched(block.module, block.norm) as (whole, normed):
            embed(encoder, picture)
        before = whole[0][0][0]
        tokens = normed[0][1][0].detach().requires_grad_()
        with torch.enable_grad():
            weights, values = block.attention.row(tokens[0], tokens)
            added = block.attention.out((weights[..., None] * values).sum(1).reshape(1, -1))
            middle = before[:1] + (1.0 if block.scale is None else block.scale) * added
            gradient = _gradient(_readout(tower, block.feed(middle[None])[0, 0]), tokens, target)
        return _weighted_by_gradient(tokens[1:], gradient[1:])
    with torch.no_grad(), watched(tower.pool) as (calls,):
        embed(encoder, picture)
    tokens = calls[0][0][0].detach().requires_grad_()
    with torch.enable_grad():
        weights, values = tower.attention.row(tower.probe, tokens)
        read = tower.attention.out((weights[..., None] * values).sum(1).reshape(-1))
        gradient = _gradient(_pooled(tower, read), tokens, target)
    return _weighted_by_gradient(tokens, gradient)


def _readout(tower: ClassToken, token: torch.Tensor) -> torch.Tensor:
    read = tower.norm(token)
    return tower.project(read) if tower.project else read


def _pooled(tower: AttentionPool, read: torch.Tensor) -> torch.Tensor:
    fed = read + tower.second(tower.act(tower.first(tower.norm(read))))
    return tower.project(fed) if tower.project else fed


def _gradient(embedding: torch.Tensor, leaf: torch.Tensor, target: np.ndarray) -> torch.Tensor:
    """The gradient of the cosine's numerator, <embedding / |embedding|, target>, by a leaf."""
    import torch

    goal = torch.as_tensor(np.asarray(target), dtype=embedding.dtype, device=embedding.device)
    return torch.autograd.grad(embedding / embedding.norm() @ goal, leaf)[0]


def _attention_gradient(attention: Attention, gradient: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
    """(n,): the gradient by the attention weights, negative values dropped, mean over heads.

    Args:
        gradient: (width,), by the output of the attention.
        tokens: (n, width), what it reads.
    """
    import torch

    with torch.no_grad():
        values = attention.value(tokens).reshape(len(tokens), attention.heads, -1)
        back = (gradient @ attention.out.weight).reshape(attention.heads, -1)
        return torch.einsum("nhd,hd->hn", values, back).clamp(min=0).mean(0)


def _weighted_by_gradient(features: Any, gradient: Any, shape: tuple[int, ...] | None = None) -> np.ndarray:
    return _grid((features.detach() @ gradient.mean(0)).clamp(min=0), shape)


def _grid(values: Any, shape: tuple[int, ...] | None = None) -> np.ndarray:
    return values.reshape(*(shape or grid_of(len(values)))).float().cpu().numpy().astype(np.float32)


def saliency_map(
    encoder: Encoder,
    picture: Image.Image,
    target: np.ndarray,
    *,
    region: Region | None = None,
    method: str | None = None,
) -> Heatmap | None:
    """One map for one target by any of METHODS, so that they can be compared.

    legrad and gradcam order places, but add up to nothing: their maps have no residual. None where
    the method does not fit the tower.

    Args:
        picture: upright RGB.
        target: (d,), what the picture is compared with.

    Raises:
        QueryError: there is no such method.
    """
    method = method or method_for(encoder)
    if method in ADDITIVE:
        found = patch_attribution(encoder, picture, region=region, method=method)
        return found.heatmap(target) if found else None
    if method not in METHODS:
        raise QueryError(f"There is no map called {method!r}.", f"Use one of {', '.join(METHODS)}.")
    part = images.crop(picture, region) if region else picture
    grid = {"legrad": legrad, "gradcam": gradcam}[method](encoder, tower_of(encoder), part, target)
    return None if grid is None else Heatmap(grid, None, inside(seen(encoder, part), region))


def draw_maps(
    encoder: Encoder, products: Sequence[MaskedProduct], method: str, locator: Locator | None = None
) -> tuple[list[Heatmap], list[float]] | None:
    """(a map for each of `products`, |sum + residual - embedding| of each picture); None where the method does not fit.

    Args:
        method: THINGS or one of METHODS.
        locator: finds the things where the ground is not plain.
    """
    maps: list[Heatmap] = []
    errors: list[float] = []
    for _, group in groupby(products, key=lambda item: item.picture_id):
        items = list(group)
        made: list[Heatmap | None]
        if method == THINGS or method in ADDITIVE:
            picture = items[0].picture
            locate = locator.locate if locator else None
            how: dict[str, Any] = {"masks": things(picture, locate)} if method == THINGS else {"method": method}
            found = patch_attribution(encoder, picture, region=items[0].region, **how)
            made = [found.heatmap(item.target) if found else None for item in items]
            errors += [found.error] if found else []
        else:
            made = [saliency_map(encoder, item.picture, item.target, method=method) for item in items]
        if any(heat is None for heat in made):
            return None
        maps += [heat for heat in made if heat is not None]
    return maps, errors
