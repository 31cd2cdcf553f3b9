"""The locator's head (search.encoder.locator.net) with weights that can be fitted."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import nn

from search.encoder.locator.net import OUTPUTS, STEPS, head_outputs


class Head(nn.Module):
    """Maps of a trunk -> (n, OUTPUTS, grid, grid), see `head_outputs`.

    Args:
        channels: of each depth's maps.
        width: channels of the head; its last step has three quarters of them.
    """

    def __init__(self, channels: Sequence[int], width: int) -> None:
        super().__init__()
        self.project = nn.ModuleList(nn.Conv2d(count, width, 1) for count in channels)
        fine = 3 * width // 4
        for step, count in STEPS.items():
            out = fine if step == "fine" else width
            self.add_module(step, nn.ModuleList(nn.Conv2d(out if at else width, out, 3) for at in range(count)))
        self.out = nn.Conv2d(fine, OUTPUTS, 1)
        # Most places are no product, and few a middle: begin with that belief (Lin et al. 2017, arXiv 1708.02002).
        begin = torch.zeros(OUTPUTS)
        begin[:2] = torch.tensor([-math.log(9), -math.log(99)])
        self.out.bias = nn.Parameter(begin)

    def projections(self) -> list[nn.Conv2d]:
        """The 1x1 convolution of each depth."""
        return [module for module in self.project if isinstance(module, nn.Conv2d)]

    def forward(self, levels: Sequence[torch.Tensor]) -> torch.Tensor:
        """See the class."""
        return head_outputs(dict(self.named_parameters()), levels)
