"""What a tower adds up, against towers small enough to add up by hand."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from search.explain.contributions import contributions, embed
from search.explain.patches import patch_attribution
from search.explain.towers import Attention, Convolutional, Linear, tower_of, watched
from tests.explain.toy_towers import PICTURE, encoder

torch = pytest.importorskip("torch")


def tiny_tower(bias):
    """A 1 x 1 convolution that keeps red and green, an average pool, and a projection: 2 x 2 places, 2 numbers.

    e = W mean_j(f_j) + b with W = [[4, 0], [4, 8]].
    """

    class Pool(torch.nn.Module):
        pool_type = "avg"

        def forward(self, x):
            return x.mean(dim=(2, 3))

    class Trunk(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = torch.nn.Conv2d(3, 2, 1, bias=False)
            self.conv.weight.data = torch.tensor([[1.0, 0, 0], [0, 1.0, 0]])[..., None, None]
            self.global_pool = Pool()

        def forward(self, x):
            return self.global_pool(self.conv(x))

    class Head(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.proj = torch.nn.Linear(2, 2, bias=bias is not None)
            self.proj.weight.data = torch.tensor([[4.0, 0], [4.0, 8.0]])
            if bias is not None:
                self.proj.bias.data = torch.tensor(bias)

    class Visual(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.trunk, self.head = Trunk(), Head()

        def forward(self, x):
            return self.head.proj(self.trunk(x))

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.visual = Visual()

    class Tiny:
        preprocessing = "squash"
        dim, image_size = 2, 2
        model = Model()

        def image_features(self, picture):
            pixels = torch.tensor(np.asarray(picture), dtype=torch.float32).permute(2, 0, 1)[None] / 255
            with torch.no_grad():
                return self.model.visual(pixels)

    return Tiny()


def four_places():
    """Top left red, top right green, bottom left both, bottom right nothing."""
    picture = Image.new("RGB", (2, 2))
    picture.putdata([(255, 0, 0), (0, 255, 0), (255, 255, 0), (0, 0, 0)])
    return picture


def test_an_average_pool_gives_each_place_its_quarter():
    """W f_j / 4: red has (1, 1), green (0, 2), both (1, 3), nothing (0, 0); with b = (1, 0) their sum is e = (3, 6)."""
    tiny = tiny_tower(bias=[1.0, 0.0])
    tower = tower_of(tiny)
    assert isinstance(tower, Convolutional)
    z, residual, embedding = contributions(tiny, tower, four_places())
    length = np.sqrt(3**2 + 6**2)
    np.testing.assert_allclose(z * length, [[[1, 1], [0, 2]], [[1, 3], [0, 0]]], atol=1e-6)
    np.testing.assert_allclose(residual * length, [1, 0], atol=1e-6)
    np.testing.assert_allclose(embedding * length, [3, 6], atol=1e-6)


def test_without_a_bias_nothing_is_left_over():
    z, residual, embedding = contributions(tiny := tiny_tower(None), tower_of(tiny), four_places())
    assert not residual.any()
    np.testing.assert_allclose(z.sum(axis=(0, 1)), np.array([2, 6]) / np.sqrt(40), atol=1e-6)
    assert np.linalg.norm(embedding) == pytest.approx(1)


def test_a_heatmap_is_the_places_times_the_target():
    """Against (0, 1) the places have 1, 2, 3 and 0 of e's 6, and the bias nothing; against (1, 0), 1, 0, 1, 0 and 1."""
    found = patch_attribution(tiny_tower(bias=[1.0, 0.0]), four_places(), method="contributions")
    length = np.sqrt(3**2 + 6**2)
    up, right = found.heatmap(np.array([0, length])), found.heatmap(np.array([length, 0]))
    np.testing.assert_allclose(up.grid, [[1, 2], [3, 0]], atol=1e-5)
    assert up.residual == pytest.approx(0, abs=1e-6)
    np.testing.assert_allclose(right.grid, [[1, 0], [1, 0]], atol=1e-5)
    assert right.residual == pytest.approx(1, abs=1e-6)


def test_what_two_pictures_share_place_by_place_is_their_inner_products():
    found = patch_attribution(tiny_tower(bias=[1.0, 0.0]), four_places(), method="contributions")
    rows = np.array([[1, 1], [0, 2], [1, 3], [0, 0]])
    np.testing.assert_allclose(found.similarity(found) * 45, rows @ rows.T, atol=1e-4)


def test_an_attentions_contributions_are_what_each_head_reads_from_each_token():
    """W_o concat_h(softmax(q k_j / sqrt d)_h v_jh), in loops over heads and tokens instead of one product."""
    rng = np.random.default_rng(0)
    width, heads, n = 6, 2, 5
    deep = width // heads
    weights = {name: rng.standard_normal((width, width)) for name in ("query", "key", "value", "out")}
    biases = {name: rng.standard_normal(width) for name in weights}
    linear = {name: Linear(torch.tensor(weights[name]), torch.tensor(biases[name])) for name in weights}
    attention = Attention(torch.nn.Identity(), **linear, heads=heads)
    query, tokens = rng.standard_normal(width), rng.standard_normal((n, width))

    read = np.zeros((n, width))
    for head in range(heads):
        rows = slice(head * deep, (head + 1) * deep)
        q = (weights["query"] @ query + biases["query"])[rows]
        k = [(weights["key"] @ token + biases["key"])[rows] for token in tokens]
        v = [(weights["value"] @ token + biases["value"])[rows] for token in tokens]
        likely = np.exp([q @ each / np.sqrt(deep) for each in k])
        for j in range(n):
            read[j, rows] = likely[j] / likely.sum() * v[j]
    expected = read @ weights["out"].T

    found = attention.contributions(torch.tensor(query), torch.tensor(tokens)).numpy()
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("family", ["attention pool", "transformers, attention pool"])
def test_an_attention_pools_secant_is_its_integrated_gradient(family):
    """e = r + MLP(LN(r)) along the line from the bias to r, LN's statistics as they are at r: 40 midpoints of
    autograd against the closed form (Sundararajan et al. 2017)."""
    tower = tower_of(encoder(family))
    z, _, embedding = contributions(encoder(family), tower, PICTURE)
    with torch.no_grad(), watched(tower.pool) as (calls,):
        length = float(embed(encoder(family), PICTURE).norm())
    tokens = calls[0][0][0].double()
    with torch.no_grad():
        each = tower.attention.contributions(tower.probe.double(), tokens)
        start = tower.attention.out.bias.double()
        end = start + each.sum(0)
        spread = (end.var(unbiased=False) + tower.norm.eps).sqrt()
        scale, shift = tower.norm.weight.double(), tower.norm.bias.double()

    def pooled(r):
        normed = (r - r.mean(-1, keepdim=True)) / spread * scale + shift
        out = r + tower.second(tower.act(tower.first(normed)))
        return tower.project(out) if tower.project else out

    steps = 40
    expected = torch.zeros(len(each), len(embedding), dtype=torch.float64)
    for at in (torch.arange(steps) + 0.5) / steps:
        expected += (
            each @ torch.autograd.functional.jacobian(pooled, start + at * (end - start), vectorize=True).T / steps
        )
    np.testing.assert_allclose(z.reshape(-1, len(embedding)) * length, expected.detach().numpy(), atol=1e-3)
