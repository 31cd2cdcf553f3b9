"""A picture's embedding as a sum over places.

For a convolutional trunk f (h*w places), an average pool and a linear projection W with bias b,

    e = W mean_j(f_j) + b = sum_j W f_j / (h w) + b

so z_j = W f_j / (h w) is exactly what place j adds to the embedding. The feature map is read by a
forward hook that is removed again; the model itself is never changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from search.encoder import Encoder

if TYPE_CHECKING:
    from PIL import Image

#: Each cell is cut into this many parts a side, so that padding can be cut off between cells.
_FINE = 8


@dataclass(frozen=True)
class Places:
    """What each place adds to a picture's embedding.

    `z` is (h, w, d) and `rest` (d,), both float64, with z.sum over places + rest = the embedding
    before it is normalised; `length` is that embedding's length. `box` is the part of the grid
    that the picture covers, as fractions (left, top, right, bottom): less than all of it where the
    preprocessing pads.
    """

    z: np.ndarray
    rest: np.ndarray
    length: float
    box: tuple[float, float, float, float]

    def map(self, target: np.ndarray) -> tuple[np.ndarray, float]:
        """Shares of <embedding / |embedding|, target>.

        Returns:
            ((H, W) float32 over the upright picture, what no place of the picture accounts for);
            the sum of both is the dot product.
        """
        grid = self.z @ target / self.length
        fine = np.kron(grid, np.ones((_FINE, _FINE))) / _FINE**2
        height, width = fine.shape
        left, top, right, bottom = self.box
        inside = fine[round(top * height) : round(bottom * height), round(left * width) : round(right * width)]
        rest = float(self.rest @ target) / self.length + float(fine.sum() - inside.sum())
        return inside.astype(np.float32), rest


def places(encoder: Encoder, picture: Image.Image) -> Places | None:
    """The places of one upright RGB picture, or None where the tower has no exact ones."""
    visual = getattr(getattr(encoder, "model", None), "visual", None)
    pool = getattr(getattr(visual, "trunk", None), "global_pool", None)
    projection = getattr(getattr(visual, "head", None), "proj", None)
    if getattr(pool, "pool_type", None) != "avg" or not hasattr(projection, "weight"):
        return None
    import torch

    seen: list[torch.Tensor] = []
    hook = pool.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    try:
        with torch.inference_mode():
            pixels = encoder.preprocess(picture)[None].to(encoder.device)  # type: ignore[attr-defined]
            embedding = encoder.model.encode_image(pixels)[0].double().cpu().numpy()  # type: ignore[attr-defined]
    finally:
        hook.remove()
    features = seen[0][0].double().cpu().numpy()  # (channels, h, w)
    weight = projection.weight.double().cpu().numpy()  # (d, channels)
    z = np.einsum("dc,chw->hwd", weight, features) / (features.shape[1] * features.shape[2])
    rest = embedding - z.sum(axis=(0, 1))
    return Places(z, rest, float(np.linalg.norm(embedding)), _box(visual, picture))


def _box(visual: Any, picture: Image.Image) -> tuple[float, float, float, float]:
    """Where the picture lies in the tower's square: all of it, or between the bars of padding."""
    if (getattr(visual, "preprocess_cfg", None) or {}).get("resize_mode") != "longest":
        return 0.0, 0.0, 1.0, 1.0
    width, height = picture.size
    wide, high = width / max(width, height), height / max(width, height)
    return (1 - wide) / 2, (1 - high) / 2, (1 + wide) / 2, (1 + high) / 2
