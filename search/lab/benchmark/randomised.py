"""A tower that has learned nothing, to hold maps against (Adebayo et al. 2018, "Sanity Checks for Saliency Maps")."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy, deepcopy
from typing import TYPE_CHECKING

from search.encoder import Encoder

if TYPE_CHECKING:
    from search.schema import ImageInput


def randomised(encoder: Encoder, pictures: Sequence[ImageInput], *, seed: int = 0) -> Encoder | None:
    """The encoder with every weight drawn anew; the encoder itself stays as it is. None if it has no model.

    Batch norms measure their means and variances on `pictures`: with those of an untrained network
    every embedding would be the same, and a map of nothing but rounding.
    """
    model = getattr(encoder, "model", None)
    if model is None:
        return None
    import torch

    fresh = copy(encoder)
    fresh.model = deepcopy(model)  # type: ignore[attr-defined]
    state = torch.random.get_rng_state()
    try:
        torch.manual_seed(seed)
        norms = []
        for module in fresh.model.modules():  # type: ignore[attr-defined]
            if hasattr(module, "reset_parameters"):
                module.reset_parameters()
            if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
                module.momentum = None  # the plain mean over batches
                norms.append(module.train())
        if norms:
            fresh.encode_images(pictures)
        for norm in norms:
            norm.eval()
    finally:
        torch.random.set_rng_state(state)
    return fresh
