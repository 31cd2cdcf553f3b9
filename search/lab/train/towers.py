"""The models of a run: the student, the teacher that it goes on from, and ImageNet's trunk."""

from __future__ import annotations

import copy
import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

from search.lab.train import network

# How much of ImageNet's trunk is in the one that training starts from, beside the teacher's: half-way between both, a
# linear probe reads unseen photographs of home goods as well as from ImageNet's own.
IMAGENET_SHARE = 0.5


def autocast(device: torch.device) -> AbstractContextManager:
    """bfloat16 on a GPU. A CPU without units for it is slower with it."""
    return torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda")


class ImageNet(nn.Module):
    """The ImageNet trunk and its classifier of 1000 classes, frozen."""

    def __init__(self, trunk: nn.Module, classifier: nn.Linear) -> None:
        super().__init__()
        self.trunk, self.classifier = trunk, classifier
        self.requires_grad_(False).eval().to(memory_format=torch.channels_last)

    @torch.no_grad()
    def logits(self, pictures: torch.Tensor) -> torch.Tensor:
        """(n, 1000) float32 of (n, 3, h, w)."""
        return self.classifier(self.trunk(pictures).float())


class Teacher(nn.Module):
    """The model that training goes on from, frozen. px: side of the pictures that it was trained with."""

    def __init__(self, model: Any, px: int) -> None:
        super().__init__()
        self.model, self.px = model, px
        self.requires_grad_(False).eval().to(memory_format=torch.channels_last)

    @torch.no_grad()
    def pictures(self, seen: torch.Tensor) -> torch.Tensor:
        """(n, d) unit rows of (n, 3, h, w), which are resized to `px`."""
        if seen.shape[-1] != self.px:
            exact = seen.shape[-1] % self.px == 0
            mode = "area" if exact else "bilinear"
            seen = F.interpolate(seen, size=(self.px, self.px), mode=mode, antialias=not exact)
        return F.normalize(self.model.encode_image(seen.contiguous(memory_format=torch.channels_last)).float(), dim=1)

    @torch.no_grad()
    def texts(self, ids: torch.Tensor, batch: int = 2048) -> torch.Tensor:
        """(n, d) unit rows of (n, context) token ids."""
        return torch.cat([F.normalize(self.model.encode_text(part).float(), dim=1) for part in ids.split(batch)])


def imagenet() -> ImageNet:
    """The trunk with ImageNet's weights, and its classifier."""
    configuration = network.config(128, 300, 8, layers=1, width=64, dimension=8)
    trunk: Any = network.create(configuration["model_cfg"]).visual.trunk
    weights, classifier = network.imagenet_weights()
    trunk.load_state_dict(weights)
    return ImageNet(trunk, classifier)


def start_from(folder: Path, px: int, imagenet_trunk: nn.Module) -> tuple[Any, dict, Teacher]:
    """The student to train at `px` pixels, its open_clip configuration, and the teacher in `folder` as it stands.

    The student's trunk starts between the teacher's and ImageNet's, see IMAGENET_SHARE.
    """
    configuration = json.loads((folder / network.CONFIG).read_text(encoding="utf-8"))
    model: Any = network.create(configuration["model_cfg"])
    weights = load_file(folder / network.WEIGHTS)
    model.load_state_dict({name: tensor.float() for name, tensor in weights.items()})
    teacher = Teacher(copy.deepcopy(model), configuration["preprocess_cfg"]["size"])
    configuration["model_cfg"]["vision_cfg"]["image_size"] = px
    configuration["preprocess_cfg"]["size"] = px
    others = imagenet_trunk.state_dict()
    mixed = interpolated(model.visual.trunk.state_dict(), others, IMAGENET_SHARE)
    model.visual.trunk.load_state_dict(mixed)
    return model, configuration, teacher


@torch.no_grad()
def interpolated(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor], share: float) -> dict[str, torch.Tensor]:
    """Float32 weights, `share` of them `other`'s; what is no floating point is `one`'s."""
    return {
        name: tensor.float().lerp(other[name].float(), share) if tensor.is_floating_point() else tensor
        for name, tensor in one.items()
    }


def parameter_groups(model: Any, decay: float) -> list[dict[str, Any]]:
    """Parameter groups of AdamW. `part` names the rate: early and late blocks, heads (text tower and projection)."""
    trunk = model.visual.trunk
    early = {id(p) for part in (trunk.conv_stem, trunk.bn1, *trunk.blocks[:3]) for p in part.parameters()}
    found: dict[tuple[str, bool], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        part = "heads" if not name.startswith("visual.trunk.") else "early" if id(parameter) in early else "late"
        found.setdefault((part, parameter.ndim > 1), []).append(parameter)
    return [
        {"params": params, "part": part, "weight_decay": decay if matrix else 0.0, "lr": 0.0}
        for (part, matrix), params in found.items()
    ]
