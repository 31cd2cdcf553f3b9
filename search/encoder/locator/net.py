"""The locator's network: a small head of convolutions on the feature maps of a frozen EfficientNet trunk.

Maps of several depths are projected to one width and added on one grid, as in a feature pyramid (Lin et al. 2017, arXiv
1612.03144). Every place says whether it shows a product, whether it is the middle of one (CenterNet, Zhou et al. 2019, arXiv
1904.07850) and how far the four sides of its product are (FCOS, Tian et al. 2019, arXiv 1904.01355).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

if TYPE_CHECKING:
    from PIL import Image

#: Blocks of the trunk whose output is read; after them comes the last 1x1 convolution.
BLOCKS = (1, 2, 4, 5, 6)
BICUBIC = 3  # PIL.Image.Resampling.BICUBIC
#: Channels of one output: product, middle, then left, top, right, bottom.
OUTPUTS = 6
#: A distance of 1 before the exponential is this share of the picture's side.
UNIT = 0.2


def pixels_of(picture: Image.Image, side: int, mean: Sequence[float], std: Sequence[float]) -> torch.Tensor:
    """(3, side, side) of an RGB picture, stretched to a square and standardised."""
    small = picture.resize((side, side), resample=BICUBIC, reducing_gap=2.0)
    pixels = torch.from_numpy(np.asarray(small, np.float32) / 255)
    return ((pixels - torch.tensor(mean)) / torch.tensor(std)).permute(2, 0, 1)


def trunk_features(trunk: nn.Module, pixels: torch.Tensor, grid: int) -> list[torch.Tensor]:
    """(n, c, h, w) of each depth for (n, 3, side, side) standardised pixels; what is finer than the grid is averaged."""
    x = trunk.bn1(trunk.conv_stem(pixels))
    levels = []
    for at, block in enumerate(trunk.blocks):
        x = block(x)
        if at in BLOCKS:
            levels.append(F.adaptive_avg_pool2d(x, grid) if x.shape[-1] > grid else x)
    levels.append(trunk.bn2(trunk.conv_head(x)))
    return levels


def level_channels(trunk: nn.Module) -> list[int]:
    """Channels of each of `trunk_features`."""
    info = [trunk.blocks[at][-1] for at in BLOCKS]
    return [_out_channels(block) for block in info] + [trunk.conv_head.out_channels]


def _out_channels(block: nn.Module) -> int:
    return [module for module in block.modules() if isinstance(module, nn.Conv2d)][-1].out_channels


class Head(nn.Module):
    """Maps of a trunk -> (n, OUTPUTS, grid, grid).

    Channels 0 and 1 are logits of product and middle; 2 to 5 the distances of the sides in shares of the picture. The
    coarse maps are read first, with a wide view; what they say is carried down to the next finer ones.
    """

    def __init__(self, channels: Sequence[int], width: int, grid: int) -> None:
        super().__init__()
        self.grid, fine = grid, 3 * width // 4
        self.project = nn.ModuleList(nn.Conv2d(count, width, 1) for count in channels)
        self.coarse = nn.Sequential(
            nn.ReLU(), nn.Conv2d(width, width, 3, padding=1), nn.ReLU(), nn.Conv2d(width, width, 3, padding=1)
        )
        self.middle = nn.Sequential(nn.ReLU(), nn.Conv2d(width, width, 3, padding=1))
        self.fine = nn.Sequential(
            nn.ReLU(), nn.Conv2d(width, fine, 3, padding=1), nn.ReLU(), nn.Conv2d(fine, fine, 3, padding=1), nn.ReLU()
        )
        self.out = nn.Conv2d(fine, OUTPUTS, 1)
        # Most places are no product, and few a middle: begin with that belief (Lin et al. 2017, arXiv 1708.02002).
        begin = torch.zeros(OUTPUTS)
        begin[:2] = torch.tensor([-math.log(9), -math.log(99)])
        self.out.bias = nn.Parameter(begin)

    def projections(self) -> list[nn.Conv2d]:
        """The 1x1 convolution of each depth."""
        return [module for module in self.project if isinstance(module, nn.Conv2d)]

    def forward(self, levels: Sequence[torch.Tensor]) -> torch.Tensor:
        """See the class. levels: (n, c, h, w) each, as `trunk_features` gives them."""
        mapped = [project(level) for project, level in zip(self.project, levels, strict=True)]
        sizes = sorted({level.shape[-1] for level in mapped})
        x = torch.zeros_like(mapped[-1])
        for size, block in zip(sizes, (self.coarse, self.middle, self.fine), strict=True):
            if x.shape[-1] != size:
                x = F.interpolate(x, (size, size), mode="bilinear", align_corners=False)
            merged = x + sum(level for level in mapped if level.shape[-1] == size)
            # What was carried down stays, as in a residual network, until the last step has channels of its own.
            x = block(merged) if size == self.grid else merged + block(merged)
        raw = self.out(x)
        return torch.cat([raw[:, :2], UNIT * raw[:, 2:].clamp(-5, 2).exp()], 1)
