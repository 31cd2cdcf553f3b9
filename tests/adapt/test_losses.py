"""Losses against arithmetic that can be followed by eye."""

import math

import pytest
import torch

from search.adapt import losses


def test_soft_targets_share_the_row_among_what_is_right_and_what_is_alike():
    right = torch.tensor([[True, True, False]])
    likeness = torch.tensor([[0.0, 0.0, 0.1 * math.log(2)]])  # softmax at 0.1: 1/4, 1/4, 2/4
    found = losses.soft_targets(right, likeness, share=0.2, temperature=0.1)
    expected = [0.8 * 0.5 + 0.2 * 0.25, 0.8 * 0.5 + 0.2 * 0.25, 0.2 * 0.5]
    assert found[0].tolist() == pytest.approx(expected)


def test_contrastive_is_the_mean_of_both_cross_entropies():
    texts, pictures = torch.eye(2), torch.eye(2)
    scale = torch.tensor(math.log(3.0))  # right pairs score log 3, wrong ones 0: p = 3/4
    one_hot = torch.eye(2)
    assert losses.contrastive(texts, pictures, scale, one_hot, one_hot).item() == pytest.approx(-math.log(0.75))


def test_contrastive_equals_the_sum_written_out():
    generator = torch.Generator().manual_seed(0)
    texts, pictures = (torch.nn.functional.normalize(torch.randn(3, 4, generator=generator), dim=1) for _ in range(2))
    targets = torch.softmax(torch.randn(3, 3, generator=generator), 1)
    found = losses.contrastive(texts, pictures, torch.tensor(5.0), targets, targets).item()
    total = 0.0
    for rows, columns in ((texts, pictures), (pictures, texts)):
        for i in range(3):
            logits = [
                5.0 * sum(a * b for a, b in zip(rows[i].tolist(), column.tolist(), strict=True)) for column in columns
            ]
            norm = math.log(sum(math.exp(logit) for logit in logits))
            total -= sum(targets[i, j].item() * (logits[j] - norm) for j in range(3))
    assert found == pytest.approx(total / 6, rel=1e-5)


def test_cosine_distance_of_equal_opposite_and_orthogonal_rows():
    rows = torch.tensor([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    others = torch.tensor([[2.0, 0.0], [-1.0, 0.0], [0.0, 3.0]])
    assert losses.cosine_distance(rows, others).item() == pytest.approx((0 + 2 + 1) / 3)
