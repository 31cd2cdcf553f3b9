"""The losses of the recipe, as functions of tensors on any device. Embeddings are unit rows; all results are scalars.

Those that adaptation uses too stand in search/adapt/losses.py.
"""

from __future__ import annotations

import torch
from torch.nn import functional as F

from search.query.fusion import Weights

FUSION = Weights()


def right_pictures(
    claims: torch.Tensor, values: torch.Tensor, titles: torch.Tensor, true_of: list[torch.Tensor]
) -> torch.Tensor:
    """(n, n) bool: of which pictures each caption is true. A title is true of the pictures that carry it.

    claims: (n, 9), see `bank.claims`, of captions that were written for the pictures in the same order. values: (n, 8)
    of the pictures, titles: (n,). true_of: by attribute, see `captions.Names`.
    """
    same = titles[:, None] == titles[None, :]
    right = torch.ones_like(same)
    for column, table in enumerate(true_of):
        said = claims[:, column]
        holds = table[said.clamp(min=0)][:, values[:, column]] if len(table) else torch.ones_like(same)
        right &= holds | (said < 0)[:, None]
    titled = claims[:, -1] > 0
    return torch.where(titled[:, None], same, right | same)


def same_product(pictures: torch.Tensor, same: torch.Tensor, comparable: torch.Tensor, scale: float) -> torch.Tensor:
    """Supervised contrastive loss over pictures (Khosla et al. 2020, arXiv 2004.11362); 0 where no two are the same.

    pictures: (n, d). same, comparable: (n, n) bool, symmetric; whether two pictures show the same (product, or kind), and
    whether it is known that they do or do not. scale: inverse temperature.
    """
    itself = torch.eye(len(pictures), dtype=torch.bool, device=pictures.device)
    logits = (scale * pictures @ pictures.T).masked_fill(itself | ~comparable, -1e4)
    return _towards((same & comparable & ~itself).float(), logits)


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
    return (_towards(positive, logits) + _towards(positive.T, logits.T)) / 2


def _towards(positive: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy of the rows of (n, m) logits that have a positive, against their positives in equal parts.

    Rows without one are multiplied away, not cut out: the size is the same in every step, and a GPU is not waited for.
    """
    many = positive.sum(1, keepdim=True)
    each = -(positive / many.clamp(min=1) * logits.log_softmax(1)).sum(1)
    return each.sum() / (many > 0).sum().clamp(min=1)


def composed(
    pictures: torch.Tensor,
    colours: torch.Tensor,
    kind: torch.Tensor,
    colour: torch.Tensor,
    scale: torch.Tensor,
    generator: torch.Generator,
    weights: Weights = FUSION,
) -> torch.Tensor:
    """Photo and "in red" -> the pictures of the photo's kind that are red, fused as a search fuses them.

    pictures: (n, d) of one shop. colours: (c, d), a text for each colour. kind, colour: (n,) int64; a colour >= c is not
    known. The other colour is that of another picture of the kind, drawn at random.
    """
    known = colour < len(colours)
    other = (kind[:, None] == kind[None, :]) & (colour[:, None] != colour[None, :]) & known[None, :]
    asked = other.any(1).nonzero()[:, 0]
    if not len(asked):
        return pictures.new_zeros(())
    wanted = colour[torch.multinomial(other[asked].float(), 1, generator=generator)[:, 0]]
    query = F.normalize(weights.photo * pictures[asked] + weights.text * colours[wanted], dim=1)
    right = ((kind[asked][:, None] == kind[None, :]) & (wanted[:, None] == colour[None, :])).float()
    return F.cross_entropy(scale * query @ pictures.T, right / right.sum(1, keepdim=True))


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
