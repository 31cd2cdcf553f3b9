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


def forgetting(logits: torch.Tensor, before: torch.Tensor, temperature: float = 2.0) -> torch.Tensor:
    """Learning without forgetting (Li and Hoiem 2017, arXiv 1606.09282): KL(before || now), softened, times T^2.

    logits, before: (n, classes), of the frozen classifier on today's and on the original trunk's features.
    """
    now = (logits / temperature).log_softmax(1)
    then = (before / temperature).log_softmax(1)
    return F.kl_div(now, then, log_target=True, reduction="batchmean") * temperature**2


def stand_ins(
    features: torch.Tensor, classes: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor, margin: float = 3.0
) -> torch.Tensor:
    """Features of pictures we do not have: real ones, moved until the ImageNet classifier sees another class.

    The move is along the gradient of log p(class): w_c - sum_k p_k w_k. Its length puts the class's logit `margin`
    above the log-sum-exp of what was seen before (p = 0.95 at margin 3, were nothing else to change). Features
    come out of a ReLU, so what would fall below zero is cut.

    features: (n, 1280), of real pictures. classes: (n,) int64. weight: (1000, 1280), bias: (1000,).
    """
    logits = features @ weight.T + bias
    wanted = weight[classes]
    direction = wanted - logits.softmax(1) @ weight
    missing = logits.logsumexp(1) + margin - logits.gather(1, classes[:, None])[:, 0]
    step = missing.clamp(min=0) / (wanted * direction).sum(1).clamp(min=1e-6)
    return (features + step[:, None] * direction).clamp(min=0)


def same_product(pictures: torch.Tensor, same: torch.Tensor, comparable: torch.Tensor, scale: float) -> torch.Tensor:
    """Supervised contrastive loss over pictures (Khosla et al. 2020, arXiv 2004.11362); 0 where no two are the same.

    pictures: (n, d). same, comparable: (n, n) bool, symmetric; whether two pictures show the same product, and whether
    it is known that they do or do not. scale: inverse temperature.
    """
    itself = torch.eye(len(pictures), dtype=torch.bool)
    logits = (scale * pictures @ pictures.T).masked_fill(itself | ~comparable, -1e4)
    positive = (same & comparable & ~itself).float()
    asked = positive.sum(1) > 0
    if not asked.any():
        return pictures.new_zeros(())
    positive = positive[asked]
    return F.cross_entropy(logits[asked], positive / positive.sum(1, keepdim=True))


def all_names(
    texts: torch.Tensor, pictures: torch.Tensor, scale: torch.Tensor, right: torch.Tensor, comparable: torch.Tensor
) -> torch.Tensor:
    """Which of all names each picture carries, and which pictures each name is true of: mean of the two cross-entropies.

    A batch shows a picture the names of a few other kinds only; against all of them the border between two alike is
    drawn in every step. Names and pictures without a counterpart are left out; 0 where that is all of them.

    texts: (names, d). pictures: (n, d). scale: inverse temperature. right, comparable: (names, n) bool, whether the name
    is true of the picture, and whether the picture's labels could tell.
    """
    logits = (scale * texts @ pictures.T).masked_fill(~comparable, -1e4)
    positive = (right & comparable).float()
    parts = []
    for rows, targets in ((logits, positive), (logits.T, positive.T)):
        asked = targets.sum(1) > 0
        if asked.any():
            targets = targets[asked]
            parts.append(F.cross_entropy(rows[asked], targets / targets.sum(1, keepdim=True)))
    return torch.stack(parts).mean() if parts else pictures.new_zeros(())
