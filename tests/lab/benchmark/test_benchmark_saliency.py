"""LeGrad and Grad-CAM on every kind of tower, beside the maps that the app shows."""

from __future__ import annotations

import numpy as np
import pytest

from search.errors import QueryError
from search.explain import patch_attribution
from search.explain.towers import tower_of
from search.lab.benchmark.saliency import METHODS, saliency_map
from tests.conftest import ToyEncoder, swatch
from tests.explain.toy_towers import KINDS, PICTURE, encoder, untouched


@pytest.mark.parametrize("family", KINDS)
@pytest.mark.parametrize("method", METHODS)
def test_every_method_maps_every_tower_or_says_that_it_cannot(family, method):
    tower = encoder(family)
    target = np.random.default_rng(0).standard_normal(tower.dim)
    heat = saliency_map(tower, PICTURE, target / np.linalg.norm(target), method=method)
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
        saliency_map(tower, PICTURE, np.ones(tower.dim), method=method)
    assert untouched(tower.model)
    np.testing.assert_array_equal(tower.encode_images([PICTURE]), before)


def test_gradcam_of_an_average_pool_is_the_contributions_without_their_minus():
    """With one linear layer behind the pool both are the same formula, up to the part along the embedding."""
    tower = encoder("average pool")
    found = patch_attribution(tower, PICTURE, method="contributions")
    target = np.random.default_rng(0).standard_normal(tower.dim)
    target -= (target @ found.embedding) * found.embedding  # nothing along the embedding
    expected = np.maximum(found.heatmap(target).grid, 0)
    grid = saliency_map(tower, PICTURE, target, method="gradcam").grid
    np.testing.assert_allclose(grid / grid.max(), expected / expected.max(), atol=1e-4)


def test_legrad_by_the_weights_is_the_gradient_by_the_weights():
    """The shortcut <W_o' g, V_hj> against autograd through weights that are leaves."""
    import torch

    from search.lab.benchmark.saliency import _attention_gradient

    attention = tower_of(encoder("class token")).blocks[0].attention
    generator = torch.Generator().manual_seed(0)
    tokens, goal = torch.randn(5, 48, generator=generator), torch.randn(48, generator=generator)
    weights, values = attention.row(tokens[0], tokens)
    weights = weights.detach().requires_grad_()
    (attention.out((weights[..., None] * values).sum(1).reshape(1, -1))[0] @ goal).backward()
    torch.testing.assert_close(_attention_gradient(attention, goal, tokens), weights.grad.clamp(min=0).mean(0))


def test_a_tower_that_cannot_be_read_can_only_be_covered():
    for method in ("contributions", "legrad", "gradcam"):
        assert saliency_map(ToyEncoder(), swatch("red"), np.ones(3), method=method) is None
    assert saliency_map(ToyEncoder(), swatch("red"), np.ones(3), method="occlusion") is not None


def test_an_unknown_method_is_refused_by_name():
    with pytest.raises(QueryError, match=r"rollout.*legrad"):
        saliency_map(ToyEncoder(), swatch("red"), np.ones(3), method="rollout")
