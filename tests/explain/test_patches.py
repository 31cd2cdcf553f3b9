"""Every kind of tower, tiny and with random weights: its places add up, and it is left as it was."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from PIL import Image

from search.errors import QueryError
from search.explain import patch_attribution
from search.explain.patches import method_for
from search.explain.towers import AttentionPool, ClassToken, Convolutional, tower_of
from search.lab.benchmark.saliency import METHODS, heatmap
from tests.conftest import ToyEncoder, swatch

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


@pytest.mark.parametrize("family", KINDS)
def test_places_and_rest_sum_to_the_embedding(family):
    tower = encoder(family)
    assert type(tower_of(tower)) is KINDS[family]
    found = patch_attribution(tower, PICTURE, method="contributions")
    assert found.error < 1e-4
    np.testing.assert_allclose(found.embedding, tower.encode_images([PICTURE])[0], atol=1e-5)
    # A backend that put everything in the rest would be complete, too.
    assert np.linalg.norm(found.z, axis=-1).min() > 0


@pytest.mark.parametrize(
    "family", ["class token", "class token, scaled layers", "attention pool", "transformers, class token"]
)
def test_a_place_that_changes_changes_what_it_adds(family):
    """Not a proof of locality, but a map whose places are in another order would fail it. Cells behind
    an average pool have all seen the whole picture, so for them it need not hold."""
    tower, moved = encoder(family), PICTURE.copy()
    moved.paste((255, 0, 0), (90, 0, 120, 20))  # top right
    before, after = (patch_attribution(tower, picture, method="contributions") for picture in (PICTURE, moved))
    h, w, _ = before.z.shape
    change = np.linalg.norm(after.z - before.z, axis=-1)
    y, x = np.unravel_index(change.argmax(), change.shape)
    left, top, right, bottom = before.window
    assert left + (x + 0.5) / w * (right - left) > 0.5
    assert top + (y + 0.5) / h * (bottom - top) < 0.5


@pytest.mark.parametrize("family", KINDS)
@pytest.mark.parametrize("method", METHODS)
def test_every_method_maps_every_tower_or_says_that_it_cannot(family, method):
    tower = encoder(family)
    target = np.random.default_rng(0).standard_normal(tower.dim)
    heat = heatmap(tower, PICTURE, target / np.linalg.norm(target), method=method)
    if method == "legrad" and family == "average pool":
        assert heat is None
        return
    assert np.isfinite(heat.grid).all()
    assert heat.grid.max() > heat.grid.min()
    if method in ("legrad", "gradcam"):
        assert heat.grid.min() >= 0
        assert heat.residual is None
    else:
        value = tower.encode_images([PICTURE])[0] @ target / np.linalg.norm(target)
        assert heat.grid.sum() + heat.residual == pytest.approx(value, abs=1e-4)


@pytest.mark.parametrize("family", KINDS)
def test_the_model_is_left_as_it_was(family):
    tower = encoder(family)
    before = tower.encode_images([PICTURE])
    for method in METHODS:
        heatmap(tower, PICTURE, np.ones(tower.dim), method=method)
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in tower.model.modules())
    assert not any(parameter.requires_grad or parameter.grad is not None for parameter in tower.model.parameters())
    np.testing.assert_array_equal(tower.encode_images([PICTURE]), before)


def test_a_search_in_another_thread_is_not_taken_for_the_picture():
    from threading import Thread

    from search.explain.towers import watched

    tower = encoder("average pool")
    with watched(tower_of(tower).pool) as (calls,):
        other = Thread(target=tower.encode_images, args=([PICTURE],))
        other.start()
        other.join()
        assert calls == []
        tower.encode_images([PICTURE])
    assert len(calls) == 1


def test_gradcam_of_an_average_pool_is_the_contributions_without_their_minus():
    """With one linear layer behind the pool both are the same formula, up to the part along the embedding."""
    tower = encoder("average pool")
    found = patch_attribution(tower, PICTURE, method="contributions")
    target = np.random.default_rng(0).standard_normal(tower.dim)
    target -= (target @ found.embedding) * found.embedding  # nothing along the embedding
    expected = np.maximum(found.heatmap(target).grid, 0)
    grid = heatmap(tower, PICTURE, target, method="gradcam").grid
    np.testing.assert_allclose(grid / grid.max(), expected / expected.max(), atol=1e-4)


def test_legrad_by_the_weights_is_the_gradient_by_the_weights():
    """The shortcut <W_o' g, V_hj> against autograd through weights that are leaves."""
    import torch

    from search.lab.benchmark.saliency import _by_weights

    attention = tower_of(encoder("class token")).blocks[0].attention
    generator = torch.Generator().manual_seed(0)
    tokens, goal = torch.randn(5, 48, generator=generator), torch.randn(48, generator=generator)
    weights, values = attention.row(tokens[0], tokens)
    weights = weights.detach().requires_grad_()
    (attention.out((weights[..., None] * values).sum(1).reshape(1, -1))[0] @ goal).backward()
    torch.testing.assert_close(_by_weights(attention, goal, tokens), weights.grad.clamp(min=0).mean(0))


