"""Every kind of tower, tiny and with random weights."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image

from search.explain.towers import AttentionPool, ClassToken, Convolutional

TEXT = {"context_length": 8, "vocab_size": 50, "width": 32, "heads": 2, "layers": 1}
VISION = {"image_size": 64, "patch_size": 16, "width": 48, "layers": 3, "head_width": 16}
TOKENS = {
    "hidden_size": 48, "intermediate_size": 96, "num_hidden_layers": 3, "num_attention_heads": 3, "image_size": 64,
    "patch_size": 16,
}  # fmt: skip


def towers(vision, mode="squash", trunk=None, **options):
    """An open_clip model with random weights; `trunk` is put in the place of the one that timm built."""
    import open_clip
    from open_clip.model import CLIP, CustomTextCLIP

    from search.encoder.openclip import OpenClipEncoder

    model = (CustomTextCLIP if "timm_model_name" in vision else CLIP)(24, vision, TEXT, **options)
    if trunk is not None:
        model.visual.trunk = trunk
    model.visual.preprocess_cfg = {"size": 64, "resize_mode": mode}
    half = (0.5,) * 3
    preprocess = open_clip.image_transform(64, is_train=False, mean=half, std=half, resize_mode=mode)
    return OpenClipEncoder("tiny", model, preprocess, None)


class Processor:
    """The half of a transformers processor that pictures need."""

    def __init__(self, image_processor):
        self.image_processor = image_processor

    def __call__(self, images, return_tensors):
        return self.image_processor(images=images, return_tensors=return_tensors)


def siglip_trunk():
    """What timm's SigLIP is, at 64 pixels; biases are random, because zeros would hide a forgotten one."""
    import timm
    import torch

    trunk = timm.models.VisionTransformer(
        img_size=64, patch_size=16, embed_dim=48, depth=2, num_heads=3, class_token=False, global_pool="map",
        num_classes=0,
    )  # fmt: skip
    for parameter in trunk.parameters():
        if parameter.ndim == 1:
            torch.nn.init.normal_(parameter, std=0.5)
    return trunk


@cache
def encoder(family):
    import torch
    import transformers

    from search.encoder.hf import TransformersEncoder

    torch.manual_seed(0)
    convolutional = {"timm_model_name": "tf_efficientnet_lite0", "timm_pool": "avg", "image_size": 64}
    tiny_text = {
        "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2, "vocab_size": 50,
        "max_position_embeddings": 8, "bos_token_id": 1, "eos_token_id": 2,
    }  # fmt: skip
    if family == "average pool":
        return towers({**convolutional, "timm_proj": "linear", "timm_proj_bias": True}, "longest")
    if family == "class token":
        return towers(VISION, "shortest", quick_gelu=True)
    if family == "class token, scaled layers":
        return towers({**VISION, "ls_init_value": 0.1})
    if family == "attention pool":
        return towers({**convolutional, "timm_proj": "none", "timm_pool": ""}, trunk=siglip_trunk())
    if family == "transformers, class token":
        model = transformers.CLIPModel(
            transformers.CLIPConfig(vision_config=TOKENS, text_config=tiny_text, projection_dim=24)
        )
        size = {"size": {"shortest_edge": 64}, "crop_size": {"height": 64, "width": 64}}
        return TransformersEncoder("clip", model, Processor(transformers.CLIPImageProcessor(**size)))
    model = transformers.SiglipModel(
        transformers.SiglipConfig(vision_config=TOKENS, text_config={**tiny_text, "projection_size": 48})
    )
    # transformers starts this bias at zero, where a wrong one would not show.
    torch.nn.init.normal_(model.vision_model.head.attention.in_proj_bias, std=0.5)
    return TransformersEncoder(
        "siglip", model, Processor(transformers.SiglipImageProcessor(size={"height": 64, "width": 64}))
    )


KINDS = {
    "average pool": Convolutional,
    "class token": ClassToken,
    "class token, scaled layers": ClassToken,
    "attention pool": AttentionPool,
    "transformers, class token": ClassToken,
    "transformers, attention pool": AttentionPool,
}
PICTURE = Image.fromarray(np.random.default_rng(1).integers(0, 255, (80, 120, 3), np.uint8))


def untouched(model):
    """No hook is left on any of its modules, and no gradient on its weights."""
    hooks = any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())
    return not hooks and not any(weight.requires_grad or weight.grad is not None for weight in model.parameters())
