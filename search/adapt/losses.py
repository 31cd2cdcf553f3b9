"""The losses, as functions of tensors. Rows are batch items; embeddings are unit rows; all results are scalars."""

from __future__ import annotations

import torch
from torch.nn import functional as F


def soft_targets(
    right: torch.Tensor, likeness: torch.Tensor, share: float = 0.2, temperature: float = 0.1
) -> torch.Tensor:
    """What fraction of each row's probability belongs to each column; rows sum to 1.

    (1 - share) goes evenly to the columns that are right (UniCL, Yang et al. 2022, arXiv 2204.03610), `share` to
    all columns by softmax(likeness / temperature) (SoftCLIP, Gao et al. 2023, arXiv 2303.17561).

    right: (n, m) bool with at least one True per row. likeness: (n, m) float, in about [0, 1].
    """
    hard = right.float()
    return (1 - share) * hard / hard.sum(1, keepdim=True) + share * (likeness / temperature).softmax(1)


def contrastive(
    texts: torch.Tensor, pictures: torch.Tensor, scale: torch.Tensor, by_text: torch.Tensor, by_picture: torch.Tensor
) -> torch.Tensor:
    """Mean of the two cross-entropies, text to picture and back, against soft targets.

    texts: (n, d), pictures: (m, d); scale: inverse temperature; by_text: (n, m), by_picture: (m, n), rows sum to 1.
    """
    logits = scale * texts @ pictures.T
    return (F.cross_entropy(logits, by_text) + F.cross_entropy(logits.T, by_picture)) / 2


def cosine_distance(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """Mean of 1 - cosine over the rows of two (n, d) tensors, in [0, 2]."""
    return (1 - F.cosine_similarity(one, other, dim=1)).mean()