@pytest.mark.parametrize(
    ("family", "window"),
    [
        ("average pool", (0, -0.25, 1, 1.25)),  # 120 x 80 in a square of 120: padded above and below
        ("class token", (1 / 6, 0, 5 / 6, 1)),  # the middle 80 of 120 pixels
        ("class token, scaled layers", (0, 0, 1, 1)),  # squashed
        ("transformers, class token", (1 / 6, 0, 5 / 6, 1)),
        ("transformers, attention pool", (0, 0, 1, 1)),
    ],
)
def test_the_grid_lies_where_the_tower_looked(family, window):
    assert patch_attribution(encoder(family), PICTURE, method="contributions").window == pytest.approx(window)


def test_a_region_moves_the_window_into_it():
    found = patch_attribution(
        encoder("class token, scaled layers"), PICTURE, region=(0.5, 0, 1, 0.5), method="contributions"
    )
    assert found.window == (0.5, 0, 1, 0.5)


def test_covering_shows_where_the_colour_is():
    picture = swatch("blue", (80, 80))
    picture.paste((255, 0, 0), (0, 0, 30, 30))
    grid = heatmap(ToyEncoder(), picture, np.array([1.0, 0, 0]), method="occlusion").grid
    assert np.unravel_index(grid.argmax(), grid.shape) in {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert grid[4:, 4:].max() < grid.max() / 10


def test_covering_has_places_as_square_as_the_picture_allows():
    # 400 x 10 is made smaller to be covered, but never too small to be a picture.
    assert heatmap(ToyEncoder(), swatch("red", (80, 40)), np.ones(3), method="occlusion").grid.shape == (4, 8)
    assert heatmap(ToyEncoder(), swatch("red", (400, 10)), np.ones(3), method="occlusion").grid.shape == (2, 8)


def test_transformers_are_read_and_everything_else_is_covered():
    assert method_for(encoder("class token")) == method_for(encoder("attention pool")) == "contributions"
    assert method_for(encoder("average pool")) == method_for(ToyEncoder()) == "occlusion"


def test_a_tower_that_cannot_be_read_has_no_contributions():
    assert tower_of(ToyEncoder()) is None
    for method in ("contributions", "legrad", "gradcam"):
        assert heatmap(ToyEncoder(), swatch("red"), np.ones(3), method=method) is None


def test_an_unknown_method_is_refused_by_name():
    with pytest.raises(QueryError, match=r"rollout.*legrad"):
        heatmap(ToyEncoder(), swatch("red"), np.ones(3), method="rollout")
    with pytest.raises(QueryError, match=r"legrad.*contributions, occlusion"):
        patch_attribution(ToyEncoder(), swatch("red"), method="legrad")
