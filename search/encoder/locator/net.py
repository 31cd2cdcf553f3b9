"""The locator's network: a small head of convolutions on the feature maps of a frozen EfficientNet trunk.

Maps of several depths are projected to one width and carried from coarse to fine, as in a feature pyramid (Lin et al. 2017,
arXiv 1612.03144). Every place says whether it shows a product, whether it is the middle of one (CenterNet, Zhou et al. 2019,
arXiv 1904.07850) and how far the four sides of its product are (FCOS, Tian et al. 2019, arXiv 1904.01355).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    import torch

#: Blocks of the trunk whose output is read; after them comes the last 1x1 convolution.
BLOCKS = (1, 2, 4, 5, 6)
#: Channels of one output: product, middle, then left, top, right, bottom.
OUTPUTS = 6
#: 3x3 convolutions of each step from coarse to fine.
STEPS = {"coarse": 2, "medium": 1, "fine": 2}
#: A distance of 1 before the exponential is this share of the picture's side.
UNIT = 0.2


def pixels_of(picture: Image.Image, side: int, mean: Sequence[float], std: Sequence[float]) -> torch.Tensor:
    """(3, side, side) of an RGB picture, stretched to a square and standardised."""
    import torch

    small = picture.resize((side, side), Image.Resampling.BICUBIC, reducing_gap=2.0)
    pixels = torch.from_numpy(np.asarray(small, np.float32) / 255)
    return ((pixels - torch.tensor(mean)) / torch.tensor(std)).permute(2, 0, 1)


def trunk_features(trunk: Any, pixels: torch.Tensor, grid: int) -> list[torch.Tensor]:
    """(n, c, h, w) of each depth for (n, 3, side, side) standardised pixels; what is finer than the grid is averaged."""
    from torch.nn.functional import adaptive_avg_pool2d

    x = trunk.bn1(trunk.conv_stem(pixels))
    levels = []
    for at, block in enumerate(trunk.blocks):
        x = block(x)
        if at in BLOCKS:
            levels.append(adaptive_avg_pool2d(x, grid) if x.shape[-1] > grid else x)
    levels.append(trunk.bn2(trunk.conv_head(x)))
    return levels


def head_outputs(weights: Mapping[str, torch.Tensor], levels: Sequence[torch.Tensor]) -> torch.Tensor:
    """(n, OUTPUTS, grid, grid) of maps (n, c, h, w) as `trunk_features` gives them.

    Channels 0 and 1 are logits of product and middle; 2 to 5 the distances of the sides in shares of the picture.

    Args:
        weights: `project.N` 1x1 convolutions of each depth, `coarse.N`, `medium.N`, `fine.N` and `out`, each with .weight
            and .bias.
    """
    import torch
    from torch.nn.functional import conv2d, interpolate, relu

    def convolved(x: torch.Tensor, name: str, padding: int = 0) -> torch.Tensor:
        return conv2d(x, weights[f"{name}.weight"], weights[f"{name}.bias"], padding=padding)

    mapped = [convolved(level, f"project.{at}") for at, level in enumerate(levels)]
    sizes = sorted({level.shape[-1] for level in mapped})
    x = torch.zeros_like(mapped[-1])
    for size, (step, count) in zip(sizes, STEPS.items(), strict=True):
        if x.shape[-1] != size:
            x = interpolate(x, (size, size), mode="bilinear", align_corners=False)
        merged = x = x + sum(level for level in mapped if level.shape[-1] == size)
        for at in range(count):
            x = convolved(relu(x), f"{step}.{at}", padding=1)
        # What was carried down stays, as in a residual network, until the last step has channels of its own.
        x = relu(x) if step == "fine" else merged + x
    raw = convolved(x, "out")
    return torch.cat([raw[:, :2], UNIT * raw[:, 2:].clamp(-5, 2).exp()], 1)
